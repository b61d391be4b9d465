"""Winds that vary along the flight path: the microburst and the mountain wave, in closed form.

The slow tick looks at both here and a second ahead, and hands the fast tick a wind that varies linearly along the
track.
"""

from __future__ import annotations

import math
from typing import Any

from samruk import earth
from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.mission import Microburst, Wave

Scalar = Any

C1, C2 = -0.15, -3.2175
"""Shape of the outflow over height (Vicroy 1991, NASA TM-104053; recalled)."""
LIFE = 60.0
"""s in which a microburst grows before its start and dies after its end."""
_PEAK = (math.exp(C1) - math.exp(C2)) * math.exp(0.25)


def offset(latitude: Scalar, longitude: Scalar, place: Any) -> tuple[Scalar, Scalar]:
    """Metres north and east of a place (rad) on a sphere: 0.5 % at 20 km."""
    turns = (longitude - place.longitude) * (1.0 / (2.0 * jnp.pi))
    east = 2.0 * jnp.pi * (turns - jnp.floor(turns + 0.5)) * jnp.cos(place.latitude)
    return earth.MEAN_RADIUS * (latitude - place.latitude), earth.MEAN_RADIUS * east


def microburst(burst: Microburst, north: Scalar, east: Scalar, height_agl: Scalar, time: Scalar) -> Vec3:
    """Velocity of the air, m/s NED, of a microburst.

    Args:
        burst: its strength and size.
        north: m, from its axis.
        east: m, from its axis.
        height_agl: m.
        time: s since the mission's epoch.

    Reference: Vicroy (1991), NASA TM-104053, with a = 2: the horizontal wind is greatest, `outflow`, at `radius` and
    `height`; the flow is free of divergence.
    """
    z = jnp.maximum(height_agl, 0.0) / burst.height
    lam = 2.0 * burst.outflow / (burst.radius * _PEAK)
    r2 = (north * north + east * east) / (burst.radius * burst.radius)
    r4 = r2 * r2
    shape = jnp.exp(jnp.maximum(0.25 * (2.0 - r4), -80.0))
    e1, e2 = jnp.exp(C1 * jnp.minimum(z, 400.0)), jnp.exp(C2 * jnp.minimum(z, 400.0))
    out = 0.5 * lam * (e1 - e2) * shape
    sunk = lam * burst.height * ((e1 - 1.0) * (1.0 / C1) - (e2 - 1.0) * (1.0 / C2)) * (1.0 - 0.5 * r4) * shape
    begun, lasting = (time - burst.start) * (1.0 / LIFE) + 1.0, (burst.end - time) * (1.0 / LIFE) + 1.0
    now = jnp.clip(jnp.minimum(begun, lasting), 0.0, 1.0)
    return Vec3(now * out * north, now * out * east, now * sunk)


def wave(ridge: Wave, north: Scalar, east: Scalar, height_agl: Scalar, wind_n: Vec3) -> Vec3:
    """Velocity of the air, m/s NED, that a mountain wave adds.

    Linear hydrostatic flow over a bell-shaped ridge h a^2/(a^2 + x^2): the streamlines are displaced by
    h a (a cos lz - x sin lz)/(a^2 + x^2) with l = N/U; the growth of amplitude with falling density is left out. Valid
    while N h/U is below about 0.85; the amplitude is held there.

    Args:
        ridge: its height, width and place.
        north: m, from a place on the crest.
        east: m.
        height_agl: m, above the ridge's foot.
        wind_n: m/s, NED, mean wind at this height.
    """
    c, s = jnp.cos(ridge.across), jnp.sin(ridge.across)
    x, a = north * c + east * s, ridge.half_width
    U = jnp.maximum(wind_n.x * c + wind_n.y * s, 0.0)
    per = ridge.stability / jnp.maximum(U, 3.0)
    height = jnp.minimum(ridge.ridge, 0.85 / per)
    z = jnp.maximum(height_agl, 0.0)
    damping = jnp.clip(2.0 - z / ridge.top, 0.0, 1.0)
    sin_z, cos_z = jnp.sin(per * z), jnp.cos(per * z)
    q = 1.0 / (a * a + x * x)
    slope = height * a * q * (-sin_z - 2.0 * x * q * (a * cos_z - x * sin_z))
    along = height * a * q * per * (a * sin_z + x * cos_z)
    up = jnp.where(U > 0.0, damping * U * slope, 0.0)
    speed = jnp.where(U > 0.0, damping * U * along, 0.0)
    return Vec3(speed * c, speed * s, -up)
