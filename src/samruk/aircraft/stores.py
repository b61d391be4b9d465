"""What hangs outside: pods and empty tanks as inert bodies, read from `[[store]]` tables and summed for the step.

Only the kinds below exist; samruk knows nothing that is dropped, fired or guided. A store is a cylinder of even density
along the body's x axis: mass, place, drag area, and the area that collects ice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from samruk.aircraft.parts import Stores

KINDS = ("cargo-pod", "fuel-tank-empty", "relay-pod", "sensor-pod")
"""All kinds that exist."""
MOST = 8
"""Stores on one aircraft."""
RANGES = {
    "mass_kg": (0.5, 600.0),
    "x_m": (-12.0, 12.0),
    "y_m": (-30.0, 30.0),
    "z_m": (-3.0, 3.0),
    "length_m": (0.05, 8.0),
    "diameter_m": (0.03, 2.0),
    "drag_area_m2": (0.0, 2.0),
}
"""Keys of a store with the least and greatest value: slips of unit and sign are refused."""
WORDS = ("name", "kind", "source")


@dataclass(frozen=True)
class Store:
    """One body outside."""

    name: str
    """Unlike the others' on the aircraft."""
    kind: str
    """One of `KINDS`."""
    source: str
    """Where its numbers come from."""
    mass: float
    """kg."""
    x: float
    """m forward of the reference centre of gravity."""
    y: float
    """m right."""
    z: float
    """m down."""
    length: float
    """m."""
    diameter: float
    """m."""
    drag_area: float
    """m^2, drag over dynamic pressure, interference with the wing included."""


class StoreError(ValueError):
    """What is wrong with a store, as key, message and hint."""

    def __init__(self, key: str, message: str, hint: str) -> None:
        super().__init__(key, message, hint)
        self.key, self.message, self.hint = key, message, hint


def read(tables: Any) -> tuple[Store, ...]:
    """Stores from the `[[store]]` tables of a file.

    Raises:
        StoreError: a kind that does not exist, an unknown or missing key, a number out of range, a name twice.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise StoreError("store", "is no list of tables.", "Write [[store]] above each.")
    return distinct(tuple(_store(table) for table in tables))


def distinct(stores: tuple[Store, ...]) -> tuple[Store, ...]:
    """The same stores, none of whose names stands twice.

    Raises:
        StoreError: one does, or there are too many.
    """
    if len(stores) > MOST:
        raise StoreError("store", f"stands {len(stores)} times.", f"Allowed: {MOST}.")
    names = [store.name for store in stores]
    for name in names:
        if names.count(name) > 1:
            raise StoreError("store.name", f"{name!r} stands twice.", "Give each store a name of its own.")
    return stores


def _store(table: Mapping[str, Any]) -> Store:
    known = (*WORDS, *RANGES)
    for key in table:
        if key not in known:
            raise StoreError(f"store.{key}", "is an unknown key.", f"Known: {', '.join(known)}.")
    name, kind, source = (_word(table, key) for key in WORDS)
    if kind not in KINDS:
        raise StoreError("store.kind", f"{kind!r} does not exist.", f"Allowed: {', '.join(KINDS)}.")
    numbers = {key.rpartition("_")[0]: _number(table, key, name) for key in RANGES}
    return Store(name, kind, source, **numbers)


def _word(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise StoreError(f"store.{key}", "is missing or no text.", f'Write {key} = "..." in each [[store]].')
    return value


def _number(table: Mapping[str, Any], key: str, name: str) -> float:
    value = table.get(key)
    low, high = RANGES[key]
    allowed = f"Allowed: {low:g} to {high:g}."
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise StoreError(f"store.{key}", f"of {name!r} is missing or no finite number.", allowed)
    if not low <= value <= high:
        raise StoreError(f"store.{key}", f"of {name!r} is {value:g}.", f"{allowed} Check the number and its unit.")
    return float(value)


def summed(stores: Iterable[Store], wing_area: float) -> Stores:
    """All stores as the step takes them.

    Moments and products of inertia by the parallel-axis theorem about the reference centre of gravity, products
    positive by the book (J_xy is the integral of x y dm); drag over the wing area, with its first moments; frontal area
    for ice.

    Args:
        stores: what hangs outside.
        wing_area: m^2.
    """
    each = list(stores)
    if not each:
        return Stores()
    own_xx = [0.125 * s.mass * s.diameter**2 for s in each]
    own_yy = [s.mass * (s.diameter**2 / 16.0 + s.length**2 / 12.0) for s in each]
    fronts = [0.25 * math.pi * s.diameter**2 for s in each]

    def first(weights: list[float], axis: str) -> float:
        return math.fsum(w * getattr(s, axis) for w, s in zip(weights, each, strict=True))

    masses, drags = [s.mass for s in each], [s.drag_area / wing_area for s in each]
    return Stores(
        mass=math.fsum(masses),
        moment_x=first(masses, "x"), moment_y=first(masses, "y"), moment_z=first(masses, "z"),
        J_xx=math.fsum(o + s.mass * (s.y**2 + s.z**2) for o, s in zip(own_xx, each, strict=True)),
        J_yy=math.fsum(o + s.mass * (s.x**2 + s.z**2) for o, s in zip(own_yy, each, strict=True)),
        J_zz=math.fsum(o + s.mass * (s.x**2 + s.y**2) for o, s in zip(own_yy, each, strict=True)),
        J_xy=math.fsum(s.mass * s.x * s.y for s in each),
        J_xz=math.fsum(s.mass * s.x * s.z for s in each),
        J_yz=math.fsum(s.mass * s.y * s.z for s in each),
        C_D=math.fsum(drags), C_D_x=first(drags, "x"), C_D_y=first(drags, "y"), C_D_z=first(drags, "z"),
        front=math.fsum(fronts),
        diameter=math.fsum(f * s.diameter for f, s in zip(fronts, each, strict=True)) / math.fsum(fronts),
    )  # fmt: skip
