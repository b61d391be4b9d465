"""Functions of a JSBSim file: trees of operations over named properties, evaluated as scalars of the step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any
from xml.etree.ElementTree import Element

from samruk.errors import AircraftError
from samruk.frames import Scalar
from samruk.jsbsim_file import table
from samruk.jsbsim_file.text import number, refused
from samruk.lazy import jnp
from samruk.tables import to_float


@dataclass(frozen=True)
class Value:
    """A number."""

    number: float


@dataclass(frozen=True)
class Property:
    """A property by its name, or its negative."""

    name: str
    sign: float


@dataclass(frozen=True)
class Lookup:
    """A table over properties."""

    table: table.Grid | table.Stack
    variables: tuple[Property, ...]


@dataclass(frozen=True)
class Operation:
    """An operation on expressions."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Value | Property | Lookup | Operation

NAMES = {"v": "value", "p": "property", "t": "table"}
"""Short names of elements."""
TOLD = ("description", "documentation")
"""Elements that only tell."""
ANY = range(1, 1000)

OPERATIONS: dict[str, tuple[range, Callable[[Sequence[Scalar]], Scalar]]] = {
    "sum": (ANY, lambda a: reduce(lambda x, y: x + y, a)),
    "difference": (ANY, lambda a: reduce(lambda x, y: x - y, a)),
    "product": (ANY, lambda a: reduce(lambda x, y: x * y, a)),
    "quotient": (range(2, 3), lambda a: a[0] / a[1]),
    "avg": (ANY, lambda a: reduce(lambda x, y: x + y, a) / len(a)),
    "min": (ANY, lambda a: reduce(jnp.minimum, a)),
    "max": (ANY, lambda a: reduce(jnp.maximum, a)),
    "pow": (range(2, 3), lambda a: a[0] ** a[1] if _plain(a[1]) else jnp.power(a[0], a[1])),
    "sqrt": (range(1, 2), lambda a: jnp.sqrt(a[0])),
    "exp": (range(1, 2), lambda a: jnp.exp(a[0])),
    "ln": (range(1, 2), lambda a: jnp.log(a[0])),
    "log2": (range(1, 2), lambda a: jnp.log(a[0]) / math.log(2.0)),
    "log10": (range(1, 2), lambda a: jnp.log(a[0]) / math.log(10.0)),
    "abs": (range(1, 2), lambda a: jnp.abs(a[0])),
    "sign": (range(1, 2), lambda a: jnp.where(a[0] < 0.0, -1.0, 1.0)),
    "sin": (range(1, 2), lambda a: jnp.sin(a[0])),
    "cos": (range(1, 2), lambda a: jnp.cos(a[0])),
    "tan": (range(1, 2), lambda a: jnp.tan(a[0])),
    "asin": (range(1, 2), lambda a: jnp.arctan2(a[0], jnp.sqrt((1.0 - a[0]) * (1.0 + a[0])))),
    "acos": (range(1, 2), lambda a: jnp.arctan2(jnp.sqrt((1.0 - a[0]) * (1.0 + a[0])), a[0])),
    "atan": (range(1, 2), lambda a: jnp.arctan2(a[0], 1.0)),
    "atan2": (range(2, 3), lambda a: jnp.arctan2(a[0], a[1])),
    "toradians": (range(1, 2), lambda a: a[0] * (math.pi / 180.0)),
    "todegrees": (range(1, 2), lambda a: a[0] * (180.0 / math.pi)),
    "floor": (range(1, 2), lambda a: jnp.floor(a[0])),
    "ceil": (range(1, 2), lambda a: -jnp.floor(-a[0])),
    "integer": (range(1, 2), lambda a: jnp.where(a[0] < 0.0, -jnp.floor(-a[0]), jnp.floor(a[0]))),
    "fraction": (range(1, 2), lambda a: a[0] - jnp.where(a[0] < 0.0, -jnp.floor(-a[0]), jnp.floor(a[0]))),
    "pi": (range(0, 1), lambda a: math.pi),
    "lt": (range(2, 3), lambda a: to_float(a[0] < a[1])),
    "le": (range(2, 3), lambda a: to_float(a[0] <= a[1])),
    "gt": (range(2, 3), lambda a: to_float(a[0] > a[1])),
    "ge": (range(2, 3), lambda a: to_float(a[0] >= a[1])),
    "eq": (range(2, 3), lambda a: to_float(a[0] == a[1])),
    "nq": (range(2, 3), lambda a: to_float(a[0] != a[1])),
    "and": (ANY, lambda a: reduce(lambda x, y: x * y, [to_float(x != 0.0) for x in a])),
    "or": (ANY, lambda a: reduce(jnp.maximum, [to_float(x != 0.0) for x in a])),
    "not": (range(1, 2), lambda a: to_float(a[0] == 0.0)),
    "ifthen": (range(3, 4), lambda a: jnp.where(a[0] != 0.0, a[1], a[2])),
}
"""Name -> how many arguments it takes, and what it does."""


