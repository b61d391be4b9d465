"""Names, units and limits of the margins that a verdict lists."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from samruk.verdict.wording import DASH, down, duration, sentence, up


class Row(NamedTuple):
    """One margin as the report writes it."""

    name: str
    value: str
    level: str
    """`caution` or `warning` past a limit, else empty."""


class Kind(NamedTuple):
    """How a margin is written: a margin left is rounded down, a burden up, so that neither looks better than it was."""

    name: str
    unit: str
    digits: int
    burden: bool
    level: Callable[[float], str] = lambda value: ""
    """`caution` or `warning` past a limit."""


def _under(caution: float, warning: float = -math.inf) -> Callable[[float], str]:
    """Past a limit when lower."""
    return lambda value: "warning" if value < warning else "caution" if value < caution else ""


def _over(caution: float) -> Callable[[float], str]:
    """Past a limit when higher."""
    return lambda value: "caution" if value > caution else ""


KINDS: Mapping[str, Kind] = {
    "stall_margin_pct": Kind("least speed above stall", "%", 0, False, _under(10.0, 3.0)),
    "fuel_left_kg": Kind("fuel left", "kg", 0, False, _under(0.5, 0.5)),
    "fuel_over_reserve_kg": Kind("fuel left over the reserve", "kg", 0, False, _under(0.0)),
    "fuel_over_bingo_kg": Kind("least fuel over bingo", "kg", 0, False, _under(0.0)),
    "ice_most_kg": Kind("most ice", "kg", 1, True),
    "icing_min": Kind("time in icing cloud", "min", 0, True),
    "protection_kwh": Kind("energy of ice protection", "kWh", 1, True),
    "link_margin_db": Kind("least link margin", "dB", 0, False, _under(0.0)),
    "link_lost_s": Kind("time without link", "s", 0, True),
    "link_gaps": Kind("gaps in the link", "", 0, True),
    "longest_gap_s": Kind("longest time without link", "s", 0, True),
    "bay_hottest_c": Kind("hottest avionics bay", "°C", 0, True),
    "bay_coldest_c": Kind("coldest avionics bay", "°C", 0, False),
    "fuel_coldest_c": Kind("coldest fuel", "°C", 0, False),
    "coolant_hottest_c": Kind("hottest coolant", "°C", 0, True),
    "oil_hottest_c": Kind("hottest oil", "°C", 0, True),
    "boxes_hottest_c": Kind("hottest avionics box", "°C", 0, True),
    "battery_hottest_c": Kind("hottest battery", "°C", 0, True),
    "battery_coldest_c": Kind("coldest battery", "°C", 0, False),
    "turret_hottest_c": Kind("hottest turret", "°C", 0, True),
    "turret_coldest_c": Kind("coldest turret", "°C", 0, False),
    "skin_hottest_c": Kind("hottest skin", "°C", 0, True),
    "dark_skin_hottest_c": Kind("hottest dark paint", "°C", 0, True),
    "fuel_hottest_c": Kind("hottest fuel", "°C", 0, True),
    "altimeter_error_most_m": Kind("most error of an altimeter set at home", "m", 0, True),
    "strength_left_pct": Kind("strength left in heat", "%", 0, False, _under(90.0, 75.0)),
    "outside_coldest_c": Kind("coldest outside air", "°C", 0, False),
    "generator_load_most_pct": Kind("most load on the generator", "%", 0, True, _over(100.0)),
    "load_factor_most": Kind("greatest load factor", "g", 2, True),
    "load_factor_least": Kind("least load factor", "g", 2, False),
    "navigation_error_most_m": Kind("greatest error of navigation", "m", 0, True),
    "touch_down_sink_m_s": Kind("sink at touch-down", "m/s", 1, True),
    "wind_shear_most": Kind("greatest wind shear, F over 1 km", "", 2, True, _over(0.105)),
    "imbalance_most_n": Kind("greatest imbalance of the iced propeller", "N", 0, True),
    "rain_most_mm_h": Kind("heaviest rain", "mm/h", 0, True),
    "landing_roll_m": Kind("rolled after landing", "m", 0, True),
    "seen_h": Kind("time on station with the ground in sight", "h", 1, False),
    "station_h": Kind("time on station", "h", 1, False),
    "height_most_m": Kind("greatest height", "m", 0, False),
    "distance_km": Kind("distance flown", "km", 0, False),
}
"""Known margins in the order in which they are listed: what ends flights comes first."""

UNITS = {"kg": "kg", "pct": "%", "db": "dB", "c": "°C", "s": "s", "min": "min", "h": "h", "m": "m", "km": "km",
         "kwh": "kWh"}  # fmt: skip
"""Units by the suffix of a key that is not known."""


def rows(margins: Mapping[str, Any]) -> list[Row]:
    """All margins of a verdict, known ones first."""
    order = [*(key for key in KINDS if key in margins), *(key for key in margins if key not in KINDS)]
    return [_row(KINDS.get(key) or _guess(key), margins[key]) for key in order]


def _guess(key: str) -> Kind:
    """A kind from the words and the suffix of a key."""
    head, _, tail = key.rpartition("_")
    if head and tail in UNITS:
        return Kind(head.replace("_", " "), UNITS[tail], 1, False)
    return Kind(key.replace("_", " "), "", 2, False)


def _row(kind: Kind, value: Any) -> Row:
    """A margin as text; an en dash where it was never measured."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return Row(sentence(kind.name), DASH if value is None or isinstance(value, float) else str(value), "")
    if kind.unit == "s" and value >= 100.0:
        return Row(sentence(kind.name), duration(math.ceil(value)), kind.level(value))
    text = (up if kind.burden else down)(value, kind.digits)
    return Row(sentence(kind.name), f"{text} {kind.unit}".strip(), kind.level(value))
