"""Facts about what the sensors make of the truth."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.plant_flight import airborne, begin
from tests.reference_aircraft import quiet_task, reference_aircraft, still_air

from samruk import earth
from samruk.frames import Vec3, norm
from samruk.messages import ControlCommand, Measurement
from samruk.plant import sensors
from samruk.plant import world as nature
from samruk.plant.state import FAST_DT, SensorErrors, Truth, World
from samruk.plant.trim import Setting

AIRCRAFT = reference_aircraft()


def exact() -> Any:
    """The aircraft with sensors that do not err."""
    s = AIRCRAFT.sensors
    return replace(AIRCRAFT, sensors=type(s)(**dict.fromkeys(vars(s), 0.0) | {"gnss_correlation": 300.0}))


@pytest.fixture(scope="module")
def flying() -> World:
    """A world in level flight at 45 m/s and 3 km, one second after its start."""
    world, command = airborne(Setting(45.0, 1450.0, 70108.5, 268.66), 3000.0)
    batch = begin(replace(world, errors=SensorErrors()), command)
    batch.advance(1, 0)
    return batch.carry(0).world


def read(world: World, tick: int = 0, aircraft: Any = None) -> Measurement:
    """The sensors of a world."""
    return sensors.measure(replace(world, errors=SensorErrors()), aircraft or exact(), 3, tick)


def test_a_clean_pitot_tube_gives_the_impact_pressure(flying: World) -> None:
    l = flying.loads
    mach = l.airspeed_true / float(earth.speed_of_sound(jnp.asarray(l.temperature)))
    exact_pressure = l.pressure * ((1.0 + 0.2 * mach**2) ** 3.5 - 1.0)
    assert float(read(flying).impact_pressure) == pytest.approx(exact_pressure, rel=1e-5)


def test_calibrated_airspeed_is_that_of_the_book(flying: World) -> None:
    q_c = float(read(flying).impact_pressure)
    book = 340.294 * math.sqrt(5.0 * ((q_c / 101325.0 + 1.0) ** (2.0 / 7.0) - 1.0))
    assert flying.loads.airspeed_calibrated == pytest.approx(book, rel=1e-5)


def test_ice_in_the_port_lets_the_pressure_drain_away(flying: World) -> None:
    full = float(read(flying).impact_pressure)
    readings = []
    for part in (0.0, 0.5, 0.8, 0.95, 1.0):
        iced = replace(flying, ice_effects=replace(flying.ice_effects, pitot_blockage=part))
        readings.append(float(read(iced).impact_pressure) / full)
    assert readings[0] == pytest.approx(1.0)
    assert all(a > b for a, b in itertools.pairwise(readings))
    assert readings[-1] == 0.0
    assert readings[1] > 0.9  # half a port is still fifty times its drain


def test_a_wind_from_behind_moves_no_pitot(flying: World) -> None:
    behind = replace(flying, loads=replace(flying.loads, alpha=math.pi))
    assert float(read(behind).impact_pressure) == 0.0


def test_a_blocked_tube_makes_the_air_seem_warm(flying: World) -> None:
    iced = replace(flying, ice_effects=replace(flying.ice_effects, pitot_blockage=1.0))
    clean, warm = float(read(flying).temperature), float(read(iced).temperature)
    assert clean == pytest.approx(flying.loads.temperature, abs=0.4)  # noise of 0.1 K
    # recovery 0.9 of V^2 / 2 c_p at 45 m/s is 0.9 K
    assert warm - clean == pytest.approx(0.9 * 45.0**2 / 2010.0, rel=0.02)


def test_gnss_is_fresh_once_a_second_and_right_without_errors(flying: World) -> None:
    fresh = [int(read(flying, tick).gnss_fresh) for tick in range(20)]
    assert fresh == [1, *[0] * 9] * 2
    assert float(norm(read(flying).r_be_e - flying.truth.r_be_e)) == 0.0
    assert float(norm(read(flying).v_be_e - flying.truth.v_be_e)) == 0.0


def test_the_error_of_gnss_wanders_with_its_strength_and_time() -> None:
    s = AIRCRAFT.sensors
    seeds = jnp.arange(500, dtype=jnp.int32)

    def step(e: Any, tick: Any) -> Any:
        after = sensors.wander(SensorErrors(gnss_n=Vec3(*e)), AIRCRAFT, seeds, tick)
        return (after.x, after.y, after.z), (after.x, after.z)

    zero = jnp.zeros(500)
    _, (x, z) = jax.lax.scan(step, (zero, zero, zero), jnp.arange(3000, dtype=jnp.int32))
    x, z, lag = np.asarray(x)[1500:], np.asarray(z)[1500:], round(s.gnss_correlation)
    # 500 seeds with some six independent spans each: 1.3 % of standard deviation
    assert x.std() == pytest.approx(s.gnss_position, rel=0.05)
    assert z.std() == pytest.approx(1.5 * s.gnss_position, rel=0.05)
    assert (x[lag:] * x[:-lag]).mean() / x.var() == pytest.approx(math.exp(-1.0), abs=0.05)


def test_noise_of_the_inertial_unit_is_white_and_as_strong_as_stated() -> None:
    ticks, still = jnp.arange(20000, dtype=jnp.int32), Truth()
    got = sensors.inertial(still, still, SensorErrors(), AIRCRAFT, 5, ticks)
    s = AIRCRAFT.sensors
    for values, density in ((got.f_b.y, s.accelerometer_noise), (got.omega_ib_b.z, s.gyro_noise)):
        x = np.asarray(values)
        assert x.std() == pytest.approx(density / math.sqrt(FAST_DT), rel=0.02)  # 20,000 draws: 0.5 %
        assert abs(np.corrcoef(x[1:], x[:-1])[0, 1]) < 0.03


def test_the_inertial_unit_of_a_parked_aircraft_feels_its_weight_and_the_earth() -> None:
    world = replace(nature.initial(AIRCRAFT, quiet_task(), still_air()), errors=SensorErrors())
    batch = begin(world, ControlCommand(engine_run=0), aircraft=exact())
    batch.advance(30, 0)
    seen = batch.carry(0).inertial
    assert float(norm(seen.f_b)) == pytest.approx(float(earth.gravity_n(quiet_task().home.latitude, 306.0).z), abs=1e-3)
    assert float(norm(seen.omega_ib_b)) == pytest.approx(earth.OMEGA, rel=1e-2)


def test_the_compass_points_along_the_field(flying: World) -> None:
    got = read(flying).field_b
    assert float(norm(got)) == pytest.approx(1.0)
    back = nature.attitude(flying) @ got
    assert float(norm(back - flying.held.field_n)) < 1e-12


def test_the_radar_altimeter_reads_nothing_on_the_wheels_and_ends_at_its_range(flying: World) -> None:
    parked = nature.initial(AIRCRAFT, quiet_task(), still_air())
    assert float(read(parked).height_radar) == 0.0
    assert float(read(flying).height_radar) == sensors.RADAR_RANGE


def test_biases_come_from_the_seed_and_spread_as_stated() -> None:
    a, b, c = (sensors.draw(AIRCRAFT, seed) for seed in (1, 1, 2))
    assert float(a.gyro_b.x) == float(b.gyro_b.x) != float(c.gyro_b.x)
    many = sensors.draw(AIRCRAFT, jnp.arange(4000, dtype=jnp.int32))
    assert np.asarray(many.accelerometer_b.z).std() == pytest.approx(AIRCRAFT.sensors.accelerometer_bias, rel=0.05)
    assert np.asarray(many.static_pressure).std() == pytest.approx(AIRCRAFT.sensors.static_pressure, rel=0.05)


def test_weight_on_wheels_and_gauges_tell_the_truth(flying: World) -> None:
    seen = read(flying)
    assert int(seen.weight_on_wheels) == 0
    assert float(seen.fuel) == pytest.approx(flying.fuel)
    assert float(seen.shaft_power) == flying.motor.power
    assert int(seen.engine_running) == 1
