"""Whatever is done to a way and to bearers: nothing comes from nowhere or early, every frame is accounted for."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from samruk.link.transport import NONE, SATELLITE, Bearers, Manner, Path, Spoiled, State
from samruk.link.transport.bearers import STREAM

CHANCE = st.sampled_from([0.0, 0.1, 0.5, 1.0])
SECONDS = st.sampled_from([0.0, 0.01, 0.3, 2.0])


class AWay(RuleBasedStateMachine):
    """One way."""

    def __init__(self) -> None:
        super().__init__()
        self.path, self.now, self.sent_at = Path(3), 0.0, dict[bytes, float]()
        self.arrived: list[bytes] = []

    @rule(loss=CHANCE, delay=SECONDS, jitter=SECONDS, twice=CHANCE, late=CHANCE, bits=st.sampled_from([0.0, 1e3, 1e6]))
    def change(self, loss: float, delay: float, jitter: float, twice: float, late: float, bits: float) -> None:
        self.path.manner = Manner(loss, delay, jitter, twice, late, bits)

    @rule(size=st.integers(4, 60), vital=st.booleans())
    def send(self, size: int, vital: bool) -> None:
        frame = len(self.sent_at).to_bytes(4, "big").ljust(size, b"\0")
        self.sent_at[frame] = self.now + self.path.manner.delay
        self.path.send(frame, self.now, self.now, vital)

    @rule(seconds=SECONDS)
    def wait(self, seconds: float) -> None:
        self.now += seconds
        for frame in self.path.due(self.now):
            assert self.sent_at[frame] <= self.now
            self.arrived.append(frame)

    @rule()
    def break_it(self) -> None:
        self.path.cut()
        assert len(self.path) == 0

    @invariant()
    def every_frame_is_accounted_for(self) -> None:
        waiting = {number for _, _, number, _ in self.path._on_the_way} - self.path._landed
        assert self.path.sent == len(self.sent_at)
        assert self.path.sent == len(set(self.arrived)) + self.path.lost + len(waiting)
        assert all(self.arrived.count(frame) <= 2 for frame in set(self.arrived[-5:]))


class ThePair(RuleBasedStateMachine):
    """Two bearers between an aircraft and a station."""

    def __init__(self) -> None:
        super().__init__()
        self.link, self.now, self.number = Bearers(5), 0.0, 0
        self.up_sent: set[bytes] = set()
        self.down_sent: set[bytes] = set()

    @rule(sight=st.booleans(), sky=st.booleans(), sky_first=st.booleans(), loss=CHANCE)
    def radio_says(self, sight: bool, sky: bool, sky_first: bool, loss: float) -> None:
        bearer = NONE if not (sight or sky) else 2 if sky and (sky_first or not sight) else 1
        self.link.set(State((10.0, 10.0), (sight, sky), bearer, (0.04, 0.6), (loss, loss)), self.now)

    @rule(which=st.integers(0, 2))
    def choose(self, which: int) -> None:
        self.link.chosen = which

    @rule(which=st.integers(0, 2), loss=CHANCE, twice=CHANCE, late=CHANCE, lasts=SECONDS)
    def spoil(self, which: int, loss: float, twice: float, late: float, lasts: float) -> None:
        self.link.spoil(which, Spoiled(loss, 0.1, twice, late, self.now + lasts))

    @rule(priority=st.integers(0, 3), ours=st.booleans())
    def speak(self, priority: int, ours: bool) -> None:
        self.number += 1
        frame = self.number.to_bytes(20, "big")
        if ours:
            taken = self.link.down(frame, priority, self.now, self.now)
            self.down_sent |= {frame} if taken else set()
            assert not (taken and priority == STREAM and self.link.active == SATELLITE)
        else:
            taken = self.link.up(frame, self.now, self.now, priority == 0)
            self.up_sent |= {frame} if taken else set()
        assert not (taken and self.link.active == NONE)

    @rule(seconds=SECONDS)
    def wait(self, seconds: float) -> None:
        self.now += seconds
        assert set(self.link.due_up(self.now)) <= self.up_sent
        assert set(self.link.due_down(self.now)) <= self.down_sent
        assert all(age >= 0.0 for age in self.link.ages(self.now))
        assert all(0.0 <= loss <= 1.0 for loss in self.link.losses(self.now))

    @rule()
    def what_carries_works(self) -> None:
        self.link.set(self.link.state, self.now)
        assert self.link.active == NONE or self.link.works(self.link.active, self.now)
        if self.link.chosen and self.link.works(self.link.chosen, self.now):
            assert self.link.active == self.link.chosen
        if self.link.active == NONE:
            assert not any(self.link.works(which, self.now) for which in (1, 2))


TestAWay = AWay.TestCase
TestAWay.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestThePair = ThePair.TestCase
TestThePair.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
