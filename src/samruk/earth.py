"""The Earth: figure, gravity, magnetic field, standard atmosphere, and short ways over its surface.

WGS-84 throughout (NIMA TR8350.2). Latitudes are geodetic, heights are above the ellipsoid, angles are radians. The
standard atmosphere is US 1976 (NOAA-S/T 76-1562). Everything is a smooth scalar function without branches.
"""

from __future__ import annotations

import math
from typing import Any

from samruk.frames import Rotation, Vec3, dot
from samruk.lazy import jnp

Scalar = Any

SEMI_MAJOR_AXIS = 6378137.0
"""m, equatorial radius a."""
FLATTENING = 1.0 / 298.257223563
SEMI_MINOR_AXIS = SEMI_MAJOR_AXIS * (1.0 - FLATTENING)
"""m, polar radius b."""
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
GM = 3.986004418e14
"""m^3/s^2, gravitational constant of the Earth with its atmosphere."""
J2 = 1.08262982136857e-3
"""Second zonal harmonic, not normalised, from the WGS-84 figure."""
OMEGA = 7.292115e-5
"""rad/s, rate of rotation about the z axis of ECEF."""
MEAN_RADIUS = 6371008.7714
"""m, (2 a + b) / 3."""

GAS_CONSTANT = 287.05287
"""J/(kg K), dry air."""
GRAVITY = 9.80665
"""m/s^2, standard gravity g0."""
GAMMA = 1.4
"""Ratio of specific heats of air."""
GEOPOTENTIAL_RADIUS = 6356766.0
"""m, effective radius of US 1976 between geometric and geopotential height."""
P0, T0, RHO0 = 101325.0, 288.15, 1.225
"""Pa, K, kg/m^3 at sea level on the standard day."""
_LAPSE, _TROPOPAUSE = 0.0065, 11000.0
_T11 = T0 - _LAPSE * _TROPOPAUSE
_EXPONENT = GRAVITY / (GAS_CONSTANT * _LAPSE)
_SCALE_HEIGHT = GAS_CONSTANT * _T11 / GRAVITY
_LOG_P11 = _EXPONENT * math.log(_T11 / T0)


# Figure ---------------------------------------------------------------------------------------------------------------


def ecef(latitude: Scalar, longitude: Scalar, height: Scalar) -> Vec3:
    """Place in ECEF, m, of a geodetic latitude, longitude (rad) and height above the ellipsoid (m)."""
    s, c = jnp.sin(latitude), jnp.cos(latitude)
    prime_vertical = SEMI_MAJOR_AXIS / jnp.sqrt(1.0 - ECCENTRICITY_SQUARED * s * s)
    across = (prime_vertical + height) * c
    return Vec3(
        across * jnp.cos(longitude),
        across * jnp.sin(longitude),
        (prime_vertical * (1.0 - ECCENTRICITY_SQUARED) + height) * s,
    )


def geodetic(r_e: Vec3) -> tuple[Scalar, Scalar, Scalar]:
    """Geodetic latitude, longitude (rad) and height (m) of a place in ECEF, in closed form.

    Bowring's one-step formula with his 1985 start value. Error below 1e-11 rad and 1e-8 m between -10 km and 100 km;
    it holds at the poles and the date line (longitude is not defined on the axis: the answer there is atan2(0, 0)).

    Reference: Bowring, The accuracy of geodetic latitude and height equations, Survey Review 28 (1985).
    """
    a, b, e2 = SEMI_MAJOR_AXIS, SEMI_MINOR_AXIS, ECCENTRICITY_SQUARED
    second = e2 / (1.0 - e2)
    p2 = r_e.x * r_e.x + r_e.y * r_e.y
    p, r = jnp.sqrt(p2), jnp.sqrt(p2 + r_e.z * r_e.z)
    rise, run = b * r_e.z * (1.0 + second * b / r), a * p
    scale = 1.0 / jnp.sqrt(rise * rise + run * run)
    su, cu = rise * scale, run * scale
    rise, run = r_e.z + second * b * su * su * su, p - e2 * a * cu * cu * cu
    scale = 1.0 / jnp.sqrt(rise * rise + run * run)
    s, c = rise * scale, run * scale
    height = p * c + r_e.z * s - a * jnp.sqrt(1.0 - e2 * s * s)
    return jnp.arctan2(rise, run), jnp.arctan2(r_e.y, r_e.x), height


