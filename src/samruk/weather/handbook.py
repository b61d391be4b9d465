"""Days of MIL-HDBK-310 by a public transcription: profiles to 20 km, and what a ground cycle does to a column of air.

The numbers of `PROFILES` and of the first six `CYCLES` come from the data file of the public repository
yaseen157/carpy, which transcribes the handbook; the handbook's own pages were not compared. The profiles' densities
agree with hydrostatic air of their temperatures within 0.7 % (tests/against/test_milhdbk310.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from samruk import earth
from samruk.errors import MissionError

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Cycle:
    """Air near the ground at the 24 full hours of local solar time, 1 to 24."""

    celsius: tuple[int, ...]
    """Temperature of the air, C."""
    watts: tuple[int, ...]
    """Global irradiance of a horizontal surface, W/m^2."""
    percent: tuple[int, ...]
    """Relative humidity, %."""


CYCLES: dict[str, Cycle] = {
    "hot-dry": Cycle(
        (35, 34, 34, 33, 33, 32, 33, 35, 38, 41, 43, 44, 47, 48, 48, 49, 48, 48, 46, 42, 41, 39, 38, 37),
        (0, 0, 0, 0, 0, 55, 270, 505, 730, 915, 1040, 1120, 1120, 1040, 915, 730, 505, 270, 55, 0, 0, 0, 0, 0),
        (6, 7, 7, 8, 8, 8, 8, 6, 6, 5, 4, 4, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 6, 6),
    ),
    "basic-hot": Cycle(
        (33, 32, 32, 31, 30, 30, 31, 34, 37, 39, 41, 42, 43, 43, 43, 43, 43, 42, 40, 38, 36, 35, 34, 33),
        (0, 0, 0, 0, 0, 55, 270, 505, 730, 915, 1040, 1120, 1120, 1040, 915, 730, 505, 270, 55, 0, 0, 0, 0, 0),
        (36, 38, 41, 44, 44, 44, 41, 34, 29, 24, 21, 18, 16, 15, 14, 14, 14, 14, 17, 20, 22, 25, 28, 33),
    ),
    "hot-humid": Cycle(
        (30, 31, 31, 31, 31, 32, 34, 36, 37, 38, 39, 40, 41, 41, 41, 41, 39, 37, 36, 34, 33, 32, 32, 31),
        (0, 0, 0, 0, 0, 45, 315, 560, 790, 950, 1035, 1080, 1000, 885, 710, 465, 210, 15, 0, 0, 0, 0, 0, 0),
        (88, 88, 88, 88, 88, 88, 83, 78, 73, 70, 66, 63, 60, 60, 60, 60, 64, 60, 74, 79, 85, 86, 87, 88),
    ),
    "basic-cold-wet": Cycle(
        (-3, -3, -4, -4, -4, -4, -3, -2, -1, 0, 1, 1, 2, 2, 2, 1, 1, 0, -1, -2, -2, -3, -3, -3),
        (0,) * 24,
        (*(100,) * 11, *(95,) * 5, *(100,) * 8),
    ),
    "basic-cold": Cycle(
        (
            -31,
            -32,
            -32,
            -32,
            -32,
            -32,
            -30,
            -28,
            -26,
            -24,
            -22,
            -21,
            -21,
            -21,
            -21,
            -22,
            -24,
            -25,
            -26,
            -27,
            -28,
            -29,
            -30,
            -31,
        ),
        (0,) * 24,
        (100,) * 24,
    ),
    "cold": Cycle(
        (
            -46,
            -46,
            -46,
            -46,
            -46,
            -46,
            -45,
            -44,
            -43,
            -41,
            -39,
            -37,
            -37,
            -37,
            -37,
            -38,
            -39,
            -39,
            -41,
            -42,
            -43,
            -44,
            -44,
            -45,
        ),
        (0,) * 24,
        (100,) * 24,
    ),
    "cold-severe": Cycle((-51,) * 24, (0,) * 24, (100,) * 24),
    "hot-54": Cycle(
        (40, 39, 39, 38, 38, 37, 38, 40, 43, 46, 48, 49, 52, 53, 53, 54, 53, 53, 51, 47, 46, 44, 43, 42),
        (0, 0, 0, 0, 0, 55, 270, 505, 730, 915, 1040, 1120, 1120, 1040, 915, 730, 505, 270, 55, 0, 0, 0, 0, 0),
        (6, 7, 7, 8, 8, 8, 8, 6, 6, 5, 4, 4, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 6, 6),
    ),
    "cold-54": Cycle((-54,) * 24, (0,) * 24, (100,) * 24),
}
"""Cycles by name. The first six are the handbook's design types as transcribed (hot-dry is the climate A1, basic-hot
A2, hot-humid near B3, basic-cold C1, cold C2). `cold-severe` (C3, recalled and unverified) is constant. `hot-54`
(hot-dry, 5 K warmer) and `cold-54` are estimates of this project for claims of +54 and -54 C, no standard's cycles."""
NO_STANDARD = ("cold-severe", "hot-54", "cold-54")
"""Cycles whose numbers are recalled or estimated."""

