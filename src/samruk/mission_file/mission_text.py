"""From the text of a mission file to its flights: the whole, section by section."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np

from samruk import aircraft
from samruk.aircraft import AircraftDefinition
from samruk.errors import InputError, MissionError
from samruk.mission import Clock, Conditions, Crew, Links, Loading, Profile, Rules, Runway, Soak, Tables, Task
from samruk.mission_file import air, events, ground, places, reported, sites
from samruk.mission_file.air import Fetch, fetched, take
from samruk.mission_file.allowed import COSTS, SECTIONS
from samruk.mission_file.ground import FetchBytes, Terrain
from samruk.mission_file.reader import REQUIRED, Document, Section, one_line
from samruk.weather import handbook

FLIGHTS, ALTERNATES = 12, 2
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Flight:
    """One flight of a mission, ready for the step."""

    name: str
    """Stable name."""
    note: str
    """What is different in it, for people."""
    task: Task
    """Scalars."""
    definition: AircraftDefinition
    """The aircraft with the origin of its numbers."""
    tables: Tables
    """Route of its own; the column of air is one object for all flights."""


@dataclass(frozen=True)
class Mission:
    """What a mission file says."""

    title: str
    """For people."""
    subtitle: str
    """Likewise, may be empty."""
    fields: tuple[str, ...]
    """Names of the home aerodrome and of the alternates."""
    epoch: datetime
    """Instant of tick 0, aware."""
    flights: tuple[Flight, ...]
    """At least one."""
    rates: dict[str, float]
    """kg of fuel-equivalent by the names of `[costs]` that are given."""
    stations: tuple[sites.Station, ...] = ()
    """Where ground stations stand: those of the file, else home and the alternates."""


def _no_bytes(name: str) -> tuple[bytes, str]:
    """Where nobody gives terrain."""
    raise InputError("terrain cannot be opened here.", hint="Load the mission from its file.")


def parse(
    text: str, place: str, fetch: Fetch, overrides: Sequence[str] = (), fetch_bytes: FetchBytes = _no_bytes
) -> Mission:
    """The mission of a file's text.

    Args:
        text: TOML as in docs/files.md.
        place: what to call the file in messages.
        fetch: gives the text of a file that the mission names: kind (`aircraft`, `aerodrome`, `plan`, `sounding`) and
            name -> text and what to call it; raises InputError.
        overrides: `key=value` words, applied to the file before the flights' own `set`.
        fetch_bytes: gives the bytes of a terrain file and what to call it; raises InputError.

    Raises:
        InputError: anything is missing, unknown, in a wrong unit, out of range, or contradicts itself.
    """
    document = Document.parse(text, place)
    variants = _variants(document)
    document = document.replaced(settings(overrides))
    _refuse_masked(overrides, variants)
    terrain = Terrain(fetch_bytes)
    base = _read(document, fetch, terrain)
    flights, profile = [], base.tables.profile
    for variant in variants or (_Variant("As planned", "", {}, ""),):
        changed = document.replaced(variant.set, variant.origin)
        read = _read(changed, fetch, terrain)
        if not _same(read.tables.profile, profile):
            hint = "Use conditions.temperature_offset_k or wind_scale, or another mission file."
            raise MissionError(f"{variant.name!r} has another column of air; flights share one.", variant.origin, hint)
        if read.tables.ground is not base.tables.ground and base.task.tile.given + read.task.tile.given:
            hint = "Keep terrain.file and the antenna's place, or use another mission file."
            raise MissionError(f"{variant.name!r} has other terrain; flights share one.", variant.origin, hint)
        tables = replace(base.tables, route=read.tables.route)
        flights.append(Flight(variant.name, variant.note, read.task, read.definition, tables))
    return Mission(base.title, base.subtitle, base.fields, base.epoch, tuple(flights), base.rates, base.stations)


def settings(words: Sequence[str]) -> dict[str, Any]:
    """`key=value` words as a table; a value is TOML, or else plain text.

    >>> settings(["loading.fuel_kg=260", "aircraft=anka", "rules.escape=false"])
    {'loading.fuel_kg': 260, 'aircraft': 'anka', 'rules.escape': False}
    """
    table: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise MissionError(f"{one_line(word)!r} is no key=value.", "--set", "Write --set loading.fuel_kg=260.")
        table[key.strip()] = _value(value.strip())
    return table


def _value(word: str) -> Any:
    """A word as TOML reads it."""
    if not word.isprintable():
        return word
    try:
        return tomllib.loads(f"value = {word}")["value"]
    except (ValueError, RecursionError, OverflowError):
        return word


@dataclass(frozen=True)
class _Variant:
    """One `[[flight]]`."""

    name: str
    note: str
    set: dict[str, Any]
    origin: str


def _variants(document: Document) -> tuple[_Variant, ...]:
    """The flights that a file lists."""
    found: list[_Variant] = []
    for item in document.top().sections("flight", FLIGHTS):
        name, note = item.text("name", longest=60), item.text("note", "")
        changes = item.table_of("set")
        item.finish()
        if name in {other.name for other in found}:
            item.fail("name", f"is {name!r} for a second flight.", "Give each flight a name of its own.")
        if any(key.partition(".")[0] in ("title", "subtitle", "flight", "costs") for key in changes):
            item.fail("set", "changes title, flight or costs.", "They hold for the whole mission.")
        found.append(_Variant(name, note, changes, document.place_of((*item.path, "set"))))
    return tuple(found)


def _refuse_masked(overrides: Sequence[str], variants: Sequence[_Variant]) -> None:
    """Refuse an override that no flight would feel, because each flight sets the same key."""
    for key in settings(overrides):
        if key.partition(".")[0] == "flight":
            raise MissionError(f"{one_line(key)} cannot be overridden.", "--set", "Edit the file.")
        if variants and all(key in variant.set for variant in variants):
            told = f"{one_line(key)} would not be felt: every flight of the file sets it."
            raise MissionError(told, "--set", "Edit the file.")


def _same(a: Profile, b: Profile) -> bool:
    return all(np.array_equal(getattr(a, each.name), getattr(b, each.name)) for each in fields(Profile))


@dataclass(frozen=True)
class _Reading:
    """A document read once."""

    title: str
    subtitle: str
    fields: tuple[str, ...]
    epoch: datetime
    task: Task
    definition: AircraftDefinition
    tables: Tables
    rates: dict[str, float]
    stations: tuple[sites.Station, ...]


def _read(document: Document, fetch: Fetch, terrain: Terrain) -> _Reading:
    """Everything but the flights."""
    top = document.top()
    title, subtitle = top.text("title", longest=120), top.text("subtitle", "")
    definition = _aircraft(document, top, fetch)
    epoch = top.instant("start")
    home = places.aerodrome(top.section("home", required=True), fetch)
    rules = _group(top.section("rules"), Rules)
    definition = _fuelled(top.section("loading", required=True), definition)
    conditions, profile = _weather(top, home.runway, epoch.timestamp(), fetch)
    main, lost = _routes(top, home.runway, rules, conditions.ground_elevation, fetch)
    others = [places.aerodrome(item, fetch) for item in top.sections("alternate", ALTERNATES)]
    alternates = [other.runway for other in others]
    none = Runway(usable=0)
    links = _links(top.section("links"), home.runway, epoch.timestamp())
    below = ground.read(top.section("terrain"), terrain, links, rules, [home.runway, *alternates], main, lost)
    task = Task(
        clock=Clock(epoch.timestamp(), top.quantity("start_delay", "s", 0.0, 172800.0, 0.0)),
        loading=_loading(top.section("loading", required=True), definition),
        conditions=conditions,
        links=links,
        crew=_group(top.section("crew"), Crew),
        rules=below.rules,
        home=home.runway,
        alternate_a=alternates[0] if alternates else none,
        alternate_b=alternates[1] if len(alternates) > 1 else none,
        legs=len(main.legs),
        lost_link_legs=len(lost.legs),
        failures=events.failures(top, epoch.timestamp()),
        soak=_soak(top.section("soak")),
        seed=top.whole("seed", 0, LARGEST_SEED, 0),
        tile=below.tile,
    )
    rates = _rates(top.section("costs"))
    stations = sites.read(top.sections("station", sites.STATIONS), [home, *others], fetch)
    top.sections("flight", FLIGHTS)
    top.finish()
    tables = Tables(places.table(main, lost), profile, below.ground)
    fields = (home.title, *(other.title for other in others))
    return _Reading(title, subtitle, fields, epoch, task, definition, tables, rates, stations)


def _group(section: Section, kind: Any, **defaults: Any) -> Any:
    """A group of the task whose quantities the section holds, with the group's own defaults."""
    group = _values(section, kind, defaults)
    section.finish()
    return kind(**group)


