"""What a run may be judged by: each quantity read from a flight's ledger, end and frames, in the unit of print."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk import units
from samruk.leaves import leaf
from samruk.ledger import NEVER
from samruk.messages import Mode
from samruk.sim import MISSION_DT
from samruk.verdict.flights import Flown

Column = np.ndarray[Any, Any]
Frames = dict[str, Column]

AIRBORNE_FROM = 30.0
"""m above the surface from which a flight counts as clear of it."""
CRUISING = tuple(int(m) for m in (Mode.CLIMB, Mode.ROUTE, Mode.LOITER, Mode.RETURN, Mode.DIVERT, Mode.ESCAPE,
                                  Mode.LOST_LINK, Mode.DESCENT))  # fmt: skip
ICED = 0.5
"""kg from which the wing counts as iced."""
SETTLED = 300.0
"""s after which a loiter is settled."""
REACHED = 30.0
"""m below the ordered height that count as there."""
LONGEST_CLIMB = 3600.0
"""s of circling after which a flight that still climbs is judged by its height."""


@dataclass(frozen=True)
class Quantity:
    """One quantity."""

    title: str
    """For people."""
    unit: str
    """Of print."""
    suffix: str
    """The same as a suffix of `samruk.units`, for limits taken from the aircraft."""
    digits: int
    peak: Callable[[Flown], float]
    """The worst of a flight in the unit of print; NaN where the flight never came to it."""
    series: Callable[[Flown], Column] | None = None
    """Its course over the frames, NaN where it does not count; None where no frame holds it."""


def _flew(flown: Flown) -> bool:
    return bool(flown.ledger.events.take_off.first != NEVER)


def _extreme(path: str, suffix: str, factor: float = 1.0, plus: float = 0.0) -> Callable[[Flown], float]:
    """An extreme of the ledger; NaN for a flight that never left the ground."""

    def read(flown: Flown) -> float:
        if not _flew(flown):
            return math.nan
        return factor * units.to_outside(float(leaf(flown.ledger, path)), suffix) + plus

    return read


def _frame(name: str, suffix: str, factor: float = 1.0, plus: float = 0.0) -> Callable[[Flown], Column]:
    """A field of the frames."""
    scale, offset = units.SUFFIXES[suffix]

    def read(flown: Flown) -> Column:
        values: Column = factor * (_frames(flown)[name] - offset) / scale + plus
        return values

    return read


def _frames(flown: Flown) -> Frames:
    return flown.frames or {}


def airborne(flown: Flown) -> Column:
    """Truth value: in the air, clear of the ground."""
    f = _frames(flown)
    inside: Column = (f["on_ground"] == 0.0) & (f["height"] - f["ground"] > AIRBORNE_FROM)
    return inside


def _cruising(flown: Flown) -> Column:
    cruising: Column = airborne(flown) & np.isin(_frames(flown)["mode"], CRUISING)
    return cruising


def ordered(flown: Flown) -> float:
    """m, the height of the station."""
    return float(np.max(flown.inputs.tables.route.altitude[: int(flown.inputs.task.legs)]))


def _settled(flown: Flown) -> Column:
    """Truth value: circling at the station, from when the height was first reached, or an hour later if it never is."""
    f = _frames(flown)
    loiter: Column = (f["mode"] == int(Mode.LOITER)) & (f["on_station"] != 0.0)
    if not loiter.any():
        return loiter
    begun = f["time"][np.argmax(loiter)]
    there = loiter & (f["height"] > ordered(flown) - REACHED)
    start = f["time"][np.argmax(there)] if there.any() else begun + LONGEST_CLIMB
    settled: Column = loiter & (f["time"] > max(start, begun) + SETTLED)
    return settled


def _of_frames(course: Callable[[Flown], Column], worst: Callable[[Column], Any]) -> Callable[[Flown], float]:
    """The worst of a course; NaN where nothing of it counts."""

    def read(flown: Flown) -> float:
        values = course(flown)
        kept = values[np.isfinite(values)]
        return float(worst(kept)) if kept.size else math.nan

    return read


def _where(course: Callable[[Flown], Column], counts: Callable[[Flown], Column]) -> Callable[[Flown], Column]:

    def read(flown: Flown) -> Column:
        values: Column = np.where(counts(flown), course(flown), np.nan)
        return values

    return read


def _outcome(*good: str) -> Callable[[Flown], float]:
    return lambda flown: float(flown.outcome in good)


def _happened(*names: str) -> Callable[[Flown], float]:
    """1 where one of these events happened."""

    def read(flown: Flown) -> float:
        return float(any(getattr(flown.ledger.events, name).first != NEVER for name in names))

    return read


def _lasted(name: str) -> Callable[[Flown], float]:
    """s for which an event was true."""
    return lambda flown: MISSION_DT * float(getattr(flown.ledger.events, name).count) if _flew(flown) else math.nan


def _first(name: str, after: str) -> Callable[[Flown], float]:
    """s from the beginning of one event to that of another; NaN without the first, infinite without the second."""

    def read(flown: Flown) -> float:
        began, came = (getattr(flown.ledger.events, event).first for event in (after, name))
        if began == NEVER:
            return math.nan
        return MISSION_DT * float(came - began) if came != NEVER else math.inf

    return read


def _iced_ratio(flown: Flown) -> Column:
    """Airspeed over the true stall speed, while there is ice on the wing."""
    f = _frames(flown)
    return np.where(_cruising(flown) & (f["ice"] > ICED), 1.0 + f["stall_margin"], np.nan)


def _height_lost(flown: Flown) -> Column:
    """m below the ordered height of the station."""
    return np.where(_settled(flown), ordered(flown) - _frames(flown)["height"], np.nan)


def _gradient(flown: Flown) -> float:
    """Climb gradient, %, from 50 m above the runway to 3,048 m above it, or as high as the flight goes."""
    f = _frames(flown)
    above = f["height"] - float(flown.inputs.task.home.elevation)
    climbing = airborne(flown) & np.isin(f["mode"], (int(Mode.TAKE_OFF), int(Mode.CLIMB), int(Mode.ROUTE)))
    inside = climbing & (above > 50.0) & (above < 3048.0) & (f["climb_rate"] > 0.1)
    if not inside.any():
        return math.nan
    top = int(np.argmax(np.where(inside, above, -np.inf)))
    inside[top + 1 :] = False
    return 100.0 * float(f["climb_rate"][inside].sum() / f["ground_speed"][inside].sum())


def _rate(name: str, window: float) -> Callable[[Flown], Column]:
    """Size of a temperature's rate over a window of s, K/min."""

    def read(flown: Flown) -> Column:
        f = _frames(flown)
        time, value = f["time"], f[name]
        before = np.interp(time - window, time, value)
        rate = 60.0 * np.abs(value - before) / window
        return np.where((time - window >= time[0]) & airborne(flown), rate, np.nan)

    return read


