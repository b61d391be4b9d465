"""Commands: parsed, gated, told from their repetitions, and acknowledged exactly once, all in one place.

A command that becomes an order is acknowledged with the autopilot's own answer. A command that nobody registered is
answered UNSUPPORTED. A repetition (a confirmation above 0, a frame that came twice) gets the old answer again and does
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from samruk.messages import OrderAck, Reason
from samruk.units import DEGREE
from samruk.vehicle.aircraft import Aircraft, Severity, words
from samruk.vehicle.levels import of_command
from samruk.vehicle.service import AUTOPILOT, Asked, Handler, Now, Outgoing, Priority, Reply, Result, Sender

May = Callable[[Sender, str, int], bool]
"""Whether a sender may do something that needs a level of interoperability."""

OPEN = 0
"""Level of a command that everybody may give: it asks and changes nothing."""
FLIGHT, RECOVERY = 4, 5
"""Levels of interoperability: command of the flight; and of take-off and landing."""
SAME_INT = 1.0
"""Wall s within which the same COMMAND_INT of the same sender, with nothing in between, is a repetition."""
SAME_LONG = 10.0
"""Wall s within which a COMMAND_LONG with a confirmation above 0 is a repetition."""
ECHO = 3.0
"""Wall s within which a frame of the same number and content is the same frame."""
SLOW = 0.5
"""Wall s without an answer of the autopilot after which IN_PROGRESS is sent."""
HOPELESS = 10.0
"""Wall s without an answer after which the command has failed."""
MOST_WAITING = 20
"""Orders that may wait for the autopilot, which reads ten in a simulated second: what a greedy client piles up must not
be flown when it no longer commands."""
NOT_GIVEN = 0x7FFFFFFF
"""x or y of a COMMAND_INT that is not given."""
RELATIVE, ABSOLUTE, TERRAIN = (3, 6), (0, 5), (10, 11)
"""Frames (MAV_FRAME) by what their altitude is above: home, mean sea level, ground."""

PASSING = {
    Reason.NOT_NOW, Reason.ENGINE_COLD, Reason.BATTERY_COLD, Reason.CROSSWIND, Reason.WIND_SHEAR, Reason.NAVIGATION,
    Reason.ENGINE_OFF, Reason.ON_GROUND, Reason.IN_AIR,
}  # fmt: skip
"""Reasons that pass by themselves or by another command: TEMPORARILY_REJECTED; the others are DENIED."""


@dataclass
class _Known:
    """What answers to a command number."""

    handler: Handler
    loi: int
    name: str


@dataclass
class _Last:
    """The last command of a sender and its answer."""

    key: tuple[Any, ...]
    wall: float
    ack: Outgoing | None = None


@dataclass
class _Pending:
    """A command that waits for the autopilot."""

    asked: Asked
    reply: Reply
    wall: float
    last: _Last
    slow: bool = False


class Commands:
    """The service that hears commands.

    Args:
        aircraft: whose they are.
        may: the authority's word; everybody may everything by default.
    """

    def __init__(self, aircraft: Aircraft, may: May | None = None) -> None:
        self.aircraft = aircraft
        self.may: May = may or (lambda sender, what, loi: True)
        self.level: Callable[[int, bool], int] = of_command
        """Level that a command needs, by its number and whether the aircraft is in the air."""
        self._known: dict[tuple[int, int], _Known] = {}
        self._last: dict[Sender, _Last] = {}
        self._pending: list[_Pending] = []
        self._frames: dict[tuple[Any, ...], float] = {}

    def register(
        self, command: int, handler: Handler, loi: int = FLIGHT, component: int = AUTOPILOT, name: str = ""
    ) -> None:
        """Let a handler answer a command, in the place of an earlier one.

        Args:
            command: number of the MAV_CMD.
            handler: answers it.
            loi: level of interoperability that it needs; 0 for what everybody may ask.
            component: which component is asked.
            name: what the audit calls it.
        """
        self._known[component, command] = _Known(handler, loi, name or f"command {command}")

    def perform(self, asked: Asked, now: Now) -> Reply:
        """Carry out a command of the aircraft's own mission: the same handlers, no gate and no ack."""
        known = self._known.get((AUTOPILOT, asked.command)) or next(
            (each for (_, number), each in self._known.items() if number == asked.command), None
        )
        return Reply(Result.UNSUPPORTED) if known is None else known.handler(asked, now)

    # --- the service ---

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterable[Outgoing]:
        """Commands only."""
        if message.name not in ("COMMAND_LONG", "COMMAND_INT") or self._echoed(message, sender, now):
            return ()
        asked = read(message, sender, self.aircraft.home.elevation)
        return self._asked(asked, _key(message), int(getattr(message, "confirmation", 0)), now)

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Acks of commands that waited for the autopilot."""
        for each in list(self._pending):
            answer = self.aircraft.answer(each.reply.order or 0)
            if answer is not None or now.wall - each.wall > HOPELESS:
                self._pending.remove(each)
                yield from self._answered(each, answer)
            elif now.wall - each.wall > SLOW and not each.slow:
                each.slow = True
                yield _ack(each.asked, Result.IN_PROGRESS)

    # --- inside ---

    def _asked(self, asked: Asked, key: tuple[Any, ...], confirmation: int, now: Now) -> Iterator[Outgoing]:
        """A command as it comes."""
        component = AUTOPILOT if asked.component == 0 else asked.component
        known = self._known.get((component, asked.command))
        if component != AUTOPILOT and known is None and not any(c == component for c, _ in self._known):
            return  # another component's, which is not aboard
        last = self._last.get(asked.sender)
        if last is not None and self._repeats(last, key, confirmation, now):
            if last.ack is not None:
                yield last.ack
            return
        last = self._last[asked.sender] = _Last(key, now.wall)
        yield from self._replied(asked, self._reply(asked, known, now), last, now)

    def _repeats(self, last: _Last, key: tuple[Any, ...], confirmation: int, now: Now) -> bool:
        """Whether a command is the last one of its sender again."""
        waits = any(each.last is last for each in self._pending)
        return last.key == key and (waits or now.wall - last.wall < (SAME_LONG if confirmation else SAME_INT))

    def _reply(self, asked: Asked, known: _Known | None, now: Now) -> Reply:
        """What becomes of a command."""
        if known is None:
            return Reply(Result.UNSUPPORTED)
        loi = known.loi and self.level(asked.command, not self.aircraft.landed)
        if loi and not self.may(asked.sender, known.name, loi):
            return Reply(Result.NOT_IN_CONTROL, f"{known.name}: station {asked.sender.system} is not in control")
        if loi and self.aircraft.live.waiting(self.aircraft.k) >= MOST_WAITING:
            return Reply(Result.TEMPORARILY_REJECTED, f"{known.name}: {MOST_WAITING} orders wait already")
        return known.handler(asked, now)

    def _replied(self, asked: Asked, reply: Reply, last: _Last, now: Now) -> Iterator[Outgoing]:
        """Acknowledge, or wait for the autopilot."""
        if reply.order is not None:
            self._pending.append(_Pending(asked, reply, now.wall, last))
            yield from reply.more
            return
        yield from self._closed(asked, reply.result, reply.text, last, reply.detail)
        yield from reply.more

    def _answered(self, each: _Pending, answer: OrderAck | None) -> Iterator[Outgoing]:
        """The ack of an order."""
        result, text = verdict(answer)
        if result == Result.ACCEPTED and each.reply.done is not None:
            each.reply.done()
        yield from self._closed(each.asked, result, text and f"{self._name(each.asked)}: {text}", each.last)

    def _closed(self, asked: Asked, result: int, text: str, last: _Last, detail: int = 0) -> Iterator[Outgoing]:
        """The one ack, and the reason of a refusal for everyone to read."""
        last.ack = _ack(asked, result, detail)
        if text:
            self.aircraft.say(Severity.INFO if result == Result.ACCEPTED else Severity.WARNING, text)
        yield last.ack

    def _name(self, asked: Asked) -> str:
        known = self._known.get((AUTOPILOT if asked.component == 0 else asked.component, asked.command))
        return known.name if known else f"command {asked.command}"

    def _echoed(self, message: Any, sender: Sender, now: Now) -> bool:
        """Whether this very frame came before: a link may deliver it twice."""
        number = getattr(message, "sequence", None)
        if number is None:
            return False
        frame = (sender, number, *_key(message))
        while self._frames and now.wall - next(iter(self._frames.values())) > ECHO:  # the oldest stands first
            del self._frames[next(iter(self._frames))]
        seen = self._frames.pop(frame, None) is not None
        self._frames[frame] = now.wall
        return seen


def verdict(answer: OrderAck | None) -> tuple[int, str]:
    """Result and words of the autopilot's answer to an order."""
    if answer is None:
        return Result.FAILED, "the autopilot did not answer"
    if answer.accepted:
        return Result.ACCEPTED, ""
    reason = Reason(int(answer.reason))
    result = Result.TEMPORARILY_REJECTED if reason in PASSING else Result.DENIED
    return result, f"refused, {words(reason.name)}"


