"""Rain: where it falls, how much water is in the air, how far one sees.

A rate is the depth of water that falls on level ground in a second. Water in the air follows from it by Marshall and
Palmer's drops; where the air is below freezing and the drops are not snow, rain is supercooled and freezes on what it
meets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from samruk.lazy import jnp
from samruk.mission import Conditions
from samruk.weather.cloud import FREEZING, presence

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
SNOW_EXTINCTION, SNOW_EXPONENT = 2.5e-3, 0.8
"""1/m at 1 mm/h of water as snow, and the power of the rate: light snow is seen through for more than 1 km, heavy snow
for less than 400 m (estimated from the reporting classes)."""
MELTED, MELTING_DEPTH = 274.15, 100.0
"""K from which no flake is left a kelvin higher, and m over which drops take the place of flakes (estimated)."""
FREEZING_DROP = 526e-6
"""m, median volume diameter of freezing rain in Appendix O (recalled)."""
INFRARED = 10.0 / 0.55
"""Wavelength of a thermal camera over that of visible light."""
VAPOUR = (0.02e-3, 0.0008e-3)
"""1/m per g/m^3 of vapour, and per its square, at 8 to 12 um (recalled, unverified); over `DRY_INFRARED`."""
DRY_INFRARED = 0.04e-3
"""1/m, carbon dioxide and the rest."""
VAPOUR_DEPTH = 2000.0
"""m over which vapour falls to a third upwards."""
SLANT = 2.0**0.5
"""Way along a ray 45 degrees downwards over the height."""


@dataclass(frozen=True)
class Falling:
    """What falls at a place."""

    drops: Scalar
    """m/s of water as drops."""
    flakes: Scalar
    """m/s of water as snow."""


def falling(
    latitude: Scalar, longitude: Scalar, height: Scalar, time: Scalar, temperature: Scalar, conditions: Conditions
) -> Falling:
    """Drops and flakes at a place and time.

    Args:
        latitude: rad.
        longitude: rad.
        height: m above mean sea level.
        time: s since the mission's epoch.
        temperature: K of the air: what falls through air above +2 C has melted.
        conditions: the day, with its two areas of rain.
    """
    drops, flakes = 0.0 * height, 0.0 * height
    warm = jnp.clip(temperature - MELTED, 0.0, 1.0)
    for area in (conditions.rain_a, conditions.rain_b):
        rate = area.rate * presence(area, latitude, longitude, height, time)
        melted = jnp.maximum(jnp.clip((area.melting - height) * (1.0 / MELTING_DEPTH) + 0.5, 0.0, 1.0), warm)
        drops, flakes = drops + melted * rate, flakes + (1.0 - melted) * rate
    return Falling(conditions.rain_scale * drops, conditions.rain_scale * flakes)


def fall(latitude: Scalar, longitude: Scalar, height: Scalar, time: Scalar, conditions: Conditions) -> Scalar:
    """Rate of rain at a place (rad, rad, m) and time (s since the epoch) as drops, m/s, by the height of melting."""
    return falling(latitude, longitude, height, time, 0.0 * height, conditions).drops


def supercooled(drops: Scalar, temperature: Scalar, water: Scalar, drop: Scalar) -> tuple[Scalar, Scalar]:
    """Cloud water and median drop with freezing rain in them: the ice catches both alike.

    Args:
        drops: m/s of rain.
        temperature: K.
        water: kg/m^3 of supercooled cloud.
        drop: m, its median drop.

    Returns:
        Water, kg/m^3, and median volume diameter, m, weighted by water.
    """
    more = jnp.clip(5.0 * (FREEZING - temperature), 0.0, 1.0) * rain_water(drops)
    total = water + more
    mixed = (water * drop + more * FREEZING_DROP) / jnp.maximum(total, 1e-12)
    return total, jnp.where(more > 0.0, mixed, drop)


def rain_water(rate: Scalar) -> Scalar:
    """Water in the air, kg/m^3, at a rate, m/s: 0.072 R^0.88 g/m^3 with R in mm/h."""
    millimetres = jnp.maximum(rate, 0.0) * (1.0 / MM_PER_HOUR)
    return jnp.where(millimetres > 1e-6, WATER * jnp.power(jnp.maximum(millimetres, 1e-6), EXPONENT), 0.0)


def extinction(rate: Scalar) -> Scalar:
    """Extinction of visible light by rain, 1/m, at a rate, m/s."""
    millimetres = jnp.maximum(rate, 0.0) * (1.0 / MM_PER_HOUR)
    law = EXTINCTION * jnp.power(jnp.maximum(millimetres, 1e-6), EXTINCTION_EXPONENT)
    return jnp.where(millimetres > 1e-6, law, 0.0)


def snow_extinction(rate: Scalar) -> Scalar:
    """Extinction of visible light by falling snow, 1/m, at its rate of water, m/s."""
    millimetres = jnp.maximum(rate, 0.0) * (1.0 / MM_PER_HOUR)
    law = SNOW_EXTINCTION * jnp.power(jnp.maximum(millimetres, 1e-6), SNOW_EXPONENT)
    return jnp.where(millimetres > 1e-6, law, 0.0)


def haze_at_infrared(clear: Scalar) -> Scalar:
    """Extinction of haze at 10 um over that in visible light: (10/0.55)^-q, q by Kruse (1962) from the visibility, m.

    In fog, under 500 m, both see alike; at 10 km the infrared sees 40 times as far.
    """
    far = clear * 1e-3
    q = jnp.where(far > 50.0, 1.6, jnp.where(far > 6.0, 1.3, 0.16 * far + 0.34))
    q = jnp.where(far < 1.0, jnp.maximum(far - 0.5, 0.0), q)
    return jnp.exp(-math.log(INFRARED) * q)


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


@dataclass(frozen=True)
class Seen:
    """Parts of the ground's contrast that reach an aircraft along a ray 45 degrees downwards, 0..1."""

    visible: Scalar
    infrared: Scalar
    """At 8 to 12 um."""


