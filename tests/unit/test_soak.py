"""The parked aircraft before its flight: a day in the sun, days in the cold."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import jax
import numpy as np
import pytest

from samruk import load
from samruk.errors import MissionError
from samruk.leaves import flatten, unflatten
from samruk.mission import Soak
from samruk.plant import soak
from samruk.plant import world as nature

COLD = ("soak.hottest_c=-54", "soak.coldest_c=-54", "conditions.overcast=1")


@lru_cache(maxsize=1)
def _loop() -> Any:
    """All steps of a soak in one compiled loop, for any soak of one mission."""
    plan = load.mission("circuit").flights[0]
    world = nature.initial(plan.aircraft, plan.task, plan.tables)

    def run(start: Any, task: Any, craft: Any, steps: Any) -> Any:
        parked, asked, built = unflatten(world, start), unflatten(plan.task, task), unflatten(plan.aircraft, craft)
        tables = nature._read(plan.tables)

        def one(k: Any, flat: Any) -> Any:
            return flatten(soak.step(unflatten(parked, flat), built, asked, tables, k.astype(np.int32)))

        return flatten(unflatten(parked, jax.lax.fori_loop(0, steps, one, start)).heat)

    return jax.jit(run)


def after(*settings: str, **thermal: float) -> Any:
    """Temperatures, C, at the end of a soak."""
    plan = load.mission("circuit", settings).flights[0]
    craft = replace(plan.aircraft, thermal=replace(plan.aircraft.thermal, **thermal))
    first = nature.initial(craft, plan.task, plan.tables)
    words = [
        {name: np.int32(v) if isinstance(v, int) or getattr(v, "dtype", None) == np.int32 else np.float64(v)
         for name, v in flatten(part).items()} for part in (first, plan.task, craft)
    ]  # fmt: skip
    found = _loop()(*words, soak.STEPS)
    return {name: float(value) - 273.15 for name, value in found.items()}


def test_without_a_soak_nothing_changes() -> None:
    found = after()
    assert found["fuel"] == pytest.approx(15.0, abs=1e-9)
    assert found["bay"] == pytest.approx(60.0, abs=1e-9)


def test_three_days_of_cold_bring_everything_to_the_air() -> None:
    found = after("soak.duration_h=72", *COLD)
    for name in ("fuel", "bay", "boxes", "battery", "turret", "engine", "oil", "skin"):
        assert found[name] == pytest.approx(-54.0, abs=0.05)  # slowest constant 3 h: exp(-24)


def test_a_day_in_the_desert_sun_heats_by_colour() -> None:
    """+54 C at 15 h, 1,120 W/m^2: skins at 15 h between still air's and a breeze's balances of the same light."""
    settings = ("start=2026-05-14T09:15:00Z", "soak.duration_h=24", "soak.hottest_c=54", "soak.coldest_c=37",
                "conditions.sunlight_peak_w_m2=1120", "soak.wind_m_s=0.5")  # fmt: skip
    white, dark = after(*settings), after(*settings, absorptance=0.9)
    assert 58.0 < white["skin"] < 67.2  # at 14 h 1,040 W/m^2; 67.2 C is the balance at 1,120 and h = 8
    assert 85.0 < dark["skin"] < 105.6
    shade = after(*settings, "soak.cover=true")
    assert shade["skin"] < 55.0
    assert shade["bay"] < white["bay"]
    assert shade["fuel"] < white["fuel"]


def test_heat_before_the_start_warms_the_engine_and_not_the_cold_tanks() -> None:
    cold = after("soak.duration_h=24", *COLD)
    warmed = after("soak.duration_h=24", *COLD, "soak.preheat_kw=3", "soak.preheat_time_h=2")
    assert warmed["engine"] > cold["engine"] + 50.0
    assert warmed["oil"] > cold["oil"] + 5.0
    assert warmed["fuel"] == pytest.approx(cold["fuel"], abs=0.1)
    fresh = after("soak.duration_h=24", *COLD, "soak.refuel=true")
    assert fresh["fuel"] == pytest.approx(15.0, abs=1e-9)
    fed = after("soak.duration_h=24", *COLD, "soak.powered_h=3")
    assert fed["battery"] > cold["battery"] + 15.0
    assert fed["bay"] > cold["bay"] + 10.0


def test_longer_steps_give_the_same_cold_soak() -> None:
    """A 24 h soak is 5 min steps; six such hours alone differ from the exact exponential of the tank by the step."""
    plan = load.mission("circuit").flights[0]
    t = plan.aircraft.thermal
    found = after("soak.duration_h=6", "soak.cover=true", *COLD)
    tau = 60.0 * t.fuel_specific_heat / t.fuel_conductance
    exact = -54.0 + 69.0 * np.exp(-6.0 * 3600.0 / tau)
    assert found["fuel"] == pytest.approx(exact, abs=0.5)  # implicit steps of 75 s against a constant of 1,060 s


@pytest.mark.parametrize("settings", [
    ("soak.duration_h=5", "soak.hottest_c=20"), ("soak.duration_h=5", "soak.hottest_c=0", "soak.coldest_c=5"),
    ("soak.preheat_kw=2",), ("soak.duration_h=300",),
])  # fmt: skip
def test_a_soak_that_makes_no_sense_is_refused(settings: tuple[str, ...]) -> None:
    with pytest.raises(MissionError, match="soak"):
        load.mission("circuit", settings)


def test_a_soak_is_read_with_its_units() -> None:
    settings = ("soak.duration_h=24", "soak.preheat_kw=1.5", "soak.preheat_time_h=2")
    task = load.mission("circuit", settings).flights[0].task
    assert task.soak == Soak(duration=86400.0, preheat=1500.0, preheat_time=7200.0)
