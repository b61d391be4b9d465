"""Compiled functions that are kept on disk, so that the next start neither traces nor compiles.

An entry lies in the engine's folder under the hash of the sources it is made of, of its shapes, of JAX and of the
processor; a damaged or foreign entry is compiled anew.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import resources
from typing import Any

import numpy as np

from samruk.engine import cache
from samruk.engine.compile import processor
from samruk.lazy import jax

SOURCES = ("aircraft", "handling", "plant", "weather")
"""Folders of the package, besides its own files, that hold what is compiled here."""


def compiled(name: str, function: Callable[..., Any], answer: Any, *arguments: Any) -> Callable[..., Any]:
    """A function compiled for the shapes of its arguments.

    Args:
        name: its own among all that are kept.
        function: of float64 arrays.
        answer: anything of the structure of what it returns.
        arguments: examples of its arguments; float64 is in force.

    Returns:
        The compiled function, for arguments of exactly these shapes.
    """
    from jax.experimental import serialize_executable

    shapes = [np.shape(argument) for argument in arguments]
    entry = f"{cache.digest(name, shapes, sources(), jax.__version__, *processor())}.xla"
    known = cache.read(entry)
    if known is not None:
        _ready()
        trees = jax.tree.structure((arguments, {})), jax.tree.structure(answer)
        try:
            loaded: Callable[..., Any] = serialize_executable.deserialize_and_load(known, *trees)
            return loaded
        except Exception:  # whatever is wrong with a kept entry, compiling is the answer
            pass
    made: Any = jax.jit(function).lower(*arguments).compile()
    cache.write(entry, serialize_executable.serialize(made)[0])
    return made  # type: ignore[no-any-return]


@functools.cache
def _ready() -> None:
    """Lowering a solve makes JAX bind the LAPACK that a kept function calls; without it the call leads nowhere."""
    jax.jit(jax.numpy.linalg.solve).lower(np.eye(2), np.ones(2))


@functools.cache
def sources() -> str:
    """A hash of all that the compiled functions are written in."""
    package = resources.files("samruk")
    texts = [file for place in (package, *(package / name for name in SOURCES)) for file in place.iterdir()]
    named = sorted((file.name, file.read_bytes().hex()) for file in texts if file.name.endswith(".py"))
    return cache.digest(*(text for pair in named for text in pair))
