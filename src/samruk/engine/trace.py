"""From a program's functions to one block of instructions per tempo. The only part of a native start that needs JAX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from samruk.engine.fuse import fuse
from samruk.engine.graph import Block, Graph, Table
from samruk.engine.layout import Layout, Leaf, TableLayout, rebuild, walk
from samruk.engine.lower import Lowering, convert, llvm_type, scalar
from samruk.engine.narrow import Narrowing
from samruk.engine.precision import Precision
from samruk.engine.program import Program
from samruk.errors import EngineError

DTYPE = {"f": np.dtype(np.float64), "i": np.dtype(np.int32)}
ANY_LENGTH = 1_299_709
"""Traced in place of a length that the model promised not to read; a trace of it in a constant breaks the promise."""


@dataclass(frozen=True)
class Traced:
    """A program as blocks of instructions."""

    blocks: dict[str, Block]
    frame_names: list[str]
    constants: list[np.ndarray]
    """1-D arrays that the model holds as constants; block tables -1, -2, ... ."""

    def operations(self) -> dict[str, int]:
        """Operations of one lane in each tempo."""
        return {name: block.operations() for name, block in self.blocks.items()}


def trace(program: Program, carry: Layout, params: Layout, tables: TableLayout) -> Traced:
    """Trace the four functions and lower them."""
    blocks: dict[str, Block] = {}
    constants: list[np.ndarray] = []
    names: list[str] = []
    for name in ("fast", "mission", "slow", "frame"):
        tracer = _Tracer(name, getattr(program, name), carry, params, tables if name in ("mission", "slow") else None)
        blocks[name] = fuse(tracer.block(constants))
        names = tracer.frame_names
    return Traced(blocks, names, constants)


def stored(layout: Layout, result: Any, tempo: str) -> list[Any]:
    """The leaves of a returned carry, checked by name and type."""
    leaves = list(walk(result))
    if [name for name, _, _ in leaves] != [leaf.name for leaf in layout.leaves]:
        changed = sorted({name for name, _, _ in leaves} ^ set(layout.by_name))
        raise EngineError(f"{tempo} returned another form of carry: {', '.join(changed[:5]) or 'leaves reordered'}")
    return [
        _typed(name, value, DTYPE[leaf.kind], tempo)
        for (name, value, _), leaf in zip(leaves, layout.leaves, strict=True)
    ]


def _typed(name: str, value: Any, dtype: Any, tempo: str) -> Any:
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        if dtype.kind == "i" and isinstance(value, (float, np.floating)):
            raise EngineError(f"{tempo} set {name} = {value}, but it is an int32")
        return jnp.asarray(value, dtype)
    if getattr(value, "weak_type", False) and value.shape == () and value.dtype.kind == dtype.kind:
        return value.astype(dtype)
    if getattr(value, "dtype", None) != dtype or getattr(value, "shape", None) != ():
        found = getattr(value, "dtype", type(value).__name__)
        raise EngineError(
            f"{tempo} set {name} to {found} of shape {getattr(value, 'shape', '?')}, but it is a scalar {dtype}: "
            + "convert it with .astype"
        )
    return value


def recorded(result: Any) -> tuple[list[str], list[Any]]:
    """Names and values of a frame; a Python number is float64."""
    leaves = [(name, jnp.asarray(value, jnp.float64) if isinstance(value, (int, float, np.generic)) else value)
              for name, value, _ in walk(result)]  # fmt: skip
    for name, value in leaves:
        if getattr(value, "shape", None) != ():
            raise EngineError(f"frame returned {name} of type {type(value).__name__}, but a frame holds scalars")
    return [name for name, _ in leaves], [value for _, value in leaves]


class _Tracer:
    """One tempo."""

    def __init__(
        self, name: str, function: Callable[..., Any], carry: Layout, params: Layout, tables: TableLayout | None
    ) -> None:
        self.name, self.function = name, function
        self.carry, self.params, self.tables = carry, params, tables
        self.frame_names: list[str] = []

    def block(self, constants: list[np.ndarray]) -> Block:
        """The tempo's instructions; constant arrays are added to `constants`."""
        with jax.enable_x64(True):
            closed = jax.make_jaxpr(self._flat)(*self._shapes())
        graph, precision = Graph(), self.carry.precision
        narrowing = Narrowing(graph, precision) if precision.narrows(self.name) else None
        fields = [_argument(graph, leaf, "SK", precision, narrowing) for leaf in self.carry.leaves]
        known = [_argument(graph, leaf, "PQ", precision, narrowing) for leaf in self.params.leaves]
        leaves = self.tables.leaves if self.tables else ()
        tables = [Table(i, llvm_type(leaf.stored)) for i, leaf in enumerate(leaves)]
        lowering = Lowering(graph, constants, narrowing)
        values = lowering.run(closed.jaxpr, closed.consts, [*fields, *known, *tables])
        block = Block(self.name, graph, self._outputs(graph, closed, fields, values))
        self._check_lengths(block)
        return block

    def _shapes(self) -> list[Any]:
        scalars = [scalar(DTYPE[leaf.kind]) for leaf in (*self.carry.leaves, *self.params.leaves)]
        tables = self.tables.leaves if self.tables else ()
        return scalars + [scalar(np.dtype(t.dtype), (t.length or ANY_LENGTH,)) for t in tables]

    def _flat(self, *values: Any) -> list[Any]:
        given = iter(values)
        args = [rebuild(layout.example, given) for layout in (self.carry, self.params)]
        if self.tables is not None:
            args.append(rebuild(self.tables.example, given))
        result = self.function(*args)
        if self.name == "frame":
            self.frame_names, leaves = recorded(result)
            return leaves
        return stored(self.carry, result, self.name)

    def _outputs(self, graph: Graph, closed: Any, fields: list[int], values: list[int]) -> Any:
        if self.name == "frame":
            return tuple(
                (("F", i), _as_double(graph, value, aval.dtype))
                for i, (value, aval) in enumerate(zip(values, closed.out_avals, strict=True))
            )
        changed = zip(self.carry.leaves, fields, values, strict=True)
        return tuple(
            (_place(leaf, "SK"), _as_kept(graph, value, _kind(leaf, self.carry.precision)))
            for leaf, field, value in changed if value != field
        )  # fmt: skip

    def _check_lengths(self, block: Block) -> None:
        free = [t.name for t in self.tables.leaves if t.length is None] if self.tables else []
        nodes = [block.graph.nodes[v] for v in block.graph.live(value for _, value in block.outputs)] if free else []
        numbers = (abs(float(node.attr)) for node in nodes if node.op == "constant" and node.type != "i1")
        if any(ANY_LENGTH - 3 <= number <= ANY_LENGTH for number in numbers):
            raise EngineError(f"{self.name} reads the length of a table marked any_length: one of {', '.join(free)}")


