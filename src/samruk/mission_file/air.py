"""The column of air, the clouds and the gaps that a mission file describes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from samruk import earth, metar, sounding
from samruk.errors import InputError
from samruk.mission import Cloud, GapWindow, Profile
from samruk.mission_file import reported
from samruk.mission_file.allowed import LEVEL, SECTIONS, Allowed
from samruk.mission_file.reader import REQUIRED, Section
from samruk.weather import days, handbook
from samruk.weather.cloud import CELL, CELL_SPACING, ENVELOPES, named
from samruk.weather.course import WARMEST
from samruk.weather.wind import ROUGHNESS, SURFACE_LAYER

Fetch = Callable[[str, str], tuple[str, str]]
"""(kind, name) -> text of a file and what to call it; raises InputError."""

ALWAYS = 1e9
"""s: longer than any mission."""
CLOUDS, GAPS = 3, 3


def take(section: Section, name: str, allowed: Allowed, default: Any = REQUIRED) -> Any:
    """One quantity or flag of a section."""
    if allowed.unit == "flag":
        return section.flag(name, default)
    return section.quantity(
        name, allowed.unit, allowed.low, allowed.high, default, above=allowed.above, difference=allowed.difference
    )


def fetched(section: Section, key: str, kind: str, fetch: Fetch) -> tuple[str, str]:
    """The file that a key names; what hinders it is told at that key."""
    name = section.text(key)
    try:
        return fetch(kind, name)
    except InputError as error:
        section.fail(key, f"= {name!r}: {error.message}", error.hint)


def column(
    weather: Section, ground: float, fetch: Fetch, report: metar.Report | None = None, elevation: float = 0.0,
    hour: float = 12.0, shear: tuple[float, float, float] = (ROUGHNESS, SURFACE_LAYER, 0.0),
) -> Profile:  # fmt: skip
    """The column of air from `day`, `sounding` or `[[weather.level]]`.

    Args:
        weather: the section.
        ground: m above mean sea level, for winds given near it.
        fetch: opens the sounding.
        report: of the aerodrome, which gives a day its pressure, humidity and wind.
        elevation: m, of the aerodrome.
        hour: local solar time at the start, for a day's ground cycle.
        shear: roughness, m, and depth, m, of the surface layer, and the wind's turning, rad.
    """
    given = [key for key in ("day", "sounding", "level") if key in weather.table]
    if len(given) > 1:
        weather.fail(given[1], f"stands beside {given[0]}.", "Keep one of day, sounding and level.")
    if not given or given[0] == "day":
        return _day(weather, ground, report, elevation, hour, shear)
    if given[0] == "sounding":
        return _sounding(weather, fetch)
    return _levels(weather)


def _judged(weather: Section, key: str, build: Callable[[], Profile]) -> Profile:
    """A profile, or its refusal at a key."""
    try:
        return build()
    except InputError as error:
        if error.place:
            raise
        weather.fail(key, f"is no column of air: {error.message}", error.hint)


def _cycle(weather: Section, report: metar.Report | None) -> str:
    """The ground cycle over a day, or none."""
    cycle: str = weather.choice("cycle", tuple(handbook.CYCLES), "")
    if cycle and report is not None:
        weather.fail("cycle", "stands beside metar.", "Keep one: both say how warm the ground's air is.")
    return cycle


def moving(weather: Section, hour: float) -> dict[str, float]:
    """Conditions by which a ground cycle goes on after the start, at a local solar time; none unless `cycle_moves`.

    Half the cycle's range, warmest at 15 h; the column of air is the start's, where the course is nothing.
    """
    if not weather.flag("cycle_moves", 0):
        return {}
    name = weather.table.get("cycle")
    if name not in handbook.CYCLES:
        weather.fail("cycle_moves", "is true without a cycle.", "Name a cycle, or give conditions.swing_k.")
    celsius = handbook.CYCLES[name].celsius
    swing = 0.5 * (max(celsius) - min(celsius))
    return {"swing": swing, "inversion": swing * math.cos(2.0 * math.pi * (hour - WARMEST) / 24.0)}


def _day(
    weather: Section, ground: float, report: metar.Report | None, elevation: float, hour: float,
    shear: tuple[float, float, float],
) -> Profile:  # fmt: skip
    day = weather.choice("day", days.DAYS, "standard")
    cycle = _cycle(weather, report)
    rule = weather.choice("pressure_rule", ("hydrostatic", "210a"), "hydrostatic")
    given = any(key.rpartition("_")[0] == "sea_level_pressure" for key in weather.table)
    pressure = weather.quantity("sea_level_pressure", "pa", 85000.0, 110000.0, None)
    if report is not None and report.qnh is not None and rule == "hydrostatic" and not given:
        pressure = reported.sea_level_pressure(
            report, days.standard_profile(day, sea_level_pressure=earth.P0), elevation
        )
    humid = 0.5 if report is None or report.humidity is None else report.humidity
    humidity = weather.quantity("humidity", "1", 0.0, 1.0, humid)
    rows = [] if report is None or "wind" in weather.table else reported.wind_rows(report, elevation)
    for row in weather.sections("wind", 32):
        rows.append(tuple(take(row, name, LEVEL[name]) for name in ("height", "wind", "from")))
        row.finish()
        if len(rows) > 1 and rows[-1][0] <= rows[-2][0]:
            row.fail("", "is not above the one before it.", "Sort the wind rows by height.")
    return _judged(
        weather,
        "cycle" if cycle else "day",
        lambda: days.standard_profile(
            day, wind=rows, humidity=humidity, pressure_rule=rule, sea_level_pressure=pressure, ground=ground,
            cycle=cycle, hour=hour, shear=shear,
        ),
    )  # fmt: skip


def _sounding(weather: Section, fetch: Fetch) -> Profile:
    text, place = fetched(weather, "sounding", "sounding", fetch)
    ascent = sounding.parse(text, place)
    return _judged(
        weather,
        "sounding",
        lambda: days.profile_from_levels(
            ascent.height, ascent.temperature, pressure=ascent.pressure, wind_north=ascent.wind_north,
            wind_east=ascent.wind_east, humidity=ascent.humidity,
        ),
    )  # fmt: skip


def _levels(weather: Section) -> Profile:
    """From the file's own levels: without pressures the column is hydrostatic from the lowest level."""
    surface = weather.quantity("lowest_pressure", "pa", 30000.0, 110000.0, 101325.0)
    rows: dict[str, list[Any]] = {name: [] for name in LEVEL}
    defaults = {"pressure": None, "wind": 0.0, "from": 0.0, "humidity": 0.5}
    for level in weather.sections("level", 500):
        for name, allowed in LEVEL.items():
            rows[name].append(take(level, name, allowed, defaults.get(name, REQUIRED)))
        level.finish()
        if len(rows["height"]) > 1 and rows["height"][-1] <= rows["height"][-2]:
            level.fail("", "is not above the one before it.", "Sort the levels by height.")
        if (rows["pressure"][-1] is None) != (rows["pressure"][0] is None):
            level.fail("", "differs from the first in giving a pressure.", "Give it in every level or in none.")
    pressure = rows["pressure"] if rows["pressure"] and rows["pressure"][0] is not None else None
    if pressure and "lowest_pressure" in {key.rpartition("_")[0] for key in weather.table}:
        weather.fail("level", "gives pressures beside lowest_pressure.", "Keep one of the two.")
    winds = list(zip(rows["wind"], rows["from"], strict=True))
    return _judged(
        weather,
        "level",
        lambda: days.profile_from_levels(
            rows["height"], rows["temperature"], pressure=pressure, surface_pressure=surface,
            wind_north=[-speed * math.cos(direction) for speed, direction in winds],
            wind_east=[-speed * math.sin(direction) for speed, direction in winds], humidity=rows["humidity"],
        ),
    )  # fmt: skip


