"""Items of a plan as MAVLink carries them, in SI and radians, and what is known of each command.

Numbers and parameters of commands: MAVLink common message set (MAV_CMD); 36 and 64 are of its development and of this
project's own dialect.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """MAV_MISSION_TYPE."""

    MISSION = 0
    FENCE = 1
    RALLY = 2
    LOST_LINK = 64
    """Of this project's dialect: what is flown when the link is lost."""


class Frame(IntEnum):
    """MAV_FRAME, as far as an item may have it."""

    GLOBAL = 0
    MISSION = 2
    GLOBAL_RELATIVE_ALT = 3
    GLOBAL_INT = 5
    GLOBAL_RELATIVE_ALT_INT = 6
    GLOBAL_TERRAIN_ALT = 10
    GLOBAL_TERRAIN_ALT_INT = 11


MSL = (Frame.GLOBAL, Frame.GLOBAL_INT)
RELATIVE = (Frame.GLOBAL_RELATIVE_ALT, Frame.GLOBAL_RELATIVE_ALT_INT)
TERRAIN = (Frame.GLOBAL_TERRAIN_ALT, Frame.GLOBAL_TERRAIN_ALT_INT)


class Do(IntEnum):
    """Commands that a plan may hold."""

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
    DO_SET_MODE = 176
    DO_JUMP = 177
    DO_CHANGE_SPEED = 178
    DO_RETURN_PATH_START = 188
    DO_LAND_START = 189
    DO_SET_ROI_LOCATION = 195
    DO_SET_ROI_WPNEXT_OFFSET = 196
    DO_SET_ROI_NONE = 197
    DO_SET_ROI = 201
    DO_MOUNT_CONTROL = 205
    DO_SET_CAM_TRIGG_DIST = 206
    DO_FENCE_ENABLE = 207
    DO_SET_CAM_TRIGG_INTERVAL = 214
    DO_ENGINE_CONTROL = 223
    SET_CAMERA_MODE = 530
    SET_CAMERA_ZOOM = 531
    SET_CAMERA_FOCUS = 532
    JUMP_TAG = 600
    DO_JUMP_TAG = 601
    DO_GIMBAL_MANAGER_PITCHYAW = 1000
    DO_GIMBAL_MANAGER_CONFIGURE = 1001
    IMAGE_START_CAPTURE = 2000
    IMAGE_STOP_CAPTURE = 2001
    VIDEO_START_CAPTURE = 2500
    VIDEO_STOP_CAPTURE = 2501
    CONDITION_GATE = 4501
    FENCE_RETURN_POINT = 5000
    FENCE_POLYGON_VERTEX_INCLUSION = 5001
    FENCE_POLYGON_VERTEX_EXCLUSION = 5002
    FENCE_CIRCLE_INCLUSION = 5003
    FENCE_CIRCLE_EXCLUSION = 5004
    RALLY_POINT = 5100


FENCE_ITEMS = frozenset(Do(n) for n in range(5000, 5005))
RALLY_ITEMS = frozenset((Do.RALLY_POINT,))
MISSION_ITEMS = frozenset(Do) - FENCE_ITEMS - RALLY_ITEMS
LOST_LINK_ITEMS = frozenset((
    Do.NAV_WAYPOINT, Do.NAV_LOITER_TIME, Do.NAV_LOITER_TURNS, Do.NAV_LOITER_TO_ALT, Do.NAV_RETURN_TO_LAUNCH,
    Do.NAV_LAND, Do.DO_CHANGE_SPEED, Do.DO_LAND_START, Do.NAV_ARC_WAYPOINT,
))  # fmt: skip
ALLOWED = {
    Kind.MISSION: MISSION_ITEMS, Kind.FENCE: FENCE_ITEMS, Kind.RALLY: RALLY_ITEMS, Kind.LOST_LINK: LOST_LINK_ITEMS,
}  # fmt: skip
"""What each kind of plan may hold."""

FLOWN = frozenset((
    Do.NAV_WAYPOINT, Do.NAV_LOITER_UNLIM, Do.NAV_LOITER_TURNS, Do.NAV_LOITER_TIME, Do.NAV_TAKEOFF,
    Do.NAV_LOITER_TO_ALT, Do.NAV_ARC_WAYPOINT, Do.DO_FIGURE_EIGHT,
))  # fmt: skip
"""Commands that take the aircraft to a place."""
CIRCLES = frozenset((Do.NAV_LOITER_UNLIM, Do.NAV_LOITER_TURNS, Do.NAV_LOITER_TIME, Do.NAV_LOITER_TO_ALT))
ENDS = frozenset((Do.NAV_LOITER_UNLIM, Do.NAV_RETURN_TO_LAUNCH, Do.NAV_LAND, Do.DO_FIGURE_EIGHT))
"""Commands after which nothing more is flown, but by a jump."""
PLACED = FLOWN | FENCE_ITEMS | RALLY_ITEMS | {Do.DO_SET_ROI_LOCATION, Do.CONDITION_GATE, Do.NAV_LAND}
"""Commands whose parameters 5 and 6 are a place."""
ROUTES = (Kind.MISSION, Kind.LOST_LINK)
"""Kinds that are flown."""


@dataclass(frozen=True)
class Item:
    """One item. Numbers that are not given are NaN."""

    command: int
    """MAV_CMD."""
    frame: int = Frame.GLOBAL_RELATIVE_ALT_INT
    """MAV_FRAME."""
    p1: float = math.nan
    """Parameters as the command has them, in its own units."""
    p2: float = math.nan
    p3: float = math.nan
    p4: float = math.nan
    latitude: float = math.nan
    """rad."""
    longitude: float = math.nan
    """rad."""
    altitude: float = math.nan
    """m, by its frame."""
    x: float = math.nan
    """Parameter 5 of a command without a place."""
    y: float = math.nan
    """Parameter 6 of a command without a place."""
    autocontinue: bool = True

    @property
    def name(self) -> str:
        """As people know it."""
        return Do(self.command).name if self.command in Do._value2member_map_ else f"command {self.command}"

    @property
    def placed(self) -> bool:
        """Whether a place is given: both numbers there, and not both zero."""
        there = math.isfinite(self.latitude) and math.isfinite(self.longitude)
        return there and (self.latitude, self.longitude) != (0.0, 0.0)

    def msl(self, home: float, ground: float = math.nan) -> float:
        """m above mean sea level; `home` and `ground` are m above mean sea level."""
        if self.frame in TERRAIN:
            return self.altitude + ground
        return self.altitude + (home if self.frame in RELATIVE else 0.0)

    def given(self, name: str, otherwise: float = 0.0) -> float:
        """A number, or what stands for one that is not given."""
        value = float(getattr(self, name))
        return value if math.isfinite(value) else otherwise


@dataclass(frozen=True)
class Problem:
    """What is wrong with a plan."""

    item: int
    """Number of the item from 0; -1 means the whole."""
    words: str
    """One line: what is wrong, the value and its unit, what is allowed."""
    refuses: bool = True
    """False for what is worth knowing but no reason to refuse."""
    result: int = 5
    """MAV_MISSION_RESULT that the aircraft would answer: 3 unsupported, 2 unsupported frame, 5 invalid, 4 no space,
    6 to 12 an invalid parameter 1 to 7."""
