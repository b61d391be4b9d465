"""Fly lanes to their end and read what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from samruk import engine, sim
from samruk.errors import EngineError
from samruk.leaves import flatten
from samruk.ledger import Ended, Ledger
from samruk.verdict.catalogue import Inputs
from samruk.verdict.outcome import outcome

HORIZON = 72 * 3600
"""s of simulated time after which a flight that has not ended is given up: twice what full tanks of the class last."""

NOT_MODEL = {
    "archive", "bench", "cli", "data", "datasheet", "engine", "handling", "jsbsim_file", "landings", "lazy", "link",
    "load", "mission_file", "peer", "performance", "plan", "qualify", "record", "rules", "serve", "sounding", "station",
    "story", "study", "tangent", "vehicle", "verdict", "verify", "watch",
}  # fmt: skip
"""Parts of the package that no step is made of; the engine hashes itself."""

CHUNK = 900
"""s of simulated time between two looks at the lanes."""

Ending = Callable[[int, "Flown"], None]
"""Called with a lane and its flight as the flight ends."""

Progress = Callable[[int, Sequence[int], dict[str, np.ndarray[Any, Any]]], None]
"""Called at chunk ends with (simulated s, lanes still flying, latest frame by field over those lanes)."""


class Engines:
    """The two compiled programs of a flight: its beginning, and the flight itself.

    Args:
        example: any inputs; they give the layout.
        kind: `auto`, `native`, `reference` or `cuda`.
        threads: cores to use; None for all.
        precision: of the flight, `float64` or `float32`; it begins in float64.
    """

    def __init__(
        self, example: Inputs, kind: str = "auto", threads: int | None = None, precision: str = "float64"
    ) -> None:
        self.precision, self.live = precision, int(example.task.live)
        params, key = sim.params(example.task, example.aircraft), sources_key()
        programs = sim.programs(params, example.tables, key, _carry_kinds(params, example.tables, key))
        self.beginning = engine.open(programs[0], kind, threads)
        found = self.beginning.kind
        again = "auto" if found == "native" != kind else found
        self.flight = engine.open(programs[1], again, threads, precision)

    def describe(self) -> str:
        """Which engine runs the step, for a record of the result."""
        return str(self.flight.kind) + (", float32" if self.precision == "float32" else "")

    def start(self, lanes: Sequence[Inputs]) -> Any:
        """A batch of flights at their first moment."""
        if self.live < max(int(lane.task.live) for lane in lanes):
            raise EngineError("a live lane needs an engine made for one: give Engines an example whose task is live")
        params = [sim.params(lane.task, lane.aircraft) for lane in lanes]
        tables = [lane.tables for lane in lanes]
        zeros = [self.flight.program.carry] * len(lanes)
        begun = self.beginning.start(zeros, params, tables)
        begun.advance(1, frame_every=0)
        batch = self.flight.start(zeros, params, tables).adopt(begun)
        batch.ticks = 0
        return batch


def _carry_kinds(params: sim.Params, tables: Any, key: str) -> dict[str, str]:
    """The form of the carry, kept on disk: finding it anew takes 0.4 s and JAX."""
    name = engine.cache.digest("carry", key, list(flatten(params))) + ".kinds"
    kinds: dict[str, str] | None = engine.cache.read_json(name)
    if kinds is None:
        kinds = sim.carry_kinds(params, tables)
        engine.cache.write_json(name, kinds)
    return kinds


@lru_cache(maxsize=1)
def sources_key() -> str:
    """Hash of every source file that a step may be made of."""
    digest = hashlib.sha256()
    root = Path(sim.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if path.parts[len(root.parts)].removesuffix(".py") not in NOT_MODEL:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Flown:
    """One lane after its flight."""

    inputs: Inputs
    end: Ended
    ledger: Ledger
    frames: dict[str, np.ndarray[Any, Any]] | None
    """Recorded fields over time, where frames were asked for."""

    @property
    def outcome(self) -> str | None:
        """The class of outcome."""
        return outcome(self.end)


def fly(
    engines: Engines,
    lanes: Sequence[Inputs],
    *,
    record: bool = False,
    progress: Progress | None = None,
    ending: Ending | None = None,
    chunk: int = CHUNK,
    frame_every: int = 10,
) -> list[Flown]:
    """Fly every lane until all are over.

    Args:
        engines: the compiled programs.
        lanes: inputs, one per lane.
        record: keep frames every `frame_every` s.
        progress: called at chunk ends.
        ending: called as each flight ends.
        chunk: s of simulated time per call of the engine.
        frame_every: s between frames; with `record` off, one frame per chunk is written and dropped.

    Returns:
        One `Flown` per lane, in the order given.
    """
    batch = engines.start(lanes)
    alive = list(range(len(lanes)))
    kept: list[list[np.ndarray[Any, Any]]] = [[] for _ in lanes]
    done: dict[int, Flown] = {}

    def finish(row: int, names: tuple[str, ...]) -> None:
        """Keep a lane whose flight has ended."""
        lane = alive[row]
        done[lane] = _flown(lanes[lane], batch.carry(row), kept[lane], names, record)
        if ending is not None:
            ending(lane, done[lane])

    for now in range(chunk, HORIZON + chunk, chunk):
        frames = batch.advance(chunk, frame_every=frame_every if record else chunk)
        names = tuple(frames.names)
        if record:
            for row, lane in enumerate(alive):
                kept[lane].append(frames.data[:, :, row].copy())
        if progress is not None:
            progress(now, alive, {name: frames.data[-1, k] for k, name in enumerate(names)})
        over = (np.asarray(batch.values("over"))[: len(alive)] != 0) | (now >= HORIZON)
        for ended in np.flatnonzero(over):
            finish(int(ended), names)
        flying = [int(row) for row in np.flatnonzero(~over)]
        if not flying:
            break
        if len(flying) < len(alive):
            batch, alive = batch.select(flying), [alive[row] for row in flying]
    return [done[k] for k in range(len(lanes))]


def _flown(
    inputs: Inputs, carry: Any, kept: list[np.ndarray[Any, Any]], names: tuple[str, ...], record: bool
) -> Flown:
    """A lane's end, ledger and frames; frames after the end are dropped but for the first."""
    frames = None
    if record:
        data = np.concatenate(kept)
        ends = np.flatnonzero(data[:, names.index("over")] != 0.0)
        last = int(ends[0]) + 1 if ends.size else len(data)
        frames = {name: data[:last, k] for k, name in enumerate(names)}
    return Flown(inputs, sim.ended(carry, inputs.task), carry.ledger, frames)
