"""Every effect of the weather goes one way, and says in the ledger where it leaves what has been measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import load
from samruk.frames import Vec3
from samruk.mission import Cloud, Conditions, Microburst, Rain, Wave
from samruk.plant import heat, ice, propulsion, wet
from samruk.plant import world as nature
from samruk.plant.state import World
from samruk.radio import propagation as path
from samruk.verify.wet import effects
from samruk.weather import downburst, high_intensity, humid_density, rain
from samruk.weather.air import Air
from samruk.weather.cloud import liquid_water
from samruk.weather.turbulence import dryden

ANKA = load.aircraft("anka").aircraft
FEW = settings(max_examples=25, deadline=None)


def iced(water: float, drop: float, celsius: float) -> ice.Ice:
    """The aircraft after a minute in cloud."""
    air = Air(temperature=celsius + 273.15, cloud_water=water, cloud_drop=drop, humidity=1.0)
    return ice.slow(ice.initial(), air, 45.0, 0.9, 0.05, ice.Protection(), 200.0, ANKA, 1.0)


def burst(outflow: float) -> float:
    """Strongest wind, m/s, of a microburst at 80 m."""
    return float(downburst.microburst(Microburst(outflow), 1000.0, 0.0, 80.0, 100.0).x)


def lee(ridge: float) -> float:
    """m/s of vertical wind over a slope."""
    return abs(float(downburst.wave(Wave(ridge), 3000.0, 0.0, 2000.0, Vec3(20.0, 0.0, 0.0)).z))


def skin(irradiance: float, kelvin: float = 300.0) -> float:
    """K, darkest paint in flight."""
    air = Air(temperature=kelvin, irradiance=irradiance)
    return float(heat.skin_temperatures(air, 40.0, 1.1, ANKA).dark)


def in_cloud(water: float) -> float:
    """kg/m^3 of supercooled water in the middle of a cloud."""
    layer = Cloud(water=water, base=1000.0, top=3000.0, half_length=1e5, half_width=1e5)
    return float(liquid_water(0.0, 0.0, 2000.0, 100.0, 263.15, Conditions(cloud_a=layer)).water)


def unseen(fog: float) -> float:
    """Part of contrast lost in fog of an extinction, 1/m."""
    day = Conditions(visibility=3.0 / fog)
    return 1.0 - float(rain.transmission(0.0, 0.0, 800.0, 0.0, 0.0, 5e-3, day).visible)


BURDENS: dict[str, tuple[Callable[[float], float], float, float]] = {
    "drag of rain, mm/h": (lambda x: float(effects(x).C_D_added), 0.0, 900.0),
    "C_L_max lost in rain, mm/h": (lambda x: -float(effects(x).C_L_max_factor), 0.0, 900.0),
    "thrust lost in rain, mm/h": (lambda x: -float(effects(x).thrust_factor), 0.0, 900.0),
    "contrast lost in fog, 1/m": (unseen, 1e-4, 5e-2),
    "ice by cloud water, kg/m3": (lambda x: float(iced(x, 20e-6, -15.0).wing_bare.mass), 0.0, 2e-3),
    "ice by drop, m": (lambda x: float(iced(4e-4, x, -15.0).wing_bare.mass), 12e-6, 50e-6),
    "drag of ice by cloud water, kg/m3": (lambda x: float(iced(x, 20e-6, -15.0).wing_bare.drag), 0.0, 5e-4),
    "water of a cloud, kg/m3": (in_cloud, 0.0, 3e-3),
    "wind of a microburst, m/s": (burst, 0.0, 40.0),
    "vertical wind of a wave, m of ridge": (lee, 0.0, 1500.0),
    "gusts by wind, m/s": (lambda x: float(dryden(100.0, x, 0.0).sigma_w), 0.0, 30.0),
    "gusts aloft, m/s": (lambda x: float(dryden(3000.0, 0.0, x).sigma_w), 0.0, 6.0),
    "skin by sun, W/m2": (lambda x: skin(x), 0.0, 1360.0),
    "skin by air, K": (lambda x: skin(800.0, x), 230.0, 325.0),
    "power lost by heat, K": (lambda x: -float(propulsion.charge_factor(x, ANKA)), 289.0, 327.0),
    "power lost by hot coolant, K": (lambda x: -float(propulsion.hot_factor(x, ANKA)), 340.0, 420.0),
    "loss behind an edge, v": (lambda x: float(path.knife_edge_loss(x)), -0.7, 20.0),
    "lightness of hot air, K": (lambda x: -float(humid_density(9e4, x, 0.5)), 240.0, 325.0),
}  # fmt: skip
"""What a burden does, and from where to where."""


@pytest.mark.parametrize("name", BURDENS)
@given(low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0))
@FEW
def test_a_greater_burden_is_never_lighter(name: str, low: float, high: float) -> None:
    law, start, end = BURDENS[name]
    less, more = (start + part * (end - start) for part in sorted((low, high)))
    assert law(more) >= law(less) - 1e-9 * (1.0 + abs(law(less)))


@pytest.mark.parametrize("name", BURDENS)
def test_a_burden_weighs(name: str) -> None:
    law, start, end = BURDENS[name]
    assert law(end) > law(start)


@pytest.mark.parametrize("height", [700.0, 3000.0, 9000.0])
def test_rarer_turbulence_is_stronger(height: float) -> None:
    assert np.all(np.diff([high_intensity(height, row) for row in np.linspace(0.0, 7.0, 29)]) >= 0.0)


# What leaves the measured range says so -------------------------------------------------------------------------------

CALM = World(air=Air(cloud_water=3e-4, cloud_drop=20e-6, rain_rate=1e-6, rain_water=1e-3))

OUTSIDE: dict[str, Any] = {
    "rain heavier than any test": {"rain_water": 1.01 * wet.MOST_WATER},
    "freezing rain": {"freezing_rain": 1},
    "drops larger than 50 um": {"cloud_drop": 51e-6},
    "a cloud beyond its envelope": {"cloud_beyond": 1},
    "a wave too steep": {"steepness": 1.01 * nature.STEEPEST},
}
"""What is outside, and the air in which it is."""


def beyond(world: World) -> int:
    return int(nature.beyond(world, ANKA))


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_its_range_each_effect_says_so(name: str) -> None:
    assert beyond(CALM) == 0
    assert beyond(replace(CALM, air=replace(CALM.air, **OUTSIDE[name]))) == 1


def test_at_the_edge_of_its_range_no_effect_complains() -> None:
    edge = replace(CALM.air, rain_water=wet.MOST_WATER, cloud_drop=50e-6, steepness=nature.STEEPEST)
    assert beyond(replace(CALM, air=edge)) == 0


def test_ice_thicker_than_any_measured_says_so() -> None:
    thick = replace(ice.initial(), wing_left=replace(ice.initial().wing_left, thickness=ANKA.geometry.chord))
    assert beyond(replace(CALM, ice=thick)) == 1


def test_what_the_laws_hold_outside_stays_finite() -> None:
    """A thousand times beyond every range: numbers, not errors."""
    deluge = effects(2e6)
    values = [deluge.C_L_factor, deluge.C_L_max_factor, deluge.C_D_added, deluge.thrust_factor]
    grown = iced(0.5, 5e-3, -39.0)
    values += [grown.wing_bare.mass, grown.wing_bare.drag, skin(1e6), unseen(50.0), lee(1e5), burst(1e3)]
    assert np.isfinite([float(v) for v in values]).all()
    assert float(deluge.C_L_max_factor) > 0.5


def test_the_rain_of_two_areas_adds() -> None:
    one = Rain(1e-6, half_length=1e4, half_width=1e4)
    both = Conditions(rain_a=one, rain_b=one)
    alone = rain.fall(0.0, 0.0, 500.0, 100.0, Conditions(rain_a=one))
    assert float(rain.fall(0.0, 0.0, 500.0, 100.0, both)) == pytest.approx(2.0 * float(alone))
