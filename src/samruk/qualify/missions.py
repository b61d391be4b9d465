"""From a case to the inputs of its lanes: the text of a mission file, an aircraft, and the spread from lane to lane."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from samruk import load
from samruk.aircraft import AircraftDefinition
from samruk.autopilot.checks import THERMOMETER
from samruk.errors import InputError
from samruk.leaves import leaf, replace_leaf
from samruk.qualify.campaign import Campaign, Case, Run, over
from samruk.verdict.catalogue import Inputs

MASS_SPREAD = 0.03
"""Part of the take-off mass, to either side, evenly."""
EARTH_RADIUS = 6371000.0
BEFORE, CLIMB, CRUISE = 240.0, 4.5, 48.0
"""s before take-off, m/s of climb and of way: roughly when a flight reaches its station, to place a gust."""


@dataclass(frozen=True)
class Lane:
    """One flight of a campaign."""

    run: int
    case: int
    seed: int
    inputs: Inputs


def text(campaign: Campaign, run: Run, case: Case, definition: AircraftDefinition, aircraft: str) -> str:
    """A case as the text of a mission file that `samruk fly` flies (without the run's factors on the aircraft)."""
    shared = over(campaign.mission, run.mission, case.mission)
    shared["title"] = f"{run.key} {run.name}: {case.name}"[:120]
    shared["aircraft"] = aircraft
    shared["loading"] = over(_loading(case, definition), shared.get("loading", {}))
    shared["rules"] = over({"station_time_h": case.hours}, shared.get("rules", {}))
    latitude, longitude = _station(shared["home"], case.distance)
    leg = {
        "latitude_deg": latitude, "longitude_deg": longitude, "altitude_m_msl": case.altitude, "loiter_h": case.hours,
        "station": True,
    }  # fmt: skip
    if part := case.of_aircraft.get("airspeed_part"):
        never = float(definition.aircraft.structure.airspeed_never_exceed)
        leg["airspeed_m_s"] = round(part * never, 3)
    shared.setdefault("route", {"leg": [leg]})
    weather = shared.setdefault("weather", {})
    weather["cloud"] = [_placed(each, shared["home"], case.distance) for each in weather.get("cloud", [])]
    weather["gust"] = [_met(each, shared, case, definition) for each in weather.get("gust", [])]
    if not any(key in weather for key in ("day", "level", "sounding")):
        weather["day"] = "standard"
    for name in ("cloud", "gust"):
        if not weather[name]:
            del weather[name]
    return written(shared)


def _loading(case: Case, definition: AircraftDefinition) -> dict[str, Any]:
    """Fuel and payload, within the greatest take-off mass."""
    mass = definition.aircraft.mass
    payload = case.payload * float(mass.payload_capacity)
    stores = float(definition.aircraft.stores.mass)
    left = float(mass.max_take_off) * (1.0 - MASS_SPREAD) - float(mass.empty) - payload - stores
    fuel = min(case.fuel * float(mass.fuel_capacity), max(left, 0.0))
    return {"fuel_kg": math.floor(fuel), "payload_kg": math.floor(payload)}


def _station(home: Mapping[str, Any], distance: float) -> tuple[float, float]:
    """deg, north of home's threshold on a sphere."""
    return float(home["latitude_deg"]) + math.degrees(distance / EARTH_RADIUS), float(home["longitude_deg"])


def _placed(layer: dict[str, Any], home: Mapping[str, Any], distance: float) -> dict[str, Any]:
    """A cloud over the station, or `along_m` beyond it."""
    moved = {key: value for key, value in layer.items() if key != "along_m"}
    latitude, longitude = _station(home, distance + float(layer.get("along_m", 0.0)))
    return over({"latitude_deg": latitude, "longitude_deg": longitude}, moved)


def _met(gust: dict[str, Any], shared: Mapping[str, Any], case: Case, definition: AircraftDefinition) -> dict[str, Any]:
    """A gust of 25 mean chords that is met in the middle of the time on station."""
    length = 12.5 * float(definition.aircraft.geometry.chord)
    start: datetime = shared["start"]
    way = BEFORE + max(case.altitude / CLIMB, case.distance / CRUISE) + 1800.0 * case.hours
    at = datetime.fromtimestamp(start.timestamp() + way, start.tzinfo)
    return over({"gradient_m": round(length, 2), "at": at}, gust)


def inputs(campaign: Campaign, run: Run, case: Case, definition: AircraftDefinition, aircraft: str) -> Inputs:
    """What the nominal lane of a case flies with.

    Raises:
        InputError: the case's mission is wrong.
    """
    try:
        mission = load.described(text(campaign, run, case, definition, aircraft), f"{run.key}, {case.name}")
    except InputError as error:
        raise InputError(error.message, error.place, error.hint) from None
    flight = mission.flights[0]
    changed = flight.definition.aircraft
    for path, factor in run.scale.items():
        try:
            changed = replace_leaf(changed, path, factor * float(leaf(changed, path)))
        except (AttributeError, KeyError) as error:
            raise InputError(f"scales {path!r}, which no aircraft has.", run.key, "See `samruk aircraft`.") from error
    return Inputs(flight.task, changed, flight.tables)


def fitted(campaign: Campaign, run: Run, definition: AircraftDefinition, aircraft: str) -> Run:
    """A run as it is asked of an aircraft: a day whose ground is beyond what is declared for it must be refused."""
    thermal = definition.aircraft.thermal
    low, high = float(thermal.operating_low) - THERMOMETER, float(thermal.operating_high) + THERMOMETER

    def asked(case: Case) -> Case:
        if case.expected != "flown":
            return case
        task, profile = (lane := inputs(campaign, run, case, definition, aircraft)).task, lane.tables.profile
        ground = float(np.interp(task.home.elevation, profile.height, profile.temperature))
        within = low <= ground + float(task.conditions.temperature_offset) <= high
        return case if within else replace(case, expected="refused")

    return run if run.not_built or run.soaked else replace(run, cases=tuple(asked(case) for case in run.cases))


def dispersed(nominal: Inputs, seed: int, spread: float) -> Inputs:
    """The same flight by chance: other gusts, air up to `spread` K warmer or colder, mass up to 3 % more or less.

    Seed 0 is the nominal flight. Every run spreads alike: seed 4 is 1.2 K warm in each of them, if it is in one.
    """
    task = replace(nominal.task, seed=int(nominal.task.seed) + seed)
    if seed:
        warm, heavy = np.random.default_rng((2026, seed)).uniform(-1.0, 1.0, 2)
        mass = nominal.aircraft.mass
        total = float(mass.empty) + task.loading.payload + task.loading.fuel
        payload = max(task.loading.payload + MASS_SPREAD * float(heavy) * total, 0.0)
        offset = task.conditions.temperature_offset + spread * float(warm)
        task = replace(
            task,
            loading=replace(task.loading, payload=payload),
            conditions=replace(task.conditions, temperature_offset=offset),
        )
    return replace(nominal, task=task)


# TOML -----------------------------------------------------------------------------------------------------------------


def written(table: Mapping[str, Any]) -> str:
    """Tables as TOML."""
    return "\n".join(_table(table, ())) + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    """Lines of a table: its values first, then the tables inside."""
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if not _is_table(value)]
    for key, value in table.items():
        name = ".".join((*path, key))
        if isinstance(value, Mapping):
            lines += ["", f"[{name}]", *_table(value, (*path, key))]
        elif _is_table(value):
            for each in value:
                lines += ["", f"[[{name}]]", *_table(each, (*path, key))]
    return lines


def _is_table(value: Any) -> bool:
    listed = isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)
    return isinstance(value, Mapping) or listed


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
