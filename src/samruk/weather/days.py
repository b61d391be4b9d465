"""Columns of air for a mission, built before the flight: standard and extreme days, soundings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from samruk import earth
from samruk.errors import MissionError
from samruk.mission import LEVELS, Profile
from samruk.weather import handbook
from samruk.weather.wind import ROUGHNESS, SURFACE_LAYER, free_wind

Column = NDArray[np.float64]

OVER_GROUND = {"hot-54": (327.15, "hot"), "cold-54": (219.15, "cold")}
"""K at the ground, and the day of MIL-STD-210A met at BLEND: estimates of this project, no standard's days."""
BLEND = 1500.0
"""m above ground."""
DAYS = ("standard", "hot", "cold", "polar", "tropical", *OVER_GROUND, *handbook.PROFILES)
"""Days that `standard_profile` knows: the standard one, those of MIL-STD-210A, and profiles of MIL-HDBK-310 by a public
transcription (`samruk.weather.handbook`); of 54 C and -54 C at the ground."""
STEP_210A = 1000.0 * 0.3048
"""m between the rows of the tables below, from 0 to 50,000 ft, geometric."""
MIL_STD_210A: dict[str, tuple[float, ...]] = {
    "hot": (
        312.61, 310.50, 308.39, 306.22, 304.06, 301.89, 299.72, 297.50, 295.28, 293.06, 290.89, 288.83, 286.72, 284.61,
        282.50, 280.33, 278.17, 276.00, 273.78, 271.61, 269.56, 267.50, 265.39, 263.33, 261.22, 259.11, 257.00, 254.83,
        252.67, 250.56, 248.56, 246.56, 244.56, 242.50, 240.50, 238.67, 236.83, 235.00, 233.11, 231.22, 230.50, 230.78,
        231.00, 231.22, 231.44, 231.72, 232.00, 232.22, 232.50, 232.78, 233.06,
    ),
    "cold": (
        222.06, 229.56, 237.06, 244.67, 247.06, 247.06, 247.06, 247.06, 247.06, 247.06, 247.06, 246.61, 244.78, 242.94,
        241.11, 239.22, 237.39, 235.50, 233.61, 231.67, 229.78, 227.83, 225.83, 223.89, 221.89, 219.89, 217.89, 215.89,
        213.83, 211.72, 209.67, 208.17, 208.17, 208.17, 208.17, 208.17, 208.17, 208.17, 208.17, 208.17, 208.17, 208.17,
        208.17, 206.39, 203.56, 200.61, 197.67, 194.67, 191.67, 189.17, 187.11,
    ),
    "polar": (
        246.67, 248.33, 250.06, 251.72, 251.94, 251.67, 251.33, 251.06, 250.72, 250.44, 250.00, 248.44, 246.83, 245.28,
        243.72, 242.17, 240.56, 239.00, 237.44, 235.83, 234.28, 232.67, 231.11, 229.50, 227.94, 226.33, 224.72, 223.17,
        221.56, 219.94, 218.33, 218.06, 217.89, 217.78, 217.61, 217.44, 217.33, 217.17, 217.06, 216.89, 216.72, 216.61,
        216.44, 216.33, 216.17, 216.00, 215.89, 215.72, 215.61, 215.44, 215.28,
    ),
    "tropical": (
        305.28, 303.11, 300.94, 298.78, 296.67, 294.50, 292.33, 290.17, 288.00, 285.89, 283.72, 281.56, 279.39, 277.28,
        275.11, 272.94, 270.83, 268.67, 266.50, 264.33, 262.22, 260.06, 257.89, 255.78, 253.61, 251.50, 249.33, 247.17,
        245.39, 242.89, 240.78, 238.61, 236.44, 234.33, 232.17, 230.06, 227.89, 225.78, 223.67, 221.56, 219.50, 217.44,
        215.39, 213.39, 211.39, 209.39, 207.44, 205.50, 203.61, 201.67, 199.78,
    ),
}  # fmt: skip
"""K: MIL-STD-210A hot, cold, polar and tropical atmospheres, after the public-domain program hotcold.f90 of Public
Domain Aeronautical Software. The standard itself was superseded by 210B, 210C and MIL-HDBK-310."""


