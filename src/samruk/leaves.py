"""Nested frozen dataclasses as flat dotted names, and back.

Records, overrides and counterfactuals all speak of `conditions.cloud_scale`; this is the one place that walks there.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, get_type_hints

from samruk.errors import InputError

Tree = TypeVar("Tree")


def flatten(tree: Any, prefix: str = "") -> dict[str, Any]:
    """Leaves by dotted name, in the order of the fields.

    >>> from samruk.frames import Vec3
    >>> flatten(Vec3(1.0, 2.0, 3.0))
    {'x': 1.0, 'y': 2.0, 'z': 3.0}
    """
    if not is_dataclass(tree):
        return {prefix: tree}
    found: dict[str, Any] = {}
    for each in fields(tree):
        found |= flatten(getattr(tree, each.name), f"{prefix}.{each.name}" if prefix else each.name)
    return found


def unflatten(example: Tree, flat: Mapping[str, Any]) -> Tree:
    """The tree of `example`'s form whose leaves are in `flat`.

    Raises:
        InputError: a leaf is missing.
    """
    tree: Tree = _unflattened(example, flat, "")
    return tree


def formed(kind: type[Tree], flat: Mapping[str, Any]) -> Tree:
    """The dataclass of the nested form that its annotations tell, with the leaves in `flat`.

    >>> from samruk.frames import Vec3
    >>> formed(Vec3, {"x": 1.0, "y": 2.0, "z": 3.0})
    Vec3(x=1.0, y=2.0, z=3.0)

    Raises:
        InputError: a leaf is missing.
    """
    tree: Tree = _formed(kind, flat, "")
    return tree


def _formed(kind: Any, flat: Mapping[str, Any], prefix: str) -> Any:
    """The part of the form below one name."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        paths = {each.name: f"{prefix}.{each.name}" if prefix else each.name for each in fields(kind)}
        return kind(**{name: _formed(hints[name], flat, path) for name, path in paths.items()})
    if prefix not in flat:
        raise InputError("is missing", prefix, "It was written by another version.")
    return flat[prefix]


def _unflattened(example: Any, flat: Mapping[str, Any], prefix: str) -> Any:
    """The part of the tree below one name."""
    if is_dataclass(example) and not isinstance(example, type):
        names = {each.name: f"{prefix}.{each.name}" if prefix else each.name for each in fields(example)}
        return replace(example, **{k: _unflattened(getattr(example, k), flat, path) for k, path in names.items()})
    if prefix not in flat:
        raise InputError("is missing", prefix, "It was written by another version.")
    return flat[prefix]


def leaf(tree: Any, path: str) -> Any:
    """The value at a dotted path.

    Raises:
        InputError: there is no such leaf.
    """
    found = flatten(tree)
    if path in found:
        return found[path]
    inside = [name for name in found if name.startswith(f"{path}.")]
    if inside:
        raise InputError(f"{path!r} is a group, not a value", hint=f"It holds {', '.join(inside)}.")
    near = difflib.get_close_matches(path, found, 1)
    raise InputError(f"there is no value named {path!r}", hint=f"Did you mean {near[0]!r}?" if near else "")


def replace_leaf(tree: Tree, path: str, value: Any) -> Tree:
    """The tree with one leaf replaced; the leaf keeps its kind (int32 or float64).

    >>> from samruk.mission import Links
    >>> replace_leaf(Links(), "gap_a.duration", 30).gap_a.duration
    30.0

    Raises:
        InputError: there is no such leaf, or a whole number is wanted and another is given.
    """
    old = leaf(tree, path)
    if isinstance(old, int) and value % 1 != 0:
        raise InputError(f"{path} = {value}: a whole number is wanted")
    numbers = isinstance(old, int | float) and isinstance(value, int | float)
    changed: Tree = _replaced(tree, path.split("."), type(old)(value) if numbers else value)
    return changed


def _replaced(tree: Any, path: list[str], value: Any) -> Any:
    """The tree with the value at a path that exists."""
    head, *rest = path
    return replace(tree, **{head: _replaced(getattr(tree, head), rest, value) if rest else value})
