"""The mission computer: from items to legs, jumps, windows, what is done on the way."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest

from samruk import load
from samruk.messages import Mode, OrderKind
from samruk.mission import LEGS
from samruk.rules.items import Cmd, Item, Kind, at
from samruk.rules.route import Field, Setting, bakes_speed, items_of, walk
from samruk.sphere import ahead, bearing, distance
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.itinerary import ACTIVE, COMPLETE, WINDOW, Computer
from samruk.vehicle.live import LOST_LINK, MAIN, Live
from samruk.vehicle.service import Asked, Now, Reply, Result, Sender
from tests.vehicle.protocol_path import Message

HOME = Field(math.radians(51.02), math.radians(71.47), 355.0, 0.4)
SETTING = Setting((HOME, Field(math.radians(52.0), math.radians(70.0), 250.0, 1.0)), 1500.0)
STATION = Sender(241)


def point(north: float, east: float, altitude: float = 1500.0, command: int = Cmd.NAV_WAYPOINT, **more: Any) -> Item:
    where = ahead(ahead((HOME.latitude, HOME.longitude), 0.0, north), 0.5 * math.pi, east)
    return at(command, *where, altitude, **more)


def do(command: int, *params: float) -> Item:
    p = [*params, 0.0, 0.0, 0.0, 0.0]
    return Item(command, 2, (p[0], p[1], p[2], p[3]))


def items_flown(items: list[Item], most: int = 50) -> list[int]:
    return [step.item for step in itertools.islice(walk(items, SETTING), most)]


def test_a_jump_is_taken_as_often_as_it_says_and_then_passed() -> None:
    items = [point(5e3, 0), point(9e3, 0), do(Cmd.DO_JUMP, 0, 2), point(12e3, 0), do(Cmd.NAV_RETURN_TO_LAUNCH)]
    assert items_flown(items) == [0, 1, 0, 1, 0, 1, 3, 4]


def test_loops_in_loops_and_tags() -> None:
    items = [do(Cmd.JUMP_TAG, 7), point(5e3, 0), point(9e3, 0), do(Cmd.DO_JUMP, 2, 1), do(Cmd.DO_JUMP_TAG, 7, 1),
             do(Cmd.NAV_LAND)]  # fmt: skip
    assert items_flown(items) == [1, 2, 2, 1, 2, 2, 5]


def test_an_endless_loop_gives_as_many_steps_as_are_asked_for() -> None:
    assert items_flown([point(5e3, 0), point(9e3, 0), do(Cmd.DO_JUMP, 0, -1)], 101) == [0, 1] * 50 + [0]
    assert items_flown([do(Cmd.DO_JUMP, 0, -1)]) == []


def test_a_mission_without_a_way_home_ends_in_a_circle() -> None:
    steps = list(walk([point(5e3, 0, 1800.0)], SETTING))
    assert [step.ends for step in steps] == ["", "hold"]
    assert steps[-1].leg is not None
    assert steps[-1].leg.altitude == 1800.0


def test_heights_speeds_and_circles_come_out_as_asked() -> None:
    items = [
        point(5e3, 0, 800.0, frame=3), do(Cmd.DO_CHANGE_SPEED, 0, 52.0),
        point(9e3, 0, 2000.0, Cmd.NAV_LOITER_TURNS, params=(3.0, 0.0, -2000.0, None)),
        do(Cmd.DO_CHANGE_SPEED, 0, -2.0),
        point(9e3, 4e3, 2500.0, Cmd.NAV_LOITER_TO_ALT, params=(0.0, 1200.0, 0.0, 0.0)),
        do(Cmd.NAV_LAND),
    ]  # fmt: skip
    legs = [step.leg for step in walk(items, SETTING) if step.leg is not None]
    assert legs[0].altitude == pytest.approx(800.0 + 355.0)
    assert (legs[1].airspeed, legs[1].turns, legs[1].radius) == (52.0, 3.0, -2000.0)
    assert (legs[2].airspeed, legs[2].to_altitude, legs[2].radius) == (0.0, 1.0, 1200.0)


def test_a_speed_that_waits_is_not_written_into_the_legs() -> None:
    items = [point(5e3, 0), do(Cmd.CONDITION_DELAY, 5), do(Cmd.DO_CHANGE_SPEED, 0, 52.0), point(9e3, 0)]
    assert not bakes_speed(items)
    steps = list(walk(items, SETTING))
    assert steps[1].before == (1, 2)
    assert steps[1].leg is not None
    assert steps[1].leg.airspeed == 0.0


@pytest.mark.parametrize("angle", [60.0, -90.0, 170.0, 240.0, -300.0])
def test_an_arc_is_the_circle_through_its_ends(angle: float) -> None:
    """Every point of the arc is one radius from one centre: 0.3 % for the sphere over some kilometres."""
    a, b = point(5e3, 0), point(9e3, 3e3, command=Cmd.NAV_ARC_WAYPOINT, params=(angle, 0.0, 0.0, 0.0))
    steps = [step for step in walk([a, b, do(Cmd.NAV_LAND)], SETTING) if step.leg is not None]
    radius = steps[-1].leg.arc  # type: ignore[union-attr]
    assert abs(radius) == pytest.approx(5e3 / (2.0 * math.sin(math.radians(abs(angle)) / 2.0)), rel=3e-3)
    assert math.copysign(1.0, radius) == math.copysign(1.0, angle)
    assert len(steps) == (2 if abs(angle) < 180.0 else 3)
    if len(steps) == 3:
        places = [(s.leg.latitude, s.leg.longitude) for s in steps]  # type: ignore[union-attr]
        # A part of so many degrees begins half of them aside of its chord; the centre lies square to that.
        tangent = bearing(places[0], places[1]) - math.radians(angle) / 4.0
        centre = ahead(places[0], tangent + math.copysign(0.5 * math.pi, angle), abs(radius))
        for place in places:
            assert distance(*centre, *place) == pytest.approx(abs(radius), rel=3e-3)


def test_a_change_of_height_goes_straight_on() -> None:
    items = [point(5e3, 0), point(10e3, 0), Item(Cmd.NAV_CONTINUE_AND_CHANGE_ALT, 0, z=2400.0), do(Cmd.NAV_LAND)]
    leg = list(walk(items, SETTING))[2].leg
    assert leg is not None
    here = items[1].latitude, items[1].longitude
    assert distance(*here, leg.latitude, leg.longitude) == pytest.approx(900.0 / 0.03, rel=1e-3)
    assert bearing(here, (leg.latitude, leg.longitude)) == pytest.approx(0.0, abs=1e-3)


def test_legs_of_a_file_come_back_from_their_items() -> None:
    items = [point(5e3, 0), point(9e3, 0, command=Cmd.NAV_LOITER_TIME, params=(600.0, 0.0, 0.0, 0.0))]
    legs = [step.leg for step in walk([*items, do(Cmd.NAV_RETURN_TO_LAUNCH)], SETTING) if step.leg is not None]
    assert items_of(legs)[:2] == tuple(items)


# In flight ------------------------------------------------------------------------------------------------------------


def test_a_long_mission_is_flown_through_its_window_and_does_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop of more legs than the window holds, flown by the whole step; then home, landed, stopped."""
    monkeypatch.setattr("samruk.vehicle.itinerary.WINDOW", 6)
    plan = load.mission("circuit")
    live = Live(plan, [0])
    aircraft = Aircraft(live, 0)
    done: list[tuple[int, float]] = []

    def carry_out(asked: Asked, now: Now) -> Reply:
        done.append((asked.command, now.simulated))
        return Reply()

    computer = Computer(aircraft, carry_out)
    home = aircraft.home
    global HOME
    HOME = Field(float(home.latitude), float(home.longitude), float(home.elevation), float(home.heading))
    height = HOME.elevation + 700.0
    items = (
        do(Cmd.NAV_TAKEOFF), point(6e3, 0, height), do(Cmd.CONDITION_DELAY, 20.0), do(Cmd.DO_SET_ROI_NONE),
        point(6e3, 5e3, height), point(2e3, 5e3, height), do(Cmd.DO_JUMP, 1, 2), do(Cmd.NAV_LAND),
    )  # fmt: skip
    assert computer.take(Kind.MISSION, items) == ""
    aircraft.order(OrderKind.ENGINE, x=1.0)
    reached: list[int] = []
    longest = 0

    def fly(seconds: float, until: Any = lambda: False) -> None:
        nonlocal longest
        end = live.time + seconds
        while live.time < end and not until():
            live.advance(10)
            now = Now(live.tick, live.time, live.time, live.utc)
            reached.extend(out.fields["seq"] for out in computer.due(now) if out.name == "MISSION_ITEM_REACHED")
            longest = max(longest, len(aircraft.legs()))

    fly(60.0)
    reply = computer.start(STATION)
    assert reply.order is not None
    fly(5.0)
    answer = aircraft.answer(reply.order)
    assert answer is not None
    assert answer.accepted, answer
    fly(1500.0, lambda: computer.active)
    assert computer.current()[1] == ACTIVE
    fly(4000.0, lambda: aircraft.picture.mode == Mode.STOPPED)
    assert aircraft.picture.mode == Mode.STOPPED
    assert reached == [1, 4, 5] * 3 + [7]
    assert computer.current()[1] == COMPLETE
    assert longest <= 6
    assert [command for command, _ in done] == [Cmd.DO_SET_ROI_NONE] * 3


