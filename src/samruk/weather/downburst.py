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


def trapped(ridge: Wave, north: Scalar, east: Scalar, height_agl: Scalar) -> Vec3:
    """Velocity of the air, m/s NED, of waves trapped in the lee of a ridge.

    w = -w0 sin(pi z/lid) sin(k x) exp(-x/reach) downwind of the crest and below the lid: sinking air first, the first
    crest at 3/4 of a wavelength. The wind along the flow follows from continuity; both set in over the first quarter of
    a wavelength, where the flow is not free of divergence.

    Args:
        ridge: place and direction of the crest; strength, length, reach and lid.
        north: m, from a place on the crest.
        east: m.
        height_agl: m, above the ridge's foot.
    """
    c, s = jnp.cos(ridge.across), jnp.sin(ridge.across)
    x = jnp.maximum(north * c + east * s, 0.0)
    k, fade, up = 2.0 * math.pi / ridge.length, 1.0 / ridge.reach, math.pi / ridge.lid
    z = jnp.clip(height_agl, 0.0, ridge.lid)
    sin_x, cos_x = jnp.sin(k * x), jnp.cos(k * x)
    within = jnp.where(height_agl < ridge.lid, 1.0, jnp.exp(-(height_agl - ridge.lid) * up))
    size = ridge.trapped * jnp.exp(-fade * x) * within * jnp.minimum(4.0 * x / ridge.length, 1.0)
    w = -size * jnp.sin(up * z) * sin_x
    along = -size * up * jnp.cos(up * z) * (fade * sin_x + k * cos_x) / (fade * fade + k * k)
    return Vec3(along * c, along * s, -w)


def rotor(ridge: Wave, north: Scalar, east: Scalar, height_agl: Scalar) -> Scalar:
    """Standard deviation of gusts, m/s, in the rotor under the first crest of the trapped waves.

    Strongest at the ground at 3/4 of a wavelength, gone a quarter of a wavelength to either side and at half the lid
    (its shape is estimated; how strong it is, the mission says).
    """
    x = north * jnp.cos(ridge.across) + east * jnp.sin(ridge.across)
    near = jnp.maximum(1.0 - jnp.abs(x / ridge.length - 0.75) * 4.0, 0.0)
    return ridge.rotor * near * jnp.clip(1.0 - 2.0 * height_agl / ridge.lid, 0.0, 1.0)


def steep(ridge: Wave, north: Scalar, east: Scalar, wind_n: Vec3) -> Scalar:
    """N h/U of air that flows over a ridge, within five of its half-widths; above 0.85 linear theory ends.

    Args:
        ridge: height, stability and place.
        north: m, from a place on the crest.
        east: m.
        wind_n: m/s, NED, mean wind at this height.
    """
    c, s = jnp.cos(ridge.across), jnp.sin(ridge.across)
    U, x = wind_n.x * c + wind_n.y * s, north * c + east * s
    near = (U > 0.0) & (jnp.abs(x) < 5.0 * ridge.half_width)
    return jnp.where(near, ridge.stability * ridge.ridge / jnp.maximum(U, 3.0), 0.0)
