"""Forward derivatives of a flight: the step's own functions, each with its tangent beside it.

`program` turns any `Program` into one whose carry is (value, tangent) and whose parameters are (value, direction). A
lane of it flies the flight and its derivative along one direction of the parameters; lanes side by side fly many
directions. There is one copy of the physics: the tangent step is made from the trace of the model's own functions, one
rule per primitive, and an engine prints it like any other step.

What is derived is the map that is flown, tick by tick, for a given seed. Where a number is decided by a comparison, a
rounding or a hash, its tangent is that of the branch taken:

- `floor`, `round`, conversions to int32, comparisons and hashed chance have no tangent;
- `where`, `maximum`, `minimum`, `clip` and `abs` hand on the tangent of what they choose (at a tie, of the first);
- the derivative of `sqrt` and of a power at 0, which is infinite, is taken as 0: such a root is a length or a speed
  that vanishes, as of an aircraft that stands;
- the tick at which a mode or a leg changes does not move. Over a window without such changes the tangent is the
  derivative of the flight; over one with them it lacks what the shift of their time does (`docs/gradients.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from samruk.engine import Program
from samruk.errors import InputError
from samruk.lazy import jax, jnp
from samruk.leaves import flatten

CALLS = frozenset((
    "jit", "pjit", "closed_call", "core_call", "custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr",
    "checkpoint", "remat", "remat2",
))  # fmt: skip
"""Primitives that hold a jaxpr of their own."""

Scalar = Any
Tangent = Any
"""A scalar, or None where it is zero whatever the direction."""


@dataclass(frozen=True)
class Dual:
    """A nest of scalars and the same nest of their derivatives; int32 leaves have none."""

    value: Any
    """As the program itself would have it."""
    tangent: Any
    """Derivative of each float leaf along the direction; None at int32 leaves."""


def program(plain: Program) -> Program:
    """The program that flies `plain` and its derivative along one direction.

    Its carry, parameters and frame are `Dual`s of those of `plain`: a field `world.fuel` is `value.world.fuel`, its
    derivative `tangent.world.fuel`. Values have the bits of the plain program's up to the compiler's order of
    operations; tables have no tangent.

    Args:
        plain: any program.

    Returns:
        A program for `engine.open`, with a key of its own where `plain` has one.
    """
    return Program(
        fast=_derived(plain.fast, 2),
        mission=_derived(plain.mission, 3),
        slow=_derived(plain.slow, 3),
        frame=_derived(plain.frame, 2),
        carry=still(plain.carry),
        params=still(plain.params),
        tables=plain.tables,
        fast_per_mission=plain.fast_per_mission,
        mission_per_slow=plain.mission_per_slow,
        key=plain.key and f"tangent-{plain.key}",
    )


def still(tree: Any) -> Dual:
    """A nest with a tangent of zero: a start, or parameters, that the direction does not touch."""
    return Dual(tree, _like(tree, {}))


def along(params: Any, direction: Mapping[str, float]) -> Dual:
    """Parameters with a direction.

    Args:
        params: the values, a nest of dataclasses.
        direction: change of each named float leaf, per unit of the direction, in the leaf's own unit; others stay.

    Raises:
        InputError: there is no such leaf, or it is an int32 and has no derivative.
    """
    known = flatten(params)
    for name in direction:
        if name not in known:
            raise InputError(f"there is no value named {name!r}", hint="Names are paths, as `task.loading.fuel`.")
        if not _is_real(known[name]):
            raise InputError(f"{name} is a whole number and has no derivative", hint="Fly it again with another value.")
    return Dual(params, _like(params, direction))


def _is_real(value: Any) -> bool:
    """Whether a leaf is a float."""
    return np.asarray(value).dtype.kind == "f" if not hasattr(value, "dtype") else value.dtype.kind == "f"


def _like(tree: Any, values: Mapping[str, Any], path: str = "") -> Any:
    """The nest of a tree's tangents: given values, else 0; None at int32 leaves."""
    if tree is None:
        return None
    if isinstance(tree, tuple | list):
        return type(tree)(_like(x, values, f"{path}.{k}" if path else str(k)) for k, x in enumerate(tree))
    if is_dataclass(tree) and not isinstance(tree, type):
        names = {f.name: f"{path}.{f.name}" if path else f.name for f in fields(tree) if f.init}
        return replace(tree, **{key: _like(getattr(tree, key), values, name) for key, name in names.items()})
    return values.get(path, 0.0) if _is_real(tree) else None


