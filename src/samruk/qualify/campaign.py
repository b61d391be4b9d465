"""From the text of a campaign's file to its runs: environment, missions, limits and where each comes from.

The keys are listed in docs/qualify.md. A run's mission is the campaign's own mission with the tables of the run and of
the case laid over it, so each case is a whole mission file of its own.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from samruk.mission_file.reader import Document, Section, nearest
from samruk.qualify import points
from samruk.qualify.quantities import QUANTITIES

MOST_RUNS, MOST_CASES, MOST_RULES = 60, 60, 12
EXPECTED = ("flown", "refused", "shown")
"""What becomes of a case: judged by the rules; must be refused; or flown beside for comparison and not judged."""
ANY = 1e9


@dataclass(frozen=True)
class Rule:
    """A limit on a quantity."""

    quantity: str
    """One of `QUANTITIES`."""
    limit: float
    """In the quantity's unit; added to `limit_of` where that is given."""
    limit_of: str
    """Dotted name of a number of the aircraft; empty for none."""
    most: bool
    """True where the quantity must not pass the limit upwards, false where it must not fall below."""
    reference: float
    """What counts as no load at all, in the quantity's unit: the margin is a part of the way from it to the limit."""
    source: str
    """Where the limit comes from."""


@dataclass(frozen=True)
class Case:
    """One point of a run."""

    name: str
    mission: dict[str, Any]
    """Tables laid over those of the run and the campaign."""
    altitude: float
    """m above mean sea level, of the station."""
    hours: float
    """On station."""
    distance: float
    """m from the threshold to the station."""
    fuel: float
    """Part of the tanks, or of what the greatest mass leaves."""
    payload: float
    """Part of the payload that can be carried."""
    expected: str = "flown"
    """One of `EXPECTED`."""
    axis: float | None = None
    """Where a case stands in a sweep."""
    of_aircraft: dict[str, float] = field(default_factory=dict)
    """Keys of the route and the gusts that depend on the aircraft; see `missions`."""


@dataclass(frozen=True)
class Run:
    """One scripted run."""

    key: str
    name: str
    environment: str
    """In words."""
    asks: str
    """What it must show, in words."""
    stands_on: str
    """`verified against: ...` or `model only: ...`."""
    not_built: str
    """What is lacking for it to be flown; empty for none."""
    mission: dict[str, Any]
    """Tables laid over the campaign's."""
    frame_every: int
    """s between frames."""
    seeds: int
    """Most seeds that are flown of each case."""
    warm: float
    """K of air temperature that the seeds spread to either side."""
    scale: dict[str, float]
    """Factors on numbers of the aircraft, by dotted name."""
    rules: tuple[Rule, ...]
    figures: tuple[str, ...]
    """Quantities that are told and not judged."""
    cases: tuple[Case, ...]
    sweep: bool = False
    """Whether its cases stand along an axis."""

    @property
    def soaked(self) -> bool:
        """Whether the aircraft stands for long before its flight, so that the day at the start says little."""
        return "soak" in self.mission


@dataclass(frozen=True)
class Campaign:
    """All runs."""

    title: str
    mission: dict[str, Any]
    """The tables that all missions share."""
    runs: tuple[Run, ...]


def read(text: str, place: str) -> Campaign:
    """The campaign of a file's text.

    Raises:
        InputError: a key, a quantity or a number in it is wrong; one line says where.
    """
    top = Document.parse(text, place).top()
    title = top.text("title")
    mission = top.section("mission", required=True).table
    runs: list[Run] = []
    for item in top.sections("run", MOST_RUNS):
        run = _run(item)
        if run.key in {other.key for other in runs}:
            item.fail("key", f"is {run.key!r} for a second run.", "Give each run a key of its own.")
        runs.append(run)
    if not runs:
        top.fail("run", "is not there.", "Write [[run]].")
    top.finish()
    return Campaign(title, mission, tuple(runs))


