"""Frames of MAVLink 2 (and 1, read only): encode a message, find messages in bytes.

The parser never raises whatever the bytes are. It counts what it drops, and finds the next frame after garbage: a
frame whose checksum is wrong costs one byte, so that a true frame inside a false one is not lost.

Protocol: https://mavlink.io/en/guide/serialization.html.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastcrc.crc16 import mcrf4xx

from samruk.errors import InputError
from samruk.link.mavlink.definitions import MESSAGES, RANGES, Definition, Field, by_id

if TYPE_CHECKING:
    from samruk.link.mavlink.signing import Signer, Verifier

MAGIC, MAGIC_1 = 0xFD, 0xFE
HEADER, HEADER_1 = 10, 6
SIGNATURE = 13
SIGNED = 0x01
"""Incompatibility flag of a signed frame: the only one that is understood."""
LARGEST = HEADER + 255 + 2 + SIGNATURE
"""Bytes of the longest frame."""
FLOAT_MOST = 3.4028234663852886e38
"""Largest number of a float field; beyond it stands infinity."""
NEXT = re.compile(rb"[\xfd\xfe]")
"""A byte that may begin a frame."""
DATAGRAM = 9000
"""Bytes of the longest datagram that is looked into (a jumbo frame). Looking costs 1 us a byte of garbage."""
KEPT = 4096
"""Bytes that wait for their end at most."""


class Message:
    """A decoded message: fields by name.

    Args:
        definition: what it is.
        values: by field name.
        system: who sent it.
        component: which of its parts.
        sequence: of the frame.
        signed: whether a valid signature was on it.
        payload: its bytes, where it came over a way.
    """

    __slots__ = ("_payload", "component", "definition", "sequence", "signed", "system", "values")

    def __init__(
        self, definition: Definition, values: dict[str, Any], system: int = 0, component: int = 0, sequence: int = 0,
        signed: bool = False, payload: bytes = b"",
    ) -> None:
        self.definition, self.values, self._payload = definition, values, payload
        self.system, self.component, self.sequence, self.signed = system, component, sequence, signed

    @property
    def name(self) -> str:
        """Of the message."""
        return self.definition.name

    def octets(self, name: str) -> bytes:
        """A text as it came, up to its first zero: of one that is sent in pieces a letter may be cut in two."""
        if not self._payload:
            return str(self.values[name]).encode("utf-8", "replace")
        row, place = _split(self.definition, self._payload), 0
        for each, length, _ in self.definition.recipe:
            if each.name == name:
                return bytes(row[place]).split(b"\0", 1)[0]
            place += max(length, 1)
        raise AttributeError(f"{self.definition.name} has no field {name}")

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"{self.definition.name} has no field {name}") from None

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.name}({inner}) from {self.system}:{self.component}"


@dataclass(slots=True)
class Frame:
    """One frame as it came."""

    message: Message
    raw: bytes
    """All its bytes."""

    @property
    def system(self) -> int:
        """Who sent it."""
        return self.message.system


@dataclass
class Counts:
    """What a parser has seen."""

    frames: int = 0
    """Good ones."""
    bad_checksum: int = 0
    unknown: int = 0
    """Message ids that no definition names; they are stepped over whole."""
    incompatible: int = 0
    """Frames with a flag that is not understood."""
    garbage: int = 0
    """Bytes outside frames."""


# Writing --------------------------------------------------------------------------------------------------------------


def encode(
    name: str, fields: Mapping[str, Any], *, system: int, component: int = 1, sequence: int = 0,
    signer: Signer | None = None,
) -> bytes:
    """A message as a frame of MAVLink 2.

    Fields that are not given are zero; whole numbers are rounded and held within their type's range; a text is cut to
    its length.

    Args:
        name: of the message.
        fields: values by name, in the units of the definitions.
        system: who sends, 1 to 255.
        component: which of its parts.
        sequence: of the frame; counted modulo 256.
        signer: signs it; none leaves it unsigned.

    Raises:
        InputError: no such message, or a value that its field cannot hold.
    """
    definition = MESSAGES.get(name)
    if definition is None:
        raise InputError("is no message that is spoken here.", name, "See docs/links.md.")
    payload = pack(definition, fields).rstrip(b"\0") or b"\0"
    flags = SIGNED if signer else 0
    body = bytes((len(payload), flags, 0, sequence & 0xFF, system, component)) + definition.head + payload
    check = mcrf4xx(body + definition.tail)
    frame = b"\xfd" + body + check.to_bytes(2, "little")
    return frame + signer.sign(frame) if signer else frame


def pack(definition: Definition, fields: Mapping[str, Any]) -> bytes:
    """The payload, with its trailing zeros."""
    try:
        if definition.is_plain:
            return definition.packer.pack(*[fields.get(name, 0) for name in definition.names])
        return definition.packer.pack(*_row(definition, fields))
    except (struct.error, TypeError, ValueError, OverflowError):
        return _pack_carefully(definition, fields)


def _row(definition: Definition, fields: Mapping[str, Any]) -> list[Any]:
    """What `struct` wants if every number is one that its field can hold."""
    row: list[Any] = []
    for each, length, blank in definition.recipe:
        value = fields.get(each.name)
        if value is None:
            row.extend(blank)
        elif length < 0:
            row.append(_text(each, value))
        elif length == 0:
            row.append(value)
        else:
            row.extend(value if len(value) == length else [*value, *blank][:length])
    return row


def _pack_carefully(definition: Definition, fields: Mapping[str, Any]) -> bytes:
    """The payload, with each number rounded and held within its field."""
    row: list[Any] = []
    try:
        for each in definition.fields:
            _put(row, each, fields.get(each.name, 0))
        return definition.packer.pack(*row)
    except (struct.error, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"cannot be sent: {error}.", definition.name, "Give a value of the field's type.") from None


def _text(each: Field, value: Any) -> bytes:
    """Text as bytes, cut to its field between letters."""
    length = max(each.length, 1)
    if not isinstance(value, str):
        return bytes(value or b"")
    raw = value.encode("utf-8")
    return raw if len(raw) <= length else raw[:length].decode("utf-8", "ignore").encode("utf-8")


def _put(row: list[Any], each: Field, value: Any) -> None:
    """Append what `struct` wants for one field."""
    if each.is_text:
        row.append(_text(each, value))
    elif each.length == 0:
        row.append(_number(each.code, value))
    else:
        values = [0] * each.length if isinstance(value, int) and value == 0 else list(value)[: each.length]
        row.extend(_number(each.code, one) for one in values)
        row.extend([0] * (each.length - len(values)))


def _number(code: str, value: Any) -> Any:
    """A number that fits."""
    if code == "f":
        value = float(value)
        return math.copysign(math.inf, value) if abs(value) > FLOAT_MOST else value
    if code == "d":
        return float(value)
    low, high = RANGES[code]
    whole = value if type(value) is int else round(value)
    return low if whole < low else min(whole, high)


# Reading --------------------------------------------------------------------------------------------------------------


def unpack(definition: Definition, payload: bytes) -> dict[str, Any]:
    """Fields by name; what was cut off is zero, what is too long is left out."""
    row = _split(definition, payload)
    if definition.is_plain:
        return dict(zip(definition.names, row, strict=True))
    values: dict[str, Any] = {}
    place = 0
    for each, length, _ in definition.recipe:
        if length == 0:
            values[each.name] = row[place]
        elif length < 0:
            values[each.name] = row[place].split(b"\0", 1)[0].decode("utf-8", "replace")
        else:
            values[each.name] = row[place : place + length]
            place += length - 1
        place += 1
    return values


def _split(definition: Definition, payload: bytes) -> tuple[Any, ...]:
    """A payload's numbers and texts, one after another."""
    size = definition.packer.size
    if len(payload) != size:
        payload = payload[:size].ljust(size, b"\0")
    return definition.packer.unpack(payload)


