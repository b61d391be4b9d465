"""Made-up days for tests of the pictures: scripted flights with the look of recorded ones, and days drawn by chance.

No physics here: heights follow key points, ice grows while a scripted cloud is crossed, fuel burns at a fixed rate.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# MAPfrom samruk.verdict.map import Aerodrome, Antenna, CloudFootprint, MissionMap, Place
from samruk.verdict.map import Aerodrome, Antenna, CloudFootprint, MissionMap, Place
from samruk.verdict.outcome import Cause, Fix, Verdict
from samruk.verdict.picture import Event, Span, StripDay, StripFlight
from samruk.verdict.report import Report

MIDNIGHT = 1800403200.0
"""s since 1970: 2027-01-20T00:00Z."""
HOUR = 3600.0
HOME = (40.08, 32.57)
"""deg, a field on a plateau."""
ALTERNATE = (41.56, 35.20)
COAST = 41.35
"""deg, latitude of the made-up coast."""


def _sun(time: np.ndarray, latitude: float = 41.0, longitude: float = 33.0) -> np.ndarray:
    """rad, elevation of the sun in late January, to a degree or so."""
    hour_angle = np.radians((time % 86400.0) / 240.0 + longitude - 183.0)
    lat, dec = np.radians(latitude), np.radians(-20.2)
    return np.arcsin(np.sin(lat) * np.sin(dec) + np.cos(lat) * np.cos(dec) * np.cos(hour_angle))


def _ground(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """m: plateau, coastal range, sea at 0."""
    ridge = 900.0 * np.exp(-(((latitude - 41.05) / 0.16) ** 2)) * (1.0 + 0.5 * np.sin(9.0 * longitude))
    rough = 130.0 * np.sin(31.0 * longitude + 11.0 * latitude) + 70.0 * np.sin(97.0 * longitude - 40.0 * latitude)
    shore = np.clip((COAST + 0.05 * np.sin(7.0 * longitude) - latitude) / 0.3, 0.0, 1.0)
    return np.maximum(0.0, (880.0 + ridge + rough) * shore)


def _track(
    time: np.ndarray, start: float, home: float, to: tuple[float, float] = HOME
) -> tuple[np.ndarray, np.ndarray]:
    """deg: out to the coast, up and down along it, and to the place of landing."""
    last = time[-1]
    arrive = start + 1.1 * HOUR
    legs = np.arange(arrive, max(home, arrive + 1.0), 1.75 * HOUR)
    west = np.arange(legs.size) % 2 == 0
    keys = [start, *legs, home, last]
    lat = [HOME[0], *np.where(west, 41.62, 41.48), 41.45, to[0]]
    lon = [HOME[1], *np.where(west, 31.6, 34.4), float(np.interp(home, legs, np.where(west, 31.6, 34.4))), to[1]]
    return np.interp(time, keys, lat), np.interp(time, keys, lon)


def _cloud(time: np.ndarray) -> dict[str, np.ndarray]:
    """m and flags: two fronts with icing, a thin high deck between them."""
    hour = (time - MIDNIGHT) / HOUR
    base, top, icing = (np.full(time.size, np.nan) for _ in range(3))
    for a, b, low, high, wet in ((8.4, 12.7, 2150, 4900, 1), (20.7, 25.3, 2500, 4700, 1), (14.6, 18.2, 5900, 6300, 0)):
        here = (hour > a) & (hour < b)
        swell = np.sqrt(np.sin(np.pi * (hour[here] - a) / (b - a)))
        ripple = 90.0 * np.sin(7.0 * hour[here]) + 50.0 * np.sin(17.0 * hour[here])
        middle = 0.5 * (low + high)
        base[here], top[here] = middle - (middle - low) * swell + ripple, middle + (high - middle) * swell + ripple
        icing[here] = wet
    return {"cloud_base": base, "cloud_top": top, "cloud_icing": icing}


def _ice(time: np.ndarray, wet: np.ndarray, on: np.ndarray) -> np.ndarray:
    """kg: grows in wet cloud, slowly under protection, leaves outside."""
    dt = np.diff(time, prepend=time[0])
    ice, out = 0.0, np.zeros(time.size)
    for k in range(time.size):
        rate = (1.2 if on[k] else 9.0) if wet[k] else (-12.0 if on[k] else -0.8)
        ice = max(0.0, ice + rate * dt[k] / HOUR)
        out[k] = ice
    return out


def scripted(
    name: str,
    note: str,
    outcome: str,
    hours: float,
    keys: list[tuple[float, float]],
    events: list[tuple[float, str, str]],
    **more: Any,
) -> StripFlight:
    """A flight from key points (hour, m) and events (hour, text, level)."""
    time = MIDNIGHT + np.arange(4.17, 4.17 + hours, 10.0 / 3600.0) * HOUR
    hour = (time - MIDNIGHT) / HOUR
    height = np.interp(hour, *zip(*keys, strict=True))
    home = MIDNIGHT + (keys[-1][0] - 2.2) * HOUR
    lat, lon = _track(time, time[0], home, more.pop("to", HOME))
    cloud = _cloud(time)
    inside = (cloud["cloud_base"] < height) & (height < cloud["cloud_top"]) & (cloud["cloud_icing"] == 1.0)
    on_from, on_to = more.pop("on", (8.88, 10.05))
    failed_from = more.pop("failed", 99.0)
    failed = (hour >= failed_from).astype(float)
    on = (hour >= on_from) & (hour < on_to) & (hour < failed_from)
    wet = inside & (hour < 9.9) if outcome == "completed" else inside
    ice = _ice(time, wet, on)
    stall = 0.32 - 0.02 * ice + 0.004 * (hour - 4.0) - 0.05 * (hour > 5.2)
    stall = np.where((hour < 4.25) | (hour > 4.17 + hours - 0.02), np.nan, stall)
    distance = np.hypot((lat - HOME[0]) * 111.0, (lon - HOME[1]) * 84.0)
    los = 38.0 - 20.0 * np.log10(np.maximum(distance, 5.0) / 12.0) + np.sin(9.0 * hour) + 3.0 * np.sin(3.1 * hour)
    los = np.where(distance > 215.0, np.nan, los)
    gap = (hour > 19.08) & (hour < 19.13)
    satellite = np.where(gap, -5.0, 6.5 + 0.5 * np.sin(5.0 * hour) - 1.5 * inside)
    los = np.where(gap, -5.0, los)
    fuel = 250.0 - 8.75 * (hour - 4.17)
    outside = 8.0 - 6.3e-3 * (height - 900.0) + 2.0 * np.sin((hour - 9.0) * 0.26)
    mode = np.select([hour < 4.2, hour < 4.62, hour < 5.2, time > home], [2, 3, 4, 6], 5)
    automatic = np.zeros(time.size)
    for a, b, code in more.pop("own", []):
        here = (hour >= a) & (hour < b)
        mode, automatic = np.where(here, code, mode), np.where(here, 1.0, automatic)
    return StripFlight(
        name=name,
        note=note,
        outcome=outcome,
        time=time,
        height=height,
        ground=_ground(lat, lon),
        **cloud,
        freezing_level=2050.0 + 300.0 * np.sin((hour - 7.0) * 0.3),
        ice=ice,
        protection_on=on.astype(float),
        protection_failed=failed,
        stall_margin=np.maximum(stall, 0.0),
        los_margin_db=los,
        satellite_margin_db=satellite,
        link_up=np.where(gap, 0.0, 1.0),
        fuel=fuel,
        bingo=25.0 + 3.0 + 0.09 * distance,
        reserve=25.0,
        fuel_capacity=250.0,
        bay_c=outside + 44.0 + 6.0 * on,
        fuel_c=outside + 4.0 + 6.0 * np.exp(-(hour - 4.17)),
        outside_c=outside,
        bay_limits_c=(-40.0, 70.0),
        fuel_limit_c=-47.0,
        mode=mode.astype(float),
        automatic=automatic,
        commanders=tuple(
            Span(MIDNIGHT + a * HOUR, min(MIDNIGHT + b * HOUR, time[-1]), who)
            for a, b, who in ((4.17, 9.0, "S1"), (9.0, 19.08, "S2"), (19.13, 30.0, "S1"))
            if MIDNIGHT + a * HOUR < time[-1]
        ),
        latitude=np.radians(lat),
        longitude=np.radians(lon),
        sun_elevation=_sun(time),
        events=tuple(Event(MIDNIGHT + h * HOUR, text, level) for h, text, level in events),
        **more,
    )


def three_ways() -> StripDay:
    """One day of weather flown three ways: protected, not protected, protection failing on the way."""
    way = [
        (4.17, 900),
        (4.6, 4250),
        (9.85, 4250),
        (10.05, 5200),
        (13.0, 5200),
        (13.2, 4250),
        (20.0, 4250),
        (20.2, 5200),
        (24.5, 5200),
        (24.6, 5150),
        (26.9, 5150),
        (27.5, 900),
    ]
    begin = [(4.17, "take-off", "info"), (5.2, "on station", "info"), (8.74, "enters icing cloud", "info")]
    link = (19.08, "link lost, flies own plan", "caution")
    own = [(9.87, 10.37, 9), (19.08, 19.13, 8)]
    good = scripted(
        "De-icing on",
        "as planned",
        "completed",
        23.33,
        way,
        [
            *begin,
            (8.88, "ice found, protection on", "info"),
            (9.87, "climbs out of ice by itself", "advisory"),
            link,
            (26.42, "turns for home", "info"),
            (27.5, "lands LTAC", "info"),
        ],
        own=own,
        fix="would still complete with 20 kg less fuel",
    )
    bad = scripted(
        "De-icing off",
        "same day, same seed",
        "lost",
        7.53,
        [(4.17, 900), (4.6, 4250), (11.52, 4250), (11.7, 700)],
        [
            *begin,
            (8.88, "ice found, protection off", "info"),
            (10.32, "stall margin under 10 %", "caution"),
            (11.52, "stalls, does not recover", "warning"),
            (11.7, "hits the ground", "warning"),
        ],
        on=(99.0, 99.0),
        fix="cheapest fix: protection on (1.5 kg of fuel)",
    )
    fails = scripted(
        "De-icing fails 19:40",
        "same day, same seed",
        "diverted",
        20.43,
        [*way[:7], (23.0, 4250), (23.3, 2150), (24.3, 2150), (24.6, 0)],
        [
            *begin,
            (8.88, "ice found, protection on", "info"),
            (9.87, "climbs out of ice by itself", "advisory"),
            link,
            (19.67, "protection fails", "caution"),
            (23.0, "diverts to LTFH, under the cloud", "caution"),
            (24.6, "lands LTFH", "info"),
        ],
        failed=19.67,
        own=[*own, (23.0, 24.4, 7)],
        to=ALTERNATE,
        fix="cheapest fix: climb over the cloud at 20:00 (1.0 kg of fuel)",
    )
    return StripDay(
        "Coast watch, 20 January",
        "LTAC, 250 km of Black Sea coast and back; one aircraft, one day of weather, three ways",
        (good, bad, fails),
    )


def first_flight() -> StripDay:
    """Fourteen minutes: one circuit."""
    time = MIDNIGHT + 9 * HOUR + np.arange(0.0, 14 * 60 + 1, 5.0)
    minute = (time - time[0]) / 60.0
    height = np.interp(minute, [0, 0.5, 4, 9, 13, 14], [950, 950, 1750, 1850, 950, 950])
    stall = np.where((minute > 0.5) & (minute < 13), 0.24 + 0.06 * np.sin(minute), np.nan)
    mode = np.select([minute < 0.5, minute < 4, minute < 9.2, minute < 12.6, minute < 13.1], [2, 3, 4, 11, 12], 13)
    events = [
        (0.5, "lifts off"),
        (4.0, "levels, 900 m above field"),
        (9.2, "turns final"),
        (13.0, "touches down"),
        (14.0, "stops"),
    ]
    flight = StripFlight(
        "First flight",
        "one circuit",
        "completed",
        time=time,
        height=height,
        ground=np.full(time.size, 930.0),
        freezing_level=np.full(time.size, 1400.0),
        ice=np.zeros(time.size),
        protection_on=np.zeros(time.size),
        stall_margin=stall,
        los_margin_db=29.0 - 6.0 * np.sin(minute / 4.5),
        link_up=np.ones(time.size),
        fuel=120.0 - 0.22 * minute,
        bingo=np.full(time.size, 27.0),
        reserve=25.0,
        fuel_capacity=250.0,
        bay_c=20.0 + minute,
        fuel_c=4.0 - 0.1 * minute,
        outside_c=3.0 - 0.006 * (height - 950.0),
        bay_limits_c=(-40.0, 70.0),
        fuel_limit_c=-47.0,
        mode=mode,
        automatic=np.zeros(time.size),
        commanders=(Span(time[0], time[-1], "S1"),),
        sun_elevation=np.full(time.size, 0.4),
        latitude=np.radians(40.08 + 0.02 * np.sin(minute / 14 * 6.28)),
        longitude=np.radians(32.57 + 0.03 * (1 - np.cos(minute / 14 * 6.28))),
        events=tuple(Event(time[0] + 60.0 * m, text) for m, text in events),
    )
    return StripDay("First flight", "30 December, fourteen minutes", (flight,))


def mission_map() -> MissionMap:
    """Where the day of `three_ways` happens."""
    place = [("A", 41.45, 31.6), ("B", 41.62, 31.6), ("C", 41.48, 34.4), ("D", 41.40, 34.4)]
    route = (Place("", *np.radians(HOME)), *(Place(name, *np.radians((lat, lon))) for name, lat, lon in place))
    lost = tuple(Place("", *np.radians(p)) for p in ((41.3, 33.0), (40.7, 32.9), HOME))
    fields = (
        Aerodrome("LTAC", *np.radians(HOME), np.radians(30.0), 3750.0, home=True),
        Aerodrome("LTFH", *np.radians(ALTERNATE), np.radians(130.0), 3000.0),
    )
    antenna = Antenna("S1", *np.radians((40.10, 32.60)), 15.0, 950.0, (2150.0, 4250.0))
    clouds = (
        CloudFootprint(*np.radians((41.5, 32.6)), np.radians(80.0), 90e3, 25e3, 2150.0, 4900.0,
                       MIDNIGHT + 8.4 * HOUR, MIDNIGHT + 12.7 * HOUR),
        CloudFootprint(*np.radians((41.55, 34.6)), np.radians(100.0), 60e3, 20e3, 2500.0, 4700.0,
                       MIDNIGHT + 20.7 * HOUR, MIDNIGHT + 25.3 * HOUR),
    )  # fmt: skip
    return MissionMap("Coast watch, 20 January: map", route, lost, fields, (antenna,), clouds)


def report() -> Report:
    """A report on the day of `three_ways`, with made-up verdicts."""
    day = three_ways()
    common = {"height_most_m": 5200.0, "distance_km": 2710.4, "outside_coldest_c": -20.4, "bay_hottest_c": 50.6}
    good = Verdict(
        "De-icing on", "completed", "ok", 23.33, tuple(day.flights[0].events), margins=common | {
            "stall_margin_pct": 26.4, "fuel_left_kg": 45.9, "fuel_over_reserve_kg": 20.9, "ice_most_kg": 1.33,
            "link_margin_db": -5.0, "longest_gap_s": 180.0, "touch_down_sink_m_s": 0.82, "load_factor_least": None},
        fuel_kg=204.1, probability={"completed": 0.875, "diverted": 0.125}, seeds=8)  # fmt: skip
    bad = Verdict(
        "De-icing off", "lost", "ok", 7.53, tuple(day.flights[1].events),
        (Cause("no_ice", "the icing cloud", "completed", 3, 3),),
        (Fix("automatic_protection", "automatic ice protection", "completed", 1.5, 3, 3),
         Fix("higher_1500_m", "fly 1 500 m higher", "completed", 7.5, 2, 3),
         Fix("later_3_h", "take-off 3 h later", "completed", 9.0, 3, 3)),
        common | {"stall_margin_pct": 0.0, "ice_most_kg": 24.71, "fuel_left_kg": 184.1}, 65.9,
        probability={"lost": 1.0}, seeds=8)  # fmt: skip
    fails = Verdict(
        "De-icing fails 19:40",
        "diverted",
        "ok",
        20.43,
        tuple(day.flights[2].events),
        (),
        (),
        common | {"stall_margin_pct": 1.2, "generator_load_most_pct": 104.0},
        178.9,
        unexplained=True,
        reason="ice",
    )
    return Report(
        day.title, "Watch 250 km of Black Sea coast from LTAC for a day and come home with the reserve.",
        (good, bad, fails), day, mission_map(),
        {"samruk": "0.1.0", "mission": "sha256 9f2c4b7a…", "aircraft": "anka, sha256 55ab12…", "seed": "1",
         "engine": "native, float64"},
        ("samruk fly coast-watch --seed 1", "samruk replay out/coast-watch-001/flights.mcap"))  # fmt: skip


def random_day(seed: int) -> StripDay:
    """A day drawn by chance: 14 minutes to 30 hours, one to six flights, gaps in what is known, any outcome."""
    rng = np.random.default_rng(seed)
    hours = float(np.exp(rng.uniform(np.log(14 / 60), np.log(30.0))))
    start = MIDNIGHT + rng.uniform(0.0, 24.0) * HOUR
    flights = tuple(_random_flight(rng, k, start, hours) for k in range(rng.integers(1, 7)))
    title = rng.choice(["Coast watch, 20 January", "Қыс күзеті, 20 қаңтар", "A & B < C", "Long " * 40])
    return StripDay(str(title), "subtitle " * int(rng.integers(0, 30)), flights)


WORDS = (
    "ice",
    "found",
    "protection",
    "on",
    "link",
    "lost",
    "stalls",
    "turns",
    "for",
    "home",
    "climbs",
    "бұлт",
    "buz",
    "ğ",
)


def _words(rng: np.random.Generator, most: int) -> str:
    """Some words."""
    return " ".join(rng.choice(WORDS, rng.integers(1, most)))


def _random_flight(rng: np.random.Generator, k: int, start: float, hours: float) -> StripFlight:
    """A flight drawn by chance; one in eight never left."""
    span = hours * HOUR * (1.0 if k == 0 else rng.uniform(0.05, 1.0))
    outcome = [None, "completed", "diverted", "refused", "lost"][rng.integers(5)]
    levels = ["info", "advisory", "caution", "warning"]
    chance = [0.5, 0.2, 0.2, 0.1]
    events = tuple(Event(start + rng.uniform(0.0, span), _words(rng, 9), str(rng.choice(levels, p=chance)))
                   for _ in range(rng.integers(0, 41)))  # fmt: skip
    text = {"name": _words(rng, 6), "note": _words(rng, 8), "fix": _words(rng, 20) if rng.random() < 0.7 else ""}
    if rng.random() < 0.125:
        return StripFlight(outcome="refused", events=events, **text)
    time = start + np.linspace(0.0, span, int(rng.integers(2, 6000)))
    return StripFlight(outcome=outcome, events=events, time=time, commanders=_random_spans(rng, time), reserve=25.0,
                       fuel_capacity=250.0, bay_limits_c=(-40.0, 70.0), fuel_limit_c=-47.0,
                       **text, **_random_series(rng, time))  # fmt: skip


def _random_spans(rng: np.random.Generator, time: np.ndarray) -> tuple[Span, ...]:
    """Who commanded, in a few spans."""
    cuts = np.sort(rng.uniform(time[0], time[-1], 2 * int(rng.integers(0, 5))))
    return tuple(Span(float(a), float(b), f"S{k}") for k, (a, b) in enumerate(zip(cuts[::2], cuts[1::2], strict=True)))


def _random_series(rng: np.random.Generator, time: np.ndarray) -> dict[str, Any]:
    """Series that wander, leap or are rough; some unknown throughout, some unknown in places."""
    n = time.size
    scales = {"height": 9000, "ground": 1500, "cloud_base": 5000, "cloud_top": 6500, "freezing_level": 3000, "ice": 40,
              "stall_margin": 0.5, "los_margin_db": 30, "satellite_margin_db": 9, "fuel": 250, "bingo": 60, "bay_c": 60,
              "fuel_c": 30, "outside_c": 40, "latitude": 0.01, "longitude": 0.02}  # fmt: skip
    found: dict[str, Any] = {}
    for name, scale in scales.items():
        walk = np.cumsum(rng.normal(size=n)) / np.sqrt(n)
        rough = rng.normal(size=n) * rng.choice([0.0, 0.02, 0.5])
        series = scale * (0.4 + 0.5 * walk + rough)
        if name in ("height", "ground", "ice", "fuel", "stall_margin"):
            series = np.abs(series)
        found[name] = _with_holes(rng, series)
    flags = {"protection_on": 2, "protection_ready": 2, "protection_failed": 2, "cloud_icing": 2, "link_up": 2,
             "automatic": 2, "mode": 18, "water": 2}  # fmt: skip
    for name, kinds in flags.items():
        cuts = np.sort(rng.integers(0, n, int(rng.choice([0, 1, 5, 200]))))
        found[name] = _with_holes(
            rng, (rng.integers(0, kinds, cuts.size + 1)[np.searchsorted(cuts, np.arange(n))]).astype(float)
        )
    found["sun_elevation"] = _with_holes(rng, _sun(time) + rng.choice([0.0, 0.0, 0.05]) * rng.normal(size=n))
    return {name: series for name, series in found.items() if rng.random() > 0.1}


def _with_holes(rng: np.random.Generator, series: np.ndarray) -> np.ndarray:
    """The series with some stretches unknown."""
    for _ in range(int(rng.choice([0, 0, 1, 4]))):
        a = int(rng.integers(0, series.size))
        series[a : a + int(rng.integers(1, series.size + 1) * 0.3) + 1] = np.nan
    return series
