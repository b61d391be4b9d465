"""Commands on their way: asked once, sent until answered, and done only when telemetry shows it.

The only place that sends a command again. A final answer may be lost after the aircraft has said that it is at work:
then the command is asked again for as long as the aircraft knows it for the same, and gives its answer again; where it
would not, what telemetry shows is the answer. A state goes requested, sent, then accepted or refused with the reason
the aircraft gives, and from accepted to done when `done` is seen. One command of a number is under way to an aircraft
at a time, because an acknowledgement names no more than the number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from samruk.station import wire
from samruk.station.vehicles import AUTOPILOT, Fleet, Out, Vehicle

TRIES = 5
"""Times that a command is sent: at 10 % loss each way 1 in 4 000 is not answered."""
WAIT = 1.0
"""s, least wait for an answer; the way there and back comes on top."""
DONE_WITHIN = 60.0
"""s in which telemetry shows what was accepted; else the state stays accepted and is closed."""
KNOWN = 8.0
"""s after its first sending in which a COMMAND_LONG may be asked again of an aircraft that has answered IN_PROGRESS. It
knows it for 10 s after it first came; 2 s are left for a way that has become slower meanwhile, as by satellite."""
APART = 2.0
"""s between commands in which the later cannot overtake the earlier on the way."""
KEPT = 12.0
"""s for which a finished command stays on the screen."""
TEXT_BEFORE, TEXT_AFTER = 1.0, 2.0
"""s around a refusal in which a STATUSTEXT is its reason."""
PATIENT = ("instructor_", "accept_difference")
"""Kinds that wait for an earlier one of their number instead of being refused: none of them moves the aircraft."""
RESULTS = {1: "temporarily_rejected", 2: "denied", 3: "unsupported", 4: "failed", 6: "cancelled", 7: "only_long",
           8: "only_int", 9: "wrong_frame", 10: "not_in_control"}  # fmt: skip
"""MAV_RESULT as key of the catalogue, result.<name>."""
ACCEPTED, IN_PROGRESS = 0, 5
NAN = math.nan

Done = Callable[[wire.Aircraft], bool]


@dataclass(frozen=True)
class Step:
    """One MAVLink command."""

    number: int
    params: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    x: float = 0.0
    """Parameter 5; rad where `place`."""
    y: float = 0.0
    z: float = 0.0
    place: bool = False
    """Parameters 5 and 6 are a place: sent as COMMAND_INT, 1e-7 degrees, height above mean sea level."""
    done: Done | None = None
    """What telemetry shows when it has been carried out; None: accepted is all there is."""
    component: int = AUTOPILOT

    def message(self, sysid: int, confirmation: int) -> Out:
        """As COMMAND_INT or COMMAND_LONG."""
        fields: dict[str, Any] = {"target_system": sysid, "target_component": self.component, "command": self.number}
        fields |= {f"param{i}": value for i, value in enumerate(self.params, 1)}
        if not self.place:
            fields |= {"confirmation": confirmation, "param5": self.x, "param6": self.y, "param7": self.z}
            return Out("COMMAND_LONG", fields, sysid)
        x, y = (0x7FFFFFFF if math.isnan(v) else round(math.degrees(v) * 1e7) for v in (self.x, self.y))
        fields |= {"frame": 0, "current": 0, "autocontinue": 0, "x": x, "y": y, "z": self.z}
        return Out("COMMAND_INT", fields, sysid)


@dataclass
class Pending:
    """One command with where it stands."""

    state: wire.CommandState
    step: Step
    sent_at: float = -math.inf
    ended_at: float | None = None
    refused_at: float | None = None
    accepted_at: float | None = None
    deadline: float = math.inf
    """Until when a final answer is waited for, once the aircraft has said that it is at work."""
    first_at: float = math.inf
    """When it was first sent."""
    alone: bool = False
    """No other command went to the aircraft meanwhile: it knows its sender's last one only for a repetition."""
    shown_before: bool = True
    """Telemetry showed what was asked for already when it was first sent, and so cannot tell that it was done."""