def read(message: Any, sender: Sender, home_elevation: float) -> Asked:
    """A COMMAND_LONG or COMMAND_INT in one form.

    Args:
        message: the message.
        sender: who sent it.
        home_elevation: m above mean sea level, for relative heights.
    """
    p = [_number(getattr(message, f"param{k}")) for k in range(1, 5)]
    where: dict[str, Any] = {
        "command": int(message.command), "sender": sender, "component": int(message.target_component)
    }  # fmt: skip
    if message.name == "COMMAND_LONG":
        x, y, z = (_number(getattr(message, f"param{k}")) for k in (5, 6, 7))
        latitude, longitude = _place(x, y, DEGREE)
        return Asked(**where, p1=p[0], p2=p[1], p3=p[2], p4=p[3], p5=x, p6=y, p7=z, latitude=latitude,
                     longitude=longitude, altitude=z, x_raw=x, y_raw=y)  # fmt: skip
    z = _number(message.z)
    given = NOT_GIVEN not in (message.x, message.y)
    latitude, longitude = _place(float(message.x), float(message.y), 1e-7 * DEGREE) if given else (None, None)
    above = home_elevation if int(message.frame) in RELATIVE else 0.0
    altitude = None if z is None or int(message.frame) in TERRAIN else z + above
    return Asked(**where, p1=p[0], p2=p[1], p3=p[2], p4=p[3], p7=z, latitude=latitude, longitude=longitude,
                 altitude=altitude, x_raw=float(message.x), y_raw=float(message.y))  # fmt: skip


