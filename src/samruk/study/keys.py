"""What a spread file may name: keys of the mission file and of the aircraft, with their units, and where they go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from samruk import units
from samruk.aircraft import key_of
from samruk.aircraft import leaves as aircraft_leaves
from samruk.mission import (
    Cloud,
    Conditions,
    Crew,
    DiscreteGust,
    Failure,
    Failures,
    GapWindow,
    Links,
    Loading,
    Microburst,
    Rain,
    Rules,
    Soak,
    Wave,
)
from samruk.mission_file.allowed import SECTIONS, Allowed

GROUPS = {"loading": Loading, "conditions": Conditions, "links": Links, "crew": Crew, "rules": Rules, "soak": Soak}
APART = {"ground_elevation", "base", "top", "melting"}
"""Not varied alone: the ground belongs to the aerodrome, and a cloud's foot and head move together (`higher`)."""
PLACES = "abc"
"""Clouds and gaps of a task, in the order of the file."""
DAY = 86400.0
LATER = Allowed("s", -DAY, DAY)
HIGHER = Allowed("m", -5000.0, 5000.0, difference=True)


@dataclass(frozen=True)
class Target:
    """Where a key's value goes."""

    unit: str
    """Suffix of the unit that the key carries."""
    inside: str
    """Suffix of the unit used inside."""
    low: float
    """Least value, inside."""
    high: float
    """Greatest value, inside."""
    leaves: tuple[str, ...]
    """Dotted leaves of the task, or of the aircraft after `aircraft.`."""
    adds: bool = False
    """True where the value is added to the leaves (a shift), not put in their place."""
    flag: bool = False
    """True for 0 or 1."""

    def to_inside(self, value: float) -> float:
        """A value in the key's unit in SI, within what is allowed."""
        inside = value if self.flag else units.to_inside(value, self.unit)
        return min(max(inside, self.low), self.high)

    def to_outside(self, inside: float) -> float:
        """An inside value in the key's unit."""
        return inside if self.flag else units.to_outside(inside, self.unit)


@cache
def known() -> dict[str, Target]:
    """Every key that may vary."""
    return dict(_mission()) | dict(_moves()) | dict(_aircraft())


def _mission() -> Iterator[tuple[str, Target]]:
    """Keys of the mission file that are numbers or flags of the task."""
    for group, kind in GROUPS.items():
        for name, allowed in _varying(kind):
            yield from _keys(f"{group}.{name}", allowed, (f"{group}.{name}",))
    yield from _keys("start_delay", Allowed("s", 0.0, 2.0 * DAY), ("clock.start_delay",))
    for k, letter in enumerate(PLACES, 1):
        for name, allowed in _varying(Cloud):
            yield from _keys(f"weather.cloud.{k}.{name}", allowed, (f"conditions.cloud_{letter}.{name}",))
        for name, allowed in _varying(DiscreteGust):
            yield from _keys(f"weather.gust.{k}.{name}", allowed, (f"conditions.gust_{letter}.{name}",))
        yield from _keys(f"links.gap.{k}.duration", SECTIONS[GapWindow]["duration"], (f"links.gap_{letter}.duration",))
    for k, letter in enumerate(PLACES[:2], 1):
        for name, allowed in _varying(Rain):
            yield from _keys(f"weather.rain.{k}.{name}", allowed, (f"conditions.rain_{letter}.{name}",))
    for each in fields(Failures):
        yield from _keys(f"failure.{each.name}.part", SECTIONS[Failure]["part"], (f"failures.{each.name}.part",))
    for word, part in (("microburst", Microburst), ("wave", Wave)):
        for name, allowed in _varying(part):
            yield from _keys(f"weather.{word}.{name}", allowed, (f"conditions.{word}.{name}",))


def _varying(kind: type) -> list[tuple[str, Allowed]]:
    """Quantities of a section that may vary alone."""
    return [(name, allowed) for name, allowed in SECTIONS[kind].items() if name not in APART]


def _moves() -> Iterator[tuple[str, Target]]:
    """Shifts of clouds and gaps: of one, or of all by the same."""
    for name, letters in (("all", PLACES), *((str(k), letter) for k, letter in enumerate(PLACES, 1))):
        ends = tuple(f"conditions.cloud_{x}.{end}" for x in letters for end in ("start", "end"))
        edges = tuple(f"conditions.cloud_{x}.{end}" for x in letters for end in ("base", "top"))
        gaps = tuple(f"links.gap_{x}.start" for x in letters)
        for word, allowed, leaves in (
            (f"weather.cloud.{name}.later", LATER, ends), (f"weather.cloud.{name}.higher", HIGHER, edges),
            (f"links.gap.{name}.later", LATER, gaps),
        ):  # fmt: skip
            yield from _keys(word, allowed, leaves, adds=True)


def _aircraft() -> Iterator[tuple[str, Target]]:
    """Numbers of the aircraft."""
    for path, allowed in aircraft_leaves().items():
        for unit in units.suffixes_of(allowed.unit):
            key = f"aircraft.{key_of(path, unit)}"
            yield key, Target(unit, allowed.unit, allowed.low, allowed.high, (f"aircraft.{path}",))


def _keys(name: str, allowed: Allowed, leaves: tuple[str, ...], adds: bool = False) -> Iterator[tuple[str, Target]]:
    """A quantity under each of the units that a file may use."""
    if allowed.unit == "flag":
        yield name, Target("1", "1", 0.0, 1.0, leaves, flag=True)
        return
    tail = f"_{allowed.above}" if allowed.above else ""
    linear = allowed.unit == "k" and allowed.difference
    for unit in (allowed.unit,) if linear else units.suffixes_of(allowed.unit):
        key = name if unit == "1" or name.endswith(f"_{unit}") else f"{name}_{unit}{tail}"
        yield key, Target(unit, allowed.unit, allowed.low, allowed.high, leaves, adds)
