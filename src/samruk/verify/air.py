"""Air, sun, cloud and gusts against the standards that they come from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from samruk import earth
from samruk.mission import Conditions
from samruk.plant import gusts
from samruk.plant.state import FAST_DT, Cross, Line
from samruk.units import FOOT, ZERO_CELSIUS
from samruk.verify.check import Check
from samruk.weather import cloud, days, sun, turbulence
from samruk.weather.air import Air

US_1976 = (
    (0.0, 288.15, 101325.0, 1.22500, 340.29, 1.7894e-5),
    (1000.0, 281.65, 89876.3, 1.11166, 336.43, 1.7579e-5),
    (3000.0, 268.66, 70121.1, 0.90925, 328.58, 1.6938e-5),
    (5000.0, 255.68, 54048.3, 0.73643, 320.55, 1.6282e-5),
    (7620.0, 238.68, 37650.0, 0.54953, 309.71, 1.5401e-5),
    (9144.0, 228.80, 30148.6, 0.45904, 303.23, 1.4876e-5),
    (11000.0, 216.77, 22699.9, 0.36480, 295.15, 1.4223e-5),
    (15000.0, 216.65, 12111.8, 0.19475, 295.07, 1.4216e-5),
    (20000.0, 216.65, 5529.3, 0.08891, 295.07, 1.4216e-5),
)
"""Geometric height m, K, Pa, kg/m^3, m/s, Pa s: the package ambiance 1.3.1, which computes US 1976."""

DAYS = (("hot", 39.46), ("cold", -51.09), ("polar", -26.48), ("tropical", 32.13), ("standard", 15.0))
"""Day and temperature at sea level, C: MIL-STD-210A."""

HAURWITZ = ((0.0, 1035.09), (30.0, 888.27), (60.0, 487.89), (75.0, 226.25), (85.0, 48.63))
"""Zenith angle (degrees), W/m^2: pvlib 0.16.1."""

SPA = (
    (1669160203.398, 64.3615596, -72.2380011, -24.851168), (2047557470.252, 74.3522772, -52.2360927, -4.712148),
    (2158813864.832, 64.9782607, -136.2175986, 1.498508), (1676699156.900, 68.2089086, 121.6663800, 8.142996),
    (2094653510.129, 28.3654272, 164.8936835, -22.816604), (1853073269.955, 54.1825517, 98.7750310, -25.592741),
)  # fmt: skip
"""Unix time s, latitude, longitude, elevation without refraction (degrees): pvlib 0.16.1, spa_python."""

CONTINUOUS = {
    0.0: (0.80, 0.50, 0.155), -10.0: (0.60, 0.30, 0.10), -20.0: (0.30, 0.15, 0.06), -30.0: (0.20, 0.10, 0.04),
}  # fmt: skip
"""C: g/m^3 at 15, 25 and 40 um, NACA TN-1855 class III-M, the anchors of figure 1."""
INTERMITTENT = {
    0.0: (2.5, 1.3, 0.4), -10.0: (2.2, 1.0, 0.3), -20.0: (1.7, 0.8, 0.2), -30.0: (1.0, 0.5, 0.1),
}  # fmt: skip
"""C: g/m^3 at 20, 30 and 50 um, NACA TN-1855 class II-M, the origin of figure 4."""

DRYDEN = ((100, 505, 1.716), (300, 840, 1.410), (500, 945, 1.236), (1000, 1000, 1.0))
"""Height and length of along-wind gusts, ft, and their strength over that of vertical ones: MIL-F-8785C 3.7."""


def checks() -> list[Check]:
    """Everything about the air."""
    return [*_standard(), _days(), *_sun(), *_cloud(), *_gusts()]


def _standard() -> list[Check]:
    """US 1976 from the ground to 20 km."""
    authority = "US 1976 (NOAA-S/T 76-1562) by ambiance 1.3.1"
    worst = np.max(np.abs([_standard_row(row) for row in US_1976]), axis=0)
    named = (
        ("temperature", 0.006, "K", "the table prints 0.01 K"), ("pressure", 1e-5, "1", "six digits printed"),
        ("density", 1e-4, "1", "five digits printed"), ("speed of sound", 0.02, "m/s", "0.01 m/s printed, 0.01 K"),
        ("viscosity", 1e-4, "1", "five digits printed"),
    )  # fmt: skip
    return [
        Check(f"{name} to 20 km", authority, float(figure), limit, unit, reason)
        for figure, (name, limit, unit, reason) in zip(worst, named, strict=True)
    ]


def _standard_row(row: tuple[float, ...]) -> list[float]:
    """Errors at one height, in the units of the checks."""
    temperature, pressure, density = (float(value) for value in earth.standard_atmosphere(row[0]))
    sound, viscosity = float(earth.speed_of_sound(temperature)), float(earth.viscosity(temperature))
    return [temperature - row[1], pressure / row[2] - 1.0, density / row[3] - 1.0, sound - row[4],
            viscosity / row[5] - 1.0]  # fmt: skip


def _days() -> Check:
    """Days at sea level."""
    miss = [float(days.day_temperature(day, 0.0)) - ZERO_CELSIUS - celsius for day, celsius in DAYS]
    return Check("temperature of the days at sea level", "MIL-STD-210A", float(np.max(np.abs(miss))), 0.01, "K",
                 "table of the days as printed")  # fmt: skip


def _sun() -> list[Check]:
    """Light on the ground, and where the sun stands."""
    light = [float(sun.clear_sky(math.cos(math.radians(z)), earth.P0)) - watts for z, watts in HAURWITZ]
    stands = [
        math.degrees(float(sun.elevation(math.radians(case[1]), math.radians(case[2]), case[0]))) - case[3]
        for case in SPA
    ]
    return [
        Check("sunlight at sea level", "Haurwitz (1945) by pvlib 0.16.1", float(np.max(np.abs(light))), 0.02, "W/m2",
              "the reference is rounded to 0.01"),
        Check("elevation of the sun", "NREL Solar Position Algorithm by pvlib 0.16.1",
              float(np.max(np.abs(stands))), 0.02, "deg", "low-precision almanac"),
    ]  # fmt: skip


def _cloud() -> list[Check]:
    """Water of icing clouds at the anchors of the envelopes."""
    envelopes = (
        ("continuous maximum", "class III-M", CONTINUOUS, (15, 25, 40), cloud.continuous_maximum),
        ("intermittent maximum", "class II-M", INTERMITTENT, (20, 30, 50), cloud.intermittent_maximum),
    )
    return [
        Check(f"cloud water, {name}", f"14 CFR 25 Appendix C, anchors of NACA TN-1855 {source}",
              max(abs(1e3 * law(1e-6 * drop, celsius + ZERO_CELSIUS) - water)
                  for celsius, row in table.items() for drop, water in zip(drops, row, strict=True)),
              1e-9, "g/m3", "its own anchors, met exactly")
        for name, source, table, drops, law in envelopes
    ]  # fmt: skip


def _gusts() -> list[Check]:
    """Lengths and strengths near the ground; variance and correlation of the filters."""
    near = [turbulence.dryden(height * FOOT, 10.0, 0.0) for height, _, _ in DRYDEN]
    length = max(abs(float(air.length_u) / FOOT - row[1]) for air, row in zip(near, DRYDEN, strict=True))
    ratio = max(abs(float(air.sigma_u / air.sigma_w) - row[2]) for air, row in zip(near, DRYDEN, strict=True))
    variance, fading = dryden_filter()
    authority = "MIL-F-8785C 3.7"
    karman = {axis: karman_filter(axis) for axis in ("u", "w")}
    return [
        Check("length of low gusts", authority, length, 0.6, "ft", "printed to a foot"),
        Check("strength of low gusts", authority, ratio, 6e-4, "1", "printed to three digits"),
        Check("variance of the gust filters", f"{authority}, Dryden spectra", variance, 1e-9, "1",
              "the filters are exact in discrete time: rounding"),
        Check("fading of gusts to 10 lengths", f"{authority}, Dryden spectra", fading, 1e-9, "1", "as their variance"),
        *(Check(f"variance of von Karman's {name} gusts", authority, karman[axis][0], 0.02, "1",
                "one noise drives all poles of a filter: 2 % of standard deviation are asked for")
          for axis, name in (("u", "longitudinal"), ("w", "vertical"))),
        *(Check(f"spectrum of von Karman's {name} gusts", f"{authority}, von Karman's spectra, L Omega from 0.05 to 20",
                karman[axis][1], 0.08, "1", "rational filters of two and three poles follow the power 5/3 to 8 %")
          for axis, name in (("u", "longitudinal"), ("w", "vertical"))),
    ]  # fmt: skip


def dryden_filter() -> tuple[float, float]:
    """Errors of the transverse gust filter: of its variance, and of its correlation over ten lengths.

    The filter's matrix is read from the model's own step; its covariance at rest solves P = A P A' + Q. Dryden's
    spectrum has the variance sigma^2 and the correlation exp(-x) (1 - x/2) at x = V t / L.
    """
    air = Air(gust_sigma_u=1.0, gust_sigma_v=1.0, gust_sigma_w=1.0, gust_length_u=300.0, gust_length_v=300.0,
              gust_length_w=300.0)  # fmt: skip
    A, B, out = filter_of(gusts.law(air, 50.0, 3000.0, 17.5, Conditions(), 0).w)
    P = at_rest(A, B)
    lags = np.arange(0, 3000, 50)
    x = lags * FAST_DT * 50.0 / 300.0
    found = [out @ np.linalg.matrix_power(A, int(lag)) @ P @ out for lag in lags]
    return abs(found[0] - 1.0), float(np.max(np.abs(np.array(found) - np.exp(-x) * (1.0 - 0.5 * x))))


def karman_filter(axis: str) -> tuple[float, float]:
    """Errors of a gust filter in von Karman's form: of its variance, and the largest of its spectrum, as a part."""
    variance, _, found, exact = karman_spectrum(axis)
    return abs(variance - 1.0), float(np.max(np.abs(found / exact - 1.0)))


