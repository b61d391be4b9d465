"""The station's server: one process, one event loop, one desk; browsers by WebSocket, aircraft by UDP.

A browser gets the newest picture ten times a second and, of everything else, the newest of each kind that it does not
have; nothing waits in line, so that a slow browser is late but never behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from samruk.errors import SamrukError
from samruk.link.mavlink import Frame, Keyring
from samruk.station import catalogue, session, wire
from samruk.station.desk import Desk
from samruk.station.replay import Player
from samruk.station.vehicles import Out
from samruk.station.ways import Endpoint, Ways

PICTURES = 0.1
"""s between pictures."""
SOONEST = 0.05
"""s between two pictures where telemetry comes in between: the screen is drawn as it comes, not on a timer."""
MOVES = ("ATTITUDE", "GLOBAL_POSITION_INT", "HIGH_LATENCY2")
"""Messages that make a new picture worth while."""
TURN = 0.02
"""s between turns of the desk."""
FAULTS = (ArithmeticError, ValueError, LookupError, TypeError, AttributeError, AssertionError, SamrukError,
          struct.error)  # fmt: skip
"""What a message may bring about; it is counted, and the station goes on."""
SLOW = 10.0
"""s that one send may take before a browser is let go."""
FLYING = ("pilot", "commander", "payload")
"""Roles by which a station counts as attended."""
PAGE = Path(__file__).parent / "page"
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>samruk station</title>
<body style="font:16px/1.5 sans-serif;margin:3em;max-width:40em">
<h1>The station runs; its page is not built</h1>
<p>Build it once: <code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code>, or <code>make setup</code>. Then load
this page again. The station's health is at <a href="/health">/health</a>.</p></body></html>"""
POLICY = ("default-src 'self'; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
          "img-src 'self' data: blob:; frame-ancestors 'none'")  # fmt: skip
"""Content-Security-Policy: nothing from outside."""
GUARDS = ((b"content-security-policy", POLICY.encode()), (b"x-content-type-options", b"nosniff"),
          (b"referrer-policy", b"no-referrer"))  # fmt: skip


