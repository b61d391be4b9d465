"""Aircraft that stood outside before the flight, flown through the whole model."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from samruk import load
from samruk.messages import Reason
from samruk.verdict.catalogue import CATALOGUE, Inputs
from samruk.verdict.flights import Engines, Flown, fly

COLD = ("weather.day=cold", "conditions.temperature_offset_k=-10", "start=2026-01-14T06:00:00Z",
        "loading.hangar_temperature_c=10", "soak.duration_h=24")  # fmt: skip
"""24 h in air of -52 C at the ground."""
READY = ("soak.preheat_kw=3", "soak.preheat_time_h=4", "soak.powered_h=4", "soak.refuel=true")
HOT = ("weather.day=hot-54", "start=2026-06-21T09:30:00Z", "soak.duration_h=24", "soak.hottest_c=53",
       "soak.coldest_c=33", "conditions.sunlight_peak_w_m2=1120", "loading.hangar_temperature_c=35")  # fmt: skip


def _inputs(*settings: str) -> Inputs:
    flight = load.mission("circuit", settings).flights[0]
    return Inputs(flight.task, flight.aircraft, flight.tables)


@lru_cache(maxsize=1)
def _engines() -> Any:
    return Engines(_inputs())


@lru_cache(maxsize=1)
def _cold() -> list[Flown]:
    cases = (COLD, (*COLD, *READY), (*COLD, *READY[:3]), (*COLD, "soak.cover=true"))
    return fly(_engines(), [_inputs(*case) for case in cases], record=True)


@lru_cache(maxsize=1)
def _hot() -> list[Flown]:
    cases = ((), ("soak.powered_h=3",), ("soak.cover=true",))
    return fly(_engines(), [_inputs(*HOT, *more) for more in cases], record=True)


def test_an_engine_that_soaked_at_minus_52_does_not_start_and_the_flight_is_refused() -> None:
    for flown in (_cold()[0], _cold()[3]):
        assert flown.outcome == "refused"
        assert flown.end.reason == Reason.ENGINE_COLD


def test_a_warm_engine_does_not_help_fuel_that_soaked() -> None:
    assert _cold()[2].outcome == "refused"
    assert _cold()[2].end.reason == Reason.FUEL_TOO_COLD


def test_a_readied_aircraft_flies_and_waits_until_oil_and_coolant_are_warm() -> None:
    flown = _cold()[1]
    assert flown.outcome == "completed"
    frames, engine = flown.frames, flown.inputs.aircraft.engine
    assert frames is not None
    leaves = int((frames["on_ground"] == 0.0).argmax())
    assert frames["oil_temperature"][0] < engine.oil_minimum < frames["oil_temperature"][leaves]
    assert frames["engine_temperature"][leaves] > engine.coolant_minimum


def test_the_catalogue_holds_what_saves_a_cold_aircraft() -> None:
    cold, ready = _inputs(*COLD), _inputs(*COLD, *READY)
    found = {each.name: each.change(cold) for each in CATALOGUE}
    assert found["ready_aircraft"] is not None
    assert found["ready_aircraft"].task.soak == ready.task.soak
    assert found["preheat"] is not None
    assert found["preheat"].task.soak.refuel == 0
    dry = _inputs()
    assert all(each.change(dry) is None for each in CATALOGUE if each.name in ("ready_aircraft", "preheat", "cover"))


def test_a_day_in_the_desert_is_flown_cold_boxed_and_lost_with_systems_left_on() -> None:
    off, on, covered = _hot()
    assert off.outcome == "completed"
    limit = off.inputs.aircraft.thermal.box_limit_high
    assert covered.ledger.margins.boxes < off.ledger.margins.boxes < limit < on.ledger.margins.boxes
    assert on.end.station <= off.end.station
    assert on.end.duration < off.end.duration
    assert on.end.reason == Reason.HEAT


def test_hot_skin_takes_strength_until_the_flight_cools_it() -> None:
    off, _, covered = _hot()
    assert off.ledger.margins.strength < 1.0
    assert covered.ledger.margins.strength >= off.ledger.margins.strength
    frames = off.frames
    assert frames is not None
    assert frames["skin_temperature"][-1] > frames["temperature"][-1]
    flying = frames["on_ground"] == 0.0
    assert (frames["skin_temperature"] - frames["temperature"])[flying].max() < 15.0  # 60 W/(m^2 K) in flight


def test_an_altimeter_shows_too_much_over_a_cold_field() -> None:
    frames = _cold()[1].frames
    assert frames is not None
    top = int(frames["height"].argmax())
    above = frames["height"][top] - frames["height"][0]
    shown = frames["altitude_indicated"][top] - frames["height"][0]
    mean = 0.5 * (frames["temperature"][0] + frames["temperature"][top])
    standard = 288.15 - 0.0065 * 0.5 * (frames["height"][0] + frames["height"][top])
    assert above / shown == pytest.approx(mean / standard, abs=0.02)  # pressure at the field is not the standard one
