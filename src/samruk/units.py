"""Units at the border: inside everything is SI and radians; a suffix on a name in a file tells what to multiply by."""

from __future__ import annotations

import math

DEGREE = math.pi / 180.0
FOOT = 0.3048
NAUTICAL_MILE = 1852.0
KNOT = NAUTICAL_MILE / 3600.0
HOUR = 3600.0
MINUTE = 60.0
HORSEPOWER = 745.6998715822702
ZERO_CELSIUS = 273.15

SUFFIXES: dict[str, tuple[float, float]] = {
    "m": (1.0, 0.0),
    "m2": (1.0, 0.0),
    "m3": (1.0, 0.0),
    "m_s": (1.0, 0.0),
    "m_s2": (1.0, 0.0),
    "km": (1000.0, 0.0),
    "mm": (1e-3, 0.0),
    "um": (1e-6, 0.0),
    "ft": (FOOT, 0.0),
    "nmi": (NAUTICAL_MILE, 0.0),
    "kt": (KNOT, 0.0),
    "km_h": (1.0 / 3.6, 0.0),
    "mm_h": (1e-3 / HOUR, 0.0),
    "kg": (1.0, 0.0),
    "kg_m2": (1.0, 0.0),
    "kg_m3": (1.0, 0.0),
    "kg_h": (1.0 / HOUR, 0.0),
    "g_m3": (1e-3, 0.0),
    "g_kwh": (1.0 / 3.6e9, 0.0),
    "n": (1.0, 0.0),
    "n_m": (1.0, 0.0),
    "n_s_m": (1.0, 0.0),
    "pa": (1.0, 0.0),
    "hpa": (100.0, 0.0),
    "kpa": (1000.0, 0.0),
    "w": (1.0, 0.0),
    "kw": (1000.0, 0.0),
    "w_k": (1.0, 0.0),
    "w_m2": (1.0, 0.0),
    "j": (1.0, 0.0),
    "j_k": (1.0, 0.0),
    "j_kg": (1.0, 0.0),
    "j_kg_k": (1.0, 0.0),
    "kwh": (3.6e6, 0.0),
    "hp": (HORSEPOWER, 0.0),
    "k": (1.0, 0.0),
    "c": (1.0, ZERO_CELSIUS),
    "k_m": (1.0, 0.0),
    "s": (1.0, 0.0),
    "ms": (1e-3, 0.0),
    "min": (MINUTE, 0.0),
    "h": (HOUR, 0.0),
    "hz": (1.0, 0.0),
    "ghz": (1e9, 0.0),
    "rpm": (2.0 * math.pi / 60.0, 0.0),
    "rad": (1.0, 0.0),
    "rad_s": (1.0, 0.0),
    "deg": (DEGREE, 0.0),
    "deg_s": (DEGREE, 0.0),
    "per_rad": (1.0, 0.0),
    "per_rad2": (1.0, 0.0),
    "per_deg": (1.0 / DEGREE, 0.0),
    "per_s": (1.0, 0.0),
    "m_s2_per_sqrt_hz": (1.0, 0.0),
    "rad_s_per_sqrt_hz": (1.0, 0.0),
    "db": (1.0, 0.0),
    "dbm": (1.0, 0.0),
    "pct": (0.01, 0.0),
    "1": (1.0, 0.0),
}
"""Suffix of a key in a file -> (factor, offset): inside = factor * value + offset. Suffix `1` marks a plain number."""


def split(key: str) -> tuple[str, str]:
    """A file's key as (name, suffix), the longest known suffix winning: `span_m` -> (`span`, `m`).

    Raises:
        KeyError: the key ends in no known unit.
    """
    parts = key.split("_")
    for count in range(1, len(parts)):
        suffix = "_".join(parts[count:])
        if suffix in SUFFIXES:
            return "_".join(parts[:count]), suffix
    raise KeyError(key)


def to_inside(value: float, suffix: str) -> float:
    """A file's value in the unit of its suffix as SI and radians."""
    factor, offset = SUFFIXES[suffix]
    return factor * value + offset


def to_outside(value: float, suffix: str) -> float:
    """An inside value in the unit of the suffix."""
    factor, offset = SUFFIXES[suffix]
    return (value - offset) / factor


ALIKE: dict[str, tuple[str, ...]] = {
    "m": ("m", "km", "mm", "um", "ft", "nmi"),
    "m_s": ("m_s", "kt", "km_h"),
    "kg_m3": ("kg_m3", "g_m3"),
    "pa": ("pa", "hpa", "kpa"),
    "w": ("w", "kw", "hp"),
    "j": ("j", "kwh"),
    "k": ("k", "c"),
    "s": ("s", "ms", "min", "h"),
    "hz": ("hz", "ghz"),
    "rad": ("rad", "deg"),
    "rad_s": ("rad_s", "deg_s", "rpm"),
    "per_rad": ("per_rad", "per_deg"),
    "1": ("1", "pct"),
}
"""Suffix of the unit used inside -> suffixes that a file may use instead; a suffix not named stands alone."""


def suffixes_of(inside: str) -> tuple[str, ...]:
    """Suffixes in which a file may give a quantity whose unit inside has the suffix `inside`."""
    return ALIKE.get(inside, (inside,))
