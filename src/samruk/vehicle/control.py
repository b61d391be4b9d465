"""The authority as a service aboard: what stations say of control goes to the machine, what it decides goes out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from samruk.messages import Mode
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.authority import HELD, NOBODY, Audit, Authority, Decision, Forward, Level, State, Step, Value
from samruk.vehicle.service import Asked, Handler, Now, Outgoing, Priority, Reply, Sender

REQUEST_OPERATOR_CONTROL, SET_LEVEL, HANDOVER, OVERRIDE = 32100, 52100, 52101, 52102
"""Numbers of the commands by which control is asked for."""
SYSTEM_MANAGER, TAKEOVER_ALLOWED = 1, 2
"""Flags of CONTROL_STATUS."""
GROUND_STATION, STANDBY = 6, 3
"""MAV_TYPE of a ground station; MAV_STATE of one at which nobody looks: no page draws."""
EVERY = 0.95
"""s of wall time between two tellings of who is in control, once a second in turns of a tenth; a change is told at
once."""
LINES = 10
"""Lines of the audit sent in one turn; all of them are kept."""
HELD_INPUTS = ("stick", "MANUAL_CONTROL", "SET_ATTITUDE_TARGET", "SET_POSITION_TARGET_LOCAL_NED",
               "SET_POSITION_TARGET_GLOBAL_INT", "RC_CHANNELS_OVERRIDE")  # fmt: skip
"""Messages that are a control held over time."""


class Registry(Protocol):
    """Where handlers of commands are registered."""

    def register(self, command: int, handler: Handler, loi: int = 4, component: int = 1, name: str = "") -> None:
        """Let a handler answer a command."""
        ...


class Control:
    """Who commands this aircraft.

    Args:
        aircraft: whose control it is.
        authority: the machine; one without rights of override by default.
        signed: True when a key is configured: a frame without a valid signature changes nothing.
        keep: called with each new line of the audit, for the record.
        versions: gives the opaque ids of the plans aboard (route, fence, rally, lost-link), which a hand-over compares.
    """

    def __init__(
        self, aircraft: Aircraft, authority: Authority | None = None, *, signed: bool = False,
        keep: Callable[[Audit], None] | None = None, versions: Callable[[], Sequence[int]] | None = None,
    ) -> None:  # fmt: skip
        self.aircraft, self.authority = aircraft, authority or Authority()
        self.signed, self._keep, self._versions = signed, keep, versions or (lambda: (0, 0, 0, 0))
        self._boots: dict[int, int] = {}
        self._attended: dict[int, bool] = {}
        self._told: tuple[Any, ...] = ()
        self._told_wall = self._listed_wall = -math.inf
        self._listed: dict[int, tuple[str, int, Step]] = {}
        self._lines: list[Audit] = []
        self._counts = False
        aircraft.board["control"] = self

    def register(self, commands: Registry) -> None:
        """Let the commands of control be answered here."""
        commands.register(REQUEST_OPERATOR_CONTROL, self._operator_control, loi=0, name="operator control")
        commands.register(SET_LEVEL, self._set_level, loi=0, name="level of control")
        commands.register(HANDOVER, self._handover, loi=0, name="hand-over")
        commands.register(OVERRIDE, self._override, loi=0, name="override")

    # ------------------------------------------------------------------ for the other services

    def may(self, sender: Sender, what: str, loi: int) -> bool:
        """Whether a sender may do something that needs a level; what it may not is in the audit."""
        if loi == Level.OPEN:
            return True
        if self.signed and not sender.signed:
            return False
        return self.authority.may(sender.system, what, loi, held=what in HELD_INPUTS).granted

    def admits(self, message: Any, sender: Sender) -> bool:
        """Whether a frame is let in at all: where a key is configured, unsigned ones are not, but for HEARTBEAT.

        A heartbeat without signature is good for display and for nothing else: it does not keep the link alive.
        """
        return sender.signed or not self.signed or message.name == "HEARTBEAT"

    # ------------------------------------------------------------------ the service

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterable[Outgoing]:
        """Presence, restarts, and what a receiving station shows."""
        if self.signed and not sender.signed:
            return ()
        name, station = message.name, sender.system
        if name == "HEARTBEAT" and int(message.type) == GROUND_STATION:
            self._attended[station] = int(message.system_status) != STANDBY
        self.authority.heard(station, self._attended.get(station, True))
        if station == self.authority.main or not self.aircraft.armed:
            self._hear()
        if name == "SYSTEM_TIME":
            self._timed(station, int(message.time_boot_ms))
        elif name == "SAMRUK_SHOWN":
            for index, value in enumerate(_shown(message)):
                self.authority.showed(station, index, value)
        return ()

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Let time pass; tell who is in control, once a second and on change."""
        machine = self.authority
        machine.tick(now.simulated, not self.aircraft.landed, self.commanded(), now.speed)
        if machine.in_air and not self._counts:
            self._hear()  # the timer of a lost link runs from somewhere, even if no frame has ever come
        while machine.forwards:
            yield _forwarded(machine.forwards.popleft())
        status = self._status()
        if status != self._told or now.wall - self._told_wall >= EVERY:
            self._told, self._told_wall = status, now.wall
            yield self._control_status()
            yield Outgoing("SAMRUK_AUTHORITY", self._samruk_authority(now), priority=Priority.ANSWER)
        yield from self._differences(now)
        yield from self._audit()

    def commanded(self) -> tuple[Value, ...]:
        """What the aircraft is commanded to, and holds: what a station that takes over must show."""
        picture = self.aircraft.picture
        flies = not picture.landed
        heading = float(picture.flight.directed.angle) if picture.mode == Mode.HEADING else math.nan
        return (
            Value("altitude", picture.aim.altitude if flies else math.nan, 30.0),
            Value("airspeed", picture.aim.airspeed if flies else math.nan, 2.0),
            Value("heading", heading, math.radians(3.0), turn=2.0 * math.pi),
            *(Value(name, float(version)) for name, version in zip(PLANS, self._versions(), strict=True)),
            Value("mode", float(picture.mode)),
            Value("engine", float(picture.engine_running)),
            Value("gear", float(picture.command.gear_down)),
            Value("flap", picture.command.delta_f, 0.05),
            Value("ice protection", float(picture.command.wing_protection)),
            Value("bearer", self._bearer()),
        )

    def _bearer(self) -> float:
        """The bearer towards the station that is to take over, else to the one in command; NaN where there is none."""
        under_way = self.authority.handover
        station = under_way.receiver if under_way else self.authority.main
        bearers: Mapping[int, float] = self.aircraft.board.get("bearers", {})
        return bearers.get(station, math.nan)

    # ------------------------------------------------------------------ commands

    def _operator_control(self, asked: Asked, now: Now) -> Reply:
        """MAV_CMD_REQUEST_OPERATOR_CONTROL: p2 1 request, 0 release; p3 1 lets others take over; p4 to p5 a range."""
        station = asked.sender.system
        if not self._trusts(asked):
            return self._unsigned()
        if asked.whole("p2") == 0:
            return _reply(self.authority.release(station))
        last = round(asked.x_raw or 0.0)
        return _reply(self.authority.request(station, asked.whole("p3") == 1, asked.whole("p4"), last))

    def _set_level(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_SET_LOI: p1 the level; p2 1 request, 0 release."""
        if not self._trusts(asked):
            return self._unsigned()
        return _reply(self.authority.set_level(asked.sender.system, asked.whole("p1"), asked.whole("p2") == 1))

    def _handover(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_HANDOVER: p1 step, p2 other station, p3 level (0 all), p4 index of a difference, p5 number."""
        if not self._trusts(asked):
            return self._unsigned()
        number = round(asked.x_raw or 0.0)
        given = (asked.whole("p1"), asked.whole("p2"), asked.whole("p3"), number, asked.whole("p4", -1))
        return _reply(self.authority.step(asked.sender.system, *given))

    def _override(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_OVERRIDE: p1 level (0 all that the holder has); p2 1 announce, 2 confirm, 0 call off."""
        if not self._trusts(asked):
            return self._unsigned()
        return _reply(self.authority.override(asked.sender.system, asked.whole("p2"), asked.whole("p1")))

    def _trusts(self, asked: Asked) -> bool:
        return asked.sender.signed or not self.signed

    def _unsigned(self) -> Reply:
        return Reply(2, "control is asked for by signed frames only")

    # ------------------------------------------------------------------ inside

    def _hear(self) -> None:
        self._counts = True
        self.aircraft.live.hear(self.aircraft.k)

    def _timed(self, station: int, boot_ms: int) -> None:
        """A station whose time since its start goes back by more than a late frame has started anew."""
        before = self._boots.get(station)
        if before is not None and boot_ms < before - RESTART_MS:
            self.authority.restarted(station)
            self._boots[station] = boot_ms
        self._boots[station] = max(boot_ms, self._boots.get(station, 0))

    def _status(self) -> tuple[Any, ...]:
        """What is told at once when it changes."""
        machine = self.authority
        under_way = machine.handover
        step = (under_way.number, under_way.step) if under_way else ()
        return (*machine.holders.values(), machine.state, machine.leave, machine.secondary, step, self._open())

    def _open(self) -> int:
        return sum(not each.accepted for each in self.authority.differences())

    def _control_status(self) -> Outgoing:
        """CONTROL_STATUS: who flies; beside it the holders of the other levels and those named by it."""
        machine = self.authority
        others = [holder for holder in machine.holders.values() if holder not in (NOBODY, machine.main)]
        secondary = list(dict.fromkeys((*others, *machine.secondary)))[:10]
        flags = SYSTEM_MANAGER | (TAKEOVER_ALLOWED if machine.leave or not machine.main else 0)
        fields = {"flags": flags, "gcs_main": machine.main, "gcs_secondary": secondary + [0] * (10 - len(secondary))}
        return Outgoing("CONTROL_STATUS", fields, priority=Priority.ANSWER)

    def _samruk_authority(self, now: Now) -> dict[str, Any]:
        machine, under_way = self.authority, self.authority.handover
        override_in = min((machine.override_in(station) for station in machine.overriding), default=math.inf)
        age = machine.link_age()
        return {
            "time_boot_ms": now.boot_ms, "silent": age if math.isfinite(age) else math.nan,
            "override_in": override_in if math.isfinite(override_in) else math.nan,
            "holder": [machine.holders[level] for level in HELD], "handover": self._stage(),
            "giver": under_way.giver if under_way else NOBODY, "taker": under_way.receiver if under_way else NOBODY,
            "level": int(under_way.levels[0]) if under_way and len(under_way.levels) == 1 else 0,
            "differences": self._open(), "state": self._bits(), "number": under_way.number if under_way else 0,
            "compared": len(machine.commanded),
        }  # fmt: skip

    def _stage(self) -> int:
        """0 none, 1 offered, 2 requested, 3 differences open, 4 ready, 5 transferred."""
        under_way = self.authority.handover
        if under_way is None:
            return 0
        if under_way.step is Step.ACCEPT:
            return 3 if self._open() else 4
        return {Step.OFFER: 1, Step.REQUEST: 2}.get(under_way.step, 5)

    def _bits(self) -> int:
        """1 lost link, 2 inputs neutral until acknowledged, 4 take-over allowed, 8 alone in the air."""
        machine = self.authority
        flags = (machine.is_link_lost, machine.state is State.REGAINED, machine.leave, machine.state is State.ALONE)
        return sum(bit << place for place, bit in enumerate(flags))

    def _differences(self, now: Now) -> Iterator[Outgoing]:
        """To both stations: every commanded value, beside what the receiver shows, while they compare.

        Once a second, and each at once when it becomes the same, differs or is accepted: a value that creeps, as height
        in a climb, must not fill a thin link.
        """
        machine, under_way = self.authority, self.authority.handover
        if under_way is None or under_way.step < Step.ACCEPT:
            return
        fresh = now.wall - self._listed_wall >= EVERY
        if fresh:
            self._listed_wall = now.wall
        for index, name, aircraft, station, accepted in self._rows():
            told = (name, accepted, under_way.step)
            if fresh or self._listed.get(index) != told:
                self._listed[index] = told
                fields = {"time_boot_ms": now.boot_ms, "index": index, "count": len(machine.commanded), "name": name,
                          "aircraft": aircraft, "station": station, "accepted": accepted}  # fmt: skip
                yield Outgoing("SAMRUK_HANDOVER_DIFF", fields, priority=Priority.ANSWER)

    def _rows(self) -> tuple[tuple[int, str, float, float, int], ...]:
        """Of each commanded value: index, name, value aboard, shown (NaN: nothing), 0 differs, 1 accepted, 2 same."""
        apart = {each.index: each for each in self.authority.differences()}
        shown = self.authority.handover.shown if self.authority.handover else {}
        return tuple(
            (k, value.name, value.value, shown.get(k, math.nan), int(apart[k].accepted) if k in apart else 2)
            for k, value in enumerate(self.authority.commanded)
        )

    def _audit(self) -> Iterator[Outgoing]:
        """New lines: all to the record, some each turn to the stations."""
        for line in self.authority.drain():
            if self._keep:
                self._keep(line)
            self._lines.append(line)
        sent, self._lines = self._lines[:LINES], self._lines[LINES:][-100:]
        for line in sent:
            fields = {"time_boot_ms": round(1000.0 * line.time) & 0xFFFFFFFF, "sequence": line.number, "who": line.who,
                      "result": line.result, "text": one_line(line)}  # fmt: skip
            yield Outgoing("SAMRUK_AUDIT", fields, priority=Priority.STREAM)


RESTART_MS = 2000
"""ms by which a station's time since its start must go back to count as a new start; late frames go back less."""


PLANS = ("route", "fence", "rally points", "lost-link route")
"""Plans whose versions are compared."""
LONGEST = 80
"""Characters of a line that the message holds."""


def _shown(message: Any) -> tuple[float, ...]:
    """What a station shows, in the order of `Control.commanded`."""
    return (
        message.altitude, message.airspeed, message.heading, *(float(each) for each in message.id), message.mode,
        _known(message.engine), _known(message.gear), _known(message.flap) / 100.0, _known(message.protection),
        message.bearer,
    )  # fmt: skip


def _known(value: int) -> float:
    """A number of a station; 255 stands for one that it does not show."""
    return math.nan if value == 255 else float(value)


def one_line(line: Audit) -> str:
    """A line of the audit as text."""
    text = line.what + (f": {line.reason}" if line.reason else "") + (f" ({line.times} x)" if line.times > 1 else "")
    return text[:LONGEST]


def _reply(decision: Decision) -> Reply:
    return Reply(int(decision.result), decision.reason)


def _forwarded(forward: Forward) -> Outgoing:
    """The request of a station, passed on to the holder: requester in p1 and p4, time for which it stands in p6."""
    fields = {
        "target_system": forward.owner, "target_component": 0, "command": REQUEST_OPERATOR_CONTROL, "confirmation": 0,
        "param1": float(forward.requester), "param2": 1.0, "param3": 0.0, "param4": float(forward.requester),
        "param5": 0.0, "param6": forward.patience, "param7": 0.0,
    }  # fmt: skip
    return Outgoing("COMMAND_LONG", fields, priority=Priority.ANSWER)