def R_ne(latitude: Scalar, longitude: Scalar) -> Rotation:
    """Rotation from ECEF to local north-east-down: `v_n = R_ne @ v_e`."""
    sp, cp = jnp.sin(latitude), jnp.cos(latitude)
    sl, cl = jnp.sin(longitude), jnp.cos(longitude)
    return Rotation(-sp * cl, -sp * sl, cp, -sl, cl, 0.0 * sl, -cp * cl, -cp * sl, -sp)


def radii(latitude: Scalar) -> tuple[Scalar, Scalar]:
    """Radii of curvature on the ellipsoid, m: along the meridian M and in the prime vertical N."""
    s = jnp.sin(latitude)
    w2 = 1.0 - ECCENTRICITY_SQUARED * s * s
    prime_vertical = SEMI_MAJOR_AXIS / jnp.sqrt(w2)
    return prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / w2, prime_vertical


# Ways over the surface ------------------------------------------------------------------------------------------------


def distance_bearing(
    latitude_a: Scalar, longitude_a: Scalar, latitude_b: Scalar, longitude_b: Scalar
) -> tuple[Scalar, Scalar]:
    """Way from a to b on the ellipsoid: distance, m, and true bearing at a, rad, -pi .. pi.

    The bearing is that of the straight chord seen from a (the normal section); the distance is the chord bent to the
    mean radius. Against the geodesic: below 3e-6 of the distance and 3e-6 rad up to 500 km, also over a pole or the
    date line. Where a and b are one place the bearing is 0.
    """
    sp, cp = jnp.sin(latitude_a), jnp.cos(latitude_a)
    chord_e = ecef(latitude_b, longitude_b - longitude_a, 0.0) - ecef(latitude_a, 0.0 * longitude_a, 0.0)
    north, east = cp * chord_e.z - sp * chord_e.x, chord_e.y
    chord2 = dot(chord_e, chord_e)
    distance = jnp.sqrt(chord2) * (1.0 + chord2 * (1.0 / (24.0 * MEAN_RADIUS * MEAN_RADIUS)))
    return distance, jnp.arctan2(east, north)


def offset(latitude: Scalar, longitude: Scalar, north: Scalar, east: Scalar) -> tuple[Scalar, Scalar]:
    """Latitude and longitude, rad, of the place `north` and `east` metres away along the surface.

    The inverse of `distance_bearing` to 1e-5 of the distance up to 500 km; holds at the poles and the date line.
    """
    s2 = (north * north + east * east) * (1.0 / (MEAN_RADIUS * MEAN_RADIUS))
    flat, drop = 1.0 - s2 * (1.0 / 6.0) * (1.0 - 0.05 * s2), MEAN_RADIUS * s2 * (0.5 - s2 / 24.0)
    here, R_en = ecef(latitude, longitude, 0.0), R_ne(latitude, longitude).T
    there_latitude, there_longitude, _ = geodetic(here + R_en @ Vec3(north * flat, east * flat, drop))
    return there_latitude, there_longitude


# Gravity --------------------------------------------------------------------------------------------------------------


