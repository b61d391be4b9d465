"""Facts about engine and propeller."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference_aircraft import reference_aircraft

from samruk import earth
from samruk.frames import Vec3
from samruk.messages import ControlCommand
from samruk.plant import propulsion
from samruk.plant.state import FAST_DT, Drive, Motor

AIRCRAFT = reference_aircraft()
RATED = AIRCRAFT.propeller.rated_speed
HP = 745.6998715822702
KG_H = 3600.0


def drive(height: float, warmer: float = 0.0, coolant: float = 353.15) -> Drive:
    """The engine on a standard day at a height, m, or warmer, K, at the same pressure."""
    T, p, _ = earth.standard_atmosphere(jnp.asarray(height))
    T = T + warmer
    return propulsion.drive(Motor(5e4, RATED, 1, 0.0), earth.density(p, T), T, coolant, AIRCRAFT)


def settled(
    command: ControlCommand, held: Drive, seconds: float = 30.0, fuel: float = 100.0, alternator: float = 0.0
) -> Motor:
    """The engine after a while."""
    motor = Motor(AIRCRAFT.engine.idle_power, RATED, 1, 0.0)

    def step(x: tuple[Any, ...], _: Any) -> tuple[tuple[Any, ...], None]:
        m = propulsion.run(Motor(*x), command, held, alternator, fuel, AIRCRAFT)
        return (m.power, m.speed, m.running, m.fuel_flow), None

    x = (jnp.asarray(motor.power), jnp.asarray(motor.speed), jnp.asarray(1, jnp.int32), jnp.asarray(0.0))
    (power, speed, running, flow), _ = jax.lax.scan(step, x, length=round(seconds / FAST_DT))
    return Motor(float(power), float(speed), int(running), float(flow))


def test_power_is_what_the_maker_states() -> None:
    # TEI PD170: 170 hp up to 20,000 ft, 130 hp at 30,000 ft
    for feet, power in ((0, 170.0), (10000, 170.0), (19900, 170.0), (30000, 130.0)):
        assert float(drive(feet * 0.3048).power_available) / HP == pytest.approx(power, rel=0.005)


def test_a_hot_day_costs_power() -> None:
    lost = 1.0 - float(drive(0.0, warmer=39.0).power_available / drive(0.0).power_available)
    assert lost == pytest.approx(0.06, abs=0.01)  # at +54 C


def test_an_engine_too_hot_is_held_back() -> None:
    limit = AIRCRAFT.engine.coolant_limit
    cool, hot = (float(drive(0.0, coolant=limit + more).power_available) for more in (0.0, 4.0))
    assert hot / cool == pytest.approx(0.8)  # 5 % a kelvin


@pytest.mark.parametrize(
    ("kilowatt", "gram_per_kwh"), [(114, 207), (100, 210), (80, 216), (57, 228), (40, 246), (20, 306)]
)
def test_fuel_follows_the_willans_line_of_two_litre_diesels(kilowatt: float, gram_per_kwh: float) -> None:
    # 13 kW of friction at rated speed, indicated efficiency 0.45, 43.1 MJ/kg
    engine = replace(AIRCRAFT.engine, friction_power=13e3, indicated_efficiency=0.45, heating_value=43.1e6, pumping=0.0)
    aircraft = replace(AIRCRAFT, engine=engine)
    held = propulsion.drive(Motor(1e3 * kilowatt, RATED, 1, 0.0), 1.225, 288.15, 353.15, aircraft)
    asked = (kilowatt * 1e3 - engine.idle_power) / (held.power_available - engine.idle_power)
    motor = propulsion.run(
        Motor(1e3 * kilowatt, RATED, 1, 0.0), ControlCommand(delta_t=asked), held, 0.0, 100.0, aircraft
    )
    assert float(motor.fuel_flow) * KG_H / kilowatt * 1e3 == pytest.approx(gram_per_kwh, abs=1.0)  # printed to 1 g


def test_power_comes_with_the_turbochargers_lag() -> None:
    held = drive(0.0)
    start, end = AIRCRAFT.engine.idle_power, float(held.power_available)
    after = settled(ControlCommand(delta_t=1.0), held, AIRCRAFT.engine.turbo_lag).power
    assert (after - start) / (end - start) == pytest.approx(1.0 - math.exp(-1.0), abs=0.003)


def test_idle_carries_the_alternator() -> None:
    motor = settled(ControlCommand(delta_t=0.0), drive(0.0), alternator=4000.0)
    assert motor.power == pytest.approx(AIRCRAFT.engine.idle_power + 4000.0)


def test_no_fuel_no_power() -> None:
    motor = settled(ControlCommand(delta_t=1.0), drive(0.0), 2.0, fuel=0.0)
    assert (motor.running, motor.power, motor.fuel_flow) == (0, 0.0, 0.0)


def test_the_governor_holds_what_it_is_told() -> None:
    held = drive(0.0)
    assert settled(ControlCommand(delta_t=0.5, propeller_speed=200.0), held).speed == pytest.approx(200.0, rel=1e-6)
    assert settled(ControlCommand(delta_t=0.5), held).speed == pytest.approx(RATED, rel=1e-6)


def test_a_slow_propeller_leaves_power_in_the_engine() -> None:
    held = drive(0.0)
    slow = settled(ControlCommand(delta_t=1.0, propeller_speed=0.8 * RATED), held)
    assert slow.power == pytest.approx(0.8 * float(held.power_available), rel=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 90.0), st.floats(100.0, 2e5), st.floats(0.3, 1.3))
def test_the_disc_obeys_momentum_and_energy(V: float, power: float, rho: float) -> None:
    area = 3.46
    T = float(propulsion.disc_thrust(power, V, rho, area))
    w = -0.5 * V + math.sqrt(0.25 * V * V + T / (2.0 * rho * area))
    assert T * (V + w) == pytest.approx(power, rel=2e-4)  # two Newton steps from a start within 7 %


def test_static_thrust_is_finite_and_right() -> None:
    power, rho, area = 1e5, 1.225, 3.46
    expected = (2.0 * rho * area * power**2) ** (1.0 / 3.0)
    assert float(propulsion.disc_thrust(power, 0.0, rho, area)) == pytest.approx(expected, rel=1e-6)


TABLE = {
    0.4: ((0.0612, 0.0384), (0.0801, 0.0528)),
    0.6: ((0.0330, 0.0255), (0.0591, 0.0472), (0.0780, 0.0656)),
    0.7: ((0.0450, 0.0394), (0.0672, 0.0620)),
    0.8: ((0.0294, 0.0294), (0.0547, 0.0551), (0.0752, 0.0791)),
    0.9: ((0.0416, 0.0461), (0.0651, 0.0739)),
    1.0: ((0.0280, 0.0349), (0.0530, 0.0652)),
    1.1: ((0.0402, 0.0536),),
    1.2: ((0.0270, 0.0398),),
}
"""J -> (C_T, C_P) of unstalled blade settings of a two-blade constant-speed propeller (JSBSim, prop_81in2v.xml)."""


def test_thrust_is_that_of_a_published_propeller() -> None:
    D, n, rho = AIRCRAFT.propeller.diameter, RATED / (2.0 * math.pi), 1.225
    errors = []
    for J, settings_ in TABLE.items():
        for C_T, C_P in settings_:
            power, V = C_P * rho * n**3 * D**5, J * n * D
            disc = power * propulsion.blade_efficiency(power, RATED, V, rho, AIRCRAFT)
            T = float(propulsion.disc_thrust(disc, V, rho, 0.25 * math.pi * D**2))
            errors.append(T / (C_T * rho * n**2 * D**4) - 1.0)
    # three constants stand for a table: 9 % at worst (light load), 4 % as a rule
    assert float(np.max(np.abs(errors))) < 0.09
    assert float(np.sqrt(np.mean(np.square(errors)))) < 0.04


def propelled(
    power: float = 1e5, V: float = 40.0, omega: tuple[float, float, float] = (0.0, 0.0, 0.0), running: int = 1
) -> propulsion.Propelled:
    """Force and moment of the propeller."""
    return propulsion.propel(Motor(power, RATED, running, 0.0), 0.0, V, Vec3(*omega), 1.225, 1.0, AIRCRAFT)


def test_torque_rolls_left() -> None:
    assert float(propelled().M_b.x) == pytest.approx(-1e5 / RATED)


def test_pitching_up_yaws_right_by_the_gyroscope() -> None:
    still, turning = propelled().M_b, propelled(omega=(0.0, 0.2, 0.0)).M_b
    assert float(turning.z - still.z) == pytest.approx(AIRCRAFT.propeller.inertia * RATED * 0.2)


def test_the_alternator_takes_its_share_of_the_shaft() -> None:
    still = Vec3(0.0, 0.0, 0.0)
    with_load = propulsion.propel(Motor(5e4, RATED, 1, 0.0), 6e3, 40.0, still, 1.225, 1.0, AIRCRAFT)
    assert float(with_load.thrust) == pytest.approx(float(propelled(44e3).thrust))


def test_a_stopped_engine_drags() -> None:
    assert -400.0 < float(propelled(0.0, running=0).thrust) < -20.0


def test_low_load_at_height_may_stop_the_engine_and_thick_air_restarts_it() -> None:
    high = drive(8500.0)
    rho = float(earth.standard_atmosphere(jnp.asarray(8500.0))[2])
    ticks = jnp.arange(4000)

    def stopped(power: float, rho: float, running: int) -> float:
        motor = propulsion.combustion(
            Motor(power, RATED, running, 0.0), ControlCommand(), high, rho, 100.0, 1.0, 350.0, 3, ticks, AIRCRAFT
        )
        return 1.0 - float(jnp.mean(motor.running.astype(jnp.float64)))

    most = float(high.power_available)
    # rates of one in 120 s and one in 60 s; 4,000 draws scatter by 0.0015 and 0.002
    assert stopped(0.0, rho, 1) == pytest.approx(1.0 / 120.0, abs=0.005)
    assert stopped(0.5 * most, rho, 1) == 0.0
    assert stopped(0.0, 1.1, 1) == 0.0
    assert 1.0 - stopped(0.0, 1.1, 0) == pytest.approx(1.0 / 60.0, abs=0.006)
    assert stopped(0.0, rho, 0) == 1.0
