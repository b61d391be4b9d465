"""A turret of two axes under the nose: azimuth without end, elevation between stops, both with limits of rate and
acceleration. It is stabilised: it holds a direction over ground, or a place, while the aircraft turns and pitches.

Angles are body angles: azimuth from the nose to the right, elevation from the body's horizontal plane, positive up.
The figures are those of the class (15-inch turrets of manned and unmanned patrol aircraft), recalled, unverified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.frames import Rotation, Vec3, wrap
from samruk.lazy import jnp
from samruk.tables import pick, to_float
from samruk.words import wide

Scalar = Any

STOWED, BODY, EARTH, PLACE = 0, 1, 2, 3
"""Kinds of aim: forward and level; along the body's axes; along north, east, down; at a place."""
TICK = 0.1
"""s, mission tick."""
RATE_LIMIT = 1.047
"""rad/s, 60 degrees a second; recalled."""
ACCELERATION_LIMIT = 2.1
"""rad/s^2, 120 degrees a second squared; estimated."""
LOWEST, HIGHEST = -2.0944, 0.5236
"""rad, stops of elevation: -120 and +30 degrees; recalled."""
GAIN = 5.0
"""1/s, of the last part of a slew: half of what one tick could close."""
BRAKING = 0.9
"""Part of the acceleration limit that a slew's braking counts on."""
SMALL = 1e-6
"""Horizontal part of a direction under which azimuth means nothing and is held."""


@dataclass(frozen=True)
class Aim:
    """What the turret is asked to look at; written from outside the step between ticks."""

    kind: Scalar = STOWED
    """A kind of aim."""
    direction: Vec3 = wide(Vec3)
    """BODY: unit vector along body axes. EARTH: unit vector, NED. PLACE: m, ECEF."""


@dataclass(frozen=True)
class Turret:
    """The turret's axes."""

    azimuth: Scalar = 0.0
    """rad, -pi..pi, from the nose to the right."""
    elevation: Scalar = 0.0
    """rad, positive up."""
    azimuth_rate: Scalar = 0.0
    """rad/s."""
    elevation_rate: Scalar = 0.0
    """rad/s."""
    wanted_azimuth: Scalar = 0.0
    """rad, asked at the last tick."""
    wanted_elevation: Scalar = 0.0
    """rad, asked at the last tick."""


def step(turret: Turret, aim: Aim, R_nb: Rotation, R_ne: Rotation, r_be_e: Vec3, powered: Scalar) -> Turret:
    """The turret a mission tick later.

    Args:
        turret: as it stands.
        aim: what is asked.
        R_nb: body to NED, as the aircraft believes it.
        R_ne: ECEF to NED at the aircraft.
        r_be_e: m, ECEF, where the aircraft believes itself.
        powered: 1 with power; without, both axes stop where they are.
    """
    line_b = _line(aim, R_nb, R_ne, r_be_e)
    level = jnp.sqrt(line_b.x * line_b.x + line_b.y * line_b.y)
    length = jnp.sqrt(level * level + line_b.z * line_b.z)
    azimuth = jnp.where(
        level > SMALL * length, jnp.arctan2(line_b.y, jnp.where(level > 0.0, line_b.x, 1.0)), turret.azimuth
    )
    elevation = jnp.clip(jnp.arctan2(-line_b.z, jnp.maximum(level, 1e-12)), LOWEST, HIGHEST)
    on = to_float(powered != 0)
    turning = _rate(wrap(azimuth - turret.azimuth), wrap(azimuth - turret.wanted_azimuth), turret.azimuth_rate, on)
    tilting = _rate(elevation - turret.elevation, elevation - turret.wanted_elevation, turret.elevation_rate, on)
    return Turret(
        azimuth=wrap(turret.azimuth + TICK * turning),
        elevation=jnp.clip(turret.elevation + TICK * tilting, LOWEST, HIGHEST),
        azimuth_rate=turning,
        elevation_rate=tilting,
        wanted_azimuth=azimuth,
        wanted_elevation=elevation,
    )


def _line(aim: Aim, R_nb: Rotation, R_ne: Rotation, r_be_e: Vec3) -> Vec3:
    """The direction that is asked, along body axes, of any length."""
    d = aim.direction
    away = Vec3(d.x - r_be_e.x, d.y - r_be_e.y, d.z - r_be_e.z)
    line_n = pick(aim.kind == PLACE, R_ne @ away, d)
    along_b: Vec3 = pick(aim.kind == BODY, d, R_nb.T @ line_n)
    chosen: Vec3 = pick(aim.kind == STOWED, Vec3(1.0, 0.0, 0.0), along_b)
    return chosen


def _rate(error: Scalar, moved: Scalar, rate: Scalar, on: Scalar) -> Scalar:
    """An axis's next rate: as fast as it can still brake, with the rate of what it follows, within both limits.

    Args:
        error: rad to go.
        moved: rad by which what is asked has moved since the last tick.
        rate: rad/s now.
        on: 1.0 with power.
    """
    size = jnp.abs(error)
    closing = jnp.minimum(GAIN * size, jnp.sqrt(2.0 * BRAKING * ACCELERATION_LIMIT * size))
    follows = jnp.where(jnp.abs(moved) < RATE_LIMIT * TICK, moved * (1.0 / TICK), 0.0)
    wanted = jnp.clip(jnp.sign(error) * closing + follows, -RATE_LIMIT, RATE_LIMIT) * on
    step = ACCELERATION_LIMIT * TICK
    return rate + jnp.clip(wanted - rate, -step, step)
