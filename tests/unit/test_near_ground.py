"""What the ground does to the air above it: the day's course, inversions, shear and the turning of wind."""

from __future__ import annotations

import math
from dataclasses import fields

import jax.numpy as jnp
import numpy as np
import pytest
from tests.unit.test_mission_file import TEXT, read

from samruk import earth, weather
from samruk.errors import InputError
from samruk.mission import Conditions, Profile
from samruk.units import DEGREE
from samruk.weather import course, days, wind
from samruk.weather.days import hydrostatic_log_pressure

NOON = 1.7e9 - 1.7e9 % 86400.0
FOOT = 0.3048


def arrays(profile: Profile) -> Profile:
    """A column for use outside an engine."""
    return Profile(**{f.name: jnp.asarray(getattr(profile, f.name)) for f in fields(profile)})


PROFILE = weather.standard_profile(wind=((0.0, 10.0, 0.0), (9000.0, 10.0, 0.0)))


def at(height: float, hour: float, conditions: Conditions, ground: float = 0.0) -> weather.Air:
    """The air over Greenwich at an hour of sun time."""
    return weather.sample(
        jnp.asarray(0.8), jnp.asarray(0.0), jnp.asarray(height), jnp.asarray(ground), jnp.asarray(NOON),
        jnp.asarray(hour * 3600.0), conditions, arrays(weather.standard_profile()),
    )  # fmt: skip


@pytest.mark.parametrize("hour", [3.0, 6.0, 12.0, 15.0, 20.0])
def test_the_ground_swings_about_the_column(hour: float) -> None:
    found = float(at(0.0, hour, Conditions(swing=8.0)).temperature) - 288.15
    assert found == pytest.approx(8.0 * math.cos(2.0 * math.pi * (hour - 15.0) / 24.0), abs=1e-6)  # 1.7e9 s in float64


def test_an_afternoon_is_stirred_by_the_dry_adiabat_and_free_air_stays() -> None:
    day = Conditions(swing=5.0)
    for height in (300.0, 800.0, 1400.0):
        assert float(at(height, 15.0, day).temperature) == pytest.approx(293.15 - 9.76e-3 * height, abs=1e-6)
    # 5 K are used up at 5/(9.76 - 6.5) km = 1,534 m
    assert float(at(1600.0, 15.0, day).temperature) == float(at(1600.0, 15.0, Conditions()).temperature)


def test_a_night_is_an_inversion() -> None:
    night = [float(at(z, 3.0, Conditions(swing=8.0)).temperature) for z in (0.0, 50.0, 200.0, 3000.0)]
    assert night[0] < night[1] < night[2]
    assert night[3] == pytest.approx(float(at(3000.0, 3.0, Conditions()).temperature), abs=0.06)  # 8 K exp(-5)


def test_the_slope_is_the_derivative() -> None:
    for hour in (3.0, 15.0):
        low, here, high = (at(z, hour, Conditions(swing=8.0)) for z in (499.0, 500.0, 501.0))
        step = 0.5 * (float(high.temperature) - float(low.temperature))
        assert float(here.temperature_slope) == pytest.approx(step, rel=1e-5)  # differences over 2 m


@pytest.mark.parametrize("excess", [-20.0, -5.0])
def test_pressure_over_an_inversion_is_hydrostatic(excess: float) -> None:
    z = np.linspace(0.0, 3000.0, 601)
    air = 288.15 - 0.0065 * z + excess * np.exp(-z / 600.0)
    exact = hydrostatic_log_pressure(z, air, np.zeros_like(z), earth.P0)[-1]
    found = at(3000.0, 3.0, Conditions(inversion=-excess))
    calm = float(at(3000.0, 3.0, Conditions()).log_pressure)
    plain = hydrostatic_log_pressure(z, 288.15 - 0.0065 * z, np.zeros_like(z), earth.P0)[-1]
    # the temperature in the sum is the ground's: 2 % of the change
    assert float(found.log_pressure) - calm == pytest.approx(exact - plain, rel=0.03)


def test_pressure_over_a_stirred_layer_is_nearly_hydrostatic() -> None:
    z = np.linspace(0.0, 3000.0, 3001)
    plain = 288.15 - 0.0065 * z
    air = np.maximum(plain, 293.15 - 9.76e-3 * z)
    change = np.diff([hydrostatic_log_pressure(z, t, np.zeros_like(z), earth.P0)[-1] for t in (plain, air)])[0]
    found = float(at(3000.0, 15.0, Conditions(swing=5.0)).log_pressure - at(3000.0, 15.0, Conditions()).log_pressure)
    assert found == pytest.approx(change, rel=0.1)  # mean excess and temperature are the layer's ends'


