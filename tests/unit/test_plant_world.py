"""Facts about a whole aircraft in its world: it flies, stalls, takes off, lands, breaks, and never lies about it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.plant_flight import airborne, begin, euler
from tests.reference_aircraft import quiet_task, reference_aircraft, still_air

from samruk import earth
from samruk.engine.layout import rebuild, walk
from samruk.frames import Vec3, euler_from_rotation, norm, rotation
from samruk.messages import ControlCommand
from samruk.mission import Conditions, Tables
from samruk.plant import world as nature
from samruk.plant.state import (
    FLUTTER,
    GROUND_IMPACT,
    HARD_LANDING,
    NOT_A_NUMBER,
    OFF_RUNWAY,
    OUT_OF_RANGE,
    OVERLOAD,
    World,
)
from samruk.plant.trim import Setting, least_power, trim
from samruk.weather import standard_profile

AIRCRAFT, TASK = reference_aircraft(), quiet_task()
P_3000, T_3000 = 70108.5, 268.66
CRUISE = Setting(45.0, 1450.0, P_3000, T_3000)
GROUND = 305.0


@pytest.fixture(scope="module")
def cruise() -> tuple[World, ControlCommand]:
    """Trimmed at 45 m/s and 3 km."""
    return airborne(CRUISE, 3000.0)


def flown(world: World, command: ControlCommand, seconds: int, **how: Any) -> World:
    """The world some seconds later."""
    batch = begin(world, command, **how)
    batch.advance(seconds, 0)
    return batch.carry(0).world


def history(world: World, command: ControlCommand, seconds: int, **how: Any) -> list[World]:
    """The world at each second."""
    batch = begin(world, command, **how)
    worlds = []
    for _ in range(seconds):
        batch.advance(1, 0)
        worlds.append(batch.carry(0).world)
    return worlds


# Flight ---------------------------------------------------------------------------------------------------------------


def test_a_trimmed_aircraft_flies_on(cruise: Any) -> None:
    after = flown(*cruise, 20)
    assert after.loads.height == pytest.approx(3000.0, abs=5.0)
    assert after.loads.airspeed_true == pytest.approx(45.0, abs=0.5)
    assert after.loads.load_factor == pytest.approx(1.0, abs=0.02)
    assert (after.damage, after.status) == (0, 0)


@pytest.mark.parametrize("V", [40.0, 50.0, 60.0])
@pytest.mark.parametrize("mass", [1150.0, 1600.0])
def test_trim_balances_forces_and_burns_what_its_power_needs(V: float, mass: float) -> None:
    t = trim(AIRCRAFT, Setting(V, mass))
    assert t.residual < 1e-9
    weight = mass * earth.GRAVITY
    lift = weight - float(t.thrust) * math.sin(float(t.theta))
    q = 0.5 * earth.RHO0 * V**2 * AIRCRAFT.geometry.wing_area
    # C_L of wing and body, the tail carries a few percent more or less
    assert float(t.C_L) * q == pytest.approx(lift, rel=0.06)
    assert float(t.thrust) * math.cos(float(t.alpha)) == pytest.approx(float(t.C_D) * q, rel=0.02)
    e = AIRCRAFT.engine
    willans = (float(t.shaft_power) + e.friction_power) / (e.indicated_efficiency * e.heating_value)
    assert float(t.fuel_flow) == pytest.approx(willans, rel=1e-6)


def test_below_the_stall_only_the_mush_of_a_plate_is_left() -> None:
    t = trim(AIRCRAFT, Setting(27.0, 1600.0))
    assert float(t.stall_margin) < -0.1
    # a balance may exist with the wing as a plate; none does in attached flow, and no engine pulls it
    assert not t.residual < 1e-6 or float(t.alpha) > 0.5


def test_least_power_is_least() -> None:
    best = least_power(AIRCRAFT, CRUISE)
    for factor in (0.97, 1.03):
        other = trim(AIRCRAFT, replace(CRUISE, airspeed=factor * float(best.airspeed)))
        assert float(other.shaft_power) > float(best.shaft_power)


def test_the_phugoid_has_lanchesters_period(cruise: Any) -> None:
    world, command = cruise
    faster = rotation(world.truth.q_eb) @ Vec3(3.0, 0.0, 0.2)
    world = replace(world, truth=replace(world.truth, v_be_e=world.truth.v_be_e + faster))
    speed = np.array([w.loads.airspeed_true for w in history(world, command, 50)])
    falls = [k for k in range(1, 50) if speed[k - 1] > 45.0 >= speed[k]]
    rises = [k for k in range(1, 50) if speed[k - 1] < 45.0 <= speed[k]]
    half = abs(rises[0] - falls[0])
    # Lanchester: sqrt(2) pi V / g = 20.4 s, without drag and with quick pitch; whole seconds were looked at
    assert 2 * half == pytest.approx(math.sqrt(2.0) * math.pi * 45.0 / 9.81, rel=0.2)


def test_roll_answers_aileron_with_the_time_of_its_damping(cruise: Any) -> None:
    world, command = cruise
    batch = begin(world, replace(command, delta_a=command.delta_a + 0.1))
    rates = []
    for _ in range(20):
        batch.advance_mission(1)
        rates.append(batch.carry(0).world.truth.omega_ib_b.x)
    a, g, rho = AIRCRAFT.aero, AIRCRAFT.geometry, world.loads.rho
    rho = float(rho)
    steady = -0.1 * a.C_l_delta_a / a.C_l_p * 2.0 * 45.0 / g.span
    # adverse yaw and slip take some of it
    assert max(rates) == pytest.approx(steady, rel=0.2)
    time = -float(world.held.inertia.J_xx) / (0.25 * rho * 45.0 * g.wing_area * g.span**2 * a.C_l_p)
    reached = next(k for k, rate in enumerate(rates) if rate > 0.63 * max(rates)) + 1
    assert 0.1 * reached == pytest.approx(time + 0.07, abs=0.15)  # the actuator's lag, and tenths of seconds


def test_a_steady_wind_carries_the_aircraft_along(cruise: Any) -> None:
    tables = Tables(profile=standard_profile(wind=[(3000.0, 12.0, math.radians(300.0))]))
    world, command = airborne(CRUISE, 3000.0, tables)
    after = flown(world, command, 10, tables=tables)
    v_n = after.anchor.R_ne @ after.truth.v_be_e
    calm = flown(*cruise, 10)
    v_calm = calm.anchor.R_ne @ calm.truth.v_be_e
    drift = v_n - v_calm
    assert float(drift.x) == pytest.approx(-12.0 * math.cos(math.radians(300.0)), abs=0.1)
    assert float(drift.y) == pytest.approx(-12.0 * math.sin(math.radians(300.0)), abs=0.1)
    assert after.loads.airspeed_true == pytest.approx(45.0, abs=0.3)


def test_height_in_the_fast_tick_is_the_height_on_the_ellipsoid(cruise: Any) -> None:
    batch = begin(*cruise)
    batch.advance(3, 0)
    batch.advance_mission(9)  # nearly a second, 40 m, from the anchor
    world = batch.carry(0).world
    before = world.truth.r_be_e - world.truth.v_be_e * nature.FAST_DT  # loads are of the tick's beginning
    _, _, height = earth.geodetic(before)
    assert world.loads.height == pytest.approx(float(height), abs=1e-3)


def test_fuel_aboard_and_fuel_burnt_add_up(cruise: Any) -> None:
    world, command = cruise
    t = trim(AIRCRAFT, CRUISE)
    after = flown(world, command, 60)
    assert after.fuel + after.fuel_burned == pytest.approx(world.fuel, abs=1e-9)
    # power settles at the trim's plus what the alternator takes; its idle part is in the lever's scale
    assert after.fuel_burned == pytest.approx(60.0 * float(t.fuel_flow), rel=0.15)


def test_without_engine_it_glides_on_its_drag(cruise: Any) -> None:
    world, command = cruise
    command = replace(command, engine_run=0)
    worlds = history(world, command, 60)
    start, end = worlds[10], worlds[-1]
    energy = [9.8 * w.loads.height + 0.5 * w.loads.airspeed_true**2 for w in (start, end)]
    drag_work = sum((w.loads.drag - w.loads.thrust) * w.loads.airspeed_true for w in worlds[11:]) / 1450.0
    assert energy[0] - energy[1] == pytest.approx(drag_work, rel=0.03)  # a sum over seconds for an integral
    assert end.motor.running == 0
    assert end.loads.thrust < 0.0


def test_it_stalls_at_its_stall_speed(cruise: Any) -> None:
    world, command = cruise
    command = replace(command, delta_t=0.0)

    def pull(w: World, c: ControlCommand) -> ControlCommand:
        rate = w.truth.omega_ib_b.y
        sink = -w.loads.climb_rate
        phi, _, _ = euler_from_rotation(nature.attitude(w))
        return replace(c, delta_e=-0.05 - 0.03 * sink + 0.3 * rate, delta_a=-0.8 * phi - 0.4 * w.truth.omega_ib_b.x)

    least, stalled = 9.0, False
    batch = begin(world, command, law=pull)
    for _ in range(400):
        batch.advance_mission(1)
        loads = batch.carry(0).world.loads
        stalled = stalled or loads.stalled > 0.5
        if not stalled:
            least = min(least, loads.stall_margin)
        else:
            break
    assert stalled
    # the tail's download and the last of the deceleration move it by a few percent
    assert -0.06 < least < 0.06


# Ground ---------------------------------------------------------------------------------------------------------------


def take_off(w: World, c: ControlCommand) -> ControlCommand:
    """Full power, straight, nose up at 1.15 of stall speed, wings level."""
    phi, theta, psi = euler_from_rotation(nature.attitude(w))
    rate = w.truth.omega_ib_b
    up = w.loads.stall_margin > 0.15
    delta_e = jnp.where(up, 1.5 * (theta - 0.12) + 0.6 * rate.y, 0.0)
    return replace(
        c, delta_t=1.0 + 0.0 * phi, brake=0.0 * phi, delta_e=delta_e, delta_a=-phi - 0.3 * rate.x,
        delta_r=-0.5 * rate.z, steer=-2.0 * (psi - TASK.home.heading) - 0.5 * rate.z,
    )  # fmt: skip


def test_it_takes_off_within_the_run_of_its_class() -> None:
    start = nature.initial(AIRCRAFT, TASK, still_air())
    batch = begin(start, ControlCommand(), law=take_off)
    run = None
    for _ in range(60):
        batch.advance(1, 0)
        world = batch.carry(0).world
        if run is None and world.loads.on_ground == 0:
            run = float(norm(world.truth.r_be_e - start.truth.r_be_e))
    # estimated for the class: 600 to 900 m at 1,500 kg; this one is lighter and at 1,000 ft
    assert run is not None
    assert 400.0 < run < 900.0
    assert world.loads.height_agl > 40.0
    assert (world.damage, world.status) == (0, 0)


def approach(sink: float, seconds: int = 12, gear_down: int = 1, bank: float = 0.0, brake: float = 0.0) -> World:
    """Dropped onto the runway with flaps from 1.6 m at a rate of descent."""
    setting = Setting(38.0, 1450.0, 97700.0, 286.16, delta_f=1.0, gear=float(gear_down), height_agl=2.0)
    world, command = airborne(setting, GROUND + 1.8)
    down = world.anchor.R_ne.T @ Vec3(0.0, 0.0, sink)
    world = replace(world, truth=replace(world.truth, v_be_e=world.truth.v_be_e + down))
    command = replace(command, delta_t=0.0, brake=brake, gear_down=gear_down, delta_a=bank)
    return flown(world, command, seconds)


def test_it_lands_softly_and_rolls() -> None:
    after = approach(1.0, 10)
    assert (after.damage, after.status) == (0, 0)
    assert 0.3 < after.loads.touchdown_sink < 2.0
    assert after.loads.airspeed_true < 38.0


def test_a_hard_landing_breaks_the_gear() -> None:
    after = approach(4.0, 3)
    assert after.damage == HARD_LANDING
    assert after.loads.touchdown_sink > AIRCRAFT.gear.max_sink


def test_a_landing_with_the_gear_up_is_a_crash() -> None:
    assert approach(1.0, 6, gear_down=0).damage == GROUND_IMPACT


def test_a_wing_tip_that_meets_the_ground_is_a_crash() -> None:
    assert approach(0.5, 6, bank=0.3).damage == GROUND_IMPACT


def test_rolling_beside_the_runway_breaks_it_and_taxiing_slowly_does_not() -> None:
    for speed, expected in ((20.0, OFF_RUNWAY), (3.0, 0)):
        world = nature.initial(AIRCRAFT, TASK, still_air())
        psi = TASK.home.heading
        beside = world.anchor.R_ne.T @ Vec3(-40.0 * math.sin(psi), 40.0 * math.cos(psi), 0.0)
        forward = rotation(world.truth.q_eb) @ Vec3(speed, 0.0, 0.0)
        truth = replace(world.truth, r_be_e=world.truth.r_be_e + beside, v_be_e=forward)
        after = flown(replace(world, truth=truth), ControlCommand(brake=0.0), 3)
        assert after.damage == expected


# Ends -----------------------------------------------------------------------------------------------------------------


def test_a_dive_ends_in_flutter_and_the_wreck_stays_where_it_is(cruise: Any) -> None:
    world, command = cruise
    dive = replace(command, delta_e=command.delta_e + 0.04, delta_t=1.0)
    batch = begin(world, dive)
    batch.advance(60, 0)
    broken = batch.carry(0).world
    assert broken.damage == FLUTTER
    assert broken.loads.airspeed_calibrated > 1.1 * AIRCRAFT.structure.airspeed_never_exceed
    batch.advance(5, 0)
    later = batch.carry(0).world
    assert (later.truth, later.fuel, later.damage) == (broken.truth, broken.fuel, FLUTTER)


def test_pulling_hard_at_speed_breaks_the_wing() -> None:
    # this wing stalls before it breaks below its never-exceed speed, so a weaker one is flown
    weak = replace(AIRCRAFT, structure=replace(AIRCRAFT.structure, load_factor_max=2.0))
    world, command = airborne(replace(CRUISE, airspeed=72.0), 3000.0)
    after = flown(world, replace(command, delta_e=-0.3), 4, aircraft=weak)
    assert after.damage == OVERLOAD
    assert after.loads.load_factor > 3.0
    assert flown(world, replace(command, delta_e=-0.3), 2).damage == 0


def test_flying_into_the_ground_is_an_impact(cruise: Any) -> None:
    low, command = airborne(replace(CRUISE, pressure=97000.0, temperature=286.0), GROUND + 40.0)
    after = flown(low, replace(command, delta_e=command.delta_e + 0.06), 10)
    assert after.damage in (GROUND_IMPACT, HARD_LANDING)


@pytest.mark.parametrize(
    ("leaf", "value", "status"),
    [("fuel", math.nan, NOT_A_NUMBER), ("r", math.nan, NOT_A_NUMBER), ("v", 500.0, OUT_OF_RANGE)],
)
def test_a_model_in_trouble_says_so_and_stops(cruise: Any, leaf: str, value: float, status: int) -> None:
    world, command = cruise
    bad = {
        "fuel": replace(world, fuel=value),
        "r": replace(world, truth=replace(world.truth, r_be_e=replace(world.truth.r_be_e, x=value))),
        "v": replace(world, truth=replace(world.truth, v_be_e=Vec3(value, 0.0, 0.0))),
    }[leaf]
    after, _ = nature.fast(bad, command, AIRCRAFT, TASK, 0)
    assert int(after.status) == status
    again, _ = nature.fast(replace(after, fuel=300.0), command, AIRCRAFT, TASK, 1)
    assert int(again.status) == status


# The step as a program ------------------------------------------------------------------------------------------------


def rough(seed: int) -> World:
    """Fifteen seconds of low turbulence."""
    conditions = Conditions(ground_elevation=GROUND, turbulence_wind=15.0)
    task = quiet_task(conditions=conditions, seed=seed)
    world, command = airborne(replace(CRUISE, pressure=94000.0, temperature=284.0), GROUND + 300.0, seed=seed)
    return flown(world, command, 15, task=task)


def test_the_seed_makes_the_flight() -> None:
    first, same, other = rough(1), rough(1), rough(2)
    assert first == same
    assert float(norm(first.truth.r_be_e - other.truth.r_be_e)) > 0.1


def equations(jaxpr: Any) -> int:
    """Number of equations, inner programs opened."""
    total = 0
    for eqn in jaxpr.eqns:
        inner = eqn.params.get("jaxpr") or eqn.params.get("call_jaxpr")
        total += equations(getattr(inner, "jaxpr", inner)) if inner is not None else 1
    return total


def test_the_fast_tick_keeps_to_its_budget(cruise: Any) -> None:
    world, command = cruise
    example = (world, command, AIRCRAFT, TASK)
    flat = [value for _, value, _ in walk(example)]

    def fast(*leaves: Any) -> list[Any]:
        w, c, a, t = rebuild(example, iter(leaves))
        return [value for _, value, _ in walk(nature.fast(w, c, a, t, 7))]

    arguments = [jnp.asarray(v, jnp.int32 if isinstance(v, int) else jnp.float64) for v in flat]
    assert equations(jax.make_jaxpr(fast)(*arguments).jaxpr) < 2800


def test_the_native_count_keeps_to_its_budget(cruise: Any) -> None:
    counted = begin(*cruise).engine.operations()
    assert counted["fast"] < 3000
    assert counted["mission"] < 1500
    assert counted["slow"] < 24000  # 1 Hz: a twentieth of a fast tick each


def test_the_beginning_is_at_rest_on_the_threshold() -> None:
    world = nature.initial(AIRCRAFT, TASK, still_air())
    assert float(world.anchor.latitude) == pytest.approx(TASK.home.latitude, abs=1e-12)
    assert float(world.anchor.ground) == pytest.approx(GROUND)
    phi, theta, psi = euler(world)
    assert phi == pytest.approx(0.0, abs=1e-12)
    assert abs(theta) < 0.02
    assert psi == pytest.approx(TASK.home.heading)
    assert float(world.held.inertia.mass) == pytest.approx(AIRCRAFT.mass.empty + 435.0)
