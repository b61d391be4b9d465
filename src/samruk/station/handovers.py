"""Who is to command, from this station's side: asking for control, giving it, and the steps of a hand-over.

The aircraft decides and compares (`samruk.vehicle.authority`); here its questions are answered and steps are sent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from samruk.messages import Mode
from samruk.station import wire
from samruk.station.commands import Commands, Step
from samruk.station.heard_own import BEARERS
from samruk.station.vehicles import Fleet, Out, Vehicle

OPERATOR_CONTROL = 32100
"""MAV_CMD_REQUEST_OPERATOR_CONTROL: asks for all levels that fly; from an aircraft: another station asks."""
HANDOVER_STEP = {"offer": 1, "take_offer": 2, "transfer": 4, "cancel": 6}
"""Steps of SAMRUK_HANDOVER by the words of the wire."""


@dataclass
class Handovers:
    """Control asked for, given and taken over.

    Attributes:
        fleet: the aircraft, as this station hears them.
        commands: by which steps are sent.
    """

    fleet: Fleet
    commands: Commands

    def shown(self) -> Iterator[Out]:
        """What this station shows as commanded: the aircraft compares it in a hand-over."""
        for vehicle in self.fleet.vehicles.values():
            if vehicle.now.foreign or vehicle.handover is None:
                continue
            a, nan = vehicle.now, math.nan
            ids = [getattr(a.shown, kind) or 0 for kind in ("mission", "fence", "rally", "lost_link")]
            heats = None if a.ice.protection is None else a.ice.protection == "heating"
            yield Out("SAMRUK_SHOWN", {
                "target_system": a.sysid, "altitude": nan if a.target.altitude is None else a.target.altitude,
                "airspeed": nan if a.target.airspeed is None else a.target.airspeed,
                "heading": nan if a.target.heading is None else a.target.heading, "id": ids,
                "mode": _mode_number(a.mode.now), "engine": _told(a.engine_running), "gear": _told(vehicle.gear),
                "flap": _told(vehicle.flap), "protection": _told(heats),
                "bearer": BEARERS.index(a.active_bearer) + 1 if a.active_bearer in BEARERS else 0,
            }, a.sysid)  # fmt: skip

    def read_back(self, vehicle: Vehicle, now: float) -> None:
        """The aircraft has been given to this station: say so at once, it waits no longer than 2 s."""
        offer = vehicle.handover
        if offer is None or offer.step != "read_back" or offer.taker != self.fleet.sysid:
            return
        id = f"read-back-{vehicle.sysid}-{vehicle.handover_number}"
        if all(each.state.id != id for each in self.commands.pending):
            step = self.step(vehicle.sysid, 5, offer.giver, offer.loi, done=self._held_at(offer.loi or 4, True))
            self.commands.ask(id, vehicle.sysid, "read_back", step, now)

    def asked(self, m: wire.Authority, now: float) -> None:
        """A person asks for control, gives it, or takes a step of a hand-over."""
        if m.step in ("request", "release"):
            action = 1.0 if m.step == "request" else 0.0
            step = Step(52100, (float(m.loi), action, 0.0, 0.0), done=self._held_at(m.loi, action == 1.0))
            vehicle = self.fleet.vehicles.get(m.sysid)
            if m.loi == 0 or (vehicle is not None and vehicle.now.foreign):  # all levels at once
                step = Step(OPERATOR_CONTROL, (float(self.fleet.sysid), action, 0.0, float(self.fleet.sysid)),
                            done=self._held_at(4, action == 1.0))  # fmt: skip
        elif m.step == "override":
            if not m.confirmed:
                step = Step(52102, (float(m.loi), 1.0, 0.0, 0.0))
            else:
                step = Step(52102, (float(m.loi), 2.0, 0.0, 0.0), done=self._held_at(m.loi or 4, True))
        else:
            other = m.to or self._other(m.sysid)
            done = self._held_at(m.loi or 4, False) if m.step == "transfer" else None
            step = self.step(m.sysid, HANDOVER_STEP[m.step], other, m.loi, done=done)
        self.commands.ask(m.id, m.sysid, f"authority_{m.step}", step, now)

    def accept(self, m: wire.AcceptDifference, now: float) -> None:
        """A person accepts a difference."""
        vehicle = self.fleet.vehicles.get(m.sysid)
        loi = vehicle.handover.loi if vehicle is not None and vehicle.handover is not None else 4
        step = self.step(m.sysid, 3, self._other(m.sysid), loi, m.index)
        self.commands.ask(m.id, m.sysid, "accept_difference", step, now)

    def step(self, sysid: int, number: int, other: int, loi: int, index: int = 0, done: Any = None) -> Step:
        """One step of a hand-over, with its number, so that a late one is known aboard."""
        vehicle = self.fleet.vehicles.get(sysid)
        counted = vehicle.handover_number if vehicle is not None else 0
        return Step(52101, (float(number), float(other), float(loi), float(index)), float(counted), done=done)

    def _held_at(self, loi: int, wanted: bool) -> Any:
        return lambda a: (getattr(a.holder, f"loi{loi}", None) == self.fleet.sysid) == wanted

    def _other(self, sysid: int) -> int:
        """The other station of a hand-over that is under way."""
        vehicle = self.fleet.vehicles.get(sysid)
        offer = vehicle.handover if vehicle is not None else None
        if offer is None:
            return 0
        return offer.giver if offer.taker == self.fleet.sysid else offer.taker


def _told(value: bool | int | None) -> int:
    """As SAMRUK_SHOWN says it: 255 for what is not known here."""
    return 255 if value is None else int(value)


def _mode_number(name: str | None) -> int:
    return int(Mode[name.upper()]) if name is not None and name.upper() in Mode.__members__ else 255
