"""The default engine: the step as vector code, compiled once, kept on disk, run on every core."""

from __future__ import annotations

import ctypes
import logging
import os
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from importlib import metadata
from itertools import count
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numpy as np

from samruk.engine import cache, compile
from samruk.engine.batch import Batch, Block, aligned, read_tables
from samruk.engine.layout import Layout, TableLayout, TableLeaf
from samruk.engine.precision import DOUBLE, Precision
from samruk.engine.program import Program
from samruk.errors import CompilerError, EngineError

LOG = logging.getLogger("samruk.engine")
ARGUMENTS = [ctypes.c_int64] * 7 + [ctypes.c_void_p] * 7
NEVER = 1 << 62
PIECE = 600
"""Slow ticks that one call of compiled code flies at most: an interrupt is heard between calls."""


class Native:
    """A program compiled for this processor."""

    kind = "native"

    def __init__(self, program: Program, threads: int | None = None, precision: Precision = DOUBLE) -> None:
        self.program, self.precision = program, precision
        self.carry, self.params = Layout(program.carry, precision), Layout(program.params, precision)
        self.tables = TableLayout(program.tables, precision)
        self.threads = threads or cores()
        self.width = self._own_width()
        self.compile_seconds = 0.0
        self.cached = True
        self._pool: ThreadPoolExecutor | None = None
        self._kernels: dict[int, _Kernel] = {}
        self._lock = threading.Lock()
        self._manifest = self._planned()
        self.frame_names: tuple[str, ...] = tuple(self._manifest["frame"])

    # --- starting ---

    def start(self, carries: Sequence[Any], params: Sequence[Any], tables: Sequence[Any]) -> Batch:
        """One lane for each carry; shared tables are those of the first lane."""
        n = len(carries)
        if n == 0 or len(params) != n or len(tables) != n:
            raise EngineError(f"{n} carries, {len(params)} params and {len(tables)} tables: one of each for a lane")
        width = self.width_for(n)
        self._kernel(width)
        return Batch(
            self, Block(self.carry, n, width).pack(carries), Block(self.params, n, width).pack(params),
            self.read_tables(tables),
        )  # fmt: skip

    def width_for(self, n_lanes: int) -> int:
        """A lone flight gets scalar code. It has the same bits, so flights go on at the other width if need be."""
        wanted = 1 if n_lanes == 1 else self.width
        if self._kernels and wanted not in self._kernels:
            try:
                self._kernel(wanted)
            except CompilerError as fault:
                wanted = next(iter(self._kernels))
                LOG.warning("flying at width %d: %s", wanted, fault)
        return wanted

    def prepare(self, *widths: int) -> None:
        """Compile these widths now, side by side; by default both."""
        wanted = widths or self._widths()
        with ThreadPoolExecutor(len(wanted)) as pool:
            list(pool.map(self._kernel, wanted))

    def operations(self) -> dict[str, int]:
        """Operations of one lane in each tempo and in one slow tick, elementary functions expanded."""
        return dict(self._manifest["operations"])

    def read_tables(self, tables: Sequence[Any]) -> list[list[np.ndarray]]:
        """The arrays of each lane; shared ones must be equal."""
        return read_tables(self.tables, tables)

    def prepare_tables(self, tables: list[list[np.ndarray]], width: int) -> _Tables:
        """The tables as the compiled code wants them."""
        return _Tables(self.tables, tables, width)

    # --- flying ---

    def fly(self, batch: Batch, ticks: int, every: int, n_frames: int) -> np.ndarray:
        """Advance all blocks; the frames as [frame, field, lane]."""
        n_blocks, _, width = batch.state.real.shape
        frames = aligned((n_frames, len(self.frame_names), n_blocks * width), np.float64)
        kernel, stop = self._kernel(width), threading.Event()
        call = _Call(kernel.run, batch, frames, self.program.mission_per_slow, ticks, every, stop)
        workers = min(self.threads, n_blocks)
        if workers == 1:
            call.blocks(iter(range(n_blocks)))
        else:
            self._share(call, n_blocks, workers, stop)
        return frames[:, :, : batch.lanes]

    def look(self, batch: Batch) -> np.ndarray:
        """One frame of the present state."""
        n_blocks, _, width = batch.state.real.shape
        frames = aligned((1, len(self.frame_names), n_blocks * width), np.float64)
        pointers = _pointers(batch)
        self._kernel(width).look(0, n_blocks, 0, 0, 0, 0, n_blocks * width, *pointers, frames.ctypes.data)
        return frames[:, :, : batch.lanes]

    def _share(self, call: _Call, n_blocks: int, workers: int, stop: threading.Event) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="samruk")
        counter = count()
        futures = [self._pool.submit(call.blocks, _until(counter, n_blocks)) for _ in range(workers)]
        try:
            for future in futures:
                future.result()
        except BaseException:
            stop.set()
            wait(futures)
            raise

    # --- compiling ---

    def _own_width(self) -> int:
        return compile.vector_width(self.precision.dtype.itemsize)

    def _widths(self) -> tuple[int, ...]:
        return 1, self.width

    def _planned(self) -> dict[str, Any]:
        """Layout, operation counts and texts: from the cache if the program names its sources, else by tracing."""
        name = self._manifest_name()
        manifest = cache.read_json(name) if name else None
        if manifest is None:
            manifest = self._trace()
            if name:
                cache.write_json(name, manifest)
        return dict(manifest)

    def _manifest_name(self) -> str | None:
        p = self.program
        if p.key is None:
            return None
        return cache.digest(
            p.key, self.carry.signature(), self.params.signature(), self.tables.signature(), p.fast_per_mission,
            p.mission_per_slow, own_sources(), metadata.version("jax"), self.width, self.precision.name,
            self.precision.words.value,
        ) + ".manifest"  # fmt: skip

    def _trace(self) -> dict[str, Any]:
        self.cached = False
        started = time.perf_counter()
        from samruk.engine.trace import trace

        traced = trace(self.program, self.carry, self.params, self.tables)
        texts = {str(width): self._print(traced, width) for width in self._widths()}
        names = {}
        for width, text in texts.items():
            names[width] = cache.digest(text)
            cache.write_text(names[width] + ".ll", text)
        self._texts = texts
        self.compile_seconds += time.perf_counter() - started
        return {"frame": traced.frame_names, "operations": self._counted(traced.operations()), "texts": names}

    def _print(self, traced: Any, width: int) -> str:
        from samruk.engine.halves import HalvesPrinter
        from samruk.engine.printer import Printer

        halves = self.precision.narrow and not self.precision.narrows("slow")
        print_with = HalvesPrinter if halves else Printer
        return print_with(self._form(traced, width), traced.constants).module(traced.blocks)

    def _form(self, traced: Any, width: int) -> Any:
        """What the printer must know."""
        from samruk.engine import printer

        return printer.Kernel(
            width, self.carry.n_real, self.carry.n_int, self.params.n_real, self.params.n_int,
            self.tables.stored, self.program.fast_per_mission, self.program.mission_per_slow,
            len(traced.frame_names), self.precision.kind,
        )  # fmt: skip

    def _counted(self, operations: dict[str, int]) -> dict[str, int]:
        p = self.program
        fast, mission = p.fast_per_mission * p.mission_per_slow, p.mission_per_slow
        total = operations["slow"] + mission * operations["mission"] + fast * operations["fast"]
        return {**operations, "per_simulated_second": total}

    def _kernel(self, width: int) -> _Kernel:
        if width not in self._kernels:
            body = self._object(width)
            with self._lock:
                self._kernels.setdefault(width, _Kernel(body))
        return self._kernels[width]

    def _object(self, width: int) -> bytes:
        name = self._manifest["texts"][str(width)]
        entry = cache.digest(name, compile.fingerprint()) + ".o"
        body = cache.read(entry)
        if body is None:
            body = self._compiled(self.text(width), width)
            cache.write(entry, body)
        return body

    def text(self, width: int) -> str:
        """The LLVM IR at a width of 1 or `self.width`."""
        held = getattr(self, "_texts", None) or {}
        text = held.get(str(width)) or cache.read_text(self._manifest["texts"][str(width)] + ".ll")
        if text is None:
            self._manifest = self._trace()
            text = self._texts[str(width)]
        return str(text)

    def bits(self, width: int) -> int:
        """Bits of a register of so many numbers."""
        return 8 * int(self.precision.dtype.itemsize) * width

    def _compiled(self, text: str, width: int) -> bytes:
        self.cached = False
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="samruk-") as folder:
            output = Path(folder) / "step.o"
            try:
                complaint = compile.finish(compile.start(text, self.bits(width), output))
            except OSError as trouble:
                complaint = f"no process to compile in ({trouble})"
            if complaint:
                raise CompilerError(f"LLVM cannot compile the step at width {width}: {complaint}")
            body = output.read_bytes()
        self.compile_seconds += time.perf_counter() - started
        return body


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Kernel:
    """Loaded code."""

    _number = count()

    def __init__(self, body: bytes) -> None:
        linked = llvm.JITLibraryBuilder().add_object_img(body).add_current_process()
        self._library = linked.export_symbol("run").export_symbol("look").link(_linker(), f"step{next(self._number)}")
        self.run, self.look = (ctypes.CFUNCTYPE(None, *ARGUMENTS)(self._library[name]) for name in ("run", "look"))


