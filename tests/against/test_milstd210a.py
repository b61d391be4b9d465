"""Against the MIL-STD-210A days, their pressure rule, and heights that follow from them."""

from __future__ import annotations

import numpy as np
import pytest

from samruk import earth, weather
from samruk.errors import MissionError
from samruk.weather import days


@pytest.mark.parametrize(
    ("day", "celsius"), [("hot", 39.46), ("cold", -51.09), ("polar", -26.48), ("tropical", 32.13), ("standard", 15.0)]
)
def test_temperature_at_sea_level(day: str, celsius: float) -> None:
    assert float(days.day_temperature(day, 0.0)) - 273.15 == pytest.approx(celsius, abs=0.01)  # rounding of the table


@pytest.mark.parametrize(("day", "height"), [("cold", 7730.0), ("polar", 8990.0)])
def test_where_the_air_is_54_below_zero(day: str, height: float) -> None:
    z = np.linspace(5000.0, 15000.0, 10001)
    found = z[np.argmax(days.day_temperature(day, z) < 219.15)]
    assert found == pytest.approx(height, abs=6.0)  # height known to 10 m


def test_210a_rule_keeps_the_standard_pressure() -> None:
    profile = weather.standard_profile("hot", pressure_rule="210a")
    standard = [float(earth.standard_atmosphere(z)[1]) for z in profile.height]
    assert np.allclose(np.exp(profile.log_pressure), standard, rtol=1e-9)


def test_hydrostatic_rule_lifts_the_pressure_on_a_hot_day() -> None:
    hot = weather.standard_profile("hot")
    at = int(np.argmin(abs(hot.height - 9144.0)))
    assert np.exp(hot.log_pressure[at]) > 1.05 * float(earth.standard_atmosphere(hot.height[at])[1])


@pytest.mark.parametrize("name", sorted(days.MIL_STD_210A))
def test_fifty_thousand_feet_are_there(name: str) -> None:
    assert len(days.MIL_STD_210A[name]) == 51


def test_true_height_is_below_indicated_on_the_coldest_day() -> None:
    """-54 C at the ground blending to the cold day at 1,500 m: 0.823 of the indicated height is there (hand sum)."""
    z = np.linspace(0.0, 1500.0, 3001)
    cold = 219.15 + (days.day_temperature("cold", 1500.0) - 219.15) * z / 1500.0
    log_p = days.hydrostatic_log_pressure(z, cold, np.zeros_like(z), earth.P0)
    indicated = float(earth.geometric(earth.pressure_altitude(np.exp(log_p[-1]))))
    assert 1500.0 / indicated == pytest.approx(0.823, abs=0.002)  # printed to three digits


def test_an_unknown_day_is_refused_in_words() -> None:
    with pytest.raises(MissionError, match="allowed are standard, hot, cold, polar, tropical"):
        weather.standard_profile("mild")
