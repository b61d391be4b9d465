"""Aerodromes and routes of a mission file."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

import numpy as np

from samruk import earth, plan, sphere
from samruk.mission import LEGS, Route, Rules, Runway
from samruk.mission_file.air import Fetch, fetched, take
from samruk.mission_file.allowed import LEG, SECTIONS
from samruk.mission_file.reader import REQUIRED, Document, Section, dotted, stem

FARTHEST = 2.0e6
"""m from home beyond which a leg is taken for a slip of the pen."""


@dataclass(frozen=True)
class Aerodrome:
    """One landing direction and what to call it."""

    title: str
    """Name for people."""
    runway: Runway
    """As the step needs it."""


def aerodrome(section: Section, fetch: Fetch) -> Aerodrome:
    """From an ICAO code and a runway, or written out in the table."""
    if not {"icao", "latitude"} & {stem(key) for key in section.table}:
        section.fail("", "lacks icao.", 'Write icao = "UACC", or name, latitude_deg, longitude_deg and the rest.')
    if "icao" not in section.table:
        values = {name: take(section, name, allowed) for name, allowed in SECTIONS[Runway].items()}
        title = section.text("name", dotted(section.path))
        section.finish()
        return Aerodrome(title, Runway(**values, usable=1))
    code = section.text("icao")
    if not re.fullmatch(r"[A-Z]{4}", code):
        section.fail("icao", f"is {code!r}.", "Allowed: four capital letters.")
    text, place = fetched(section, "icao", "aerodrome", fetch)
    top = Document.parse(text, place).top()
    directions = _directions(top)
    designator = section.choice("runway", tuple(directions), next(iter(directions)))
    section.finish()
    return Aerodrome(f"{top.text('name')} ({code})", directions[designator])


def _directions(top: Section) -> dict[str, Runway]:
    """Runway by its designator, from the file of an aerodrome: the first is the one taken where none is named."""
    for word in ("icao", "name", "source"):
        top.text(word, longest=500)
    shape = SECTIONS[Runway]
    latitude, longitude, elevation = (take(top, name, shape[name]) for name in ("latitude", "longitude", "elevation"))
    directions: dict[str, Runway] = {}
    for item in top.sections("runway", 16):
        designator = item.text("designator")
        heading, length = take(item, "heading", shape["heading"]), take(item, "length", shape["length"])
        item.finish()
        north, east = -0.5 * length * math.cos(heading), -0.5 * length * math.sin(heading)
        threshold = _moved(latitude, longitude, north, east)
        directions[designator] = Runway(*threshold, elevation, heading, length, 1)
    top.finish()
    if not directions:
        top.fail("", "The file lacks a runway.", "Write [[runway]] with designator, heading_deg and length_m.")
    return directions


def _moved(latitude: float, longitude: float, north: float, east: float) -> tuple[float, float]:
    """A place some metres away, on the ellipsoid, in plain floats."""
    s2 = math.sin(latitude) ** 2
    w = 1.0 - earth.ECCENTRICITY_SQUARED * s2
    meridian = earth.SEMI_MAJOR_AXIS * (1.0 - earth.ECCENTRICITY_SQUARED) / w**1.5
    parallel = earth.SEMI_MAJOR_AXIS / math.sqrt(w) * max(math.cos(latitude), 1e-6)
    return latitude + north / meridian, longitude + east / parallel


@dataclass(frozen=True)
class Way:
    """The legs of a route and the plan that they came from, if any."""

    legs: tuple[plan.Leg, ...]
    """In the order of flight."""
    section: Section
    """Where they stand in the mission file."""
    plan: plan.Plan | None = None
    """With its fence."""


def way(section: Section, home: Runway, rules: Rules, fetch: Fetch) -> Way:
    """The legs of a `[route]` or `[lost_link]`: from `plan` or from `[[...leg]]`."""
    if "plan" in section.table and "leg" in section.table:
        section.fail("leg", "stands beside plan.", "Keep one of the two.")
    if "plan" not in section.table:
        legs = tuple(_leg(item) for item in section.sections("leg", LEGS))
        section.finish()
        return Way(legs, section)
    text, place = fetched(section, "plan", "plan", fetch)
    section.finish()
    setting = plan.Setting(home.latitude, home.longitude, home.elevation, rules.station_time)
    found = plan.read(text, place)
    return Way(plan.legs(found, setting), section, found)


def _leg(item: Section) -> plan.Leg:
    defaults: dict[str, Any] = {each.name: each.default for each in fields(plan.Leg) if each.default is not MISSING}
    values = {name: take(item, name, allowed, defaults.get(name, REQUIRED)) for name, allowed in LEG.items()}
    item.finish()
    return plan.Leg(**values)


def check_way(found: Way, home: Runway, rules: Rules, ground: float, fences: Sequence[plan.Plan]) -> None:
    """Refuse legs that lie beyond reach, ceiling, ground or fence.

    Args:
        found: the legs.
        home: where the flight starts and ends.
        rules: gives ceiling and circle.
        ground: m above mean sea level.
        fences: plans whose fences hold.
    """
    before = (home.latitude, home.longitude)
    for number, leg in enumerate(found.legs, 1):
        _check_leg(found.section, number, leg, home, rules, ground)
        _check_shape(found.section, number, leg, before)
        before = (leg.latitude, leg.longitude)
    start = (home.latitude, home.longitude)
    places = [start]
    for leg in found.legs:
        places += plan.bent(places[-1], (leg.latitude, leg.longitude), leg.arc)
    places.append(start)
    name = dotted(found.section.path)
    for each in fences:
        plan.check_fence(each, places, name)
        for number, leg in enumerate(found.legs, 1):
            if leg.circles:
                circle = plan.circle_around(leg.latitude, leg.longitude, abs(leg.radius) or rules.loiter_radius)
                plan.check_fence(each, circle, f"the circle at leg {number} of {name}")


def _check_leg(section: Section, number: int, leg: plan.Leg, home: Runway, rules: Rules, ground: float) -> None:
    key = "plan" if "plan" in section.table else "leg"

    def refuse(message: str, hint: str) -> None:
        section.document.fail((*section.path, key) if key == "plan" else (*section.path, key, number), message, hint)

    at = f"leg {number} at {leg.altitude:g} m msl" if key == "plan" else f"at {leg.altitude:g} m msl"
    if leg.altitude > rules.ceiling:
        refuse(f"{at} is above rules.ceiling_m_msl, {rules.ceiling:g} m.", "Lower the leg or raise the ceiling.")
    if leg.altitude <= ground:
        refuse(f"{at} is not above the ground, {ground:g} m.", "Raise the leg.")
    away = sphere.distance(leg.latitude, leg.longitude, home.latitude, home.longitude)
    if away > FARTHEST:
        told = f"{at} lies {away / 1e3:.0f} km from home."
        refuse(told, f"Allowed: up to {FARTHEST / 1e3:.0f} km. Check latitude_deg and longitude_deg.")


def _check_shape(section: Section, number: int, leg: plan.Leg, before: tuple[float, float]) -> None:
    """Refuse an arc that does not reach its place, and a circle that no aircraft here can fly."""
    at = (*section.path, "leg", number)
    half = 0.5 * sphere.distance(leg.latitude, leg.longitude, *before)
    if leg.arc != 0.0 and abs(leg.arc) < half:
        told = f"has an arc_m of {leg.arc:g}; half the way there is {half:.0f} m."
        section.document.fail(at, told, "Make the radius at least that, or leave it out.")
    if leg.radius != 0.0 and abs(leg.radius) < plan.LEAST_RADIUS:
        told = f"has a radius_m of {leg.radius:g}."
        section.document.fail(at, told, f"Allowed: 0 for that of the rules, or {plan.LEAST_RADIUS:g} m and more.")


def table(main: Way, lost: Way) -> Route:
    """The route table: main legs from row 0, lost-link legs in the last rows."""
    total = len(main.legs) + len(lost.legs)
    if total > LEGS:
        told = f"has {len(main.legs)} legs and {lost.section.path[0]} {len(lost.legs)}."
        main.section.fail("", told, f"Allowed: {LEGS} together.")
    rows = [*enumerate(main.legs), *enumerate(lost.legs, LEGS - len(lost.legs))]
    columns = {name: np.zeros(LEGS) for name in LEG}
    for row, leg in rows:
        for name, values in columns.items():
            values[row] = getattr(leg, name)
    return Route(**columns)