def karman_spectrum(axis: str) -> tuple[float, Matrix, Matrix, Matrix]:
    """Variance, L Omega, and the discrete filter's own spectrum beside von Karman's, for gusts of unit variance.

    (2 L/pi)/(1 + (1.339 L Omega)^2)^(5/6) along, (L/pi)(1 + (8/3)(1.339 L Omega)^2)/(1 + (1.339 L Omega)^2)^(11/6)
    across.

    Args:
        axis: `u` or `w`.
    """
    V, L = 50.0, 300.0
    air = Air(gust_sigma_u=1.0, gust_sigma_v=1.0, gust_sigma_w=1.0, gust_length_u=L, gust_length_v=L, gust_length_w=L)
    A, B, out = filter_of(getattr(gusts.law(air, V, 3000.0, 17.5, Conditions(karman=1), 0), axis))
    variance = float(out @ at_rest(A, B) @ out)
    x = np.geomspace(0.05, 20.0, 60)
    q = (1.339 * x) ** 2
    exact = 2.0 * L / np.pi / (1 + q) ** (5 / 6) if axis == "u" else L / np.pi * (1 + 8 / 3 * q) / (1 + q) ** (11 / 6)
    turns = np.exp(1j * x / L * V * FAST_DT)
    gain = [np.abs(out @ np.linalg.solve(z * np.eye(len(A)) - A, B)) ** 2 for z in turns]
    return variance, x, np.sum(np.array(gain), axis=1) * FAST_DT * V / np.pi, np.asarray(exact)


