"""Hill shading: light from the north-west on a grid of heights, as films of black and white.

Shadow is black and lit slopes are white, both more or less transparent, so the same picture lies well on light and on
dark paper. Slopes by central differences, light by Lambert's law (Horn 1981).
"""

from __future__ import annotations

import math
import struct
import zlib

import numpy as np
import numpy.typing as npt

from samruk.earth import MEAN_RADIUS as EARTH
from samruk.terrain_file.grid import Grid

Array = npt.NDArray[np.float64]

AZIMUTH, ALTITUDE = math.radians(315.0), math.radians(45.0)
"""rad, where the light comes from, as on most maps."""
EXAGGERATION = 1.5
"""Factor on heights for the light only."""
SHADOW, LIT = 0.62, 0.42
"""Opacity of the darkest and of the lightest slope."""
LEVELS = 24
"""Steps of opacity: few, so that the picture packs small."""


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
