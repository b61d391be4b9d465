"""What a plan must keep before it is sent: the rules that the aircraft has too, with what the station knows.

The aircraft decides; this only spares a crew the way there and back. Of the aircraft the station knows what its
messages tell: fuel, flow, stall speed; where they tell nothing the rule is left to the aircraft.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

from samruk.rules import items, route_checks
from samruk.rules.fences import Fences, boundaries
from samruk.rules.route import Field, Setting
from samruk.station import wire
from samruk.station.maps import Ground
from samruk.station.plans import TYPES
from samruk.terrain_file import Tiles

SEVERITY: dict[items.Severity, Literal["error", "warning"]] = {
    items.Severity.ERROR: "error", items.Severity.WARNING: "warning"
}  # fmt: skip
KEPT = 1.2
"""Stall speeds that an ordered speed keeps."""
CLIMB, DESCENT = 0.10, 0.12
"""Rise and fall over way beyond which no aircraft of this class goes; the aircraft's own figures are tighter."""


def problems(
    kind: wire.Kind, plan: Sequence[wire.Item], a: wire.Aircraft | None, ground: Ground, fence: Sequence[wire.Item]
) -> list[wire.Problem]:
    """Everything that is wrong with a plan, and what is worth knowing; without an error it may be sent."""
    carried, which = [carried_item(item) for item in plan], items.Kind(TYPES[kind])
    setting = Setting(fields(a, ground), ground=_heights(ground))
    if not setting.fields:
        found = items.check_items(carried, which)
    else:
        terrain = Tiles(tuple(ground.grids)) if ground.grids else None
        world = route_checks.World(setting, ability(a), _fences(fence), terrain,
                                   in_air=a is not None and a.landed is False)  # fmt: skip
        found = route_checks.check(carried, which, world)
    return [wire.Problem(p.item if p.item >= 0 else None, SEVERITY[p.severity], p.words) for p in found]


def carried_item(item: wire.Item) -> items.Item:
    """An item as it travels."""
    place = (item.latitude or 0.0, item.longitude or 0.0)
    return items.at(item.command, *place, item.altitude, item.frame, item.params)


def fields(a: wire.Aircraft | None, ground: Ground) -> tuple[Field, ...]:
    """Where one can land: of the charts, else the aircraft's home."""
    charted = tuple(Field(f.latitude, f.longitude, f.altitude, f.runways[0].course, f.runways[0].length, f.name)
                    for f in ground.aerodromes if f.runways)  # fmt: skip
    if charted or a is None or a.home is None:
        return charted
    return (Field(a.home.latitude, a.home.longitude, a.home.altitude, 0.0),)


def ability(a: wire.Aircraft | None) -> route_checks.Ability:
    """What the aircraft tells of itself."""
    if a is None:
        return route_checks.Ability(slowest=0.0, fastest=math.inf, climb=CLIMB, descent=DESCENT, ceiling=math.inf)
    stall, aboard = a.ice.stall_speed, a.fuel.aboard
    return route_checks.Ability(
        airspeed=a.target.airspeed or 35.0, slowest=KEPT * stall if stall is not None else 0.0, fastest=math.inf,
        climb=CLIMB, descent=DESCENT, ceiling=math.inf,
        fuel=math.inf if aboard is None else aboard - (a.fuel.reserve or 0.0), flow=a.fuel.flow or 0.0,
    )  # fmt: skip


def _heights(ground: Ground) -> Callable[[float, float], float] | None:
    """Height at a place for the rules, which want a number."""
    if not ground.grids and ground.plain is None:
        return None
    return lambda latitude, longitude: ground.height(latitude, longitude) or 0.0


def _fences(fence: Sequence[wire.Item]) -> Fences:
    found = boundaries([carried_item(item) for item in fence])
    return found if not found.problems else Fences()
