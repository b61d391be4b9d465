"""What rain and cloud take from a link: along the ray to the ground antenna, and on the ways to and from a satellite.

Specific attenuation k R^alpha by ITU-R P.838-3 in rain, K_l W by ITU-R P.840 in cloud. A ray is straight in a plane
over the bent Earth: its height above the sea at part t of a way d is the chord's, less what the Earth bulges in between
(4/3 radius). What part of it lies in a layer follows in closed form: a footprint is a rectangle, with its soft edges
taken as steps where half of the rain is left, and the heights between base and top are an interval of t.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk import earth
from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.mission import Cloud, Conditions, Links, Rain
from samruk.radio import propagation as path
from samruk.weather import rain
from samruk.weather.cloud import course, offsets

Scalar = Any

UPLINK = 14.25e9
"""Hz, Ku band: the higher of a satellite link's two bands stands for both, since its loss is the greater."""
GATEWAY_SINE = 0.574
"""Sine of the elevation, 35 degrees, at which the satellite operator's station looks up (estimated)."""
GATEWAY_TOP = 3000.0
"""m above that station where its rain begins: so that the loss meets ITU-R P.618 for Ankara."""
LEAST_SINE = 0.087
"""Sine of the lowest elevation, 5 degrees, for which a slant way through rain is computed."""
TILT = 0.7853981633974483
"""rad: polarisation of the satellite link, 45 degrees or circular."""
WET_ANTENNA_RATE = 10.0
"""mm/h at which 63 % of a wet antenna's loss is reached (estimated)."""
WET_ANTENNA = 2.0
"""dB that a film of water on a Ku-band antenna's cover takes at most; at C band a third of it (estimated)."""


@dataclass(frozen=True)
class Ray:
    """A straight way from one end at t = 0 to the other at t = 1."""

    latitude: Scalar
    """rad, of the first end."""
    longitude: Scalar
    """rad."""
    height: Scalar
    """m above mean sea level, of the first end."""
    north: Scalar
    """rad of latitude to the other end."""
    east: Scalar
    """rad of longitude to the other end, -pi..pi."""
    rise: Scalar
    """m by which the other end is higher."""
    length: Scalar
    """m."""


def specific(frequency: Scalar, rate: Scalar, vertical: bool = True) -> Scalar:
    """Specific attenuation, dB/m, at a frequency, Hz, and a rate, m/s."""
    return _power_law(*path.rain_coefficients(frequency, vertical), rate)


def slanted(frequency: Scalar, rate: Scalar, sine: Scalar, tilt: float = TILT) -> Scalar:
    """Specific attenuation, dB/m, of a wave polarised at a tilt (rad from level) on a way at an elevation.

    Args:
        frequency: Hz.
        rate: m/s.
        sine: sine of the way's elevation.
        tilt: rad; 45 degrees stands for circular polarisation.
    """
    return _power_law(*path.rain_coefficients_tilted(frequency, sine, tilt), rate)


def _power_law(k: Scalar, alpha: Scalar, rate: Scalar) -> Scalar:
    """dB/m at a rate, m/s."""
    millimetres = jnp.maximum(rate, 0.0) * (1.0 / rain.MM_PER_HOUR)
    law = 1e-3 * k * jnp.exp(alpha * jnp.log(jnp.maximum(millimetres, 1e-6)))
    return jnp.where(millimetres > 1e-6, law, 0.0)


def inside(ray: Ray, layer: Cloud | Rain) -> Scalar:
    """m of a ray that lie in a layer."""
    here = offsets(layer, ray.latitude, ray.longitude)
    there = offsets(layer, ray.latitude + ray.north, ray.longitude + ray.east)
    first, last = _below(ray, layer.base) if isinstance(layer, Cloud) else 0.0, _below(ray, layer.top)
    falling = ray.rise < 0.0
    low, high = jnp.where(falling, 1.0 - last, first), jnp.where(falling, 1.0 - first, last)
    for start, end, half in zip(here, there, (layer.half_length, layer.half_width), strict=True):
        enters, leaves = _between(start, end, half)
        low, high = jnp.maximum(low, enters), jnp.minimum(high, leaves)
    return ray.length * jnp.maximum(high - low, 0.0)


def _between(start: Scalar, end: Scalar, half: Scalar) -> tuple[Scalar, Scalar]:
    """Parts of a line from start to end, m, between which it lies within -half..half; the second is the lesser where
    it never does."""
    change = end - start
    step = jnp.where(jnp.abs(change) < 1e-3, 1e-3, change)
    a, b = (-half - start) / step, (half - start) / step
    return jnp.clip(jnp.minimum(a, b), 0.0, 1.0), jnp.clip(jnp.maximum(a, b), 0.0, 1.0)


def _below(ray: Ray, top: Scalar) -> Scalar:
    """Part of a ray, from its lower end, that lies below a height, m: t (|rise| - B) + t^2 B = top - foot, with B the
    bulge of the bent Earth over the whole way times four."""
    foot = jnp.minimum(ray.height, ray.height + ray.rise)
    bulge = ray.length * ray.length * (0.5 / (4.0 / 3.0 * earth.MEAN_RADIUS))
    slope, over = jnp.abs(ray.rise) - bulge, jnp.maximum(top - foot, 0.0)
    root = jnp.sqrt(slope * slope + 4.0 * bulge * over)
    t = jnp.where(slope > 0.0, 2.0 * over / jnp.maximum(slope + root, 1e-6), 0.5 * (root - slope) / bulge)
    return jnp.where(top > foot, jnp.clip(t, 0.0, 1.0), 0.0)


