"""Hill shading for a map as one small picture; `terrain_file.shading` is the light."""

from __future__ import annotations

import base64
from collections.abc import Callable

import numpy as np

from samruk.terrain_file import Grid
from samruk.terrain_file.shading import films, png, shade
from samruk.verdict.labels import Box
from samruk.verdict.map_projection import Array

CELL = 1.6
"""px of the map to one of the picture."""
COARSE = 12
"""Cells along a side in which the chart is taken as bilinear: a metre at most on a chart of 100 km."""


def image(grid: Grid, room: Box, back: Callable[[float, float], tuple[float, float]]) -> str:
    """The `<image>` element that shades a map.

    Args:
        grid: the terrain.
        room: px, the frame of the map.
        back: from px of the map to latitude and longitude, rad.
    """
    wide, high = (max(2, round((b - a) / CELL)) for a, b in ((room.left, room.right), (room.top, room.bottom)))
    latitude, longitude = _places(room, wide, high, back)
    film = films(shade(grid, latitude, longitude))
    data = base64.b64encode(png(film)).decode("ascii")
    place = f'x="{room.left:g}" y="{room.top:g}" width="{room.right - room.left:g}" height="{room.bottom - room.top:g}"'
    return f'<image {place} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'


def _places(
    room: Box, wide: int, high: int, back: Callable[[float, float], tuple[float, float]]
) -> tuple[Array, Array]:
    """Latitude and longitude, rad, of the middle of each dot."""
    xs, ys = np.linspace(room.left, room.right, COARSE + 1), np.linspace(room.top, room.bottom, COARSE + 1)
    corners = np.array([[back(float(x), float(y)) for x in xs] for y in ys])
    u, v = (np.arange(wide) + 0.5) / wide * COARSE, (np.arange(high) + 0.5) / high * COARSE
    j, i = np.minimum(u.astype(int), COARSE - 1), np.minimum(v.astype(int), COARSE - 1)
    across, down = (u - j)[None, :, None], (v - i)[:, None, None]
    i, j = i[:, None], j[None, :]
    upper = corners[i, j] + across * (corners[i, j + 1] - corners[i, j])
    lower = corners[i + 1, j] + across * (corners[i + 1, j + 1] - corners[i + 1, j])
    found = upper + down * (lower - upper)
    return found[..., 0], found[..., 1]
