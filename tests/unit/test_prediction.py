"""Links foreseen along a way are those that the step has when it gets there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.fake_aircraft import Air

from samruk import load
from samruk.earth import MEAN_RADIUS
from samruk.lazy import jax, jnp
from samruk.radio import link, masking
from samruk.radio import propagation as path
from samruk.radio.prediction import gaps, margins, ridge_loss
from samruk.station import maps, predict, wire
from samruk.terrain_file.grid import Grid


def plan() -> tuple[load.MissionPlan, Grid]:
    found = load.mission("white-mountains")
    tile, ground = found.flights[0].task.tile, found.flights[0].tables.ground
    heights = np.asarray(ground.posts, np.int16).reshape(tile.rows, tile.columns)
    return found, Grid(heights, tile.north, tile.west, tile.spacing_latitude, tile.spacing_longitude)


def ways(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found, _ = plan()
    links, rng = found.flights[0].task.links, np.random.default_rng(4)
    far, turn = rng.uniform(5e3, 45e3, count), rng.uniform(0.0, 2.0 * math.pi, count)
    latitude = links.latitude + far * np.cos(turn) / MEAN_RADIUS
    longitude = links.longitude + far * np.sin(turn) / (MEAN_RADIUS * math.cos(links.latitude))
    return latitude, longitude, links.elevation + rng.uniform(300.0, 3000.0, count)


def test_over_terrain_it_agrees_with_the_steps_table() -> None:
    """The step takes the edge from a table of half degrees; here the ray itself is walked: 2 dB in the middle, and the
    same answer to 'is it masked at all' nine times in ten."""
    found, grid = plan()
    flight = found.flights[0]
    links, tile, ground = flight.task.links, flight.task.tile, flight.tables.ground
    latitude, longitude, height = ways(60)
    inside = (latitude < grid.north) & (latitude > grid.south) & (longitude > grid.west) & (longitude < grid.east)
    latitude, longitude, height = latitude[inside], longitude[inside], height[inside]
    frequency = flight.aircraft.radio.los_frequency
    with jax.enable_x64(True):
        here = ridge_loss(latitude, longitude, height, links, frequency, grid)
        table = type(ground)(*(jnp.asarray(getattr(ground, f)) for f in ground.__dataclass_fields__))
        step = np.array([
            float(masking.loss(a, o, h, links, tile, table, frequency))
            for a, o, h in zip(latitude, longitude, height, strict=True)
        ])  # fmt: skip
    assert len(here) > 30
    assert np.median(np.abs(here - step)) < 2.0
    assert np.mean((here > 6.0) == (step > 6.0)) > 0.9


def test_over_a_smooth_earth_it_is_the_steps_margin_in_level_flight() -> None:
    found = load.mission("circuit")
    flight = found.flights[0]
    links, radio = flight.task.links, flight.aircraft.radio
    latitude = links.latitude + np.array([5e3, 50e3, 150e3, 300e3]) / MEAN_RADIUS
    longitude, height = np.full(4, links.longitude), np.full(4, 3000.0)
    los, satellite = margins(latitude, longitude, height, links, radio)
    assert np.all(np.diff(los) < 0.0)
    assert np.all(satellite == (radio.satellite_margin_db if radio.satellite_fitted > 0.5 else link.NO_SATELLITE))
    with jax.enable_x64(True):
        state = link.slow(
            link.initial(), latitude[1], longitude[1], height[1], links, radio, flight.task.conditions, 0.0, 1, 5
        )
        ground_n, *_ = link.look(latitude[1], longitude[1], height[1], links)
        wanted = state.paths.los_db + link.blade_gain(-ground_n.z, path.LIGHT / radio.los_frequency)
    assert los[1] == pytest.approx(float(wanted), abs=1e-6)


def test_gaps_are_told_from_their_beginning_to_their_end() -> None:
    margin = np.array([5.0, -1.0, -2.0, 3.0, -1.0, 4.0])
    assert gaps(margin, np.arange(6.0) * 10.0) == [(10.0, 30.0), (40.0, 50.0)]


def test_beyond_the_horizon_there_is_a_gap() -> None:
    flight = load.mission("circuit").flights[0]
    links = replace(flight.task.links, satellite=0)
    latitude = links.latitude + np.linspace(1e4, 6e5, 60) / MEAN_RADIUS
    los, satellite = margins(latitude, np.full(60, links.longitude), np.full(60, 2000.0), links, flight.aircraft.radio)
    assert los[0] > 20.0
    assert los[-1] < 0.0
    assert np.all(satellite == link.NO_SATELLITE)




@pytest.mark.parametrize(("story", "height"), [("three-by-three", 1500.0), ("white-mountains", 3000.0)])
def test_the_stations_own_prediction_agrees_with_the_models(story: str, height: float) -> None:
    """A station knows no more than the margin it measures and its terrain: free space and a hard edge. Against the
    model: up or down alike in nine places of ten (at grazing the model's wave still bends over the edge, the station
    says sooner that the link goes), 4 dB where both are up (the blade's pattern, near)."""
    flight, ground = load.mission(story).flights[0], maps.from_mission(story)[0]
    links, radio = flight.task.links, flight.aircraft.radio
    far = np.linspace(5e3, 300e3, 240)
    latitude = np.asarray(links.latitude + far * math.cos(0.3) / MEAN_RADIUS)
    longitude = np.asarray(links.longitude + far * math.sin(0.3) / (MEAN_RADIUS * math.cos(links.latitude)))
    heights = np.full(far.size, links.elevation + height)
    model, _ = margins(latitude, longitude, heights, links, radio, ground.grids[0] if ground.grids else None)
    air = Air()
    air.run(2.0)
    aircraft = air.picture().aircraft[0]
    aircraft.links = [wire.Bearer("line_of_sight", float(model[0]), True)]
    site = wire.Site("S1", "S1", 241, float(links.latitude), float(links.longitude), True, 0.0)
    points = [
        predict.Point(x / 40.0, x, float(a), float(b), float(c))
        for x, a, b, c in zip(far, latitude, longitude, heights, strict=True)
    ]
    told = np.array([row.los_db for row in predict.margins(aircraft, site, points, ground)], float)
    assert np.mean((told < 0.0) == (model < 0.0)) > 0.9
    both = (told > 0.0) & (model > 0.0)
    assert np.max(np.abs(told - model)[both & (far > 20e3)]) < 10.0
    assert np.median(np.abs(told - model)[both]) < 4.0
