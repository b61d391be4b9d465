"""Starts in fresh processes: nothing kept, then the compiled step kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from samruk.errors import EngineError

SCRIPT = """
import json, sys, time
import samruk.bench.flights as flights
from samruk.verdict.flights import Engines
engine, precision, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
inputs = flights.lanes(min(count, flights.DISTINCT))
engines = Engines(inputs[0], engine, 1, precision)
batch = engines.start(inputs)
batch = batch if len(inputs) == count else flights.repeated(batch, count)
ready = time.time()
if engine == "reference":
    batch.advance_mission(1)
made = engines.beginning, engines.flight
print(json.dumps(dict(ready=ready, compile_s=sum(one.compile_seconds for one in made),
    rss_mb=flights.resident_mb())))
"""


@dataclass(frozen=True)
class Start:
    """A start."""

    wall_s: float
    """From the call of the interpreter until a batch is ready to be advanced."""
    compile_s: float
    """Of it, or at the first tick: trace and compile, both programs of a flight."""
    rss_mb: float
    """Most memory the process held."""


def fresh(engine: str, precision: str, lanes: int, cache: str) -> Start:
    """A start in a process of its own.

    Args:
        engine: kind.
        precision: of its numbers.
        lanes: flights.
        cache: folder of what is kept.
    """
    import time

    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, engine, precision, str(lanes)], env={**os.environ, "SAMRUK_CACHE": cache},
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no words"])[-1]
        raise EngineError(f"a fresh start of {engine}, {precision}, {lanes} lanes failed: {last}")
    told: dict[str, Any] = json.loads(done.stdout)
    return Start(told["ready"] - began, told["compile_s"], told["rss_mb"])
