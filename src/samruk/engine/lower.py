"""From a jaxpr of scalars to a graph of LLVM instructions, one rule per primitive.

Calls (`jit`, `custom_jvp_call`, ...) are inlined. Functions that no processor has, such as `exp`, are replaced by the
jaxpr of their definition in `elementary`. A primitive without a rule is an error that names it and the model's line.
In a float32 program `narrow` gives each equation its type first; the rules are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jax
import numpy as np

from samruk.engine import elementary
from samruk.engine.graph import NUMPY, Graph, Table
from samruk.engine.narrow import Narrowing
from samruk.errors import EngineError

LLVM = {
    "float64": "double", "float32": "float", "bool": "i1", "int8": "i8", "uint8": "i8", "int16": "i16", "uint16": "i16",
    "int32": "i32", "uint32": "i32", "int64": "i64", "uint64": "i64",
}  # fmt: skip
CALLS = frozenset((
    "jit", "pjit", "closed_call", "core_call", "custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr",
    "checkpoint", "remat", "remat2",
))  # fmt: skip
SAME = frozenset((
    "copy", "copy_p", "squeeze", "reshape", "broadcast_in_dim", "optimization_barrier", "stop_gradient", "real",
))  # fmt: skip
FLOAT_BINARY = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
INT_BINARY = {
    "add": "add", "sub": "sub", "mul": "mul", "xor": "xor", "or": "or", "and": "and", "shift_left": "shl",
    "shift_right_logical": "lshr", "shift_right_arithmetic": "ashr",
}  # fmt: skip
FLOAT_UNARY = {"sqrt": "sqrt", "floor": "floor", "ceil": "ceil", "abs": "fabs", "neg": "fneg"}
COMPARE = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une"}
HINTS = {
    "while": "use a fixed Python loop", "scan": "use a fixed Python loop", "cond": "use jnp.where",
    "dot_general": "write the product out in scalars", "argmax": "jnp.select becomes nested jnp.where",
    "stack": "keep scalars apart", "concatenate": "keep scalars apart",
}  # fmt: skip

Value = int | Table
Rule = Callable[["Lowering", Any, list[Any]], int]


def llvm_type(dtype: Any) -> str:
    """The LLVM element type of a JAX dtype."""
    name = np.dtype(dtype).name
    if name not in LLVM:
        raise EngineError(f"a step cannot compute with {name}")
    return LLVM[name]


def source_line(eqn: Any) -> str:
    """Where in the model an equation comes from, or nothing."""
    traceback = getattr(getattr(eqn, "source_info", None), "traceback", None)
    for frame in getattr(traceback, "frames", None) or ():
        if not any(part in frame.file_name for part in ("/jax/", "/samruk/engine/", "\\jax\\", "<frozen")):
            return f" at {frame.file_name}:{frame.line_num}"
    return ""


class Lowering:
    """Walks jaxprs and fills one graph."""

    def __init__(self, graph: Graph, constants: list[np.ndarray], narrowing: Narrowing | None = None) -> None:
        self.graph = graph
        self.constants = constants
        self.narrowing = narrowing
        self._seen: dict[int, Table] = {}

    def run(self, jaxpr: Any, consts: Any, args: list[Any]) -> list[Any]:
        """The values of the jaxpr's outputs for the given values of its inputs."""
        env: dict[Any, Any] = dict(zip(jaxpr.invars, args, strict=True))
        env.update((var, self._constant(value)) for var, value in zip(jaxpr.constvars, consts, strict=True))
        for eqn in jaxpr.eqns:
            results = self._equation(eqn, [self._read(env, v) for v in eqn.invars])
            env.update(zip(eqn.outvars, results, strict=True))
        return [self._read(env, v) for v in jaxpr.outvars]

    def _read(self, env: dict[Any, Any], var: Any) -> Any:
        if hasattr(var, "val"):
            return self.graph.constant(var.val, llvm_type(var.aval.dtype))
        return env[var]

    def _constant(self, value: Any) -> Value:
        array = np.asarray(value)
        if array.ndim == 0:
            return self.graph.constant(array, llvm_type(array.dtype))
        if array.ndim != 1:
            raise EngineError(f"a constant array of shape {array.shape} in a step; allowed are 1-D tables")
        if id(value) not in self._seen:
            if self.narrowing and array.dtype == np.float64:
                array = array.astype(np.float32)
            self.constants.append(array)
            self._seen[id(value)] = Table(-len(self.constants), llvm_type(array.dtype))
        return self._seen[id(value)]

    def _equation(self, eqn: Any, args: list[Any]) -> list[Any]:
        name = eqn.primitive.name
        if name in CALLS:
            inner = eqn.params.get("jaxpr") or eqn.params.get("call_jaxpr")
            return self.run(getattr(inner, "jaxpr", inner), getattr(inner, "consts", ()), args)
        if name in SAME and all(v.aval.size == 1 for v in eqn.outvars):
            return args[:1] if name != "optimization_barrier" else args
        self._refuse_arrays(eqn, name)
        if self.narrowing is None:
            return self._ruled(eqn, args)
        results = self._ruled(*self.narrowing.typed(eqn, args))
        self.narrowing.note(eqn, args, results)
        return results

    def define(self, name: str, eqn: Any, args: list[Any]) -> list[Any]:
        """An elementary function by its definition, in the types that it is written in."""
        closed = _definition(name, tuple(v.aval.dtype.name for v in eqn.invars), _static(eqn))
        plain = self if self.narrowing is None else Lowering(self.graph, self.constants)
        return plain.run(closed.jaxpr, closed.consts, args)

    def _ruled(self, eqn: Any, args: list[Any]) -> list[Any]:
        name = eqn.primitive.name
        if name in elementary.TABLE and elementary.wanted(name, eqn.invars[0].aval.dtype):
            return self.define(name, eqn, args)
        rule = RULES.get(name)
        if rule is None:
            hint = f" ({HINTS[name]})" if name in HINTS else ""
            raise EngineError(f"the native engine has no rule for the primitive {name!r}{source_line(eqn)}{hint}")
        return [rule(self, eqn, args)]

    def _refuse_arrays(self, eqn: Any, name: str) -> None:
        if any(v.aval.size != 1 for v in eqn.outvars):
            shape = next(v.aval.shape for v in eqn.outvars if v.aval.size != 1)
            hint = HINTS.get(name, "a step works on scalars; look up one element first")
            raise EngineError(f"{name!r} makes an array of shape {shape}{source_line(eqn)} ({hint})")


