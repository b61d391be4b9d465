"""Supercooled cloud: layers in the step, and the certification envelopes as data for missions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from samruk import earth
from samruk.lazy import jnp
from samruk.mission import Cloud, Conditions, Rain

Scalar = Any

FREEZING = 273.15
COLDEST = 233.15
"""K, -40 C: below it drops freeze by themselves and no liquid water is left."""
CHANGE = 60.0
"""s in which a layer forms before its start and vanishes after its end."""


def liquid_water(
    latitude: Scalar, longitude: Scalar, height: Scalar, time: Scalar, temperature: Scalar, conditions: Conditions
) -> tuple[Scalar, Scalar, Scalar]:
    """Supercooled water at a place and time.

    Args:
        latitude: rad.
        longitude: rad.
        height: m.
        time: s since the mission's epoch.
        temperature: K of the air.
        conditions: the day with its three layers.

    Returns:
        Water, kg/m^3 (none above 0 C and below -40 C); median volume diameter, m, weighted by water; part of a cloud's
        middle that is here, 0..1, at any temperature.
    """
    water, weighted, cover = 0.0 * height, 0.0 * height, 0.0 * height
    for layer in (conditions.cloud_a, conditions.cloud_b, conditions.cloud_c):
        part = presence(layer, latitude, longitude, height, time)
        water = water + part * layer.water
        weighted = weighted + part * layer.water * layer.drop
        cover = jnp.maximum(cover, jnp.where(layer.water > 0.0, part, 0.0))
    drop = jnp.where(water > 0.0, weighted / jnp.maximum(water, 1e-12), conditions.cloud_a.drop)
    liquid = jnp.clip(5.0 * (FREEZING - temperature), 0.0, 1.0) * jnp.clip(0.5 * (temperature - COLDEST), 0.0, 1.0)
    scale = conditions.cloud_scale
    return scale * liquid * water, drop, jnp.minimum(scale, 1.0) * cover


def presence(layer: Cloud | Rain, latitude: Scalar, longitude: Scalar, height: Scalar, time: Scalar) -> Scalar:
    """How much of a layer is at a place and time, 0..1: one in the middle, half at the edges of slab and footprint.

    Rain reaches the ground: it has a top and no base.
    """
    meridian, prime_vertical = earth.radii(layer.latitude)
    turns = (longitude - layer.longitude) * (1.0 / (2.0 * jnp.pi))
    east = prime_vertical * jnp.cos(layer.latitude) * 2.0 * jnp.pi * (turns - jnp.floor(turns + 0.5))
    north = meridian * (latitude - layer.latitude)
    s, c = jnp.sin(layer.bearing), jnp.cos(layer.bearing)
    along, across = jnp.abs(north * c + east * s), jnp.abs(east * c - north * s)
    per_edge = 1.0 / jnp.maximum(layer.edge, 1.0)
    sides = _soft((layer.half_length - along) * per_edge) * _soft((layer.half_width - across) * per_edge)
    slab = _soft((layer.top - height) * 10.0 * per_edge)
    if isinstance(layer, Cloud):
        slab = _soft((height - layer.base) * 10.0 * per_edge) * slab
    begun, lasting = (time - layer.start) * (1.0 / CHANGE) + 1.0, (layer.end - time) * (1.0 / CHANGE) + 1.0
    return sides * slab * jnp.clip(jnp.minimum(begun, lasting), 0.0, 1.0)


def _soft(distance: Scalar) -> Scalar:
    """0 half an edge outside, 1 half an edge inside, smooth between; distance in edges, positive inside."""
    t = jnp.clip(distance + 0.5, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


# Envelopes: 14 CFR 25 Appendix C --------------------------------------------------------------------------------------

_CONTINUOUS_DROP = (15, 16, 18, 20, 22, 25, 28, 30, 33, 35, 38, 40)
_CONTINUOUS_CELSIUS = (-30.0, -20.0, -10.0, 0.0)
_CONTINUOUS_G_M3 = (
    (0.20, 0.186, 0.161, 0.140, 0.122, 0.10, 0.081, 0.070, 0.057, 0.05, 0.043, 0.04),
    (0.30, 0.280, 0.242, 0.210, 0.183, 0.15, 0.124, 0.110, 0.091, 0.08, 0.067, 0.06),
    (0.60, 0.561, 0.489, 0.425, 0.369, 0.30, 0.249, 0.220, 0.176, 0.15, 0.117, 0.10),
    (0.80, 0.764, 0.697, 0.635, 0.578, 0.50, 0.424, 0.375, 0.305, 0.26, 0.196, 0.155),
)
_INTERMITTENT_DROP = (20, 30, 50)
_INTERMITTENT_CELSIUS = (-40.0, -30.0, -20.0, -10.0, 0.0)
_INTERMITTENT_G_M3 = ((0.2, 0.1, 0.05), (1.0, 0.5, 0.1), (1.7, 0.8, 0.2), (2.2, 1.0, 0.3), (2.5, 1.3, 0.4))


def continuous_maximum(drop: float, temperature: float) -> float:
    """Water of the continuous maximum (stratiform) envelope at the standard extent of 17.4 nmi, kg/m^3.

    Args:
        drop: m, median volume diameter, 15e-6 .. 40e-6; beyond it the nearest.
        temperature: K, 243.15 .. 273.15; beyond it the nearest.

    Reference: 14 CFR 25 Appendix C figure 1; readings of AC 20-73A table 6 and NACA TN-1855, linear between them.
    """
    rows = [float(np.interp(drop * 1e6, _CONTINUOUS_DROP, row)) for row in _CONTINUOUS_G_M3]
    return 1e-3 * float(np.interp(temperature - FREEZING, _CONTINUOUS_CELSIUS, rows))


def intermittent_maximum(drop: float, temperature: float) -> float:
    """Water of the intermittent maximum (convective) envelope at 2.6 nmi, kg/m^3.

    Args:
        drop: m, 20e-6 .. 50e-6; the logarithm of water is linear in it.
        temperature: K, 233.15 .. 273.15.

    Reference: NACA TN-1855 class II-M, the origin of 14 CFR 25 Appendix C figure 4. The entry for 50 um at -40 C is
    printed there as less than 0.1; half of that is taken.
    """
    rows = [float(np.exp(np.interp(drop * 1e6, _INTERMITTENT_DROP, np.log(row)))) for row in _INTERMITTENT_G_M3]
    return 1e-3 * float(np.interp(temperature - FREEZING, _INTERMITTENT_CELSIUS, rows))


def extent_factor(length: float) -> float:
    """Factor on continuous maximum water for a cloud of another length, m (Appendix C figure 3: 5 to 310 nmi)."""
    miles: Sequence[float] = (5.0, 10.0, 17.4, 50.0, 170.0, 310.0)
    factors: Sequence[float] = (1.34, 1.16, 1.0, 0.67, 0.32, 0.20)
    return float(np.interp(np.log(length / 1852.0), np.log(miles), factors))


def warmest(height: float) -> float:
    """Warmest air, K, of the continuous maximum envelope at a pressure height, m (Appendix C figure 2)."""
    return FREEZING + float(np.interp(height / 0.3048, (12000.0, 22000.0), (0.0, -20.0)))
