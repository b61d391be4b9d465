"""What stands in the way of the ground antenna's rays, for every direction and distance."""

from __future__ import annotations

import math

import numpy as np

from samruk import earth
from samruk.lazy import jax
from samruk.mission import AZIMUTHS, EDGE_STEP, RINGS, Links
from samruk.terrain_file.grid import Floats, Grid, Heights

EFFECTIVE_RADIUS = 8495e3
"""m, 4/3 of the Earth's (ITU-R P.526)."""
NEAREST = 200.0
"""m around the antenna that do not count: its site is clear."""


def edges(grid: Grid, links: Links) -> tuple[Heights, Heights, float]:
    """Distance (tens of metres) and height (m) of the edge that stands highest in the antenna's sight, and the reach.

    One ray for each of AZIMUTHS directions from north through east, sampled at the tile's own spacing; the edge of ring
    k is the highest of all samples no farther than reach (k / (RINGS - 1))^2.

    Args:
        grid: the tile.
        links: place and height of the antenna.

    Returns:
        Two tables of AZIMUTHS x RINGS, row after row, and the distance in m of the last ring.
    """
    reach = _reach(grid, links)
    step = grid.spacing_latitude * earth.MEAN_RADIUS
    distance = np.arange(NEAREST, reach + step, step)
    turn = np.arange(AZIMUTHS) * (2.0 * math.pi / AZIMUTHS)
    north, east = np.cos(turn)[:, None] * distance, np.sin(turn)[:, None] * distance
    with jax.enable_x64(True):
        latitude, longitude = earth.offset(links.latitude, links.longitude, north, east)
    height = grid.at(np.asarray(latitude), np.asarray(longitude))
    antenna = links.elevation + links.antenna_height
    slope = (height - antenna) / distance - distance * (0.5 / EFFECTIVE_RADIUS)
    best = _highest(np.where(np.isfinite(slope), slope, -np.inf))
    rings = np.searchsorted(distance, reach * (np.arange(RINGS) / (RINGS - 1.0)) ** 2, side="right") - 1
    chosen = best[:, np.maximum(rings, 0)]
    known = (rings >= 0) & np.isfinite(np.take_along_axis(height, chosen, axis=1))
    far = np.where(known, np.maximum(distance[chosen] / EDGE_STEP, 1.0), 0.0)
    top = np.where(known, np.take_along_axis(height, chosen, axis=1), 0.0)
    return np.rint(far).astype(np.int16).ravel(), np.rint(top).astype(np.int16).ravel(), reach


def _highest(slope: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Along each row, the number of the greatest value so far."""
    new = slope >= np.maximum.accumulate(slope, axis=1)
    numbers = np.where(new, np.arange(slope.shape[1]), 0)
    return np.maximum.accumulate(numbers, axis=1).astype(np.int64)


def _reach(grid: Grid, links: Links) -> float:
    """m from the antenna to the farthest corner of the tile, at most what the table can hold."""
    corners = [(a, b) for a in (grid.north, grid.south) for b in (grid.west, grid.east)]
    with jax.enable_x64(True):
        away = [float(earth.distance_bearing(links.latitude, links.longitude, a, b)[0]) for a, b in corners]
    return min(max(away), 32000.0 * EDGE_STEP)
