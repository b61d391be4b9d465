"""What a mission file says of rain, gusts, microbursts and mountain waves, and of what fails."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from samruk import metar
from samruk.mission import DiscreteGust, Failure, Failures, Microburst, Profile, Rain, Runway, Wave
from samruk.mission_file import reported
from samruk.mission_file.air import ALWAYS, take
from samruk.mission_file.allowed import SECTIONS
from samruk.mission_file.reader import REQUIRED, Section

RAINS, GUSTS = 2, 3
AXES = ("vertical", "lateral", "head-on")
FORMS = ("one-minus-cosine", "ramp")
SPECTRA = ("dryden", "von-karman")
RUNWAYS = ("by-weather", "dry", "wet", "standing-water", "snow", "ice")
BRIGHT_BAND = 360.0
"""m from the height of 0 C up to where rain begins (ITU-R P.839)."""
FREEZING = 273.15
WARM_NOSE = 1500.0
"""m above the aerodrome of the warm air in which freezing rain melted, where the column shows none (estimated)."""
SNOW_DEPTH = 3000.0
"""m, depth of a snowing cloud over the foot of the column (estimated)."""


def happenings(weather: Section, epoch: float, profile: Profile, offset: float = 0.0) -> dict[str, Any]:
    """Fields of `Conditions` that come from tables of the weather section; times become seconds since the epoch."""
    found: dict[str, Any] = {"karman": SPECTRA.index(weather.choice("turbulence", SPECTRA, SPECTRA[0]))}
    rains = [_rain(item, epoch, profile, offset) for item in weather.sections("rain", RAINS)]
    gusts = [_gust(item, epoch) for item in weather.sections("gust", GUSTS)]
    found.update(zip(("rain_a", "rain_b"), rains, strict=False))
    found.update(zip(("gust_a", "gust_b", "gust_c"), gusts, strict=False))
    found["microburst"] = _microburst(weather.section("microburst"), epoch)
    found["wave"] = _wave(weather.section("wave"))
    return found


def runway_state(conditions: Section) -> int:
    """Number of the declared state of the runways; 0 leaves it to the weather."""
    return RUNWAYS.index(conditions.choice("runway_state", RUNWAYS, RUNWAYS[0]))


def freezing_levels(profile: Profile, offset: float = 0.0) -> list[float]:
    """m above mean sea level, upwards, where a column of air crosses 0 C, `offset` K added to it."""
    t, z = [float(x) + offset - FREEZING for x in profile.temperature], [float(x) for x in profile.height]
    return [z[k] + t[k] / (t[k] - t[k + 1]) * (z[k + 1] - z[k]) for k in range(len(t) - 1) if t[k] * t[k + 1] < 0.0]


def melting(profile: Profile, offset: float = 0.0) -> float:
    """m above mean sea level below which flakes have become drops: the highest 0 C; the least allowed where the whole
    column is colder."""
    levels = freezing_levels(profile, offset)
    warm = float(profile.temperature[0]) + offset > FREEZING
    return levels[-1] if levels else SECTIONS[Rain]["top"].high if warm else SECTIONS[Rain]["melting"].low


def rain_top(profile: Profile, offset: float = 0.0) -> float:
    """m above mean sea level where rain begins: 360 m above the highest 0 C of a column of air; snow through a column
    that is all colder is taken to begin `SNOW_DEPTH` above its foot."""
    level, highest = melting(profile, offset), SECTIONS[Rain]["top"].high
    foot = float(profile.height[0])
    return min(level + BRIGHT_BAND if level > foot else foot + SNOW_DEPTH, highest)


def _window(item: Section, epoch: float) -> dict[str, float]:
    """`start` and `end` from `from` and `until`, always where not given."""
    start, end = item.instant("from", None), item.instant("until", None)
    first = -ALWAYS if start is None else start.timestamp() - epoch
    last = ALWAYS if end is None else end.timestamp() - epoch
    if last <= first:
        item.fail("until", "is not after from.", "Put until after from.")
    return {"start": first, "end": last}


def _rain(item: Section, epoch: float, profile: Profile, offset: float) -> Rain:
    defaults = {"bearing": 0.0, "edge": 500.0, "top": rain_top(profile, offset),
                "melting": melting(profile, offset)}  # fmt: skip
    values = {name: take(item, name, a, defaults.get(name, REQUIRED)) for name, a in SECTIONS[Rain].items()}
    window = _window(item, epoch)
    item.finish()
    return Rain(**values, **window)


def reported_rain(report: metar.Report | None, home: Runway, profile: Profile, offset: float) -> dict[str, Rain]:
    """`rain_a` over the aerodrome, all day, where its report tells of rain, drizzle or snow; nothing else.

    Showers reach 5 km from it, other rain 25 km (estimated).
    """
    if report is None:
        return {}
    rate = reported.rain_rate(report)
    if rate <= 0.0:
        return {}
    groups = report.conditions.weather
    reach = 5e3 if any(each.shower or each.thunder for each in groups) else 25e3
    level = melting(profile, offset)
    if any(each.freezing and each.rain for each in groups):
        level = max(level, home.elevation + WARM_NOSE)
    elif any(each.snow for each in groups):
        level = SECTIONS[Rain]["melting"].low
    top = max(rain_top(profile, offset), level + BRIGHT_BAND)
    return {"rain_a": Rain(
        rate, top, level, home.latitude, home.longitude, half_length=reach, half_width=reach, start=-ALWAYS, end=ALWAYS,
    )}  # fmt: skip


def _gust(item: Section, epoch: float) -> DiscreteGust:
    allowed = SECTIONS[DiscreteGust]
    values = {name: take(item, name, allowed[name]) for name in ("amplitude", "gradient")}
    axis = AXES.index(item.choice("axis", AXES, AXES[0]))
    ramp = FORMS.index(item.choice("form", FORMS, FORMS[0]))
    place = {name: take(item, name, allowed[name], None) for name in ("latitude", "longitude")}
    instant = item.instant("at", None)
    item.finish()
    if (instant is None) == (place["latitude"] is None or place["longitude"] is None):
        item.fail("", "needs an instant or a place.", "Give at, or latitude_deg and longitude_deg, not both.")
    if instant is None:
        return DiscreteGust(**values, **place, axis=axis, ramp=ramp, placed=1)
    if place["latitude"] is not None or place["longitude"] is not None:
        item.fail("", "has an instant and half a place.", "Give at, or latitude_deg and longitude_deg, not both.")
    return DiscreteGust(**values, axis=axis, ramp=ramp, start=instant.timestamp() - epoch)


def _microburst(section: Section, epoch: float) -> Microburst:
    if not section.table:
        return Microburst()
    defaults = {"radius": 1000.0, "height": 80.0}
    values = {name: take(section, name, a, defaults.get(name, REQUIRED)) for name, a in SECTIONS[Microburst].items()}
    window = _window(section, epoch)
    section.finish()
    return Microburst(**values, **window)


def _wave(section: Section) -> Wave:
    if not section.table:
        return Wave()
    own = Wave()
    defaults = {name: getattr(own, name) for name in SECTIONS[Wave] if name not in ("latitude", "longitude", "across")}
    values = {name: take(section, name, a, defaults.get(name, REQUIRED)) for name, a in SECTIONS[Wave].items()}
    section.finish()
    return Wave(**values)


def failures(top: Section, epoch: float) -> Failures:
    """`[[failure]]`: a system, what part of it is lost, from when and until when; each system once."""
    kinds = tuple(each.name for each in fields(Failures))
    found: dict[str, Failure] = {}
    for item in top.sections("failure", len(kinds)):
        kind = item.choice("system", tuple(name.replace("_", "-") for name in kinds)).replace("-", "_")
        if kind in found:
            item.fail("system", f"= {kind.replace('_', '-')!r} stands twice.", "Keep one of the two.")
        part = take(item, "part", SECTIONS[Failure]["part"], 1.0)
        window = _window(item, epoch)
        item.finish()
        found[kind] = Failure(part, **window)
    return Failures(**found)
