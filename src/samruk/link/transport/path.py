"""One way for frames, in simulated time: what is sent arrives late, twice, out of order, or not at all.

No clock and no socket: time comes in with every call. Chance is seeded, so a session can be repeated.
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field

BURST = 0.25
"""s of its rate that a way takes at once."""
WAITING = 512
"""Frames on their way at most; what comes on top is lost."""


@dataclass(frozen=True)
class Manner:
    """How a way treats frames."""

    loss: float = 0.0
    """0..1, chance that a frame does not arrive."""
    delay: float = 0.0
    """s of simulated time."""
    jitter: float = 0.0
    """s, standard deviation of what is added to the delay (one-sided)."""
    duplicate: float = 0.0
    """0..1, chance that a frame arrives twice."""
    reorder: float = 0.0
    """0..1, chance that a frame is held back by twice the jitter and the delay."""
    bits_per_second: float = 0.0
    """Of the wall clock, as telemetry rates are; 0 for any number."""


@dataclass
class Path:
    """One way.

    Args:
        seed: of its chances.
        manner: how it treats frames; may be changed at any time.
    """

    seed: int = 0
    manner: Manner = field(default_factory=Manner)
    sent: int = 0
    """Frames given to it."""
    lost: int = 0
    """Frames that did not or will not arrive."""
    refused: int = 0
    """Of those, frames for which there was no room."""
    _on_the_way: list[tuple[float, int, int, bytes]] = field(default_factory=list)
    _landed: set[int] = field(default_factory=set)
    """Numbers of frames whose twin is still on its way."""
    _twins: set[int] = field(default_factory=set)
    """Numbers of frames of which two are on their way."""
    _order: int = 0
    _tokens: float = 0.0
    _filled: float | None = None

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def __len__(self) -> int:
        return len(self._on_the_way)

    def send(self, data: bytes, now: float, wall: float, vital: bool = False) -> bool:
        """Give it a frame.

        Args:
            data: the frame.
            now: s of simulated time.
            wall: s of wall clock.
            vital: may use the next quarter of a second's room too where the rate is used up.

        Returns:
            Whether it took the frame; False where there was no room. A frame that it took may still be lost.
        """
        self.sent += 1
        if not self._room(8.0 * len(data), wall, vital) or len(self._on_the_way) >= WAITING:
            self.lost += 1
            self.refused += 1
            return False
        m, chance = self.manner, self._chance
        if chance.random() < m.loss:
            self.lost += 1
            return True
        late = m.delay + (abs(chance.gauss(0.0, m.jitter)) if m.jitter else 0.0)
        if m.reorder and chance.random() < m.reorder:
            late += m.delay + 2.0 * m.jitter
        self._put(now + late, data)
        if m.duplicate and chance.random() < m.duplicate:
            self._put(now + late + m.jitter, data)
            self._twins.add(self.sent)
        return True

    def due(self, now: float) -> list[bytes]:
        """Frames that have arrived by now, in the order of arrival."""
        found = []
        while self._on_the_way and self._on_the_way[0][0] <= now:
            _, _, number, data = heapq.heappop(self._on_the_way)
            found.append(data)
            if number in self._landed:
                self._landed.discard(number)
            elif number in self._twins:
                self._twins.discard(number)
                self._landed.add(number)
        return found

    def cut(self) -> None:
        """Lose what is on its way: the link broke."""
        self.lost += len({each[2] for each in self._on_the_way} - self._landed)
        self._on_the_way.clear()
        self._landed.clear()
        self._twins.clear()

    def _put(self, arrival: float, data: bytes) -> None:
        self._order += 1
        heapq.heappush(self._on_the_way, (arrival, self._order, self.sent, data))

    def _room(self, bits: float, wall: float, vital: bool) -> bool:
        """Whether the rate allows a frame now: a bucket that fills with the wall clock."""
        rate = self.manner.bits_per_second
        if rate <= 0.0:
            return True
        passed = 0.0 if self._filled is None else max(wall - self._filled, 0.0)
        full = rate * BURST
        self._tokens = full if self._filled is None else min(self._tokens + rate * passed, full)
        self._filled = wall
        if self._tokens - bits < (-full if vital else 0.0):
            return False
        self._tokens -= bits
        return True
