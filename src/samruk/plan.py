"""QGroundControl `.plan` files: read, write, turn into legs, check against their own fence.

What the file holds beyond what is understood here is kept and written back. Places are degrees as the file has them
until `legs` turns them into SI and radians. Pure: text in, data out.

References: QGroundControl developer guide, Plan file format; MAVLink common message set (MAV_CMD, MAV_FRAME).
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from samruk import earth
from samruk.errors import MissionError
from samruk.sphere import distance

Points = NDArray[np.float64]

ITEMS, VERTICES = 500, 2000
"""Most items and most corners of a fence that are read."""
NEAR_HOME = 10e3
"""m from the mission's home within which a landing item counts as home."""
PIECE = 2e3
"""m, longest piece of a great circle that a check against a fence takes as straight (it bends by 0.1 m)."""


class Item(IntEnum):
    """Mission items that are understood: numbers of MAV_CMD."""

    WAYPOINT = 16
    LOITER_UNLIM = 17
    LOITER_TURNS = 18
    LOITER_TIME = 19
    RETURN_TO_LAUNCH = 20
    LAND = 21
    TAKEOFF = 22
    DO_CHANGE_SPEED = 178
    DO_LAND_START = 189


OTHER_COMMANDS = {
    30: "CONTINUE_AND_CHANGE_ALT", 31: "LOITER_TO_ALT", 32: "DO_FOLLOW", 80: "ROI", 82: "SPLINE_WAYPOINT",
    84: "VTOL_TAKEOFF", 85: "VTOL_LAND", 92: "GUIDED_ENABLE", 93: "DELAY", 112: "CONDITION_DELAY",
    114: "CONDITION_DISTANCE", 115: "CONDITION_YAW", 176: "DO_SET_MODE", 177: "DO_JUMP", 179: "DO_SET_HOME",
    181: "DO_SET_RELAY", 183: "DO_SET_SERVO", 195: "DO_SET_ROI_LOCATION", 197: "DO_SET_ROI_NONE", 201: "DO_SET_ROI",
    203: "DO_DIGICAM_CONTROL", 205: "DO_MOUNT_CONTROL", 206: "DO_SET_CAM_TRIGG_DIST", 530: "SET_CAMERA_MODE",
    1000: "DO_GIMBAL_MANAGER_PITCHYAW", 2000: "IMAGE_START_CAPTURE", 2500: "VIDEO_START_CAPTURE",
    3000: "DO_VTOL_TRANSITION",
}  # fmt: skip
"""Names of items that are refused, for the message."""
FRAMES = {
    0: "GLOBAL", 1: "LOCAL_NED", 2: "MISSION", 3: "GLOBAL_RELATIVE_ALT", 4: "LOCAL_ENU", 5: "GLOBAL_INT",
    6: "GLOBAL_RELATIVE_ALT_INT", 7: "LOCAL_OFFSET_NED", 8: "BODY_NED", 9: "BODY_OFFSET_NED", 10: "GLOBAL_TERRAIN_ALT",
    11: "GLOBAL_TERRAIN_ALT_INT",
}  # fmt: skip
MSL, RELATIVE = 0, 3
"""Frames that a place may have: height above mean sea level, height above home."""
PLACED = frozenset((Item.WAYPOINT, Item.LOITER_UNLIM, Item.LOITER_TURNS, Item.LOITER_TIME, Item.TAKEOFF))
AFTER: dict[Item, frozenset[Item]] = {
    Item.LOITER_UNLIM: frozenset((Item.RETURN_TO_LAUNCH, Item.LAND, Item.DO_LAND_START)),
    Item.DO_LAND_START: frozenset((*PLACED - {Item.LOITER_UNLIM, Item.TAKEOFF}, Item.LAND, Item.DO_CHANGE_SPEED)),
    Item.RETURN_TO_LAUNCH: frozenset((Item.DO_LAND_START,)),
    Item.LAND: frozenset(),
}
"""Items that end the route -> those that may still follow (an approach, which the autopilot flies its own way)."""


