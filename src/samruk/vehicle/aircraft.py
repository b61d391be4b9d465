"""One aircraft as its services see it: its lane, its names, and what the services tell each other."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from samruk.aircraft import AircraftDefinition
from samruk.load import FlightPlan
from samruk.messages import Mode, OrderAck, OrderKind
from samruk.mission import Runway
from samruk.vehicle.live import MAIN, Leg, Live
from samruk.vehicle.picture import Picture


class Severity(IntEnum):
    """Of a text, as MAV_SEVERITY numbers them."""

    EMERGENCY = 0
    ALERT = 1
    CRITICAL = 2
    ERROR = 3
    WARNING = 4
    NOTICE = 5
    INFO = 6
    DEBUG = 7


GROUND_MODES = (Mode.PREFLIGHT, Mode.STOPPED, Mode.REFUSED)
"""Modes of an aircraft that stands."""


class Aircraft:
    """A lane with a name.

    Args:
        live: the lanes.
        k: which of them.
        system: MAVLink system id; k + 1 by default.
        name: for people; the flight's by default.
    """

    def __init__(self, live: Live, k: int, system: int | None = None, name: str = "") -> None:
        self.live, self.k = live, k
        self.system = k + 1 if system is None else system
        self.name = name or self.flight_plan.name
        self.texts: deque[tuple[int, str]] = deque(maxlen=100)
        """(severity, text) that wait to be sent."""
        self.board: dict[str, Any] = {}
        """What services leave for each other, by name."""
        self.commanded_by = 0
        """System id of whoever gave the order in force; 0 for the aircraft itself."""
        self.commanded_at = 0.0
        """s of simulated time at which it was given."""

    @property
    def flight_plan(self) -> FlightPlan:
        """The flight that it was loaded with."""
        return self.live.flights[self.k]

    @property
    def definition(self) -> AircraftDefinition:
        """Its numbers and where they come from."""
        return self.flight_plan.definition

    @property
    def picture(self) -> Picture:
        """What it knows of itself now."""
        return self.live.picture(self.k)

    @property
    def home(self) -> Runway:
        """The home runway: place, elevation, direction."""
        return self.flight_plan.task.home

    @property
    def fields(self) -> tuple[Runway, ...]:
        """Home and the alternates that the mission names, in the order of `OrderKind.LAND`."""
        task = self.flight_plan.task
        return tuple(each for each in (task.home, task.alternate_a, task.alternate_b) if each.usable)

    @property
    def landed(self) -> bool:
        """On its wheels."""
        return self.picture.landed

    @property
    def engine_ordered(self) -> bool:
        """The engine is wanted to run."""
        return bool(self.picture.flight.directed.engine)

    @property
    def armed(self) -> bool:
        """Armed means: the engine is wanted, or turns, or the aircraft is in the air."""
        picture = self.picture
        return self.engine_ordered or picture.engine_running or not picture.landed

    def order(self, kind: OrderKind, by: int = 0, **numbers: float | None) -> int:
        """Give an order; numbers that are None are left to the autopilot. Returns its sequence."""
        self.commanded_by, self.commanded_at = by, self.live.time
        given = {name: value for name, value in numbers.items() if value is not None}
        return self.live.order(self.k, kind, **given)

    def answer(self, sequence: int) -> OrderAck | None:
        """The autopilot's answer to an order; None before it has been read."""
        return self.live.answer(self.k, sequence)

    def legs(self, which: int = MAIN) -> list[Leg]:
        """The route that it holds."""
        return self.live.legs(self.k, which)

    def swap_route(self, legs: Sequence[Any], which: int = MAIN, leg: int | None = None) -> int:
        """Replace a route at one tick; see `Live.swap_route`."""
        return self.live.swap_route(self.k, legs, which, leg)

    def say(self, severity: int, text: str) -> None:
        """Tell people something; a text that waits already is not said twice."""
        if (severity, text) not in self.texts:
            self.texts.append((severity, text))


def words(name: str) -> str:
    """An enum's name as a person reads it.

    >>> words("FUEL_TOO_COLD")
    'fuel too cold'
    """
    return re.sub(r"_+", " ", name).lower()
