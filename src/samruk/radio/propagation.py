"""What the way between two antennas does to a signal: distance, bent Earth, ground, gas, rain, edges.

All functions are scalar, SI and radians; losses are positive decibels. Heights are above a smooth Earth of the declared
ground; terrain between the ends is not looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from samruk.lazy import jnp
from samruk.tables import interpolate

Scalar = Any

LIGHT = 299792458.0
"""m/s."""
DECIBEL = 4.342944819032518
"""10 / ln 10: decibels in a natural logarithm of a power ratio."""
EFFECTIVE_RADIUS = 8495e3
"""m, 4/3 of the Earth's: straight rays over it run as refracted ones over the Earth, in a standard atmosphere."""
GAS_HEIGHT = 7000.0
"""m, height over which gaseous attenuation falls to 1/e."""
GROUND_REFLECTION = 0.3
"""Amplitude that smooth land reflects at grazing incidence with the sign turned; sea 0.9. Estimated."""
GROUND_ROUGHNESS = 1.0
"""m, standard deviation of the land's height where it reflects. Estimated."""

MOST_DIFFRACTION = 60.0
"""dB at most: deeper in the shadow the air scatters more than the ground bends. Estimated."""

GAS_FREQUENCY = tuple(1e9 * f for f in (1.0, 2.0, 3.0, 4.4, 5.0, 5.85, 8.0, 10.0, 12.5, 14.25, 16.0, 18.0))
"""Hz."""
GAS_SPECIFIC = tuple(
    1e-3 * g
    for g in (
        0.0054396, 0.0069204, 0.0075388, 0.0083269, 0.0087139, 0.0093383,
        0.0114159, 0.0141985, 0.0195295, 0.0254991, 0.0353158, 0.0575129,
    )
)  # fmt: skip
"""dB/m at sea level, 15 C, 7.5 g/m^3 of vapour: ITU-R P.676 line by line, as computed by itur 0.4.0."""


def decibels(power_ratio: Scalar) -> Scalar:
    """A ratio of powers in decibels."""
    return DECIBEL * jnp.log(power_ratio)


def horizon_distance(height_a: Scalar, height_b: Scalar) -> Scalar:
    """Distance, m, over which two antennas this high (m) just see each other over smooth ground."""
    return jnp.sqrt(2.0 * EFFECTIVE_RADIUS) * (jnp.sqrt(height_a) + jnp.sqrt(height_b))


def free_space_loss(distance: Scalar, frequency: Scalar) -> Scalar:
    """Loss, dB, between isotropic antennas in empty space (Friis 1946); distance in m, frequency in Hz."""
    return 2.0 * decibels(distance * frequency * (4.0 * jnp.pi / LIGHT))


def gas_loss(frequency: Scalar, distance: Scalar, height_a: Scalar, height_b: Scalar) -> Scalar:
    """Loss, dB, in dry air and vapour along a straight path between two heights (m); 1 to 18 GHz, held outside."""
    low, rise = jnp.minimum(height_a, height_b), jnp.abs(height_b - height_a) + 1.0
    share = GAS_HEIGHT / rise * jnp.exp(low * (-1.0 / GAS_HEIGHT)) * (1.0 - jnp.exp(rise * (-1.0 / GAS_HEIGHT)))
    return interpolate(GAS_FREQUENCY, GAS_SPECIFIC, frequency) * distance * share


# Rain -----------------------------------------------------------------------------------------------------------------

