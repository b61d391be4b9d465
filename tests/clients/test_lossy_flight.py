"""An unmodified client flies a whole mission over the air: its frames take the step's own radio, and are lost, doubled
and overtaken besides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from tests.clients.test_whole_flights import HERE, LIMIT, ROOT, free_port, python_of, stood_on_the_runway

SPOILT = "10,3,3"
"""% lost each way, sent twice, overtaken: every tenth frame is gone."""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What MAVSDK 4 saw."""
    if not python_of("mavsdk4").exists():
        pytest.skip(f"mavsdk4 is not installed at {python_of('mavsdk4')}: run `make clients`, or set SAMRUK_CLIENTS")
    port = free_port()
    words = ["vehicle", "circuit", "--speed", "40", "--listen", "0", "--until", "9000", "--site", "S1=245"]
    aircraft = subprocess.Popen(
        [sys.executable, "-m", "samruk.cli", *words, "--udp", f"127.0.0.1:{port}=S1", "--spoil", SPOILT],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    try:
        assert aircraft.stdout is not None
        aircraft.stdout.readline()
        person = subprocess.run(
            [str(python_of("mavsdk4")), str(HERE / "fly_mavsdk4.py"), str(port)], capture_output=True, text=True,
            env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"}, timeout=LIMIT, check=False,
        )  # fmt: skip
    finally:
        aircraft.kill()
        aircraft.communicate()
    last = person.stdout.strip().splitlines()[-1] if person.stdout.strip() else ""
    assert last.startswith("{"), person.stderr[-2000:]
    found: dict[str, Any] = json.loads(last)
    return found


def test_with_every_tenth_frame_lost_it_uploads_arms_flies_and_lands(seen: dict[str, Any]) -> None:
    assert [round(each[2]) for each in seen["held"]] == [500, 550]  # uploaded whole, read back whole
    assert seen["armed"]
    assert seen["finished"]
    for mode in ("TAKEOFF", "MISSION", "RETURN_TO_LAUNCH", "LAND"):
        assert mode in seen["modes"]
    stood_on_the_runway(seen)


def test_refusals_come_through_too(seen: dict[str, Any]) -> None:
    assert "DENIED" in seen["disarm"]
    assert "DENIED" in seen["kill"]
