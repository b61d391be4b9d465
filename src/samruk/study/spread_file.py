"""From the text of a spread file to what varies: see docs/study.md for its keys."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from samruk.errors import InputError
from samruk.mission_file.reader import Document, Section, nearest, number, one_line
from samruk.study.keys import known
from samruk.study.laws import KINDS, Law

MOST = 500
"""Numbers that a file may vary."""
LARGEST = 1_000_000
"""Bytes of the largest file that is read."""
ANY = 1e300


@dataclass(frozen=True)
class Varied:
    """One entry of a spread file."""

    key: str
    """As in the mission file, with its unit; or `aircraft.group.name_unit`; or a shift of clouds or gaps."""
    law: Law
    """In the unit of the key."""
    source: str
    """Where the spread comes from."""


@dataclass(frozen=True)
class Spread:
    """What varies from flight to flight."""

    title: str
    """For people."""
    declared: bool
    """Whether every number of the aircraft varies by the spread that its definition declares."""
    seeds: bool
    """Whether each flight has chance of its own; otherwise all have the mission's seed."""
    varied: tuple[Varied, ...]
    """In the order of the file."""
    text: str
    """The file as it was read."""
    default: bool = False
    """Whether it is the one that comes with samruk."""


def read(path: str | None) -> Spread:
    """The spread file at a path, or the one that comes with samruk.

    Raises:
        InputError: it cannot be read or is wrong; one line says where and why.
    """
    if path is None:
        text = resources.files("samruk.study").joinpath("default.toml").read_text(encoding="utf-8")
        return parse(text, "samruk:study/default.toml", default=True)
    place = one_line(path)
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
        raise InputError(f"cannot be read: {told}.", place, "Check the path, or leave --spread out.") from None
    if len(data) > LARGEST:
        raise InputError(f"is larger than {LARGEST} bytes.", place, "Give a spread file.")
    try:
        return parse(data.decode("utf-8-sig"), place)
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text.", place, "Save it as UTF-8.") from None


def parse(text: str, place: str, default: bool = False) -> Spread:
    """What a spread file says.

    Raises:
        InputError: a key, a distribution or a number in it is wrong.
    """
    top = Document.parse(text, place).top()
    title = top.text("title", "", longest=120)
    declared = top.choice("aircraft", ("declared", "as given"), "as given") == "declared"
    seeds = top.choice("seeds", ("drawn", "mission"), "drawn") == "drawn"
    varied: list[Varied] = []
    for item in top.sections("vary", MOST):
        entry = _varied(item)
        if any(_leaves(entry) & _leaves(other) and _adds(entry) == _adds(other) for other in varied):
            item.fail("key", f"varies {entry.key} a second time.", "Keep one of the two.")
        varied.append(entry)
    top.finish()
    return Spread(title, declared, seeds, tuple(varied), text, default)


def _leaves(entry: Varied) -> set[str]:
    return set(known()[entry.key].leaves)


def _adds(entry: Varied) -> bool:
    return known()[entry.key].adds


def _varied(item: Section) -> Varied:
    """One `[[vary]]`."""
    key = item.text("key")
    if key not in known():
        item.fail("key", f"is {key!r}, no number that may vary.", nearest(key, list(known())))
    source = item.text("source")
    kind = item.choice("distribution", KINDS)
    law = _LAWS[kind](item)
    item.finish()
    _within(item, key, law)
    return Varied(key, law, source)


def _plain(item: Section, name: str, default: Any = None, low: float = -ANY) -> Any:
    """A number in the unit of the key."""
    return item.quantity(name, "1", low, ANY, default)


def _ends(item: Section) -> tuple[float, float]:
    """Where a law is cut."""
    low, high = _plain(item, "low", -math.inf), _plain(item, "high", math.inf)
    if not low < high:
        item.fail("low", f"is {low:g}, high is {high:g}.", "Put low below high.")
    return low, high


def _needed(item: Section, name: str) -> float:
    value = _plain(item, name)
    if value is None:
        item.fail(name, "is missing.", "Give a number in the unit of the key.")
    return float(value)


def _centred(kind: str, centre: str, width: str) -> Callable[[Section], Law]:
    """Reader of a law with a centre and a width."""

    def law(item: Section) -> Law:
        middle, (low, high) = _plain(item, centre), _ends(item)
        spread = item.quantity(width, "1", 0.0, 10.0 if width == "spread" else ANY)
        if middle is not None and not low <= middle <= high:
            item.fail(centre, f"is {middle:g}, outside {low:g} to {high:g}.", "Put it between low and high.")
        return Law(kind, middle, spread, low, high)

    return law


def _uniform(item: Section) -> Law:
    low, high = _needed(item, "low"), _needed(item, "high")
    if not low < high:
        item.fail("low", f"is {low:g}, high is {high:g}.", "Put low below high.")
    return Law("uniform", low=low, high=high)


def _triangular(item: Section) -> Law:
    law, mode = _uniform(item), _plain(item, "mode")
    if mode is not None and not law.low <= mode <= law.high:
        item.fail("mode", f"is {mode:g}, outside {law.low:g} to {law.high:g}.", "Put it between low and high.")
    return Law("triangular", mode, low=law.low, high=law.high)


def _choice(item: Section) -> Law:
    values, weights = _numbers(item, "values"), _numbers(item, "weights")
    if not values:
        item.fail("values", "is missing or no list of numbers.", "Write values = [0, 1].")
    if weights and (len(weights) != len(values) or min(weights) < 0.0 or sum(weights) <= 0.0):
        item.fail("weights", "do not fit the values.", "Give one number of 0 or more for each value, not all 0.")
    return Law("choice", values=values, weights=weights)


def _numbers(item: Section, name: str) -> tuple[float, ...]:
    """A list of numbers (true and false count as 1 and 0); empty where there is none or something else."""
    item.known.append(name)
    item.used.add(name)
    given = item.table.get(name, [])
    plain = [float(v) if isinstance(v, bool) else number(v) for v in given] if isinstance(given, list) else []
    return tuple(v for v in plain if v is not None) if None not in plain else ()


def _fixed(item: Section) -> Law:
    return Law("fixed", _plain(item, "value"))


_LAWS: dict[str, Callable[[Section], Law]] = {
    "normal": _centred("normal", "mean", "deviation"),
    "lognormal": _centred("lognormal", "median", "spread"),
    "uniform": _uniform,
    "triangular": _triangular,
    "choice": _choice,
    "fixed": _fixed,
}


def _within(item: Section, key: str, law: Law) -> None:
    """Refuse a law whose given numbers are not allowed for its key, rather than draw at the limit unseen."""
    target = known()[key]
    low, high = sorted((target.to_outside(target.low), target.to_outside(target.high)))
    slack = 1e-9 * max(abs(low), abs(high), 1.0)
    given = {"low": law.low, "high": law.high, "centre": law.centre, **{f"value {v:g}": v for v in law.values}}
    for name, value in given.items():
        if value is not None and math.isfinite(value) and not low - slack <= value <= high + slack:
            told = f"has {name} {value:g}; {key} may be {low:.6g} to {high:.6g}."
            item.fail("key", told, "Correct it.")
    if target.flag and law.kind not in ("choice", "fixed"):
        item.fail("distribution", f"is {law.kind} for {key}, which is true or false.", "Use choice.")
