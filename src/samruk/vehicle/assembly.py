"""An aircraft with all its services, put together."""

from __future__ import annotations

from dataclasses import dataclass

from samruk.link.mavlink import by_id
from samruk.vehicle.actions import Actions
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.announcer import Announcer
from samruk.vehicle.arming import Arming
from samruk.vehicle.commands import Commands
from samruk.vehicle.live import Live
from samruk.vehicle.service import Switchboard
from samruk.vehicle.telemetry import Telemetry


@dataclass(frozen=True)
class Assembled:
    """One aircraft that talks."""

    aircraft: Aircraft
    """The lane with its names."""
    commands: Commands
    """Where commands come in."""
    telemetry: Telemetry
    """Its streams."""
    switchboard: Switchboard
    """All services, in the order in which they hear."""


def assemble(live: Live, k: int, system: int, instructor: bool = False, name: str = "") -> Assembled:
    """Aircraft `k` of the lanes with its services.

    Args:
        live: the lanes.
        k: which of them.
        system: its MAVLink system id.
        instructor: whether failures and weather may be set from outside.
        name: for people.
    """
    aircraft = Aircraft(live, k, system, name)
    commands = Commands(aircraft)
    telemetry = Telemetry(aircraft, commands, {number: each.name for number, each in by_id.items()})
    actions = Actions(aircraft, commands)
    arming = Arming(aircraft, commands, actions, instructor)
    switchboard = Switchboard(system, [commands, actions, arming, Announcer(aircraft), telemetry])
    return Assembled(aircraft, commands, telemetry, switchboard)
