"""A study as kept in its folder, and what it says; nothing here flies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from samruk.messages import Reason
from samruk.study import store
from samruk.study.laws import NORMAL
from samruk.study.sampling import uniform
from samruk.study.statistics import Array, Drive, Percentile, Share, drive, percentile, share, shares
from samruk.study.store import Table
from samruk.verdict import chain
from samruk.verdict.chain import FIRST
from samruk.verdict.outcome import DAMAGE

OUTCOMES = ("completed", "diverted", "refused", "lost", "none")
"""In the order in which they are told; none: the model failed or the flight did not end."""


class Measure(NamedTuple):
    """A result that many flights spread over."""

    column: str
    text: str
    unit: str
    """As printed."""
    scale: float
    offset: float
    digits: int
    limit: float | None = None
    """Beyond which it is out of bounds, as printed."""
    more_is_worse: bool = False


MEASURES = (
    Measure("fuel_over_reserve_kg", "fuel left over the reserve", "kg", 1.0, 0.0, 0, 0.0),
    Measure("duration_s", "time from take-off to standstill", "h", 1.0 / 3600.0, 0.0, 1),
    Measure("station_s", "time on station", "h", 1.0 / 3600.0, 0.0, 1),
    Measure("most.stall_margin", "least speed above stall", "%", 100.0, 0.0, 0, 10.0),
    Measure("most.ice_kg", "most ice carried", "kg", 1.0, 0.0, 1, None, True),
    Measure("most.link_margin_db", "least link margin", "dB", 1.0, 0.0, 1, 0.0),
    Measure("most.longest_gap_s", "longest time without link", "s", 1.0, 0.0, 0, None, True),
    Measure("most.fuel_temperature_k", "coldest fuel", "°C", 1.0, -273.15, 0),
    Measure("most.engine_temperature_k", "hottest coolant", "°C", 1.0, -273.15, 0, None, True),
    Measure("most.bay_low_k", "coldest avionics bay", "°C", 1.0, -273.15, 0),
    Measure("most.generator_load", "most load on the generator", "%", 100.0, 0.0, 0, 100.0, True),
    Measure("most.touch_down_sink_m_s", "hardest touch-down", "m/s", 1.0, 0.0, 1, None, True),
    Measure("most.navigation_error_m", "largest navigation error", "m", 1.0, 0.0, 0, None, True),
)
"""What the report shows of."""

RESULTS = {
    "completed": "whether it completes",
    "fuel_left_kg": "fuel left at the end, of those that landed",
    "endurance_h": "time that a full load of fuel would last at the mean burn flown",
}
"""What drivers are told of."""

ABNORMAL = (
    *((slot, text) for slot, text, level in FIRST if level in ("caution", "warning")),
    ("icing_cloud", "enters icing cloud"), ("escape", "leaves ice by height"), ("go_around", "goes around"),
)  # fmt: skip
"""Slots of a ledger that begin a chain, with their words."""
CHAIN = 4
"""Events of a chain that are told."""
ENOUGH = 10
"""Flights that must complete before they say what is normal."""


class Chain(NamedTuple):
    """Flights that went wrong in the same way."""

    events: tuple[str, ...]
    """The first abnormal event, then what most of them have, in order of time."""
    end: str
    """How it ended."""
    outcome: str
    share: Share


@dataclass(frozen=True)
class Study:
    """Many flights of one mission.

    `table` holds a NumPy array for each column (docs/study.md lists them), `probability` the share of each outcome with
    its interval, `drives` what drives it.
    """

    folder: Path
    about: dict[str, Any] = field(repr=False)
    """What `study.toml` says."""
    table: Table = field(repr=False)
    """Columns by name, a value for each flight, by flight number."""
    report: Path | None = None

    @property
    def title(self) -> str:
        """For people."""
        return str(self.about["title"])

    @property
    def seed(self) -> int:
        """Of the study."""
        return int(self.about["inputs"]["seed"])

    @property
    def flights(self) -> int:
        """How many are kept."""
        return len(self.table["number"]) if self.table else 0

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of all that varies, as columns of the table."""
        return tuple(self.about["drawn"])

    @cached_property
    def probability(self) -> dict[str, Share]:
        """Share of each outcome; a flight without one counts among all."""
        return shares(self.table["outcome"], OUTCOMES) if self.flights else {word: share(0, 0) for word in OUTCOMES}

    def percentile(self, column: str, percent: float) -> Percentile:
        """A percentile of a column over the flights that have it."""
        return percentile(self.table[column].astype(np.float64), percent)

    @cached_property
    def scores(self) -> dict[str, Array]:
        """By key, each flight's draw as a standard normal score."""
        numbers = self.table["number"].tolist()
        return {key: np.array([NORMAL.inv_cdf(uniform(self.seed, k, key)) for k in numbers]) for key in self.keys}

    @cached_property
    def drives(self) -> dict[str, Drive]:
        """What drives each of `RESULTS`, where it varies."""
        found = {name: drive(name, self.result(name), self.scores) for name in RESULTS}
        return {name: each for name, each in found.items() if each is not None}

    def result(self, name: str) -> Array:
        """One of `RESULTS` for each flight; not a number where a flight has none."""
        table = self.table
        landed = np.isfinite(table["stopped.first_s"]) & (table["damage"] == 0) & (table["duration_s"] > 0.0)
        if name == "completed":
            return np.where(table["outcome"] == "none", np.nan, (table["outcome"] == "completed").astype(float))
        if name == "fuel_left_kg":
            return np.where(landed, table["fuel_left_kg"], np.nan)
        burned, airborne = table["fuel_used_kg"], table["sum.airborne_s"] / 3600.0
        load = burned + table["fuel_left_kg"]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(landed & (burned > 0.0), load / burned * airborne, np.nan)

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """Flights that did not complete, by outcome, first abnormal event and end; the largest group first.

        What befalls most of the flights that complete is not abnormal here. A group is told by the events that at least
        half of its flights have, in the order of their median times.
        """
        if not self.flights:
            return ()
        slots = self._abnormal()
        groups: dict[tuple[str, str, str], list[int]] = {}
        for row in np.flatnonzero(self.table["outcome"] != "completed").tolist():
            times = {text: self.table[f"{slot}.first_s"][row] for slot, text in slots}
            first = min((each for each in times.items() if math.isfinite(each[1])), key=lambda each: each[1],
                        default=("", 0.0))[0]  # fmt: skip
            groups.setdefault((str(self.table["outcome"][row]), first, self._end(row)), []).append(row)
        found = [
            Chain(self._usual(slots, first, rows), end, outcome, share(len(rows), self.flights))
            for (outcome, first, end), rows in groups.items()
        ]
        return tuple(sorted(found, key=lambda c: (-c.share.count, c.outcome, c.events, c.end)))

    def _abnormal(self) -> list[tuple[str, str]]:
        """Events that begin a chain: those that do not befall most of the flights that complete."""
        done = self.table["outcome"] == "completed"
        if int(np.sum(done)) < ENOUGH:
            return list(ABNORMAL)
        common = {slot: np.mean(np.isfinite(self.table[f"{slot}.first_s"][done])) > 0.5 for slot, _ in ABNORMAL}
        return [(slot, text) for slot, text in ABNORMAL if not common[slot]]

    def _usual(self, slots: Sequence[tuple[str, str]], first: str, rows: list[int]) -> tuple[str, ...]:
        """The first event of a group, then those that at least half of its flights have."""
        usual = []
        for slot, text in slots:
            times = self.table[f"{slot}.first_s"][rows]
            times = times[np.isfinite(times)]
            if text != first and 2 * len(times) >= len(rows):
                usual.append((float(np.median(times)), text))
        return (*((first,) if first else ()), *(text for _, text in sorted(usual)[: CHAIN - 1]))

    def _end(self, row: int) -> str:
        """How a flight that did not complete ended."""
        damage, reason = int(self.table["damage"][row]), int(self.table["reason"][row])
        outcome = str(self.table["outcome"][row])
        if outcome == "lost":
            return DAMAGE.get(damage, "lost")
        if outcome == "none":
            return "the model failed or the flight did not end"
        if outcome == "diverted" and reason == Reason.MISSION_DONE:
            return "too short on station"
        why = chain.reason(reason)
        return f"{'refuses' if outcome == 'refused' else 'turns back'}: {why}" if why else ""

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "title": self.title,
            "flights": self.flights,
            "seed": self.seed,
            "probability": {word: _share_json(each) for word, each in self.probability.items()},
            "percentiles": {m.column: _percentiles(self, m) for m in MEASURES if self.flights},
            "drives": {name: _drive_json(each) for name, each in self.drives.items()} if self.flights else {},
            "chains": [
                {"events": list(c.events), "end": c.end, "outcome": c.outcome, "flights": c.share.count}
                for c in self.chains
            ],
            "folder": str(self.folder),
            "report": str(self.report) if self.report else None,
        }


