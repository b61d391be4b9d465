"""Cases that are made from a table: icing envelopes, a sweep of temperatures, certification gusts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samruk.mission_file.reader import Section
from samruk.weather import cloud, days

KELVIN = 273.15
NAUTICAL_MILE = 1852.0
WARMEST_GROUND, COLDEST_GROUND, STANDARD_GROUND = 54.0, -54.0, 15.0
"""C at the ground of a standard day and of the two ends of the sweep."""
STIRRED = 1500.0
"""m above ground, where the air of a sweep's day is that of the days of MIL-STD-210A."""
LEVELS = (0.0, 250.0, 500.0, 750.0, 1000.0, 1500.0, 2000.0, 3000.0, 4000.0, 5000.0, 6000.0, 7000.0, 8000.0, 9144.0,
          10500.0, 12000.0)  # fmt: skip
"""m, of a sweep's columns."""


@dataclass(frozen=True)
class Point:
    """A case that was made."""

    name: str
    mission: dict[str, Any]
    altitude: float | None = None
    """m; None leaves it to the run."""
    expected: str = "flown"
    axis: float | None = None
    of_aircraft: dict[str, float] = field(default_factory=dict)


def made(section: Section) -> list[Point]:
    """The cases of `[run.points]`."""
    kind = section.choice("kind", tuple(KINDS))
    found = KINDS[kind](section)
    section.finish()
    return found


def _numbers(section: Section, name: str) -> list[float]:
    """A list of numbers."""
    section.used.add(name)
    section.known.append(name)
    value = section.table.get(name)
    whole = isinstance(value, list) and value and all(isinstance(x, int | float) for x in value)
    if not whole or isinstance(value, bool):
        section.fail(name, "is not a list of numbers.", f"Write {name} = [0, -10].")
    return [float(x) for x in value or []]


def told(celsius: float) -> str:
    """`-10 C` with a true minus."""
    return f"{celsius:.0f}".replace("-", "−") + " C"


# Icing envelopes ------------------------------------------------------------------------------------------------------


def _continuous(section: Section) -> list[Point]:
    """Each drop at each temperature at the continuous maximum of 14 CFR 25 Appendix C, in a cloud over the station."""
    altitude = section.quantity("altitude", "m", 300.0, 6700.0, above="msl")
    extent = section.quantity("extent", "m", 5.0 * NAUTICAL_MILE, 310.0 * NAUTICAL_MILE)
    temperatures, drops = _numbers(section, "temperatures_c"), _numbers(section, "drops_um")
    off = section.flag("unprotected", 0)
    found = []
    for celsius in temperatures:
        for drop in drops:
            water = cloud.extent_factor(extent) * cloud.continuous_maximum(1e-6 * drop, celsius + KELVIN)
            mission = _in_cloud(altitude, celsius, [_layer(altitude, water, drop, 0.0, extent / 2.0)])
            found.append(Point(f"{told(celsius)}, {drop:.0f} µm", mission, altitude))
            if off and drop == drops[0]:
                bare = {**mission, "rules": {"automatic_protection": False}, "crew": {"protects": False}}
                found.append(Point(f"{told(celsius)}, {drop:.0f} µm, protection off", bare, altitude, "shown"))
    return found


def _intermittent(section: Section) -> list[Point]:
    """Three cells of the intermittent maximum, one after the other on the way to the station."""
    altitude = section.quantity("altitude", "m", 300.0, 6700.0, above="msl")
    temperatures, drops = _numbers(section, "temperatures_c"), _numbers(section, "drops_um")
    found = []
    for celsius in temperatures:
        for drop in drops:
            water = cloud.intermittent_maximum(1e-6 * drop, celsius + KELVIN)
            cells = [_layer(altitude, water, drop, k * 5.0 * NAUTICAL_MILE, 1.3 * NAUTICAL_MILE) for k in range(-3, 0)]
            name = f"{told(celsius)}, {drop:.0f} µm"
            found.append(Point(name, _in_cloud(altitude, celsius, cells), altitude))
    return found