Matrix = np.ndarray[Any, np.dtype[np.float64]]


def filter_of(law: Line | Cross) -> tuple[Matrix, Matrix, Matrix]:
    """How a gust filter's states pass into the next tick, what its two noises add, and what it gives out."""
    if isinstance(law, Line):
        numbers = (law.decay_1, law.decay_2, law.noise_1, law.noise_2, law.out_1, law.out_2)
        d_1, d_2, n_1, n_2, o_1, o_2 = map(float, numbers)
        return np.diag([d_1, d_2]), np.array([[n_1, 0.0], [n_2, 0.0]]), np.array([o_1, o_2])
    A = np.diag([float(law.decay_1), float(law.decay_2), float(law.decay_3)])
    A[1, 0] = float(law.feed)
    B = np.array([[float(law.noise_1), 0.0], [float(law.noise_2), float(law.own_2)], [float(law.noise_3), 0.0]])
    return A, B, np.array([float(law.out_1), float(law.out_2), float(law.out_3)])


def at_rest(A: Matrix, B: Matrix) -> Matrix:
    """Covariance of a filter's states when its start is forgotten: P = A P A' + B B'."""
    n = len(A)
    return np.asarray(np.linalg.solve(np.eye(n * n) - np.kron(A, A), (B @ B.T).ravel()).reshape(n, n))
