"""How fast the model flies and how long it takes to start.

    python benchmarks/engine.py [--seconds N] [--threads N] [--json]

The step is that of the default story, flown from the stand. It has no branches: a second on the ground, in the cloud
or after the end costs the same. Rates are processor time where one thread works and wall time where several do; the
best of three.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from samruk import load
from samruk.verdict.catalogue import Inputs
from samruk.verdict.causes import reseeded
from samruk.verdict.flights import Engines

DAY = 86400
"""s."""
BAR_DAY = 30.0
"""s of one core that a lone day may take."""


def story() -> tuple[Inputs, ...]:
    """What the flights of the default story fly with."""
    return tuple(Inputs(f.task, f.aircraft, f.tables) for f in load.mission("astana-january").flights)


def lanes(count: int) -> list[Inputs]:
    """Different flights: those of the story in turn, each time round under another seed."""
    flights = story()
    return [reseeded(flights[k % len(flights)], k // len(flights)) for k in range(count)]


def rate(engines: Engines, count: int, seconds: int) -> dict[str, float]:
    """Aircraft-seconds flown per second of processor and of wall time, in thousands."""
    batch = engines.start(lanes(count))
    batch.advance(60, 0)
    best = {"per_core_s": 0.0, "per_wall_s": 0.0}
    for _ in range(3):
        cpu, wall = time.process_time(), time.perf_counter()
        batch.advance(seconds, 10)
        spent = {"per_core_s": time.process_time() - cpu, "per_wall_s": time.perf_counter() - wall}
        best = {key: max(best[key], seconds * count / spent[key]) for key in best}
    if not np.isfinite(batch.state.real).all():
        raise SystemExit("the model left the finite numbers: its rate would not be that of a flight")
    return best


def lone_day(engines: Engines) -> dict[str, float]:
    """A day of one aircraft on one core, frames every 10 s included: from the first tick to 24 h."""
    cpu, wall = time.process_time(), time.perf_counter()
    engines.start(lanes(1)).advance(DAY, 10)
    return {"core_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}


def calls(engines: Engines) -> dict[str, float]:
    """Microseconds of calls from Python, one lane."""
    batch = engines.start(lanes(1))
    done: dict[str, Callable[[], Any]] = {
        "a mission tick": lambda: batch.advance_mission(1),
        "a second with a frame": lambda: batch.advance(1, 1),
        "a frame of this moment": batch.frame,
        "the carry as a dataclass": lambda: batch.carry(0),
    }
    return {name: _microseconds(call) for name, call in done.items()}


def _microseconds(call: Callable[[], Any]) -> float:
    """Of one call, in the best of five runs of fifty."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        for _ in range(50):
            call()
        best = min(best, (time.process_time() - began) / 50)
    return 1e6 * best


START = """
import json, time; began = time.perf_counter()
from benchmarks.engine import lanes; from samruk.verdict.flights import Engines
inputs = lanes({count}); imported = time.perf_counter()
engines = Engines(inputs[0], "native", 1); engines.start(inputs)
print(json.dumps(dict(imports_s=imported - began, open_s=time.perf_counter() - imported,
                      trace_and_compile_s=engines.beginning.compile_seconds + engines.flight.compile_seconds)))
"""


def starts() -> list[dict[str, Any]]:
    """Start in fresh processes: nothing kept, then everything kept."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for label, count in (("cold", 16), ("kept", 16), ("kept, other width", 1), ("kept", 1)):
            root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
            done = subprocess.run(
                [sys.executable, "-c", START.format(count=count)], env={**os.environ, "SAMRUK_CACHE": folder},
                cwd=root, capture_output=True, text=True, check=True,
            )  # fmt: skip
            found.append({"start": label, "lanes": count, **json.loads(done.stdout)})
    return found


def measured(seconds: int, threads: int) -> dict[str, Any]:
    """All figures."""
    one, all_cores = Engines(story()[0], "native", 1), Engines(story()[0], "native", threads)
    made = one.flight
    return {
        "operations": made.operations(),
        "fields": made.carry.n_real + made.carry.n_int,
        "lone_day": lone_day(one),
        "one_thread": {count: rate(one, count, seconds) for count in (1, 8, 64, 256)},
        "threads": {threads: rate(all_cores, 256, seconds)},
        "calls_us": calls(one),
        "starts": starts(),
    }


def show(found: dict[str, Any]) -> None:
    """The figures for people."""
    operations, day = found["operations"], found["lone_day"]
    print(f"operations {operations}, {found['fields']} fields")
    print(f"a lone day of 24 h on one core: {day['core_s']:.1f} s of processor, {day['wall_s']:.1f} s of wall "
          f"(bar {BAR_DAY:.0f} s)")  # fmt: skip
    for count, rates in found["one_thread"].items():
        per = rates["per_core_s"]
        gops = operations["per_simulated_second"] * per / 1e9
        print(f"{count:4} lanes, 1 thread:  {per / 1e3:7.1f} k aircraft-s per core-s ({gops:.1f} Gop/s)")
    for count, rates in found["threads"].items():
        print(f" 256 lanes, {count} threads: {rates['per_wall_s'] / 1e3:7.1f} k aircraft-s per s of wall")
    print("; ".join(f"{name} {us:.0f} us" for name, us in found["calls_us"].items()))
    for start in found["starts"]:
        print(f"{start['start']:18}{start['lanes']:3} lanes: imports and files {start['imports_s']:.2f} s, open and "
              f"begin {start['open_s']:.2f} s, of it trace, compile {start['trace_and_compile_s']:.2f} s")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600, help="simulated for each rate")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    found = measured(given.seconds, given.threads)
    print(json.dumps(found)) if given.json else show(found)


if __name__ == "__main__":
    main()
