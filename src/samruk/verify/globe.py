"""The Earth's figure, gravity and magnetic field against geodesy's own."""

from __future__ import annotations

import math

import numpy as np

from samruk import earth
from samruk.verify.check import Check

GEODESICS = (
    (51.022, 71.467, 50.805334969, 78.571058041, 500000.0, 90.0),
    (39.9, 32.9, 41.78257774, 35.451646962, 300000.0, 45.0),
    (89.9, 10.0, 89.20469608, -170.0, 100000.0, 0.0),
    (-17.0, 179.5, -17.593513854, -176.788656442, 400000.0, 100.0),
    (0.0, 0.0, -1.808732922, 0.0, 200000.0, 180.0),
    (65.0, -20.0, 66.770721884, -28.879174785, 450000.0, -60.0),
)
"""Latitude and longitude of two places (degrees), geodesic between them (m), azimuth at the first (degrees), by
GeographicLib 2 (Karney 2013): over the pole, the date line, along the equator and far north."""

MAGNETIC = (
    (36.0, 26.0, 27724.71, 2502.58, 36571.56), (40.0, 34.0, 25171.89, 2764.85, 41142.08),
    (44.0, 42.0, 22758.33, 3078.32, 45102.63), (46.0, 46.0, 21602.97, 3283.64, 46960.47),
)  # fmt: skip
"""Latitude, longitude (degrees), north, east, down (nT) at 3 km, mid 2027: the whole WMM 2025 by pygeomag 1.1.0."""

SOMIGLIANA = ((0.0, 9.7803253359), (math.pi / 2, 9.8321849379))
"""Latitude, rad, and normal gravity on the ellipsoid, m/s^2: NIMA TR8350.2, ten decimals."""


def checks() -> list[Check]:
    """Ways, gravity and field."""
    ways = "GeographicLib 2 (Karney 2013)"
    distance, bearing, offset = (max(column) for column in zip(*map(_way, GEODESICS), strict=True))
    return [
        Check("distance up to 500 km", ways, distance, 3e-6, "1", "one mean radius for the local one"),
        Check("bearing up to 500 km", ways, bearing, 3e-6, "rad", "normal section against geodesic"),
        Check("place at a distance and bearing", ways, offset, 5e-6, "1", "as distance and bearing"),
        Check("normal gravity at equator and pole", "NIMA TR8350.2",
              max(abs(float(earth.gravity_n(at, 0.0).z) - value) for at, value in SOMIGLIANA), 1e-9, "m/s2",
              "ten decimals printed"),
        Check("magnetic field at 3 km over the region", "WMM 2025 by pygeomag 1.1.0",
              max(map(_magnetic, MAGNETIC)), 250.0, "nT", "degrees 9 to 12 are left out: 160 nT at worst there"),
    ]  # fmt: skip


def _way(case: tuple[float, ...]) -> tuple[float, float, float]:
    """Errors of one geodesic: distance and offset as parts of the way, bearing in rad."""
    a, b, c, d, azimuth = (math.radians(angle) for angle in (*case[:4], case[5]))
    length = case[4]
    distance, bearing = earth.distance_bearing(a, b, c, d)
    there = earth.offset(a, b, length * math.cos(azimuth), length * math.sin(azimuth))
    miss, _ = earth.distance_bearing(*there, c, d)
    turn = abs(math.remainder(float(bearing) - azimuth, 2.0 * math.pi))
    return abs(float(distance) / length - 1.0), turn, float(miss) / length


def _magnetic(case: tuple[float, ...]) -> float:
    """Miss of the field at one place, nT."""
    field = earth.magnetic_field_n(math.radians(case[0]), math.radians(case[1]), 3000.0)
    found = 1e9 * np.array([float(field.x), float(field.y), float(field.z)])
    return float(np.linalg.norm(found - case[2:]))
