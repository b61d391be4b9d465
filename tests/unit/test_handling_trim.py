"""Steady flights in a batch: mirrored, ordered as physics asks, the same in any company, and held by the plant."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from tests.plant_flight import begin
from tests.reference_aircraft import quiet_task, reference_aircraft, still_air

from samruk import earth
from samruk.aircraft import Stores
from samruk.engine import cache
from samruk.errors import InputError
from samruk.handling import LIMITS, Condition, kept, trim
from samruk.handling.certificate import Certificate
from samruk.handling.trim import beginning
from samruk.messages import ControlCommand
from samruk.plant import world as nature
from samruk.plant.failures import Failed
from samruk.plant.heat import Heat, Sources
from samruk.plant.heat import slow as heat_slow
from samruk.plant.trim import Setting
from samruk.plant.trim import trim as single
from samruk.weather.air import Air

AIRCRAFT = reference_aircraft()
CRUISE = Condition(45.0, 1400.0, 3000.0, alternator=4000.0)


def of(found: Certificate, *names: str) -> list[Any]:
    return [getattr(found, name) for name in names]


# Against the trim of one flight ---------------------------------------------------------------------------------------


def test_it_agrees_with_the_trim_that_begins_flights() -> None:
    """That one stops at 1e-9 of the weight: 1e-7 rad and 1e-7 of the power."""
    found = trim(AIRCRAFT, CRUISE)
    temperature, pressure, _ = earth.standard_atmosphere(3000.0)
    one = single(AIRCRAFT, Setting(45.0, 1400.0, float(pressure), float(temperature), alternator=4000.0))
    for name in ("alpha", "beta", "theta", "delta_e", "delta_a", "delta_r"):
        assert getattr(found, name)[0] == pytest.approx(float(getattr(one, name)), abs=1e-7), name
    assert found.shaft_power[0] == pytest.approx(float(one.shaft_power), rel=1e-7)


# Order ----------------------------------------------------------------------------------------------------------------


def test_a_slip_to_the_left_mirrors_one_to_the_right() -> None:
    """About the flight without slip, which carries the propeller's torque; slip costs power, so torque grows: 1.3 %."""
    left, none, right = range(3)
    c = replace(CRUISE, beta=np.radians([-5.0, 0.0, 5.0]), slipping=1.0, by_rate=1.0)
    found = trim(AIRCRAFT, c)
    assert found.certified.all()
    for name in ("phi", "delta_a", "delta_r"):
        value = getattr(found, name)
        assert value[right] - value[none] == pytest.approx(value[none] - value[left], rel=0.02), name
        assert abs(value[right] - value[none]) > 0.01, name
    assert found.alpha[left] == pytest.approx(found.alpha[right], abs=2e-4)  # torque's aileron costs no lift


def test_a_store_on_the_left_mirrors_one_on_the_right() -> None:
    """60 kg at 4 m: the ailerons carry it, the same either way about the clean aircraft's."""
    sides = [
        replace(AIRCRAFT, stores=Stores(mass=60.0, moment_y=60.0 * y, C_D=0.002, C_D_y=0.002 * y, J_xx=60.0 * y * y))
        for y in (-4.0, 0.0, 4.0)
    ]
    left, none, right = (trim(aircraft, CRUISE) for aircraft in sides)
    assert left.certified[0]
    assert right.certified[0]
    for name in ("delta_a", "delta_r"):
        a, b, c = (float(getattr(found, name)[0]) for found in (left, none, right))
        assert c - b == pytest.approx(b - a, rel=0.01), name
    assert float(right.delta_a[0] - none.delta_a[0]) < -0.005  # a load on the right wants a roll to the left


def test_more_mass_wants_more_incidence_and_more_power() -> None:
    found = trim(AIRCRAFT, replace(CRUISE, mass=np.linspace(1050.0, 1600.0, 12)))
    assert found.certified.all()
    assert np.all(np.diff(found.alpha) > 0.0)
    assert np.all(np.diff(found.shaft_power) > 0.0)


@pytest.mark.parametrize(("height", "mass"), [(0.0, 1100.0), (3000.0, 1400.0), (7000.0, 1600.0)])
def test_power_needed_has_one_minimum(height: float, mass: float) -> None:
    found = trim(AIRCRAFT, Condition(np.linspace(25.0, 95.0, 400), mass, height, alternator=4000.0))
    power = found.shaft_power[found.converged]
    falls = np.diff(power) < 0.0
    assert falls.any()
    assert not falls.all()
    assert np.sum(np.diff(falls.astype(int)) != 0) == 1