@lru_cache(maxsize=1)
def _linker() -> Any:
    """One linker to a process.

    JITLink, because the older RuntimeDyld aborts when code and constants land 2 GB apart.
    """
    return llvm.create_lljit_compiler(compile.target_machine(), use_jit_link=True)


@lru_cache(maxsize=1)
def own_sources() -> str:
    """A hash of this package: another printer, another cache entry."""
    return cache.digest(*(path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))))


class _Call:
    """One advance: the same code for whichever block a worker takes next."""

    def __init__(
        self, run: Callable[..., None], batch: Batch, frames: np.ndarray, per_slow: int, ticks: int, every: int,
        stop: threading.Event,
    ) -> None:  # fmt: skip
        self.run, self.frames, self.per_slow, self.every, self.stop = run, frames, per_slow, every, stop
        self.begin, self.end = batch.ticks, batch.ticks + ticks
        self.pointers = _pointers(batch)
        self.n_lanes = frames.shape[2]

    def blocks(self, which: Iterator[int]) -> None:
        """Fly the given blocks, one after another, in pieces."""
        piece = PIECE * self.per_slow
        for block in which:
            for tick in range(self.begin, self.end, piece):
                if self.stop.is_set():
                    return
                self._piece(block, tick, min(piece, self.end - tick))

    def _piece(self, block: int, tick: int, ticks: int) -> None:
        done = tick // self.per_slow
        due = self.every - done % self.every if self.every else NEVER
        written = done // self.every - self.begin // self.per_slow // self.every if self.every else 0
        offset = written * self.frames.strides[0]
        self.run(block, block + 1, tick % self.per_slow, ticks, due, self.every, self.n_lanes,
                 *self.pointers, self.frames.ctypes.data + offset)  # fmt: skip


