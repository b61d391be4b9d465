"""Files of the aircraft, read by MAVLink FTP one piece after another, until each has come."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from samruk.station.vehicles import AUTOPILOT, Fleet, Out

OPEN, READ, TERMINATE, ACK, NAK = 4, 5, 1, 128, 129
"""Opcodes."""
END = 6
"""Reason of a refusal at the end of a file."""
HEADER = struct.Struct("<HBBBBBBI")
"""Sequence, session, opcode, size, opcode that is answered, end of a burst, padding, offset."""
FRAME, PIECE = 251, 239
"""Bytes of a payload, and of data in it."""
TRIES, WAIT = 8, 0.6
"""Times that one piece is asked for; s between, the delay of the link comes on top."""
LARGEST = 4_000_000
"""Bytes of a file that is read."""


@dataclass
class Reading:
    """One file on its way."""

    path: str
    done: Callable[[bytes | None], None]
    """Called with the bytes; None where it cannot be read."""
    sequence: int = 0
    session: int = 0
    opened: bool = False
    data: bytearray = field(default_factory=bytearray)
    sent_at: float = float("-inf")
    tries: int = 0
    over: bool = False


@dataclass
class Files:
    """At most one file at a time from each aircraft."""

    fleet: Fleet
    readings: dict[int, Reading] = field(default_factory=dict)

    def read(self, sysid: int, path: str, done: Callable[[bytes | None], None]) -> None:
        """Begin to read, unless a file of this aircraft is on its way."""
        self.readings.setdefault(sysid, Reading(path, done))

    def heard(self, m: Any, now: float) -> None:
        """An answer: only the one that is awaited counts."""
        if m.name != "FILE_TRANSFER_PROTOCOL" or int(m.target_system) not in (0, self.fleet.sysid):
            return
        reading = self.readings.get(int(m.system))
        raw = bytes(m.payload).ljust(FRAME, b"\0")
        sequence, session, opcode, size, asked, _, _, offset = HEADER.unpack_from(raw)
        if reading is None or sequence != (reading.sequence + 1) & 0xFFFF:
            return
        data = raw[HEADER.size : HEADER.size + min(size, PIECE)]
        if opcode == NAK:
            self._refused(int(m.system), reading, data[:1])
        elif opcode == ACK and asked == OPEN and not reading.opened:
            reading.opened, reading.session = True, session
            self._next(reading)
        elif opcode == ACK and asked == READ and reading.opened and offset == len(reading.data):
            reading.data += data
            self._next(reading)
            if len(data) == 0 or len(reading.data) > LARGEST:
                self._end(int(m.system), reading, len(reading.data) <= LARGEST)

    def _refused(self, sysid: int, reading: Reading, why: bytes) -> None:
        self._end(sysid, reading, reading.opened and why == bytes([END]))

    def _end(self, sysid: int, reading: Reading, good: bool) -> None:
        reading.over = True
        self._next(reading)
        reading.done(bytes(reading.data) if good else None)

    @staticmethod
    def _next(reading: Reading) -> None:
        """Ask for what follows, at once."""
        reading.sequence = (reading.sequence + 2) & 0xFFFF
        reading.sent_at, reading.tries = float("-inf"), 0

    def due(self, now: float) -> Iterator[Out]:
        """Requests, first or again."""
        for sysid, reading in list(self.readings.items()):
            vehicle = self.fleet.vehicles.get(sysid)
            delay = (vehicle.delay or 0.0) if vehicle is not None else 0.0
            if now - reading.sent_at < WAIT + 2.0 * delay:
                continue
            if reading.tries >= TRIES:
                del self.readings[sysid]
                reading.done(None)
                continue
            reading.sent_at, reading.tries = now, reading.tries + 1
            yield self._request(sysid, reading)
            if reading.over:
                del self.readings[sysid]

    @staticmethod
    def _request(sysid: int, reading: Reading) -> Out:
        if reading.over:
            opcode, data, size, offset = TERMINATE, b"", 0, 0
        elif not reading.opened:
            opcode, data, offset = OPEN, reading.path.encode(), 0
            size = len(data)
        else:
            opcode, data, size, offset = READ, b"", PIECE, len(reading.data)
        head = HEADER.pack(reading.sequence, reading.session, opcode, size, 0, 0, 0, offset)
        payload = (head + data).ljust(FRAME, b"\0")
        return Out("FILE_TRANSFER_PROTOCOL", {"target_network": 0, "target_system": sysid,
                                              "target_component": AUTOPILOT, "payload": payload}, sysid)  # fmt: skip
