"""The server with a real application and a browser's side of the WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket as sockets
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from tests.fake_aircraft import Fake
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from samruk.cli import parser
from samruk.errors import InputError
from samruk.station import build, catalogue, wire
from samruk.station.server import Station

TOKENS = {"pilot": "p" * 32, "instructor": "i" * 32, "observer": "o" * 32}


def options(folder: Path, *more: str) -> Namespace:
    file = folder / "tokens.json"
    file.write_text(json.dumps(TOKENS))
    words = ["station", "--token-file", str(file), "--journal", str(folder / "records"), "--listen",
             "udpin:127.0.0.1:39551", *more]  # fmt: skip
    return parser().parse_args(words)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return build.build(options(tmp_path))


class Client:
    """A browser's ways to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, host: str = "") -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if host:
            request.add_header("Host", host)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {}, error.read()

    def live(self, token: str, origin: str | None = None) -> Any:
        """The WebSocket."""
        protocols: Any = ["samruk", f"token.{token}"]
        source: Any = origin
        url = f"ws://127.0.0.1:{self.port}/live"
        return connect(url, subprotocols=protocols, origin=source, max_size=None, proxy=None)


@contextlib.contextmanager
def served(station: Station, page: Path) -> Iterator[Client]:
    """The station under uvicorn in a thread."""
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(station.application(page), port=port, log_level="error", ws="websockets-sansio",
                            timeout_graceful_shutdown=1)  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.time() + 10.0
    while not server.started and time.time() < until:
        time.sleep(0.02)
    try:
        yield Client(port)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def client(station: Station, tmp_path: Path) -> Iterator[Client]:
    with served(station, tmp_path / "no page") as client:
        yield client


def messages(socket: Any, wanted: str, most: int = 60) -> dict[str, Any]:
    for _ in range(most):
        found = msgspec.msgpack.decode(socket.recv(timeout=5))
        if found["t"] == wanted:
            return dict(found)
    raise AssertionError(f"no {wanted}")


def live(client: Client, seat: str = "pilot") -> Any:
    return client.live(TOKENS[seat])


def test_a_browser_gets_hello_then_pictures(client: Client, station: Station) -> None:
    fake = Fake()
    for name, fields in fake.messages():
        station.desk.heard(fake.say(name, fields), time.time(), "way0")
    with live(client) as socket:
        hello = messages(socket, "hello", 1)
        assert hello["seat"]["role"] == "pilot"
        assert hello["version"] == wire.VERSION
        first, second = messages(socket, "picture"), messages(socket, "picture")
        assert second["n"] > first["n"]
        [aircraft] = second["aircraft"]
        assert aircraft["place"]["altitude"] == pytest.approx(1500.0)


@pytest.mark.parametrize("token", ["x", "wrong", "p" * 31])
def test_without_a_token_nothing_is_told(client: Client, token: str) -> None:
    with client.live(token) as socket:
        with pytest.raises(ConnectionClosed) as end:
            socket.recv(timeout=5)
        assert end.value.rcvd is not None
        assert end.value.rcvd.code == 4401


def test_a_page_from_elsewhere_is_turned_away(client: Client) -> None:
    with pytest.raises(InvalidStatus), client.live(TOKENS["pilot"], "http://elsewhere.example"):
        pass


def test_an_observer_changes_nothing(client: Client, station: Station) -> None:
    with live(client, "observer") as socket:
        socket.send('{"t":"command","id":"1","sysid":1,"kind":"return"}')
        assert "observer" in messages(socket, "refusal")["words"]
    assert station.desk.commands.pending == []


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"t":"command"}', '{"t":"command","id":1}', '{"t":"tick"}',
                                  '{"t":"command","id":"1","sysid":1e400,"kind":"return"}', "\x00" * 50])  # fmt: skip
def test_what_is_no_message_is_refused_and_the_station_goes_on(client: Client, text: str) -> None:
    with live(client) as socket:
        socket.send(text)
        assert messages(socket, "refusal")["words"]
        assert messages(socket, "picture")["n"] > 0


def test_the_catalogue_has_every_language(client: Client) -> None:
    found = json.loads(client.get("/catalogue.json")[2])
    assert found == {language: catalogue.words(language) for language in ("en", "tr")}


def test_a_station_without_a_page_says_how_to_build_it(client: Client) -> None:
    _, headers, body = client.get("/")
    assert b"npm run build" in body
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_host_whose_name_was_made_to_point_here_is_turned_away(client: Client) -> None:
    assert client.get("/health", "elsewhere.example")[0] == 421


def test_health_is_told(client: Client) -> None:
    found = json.loads(client.get("/health")[2])
    assert (found["station"], found["faults"]) == ("S1", 0)


def test_only_pictures_that_a_browser_missed_count_as_dropped(station: Station) -> None:
    class Socket:
        async def send_bytes(self, data: bytes) -> None:
            pass

    async def looking(draws: int) -> None:
        """Three seats look; each browser comes for its picture after so many were drawn."""
        seen = [-1, -1, -1]
        for _ in range(10):
            for _ in range(draws):
                station._draw(time.time())
            for k, browser in enumerate(browsers):
                _, seen[k] = await station._news(Socket(), browser, 1 << 30, seen[k])  # type: ignore[arg-type]

    browsers = [browser for seat in station.seats.seats if (browser := station.seats.join(seat)) is not None]
    assert len(browsers) == 3
    asyncio.run(looking(1))
    assert station.dropped == 0
    asyncio.run(looking(2))
    assert station.dropped == 3 * 9  # one of two, but for the first of each browser
    assert station.desk.journal is not None
    station.desk.journal.close()