def transmission(
    latitude: Scalar, longitude: Scalar, height: Scalar, ground: Scalar, time: Scalar, vapour: Scalar,
    conditions: Conditions,
) -> Seen:  # fmt: skip
    """What of the ground is seen through haze, vapour, rain, snow and cloud, as they stand below the aircraft.

    Beer's law. Drops and flakes are as opaque at 10 um as in visible light.

    Args:
        latitude: rad.
        longitude: rad.
        height: m above mean sea level.
        ground: m, of the surface below.
        time: s since the mission's epoch.
        vapour: kg/m^3, at the aircraft.
        conditions: the day.
    """
    above = jnp.maximum(height - ground, 0.0)
    haze = conditions.haze_top * (1.0 - jnp.exp(-above / conditions.haze_top)) * (CONTRAST / conditions.visibility)
    water = 0.0 * height
    for area in (conditions.rain_a, conditions.rain_b):
        rate = conditions.rain_scale * area.rate * presence(area, latitude, longitude, ground, time)
        top = jnp.minimum(height, area.top)
        wet = jnp.maximum(jnp.minimum(top, area.melting) - ground, 0.0)
        white = jnp.maximum(top - jnp.maximum(area.melting, ground), 0.0)
        water = water + wet * extinction(rate) + white * snow_extinction(rate)
    for layer in (conditions.cloud_a, conditions.cloud_b, conditions.cloud_c):
        there = presence(layer, latitude, longitude, 0.5 * (layer.base + layer.top), time)
        deep = jnp.maximum(jnp.minimum(height, layer.top) - jnp.maximum(layer.base, ground), 0.0)
        water = water + deep * cloud_extinction(conditions.cloud_scale * there * layer.water)
    thermal = haze_at_infrared(conditions.visibility) * haze + _vapour(1e3 * vapour, above)
    return Seen(*(jnp.exp(-jnp.minimum(SLANT * (depth + water), 80.0)) for depth in (haze, thermal)))


def _vapour(here: Scalar, above: Scalar) -> Scalar:
    """Optical depth at 8 to 12 um of the air below; vapour g/m^3 at the aircraft, `above` m over the ground."""
    grown = jnp.exp(jnp.minimum(above, 10000.0) * (1.0 / VAPOUR_DEPTH))
    once = VAPOUR_DEPTH * here * (grown - 1.0)
    twice = 0.5 * VAPOUR_DEPTH * here * here * (grown * grown - 1.0)
    return DRY_INFRARED * above + VAPOUR[0] * once + VAPOUR[1] * twice