_K_H = (
    ((-5.33980, -0.10008, 1.13098), (-0.35351, 1.26970, 0.45400), (-0.23789, 0.86036, 0.15354),
     (-0.94158, 0.64552, 0.16817)), -0.18961, 0.71147,
)  # fmt: skip
_K_V = (
    ((-3.80595, 0.56934, 0.81061), (-3.44965, -0.22911, 0.51059), (-0.39902, 0.73042, 0.11899),
     (0.50167, 1.07319, 0.27195)), -0.16398, 0.63297,
)  # fmt: skip
_ALPHA_H = (
    ((-0.14318, 1.82442, -0.55187), (0.29591, 0.77564, 0.19822), (0.32177, 0.63773, 0.13164),
     (-5.37610, -0.96230, 1.47828), (16.1721, -3.29980, 3.43990)), 0.67849, -1.95537,
)  # fmt: skip
_ALPHA_V = (
    ((-0.07771, 2.33840, -0.76284), (0.56727, 0.95545, 0.54039), (-0.20238, 1.14520, 0.26809),
     (-48.2991, 0.791669, 0.116226), (48.5833, 0.791459, 0.116479)), -0.053739, 0.83433,
)  # fmt: skip
"""Terms (a, b, c), slope and constant of ITU-R P.838-3; older editions differ fivefold at C band."""


def _bells(fit: Any, log_frequency: Scalar) -> Scalar:
    """Sum of Gaussian bells and a line in log10 of the frequency in GHz."""
    bells, slope, constant = fit
    total = slope * log_frequency + constant
    for a, b, c in bells:
        t = (log_frequency - b) * (1.0 / c)
        total = total + a * jnp.exp(-t * t)
    return total


def rain_coefficients(frequency: Scalar, vertical: bool = True) -> tuple[Scalar, Scalar]:
    """k and alpha of the attenuation k R^alpha in dB/km with R in mm/h (ITU-R P.838-3), 1 to 1000 GHz."""
    log_frequency = jnp.log10(frequency * 1e-9)
    log_k = _bells(_K_V if vertical else _K_H, log_frequency)
    return jnp.exp(log_k * 2.302585092994046), _bells(_ALPHA_V if vertical else _ALPHA_H, log_frequency)


def rain_coefficients_tilted(frequency: Scalar, sine: Scalar, tilt: float) -> tuple[Scalar, Scalar]:
    """k and alpha on a way at an elevation, of a wave whose field is tilted (ITU-R P.838-3, equations 4 and 5).

    Args:
        frequency: Hz.
        sine: sine of the way's elevation.
        tilt: rad from level; 45 degrees stands for circular polarisation.
    """
    k_h, alpha_h = rain_coefficients(frequency, vertical=False)
    k_v, alpha_v = rain_coefficients(frequency, vertical=True)
    lean = (1.0 - sine * sine) * math.cos(2.0 * tilt)
    k = 0.5 * (k_h + k_v + (k_h - k_v) * lean)
    return k, 0.5 * (k_h * alpha_h + k_v * alpha_v + (k_h * alpha_h - k_v * alpha_v) * lean) / k


def cloud_coefficient(frequency: Scalar, temperature: float = 273.15) -> Scalar:
    """Attenuation in cloud, dB/m per kg/m^3 (which is dB/km per g/m^3): ITU-R P.840, drops much smaller than the wave.

    0.819 f / (eps'' (1 + eta^2)), eta = (2 + eps') / eps'', water's permittivity by two Debye terms.

    Args:
        frequency: Hz, to 200 GHz.
        temperature: K of the water; 273.15 as for statistics of cloud.
    """
    f, x = frequency * 1e-9, 300.0 / temperature - 1.0
    static, middle, fast = 77.66 + 103.3 * x, 0.0671 * (77.66 + 103.3 * x), 3.52
    first, second = 20.20 - 146.0 * x + 316.0 * x * x, 39.8 * (20.20 - 146.0 * x + 316.0 * x * x)
    a, b = f / first, f / second
    real = (static - middle) / (1.0 + a * a) + (middle - fast) / (1.0 + b * b) + fast
    imaginary = a * (static - middle) / (1.0 + a * a) + b * (middle - fast) / (1.0 + b * b)
    eta = (2.0 + real) / imaginary
    return 0.819 * f / (imaginary * (1.0 + eta * eta))


