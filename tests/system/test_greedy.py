"""Greedy and slow browsers at a real socket: the others do not notice."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.station.test_server import Client, live, options, served
from websockets.exceptions import ConnectionClosed

from samruk.station import build, session


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    station = build.build(options(tmp_path))
    station.ends = []  # browsers alone: no port that another test might hold
    with served(station, tmp_path / "page") as found:
        yield found


def pictures(end: Any, seconds: float) -> int:
    """Pictures that come in a time."""
    count, begun = 0, time.monotonic()
    while time.monotonic() - begun < seconds:
        count += msgspec.msgpack.decode(end.recv(timeout=5.0)).get("t") == "picture"
    return count


def flood(end: Any) -> None:
    """More than anybody can mean."""
    for _ in range(20_000):
        end.send(json.dumps({"t": "select", "sysid": 1}))


def test_a_greedy_page_is_let_go_and_the_others_see_on(client: Client) -> None:
    with live(client, "observer") as calm, live(client, "instructor") as greedy:
        with pytest.raises(ConnectionClosed) as closed:
            flood(greedy)
        with contextlib.suppress(ConnectionClosed):
            while True:
                greedy.recv(timeout=5.0)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == session.CLOSE_GREEDY
        assert pictures(calm, 2.0) > 5  # of about 20: the machine may be busy with other tests


def test_an_oversized_message_ends_its_own_page_alone(client: Client) -> None:
    with live(client, "observer") as calm:
        with live(client, "instructor") as large:
            large.send("[" * (4 * session.LONGEST))
            deadline = time.monotonic() + 10.0
            with contextlib.suppress(ConnectionClosed):
                while time.monotonic() < deadline:
                    if msgspec.msgpack.decode(large.recv(timeout=5.0)).get("t") == "refusal":
                        break
            assert time.monotonic() < deadline, "refused or closed at once"
        assert pictures(calm, 2.0) > 5  # as above


def test_a_page_that_never_reads_delays_nobody(client: Client) -> None:
    with live(client, "observer") as calm:
        deaf = socket.create_connection(("127.0.0.1", client.port))
        try:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.sendall(
                b"GET /live HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                b"Sec-WebSocket-Protocol: samruk, token.%s\r\n\r\n" % (client.port, b"i" * 32)
            )
            assert pictures(calm, 3.0) > 8  # of about 30
        finally:
            deaf.close()