@dataclass
class Commands:
    """All commands of this station.

    Attributes:
        fleet: where aircraft are looked up.
        changed: called with each new state, for the journal.
        words: text of a key of the catalogue in the language of the seat.
    """

    fleet: Fleet
    changed: Callable[[wire.CommandState], None] = lambda state: None
    words: Callable[[str], str] = str
    pending: list[Pending] = field(default_factory=list)
    last: dict[int, float] = field(default_factory=dict)
    """When a command last went to an aircraft."""

    def went(self, sysid: int, now: float, one: Pending | None = None) -> None:
        """A command goes to an aircraft: this one, or, without, one that another part of the station sends."""
        for other in self.pending:
            if other is not one and other.state.sysid == sysid:
                other.alone = False
        if one is not None and one.state.tries == 0:
            one.alone = now - self.last.get(sysid, -math.inf) > APART
        self.last[sysid] = now

    def ask(self, id: str, sysid: int, kind: str, step: Step, now: float) -> wire.CommandState:
        """Begin a command; it is sent at the next `due`."""
        state = wire.CommandState(id, sysid, kind, self.words(f"command.{kind}"), "requested", "",
                                  round(1e3 * now), round(1e3 * now), 0)  # fmt: skip
        one = Pending(state, step)
        vehicle = self.fleet.vehicles.get(sysid)
        self.pending.append(one)
        if vehicle is None:
            self._turn(one, "refused", now, self.words("reason.not_heard"))
        elif not kind.startswith(PATIENT) and self._waits(one):
            self._turn(one, "refused", now, self.words("reason.same_under_way"))
        else:
            self.changed(state)
        return state

    def _waits(self, one: Pending) -> bool:
        """Whether an earlier command of its number is still without an answer."""
        earlier = self.pending[: next(k for k, each in enumerate(self.pending) if each is one)]
        return any(self._same(other, one) for other in earlier)

    @staticmethod
    def _same(other: Pending, one: Pending) -> bool:
        waiting = other.state.state in ("requested", "sent")
        return waiting and other.state.sysid == one.state.sysid and other.step.number == one.step.number

    def _turn(self, one: Pending, to: wire.State, now: float, reason: str = "") -> None:
        one.state.state, one.state.changed_ms = to, round(1e3 * now)
        one.state.reason = reason or one.state.reason
        if to in ("refused", "done", "timeout"):
            one.ended_at = now
        self.changed(one.state)

    def heard(self, message: Any, now: float) -> None:
        """An acknowledgement, or a text that explains a refusal."""
        if message.name == "COMMAND_ACK":
            self._acknowledged(message, now)
        elif message.name == "STATUSTEXT":
            for one in self.pending:
                if one.refused_at is not None and one.state.sysid == message.system:
                    self._explain(one, now)

    def _acknowledged(self, m: Any, now: float) -> None:
        if int(getattr(m, "target_system", 0) or 0) not in (0, self.fleet.sysid):
            return
        for one in self.pending:
            waiting = one.state.state in ("requested", "sent")
            if waiting and one.state.sysid == int(m.system) and one.step.number == int(m.command):
                self._answered(one, int(m.result), now)
                return

    def _answered(self, one: Pending, result: int, now: float) -> None:
        if result == IN_PROGRESS:
            one.sent_at, one.deadline = now, now + DONE_WITHIN
            return
        if result == ACCEPTED:
            one.accepted_at = now
            self._turn(one, "accepted", now)
            if one.step.done is None:
                self._turn(one, "done", now)
            return
        one.refused_at = now
        self._turn(one, "refused", now, self.words(f"result.{RESULTS.get(result, 'failed')}"))
        self._explain(one, now)

    def _explain(self, one: Pending, now: float) -> None:
        """The aircraft's own words, said within moments of its refusal."""
        vehicle = self.fleet.vehicles.get(one.state.sysid)
        at = one.refused_at
        if vehicle is None or at is None or now - at > TEXT_AFTER:
            return
        near = [words for when, severity, words in vehicle.said if when >= at - TEXT_BEFORE and severity <= 6]
        if near and near[-1] != one.state.reason:
            one.state.reason = near[-1]
            self.changed(one.state)

    def due(self, now: float) -> Iterator[Out]:
        """What is to be sent, and what telemetry has shown to be done."""
        for one in list(self.pending):
            state, vehicle = one.state, self.fleet.vehicles.get(one.state.sysid)
            if state.state in ("requested", "sent") and vehicle is not None:
                yield from self._send(one, vehicle, now)
            elif state.state == "accepted" and vehicle is not None:
                self._watch(one, vehicle, now)
            if one.ended_at is not None and now - one.ended_at > KEPT:
                self.pending.remove(one)

    def _send(self, one: Pending, vehicle: Vehicle, now: float) -> Iterator[Out]:
        if one.deadline < math.inf and now > one.deadline:
            self._turn(one, "timeout", now, self.words("reason.no_result"))
        elif (one.state.tries == 0 and self._waits(one)) or now - one.sent_at < WAIT + 2.0 * (vehicle.delay or 0.0):
            return
        elif self._known_aboard(one, vehicle, now) if one.deadline < math.inf else one.state.tries < TRIES:
            yield from self._put(one, vehicle, now)
        elif self._shown_since(one, vehicle):
            self._answered(one, ACCEPTED, now)
        elif one.deadline == math.inf:
            self._turn(one, "timeout", now, self.words("reason.no_answer"))

    @staticmethod
    def _known_aboard(one: Pending, vehicle: Vehicle, now: float) -> bool:
        """Whether the aircraft knows a command for the same if it comes again, and does nothing twice.

        Aircraft of another make do as they like; a COMMAND_INT is known for 1 s only.
        """
        return one.alone and not one.step.place and not vehicle.now.foreign and now - one.first_at < KNOWN

    @staticmethod
    def _shown_since(one: Pending, vehicle: Vehicle) -> bool:
        """Whether telemetry shows what was asked for, and did not before: the answer was lost."""
        return one.step.done is not None and not one.shown_before and one.step.done(vehicle.now)

    def _put(self, one: Pending, vehicle: Vehicle, now: float) -> Iterator[Out]:
        """Send it, for the first time or again."""
        self.went(one.state.sysid, now, one)
        if one.state.tries == 0:
            one.first_at = now
            one.shown_before = one.step.done is None or one.step.done(vehicle.now)
        yield one.step.message(one.state.sysid, one.state.tries)
        one.sent_at = now
        one.state.tries += 1
        if one.state.state == "requested":
            self._turn(one, "sent", now)

    def _watch(self, one: Pending, vehicle: Vehicle, now: float) -> None:
        if one.step.done is not None and one.step.done(vehicle.now):
            self._turn(one, "done", now)
        elif one.accepted_at is not None and now - one.accepted_at > DONE_WITHIN:
            one.ended_at = one.ended_at or now

    def states(self) -> list[wire.CommandState]:
        """For the screen, oldest first."""
        return [one.state for one in self.pending]


