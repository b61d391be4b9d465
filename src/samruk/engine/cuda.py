"""The engine for many flights on a graphics processor: one thread to a lane, the printer's text, the driver's compiler.

The numbers live on the host between calls, in blocks of 32 lanes, which is the form of the device too (`ptx`). A call
copies them there, flies in pieces and copies them back, so an interrupted call changes nothing. Nothing of this is
needed, imported or compiled where the engine is not asked for.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from ctypes import c_int32, c_int64, c_uint64
from typing import Any

import numpy as np

from samruk.engine import cache, compile
from samruk.engine.batch import Batch, aligned
from samruk.engine.driver import Device, Function, Memory
from samruk.engine.layout import TableLayout
from samruk.engine.native import NEVER, Native, _Tables
from samruk.engine.precision import DOUBLE, Precision
from samruk.engine.program import Program
from samruk.engine.ptx import WARP, LanePrinter
from samruk.errors import EngineError

PIECE = 60
"""Slow ticks that one launch flies at most: an interrupt is heard between launches."""

THREADS = 32
"""Threads of a block. They share nothing, so the smallest block spreads a few thousand lanes over every processor."""

RESIDENT = 4
"""Warps of a multiprocessor at most, one to each of its schedulers. Its registers have room for 8, but what 8 warps
touch in a fast tick is more than its cache holds, and more than its part of the next one. Not measured."""


class Cuda(Native):
    """A program compiled for a CUDA device.

    Args:
        program: the step.
        threads: of no use here.
        precision: the numbers.
        device: where to run; the machine's first CUDA device by default.

    Raises:
        Unavailable: there is no such device.
    """

    kind = "cuda"

    def __init__(
        self, program: Program, threads: int | None = None, precision: Precision = DOUBLE, device: Device | None = None
    ) -> None:
        self.device = Device() if device is None else device
        self.resident = RESIDENT
        self.flown_seconds = 0.0
        """Time in which the device flew, copies left out."""
        self._loaded: list[Function] = []
        super().__init__(program, threads, precision)

    def width_for(self, n_lanes: int) -> int:
        """A block is a warp, however few lanes fly."""
        return WARP

    def prepare(self, *widths: int) -> None:
        """Compile now."""
        self._kernel(WARP)

    def prepare_tables(self, tables: list[list[np.ndarray]], width: int) -> _DeviceTables:
        """The tables, on the device."""
        self.device.here()
        return _DeviceTables(self.device, self.tables, tables, width)

    def fly(self, batch: Batch, ticks: int, every: int, n_frames: int) -> np.ndarray:
        """Advance all lanes; the frames as [frame, field, lane]."""
        frames = self._frames(batch, n_frames)
        per_slow, end, written = self.program.mission_per_slow, batch.ticks + ticks, 0
        run = self._kernel(WARP)[0]
        with _Flight(self, batch, min(n_frames, PIECE // every + 1) if every else 0) as flight:
            for tick in range(batch.ticks, end, PIECE * per_slow):
                count = min(PIECE * per_slow, end - tick)
                done, then = tick // per_slow, (tick + count) // per_slow
                due = every - done % every if every else NEVER
                flight.launch(run, tick % per_slow, count, due, every)
                shot = then // every - done // every if every else 0
                flight.frames.read(frames[written : written + shot])
                written += shot
            flight.keep()
        return frames[:, :, : batch.lanes]

    def look(self, batch: Batch) -> np.ndarray:
        """One frame of the present state."""
        frames = self._frames(batch, 1)
        with _Flight(self, batch, 1) as flight:
            flight.launch(self._kernel(WARP)[1], 0, 0, 0, 0)
            flight.frames.read(frames)
        return frames[:, :, : batch.lanes]

    def ptx(self) -> bytes:
        """What the driver compiles."""
        return self._object(WARP)

    def kernel(self) -> Function:
        """The kernel that flies: its registers and local memory."""
        found: Function = self._kernel(WARP)[0]
        return found

    def _frames(self, batch: Batch, count: int) -> np.ndarray:
        return aligned((count, len(self.frame_names), batch.state.real.shape[0] * WARP), np.float64)

    # --- compiling ---

    def _own_width(self) -> int:
        return WARP

    def _widths(self) -> tuple[int, ...]:
        return (WARP,)

    def _print(self, traced: Any, width: int) -> str:
        return LanePrinter(self._form(traced, 1), traced.constants).module(traced.blocks)

    def bits(self, width: int) -> int:
        """No register: PTX."""
        return compile.DEVICE

    def _object(self, width: int) -> bytes:
        entry = cache.digest(self._manifest["texts"][str(width)], compile.device_fingerprint()) + ".ptx"
        body = cache.read(entry)
        if body is None:
            body = self._compiled(self.text(width), width)
            cache.write(entry, body)
        return body

    def _kernel(self, width: int) -> Any:
        """`run` and `look`, on the device."""
        with self._lock:
            if not self._loaded:
                body = self._object(width)
                started = time.perf_counter()
                self.device.here()
                self._loaded = self.device.load(body, "run", "look")
                self.compile_seconds += time.perf_counter() - started
        return self._loaded


class _DeviceTables(_Tables):
    """Tables on the device, freed with the batch that they belong to."""

    def __init__(self, device: Device, layout: TableLayout, lanes: list[list[np.ndarray]], width: int) -> None:
        super().__init__(layout, lanes, width)
        memories: list[Memory] = []
        weakref.finalize(self, _free, device, memories).atexit = False
        for table in self.held:
            memories.append(device.memory(table.nbytes))
            memories[-1].write(table)
        self.arguments = [
            argument
            for memory, (_, last) in zip(memories, self.limits.tolist(), strict=False)
            for argument in (c_uint64(memory.pointer), c_int32(last))
        ]
        self.held = []


def _free(device: Device, memories: Sequence[Memory]) -> None:
    with suppress(EngineError):  # of a device that is lost
        device.here()
        for memory in memories:
            memory.free()


class _Flight:
    """The numbers of a batch, on the device for the length of a call."""

    def __init__(self, engine: Cuda, batch: Batch, n_frames: int) -> None:
        self.engine, self.device, self.batch, self.stack = engine, engine.device, batch, ExitStack()
        blocks = batch.state.real.shape[0]
        self.lanes, self.grid = blocks * WARP, min(blocks * WARP // THREADS, self._resident(engine))
        self.frame_bytes = n_frames * len(engine.frame_names) * self.lanes * 8

    def __enter__(self) -> _Flight:
        self.device.here()
        state, params = self.batch.state, self.batch.params
        arrays = state.real, state.integer, params.real, params.integer
        with self.stack:  # what was taken is given back if the next cannot be had
            self.held = [self._held(array.nbytes).write(array) for array in arrays]
            self.frames = self._held(self.frame_bytes)
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *trouble: Any) -> None:
        self.stack.__exit__(*trouble)

    def launch(self, function: Function, phase: int, ticks: int, due: int, every: int) -> None:
        """Run a kernel over all lanes."""
        numbers = [c_int64(n) for n in (phase, ticks, due, every, self.lanes)]
        pointers = [c_uint64(memory.pointer) for memory in (*self.held, self.frames)]
        arguments = [*numbers, *pointers, *self.batch.prepared.arguments]
        began = time.perf_counter()
        self.device.launch(function, self.grid, THREADS, arguments)
        self.engine.flown_seconds += time.perf_counter() - began

    def keep(self) -> None:
        """Bring the state back."""
        for memory, array in zip(self.held, (self.batch.state.real, self.batch.state.integer), strict=False):
            memory.read(array)

    def _resident(self, engine: Cuda) -> int:
        return engine.device.multiprocessors * engine.resident * WARP // THREADS

    def _held(self, size: int) -> Memory:
        return self.stack.enter_context(self.device.memory(size))
