"""Temperatures of fuel, bay, engine and skin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import earth, load
from samruk.aircraft import Aircraft
from samruk.leaves import flatten, unflatten
from samruk.plant import heat
from samruk.plant.failures import Failed
from samruk.plant.heat import Heat, Sources
from samruk.weather.air import Air

ANKA: Aircraft = load.aircraft("anka").aircraft


@jax.jit
def _run(state: Any, air: Any, craft: Any, numbers: Any, running: Any, count: Any, dt: Any) -> Any:
    def step(_: Any, flat: Any) -> Any:
        now = heat.slow(
            unflatten(Heat(), flat), unflatten(Air(), air), Sources(*numbers, running), Failed(),
            unflatten(ANKA, craft), dt,
        )  # fmt: skip
        return flatten(now)

    return jax.lax.fori_loop(0, count, step, state)


def after(
    state: Heat, celsius: float, seconds: float, *, Va: float = 55.0, rho: float = 1.0, fuel: float = 200.0,
    flow: float = 0.005, load: float = 900.0, running: int = 1, light: float = 0.0, craft: Aircraft = ANKA,
    dt: float = 1.0, turret: float = 0.0,
) -> Heat:  # fmt: skip
    """The state after some time."""
    kelvin = celsius + 273.15
    sky = float(heat.recovery_temperature(kelvin, Va))  # no radiation in the dark
    air = replace(Air(), temperature=kelvin, irradiance=light, sky=sky, below=sky)
    flat = {name: np.float64(value) for name, value in flatten(state).items()}
    numbers = (Va, rho, fuel, flow, load, 0.0, turret, 0.0)
    found = _run(flat, flatten(air), flatten(craft), numbers, np.int32(running), round(seconds / dt), dt)
    return Heat(**{name: float(value) for name, value in found.items()})


def test_a_box_of_500_w_in_20_w_k_stands_25_k_above_the_cold() -> None:
    """-54 C outside, 20 W/K, 500 W: -29 C (hand sum); the time constant is capacity over conductance."""
    capacity = 40e3
    temperature, outside = 219.15, 219.15
    for _ in range(200):
        temperature = float(heat.node(temperature, outside, 20.0, 500.0, capacity, 10.0))
    assert temperature == pytest.approx(244.15 - 25.0 * np.exp(-1.0), abs=0.03)  # one time constant; dt/(2 tau) of 9 K
    for _ in range(200):
        temperature = float(heat.node(temperature, outside, 20.0, 500.0, capacity, 1000.0))
    assert temperature == pytest.approx(244.15, abs=1e-9)  # steady state exact


@settings(max_examples=100, deadline=None)
@given(
    st.floats(200.0, 400.0), st.floats(200.0, 330.0), st.floats(0.1, 1e4), st.floats(0.0, 1e5), st.floats(1e3, 1e6),
    st.floats(1e-3, 1e5),
)  # fmt: skip
def test_a_node_moves_towards_its_steady_state_and_never_past_it(
    start: float, outside: float, conductance: float, power: float, capacity: float, dt: float
) -> None:
    end = outside + power / conductance
    now = float(heat.node(start, outside, conductance, power, capacity, dt))
    assert min(start, end) - 1e-6 <= now <= max(start, end) + 1e-6


def test_fuel_in_a_cold_tank_meets_its_freezing_point_after_two_time_constants() -> None:
    """Jet A-1 from +15 C in air of -54 C reaches -47 C after 2.3 time constants without return heat (hand sum)."""
    bare = replace(ANKA, thermal=replace(ANKA.thermal, fuel_recirculation=0.0, fuel_freezing=226.15))
    tau = 200.0 * bare.thermal.fuel_specific_heat / bare.thermal.fuel_conductance
    state = Heat(fuel=288.15)
    recovery = float(heat.recovery_temperature(219.15, 55.0))
    cold = after(state, -54.0, 2.3 * tau, craft=bare)
    expected = recovery + (288.15 - recovery) * np.exp(-2.3)
    assert cold.fuel == pytest.approx(expected, abs=0.02)  # first-order step of 1 s in an hour
    assert float(heat.fuel_margin(cold, bare)) == pytest.approx(cold.fuel - 226.15)
    warm = after(state, -54.0, 2.3 * tau)
    assert warm.fuel > cold.fuel + 10.0  # 2 kW of return flow


def test_less_fuel_cools_faster() -> None:
    state = Heat(fuel=288.15)
    assert after(state, -40.0, 1800.0, fuel=50.0).fuel < after(state, -40.0, 1800.0, fuel=300.0).fuel


def test_air_brought_to_rest_is_warmer() -> None:
    assert float(heat.recovery_temperature(250.0, 60.0)) - 250.0 == pytest.approx(1.6, abs=0.05)  # r V^2/(2 c_p)


@pytest.mark.parametrize(("air", "sky", "h", "expected"), [
    (49.0, 29.0, 8.0, (55.6, 62.9, 76.7, 89.7, 101.9)), (49.0, 29.0, 20.0, (52.7, 56.8, 64.9, 72.9, 80.7)),
])  # fmt: skip
def test_skins_in_the_sun_of_the_hot_dry_day_by_their_colour(
    air: float, sky: float, h: float, expected: tuple[float, ...]
) -> None:
    """1120 W/m^2, emittance 0.9; absorptance 0.2, 0.3, 0.5, 0.7, 0.9: balances worked out to 0.1 K."""
    for absorptance, celsius in zip((0.2, 0.3, 0.5, 0.7, 0.9), expected, strict=True):
        found = float(heat.in_the_sun(air + 273.15, absorptance * 1120.0, h, sky + 273.15)) - 273.15
        assert found == pytest.approx(celsius, abs=0.15)  # given to 0.1 K


def test_skin_in_flight_is_hardly_warmed_by_the_sun() -> None:
    h = float(heat.convection(55.0, 1.0, 280.0, 0.846))
    assert 30.0 < h < 150.0  # W/(m^2 K): usual for turbulent flow at this size and speed
    air = Air(temperature=280.0, irradiance=1000.0, sky=260.0)
    air = replace(air, upwelling=200.0, below=280.0)
    skins = heat.skin_temperatures(air, 55.0, 1.0, ANKA)
    assert abs(float(skins.top) - 281.0) < 4.0
    assert float(skins.belly) < float(skins.dark) < 290.0


def test_hot_laminate_loses_strength_in_a_line() -> None:
    """Whole to 54 C, three quarters at 71 C, less beyond, never more in heat."""
    found = [float(heat.strength(celsius + 273.15, ANKA)) for celsius in (-54.0, 54.0, 62.5, 71.0, 88.0, 300.0)]
    assert found == pytest.approx([1.0, 1.0, 0.875, 0.75, 0.5, 0.1], abs=1e-9)  # a line through two given points


def test_the_intercooler_at_25_000_ft() -> None:
    """1.9 bar in the manifold at 376 hPa and 239 K: 434 K behind the compressor, about 298 K behind the cooler."""
    craft = replace(ANKA, engine=replace(ANKA.engine, intercooler=0.7))
    found = float(heat.charge_temperature(238.68, 37650.0, craft))
    assert found == pytest.approx(298.0, abs=1.5)
    bare = replace(ANKA, engine=replace(ANKA.engine, intercooler=1e-9))
    assert float(heat.charge_temperature(238.68, 37650.0, bare)) == pytest.approx(434.0, abs=1.5)


def test_what_one_node_gives_the_next_receives() -> None:
    """Heat put in, heat left to the air and heat stored, over an hour of the whole bay: nothing is lost between."""
    t = ANKA.thermal
    first = Heat(bay=260.0, boxes=300.0, battery=290.0)
    # without speed of sound and sun the only way out is the bay's conductance to the air at -20 C
    last = after(first, -20.0, 3600.0, Va=0.0, load=1000.0, running=0, flow=0.0, dt=0.1)
    stored = (
        t.bay_capacity * (last.bay - first.bay) + t.box_capacity * (last.boxes - first.boxes)
        + t.battery_capacity * (last.battery - first.battery)
    )  # fmt: skip
    times = [after(first, -20.0, 60.0 * k, Va=0.0, load=1000.0, running=0, flow=0.0, dt=0.5).bay for k in range(61)]
    mean = float(np.trapezoid(times, dx=60.0)) / 3600.0
    left = t.bay_conductance * (1.0 / earth.RHO0) ** 0.6 * (mean - 253.15) * 3600.0
    assert stored + left == pytest.approx(1000.0 * 3600.0, rel=2e-3)  # a minute's trapezoids


def test_oil_warms_later_than_coolant_and_stays_under_its_limit_in_cruise() -> None:
    warm = after(Heat(engine=278.15, oil=278.15), 5.0, 300.0, Va=0.0, rho=1.2, flow=0.001)
    assert warm.oil > 288.0
    cruise = after(Heat(engine=350.0, oil=350.0), 0.0, 5400.0, Va=60.0, rho=0.9, flow=0.0055)
    assert 340.0 < cruise.oil < ANKA.engine.oil_limit
    hot = after(Heat(engine=360.0, oil=370.0), 54.0, 3600.0, Va=42.0, rho=1.05, flow=0.0078)
    assert hot.oil > cruise.oil + 10.0


def test_the_thermostat_holds_the_engine_in_cruise_and_heat_beats_the_radiator() -> None:
    flow = 0.0055  # kg/s, about 85 kW at 0.38
    cruise = after(Heat(engine=300.0), 0.0, 5400.0, Va=60.0, rho=0.9, flow=flow)
    assert heat.THERMOSTAT[0] < cruise.engine < ANKA.engine.coolant_limit
    hot = after(Heat(engine=320.0), 54.0, 5400.0, Va=30.0, rho=1.05, flow=0.0095)
    assert hot.engine > cruise.engine + 5.0


def test_a_stopped_engine_cools_towards_the_air() -> None:
    later = after(Heat(engine=360.0), -20.0, 3600.0, running=0, flow=0.0)
    assert 253.0 < later.engine < 345.0
    assert after(later, -20.0, 36000.0, running=0, flow=0.0).engine == pytest.approx(253.15, abs=1.0)


def test_thin_air_cools_the_bay_less() -> None:
    unheated = replace(ANKA, thermal=replace(ANKA.thermal, battery_heater=0.0))
    low, high = (after(Heat(bay=290.0), -30.0, 60000.0, rho=rho, craft=unheated) for rho in (1.2, 0.45))
    assert high.bay > low.bay
    rise = low.bay - float(heat.recovery_temperature(243.15, 55.0))
    conductance = ANKA.thermal.bay_conductance * (1.2 / earth.RHO0) ** 0.6
    assert rise == pytest.approx(900.0 / conductance, rel=1e-3)


def test_the_start_is_the_hangar() -> None:
    state = heat.initial(280.0, 290.0)
    assert (state.fuel, state.bay, state.engine) == (280.0, 290.0, 290.0)


@pytest.mark.parametrize("dt", [1.0, 900.0])
def test_the_books_of_every_step_close(dt: float) -> None:
    """Bay, boxes and battery; block, oil and what the fuel gives them: stored = given - left, to rounding."""
    t, e = ANKA.thermal, ANKA.engine
    first = Heat(bay=265.0, boxes=300.0, battery=285.0, engine=350.0, oil=330.0)
    last = after(first, -40.0, dt, Va=50.0, rho=0.8, load=1000.0, dt=dt)
    around = float(heat.recovery_temperature(233.15, 50.0))  # dark: skins stand at it
    stored = (
        t.bay_capacity * (last.bay - first.bay) + t.box_capacity * (last.boxes - first.boxes)
        + t.battery_capacity * (last.battery - first.battery)
    )  # fmt: skip
    left = t.bay_conductance * (0.8 / earth.RHO0) ** 0.6 * (last.bay - around)
    assert stored == pytest.approx(dt * (1000.0 - left), rel=1e-9)  # the battery at 285 K is not heated
    drawn = (0.8 * np.sqrt(50.0**2 + 1.0 + heat.FAN_SPEED**2)) ** 0.6 * heat.CASE_LOSS  # both thermostats shut
    stored = e.heat_capacity * (last.engine - first.engine) + e.oil_capacity * (last.oil - first.oil)
    given = (e.coolant_heat + e.oil_heat) * 0.005 * e.heating_value
    left = drawn * (e.radiator * (last.engine - 233.15) + e.oil_cooler * (last.oil - 233.15))
    assert stored == pytest.approx(dt * (given - left), rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(
    st.floats(210.0, 330.0), st.floats(180.0, 330.0), st.floats(5.0, 120.0), st.floats(0.0, 1100.0),
    st.floats(0.0, 1100.0),
)  # fmt: skip
def test_more_light_never_cools_a_skin_and_more_wind_brings_it_to_the_air(
    air: float, sky: float, h: float, one: float, other: float
) -> None:
    little, much = sorted((one, other))
    dim, bright = (float(heat.in_the_sun(air, absorbed, h, sky)) for absorbed in (little, much))
    assert bright >= dim - 1e-9
    windy = float(heat.in_the_sun(air, much, 4.0 * h, sky))
    # four rounds of the radiation leave 0.1 K in still air
    assert abs(windy - air) <= abs(bright - air) + 0.1
