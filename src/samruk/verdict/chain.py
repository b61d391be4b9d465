"""The chain of events and the margins of a flight, in words and numbers for people, from its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samruk.ledger import NEVER, Ended, Ledger, Slot
from samruk.messages import Reason
from samruk.units import ZERO_CELSIUS
from samruk.verdict.outcome import DAMAGE, Event

TICK = 0.1
"""s per mission tick."""

NOTHING: Mapping[str, float] = {}
"""No failure."""
FIRST: tuple[tuple[str, str, str], ...] = (
    ("take_off", "takes off", "info"),
    ("on_station", "is on station", "info"),
    ("icing_cloud", "enters icing cloud", "info"),
    ("in_rain", "enters rain", "info"),
    ("freezing_rain", "enters freezing rain", "caution"),
    ("hydroplaning", "hydroplanes on standing water", "caution"),
    ("wind_shear", "meets wind shear", "caution"),
    ("beyond_model", "flies where an effect of the weather has not been measured", "advisory"),
    ("ice_detected", "ice found", "advisory"),
    ("intake_iced", "intake screen iced: warm alternate air", "advisory"),
    ("propeller_shakes", "one blade sheds its ice: the propeller shakes", "caution"),
    ("protection", "ice protection on", "advisory"),
    ("protection_shed", "ice protection shed: alternator overloaded", "caution"),
    ("pitot_blocked", "pitot tube blocks", "caution"),
    ("airspeed_rejected", "rejects its airspeed", "caution"),
    ("stall_margin_low", "stall margin under 10 %", "caution"),
    ("stalled", "stalls", "warning"),
    ("overspeed", "passes the never-exceed speed", "warning"),
    ("link_lost", "link lost", "caution"),
    ("lost_link_flown", "flies the lost-link route", "caution"),
    ("escape", "leaves ice by height", "advisory"),
    ("crew_command", "crew command arrives", "info"),
    ("command_refused", "refuses a crew command", "advisory"),
    ("bingo", "bingo fuel", "caution"),
    ("returning", "turns for home", "info"),
    ("diverting", "diverts", "caution"),
    ("reserve_used", "uses the reserve", "caution"),
    ("fuel_out", "runs out of fuel", "warning"),
    ("engine_stopped", "engine stops", "warning"),
    ("electric_overload", "alternator overloaded", "caution"),
    ("blackout", "has no electric power left", "warning"),
    ("fuel_cold", "fuel near freezing", "caution"),
    ("fuel_clogged", "fuel freezes in the filter", "warning"),
    ("engine_hot", "coolant over its limit", "caution"),
    ("oil_hot", "oil over its limit", "caution"),
    ("bay_out_of_limits", "avionics bay out of limits", "caution"),
    ("boxes_hot", "avionics boxes over their limit", "caution"),
    ("battery_out_of_limits", "battery out of limits", "caution"),
    ("turret_out_of_limits", "turret out of limits", "caution"),
    ("skin_hot", "skin hotter than the structure's strength is shown for", "caution"),
    ("outside_limits", "air outside what the aircraft is described for", "caution"),
    ("beyond_terrain", "leaves the terrain: level ground from here on", "advisory"),
    ("go_around", "goes around", "advisory"),
    ("touch_down", "touches down", "info"),
)
"""Slot, text and level of what is told at its first tick."""

REASONS = {
    Reason.MISSION_DONE: "the mission is done",
    Reason.FUEL: "fuel",
    Reason.LINK: "lost link",
    Reason.ICE: "ice",
    Reason.CREW: "crew command",
    Reason.HEAT: "temperature",
    Reason.AIRSPEED: "airspeed not to be trusted",
    Reason.ENGINE: "engine",
    Reason.ELECTRIC: "electric power",
    Reason.FUEL_TOO_COLD: "fuel too cold for its grade",
    Reason.FUEL_SHORT: "not enough fuel for the route and the reserve",
    Reason.TOO_HEAVY: "too heavy",
    Reason.TOO_HOT: "hotter than the aircraft is described for",
    Reason.TOO_COLD: "colder than the aircraft is described for",
    Reason.CROSSWIND: "too much crosswind",
    Reason.FROST: "frost on the wing",
    Reason.NAVIGATION: "navigation not aligned",
    Reason.NOT_NOW: "not possible now",
    Reason.UNSTABLE_APPROACH: "unstable approach",
    Reason.RUNWAY_TOO_SHORT: "runway too short",
    Reason.ENGINE_COLD: "engine too cold to start",
    Reason.WIND_SHEAR: "windshear on the approach",
    Reason.BATTERY_COLD: "battery too cold to stand behind the alternator",
    Reason.ON_GROUND: "on the ground",
    Reason.IN_AIR: "in the air",
    Reason.NO_ROUTE: "no such leg",
    Reason.TOO_LOW: "too low for the terrain",
    Reason.TOO_HIGH: "above the ceiling",
    Reason.ENGINE_OFF: "engine not running",
    Reason.NO_FIELD: "no such field",
    Reason.UNKNOWN: "not understood",
}
"""The autopilot's reasons in words."""
HELP = {
    Reason.FUEL_TOO_COLD: "warm the fuel, or load a grade that freezes lower",
    Reason.FUEL_SHORT: "load more fuel, or shorten the route",
    Reason.TOO_HEAVY: "load less",
    Reason.TOO_HOT: "wait for a cooler hour",
    Reason.TOO_COLD: "wait for a warmer hour",
    Reason.CROSSWIND: "wait, or take another runway",
    Reason.FROST: "de-ice the wing",
    Reason.ENGINE: "warm the engine",
    Reason.RUNWAY_TOO_SHORT: "load less, or wait for denser air",
    Reason.ENGINE_COLD: "warm the engine before the start",
    Reason.BATTERY_COLD: "warm the battery",
    Reason.ENGINE_OFF: "start the engine",
    Reason.TOO_LOW: "ask for more height",
    Reason.TOO_HIGH: "ask for less height",
}
"""What an operator can do about a refusal before flight; what of it helps this flight is found by flying it."""