@dataclass(frozen=True)
class PlanItem:
    """One item as the file has it."""

    command: Item
    """What to do."""
    frame: int
    """MAV_FRAME."""
    params: tuple[float | None, ...]
    """Seven numbers; for places the last three are latitude and longitude in degrees and altitude in m."""
    line: int = 0
    """Line in the file."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Keys that are only kept."""

    def number(self, place: int) -> float:
        """Parameter 1 .. 7; one that is not given is 0."""
        return self.params[place - 1] or 0.0


@dataclass(frozen=True)
class Fence:
    """One border: a polygon, or a circle."""

    inclusion: bool
    """True when the aircraft must stay inside, False when outside."""
    points_deg: tuple[tuple[float, float], ...]
    """Latitude and longitude of the corners, or of the middle of a circle."""
    radius: float = 0.0
    """m; 0 for a polygon."""
    line: int = 0
    """Line in the file."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Keys that are only kept."""


@dataclass(frozen=True)
class Plan:
    """A whole plan."""

    items: tuple[PlanItem, ...]
    """In the order of the file."""
    home: tuple[float, float, float]
    """Planned home: latitude and longitude in degrees, altitude in m above mean sea level."""
    fences: tuple[Fence, ...] = ()
    """Borders."""
    rally: tuple[tuple[float, float, float], ...] = ()
    """Rally points: latitude and longitude in degrees, altitude in m above home."""
    place: str = "plan"
    """What to call the file in messages."""
    extra: dict[str, Any] = field(default_factory=dict)
    """The document as read, for keys that are only kept."""


@dataclass(frozen=True)
class Leg:
    """Fly to a place at a height; stay there for a time."""

    latitude: float
    """rad."""
    longitude: float
    """rad."""
    altitude: float
    """m above mean sea level."""
    airspeed: float = 0.0
    """m/s calibrated; 0 leaves it to the autopilot."""
    loiter: float = 0.0
    """s to circle there."""
    station: int = 0
    """1 when time here counts as time on station."""
    radius: float = 0.0
    """m of the circle, negative to the left; 0: that of the rules, clockwise."""
    turns: float = 0.0
    """Circles to fly; 0: as long as `loiter` says."""
    to_altitude: int = 0
    """1: circle until the height is reached."""
    over: int = 0
    """1: fly over the place before turning."""
    arc: float = 0.0
    """m, signed radius of the arc that leads here, positive to the right; 0: straight."""

    @property
    def circles(self) -> bool:
        """The place is circled."""
        return self.loiter > 0.0 or self.turns > 0.0 or self.to_altitude == 1


# Reading --------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def _json_lines(text: str) -> dict[tuple[Any, ...], int]:
    """Line of each value of a JSON text that is known to be valid; places in lists count from 1."""
    lines: dict[tuple[Any, ...], int] = {}
    path: list[Any] = []
    open_lists: list[bool] = []
    line, seen, key = 1, 0, None
    for token in _TOKEN.finditer(text):
        line, seen, word = line + text.count("\n", seen, token.start()), token.start(), token[0]
        if word in "}]":
            open_lists.pop()
            path.pop()
        elif word == ",":
            key = None
        elif word != ":":
            if open_lists and not open_lists[-1] and key is None:
                key = path[-1] = json.loads(word)
                continue
            if open_lists and open_lists[-1]:
                path[-1] += 1
            lines[tuple(path)] = line
            if word in "{[":
                open_lists.append(word == "[")
                path.append(0)
                key = None
    return lines


