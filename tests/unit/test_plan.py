"""QGroundControl plans: read, written back, flown as legs, kept inside their fence."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from samruk import plan, sphere
from samruk.errors import MissionError
from samruk.load import DATA
from samruk.plan import Fence, Item, Plan, PlanItem, Setting

TEXT = (DATA / "missions" / "astana-january" / "route.plan").read_text(encoding="utf-8")
HOME = Setting(math.radians(51.0), math.radians(71.0), 350.0, 7200.0)


def item(command: int, *params: float | None, frame: int = 3, line: int = 1) -> PlanItem:
    return PlanItem(Item(command), frame, (*params, *(0.0,) * (7 - len(params))), line)


def point(latitude: float, longitude: float, altitude: float = 1000.0, command: int = 16, **kind: Any) -> PlanItem:
    first = kind.pop("first", 0.0)
    return item(command, first, 0.0, kind.pop("radius", 0.0), None, latitude, longitude, altitude, **kind)


def of(*items: PlanItem, fences: tuple[Fence, ...] = ()) -> Plan:
    return Plan(items, (51.0, 71.0, 350.0), fences, place="p.plan")


def refusal(call: Any, *arguments: Any) -> str:
    with pytest.raises(MissionError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Reading and writing


def test_a_plan_is_written_back_as_it_was_read() -> None:
    assert json.loads(plan.write(plan.read(TEXT, "p"))) == json.loads(TEXT)


def test_reading_what_was_written_gives_the_same_plan() -> None:
    once = plan.read(TEXT, "p")
    again = plan.read(plan.write(once), "p")
    assert (again.items, again.fences, again.rally, again.home) == (once.items, once.fences, once.rally, once.home)


def test_keys_that_are_not_understood_are_kept() -> None:
    document = json.loads(TEXT)
    document["vendor"] = {"a": [1, None, "x"]}
    document["mission"]["hoverSpeed"] = 3.25
    document["mission"]["items"][1]["AMSLAltAboveTerrain"] = None
    document["geoFence"]["polygons"][0]["note"] = "n"
    document["geoFence"]["note"] = 1
    document["rallyPoints"]["note"] = 2
    assert json.loads(plan.write(plan.read(json.dumps(document), "p"))) == document


def test_a_new_plan_of_own_items_can_be_read() -> None:
    fences = (Fence(True, ((50.0, 70.0), (50.0, 72.0), (52.0, 72.0))), Fence(False, ((51.0, 71.5),), 500.0))
    made = replace(of(point(51.1, 71.1), fences=fences), rally=((51.0, 71.0, 100.0),))
    again = plan.read(plan.write(made), "p")
    assert [i.params for i in again.items] == [i.params for i in made.items]
    assert [(f.inclusion, f.points_deg, f.radius) for f in again.fences] == [
        (f.inclusion, f.points_deg, f.radius) for f in fences
    ]
    assert again.rally == made.rally


def test_changed_items_leave_the_rest_alone() -> None:
    read = plan.read(TEXT, "p")
    shorter = replace(read, items=read.items[:3])
    written = json.loads(plan.write(shorter))
    assert len(written["mission"]["items"]) == 3
    assert written["geoFence"] == json.loads(TEXT)["geoFence"]


def changed(path: tuple[str | int, ...], value: Any) -> str:
    document = json.loads(TEXT)
    inner = document
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return json.dumps(document, indent=1)


ITEM = ("mission", "items", 1)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("fileType",), "Fence", 'is no plan: fileType is not "Plan". Save it from QGroundControl as .plan.'),
        (("version",), 2, "version is 2. Allowed: 1."),
        (("mission",), [], "mission is []. Allowed: an object."),
        (("mission", "items"), None, "mission.items is null. Allowed: a list."),
        (("mission", "plannedHomePosition"), [51], "mission.plannedHomePosition has 1 numbers. Allowed: 3."),
        (("mission", "plannedHomePosition"), [91, 0, 0],
         "mission.plannedHomePosition has the latitude 91 deg. Allowed: -90 to 90 deg."),
        ((*ITEM, "command"), 177, "mission.items.2.command is 177 (DO_JUMP). Allowed: WAYPOINT 16, LOITER_UNLIM 17, "
         "LOITER_TURNS 18, LOITER_TIME 19, RETURN_TO_LAUNCH 20, LAND 21, TAKEOFF 22, DO_CHANGE_SPEED 178, "
         "DO_LAND_START 189."),
        ((*ITEM, "command"), True, "mission.items.2.command is true. Allowed: a whole number."),
        ((*ITEM, "frame"), 10, "mission.items.2.frame is 10 (GLOBAL_TERRAIN_ALT). Allowed: 0 (above mean sea level), "
         "3 (above home)."),
        ((*ITEM, "params"), [0] * 6, "mission.items.2.params has 6 numbers. Allowed: 7."),
        ((*ITEM, "params"), [0, 0, 0, "x", 51, 71, 0], 'mission.items.2.params.4 is "x". Allowed: a finite number.'),
        ((*ITEM, "params"), [0, 0, 0, 0, 51, 181, 0],
         "mission.items.2.params has the longitude 181 deg. Allowed: -180 to 180 deg."),
        ((*ITEM, "type"), "ComplexItem", 'mission.items.2.type is "ComplexItem". Allowed: simple items; turn a '
         "pattern into waypoints."),
        (("geoFence", "polygons", 0, "polygon"), [[51, 71]],
         "geoFence.polygons.1.polygon has 1 corners. Allowed: 3 to 2000."),
        (("geoFence", "polygons", 0, "inclusion"), 1, "geoFence.polygons.1.inclusion is 1. Allowed: true or false."),
        (("geoFence", "circles"), [{"inclusion": True, "circle": {"center": [51, 71], "radius": -5}}],
         "geoFence.circles.1.circle.radius is -5 m. Allowed: above 0 to 2000000 m."),
        (("rallyPoints", "points"), [[51, 71]], "rallyPoints.points.1 has 2 numbers. Allowed: 3."),
    ],
)  # fmt: skip
def test_a_broken_plan_is_told_in_one_line_by_key_and_line(path: tuple[Any, ...], value: Any, told: str) -> None:
    text = changed(path, value)
    message = refusal(plan.read, text, "p.plan")
    assert message.endswith(f": {told}")
    line = int(message.removeprefix("p.plan:").split(":")[0])
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    assert key in "".join(text.splitlines()[max(line - 12, 0) : line]) or line == 1


def test_the_line_of_an_item_is_its_own() -> None:
    read = plan.read(TEXT, "p.plan")
    lines = TEXT.splitlines()
    starts = [number for number, line in enumerate(lines, 1) if '"autoContinue"' in line]
    assert [each.line + 1 for each in read.items] == starts  # the brace stands one line above the first key


@pytest.mark.parametrize("text", ["", "{", "[]", "NaN", '{"fileType": "Plan", "version": NaN}', "[" * 100000])
def test_what_is_no_json_or_no_plan_is_told(text: str) -> None:
    assert refusal(plan.read, text, "p.plan").startswith("p.plan")


# Legs


def test_altitudes_are_above_sea_or_above_home_by_their_frame() -> None:
    low, high = plan.legs(of(point(51.1, 71.1, 1000.0, frame=0), point(51.1, 71.1, 1000.0, frame=3)), HOME)
    assert (low.altitude, high.altitude) == (1000.0, 1350.0)


def test_a_loiter_counts_as_station_and_a_waypoint_does_not() -> None:
    first, second = plan.legs(of(point(51.1, 71.1), point(51.2, 71.1, command=19, first=600.0)), HOME)
    assert (first.loiter, first.station) == (0.0, 0)
    assert (second.loiter, second.station) == (600.0, 1)


def test_a_change_of_speed_holds_from_there_on() -> None:
    route = of(point(51.1, 71.1), item(178, 0, 40.0, frame=2), point(51.2, 71.1), item(178, 0, -1), point(51.3, 71.1))
    assert [leg.airspeed for leg in plan.legs(route, HOME)] == [0.0, 40.0, 40.0]


def test_circles_keep_their_number_their_radius_and_their_sense() -> None:
    route = of(point(51.1, 71.1, command=18, first=3.0, radius=-900.0), point(51.2, 71.1, command=19, first=60.0))
    turns, timed = plan.legs(route, HOME)
    assert (turns.turns, turns.loiter, turns.radius, turns.station) == (3.0, 0.0, -900.0, 1)
    assert (timed.turns, timed.loiter, timed.radius, timed.station) == (0.0, 60.0, 0.0, 1)


def test_a_loiter_without_end_lasts_the_mission_s_time() -> None:
    (leg,) = plan.legs(of(point(51.1, 71.1, command=17), item(20)), HOME)
    assert leg.loiter == HOME.station_time


def test_take_off_with_a_place_is_a_leg_and_without_is_none() -> None:
    assert len(plan.legs(of(point(51.05, 71.05, command=22), point(51.1, 71.1)), HOME)) == 2
    assert len(plan.legs(of(item(22, 15, 0, 0, None, None, None, 50), point(51.1, 71.1)), HOME)) == 1


def test_the_way_home_is_the_autopilot_s() -> None:
    route = of(point(51.1, 71.1), item(189), point(51.02, 71.02), point(51.0, 71.0, 0.0, command=21))
    assert len(plan.legs(route, HOME)) == 1


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ((item(20, line=4), point(51.1, 71.1, line=9)),
         "p.plan:9: mission.items.2 (WAYPOINT) stands after RETURN_TO_LAUNCH, which ends the route. Take it out."),
        ((point(51.1, 71.1, command=17), point(51.1, 71.1)),
         "p.plan:1: mission.items.2 (WAYPOINT) stands after LOITER_UNLIM, which ends the route. Take it out."),
        ((point(51.1, 71.1), point(51.1, 71.1, command=22)),
         "p.plan:1: mission.items.2 (TAKEOFF) is not the first item. Put it first."),
        ((point(0.0, 0.0),),
         "p.plan:1: mission.items.1 (WAYPOINT) has no place. Give latitude and longitude in degrees."),
        ((item(16, 0, 0, 0, 0, 51.0, 71.1, None),),
         "p.plan:1: mission.items.1 (WAYPOINT) has the altitude None m. Allowed: -500 to 20000 m."),
        ((item(178, 1, 50.0),),
         "p.plan:1: mission.items.1 (DO_CHANGE_SPEED) sets speed type 1. Allowed: 0, the airspeed."),
        ((point(51.1, 71.1, command=18, first=-2.0),),
         "p.plan:1: mission.items.1 (LOITER_TURNS) asks for -2 turns. Allowed: above 0 to 1000."),
        ((point(51.1, 71.1, command=19, first=60.0, radius=-80.0),),
         "p.plan:1: mission.items.1 (LOITER_TIME) asks for a circle of -80 m. Allowed: 200 to 50000 m, negative to "
         "the left, or 0 for the mission's own."),
        ((point(51.1, 71.1, command=19, first=-60.0),),
         "p.plan:1: mission.items.1 (LOITER_TIME) circles for -60 s. Allowed: 0 to 172800 s."),
        ((point(52.0, 71.0, 0.0, command=21),),
         "p.plan:1: mission.items.1 (LAND) lands 111.2 km from home. Allowed: up to 10 km; it means home."),
    ],
)  # fmt: skip
def test_items_that_cannot_be_flown_are_told(items: tuple[PlanItem, ...], told: str) -> None:
    assert refusal(plan.legs, of(*items), HOME) == told


# Fence

SQUARE = ((50.0, 70.0), (50.0, 72.0), (52.0, 72.0), (52.0, 70.0))


def way(*places: tuple[float, float]) -> list[tuple[float, float]]:
    return [(math.radians(a), math.radians(b)) for a, b in places]


@pytest.mark.parametrize(
    ("fence", "places", "allowed"),
    [
        (Fence(True, SQUARE), [(51, 71), (51.9, 71.9)], True),
        (Fence(True, SQUARE), [(51, 71), (51, 72.1)], False),
        (Fence(True, SQUARE), [(53, 71)], False),
        (Fence(False, SQUARE), [(53, 71), (53, 73)], True),
        (Fence(False, SQUARE), [(51, 69), (51, 73)], False),  # both ends outside, the way goes through
        (Fence(False, SQUARE), [(49, 71), (51, 71)], False),
        (Fence(True, ((50, 70), (50, 72), (52, 72), (51, 71), (52, 70))), [(51.4, 70.1), (51.4, 71.9)], False),  # notch
        (Fence(True, ((50, 179), (50, -179), (52, -179), (52, 179))), [(51, 179.5), (51, -179.5)], True),  # date line
        (Fence(True, ((50, 179), (50, -179), (52, -179), (52, 179))), [(51, 179.5), (51, 178.5)], False),
        (Fence(True, ((51, 71),), 20e3), [(51, 71), (51.17, 71)], True),  # 18.9 km
        (Fence(True, ((51, 71),), 20e3), [(51, 71), (51.19, 71)], False),  # 21.1 km
        (Fence(False, ((51, 71),), 100.0), [(50.5, 71), (51.5, 71)], False),  # small, between two points far apart
        (Fence(False, ((51, 71),), 100.0), [(50.5, 71.01), (51.5, 71.01)], True),  # passes 700 m east
    ],
)
def test_a_way_keeps_to_its_fence(fence: Fence, places: list[tuple[float, float]], allowed: bool) -> None:
    route = of(fences=(fence,))
    if allowed:
        plan.check_fence(route, way(*places))
    else:
        assert ("leaves the fence" if fence.inclusion else "enters the closed area") in refusal(
            plan.check_fence, route, way(*places)
        )


def test_the_way_follows_great_circles() -> None:
    # between two places on 60 N, 40 deg apart, a great circle rises to atan(tan 60 / cos 20) = 61.52 deg
    fence = Fence(True, ((50.0, -30.0), (50.0, 30.0), (61.0, 30.0), (61.0, -30.0)))
    assert "leaves the fence 1" in refusal(plan.check_fence, of(fences=(fence,)), way((60, -20), (60, 20)))
    wider = Fence(True, ((50.0, -30.0), (50.0, 30.0), (61.6, 30.0), (61.6, -30.0)))
    plan.check_fence(of(fences=(wider,)), way((60, -20), (60, 20)))


def test_points_of_a_circle_lie_on_or_just_outside_it() -> None:
    around = plan.circle_around(math.radians(51.0), math.radians(179.99), 1500.0)
    for latitude, longitude in around:
        away = sphere.distance(latitude, longitude, math.radians(51.0), math.radians(179.99))
        assert 1500.0 <= away < 1502.0  # 72 corners stand 0.1 % further out, so that their sides touch the circle


@pytest.mark.parametrize("arc", [5000.0, -5000.0, 20000.0])
def test_the_points_of_an_arc_lie_on_it_and_end_at_its_place(arc: float) -> None:
    a, b = (0.9, 1.2), (0.9 + 8000.0 / 6371e3, 1.2)
    points = plan.bent(a, b, arc)
    assert points[-1] == pytest.approx(b, abs=1e-7)  # 0.6 m
    east = [(p[1] - a[1]) * math.cos(a[0]) for p in points[:-1]]
    assert all(value * arc < 0.0 for value in east)  # to the north, turning right: it bulges to the west
    away = math.sqrt(arc * arc - 4000.0**2)
    centre = (a[0] + 4000.0 / 6371e3, a[1] + math.copysign(away, arc) / (6371e3 * math.cos(a[0])))
    radii = [sphere.distance(*p, *centre) for p in points]
    assert radii == pytest.approx([abs(arc)] * len(radii), rel=2e-3)  # a plane for the sphere, at 52 N
    assert plan.bent(a, b, 0.0) == [b]