def test_the_lost_link_route_is_swapped_and_not_taken_away_in_the_air() -> None:
    live = Live(load.mission("circuit"), [0])
    computer = Computer(Aircraft(live, 0))
    assert computer.take(Kind.LOST_LINK, (point(5e3, 0), point(9e3, 0), do(Cmd.NAV_RETURN_TO_LAUNCH))) == ""
    live.advance(3)
    assert len(live.legs(0, LOST_LINK)) == 2
    assert WINDOW + 16 < 64
    assert list(computer.heard(Message("HEARTBEAT", {}), STATION, Now())) == []


def test_both_routes_always_fit_the_table() -> None:
    live = Live(load.mission("circuit"), [0])
    aircraft = Aircraft(live, 0)
    computer = Computer(aircraft)
    angle = (270.0, 0.0, 0.0, 0.0)
    arcs = [point(5e3 * (k + 1), 0, command=Cmd.NAV_ARC_WAYPOINT, params=angle) for k in range(16)]
    assert "32 legs" in computer.take(Kind.LOST_LINK, (*arcs, do(Cmd.NAV_RETURN_TO_LAUNCH)))
    leg = next(walk([point(5e3, 0)], SETTING)).leg
    live.swap_route(0, [leg] * 30, LOST_LINK)
    live.advance(2)
    long = tuple(point(5e3 + 1e3 * k, 0) for k in range(80))
    assert computer.take(Kind.MISSION, long) == ""
    live.advance(2)
    assert len(live.legs(0, MAIN)) == LEGS - 30


