"""Published figures of an aircraft, from the text of their file; pure."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from typing import Any

from samruk import units
from samruk.errors import InputError

FIGURES = {
    "endurance": ("h", "Endurance, take-off to landing"),
    "ceiling": ("ft", "Service ceiling, climb begun at greatest mass"),
    "climb_rate": ("m_s", "Climb at sea level"),
    "take_off_run": ("m", "Take-off run"),
    "loiter_speed": ("kt", "Loiter speed, equivalent"),
    "top_speed": ("kt", "Top speed, true"),
    "range": ("km", "Range in still air"),
}
"""Name -> unit of print and words."""


@dataclass(frozen=True)
class Figure:
    """One published figure."""

    name: str
    """One of `FIGURES`."""
    value: float
    """SI."""
    source: str
    engine: str
    """Of the aircraft it was said of; empty for any."""
    at_least: bool = False
    """Whether it was said to be reached, and perhaps passed."""


@dataclass(frozen=True)
class Published:
    """What is published of an aircraft, and where its reference flight loiters."""

    loiter_height: float = 20000.0 * units.FOOT
    """m."""
    figures: tuple[Figure, ...] = ()

    def of(self, name: str, engine: str) -> Figure | None:
        """The figure that was said of an aircraft with this engine."""
        return next((f for f in self.figures if f.name == name and f.engine in ("", engine)), None)


def read(text: str, place: str) -> Published:
    """Published figures from their file.

    Raises:
        InputError: no TOML, an unknown figure, or a number or source missing.
    """
    try:
        document = tomllib.loads(text)
    except ValueError as error:
        raise InputError(f"not TOML: {error}.", place, "Correct the line.") from None
    _refuse_unknown(document, ("loiter_height_ft", "loiter_source", "figure"), place)
    height = _number(document.get("loiter_height_ft"), "loiter_height_ft", place)
    return Published(height * units.FOOT, tuple(_figure(entry, place) for entry in document.get("figure", [])))


def _figure(entry: dict[str, Any], place: str) -> Figure:
    name, source = entry.get("name"), entry.get("source")
    if name not in FIGURES:
        raise InputError(f"figure {name!r} is unknown.", place, f"Known: {', '.join(FIGURES)}.")
    key = f"value_{FIGURES[name][0]}"
    _refuse_unknown(entry, ("name", "source", "engine", "at_least", key), place)
    if not isinstance(source, str) or not source.strip():
        raise InputError(f"figure {name} names no source.", place, 'Write source = "...".')
    value = units.to_inside(_number(entry.get(key), f"{name}.{key}", place), FIGURES[name][0])
    return Figure(name, value, source, str(entry.get("engine", "")), entry.get("at_least", False) is True)


def _number(value: Any, key: str, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{key} is no finite number.", place, "Write one.")
    return float(value)


def _refuse_unknown(given: dict[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in given:
        if key not in known:
            raise InputError(f"{key} is an unknown key.", place, f"Known: {', '.join(known)}.")