def rain_loss(frequency: Scalar, rate_mm_h: Scalar, length: Scalar, vertical: bool = True) -> Scalar:
    """Loss, dB, of a path of which `length` metres lie in rain that is heaviest at one end.

    The path counts with the factor 1 / (1 + L / L0), L0 = 35 exp(-0.015 R) km (ITU-R P.530 of the 1990s), since heavy
    cells are small. Valid to about 60 km.
    """
    k, alpha = rain_coefficients(frequency, vertical)
    rate = jnp.maximum(rate_mm_h, 1e-9)
    cell = 35e3 * jnp.exp(-0.015 * jnp.minimum(rate, 100.0))
    return 1e-3 * k * jnp.exp(alpha * jnp.log(rate)) * length / (1.0 + length / cell)


# Edges and the bent Earth ---------------------------------------------------------------------------------------------


def knife_edge_loss(v: Scalar) -> Scalar:
    """Loss, dB, behind an edge that stands in the path by the Fresnel parameter v (ITU-R P.526)."""
    t = v - 0.1
    return jnp.where(v > -0.78, jnp.maximum(6.9 + 2.0 * decibels(jnp.sqrt(t * t + 1.0) + t), 0.0), 0.0)


def edge_shadow(angle: Scalar, distance: Scalar, wavelength: Scalar) -> Scalar:
    """Loss, dB, of an antenna `distance` metres from an edge of its own airframe, seen `angle` rad into the shadow."""
    return knife_edge_loss(angle * jnp.sqrt(2.0 * distance / wavelength))


def reflection_point(distance: Scalar, height_a: Scalar, height_b: Scalar) -> Scalar:
    """Distance, m, from a to where a smooth round Earth reflects, which is also where a clear path is tightest.

    Closed form of the cubic in ITU-R P.526 and P.530.
    """
    total = height_a + height_b
    c = (height_a - height_b) / total
    m = distance * distance / (4.0 * EFFECTIVE_RADIUS * total)
    x = jnp.clip(1.5 * c * jnp.sqrt(3.0 * m / ((m + 1.0) * (m + 1.0) * (m + 1.0))), -1.0, 1.0)
    angle = jnp.arctan2(jnp.sqrt(1.0 - x * x), x)
    b = 2.0 * jnp.sqrt((m + 1.0) / (3.0 * m)) * jnp.cos(jnp.pi / 3.0 + angle / 3.0)
    return 0.5 * distance * (1.0 + b)


def _height_gain(y: Scalar) -> Scalar:
    """Gain, dB, of an antenna's normalised height Y (ITU-R P.526)."""
    high = jnp.maximum(y - 1.1, 0.9)
    low = jnp.clip(y, 6e-3, 2.0)
    return jnp.where(
        y > 2.0,
        17.6 * jnp.sqrt(high) - 0.5 * decibels(high) - 8.0,
        2.0 * decibels(low + 0.1 * low * low * low),
    )


def _first_term(distance: Scalar, height_a: Scalar, height_b: Scalar, radius: Scalar, wavelength: Scalar) -> Scalar:
    """Loss, dB, of the first term of the residue series over a sphere (ITU-R P.526), ground as at 1 GHz and above."""
    k = jnp.exp(jnp.log(jnp.pi / (wavelength * radius * radius)) / 3.0)
    x = jnp.maximum(distance * k, 1e-6)
    lift = 2.0 * radius * k * k
    log_x = jnp.log(x)
    near = 2.0 * DECIBEL * log_x + 5.6488 * jnp.exp(1.425 * log_x)
    far = 17.6 * x - 11.0 - DECIBEL * log_x
    return jnp.where(x >= 1.6, far, near) - _height_gain(lift * height_a) - _height_gain(lift * height_b)


@dataclass(frozen=True)
class Touch:
    """Where a path comes nearest to smooth round ground, and reflects."""

    d_a: Scalar
    """m from a along the ground."""
    d_b: Scalar
    """m from b along the ground."""
    above_a: Scalar
    """m of a over the plane that touches the ground there."""
    above_b: Scalar
    """m of b over that plane."""
    clear: Scalar
    """0..1, part of what a path needs to be free of diffraction (0.552 of the first Fresnel zone); 0 beyond sight."""


