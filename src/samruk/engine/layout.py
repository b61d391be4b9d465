"""Nested dataclasses as flat lists of named leaves, and back.

A leaf's name is its path: `truth.r_be_e.x`. Tuples and lists may stand anywhere in the nest, their elements are named
by number. Scalars are floats or int32; which of the two is decided by the example, once. A float is kept as float64, or
as float32 of one word or of two (`precision`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from samruk.engine.precision import DOUBLE, Precision
from samruk.errors import EngineError

INT32 = np.iinfo(np.int32)
TABLE_DTYPES = ("float64", "float32", "int32", "int16")


@dataclass(frozen=True)
class Leaf:
    """A scalar leaf: its name, its kind ("f" float, "i" int32) and its place among the numbers of its kind.

    A float of two words of 32 bits, a float64, has two places; `index` is the first. An int of two words has one place:
    it may outgrow the 24 bits of a float32.
    """

    name: str
    kind: str
    index: int
    number: int
    """Which leaf of its kind it is."""
    words: int = 1

    @property
    def places(self) -> int:
        """Places in storage."""
        return self.words if self.kind == "f" else 1


@dataclass(frozen=True)
class TableLeaf:
    """A table leaf: its name, element type, whether each lane has its own, and its length (None: any length).

    What is kept of it is of type `stored`.
    """

    name: str
    dtype: str
    lane: bool
    length: int | None
    stored: str


def walk(tree: Any, path: str = "", metadata: Any = None) -> Iterator[tuple[str, Any, Any]]:
    """Yield (name, value, field metadata) of every leaf, in order of definition."""
    if tree is None:
        return
    for key, value, meta in _children(tree):
        name = f"{path}.{key}" if path else key
        if is_dataclass(value) or isinstance(value, (tuple, list)) or value is None:
            yield from walk(value, name, meta or metadata)
        else:
            yield name, value, meta or metadata


def _children(tree: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(tree, (tuple, list)):
        yield from ((str(i), value, None) for i, value in enumerate(tree))
    elif is_dataclass(tree):
        yield from ((f.name, getattr(tree, f.name), f.metadata or None) for f in fields(tree) if f.init)
    else:
        raise EngineError(f"a step works on nested dataclasses, not on {type(tree).__name__}")


def rebuild(tree: Any, values: Iterator[Any]) -> Any:
    """The same nest as `tree` with its leaves replaced, in order, by `values`."""
    if tree is None:
        return None
    if isinstance(tree, (tuple, list)):
        return type(tree)(rebuild(value, values) for value in tree)
    if is_dataclass(tree) and not isinstance(tree, type):
        return type(tree)(**{f.name: rebuild(getattr(tree, f.name), values) for f in fields(tree) if f.init})
    return next(values)


def kind_of(name: str, value: Any) -> str:
    """ "f" for a float leaf, "i" for an int leaf; anything else is refused by name."""
    if isinstance(value, (float, np.floating)):
        return "f"
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        if not INT32.min <= int(value) <= INT32.max:
            raise EngineError(f"{name} = {value} does not fit in 32 bits: allowed are {INT32.min} to {INT32.max}")
        return "i"
    if getattr(value, "shape", None) == ():
        return kind_of(name, np.asarray(value)[()])
    hint = " (store a flag as int 0 or 1)" if isinstance(value, (bool, np.bool_)) else ""
    raise EngineError(f"{name} is {type(value).__name__}, but a leaf is a float or an int{hint}")


class Layout:
    """The leaves of one kind of dataclass, floats and int32 apart."""

    def __init__(self, example: Any, precision: Precision = DOUBLE) -> None:
        self.example, self.precision = example, precision
        count, places = {"f": 0, "i": 0}, {"f": 0, "i": 0}
        self.leaves: list[Leaf] = []
        for name, value, meta in walk(example):
            kind = kind_of(name, value)
            leaf = Leaf(name, kind, places[kind], count[kind], precision.words_of(meta))
            self.leaves.append(leaf)
            count[kind] += 1
            places[kind] += leaf.places
        self.by_name = {leaf.name: leaf for leaf in self.leaves}
        self.n_float = count["f"]
        """Float leaves."""
        self.n_real, self.n_int = places["f"], places["i"]
        """Places of floats and of ints."""

    def __getitem__(self, name: str) -> Leaf:
        try:
            return self.by_name[name]
        except KeyError:
            near = [known for known in self.by_name if known.rsplit(".", 1)[-1] == name.rsplit(".", 1)[-1]]
            raise EngineError(f"no leaf named {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")) from None

    def pack(self, tree: Any, real: np.ndarray, integer: np.ndarray) -> None:
        """Write the leaves of `tree` into two rows, floats and ints in the order of their numbers."""
        values = list(walk(tree))
        if len(values) != len(self.leaves):
            raise EngineError(f"{type(tree).__name__} has {len(values)} leaves, the program {len(self.leaves)}")
        for leaf, (name, value, _) in zip(self.leaves, values, strict=True):
            if name != leaf.name:
                raise EngineError(f"found leaf {name!r} where the program has {leaf.name!r}")
            kind = kind_of(name, value)
            if leaf.kind == "i" and kind == "f":
                raise EngineError(f"{name} = {value} is a float, the program has an int there")
            (real if leaf.kind == "f" else integer)[leaf.number] = value

    def unpack(self, real: np.ndarray, integer: np.ndarray) -> Any:
        """The dataclass of Python scalars that two such rows hold."""
        floats, ints = real.tolist(), integer.tolist()
        return rebuild(self.example, (floats[x.number] if x.kind == "f" else ints[x.number] for x in self.leaves))

    def signature(self) -> list[list[Any]]:
        """Names, kinds and words, for a cache key."""
        return [[leaf.name, leaf.kind, leaf.words] for leaf in self.leaves]


class TableLayout:
    """The tables of a program."""

    def __init__(self, example: Any, precision: Precision = DOUBLE) -> None:
        self.example, self.precision = example, precision
        self.leaves = [_table_leaf(name, value, meta or {}, precision) for name, value, meta in walk(example)]

    @property
    def stored(self) -> tuple[tuple[str, bool], ...]:
        """(element type, one per lane) of each table as it is kept."""
        return tuple((leaf.stored, leaf.lane) for leaf in self.leaves)

    def arrays(self, tree: Any) -> list[np.ndarray]:
        """The arrays of `tree`, checked against the example."""
        found = [(name, np.asarray(value)) for name, value, _ in walk(tree)]
        if [name for name, _ in found] != [leaf.name for leaf in self.leaves]:
            raise EngineError(f"tables {[name for name, _ in found]} are not those of the program")
        return [_checked(leaf, value) for leaf, (_, value) in zip(self.leaves, found, strict=True)]

    def signature(self) -> list[list[Any]]:
        """Names, types and lengths, for a cache key."""
        return [[leaf.name, leaf.dtype, leaf.lane, leaf.length, leaf.stored] for leaf in self.leaves]


def _table_leaf(name: str, value: Any, meta: Any, precision: Precision) -> TableLeaf:
    array = np.asarray(value)
    if array.ndim != 1 or array.dtype.name not in TABLE_DTYPES or array.size == 0:
        raise EngineError(
            f"table {name} is {array.dtype.name} of shape {array.shape}; allowed is 1-D, not empty, "
            + "of float64, float32, int32 or int16"
        )
    length = None if meta.get("any_length") else array.size
    dtype = array.dtype.name
    narrowed = dtype == "float64" and precision.words_of(meta) == 1
    return TableLeaf(name, dtype, bool(meta.get("lane")), length, precision.name if narrowed else dtype)


def _checked(leaf: TableLeaf, array: np.ndarray) -> np.ndarray:
    if array.dtype.name != leaf.dtype or array.ndim != 1 or array.size == 0:
        found = f"{array.dtype.name} of shape {array.shape}"
        raise EngineError(f"table {leaf.name} is {found}, the program has {leaf.dtype}")
    if leaf.length is not None and array.size != leaf.length:
        raise EngineError(f"table {leaf.name} has {array.size} rows, the program was opened with {leaf.length}")
    return array


def lanes(items: Sequence[Any], write: Callable[[int, Any], None]) -> None:
    """Call `write` for each lane, naming the lane in an error."""
    for lane, item in enumerate(items):
        try:
            write(lane, item)
        except EngineError as error:
            raise EngineError(f"lane {lane}: {error}") from None
