"""A live aircraft does what it is ordered, answers every order once, and keeps its protections."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.live_lanes import Lanes, airborne, away, engines, lifted, mountains, place, plan, task

from samruk.errors import EngineError
from samruk.messages import Mode, OrderKind, Reason
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines

HOME = plan().task.home
LEGS = [
    {"north": 3000.0, "east": 0.0, "altitude": 800.0},
    {"north": 6000.0, "east": 0.0, "altitude": 800.0},
    {"north": 8000.0, "east": 2000.0, "altitude": 800.0, "arc": 2000.0},
    {"north": 8000.0, "east": 5000.0, "altitude": 800.0, "over": 1.0},
    {"north": 4000.0, "east": 6000.0, "altitude": 800.0, "turns": 2.0, "radius": -700.0},
    {"north": 0.0, "east": 6000.0, "altitude": 1200.0, "to_altitude": 1.0, "radius": 600.0},
    {"north": 0.0, "east": 9000.0, "altitude": 1200.0, "loiter": 1e9},
]


def started(**more: Any) -> Lanes:
    """A live aircraft with its engine running, aligned."""
    lanes = Lanes(**more)
    lanes.fly(31)
    assert lanes.order(OrderKind.ENGINE, x=1) == Reason.NONE
    lanes.fly(8)
    return lanes


def running(lanes: Lanes) -> bool:
    """The engine runs."""
    return bool(lanes.batch.values("world.motor.running")[0])


# The engine -----------------------------------------------------------------------------------------------------------


def test_it_stands_with_its_engine_off_and_does_nothing_unasked() -> None:
    lanes = Lanes()
    flown = lanes.fly(600)
    assert not running(lanes)
    assert lanes.mode() == Mode.PREFLIGHT
    assert np.ptp(flown["latitude"]) < 1e-8  # 6 cm: it settles on its wheels
    assert flown["fuel"][-1, 0] == flown["fuel"][0, 0]


def test_a_start_takes_seconds_of_cranking_and_current_from_the_battery() -> None:
    lanes = Lanes()
    lanes.fly(5)
    before = lanes.batch.values("world.power.battery")[0]
    assert lanes.order(OrderKind.ENGINE, x=1) == Reason.NONE
    lanes.fly(1.9)
    assert not running(lanes)
    assert lanes.batch.values("world.motor.speed")[0] > 5.0
    lanes.fly(3)
    drawn = before - lanes.batch.values("world.power.battery")[0]
    assert running(lanes)
    assert 2.0e3 < drawn < 1.2e4  # 2 kW for the seconds of cranking, counted at 25 C


def test_an_engine_below_its_coldest_start_is_refused() -> None:
    lanes = Lanes(loading=replace(plan().task.loading, hangar_temperature=235.0, fuel=120.0))
    lanes.fly(3)
    assert lanes.order(OrderKind.ENGINE, x=1) == Reason.ENGINE_COLD


def test_cells_too_cold_to_crank_are_told() -> None:
    lanes = Lanes(loading=replace(plan().task.loading, hangar_temperature=242.5, fuel=120.0))
    lanes.fly(3)
    assert lanes.order(OrderKind.ENGINE, x=1) == Reason.BATTERY_COLD


def test_a_start_that_fails_is_given_up() -> None:
    lanes = Lanes()
    lanes.fly(31)
    lanes.batch.set(0, "world.heat.fuel", 205.0)  # frozen: nothing passes the filter
    assert lanes.order(OrderKind.ENGINE, x=1) == Reason.NONE
    lanes.fly(30)
    assert lanes.batch.values("world.motor.crank")[0] > 25.0
    lanes.fly(12)
    assert (lanes.batch.values("world.motor.crank")[0], running(lanes)) == (0.0, False)
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.FUEL_TOO_COLD
    lanes.batch.set(0, "world.heat.fuel", 285.0)
    lanes.fly(1)
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.ENGINE_OFF


def test_a_cold_engine_warms_up_before_the_take_off_that_was_ordered() -> None:
    lanes = Lanes(loading=replace(plan().task.loading, hangar_temperature=313.0, fuel=120.0))
    lanes.fly(31)
    lanes.order(OrderKind.ENGINE, x=1)
    lanes.fly(10)
    assert running(lanes)
    assert lanes.order(OrderKind.TAKE_OFF, altitude=900.0) == Reason.NONE
    lanes.fly(5)
    assert lanes.mode() == Mode.PREFLIGHT
    assert int(lanes.batch.values("pilot.next_mode")[0]) == Mode.LINE_UP
    assert lanes.until(Mode.LINE_UP, 900) > 30.0


def test_the_engine_does_not_stop_in_the_air_but_in_an_emergency() -> None:
    lanes = airborne()
    assert lanes.order(OrderKind.ENGINE, x=0) == Reason.IN_AIR
    lanes.fly(5)
    assert running(lanes)
    assert lanes.order(OrderKind.ENGINE, x=0, y=1) == Reason.NONE
    lanes.fly(2)
    assert not running(lanes)
    assert lanes.mode() == Mode.GLIDE
    assert lanes.order(OrderKind.HOLD) == Reason.ENGINE
    assert lanes.order(OrderKind.ENGINE, x=1) == Reason.NONE
    lanes.fly(600)  # it windmills and restarts by chance within minutes, or lands
    assert lanes.mode() != Mode.GLIDE


def test_an_engine_that_stopped_in_the_air_is_not_started_on_the_runway_unasked() -> None:
    lanes = airborne()
    lanes.order(OrderKind.LAND, x=0)
    lanes.until(Mode.FLARE, 1500)
    lanes.batch.set(0, "world.motor.running", 0)
    lanes.until(Mode.STOPPED, 90)
    lanes.fly(60)
    assert not running(lanes)
    assert lanes.order(OrderKind.ENGINE, x=1) == Reason.NONE
    lanes.fly(8)
    assert running(lanes)
    assert lanes.mode() == Mode.PREFLIGHT


# Take-off and landing -------------------------------------------------------------------------------------------------


def test_what_speaks_against_a_take_off_is_told_and_it_may_be_asked_again() -> None:
    lanes = Lanes()
    lanes.fly(5)
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.ENGINE_OFF
    assert int(lanes.batch.values("pilot.against")[0]) == Reason.ENGINE_OFF
    lanes.order(OrderKind.ENGINE, x=1)
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.NAVIGATION
    assert lanes.order(OrderKind.TAKE_OFF, z=1) == Reason.NAVIGATION
    lanes.fly(31)
    assert lanes.order(OrderKind.TAKE_OFF, z=1) == Reason.NO_ROUTE
    assert lanes.order(OrderKind.TAKE_OFF, altitude=HOME.elevation + 20.0) == Reason.TOO_LOW
    assert lanes.order(OrderKind.TAKE_OFF, altitude=20000.0) == Reason.TOO_HIGH
    assert lanes.order(OrderKind.TAKE_OFF, altitude=900.0) == Reason.NONE
    lanes.until(Mode.TAKE_OFF, 60)
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.NOT_NOW
    lanes.until(Mode.HOLD, 120)
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.IN_AIR


def test_it_lands_stops_and_flies_again() -> None:
    lanes = airborne()
    for _ in range(2):
        assert lanes.order(OrderKind.RETURN) == Reason.NONE
        lanes.until(Mode.STOPPED, 1500)
        assert running(lanes)
        assert lanes.order(OrderKind.TAKE_OFF, altitude=800.0) == Reason.NONE
        lanes.until(Mode.HOLD, 200)
    lanes.order(OrderKind.LAND, x=0)
    lanes.until(Mode.STOPPED, 1500)
    assert lanes.order(OrderKind.ENGINE, x=0) == Reason.NONE
    lanes.fly(5)
    assert not running(lanes)
    carry = lanes.batch.carry(0)
    assert carry.world.damage == 0
    assert carry.over == 0


def test_it_lands_at_the_alternate_it_is_told_and_starts_from_there() -> None:
    lanes = airborne()
    assert lanes.order(OrderKind.LAND, x=2) == Reason.NO_FIELD
    assert lanes.order(OrderKind.LAND, x=7) == Reason.NO_FIELD
    assert lanes.order(OrderKind.LAND, x=1) == Reason.NONE
    lanes.until(Mode.STOPPED, 2500)
    north, _ = away(lanes.batch.frame(), 0.0, 0.0)
    assert 27000.0 < north[0] < 31000.0
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.NONE
    lanes.until(Mode.HOLD, 200)
    lanes.fly(240)
    north, east = away(lanes.batch.frame(), 30000.0, 0.0)
    assert np.hypot(north, east)[0] < 2500.0


@pytest.mark.parametrize(("height", "after"), [(None, Mode.DESCENT), (1000.0, Mode.HOLD)])
def test_an_approach_is_left_when_it_is_ordered(height: float | None, after: Mode) -> None:
    lanes = airborne()
    assert lanes.order(OrderKind.GO_AROUND) == Reason.NOT_NOW
    lanes.order(OrderKind.LAND, x=0)
    lanes.until(Mode.APPROACH, 900)
    lanes.fly(150)
    assert lanes.mode() == Mode.APPROACH
    low = lanes.batch.values("world.loads.height_agl")[0]
    numbers = {} if height is None else {"altitude": height}
    assert lanes.order(OrderKind.GO_AROUND, 0, **numbers) == Reason.NONE
    assert lanes.mode() == Mode.GO_AROUND
    lanes.until(after, 120)
    assert lanes.batch.values("world.loads.height_agl")[0] > low


def test_a_take_off_is_given_up_when_it_is_ordered_while_it_rolls_and_not_once_it_rotates() -> None:
    lanes = started()
    lanes.order(OrderKind.TAKE_OFF)
    lanes.until(Mode.TAKE_OFF, 60)
    lanes.fly(10)
    assert lanes.order(OrderKind.ENGINE, x=0) == Reason.NOT_NOW
    assert lanes.order(OrderKind.RETURN) == Reason.NONE
    assert lanes.mode() == Mode.ROLL_OUT
    lanes.fly(1)
    assert lanes.batch.values("pilot.command.delta_t")[0] < 0.7
    lanes.until(Mode.STOPPED, 60)
    assert lanes.order(OrderKind.TAKE_OFF) == Reason.NONE
    lanes.until(Mode.TAKE_OFF, 60)
    while lanes.batch.values("pilot.flight.rotating")[0] == 0.0:
        lanes.batch.advance_mission(1)
    assert lanes.order(OrderKind.RETURN) == Reason.NOT_NOW


# Paths ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("radius", [-800.0, 800.0, -1500.0])
def test_a_hold_circles_the_ordered_way_round_with_the_ordered_radius(radius: float) -> None:
    lanes = airborne()
    assert lanes.order(OrderKind.HOLD, 0, **place(4000.0, 0.0), altitude=900.0, x=radius) == Reason.NONE
    lanes.fly(240)
    flown = lanes.fly(300)
    north, east = away(flown, 4000.0, 0.0)
    assert np.abs(np.hypot(north, east) - abs(radius)).max() < 15.0  # 3 m/s of wind and light turbulence
    swept = np.diff(np.unwrap(np.arctan2(east, north)))
    assert np.all(np.sign(swept) == np.sign(radius))
    assert np.abs(flown["height"] - 900.0).max() < 15.0


def test_a_hold_here_circles_here_at_this_height() -> None:
    lanes = airborne()
    lanes.order(OrderKind.HEADING, x=0.0)
    lanes.fly(60)
    here, height = away(lanes.batch.frame(), 0.0, 0.0), lanes.batch.values("world.loads.height")[0]
    assert lanes.order(OrderKind.HOLD) == Reason.NONE
    lanes.fly(240)
    flown = lanes.fly(200)
    north, east = away(flown, here[0][0], here[1][0])
    radius = plan().task.rules.loiter_radius
    assert np.abs(np.hypot(north, east) - radius).max() < 30.0  # the tick of the order, and as much as above
    assert np.abs(flown["height"] - height).max() < 15.0


def test_a_figure_eight_crosses_its_middle_and_reaches_its_ends() -> None:
    lanes = airborne()
    length, radius, angle = 2500.0, 700.0, 0.5
    assert lanes.order(
        OrderKind.FIGURE_EIGHT, 0, **place(4000.0, 0.0), altitude=900.0, x=length, y=radius, z=angle
    ) == Reason.NONE  # fmt: skip
    lanes.fly(300)
    north, east = away(lanes.fly(700), 4000.0, 0.0)
    along, across = north * np.cos(angle) + east * np.sin(angle), east * np.cos(angle) - north * np.sin(angle)
    assert abs(along.max() - length) < 15.0
    assert abs(along.min() + length) < 15.0
    assert np.abs(across).max() < radius + 15.0
    away_ = np.hypot(north, east)
    dips = [k for k in range(1, len(away_) - 1) if away_[k] <= min(away_[k - 1], away_[k + 1]) and away_[k] < radius]
    assert len(dips) >= 4
    assert max(away_[k] for k in dips) < 25.0  # frames are a second, half of it 20 m, apart
    turns = np.sign([along[k + 5] for k in dips[:4]])
    assert list(turns) in ([1.0, -1.0, 1.0, -1.0], [-1.0, 1.0, -1.0, 1.0])


def test_a_heading_and_a_height_are_held() -> None:
    lanes = airborne()
    assert lanes.order(OrderKind.HEADING, x=1.0, altitude=1100.0, y=45.0) == Reason.NONE
    lanes.fly(150)
    flown = lanes.fly(60)
    assert np.abs(flown["psi"] - 1.0).max() < 0.03
    assert np.abs(flown["height"] - 1100.0).max() < 12.0
    assert np.abs(flown["airspeed"] - 45.0).max() < 1.5
    assert lanes.order(OrderKind.AIRSPEED, x=20.0) == Reason.AIRSPEED
    assert lanes.order(OrderKind.AIRSPEED, x=90.0) == Reason.AIRSPEED
    assert lanes.order(OrderKind.AIRSPEED, x=0.0) == Reason.NONE
    assert lanes.order(OrderKind.ALTITUDE, altitude=900.0) == Reason.NONE
    assert lanes.order(OrderKind.ALTITUDE, altitude=HOME.elevation + 100.0) == Reason.TOO_LOW
    assert lanes.order(OrderKind.ALTITUDE, altitude=15000.0) == Reason.TOO_HIGH
    assert lanes.order(OrderKind.ALTITUDE) == Reason.UNKNOWN


def test_a_stick_is_followed_and_let_go_after_a_second() -> None:
    lanes = airborne()
    for _ in range(60):  # 3 s in all at a rate of 2 Hz
        assert lanes.order(OrderKind.STICK, x=-0.3, y=1.5) == Reason.NONE
        lanes.fly(0.4)
    assert lanes.mode() == Mode.STICK
    carry = lanes.batch.carry(0)
    assert abs(carry.pilot.estimate.phi + 0.3) < 0.05
    assert abs(-carry.pilot.estimate.v_n.z - 1.5) < 0.6
    lanes.fly(1.2)
    assert lanes.mode() == Mode.HEADING
    left = lanes.batch.carry(0)
    lanes.fly(60)
    psi, height = lanes.batch.carry(0).pilot.estimate.psi, lanes.batch.carry(0).world.loads.height
    assert abs(np.angle(np.exp(1j * (psi - left.pilot.estimate.psi)))) < 0.25  # it rolls out on the way
    assert abs(height - left.world.loads.height) < 15.0


def test_a_stick_stays_between_the_lowest_height_and_the_bank_that_may_be_flown() -> None:
    lanes = airborne()
    least = []
    for _ in range(400):
        lanes.post(OrderKind.STICK, x=2.5, y=-9.0)
        lanes.batch.advance_mission(5)
        least.append(lanes.batch.values("world.loads.height_agl")[0])
    assert lanes.mode() == Mode.STICK
    assert min(least) > 130.0  # the least that may be ordered is 150 m above the field
    assert abs(lanes.batch.values("pilot.estimate.phi")[0]) < 0.5


def test_a_route_is_flown_with_its_arcs_circles_and_corners() -> None:
    lanes = started(legs=LEGS)
    assert lanes.order(OrderKind.TAKE_OFF, z=1) == Reason.NONE
    flown = lanes.fly(1300)
    leg = flown["leg"][:, 0]
    arc = away(flown, 6000.0, 2000.0)
    radius = np.hypot(*arc)[leg == 2]
    assert np.abs(radius - 2000.0).max() < 40.0  # 27 m where the turn begins, a roll late
    assert np.hypot(*away(flown, 8000.0, 5000.0)).min() < 40.0  # flown over; frames are 45 m apart
    assert np.hypot(*away(flown, 8000.0, 2000.0)).min() < 90.0
    north, east = (x[(leg == 4) & (flown["mode"][:, 0] == Mode.LOITER)] for x in away(flown, 4000.0, 6000.0))
    swept = np.unwrap(np.arctan2(east, north))
    assert -2.1 * 2 * np.pi < swept[-1] - swept[0] < -1.9 * 2 * np.pi
    height = flown["height"][:, 0]
    assert abs(height[leg == 5][-1] - 1200.0) < 20.0
    assert height[leg == 5][0] < 850.0
    assert leg[-1] == 6
    assert lanes.mode() == Mode.LOITER


def test_a_leg_may_be_skipped_to_and_the_rest_be_flown() -> None:
    lanes = airborne(legs=LEGS)
    assert lanes.order(OrderKind.ROUTE, x=7) == Reason.NO_ROUTE
    assert lanes.order(OrderKind.ROUTE, x=3) == Reason.NONE
    assert lanes.mode() == Mode.ROUTE
    assert lanes.batch.values("pilot.flight.leg")[0] == 3
    flown = lanes.fly(400)
    assert np.hypot(*away(flown, 8000.0, 5000.0)).min() < 40.0


def test_a_table_swapped_in_flight_does_not_disturb_the_leg_in_hand() -> None:
    lanes = airborne(legs=LEGS)
    lanes.order(OrderKind.ROUTE, x=5)
    lanes.fly(60)
    before = lanes.batch.values("pilot.estimate.phi")[0]
    lanes.swap([*LEGS[:6], {"north": -9000.0, "east": 0.0, "altitude": 700.0}])
    assert lanes.order(OrderKind.ROUTE_SWAP, x=7) == Reason.NONE
    assert lanes.batch.values("pilot.flight.leg")[0] == 5
    flown = []
    for _ in range(30):
        lanes.batch.advance_mission(1)
        flown.append(lanes.batch.values("pilot.estimate.phi")[0])
    assert np.abs(np.diff([before, *flown])).max() < 0.03  # no more than turbulence gives in a tenth of a second
    lanes.swap(LEGS[:2])
    assert lanes.order(OrderKind.ROUTE_SWAP, x=2, y=1) == Reason.NONE
    assert lanes.order(OrderKind.ROUTE_SWAP, x=65) == Reason.NO_ROUTE
    assert lanes.order(OrderKind.ROUTE_SWAP, x=2, y=5) == Reason.NO_ROUTE
    flown_on = lanes.fly(300)
    assert np.hypot(*away(flown_on, 6000.0, 0.0)).min() < 150.0


# Protections ----------------------------------------------------------------------------------------------------------


def test_fuel_sends_a_hold_home_and_no_order_keeps_it() -> None:
    lanes = airborne()
    lanes.batch.set(0, "world.fuel", 0.9 * float(lanes.batch.carry(0).pilot.bingo))
    lanes.fly(1)
    assert lanes.mode() in (Mode.RETURN, Mode.DESCENT)
    assert lanes.batch.carry(0).pilot.reason == Reason.FUEL
    for kind in (OrderKind.HOLD, OrderKind.HEADING, OrderKind.STICK):
        assert lanes.order(kind, x=0.0, y=0.0) == Reason.FUEL


def test_ice_is_left_by_height_around_the_same_circle_and_the_hold_goes_on() -> None:
    lanes = airborne()
    lanes.order(OrderKind.HOLD, 0, **place(4000.0, 0.0), altitude=2000.0, x=-900.0)
    lanes.fly(500)
    for name, value in (("quiet", 0.0), ("exposed", 700.0), ("order", 0)):  # ten minutes in ice, and no protection
        lanes.batch.set(0, f"pilot.frost.{name}", value)
    lanes.fly(1)
    assert lanes.mode() == Mode.ESCAPE
    assert lanes.order(OrderKind.STICK, x=0.0, y=0.0) == Reason.ICE
    flown = lanes.fly(100)
    assert np.abs(np.hypot(*away(flown, 4000.0, 0.0)) - 900.0).max() < 15.0
    assert abs(flown["height"][-1, 0] - 2000.0) > 100.0
    assert lanes.order(OrderKind.HOLD, 0, **place(0.0, 6000.0), x=900.0) == Reason.NONE
    assert lanes.mode() == Mode.ESCAPE
    lanes.until(Mode.HOLD, 400)
    lanes.fly(200)
    assert np.abs(np.hypot(*away(lanes.fly(60), 0.0, 6000.0)) - 900.0).max() < 15.0


def test_an_engine_stopped_anywhere_in_a_hold_overhead_ends_on_the_runway() -> None:
    lanes = airborne(8, 900.0, 500.0)
    for lane in range(8):
        lanes.post(OrderKind.ENGINE, lane, x=0, y=1)
        lanes.batch.advance_mission(300)  # an eighth of the circle
    lanes.fly(900)
    assert [lanes.mode(lane) for lane in range(8)] == [Mode.STOPPED] * 8
    assert lanes.batch.values("world.damage").tolist() == [0] * 8


def test_an_engine_that_stops_ends_a_hold_in_a_glide() -> None:
    lanes = airborne()
    lanes.batch.set(0, "world.motor.running", 0)
    lanes.fly(1)
    assert lanes.mode() == Mode.GLIDE
    assert lanes.order(OrderKind.LAND, x=1) == Reason.NONE
    assert lanes.mode() == Mode.GLIDE
    assert lanes.batch.values("pilot.flight.field")[0] == 1


@pytest.mark.parametrize("kind", [OrderKind.HOLD, OrderKind.HEADING])
def test_a_lost_link_is_flown_from_a_hold_and_orders_are_waited_for_when_it_is_back(kind: OrderKind) -> None:
    lost = [{"north": 3000.0, "east": 3000.0, "altitude": 1000.0, "loiter": 900.0}]
    lanes = airborne(lost=lost)
    lanes.order(kind, x=0.0 if kind == OrderKind.HEADING else -900.0)
    lanes.batch.set(0, "link_age", 121.0)
    lanes.fly(2)
    assert lanes.mode() == Mode.LOST_LINK
    flown = lanes.fly(300)
    assert np.hypot(*away(flown, 3000.0, 3000.0))[-60:].max() < 1600.0
    lanes.batch.set(0, "link_age", 0.0)
    lanes.until(Mode.HOLD, 60)
    assert lanes.order(OrderKind.ROUTE) == Reason.NO_ROUTE
    assert lanes.order(OrderKind.LOST_LINK) == Reason.NONE
    lanes.fly(60)
    assert lanes.mode() == Mode.LOST_LINK  # a rehearsal goes on although the link is there
    assert lanes.batch.carry(0).pilot.reason == Reason.CREW


def test_a_mission_goes_on_when_the_link_is_back() -> None:
    lanes = airborne(legs=LEGS, lost=[{"north": 3000.0, "east": 3000.0, "altitude": 1000.0, "loiter": 900.0}])
    lanes.order(OrderKind.ROUTE, x=3)
    lanes.batch.set(0, "link_age", 121.0)
    lanes.fly(30)
    assert lanes.mode() == Mode.LOST_LINK
    lanes.batch.set(0, "link_age", 0.0)
    lanes.until(Mode.ROUTE, 60)
    assert lanes.batch.values("pilot.flight.leg")[0] == 3


def test_ice_protection_is_ordered_on_off_and_back() -> None:
    lanes = airborne()
    assert lanes.order(OrderKind.ICE_PROTECTION, x=1) == Reason.NONE
    lanes.fly(1)
    assert lanes.batch.values("pilot.frost.on")[0] == 1
    assert lanes.order(OrderKind.ICE_PROTECTION, x=-1) == Reason.NONE
    lanes.fly(1)
    assert lanes.batch.values("pilot.frost.on")[0] == 0


# Answers --------------------------------------------------------------------------------------------------------------


def test_nonsense_is_refused() -> None:
    lanes = airborne()
    assert lanes.order(99) == Reason.UNKNOWN
    assert lanes.order(OrderKind.HOLD, latitude=2.0, longitude=0.0) == Reason.UNKNOWN
    assert lanes.order(OrderKind.HOLD, latitude=0.9) == Reason.UNKNOWN
    assert lanes.order(OrderKind.HEADING, x=90.0) == Reason.UNKNOWN
    assert lanes.order(OrderKind.FIGURE_EIGHT) == Reason.UNKNOWN
    assert lanes.order(OrderKind.HOLD, altitude=float("inf")) == Reason.TOO_HIGH
    assert lanes.order(OrderKind.ENGINE, x=float("nan")) == Reason.UNKNOWN
    assert lanes.mode() == Mode.HOLD


def test_an_order_is_answered_once_and_carried_out_once() -> None:
    lanes = airborne()
    assert lanes.order(OrderKind.HEADING, x=0.0) == Reason.NONE
    since = []
    for _ in range(20):
        lanes.batch.advance_mission(1)
        assert lanes.answer() == Reason.NONE
        since.append(lanes.batch.values("pilot.flight.since")[0])
    assert np.all(np.diff(since) > 0.0)  # the same mailbox is not read again


def test_a_live_lane_is_not_flown_by_a_program_without_orders() -> None:
    given = Inputs(task(), plan().aircraft, plan().tables)
    plain = Inputs(replace(task(), live=0), plan().aircraft, plan().tables)
    made = Engines.__new__(Engines)
    made.live = 0
    with pytest.raises(EngineError, match="live"):
        made.start([plain, given])
    assert engines().live == 1


def test_a_mission_flies_the_same_bits_in_the_program_that_takes_orders() -> None:
    given = Inputs(plan().task, plan().aircraft, plan().tables)
    plain, live = (made.start([given]).advance(1200, 10) for made in (Engines(given, "native", 1), engines()))
    assert np.array_equal(plain.data, live.data, equal_nan=True)


KINDS = [k for k in OrderKind if k not in (OrderKind.NONE, OrderKind.ROUTE_SWAP)]


def drawn(rng: np.random.Generator) -> tuple[OrderKind, dict[str, float]]:
    """An order as a careless person might give it; the engine is not stopped in an emergency."""
    kind = KINDS[rng.integers(len(KINDS))]
    numbers: dict[str, float] = {}
    if rng.random() < 0.5:
        numbers |= place(*rng.uniform(-12000.0, 12000.0, 2))
    if rng.random() < 0.7:
        numbers["altitude"] = float(rng.uniform(300.0, 3000.0))
    for name, low, high in (("x", -3000.0, 3000.0), ("y", -100.0, 1000.0), ("z", -3.0, 3.0)):
        if rng.random() < 0.7:
            numbers[name] = float(rng.uniform(low, high) * rng.choice([1.0, 0.1, 0.01, 0.001]))
    if kind == OrderKind.ENGINE:
        numbers["y"] = 0.0
    return kind, numbers


def test_no_order_leads_out_of_the_envelope() -> None:
    """Eight aircraft, half an hour, an order to each every 4 s on average, links that come and go: none stalls, none is
    too fast or broken, no engine stops."""
    rng = np.random.default_rng(5)
    lanes = airborne(8, legs=LEGS[:4], lost=[{"north": 3000.0, "east": 3000.0, "altitude": 1000.0}])
    asked = 0
    for _ in range(900):
        for lane in np.flatnonzero(rng.random(8) < 0.5).tolist():
            kind, numbers = drawn(rng)
            lanes.post(kind, lane, **numbers)
            asked += 1
        lanes.batch.set(asked % 8, "link_age", float(rng.choice([0.0, 1.0, 60.0, 200.0])))
        lanes.batch.advance_mission(1)
        for lane in range(8):
            lanes.answer(lane)
        lanes.batch.advance_mission(19)
    assert asked > 3000
    for lane in range(8):
        carry = lanes.batch.carry(lane)
        events = carry.ledger.events
        assert (carry.world.damage, carry.world.status) == (0, 0), Mode(carry.pilot.mode)
        assert (events.stalled.count, events.overspeed.count) == (0, 0)
        assert carry.ledger.margins.load_factor_high < 2.5  # a turn at 25 degrees is 1.1; the rest is turbulence
        if carry.world.loads.on_ground == 0:
            assert carry.world.motor.running == 1


def test_no_order_leads_into_a_mountain() -> None:
    """Eight aircraft among mountains, half an hour of headings, sticks and places beyond ridges at 700 m: the ground's
    top is at 1,917 m."""
    rng = np.random.default_rng(11)
    lanes = lifted(Lanes.among_mountains(8), 900.0, 300.0)
    home, lowest = mountains().task.home, np.full(8, np.inf)
    for _ in range(180):
        for lane in range(8):
            kind = (OrderKind.HOLD, OrderKind.HEADING, OrderKind.STICK, OrderKind.FIGURE_EIGHT)[rng.integers(4)]
            numbers = {"x": float(rng.uniform(-0.4, 0.4)), "y": -4.0}
            if kind == OrderKind.HEADING:
                numbers = {"x": float(rng.uniform(-3.14, 3.14)), "altitude": 700.0}
            elif kind != OrderKind.STICK:
                there = np.array([home.latitude, home.longitude]) + rng.uniform(-0.004, 0.004, 2)
                numbers = {"latitude": there[0], "longitude": there[1], "altitude": 700.0, "x": 2500.0, "y": 0.0}
            if rng.random() < 0.15:
                lanes.post(kind, lane, **numbers)
        for _ in range(10):
            lanes.batch.advance_mission(10)
            lowest = np.minimum(lowest, lanes.batch.values("world.loads.height_agl"))
    assert lanes.batch.values("world.damage").tolist() == [0] * 8
    assert lowest.min() > 60.0
    assert lowest.min() < 600.0  # they were among them


def test_a_height_below_the_ridges_ahead_is_refused_and_one_above_is_flown() -> None:
    lanes = lifted(Lanes.among_mountains(1), 900.0, 300.0)
    assert lanes.order(OrderKind.HOLD, latitude=np.radians(44.27), longitude=np.radians(-71.303)) == Reason.NONE
    lanes.fly(500)
    assert lanes.order(OrderKind.ALTITUDE, altitude=1200.0) == Reason.TOO_LOW
    assert lanes.order(OrderKind.ALTITUDE, altitude=2300.0) == Reason.NONE
    lanes.fly(240)
    assert abs(lanes.batch.values("world.loads.height")[0] - 2300.0) < 20.0
