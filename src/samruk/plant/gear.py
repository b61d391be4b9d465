"""Three wheels on the ground: legs that spring and damp, tyres that roll, hold and slide.

A tyre is a spring in the plane of the ground (the single contact point of Pacejka, Tyre and Vehicle Dynamics, ch. 7):
its shift y grows with the contact's own speed v_y and is rolled out over the relaxation length, y' = v_y - |v_x| y / L.
Standing, it is a plain spring, so a parked aircraft does not creep; rolling, it gives a side force proportional to the
slip angle; beyond friction it slides (the shift is held where the force meets its limit). Along the wheel the same
spring carries brakes and rolling resistance.
"""

from __future__ import annotations

from dataclasses import dataclass

from samruk.aircraft import Aircraft
from samruk.frames import Rotation, Scalar, Vec3, cross
from samruk.lazy import jnp
from samruk.plant.state import FAST_DT, Surfaces, Wheel, Wheels
from samruk.plant.wet import Runway
from samruk.tables import to_float

RELAXATION = 0.3
"""m, relaxation length of the tyres (about one wheel radius; estimated)."""
CREEP_SPEED = 0.5
"""m/s, rolling speed at which the tyre's damping across has halved."""
SOFT_CONTACT = 0.03
"""m of compression over which the leg's damping comes in."""
EXTENDED = 0.98
"""Part of the travel from which the legs are locked down."""


@dataclass(frozen=True)
class Contact:
    """Force of one wheel, and its tyre afterwards."""

    F_b: Vec3
    M_b: Vec3
    load: Scalar
    """N, normal."""
    speed: Scalar
    """m/s, along the wheel."""
    wheel: Wheel


@dataclass(frozen=True)
class Grounded:
    """What the ground does to the aircraft through the wheels."""

    F_b: Vec3
    """N."""
    M_b: Vec3
    """N m about the centre of gravity."""
    main_load: Scalar
    """N on both main wheels."""
    speed: Scalar
    """m/s, forward, of the main wheels."""
    wheels: Wheels


@dataclass(frozen=True)
class Leg:
    """Where a leg stands and what it can do."""

    p_b: Vec3
    """m, body: contact point, unloaded."""
    stiffness: Scalar
    """N/m."""
    damping: Scalar
    """N s/m."""
    steer_s: Scalar
    """Sine of the steering angle."""
    steer_c: Scalar
    """Its cosine."""
    along: Scalar
    """Coefficient of friction along the wheel now: rolling, or brakes."""


def touch(
    R_nb: Rotation, v_n: Vec3, omega_b: Vec3, height_agl: Scalar, wheels: Wheels, surfaces: Surfaces,
    runway: Runway, aircraft: Aircraft, dt: Scalar = FAST_DT,
) -> Grounded:  # fmt: skip
    """Force and moment of the ground.

    Args:
        R_nb: attitude.
        v_n: m/s, velocity relative to the ground.
        omega_b: rad/s, rate relative to the Earth.
        height_agl: m, centre of gravity above the surface.
        wheels: tyre shifts.
        surfaces: steering, brakes, gear.
        runway: its grip.
        aircraft: its gear.
        dt: s, over which the tyres' shifts are carried on.
    """
    g = aircraft.gear
    flat = jnp.sqrt(R_nb.xx * R_nb.xx + R_nb.yx * R_nb.yx + 1e-12)
    c, s = R_nb.xx / flat, R_nb.yx / flat
    down = to_float(surfaces.gear > EXTENDED)
    level, straight = 0.0 * c, 1.0 + 0.0 * c
    steer_s = surfaces.steer * (1.0 - surfaces.steer * surfaces.steer * (1.0 / 6.0))
    steer_c = 1.0 - surfaces.steer * surfaces.steer * (0.5 - surfaces.steer * surfaces.steer * (1.0 / 24.0))
    rolling = g.rolling_friction + runway.rolling
    braked = rolling + surfaces.brake * jnp.maximum(runway.braking * g.braking_friction - rolling, 0.0)
    legs = (
        Leg(Vec3(g.nose_x, 0.0, g.height), g.nose_stiffness, g.nose_damping, steer_s, steer_c, rolling),
        Leg(Vec3(g.main_x, -g.main_y, g.height), g.main_stiffness, g.main_damping, level, straight, braked),
        Leg(Vec3(g.main_x, g.main_y, g.height), g.main_stiffness, g.main_damping, level, straight, braked),
    )
    nose, left, right = (
        _contact(leg, wheel, R_nb, v_n, omega_b, height_agl, c, s, down, runway.side * g.side_friction, dt)
        for leg, wheel in zip(legs, (wheels.nose, wheels.left, wheels.right), strict=True)
    )
    return Grounded(
        nose.F_b + left.F_b + right.F_b, nose.M_b + left.M_b + right.M_b, left.load + right.load,
        0.5 * (left.speed + right.speed), Wheels(nose.wheel, left.wheel, right.wheel),
    )  # fmt: skip


