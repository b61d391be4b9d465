"""The air at a place: column, wind, gust statistics, cloud, sunlight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import earth, weather
from samruk.errors import MissionError
from samruk.leaves import flatten, unflatten
from samruk.mission import LEVELS, Cloud, Conditions, Profile
from samruk.weather import atmosphere, cloud, turbulence, wind

FOOT = 0.3048
STANDARD = weather.standard_profile(wind=((0.0, 8.0, 0.0), (9000.0, 30.0, 0.5 * np.pi)))
NOON = 1_771_500_000.0

Sample = Callable[..., dict[str, float]]


@pytest.fixture(scope="module")
def look() -> Sample:
    """`weather.sample` compiled once: place and day by keyword."""

    def raw(place: Any, day: Any, column: Any) -> Any:
        return flatten(weather.sample(*place, unflatten(Conditions(), day), unflatten(Profile(), column)))

    compiled = jax.jit(raw)

    def sample(
        height: float, day: Conditions = Conditions(), profile: Profile = STANDARD, *, ground: float = 0.0,  # noqa: B008
        latitude: float = 0.7, longitude: float = 0.6, time: float = 0.0,
    ) -> dict[str, float]:  # fmt: skip
        found = compiled((latitude, longitude, height, ground, NOON, time), flatten(day), flatten(profile))
        return {name: float(value) for name, value in found.items()}

    return sample


@pytest.mark.parametrize("height", [0.0, 1000.0, 3333.0, 7620.0, 9144.0, 10500.0])
def test_standard_profile_is_the_standard_atmosphere(look: Sample, height: float) -> None:
    temperature, pressure, _ = earth.standard_atmosphere(height)
    air = look(height)
    assert air["temperature"] == pytest.approx(float(temperature), abs=2e-3)  # bend of geopotential height in 600 m
    assert np.exp(air["log_pressure"]) == pytest.approx(float(pressure), rel=2e-6)


@settings(max_examples=25, deadline=None)
@given(st.floats(200.0, 14000.0), st.floats(-30.0, 30.0))
def test_slopes_are_the_derivatives(look: Sample, height: float, offset: float) -> None:
    day = Conditions(temperature_offset=offset)
    inside = np.min(abs(np.asarray(STANDARD.height) - height)) > 2.0
    low, here, high = (look(height + d, day) for d in (-1.0, 0.0, 1.0))
    if inside:
        step = 0.5 * (high["temperature"] - low["temperature"])
        assert here["temperature_slope"] == pytest.approx(step, abs=1e-10)
    step = 0.5 * (high["log_pressure"] - low["log_pressure"])
    assert here["log_pressure_slope"] == pytest.approx(step, rel=1e-3)  # gravity changes between levels


@pytest.mark.parametrize("offset", [-25.0, 20.0])
@pytest.mark.parametrize("height", [2000.0, 6000.0, 10000.0])
def test_a_warmer_column_is_hydrostatic_from_the_ground(look: Sample, offset: float, height: float) -> None:
    ground = 500.0
    z = np.linspace(ground, height, 20001)
    geopotential = earth.GEOPOTENTIAL_RADIUS * z / (earth.GEOPOTENTIAL_RADIUS + z)
    warm = 288.15 - 0.0065 * geopotential + offset
    pull = earth.GRAVITY / earth.GAS_CONSTANT * (earth.GEOPOTENTIAL_RADIUS / (earth.GEOPOTENTIAL_RADIUS + z)) ** 2
    start = np.log(float(earth.standard_atmosphere(ground)[1]))
    exact = start - np.trapezoid(pull / warm, z)
    day = Conditions(temperature_offset=offset, ground_elevation=ground)
    assert look(height, day)["log_pressure"] == pytest.approx(exact, abs=2e-5)  # trapezoids over the levels


def test_offset_does_not_change_the_pressure_on_the_ground(look: Sample) -> None:
    day = Conditions(temperature_offset=30.0, ground_elevation=900.0)
    cool = Conditions(ground_elevation=900.0)
    assert look(900.0, day)["log_pressure"] == pytest.approx(look(900.0, cool)["log_pressure"], abs=1e-14)


def test_air_goes_on_above_and_below_the_profile(look: Sample) -> None:
    top = float(STANDARD.height[-1])
    a, b = look(top), look(top + 1000.0)
    assert b["temperature"] == a["temperature"]
    assert b["log_pressure"] - a["log_pressure"] == pytest.approx(1000.0 * b["log_pressure_slope"], rel=1e-6)
    assert np.exp(look(-400.0)["log_pressure"]) == pytest.approx(
        float(earth.standard_atmosphere(-400.0)[1]), rel=3e-4  # isothermal below the lowest level
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 15000.0))
def test_the_column_has_no_steps(look: Sample, height: float) -> None:
    low, high = look(height), look(height + 1e-3)
    for name in ("temperature", "log_pressure", "wind_n.x", "wind_n.y", "gust_sigma_u", "gust_length_u"):
        assert abs(high[name] - low[name]) < 1e-2, name  # the steepest slope is 8 per metre (scale length)


# Wind -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("height_ft", "ratio"), [(100.0, 1.329)])
def test_shear_is_that_of_milf8785c(height_ft: float, ratio: float) -> None:
    here, _ = wind.surface_factor(height_ft * FOOT)
    low, _ = wind.surface_factor(20.0 * FOOT)
    assert float(here / low) == pytest.approx(ratio, abs=5e-4)  # ln(h/z0)/ln(20/z0), z0 = 0.15 ft, three digits


def test_wind_falls_towards_the_ground_and_not_above_the_surface_layer(look: Sample) -> None:
    speeds = [look(300.0 + h, ground=300.0)["wind_n.x"] for h in (0.0, 0.9, 5.0, 20.0, 59.0, 61.0)]
    assert np.all(np.diff(np.abs(speeds[1:5])) > 0.0)
    assert speeds[0] == pytest.approx(speeds[1], rel=2e-2)
    assert abs(speeds[5] / speeds[4] - 1.0) < 5e-3
    assert all(speed < 0.0 for speed in speeds)  # a north wind blows towards south


def test_a_wind_measured_at_ten_metres_is_met_at_ten_metres(look: Sample) -> None:
    profile = weather.standard_profile(wind=((10.0, 12.0, np.pi),))
    assert look(10.0, profile=profile)["wind_n.x"] == pytest.approx(12.0, rel=1e-9)


@pytest.mark.parametrize("height", [20.0, 50.0, 500.0, 4000.0])
def test_wind_slope_is_the_derivative(look: Sample, height: float) -> None:
    low, here, high = (look(height + d) for d in (-0.01, 0.0, 0.01))
    for axis in "xy":
        step = (high[f"wind_n.{axis}"] - low[f"wind_n.{axis}"]) / 0.02
        assert here[f"wind_slope_n.{axis}"] == pytest.approx(step, rel=1e-5, abs=1e-9)


def test_wind_scale_scales(look: Sample) -> None:
    assert look(5000.0, Conditions(wind_scale=2.0))["wind_n.y"] == pytest.approx(2.0 * look(5000.0)["wind_n.y"])


# Turbulence: MIL-F-8785C 3.7 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height_ft", "length_ft", "ratio"), [(100, 505, 1.716), (300, 840, 1.410), (500, 945, 1.236), (1000, 1000, 1.0)]
)
def test_low_altitude_lengths_and_intensities(height_ft: float, length_ft: float, ratio: float) -> None:
    gusts = turbulence.dryden(height_ft * FOOT, 10.0, 0.0)
    assert float(gusts.length_u) / FOOT == pytest.approx(length_ft, abs=0.6)  # printed to a foot
    assert float(gusts.length_w) / FOOT == pytest.approx(height_ft)
    assert float(gusts.sigma_u / gusts.sigma_w) == pytest.approx(ratio, abs=6e-4)  # printed to three digits
    assert float(gusts.sigma_w) == pytest.approx(1.0)


def test_above_two_thousand_feet_gusts_are_alike_on_all_axes() -> None:
    gusts = turbulence.dryden(2000.0 * FOOT, 10.0, 1.5)
    assert [float(gusts.sigma_u), float(gusts.sigma_v), float(gusts.sigma_w)] == pytest.approx([1.5] * 3)
    assert float(gusts.length_w) == pytest.approx(533.4)
    middle = turbulence.dryden(1500.0 * FOOT, 10.0, 1.5)
    assert float(middle.sigma_w) == pytest.approx(0.5 * (1.0 + 1.5))  # linear between 1,000 and 2,000 ft


def test_exceedance_figure_reads_its_points() -> None:
    assert turbulence.high_intensity(15000.0 * FOOT, 4.0) == pytest.approx(8.0 * FOOT)
    assert turbulence.high_intensity(3000.0, 0.0) == 0.0


# Cloud ----------------------------------------------------------------------------------------------------------------

LAYER = Cloud(
    water=0.5e-3, drop=20e-6, base=2000.0, top=3000.0, latitude=0.7, longitude=0.6, bearing=np.radians(30.0),
    half_length=40e3, half_width=10e3, edge=1000.0, start=3600.0, end=7200.0,
)  # fmt: skip
COLD = Conditions(temperature_offset=-15.0, cloud_a=LAYER)


def at(along: float, across: float) -> dict[str, float]:
    """Keyword place at metres along and across the layer."""
    s, c = np.sin(LAYER.bearing), np.cos(LAYER.bearing)
    latitude, longitude = earth.offset(0.7, 0.6, along * c - across * s, along * s + across * c)
    return {"latitude": float(latitude), "longitude": float(longitude)}


def test_cloud_is_a_rotated_slab_with_soft_edges(look: Sample) -> None:
    def water(along: float, across: float, height: float = 2500.0, time: float = 5000.0) -> float:
        return look(height, COLD, time=time, **at(along, across))["cloud_water"] / LAYER.water

    assert water(0.0, 0.0) == pytest.approx(1.0)
    assert water(39e3, 9e3) == pytest.approx(1.0, abs=1e-6)
    assert water(40e3, 0.0) == pytest.approx(0.5, abs=0.05)  # place to 50 m by flat geometry, edge 1000 m
    assert water(0.0, -10e3) == pytest.approx(0.5, abs=0.02)
    assert water(41e3, 0.0) == 0.0
    assert water(0.0, 11e3) == 0.0
    assert water(0.0, 0.0, height=2000.0) == pytest.approx(0.5)
    assert water(0.0, 0.0, height=1940.0) == 0.0
    assert water(0.0, 0.0, height=3060.0) == 0.0
    assert water(0.0, 0.0, time=3500.0) == 0.0
    assert water(0.0, 0.0, time=7300.0) == 0.0
    assert water(0.0, 0.0, time=3600.0) == pytest.approx(1.0)


def test_no_supercooled_water_in_warm_or_very_cold_air(look: Sample) -> None:
    for offset, expected in ((0.0, 0.0), (-5.0, 1.0), (-25.0, 1.0), (-45.0, 0.0)):
        day = replace(COLD, temperature_offset=offset, cloud_a=replace(LAYER, base=1000.0))
        air = look(2000.0, day, time=5000.0)
        assert air["cloud_water"] / LAYER.water == pytest.approx(expected), air["temperature"]
        assert air["humidity"] == pytest.approx(1.0)  # the cloud is there, warm or frozen


def test_layers_add_and_drops_mix_by_water(look: Sample) -> None:
    day = replace(COLD, cloud_b=replace(LAYER, water=1.5e-3, drop=40e-6))
    air = look(2500.0, day, time=5000.0)
    assert air["cloud_water"] == pytest.approx(2.0e-3)
    assert air["cloud_drop"] == pytest.approx(35e-6)
    assert look(2500.0, replace(day, cloud_scale=0.0), time=5000.0)["cloud_water"] == 0.0


def test_a_cloud_reaches_over_the_date_line(look: Sample) -> None:
    day = replace(COLD, cloud_a=replace(LAYER, longitude=np.pi - 1e-4))
    assert look(2500.0, day, longitude=-np.pi + 1e-4, time=5000.0)["cloud_water"] > 0.0


# Sun, humidity --------------------------------------------------------------------------------------------------------


def test_overcast_takes_light_away(look: Sample) -> None:
    clear, grey = look(1000.0), look(1000.0, Conditions(overcast=0.8))
    assert grey["irradiance"] == pytest.approx(0.2 * clear["irradiance"])
    assert clear["sun_elevation"] > 0.0


@pytest.mark.parametrize(
    ("celsius", "water", "ice"), [(0.0, 611.0, 611.0), (20.0, 2339.0, None), (-20.0, 125.6, 103.3)]
)
def test_vapour_pressure(celsius: float, water: float, ice: float | None) -> None:
    assert float(atmosphere.vapour_pressure(celsius + 273.15)) == pytest.approx(
        water, rel=2e-3
    )  # Bolton against tables
    if ice is not None:
        assert float(atmosphere.vapour_pressure_ice(celsius + 273.15)) == pytest.approx(ice, rel=2e-3)


def test_humid_air_is_lighter() -> None:
    ratio = weather.humid_density(101325.0, 314.15, 0.60) / earth.density(101325.0, 314.15)
    assert 1.0 - float(ratio) == pytest.approx(0.0174, abs=3e-4)  # 41 C at 60 %: e = 4.67 kPa by MIL-HDBK-310's day


# Profiles from data ---------------------------------------------------------------------------------------------------

ASCENT = np.array([
    (345, 978.0, 7.8), (610, 946.7, 5.2), (798, 925.0, 3.4), (966, 906.0, 2.0), (1219, 877.9, 0.4), (1478, 850.0, -1.3),
    (1563, 841.0, -1.9), (1736, 823.0, 1.4), (1829, 813.6, 4.5), (1988, 798.0, 7.4), (2134, 783.9, 7.0),
    (2438, 755.1, 4.8), (2743, 727.3, 2.5), (3048, 700.5, 0.2), (3658, 648.9, -3.2), (4267, 600.7, -6.4),
])  # fmt: skip
"""m, hPa, C: a January radiosonde with a warm nose, public data as carried by Unidata's MetPy, thinned."""


