"""Supercooled cloud: layers in the step, and the certification envelopes as data for missions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk import earth
from samruk.lazy import jnp
from samruk.mission import Cloud, Conditions, Rain
from samruk.tables import to_int

Scalar = Any

FREEZING = 273.15
COLDEST = 233.15
"""K, -40 C: below it drops freeze by themselves and no liquid water is left."""
CHANGE = 60.0
"""s in which a layer forms before its start and vanishes after its end."""


@dataclass(frozen=True)
class Wet:
    """Cloud at one place and time."""

    water: Scalar
    """kg/m^3, supercooled: none above 0 C and below -40 C."""
    drop: Scalar
    """m, median volume diameter, weighted by water."""
    liquid: Scalar
    """kg/m^3, liquid at any temperature: what one cannot see through."""
    cover: Scalar
    """0..1, part of a cloud's middle that is here, at any temperature."""
    beyond: Scalar
    """1 in a named cloud beyond the heights or temperatures of its envelope."""


def liquid_water(
    latitude: Scalar, longitude: Scalar, height: Scalar, time: Scalar, temperature: Scalar, conditions: Conditions
) -> Wet:
    """Cloud at a place and time.

    Args:
        latitude: rad.
        longitude: rad.
        height: m.
        time: s since the mission's epoch.
        temperature: K of the air.
        conditions: the day with its three layers.

    Returns:
        What is here of cloud.
    """
    water, weighted, cover = 0.0 * height, 0.0 * height, 0.0 * height
    beyond = height > 1e9
    for layer in (conditions.cloud_a, conditions.cloud_b, conditions.cloud_c):
        part = presence(layer, latitude, longitude, height, time)
        here = part * layer.water * share(layer, temperature)
        water = water + here
        weighted = weighted + here * layer.drop
        beyond = beyond | ((layer.envelope != 0) & (here > 1e-6) & outside(layer.envelope, height, temperature))
        cover = jnp.maximum(cover, jnp.where(layer.water > 0.0, part, 0.0))
    drop = jnp.where(water > 0.0, weighted / jnp.maximum(water, 1e-12), conditions.cloud_a.drop)
    liquid = jnp.clip(5.0 * (FREEZING - temperature), 0.0, 1.0) * jnp.clip(0.5 * (temperature - COLDEST), 0.0, 1.0)
    scale = conditions.cloud_scale
    frozen = jnp.clip(0.5 * (temperature - COLDEST), 0.0, 1.0)
    return Wet(scale * liquid * water, drop, scale * frozen * water, jnp.minimum(scale, 1.0) * cover, to_int(beyond))


def share(layer: Cloud, temperature: Scalar) -> Scalar:
    """Water of a layer at a temperature, K, over that at 0 C: linear between the envelope's rows every 10 K."""
    cold = jnp.clip((FREEZING - temperature) * 0.1, 0.0, 4.0)
    rows = (1.0, layer.share_10, layer.share_20, layer.share_30, layer.share_40)
    found = 1.0 + 0.0 * cold
    for k in range(4):
        found = found + (rows[k + 1] - rows[k]) * jnp.clip(cold - k, 0.0, 1.0)
    return found


def outside(envelope: Scalar, height: Scalar, temperature: Scalar) -> Scalar:
    """Truth value: beyond the heights and temperatures for which an envelope stands (pressure height as height)."""
    found = height > 1e9
    for kind in ENVELOPES.values():
        low, high, cold, bend = kind.lowest, kind.highest, kind.coldest, kind.bend
        warm = FREEZING - 20.0 * jnp.clip((height - bend) * (1.0 / FALL), 0.0, 1.0)
        out = (height < low - 1.0) | (height > high + 1.0) | (temperature < cold) | (temperature > warm + 1.0)
        found = found | ((envelope == kind.number) & out)
    return found