def _contact(
    leg: Leg, wheel: Wheel, R_nb: Rotation, v_n: Vec3, omega_b: Vec3, height_agl: Scalar, c: Scalar, s: Scalar,
    down: Scalar, side_friction: Scalar, dt: Scalar,
) -> Contact:  # fmt: skip
    """Force of one wheel in body axes."""
    arm_n = R_nb @ leg.p_b
    v = v_n + R_nb @ cross(omega_b, leg.p_b)
    compression = jnp.maximum(arm_n.z - height_agl, 0.0)
    damping = leg.damping * jnp.minimum(compression * (1.0 / SOFT_CONTACT), 1.0)
    load = down * jnp.maximum(leg.stiffness * compression + damping * v.z, 0.0)
    c_w, s_w = c * leg.steer_c - s * leg.steer_s, s * leg.steer_c + c * leg.steer_s
    v_x, v_y = c_w * v.x + s_w * v.y, c_w * v.y - s_w * v.x
    along, across, tyre = tyre_force(wheel, v_x, v_y, load, leg, side_friction, dt)
    F_n = Vec3(c_w * along - s_w * across, s_w * along + c_w * across, -load)
    F_b = R_nb.T @ F_n
    return Contact(F_b, cross(leg.p_b, F_b), load, v_x, tyre)


def tyre_force(
    wheel: Wheel, v_x: Scalar, v_y: Scalar, load: Scalar, leg: Leg, side_friction: Scalar, dt: Scalar = FAST_DT
) -> tuple[Scalar, Scalar, Wheel]:
    """Force along and across the wheel, N, and the tyre's shift after dt.

    Stiffness and damping in the plane of the ground are taken equal to the leg's.

    Args:
        wheel: the tyre's shift.
        v_x: m/s, contact speed along the wheel.
        v_y: m/s, across.
        load: N, normal.
        leg: stiffness, damping, friction along.
        side_friction: coefficient of sliding.
        dt: s.
    """
    k, per_k = leg.stiffness, 1.0 / leg.stiffness
    grip_x = leg.along * load
    x = jnp.clip(wheel.x + dt * v_x, -grip_x * per_k, grip_x * per_k)
    along = -jnp.clip(k * x + leg.damping * v_x, -grip_x, grip_x)
    most = side_friction * load
    grip_y = jnp.sqrt(jnp.maximum(most * most - along * along, 0.0))
    rolled = jnp.abs(v_x)
    y = (wheel.y + dt * v_y) / (1.0 + dt * rolled * (1.0 / RELAXATION))
    y = jnp.clip(y, -grip_y * per_k, grip_y * per_k)
    creep = leg.damping / (1.0 + rolled * (1.0 / CREEP_SPEED))
    across = -jnp.clip(k * y + creep * v_y, -grip_y, grip_y)
    return along, across, Wheel(x, y)
