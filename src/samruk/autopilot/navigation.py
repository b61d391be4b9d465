"""Strapdown navigation in ECEF at the fast tick.

No pole and no date line: place and velocity are ECEF components, attitude is the quaternion from body to Earth. The
mission tick hands down what varies slowly (gravity, the local axes). The unit gives means over the tick; specific force
is turned by the attitude at the tick's middle. What is left (coning, sculling) is far below the errors of the sensors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from samruk.earth import OMEGA, gravitation
from samruk.frames import Quaternion, Rotation, Vec3, quaternion_product, rotation
from samruk.lazy import jnp
from samruk.messages import Inertial
from samruk.words import wide

Scalar = Any


@dataclass(frozen=True)
class Navigation:
    """Where, how fast, which way up: the filter's nominal state."""

    r_be_e: Vec3 = wide(Vec3)
    """m, ECEF."""
    v_be_e: Vec3 = wide(Vec3)
    """m/s, ECEF."""
    q_eb: Quaternion = wide(Quaternion)
    """Body to ECEF."""
    accelerometer_bias: Vec3 = field(default_factory=Vec3)
    """m/s^2, body: taken from the measured specific force."""
    gyro_bias: Vec3 = field(default_factory=Vec3)
    """rad/s, body: taken from the measured rate."""


@dataclass(frozen=True)
class Sums:
    """Sums over fast ticks for the slower ones."""

    f_b: Vec3 = field(default_factory=Vec3)
    """m/s^2, body, over the fast ticks since the last mission tick."""
    omega_b: Vec3 = field(default_factory=Vec3)
    """rad/s, body relative to Earth, over the same."""
    count: Scalar = 0.0
    """Fast ticks in the two sums above."""
    f_e: Vec3 = field(default_factory=Vec3)
    """m/s^2, ECEF, over the fast ticks since the last slow tick."""
    count_e: Scalar = 0.0
    """Fast ticks in `f_e`."""
    a_e: Vec3 = field(default_factory=Vec3)
    """m/s^2, ECEF: rate of the velocity at the last fast tick, not a sum."""


def gravity_e(r_e: Vec3) -> Vec3:
    """Gravity, m/s^2, ECEF: attraction and centrifugal part."""
    g, rate2 = gravitation(r_e), OMEGA * OMEGA
    return Vec3(g.x + rate2 * r_e.x, g.y + rate2 * r_e.y, g.z)


@dataclass(frozen=True)
class Step:
    """One step of the strapdown."""

    nav: Navigation
    f_b: Vec3
    """m/s^2, body: specific force."""
    omega_b: Vec3
    """rad/s, body: rate relative to the Earth."""
    f_e: Vec3
    """m/s^2, ECEF: specific force."""
    a_e: Vec3
    """m/s^2, ECEF: rate of the velocity."""


def strapdown(nav: Navigation, inertial: Inertial, gravity: Vec3, dt: float) -> Step:
    """One step of dt seconds.

    Args:
        nav: the state.
        inertial: what the unit measures.
        gravity: m/s^2, ECEF, at the aircraft.
        dt: s.
    """
    f_b = inertial.f_b - nav.accelerometer_bias
    R_eb = rotation(nav.q_eb)
    earth_b = Vec3(R_eb.zx, R_eb.zy, R_eb.zz) * OMEGA
    omega_b = inertial.omega_ib_b - nav.gyro_bias - earth_b
    middle = turned(nav.q_eb, omega_b * (0.5 * dt))
    q_eb = turned(middle, omega_b * (0.5 * dt))
    f_e = rotation(middle) @ f_b
    v = nav.v_be_e
    acceleration = Vec3(
        f_e.x + gravity.x + 2.0 * OMEGA * v.y, f_e.y + gravity.y - 2.0 * OMEGA * v.x, f_e.z + gravity.z
    )
    new_v = v + acceleration * dt
    r = nav.r_be_e + (v + new_v) * (0.5 * dt)
    moved = Navigation(r, new_v, q_eb, nav.accelerometer_bias, nav.gyro_bias)
    return Step(moved, f_b, omega_b, f_e, acceleration)


def turned(q: Quaternion, angle: Vec3) -> Quaternion:
    """q followed by a small turn in its own axes, rad; kept at unit length to second order."""
    h = angle * 0.5
    half2 = h.x * h.x + h.y * h.y + h.z * h.z
    p = quaternion_product(q, Quaternion(1.0 - 0.5 * half2, h.x, h.y, h.z))
    scale = 1.5 - 0.5 * (p.w * p.w + p.x * p.x + p.y * p.y + p.z * p.z)
    return Quaternion(p.w * scale, p.x * scale, p.y * scale, p.z * scale)


def summed(sums: Sums, step: Step) -> Sums:
    """The sums with one more fast tick."""
    return Sums(
        sums.f_b + step.f_b, sums.omega_b + step.omega_b, sums.count + 1.0, sums.f_e + step.f_e, sums.count_e + 1.0,
        step.a_e,
    )  # fmt: skip


def ahead(nav: Navigation, a_e: Vec3, dt: float) -> tuple[Vec3, Vec3]:
    """Place and velocity dt seconds on, at the last acceleration."""
    return nav.r_be_e + nav.v_be_e * dt + a_e * (0.5 * dt * dt), nav.v_be_e + a_e * dt


def mean(total: Vec3, count: Scalar) -> Vec3:
    """A sum over its count; zero where nothing was summed."""
    return total * (1.0 / jnp.maximum(count, 1.0))


def attitude(R_ne: Rotation, q_eb: Quaternion) -> Rotation:
    """`R_nb` from the local axes and the attitude to the Earth."""
    R = rotation(q_eb)
    x, y, z = (R_ne @ Vec3(*column) for column in ((R.xx, R.yx, R.zx), (R.xy, R.yy, R.zy), (R.xz, R.yz, R.zz)))
    return Rotation(x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z)
