"""What must happen to a whole flight when its world is changed in a known way: mirrored, moved, turned, made heavier.

Nobody's numbers stand behind these, only mechanics: the relation between two flights holds whatever each of them does.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from tests import joined_flight as joined
from tests.plant_flight import airborne, begin, euler
from tests.reference_aircraft import quiet_task, reference_aircraft

from samruk import earth
from samruk.frames import Vec3, dot
from samruk.messages import ControlCommand
from samruk.mission import Tables
from samruk.plant import world as nature
from samruk.plant.trim import Setting, trim
from samruk.weather import standard_profile

P_3000, T_3000 = 70108.5, 268.66
CRUISE = Setting(45.0, 1450.0, P_3000, T_3000)
OMEGA = 7.292115e-5
DEG = math.pi / 180.0


def after(world: Any, command: ControlCommand, seconds: int, **how: Any) -> Any:
    """The world some seconds later."""
    batch = begin(world, command, **how)
    batch.advance(seconds, 0)
    return batch.carry(0).world


def flying(latitude: float, heading: float, setting: Setting = CRUISE) -> tuple[Any, ControlCommand]:
    """Trimmed at 3 km somewhere, and the command that holds it."""
    aircraft, task = reference_aircraft(), quiet_task()
    t = trim(aircraft, setting)
    task = replace(task, home=replace(task.home, latitude=latitude))
    world = nature.initial_airborne(
        aircraft, task, Tables(profile=standard_profile()), t, latitude, task.home.longitude, 3000.0, heading
    )
    command = ControlCommand(
        delta_e=float(t.delta_e), delta_a=float(t.delta_a), delta_r=float(t.delta_r), delta_t=float(t.delta_t),
        brake=0.0, gear_down=0,
    )  # fmt: skip
    return world, command


# Energy and momentum --------------------------------------------------------------------------------------------------


def effective_energy(world: Any) -> float:
    """v^2/2 + gravitation with J2 + centrifugal potential, J/kg: only what the air does changes it."""
    r, v = world.truth.r_be_e, world.truth.v_be_e
    r1 = math.sqrt(float(dot(r, r)))
    bulge = earth.J2 * (earth.SEMI_MAJOR_AXIS / r1) ** 2 * (1.5 * (float(r.z) / r1) ** 2 - 0.5)
    spun = 0.5 * earth.OMEGA**2 * (float(r.x) ** 2 + float(r.y) ** 2)
    return 0.5 * float(dot(v, v)) - earth.GM / r1 * (1.0 - bulge) - spun


@pytest.mark.parametrize("power", [0.0, 1.0], ids=["idle", "full power"])
def test_energy_changes_by_the_work_of_the_specific_force(power: float) -> None:
    """dE/dt = f . v, with f what an accelerometer feels: engine, drag and lift alike, on the turning Earth."""
    world, command = airborne(CRUISE, 3000.0)
    batch = begin(world, replace(command, delta_t=power))
    energies, works = [], []
    for _ in range(600):
        now = batch.carry(0).world
        R_eb = nature.rotation(now.truth.q_eb)
        energies.append(effective_energy(now))
        works.append(float(dot(R_eb @ now.truth.f_b, now.truth.v_be_e)))
        batch.advance_mission(1)
    work = 0.1 * float(np.sum(0.5 * (np.array(works[1:]) + np.array(works[:-1]))))
    gained = energies[-1] - energies[0]
    assert abs(gained) > 1000.0, "a climb or a descent of 100 m or more"
    # f is that of the tick's beginning, v of its end: 0.02 s of a power that changes by 10 W/kg; the trapezoid less
    assert gained == pytest.approx(work, abs=2e-3 * abs(work) + 0.5)


# The turning Earth ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("latitude_deg", [0.0, 40.0, -40.0, 65.0])
def test_flying_east_is_lighter_than_flying_west(latitude_deg: float) -> None:
    """Eotvos: the upward acceleration of the same trim differs by 4 Omega V cos(latitude) between east and west."""
    climb = []
    for heading in (90.0, 270.0):
        world, command = flying(latitude_deg * DEG, heading * DEG)
        batch = begin(world, command)
        batch.advance_mission(1)
        now = batch.carry(0).world
        climb.append(-float((now.anchor.R_ne @ now.truth.v_be_e).z) / 0.1)
    # the lift takes it back at 1/s or so: 5 % of it in 0.1 s
    expected = 4.0 * OMEGA * 45.0 * math.cos(latitude_deg * DEG)
    assert climb[0] - climb[1] == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("latitude_deg", [60.0, -60.0])
def test_a_free_flight_is_turned_by_the_earth(latitude_deg: float) -> None:
    """Two headings apart by a half turn drift to the same hand: right in the north, left in the south."""
    for heading in (0.0, 180.0):
        world, command = flying(latitude_deg * DEG, heading * DEG)
        end = after(world, command, 4)
        v_n = end.anchor.R_ne @ end.truth.v_be_e
        right = float(v_n.y) if heading == 0.0 else -float(v_n.y)
        assert math.copysign(1.0, right) == math.copysign(1.0, latitude_deg)
        # 2 Omega V sin(latitude) t, before the aircraft's own weathercock takes it up
        assert abs(right) == pytest.approx(2.0 * OMEGA * 45.0 * abs(math.sin(latitude_deg * DEG)) * 4.0, rel=0.5)


@pytest.mark.parametrize("longitude_deg", [-170.0, 0.0, 179.999, 95.0])
def test_a_flight_is_the_same_at_every_longitude(longitude_deg: float) -> None:
    """The plant knows no meridian; east of the date line the flight goes on."""
    ends = []
    for longitude in (33.0, longitude_deg):
        task = quiet_task(seed=3)
        aircraft, t = reference_aircraft(), trim(reference_aircraft(), CRUISE)
        place = (40.0 * DEG, longitude * DEG, 3000.0, 60.0 * DEG)
        world = nature.initial_airborne(aircraft, task, Tables(profile=standard_profile()), t, *place)
        command = ControlCommand(delta_e=float(t.delta_e), delta_t=float(t.delta_t), brake=0.0, gear_down=0)
        ends.append(after(world, command, 60, task=task))
    one, two = ends
    assert float(one.loads.height) == pytest.approx(float(two.loads.height), abs=1e-5)
    assert float(one.anchor.latitude) == pytest.approx(float(two.anchor.latitude), abs=1e-12)
    turned = (float(two.anchor.longitude) - longitude_deg * DEG) - (float(one.anchor.longitude) - 33.0 * DEG)
    assert (turned + math.pi) % (2.0 * math.pi) - math.pi == pytest.approx(0.0, abs=1e-11)
    assert np.allclose(euler(one), euler(two), atol=1e-8)


# Left and right -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("control", "amount"), [("delta_a", 0.05), ("delta_r", 0.05)])
def test_left_and_right_controls_mirror_each_other(control: str, amount: float) -> None:
    """The response to a control and to its opposite differ from no control by opposite amounts."""
    world, command = airborne(CRUISE, 3000.0)
    seen = {}
    for sign in (-1.0, 0.0, 1.0):
        moved = replace(command, **{control: getattr(command, control) + sign * amount})
        end = after(world, moved, 3)
        phi, _, psi = euler(end)
        seen[sign] = np.array([phi, psi, float(end.truth.omega_ib_b.x), float(end.truth.omega_ib_b.z)])
    right, left = seen[1.0] - seen[0.0], seen[-1.0] - seen[0.0]
    assert np.abs(right).max() > 0.05
    # even terms: the base flight banks by itself, a few hundredths of the response
    assert np.abs(right + left).max() < 0.04 * np.abs(right).max()


def with_better_sensors() -> Any:
    """The reference aircraft with a tenth of its sensors' errors: mirrored worlds look nearly mirrored."""
    aircraft = reference_aircraft()
    s = aircraft.sensors
    names = ("accelerometer_noise", "gyro_noise", "accelerometer_bias", "gyro_bias", "gnss_position", "gnss_velocity",
             "static_pressure", "impact_pressure", "magnetometer")  # fmt: skip
    return replace(aircraft, sensors=replace(s, **{name: 0.1 * getattr(s, name) for name in names}))


