"""A ground cycle asked for by a mission file."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.test_mission_file import TEXT, read

from samruk.errors import InputError
from samruk.weather import handbook


def test_a_mission_gets_the_cycle_of_its_local_hour() -> None:
    found = read(TEXT, ["weather.cycle=cold"])
    flight = found.flights[0]
    home, profile = flight.task.home, flight.tables.profile
    hour = handbook.solar_hour(found.epoch.timestamp(), home.longitude)
    ground = flight.task.conditions.ground_elevation
    at_ground = float(np.interp(ground, profile.height, profile.temperature))
    assert at_ground == pytest.approx(handbook.surface("cold", hour)[0], abs=0.05)  # levels are thinned to 32
    moist = float(np.interp(ground, profile.height, profile.humidity))
    assert moist == pytest.approx(handbook.surface("cold", hour)[2], abs=0.02)  # likewise


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (["weather.cycle=mild"], "weather.cycle is 'mild'. Allowed: hot-dry"),
        (["weather.day=hot", "weather.cycle=cold"], "Take a nearer day"),
        (["weather.cycle=cold", 'weather.metar="UACC 140600Z 23005MPS 9999 M20/M22 Q1021"'], "stands beside metar"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(changes: list[str], told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read(TEXT, changes)
    assert "\n" not in str(caught.value)