@dataclass
class Station:
    """A running station.

    Attributes:
        desk: what it knows; None in a replay.
        seats: who may look and act.
        ends: ways to aircraft.
        player: a record to look back at; None: none yet.
    """

    desk: Desk
    seats: session.Seats
    ends: list[Endpoint] = field(default_factory=list)
    player: Player | None = None
    replay_only: bool = False
    shown: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """The newest picture by seat, encoded once, with how many that seat has had."""
    wire_seats: dict[str, wire.Seat] = field(default_factory=dict)
    replays: dict[int, Player] = field(default_factory=dict)
    """Browsers that look back."""
    selected: dict[int, int] = field(default_factory=dict)
    """Aircraft that a browser looks at."""
    started: float = field(default_factory=time.time)
    sent_bytes: int = 0
    dropped: int = 0
    """Pictures that a browser did not get because a newer one of its seat came."""
    faults: int = 0
    keyring: Keyring | None = None
    """Signs and verifies; None for neither."""
    host: str = ""
    """Where browsers connect."""
    fresh: bool = False
    """Something has moved since the last picture."""
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the next picture is there; another takes its place then."""

    def __post_init__(self) -> None:
        self.ways = Ways(self.desk.site.sysid, self._heard, self._sent, self.keyring)

    def _heard(self, frame: Frame, raw: bytes, now: float, way: str) -> None:
        """A frame came: whatever is in it, the station goes on."""
        try:
            if self.desk.journal is not None:
                self.desk.journal.frame(raw, now)
            self.desk.heard(frame.message, now, way)
            self.fresh = self.fresh or frame.message.name in MOVES
        except OSError as error:
            self._without_record(error, now)
        except FAULTS:
            self.faults += 1

    def _sent(self, data: bytes, now: float) -> None:
        if self.desk.journal is not None:
            self.desk.journal.frame(data, now)

    # The loop -------------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def life(self, app: Starlette) -> AsyncIterator[None]:
        """Open the ways, turn until the server ends, close the record."""
        if not self.replay_only:
            await self.ways.open(self.ends)
        turning = asyncio.create_task(self._turn())
        try:
            yield
        finally:
            turning.cancel()
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await turning
            finally:
                self.ways.close()
                if self.desk.journal is not None:
                    self.desk.journal.close()

    async def _turn(self) -> None:
        """Hear, decide, send; draw ten times a second, and sooner where something moves."""
        drawn = 0.0
        while True:
            now = time.time()
            if not self.replay_only:
                self._guarded(self._speak, now)
            if now - drawn >= (SOONEST if self.fresh else PICTURES):
                drawn, self.fresh = now, False
                self._guarded(self._draw, now)
            await asyncio.sleep(TURN)

    def _guarded(self, act: Callable[[float], None], now: float) -> None:
        """Do one thing of a turn: what goes wrong in it is counted, and holds up nothing else."""
        try:
            act(now)
        except OSError as error:
            self._without_record(error, now)
        except FAULTS:
            self.faults += 1

    def _speak(self, now: float) -> None:
        """Send what is due."""
        for out in self.desk.due(now):
            self._send(out, now)

    def _without_record(self, error: OSError, now: float) -> None:
        """The record cannot be written, for a full disk perhaps: the crew goes on, and knows."""
        journal, self.desk.journal = self.desk.journal, None
        if journal is not None:
            with contextlib.suppress(OSError, ValueError):
                journal.close()
            self.desk.alarms.tell("journal_failed", 0, now)
        self.faults += 1
        print(f"samruk station: the record cannot be written: {error}", file=sys.stderr)

    def _send(self, out: Out, now: float) -> None:
        self.ways.send(out, now)

    def _draw(self, now: float) -> None:
        """One picture for each seat at which somebody looks; one for the record in any case."""
        if self.replay_only:
            return
        seats = {browser.seat.id: browser.seat for browser in self.seats.browsers}
        self.desk.fleet.attended = any(browser.seat.role in FLYING for browser in self.seats.browsers)
        for seat in seats.values() or [self.seats.seats[0]]:
            picture = self.desk.picture(self.seat(seat), now)
            if seats:
                self.shown[seat.id] = (self.shown.get(seat.id, (0, b""))[0] + 1, wire.encode(picture))
        now_there, self.drawn = self.drawn, asyncio.Event()
        now_there.set()

    def _names(self) -> list[str]:
        """Hosts under which this station is known beside loopback and addresses."""
        return [self.desk.site.name, self.host]

    def seat(self, seat: session.Seat) -> wire.Seat:
        """A seat as the wire has it."""
        site = self.desk.site
        if seat.id not in self.wire_seats:
            role: Any = seat.role
            self.wire_seats[seat.id] = wire.Seat(site.id, site.name, role, site.sysid, self.desk.language)
        self.wire_seats[seat.id].language = self.desk.language
        return self.wire_seats[seat.id]

    # Browsers -------------------------------------------------------------------------------------------------------

    async def live(self, socket: WebSocket) -> None:
        """One browser, from its greeting to its end."""
        headers = socket.headers
        if not session.is_own_page(headers.get("origin"), headers.get("host"), self._names()):
            await socket.close(session.CLOSE_ORIGIN)
            return
        seat = self.seats.admit(session.token_of(headers, socket.query_params))
        browser = self.seats.join(seat) if seat is not None else None
        if browser is None:
            await socket.accept(_protocol(headers))
            await socket.close(session.CLOSE_TOKEN if seat is None else session.CLOSE_FULL)
            return
        await socket.accept(_protocol(headers))
        talking = asyncio.create_task(self._talk(socket, browser))
        try:
            await self._listen(socket, browser)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            talking.cancel()
            self.seats.leave(browser)
            self.replays.pop(browser.number, None)
            self.selected.pop(browser.number, None)

    async def _talk(self, socket: WebSocket, browser: session.Browser) -> None:
        """Say the newest as it is drawn; a browser that does not take it is let go."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError, *FAULTS):
            await self._put(socket, wire.encode(self._hello(browser)))
            for message in self._scenery():
                await self._put(socket, wire.encode(message))
            have, seen = 0, -1
            while True:
                drawn = self.drawn
                while (data := browser.outbox.next()) is not None:
                    await self._put(socket, data)
                player = self._player(browser)
                if player is not None:
                    seen = -1  # what is drawn while it looks back is not missed
                    for data in player.due(time.time()):
                        await self._put(socket, data)
                else:
                    have, seen = await self._news(socket, browser, have, seen)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(drawn.wait(), PICTURES)
        with contextlib.suppress(RuntimeError):
            await socket.close(session.CLOSE_SLOW)

    async def _news(self, socket: WebSocket, browser: session.Browser, have: int, seen: int) -> tuple[int, int]:
        """Everything that is newer than what the browser has."""
        for number, key, message in self.desk.newer(have):
            have = number
            if self._wants(browser, key):
                await self._put(socket, wire.encode(message))
        number, data = self.shown.get(browser.seat.id, (-1, b""))
        if number != seen and data:
            self.dropped += max(0, number - seen - 1) if seen >= 0 else 0
            await self._put(socket, data)
        return have, number

    def _wants(self, browser: session.Browser, key: str) -> bool:
        """Whether a message is for the aircraft that a browser looks at; all before it has chosen."""
        kind, _, sysid = key.partition(":")
        chosen = self.selected.get(browser.number)
        return kind not in ("profile", "prediction", "strip") or chosen is None or sysid == str(chosen)

    async def _put(self, socket: WebSocket, data: bytes) -> None:
        await asyncio.wait_for(socket.send_bytes(data), SLOW)
        self.sent_bytes += len(data)

    def _hello(self, browser: session.Browser) -> wire.Hello:
        hello = self.desk.hello(self.seat(browser.seat))
        hello.replaying = self._player(browser) is not None
        return hello

    def _scenery(self) -> list[wire.Told]:
        """Relief and fields."""
        ground = self.desk.ground
        found: list[wire.Told] = [wire.Fields(ground.aerodromes)]
        return found + [wire.Ground(f"/relief/{k}.png", bounds) for k, (bounds, _) in enumerate(ground.relief)]

    def _player(self, browser: session.Browser) -> Player | None:
        if self.replay_only and browser.number not in self.replays and self.player is not None:
            self.replays[browser.number] = self.player.another()
        return self.replays.get(browser.number)

    async def _listen(self, socket: WebSocket, browser: session.Browser) -> None:
        """Take what a browser says until it goes or is let go."""
        while True:
            frame = await socket.receive()
            if frame["type"] == "websocket.disconnect":
                return
            data = frame.get("text") if frame.get("text") is not None else frame.get("bytes") or b""
            heard = self.seats.hears(browser, data or "", time.monotonic())
            if heard.close:
                await socket.close(heard.close)
                return
            await self._open_record(browser, heard)
            for answer in self.answers(browser, heard):
                browser.outbox.event(wire.encode(answer))
            if browser.outbox.overrun:
                await socket.close(session.CLOSE_SLOW)
                return

    async def _open_record(self, browser: session.Browser, heard: session.Heard) -> None:
        """Read the running record beside the loop before a browser looks back: hours of it take seconds, in which
        aircraft must not miss this station."""
        journal = self.desk.journal
        if journal is None or browser.number in self.replays or not _looks_back(heard.asked):
            return
        with contextlib.suppress(SamrukError, OSError):
            journal.flush()
            self.replays[browser.number] = await asyncio.to_thread(Player.of, journal.path)

    def answers(self, browser: session.Browser, heard: session.Heard) -> list[wire.Told]:
        """What is said to a browser alone."""
        if heard.asked is None:
            return [wire.Refusal(None, heard.refusal)]
        given = heard.asked.get("id")
        try:
            asked = msgspec.convert(heard.asked, type=wire.Asked)
        except (msgspec.ValidationError, OverflowError) as error:
            browser.errors += 1
            return [wire.Refusal(given if isinstance(given, str) else None, f"{error}")]
        if isinstance(asked, wire.Select):
            self.selected[browser.number] = asked.sysid
        if isinstance(asked, wire.SetReplay):
            return self._set_replay(browser, asked)
        if self.replay_only or browser.number in self.replays:
            refusal = self.desk.say("refusal.replaying")
            return [wire.Refusal(given if isinstance(given, str) else None, refusal)]
        try:
            return list(self.desk.asked(self.seat(browser.seat), asked, time.time()))
        except FAULTS:
            self.faults += 1
            return [wire.Refusal(given if isinstance(given, str) else None, self.desk.say("refusal.fault"))]

    def _set_replay(self, browser: session.Browser, m: wire.SetReplay) -> list[wire.Told]:
        """Look back in this browser alone; the others and the aircraft are not touched."""
        if not m.on and not self.replay_only:
            self.replays.pop(browser.number, None)
            return [wire.Replay(False, 0, 0, 0, 0.0, [])]
        player = self._player(browser)
        if player is None:
            return [wire.Refusal(None, self.desk.say("refusal.no_record"))]
        player.set(m.at_ms, m.rate, time.time())
        return [player.told()]

    # Plain requests -------------------------------------------------------------------------------------------------

    async def health(self, request: Request) -> Response:
        """How the station is."""
        desk = self.desk
        return JSONResponse({
            "station": desk.site.id, "up_s": round(time.time() - self.started, 1), "pictures": desk.pictured,
            "aircraft": sorted(desk.fleet.vehicles), "browsers": len(self.seats.browsers), "faults": self.faults,
            "sent_bytes": self.sent_bytes, "dropped": self.dropped, "replay": self.replay_only,
            "journal": desk.journal.name if desk.journal is not None else None,
        })  # fmt: skip

    async def words(self, request: Request) -> Response:
        """The catalogue of all languages."""
        return JSONResponse({language: catalogue.words(language) for language in catalogue.LANGUAGES})

    async def relief(self, request: Request) -> Response:
        """One tile's relief."""
        number = int(request.path_params["number"])
        tiles = self.desk.ground.relief
        if number >= len(tiles):
            return Response(status_code=404)
        return Response(tiles[number][1], media_type="image/png", headers={"Cache-Control": "max-age=86400"})

    async def no_page(self, request: Request) -> Response:
        """What is shown while the front end is not built."""
        return HTMLResponse(NOT_BUILT)

    def application(self, page: Path = PAGE) -> Starlette:
        """The ASGI application."""
        routes: list[Any] = [
            WebSocketRoute("/live", self.live),
            Route("/health", self.health),
            Route("/catalogue.json", self.words),
            Route("/relief/{number:int}.png", self.relief),
        ]
        built = (page / "index.html").is_file()
        routes.append(Mount("/", StaticFiles(directory=page, html=True)) if built else Route("/", self.no_page))
        return _Guarded(Starlette(routes=routes, lifespan=self.life), self._names())  # type: ignore[return-value]


class _Guarded:
    """Adds headers that keep the page to itself, and turns away hosts whose name was made to point here."""

    def __init__(self, app: Starlette, names: list[str]) -> None:
        self.app, self.names = app, names

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = next((value.decode("latin-1") for key, value in scope["headers"] if key == b"host"), None)
        if not session.is_own_page(None, host, self.names):
            await Response("unknown host", 421)(scope, receive, send)
            return

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *GUARDS]
            await send(message)

        await self.app(scope, receive, sending)


def _looks_back(asked: Mapping[str, Any] | None) -> bool:
    """Whether a message asks well-formed for a look back."""
    if asked is None or asked.get("t") != "set_replay":
        return False
    try:
        return msgspec.convert(asked, type=wire.SetReplay).on
    except (msgspec.ValidationError, OverflowError):
        return False


def _protocol(headers: Mapping[str, str]) -> str | None:
    """The subprotocol to answer with, where the browser offered ours."""
    offered = [each.strip() for each in headers.get("sec-websocket-protocol", "").split(",")]
    return "samruk" if "samruk" in offered else None
