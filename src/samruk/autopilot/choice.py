"""A choice between two nests of the same form."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import jax.numpy as jnp

T = TypeVar("T")


def choose(condition: Any, yes: T, no: T) -> T:
    """`yes` where the condition is true, else `no`: leaf by leaf."""
    if is_dataclass(yes) and not isinstance(yes, type):
        parts = {f.name: choose(condition, getattr(yes, f.name), getattr(no, f.name)) for f in fields(yes)}
        return type(yes)(**parts)  # type: ignore[return-value]
    return jnp.where(condition, yes, no)  # type: ignore[call-overload, no-any-return]


def rising(old: Any, target: Any, step: Any) -> Any:
    """`old` moved towards `target` by at most `step`."""
    return old + jnp.clip(target - old, -step, step)
