"""The enums of MAVLink by name: `enums.MAV_CMD.NAV_WAYPOINT`, `enums.MAV_RESULT.ACCEPTED`.

An entry has the name that MAVLink gives it, without the name of its enum in front where that leaves a name.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from samruk.link.mavlink.definitions import ENUMS

_MADE: dict[str, Any] = {}


def _short(enum: str, entry: str) -> str:
    """The entry's own name."""
    rest = entry.removeprefix(enum + "_")
    return rest if rest != entry and not rest[0].isdigit() else entry


def __getattr__(name: str) -> Any:
    if name not in ENUMS:
        raise AttributeError(f"MAVLink has no enum {name}")
    if name not in _MADE:
        entries = {_short(name, entry): value for entry, value in ENUMS[name].items()}
        _MADE[name] = IntEnum(name, entries)
    return _MADE[name]
