"""The machine that decides aboard who commands the aircraft."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from samruk.vehicle.authority import TIMES, Audit, Authority, Level, State, Step, Value
from samruk.vehicle.levels import of_command
from samruk.vehicle.service import Result

S1, S2, S3, CLIENT = 241, 242, 243, 245
VALUES = (Value("engine", 1.0), Value("height", 900.0, 0.5), Value("heading", 0.01, 0.01, 2.0 * math.pi))


class Day:
    """A machine with a clock beside it, and stations that are heard or silent."""

    def __init__(self, overriding: Sequence[int] = (S3,), in_air: bool = True, speed: float = 1.0) -> None:
        self.machine = Authority(overriding)
        self.now, self.in_air, self.values, self.speed = 100.0, in_air, VALUES, speed
        self.alive: set[int] = {S1, S2, S3}
        self.lines: list[Audit] = []
        self.machine.tick(self.now, False, self.values, speed)
        for station in self.alive:
            self.machine.heard(station)

    def wait(self, seconds: float) -> None:
        """Let time pass in steps of a tenth."""
        for _ in range(round(10.0 * seconds)):
            self.now += 0.1
            for station in self.alive:
                self.machine.heard(station)
            self.machine.tick(self.now, self.in_air, self.values, self.speed)
            self.lines += self.machine.drain()

    def fly(self, holder: int = S1) -> Authority:
        """A flight in the hands of one station."""
        assert self.machine.request(holder).granted
        self.wait(5.0)
        return self.machine


@pytest.fixture
def day() -> Day:
    return Day()


def hand_over(machine: Authority, until: Step = Step.READ_BACK, giver: int = S1, receiver: int = S2) -> int:
    """Take the steps of a hand-over up to one; returns its number."""
    machine.step(receiver, Step.REQUEST)
    machine.step(giver, Step.OFFER, receiver)
    assert machine.handover is not None
    number = machine.handover.number
    for index, value in enumerate(VALUES):
        machine.showed(receiver, index, value.value)
    if until >= Step.TRANSFER:
        assert machine.step(giver, Step.TRANSFER, number=number).granted
    if until >= Step.READ_BACK:
        assert machine.step(receiver, Step.READ_BACK, number=number).granted
    return number


# --- the published traps of operator control ---


def test_the_main_station_is_the_requester_and_not_the_least_of_its_range(day: Day) -> None:
    assert day.machine.request(S2, first=S1, last=S3).granted
    assert day.machine.main == S2
    assert day.machine.secondary == (S1, S3)


def test_a_range_without_the_requester_is_refused(day: Day) -> None:
    assert day.machine.request(S3, first=S1, last=S2).result == Result.DENIED
    assert day.machine.main == 0


@pytest.mark.parametrize(("first", "last"), [(S1, 256), (1, 10**12), (1, int(3.4e38)), (0, S3), (-5, S3)])
def test_a_range_that_is_no_range_of_system_ids_is_refused_at_once(day: Day, first: int, last: int) -> None:
    assert day.machine.request(S1, first=first, last=last).result == Result.DENIED
    assert day.machine.secondary == ()


def test_a_secondary_does_not_slip_past_the_take_over_check(day: Day) -> None:
    day.machine.request(S2, first=S1, last=S3)
    assert day.machine.request(S1).result == Result.NOT_IN_CONTROL
    assert not day.machine.may(S1, "reposition").granted
    assert day.machine.main == S2


def test_what_was_asked_of_an_owner_does_not_outlive_its_ownership(day: Day) -> None:
    machine = day.fly()
    machine.request(S2)
    machine.request(S1, allow=True)
    assert [each.requester for each in machine.forwards] == [S2]
    assert machine.request(S3).granted  # S1 lets anybody take over, and S3 is quicker
    assert not machine.forwards, "S2's request was to S1"
    assert not machine.leave, "S1's leave was S1's"
    assert machine.request(S2).result == Result.NOT_IN_CONTROL
    assert [(each.owner, each.requester) for each in machine.forwards] == [(S3, S2)]


def test_only_the_primary_releases() -> None:
    day = Day(in_air=False)
    day.machine.request(S2, first=S1, last=S3)
    assert day.machine.release(S1).result == Result.NOT_IN_CONTROL
    assert day.machine.release(S3).result == Result.NOT_IN_CONTROL
    assert day.machine.main == S2
    assert day.machine.release(S2).granted
    assert day.machine.main == 0


# --- asking ---


def test_a_held_aircraft_is_asked_for_and_its_holder_is_told_at_most_every_three_seconds(day: Day) -> None:
    machine = day.fly()
    for _ in range(20):
        assert machine.request(S2).result == Result.NOT_IN_CONTROL
    assert [(each.owner, each.requester) for each in machine.forwards] == [(S1, S2)]


def test_control_is_not_released_in_the_air(day: Day) -> None:
    machine = day.fly()
    assert machine.release(S1).result == Result.DENIED
    assert machine.main == S1


def test_a_late_copy_of_a_request_does_not_take_back_what_was_released() -> None:
    day = Day(in_air=False)
    day.machine.request(S1)
    day.machine.release(S1)
    day.wait(1.0)
    assert day.machine.request(S1).result == Result.TEMPORARILY_REJECTED
    day.wait(3.0)
    assert day.machine.request(S1).granted


def test_leave_ends_by_itself(day: Day) -> None:
    machine = day.fly()
    machine.request(S1, allow=True)
    day.wait(TIMES.answer + 1.0)
    assert machine.request(S2).result == Result.NOT_IN_CONTROL


def test_a_late_copy_of_a_leave_does_not_bring_it_back(day: Day) -> None:
    machine = day.fly()
    machine.request(S1, allow=True)
    machine.request(S1, allow=False)
    machine.request(S1, allow=True)
    assert machine.request(S2).result == Result.NOT_IN_CONTROL


def test_system_zero_is_nobody(day: Day) -> None:
    assert not day.machine.may(0, "arm", Level.RECOVERY).granted
    assert not day.machine.request(0).granted


# --- levels ---


def test_each_level_has_its_own_holder(day: Day) -> None:
    machine = day.fly()
    machine.request(S1, allow=True)
    assert machine.set_level(S2, Level.PAYLOAD, True).granted
    assert machine.may(S2, "point", Level.PAYLOAD).granted
    assert not machine.may(S2, "reposition", Level.AIR).granted
    assert not machine.may(S1, "point", Level.PAYLOAD).granted
    assert machine.may(S1, "land", Level.RECOVERY).granted


@pytest.mark.parametrize(("level", "held"), [(3, (S1, 0, 0)), (4, (S1, S1, 0)), (5, (S1, S1, S1))])
def test_a_level_brings_those_below_it_that_are_free(day: Day, level: int, held: tuple[int, int, int]) -> None:
    assert day.machine.set_level(S1, level, True).granted
    assert tuple(day.machine.holders.values()) == held


def test_who_flies_but_holds_no_recovery_may_not_land(day: Day) -> None:
    machine = day.fly()
    machine.step(S1, Step.OFFER, S2, Level.AIR)
    machine.step(S2, Step.REQUEST, level=Level.AIR)
    assert machine.handover is not None
    number = machine.handover.number
    for index, value in enumerate(VALUES):
        machine.showed(S2, index, value.value)
    assert machine.step(S1, Step.TRANSFER, number=number).granted
    assert machine.step(S2, Step.READ_BACK, number=number).granted
    assert (machine.main, machine.holders[Level.RECOVERY]) == (S2, S1)
    assert not machine.may(S2, "land", of_command(21)).granted
    assert machine.may(S2, "return", of_command(20)).granted


def test_the_payload_is_free_again_when_its_holder_falls_silent(day: Day) -> None:
    machine = day.fly()
    machine.request(S1, allow=True)
    machine.set_level(S2, Level.PAYLOAD, True)
    day.alive = {S1}
    day.wait(TIMES.lost + 1.0)
    assert machine.holders[Level.PAYLOAD] == 0


def test_the_table_knows_what_a_command_needs() -> None:
    assert of_command(512) == Level.OPEN
    assert of_command(1000) == Level.PAYLOAD
    assert of_command(192) == Level.AIR
    assert of_command(400) == Level.RECOVERY
    assert of_command(300, in_air=False) == Level.RECOVERY
    assert of_command(300, in_air=True) == Level.AIR
    assert of_command(193, in_air=False) == Level.RECOVERY


# --- positive hand-over ---


def test_a_hand_over_passes_control_when_the_receiver_reads_back(day: Day) -> None:
    machine = day.fly()
    hand_over(machine, Step.TRANSFER)
    assert machine.main == S1, "until the read-back the giver flies"
    assert machine.step(S2, Step.READ_BACK, number=machine.handover.number if machine.handover else 0).granted
    assert set(machine.holders.values()) == {S2}


def test_a_transfer_waits_until_each_difference_is_accepted(day: Day) -> None:
    machine = day.fly()
    machine.step(S1, Step.OFFER, S2)
    machine.step(S2, Step.REQUEST)
    assert machine.handover is not None
    number = machine.handover.number
    machine.showed(S2, 0, 0.0)
    machine.showed(S2, 2, 0.01 - 2.0 * math.pi)  # the same heading
    assert [each.name for each in machine.differences()] == ["engine", "height"]
    assert not machine.step(S1, Step.TRANSFER, number=number).granted
    assert machine.step(S2, Step.ACCEPT, number=number, index=0).granted
    assert not machine.step(S1, Step.TRANSFER, number=number).granted
    assert machine.step(S2, Step.ACCEPT, number=number, index=1).granted
    assert machine.step(S1, Step.TRANSFER, number=number).granted


def test_an_accepted_value_that_changes_is_a_difference_again(day: Day) -> None:
    machine = day.fly()
    number = hand_over(machine, Step.ACCEPT)
    machine.showed(S2, 1, 800.0)
    machine.step(S2, Step.ACCEPT, number=number, index=1)
    day.values = (VALUES[0], Value("height", 1500.0, 0.5), VALUES[2])
    day.wait(0.1)
    assert not machine.step(S1, Step.TRANSFER, number=number).granted


def test_a_value_that_changes_between_transfer_and_read_back_ends_the_hand_over(day: Day) -> None:
    machine = day.fly()
    number = hand_over(machine, Step.TRANSFER)
    day.values = (VALUES[0], Value("height", 1500.0, 0.5), VALUES[2])
    day.wait(0.1)
    assert not machine.step(S2, Step.READ_BACK, number=number).granted
    assert machine.main == S1


def test_without_read_back_in_two_seconds_the_giver_keeps_control(day: Day) -> None:
    machine = day.fly()
    number = hand_over(machine, Step.TRANSFER)
    day.wait(2.2)
    assert not machine.step(S2, Step.READ_BACK, number=number).granted
    assert machine.main == S1


def test_a_slow_wall_clock_is_allowed_for_at_twenty_times_real_time() -> None:
    day = Day(speed=20.0)
    machine = day.fly()
    number = hand_over(machine, Step.TRANSFER)
    day.wait(20.0)  # one second on the wall
    assert machine.step(S2, Step.READ_BACK, number=number).granted


@pytest.mark.parametrize("step", [Step.TRANSFER, Step.READ_BACK, Step.ACCEPT])
def test_a_step_of_a_former_hand_over_does_nothing(day: Day, step: Step) -> None:
    machine = day.fly()
    stale = hand_over(machine, Step.ACCEPT)
    machine.step(S1, Step.CANCEL, number=stale)
    hand_over(machine, Step.TRANSFER)
    before = machine.handover
    for station in (S1, S2):
        assert not machine.step(station, step, number=stale, index=0).granted
    assert machine.handover is before
    assert machine.main == S1


def test_only_the_giver_transfers_and_only_the_receiver_reads_back(day: Day) -> None:
    machine = day.fly()
    number = hand_over(machine, Step.ACCEPT)
    for station in (S2, S3):
        assert not machine.step(station, Step.TRANSFER, number=number).granted
    assert machine.step(S1, Step.TRANSFER, number=number).granted
    for station in (S1, S3):
        assert not machine.step(station, Step.READ_BACK, number=number).granted
    assert machine.main == S1


# --- override ---


def silent_holder(day: Day, seconds: float) -> Authority:
    """A flight whose holder has been silent for a time."""
    machine = day.fly()
    day.alive.discard(S1)
    day.wait(seconds)
    return machine


def test_an_override_takes_two_actions_after_thirty_seconds_of_silence(day: Day) -> None:
    machine = silent_holder(day, 29.0)
    assert machine.override(S3, 1).result == Result.TEMPORARILY_REJECTED
    day.wait(2.0)
    assert machine.override(S3, 2).result == Result.DENIED, "not announced"
    assert machine.override(S3, 1).granted
    assert machine.override(S3, 2).result == Result.TEMPORARILY_REJECTED, "too soon after the first action"
    day.wait(TIMES.dwell + 0.2)
    assert machine.override(S3, 2).granted
    assert set(machine.holders.values()) == {S3}
    assert any("override by right" in line.reason for line in [*day.lines, *machine.audit])


def test_without_the_right_there_is_no_override(day: Day) -> None:
    machine = silent_holder(day, 60.0)
    assert machine.override(S2, 1).result == Result.DENIED


def test_a_holder_who_is_heard_between_the_two_actions_keeps_control(day: Day) -> None:
    machine = silent_holder(day, 35.0)
    machine.override(S3, 1)
    day.wait(1.0)
    machine.heard(S1)
    day.wait(3.0)
    assert not machine.override(S3, 2).granted
    assert machine.main == S1


def test_a_station_at_which_nobody_looks_does_not_hold_an_override_off(day: Day) -> None:
    machine = silent_holder(day, 1.0)
    for _ in range(350):
        machine.heard(S1, attended=False)
        day.wait(0.1)
    assert machine.state is State.HELD, "the link lives"
    assert machine.override(S3, 1).granted


def test_an_override_that_is_not_confirmed_ends(day: Day) -> None:
    machine = silent_holder(day, 35.0)
    machine.override(S3, 1)
    day.wait(TIMES.armed + 1.0)
    assert machine.override(S3, 2).result == Result.DENIED


# --- losing and regaining ---


def state(machine: Authority) -> State:
    """The state now, which the type checker does not remember."""
    return machine.state


def test_a_silent_holder_is_a_lost_link_and_its_return_needs_an_acknowledgement(day: Day) -> None:
    machine = silent_holder(day, 15.0)
    assert machine.state is State.LOST
    assert machine.link_age() == pytest.approx(15.0, abs=0.2)  # a tick or two of the test's clock
    day.alive.add(S1)
    day.wait(0.1)
    assert state(machine) is State.REGAINED
    assert machine.link_age() < 0.2
    assert machine.may(S1, "reposition").result == Result.TEMPORARILY_REJECTED
    assert machine.acknowledge(S1).granted
    assert machine.may(S1, "reposition").granted


def test_nobody_else_acknowledges(day: Day) -> None:
    machine = silent_holder(day, 15.0)
    day.alive.add(S1)
    day.wait(0.1)
    assert not machine.acknowledge(S2).granted
    assert machine.state is State.REGAINED


def test_a_holder_who_stays_away_leaves_an_aircraft_alone_on_its_lost_link_timer(day: Day) -> None:
    machine = silent_holder(day, TIMES.alone + 5.0)
    assert (machine.main, machine.state) == (0, State.ALONE)
    assert machine.link_age() == pytest.approx(TIMES.alone + 5.0, abs=0.3)  # it goes on counting from the last frame
    assert machine.request(S2).granted
    assert machine.state is State.HELD


def test_on_the_ground_a_silent_holder_frees_the_aircraft() -> None:
    day = Day(in_air=False)
    machine = day.fly()
    day.alive = {S2}
    day.wait(TIMES.lost + 1.0)
    assert (machine.main, machine.state) == (0, State.FREE)


def test_a_station_that_starts_anew_keeps_control_with_neutral_inputs(day: Day) -> None:
    machine = day.fly()
    number = hand_over(machine, Step.ACCEPT)
    machine.restarted(S1)
    assert (machine.main, machine.state) == (S1, State.REGAINED)
    assert not machine.step(S1, Step.TRANSFER, number=number).granted
    assert machine.may(S1, "reposition").result == Result.TEMPORARILY_REJECTED


def test_a_restart_of_the_aircraft_forgets_no_holder_and_no_silence(day: Day) -> None:
    machine = silent_holder(day, 20.0)
    again = Authority((S3,))
    again.restore(machine.saved(), 7.0, in_air=True)
    again.tick(7.1, True, VALUES)
    assert again.main == S1
    assert again.state is State.LOST
    assert again.link_age() == pytest.approx(20.1, abs=0.2)  # a tick or two of the test's clock
    assert again.epoch > machine.epoch


def test_time_that_goes_back_neither_revives_nor_stops_the_timers(day: Day) -> None:
    machine = silent_holder(day, 8.0)
    day.now -= 3600.0
    day.wait(3.0)
    assert machine.state is State.LOST


# --- clients that know nothing of authority ---


def test_a_client_takes_a_free_aircraft_by_commanding_it_and_never_a_held_one() -> None:
    day = Day(in_air=False)
    assert day.machine.may(CLIENT, "arm", Level.RECOVERY).granted
    assert set(day.machine.holders.values()) == {CLIENT}
    assert not day.machine.may(S1, "arm", Level.RECOVERY).granted


def test_a_stick_takes_no_aircraft() -> None:
    day = Day(in_air=False)
    assert not day.machine.may(CLIENT, "MANUAL_CONTROL", held=True).granted


def test_a_client_that_comes_back_acknowledges_by_its_first_command_but_not_by_its_stick() -> None:
    day = Day(in_air=False)
    machine = day.machine
    machine.may(CLIENT, "arm", Level.RECOVERY)
    day.in_air = True
    day.alive.add(CLIENT)
    day.wait(1.0)
    day.alive.discard(CLIENT)
    day.wait(15.0)
    day.alive.add(CLIENT)
    day.wait(0.1)
    assert not machine.may(CLIENT, "MANUAL_CONTROL", held=True).granted
    assert machine.may(CLIENT, "reposition").granted
    assert machine.may(CLIENT, "MANUAL_CONTROL", held=True).granted


# --- audit ---


def test_every_decision_has_a_line_and_a_greedy_station_only_a_few() -> None:
    day = Day()
    machine = day.fly()
    for k in range(10000):
        machine.may(S2, f"command {k}")
        machine.request(S2)
    assert len(machine.audit) < 100
    lines = machine.drain()
    assert any("more answers" in line.what for line in lines)
    numbers = [line.number for line in [*day.lines, *lines]]
    assert numbers == sorted(set(numbers))
