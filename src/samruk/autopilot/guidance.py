"""From a path on the Earth to a bank angle.

A path is seen as a direction of travel, a distance to the right of it, and a curvature. Legs are planes through the
Earth's centre, so no trigonometry and no pole stands in the way; circles and arcs are flown either way round. The law
steers the course over the ground along a vector field (Beard & McLain, chapter 10), so wind needs no correction of its
own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from samruk import earth
from samruk.frames import Rotation, Vec3, cross, dot, norm
from samruk.lazy import jnp
from samruk.words import wide

Scalar = Any

COURSE_GAIN = 0.35
"""1/s, course loop: a third of the bank loop's bandwidth."""
OFFSET_TIME = 10.0
"""s: the offset from a path decays with this time constant; with the course gain it makes damping 0.94."""
STEEPEST = 0.85
"""Sine of the steepest approach to a path (58 degrees)."""


@dataclass(frozen=True)
class Anchor:
    """Local axes and what else varies slowly, renewed in the slow tick at the estimated place."""

    r_e: Vec3 = wide(Vec3)
    """m, ECEF."""
    R_ne: Rotation = field(default_factory=Rotation)
    latitude: Scalar = wide(0.0)
    """rad."""
    longitude: Scalar = wide(0.0)
    """rad."""
    height: Scalar = 0.0
    """m."""
    per_north: Scalar = 0.0
    """rad of latitude per metre north."""
    per_east: Scalar = 0.0
    """rad of longitude per metre east."""
    gravity_e: Vec3 = field(default_factory=Vec3)
    """m/s^2, ECEF, with the centrifugal part."""
    field_n: Vec3 = field(default_factory=Vec3)
    """T, NED: Earth's magnetic field by the model."""


@dataclass(frozen=True)
class Leg:
    """The leg in hand and the place after it, ECEF, m, at the heights of their legs."""

    from_e: Vec3 = wide(Vec3)
    to_e: Vec3 = wide(Vec3)
    next_e: Vec3 = wide(Vec3)


@dataclass(frozen=True)
class Manner:
    """How a leg is flown, beside its place; read with it."""

    radius: Scalar = 0.0
    """m of its circle, positive clockwise; 0: that of the rules."""
    turns: Scalar = 0.0
    """Circles to fly; 0 goes by time."""
    to_altitude: Scalar = 0.0
    """1.0: circle until the leg's height is reached."""
    over: Scalar = 0.0
    """1.0: fly over its place before turning."""
    arc: Scalar = 0.0
    """m, signed radius of the arc to its place, positive to the right; 0 straight."""
    centre_e: Vec3 = wide(Vec3)
    """m, ECEF: centre of that arc."""


@dataclass(frozen=True)
class Path:
    """What the steering law needs."""

    north: Scalar
    """Direction of travel, unit vector, north."""
    east: Scalar
    """Direction of travel, east."""
    right: Scalar
    """m to the right of the path."""
    curvature: Scalar
    """1/m, positive to the right."""
    to_go: Scalar
    """m to the end along the direction of travel; for a circle the distance to its centre."""


def anchor_at(r_e: Vec3, gravity_e: Vec3) -> Anchor:
    """The anchor at a place, ECEF."""
    latitude, longitude, height = earth.geodetic(r_e)
    meridian, prime = earth.radii(latitude)
    level = jnp.maximum(jnp.cos(latitude), 1e-6)
    return Anchor(
        r_e, earth.R_ne(latitude, longitude), latitude, longitude, height, 1.0 / (meridian + height),
        1.0 / ((prime + height) * level), gravity_e, earth.magnetic_field_n(latitude, longitude, height),
    )  # fmt: skip


def local(anchor: Anchor, r_e: Vec3) -> tuple[Scalar, Scalar, Scalar]:
    """Latitude, longitude (rad) and height (m) of a place near the anchor."""
    d = anchor.R_ne @ (r_e - anchor.r_e)
    bulge = (d.x * d.x + d.y * d.y) * (0.5 / earth.MEAN_RADIUS)
    return (
        anchor.latitude + d.x * anchor.per_north,
        anchor.longitude + d.y * anchor.per_east,
        anchor.height - d.z + bulge,
    )


def line(leg: Leg, r_e: Vec3, R_ne: Rotation) -> Path:
    """The leg as a path from the aircraft's place."""
    normal = cross(leg.from_e, leg.to_e)
    normal = normal * (1.0 / jnp.maximum(norm(normal), 1.0))
    n = R_ne @ normal
    level = 1.0 / jnp.maximum(jnp.sqrt(n.x * n.x + n.y * n.y), 1e-9)
    north, east = -n.y * level, n.x * level
    ahead = R_ne @ (leg.to_e - r_e)
    return Path(north, east, -dot(r_e, normal), 0.0 * north, ahead.x * north + ahead.y * east)


def arc_centre(from_e: Vec3, to_e: Vec3, arc: Scalar) -> Vec3:
    """m, ECEF: centre of the arc of a signed radius (m, positive turns right) from one place to another, the short way
    round; of half a circle where the places lie farther apart than that."""
    middle, chord = (from_e + to_e) * 0.5, to_e - from_e
    length = jnp.maximum(norm(chord), 1.0)
    right = cross(chord, middle)
    right = right * (1.0 / jnp.maximum(norm(right), 1.0))
    away = jnp.sqrt(jnp.maximum(arc * arc - 0.25 * length * length, 0.0))
    return middle + right * jnp.where(arc < 0.0, -away, away)


