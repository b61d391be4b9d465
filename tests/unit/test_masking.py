"""Terrain in the step: the surface under the aircraft, and the edge in the link's way."""

from __future__ import annotations

import math
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from samruk import earth, terrain, terrain_file
from samruk.mission import Conditions, Ground, Links, Runway, Tile
from samruk.radio import masking
from samruk.radio.propagation import LIGHT, knife_edge_loss
from samruk.terrain_file import Grid

DEGREE = math.pi / 180.0
C_BAND = 5.0e9
FEET = 0.3048
FIELD = Runway(44.0 * DEGREE, -71.0 * DEGREE, 100.0, 0.5 * math.pi, 1500.0)


def plain(height: int = 100) -> Grid:
    """Three degrees by five of level ground, posts a minute apart."""
    heights = np.full((181, 301), height, np.int16)
    return Grid(heights, 45.5 * DEGREE, -72.0 * DEGREE, DEGREE / 60.0, DEGREE / 60.0)


def with_ridge(top: int, longitude_deg: float) -> Grid:
    """The plain with a wall two posts wide from north to south."""
    heights = plain().heights.copy()
    column = round((longitude_deg + 72.0) * 60.0)
    heights[:, column : column + 2] = top
    return replace(plain(), heights=heights)


LINKS = Links(latitude=44.0 * DEGREE, longitude=-71.0 * DEGREE, elevation=100.0, antenna_height=15.0)


def looked_up(grid: Grid, links: Links = LINKS) -> tuple[Tile, Ground]:
    """A grid as the step has it."""
    distance, top, reach = terrain_file.edges(grid, links)
    return grid.tile(reach), Ground(*(jnp.asarray(x) for x in (grid.heights.ravel(), distance, top)))


def lost_db(grid: Grid, east: float, height: float, links: Links = LINKS) -> float:
    """dB behind the terrain for an aircraft some metres east of the antenna."""
    tile, ground = looked_up(grid, links)
    latitude, longitude = earth.offset(links.latitude, links.longitude, 0.0, east)
    return float(masking.loss(latitude, longitude, height, links, tile, ground, C_BAND))


@pytest.mark.parametrize(("v", "told"), [(0.0, 6.03), (1.0, 13.93), (2.4, 20.54)])
def test_a_knife_edge_takes_what_the_recommendation_says(v: float, told: float) -> None:
    """ITU-R P.526, eq. 31: two decimals as worked by hand from the formula."""
    assert float(knife_edge_loss(v)) == pytest.approx(told, abs=0.005)


@pytest.mark.parametrize("longitude_deg", [-70.5, -70.0, -69.5])
def test_a_ridge_of_1500_m_hides_an_aircraft_at_10_000_ft_and_200_km(longitude_deg: float) -> None:
    grid = with_ridge(1600, longitude_deg)
    assert lost_db(grid, 200e3, 10_000.0 * FEET) > 20.0
    assert lost_db(plain(), 200e3, 10_000.0 * FEET) < 6.1  # grazing the plain at most: its own loss is the sphere's


def test_the_loss_is_that_of_the_formula_for_one_edge() -> None:
    d_a = 0.5 * DEGREE * 6389e3 * math.cos(44.0 * DEGREE)
    d_b = 200e3 - d_a
    over = 1600.0 + d_a * d_b / (2.0 * 8495e3) - (115.0 * d_b + 3048.0 * d_a) / 200e3
    v = over * math.sqrt(2.0 * 200e3 * C_BAND / (LIGHT * d_a * d_b))
    told = 6.9 + 20.0 * math.log10(math.sqrt((v - 0.1) ** 2 + 1.0) + v - 0.1)
    assert lost_db(with_ridge(1600, -70.5), 200e3, 3048.0) == pytest.approx(told, abs=0.3)  # a sample beside the top


def test_a_higher_ridge_takes_more_and_a_higher_aircraft_loses_less() -> None:
    by_top = [lost_db(with_ridge(top, -70.0), 200e3, 4000.0) for top in (500, 1000, 1500, 2000)]
    by_height = [lost_db(with_ridge(1600, -70.0), 200e3, height) for height in (1000.0, 3000.0, 5000.0, 9000.0)]
    assert by_top == sorted(by_top)
    assert by_height == sorted(by_height, reverse=True)
    assert by_height[-1] == 0.0


