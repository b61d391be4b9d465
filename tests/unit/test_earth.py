"""The Earth: places, ways, gravity, magnetic field."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import earth
from samruk.frames import Vec3, compose, dot, norm
from samruk.verify.globe import GEODESICS, MAGNETIC, SOMIGLIANA

latitudes = st.floats(-np.pi / 2, np.pi / 2)
longitudes = st.floats(-np.pi, np.pi)


@settings(max_examples=60, deadline=None)
@given(latitudes, longitudes, st.floats(-1000.0, 50000.0))
def test_ecef_and_back_is_the_same_place(latitude: float, longitude: float, height: float) -> None:
    back = earth.geodetic(earth.ecef(latitude, longitude, height))
    assert abs(back[0] - latitude) < 1e-11  # the formula's error, 6e-5 m
    assert abs(np.cos(latitude) * np.sin(0.5 * (back[1] - longitude))) < 1e-12  # no longitude at a pole
    assert abs(back[2] - height) < 1e-7  # rounding of 6.4e6 m squared


@pytest.mark.parametrize("latitude", [np.pi / 2, -np.pi / 2, 0.0])
def test_poles_and_equator_are_no_exception(latitude: float) -> None:
    back = earth.geodetic(earth.ecef(latitude, 0.3, 5000.0))
    assert np.allclose([float(back[0]), float(back[2])], [latitude, 5000.0], rtol=0.0, atol=1e-7)


def test_north_is_the_way_latitude_grows_and_down_is_inwards() -> None:
    here, R = earth.ecef(0.7, -2.0, 1000.0), earth.R_ne(0.7, -2.0)
    north = R @ (earth.ecef(0.7 + 1e-6, -2.0, 1000.0) - here)
    east = R @ (earth.ecef(0.7, -2.0 + 1e-6, 1000.0) - here)
    down = R @ (earth.ecef(0.7, -2.0, 999.0) - here)
    for axis, v in (("x", north), ("y", east), ("z", down)):
        assert getattr(v, axis) / norm(v) == pytest.approx(1.0, abs=1e-9)  # the curve of 6 m of arc
    product = compose(R, R.T)
    assert float(product.xx + product.yy + product.zz) == pytest.approx(3.0, abs=1e-14)


@pytest.mark.parametrize("case", GEODESICS)
def test_distance_and_bearing_agree_with_the_geodesic(case: tuple[float, ...]) -> None:
    a, b, c, d, length, azimuth = (*np.radians(case[:4]), case[4], np.radians(case[5]))
    distance, bearing = earth.distance_bearing(a, b, c, d)
    assert float(distance) == pytest.approx(
        length, rel=3e-6
    )  # mean radius for the local one, (500 km / R)^2 / 24 * e^2
    assert abs(np.sin(0.5 * (float(bearing) - azimuth))) < 3e-6  # normal section against geodesic
    latitude, longitude = earth.offset(a, b, length * np.cos(azimuth), length * np.sin(azimuth))
    miss, _ = earth.distance_bearing(latitude, longitude, c, d)
    assert float(miss) < 5e-6 * length


def test_no_way_has_no_length() -> None:
    distance, _ = earth.distance_bearing(0.5, 0.5, 0.5, 0.5)
    assert float(distance) == 0.0


def test_attraction_is_that_of_the_nesc_check_cases() -> None:
    attraction = norm(earth.gravitation(earth.ecef(0.0, 0.0, 30000.0 * 0.3048)))
    assert float(attraction) / 0.3048 == pytest.approx(32.10653595, abs=5e-9)  # ft/s^2 as NASA/TM-2015-218675 prints it


@pytest.mark.parametrize("latitude_deg", [-90.0, -45.0, 0.0, 51.0, 90.0])
@pytest.mark.parametrize("height", [0.0, 9000.0])
def test_normal_gravity_is_attraction_and_rotation(latitude_deg: float, height: float) -> None:
    latitude = np.radians(latitude_deg)
    r = earth.ecef(latitude, 1.0, height)
    a = earth.gravitation(r)
    spun = earth.R_ne(latitude, 1.0) @ Vec3(a.x + earth.OMEGA**2 * r.x, a.y + earth.OMEGA**2 * r.y, a.z)
    normal = earth.gravity_n(latitude, height)
    assert abs(float(spun.z - normal.z)) < 1.3e-4  # m/s^2: harmonics of the ellipsoid beyond J2
    assert abs(float(spun.x - normal.x)) < 8e-5


@pytest.mark.parametrize(("latitude", "value"), SOMIGLIANA)
def test_normal_gravity_at_equator_and_pole_is_the_published_value(latitude: float, value: float) -> None:
    assert float(earth.gravity_n(latitude, 0.0).z) == pytest.approx(value, abs=1e-9)  # NIMA TR8350.2, ten decimals


@pytest.mark.parametrize("case", MAGNETIC)
def test_magnetic_field_is_the_world_model_but_for_the_cut(case: tuple[float, ...]) -> None:
    field = earth.magnetic_field_n(np.radians(case[0]), np.radians(case[1]), 3000.0)
    miss = 1e9 * np.array([float(field.x), float(field.y), float(field.z)]) - case[2:]
    assert np.linalg.norm(miss) < 250.0  # nT: degrees 9 to 12 are 88 nT (rms) and 160 nT at worst in this region


def test_magnetic_field_has_no_source_and_is_smooth_at_the_pole() -> None:
    def field(x: float, y: float, z: float) -> tuple[float, float, float]:
        B = earth.magnetic_field_e(Vec3(x, y, z))
        return B.x, B.y, B.z

    for place in ((2.0e6, 3.0e6, 5.2e6), (0.0, 0.0, 6.36e6)):
        jacobian = np.array(jax.jacfwd(lambda r: jax.numpy.array(field(*r)))(jax.numpy.array(place)))
        assert abs(np.trace(jacobian)) < 1e-9 * np.abs(jacobian).max()  # divergence: rounding
        assert np.abs(jacobian - jacobian.T).max() < 1e-9 * np.abs(jacobian).max()  # curl: rounding


@settings(max_examples=40, deadline=None)
@given(st.floats(-2000.0, 20000.0))
def test_pressure_altitude_undoes_the_standard_atmosphere(height: float) -> None:
    _, pressure, _ = earth.standard_atmosphere_geopotential(height)
    assert float(earth.pressure_altitude(pressure)) == pytest.approx(height, abs=1e-6)  # rounding of ln p times 44 km


def test_geopotential_and_geometric_height_undo_each_other() -> None:
    assert float(earth.geometric(earth.geopotential(11019.0))) == pytest.approx(11019.0, abs=1e-8)
    assert float(earth.geopotential(11019.0)) == pytest.approx(10999.93, abs=0.01)


def test_radii_bound_the_ellipsoid() -> None:
    m, n = earth.radii(np.pi / 2)
    assert float(m) == pytest.approx(float(n))  # at the pole all directions are alike
    m, n = earth.radii(0.0)
    assert float(n) == pytest.approx(earth.SEMI_MAJOR_AXIS)
    assert float(m) == pytest.approx(earth.SEMI_MINOR_AXIS**2 / earth.SEMI_MAJOR_AXIS)


def test_places_are_where_the_surface_is() -> None:
    r = earth.ecef(0.0, 0.0, 0.0)
    assert float(r.x) == pytest.approx(earth.SEMI_MAJOR_AXIS)
    assert float(dot(r, r)) == pytest.approx(earth.SEMI_MAJOR_AXIS**2)