@pytest.mark.parametrize(("foot", "ratio"), [(100.0, 1.329), (500.0, 1.658), (1000.0, 1.799)])
def test_shear_of_the_terminal_phases_to_a_thousand_feet(foot: float, ratio: float) -> None:
    high, low = (float(wind.surface_factor(h * FOOT, 0.15 * FOOT, 304.8)[0]) for h in (foot, 20.0))
    assert high / low == pytest.approx(ratio, abs=6e-4)  # MIL-F-8785C by hand, printed to three digits


def test_rough_ground_shears_more() -> None:
    smooth, rough = (float(wind.surface_factor(10.0, z0, 304.8)[0]) for z0 in (0.15 * FOOT, 2.0 * FOOT))
    assert rough < smooth
    assert rough == pytest.approx(math.log(10.0 / 0.6096) / math.log(304.8 / 0.6096), rel=1e-9)


def test_wind_veers_with_height() -> None:
    turn = 20.0 * DEGREE

    def blows_from(height: float) -> float:
        found, _ = wind.mean_wind(arrays(PROFILE), jnp.asarray(height), jnp.asarray(0.0), 1.0, turn=turn)
        return math.degrees(math.atan2(-float(found.y), -float(found.x)))

    assert blows_from(1200.0) == pytest.approx(0.0, abs=1e-9)
    assert blows_from(500.0) == pytest.approx(-10.0, abs=1e-9)
    assert blows_from(0.0) == pytest.approx(-20.0, abs=1e-9)


def test_the_slope_of_a_turning_wind_is_the_derivative() -> None:
    for height in (30.0, 400.0, 2000.0):
        values = [wind.mean_wind(arrays(PROFILE), jnp.asarray(height + d), jnp.asarray(0.0), 1.2, 0.6, 200.0, 0.4)
                  for d in (-0.1, 0.0, 0.1)]  # fmt: skip
        for axis in "xy":
            step = float(getattr(values[2][0], axis) - getattr(values[0][0], axis)) / 0.2
            assert float(getattr(values[1][1], axis)) == pytest.approx(step, rel=1e-4, abs=1e-9)  # 0.2 m


def test_a_wind_row_is_met_where_it_was_measured() -> None:
    shear = (0.6, 250.0, 25.0 * DEGREE)
    profile = weather.standard_profile(wind=((10.0, 6.0, 1.0),), shear=shear)
    found, _ = wind.mean_wind(arrays(profile), jnp.asarray(10.0), jnp.asarray(0.0), 1.0, *shear)
    assert (-float(found.x), -float(found.y)) == pytest.approx((6.0 * math.cos(1.0), 6.0 * math.sin(1.0)), rel=1e-9)


@pytest.mark.parametrize(("day", "foot", "over"), [("hot-54", 327.15, "hot"), ("cold-54", 219.15, "cold")])
@pytest.mark.parametrize("ground", [0.0, 800.0])
def test_days_of_54_degrees_meet_the_210a_day(day: str, foot: float, over: str, ground: float) -> None:
    profile = weather.standard_profile(day, ground=ground)
    assert np.interp(ground, profile.height, profile.temperature) == pytest.approx(foot, abs=0.3)  # 32 levels
    aloft = ground + np.array([1500.0, 4000.0, 8000.0])
    assert np.interp(aloft, profile.height, profile.temperature) == pytest.approx(
        days.day_temperature(over, aloft), abs=0.6
    )  # likewise


def test_a_cycle_that_moves_begins_as_it_stands_and_swings_by_its_range() -> None:
    flight = read(TEXT, ["weather.cycle=basic-cold", "weather.cycle_moves=true"]).flights[0]
    c, start = flight.task.conditions, flight.task.clock.epoch
    assert c.swing == 5.5  # -32 to -21 C
    assert float(course.excess(flight.task.home.longitude, jnp.asarray(start), c)) == pytest.approx(0.0, abs=1e-6)


def test_a_cycle_that_moves_needs_a_cycle() -> None:
    with pytest.raises(InputError, match="is true without a cycle"):
        read(TEXT, ["weather.cycle_moves=true"])