def test_before_the_ridge_and_without_terrain_nothing_is_lost() -> None:
    assert lost_db(with_ridge(1600, -70.0), 40e3, 2000.0) == 0.0
    tile, ground = looked_up(with_ridge(1600, -70.0))
    there = 44.0 * DEGREE, -69.0 * DEGREE, 2000.0
    assert float(masking.loss(*there, LINKS, replace(tile, given=0), ground, C_BAND)) == 0.0
    assert float(masking.loss(*there, replace(LINKS, masked=0), tile, ground, C_BAND)) == 0.0
    assert float(masking.loss(*there, LINKS, tile, ground, C_BAND)) > 20.0


def test_one_edge_is_deygouts_main_edge_and_never_more_than_the_whole_profile() -> None:
    """Against Deygout's three edges on rays over random hills: what the main edge leaves out is bounded."""
    rng = np.random.default_rng(5)
    heights = np.kron(rng.integers(100, 900, (37, 61)), np.ones((5, 5), int))[:181, :301].astype(np.int16)
    grid, less = replace(plain(), heights=heights), []
    tile, ground = looked_up(grid)
    for east, height in ((60e3, 900.0), (90e3, 1500.0), (120e3, 1200.0), (150e3, 2500.0), (180e3, 1800.0)):
        latitude, longitude = earth.offset(LINKS.latitude, LINKS.longitude, 0.0, east)
        one = float(masking.loss(latitude, longitude, height, LINKS, tile, ground, C_BAND))
        less.append(_deygout(grid, east, height) - one)
    assert min(less) > -6.0  # the edge highest in the antenna's sight may be another than that of greatest v
    assert max(less) < 45.0  # two more edges of 20 dB each


def _deygout(grid: Grid, east: float, height: float) -> float:
    d = np.arange(500.0, east - 500.0, 250.0)
    latitude, longitude = earth.offset(LINKS.latitude, LINKS.longitude, 0.0 * jnp.asarray(d), jnp.asarray(d))
    tops = grid.at(np.asarray(latitude), np.asarray(longitude))

    def worst(low: int, high: int, a: float, b: float, x_a: float, x_b: float) -> tuple[float, int]:
        best, at = -9.0, -1
        for k in range(low, high):
            near, far = d[k] - x_a, x_b - d[k]
            v = float(masking.fresnel(near, far, tops[k], a, b, LIGHT / C_BAND)) if min(near, far) > 250.0 else -9.0
            best, at = (v, k) if v > best else (best, at)
        return best, at

    def taken(v: float) -> float:
        return float(knife_edge_loss(v))

    main, k = worst(0, d.size, 115.0, height, 0.0, east)
    if main <= -0.78:
        return 0.0
    left, _ = worst(0, k, 115.0, float(tops[k]), 0.0, float(d[k]))
    right, _ = worst(k + 1, d.size, float(tops[k]), height, float(d[k]), east)
    return taken(main) + taken(left) + taken(right)


# The surface ----------------------------------------------------------------------------------------------------------

DAY = Conditions(ground_elevation=300.0)


def surface(grid: Grid, north: float, east: float, runways: tuple[Runway, ...] = (FIELD,)) -> tuple[float, int]:
    latitude, longitude = earth.offset(FIELD.latitude, FIELD.longitude, north, east)
    posts = jnp.asarray(grid.heights.ravel())
    height, known = terrain.surface(latitude, longitude, DAY, grid.tile(), posts, runways)
    return float(height), int(known)


def test_a_runway_lies_level_on_hills_and_the_hills_begin_beside_it() -> None:
    hills = plain(400)
    for along in (-200.0, 0.0, 700.0, 1500.0, 1700.0):
        assert surface(hills, 0.0, along) == (100.0, 1)
    assert surface(hills, 2000.0, 700.0) == (400.0, 1)
    heights = [surface(hills, north, 700.0)[0] for north in (250.0, 500.0, 750.0, 1000.0, 1250.0)]
    assert heights == sorted(heights)


def test_beyond_the_tile_lies_the_declared_plane_and_the_ledger_can_tell() -> None:
    assert surface(plain(400), 300e3, 0.0) == (300.0, 0)
    assert surface(plain(400), 100e3, 100e3) == (400.0, 1)


def test_without_terrain_the_surface_is_the_plane_of_before_bit_for_bit() -> None:
    for north, east in ((0.0, 0.0), (9000.0, 4000.0), (15000.0, -9000.0), (90e3, 1.0)):
        latitude, longitude = earth.offset(FIELD.latitude, FIELD.longitude, north, east)
        before = terrain.height(latitude, longitude, DAY, (FIELD,))
        now, known = terrain.surface(latitude, longitude, DAY, Tile(), jnp.zeros(4, jnp.int16), (FIELD,))
        assert (float(now), int(known)) == (float(before), 1)