# The tangent of a function --------------------------------------------------------------------------------------------


def _derived(function: Callable[..., Any], arguments: int) -> Callable[..., Any]:
    """A tempo of the tangent program; the first two arguments are `Dual`s, the third has no tangent."""

    def call(*given: Any) -> Dual:
        duals, rest = given[:2], given[2:arguments]
        trees = [*(dual.value for dual in duals), *rest]
        values = [value for tree in trees for value in _leaves(tree)]
        moved = [t for dual in duals for t in _tangents(dual.value, dual.tangent)]
        moved += [None] * (len(values) - len(moved))
        shape: list[Any] = []

        def flat(*numbers: Any) -> list[Any]:
            held = iter(numbers)
            result = function(*(_rebuilt(tree, held) for tree in trees))
            shape.append(result)
            return [jnp.asarray(x, _dtype(x)) for x in _leaves(result)]

        closed = jax.make_jaxpr(flat)(*values)
        out, tangents = push(closed.jaxpr, closed.consts, values, moved)
        return Dual(_rebuilt(shape[-1], iter(out)), _gathered(shape[-1], iter(zip(out, tangents, strict=True))))

    return call


def _dtype(value: Any) -> Any:
    """The type of a leaf that a function returns; a Python number, and what is as free, is float64 or int32."""
    free = isinstance(value, int | float) or getattr(value, "weak_type", False)
    kind = jnp.asarray(value).dtype
    return {"f": jnp.float64, "i": jnp.int32}.get(kind.kind, kind) if free else kind


def _leaves(tree: Any) -> Iterator[Any]:
    """Leaves in order."""
    if tree is None:
        return
    if isinstance(tree, tuple | list):
        for item in tree:
            yield from _leaves(item)
    elif is_dataclass(tree) and not isinstance(tree, type):
        for f in fields(tree):
            if f.init:
                yield from _leaves(getattr(tree, f.name))
    else:
        yield tree


def _rebuilt(tree: Any, values: Iterator[Any]) -> Any:
    """The nest with other leaves."""
    if tree is None:
        return None
    if isinstance(tree, tuple | list):
        return type(tree)(_rebuilt(item, values) for item in tree)
    if is_dataclass(tree) and not isinstance(tree, type):
        return replace(tree, **{f.name: _rebuilt(getattr(tree, f.name), values) for f in fields(tree) if f.init})
    return next(values)


def _tangents(value: Any, tangent: Any) -> Iterator[Tangent]:
    """Tangents in the order of the leaves."""
    if value is None:
        return
    if isinstance(value, tuple | list):
        for v, t in zip(value, tangent, strict=True):
            yield from _tangents(v, t)
    elif is_dataclass(value) and not isinstance(value, type):
        for f in fields(value):
            if f.init:
                yield from _tangents(getattr(value, f.name), getattr(tangent, f.name))
    else:
        yield tangent


def _gathered(tree: Any, pairs: Iterator[tuple[Scalar, Tangent]]) -> Any:
    """The nest of tangents of a result; a constant's is 0, an int32's None."""

    def one() -> Any:
        value, tangent = next(pairs)
        if value.dtype.kind != "f":
            return None
        return jnp.zeros((), value.dtype) if tangent is None else tangent

    return _rebuilt(tree, iter(one, object()))


def push(jaxpr: Any, consts: Any, values: list[Any], tangents: list[Tangent]) -> tuple[list[Any], list[Tangent]]:
    """Values and tangents of a jaxpr's outputs for those of its inputs; None is a tangent of zero."""
    env: dict[Any, tuple[Any, Tangent]] = {}
    env.update((var, (value, None)) for var, value in zip(jaxpr.constvars, consts, strict=True))
    env.update(zip(jaxpr.invars, zip(values, tangents, strict=True), strict=True))

    def read(var: Any) -> tuple[Any, Tangent]:
        return (var.val, None) if hasattr(var, "val") else env[var]

    for eqn in jaxpr.eqns:
        given = [read(var) for var in eqn.invars]
        results = _equation(eqn, [v for v, _ in given], [t for _, t in given])
        env.update(zip(eqn.outvars, results, strict=True))
    found = [read(var) for var in jaxpr.outvars]
    return [v for v, _ in found], [t for _, t in found]