def clouds(weather: Section, epoch: float) -> dict[str, Cloud]:
    """`cloud_a` .. `cloud_c` from `[[weather.cloud]]`; times become seconds since the epoch, s since 1970."""
    found = [_cloud(item, epoch) for item in weather.sections("cloud", CLOUDS)]
    return dict(zip(("cloud_a", "cloud_b", "cloud_c"), found, strict=False))


def _cloud(item: Section, epoch: float) -> Cloud:
    kind = item.choice("envelope", ("", *ENVELOPES), "") if "envelope" in item.table else ""
    defaults = {"bearing": 0.0, "edge": 500.0, "cell": 0.0, "spacing": 0.0}
    if kind:
        defaults |= {"water": -1.0, "drop": ENVELOPES[kind].usual}
        if kind == "intermittent-maximum":
            defaults |= {"cell": CELL, "spacing": CELL_SPACING}
    values = {name: take(item, name, a, defaults.get(name, REQUIRED)) for name, a in SECTIONS[Cloud].items()}
    if kind:
        values |= _enveloped(item, kind, values)
    if values["spacing"] < values["cell"]:
        item.fail("", f"has cells of {values['cell']:g} m every {values['spacing']:g} m.", "Put spacing above cell.")
    if values["top"] <= values["base"]:
        item.fail("", f"has its top at {values['top']:g} m, its base at {values['base']:g} m.", "Put the top above.")
    start, end = item.instant("from", None), item.instant("until", None)
    item.finish()
    first = -ALWAYS if start is None else start.timestamp() - epoch
    last = ALWAYS if end is None else end.timestamp() - epoch
    if last <= first:
        item.fail("until", "is not after from.", "Put until after from.")
    return Cloud(**values, start=first, end=last)