class _Reader:
    """A parsed document that can name the line of what it refuses."""

    def __init__(self, text: str, place: str) -> None:
        self.place = place
        self.lines: dict[tuple[Any, ...], int] = {}
        try:
            self.document = json.loads(text, parse_constant=_no_number)
            self.lines = _json_lines(text)
        except (ValueError, RecursionError) as error:
            at = re.search(r"line (\d+)", str(error))
            told = " ".join(str(error).split()) if isinstance(error, ValueError) else "nested too deep"
            where = f"{place}:{at[1]}" if at else place
            raise MissionError(f"not JSON: {told}.", where, "Save the plan again.") from None

    def line(self, path: tuple[Any, ...]) -> int:
        return next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 1)

    def fail(self, path: tuple[Any, ...], message: str, hint: str) -> NoReturn:
        name = ".".join(str(part) for part in path)
        raise MissionError(f"{name} {message}".strip(), f"{self.place}:{self.line(path)}", hint)

    def get(self, path: tuple[Any, ...], kind: type, words: str, optional: bool = False) -> Any:
        """The value at a path, of one kind; an empty one where it may be missing."""
        value: Any = self.document
        for part in path:
            value = value[part - 1] if isinstance(part, int) else value.get(part)
        if value is None and optional:
            return kind()
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            self.fail(path, f"is {_short(value)}.", f"Allowed: {words}.")
        return value

    def numbers(self, path: tuple[Any, ...], count: int, empty: bool = False) -> tuple[Any, ...]:
        """A list of so many finite numbers (or nulls, where they may stand)."""
        values = self.get(path, list, f"{count} numbers")
        if len(values) != count:
            self.fail(path, f"has {len(values)} numbers.", f"Allowed: {count}.")
        for place, value in enumerate(values, 1):
            if not (value is None and empty) and not _finite(value):
                self.fail((*path, place), f"is {_short(value)}.", "Allowed: a finite number.")
        return tuple(values)

    def latitude_longitude(self, path: tuple[Any, ...], values: Sequence[float]) -> tuple[float, float]:
        for value, limit, name in ((values[0], 90, "latitude"), (values[1], 180, "longitude")):
            if abs(value) > limit:
                self.fail(path, f"has the {name} {value:g} deg.", f"Allowed: -{limit} to {limit} deg.")
        return values[0], values[1]


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def _finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _short(value: Any) -> str:
    text = "".join(c if c.isprintable() else " " for c in json.dumps(value))
    return text if len(text) <= 40 else text[:37] + "..."


def read(text: str, place: str) -> Plan:
    """The plan of a text.

    Args:
        text: JSON as QGroundControl saves it.
        place: what to call the file in messages.

    Raises:
        MissionError: not JSON, not a plan, or an item, frame or number that is not understood.
    """
    reader = _Reader(text, place)
    if not isinstance(reader.document, dict) or reader.document.get("fileType") != "Plan":
        reader.fail((), 'is no plan: fileType is not "Plan".', "Save it from QGroundControl as .plan.")
    if reader.document.get("version") != 1:
        reader.fail(("version",), f"is {_short(reader.document.get('version'))}.", "Allowed: 1.")
    reader.get(("mission",), dict, "an object")
    items = reader.get(("mission", "items"), list, "a list")
    if len(items) > ITEMS:
        reader.fail(("mission", "items"), f"has {len(items)} items.", f"Allowed: up to {ITEMS}.")
    home = reader.numbers(("mission", "plannedHomePosition"), 3)
    reader.latitude_longitude(("mission", "plannedHomePosition"), home)
    return Plan(
        items=tuple(_item(reader, ("mission", "items", place)) for place in range(1, len(items) + 1)),
        home=(home[0], home[1], home[2]),
        fences=(*_fences(reader, "polygons"), *_fences(reader, "circles")),
        rally=_rally(reader),
        place=place,
        extra=reader.document,
    )


_ITEM_KEYS = ("command", "frame", "params")