def gravitation(r_e: Vec3) -> Vec3:
    """Attraction of the Earth, m/s^2, ECEF: central field and J2, without the centrifugal part.

    What is left out (higher harmonics) is below 1e-3 m/s^2 near the surface.
    """
    r2 = dot(r_e, r_e)
    bulge = 1.5 * J2 * SEMI_MAJOR_AXIS * SEMI_MAJOR_AXIS / r2
    slope2 = 5.0 * r_e.z * r_e.z / r2
    central = -GM / (r2 * jnp.sqrt(r2))
    equatorial = central * (1.0 + bulge * (1.0 - slope2))
    return Vec3(equatorial * r_e.x, equatorial * r_e.y, central * (1.0 + bulge * (3.0 - slope2)) * r_e.z)


def gravity_n(latitude: Scalar, height: Scalar) -> Vec3:
    """Normal gravity, m/s^2, NED: attraction and centrifugal part of the WGS-84 ellipsoid.

    Somigliana's formula on the ellipsoid, second order in height, and the plumb line's bend towards the equator.
    Against `gravitation` with the centrifugal part: below 1.2e-4 m/s^2 down and 7e-5
    m/s^2 north up to 20 km (the field beyond J2).

    Reference: NIMA TR8350.2 (2000), eqs. 4-1 to 4-3; Groves (2013), eq. 2.140 for the northward part.
    """
    s = jnp.sin(latitude)
    s2 = s * s
    surface = 9.7803253359 * (1.0 + 0.001931852652 * s2) / jnp.sqrt(1.0 - ECCENTRICITY_SQUARED * s2)
    relative = height * (1.0 / SEMI_MAJOR_AXIS)
    m = 0.00344978650684
    down = surface * (1.0 - 2.0 * (1.0 + FLATTENING + m - 2.0 * FLATTENING * s2) * relative + 3.0 * relative * relative)
    return Vec3(-8.08e-9 * height * 2.0 * s * jnp.cos(latitude), 0.0 * s, down)


# Magnetic field -------------------------------------------------------------------------------------------------------

_MAGNETIC_RADIUS = 6371200.0
_MAGNETIC_DEGREE = 8
_MAGNETIC_YEARS = 2.5
_WMM2025 = (
    (1, 0, -29351.8, 0.0, 12.0, 0.0), (1, 1, -1410.8, 4545.4, 9.7, -21.5), (2, 0, -2556.6, 0.0, -11.6, 0.0),
    (2, 1, 2951.1, -3133.6, -5.2, -27.7), (2, 2, 1649.3, -815.1, -8.0, -12.1), (3, 0, 1361.0, 0.0, -1.3, 0.0),
    (3, 1, -2404.1, -56.6, -4.2, 4.0), (3, 2, 1243.8, 237.5, 0.4, -0.3), (3, 3, 453.6, -549.5, -15.6, -4.1),
    (4, 0, 895.0, 0.0, -1.6, 0.0), (4, 1, 799.5, 278.6, -2.4, -1.1), (4, 2, 55.7, -133.9, -6.0, 4.1),
    (4, 3, -281.1, 212.0, 5.6, 1.6), (4, 4, 12.1, -375.6, -7.0, -4.4), (5, 0, -233.2, 0.0, 0.6, 0.0),
    (5, 1, 368.9, 45.4, 1.4, -0.5), (5, 2, 187.2, 220.2, 0.0, 2.2), (5, 3, -138.7, -122.9, 0.6, 0.4),
    (5, 4, -142.0, 43.0, 2.2, 1.7), (5, 5, 20.9, 106.1, 0.9, 1.9), (6, 0, 64.4, 0.0, -0.2, 0.0),
    (6, 1, 63.8, -18.4, -0.4, 0.3), (6, 2, 76.9, 16.8, 0.9, -1.6), (6, 3, -115.7, 48.8, 1.2, -0.4),
    (6, 4, -40.9, -59.8, -0.9, 0.9), (6, 5, 14.9, 10.9, 0.3, 0.7), (6, 6, -60.7, 72.7, 0.9, 0.9),
    (7, 0, 79.5, 0.0, -0.0, 0.0), (7, 1, -77.0, -48.9, -0.1, 0.6), (7, 2, -8.8, -14.4, -0.1, 0.5),
    (7, 3, 59.3, -1.0, 0.5, -0.8), (7, 4, 15.8, 23.4, -0.1, 0.0), (7, 5, 2.5, -7.4, -0.8, -1.0),
    (7, 6, -11.1, -25.1, -0.8, 0.6), (7, 7, 14.2, -2.3, 0.8, -0.2), (8, 0, 23.2, 0.0, -0.1, 0.0),
    (8, 1, 10.8, 7.1, 0.2, -0.2), (8, 2, -17.5, -12.6, 0.0, 0.5), (8, 3, 2.0, 11.4, 0.5, -0.4),
    (8, 4, -21.7, -9.7, -0.1, 0.4), (8, 5, 16.9, 12.7, 0.3, -0.5), (8, 6, 15.0, 0.7, 0.2, -0.6),
    (8, 7, -16.8, -5.2, -0.0, 0.3), (8, 8, 0.9, 3.9, 0.2, 0.2),
)  # fmt: skip
"""n, m, g, h (nT at 2025.0), rates of g and h (nT/year): World Magnetic Model 2025, NOAA NCEI, public domain."""


