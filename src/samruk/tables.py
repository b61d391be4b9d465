"""Look-ups in one-dimensional tables and the two conversions that strict types ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import is_dataclass
from typing import Any

from samruk.lazy import jnp

Scalar = Any


def to_float(value: Scalar) -> Scalar:
    """An int32 or a truth value as float64."""
    return jnp.asarray(value).astype(jnp.float64)


def to_int(value: Scalar) -> Scalar:
    """A float (rounded towards zero) or a truth value as int32."""
    return jnp.asarray(value).astype(jnp.int32)


def pick(which: Scalar, new: Any, old: Any) -> Any:
    """`new` where `which` holds, else `old`, leaf by leaf of two nested dataclasses of one type."""
    parts = {}
    for name in type(new).__dataclass_fields__:
        a, b = getattr(new, name), getattr(old, name)
        parts[name] = pick(which, a, b) if is_dataclass(a) else jnp.where(which, a, b)
    return type(new)(**parts)


def lookup(table: Any, index: Scalar) -> Scalar:
    """One element of a 1-D table at an int32 index that lies inside it; the caller clamps it."""
    return table.at[jnp.asarray(index)].get(mode="promise_in_bounds", wrap_negative_indices=False)


def interpolate(breakpoints: Sequence[float], values: Sequence[float], x: Scalar) -> Scalar:
    """Piecewise linear function of x with a few fixed breakpoints, held constant outside them.

    Written as a sum of clipped ramps: no branch, no look-up.

    Args:
        breakpoints: increasing abscissae, in the unit of x.
        values: ordinates at the breakpoints.
        x: where.
    """
    total = values[0] + 0.0 * x
    for left, right, low, high in zip(breakpoints, breakpoints[1:], values, values[1:], strict=False):
        if high != low:
            total = total + (high - low) / (right - left) * jnp.clip(x - left, 0.0, right - left)
    return total


def column(table: Any, levels: Any, count: int, x: Scalar) -> tuple[Scalar, Scalar]:
    """Value and slope at x of a table over increasing levels, linear between them, held outside.

    Args:
        table: `count` values.
        levels: `count` increasing abscissae, in the unit of x.
        count: number of levels, at least 2.
        x: where.

    Returns:
        The value, and its derivative with respect to x (zero outside the levels).
    """
    index = 0 * to_int(x)
    for k in range(1, count - 1):
        index = index + to_int(x >= levels[k])
    left, right = lookup(levels, index), lookup(levels, index + 1)
    low, high = lookup(table, index), lookup(table, index + 1)
    slope = (high - low) / (right - left)
    inside = (x >= left) & (x <= right)
    return low + slope * (jnp.clip(x, left, right) - left), jnp.where(inside, slope, 0.0)
