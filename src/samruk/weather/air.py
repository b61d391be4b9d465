"""The air at the aircraft, handed from the slow tick to the fast one as locally linear values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from samruk.frames import Rotation, Vec3
from samruk.words import wide

Scalar = Any


@dataclass(frozen=True)
class Anchor:
    """The place where the slow tick looked: the fast tick measures small departures from it."""

    r_e: Vec3 = wide(Vec3)
    """m, ECEF."""
    R_ne: Rotation = field(default_factory=Rotation)
    """From ECEF to north-east-down at the anchor."""
    latitude: Scalar = wide(0.0)
    """rad."""
    longitude: Scalar = wide(0.0)
    """rad."""
    height: Scalar = 0.0
    """m above the ellipsoid (taken as mean sea level)."""
    ground: Scalar = 0.0
    """m, height of the surface below."""
    gravity_e: Vec3 = field(default_factory=Vec3)
    """m/s^2, ECEF: gravitation (J2) without the centrifugal part."""
    ground_north: Scalar = 0.0
    """Rise of the surface per metre northwards, along the track; 0 across it."""
    ground_east: Scalar = 0.0
    """The same eastwards."""
    ground_known: Scalar = 1
    """0 beyond the terrain of a mission that has some."""


@dataclass(frozen=True)
class Air:
    """Atmosphere, wind, gust statistics, cloud and sun at the anchor."""

    temperature: Scalar = 288.15
    """K at the anchor's height."""
    temperature_slope: Scalar = -0.0065
    """K/m."""
    log_pressure: Scalar = 11.526
    """Natural logarithm of pressure in Pa at the anchor's height."""
    log_pressure_slope: Scalar = -1.2e-4
    """1/m, hydrostatic."""
    wind_n: Vec3 = field(default_factory=Vec3)
    """m/s, NED: mean wind (velocity of the air) at the anchor's height."""
    wind_slope_n: Vec3 = field(default_factory=Vec3)
    """1/s, NED: change of the mean wind per metre of height upwards."""
    gust_sigma_u: Scalar = 0.0
    """m/s along the wind or body x."""
    gust_sigma_v: Scalar = 0.0
    """m/s across."""
    gust_sigma_w: Scalar = 0.0
    """m/s vertical."""
    gust_length_u: Scalar = 533.4
    """m."""
    gust_length_v: Scalar = 533.4
    """m."""
    gust_length_w: Scalar = 533.4
    """m."""
    cloud_water: Scalar = 0.0
    """kg/m^3, supercooled liquid water."""
    cloud_drop: Scalar = 20e-6
    """m, median volume diameter."""
    sun_elevation: Scalar = 0.0
    """rad above the horizon."""
    irradiance: Scalar = 0.0
    """W/m^2, global on a horizontal surface."""
    humidity: Scalar = 0.5
    """0..1, relative to water."""
    wind_along_n: Vec3 = field(default_factory=Vec3)
    """1/s, NED: change of the mean wind per metre along the track (microbursts, waves)."""
    track_c: Scalar = 1.0
    """Cosine of the track's direction from north."""
    track_s: Scalar = 0.0
    """Its sine."""
    moist: Scalar = 1.0
    """Virtual temperature over temperature: by how much vapour makes the air lighter."""
    rain_rate: Scalar = 0.0
    """m/s of water on level ground."""
    rain_water: Scalar = 0.0
    """kg/m^3, rain in the air."""
    snow_rate: Scalar = 0.0
    """m/s of water that falls as snow."""
    freezing_rain: Scalar = 0
    """1 in rain below 0 C, which freezes on what it meets; its water is part of `cloud_water`."""
    visibility: Scalar = 50000.0
    """m at the aircraft."""
    cloud_beyond: Scalar = 0
    """1 in a named cloud beyond the heights or temperatures of its envelope."""
    cover: Scalar = 0.0
    """0..1, part of a cloud's middle that is here."""
    transmission: Scalar = 1.0
    """0..1, part of the contrast of the ground that reaches the aircraft along a ray 45 degrees downwards."""
    transmission_infrared: Scalar = 1.0
    """The same at 8 to 12 um."""
    hazard: Scalar = 0.0
    """F-factor: (d W_x/dt)/g - w/V; what the changing wind takes, in climb gradient."""
    sky: Scalar = 270.0
    """K, at which the sky above radiates."""
    steepness: Scalar = 0.0
    """N h/U of a mountain wave here; linear theory ends at 0.85."""
    direct: Scalar = 0.0
    """W/m^2, of the irradiance, straight from the sun's disc."""
    upwelling: Scalar = 0.0
    """W/m^2 of sunlight on a surface that faces down."""
    below: Scalar = 288.15
    """K, at which ground or cloud below radiates."""