def day_temperature(day: str, height: ArrayLike, ground: float = 0.0) -> Column:
    """Temperature, K, of a day by name at geometric heights, m; 0 to 15,240 m for the 210A days (held beyond).

    `hot-54` and `cold-54` are 54 C and -54 C at the ground (m), straight from there to the 210A day 1,500 m above it,
    and below the ground as at the ground.
    """
    z = np.asarray(height, dtype=np.float64)
    if day in OVER_GROUND:
        foot, over = OVER_GROUND[day]
        part = np.clip((z - ground) / BLEND, 0.0, 1.0)
        return np.asarray(np.where(part < 1.0, foot + part * (day_temperature(over, ground + BLEND) - foot),
                                   day_temperature(over, z)))  # fmt: skip
    if day in handbook.PROFILES:
        return handbook.profile_temperature(day, z)
    if day == "standard":
        geopotential = earth.GEOPOTENTIAL_RADIUS * z / (earth.GEOPOTENTIAL_RADIUS + z)
        return np.asarray(earth.T0 - 0.0065 * np.minimum(geopotential, 11000.0))
    if day not in MIL_STD_210A:
        raise MissionError(f"the day {day!r} is not known; allowed are {', '.join(DAYS)}.")
    rows = MIL_STD_210A[day]
    return np.asarray(np.interp(z, STEP_210A * np.arange(len(rows)), rows))


def standard_pressure(height: ArrayLike) -> Column:
    """Pressure, Pa, of US 1976 at geometric heights, m, to 20 km."""
    z = np.asarray(height, dtype=np.float64)
    geopotential = earth.GEOPOTENTIAL_RADIUS * z / (earth.GEOPOTENTIAL_RADIUS + z)
    temperature = earth.T0 - 0.0065 * np.minimum(geopotential, 11000.0)
    exponent = earth.GRAVITY / (earth.GAS_CONSTANT * 0.0065)
    above = np.maximum(geopotential - 11000.0, 0.0) * earth.GRAVITY / (earth.GAS_CONSTANT * 216.65)
    return np.asarray(earth.P0 * (temperature / earth.T0) ** exponent * np.exp(-above))


def standard_profile(
    day: str = "standard",
    *,
    wind: Sequence[tuple[float, float, float]] = (),
    humidity: float = 0.5,
    pressure_rule: str = "hydrostatic",
    sea_level_pressure: float | None = None,
    ground: float = 0.0,
    cycle: str = "",
    hour: float = 12.0,
    shear: tuple[float, float, float] = (ROUGHNESS, SURFACE_LAYER, 0.0),
) -> Profile:
    """A column of air by the name of its day, 0 to 15,240 m; the handbook's profiles to 20 km.

    Two rules for pressure exist and differ. `hydrostatic` integrates the temperature upwards from sea level.
    `210a` gives every day the pressure of US 1976 at the same geometric height, which is what MIL-STD-210A days
    mean in flight manuals; it is not hydrostatic.

    Args:
        day: one of `DAYS`.
        wind: rows of (height, m; speed, m/s; direction the wind blows from, rad true), linear in components between
            them, held beyond; none is calm. A row near `ground` is taken as measured there and brought to the
            free air by the logarithmic law and the turning of `shear`.
        humidity: 0..1, relative to water, at all heights.
        pressure_rule: `hydrostatic` or `210a`.
        sea_level_pressure: Pa, for the hydrostatic rule; None is `earth.P0`, or a handbook profile's own.
        ground: m, height of the ground, for wind rows near it and for the cycle.
        cycle: a ground cycle of `handbook.CYCLES` that sets the lowest kilometres, or none.
        hour: local solar time for the cycle.
        shear: roughness, m, and depth, m, of the surface layer; rad by which the wind veers above the ground.
    """
    if pressure_rule not in ("hydrostatic", "210a"):
        raise MissionError(f"the pressure rule {pressure_rule!r} is not known; allowed are hydrostatic and 210a.")
    height = _heights(day, ground, cycle)
    temperature, moisture = day_temperature(day, height, ground), np.full(height.shape, humidity)
    if cycle:
        temperature, moisture = handbook.over_ground(height, temperature, moisture, ground, cycle, hour)
    if sea_level_pressure is None:
        sea_level_pressure = handbook.sea_level_pressure(day) if day in handbook.PROFILES else earth.P0
    north, east = _wind_components(wind, height, ground, shear)
    pressure = standard_pressure(height) if pressure_rule == "210a" else None
    return profile_from_levels(
        height, temperature, pressure=pressure, surface_pressure=sea_level_pressure, wind_north=north, wind_east=east,
        humidity=moisture, dry=True,
    )  # fmt: skip


