"""Flights over hills, in the plant alone: height above the ground at every tick, and what a hillside does."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.plant_flight import airborne, begin
from tests.reference_aircraft import quiet_task, still_air

from samruk import earth
from samruk.mission import Ground, Task
from samruk.plant.state import GROUND_IMPACT, HARD_LANDING
from samruk.plant.trim import Setting
from samruk.terrain_file import Grid

DEGREE = math.pi / 180.0
CRUISE = Setting(45.0, 1450.0, 70108.5, 268.66)
"""Level at 3,000 m of the standard atmosphere."""
SPACING = DEGREE / 1200.0


def hills(low: float, high: float, length_m: float) -> Grid:
    """Waves from low to high over a tile about the test's runway, crests from west to east."""
    north = 40.5 * DEGREE - np.arange(1201) * SPACING
    wave = np.sin((north - 40.0 * DEGREE) * earth.MEAN_RADIUS * 2.0 * math.pi / length_m)
    heights = np.rint(0.5 * (low + high) + 0.5 * (high - low) * wave).astype(np.int16)
    return Grid(np.repeat(heights[:, None], 1201, axis=1), 40.5 * DEGREE, 32.5 * DEGREE, SPACING, SPACING)


def over(grid: Grid, height: float) -> tuple[Task, Any]:
    """The quiet mission on a tile whose runways lie elsewhere, and a flight in trimmed level flight above it."""
    task = quiet_task(tile=grid.tile())
    away = replace(task.home, usable=0)
    task = replace(task, home=away, alternate_a=away, alternate_b=away)
    posts = Ground(grid.heights.ravel(), np.zeros(4, np.int16), np.zeros(4, np.int16))
    tables = replace(still_air(), ground=posts)
    world, command = airborne(CRUISE, height, tables)
    return task, begin(world, command, task, tables)


def test_height_above_hills_is_right_at_every_tick() -> None:
    """Against the tile itself, tenths of a second apart, for half a minute over slopes of 30 %."""
    grid = hills(300.0, 700.0, 4000.0)
    _, batch = over(grid, 3000.0)
    apart, slopes = [], []
    batch.advance(2, 0)
    for _ in range(300):
        batch.advance_mission(1)
        loads, truth = batch.carry(0).world.loads, batch.carry(0).world.truth
        before = truth.r_be_e - truth.v_be_e * 0.02  # loads are of the tick's beginning
        latitude, longitude, height = (float(x) for x in earth.geodetic(before))
        ground = float(grid.at(latitude, longitude))
        apart.append(abs(loads.height_agl - (height - ground)))
        slopes.append(ground)
    assert np.ptp(slopes) > 100.0, "the test flew over level ground"
    # a chord over 45 m of a bilinear surface with posts 93 m apart: a crease of half a metre in 400 m waves, and 0.5 m
    # of rounding to whole metres at each post
    assert max(apart) < 1.5


def test_a_level_flight_into_a_hillside_ends_there() -> None:
    grid = hills(300.0, 1500.0, 9000.0)
    task, batch = over(grid, 1200.0)
    batch.advance(60, 0)
    world = batch.carry(0).world
    assert world.damage in (GROUND_IMPACT, HARD_LANDING)
    latitude, longitude, height = (float(x) for x in earth.geodetic(world.truth.r_be_e))
    assert height == pytest.approx(float(grid.at(latitude, longitude)), abs=3.0)  # 1 m in a tick, a leg of 1.5 m
    assert height > task.conditions.ground_elevation + 500.0, "it fell to the plane"


def test_the_same_flight_over_the_plane_goes_on() -> None:
    world, command = airborne(CRUISE, 1200.0)
    batch = begin(world, command)
    batch.advance(60, 0)
    assert batch.carry(0).world.damage == 0


def test_the_step_keeps_its_promise_not_to_read_the_length_of_the_terrain() -> None:
    """One compiled step serves every tile: the tables' signature holds no length for them."""
    from samruk.engine.layout import TableLayout

    lengths = {leaf.name: leaf.length for leaf in TableLayout(still_air()).leaves}
    assert [lengths[f"ground.{name}"] for name in ("posts", "edge_distance", "edge_height")] == [None, None, None]


def test_terrain_goes_into_a_record_once_and_comes_back_whole() -> None:
    """Long tables of whole numbers are packed, and only the first flight holds the ground."""
    from samruk import archive
    from samruk.record.values import from_json, to_json

    posts = hills(300.0, 700.0, 4000.0).heights.ravel()
    ground = Ground(posts, np.zeros(5000, np.int16), np.ones(5000, np.int16))
    first, second = (replace(still_air(), ground=ground) for _ in range(2))
    kept = archive._tables(first, None)
    text = to_json(kept)
    assert len(text) < 0.1 * 7 * posts.size, "seven characters a number where nothing is packed"
    back = from_json(text)
    assert back["ground.posts"].dtype == np.int16
    assert np.array_equal(back["ground.posts"], posts)
    assert not any(name.startswith("ground.") for name in archive._tables(second, first))
