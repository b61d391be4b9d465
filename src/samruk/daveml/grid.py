"""Gridded tables: linear between breakpoints in any number of dimensions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk.lazy import jnp
from samruk.tables import lookup, to_int

Scalar = Any


@dataclass(frozen=True)
class Axis:
    """One independent variable of a table."""

    variable: str
    """Its identifier."""
    points: tuple[float, ...]
    """Breakpoints, increasing."""
    below: bool
    """Whether the first interval's line goes on below it."""
    above: bool
    """Whether the last interval's line goes on above it."""
    low: float | None = None
    """Least value that is looked up."""
    high: float | None = None
    """Greatest value that is looked up."""


@dataclass(frozen=True)
class Grid:
    """A table; the last axis changes fastest."""

    axes: tuple[Axis, ...]
    values: np.ndarray[Any, Any]
    """1-D, float64."""

    def at(self, places: Sequence[Scalar]) -> Scalar:
        """The value at a place, one number for each axis."""
        found = [_between(axis, place) for axis, place in zip(self.axes, places, strict=True)]
        strides = [int(np.prod([len(axis.points) for axis in self.axes[k + 1 :]])) for k in range(len(self.axes))]
        base = sum(index * stride for (index, _), stride in zip(found, strides, strict=True))
        total: Scalar = 0.0
        for corner in itertools.product((0, 1), repeat=len(found)):
            weight: Scalar = 1.0
            for bit, (_, part) in zip(corner, found, strict=True):
                weight = weight * (part if bit else 1.0 - part)
            step = sum(bit * stride for bit, stride in zip(corner, strides, strict=True))
            total = total + weight * lookup(jnp.asarray(self.values), base + step)
        return total


def _between(axis: Axis, place: Scalar) -> tuple[Scalar, Scalar]:
    """Index of the breakpoint before a place, and the part of the way to the next."""
    points = np.asarray(axis.points)
    low = points[0] if not axis.below else -np.inf
    high = points[-1] if not axis.above else np.inf
    low = max(low, -np.inf if axis.low is None else axis.low)
    high = min(high, np.inf if axis.high is None else axis.high)
    x = jnp.asarray(place, jnp.float64)
    if np.isfinite(low):
        x = jnp.maximum(x, float(low))
    if np.isfinite(high):
        x = jnp.minimum(x, float(high))
    index = sum((to_int(x >= float(point)) for point in points[1:-1]), jnp.zeros_like(x, jnp.int32))
    start = lookup(jnp.asarray(points), index)
    return index, (x - start) / (lookup(jnp.asarray(points), index + 1) - start)
