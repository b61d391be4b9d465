"""The geofence aboard: looks ahead along the turn that is flown, warns, and acts before a border is passed.

What is looked at: the aircraft's own estimate, its bank and speed over the ground, as far ahead as a turn away at full
bank needs. A border that would be passed within that time is a breach foreseen. The action is that of GF_ACTION; an
aircraft that lands, or that follows a protection of its own, is left alone and only warned about.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from samruk.messages import Mode, OrderKind
from samruk.rules.fences import Fences, boundaries, breach, time_to_breach, warning_time
from samruk.rules.items import Cmd, Item
from samruk.rules.route import Place
from samruk.sphere import ahead, bearing, distance
from samruk.vehicle.service import Asked, Now, Outgoing, Priority, Reply, Result, Sender

NONE, WARN, HOLD, RETURN = 0, 1, 2, 3
"""GF_ACTION."""
EVERY = 0.5
"""Simulated s between two looks."""
AGAIN = 15.0
"""Simulated s after an action before the next."""
BANK = math.radians(25.0)
"""rad, that the autopilot turns with at most."""
GRAVITY = 9.80665
ROOM = 1.3
"""Radii that a hold keeps free around its middle: the way onto the circle overshoots it, and wind."""
ACTS_IN = (Mode.CLIMB, Mode.ROUTE, Mode.LOITER, Mode.HOLD, Mode.HEADING, Mode.STICK)
"""Modes in which the fence acts: the crew's. Lost link, diversions and landings go on, and are warned about."""
NO_BREACH, MAX_HEIGHT, BOUNDARY = 0, 2, 3
"""FENCE_BREACH."""
CRITICAL = 2
"""MAV_SEVERITY."""


