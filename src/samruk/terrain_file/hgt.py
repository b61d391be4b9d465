"""SRTM tiles: one degree square, big-endian int16 metres, rows from north, posts on the edges; the name is the place.

Source: NASA/USGS SRTM "Quick Start" (public domain). Three arc seconds are 1201 x 1201 posts, one is 3601 x 3601.
"""

from __future__ import annotations

import math
import re

import numpy as np

from samruk.errors import MissionError
from samruk.terrain_file.grid import VOID, Grid, whole

SIDES = {2 * side * side: side for side in (1201, 3601)}
"""Bytes of a tile and posts along its side."""


def read(data: bytes, name: str, place: str) -> Grid:
    """A tile from its bytes.

    Args:
        data: the tile, not compressed.
        name: of the file: `N44W072.hgt`, the south-west corner.
        place: what to call the file in messages.

    Raises:
        MissionError: name or size are not those of a tile.
    """
    found = re.match(r"([NS])(\d{2})([EW])(\d{3})(?!\d)", name.upper())
    if found is None:
        raise MissionError(f"{name!r} does not tell its place.", place, "Name it like N44W072.hgt.")
    if len(data) not in SIDES:
        told = f"holds {len(data)} bytes."
        raise MissionError(told, place, f"Allowed: {' or '.join(map(str, SIDES))} (1201 or 3601 posts a side).")
    side = SIDES[len(data)]
    south = int(found[2]) * (1 if found[1] == "N" else -1)
    west = int(found[4]) * (1 if found[3] == "E" else -1)
    if not (-90 <= south < 90 and -180 <= west < 180):
        raise MissionError(f"{name!r} is no place on Earth.", place, "Allowed: S90 to N89, W180 to E179.")
    heights = np.frombuffer(data, ">i2").reshape(side, side)
    spacing = math.radians(1.0 / (side - 1))
    return whole(
        heights, heights == VOID, math.radians(south + 1), math.radians(west), (spacing, spacing), place
    )