def _plain(value: Any) -> bool:
    return isinstance(value, float)


def read(element: Element, data: list[float]) -> Expression:
    """What a <function> computes; numbers of tables are added to `data`.

    Raises:
        AircraftError: an element that is not known, by name and line.
    """
    inner = [part for part in element if part.tag not in TOLD]
    if len(inner) != 1:
        raise refused(element, f"function {element.get('name')!r} holds {len(inner)} expressions; it must hold one")
    return _node(inner[0], data)


def _node(element: Element, data: list[float]) -> Expression:
    name = NAMES.get(element.tag, element.tag)
    if name == "value":
        return Value(number(element))
    if name == "property":
        return reference(element.text or "")
    if name == "table":
        variables, found = table.read(element, data)
        places = ("row", "column", "table")
        return Lookup(found, tuple(reference(variables[place]) for place in places if place in variables))
    if name not in OPERATIONS:
        raise refused(element, f"the operation {element.tag!r} is not read")
    arguments = tuple(_node(part, data) for part in element if part.tag not in TOLD)
    allowed = OPERATIONS[name][0]
    if len(arguments) not in allowed:
        raise refused(element, f"{name!r} with {len(arguments)} arguments; it takes {allowed[0]} to {allowed[-1]}")
    return Operation(name, arguments)


def reference(text: str) -> Property:
    """A property as a file names it; a minus before the name means its negative."""
    name = text.strip()
    return Property(name.removeprefix("-"), -1.0 if name.startswith("-") else 1.0)


def needed(expression: Expression) -> Iterator[str]:
    """Names of the properties that an expression reads."""
    if isinstance(expression, Property):
        yield expression.name
    elif isinstance(expression, Lookup):
        yield from (variable.name for variable in expression.variables)
    elif isinstance(expression, Operation):
        for argument in expression.arguments:
            yield from needed(argument)


def evaluate(expression: Expression, properties: Mapping[str, Scalar], data: Any) -> Scalar:
    """Value of an expression.

    Args:
        expression: what to compute.
        properties: each in the unit that its name tells.
        data: numbers of all tables of the aircraft, float64.
    """
    if isinstance(expression, Value):
        return expression.number
    if isinstance(expression, Property):
        return _property(expression, properties)
    if isinstance(expression, Lookup):
        x, y, z = (*(_property(variable, properties) for variable in expression.variables), None, None)[:3]
        return table.at(expression.table, x, y, z, data)
    arguments = [evaluate(argument, properties, data) for argument in expression.arguments]
    return OPERATIONS[expression.name][1](arguments)


def _property(wanted: Property, properties: Mapping[str, Scalar]) -> Scalar:
    if wanted.name not in properties:
        raise AircraftError(f"the property {wanted.name!r} is read by a function, but nothing gives it a value")
    value = properties[wanted.name]
    return value if wanted.sign > 0.0 else -value