def magnetic_field_e(r_e: Vec3) -> Vec3:
    """The Earth's magnetic field, T, ECEF, in the middle of 2027; no pole is special.

    The World Magnetic Model 2025 cut after degree 8 (the whole model has 12), summed by Cunningham's recursion. Against
    the whole model over the globe: 0.14 uT and 0.17 degrees of direction (root mean square), 0.32 uT and 0.62 degrees
    at worst. The crust and the sun's storms, which no such model has, add 0.1 to 1 uT.

    Reference: Montenbruck & Gill, Satellite Orbits (2000), section 3.2.4; coefficients above.
    """
    V, W = _solid_harmonics(r_e, _MAGNETIC_DEGREE + 1)
    x, y, z = 0.0 * r_e.x, 0.0 * r_e.x, 0.0 * r_e.x
    for n, m, g, h, g_dot, h_dot in _WMM2025:
        norm = 1e-9 * _schmidt(n, m)
        C, S = norm * (g + _MAGNETIC_YEARS * g_dot), norm * (h + _MAGNETIC_YEARS * h_dot)
        z = z + (n - m + 1.0) * (C * V[n + 1, m] + S * W[n + 1, m])
        outer, inner = (0.5, 0.5 * (n - m + 2.0) * (n - m + 1.0)) if m else (1.0, 0.0)
        x = x + outer * (C * V[n + 1, m + 1] + S * W[n + 1, m + 1])
        y = y + outer * (C * W[n + 1, m + 1] - S * V[n + 1, m + 1])
        if m:
            x = x - inner * (C * V[n + 1, m - 1] + S * W[n + 1, m - 1])
            y = y + inner * (C * W[n + 1, m - 1] - S * V[n + 1, m - 1])
    return Vec3(x, y, z)


def magnetic_field_n(latitude: Scalar, longitude: Scalar, height: Scalar) -> Vec3:
    """The Earth's magnetic field, T, NED; see `magnetic_field_e`. For the slow tick: some 600 operations."""
    return R_ne(latitude, longitude) @ magnetic_field_e(ecef(latitude, longitude, height))


def _schmidt(n: int, m: int) -> float:
    """Factor from Schmidt's semi-normalised coefficients to plain Legendre functions."""
    return math.sqrt((2.0 if m else 1.0) * math.factorial(n - m) / math.factorial(n + m))


