"""Sunlight with height, under and above clouds, and by a prescribed cycle."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samruk import earth
from samruk.mission import Cloud, Conditions
from samruk.weather import light, sun

HIGH_NOON = math.radians(60.0)


@given(st.floats(0.001, 1.0), st.floats(1.0, earth.P0))
def test_light_never_exceeds_what_comes_from_space_nor_the_disc_the_whole(sine: float, pressure: float) -> None:
    level, direct = (float(value) for value in light.clear(sine, pressure, 1.0))
    assert 0.0 <= direct <= level * (1.0 + 1e-12) <= 1361.0 * sine * (1.0 + 1e-12)


def test_the_suns_distance_over_the_year() -> None:
    """1 + 0.033 cos(2 pi day/365) within 0.4 %: greatest in early January, least in early July."""
    days = np.arange(0, 365, 5)
    found = np.array([float(sun.distance_factor(1767225600.0 + 86400.0 * day)) for day in days])
    assert np.max(np.abs(found - 1.0 - 0.033 * np.cos(2.0 * np.pi * days / 365.0))) < 4e-3
    assert days[np.argmax(found)] <= 10
    assert 175 <= days[np.argmin(found)] <= 195


def test_the_prescribed_cycle_sums_to_its_daily_energy() -> None:
    """9,270 Wh/m^2 a day, 1,120 W/m^2 at noon: sum and peak of the handbook's hours."""
    hours = np.arange(0.0, 24.0, 0.05)
    watts = np.array([float(light.prescribed(1120.0, hour)) for hour in hours])
    assert watts.sum() * 0.05 == pytest.approx(9270.0, abs=1e-6)  # linear between the hours: exact
    assert watts.max() == pytest.approx(1120.0, abs=1e-9)
    assert [float(light.prescribed(1120.0, h)) for h in (6.0, 9.0, 14.0, 19.0, 21.0)] == pytest.approx(
        [55.0, 730.0, 1040.0, 55.0, 0.0], abs=1e-9
    )


def _deck(water: float = 0.3e-3) -> Conditions:
    cloud = Cloud(water, 20e-6, 1500.0, 2100.0, 0.7, 0.5, half_length=5e4, half_width=5e4)
    return replace(Conditions(), cloud_a=cloud)


def _at(height: float, conditions: Conditions) -> light.Light:
    _, pressure, _ = earth.standard_atmosphere(height)
    return light.light(0.7, 0.5, height, 0.0, 0.0, 1.78e9, HIGH_NOON, pressure, conditions)


def test_under_inside_and_above_a_deck() -> None:
    """600 m of 0.3 g/m^3 at 20 um: depth 27; two streams let a third through, and two thirds come back up."""
    under, inside, above = (_at(height, _deck()) for height in (500.0, 1800.0, 4000.0))
    clear = _at(4000.0, Conditions())
    assert float(above.level) == pytest.approx(float(clear.level), rel=1e-12)  # nothing above it
    assert float(under.level) < float(inside.level) < float(above.level)
    assert float(under.level) / float(_at(500.0, Conditions()).level) == pytest.approx(1.0 / (1.0 + 0.075 * 27.0), 1e-9)
    assert float(under.direct) < 1e-6  # the disc is not seen through a depth of 27
    assert 0.6 < float(above.below) / float(above.level) < 0.8  # albedo of thick stratus in the books
    assert float(clear.below) == pytest.approx(0.2 * float(clear.level), rel=1e-12)


@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(0.0, 0.9))
def test_more_cloud_gives_less_below_it_and_more_above(a: float, b: float, albedo: float) -> None:
    thin, thick = sorted((a, b))
    assert float(light.passed(thick)) <= float(light.passed(thin))
    assert float(light.returned(thick, albedo)) >= float(light.returned(thin, albedo)) - 1e-12
    assert float(light.returned(thick, albedo)) <= 1.0


def test_snow_doubles_what_the_belly_sees() -> None:
    snow, land = (_at(300.0, replace(Conditions(), albedo=part)) for part in (0.8, 0.2))
    assert float(snow.below) == pytest.approx(4.0 * float(land.below), rel=1e-12)


def test_overcast_takes_its_part_of_all_light() -> None:
    half = _at(300.0, replace(Conditions(), overcast=0.5))
    assert float(half.level) == pytest.approx(0.5 * float(_at(300.0, Conditions()).level), rel=1e-12)