def _enveloped(item: Section, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """What an envelope gives a cloud; refuses what the envelope does not hold for."""
    e, drop = ENVELOPES[kind], values["drop"]
    if values["water"] >= 0.0:
        item.fail("envelope", f"= {kind!r} stands beside water.", "Keep one: the envelope gives the water.")
    if not e.drops[0] <= drop <= e.drops[1]:
        item.fail("drop", f"= {1e6 * drop:g} um is not in {kind}, {1e6 * e.drops[0]:g} to {1e6 * e.drops[1]:g} um.",
                  "Give drops of the envelope, or water instead of envelope.")  # fmt: skip
    if values["top"] > e.highest + 0.5 or values["base"] < e.lowest - 0.5 or values["top"] - values["base"] > e.deepest:
        item.fail("", f"from {values['base']:g} to {values['top']:g} m is not in {kind}: {e.lowest:.0f} to "
                  f"{e.highest:.0f} m, at most {e.deepest:.0f} m deep.",
                  "Move or thin the layer, or give water instead of envelope.")  # fmt: skip
    length = values["cell"] if values["spacing"] > 0.0 else 2.0 * values["half_length"]
    return named(kind, drop, length)


def gaps(links: Section, epoch: float) -> dict[str, GapWindow]:
    """`gap_a` .. `gap_c` from `[[links.gap]]`."""
    found = []
    for item in links.sections("gap", GAPS):
        start = item.instant("start").timestamp() - epoch
        values = {name: take(item, name, a, getattr(GapWindow, name)) if a.unit == "flag" else take(item, name, a)
                  for name, a in SECTIONS[GapWindow].items()}  # fmt: skip
        item.finish()
        if not values["line_of_sight"] and not values["satellite"]:
            item.fail("", "takes no link away.", "Set line_of_sight or satellite to true, or take the gap out.")
        found.append(GapWindow(start=start, **values))
    return dict(zip(("gap_a", "gap_b", "gap_c"), found, strict=False))