def _modes(*names: str) -> Done:
    return lambda a: a.mode.now in names


def _near(
    get: Callable[[wire.Aircraft], float | None], wanted: float | None, within: float, turn: bool = False) -> Done:
    """A target as telemetry shows it."""

    def seen(a: wire.Aircraft) -> bool:
        value = get(a)
        if value is None or wanted is None:
            return False
        off = math.remainder(value - wanted, 2.0 * math.pi) if turn else value - wanted
        return abs(off) <= within

    return seen


def _or(value: float | None, other: float = NAN) -> float:
    return other if value is None else value


FLYING_A_ROUTE = ("mission", "climb", "route", "loiter")
LANDING = ("land", "descent", "approach", "flare", "roll_out", "divert", "return")


def _arm(c: wire.Command) -> Step:
    return Step(400, (1.0, 0.0, 0.0, 0.0), done=lambda a: a.armed is True)


def _disarm(c: wire.Command) -> Step:
    return Step(400, (0.0, 0.0, 0.0, 0.0), done=lambda a: a.armed is False)


def _engine_start(c: wire.Command) -> Step:
    return Step(223, (1.0, 0.0, 0.0, 0.0), done=lambda a: a.engine_running is True)


def _engine_stop(c: wire.Command) -> Step:
    return Step(223, (0.0, 0.0, 0.0, 0.0), done=lambda a: a.engine_running is False)


def _take_off(c: wire.Command) -> Step:
    return Step(22, (0.0, 0.0, 0.0, NAN), NAN, NAN, _or(c.altitude), done=lambda a: a.landed is False)


def _route(c: wire.Command) -> Step:
    return Step(300, (_or(c.leg, 0.0), 0.0, 0.0, 0.0), done=_modes(*FLYING_A_ROUTE, "take_off", "line_up"))


def _leg(c: wire.Command) -> Step:
    return Step(224, (_or(c.leg, 0.0), 0.0, 0.0, 0.0), done=lambda a: a.leg == c.leg)


def _hold(c: wire.Command) -> Step:
    """Here by mode, at a place as an orbit."""
    if c.latitude is None or c.longitude is None:
        return Step(176, (1.0, 4.0, 3.0, 0.0), done=_modes("hold"))
    return Step(34, (_or(c.radius), _or(c.airspeed), 0.0, NAN), c.latitude, c.longitude, _or(c.altitude), True,
                _modes("hold"))  # fmt: skip


