"""A process of aircraft as a user starts it: it answers on its sockets, and goes on after it was killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samruk.link.mavlink import Message, Parser, encode

ROOT = Path(__file__).resolve().parent.parent.parent
SPEED = "40"
PATIENCE = 60.0
"""s of wall clock for each thing that is waited for; seconds on an idle machine."""


class Ground:
    """A socket that aircraft call."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = int(self.socket.getsockname()[1])
        self.sequence, self.beat = 0, 0.0
        self.last: dict[str, Message] = {}
        self.aircraft: Any = None

    def send(self, name: str, **fields: Any) -> None:
        self.sequence = (self.sequence + 1) % 256
        raw = encode(name, fields, system=255, component=190, sequence=self.sequence)
        self.socket.sendto(raw, self.aircraft)

    def until(self, wanted: Callable[[Message], bool]) -> Message:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.aircraft and time.monotonic() - self.beat > 1.0:
                self.beat = time.monotonic()
                self.send("HEARTBEAT", type=6, autopilot=8, mavlink_version=3)
            try:
                data, self.aircraft = self.socket.recvfrom(65535)
            except TimeoutError:
                continue
            for frame in Parser().datagram(data):
                self.last[frame.message.name] = frame.message
                if wanted(frame.message):
                    return frame.message
        raise TimeoutError

    def command(self, number: int, *p: float) -> int:
        given = {f"param{k}": value for k, value in enumerate(p, 1)}
        self.send("COMMAND_LONG", command=number, target_system=1, target_component=1, **given)
        return int(self.until(lambda m: m.name == "COMMAND_ACK" and m.command == number).result)


def start(port: int, record: Path, *more: str) -> subprocess.Popen[str]:
    words = ["vehicle", "circuit", "--speed", SPEED, "--listen", "0", "--udp", f"127.0.0.1:{port}", "--record",
             str(record), "--until", "9000", *more]  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "samruk.cli", *words], stdout=subprocess.DEVNULL,
                            env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, text=True)  # fmt: skip


def test_an_aircraft_whose_process_is_killed_in_the_air_flies_on(tmp_path: Path) -> None:
    ground = Ground()
    process = start(ground.port, tmp_path / "session")
    try:
        ground.until(lambda m: m.name == "HOME_POSITION")
        assert ground.command(400, 1.0) == 0
        assert ground.command(300) == 0
        ground.until(lambda m: m.name == "GLOBAL_POSITION_INT" and m.relative_alt > 300_000)
        process.kill()
        process.wait()
        before = ground.last["GLOBAL_POSITION_INT"]
        mode = ground.last["HEARTBEAT"].custom_mode
        ground.aircraft = None
        began = time.monotonic()
        process = start(ground.port, tmp_path / "session", "--resume")
        after = ground.until(lambda m: m.name == "GLOBAL_POSITION_INT")
        took = time.monotonic() - began
        assert after.relative_alt > 200_000
        # at forty times real time the note of half a second ago lies 20 s of flight back
        assert abs(after.time_boot_ms - before.time_boot_ms) < 60_000
        ground.until(lambda m: m.name == "HEARTBEAT" and m.component == 1)
        assert ground.last["HEARTBEAT"].custom_mode == mode
        assert ground.last["HEARTBEAT"].base_mode & 128
        assert took < 30.0  # about two on an idle machine; this one may be busy
    finally:
        process.kill()
        process.wait()
        ground.socket.close()
    names = sorted(path.name for path in (tmp_path / "session").iterdir())
    assert {"session.mcap", "session-2.mcap", "journal.jsonl", "aircraft-1.tlog"} <= set(names)
