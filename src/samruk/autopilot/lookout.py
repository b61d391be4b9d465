"""What the ground ahead asks of a live aircraft, by the terrain that its autopilot carries.

A mission's legs are checked against the terrain before flight; an ordered heading, a stick or a place beyond a ridge
are not. So once a second posts around the aircraft and along its track are read: the floor is the height that clears
all within the reach of a turn, and from which a gentle climb clears all ahead; the wall is the height from which not
even a steep climb does.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from samruk import terrain
from samruk.autopilot.flight import DIVERT, HOLD, RETURN, Directed, Flight, is_in, path_mode, under_orders
from samruk.autopilot.guidance import Anchor
from samruk.frames import Vec3, norm
from samruk.lazy import jnp
from samruk.mission import Ground, Task

Scalar = Any

FARTHEST = 24000.0
"""m along the track."""
SAMPLES = 16
"""Places looked at; their distances grow with the square of their number: near ones 100 m apart, far ones 3 km."""
CLEARANCE = 120.0
"""m above the ground that are kept."""
GENTLE, STEEP = 0.04, 0.08
"""Climb that the aircraft makes in any case, and the most that is counted on (5 to 6 m/s at 45 to 60 m/s is 0.1)."""
RINGS, SPOKES = (800.0, 1600.0, 2400.0), 12
"""m, circles around the aircraft, and directions in each, that are looked at: wherever a turn may lead, twice the
radius of one at 25 degrees and 65 m/s."""
LEAST_CLEARANCE = 60.0
"""m above the ground that a steep climb must leave, or the aircraft turns."""
SINKING, CIRCLING = 3.0, 0.5
"""m/s by which the floor comes down where the ground ahead is lower: straight ahead, and in a circle, which sees the
same ridge every few minutes."""
NONE = -1e4
"""m, no floor."""


def looked(flight: Flight, anchor: Anchor, r_e: Vec3, v_n: Vec3, field_e: Vec3, task: Task, ground: Ground) -> Directed:
    """What was ordered, with floor and wall renewed for the next second.

    Args:
        flight: the mode.
        anchor: place and local axes.
        r_e: m, ECEF, the aircraft.
        v_n: m/s, over the ground.
        field_e: m, ECEF, where it will land.
        task: where the terrain lies.
        ground: the terrain.
    """
    d, mode = flight.directed, path_mode(flight)
    homeward, ordered = is_in(flight.mode, (RETURN, DIVERT)), under_orders(flight)
    circle = jnp.maximum(jnp.maximum(jnp.abs(d.radius), d.length), task.rules.loiter_radius)
    to_place = norm(d.place_e - r_e) - anchor.height + 2.0 * circle
    reach = jnp.where(homeward, norm(field_e - r_e), jnp.where(mode == HOLD, to_place, FARTHEST))
    reach = jnp.clip(reach, 0.0, FARTHEST)
    floor, wall = _ahead(anchor, v_n, reach, task, ground)
    floor = jnp.maximum(floor, jnp.where(ordered, _around(anchor, task, ground), NONE))
    watched = (homeward | ordered) & (flight.off_ground > 10.0)
    floor = jnp.where(watched, jnp.maximum(floor, d.floor - jnp.where(mode == HOLD, CIRCLING, SINKING)), NONE)
    return replace(d, floor=floor, wall=jnp.where(watched, wall, NONE))


def _ahead(anchor: Anchor, v_n: Vec3, reach: Scalar, task: Task, ground: Ground) -> tuple[Scalar, Scalar]:
    """Floor and wall of the track ahead as far as `reach`, m above mean sea level."""
    speed = jnp.maximum(jnp.sqrt(v_n.x * v_n.x + v_n.y * v_n.y), 1.0)
    per_north, per_east = v_n.x / speed * anchor.per_north, v_n.y / speed * anchor.per_east
    floor, wall = NONE + 0.0 * speed, NONE + 0.0 * speed
    for k in range(SAMPLES + 1):
        way = FARTHEST * (k / SAMPLES) ** 2
        height = _ground(anchor.latitude + way * per_north, anchor.longitude + way * per_east, task, ground)
        height = jnp.where(way <= reach, height, 2.0 * NONE)
        floor = jnp.maximum(floor, height + (CLEARANCE - GENTLE * way))
        wall = jnp.maximum(wall, height + (LEAST_CLEARANCE - STEEP * way))
    return floor, wall


def _around(anchor: Anchor, task: Task, ground: Ground) -> Scalar:
    """m above mean sea level that clears the ground within the reach of a turn."""
    floor = NONE + 0.0 * anchor.height
    for radius in RINGS:
        for k in range(SPOKES):
            angle = 2.0 * math.pi * k / SPOKES
            north, east = radius * math.cos(angle), radius * math.sin(angle)
            height = _ground(
                anchor.latitude + north * anchor.per_north, anchor.longitude + east * anchor.per_east, task, ground
            )
            floor = jnp.maximum(floor, height + CLEARANCE)
    return floor


def _ground(latitude: Scalar, longitude: Scalar, task: Task, ground: Ground) -> Scalar:
    """m above mean sea level, the surface at a place; the declared plane where no terrain is known."""
    on_tile, inside = terrain.bilinear(ground.posts, task.tile, latitude, longitude)
    known = (jnp.asarray(task.tile.given) == 1) & (inside == 1)
    return jnp.where(known, on_tile, task.conditions.ground_elevation)
