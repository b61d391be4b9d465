"""What drives a flight's figures: their derivatives by every number that is not known for sure, times its spread.

One flight is flown with its tangents. First a short piece along all numbers, to find those that count; then the whole
flight along these. The same are flown again, a spread up and a spread down with the same seed: the plain check of the
straight line, and the better figure where a change of leg or mode moves in time, which a tangent does not see.

Figures are sums over the flight: fuel, and time. Least margins over a flight are none of them: they stand at one gust,
and which one it is, and in what turn it finds the aircraft, changes with every number; over a whole flight the tangent
of the least speed above stall missed flights flown again by its own size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from samruk import units
from samruk.aircraft import Aircraft
from samruk.aircraft.parts import AircraftDefinition
from samruk.leaves import flatten, leaf, replace_leaf
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines, Flown, fly
from samruk.verdict.gradients import STEP, Derived, between, endurance

SCREENED = 1800
"""s of flight, take-off and climb, after which the numbers that count are chosen."""
CHOSEN = 12
"""Numbers of the aircraft whose tangent is flown to the end, and that are flown again; those of the mission all are."""
CHUNK = 1800
"""s per call of the engine."""
FRAME = 30
"""s between frames."""
HOUR = 3600.0
STRAIGHT = 0.2
"""Part by which a flight flown again may miss the straight line and the line still be called straight."""


@dataclass(frozen=True)
class Uncertain:
    """A number that is not known for sure, one standard deviation of it, and what says so."""

    path: str
    """`aircraft.` or `task.` and the leaf."""
    name: str
    """For people."""
    unit: str
    """Suffix of its unit in a file."""
    deviation: float
    """SI and radians."""
    source: str


@dataclass(frozen=True)
class Figure:
    """A number that decides, as flown."""

    key: str
    """With its unit."""
    name: str
    unit: str
    value: float


@dataclass(frozen=True)
class Driver:
    """What one uncertain number does to each figure; figures by key."""

    path: str
    name: str
    unit: str
    spread: float
    """One standard deviation, in its unit."""
    source: str
    slopes: dict[str, float]
    """Figure per unit."""
    per_spread: dict[str, float]
    """Figure per standard deviation, by the tangent."""
    flown_again: dict[str, float]
    """The same by two flights, a deviation up and one down; a figure that one of them does not reach is not in it."""
    share: float = 0.0
    """Of the variance of the first figure among the numbers listed."""

    def effect(self, key: str) -> float:
        """Figure per standard deviation: as flown again, else by the tangent."""
        return self.flown_again.get(key, self.per_spread[key])

    def straight(self, key: str) -> bool | None:
        """Whether the flights flown again lie on the tangent; None where they do not reach the figure."""
        if key not in self.flown_again:
            return None
        away = abs(self.flown_again[key] - self.per_spread[key])
        return away <= STRAIGHT * max(abs(self.flown_again[key]), abs(self.per_spread[key]))


@dataclass(frozen=True)
class Sensitivity:
    """The drivers of one flight, the strongest first."""

    flight: str
    figures: tuple[Figure, ...]
    drivers: tuple[Driver, ...]
    left_out: int
    """Numbers that were tried over the first half hour only."""
    left_out_share: float
    """Of the variance of the fuel then, what they made up."""
    deviation: dict[str, float] = field(default_factory=dict)
    """Standard deviation of each figure by the numbers listed, as if independent and straight."""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


FORECAST = (
    ("task.conditions.wind_scale", "forecast wind", "1", 0.2, "a day-ahead forecast misses the wind by a fifth"),
    ("task.conditions.temperature_offset", "forecast temperature", "k", 0.0, "a day-ahead forecast misses by 2 K"),
    ("task.conditions.turbulence_high", "gusts aloft", "m_s", 0.3, "gusts aloft within about a third"),
    ("task.loading.fuel", "fuel loaded", "kg", 0.005, "fuel gauges within half a per cent"),
)
"""Path, name, unit, relative spread (0: 2 K), reason: estimated; the forecast's as in the default of `samruk study`."""
TEMPERATURE_MISS = 2.0
"""K."""


def uncertain(inputs: Inputs, definition: AircraftDefinition) -> list[Uncertain]:
    """All numbers with a declared spread: the aircraft's by its definition, then the mission's.

    Numbers that follow another (`Source.follows`) move with it and have their own spread besides.
    """
    known = flatten(inputs.aircraft)
    found = [
        Uncertain(f"aircraft.{path}", path, s.unit, s.spread * (abs(s.value) or 1.0), f"{s.grade}: {s.source}")
        for path, s in definition.sources.items()
        if s.spread > 0.0 and isinstance(known[path], float)
    ]
    for path, name, unit, spread, why in FORECAST:
        deviation = spread * abs(leaf(inputs.task, path.removeprefix("task."))) if spread else TEMPERATURE_MISS
        if deviation > 0.0:
            found.append(Uncertain(path, name, unit, deviation, f"estimated: {why}"))
    return found


