"""Sunlight, skins, heat network, altimeters and cold ceilings against figures from outside or worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.load import aircraft
from samruk.plant import heat
from samruk.plant.world import altimeter
from samruk.units import ZERO_CELSIUS
from samruk.verify.check import Check
from samruk.weather import ceiling, days, light, sun

PLACES = (
    (1814742762.0, 63.5542, 99.2468, 18.71013), (1057571905.0, -31.9734, 134.4792, -22.215078),
    (641121623.0, 51.3965, 106.945, 24.429714), (1517166244.0, -31.5148, -79.7668, 65.239603),
    (1113736350.0, -8.7878, 1.6374, 68.155112), (1679174882.0, 79.28, 105.3583, -5.227484),
    (1809220995.0, 78.2336, -102.4889, 13.10348), (934506437.0, 18.0063, -164.1809, 59.760366),
    (698711038.0, 2.3822, -12.1658, -49.86492), (2367768823.0, 20.6762, 5.0824, -4.417395),
    (1571959987.0, -40.3976, -175.7542, 61.479946), (995456994.0, 30.7251, -107.7816, -6.669390),
)  # fmt: skip
"""Unix time s, latitude, longitude, elevation without refraction (degrees): pvlib 0.16.1, spa.solar_position."""

DISTANCES = (
    (1767225600.0, 1.0342), (1772323200.0, 1.018831), (1777507200.0, 0.985885), (1783123200.0, 0.967555),
    (1787875200.0, 0.979901), (1793059200.0, 1.012143),
)  # fmt: skip
"""Unix time s, light above the air over its mean: pvlib 0.16.1, get_extra_radiation, method nrel."""

SOLIS = (
    (0, 101325.0, 1062.4, 942.9), (0, 70121.1, 1157.4, 1089.6), (0, 47217.6, 1193.8, 1149.1),
    (0, 30800.7, 1210.9, 1183.3), (30, 101325.0, 897.8, 906.7), (30, 70121.1, 988.8, 1067.2),
    (30, 47217.6, 1024.4, 1133.4), (30, 30800.7, 1042.1, 1172.5), (60, 101325.0, 465.4, 758.8),
    (60, 70121.1, 537.9, 971.4), (60, 47217.6, 568.1, 1064.8), (60, 30800.7, 585.3, 1124.7),
    (75, 101325.0, 204.4, 569.0), (75, 70121.1, 254.3, 835.5), (75, 47217.6, 276.5, 962.9),
    (75, 30800.7, 290.5, 1051.9),
)  # fmt: skip
"""Zenith angle (degrees), Pa at 0, 3, 6 and 9 km, global horizontal and direct normal light, W/m^2: pvlib 0.16.1,
simplified_solis of light above the air of 1361 W/m^2, aerosol depth 0.1 exp(-h/2 km), water 1.5 cm exp(-h/2.5 km)."""

SKINS = (
    (49.0, 29.0, 8.0, (0.2, 0.3, 0.5, 0.7, 0.9), (55.6, 62.9, 76.7, 89.7, 101.9)),
    (49.0, 29.0, 20.0, (0.2, 0.3, 0.5, 0.7, 0.9), (52.7, 56.8, 64.9, 72.9, 80.7)),
    (54.0, 34.0, 8.0, (0.2, 0.3, 0.5, 0.9), (60.1, 67.2, 80.7, 105.6)),
)  # fmt: skip
"""Air and sky, C; convection, W/(m^2 K); absorptances; skins, C, in 1120 W/m^2, emittance 0.9: balances by hand."""

CEILINGS = (("cold", 7730.0), ("polar", 8990.0))
"""Day of MIL-STD-210A and m up to which it is not colder than -54 C: read from its table."""


def checks() -> list[Check]:
    """Everything about light and warmth."""
    return [*_sun(), *heat_checks()]


def heat_checks() -> list[Check]:
    """Those of temperatures aboard and of heights in the cold."""
    return [*_skins(), *_network(), *_height()]


def _worst(differences: Sequence[float]) -> float:
    return float(np.max(np.abs(differences)))


def light_misses() -> tuple[list[float], list[float]]:
    """Errors of global and direct light beside Solis, as parts of the light above the air that falls on the plane."""
    whole, disc = [], []
    for zenith, pressure, level, normal in SOLIS:
        cosine = math.cos(math.radians(zenith))
        ours, direct = (float(value) for value in light.clear(cosine, pressure, 1.0))
        whole.append((ours - level) / (sun.SOLAR_CONSTANT * cosine))
        disc.append((direct / cosine - normal) / sun.SOLAR_CONSTANT)
    return whole, disc


def _sun() -> list[Check]:
    stands = [math.degrees(float(sun.elevation(math.radians(c[1]), math.radians(c[2]), c[0]))) - c[3] for c in PLACES]
    away = [float(sun.distance_factor(unix)) / part - 1.0 for unix, part in DISTANCES]
    whole, disc = light_misses()
    hours = np.arange(0.0, 24.0, 0.25)
    energy = 0.25 * sum(float(light.prescribed(1120.0, hour)) for hour in hours)
    return [
        Check("elevation of the sun at twelve places", "NREL Solar Position Algorithm by pvlib 0.16.1", _worst(stands),
              0.05, "deg", "low-precision almanac; 0.1 deg is asked for"),
        Check("light above the air over the year", "pvlib 0.16.1, NREL's distance of the sun", _worst(away), 5e-4, "1",
              "two terms of the distance"),
        Check("sunlight from 0 to 9 km", "simplified Solis by pvlib 0.16.1", _worst(whole), 0.07, "1",
              "part of the light above the air; clear-sky models differ by 5 to 10 % among themselves"),
        Check("the sun's disc from 0 to 9 km", "simplified Solis by pvlib 0.16.1", _worst(disc), 0.06, "1",
              "part of the light above the air; one turbidity for all air"),
        Check("energy of the prescribed day", "sum of the handbook's hours, 9,270 Wh/m2", abs(energy - 9270.0), 1e-6,
              "Wh/m2", "linear between the hours: exact"),
    ]  # fmt: skip


def _skins() -> list[Check]:
    miss = [
        float(heat.in_the_sun(air + ZERO_CELSIUS, part * 1120.0, h, sky + ZERO_CELSIUS)) - ZERO_CELSIUS - celsius
        for air, sky, h, parts, skins in SKINS
        for part, celsius in zip(parts, skins, strict=True)
    ]
    return [Check("skins in the sun by colour", "balances worked out by hand to 0.1 K", _worst(miss), 0.15, "K",
                  "given to 0.1 K; four rounds of the radiation")]  # fmt: skip


def _network() -> list[Check]:
    temperature = 219.15
    for _ in range(400):
        temperature = float(heat.node(temperature, 219.15, 20.0, 500.0, 40e3, 600.0))
    cooler = float(heat.charge_temperature(238.68, 37650.0, _cooled(0.7))) - 298.0
    behind = float(heat.charge_temperature(238.68, 37650.0, _cooled(1e-9))) - 434.0
    return [
        Check("500 W in a bay of 20 W/K at -54 C", "hand sum: -29 C", abs(temperature - 244.15), 1e-6, "K",
              "steady state of an implicit node: exact"),
        Check("air behind compressor and intercooler at 25,000 ft", "hand sum: 434 K and about 298 K",
              _worst([cooler, behind]), 1.5, "K", "given to 1 K"),
    ]  # fmt: skip


def _cooled(effectiveness: float) -> Aircraft:
    from dataclasses import replace

    anka: Aircraft = aircraft("anka").aircraft
    return replace(anka, engine=replace(anka.engine, intercooler=effectiveness))


def true_over_shown(day: str, top: float) -> float:
    """True over indicated height of a climb from the ground of a day to a height, m."""
    column = days.standard_profile(day)
    low, high = (float(np.exp(np.interp(height, column.height, column.log_pressure))) for height in (0.0, top))
    setting = float(altimeter(low, 0.0, 0.0))
    return top / (top + float(altimeter(high, top, setting)))


def _height() -> list[Check]:
    tops = [ceiling.cold_ceiling(days.standard_profile(day), 219.15) - height for day, height in CEILINGS]
    standard = float(earth.standard_temperature(earth.standard_atmosphere_geopotential(7620.0)[1]))
    return [
        Check("true over shown height at -54 C", "ratio of mean temperatures to 1,500 m: 0.823",
              abs(true_over_shown("cold-54", 1500.0) - 0.823), 0.004, "1",
              "a mean of temperatures for one of inverses"),
        Check("height at which a cold day passes -54 C", "MIL-STD-210A, cold and polar day", _worst(tops), 35.0, "m",
              "given to 10 m; a column keeps 32 of 51 levels"),
        Check("the altimeter's own temperature at 25,000 ft", "US 1976",
              abs(standard - 238.62), 0.01, "K", "inverse of the same law; geopotential height"),
    ]  # fmt: skip
