"""Which messages this station wants how often, asked for until they come."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from samruk.link.mavlink import MESSAGES
from samruk.station.vehicles import AUTOPILOT, OLD, Fleet, Out, Vehicle

WANTED: dict[str, float] = {
    "ATTITUDE": 10.0, "GLOBAL_POSITION_INT": 5.0, "VFR_HUD": 4.0, "SYS_STATUS": 1.0, "EXTENDED_SYS_STATE": 1.0,
    "GPS_RAW_INT": 1.0, "WIND_COV": 1.0, "MISSION_CURRENT": 1.0, "HOME_POSITION": 0.2, "SYSTEM_TIME": 1.0,
    "SAMRUK_MODE": 2.0, "SAMRUK_FUEL": 1.0, "SAMRUK_ICE": 1.0, "SAMRUK_HEAT": 0.5, "SAMRUK_LINKS": 1.0,
    "SAMRUK_REACH": 0.5, "SAMRUK_OUTLOOK": 0.2, "SAMRUK_ROUTE_VERSIONS": 0.5, "SAMRUK_AUTHORITY": 1.0,
    "EFI_STATUS": 1.0, "GIMBAL_DEVICE_ATTITUDE_STATUS": 5.0, "CAMERA_FOV_STATUS": 1.0,
}  # fmt: skip
"""Hz by message."""
COMMON_ONLY = tuple(name for name in WANTED if not name.startswith("SAMRUK"))
EVERY = 5.0
"""s between asking again."""
MOST = 8
"""Times that one message is asked for: an aircraft that never sends it does not have it."""
SET_MESSAGE_INTERVAL = 511
REQUEST_MESSAGE = 512
ONCE = ("AUTOPILOT_VERSION", "HOME_POSITION")
"""Asked for until heard once."""


@dataclass
class Streams:
    """What is asked for of every aircraft."""

    fleet: Fleet
    asked: dict[tuple[int, str], tuple[int, float]] = field(default_factory=dict)
    """Times and wall s of the last, by aircraft and message."""

    def due(self, now: float) -> Iterator[Out]:
        """At most one request to each aircraft per call."""
        for vehicle in self.fleet.vehicles.values():
            if now - vehicle.last < OLD:
                yield from self._next(vehicle, now)

    def _next(self, vehicle: Vehicle, now: float) -> Iterator[Out]:
        for name in ONCE:
            if name not in vehicle.messages and self._may(vehicle, f"once {name}", now):
                yield self._command(vehicle, REQUEST_MESSAGE, name, 0.0)
                return
        for name in COMMON_ONLY if vehicle.now.foreign and now - vehicle.first > 10.0 else WANTED:
            heard = vehicle.messages.get(name, -math.inf)
            if now - heard > 3.0 / WANTED[name] + 2.0 and self._may(vehicle, name, now):
                yield self._command(vehicle, SET_MESSAGE_INTERVAL, name, 1e6 / WANTED[name])
                return

    def _may(self, vehicle: Vehicle, name: str, now: float) -> bool:
        times, at = self.asked.get((vehicle.sysid, name), (0, -math.inf))
        if times >= MOST or now - at < EVERY:
            return False
        self.asked[vehicle.sysid, name] = (times + 1, now)
        return True

    @staticmethod
    def _command(vehicle: Vehicle, number: int, name: str, second: float) -> Out:
        target = {"target_system": vehicle.sysid, "target_component": AUTOPILOT, "command": number}
        wanted = {"param1": float(MESSAGES[name].number), "param2": second}
        return Out("COMMAND_LONG", {**target, **wanted}, vehicle.sysid)
