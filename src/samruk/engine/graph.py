"""A straight-line program as a graph of values.

Nodes are LLVM instructions with their operands by number. Equal nodes are one node (common subexpressions), constants
are folded with the same IEEE arithmetic that the processor uses, and what no output needs is never printed. Only
rewritings that keep every bit of a number are made: there is no reassociation and no fast-math here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

NUMPY = {
    "double": np.float64, "float": np.float32, "i1": np.bool_, "i8": np.int8,
    "i16": np.int16, "i32": np.int32, "i64": np.int64,
}  # fmt: skip
FREE = frozenset(("argument", "constant", "bitcast"))
COMMUTATIVE = frozenset(("fadd", "fmul", "add", "mul", "and", "or", "xor"))
OPPOSITE = {
    "icmp eq": "icmp ne", "icmp ne": "icmp eq", "icmp slt": "icmp sge", "icmp sge": "icmp slt", "icmp sgt": "icmp sle",
    "icmp sle": "icmp sgt", "fcmp oeq": "fcmp une", "fcmp une": "fcmp oeq",
}  # fmt: skip


class Node(NamedTuple):
    """One value: operation, LLVM element type, operands, and what else tells it apart."""

    op: str
    type: str
    args: tuple[int, ...]
    attr: Any = None


@dataclass(frozen=True)
class Table:
    """A table that a block may read: its number among the program's tables and its element type."""

    index: int
    type: str


def _unsigned(x: Any) -> Any:
    return x.view(np.dtype(f"u{x.dtype.name}"))


def _compare(symbol: str) -> Callable[[Any, Any], Any]:
    return {
        "eq": np.equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
    }[symbol]  # fmt: skip


FOLD: dict[str, Callable[..., Any]] = {
    "fadd": np.add, "fsub": np.subtract, "fmul": np.multiply, "fdiv": np.divide, "fneg": np.negative,
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "and": np.bitwise_and, "or": np.bitwise_or,
    "xor": np.bitwise_xor, "shl": np.left_shift, "ashr": np.right_shift,
    "lshr": lambda x, n: np.right_shift(_unsigned(x), _unsigned(n)).view(x.dtype),
    "fabs": np.abs, "sqrt": np.sqrt, "floor": np.floor, "ceil": np.ceil, "trunc.f": np.trunc, "roundeven": np.rint,
    "smax": np.maximum, "smin": np.minimum, "select": lambda c, x, y: x if c else y,
}  # fmt: skip
for _symbol in ("eq", "lt", "le", "gt", "ge"):
    FOLD[f"fcmp o{_symbol}"] = _compare(_symbol)
    FOLD[f"icmp {_symbol if _symbol == 'eq' else 's' + _symbol}"] = _compare(_symbol)
FOLD["fcmp une"] = FOLD["icmp ne"] = np.not_equal
FOLD["fcmp uno"] = lambda x, y: np.isnan(x) | np.isnan(y)
CONVERT = {"sext", "zext", "trunc", "sitofp", "uitofp", "fpext", "fptrunc", "bitcast"}


