"""A command is sent until it is answered, and done only when telemetry shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from tests.fake_aircraft import Air, Fake

from samruk.link.mavlink import Message
from samruk.messages import Mode, OrderAck
from samruk.station import wire
from samruk.station.commands import DONE_WITHIN, KINDS, TRIES
from samruk.station.vehicles import Out
from samruk.vehicle.commands import Commands
from samruk.vehicle.service import Asked, Now, Reply, Sender


def command(kind: str, id: str = "c", sysid: int = 1, **more: Any) -> wire.Command:
    return wire.Command(id, sysid, kind, **more)


def state(air: Air, id: str = "c") -> wire.CommandState:
    return next(each for each in air.picture().pending if each.id == id)


def sent(air: Air, number: int, k: int = 0) -> list[Out]:
    return [out for out in air.aircraft[k].heard if out.fields.get("command") == number]


def test_accepted_is_not_done_until_telemetry_shows_it() -> None:
    air = Air()
    air.run(2.0)
    assert air.ask(command("return")) == []
    air.run(1.0)
    assert state(air).state == "accepted"
    air.aircraft[0].mode = Mode.RETURN
    air.run(1.0)
    assert state(air).state == "done"


def test_a_refusal_gives_the_aircrafts_own_words() -> None:
    air = Air([Fake(answers={20: 2}, reasons={20: "No fuel for home"})])
    air.run(2.0)
    air.ask(command("return"))
    air.run(1.0)
    assert (state(air).state, state(air).reason) == ("refused", "No fuel for home")


def test_a_refusal_without_words_is_told_by_its_result() -> None:
    air = Air([Fake(answers={20: 10})])
    air.run(2.0)
    air.ask(command("return"))
    air.run(1.0)
    assert state(air).reason == "Another station commands this aircraft"


def test_a_command_that_is_not_answered_is_sent_again_and_ends() -> None:
    air = Air()
    air.run(2.0)
    air.loss = 1.0
    air.ask(command("return"))
    air.run(4.0)
    assert state(air).state == "sent"
    air.loss = 1.0
    air.run(3.0)
    assert (state(air).state, state(air).tries) == ("timeout", TRIES)


@pytest.mark.parametrize("loss", [0.02, 0.1])
def test_a_command_gets_through_a_lossy_link(loss: float) -> None:
    air = Air(loss=loss)
    air.aircraft[0].acted = lambda fake, out: setattr(fake, "mode", Mode.RETURN)
    air.run(5.0)
    air.ask(command("return"))
    air.run(8.0)
    assert state(air).state == "done"


def test_one_command_of_a_number_is_under_way_at_a_time() -> None:
    air = Air()
    air.run(2.0)
    air.loss = 1.0
    air.ask(command("altitude", "one", altitude=2000.0))
    air.ask(command("altitude", "two", altitude=3000.0))
    air.run(1.0)
    assert (state(air, "one").state, state(air, "two").state) == ("sent", "refused")


def test_a_place_travels_in_whole_1e_7_degrees() -> None:
    air = Air()
    air.run(2.0)
    air.ask(command("hold", latitude=0.5, longitude=-1.25, altitude=2000.0, radius=-800.0))
    air.run(0.5)
    [out] = sent(air, 34)
    assert out.name == "COMMAND_INT"
    assert (out.fields["x"], out.fields["y"], out.fields["z"]) == (286478898, -716197244, 2000.0)
    assert out.fields["param1"] == -800.0


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_is_sent_to_an_aircraft_of_another_station(kind: str) -> None:
    air = Air([Fake(holder=242)])
    air.run(2.0)
    more: dict[str, Any] = {"latitude": 0.9, "longitude": 1.2, "altitude": 1500.0, "heading": 1.0, "airspeed": 30.0}
    more |= {"leg": 1, "length": 500.0, "radius": 300.0, "value": 1.0, "confirmed": True}
    [refusal] = air.ask(command(kind, **more))
    air.run(2.0)
    assert isinstance(refusal, wire.Refusal)
    assert refusal.words == "Another station commands this aircraft"
    assert not [out for out in air.aircraft[0].heard if out.fields.get("command") not in (None, 511, 512)]


def test_nothing_is_commanded_on_values_older_than_5_s() -> None:
    air = Air()
    air.run(2.0)
    air.silent = True
    air.run(5.5)
    [refusal] = air.ask(command("return"))
    assert isinstance(refusal, wire.Refusal)
    assert "5 s" in refusal.words


def test_what_cannot_be_undone_must_be_held() -> None:
    air = Air()
    air.run(2.0)
    [refusal] = air.ask(command("engine_stop"))
    assert isinstance(refusal, wire.Refusal)
    assert air.ask(command("engine_stop", confirmed=True)) == []


@pytest.mark.parametrize("kind", ["goto", "heading", "altitude", "airspeed", "leg", "point_at", "nonsense"])
def test_an_incomplete_or_unknown_command_is_refused_here(kind: str) -> None:
    air = Air()
    air.run(2.0)
    [refusal] = air.ask(command(kind))
    assert isinstance(refusal, wire.Refusal)


def test_arming_waits_for_its_checklist_and_names_the_item() -> None:
    air = Air([Fake(landed=True, armed=False, engine=False)])
    air.run(2.0)
    [refusal] = air.ask(command("arm"))
    assert isinstance(refusal, wire.Refusal)
    assert refusal.checklist == "arming"
    for _ in range(12):
        answer = air.ask(command("arm", id=f"c{_}"))
        if not answer:
            break
        [refusal] = answer
        assert isinstance(refusal, wire.Refusal)
        assert refusal.item is not None
        assert air.ask(wire.Tick(1, "arming", refusal.item)) == []
    air.run(1.0)
    assert len(sent(air, 400)) == 1


def test_a_sensed_item_is_not_the_crews_to_tick() -> None:
    air = Air([Fake(landed=True, armed=False)])
    air.run(2.0)
    air.ask(command("arm"))
    [answer] = air.ask(wire.Tick(1, "arming", "mine"))
    assert isinstance(answer, wire.Refusal)


def test_all_levels_of_an_aircraft_are_asked_for_at_once() -> None:
    air = Air()
    air.run(2.0)
    air.ask(wire.Authority("all", 1, "request", loi=0))
    air.ask(wire.Authority("one", 1, "request", loi=3))
    air.run(1.0)
    (whole,) = sent(air, 32100)
    (level,) = sent(air, 52100)
    assert whole.fields["param2"] == 1.0
    assert (level.fields["param1"], level.fields["param2"]) == (3.0, 1.0)


def test_a_bearer_keeps_its_number_where_the_other_is_out_of_reach() -> None:
    air = Air()
    air.run(2.0)
    vehicle = air.desk.fleet.vehicles[1]
    vehicle.handover = wire.Handover(1, 242, 241, 4, "differences", [], 13, None)
    vehicle.now.links, vehicle.now.active_bearer = [wire.Bearer("satellite", 4.0, True, 0.6, 1.0, 0.0)], "satellite"
    (shown,) = air.desk.handovers.shown()
    assert shown.fields["bearer"] == 2


def test_an_instructor_ends_what_was_begun() -> None:
    air = Air()
    air.run(2.0)
    instructor = wire.Seat("instructor", "S1", "instructor", 241, "en")
    for k, (what, key) in enumerate((("condition", "wind"), ("link", "both"), ("failure", "engine"))):
        value = 0.0 if what == "failure" else None
        asked = wire.Instructor(f"e{k}", 1, what, key, value, duration_s=90.0)  # type: ignore[arg-type]
        assert list(air.desk.asked(instructor, asked, air.now)) == []
    air.run(2.0)
    wind, engine = sent(air, 52104)
    (link,) = sent(air, 52105)
    assert math.isnan(wind.fields["param2"])
    assert (engine.fields["param2"], engine.fields["param3"]) == (0.0, 90.0)
    assert link.fields["param3"] == 0.0


def test_the_turret_looks_at_the_ground_where_no_height_is_given() -> None:
    air = Air()
    air.run(2.0)
    air.desk.fleet.vehicles[1].now.holder.loi3 = 241
    air.ask(wire.Command("look", 1, "point_at", latitude=0.89, longitude=1.24))
    air.run(1.0)
    (looked,) = sent(air, 195)
    assert looked.fields["z"] == air.desk.ground.height(0.89, 1.24) == 300.0


def test_what_does_not_move_the_aircraft_waits_for_its_turn() -> None:
    air = Air()
    air.run(2.0)
    instructor = wire.Seat("instructor", "S1", "instructor", 241, "en")
    for k, key in enumerate(("wind", "rain", "cloud")):
        assert list(air.desk.asked(instructor, wire.Instructor(f"i{k}", 1, "condition", key, 1.0), air.now)) == []
    air.run(1.0)
    assert [out.fields["param1"] for out in sent(air, 52104)] == [3.0, 2.0, 1.0]
    assert [state(air, f"i{k}").state for k in range(3)] == ["done"] * 3


# ---------------------------------------------------------------------- a final answer that is lost


@dataclass
class Slow(Fake):
    """An aircraft with the command service of a real one, over an autopilot that answers an order after a while."""

    after: float = 3.0
    """s until the autopilot answers: after IN_PROGRESS, which comes at 0.5 s."""
    takes: bool = True
    """Whether it accepts."""
    lost: int = 1
    """Final answers that do not arrive."""
    turns_to: int = Mode.RETURN
    done: list[float] = field(default_factory=list)
    """When it was ordered something."""
    wall: float = 0.0

    def __post_init__(self) -> None:
        aircraft: Any = SimpleNamespace(k=0, landed=False, answer=self.answer, say=lambda *_: None)
        aircraft.live, aircraft.home = SimpleNamespace(waiting=lambda k: 0), SimpleNamespace(elevation=300.0)
        self.commands = Commands(aircraft)
        for number in (20, 34):
            self.commands.register(number, self.ordered)

    def ordered(self, asked: Asked, now: Now) -> Reply:
        """An order to the autopilot."""
        self.done.append(self.wall)
        return Reply(order=len(self.done))

    def answer(self, sequence: int) -> OrderAck | None:
        """The autopilot's, once it has one."""
        return OrderAck(sequence, int(self.takes), 0) if self.wall - self.done[sequence - 1] > self.after else None

    def take(self, out: Out) -> list[Message]:
        """By the service of the real aircraft."""
        self.heard.append(out)
        if out.name not in ("COMMAND_LONG", "COMMAND_INT"):
            return []
        message: Any = SimpleNamespace(name=out.name, **{f"param{k}": 0.0 for k in range(1, 8)} | dict(out.fields))
        return self.told(self.commands.heard(message, Sender(241), Now(wall=self.wall)))

    def due(self, now: float) -> list[Message]:
        """What it says by itself."""
        self.wall = now
        if self.takes and self.done and now - self.done[0] > self.after:
            self.mode = self.turns_to
        return self.told(self.commands.due(Now(wall=now)))

    def told(self, answers: Any) -> list[Message]:
        """Those answers that are not lost."""
        found = []
        for each in answers:
            if int(each.fields["result"]) != 5 and self.lost:
                self.lost -= 1
                continue
            found.append(self.say(each.name, dict(each.fields)))
        return found


