"""What a mission's pictures are drawn from: plain numbers over time, and nothing else.

A recorded flight, a live one and a made-up one all become a `StripFlight`. Values are SI and radians, times are seconds
since 1970-01-01T00:00Z, heights are metres above mean sea level; another unit shows in the field's name. A value that
is not known is NaN, a whole series that is not known is None: the pictures show an en dash for it, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from samruk.errors import InputError
from samruk.verdict.strip_curve import stretches

Series = np.ndarray[Any, np.dtype[np.float64]]

CIVIL = np.radians(-6.0)
"""rad, elevation of the sun's centre at civil dusk and dawn: night begins below it."""
HORIZON = np.radians(-0.833)
"""rad, elevation of the sun's centre at sunrise and sunset: refraction and the sun's radius."""


class EventLike(Protocol):
    """Whatever can stand in a chain of events."""

    @property
    def time(self) -> float:
        """s since 1970."""

    @property
    def text(self) -> str:
        """A verb in the present."""

    @property
    def level(self) -> str:
        """`info`, `advisory`, `caution` or `warning`."""


@dataclass(frozen=True)
class Event:
    """One line of the chain of events."""

    time: float
    """s since 1970."""
    text: str
    """A verb in the present: the clock stands before it."""
    level: str = "info"
    """`info`, `advisory`, `caution` or `warning`."""


class Extreme(NamedTuple):
    """The worst value of a flight and when it was reached."""

    value: float
    time: float
    """s since 1970; NaN where only the value is known."""


class Span(NamedTuple):
    """A stretch of time; with a text, who or what it belongs to."""

    start: float
    end: float
    text: str = ""


def _series() -> Any:
    """A series over `time`; None becomes NaN throughout."""
    return field(default=None, metadata={"series": True})


@dataclass(frozen=True)
class StripFlight:
    """One flight. All series have the length of `time`; a refused flight may have none."""

    name: str
    note: str = ""
    """What differs from the other flights of the day."""
    outcome: str | None = None
    """`completed`, `diverted`, `refused`, `lost`; None where there is no verdict."""
    duration: float | None = None
    """s; None takes the length of `time`."""
    fix: str = ""
    """The smallest change that turns the outcome, in words."""
    events: tuple[EventLike, ...] = ()
    time: Series = field(default_factory=lambda: np.zeros(0), metadata={"series": True})
    """s since 1970, rising."""
    height: Series = _series()
    """m, of the aircraft."""
    ground: Series = _series()
    """m, of the surface below it."""
    water: Series = _series()
    """1 where the surface below is water; where unknown, ground at or under 0 m counts as sea."""
    cloud_base: Series = _series()
    """m, at the aircraft's place; NaN where there is no cloud."""
    cloud_top: Series = _series()
    """m, at the aircraft's place."""
    cloud_icing: Series = _series()
    """1 where that cloud holds supercooled water."""
    freezing_level: Series = _series()
    """m, height of 0 degC at the aircraft's place."""
    ice: Series = _series()
    """kg, on the whole aircraft."""
    protection_on: Series = _series()
    """1 while ice protection heats."""
    protection_ready: Series = _series()
    """1 while it is switched on and does not heat."""
    protection_failed: Series = _series()
    """1 while it cannot work."""
    stall_margin: Series = _series()
    """Airspeed over stall speed, less 1; NaN on the ground."""
    los_margin_db: Series = _series()
    """dB of line-of-sight link over what it needs."""
    satellite_margin_db: Series = _series()
    """dB of satellite link over what it needs."""
    link_up: Series = _series()
    """1 while any link carries."""
    fuel: Series = _series()
    """kg aboard."""
    bingo: Series = _series()
    """kg that would just bring it home with the reserve."""
    reserve: float = np.nan
    """kg."""
    fuel_capacity: float = np.nan
    """kg, full tanks."""
    bay_c: Series = _series()
    """degC, avionics bay."""
    fuel_c: Series = _series()
    """degC, coldest fuel."""
    outside_c: Series = _series()
    """degC, air at the aircraft."""
    bay_limits_c: tuple[float, float] = (np.nan, np.nan)
    """degC, coldest and hottest bay allowed."""
    fuel_limit_c: float = np.nan
    """degC, coldest fuel allowed."""
    mode: Series = _series()
    """A `messages.Mode`."""
    automatic: Series = _series()
    """1 where the aircraft began the mode by itself."""
    commanders: tuple[Span, ...] = ()
    """Who was in command: "S1" is written "S1 commands", several words as they are; between spans it was nobody."""
    latitude: Series = _series()
    """rad, geodetic."""
    longitude: Series = _series()
    """rad, east."""
    sun_elevation: Series = _series()
    """rad, at the aircraft."""
    extremes: Mapping[str, Extreme] = field(default_factory=dict)
    """Extremes known more finely than the series (`ice`, `stall_margin`, `link_margin_db`): the worse one is told."""

    lost: tuple[float, int] | None = None
    """s without any link and the number of gaps, where known more finely than by `link_up`."""

    def __post_init__(self) -> None:
        """Make every series a float array of one length, or say which one is not."""
        time = np.asarray(self.time, dtype=float).ravel()
        if time.size and not (np.all(np.isfinite(time)) and np.all(np.diff(time) > 0.0)):
            raise InputError("time must be finite and rising", f"flight '{self.name}'", "Sort its samples by time.")
        for each in fields(self):
            if "series" in each.metadata:
                object.__setattr__(self, each.name, self._whole(each.name, time.size))
        object.__setattr__(self, "events", tuple(sorted(self.events, key=lambda event: event.time)))

    def _whole(self, name: str, n: int) -> Series:
        """The series as a float array of the flight's length."""
        value = getattr(self, name)
        array = np.full(n, np.nan) if value is None else np.asarray(value, dtype=float).ravel()
        if array.size != n:
            raise InputError(f"{name} has {array.size} samples, time has {n}", f"flight '{self.name}'")
        return array

    @property
    def flown(self) -> bool:
        """Whether there is anything to draw."""
        return self.time.size > 1

    @property
    def lasts(self) -> float:
        """s from the first sample to the last, or the duration that was given."""
        if self.duration is not None:
            return self.duration
        return float(self.time[-1] - self.time[0]) if self.flown else 0.0


