"""Derivatives of whole flights: directions of an aircraft's and a task's numbers, flown as lanes side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from samruk import engine, sim, tangent
from samruk.errors import InputError
from samruk.leaves import flatten, leaf, replace_leaf
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import _carry_kinds, sources_key

STEP = 1e-4
"""Relative step of the differences that tell how the handbook follows an aircraft: it is smooth to some 1e-12."""

Direction = Mapping[str, float]
"""Change of each float leaf of `sim.Params`, by its path, per unit of the number that moves."""


class Derived:
    """The compiled programs of a flight and its derivatives.

    Args:
        example: any inputs; they give the layout.
        kind: `auto`, `native` or `reference`.
        threads: cores to use; None for all.
    """

    def __init__(self, example: Inputs, kind: str = "auto", threads: int | None = None) -> None:
        params, key = sim.params(example.task, example.aircraft), sources_key()
        plain = sim.programs(params, example.tables, key, _carry_kinds(params, example.tables, key))
        self.beginning, self.flight = (engine.open(tangent.program(each), kind, threads) for each in plain)

    def start(self, inputs: Inputs, directions: Sequence[Direction]) -> Any:
        """A batch at the flight's first moment, one lane for each direction; what begins with them is derived too.

        A frame's field `fuel` is `value.fuel`, its derivative `tangent.fuel`; so for the carry: `tangent.world.fuel`.
        """
        params = sim.params(inputs.task, inputs.aircraft)
        lanes = [tangent.along(params, each) for each in directions]
        zeros, tables = [self.flight.program.carry] * len(lanes), [inputs.tables] * len(lanes)
        begun = self.beginning.start(zeros, lanes, tables)
        begun.advance(1, frame_every=0)
        batch = self.flight.start(zeros, lanes, tables)
        batch.restore(replace(begun.snapshot(), ticks=0))
        return batch

    def go_on(self, carry: Any, params: sim.Params, tables: Any, directions: Sequence[Direction]) -> Any:
        """A batch that goes on from a moment of a flight, which the directions have not touched before."""
        lanes = [tangent.along(params, each) for each in directions]
        return self.flight.start([tangent.still(carry)] * len(lanes), lanes, [tables] * len(lanes))


def direction(inputs: Inputs, path: str) -> dict[str, float]:
    """How what a lane flies with changes per unit of one number, as if the flight were flown with that number.

    The handbook follows the aircraft, as it does where a flight is flown again with `--set`. To move the aircraft and
    leave its handbook as it is, give `Derived.start` the one name instead: `{"aircraft.aero.C_D_0": 1.0}`.

    Args:
        inputs: where.
        path: `aircraft.` or `task.` and the leaf's name, as `aircraft.aero.C_D_0`.

    Returns:
        The change of each leaf of `sim.Params` per unit of the leaf, in SI and radians.

    Raises:
        InputError: there is no such number, or it is a whole number.
    """
    part, _, name = path.partition(".")
    if part not in ("aircraft", "task"):
        raise InputError(f"there is no number named {path!r}", hint="Names begin with aircraft. or task.")
    value = leaf(getattr(inputs, part), name)
    if not isinstance(value, float):
        raise InputError(f"{path} is a whole number and has no derivative", hint="Fly it again with another value.")
    if part == "task":
        return {path: 1.0}
    step = STEP * abs(value) or STEP
    low, high = (
        replace(inputs, aircraft=replace_leaf(inputs.aircraft, name, value + sign * step)) for sign in (-1, 1)
    )
    return {**between(low, high, 2.0 * step), path: 1.0}


def between(low: Inputs, high: Inputs, apart: float) -> dict[str, float]:
    """The direction from one lane's inputs to another's, handbooks included, per unit of what sets them apart.

    Args:
        low: inputs; only their numbers count, tables have no direction.
        high: inputs.
        apart: how far the number that moves lies from one to the other.
    """
    first, last = (flatten(sim.params(each.task, each.aircraft)) for each in (low, high))
    return {
        name: (last[name] - value) / apart
        for name, value in first.items() if isinstance(value, float) and last[name] != value
    }  # fmt: skip


def endurance(fuel: Any, floor: Any, flow: Any) -> Any:
    """Derivative of the time T at which fuel meets a floor, by the implicit function theorem.

    From m(T(p), p) = f(T(p), p): dT/dp = -(dm/dp - df/dp) / (dm/dt - df/dt), with dm/dt = -flow and a floor that keeps
    still over a minute or so. Valid at a simple crossing, flow > 0, with no change of mode between.

    Args:
        fuel: kg per unit, derivative of the fuel left at T with time held.
        floor: kg per unit, derivative of the floor (a reserve, bingo) with time held; 0 for a given one.
        flow: kg/s burned at T, above 0.

    Returns:
        s per unit.
    """
    return (np.asarray(fuel) - floor) / np.asarray(flow)
