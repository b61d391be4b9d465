"""A limit on how fast a command moves."""

from __future__ import annotations

from typing import Any

from samruk.lazy import jnp

Scalar = Any


def rising(old: Scalar, target: Scalar, step: Scalar) -> Scalar:
    """`old` moved towards `target` by at most `step`."""
    return old + jnp.clip(target - old, -step, step)