def to_ground(latitude: Scalar, longitude: Scalar, height: Scalar, distance: Scalar, links: Links) -> Ray:
    """The ray from the ground antenna to an aircraft (rad, rad, m above mean sea level) at a distance, m."""
    turns = (longitude - links.longitude) * (0.5 / jnp.pi)
    east = 2.0 * jnp.pi * (turns - jnp.floor(turns + 0.5))
    foot = links.elevation + links.antenna_height
    return Ray(links.latitude, links.longitude, foot, latitude - links.latitude, east, height - foot, distance)


def upwards(latitude: Scalar, longitude: Scalar, height: Scalar, towards_n: Vec3, top: Scalar) -> Ray:
    """The part below a height `top`, m, of a ray from an aircraft upwards along a unit vector, NED."""
    length = jnp.maximum(top - height, 1.0) / jnp.maximum(-towards_n.z, LEAST_SINE)
    per = length / earth.MEAN_RADIUS
    east = towards_n.y * per / jnp.maximum(jnp.cos(latitude), 1e-3)
    return Ray(latitude, longitude, height, towards_n.x * per, east, jnp.maximum(top - height, 1.0), length)


def along_ray(
    latitude: Scalar, longitude: Scalar, height: Scalar, distance: Scalar, frequency: Scalar, links: Links,
    conditions: Conditions, time: Scalar,
) -> Scalar:  # fmt: skip
    """Loss, dB, in rain and cloud between the ground antenna and an aircraft, and in the water on that antenna.

    Args:
        latitude: rad, aircraft.
        longitude: rad, aircraft.
        height: m above mean sea level, aircraft.
        distance: m, straight.
        frequency: Hz.
        links: where the antenna stands.
        conditions: the rain and the clouds.
        time: s since the mission's epoch.
    """
    ray = to_ground(latitude, longitude, height, distance, links)
    k, alpha = path.rain_coefficients(frequency)
    total = 0.0 * height
    for area in (conditions.rain_a, conditions.rain_b):
        total = total + _drops(ray, area, conditions, time, k, alpha)
    at_foot = rain.fall(links.latitude, links.longitude, ray.height, time, conditions)
    part = jnp.where(frequency < 10e9, 1.0 / 3.0, 1.0)
    return total + _in_clouds(ray, path.cloud_coefficient(frequency), conditions, time) + part * wet_antenna(at_foot)


def _drops(ray: Ray, area: Rain, conditions: Conditions, time: Scalar, k: Scalar, alpha: Scalar) -> Scalar:
    """dB on the part of a ray that lies in an area's drops; dry flakes above them take next to nothing."""
    below = replace(area, top=jnp.minimum(area.top, area.melting))
    return _power_law(k, alpha, conditions.rain_scale * course(area, time) * area.rate) * inside(ray, below)


def _in_clouds(ray: Ray, coefficient: Scalar, conditions: Conditions, time: Scalar) -> Scalar:
    """dB in all clouds on a ray; coefficient dB/m per kg/m^3. A row of cells counts with its mean water."""
    water = 0.0 * ray.length
    for layer in (conditions.cloud_a, conditions.cloud_b, conditions.cloud_c):
        full = jnp.where(layer.spacing > 0.0, jnp.minimum(layer.cell / jnp.maximum(layer.spacing, 1.0), 1.0), 1.0)
        water = water + full * course(layer, time) * layer.water * inside(ray, layer)
    return coefficient * conditions.cloud_scale * water


def wet_antenna(rate: Scalar) -> Scalar:
    """Loss, dB, of a Ku-band antenna that rain of a rate, m/s, keeps wet."""
    return WET_ANTENNA * (1.0 - jnp.exp(-jnp.maximum(rate, 0.0) * (1.0 / (WET_ANTENNA_RATE * rain.MM_PER_HOUR))))


def to_satellite(
    latitude: Scalar, longitude: Scalar, height: Scalar, towards_n: Vec3, conditions: Conditions, time: Scalar
) -> Scalar:
    """Loss, dB, of the satellite link in rain and cloud: above the aircraft, and at the operator's station.

    Args:
        latitude: rad, aircraft.
        longitude: rad, aircraft.
        height: m above mean sea level, aircraft.
        towards_n: unit vector, NED, to the satellite.
        conditions: the weather at the aircraft and the rain at the gateway.
        time: s since the mission's epoch.
    """
    layers = (
        conditions.rain_a, conditions.rain_b, conditions.cloud_a, conditions.cloud_b, conditions.cloud_c,
    )  # fmt: skip
    top = height
    for layer in layers:
        top = jnp.maximum(top, layer.top)
    ray = upwards(latitude, longitude, height, towards_n, top)
    sine = jnp.maximum(-towards_n.z, LEAST_SINE)
    k, alpha = path.rain_coefficients_tilted(UPLINK, sine, TILT)
    total = _in_clouds(ray, path.cloud_coefficient(UPLINK), conditions, time)
    for area in (conditions.rain_a, conditions.rain_b):
        total = total + _drops(ray, area, conditions, time, k, alpha)
    return total + gateway(conditions.gateway_rain)


def gateway(rate: Scalar) -> Scalar:
    """Loss, dB, at the satellite operator's station in rain of a rate, m/s: on the slant way, shortened because heavy
    cells are small (1 / (1 + L / L0), L0 = 35 exp(-0.015 R) km), and on the wet antenna."""
    millimetres = rate * (1.0 / rain.MM_PER_HOUR)
    slant = GATEWAY_TOP / GATEWAY_SINE
    cell = 35e3 * jnp.exp(-0.015 * jnp.minimum(millimetres, 100.0))
    return slanted(UPLINK, rate, GATEWAY_SINE) * slant / (1.0 + slant / cell) + wet_antenna(rate)