def test_hydrostatics_find_the_pressures_of_a_real_ascent() -> None:
    z, p, t = ASCENT[:, 0], 100.0 * ASCENT[:, 1], ASCENT[:, 2] + 273.15
    found = weather.profile_from_levels(z, t, surface_pressure=p[0], humidity=np.full(z.shape, 0.7))
    error = np.exp(np.asarray(found.log_pressure)[: z.size]) / p - 1.0
    assert np.max(np.abs(error)) < 1e-3  # levels printed to 1 m and 0.1 hPa, humidity guessed


def test_an_inversion_survives_in_the_step(look: Sample) -> None:
    profile = weather.profile_from_levels(ASCENT[:, 0], ASCENT[:, 2] + 273.15, pressure=100.0 * ASCENT[:, 1])
    assert look(1988.0, profile=profile)["temperature"] == pytest.approx(280.55, abs=1e-9)
    assert look(1700.0, profile=profile)["temperature_slope"] > 0.01


def test_many_levels_are_thinned_where_it_costs_least() -> None:
    z = np.linspace(0.0, 12000.0, 600)
    t = 288.0 - 0.0065 * z + 8.0 * np.exp(-(((z - 1500.0) / 300.0) ** 2))
    profile = weather.profile_from_levels(z, t)
    assert profile.height.shape == (LEVELS,)
    back = np.interp(z, profile.height, profile.temperature)
    assert np.max(np.abs(back - t)) < 0.35  # K; the nose is 8 K high, 32 levels for 600


def test_few_levels_are_filled_up_isothermal() -> None:
    profile = weather.profile_from_levels([0.0, 3000.0], [288.0, 270.0])
    assert np.all(np.diff(profile.height) > 0.0)
    assert profile.temperature[-1] == 270.0
    assert np.all(np.diff(profile.log_pressure) < 0.0)


@pytest.mark.parametrize(
    ("height", "temperature", "words"),
    [
        ([0.0, 0.0], [280.0, 270.0], "rise strictly"),
        ([0.0, 1000.0], [15.0, 8.0], "is not air"),
        ([0.0, 1000.0], [280.0, 270.0, 260.0], "3 values for 2 heights"),
    ],
)
def test_a_table_that_is_no_air_is_refused(height: list[float], temperature: list[float], words: str) -> None:
    with pytest.raises(MissionError, match=words):
        weather.profile_from_levels(height, temperature)


def test_radius_of_the_cloud_edge_does_not_divide_by_zero() -> None:
    assert float(cloud.presence(replace(LAYER, edge=0.0), 0.7, 0.6, 2500.0, 5000.0)) == 1.0
