"""GeoTIFF in geographic WGS-84 (EPSG:4326); every other projection is refused by its number.

OGC 19-008 (GeoTIFF 1.1): a pixel is a point or an area (`GTRasterTypeGeoKey`); of an area the middle is taken as post.
Reading the image is the work of `tifffile`, an extra (`pip install samruk[geotiff]`).
"""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np

from samruk.errors import MissionError
from samruk.terrain_file.grid import VOID, Grid, whole

SCALE, TIE_POINT, KEYS, NO_DATA = 33550, 33922, 34735, 42113
"""Tags."""
MODEL_TYPE, RASTER_TYPE, GEODETIC, PROJECTED, VERTICAL_UNITS = 1024, 1025, 2048, 3072, 4099
"""Keys of the directory."""
GEOGRAPHIC, AREA, WGS_84, METRE = 2, 1, (4326, 4979), 9001


def read(data: bytes, place: str) -> Grid:
    """A grid from the bytes of a GeoTIFF.

    Args:
        data: the file.
        place: what to call it in messages.

    Raises:
        MissionError: `tifffile` is missing, or the file is not one layer of heights in geographic WGS-84.
    """
    try:
        import tifffile
    except ImportError:
        hint = 'Install it: pip install "samruk[geotiff]"; or give an .hgt tile.'
        raise MissionError("is a GeoTIFF, which needs the package tifffile.", place, hint) from None
    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            page: Any = file.pages[0]
            tags = {tag.code: tag.value for tag in page.tags.values()}
            corner = _corner(tags, place)
            heights = np.asarray(page.asarray())
    except MissionError:
        raise
    except Exception as error:
        told = " ".join(str(error).split())[:120]
        hint = "Save it with deflate or without compression; what else is packed needs the package imagecodecs."
        raise MissionError(f"cannot be read as TIFF: {told}.", place, hint) from None
    if heights.ndim != 2 or heights.dtype.kind not in "iuf":
        told = f"holds {heights.dtype.name} of shape {heights.shape}."
        raise MissionError(told, place, "Allowed: one layer of numbers.")
    return whole(heights, _missing(heights, tags), *corner, place)


def _missing(heights: Any, tags: dict[int, Any]) -> Any:
    """Posts without a height: the file's own mark, the mark of SRTM, and what is no number."""
    values = heights.astype(float)
    found = ~np.isfinite(values) | (values == VOID)
    try:
        return found | (values == float(str(tags.get(NO_DATA, "")).strip("\0 ")))
    except ValueError:
        return found


def _corner(tags: dict[int, Any], place: str) -> tuple[float, float, tuple[float, float]]:
    """Latitude and longitude of the first post, and the spacing, rad."""
    keys = _keys(tags.get(KEYS, ()))
    if keys.get(MODEL_TYPE) != GEOGRAPHIC:
        code = keys.get(PROJECTED)
        told = f"is projected (EPSG:{code})." if code else "does not say that it is geographic."
        raise MissionError(told, place, "Allowed: latitude and longitude in WGS-84 (EPSG:4326). Reproject it.")
    if (datum := keys.get(GEODETIC, WGS_84[0])) not in WGS_84:
        raise MissionError(f"is in EPSG:{datum}.", place, "Allowed: WGS-84 (EPSG:4326). Reproject it.")
    if (unit := keys.get(VERTICAL_UNITS, METRE)) != METRE:
        raise MissionError(f"gives heights in unit {unit}.", place, "Allowed: metres (9001).")
    scale, tie = tags.get(SCALE, ()), tags.get(TIE_POINT, ())
    if len(scale) < 2 or len(tie) != 6 or min(scale[:2]) <= 0.0:
        raise MissionError("does not lie north up.", place, "Give one tie point and a pixel scale.")
    half = 0.5 if keys.get(RASTER_TYPE, AREA) == AREA else 0.0
    west = tie[3] + (half - tie[0]) * scale[0]
    north = tie[4] - (half - tie[1]) * scale[1]
    return math.radians(north), math.radians(west), (math.radians(scale[1]), math.radians(scale[0]))


def _keys(directory: Any) -> dict[int, int]:
    """Short keys of a directory by their number; those kept in other tags are left out."""
    entries = [tuple(directory[k : k + 4]) for k in range(4, len(directory) - 3, 4)]
    return {int(key): int(value) for key, tag, _, value in entries if tag == 0}
