"""Sunlight against Haurwitz's formula and an extinction law, the sun's place against the Solar Position Algorithm."""

from __future__ import annotations

import numpy as np
import pytest

from samruk import earth
from samruk.weather import sun

HAURWITZ = ((0.0, 1035.09), (30.0, 888.27), (60.0, 487.89), (75.0, 226.25), (85.0, 48.63))
"""Zenith angle (degrees), W/m^2: pvlib 0.16.1."""


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


SPA = (
    (1669160203.398, 64.3615596, -72.2380011, -24.851168), (2047557470.252, 74.3522772, -52.2360927, -4.712148),
    (2158813864.832, 64.9782607, -136.2175986, 1.498508), (1676699156.900, 68.2089086, 121.6663800, 8.142996),
    (2094653510.129, 28.3654272, 164.8936835, -22.816604), (1853073269.955, 54.1825517, 98.7750310, -25.592741),
)  # fmt: skip
"""Unix time s, latitude, longitude, elevation without refraction (degrees): pvlib 0.16.1, spa_python."""


@pytest.mark.parametrize("case", SPA)
def test_elevation_of_the_sun(case: tuple[float, ...]) -> None:
    found = sun.elevation(np.radians(case[1]), np.radians(case[2]), case[0])
    assert np.degrees(float(found)) == pytest.approx(case[3], abs=0.02)  # low-precision almanac, 0.012 at worst of 600
