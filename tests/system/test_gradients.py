"""Derivatives of flights against differences of flights, same seed and same gusts, and against JAX's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.system.whole import engines, story

from samruk import engine, sim, tangent
from samruk.engine.layout import Layout, rebuild, walk
from samruk.errors import InputError
from samruk.leaves import flatten, leaf, replace_leaf
from samruk.verdict.gradients import Derived, direction, endurance

SETTLED = 5000
"""s into the clear flight: on its circle at 4,200 m, gusts of 1 m/s, autopilot, sensors and crew at work."""
WINDOW = 360
"""s, without a change of mode or leg."""
STEPS = {
    "aircraft.aero.C_D_0": 3e-6,
    "aircraft.aero.oswald": 1e-4,
    "aircraft.aero.C_L_alpha": 1e-2,
    "aircraft.aero.C_m_alpha": 1e-3,
    "aircraft.mass.empty": 0.1,
    "aircraft.geometry.wing_area": 1e-3,
    "aircraft.engine.indicated_efficiency": 3e-3,
    "aircraft.propeller.diameter": 3e-4,
    "task.loading.payload": 0.1,
    "task.conditions.wind_scale": 1e-4,
    "task.conditions.temperature_offset": 0.01,
    "task.conditions.turbulence_high": 1.5e-4,
    "handbook.speeds.loiter": 1e-4,
}
"""Steps of the differences, about where rounding and curvature are equal."""
SWEPT = (3.0, 1.0, 0.3)
FUEL_AGREES = 1e-4
"""Of the greatest derivative in the window. A step of 1e-4 of a number moves the fuel by 1e-6 kg or so; its rounding
and the swept steps leave 1e-6 to 5e-5."""
FLIGHT_AGREES = 1.5e-3
"""Height, airspeed, position: they are held by the autopilot, so that their derivative is small and noisier."""
NAMES = tuple(STEPS)


@dataclass(frozen=True)
class Moment:
    """The clear flight as it circles."""

    carry: Any
    params: sim.Params
    tables: Any


@lru_cache(maxsize=1)
def settled() -> Moment:
    """Flown plainly to the circle."""
    batch = engines().start([story()[0]])
    batch.advance(SETTLED, 0)
    return Moment(batch.carry(0), sim.params(story()[0].task, story()[0].aircraft), story()[0].tables)


@lru_cache(maxsize=1)
def derived() -> Derived:
    """The compiled tangent programs; the user's cache keeps them between runs."""
    return Derived(story()[0], "native", 1)


@lru_cache(maxsize=1)
def tangents() -> engine.Frames:
    """All directions over the window, side by side."""
    now = settled()
    batch = derived().go_on(now.carry, now.params, now.tables, [{name: 1.0} for name in NAMES])
    frames: engine.Frames = batch.advance(WINDOW, 30)
    return frames


def stepped(names: tuple[str, ...], factor: float) -> list[sim.Params]:
    """Each number a step up, then a step down."""
    now = settled()
    return [
        replace_leaf(now.params, name, leaf(now.params, name) + sign * factor * STEPS[name])
        for name in names for sign in (1.0, -1.0)
    ]  # fmt: skip


def flown(params: list[sim.Params], seconds: int, every: int) -> engine.Frames:
    """Plain flights from the settled moment."""
    now, count = settled(), len(params)
    batch = engines().flight.start([now.carry] * count, params, [now.tables] * count)
    frames: engine.Frames = batch.advance(seconds, every)
    return frames


@lru_cache(maxsize=3)
def differences(factor: float) -> engine.Frames:
    """The window flown again with every number up and down."""
    return flown(stepped(NAMES, factor), WINDOW, 30)


def worst(field: str, number: int, factor: float) -> float:
    """Greatest distance of tangent and central difference over the window, over the greatest tangent."""
    step, own = factor * STEPS[NAMES[number]], tangents()[f"tangent.{field}"][:, number]
    pair = differences(factor)[field][:, 2 * number : 2 * number + 2]
    central = (pair[:, 0] - pair[:, 1]) / (2.0 * step)
    return float(np.max(np.abs(own - central)) / np.max(np.abs(own)))


