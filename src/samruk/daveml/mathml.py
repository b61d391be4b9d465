"""MathML content markup as functions of variables: what the DAVEfunc standard takes of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from samruk.errors import InputError
from samruk.lazy import jnp

Scalar = Any
Function = Callable[[Mapping[str, Scalar]], Scalar]
"""Variables by identifier -> value."""


def tag(element: Element) -> str:
    """A name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _minus(*x: Scalar) -> Scalar:
    return -x[0] if len(x) == 1 else x[0] - x[1]


def _log(x: Scalar, base: Scalar = 10.0) -> Scalar:
    return jnp.log(x) / jnp.log(jnp.asarray(base, jnp.float64))


def _ordered(compare: Callable[[Scalar, Scalar], Scalar]) -> Callable[..., Scalar]:
    """A relation of MathML holds between each two neighbours."""
    return lambda *x: reduce(jnp.logical_and, [compare(a, b) for a, b in pairwise(x)])


def _float(x: Scalar) -> Scalar:
    return jnp.asarray(x, jnp.float64)


OPERATORS: dict[str, tuple[Callable[..., Scalar], int, int | None]] = {
    "plus": (lambda *x: reduce(lambda a, b: a + b, x), 1, None),
    "minus": (_minus, 1, 2),
    "times": (lambda *x: reduce(lambda a, b: a * b, x), 1, None),
    "divide": (lambda a, b: a / b, 2, 2),
    "power": (lambda a, b: jnp.power(_float(a), b) if not float_is_whole(b) else _float(a) ** int(b), 2, 2),
    "root": (lambda a: jnp.sqrt(_float(a)), 1, 1),
    "abs": (lambda a: jnp.abs(_float(a)), 1, 1),
    "floor": (lambda a: jnp.floor(_float(a)), 1, 1),
    "ceiling": (lambda a: jnp.ceil(_float(a)), 1, 1),
    "quotient": (lambda a, b: jnp.trunc(_float(a) / b), 2, 2),
    "rem": (lambda a, b: a - b * jnp.trunc(_float(a) / b), 2, 2),
    "min": (lambda *x: reduce(jnp.minimum, map(_float, x)), 1, None),
    "max": (lambda *x: reduce(jnp.maximum, map(_float, x)), 1, None),
    "exp": (lambda a: jnp.exp(_float(a)), 1, 1),
    "ln": (lambda a: jnp.log(_float(a)), 1, 1),
    "log": (lambda a: _log(_float(a)), 1, 1),
    "sin": (lambda a: jnp.sin(_float(a)), 1, 1),
    "cos": (lambda a: jnp.cos(_float(a)), 1, 1),
    "tan": (lambda a: jnp.sin(_float(a)) / jnp.cos(_float(a)), 1, 1),
    "sec": (lambda a: 1.0 / jnp.cos(_float(a)), 1, 1),
    "csc": (lambda a: 1.0 / jnp.sin(_float(a)), 1, 1),
    "cot": (lambda a: jnp.cos(_float(a)) / jnp.sin(_float(a)), 1, 1),
    "arcsin": (lambda a: jnp.arctan2(_float(a), jnp.sqrt(1.0 - _float(a) * a)), 1, 1),
    "arccos": (lambda a: jnp.arctan2(jnp.sqrt(1.0 - _float(a) * a), _float(a)), 1, 1),
    "arctan": (lambda a: jnp.arctan2(_float(a), _float(1.0)), 1, 1),
    "sinh": (lambda a: 0.5 * (jnp.exp(_float(a)) - jnp.exp(-_float(a))), 1, 1),
    "cosh": (lambda a: 0.5 * (jnp.exp(_float(a)) + jnp.exp(-_float(a))), 1, 1),
    "tanh": (lambda a: jnp.tanh(_float(a)), 1, 1),
    "eq": (_ordered(lambda a, b: _float(a) == _float(b)), 2, None),
    "neq": (lambda a, b: _float(a) != _float(b), 2, 2),
    "gt": (_ordered(lambda a, b: _float(a) > _float(b)), 2, None),
    "lt": (_ordered(lambda a, b: _float(a) < _float(b)), 2, None),
    "geq": (_ordered(lambda a, b: _float(a) >= _float(b)), 2, None),
    "leq": (_ordered(lambda a, b: _float(a) <= _float(b)), 2, None),
    "and": (lambda *x: reduce(jnp.logical_and, map(_truth, x)), 1, None),
    "or": (lambda *x: reduce(jnp.logical_or, map(_truth, x)), 1, None),
    "xor": (lambda *x: reduce(jnp.logical_xor, map(_truth, x)), 1, None),
    "not": (lambda a: jnp.logical_not(_truth(a)), 1, 1),
}
"""Operator -> (function, least and greatest number of operands)."""
SYMBOLS = {"atan2": (lambda y, x: jnp.arctan2(_float(y), _float(x)), 2, 2)}
"""csymbol of the standard -> the same."""
CONSTANTS = {"pi": math.pi, "exponentiale": math.e, "true": True, "false": False, "notanumber": math.nan}