def _kind(leaf: Leaf, precision: Precision) -> str:
    """The LLVM type in which a field is kept."""
    if leaf.kind == "i":
        return "i32"
    return "double" if leaf.words == 2 else precision.kind


def _argument(graph: Graph, leaf: Leaf, spaces: str, precision: Precision, narrowing: Narrowing | None) -> int:
    """A field as the block reads it."""
    value = graph.argument(*_place(leaf, spaces), _kind(leaf, precision))
    if narrowing and leaf.kind == "i" and leaf.words == 2:
        narrowing.long.add(value)
    return value if narrowing else _as_kept(graph, value, "double" if leaf.kind == "f" else "i32")


def _as_kept(graph: Graph, value: int, kind: str) -> int:
    """A value in the type of its field."""
    if (old := graph.nodes[value].type) == kind:
        return value
    return graph.emit("fpext" if old == "float" else "fptrunc", kind, value)


def _as_double(graph: Graph, value: int, dtype: Any) -> int:
    """A recorded value: float64 whatever the precision."""
    if graph.nodes[value].type in ("double", "float"):
        return _as_kept(graph, value, "double")
    return convert(graph, value, np.dtype(dtype), np.dtype(np.float64))


def _place(leaf: Leaf, spaces: str) -> tuple[str, int]:
    return (spaces[0] if leaf.kind == "f" else spaces[1]), leaf.index
