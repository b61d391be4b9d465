"""A plan is checked here against all that the station's charts know."""

from __future__ import annotations

import math

import numpy as np
import pytest

from samruk.station import wire
from samruk.station.maps import Ground
from samruk.station.rules import problems
from samruk.terrain_file import Tiles
from samruk.terrain_file.grid import Grid

HOME = (math.radians(50.5), math.radians(71.5))
DEGREE = math.radians(1.0)


def tile(south_deg: int, height: float) -> Grid:
    """A degree of level ground at 355 m with a ridge across its middle."""
    heights = np.full((121, 121), 355, np.int16)
    heights[50:70, :] = height
    return Grid(heights, math.radians(south_deg + 1), math.radians(71), DEGREE / 120.0, DEGREE / 120.0)


def told(*grids: Grid) -> list[int | None]:
    """Items of a route from the first tile to the north end of the second that are too low."""
    runway = wire.Runway("36", 0.0, *HOME, 3000.0)
    field = wire.Aerodrome("Home", "UACC", *HOME, 355.0, [runway], True)
    none = (0.0, 0.0, 0.0, None)
    plan = [wire.Item(16, 0, none, math.radians(at), HOME[1], 1200.0) for at in (50.9, 51.3, 51.9)]
    plan.append(wire.Item(21, 0, none, *HOME, 0.0))
    found = problems("mission", plan, None, Ground(list(grids), [field]), [])
    return [each.item for each in found if "m inside ground" in each.words or "m above ground" in each.words]


def test_a_ridge_on_any_tile_refuses_a_leg() -> None:
    here, ridge, plain = tile(50, 355), tile(51, 1500), tile(51, 355)
    assert told(here, plain) == []
    assert 2 in told(here, ridge)
    assert told(here, ridge) == told(ridge, here)


def test_tiles_know_what_each_of_them_knows() -> None:
    here, there = tile(50, 700), tile(51, 1500)
    both = Tiles((here, there))
    latitude = np.radians([50.25, 50.5, 51.5, 52.5])
    assert both.at(latitude, HOME[1])[:3] == pytest.approx([355.0, 700.0, 1500.0])
    assert np.isnan(both.at(latitude, HOME[1])[3])
    assert both.around(latitude[:2], HOME[1]) == pytest.approx(here.around(latitude[:2], HOME[1]))
    assert float(both.at(math.radians(51.5), HOME[1])) == 1500.0
