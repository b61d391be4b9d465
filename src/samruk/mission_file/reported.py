"""The day as an aerodrome's report tells it: `weather.metar` fills in what the mission file leaves open."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from samruk import earth, metar
from samruk.errors import InputError
from samruk.mission import Profile
from samruk.mission_file.reader import Section
from samruk.weather import rain
from samruk.weather.rain import MM_PER_HOUR

RAIN, DRIZZLE, SNOW = (
    {0.5: 1.5, 1.0: 5.0, 2.0: 20.0}, {0.5: 0.1, 1.0: 0.3, 2.0: 0.8}, {0.5: 0.5, 1.0: 1.5, 2.0: 4.0},
)  # fmt: skip
"""mm/h by reported intensity."""
ANEMOMETER = 10.0
"""m above the runway: where aerodromes measure wind."""


def read(weather: Section) -> metar.Report | None:
    """The report of the file, if it has one."""
    if "metar" not in weather.table:
        return None
    text = weather.text("metar", longest=400)
    for key in ("sounding", "level"):
        if key in weather.table:
            weather.fail("metar", f"stands beside {key}.", "Keep one of the two; a report goes with a day.")
    try:
        return metar.report(text, "weather.metar")
    except InputError as error:
        weather.fail("metar", f"cannot be read: {error.message}.", error.hint)


def wind_rows(report: metar.Report, elevation: float) -> list[tuple[float, float, float]]:
    """The report's wind at the anemometer, m, m/s and rad; a variable or unknown one is calm."""
    seen = report.conditions
    if not seen.wind or seen.wind_from is None:
        return []
    return [(elevation + ANEMOMETER, seen.wind, seen.wind_from)]


def sea_level_pressure(report: metar.Report, standard: Profile, elevation: float) -> float:
    """Pressure at sea level, Pa, for which a hydrostatic column has the report's pressure at the aerodrome.

    QNH is the station's pressure brought to sea level by the standard atmosphere, so it is taken back the same way, and
    the column scaled to that pressure.

    Args:
        report: with a QNH.
        standard: the same column over a sea level of `earth.P0`.
        elevation: m above mean sea level.
    """
    exponent = earth.GAS_CONSTANT * 0.0065 / earth.GRAVITY
    qnh = report.qnh or earth.P0
    station = earth.P0 * ((qnh / earth.P0) ** exponent - 0.0065 * elevation / earth.T0) ** (1.0 / exponent)
    column = math.exp(np.interp(elevation, standard.height, standard.log_pressure))
    return float(earth.P0 * station / column)


def rain_rate(report: metar.Report) -> float:
    """m/s of water that falls at the aerodrome: the heaviest group that tells of rain, drizzle or snow.

    Rain of 1.5, 5 and 20 mm/h as light, moderate and heavy (its classes end at 2.5 and 10 mm/h); drizzle 0.1, 0.3 and
    0.8; snow 0.5, 1.5 and 4 mm/h of water. Within the classes, estimated.
    """
    found = 0.0
    for group in report.conditions.weather:
        if group.rain or group.snow:
            drizzle = "DZ" in group.code and "RA" not in group.code
            rates = DRIZZLE if drizzle else RAIN if group.rain else SNOW
            found = max(found, rates.get(group.intensity, 0.0))
    return found * MM_PER_HOUR


def haze(report: metar.Report) -> dict[str, float]:
    """`visibility` and `haze_top` of the air without what falls, where the report tells less than 10 km.

    Fog is as deep as 150 m, mist 600 m (estimated); what the falling rain or snow takes is not counted twice.
    """
    seen = report.conditions.visibility
    if seen is None or seen >= metar.CLEAR_VISIBILITY:
        return {}
    rate = rain_rate(report)
    snows = any(group.snow for group in report.conditions.weather)
    falls = float(rain.snow_extinction(rate) if snows else rain.extinction(rate)) if rate else 0.0
    left = max(rain.CONTRAST / max(seen, 20.0) - falls, rain.CONTRAST / metar.CLEAR_VISIBILITY)
    foggy = any("FG" in group.code for group in report.conditions.weather)
    return {"visibility": rain.CONTRAST / left, "haze_top": 150.0 if foggy else 600.0}


def defaults(report: metar.Report | None, profile: Profile, elevation: float) -> dict[str, Any]:
    """Conditions that the report gives where the file says nothing.

    The temperature's difference from the column at the aerodrome holds at all heights. Turbulence is driven by the gust
    if one was reported, else by the mean wind.
    """
    if report is None:
        return {}
    seen = report.conditions
    found: dict[str, Any] = {}
    if report.temperature is not None:
        above = float(np.interp(elevation, profile.height, profile.temperature))
        found["temperature_offset"] = report.temperature - above
        if report.dew_point is not None:
            found["dew_point_spread"] = report.temperature - report.dew_point
    if seen.wind is not None:
        found["turbulence_wind"] = max(seen.wind, seen.gust or 0.0)
    found.update(haze(report))
    if seen.clouds:
        found["overcast"] = max(layer.amount for layer in seen.clouds)
    return found