def _item(reader: _Reader, path: tuple[Any, ...]) -> PlanItem:
    data = reader.get(path, dict, "an object")
    kind = data.get("type", "SimpleItem")
    if kind != "SimpleItem":
        name = data.get("complexItemType", kind)
        reader.fail((*path, "type"), f"is {_short(name)}.", "Allowed: simple items; turn a pattern into waypoints.")
    number = reader.get((*path, "command"), int, "a whole number")
    if number not in Item._value2member_map_:
        name = OTHER_COMMANDS.get(number, "not known here")
        known = ", ".join(f"{item.name} {item.value}" for item in Item)
        reader.fail((*path, "command"), f"is {number} ({name}).", f"Allowed: {known}.")
    command = Item(number)
    frame = reader.get((*path, "frame"), int, "0 or 3")
    placed = command in PLACED or command is Item.LAND
    if frame not in ((MSL, RELATIVE) if placed else (MSL, 2, RELATIVE)):
        name = FRAMES.get(frame, "not known")
        reader.fail((*path, "frame"), f"is {frame} ({name}).", "Allowed: 0 (above mean sea level), 3 (above home).")
    params = reader.numbers((*path, "params"), 7, empty=True)
    if placed:
        reader.latitude_longitude((*path, "params"), [value or 0.0 for value in params[4:6]])
    extra = {key: value for key, value in data.items() if key not in _ITEM_KEYS}
    return PlanItem(command, frame, params, reader.line(path), extra)


def _fences(reader: _Reader, group: str) -> tuple[Fence, ...]:
    """Polygons or circles of the geofence."""
    reader.get(("geoFence",), dict, "an object", optional=True)
    if not reader.document.get("geoFence"):
        return ()
    count = len(reader.get(("geoFence", group), list, "a list", optional=True))
    read_one = _polygon if group == "polygons" else _circle
    return tuple(read_one(reader, ("geoFence", group, place)) for place in range(1, count + 1))


def _polygon(reader: _Reader, path: tuple[Any, ...]) -> Fence:
    data = reader.get(path, dict, "an object")
    inclusion = reader.get((*path, "inclusion"), bool, "true or false")
    corners = reader.get((*path, "polygon"), list, "a list of corners")
    if not 3 <= len(corners) <= VERTICES:
        reader.fail((*path, "polygon"), f"has {len(corners)} corners.", f"Allowed: 3 to {VERTICES}.")
    points = []
    for place in range(1, len(corners) + 1):
        corner = (*path, "polygon", place)
        points.append(reader.latitude_longitude(corner, reader.numbers(corner, 2)))
    extra = {key: value for key, value in data.items() if key not in ("inclusion", "polygon")}
    return Fence(inclusion, tuple(points), 0.0, reader.line(path), extra)


def _circle(reader: _Reader, path: tuple[Any, ...]) -> Fence:
    data = reader.get(path, dict, "an object")
    inclusion = reader.get((*path, "inclusion"), bool, "true or false")
    reader.get((*path, "circle"), dict, "an object with center and radius")
    centre_path = (*path, "circle", "center")
    centre = reader.latitude_longitude(centre_path, reader.numbers(centre_path, 2))
    radius = data["circle"].get("radius")
    if not _finite(radius) or not 0.0 < radius <= 2e6:
        reader.fail((*path, "circle", "radius"), f"is {_short(radius)} m.", "Allowed: above 0 to 2000000 m.")
    extra = {key: value for key, value in data.items() if key not in ("inclusion", "circle")}
    return Fence(inclusion, (centre,), radius, reader.line(path), extra)


def _rally(reader: _Reader) -> tuple[tuple[float, float, float], ...]:
    reader.get(("rallyPoints",), dict, "an object", optional=True)
    if not reader.document.get("rallyPoints"):
        return ()
    points = []
    for place in range(1, 1 + len(reader.get(("rallyPoints", "points"), list, "a list", optional=True))):
        path = ("rallyPoints", "points", place)
        values = reader.numbers(path, 3)
        points.append((*reader.latitude_longitude(path, values), values[2]))
    return tuple(points)


# Writing --------------------------------------------------------------------------------------------------------------


def write(plan: Plan) -> str:
    """The text of a plan; keys that were only kept stand where they stood."""
    mission = dict(plan.extra.get("mission", _EMPTY["mission"]))
    mission["items"] = [_item_data(item, number) for number, item in enumerate(plan.items, 1)]
    mission["plannedHomePosition"] = list(plan.home)
    document = {**(plan.extra or _EMPTY), "mission": mission}
    document["geoFence"] = _fence_data(plan)
    if plan.rally or "rallyPoints" in document:
        rally = dict(document.get("rallyPoints") or {"version": 2})
        document["rallyPoints"] = {**rally, "points": [list(point) for point in plan.rally]}
    return json.dumps(document, indent=4, ensure_ascii=False, allow_nan=False) + "\n"