def test_a_turn_banks_as_the_book_says() -> None:
    """tan(phi) = V psi_dot / g for a coordinated level turn, to the tilt of thrust: 1e-3."""
    rate = 0.06
    found = trim(AIRCRAFT, replace(CRUISE, turn_rate=rate, by_rate=1.0))
    assert found.certified[0]
    assert math.tan(found.phi[0]) == pytest.approx(45.0 * rate / 9.80665, rel=5e-3)
    assert found.load_factor[0] == pytest.approx(1.0 / math.cos(found.phi[0]), rel=5e-3)
    back = trim(AIRCRAFT, replace(CRUISE, bank=float(found.phi[0])))
    assert back.turn_rate[0] == pytest.approx(rate, rel=1e-9)  # the two ways to ask meet in one flight


def test_the_path_is_the_one_asked_for() -> None:
    found = trim(AIRCRAFT, replace(CRUISE, gamma=np.radians([-3.0, 0.0, 3.0]), bank=0.3))
    s, c = np.sin(found.theta), np.cos(found.theta)
    a, b = np.cos(found.alpha) * np.cos(found.beta), np.sin(found.alpha) * np.cos(found.beta)
    rise = a * s - (np.sin(found.phi) * np.sin(found.beta) + np.cos(found.phi) * b) * c
    assert np.degrees(np.arcsin(rise)) == pytest.approx([-3.0, 0.0, 3.0], abs=1e-9)


# Limits ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "limit"),
    [
        (Condition(25.0, 1400.0), "stall"),
        (Condition(70.0, 1400.0), "structure: VNE"),
        (Condition(85.0, 1500.0, 7000.0, gamma=0.03), "power"),
        (Condition(45.0, 1400.0, 2000.0, gamma=0.2), "power"),
        (Condition(45.0, 1400.0, 2000.0, gamma=-0.15), "idle power"),
        (Condition(45.0, 1400.0, 9500.0, offset=-30.0), "temperature"),
        (Condition(45.0, 1400.0, 0.0, offset=45.0), "temperature"),
        (Condition(45.0, 1700.0), "mass"),
        (Condition(57.0, 1500.0, 1000.0, bank=1.25), "stall"),
        (Condition(62.0, 1100.0, 8500.0, gamma=-0.04), "engine blow-out"),
    ],
)
def test_what_cannot_be_flown_is_named(condition: Condition, limit: str) -> None:
    found = trim(AIRCRAFT, condition)
    assert not found.certified[0]
    assert found.limit[0] == limit, found.margins


def test_a_small_rudder_ends_the_slip() -> None:
    small = replace(AIRCRAFT, actuators=replace(AIRCRAFT.actuators, delta_r_limit=0.1))
    slip = replace(CRUISE, beta=np.radians([2.0, 15.0]), slipping=1.0, by_rate=1.0)
    assert list(trim(small, slip).limit) == ["", "rudder"]


def test_wanting_more_of_the_stall_forbids_more() -> None:
    speeds = np.linspace(33.0, 36.0, 31)
    bare = trim(AIRCRAFT, Condition(speeds, 1400.0))
    spared = trim(AIRCRAFT, Condition(speeds, 1400.0, stall_margin=0.1))
    assert np.sum(spared.certified) < np.sum(bare.certified)


def test_coolant_in_the_long_run_is_the_plants() -> None:
    """A climb on a hot day with a small radiator, thermostat open: five hours of the engine's node."""
    aircraft = replace(AIRCRAFT, engine=replace(AIRCRAFT.engine, radiator=85.0))
    found = trim(aircraft, Condition(42.0, 1500.0, 1000.0, offset=25.0, gamma=0.055))
    temperature, pressure, _ = earth.standard_atmosphere(1000.0)
    air = Air(temperature=float(temperature) + 25.0)
    warmth = Heat(engine=370.0)
    rho = float(pressure) / (earth.GAS_CONSTANT * air.temperature)
    for _ in range(300):
        warmth = heat_slow(
            warmth, air, Sources(42.0, rho, 300.0, float(found.fuel_flow[0])), Failed(), aircraft, 60.0
        )
    assert float(warmth.engine) > 365.0  # the thermostat is open
    assert found.coolant[0] == pytest.approx(float(warmth.engine), abs=1.0)  # the oil gives the coolant some heat


def test_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="finite"):
        trim(AIRCRAFT, Condition(math.nan, 1400.0))
    with pytest.raises(InputError, match="airspeed"):
        trim(AIRCRAFT, Condition(-3.0, 1400.0))


# Company --------------------------------------------------------------------------------------------------------------


