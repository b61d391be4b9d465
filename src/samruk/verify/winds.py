"""Shear, microbursts, mountain waves and damp air against the figures of their sources."""

from __future__ import annotations

import numpy as np

from samruk import earth
from samruk.frames import Vec3
from samruk.mission import Microburst, Wave
from samruk.units import FOOT
from samruk.verify.check import Check
from samruk.weather import downburst, wind
from samruk.weather.atmosphere import humid_density

SHEAR = ((100.0, 1.329), (500.0, 1.658), (1000.0, 1.799))
"""Height, ft, and wind over that at 20 ft: MIL-F-8785C 3.7.3.2, terminal phases, by hand."""
VICROY = Microburst(outflow=15.0, radius=700.0, height=80.0)
SINKING, HAZARD = 13.72, 0.241
"""m/s down on the axis 300 m up, and the greatest F-factor at 100 m and 60 m/s, of that microburst: worked from the
published equations (recalled) apart from this program."""
QUENEY = Wave(ridge=500.0, half_width=10000.0, stability=0.01, top=30000.0)
UPWARDS = 6283.0
"""m, wavelength upwards 2 pi U/N of hydrostatic waves at U = 10 m/s, N = 0.01 1/s."""
DAMP = ((314.15, 0.60, 0.017), (322.15, 0.03, 0.0013))
"""K, humidity, part of the density that vapour takes away at sea level: worked by virtual temperature."""


def checks() -> list[Check]:
    """Winds that change along the way, and vapour in the air."""
    return [_shear(), *_microburst(), *_wave(), _damp()]


def _shear() -> Check:
    low = float(wind.surface_factor(20.0 * FOOT, wind.ROUGHNESS, 304.8)[0])
    miss = [abs(float(wind.surface_factor(h * FOOT, wind.ROUGHNESS, 304.8)[0]) / low - told) for h, told in SHEAR]
    return Check("wind shear near the ground", "MIL-F-8785C 3.7.3.2", max(miss), 6e-4, "1", "printed to three digits")


def blow(north: float, east: float, height: float) -> Vec3:
    """Wind of the microburst `VICROY` at a place from its axis, m/s NED."""
    found = downburst.microburst(VICROY, north, east, height, 100.0)
    return Vec3(*(float(value) for value in (found.x, found.y, found.z)))


def hazard(height: float, V: float) -> float:
    """Greatest F-factor of a straight pass through its middle at a height, m, and airspeed, m/s."""
    t = np.arange(-25.0, 25.0, 0.1)
    winds = [blow(float(V * s), 0.0, height) for s in t]
    along, down = np.array([w.x for w in winds]), np.array([w.z for w in winds])
    return float(np.max(np.gradient(along, t) / earth.GRAVITY + down / V))


def _microburst() -> list[Check]:
    authority = "Vicroy (1991), NASA TM-104053"
    radii = [blow(r, 0.0, z).x for r in (500.0, 600.0, 700.0, 800.0, 900.0) for z in (60.0, 80.0, 100.0)]
    return [
        Check("greatest outflow of a microburst", authority, abs(max(radii) - 15.0), 0.002, "m/s",
              "its shape is published to five digits"),
        Check("sinking in a microburst", authority, abs(blow(0.0, 0.0, 300.0).z - SINKING), 0.006, "m/s",
              "printed to 0.01 m/s"),
        Check("F-factor through a microburst", authority, abs(hazard(100.0, 60.0) - HAZARD), 0.001, "1",
              "printed to three digits"),
    ]  # fmt: skip


def _wave() -> list[Check]:
    """Hydrostatic flow over a bell: its wavelength upwards, and the streamline along the ground."""
    authority, flow = "Queney (1948), hydrostatic flow over a bell-shaped ridge", Vec3(10.0, 0.0, 0.0)
    z = np.linspace(0.0, 12000.0, 1201)
    up = np.array([-float(downburst.wave(QUENEY, 0.0, 0.0, float(h), flow).z) for h in z])
    turns = z[1:][np.diff(np.sign(up)) != 0]
    x = np.linspace(-50000.0, 50000.0, 501)
    w = np.array([-float(downburst.wave(QUENEY, float(a), 0.0, 0.0, flow).z) for a in x])
    rise = np.concatenate(([0.0], np.cumsum(0.5 * (w[1:] + w[:-1])) * (x[1] - x[0]) / 10.0))
    bell = 500.0 * 1e8 / (1e8 + x * x)
    return [
        Check("wavelength of mountain waves upwards", authority, abs(2.0 * float(np.diff(turns)[-1]) - UPWARDS), 20.0,
              "m", "looked for every 10 m"),
        Check("lowest streamline over a ridge", authority, float(np.max(np.abs(rise - (bell - bell[0])))), 3.0, "m",
              "summed in steps of 200 m"),
    ]  # fmt: skip


def _damp() -> Check:
    lost = [1.0 - float(humid_density(earth.P0, t, rh)) / float(earth.density(earth.P0, t)) for t, rh, _ in DAMP]
    miss = max(abs(found - told) for found, (_, _, told) in zip(lost, DAMP, strict=True))
    return Check("density of damp air", "virtual temperature with Bolton's vapour (1980)", miss, 6e-4, "1",
                 "printed to a tenth of a percent")  # fmt: skip


def gust_load_factor(
    loading: float, chord: float, slope: float, rho: float, V_eas: float, gust: float
) -> tuple[float, float]:
    """Load factor and alleviation factor of the discrete gust formula of CS-23.341 and STANAG 4671 USAR.341.

    n = 1 + K_g rho_0 U V a/(2 W/S), K_g = 0.88 mu/(5.3 + mu), mu = 2 (W/S)/(rho c a g).

    Args:
        loading: kg/m^2.
        chord: m.
        slope: 1/rad, of the aircraft's lift.
        rho: kg/m^3.
        V_eas: m/s equivalent.
        gust: m/s equivalent, U_de.
    """
    mu = 2.0 * loading / (rho * chord * slope)
    relief = 0.88 * mu / (5.3 + mu)
    pressure = loading * earth.GRAVITY
    return 1.0 + relief * earth.RHO0 * gust * V_eas * slope / (2.0 * pressure), relief

