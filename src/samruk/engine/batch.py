"""Many flights in hand: their state between calls, and the frames that a call brings back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from samruk.engine.layout import Layout, Leaf, TableLayout, TableLeaf, lanes
from samruk.errors import EngineError

if TYPE_CHECKING:
    from samruk.engine.native import Native
    from samruk.engine.reference import Reference

ALIGN = 64


def aligned(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """A zero array that starts on a cache line."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.zeros(size + ALIGN, np.uint8)
    start = -raw.ctypes.data % ALIGN
    array: np.ndarray = raw[start : start + size].view(dtype).reshape(shape)
    return array


@dataclass(frozen=True)
class Frames:
    """What was recorded: one row per frame."""

    names: tuple[str, ...]
    data: np.ndarray
    """float64 [frame, field, lane]."""
    ticks: np.ndarray
    """Slow ticks flown since the start of the batch, at each frame."""

    def __getitem__(self, name: str) -> np.ndarray:
        """One field, [frame, lane]."""
        try:
            return self.data[:, self.names.index(name), :]
        except ValueError:
            raise EngineError(f"no frame field named {name!r}; there are {', '.join(self.names)}") from None


@dataclass(frozen=True)
class Snapshot:
    """The state of every lane at one tick."""

    real: np.ndarray
    integer: np.ndarray
    ticks: int


