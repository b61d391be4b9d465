"""From the end of a flight to its outcome, events and margins, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from samruk.ledger import Ended

RANK = {"lost": 0, "refused": 1, "diverted": 2, "completed": 3}
"""Outcomes from worst to best; a flip improves the rank."""

DAMAGE = {
    1: "hits the ground",
    2: "breaks up: load beyond ultimate",
    3: "breaks up: airspeed beyond the limit",
    4: "hard landing: gear collapses",
    5: "leaves the runway",
}
"""What destroyed the aircraft, by `World.damage`."""


def outcome(end: Ended) -> str | None:
    """The class of outcome, or None when the model failed or the flight did not end in the time simulated."""
    if end.status:
        return None
    if end.refused:
        return "refused"
    if end.damage:
        return "lost"
    if not end.stopped:
        return None
    return "completed" if end.at_home and end.station >= end.station_wanted else "diverted"


def status(end: Ended) -> str:
    """One line on how sound the result is."""
    if end.status == 1:
        return "model failure: a state became not a number"
    if end.status == 2:
        return "model failure: a state left the range of the model"
    if not (end.refused or end.damage or end.stopped):
        return "the flight did not end within the time simulated"
    return "ok"


def better(new: str | None, old: str | None) -> bool:
    """Whether an outcome is of a better class; a model failure is neither better nor worse."""
    return new is not None and old is not None and RANK[new] > RANK[old]


@dataclass(frozen=True)
class Event:
    """One line of the chain of events."""

    time: float
    """s since 1970-01-01T00:00Z."""
    text: str
    """A verb in the present."""
    level: str = "info"
    """`info`, `advisory`, `caution` or `warning`."""


@dataclass(frozen=True)
class Cause:
    """What, taken away, turns the outcome."""

    name: str
    text: str
    turns_to: str
    confirmed: int
    """Of how many seeds flown the same change turned it."""
    seeds: int


@dataclass(frozen=True)
class Fix:
    """What, added, turns the outcome."""

    name: str
    text: str
    turns_to: str
    cost_kg: float
    """kg fuel-equivalent: declared price and the fuel that protection was seen to use."""
    confirmed: int
    seeds: int


@dataclass(frozen=True)
class Verdict:
    """The answer for one flight."""

    name: str
    outcome: str | None
    status: str
    duration_h: float
    events: tuple[Event, ...] = ()
    causes: tuple[Cause, ...] = ()
    fixes: tuple[Fix, ...] = ()
    margins: dict[str, Any] = field(default_factory=dict)
    fuel_kg: float = 0.0
    cost_kg: float = 0.0
    """kg fuel-equivalent: fuel burned."""
    unexplained: bool = False
    """A loss, refusal or diversion that no intervention turned."""
    reason: str = ""
    """The autopilot's reason for a refusal, diversion or early return."""
    probability: dict[str, float] = field(default_factory=dict)
    """Share of each outcome over the seeds flown."""
    seeds: int = 1
