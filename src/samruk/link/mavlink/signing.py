"""Signatures of MAVLink 2: who holds the key may speak, and nothing said before may be said again.

Protocol: https://mavlink.io/en/guide/message_signing.html. The signature is the first 48 bits of SHA-256 over the key,
the frame, the link's number and a time in units of 10 us since 2015-01-01.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time as clocks
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from samruk.errors import InputError

EPOCH_2015 = 1420070400.0
"""s since 1970, of 2015-01-01T00:00Z."""
UNIT = 1e5
"""Units of a signature's time in a second."""
KEY = 32
"""Bytes of a key."""
LATEST = 60.0
"""s by which a stream that was not heard before may lie behind what has been heard."""
REMEMBERED = 128
"""Times of one stream that are remembered where frames may change their order."""
STREAMS = 4096
"""Streams that are remembered at most."""


@dataclass
class Signer:
    """Signs frames of one link.

    Args:
        key: 32 bytes.
        link: number of the link, 0 to 255.
        time: units of 10 us since 2015, of the last signature.
        clock: s since 1970, asked at every signature; None where `at` moves the time on.
    """

    key: bytes
    link: int = 0
    time: int = 0
    clock: Callable[[], float] | None = None

    def at(self, utc: float) -> Signer:
        """Move the clock on to an instant, s since 1970; it never goes back."""
        self.time = max(self.time, int((utc - EPOCH_2015) * UNIT))
        return self

    def sign(self, frame: bytes) -> bytes:
        """The thirteen bytes that follow a frame; each call takes the next instant."""
        if self.clock is not None:
            self.at(self.clock())
        self.time += 1
        tail = bytes([self.link & 0xFF]) + self.time.to_bytes(6, "little")
        return tail + hashlib.sha256(self.key + frame + tail).digest()[:6]


@dataclass
class Verifier:
    """Checks signatures, and that time moves on in each stream (system, component, link).

    Args:
        key: 32 bytes.
        time: units of 10 us since 2015, of the newest signature that was good.
        late: s by which a frame may be older than the newest of its stream, for a way that changes the order of frames.
            0 is MAVLink's own rule: never older. No frame is good twice either way.
    """

    key: bytes
    time: int = 0
    late: float = 0.0
    streams: dict[tuple[int, int, int], int] = field(default_factory=dict)
    _used: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)

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
        self.streams[stream] = max(self.streams.get(stream, 0), time)
        self.time = max(self.time, time)
        return True

    def _moves_on(self, time: int, stream: tuple[int, int, int]) -> bool:
        last = self.streams.get(stream)
        if last is None:
            if len(self.streams) >= STREAMS or time + LATEST * UNIT < self.time:
                return False
            last = time - 1
        return time > last if self.late <= 0.0 else self._first_time(time, last, stream)

    def _first_time(self, time: int, last: int, stream: tuple[int, int, int]) -> bool:
        """Whether a time is not too old for its stream and has not been used; it is remembered."""
        used = self._used.setdefault(stream, [])
        oldest = max(last - int(self.late * UNIT), used[0] if len(used) >= REMEMBERED else 0)
        if time <= oldest or time in used:
            return False
        insort(used, time)
        del used[:-REMEMBERED]
        return True


class Keyring:
    """A key in use at one end: one memory of what has been heard, and a signer for each way out.

    Args:
        key: 32 bytes.
        late: s by which frames may overtake each other on their way here.
        clock: s since 1970.
    """

    def __init__(self, key: bytes, late: float = 2.0, clock: Callable[[], float] = clocks.time) -> None:
        self.key, self._clock, self._links = key, clock, 0
        self.verifier = Verifier(key, Signer(key).at(clock()).time, late)
        """Refuses from the start what is more than a minute old: nothing said before a restart can be said again."""

    def signer(self) -> Signer:
        """For one way out, with a link number of its own (they are used again after 256)."""
        self._links += 1
        return Signer(self.key, (self._links - 1) & 0xFF, clock=self._clock)


def read_key(path: Path) -> bytes:
    """A key from its file: 64 hexadecimal digits.

    Raises:
        InputError: the file cannot be read, is open to others, or holds no key.
    """
    hint = "Make one: `python -c 'import secrets; print(secrets.token_hex(32))'`, readable by you alone."
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}.", str(path), hint) from None
    if mode & 0o077:
        raise InputError(f"a signing key that others can read (mode {mode & 0o777:o}).", str(path), "chmod 600 it.")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY:
        raise InputError("holds no signing key of 32 bytes.", str(path), hint)
    return key


def write_key(path: Path) -> bytes:
    """A new key in a new file that its owner alone can read."""
    key = secrets.token_bytes(KEY)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(key.hex() + "\n", encoding="ascii")
    return key
