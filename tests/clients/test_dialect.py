"""MAVSDK 4 reads our dialect from its file: every message of it both ways, as `mavlink_direct` tells them."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from samruk.link.mavlink import MESSAGES, Message, Parser, encode

HERE = Path(__file__).resolve().parent
PYTHON = Path(os.environ.get("SAMRUK_CLIENTS", HERE.parent.parent / ".clients")) / "mavsdk4" / "bin" / "python"
OWN = sorted(name for name, each in MESSAGES.items() if each.number == 512 or each.number >= 52000)
LIMIT = 40.0
"""s; about 3 on an idle machine."""


def fields(name: str) -> dict[str, Any]:
    """Numbers that every type holds exactly."""
    rng, found = random.Random(name), {}
    for each in MESSAGES[name].fields:
        numbers = [float(rng.randint(1, 99)) if each.code in "fd" else rng.randint(1, 99) for _ in range(each.count)]
        found[each.name] = "text" if each.is_text else tuple(numbers) if each.length else numbers[0]
    return {key: 0 if key == "target_system" else value for key, value in found.items()}  # to everyone


@pytest.fixture(scope="module")
def told() -> tuple[dict[str, Any], list[Message]]:
    """What MAVSDK told of our messages, and what it sent."""
    if not PYTHON.exists():
        pytest.skip(f"mavsdk4 is not installed at {PYTHON}: run `make clients`, or set SAMRUK_CLIENTS")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = str(files("samruk").joinpath("data/dialect/samruk.xml"))
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    line = [str(PYTHON), str(HERE / "dialect_mavsdk4.py"), str(port), file, *OWN]
    client = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean)
    parser, heard, end = Parser(), [], time.monotonic() + LIMIT
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.setblocking(False)
        while client.poll() is None and time.monotonic() < end:
            beat = encode("HEARTBEAT", {"type": 1, "autopilot": 12, "mavlink_version": 3}, system=1)
            ours.sendto(beat, ("127.0.0.1", port))
            for name in OWN:
                ours.sendto(encode(name, fields(name), system=1), ("127.0.0.1", port))
            time.sleep(0.2)
            while (data := received(ours)) is not None:
                heard += [frame.message for frame in parser.datagram(data)]
    client.kill()
    out, err = client.communicate()
    lines = [text for text in out.splitlines() if text.startswith("{")]
    assert lines, err[-2000:]
    return json.loads(lines[-1]), heard


def received(ours: socket.socket) -> bytes | None:
    try:
        return ours.recv(65536)
    except OSError:
        return None


@pytest.mark.parametrize("name", OWN)
def test_mavsdk_tells_our_message(told: tuple[dict[str, Any], list[Message]], name: str) -> None:
    seen = told[0][name]
    for key, value in fields(name).items():
        assert seen[key] == (list(value) if isinstance(value, tuple) else value), key


def test_mavsdk_sends_our_message(told: tuple[dict[str, Any], list[Message]]) -> None:
    shown = next(message for message in told[1] if message.name == "SAMRUK_SHOWN")
    assert shown.altitude == 1500.5
    assert shown.id == (1, 2, 3, 4)
    assert (shown.target_system, shown.mode, shown.bearer) == (1, 6, 2)


