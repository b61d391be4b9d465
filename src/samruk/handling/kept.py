"""Compiled functions that are kept on disk: the next start needs no compiling, only the tracing that proves it is the
same function.

An entry lies in the engine's folder under the hash of the lowered text, of JAX and of the processor; a damaged or
foreign entry is compiled anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jax.experimental import serialize_executable

from samruk.engine import cache
from samruk.engine.compile import processor
from samruk.lazy import jax


def compiled(function: Callable[..., Any], *arguments: Any) -> Callable[..., Any]:
    """A function compiled for the shapes of its arguments.

    Args:
        function: of arrays.
        arguments: examples, or shapes with types; float64 is in force.

    Returns:
        The compiled function, for arguments of exactly these shapes.
    """
    lowered = jax.jit(function).lower(*arguments)
    name = f"{cache.digest(lowered.as_text(), jax.__version__, *processor())}.xla"
    kept = cache.read(name)
    if kept is not None:
        trees = jax.tree.structure((arguments, {})), lowered.out_tree
        try:
            loaded: Callable[..., Any] = serialize_executable.deserialize_and_load(kept, *trees)
            return loaded
        except Exception:  # whatever is wrong with a kept entry, compiling is the answer
            pass
    made: Any = lowered.compile()
    cache.write(name, serialize_executable.serialize(made)[0])
    return made  # type: ignore[no-any-return]
