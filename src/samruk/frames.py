"""Vectors, quaternions and rotations as named scalars.

Letters name frames: `i` inertial, `e` Earth-centred Earth-fixed, `n` local north-east-down, `b` body
forward-right-down, `s` stability, `w` wind. `v_be_n` is the velocity of b relative to e resolved in n; `R_nb` and
`q_nb` turn components in b into components in n, so neighbours cancel: `R_eb = R_en @ R_nb`.

Quaternions are Hamilton's, scalar first. Every component is a scalar (a Python float, a NumPy or a JAX scalar), so the
same code flies one aircraft, a vector lane, or a gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.lazy import jnp

Scalar = Any
"""A float64 scalar: Python float, NumPy scalar or JAX tracer."""


@dataclass(frozen=True)
class Vec3:
    """Three components in one frame; the frame and unit belong to the field that holds it."""

    x: Scalar = 0.0
    """First component: forward (b), north (n) or towards the equator at the prime meridian (e)."""
    y: Scalar = 0.0
    """Second component: right (b), east (n) or towards the equator at 90 degrees east (e)."""
    z: Scalar = 0.0
    """Third component: down (b, n) or towards the north pole (e)."""

    def __add__(self, other: Vec3) -> Vec3:
        return Vec3(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other: Vec3) -> Vec3:
        return Vec3(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor: Scalar) -> Vec3:
        return Vec3(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __neg__(self) -> Vec3:
        return Vec3(-self.x, -self.y, -self.z)


@dataclass(frozen=True)
class Quaternion:
    """A rotation, scalar first; `q_nb` turns b components into n components."""

    w: Scalar = 1.0
    """Scalar part, cosine of half the rotation angle."""
    x: Scalar = 0.0
    """Vector part, first component."""
    y: Scalar = 0.0
    """Vector part, second component."""
    z: Scalar = 0.0
    """Vector part, third component."""


@dataclass(frozen=True)
class Rotation:
    """A direction cosine matrix by rows: `v_a = R_ab @ v_b`."""

    xx: Scalar = 1.0
    """Row x, column x."""
    xy: Scalar = 0.0
    """Row x, column y."""
    xz: Scalar = 0.0
    """Row x, column z."""
    yx: Scalar = 0.0
    """Row y, column x."""
    yy: Scalar = 1.0
    """Row y, column y."""
    yz: Scalar = 0.0
    """Row y, column z."""
    zx: Scalar = 0.0
    """Row z, column x."""
    zy: Scalar = 0.0
    """Row z, column y."""
    zz: Scalar = 1.0
    """Row z, column z."""

    def __matmul__(self, v: Vec3) -> Vec3:
        return Vec3(
            self.xx * v.x + self.xy * v.y + self.xz * v.z,
            self.yx * v.x + self.yy * v.y + self.yz * v.z,
            self.zx * v.x + self.zy * v.y + self.zz * v.z,
        )

    @property
    def T(self) -> Rotation:
        """The inverse rotation, `R_ba` from `R_ab`."""
        return Rotation(self.xx, self.yx, self.zx, self.xy, self.yy, self.zy, self.xz, self.yz, self.zz)


def dot(a: Vec3, b: Vec3) -> Scalar:
    """Scalar product of two vectors resolved in one frame."""
    return a.x * b.x + a.y * b.y + a.z * b.z


def cross(a: Vec3, b: Vec3) -> Vec3:
    """Vector product a x b of two vectors resolved in one frame."""
    return Vec3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)


def norm(a: Vec3) -> Scalar:
    """Length of a vector; its gradient is not defined at zero."""
    return jnp.sqrt(dot(a, a))


def rotate(R: Rotation, v: Vec3) -> Vec3:
    """`v_a = R_ab v_b`; the same as `R @ v`."""
    return R @ v


def compose(R_ab: Rotation, R_bc: Rotation) -> Rotation:
    """`R_ac = R_ab R_bc`."""
    p, q, r = (R_ab @ Vec3(*column) for column in zip(*_rows(R_bc), strict=True))
    return Rotation(p.x, q.x, r.x, p.y, q.y, r.y, p.z, q.z, r.z)


def _rows(R: Rotation) -> tuple[tuple[Scalar, Scalar, Scalar], ...]:
    """The three rows of a direction cosine matrix."""
    return ((R.xx, R.xy, R.xz), (R.yx, R.yy, R.yz), (R.zx, R.zy, R.zz))


def quaternion_product(p: Quaternion, q: Quaternion) -> Quaternion:
    """Hamilton product: `q_ac = q_ab * q_bc`."""
    return Quaternion(
        p.w * q.w - p.x * q.x - p.y * q.y - p.z * q.z,
        p.w * q.x + p.x * q.w + p.y * q.z - p.z * q.y,
        p.w * q.y - p.x * q.z + p.y * q.w + p.z * q.x,
        p.w * q.z + p.x * q.y - p.y * q.x + p.z * q.w,
    )


def quaternion_rate(q_ab: Quaternion, omega_ba_b: Vec3) -> Quaternion:
    """Time derivative of `q_ab` for body rates of b relative to a, rad/s, resolved in b."""
    o = omega_ba_b
    return quaternion_product(q_ab, Quaternion(0.0, 0.5 * o.x, 0.5 * o.y, 0.5 * o.z))


def normalised(q: Quaternion) -> Quaternion:
    """The unit quaternion nearest to q."""
    s = 1.0 / jnp.sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z)
    return Quaternion(q.w * s, q.x * s, q.y * s, q.z * s)


def rotation(q: Quaternion) -> Rotation:
    """Direction cosine matrix `R_ab` of the unit quaternion `q_ab`."""
    xx, yy, zz = q.x * q.x, q.y * q.y, q.z * q.z
    xy, xz, yz = q.x * q.y, q.x * q.z, q.y * q.z
    wx, wy, wz = q.w * q.x, q.w * q.y, q.w * q.z
    return Rotation(
        1.0 - 2.0 * (yy + zz), 2.0 * (xy - wz), 2.0 * (xz + wy),
        2.0 * (xy + wz), 1.0 - 2.0 * (xx + zz), 2.0 * (yz - wx),
        2.0 * (xz - wy), 2.0 * (yz + wx), 1.0 - 2.0 * (xx + yy),
    )  # fmt: skip


def quaternion_from_euler(phi: Scalar, theta: Scalar, psi: Scalar) -> Quaternion:
    """`q_nb` from roll, pitch and yaw, radians, in the order yaw, pitch, roll."""
    cr, sr = jnp.cos(0.5 * phi), jnp.sin(0.5 * phi)
    cp, sp = jnp.cos(0.5 * theta), jnp.sin(0.5 * theta)
    cy, sy = jnp.cos(0.5 * psi), jnp.sin(0.5 * psi)
    return Quaternion(
        cy * cp * cr + sy * sp * sr,
        cy * cp * sr - sy * sp * cr,
        cy * sp * cr + sy * cp * sr,
        sy * cp * cr - cy * sp * sr,
    )


def quaternion_from_rotation(R: Rotation) -> Quaternion:
    """`q_ab` of a direction cosine matrix `R_ab`, by the branch with the largest pivot (Shepperd 1978)."""
    w2, x2 = 1.0 + R.xx + R.yy + R.zz, 1.0 + R.xx - R.yy - R.zz
    y2, z2 = 1.0 - R.xx + R.yy - R.zz, 1.0 - R.xx - R.yy + R.zz
    branches = (
        (w2, (w2, R.zy - R.yz, R.xz - R.zx, R.yx - R.xy)),
        (x2, (R.zy - R.yz, x2, R.xy + R.yx, R.xz + R.zx)),
        (y2, (R.xz - R.zx, R.xy + R.yx, y2, R.yz + R.zy)),
        (z2, (R.yx - R.xy, R.xz + R.zx, R.yz + R.zy, z2)),
    )
    best, chosen = branches[0]
    parts: list[Scalar] = list(chosen)
    for pivot, candidate in branches[1:]:
        larger = pivot > best
        parts = [jnp.where(larger, new, old) for new, old in zip(candidate, parts, strict=True)]
        best = jnp.where(larger, pivot, best)
    s = 0.5 / jnp.sqrt(best)
    return normalised(Quaternion(*(part * s for part in parts)))


def euler_from_rotation(R_nb: Rotation) -> tuple[Scalar, Scalar, Scalar]:
    """Roll, pitch and yaw in radians; roll and yaw are not defined at pitch +-90 degrees."""
    theta = jnp.arctan2(-R_nb.zx, jnp.sqrt(R_nb.zy * R_nb.zy + R_nb.zz * R_nb.zz))
    return jnp.arctan2(R_nb.zy, R_nb.zz), theta, jnp.arctan2(R_nb.yx, R_nb.xx)


def wrap(angle: Scalar) -> Scalar:
    """An angle in radians brought to -pi .. pi."""
    return angle - 2.0 * jnp.pi * jnp.floor((angle + jnp.pi) / (2.0 * jnp.pi))
