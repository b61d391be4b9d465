"""Sunlight against Haurwitz's formula and an extinction law, the sun's place against the Solar Position Algorithm."""

from __future__ import annotations

import numpy as np
import pytest

from samruk import earth
from samruk.verify.air import HAURWITZ, SPA
from samruk.weather import sun


@pytest.mark.parametrize(("zenith", "light"), HAURWITZ)
def test_light_at_sea_level(zenith: float, light: float) -> None:
    found = float(sun.clear_sky(np.cos(np.radians(zenith)), earth.P0))
    assert found == pytest.approx(light, abs=0.02)  # the reference is rounded to 0.01


@pytest.mark.parametrize("height", [3000.0, 6000.0, 9000.0])
def test_light_aloft_agrees_with_an_extinction_law(height: float) -> None:
    part = float(earth.standard_atmosphere(height)[1]) / earth.P0
    cosine = np.cos(np.radians(30.0))
    direct = 1361.0 * np.exp(-0.35 * part / cosine)
    expected = direct * cosine + 0.09 * direct * part
    assert float(sun.clear_sky(cosine, part * earth.P0)) == pytest.approx(expected, rel=0.04)  # two simple laws


def test_light_never_exceeds_what_arrives_above_the_air_and_ends_at_the_horizon() -> None:
    for pressure in (101325.0, 20000.0, 100.0):
        assert float(sun.clear_sky(1.0, pressure)) < sun.SOLAR_CONSTANT
        assert float(sun.clear_sky(-0.01, pressure)) == 0.0


@pytest.mark.parametrize("case", SPA)
def test_elevation_of_the_sun(case: tuple[float, ...]) -> None:
    found = sun.elevation(np.radians(case[1]), np.radians(case[2]), case[0])
    assert np.degrees(float(found)) == pytest.approx(case[3], abs=0.02)  # low-precision almanac, 0.012 at worst of 600
