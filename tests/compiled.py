"""Step functions of nested dataclasses, compiled by JAX for tests that take many steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from samruk.engine.layout import Layout, rebuild, walk


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function of nested dataclasses and scalars, compiled at its first call.

    As in an engine, int leaves are int32 and float leaves float64, in and out; what comes out are Python numbers.
    """
    run: Any = None
    inward: Layout | None = None
    outward: Layout | None = None

    def call(*arguments: Any) -> Any:
        nonlocal run, inward, outward
        if inward is None:
            inward = Layout(list(arguments))
            form = rebuild(list(arguments), _columns(inward, *_pack(inward, arguments)))
            outward = Layout(_plain(function(*form)))
            run = jax.jit(lambda real, integer: _flat(function, inward, outward, real, integer))
        real, integer = run(*_pack(inward, arguments))
        return outward.unpack(np.asarray(real), np.asarray(integer))

    return call


def _pack(layout: Layout, tree: Any) -> tuple[np.ndarray, np.ndarray]:
    """Leaves as one float64 and one int32 array."""
    read = _reader(layout)
    reals, integers = ([get(tree[k]) for k, get in read(kind)] for kind in "fi")
    assert all(isinstance(value, (int, np.integer)) for value in integers), "a float where an int belongs"
    return np.array(reals, np.float64), np.array(integers, np.int32)


@lru_cache(maxsize=64)
def _reader(layout: Layout) -> Callable[[str], list[tuple[int, Callable[[Any], Any]]]]:
    """For each kind the number of the argument and what reads a leaf of it: thousands of ticks need it quickly."""
    found: dict[str, list[tuple[int, Callable[[Any], Any]]]] = {"f": [], "i": []}
    for leaf in layout.leaves:
        argument, _, path = leaf.name.partition(".")
        found[leaf.kind].append((int(argument), attrgetter(path) if path else _itself))
    return found.__getitem__


def _itself(value: Any) -> Any:
    return value


def _columns(layout: Layout, real: Any, integer: Any) -> Any:
    """Leaves in the order of the layout, as JAX scalars."""
    return iter([(jnp.asarray(real) if x.kind == "f" else jnp.asarray(integer))[x.index] for x in layout.leaves])


def _plain(tree: Any) -> Any:
    """The tree with Python numbers, which say of what kind its leaves are."""
    kinds = (float if jnp.issubdtype(jnp.asarray(v).dtype, jnp.floating) else int for _, v, _ in walk(tree))
    values = (np.asarray(v).item() for _, v, _ in walk(tree))
    return rebuild(tree, (kind(v) for kind, v in zip(kinds, values, strict=True)))


def _flat(function: Callable[..., Any], inward: Layout, outward: Layout, real: Any, integer: Any) -> Any:
    """The function from arrays to arrays."""
    result = function(*rebuild(inward.example, _columns(inward, real, integer)))
    values = {name: value for name, value, _ in walk(result)}
    reals = [jnp.asarray(values[x.name], jnp.float64) for x in outward.leaves if x.kind == "f"]
    integers = [values[x.name] for x in outward.leaves if x.kind == "i"]
    for leaf, value in zip([x for x in outward.leaves if x.kind == "i"], integers, strict=True):
        assert jnp.asarray(value).dtype == jnp.int32, f"{leaf.name} is {jnp.asarray(value).dtype}"
    return jnp.stack(reals), jnp.stack(integers)