_EMPTY: dict[str, Any] = {
    "fileType": "Plan",
    "geoFence": {"circles": [], "polygons": [], "version": 2},
    "groundStation": "QGroundControl",
    "mission": {
        "cruiseSpeed": 45, "firmwareType": 12, "globalPlanAltitudeMode": 0, "hoverSpeed": 5, "items": [],
        "plannedHomePosition": [0, 0, 0], "vehicleType": 1, "version": 2,
    },
    "rallyPoints": {"points": [], "version": 2},
    "version": 1,
}  # fmt: skip
"""A new plan of a fixed-wing aircraft."""


def _item_data(item: PlanItem, number: int) -> dict[str, Any]:
    extra = item.extra or {"autoContinue": True, "doJumpId": number, "type": "SimpleItem"}
    return {**extra, "command": int(item.command), "frame": item.frame, "params": list(item.params)}


def _fence_data(plan: Plan) -> dict[str, Any]:
    polygons, circles = [], []
    for fence in plan.fences:
        extra = fence.extra or {"version": 1}
        if fence.radius:
            circle = {"center": list(fence.points_deg[0]), "radius": fence.radius}
            circles.append({**extra, "inclusion": fence.inclusion, "circle": circle})
        else:
            corners = [list(point) for point in fence.points_deg]
            polygons.append({**extra, "inclusion": fence.inclusion, "polygon": corners})
    kept = plan.extra.get("geoFence") or {"version": 2}
    return {**kept, "circles": circles, "polygons": polygons}


# Legs -----------------------------------------------------------------------------------------------------------------


LEAST_RADIUS, MOST_RADIUS = 200.0, 50000.0
"""m, of a circle."""


@dataclass(frozen=True)
class Setting:
    """What a plan leaves to the mission."""

    latitude: float
    """rad, home."""
    longitude: float
    """rad, home."""
    elevation: float
    """m above mean sea level, home."""
    station_time: float
    """s that a loiter without end lasts."""


def legs(plan: Plan, setting: Setting) -> tuple[Leg, ...]:
    """The legs that the items ask for.

    A take-off item gives a leg when it has a place. Loiter items count as time on station, waypoints without a hold do
    not. `RETURN_TO_LAUNCH`, `LAND` (at home) and `DO_LAND_START` end the route: the way home, approach and landing are
    the autopilot's. A loiter without end lasts the mission's station time.

    Args:
        plan: as read.
        setting: what the mission says beside it.

    Raises:
        MissionError: the items cannot be flown in this order or with these numbers.
    """
    result: list[Leg] = []
    airspeed = 0.0
    end: Item | None = None
    for number, item in enumerate(plan.items, 1):
        if end is not None and item.command not in AFTER[end]:
            _refuse(plan, item, number, f"stands after {end.name}, which ends the route.", "Take it out.")
        if item.command is Item.LAND:
            _check_landing(plan, item, number, setting)
        if item.command in AFTER:
            result += _leg(plan, item, number, setting, airspeed) if item.command in PLACED else []
            end = item.command
        elif end is None and item.command is Item.DO_CHANGE_SPEED:
            airspeed = _airspeed(plan, item, number, airspeed)
        elif end is None:
            result += _leg(plan, item, number, setting, airspeed)
    return tuple(result)


def _refuse(plan: Plan, item: PlanItem, number: int, message: str, hint: str) -> NoReturn:
    name = f"mission.items.{number} ({item.command.name})"
    raise MissionError(f"{name} {message}", f"{plan.place}:{item.line}", hint)


