"""Live aircraft: lanes of the step that are flown tick by tick, ordered from outside, and repeated bit for bit.

All that reaches a lane from outside goes through this class and into its journal, with the tick at which it took
effect; `replay` flies the same journal again. Orders wait in a line, for the aircraft reads one in a tick.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np

from samruk import sim
from samruk.autopilot.handbook import Handbook
from samruk.engine.batch import Snapshot
from samruk.errors import InputError
from samruk.leaves import flatten
from samruk.load import FlightPlan, MissionPlan
from samruk.messages import NONE_GIVEN, OrderAck, OrderKind
from samruk.mission import LEGS, Failures, Route
from samruk.rules.route import Leg as Leg
from samruk.vehicle.picture import Picture, Reader
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines

PER_SECOND = sim.MISSION_PER_SLOW
"""Mission ticks in a simulated second."""
SILENT = 3
"""s of link age below which the aircraft is told 0: heartbeats come once a second."""
LONG_SILENT = 900
"""s of link age from which it is told by the minute: whatever was to happen has happened."""
WALL_ALLOWANCE = 1.5
"""s of simulated time by which a wall-clock heartbeat may be late, for each unit of speed above 1."""
MAIN, LOST_LINK = 0, 1
"""Routes of a lane."""
NUMBERS = ("latitude", "longitude", "altitude", "x", "y", "z")
"""Numbers of an order."""
COLUMNS = tuple(each.name for each in fields(Route))
"""Columns of the table of legs."""
CHANGEABLE = ("task.conditions.", "task.links.gap_", "task.failures.")
"""Parameters that an instructor may change in flight."""


@dataclass(frozen=True)
class Entry:
    """One thing that reached a lane from outside."""

    tick: int
    """Mission tick before which it took effect."""
    lane: int
    """Which aircraft, from 0."""
    what: str
    """`order`, `legs`, `parameter`, `aim` or `link`."""
    arguments: dict[str, Any]
    """What a repetition needs."""

    def as_json(self) -> dict[str, Any]:
        """For a journal file."""
        return asdict(self)


@dataclass
class _Lane:
    """What is kept of one aircraft outside the step."""

    waiting: deque[tuple[str, dict[str, Any]]] = field(default_factory=deque)
    """Orders and tables that have not taken effect."""
    sequence: int = 0
    """Of the last order that was given out."""
    answers: dict[int, OrderAck] = field(default_factory=dict)
    """By sequence; the last hundred."""
    heard: int | None = None
    """Tick at which the last valid frame came; None before the first: nobody is missed yet."""
    age: int = 0
    """s of link age that the lane was last told."""
    changes: int = 0
    """Orders, legs and parameters that have taken effect: what may change how the flight ends."""
    aim: dict[str, float] = field(default_factory=dict)
    """What the turret was last pointed at."""


class Live:
    """Aircraft in flight, one to a lane.

    Args:
        plan: a mission as read.
        flights: which of its flights each aircraft takes; several may take the same, each with a seed of its own.
        engine: `auto`, `native` or `reference`.
        speed: simulated seconds per wall second that the link's age allows for.
    """

    def __init__(
        self, plan: MissionPlan, flights: Sequence[int], engine: str = "auto", speed: float = 1.0
    ) -> None:
        self.plan, self.speed = plan, speed
        self.flights = [_own(plan.flights[which], k, flights) for k, which in enumerate(flights)]
        self.inputs = [Inputs(each.task, each.aircraft, each.tables) for each in self.flights]
        self.engines = Engines(self.inputs[0], engine, 1)
        self.batch = self.engines.start(self.inputs)
        self.journal: list[Entry] = []
        """All that came from outside, in order, since it was last let go."""
        self.entries = 0
        """All of the journal that there has been."""
        self._lanes = [_Lane() for _ in self.inputs]
        self._reader = Reader(self.batch.state.layout)
        self._pictures: dict[int, Picture] = {}
        self._routes = [
            {MAIN: _legs(each.tables.route, 0, each.task.legs),
             LOST_LINK: _legs(each.tables.route, LEGS - each.task.lost_link_legs, LEGS)} for each in self.flights
        ]  # fmt: skip

    # --- what is there ---

    def __len__(self) -> int:
        return len(self._lanes)

    @property
    def tick(self) -> int:
        """Mission ticks flown since the epoch."""
        return int(self.batch.ticks)

    @property
    def time(self) -> float:
        """s of simulated time since the epoch."""
        return self.tick / PER_SECOND

    @property
    def utc(self) -> float:
        """s since 1970, simulated."""
        return self.plan.epoch.timestamp() + self.time

    def picture(self, k: int) -> Picture:
        """What aircraft `k` knows of itself now."""
        found = self._pictures.get(k)
        if found is None:
            found = self._pictures[k] = self._reader.picture(self.batch, k)
        return found

    def answer(self, k: int, sequence: int | None = None) -> OrderAck | None:
        """The answer to an order, the last by default; None while it has not been read."""
        lane = self._lanes[k]
        return lane.answers.get(lane.sequence if sequence is None else sequence)

    def waiting(self, k: int) -> int:
        """How many orders and tables aircraft `k` has not read yet."""
        return len(self._lanes[k].waiting)

    def legs(self, k: int, which: int = MAIN) -> list[Leg]:
        """The route that aircraft `k` holds."""
        return list(self._routes[k][which])

    def handbook(self, k: int) -> Handbook:
        """What the maker tells the autopilot of aircraft `k`."""
        each = self.inputs[k]
        return sim.params(each.task, each.aircraft).handbook

    # --- what is done to it ---

    def order(self, k: int, kind: OrderKind, **numbers: float) -> int:
        """Give an order; it is read at one of the next ticks.

        Args:
            k: the aircraft.
            kind: of the order.
            numbers: latitude, longitude, altitude, x, y, z, as `samruk.messages.OrderKind` tells; those not named are
                left to the autopilot.

        Returns:
            The order's sequence, for `answer`.
        """
        unknown = set(numbers) - set(NUMBERS)
        if unknown:
            raise InputError(f"{sorted(unknown)} are no numbers of an order", "order", f"Give {', '.join(NUMBERS)}.")
        lane = self._lanes[k]
        lane.sequence += 1
        given = {name: float(value) for name, value in numbers.items()}
        lane.waiting.append(("order", {"sequence": lane.sequence, "kind": int(kind), **given}))
        return lane.sequence

    def swap_route(self, k: int, legs: Sequence[Any], which: int = MAIN, leg: int | None = None) -> int:
        """Replace a route of aircraft `k` at one tick.

        Args:
            k: the aircraft.
            legs: objects with the columns of `Leg`; columns that they lack are 0.
            which: `MAIN` or `LOST_LINK`.
            leg: leg to fly next; None to go on.

        Returns:
            The sequence of the order that tells the autopilot.

        Raises:
            InputError: both routes together have more legs than the table.
        """
        others = len(self._routes[k][1 - which])
        if len(legs) + others > LEGS:
            raise InputError(
                f"{len(legs)} legs and {others} of the other route are more than {LEGS}", "route", "Give fewer legs."
            )
        rows = [Leg(**{name: float(getattr(each, name, 0.0)) for name in COLUMNS}) for each in legs]
        self._lanes[k].waiting.append(("legs", {"which": which, "rows": [asdict(row) for row in rows]}))
        numbers = {"x": float(len(legs)), "z": float(which)} | ({} if leg is None else {"y": float(leg)})
        return self.order(k, OrderKind.ROUTE_SWAP, **numbers)

    def set_failure(self, k: int, system: str, part: float, start: float | None = None, end: float = 1e9) -> None:
        """Let a system fail, or mend it with part 0.

        Args:
            k: the aircraft.
            system: a name of `samruk.mission.Failures`.
            part: 0 sound .. 1 lost.
            start: s since the epoch; now when not given.
            end: s since the epoch.
        """
        known = [each.name for each in fields(Failures)]
        if system not in known:
            raise InputError(f"{system!r} is no system", "failure", f"Known: {', '.join(known)}.")
        if not 0.0 <= part <= 1.0:
            raise InputError(f"part {part:g} is not within 0 to 1", "failure", "Give 0 for sound, 1 for lost.")
        values = {"part": part, "start": self.time if start is None else start, "end": end}
        for name, value in values.items():
            self._set_parameter(k, f"task.failures.{system}.{name}", value)

    def set_condition(self, k: int, key: str, value: float) -> None:
        """Change the air or the links around aircraft `k`: a leaf of `samruk.mission.Conditions`, by dotted name."""
        name = key if key.startswith("task.") else f"task.conditions.{key}"
        if not name.startswith(CHANGEABLE) or name not in self.batch.params.layout.by_name:
            raise InputError(f"{key!r} is nothing that can be changed in flight", "condition", "Name a condition.")
        if not np.isfinite(value):
            raise InputError(f"{value} is no number", f"condition {key}", "Give a number.")
        self._set_parameter(k, name, float(value))

    def point(self, k: int, kind: int, x: float, y: float, z: float) -> None:
        """Point the turret of aircraft `k`: kind and vector as `samruk.payload.turret.Aim` has them."""
        aim = {"kind": int(kind), "x": float(x), "y": float(y), "z": float(z)}
        if aim != self._lanes[k].aim:
            self._lanes[k].aim = aim
            self._apply(k, "aim", aim)

    def rule(self, k: int, name: str) -> float:
        """A rule of aircraft `k`, by its name in `samruk.mission.Rules`."""
        return float(self.batch.params.values(f"task.rules.{name}")[k])

    def set_rule(self, k: int, name: str, value: float) -> None:
        """Change a rule of aircraft `k`, by its name in `samruk.mission.Rules`."""
        if f"task.rules.{name}" not in self.batch.params.layout.by_name or not np.isfinite(value):
            raise InputError(f"{name!r} = {value} is no rule", "rule", "Name one of the mission's rules.")
        whole = self.batch.params.layout[f"task.rules.{name}"].kind == "i"
        self._set_parameter(k, f"task.rules.{name}", round(value) if whole else float(value))

    def hear(self, k: int) -> None:
        """A valid frame of the ground came aboard aircraft `k` now."""
        self._lanes[k].heard = self.tick

    def link_age(self, k: int) -> float:
        """s since the last valid frame, less what the wall clock may cost; 0 before the first."""
        heard = self._lanes[k].heard
        if heard is None:
            return 0.0
        allowed = WALL_ALLOWANCE * max(self.speed - 1.0, 0.0)
        return max((self.tick - heard) / PER_SECOND - allowed, 0.0)

    def advance(self, ticks: int) -> None:
        """Fly a number of mission ticks; orders that wait are read one to a tick."""
        end = self.tick + ticks
        while self.tick < end:
            if self.tick % PER_SECOND == 0:
                self._tell_ages()
            waited = self._begin_waiting()
            self._fly(1 if waited else min(end - self.tick, PER_SECOND - self.tick % PER_SECOND))

    def changes(self, k: int) -> int:
        """Orders, legs and parameters that aircraft `k` has been given."""
        return self._lanes[k].changes

    def let_go(self) -> None:
        """Forget the journal up to now: it is on the disk."""
        self.journal.clear()

    def take_up(self, entries: Iterable[Entry], snapshot: Snapshot) -> None:
        """Stand where a snapshot was taken, with all that had come from outside until then, without flying there."""
        for entry in entries:
            self._note(entry)
        self.batch.restore(snapshot)
        self._pictures.clear()

    # --- inside ---

    def _fly(self, ticks: int) -> None:
        """Advance, and read the answers."""
        self.batch.advance_mission(ticks)
        self._pictures.clear()
        found = [self.batch.values(f"pilot.order_ack.{name}") for name in ("sequence", "accepted", "reason")]
        for lane, sequence, accepted, reason in zip(self._lanes, *found, strict=True):
            if sequence and int(sequence) not in lane.answers:
                lane.answers[int(sequence)] = OrderAck(int(sequence), int(accepted), int(reason))
                lane.answers.pop(int(sequence) - 100, None)

    def _tell_ages(self) -> None:
        """Write the links' ages where they have changed, in whole seconds."""
        for k, lane in enumerate(self._lanes):
            age = int(self.link_age(k))
            age = 0 if age < SILENT else age if age < LONG_SILENT else age // 60 * 60
            if age != lane.age:
                self._apply(k, "link", {"age": age})

    def _begin_waiting(self) -> bool:
        """Let the next thing of each lane's line take effect; whether there was one."""
        any_waited = False
        for k, lane in enumerate(self._lanes):
            while lane.waiting:
                what, arguments = lane.waiting.popleft()
                self._apply(k, what, arguments)
                any_waited = True
                if what == "order":
                    break
        return any_waited

    def _set_parameter(self, k: int, name: str, value: float) -> None:
        self._apply(k, "parameter", {"name": name, "value": value})

    def _apply(self, k: int, what: str, arguments: dict[str, Any]) -> None:
        """Change a lane between two ticks, and write down what and when."""
        self._note(Entry(self.tick, k, what, arguments))
        self._pictures.pop(k, None)

    def _note(self, entry: Entry) -> None:
        """Into the journal, and carried out."""
        self.journal.append(entry)
        self.entries += 1
        self._lanes[entry.lane].changes += entry.what in ("order", "legs", "parameter")
        self._carry_out(entry)

    def _carry_out(self, entry: Entry) -> None:
        """The change itself."""
        k, given = entry.lane, entry.arguments
        if entry.what == "order":
            for name in NUMBERS:
                self.batch.set(k, f"order.{name}", given.get(name, NONE_GIVEN))
            self.batch.set(k, "order.kind", given["kind"])
            self.batch.set(k, "order.sequence", given["sequence"])
            self._lanes[k].sequence = max(self._lanes[k].sequence, given["sequence"])
        elif entry.what == "legs":
            self._write_legs(k, given["which"], [Leg(**row) for row in given["rows"]])
        elif entry.what == "parameter":
            self.batch.set_param(k, given["name"], given["value"])
        elif entry.what == "aim":
            self.batch.set(k, "aim.kind", given["kind"])
            for axis in "xyz":
                self.batch.set(k, f"aim.direction.{axis}", given[axis])
        elif entry.what == "link":
            self._lanes[k].age = given["age"]
            self.batch.set(k, "link_age", float(given["age"]))

    def _write_legs(self, k: int, which: int, legs: list[Leg]) -> None:
        """Put the legs into the lane's own table."""
        self._routes[k][which] = legs
        first = 0 if which == MAIN else LEGS - len(legs)
        names = [leaf.name for leaf in self.batch.engine.tables.leaves]
        own = list(self.batch.tables[k])
        for column in COLUMNS:
            place = names.index(f"route.{column}")
            rows = own[place].copy()
            rows[first : first + len(legs)] = [getattr(leg, column) for leg in legs]
            own[place] = rows
        self.batch.tables[k] = own
        self.batch.prepared = self.batch.engine.prepare_tables(self.batch.tables, self.batch.state.width)