def _goto(c: wire.Command) -> Step:
    return Step(192, (_or(c.airspeed, -1.0), 1.0, _or(c.radius, 0.0), NAN), _or(c.latitude), _or(c.longitude),
                _or(c.altitude), True, _modes("hold"))  # fmt: skip


def _figure_eight(c: wire.Command) -> Step:
    return Step(35, (_or(c.length), _or(c.radius), NAN, _or(c.heading, 0.0)), _or(c.latitude), _or(c.longitude),
                _or(c.altitude), True, _modes("hold"))  # fmt: skip


def _heading(c: wire.Command) -> Step:
    seen = _near(lambda a: a.target.heading, c.heading, math.radians(1.0), True)
    return Step(43002, (1.0, math.degrees(_or(c.heading)), 0.0, 0.0), place=True, done=seen)


def _altitude(c: wire.Command) -> Step:
    return Step(186, (_or(c.altitude), 0.0, 0.0, 0.0), done=_near(lambda a: a.target.altitude, c.altitude, 5.0))


def _airspeed(c: wire.Command) -> Step:
    return Step(178, (0.0, _or(c.airspeed), -1.0, 0.0), done=_near(lambda a: a.target.airspeed, c.airspeed, 0.5))


def _return(c: wire.Command) -> Step:
    return Step(20, done=_modes("return", *LANDING))


def _land(c: wire.Command) -> Step:
    if c.latitude is not None and c.longitude is not None:
        return Step(21, (0.0, 0.0, 0.0, NAN), c.latitude, c.longitude, _or(c.altitude), True, _modes(*LANDING))
    if c.field is not None:
        return Step(52108, (float(c.field), 0.0, 0.0, 0.0), done=_modes(*LANDING))
    return Step(21, (0.0, 0.0, 0.0, NAN), NAN, NAN, NAN, done=_modes(*LANDING))


def _go_around(c: wire.Command) -> Step:
    return Step(191, (_or(c.altitude), 0.0, 0.0, 0.0), done=_modes("go_around"))


def _ice(c: wire.Command) -> Step:
    return Step(52107, (_or(c.value, -1.0), 0.0, 0.0, 0.0))


def _rehearse(c: wire.Command) -> Step:
    return Step(52103, (1.0, 0.0, 0.0, 0.0), done=_modes("lost_link"))


def _bearer(c: wire.Command) -> Step:
    return Step(52106, (_or(c.value, 0.0), 0.0, 0.0, 0.0))


def _point_at(c: wire.Command) -> Step:
    """At a place; without a height, at the ground as high as it is below the aircraft."""
    return Step(195, x=_or(c.latitude), y=_or(c.longitude), z=_or(c.altitude), place=True)


def _point_angles(c: wire.Command) -> Step:
    pitch, yaw = math.degrees(_or(c.elevation, 0.0)), math.degrees(_or(c.azimuth, 0.0))
    return Step(1000, (pitch, yaw, NAN, NAN))


def _release_turret(c: wire.Command) -> Step:
    return Step(197)


KINDS: Mapping[str, Callable[[wire.Command], Step]] = {
    "arm": _arm, "disarm": _disarm, "engine_start": _engine_start, "engine_stop": _engine_stop, "take_off": _take_off,
    "route": _route, "leg": _leg, "hold": _hold, "goto": _goto, "figure_eight": _figure_eight, "heading": _heading,
    "altitude": _altitude, "airspeed": _airspeed, "return": _return, "land": _land, "go_around": _go_around,
    "ice": _ice, "lost_link": _rehearse, "bearer": _bearer, "point_at": _point_at, "point_angles": _point_angles,
    "release_turret": _release_turret,
}  # fmt: skip
"""What each kind of command of the browser becomes."""
NEEDS: Mapping[str, Sequence[str]] = {
    "goto": ("latitude", "longitude"), "figure_eight": ("latitude", "longitude", "length", "radius"),
    "heading": ("heading",), "altitude": ("altitude",), "airspeed": ("airspeed",), "leg": ("leg",),
    "point_at": ("latitude", "longitude"), "ice": ("value",),
}  # fmt: skip
"""What must be given."""
IRREVERSIBLE = frozenset({"disarm", "engine_stop", "lost_link"})
"""Held for a while in the browser before they are sent."""
PAYLOAD = frozenset({"point_at", "point_angles", "release_turret"})
"""Commands of level 3: the camera alone."""
