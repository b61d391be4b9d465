"""Forces and moments of the air on the airframe, from attached flow through the stall and back.

Lift and its drag act by the flow in the plane of symmetry (crossflow principle), all other drag along the whole
relative wind: the model is free of singularities at any wind on a parked aircraft. Coefficients are about the
reference centre of gravity.

References: Beard & McLain, Small Unmanned Aircraft (2012), ch. 4 (blending at the stall); Hoerner & Borst,
Fluid-Dynamic Lift (1975) (flat plate, recalled); McCormick, Aerodynamics, Aeronautics and Flight Mechanics (1979),
ch. 7 (ground).
"""

from __future__ import annotations

from dataclasses import dataclass

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Scalar, Vec3, cross
from samruk.lazy import jnp
from samruk.plant.ice import IceEffects
from samruk.plant.state import Stall, Surfaces

DAMPING_LOST, AUTOROTATION = 0.8, 1.0
"""Roll damping at separation degree s is C_l_p (1 - 0.8 s - 4 s (1 - s)): it turns positive in the stall (estimated:
strip theory on the falling part of the lift curve gives more, finite span less)."""
AILERON_LOST = 0.7
"""Part of aileron effect that a full separation takes (estimated)."""
SLIP_SPEED = 1.0
"""m/s added (in square) to the speed by which rates are made dimensionless."""
PLATE_A, PLATE_B = 0.222, 0.283
"""Normal force of a stalled plate: 1 / C_N = 0.222 + 0.283 / sin(alpha) (Hoerner, recalled)."""
LOWEST_REYNOLDS = 2e5
"""Below this the friction law is not continued."""


@dataclass(frozen=True)
class Flow:
    """The relative wind in body axes and what follows from it."""

    v_rel_b: Vec3
    """m/s, velocity of the body relative to the air."""
    speed: Scalar
    """m/s."""
    speed_xz: Scalar
    """m/s, its part in the plane of symmetry."""
    s_alpha: Scalar
    """Sine of the angle of attack."""
    c_alpha: Scalar
    """Cosine of the angle of attack."""
    alpha: Scalar
    """rad, -pi .. pi."""
    s_beta: Scalar
    """Sine of the sideslip."""


@dataclass(frozen=True)
class AirLoads:
    """What the air does to the airframe."""

    F_b: Vec3
    """N."""
    M_b: Vec3
    """N m about the reference centre of gravity."""
    C_L: Scalar
    """Lift coefficient of wing and body, as it counts against C_L_max."""
    C_D: Scalar
    drag: Scalar
    """N."""
    stalled: Scalar
    """0 attached .. 1 separated."""


def flow(v_rel_b: Vec3) -> Flow:
    """Airspeed and angles; defined in still air too, where all angles are about 0."""
    xz = jnp.sqrt(v_rel_b.x * v_rel_b.x + v_rel_b.z * v_rel_b.z + 1e-12)
    speed = jnp.sqrt(xz * xz + v_rel_b.y * v_rel_b.y)
    per_xz = 1.0 / xz
    s, c = v_rel_b.z * per_xz, v_rel_b.x * per_xz
    return Flow(v_rel_b, speed, xz, s, c, jnp.arctan2(v_rel_b.z, v_rel_b.x), v_rel_b.y / speed)


