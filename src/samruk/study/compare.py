"""Two studies flight by flight: the same draws and the same chance, one thing changed.

Flight k of both met the same gusts and flew the same aircraft, so what differs between them is the change alone: far
fewer flights tell two conditions apart than two separate studies would need.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from samruk.errors import InputError
from samruk.study.results import MEASURES, Measure, Study, opened
from samruk.study.statistics import Difference, Pairs, Share, difference, pairs, share
from samruk.study.store import Table
from samruk.study.wording import interval, percent
from samruk.verdict.wording import number


@dataclass(frozen=True)
class Comparison:
    """Flights that both studies hold."""

    first: Study
    second: Study
    rows: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
    """Rows of the two tables that hold the same flights."""

    @property
    def flights(self) -> int:
        """Pairs."""
        return len(self.rows[0])

    @cached_property
    def tables(self) -> tuple[Table, Table]:
        """The two tables, row by row the same flights."""
        one, two = (
            {name: column[rows] for name, column in study.table.items()}
            for study, rows in zip((self.first, self.second), self.rows, strict=True)
        )
        return one, two

    @property
    def outcomes(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Outcome of each pair."""
        return self.tables[0]["outcome"], self.tables[1]["outcome"]

    @cached_property
    def completed(self) -> Pairs:
        """Completed or not, in each."""
        one, two = self.outcomes
        return pairs(one == "completed", two == "completed")

    @cached_property
    def lost(self) -> Pairs:
        """Lost or not, in each."""
        one, two = self.outcomes
        return pairs(one == "lost", two == "lost")

    @cached_property
    def turned(self) -> dict[tuple[str, str], Share]:
        """Outcomes that differ, from which to which, most first."""
        one, two = self.outcomes
        counted = Counter((str(a), str(b)) for a, b in zip(one, two, strict=True) if a != b)
        order = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        return {way: share(count, self.flights) for way, count in order}

    def difference(self, measure: Measure) -> Difference | None:
        """Second less first, in the unit of the measure, over pairs in which both have it."""
        one, two = (measure.scale * table[measure.column].astype(np.float64) for table in self.tables)
        return difference(one, two)

    @cached_property
    def differences(self) -> dict[str, Difference]:
        """By column of a measure, where there are two pairs."""
        found = {measure.column: self.difference(measure) for measure in MEASURES}
        return {name: each for name, each in found.items() if each is not None}

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """What is not the same in the inputs, in words."""
        return tuple(_changed(self.first.about, self.second.about))

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "first": str(self.first.folder),
            "second": str(self.second.folder),
            "pairs": self.flights,
            "changed": list(self.changed),
            "completed": _pairs_json(self.completed),
            "lost": _pairs_json(self.lost),
            "turned": [{"from": a, "to": b, "flights": s.count} for (a, b), s in self.turned.items()],
            "differences": {
                m.column: {"unit": m.unit, "pairs": d.pairs, "mean": d.mean, "low": d.low, "high": d.high,
                           "median": d.median}
                for m in MEASURES if (d := self.differences.get(m.column)) is not None
            },
        }  # fmt: skip


def compare(first: str | Path | Study, second: str | Path | Study) -> Comparison:
    """Two studies of one seed, flight by flight.

    Raises:
        InputError: a folder holds no study, the seeds differ, or no flight is in both.
    """
    one, two = (each if isinstance(each, Study) else opened(each) for each in (first, second))
    if one.seed != two.seed:
        told = f"has seed {two.seed}, {one.folder} has {one.seed}; studies of different seeds are not paired."
        raise InputError(told, str(two.folder), "Fly one of them again with the other's --seed.")
    numbers, others = (study.table.get("number", np.zeros(0, np.int64)) for study in (one, two))
    _, rows_one, rows_two = np.intersect1d(numbers, others, assume_unique=True, return_indices=True)
    if not len(rows_one):
        raise InputError("has no flight in common with the other.", str(two.folder), "Fly both studies first.")
    return Comparison(one, two, (rows_one, rows_two))


def told(found: Comparison) -> list[str]:
    """A comparison in words, line by line."""
    c = found.completed
    lines = [f"{found.flights} flights, each flown both ways with the same draws and the same chance"]
    lines += [f"  changed: {each}" for each in found.changed] or ["  changed: nothing"]
    for study, word in ((found.first, "A"), (found.second, "B")):
        done = share(c.both + (c.first_only if word == "A" else c.second_only), found.flights)
        lines.append(f"{word}  {study.folder}: completes {percent(done.value)} % ({interval(done)})")
    lines.append(_verdict(c))
    lines += [f"  {s.count} turned from {a} to {b}" for (a, b), s in found.turned.items()]
    for measure in MEASURES:
        each = found.differences.get(measure.column)
        if each is not None and (each.low > 0.0 or each.high < 0.0) and round(each.mean, measure.digits + 1):
            lines.append(f"  {difference_told(measure, each)}")
    return lines


def difference_told(measure: Measure, each: Difference) -> str:
    """One paired difference in words."""
    digits = measure.digits + 1
    mean, low, high = (number(value, digits, sign=True) for value in (each.mean, each.low, each.high))
    return f"{measure.text}: {mean} {measure.unit} ({low} to {high}), over {each.pairs} pairs"


def _verdict(c: Pairs) -> str:
    """Whether one of the two is better, and how surely."""
    apart = c.first_only + c.second_only
    if apart == 0:
        return "No flight turned: both complete the same flights"
    gain = f"{number(100.0 * c.difference, 1, sign=True)} points of completion"
    reach = f"{number(100.0 * c.low, 1, sign=True)} to {number(100.0 * c.high, 1, sign=True)}"
    chance = f"{c.second_only} flights only B completes, {c.first_only} only A; p = {c.p:.2g}"
    word = "B completes more" if c.difference > 0.0 else "A completes more"
    return f"{word if c.p < 0.05 else 'Not resolved'}: {gain} ({reach}); {chance}"


def _pairs_json(each: Pairs) -> dict[str, Any]:
    return {
        "both": each.both, "first_only": each.first_only, "second_only": each.second_only, "neither": each.neither,
        "p": each.p, "difference": each.difference if math.isfinite(each.difference) else None, "low": each.low,
        "high": each.high,
    }  # fmt: skip


def _changed(one: dict[str, Any], two: dict[str, Any]) -> list[str]:
    """Inputs and draws that are not the same."""
    a, b = one["inputs"], two["inputs"]
    lines = [f"{word}: {a[word]!r}, then {b[word]!r}" for word in ("mission", "flight") if a[word] != b[word]]
    gone, come = (sorted(set(x["overrides"]) - set(y["overrides"])) for x, y in ((a, b), (b, a)))
    if gone or come:
        lines.append(f"set: {', '.join(gone) or 'nothing'}, then {', '.join(come) or 'nothing'}")
    if a["sha256_of_its_files"] != b["sha256_of_its_files"]:
        lines.append("the mission's files")
    laws_a, laws_b = ({k: v[:2] for k, v in each["drawn"].items()} for each in (one, two))
    apart = [k for k in {**laws_a, **laws_b} if laws_a.get(k) != laws_b.get(k)]
    if apart:
        more = f" and {len(apart) - 4} more" if len(apart) > 4 else ""
        lines.append(f"what varies: {', '.join(apart[:4])}{more}")
    if a["model"] != b["model"]:
        lines.append("the model: another version of samruk")
    return lines
