"""Unmodified MAVSDK 3 and 4 write and read plans, parameters, files and logs of an aircraft as a user starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clients.test_whole_flights import HERE, ROOT, free_port, python_of


def talked(client: str, record: Path) -> dict[str, Any]:
    """What a client saw of an aircraft of its own."""
    if not python_of(client).exists():
        pytest.skip(f"{client} is not installed at {python_of(client)}: run `make clients`, or set SAMRUK_CLIENTS")
    port = free_port()
    words = ["vehicle", "circuit", "--speed", "2", "--listen", "0", "--udp", f"127.0.0.1:{port}"]
    words += ["--record", str(record)]
    aircraft = subprocess.Popen(
        [sys.executable, "-m", "samruk.cli", *words], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    try:
        assert aircraft.stdout is not None
        aircraft.stdout.readline()
        clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        person = subprocess.run(
            [str(python_of(client)), "-W", "ignore", str(HERE / f"plans_{client}.py"), str(port)], capture_output=True,
            text=True, env=clean, timeout=150.0, check=False,
        )  # fmt: skip
        assert person.returncode == 0, person.stderr[-2000:]
        found: dict[str, Any] = json.loads(person.stdout.strip().splitlines()[-1])
        return found
    finally:
        aircraft.kill()
        aircraft.communicate()


def test_mavsdk_4_writes_and_reads_everything(tmp_path: Path) -> None:
    seen = talked("mavsdk4", tmp_path / "record")
    assert (seen["mission"], seen["fence"], seen["rally"]) == (4, 4, 1)
    assert "UNSUPPORTED" in seen["refused"].upper()
    assert (seen["reserve"], seen["action"], seen["below_zero"]) == (3000.0, 1, -1)
    assert seen["refused_value"]
    assert seen["downloads"] == [seen["parameters"]] * 2
    assert seen["same"]
    assert seen["logs"] == 2
    assert seen["log_bytes"] == seen["log_listed"] > 0


def test_mavsdk_3_writes_and_reads_everything(tmp_path: Path) -> None:
    assert talked("mavsdk3", tmp_path / "record") == {"done": True}