def moved(inputs: Inputs, definition: AircraftDefinition, number: Uncertain, by: float) -> Inputs:
    """Inputs with one number changed, and what follows it.

    Args:
        inputs: as flown.
        definition: says what follows what.
        number: which.
        by: change, SI and radians.
    """
    part, _, path = number.path.partition(".")
    if part == "task":
        return replace(inputs, task=replace_leaf(inputs.task, path, leaf(inputs.task, path) + by))
    return replace(inputs, aircraft=_followed(inputs.aircraft, definition, path, leaf(inputs.aircraft, path) + by))


def _followed(aircraft: Aircraft, definition: AircraftDefinition, path: str, value: float) -> Aircraft:
    """The aircraft with a number set, and each that follows it by its power of the ratio."""
    old = leaf(aircraft, path)
    aircraft = replace_leaf(aircraft, path, value)
    if old == 0.0:
        return aircraft
    for name, source in definition.sources.items():
        if source.follows == path:
            aircraft = _followed(aircraft, definition, name, leaf(aircraft, name) * (value / old) ** source.power)
    return aircraft


def sensitivity(
    name: str, flown: Flown, definition: AircraftDefinition, engines: Engines, threads: int | None = None
) -> Sensitivity | None:
    """The drivers of a flight's figures.

    Valid for deviations about the flight as flown, with its seed. The straight line is checked; `Driver.straight` says
    how that came out.

    Args:
        name: of the flight.
        flown: the flight, with its frames.
        definition: its aircraft's, with the declared spreads.
        engines: compiled programs of plain flights.
        threads: cores to use; None for all.

    Returns:
        Figures and ranked drivers; None for a flight that did not leave the ground.
    """
    if flown.frames is None or not np.any(flown.frames["on_ground"] == 0.0):
        return None
    inputs, numbers = flown.inputs, uncertain(flown.inputs, definition)
    kind = "reference" if engines.describe().startswith("reference") else "auto"
    derived = Derived(inputs, kind, threads)
    ways = [_way(inputs, definition, number) for number in numbers]
    chosen, left_out = _screened(derived, inputs, numbers, ways)
    tangents = _tangents(derived, inputs, [ways[k] for k in chosen], flown.end.duration)
    figures, slopes = _slopes(tangents)
    picked = [numbers[k] for k in chosen]
    per_spread = [
        {key: values[lane] * number.deviation for key, values in slopes.items()}
        for lane, number in enumerate(picked)
    ]  # fmt: skip
    again = _flown_again(engines, inputs, definition, picked)
    drivers = [
        _driver(number, {k: v[lane] for k, v in slopes.items()}, per_spread[lane], again.get(number.path, {}))
        for lane, number in enumerate(picked)
    ]
    return _ranked(name, figures, drivers, len(numbers) - len(picked), left_out)


def _way(inputs: Inputs, definition: AircraftDefinition, number: Uncertain) -> dict[str, float]:
    """The direction of one number, with all that follows it and the handbook."""
    step = STEP * number.deviation
    low, high = (moved(inputs, definition, number, sign * step) for sign in (-1.0, 1.0))
    return between(low, high, 2.0 * step)


def _screened(
    derived: Derived, inputs: Inputs, numbers: Sequence[Uncertain], ways: Sequence[Mapping[str, float]]
) -> tuple[list[int], float]:
    """Which numbers to fly to the end, and what part of the variance of fuel after the first piece is left out."""
    batch = derived.start(inputs, ways)
    batch.advance(SCREENED, 0)
    effects = np.abs(batch.values("tangent.world.fuel") * [number.deviation for number in numbers])
    of_mission = [k for k, number in enumerate(numbers) if number.path.startswith("task.")]
    of_aircraft = [int(k) for k in np.argsort(-effects) if int(k) not in of_mission][:CHOSEN]
    chosen = of_aircraft + of_mission
    rest = np.delete(effects, chosen)
    return chosen, float(np.sum(rest**2) / max(np.sum(effects**2), 1e-300))


