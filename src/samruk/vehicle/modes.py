"""Modes as clients know them: PX4's packing of `custom_mode`, MAVLink's standard modes, and the list of both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from samruk.messages import Mode
from samruk.vehicle.picture import Picture

PX4 = 12
"""MAV_AUTOPILOT_PX4."""
FIXED_WING = 1
"""MAV_TYPE_FIXED_WING."""
POSITION, AUTO = 3, 4
"""Main modes of PX4 that this aircraft has."""
NOT_SELECTABLE = 2
"""MAV_MODE_PROPERTY_NOT_USER_SELECTABLE."""
ADVANCED = 1
"""MAV_MODE_PROPERTY_ADVANCED."""


class Standard(IntEnum):
    """MAV_STANDARD_MODE, those that this aircraft has."""

    NONE = 0
    ORBIT = 2
    CRUISE = 3
    SAFE_RECOVERY = 5
    MISSION = 6
    LAND = 7
    TAKE_OFF = 8


@dataclass(frozen=True)
class Shown:
    """A mode as clients see it."""

    name: str
    """For people."""
    main: int
    """Main mode of PX4."""
    sub: int
    """Sub-mode of PX4."""
    standard: int = Standard.NONE
    """A `Standard`."""
    properties: int = 0
    """MAV_MODE_PROPERTY bits."""

    @property
    def custom_mode(self) -> int:
        """PX4's packing: sub-mode in the highest byte, main mode in the next."""
        return self.sub << 24 | self.main << 16


HOLD = Shown("Hold", AUTO, 3, Standard.ORBIT)
MISSION = Shown("Mission", AUTO, 4, Standard.MISSION)
RETURN = Shown("Return", AUTO, 5, Standard.SAFE_RECOVERY)
TAKE_OFF = Shown("Takeoff", AUTO, 2, Standard.TAKE_OFF)
LAND = Shown("Land", AUTO, 6, Standard.LAND)
HEADING = Shown("Heading", POSITION, 0, Standard.CRUISE)
READY = Shown("Ready", AUTO, 1, properties=NOT_SELECTABLE)
LOST_LINK = Shown("Lost-link route", AUTO, 11, properties=ADVANCED)
GO_AROUND = Shown("Go-around", AUTO, 12, properties=NOT_SELECTABLE)
ESCAPE = Shown("Leaving ice", AUTO, 13, properties=NOT_SELECTABLE)
GLIDE = Shown("Glide", AUTO, 14, properties=NOT_SELECTABLE)
DIVERT = Shown("Divert", AUTO, 15, properties=NOT_SELECTABLE)
AVAILABLE = (HOLD, MISSION, RETURN, TAKE_OFF, LAND, HEADING, READY, LOST_LINK, GO_AROUND, ESCAPE, GLIDE, DIVERT)
"""Every mode, in the order of AVAILABLE_MODES."""

SHOWN = {
    Mode.PREFLIGHT: READY, Mode.LINE_UP: TAKE_OFF, Mode.TAKE_OFF: TAKE_OFF, Mode.CLIMB: MISSION, Mode.ROUTE: MISSION,
    Mode.LOITER: MISSION, Mode.RETURN: RETURN, Mode.DIVERT: DIVERT, Mode.LOST_LINK: LOST_LINK, Mode.ESCAPE: ESCAPE,
    Mode.DESCENT: LAND, Mode.APPROACH: LAND, Mode.FLARE: LAND, Mode.ROLL_OUT: LAND, Mode.GO_AROUND: GO_AROUND,
    Mode.STOPPED: READY, Mode.REFUSED: READY, Mode.GLIDE: GLIDE, Mode.HOLD: HOLD, Mode.HEADING: HEADING,
    Mode.STICK: HEADING,
}  # fmt: skip
"""What each mode of the autopilot is shown as."""

BY_STANDARD = {each.standard: each for each in AVAILABLE if each.standard}


def shown(picture: Picture, selected: Shown | None = None) -> Shown:
    """The mode of an aircraft; on the ground before flight, the one that was selected for it."""
    mode = picture.mode
    if mode in (Mode.PREFLIGHT, Mode.STOPPED, Mode.REFUSED):
        return selected or READY
    if mode == Mode.CLIMB and picture.flight.directed.holds:
        return TAKE_OFF
    return SHOWN[mode]


def named(main: int, sub: int) -> Shown | None:
    """The mode with these numbers of PX4; None when there is none to select.

    PX4 clients ask for a fixed wing's stabilised, altitude and position modes alike; position is the one here.
    """
    found = next((each for each in AVAILABLE if (each.main, each.sub) == (main, sub)), None)
    return None if found is None or found.properties & NOT_SELECTABLE else found


def unpacked(custom_mode: int) -> tuple[int, int]:
    """Main mode and sub-mode of a `custom_mode`."""
    return custom_mode >> 16 & 0xFF, custom_mode >> 24 & 0xFF
