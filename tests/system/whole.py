"""The default story, flown once for every test of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from samruk import load
from samruk.verdict.catalogue import Inputs
from samruk.verdict.causes import reseeded
from samruk.verdict.flights import Engines

HOUR = 3600
"""s."""
LONGEST = 24
"""h after which every flight of the story must be over: its fuel lasts less long."""


@lru_cache(maxsize=1)
def story() -> tuple[Inputs, ...]:
    """What the flights of the default story fly with."""
    return tuple(Inputs(f.task, f.aircraft, f.tables) for f in load.mission("astana-january").flights)


@lru_cache(maxsize=2)
def engines(threads: int = 1) -> Engines:
    """The compiled step of the native engine; the user's cache keeps it between runs."""
    return Engines(story()[0], "native", threads)


def lanes(count: int) -> list[Inputs]:
    """Different flights: those of the story in turn, each time round under another seed."""
    return [reseeded(story()[k % 3], k // 3) for k in range(count)]


@dataclass(frozen=True)
class Day:
    """A flight of the story from its first tick to its last."""

    inputs: Inputs
    frames: dict[str, np.ndarray[Any, Any]]
    """Recorded fields every 10 s, on after the end of the flight."""
    hours: tuple[Any, ...]
    """The carry after each hour; the last one is after the end."""


@lru_cache(maxsize=1)
def days() -> tuple[Day, ...]:
    """All flights of the story, side by side, until the last is over."""
    batch = engines().start(story())
    frames: list[Any] = []
    hours: list[list[Any]] = [[] for _ in story()]
    for _ in range(LONGEST):
        frames.append(batch.advance(HOUR, 10))
        for lane, kept in enumerate(hours):
            kept.append(batch.carry(lane))
        if batch.values("over").all():
            break
    data = np.concatenate([f.data for f in frames])
    return tuple(
        Day(inputs, {name: data[:, k, lane] for k, name in enumerate(frames[0].names)}, tuple(hours[lane]))
        for lane, inputs in enumerate(story())
    )
