"""What a study costs beside its engine: wall time, overhead, lanes in vain, memory at two sizes.

    python benchmarks/study.py [--mission astana-january --flight "Aircraft protects"] [--flights 64] [--json]

`overhead` is the part of wall time outside compiled code: draws, packing, rows, Parquet, statistics, report. `in_vain`
is the part of the flown time that belongs to flights which had ended. Memory is the peak of a process of its own that
flies the circuit story many times, at two sizes: a study keeps ledgers only, so the second must not need more than the
first but for the table itself.

On a machine that others use, wall time says little: `cpu_s` is what the process used on all cores, and
`cpu_around_engine_s` what its main thread used, which waits while the engine's threads fly; from both comes the time on
two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any

from samruk.engine.native import Native
from samruk.study import studies

MEMORY = (300, 1200)
"""Flights of the two studies whose memory is measured."""


def timed(mission: str, flight: str | None, flights: int, threads: int | None) -> dict[str, float]:
    """One study, and how long its engine took."""
    inside, flown, fly = 0.0, 0, Native.fly

    def watched(self: Any, batch: Any, ticks: int, every: int, n_frames: int) -> Any:
        nonlocal inside, flown
        began = time.perf_counter()
        try:
            return fly(self, batch, ticks, every, n_frames)
        finally:
            inside += time.perf_counter() - began
            flown += batch.lanes * ticks if ticks > self.program.mission_per_slow else 0

    Native.fly = watched  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        studies.study(mission, flight=flight, flights=1, out=f"{folder}/warm", threads=threads, engine="native")
        inside, flown = 0.0, 0
        began, here, all_cores = time.perf_counter(), time.thread_time(), time.process_time()
        found = studies.study(mission, flight=flight, flights=flights, out=f"{folder}/timed", threads=threads,
                              engine="native")  # fmt: skip
        wall, here, all_cores = (
            time.perf_counter() - began, time.thread_time() - here, time.process_time() - all_cores,
        )  # fmt: skip
    useful, around = float(sum(found.table["duration_s"])), (wall - inside) / flights
    return {
        "flights": flights,
        "flight_hours": round(useful / 3600.0, 1),
        "wall_s": round(wall, 2),
        "engine_s": round(inside, 2),
        "overhead": round(1.0 - inside / wall, 4),
        "overhead_ms_a_flight": round(1000.0 * around, 1),
        "cpu_s": round(all_cores, 2),
        "cpu_around_engine_s": round(here, 2),
        "minutes_for_1000_days_on_2_quiet_cores": round(
            1000.0 * (86400.0 * (all_cores - here) / 2.0 / useful + here / flights) / 60.0, 1),
        "in_vain": round(1.0 - useful / (0.1 * flown), 4),
        "times_real_time": round(useful / wall),
    }


def peak(flights: int) -> float:
    """MB at most of a process that flies the circuit so many times."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, __file__, "--peak", str(flights), f"{folder}/study"]
        return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[-1])


def _peak(flights: int, out: str) -> None:
    """Fly, then print this process's peak."""
    studies.study("circuit", flights=flights, out=out, engine="native")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0)


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mission", default="astana-january")
    parser.add_argument("--flight", default="Aircraft protects")
    parser.add_argument("--flights", type=int, default=64)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peak", nargs=2, metavar=("N", "DIR"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        _peak(int(options.peak[0]), options.peak[1])
        return
    result: dict[str, float] = timed(options.mission, options.flight or None, options.flights, options.threads)
    if not options.no_memory:
        small, large = (peak(flights) for flights in MEMORY)
        growth = (large - small) / (MEMORY[1] - MEMORY[0])
        result |= {f"peak_mb_of_{MEMORY[0]}": round(small), f"peak_mb_of_{MEMORY[1]}": round(large),
                   "peak_mb_of_10000_extrapolated": round(small + growth * (10000 - MEMORY[0]))}  # fmt: skip
    print(json.dumps(result) if options.json else "\n".join(f"{key:30} {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
