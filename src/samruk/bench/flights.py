"""The flights that are timed: the default story, in the air, in the weather of its day."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from samruk import load
from samruk.errors import EngineError
from samruk.verdict.catalogue import Inputs
from samruk.verdict.causes import reseeded
from samruk.verdict.flights import Engines

DISTINCT = 48
"""Different flights; larger sets repeat them."""
CLIMB = 2400
"""s from line-up after which all of them are in the air: the story's climb, or its way out in the cloud."""


@lru_cache(maxsize=1)
def story() -> tuple[Inputs, ...]:
    """What the flights of the default story fly with."""
    return tuple(Inputs(f.task, f.aircraft, f.tables) for f in load.mission("astana-january").flights)


def lanes(count: int) -> list[Inputs]:
    """Different flights: those of the story in turn, each time round under another seed."""
    flights = story()
    return [reseeded(flights[k % len(flights)], k // len(flights)) for k in range(count)]


def airborne(engines: Engines, count: int = DISTINCT) -> Any:
    """Flights brought into the air: turbulence, cloud, autopilot, radio and crew at work.

    Raises:
        EngineError: one of them does not fly; its rate would not be that of a flight.
    """
    batch = engines.start(lanes(count))
    told = batch.advance(CLIMB, CLIMB)
    grounded = int((told["on_ground"][-1] != 0.0).sum()) if len(told.ticks) else count
    if grounded:
        raise EngineError(f"{grounded} of {count} flights to be timed are not in the air after {CLIMB} s")
    return batch


def finite(batch: Any) -> bool:
    """Whether every field of every lane is a finite number."""
    return all(np.isfinite(batch.values(name)).all() for name in batch.state.layout.by_name)


def resident_mb() -> float:
    """Most memory that this process has held, MB; where the system does not tell, not a number."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return math.nan
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def repeated(batch: Any, count: int) -> Any:
    """As many lanes of a batch as wanted, in turn."""
    return batch.select([k % batch.lanes for k in range(count)])
