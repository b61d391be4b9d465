"""What the own messages (dialect `samruk.xml`) say of an aircraft, beyond MAVLink's common set."""

from __future__ import annotations

import itertools
import math
from typing import Any

from samruk.messages import Mode, Reason
from samruk.station import wire
from samruk.station.heard import wrapped
from samruk.station.vehicles import Hearer, Vehicle, degrees_e7, finite

BEARERS = ("line_of_sight", "satellite")
OUTCOMES = {0: "completed", 1: "diverted", 2: "refused", 3: "lost"}
HEATED = ("coolant", "oil", "boxes", "battery", "fuel", "bay", "turret")
PROTECTION = {0: "off", 1: "heating", 2: "failed"}
STEPS = {1: "offered", 2: "requested", 3: "differences", 4: "transfer", 5: "read_back"}
VERSIONS: tuple[wire.Kind, ...] = ("mission", "fence", "rally", "lost_link")
ACCEPTED, SAME = 1, 2
"""SAMRUK_HANDOVER_DIFF.accepted."""
SOON = 15.0
"""s between the places of the next minute."""


def named(enum: type[Mode] | type[Reason], number: int) -> str | None:
    """Lower-case name of a number; None for the one that means nothing, or one from a later version."""
    try:
        found = enum(number).name.lower()
    except ValueError:
        return None
    return None if found == "none" else found