def _rms(name: str) -> Callable[[Flown], float]:
    """Root of the mean square about the mean, deg, settled on station."""

    def read(flown: Flown) -> float:
        values = _frames(flown)[name][_settled(flown)] if _flew(flown) else np.empty(0)
        return float(np.degrees(np.std(values))) if values.size > 10 else math.nan

    return read


def _availability(flown: Flown) -> float:
    """Part of the time in the air with a link, %."""
    return 100.0 * float(np.mean(_frames(flown)["link_up"][airborne(flown)])) if _flew(flown) else math.nan


def _trim(flown: Flown) -> Column:
    """Size of the aileron's mean over a minute, % of its travel, clear of the ground."""
    f = _frames(flown)
    every = float(np.median(np.diff(f["time"]))) if f["time"].size > 1 else 1.0
    window = np.ones(max(round(60.0 / every), 1))
    mean = np.convolve(f["aileron"], window / window.size, "same")
    share = 100.0 * np.abs(mean) / float(flown.inputs.aircraft.actuators.delta_a_limit)
    trim: Column = np.where(_cruising(flown), share, np.nan)
    return trim


def _link(flown: Flown) -> Column:
    """dB, margin of the better link in the air."""
    f = _frames(flown)
    return np.where(airborne(flown), np.maximum(f["los_margin"], f["satellite_margin"]), np.nan)