def _static(eqn: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((k, eqn.params[k]) for k in ("rounding_method",) if k in eqn.params)


def scalar(dtype: Any, shape: tuple[int, ...] = ()) -> Any:
    """What a trace needs to know of an argument."""
    return jax.ShapeDtypeStruct(shape, dtype)  # type: ignore[no-untyped-call]


@cache
def _definition(name: str, dtypes: tuple[str, ...], static: tuple[tuple[str, Any], ...]) -> Any:
    with jax.enable_x64(True):
        return jax.make_jaxpr(elementary.TABLE[name])(*(scalar(np.dtype(d)) for d in dtypes))


# --- the rules -------------------------------------------------------------------------------------------------------


def _is_float(eqn: Any) -> bool:
    return bool(np.issubdtype(eqn.invars[0].aval.dtype, np.floating))


def _is_unsigned(eqn: Any) -> bool:
    return np.dtype(eqn.invars[0].aval.dtype).kind in "ub"


def _out(eqn: Any) -> str:
    return llvm_type(eqn.outvars[0].aval.dtype)


def _binary(low: Lowering, eqn: Any, args: list[Any]) -> int:
    name, kind = eqn.primitive.name, _out(eqn)
    if _is_float(eqn):
        return low.graph.emit(FLOAT_BINARY[name], kind, *args)
    if name.startswith("shift"):
        return _shift(low.graph, INT_BINARY[name], kind, args)
    return low.graph.emit(INT_BINARY[name], kind, *args)


def _shift(graph: Graph, op: str, kind: str, args: list[Any]) -> int:
    """A shift by the width or more gives 0 (or the sign), as in JAX; LLVM leaves it undefined."""
    width = np.dtype(NUMPY[kind]).itemsize * 8
    count = graph.number(args[1])
    if count is not None and 0 <= int(count) < width:
        return graph.emit(op, kind, *args)
    last = graph.constant(width - 1, kind)
    within = graph.emit("icmp ule", "i1", args[1], last)
    shifted = graph.emit(op, kind, args[0], graph.emit("select", kind, within, args[1], last))
    return shifted if op == "ashr" else graph.emit("select", kind, within, shifted, graph.constant(0, kind))


def _unary(low: Lowering, eqn: Any, args: list[Any]) -> int:
    name, kind, graph = eqn.primitive.name, _out(eqn), low.graph
    if _is_float(eqn):
        return graph.emit(FLOAT_UNARY[name], kind, args[0])
    negative = graph.emit("sub", kind, graph.constant(0, kind), args[0])
    if name == "neg":
        return negative
    return args[0] if _is_unsigned(eqn) else graph.emit("smax", kind, args[0], negative)


def _compare(low: Lowering, eqn: Any, args: list[Any]) -> int:
    name = eqn.primitive.name
    if _is_float(eqn):
        return low.graph.emit(f"fcmp {COMPARE[name]}", "i1", *args)
    sign = "" if name in ("eq", "ne") else "u" if _is_unsigned(eqn) else "s"
    return low.graph.emit(f"icmp {sign}{name}", "i1", *args)


def _extreme(low: Lowering, eqn: Any, args: list[Any]) -> int:
    name, kind, graph = eqn.primitive.name, _out(eqn), low.graph
    if kind == "i1":
        return graph.emit("or" if name == "max" else "and", kind, *args)
    if not _is_float(eqn):
        return graph.emit(("u" if _is_unsigned(eqn) else "s") + name, kind, *args)
    return float_extreme(graph, name, kind, *args)


def float_extreme(graph: Graph, name: str, kind: str, x: int, y: int) -> int:
    """Larger or smaller of two, NaN if either is: one instruction if one of them is a constant.

    `select(x > y, x, y)` is what `vmaxpd` computes; it hands on a NaN in y but not one in x: the constant goes first.
    """
    if graph.number(x) is None and graph.number(y) is not None:
        x, y = y, x
    chosen = graph.emit("select", kind, graph.emit("fcmp ogt" if name == "max" else "fcmp olt", "i1", x, y), x, y)
    if (number := graph.number(x)) is not None and not np.isnan(number):
        return chosen
    return graph.emit("select", kind, graph.emit("fcmp uno", "i1", x, x), x, chosen)


def _clamp(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, graph = _out(eqn), low.graph
    if _is_float(eqn):
        return float_extreme(graph, "min", kind, args[2], float_extreme(graph, "max", kind, args[0], args[1]))
    sign = "u" if _is_unsigned(eqn) else "s"
    return graph.emit(f"{sign}min", kind, args[2], graph.emit(f"{sign}max", kind, args[0], args[1]))


def _select(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, graph, which, cases = _out(eqn), low.graph, args[0], args[1:]
    if np.dtype(eqn.invars[0].aval.dtype) == np.bool_:
        return cases[0] if len(cases) == 1 else graph.emit("select", kind, which, cases[1], cases[0])
    result = cases[-1]
    for i in range(len(cases) - 2, -1, -1):
        below = graph.emit("icmp slt", "i1", which, graph.constant(i + 1, graph.nodes[which].type))
        result = graph.emit("select", kind, below, cases[i], result)
    return int(result)


def _not(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, graph = _out(eqn), low.graph
    return graph.negation(args[0]) if kind == "i1" else graph.emit("xor", kind, args[0], graph.constant(-1, kind))


def _is_finite(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, graph = llvm_type(eqn.invars[0].aval.dtype), low.graph
    return graph.emit("fcmp olt", "i1", graph.emit("fabs", kind, args[0]), graph.constant(np.inf, kind))


def _sign(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, graph, x = _out(eqn), low.graph, args[0]
    one, zero = graph.constant(1, kind), graph.constant(0, kind)
    minus = graph.constant(-1, kind)
    if _is_float(eqn):
        below = graph.emit("select", kind, graph.emit("fcmp olt", "i1", x, zero), minus, x)
        return graph.emit("select", kind, graph.emit("fcmp ogt", "i1", x, zero), one, below)
    if _is_unsigned(eqn):
        return graph.emit("umin", kind, x, one)
    return graph.emit("smax", kind, minus, graph.emit("smin", kind, x, one))


def _round(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, graph, x = _out(eqn), low.graph, args[0]
    if int(eqn.params["rounding_method"]) == 1:
        return graph.emit("roundeven", kind, x)
    whole = graph.emit("trunc.f", kind, x)
    far = graph.emit("fcmp oge", "i1", graph.emit("fabs", kind, graph.emit("fsub", kind, x, whole)),
                     graph.constant(0.5, kind))  # fmt: skip
    up = graph.emit("select", kind, graph.emit("fcmp ogt", "i1", x, graph.constant(0, kind)),
                    graph.constant(1, kind), graph.constant(-1, kind))  # fmt: skip
    return graph.emit("select", kind, far, graph.emit("fadd", kind, whole, up), whole)


def _integer_pow(low: Lowering, eqn: Any, args: list[Any]) -> int:
    return power(low.graph, _out(eqn), args[0], int(eqn.params["y"]))


def power(graph: Graph, kind: str, x: int, exponent: int) -> int:
    """x to a whole power by repeated squaring, in the order that JAX uses."""
    op, n, result = "fmul" if kind in ("double", "float") else "mul", abs(exponent), None
    while n:
        if n & 1:
            result = x if result is None else graph.emit(op, kind, result, x)
        n >>= 1
        if n:
            x = graph.emit(op, kind, x, x)
    one = graph.constant(1, kind)
    if result is None:
        return one
    return graph.emit("fdiv", kind, one, result) if exponent < 0 else result


def _pow(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, exponent = _out(eqn), low.graph.number(args[1])
    if exponent is not None and float(exponent).is_integer() and abs(exponent) <= 32:
        return power(low.graph, kind, args[0], int(exponent))
    if exponent == 0.5:
        return low.graph.emit("sqrt", kind, args[0])
    return int(low.define("pow", eqn, args)[0])


def _square(low: Lowering, eqn: Any, args: list[Any]) -> int:
    return power(low.graph, _out(eqn), args[0], 2)


def _rsqrt(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind, graph = _out(eqn), low.graph
    return graph.emit("fdiv", kind, graph.constant(1, kind), graph.emit("sqrt", kind, args[0]))


def _int_div(low: Lowering, eqn: Any, args: list[Any]) -> int:
    """Quotient towards zero; x / 0 is -1 and the most negative / -1 is itself, as in JAX (a processor would trap).

    A variable 32-bit quotient goes through float64, which is exact there and has a vector instruction.
    """
    kind, graph, unsigned = _out(eqn), low.graph, _is_unsigned(eqn)
    divisor = graph.number(args[1])
    if divisor is not None and int(divisor) not in (0, -1):
        return graph.emit("udiv" if unsigned else "sdiv", kind, *args)
    if kind != "i32":
        raise EngineError(f"division of {eqn.invars[0].aval.dtype} by a variable{source_line(eqn)}: use int32")
    wide = [graph.emit("uitofp" if unsigned else "sitofp", "double", a) for a in args]
    whole = graph.emit("fptosi.sat", "i64", graph.emit("fdiv", "double", *wide))
    nothing = graph.emit("icmp eq", "i1", args[1], graph.constant(0, kind))
    return graph.emit("select", kind, nothing, graph.constant(-1, kind), graph.emit("trunc", kind, whole))


def _div(low: Lowering, eqn: Any, args: list[Any]) -> int:
    return _binary(low, eqn, args) if _is_float(eqn) else _int_div(low, eqn, args)


def _rem(low: Lowering, eqn: Any, args: list[Any]) -> int:
    """Remainder with the sign of the dividend; x rem 0 is x for integers."""
    kind, graph = _out(eqn), low.graph
    quotient = _int_div(low, eqn, args)
    rest = graph.emit("sub", kind, args[0], graph.emit("mul", kind, quotient, args[1]))
    nothing = graph.emit("icmp eq", "i1", args[1], graph.constant(0, kind))
    return graph.emit("select", kind, nothing, args[0], rest)


def _convert(low: Lowering, eqn: Any, args: list[Any]) -> int:
    old, new = np.dtype(eqn.invars[0].aval.dtype), np.dtype(eqn.outvars[0].aval.dtype)
    return convert(low.graph, args[0], old, new)


def convert(graph: Graph, x: int, old: Any, new: Any) -> int:
    """Another number type; floats to integers saturate and NaN gives 0, as in JAX."""
    source, kind = llvm_type(old), llvm_type(new)
    if new == np.bool_ and old != np.bool_:
        return graph.emit("fcmp une" if old.kind == "f" else "icmp ne", "i1", x, graph.constant(0, source))
    if source == kind:
        return x
    if old.kind == new.kind == "f":
        return graph.emit("fpext" if new.itemsize > old.itemsize else "fptrunc", kind, x)
    if old.kind == "f":
        return graph.emit("fptoui.sat" if new.kind == "u" else "fptosi.sat", kind, x)
    if new.kind == "f":
        return graph.emit("uitofp" if old.kind in "ub" else "sitofp", kind, x)
    if old == np.bool_ or new.itemsize > old.itemsize:
        return graph.emit("zext" if old.kind in "ub" else "sext", kind, x)
    return graph.emit("trunc", kind, x)


def _bitcast(low: Lowering, eqn: Any, args: list[Any]) -> int:
    kind = _out(eqn)
    return args[0] if low.graph.nodes[args[0]].type == kind else low.graph.emit("bitcast", kind, args[0])


def _count(low: Lowering, eqn: Any, args: list[Any]) -> int:
    return low.graph.emit({"population_count": "ctpop", "clz": "ctlz"}[eqn.primitive.name], _out(eqn), args[0])


def _gather(low: Lowering, eqn: Any, args: list[Any]) -> int:
    """One element of a 1-D table."""
    if not isinstance(args[0], Table) or tuple(eqn.params["slice_sizes"]) != (1,):
        raise EngineError(f"{eqn.primitive.name!r}{source_line(eqn)}: only one element of a 1-D table can be looked up")
    graph, index = low.graph, unwrapped(low.graph, args[1])
    if (kind := graph.nodes[index].type) != "i32":
        index = graph.emit("trunc" if kind == "i64" else "sext", "i32", index)
    value = graph.emit("gather", args[0].type, index, attr=args[0].index)
    return graph.emit("fpext", "double", value) if (args[0].type, _out(eqn)) == ("float", "double") else value


def unwrapped(graph: Graph, index: int) -> int:
    """The index i behind `select(i < 0, i + length, i)`: a promised index needs no counting from the end."""
    node = graph.nodes[index]
    if node.op == "select":
        which, wrapped, plain = (graph.nodes[a] for a in node.args)
        if which.op == "icmp slt" and which.args[0] == node.args[2] and wrapped.op == "add" and plain is not None:
            return node.args[2] if node.args[2] in wrapped.args else index
    return index


RULES: dict[str, Rule] = {
    **dict.fromkeys(("add", "sub", "mul", "xor", "or", "and"), _binary),
    **dict.fromkeys(("shift_left", "shift_right_logical", "shift_right_arithmetic"), _binary),
    **dict.fromkeys(FLOAT_UNARY, _unary),
    **dict.fromkeys(COMPARE, _compare),
    "max": _extreme, "min": _extreme, "clamp": _clamp, "select_n": _select, "not": _not, "is_finite": _is_finite,
    "sign": _sign, "round": _round, "integer_pow": _integer_pow, "pow": _pow, "square": _square, "rsqrt": _rsqrt,
    "div": _div, "rem": _rem, "convert_element_type": _convert, "bitcast_convert_type": _bitcast,
    "population_count": _count, "clz": _count, "gather": _gather, "dynamic_slice": _gather,
}  # fmt: skip
