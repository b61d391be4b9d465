"""Step functions of nested dataclasses, compiled by JAX for tests that take many steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

from samruk.engine.layout import rebuild, walk


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, compiled once for each form of its arguments: nested dataclasses or scalars."""
    cache: dict[Any, tuple[Any, list[Any]]] = {}

    def call(*arguments: Any) -> Any:
        leaves = tuple(value for _, value, _ in walk(list(arguments)))
        key = tuple(type(argument) for argument in arguments)
        if key not in cache:
            form: list[Any] = []

            def flat(*values: Any) -> tuple[Any, ...]:
                result = function(*rebuild(list(arguments), iter(values)))
                form[:] = [result]
                return tuple(value for _, value, _ in walk([result]))

            cache[key] = jax.jit(flat), form
        run, form = cache[key]
        values = run(*leaves)
        return rebuild(form[0], iter(values))

    return call