def mode(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_MODE."""
    v.mark("own_mode", now)
    v.mark("status", now)
    v.boot_ms(m.time_boot_ms, now)
    shown, line = v.now, v.now.mode
    shown.foreign = False
    line.now, line.reason = named(Mode, m.mode), named(Reason, m.reason)
    following = named(Mode, m.next_mode)
    line.next = None if following == line.now else following
    line.trigger = named(Reason, m.next_reason) if line.next else None
    line.by = int(m.commanded_by)
    line.since_s = max(0.0, (m.time_boot_ms - m.since_ms) * 1e-3)
    line.at_s = max(0.0, (m.time_boot_ms - m.commanded_at_ms) * 1e-3) if m.commanded_at_ms else None
    v.gear, v.flap = int(m.gear), int(m.flap)
    heading = wrapped(finite(m.target_heading))
    shown.target = wire.Target(finite(m.target_altitude), finite(m.target_airspeed), heading)
    soon = [(degrees_e7(a), degrees_e7(b), finite(c))
            for a, b, c in zip(m.soon_lat, m.soon_lon, m.soon_altitude, strict=True)]  # fmt: skip
    shown.soon = [wire.Place(a, b, c) for a, b, c in soon if a is not None and b is not None and c is not None]
    _minute(v)


def _minute(v: Vehicle) -> None:
    """Heading, height and way flown at the end of the next minute."""
    line, soon, place = v.now.mode, v.now.soon, v.now.place
    if not soon or place.latitude is None or place.longitude is None:
        line.heading = line.altitude = line.distance = None
        return
    line.altitude = soon[-1].altitude
    points = [(place.latitude, place.longitude), *((each.latitude, each.longitude) for each in soon)]
    steps = [(b[0] - a[0], (b[1] - a[1]) * math.cos(a[0])) for a, b in itertools.pairwise(points)]
    line.distance = sum(6371008.8 * math.hypot(*step) for step in steps)
    line.heading = wrapped(math.atan2(steps[-1][1], steps[-1][0])) if line.distance > 10.0 else v.now.v.course


def outlook(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_OUTLOOK: how the flight ends if nobody touches it; a rehearsal is kept apart."""
    if m.rehearsal:
        return
    outcome = OUTCOMES.get(int(m.outcome))
    names = [each.name for each in v.now.fuel.fields]
    field = names[m.field] if m.field < len(names) else None
    lands = (m.ends_ms - m.time_boot_ms) * 1e-3 if m.ends_ms > m.time_boot_ms else None
    reason = str(m.text).strip() or named(Reason, m.reason)
    v.now.outlook = None if outcome is None else wire.Outlook(outcome, reason, field, lands, finite(m.fuel))


def fuel(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_FUEL."""
    v.mark("own_fuel", now)
    v.mark("fuel", now)
    names = [m.names[8 * k:8 * k + 8].replace("\0", "").strip() for k in range(3)]
    fields = [wire.Field(names[k] or str(k + 1), finite(m.needed[k]), finite(m.flight_time[k]), finite(m.bingo[k]))
              for k in range(min(3, int(m.count)))]  # fmt: skip
    v.now.fuel = wire.Fuel(finite(m.aboard), finite(m.flow), finite(m.reserve), v.now.fuel.fraction, fields)


def reach(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_REACH."""
    v.now.reach = [10.0 * each for each in m.radius]
    v.now.reach_fields = int(m.fields)


def ice(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_ICE."""
    v.mark("ice", now)
    margin = finite(m.stall_margin)
    speed = v.now.v.calibrated
    stall = speed / (1.0 + margin) if speed is not None and margin is not None and margin > -0.9 else None
    airborne = v.now.landed is False
    v.now.ice = wire.Ice(bool(m.detected), finite(m.rate), None, finite(m.power_excess),
                         PROTECTION.get(int(m.protection)), margin if airborne else None, stall if airborne else None,
                         finite(m.temperature))  # fmt: skip
    if not m.airspeed_valid and "pitot" not in v.now.health:
        v.now.health = [*v.now.health, "pitot"]


def heat(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_HEAT."""
    v.mark("heat", now)
    rows = zip(HEATED, m.value, m.low, m.high, strict=True)
    v.now.heat = [wire.Heat(name, finite(t), finite(low), finite(high)) for name, t, low, high in rows if t > 1.0]


def links(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_LINKS: of the links to this station; those of others are not shown as ours."""
    if int(m.station) not in (0, v.heard.get("station", 0)):
        return
    v.mark("links", now)
    rows = []
    for k, name in enumerate(BEARERS):
        margin = finite(m.margin[k])
        if margin is not None and margin > -29.0:
            rows.append(wire.Bearer(name, margin, bool(m.up >> k & 1), finite(m.delay[k]), finite(m.age[k]),
                                    finite(m.loss[k])))  # fmt: skip
    v.now.links = rows
    v.now.active_bearer = BEARERS[m.active - 1] if 1 <= m.active <= 2 else None
    v.now.lost_link_s = finite(m.lost_link_in)


def versions(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_ROUTE_VERSIONS."""
    v.now.versions = wire.Versions(*(int(each) for each in m.id))


def authority(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_AUTHORITY."""
    v.mark("own_authority", now)
    v.mark("authority", now)
    v.now.holder = wire.Holder(*(int(each) for each in m.holder))
    v.now.neutral = v.regained = bool(m.state & 2)
    v.override_in = finite(m.override_in)
    step = STEPS.get(int(m.handover))
    if step is None:
        v.handover = None
        return
    was = v.handover
    same = was is not None and (was.giver, was.taker, was.loi) == (m.giver, m.taker, m.level)
    differences = was.differences if same and was is not None else []
    compared = was.compared if same and was is not None else 0
    compared = int(getattr(m, "compared", compared))
    v.handover_number = int(getattr(m, "number", 0))
    v.handover = wire.Handover(v.sysid, int(m.giver), int(m.taker), int(m.level), step, differences, compared, None)


def difference(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_HANDOVER_DIFF."""
    if v.handover is None:
        return
    name = str(m.values["name"]).strip()
    row = wire.Difference(int(m.index), name, name, figure(m.aircraft), figure(m.station), m.accepted == ACCEPTED)
    if m.accepted == SAME:
        v.handover.differences = [each for each in v.handover.differences if each.index != row.index]
        return
    others = [each for each in v.handover.differences if each.index != row.index and each.index < m.count]
    v.handover.differences = sorted([*others, row], key=lambda each: each.index)


def figure(value: float) -> str:
    """A number as it stands, SI; the browser knows the unit by the name."""
    return "–" if not math.isfinite(value) else f"{value:g}"


def audit(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_AUDIT: kept for the journal, by its own number and not that of its frame."""
    v.audit = (int(m.values["sequence"]), int(m.who), int(m.result), str(m.text))


def foresight(v: Vehicle, m: Any, now: float) -> None:
    """SAMRUK_FORESIGHT: samples of the way ahead, in pieces."""
    if m.rehearsal:
        return
    if v.foresight_made != m.made_ms:
        v.foresight_made, v.foresight = int(m.made_ms), {}
    for k in range(16):
        if m.mode[k] != 255:
            s = (m.first_ms * 1e-3) + (m.index * 16 + k) * m.step
            v.foresight[s] = (float(m.altitude[k]), 0.1 * m.fuel[k], 0.1 * m.ice[k], int(m.mode[k]),
                              float(m.los[k]), float(m.satellite[k]))  # fmt: skip


OWN: dict[str, Hearer] = {
    "SAMRUK_MODE": mode, "SAMRUK_OUTLOOK": outlook, "SAMRUK_FUEL": fuel, "SAMRUK_REACH": reach, "SAMRUK_ICE": ice,
    "SAMRUK_HEAT": heat, "SAMRUK_LINKS": links, "SAMRUK_ROUTE_VERSIONS": versions, "SAMRUK_AUTHORITY": authority,
    "SAMRUK_HANDOVER_DIFF": difference, "SAMRUK_AUDIT": audit, "SAMRUK_FORESIGHT": foresight,
}  # fmt: skip
"""What each message changes."""