def _number(value: Any) -> float | None:
    """A parameter; None where it is no finite number."""
    number = float(value)
    return number if math.isfinite(number) else None


def _place(x: float | None, y: float | None, unit: float) -> tuple[float | None, float | None]:
    """Latitude and longitude, rad; 0, 0 is the habit of clients that give none."""
    if x is None or y is None or (x == 0.0 and y == 0.0) or abs(x * unit) > math.pi / 2 or abs(y * unit) > math.pi:
        return None, None
    return x * unit, y * unit


def _key(message: Any) -> tuple[Any, ...]:
    """What makes two commands the same; NaN equals NaN here."""
    names = ["command", "target_component", *(f"param{k}" for k in range(1, 5))]
    names += ["param5", "param6", "param7"] if message.name == "COMMAND_LONG" else ["frame", "x", "y", "z"]
    return (message.name, *(repr(getattr(message, name)) for name in names))


def _ack(asked: Asked, result: int, detail: int = 0) -> Outgoing:
    """COMMAND_ACK."""
    fields = {
        "command": asked.command, "result": int(result), "progress": 255, "result_param2": detail,
        "target_system": asked.sender.system, "target_component": asked.sender.component,
    }  # fmt: skip
    component = AUTOPILOT if asked.component == 0 else asked.component
    return Outgoing("COMMAND_ACK", fields, asked.sender, Priority.ANSWER, component)