def _airspeed(plan: Plan, item: PlanItem, number: int, airspeed: float) -> float:
    """Calibrated airspeed, m/s, from here on."""
    if item.number(1) != 0.0:
        _refuse(plan, item, number, f"sets speed type {item.number(1):g}.", "Allowed: 0, the airspeed.")
    if not (item.number(2) == -1.0 or 0.0 < item.number(2) <= 300.0):
        _refuse(plan, item, number, f"sets {item.number(2):g} m/s.", "Allowed: above 0 to 300 m/s, or -1 (as before).")
    return airspeed if item.number(2) == -1.0 else item.number(2)


def _check_landing(plan: Plan, item: PlanItem, number: int, setting: Setting) -> None:
    """Refuse a landing away from home."""
    if item.params[4] is None or item.params[5] is None or (item.number(5), item.number(6)) == (0.0, 0.0):
        return
    here = math.radians(item.number(5)), math.radians(item.number(6))
    away = distance(*here, setting.latitude, setting.longitude)
    if away > NEAR_HOME:
        _refuse(plan, item, number, f"lands {away / 1e3:.1f} km from home.", "Allowed: up to 10 km; it means home.")


def _leg(plan: Plan, item: PlanItem, number: int, setting: Setting, airspeed: float) -> list[Leg]:
    """The leg of one item with a place."""
    if item.command is Item.TAKEOFF and number > 1:
        _refuse(plan, item, number, "is not the first item.", "Put it first.")
    if item.params[4] is None or item.params[5] is None or (item.number(5), item.number(6)) == (0.0, 0.0):
        if item.command is Item.TAKEOFF:
            return []
        _refuse(plan, item, number, "has no place.", "Give latitude and longitude in degrees.")
    if item.params[6] is None or not -500.0 <= item.number(7) <= 20000.0:
        _refuse(plan, item, number, f"has the altitude {item.params[6]} m.", "Allowed: -500 to 20000 m.")
    loiter, radius = _loiter(plan, item, number, setting), _radius(plan, item, number)
    turns = item.number(1) if item.command is Item.LOITER_TURNS else 0.0
    return [
        Leg(
            latitude=math.radians(item.number(5)),
            longitude=math.radians(item.number(6)),
            altitude=_altitude(item, setting),
            airspeed=airspeed,
            loiter=loiter,
            station=int(loiter > 0.0 or turns > 0.0),
            radius=radius,
            turns=turns,
        )
    ]


def _altitude(item: PlanItem, setting: Setting) -> float:
    return item.number(7) + (setting.elevation if item.frame == RELATIVE else 0.0)


def _radius(plan: Plan, item: PlanItem, number: int) -> float:
    """m of the circle at an item, signed; 0 leaves it to the mission."""
    if item.command in (Item.TAKEOFF, Item.WAYPOINT):
        return 0.0
    radius = item.number(3)
    if radius != 0.0 and not LEAST_RADIUS <= abs(radius) <= MOST_RADIUS:
        _refuse(plan, item, number, f"asks for a circle of {radius:g} m.",
                f"Allowed: {LEAST_RADIUS:g} to {MOST_RADIUS:g} m, negative to the left, or 0 for the mission's own.")
    return radius


def _loiter(plan: Plan, item: PlanItem, number: int, setting: Setting) -> float:
    """s of circling at an item; 0 where it counts turns."""
    if item.command is Item.TAKEOFF:
        return 0.0
    if item.command is Item.LOITER_UNLIM:
        if setting.station_time <= 0.0:
            _refuse(plan, item, number, "needs a time on station.", "Set rules.station_time_h, or use LOITER_TIME.")
        return setting.station_time
    time = item.number(1)
    if item.command is Item.LOITER_TURNS:
        if not 0.0 < time <= 1000.0:
            _refuse(plan, item, number, f"asks for {time:g} turns.", "Allowed: above 0 to 1000.")
        return 0.0
    if not 0.0 <= time <= 172800.0:
        _refuse(plan, item, number, f"circles for {time:g} s.", "Allowed: 0 to 172800 s.")
    return time


# Fence ----------------------------------------------------------------------------------------------------------------


