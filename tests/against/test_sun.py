"""Light and warmth against pvlib, MIL-STD-210A and hand sums: rows of `samruk verify`, and pvlib itself if there."""

from __future__ import annotations

import math

import numpy as np
import pytest

from samruk.verify import warmth
from samruk.verify.check import Check
from samruk.weather import sun


@pytest.mark.parametrize("check", warmth.checks(), ids=lambda check: check.name)
def test_every_row_keeps_its_limit(check: Check) -> None:
    assert check.passed, f"{check.name}: {check.figure} over {check.limit} {check.unit}"


def test_the_sun_against_pvlib_itself() -> None:
    """Two hundred places and times from 1990 to 2050, where pvlib is installed."""
    spa = pytest.importorskip("pvlib.spa")
    chance = np.random.default_rng(11)
    for _ in range(200):
        unix, latitude = chance.uniform(631152000.0, 2524608000.0), chance.uniform(-89.0, 89.0)
        longitude = chance.uniform(-180.0, 180.0)
        place = (latitude, longitude, 0.0, 1013.25, 12.0, 67.0, 0.5667)
        expected = float(spa.solar_position(np.array([unix]), *place)[3][0])
        found = math.degrees(float(sun.elevation(math.radians(latitude), math.radians(longitude), unix)))
        assert found == pytest.approx(expected, abs=0.05)  # low-precision almanac; 0.1 degrees are asked for
