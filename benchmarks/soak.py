"""A simulated day of the whole session: three aircraft, three stations, faster than time, nobody touching it.

    python benchmarks/soak.py [--hours 24] [--speed 30] [--json]

The first station launches all three aircraft; they fly till their fuel calls them home, land by themselves, and stand.
Watched all the while: memory of every process (drift against the first hour of simulated time: bar 5 %), the time that
the session keeps (bar 99 % of what is asked), heartbeats (a station that has not heard an aircraft with a working link
for 3 s of wall time counts as a miss: bar 0), restarts (bar 0). At the end the records must be whole: the aircraft's
states, their frames, and what each station saw, from the first minute to the last.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from live import fly_all
from processes import resident_mb

from samruk.link.mavlink import tlog
from samruk.serve.client import Served

SETTLED = 3600.0
"""s of simulated time after which memory is expected to stand still."""
SILENT = 3.0
"""s of wall time without word from an aircraft whose link is up."""
LOOK = 5.0
"""s of wall time between two looks at memory."""
DRIFT, KEPT = 0.05, 0.99
"""Bars."""


def watch(session: Served, hours: float, speed: float) -> dict[str, Any]:
    """Let it run; what was seen."""
    memory: dict[str, list[tuple[float, float]]] = {name: [] for name in session.pids()}
    missed, looks, first, wall = 0, 0, None, time.monotonic()
    with session.seat("S1", "observer") as seat:
        picture = seat.until(lambda p: p["sim_s"] is not None)
        first, looked = picture["sim_s"], 0.0
        while picture["sim_s"] - first < 3600.0 * hours:
            picture = seat.picture(30.0)
            now = time.monotonic()
            if now - looked < LOOK:
                continue
            looked, looks = now, looks + 1
            for name, pid in session.pids().items():
                memory[name].append((picture["sim_s"] - first, resident_mb(pid)))
            missed += sum(_silent(each) for each in picture["aircraft"])
            if looks % 12 == 0:
                done = (picture["sim_s"] - first) / 3600.0
                rate = (picture["sim_s"] - first) / (now - wall)
                print(f"{done:5.1f} h at {rate:.1f} x of {speed:g} x, missed {missed}", file=sys.stderr)
    took = time.monotonic() - wall
    return {
        "hours": (picture["sim_s"] - first) / 3600.0, "speed": (picture["sim_s"] - first) / took, "missed": missed,
        "restarts": len(session.events) - 2 * len(memory), "memory_mb": {k: drift(v) for k, v in memory.items()},
    }  # fmt: skip


def _silent(aircraft: dict[str, Any]) -> int:
    """1 where a link is up and yet nothing has been heard for a while."""
    up = any(link["up"] for link in aircraft["links"])
    age = aircraft["age"]["position"]
    return int(up and age is not None and age > SILENT)


def drift(rows: list[tuple[float, float]]) -> dict[str, float]:
    """MB after the first hour and at the end (means of five looks), and the part by which it grew."""
    settled = [mb for at, mb in rows if at >= SETTLED] or [mb for _, mb in rows]
    first, last = settled[:5], settled[-5:]
    a, b = sum(first) / len(first), sum(last) / len(last)
    return {"first": a, "last": b, "drift": b / a - 1.0}


def records(folder: Path) -> dict[str, Any]:
    """How far each log reaches, in hours of its own clock (simulated of an aircraft's frames, the wall of a station's),
    and MB of what was seen."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.tlog")):
        stamps = [us for us, _ in tlog.read(path.read_bytes())]
        span = (stamps[-1] - stamps[0]) / 3.6e9 if stamps else 0.0
        found[str(path.relative_to(folder))] = {"frames": len(stamps), "hours": span}
    found["states"] = {str(p.relative_to(folder)): p.stat().st_size / 1e6 for p in sorted(folder.rglob("*.mcap"))}
    return found


def whole(found: dict[str, Any], hours: float, speed: float) -> bool:
    """Whether every log reaches over the whole session, and nothing that was to be recorded is empty."""
    logs = {name: row["hours"] for name, row in found.items() if name != "states"}
    wanted = {name: hours if name.startswith("aircraft/") else hours / speed for name in logs}
    return (
        bool(logs)
        and all(logs[name] >= KEPT * wanted[name] for name in logs)
        and len(found["states"]) >= 2
        and all(mb > 0.0 for mb in found["states"].values())
    )


def main() -> None:
    """Run, print, and say by the exit code whether all bars hold."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--hours", type=float, default=24.0)
    words.add_argument("--speed", type=float, default=30.0)
    words.add_argument("--json", action="store_true")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with Served.start(speed=given.speed, record=Path(folder) / "soak") as session:
            fly_all(session)
            found = watch(session, given.hours, given.speed)
        found["records"] = records(Path(folder) / "soak")
    holds = {
        "memory": all(row["drift"] < DRIFT for row in found["memory_mb"].values()), "heartbeats": found["missed"] == 0,
        "pace": found["speed"] > KEPT * given.speed, "no restart": found["restarts"] == 0,
        "records": whole(found["records"], found["hours"], found["speed"]),
    }  # fmt: skip
    found["holds"] = holds
    if given.json:
        print(json.dumps(found))
    else:
        rate, restarts = found["speed"], found["restarts"]
        print(f"{found['hours']:.1f} h at {rate:.1f} x; missed {found['missed']}, restarts {restarts}")
        for name, row in found["memory_mb"].items():
            print(f"  {name:10} {row['first']:6.1f} MB then {row['last']:6.1f} MB ({100.0 * row['drift']:+.1f} %)")
        for name, row in found["records"].items():
            print(f"  {name}: {row}")
        print("  " + ", ".join(f"{name} {'holds' if good else 'DOES NOT HOLD'}" for name, good in holds.items()))
    sys.exit(0 if all(holds.values()) else 1)


if __name__ == "__main__":
    main()
