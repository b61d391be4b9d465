"""Ways out of the aircraft: UDP peers and TCP clients, each with its own frame count and a buffer for one turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from samruk.errors import InputError
from samruk.link.mavlink import MESSAGES, Keyring, Parser, Signer, encode
from samruk.link.transport import Bearers
from samruk.vehicle.service import Outgoing

DATAGRAM = 1200
"""Bytes of frames that are put into one datagram."""
FORGOTTEN = 30.0
"""Wall s of silence after which a peer that came by itself is forgotten."""
MOST = 32
"""Peers that came by themselves, at most: a stranger cannot fill the memory."""
BACKLOG = 200_000
"""Bytes that may wait for a slow TCP client; then it is dropped."""
VITAL_UP = {
    MESSAGES[name].number
    for name in ("HEARTBEAT", "COMMAND_LONG", "COMMAND_INT", "COMMAND_ACK", "MANUAL_CONTROL")
}
"""Messages of a station that go first on a thin way."""

Write = Callable[[bytes], None]
Heard = Callable[[bytes, "Way"], None]


@dataclass
class Way:
    """One way to someone."""

    path: str
    """Its name: "udp:127.0.0.1:14550"."""
    write: Write
    """Sends bytes."""
    is_fixed: bool = False
    """True for a way that was asked for on the command line: it is never forgotten."""
    last_heard: float = 0.0
    """Wall s of the last good frame."""
    parser: Parser = field(default_factory=Parser)
    """Of what comes in."""
    signer: Signer | None = None
    """Signs what goes out."""
    sent: int = 0
    """Frames."""
    _sequence: int = 0
    _buffer: bytearray = field(default_factory=bytearray)

    def put(self, out: Outgoing, system: int) -> bytes:
        """Encode a message and let it wait for `flush`; the frame, for the log."""
        raw = encode(out.name, out.fields, system=system, component=out.component, sequence=self._sequence,
                     signer=self.signer)  # fmt: skip
        self._sequence = (self._sequence + 1) & 0xFF
        self.sent += 1
        if len(self._buffer) + len(raw) > DATAGRAM:
            self.flush()
        self._buffer += raw
        return raw

    def flush(self) -> None:
        """Send what waits."""
        if self._buffer:
            self.write(bytes(self._buffer))
            self._buffer.clear()


@dataclass
class RadioWay(Way):
    """A way over the air to a station's site: what goes through is decided by the bearers, in simulated time."""

    bearers: Bearers = field(default_factory=Bearers)
    """Line of sight and satellite, both ways."""
    site: int = 0
    """Number of the site."""
    system: int = 0
    """System id of the station there."""
    clock: Callable[[], tuple[float, float]] = lambda: (0.0, 0.0)
    """s of simulated time, s of wall time."""

    def put(self, out: Outgoing, system: int) -> bytes:
        """Encode a message and give it to the bearers."""
        raw = encode(out.name, out.fields, system=system, component=out.component, sequence=self._sequence,
                     signer=self.signer)  # fmt: skip
        self._sequence = (self._sequence + 1) & 0xFF
        self.sent += 1
        self.bearers.down(raw, int(out.priority), *self.clock())
        return raw

    def lift(self, raw: bytes) -> None:
        """A frame of the station sets out."""
        self.bearers.up(raw, *self.clock(), vital=raw[0] == 0xFD and int.from_bytes(raw[7:10], "little") in VITAL_UP)

    def land(self) -> list[bytes]:
        """Send on what has reached the station; the frames that have reached the aircraft."""
        now = self.clock()[0]
        for raw in self.bearers.due_down(now):
            if len(self._buffer) + len(raw) > DATAGRAM:
                self.flush()
            self._buffer += raw
        self.flush()
        return self.bearers.due_up(now)


def secure(way: Way, keyring: Keyring | None) -> None:
    """Let a way sign what goes out and verify what comes in; the air verifies nothing, its frames are verified as they
    land."""
    if keyring is not None:
        way.signer = keyring.signer()
        if not isinstance(way, RadioWay):
            way.parser.verifier = keyring.verifier