NEAR_GROUND = (0.0, 100.0, 200.0, 300.0, 500.0, 750.0, 1000.0, 1500.0, 2000.0)
"""m above ground: levels that a cycle's column has besides the day's."""


def _heights(day: str, ground: float, cycle: str) -> Column:
    """Levels, m: of the day's own table, with more near the ground where a cycle bends the column."""
    if day not in handbook.PROFILES:
        own = STEP_210A * np.arange(51.0)
    else:
        own = np.sort(np.concatenate((handbook.STEP * np.arange(11.0), 1000.0 + handbook.STEP * np.arange(7.0))))
    if not cycle and day not in OVER_GROUND:
        return np.asarray(own)
    return np.unique(np.concatenate((own, max(ground, 0.0) + np.array(NEAR_GROUND))))


def _wind_components(
    rows: Sequence[tuple[float, float, float]], height: Column, ground: float, shear: tuple[float, float, float]
) -> tuple[Column, Column]:
    """Velocity of the air north and east, m/s, at heights."""
    if not rows:
        return np.zeros_like(height), np.zeros_like(height)
    table = np.array(sorted(rows), dtype=np.float64)
    speed, bearing = free_wind(table[:, 0] - ground, table[:, 1], table[:, 2], *shear)
    north, east = -speed * np.cos(bearing), -speed * np.sin(bearing)
    return np.interp(height, table[:, 0], north), np.interp(height, table[:, 0], east)


def profile_from_levels(
    height: ArrayLike,
    temperature: ArrayLike,
    *,
    pressure: ArrayLike | None = None,
    surface_pressure: float = earth.P0,
    wind_north: ArrayLike | None = None,
    wind_east: ArrayLike | None = None,
    humidity: ArrayLike | None = None,
    dry: bool = False,
) -> Profile:
    """A mission's column of air from a table of levels, such as a radiosonde ascent or a model's column.

    Without pressures the column is integrated hydrostatically from the lowest level (temperature linear in geopotential
    height, moist air by its virtual temperature). More levels than a profile holds are thinned to those that
    linear interpolation misses most; fewer are filled up above the top, isothermal.

    Args:
        height: m above mean sea level, strictly increasing.
        temperature: K.
        pressure: Pa at the levels.
        surface_pressure: Pa at the lowest level, where `pressure` is not given.
        wind_north: m/s, velocity of the air towards north; calm where not given.
        wind_east: m/s.
        humidity: 0..1, relative to water; 0.5 where not given.
        dry: leave humidity out of the hydrostatic sum.

    Raises:
        MissionError: a column has gaps, the wrong length, or values that no air has.
    """
    z = np.asarray(height, dtype=np.float64)
    columns = {
        "temperature": _column(temperature, z), "wind_north": _column(0.0 if wind_north is None else wind_north, z),
        "wind_east": _column(0.0 if wind_east is None else wind_east, z),
        "humidity": _column(0.5 if humidity is None else humidity, z),
    }  # fmt: skip
    _check(z, columns)
    if pressure is None:
        moisture = np.zeros_like(z) if dry else columns["humidity"]
        columns["log_pressure"] = hydrostatic_log_pressure(z, columns["temperature"], moisture, surface_pressure)
    else:
        columns["log_pressure"] = np.log(_column(pressure, z))
    if not np.all(np.diff(columns["log_pressure"]) < 0.0):
        raise MissionError("pressure does not fall with height; give levels from the ground upwards.")
    kept = _thinned(z, columns, LEVELS)
    return _filled(z[kept], {name: values[kept] for name, values in columns.items()})