def touch(distance: Scalar, height_a: Scalar, height_b: Scalar, wavelength: Scalar) -> Touch:
    """Where a path comes nearest to the ground; distance along it and heights in m."""
    d_a = reflection_point(distance, height_a, height_b)
    d_b = distance - d_a
    above_a = height_a - d_a * d_a * (0.5 / EFFECTIVE_RADIUS)
    above_b = height_b - d_b * d_b * (0.5 / EFFECTIVE_RADIUS)
    clearance = (above_a * d_b + above_b * d_a) / distance
    wanted = 0.552 * jnp.sqrt(d_a * d_b * wavelength / distance)
    beyond = distance >= horizon_distance(height_a, height_b)
    clear = jnp.where(beyond, 0.0, jnp.clip(clearance / wanted, 0.0, 1.0))
    return Touch(d_a, d_b, jnp.maximum(above_a, 0.1), jnp.maximum(above_b, 0.1), clear)


def diffraction_loss(distance: Scalar, height_a: Scalar, height_b: Scalar, wavelength: Scalar, clear: Scalar) -> Scalar:
    """Loss, dB, over smooth round ground (ITU-R P.526, 3.2).

    Beyond sight the first term of the series over a sphere; before it, the part that is not clear of that loss over a
    sphere so curved that the two antennas just see each other.

    Args:
        distance: m, along the ground, at least 100.
        height_a: m above the ground.
        height_b: m above the ground.
        wavelength: m.
        clear: of the path, by `touch`.
    """
    roots = jnp.sqrt(height_a) + jnp.sqrt(height_b)
    grazing = 0.5 * distance * distance / (roots * roots)
    radius = jnp.minimum(grazing, EFFECTIVE_RADIUS)
    return (1.0 - clear) * jnp.maximum(_first_term(distance, height_a, height_b, radius, wavelength), 0.0)


def round_earth(distance: Scalar, height_a: Scalar, height_b: Scalar, wavelength: Scalar) -> Scalar:
    """Gain, dB (mostly negative), that smooth round ground gives a path: diffraction and the reflected wave.

    The reflected wave is weakened by the sphere's divergence and by roughness, and fades out with the clearance.

    Args:
        distance: m, along the ground, at least 100.
        height_a: m above the ground.
        height_b: m above the ground.
        wavelength: m.
    """
    near = touch(distance, height_a, height_b, wavelength)
    loss = diffraction_loss(distance, height_a, height_b, wavelength, near.clear)
    amplitude, detour = _reflected(distance, near, wavelength)
    return two_waves(near.clear * amplitude, detour) - jnp.minimum(loss, MOST_DIFFRACTION)


def _reflected(distance: Scalar, near: Touch, wavelength: Scalar) -> tuple[Scalar, Scalar]:
    """Amplitude of the reflected wave over the direct one and its longer way, in wavelengths."""
    both = near.above_a + near.above_b
    spread = 1.0 / jnp.sqrt(1.0 + 2.0 * near.d_a * near.d_b / (EFFECTIVE_RADIUS * both))
    rough = 2.0 * jnp.pi * GROUND_ROUGHNESS * both / (distance * wavelength)
    detour = 2.0 * near.above_a * near.above_b / (distance * wavelength)
    return GROUND_REFLECTION * spread * jnp.exp(-2.0 * rough * rough), detour


def two_waves(amplitude: Scalar, detour: Scalar) -> Scalar:
    """Gain, dB, where a wave of this relative amplitude arrives with its sign turned and later by `detour` waves."""
    turns = detour - jnp.floor(detour)
    power = 1.0 + amplitude * amplitude - 2.0 * amplitude * jnp.cos(2.0 * jnp.pi * turns)
    return decibels(jnp.maximum(power, 1e-4))
