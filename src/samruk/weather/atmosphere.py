"""Temperature, pressure and humidity at a height, from the mission's column of air."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk import earth
from samruk.lazy import jnp
from samruk.mission import LEVELS, Profile
from samruk.tables import lookup, to_int

Scalar = Any

HYDROSTATIC = earth.GRAVITY / earth.GAS_CONSTANT
"""K/m: g0 / R, the slope of ln p against height times temperature."""


@dataclass(frozen=True)
class Layer:
    """The two levels of a profile around a height."""

    index: Scalar
    """Number of the lower one."""
    low: Scalar
    """m, its height."""
    high: Scalar
    """m, height of the upper one."""
    height: Scalar
    """m, the height asked for, brought between the lowest and the highest level."""


def find_layer(profile: Profile, height: Scalar) -> Layer:
    """The layer that holds a height, by halving: five comparisons for 32 levels."""
    index = 0 * to_int(height)
    step = LEVELS // 2
    while step:
        candidate = jnp.minimum(index + step, LEVELS - 2)
        index = jnp.where(height >= lookup(profile.height, candidate), candidate, index)
        step //= 2
    low, high = lookup(profile.height, index), lookup(profile.height, index + 1)
    bottom, top = lookup(profile.height, 0 * index), lookup(profile.height, 0 * index + (LEVELS - 1))
    return Layer(index, low, high, jnp.clip(height, bottom, top))


def between(table: Any, layer: Layer) -> tuple[Scalar, Scalar]:
    """Value at the layer's height and slope in the layer of a column of the profile, linear between levels."""
    low, high = lookup(table, layer.index), lookup(table, layer.index + 1)
    slope = (high - low) / (layer.high - layer.low)
    return low + slope * (layer.height - layer.low), slope


def gravity(height: Scalar) -> Scalar:
    """g0 thinned with height as US 1976 does, relative to g0, first order; 1e-5 up to 20 km."""
    return 1.0 - height * (2.0 / earth.GEOPOTENTIAL_RADIUS) * (1.0 - height * (1.5 / earth.GEOPOTENTIAL_RADIUS))


def temperature_pressure(
    profile: Profile, layer: Layer, height: Scalar, offset: Scalar, ground: Scalar
) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """Temperature and logarithm of pressure at a height, with their slopes.

    Between levels temperature is linear and ln p follows the curve that a linear temperature asks for; levels are met
    exactly. Beyond the levels the air is isothermal and hydrostatic. `offset` warms the whole column; pressure at
    the height `ground` stays, and above it follows hydrostatically (trapezoids over the levels: 2e-5 of the pressure
    for 30 K and levels 600 m apart).

    Args:
        profile: the column.
        layer: the layer of `height`.
        height: m.
        offset: K, added at every height.
        ground: m, where pressure is not changed by the offset.

    Returns:
        K, K/m, ln Pa, 1/m.
    """
    inside = height == layer.height
    base, slope = between(profile.temperature, layer)
    slope = jnp.where(inside, slope, 0.0)
    log_pressure, _ = between(profile.log_pressure, layer)
    pull = HYDROSTATIC * gravity(height)
    bend = pull * slope / (base * base)
    log_pressure = log_pressure + 0.5 * bend * (layer.height - layer.low) * (layer.height - layer.high)
    log_pressure = log_pressure - pull * (height - layer.height) / base
    temperature = base + offset
    shift = _hydrostatic_shift(profile, height, ground, offset)
    return temperature, slope, log_pressure + shift, -pull / temperature


def _hydrostatic_shift(profile: Profile, height: Scalar, ground: Scalar, offset: Scalar) -> Scalar:
    """Change of ln p at a height when the column from `ground` up is warmer by `offset`.

    The integral of g0/R offset / (T (T + offset)) over height, linear between the levels, as the difference of the two
    integrals from the lowest level.
    """
    first = 0 * to_int(height)
    levels = [lookup(profile.height, first + k) for k in range(LEVELS)]
    pulls = []
    for k, level in enumerate(levels):
        t = lookup(profile.temperature, first + k)
        pulls.append(HYDROSTATIC * gravity(level) * offset / (t * (t + offset)))
    slopes = [
        0.5 * (g - f) / (high - low) for low, high, f, g in zip(levels, levels[1:], pulls, pulls[1:], strict=False)
    ]

    def below(place: Scalar) -> Scalar:
        total = jnp.maximum(place - levels[-1], 0.0) * pulls[-1] + jnp.minimum(place - levels[0], 0.0) * pulls[0]
        for low, high, pull, slope in zip(levels, levels[1:], pulls, slopes, strict=False):
            rise = jnp.clip(place - low, 0.0, high - low)
            total = total + rise * (pull + slope * rise)
        return total

    return below(height) - below(ground)


def vapour_pressure(temperature: Scalar) -> Scalar:
    """Saturation pressure over water, Pa; -45 to +60 C within 0.5 % (Bolton 1980)."""
    celsius = temperature - 273.15
    return 611.2 * jnp.exp(17.67 * celsius / (celsius + 243.5))


def vapour_pressure_ice(temperature: Scalar) -> Scalar:
    """Saturation pressure over ice, Pa; -80 to 0 C (Magnus form after Buck 1981)."""
    celsius = temperature - 273.15
    return 611.15 * jnp.exp(22.452 * celsius / (272.55 + celsius))


def humid_density(pressure: Scalar, temperature: Scalar, humidity: Scalar) -> Scalar:
    """Density of moist air, kg/m^3.

    Args:
        pressure: Pa.
        temperature: K.
        humidity: 0..1, relative to water.
    """
    lightness = 0.378 * humidity * vapour_pressure(temperature) / pressure
    return earth.density(pressure, temperature) * (1.0 - lightness)