def _tangents(
    derived: Derived, inputs: Inputs, ways: Sequence[Mapping[str, float]], duration: float
) -> dict[str, np.ndarray[Any, Any]]:
    """Fields of the whole flight over time: values [frame], tangents [frame, lane]."""
    batch, kept, names = derived.start(inputs, ways), [], ()
    for _ in range(int(duration) // CHUNK + 4):
        frames = batch.advance(CHUNK, FRAME)
        names = frames.names
        kept.append(frames.data.copy())
        if np.all(batch.values("value.over") != 0):
            break
    data = np.concatenate(kept)
    last = int(np.argmax(data[:, names.index("value.over"), 0] != 0.0)) or len(data) - 1
    wanted = ("time", "fuel", "bingo", "on_station")
    found = {key: data[: last + 1, names.index(f"value.{key}"), 0] for key in wanted}
    found |= {f"d_{key}": data[: last + 1, names.index(f"tangent.{key}")] for key in ("fuel", "bingo")}
    return found


def _slopes(t: Mapping[str, np.ndarray[Any, Any]]) -> tuple[tuple[Figure, ...], dict[str, np.ndarray[Any, Any]]]:
    """Figures as flown and their derivatives, one per lane."""
    figures = [Figure("fuel_left_kg", "fuel left at landing", "kg", float(t["fuel"][-1]))]
    slopes = {"fuel_left_kg": t["d_fuel"][-1]}
    if (end := leaving(t["time"], t["on_station"])) is not None:
        start, stop = end
        flow = (t["fuel"][start] - t["fuel"][stop]) / (t["time"][stop] - t["time"][start])
        d_flow = (t["d_fuel"][start] - t["d_fuel"][stop]) / (t["time"][stop] - t["time"][start])
        left = (t["fuel"][stop] - t["bingo"][stop]) / flow
        figures.append(Figure("endurance_left_h", "time left on station until bingo", "h", float(left / HOUR)))
        moved_by = endurance(t["d_fuel"][stop], t["d_bingo"][stop], flow) - left * d_flow / flow
        slopes["endurance_left_h"] = moved_by / HOUR
    return tuple(figures), slopes


def leaving(time: np.ndarray[Any, Any], on_station: np.ndarray[Any, Any]) -> tuple[int, int] | None:
    """Frames of the last hour on station: its first and its last; None for less than ten minutes of it."""
    stations = np.flatnonzero(on_station != 0.0)
    if stations.size == 0:
        return None
    stop = int(stations[-1])
    start = int(np.searchsorted(time, max(time[stop] - HOUR, time[int(stations[0])])))
    return (start, stop) if time[stop] - time[start] >= 600.0 else None


def _flown_again(
    engines: Engines, inputs: Inputs, definition: AircraftDefinition, numbers: Sequence[Uncertain]
) -> dict[str, dict[str, float]]:
    """Half the difference of two flights, a deviation up and one down, of each number."""
    lanes = [moved(inputs, definition, n, sign * n.deviation) for n in numbers for sign in (1.0, -1.0)]
    found = [flown_figures(each) for each in fly(engines, lanes, record=True, frame_every=FRAME)]
    pairs = zip(numbers, found[0::2], found[1::2], strict=True)
    return {n.path: {k: 0.5 * (up[k] - down[k]) for k in up.keys() & down.keys()} for n, up, down in pairs}


def flown_figures(flown: Flown) -> dict[str, float]:
    """The figures of a plain flight with frames, by key."""
    f = flown.frames or {}
    found = {"fuel_left_kg": float(flown.end.fuel_left)}
    if (end := leaving(f["time"], f["on_station"])) is not None:
        start, stop = end
        flow = (f["fuel"][start] - f["fuel"][stop]) / (f["time"][stop] - f["time"][start])
        found["endurance_left_h"] = float((f["fuel"][stop] - f["bingo"][stop]) / flow / HOUR)
    return found


def _driver(
    number: Uncertain, slopes: dict[str, Any], per_spread: dict[str, Any], again: dict[str, float]
) -> Driver:
    """One line of the table, in the units of files."""
    factor, _ = units.SUFFIXES[number.unit]
    plain = {key: float(value) * factor for key, value in slopes.items()}
    known = {key: float(value) for key, value in per_spread.items()}
    spread = number.deviation / factor
    return Driver(number.path, number.name, number.unit, spread, number.source, plain, known, again)


def _ranked(
    name: str, figures: tuple[Figure, ...], drivers: Sequence[Driver], left_out: int, left_out_share: float
) -> Sensitivity:
    """The strongest first, with shares of the variance."""
    key = figures[0].key
    total = sum(driver.effect(key) ** 2 for driver in drivers)
    shared = [replace(driver, share=driver.effect(key) ** 2 / total if total else 0.0) for driver in drivers]
    ranked = tuple(sorted(shared, key=lambda driver: -driver.share))
    deviation = {f.key: float(np.sqrt(sum(d.effect(f.key) ** 2 for d in drivers))) for f in figures}
    return Sensitivity(name, figures, ranked, left_out, left_out_share, deviation)


def told(found: Sensitivity) -> list[str]:
    """The result in words, a line for each figure and the strongest drivers."""
    lines = []
    for figure in found.figures:
        strongest = sorted(found.drivers, key=lambda d: -abs(d.effect(figure.key)))[:3]
        parts = ", ".join(f"{d.name} {d.effect(figure.key):+.3g}" for d in strongest)
        spread = f"{figure.value:.3g} ± {found.deviation[figure.key]:.2g} {figure.unit}"
        lines.append(f"{figure.name}: {spread}; per spread, in {figure.unit}: {parts}")
    return lines
