"""The way over a geostationary satellite: where it stands, what hides it, how it fades, how long a frame takes."""

from __future__ import annotations

from typing import Any

from samruk.earth import ecef
from samruk.frames import Vec3, norm
from samruk.lazy import jnp
from samruk.noise import RADIO, normal_pair, uniform
from samruk.radio.propagation import LIGHT, edge_shadow
from samruk.tables import to_float, to_int

Scalar = Any

GEOSTATIONARY = 42164172.0
"""m from the Earth's centre."""
WAVELENGTH = LIGHT / 14.25e9
"""m, Ku band uplink."""
TAIL_ELEVATION = 0.1745
"""rad above the body's horizontal plane that tail and wing hide from the dish. Estimated: 10 degrees."""
TAIL_DISTANCE = 3.0
"""m from the dish to what hides it. Estimated."""
FADE_MEDIAN_LOG, FADE_SPREAD = -3.555, 1.40
"""Mean and deviation of the logarithm of the gateway's fade in dB.

Rain attenuation is log-normal with a Gauss-Markov time course (Maseng and Bakken 1981); fitted to ITU-R P.618 for a
14.25 GHz gateway at Ankara (1.2 m, 35 degrees; by itur 0.4.0): 0.75, 1.94 and 5.35 dB for 1, 0.1 and 0.01 % of a year.
"""
FADE_STEP = 3600
"""Slow ticks (1 h) between independent values of the fade's course."""
OUTAGE_STEP = 60
"""Slow ticks (1 min) in which one short outage may begin."""
OUTAGE_CHANCE, OUTAGE_MEAN = 0.01, 12.0
"""Chance per minute and mean length, s, of short outages: equipment 0.998 of the time. Estimated."""
JITTER = 0.15
"""Standard deviation of the logarithm of the delay."""


def satellite_place(longitude: Scalar) -> Vec3:
    """m, ECEF, of a geostationary satellite over this longitude (rad)."""
    return Vec3(GEOSTATIONARY * jnp.cos(longitude), GEOSTATIONARY * jnp.sin(longitude), 0.0 * longitude)


def light_time(aircraft_e: Vec3, gateway_e: Vec3, satellite_e: Vec3) -> Scalar:
    """s that a signal takes up and down again."""
    return (norm(satellite_e - aircraft_e) + norm(satellite_e - gateway_e)) * (1.0 / LIGHT)


def elevation_azimuth(latitude: float, longitude: float, height: float, satellite_longitude: float) -> tuple[Any, Any]:
    """Elevation above the horizon and true azimuth of a geostationary satellite, rad."""
    apart = satellite_place(jnp.asarray(satellite_longitude - longitude)) - ecef(latitude, 0.0, height)
    s, c = jnp.sin(latitude), jnp.cos(latitude)
    north, east, up = c * apart.z - s * apart.x, apart.y, c * apart.x + s * apart.z
    return jnp.arctan2(up, jnp.sqrt(north * north + east * east)), jnp.arctan2(east, north)


def hidden(sine_body: Scalar) -> Scalar:
    """Loss, dB, behind the own tail and wing; the sine is of the satellite's angle above the body's plane."""
    angle = jnp.arctan2(sine_body, jnp.sqrt(jnp.maximum(1.0 - sine_body * sine_body, 0.0)))
    return edge_shadow(TAIL_ELEVATION - angle, TAIL_DISTANCE, WAVELENGTH)


def fade(seed: Scalar, tick: Scalar) -> Scalar:
    """dB that rain and cloud at the gateway take at this slow tick: a hash, the same alone and in any batch."""
    hour = tick // FADE_STEP
    part = to_float(tick - hour * FADE_STEP) * (1.0 / FADE_STEP)
    before, _ = normal_pair(seed, RADIO + 16, hour)
    after, _ = normal_pair(seed, RADIO + 16, hour + 1)
    rest = 1.0 - part
    course = (rest * before + part * after) / jnp.sqrt(rest * rest + part * part)
    return jnp.exp(FADE_MEDIAN_LOG + FADE_SPREAD * course)


def outage(seed: Scalar, tick: Scalar) -> Scalar:
    """Truth value: a short outage (handover, modem) holds at this slow tick."""
    minute = tick // OUTAGE_STEP
    return _outage_of(seed, minute, tick) | _outage_of(seed, minute - 1, tick)


def _outage_of(seed: Scalar, minute: Scalar, tick: Scalar) -> Scalar:
    """Whether the outage that may begin in one minute holds at a tick."""
    happens = uniform(seed, RADIO + 32, minute) < OUTAGE_CHANCE
    begin = minute * OUTAGE_STEP + to_int(uniform(seed, RADIO + 48, minute) * float(OUTAGE_STEP))
    length = jnp.minimum(-OUTAGE_MEAN * jnp.log(uniform(seed, RADIO + 64, minute)), float(OUTAGE_STEP))
    return happens & (tick >= begin) & (tick < begin + to_int(jnp.ceil(length)))


def delay(median: Scalar, light: Scalar, seed: Scalar, tick: Scalar) -> Scalar:
    """s, one way, of a frame sent at this mission tick: log-normal about the median, never below light time."""
    z, _ = normal_pair(seed, RADIO + 80, tick)
    return jnp.maximum(median * jnp.exp(JITTER * z), light)