class Block:
    """Scalars of all lanes: `real[block][place][W]` in float64 or float32, and `integer[block][place][W]` in int32.

    In float32 the two places of a wide field, 2 W words in a row, hold W float64.
    """

    def __init__(self, layout: Layout, n_lanes: int, width: int) -> None:
        self.layout, self.n_lanes, self.width = layout, n_lanes, width
        self.wide = [leaf for leaf in layout.leaves if leaf.kind == "f" and leaf.words == 2]
        held = {place for leaf in self.wide for place in (leaf.index, leaf.index + 1)}
        self.narrow = np.array([place for place in range(layout.n_real) if place not in held], np.int64)
        """Places of floats of one word."""
        n_blocks = -(-n_lanes // width)
        self.real = aligned((n_blocks, layout.n_real, width), layout.precision.dtype)
        self.integer = aligned((n_blocks, layout.n_int, width), np.int32)

    def pack(self, trees: Sequence[Any]) -> Block:
        """Write one dataclass per lane; the padding lanes repeat the last."""
        rows = self.real.shape[0] * self.width
        real, integer = np.zeros((rows, self.layout.n_float)), np.zeros((rows, self.layout.n_int), np.int32)
        lanes(trees, lambda lane, tree: self.layout.pack(tree, real[lane], integer[lane]))
        for leaf in self.layout.leaves:
            self.column(leaf)[...] = (real if leaf.kind == "f" else integer)[:, leaf.number].reshape(-1, self.width)
        return self.pad()

    def column(self, leaf: Leaf) -> np.ndarray:
        """One field in place: [block, lane of the block]."""
        if leaf.kind == "i":
            return self.integer[:, leaf.index, :]
        if leaf.words == 1:
            return self.real[:, leaf.index, :]
        start, end = leaf.index * self.width, (leaf.index + 2) * self.width
        return self.real.reshape(len(self.real), -1)[:, start:end].view(np.float64)

    def adopt(self, other: Block) -> Block:
        """Take the numbers of as many lanes of the same form, kept in whatever precision and width."""
        for leaf in self.layout.leaves:
            values = other.values(leaf.name)
            filled = np.concatenate([values, np.repeat(values[-1:], -self.n_lanes % self.width)])
            self.column(leaf)[...] = filled.reshape(-1, self.width)
        return self

    def pad(self) -> Block:
        """Let the lanes that fill up the last block repeat the last flight."""
        last = (self.n_lanes - 1) % self.width
        self.real[-1, self.narrow, last + 1 :] = self.real[-1, self.narrow, last : last + 1]
        for array in (self.integer[-1], *(self.column(leaf)[-1:] for leaf in self.wide)):
            array[:, last + 1 :] = array[:, last : last + 1]
        return self

    def tree(self, lane: int) -> Any:
        """One lane as its dataclass."""
        block, place = divmod(lane, self.width)
        real = self.real[block, :, place]
        if self.wide:
            real = np.array([self.column(x)[block, place] for x in self.layout.leaves if x.kind == "f"], np.float64)
        return self.layout.unpack(real, self.integer[block, :, place])

    def values(self, name: str) -> np.ndarray:
        """One field of every lane, float64 or int32."""
        leaf = self.layout[name]
        values = self.column(leaf).reshape(-1)[: self.n_lanes]
        return values.astype(np.float64 if leaf.kind == "f" else np.int32)

    def set(self, lane: int, name: str, value: float) -> None:
        """One field of one lane."""
        self.column(self.layout[name])[divmod(lane, self.width)] = value

    def take(self, chosen: Sequence[int], width: int) -> Block:
        """The chosen lanes as a new set, in blocks of another width."""
        new = Block(self.layout, len(chosen), width)
        source, target = np.asarray(chosen, np.int64), np.arange(len(chosen))
        for block in range(len(new.real)):  # one at a time stays in the cache
            own = source[block * width : (block + 1) * width]
            for old, fresh in ((self.real, new.real), (self.integer, new.integer)):
                fresh[block, :, : len(own)] = old[own // self.width, :, own % self.width].T
        for leaf in self.wide:
            own = self.column(leaf)[source // self.width, source % self.width]
            new.column(leaf)[target // width, target % width] = own
        return new.pad()

    def beside(self, other: Block, width: int) -> Block:
        """The lanes of both, those of the other last, in blocks of another width."""
        new = Block(self.layout, self.n_lanes + other.n_lanes, width)
        for leaf in self.layout.leaves:
            both = [block.column(leaf).reshape(-1)[: block.n_lanes] for block in (self, other)]
            filled = np.concatenate([*both, np.repeat(both[1][-1:], -new.n_lanes % width)])
            new.column(leaf)[...] = filled.reshape(-1, width)
        return new


def read_tables(layout: TableLayout, tables: Sequence[Any]) -> list[list[np.ndarray]]:
    """The arrays of each lane's tables; shared ones must be equal."""
    known: dict[int, list[np.ndarray]] = {}
    for tree in tables:
        if id(tree) not in known:
            known[id(tree)] = layout.arrays(tree)
    arrays = [known[id(tree)] for tree in tables]
    for i, leaf in enumerate(layout.leaves):
        for lane, own in enumerate(arrays):
            _compatible(leaf, arrays[0][i], own[i], lane)
    return arrays


def _compatible(leaf: TableLeaf, first: np.ndarray, array: np.ndarray, lane: int) -> None:
    if leaf.lane:
        if array.size != first.size:
            raise EngineError(f"lane {lane}: table {leaf.name} has {array.size} rows, lane 0 has {first.size}; pad it")
    elif array is not first and not np.array_equal(array, first, equal_nan=array.dtype.kind == "f"):
        raise EngineError(f"lane {lane}: table {leaf.name} is shared by all lanes, but differs from that of lane 0")


class Batch:
    """Flights side by side, one to a lane, advanced together."""

    def __init__(self, engine: Native | Reference, carry: Block, params: Block, tables: list[list[np.ndarray]]) -> None:
        self.engine, self.tables = engine, tables
        self.state, self.params = carry, params
        self.ticks = 0
        """Mission ticks flown."""
        self.prepared: Any = engine.prepare_tables(tables, carry.width)

    @property
    def lanes(self) -> int:
        """Number of flights."""
        return self.state.n_lanes

    def advance(self, slow_ticks: int, frame_every: int = 10) -> Frames:
        """Fly; one frame at every `frame_every`-th slow tick since the start (0: none)."""
        return self.advance_mission(slow_ticks * self.engine.program.mission_per_slow, frame_every)

    def advance_mission(self, ticks: int, frame_every: int = 0) -> Frames:
        """Fly a number of mission ticks: the step of a live aircraft. An interrupted call changes nothing."""
        if ticks < 0 or frame_every < 0:
            raise EngineError(f"cannot advance {ticks} ticks with a frame every {frame_every}: both must be 0 or more")
        per_slow = self.engine.program.mission_per_slow
        done, end = self.ticks // per_slow, (self.ticks + ticks) // per_slow
        marks = np.arange(done + 1, end + 1, dtype=np.int64)
        marks = marks[marks % frame_every == 0] if frame_every else marks[:0]
        kept = self.snapshot()
        try:
            data = self.engine.fly(self, ticks, frame_every, len(marks))
        except BaseException:
            self.restore(kept)
            raise
        self.ticks += ticks
        return Frames(self.engine.frame_names, data, marks)

    def frame(self) -> Frames:
        """A frame of this moment, without flying."""
        now = np.array([self.ticks // self.engine.program.mission_per_slow])
        return Frames(self.engine.frame_names, self.engine.look(self), now)

    def carry(self, lane: int) -> Any:
        """The state of one lane, as Python scalars."""
        return self.state.tree(self._checked(lane))

    def values(self, name: str) -> np.ndarray:
        """One field of the carry in every lane."""
        return self.state.values(name)

    def set(self, lane: int, name: str, value: float) -> None:
        """Change one field of the carry of one lane."""
        self.state.set(self._checked(lane), name, value)
        self.state.pad()

    def set_param(self, lane: int, name: str, value: float) -> None:
        """Change one parameter of one lane."""
        self.params.set(self._checked(lane), name, value)
        self.params.pad()

    def select(
        self, chosen: Sequence[int], params: Sequence[Any] | None = None, tables: Sequence[Any] | None = None
    ) -> Batch:
        """A new batch from these lanes (repeats allowed), with their state, and other inputs if given."""
        picked = [self._checked(int(lane)) for lane in chosen]
        for name, given in (("params", params), ("tables", tables)):
            if given is not None and len(given) != len(picked):
                raise EngineError(f"{len(given)} {name} given for {len(picked)} lanes")
        width = self.engine.width_for(len(picked))
        fresh = self.params.take(picked, width)
        if params is not None:
            fresh = Block(self.params.layout, len(picked), width).pack(params)
        arrays = self.engine.read_tables(tables) if tables is not None else [self.tables[lane] for lane in picked]
        batch = Batch(self.engine, self.state.take(picked, width), fresh, arrays)
        batch.ticks = self.ticks
        return batch

    def adopt(self, other: Batch) -> Batch:
        """Go on from the state of another batch of this program, lane by lane, in whatever precision it was flown.

        Returns:
            This batch.
        """
        if other.lanes != self.lanes or other.state.layout.by_name.keys() != self.state.layout.by_name.keys():
            raise EngineError(f"cannot go on from {other.lanes} lanes of another program: here are {self.lanes}")
        self.state.adopt(other.state)
        self.ticks = other.ticks
        return self

    def beside(self, other: Batch) -> Batch:
        """A new batch of the lanes of both, those of the other last; it goes on at the ticks of this one.

        Both stand between two slow ticks, or at the same mission tick of one.
        """
        per_slow = self.engine.program.mission_per_slow
        if other.engine is not self.engine or other.ticks % per_slow != self.ticks % per_slow:
            raise EngineError("flights join only batches of the same engine at the same mission tick of a slow tick")
        width = self.engine.width_for(self.lanes + other.lanes)
        batch = Batch(
            self.engine, self.state.beside(other.state, width), self.params.beside(other.params, width),
            [*self.tables, *other.tables],
        )  # fmt: skip
        batch.ticks = self.ticks
        return batch

    def snapshot(self) -> Snapshot:
        """The state of every lane, to go back to."""
        return Snapshot(self.state.real.copy(), self.state.integer.copy(), self.ticks)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this batch."""
        if snapshot.real.shape != self.state.real.shape or snapshot.integer.shape != self.state.integer.shape:
            raise EngineError("the snapshot is of a batch of another size")
        self.state.real[...], self.state.integer[...] = snapshot.real, snapshot.integer
        self.ticks = snapshot.ticks

    def _checked(self, lane: int) -> int:
        if not 0 <= lane < self.lanes:
            raise EngineError(f"no lane {lane}: there are {self.lanes}, from 0")
        return lane