def _flow(flown: Flown) -> float:
    """kg/h of fuel, settled on station."""
    f, inside = _frames(flown), _settled(flown)
    if inside.sum() < 10:
        return math.nan
    first, last = np.flatnonzero(inside)[[0, -1]]
    return 3600.0 * float((f["fuel"][first] - f["fuel"][last]) / (f["time"][last] - f["time"][first]))


def _take_off_run(flown: Flown) -> float:
    """Ground run over the runway's length, %."""
    f = _frames(flown)
    if not _flew(flown):
        return math.nan
    lift = MISSION_DT * float(flown.ledger.events.take_off.first)
    way = _along(flown)
    return 100.0 * float(np.interp(lift, f["time"], way) - way[0]) / float(flown.inputs.task.home.length)


def _offsets(flown: Flown) -> tuple[Column, Column]:
    """m north and east of home's threshold, on a sphere: 0.3 % of the way."""
    f, home = _frames(flown), flown.inputs.task.home
    radius = 6371000.0
    north = radius * (f["latitude"] - float(home.latitude))
    return north, radius * math.cos(float(home.latitude)) * (f["longitude"] - float(home.longitude))


def _along(flown: Flown) -> Column:
    north, east = _offsets(flown)
    heading = float(flown.inputs.task.home.heading)
    return math.cos(heading) * north + math.sin(heading) * east


def _across(flown: Flown) -> Column:
    north, east = _offsets(flown)
    heading = float(flown.inputs.task.home.heading)
    return math.cos(heading) * east - math.sin(heading) * north


def _touch(course: Callable[[Flown], Column], size: bool) -> Callable[[Flown], float]:
    """A course at the first touch of the wheels."""

    def read(flown: Flown) -> float:
        first = flown.ledger.events.touch_down.first
        if first == NEVER:
            return math.nan
        value = float(np.interp(MISSION_DT * first, _frames(flown)["time"], course(flown)))
        return abs(value) if size else value

    return read


def _engine(flown: Flown) -> Column:
    return _frame("engine_temperature", "c")(flown)


def _always(path: str, suffix: str) -> Callable[[Flown], float]:
    """An extreme of the ledger that counts on the ground too."""
    return lambda flown: units.to_outside(float(leaf(flown.ledger, path)), suffix)


def _all_along(title: str, name: str) -> Quantity:
    """The highest of a temperature over all frames, on the ground too."""
    course = _frame(name, "c")
    return Quantity(title, "C", "c", 1, _of_frames(course, np.max), course)


def _parked(title: str, name: str, worst: Callable[[Column], Any] = np.max) -> Quantity:
    """A temperature while the aircraft stands before its flight, or where it stays if there is none."""

    def course(flown: Flown) -> Column:
        mode = _frames(flown)["mode"]
        standing = np.logical_and.accumulate(np.isin(mode, (int(Mode.PREFLIGHT), int(Mode.REFUSED))))
        return np.where(standing, _frame(name, "c")(flown), np.nan)

    return Quantity(title, "C", "c", 1, _of_frames(course, worst), course)


