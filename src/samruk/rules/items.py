"""Items of missions, fences and rally points as MAVLink has them, and what each must be by itself.

An item keeps its numbers as they travel (`x`, `y` whole numbers, `z` and the parameters floats), so that what is read
back is what was sent, and tells them in SI and radians. Numbers that are not given (NaN) are None.

Reference: MAVLink common message set (MAV_CMD, MAV_FRAME, MAV_MISSION_RESULT, MISSION_ITEM_INT).
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from samruk.units import DEGREE

LARGEST = 500
"""Most items of one plan."""
LOST_LINK_LARGEST = 16
"""Most items of a lost-link route: it lies whole in the table of legs, beside the main route."""
NOT_GIVEN = 0x7FFFFFFF
"""x or y of a place that is not given."""
LOWEST, HIGHEST = -500.0, 20000.0
"""m, heights that an item may name."""


class Kind(IntEnum):
    """Kinds of plan, as MAV_MISSION_TYPE numbers them; the lost-link route is of our own dialect."""

    MISSION = 0
    FENCE = 1
    RALLY = 2
    LOST_LINK = 64


ALL = 255
"""Every kind at once: to clear."""


class Severity(IntEnum):
    """Of a problem: an error refuses the plan, a warning is told."""

    WARNING = 1
    ERROR = 2


class Verdict(IntEnum):
    """MAV_MISSION_RESULT."""

    ACCEPTED = 0
    ERROR = 1
    UNSUPPORTED_FRAME = 2
    UNSUPPORTED = 3
    NO_SPACE = 4
    INVALID = 5
    INVALID_PARAM1 = 6
    INVALID_PARAM2 = 7
    INVALID_PARAM3 = 8
    INVALID_PARAM4 = 9
    INVALID_PARAM5_X = 10
    INVALID_PARAM6_Y = 11
    INVALID_PARAM7 = 12
    INVALID_SEQUENCE = 13
    DENIED = 14
    CANCELLED = 15


class Cmd(IntEnum):
    """Commands that an item may hold: numbers of MAV_CMD."""

    NAV_WAYPOINT = 16
    NAV_LOITER_UNLIM = 17
    NAV_LOITER_TURNS = 18
    NAV_LOITER_TIME = 19
    NAV_RETURN_TO_LAUNCH = 20
    NAV_LAND = 21
    NAV_TAKEOFF = 22
    NAV_CONTINUE_AND_CHANGE_ALT = 30
    NAV_LOITER_TO_ALT = 31
    DO_FIGURE_EIGHT = 35
    NAV_ARC_WAYPOINT = 36
    NAV_DELAY = 93
    CONDITION_DELAY = 112
    CONDITION_DISTANCE = 114
    DO_JUMP = 177
    DO_CHANGE_SPEED = 178
    DO_RETURN_PATH_START = 188
    DO_LAND_START = 189
    DO_SET_ROI_LOCATION = 195
    DO_SET_ROI_WPNEXT_OFFSET = 196
    DO_SET_ROI_NONE = 197
    DO_SET_ROI_SYSID = 198
    DO_SET_ROI = 201
    DO_MOUNT_CONTROL = 205
    DO_SET_CAM_TRIGG_DIST = 206
    DO_FENCE_ENABLE = 207
    DO_AUTOTUNE_ENABLE = 212
    DO_SET_CAM_TRIGG_INTERVAL = 214
    DO_ENGINE_CONTROL = 223
    OBLIQUE_SURVEY = 260
    SET_CAMERA_MODE = 530
    SET_CAMERA_ZOOM = 531
    SET_CAMERA_FOCUS = 532
    SET_CAMERA_SOURCE = 534
    JUMP_TAG = 600
    DO_JUMP_TAG = 601
    DO_GIMBAL_MANAGER_PITCHYAW = 1000
    DO_GIMBAL_MANAGER_CONFIGURE = 1001
    IMAGE_START_CAPTURE = 2000
    IMAGE_STOP_CAPTURE = 2001
    VIDEO_START_CAPTURE = 2500
    VIDEO_STOP_CAPTURE = 2501
    CONDITION_GATE = 4501
    NAV_FENCE_RETURN_POINT = 5000
    FENCE_POLYGON_INCLUSION = 5001
    FENCE_POLYGON_EXCLUSION = 5002
    FENCE_CIRCLE_INCLUSION = 5003
    FENCE_CIRCLE_EXCLUSION = 5004
    NAV_RALLY_POINT = 5100


FLOWN = frozenset({
    Cmd.NAV_WAYPOINT, Cmd.NAV_LOITER_UNLIM, Cmd.NAV_LOITER_TURNS, Cmd.NAV_LOITER_TIME, Cmd.NAV_TAKEOFF,
    Cmd.NAV_LOITER_TO_ALT, Cmd.NAV_ARC_WAYPOINT, Cmd.NAV_LAND, Cmd.DO_FIGURE_EIGHT,
})  # fmt: skip
"""Items that are flown to and have a place."""
ENDLESS = frozenset({Cmd.NAV_LOITER_UNLIM, Cmd.DO_FIGURE_EIGHT})
"""Items that end only by an order."""
NAVIGATION = FLOWN | {Cmd.NAV_RETURN_TO_LAUNCH, Cmd.NAV_CONTINUE_AND_CHANGE_ALT, Cmd.NAV_DELAY}
"""Items that take the aircraft somewhere or keep it there; all others are done on the way."""
CONDITIONS = frozenset({Cmd.CONDITION_DELAY, Cmd.CONDITION_DISTANCE, Cmd.CONDITION_GATE})
"""Items that let the ones after them wait."""
FENCES = frozenset(c for c in Cmd if 5000 <= c <= 5004)
PLACED = (
    FLOWN | FENCES | {Cmd.NAV_RALLY_POINT, Cmd.DO_SET_ROI_LOCATION, Cmd.CONDITION_GATE}
)
"""Items whose x and y are latitude and longitude and must be given (a take-off's may be left out)."""
MAY_BE_PLACED = frozenset({Cmd.DO_LAND_START, Cmd.DO_RETURN_PATH_START, Cmd.DO_SET_ROI})
"""Items whose x and y are latitude and longitude where they are given."""
ALLOWED: dict[Kind, frozenset[Cmd]] = {
    Kind.MISSION: frozenset(c for c in Cmd if c < 5000),
    Kind.FENCE: FENCES,
    Kind.RALLY: frozenset({Cmd.NAV_RALLY_POINT}),
    Kind.LOST_LINK: frozenset({
        Cmd.NAV_WAYPOINT, Cmd.NAV_LOITER_TURNS, Cmd.NAV_LOITER_TIME, Cmd.NAV_LOITER_TO_ALT, Cmd.NAV_ARC_WAYPOINT,
        Cmd.DO_CHANGE_SPEED, Cmd.NAV_RETURN_TO_LAUNCH, Cmd.NAV_LAND,
    }),
}  # fmt: skip
"""What each kind of plan may hold."""
PICTURES = frozenset({
    Cmd.DO_SET_CAM_TRIGG_DIST, Cmd.DO_SET_CAM_TRIGG_INTERVAL, Cmd.OBLIQUE_SURVEY, Cmd.IMAGE_START_CAPTURE,
    Cmd.IMAGE_STOP_CAPTURE, Cmd.VIDEO_START_CAPTURE, Cmd.VIDEO_STOP_CAPTURE, Cmd.SET_CAMERA_MODE,
    Cmd.SET_CAMERA_FOCUS, Cmd.SET_CAMERA_SOURCE, Cmd.DO_AUTOTUNE_ENABLE,
})  # fmt: skip
"""Items that are taken and passed by: no camera makes pictures yet, and the gains are the aircraft's own."""

MSL, RELATIVE, TERRAIN = (0, 5), (3, 6), (10, 11)
"""Frames (MAV_FRAME) by what a height is above: mean sea level, home, the ground."""
NO_PLACE = 2
"""MAV_FRAME_MISSION: the numbers are no place."""


@dataclass(frozen=True)
class Item:
    """One item as it travels."""

    command: int
    """Number of the MAV_CMD."""
    frame: int = 0
    """MAV_FRAME."""
    params: tuple[float | None, float | None, float | None, float | None] = (0.0, 0.0, 0.0, 0.0)
    """Parameters 1 to 4; None where not given."""
    x: int = 0
    """Parameter 5: latitude in 1e-7 deg where it is one."""
    y: int = 0
    """Parameter 6: longitude in 1e-7 deg where it is one."""
    z: float | None = 0.0
    """Parameter 7: m where it is a height, by the frame; None where not given."""
    autocontinue: int = 1
    """1: the next item follows by itself."""

    @property
    def is_placed(self) -> bool:
        """It has a place, and one that was given (0, 0 is none)."""
        return (
            (self.command in PLACED or self.command in MAY_BE_PLACED)
            and NOT_GIVEN not in (self.x, self.y) and (self.x, self.y) != (0, 0)
        )  # fmt: skip

    @property
    def latitude(self) -> float:
        """rad."""
        return self.x * 1e-7 * DEGREE

    @property
    def longitude(self) -> float:
        """rad."""
        return self.y * 1e-7 * DEGREE

    def number(self, which: int, otherwise: float = 0.0) -> float:
        """Parameter 1 to 4."""
        value = self.params[which - 1]
        return otherwise if value is None else value

    def altitude(self, home: float, ground: float | None = None) -> float:
        """m above mean sea level.

        Args:
            home: m above mean sea level, of home.
            ground: m above mean sea level, of the ground below the place; None where it is not known: as home.
        """
        above = self.z or 0.0
        if self.frame in RELATIVE:
            return above + home
        return above + (home if ground is None else ground) if self.frame in TERRAIN else above

    @property
    def name(self) -> str:
        """Name of the command, for people."""
        return Cmd(self.command).name if self.command in Cmd._value2member_map_ else f"command {self.command}"

    def wire(self) -> bytes:
        """The bytes that an id of a plan is reckoned from."""
        numbers = [math.nan if p is None else p for p in (*self.params, self.z)]
        return struct.pack(
            "<BHB4fiif", self.frame & 255, self.command & 65535, self.autocontinue & 255, *numbers[:4],
            self.x, self.y, numbers[4],
        )  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """What is wrong with a plan."""

    item: int
    """Number of the item, from 0; -1 for the plan as a whole."""
    words: str
    """What is wrong, the value, what is allowed, on one line; items count from 0, as everywhere in MAVLink."""
    severity: Severity = Severity.ERROR
    """Whether it refuses the plan."""
    verdict: Verdict = Verdict.INVALID
    """The answer to an upload that has it."""


def at(
    command: int, latitude: float, longitude: float, altitude: float | None = 0.0, frame: int = 0,
    params: Sequence[float | None] = (0.0, 0.0, 0.0, 0.0),
) -> Item:  # fmt: skip
    """An item at a place.

    Args:
        command: number of the MAV_CMD.
        latitude: rad.
        longitude: rad.
        altitude: m, by the frame.
        frame: MAV_FRAME.
        params: 1 to 4.
    """
    p = [None if each is None or math.isnan(each) else float(each) for each in params]
    return Item(
        command, frame, (p[0], p[1], p[2], p[3]), round(latitude / DEGREE * 1e7), round(longitude / DEGREE * 1e7),
        altitude,
    )  # fmt: skip


def plan_id(items: Sequence[Item]) -> int:
    """Id of a plan: CRC-32 of its items as they travel; 0 for an empty one, never 0 for another."""
    found = zlib.crc32(b"".join(item.wire() for item in items)) & 0xFFFFFFFF
    return (found or 1) if items else 0


def worst(problems: Iterable[Problem]) -> Problem | None:
    """The first error; None where there is none."""
    return next((p for p in problems if p.severity is Severity.ERROR), None)


# What an item must be by itself ---------------------------------------------------------------------------------------

LIMITS: dict[Cmd, dict[int, tuple[float, float, str]]] = {
    Cmd.NAV_WAYPOINT: {1: (0.0, 172800.0, "s of hold")},
    Cmd.NAV_LOITER_UNLIM: {3: (-50e3, 50e3, "m of radius")},
    Cmd.NAV_LOITER_TURNS: {1: (0.0, 10000.0, "turns"), 3: (-50e3, 50e3, "m of radius")},
    Cmd.NAV_LOITER_TIME: {1: (0.0, 172800.0, "s"), 3: (-50e3, 50e3, "m of radius")},
    Cmd.NAV_LOITER_TO_ALT: {2: (-50e3, 50e3, "m of radius")},
    Cmd.NAV_ARC_WAYPOINT: {1: (-359.0, 359.0, "deg of arc")},
    Cmd.DO_FIGURE_EIGHT: {1: (-50e3, 50e3, "m of half length"), 2: (-50e3, 50e3, "m of radius")},
    Cmd.NAV_DELAY: {1: (-1.0, 172800.0, "s"), 2: (-1.0, 23.0, "h"), 3: (-1.0, 59.0, "min"), 4: (-1.0, 59.0, "s")},
    Cmd.CONDITION_DELAY: {1: (0.0, 172800.0, "s")},
    Cmd.CONDITION_DISTANCE: {1: (0.0, 1e6, "m")},
    Cmd.DO_CHANGE_SPEED: {1: (0.0, 1.0, "kind of speed (0 air, 1 ground)"), 2: (-2.0, 300.0, "m/s")},
    Cmd.DO_JUMP: {1: (0.0, LARGEST - 1.0, "item"), 2: (-1.0, 32767.0, "times")},
    Cmd.DO_JUMP_TAG: {1: (0.0, 65535.0, "tag"), 2: (-1.0, 32767.0, "times")},
    Cmd.JUMP_TAG: {1: (0.0, 65535.0, "tag")},
    Cmd.DO_SET_CAM_TRIGG_DIST: {1: (-1.0, 1e5, "m")},
    Cmd.OBLIQUE_SURVEY: {1: (0.0, 1e5, "m"), 4: (0.0, 99.0, "positions")},
    Cmd.FENCE_POLYGON_INCLUSION: {1: (3.0, float(LARGEST), "corners")},
    Cmd.FENCE_POLYGON_EXCLUSION: {1: (3.0, float(LARGEST), "corners")},
    Cmd.FENCE_CIRCLE_INCLUSION: {1: (1.0, 2e6, "m of radius")},
    Cmd.FENCE_CIRCLE_EXCLUSION: {1: (1.0, 2e6, "m of radius")},
}
"""Command: parameter: least, most, what it is."""


def check_item(item: Item, number: int, kind: Kind) -> Problem | None:
    """What is wrong with an item by itself; None when nothing is.

    Args:
        item: the item.
        number: from 0.
        kind: of the plan that it stands in.
    """
    name = f"item {number} ({item.name})"
    if item.command not in ALLOWED[kind]:
        return Problem(number, f"{name} is not flown here.", verdict=Verdict.UNSUPPORTED)
    command = Cmd(item.command)
    may_lack = command in MAY_BE_PLACED or command is Cmd.NAV_TAKEOFF
    placed = item.is_placed if may_lack else command in PLACED
    frames = (*MSL, *RELATIVE, *TERRAIN) if placed else (NO_PLACE, *MSL, *RELATIVE, *TERRAIN)
    if item.frame not in frames:
        told = f"{name} has frame {item.frame}; heights are above sea level (0), home (3) or ground (10)."
        return Problem(number, told, verdict=Verdict.UNSUPPORTED_FRAME)
    wrong = _check_numbers(item, command, number, name)
    return wrong or (_check_place(item, command, number, name) if placed else None)


def _check_numbers(item: Item, command: Cmd, number: int, name: str) -> Problem | None:
    """Parameters 1 to 4 are numbers within their limits."""
    for which, value in enumerate(item.params, 1):
        verdict = Verdict(Verdict.INVALID_PARAM1 + which - 1)
        if value is not None and not math.isfinite(value):
            return Problem(number, f"{name}: parameter {which} is {value}.", verdict=verdict)
        least, most, what = LIMITS.get(command, {}).get(which, (-math.inf, math.inf, ""))
        if not least <= (value or 0.0) <= most:
            told = f"{name} has {value or 0.0:g} {what}; allowed are {least:g} to {most:g}."
            return Problem(number, told, verdict=verdict)
    if command is Cmd.NAV_ARC_WAYPOINT and abs(item.number(1)) < 1.0:
        told = f"{name} has {item.number(1):g} deg of arc; allowed are 1 to 359 deg, to the left negative."
        return Problem(number, told, verdict=Verdict.INVALID_PARAM1)
    return None


def _check_place(item: Item, command: Cmd, number: int, name: str) -> Problem | None:
    """Latitude, longitude and height are on the Earth."""
    if not item.is_placed:
        return Problem(number, f"{name} has no place; give latitude and longitude.", verdict=Verdict.INVALID_PARAM5_X)
    for value, limit, what, verdict in (
        (item.x, 90, "latitude", Verdict.INVALID_PARAM5_X), (item.y, 180, "longitude", Verdict.INVALID_PARAM6_Y)
    ):  # fmt: skip
        if abs(value) > limit * 10_000_000:
            told = f"{name} has the {what} {value * 1e-7:g} deg; allowed are -{limit} to {limit} deg."
            return Problem(number, told, verdict=verdict)
    if command in FENCES:
        return None
    if item.z is None or not LOWEST <= item.z <= HIGHEST:
        told = f"{name} has the height {item.z} m; allowed are {LOWEST:g} to {HIGHEST:g} m."
        return Problem(number, told, verdict=Verdict.INVALID_PARAM7)
    return None


def check_items(items: Sequence[Item], kind: Kind) -> list[Problem]:
    """What is wrong with the items of a plan, each by itself, and with their number."""
    most = LOST_LINK_LARGEST if kind is Kind.LOST_LINK else LARGEST
    found = [p for number, item in enumerate(items) if (p := check_item(item, number, kind)) is not None]
    if len(items) > most:
        found.insert(0, Problem(-1, f"{len(items)} items; allowed are {most}.", verdict=Verdict.NO_SPACE))
    return found
