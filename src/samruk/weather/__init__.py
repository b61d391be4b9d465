"""The air at a place and a time: atmosphere, wind and gusts, cloud water, sun.

`sample` is called in the slow tick and gives locally linear values; `standard_profile` and `profile_from_levels` fill
the column of air of a mission before the flight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk import earth
from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.mission import Conditions, Profile
from samruk.tables import to_float, to_int
from samruk.weather import course, downburst, light, rain, sun
from samruk.weather.air import Air, Anchor
from samruk.weather.atmosphere import between, find_layer, humid_density, temperature_pressure, vapour_pressure
from samruk.weather.cloud import FREEZING, continuous_maximum, extent_factor, intermittent_maximum, liquid_water
from samruk.weather.days import profile_from_levels, standard_profile
from samruk.weather.turbulence import Gusts, dryden, high_intensity
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

VAPOUR_CONSTANT = 461.5
"""J/(kg K), of water vapour."""


def sample(
    latitude: Scalar,
    longitude: Scalar,
    height: Scalar,
    ground: Scalar,
    epoch: Scalar,
    time: Scalar,
    conditions: Conditions,
    profile: Profile,
    v_n: Vec3 | None = None,
    airspeed: Scalar = 30.0,
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
        v_n: m/s, NED, with which the observer moves over the Earth; at rest when not given.
        airspeed: m/s, for the hazard of changing wind.
    """
    layer = find_layer(profile, height)
    temperature, temperature_slope, log_pressure, log_pressure_slope = temperature_pressure(
        profile, layer, height, conditions.temperature_offset, conditions.ground_elevation
    )
    wind_n, wind_slope_n = mean_wind(
        profile, height, ground, conditions.wind_scale, conditions.roughness, conditions.surface_depth,
        conditions.wind_turn,
    )  # fmt: skip
    warmer, warmer_slope, denser = course.near_ground(
        profile, height, ground, course.excess(longitude, epoch + time, conditions), conditions.swing_depth,
        temperature - conditions.temperature_offset, temperature_slope,
    )  # fmt: skip
    log_pressure_slope = log_pressure_slope * temperature / (temperature + warmer)
    temperature, temperature_slope = temperature + warmer, temperature_slope + warmer_slope
    log_pressure = log_pressure + denser
    gusts = _gusts(height - ground, conditions)
    cloud = liquid_water(latitude, longitude, height, time, temperature, conditions)
    humidity, _ = between(profile.humidity, layer)
    humidity = humidity + (1.0 - humidity) * cloud.cover
    pressure = jnp.exp(log_pressure)
    elevation = sun.elevation(latitude, longitude, epoch + time)
    lit = light.light(
        latitude, longitude, height, ground, time, epoch + time, elevation, pressure, conditions
    )  # fmt: skip
    move_n = Vec3(0.0 * height, 0.0 * height, 0.0 * height) if v_n is None else v_n
    varied = _varying(latitude, longitude, height - ground, time, wind_n, move_n, airspeed, conditions)
    sigma_u, sigma_v, sigma_w = (
        jnp.sqrt(s * s + varied.rough * varied.rough) for s in (gusts.sigma_u, gusts.sigma_v, gusts.sigma_w)
    )
    falling = rain.falling(latitude, longitude, height, time, temperature, conditions)
    dim = rain.extinction(falling.drops) + rain.snow_extinction(falling.flakes) + rain.cloud_extinction(cloud.liquid)
    vapour = humidity * vapour_pressure(temperature)
    seen = rain.transmission(
        latitude, longitude, height, ground, time, vapour / (VAPOUR_CONSTANT * temperature), conditions
    )
    water, drop = rain.supercooled(falling.drops, temperature, cloud.water, cloud.drop)
    return Air(
        temperature, temperature_slope, log_pressure, log_pressure_slope, wind_n + varied.wind_n, wind_slope_n,
        sigma_u, sigma_v, sigma_w, gusts.length_u, gusts.length_v, gusts.length_w,
        water, drop, elevation, lit.level, humidity,
        wind_along_n=varied.along_n, track_c=varied.track_c, track_s=varied.track_s,
        moist=1.0 / (1.0 - 0.378 * vapour / pressure),
        rain_rate=falling.drops, rain_water=rain.rain_water(falling.drops), snow_rate=falling.flakes,
        freezing_rain=to_int((falling.drops > 0.0) & (temperature < FREEZING)),
        visibility=rain.visibility(conditions.visibility, height - ground, conditions.haze_top, dim),
        cover=cloud.cover, cloud_beyond=cloud.beyond,
        transmission=seen.visible, transmission_infrared=seen.infrared,
        hazard=varied.hazard, sky=sun.sky(temperature, humidity, jnp.maximum(conditions.overcast, cloud.cover)),
        direct=lit.direct, upwelling=lit.below,
        below=light.surface_below(temperature, height - ground, lit.level, conditions.albedo),
    )  # fmt: skip


def _gusts(height_agl: Scalar, conditions: Conditions) -> Gusts:
    """Intensities and lengths of gusts at a height, m, in the form that the day names."""
    return dryden(height_agl, conditions.turbulence_wind, conditions.turbulence_high, to_float(conditions.karman))


@dataclass(frozen=True)
class _Varied:
    """Wind that varies along the track."""

    wind_n: Vec3
    along_n: Vec3
    track_c: Scalar
    track_s: Scalar
    hazard: Scalar
    rough: Scalar
    steep: Scalar


def _varying(
    latitude: Scalar, longitude: Scalar, height_agl: Scalar, time: Scalar, wind_n: Vec3, v_n: Vec3, airspeed: Scalar,
    conditions: Conditions,
) -> _Varied:  # fmt: skip
    """Microburst and wave here, and what a second's way changes of them."""
    speed = jnp.sqrt(v_n.x * v_n.x + v_n.y * v_n.y)
    per = 1.0 / jnp.maximum(speed, 1.0)
    still = jnp.where(speed < 1.0, 1.0, 0.0)
    c, s = v_n.x * per * (1.0 - still) + still, v_n.y * per * (1.0 - still)

    def added(seconds: float) -> Vec3:
        agl = height_agl - seconds * v_n.z
        north, east = downburst.offset(latitude, longitude, conditions.microburst)
        burst = downburst.microburst(
            conditions.microburst, north + seconds * v_n.x, east + seconds * v_n.y, agl, time + seconds
        )
        ridge = conditions.wave
        north, east = downburst.offset(latitude, longitude, ridge)
        north, east = north + seconds * v_n.x, east + seconds * v_n.y
        return burst + downburst.wave(ridge, north, east, agl, wind_n) + downburst.trapped(ridge, north, east, agl)

    north, east = downburst.offset(latitude, longitude, conditions.wave)
    rough = downburst.rotor(conditions.wave, north, east, height_agl)
    steep = downburst.steep(conditions.wave, north, east, wind_n)
    here, ahead = added(0.0), added(1.0)
    change = ahead - here
    tail = change.x * c + change.y * s
    hazard = tail * (1.0 / earth.GRAVITY) + here.z / jnp.maximum(airspeed, 20.0)
    return _Varied(here, change * per, c, s, hazard, rough, steep)
