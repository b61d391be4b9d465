"""How fast steps run and how long they take to start.

    python benchmarks/engine.py [--seconds N] [--threads N]

Rates are processor time where one thread works and wall time where several do; the best of three.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import engine_step as step
import numpy as np

from samruk import engine


def rate(made: Any, lanes: int, seconds: int) -> tuple[float, float]:
    """Aircraft-seconds flown per second of (processor, wall)."""
    params, tables = [step.params(i) for i in range(lanes)], [step.tables(i) for i in range(lanes)]
    batch = made.start([step.carry()] * lanes, params, tables)
    batch.advance(5, 0)
    best = [0.0, 0.0]
    for _ in range(3):
        cpu, wall = time.process_time(), time.perf_counter()
        batch.advance(seconds, 10)
        flown = seconds * lanes
        best = [max(best[0], flown / (time.process_time() - cpu)), max(best[1], flown / (time.perf_counter() - wall))]
    if not np.isfinite(batch.state.real).all():
        raise SystemExit("the stand-in left the finite numbers: its rate would not be that of a flight")
    return best[0], best[1]


START = """
import time; t = time.perf_counter()
import engine_step as s; t1 = time.perf_counter()
from samruk import engine
e = engine.open(s.program('benchmark')); b = e.start([s.carry()] * {n}, [s.params(0)] * {n}, [s.tables(0)] * {n})
print(f'import model {{t1 - t:.2f}} s, open and start {{time.perf_counter() - t1:.2f}} s, '
      f'of it trace, print and compile {{e.compile_seconds:.2f}} s')
"""


def cold_and_cached() -> None:
    """Start in fresh processes: nothing kept, then everything kept."""
    with tempfile.TemporaryDirectory() as folder:
        for label, n in (("cold", 16), ("cached", 16), ("other width", 1), ("cached", 1)):
            done = subprocess.run(
                [sys.executable, "-c", START.format(n=n)], env={**os.environ, "SAMRUK_CACHE": folder},
                cwd=Path(__file__).parent, capture_output=True, text=True, check=True,
            )  # fmt: skip
            print(f"{label:12s}{n:3d} lanes: {done.stdout.strip()}")


def report(made: Any, lanes: int, seconds: int) -> None:
    """One line for one thread."""
    cpu, wall = rate(made, lanes, seconds)
    gops = made.operations()["per_simulated_second"] * cpu / 1e9
    print(f"{lanes:4d} lanes, 1 thread: {cpu / 1e3:7.1f} k aircraft-s/s ({gops:.1f} Gop/s); "
          f"wall {wall / 1e3:.1f} k; 24 h in {86400 / cpu * lanes:.1f} s")  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=100)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    made = engine.open(step.program(), "native", threads=1)
    print("operations", made.operations(), "fields", made.carry.n_real, "+", made.carry.n_int)
    for lanes in (1, 8, 64):
        report(made, lanes, given.seconds)
    many = engine.open(step.program(), "native", threads=given.threads)
    _, wall = rate(many, 64 * given.threads, given.seconds)
    print(f"{64 * given.threads} lanes, {given.threads} threads: wall {wall / 1e3:.1f} k aircraft-s/s")
    cold_and_cached()


if __name__ == "__main__":
    main()