class Udp(asyncio.DatagramProtocol):
    """A socket of one aircraft: it answers whoever speaks, and speaks first to those it was told of.

    Args:
        heard: called with bytes and the way that they came by.
        wall: the clock.
        keyring: signs and verifies; None for neither.
    """

    def __init__(self, heard: Heard, wall: Callable[[], float], keyring: Keyring | None = None) -> None:
        self.heard, self.wall, self.keyring = heard, wall, keyring
        self.ways: dict[tuple[str, int], Way] = {}
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        """The socket is open."""
        self.transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        """Bytes from someone."""
        way = self.ways.get(address[:2])
        if way is None:
            strangers = sum(1 for each in self.ways.values() if not each.is_fixed)
            if strangers >= MOST:
                return
            way = self._way(address[0], address[1], False)
        self.heard(data, way)

    def error_received(self, error: Exception) -> None:
        """Nobody listens there yet; UDP does not mind."""

    def towards(self, host: str, port: int, radio: RadioWay | None = None) -> Way:
        """A fixed way to an address, through the air where `radio` is given."""
        return self._way(host, port, True, radio)

    def _way(self, host: str, port: int, fixed: bool, radio: RadioWay | None = None) -> Way:
        def write(data: bytes) -> None:
            if self.transport is not None and not self.transport.is_closing():
                self.transport.sendto(data, (host, port))

        way = Way(f"udp:{host}:{port}", write, fixed, self.wall())
        if radio is not None:
            radio.path, radio.write, radio.is_fixed, radio.last_heard = way.path, write, fixed, self.wall()
            way = radio
        secure(way, self.keyring)
        self.ways[host, port] = way
        return way

    def forget(self, wall: float) -> Iterable[Way]:
        """Drop strangers that have fallen silent."""
        silent = [key for key, way in self.ways.items() if not way.is_fixed and wall - way.last_heard > FORGOTTEN]
        return [self.ways.pop(key) for key in silent]


class Tcp(asyncio.Protocol):
    """One TCP client of an aircraft.

    Args:
        heard: called with bytes and the way.
        opened: called with the way as it begins and ends (True, False).
        keyring: signs and verifies; None for neither.
    """

    def __init__(self, heard: Heard, opened: Callable[[Way, bool], None], keyring: Keyring | None = None) -> None:
        self.heard, self.opened, self.keyring = heard, opened, keyring
        self.way: Way | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        peer = transport.get_extra_info("peername") or ("?", 0)

        def write(data: bytes) -> None:
            if transport.get_write_buffer_size() > BACKLOG:
                transport.abort()
            elif not transport.is_closing():
                transport.write(data)

        self.way = Way(f"tcp:{peer[0]}:{peer[1]}", write)
        secure(self.way, self.keyring)
        self.opened(self.way, True)

    def data_received(self, data: bytes) -> None:
        """Bytes of a stream."""
        if self.way is not None:
            self.heard(data, self.way)

    def connection_lost(self, error: Exception | None) -> None:
        """It has gone."""
        if self.way is not None:
            self.opened(self.way, False)


def address(text: str, k: int) -> tuple[str, int]:
    """Host and port of "host:port", or of "host:port+", where each aircraft takes the next port; what follows an = is
    left out.

    >>> address("127.0.0.1:14540+", 2)
    ('127.0.0.1', 14542)
    >>> address("14550", 2)
    ('127.0.0.1', 14550)
    """
    host, _, port = text.partition("=")[0].rpartition(":")
    counts = port.endswith("+")
    try:
        number = int(port.removesuffix("+")) + (k if counts else 0)
    except ValueError:
        number = 0
    if not 1 <= number <= 65535:
        raise InputError(f"{text!r} is no address.", "--udp", "Give HOST:PORT, or HOST:PORT+ to count up by aircraft.")
    return host or "127.0.0.1", number
