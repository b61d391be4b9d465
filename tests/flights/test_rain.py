"""Whole flights through rain, snow and fog, on the circuit: what they cost, and that the verdict names them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from samruk import load
from samruk.mission import Rain
from samruk.verdict import flights
from samruk.verdict.catalogue import CATALOGUE, Inputs
from samruk.verdict.flights import Engines, Flown
from samruk.weather.rain import MM_PER_HOUR

WATCH = 120.0
"""s on station that the circuit is made to want."""


@lru_cache(maxsize=1)
def base() -> Inputs:
    """The circuit, its legs watched, with what is seen counting."""
    found = load.mission("circuit").flights[0]
    route = replace(found.tables.route, station=np.ones_like(found.tables.route.station))
    rules = replace(found.task.rules, sight=1, station_time=WATCH)
    return Inputs(replace(found.task, rules=rules), found.aircraft, replace(found.tables, route=route))


def lane(rate: float = 0.0, melting: float = 3600.0, **conditions: Any) -> Inputs:
    """The circuit under rain, mm/h, everywhere."""
    task = base().task
    rain = Rain(rate * MM_PER_HOUR, 4000.0, melting, task.home.latitude, task.home.longitude,
                half_length=50e3, half_width=50e3)  # fmt: skip
    return replace(base(), task=replace(task, conditions=replace(task.conditions, rain_a=rain, **conditions)))


LANES = {
    "dry": lane(), "drizzle": lane(0.5), "rain": lane(10.0), "pour": lane(100.0),
    "snow": lane(2.0, melting=-1000.0, temperature_offset=-20.0), "freezing": lane(3.0, temperature_offset=-20.0),
    "cold": lane(temperature_offset=-20.0), "fog": lane(visibility=300.0, haze_top=150.0),
    "icy runway": lane(runway_state=5), "snowy runway": lane(runway_state=4),
    "effect": lane(100.0, rain_effect=2.0),
}  # fmt: skip


@lru_cache(maxsize=1)
def flown() -> dict[str, Flown]:
    """All of them, side by side."""
    engines = Engines(base(), "native", 1)
    return dict(zip(LANES, flights.fly(engines, list(LANES.values()), record=True), strict=True))


def at(name: str) -> Any:
    return flown()[name].ledger


def test_every_flight_but_that_in_freezing_rain_lands() -> None:
    for name, flight in flown().items():
        if name == "freezing":
            continue
        assert flight.end.damage == 0, name
        assert flight.end.stopped, name


def test_more_rain_costs_fuel_lift_and_link() -> None:
    wetter = ["dry", "rain", "pour", "effect"]
    burned = [flown()[name].end.fuel_used / at(name).integrals.airborne for name in wetter]
    stall = [float(at(name).margins.stall_margin) for name in ("dry", "pour", "effect")]
    link = [float(at(name).margins.link_margin) for name in ("dry", "rain", "pour")]
    assert np.all(np.diff(burned) > 0.0)
    assert burned[1] > 1.02 * burned[0]  # the laminar flow is lost: several per cent of drag
    assert np.all(np.diff(stall) < 0.0)
    assert np.all(np.diff(link) < 0.0)


def test_slippery_runways_take_more_of_their_length() -> None:
    rolls = [float(at(name).integrals.landing_roll) for name in ("dry", "snowy runway", "icy runway")]
    assert np.all(np.diff(rolls) > 50.0)


def test_the_ledger_tells_what_fell() -> None:
    for name, falls in (("dry", False), ("rain", True), ("snow", False), ("freezing", True)):
        assert (at(name).events.in_rain.count > 0) == falls
    assert at("freezing").events.freezing_rain.count > 0
    assert at("rain").events.freezing_rain.count == 0
    assert float(at("pour").margins.rain) == pytest.approx(100.0 * MM_PER_HOUR, rel=1e-6)


def test_freezing_rain_ices_and_is_beyond_the_model_and_snow_is_neither() -> None:
    assert float(at("freezing").margins.ice) > 0.5
    assert float(at("freezing").margins.stall_margin) < float(at("cold").margins.stall_margin) - 0.05
    assert at("freezing").events.beyond_model.count > 0
    assert float(at("snow").margins.ice) < 0.05
    for name in ("dry", "rain", "pour", "snow", "cold"):
        assert at(name).events.beyond_model.count == 0, name


def test_what_cannot_be_seen_is_no_observation() -> None:
    seen = {name: float(at(name).integrals.seen / at(name).integrals.station) for name in LANES}
    assert seen["dry"] == 1.0
    assert seen["pour"] < 0.2
    assert seen["dry"] >= seen["drizzle"] >= seen["rain"] >= seen["pour"]
    assert (flown()["dry"].outcome, flown()["pour"].outcome) == ("completed", "diverted")


def test_the_verdict_names_the_rain_and_not_the_haze() -> None:
    """The pour's flight again without its rain, and without its haze."""
    by_name = {part.name: part for part in CATALOGUE}
    tried = ("no_rain", "clear_air", "no_ice", "cleared_runway")
    changed = {name: by_name[name].change(LANES["pour"]) for name in tried}
    assert changed["no_ice"] is None
    assert changed["clear_air"] is None  # it is clear already
    assert changed["cleared_runway"] is None
    assert changed["no_rain"] is not None
    engines = Engines(base(), "native", 1)
    assert flights.fly(engines, [changed["no_rain"]])[0].outcome == "completed"


def test_each_remedy_against_rain_applies_where_it_helps_only() -> None:
    by_name = {part.name: part for part in CATALOGUE}
    swept = by_name["cleared_runway"].change(LANES["icy runway"])
    assert swept is not None
    assert swept.task.conditions.runway_state == 2
    assert by_name["dry_gateway"].change(LANES["pour"]) is None
    assert by_name["dry_gateway"].change(lane(gateway_rain=MM_PER_HOUR)) is not None
    unseen = replace(base(), task=replace(base().task, rules=replace(base().task.rules, sight=0)))
    assert by_name["infrared"].change(unseen) is None
    assert by_name["infrared"].change(base()) is not None
