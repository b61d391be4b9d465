"""Mean wind: the profile above 60 m, the logarithmic law below it."""

from __future__ import annotations

import math
from typing import Any

from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.mission import Profile
from samruk.weather.atmosphere import between, find_layer

Scalar = Any

SURFACE_LAYER = 60.0
"""m above ground, depth of the layer in which the logarithmic law holds here."""
ROUGHNESS = 0.15 * 0.3048
"""m, roughness length for the terminal phases (MIL-F-8785C Category C: 0.15 ft)."""
LOWEST = 3.0 * 0.3048
"""m, lowest height of the law in MIL-F-8785C (3 ft); below it the wind stays."""
_LOG_DEPTH = math.log(SURFACE_LAYER / ROUGHNESS)


def surface_factor(height_agl: Scalar) -> tuple[Scalar, Scalar]:
    """Wind at a height above ground over the wind at 60 m, and its slope, 1/m.

    u = ln(h/z0) / ln(60 m/z0) below 60 m, 1 above; MIL-F-8785C 3.7.3.2 with z0 = 0.15 ft, valid from 3 ft.
    A wind measured at 10 m is 0.750 of the wind at 60 m.
    """
    h = jnp.clip(height_agl, LOWEST, SURFACE_LAYER)
    inside = (height_agl > LOWEST) & (height_agl < SURFACE_LAYER)
    return jnp.log(h * (1.0 / ROUGHNESS)) * (1.0 / _LOG_DEPTH), jnp.where(inside, 1.0 / (h * _LOG_DEPTH), 0.0)


def mean_wind(profile: Profile, height: Scalar, ground: Scalar, scale: Scalar) -> tuple[Vec3, Vec3]:
    """Velocity of the air relative to Earth, m/s NED, and its change per metre upwards, 1/s.

    The profile's wind is that of the free air: its levels lower than 60 m above the ground are not used.

    Args:
        profile: the column of air.
        height: m.
        ground: m, surface below.
        scale: factor on the wind.
    """
    factor, factor_slope = surface_factor(height - ground)
    layer = find_layer(profile, jnp.maximum(height, ground + SURFACE_LAYER))
    free = (height > ground + SURFACE_LAYER) & (height == layer.height)
    north, north_slope = between(profile.wind_north, layer)
    east, east_slope = between(profile.wind_east, layer)
    wind = Vec3(scale * factor * north, scale * factor * east, 0.0 * north)
    slope_north = scale * (jnp.where(free, north_slope, 0.0) + factor_slope * north)
    slope_east = scale * (jnp.where(free, east_slope, 0.0) + factor_slope * east)
    return wind, Vec3(slope_north, slope_east, 0.0 * north)
