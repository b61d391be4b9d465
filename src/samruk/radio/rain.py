"""What rain takes from a link: along the ray to the ground antenna, and on the ways to and from a satellite.

Specific attenuation k R^alpha by ITU-R P.838-3. The ray is straight in a plane over the bent Earth: its height above
the sea at part t of a way d is the chord's, less what the Earth bulges in between (4/3 radius).
"""

from __future__ import annotations

from typing import Any

from samruk.earth import MEAN_RADIUS
from samruk.lazy import jnp
from samruk.mission import Conditions, Links
from samruk.radio import propagation as path
from samruk.weather import rain

Scalar = Any

POINTS = 8
"""Places along the ray at which the rain is looked up."""
UPLINK = 14.25e9
"""Hz, Ku band."""
GATEWAY_SINE = 0.574
"""Sine of the elevation, 35 degrees, at which the satellite operator's station looks up (estimated)."""
GATEWAY_TOP = 4000.0
"""m above that station where its rain begins (estimated)."""
LEAST_SINE = 0.087
"""Sine of the lowest elevation, 5 degrees, for which a slant way through rain is computed."""


def specific(frequency: Scalar, rate: Scalar, vertical: bool = True) -> Scalar:
    """Specific attenuation, dB/m, at a frequency, Hz, and a rate, m/s."""
    k, alpha = path.rain_coefficients(frequency, vertical)
    millimetres = jnp.maximum(rate, 0.0) * (1.0 / rain.MM_PER_HOUR)
    law = 1e-3 * k * jnp.exp(alpha * jnp.log(jnp.maximum(millimetres, 1e-6)))
    return jnp.where(millimetres > 1e-6, law, 0.0)


def along_ray(
    latitude: Scalar, longitude: Scalar, height: Scalar, distance: Scalar, frequency: Scalar, links: Links,
    conditions: Conditions, time: Scalar,
) -> Scalar:  # fmt: skip
    """Loss, dB, in rain between the ground antenna and an aircraft.

    Args:
        latitude: rad, aircraft.
        longitude: rad, aircraft.
        height: m above mean sea level, aircraft.
        distance: m, straight.
        frequency: Hz.
        links: where the antenna stands.
        conditions: the rain.
        time: s since the mission's epoch.
    """
    foot = links.elevation + links.antenna_height
    k, alpha = path.rain_coefficients(frequency)
    total = 0.0 * height
    turns = (longitude - links.longitude) * (0.5 / jnp.pi)
    east = 2.0 * jnp.pi * (turns - jnp.floor(turns + 0.5))
    for n in range(POINTS):
        t = (n + 0.5) / POINTS
        bulge = t * (1.0 - t) * distance * distance * (0.5 / (4.0 / 3.0 * MEAN_RADIUS))
        rate = rain.fall(
            links.latitude + t * (latitude - links.latitude), links.longitude + t * east,
            foot + t * (height - foot) - bulge, time, conditions,
        ) * (1.0 / rain.MM_PER_HOUR)  # fmt: skip
        total = total + jnp.where(rate > 1e-6, jnp.exp(alpha * jnp.log(jnp.maximum(rate, 1e-6))), 0.0)
    return 1e-3 * k * total * distance * (1.0 / POINTS)


def to_satellite(
    latitude: Scalar, longitude: Scalar, height: Scalar, sine: Scalar, conditions: Conditions, time: Scalar
) -> Scalar:
    """Loss, dB, of the satellite link in rain: above the aircraft, and at the operator's station.

    Args:
        latitude: rad, aircraft.
        longitude: rad, aircraft.
        height: m above mean sea level, aircraft.
        sine: sine of the satellite's elevation at the aircraft.
        conditions: the rain at the aircraft and at the gateway.
        time: s since the mission's epoch.
    """
    here = rain.fall(latitude, longitude, height, time, conditions)
    top = jnp.maximum(jnp.where(conditions.rain_a.rate > 0.0, conditions.rain_a.top, conditions.rain_b.top), height)
    above = (top - height) / jnp.maximum(sine, LEAST_SINE)
    millimetres = conditions.gateway_rain * (1.0 / rain.MM_PER_HOUR)
    slant = GATEWAY_TOP / GATEWAY_SINE
    cell = 35e3 * jnp.exp(-0.015 * jnp.minimum(millimetres, 100.0))
    gateway = specific(UPLINK, conditions.gateway_rain) * slant / (1.0 + slant / cell)
    return specific(UPLINK, here) * above + gateway