def test_the_window_is_one_of_closed_loop_flight_in_gusts_without_a_change_of_mode() -> None:
    frames = tangents()
    assert settled().params.task.conditions.turbulence_high > 0.5
    assert len(np.unique(frames["value.mode"])) == len(np.unique(frames["value.leg"])) == 1
    assert np.ptp(frames["value.phi"]) > 0.01


@pytest.mark.parametrize("number", range(len(NAMES)), ids=NAMES)
def test_the_tangent_is_the_limit_of_differences_over_six_minutes(number: int) -> None:
    assert np.max(np.abs(tangents()["tangent.fuel"][:, number])) > 0.0
    assert min(worst("fuel", number, factor) for factor in SWEPT) < FUEL_AGREES
    for field in ("height", "airspeed", "latitude"):
        assert min(worst(field, number, factor) for factor in SWEPT) < FLIGHT_AGREES, field


def test_values_beside_a_tangent_are_those_of_the_plain_flight() -> None:
    plain = flown([settled().params], WINDOW, 30)
    for field in ("fuel", "height", "airspeed", "phi"):  # rounding alone: 1e-9 of the value over 18,000 fast ticks
        assert np.allclose(tangents()[f"value.{field}"][:, 0], plain[field][:, 0], rtol=1e-9, atol=1e-9), field


def test_directions_add_up() -> None:
    now, pair = settled(), NAMES[:2]
    both = {pair[0]: 2.0, pair[1]: -3.0}
    batch = derived().go_on(now.carry, now.params, now.tables, [both, both])
    summed = batch.advance(60, 30)["tangent.fuel"][:, 0]
    alone = tangents()["tangent.fuel"][:2]
    wanted = 2.0 * alone[:, 0] - 3.0 * alone[:, 1]
    assert np.allclose(summed, wanted, rtol=1e-9)  # linear but for rounding


EVENT = 1500
"""s, about when the fuel meets the floor of the endurance test."""
DRIVERS = ("aircraft.engine.indicated_efficiency", "aircraft.propeller.diameter", "task.loading.payload")


def crossing(fuel: np.ndarray, floor: float) -> float:
    """s at which a falling curve, sampled each second, meets a floor; straight between samples."""
    k = int(np.argmax(fuel < floor))
    return k + float((fuel[k - 1] - floor) / (fuel[k - 1] - fuel[k]))


@lru_cache(maxsize=1)
def endurances() -> tuple[np.ndarray, np.ndarray]:
    """s per unit of each driver: by the theorem, and by flights flown again, at the step that agrees best."""
    now = settled()
    plain = flown([now.params], EVENT + 60, 1)["fuel"][:, 0]
    floor = float(plain[EVENT])
    batch = derived().go_on(now.carry, now.params, now.tables, [{name: 1.0} for name in DRIVERS])
    batch.advance(EVENT, 0)
    flow = (plain[EVENT - 1] - plain[EVENT + 1]) / 2.0
    moved = endurance(batch.values("tangent.world.fuel"), 0.0, flow)
    best = np.full(len(DRIVERS), np.inf)
    for factor in (3.0, 1.0, 0.3, 0.1):
        fuels = flown(stepped(DRIVERS, factor), EVENT + 60, 1)["fuel"]
        times = np.array([crossing(fuels[:, k], floor) for k in range(fuels.shape[1])])
        central = (times[0::2] - times[1::2]) / (2.0 * factor * np.array([STEPS[n] for n in DRIVERS]))
        best = np.where(np.abs(central - moved) < np.abs(best - moved), central, best)
    return moved, best


def test_endurance_moves_as_the_implicit_function_theorem_says() -> None:
    """25 min of loiter until a short load of fuel is used."""
    moved, central = endurances()
    assert moved[0] > 0.0 > moved[2], "a better engine stays longer, a payload shortens it"
    assert np.all(np.abs(central / moved - 1.0) < 5e-3)  # the flow swings by some % within the second of the event


