"""Signatures of MAVLink 2: who holds the key may speak, and nothing said before may be said again.

Protocol: https://mavlink.io/en/guide/message_signing.html. The signature is the first 48 bits of SHA-256 over the key,
the frame, the link's number and a time in units of 10 us since 2015-01-01.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

EPOCH_2015 = 1420070400.0
"""s since 1970, of 2015-01-01T00:00Z."""
UNIT = 1e5
"""Units of a signature's time in a second."""
KEY = 32
"""Bytes of a key."""
LATEST = 60.0
"""s by which a stream that was not heard before may lie behind what has been heard."""
STREAMS = 4096
"""Streams that are remembered at most."""


@dataclass
class Signer:
    """Signs frames of one link.

    Args:
        key: 32 bytes.
        link: number of the link, 0 to 255.
        time: units of 10 us since 2015, of the last signature.
    """

    key: bytes
    link: int = 0
    time: int = 0

    def at(self, utc: float) -> Signer:
        """Move the clock on to an instant, s since 1970; it never goes back."""
        self.time = max(self.time, int((utc - EPOCH_2015) * UNIT))
        return self

    def sign(self, frame: bytes) -> bytes:
        """The thirteen bytes that follow a frame; each call takes the next instant."""
        self.time += 1
        tail = bytes([self.link & 0xFF]) + self.time.to_bytes(6, "little")
        return tail + hashlib.sha256(self.key + frame + tail).digest()[:6]


@dataclass
class Verifier:
    """Checks signatures, and that time moves on in each stream (system, component, link).

    Args:
        key: 32 bytes.
        time: units of 10 us since 2015, of the newest signature that was good.
    """

    key: bytes
    time: int = 0
    streams: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def good(self, raw: bytes) -> bool:
        """Whether a frame of MAVLink 2 carries a valid signature that has not been used."""
        if len(raw) < 25 or raw[0] != 0xFD or not raw[2] & 1:
            return False
        frame, tail = raw[:-13], raw[-13:]
        wanted = hashlib.sha256(self.key + frame + tail[:7]).digest()[:6]
        if not hmac.compare_digest(wanted, tail[7:]):
            return False
        time, stream = int.from_bytes(tail[1:7], "little"), (raw[5], raw[6], tail[0])
        if not self._moves_on(time, stream):
            return False
        self.streams[stream] = time
        self.time = max(self.time, time)
        return True

    def _moves_on(self, time: int, stream: tuple[int, int, int]) -> bool:
        last = self.streams.get(stream)
        if last is not None:
            return time > last
        return len(self.streams) < STREAMS and time + LATEST * UNIT >= self.time
