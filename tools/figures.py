"""Figures for the pages: what `samruk verify` finds, gathered, and the performance that comes out of the physics.

python tools/figures.py
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402
from tests.unit import test_plant_propulsion as shaft  # noqa: E402

from samruk.plant import propulsion  # noqa: E402
from samruk.verify import Check  # noqa: E402

Row = tuple[str, str, str]


def number(value: float) -> str:
    """Two significant digits, plain where that is readable."""
    if value == 0.0 or 1e-3 <= abs(value) < 1000.0:
        return f"{float(f'{value:.2g}'):g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}·10<sup>{int(exponent)}</sup>"


# What `samruk verify` finds -------------------------------------------------------------------------------------------

DIGEST = (
    ("9 falls: position", "motion over the turning Earth: nine falls of 30 s, finest step"),
    ("9 falls: position, own 20 ms tick", "the same at the model's own tick"),
    ("distance up to 500 km", "ways over the Earth, up to 500 km"),
    ("magnetic field at 3 km over the region", "magnetic field, cut after degree 8"),
    ("pressure to 20 km", "pressure of the standard atmosphere to 20 km"),
    ("elevation of the sun", "height of the sun"),
    ("strength of low gusts", "strength of gusts near the ground"),
    ("freezing fraction", "ice: part of the water that freezes"),
    ("collection of a cylinder", "ice: part of the drops that is caught"),
    ("drag of an iced aerofoil, mean error", "ice: drag of an iced section, mean error"),
    ("coefficient k of rain, 4 to 14 GHz", "radio: rain"),
    ("diffraction over a smooth sphere, 18 paths", "radio: over the horizon"),
    ("anka: lift slope", "airframe: lift slope"),
)
"""Checks that the README shows, and how it calls them."""


def digest(checks: Sequence[Check]) -> Iterator[Row]:
    """The rows of the README: a choice of the checks, and a fit that is none of them."""
    rows = {name: (authority, figure) for name, authority, figure, _, _ in gathered(checks)}
    for name, words in DIGEST:
        authority, figure = rows[name]
        yield words, authority, figure
    yield (
        "propeller: thrust for a power, rms of 16 points",
        "the table (JSBSim, 81 in) to which it is fitted",
        _propeller(),
    )


def gathered(checks: Sequence[Check]) -> Iterator[tuple[str, str, str, str, str]]:
    """Name, authority, figure, limit and its reason: falls of NASA's cases by quantity, the others as they are."""
    falls: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        case, _, quantity = check.name.partition(": ")
        key = (quantity, check.authority) if case.startswith("case ") else (check.name, check.authority)
        falls.setdefault(key, []).append(check)
    for (name, authority), found in falls.items():
        worst = max(found, key=lambda check: check.figure / check.limit if check.limit else check.figure)
        cases = len({check.name.partition(",")[0] for check in found})
        called = f"{cases} falls: {name}" if cases > 1 else worst.name
        yield called, authority, shown(worst.figure, worst.unit), shown(worst.limit, worst.unit), worst.reason


def shown(value: float, unit: str) -> str:
    """A figure with its unit; parts of the whole in percent where they are not tiny."""
    if unit == "1":
        return f"{number(100.0 * value)} %" if value >= 1e-3 or value == 0.0 else number(value)
    words = {"m/s2": "m/s²", "ft/s2": "ft/s²", "W/m2": "W/m²", "g/m3": "g/m³", "deg": "°"}
    return f"{number(value)} {words.get(unit, unit)}".replace(" °", "°")


def _propeller() -> str:
    """Thrust at given power against a published table."""
    aircraft, rated = shaft.AIRCRAFT, shaft.RATED
    D, n, rho = aircraft.propeller.diameter, rated / (2.0 * math.pi), 1.225
    miss = []
    for J, settings in shaft.TABLE.items():
        for C_T, C_P in settings:
            power, V = C_P * rho * n**3 * D**5, J * n * D
            disc = power * propulsion.blade_efficiency(power, rated, V, rho, aircraft)
            thrust = float(propulsion.disc_thrust(disc, V, rho, 0.25 * math.pi * D**2))
            miss.append(thrust / (C_T * rho * n**2 * D**4) - 1.0)
    return shown(float(np.sqrt(np.mean(np.square(miss)))), "1")


# Performance ----------------------------------------------------------------------------------------------------------

TOLD = ("endurance", "ceiling", "loiter_speed")


def performance() -> Iterator[Row]:
    """Name, what comes out with its 90 % interval, what has been said in public."""
    from samruk import load
    from samruk import performance as reckoned
    from samruk.performance import sheet as words

    for name in ("anka-a", "anka"):
        found = reckoned.performance(load.aircraft(name), load.published(name))
        for row in found.rows:
            if row.name in TOLD and row.published is not None:
                unit = words.UNITS.get(row.unit, row.unit)
                low, median, high = (words.text(row, v) for v in (row.spread.low, row.spread.median, row.spread.high))
                said = f"{words.text(row, row.published.value)} {unit} ({words.percent(row.miss)})"
                yield f"{row.words}, {found.engine}", f"{median} {unit} ({low} to {high})", said


def main() -> None:
    """Print all rows."""
    from samruk import verify

    found = verify.run().checks
    for row in (*gathered(found), *digest(found), *performance()):
        print(" | ".join(row))


if __name__ == "__main__":
    main()
