"""Radiosonde ascents in the text form of the University of Wyoming's archive.

Columns of seven characters: PRES hPa, HGHT m, TEMP C, DWPT C, RELH %, MIXR g/kg, DRCT deg, SKNT knot, and potential
temperatures that are not read. A blank is a value that was not measured. Pure: text in, levels out.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk import earth, units
from samruk.errors import MissionError

Column = NDArray[np.float64]

WIDTH = 7
COLUMNS = ("PRES", "HGHT", "TEMP", "DWPT", "RELH", "MIXR", "DRCT", "SKNT")
LIMITS: dict[str, tuple[float, float, str]] = {
    "PRES": (1.0, 1100.0, "hPa"),
    "HGHT": (-500.0, 50000.0, "m"),
    "TEMP": (-110.0, 60.0, "C"),
    "DWPT": (-150.0, 60.0, "C"),
    "RELH": (0.0, 120.0, "%"),
    "DRCT": (0.0, 360.0, "deg"),
    "SKNT": (0.0, 300.0, "knot"),
}
"""Smallest and greatest value that is read, and its unit."""


@dataclass(frozen=True)
class Ascent:
    """Levels of one ascent by rising height; each array has one value per level."""

    height: Column
    """m above mean sea level, geometric."""
    temperature: Column
    """K."""
    pressure: Column
    """Pa."""
    wind_north: Column
    """m/s, velocity of the air towards north."""
    wind_east: Column
    """m/s, velocity of the air towards east."""
    humidity: Column
    """0..1, relative to water."""


def parse(text: str, place: str) -> Ascent:
    """The levels of an ascent.

    A level counts when it has pressure, height and temperature; wind and humidity that it lacks are filled in linearly
    by height from levels that have them (calm and 0.5 where none has). Lines before the column heads and after the
    rows are not read. Heights of the archive are geopotential and become geometric.

    Args:
        text: the text form.
        place: what to call the file in messages.

    Raises:
        MissionError: no table, a value that is no number or that no air has, or levels that do not rise.
    """
    rows = [row for row in _rows(text, place) if all(name in row for name in ("PRES", "HGHT", "TEMP"))]
    if len(rows) < 2:
        raise MissionError(f"holds {len(rows)} levels with pressure, height and temperature; two or more are needed.",
                           place, "Give a whole ascent in the text form with PRES HGHT TEMP heads.")  # fmt: skip
    _check_order(rows, place)
    geopotential = _column(rows, "HGHT")
    north, east = _winds(rows, geopotential)
    return Ascent(
        height=earth.GEOPOTENTIAL_RADIUS * geopotential / (earth.GEOPOTENTIAL_RADIUS - geopotential),
        temperature=_column(rows, "TEMP") + units.ZERO_CELSIUS,
        pressure=100.0 * _column(rows, "PRES"),
        wind_north=north,
        wind_east=east,
        humidity=np.minimum(_filled(rows, geopotential, _humidity, 0.5), 1.2),
    )


def _column(rows: list[dict[str, float]], name: str) -> Column:
    return np.array([row[name] for row in rows])


def _rows(text: str, place: str) -> list[dict[str, float]]:
    """Rows of the table, each with the values that it has and `line`."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines) if line.split()[:3] == ["PRES", "HGHT", "TEMP"]]
    if not heads:
        raise MissionError("has no line of column heads PRES HGHT TEMP.", place,
                           "Save the ascent as `Text: List` from the archive.")  # fmt: skip
    if tuple(lines[heads[0]].split()[: len(COLUMNS)]) != COLUMNS:
        raise MissionError("has other columns than the archive's text form.", f"{place}:{heads[0] + 1}",
                           f"Allowed: {' '.join(COLUMNS)}.")  # fmt: skip
    rows: list[dict[str, float]] = []
    for number in range(heads[0] + 1, len(lines)):
        line = lines[number].expandtabs()
        if re.match(r"\s*-{5,}\s*$", line) or (not rows and line.split()[:1] == ["hPa"]):
            continue
        if not re.match(r"\s*[-+\d.]+(\s|$)", line):
            break
        rows.append(_row(line, f"{place}:{number + 1}") | {"line": number + 1})
    return rows


def _row(line: str, place: str) -> dict[str, float]:
    """Values of one row."""
    row: dict[str, float] = {}
    for position, name in enumerate(COLUMNS):
        word = line[WIDTH * position : WIDTH * (position + 1)].strip()
        if word and name in LIMITS:
            row[name] = _value(word, name, place)
    return row


def _value(word: str, name: str, place: str) -> float:
    low, high, unit = LIMITS[name]
    plain = re.fullmatch(r"[-+]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})", word, re.ASCII)
    value = float(word) if plain else math.nan
    if not low <= value <= high:
        told = f"{name} is {word!r}." if math.isnan(value) else f"{name} is {value:g} {unit}."
        hint = f"Allowed: {low:g} to {high:g} {unit}, in columns of {WIDTH} characters."
        raise MissionError("".join(c if c.isprintable() else "?" for c in told), place, hint)
    return value


def _check_order(rows: list[dict[str, float]], place: str) -> None:
    """Refuse levels that do not rise."""
    for below, above in itertools.pairwise(rows):
        if not (above["HGHT"] > below["HGHT"] and above["PRES"] < below["PRES"]):
            told = f"level {above['PRES']:g} hPa at {above['HGHT']:g} m is not above {below['PRES']:g} hPa at "
            raise MissionError(f"{told}{below['HGHT']:g} m.", f"{place}:{above['line']:.0f}",
                               "Sort the levels from the ground upwards.")  # fmt: skip


def _filled(rows: list[dict[str, float]], height: Column, read: Any, otherwise: float) -> Column:
    """A value at each level; gaps are filled in linearly, held beyond the ends."""
    values = [read(row) for row in rows]
    known = np.array([value is not None for value in values])
    if not known.any():
        return np.full(len(rows), otherwise)
    told = np.array([value for value in values if value is not None])
    return np.asarray(np.interp(height, height[known], told))


def _humidity(row: dict[str, float]) -> float | None:
    """Relative to water, 0..1, from RELH or the dew point (Magnus, Bolton's 1980 coefficients)."""
    if "RELH" in row:
        return row["RELH"] / 100.0
    if "DWPT" not in row:
        return None

    def exponent(celsius: float) -> float:
        return 17.67 * celsius / (celsius + 243.5)

    return math.exp(exponent(row["DWPT"]) - exponent(row["TEMP"]))


def _winds(rows: list[dict[str, float]], height: Column) -> tuple[Column, Column]:
    """Velocity of the air north and east, m/s."""

    def part(turn: Any) -> Any:
        def read(row: dict[str, float]) -> float | None:
            if "DRCT" not in row or "SKNT" not in row:
                return None
            return -units.KNOT * row["SKNT"] * float(turn(math.radians(row["DRCT"])))

        return read

    return _filled(rows, height, part(math.cos), 0.0), _filled(rows, height, part(math.sin), 0.0)
