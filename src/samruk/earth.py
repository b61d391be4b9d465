"""The Earth: figure, gravity, magnetic field, standard atmosphere, and short ways over its surface.

WGS-84 throughout (NIMA TR8350.2). Latitudes are geodetic, heights are above the ellipsoid, angles are radians. The
standard atmosphere is US 1976 (NOAA-S/T 76-1562). Everything is a smooth scalar function without branches.
"""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp

from samruk.frames import Rotation, Vec3, dot

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
    mean radius. Against the geodesic: below 1e-5 of the distance and 1e-5 rad up to 500 km, also over a pole or the
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
    Against `gravitation` with the centrifugal part: below 6e-5 m/s^2 up to 20 km.

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
_MAGNETIC_YEARS = 2.5
_WMM2025 = (
    (1, 0, -29351.8, 0.0, 12.0, 0.0), (1, 1, -1410.8, 4545.4, 9.7, -21.5),
    (2, 0, -2556.6, 0.0, -11.6, 0.0), (2, 1, 2951.1, -3133.6, -5.2, -27.7), (2, 2, 1649.3, -815.1, -8.0, -12.1),
    (3, 0, 1361.0, 0.0, -1.3, 0.0), (3, 1, -2404.1, -56.6, -4.2, 4.0), (3, 2, 1243.8, 237.5, 0.4, -0.3),
    (3, 3, 453.6, -549.5, -15.6, -4.1), (4, 0, 895.0, 0.0, -1.6, 0.0), (4, 1, 799.5, 278.6, -2.4, -1.1),
    (4, 2, 55.7, -133.9, -6.0, 4.1), (4, 3, -281.1, 212.0, 5.6, 1.6), (4, 4, 12.1, -375.6, -7.0, -4.4),
)  # fmt: skip
"""n, m, g, h (nT at 2025.0), rates of g and h (nT/year): World Magnetic Model 2025, NOAA NCEI, public domain."""


def magnetic_field_n(latitude: Scalar, longitude: Scalar, height: Scalar) -> Vec3:
    """The Earth's magnetic field, T, NED, in the middle of 2027.

    The World Magnetic Model 2025 cut after degree 4 (the whole model has 12). The cut costs 0.9 uT (one standard
    deviation over the globe, about 1.2 degrees of direction); figures by region are in `design/0004-ice.md`.
    """
    s, c = jnp.sin(latitude), jnp.cos(latitude)
    prime_vertical = SEMI_MAJOR_AXIS / jnp.sqrt(1.0 - ECCENTRICITY_SQUARED * s * s)
    p = (prime_vertical + height) * c
    z = (prime_vertical * (1.0 - ECCENTRICITY_SQUARED) + height) * s
    r = jnp.sqrt(p * p + z * z)
    north, east, down = _field_spherical(z / r, p / r, longitude, _MAGNETIC_RADIUS / r)
    turn_s, turn_c = (z * c - p * s) / r, (p * c + z * s) / r  # sine and cosine of geocentric less geodetic latitude
    return Vec3(north * turn_c - down * turn_s, east, north * turn_s + down * turn_c)


