"""Alarms: the cause first, silence where it must be, nothing when all is well."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tests.fake_aircraft import Air, Fake

from samruk.messages import Mode
from samruk.station import alerts, wire

ICE = {"time_boot_ms": 1, "rate": 1e-7, "power_excess": 0.1, "stall_margin": 0.3, "temperature": 260.0, "detected": 0,
       "protection": 1, "airspeed_valid": 1}  # fmt: skip


def iced(**more: Any) -> Air:
    air = Air([Fake(more={"SAMRUK_ICE": {**ICE, **more}})])
    air.run(20.0)
    return air


def keys(air: Air) -> list[str]:
    return [alarm.key for alarm in air.picture().alarms]


def one(air: Air, key: str) -> wire.Alarm:
    return next(alarm for alarm in air.picture().alarms if alarm.key == key)


def test_a_quiet_flight_has_no_alarm() -> None:
    air = iced()
    air.run(600.0)
    assert keys(air) == []


def test_the_cause_stands_first_and_its_consequences_under_it() -> None:
    air = iced(detected=1, protection=2, stall_margin=0.05)
    assert keys(air)[0] == "ice_unprotected"
    root, margin = one(air, "ice_unprotected"), one(air, "stall_margin")
    assert margin.cause == root.id
    assert margin.id in root.consequences
    assert root.tone == "caution"
    assert margin.tone == "", "what follows from a cause makes no sound of its own"


def test_a_stall_sounds_whatever_its_cause() -> None:
    air = iced(detected=1, protection=2, stall_margin=0.01)
    stall = one(air, "stall")
    assert (stall.level, stall.tone, stall.speak) == ("warning", "warning", "stall")
    assert stall.cause is not None


def test_acknowledging_silences_and_never_hides() -> None:
    air = iced(stall_margin=0.05)
    alarm = one(air, "stall_margin")
    air.ask(wire.Acknowledge(alarm.id))
    air.run(5.0)
    alarm = one(air, "stall_margin")
    assert (alarm.acknowledged, alarm.active, alarm.tone) == (True, True, "")


def test_a_caution_that_is_over_stays_until_it_is_acknowledged() -> None:
    air = iced(stall_margin=0.05)
    air.aircraft[0].more["SAMRUK_ICE"]["stall_margin"] = 0.3
    air.run(30.0)
    alarm = one(air, "stall_margin")
    assert not alarm.active
    air.ask(wire.Acknowledge(alarm.id))
    air.run(1.0)
    assert "stall_margin" not in keys(air)


def test_a_value_that_flickers_raises_nothing() -> None:
    air = iced()
    for k in range(60):
        air.aircraft[0].more["SAMRUK_ICE"]["stall_margin"] = 0.08 if k % 3 == 0 else 0.3
        air.run(1.0)
    assert keys(air) == []


@pytest.mark.parametrize(("mode", "agl", "sounds"), [(Mode.FLARE, 20.0, False), (Mode.TAKE_OFF, 80.0, False),
                                                     (Mode.ROUTE, 1200.0, True)])  # fmt: skip
def test_low_in_take_off_and_in_the_flare_a_caution_is_listed_but_silent(mode: Mode, agl: float, sounds: bool) -> None:
    air = Air([Fake(mode=mode, altitude=300.0 + agl)])
    air.aircraft[0].more["SYS_STATUS"] = {"onboard_control_sensors_present": 1 << 5,
                                          "onboard_control_sensors_enabled": 1 << 5, "load": 100,
                                          "battery_remaining": -1}  # fmt: skip
    air.run(10.0)
    alarm = one(air, "gnss")
    assert alarm.inhibited is not sounds
    assert (alarm.tone == "caution") is sounds
    air.aircraft[0].mode, air.aircraft[0].altitude = Mode.CLIMB, 1500.0
    air.run(2.0)
    assert one(air, "gnss").tone == "caution", "it sounds when the phase is over and it still stands"


def test_go_around_is_spoken() -> None:
    air = Air([Fake(mode=Mode.GO_AROUND)])
    air.run(3.0)
    assert (one(air, "go_around").speak, one(air, "go_around").tone) == ("go-around", "")


def test_losing_the_link_is_a_warning_with_its_checklist_and_getting_it_back_an_alarm() -> None:
    air = Air()
    air.run(5.0)
    air.silent = True
    air.run(7.0)
    assert (one(air, "link_lost").level, one(air, "link_lost").checklist) == ("warning", "link_loss")
    assert "link_loss" in [each.id for each in air.picture().checklists]
    air.silent = False
    air.run(5.0)
    assert one(air, "link_back").tone == "command_gained"
    assert air.picture().aircraft[0].neutral


def test_after_command_is_gained_inputs_are_neutral_until_acknowledged() -> None:
    air = Air([Fake(holder=242)])
    air.run(3.0)
    air.aircraft[0].holder = 241
    air.run(3.0)
    assert one(air, "command_gained").level == "caution"
    [refusal] = air.ask(wire.Command("c", 1, "return"))
    assert isinstance(refusal, wire.Refusal)
    assert "neutral" in refusal.words
    air.ask(wire.Acknowledge(one(air, "command_gained").id))
    air.run(1.0)
    assert air.ask(wire.Command("d", 1, "return")) == []


def test_the_inputs_are_not_the_payloads_to_take() -> None:
    air = Air([Fake(holder=242)])
    air.run(3.0)
    air.aircraft[0].holder = 241
    air.run(3.0)
    gained = wire.Acknowledge(one(air, "command_gained").id)
    [refusal] = air.desk.asked(wire.Seat("payload", "S1", "payload", 241, "en"), gained, air.now)
    assert isinstance(refusal, wire.Refusal)
    air.run(1.0)
    assert air.picture().aircraft[0].neutral
    assert not one(air, "command_gained").acknowledged


def test_losing_command_is_a_warning() -> None:
    air = Air()
    air.run(3.0)
    air.aircraft[0].holder = 242
    air.run(3.0)
    assert (one(air, "command_lost").level, one(air, "command_lost").tone) == ("warning", "command_lost")
    assert not air.picture().aircraft[0].mine


def test_old_values_raise_nothing_but_the_loss_of_the_link() -> None:
    air = iced()
    air.desk.fleet.vehicles[1].now.ice.stall_margin = 0.01
    air.silent = True
    air.desk.fleet.vehicles[1].heard["status"] -= 6.0
    air.run(20.0)
    assert set(keys(air)) == {"link_lost"}


@pytest.mark.parametrize("sign", alerts.SIGNS, ids=lambda each: each.key)
def test_the_graph_of_causes_has_no_circle(sign: alerts.Sign) -> None:
    by_key = {each.key: each for each in alerts.SIGNS}

    def above(key: str, path: tuple[str, ...]) -> None:
        assert key not in path
        for cause in by_key[key].causes:
            above(cause, (*path, key))

    above(sign.key, ())


def test_words_change_with_the_language() -> None:
    air = iced(stall_margin=0.05)
    air.ask(wire.SetLanguage("tr"))
    air.run(1.0)
    assert one(air, "stall_margin").words == "Hız tutunma kaybına yakın"
    assert math.isfinite(air.now)


def test_a_question_of_another_station_is_shown_answered_and_over_when_nobody_asks() -> None:
    air = Air()
    air.run(3.0)
    for _ in range(3):
        air.up(air.aircraft[0].say("COMMAND_LONG", {"command": 32100, "target_system": 241, "param1": 242.0}))
        air.run(1.0)
    assert keys(air).count("command_asked") == 1
    answers = [out for out in air.aircraft[0].heard if out.name == "COMMAND_ACK"]
    assert len(answers) == 3
    air.run(35.0)
    assert not one(air, "command_asked").active


def test_an_alarm_that_comes_again_and_again_unacknowledged_is_listed_once() -> None:
    air = iced()
    for _ in range(20):
        air.aircraft[0].more["SAMRUK_ICE"]["stall_margin"] = 0.05
        air.run(8.0)
        air.aircraft[0].more["SAMRUK_ICE"]["stall_margin"] = 0.3
        air.run(15.0)
    assert keys(air) == ["stall_margin"]