def opened(folder: str | Path) -> Study:
    """A study from its folder.

    Raises:
        InputError: there is none, or a part of it is damaged.
    """
    place = Path(folder)
    about = store.read_about(place)
    report = place / "report.html"
    return Study(place, about, store.read_table(place), report if report.exists() else None)


def _share_json(each: Share) -> dict[str, Any]:
    return {
        "count": each.count, "share": _number(each.value), "low": each.low, "high": each.high,
        "exact_low": each.exact_low, "exact_high": each.exact_high,
    }  # fmt: skip


def _percentiles(study: Study, measure: Measure) -> dict[str, Any]:
    """Percentiles of a measure in the unit of its column."""
    found = [study.percentile(measure.column, percent) for percent in (5.0, 50.0, 95.0)]
    return {f"{p.percent:g}": {"value": _number(p.value), "low": _number(p.low), "high": _number(p.high)}
            for p in found}  # fmt: skip


def _drive_json(each: Drive) -> dict[str, Any]:
    return {
        "flights": each.flights, "explained": each.explained, "smallest_resolved": each.smallest,
        "drivers": [
            {"key": d.key, "share": d.share, "share_low": d.share_low, "share_high": d.share_high,
             "correlation": d.correlation, "low": d.low, "high": d.high, "coefficient": _number(d.coefficient),
             "p": d.p, "resolved": d.resolved}
            for d in each.drivers[:12]
        ],
    }  # fmt: skip


def _number(value: float) -> float | None:
    """A number that JSON can carry."""
    return value if math.isfinite(value) else None
