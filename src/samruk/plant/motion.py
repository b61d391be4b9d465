"""Rigid-body motion over the rotating ellipsoid.

Position and velocity are Earth-fixed, so Coriolis and centrifugal terms appear; Euler's equations take the rate
relative to inertial space. The step is the two-step Adams-Bashforth rule for velocity and rate, the trapezoid for
position, and the turn by the mean rate for attitude: one evaluation of the forces in a tick, second order
(`design/0003-integrator.md`).

Reference: Stevens, Lewis & Johnson, Aircraft Control and Simulation (3rd ed.), eq. 1.7-18 ff.
"""

from __future__ import annotations

from dataclasses import dataclass

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Quaternion, Rotation, Scalar, Vec3, cross, normalised, quaternion_product
from samruk.plant.state import FAST_DT, Inertia, Truth
from samruk.weather.air import Anchor

GRAVITY_GRADIENT = earth.GM / earth.MEAN_RADIUS**3
"""1/s^2: how attraction changes with distance from the anchor."""


@dataclass(frozen=True)
class Place:
    """Where the aircraft is, seen from the anchor."""

    r_n: Vec3
    """m, NED, from the anchor."""
    height: Scalar
    """m above the ellipsoid."""
    climb: Scalar
    """m, height above the anchor's."""


@dataclass(frozen=True)
class Rates:
    """Derivatives of the state."""

    a_e: Vec3
    """m/s^2, ECEF, of `v_be_e`."""
    alpha_ib_b: Vec3
    """rad/s^2, body, of `omega_ib_b`."""
    f_b: Vec3
    """m/s^2, body: specific force."""


def place(r_be_e: Vec3, anchor: Anchor) -> Place:
    """Height from the anchor's frame: the drop along its vertical, and the Earth's bend away from its plane.

    Within 100 m of the anchor the height is right to 1e-5 m.
    """
    r_n = anchor.R_ne @ (r_be_e - anchor.r_e)
    climb = (r_n.x * r_n.x + r_n.y * r_n.y) * (0.5 / earth.MEAN_RADIUS) - r_n.z
    return Place(r_n, anchor.height + climb, climb)


def attraction(r_n: Vec3, anchor: Anchor) -> Vec3:
    """Gravitation near the anchor, ECEF, m/s^2: its value there and the gradient of a central field."""
    down_e = Vec3(anchor.R_ne.zx, anchor.R_ne.zy, anchor.R_ne.zz)
    shift_e = anchor.R_ne.T @ r_n
    k = GRAVITY_GRADIENT
    attracted: Vec3 = anchor.gravity_e - shift_e * k + down_e * (3.0 * k * r_n.z)
    return attracted


def rates(
    truth: Truth, F_b: Vec3, M_b: Vec3, inertia: Inertia, R_eb: Rotation, attraction_e: Vec3
) -> Rates:
    """Derivatives of velocity and rate.

    Args:
        truth: the state.
        F_b: N, body: all forces but gravitation.
        M_b: N m, body.
        inertia: mass properties.
        R_eb: attitude.
        attraction_e: m/s^2, ECEF: gravitation.
    """
    f_b = F_b * inertia.i_m
    v, r, turn = truth.v_be_e, truth.r_be_e, earth.OMEGA
    f_e = R_eb @ f_b
    a_e = Vec3(
        f_e.x + attraction_e.x + 2.0 * turn * v.y + turn * turn * r.x,
        f_e.y + attraction_e.y - 2.0 * turn * v.x + turn * turn * r.y,
        f_e.z + attraction_e.z,
    )
    w = truth.omega_ib_b
    return Rates(a_e, angular(M_b - cross(w, momentum(w, inertia)), inertia), f_b)


def momentum(omega_b: Vec3, j: Inertia) -> Vec3:
    """Angular momentum, N m s, body, at a rate in rad/s."""
    w = omega_b
    return Vec3(
        j.J_xx * w.x - j.J_xy * w.y - j.J_xz * w.z, j.J_yy * w.y - j.J_xy * w.x - j.J_yz * w.z,
        j.J_zz * w.z - j.J_xz * w.x - j.J_yz * w.y,
    )  # fmt: skip


