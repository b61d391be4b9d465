"""All figures of `samruk bench`, in one run, on one machine.

The measure is simulated aircraft-seconds per second of one core, in processor time. Rival and engine take turns round
by round, so whatever slows the machine slows both; medians stand for the rounds, and their spread is told.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata, resources
from typing import Any

import numpy as np

from samruk import engine as engines_of
from samruk import sim
from samruk.bench import flights, operations, peak, rival, start
from samruk.engine.driver import Device, Unavailable
from samruk.engine.native import cores
from samruk.errors import EngineError
from samruk.peer import jsbsim_flight
from samruk.verdict.flights import Engines

LOG = logging.getLogger("samruk.bench")
LANES = (1, 16, 256, 4096)
STEPS = sim.FAST_PER_MISSION * sim.MISSION_PER_SLOW
"""Steps of a simulated second: a step is one fast tick with its share of the mission and slow ticks."""
WORK = 60_000
"""Aircraft-seconds of one timing, about: half a second of a core."""
COMPARED = 256
"""Lanes that are set against JSBSim."""
TICKS = 1000
"""Mission ticks timed one by one."""
NO_JSBSIM = "JSBSim is not installed: pip install jsbsim==1.3.3"
REFERENCE_LANES = (1, 256)
"""The reference compiles anew for every number of lanes, 20 s each, so it flies two."""

Told = Callable[[str], None]


@dataclass
class Row:
    """One engine at one precision and number of lanes."""

    engine: str
    precision: str
    lanes: int
    aircraft_seconds_per_core_second: float | None = None
    """Median of the rounds."""
    low: float | None = None
    """Lowest round."""
    high: float | None = None
    """Highest round."""
    compile_s: float | None = None
    """Wall time to trace and compile with nothing kept."""
    cached_start_s: float | None = None
    """Wall time of a fresh process with everything kept, until ready to be advanced."""

    def as_json(self) -> dict[str, Any]:
        """The row for programs."""
        rate = self.aircraft_seconds_per_core_second
        return {
            "engine": self.engine, "precision": self.precision, "lanes": self.lanes,
            "steps_per_second_per_core": None if rate is None else rate * STEPS,
            "aircraft_seconds_per_core_second": rate, "scatter": None if rate is None else [self.low, self.high],
            "compile_s": self.compile_s, "cached_start_s": self.cached_start_s,
        }  # fmt: skip


@dataclass
class Bench:
    """Everything measured."""

    rows: list[Row] = field(default_factory=list)
    jsbsim: dict[str, Any] | None = None
    """Rate of the c172x (median, low, high), its state, version."""
    ratio: float | None = None
    ratio_scatter: tuple[float, float] | None = None
    operations: dict[str, Any] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=dict)
    """Operations a second by mix."""
    peak_fraction: float | None = None
    live: dict[str, float] = field(default_factory=dict)
    threads: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)
    """What is missing, and why."""


def run(quick: bool, told: Told) -> Bench:
    """Measure.

    Args:
        quick: float64 alone, fewer rounds, no reference.
        told: called with a line as the work goes on.
    """
    bench, rounds = Bench(), 3 if quick else 5
    with _own_cache() as cache:
        told("starts in fresh processes")
        bench.rows = _rows(quick, cache, bench)
        told("flights into the air")
        batches = {precision: flights.airborne(Engines(flights.story()[0], "native", 1, precision))
                   for precision in ({row.precision for row in bench.rows if row.engine == "native"})}  # fmt: skip
        told(f"rates, {rounds} rounds in turn with JSBSim")
        with _one_core():
            _rates(bench, batches, rounds)
        told("single ticks, two threads, memory")
        bench.live = live(flights.repeated(batches["float64"], 1))
        bench.threads = two_threads(batches["float64"], rounds)
        _memory(bench, batches["float64"], cache)
        told("other engines")
        _reference(bench, batches["float64"], quick)
        _device(bench)
        told("operations")
        _operations(bench, batches["float64"].engine.width)
    return bench


@contextmanager
def _own_cache() -> Iterator[str]:
    """An empty cache for this run, so that compiling is seen."""
    before = os.environ.get("SAMRUK_CACHE")
    with tempfile.TemporaryDirectory(prefix="samruk-bench-") as folder:
        os.environ["SAMRUK_CACHE"] = folder
        try:
            yield folder
        finally:
            if before is None:
                del os.environ["SAMRUK_CACHE"]
            else:
                os.environ["SAMRUK_CACHE"] = before


@contextmanager
def _one_core() -> Iterator[None]:
    """All on one core, where the system lets a process choose."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
    if allowed:
        os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        if allowed:
            os.sched_setaffinity(0, allowed)


