"""A path between a client and services in memory: it loses, delays, reorders and repeats, repeatably; and messages."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping
from typing import Any


class Message:
    """A decoded message: fields as attributes."""

    def __init__(self, name: str, fields: Mapping[str, Any]) -> None:
        self.name = name
        self.__dict__.update(fields)

    def __repr__(self) -> str:
        return f"{self.name}({self.__dict__})"


class Path:
    """One direction of a bad link.

    Args:
        seed: of its chances.
        loss: part of the frames that are lost.
        repeat: part of the frames that come twice.
        latest: s, longest delay; the order changes with it.
    """

    def __init__(self, seed: int, loss: float = 0.0, repeat: float = 0.0, latest: float = 0.0) -> None:
        self.chance = random.Random(seed)
        self.loss, self.repeat, self.latest = loss, repeat, latest
        self._under_way: list[tuple[float, int, Any]] = []
        self._count = 0

    def send(self, thing: Any, time: float) -> None:
        """Put something on its way."""
        copies = 2 if self.chance.random() < self.repeat else 1
        for _ in range(copies):
            if self.chance.random() >= self.loss:
                self._count += 1
                late = self.latest * self.chance.random() ** 2
                heapq.heappush(self._under_way, (time + late, self._count, thing))

    def arrived(self, time: float, take: Callable[[Any], None]) -> None:
        """Hand over what has come by now."""
        while self._under_way and self._under_way[0][0] <= time:
            take(heapq.heappop(self._under_way)[2])
