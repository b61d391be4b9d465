"""What the weather costs: the step beside one without its weather, on one core, in turns.

    python benchmarks/weather_cost.py [--json]

The bare step is the same build with every stage of the weather put out: no gusts, waves or microbursts, no cloud, no
rain, no ice on the aircraft, no temperatures aboard, no rain or terrain in the link's way. What stays is the air's
column and its wind, the sun left out. Rates are aircraft-seconds per second of processor time; the two steps run in
turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

from samruk import engine, sim, weather
from samruk.bench.flights import lanes
from samruk.plant import failures, gusts, heat, ice, wet
from samruk.radio import rain as radio_rain
from samruk.weather import rain, sun

LANES, SECONDS, TURNS = 64, 120, 7
BAR = 0.35
"""Part of the bare step's time that the weather may cost."""


def _nothing(*given: Any, **named: Any) -> float:
    return 0.0


def _none(x: Any) -> Any:
    """Zero in the form of a value of the model."""
    return 0.0 * x


def bare() -> dict[Any, dict[str, Any]]:
    """Module -> function -> what stands in its place."""
    return {
        weather: {
            "liquid_water": lambda latitude, *rest: (_none(latitude), _none(latitude) + 20e-6, _none(latitude)),
            "_varying": lambda latitude, *rest: weather._Varied(
                _zero(latitude), _zero(latitude), _none(latitude) + 1.0, _none(latitude), _none(latitude)
            ),
            "_daily_course": lambda height, *rest: (_none(height), _none(height)),
        },
        rain: {
            "fall": lambda latitude, *rest: _none(latitude),
            "transmission": lambda latitude, *rest: _none(latitude) + 1.0,
            "visibility": lambda clear, *rest: clear, "extinction": _none, "cloud_extinction": _none, "water": _none,
        },
        sun: {
            "elevation": lambda latitude, *rest: _none(latitude), "clear_sky": lambda sine, *rest: _none(sine),
            "sky": lambda temperature, *rest: temperature,
        },
        gusts: {
            "law": lambda air, *rest: sim.nature.Held().gust, "begin": lambda gust, *rest: gust,
            "advance": lambda gust, *rest: gust, "at": lambda gust, law, R: gusts.GustNow(_zero(R.xx), _zero(R.xx)),
        },
        ice: {"slow": lambda state, *rest: state, "effects": lambda *rest: ice.IceEffects()},
        wet: {"upon": lambda effects, *rest: effects, "power_factor": lambda air: 1.0,
              "runway": lambda before, *rest: before},
        heat: {"slow": lambda state, *rest: state},
        failures: {"lost": lambda *rest: failures.Failed()},
        radio_rain: {"along_ray": lambda latitude, *rest: _none(latitude),
                     "to_satellite": lambda latitude, *rest: _none(latitude)},
    }  # fmt: skip


def _zero(like: Any) -> Any:
    """A vector of nothing."""
    nothing = _none(like)
    return sim.nature.Vec3(nothing, nothing, nothing)


@contextlib.contextmanager
def without(stages: dict[Any, dict[str, Any]]) -> Iterator[None]:
    """The model with some functions put out."""
    with contextlib.ExitStack() as stack:
        for module, functions in stages.items():
            for name, stand_in in functions.items():
                stack.enter_context(mock.patch.object(module, name, stand_in))
        yield


def built(stages: dict[Any, dict[str, Any]]) -> Any:
    """A compiled step and its lanes at their first moment, on one core."""
    inputs = lanes(LANES)
    params = [sim.params(each.task, each.aircraft) for each in inputs]
    with without(stages):
        start, flight = sim.programs(params[0], inputs[0].tables)
        machine = engine.open(flight, "native", 1)
        first = engine.open(start, "native", 1)
        zeros, tables = [flight.carry] * LANES, [each.tables for each in inputs]
        begun = first.start(zeros, params, tables)
        begun.advance(1, frame_every=0)
        batch = machine.start(zeros, params, tables).adopt(begun)
    batch.ticks = 0
    return machine, batch


def per_second(machine: Any) -> int:
    """Operations of a simulated second."""
    return int(machine.operations()["per_simulated_second"])


def timed(batch: Any) -> float:
    """Aircraft-seconds per second of processor time."""
    began = time.process_time()
    batch.advance(SECONDS, SECONDS)
    return LANES * SECONDS / (time.process_time() - began)


def measured() -> dict[str, Any]:
    """Rates in turns, and operations."""
    (whole, a), (plain, b) = built({}), built(bare())
    timed(a), timed(b)
    pairs = [(timed(a), timed(b)) for _ in range(TURNS)]
    cost = statistics.median(without / full - 1.0 for full, without in pairs)
    apart = {}
    for module, functions in bare().items():
        machine = built({module: functions})[0]
        apart[module.__name__.removeprefix("samruk.")] = per_second(whole) - per_second(machine)
    return {
        "with_weather": statistics.median(x for x, _ in pairs), "without": statistics.median(y for _, y in pairs),
        "cost": cost, "bar": BAR, "pass": cost <= BAR,
        "operations_per_second": {"whole": per_second(whole), "bare": per_second(plain), "saved_by": apart},
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    found = measured()
    if parser.parse_args().json:
        print(json.dumps(found))
        return
    rates = f"with weather {found['with_weather']:,.0f}, without {found['without']:,.0f}"
    print(f"{rates} aircraft-seconds per core-second")
    print(f"the weather costs {found['cost']:.1%} of the bare step's time; at most {BAR:.0%} is asked for")
    print(found["operations_per_second"])


if __name__ == "__main__":
    main()
