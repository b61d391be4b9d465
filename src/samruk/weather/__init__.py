"""The air at a place and a time: atmosphere, wind and gusts, cloud water, sun.

`sample` is called in the slow tick and gives locally linear values; `standard_profile` and `profile_from_levels` fill
the column of air of a mission before the flight.
"""

from __future__ import annotations

from typing import Any

from samruk.lazy import jnp
from samruk.mission import Conditions, Profile
from samruk.weather import sun
from samruk.weather.air import Air, Anchor
from samruk.weather.atmosphere import between, find_layer, humid_density, temperature_pressure
from samruk.weather.cloud import continuous_maximum, extent_factor, intermittent_maximum, liquid_water
from samruk.weather.days import profile_from_levels, standard_profile
from samruk.weather.turbulence import dryden, high_intensity
from samruk.weather.wind import mean_wind

__all__ = [
    "Air",
    "Anchor",
    "continuous_maximum",
    "extent_factor",
    "high_intensity",
    "humid_density",
    "intermittent_maximum",
    "profile_from_levels",
    "sample",
    "standard_profile",
]

Scalar = Any


def sample(
    latitude: Scalar,
    longitude: Scalar,
    height: Scalar,
    ground: Scalar,
    epoch: Scalar,
    time: Scalar,
    conditions: Conditions,
    profile: Profile,
) -> Air:
    """The air at one place and time.

    Args:
        latitude: rad, geodetic.
        longitude: rad, east.
        height: m above the ellipsoid (taken as mean sea level).
        ground: m, height of the surface below.
        epoch: s since 1970-01-01T00:00Z, of time 0.
        time: s since the mission's epoch.
        conditions: the day.
        profile: its column of air. Pressure at `conditions.ground_elevation` is the profile's whatever the temperature
            offset.
    """
    layer = find_layer(profile, height)
    temperature, temperature_slope, log_pressure, log_pressure_slope = temperature_pressure(
        profile, layer, height, conditions.temperature_offset, conditions.ground_elevation
    )
    wind_n, wind_slope_n = mean_wind(profile, height, ground, conditions.wind_scale)
    gusts = dryden(height - ground, conditions.turbulence_wind, conditions.turbulence_high)
    water, drop, cover = liquid_water(latitude, longitude, height, time, temperature, conditions)
    humidity, _ = between(profile.humidity, layer)
    elevation = sun.elevation(latitude, longitude, epoch + time)
    light = sun.clear_sky(jnp.sin(elevation), jnp.exp(log_pressure)) * (1.0 - conditions.overcast)
    return Air(
        temperature, temperature_slope, log_pressure, log_pressure_slope, wind_n, wind_slope_n,
        gusts.sigma_u, gusts.sigma_v, gusts.sigma_w, gusts.length_u, gusts.length_v, gusts.length_w,
        water, drop, elevation, light, humidity + (1.0 - humidity) * cover,
    )  # fmt: skip