def airloads(
    f: Flow, omega_b: Vec3, alpha_dot: Scalar, rho: Scalar, height_wing: Scalar, surfaces: Surfaces, stall: Stall,
    friction: Scalar, ice: IceEffects, asymmetry: Scalar, aircraft: Aircraft,
) -> AirLoads:  # fmt: skip
    """Force and moment on the airframe.

    Args:
        f: the relative wind.
        omega_b: rad/s, body rate relative to the air.
        alpha_dot: rad/s, rate of the angle of attack by the motion of the body.
        rho: kg/m^3.
        height_wing: m, wing above the ground.
        surfaces: deflections.
        stall: where the lift curve breaks.
        friction: factor on skin-friction drag.
        ice: its effects.
        asymmetry: C_l at the height of a stall.
        aircraft: its coefficients.
    """
    a, g = aircraft.aero, aircraft.geometry
    per_2v = 0.5 / jnp.sqrt(f.speed * f.speed + SLIP_SPEED * SLIP_SPEED)
    p, q, r = omega_b.x * g.span * per_2v, omega_b.y * g.chord * per_2v, omega_b.z * g.span * per_2v
    over, under = separation(f.alpha, stall, stall.sharpness)
    apart = 1.0 - (1.0 - over) * (1.0 - under)
    C_N = plate_normal(f.s_alpha)
    attached = ice.C_L_factor * (a.C_L_0 + a.C_L_alpha * f.alpha) + a.C_L_delta_f * surfaces.delta_f
    C_L = attached + apart * (C_N * f.c_alpha - attached)
    C_D_lift = _drag_of_lift(C_L, height_wing, aircraft)
    C_D_lift = C_D_lift + apart * (C_N * f.s_alpha - C_D_lift)
    C_D_0 = _drag_without_lift(f, surfaces, friction, ice, aircraft)
    e, ail, rud = (ice.control_factor * d for d in (surfaces.delta_e, surfaces.delta_a, surfaces.delta_r))
    C_m = _pitch(f, over, under, apart, stall, q, alpha_dot * g.chord * per_2v, e, surfaces.delta_f, ice, aircraft)
    C_Y = a.C_Y_beta * f.s_beta + a.C_Y_p * p + a.C_Y_r * r + a.C_Y_delta_r * rud
    damping = 1.0 - DAMPING_LOST * apart - 4.0 * AUTOROTATION * apart * (1.0 - apart)
    C_l = (
        a.C_l_beta * f.s_beta + ice.damping_factor * damping * a.C_l_p * p + a.C_l_r * r
        + (1.0 - AILERON_LOST * apart) * a.C_l_delta_a * ail + a.C_l_delta_r * rud
        + ice.roll_added + 4.0 * (asymmetry + ice.roll_in_stall) * apart * (1.0 - apart)
    )  # fmt: skip
    C_n = (
        a.C_n_beta * f.s_beta + a.C_n_p * p + ice.damping_factor * a.C_n_r * r
        + a.C_n_delta_a * ail + a.C_n_delta_r * rud
    )  # fmt: skip
    half = 0.5 * rho * g.wing_area
    push, plane = half * f.speed * f.speed, half * f.speed_xz * f.speed_xz
    lift = plane * (C_L + a.C_L_q * q * (1.0 - apart) + a.C_L_delta_e * e)
    along, pulled, v = half * f.speed * C_D_0, plane * C_D_lift, f.v_rel_b
    F_b = Vec3(
        lift * f.s_alpha - pulled * f.c_alpha - along * v.x, push * C_Y - along * v.y,
        -lift * f.c_alpha - pulled * f.s_alpha - along * v.z,
    )  # fmt: skip
    M_b = Vec3(push * g.span * C_l, plane * g.chord * C_m, push * g.span * C_n)
    M_b = M_b + _stores_moment(half * f.speed, v, aircraft)
    return AirLoads(F_b, M_b, C_L, C_D_0 + C_D_lift, along * f.speed + pulled * f.speed_xz / f.speed, apart)


def _stores_moment(pressed: Scalar, v_rel_b: Vec3, aircraft: Aircraft) -> Vec3:
    """Moment, N m, of the drag that acts where the stores hang; `pressed` is half the density times area and speed."""
    s = aircraft.stores
    moment: Vec3 = cross(Vec3(s.C_D_x, s.C_D_y, s.C_D_z), v_rel_b * (-pressed))
    return moment


def _drag_of_lift(C_L: Scalar, height_wing: Scalar, aircraft: Aircraft) -> Scalar:
    """Drag coefficient that goes with lift in attached flow: induced (less near the ground) and profile."""
    a, g = aircraft.aero, aircraft.geometry
    ratio = 16.0 * height_wing / g.span
    ratio2 = ratio * ratio
    induced = C_L * C_L * g.wing_area / (jnp.pi * a.oswald * g.span * g.span) * ratio2 / (1.0 + ratio2)
    off = C_L - a.C_L_min_drag
    return induced + a.C_D_k_profile * off * off


def _drag_without_lift(
    f: Flow, surfaces: Surfaces, friction: Scalar, ice: IceEffects, aircraft: Aircraft
) -> Scalar:
    """Drag coefficient of what does not lift: friction, what hangs out, deflections, sideslip, ice."""
    a = aircraft.aero
    hanging = a.C_D_gear * surfaces.gear + a.C_D_delta_f * surfaces.delta_f
    deflected = a.C_D_delta_e * surfaces.delta_e * surfaces.delta_e + a.C_D_beta * f.s_beta * f.s_beta
    return a.C_D_0 * friction + aircraft.stores.C_D + hanging + deflected + ice.C_D_added


