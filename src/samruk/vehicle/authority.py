"""Who commands the aircraft: decided aboard, by a machine without clock, socket or chance.

Control is given level by level, after the levels of interoperability of unmanned systems: 3 the payload, 4 the air
vehicle but not its launch and recovery, 5 launch and recovery. Each level has one holder or none: a station, named by
its MAVLink system id. Stations only ask; what they ask, and what became of it, is written in the audit.

Ways to a level: ask for one that is free; be let in by a holder who allows take-over; positive hand-over, in steps
that both stations and the aircraft take; override, by a right, after the holder's silence. Why it is so:
design/0022-authority.md. Time is simulated seconds, passed in.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from samruk.vehicle.claims import (
    ANSWERS,
    BEHIND,
    BEYOND,
    FLYING,
    HELD,
    NO_SYSTEM,
    NOBODY,
    STRIDE,
    TIMES,
    YES,
    Audit,
    Decision,
    Difference,
    Forward,
    Handover,
    Level,
    State,
    Step,
    Times,
    Value,
    is_system,
    refused,
)
from samruk.vehicle.service import Result

__all__ = [
    "HELD", "NOBODY", "TIMES", "Audit", "Authority", "Decision", "Difference", "Forward", "Handover", "Level", "State",
    "Step", "Times", "Value",
]  # fmt: skip


@dataclass
class _Leave:
    """Leave to take over, given by a holder."""

    by: int = NOBODY
    until: float = -math.inf


@dataclass
class _Override:
    """An override between its two actions."""

    by: int = NOBODY
    since: float = -math.inf
    steady: float = -math.inf
    levels: tuple[Level, ...] = ()


@dataclass
class _Station:
    """What is known of a station."""

    heard: float = -math.inf
    attended: float = -math.inf
    gave_up: float = -math.inf
    withdrew: float = -math.inf
    forwarded: float = -math.inf
    asked_until: float = -math.inf
    speaks: bool = False


class Authority:
    """The machine.

    Args:
        overriding: system ids of the stations that have the right to override; None for none.
        times: after which it acts by itself.
        implicit: give a free aircraft to the first client that commands it, if that never speaks of authority.
    """

    def __init__(self, overriding: Iterable[int] = (), times: Times = TIMES, implicit: bool = True) -> None:
        self.overriding = frozenset(overriding)
        self.times, self.implicit = times, implicit
        self.holders: dict[Level, int] = dict.fromkeys(HELD, NOBODY)
        self.state = State.FREE
        self.in_air = False
        self.epoch = 0
        """Counts the changes of any holder."""
        self.secondary: tuple[int, ...] = ()
        """Stations that the main one named beside itself."""
        self.handover: Handover | None = None
        self.audit: deque[Audit] = deque()
        """Lines that nobody has drained."""
        self.forwards: deque[Forward] = deque(maxlen=32)
        self.commanded: tuple[Value, ...] = ()
        self._clock, self._steady, self._last, self._slack = 0.0, 0.0, -math.inf, 0.0
        self._simulated = 0.0
        self._hurry = 1.0
        self._leave, self._override = _Leave(), _Override()
        self._stations: dict[int, _Station] = {}
        self._alone_since = 0.0
        self._handovers = self._lines = 0
        self._answered: dict[int, int] = {}

    # ------------------------------------------------------------------ time and presence

    def tick(self, now: float, in_air: bool, commanded: Sequence[Value] = (), speed: float = 1.0) -> None:
        """Let time pass: called at least at every turn of the aircraft.

        Args:
            now: s of simulated time; a jump back counts as no time, a jump ahead as time.
            in_air: off its wheels.
            commanded: what the aircraft is commanded to.
            speed: simulated seconds per wall second.
        """
        step = now - self._last if math.isfinite(self._last) else 0.0
        self._clock += max(step, 0.0)
        self._steady += min(max(step, 0.0), STRIDE * max(speed, 1.0))
        self._last = self._simulated = now
        self._slack = max(speed - 1.0, 0.0) * BEHIND
        self._hurry = max(speed, 1.0)
        self.in_air, self.commanded = in_air, tuple(commanded)
        self._expire()
        self._watch()

    def heard(self, station: int, attended: bool = True) -> None:
        """A valid frame came from a station.

        Args:
            station: its system id.
            attended: False when the frame itself says that nobody looks at the station: the link lives, the crew may
                not, and an override is not held off by it.
        """
        if not is_system(station):
            return
        each = self._station(station)
        each.heard = self._clock
        if attended:
            each.attended = self._clock
        if attended and station in self._silenced() and self._override.by:
            self._note(station, "override ended: the holder is heard", Result.CANCELLED)
            self._override = _Override()
        if station == self.main and self.state is State.LOST:
            self.state = State.REGAINED
            self._note(station, "control regained; inputs neutral until acknowledged", Result.ACCEPTED)

    def restarted(self, station: int) -> None:
        """A station has started anew under the same id: it keeps what it holds, and its inputs are neutral.

        A hand-over or leave that its former self took part in ends.
        """
        self.heard(station)
        each = self._station(station)
        each.asked_until = -math.inf
        if self._leave.by == station:
            self._leave = _Leave()
        if self.handover and station in (self.handover.giver, self.handover.receiver):
            self._end_handover(station, "the station started anew")
        if self._override.by == station:
            self._override = _Override()
        if station == self.main and self.state is State.HELD:
            self.state = State.REGAINED
            self._note(station, "station started anew; inputs neutral until acknowledged", Result.ACCEPTED)

    def acknowledge(self, station: int) -> Decision:
        """The holder acknowledges that it has control again."""
        if station != self.main:
            return self._told(station, "acknowledge", self._not_in_control())
        if self.state is not State.REGAINED:
            return YES
        self.state = State.HELD
        return self._told(station, "acknowledge", YES)

    def _expire(self) -> None:
        if self.handover and self._clock > self.handover.until:
            self._end_handover(NOBODY, f"no {Step(self.handover.step + 1).name.lower().replace('_', '-')} in time")
        if self._leave.by and self._clock > self._leave.until:
            self._leave = _Leave()
            self._note(NOBODY, "leave to take over ended", Result.CANCELLED)
        if self._override.by and self._clock > self._override.since + self._hurry * self.times.armed + self._slack:
            self._note(self._override.by, "override ended: not confirmed in time", Result.CANCELLED)
            self._override = _Override()

    def _watch(self) -> None:
        """Notice silence."""
        payload = self.holders[Level.PAYLOAD]
        if payload and payload != self.main and self.silence(payload) > self.times.lost + self._slack:
            self._give(Level.PAYLOAD, NOBODY, NOBODY, "payload freed: its holder is silent")
        self._watch_recovery()
        if self.main:
            self._watch_main()
        elif self.in_air and self.state is not State.ALONE:
            self._leave_alone("in the air without a holder")
        elif not self.in_air and self.state is not State.FREE:
            self.state = State.FREE
            self._note(NOBODY, "on the ground, free", Result.ACCEPTED)

    def _watch_recovery(self) -> None:
        """Launch and recovery do not stay with a station that is gone while another flies."""
        holder = self.holders[Level.RECOVERY]
        if holder and holder != self.main and self.silence(holder) > self.times.alone + self._slack:
            self._give(Level.RECOVERY, NOBODY, NOBODY, "launch and recovery freed: its holder is gone")

    def _watch_main(self) -> None:
        silence = self.silence(self.main)
        if self.state in (State.HELD, State.REGAINED) and silence > self.times.lost + self._slack:
            self.state = State.LOST
            self._note(self.main, "holder lost: lost-link timer runs", Result.ACCEPTED)
            if self.handover and self.handover.giver == self.main:
                self._end_handover(NOBODY, "the giver is silent")
            self._leave = _Leave()
        if self.state is State.LOST and not self.in_air:
            self._free(NOBODY, "freed on the ground: the holder is silent")
        elif self.state is State.LOST and silence > self.times.alone + self._slack:
            self._free(NOBODY, "the holder counts as gone")

    def _free(self, who: int, why: str) -> None:
        """Take every level from the main station."""
        since = self._station(self.main).heard
        for level in HELD:
            if self.holders[level] == self.main and level is not Level.AIR:
                self._give(level, NOBODY, who, why)
        self._give(Level.AIR, NOBODY, who, why)
        if self.in_air:
            self._leave_alone(why, since)
        else:
            self.state = State.FREE

    def _leave_alone(self, why: str, since: float | None = None) -> None:
        self.state = State.ALONE
        self._alone_since = self._clock if since is None else since
        self._note(NOBODY, f"alone, lost-link timer runs: {why}", Result.ACCEPTED)

    @property
    def main(self) -> int:
        """Station that flies: the holder of level 4; 0 for none."""
        return self.holders[Level.AIR]

    @property
    def leave(self) -> bool:
        """The main station lets another one take over."""
        return bool(self.main) and self._leave.by == self.main

    @property
    def is_link_lost(self) -> bool:
        """The lost-link timer runs."""
        return self.state in (State.LOST, State.ALONE)

    def silence(self, station: int) -> float:
        """s since a station was heard."""
        each = self._stations.get(station)
        return self._clock - each.heard if each else math.inf

    def unattended(self, station: int) -> float:
        """s since a station was heard with somebody looking at it."""
        each = self._stations.get(station)
        return self._clock - each.attended if each else math.inf

    def link_age(self) -> float:
        """s since the last frame of the main station, less what a slow wall clock explains; the autopilot's timer."""
        if self.state is State.ALONE:
            return max(self._clock - self._alone_since, 0.0)
        return max(self.silence(self.main) - self._slack, 0.0) if self.main else 0.0

    def override_in(self, station: int) -> float:
        """s until a station may override; infinite without the right."""
        if station not in self.overriding or not self.main or station == self.main:
            return math.inf
        return max(self.times.override + self._slack - self.unattended(self.main), 0.0)

    # ------------------------------------------------------------------ commands

    def may(self, station: int, what: str, level: int = Level.AIR, held: bool = False) -> Decision:
        """Whether a station may do something now.

        Args:
            station: its system id.
            what: in words, for the audit.
            level: of interoperability that it needs.
            held: a control that is held over time, as a stick: it never takes a free aircraft and never counts as an
                acknowledgement.
        """
        if level == Level.OPEN:
            return YES
        if not is_system(station):
            return refused(NO_SYSTEM)
        wanted = Level(level)
        if self.holders[wanted] != station and not self._taken(station, wanted, held):
            return self._told(station, what, self._not_in_control(wanted))
        if self.state is State.REGAINED and station == self.main and wanted in FLYING:
            return self._after_regain(station, what, held)
        return YES

    def _after_regain(self, station: int, what: str, held: bool) -> Decision:
        """Inputs are neutral until acknowledged; a command of a client that knows no acknowledgement is one."""
        if held or self._station(station).speaks:
            return self._told(
                station, what, refused("control regained: acknowledge first", Result.TEMPORARILY_REJECTED)
            )
        self.acknowledge(station)
        return YES

    def _taken(self, station: int, level: Level, held: bool) -> bool:
        """Implicit control: a client that knows nothing of authority takes a free aircraft by commanding it."""
        if held or not self.implicit or self._station(station).speaks:
            return False
        if self._late(station) or self._contested(station) or self.holders[level]:
            return False
        if self.main not in (NOBODY, station):
            return False
        for each in HELD:
            if self.holders[each] == NOBODY:
                self._give(each, station, station, "implicit control of a free aircraft")
        return True

    def _contested(self, station: int) -> bool:
        """Another station has something under way."""
        waits = any(each.asked_until > self._clock for other, each in self._stations.items() if other != station)
        return waits or (self._override.by not in (NOBODY, station))

    def _not_in_control(self, level: Level = Level.AIR) -> Decision:
        holder = self.holders[level]
        told = f"station {holder} holds" if holder else "nobody holds"
        told += f" level {int(level)}" + ("" if holder else ": request it")
        return refused(told, Result.NOT_IN_CONTROL)

    # ------------------------------------------------------------------ MAVLink's operator control

    def request(self, station: int, allow: bool = False, first: int = 0, last: int = 0) -> Decision:
        """A station requests the aircraft (MAV_CMD_REQUEST_OPERATOR_CONTROL, request).

        Args:
            station: who asks.
            allow: let others take over from it without asking.
            first: first of a range of system ids that belong to it, of which it is the main one.
            last: last of the range; 0 for the first alone.
        """
        if not is_system(station):
            return refused(NO_SYSTEM)
        self._station(station).speaks = True
        if (first or last) and not (is_system(first) and first <= station <= max(first, last) and last < BEYOND):
            return self._told(station, "request", refused("the range of stations is not the requester's own"))
        if station == self.main:
            return self._told(station, "request", self._renewed(station, allow))
        if self._late(station):
            return self._told(station, "request", refused("given up just now", Result.TEMPORARILY_REJECTED))
        if self.main and not self.leave:
            return self._told(station, "request", self._asked(station))
        if self.handover:
            self._end_handover(station, "taken over by leave")
        self._take(station, FLYING, "request granted", with_payload=True)
        self.secondary = tuple(each for each in range(first, last + 1) if each != station)[:10]
        if allow:
            self._allow(station)
        return self._told(station, "request", YES)

    def _renewed(self, station: int, allow: bool) -> Decision:
        """The holder asks again: it changes its leave, and takes free levels."""
        if allow and self._steady - self._station(station).withdrew < self.times.settle + self._slack:
            return refused("leave was withdrawn just now", Result.TEMPORARILY_REJECTED)
        if allow:
            self._allow(station)
        elif self._leave.by == station:
            self._leave = _Leave()
            self._station(station).withdrew = self._steady
        for level in HELD:
            if self.holders[level] == NOBODY:
                self._give(level, station, station, "request granted")
        return YES

    def _allow(self, station: int) -> None:
        self._leave = _Leave(station, self._clock + self._hurry * self.times.answer + self._slack)
        self._note(station, "lets others take over", Result.ACCEPTED)

    def _asked(self, station: int) -> Decision:
        """Ask the holder."""
        each = self._station(station)
        each.asked_until = self._clock + self._hurry * self.times.answer + self._slack
        if self._clock - each.forwarded >= self.times.forward:
            each.forwarded = self._clock
            self.forwards.append(Forward(self.main, station, self.times.answer))
        return refused(f"station {self.main} holds it and has been asked", Result.NOT_IN_CONTROL)

    def release(self, station: int) -> Decision:
        """The main station gives the aircraft up (MAV_CMD_REQUEST_OPERATOR_CONTROL, release)."""
        if not is_system(station):
            return refused(NO_SYSTEM)
        self._station(station).speaks = True
        return self._told(station, "release", self._released(station, HELD))

    def _released(self, station: int, levels: Sequence[Level]) -> Decision:
        mine = [level for level in levels if self.holders[level] == station]
        if not mine:
            return self._not_in_control(Level.AIR if Level.AIR in levels else Level(levels[0]))
        if self.in_air and Level.AIR in mine:
            return refused("in the air control is handed over, never dropped")
        for level in mine:
            self._give(level, NOBODY, station, "released")
        self._station(station).gave_up = self._steady
        return YES

    def set_level(self, station: int, level: int, wanted: bool) -> Decision:
        """A station requests or releases one level (SAMRUK_SET_LOI)."""
        if not is_system(station):
            return refused(NO_SYSTEM)
        self._station(station).speaks = True
        what = f"{'request' if wanted else 'release'} level {level}"
        if level not in HELD:
            return self._told(station, what, refused("levels are 3, 4 and 5"))
        return self._told(station, what, self._set_level(station, Level(level), wanted))

    def _set_level(self, station: int, level: Level, wanted: bool) -> Decision:
        if not wanted:
            return self._released(station, (level,))
        holder = self.holders[level]
        if holder == station:
            return YES
        if self._late(station):
            return refused("given up just now", Result.TEMPORARILY_REJECTED)
        if not holder and level is Level.RECOVERY and self.main not in (NOBODY, station) and not self.leave:
            return self._asked(station)
        if holder and not (holder == self.main and self.leave):
            return self._asked(station) if level is not Level.PAYLOAD and self.main else self._not_in_control(level)
        if level is Level.AIR:
            self._leave, self.secondary = _Leave(), ()
        if self.handover:
            self._end_handover(station, "another way was taken")
        self._give(level, station, station, "request granted")
        for lower in HELD[: HELD.index(level)]:  # a level includes those below it, as far as they are free
            if self.holders[lower] == NOBODY:
                self._give(lower, station, station, "with the level above")
        return YES

    def _late(self, station: int) -> bool:
        """What comes from a station that has just given up control may be a copy of something older."""
        return self._steady - self._station(station).gave_up < self.times.settle + self._slack

    # ------------------------------------------------------------------ positive hand-over

    def step(
        self, station: int, step: int, other: int = 0, level: int = 0, number: int = 0, index: int = -1
    ) -> Decision:  # fmt: skip
        """A station takes a step of a positive hand-over (SAMRUK_HANDOVER).

        Args:
            station: who.
            step: a `Step`.
            other: system id of the other station, for an offer or a request.
            level: that is to pass; 0 for all that the giver holds.
            number: of the hand-over, for every step after both have agreed.
            index: of the difference that is accepted.
        """
        if not is_system(station):
            return refused(NO_SYSTEM)
        self._station(station).speaks = True
        if step == Step.ACKNOWLEDGE:
            return self.acknowledge(station)
        taken = {
            Step.OFFER: lambda: self._offer(station, other, level),
            Step.REQUEST: lambda: self._requested(station, level),
            Step.ACCEPT: lambda: self._accept(station, number, index),
            Step.TRANSFER: lambda: self._transfer(station, number),
            Step.READ_BACK: lambda: self._read_back(station, number),
            Step.CANCEL: lambda: self._cancel(station, number),
        }.get(Step(step) if step in set(Step) else Step.NONE)
        name = Step(step).name.lower().replace("_", "-") if taken else str(step)
        if taken is None:
            return self._told(station, f"hand-over step {step}", refused("steps are 1 to 7"))
        return self._told(station, f"hand-over {name}", taken())

    def _offer(self, station: int, other: int, level: int) -> Decision:
        levels = self._passing(station, level)
        if not levels:
            return self._not_in_control(Level(level) if level in HELD else Level.AIR)
        if self.state is not State.HELD and Level.AIR in levels:
            return refused("acknowledge control first", Result.TEMPORARILY_REJECTED)
        if other in (NOBODY, station) or self.silence(other) > self.times.lost + self._slack:
            return refused(f"station {other} is not heard")
        if self.handover and (self.handover.giver, self.handover.receiver) == (station, other):
            return self._agreed(self.handover) if self.handover.step is Step.REQUEST else YES
        if self.handover and self.handover.step is not Step.REQUEST:
            return refused(f"hand-over {self.handover.number} is under way", Result.TEMPORARILY_REJECTED)
        self._begin(station, other, levels, Step.OFFER)
        return YES

    def _requested(self, station: int, level: int) -> Decision:
        under_way = self.handover
        if under_way and under_way.receiver == station:
            return self._agreed(under_way) if under_way.step is Step.OFFER else YES
        if under_way:
            return refused(f"hand-over {under_way.number} is under way", Result.TEMPORARILY_REJECTED)
        giver = self.holders[Level(level)] if level in HELD else self.main
        levels = self._passing(giver, level) if giver else ()
        if not levels or giver == station:
            return refused("nobody else holds it: request control")
        self._begin(giver, station, levels, Step.REQUEST)
        self._asked(station)
        return YES

    def _passing(self, giver: int, level: int) -> tuple[Level, ...]:
        """Levels that pass from a station."""
        wanted = (Level(level),) if level in HELD else HELD if level == 0 else ()
        return tuple(each for each in wanted if self.holders[each] == giver)

    def _begin(self, giver: int, receiver: int, levels: tuple[Level, ...], step: Step) -> None:
        self._handovers = self._handovers % 0xFFFF + 1
        until = self._clock + self._hurry * self.times.answer + self._slack
        self.handover = Handover(self._handovers, giver, receiver, levels, step, until)

    def _agreed(self, under_way: Handover) -> Decision:
        under_way.step = Step.ACCEPT
        under_way.until = self._clock + self._hurry * self.times.differences + self._slack
        return YES

    def showed(self, station: int, index: int, value: float) -> bool:
        """The receiving station says what it shows for a commanded value; False when nobody asked it."""
        under_way = self.handover
        if not under_way or under_way.receiver != station or not 0 <= index < len(self.commanded):
            return False
        under_way.shown[index] = value
        return True

    def differences(self) -> tuple[Difference, ...]:
        """What the receiving station does not show as the aircraft has it, accepted or not."""
        under_way = self.handover
        if not under_way or under_way.step < Step.ACCEPT:
            return ()
        return tuple(
            Difference(k, value.name, value.value, shown, value.same(under_way.accepted.get(k, math.nan)))
            for k, value in enumerate(self.commanded)
            if not value.same(shown := under_way.shown.get(k, math.nan))
        )

    def _accept(self, station: int, number: int, index: int) -> Decision:
        under_way = self._current(station, number, "receiver")
        if isinstance(under_way, Decision):
            return under_way
        if under_way.step is not Step.ACCEPT or not 0 <= index < len(self.commanded):
            return refused("no such difference to accept")
        under_way.accepted[index] = self.commanded[index].value
        return YES

    def _transfer(self, station: int, number: int) -> Decision:
        under_way = self._current(station, number, "giver")
        if isinstance(under_way, Decision):
            return under_way
        if under_way.step is Step.TRANSFER:
            return YES
        open_ones = sum(not each.accepted for each in self.differences())
        if under_way.step is not Step.ACCEPT or open_ones:
            return refused(f"{open_ones} differences are not accepted", Result.TEMPORARILY_REJECTED)
        if self.silence(under_way.receiver) > self.times.lost + self._slack:
            return refused(f"station {under_way.receiver} is not heard", Result.TEMPORARILY_REJECTED)
        under_way.step = Step.TRANSFER
        under_way.until = self._clock + self._hurry * self.times.read_back + self._slack
        return YES

    def _read_back(self, station: int, number: int) -> Decision:
        under_way = self._current(station, number, "receiver")
        if isinstance(under_way, Decision):
            return under_way
        if under_way.step is not Step.TRANSFER:
            return refused("not transferred yet", Result.TEMPORARILY_REJECTED)
        if any(not each.accepted for each in self.differences()):
            self._end_handover(station, "a commanded value changed")
            return refused("a commanded value changed since the transfer")
        giver, levels = under_way.giver, under_way.levels
        self.handover = None
        self._take(station, levels, f"hand-over {number} from station {giver}")
        self._station(giver).gave_up = self._steady
        return YES

    def _cancel(self, station: int, number: int) -> Decision:
        under_way = self.handover
        if under_way is None or station not in (under_way.giver, under_way.receiver):
            return refused("no hand-over of this station is under way")
        if number not in (0, under_way.number):
            return refused(f"hand-over {number} is over")
        self._end_handover(station, "called off")
        return YES

    def _current(self, station: int, number: int, role: str) -> Handover | Decision:
        """The hand-over that a step belongs to, or why there is none."""
        under_way = self.handover
        if under_way is None or number != under_way.number:
            return refused(f"hand-over {number} is over" if number else "the step names no hand-over")
        if getattr(under_way, role) != station:
            return refused(f"only the {role} takes this step")
        if any(self.holders[level] != under_way.giver for level in under_way.levels):
            self._end_handover(NOBODY, "the holder has changed")
            return refused("the holder has changed")
        return under_way

    def _end_handover(self, who: int, why: str) -> None:
        if self.handover:
            told = f"hand-over {self.handover.number} ended: {why}"
            self.handover = None
            self._note(who, told, Result.CANCELLED)

    # ------------------------------------------------------------------ override

    def override(self, station: int, action: int, level: int = 0) -> Decision:
        """A station with the right takes control from a silent holder, in two actions (SAMRUK_OVERRIDE).

        Args:
            station: who.
            action: 1 announces it, 2 confirms it, 0 calls it off.
            level: that it takes; 0 for all that the holder has.
        """
        if not is_system(station):
            return refused(NO_SYSTEM)
        self._station(station).speaks = True
        return self._told(station, f"override action {action}", self._overridden(station, action, level))

    def _overridden(self, station: int, action: int, level: int) -> Decision:
        if station not in self.overriding:
            return refused("this station has no right to override")
        if action == 0 and self._override.by == station:
            self._override = _Override()
            return YES
        holder = self.holders[Level(level)] if level in HELD else self.main
        if not holder or holder == station:
            return refused("nobody else holds it: request control")
        wait = self.times.override + self._slack - self.unattended(holder)
        if wait > 0.0:
            return refused(f"the holder was heard: possible in {wait:.0f} s", Result.TEMPORARILY_REJECTED)
        if action == 1:
            return self._announced(station, self._passing(holder, level))
        return self._confirmed(station) if action == 2 else refused("actions are 0, 1 and 2")

    def _announced(self, station: int, levels: tuple[Level, ...]) -> Decision:
        if self._override.by not in (NOBODY, station):
            return refused(f"station {self._override.by} has announced one", Result.TEMPORARILY_REJECTED)
        if self._override.by != station:
            self._override = _Override(station, self._clock, self._steady, levels)
        return YES

    def _confirmed(self, station: int) -> Decision:
        if self._override.by != station:
            return refused("announce it first")
        wait = self._override.steady + self.times.dwell - self._steady
        if wait > 0.0:
            return refused(f"confirm in {wait:.0f} s", Result.TEMPORARILY_REJECTED)
        self._end_handover(station, "overridden")
        self._take(station, self._override.levels, "override by right")
        return YES

    def _silenced(self) -> set[int]:
        """Stations from which the announced override would take something."""
        return {self.holders[level] for level in self._override.levels} - {NOBODY}

    # ------------------------------------------------------------------ what all of them do

    def _take(self, station: int, levels: Iterable[Level], why: str, with_payload: bool = False) -> None:
        """Levels pass to a station; with the payload, that passes too if it is free or the former main one's."""
        former = self.main
        passing = tuple(levels)
        if with_payload and self.holders[Level.PAYLOAD] in (NOBODY, former):
            passing = (Level.PAYLOAD, *passing)
        if with_payload and self.holders[Level.RECOVERY] not in (NOBODY, former):
            passing = tuple(level for level in passing if level is not Level.RECOVERY)
        for level in passing:
            self._give(level, station, station, why)

    def _give(self, level: Level, station: int, who: int, why: str) -> None:
        """One level changes hands; nothing that was asked or allowed before outlives it."""
        if self.holders[level] == station:
            return
        former, self.holders[level] = self.holders[level], station
        self.epoch += 1
        if station:  # whoever takes control is there: an override waits from now
            self._station(station).attended = self._clock
        self._note(who, f"level {int(level)}: {former or 'nobody'} -> {station or 'nobody'}", Result.ACCEPTED, why)
        if level is Level.AIR:
            self.state = State.HELD if station else (State.ALONE if self.in_air else State.FREE)
            self._leave, self._override, self.secondary = _Leave(), _Override(), ()
            self.forwards.clear()
            for each in self._stations.values():
                each.asked_until = each.forwarded = -math.inf

    def _station(self, station: int) -> _Station:
        return self._stations.setdefault(station, _Station())

    def _told(self, station: int, what: str, decision: Decision) -> Decision:
        told = self._answered.get(station, 0)
        self._answered[station] = told + 1
        if told < ANSWERS:
            self._note(station, what, decision.result, decision.reason)
        return decision

    def drain(self) -> tuple[Audit, ...]:
        """Lines of the audit since the last call; a greedy station's answers beyond a number are one line.

        What changed is never left out: only answers to a station are counted together.
        """
        for station, told in self._answered.items():
            if told > ANSWERS:
                self._note(station, f"{told - ANSWERS} more answers", Result.TEMPORARILY_REJECTED, "too many at once")
        self._answered.clear()
        lines = tuple(self.audit)
        self.audit.clear()
        return lines

    def _note(self, who: int, what: str, result: int, reason: str = "") -> None:
        """Write a line; the same line again only counts."""
        last = self.audit[-1] if self.audit else None
        if last and (last.who, last.what, last.result, last.reason) == (who, what, result, reason):
            self.audit[-1] = replace(last, times=last.times + 1)
            return
        self._lines += 1
        self.audit.append(Audit(self._lines, self._simulated, who, what, result, reason))

    # ------------------------------------------------------------------ restarts of the aircraft's computer

    def saved(self) -> dict[str, Any]:
        """What a restart of the aircraft's computer must not forget."""
        age = self.link_age() if self.is_link_lost else self.silence(self.main) if self.main else 0.0
        return {
            "holders": {str(int(level)): holder for level, holder in self.holders.items()},
            "age": age if math.isfinite(age) else 0.0, "epoch": self.epoch, "handovers": self._handovers,
            "lines": self._lines, "speaks": [each for each in self._stations if self._stations[each].speaks],
            "gave_up": [each for each in self._stations if self._late(each)],
        }  # fmt: skip

    def restore(self, saved: Mapping[str, Any], now: float, in_air: bool) -> None:
        """Go on after a restart: who held, holds, with neutral inputs; what was under way is over.

        Args:
            saved: as `saved` gave it.
            now: s of simulated time.
            in_air: off its wheels.
        """
        self._last = self._simulated = now
        self._clock, self.in_air = 0.0, in_air
        self._handovers, self._lines = int(saved["handovers"]), int(saved["lines"])
        self.epoch = int(saved["epoch"]) + 1
        for station in saved["speaks"]:
            self._station(station).speaks = True
        for station in saved["gave_up"]:
            self._station(station).gave_up = self._steady
        for level in HELD:
            self.holders[level] = int(saved["holders"][str(int(level))])
        for station in {each for each in self.holders.values() if each}:
            each = self._station(station)
            each.heard = each.attended = -float(saved["age"])
        self._alone_since = -float(saved["age"])
        self.state = State.REGAINED if self.main else State.ALONE if in_air else State.FREE
        self._note(NOBODY, "the aircraft's computer started anew", Result.ACCEPTED)
