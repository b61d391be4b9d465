"""The oracle: the same step by JAX, one XLA program for all lanes. Slow to compile and to run; trusted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from samruk.engine.batch import Batch, Block, read_tables
from samruk.engine.layout import Layout, TableLayout, rebuild
from samruk.engine.lower import scalar
from samruk.engine.program import Program
from samruk.engine.trace import DTYPE, recorded, stored, trace
from samruk.errors import EngineError

Lanes = tuple[jax.Array, ...]

UNFUSED = {"xla_disable_hlo_passes": "fusion"}
"""XLA on processors repeats shared work inside its fused kernels: a whole model of 34,000 operations took it 8 minutes
to compile, and 20 s without fusion; the unfused step also ran twice as fast."""


class Reference:
    """A program run by JAX."""

    kind = "reference"

    def __init__(self, program: Program, threads: int | None = None) -> None:
        del threads
        self.program = program
        self.carry, self.params = Layout(program.carry), Layout(program.params)
        self.tables = TableLayout(program.tables)
        self.compile_seconds, self.cached = 0.0, False
        self._frame_names: list[str] = []
        with jax.enable_x64(True):
            jax.eval_shape(self._frame_one, *self._shapes())
        self.frame_names: tuple[str, ...] = tuple(self._frame_names)
        options = UNFUSED if jax.default_backend() == "cpu" else None
        self._run, self._look = jax.jit(self._ticks, compiler_options=options), jax.jit(self._frames)
        self._compiled = False

    def start(self, carries: Sequence[Any], params: Sequence[Any], tables: Sequence[Any]) -> Batch:
        """One lane for each carry; shared tables are those of the first lane."""
        n = len(carries)
        if n == 0 or len(params) != n or len(tables) != n:
            raise EngineError(f"{n} carries, {len(params)} params and {len(tables)} tables: one of each for a lane")
        return Batch(
            self, Block(self.carry, n, n).pack(carries), Block(self.params, n, n).pack(params), self.read_tables(tables)
        )

    def width_for(self, n_lanes: int) -> int:
        """All lanes are one block."""
        return n_lanes

    def operations(self) -> dict[str, int]:
        """Operations of one lane in each tempo and in one slow tick, as the native engine counts them."""
        counted = trace(self.program, self.carry, self.params, self.tables).operations()
        fast, mission = self.program.fast_per_mission * self.program.mission_per_slow, self.program.mission_per_slow
        total = counted["slow"] + mission * counted["mission"] + fast * counted["fast"]
        return {**counted, "per_simulated_second": total}

    def read_tables(self, tables: Sequence[Any]) -> list[list[np.ndarray]]:
        """The arrays of each lane; shared ones must be equal."""
        return read_tables(self.tables, tables)

    def prepare_tables(self, tables: list[list[np.ndarray]], width: int) -> list[jax.Array]:
        """Shared tables once, a lane's own tables stacked lane by lane."""
        del width
        with jax.enable_x64(True):
            return [
                jnp.asarray(np.stack([lane[i] for lane in tables]) if leaf.lane else tables[0][i])
                for i, leaf in enumerate(self.tables.leaves)
            ]

    def fly(self, batch: Batch, ticks: int, every: int, n_frames: int) -> np.ndarray:
        """Advance all lanes; the frames as [frame, field, lane]."""
        per_slow, frames = self.program.mission_per_slow, []
        now, end = batch.ticks, batch.ticks + ticks
        with jax.enable_x64(True):
            state = self._loaded(batch.state)
            params = self._loaded(batch.params)
            while now < end:
                mark = (now // per_slow // every + 1) * every * per_slow if every else end
                state = self._advance(state, params, batch.prepared, now % per_slow, min(mark, end) - now)
                now = min(mark, end)
                if now == mark and every:
                    frames.append(np.asarray(self._look(state, params)))
            self._keep(batch.state, state)
        return np.stack(frames) if frames else np.zeros((n_frames, len(self.frame_names), batch.lanes))

    def look(self, batch: Batch) -> np.ndarray:
        """One frame of the present state."""
        with jax.enable_x64(True):
            return np.asarray(self._look(self._loaded(batch.state), self._loaded(batch.params)))[None]

    # --- JAX ---

    def _advance(self, state: Lanes, params: Lanes, tables: Any, phase: int, ticks: int) -> Lanes:
        started = time.perf_counter()
        result = self._run(state, params, tuple(tables), jnp.int32(phase), jnp.int32(ticks))
        if not self._compiled:
            self._compiled, self.compile_seconds = True, time.perf_counter() - started
        return tuple(result)

    def _ticks(self, state: Lanes, params: Lanes, tables: Lanes, phase: Any, ticks: Any) -> Lanes:
        axes = tuple(0 if leaf.lane else None for leaf in self.tables.leaves)
        tempo = {
            name: jax.vmap(lambda c, p, t, name=name: self._tempo(name, c, p, t), in_axes=(0, 0, axes))
            for name in ("slow", "mission", "fast")
        }

        def tick(i: Any, carry: Lanes) -> Lanes:
            starts = (phase + i) % self.program.mission_per_slow == 0
            carry = lax.cond(starts, lambda c: tempo["slow"](c, params, tables), lambda c: c, carry)
            carry = tempo["mission"](carry, params, tables)
            quick = lambda _, c: tempo["fast"](c, params, tables)  # noqa: E731
            return tuple(lax.fori_loop(0, self.program.fast_per_mission, quick, carry))

        flown: Lanes = lax.fori_loop(jnp.int32(0), ticks, tick, state)
        return flown

    def _tempo(self, name: str, carry: Lanes, params: Lanes, tables: Lanes) -> Lanes:
        args = [rebuild(self.carry.example, iter(carry)), rebuild(self.params.example, iter(params))]
        if name != "fast":
            args.append(rebuild(self.tables.example, iter(tables)))
        return tuple(stored(self.carry, getattr(self.program, name)(*args), name))

    def _frames(self, state: Lanes, params: Lanes) -> jax.Array:
        return jnp.stack(jax.vmap(self._frame_one)(state, params))

    def _frame_one(self, carry: Lanes, params: Lanes) -> Lanes:
        args = (rebuild(self.carry.example, iter(carry)), rebuild(self.params.example, iter(params)))
        self._frame_names, values = recorded(self.program.frame(*args))
        return tuple(jnp.asarray(value).astype(jnp.float64) for value in values)

    def _shapes(self) -> tuple[Any, Any]:
        carry, params = (tuple(scalar(DTYPE[f.kind]) for f in layout.leaves) for layout in (self.carry, self.params))
        return carry, params

    def _loaded(self, block: Block) -> Lanes:
        return tuple(jnp.asarray(block.values(leaf.name)) for leaf in block.layout.leaves)

    def _keep(self, block: Block, lanes: Lanes) -> None:
        for leaf, values in zip(block.layout.leaves, lanes, strict=True):
            (block.real if leaf.kind == "f" else block.integer)[0, leaf.index, :] = np.asarray(values)
