"""How fast the model flies on a CUDA device, beside the processor, and how fast it could at most.

    python benchmarks/gpu.py [--seconds N] [--floor] [--json]

A step is one fast tick with its share of the mission and slow ticks: 50 to a simulated second. Rates are of wall time,
the best of three; "flying" leaves out the copies to and from the device. Where both engines gave the same bits, rows of
as many lanes in the same precision have the same hash. Without a device one line says so; `--floor` then still prints
what a step reads, writes and computes, and the least time that this takes on an H200 as published.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np

from samruk import load, sim
from samruk.engine import trace
from samruk.engine.cuda import Cuda
from samruk.engine.driver import Device, Unavailable
from samruk.engine.layout import Layout, TableLayout
from samruk.engine.precision import precision_of
from samruk.engine.printer import BYTES
from samruk.engine.program import Program
from samruk.verdict.catalogue import Inputs
from samruk.verdict.causes import reseeded
from samruk.verdict.flights import Engines

LANES = (1, 256, 4096, 65536)
PRECISIONS = ("float64", "float32")
RESIDENT = (2, 4, 8)
"""Warps of a multiprocessor."""
DISTINCT = 256
"""Lanes that are packed one by one; the rest repeat them."""
STEPS = sim.FAST_PER_MISSION * sim.MISSION_PER_SLOW
"""Steps of a simulated second."""
COUNTED = ("float", "double")

H200 = {"bytes": 4.8e12, "float": 67e12 / 2, "double": 34e12 / 2}
"""Bytes and instructions a second by NVIDIA's data sheet, whose operations count a fused one as two."""
BAR = 1e9
"""Steps a second that 65,536 lanes in float32 should reach on an H200."""


def work(program: Program, precision: str) -> dict[str, float]:
    """What one step of one lane asks: bytes of fields read and written, and floating operations of either type."""
    numbers = precision_of(precision)
    layouts = Layout(program.carry, numbers), Layout(program.params, numbers), TableLayout(program.tables, numbers)
    traced = trace.trace(program, *layouts)
    asked = dict.fromkeys(("bytes", "operations", *COUNTED), 0.0)
    for tempo, share in (("fast", 1.0), ("mission", 1.0 / sim.FAST_PER_MISSION), ("slow", 1.0 / STEPS)):
        block = traced.blocks[tempo]
        nodes = [block.graph.nodes[v] for v in block.graph.live(value for _, value in block.outputs)]
        fields = [n for n in nodes if n.op == "argument"] + [block.graph.nodes[value] for _, value in block.outputs]
        asked["bytes"] += share * sum(BYTES[field.type] for field in fields)
        asked["operations"] += share * block.operations()
        for kind in COUNTED:
            asked[kind] += share * sum(n.type == kind and n.op in ("fadd", "fsub", "fmul", "fma") for n in nodes)
    return asked


def floor(asked: dict[str, float]) -> dict[str, float]:
    """Least seconds of a step of one lane on an H200 whose lanes fill it, by what is asked; nothing is kept near."""
    return {name: asked[name] / most for name, most in H200.items()}


def rows(device: Device, seconds: int) -> Iterator[dict[str, Any]]:
    """Rates of the device and of the processor."""
    base = lanes(DISTINCT)
    for precision in PRECISIONS:
        for kind in ("cuda", "native"):
            engines = Engines(base[0], kind, precision=precision)
            begun = engines.start(base)
            made = engines.flight
            for count in LANES:
                batch = begun.select([k % DISTINCT for k in range(count)])
                for resident in RESIDENT if kind == "cuda" else (0,):
                    inner = getattr(made, "engine", made)
                    if isinstance(inner, Cuda):
                        inner.resident = resident
                    yield {"engine": kind, "precision": precision, "lanes": count, "warps": resident,
                           **rate(batch, inner, seconds), "bits": bits(batch)}  # fmt: skip


def rate(batch: Any, made: Any, seconds: int) -> dict[str, float]:
    """Steps a second, by whole calls and by the device's own time."""
    kept, steps = batch.snapshot(), batch.lanes * seconds * STEPS
    best = {"steps_per_s": 0.0, "flying_steps_per_s": 0.0}
    for _ in range(3):
        batch.restore(kept)
        before, began = getattr(made, "flown_seconds", 0.0), time.perf_counter()
        batch.advance(seconds, 0)
        spent = time.perf_counter() - began
        flying = made.flown_seconds - before if isinstance(made, Cuda) else spent
        best = {name: max(best[name], steps / s) for name, s in zip(best, (spent, flying), strict=True)}
    if not np.isfinite(batch.state.real).all():
        raise SystemExit("the model left the finite numbers: its rate would not be that of a flight")
    return best


def bits(batch: Any) -> str:
    """A hash of every field of every lane: equal for equal flights."""
    return sha256(b"".join(batch.values(name).tobytes() for name in batch.state.layout.by_name)).hexdigest()[:8]


def lanes(count: int) -> list[Inputs]:
    """Different flights: those of the default story in turn, each time round under another seed."""
    flights = [Inputs(f.task, f.aircraft, f.tables) for f in load.mission("astana-january").flights]
    return [reseeded(flights[k % len(flights)], k // len(flights)) for k in range(count)]


def floors(program: Program) -> list[dict[str, Any]]:
    """What a step asks in either precision, and the most steps a second that it allows an H200."""
    found = []
    for precision in PRECISIONS:
        asked = work(program, precision)
        least = floor(asked)
        found.append({"precision": precision, **asked, "limit": max(least, key=least.__getitem__),
                      "most_steps_per_s": 1.0 / max(least.values())})  # fmt: skip
    return found


def show_floor(row: dict[str, Any]) -> str:
    """One line of what a step asks."""
    return (f"{row['precision']}: a step moves {row['bytes']:,.0f} bytes and does {row['operations']:,.0f} operations, "
            f"of them {row['double']:,.0f} float64 and {row['float']:,.0f} float32 sums and products; an H200 "
            f"as published does at most {row['most_steps_per_s'] / 1e9:.2f} G steps/s, by {row['limit']}")  # fmt: skip


def show(row: dict[str, Any]) -> str:
    """One line of what was measured."""
    warps = f"{row['warps']} warps" if row["warps"] else ""
    whole, flying = row["steps_per_s"] / 1e6, row["flying_steps_per_s"] / 1e6
    return (f"{row['engine']:8}{row['precision']:9}{row['lanes']:7,} lanes {warps:8}{whole:10.2f} M steps/s"
            f"{flying:10.2f} M flying  {row['bits']}")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="simulated for each rate")
    parser.add_argument("--floor", action="store_true", help="print the floor, device or not")
    parser.add_argument("--json", action="store_true", help="print one JSON object a row")
    given = parser.parse_args()
    write = json.dumps if given.json else None
    try:
        device: Device | None = Device()
    except Unavailable as why:
        device = None
        print(json.dumps({"skipped": str(why)}) if given.json else f"nothing was measured: {why}")
    if device is not None or given.floor:
        flight = lanes(1)[0]
        for row in floors(sim.programs(sim.params(flight.task, flight.aircraft), flight.tables)[1]):
            print((write or show_floor)(row))
    if device is not None:
        print(f"{device.name}, {device.multiprocessors} multiprocessors; bar {BAR / 1e9:.0f} G steps/s")
        for row in rows(device, given.seconds):
            print((write or show)(row), flush=True)


if __name__ == "__main__":
    main()