def check_fence(plan: Plan, way: Sequence[tuple[float, float]], what: str = "the route") -> None:
    """Refuse a way that leaves an inclusion or enters an exclusion of the plan.

    The way follows great circles; sides of a polygon are straight in latitude and longitude, as a flat map shows them.

    Args:
        plan: whose fences hold.
        way: latitude and longitude, rad, of the points to pass in turn.
        what: name of the way for the message.

    Raises:
        MissionError: the way crosses a border.
    """
    if not plan.fences or not way:
        return
    points = _densified(np.array(way))
    for number, fence in enumerate(plan.fences, 1):
        bad = beyond(fence, points)
        if bad is not None:
            latitude, longitude = np.degrees(points[bad])
            told = "leaves the fence" if fence.inclusion else "enters the closed area"
            raise MissionError(
                f"{what} {told} {number} near {latitude:.4f} deg, {longitude:.4f} deg.",
                f"{plan.place}:{fence.line}", "Move the route or the fence.",
            )  # fmt: skip


def beyond(fence: Fence, points: Points) -> int | None:
    """Number of the first piece of a way that is on the wrong side of a border; None when none is.

    Args:
        fence: the border.
        points: latitude and longitude, rad, close enough for straight lines between them.
    """
    return _beyond_circle(fence, points) if fence.radius else _beyond_polygon(fence, points)


def densified(way: Points) -> Points:
    """A way, rad, with points at most `PIECE` m apart, on great circles."""
    return _densified(way)


def bent(a: tuple[float, float], b: tuple[float, float], arc: float) -> list[tuple[float, float]]:
    """Points after a place `a`, rad, on the arc of a signed radius, m, to a place `b`, the short way round; only `b`
    where the radius is 0. On a plane that touches the sphere at `a`: near enough for tens of kilometres.
    """
    if arc == 0.0:
        return [b]
    per = earth.MEAN_RADIUS * max(math.cos(a[0]), 1e-3)
    north, east = (b[0] - a[0]) * earth.MEAN_RADIUS, (b[1] - a[1]) * per
    chord = max(math.hypot(north, east), 1.0)
    half = math.asin(min(0.5 * chord / abs(arc), 1.0))
    radius = 0.5 * chord / math.sin(half)
    course = math.atan2(east, north) - math.copysign(half, arc)  # at the beginning
    points = []
    for turned in np.linspace(0.0, 2.0 * half, 2 + int(half * 40.0))[1:]:
        along, right = radius * math.sin(turned), math.copysign(radius * (1.0 - math.cos(turned)), arc)
        x = along * math.cos(course) - right * math.sin(course)
        y = along * math.sin(course) + right * math.cos(course)
        points.append((a[0] + x / earth.MEAN_RADIUS, a[1] + y / per))
    return points


def circle_around(latitude: float, longitude: float, radius: float) -> list[tuple[float, float]]:
    """Points of a circle on the sphere, rad, closed; radius in m."""
    turn = np.linspace(0.0, 2.0 * np.pi, 73)
    a = radius / earth.MEAN_RADIUS / math.cos(math.pi / 72.0)
    phi = np.arcsin(math.sin(latitude) * math.cos(a) + math.cos(latitude) * math.sin(a) * np.cos(turn))
    east = np.arctan2(np.sin(turn) * math.sin(a) * math.cos(latitude), math.cos(a) - math.sin(latitude) * np.sin(phi))
    return [(float(p), float(e)) for p, e in zip(phi, _wrapped(longitude + east), strict=True)]


def _wrapped(longitude: Any) -> Any:
    return (longitude + np.pi) % (2.0 * np.pi) - np.pi


def _densified(way: Points) -> Points:
    """The way with points at most PIECE apart, on great circles."""
    result = [way[:1]]
    for a, b in itertools.pairwise(way):
        arc = float(_distance(b[None], a[0], a[1])[0]) / earth.MEAN_RADIUS
        part = np.linspace(0.0, 1.0, 2 + int(arc * earth.MEAN_RADIUS / PIECE))[1:, None]
        if arc < 1e-9:
            continue
        u = (np.sin((1.0 - part) * arc) * _unit(a) + np.sin(part * arc) * _unit(b)) / math.sin(arc)
        result.append(np.column_stack((np.arctan2(u[:, 2], np.hypot(u[:, 0], u[:, 1])), np.arctan2(u[:, 1], u[:, 0]))))
    return np.concatenate(result)


