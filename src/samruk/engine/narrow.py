"""Which operations of a float32 program are done in float64: a pass over the trace, before the rules of `lower`.

The model is traced in float64 whatever the precision, so there is one trace and one physics. Here each equation is
given one of two types. A value is **narrow**, float32, or **wide**, float64: two words of 32 bits. Wide is what is
loaded from a wide field, and what comes of it by these rules:

- A sum, difference, choice, minimum, maximum, remainder, rounding or sign is wide if one operand is: so a small step is
  added to a large sum, and the difference of two large numbers is taken, with all digits.
- A product or quotient is wide only if both operands are: a wide number times a narrow one has no more digits than the
  narrow one. So the mass of the fuel does not make forces wide, and a turned difference of places is narrow.
- A root, square or power is as its operand; so are sine, cosine and atan2, since places on the Earth are made of them.
- Any other elementary function is narrow. A stored result is as its field.
- A constant is neither: it takes the type of the other operand, with the digits of that type. So does a choice between
  constants: the tenth of a second that a clock adds while something holds.
- An int is narrow as a float (a flag, a number of something), unless it comes of a wide int such as a tick. Random bits
  are uint32, and narrow.
- What asks for the bits of a float64 gets them: wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk.engine.graph import Graph, Table
from samruk.engine.precision import Precision, Words

ANY = frozenset((
    "add", "sub", "max", "min", "clamp", "select_n", "rem", "floor", "ceil", "round", "abs", "neg", "sign",
    "lt", "le", "gt", "ge", "eq", "ne", "is_finite",
))  # fmt: skip
"""Wide if one operand is."""
ALL = frozenset(("mul", "div", "sqrt", "rsqrt", "square", "integer_pow", "sin", "cos", "atan2"))
"""Wide if every operand but a constant is."""
COUNTING = frozenset(("add", "sub", "mul", "max", "min", "clamp", "select_n", "neg", "abs", "convert_element_type"))
"""What makes a wide int of a wide int."""
FLOAT64, FLOAT32 = np.dtype(np.float64), np.dtype(np.float32)


@dataclass(frozen=True)
class _Variable:
    """Stands for a variable of an equation, with another type."""

    aval: Any


@dataclass(frozen=True)
class _Shape:
    """Stands for the abstract value of a scalar."""

    dtype: Any
    shape: tuple[int, ...] = ()
    size: int = 1


@dataclass(frozen=True)
class Typed:
    """An equation as the rules of `lower` read it, with every float64 turned into the type that was chosen."""

    primitive: Any
    params: Any
    source_info: Any
    invars: list[Any]
    outvars: list[Any]


class Narrowing:
    """Types the equations of one block."""

    def __init__(self, graph: Graph, precision: Precision) -> None:
        self.graph, self.words = graph, precision.words is Words.DECLARED
        self.long: set[int] = set()
        """Ints that may outgrow 24 bits."""
        self.exact: dict[int, int] = {}
        """Narrow choices between constants, and the same in float64."""

    def typed(self, eqn: Any, args: list[Any]) -> tuple[Any, list[Any]]:
        """The equation in the chosen type, and its operands so converted."""
        if not any(v.aval.dtype == FLOAT64 for v in (*eqn.invars, *eqn.outvars)):
            return eqn, args
        dtype = FLOAT64 if self._wide(eqn, args) else FLOAT32
        kind = "double" if dtype == FLOAT64 else "float"
        invars = [_retyped(v, dtype) for v in eqn.invars]
        if eqn.primitive.name == "convert_element_type":
            invars = [_Variable(_Shape(self._dtype(v, a))) for v, a in zip(eqn.invars, args, strict=True)]
        else:
            args = [self.cast(a, kind) if v.aval.dtype == FLOAT64 else a
                    for v, a in zip(eqn.invars, args, strict=True)]  # fmt: skip
        outvars = [_retyped(v, dtype) for v in eqn.outvars]
        return Typed(eqn.primitive, eqn.params, getattr(eqn, "source_info", None), invars, outvars), args

    def note(self, eqn: Any, args: list[Any], results: list[Any]) -> None:
        """Keep what is known of the results: ints that are wide because an operand is, choices between constants.

        Args:
            eqn: the equation as it was traced.
            args: its operands before they were converted.
            results: what became of it.
        """
        if eqn.primitive.name == "select_n" and eqn.outvars[0].aval.dtype == FLOAT64:
            self._note_choice(args, results[0])
        counts = eqn.primitive.name in COUNTING and eqn.outvars[0].aval.dtype == np.int32
        if counts and any(not isinstance(a, Table) and a in self.long for a in args):
            self.long.update(r for r in results if self.graph.number(r) is None)

    def _note_choice(self, args: list[Any], result: int) -> None:
        which, cases = args[0], [self.exact.get(a, a) for a in args[1:]]
        fixed = all(a in self.exact.values() or self.graph.number(a) is not None for a in cases)
        if fixed and len(cases) == 2 and self.graph.nodes[result].type == "float":
            self.exact[result] = self.graph.emit("select", "double", which, cases[1], cases[0])

    def cast(self, value: Any, kind: str) -> Any:
        """A float in another type; a constant takes it with the digits of that type."""
        if isinstance(value, Table) or (old := self.graph.nodes[value].type) == kind:
            return value
        if kind == "double" and value in self.exact:
            return self.exact[value]
        return self.graph.emit("fpext" if old == "float" else "fptrunc", kind, value)

    def _wide(self, eqn: Any, args: list[Any]) -> bool:
        name = eqn.primitive.name
        if name == "bitcast_convert_type":
            return True
        if name == "convert_element_type" and eqn.invars[0].aval.dtype.kind in "biu":
            return bool(self.words and eqn.invars[0].aval.dtype == np.int32 and args[0] in self.long)
        if name == "gather" or name == "dynamic_slice":
            return bool(args[0].type == "double")
        kinds = [self.graph.nodes[a].type == "double" for v, a in zip(eqn.invars, args, strict=True)
                 if v.aval.dtype.kind == "f" and self.graph.number(a) is None]  # fmt: skip
        if not kinds:
            return bool(name != "select_n")
        return any(kinds) if name in ANY or name == "convert_element_type" else name in ALL and all(kinds)

    def _dtype(self, var: Any, value: Any) -> Any:
        """The type in which a value to be converted stands."""
        if var.aval.dtype.kind != "f":
            return var.aval.dtype
        return FLOAT64 if self.graph.nodes[value].type == "double" else FLOAT32


def _retyped(var: Any, dtype: Any) -> Any:
    return _Variable(_Shape(dtype)) if var.aval.dtype == FLOAT64 else var