def _until(counter: Iterator[int], end: int) -> Iterator[int]:
    for value in counter:
        if value >= end:
            return
        yield value


def _pointers(batch: Batch) -> list[int]:
    arrays = (batch.state.real, batch.state.integer, batch.params.real, batch.params.integer)
    return [a.ctypes.data for a in arrays] + [batch.prepared.pointers.ctypes.data, batch.prepared.limits.ctypes.data]


class _Tables:
    """Pointers to tables, with (bytes from block to block, last row) for each; holds the memory they point to."""

    def __init__(self, layout: TableLayout, lanes: list[list[np.ndarray]], width: int) -> None:
        n = max(1, len(layout.leaves))
        self.held = [_kept(leaf, [arrays[i] for arrays in lanes], width) for i, leaf in enumerate(layout.leaves)]
        self.pointers = np.zeros(n, np.int64)
        self.limits = np.zeros((n, 2), np.int64)
        for i, leaf in enumerate(layout.leaves):
            rows = lanes[0][i].size
            self.pointers[i] = self.held[i].ctypes.data
            self.limits[i] = (rows * width * self.held[i].itemsize if leaf.lane else 0), rows - 1


def _kept(leaf: TableLeaf, lanes: list[np.ndarray], width: int) -> np.ndarray:
    """One table over all lanes, in the type that is kept."""
    dtype = np.dtype(leaf.stored)
    own = [array.astype(dtype, copy=False) for array in lanes[: _own(leaf)]]
    return _lane_table(own, width) if leaf.lane else _padded(own[0])


def _own(leaf: TableLeaf) -> int | None:
    """How many tables to keep: one for all, or all."""
    return None if leaf.lane else 1


def _lane_table(tables: list[np.ndarray], width: int) -> np.ndarray:
    """[block][row][W], with room after the last element for a 32-bit read of an int16."""
    n_blocks, rows = -(-len(tables) // width), tables[0].size
    flat = aligned((n_blocks * rows * width + 2,), tables[0].dtype)
    padded = np.stack([*tables, *[tables[-1]] * (-len(tables) % width)])
    flat[:-2].reshape(n_blocks, rows, width)[...] = padded.reshape(n_blocks, width, rows).swapaxes(1, 2)
    return flat


_PADDED: dict[int, tuple[Any, np.ndarray]] = {}


def _padded(array: np.ndarray) -> np.ndarray:
    """A shared table as it is; an int16 one is copied once, with room after its last element for a 32-bit read."""
    if array.dtype != np.int16:
        return array if array.flags.c_contiguous and array.flags.aligned else np.ascontiguousarray(array)
    known = _PADDED.get(id(array))
    if known is None or known[0]() is not array:
        key = id(array)
        known = weakref.ref(array, lambda _: _PADDED.pop(key, None)), np.append(array, np.zeros(2, np.int16))
        _PADDED[key] = known
    return known[1]
