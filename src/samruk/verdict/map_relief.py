"""Hill shading for a map: light from the north-west as one small picture of black and white films.

Shadow is black and lit slopes are white, both more or less transparent, so the same picture lies well on light and on
dark paper. Slopes by central differences, light by Lambert's law (Horn 1981).
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Callable

import numpy as np

from samruk.terrain_file import Grid
from samruk.verdict.labels import Box
from samruk.verdict.map_projection import EARTH, Array

AZIMUTH, ALTITUDE = math.radians(315.0), math.radians(45.0)
"""rad, where the light comes from, as on most maps."""
EXAGGERATION = 1.5
"""Factor on heights for the light only."""
CELL = 1.6
"""px of the map to one of the picture."""
SHADOW, LIT = 0.62, 0.42
"""Opacity of the darkest and of the lightest slope."""
LEVELS = 24
"""Steps of opacity: few, so that the picture packs small."""
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


def shade(grid: Grid, latitude: Array, longitude: Array) -> Array:
    """Light on the slopes at places (rad), less that on level ground; not a number off the tile."""
    step = grid.spacing_latitude
    per_north = 1.0 / (2.0 * step * EARTH)
    per_east = per_north / np.maximum(np.cos(latitude), 1e-3)
    north = EXAGGERATION * per_north * (grid.at(latitude + step, longitude) - grid.at(latitude - step, longitude))
    east = EXAGGERATION * per_east * (grid.at(latitude, longitude + step) - grid.at(latitude, longitude - step))
    towards = math.cos(AZIMUTH) * north + math.sin(AZIMUTH) * east
    light = (math.sin(ALTITUDE) - math.cos(ALTITUDE) * towards) / np.sqrt(1.0 + north * north + east * east)
    return np.asarray(np.maximum(light, 0.0) - math.sin(ALTITUDE))


def films(light: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Grey and opacity, [row, column, 2], of shaded slopes; nothing where the ground is not known."""
    dark = np.clip(-light / math.sin(ALTITUDE), 0.0, 1.0) * SHADOW
    lit = np.clip(light / (1.0 - math.sin(ALTITUDE)), 0.0, 1.0) * LIT
    opacity = np.where(np.isfinite(light), np.where(light < 0.0, dark, lit), 0.0)
    steps = np.rint(opacity * LEVELS) * (255.0 / LEVELS)
    grey = np.where(light > 0.0, 255, 0)
    return np.stack([grey, np.rint(steps)], axis=-1).astype(np.uint8)


def png(film: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    """Grey with opacity, 8 bits each, as PNG (ISO/IEC 15948, colour type 4)."""
    high, wide, _ = film.shape
    rows = np.zeros((high, 1 + 2 * wide), np.uint8)
    rows[:, 1:] = film.reshape(high, -1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 4, 0, 0, 0)
    packed = zlib.compress(rows.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
