"""Rain: where it falls, how much water is in the air, how far one sees.

A rate is the depth of water that falls on level ground in a second. Water in the air follows from it by Marshall and
Palmer's drops; where the air is below freezing and the drops are not snow, rain is supercooled and freezes on what it
meets.
"""

from __future__ import annotations

import math
from typing import Any

from samruk.lazy import jnp
from samruk.mission import Conditions
from samruk.weather.cloud import presence

Scalar = Any

MM_PER_HOUR = 1e-3 / 3600.0
"""m/s."""
WATER, EXPONENT = 0.072e-3, 0.88
"""kg/m^3 at 1 mm/h, and the power of the rate (Marshall & Palmer 1948, by the handbooks' fit)."""
EXTINCTION, EXTINCTION_EXPONENT = 0.365e-3, 0.63
"""1/m at 1 mm/h, and the power of the rate (Atlas's form; recalled, unverified)."""
CONTRAST = math.log(20.0)
"""Optical depth at which a black object keeps 5 % of its contrast: meteorological visibility."""
CLOUD_EXTINCTION, CLOUD_EXPONENT = 0.1447 * 1000.0**0.88, 0.88
"""1/m at 1 kg/m^3: Kunkel (1984), 144.7 W^0.88 per km with W in g/m^3."""
SLANT = 2.0**0.5
"""Way along a ray 45 degrees downwards over the height."""


def fall(latitude: Scalar, longitude: Scalar, height: Scalar, time: Scalar, conditions: Conditions) -> Scalar:
    """Rate of rain at a place and time, m/s.

    Args:
        latitude: rad.
        longitude: rad.
        height: m above mean sea level.
        time: s since the mission's epoch.
        conditions: the day, with its two areas of rain.
    """
    total = 0.0 * height
    for area in (conditions.rain_a, conditions.rain_b):
        total = total + area.rate * presence(area, latitude, longitude, height, time)
    return conditions.rain_scale * total


def water(rate: Scalar) -> Scalar:
    """Water in the air, kg/m^3, at a rate, m/s: 0.072 R^0.88 g/m^3 with R in mm/h."""
    millimetres = jnp.maximum(rate, 0.0) * (1.0 / MM_PER_HOUR)
    return jnp.where(millimetres > 1e-6, WATER * jnp.power(jnp.maximum(millimetres, 1e-6), EXPONENT), 0.0)


def extinction(rate: Scalar) -> Scalar:
    """Extinction of visible light by rain, 1/m, at a rate, m/s."""
    millimetres = jnp.maximum(rate, 0.0) * (1.0 / MM_PER_HOUR)
    law = EXTINCTION * jnp.power(jnp.maximum(millimetres, 1e-6), EXTINCTION_EXPONENT)
    return jnp.where(millimetres > 1e-6, law, 0.0)


def cloud_extinction(liquid: Scalar) -> Scalar:
    """Extinction of visible light by cloud or fog, 1/m, at its water, kg/m^3."""
    law = CLOUD_EXTINCTION * jnp.power(jnp.maximum(liquid, 1e-9), CLOUD_EXPONENT)
    return jnp.where(liquid > 1e-9, law, 0.0)


def visibility(clear: Scalar, height_agl: Scalar, haze_top: Scalar, more: Scalar) -> Scalar:
    """Meteorological visibility, m: haze that thins with height, and what rain and cloud add.

    Args:
        clear: m, at the ground in the haze alone.
        height_agl: m.
        haze_top: m, over which the haze thins to a third.
        more: 1/m, extinction by all else.
    """
    haze = CONTRAST / clear * jnp.exp(-jnp.maximum(height_agl, 0.0) / haze_top)
    return CONTRAST / (haze + more)


def transmission(
    latitude: Scalar, longitude: Scalar, height: Scalar, ground: Scalar, time: Scalar, conditions: Conditions
) -> Scalar:
    """Part of the ground's contrast that reaches an aircraft along a ray 45 degrees downwards, 0..1.

    Haze, rain and cloud between the two, as they stand below the aircraft. Beer's law, visible light.

    Args:
        latitude: rad.
        longitude: rad.
        height: m above mean sea level.
        ground: m, of the surface below.
        time: s since the mission's epoch.
        conditions: the day.
    """
    above = jnp.maximum(height - ground, 0.0)
    haze = conditions.haze_top * (1.0 - jnp.exp(-above / conditions.haze_top)) * (CONTRAST / conditions.visibility)
    rain = 0.0 * height
    for area in (conditions.rain_a, conditions.rain_b):
        there = presence(area, latitude, longitude, ground, time)
        deep = jnp.maximum(jnp.minimum(height, area.top) - ground, 0.0)
        rain = rain + deep * extinction(conditions.rain_scale * there * area.rate)
    cloud = 0.0 * height
    for layer in (conditions.cloud_a, conditions.cloud_b, conditions.cloud_c):
        there = presence(layer, latitude, longitude, 0.5 * (layer.base + layer.top), time)
        deep = jnp.maximum(jnp.minimum(height, layer.top) - jnp.maximum(layer.base, ground), 0.0)
        cloud = cloud + deep * cloud_extinction(conditions.cloud_scale * there * layer.water)
    return jnp.exp(-jnp.minimum(SLANT * (haze + rain + cloud), 80.0))
