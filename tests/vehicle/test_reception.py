"""The radio of every pair is the step's radio: at the mission's own antenna both say the same."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from samruk import load
from samruk.earth import MEAN_RADIUS
from samruk.lazy import jax, jnp
from samruk.messages import OrderKind
from samruk.mission import GapWindow, Ground
from samruk.radio import masking
from samruk.radio.prediction import ridge_loss
from samruk.terrain_file.grid import Grid
from samruk.vehicle.live import Live
from samruk.vehicle.reception import Reception, Site, _edges

FAR = 400e3
"""m: below the horizon of an aircraft at circuit height."""


@lru_cache(maxsize=2)
def flown(piece: int) -> dict[str, Any]:
    """A circuit with turns; margins of the step and of pairs, once a second."""
    live = Live(load.mission("circuit"), [0])
    own = live.inputs[0].task.links
    far = replace(own, latitude=own.latitude + FAR / MEAN_RADIUS)
    gap = replace(own, gap_a=GapWindow(200.0, 30.0, 1, 1))
    pairs = Reception(live, [Site("S1", 241, own), Site("S2", 242, far), Site("S3", 243, gap)])
    live.order(0, OrderKind.ENGINE, x=1.0)
    step, here, others, bank = [], [], [], []
    for second in range(700):
        if second == 90:
            live.order(0, OrderKind.TAKE_OFF, z=1.0)
        for _ in range(10 // piece):
            pairs.advance(piece)
            live.advance(piece)
        step.append([live.batch.values(f"radio.{n}")[0] for n in ("los_margin_db", "satellite_margin_db", "bearer")])
        state = pairs.state(0, 0)
        here.append([*state.margins_db, state.bearer])
        others.append([pairs.state(0, 1), pairs.state(0, 2)])
        bank.append(abs(live.picture(0).estimate.phi))
    assert live.picture(0).estimate.height_agl > 200.0
    return {"step": np.array(step), "here": np.array(here), "others": others, "bank": np.array(bank)}


def test_at_the_missions_antenna_it_says_what_the_step_says() -> None:
    """The way is a second older than the step's: 50 m of some 10 km, but much of the angle right over the antenna."""
    both = flown(1)
    off = np.abs(both["step"][2:, :2] - both["here"][2:, :2])
    assert np.quantile(off, 0.95) < 0.1
    assert np.median(off) < 0.02
    assert np.array_equal(both["step"][2:, 2], both["here"][2:, 2])


def test_a_second_at_a_time_it_is_near_in_level_flight() -> None:
    both = flown(10)
    level = (both["bank"] < 0.05) & (np.arange(len(both["bank"])) > 200)
    off = np.abs(both["step"][:, 0] - both["here"][:, 0])
    assert np.quantile(off[level], 0.9) < 0.5
    assert np.median(off[level]) < 0.05


def test_a_station_below_the_horizon_has_no_line_of_sight() -> None:
    last = flown(1)["others"][-1][0]
    assert last.margins_db[0] < -10.0
    assert not last.up[0]
    assert last.bearer == 2


def test_each_station_has_its_own_gaps() -> None:
    others = flown(1)["others"]
    assert not any(others[215][1].up)
    assert others[195][1].up == (True, True)
    assert others[215][0].up[1]


def test_delay_is_light_and_more() -> None:
    state = flown(1)["others"][-1][0]
    assert state.delays[1] > 2.0 * 35786e3 / 299792458.0
    assert state.delays[0] == pytest.approx(0.04 + FAR / 299792458.0, abs=1e-4)
    assert math.isclose(state.losses[0], 1.0)


def test_each_station_looks_over_its_own_ridges() -> None:
    """The table made for an antenna that is not the mission's, against rays walked from that antenna: as near as
    the mission's own table is (tests/unit/test_prediction.py): 2 dB in the middle, masked alike nine times in ten."""
    live = Live(load.mission("white-mountains"), [0])
    given = live.inputs[0]
    own, tile, radio = given.task.links, given.task.tile, given.aircraft.radio
    moved = replace(own, latitude=own.latitude + 9e3 / MEAN_RADIUS, elevation=own.elevation + 150.0)
    here, there = _edges(live, Site("S1", 241, own)), _edges(live, Site("S2", 242, moved))
    assert here[0].ground is given.tables.ground
    heights = np.asarray(given.tables.ground.posts, np.int16).reshape(tile.rows, tile.columns)
    grid = Grid(heights, tile.north, tile.west, tile.spacing_latitude, tile.spacing_longitude)
    rng = np.random.default_rng(8)
    far, turn = rng.uniform(5e3, 40e3, 60), rng.uniform(0.0, 2.0 * math.pi, 60)
    latitude = moved.latitude + far * np.cos(turn) / MEAN_RADIUS
    longitude = moved.longitude + far * np.sin(turn) / (MEAN_RADIUS * math.cos(moved.latitude))
    inside = (latitude < grid.north) & (latitude > grid.south) & (longitude > grid.west) & (longitude < grid.east)
    latitude, longitude, height = latitude[inside], longitude[inside], moved.elevation + np.full(inside.sum(), 900.0)
    with jax.enable_x64(True):
        walked = ridge_loss(latitude, longitude, height, moved, radio.los_frequency, grid)
        tables = [Ground(*(jnp.asarray(getattr(each[0].ground, f)) for f in Ground.__dataclass_fields__))
                  for each in (here, there)]  # fmt: skip
        looked = [
            np.array([
                float(masking.loss(a, b, h, moved, replace(tile, reach=reach), table, radio.los_frequency))
                for a, b, h in zip(latitude, longitude, height, strict=True)
            ])
            for table, reach in zip(tables, (here[1], there[1]), strict=True)
        ]  # fmt: skip
    assert len(walked) > 25
    assert np.median(np.abs(looked[1] - walked)) < 2.0
    assert np.mean((looked[1] > 6.0) == (walked > 6.0)) > 0.9
    assert np.mean(np.abs(looked[0] - walked)) > 3.0 * np.mean(np.abs(looked[1] - walked))  # the mission's would not do
