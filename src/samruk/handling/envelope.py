"""Where level flight is possible: airspeed from limit to limit at every height, climb, ceiling, hot and cold days.

All of it is read from certificates (`samruk.handling.trim`) over a grid; a boundary is where a margin changes its
sign, by a straight line between two points of the grid.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.errors import InputError
from samruk.handling.certificate import LIMITS, Certificate
from samruk.handling.condition import Condition
from samruk.handling.trim import trim

Row = NDArray[np.float64]
Tell = Callable[[str], None]
HIGHEST, STEP = 16000.0, 200.0
"""m: heights looked at, and their distance."""
SPEEDS = 44
"""Airspeeds looked at, at each height."""
SERVICE = 100.0 * 0.3048 / 60.0
"""m/s, rate of climb at the service ceiling: 100 ft/min."""
DAYS = tuple(float(celsius) for celsius in range(-54, 55, 9))
"""C at sea level: thirteen days from -54 to +54."""


@dataclass(frozen=True)
class Envelope:
    """Level flight of one aircraft, mass and day."""

    mass: float
    """kg."""
    offset: float
    """K over US 1976."""
    heights: Row
    """m, pressure altitude."""
    low: Row
    """m/s calibrated: slowest level flight at each height; not a number where there is none."""
    high: Row
    """m/s calibrated: fastest."""
    low_limit: tuple[str, ...]
    """What ends it at the slow side; "" where there is no flight."""
    high_limit: tuple[str, ...]
    """At the fast side."""
    limits: dict[str, tuple[Row, Row]]
    """Limit -> least and greatest calibrated airspeed, m/s, that it alone allows at each height; infinite where it sets
    none within what was looked at, not a number where it allows nothing."""
    economy: Row
    """m/s calibrated: least power."""
    climb_rate: Row
    """m/s at full power and the airspeed of best climb, constant true airspeed; not a number where there is no level
    flight."""
    absolute_ceiling: float
    """m: the greatest height of level flight; what ends it is `top_limit`."""
    service_ceiling: float
    """m: climbs at 100 ft/min, within the other limits."""
    top_limit: str
    """What ends the greatest height."""


@dataclass(frozen=True)
class Day:
    """The greatest height of level flight on a hot or cold day."""

    celsius: float
    """C at sea level."""
    height: float
    """m, pressure altitude; not a number where there is no flight at sea level to begin with."""
    limit: str
    """What ends it."""
    by_power: float
    """m: where power alone would end it, with temperature left out."""


def usual_load(aircraft: Aircraft) -> float:
    """W that the alternator takes from the shaft with everything on that a watch needs, ice protection off."""
    e = aircraft.electric
    satellite = e.satellite_load * aircraft.radio.satellite_fitted
    load = e.avionics_load + e.payload_load + aircraft.ice.pitot_power + satellite
    return float(min(load, e.alternator_power) / e.alternator_efficiency)


def envelope(
    aircraft: Aircraft, mass: float, offset: float = 0.0, alternator: float | None = None, tell: Tell | None = None
) -> Envelope:
    """Where level flight is possible.

    Args:
        aircraft: the aircraft.
        mass: kg.
        offset: K by which every height is warmer than US 1976.
        alternator: W from the shaft; default the usual load.
        tell: gets a word at every step of the work.
    """
    say = tell or (lambda words: None)
    _checked(aircraft, mass, offset)
    load = usual_load(aircraft) if alternator is None else alternator
    heights = np.arange(0.0, HIGHEST + 1.0, STEP)
    say(f"{heights.size * SPEEDS} flights")
    cas, found = _grid(aircraft, mass, offset, load, heights)
    limits = {name: _allowed(cas, found.margins[:, :, k]) for k, name in enumerate(LIMITS)}
    low, low_limit = _strictest([limits[name][0] for name in LIMITS], np.argmax)
    high, high_limit = _strictest([limits[name][1] for name in LIMITS], np.argmin)
    none = ~(low <= high)
    low, high = np.where(none, np.nan, low), np.where(none, np.nan, high)
    say("climb")
    rate, _ = best_climb(aircraft, mass, heights, offset, load)
    top, top_limit = _top(heights, found)
    return Envelope(
        mass, offset, heights, low, high, _blank(low_limit, none), _blank(high_limit, none), limits,
        _economy(cas, found), rate, top, min(top, _crossing(heights, rate - SERVICE)), top_limit,
    )  # fmt: skip


def _checked(aircraft: Aircraft, mass: float, offset: float) -> None:
    least, most = aircraft.mass.empty + aircraft.stores.mass, aircraft.mass.max_take_off
    if not least <= mass <= most:
        raise InputError(f"mass is {mass:g} kg; allowed is {least:g} (empty) to {most:g} kg (greatest take-off mass).")
    if not -80.0 <= offset <= 60.0:
        raise InputError(f"offset is {offset:g} K; allowed is -80 to 60 K over the standard day.")


def true_airspeed(calibrated: Any, height: Any, offset: Any) -> Row:
    """m/s true of a calibrated airspeed, m/s, at a pressure altitude, m, and K over US 1976 (exact, subsonic)."""
    pressure, temperature = _pressure_temperature(height, offset)
    impact = earth.P0 * ((1.0 + 0.2 * calibrated**2 / (earth.GAMMA * earth.GAS_CONSTANT * earth.T0)) ** 3.5 - 1.0)
    sound2 = earth.GAMMA * earth.GAS_CONSTANT * temperature
    found: Row = np.sqrt(5.0 * sound2 * ((impact / pressure + 1.0) ** (2.0 / 7.0) - 1.0))
    return found


def _pressure_temperature(height: Any, offset: Any) -> tuple[Any, Any]:
    """Pa and K of a pressure altitude, m, in numpy."""
    h = earth.GEOPOTENTIAL_RADIUS * np.asarray(height) / (earth.GEOPOTENTIAL_RADIUS + np.asarray(height))
    standard = earth.T0 - 0.0065 * np.minimum(h, 11000.0)
    exponent = earth.GRAVITY / (earth.GAS_CONSTANT * 0.0065)
    above = np.maximum(h - 11000.0, 0.0) * earth.GRAVITY / (earth.GAS_CONSTANT * (earth.T0 - 71.5))
    return earth.P0 * (standard / earth.T0) ** exponent * np.exp(-above), standard + offset


def _speeds(aircraft: Aircraft, mass: float) -> Row:
    """m/s calibrated: from below the stall to beyond the never-exceed speed."""
    a, g = aircraft.aero, aircraft.geometry
    stall = math.sqrt(2.0 * mass * earth.GRAVITY / (earth.RHO0 * g.wing_area * a.C_L_max))
    fast = 1.04 * aircraft.structure.airspeed_never_exceed
    cas: Row = 0.88 * stall + (fast - 0.88 * stall) * np.linspace(0.0, 1.0, SPEEDS) ** 1.3
    return cas


def _grid(aircraft: Aircraft, mass: float, offset: Any, load: float, heights: Row) -> tuple[Row, Certificate]:
    """Airspeeds, calibrated, and certificates shaped (heights, speeds, ...); `offset` a number or one to a height."""
    cas = _speeds(aircraft, mass)
    tall, fast = (grid.ravel() for grid in np.meshgrid(heights, cas, indexing="ij"))
    warm = np.repeat(np.broadcast_to(offset, heights.shape), cas.size)
    found = trim(aircraft, Condition(true_airspeed(fast, tall, warm), mass, tall, warm, alternator=load))
    shape = (heights.size, cas.size)
    return cas, Certificate(**{
        name: value.reshape(*shape, *value.shape[1:]) for name, value in vars(found).items()
    })  # fmt: skip


def _allowed(cas: Row, margins: Row) -> tuple[Row, Row]:
    """Least and greatest airspeed at each height between which a margin is kept, around its best place."""
    low, high = np.full(margins.shape[0], np.nan), np.full(margins.shape[0], np.nan)
    for k, margin in enumerate(margins):
        known = np.flatnonzero(np.isfinite(margin))
        if known.size == 0 or not (margin[known] >= 0.0).any():
            continue
        best = int(known[np.argmax(margin[known])])
        passed = [int(i) for i in known if margin[i] < 0.0]
        below, above = [i for i in passed if i < best], [i for i in passed if i > best]
        low[k] = _zero(cas, margin, below[-1], below[-1] + 1) if below else -np.inf
        high[k] = _zero(cas, margin, above[0] - 1, above[0]) if above else np.inf
    return low, high


def _zero(x: Row, y: Row, i: int, j: int) -> float:
    """Where the straight line through two points is 0."""
    return float(x[i] - y[i] * (x[j] - x[i]) / (y[j] - y[i]))


def _strictest(bounds: list[Row], choose: Any) -> tuple[Row, list[str]]:
    """The bound that counts at each height, and whose it is; not a number where any limit allows nothing."""
    table: Row = np.stack(bounds)
    nothing = np.isnan(table).any(axis=0)
    which = choose(np.where(np.isnan(table), 0.0, table), axis=0)
    return np.where(nothing, np.nan, table[which, np.arange(table.shape[1])]), [LIMITS[k] for k in which]


def _blank(names: list[str], none: Any) -> tuple[str, ...]:
    return tuple("" if gone else name for name, gone in zip(names, none, strict=True))


def _economy(cas: Row, found: Certificate) -> Row:
    """m/s calibrated of least power at each height, by the parabola through the three best points."""
    power = np.where(found.converged, found.shaft_power, np.inf)
    k = np.clip(np.argmin(power, axis=1), 1, cas.size - 2)
    rows = np.arange(power.shape[0])
    x, y = np.stack([cas[k - 1], cas[k], cas[k + 1]]), np.stack([power[rows, k + d] for d in (-1, 0, 1)])
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = (y[1] - y[0]) / (x[1] - x[0]), (y[2] - y[1]) / (x[2] - x[1])
        place = 0.5 * (x[0] + x[1]) - a * 0.5 * (x[2] - x[0]) / (b - a)
    found_at: Row = np.where(np.isfinite(place), np.clip(place, x[0], x[2]), x[1])
    return found_at


def _top(heights: Row, found: Certificate) -> tuple[float, str]:
    """The greatest height of level flight, and what ends it."""
    margins = np.where(np.isfinite(found.margins), found.margins, -1.0)
    least = np.min(margins, axis=2)
    best = np.max(least, axis=1)
    if best[0] < 0.0:
        return math.nan, _worst(found, 0, int(np.argmax(least[0])))
    if (best >= 0.0).all():
        return float(heights[-1]), ""
    k = int(np.argmax(best < 0.0))
    name = _worst(found, k, int(np.argmax(least[k])))
    others = np.delete(margins, LIMITS.index(name), axis=2).min(axis=2) >= 0.0
    mine = np.where(others, margins[:, :, LIMITS.index(name)], -np.inf).max(axis=1)
    return _zero(heights, mine if np.isfinite(mine[k]) else best, k - 1, k), name


def _worst(found: Certificate, k: int, at: int) -> str:
    """The limit that is passed farthest at a point."""
    margins = found.margins[k, at]
    return LIMITS[int(np.argmin(np.where(np.isfinite(margins), margins, np.inf)))]


def _crossing(heights: Row, values: Row) -> float:
    """The height at which values first fall through 0."""
    fallen = ~(values >= 0.0)
    if fallen[0] or not fallen.any():
        return math.nan if fallen[0] else float(heights[-1])
    k = int(np.argmax(fallen))
    return _zero(heights, values, k - 1, k) if np.isfinite(values[k]) else float(heights[k - 1])


def best_climb(
    aircraft: Aircraft, mass: float, heights: Row, offset: float = 0.0, alternator: float | None = None,
    speeds: int = 14,
) -> tuple[Row, Row]:
    """Best steady climb at full power.

    The path angle at which the engine gives all it has, by the secant rule over trims; the best of a few airspeeds by
    the parabola around it. Constant true airspeed: what a climb at constant calibrated airspeed spends on growing
    faster, 2 to 6 %, is not taken off.

    Returns:
        m/s upwards (not a number above the absolute ceiling of this search), and its calibrated airspeed, m/s.
    """
    load = usual_load(aircraft) if alternator is None else alternator
    cas = _speeds(aircraft, mass)
    cas = np.linspace(1.06 * cas[0] / 0.88, min(2.2 * cas[0] / 0.88, cas[-1] / 1.04), speeds)
    tall, fast = (grid.ravel() for grid in np.meshgrid(heights, cas, indexing="ij"))
    V = true_airspeed(fast, tall, offset)
    asked = Condition(V, mass, tall, offset, alternator=load)
    gamma = full_power_path(aircraft, asked)
    rate = (V * np.sin(gamma)).reshape(heights.size, cas.size)
    best = np.nanargmax(np.where(np.isfinite(rate), rate, -np.inf), axis=1)
    best = np.clip(best, 1, cas.size - 2)
    rows = np.arange(heights.size)
    a, b, c = (rate[rows, best + d] for d in (-1, 0, 1))
    bend = a - 2.0 * b + c
    shift = np.where(bend < 0.0, np.clip(0.5 * (a - c) / np.where(bend < 0.0, bend, -1.0), -1.0, 1.0), 0.0)
    return b - 0.25 * (a - c) * shift, cas[best] + shift * (cas[1] - cas[0])


def full_power_path(aircraft: Aircraft, asked: Condition, rounds: int = 4) -> Row:
    """rad: the path angle at which each flight needs all of its power; not a number without a balance."""
    power = LIMITS.index("power")

    def left(gamma: Any) -> Any:
        return trim(aircraft, replace(asked, gamma=np.nan_to_num(gamma))).margins[:, power]

    before = np.zeros_like(np.asarray(asked.airspeed))
    spare = left(before)
    most = trim(aircraft, asked).power_available
    now = np.clip(0.75 * spare * most / (asked.mass * earth.GRAVITY * asked.airspeed), -0.3, 0.5)
    for _ in range(rounds):
        here = left(now)
        slope = np.where(np.abs(now - before) > 1e-9, (here - spare) / np.where(now == before, 1.0, now - before), -1.0)
        before, spare, now = now, here, np.clip(now - np.where(slope == 0.0, 0.0, here / slope), -0.3, 0.5)
    return np.asarray(now)


def days(aircraft: Aircraft, mass: float, alternator: float | None = None, tell: Tell | None = None) -> list[Day]:
    """The greatest height of level flight on thirteen days."""
    say = tell or (lambda words: None)
    _checked(aircraft, mass, 0.0)
    load = usual_load(aircraft) if alternator is None else alternator
    heights = np.arange(0.0, HIGHEST + 1.0, 2.0 * STEP)
    found = []
    for celsius in DAYS:
        say(f"day of {celsius:+.0f} C")
        _, grid = _grid(aircraft, mass, celsius - 15.0, load, heights)
        top, limit = _top(heights, grid)
        free = replace(grid, margins=np.where(np.asarray(LIMITS) == "temperature", 1.0, grid.margins))
        found.append(Day(celsius, top, limit, _top(heights, free)[0]))
    return found