@lru_cache(maxsize=1)
def mirrored() -> tuple[Any, Any]:
    """Two closed-loop flights about the runway's axis, one the mirror of the other: take-off and route in a crosswind.

    The landing pattern after them has one side, whatever the route.
    """
    task, heading = joined.task(legs=2), 30.0 * DEG
    flights = []
    for side in (1.0, -1.0):
        legs = []
        for along, across, height in ((5000.0, 4000.0, 1000.0), (9000.0, -2000.0, 1000.0)):
            right = side * across
            north = along * math.cos(heading) - right * math.sin(heading)
            east = along * math.sin(heading) + right * math.cos(heading)
            legs.append((north, east, height, 0.0, 0.0))
        wind_from = heading + side * 90.0 * DEG
        speed = 5.0
        reported = Vec3(-speed * math.cos(wind_from), -speed * math.sin(wind_from), 0.0)
        flights.append({
            "task": replace(task, conditions=replace(task.conditions, turbulence_wind=0.0, turbulence_high=0.0)),
            "tables": Tables(route=joined.route(*legs), profile=joined.day((315.0, speed, wind_from))),
            "wind": reported,
            "aircraft": with_better_sensors(),
        })  # fmt: skip
    c, s = math.cos(heading), math.sin(heading)
    ways = []
    for flight in flights:
        frames, _ = joined.fly([flight], 370)
        north, east, height, phi = (frames[name][:, 0] for name in ("north", "east", "height", "phi"))
        ways.append({"along": c * north + s * east, "across": c * east - s * north, "phi": phi, "height": height})
    return ways[0], ways[1]