@dataclass
class Parser:
    """Finds frames in bytes that come in pieces."""

    counts: Counts = field(default_factory=Counts)
    verifier: Verifier | None = None
    """Says whether a signature holds (`Message.signed`); without it nothing counts as signed."""
    _waiting: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are whole after these bytes."""
        buffer = bytes(self._waiting) + data if self._waiting else bytes(data)
        found, place = self._frames(buffer)
        rest = len(buffer) - place
        if rest > KEPT:
            self.counts.garbage += rest - KEPT
            place = len(buffer) - KEPT
        self._waiting = bytearray(buffer[place:])
        return found

    def datagram(self, data: bytes) -> list[Frame]:
        """The frames of one datagram: nothing waits for the next; an oversized one is dropped."""
        self._waiting.clear()
        if len(data) > DATAGRAM:
            self.counts.garbage += len(data)
            return []
        found, place = self._frames(bytes(data))
        self.counts.garbage += len(data) - place
        return found

    def _frames(self, buffer: bytes) -> tuple[list[Frame], int]:
        """Whole frames from the front, and the place of the first byte that still waits."""
        found: list[Frame] = []
        place, end = 0, len(buffer)
        while place < end:
            magic = buffer[place]
            if magic == MAGIC:
                size, frame = self._second(buffer, place)
            elif magic == MAGIC_1:
                size, frame = self._first(buffer, place)
            else:
                size, frame = self._to_magic(buffer, place), None
                self.counts.garbage += size
            if size == 0:
                break
            place += size
            if frame is not None:
                found.append(frame)
        self.counts.frames += len(found)
        return found, place

    @staticmethod
    def _to_magic(buffer: bytes, place: int) -> int:
        """Bytes before the next one that may begin a frame."""
        found = NEXT.search(buffer, place)
        return (found.start() if found else len(buffer)) - place

    def _second(self, buffer: bytes, place: int) -> tuple[int, Frame | None]:
        """A frame of MAVLink 2 at a place: bytes to step over (0: wait for more), and the frame if it is good."""
        have = len(buffer) - place
        if have < HEADER:
            return 0, None
        length, flags, _, sequence, system, component, low, middle, high = buffer[place + 1 : place + HEADER]
        if flags & ~SIGNED:
            self.counts.incompatible += 1
            return 1, None
        size = HEADER + length + (2 + SIGNATURE if flags else 2)
        if have < size:
            return 0, None
        definition = by_id.get(low | middle << 8 | high << 16)
        if definition is None:
            self.counts.unknown += 1
            return self._unknown(buffer, place, size), None
        end = place + HEADER + length
        if mcrf4xx(buffer[place + 1 : end] + definition.tail) != buffer[end] | buffer[end + 1] << 8:
            self.counts.bad_checksum += 1
            return 1, None
        payload = buffer[place + HEADER : end]
        values = unpack(definition, payload)
        raw = buffer[place : place + size]
        signed = bool(flags) and self.verifier is not None and self.verifier.good(raw)
        return size, Frame(Message(definition, values, system, component, sequence, signed, payload), raw)

    @staticmethod
    def _unknown(buffer: bytes, place: int, size: int) -> int:
        """A message that nobody knows cannot be checked: step over it where another frame or the end follows."""
        after = place + size
        return size if len(buffer) == after or buffer[after] in (MAGIC, MAGIC_1) else 1

    def _first(self, buffer: bytes, place: int) -> tuple[int, Frame | None]:
        """A frame of MAVLink 1 at a place."""
        have = len(buffer) - place
        if have < HEADER_1:
            return 0, None
        length = buffer[place + 1]
        size = HEADER_1 + length + 2
        if have < size:
            return 0, None
        definition = by_id.get(buffer[place + 5])
        end = place + HEADER_1 + length
        if definition is None or definition.base_size != length:
            self.counts.unknown += 1
            return 1, None
        if mcrf4xx(buffer[place + 1 : end] + definition.tail) != buffer[end] | buffer[end + 1] << 8:
            self.counts.bad_checksum += 1
            return 1, None
        payload = buffer[place + HEADER_1 : end]
        values = unpack(definition, payload)
        message = Message(definition, values, buffer[place + 3], buffer[place + 4], buffer[place + 2], False, payload)
        return size, Frame(message, buffer[place : place + size])
