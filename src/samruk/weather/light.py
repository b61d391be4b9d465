"""Sunlight at a place: clear sky with height, clouds above, and what ground and clouds below send back up.

The sun's disc shines through the air above, 1361 W/m^2 exp(-0.35 (p/p0) / cos^0.64 z); Haurwitz's formula gives the
whole light on level ground; what is left between the two is the sky's. Broadband, a plane-parallel cloud, no azimuth.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from samruk import earth
from samruk.lazy import jnp
from samruk.mission import Conditions
from samruk.weather import sun
from samruk.weather.cloud import presence

Scalar = Any

EXTINCTION = 0.35
"""Optical depth of the whole air for the sun's disc: Linke turbidity 3 (mean of moderate latitudes)."""
SLANT = 0.64
"""Power of 1/cos z in that depth: the colours that air takes go first (form of simplified Solis, Ineichen 2008)."""
BACKWARD = 0.075
"""Half of what a cloud's drop sends backwards, (1 - g)/2 with an asymmetry g of 0.85: T = 1/(1 + 0.075 depth)."""
WATER_DENSITY = 1000.0
"""kg/m^3."""
ALOFT = 1.5 / WATER_DENSITY
"""Optical depth of a column of cloud times its drops' effective radius over its water, m^3/kg (Stephens 1978)."""
CYCLE = (55.0, 270.0, 505.0, 730.0, 915.0, 1040.0, 1120.0)
"""W/m^2 at 6.5, 5.5 .. 0.5 h from 12:30 h local sun time: the light of MIL-HDBK-310's hot day, peak 1120."""
DIRECT_PART = 0.9
"""Part of prescribed light that comes straight from the sun (estimated)."""
GROUND_WARMING = 0.022
"""K m^2/W by which dry ground in the sun is warmer than the air, per light it takes up: 20 K at 1120 W/m^2
(estimated)."""
LAPSE = 0.0065
"""K/m, mean between the aircraft and the ground that its belly sees."""


@dataclass(frozen=True)
class Light:
    """Sunlight, W/m^2."""

    level: Scalar
    """On a level surface facing up."""
    direct: Scalar
    """Of it, from the sun's disc."""
    below: Scalar
    """On a level surface facing down."""


def light(
    latitude: Scalar, longitude: Scalar, height: Scalar, ground: Scalar, time: Scalar, unix: Scalar,
    elevation: Scalar, pressure: Scalar, conditions: Conditions,
) -> Light:  # fmt: skip
    """Sunlight at a place and time.

    Args:
        latitude: rad.
        longitude: rad.
        height: m above mean sea level.
        ground: m, of the surface below.
        time: s since the mission's epoch.
        unix: s since 1970.
        elevation: rad, of the sun.
        pressure: Pa.
        conditions: clouds, `overcast`, `albedo`, or a prescribed cycle.
    """
    above, below = depths(latitude, longitude, height, ground, time, conditions)
    sine = jnp.sin(elevation)
    level, direct = clear(sine, pressure, sun.distance_factor(unix))
    spread = level * passed(above) * (1.0 - conditions.overcast)
    open_ = jnp.exp(-jnp.minimum(above / jnp.maximum(sine, 0.02), 80.0)) * jnp.clip(1.0 - conditions.overcast, 0.0, 1.0)
    given = prescribed(conditions.sunlight_peak, sun.solar_hour(longitude, unix))
    asked = conditions.sunlight_peak > 0.0
    level = jnp.where(asked, given, spread)
    direct = jnp.where(asked, DIRECT_PART * given, jnp.minimum(direct * open_, spread))
    return Light(level, direct, level * returned(below, conditions.albedo))


def clear(sine: Scalar, pressure: Scalar, distance: Scalar) -> tuple[Scalar, Scalar]:
    """Light on level ground under a clear sky, W/m^2, whole and from the sun's disc.

    Beside simplified Solis (pvlib) from 0 to 9 km and to 75 degrees from the zenith: 6 % of the light above the air.

    Args:
        sine: of the sun's height.
        pressure: Pa.
        distance: square of the mean over the present distance of the sun.
    """
    depth = EXTINCTION * pressure * (1.0 / earth.P0) * jnp.power(jnp.maximum(sine, 1e-3), -SLANT)
    disc = sun.SOLAR_CONSTANT * jnp.maximum(sine, 0.0) * jnp.exp(-depth)
    level = sun.clear_sky(sine, pressure)
    return distance * level, distance * jnp.minimum(disc, level)


def depths(
    latitude: Scalar, longitude: Scalar, height: Scalar, ground: Scalar, time: Scalar, conditions: Conditions
) -> tuple[Scalar, Scalar]:
    """Optical depth of the clouds above and below a place: 1.5 W d / (rho_w r_e), r_e half the median diameter."""
    above, below = 0.0 * height, 0.0 * height
    for layer in (conditions.cloud_a, conditions.cloud_b, conditions.cloud_c):
        there = presence(layer, latitude, longitude, 0.5 * (layer.base + layer.top), time)
        per = ALOFT * conditions.cloud_scale * there * layer.water * 2.0 / layer.drop
        base = jnp.maximum(layer.base, ground)
        above = above + per * jnp.maximum(layer.top - jnp.maximum(height, base), 0.0)
        below = below + per * jnp.maximum(jnp.minimum(height, layer.top) - base, 0.0)
    return above, below


def passed(depth: Scalar) -> Scalar:
    """Part of the sun's light that a cloud of an optical depth lets through, disc and sky together (two streams)."""
    return 1.0 / (1.0 + BACKWARD * depth)


def returned(depth: Scalar, albedo: Scalar) -> Scalar:
    """Part of the light going down that comes back up from a cloud over ground of an albedo (adding method)."""
    through = passed(depth)
    sent = 1.0 - through
    return sent + through * through * albedo / (1.0 - albedo * sent)


def prescribed(peak: Scalar, hour: Scalar) -> Scalar:
    """Light of the qualification cycle, W/m^2, at an hour of local sun time, 0..24: linear between full hours."""
    away = jnp.abs(hour - 12.5)
    shape = CYCLE[-1] + 0.0 * away
    points = (*reversed(CYCLE), 0.0)
    for k, (near, far) in enumerate(itertools.pairwise(points)):
        shape = shape + (far - near) * jnp.clip(away - (0.5 + k), 0.0, 1.0)
    return peak * (1.0 / CYCLE[-1]) * shape


def surface_below(temperature: Scalar, height_agl: Scalar, level: Scalar, albedo: Scalar) -> Scalar:
    """K at which the ground below radiates, from the air's temperature at the aircraft (standard lapse between)."""
    air = temperature + LAPSE * jnp.clip(height_agl, 0.0, 11000.0)
    return air + GROUND_WARMING * (1.0 - albedo) * level