QUANTITIES: dict[str, Quantity] = {
    "completed": Quantity("flight completed", "", "1", 0, _outcome("completed")),
    "returned": Quantity("aircraft came down whole on a runway", "", "1", 0, _outcome("completed", "diverted")),
    "safe": Quantity("aircraft whole: landed or never left", "", "1", 0, _outcome("completed", "diverted", "refused")),
    "refused": Quantity("refused before take-off", "", "1", 0, _outcome("refused")),
    "load_factor_high": Quantity("largest load factor", "g", "1", 2, _extreme("margins.load_factor_high", "1"),
                                 _frame("load_factor", "1")),
    "load_factor_low": Quantity("smallest load factor", "g", "1", 2, _extreme("margins.load_factor_low", "1"),
                                _frame("load_factor", "1")),
    "airspeed": Quantity("largest airspeed", "kt", "kt", 0, _extreme("margins.airspeed", "kt"),
                         _frame("airspeed", "kt")),
    "stall_ratio": Quantity("least airspeed over stall speed", "", "1", 2,
                            _extreme("margins.stall_margin", "1", plus=1.0),
                            _where(_frame("stall_margin", "1", plus=1.0), airborne)),
    "stall_ratio_iced": Quantity("least airspeed over stall speed, iced", "", "1", 2,
                                 _of_frames(_iced_ratio, np.min), _iced_ratio),
    "bay_high": Quantity("hottest avionics bay", "C", "c", 1, _extreme("margins.bay_high", "c"),
                         _frame("bay_temperature", "c")),
    "bay_low": Quantity("coldest avionics bay", "C", "c", 1, _extreme("margins.bay_low", "c"),
                        _frame("bay_temperature", "c")),
    "bay_rate": Quantity("fastest change of the bay, over 5 min", "C/min", "1", 2,
                         _of_frames(_rate("bay_temperature", 300.0), np.max), _rate("bay_temperature", 300.0)),
    "outside_rate": Quantity("fastest change of the air, over 5 min", "C/min", "1", 2,
                             _of_frames(_rate("temperature", 300.0), np.max), _rate("temperature", 300.0)),
    "coolant": Quantity("hottest coolant", "C", "c", 1, _extreme("margins.engine_temperature", "c"), _engine),
    "oil": Quantity("hottest oil", "C", "c", 1, _extreme("margins.oil_temperature", "c"),
                    _frame("oil_temperature", "c")),
    "boxes": Quantity("hottest avionics box", "C", "c", 1, _extreme("margins.boxes", "c"),
                      _frame("box_temperature", "c")),
    "battery_low": Quantity("coldest battery", "C", "c", 1, _extreme("margins.battery_low", "c"),
                            _frame("battery_temperature", "c")),
    "turret_high": Quantity("hottest turret", "C", "c", 1, _extreme("margins.turret_high", "c"),
                            _frame("turret_temperature", "c")),
    "turret_low": Quantity("coldest turret", "C", "c", 1, _extreme("margins.turret_low", "c"),
                           _frame("turret_temperature", "c")),
    "skin": Quantity("hottest skin, parked or in flight", "C", "c", 1, _always("margins.skin", "c"),
                     _frame("skin_temperature", "c")),
    "dark_skin": Quantity("hottest dark marking", "C", "c", 1, _always("margins.dark_skin", "c")),
    "fuel_hot": Quantity("hottest fuel, parked or in flight", "C", "c", 1, _always("margins.fuel_high", "c"),
                         _frame("fuel_temperature", "c")),
    "boxes_hot": _all_along("hottest avionics box, parked or in flight", "box_temperature"),
    "bay_hot": _all_along("hottest avionics bay, parked or in flight", "bay_temperature"),
    "battery_hot": _all_along("hottest battery, parked or in flight", "battery_temperature"),
    "boxes_parked": _parked("hottest avionics box, parked", "box_temperature"),
    "bay_parked": _parked("hottest avionics bay, parked", "bay_temperature"),
    "battery_parked": _parked("hottest battery, parked", "battery_temperature"),
    "fuel_parked": _parked("hottest fuel, parked", "fuel_temperature"),
    "skin_parked": _parked("hottest skin, parked", "skin_temperature"),
    "air_parked": _parked("hottest air, parked", "temperature"),
    "air_parked_low": _parked("coldest air, parked", "temperature", np.min),
    "battery_parked_low": _parked("coldest battery, parked", "battery_temperature", np.min),
    "engine_parked_low": _parked("coldest coolant, parked", "engine_temperature", np.min),
    "fuel_parked_low": _parked("coldest fuel, parked", "fuel_temperature", np.min),
    "fuel_cold": Quantity("coldest fuel", "C", "c", 1, _extreme("margins.fuel_temperature", "c"),
                          _frame("fuel_temperature", "c")),
    "outside_low": Quantity("coldest air", "C", "c", 1, _extreme("margins.outside_low", "c"),
                            _frame("temperature", "c")),
    "outside_high": Quantity("hottest air", "C", "c", 1, _extreme("margins.outside_high", "c"),
                             _frame("temperature", "c")),
    "generator_load": Quantity("largest load of the alternator", "%", "pct", 0,
                               _extreme("margins.generator_load", "pct"), _frame("generator_load", "pct")),
    "pitot_blockage": Quantity("pitot blockage", "%", "pct", 0,
                               _of_frames(_where(_frame("pitot_blockage", "pct"), airborne), np.max),
                               _frame("pitot_blockage", "pct")),
    "ice": Quantity("most ice carried", "kg", "kg", 1, _extreme("margins.ice", "kg"), _frame("ice", "kg")),
    "height_lost": Quantity("below the ordered height on station", "m", "m", 0, _of_frames(_height_lost, np.max),
                            _height_lost),
    "gradient": Quantity("climb gradient to 10,000 ft", "%", "1", 1, _gradient),
    "take_off_run": Quantity("take-off run, of the runway", "%", "1", 0, _take_off_run),
    "sink": Quantity("hardest touch-down", "m/s", "m_s", 2,
                     lambda f: float(f.ledger.margins.touch_down_sink)
                     if f.ledger.events.touch_down.first != NEVER else math.nan),
    "touch_past": Quantity("first touch past the threshold", "m", "m", 0, _touch(_along, False)),
    "touch_off": Quantity("first touch off the centreline", "m", "m", 1, _touch(_across, True)),
    "roll_rms": Quantity("roll, root mean square on station", "deg", "deg", 1, _rms("phi"),
                         _where(_frame("phi", "deg"), airborne)),
    "pitch_rms": Quantity("pitch, root mean square on station", "deg", "deg", 1, _rms("theta"),
                          _where(_frame("theta", "deg"), airborne)),
    "availability": Quantity("time with a link", "%", "pct", 1, _availability),
    "link_margin": Quantity("least margin of the better link", "dB", "db", 1, _of_frames(_link, np.min), _link),
    "longest_gap": Quantity("longest time without link", "s", "s", 0, _extreme("margins.longest_gap", "s")),
    "lost_link_flown": Quantity("lost-link route flown", "", "1", 0, _happened("lost_link_flown")),
    "homeward": Quantity("turned for home or left the ice by itself", "", "1", 0,
                         _happened("returning", "diverting", "escape")),
    "protection_from_cloud": Quantity("from entering cloud to protection on", "s", "s", 0,
                                      _first("protection", "icing_cloud")),
    "detection_from_cloud": Quantity("from entering cloud to the ice found", "s", "s", 0,
                                     _first("ice_detected", "icing_cloud")),
    "wind_shear": Quantity("largest F-factor over 1 km", "", "1", 3, _extreme("margins.wind_shear", "1"),
                           _frame("wind_shear", "1")),
    "went_around": Quantity("went around", "", "1", 0, _happened("go_around")),
    "beyond_model": Quantity("time beyond the validity of a model", "s", "s", 0, _lasted("beyond_model")),
    "aileron": Quantity("aileron that holds the wings, of its travel", "%", "1", 0, _of_frames(_trim, np.max), _trim),
    "icing_time": Quantity("time in icing cloud", "s", "s", 0, _lasted("icing_cloud")),
    "station": Quantity("time on station", "h", "h", 1,
                        lambda f: float(f.ledger.integrals.station) / 3600.0 if _flew(f) else math.nan),
    "fuel_flow": Quantity("fuel on station", "kg/h", "1", 1, _flow),
    "fuel_over_bingo": Quantity("least fuel over what reaches home", "kg", "kg", 0,
                                _extreme("margins.fuel_over_bingo", "kg")),
    "height": Quantity("greatest height", "m", "m", 0, _extreme("margins.height", "m"), _frame("height", "m")),
}  # fmt: skip
"""All quantities by their stable names."""