def circle(north: Scalar, east: Scalar, radius: Scalar, turning: Scalar = 1.0) -> Path:
    """A circle whose centre lies `north` and `east` metres away, clockwise where `turning` is 1, to the left at -1."""
    distance = jnp.maximum(jnp.sqrt(north * north + east * east), 1.0)
    out_north, out_east = -north / distance, -east / distance
    return Path(
        -out_east * turning, out_north * turning, (radius - distance) * turning,
        turning / jnp.maximum(distance, radius), distance,
    )  # fmt: skip


def arc(north: Scalar, east: Scalar, to_north: Scalar, to_east: Scalar, radius: Scalar) -> Path:
    """An arc of a signed radius: its centre lies `north` and `east` metres away, its end `to_north` and `to_east`.

    To go is the way left, as long as that is short; a quarter of the circle at most, which no corner asks for earlier.
    """
    turning = jnp.where(radius < 0.0, -1.0, 1.0)
    path = circle(north, east, jnp.abs(radius), turning)
    end_north, end_east = to_north - north, to_east - east
    per = turning / jnp.maximum(path.to_go, 1.0)
    abeam = (east * end_north - north * end_east) * per  # radius times the sine of what is left
    far = north * end_north + east * end_east > 0.0  # more than a quarter of a circle
    quarter = 1.5708 * jnp.abs(radius)
    return Path(path.north, path.east, path.right, path.curvature, jnp.where(far, quarter, abeam))


def crossing(north: Scalar, east: Scalar, along: Scalar, across: Scalar) -> Path:
    """A line in the direction `along`, `across` through a place `north` and `east` metres away, to which it goes."""
    return Path(along, across, north * across - east * along, 0.0 * north, north * along + east * across)


def runway_line(north: Scalar, east: Scalar, cos_heading: Scalar, sin_heading: Scalar) -> Path:
    """The extended centreline of a runway whose threshold lies `north` and `east` metres away."""
    to_go = north * cos_heading + east * sin_heading
    right = north * sin_heading - east * cos_heading
    return Path(cos_heading, sin_heading, right, 0.0 * to_go, to_go)


def place_e(latitude: Scalar, longitude: Scalar, height: Scalar) -> Vec3:
    """A place of a route, ECEF."""
    return earth.ecef(latitude, longitude, height)


def lateral_acceleration(path: Path, v_n: Vec3, offset_time: Scalar, course_gain: Scalar) -> Scalar:
    """Acceleration to the right, m/s^2, that brings the course over the ground to the path.

    Args:
        path: where to fly.
        v_n: m/s, velocity over the ground.
        offset_time: s, time constant of the offset.
        course_gain: 1/s.
    """
    speed = jnp.maximum(jnp.sqrt(v_n.x * v_n.x + v_n.y * v_n.y), 15.0)
    outward = -path.right * path.curvature
    beyond = jnp.maximum(outward, 0.0)  # of a circle: part of the distance to its centre
    tangent = jnp.sqrt(jnp.maximum(2.0 * beyond - beyond * beyond, 0.0))
    steepest = jnp.where(outward > 0.0, jnp.minimum(tangent + 0.1, 0.999), STEEPEST)
    s = jnp.clip(path.right / (speed * offset_time), -steepest, steepest)
    along = jnp.sqrt(1.0 - s * s)
    north, east = path.north * along + path.east * s, path.east * along - path.north * s
    turn = jnp.arctan2(v_n.x * east - v_n.y * north, v_n.x * north + v_n.y * east)
    ahead = jnp.clip(1.0 - jnp.abs(turn), 0.0, 1.0)
    return course_gain * speed * turn + ahead * path.curvature * speed * speed


def bank(acceleration: Scalar, limit: Scalar) -> Scalar:
    """Bank angle, rad, of a level turn with an acceleration to the right, m/s^2."""
    return jnp.clip(jnp.arctan2(acceleration, earth.GRAVITY), -limit, limit)


def turn_radius(speed: Scalar, limit: Scalar) -> Scalar:
    """m, of a level turn at a speed over the ground, m/s, and a bank, rad."""
    return speed * speed / (earth.GRAVITY * jnp.tan(limit))


def turn_ahead(leg: Leg, path: Path, r_e: Vec3, R_ne: Rotation, radius: Scalar, speed: Scalar) -> Scalar:
    """m before the end of a leg at which the turn onto the next one begins: a fly-by.

    Radius times the tangent of half the turn, and 1.5 s for the roll; at most five radii, for sharp corners.
    """
    n = R_ne @ (leg.next_e - leg.to_e)
    length = jnp.maximum(jnp.sqrt(n.x * n.x + n.y * n.y), 1.0)
    cosine = (n.x * path.north + n.y * path.east) / length
    half = jnp.sqrt(jnp.maximum(1.0 - cosine, 0.0) / jnp.maximum(1.0 + cosine, 0.02))
    return jnp.where(length > 2.0, radius * jnp.minimum(half, 5.0), 0.0) + 1.5 * speed