def at_work(fake: Slow, asked: wire.Command) -> Air:
    """A command that the aircraft has said it is at work on."""
    air = Air([fake])
    air.desk.streams.due = lambda now: iter(())  # type: ignore[method-assign]  # it has them all
    fly(air, fake, 3.0)
    assert air.ask(asked) == []
    fly(air, fake, 1.0)
    assert state(air).state == "sent"
    return air


def fly(air: Air, fake: Slow, seconds: float) -> None:
    """Let time pass for both."""
    for _ in range(round(10 * seconds)):
        air.run(0.1)
        for message in fake.due(air.now):
            air.up(message)


@pytest.mark.parametrize(("takes", "told"), [(True, "done"), (False, "refused")])
def test_a_final_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice(takes: bool, told: str) -> None:
    fake = Slow(takes=takes)
    air = at_work(fake, command("return"))
    fly(air, fake, 5.0)
    assert state(air).state == told
    assert [out.fields["confirmation"] for out in sent(air, 20)] == list(range(len(sent(air, 20))))
    assert len(sent(air, 20)) > 1
    assert len(fake.done) == 1


def test_a_command_is_not_asked_again_once_the_aircraft_may_have_forgotten_it() -> None:
    fake = Slow(takes=False, lost=1000)
    air = at_work(fake, command("return"))
    fly(air, fake, DONE_WITHIN + 5.0)
    assert (state(air).state, len(fake.done)) == ("timeout", 1)
    assert state(air).reason == "The aircraft was at work on it; its final answer did not come"