def _rows(quick: bool, cache: str, bench: Bench) -> list[Row]:
    """Rows of the native engine with their starts."""
    rows = []
    for precision in ("float64",) if quick else ("float64", "float32"):
        # One kernel serves every number of lanes but one, which has its own.
        cold = {count: start.fresh("native", precision, count, cache) for count in (16, 1)}
        for count in LANES:
            kept = min(start.fresh("native", precision, count, cache).wall_s for _ in range(1 if quick else 2))
            row = Row("native", precision, count, compile_s=cold[1 if count == 1 else 16].compile_s)
            row.cached_start_s = kept
            rows.append(row)
    if quick:
        bench.why.append("float32 and the reference engine: left out by --quick")
    return rows


def timed(batch: Any) -> float:
    """Aircraft-seconds per second of processor time, of some `WORK` of them; frames are left out."""
    seconds = max(2, WORK // batch.lanes) if batch.lanes > 1 else WORK // 20
    began = time.process_time()
    batch.advance(seconds, 0)
    return float(batch.lanes * seconds / (time.process_time() - began))


def _rates(bench: Bench, batches: dict[str, Any], rounds: int) -> None:
    """Rounds of all rows and JSBSim in turn."""
    own = [row for row in bench.rows if row.engine == "native"]
    flown = [flights.repeated(batches[row.precision], row.lanes) for row in own]
    other = rival.take_off() if jsbsim_flight.installed() else None
    found: list[list[float]] = [[] for _ in own]
    theirs: list[float] = []
    kept = [batch.snapshot() for batch in flown]
    for _ in range(rounds):
        for row, batch, rates, begin in zip(own, flown, found, kept, strict=True):
            if other and row.lanes == COMPARED:
                theirs.append(other.rate(300))
            batch.restore(begin)
            rates.append(timed(batch))
    for row, rates, batch in zip(own, found, flown, strict=True):
        if not flights.finite(batch):
            raise EngineError("the model left the finite numbers: its rate would not be that of a flight")
        row.aircraft_seconds_per_core_second = statistics.median(rates)
        row.low, row.high = min(rates), max(rates)
    _against(bench, other, theirs, own, found)


def _against(bench: Bench, other: rival.Rival | None, theirs: list[float], own: list[Row], found: Any) -> None:
    """JSBSim's figure and the ratio."""
    if other is None:
        bench.why.append(f"ratio to JSBSim: {NO_JSBSIM}")
        return
    state = other.state()
    bench.jsbsim = {"median": statistics.median(theirs), "low": min(theirs), "high": max(theirs), "hertz": rival.HERTZ,
                    "version": metadata.version("jsbsim"), **state}  # fmt: skip
    if not state["flies"]:
        bench.why.append(f"ratio to JSBSim: its c172x does not hold its height ({state['height_m']:.0f} m)")
        return
    ours = next(rates for row, rates in zip(own, found, strict=True)
                if (row.precision, row.lanes) == ("float64", COMPARED))  # fmt: skip
    per_round = len(theirs) // len(ours)
    pairs = [a / statistics.mean(theirs[k * per_round : (k + 1) * per_round]) for k, a in enumerate(ours)]
    bench.ratio, bench.ratio_scatter = statistics.median(pairs), (min(pairs), max(pairs))


def live(batch: Any) -> dict[str, float]:
    """One mission tick of one aircraft through the Python interface, wall time, microseconds."""
    for _ in range(50):
        batch.advance_mission(1)
    spent = []
    for _ in range(TICKS):
        began = time.perf_counter_ns()
        batch.advance_mission(1)
        spent.append((time.perf_counter_ns() - began) / 1e3)
    p50, p99 = (float(np.percentile(spent, part)) for part in (50, 99))
    fast = sim.FAST_PER_MISSION
    ticks = {"mission_tick_p50_us": p50, "mission_tick_p99_us": p99}
    return {**ticks, "step_p50_us": p50 / fast, "step_p99_us": p99 / fast}


def two_threads(batch: Any, rounds: int) -> dict[str, Any]:
    """Two threads against one.

    Returns:
        `ratio` by wall time with its `scatter`; `processor_given`, processor time over what the threads could have had
        (1 on a quiet machine); `ratio_by_processor`, twice one thread's processor time over that of two for the same
        work: what a quiet machine would show unless the threads wait for each other.
    """
    if cores() < 2:
        return {"ratio": None, "why": "one core"}
    wide = flights.repeated(batch, 512)
    own, found = wide.engine.threads, []
    try:
        for _ in range(2 * rounds):
            found.append([_spent(wide, count) for count in (1, 2)])
    finally:
        wide.engine.threads = own
    ratios = [one[1] / two[1] for one, two in found]
    return {"ratio": statistics.median(ratios), "scatter": [min(ratios), max(ratios)],
            "processor_given": statistics.median(two[0] / two[1] / 2 for _, two in found),
            "ratio_by_processor": statistics.median(2 * one[0] / two[0] for one, two in found)}  # fmt: skip


def _spent(batch: Any, threads: int) -> tuple[float, float]:
    """Processor and wall time of one timing, s."""
    batch.engine.threads = threads
    cpu, wall = time.process_time(), time.perf_counter()
    batch.advance(WORK // batch.lanes, 0)
    return time.process_time() - cpu, time.perf_counter() - wall


def _memory(bench: Bench, batch: Any, cache: str) -> None:
    """Of a lone flight's process, and of each further lane."""
    alone = start.fresh("native", "float64", 1, cache)
    per_lane = sum(a.nbytes for a in (batch.state.real, batch.state.integer, batch.params.real, batch.params.integer))
    bench.memory = {"one_flight_mb": alone.rss_mb, "lane_kb": per_lane / batch.lanes / 1024,
                    "this_process_mb": flights.resident_mb()}  # fmt: skip


def _reference(bench: Bench, begun: Any, quick: bool) -> None:
    """Rates of JAX: from the same states."""
    if quick:
        return
    made = engines_of.open(begun.engine.program, "reference")
    program = made.program
    params = [sim.params(one.task, one.aircraft) for one in flights.lanes(1)]
    tables = [one.tables for one in flights.lanes(1)]
    for count in REFERENCE_LANES:
        batch = made.start([program.carry] * count, params * count, tables * count)
        batch.state.adopt(flights.repeated(begun, count).state)
        began = time.perf_counter()
        batch.advance_mission(sim.MISSION_PER_SLOW)
        row = Row("reference", "float64", count, compile_s=time.perf_counter() - began)
        cpu, seconds = time.process_time(), 20
        batch.advance(seconds, 0)
        rate = count * seconds / (time.process_time() - cpu)
        row.aircraft_seconds_per_core_second = row.low = row.high = rate
        bench.rows.append(row)
    bench.why.append("reference: compiles for every number of lanes and keeps nothing: two of them, no cached start")


def _device(bench: Bench) -> None:
    """Rates of a CUDA device, per second of wall time."""
    try:
        Device()
    except Unavailable as missing:
        bench.why.append(f"cuda: {missing}")
        return
    for precision in ("float64", "float32"):
        made = Engines(flights.story()[0], "cuda", 1, precision)
        base = flights.airborne(made)
        for count in LANES:
            batch, rates = flights.repeated(base, count), []
            for _ in range(3):
                began = time.perf_counter()
                batch.advance(60, 0)
                rates.append(60 * count / (time.perf_counter() - began))
            bench.rows.append(Row("cuda", precision, count, statistics.median(rates), min(rates), max(rates),
                                  made.flight.compile_seconds))  # fmt: skip
    bench.why.append("cuda: a rate by processor time; its rates are per second of wall time of the whole device")


def _operations(bench: Bench, width: int) -> None:
    """Operations by stage, the processor's peak, and the part of it that the engine reaches."""
    counted = operations.counted()
    rows = operations.rows(counted)
    total = sum(counts[-1] for _, counts in rows)
    bench.operations = {"total": total, "fused": counted.fused, "stages": {name: counts[-1] for name, counts in rows},
                        "table": operations.table(counted)}  # fmt: skip
    bench.peak = peak.peaks(width)
    own = next(row for row in bench.rows if (row.engine, row.precision, row.lanes) == ("native", "float64", COMPARED))
    if own.aircraft_seconds_per_core_second is not None:
        arithmetic = total + counted.fused
        bench.peak_fraction = own.aircraft_seconds_per_core_second * arithmetic / max(bench.peak.values())


def halving() -> dict[str, Any]:
    """Errors of the default tick by halving it: figures that `design/0007-step-halving.py` wrote."""
    text = resources.files("samruk.bench").joinpath("halving.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def as_json(bench: Bench) -> dict[str, Any]:
    """The figures for programs."""
    return {
        "rows": [row.as_json() for row in bench.rows],
        "ops_per_simulated_second": {"total": bench.operations["total"], "fused": bench.operations["fused"],
                                     **bench.operations["stages"]},
        "jsbsim_aircraft_seconds_per_core_second": bench.jsbsim and bench.jsbsim["median"],
        "jsbsim": bench.jsbsim, "ratio_to_jsbsim": bench.ratio, "ratio_scatter": bench.ratio_scatter,
        "peak_fraction": bench.peak_fraction, "peak_operations_per_s": bench.peak,
        "peak_counts": "float64 additions and multiplications in each lane of a register, a fused one is two; of the "
        "engine all operations of the step, also comparisons, choices and integers, a fused one again two",
        "step": "one fast tick (20 ms) with its share of the mission (10 Hz) and slow (1 Hz) ticks",
        "live_step": bench.live, "two_threads": bench.threads, "memory": bench.memory,
        "step_halving": halving(), "missing": bench.why,
        "machine": {"processor": processor(), "cores": cores(), "load": load()},
    }  # fmt: skip


def load() -> float | None:
    """Processes that wanted a core in the last minute, these ones included; None where the system does not tell."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def processor() -> str:
    """Name of the processor, as LLVM knows it and as the system says."""
    from samruk.engine import compile

    return f"{platform.machine()}, {compile.processor()[0]}"
