"""A model that was read: variables in the order in which they can be computed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samruk.daveml.mathml import Function
from samruk.errors import InputError
from samruk.lazy import jnp

Scalar = Any


@dataclass(frozen=True)
class Variable:
    """One variable."""

    key: str
    """varID: the identifier inside the file."""
    name: str
    """The name by which others know it."""
    units: str
    is_input: bool
    is_output: bool
    initial: float | None
    """Value of a constant, or of an input that is not given."""
    low: float | None
    high: float | None
    """Limits: a value beyond one is taken as it."""
    function: Function | None
    """Its calculation or table; None for inputs and constants."""
    needs: frozenset[str]
    """Identifiers that it is computed from."""


@dataclass(frozen=True)
class Expected:
    """A value that a check case gives."""

    key: str
    value: float
    tolerance: float


@dataclass(frozen=True)
class CheckCase:
    """A check point that comes with the file."""

    name: str
    inputs: dict[str, float]
    """By variable name."""
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class Model:
    """A DAVE-ML model."""

    title: str
    variables: dict[str, Variable]
    """By identifier, in an order in which each follows what it needs."""
    cases: tuple[CheckCase, ...] = ()
    place: str = field(default="", compare=False)

    @property
    def inputs(self) -> tuple[Variable, ...]:
        """What it is computed from."""
        return tuple(v for v in self.variables.values() if v.is_input)

    @property
    def outputs(self) -> tuple[Variable, ...]:
        """What it gives."""
        return tuple(v for v in self.variables.values() if v.is_output)

    def all_values(self, given: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Every variable by identifier.

        Args:
            given: inputs by name, in the units of the file.

        Raises:
            InputError: an input is missing and has no initial value, or a name is no input.
        """
        unknown = sorted(set(given) - {v.name for v in self.inputs})
        if unknown:
            told = f"Inputs: {', '.join(v.name for v in self.inputs)}."
            raise InputError(f"{unknown[0]} is no input", self.place, told)
        known: dict[str, Scalar] = {}
        for key, variable in self.variables.items():
            if variable.function is not None:
                value = variable.function(known)
            else:
                value = given.get(variable.name, variable.initial) if variable.is_input else variable.initial
                if value is None:
                    raise InputError(f"the input {variable.name} ({variable.units}) is missing", self.place)
            known[key] = _limited(value, variable)
        return known

    def evaluate(self, given: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Outputs by name, in the units of the file."""
        known = self.all_values(given)
        return {variable.name: known[variable.key] for variable in self.outputs}

    def check(self) -> list[tuple[str, str, float, float]]:
        """Every check point: (case, variable, miss, tolerance)."""
        found = []
        for case in self.cases:
            known = self.all_values(case.inputs)
            for expected in case.expected:
                miss = abs(float(known[expected.key]) - expected.value)
                found.append((case.name, expected.key, miss, expected.tolerance))
        return found


def _limited(value: Scalar, variable: Variable) -> Scalar:
    if variable.low is None and variable.high is None:
        return value
    low = -math.inf if variable.low is None else variable.low
    high = math.inf if variable.high is None else variable.high
    if isinstance(value, (int, float)):
        return min(max(value, low), high)
    value = value if variable.low is None else jnp.maximum(value, low)
    return value if variable.high is None else jnp.minimum(value, high)
