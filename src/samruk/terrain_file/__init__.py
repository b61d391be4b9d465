"""Terrain before flight: files to grids of heights, and what is computed from a grid once.

    grid.py       heights with their place; voids filled; heights between posts
    hgt.py        SRTM tiles (.hgt, also compressed)
    geotiff.py    GeoTIFF in geographic WGS-84
    edges.py      what stands in the way of the ground antenna's rays
    clearance.py  whether a route clears the ground, and how high is safe

Bytes come from the loader; nothing here opens a file.
"""

from samruk.terrain_file.clearance import Fault, descent_radius, faults, safe_height
from samruk.terrain_file.edges import edges
from samruk.terrain_file.grid import Grid, Terrain, Tiles
from samruk.terrain_file.reader import read

__all__ = ["Fault", "Grid", "Terrain", "Tiles", "descent_radius", "edges", "faults", "read", "safe_height"]