def test_a_mirrored_mission_in_a_mirrored_wind_is_flown_mirrored() -> None:
    one, two = mirrored()
    assert one["height"].max() > 950.0
    assert np.abs(one["across"]).max() > 2000.0
    # what the mirror does not turn: the Earth's own rotation (0.007 m/s^2 sideways), the declination of its field, and
    # a tenth of the sensors' errors; a turn that begins a tick later is 5 m
    assert np.abs(one["across"] + two["across"]).max() < 30.0
    assert np.abs(one["along"] - two["along"]).max() < 30.0
    assert np.abs(one["height"] - two["height"]).max() < 5.0
    assert np.sqrt(np.mean((one["phi"] + two["phi"]) ** 2)) < 1.0 * DEG


# Heavier, hotter, higher ----------------------------------------------------------------------------------------------


def test_heavier_needs_more_fuel() -> None:
    aircraft = reference_aircraft()
    flows = [float(trim(aircraft, replace(CRUISE, mass=mass)).fuel_flow) for mass in (1100.0, 1300.0, 1500.0, 1600.0)]
    assert flows == sorted(flows)
    assert flows[-1] > 1.1 * flows[0]


def test_drag_at_a_lift_falls_with_span_as_one_over_its_square() -> None:
    """At one speed and lift: level power at two spans differs by the induced part, which goes with 1/b^2."""
    aircraft = reference_aircraft()

    def power(span: float) -> float:
        wing = replace(aircraft, geometry=replace(aircraft.geometry, span=span))
        t = trim(wing, replace(CRUISE, airspeed=36.0))
        return float(t.shaft_power)

    base, longer, much = power(17.5), power(19.25), power(21.0)
    saved = [base - longer, base - much]
    ideal = [1.0 - (17.5 / 19.25) ** 2, 1.0 - (17.5 / 21.0) ** 2]
    assert saved[0] > 0.0
    # the propeller's efficiency moves a little with the thrust
    assert saved[1] / saved[0] == pytest.approx(ideal[1] / ideal[0], rel=0.03)


def test_thinner_air_at_one_calibrated_speed_takes_more_power() -> None:
    """Equal drag at a higher true speed: power goes with V, 1/sqrt(density)."""
    aircraft = reference_aircraft()
    powers = []
    for pressure, temperature in ((101325.0, 288.15), (70108.5, 268.66), (46563.0, 248.5)):
        density = pressure / (earth.GAS_CONSTANT * temperature)
        V = 40.0 * math.sqrt(earth.RHO0 / density)
        powers.append(float(trim(aircraft, Setting(V, 1450.0, pressure, temperature)).shaft_power) / V)
    # drag alone would make these equal; the propeller and friction at lower Reynolds numbers move them by some percent
    assert max(powers) < 1.12 * min(powers)


# Out and back ---------------------------------------------------------------------------------------------------------


def test_wind_always_lengthens_a_flight_out_and_back() -> None:
    """Time = 2 L V / (V^2 - W^2): a wind helps less than it hinders, whichever way it blows."""
    heading, far = 30.0 * DEG, 12000.0
    flights = []
    for speed, toward in ((0.0, 0.0), (10.0, heading), (10.0, heading + math.pi)):
        points = [(d * math.cos(heading), d * math.sin(heading), 1200.0, 40.0, 0.0) for d in (far, 0.0, far, 0.0)]
        wind = Vec3(-0.2 * speed * math.cos(toward), -0.2 * speed * math.sin(toward), 0.0)
        profile = joined.day((330.0, 0.2 * speed, toward), (1200.0, speed, toward))
        tables = Tables(route=joined.route(*points), profile=profile)
        flights.append({"task": joined.task(legs=4), "wind": wind, "tables": tables})
    times, tas = [], []
    for flight in flights:
        frames, _ = joined.fly([flight], 2200)
        # from the first far turn to the third leg's end: out, back and turns at both ends, at one airspeed and height
        start, end = (int(np.flatnonzero(frames["leg"][:, 0] == leg)[0]) for leg in (1, 3))
        times.append(end - start)
        tas.append(float(frames["tas"][start + 60 : end, 0].mean()))
    assert times[1] > times[0]
    assert times[2] > times[0]
    for lane in (1, 2):
        slowed = 1.0 / (1.0 - (10.0 / tas[lane]) ** 2)
        # turns at the ends, of radius V^2 / (g tan phi), are blown along too: a few per cent
        assert times[lane] / times[0] == pytest.approx(slowed * tas[0] / tas[lane], rel=0.04)
