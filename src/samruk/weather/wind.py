"""Mean wind: the profile, below it the logarithmic law of the surface layer, and the turning towards the ground."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.mission import Profile
from samruk.weather.atmosphere import between, find_layer

Scalar = Any

SURFACE_LAYER = 60.0
"""m above ground, depth of the layer in which the logarithmic law holds where a mission says nothing else."""
ROUGHNESS = 0.15 * 0.3048
"""m, roughness length for the terminal phases (MIL-F-8785C Category C: 0.15 ft); 2.0 ft in the other phases."""
LOWEST = 3.0 * 0.3048
"""m, lowest height of the law in MIL-F-8785C (3 ft); below it the wind stays."""
TURNING = 1000.0
"""m above ground over which the wind turns into its direction aloft."""


def surface_factor(
    height_agl: Scalar, roughness: Scalar = ROUGHNESS, depth: Scalar = SURFACE_LAYER
) -> tuple[Scalar, Scalar]:
    """Wind at a height above ground over the wind at the surface layer's top, and its slope, 1/m.

    u = ln(h/z0) / ln(depth/z0) below the top, 1 above; MIL-F-8785C 3.7.3.2, valid from 3 ft to 1,000 ft. With z0 of
    0.15 ft and 60 m a wind measured at 10 m is 0.750 of the wind at the top.

    Args:
        height_agl: m.
        roughness: m, z0.
        depth: m above ground, top of the layer.
    """
    lowest = jnp.maximum(LOWEST, 1.5 * roughness)
    h = jnp.clip(height_agl, lowest, depth)
    inside = (height_agl > lowest) & (height_agl < depth)
    per = 1.0 / jnp.log(depth / roughness)
    return jnp.log(h / roughness) * per, jnp.where(inside, per / h, 0.0)


def free_wind(height_agl: Any, speed: Any, bearing: Any, roughness: float, depth: float, turn: float) -> Any:
    """Speed and direction aloft of winds that are met as given at heights above ground: before the flight, NumPy.

    Args:
        height_agl: m.
        speed: m/s.
        bearing: rad true, from which it blows.
        roughness: m, z0.
        depth: m, top of the surface layer.
        turn: rad by which the wind veers from the ground up.
    """
    h = np.clip(height_agl, max(LOWEST, 1.5 * roughness), depth)
    factor = np.log(h / roughness) / math.log(depth / roughness)
    return speed / factor, bearing + turn * np.clip(1.0 - np.asarray(height_agl) / TURNING, 0.0, 1.0)


def mean_wind(
    profile: Profile, height: Scalar, ground: Scalar, scale: Scalar, roughness: Scalar = ROUGHNESS,
    depth: Scalar = SURFACE_LAYER, turn: Scalar = 0.0,
) -> tuple[Vec3, Vec3]:  # fmt: skip
    """Velocity of the air relative to Earth, m/s NED, and its change per metre upwards, 1/s.

    The profile's wind is that of the free air: its levels in the surface layer are not used.

    Args:
        profile: the column of air.
        height: m.
        ground: m, surface below.
        scale: factor on the wind.
        roughness: m, z0 of the surface.
        depth: m above ground, top of the surface layer.
        turn: rad by which the wind veers from the ground to 1,000 m above it, evenly.
    """
    factor, factor_slope = surface_factor(height - ground, roughness, depth)
    layer = find_layer(profile, jnp.maximum(height, ground + depth))
    free = (height > ground + depth) & (height == layer.height)
    north, north_slope = between(profile.wind_north, layer)
    east, east_slope = between(profile.wind_east, layer)
    slope_north = scale * (jnp.where(free, north_slope, 0.0) + factor_slope * north)
    slope_east = scale * (jnp.where(free, east_slope, 0.0) + factor_slope * east)
    return _backed(
        Vec3(scale * factor * north, scale * factor * east, 0.0 * north), Vec3(slope_north, slope_east, 0.0 * north),
        height - ground, turn,
    )  # fmt: skip


def _backed(wind_n: Vec3, slope_n: Vec3, height_agl: Scalar, turn: Scalar) -> tuple[Vec3, Vec3]:
    """A wind and its slope, turned back towards the ground's direction."""
    h = jnp.clip(height_agl * (1.0 / TURNING), 0.0, 1.0)
    angle = turn * (1.0 - h)
    rate = jnp.where((h > 0.0) & (h < 1.0), -turn * (1.0 / TURNING), 0.0)
    c, s = jnp.cos(angle), jnp.sin(angle)
    north, east = wind_n.x * c + wind_n.y * s, wind_n.y * c - wind_n.x * s
    slope_north, slope_east = slope_n.x * c + slope_n.y * s, slope_n.y * c - slope_n.x * s
    return Vec3(north, east, wind_n.z), Vec3(slope_north + rate * east, slope_east - rate * north, slope_n.z)
