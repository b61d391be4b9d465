"""Unmodified clients fly a whole mission, engine start to stop, against `samruk vehicle` as a user starts it.

Each client has an environment of its own (`make clients`, or the folder in SAMRUK_CLIENTS); without it its flight is
skipped. All fly at the same time, each its own aircraft, so that the file takes as long as one flight.
"""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CLIENTS = Path(os.environ.get("SAMRUK_CLIENTS", ROOT / ".clients"))
SPEED = 40
"""Simulated seconds per second: heartbeats come once a wall second, so the aircraft hears a station every 40 s."""
LIMIT = 240.0
"""s of wall clock that a flight may take; about 40 on an idle machine."""
SCRIPTS = {"mavsdk4": "mavsdk4", "mavsdk3": "mavsdk3", "mavproxy": "mavproxy", "pymavlink": "mavproxy"}
"""Client: the environment that holds it."""
THRESHOLD = (51.0333, 71.4846)
"""Degrees, landing threshold of runway 22 at Astana."""


def python_of(client: str) -> Path:
    return CLIENTS / SCRIPTS[client] / "bin" / "python"


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(client: str) -> tuple[subprocess.Popen[str], subprocess.Popen[str]]:
    """An aircraft, and the client that flies it."""
    port = free_port()
    words = ["vehicle", "circuit", "--speed", str(SPEED), "--listen", "0", "--udp", f"127.0.0.1:{port}"]
    aircraft = subprocess.Popen(
        [sys.executable, "-m", "samruk.cli", *words, "--until", "9000"], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert aircraft.stdout is not None
    aircraft.stdout.readline()
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    person = subprocess.Popen(
        [str(python_of(client)), str(HERE / f"fly_{client}.py"), str(port)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=clean,
    )  # fmt: skip
    return aircraft, person


@pytest.fixture(scope="module")
def flown() -> Iterator[dict[str, dict[str, Any]]]:
    """What each client saw."""
    running = {client: start(client) for client in SCRIPTS if python_of(client).exists()}
    seen: dict[str, dict[str, Any]] = {}
    try:
        for client, (_, person) in running.items():
            try:
                out, err = person.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                person.kill()
                out, err = person.communicate()
            last = out.strip().splitlines()[-1] if out.strip() else ""
            seen[client] = json.loads(last) if last.startswith("{") else {"failed": err[-2000:]}
        yield seen
    finally:
        for aircraft, person in running.values():
            for process in (aircraft, person):
                process.kill()
                process.communicate()


def report(flown: dict[str, dict[str, Any]], client: str) -> dict[str, Any]:
    if client not in flown:
        pytest.skip(f"{client} is not installed at {python_of(client)}: run `make clients`, or set SAMRUK_CLIENTS")
    assert "failed" not in flown[client], flown[client]["failed"]
    return flown[client]


def away(place: list[float]) -> float:
    """m from the threshold, on a flat Earth."""
    north = math.radians(place[0] - THRESHOLD[0]) * 6371e3
    east = math.radians(place[1] - THRESHOLD[1]) * 6371e3 * math.cos(math.radians(THRESHOLD[0]))
    return math.hypot(north, east)


def stood_on_the_runway(seen: dict[str, Any]) -> None:
    assert away(seen["place"]) < 3500.0  # the runway's length
    assert abs(seen["place"][2]) < 10.0  # wheels, navigation and the runway's slope


def test_mavsdk_4_flies_a_whole_mission(flown: dict[str, dict[str, Any]]) -> None:
    seen = report(flown, "mavsdk4")
    assert seen["finished"]
    for mode in ("MISSION", "RETURN_TO_LAUNCH", "LAND"):
        assert mode in seen["modes"]
    assert [round(each[2]) for each in seen["held"]] == [500, 550]
    assert "DENIED" in seen["disarm"]
    assert "DENIED" in seen["kill"]
    stood_on_the_runway(seen)


def test_mavsdk_3_flies_a_whole_mission_with_a_pause(flown: dict[str, dict[str, Any]]) -> None:
    seen = report(flown, "mavsdk3")
    assert [each[0] for each in seen["held"]] == [22, 16, 16, 20]
    assert seen["modes"].index("HOLD") < seen["modes"].index("RETURN_TO_LAUNCH")
    assert seen["disarm"] == "COMMAND_DENIED"
    stood_on_the_runway(seen)


def test_pymavlink_flies_a_whole_mission_with_its_own_landing(flown: dict[str, dict[str, Any]]) -> None:
    seen = report(flown, "pymavlink")
    assert seen["upload"] == 0
    assert [number for number in seen["reached"] if number in (1, 2)] == [1, 2]
    acks = {(number, result) for number, result in seen["acks"]}
    assert {(400, 0), (300, 0), (178, 0), (400, 2), (185, 2)} <= acks
    assert {"TAKEOFF", "MISSION", "RTL", "LAND"} <= set(seen["modes"])
    stood_on_the_runway(seen)


def test_mavproxy_flies_a_whole_mission(flown: dict[str, dict[str, Any]]) -> None:
    seen = report(flown, "mavproxy")
    text = "\n".join(seen["lines"])
    assert "DENIED" in seen["refused"]
    for told in ("Got MISSION_ACK: TYPE_MISSION: ACCEPTED", "MISSION_START: ACCEPTED", "waypoint 2", "AP: Flare"):
        assert told in text
    assert text.rindex("DISARMED") > text.rindex("AP: Roll out")
