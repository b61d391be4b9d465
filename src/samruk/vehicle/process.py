"""A process of aircraft: sockets, the wall clock, and the turn in which everything happens.

One task flies all aircraft: it asks the pace for the ticks that are due, advances the lanes, and lets every service say
what it has to say. What comes in is heard at once. Nothing here decides anything about flight.
"""

from __future__ import annotations

import asyncio
import math
import struct
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from samruk.errors import InputError, SamrukError
from samruk.link.mavlink import Frame, Keyring
from samruk.vehicle.aircraft import Severity
from samruk.vehicle.assembly import Assembled
from samruk.vehicle.live import Live
from samruk.vehicle.outlook import Seer
from samruk.vehicle.pace import PER_SECOND, Pace
from samruk.vehicle.radio import Radio, concerns
from samruk.vehicle.reception import Site
from samruk.vehicle.recorder import Recorder
from samruk.vehicle.service import Now, Outgoing, Sender
from samruk.vehicle.ways import RadioWay, Tcp, Udp, Way, address

TURN = 0.05
"""Wall s of one turn."""
FAULTS = (ArithmeticError, ValueError, LookupError, TypeError, AttributeError, AssertionError, SamrukError,
          struct.error)  # fmt: skip
"""What a frame may bring about; it is counted and told, and the aircraft fly on."""
LEAST_TICKS = 20
"""Mission ticks that one turn may fly at any speed."""
HOUSEKEEPING = 2.0
"""Wall s between two looks for peers that have gone."""


@dataclass(frozen=True)
class Ports:
    """Where the aircraft are reached, and whom they call."""

    udp: tuple[str, ...] = ("127.0.0.1:14550", "127.0.0.1:14540+")
    """Addresses that every aircraft sends to; a `+` counts up by aircraft; `=S1` sends over the air to that site."""
    listen: int = 14580
    """UDP port of the first aircraft; the next ones count up. 0 lets the system choose."""
    tcp: int | None = None
    """TCP port of the first aircraft; None for no TCP."""
    host: str = "127.0.0.1"
    """Address that is listened on."""


def pace_of(speed: float) -> Pace:
    """A pace whose turns may fly twice what falls due in one: a late turn is caught up with, at any speed."""
    return Pace(speed, max(math.ceil(2.0 * TURN * speed * PER_SECOND), LEAST_TICKS))


