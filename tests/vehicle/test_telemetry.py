"""Telemetry: what the aircraft says is what it knows, as often as was asked, in pieces that fit."""

from __future__ import annotations

import math
from typing import Any

import pytest

from samruk.link.mavlink import MESSAGES
from samruk.rules.items import Item, Kind
from samruk.vehicle import own, readings
from samruk.vehicle.modes import AVAILABLE
from samruk.vehicle.pace import Pace
from samruk.vehicle.process import TURN, pace_of
from samruk.vehicle.streams import RATES, Streams
from tests.vehicle.bench import Bench


@pytest.fixture(scope="module")
def flying() -> Bench:
    bench = Bench()
    bench.take_off()
    bench.fly(60)
    return bench


def test_every_message_has_the_fields_of_its_definition(flying: Bench) -> None:
    for name, maker in {**readings.MAKERS, **own.MAKERS}.items():
        made = maker(flying.aircraft, flying.aircraft.picture, flying.now())
        assert isinstance(made, dict)
        assert set(made) <= set(MESSAGES[name].names), name


def test_what_is_said_is_what_is_known(flying: Bench) -> None:
    said = {each.name: each for each in flying.turn(25)}
    p = flying.aircraft.picture
    e = p.estimate
    place, attitude, hud = said["GLOBAL_POSITION_INT"], said["ATTITUDE"], said["VFR_HUD"]
    # a turn of the bench and half a metre of rounding later: within what is flown in half a second
    assert place.lat * 1e-7 == pytest.approx(math.degrees(e.latitude), abs=3e-4)
    assert place.alt * 1e-3 == pytest.approx(e.altitude_msl, abs=5.0)
    assert place.relative_alt == pytest.approx(place.alt - 355_000, abs=1)
    assert attitude.roll == pytest.approx(e.phi, abs=0.05)
    assert hud.airspeed == pytest.approx(e.airspeed_calibrated, abs=2.0)
    assert said["FUEL_STATUS"].remaining_fuel == pytest.approx(p.measurement.fuel * 1e6 / 804.0, rel=0.01)
    assert said["SAMRUK_FUEL"].aboard == pytest.approx(p.measurement.fuel, abs=0.1)
    assert said["SAMRUK_FUEL"].names.split() == ["UACC"]
    assert said["EXTENDED_SYS_STATE"].landed_state == 2
    assert said["SYSTEM_TIME"].time_unix_usec * 1e-6 == pytest.approx(flying.live.utc, abs=2.0)


def test_what_is_not_measured_is_not_made_up(flying: Bench) -> None:
    said = {each.name: each for each in flying.turn(25)}
    assert said["BATTERY_STATUS"].battery_remaining == -1
    assert said["SYS_STATUS"].voltage_battery == 0xFFFF
    assert said["GPS_RAW_INT"].satellites_visible == 255
    assert math.isnan(said["EFI_STATUS"].rpm)


def test_the_next_minute_is_where_the_aircraft_then_is(flying: Bench) -> None:
    soon = own.ahead(flying.aircraft, flying.aircraft.picture)
    flying.fly(15)
    e = flying.aircraft.picture.estimate
    north = (e.latitude - soon[0][0]) * 6371e3
    east = (e.longitude - soon[0][1]) * 6371e3 * math.cos(e.latitude)
    assert math.hypot(north, east) < 150.0  # of 800 m flown: the turn's beginning and end are guessed
    assert e.altitude_msl == pytest.approx(soon[0][2], abs=20.0)


def test_intervals_are_those_that_were_asked_for() -> None:
    streams = Streams()
    streams.set_interval("ATTITUDE", 20_000)
    streams.set_interval("ALTITUDE", -1)
    sent = [name for k in range(200) for name in streams.due(0.01 * k)]
    assert sent.count("ATTITUDE") == pytest.approx(100, abs=1)
    assert sent.count("ALTITUDE") == 0
    assert sent.count("HEARTBEAT") == 2
    streams.set_interval("ATTITUDE", 0)
    assert streams.interval_us("ATTITUDE") == 1e6 / RATES["ATTITUDE"]


def test_a_thin_way_carries_little(flying: Bench) -> None:
    flying.assembled.telemetry.open("bench", thin=True)
    names = [each.name for each in flying.turn(60)]
    flying.assembled.telemetry.open("bench", thin=False)
    assert "HIGH_LATENCY2" in names
    assert names.count("ATTITUDE") <= names.count("HIGH_LATENCY2") + 1  # once a second, not ten times
    assert not set(names) & {"VFR_HUD", "SAMRUK_HEAT"}


