"""Terrain and the edges in a link's way against survey, stations and recommendation."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np

from samruk import earth, load, terrain_file
from samruk.mission import Ground, Links
from samruk.radio import masking
from samruk.radio.propagation import knife_edge_loss
from samruk.terrain_file import Grid
from samruk.verdict.catalogue import Inputs
from samruk.verdict.pictured import terrain as terrain_of
from samruk.verify.check import Check

EDGES = ((0.0, 6.03), (1.0, 13.93), (2.4, 20.54))
"""v and loss in dB: ITU-R P.526, eq. 31, worked by hand."""
STATIONS = (("KHIE", 44.368, -71.545, 319.1), ("KBML", 44.576, -71.179, 353.0))
"""Name, latitude, longitude (degrees) and height (m) of weather stations, as api.weather.gov lists them."""
SUMMIT = 1916.6
"""m, Mount Washington, 6,288 ft (US Geological Survey)."""
C_BAND = 5.0e9
"""Hz."""


def checks() -> list[Check]:
    """Edges, heights, a ridge."""
    grid = _story()
    at = [abs(float(grid.at(math.radians(a), math.radians(b))) - h) for _, a, b, h in STATIONS]
    return [
        Check("loss behind a knife edge", "ITU-R P.526", max(abs(float(knife_edge_loss(v)) - J) for v, J in EDGES),
              0.01, "dB", "two decimals printed"),
        Check("shortfall of 20 dB behind a 1,500 m ridge, 10,000 ft, 200 km", "ITU-R P.526, one edge",
              max(0.0, 20.0 - _ridge()), 0.0, "dB", "more than 20 dB is asked for"),
        Check("heights of two stations on a tile", "api.weather.gov stations", max(at), 16.0, "m",
              "SRTM: 16 m at 90 % (mission requirement)"),
        Check("highest post of a tile against its summit", "USGS, Mount Washington",
              abs(float(grid.heights.max()) - SUMMIT), 16.0, "m", "SRTM: 16 m at 90 %; a post is a mean over 90 m"),
    ]  # fmt: skip


def _story() -> Grid:
    """The tile of the story in the White Mountains."""
    flight = load.mission("white-mountains").flights[0]
    grid = terrain_of(Inputs(flight.task, flight.aircraft, flight.tables))
    assert grid is not None
    return grid


def _ridge() -> float:
    """dB behind a ridge of 1,500 m half-way to an aircraft at 10,000 ft and 200 km."""
    heights = np.zeros((61, 241), np.int16)
    minute = math.radians(1.0 / 60.0)
    grid = Grid(heights, 30.0 * minute, 0.0, minute, minute)
    heights[:, 54:56] = 1500
    links = Links(latitude=0.0, longitude=minute, elevation=0.0, antenna_height=15.0)
    distance, top, reach = terrain_file.edges(grid, links)
    ground = Ground(*(jnp.asarray(each) for each in (heights.ravel(), distance, top)))
    latitude, longitude = earth.offset(0.0, minute, 0.0, 200e3)
    return float(masking.loss(latitude, longitude, 3048.0, links, grid.tile(reach), ground, C_BAND))