class Graph:
    """Builds nodes; a value is the number of its node."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Any, int] = {}

    def argument(self, space: str, index: int, kind: str) -> int:
        """A field of the lane block: its array, its place there, and its type."""
        return self.place(Node("argument", kind, (), (space, index)))

    def constant(self, value: Any, kind: str) -> int:
        """A number of the given LLVM type; -0.0 and each NaN stay distinct."""
        number: Any = np.asarray(value).astype(NUMPY[kind])[()]
        key = ("constant", kind, number.tobytes())
        if key not in self._known:
            self.nodes.append(Node("constant", kind, (), number))
            self._known[key] = len(self.nodes) - 1
        return self._known[key]

    def emit(self, op: str, kind: str, *args: int, attr: Any = None) -> int:
        """The value of one operation, simplified where the bits cannot change."""
        if op in COMMUTATIVE and args[0] > args[1]:
            args = (args[1], args[0])
        simple = self._fold(op, kind, args) if attr is None else None
        if simple is None:
            simple = self._simplify(op, kind, args)
        return self.place(Node(op, kind, args, attr)) if simple is None else simple

    def number(self, value: int) -> Any:
        """The number behind a constant, or None."""
        node = self.nodes[value]
        return node.attr if node.op == "constant" else None

    def place(self, node: Node) -> int:
        """The value of a node as it stands, whose operands are values of this graph."""
        if node not in self._known:
            self.nodes.append(node)
            self._known[node] = len(self.nodes) - 1
        return self._known[node]

    def _fold(self, op: str, kind: str, args: tuple[int, ...]) -> int | None:
        numbers = [self.number(a) for a in args]
        if any(n is None for n in numbers) or not args:
            return None
        with np.errstate(all="ignore"):
            if op in FOLD:
                return self.constant(FOLD[op](*numbers), kind)
            return self.constant(_converted(op, kind, numbers[0]), kind) if op in CONVERT else None

    def _simplify(self, op: str, kind: str, args: tuple[int, ...]) -> int | None:
        if op == "select":
            return self._simplify_select(kind, args)
        if op in ("fmul", "fdiv"):
            return self._simplify_scale(op, kind, args)
        if op.startswith("icmp"):
            return self._simplify_flag(op, args)
        if op in ("and", "or") and kind == "i1":
            return self._simplify_logic(op, args)
        if op in CONVERT:
            return self._simplify_conversion(op, kind, args[0])
        return self.nodes[args[0]].args[0] if op == "fneg" == self.nodes[args[0]].op else None

    def _simplify_conversion(self, op: str, kind: str, x: int) -> int | None:
        """A choice between two constants is converted by converting the constants; what was widened is as it was."""
        if op == "fptrunc" and self.nodes[x].op == "fpext":
            return self.nodes[x].args[0]
        arms = self._arms(self.nodes[x])
        if arms is None:
            return None
        yes, no = (self.constant(_converted(op, kind, arm), kind) for arm in arms[1:])
        return self.emit("select", kind, arms[0], yes, no)

    def _arms(self, node: Node) -> tuple[int, Any, Any] | None:
        """(condition, number if true, number if false) of a flag stored as a number."""
        if node.op == "zext" and self.nodes[node.args[0]].type == "i1":
            return node.args[0], NUMPY[node.type](1), NUMPY[node.type](0)
        if node.op == "select" and all(self.number(a) is not None for a in node.args[1:]):
            return node.args[0], self.number(node.args[1]), self.number(node.args[2])
        return None

    def _simplify_select(self, kind: str, args: tuple[int, ...]) -> int | None:
        which, yes, no = args
        if yes == no:
            return yes
        if (fixed := self.number(which)) is not None:
            return yes if fixed else no
        if kind == "i1" and (self.number(yes), self.number(no)) == (True, False):
            return which
        return None

    def _simplify_scale(self, op: str, kind: str, args: tuple[int, ...]) -> int | None:
        """x*1 and x/1 are x; division by a power of two is multiplication by its exact reciprocal."""
        for x, y in (args, args[::-1]) if op == "fmul" else (args,):
            number = self.number(y)
            if number is None:
                continue
            if number == 1.0:
                return x
            if op == "fdiv" and 1e-30 < abs(number) < 1e30 and abs(np.frexp(number)[0]) == 0.5:
                return self.emit("fmul", kind, x, self.constant(1.0 / number, kind))
        return None

    def _simplify_flag(self, op: str, args: tuple[int, ...]) -> int | None:
        """A flag stored as 0 or 1 and compared again is the condition it came from."""
        arms, number = self._arms(self.nodes[args[0]]), self.number(args[1])
        if number is None or arms is None or op not in FOLD:
            return None
        yes, no = (bool(FOLD[op](arm, number)) for arm in arms[1:])
        if yes == no:
            return self.constant(yes, "i1")
        return arms[0] if yes else self.negation(arms[0])

    def _simplify_logic(self, op: str, args: tuple[int, ...]) -> int | None:
        for x, y in (args, args[::-1]):
            number = self.number(y)
            if number is not None:
                return x if bool(number) == (op == "and") else y
        return args[0] if args[0] == args[1] else None

    def negation(self, condition: int) -> int:
        """Not, by turning the comparison round where that holds for NaN too."""
        node = self.nodes[condition]
        if node.op in OPPOSITE:
            return self.emit(OPPOSITE[node.op], "i1", *node.args)
        if node.op == "xor" and node.type == "i1" and self.constant(True, "i1") in node.args:
            return next(a for a in node.args if a != self.constant(True, "i1"))
        return self.emit("xor", "i1", condition, self.constant(True, "i1"))

    def live(self, outputs: Iterable[int]) -> list[int]:
        """The values that the outputs need, in order of definition."""
        needed: set[int] = set()
        stack = list(outputs)
        while stack:
            value = stack.pop()
            if value not in needed:
                needed.add(value)
                stack.extend(self.nodes[value].args)
        return sorted(needed)


def _converted(op: str, kind: str, number: Any) -> Any:
    if op == "bitcast":
        return number.view(NUMPY[kind])
    if op in ("zext", "uitofp") and number.dtype != np.bool_:
        return _unsigned(number).astype(NUMPY[kind])
    if op == "sext" and number.dtype == np.bool_:
        return -number.astype(NUMPY[kind])
    return number.astype(NUMPY[kind])


@dataclass(frozen=True)
class Block:
    """One tempo: a graph and what it leaves behind."""

    name: str
    graph: Graph
    outputs: tuple[tuple[tuple[str, int], int], ...]
    """((array, place), value) of each field that changes."""

    def operations(self) -> int:
        """Operations of one lane; loads, constants and bit casts are not counted."""
        live = self.graph.live(value for _, value in self.outputs)
        return sum(self.graph.nodes[v].op not in FREE for v in live)
