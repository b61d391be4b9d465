"""Declared failures: what they take, when, and how they are told."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from samruk import load
from samruk.errors import InputError
from samruk.ledger import Ended, Ledger
from samruk.messages import Reason
from samruk.mission import Failure, Failures
from samruk.plant import failures
from samruk.plant.failures import Failed
from samruk.verdict.catalogue import CATALOGUE, SYSTEMS, Inputs, failed
from samruk.verdict.chain import HELP, REASONS, events


def test_every_system_that_can_fail_has_a_part_a_cause_and_a_name() -> None:
    names = [each.name for each in fields(Failures)]
    assert names == [each.name for each in fields(Failed)]
    assert set(names) == set(SYSTEMS)
    assert {f"sound_{name}" for name in names} <= {each.name for each in CATALOGUE}


def test_a_failure_holds_between_its_instants() -> None:
    declared = Failures(alternator=Failure(0.7, 100.0, 200.0))
    for time, part in ((99.9, 0.0), (100.0, 0.7), (199.9, 0.7), (200.0, 0.0)):
        now = failures.lost(declared, time)
        assert float(now.alternator) == part
        assert float(now.battery) == 0.0
        assert bool(failures.anything(now)) == (part > 0.0)


def test_a_mission_file_declares_them(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = (load.DATA / "missions/circuit/mission.toml").read_text(encoding="utf-8")
    file = tmp_path / "day.toml"
    file.write_text(text + '\n[[failure]]\nsystem = "pitot-heat"\nfrom = 2026-05-14T06:10:00Z\n'
                    '[[failure]]\nsystem = "coolant"\npart_pct = 40\n', encoding="utf-8")  # fmt: skip
    plan = load.mission(str(file)).flights[0]
    assert plan.task.failures.pitot_heat == Failure(1.0, 600.0, 1e9)
    assert plan.task.failures.coolant.part == pytest.approx(0.4)
    assert set(failed(plan.task)) == {"pitot_heat", "coolant"}
    sound = next(each for each in CATALOGUE if each.name == "sound_coolant")
    changed = sound.change(Inputs(plan.task, plan.aircraft, plan.tables))
    assert changed is not None
    assert set(failed(changed.task)) == {"pitot_heat"}
    other = next(each for each in CATALOGUE if each.name == "sound_battery")
    assert other.change(Inputs(plan.task, plan.aircraft, plan.tables)) is None


@pytest.mark.parametrize(("lines", "told"), [
    ('system = "wings"', "system"),
    ('system = "battery"\npart_1 = 1.2', "part"),
    ('system = "battery"\n[[failure]]\nsystem = "battery"', "stands twice"),
    ('system = "battery"\nfrom = 2026-05-14T07:00:00Z\nuntil = 2026-05-14T06:00:00Z', "until"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_line(tmp_path, lines: str, told: str) -> None:  # type: ignore[no-untyped-def]
    text = (load.DATA / "missions/circuit/mission.toml").read_text(encoding="utf-8")
    file = tmp_path / "day.toml"
    file.write_text(f"{text}\n[[failure]]\n{lines}\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        load.mission(str(file))


def test_no_failure_takes_nothing() -> None:
    none = failures.lost(replace(Failures()), 5.0)
    assert not bool(failures.anything(none))


def test_a_refusal_before_flight_says_what_helps() -> None:
    before = {reason for reason in Reason if reason.name.startswith(("FUEL_", "TOO_", "ENGINE_", "BATTERY_"))}
    assert before | {Reason.FROST, Reason.CROSSWIND, Reason.RUNWAY_TOO_SHORT} <= set(HELP)
    end = Ended(0, 0, True, int(Reason.FUEL_TOO_COLD), False, True, 0.0, 0.0, 0.0, 0.0, 0.0)
    told = [event.text for event in events(Ledger(), end, 0.0, "home")]
    assert any("warm the fuel" in text and REASONS[Reason.FUEL_TOO_COLD] in text for text in told)


def test_a_second_pitot_stands_in_for_tube_and_heat_and_for_nothing_else() -> None:
    plan = load.mission("circuit").flights[0]
    lost = Failures(pitot=Failure(1.0), pitot_heat=Failure(1.0), battery=Failure(1.0))
    second = next(each for each in CATALOGUE if each.name == "second_pitot")
    changed = second.change(Inputs(replace(plan.task, failures=lost), plan.aircraft, plan.tables))
    assert changed is not None
    assert set(failed(changed.task)) == {"battery"}
    assert second.change(Inputs(plan.task, plan.aircraft, plan.tables)) is None
