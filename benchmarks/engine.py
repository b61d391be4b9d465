"""A lone day of 24 h on one core, and calls from Python; rates and starts: `samruk bench`.

    python benchmarks/engine.py [--json]

The step is that of the default story, flown from the stand. It has no branches: a second on the ground, in the cloud
or after the end costs the same.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

from samruk.bench.flights import lanes, story
from samruk.verdict.flights import Engines

__all__ = ["DAY", "lanes", "story"]

DAY = 86400
"""s."""
BAR_DAY = 30.0
"""s of one core that a lone day may take."""


def lone_day(engines: Engines) -> dict[str, float]:
    """A day of one aircraft on one core, frames every 10 s included: from the first tick to 24 h."""
    cpu, wall = time.process_time(), time.perf_counter()
    engines.start(lanes(1)).advance(DAY, 10)
    return {"core_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}


def calls(engines: Engines) -> dict[str, float]:
    """Microseconds of processor time of calls from Python, one lane."""
    batch = engines.start(lanes(1))
    done: dict[str, Callable[[], Any]] = {
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    engines = Engines(story()[0], "native", 1)
    if parser.parse_args().json:
        print(json.dumps({"lone_day": lone_day(engines), "calls_us": calls(engines)}))
        return
    day = lone_day(engines)
    print(f"a lone day of 24 h on one core: {day['core_s']:.1f} s of processor, {day['wall_s']:.1f} s of wall "
          f"(bar {BAR_DAY:.0f} s)")  # fmt: skip
    print("; ".join(f"{name} {us:.0f} us" for name, us in calls(engines).items()))


if __name__ == "__main__":
    main()
