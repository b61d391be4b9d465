"""What the aircraft tells people in words, once, as it changes: modes and their reasons, sensors, ice, the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from samruk.messages import Mode, Reason
from samruk.vehicle.aircraft import GROUND_MODES, Aircraft, Severity, words
from samruk.vehicle.picture import Picture
from samruk.vehicle.service import Now, Outgoing, Sender

GRAVE = {
    Mode.GO_AROUND: Severity.WARNING, Mode.LOST_LINK: Severity.WARNING, Mode.ESCAPE: Severity.WARNING,
    Mode.GLIDE: Severity.CRITICAL, Mode.DIVERT: Severity.WARNING, Mode.REFUSED: Severity.ERROR,
}  # fmt: skip
"""Severity of a mode that the aircraft takes up; the others are information."""


@dataclass(frozen=True)
class State:
    """Something that holds or does not."""

    holds: Callable[[Picture], bool]
    """Whether it does."""
    begins: tuple[int, str]
    """Severity and text as it begins."""
    ends: tuple[int, str]
    """As it ends."""


FIRST = 20
"""Mission ticks until the sensors have spoken."""

STATES = (
    State(lambda p: not p.estimate.airspeed_valid and not p.landed,
          (Severity.WARNING, "Airspeed rejected: flying by speed over the ground and lift"),
          (Severity.INFO, "Airspeed believed again")),
    State(lambda p: p.outage > 5.0, (Severity.WARNING, "Satellite navigation lost"),
          (Severity.INFO, "Satellite navigation is back")),
    State(lambda p: bool(p.measurement.ice_detected), (Severity.WARNING, "Ice detected"),
          (Severity.INFO, "No more ice detected")),
    State(lambda p: bool(p.command.wing_protection), (Severity.NOTICE, "Ice protection on"),
          (Severity.INFO, "Ice protection off")),
    State(lambda p: p.mode not in GROUND_MODES and not p.landed and not p.engine_running,
          (Severity.EMERGENCY, "Engine has stopped"),
          (Severity.NOTICE, "Engine runs")),
    State(lambda p: p.measurement.battery_drain > 0.0 and not p.landed,
          (Severity.WARNING, "Alternator cannot carry the load: battery drains"),
          (Severity.INFO, "Alternator carries the load")),
    State(lambda p: not p.landed and p.measurement.fuel < p.plan.home + p.plan.reserve,
          (Severity.WARNING, "Fuel: home with the reserve is no longer reached"),
          (Severity.INFO, "Fuel: home is reached with the reserve")),
)  # fmt: skip
"""What is announced."""


class Announcer:
    """Says changes as STATUSTEXT.

    Args:
        aircraft: whose.
    """

    def __init__(self, aircraft: Aircraft) -> None:
        self.aircraft = aircraft
        self._mode: Mode | None = None
        self._states = [False] * len(STATES)

    def heard(self, message: Any, sender: Sender, now: Now) -> tuple[Outgoing, ...]:
        """It listens to nobody."""
        return ()

    def due(self, now: Now) -> tuple[Outgoing, ...]:
        """Compare with what was said last."""
        picture = self.aircraft.picture
        if picture.tick < FIRST:
            return ()
        if self._mode is not None and picture.mode != self._mode:
            why = "" if picture.reason == Reason.NONE else f": {words(picture.reason.name)}"
            name = words(picture.mode.name).capitalize()
            self.aircraft.say(GRAVE.get(picture.mode, Severity.INFO), f"{name}{why}")
        self._mode = picture.mode
        for k, state in enumerate(STATES):
            holds = state.holds(picture)
            if holds != self._states[k]:
                self.aircraft.say(*(state.begins if holds else state.ends))
            self._states[k] = holds
        return ()
