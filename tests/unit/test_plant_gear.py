"""Facts about wheels: they carry, roll, steer, brake, and hold an aircraft still in the wind."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from tests.plant_flight import begin, euler
from tests.reference_aircraft import quiet_task, reference_aircraft, still_air

from samruk.frames import Quaternion, Vec3, norm, quaternion_from_euler, rotation
from samruk.messages import ControlCommand
from samruk.mission import Conditions, Tables
from samruk.plant import gear
from samruk.plant import world as nature
from samruk.plant.state import Surfaces, Wheel, Wheels, World
from samruk.plant.wet import Runway
from samruk.weather import standard_profile

AIRCRAFT = reference_aircraft()
TASK, AIR = quiet_task(), still_air()
KNOT = 1852.0 / 3600.0
STILL = Vec3(0.0, 0.0, 0.0)


def leg(along: float = 0.03) -> gear.Leg:
    """A main leg, straight."""
    g = AIRCRAFT.gear
    return gear.Leg(STILL, g.main_stiffness, g.main_damping, 0.0, 1.0, along)


def rolling(world: World, speed: float) -> World:
    """The parked world set rolling forward, with free brakes and a stopped engine."""
    forward_e = rotation(world.truth.q_eb) @ Vec3(speed, 0.0, 0.0)
    truth = replace(world.truth, v_be_e=forward_e)
    motor = replace(world.motor, power=0.0, running=0)
    return replace(world, truth=truth, surfaces=replace(world.surfaces, brake=0.0), motor=motor)


def parked() -> World:
    """At rest on the threshold."""
    return nature.initial(AIRCRAFT, TASK, AIR)


def moved(a: World, b: World) -> float:
    """m between two places."""
    return float(norm(b.truth.r_be_e - a.truth.r_be_e))


def test_a_parked_aircraft_is_in_balance_from_the_start() -> None:
    start = parked()
    batch = begin(start, ControlCommand(engine_run=0))
    batch.advance(20, 0)
    after = batch.carry(0).world
    # the balance is that of the legs; air, alternator and idle thrust shift it by millimetres
    assert moved(start, after) < 2e-3
    assert after.loads.main_load == pytest.approx(0.87 * 9.8 * 1450.0, rel=0.03)
    assert float(norm(after.truth.v_be_e)) < 1e-6


@pytest.mark.parametrize("bearing", [0, 45, 90, 135, 180, 225, 270, 315])
def test_a_parked_aircraft_stays_still_for_an_hour_in_25_knots(bearing: int) -> None:
    # the wind of 25 kt blows at the height of the wing: the logarithmic law is taken back
    from samruk.weather.wind import surface_factor

    factor = float(surface_factor(jnp.asarray(1.3))[0])
    rows = [(400.0, 25.0 * KNOT / factor, math.radians(30.0 + bearing))]
    tables = Tables(profile=standard_profile(wind=rows, ground=305.0))
    batch = begin(nature.initial(AIRCRAFT, TASK, tables), ControlCommand(), tables=tables)
    batch.advance(20, 0)
    settled = batch.carry(0).world
    assert settled.loads.airspeed_true == pytest.approx(25.0 * KNOT, rel=0.02)
    batch.advance(3600, 0)
    later = batch.carry(0).world
    assert moved(settled, later) < 1e-3  # a millimetre in an hour: fuel burns, springs rise
    assert np.degrees(euler(later)[2]) == pytest.approx(np.degrees(euler(settled)[2]), abs=1e-3)
    assert (later.damage, later.status) == (0, 0)


def test_a_gale_of_turbulence_shakes_it_without_carrying_it_away() -> None:
    task = quiet_task(conditions=Conditions(ground_elevation=305.0, turbulence_wind=45.0 * KNOT))
    batch = begin(nature.initial(AIRCRAFT, task, AIR), ControlCommand(), task)
    batch.advance(10, 0)
    settled = batch.carry(0).world
    batch.advance(120, 0)
    assert moved(settled, batch.carry(0).world) < 0.1  # elastic sway of the legs is centimetres


def test_brakes_stop_it_in_the_distance_of_their_friction() -> None:
    start = rolling(parked(), 15.0)
    batch = begin(start, ControlCommand(engine_run=0, brake=1.0))
    batch.advance(12, 0)
    after = batch.carry(0).world
    g = AIRCRAFT.gear
    # main wheels carry 87 % less what braking shifts forward; brakes come on in 0.1 s; air helps little
    share = g.nose_x / (g.nose_x - g.main_x)
    shifted = g.nose_x / (g.nose_x - g.main_x + g.braking_friction * g.height)
    slow, quick = 15.0**2 / (2 * 9.8 * g.braking_friction * shifted), 15.0**2 / (2 * 9.8 * g.braking_friction * share)
    assert 0.93 * quick < moved(start, after) - 1.5 < 1.07 * slow
    assert abs(after.loads.wheel_speed) < 1e-3  # the last sway of its springs


def test_it_rolls_freely_but_for_rolling_friction() -> None:
    start = rolling(parked(), 3.0)
    batch = begin(start, ControlCommand(engine_run=0, brake=0.0))
    batch.advance(5, 0)
    lost = 3.0 - batch.carry(0).world.loads.wheel_speed
    # all three wheels carry the weight; a slow aircraft meets almost no air
    assert lost == pytest.approx(AIRCRAFT.gear.rolling_friction * 9.8 * 5.0, rel=0.08)


def test_the_nose_wheel_turns_it_on_the_circle_of_its_wheelbase() -> None:
    start, steer = rolling(parked(), 4.0), 0.1
    batch = begin(start, ControlCommand(engine_run=0, brake=0.0, steer=steer, delta_t=0.0))
    batch.advance(2, 0)
    world = batch.carry(0).world
    radius = (AIRCRAFT.gear.nose_x - AIRCRAFT.gear.main_x) / math.tan(steer)
    # slip angles under 0.1 g of side force widen the circle a little
    assert world.truth.omega_ib_b.z == pytest.approx(world.loads.wheel_speed / radius, rel=0.1)
    assert euler(world)[2] > TASK.home.heading


def test_it_rolls_straight_and_a_drift_dies_out() -> None:
    start = rolling(parked(), 30.0)
    truth = start.truth
    sideways_e = rotation(truth.q_eb) @ Vec3(0.0, 2.0, 0.0)
    batch = begin(
        replace(start, truth=replace(truth, v_be_e=truth.v_be_e + sideways_e)), ControlCommand(engine_run=0, brake=0.0)
    )
    batch.advance(4, 0)
    world = batch.carry(0).world
    v_b = rotation(Quaternion(*vars(world.truth.q_eb).values())).T @ world.truth.v_be_e
    assert abs(float(v_b.y)) < 0.1
    assert world.damage == 0


def test_a_slipping_tyre_pushes_back_in_proportion_and_then_slides() -> None:
    load, wheel, V = 6000.0, Wheel(), 20.0
    forces = []
    for slip in (0.01, 0.02, 0.5):
        tyre = wheel
        for _ in range(50):
            _, across, tyre = gear.tyre_force(tyre, V, V * slip, load, leg(), 0.6)
        forces.append(float(across))
    assert forces[1] / forces[0] == pytest.approx(2.0, rel=1e-6)
    g = AIRCRAFT.gear
    # stiffness times relaxation length, and the little that damping leaves when rolling
    cornering = g.main_stiffness * gear.RELAXATION
    assert -forces[0] / 0.01 == pytest.approx(cornering, rel=0.2)
    along = 0.03 * load
    assert -forces[2] == pytest.approx(math.sqrt((0.6 * load) ** 2 - along**2), rel=1e-9)


def test_a_tyre_gives_back_less_than_it_takes() -> None:
    tyre, work = Wheel(), 0.0
    for k in range(2000):
        v_y = 0.3 * math.sin(0.05 * k)
        _, across, tyre = gear.tyre_force(tyre, 0.2, v_y, 5000.0, leg(), 0.6)
        work += float(across) * v_y * gear.FAST_DT
    assert work < 0.0


def test_legs_only_push() -> None:
    R_nb = rotation(quaternion_from_euler(0.0, 0.0, 0.0))
    wheels, height = Wheels(), AIRCRAFT.gear.height
    rising = gear.touch(R_nb, Vec3(0.0, 0.0, -5.0), STILL, height - 0.02, wheels, Surfaces(), Runway(), AIRCRAFT)
    away = gear.touch(R_nb, STILL, STILL, height + 0.01, wheels, Surfaces(), Runway(), AIRCRAFT)
    for got in (rising, away):
        assert float(got.main_load) == 0.0
        assert float(got.F_b.z) == 0.0


def test_retracted_legs_carry_nothing() -> None:
    R_nb = rotation(quaternion_from_euler(0.0, 0.0, 0.0))
    got = gear.touch(R_nb, STILL, STILL, 1.0, Wheels(), Surfaces(gear=0.5), Runway(), AIRCRAFT)
    assert float(got.main_load) == 0.0


def test_wheels_left_and_right_are_mirrors() -> None:
    def force(sign: float) -> Any:
        R_nb = rotation(quaternion_from_euler(0.03 * sign, 0.01, 0.0))
        v, w = Vec3(20.0, 1.5 * sign, 0.3), Vec3(0.1 * sign, 0.05, 0.2 * sign)
        s = Surfaces(steer=0.1 * sign, brake=0.4)
        return gear.touch(R_nb, v, w, AIRCRAFT.gear.height - 0.06, Wheels(), s, Runway(), AIRCRAFT)

    right, left = force(1.0), force(-1.0)
    mirrored = [left.F_b.x, -left.F_b.y, left.F_b.z, -left.M_b.x, left.M_b.y, -left.M_b.z]
    given = [right.F_b.x, right.F_b.y, right.F_b.z, right.M_b.x, right.M_b.y, right.M_b.z]
    assert np.allclose(np.asarray(mirrored, float), np.asarray(given, float), rtol=1e-10, atol=1e-8)
    assert float(right.F_b.y) < -100.0
