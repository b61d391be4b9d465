"""Altimeters on cold days, and the height at which a cold day passes an aircraft's limit."""

from __future__ import annotations

import numpy as np
import pytest

from samruk import earth, load, story
from samruk.plant import world as nature
from samruk.weather import ceiling, days


def _shown(day: str, top: float) -> float:
    """True over indicated height of a climb from the ground of a day to a height, m."""
    column = days.standard_profile(day)
    low, high = (float(np.exp(np.interp(height, column.height, column.log_pressure))) for height in (0.0, top))
    setting = float(nature.altimeter(low, 0.0, 0.0))
    return top / (top + float(nature.altimeter(high, top, setting)))


def test_at_minus_54_an_altimeter_shows_a_fifth_too_much() -> None:
    """-54 C at the ground, MIL-STD-210A's cold day from 1,500 m: true over indicated 0.823 (mean temperatures)."""
    assert _shown("cold-54", 1500.0) == pytest.approx(0.823, abs=0.004)  # a mean of temperatures for one of inverses


def test_an_altimeter_on_the_standard_day_is_right() -> None:
    assert _shown("standard", 9000.0) == pytest.approx(1.0, abs=2e-4)  # levels of the column 600 m apart


@pytest.mark.parametrize("cold", [10.0, 20.0, 30.0])
def test_the_four_percent_rule(cold: float) -> None:
    """Handbooks add 4 % of height per 10 K below standard (ICAO Doc 8168, recalled): the same to first order."""
    height = np.linspace(0.0, 1200.0, 13)
    standard = np.array([float(earth.standard_atmosphere(h)[0]) for h in height])
    column = days.profile_from_levels(height, standard - cold, dry=True)
    pressures = np.exp(np.interp((0.0, 600.0), column.height, column.log_pressure))
    setting = float(nature.altimeter(pressures[0], 0.0, 0.0))
    more = float(nature.altimeter(pressures[1], 600.0, setting)) / 600.0
    assert more == pytest.approx(0.004 * cold, rel=0.2)  # 1/(T - dT) against 1/T and a round figure


def test_where_the_cold_days_pass_minus_54() -> None:
    """7.73 km on the cold day, 8.99 km on the polar day, 10.6 km in the standard atmosphere: read from the tables."""
    for day, height in (("cold", 7730.0), ("polar", 8990.0), ("standard", 10620.0)):
        found = ceiling.cold_ceiling(days.standard_profile(day), 219.15)
        assert found == pytest.approx(height, abs=35.0)  # given to 10 m; levels of the kept column
    assert ceiling.cold_ceiling(days.standard_profile("hot"), 219.15) == float("inf")


def test_a_warmer_day_has_a_higher_ceiling() -> None:
    column = days.standard_profile("cold")
    found = [ceiling.cold_ceiling(column, 219.15, offset) for offset in (-3.0, 0.0, 3.0)]
    assert found == sorted(found)
    assert found[0] < found[2]
    assert ceiling.cold_ceiling(column, 250.0, 0.0, 365.0) == 365.0  # too cold at the ground already


def test_a_hot_ground_has_a_floor() -> None:
    column = days.standard_profile("hot")
    assert ceiling.hot_floor(column, 330.0) == -1000.0
    assert 0.0 < ceiling.hot_floor(column, 305.0, 0.0, 0.0) < 2000.0


def test_validate_warns_of_a_route_into_air_that_is_too_cold() -> None:
    assert not story.validate("circuit")["warnings"]
    settings = ("weather.day=cold", "route.leg.2.altitude_m_msl=8500", "rules.ceiling_m_msl=9144")
    warnings = story.validate("circuit", settings)["warnings"]
    assert len(warnings) == 1
    assert "colder than -54 C from 77" in warnings[0]


def test_a_plain_altimeters_column_is_the_standard_days() -> None:
    """Temperature at a pressure against US 1976 at the height of that pressure."""
    for height in (0.0, 1500.0, 7620.0, 11000.0):
        temperature, pressure, _ = earth.standard_atmosphere_geopotential(height)
        assert float(earth.standard_temperature(pressure)) == pytest.approx(float(temperature), abs=1e-6)  # inverse


def test_the_rule_is_read() -> None:
    assert load.mission("circuit", ("rules.cold_correction=false",)).flights[0].task.rules.cold_correction == 0