def test_a_flight_is_the_same_in_any_company() -> None:
    """Bit for bit: alone, in a small batch, in another order, at another place of a block."""
    draw = np.random.default_rng(5).uniform
    c = Condition(draw(28.0, 80.0, 700), draw(1050.0, 1600.0, 700), draw(0.0, 9000.0, 700), draw(-20.0, 20.0, 700))
    whole = trim(AIRCRAFT, c)
    order = np.random.default_rng(6).permutation(700)

    def some(which: Any) -> Condition:
        return replace(c, airspeed=c.airspeed[which], mass=c.mass[which], height=c.height[which],
                       offset=c.offset[which])  # fmt: skip

    for which in (order, order[:3], np.asarray([311]), np.arange(200, 700)):
        part = trim(AIRCRAFT, some(which))
        for name in ("alpha", "delta_e", "shaft_power", "fuel_flow", "margins", "residual"):
            assert np.array_equal(getattr(part, name), getattr(whole, name)[which], equal_nan=True), name
        assert list(part.limit) == list(whole.limit[which])
    assert len(LIMITS) == whole.margins.shape[1]


# Flight ---------------------------------------------------------------------------------------------------------------


def test_the_plant_holds_a_trim_for_ten_seconds() -> None:
    """Open loop over the turning Earth. Gravity and Coriolis' lift are taken into the trim; what is left is their
    sideways part, 4e-3 m/s^2: 0.04 m/s in 10 s, on which the spiral works."""
    task, tables = quiet_task(), still_air()
    home, height, V = task.home, 3000.0, 45.0
    shaft = alternator_share()
    lift = 2.0 * earth.OMEGA * V * math.cos(home.latitude) * math.sin(home.heading) + V * V / earth.MEAN_RADIUS
    mass = AIRCRAFT.mass.empty + task.loading.payload + task.loading.fuel
    g = float(earth.gravity_n(home.latitude, height).z) - lift
    c = Condition(V, mass, height, alternator=shaft, gravity=g)
    found = trim(AIRCRAFT, c)
    begun = beginning(c, found)
    world = nature.initial_airborne(AIRCRAFT, task, tables, begun, home.latitude, home.longitude, height, home.heading)
    batch = begin(world, command(begun))
    batch.advance(10, 0)
    after = batch.carry(0).world
    assert (after.damage, after.status) == (0, 0)
    assert after.loads.airspeed_true == pytest.approx(V, abs=0.02)
    assert after.loads.height == pytest.approx(height, abs=0.5)
    assert after.loads.alpha == pytest.approx(float(found.alpha[0]), abs=2e-4)
    assert after.loads.load_factor == pytest.approx(float(found.load_factor[0]) * g / earth.GRAVITY, abs=1e-3)
    assert after.motor.power == pytest.approx(float(found.shaft_power[0]), rel=2e-3)


def alternator_share() -> float:
    """W that the plant's alternator takes in this flight, once its loads are served."""
    task, home = quiet_task(), quiet_task().home
    found = trim(AIRCRAFT, CRUISE)
    begun = beginning(CRUISE, found)
    world = nature.initial_airborne(
        AIRCRAFT, task, still_air(), begun, home.latitude, home.longitude, 3000.0, home.heading
    )
    batch = begin(world, command(begun))
    batch.advance(2, 0)
    return float(batch.carry(0).world.power.shaft_power)


def command(begun: Any) -> ControlCommand:
    """What holds a trim."""
    return ControlCommand(
        delta_e=begun.delta_e, delta_a=begun.delta_a, delta_r=begun.delta_r, delta_t=begun.delta_t, brake=0.0,
        gear_down=0,
    )  # fmt: skip


@pytest.mark.slow
def test_a_kept_trim_is_the_compiled_one_in_a_new_process(tmp_path: Path) -> None:
    """The first process compiles and keeps, the second takes what is kept: the same bits."""
    code = (
        "from samruk import load; from samruk.handling import Condition, trim; a = load.aircraft('anka').aircraft;"
        "f = trim(a, Condition(45.0, 1400.0, 3000.0)); print(f.alpha[0].hex(), f.shaft_power[0].hex())"
    )
    environment = {**os.environ, "SAMRUK_CACHE": str(tmp_path)}
    run = [sys.executable, "-c", code]
    told = [
        subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout for _ in range(2)
    ]
    assert told[0] == told[1] != ""
    assert len(list((tmp_path / "engine").glob("*.xla"))) == 1


def test_a_damaged_kept_trim_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path))

    def double(x: Any) -> Any:
        return {"twice": 2.0 * x}

    with jax.enable_x64(True):
        kept.compiled("double", double, {"twice": 0.0}, np.ones(3))
        entry = next((tmp_path / "engine").glob("*.xla"))
        cache.write(entry.name, b"no program")  # whole by its checksum, but nothing that JAX can load
        again = kept.compiled("double", double, {"twice": 0.0}, np.ones(3))
        assert np.array_equal(again(np.ones(3))["twice"], 2.0 * np.ones(3))
