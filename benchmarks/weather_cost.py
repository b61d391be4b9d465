"""What the weather costs: the step beside one whose weather is constant.

    python benchmarks/weather_cost.py [--rounds 5] [--lanes 256] [--json]

Each stage of the weather (ice, heat, gusts, cloud, rain on the aircraft, microburst and wave, the terrain's edge in the
link's way, rain on the link) is replaced by a constant, one at a time and all at once. Operations are counted on the
step as the engine compiles it. Rates are of both steps compiled, from the same flights in the air, in turn on one core,
in processor time; their medians are compared. The weather may cost `BAR`: part of a simulated second's time beyond
that of the step without it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from samruk import engine, sim
from samruk.bench import flights, measure
from samruk.engine.layout import Layout, TableLayout
from samruk.engine.trace import trace
from samruk.frames import Vec3
from samruk.plant import gusts, heat, ice, wet
from samruk.plant.state import GustLaw
from samruk.radio import masking
from samruk.radio import rain as on_link
from samruk.verdict.flights import Engines
from samruk.weather import cloud, downburst, rain

BAR = 0.35
"""Time of the weather over the time of the step without it, at most."""

Stand = tuple[Any, str, Callable[..., Any]]
"""A module, its function, and what stands for it."""


def _first(*given: Any, **_: Any) -> Any:
    """What came in goes out."""
    return given[0]


def _nothing(*_: Any, **__: Any) -> float:
    return 0.0


STAGES: dict[str, tuple[Stand, ...]] = {
    "ice": ((ice, "slow", _first), (ice, "effects", lambda *_: ice.IceEffects()), (ice, "beyond", lambda *_: False)),
    "heat": ((heat, "slow", _first),),
    "gusts": (
        (gusts, "advance", _first), (gusts, "law", lambda *_: GustLaw()), (gusts, "begin", _first),
        (gusts, "at", lambda *_: gusts.GustNow(Vec3(), Vec3())),
    ),
    "cloud": ((cloud, "presence", _nothing),),
    "rain on the aircraft": (
        (rain, "falling", lambda *_: rain.Falling(0.0, 0.0)), (rain, "transmission", lambda *_: rain.Seen(1.0, 1.0)),
        (rain, "visibility", lambda *_: 50000.0), (wet, "upon", _first), (wet, "runway", _first),
        (wet, "power_factor", lambda *_: 1.0),
    ),
    "microburst and wave": (
        (downburst, "microburst", lambda *_: Vec3()), (downburst, "wave", lambda *_: Vec3()),
        (downburst, "trapped", lambda *_: Vec3()), (downburst, "rotor", _nothing), (downburst, "steep", _nothing),
    ),
    "terrain's edge on the link": ((masking, "loss", _nothing),),
    "rain on the link": ((on_link, "along_ray", _nothing), (on_link, "to_satellite", _nothing)),
}  # fmt: skip
"""Stages of the weather and what stands for each."""


@contextmanager
def without(*stages: str) -> Iterator[None]:
    """The model with some stages constant."""
    with ExitStack() as stack:
        for stage in stages:
            for module, name, stand in STAGES[stage]:
                stack.enter_context(mock.patch.object(module, name, stand))
        yield


def _program() -> Any:
    """The step as the model stands now."""
    flight = flights.story()[0]
    return sim.programs(sim.params(flight.task, flight.aircraft), flight.tables)[1]


def operations(*stages: str) -> int:
    """Operations of a simulated second without some stages."""
    with without(*stages):
        program = _program()
        traced = trace(program, Layout(program.carry), Layout(program.params), TableLayout(program.tables))
    ticks = {"fast": sim.FAST_PER_MISSION * sim.MISSION_PER_SLOW, "mission": sim.MISSION_PER_SLOW, "slow": 1}
    return sum(count * traced.blocks[tempo].operations() for tempo, count in ticks.items())


def rates(lanes: int, rounds: int) -> tuple[list[float], list[float]]:
    """Aircraft-seconds per core-second with and without the weather, round by round."""
    engines = Engines(flights.story()[0], "native", 1)
    full = flights.repeated(flights.airborne(engines), lanes)
    with without(*STAGES):
        bare_engine = engine.open(_program(), "native", 1)
    given = flights.lanes(flights.DISTINCT)
    chosen = [given[k % len(given)] for k in range(lanes)]
    bare = bare_engine.start(
        [bare_engine.program.carry] * lanes, [sim.params(x.task, x.aircraft) for x in chosen],
        [x.tables for x in chosen],
    ).adopt(full)  # fmt: skip
    begins = full.snapshot(), bare.snapshot()
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for batch, begin, told in zip((full, bare), begins, found, strict=True):
            batch.restore(begin)
            told.append(measure.timed(batch))
    return found


def measured(lanes: int, rounds: int) -> dict[str, Any]:
    """Everything."""
    whole, bare = operations(), operations(*STAGES)
    stages = {name: whole - operations(name) for name in STAGES}
    with measure._one_core():
        full_rates, bare_rates = rates(lanes, rounds)
    costs = [without_it / with_it - 1.0 for with_it, without_it in zip(full_rates, bare_rates, strict=True)]
    return {
        "operations": whole, "operations_without": bare, "operations_by_stage": stages,
        "operations_cost": whole / bare - 1.0, "lanes": lanes,
        "aircraft_seconds_per_core_second": statistics.median(full_rates),
        "without": statistics.median(bare_rates), "cost": statistics.median(costs),
        "cost_scatter": [min(costs), max(costs)], "bar": BAR,
    }  # fmt: skip


def shown(found: dict[str, Any]) -> str:
    """For people."""
    lines = [f"{'operations a simulated second':34}{'':>9}{'of the rest':>13}"]
    rest = found["operations_without"]
    for name, count in sorted(found["operations_by_stage"].items(), key=lambda pair: -pair[1]):
        lines.append(f"{name:34}{count:9,}{count / rest:13.1%}")
    together = found["operations"] - rest
    lines.append(f"{'all weather':34}{together:9,}{together / rest:13.1%}")
    lines.append(f"{'the step without it':34}{rest:9,}")
    low, high = found["cost_scatter"]
    lines.append(
        f"{found['aircraft_seconds_per_core_second']:,.0f} aircraft-seconds a core-second with weather, "
        f"{found['without']:,.0f} without, {found['lanes']} lanes: the weather costs {found['cost']:.1%} "
        f"({low:.1%} to {high:.1%}); the bar is {BAR:.0%}"
    )
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lanes", type=int, default=256)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measured(given.lanes, given.rounds)
    print(json.dumps(found, indent=1) if given.json else shown(found))
    return 0 if found["cost"] <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