def _values(section: Section, kind: Any, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """All quantities of a group."""
    return {
        name: take(section, name, allowed, defaults.get(name, getattr(kind, name)))
        for name, allowed in SECTIONS[kind].items()
    }


def _aircraft(document: Document, top: Section, fetch: Fetch) -> AircraftDefinition:
    """The aircraft that the mission names, with the mission's own numbers in it."""
    text, place = fetched(top, "aircraft", "aircraft", fetch)
    definition = aircraft.parse(text, place, fetch)
    by_origin: dict[str, dict[str, Any]] = {}
    for key, (value, origin) in document.aircraft.items():
        by_origin.setdefault(origin, {})[key] = value
    for origin, changes in by_origin.items():
        try:
            definition = aircraft.override(definition, changes)
        except InputError as error:
            raise MissionError(error.message, one_line(origin), error.hint) from None
    return _stores(top, definition)


def _stores(top: Section, definition: AircraftDefinition) -> AircraftDefinition:
    """The aircraft with the stores of the mission: its own stay unless `keep_stores` is false, `[[store]]` adds."""
    kept = definition.stores if top.flag("keep_stores", 1) else ()
    added = top.sections("store", aircraft.stores.MOST)
    try:
        stores = aircraft.stores.distinct((*kept, *aircraft.stores.read([each.table for each in added])))
    except aircraft.stores.StoreError as error:
        top.fail(error.key, error.message, error.hint)
    return aircraft.with_stores(definition, stores)


def _fuelled(loading: Section, definition: AircraftDefinition) -> AircraftDefinition:
    """The aircraft with the grade of fuel that the mission names; without one, with its own."""
    name = loading.choice("fuel_grade", tuple(aircraft.FUELS), "")
    if not name:
        return definition
    if definition.aircraft.engine.blowout_load == 0.0:
        loading.fail("fuel_grade", f"= {name!r}: the engine of {definition.name} burns petrol.", "Take it out.")
    return aircraft.with_fuel(definition, aircraft.FUELS[name])


def _loading(section: Section, definition: AircraftDefinition) -> Loading:
    """What is put aboard; more fuel than the tanks hold cannot be."""
    section.text("fuel_grade", "")
    loading: Loading = _group(section, Loading, fuel=REQUIRED)
    mass = definition.aircraft.mass
    for name, limit in (("fuel", mass.fuel_capacity), ("payload", mass.payload_capacity)):
        if getattr(loading, name) > limit:
            key = next(key for key in section.table if key.startswith(f"{name}_") and key.endswith(("kg", "lb")))
            told = f"is {getattr(loading, name):g} kg; {definition.name} holds {limit:g} kg."
            section.fail(key, told, "Put in less.")
    return loading


def _soak(section: Section) -> Soak:
    """How the aircraft has stood outside; a daily course has two ends."""
    values = _values(section, Soak, {})
    section.finish()
    given = (values["hottest"] > 0.0, values["coldest"] > 0.0)
    if given[0] != given[1]:
        section.fail("", "gives one end of the day's course.", "Write hottest_c and coldest_c, or neither.")
    if values["coldest"] > values["hottest"]:
        section.fail("", "is coldest above its hottest.", "Exchange the two.")
    if section.table and values["duration"] == 0.0:
        section.fail("", "has no duration.", "Write duration_h, or take the section out.")
    return Soak(**values)


def _weather(top: Section, home: Runway, epoch: float, fetch: Fetch) -> tuple[Conditions, Profile]:
    """The day: numbers, clouds and the column of air."""
    section, weather = top.section("conditions"), top.section("weather")
    report = reported.read(weather)
    first = _values(section, Conditions, {"ground_elevation": home.elevation})
    ground, shear = first["ground_elevation"], (first["roughness"], first["surface_depth"], first["wind_turn"])
    hour = handbook.solar_hour(epoch, home.longitude)
    profile = air.column(weather, ground, fetch, report, home.elevation, hour, shear)
    told = {**air.moving(weather, hour), **reported.defaults(report, profile, home.elevation)}
    values = _values(section, Conditions, {"ground_elevation": home.elevation, **told})
    runway = events.runway_state(section)
    section.finish()
    offset = values["temperature_offset"]
    more: dict[str, Any] = {
        **events.reported_rain(report, home, profile, offset), **air.clouds(weather, epoch),
        **events.happenings(weather, epoch, profile, offset),
    }  # fmt: skip
    weather.finish()
    return Conditions(**values, **more, runway_state=runway), profile


def _routes(
    top: Section, home: Runway, rules: Rules, ground: float, fetch: Fetch
) -> tuple[places.Way, places.Way]:
    """Main and lost-link route, checked."""
    main = places.way(top.section("route", required=True), home, rules, fetch)
    if not main.legs:
        main.section.fail("", "has no leg.", "Write [[route.leg]], or plan with a waypoint.")
    lost = places.way(top.section("lost_link"), home, rules, fetch)
    fences = [each.plan for each in (main, lost) if each.plan is not None]
    for each in (main, lost):
        places.check_way(each, home, rules, ground, fences)
    return main, lost


def _links(section: Section, home: Runway, epoch: float) -> Links:
    """The ground ends of the links: at home, where nothing else is said."""
    near = {"latitude": home.latitude, "longitude": home.longitude, "elevation": home.elevation}
    values = _values(section, Links, near)
    if values["satellite"] and "satellite_longitude_deg" not in section.table:
        section.fail("satellite", "is true without satellite_longitude_deg.", "Say where the satellite stands.")
    gaps = air.gaps(section, epoch)
    section.finish()
    return Links(**values, **gaps)


def _rates(section: Section) -> dict[str, float]:
    """Exchange rates that are given."""
    given = {name: take(section, name, allowed, None) for name, allowed in COSTS.items()}
    section.finish()
    return {name: value for name, value in given.items() if value is not None}