def float_is_whole(value: Scalar) -> bool:
    """Whether an exponent is a small whole number known before flight."""
    return isinstance(value, (int, float)) and float(value).is_integer() and abs(value) <= 16


def _truth(value: Scalar) -> Scalar:
    """A condition; a number is true unless it is 0."""
    x = jnp.asarray(value)
    return x if x.dtype == bool else x != 0.0


def compiled(element: Element, place: str) -> tuple[Function, frozenset[str]]:
    """An expression as a function, and the variables that it needs.

    Raises:
        InputError: an element that the standard does not have, or operands of the wrong number.
    """
    name = tag(element)
    if name == "cn":
        number = _number(element, place)
        return (lambda known: number), frozenset()
    if name == "ci":
        wanted = (element.text or "").strip()
        return (lambda known: known[wanted]), frozenset([wanted])
    if name in CONSTANTS:
        constant = CONSTANTS[name]
        return (lambda known: constant), frozenset()
    if name == "piecewise":
        return _piecewise(element, place)
    if name == "apply":
        return _applied(element, place)
    raise InputError(f"the MathML element <{name}> is not known here", place, f"Known: {', '.join(sorted(OPERATORS))}.")


def _number(element: Element, place: str) -> float:
    parts = [element.text or "", *(child.tail or "" for child in element)]
    try:
        values = [float(part) for part in parts]
    except ValueError:
        raise InputError(f"<cn> holds {' '.join(parts).strip()!r}, not a number", place) from None
    kind = element.get("type", "real")
    if len(values) == 1:
        return values[0]
    if kind == "e-notation" and len(values) == 2:
        return float(f"{parts[0].strip()}e{int(values[1])}")
    if kind == "rational" and len(values) == 2 and values[1]:
        return values[0] / values[1]
    raise InputError(f"<cn type={kind!r}> of {len(values)} parts is not known", place)


def _applied(element: Element, place: str) -> tuple[Function, frozenset[str]]:
    if not len(element):
        raise InputError("<apply> is empty", place)
    operator, operands = element[0], list(element[1:])
    if tag(operator) == "piecewise" and not operands:  # as some writers wrap it
        return compiled(operator, place)
    known = SYMBOLS if tag(operator) == "csymbol" else OPERATORS
    name = (operator.text or "").strip() if tag(operator) == "csymbol" else tag(operator)
    if name not in known:
        raise InputError(f"the operator {name!r} is not known", place, f"Known: {', '.join(sorted(known))}.")
    function, least, most = known[name]
    if len(operands) < least or (most is not None and len(operands) > most):
        raise InputError(f"the operator {name!r} has {len(operands)} operands", place, f"It takes {least} or more.")
    inner = [compiled(operand, place) for operand in operands]
    needs = frozenset().union(*(need for _, need in inner))
    return (lambda values: function(*(part(values) for part, _ in inner))), needs


def _piecewise(element: Element, place: str) -> tuple[Function, frozenset[str]]:
    pieces, otherwise = [], None
    for child in element:
        if tag(child) == "piece" and len(child) == 2:
            pieces.append((compiled(child[0], place), compiled(child[1], place)))
        elif tag(child) == "otherwise" and len(child) == 1:
            otherwise = compiled(child[0], place)
        else:
            raise InputError(f"<{tag(child)}> is no part of a <piecewise>", place)
    if otherwise is None:
        raise InputError("a <piecewise> without <otherwise> has no value where no piece holds", place)
    last = otherwise

    def chosen(values: Mapping[str, Scalar]) -> Scalar:
        result = _float(last[0](values))
        for (value, _), (condition, _) in reversed(pieces):
            result = jnp.where(_truth(condition(values)), _float(value(values)), result)
        return result

    needs = last[1].union(*(need for pair in pieces for _, need in pair))
    return chosen, needs
