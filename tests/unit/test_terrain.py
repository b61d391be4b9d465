"""The surface below."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import earth, terrain
from samruk.mission import Conditions, Runway

PLAIN = Conditions(ground_elevation=300.0)
HILL = Runway(latitude=0.7, longitude=0.6, elevation=900.0)


def test_a_plain_is_flat() -> None:
    assert float(terrain.height(0.3, -2.0, PLAIN)) == 300.0


@pytest.mark.parametrize(("distance", "expected"), [(0.0, 900.0), (7900.0, 900.0), (20100.0, 300.0), (14000.0, 600.0)])
def test_the_ground_meets_a_runway(distance: float, expected: float) -> None:
    latitude, longitude = earth.offset(HILL.latitude, HILL.longitude, 0.6 * distance, 0.8 * distance)
    found = float(terrain.height(latitude, longitude, PLAIN, (HILL,)))
    assert found == pytest.approx(expected, abs=4.0)  # 0.5 % of distance on a slope of 75 m/km


def test_a_runway_that_is_not_used_leaves_no_trace_and_the_last_one_wins() -> None:
    unused = Runway(latitude=0.7, longitude=0.6, elevation=900.0, usable=0)
    assert float(terrain.height(0.7, 0.6, PLAIN, (unused,))) == 300.0
    low = Runway(latitude=0.7, longitude=0.6, elevation=100.0)
    assert float(terrain.height(0.7, 0.6, PLAIN, (HILL, low))) == 100.0


def test_the_date_line_is_no_cliff() -> None:
    edge = Runway(latitude=0.2, longitude=np.pi - 1e-5, elevation=50.0)
    assert float(terrain.height(0.2, -np.pi + 1e-5, PLAIN, (edge,))) == pytest.approx(50.0)


DEGREE = np.pi / 180.0
TILE = terrain.Tile(45.0 * DEGREE, 71.0 * DEGREE, 0.25 * DEGREE, 0.5 * DEGREE, 5, 3)


def plane(latitude: float, longitude: float) -> float:
    """Heights that bilinear interpolation must meet everywhere."""
    return 200.0 + 50.0 * latitude / DEGREE - 30.0 * longitude / DEGREE + 8.0 * latitude * longitude / DEGREE**2


POSTS = np.array(
    [plane((45.0 - 0.25 * i) * DEGREE, (71.0 + 0.5 * j) * DEGREE) for i in range(5) for j in range(3)], dtype=np.float32
)


@settings(max_examples=50, deadline=None)
@given(st.floats(44.0, 45.0), st.floats(71.0, 72.0))
def test_a_bilinear_surface_is_met(latitude_deg: float, longitude_deg: float) -> None:
    height, inside = terrain.bilinear(jnp.asarray(POSTS), TILE, latitude_deg * DEGREE, longitude_deg * DEGREE)
    expected = plane(latitude_deg * DEGREE, longitude_deg * DEGREE)
    assert float(height) == pytest.approx(expected, abs=5e-3)  # float32 posts of 25,000 m
    on_edge = (
        min(abs(latitude_deg - 44), abs(latitude_deg - 45), abs(longitude_deg - 71), abs(longitude_deg - 72)) < 1e-9
    )
    assert int(inside) == 1 or on_edge


@pytest.mark.parametrize(("latitude_deg", "longitude_deg"), [(45.1, 71.5), (43.9, 71.5), (44.5, 70.9), (44.5, 72.1)])
def test_outside_a_tile_the_edge_goes_on_and_says_so(latitude_deg: float, longitude_deg: float) -> None:
    height, inside = terrain.bilinear(jnp.asarray(POSTS), TILE, latitude_deg * DEGREE, longitude_deg * DEGREE)
    nearest = plane(np.clip(latitude_deg, 44.0, 45.0) * DEGREE, np.clip(longitude_deg, 71.0, 72.0) * DEGREE)
    assert int(inside) == 0
    assert float(height) == pytest.approx(nearest, abs=5e-3)


def test_whole_metres_are_read_too() -> None:
    posts = jnp.arange(15, dtype=jnp.int16)
    height, _ = terrain.bilinear(posts, TILE, 44.875 * DEGREE, 71.25 * DEGREE)
    assert float(height) == pytest.approx((0 + 1 + 3 + 4) / 4.0)
