"""An aircraft in discrete gusts and a microburst, controls held: load factors beside the formula of the rules."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from tests.plant_flight import airborne
from tests.reference_aircraft import quiet_task, reference_aircraft, still_air

from samruk import earth, engine
from samruk.messages import ControlCommand
from samruk.mission import Conditions, DiscreteGust, Microburst, Tables, Task
from samruk.plant import world as nature
from samruk.plant.trim import Setting
from samruk.plant.world import World
from samruk.verify.winds import gust_load_factor
from samruk.weather import downburst

MASS, HEIGHT, V = 1450.0, 400.0, 60.0


@dataclass(frozen=True)
class Carry:
    """A world and the extremes of its load factor."""

    world: World
    command: ControlCommand
    most: Any = 1.0
    least: Any = 1.0
    fast_tick: Any = 0
    slow_tick: Any = 0


@dataclass(frozen=True)
class Params:
    """The day."""

    task: Task


def _fast(c: Carry, p: Params) -> Carry:
    world, _ = nature.fast(c.world, c.command, reference_aircraft(), p.task, c.fast_tick)
    n = world.loads.load_factor
    return replace(
        c, world=world, most=jnp.maximum(c.most, n), least=jnp.minimum(c.least, n), fast_tick=c.fast_tick + 1
    )


def _mission(c: Carry, p: Params, t: Tables) -> Carry:
    return c


def _slow(c: Carry, p: Params, t: Tables) -> Carry:
    world = nature.slow(c.world, c.command, reference_aircraft(), p.task, t, c.slow_tick)
    return replace(c, world=world, slow_tick=c.slow_tick + 1)


def _frame(c: Carry, p: Params) -> Any:
    return c.world.loads


@functools.cache
def _engine() -> Any:
    world, command = airborne(Setting(V, MASS), HEIGHT)
    program = engine.Program(
        _fast, _mission, _slow, _frame, Carry(world, command), Params(quiet_task()), still_air(), 5, 10
    )
    return engine.open(program, "native", 1)


def begun(conditions: Conditions) -> Any:
    """A flight at 60 m/s, 400 m above the sea, 95 m above the runway, on a day."""
    task = quiet_task(conditions=replace(conditions, ground_elevation=305.0))
    pressure, temperature = (float(earth.standard_atmosphere(HEIGHT)[k]) for k in (1, 0))
    setting = Setting(V, MASS, pressure, temperature)
    world, command = airborne(setting, HEIGHT, conditions=task.conditions)
    return _engine().start([Carry(world, command)], [Params(task)], [still_air()])


def loads(amplitude: float, chords: float = 12.5, ramp: int = 0) -> tuple[float, float]:
    """Least and greatest load factor within 4 s in a vertical gust."""
    H = chords * reference_aircraft().geometry.chord
    batch = begun(Conditions(gust_a=DiscreteGust(amplitude=amplitude, gradient=H, start=1.2, ramp=ramp)))
    batch.advance(4, 0)
    carry = batch.carry(0)
    return float(carry.least), float(carry.most)


def formula(gust: float) -> float:
    """The rules' load factor of this aircraft in a gust, m/s true."""
    aircraft = reference_aircraft()
    area, chord = aircraft.geometry.wing_area, aircraft.geometry.chord
    rho = float(earth.standard_atmosphere(HEIGHT)[2])
    root = (rho / earth.RHO0) ** 0.5
    return gust_load_factor(MASS / area, chord, aircraft.aero.C_L_alpha, rho, V * root, gust * root)[0]


def test_the_formula_gives_the_worked_load_factors() -> None:
    cases = ((60.0, 15.24, 3.15), (75.0, 7.62, 2.34), (60.0, 20.1, 3.84))
    for speed, gust, n in cases:
        found, relief = gust_load_factor(1600.0 / 14.0, 14.0 / 17.5, 5.5, earth.RHO0, speed, gust)
        assert found == pytest.approx(n, abs=0.006)  # printed to two digits
        assert relief == pytest.approx(0.782, abs=5e-4)


@pytest.mark.parametrize("gust", [3.0, 5.0, 7.62])
def test_flown_load_factors_are_near_the_rules(gust: float) -> None:
    flown, told = loads(gust)[1] - 1.0, formula(gust) - 1.0
    # the formula counts the lag of lift behind a gust (Kussner), the model does not: 9 to 10 % more
    assert flown / told == pytest.approx(1.10, abs=0.03)


def test_stronger_gusts_load_more_until_the_wing_stalls() -> None:
    found = [loads(gust)[1] for gust in (0.0, 2.0, 4.0, 6.0, 8.0)]
    assert all(a < b for a, b in itertools.pairwise(found))


def test_sinking_air_unloads() -> None:
    least, _ = loads(-5.0)
    assert least < 0.5


def test_a_ramp_loads_like_the_gust_that_begins_it() -> None:
    assert loads(5.0, ramp=1)[1] == pytest.approx(loads(5.0)[1], rel=0.02)  # the peak of load comes before that of gust


def test_wind_within_a_second_is_that_of_the_microburst() -> None:
    home = quiet_task().home
    north = 900.0 / earth.MEAN_RADIUS
    burst = Microburst(outflow=12.0, radius=700.0, height=80.0, latitude=home.latitude + north,
                       longitude=home.longitude, start=0.0)  # fmt: skip
    batch, worst, strongest = begun(Conditions(microburst=burst)), 0.0, 0.0
    for tick in range(1, 121):
        batch.advance_mission(1)
        world = batch.carry(0).world
        used = nature._look(world)
        place = earth.geodetic(world.truth.r_be_e)
        n, e = downburst.offset(place[0], place[1], burst)
        exact = downburst.microburst(burst, n, e, place[2] - 305.0, 0.1 * tick)
        met = used.v_n - used.R_nb @ used.flow.v_rel_b
        error = np.array([float(met.x - exact.x), float(met.y - exact.y), float(met.z - exact.z)])
        worst = max(worst, float(np.linalg.norm(error)))
        strongest = max(strongest, abs(float(exact.x)), abs(float(exact.z)))
    assert strongest > 5.0
    assert worst < 0.06  # the bend of the wind over the 60 m of a second