def reason(code: int) -> str:
    """A `Reason` in words; empty for none."""
    return REASONS.get(Reason(code), "") if code in set(Reason) else ""


def events(
    ledger: Ledger, end: Ended, epoch: float, home: str, failed: Mapping[str, float] = NOTHING
) -> tuple[Event, ...]:
    """The chain of events, in order of time.

    Args:
        ledger: of the flight.
        end: its end.
        epoch: s since 1970 of tick 0.
        home: name of the home aerodrome, for the last line.
        failed: systems that fail -> when, s since the epoch.
    """
    chain = [
        Event(epoch + TICK * s.first, _words(name, text, s), level)
        for name, text, level in FIRST
        if (s := getattr(ledger.events, name)).first != NEVER
    ]
    over = min((s.first for s in (ledger.events.stopped, ledger.events.destroyed) if s.first != NEVER), default=None)
    if ledger.events.failure.first != NEVER:
        start = TICK * ledger.events.failure.first
        chain += [
            Event(epoch + max(when, start), f"{system.replace('_', ' ')} fails", "caution")
            for system, when in failed.items() if over is None or when < TICK * over
        ]
    if end.refused:
        chain.append(Event(epoch + TICK * ledger.events.refused.first, f"refuses: {_refusal(end.reason)}", "caution"))
    if end.damage:
        chain.append(Event(epoch + TICK * ledger.events.destroyed.first, DAMAGE[end.damage], "warning"))
    elif ledger.events.stopped.first != NEVER:
        where = home if end.at_home else "away from home"
        chain.append(Event(epoch + TICK * ledger.events.stopped.first, f"stops at {where}", "info"))
    return tuple(sorted(chain, key=lambda event: event.time))


