"""Dispersed days of the default story: outcomes, model failures, and how many losses an intervention explains.

    python benchmarks/dispersed.py [--flights 64] [--seed 1] [--json]

Each day is the flight "Crew protects" with its own seed and its own draw of cloud water, drop size, time and height of
the deck, temperature, wind, turbulence and reaction of the crew, and with every number of the aircraft drawn from its
stated spread (log-normal, clipped to what a definition may hold).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import replace

import numpy as np

from samruk import load
from samruk.aircraft import Aircraft, AircraftDefinition, leaves
from samruk.leaves import flatten, unflatten
from samruk.verdict.catalogue import Inputs, Rates
from samruk.verdict.causes import explain
from samruk.verdict.flights import Engines, Flown, fly

FIXED = ("geometry.span", "geometry.length", "propeller.blades", "radio.satellite_fitted")
"""Published or counted: not drawn."""


def drawn_aircraft(definition: AircraftDefinition, rng: np.random.Generator) -> Aircraft:
    """One aircraft of the class: each number times exp(spread z), or plus spread z where it is zero."""
    allowed, flat = leaves(), dict(flatten(definition.aircraft))
    for path, source in definition.sources.items():
        if path in FIXED or source.spread == 0.0:
            continue
        z = float(np.clip(rng.standard_normal(), -2.0, 2.0))
        value = flat[path] * np.exp(source.spread * z) if flat[path] else source.spread * z
        flat[path] = float(np.clip(value, allowed[path].low, allowed[path].high))
    return unflatten(definition.aircraft, flat)


def drawn_day(inputs: Inputs, definition: AircraftDefinition, number: int, seed: int) -> Inputs:
    """One dispersed day."""
    rng = np.random.default_rng([seed, number])
    task, cloud = inputs.task, inputs.task.conditions.cloud_a
    shift, water = rng.uniform(-3600.0, 3600.0), rng.uniform(0.2e-3, 0.9e-3)
    lower = rng.uniform(-400.0, 400.0)
    moved = replace(
        cloud, water=float(water), drop=float(rng.uniform(15e-6, 30e-6)), start=cloud.start + shift,
        end=cloud.end + shift + rng.uniform(-3600.0, 3600.0), base=cloud.base + lower, top=cloud.top + lower,
    )  # fmt: skip
    conditions = replace(
        task.conditions, cloud_a=moved, temperature_offset=float(rng.normal(0.0, 3.0)),
        wind_scale=float(rng.uniform(0.5, 1.5)), turbulence_high=float(rng.uniform(0.3, 1.5)),
        turbulence_wind=float(rng.uniform(2.0, 8.0)),
    )  # fmt: skip
    gap = replace(task.links.gap_a, start=task.links.gap_a.start + shift)
    crew = replace(task.crew, reaction=float(45.0 * np.exp(0.4 * rng.standard_normal())))
    links = replace(task.links, gap_a=gap)
    day = replace(task, conditions=conditions, links=links, crew=crew, seed=1000 * seed + number)
    return Inputs(day, drawn_aircraft(definition, rng), inputs.tables)


def summary(days: list[Flown], engines: Engines) -> dict[str, object]:
    """Counts of outcomes, of failures of the model, and of losses that nothing turns."""
    found = explain(days, [Rates()] * len(days), lambda lanes: fly(engines, lanes), seeds=1)
    lost = [why for day, why in zip(days, found, strict=True) if day.outcome == "lost"]
    return {
        "flights": len(days),
        "outcomes": dict(Counter(day.outcome or "none" for day in days)),
        "model_failures": sum(day.end.status != 0 for day in days),
        "damage": dict(Counter(day.end.damage for day in days if day.end.damage)),
        "losses": len(lost),
        "losses_unexplained": sum(why.unexplained for why in lost),
        "causes": dict(Counter(cause.name for why in lost for cause in why.causes)),
        "cheapest_fixes": dict(Counter(why.fixes[0].name for why in lost if why.fixes)),
        "hours": round(sum(day.end.duration for day in days) / 3600.0, 1),
    }


def main() -> None:
    """Fly, explain, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flights", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    plan = load.mission("astana-january")
    flight = next(f for f in plan.flights if f.name == "Crew protects")
    base = Inputs(flight.task, flight.aircraft, flight.tables)
    engines = Engines(base)
    began = time.monotonic()
    days = fly(engines, [drawn_day(base, flight.definition, k, options.seed) for k in range(options.flights)])
    result = summary(days, engines) | {"wall_s": round(time.monotonic() - began, 1)}
    print(json.dumps(result) if options.json else "\n".join(f"{key:20} {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
