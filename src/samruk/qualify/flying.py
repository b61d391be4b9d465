"""Fly every lane of every run side by side, block by block, and keep of each what its run is judged by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from samruk import load
from samruk.aircraft import AircraftDefinition
from samruk.aircraft.published import Published
from samruk.qualify.campaign import Campaign, Case, Run
from samruk.qualify.missions import Lane, dispersed, inputs
from samruk.qualify.quantities import QUANTITIES
from samruk.units import FOOT
from samruk.verdict.chain import reason
from samruk.verdict.flights import Engines, Flown
from samruk.verdict.flights import fly as fly_lanes
from samruk.verdict.outcome import DAMAGE, status

Column = np.ndarray[Any, Any]

LANES = 64
"""Flights side by side; with frames of a day every 20 s they hold 100 MB."""
POINTS = 240
"""Points of a kept course: the lowest and the highest of half as many stretches."""
SHOWN = 3
"""Seeds of each case whose courses are kept besides the worst."""
AROUND = ("height", "temperature", "cloud_water", "rain", "ice")
"""Frame fields that show the environment of a plot."""

Course = tuple[Column, Column]
"""Time, s, and value."""


@dataclass(frozen=True)
class Kept:
    """What is kept of a flight."""

    run: str
    case: str
    seed: int
    outcome: str | None
    why: str
    """In a few words: reason of a refusal or return, or what destroyed it; may be empty."""
    hours: float
    """From leaving the ground to rest."""
    values: dict[str, float]
    """By quantity, in the unit of print; NaN where the flight never came to it."""
    courses: dict[str, Course]
    """By quantity: thinned courses, only of some flights."""
    around: dict[str, Course]
    """Height, outside temperature and the like, where courses are kept."""


Progress = Callable[[float], None]
"""Called with the part of the work that is done, 0..1."""


def fly(
    campaign: Campaign, runs: Sequence[Run], aircraft: str, seeds: int, *, engine: str = "auto",
    threads: int | None = None, precision: str = "float64", progress: Progress | None = None,
) -> tuple[list[Kept], str]:  # fmt: skip
    """Fly the runs.

    Args:
        campaign: their campaign.
        runs: those of its runs that are flown.
        aircraft: a name or a definition file.
        seeds: flights of each case; the first is nominal.
        engine: as `samruk fly --engine`.
        threads: cores; None for all.
        precision: as `samruk fly --precision`.
        progress: called as flights end.

    Returns:
        One entry per flight, in the order run, case, seed; and which engine flew.

    Raises:
        InputError: a case or the aircraft is wrong.
    """
    definition = load.aircraft(aircraft)
    lanes = [lane for number, run in enumerate(runs) if not run.not_built
             for lane in _lanes(campaign, number, run, definition, aircraft, seeds)]  # fmt: skip
    if not lanes:
        return [], "none"
    engines = Engines(lanes[0].inputs, engine, threads, precision)
    book = _Book(runs, lanes, progress)
    for block, frame_every in _blocks(runs, lanes):
        chunk = 300 if max(runs[lanes[k].run].cases[lanes[k].case].hours for k in block) < 3.0 else 900
        chosen = [lanes[k].inputs for k in block]
        chunk = frame_every * max(chunk // frame_every, 1)
        fly_lanes(
            engines, chosen, record=True, chunk=chunk, frame_every=frame_every,
            ending=lambda place, flown, block=block: book.keep(block[place], flown),  # type: ignore[misc]
        )
    return [book.kept[k] for k in range(len(lanes))], engines.describe()


def ceiling(definition: AircraftDefinition, figures: Published) -> float:
    """m, the service ceiling that is published of the aircraft; infinite where none is."""
    found = figures.of("ceiling", definition.engine)
    return float("inf") if found is None else found.value


def beyond(case: Case, definition: AircraftDefinition, figures: Published) -> bool:
    """Whether a case lies above the published ceiling, by more than 50 ft."""
    return case.altitude > ceiling(definition, figures) + 50.0 * FOOT


def _lanes(
    campaign: Campaign, number: int, run: Run, definition: AircraftDefinition, aircraft: str, seeds: int
) -> list[Lane]:
    """All flights of a run; cases above the published ceiling of the aircraft are none of its own."""
    figures = load.published(aircraft)
    found = []
    for place, case in enumerate(run.cases):
        if beyond(case, definition, figures):
            continue
        nominal = inputs(campaign, run, case, definition, aircraft)
        numbers = range(min(seeds, run.seeds))
        found += [Lane(number, place, seed, dispersed(nominal, seed, run.warm)) for seed in numbers]
    return found


def _blocks(runs: Sequence[Run], lanes: Sequence[Lane]) -> list[tuple[list[int], int]]:
    """Numbers of lanes that fly side by side: of one column of air, one interval of frames, alike in length."""
    groups: dict[tuple[bytes, int], list[int]] = {}
    for k, lane in enumerate(lanes):
        air = b"".join(np.asarray(column).tobytes() for column in vars(lane.inputs.tables.profile).values())
        groups.setdefault((air, runs[lane.run].frame_every), []).append(k)
    blocks = []
    for (_, frame_every), numbers in groups.items():
        numbers.sort(key=lambda k: runs[lanes[k].run].cases[lanes[k].case].hours)
        blocks += [(numbers[k : k + LANES], frame_every) for k in range(0, len(numbers), LANES)]
    return blocks


class _Book:
    """Keeps flights as they end; courses of the first seeds and of the worst so far."""

    def __init__(self, runs: Sequence[Run], lanes: Sequence[Lane], progress: Progress | None) -> None:
        self.runs, self.lanes, self.progress = runs, lanes, progress
        self.kept: dict[int, Kept] = {}
        self.worst: dict[tuple[int, int, str], float] = {}
        self.all = sum(self._weight(lane) for lane in lanes)
        self.done = 0.0

    def _weight(self, lane: Lane) -> float:
        return self.runs[lane.run].cases[lane.case].hours + 1.0

    def keep(self, number: int, flown: Flown) -> None:
        """A flight that has ended."""
        lane = self.lanes[number]
        run = self.runs[lane.run]
        names = dict.fromkeys([*(rule.quantity for rule in run.rules), *run.figures, "completed", "refused"])
        values = {name: QUANTITIES[name].peak(flown) for name in names}
        shown = [rule.quantity for rule in run.rules if self._shown(lane, rule.quantity, rule.most, values)]
        courses = {name: _thinned(flown, series(flown)) for name in shown if (series := QUANTITIES[name].series)}
        frames = flown.frames or {}
        around = {name: _thinned(flown, frames[name]) for name in AROUND if name in frames} if courses else {}
        self.kept[number] = Kept(
            run.key, run.cases[lane.case].name, lane.seed, flown.outcome, _why(flown), flown.end.duration / 3600.0,
            values, courses, around,
        )  # fmt: skip
        self.done += self._weight(lane)
        if self.progress is not None:
            self.progress(self.done / self.all)

    def _shown(self, lane: Lane, quantity: str, most: bool, values: dict[str, float]) -> bool:
        """Whether a course is kept: of one of the first seeds, or of a flight worse than all before."""
        value = values[quantity] if most else -values[quantity]
        key = (lane.run, lane.case, quantity)
        worse = value > self.worst.get(key, -np.inf)
        if worse:
            self.worst[key] = value
        return worse or lane.seed < SHOWN


def _why(flown: Flown) -> str:
    if flown.outcome is None:
        return status(flown.end)
    if flown.end.damage:
        return DAMAGE.get(flown.end.damage, "destroyed")
    return reason(flown.end.reason) if flown.outcome != "completed" else ""


def _thinned(flown: Flown, values: Column) -> Course:
    """A course by the extremes of its stretches."""
    time = (flown.frames or {})["time"]
    if len(time) <= POINTS:
        return time.astype(np.float32), values.astype(np.float32)
    edges = np.linspace(0, len(time), POINTS // 2 + 1).astype(int)
    picked: list[int] = []
    for a, b in pairwise(edges):
        part = values[a:b]
        if np.isfinite(part).any():
            picked += sorted({a + int(np.nanargmin(part)), a + int(np.nanargmax(part))})
        else:
            picked.append(int(a))
    return time[picked].astype(np.float32), values[picked].astype(np.float32)
