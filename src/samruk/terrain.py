"""The surface below: a declared plane with a level place around each runway, or a tile of heights.

The step asks `surface` once a second, here and where the aircraft will be a second later. Reading tiles from files is
the loader's work; here a tile is numbers.
"""

from __future__ import annotations

from typing import Any

from samruk import earth
from samruk.lazy import jnp
from samruk.mission import Conditions, Runway, Tile
from samruk.tables import lookup, to_float, to_int

Scalar = Any

LEVEL_RADIUS = 8000.0
"""m around a runway's threshold where the surface lies at the runway's elevation."""
SLOPE_RADIUS = 20000.0
"""m beyond which the runway has no say."""
APRON, BANK = 250.0, 1200.0
"""m from a runway's strip: on terrain it is level out to the first, and has no say beyond the second."""


def height(latitude: Scalar, longitude: Scalar, conditions: Conditions, runways: tuple[Runway, ...] = ()) -> Scalar:
    """Height of the surface, m, where no terrain is given.

    The declared plane of the conditions; around each usable runway it bends smoothly (cubic) to the runway's elevation.
    Where the surroundings of two runways overlap, the later one of the tuple wins.

    Args:
        latitude: rad.
        longitude: rad.
        conditions: the day; gives the plane.
        runways: those in use, the most important last.
    """
    surface = conditions.ground_elevation + 0.0 * latitude
    for runway in runways:
        north, east = _local(latitude, longitude, runway)
        distance = jnp.sqrt(north * north + east * east)
        t = jnp.clip((SLOPE_RADIUS - distance) * (1.0 / (SLOPE_RADIUS - LEVEL_RADIUS)), 0.0, 1.0)
        weight = t * t * (3.0 - 2.0 * t) * to_float(runway.usable)
        surface = surface + weight * (runway.elevation - surface)
    return surface


def surface(
    latitude: Scalar, longitude: Scalar, conditions: Conditions, tile: Tile, posts: Any,
    runways: tuple[Runway, ...] = (),
) -> tuple[Scalar, Scalar]:  # fmt: skip
    """Height of the surface, m, and whether it is known (int32): 0 outside the tile of a mission with terrain.

    On the tile it is bilinear between the posts, outside the declared plane; along each usable runway it bends to the
    runway's elevation. Without terrain it is `height`, bit for bit.

    Args:
        latitude: rad.
        longitude: rad.
        conditions: the day; gives the plane.
        tile: where the terrain lies.
        posts: its heights, m.
        runways: those in use, the most important last.
    """
    ground, inside = bilinear(posts, tile, latitude, longitude)
    ground = jnp.where(inside == 1, ground, conditions.ground_elevation)
    for runway in runways:
        t = jnp.clip((BANK - _beside(latitude, longitude, runway)) * (1.0 / (BANK - APRON)), 0.0, 1.0)
        weight = t * t * (3.0 - 2.0 * t) * to_float(runway.usable)
        ground = ground + weight * (runway.elevation - ground)
    given = tile.given == 1
    plain = height(latitude, longitude, conditions, runways)
    return jnp.where(given, ground, plain), jnp.where(given, inside, 1)


def _beside(latitude: Scalar, longitude: Scalar, runway: Runway) -> Scalar:
    """Distance, m, from a runway's centreline between its ends."""
    north, east = _local(latitude, longitude, runway)
    c, s = jnp.cos(runway.heading), jnp.sin(runway.heading)
    along, across = c * north + s * east, c * east - s * north
    beyond = along - jnp.clip(along, 0.0, runway.length)
    return jnp.sqrt(beyond * beyond + across * across)


def _local(latitude: Scalar, longitude: Scalar, runway: Runway) -> tuple[Scalar, Scalar]:
    """Metres north and east of a runway on a sphere: 0.5 % at 20 km, enough for a level place."""
    turns = (longitude - runway.longitude) * (1.0 / (2.0 * jnp.pi))
    east = 2.0 * jnp.pi * (turns - jnp.floor(turns + 0.5)) * jnp.cos(runway.latitude)
    return earth.MEAN_RADIUS * (latitude - runway.latitude), earth.MEAN_RADIUS * east


def bilinear(posts: Any, tile: Tile, latitude: Scalar, longitude: Scalar) -> tuple[Scalar, Scalar]:
    """Height between the posts of a tile, and whether the place lies inside it.

    Args:
        posts: 1-D table of heights in m, row after row, float32 or int16.
        tile: where it lies.
        latitude: rad.
        longitude: rad.

    Returns:
        Height, m (outside: that of the nearest edge), and 1 inside the tile, 0 outside (int32).
    """
    row, down, inside_rows = _between(tile.north - latitude, tile.spacing_latitude, tile.rows)
    column, across, inside_columns = _between(longitude - tile.west, tile.spacing_longitude, tile.columns)
    first = row * tile.columns + column
    a, b = _post(posts, first), _post(posts, first + 1)
    c, d = _post(posts, first + tile.columns), _post(posts, first + tile.columns + 1)
    upper, lower = a + across * (b - a), c + across * (d - c)
    return upper + down * (lower - upper), to_int(inside_rows & inside_columns)


def _between(distance: Scalar, spacing: Scalar, count: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """Index of the post before a place, the part of the way to the next, and whether it lies among the posts."""
    place, last = distance / spacing, to_float(count) - 1.0
    inside = (place >= 0.0) & (place <= last)
    place = jnp.clip(place, 0.0, last)
    before = jnp.minimum(jnp.floor(place), last - 1.0)
    return to_int(before), place - before, inside


def _post(posts: Any, index: Scalar) -> Scalar:
    """One height as float64."""
    return to_float(lookup(posts, index))
