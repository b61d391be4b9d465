"""Flies a circuit under many seeds in each of several winds, and reads take-off and landing from the records."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samruk import earth, load
from samruk.ledger import NEVER
from samruk.mission import Runway
from samruk.sim import MISSION_DT
from samruk.units import KNOT
from samruk.verdict.catalogue import Inputs
from samruk.verdict.causes import reseeded
from samruk.verdict.flights import Engines, Flown
from samruk.verdict.flights import fly as fly_lanes
from samruk.weather import standard_profile

CIRCUIT = "circuit"
"""The mission that is flown."""
TURBULENCE_PART = 1.0
"""Wind at 20 ft that drives the turbulence of MIL-F-8785C, of the wind at 10 m."""


@dataclass(frozen=True)
class Case:
    """A wind."""

    name: str
    speed_kt: float
    """At 10 m above the runway."""
    off: float
    """deg from the runway's heading, from where it blows, clockwise: 90 is from the right."""


CASES = (
    Case("calm", 0.0, 0.0),
    Case("headwind", 10.0, 0.0),
    Case("strong headwind", 25.0, 0.0),
    Case("crosswind from the right", 10.0, 90.0),
    Case("crosswind from the left, at the limit", 14.9, 270.0),
    Case("quartering headwind", 20.0, 40.0),
    Case("tailwind", 5.0, 180.0),
)
"""Winds from calm to the limits of the reference aircraft; each but calm brings its turbulence."""


@dataclass(frozen=True)
class Landing:
    """One flight's take-off and landing; NaN where it did not come to that."""

    seed: int
    stopped: bool
    """It came to rest on its wheels, unharmed."""
    refused: bool
    """It did not take off."""
    damage: int
    went_around: bool
    """It broke off an approach at least once."""
    run: float
    """m of ground run at take-off."""
    take_off_off: float
    """m, largest distance from the centreline before lift-off."""
    sink: float
    """m/s, largest at a touch of the wheels."""
    past: float
    """m past the threshold at the first touch."""
    right: float
    """m right of the centreline at the first touch."""
    roll_off: float
    """m, largest distance from the centreline from the first touch to rest."""
    roll: float
    """m from the first touch to rest."""


@dataclass(frozen=True)
class Campaign:
    """All landings in one wind."""

    case: Case
    landings: tuple[Landing, ...]

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """One figure of every flight that has it."""
        values = np.array([getattr(landing, name) for landing in self.landings], float)
        kept: np.ndarray[Any, Any] = values[np.isfinite(values)]
        return kept

    def percentile(self, name: str, *parts: float) -> list[float]:
        """Percentiles of a figure."""
        values = self.column(name)
        return [float(np.percentile(values, part)) if values.size else math.nan for part in parts]


def fly(
    aircraft: str = "anka",
    seeds: int = 200,
    cases: Sequence[Case] = CASES,
    *,
    engine: str = "auto",
    threads: int | None = None,
    precision: str = "float64",
    progress: Callable[[Case, int], None] | None = None,
) -> list[Campaign]:
    """Fly every case under every seed.

    Args:
        aircraft: a name or a definition file.
        seeds: flights to a case.
        cases: winds.
        engine: as `samruk fly --engine`.
        threads: cores; None for all.
        precision: as `samruk fly --precision`.
        progress: called with each case and its number before it is flown.

    Raises:
        InputError: the aircraft is unknown or wrong.
    """
    circuit = load.mission(CIRCUIT, (f"aircraft={aircraft}",)).flights[0]
    first = Inputs(circuit.task, circuit.aircraft, circuit.tables)
    engines = Engines(first, engine, threads, precision)
    found = []
    for number, case in enumerate(cases):
        if progress is not None:
            progress(case, number)
        lanes = [reseeded(_in_wind(first, case), seed) for seed in range(seeds)]
        flown = fly_lanes(engines, lanes, record=True, frame_every=1, chunk=300)
        found.append(Campaign(case, tuple(_read(seed, flight) for seed, flight in enumerate(flown))))
    return found


def _in_wind(inputs: Inputs, case: Case) -> Inputs:
    """The circuit in the wind of a case, the same at all heights but for the layer next the ground."""
    home, speed = inputs.task.home, case.speed_kt * KNOT
    rows = [(home.elevation + 10.0, speed, float(home.heading) + math.radians(case.off))] if speed else []
    profile = standard_profile(wind=rows, ground=float(home.elevation))
    conditions = replace(inputs.task.conditions, turbulence_wind=TURBULENCE_PART * speed)
    return replace(
        inputs, task=replace(inputs.task, conditions=conditions), tables=replace(inputs.tables, profile=profile)
    )


def _read(seed: int, flight: Flown) -> Landing:
    """Take-off and landing of a recorded flight."""
    events, frames = flight.ledger.events, flight.frames or {}
    ways = _Ways(frames, flight.inputs.task.home)
    lift, touch = (_when(slot.first) for slot in (events.take_off, events.touch_down))
    end = _when(events.stopped.first)
    return Landing(
        seed=seed,
        stopped=flight.end.stopped and not flight.end.damage,
        refused=flight.end.refused,
        damage=flight.end.damage,
        went_around=events.go_around.first != NEVER,
        run=ways.past(lift) - ways.past(0.0),
        take_off_off=ways.widest(0.0, lift),
        sink=float(flight.ledger.margins.touch_down_sink) if math.isfinite(touch) else math.nan,
        past=ways.past(touch),
        right=ways.right(touch),
        roll_off=ways.widest(touch, end),
        roll=ways.past(end) - ways.past(touch),
    )


def _when(tick: int) -> float:
    """s of a ledger's tick; NaN for never."""
    return math.nan if tick == NEVER else MISSION_DT * float(tick)


class _Ways:
    """Where the aircraft was along and across its runway, from frames a second apart."""

    def __init__(self, frames: dict[str, np.ndarray[Any, Any]], runway: Runway) -> None:
        self.time = frames["time"]
        north, east = _offsets(frames["latitude"], frames["longitude"], runway)
        c, s = math.cos(float(runway.heading)), math.sin(float(runway.heading))
        self.along, self.across = c * north + s * east, c * east - s * north

    def past(self, time: float) -> float:
        """m past the threshold."""
        return float(np.interp(time, self.time, self.along)) if math.isfinite(time) else math.nan

    def right(self, time: float) -> float:
        """m right of the centreline."""
        return float(np.interp(time, self.time, self.across)) if math.isfinite(time) else math.nan

    def widest(self, start: float, end: float) -> float:
        """m, largest distance from the centreline between two times."""
        if not math.isfinite(start + end):
            return math.nan
        inside = (self.time >= start) & (self.time <= end)
        return float(np.abs(np.append(self.across[inside], [self.right(start), self.right(end)])).max())


def _offsets(
    latitude: np.ndarray[Any, Any], longitude: np.ndarray[Any, Any], runway: Runway
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """m north and east of the threshold, by the radii of curvature there: 1 mm at 5 km."""
    phi = float(runway.latitude)
    e2 = earth.ECCENTRICITY_SQUARED
    w = math.sqrt(1.0 - e2 * math.sin(phi) ** 2)
    meridian, normal = earth.SEMI_MAJOR_AXIS * (1.0 - e2) / w**3, earth.SEMI_MAJOR_AXIS / w
    height = float(runway.elevation)
    return (
        (meridian + height) * (latitude - phi),
        (normal + height) * math.cos(phi) * (longitude - float(runway.longitude)),
    )
