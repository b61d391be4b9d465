"""From the bytes of a terrain file to its grid, by the end of its name."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib

from samruk.errors import MissionError
from samruk.terrain_file import geotiff, hgt
from samruk.terrain_file.grid import Grid

LARGEST = 120_000_000
"""Bytes of a tile, unpacked."""
BROKEN = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)
"""What unpackers raise."""
KINDS = ".hgt, .hgt.gz, .hgt.xz, .hgt.zip, .tif, .tiff"
"""Ends of names."""


def read(data: bytes, name: str, place: str) -> Grid:
    """The grid of a terrain file.

    Args:
        data: all its bytes.
        name: of the file, without folders.
        place: what to call it in messages.

    Raises:
        MissionError: it is no terrain that can be read; one line says why.
    """
    lower = name.lower()
    if lower.endswith((".tif", ".tiff")):
        return geotiff.read(data, place)
    for end, unpack in ((".gz", _gz), (".xz", _xz), (".zip", _zip)):
        if lower.endswith(end):
            data, lower = _unpacked(unpack, data, place), lower.removesuffix(end)
            break
    if not lower.removesuffix(".hgt").upper().startswith(("N", "S")) or "." in lower.removesuffix(".hgt"):
        raise MissionError(f"{name!r} is no terrain file.", place, f"Allowed: {KINDS}.")
    return hgt.read(data, name, place)


def _unpacked(unpack: object, data: bytes, place: str) -> bytes:
    try:
        found: bytes = unpack(data)  # type: ignore[operator]
    except BROKEN as error:
        raise MissionError(f"cannot be unpacked: {error}.", place, "Fetch it anew.") from None
    if len(found) > LARGEST:
        raise MissionError(f"unpacks to more than {LARGEST} bytes.", place, "Cut the tile.")
    return found


def _gz(data: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        return file.read(LARGEST + 1)


def _xz(data: bytes) -> bytes:
    with lzma.LZMAFile(io.BytesIO(data)) as file:
        return file.read(LARGEST + 1)


def _zip(data: bytes) -> bytes:
    """The one .hgt of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [each for each in archive.namelist() if each.lower().endswith(".hgt")]
        if len(names) != 1:
            raise ValueError(f"it holds {len(names)} .hgt files, not one")
        with archive.open(names[0]) as file:
            return file.read(LARGEST + 1)