def _column(values: ArrayLike, height: Column) -> Column:
    """One column as float64 with the length of the heights."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim and array.shape != height.shape:
        raise MissionError(f"a column has {array.size} values for {height.size} heights; give one per level.")
    return np.array(np.broadcast_to(array, height.shape))


def _check(height: Column, columns: dict[str, Column]) -> None:
    """Refuse a table that is no column of air."""
    if height.size < 2 or not np.all(np.diff(height) > 0.0):
        raise MissionError("heights of a profile must rise strictly and be two or more; sort the levels.")
    wind = (-150.0, 150.0, "m/s")
    limits = {"temperature": (150.0, 340.0, "K"), "humidity": (0.0, 1.2, ""), "wind_north": wind, "wind_east": wind}
    for name, (low, high, unit) in limits.items():
        bad = ~((columns[name] >= low) & (columns[name] <= high))
        if bad.any():
            level = int(np.argmax(bad))
            raise MissionError(
                f"{name} {columns[name][level]:g} {unit} at {height[level]:g} m is not air; "
                f"allowed is {low:g} to {high:g}."
            )


def hydrostatic_log_pressure(height: Column, temperature: Column, humidity: Column, surface_pressure: float) -> Column:
    """ln p, Pa, at heights by d ln p = -g0 dH / (R T_v) with T_v linear in geopotential height H within a layer.

    Moisture acts through the virtual temperature T_v = T / (1 - 0.378 e / p), one pass with the dry pressure first.
    """
    geopotential = earth.GEOPOTENTIAL_RADIUS * height / (earth.GEOPOTENTIAL_RADIUS + height)
    virtual = temperature
    result = temperature
    for _ in range(2):
        low, high = virtual[:-1], virtual[1:]
        same = np.abs(high - low) < 1e-6
        ratio = np.log(np.where(same, 2.0, high / low)) / np.where(same, 1.0, high - low)
        inverse = np.where(same, 1.0 / low, ratio)
        steps = -earth.GRAVITY / earth.GAS_CONSTANT * np.diff(geopotential) * inverse
        result = np.log(surface_pressure) + np.concatenate(([0.0], np.cumsum(steps)))
        celsius = temperature - 273.15
        vapour = humidity * 611.2 * np.exp(17.67 * celsius / (celsius + 243.5))
        virtual = temperature / (1.0 - 0.378 * vapour / np.exp(result))
    return np.asarray(result)


_WORTH = {"temperature": 0.5, "log_pressure": 5e-4, "wind_north": 1.0, "wind_east": 1.0, "humidity": 0.1}
"""Misfit that counts as one when levels are thinned."""


def _thinned(height: Column, columns: dict[str, Column], count: int) -> list[int]:
    """Numbers of at most `count` levels: the ends, then again and again the level that is missed most."""
    kept = [0, height.size - 1]
    while len(kept) < min(count, height.size):
        misfit = np.zeros_like(height)
        for name, values in columns.items():
            line = np.interp(height, height[kept], values[kept])
            misfit = np.maximum(misfit, np.abs(values - line) / _WORTH[name])
        misfit[kept] = -1.0
        kept = sorted([*kept, int(np.argmax(misfit))])
    return kept


def _filled(height: Column, columns: dict[str, Column]) -> Profile:
    """A profile of exactly LEVELS rows: isothermal, hydrostatic levels every 500 m fill it above the last."""
    missing = LEVELS - height.size
    extra = height[-1] + 500.0 * np.arange(1.0, missing + 1.0)
    padded: dict[str, Any] = {name: np.concatenate((v, np.full(missing, v[-1]))) for name, v in columns.items()}
    radius = earth.GEOPOTENTIAL_RADIUS
    rise = radius * extra / (radius + extra) - radius * height[-1] / (radius + height[-1])
    fall = earth.GRAVITY / earth.GAS_CONSTANT * rise / columns["temperature"][-1]
    padded["log_pressure"][height.size :] -= fall
    return Profile(height=np.concatenate((height, extra)), **padded)