def _in_cloud(altitude: float, celsius: float, layers: list[dict[str, Any]]) -> dict[str, Any]:
    """Tables of a standard day shifted so that the cloud is as cold as asked."""
    shift = celsius + KELVIN - float(days.day_temperature("standard", altitude))
    return {"conditions": {"temperature_offset_k": round(shift, 3)}, "weather": {"cloud": layers}}


def _layer(altitude: float, water: float, drop: float, along: float, half: float) -> dict[str, Any]:
    """A cloud around the station, or that many metres along the way to it; `missions` puts in the place."""
    return {
        "water_g_m3": round(1e3 * water, 4), "drop_um": drop, "base_m_msl": altitude - 500.0,
        "top_m_msl": altitude + 500.0, "half_length_km": 1e-3 * half, "half_width_km": max(1e-3 * half, 5.0),
        "edge_m": 500.0, "along_m": along,
    }  # fmt: skip


# Temperatures ---------------------------------------------------------------------------------------------------------


def _temperatures(section: Section) -> list[Point]:
    """One day for each temperature at the ground, and days beyond both ends, which must be refused."""
    inside, outside = _numbers(section, "ground_c"), _numbers(section, "refused_c")
    found = [(celsius, "flown") for celsius in inside] + [(celsius, "refused") for celsius in outside]
    return [
        Point(told(celsius), {"weather": {"level": column(celsius)}, "loading": _soaked(celsius)}, None, expected,
              celsius)
        for celsius, expected in sorted(found)
    ]  # fmt: skip


def _soaked(celsius: float) -> dict[str, Any]:
    """Engine and bay are preheated to +10 C on a colder day (as handbooks ask), the fuel to -25 C; else as the air."""
    return {"fuel_temperature_c": min(max(celsius, -25.0), 55.0), "hangar_temperature_c": min(max(celsius, 10.0), 55.0)}


def column(celsius: float) -> list[dict[str, Any]]:
    """Levels of a day of that temperature at sea level, C.

    From 1,500 m upwards it lies between the standard day and the hot or cold day of MIL-STD-210A in the part in which
    the ground lies between +15 and +54 or -54 C; below, linear from the ground to that height.
    """
    hot = celsius > STANDARD_GROUND
    end, day = (WARMEST_GROUND, "hot") if hot else (COLDEST_GROUND, "cold")
    part = (celsius - STANDARD_GROUND) / (end - STANDARD_GROUND)
    heights = np.array(LEVELS)
    standard = days.day_temperature("standard", heights)
    aloft = standard + part * (days.day_temperature(day, heights) - standard)
    stirred = np.interp(heights, (0.0, STIRRED), (celsius + KELVIN, np.interp(STIRRED, heights, aloft)))
    air = np.where(heights < STIRRED, stirred, aloft) - KELVIN
    return [
        {"height_m_msl": float(z), "temperature_c": round(float(t), 2)} for z, t in zip(heights, air, strict=True)
    ]


# Gusts ----------------------------------------------------------------------------------------------------------------


def _gusts(section: Section) -> list[Point]:
    """Discrete gusts of the certification form, up, down and from the side, at design cruise and dive speed."""
    heights = _numbers(section, "altitudes_m")
    found = []
    for height in heights:
        part = float(np.interp(height, (6096.0, 15240.0), (1.0, 0.5)))
        air = days.standard_pressure(height) / (287.05287 * days.day_temperature("standard", height))
        thinness = float(air / 1.225) ** 0.5
        for speed, airspeed, gust in (("V_C", 0.8, 15.24), ("V_D", 1.0, 7.62)):
            for axis, sign, way in (("vertical", 1.0, "up"), ("vertical", -1.0, "down"), ("lateral", 1.0, "side")):
                table = {"axis": axis, "amplitude_m_s": round(sign * part * gust / thinness, 2)}
                name = f"{speed}, {height:.0f} m, {way}"
                of = {"airspeed_part": airspeed}
                found.append(Point(name, {"weather": {"gust": [table]}}, height, of_aircraft=of))
    return found


KINDS = {
    "continuous-maximum": _continuous, "intermittent-maximum": _intermittent, "temperatures": _temperatures,
    "gusts": _gusts,
}  # fmt: skip