def test_a_restart_finds_its_place_in_the_mission_again() -> None:
    live = Live(load.mission("circuit"), [0])
    before = Computer(Aircraft(live, 0))
    items = (*[point(5e3 + 1e3 * k, 0) for k in range(8)], do(Cmd.NAV_LAND))
    assert before.take(Kind.MISSION, items) == ""
    live.advance(2)
    before.set_current(STATION, 3)
    live.advance(2)
    after = Computer(Aircraft(live, 0))
    after.restore({Kind.MISSION: items, Kind.RALLY: (point(3e3, 0, 200.0, Cmd.NAV_RALLY_POINT, frame=3),)})
    assert after.item == before.item == 3
    assert after.current() == before.current()


def test_a_refused_jump_leaves_the_mission_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(load.mission("circuit"), [0])
    computer = Computer(Aircraft(live, 0))
    items = (*[point(5e3 + 1e3 * k, 0) for k in range(4)], do(Cmd.NAV_RETURN_TO_LAUNCH), do(Cmd.DO_SET_ROI_NONE))
    assert computer.take(Kind.MISSION, items) == ""
    live.advance(2)
    assert computer.set_current(STATION, 2).order is not None
    live.advance(2)
    for refused in (computer.set_current(STATION, 5), computer.set_current(STATION, 4), computer.start(STATION, 5)):
        assert refused.result == Result.DENIED
        assert computer.item == 2
    monkeypatch.setattr(Computer, "active", True)
    list(computer.due(Now(live.tick, live.time, live.time, live.utc)))
    assert computer.set_current(STATION, 5).result == Result.DENIED
    list(computer.due(Now(live.tick, live.time, live.time, live.utc)))
    assert computer.take(Kind.MISSION, ()) == ""
    live.advance(2)
    list(computer.due(Now(live.tick, live.time, live.time, live.utc)))


