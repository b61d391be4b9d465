"""What terrain takes from the line of sight: one edge in the ray from the ground antenna, looked up in a table.

The antenna stands still, so the edge that stands highest in its sight is known beforehand for every direction and
distance (`samruk.terrain_file.edges`). Here its loss is that of a knife edge over an Earth of 4/3 radius (ITU-R P.526):
the main edge of Deygout's method. Further edges beside it are left out, so behind several ridges the loss is too small.
"""

from __future__ import annotations

from typing import Any

from samruk import earth
from samruk.lazy import jnp
from samruk.mission import AZIMUTHS, EDGE_STEP, RINGS, Ground, Links, Tile
from samruk.radio import propagation as path
from samruk.tables import lookup, to_float, to_int

Scalar = Any

NEAREST = 50.0
"""m from either end, nearer than which no edge is taken."""


def loss(
    latitude: Scalar, longitude: Scalar, height: Scalar, links: Links, tile: Tile, ground: Ground, frequency: Scalar
) -> Scalar:
    """dB that terrain takes; 0 without terrain.

    Args:
        latitude: rad, aircraft.
        longitude: rad, aircraft.
        height: m above mean sea level, aircraft.
        links: ground antenna.
        tile: says whether there is terrain, and how far the table reaches.
        ground: the table.
        frequency: Hz.
    """
    distance, bearing = earth.distance_bearing(links.latitude, links.longitude, latitude, longitude)
    distance = jnp.maximum(distance, 2.0 * NEAREST)
    turn = bearing * (0.5 / jnp.pi)
    place = (turn - jnp.floor(turn)) * AZIMUTHS
    before = jnp.minimum(jnp.floor(place), AZIMUTHS - 1.0)
    ring = jnp.floor(jnp.sqrt(jnp.minimum(distance / tile.reach, 1.0)) * (RINGS - 1.0))
    row, ring, antenna = to_int(before), to_int(ring), links.elevation + links.antenna_height
    after = jnp.where(row == AZIMUTHS - 1, 0, row + 1)
    a, b = (
        behind(ground, (at * RINGS + ring) * tile.given, distance, antenna, height, frequency) for at in (row, after)
    )
    return jnp.where((tile.given == 1) & (links.masked == 1), a + (place - before) * (b - a), 0.0)


def behind(
    ground: Ground, index: Scalar, distance: Scalar, antenna: Scalar, height: Scalar, frequency: Scalar
) -> Scalar:
    """dB behind the edge of one row of the table; heights in m above mean sea level, frequency in Hz."""
    near = EDGE_STEP * to_float(lookup(ground.edge_distance, index))
    top = to_float(lookup(ground.edge_height, index))
    d_a = jnp.clip(near, NEAREST, distance - NEAREST)
    taken = path.knife_edge_loss(fresnel(d_a, distance - d_a, top, antenna, height, path.LIGHT / frequency))
    return jnp.where(near > 0.0, taken, 0.0)


def fresnel(d_a: Scalar, d_b: Scalar, top: Scalar, a: Scalar, b: Scalar, wavelength: Scalar) -> Scalar:
    """Parameter v of an edge between two ends, over an Earth of 4/3 radius (ITU-R P.526, 4.1).

    Args:
        d_a: m from the first end.
        d_b: m from the second end.
        top: m above mean sea level, of the edge.
        a: m above mean sea level, first end.
        b: m above mean sea level, second end.
        wavelength: m.
    """
    whole = d_a + d_b
    over = top + d_a * d_b * (0.5 / path.EFFECTIVE_RADIUS) - (a * d_b + b * d_a) / whole
    v: Scalar = over * jnp.sqrt(2.0 * whole / (wavelength * d_a * d_b))
    return v