def said(folder: Path, port: int, act: Callable[[], None] = lambda: None) -> str:
    """What `samruk station` says first; `act` is done as soon as it has."""
    line = [sys.executable, "-m", "samruk.cli", "station", "--json", "--port", str(port), "--journal", str(folder),
            "--connect", "udpout:127.0.0.1:39552"]  # fmt: skip
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            act()
        finally:
            process.terminate()
    return first


def test_a_station_says_where_to_look_when_it_listens_and_not_before(tmp_path: Path) -> None:
    with sockets.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        assert said(tmp_path, port) == ""
    first = json.loads(said(tmp_path, port, lambda: sockets.create_connection(("127.0.0.1", port), 5.0).close()))
    assert first["urls"]["pilot"].startswith(f"http://127.0.0.1:{port}/#token=")


def test_the_charts_are_those_of_the_changed_mission(tmp_path: Path) -> None:
    ways = [
        build.charts(options(tmp_path, "--mission", "circuit", *more))[0].aerodromes[0].runways[0].name
        for more in ((), ("--set", "home.runway=04"))
    ]
    assert ways == ["22", "04"]
    with pytest.raises(InputError, match="Give --mission"):
        build.charts(options(tmp_path, "--set", "home.runway=04"))


def test_a_built_page_is_served(station: Station, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<title>built</title>")
    with served(station, page) as client:
        assert b"built" in client.get("/")[2]


def test_terrain_is_shown_as_relief(tmp_path: Path) -> None:
    station = build.build(options(tmp_path, "--mission", "white-mountains"))
    with served(station, tmp_path) as client:
        assert client.get("/relief/0.png")[2].startswith(b"\x89PNG")
        assert client.get("/relief/9.png")[0] == 404
        with live(client) as socket:
            fields = messages(socket, "fields", 5)["fields"]
            assert any(field["home"] for field in fields)
            bounds = messages(socket, "ground", 5)["bounds"]
            assert bounds["south"] < fields[0]["latitude"] < bounds["north"]


def test_a_browser_looks_back_alone_and_sends_nothing_meanwhile(client: Client, station: Station) -> None:
    fake = Fake()
    for name, fields in fake.messages():
        station.desk.heard(fake.say(name, fields), time.time(), "way0")
    with live(client) as socket:
        for _ in range(25):
            messages(socket, "picture")
        socket.send('{"t":"set_replay","on":true,"rate":1}')
        assert messages(socket, "replay")["on"]
        assert messages(socket, "picture")["replaying"]
        socket.send('{"t":"command","id":"1","sysid":1,"kind":"return"}')
        assert "looking back" in messages(socket, "refusal")["words"]
        socket.send('{"t":"set_replay","on":false}')
        for _ in range(20):
            if not messages(socket, "picture")["replaying"]:
                break
        else:
            raise AssertionError("still looking back")


def test_a_look_back_does_not_end_the_flushing_of_the_record(client: Client, station: Station) -> None:
    fake, journal = Fake(), station.desk.journal
    assert journal is not None
    for name, fields in fake.messages():
        station.desk.heard(fake.say(name, fields), time.time(), "way0")
    with live(client) as socket:
        for _ in range(15):
            messages(socket, "picture")
        socket.send('{"t":"set_replay","on":true,"rate":1}')
        assert messages(socket, "replay")["on"]
        flushed = journal._flushed
        time.sleep(1.0)
        assert flushed < journal._flushed <= time.time()


def test_what_cannot_be_sent_holds_up_no_picture(client: Client, station: Station) -> None:
    def broken(now: float) -> Any:
        raise struct.error("int too large")

    station.desk.plans.due = broken  # type: ignore[method-assign]
    with live(client) as socket:
        first = messages(socket, "picture")["n"]
        for _ in range(5):
            last = messages(socket, "picture")["n"]
    assert last > first
    assert station.faults > 0


def test_a_record_is_served_without_aircraft(station: Station, tmp_path: Path) -> None:
    fake = Fake()
    for name, fields in fake.messages():
        station.desk.heard(fake.say(name, fields), time.time(), "way0")
    seat = wire.Seat("pilot", "S1", "pilot", 241, "en")
    station.desk.picture(seat, time.time())
    assert station.desk.journal is not None
    station.desk.journal.close()
    past = build.build(options(tmp_path, "--replay", str(station.desk.journal.path)))
    with served(past, tmp_path) as client, live(client) as socket:
        assert messages(socket, "picture")["aircraft"][0]["sysid"] == 1


def test_a_full_disk_ends_the_record_and_not_the_station(client: Client, station: Station) -> None:
    class Full:
        name = "full"
        lines: list[wire.Line] = []  # noqa: RUF012

        def __getattr__(self, name: str) -> Any:
            raise OSError(28, "No space left on device")

    assert station.desk.journal is not None
    station.desk.journal.close()
    station.desk.journal = Full()  # type: ignore[assignment]
    with live(client) as socket:
        for _ in range(20):
            alarms = messages(socket, "picture")["alarms"]
            if alarms:
                break
        assert [alarm["key"] for alarm in alarms] == ["journal_failed"]


def test_a_browser_that_has_chosen_gets_the_strip_of_its_aircraft_only(client: Client, station: Station) -> None:
    for fake in (Fake(1), Fake(2)):
        for name, fields in fake.messages():
            station.desk.heard(fake.say(name, fields), time.time(), "way0")
    with live(client) as socket:
        socket.send('{"t":"select","sysid":2}')
        time.sleep(1.0)
        until = time.time() + 12.0
        found: list[int] = []
        while time.time() < until and len(found) < 3:
            message = msgspec.msgpack.decode(socket.recv(timeout=5))
            found += [message["sysid"]] if message["t"] == "strip" else []
        assert found[-2:] == [2, 2]
