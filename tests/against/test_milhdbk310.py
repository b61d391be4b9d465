"""Against profiles and ground cycles of MIL-HDBK-310 by a public transcription: every row of every table.

Temperatures are the table's own, so they prove that it is met. Densities are not used but at the lowest row: they come
from the hydrostatic sum, and say whether the transcription and that sum are right.
"""

from __future__ import annotations

import numpy as np
import pytest

from samruk import earth, weather
from samruk.errors import MissionError
from samruk.weather import days, handbook

WATT_HOURS = 9270.0
"""Wh/m^2 in a day under the cycle of 1,120 W/m^2."""


@pytest.mark.parametrize("name", sorted(handbook.PROFILES))
def test_temperature_and_density_of_every_row(name: str) -> None:
    temperature, density = handbook.PROFILES[name]
    found = weather.standard_profile(name)
    for k, height in enumerate(handbook.STEP * np.arange(11.0)):
        level = int(np.argmin(np.abs(found.height - height)))
        assert found.height[level] == height  # every row is a level of the column
        assert found.temperature[level] == pytest.approx(temperature[k], abs=1e-9)
        rho = float(earth.density(np.exp(found.log_pressure[level]), found.temperature[level]))
        # The rows lie 2 km apart and the handbook's air bends between them: 0.66 % at worst, summed over nine layers.
        assert rho == pytest.approx(density[k], rel=0.008), (name, height)


@pytest.mark.parametrize("name", sorted(handbook.CYCLES))
def test_every_hour_of_every_cycle(name: str) -> None:
    cycle = handbook.CYCLES[name]
    assert len(cycle.celsius) == len(cycle.watts) == len(cycle.percent) == 24
    for hour in range(1, 25):
        kelvin, watts, humidity = handbook.surface(name, float(hour))
        assert kelvin - 273.15 == pytest.approx(cycle.celsius[hour - 1], abs=1e-9)
        assert watts == pytest.approx(cycle.watts[hour - 1], abs=1e-9)
        assert humidity == pytest.approx(cycle.percent[hour - 1] / 100.0, abs=1e-12)


@pytest.mark.parametrize(("name", "low", "high"), [("hot-dry", 32, 49), ("basic-hot", 30, 43), ("basic-cold", -32, -21),
                                                   ("cold", -46, -37)])  # fmt: skip
def test_the_range_of_a_cycle_is_its_climate(name: str, low: int, high: int) -> None:
    """A1, A2, C1 and C2 are known by these extremes."""
    assert (min(handbook.CYCLES[name].celsius), max(handbook.CYCLES[name].celsius)) == (low, high)


def test_the_sun_of_a_hot_day_adds_up() -> None:
    hours = np.linspace(0.0, 24.0, 24001)
    light = [handbook.surface("hot-dry", float(hour))[1] for hour in hours[:-1:10]]
    assert 24.0 * float(np.mean(light)) == pytest.approx(WATT_HOURS, rel=1e-6)  # straight lines between full hours


def test_between_hours_and_over_midnight_the_cycle_is_linear() -> None:
    assert handbook.surface("hot-dry", 12.5)[0] - 273.15 == pytest.approx(45.5)
    assert handbook.surface("hot-dry", 0.5)[0] - 273.15 == pytest.approx(36.0)  # 37 at 24 h, 35 at 1 h
    assert handbook.surface("cold", 24.0) == handbook.surface("cold", 0.0)


def test_local_time_goes_with_the_longitude() -> None:
    noon = 12.0 * 3600.0
    assert handbook.solar_hour(noon, 0.0) == pytest.approx(12.0)
    assert handbook.solar_hour(noon, np.radians(71.5)) == pytest.approx(12.0 + 71.5 / 15.0)
    assert handbook.solar_hour(noon, np.radians(-181.0)) == pytest.approx(24.0 - 1.0 / 15.0)


def test_a_hot_afternoon_is_stirred_and_its_night_lies_under_an_inversion() -> None:
    day, night = (weather.standard_profile("hot", ground=300.0, cycle="hot-dry", hour=h) for h in (16.0, 6.0))

    def at(column: object, height: float) -> float:
        return float(np.interp(300.0 + height, column.height, column.temperature))  # type: ignore[attr-defined]

    assert at(day, 0.0) == pytest.approx(273.15 + 49.0, abs=1e-6)
    assert at(day, 0.0) - at(day, 1000.0) == pytest.approx(9.76, abs=0.02)  # K/km, dry adiabat
    assert at(night, 0.0) == pytest.approx(273.15 + 32.0, abs=1e-6)
    assert at(night, 200.0) > at(night, 0.0)  # inversion
    for column in (day, night):
        high = column.height > 5300.0
        assert np.allclose(column.temperature[high], days.day_temperature("hot", column.height[high]), atol=1e-9)


def test_a_cycle_that_the_day_cannot_carry_is_refused_in_a_line() -> None:
    with pytest.raises(MissionError, match=r"'cold' is -46 C at 4.0 h, -61 K from the day.*nearer day") as told:
        weather.standard_profile("standard", cycle="cold", hour=4.0)
    assert "\n" not in str(told.value)
    with pytest.raises(MissionError, match="'warm' is not known; allowed are hot-dry"):
        handbook.surface("warm", 1.0)


def test_without_a_cycle_the_days_are_as_they_were() -> None:
    column = weather.standard_profile("standard")
    expected = days.hydrostatic_log_pressure(column.height[:2], column.temperature[:2], np.zeros(2), earth.P0)
    assert column.log_pressure[:2] == pytest.approx(expected, abs=1e-12)
