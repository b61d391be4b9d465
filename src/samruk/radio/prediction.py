"""What the links will be along a way that has not been flown: level flight, clear sky, terrain where it is known.

For a station that plans: arrays in, arrays out, by the same functions as the step. Rain and ice are not foreseen; the
satellite's margin is that of a clear sky.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from samruk import earth
from samruk.aircraft import Radio
from samruk.lazy import jax
from samruk.mission import Links
from samruk.radio import link, masking
from samruk.radio import propagation as path

Array = NDArray[np.float64]

RAYS = 160
"""Places along a ray at which the ground is looked at."""
CLEAR = 200.0
"""m around the antenna that do not count: its site is clear."""


class Heights(Protocol):
    """A tile of heights."""

    def at(self, latitude: Array, longitude: Array) -> Array:
        """m above mean sea level; NaN beyond the tile. Arguments in rad."""


def margins(
    latitude: Array, longitude: Array, height: Array, links: Links, aircraft: Radio, grid: Heights | None = None
) -> tuple[Array, Array]:
    """Margins along a way, in level flight.

    Args:
        latitude: rad, of places along the way.
        longitude: rad.
        height: m above mean sea level.
        links: the station's antenna and its satellite.
        aircraft: the airborne ends.
        grid: terrain; none for a smooth Earth.

    Returns:
        dB above what the line of sight needs, and above what the satellite needs (-30 where there is none).
    """
    with jax.enable_x64(True):
        ground_n, distance, satellite_n, _ = link.look(latitude, longitude, height, links)
        above = height - links.elevation
        ridge = np.zeros_like(height) if grid is None else ridge_loss(
            latitude, longitude, height, links, aircraft.los_frequency, grid
        )
        power = link.received_power(distance, links.antenna_height, above, links, aircraft, ridge_db=ridge)
        blade = link.blade_gain(-ground_n.z, path.LIGHT / aircraft.los_frequency)
        los = power - links.noise_dbm - links.required_db + blade
        sky = np.asarray(satellite_n.z) < 0.0
    fitted = bool(links.satellite) and aircraft.satellite_fitted > 0.5
    satellite = np.where(sky & fitted, aircraft.satellite_margin_db, link.NO_SATELLITE)
    return np.asarray(los, np.float64), np.asarray(satellite, np.float64)


def ridge_loss(
    latitude: Array, longitude: Array, height: Array, links: Links, frequency: float, grid: Heights
) -> Array:
    """dB that the edge standing highest in each ray takes: a knife edge over an Earth of 4/3 radius (ITU-R P.526)."""
    here = float(links.latitude), float(links.longitude)
    distance, bearing = (np.asarray(a) for a in earth.distance_bearing(*here, latitude, longitude))
    reach = np.maximum(distance, 2.0 * CLEAR)
    along: Array = CLEAR + (reach - 2.0 * CLEAR)[:, None] * (np.arange(RAYS) + 0.5) / RAYS
    north, east = np.cos(bearing)[:, None] * along, np.sin(bearing)[:, None] * along
    there = earth.offset(*here, north, east)
    ground = grid.at(np.asarray(there[0]), np.asarray(there[1]))
    antenna = float(links.elevation + links.antenna_height)
    slope: Array = (ground - antenna) / along - along * (0.5 / path.EFFECTIVE_RADIUS)
    best = np.argmax(np.where(np.isfinite(slope), slope, -np.inf), axis=1)
    rows = np.arange(len(reach))
    near: Array = along[rows, best]
    top: Array = ground[rows, best]
    known = np.isfinite(top)
    v = masking.fresnel(
        near, reach - near, np.where(known, top, -1e4), antenna, height, path.LIGHT / frequency
    )
    return np.where(known, np.asarray(path.knife_edge_loss(v)), 0.0)


def gaps(margin_db: Array, seconds: Array, least: float = 0.0) -> list[tuple[float, float]]:
    """Stretches of the way whose margin is below `least`: (from, to) in s."""
    found: list[tuple[float, float]] = []
    last = len(seconds) - 1
    for k in np.flatnonzero(margin_db < least).tolist():
        begin, end = float(seconds[k]), float(seconds[min(k + 1, last)])
        if found and math.isclose(found[-1][1], begin):
            begin = found.pop()[0]
        found.append((begin, end))
    return found
