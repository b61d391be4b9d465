"""How far simulated time should be by now: pure, the wall clock comes in."""

from __future__ import annotations

from dataclasses import dataclass

PER_SECOND = 10
"""Mission ticks in a simulated second."""
BEHIND = 1.0
"""Wall seconds behind after which the lost time is given up, not caught up with a jump."""


@dataclass
class Pace:
    """Ticks that are due at a speed.

    Args:
        speed: simulated seconds per wall second.
        most: ticks that are given at once, so that the sockets are heard in between.
    """

    speed: float = 1.0
    """Simulated seconds per wall second."""
    most: int = 20
    """Ticks given at once."""
    given_up: float = 0.0
    """Wall seconds that the machine was too slow for, in all."""
    _origin: float | None = None
    _done: int = 0

    def due(self, wall: float) -> int:
        """Ticks to fly now.

        Args:
            wall: s of a monotonic clock.
        """
        if self._origin is None:
            self._origin, self._done = wall, 0
            return 0
        wanted = int((wall - self._origin) * self.speed * PER_SECOND + 1e-6)
        ticks = max(min(wanted - self._done, self.most), 0)
        self._done += ticks
        late = self.late(wall)
        if late > BEHIND:
            self.given_up += late
            self._origin += late
        return ticks

    def late(self, wall: float) -> float:
        """Wall seconds by which simulated time is behind its plan."""
        if self._origin is None:
            return 0.0
        return wall - self._origin - self._done / (self.speed * PER_SECOND)