def _refusal(code: int) -> str:
    """The reason of a refusal, and what helps."""
    hint = HELP.get(Reason(code), "") if code in set(Reason) else ""
    return reason(code) + (f" ({hint})" if hint else "")


def _words(name: str, text: str, s: Slot) -> str:
    """The text of a slot, with how often or how long where that tells more."""
    if name == "link_lost":
        return f"{text} for {_span(TICK * s.count)}" + (f" in {s.starts} gaps" if s.starts > 1 else "")
    if name in ("go_around", "crew_command") and s.starts > 1:
        return f"{text}, {s.starts} times"
    return text


def _span(seconds: float) -> str:
    """A duration for people."""
    return f"{seconds:.0f} s" if seconds < 120.0 else f"{seconds / 60.0:.0f} min"


def margins(ledger: Ledger, end: Ended, reserve_kg: float) -> dict[str, Any]:
    """Margins left, by key with its unit; rounded nowhere. None where the flight never measured it."""
    m, i = ledger.margins, ledger.integrals
    flew = ledger.events.take_off.first != NEVER
    if not flew:
        return {}
    return {
        "stall_margin_pct": 100.0 * m.stall_margin if m.stall_margin < 9.0 else None,
        "link_margin_db": m.link_margin if m.link_margin < 99.0 else None,
        "link_lost_s": TICK * ledger.events.link_lost.count,
        "link_gaps": ledger.events.link_lost.starts,
        "longest_gap_s": m.longest_gap,
        "ice_most_kg": m.ice,
        "load_factor_most": m.load_factor_high,
        "load_factor_least": m.load_factor_low,
        "fuel_left_kg": end.fuel_left,
        "fuel_over_reserve_kg": end.fuel_left - reserve_kg,
        "fuel_over_bingo_kg": m.fuel_over_bingo if m.fuel_over_bingo < 999.0 else None,
        "fuel_coldest_c": m.fuel_temperature - ZERO_CELSIUS,
        "bay_coldest_c": m.bay_low - ZERO_CELSIUS,
        "bay_hottest_c": m.bay_high - ZERO_CELSIUS,
        "coolant_hottest_c": m.engine_temperature - ZERO_CELSIUS,
        "oil_hottest_c": m.oil_temperature - ZERO_CELSIUS,
        "boxes_hottest_c": m.boxes - ZERO_CELSIUS,
        "battery_coldest_c": m.battery_low - ZERO_CELSIUS,
        "battery_hottest_c": m.battery_high - ZERO_CELSIUS,
        "turret_coldest_c": m.turret_low - ZERO_CELSIUS,
        "turret_hottest_c": m.turret_high - ZERO_CELSIUS,
        "skin_hottest_c": m.skin - ZERO_CELSIUS,
        "dark_skin_hottest_c": m.dark_skin - ZERO_CELSIUS,
        "fuel_hottest_c": m.fuel_high - ZERO_CELSIUS,
        "strength_left_pct": 100.0 * m.strength,
        "altimeter_error_most_m": m.altimeter_error,
        "outside_coldest_c": m.outside_low - ZERO_CELSIUS,
        "generator_load_most_pct": 100.0 * m.generator_load,
        "navigation_error_most_m": m.navigation_error,
        "touch_down_sink_m_s": m.touch_down_sink if ledger.events.touch_down.first != NEVER else None,
        "wind_shear_most": m.wind_shear if m.wind_shear > 0.0 else None,
        "imbalance_most_n": m.imbalance if m.imbalance > 0.0 else None,
        "rain_most_mm_h": m.rain * 3.6e6,
        "landing_roll_m": i.landing_roll if ledger.events.touch_down.first != NEVER else None,
        "station_h": i.station / 3600.0,
        "seen_h": i.seen / 3600.0,
        "icing_min": i.icing / 60.0,
        "protection_kwh": i.protection_energy / 3.6e6,
        "distance_km": i.distance / 1000.0,
        "height_most_m": m.height,
    }

