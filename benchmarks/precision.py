"""float32 against float64: how fast, how large, how far apart after a day.

    python benchmarks/precision.py [--lanes N] [--seconds N] [--flights N] [--json]

Rates are of processor time, one thread, the precisions in turn in one process, the best of five. The flights are those
of the default story, under other seeds each time round, from stand to stand over a day.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.engine import DAY, lanes, story

from samruk import engine, sim
from samruk.earth import SEMI_MAJOR_AXIS
from samruk.engine import compile
from samruk.engine.graph import FREE
from samruk.engine.layout import Layout, TableLayout
from samruk.engine.precision import Precision, Words
from samruk.engine.trace import trace
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines

PRECISIONS = {
    "float64": Precision(), "float32": Precision("float32"), "float32 without words": Precision("float32", Words.NONE),
}  # fmt: skip


def started(base: Engines, precision: Precision, flights: list[Inputs]) -> Any:
    """A batch at the first moment of its flights."""
    made = engine.open(base.flight.program, "native", 1, precision)
    params = [sim.params(each.task, each.aircraft) for each in flights]
    batch = made.start([made.program.carry] * len(flights), params, [each.tables for each in flights])
    return batch.adopt(base.start(flights))


def counted(base: Engines, precision: Precision) -> dict[str, dict[str, int]]:
    """By tempo: all operations, those on float64, and conversions between the two."""
    program, found = base.flight.program, {}
    layouts = (Layout(program.carry, precision), Layout(program.params, precision))
    for name, block in trace(program, *layouts, TableLayout(program.tables, precision)).blocks.items():
        nodes = block.graph.nodes
        live = [nodes[v] for v in block.graph.live(v for _, v in block.outputs) if nodes[v].op not in FREE]
        kinds = Counter("turned" if n.op in ("fpext", "fptrunc") else n.type for n in live)
        compared = sum(n.op.startswith("fcmp") and nodes[n.args[0]].type == "double" for n in live)
        found[name] = {"all": len(live), "float64": kinds["double"] + compared, "conversions": kinds["turned"]}
    return found


def rates(base: Engines, count: int, seconds: int) -> dict[str, float]:
    """Aircraft-seconds per second of processor."""
    batches = {name: started(base, precision, lanes(count)) for name, precision in PRECISIONS.items()}
    best = dict.fromkeys(batches, 0.0)
    for batch in batches.values():
        batch.advance(60, 0)
    for _ in range(5):
        for name, batch in batches.items():
            cpu = time.process_time()
            batch.advance(seconds, 10)
            best[name] = max(best[name], count * seconds / (time.process_time() - cpu))
    return best


def compiled(base: Engines, precision: Precision) -> dict[str, float]:
    """s of wall to compile a text with a fresh compiler, by width."""
    made, found = engine.open(base.flight.program, "native", 1, precision), {}
    for width in (1, made.width):
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            child = compile.start(made.text(width), made.bits(width), Path(folder) / "step.o")
            if complaint := compile.finish(child):
                raise SystemExit(complaint)
        found[str(width)] = time.perf_counter() - began
    return found


def apart(base: Engines, precision: Precision, count: int) -> list[dict[str, float]]:
    """Each flight's distance from itself in float64 over a day."""
    flights = lanes(count)
    truth, ours = (started(base, each, flights) for each in (Precision(), precision))
    d, w = truth.advance(DAY, 10), ours.advance(DAY, 10)
    north, east = (w[name] - d[name] for name in ("latitude", "longitude"))
    metres = SEMI_MAJOR_AXIS * np.hypot(north, east * np.cos(d["latitude"]))
    relative = {
        name: ours.values(field) / truth.values(field) - 1.0
        for name, field in (("fuel", "world.fuel_burned"), ("endurance", "ledger.integrals.airborne"))
    }
    found = []
    for lane in range(count):
        track = metres[d["over"][:, lane] == 0, lane]
        kept = {name: float(values[lane]) for name, values in relative.items()}
        found.append({"median_m": float(np.median(track)), "largest_m": float(track.max()), **kept})
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lanes", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=200, help="simulated for each rate")
    parser.add_argument("--flights", type=int, default=12, help="compared over a day")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    base = Engines(story()[0], "native", 1)
    found: dict[str, Any] = {
        "operations": {name: counted(base, each) for name, each in PRECISIONS.items()},
        "compile_s": {name: compiled(base, each) for name, each in PRECISIONS.items()},
        "aircraft_seconds_per_core_second": rates(base, given.lanes, given.seconds),
        "apart": {name: apart(base, PRECISIONS[name], given.flights) for name in list(PRECISIONS)[1:]},
    }
    print(json.dumps(found)) if given.json else show(found)


def show(found: dict[str, Any]) -> None:
    """The figures for people."""
    per = found["aircraft_seconds_per_core_second"]
    for name, rate in per.items():
        seconds = ", ".join(f"width {w} {s:.1f} s" for w, s in found["compile_s"][name].items())
        print(f"{name:22} {rate / 1e3:6.1f} k aircraft-s per core-s ({rate / per['float64']:.2f}), compiled: {seconds}")
        for tempo, ops in found["operations"][name].items():
            print(f"    {tempo:8} {ops['all']:6} operations, {ops['float64']:6} on float64, "
                  f"{ops['conversions']:4} conversions")  # fmt: skip
    for name, flights in found["apart"].items():
        print(f"{name}, a day against float64")
        for k, flight in enumerate(flights):
            print(f"    flight {k:2}: track {flight['median_m']:9.3g} m median, {flight['largest_m']:9.3g} m at most; "
                  f"fuel {flight['fuel']:+.1e}, endurance {flight['endurance']:+.1e}")  # fmt: skip


if __name__ == "__main__":
    main()