def _solid_harmonics(r_e: Vec3, degree: int) -> tuple[dict[tuple[int, int], Scalar], dict[tuple[int, int], Scalar]]:
    """(a/r)^(n+1) P_nm(sin latitude) times cos and sin of m longitude, by (n, m) to a degree."""
    per_r2 = 1.0 / dot(r_e, r_e)
    x, y, z = (_MAGNETIC_RADIUS * part * per_r2 for part in (r_e.x, r_e.y, r_e.z))
    shrink = _MAGNETIC_RADIUS * _MAGNETIC_RADIUS * per_r2
    V: dict[tuple[int, int], Scalar] = {(0, 0): jnp.sqrt(shrink)}
    W: dict[tuple[int, int], Scalar] = {(0, 0): 0.0 * r_e.x}
    for m in range(degree + 1):
        if m:
            c, s = V[m - 1, m - 1], W[m - 1, m - 1]
            V[m, m], W[m, m] = (2 * m - 1.0) * (x * c - y * s), (2 * m - 1.0) * (x * s + y * c)
        for n in range(m + 1, degree + 1):
            up, back = (2 * n - 1.0) / (n - m) * z, (n + m - 1.0) / (n - m) * shrink
            for F in (V, W):
                F[n, m] = up * F[n - 1, m] - (back * F[n - 2, m] if n > m + 1 else 0.0)
    return V, W


# Standard atmosphere --------------------------------------------------------------------------------------------------


def geopotential(height: Scalar) -> Scalar:
    """Geopotential height, m', of a geometric height, m, as US 1976 defines it."""
    return GEOPOTENTIAL_RADIUS * height / (GEOPOTENTIAL_RADIUS + height)


def geometric(height_geopotential: Scalar) -> Scalar:
    """Geometric height, m, of a geopotential height, m'."""
    return GEOPOTENTIAL_RADIUS * height_geopotential / (GEOPOTENTIAL_RADIUS - height_geopotential)


def standard_atmosphere(height: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """Temperature (K), pressure (Pa) and density (kg/m^3) of US 1976 at a geometric height, m; -5 km to 20 km."""
    return standard_atmosphere_geopotential(geopotential(height))


def standard_atmosphere_geopotential(height_geopotential: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """The same at a geopotential height, m'. Above 20 km the layer of 216.65 K goes on: not US 1976 there."""
    temperature = T0 - _LAPSE * jnp.minimum(height_geopotential, _TROPOPAUSE)
    above = jnp.maximum(height_geopotential - _TROPOPAUSE, 0.0)
    pressure = P0 * jnp.exp(_EXPONENT * jnp.log(temperature * (1.0 / T0)) - above * (1.0 / _SCALE_HEIGHT))
    return temperature, pressure, pressure / (GAS_CONSTANT * temperature)


def pressure_altitude(pressure: Scalar) -> Scalar:
    """Geopotential height, m', at which the standard day has this pressure, Pa; the inverse of US 1976 to 20 km."""
    logarithm = jnp.log(pressure * (1.0 / P0))
    below = (T0 / _LAPSE) * (1.0 - jnp.exp(jnp.maximum(logarithm, _LOG_P11) * (1.0 / _EXPONENT)))
    return below + _SCALE_HEIGHT * jnp.maximum(_LOG_P11 - logarithm, 0.0)


def standard_temperature(pressure: Scalar) -> Scalar:
    """Temperature, K, that the standard atmosphere has at a pressure, Pa: what an altimeter takes the air's to be."""
    return jnp.maximum(T0 * jnp.power(pressure * (1.0 / P0), 1.0 / _EXPONENT), _T11)


def density(pressure: Scalar, temperature: Scalar) -> Scalar:
    """Density of dry air, kg/m^3."""
    return pressure / (GAS_CONSTANT * temperature)


def speed_of_sound(temperature: Scalar) -> Scalar:
    """Speed of sound, m/s, at a temperature in K."""
    return jnp.sqrt(GAMMA * GAS_CONSTANT * temperature)


def viscosity(temperature: Scalar) -> Scalar:
    """Dynamic viscosity of air, Pa s, by Sutherland's formula as in US 1976."""
    return 1.458e-6 * temperature * jnp.sqrt(temperature) / (temperature + 110.4)
