"""A world that is out to break the authority: a bad network, greedy stations, restarts, clocks that jump; and a judge.

The judge knows only what was delivered to the aircraft, and keeps a clock of its own. It shares no code with the
machine but the numbers of its times.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from samruk.vehicle.authority import HELD, TIMES, Authority, Decision, Level, State, Step, Value
from samruk.vehicle.claims import FLYING

S1, S2, S3, CLIENT = 241, 242, 243, 245
STATIONS = (S1, S2, S3, CLIENT)
RIGHT = S3
"""The station with the right to override."""
LONGEST_DELAY = 2.5
"""s of the slowest frame: less than `TIMES.settle`, which is what makes late copies harmless."""
BEAT = 1.0
"""s between two heartbeats."""
TICK = 0.1
"""s between two turns of the aircraft."""
VALUES = (Value("mode", 4.0), Value("altitude", 900.0, 30.0))


@dataclass(order=True)
class Frame:
    """Something on its way to the aircraft."""

    at: float
    count: int
    station: int = field(compare=False)
    sent: float = field(compare=False)
    what: str = field(compare=False)
    arguments: tuple[int, ...] = field(compare=False, default=())


class Broken(AssertionError):
    """The machine did what it must never do."""


@dataclass
class Judge:
    """What must never happen, told from deliveries alone."""

    clock: float = 0.0
    heard: dict[int, float] = field(default_factory=dict)
    attended: dict[int, float] = field(default_factory=dict)
    leave: dict[int, float] = field(default_factory=dict)
    transfers: dict[int, tuple[int, float]] = field(default_factory=dict)
    announced: dict[int, float] = field(default_factory=dict)
    released_sent: dict[int, float] = field(default_factory=dict)
    executed: dict[tuple[int, int], int] = field(default_factory=dict)
    neutral: bool = False
    speaks: set[int] = field(default_factory=set)
    free_since: float = 0.0

    def passed(self, before: dict[Level, int], after: dict[Level, int], frame: Frame | None, world: World) -> None:
        """Holders have changed: was there a right to it?"""
        a, b = before[Level.AIR], after[Level.AIR]
        if a == b:
            return
        if a and b:
            self._taken(a, b, frame)
        elif a:
            self._dropped(a, frame, world)
        elif frame is None or frame.station != b:
            raise Broken(f"{b} was given a free aircraft without asking")
        if b and frame and frame.what == "request" and frame.sent < self.released_sent.get(b, -math.inf):
            raise Broken(f"{b} released at {self.released_sent[b]:.2f} and got it by a request of {frame.sent:.2f}")
        self.leave.clear()
        self.transfers.clear()
        self.announced.clear()
        self.neutral = False
        self.free_since = self.clock

    def _taken(self, a: int, b: int, frame: Frame | None) -> None:
        """From one station to another."""
        if frame is None or frame.station != b:
            raise Broken(f"{a} -> {b} by nobody's act")
        ages = (
            self.clock - self.leave.get(a, -math.inf) <= TIMES.answer + TICK
            and frame.what in ("request", "level"),
            frame.what == "step" and frame.arguments[0] == Step.READ_BACK and self._granted(a, frame.arguments[3]),
            frame.what == "override" and self._overridden(a, b),
        )  # fmt: skip
        if not any(ages):
            raise Broken(f"{a} -> {b} by {frame.what} {frame.arguments} without a valid grant")

    def _granted(self, giver: int, number: int) -> bool:
        who, when = self.transfers.get(number, (0, -math.inf))
        return who == giver and self.clock - when <= TIMES.read_back + TICK

    def _overridden(self, holder: int, by: int) -> bool:
        silent = self.clock - self.attended.get(holder, -math.inf) >= TIMES.override - TICK
        return by == RIGHT and silent and self.clock - self.announced.get(by, math.inf) >= TIMES.dwell - TICK

    def _dropped(self, a: int, frame: Frame | None, world: World) -> None:
        """From a station to nobody."""
        silence = self.clock - self.heard.get(a, -math.inf)
        if world.in_air and silence < TIMES.alone - TICK:
            raise Broken(f"in the air {a} was let go after {silence:.1f} s")
        released = frame is not None and frame.station == a and frame.what in ("release", "level")
        if not released and silence < TIMES.lost - TICK:
            raise Broken(f"{a} was let go after {silence:.1f} s")

    def obeyed(self, machine: Authority, frame: Frame, level: Level, world: World) -> None:
        """A command was carried out."""
        key = (int(level), machine.epoch)
        if self.executed.setdefault(key, frame.station) != frame.station:
            raise Broken(f"{frame.station} and {self.executed[key]} both commanded level {int(level)}")
        if self.neutral and level in FLYING and frame.station == machine.main and frame.station in self.speaks:
            raise Broken(f"{frame.station} steered before it acknowledged")
        if len(self.executed) > 1000:
            self.executed.clear()

    def looked(self, machine: Authority, world: World) -> None:
        """After a turn of the aircraft."""
        if not world.in_air:
            return
        main = machine.main
        since = self.heard.get(main, -math.inf) if main else None
        silence = self.clock - since if since is not None else 0.0
        if not main and not machine.is_link_lost:
            raise Broken("in the air, nobody in command, and no lost link")
        if main and silence > TIMES.lost + 2.0 * TICK and not machine.is_link_lost:
            raise Broken(f"{main} silent for {silence:.1f} s and no lost link")
        if main and math.isfinite(silence) and machine.link_age() < silence - 2.0 * TICK:
            raise Broken(f"link age {machine.link_age():.1f} s after {silence:.1f} s of silence")
        if not main and machine.link_age() < self.clock - self.free_since - 2.0 * TICK:
            raise Broken(f"alone for {self.clock - self.free_since:.1f} s, link age {machine.link_age():.1f} s")
        if main and machine.link_age() > silence + 2.0 * TICK:
            raise Broken(f"link age {machine.link_age():.1f} s after {silence:.1f} s of silence")


class World:
    """Stations, network and aircraft.

    Args:
        seed: of all chance.
        make: makes the machine.
    """

    def __init__(self, seed: int, make: Callable[[], Authority] = lambda: Authority((RIGHT,))) -> None:
        self.chance, self.make = random.Random(seed), make
        self.machine, self.judge = make(), Judge()
        self.now, self.in_air, self.events, self.count = 0.0, False, 0, 0
        self.wall = 0.0
        self.frames: list[Frame] = []
        self.silent: dict[int, float] = dict.fromkeys(STATIONS, -1.0)
        self.next_beat = {station: self.chance.random() for station in STATIONS}
        self.next_tick = 0.0
        self.attended = dict.fromkeys(STATIONS, True)
        self.saved: dict[str, Any] = {}
        self.seen: Counter[str] = Counter()
        self.last_number = 0
        self.most_lines = 0
        self.turns = 0
        self.allows: bool | None = None

    # --- the network ---

    def send(self, station: int, what: str, *arguments: int) -> None:
        """A frame goes out: lost, late, twice, out of order."""
        for _ in range(2 if self.chance.random() < 0.15 else 1):
            if self.chance.random() < 0.15 or self.silent[station] > self.wall:
                continue
            late = self.chance.random() ** 4 * LONGEST_DELAY
            self.count += 1
            heapq.heappush(self.frames, Frame(self.wall + late, self.count, station, self.wall, what, arguments))

    # --- running ---

    def run(self, events: int) -> None:
        """So many events, each judged."""
        end = self.events + events
        while self.events < end:
            self.turn()

    def turn(self) -> None:
        """What comes next: a frame, a turn of the aircraft, a heartbeat, or mischief."""
        beat = min(self.next_beat, key=lambda station: self.next_beat[station])
        due = self.frames[0].at if self.frames else math.inf
        first = min(due, self.next_tick, self.next_beat[beat])
        self.judge.clock += max(first - self.wall, 0.0)
        self.now += max(first - self.wall, 0.0)
        self.wall = max(first, self.wall)
        if first == due:
            self.judged(heapq.heappop(self.frames))
        elif first == self.next_tick:
            self.next_tick += TICK
            self.judged(None)
        else:
            self.next_beat[beat] += BEAT
            self.send(beat, "beat", int(self.attended[beat]))
            for _ in range(self.chance.randrange(1, 14)):
                self._greed(beat)
            if self.chance.random() < 0.5:
                self._agree()

    def _agree(self) -> None:
        """Two stations that mean it take the next step of a hand-over."""
        machine, under_way = self.machine, self.machine.handover
        other = self.chance.choice((S1, S2, S3))
        if under_way is None:
            if machine.main in (S1, S2, S3) and other != machine.main:
                self.send(machine.main, "step", Step.OFFER, other, 0, 0, -1)
                self.send(other, "step", Step.REQUEST, machine.main, 0, 0, -1)
            return
        who = under_way.giver if under_way.step in (Step.REQUEST, Step.ACCEPT) else under_way.receiver
        for index, value in enumerate(VALUES):
            self.send(under_way.receiver, "show", index, int(value.value))
        self.send(who, "step", self._after(under_way.step), other, 0, under_way.number, -1)

    @staticmethod
    def _after(step: Step) -> Step:
        """The step that is due after one."""
        return {Step.OFFER: Step.REQUEST, Step.REQUEST: Step.OFFER}.get(step, Step(step + 1))

    def _greed(self, station: int) -> None:
        """What a station that wants everything does."""
        chance = self.chance
        other = chance.choice(STATIONS)
        number = chance.choice((0, self.last_number, self.last_number, self.last_number - 1, chance.randrange(50)))
        level = int(chance.choice((0, *HELD, 3, 9)))
        wish = chance.random()
        if station == CLIENT:
            self.send(station, "command", int(chance.choice(HELD)), int(wish < 0.3))
        elif wish < 0.3:
            self.send(station, "command", int(chance.choice(HELD)), int(wish < 0.1))
        elif wish < 0.4:
            self.send(station, "request", int(chance.random() < 0.3), int(chance.random() < 0.1))
        elif wish < 0.44:
            self.send(station, chance.choice(("release", "acknowledge")))
        elif wish < 0.5:
            self.send(station, "level", level, int(chance.random() < 0.7))
        elif wish < 0.9:
            step = chance.choice((1, 2, 2, 3, 4, 4, 5, 5, 5, 7, 8) if wish < 0.895 else (6, 9))
            self.send(station, "step", step, other, 0 if wish < 0.8 else level, number, chance.randrange(-1, 3))
            self.send(station, "show", chance.randrange(-1, 3), chance.choice((4, 900, 910, 5)))
        else:
            self.send(station, "override", chance.randrange(-1, 4), level if wish > 0.97 else 0)

    def _mischief(self) -> None:
        """Once in a while."""
        kind, chance = self.chance.random(), self.chance
        station = chance.choice(STATIONS)
        if kind < 0.5:
            self.silent[station] = self.wall + chance.choice((5.0, 12.0, 15.0, 40.0, 70.0, 150.0))
        elif kind < 0.6:
            self.attended[station] = not self.attended[station]
        elif kind < 0.7:
            self.send(station, "restart")
        elif kind < 0.8:
            self.reboot()
        elif kind < 0.86:
            self.judged(None)  # what has passed since the last turn is told first
            self.now += chance.choice((-3600.0, -50.0, -1.0))
            self.judged(None)
        elif kind < 0.88:
            ahead = chance.choice((1.0, 20.0, 200.0))
            self.now += ahead
            self.judge.clock += ahead
            self.judged(None)
            self._save()
        else:
            self.in_air = not self.in_air
            self.judge.free_since = self.judge.clock
            self.judged(None)

    def reboot(self) -> None:
        """The aircraft's computer stops, and goes on from its journal."""
        before = dict(self.machine.holders)
        lost, age = self.machine.is_link_lost, self.machine.link_age()
        self.machine = self.make()
        self.machine.restore(self.saved, self.now, self.in_air)
        if self.machine.holders != before:
            raise Broken("a restart changed who commands")
        self.machine.tick(self.now, self.in_air, VALUES)
        if (
            self.in_air
            and lost
            and self.machine.main == before[Level.AIR]
            and self.machine.link_age() < age - 1.0 - 2.0 * TICK
        ):
            raise Broken("a restart forgot a silence")
        self.judge.neutral = bool(self.machine.main)
        self.judge.transfers.clear()
        self.judge.leave.clear()
        self.judge.announced.clear()
        if self.machine.main:
            self.judge.heard[self.machine.main] = self.judge.clock - min(self.machine.link_age(), 1e6)
            self.judge.attended[self.machine.main] = self.judge.heard[self.machine.main]
        self.judge.free_since = self.judge.clock
        self._save()

    def _save(self) -> None:
        self.saved = self.machine.saved()

    def judged(self, frame: Frame | None) -> None:
        """One event, and what the judge says of it."""
        self.events += 1
        machine, judge = self.machine, self.judge
        before, state, epoch = dict(machine.holders), machine.state, machine.epoch
        if frame is None:
            machine.tick(self.now, self.in_air, VALUES)
        else:
            self._deliver(frame)
        machine = self.machine
        lines = machine.drain()
        self.most_lines = max(self.most_lines, len(lines))
        self._audited(before, state, lines)
        if machine.epoch != epoch:
            judge.passed(before, machine.holders, frame, self)
            if before[Level.AIR] != machine.main:
                by = frame.what if frame else "silence"
                self.seen[f"passed by {by}{' from a holder' if before[Level.AIR] else ''}"] += 1
            self._save()
        if frame is not None and self.allows is not None:
            judge.leave.pop(frame.station, None)
            judge.leave |= {frame.station: judge.clock} if self.allows else {}
            self.allows = None
        judge.neutral = machine.state is State.REGAINED if machine.state is not state else judge.neutral
        if frame is None:
            judge.looked(machine, self)
            self.turns += 1
            if self.turns % 10 == 0:
                self._save()
            if self.chance.random() < 0.02:
                self._mischief()
        if machine.handover:
            self.last_number = machine.handover.number

    def _audited(self, before: dict[Level, int], state: State, lines: tuple[Any, ...]) -> None:
        """Every change has its line."""
        after = self.machine.holders
        told = [line.what for line in lines]
        for level in HELD:
            a, b = before[level] or "nobody", after[level] or "nobody"
            if a != b and not any(text.startswith(f"level {int(level)}: ") for text in told):
                raise Broken(f"level {int(level)} went {a} -> {b} without a line")
        if self.machine.state is not state:
            self.seen[self.machine.state.name] += 1
            if not lines:
                raise Broken(f"{state.name} -> {self.machine.state.name} without a line")

    def _deliver(self, frame: Frame) -> None:
        """A frame comes aboard: it is heard, and then does what it says."""
        machine, judge, station = self.machine, self.judge, frame.station
        attended = self.attended[station] if frame.what != "beat" else bool(frame.arguments[0])
        if machine.is_link_lost and station == machine.main:
            judge.neutral = True
        judge.heard[station] = judge.clock
        if attended:
            judge.attended[station] = judge.clock
            if machine.main == station:
                judge.announced.clear()
        machine.heard(station, attended)
        held, done = machine.main, getattr(self, f"_{frame.what}")(frame)
        if done is not None:
            self.seen[f"{frame.what} {'granted' if done.granted else 'refused'}"] += 1
        if frame.what not in ("beat", "command", "restart", "show", "acknowledge"):
            judge.speaks.add(station)
        if done is not None and done.granted and frame.what == "acknowledge" and held == station:
            judge.neutral = False

    def _beat(self, frame: Frame) -> None:
        pass

    def _restart(self, frame: Frame) -> None:
        station = frame.station
        self.machine.restarted(station)
        if self.machine.main == station:
            self.judge.neutral = True
            self.judge.leave.pop(station, None)
        self.judge.announced.pop(station, None)

    def _command(self, frame: Frame) -> Decision:
        level, held = Level(frame.arguments[0]), bool(frame.arguments[1])
        before = self.machine.main
        done = self.machine.may(frame.station, "command", level, held)
        if done.granted:
            if held and before == 0 and self.machine.main:
                raise Broken("a stick took an aircraft")
            self.judge.obeyed(self.machine, frame, level, self)
        return done

    def _request(self, frame: Frame) -> Decision:
        allow, whole = frame.arguments
        done = self.machine.request(frame.station, bool(allow), S1 if whole else 0, S3 if whole else 0)
        if self.machine.main == frame.station and done.granted:
            self.allows = bool(allow)
        return done

    def _release(self, frame: Frame) -> Decision:
        done = self.machine.release(frame.station)
        if done.granted:
            self.judge.released_sent[frame.station] = max(
                frame.sent, self.judge.released_sent.get(frame.station, -math.inf)
            )
        return done

    def _acknowledge(self, frame: Frame) -> Decision:
        return self.machine.acknowledge(frame.station)

    def _level(self, frame: Frame) -> Decision:
        return self.machine.set_level(frame.station, frame.arguments[0], bool(frame.arguments[1]))

    def _step(self, frame: Frame) -> Decision:
        step, other, level, number, index = frame.arguments
        done = self.machine.step(frame.station, step, other, level, number, index)
        if step == Step.TRANSFER and done.granted and number not in self.judge.transfers:
            self.judge.transfers[number] = (frame.station, self.judge.clock)
        return done

    def _show(self, frame: Frame) -> None:
        self.machine.showed(frame.station, frame.arguments[0], float(frame.arguments[1]))

    def _override(self, frame: Frame) -> Decision:
        action, level = frame.arguments
        done = self.machine.override(frame.station, action, level)
        if done.granted and action == 1:
            self.judge.announced.setdefault(frame.station, self.judge.clock)
        if done.granted and action == 0:
            self.judge.announced.pop(frame.station, None)
        return done