@dataclass(frozen=True)
class StripDay:
    """The flights of one picture, on one time axis."""

    title: str
    subtitle: str = ""
    flights: tuple[StripFlight, ...] = ()
    start: float | None = None
    """s since 1970, left edge; None: a little before the first sample or event."""
    end: float | None = None
    """s since 1970, right edge."""

    def __post_init__(self) -> None:
        """Take any sequence of flights; refuse an empty day."""
        object.__setattr__(self, "flights", tuple(self.flights))
        if not self.flights:
            raise InputError("a picture needs at least one flight", f"day '{self.title}'")

    def _known(self) -> list[float]:
        """All times that must lie on the paper."""
        return [t for flight in self.flights for t in _moments(flight)] or [0.0]

    def begins(self) -> float:
        """s since 1970: the first sample or event, or the left edge that was asked for."""
        return min(self._known()) if self.start is None else self.start

    def window(self) -> tuple[float, float]:
        """s since 1970: left and right edge of the time axis, never closer than a minute."""
        known = self._known()
        start = min(known) if self.start is None else self.start
        end = max(known) if self.end is None else self.end
        end = max(end, start + 60.0)
        pad = 0.006 * (end - start)
        return (start - pad if self.start is None else start), (end + pad if self.end is None else end)


def _moments(flight: StripFlight) -> list[float]:
    """All times that must lie on the paper."""
    times = [event.time for event in flight.events]
    if flight.time.size:
        times += [float(flight.time[0]), float(flight.time[-1])]
    return times


def runs(flags: Iterable[Any]) -> list[tuple[int, int]]:
    """First and last index of each unbroken stretch of true."""
    return stretches(np.asarray(flags, dtype=bool))


def spans(time: Series, flags: Iterable[Any]) -> list[Span]:
    """Stretches of time for which a sampled flag held: from its first sample to the sample after its last."""
    last = time.size - 1
    return [Span(float(time[a]), float(time[min(b + 1, last)])) for a, b in runs(flags)]


def least(time: Series, value: Series) -> Extreme | None:
    """The least known value, or None where nothing is known."""
    if not np.any(np.isfinite(value)):
        return None
    k = int(np.nanargmin(value))
    return Extreme(float(value[k]), float(time[k]))


def most(time: Series, value: Series) -> Extreme | None:
    """The greatest known value, or None where nothing is known."""
    found = least(time, -value)
    return None if found is None else Extreme(-found.value, found.time)


def ice_most(flight: StripFlight) -> Extreme | None:
    """kg: the most ice carried."""
    known = [e for e in (most(flight.time, flight.ice), flight.extremes.get("ice")) if e is not None]
    return max(known, default=None)


def stall_least(flight: StripFlight) -> Extreme | None:
    """The least margin above stall, a fraction of stall speed."""
    known = [e for e in (least(flight.time, flight.stall_margin), flight.extremes.get("stall_margin")) if e is not None]
    return min(known, default=None)


def link_least(flight: StripFlight) -> Extreme | None:
    """dB: the least margin of the better of both links."""
    best = np.fmax(flight.los_margin_db, flight.satellite_margin_db)
    known = [e for e in (least(flight.time, best), flight.extremes.get("link_margin_db")) if e is not None]
    return min(known, default=None)


def gaps(flight: StripFlight) -> list[Span]:
    """Times without any link."""
    return spans(flight.time, flight.link_up == 0.0)


def coarse(flight: StripFlight, span: Span) -> bool:
    """Whether a stretch is so short that the samples tell its length to a fifth at best."""
    return span.end - span.start < 5.0 * float(np.median(np.diff(flight.time)))


def last_known(value: Series) -> float:
    """The last value that is known, or NaN."""
    known = np.flatnonzero(np.isfinite(value))
    return float(value[known[-1]]) if known.size else float("nan")


class Sun(NamedTuple):
    """The sun over a day's time axis."""

    nights: list[Span]
    rises: list[float]
    sets: list[float]


def sun(day: StripDay) -> Sun:
    """Nights and the moments of sunrise and sunset, from the flight that knows the sun for longest."""
    best = max(day.flights, key=lambda flight: int(np.isfinite(flight.sun_elevation).sum()))
    known = np.isfinite(best.sun_elevation)
    time, elevation = best.time[known], best.sun_elevation[known]
    if time.size < 2:
        return Sun([], [], [])
    first, last = day.window()
    dusk, dawn = _crossings(time, elevation, CIVIL)
    edges = [first, *sorted(dusk + dawn), last]
    dark = bool(elevation[0] < CIVIL)
    nights = [Span(a, b) for k, (a, b) in enumerate(pairwise(edges)) if (k % 2 == 0) == dark]
    sets, rises = _crossings(time, elevation, HORIZON)
    return Sun(nights, rises, sets)


def _crossings(time: Series, value: Series, level: float) -> tuple[list[float], list[float]]:
    """Times at which a series falls below and rises above a level, between samples by straight line."""
    above = value >= level
    at = np.flatnonzero(above[1:] != above[:-1])
    part = (level - value[at]) / (value[at + 1] - value[at])
    times = time[at] + part * (time[at + 1] - time[at])
    falls = above[at]
    return [float(t) for t in times[falls]], [float(t) for t in times[~falls]]
