"""Frames of MAVLink 2 (and 1, read only): encode a message, find messages in bytes.

The parser never raises whatever the bytes are. It counts what it drops, and finds the next frame after garbage: a
frame whose checksum is wrong costs one byte, so that a true frame inside a false one is not lost.

Protocol: https://mavlink.io/en/guide/serialization.html.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastcrc.crc16 import mcrf4xx

from samruk.errors import InputError
from samruk.link.mavlink.definitions import MESSAGES, RANGES, Definition, Field, by_id

if TYPE_CHECKING:
    from samruk.link.mavlink.signing import Signer

MAGIC, MAGIC_1 = 0xFD, 0xFE
HEADER, HEADER_1 = 10, 6
SIGNATURE = 13
SIGNED = 0x01
"""Incompatibility flag of a signed frame: the only one that is understood."""
LARGEST = HEADER + 255 + 2 + SIGNATURE
"""Bytes of the longest frame."""
FLOAT_MOST = 3.4028234663852886e38
"""Largest number of a float field; beyond it stands infinity."""
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
    """

    __slots__ = ("component", "definition", "sequence", "signed", "system", "values")

    def __init__(
        self, definition: Definition, values: dict[str, Any], system: int = 0, component: int = 0, sequence: int = 0,
        signed: bool = False,
    ) -> None:
        self.definition, self.values = definition, values
        self.system, self.component, self.sequence, self.signed = system, component, sequence, signed

    @property
    def name(self) -> str:
        """Of the message."""
        return self.definition.name

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"{self.definition.name} has no field {name}") from None

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.name}({inner}) from {self.system}:{self.component}"


@dataclass(frozen=True)
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
    number = definition.number
    body = struct.pack(
        "<BBBBBBBHB", len(payload), SIGNED if signer else 0, 0, sequence & 0xFF, system, component, number & 0xFF,
        (number >> 8) & 0xFFFF, 0,
    )[:-1] + payload  # fmt: skip
    check = mcrf4xx(body + bytes([definition.seed]))
    frame = b"\xfd" + body + struct.pack("<H", check)
    return frame + signer.sign(frame) if signer else frame


def pack(definition: Definition, fields: Mapping[str, Any]) -> bytes:
    """The payload, with its trailing zeros."""
    if definition.is_plain:
        try:
            return definition.packer.pack(*[fields.get(name, 0) for name in definition.names])
        except (struct.error, OverflowError, TypeError):
            pass  # a number that must be rounded or held within its range
    row: list[Any] = []
    try:
        for each in definition.fields:
            _put(row, each, fields.get(each.name, 0))
        return definition.packer.pack(*row)
    except (struct.error, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"cannot be sent: {error}.", definition.name, "Give a value of the field's type.") from None


def _put(row: list[Any], each: Field, value: Any) -> None:
    """Append what `struct` wants for one field."""
    if each.is_text:
        row.append(value.encode("utf-8")[: max(each.length, 1)] if isinstance(value, str) else bytes(value or b""))
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
    size = definition.packer.size
    row = definition.packer.unpack(payload[:size].ljust(size, b"\0"))
    if definition.is_plain:
        return dict(zip(definition.names, row, strict=True))
    values: dict[str, Any] = {}
    place = 0
    for each in definition.fields:
        if each.is_text:
            values[each.name] = row[place].split(b"\0", 1)[0].decode("utf-8", "replace")
        elif each.length:
            values[each.name] = row[place : place + each.length]
        else:
            values[each.name] = row[place]
        place += each.count
    return values


@dataclass
class Parser:
    """Finds frames in bytes that come in pieces."""

    counts: Counts = field(default_factory=Counts)
    _waiting: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are whole after these bytes."""
        self._waiting += data
        found = list(self._frames())
        if len(self._waiting) > KEPT:
            self.counts.garbage += len(self._waiting) - KEPT
            del self._waiting[:-KEPT]
        return found

    def datagram(self, data: bytes) -> list[Frame]:
        """The frames of one datagram: nothing waits for the next."""
        self._waiting.clear()
        found = self.feed(data)
        self.counts.garbage += len(self._waiting)
        self._waiting.clear()
        return found

    def _frames(self) -> Iterator[Frame]:
        """Whole frames from the front of what waits."""
        buffer = self._waiting
        while buffer:
            if buffer[0] == MAGIC:
                size, frame = self._second(buffer)
            elif buffer[0] == MAGIC_1:
                size, frame = self._first(buffer)
            else:
                size, frame = self._to_magic(buffer), None
                self.counts.garbage += size
            if size == 0:
                return
            del buffer[:size]
            if frame is not None:
                self.counts.frames += 1
                yield frame

    @staticmethod
    def _to_magic(buffer: bytearray) -> int:
        """Bytes before the next one that may begin a frame."""
        places = [place for place in (buffer.find(MAGIC), buffer.find(MAGIC_1)) if place >= 0]
        return min(places, default=len(buffer))

    def _second(self, buffer: bytearray) -> tuple[int, Frame | None]:
        """A frame of MAVLink 2 at the front: bytes to drop (0: wait for more), and the frame if it is good."""
        if len(buffer) < HEADER:
            return 0, None
        length, flags = buffer[1], buffer[2]
        if flags & ~SIGNED:
            self.counts.incompatible += 1
            return 1, None
        size = HEADER + length + 2 + (SIGNATURE if flags & SIGNED else 0)
        if len(buffer) < size:
            return 0, None
        number = buffer[7] | buffer[8] << 8 | buffer[9] << 16
        definition = by_id.get(number)
        if definition is None:
            self.counts.unknown += 1
            return self._unknown(buffer, size), None
        end = HEADER + length
        if mcrf4xx(bytes(buffer[1:end]) + bytes([definition.seed])) != buffer[end] | buffer[end + 1] << 8:
            self.counts.bad_checksum += 1
            return 1, None
        values = unpack(definition, bytes(buffer[HEADER:end]))
        message = Message(definition, values, buffer[5], buffer[6], buffer[4])
        return size, Frame(message, bytes(buffer[:size]))

    @staticmethod
    def _unknown(buffer: bytearray, size: int) -> int:
        """A message that nobody knows cannot be checked: step over it where another frame or the end follows."""
        return size if len(buffer) == size or buffer[size] in (MAGIC, MAGIC_1) else 1

    def _first(self, buffer: bytearray) -> tuple[int, Frame | None]:
        """A frame of MAVLink 1 at the front."""
        if len(buffer) < HEADER_1:
            return 0, None
        length = buffer[1]
        size = HEADER_1 + length + 2
        if len(buffer) < size:
            return 0, None
        definition = by_id.get(buffer[5])
        end = HEADER_1 + length
        if definition is None or definition.base_size != length:
            self.counts.unknown += 1
            return 1, None
        if mcrf4xx(bytes(buffer[1:end]) + bytes([definition.seed])) != buffer[end] | buffer[end + 1] << 8:
            self.counts.bad_checksum += 1
            return 1, None
        values = unpack(definition, bytes(buffer[HEADER_1:end]))
        return size, Frame(Message(definition, values, buffer[3], buffer[4], buffer[2]), bytes(buffer[:size]))
