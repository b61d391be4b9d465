"""What the services aboard share: who speaks, what time it is, what goes out; and the dispatch to them.

A service hears messages and has things due. It holds no socket and no clock: time comes in with every call, so that a
service is tested by calling it. Services of one aircraft stand in a `Switchboard`, in the order in which they hear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol, runtime_checkable

BROADCAST = 0
"""System or component id that means all."""
AUTOPILOT = 1
"""Component id of the autopilot (MAV_COMP_ID_AUTOPILOT1)."""


@dataclass(frozen=True)
class Now:
    """The moment of a call."""

    tick: int = 0
    """Mission ticks (10 Hz) since the epoch."""
    simulated: float = 0.0
    """s of simulated time since the epoch."""
    wall: float = 0.0
    """s of wall clock, monotonic, from any origin."""
    utc: float = 0.0
    """s since 1970 in simulated time: the mission's epoch plus `simulated`."""
    speed: float = 1.0
    """Simulated seconds per wall second that are asked for."""

    @property
    def boot_ms(self) -> int:
        """ms of simulated time since the start, as `time_boot_ms` has it."""
        return round(1000.0 * self.simulated) & 0xFFFFFFFF

    @property
    def utc_us(self) -> int:
        """us since 1970, simulated."""
        return round(1e6 * self.utc)


@dataclass(frozen=True)
class Sender:
    """Who spoke, and by which way; equal senders are one speaker on one way."""

    system: int
    """MAVLink system id."""
    component: int = 190
    """MAVLink component id."""
    path: str = ""
    """Name of the way that the frame came by: an endpoint or bearer."""
    signed: bool = field(default=False, compare=False)
    """True when the frame carried a valid signature."""


class Priority(IntEnum):
    """What may wait when a way is thin; lower goes first."""

    ANSWER = 0
    """Acks, refusals, control status: always."""
    VITAL = 1
    """Heartbeat, mode, position."""
    STREAM = 2
    """Telemetry streams."""
    BULK = 3
    """Files, parameter lists, logs."""


@dataclass(frozen=True)
class Outgoing:
    """A message to send."""

    name: str
    """Of the message, as in the definitions: "HEARTBEAT"."""
    fields: Mapping[str, Any]
    """Values by field name."""
    to: Sender | None = None
    """Whom alone it is for; None for all."""
    priority: Priority = Priority.STREAM
    """What may wait."""
    component: int = AUTOPILOT
    """Component id that sends it."""


@runtime_checkable
class Service(Protocol):
    """A part of the aircraft that talks."""

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterable[Outgoing]:
        """A message came; what is said to it. A message that is not this service's gives nothing."""
        ...

    def due(self, now: Now) -> Iterable[Outgoing]:
        """Called every turn (at least 10 times a second of wall time): what is to be said now."""
        ...


class Switchboard:
    """The services of one aircraft.

    Args:
        system: MAVLink id of the aircraft.
        services: in the order in which they hear.
    """

    def __init__(self, system: int, services: Sequence[Service] = ()) -> None:
        self.system = system
        self.services: list[Service] = list(services)

    def add(self, *services: Service) -> None:
        """Let more services hear, after those that are there."""
        self.services.extend(services)

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Ask every service, if the message is for this aircraft or for all."""
        if meant(message, self.system):
            for service in self.services:
                yield from service.heard(message, sender, now)

    def due(self, now: Now) -> Iterator[Outgoing]:
        """What all services have to say now."""
        for service in self.services:
            yield from service.due(now)


def meant(message: Any, system: int) -> bool:
    """Whether a message is for this system: by its `target_system`, or because it names none."""
    target = getattr(message, "target_system", BROADCAST)
    return int(target) in (BROADCAST, system)


class Result(IntEnum):
    """Answers to a command, as MAV_RESULT numbers them."""

    ACCEPTED = 0
    TEMPORARILY_REJECTED = 1
    DENIED = 2
    UNSUPPORTED = 3
    FAILED = 4
    IN_PROGRESS = 5
    CANCELLED = 6
    NOT_IN_CONTROL = 10
    """Of MAVLink's development dialect: another station holds the aircraft."""


@dataclass(frozen=True)
class Asked:
    """A command, long or int, in one form."""

    command: int
    """Number of the MAV_CMD."""
    sender: Sender
    """Who asks."""
    p1: float | None = None
    """Parameters 1 to 4 as given; None where NaN."""
    p2: float | None = None
    p3: float | None = None
    p4: float | None = None
    p5: float | None = None
    """Parameters 5 to 7 as given in a COMMAND_LONG; None where NaN or in a COMMAND_INT."""
    p6: float | None = None
    p7: float | None = None
    latitude: float | None = None
    """rad, of parameter 5 read as a place; None where none is given."""
    longitude: float | None = None
    """rad, of parameter 6 read as a place."""
    altitude: float | None = None
    """m above mean sea level, of parameter 7 by its frame; None where none is given."""
    component: int = AUTOPILOT
    """The component that is asked."""
    x_raw: float | None = None
    """Parameter 5 as it came, a number of any meaning."""
    y_raw: float | None = None
    """Parameter 6 as it came."""

    def whole(self, name: str, otherwise: int = 0) -> int:
        """A parameter as a whole number."""
        value = getattr(self, name)
        return otherwise if value is None else round(value)


@dataclass(frozen=True)
class Reply:
    """What becomes of a command."""

    result: int = Result.ACCEPTED
    """A `Result`."""
    text: str = ""
    """Why it was refused, for people; sent as STATUSTEXT."""
    order: int | None = None
    """Sequence of the order whose answer becomes the ack; `result` is then not used."""
    more: tuple[Outgoing, ...] = ()
    """What is sent after the ack."""
    done: Any = None
    """Called without arguments when the order has been accepted; None for nothing."""
    detail: int = 0
    """`result_param2` of the ack."""


Handler = Callable[[Asked, Now], Reply]
"""What a service registers with `Commands.register(command, handler, loi=4, component=1)`."""
