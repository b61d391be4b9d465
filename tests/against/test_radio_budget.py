"""The line-of-sight budget against figures worked out by hand, and the satellite against its geometry."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from samruk.aircraft import Radio
from samruk.earth import ecef
from samruk.frames import Vec3, dot, norm
from samruk.mission import Conditions, Links, Rain
from samruk.radio import link
from samruk.radio import propagation as path
from samruk.radio import satellite as sky
from samruk.radio.propagation import rain_coefficients
from samruk.radio.rain import along_ray
from samruk.units import DEGREE
from samruk.weather.rain import MM_PER_HOUR

C_BAND = Radio(5e9, 40.0, 2.0, 3.0, 4.0, 1.0)
"""10 W, 2 dBi, 3 dB of losses."""
GROUND = Links(gain_db=30.0, noise_dbm=-101.0, required_db=6.0)
"""30 dBi tracking antenna; 10 MHz with a noise figure of 3 dB; QPSK 3/4."""


@pytest.mark.parametrize(("height", "kilometres"), [(3048.0, 244.0), (6096.0, 338.0), (7010.0, 361.0), (9144.0, 410.0)])
def test_horizon_of_a_15_m_antenna(height: float, kilometres: float) -> None:
    assert float(path.horizon_distance(15.0, height)) == pytest.approx(1e3 * kilometres, abs=0.6e3)  # given to 1 km


@pytest.mark.parametrize(("kilometres", "loss"), [(50.0, 140.4), (100.0, 146.4), (200.0, 152.4), (250.0, 154.4)])
def test_free_space_at_5_ghz(kilometres: float, loss: float) -> None:
    assert float(path.free_space_loss(1e3 * kilometres, 5e9)) == pytest.approx(loss, abs=0.06)  # given to 0.1 dB


def test_free_space_to_a_geostationary_satellite() -> None:
    assert float(path.free_space_loss(38e6, 14.25e9)) == pytest.approx(207.1, abs=0.06)  # given to 0.1 dB


@pytest.mark.parametrize(("kilometres", "power"), [(50.0, -71.6), (150.0, -81.7), (200.0, -84.4), (250.0, -86.6)])
def test_power_received_from_30000_ft(kilometres: float, power: float) -> None:
    found = float(link.received_power(1e3 * kilometres, 15.0, 9144.0, GROUND, C_BAND))
    assert found == pytest.approx(power, abs=0.1)  # given to 0.1 dB, gas by a mean factor of 0.55


def test_carrier_to_noise_and_margin_at_250_km() -> None:
    carrier_to_noise = float(link.received_power(250e3, 15.0, 9144.0, GROUND, C_BAND)) - GROUND.noise_dbm
    assert carrier_to_noise == pytest.approx(14.4, abs=0.1)  # given to 0.1 dB
    assert 8.0 < carrier_to_noise - GROUND.required_db < 9.0


def test_heavy_rain_at_c_band_costs_little_and_much_at_ku() -> None:
    """A hundred kilometres to an aircraft at 6,000 m, rain of 25 mm/h below 3,000 m over all of it: about half the ray,
    at 0.0509 dB/km (5 GHz, horizontal; vertical less) and some 1.5 dB/km (14.25 GHz) by ITU-R P.838-3."""
    everywhere = Rain(rate=25.0 * MM_PER_HOUR, top=3000.0, half_length=1e6, half_width=1e6)
    day, site = Conditions(rain_a=everywhere), replace(GROUND, latitude=0.0, longitude=0.0)
    latitude = 100e3 / 6335439.0
    found = [float(along_ray(latitude, 0.0, 6000.0, 100e3, f, site, day, 0.0)) for f in (5e9, 14.25e9)]
    assert 0.3 < found[0] < 3.0
    k, alpha = (float(x) for x in rain_coefficients(14.25e9))
    wet = 2.0 * (1.0 - math.exp(-2.5))
    # the ray bends: it leaves the rain behind the middle of its way
    assert found[1] == pytest.approx(k * 25.0**alpha * 53.5 + wet, rel=0.03)
    dry = along_ray(latitude, 0.0, 6000.0, 100e3, 14.25e9, site, Conditions(), 0.0)
    assert float(dry) == 0.0


PLACES = ((39.93, 32.86, 42.0, 42.95), (51.02, 71.47, 58.5, 30.29), (0.0, 42.0, 42.0, 90.0), (81.4, 42.0, 42.0, -0.1))
"""Latitude, longitude, satellite, elevation in degrees, from the triangle of Earth's centre on a sphere (below)."""


