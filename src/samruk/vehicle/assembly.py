"""An aircraft with all its services, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from samruk.link.mavlink import by_id
from samruk.rules.items import Item, Kind
from samruk.vehicle import metadata, settings, sight
from samruk.vehicle.ability import Checker, grid_of
from samruk.vehicle.actions import Actions
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.announcer import Announcer
from samruk.vehicle.arming import Arming
from samruk.vehicle.authority import Audit, Authority
from samruk.vehicle.commands import Commands
from samruk.vehicle.control import Control
from samruk.vehicle.fence import Fence
from samruk.vehicle.ftp import File, Ftp
from samruk.vehicle.itinerary import Computer
from samruk.vehicle.live import Live
from samruk.vehicle.logs import Logs
from samruk.vehicle.missions import Missions
from samruk.vehicle.outlook import Outlooks, Seer, reach_fields
from samruk.vehicle.parameters import Parameters
from samruk.vehicle.picture import Picture
from samruk.vehicle.service import Now, Switchboard
from samruk.vehicle.telemetry import Telemetry

REACH_RATE = 0.5
"""Hz of the ring of reach."""


@dataclass(frozen=True)
class Assembled:
    """One aircraft that talks."""

    aircraft: Aircraft
    """The lane with its names."""
    commands: Commands
    """Where commands come in."""
    telemetry: Telemetry
    """Its streams."""
    control: Control
    """Who commands it."""
    missions: Missions
    """Its plans."""
    parameters: Parameters
    """Its parameters."""
    switchboard: Switchboard
    """All services, in the order in which they hear."""

    def saved(self) -> dict[str, Any]:
        """What a restart of the process must not forget, as plain values."""
        plans = {str(int(kind)): [asdict(item) for item in items] for kind, items in self.missions.plans.items()}
        return {"control": self.control.authority.saved(), "plans": plans, "parameters": self.parameters.values}

    def restore(self, kept: Mapping[str, Any] | None) -> None:
        """Go on after a restart with what `saved` gave."""
        if not kept:
            return
        live, aircraft = self.aircraft.live, self.aircraft
        self.control.authority.restore(kept["control"], live.time, not aircraft.landed)
        for kind, items in kept["plans"].items():
            found = tuple(Item(**{**item, "params": tuple(item["params"])}) for item in items)
            self.missions.plans[Kind(int(kind))] = found
        aircraft.board["mission"].restore(self.missions.plans)
        for name, value in kept.get("parameters", {}).items():
            self.parameters.set(name, float(value))


@dataclass(frozen=True)
class Fitting:
    """What is chosen for all aircraft of a process."""

    instructor: bool = False
    """Whether failures and weather may be set from outside."""
    overriding: tuple[int, ...] = ()
    """System ids of stations that may override."""
    signed: bool = False
    """True when only signed frames count."""
    keep: Callable[[int, Audit], None] | None = None
    """Called with (aircraft's number, line) for each line of the audit."""


def assemble(
    live: Live, k: int, system: int, seer: Seer | None = None, fitting: Fitting | None = None, name: str = ""
) -> Assembled:
    """Aircraft `k` of the lanes with its services.

    Args:
        live: the lanes.
        k: which of them.
        system: its MAVLink system id.
        seer: looks ahead for all aircraft of the process; None for no looks.
        fitting: what is chosen for all.
        name: for people.
    """
    fitting = fitting or Fitting()
    aircraft = Aircraft(live, k, system, name)
    commands = Commands(aircraft)
    telemetry = Telemetry(aircraft, commands, {number: each.name for number, each in by_id.items()})
    computer, missions = _plans(aircraft, commands)
    control = _control(aircraft, k, fitting, missions)
    control.register(commands)
    commands.may = missions.may = control.may
    values, ftp = _values(aircraft, telemetry, control)
    fence = Fence(aircraft, lambda: missions.plans[Kind.FENCE])
    fence.register(commands)
    actions = Actions(aircraft, commands)
    arming = Arming(aircraft, commands, actions, fitting.instructor)
    gimbal = sight.join(aircraft, commands, telemetry)
    services: list[Any] = [control, commands, actions, arming, missions, computer, fence, values, ftp,
                           Logs(lambda: aircraft.board.get("logs", dict)(), aircraft.say), gimbal,
                           Announcer(aircraft)]  # fmt: skip
    if seer is not None:
        outlooks = aircraft.board["outlooks"] = Outlooks(aircraft, seer)
        services.append(outlooks)
    _reach(aircraft, telemetry)
    telemetry.provide(
        "SAMRUK_ROUTE_VERSIONS", _versions(missions), rate=0.5, sign=lambda: tuple(missions.plans.values())
    )
    return Assembled(
        aircraft, commands, telemetry, control, missions, values, Switchboard(system, [*services, telemetry])
    )


def _plans(aircraft: Aircraft, commands: Commands) -> tuple[Computer, Missions]:
    """The mission computer and the plans that it flies."""
    grid = grid_of(aircraft)
    ground = None if grid is None else (lambda latitude, longitude: float(grid.at(latitude, longitude)))
    computer = Computer(aircraft, commands.perform, ground)
    missions = Missions(take=computer.take, say=aircraft.say, stored=computer.stored())
    missions.check = Checker(aircraft, computer, missions.plans)
    missions.current = computer.current
    missions.go_to = lambda sender, number: _ignored(computer.set_current(sender, number))
    return computer, missions


def _values(aircraft: Aircraft, telemetry: Telemetry, control: Control) -> tuple[Parameters, Ftp]:
    """Parameters, and the files that tell what they mean; the session's logs beside them."""
    values = Parameters(settings.table(aircraft), control.may, aircraft.say)
    told = metadata.files(values.table)

    def files() -> dict[str, File]:
        logs: Callable[[], dict[str, File]] = aircraft.board.get("logs", dict)
        return told | logs()

    about = metadata.component_metadata(values.table, 0)
    telemetry.provide("COMPONENT_METADATA", lambda a, p, now: about | {"time_boot_ms": now.boot_ms})
    return values, Ftp(files, control.may)


def _ignored(value: object) -> None:
    """MISSION_SET_CURRENT has no ack: MISSION_CURRENT tells."""


def _control(aircraft: Aircraft, k: int, fitting: Fitting, missions: Missions) -> Control:
    """The authority over this aircraft."""
    keep = fitting.keep
    return Control(
        aircraft, Authority(fitting.overriding), signed=fitting.signed,
        keep=None if keep is None else (lambda line: keep(k, line)),
        versions=lambda: [missions.id_of(kind) for kind in missions.plans][:4],
    )  # fmt: skip


def _versions(missions: Missions) -> Callable[..., dict[str, Any]]:
    """SAMRUK_ROUTE_VERSIONS."""

    def make(aircraft: Aircraft, picture: Picture, now: Now) -> dict[str, Any]:
        kinds = list(missions.plans)[:4]
        return {"id": [missions.id_of(kind) for kind in kinds], "count": [len(missions.plans[kind]) for kind in kinds]}

    return make


def _reach(aircraft: Aircraft, telemetry: Telemetry) -> None:
    """The ring that a glide reaches."""
    book, grid = aircraft.live.handbook(aircraft.k), grid_of(aircraft)
    telemetry.provide("SAMRUK_REACH", lambda a, p, now: reach_fields(a, p, now, book, grid), rate=REACH_RATE)