def test_a_new_mode_is_told_at_once_on_a_thin_way() -> None:
    bench = Bench()
    bench.take_off()
    bench.fly(60)
    bench.assembled.telemetry.open("bench", thin=True)
    bench.command(20, turns=0)  # return
    changes = 0
    for _ in range(100):
        before = bench.aircraft.picture.mode
        told = [each.mode for each in bench.turn() if each.name == "SAMRUK_MODE"]
        if bench.aircraft.picture.mode != before:
            changes += 1
            assert told == [int(bench.aircraft.picture.mode)]
    assert changes


def test_a_new_plan_is_told_at_once(flying: Bench) -> None:
    flying.turn(3)
    held = flying.assembled.missions.plans[Kind.RALLY]
    told = [each.name for each in flying.turn(10)].count("SAMRUK_ROUTE_VERSIONS")
    assert told <= 1  # every two seconds
    flying.assembled.missions.plans[Kind.RALLY] = (*held, Item(5100, x=510_000_000, y=710_000_000, z=900.0))
    said = [each for each in flying.turn() if each.name == "SAMRUK_ROUTE_VERSIONS"]
    flying.assembled.missions.plans[Kind.RALLY] = held
    assert len(said) == 1


def test_long_texts_come_in_pieces_that_fit_together(flying: Bench) -> None:
    text = "Motor ölçümü: " + "uzun bir cümle " * 9
    flying.aircraft.say(4, text)
    parts = list(flying.assembled.telemetry._texts())
    assert all(len(part["text"]) <= 50 for part in parts)
    assert b"".join(part["text"] for part in parts).decode() == text
    assert len(parts[-1]["text"]) < 50
    assert [part["chunk_seq"] for part in parts] == list(range(len(parts)))


def test_messages_and_modes_come_on_request() -> None:
    bench = Bench()
    assert bench.command(512, 148.0) == [0]
    version = next(each for each in bench.heard if each.name == "AUTOPILOT_VERSION")
    assert version.capabilities & (4 | 8 | 16 | 32 | 8192 | 16384 | 32768) == 4 | 8 | 16 | 32 | 8192 | 16384 | 32768
    assert bench.command(512, 435.0, 0.0) == [0]
    listed = [each for each in bench.heard if each.name == "AVAILABLE_MODES"]
    assert [each.mode_index for each in listed] == list(range(1, len(AVAILABLE) + 1))
    assert len({each.custom_mode for each in listed}) == len(AVAILABLE)
    assert bench.command(512, 9999.0) == [3]
    answer = bench.say("TIMESYNC", tc1=0, ts1=123456)
    assert [(each.name, each.ts1) for each in answer if each.name == "TIMESYNC"] == [("TIMESYNC", 123456)]


def test_the_pace_follows_the_clock_and_gives_up_what_the_machine_could_not_do() -> None:
    pace = Pace(20.0, most=40)
    assert pace.due(5.0) == 0
    assert sum(pace.due(5.0 + 0.05 * k) for k in range(1, 21)) == 200
    assert pace.due(10.0) == 40
    assert pace.given_up > 3.0
    assert pace.late(10.0) < 1.0


def test_what_the_crew_has_set_is_what_is_told_and_checked_by() -> None:
    bench = Bench(ticks=10)
    bench.live.set_rule(0, "lost_link_time", 50.0)
    bench.live.set_rule(0, "loiter_radius", 4321.0)
    bench.live.hear(0)
    bench.live.advance(100)
    told = own.links(bench.aircraft, bench.aircraft.picture, bench.now())
    assert isinstance(told, dict)
    assert told["lost_link_in"] == pytest.approx(40.0, abs=0.2)
    check: Any = bench.assembled.missions.check
    assert check.world().setting.radius == 4321.0


@pytest.mark.parametrize("speed", [0.1, 1.0, 20.0, 50.0, 200.0])
def test_every_speed_that_may_be_asked_for_is_kept(speed: float) -> None:
    pace = pace_of(speed)
    ticks = sum(pace.due(TURN * k) for k in range(round(60.0 / TURN) + 1))
    assert ticks == pytest.approx(600.0 * speed, abs=1.0)
    assert pace.given_up == 0.0


def test_nothing_is_announced_on_the_stand() -> None:
    bench = Bench(ticks=10)
    bench.fly(40)
    assert bench.texts() == ""
