"""The station's UDP ways: frames in, with where they came from; frames out, to where an aircraft was last heard."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from samruk.errors import InputError
from samruk.link.mavlink import Frame, Keyring, Parser, Signer, encode
from samruk.station.vehicles import STATION, Out

Address = tuple[str, int]
FORGET = 60.0
"""s after which a peer that says nothing is no longer spoken to."""


@dataclass(frozen=True)
class Endpoint:
    """Where to listen, or whom to speak to."""

    listen: bool
    host: str
    port: int


def endpoint(text: str) -> Endpoint:
    """From `udpin:HOST:PORT` or `udpout:HOST:PORT`.

    Raises:
        InputError: it is neither.
    """
    kind, _, rest = text.partition(":")
    host, _, port = rest.rpartition(":")
    if kind not in ("udp", "udpin", "udpout") or not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise InputError(f"{text!r} is no way to an aircraft.", "", "Write udpin:127.0.0.1:14550 or udpout:HOST:PORT.")
    return Endpoint(kind != "udpout", host, int(port))


def _own(host: str) -> str:
    """The address to speak from: within this machine to this machine, else any."""
    return "127.0.0.1" if host == "localhost" or host.startswith("127.") else "0.0.0.0"


@dataclass
class Way(asyncio.DatagramProtocol):
    """One socket.

    Attributes:
        heard: called with each frame, its bytes, the time and the name of the way.
        name: of the way.
        to: whom to speak to besides those who spoke; None when listening.
    """

    heard: Callable[[Frame, bytes, float, str], None]
    name: str
    to: Address | None = None
    peers: dict[Address, float] = field(default_factory=dict)
    systems: dict[int, Address] = field(default_factory=dict)
    transport: asyncio.DatagramTransport | None = None
    parser: Parser = field(default_factory=Parser)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self.transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Bytes came: whatever they are, only whole frames go on."""
        now = time.time()
        for frame in self.parser.datagram(data):
            if self.parser.verifier is not None and not frame.message.signed:
                continue
            self.peers[addr] = now
            self.systems[frame.system] = addr
            self.heard(frame, frame.raw, now, self.name)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there yet: no trouble."""

    def send(self, data: bytes, system: int, now: float) -> None:
        """To one system where it was last heard; to all who speak where it was not, or for 0."""
        if self.transport is None or self.transport.is_closing():
            return
        if system in self.systems:
            self.transport.sendto(data, self.systems[system])
            return
        self.peers = {peer: at for peer, at in self.peers.items() if now - at < FORGET}
        everyone = set(self.peers) | ({self.to} if self.to is not None else set())
        for peer in everyone:
            self.transport.sendto(data, peer)


@dataclass
class Ways:
    """All ways of a station.

    Attributes:
        system: id of the station.
        heard: called with each frame, its bytes, the time and the name of the way.
        sent: called with each frame that goes out, and the time.
        keyring: signs; what comes in unsigned is not heard. None for neither.
    """

    system: int
    heard: Callable[[Frame, bytes, float, str], None]
    sent: Callable[[bytes, float], None] = lambda data, now: None
    keyring: Keyring | None = None
    ways: list[Way] = field(default_factory=list)
    sequences: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._signer: Signer | None = self.keyring.signer() if self.keyring is not None else None

    async def open(self, ends: list[Endpoint]) -> None:
        """Open a socket for each.

        Raises:
            InputError: an address cannot be used.
        """
        loop = asyncio.get_running_loop()
        for k, end in enumerate(ends):
            way = Way(self.heard, f"way{k}", None if end.listen else (end.host, end.port))
            if self.keyring is not None:
                way.parser.verifier = self.keyring.verifier
            local = (end.host, end.port) if end.listen else (_own(end.host), 0)
            try:
                await loop.create_datagram_endpoint(lambda way=way: way, local_addr=local)  # type: ignore[misc]
            except OSError as error:
                told = f"{end.host}:{end.port} cannot be used: {error.strerror or error}."
                raise InputError(told, "", "Choose another port.") from None
            self.ways.append(way)

    def send(self, out: Out, now: float) -> None:
        """A message to whom it is for."""
        source = out.source or self.system
        number = self.sequences[source] = (self.sequences.get(source, -1) + 1) & 0xFF
        data = encode(out.name, out.fields, system=source, component=STATION, sequence=number, signer=self._signer)
        self.sent(data, now)
        knows = [way for way in self.ways if out.to and out.to in way.systems]
        for way in knows or self.ways:
            way.send(data, out.to, now)

    def close(self) -> None:
        """Close every socket."""
        for way in self.ways:
            if way.transport is not None:
                way.transport.close()