STEP = 2000.0
"""m between the rows of the profiles, from 0 to 20 km."""
PROFILES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "hot-5km-1": (
        (290.15, 294.16, 284.18, 272.75, 256.80, 240.86, 224.93, 210.56, 201.41, 204.87, 212.82),
        (1.2150, 0.9506, 0.7773, 0.6343, 0.5209, 0.4224, 0.3377, 0.2637, 0.1982, 0.1392, 0.0969),
    ),
    "hot-5km-10": (
        (291.65, 291.13, 283.19, 268.28, 253.34, 238.41, 223.50, 208.57, 193.67, 196.81, 204.75),
        (1.2090, 0.9571, 0.7761, 0.6399, 0.5220, 0.4206, 0.3343, 0.2615, 0.2009, 0.1393, 0.0956),
    ),
    "cold-5km-1": (
        (220.15, 234.14, 224.86, 216.14, 214.14, 211.63, 207.64, 203.64, 199.65, 199.65, 199.65),
        (1.6070, 1.1240, 0.8698, 0.6628, 0.4869, 0.3575, 0.2631, 0.1925, 0.1400, 0.0996, 0.0708),
    ),
    "cold-5km-10": (
        (229.65, 236.63, 228.62, 219.10, 209.15, 209.15, 209.14, 205.14, 202.15, 202.15, 202.15),
        (1.5410, 1.1170, 0.8620, 0.6628, 0.5045, 0.3640, 0.2626, 0.1926, 0.1397, 0.0998, 0.0713),
    ),
    "hot-10km-1": (
        (299.15, 289.18, 279.21, 269.25, 259.30, 245.99, 229.08, 212.19, 195.31, 186.15, 202.78),
        (1.1730, 0.9632, 0.7850, 0.6351, 0.5098, 0.4110, 0.3315, 0.2630, 0.2048, 0.1500, 0.0971),
    ),
    "hot-10km-10": (
        (300.65, 289.68, 278.72, 267.77, 256.82, 243.00, 226.11, 209.22, 195.01, 189.61, 206.66),
        (1.1710, 0.9651, 0.7894, 0.6405, 0.5153, 0.4152, 0.3340, 0.2642, 0.2024, 0.1457, 0.0950),
    ),
    "cold-10km-1": (
        (237.15, 259.62, 247.61, 233.07, 216.07, 199.16, 201.15, 201.15, 201.15, 201.15, 203.32),
        (1.4970, 1.0430, 0.8349, 0.6678, 0.5312, 0.4147, 0.2922, 0.2079, 0.1482, 0.1056, 0.0746),
    ),
    "cold-10km-10": (
        (246.15, 258.12, 246.10, 232.68, 217.88, 203.15, 203.14, 199.54, 195.95, 192.36, 188.77),
        (1.4380, 1.0480, 0.8385, 0.6667, 0.5256, 0.4074, 0.2912, 0.2112, 0.1523, 0.1092, 0.0779),
    ),
}
"""K and kg/m^3 by name: `hot-5km-1` is the profile of the 1 % high of temperature at 5 km; so for cold, 10 km and
10 %. Each is a realistic column, mild at the ground where the extreme lies aloft."""