def test_a_rally_point_counts_where_it_is_nearer_than_home() -> None:
    live = Live(load.mission("circuit"), [0])
    live.advance(10)
    computer = Computer(Aircraft(live, 0))
    assert computer.rally() is None
    home = computer.setting.home
    e = computer.aircraft.picture.estimate
    here = at(Cmd.NAV_RALLY_POINT, float(e.latitude), float(e.longitude), 300.0, 3)
    assert computer.take(Kind.RALLY, (at(Cmd.NAV_RALLY_POINT, home.latitude + 0.1, home.longitude, 1.0), here)) == ""
    assert computer.rally() == (here.latitude, here.longitude, 300.0 + home.elevation)


def test_a_mission_that_is_changed_in_flight_goes_on_where_it_was() -> None:
    """A waypoint is moved and two are added while the third is flown; then the crew holds, jumps on, and goes home."""
    live = Live(load.mission("circuit"), [0])
    aircraft = Aircraft(live, 0)
    home = aircraft.home
    base = float(home.latitude), float(home.longitude)
    height = float(home.elevation) + 700.0

    def place(north: float, east: float) -> Item:
        return at(Cmd.NAV_WAYPOINT, *ahead(ahead(base, 0.0, north), 0.5 * math.pi, east), height)

    computer = Computer(aircraft)
    first = (place(6e3, 0), place(6e3, 6e3), place(12e3, 6e3), do(Cmd.NAV_RETURN_TO_LAUNCH))
    assert computer.take(Kind.MISSION, first) == ""
    reached: list[int] = []

    def fly(seconds: float, until: Any = lambda: False) -> None:
        end = live.time + seconds
        while live.time < end and not until():
            live.advance(10)
            now = Now(live.tick, live.time, live.time, live.utc)
            reached.extend(out.fields["seq"] for out in computer.due(now))

    def mode() -> Mode:
        return aircraft.picture.mode

    def accepted(reply: Reply) -> bool:
        assert reply.order is not None
        fly(2.0)
        answer = aircraft.answer(reply.order)
        assert answer is not None
        if answer.accepted and reply.done is not None:
            reply.done()
        return bool(answer.accepted)

    aircraft.order(OrderKind.ENGINE, x=1.0)
    fly(60.0)
    assert accepted(computer.start(STATION))
    fly(2500.0, lambda: computer.item == 2)
    assert reached == [0, 1]
    changed = (*first[:3], place(12e3, 10e3), place(6e3, 10e3), do(Cmd.NAV_LAND))
    assert computer.take(Kind.MISSION, changed) == ""
    fly(5.0)
    assert computer.item == 2
    assert computer.active
    aircraft.order(OrderKind.HOLD)
    fly(60.0)
    assert computer.current()[1:] == (4, 2)
    assert computer.take(Kind.MISSION, changed) == ""  # while it holds, the hold goes on
    fly(5.0)
    assert mode() == Mode.HOLD
    assert accepted(computer.start(STATION))
    assert computer.active
    assert computer.item == 2
    assert accepted(computer.set_current(STATION, 4))
    fly(900.0, lambda: mode() not in (Mode.ROUTE, Mode.CLIMB))
    assert reached == [0, 1, 4]
    assert mode() == Mode.RETURN
    fly(3000.0, lambda: mode() == Mode.STOPPED)
    assert reached == [0, 1, 4, 5]