class Flightline:
    """Aircraft that fly in this process.

    Args:
        live: the lanes.
        crew: each aircraft with its services, in lane order.
        ports: where they talk.
        pace: how fast time goes.
        recorder: what is kept; None for nothing.
        sites: stations' antennas, for addresses that name one.
        seer: closed at the end.
        keyrings: one for each aircraft, where frames are signed.
    """

    def __init__(
        self, live: Live, crew: Sequence[Assembled], ports: Ports, pace: Pace, recorder: Recorder | None = None,
        sites: Sequence[Site] = (), seer: Seer | None = None, keyrings: Sequence[Keyring] = (),
    ) -> None:  # fmt: skip
        self.live, self.crew, self.ports, self.pace, self.recorder = live, list(crew), ports, pace, recorder
        self.seer, self.sites = seer, tuple(sites)
        self._keyrings = tuple(keyrings) or (None,) * len(self.crew)
        self.radio = Radio(live, self.crew, sites, self._keyrings)
        self.stopped = asyncio.Event()
        self.busy = 0.0
        """Wall s spent in turns since the last look."""
        self.faults = 0
        """Frames that a service fell over."""
        self._udp: list[Udp] = []
        self._servers: list[asyncio.AbstractServer] = []
        self._tcp: list[dict[str, Way]] = [{} for _ in self.crew]
        self._tidied = self._given_up = 0.0

    # --- running ---

    async def open(self) -> None:
        """Open all sockets.

        Raises:
            InputError: a port is taken.
        """
        loop = asyncio.get_running_loop()
        for k in range(len(self.crew)):
            udp = Udp(partial(self._heard, k), time.monotonic, self._keyrings[k])
            port = self.ports.listen + k if self.ports.listen else 0
            try:
                await loop.create_datagram_endpoint(lambda udp=udp: udp, local_addr=(self.ports.host, port))  # type: ignore[misc]
                await self._open_tcp(k)
            except (OSError, OverflowError) as error:
                told = f"port {port} cannot be opened: {getattr(error, 'strerror', None) or error}."
                raise InputError(told, "--listen or --tcp", "Give another port.") from None
            self._udp.append(udp)
            for text in self.ports.udp:
                radio = self.radio.way(k, text, lambda: (self.live.time, time.monotonic()))
                self._opened(k, udp.towards(*address(text, k), radio), True)

    async def _open_tcp(self, k: int) -> None:
        """A TCP server for one aircraft."""
        if self.ports.tcp is None:
            return

        def make() -> Tcp:
            return Tcp(lambda data, way: self._heard(k, data, way), lambda way, open: self._opened(k, way, open),
                       self._keyrings[k])  # fmt: skip

        loop = asyncio.get_running_loop()
        self._servers.append(await loop.create_server(make, self.ports.host, self.ports.tcp + k))

    async def run(self, until: float | None = None) -> None:
        """Fly until stopped, or until a simulated time (s)."""
        turn = time.monotonic()
        try:
            await self.open()
            while not self.stopped.is_set() and (until is None or self.live.time < until):
                self.turn(time.monotonic())
                turn = max(turn + TURN, time.monotonic() + 0.002)
                await asyncio.sleep(turn - time.monotonic())
        finally:
            self.close()

    def close(self) -> None:
        """Close sockets and files."""
        for udp in self._udp:
            if udp.transport is not None:
                udp.transport.close()
        for server in self._servers:
            server.close()
        if self.seer is not None:
            self.seer.close()
        if self.recorder is not None:
            self.recorder.close()

    # --- a turn ---

    def turn(self, wall: float) -> None:
        """Fly what is due and say what is due."""
        ticks = self.pace.due(wall)
        self.radio.advance(ticks)
        self.live.advance(ticks)
        now = self.now(wall)
        self.radio.turn(now)
        for k, each in enumerate(self.crew):
            for way, frame in self.radio.landed(k):
                way.last_heard = wall
                self._frame(k, frame, way, now)
            if now.tick:  # before the first tick nothing is known
                self._say(k, each.switchboard.due(now), now)
            for way in self._ways(k):
                way.flush()
        if self.recorder is not None:
            self.recorder.turn(now)
        if self.recorder is None or self.recorder.failed:
            self.live.let_go()
        if wall - self._tidied > HOUSEKEEPING:
            self._load(wall - self._tidied)
            self._tidied = wall
            self._tidy(wall)
        self.busy += time.monotonic() - wall

    def now(self, wall: float) -> Now:
        """The moment."""
        return Now(self.live.tick, self.live.time, wall, self.live.utc, self.pace.speed)

    def _ways(self, k: int) -> Iterable[Way]:
        """All ways of one aircraft to those that it speaks to."""
        every = [*self._udp[k].ways.values(), *self._tcp[k].values()] if self._udp else []
        return [way for way in every if way.is_fixed or way.path in self.crew[k].telemetry.ways]

    def _heard(self, k: int, data: bytes, way: Way) -> None:
        """Bytes for one aircraft."""
        wall = time.monotonic()
        frames = way.parser.datagram(data) if way.path.startswith("udp") else way.parser.feed(data)
        now = self.now(wall)
        for frame in frames:
            if isinstance(way, RadioWay):
                way.lift(frame.raw)
                continue
            way.last_heard = wall
            self._frame(k, frame, way, now)
        way.flush()

    def _frame(self, k: int, frame: Frame, way: Way, now: Now) -> None:
        """One good frame."""
        each, message = self.crew[k], frame.message
        if message.system == each.aircraft.system:
            return  # its own, come back
        if way.path not in each.telemetry.ways:
            if self._keyrings[k] is not None and not message.signed:
                return  # a stranger without the key is not spoken to
            each.telemetry.open(way.path)
        if self.recorder is not None:
            self.recorder.frame(k, frame.raw, now)
        sender = Sender(message.system, message.component, way.path, message.signed)
        if not each.control.admits(message, sender):
            return
        try:
            self._say(k, each.switchboard.heard(message, sender, now), now)
        except FAULTS as fault:
            self.faults += 1
            told = f"{message.name} of {message.system} brought about {type(fault).__name__}: {fault}"
            print(f"samruk vehicle: {told}", file=sys.stderr, flush=True)

    def _say(self, k: int, outgoing: Iterable[Outgoing], now: Now) -> None:
        """Put messages on their ways."""
        system = self.crew[k].aircraft.system
        for out in outgoing:
            first = True
            if out.name == "STATUSTEXT" and self.recorder is not None:
                text = bytes(out.fields["text"]).decode("utf-8", "replace")
                self.recorder.event(k, text, int(out.fields["severity"]), now)
            for way in self._ways(k):
                if (out.to is None or out.to.path == way.path) and concerns(out, way):
                    raw = way.put(out, system)
                    if first and self.recorder is not None:
                        self.recorder.frame(k, raw, now)
                    first = False

    def _load(self, passed: float) -> None:
        """Tell what flying takes of a core, and when the machine is too slow for the speed that was asked for."""
        share, self.busy = self.busy / passed, 0.0
        late, self._given_up = self.pace.given_up - self._given_up, self.pace.given_up
        for each in self.crew:
            each.aircraft.board["load"] = round(1000.0 * min(share, 1.0))
            if late > 0.0:
                each.aircraft.say(Severity.WARNING, f"This machine is too slow for {self.pace.speed:g} x real time")

    # --- ways ---

    def _opened(self, k: int, way: Way, is_open: bool) -> None:
        """A way begins or ends."""
        if not is_open:
            self._tcp[k].pop(way.path, None)
            self.crew[k].telemetry.close(way.path)
            return
        if way.path.startswith("tcp"):
            self._tcp[k][way.path] = way
        if way.path.startswith("udp") or self._keyrings[k] is None:
            self.crew[k].telemetry.open(way.path)

    def _tidy(self, wall: float) -> None:
        """Forget strangers that have gone."""
        for k, udp in enumerate(self._udp):
            for way in udp.forget(wall):
                self.crew[k].telemetry.close(way.path)
