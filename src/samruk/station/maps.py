"""What lies under the aircraft, from the station's own files: terrain, its relief as a picture, and the fields."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from samruk import load
from samruk.earth import MEAN_RADIUS
from samruk.errors import InputError
from samruk.load import MissionPlan
from samruk.mission import Runway
from samruk.station import wire
from samruk.terrain_file import Grid, read, shading

PICTURE = 1200
"""Most dots along a side of the relief."""
ENDS = (".hgt", ".tif", ".tiff", ".gz", ".xz", ".zip")


@dataclass
class Ground:
    """Terrain tiles and fields.

    Attributes:
        grids: tiles of heights; the first that knows a place is asked.
        aerodromes: where one can land, home first.
        plain: m msl where no tile knows the height; None for not known.
    """

    grids: list[Grid] = field(default_factory=list)
    aerodromes: list[wire.Aerodrome] = field(default_factory=list)
    plain: float | None = None

    def height(self, latitude: float | None, longitude: float | None) -> float | None:
        """m msl of the ground at a place, rad; None where it is not known."""
        if latitude is None or longitude is None:
            return None
        for grid in self.grids:
            found = float(grid.at(latitude, longitude))
            if math.isfinite(found):
                return found
        return self.plain

    @cached_property
    def relief(self) -> list[tuple[wire.Bounds, bytes]]:
        """Each tile shaded: its bounds and a PNG, equirectangular."""
        return [(bounds(grid), picture(grid)) for grid in self.grids]


def bounds(grid: Grid) -> wire.Bounds:
    """Of a tile."""
    return wire.Bounds(grid.south, grid.west, grid.north, grid.east)


def picture(grid: Grid) -> bytes:
    """A tile's relief as PNG."""
    rows, columns = (min(PICTURE, count) for count in grid.heights.shape)
    latitude = grid.north - (np.arange(rows) + 0.5) / rows * (grid.north - grid.south)
    longitude = grid.west + (np.arange(columns) + 0.5) / columns * (grid.east - grid.west)
    return shading.png(shading.films(shading.shade(grid, latitude[:, None], longitude[None, :])))


def from_mission(name: str, overrides: Sequence[str] = ()) -> tuple[Ground, MissionPlan]:
    """Fields and terrain of a mission file, as a crew's own charts would have them.

    Args:
        name: a story's name or a file.
        overrides: `key=value` words, as `--set` takes them.
    """
    plan = load.mission(name, overrides)
    task = plan.flights[0].task
    runways = [each for each in (task.home, task.alternate_a, task.alternate_b) if each.usable]
    named = zip(plan.fields, runways, strict=False)
    fields = [_aerodrome(name, runway, k == 0) for k, (name, runway) in enumerate(named)]
    grids = [read(data, Path(place).name, place) for place, data in plan.sources.items() if _is_terrain(place)]
    return Ground(grids, fields, None if grids else float(task.conditions.ground_elevation)), plan


def _is_terrain(place: str) -> bool:
    return place.lower().endswith(ENDS)


def from_folder(folder: Path) -> list[Grid]:
    """Every terrain file of a folder.

    Raises:
        InputError: the folder is not there, or a file is none.
    """
    if not folder.is_dir():
        raise InputError("is no folder.", str(folder), "Give a folder with terrain tiles (.hgt, .tif).")
    files = sorted(each for each in folder.iterdir() if _is_terrain(each.name))
    return [read(each.read_bytes(), each.name, str(each)) for each in files]


def _aerodrome(name: str, runway: Runway, home: bool) -> wire.Aerodrome:
    """A field with the direction that the mission names and its opposite."""
    c, s = math.cos(runway.heading), math.sin(runway.heading)
    latitude = runway.latitude + c * runway.length / MEAN_RADIUS
    longitude = runway.longitude + s * runway.length / (MEAN_RADIUS * math.cos(runway.latitude))
    ways = [(runway.heading, runway.latitude, runway.longitude), (runway.heading + math.pi, latitude, longitude)]
    runways = [wire.Runway(designator(course), course % (2 * math.pi), lat, lon, runway.length)
               for course, lat, lon in ways]  # fmt: skip
    return wire.Aerodrome(name, None, runway.latitude, runway.longitude, runway.elevation, runways, home)


def designator(course: float) -> str:
    """Tens of degrees of a runway's direction, 01 to 36."""
    return f"{(round(math.degrees(course) / 10.0) - 1) % 36 + 1:02d}"
