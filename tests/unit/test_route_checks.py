"""What a mission must keep: each rule refuses what breaks it, and lets pass what keeps it."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from samruk.rules.fences import boundaries
from samruk.rules.items import Cmd, Item, Kind, Problem, Severity, Verdict, at, worst
from samruk.rules.route import Field, Setting, walk
from samruk.rules.route_checks import Ability, World, check, estimate, path_of
from samruk.sphere import ahead
from samruk.terrain_file.grid import Grid

HOME = Field(math.radians(51.02), math.radians(71.47), 355.0, 0.4, name="Astana")
AWAY = Field(math.radians(51.60), math.radians(71.47), 300.0, 0.0, name="north field")
SETTING = Setting((HOME, AWAY), 1500.0)
ABLE = Ability(airspeed=50.0, slowest=36.0, fastest=75.0, climb=0.05, descent=0.06, ceiling=7000.0, fuel=100.0,
               flow=0.008)  # fmt: skip
WORLD = World(SETTING, ABLE)
LAND = at(Cmd.NAV_LAND, HOME.latitude, HOME.longitude, 0.0, 3)


def point(north: float, east: float, altitude: float = 1500.0, command: int = Cmd.NAV_WAYPOINT, frame: int = 0,
          params: tuple[float | None, ...] = (0.0, 0.0, 0.0, 0.0)) -> Item:  # fmt: skip
    where = ahead(ahead((HOME.latitude, HOME.longitude), 0.0, north), 0.5 * math.pi, east)
    return at(command, *where, altitude, frame, params)


def do(command: int, *params: float) -> Item:
    p = [*params, 0.0, 0.0, 0.0, 0.0]
    return Item(command, 2, (p[0], p[1], p[2], p[3]))


GOOD = (point(20e3, 0), point(30e3, 15e3, 2000.0), point(10e3, 15e3, 1500.0), LAND)


def errors(items: tuple[Item, ...], world: World = WORLD, kind: Kind = Kind.MISSION) -> list[Problem]:
    return [p for p in check(items, kind, world) if p.severity is Severity.ERROR]


def warnings(items: tuple[Item, ...], world: World = WORLD) -> list[str]:
    return [p.words for p in check(items, Kind.MISSION, world) if p.severity is Severity.WARNING]


def test_a_good_mission_has_nothing_against_it() -> None:
    assert check(GOOD, Kind.MISSION, WORLD) == []


@pytest.mark.parametrize(
    ("items", "item", "words"),
    [
        ((point(20e3, 0, 8000.0), LAND), 0, "ceiling"),
        ((point(20e3, 0, 380.0), LAND), 0, "lowest"),
        ((point(20e3, 0), do(Cmd.DO_CHANGE_SPEED, 0, 20.0), LAND), 1, "36 to 75"),
        ((point(20e3, 0), point(20e3, 9e3, command=Cmd.NAV_LOITER_TURNS, params=(2.0, 0.0, 300.0, 0.0)), LAND), 1,
         "turns in"),
        ((point(20e3, 0), point(20.4e3, 0, command=Cmd.NAV_ARC_WAYPOINT, params=(180.0, 0.0, 0.0, 0.0)), LAND), 1,
         "turns in"),
        ((point(20e3, 0), do(Cmd.DO_JUMP, 9, 1), LAND), 1, "not there"),
        ((do(Cmd.JUMP_TAG, 1), do(Cmd.DO_JUMP, 0, -1), point(20e3, 0), LAND), 1, "fly nowhere"),
        ((point(20e3, 0), point(40e3, 40e3, command=Cmd.NAV_LAND)), 1, "nearest known runway"),
        ((point(20e3, 0), do(Cmd.NAV_TAKEOFF), LAND), 1, "put it first"),
        ((do(Cmd.NAV_TAKEOFF), do(Cmd.DO_SET_ROI_NONE)), -1, "nothing is flown"),
    ],
)  # fmt: skip
def test_what_cannot_be_flown_is_refused_by_item_and_reason(items: tuple[Item, ...], item: int, words: str) -> None:
    found = errors(items)
    assert [p.item for p in found] == [item]
    assert words in found[0].words


def test_home_before_the_take_off_is_passed_by() -> None:
    """As stations write it that keep home as the first item."""
    items = (point(0, 0, 355.0), do(Cmd.NAV_TAKEOFF), *GOOD)
    assert check(items, Kind.MISSION, WORLD) == []
    assert [step.item for step in walk(items, SETTING)][:2] == [2, 3]
    assert "put it first" in errors((point(40e3, 0), do(Cmd.NAV_TAKEOFF), LAND))[0].words


def test_more_than_the_fuel_is_refused_and_no_field_is_out_of_reach() -> None:
    far = (point(300e3, 0), point(600e3, 0), LAND)
    found = errors(far)
    assert "kg" in found[0].words
    thin = replace(WORLD, ability=replace(ABLE, fuel=0.008 / 50.0 * 62e3))
    home = errors((point(35e3, 20e3), LAND), thin)
    assert any("no field is reached" in p.words or "the mission takes" in p.words for p in home)
    way = estimate(list(walk(GOOD, SETTING)), WORLD)
    assert way.time == pytest.approx(way.way / 50.0)
    assert not way.endless


def test_an_endless_mission_is_told_not_refused() -> None:
    loop = (point(20e3, 0), point(30e3, 15e3), do(Cmd.DO_JUMP, 0, -1))
    assert errors(loop, replace(WORLD, ability=replace(ABLE, fuel=math.inf))) == []
    assert any("no end" in words for words in warnings(loop, replace(WORLD, ability=replace(ABLE, fuel=math.inf))))


def test_steep_legs_and_tight_corners_are_told() -> None:
    steep = (point(20e3, 0, 800.0), point(22e3, 0, 2500.0), LAND)
    assert any("%" in words for words in warnings(steep))
    corner = (point(20e3, 0), point(22e3, 0), point(20e3, 300.0), LAND)
    assert any("turn of" in words for words in warnings(corner))


def fence(*corners: tuple[float, float], inclusion: bool = True) -> list[Item]:
    command = Cmd.FENCE_POLYGON_INCLUSION if inclusion else Cmd.FENCE_POLYGON_EXCLUSION
    return [point(n, e, 0.0, command, params=(float(len(corners)), 0.0, 0.0, 0.0)) for n, e in corners]


BOX = fence((-5e3, -5e3), (-5e3, 25e3), (35e3, 25e3), (35e3, -5e3))


def test_a_way_out_of_the_fence_is_refused_at_its_item() -> None:
    world = replace(WORLD, fences=boundaries(BOX))
    assert errors(GOOD, world) == []
    out = (GOOD[0], point(40e3, 0), LAND)
    assert [p.item for p in errors(out, world)] == [1]
    hole = boundaries([*BOX, *fence((22e3, 2e3), (22e3, 8e3), (28e3, 5e3), inclusion=False)])
    assert [p.item for p in errors(GOOD, replace(WORLD, fences=hole))] == [1]


@pytest.mark.parametrize("end", [LAND, Item(int(Cmd.NAV_RETURN_TO_LAUNCH))])
def test_a_way_home_through_a_closed_area_is_refused_at_the_end(end: Item) -> None:
    around = (point(10e3, -12e3), point(30e3, 0.0), end)
    assert errors(around) == []
    closed = boundaries(fence((14e3, -2e3), (14e3, 2e3), (20e3, 0.0), inclusion=False))
    assert [p.item for p in errors(around, replace(WORLD, fences=closed))] == [2]


def test_a_circle_and_an_arc_that_bulge_out_of_the_fence_are_refused() -> None:
    world = replace(WORLD, fences=boundaries(BOX))
    circle = point(33e3, 0, command=Cmd.NAV_LOITER_TURNS, params=(1.0, 0.0, 3000.0, 0.0))
    assert [p.item for p in errors((GOOD[0], circle, LAND), world)] == [1]
    arc = point(30e3, 0, command=Cmd.NAV_ARC_WAYPOINT, params=(170.0, 0.0, 0.0, 0.0))
    assert [p.item for p in errors((point(14e3, 0), arc, LAND), world)] == [1]  # to the west by 7 km
    straight = replace(arc, command=int(Cmd.NAV_WAYPOINT), params=(0.0, 0.0, 0.0, 0.0))
    assert errors((point(14e3, 0), straight, LAND), world) == []


def test_an_arc_is_looked_at_where_it_is_flown() -> None:
    step = list(walk((point(10e3, 0), point(14e3, 0, command=Cmd.NAV_ARC_WAYPOINT, params=(90.0, 0, 0, 0)), LAND),
                     SETTING))[1]  # fmt: skip
    assert step.leg is not None
    way = path_of((GOOD[0].latitude, GOOD[0].longitude), replace(step.leg, arc=0.0))
    assert len(way) == 2
    here = (point(10e3, 0).latitude, point(10e3, 0).longitude)
    west = min(longitude for _, longitude in path_of(here, step.leg))
    bulge = (here[1] - west) * 6371e3 * math.cos(here[0])
    assert bulge == pytest.approx(4e3 / 2.0 * math.tan(math.radians(22.5)), rel=0.02)  # sagitta, eight pieces


def test_a_fence_that_shuts_home_out_and_a_rally_point_outside_are_refused() -> None:
    away = fence((10e3, -5e3), (10e3, 5e3), (20e3, 0.0))
    assert "home outside" in errors(tuple(away), kind=Kind.FENCE)[0].words
    assert errors(tuple(BOX), kind=Kind.FENCE) == []
    rally = point(60e3, 0, 300.0, Cmd.NAV_RALLY_POINT, frame=3)
    assert errors((rally,), replace(WORLD, fences=boundaries(BOX)), Kind.RALLY)[0].item == 0


def hill(height: float) -> Grid:
    """Level ground at home's elevation with a ridge 15 to 17 km north of it."""
    north, west, step = math.radians(51.5), math.radians(71.0), math.radians(1.0 / 240.0)
    heights = np.full((200, 240), 355, np.int16)
    latitude = north - step * np.arange(200)
    away = (latitude - HOME.latitude) * 6371e3
    heights[(away > 15e3) & (away < 17e3), :] = height
    return Grid(heights, north, west, step, step)


