"""What the services aboard share: who speaks, what time it is, what goes out; and the dispatch to them.

A service hears messages and has things due. It holds no socket and no clock: time comes in with every call, so that a
service is tested by calling it. Services of one aircraft stand in a `Switchboard`, in the order in which they hear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
