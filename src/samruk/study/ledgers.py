"""One row for each flight of a study: what was drawn, how it ended, when things happened first, margins, sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from samruk import sim
from samruk.ledger import NEVER, Ended, Events, Integrals, Ledger, Margins
from samruk.study.sampling import Drawn, Parameter
from samruk.verdict.outcome import outcome

TICK = 0.1
"""s per mission tick."""

MARGIN_UNITS = {
    "stall_margin": "1", "link_margin": "db", "longest_gap": "s", "ice": "kg", "load_factor_high": "1",
    "load_factor_low": "1", "airspeed": "m_s", "height": "m_msl", "fuel_temperature": "k", "bay_low": "k",
    "bay_high": "k", "engine_temperature": "k", "outside_low": "k", "outside_high": "k", "navigation_error": "m",
    "generator_load": "1", "touch_down_sink": "m_s", "fuel_over_bingo": "kg", "wind_shear": "1", "rain": "m_s",
    "oil_temperature": "k", "boxes": "k", "battery_low": "k", "battery_high": "k", "turret_low": "k",
    "turret_high": "k", "skin": "k", "dark_skin": "k", "fuel_high": "k", "strength": "1",
    "imbalance": "n", "altimeter_error": "m",
}  # fmt: skip
"""Unit of each margin of a ledger (`samruk.ledger.Margins`)."""
INTEGRAL_UNITS = {
    "airborne": "s", "station": "s", "seen": "s", "landing_roll": "m", "icing": "s", "protection_energy": "j",
    "propeller_energy": "j", "pitot_energy": "j", "shed": "s", "distance": "m", "shaft_energy": "j",
}  # fmt: skip
"""Unit of each sum of a ledger (`samruk.ledger.Integrals`)."""
ALWAYS_KNOWN = ("longest_gap", "ice", "navigation_error", "generator_load", "wind_shear", "rain", "imbalance")
"""Margins whose first value is a measured one."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of the table."""

    name: str
    """Ends in its unit, but for counts, words and plain numbers."""
    kind: str
    """`f` float64, `i` int64, `s` text."""
    unit: str
    """Suffix of the unit; `1` for plain numbers, empty for words."""
    text: str
    """What it is."""


def columns(parameters: Sequence[Parameter]) -> tuple[Column, ...]:
    """All columns of a study's table, in order."""
    drawn = [Column(p.key, "f", p.target.unit, f"drawn: {p.source}") for p in parameters]
    return (*_OF_FLIGHT, *drawn, *_measured())


_OF_FLIGHT = (
    Column("number", "i", "1", "of the flight, from 0"),
    Column("seed", "i", "1", "of the flight's own chance"),
    Column("pulled", "i", "1", "halvings until the draws of the aircraft agreed with each other"),
    Column("outcome", "s", "", "completed, diverted, refused, lost; none where the model failed"),
    Column("status", "i", "1", "0 sound; 1 not a number, 2 out of range"),
    Column("damage", "i", "1", "what destroyed it; 0 whole"),
    Column("reason", "i", "1", "samruk.messages.Reason of the last decision"),
    Column("duration_s", "f", "s", "from leaving the ground to standing still, or to the end"),
    Column("station_s", "f", "s", "on station"),
    Column("fuel_used_kg", "f", "kg", "burned"),
    Column("fuel_left_kg", "f", "kg", "left at the end"),
    Column("fuel_over_reserve_kg", "f", "kg", "left at the end over what the rules want left"),
    Column("latitude_deg", "f", "deg", "at the end"),
    Column("longitude_deg", "f", "deg", "at the end"),
    Column("height_m_msl", "f", "m", "at the end"),
)


@cache
def _measured() -> tuple[Column, ...]:
    """Events, margins and sums."""
    found: list[Column] = []
    for slot in fields(Events):
        said = slot.name.replace("_", " ")
        found.append(Column(f"{slot.name}.first_s", "f", "s", f"{said}: first time since the start; empty for never"))
        found.append(Column(f"{slot.name}.lasted_s", "f", "s", f"{said}: time for which it was so"))
        found.append(Column(f"{slot.name}.starts", "i", "1", f"{said}: how often it began"))
    for name, unit in MARGIN_UNITS.items():
        found.append(Column(_suffixed(f"most.{name}", unit), "f", unit, f"{name.replace('_', ' ')}: the worst"))
    for name, unit in INTEGRAL_UNITS.items():
        found.append(Column(f"sum.{name}_{unit}", "f", unit, f"{name.replace('_', ' ')}: over the flight"))
    return tuple(found)


def _suffixed(name: str, unit: str) -> str:
    return name if unit == "1" else f"{name}_{unit}"


def row(drawn: Drawn, carry: Any) -> Row:
    """The row of a flight that has ended.

    Args:
        drawn: what it flew with.
        carry: its last `sim.Carry`.
    """
    end, ledger = sim.ended(carry, drawn.inputs.task), carry.ledger
    anchor = carry.world.anchor
    return {
        "number": drawn.number,
        "seed": int(drawn.inputs.task.seed),
        "pulled": drawn.pulled,
        "outcome": outcome(end) or "none",
        "status": end.status,
        "damage": end.damage,
        "reason": end.reason,
        "duration_s": end.duration,
        "station_s": end.station,
        "fuel_used_kg": end.fuel_used,
        "fuel_left_kg": end.fuel_left,
        "fuel_over_reserve_kg": end.fuel_left - sim.reserve_fuel(drawn.inputs.task, drawn.inputs.aircraft),
        "latitude_deg": math.degrees(anchor.latitude),
        "longitude_deg": math.degrees(anchor.longitude),
        "height_m_msl": float(carry.world.loads.height),
        **drawn.values,
        **_events(ledger),
        **_margins(ledger, end),
        **{f"sum.{name}_{unit}": float(getattr(ledger.integrals, name)) for name, unit in INTEGRAL_UNITS.items()},
    }


def _events(ledger: Ledger) -> Row:
    """Slots by kind."""
    found: Row = {}
    for each in fields(Events):
        slot = getattr(ledger.events, each.name)
        found[f"{each.name}.first_s"] = math.nan if slot.first == NEVER else TICK * slot.first
        found[f"{each.name}.lasted_s"] = TICK * slot.count
        found[f"{each.name}.starts"] = int(slot.starts)
    return found


def _margins(ledger: Ledger, end: Ended) -> Row:
    """Extremes; not a number where the flight never measured one."""
    started = Margins()
    flew = ledger.events.take_off.first != NEVER
    found: Row = {}
    for name, unit in MARGIN_UNITS.items():
        value = float(getattr(ledger.margins, name))
        known = flew and (name in ALWAYS_KNOWN or value != getattr(started, name))
        found[_suffixed(f"most.{name}", unit)] = value if known else math.nan
    return found


assert set(MARGIN_UNITS) == {each.name for each in fields(Margins)}
assert set(INTEGRAL_UNITS) == {each.name for each in fields(Integrals)}
