"""Fly the flights of a study side by side: an ended lane is retired, and new flights join as places fall free.

Few lanes cost as much as a full vector, and a flight that goes on for long after the others would fly alone; so as a
quarter of the lanes is free, the next flights begin beside those still in the air. Each lane has clocks of its own and
the same bits in any company, so a flight does not feel with whom it flies.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk import sim
from samruk.study.ledgers import Row, row
from samruk.study.sampling import Drawn, Sampler
from samruk.verdict.flights import HORIZON, Engines

LANES = 256
"""Flights side by side: memory does not grow with a study, and the vectors are full until its last flights."""
CHUNK = 240
"""s of simulated time between two looks: an ended lane flies on for half of that in the mean."""

Ended = Callable[[Row], None]
"""Called with the row of each flight as it ends."""


@dataclass(frozen=True)
class State:
    """How far a study is."""

    ended: int
    """Flights ended since it was called."""
    ages: tuple[float, ...]
    """s flown so far by each flight in the air."""
    flown: float
    """s of flight computed, all together."""


Progress = Callable[[State], None]
"""Called after each chunk."""


def fly(
    engines: Engines, sampler: Sampler, numbers: Iterable[int], ended: Ended, progress: Progress | None = None,
    lanes: int = LANES, chunk: int = CHUNK,
) -> None:  # fmt: skip
    """Fly flights by their numbers.

    Args:
        engines: the compiled programs.
        sampler: what each flies with.
        numbers: of the flights, in the order in which they begin.
        ended: takes each flight's row, in the order in which they end.
        progress: called after each chunk.
        lanes: flights side by side.
        chunk: s of simulated time between two looks.
    """
    waiting = deque(numbers)
    pool, done, flown = _Pool(engines), 0, 0.0
    while waiting or pool.flights:
        if len(pool.flights) <= lanes - max(1, lanes // 4):
            joining = min(lanes - len(pool.flights), len(waiting))
            pool.join([sampler.draw(waiting.popleft()) for _ in range(joining)])
        flown += chunk * len(pool.flights)
        for finished in pool.advance(chunk):
            ended(finished)
            done += 1
        if progress is not None:
            progress(State(done, tuple(float(age) for age in pool.ages), flown))


class _Pool:
    """Flights in the air."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self.flights: list[Drawn] = []
        self.ages: list[int] = []
        self.batch: Any = None
        self.models: tuple[Any, Any] | None = None

    def join(self, fresh: Sequence[Drawn]) -> None:
        """Let new flights begin beside those in the air."""
        if not fresh:
            return
        begun = self._begun(fresh)
        self.batch = begun if not self.flights else self.batch.beside(begun)
        self.flights += fresh
        self.ages += [0] * len(fresh)

    def _begun(self, fresh: Sequence[Drawn]) -> Any:
        """New flights at their first moment: as `Engines.start`, but each number is packed once."""
        if self.models is None:
            self.models = self._modelled(fresh[0])
        params = [sim.params(flight.inputs.task, flight.inputs.aircraft) for flight in fresh]
        begun = self.models[0].select([0] * len(fresh), params)
        begun.advance(1, frame_every=0)
        batch = self.models[1].select([0] * len(fresh)).adopt(begun)
        batch.params.adopt(begun.params)
        batch.ticks = 0
        return batch

    def _modelled(self, like: Drawn) -> tuple[Any, Any]:
        """Two lanes of the beginning and of the flight, to repeat."""
        inputs, steps = like.inputs, (self.engines.beginning, self.engines.flight)
        params = sim.params(inputs.task, inputs.aircraft)
        one, two = (step.start([step.program.carry] * 2, [params] * 2, [inputs.tables] * 2) for step in steps)
        return one, two

    def advance(self, chunk: int) -> list[Row]:
        """Fly all for some seconds; rows of those that have ended, which leave."""
        self.batch.advance(chunk, frame_every=0)
        self.ages = [age + chunk for age in self.ages]
        over = np.asarray(self.batch.values("over"))[: len(self.flights)] != 0
        over |= np.array(self.ages) >= HORIZON
        rows = [row(self.flights[place], self.batch.carry(int(place))) for place in np.flatnonzero(over)]
        if rows:
            stay = [int(place) for place in np.flatnonzero(~over)]
            self.flights, self.ages = [self.flights[k] for k in stay], [self.ages[k] for k in stay]
            self.batch = self.batch.select(stay) if stay else None
        return rows
