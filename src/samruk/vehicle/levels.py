"""Which level of interoperability each command needs: one table. Plans, parameters and files need level 4.

Levels are those of `samruk.vehicle.authority.Level`: 0 open to everybody, 3 payload, 4 air vehicle, 5 launch and
recovery. What a station merely asks (messages, lists, downloads) is open: looking never needs control.
"""

from __future__ import annotations

from samruk.vehicle.claims import Level

OPEN_COMMANDS = frozenset(
    {
        410, 510, 511, 512, 519, 520, 521, 528,  # home position, message intervals, messages, protocol and versions
        401, 2502, 32100, 52100, 52101, 52102,  # the arming report, stream status, control itself
    }
)  # fmt: skip
"""MAV_CMD that ask and change nothing, and those by which control is asked for."""
PAYLOAD_COMMANDS = frozenset(
    {
        195, 196, 197, 198, 201, 204, 205, 206, 214, 260, 530, 531, 532, 534, 1000, 1001, 2000, 2001, 2003, 2004, 2005,
        2010, 2500, 2501,
    }
)  # fmt: skip
"""Turret and cameras."""
RECOVERY_COMMANDS = frozenset(
    {
        21, 22, 189, 191, 400, 223, 241, 245, 246, 185, 2600,  # land, take off, go around, arm, engine, preflight
    }
)  # fmt: skip
"""Launch and recovery, engine and computers."""
GROUND_RECOVERY_COMMANDS = frozenset({176, 193, 262, 300})
"""Mode, going on after a pause, and mission start: on the ground they begin a take-off."""


def of_command(command: int, in_air: bool = True) -> Level:
    """The level that a MAV_CMD needs; one that is not in the table changes the flight: level 4.

    So does the return home, though it ends in a landing: the way to safety needs no second station.
    """
    if command in OPEN_COMMANDS:
        return Level.OPEN
    if command in PAYLOAD_COMMANDS:
        return Level.PAYLOAD
    if command in RECOVERY_COMMANDS or (not in_air and command in GROUND_RECOVERY_COMMANDS):
        return Level.RECOVERY
    return Level.AIR