def _pitch(
    f: Flow, over: Scalar, under: Scalar, apart: Scalar, stall: Stall, q: Scalar, alpha_dot: Scalar, delta_e: Scalar,
    delta_f: Scalar, ice: IceEffects, aircraft: Aircraft,
) -> Scalar:  # fmt: skip
    """Pitching-moment coefficient; q and alpha_dot dimensionless; the stall breaks nose down (inverted: up)."""
    a = aircraft.aero
    beyond = over * (f.s_alpha * stall.c - f.c_alpha * stall.s)
    below = under * (f.s_alpha * stall.c_negative - f.c_alpha * stall.s_negative)
    static = a.C_m_alpha * (f.alpha + apart * (f.s_alpha - f.alpha))
    damped = ice.damping_factor * a.C_m_q * q + a.C_m_alpha_dot * alpha_dot
    return (
        a.C_m_0 + static + a.C_m_stall * (beyond + below) + damped + a.C_m_delta_e * delta_e
        + a.C_m_delta_f * delta_f + ice.C_m_added
    )  # fmt: skip


def separation(alpha: Scalar, stall: Stall, sharpness: Scalar) -> tuple[Scalar, Scalar]:
    """Degree of separation beyond the positive and the negative stall, 0..1 each (Beard & McLain, eq. 4.10)."""
    over = jnp.clip(sharpness * (alpha - stall.alpha), -40.0, 40.0)
    under = jnp.clip(sharpness * (stall.alpha_negative - alpha), -40.0, 40.0)
    return 1.0 / (1.0 + jnp.exp(-over)), 1.0 / (1.0 + jnp.exp(-under))


def plate_normal(s_alpha: Scalar) -> Scalar:
    """Normal-force coefficient of a stalled plate by the sine of its angle of attack."""
    return s_alpha / (PLATE_A * jnp.abs(s_alpha) + PLATE_B)


def stall(
    delta_f: Scalar, reynolds: Scalar, mass: Scalar, ice: IceEffects, aircraft: Aircraft
) -> Stall:
    """Where the lift curve must break so that its peak is C_L_max: flap, Reynolds number and ice included.

    Args:
        delta_f: 0..1.
        reynolds: by the mean chord.
        mass: kg.
        ice: its effects.
        aircraft: its coefficients.
    """
    a, g = aircraft.aero, aircraft.geometry
    gain = a.C_L_max_reynolds * jnp.log(jnp.maximum(reynolds, LOWEST_REYNOLDS) / a.reynolds_reference)
    clean = a.C_L_max + delta_f * (a.C_L_max_flap - a.C_L_max) + gain
    C_L_max = ice.C_L_max_factor * clean
    C_L_min = ice.C_L_max_factor * a.C_L_min
    slope = ice.C_L_factor * a.C_L_alpha
    at_zero = ice.C_L_factor * a.C_L_0 + a.C_L_delta_f * delta_f
    sharpness = ice.break_factor * a.stall_sharpness
    up = break_point(at_zero, slope, C_L_max, sharpness)
    down = -break_point(-at_zero, slope, -C_L_min, sharpness)
    speed = jnp.sqrt(2.0 * earth.GRAVITY * mass / (earth.RHO0 * g.wing_area * C_L_max))
    return Stall(
        C_L_max, up, jnp.sin(up), jnp.cos(up), down, jnp.sin(down), jnp.cos(down), speed, 0.0 * speed + sharpness
    )


def break_point(at_zero: Scalar, slope: Scalar, C_L_max: Scalar, sharpness: Scalar) -> Scalar:
    """Half-way angle of the break, rad, such that the blended lift curve peaks at C_L_max (to 0.002).

    At the peak angle the attached line overshoots C_L_max by e and the degree of separation s takes it back:
    s = e / (C_L_max + e - C_plate); a level tangent asks e = (slope + slope_plate s / (1 - s)) / sharpness. Four rounds
    from e = slope / sharpness.
    """
    alpha_1 = (C_L_max - at_zero) / slope
    e = first = slope / sharpness
    for _ in range(4):
        s_alpha = jnp.sin(alpha_1 + e / slope)
        c_alpha = jnp.cos(alpha_1 + e / slope)
        thick = PLATE_A * jnp.abs(s_alpha) + PLATE_B
        plate = s_alpha * c_alpha / thick
        plate_slope = (PLATE_B * c_alpha * c_alpha / thick - s_alpha * s_alpha) / thick
        s = jnp.clip(e / jnp.maximum(C_L_max + e - plate, 1e-3), 1e-3, 0.9)
        e = jnp.clip((slope + plate_slope * s / (1.0 - s)) / sharpness, 0.2 * first, 5.0 * first)
    return alpha_1 + e / slope - jnp.log(s / (1.0 - s)) / sharpness


def friction(reynolds: Scalar, aircraft: Aircraft) -> Scalar:
    """Factor on C_D_0 by Reynolds number: (Re / Re_ref)^-0.15, turbulent skin friction."""
    return jnp.power(jnp.maximum(reynolds, LOWEST_REYNOLDS) / aircraft.aero.reynolds_reference, -0.15)