def test_the_native_tangent_is_that_of_jax() -> None:
    """One slow tick, its first mission tick and five fast ticks, from a state with a tangent of its own."""
    now, name = settled(), "aircraft.aero.C_L_alpha"
    batch = derived().go_on(now.carry, now.params, now.tables, [{name: 1.0}] * 2)
    batch.advance(1, 0)
    carry = batch.carry(0)  # a tangent in every leaf that the number reaches
    batch = derived().flight.start([carry] * 2, [tangent.along(now.params, {name: 1.0})] * 2, [now.tables] * 2)
    batch.advance_mission(1)
    wanted = by_jax(carry, now, name)
    scale = 1e-9  # of the greatest of a leaf's kind; both round
    checked = 0
    for path, value in wanted.items():
        found = float(batch.values(f"tangent.{path}")[0])
        if np.isfinite(value):
            checked += value != 0.0
            assert abs(found - value) <= scale * max(1.0, abs(value)), (path, found, value)
        else:
            assert np.isfinite(found), path  # where JAX multiplies 0 by infinity
    assert checked > 200


def by_jax(carry: Any, now: Moment, name: str) -> dict[str, float]:
    """Tangents of the float leaves after slow, mission and one round of fast ticks, by `jax.jvp`."""
    form = Layout(carry.value)
    floats = [x.name for x in form.leaves if x.kind == "f"]
    slope = {path: value for path, value, _ in walk(carry.tangent)}
    arrays = sim._arrays(now.tables)
    params = [(path, jnp.asarray(v, jnp.float64 if isinstance(v, float) else jnp.int32))
              for path, v, _ in walk(now.params)]  # fmt: skip
    at = [path for path, _ in params].index(name)

    def tick(moved: Any, *numbers: Any) -> Any:
        given = dict(zip(floats, numbers, strict=True))
        leaves = (given.get(p, jnp.asarray(v, jnp.int32) if p not in given else v) for p, v, _ in walk(carry.value))
        state = rebuild(carry.value, leaves)
        own = rebuild(now.params, iter([moved if k == at else v for k, (_, v) in enumerate(params)]))
        state = sim.mission(sim.slow(state, own, arrays), own, arrays)
        for _ in range(sim.FAST_PER_MISSION):
            state = sim.fast(state, own)
        known = {p: v for p, v, _ in walk(state)}
        return [jnp.asarray(known[p], jnp.float64) for p in floats]

    values = {p: v for p, v, _ in walk(carry.value)}
    _, tangents = jax.jvp(
        tick, [params[at][1], *(jnp.asarray(values[p]) for p in floats)],
        [jnp.asarray(1.0), *(jnp.asarray(float(slope[p])) for p in floats)],
    )  # fmt: skip
    return {path: float(value) for path, value in zip(floats, tangents, strict=True)}


def test_the_handbook_follows_the_aircraft_as_in_a_flight_flown_again() -> None:
    inputs, path, step = story()[0], "aircraft.aero.C_D_0", 1e-4
    moved = direction(inputs, path)
    assert moved.pop(path) == 1.0
    high, low = (
        flatten(sim.params(inputs.task, replace_leaf(inputs.aircraft, path[9:], inputs.aircraft.aero.C_D_0 + h)))
        for h in (step, -step)
    )
    for name, slope in moved.items():  # smooth functions of it: the curvature over the step is below 1e-3
        assert name.startswith("handbook.")
        assert slope == pytest.approx((high[name] - low[name]) / (2.0 * step), rel=1e-3, abs=1e-9)
    assert "handbook.drag.a" in moved


@pytest.mark.parametrize("path", ["task.legs", "aircraft.aero.C_D_o", "weather.rain"])
def test_what_has_no_derivative_is_refused_in_one_line(path: str) -> None:
    with pytest.raises(InputError):
        direction(story()[0], path)
    with pytest.raises(InputError):
        tangent.along(settled().params, {path: 1.0})


