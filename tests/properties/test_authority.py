"""Whatever network, stations and clocks do: never two in command, never none in the air without a lost link."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.authority_world import RIGHT, S1, S2, Broken, Frame, World

from samruk.vehicle.authority import HELD, NOBODY, Authority, Decision, Level, State
from samruk.vehicle.claims import YES

WAYS = ("passed by request", "passed by step from a holder", "passed by request from a holder", "passed by release",
        "override granted", "passed by silence from a holder", "LOST", "REGAINED", "ALONE", "FREE",
        "acknowledge granted", "command refused", "passed by command")  # fmt: skip
"""What must have happened for a run to mean anything."""


def flown(events: int, seeds: int) -> World:
    """Worlds of several seeds, and what happened in all of them."""
    last = World(0)
    for seed in range(seeds):
        world = World(seed)
        world.run(events // seeds)
        assert world.most_lines < 300  # lines of the audit in one turn: memory is bounded
        world.seen += last.seen
        last = world
    return last


def missing(world: World) -> list[str]:
    """Ways of `WAYS` that never happened."""
    return [way for way in WAYS if not any(name.startswith(way) for name in world.seen)]


def test_a_hundred_thousand_adversarial_events_break_nothing() -> None:
    assert not missing(flown(100_000, 10))


@pytest.mark.slow
def test_a_million_adversarial_events_break_nothing() -> None:
    world = flown(1_000_000, 40)
    assert not missing(world)
    assert world.seen["passed by override from a holder"]


class TwoHolders(Authority):
    """Lets whoever asked last command as well."""

    def may(self, station: int, what: str, level: int = Level.AIR, held: bool = False) -> Decision:
        """Yes to S2, always."""
        return YES if station == S2 and self.main else super().may(station, what, level, held)


class Deaf(Authority):
    """Never notices silence."""

    def _watch_main(self) -> None:
        pass


class Careless(Authority):
    """Leaves an aircraft alone without a timer."""

    def _leave_alone(self, why: str, since: float | None = None) -> None:
        self.state = State.HELD


class Timeless(Authority):
    """Its timer stands when nobody is in command."""

    def link_age(self) -> float:
        """Nothing, when alone."""
        return 0.0 if self.state is State.ALONE else super().link_age()


class Stale(Authority):
    """Takes a step of any former hand-over for one of this."""

    def _current(self, station: int, number: int, role: str) -> Any:
        number = self.handover.number if self.handover else number
        return super()._current(station, number, role)


class Hasty(Authority):
    """Gives control at the read-back, transferred or not."""

    def _read_back(self, station: int, number: int) -> Decision:
        under_way = self.handover
        if under_way is None or under_way.number != number or under_way.receiver != station:
            return super()._read_back(station, number)
        self.handover = None
        self._take(station, under_way.levels, "hasty")
        return YES


class Patient(Authority):
    """Waits for a read-back as long as it takes."""

    def _expire(self) -> None:
        if self.handover:
            self.handover.until = math.inf
        super()._expire()


class Forgiving(Authority):
    """Lets leave outlive the ownership in which it was given."""

    @property
    def leave(self) -> bool:
        """Any leave ever given."""
        return self._leave.by != NOBODY

    def _give(self, level: Level, station: int, who: int, why: str) -> None:
        kept = self._leave
        super()._give(level, station, who, why)
        self._leave = kept


class Trusting(Authority):
    """Takes a late copy of a request for a new one."""

    def _late(self, station: int) -> bool:
        return False


class Dropping(Authority):
    """Lets go of an aircraft in the air."""

    def _released(self, station: int, levels: Any) -> Decision:
        in_air, self.in_air = self.in_air, False
        decision = super()._released(station, levels)
        self.in_air = in_air
        return decision


class Lawless(Authority):
    """Everybody may override."""

    def _overridden(self, station: int, action: int, level: int) -> Decision:
        self.overriding = frozenset(range(256))
        return super()._overridden(station, action, level)


class Impatient(Authority):
    """Overrides a holder who is there."""

    def unattended(self, station: int) -> float:
        """Always long."""
        return 1e3


class OneAction(Authority):
    """Overrides at the first action."""

    def _announced(self, station: int, levels: Any) -> Decision:
        super()._announced(station, levels)
        self._override.steady = -math.inf
        return self._confirmed(station)


class Amnesic(Authority):
    """Forgets at a restart who held it."""

    def restore(self, saved: Any, now: float, in_air: bool) -> None:
        """All but the holders."""
        super().restore({**saved, "holders": {str(int(level)): NOBODY for level in HELD}}, now, in_air)


class Rejuvenated(Authority):
    """Forgets at a restart for how long its holder was silent."""

    def restore(self, saved: Any, now: float, in_air: bool) -> None:
        """All but the age."""
        super().restore({**saved, "age": 0.0}, now, in_air)


class Silent(Authority):
    """Writes no line."""

    def _note(self, who: int, what: str, result: int, reason: str = "") -> None:
        pass


class Steering(Authority):
    """Obeys a station that has just come back, before it acknowledges."""

    def _after_regain(self, station: int, what: str, held: bool) -> Decision:
        return YES


class Sticky(Authority):
    """A stick takes a free aircraft."""

    def _taken(self, station: int, level: Level, held: bool) -> bool:
        return super()._taken(station, level, False)


class Backwards(Authority):
    """Its time stands still after the clock has gone back."""

    def tick(self, now: float, in_air: bool, commanded: Any = (), speed: float = 1.0) -> None:
        """Only ever forward."""
        super().tick(max(now, self._last), in_air, commanded, speed)


def many(mutant: type[Authority]) -> None:
    """Worlds with a machine of this kind, until one breaks."""
    for seed in range(40):
        World(seed, lambda: mutant((RIGHT,))).run(20_000)


MUTANTS = (
    TwoHolders, Deaf, Careless, Timeless, Stale, Hasty, Patient, Forgiving, Trusting, Dropping, Lawless, Impatient,
    OneAction, Amnesic, Rejuvenated, Silent, Steering, Sticky, Backwards,
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda kind: str(kind.__name__))
def test_a_machine_with_one_mistake_is_caught(mutant: type[Authority]) -> None:
    with pytest.raises(Broken):
        many(mutant)


@settings(max_examples=60, deadline=None)
@given(
    some.lists(
        some.one_of(
            some.tuples(some.just("wait"), some.sampled_from((0.1, 1.0, 4.0, 12.0, 40.0))),
            some.tuples(some.just("beat"), some.sampled_from((S1, S2, RIGHT)), some.tuples(some.integers(0, 1))),
            some.tuples(some.just("command"), some.sampled_from((S1, S2)),
                        some.tuples(some.sampled_from((3, 4, 5)), some.integers(0, 1))),
            some.tuples(some.just("request"), some.sampled_from((S1, S2, RIGHT)),
                        some.tuples(some.integers(0, 1), some.just(0))),
            some.tuples(some.sampled_from(("release", "acknowledge", "restart")), some.sampled_from((S1, S2)),
                        some.just(())),
            some.tuples(some.just("step"), some.sampled_from((S1, S2)), some.tuples(
                some.integers(0, 8), some.sampled_from((S1, S2)), some.sampled_from((0, 4)), some.integers(0, 3),
                some.integers(-1, 2))),
            some.tuples(some.just("override"), some.sampled_from((S1, RIGHT)),
                        some.tuples(some.integers(0, 2), some.sampled_from((0, 4)))),
            some.tuples(some.sampled_from(("lift", "reboot"))),
        ),
        max_size=60,
    )
)  # fmt: skip
def test_no_short_story_breaks_it_either(story: list[tuple[Any, ...]]) -> None:
    world = World(0)
    for what, *rest in story:
        play(world, what, *rest)


def play(world: World, what: str, *rest: Any) -> None:
    """One event of a story; frames come at once."""
    if what == "wait":
        for _ in range(round(10 * rest[0])):
            world.now, world.wall = world.now + 0.1, world.wall + 0.1
            world.judge.clock += 0.1
            world.chance.seed(1)  # no mischief of its own: 0.13 is above its rate
            world.judged(None)
    elif what == "lift":
        world.in_air = not world.in_air
        world.judge.free_since = world.judge.clock
        world.chance.seed(1)
        world.judged(None)
    elif what == "reboot":
        world._save()
        world.reboot()
    else:
        world.judged(Frame(world.wall, 0, rest[0], world.wall, what, rest[1]))