def presence(layer: Cloud | Rain, latitude: Scalar, longitude: Scalar, height: Scalar, time: Scalar) -> Scalar:
    """How much of a layer is at a place and time, 0..1: one in the middle, half at the edges of slab and footprint.

    Rain reaches the ground: it has a top and no base.
    """
    along, across = offsets(layer, latitude, longitude)
    per_edge = 1.0 / jnp.maximum(layer.edge, 1.0)
    length, width = layer.half_length - jnp.abs(along), layer.half_width - jnp.abs(across)
    sides = _soft(length * per_edge) * _soft(width * per_edge)
    slab = _soft((layer.top - height) * 10.0 * per_edge)
    if isinstance(layer, Cloud):
        slab = _soft((height - layer.base) * 10.0 * per_edge) * slab
        row = jnp.where(layer.spacing > 0.0, layer.spacing, 1.0)
        turn = (along + layer.half_length) / row
        inside = 0.5 * layer.cell - jnp.abs((turn - jnp.floor(turn)) * row - 0.5 * layer.cell)
        wrapped = 0.5 * layer.cell - jnp.abs((turn - jnp.floor(turn) - 1.0) * row - 0.5 * layer.cell)
        cells = _soft(jnp.maximum(inside, wrapped) * per_edge)
        slab = slab * jnp.where(layer.spacing > 0.0, cells, 1.0)
    return sides * slab * course(layer, time)


def offsets(layer: Cloud | Rain, latitude: Scalar, longitude: Scalar) -> tuple[Scalar, Scalar]:
    """m from the middle of a footprint along its bearing and to the right of it; linear in both angles (rad)."""
    meridian, prime_vertical = earth.radii(layer.latitude)
    turns = (longitude - layer.longitude) * (1.0 / (2.0 * jnp.pi))
    east = prime_vertical * jnp.cos(layer.latitude) * 2.0 * jnp.pi * (turns - jnp.floor(turns + 0.5))
    north = meridian * (latitude - layer.latitude)
    s, c = jnp.sin(layer.bearing), jnp.cos(layer.bearing)
    return north * c + east * s, east * c - north * s


def course(layer: Cloud | Rain, time: Scalar) -> Scalar:
    """0..1: a layer comes in the minute before its start and goes in the minute after its end (s since the epoch)."""
    begun, lasting = (time - layer.start) * (1.0 / CHANGE) + 1.0, (layer.end - time) * (1.0 / CHANGE) + 1.0
    return jnp.clip(jnp.minimum(begun, lasting), 0.0, 1.0)


