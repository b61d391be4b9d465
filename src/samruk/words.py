"""Which fields need more digits than float32 has.

A float32 number has 24 bits: 0.5 m of the Earth's radius, 8 ms of a day. A field that grows by small steps, or from
which something almost as large is taken away, is declared wide; a float32 engine then keeps it in two words of 32 bits,
a float64, and computes so what needs its digits. A wide int is one that outgrows 24 bits and is not a flag or a number
of something. With float64 the declaration says nothing. See `design/0008-precision.md`.
"""

from __future__ import annotations

from dataclasses import field
from types import MappingProxyType
from typing import Any

WIDE = MappingProxyType({"words": 2})
"""Metadata of a wide field, for `dataclasses.field`; it holds for everything inside."""


def wide(default: Any = 0.0) -> Any:
    """A wide field of a dataclass.

    Args:
        default: a number, or what makes one, such as a dataclass.
    """
    if callable(default):
        return field(default_factory=default, metadata=WIDE)
    return field(default=default, metadata=WIDE)
