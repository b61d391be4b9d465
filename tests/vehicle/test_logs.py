"""Logs come whole over a path that loses, and are not erased."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from samruk.vehicle.ftp import CHECKED, HEADER, File, Ftp, Op
from samruk.vehicle.logs import Logs, offer
from samruk.vehicle.service import Now, Outgoing, Sender
from tests.vehicle.protocol_path import Message
from tests.vehicle.protocol_path import Path as Way

STATION = Sender(241)


def say(logs: Logs, name: str, **fields: Any) -> list[Outgoing]:
    return list(logs.heard(Message(name, fields), STATION, Now()))


def test_a_log_comes_whole_though_pieces_are_lost(tmp_path: Path) -> None:
    body = random.Random(1).randbytes(50_000)
    (tmp_path / "aircraft-1.tlog").write_bytes(body)
    logs = Logs(offer(tmp_path, 0, 1.8e9))
    entries = say(logs, "LOG_REQUEST_LIST", start=0, end=0xFFFF)
    assert [(e.fields["id"], e.fields["size"], e.fields["num_logs"]) for e in entries] == [(1, 50_000, 1)]
    way, parts, time = Way(3, 0.1), dict[int, bytes](), 0.0
    for _ in range(30):
        missing = [place for place in range(0, len(body), 90) if place not in parts]
        if not missing:
            break
        first = missing[0]
        say(logs, "LOG_REQUEST_DATA", id=1, ofs=first, count=90 * 128)
        for _ in range(4):
            time += 0.05
            for out in logs.due(Now(wall=time)):
                way.send(out, time)
            way.arrived(time, lambda out: parts.update({out.fields["ofs"]: out.fields["data"][: out.fields["count"]]}))
    assert b"".join(parts[place] for place in sorted(parts)) == body


def test_a_log_grows_and_is_not_erased(tmp_path: Path) -> None:
    file = tmp_path / "aircraft-1.tlog"
    file.write_bytes(b"x" * 100)
    told: list[str] = []
    logs = Logs(offer(tmp_path, 0, 0.0), lambda severity, text: told.append(text))
    say(logs, "LOG_REQUEST_LIST", start=0, end=0xFFFF)
    file.write_bytes(b"x" * 200)
    say(logs, "LOG_REQUEST_DATA", id=1, ofs=0, count=1000)
    assert sum(out.fields["count"] for out in logs.due(Now())) == 100  # as it was listed
    assert say(logs, "LOG_REQUEST_LIST", start=0, end=0xFFFF)[0].fields["size"] == 200
    say(logs, "LOG_ERASE")
    assert file.exists()
    assert told
    assert say(logs, "LOG_REQUEST_DATA", id=1, ofs=500, count=90)[0].fields["count"] == 0


def test_no_log_is_told_as_none(tmp_path: Path) -> None:
    logs = Logs(offer(tmp_path, 0, 0.0))
    assert [e.fields["num_logs"] for e in say(logs, "LOG_REQUEST_LIST", start=0, end=0xFFFF)] == [0]
    assert say(logs, "LOG_REQUEST_DATA", id=3, ofs=0, count=90) == []


def test_the_states_after_restarts_are_logs_too(tmp_path: Path) -> None:
    for name in ("aircraft-1.tlog", "session.mcap", "session-2.mcap", "session-10.mcap", "aircraft-2.tlog"):
        (tmp_path / name).write_bytes(b"x")
    names = [path.rpartition("/")[2] for path in offer(tmp_path, 0, 0.0)()]
    assert names == ["aircraft-1.tlog", "session.mcap", "session-2.mcap", "session-10.mcap"]


def test_logs_are_files_too(tmp_path: Path) -> None:
    (tmp_path / "session.mcap").write_bytes(b"mcap")
    ftp = Ftp(offer(tmp_path, 4, 7.0))
    assert ftp._listed("/logs", 0, True) == b"Fsession.mcap\t4\t7\0"
    assert ftp._find("/logs/session.mcap").read(1, 2) == b"ca"


def test_a_checksum_of_a_long_log_is_refused_before_it_is_read() -> None:
    read: list[int] = []

    def piece(offset: int, count: int) -> bytes:
        read.append(offset)
        return bytes(count)

    ftp = Ftp(lambda: {"/logs/long": File(CHECKED + 1, piece), "/logs/short": File(70_000, piece)})

    def ask(path: bytes) -> int:
        payload = HEADER.pack(len(read), 0, Op.CRC, len(path), 0, 0, 0, 0) + path
        asked = Message("FILE_TRANSFER_PROTOCOL", {"target_component": 1, "payload": payload})
        (out,) = ftp.heard(asked, STATION, Now())
        return int(out.fields["payload"][3])

    assert ask(b"/logs/long") == Op.NAK
    assert read == []
    assert ask(b"/logs/short") == Op.ACK
    assert read == [0, 65536]