def test_after_another_command_what_telemetry_shows_is_the_answer() -> None:
    fake = Slow(lost=1000)
    air = at_work(fake, command("return"))
    air.desk.commands.went(1, air.now)  # as when a stream is asked for: the aircraft knows its last command only
    fly(air, fake, 5.0)
    assert state(air).state == "done"
    assert (len(sent(air, 20)), len(fake.done)) == (1, 1)


def test_a_place_is_not_sent_again_and_telemetry_tells() -> None:
    fake = Slow(lost=1000, turns_to=Mode.HOLD)
    air = at_work(fake, command("hold", latitude=0.5, longitude=-1.25, altitude=2000.0, radius=-800.0))
    fly(air, fake, 5.0)
    assert state(air).state == "done"
    assert len(fake.done) == 1


def test_what_telemetry_showed_before_is_no_answer() -> None:
    fake = Slow(lost=1000, mode=Mode.HOLD, turns_to=Mode.HOLD)
    air = at_work(fake, command("hold", latitude=0.5, longitude=-1.25, altitude=2000.0, radius=-800.0))
    fly(air, fake, DONE_WITHIN - 5.0)
    assert state(air).state == "sent"


def test_what_is_never_answered_but_shown_is_done() -> None:
    fake = Slow(after=0.2, lost=1000)
    air = at_work(fake, command("return"))
    fly(air, fake, TRIES + 2.0)
    assert (state(air).state, state(air).tries, len(fake.done)) == ("done", TRIES, 1)