def _soft(distance: Scalar) -> Scalar:
    """0 half an edge outside, 1 half an edge inside, smooth between; distance in edges, positive inside."""
    t = jnp.clip(distance + 0.5, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


# Envelopes: 14 CFR 25 Appendices C and O -----------------------------------------------------------------------------

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


FOOT, MILE = 0.3048, 1852.0
FALL = 10000.0 * FOOT
"""m of height over which the warmest air of the continuous maximum falls from 0 to -20 C."""
ENVELOPE_CELSIUS = (0.0, -10.0, -20.0, -30.0, -40.0)


@dataclass(frozen=True)
class Envelope:
    """A certification envelope as a kind of cloud."""

    number: int
    lowest: float
    """m, pressure height."""
    highest: float
    """m."""
    coldest: float
    """K."""
    bend: float
    """m, above which the warmest air grows colder, by 20 K in 10,000 ft; beyond `highest` where it does not."""
    deepest: float
    """m from base to top."""
    drops: tuple[float, float]
    """m, least and greatest median volume diameter."""
    usual: float
    """m, drops when none are given."""
    extent: float
    """m, standard horizontal extent."""


ENVELOPES = {
    "continuous-maximum": Envelope(1, 0.0, 22000 * FOOT, 243.15, 12000 * FOOT, 6500 * FOOT, (15e-6, 40e-6), 20e-6,
                                   17.4 * MILE),
    "intermittent-maximum": Envelope(2, 4000 * FOOT, 22000 * FOOT, 233.15, 12000 * FOOT, 18000 * FOOT, (15e-6, 50e-6),
                                     20e-6, 2.6 * MILE),
    "take-off-maximum": Envelope(3, 0.0, 1500 * FOOT, 264.15, 1e5, 1500 * FOOT, (20e-6, 20e-6), 20e-6, 17.4 * MILE),
    "freezing-drizzle": Envelope(4, 0.0, 22000 * FOOT, 248.15, 12000 * FOOT, 12000 * FOOT, (20e-6, 110e-6), 110e-6,
                                 17.4 * MILE),
    "freezing-rain": Envelope(5, 0.0, 12000 * FOOT, 260.15, 1e5, 7000 * FOOT, (19e-6, 526e-6), 526e-6, 17.4 * MILE),
}  # fmt: skip
"""14 CFR 25 Appendix C, its take-off maximum, and Appendix O (its numbers recalled, unverified)."""
CELL, CELL_SPACING = 2.6 * MILE, 5.0 * MILE
"""m: cells of the intermittent maximum in a row, one every 5 nmi."""
_LARGE = {"freezing-drizzle": ((40e-6, 0.44), (1.0, 0.27), 25.0), "freezing-rain": ((40e-6, 0.31), (1.0, 0.26), 13.0)}
"""Appendix O: g/m^3 at 0 C for drops below and above 40 um, and how far below 0 C it is given (recalled)."""
LARGE_COLD = 0.6
"""Water of Appendix O at its coldest over that at 0 C (0.27 to 0.15 recalled)."""


def envelope_water(kind: str, drop: float, temperature: float) -> float:
    """Water of an envelope at its standard extent, kg/m^3.

    Args:
        kind: a name of `ENVELOPES`.
        drop: m, median volume diameter.
        temperature: K. Colder than the envelope reaches there is none, fading over 10 K.
    """
    envelope = ENVELOPES[kind]
    fade = float(np.clip(1.0 - (envelope.coldest - temperature) / 10.0, 0.0, 1.0))
    if kind == "continuous-maximum":
        return fade * continuous_maximum(drop, temperature)
    if kind == "intermittent-maximum":
        return fade * intermittent_maximum(drop, temperature)
    if kind == "take-off-maximum":
        return fade * 0.35e-3
    (limit, small), (_, large), depth = _LARGE[kind]
    cold = float(np.clip((FREEZING - temperature) / depth, 0.0, 1.0))
    return fade * 1e-3 * (small if drop < limit else large) * (1.0 - (1.0 - LARGE_COLD) * cold)


def envelope_extent(kind: str, length: float) -> float:
    """Factor on an envelope's water for a cloud (or a cell) of another length, m.

    Continuous: Appendix C figure 3. Intermittent: figure 6, 1.35 at 0.26 nmi, 1 at 2.6, 0.85 at 5.21 (recalled).
    Appendix O: 1.266 - 0.213 log10 of nautical miles (recalled). Take-off: none.
    """
    miles = length / MILE
    if kind == "continuous-maximum":
        return extent_factor(length)
    if kind == "intermittent-maximum":
        return float(np.interp(np.log(miles), np.log((0.26, 2.6, 5.21)), (1.35, 1.0, 0.85)))
    if kind == "take-off-maximum":
        return 1.0
    return float(np.clip(1.266 - 0.213 * np.log10(miles), 0.2, 1.5))


def named(kind: str, drop: float, length: float) -> dict[str, float | int]:
    """Water, its shares by temperature and the envelope's number, of a cloud `length` m long: fields of `Cloud`."""
    at = [envelope_water(kind, drop, FREEZING + celsius) for celsius in ENVELOPE_CELSIUS]
    shares = {f"share_{k}0": value / at[0] for k, value in enumerate(at[1:], 1)}
    return {"water": at[0] * envelope_extent(kind, length), "envelope": ENVELOPES[kind].number, **shares}
