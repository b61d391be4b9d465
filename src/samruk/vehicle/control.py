"""The authority as a service aboard: what stations say of control goes to the machine, what it decides goes out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.authority import HELD, NOBODY, Audit, Authority, Decision, Forward, Level, Step, Value
from samruk.vehicle.service import Asked, Handler, Now, Outgoing, Priority, Reply, Sender

REQUEST_OPERATOR_CONTROL, SET_LEVEL, HANDOVER, OVERRIDE = 32100, 52100, 52101, 52102
"""Numbers of the commands by which control is asked for."""
SYSTEM_MANAGER, TAKEOVER_ALLOWED = 1, 2
"""Flags of CONTROL_STATUS."""
GROUND_STATION, STANDBY = 6, 3
"""MAV_TYPE of a ground station; MAV_STATE of one at which nobody looks: no page draws."""
EVERY = 1.0
"""s of wall time between two tellings of who is in control; a change is told at once."""
LINES = 10
"""Lines of the audit sent in one turn; all of them are kept."""
HELD_INPUTS = ("MANUAL_CONTROL", "SET_ATTITUDE_TARGET", "SET_POSITION_TARGET_LOCAL_NED",
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
        versions: gives the versions of the plans aboard, which a hand-over compares.
    """

    def __init__(
        self, aircraft: Aircraft, authority: Authority | None = None, *, signed: bool = False,
        keep: Callable[[Audit], None] | None = None, versions: Callable[[], dict[str, float]] | None = None,
    ) -> None:  # fmt: skip
        self.aircraft, self.authority = aircraft, authority or Authority()
        self.signed, self._keep, self._versions = signed, keep, versions or (lambda: {})
        self._boots: dict[int, int] = {}
        self._attended: dict[int, bool] = {}
        self._told: tuple[Any, ...] = ()
        self._told_wall = self._listed_wall = -math.inf
        self._listed: tuple[Any, ...] = ()
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
        elif name == "SAMRUK_HANDOVER_DIFF":
            self.authority.showed(station, int(message.index), float(message.station))
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
            yield Outgoing("SAMRUK_AUTHORITY", self._samruk_authority(), priority=Priority.ANSWER)
        yield from self._differences(now)
        yield from self._audit()

    def commanded(self) -> tuple[Value, ...]:
        """What the aircraft is commanded to, and holds: what a station that takes over must show."""
        picture, directed = self.aircraft.picture, self.aircraft.picture.flight.directed
        legs = len(self.aircraft.legs())
        given = (
            Value("engine", float(directed.engine)),
            Value("flaps", picture.command.delta_f, 0.05),
            Value("gear", float(picture.command.gear_down)),
            Value("mode", float(picture.flight.mode)),
            Value("leg", float(picture.flight.route_leg)),
            Value("legs", float(legs)),
            Value("height", picture.flight.altitude_order or directed.height, 0.5),
            Value("airspeed", picture.flight.airspeed_order, 0.1),
            Value("heading", directed.angle, math.radians(0.5), turn=2.0 * math.pi),
            Value("ice protection", float(picture.command.wing_protection)),
            Value("landing field", float(picture.flight.field)),
        )
        return given + tuple(Value(name[:16], float(version)) for name, version in sorted(self._versions().items()))

    # ------------------------------------------------------------------ commands

    def _operator_control(self, asked: Asked, now: Now) -> Reply:
        """MAV_CMD_REQUEST_OPERATOR_CONTROL: p2 1 request, 0 release; p3 1 lets others take over; p4 to p5 a range."""
        station = asked.sender.system
        if not self._trusts(asked):
            return self._unsigned()
        if asked.whole("p2") == 0:
            return _reply(self.authority.release(station))
        last = 0 if asked.p5 is None else round(asked.p5)
        return _reply(self.authority.request(station, asked.whole("p3") == 1, asked.whole("p4"), last))

    def _set_level(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_SET_LOI: p1 1 request, 0 release; p2 the level."""
        if not self._trusts(asked):
            return self._unsigned()
        return _reply(self.authority.set_level(asked.sender.system, asked.whole("p2"), asked.whole("p1") == 1))

    def _handover(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_HANDOVER: p1 step, p2 other station, p3 level (0 all), p4 number, p5 index of a difference."""
        if not self._trusts(asked):
            return self._unsigned()
        index = -1 if asked.p5 is None else round(asked.p5)
        return _reply(
            self.authority.step(
                asked.sender.system, asked.whole("p1"), asked.whole("p2"), asked.whole("p3"), asked.whole("p4"), index
            )
        )

    def _override(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_OVERRIDE: p1 1 announce, 2 confirm, 0 call off; p2 level (0 all that the holder has)."""
        if not self._trusts(asked):
            return self._unsigned()
        return _reply(self.authority.override(asked.sender.system, asked.whole("p1"), asked.whole("p2")))

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

    def _samruk_authority(self) -> dict[str, Any]:
        machine = self.authority
        under_way = machine.handover
        waits = [machine.override_in(station) for station in machine.overriding]
        override_in = min(waits, default=math.inf)
        return {
            "loi3": machine.holders[HELD[0]],
            "loi4": machine.holders[HELD[1]],
            "loi5": machine.holders[HELD[2]],
            "state": int(machine.state),
            "step": int(under_way.step) if under_way else int(Step.NONE),
            "giver": under_way.giver if under_way else NOBODY,
            "receiver": under_way.receiver if under_way else NOBODY,
            "handover_loi": int(under_way.levels[0]) if under_way and len(under_way.levels) == 1 else 0,
            "number": under_way.number if under_way else 0,
            "compared": len(machine.commanded),
            "differences": self._open(),
            "override_in": override_in if math.isfinite(override_in) else math.nan,
            "link_age": machine.link_age() if math.isfinite(machine.link_age()) else math.nan,
        }

    def _differences(self, now: Now) -> Iterator[Outgoing]:
        """To both stations: every commanded value, beside what the receiver shows, while they compare."""
        machine, under_way = self.authority, self.authority.handover
        if under_way is None or under_way.step < Step.ACCEPT:
            return
        rows = self._rows()
        fresh = rows != self._listed or now.wall - self._listed_wall >= EVERY
        if not fresh:
            return
        self._listed, self._listed_wall = rows, now.wall
        for index, name, aircraft, station, accepted in rows:
            fields = {"number": under_way.number, "index": index, "count": len(machine.commanded), "name": name,
                      "aircraft": aircraft, "station": station, "accepted": accepted}  # fmt: skip
            yield Outgoing("SAMRUK_HANDOVER_DIFF", fields, priority=Priority.ANSWER)

    def _rows(self) -> tuple[tuple[int, str, float, float | None, int], ...]:
        """Of each commanded value: index, name, value aboard, shown (None: nothing), 0 differs, 1 accepted, 2 same."""
        apart = {each.index: each for each in self.authority.differences()}
        shown = self.authority.handover.shown if self.authority.handover else {}
        return tuple(
            (k, value.name, value.value, shown.get(k), int(apart[k].accepted) if k in apart else 2)
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
            fields = {"time": line.time, "number": line.number & 0xFFFF, "who": line.who, "result": line.result,
                      "what": one_line(line)}  # fmt: skip
            yield Outgoing("SAMRUK_AUDIT", fields, priority=Priority.STREAM)


RESTART_MS = 2000
"""ms by which a station's time since its start must go back to count as a new start; late frames go back less."""


LONGEST = 80
"""Characters of a line that the message holds."""


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
