"""Commands: one exact answer each, nothing done twice, nothing stopped in the air."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from samruk.link.mavlink import enums
from samruk.messages import Mode, OrderKind
from samruk.vehicle import modes
from samruk.vehicle.arming import SYSTEMS
from samruk.vehicle.claims import Level
from samruk.vehicle.commands import MOST_WAITING
from samruk.vehicle.service import Result
from tests.vehicle.bench import Bench

ACCEPTED, PASSING, DENIED, UNSUPPORTED, IN_PROGRESS = 0, 1, 2, 3, 5
RELEASING = ("DO_GRIPPER", "DO_WINCH", "DO_PARACHUTE", "PAYLOAD_PREPARE_DEPLOY", "PAYLOAD_CONTROL_DEPLOY")
"""Commands that let something go: this aircraft has nothing to let go."""


@pytest.fixture(scope="module")
def parked() -> Bench:
    return Bench()


def test_every_command_there_is_gets_exactly_one_answer(parked: Bench) -> None:
    chance = random.Random(4)
    for number in sorted({int(each) for each in enums.MAV_CMD}):
        parked.wall += 20.0  # not a repetition of the last
        p = [chance.choice([0.0, 1.0, math.nan, -1.0, 7.5]) for _ in range(7)]
        final = [result for result in parked.command(number, *p, turns=2) if result != IN_PROGRESS]
        assert len(final) == 1, f"{enums.MAV_CMD(number).name}: {final}"


def test_nothing_is_let_go(parked: Bench) -> None:
    for name in RELEASING:
        parked.wall += 20.0
        assert parked.command(int(getattr(enums.MAV_CMD, name)), 1.0, 1.0) == [UNSUPPORTED]


def test_the_engine_starts_once_however_often_a_client_repeats_itself() -> None:
    bench = Bench()
    assert bench.command(400, 1.0) == [ACCEPTED]
    orders = [entry for entry in bench.live.journal if entry.what == "order"]
    assert bench.command(400, 1.0, confirmation=1) == [ACCEPTED]
    assert bench.command(400, 1.0, confirmation=2) == [ACCEPTED]
    assert [entry for entry in bench.live.journal if entry.what == "order"] == orders
    assert len(orders) == 1


def test_a_frame_that_comes_twice_is_one_command() -> None:
    bench = Bench()
    p: dict[str, Any] = {f"param{k}": 0.0 for k in range(1, 5)} | {"x": 0, "y": 0, "z": 0.0, "frame": 0}
    target: dict[str, Any] = {"target_system": 1, "target_component": 1, "command": 192}
    first = bench.say("COMMAND_INT", **target, **p)
    bench.turn(3)
    bench.wall += 1.5  # late, and after another command
    bench.command(410)
    acks = len([each for each in bench.heard if each.name == "COMMAND_ACK" and each.command == 192])
    bench.sequence -= 1
    again = bench.say("COMMAND_INT", again=True, **target, **p)
    assert (first, again) == ([], [])
    assert len([each for each in bench.heard if each.name == "COMMAND_ACK" and each.command == 192]) == acks == 1


def test_arming_waits_for_the_alignment_and_says_so() -> None:
    bench = Bench(ticks=100)
    assert bench.command(400, 1.0) == [PASSING]
    assert "navigation aligns" in bench.texts()
    assert not bench.aircraft.armed
    bench.fly(25)
    bench.wall += 20.0
    assert bench.command(400, 1.0) == [ACCEPTED]
    assert bench.aircraft.armed


def test_nothing_stops_the_engine_in_the_air_but_an_emergency() -> None:
    bench = Bench(instructor=True)
    bench.take_off()
    for number, p in ((400, (0.0,)), (400, (0.0, 21196.0)), (223, (0.0,)), (185, (1.0,)), (246, (1.0,))):
        bench.wall += 20.0
        assert bench.command(number, *p) == [DENIED]
    assert bench.aircraft.engine_ordered
    assert bench.aircraft.armed
    assert bench.command(420, 101.0, 1.0) == [ACCEPTED]  # the motor loses all its power
    bench.fly(10)
    assert bench.aircraft.picture.mode == Mode.GLIDE
    assert "Engine has stopped" in bench.texts()
    bench.wall += 20.0
    assert bench.command(185, 1.0) == [ACCEPTED]


def test_a_refusal_says_why() -> None:
    bench = Bench()
    assert bench.command(300) == [PASSING]
    assert "arm first" in bench.texts()
    assert bench.command(22, 0, 0, 0, math.nan, 0, 0, 700.0) == [PASSING]
    assert "engine off" in bench.texts()


def test_failures_need_an_instructor_and_then_happen() -> None:
    plain, school = Bench(), Bench(instructor=True)
    assert plain.command(420, 4.0, 1.0) == [DENIED]
    assert school.command(420, 4.0, 1.0) == [ACCEPTED]
    assert school.command(420, 4.0, 6.0) == [UNSUPPORTED]
    school.fly(10)
    assert school.aircraft.picture.outage > 3.0  # satellite navigation is off
    assert plain.aircraft.picture.outage < 3.0
    assert school.command(52104, 3.0, 2.0) == [ACCEPTED]
    assert school.live.batch.params.values("task.conditions.wind_scale")[0] == 2.0
    assert school.command(52104, 99.0, 2.0) == [DENIED]
    for key, value in ((3.0, 1e30), (3.0, -1.0), (6.0, 0.0), (100.0, 1.5), (100.0, math.nan)):
        school.wall += 20.0
        assert school.command(52104, key, value) == [DENIED], (key, value)
    assert school.live.batch.params.values("task.conditions.wind_scale")[0] == 2.0
    assert school.command(52104, 3.0, math.nan) == [ACCEPTED]
    own = school.live.inputs[0].task.conditions.wind_scale
    assert school.live.batch.params.values("task.conditions.wind_scale")[0] == own
    assert school.command(52104, 100.0, 1.0, 60.0) == [ACCEPTED]
    system = f"task.failures.{SYSTEMS[0]}"
    start, end = (school.live.batch.params.values(f"{system}.{name}")[0] for name in ("start", "end"))
    assert end - start == pytest.approx(60.0)


def test_a_hold_elsewhere_is_flown_to() -> None:
    bench = Bench()
    bench.take_off()
    place: dict[str, Any] = {"x": round(51.06e7), "y": round(71.50e7), "z": 800.0, "frame": 0}
    target: dict[str, Any] = {"target_system": 1, "target_component": 1, "command": 192}
    bench.say("COMMAND_INT", **target, param1=-1.0, param2=1.0, param3=-2000.0, param4=math.nan, **place)
    found = [each for each in bench.turn(3) if each.name == "COMMAND_ACK"]
    assert [each.result for each in found] == [Result.ACCEPTED]
    assert bench.aircraft.picture.mode == Mode.HOLD
    bench.fly(240)
    directed = bench.aircraft.picture.flight.directed
    assert math.degrees(directed.latitude) == pytest.approx(51.06)
    assert directed.radius == -2000.0  # to the left
    assert bench.aircraft.picture.estimate.altitude_msl == pytest.approx(800.0, abs=15.0)  # one gust of the light wind


def test_who_holds_no_recovery_begins_no_take_off_by_any_message() -> None:
    bench = Bench()
    assert bench.command(400, 1.0) == [ACCEPTED]
    bench.assembled.control.authority.heard(242)
    bench.assembled.control.authority.holders[Level.RECOVERY] = 242
    bench.say("SET_MODE", target_system=1, base_mode=1, custom_mode=modes.MISSION.custom_mode)
    bench.say("SET_MODE", target_system=1, base_mode=1, custom_mode=modes.TAKE_OFF.custom_mode)
    for number, *p in ((176, 1.0, 4.0, 4.0), (262, 6.0), (300,), (193, 1.0), (22,)):
        assert bench.command(number, *p) == [Result.NOT_IN_CONTROL], number
    ordered = [entry.arguments["kind"] for entry in bench.live.journal if entry.what == "order"]
    assert ordered == [OrderKind.ENGINE]


def test_a_greedy_client_piles_up_no_orders() -> None:
    bench = Bench()
    results = []
    for k in range(100):
        results += bench.command(192, -1.0, 0.0, 0.0, 0.0, 51.0, 71.0 + 0.001 * k, 900.0, turns=0)
    assert results == [PASSING] * (100 - MOST_WAITING)
    assert bench.live.waiting(0) == MOST_WAITING
    assert bench.command(410, turns=0) == [ACCEPTED]  # looking is not held up
    bench.turn(MOST_WAITING + 1)
    assert bench.live.waiting(0) == 0


def test_modes_of_px4_are_understood_and_shown() -> None:
    bench = Bench()
    bench.take_off()
    shown = {}
    for name, sub in (("HOLD", 3), ("MISSION", 4), ("RETURN", 5)):
        bench.wall += 20.0
        assert bench.command(176, 209.0, 4.0, float(sub)) == [ACCEPTED]
        beats = [each for each in bench.turn(11) if each.name == "HEARTBEAT" and each.component == 1]
        shown[name] = (beats[-1].custom_mode >> 24, beats[-1].custom_mode >> 16 & 0xFF)
    assert shown == {"HOLD": (3, 4), "MISSION": (4, 4), "RETURN": (5, 4)}
    assert bench.command(176, 209.0, 1.0, 0.0) == [UNSUPPORTED]  # manual: there is no stick of surfaces


def test_the_stick_banks_and_climbs_and_expires() -> None:
    bench = Bench()
    bench.take_off()
    bench.fly(60)
    assert bench.command(176, 209.0, 3.0, 0.0) == [ACCEPTED]
    for _ in range(40):
        bench.say("MANUAL_CONTROL", target=1, x=0, y=700, z=500, r=0, buttons=0)
        bench.turn(1)
    modes = [bench.aircraft.picture.mode]
    assert bench.aircraft.picture.estimate.phi > math.radians(10.0)
    bench.turn(30)
    assert [*modes, bench.aircraft.picture.mode] == [Mode.STICK, Mode.HEADING]
