"""What a mission file says of rain, gusts, microbursts and mountain waves, and of what fails."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from samruk.mission import DiscreteGust, Failure, Failures, Microburst, Profile, Rain, Wave
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


def happenings(weather: Section, epoch: float, profile: Profile) -> dict[str, Any]:
    """Fields of `Conditions` that come from tables of the weather section; times become seconds since the epoch."""
    found: dict[str, Any] = {"karman": SPECTRA.index(weather.choice("turbulence", SPECTRA, SPECTRA[0]))}
    rains = [_rain(item, epoch, profile) for item in weather.sections("rain", RAINS)]
    gusts = [_gust(item, epoch) for item in weather.sections("gust", GUSTS)]
    found.update(zip(("rain_a", "rain_b"), rains, strict=False))
    found.update(zip(("gust_a", "gust_b", "gust_c"), gusts, strict=False))
    found["microburst"] = _microburst(weather.section("microburst"), epoch)
    found["wave"] = _wave(weather.section("wave"))
    return found


def runway_state(conditions: Section) -> int:
    """Number of the declared state of the runways; 0 leaves it to the weather."""
    return RUNWAYS.index(conditions.choice("runway_state", RUNWAYS, RUNWAYS[0]))


def rain_top(profile: Profile) -> float:
    """m above mean sea level where rain begins: 360 m above the highest 0 C of a column of air, or its foot."""
    warm = [k for k, t in enumerate(profile.temperature) if t > FREEZING]
    if not warm:
        return float(profile.height[0]) + BRIGHT_BAND
    k = min(warm[-1], len(profile.height) - 2)
    t, z = profile.temperature[k : k + 2], profile.height[k : k + 2]
    part = (t[0] - FREEZING) / (t[0] - t[1]) if t[1] < FREEZING else 1.0
    return float(z[0] + part * (z[1] - z[0])) + BRIGHT_BAND


def _window(item: Section, epoch: float) -> dict[str, float]:
    """`start` and `end` from `from` and `until`, always where not given."""
    start, end = item.instant("from", None), item.instant("until", None)
    first = -ALWAYS if start is None else start.timestamp() - epoch
    last = ALWAYS if end is None else end.timestamp() - epoch
    if last <= first:
        item.fail("until", "is not after from.", "Put until after from.")
    return {"start": first, "end": last}


def _rain(item: Section, epoch: float, profile: Profile) -> Rain:
    defaults = {"bearing": 0.0, "edge": 500.0, "top": rain_top(profile)}
    values = {name: take(item, name, a, defaults.get(name, REQUIRED)) for name, a in SECTIONS[Rain].items()}
    window = _window(item, epoch)
    item.finish()
    return Rain(**values, **window)


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