def _run(item: Section) -> Run:
    key, name = item.text("key", longest=8), item.text("name")
    environment, asks, stands_on = item.text("environment"), item.text("asks"), item.text("stands_on")
    if not stands_on.startswith(("verified against: ", "model only: ")):
        item.fail("stands_on", "does not say what the run stands on.", "Begin it with `verified against: ` or "
                  "`model only: `.")  # fmt: skip
    not_built = item.text("not_built", "")
    mission, defaults = item.section("mission").table, _flight(item, None)
    frame_every, seeds = item.whole("frame_every_s", 1, 600, 10), item.whole("seeds", 1, 1000, 1000)
    warm = item.quantity("temperature_spread", "k", 0.0, 30.0, 3.0, difference=True)
    scale = {name: float(value) for name, value in item.table_of("scale").items()}
    rules = tuple(_rule(each) for each in item.sections("rule", MOST_RULES))
    figures = tuple(_known(item, "figures", name) for name in _words(item, "figures"))
    cases = [_case(each, defaults) for each in item.sections("case", MOST_CASES)]
    kind = item.section("points")
    made = points.made(kind) if kind.table else []
    cases += [_laid(each, defaults) for each in made]
    item.finish()
    if not not_built and (not cases or not rules):
        item.fail("", "has no case or no rule.", "Write [[run.case]] and [[run.rule]], or say what is not_built.")
    sweep = any(case.axis is not None for case in cases)
    return Run(
        key, name, environment, asks, stands_on, not_built, mission, frame_every, seeds, warm, scale, rules, figures,
        tuple(cases), sweep,
    )  # fmt: skip


def _words(item: Section, name: str) -> list[str]:
    """A list of words."""
    item.used.add(name)
    item.known.append(name)
    value = item.table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        item.fail(name, "is not a list of words.", f'Write {name} = ["completed"].')
    return value


def _known(item: Section, key: str, name: str) -> str:
    if name not in QUANTITIES:
        item.fail(key, f"names {name!r}, which is no quantity.", nearest(name, list(QUANTITIES)))
    return name


def _rule(item: Section) -> Rule:
    quantity = _known(item, "quantity", item.text("quantity"))
    most, least = item.quantity("most", "1", -ANY, ANY, None), item.quantity("least", "1", -ANY, ANY, None)
    limit_of, sense = item.text("limit_of", ""), item.choice("sense", ("most", "least"), "most")
    if (most is not None) + (least is not None) + bool(limit_of) != 1:
        item.fail("", "does not give one limit.", "Write one of most, least, limit_of.")
    plus = item.quantity("plus", "1", -ANY, ANY, 0.0)
    if limit_of:
        upwards, limit = sense == "most", plus
    else:
        upwards, limit = most is not None, float(most if most is not None else least)
    reference = item.quantity("reference", "1", -ANY, ANY, 0.0)
    source = item.text("source")
    item.finish()
    if not limit_of and limit == reference:
        item.fail("", f"has its limit at the reference, {limit:g}; a margin is a part of the way between.",
                  "Give another reference.")  # fmt: skip
    return Rule(quantity, limit, limit_of, upwards, reference, source)


def _flight(item: Section, base: Case | None) -> Case:
    """What a run or a case says of station and loading; what it leaves out is the run's."""
    b = base or Case("", {}, 3000.0, 0.5, 30000.0, 0.6, 0.5)
    return Case(
        name="",
        mission={},
        altitude=item.quantity("altitude", "m", -400.0, 20000.0, b.altitude, above="msl"),
        hours=item.quantity("station_time", "s", 0.0, 172800.0, 3600.0 * b.hours) / 3600.0,
        distance=item.quantity("distance", "m", 5000.0, 500000.0, b.distance),
        fuel=item.quantity("fuel_part", "1", 0.0, 1.0, b.fuel),
        payload=item.quantity("payload_part", "1", 0.0, 1.0, b.payload),
    )


def _case(item: Section, defaults: Case) -> Case:
    name = item.text("name", longest=60)
    own = _flight(item, defaults)
    mission, expected = item.section("mission").table, item.choice("expected", EXPECTED, "flown")
    item.finish()
    return Case(name, mission, own.altitude, own.hours, own.distance, own.fuel, own.payload, expected)


def _laid(point: points.Point, d: Case) -> Case:
    """A generated case over the run's defaults."""
    altitude = d.altitude if point.altitude is None else point.altitude
    return Case(point.name, point.mission, altitude, d.hours, d.distance, d.fuel, d.payload, point.expected, point.axis,
                point.of_aircraft)  # fmt: skip


def over(base: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    """Tables laid over tables: values and lists replace, tables merge."""
    result = copy.deepcopy(base)
    for table in more:
        for key, value in table.items():
            both = isinstance(value, dict) and isinstance(result.get(key), dict)
            result[key] = over(result[key], value) if both else copy.deepcopy(value)
    return result
