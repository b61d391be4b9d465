"""The flight as columns over time for the strip: what was flown, thinned as it grows, then what is foreseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from samruk.messages import Mode
from samruk.station import wire
from samruk.station.vehicles import Vehicle

MOST = 900
"""Samples of the flown part; beyond it every second one goes and the step doubles."""
COLUMNS = ("s", "altitude", "ground", "ice", "stall_margin", "los_db", "satellite_db", "fuel", "mode", "by", "latitude",
           "longitude")  # fmt: skip

Row = tuple[
    float, float | None, float | None, float | None, float | None, float | None, float | None, float | None,
    str | None, int | None, float | None, float | None,
]  # fmt: skip


@dataclass
class Flown:
    """Samples of one aircraft."""

    rows: list[Row] = field(default_factory=list)
    step: float = 1.0
    """s of simulated time between samples."""

    def add(self, a: wire.Aircraft, ground: float | None) -> None:
        """Take a sample, if it is time; a change of mode is always taken."""
        s = a.sent_sim_s
        if s is None or a.place.altitude is None:
            return
        last = self.rows[-1] if self.rows else None
        if last is not None and s < last[0]:
            self.rows.clear()
        elif last is not None and s - last[0] < self.step and last[8] == a.mode.now:
            return
        margin = {link.bearer: link.margin for link in a.links}
        self.rows.append((s, a.place.altitude, ground, a.ice.mass, a.ice.stall_margin, margin.get("line_of_sight"),
                          margin.get("satellite"), a.fuel.aboard, a.mode.now, a.mode.by, a.place.latitude,
                          a.place.longitude))  # fmt: skip
        if len(self.rows) > MOST:
            self.rows = [row for k, row in enumerate(self.rows) if k % 2 == 0 or row[8] != self.rows[k - 1][8]]
            self.step *= 2.0


def foreseen(vehicle: Vehicle, profile: Sequence[wire.ProfilePoint], margins: Sequence[wire.Margin]) -> list[Row]:
    """What the aircraft foresees, else the planned route at the present speed and flow."""
    now = vehicle.now.sent_sim_s or 0.0
    if vehicle.foresight:
        return [
            (s, height, None, ice, None, los, satellite, fuel, Mode(mode).name.lower(), 0, None, None)
            for s, (height, fuel, ice, mode, los, satellite) in sorted(vehicle.foresight.items())
            if s > now and mode in Mode._value2member_map_
        ]
    aboard, flow = vehicle.now.fuel.aboard, vehicle.now.fuel.flow
    left = margins if len(margins) == len(profile) else [None] * len(profile)
    return [
        (now + p.s, p.altitude, p.ground, None, None, m.los_db if m else None, m.satellite_db if m else None,
         None if aboard is None or flow is None else max(0.0, aboard - flow * p.s), None, None, None, None)
        for p, m in zip(profile, left, strict=True) if p.s > 0.0
    ]  # fmt: skip


def strip(vehicle: Vehicle, flown: Flown, ahead: Sequence[Row]) -> wire.Strip:
    """Both parts as columns."""
    rows = [*flown.rows, *ahead]
    columns = {name: [row[k] for row in rows] for k, name in enumerate(COLUMNS)}
    epoch = vehicle.heard.get("epoch")
    return wire.Strip(sysid=vehicle.sysid, now=len(flown.rows), start_unix_s=epoch, **columns)  # type: ignore[arg-type]