def _field_spherical(s: Scalar, c: Scalar, longitude: Scalar, ratio: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """North, east and down field, T, at a geocentric latitude of sine s and cosine c."""
    P, dP, P_c = _legendre(s, c)
    cosines, sines = _multiples(longitude, 4)
    north, east, down = 0.0 * s, 0.0 * s, 0.0 * s
    powers = [ratio * ratio]
    for _ in range(4):
        powers.append(powers[-1] * ratio)
    for n, m, g0, h0, g_dot, h_dot in _WMM2025:
        g, h = 1e-9 * (g0 + _MAGNETIC_YEARS * g_dot), 1e-9 * (h0 + _MAGNETIC_YEARS * h_dot)
        wave = (g * cosines[m] + h * sines[m]) * powers[n]
        north = north - wave * dP[n, m]
        down = down - (n + 1.0) * wave * P[n, m]
        if m > 0:
            east = east + m * (g * sines[m] - h * cosines[m]) * powers[n] * P_c[n, m]
    return north, east, down


def _multiples(angle: Scalar, count: int) -> tuple[list[Scalar], list[Scalar]]:
    """Cosines and sines of 0, 1, ... count times an angle."""
    c, s = jnp.cos(angle), jnp.sin(angle)
    cosines, sines = [1.0 + 0.0 * c, c], [0.0 * s, s]
    for k in range(2, count + 1):
        cosines.append(c * cosines[k - 1] - s * sines[k - 1])
        sines.append(s * cosines[k - 1] + c * sines[k - 1])
    return cosines, sines


def _legendre(s: Scalar, c: Scalar) -> tuple[dict[Any, Scalar], dict[Any, Scalar], dict[Any, Scalar]]:
    """Schmidt's associated Legendre functions to degree 4 of sine s, cosine c of latitude.

    Returns:
        P, its derivative with respect to latitude, and P / c (for m > 0), each by (n, m).
    """
    r3, r15, r10, r35, r70 = 3.0**0.5, 15.0**0.5, 10.0**0.5, 35.0**0.5, 70.0**0.5
    s2, c2 = s * s, c * c
    P = {(1, 0): s, (2, 0): 0.5 * (3.0 * s2 - 1.0), (3, 0): 0.5 * s * (5.0 * s2 - 3.0)}
    P[4, 0] = 0.125 * (35.0 * s2 * s2 - 30.0 * s2 + 3.0)
    q = {(1, 1): 1.0 + 0.0 * s, (2, 1): r3 * s, (2, 2): 0.5 * r3 * c, (3, 1): (r3 / 8.0**0.5) * (5.0 * s2 - 1.0)}
    q[3, 2], q[3, 3] = 0.5 * r15 * s * c, (r10 / 4.0) * c2
    q[4, 1], q[4, 2] = (r10 / 4.0) * s * (7.0 * s2 - 3.0), (5.0**0.5 / 4.0) * c * (7.0 * s2 - 1.0)
    q[4, 3], q[4, 4] = (r70 / 4.0) * s * c2, (r35 / 8.0) * c2 * c
    P.update({key: value * c for key, value in q.items()})
    dP = {(1, 0): c, (2, 0): 3.0 * s * c, (3, 0): 1.5 * c * (5.0 * s2 - 1.0)}
    dP[4, 0] = 2.5 * s * c * (7.0 * s2 - 3.0)
    dP[1, 1], dP[2, 1], dP[2, 2] = -s, r3 * (c2 - s2), -r3 * s * c
    dP[3, 1] = (r3 / 8.0**0.5) * s * (10.0 * c2 - 5.0 * s2 + 1.0)
    dP[3, 2], dP[3, 3] = 0.5 * r15 * c * (c2 - 2.0 * s2), (-3.0 * r10 / 4.0) * s * c2
    dP[4, 1] = (r10 / 4.0) * (c2 * (21.0 * s2 - 3.0) - s2 * (7.0 * s2 - 3.0))
    dP[4, 2] = (5.0**0.5 / 2.0) * s * c * (7.0 * (c2 - s2) + 1.0)
    dP[4, 3], dP[4, 4] = (r70 / 4.0) * c2 * (c2 - 3.0 * s2), (-r35 / 2.0) * s * c2 * c
    return P, dP, q


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


def density(pressure: Scalar, temperature: Scalar) -> Scalar:
    """Density of dry air, kg/m^3."""
    return pressure / (GAS_CONSTANT * temperature)


def speed_of_sound(temperature: Scalar) -> Scalar:
    """Speed of sound, m/s, at a temperature in K."""
    return jnp.sqrt(GAMMA * GAS_CONSTANT * temperature)


def viscosity(temperature: Scalar) -> Scalar:
    """Dynamic viscosity of air, Pa s, by Sutherland's formula as in US 1976."""
    return 1.458e-6 * temperature * jnp.sqrt(temperature) / (temperature + 110.4)