MIXED_TOP = 5000.0
"""m above ground: the deepest layer that the sun's heat stirs (deserts in summer); estimated."""
INVERSION = 1000.0
"""m above ground, to which air that was cooled from below reaches; estimated."""
STRONGEST = 30.0
"""K between the ground's air and the day's, below which a cycle is believed; stronger surface inversions are rare."""
DRY_ADIABAT = earth.GRAVITY / 1004.7
"""K/m."""


def surface(name: str, hour: float) -> tuple[float, float, float]:
    """Air near the ground at an hour of a cycle, linear between the table's full hours.

    Args:
        name: of `CYCLES`.
        hour: local solar time, any number; 24 hours make a day.

    Returns:
        K; W/m^2; relative humidity 0..1.
    """
    if name not in CYCLES:
        raise MissionError(f"the cycle {name!r} is not known; allowed are {', '.join(CYCLES)}.")
    cycle, hours = CYCLES[name], np.arange(1.0, 25.0)
    now = [float(np.interp(hour, hours, column, period=24.0)) for column in (cycle.celsius, cycle.watts, cycle.percent)]
    return now[0] + 273.15, now[1], now[2] / 100.0


def solar_hour(unix: float, longitude: float) -> float:
    """Local mean solar time, hours 0..24; the sun itself is up to 16 minutes off.

    Args:
        unix: s since 1970-01-01T00:00Z.
        longitude: rad, east.
    """
    return float((unix / 3600.0 + np.degrees(longitude) / 15.0) % 24.0)


def profile_temperature(name: str, height: Column) -> Column:
    """Temperature, K, of a handbook profile at geometric heights, m, linear between its rows."""
    return np.asarray(np.interp(height, STEP * np.arange(11.0), PROFILES[name][0]))


def sea_level_pressure(name: str) -> float:
    """Pressure of a profile's lowest row, Pa: its density times R times its temperature."""
    temperature, density = PROFILES[name]
    return density[0] * earth.GAS_CONSTANT * temperature[0]


def over_ground(
    height: Column, temperature: Column, humidity: Column, ground: float, name: str, hour: float
) -> tuple[Column, Column]:
    """A day's column with the air near the ground as a cycle has it at an hour.

    Two rules. Ground air warmer than the day's is stirred: it cools upwards by the dry adiabat until it meets the
    day's column, which stays above. Ground air colder than the day's lies under an inversion: the difference fades as
    (1 - h/1000 m)^2. Below the ground's height the difference stays what it is there. Humidity goes from the cycle's to
    the day's over 1,000 m, linearly.

    Args:
        height: m above mean sea level, rising.
        temperature: K, the day's.
        humidity: 0..1, the day's.
        ground: m above mean sea level.
        name: of `CYCLES`.
        hour: local solar time.

    Returns:
        K; 0..1.

    Raises:
        MissionError: the cycle does not belong over this day.
    """
    now, _, moist = surface(name, hour)
    above = height - ground
    excess = now - float(np.interp(ground, height, temperature))
    fade = np.clip(1.0 - above / INVERSION, 0.0, 1.0)
    if excess > 0.0:
        stirred = now - DRY_ADIABAT * above
        meets = (above > 0.0) & (stirred <= temperature)
        top = float(above[np.argmax(meets)]) if meets.any() else np.inf
        warmed = np.where(above <= 0.0, temperature + excess, np.where(above < top, stirred, temperature))
    else:
        warmed, top = temperature + excess * fade**2, 0.0
    if abs(excess) > STRONGEST or top > MIXED_TOP:
        told = f"the cycle {name!r} is {now - 273.15:.0f} C at {hour:.1f} h, {excess:+.0f} K from the day at the ground"
        raise MissionError(f"{told}; allowed are {STRONGEST:.0f} K, met below {MIXED_TOP:.0f} m. Take a nearer day.")
    return warmed, humidity + (moist - humidity) * fade