def angular(M_b: Vec3, j: Inertia) -> Vec3:
    """rad/s^2, body, that a moment, N m, gives."""
    return Vec3(
        j.i_xx * M_b.x + j.i_xy * M_b.y + j.i_xz * M_b.z, j.i_xy * M_b.x + j.i_yy * M_b.y + j.i_yz * M_b.z,
        j.i_xz * M_b.x + j.i_yz * M_b.y + j.i_zz * M_b.z,
    )  # fmt: skip


def earth_rate(R_eb: Rotation) -> Vec3:
    """Rate of the Earth in body axes, rad/s."""
    return Vec3(earth.OMEGA * R_eb.zx, earth.OMEGA * R_eb.zy, earth.OMEGA * R_eb.zz)


def advance(truth: Truth, rates: Rates, R_eb: Rotation, dt: Scalar = FAST_DT) -> Truth:
    """The state after a tick.

    Args:
        truth: the state, with the rates of the tick before.
        rates: those of this tick.
        R_eb: attitude now.
        dt: s.
    """
    v = truth.v_be_e + extrapolated(rates.a_e, truth.a_e) * dt
    r = truth.r_be_e + (truth.v_be_e + v) * (0.5 * dt)
    w = truth.omega_ib_b + extrapolated(rates.alpha_ib_b, truth.alpha_ib_b) * dt
    mean = (truth.omega_ib_b + w) * 0.5 - earth_rate(R_eb)
    return Truth(r, v, turned(truth.q_eb, mean, dt), w, rates.a_e, rates.alpha_ib_b, rates.f_b)


def extrapolated(now: Vec3, before: Vec3) -> Vec3:
    """Value expected in the middle of the tick that begins now."""
    return now * 1.5 - before * 0.5


def turned(q_eb: Quaternion, omega_b: Vec3, dt: Scalar) -> Quaternion:
    """Attitude after a turn at a constant body rate: series of the half angle, 1e-9 rad short at 5 rad/s."""
    h = omega_b * (0.5 * dt)
    a2 = h.x * h.x + h.y * h.y + h.z * h.z
    s, c = 1.0 - a2 * (1.0 / 6.0 - a2 * (1.0 / 120.0)), 1.0 - a2 * (0.5 - a2 * (1.0 / 24.0))
    return normalised(quaternion_product(q_eb, Quaternion(c, s * h.x, s * h.y, s * h.z)))


def inertia(mass: Scalar, aircraft: Aircraft) -> Inertia:
    """Mass properties at a whole mass, kg.

    The tensor of the body without stores scales with its mass and lies about the reference centre of gravity; the
    stores' is added there, and all is moved to the common centre by the parallel-axis theorem.
    """
    m, s = aircraft.mass, aircraft.stores
    scale, i_m = (mass - s.mass) / m.inertia_mass, 1.0 / mass
    d = Vec3(s.moment_x * i_m, s.moment_y * i_m, s.moment_z * i_m)
    J_xx = scale * m.J_xx + s.J_xx - mass * (d.y * d.y + d.z * d.z)
    J_yy = scale * m.J_yy + s.J_yy - mass * (d.x * d.x + d.z * d.z)
    J_zz = scale * m.J_zz + s.J_zz - mass * (d.x * d.x + d.y * d.y)
    J_xy, J_yz = s.J_xy - mass * d.x * d.y, s.J_yz - mass * d.y * d.z
    J_xz = scale * m.J_xz + s.J_xz - mass * d.x * d.z
    A, B, C = J_yy * J_zz - J_yz * J_yz, J_xy * J_zz + J_xz * J_yz, J_xy * J_yz + J_xz * J_yy
    per = 1.0 / (J_xx * A - J_xy * B - J_xz * C)
    D, E, F = J_xx * J_zz - J_xz * J_xz, J_xx * J_yz + J_xy * J_xz, J_xx * J_yy - J_xy * J_xy
    return Inertia(
        mass, J_xx, J_yy, J_zz, J_xz, i_m, A * per, D * per, F * per, C * per, J_xy, J_yz, B * per, E * per, d
    )