def _unit(point: Points) -> Points:
    c = math.cos(point[0])
    return np.array([c * math.cos(point[1]), c * math.sin(point[1]), math.sin(point[0])])


def _distance(points: Points, latitude: float, longitude: float) -> Points:
    """m on a sphere from a place."""
    half = np.sin((points[:, 0] - latitude) / 2.0) ** 2
    half = half + np.cos(points[:, 0]) * math.cos(latitude) * np.sin((points[:, 1] - longitude) / 2.0) ** 2
    return np.asarray(2.0 * earth.MEAN_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def _beyond_circle(fence: Fence, points: Points) -> int | None:
    """Number of the first point of the way on the wrong side of a circle."""
    latitude, longitude = (math.radians(value) for value in fence.points_deg[0])
    r = _distance(points, latitude, longitude)
    if fence.inclusion:
        outside = r > fence.radius
        return int(np.argmax(outside)) if outside.any() else None
    east = np.sin(points[:, 1] - longitude) * np.cos(points[:, 0])
    north = np.sin(points[:, 0]) * math.cos(latitude)
    north -= np.cos(points[:, 0]) * math.sin(latitude) * np.cos(points[:, 1] - longitude)
    scale = r / np.maximum(np.hypot(east, north), 1e-12)
    flat = np.column_stack((east * scale, north * scale))
    inside = _nearest(flat) < fence.radius
    return int(np.argmax(inside)) if inside.any() else None


def _nearest(flat: Points) -> Points:
    """Distance from the origin of each piece of a flat way (of its one point, where it has no piece)."""
    if len(flat) == 1:
        return np.asarray(np.hypot(flat[:, 0], flat[:, 1]))
    a, d = flat[:-1], np.diff(flat, axis=0)
    part = np.clip(-np.sum(a * d, axis=1) / np.maximum(np.sum(d * d, axis=1), 1e-12), 0.0, 1.0)
    closest = a + part[:, None] * d
    return np.asarray(np.hypot(closest[:, 0], closest[:, 1]))


def _beyond_polygon(fence: Fence, points: Points) -> int | None:
    """Number of the first piece of the way on the wrong side of a polygon."""
    corners = np.radians(np.array(fence.points_deg))
    middle = corners[0, 1]
    corners[:, 1], flat = _wrapped(corners[:, 1] - middle), points.copy()
    flat[:, 1] = _wrapped(points[:, 1] - middle)
    if _is_inside(flat[0], corners) is not fence.inclusion:
        return 0
    sides = np.roll(corners, -1, axis=0)
    for number in range(len(flat) - 1):
        if _crosses(flat[number], flat[number + 1], corners, sides):
            return number
    return None


def _is_inside(point: Points, corners: Points) -> bool:
    """Whether a ray to the east crosses an odd number of sides."""
    a, b = corners, np.roll(corners, -1, axis=0)
    spans = (a[:, 0] > point[0]) != (b[:, 0] > point[0])
    rise = np.where(spans, b[:, 0] - a[:, 0], 1.0)
    east = a[:, 1] + (point[0] - a[:, 0]) / rise * (b[:, 1] - a[:, 1])
    return bool(np.count_nonzero(spans & (east > point[1])) % 2)


def _crosses(p: Points, q: Points, a: Points, b: Points) -> bool:
    """Whether the piece p-q meets one of the sides a-b."""

    def side(o: Points, u: Points, v: Points) -> Points:
        s, t = u - o, v - o
        return np.asarray(s[..., 0] * t[..., 1] - s[..., 1] * t[..., 0])

    return bool(np.any((side(a, b, p) * side(a, b, q) <= 0.0) & (side(p, q, a) * side(p, q, b) <= 0.0)
                       & ~((side(a, b, p) == 0.0) & (side(a, b, q) == 0.0))))  # fmt: skip
