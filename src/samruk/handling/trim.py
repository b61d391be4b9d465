"""Steady flight by the batch, each with a certificate.

    trim(aircraft, condition) -> Certificate

`condition` is a `Condition` whose leaves are numbers or arrays of one length; the certificate's fields are arrays over
the batch. A load on one side is one of `aircraft.stores`; its mass counts in `Condition.mass`. Numbers of a flight do
not depend on what else is in the batch: every lane runs the same code in blocks of one size.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import numpy as np

from samruk.aircraft import Aircraft
from samruk.errors import InputError
from samruk.frames import Vec3
from samruk.handling import balance, certificate, kept
from samruk.handling.certificate import LIMITS, Certificate
from samruk.handling.condition import Condition
from samruk.lazy import jax
from samruk.plant.trim import Trim

BLOCK = 256
"""Flights that are searched for at once; a shorter batch is filled up."""


def trim(aircraft: Aircraft, condition: Condition) -> Certificate:
    """Steady flights in balance, or the limits that forbid them.

    Args:
        aircraft: the aircraft.
        condition: what is asked for; numbers, or arrays of shape (batch,).

    Returns:
        Arrays of shape (batch,), (batch, limits) for `margins`, (batch, 8) for `residual`; a batch of one for numbers.
    """
    rows = rows_of(condition)
    count = rows.shape[1]
    with jax.enable_x64(True):
        flat = np.asarray(leaves(aircraft), dtype=np.float64)
        lanes = _lanes(flat.size, rows.shape[0])
        parts = [_block(lanes, flat, rows[:, at : at + BLOCK]) for at in range(0, count, BLOCK)]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Certificate(**found, limit=_named(found))


def beginning(condition: Condition, found: Certificate, k: int = 0) -> Trim:
    """One flight of a batch as `samruk.plant.world.initial_airborne` takes it.

    Args:
        condition: what was asked for.
        found: its certificates.
        k: which flight.
    """
    one = {name: float(np.atleast_1d(getattr(found, name))[k]) for name in _SHARED}
    asked = {f.name: np.atleast_1d(getattr(condition, f.name)) for f in fields(condition) if f.name != "ice"}
    delta_f, gear = (float(asked[name][k % asked[name].size]) for name in ("delta_f", "gear"))
    V, along = one["airspeed"], math.cos(one["beta"])
    v_rel_b = Vec3(V * along * math.cos(one["alpha"]), V * math.sin(one["beta"]), V * along * math.sin(one["alpha"]))
    used = one["C_L"] / float(found.C_L_max[k]) / one.pop("load_factor")
    return Trim(
        **one, v_rel_b=v_rel_b, delta_f=delta_f, gear=gear, stall_margin=max(used, 1e-9) ** -0.5 - 1.0,
        residual=float(np.max(np.abs(found.residual[k]))),
    )  # fmt: skip


_SHARED = (
    "airspeed", "alpha", "beta", "phi", "theta", "delta_e", "delta_a", "delta_r", "delta_t", "shaft_power",
    "power_available", "propeller_speed", "thrust", "fuel_flow", "C_L", "C_D", "load_factor",
)  # fmt: skip


def _named(found: dict[str, Any]) -> Any:
    """Name of the limit that forbids each flight."""
    passed = found["margins"] < 0.0
    first = np.asarray(LIMITS, dtype=object)[np.argmax(passed, axis=1)]
    lost = np.where(found["converged"], "", "no balance found")
    return np.where(passed.any(axis=1), first, lost).astype(object)


def _block(lanes: Any, flat: Any, rows: Any) -> dict[str, Any]:
    """One block, filled up with its last flight."""
    short = rows.shape[1]
    return {name: np.asarray(value)[:short] for name, value in lanes(flat, fill(rows, BLOCK)).items()}


def fill(rows: Any, size: int) -> Any:
    """Rows of a block, filled up to its size with the last flight."""
    return np.concatenate([rows, np.repeat(rows[:, -1:], size - rows.shape[1], axis=1)], axis=1)


@functools.cache
def _lanes(numbers: int, asked: int) -> Any:
    """The compiled block: the same for every aircraft and condition."""

    def one(flat: Any, row: Any) -> dict[str, Any]:
        aircraft = rebuilt(Aircraft, iter([flat[i] for i in range(flat.shape[0])]))
        condition = rebuilt(Condition, iter([row[i] for i in range(row.shape[0])]))
        return certificate.judge(condition, balance.search(condition, aircraft), aircraft)

    answer = {f.name: 0.0 for f in fields(Certificate) if f.name != "limit"}
    return kept.compiled("trim", jax.vmap(one, in_axes=(None, 1)), answer, np.zeros(numbers), np.zeros((asked, BLOCK)))


def leaves(tree: Any) -> list[Any]:
    """All numbers of nested dataclasses, in order."""
    if is_dataclass(tree):
        return [leaf for f in fields(tree) for leaf in leaves(getattr(tree, f.name))]
    return [tree]


def rebuilt(kind: Any, numbers: Iterator[Any]) -> Any:
    """A dataclass of a type with its numbers taken from a list."""
    if not is_dataclass(kind):
        return next(numbers)
    hints = get_type_hints(kind)
    return kind(**{f.name: rebuilt(hints[f.name], numbers) for f in fields(kind)})  # type: ignore[operator]


def rows_of(condition: Condition) -> Any:
    """(leaves, batch) of a condition."""
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(leaf, dtype=np.float64)) for leaf in leaves(condition)))
    rows = np.stack(columns)
    if rows.ndim != 2 or rows.shape[1] == 0 or not np.isfinite(rows).all():
        raise InputError("a condition holds no number, or arrays of more than one dimension; give finite numbers.")
    for name, values in (("airspeed", condition.airspeed), ("mass", condition.mass)):
        if np.min(values) <= 0.0:
            raise InputError(f"{name} of a condition is {np.min(values):g}; allowed is more than 0.")
    return rows