def replay(
    plan: MissionPlan, flights: Sequence[int], journal: Iterable[Entry | Mapping[str, Any]], until: int,
    engine: str = "auto",
) -> Live:
    """Fly a journal again.

    Args:
        plan: the mission that was flown.
        flights: which of its flights each aircraft took.
        journal: entries, or what `Entry.as_json` made of them, in order.
        until: mission tick to fly to.
        engine: kind of engine; a repetition is bit for bit on the same kind.

    Returns:
        The aircraft at that tick.
    """
    return fly_on(Live(plan, flights, engine), entries_of(journal), until)


def entries_of(journal: Iterable[Entry | Mapping[str, Any]]) -> list[Entry]:
    """Entries from what `Entry.as_json` made of them."""
    return [each if isinstance(each, Entry) else Entry(**each) for each in journal]


def fly_on(live: Live, entries: Iterable[Entry], until: int) -> Live:
    """Fly the rest of a journal to a mission tick."""
    for entry in entries:
        if entry.tick > until:
            break
        live.batch.advance_mission(entry.tick - live.tick)
        live._apply(entry.lane, entry.what, entry.arguments)
    live.batch.advance_mission(until - live.tick)
    for lane in live._lanes:
        lane.heard = until - lane.age * PER_SECOND if lane.age else None
    return live


def _own(flight: FlightPlan, k: int, flights: Sequence[int]) -> FlightPlan:
    """The flight of aircraft `k`: live, and with a seed of its own where several take the same."""
    before = sum(1 for other in flights[:k] if other == flights[k])
    task = replace(flight.task, live=1, seed=flight.task.seed + 1000 * before)
    return replace(flight, task=task)


def _legs(route: Any, start: int, end: int) -> list[Leg]:
    """Rows of a table of legs."""
    columns = {name: np.asarray(getattr(route, name)) for name in COLUMNS}
    return [Leg(**{name: float(column[row]) for name, column in columns.items()}) for row in range(start, end)]


def state_of(live: Live, k: int) -> dict[str, Any]:
    """Every number of a lane's state by dotted name, the truth among them: to compare repetitions."""
    return flatten(live.batch.carry(k))
