"""Telemetry logs as ground stations keep them: before each frame eight bytes of time, us since 1970, big-endian."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from samruk.link.mavlink.frames import HEADER, MAGIC, SIGNATURE, Frame, Parser


def write(file: BinaryIO, utc_us: int, raw: bytes) -> None:
    """Append one frame."""
    file.write(struct.pack(">Q", utc_us) + raw)


def read(data: bytes) -> Iterator[tuple[int, Frame]]:
    """(us since 1970, frame) of each whole frame; a torn end is left out, what is no frame is stepped over."""
    place, parser = 0, Parser()
    while place + 8 + HEADER <= len(data):
        start = place + 8
        if data[start] != MAGIC:
            place += 1
            continue
        size = HEADER + data[start + 1] + 2 + (SIGNATURE if data[start + 2] & 1 else 0)
        frames = parser.datagram(data[start : start + size])
        if frames:
            yield struct.unpack_from(">Q", data, place)[0], frames[0]
            place = start + size
        else:
            place += 1