def on_a_sphere(latitude: float, apart: float) -> float:
    """Elevation, rad, from the spherical triangle; 0.2 degrees of flattening aside."""
    c = math.cos(latitude) * math.cos(apart)
    return math.atan2(c - 6378137.0 / sky.GEOSTATIONARY, math.sqrt(1.0 - c * c))


@pytest.mark.parametrize(("latitude", "longitude", "satellite", "elevation"), PLACES)
def test_elevation_of_the_satellite(latitude: float, longitude: float, satellite: float, elevation: float) -> None:
    found = float(sky.elevation_azimuth(latitude * DEGREE, longitude * DEGREE, 0.0, satellite * DEGREE)[0])
    expected = on_a_sphere(latitude * DEGREE, (satellite - longitude) * DEGREE)
    assert found == pytest.approx(expected, abs=0.2 * DEGREE)  # the vertical leans by 0.19 degrees on the ellipsoid
    assert found / DEGREE == pytest.approx(elevation, abs=0.25)


def test_the_satellite_stands_due_south_of_its_own_meridian() -> None:
    azimuth = float(sky.elevation_azimuth(40.0 * DEGREE, 42.0 * DEGREE, 0.0, 42.0 * DEGREE)[1])
    assert abs(azimuth) == pytest.approx(math.pi, abs=1e-9)


def test_the_step_sees_the_same_elevation_and_the_ground_antenna_where_it_is() -> None:
    latitude, longitude, height = 40.0 * DEGREE, 33.0 * DEGREE, 5000.0
    ends = Links(latitude=40.5 * DEGREE, longitude=33.0 * DEGREE, elevation=800.0, satellite_longitude=42.0 * DEGREE)
    ground_n, distance, satellite_n, _ = link.look(latitude, longitude, height, ends)
    elevation, azimuth = sky.elevation_azimuth(latitude, longitude, height, ends.satellite_longitude)
    assert float(satellite_n.z) == pytest.approx(-math.sin(float(elevation)), abs=1e-9)
    assert math.atan2(float(satellite_n.y), float(satellite_n.x)) == pytest.approx(float(azimuth), abs=1e-9)
    assert float(ground_n.x) > 0.99
    assert float(ground_n.z) > 0.0
    assert float(norm(ground_n)) == pytest.approx(1.0, abs=1e-12)
    here, there = ecef(latitude, longitude, height), ecef(ends.latitude, ends.longitude, 815.0)
    assert float(distance) == pytest.approx(float(norm(there - here)), abs=1e-6)


def test_up_and_down_over_the_satellite_takes_239_to_279_ms() -> None:
    """Light over legs of 36,000 to 41,000 km."""
    satellite = sky.satellite_place(42.0 * DEGREE)
    for latitude, longitude in ((0.0, 42.0), (40.0, 33.0), (51.0, 71.5), (80.0, 42.0)):
        ground = ecef(latitude * DEGREE, longitude * DEGREE, 0.0)
        assert 0.2385 < float(sky.light_time(ground, ground, satellite)) < 0.2785


def test_a_geostationary_satellite_turns_with_the_earth() -> None:
    """Kepler: mu T^2 = 4 pi^2 r^3 with the sidereal day."""
    mu, day = 3.986004418e14, 86164.0905
    assert mu * day**2 / (4.0 * math.pi**2 * sky.GEOSTATIONARY**3) == pytest.approx(1.0, abs=1e-6)
    place = sky.satellite_place(0.3)
    assert float(dot(place, Vec3(0.0, 0.0, 1.0))) == 0.0