class Fence:
    """The service.

    Args:
        aircraft: whose fence it is.
        items: gives the stored fence items.
    """

    def __init__(self, aircraft: Any, items: Callable[[], Sequence[Item]]) -> None:
        self.aircraft, self.items = aircraft, items
        self.enabled = True
        self.breached, self.count, self.kind, self.at = False, 0, NO_BREACH, 0
        """Whether a border is passed now; breaches so far; FENCE_BREACH of the last, and boot ms."""
        self.foreseen: float | None = None
        """s until the next border; None: none within the look ahead."""
        self._fences = Fences()
        self._read: Sequence[Item] | None = None
        self._looked = self._acted = -math.inf
        self._told_at = -math.inf
        self._holds = False
        """The hold that is flown is the fence's own: it is left alone while it stays inside."""

    def register(self, commands: Any) -> None:
        """DO_FENCE_ENABLE: taking a fence away in the air is not done by one command."""
        commands.register(int(Cmd.DO_FENCE_ENABLE), self._enable, name="fence")

    def heard(self, message: Any, sender: Sender, now: Now) -> tuple[Outgoing, ...]:
        """Nothing of its own: items come by the mission protocol."""
        return ()

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Look ahead; tell once a wall second."""
        if now.simulated - self._looked >= EVERY or now.simulated < self._looked:
            self._looked = now.simulated
            self._look(now)
        if self._any() and now.wall - self._told_at >= 1.0:
            self._told_at = now.wall
            yield Outgoing("FENCE_STATUS", self.status(), None, Priority.STREAM)

    def status(self) -> dict[str, int]:
        """Fields of FENCE_STATUS."""
        return {
            "breach_status": int(self.breached), "breach_count": self.count, "breach_type": self.kind,
            "breach_time": self.at, "breach_mitigation": 0,
        }  # fmt: skip

    # --- inside ---------------------------------------------------------------------------------------------------

    def _enable(self, asked: Asked, now: Now) -> Reply:
        on = asked.whole("p1")
        if on == 0 and not self.aircraft.landed:
            return Reply(Result.DENIED, "fence: not switched off in the air; change GF_ACTION to warn")
        if on not in (0, 1):
            return Reply(Result.UNSUPPORTED)
        self.enabled = on == 1
        return Reply()

    def _any(self) -> bool:
        """There is a fence or a limit."""
        board = self.aircraft.board
        return bool(self._fences.borders) or board.get("fence_distance", 0.0) > 0 or board.get("fence_height", 0.0) > 0

    def _look(self, now: Now) -> None:
        """Where the aircraft is, and where it will be."""
        items = self.items()
        if items is not self._read:
            self._read, self._fences = items, boundaries(items)
        picture = self.aircraft.picture
        if picture.landed or not self.enabled or not self._any():
            self.breached, self.foreseen = False, None
            return
        stands = picture.mode == Mode.HOLD or now.simulated - self._acted < AGAIN
        self._holds = self._holds and stands and self.aircraft.commanded_at <= self._acted + EVERY
        here = float(picture.estimate.latitude), float(picture.estimate.longitude)
        kind = self._outside(here, picture)
        if kind and not self.breached:
            self.count, self.kind, self.at = self.count + 1, kind, now.boot_ms
            self.aircraft.say(CRITICAL, "fence passed")
        self.breached = bool(kind)
        self.foreseen = None if kind else self._ahead(here, picture)
        if (kind or self.foreseen is not None) and now.simulated - self._acted >= AGAIN:
            self._acted = now.simulated
            self._act(picture)

    def _outside(self, here: tuple[float, float], picture: Any) -> int:
        """FENCE_BREACH of the place now."""
        board, home = self.aircraft.board, self.aircraft.home
        highest, farthest = board.get("fence_height", 0.0), board.get("fence_distance", 0.0)
        if highest > 0.0 and float(picture.estimate.altitude_msl) - float(home.elevation) > highest:
            return MAX_HEIGHT
        if farthest > 0.0 and distance(*here, float(home.latitude), float(home.longitude)) > farthest:
            return BOUNDARY
        return BOUNDARY if breach(self._fences, [here]) is not None else NO_BREACH

    def _ahead(self, here: tuple[float, float], picture: Any) -> float | None:
        """s until a border along the turn that is flown, within the time that a turn away needs."""
        if not self.aircraft.board.get("fence_predict", 1):
            return None
        speed = max(float(picture.ground_speed), 1.0)
        rate = GRAVITY * math.tan(max(min(float(picture.estimate.phi), 1.0), -1.0)) / speed
        return time_to_breach(
            self._fences, *here, float(picture.course), speed, rate, warning_time(speed, BANK)
        )

    def _act(self, picture: Any) -> None:
        """What GF_ACTION says, where the crew flies."""
        action = round(self.aircraft.board.get("fence_action", RETURN))
        if action == NONE:
            return
        when = "passed" if self.breached else f"in {self.foreseen:.0f} s"
        if action == WARN or picture.mode not in ACTS_IN:
            self.aircraft.say(CRITICAL, f"fence {when}")
        elif action == HOLD and not self.breached and (place := self._inside(picture)) is not None:
            if not self._holds:
                self.aircraft.say(CRITICAL, f"fence {when}: holding inside")
                self.aircraft.order(OrderKind.HOLD, latitude=place[0], longitude=place[1])
            self._holds = True
        else:
            self.aircraft.say(CRITICAL, f"fence {when}: returning")
            self.aircraft.order(OrderKind.RETURN)

    def _inside(self, picture: Any) -> Place | None:
        """A place towards home whose circle lies inside; None where none does."""
        here = float(picture.estimate.latitude), float(picture.estimate.longitude)
        home = float(self.aircraft.home.latitude), float(self.aircraft.home.longitude)
        radius = ROOM * self.aircraft.live.rule(self.aircraft.k, "loiter_radius")
        for way in (1.0, 2.0, 4.0):
            centre = ahead(here, bearing(here, home), min(way * radius, distance(*here, *home)))
            circle = [ahead(centre, 2.0 * math.pi * k / 24, radius) for k in range(25)]
            if breach(self._fences, [centre, *circle]) is None:
                return centre
        return None
