"""A whole session of real processes: what is killed recovers, and no record is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

IN_TIME = 5.0
"""s of wall time in which a killed process must be back (the bar)."""
SLOW_MACHINE = 3.0
"""Times that a machine shared with other work may take longer."""


class Session:
    """`samruk serve` and what it says."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-m", "samruk.cli", "serve", "--aircraft", "3", "--stations", "2", "--speed", "5",
                 "--port", "0", "--no-open", "--json", "--record", str(folder)]  # fmt: skip
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.pids: dict[str, int] = {}

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read until something is said."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = json.loads(line)
            assert "#token=" not in line or "urls" in said
            if said.get("event") == "started":
                self.pids[said["process"]] = said["pid"]
            if wanted(said):
                return dict(said)
        raise AssertionError("the session ended")

    def kill(self, name: str) -> float:
        """Kill one process; s until it is ready again."""
        begun = time.monotonic()
        os.kill(self.pids[name], signal.SIGKILL)
        self.until(lambda said: said.get("event") == "ready" and said["process"] == name)
        return time.monotonic() - begun


def entries(folder: Path) -> list[dict[str, Any]]:
    """Lines of the journal."""
    return [json.loads(line) for line in (folder / "aircraft" / "journal.jsonl").read_text().splitlines()]


@pytest.mark.slow
def test_killed_aircraft_and_stations_are_back_in_time_and_go_on(tmp_path: Path) -> None:
    session = Session(tmp_path / "s")
    try:
        session.until(lambda said: said.get("ready") is True)
        time.sleep(4.0)
        before = json.loads((tmp_path / "s" / "aircraft" / "note.json").read_text())["tick"]
        kept = entries(tmp_path / "s")
        assert session.kill("aircraft") < IN_TIME * SLOW_MACHINE
        time.sleep(3.0)
        after = json.loads((tmp_path / "s" / "aircraft" / "note.json").read_text())["tick"]
        assert after > before, "the flight goes on from where it was"
        assert entries(tmp_path / "s")[: len(kept)] == kept
        assert session.kill("S2") < IN_TIME * SLOW_MACHINE
    finally:
        session.process.terminate()
        session.process.communicate(timeout=20.0)
    assert session.process.returncode == 0
    assert len(list((tmp_path / "s" / "aircraft").glob("session*.mcap"))) == 2