def _equation(eqn: Any, values: list[Any], tangents: list[Tangent]) -> list[tuple[Any, Tangent]]:
    """One equation: by its own jaxpr, without tangent, by a rule of `RULES`, else by JAX's rule."""
    name = eqn.primitive.name
    if name in CALLS:
        inner = eqn.params.get("jaxpr") or eqn.params.get("call_jaxpr")
        got = push(getattr(inner, "jaxpr", inner), getattr(inner, "consts", ()), values, tangents)
        return list(zip(*got, strict=True))
    bound = eqn.primitive.bind(*values, **eqn.params)
    results = list(bound) if eqn.primitive.multiple_results else [bound]
    if all(t is None for t in tangents) or all(r.dtype.kind != "f" for r in results):
        return [(r, None) for r in results]
    if name in RULES:
        return [(results[0], RULES[name](results[0], values, tangents, eqn.params))]
    return [(results[0], _by_jax(eqn, values, tangents))]


def _by_jax(eqn: Any, values: list[Any], tangents: list[Tangent]) -> Tangent:
    """The tangent by JAX's own rule of a primitive, over the inputs that have one."""
    moving = [k for k, t in enumerate(tangents) if t is not None]

    def of_moving(*given: Any) -> Any:
        inputs = list(values)
        for k, value in zip(moving, given, strict=True):
            inputs[k] = value
        return eqn.primitive.bind(*inputs, **eqn.params)

    return jax.jvp(of_moving, [values[k] for k in moving], [tangents[k] for k in moving])[1]


Rule = Callable[[Any, list[Any], list[Tangent], dict[str, Any]], Tangent]


def _or_zero(tangent: Tangent, like: Any) -> Any:
    """A tangent as a number."""
    return jnp.zeros_like(like) if tangent is None else tangent


def _chosen(first: Any, result: Any, a: Tangent, b: Tangent) -> Tangent:
    """The tangent of the first where it is chosen, else of the second."""
    return jnp.where(first, _or_zero(a, result), _or_zero(b, result))


def _max(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return _chosen(v[0] >= v[1], z, *t)


def _min(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return _chosen(v[0] <= v[1], z, *t)


def _clamp(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    low = _chosen(v[1] < v[0], z, t[0], t[1])
    return _chosen(v[1] > v[2], z, t[2], low)


def _select(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return jax.lax.select_n(v[0], *(_or_zero(each, z) for each in t[1:]))


def _sqrt(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return jnp.where(z > 0.0, t[0] * 0.5 / jnp.where(z > 0.0, z, 1.0), 0.0)


def _abs(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return jnp.where(v[0] < 0.0, -t[0], t[0])


def _div(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    if t[1] is None:
        return t[0] / v[1]
    return (_or_zero(t[0], z) - z * t[1]) / v[1]


def _pow(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    """x^y: y x^y / x dx + x^y log x dy, for x > 0."""
    safe = jnp.where(v[0] > 0.0, v[0], 1.0)
    by_x = 0.0 if t[0] is None else v[1] * z / safe * t[0]
    by_y = 0.0 if t[1] is None else z * jnp.log(safe) * t[1]
    return jnp.where(v[0] > 0.0, by_x + by_y, 0.0)


def _mul(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    if t[0] is None:
        return v[0] * t[1]
    return t[0] * v[1] if t[1] is None else t[0] * v[1] + v[0] * t[1]


def _add(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    if t[0] is None or t[1] is None:
        return t[0] if t[1] is None else t[1]
    return t[0] + t[1]


def _sub(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    if t[0] is None or t[1] is None:
        return t[0] if t[1] is None else -t[1]
    return t[0] - t[1]


def _atan2(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    """(x dy - y dx) / (x^2 + y^2); 0 at the origin."""
    square = v[0] * v[0] + v[1] * v[1]
    turned = v[1] * _or_zero(t[0], z) - v[0] * _or_zero(t[1], z)
    return jnp.where(square > 0.0, turned / jnp.where(square > 0.0, square, 1.0), 0.0)


def _exp(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return z * t[0]


def _tanh(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return (1.0 - z * z) * t[0]


def _none(z: Any, v: list[Any], t: list[Tangent], params: dict[str, Any]) -> Tangent:
    return None


RULES: dict[str, Rule] = {
    "add": _add, "sub": _sub, "mul": _mul, "div": _div, "max": _max, "min": _min, "clamp": _clamp,
    "select_n": _select, "abs": _abs, "sqrt": _sqrt, "pow": _pow, "atan2": _atan2, "exp": _exp, "tanh": _tanh,
    "floor": _none, "ceil": _none, "round": _none, "sign": _none, "stop_gradient": _none,
}  # fmt: skip
"""Rules where JAX's own is dear (a division for each maximum) or ends in 0 times infinity."""