def test_a_leg_into_a_hill_is_refused_and_above_it_is_not() -> None:
    low = (point(10e3, 0, 900.0), point(20e3, 0, 900.0), LAND)
    world = replace(WORLD, grid=hill(1000))
    assert 1 in {p.item for p in errors(low, world)}
    assert all(p.verdict == Verdict.INVALID_PARAM7 for p in errors(low, world))
    assert errors((point(-15e3, 0, 1300.0), point(20e3, 0, 1300.0), LAND), world) == []
    up = point(8e3, 0, 1300.0, Cmd.NAV_LOITER_TO_ALT)
    assert errors((up, point(20e3, 0, 1300.0), LAND), world) == []


def test_terrain_heights_are_above_the_ground_of_their_place() -> None:
    grid = hill(1000)
    setting = replace(SETTING, ground=lambda latitude, longitude: float(grid.at(latitude, longitude)))
    step = next(iter(walk((point(16e3, 0, 300.0, frame=10), LAND), setting)))
    assert step.leg is not None
    assert step.leg.altitude == pytest.approx(1300.0)


def test_a_lost_link_route_ends_at_home_and_holds_few_items() -> None:
    assert errors((point(20e3, 0), LAND), kind=Kind.LOST_LINK) == []
    other = at(Cmd.NAV_LAND, AWAY.latitude, AWAY.longitude)
    assert "ends at home" in errors((point(20e3, 0), other), kind=Kind.LOST_LINK)[0].words
    assert errors((point(20e3, 0), do(Cmd.DO_JUMP, 0, 1)), kind=Kind.LOST_LINK)[0].verdict == Verdict.UNSUPPORTED
    assert worst(check((point(20e3, 0),) * 17, Kind.LOST_LINK, WORLD)) is not None


def test_the_rules_are_quick() -> None:
    """A hundred items with fence and terrain within a quarter of a second: an editor asks at every drag."""
    many = tuple(point(2e3 * (k % 10) + 12e3, 1e3 * (k // 10), 1400.0) for k in range(100))
    world = replace(WORLD, fences=boundaries(BOX), grid=hill(600), ability=replace(ABLE, fuel=1e4))
    check(many, Kind.MISSION, world)
    began = time.perf_counter()
    check(many, Kind.MISSION, world)
    assert time.perf_counter() - began < 0.25 * 4  # four times, for a busy machine
