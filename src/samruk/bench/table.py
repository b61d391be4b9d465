"""The figures of a bench for people."""

from __future__ import annotations

from samruk.bench import measure
from samruk.bench.measure import Bench, Row
from samruk.engine.native import cores


def text(bench: Bench) -> str:
    """Tables and lines."""
    parts = [_rows(bench), _rival(bench), _machine(bench), bench.operations["table"]]
    if bench.why:
        parts.append("\n".join(f"not here: {why}" for why in bench.why))
    return "\n\n".join(parts)


def _rows(bench: Bench) -> str:
    head = f"{'engine':10} {'numbers':8} {'lanes':>6} {'aircraft-s per core-s':>22} {'low':>10} {'high':>10}"
    lines = [f"{head} {'steps/s per core':>17} {'compile':>9} {'cached start':>13}"]
    return "\n".join([*lines, *(_row(row) for row in bench.rows)])


def _row(row: Row) -> str:
    rate = row.aircraft_seconds_per_core_second
    steps = _count(rate and rate * measure.STEPS)
    rates = f"{_count(rate):>22} {_count(row.low):>10} {_count(row.high):>10} {steps:>17}"
    times = f"{_seconds(row.compile_s):>9} {_seconds(row.cached_start_s):>13}"
    return f"{row.engine:10} {row.precision:8} {row.lanes:6,} {rates} {times}"


def _count(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"


def _rival(bench: Bench) -> str:
    if bench.jsbsim is None:
        return f"JSBSim: {measure.NO_JSBSIM}"
    j = bench.jsbsim
    lines = [
        f"JSBSim {j['version']}, c172x with autopilot at {j['hertz']} Hz: {j['median']:,.0f} aircraft-s per core-s "
        f"({j['low']:,.0f} to {j['high']:,.0f}); at the end at {j['height_m']:.0f} m, {j['airspeed_m_s']:.0f} m/s, "
        f"propeller {j['propeller_rpm']:.0f} rev/min"
    ]
    if bench.ratio is not None and bench.ratio_scatter:
        low, high = bench.ratio_scatter
        told = f"ratio to JSBSim, native float64, {measure.COMPARED} lanes"
        lines.append(f"{told}: {bench.ratio:.1f} ({low:.1f} to {high:.1f})")
    return "\n".join(lines)


def _machine(bench: Bench) -> str:
    """Error of the tick, peak, single steps, threads, memory."""
    h, live, t, m = measure.halving(), bench.live, bench.threads, bench.memory
    best = max(bench.peak, key=lambda mix: bench.peak[mix])
    lines = [
        f"error of the tick, by halving it over {h['hours']:g} h in closed loop (medians): place "
        f"{h['place_median_m']:.2g} m, height {h['height_median_m']:.1g} m, airspeed "
        f"{h['airspeed_median_m_s']:.1g} m/s, roll {h['phi_median_rad']:.1g} rad",
        f"processor: {measure.processor()}, {cores()} cores, wanted by {measure.load() or 0.0:.1f} processes in "
        "the last minute; wall times (compile, start, threads, ticks) suffer from more than one",
        f"peak {bench.peak[best] / 1e9:.1f} G additions and multiplications a second "
        f"({best}); the engine's operations are {bench.peak_fraction or 0.0:.0%} of that, 256 lanes, a "
        "fused one counted twice",
        f"one aircraft from Python: a mission tick {live['mission_tick_p50_us']:.0f} us (p99 "
        f"{live['mission_tick_p99_us']:.0f}), so a step {live['step_p50_us']:.1f} us (p99 {live['step_p99_us']:.1f})",
    ]
    if t.get("ratio"):
        quiet = "" if t["processor_given"] > 0.95 else " (the machine is not quiet)"
        low, high = t["scatter"]
        given = f"given {t['processor_given']:.0%} of the cores they asked for{quiet}"
        lines.append(f"two threads against one: {t['ratio']:.2f} by wall time ({low:.2f} to {high:.2f}), {given}; "
                     f"{t['ratio_by_processor']:.2f} by processor time")  # fmt: skip
    lines.append(f"memory: {m['one_flight_mb']:.0f} MB with one flight, {m['lane_kb']:.1f} kB for each further lane")
    return "\n".join(lines)
