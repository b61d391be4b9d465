"""Covariance of 15 error states as an upper triangle of named scalars: propagation and scalar updates.

The error is truth less estimate: place (ECEF, m), velocity (ECEF, m/s), attitude (small turn in ECEF that brings the
estimate to the truth, rad), accelerometer bias (body, m/s^2), gyro bias (body, rad/s), in this order. Only structural
non-zeros are multiplied. Reference: Groves, Principles of GNSS, Inertial and Multisensor Integrated Navigation
Systems, 2nd ed. (2013), section 14.2.3; Farrell, Aided Navigation (2008), chapter 11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, make_dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from samruk.frames import Rotation, Vec3
from samruk.lazy import jnp
from samruk.words import wide

Scalar = Any

STATES = 15
PLACE, VELOCITY, TILT, ACCELEROMETER, GYRO = 0, 3, 6, 9, 12
"""First index of each group of three."""
AXES = ("rx", "ry", "rz", "vx", "vy", "vz", "ex", "ey", "ez", "ax", "ay", "az", "gx", "gy", "gz")

if TYPE_CHECKING:
    Covariance: TypeAlias = Any
else:
    Covariance = make_dataclass(
        "Covariance",
        [(f"{AXES[i]}_{AXES[j]}", Any, wide()) for i in range(STATES) for j in range(i, STATES)],
        frozen=True,
        namespace={
            "__doc__": "Upper triangle of the covariance of the error states; units are products of theirs.",
            "__module__": __name__,
        },
    )

Matrix = list[list[Scalar]]
"""15 by 15, symmetric entries shared."""


def square(P: Any) -> Matrix:
    """The triangle as rows of a symmetric matrix."""
    values = iter([getattr(P, f.name) for f in fields(P)])
    full: Matrix = [[0.0] * STATES for _ in range(STATES)]
    for i in range(STATES):
        for j in range(i, STATES):
            full[i][j] = full[j][i] = next(values)
    return full


def triangle(full: Matrix) -> Any:
    """The upper triangle of a symmetric matrix."""
    return Covariance(*(full[i][j] for i in range(STATES) for j in range(i, STATES)))


def diagonal(sigmas: Sequence[Scalar]) -> Any:
    """A covariance without correlation from 15 standard deviations."""
    return triangle([[sigmas[i] ** 2 if i == j else 0.0 for j in range(STATES)] for i in range(STATES)])


def transition(f_e: Vec3, R_eb: Rotation, dt: Scalar) -> dict[tuple[int, int], Scalar]:
    """Entries of the transition beyond the unit diagonal, second order in dt.

    Args:
        f_e: m/s^2, mean specific force over dt, ECEF.
        R_eb: mean attitude over dt.
        dt: s.
    """
    F = ((0.0, f_e.z, -f_e.y), (-f_e.z, 0.0, f_e.x), (f_e.y, -f_e.x, 0.0))  # minus [f x]
    R = ((R_eb.xx, R_eb.xy, R_eb.xz), (R_eb.yx, R_eb.yy, R_eb.yz), (R_eb.zx, R_eb.zy, R_eb.zz))
    half = 0.5 * dt * dt
    entries: dict[tuple[int, int], Scalar] = {}
    for i in range(3):
        entries[PLACE + i, VELOCITY + i] = dt
        for j in range(3):
            if i != j:
                entries[PLACE + i, TILT + j] = half * F[i][j]
                entries[VELOCITY + i, TILT + j] = dt * F[i][j]
            entries[PLACE + i, ACCELEROMETER + j] = -half * R[i][j]
            entries[VELOCITY + i, ACCELEROMETER + j] = -dt * R[i][j]
            others = [k for k in range(3) if k != i]
            entries[VELOCITY + i, GYRO + j] = -half * sum(F[i][k] * R[k][j] for k in others)
            entries[TILT + i, GYRO + j] = -dt * R[i][j]
    return entries


def propagate(P: Any, entries: Mapping[tuple[int, int], Scalar], noise: Sequence[Scalar]) -> Any:
    """P after one transition and the addition of a diagonal of process noise."""
    old = square(P)
    rows: list[list[tuple[int, Scalar]]] = [[] for _ in range(STATES)]
    for (i, j), value in entries.items():
        rows[i].append((j, value))
    left = [[_combined(old, i, j, rows[i]) for j in range(STATES)] for i in range(STATES)]
    new: Matrix = [[0.0] * STATES for _ in range(STATES)]
    for i in range(STATES):
        for j in range(i, STATES):
            total = left[i][j]
            for k, value in rows[j]:
                total = total + left[i][k] * value
            new[i][j] = new[j][i] = total
        new[i][i] = new[i][i] + noise[i]
    return triangle(new)


def _combined(old: Matrix, i: int, j: int, row: Sequence[tuple[int, Scalar]]) -> Scalar:
    """Row i of the transition times column j."""
    total = old[i][j]
    for k, value in row:
        total = total + value * old[k][j]
    return total


def update(
    P: Any, x: Sequence[Scalar], H: Mapping[int, Scalar], z: Scalar, R: Scalar, use: Scalar, gate: float
) -> tuple[Any, list[Scalar], Scalar]:
    """One scalar measurement z = H x + noise.

    An innovation beyond the gate is not thrown away but believed less: its noise is raised until it lies on the gate.
    A filter that has drifted far is so never locked out for good.

    Args:
        P: covariance.
        x: error estimate so far, 15 values.
        H: non-zero entries of the measurement row by state.
        z: measured less predicted.
        R: variance of the noise.
        use: truth value; false leaves all as it is.
        gate: standard deviations.

    Returns:
        New covariance, new error estimate, innovation squared over its variance.
    """
    full = square(P)
    PH = [_row(full, i, H) for i in range(STATES)]
    predicted = sum(value * PH[i] for i, value in H.items())
    innovation = z - sum(value * x[i] for i, value in H.items())
    variance = predicted + R
    squared = innovation * innovation
    believed = jnp.maximum(variance, squared * (1.0 / (gate * gate)))
    weight = jnp.where(use, 1.0 / believed, 0.0)
    gain = [weight * p for p in PH]
    new: Matrix = [[0.0] * STATES for _ in range(STATES)]
    for i in range(STATES):
        for j in range(i, STATES):
            new[i][j] = new[j][i] = full[i][j] - gain[i] * PH[j]
    return triangle(new), [x[i] + gain[i] * innovation for i in range(STATES)], squared / variance


def _row(full: Matrix, i: int, H: Mapping[int, Scalar]) -> Scalar:
    """Row i of P H^T."""
    total: Scalar = None
    for k, value in H.items():
        term = full[i][k] if isinstance(value, float) and value == 1.0 else full[i][k] * value
        total = term if total is None else total + term
    return total
