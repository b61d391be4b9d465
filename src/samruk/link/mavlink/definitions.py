"""What each message holds: fields in the order of the wire, sizes, units, checksum seed."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

CODES = {"int8_t": "b", "uint8_t": "B", "char": "s", "int16_t": "h", "uint16_t": "H", "int32_t": "i", "uint32_t": "I",
         "float": "f", "int64_t": "q", "uint64_t": "Q", "double": "d"}  # fmt: skip
_WIDTHS = {"b": 1, "h": 2, "i": 4, "q": 8}
RANGES = {code: (-(1 << (8 * size - 1)), (1 << (8 * size - 1)) - 1) for code, size in _WIDTHS.items()} | {
    code.upper(): (0, (1 << (8 * size)) - 1) for code, size in _WIDTHS.items()
}
"""Least and greatest whole numbers by code."""


@dataclass(frozen=True)
class Field:
    """One field of a message."""

    name: str
    kind: str
    """C type."""
    length: int
    """Of an array; 0 for one number."""
    units: str
    """As MAVLink writes them; empty for none."""
    enum: str
    """Name of its enum; empty for none."""

    @property
    def code(self) -> str:
        """Letter for `struct`."""
        return CODES[self.kind]

    @property
    def is_text(self) -> bool:
        """An array of letters."""
        return self.kind == "char"

    @property
    def count(self) -> int:
        """Values that it takes in a packed row: a text is one."""
        return 1 if self.is_text else max(self.length, 1)


@dataclass(frozen=True)
class Definition:
    """One message."""

    name: str
    number: int
    """Message id."""
    seed: int
    """CRC_EXTRA."""
    base: int
    """Fields before the extensions."""
    fields: tuple[Field, ...]
    """In the order of the wire."""

    @cached_property
    def packer(self) -> struct.Struct:
        """Packs all fields, extensions too."""
        return struct.Struct("<" + "".join(self._letters(f) for f in self.fields))

    @cached_property
    def base_size(self) -> int:
        """Bytes without extensions, as MAVLink 1 sends it."""
        return struct.calcsize("<" + "".join(self._letters(f) for f in self.fields[: self.base]))

    @property
    def size(self) -> int:
        """Bytes with extensions."""
        return self.packer.size

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of the fields, in the order of the wire."""
        return tuple(f.name for f in self.fields)

    @cached_property
    def is_plain(self) -> bool:
        """Every field is one number or one text."""
        return all(f.count == 1 and not f.is_text for f in self.fields)

    @cached_property
    def recipe(self) -> tuple[tuple[Field, int, tuple[Any, ...]], ...]:
        """For packing, by field: the field, its length (-1: a text), and what stands for a value not given."""
        return tuple(
            (f, -1 if f.is_text else f.length, (b"",) if f.is_text else (0,) * max(f.length, 1)) for f in self.fields
        )

    @cached_property
    def tail(self) -> bytes:
        """The byte that the checksum takes in after the payload."""
        return bytes((self.seed,))

    @cached_property
    def head(self) -> bytes:
        """The three bytes of its number."""
        return self.number.to_bytes(3, "little")

    @staticmethod
    def _letters(field: Field) -> str:
        return f"{field.length or 1}s" if field.is_text else f"{field.length or ''}{field.code}"


def _read() -> tuple[dict[str, Definition], dict[str, dict[str, int]]]:
    text = files("samruk.link.mavlink").joinpath("definitions.json").read_text(encoding="utf-8")
    data = json.loads(text)
    made = {
        name: Definition(name, number, seed, base, tuple(Field(*each) for each in fields))
        for name, (number, seed, base, fields) in data["messages"].items()
    }
    return made, data["enums"]


_MESSAGES, ENUMS = _read()
MESSAGES: Mapping[str, Definition] = _MESSAGES
"""By name."""
by_id: Mapping[int, Definition] = {each.number: each for each in _MESSAGES.values()}
"""By message id."""
