"""Heights on posts of equal spacing in latitude and longitude."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from samruk.errors import MissionError
from samruk.mission import Tile

Heights = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]

VOID = -32768
"""Height of a post that was not measured."""
MOST_VOID = 0.05
"""Part of the posts that may be missing: more is a hole to fly into, not a gap to bridge (estimated)."""
LOWEST, HIGHEST = -430, 8850
"""m: the shore of the Dead Sea, the top of Mount Everest."""
SLACK = 1e-6
"""Posts by which a place may lie outside: rounding of angles."""
MOST_POSTS = 40_000_000
"""About three tiles of one arc second."""


@dataclass(frozen=True)
class Grid:
    """A tile of heights."""

    heights: Heights
    """m above mean sea level, [row from north, column from west]."""
    north: float
    """rad, latitude of the first row."""
    west: float
    """rad, longitude of the first column."""
    spacing_latitude: float
    """rad between rows."""
    spacing_longitude: float
    """rad between columns."""
    filled: int = 0
    """Posts that were not measured and are filled from their neighbours."""

    @property
    def south(self) -> float:
        """rad, latitude of the last row."""
        return self.north - (len(self.heights) - 1) * self.spacing_latitude

    @property
    def east(self) -> float:
        """rad, longitude of the last column."""
        columns: int = self.heights.shape[1]
        return self.west + (columns - 1) * self.spacing_longitude

    def tile(self, reach: float = 1.0) -> Tile:
        """Its place for the step; `reach` as in `Tile`."""
        rows, columns = self.heights.shape
        return Tile(self.north, self.west, self.spacing_latitude, self.spacing_longitude, rows, columns, 1, reach)

    def inside(self, latitude: Any, longitude: Any) -> npt.NDArray[np.bool_]:
        """Whether places (rad) lie on the tile."""
        row, column = self._place(latitude, longitude)
        rows, columns = (each - 1.0 + SLACK for each in self.heights.shape)
        return np.asarray((row >= -SLACK) & (row <= rows) & (column >= -SLACK) & (column <= columns))

    def at(self, latitude: Any, longitude: Any) -> Floats:
        """m, bilinear between the posts at places (rad); not a number outside."""
        row, column = self._place(latitude, longitude)
        rows, columns = self.heights.shape
        i = np.clip(np.floor(row), 0, rows - 2).astype(np.int64)
        j = np.clip(np.floor(column), 0, columns - 2).astype(np.int64)
        down, across = row - i, column - j
        h = self.heights
        upper = h[i, j] + across * (h[i, j + 1].astype(float) - h[i, j])
        lower = h[i + 1, j] + across * (h[i + 1, j + 1].astype(float) - h[i + 1, j])
        return np.where(self.inside(latitude, longitude), upper + down * (lower - upper), np.nan)

    def around(self, latitude: Any, longitude: Any) -> Floats:
        """m, highest of the four posts around places (rad); not a number outside."""
        row, column = self._place(latitude, longitude)
        rows, columns = self.heights.shape
        i = np.clip(np.floor(row), 0, rows - 2).astype(np.int64)
        j = np.clip(np.floor(column), 0, columns - 2).astype(np.int64)
        h = self.heights
        highest = np.maximum(np.maximum(h[i, j], h[i, j + 1]), np.maximum(h[i + 1, j], h[i + 1, j + 1]))
        return np.where(self.inside(latitude, longitude), highest.astype(float), np.nan)

    def _place(self, latitude: Any, longitude: Any) -> tuple[Floats, Floats]:
        """Rows from the north and columns from the west, as real numbers."""
        row = (self.north - np.asarray(latitude, float)) / self.spacing_latitude
        turned = np.asarray(longitude, float) - self.west
        return row, (turned - 2.0 * np.pi * np.floor(turned / (2.0 * np.pi) + 1e-9)) / self.spacing_longitude


class Terrain(Protocol):
    """Heights by place: a tile, or several."""

    @property
    def spacing_latitude(self) -> float:
        """rad between rows."""

    @property
    def spacing_longitude(self) -> float:
        """rad between columns."""

    def at(self, latitude: Any, longitude: Any) -> Floats:
        """m, bilinear between the posts at places (rad); not a number outside."""

    def around(self, latitude: Any, longitude: Any) -> Floats:
        """m, highest of the four posts around places (rad); not a number outside."""


@dataclass(frozen=True)
class Tiles:
    """Several tiles as one terrain; where two know a place, the first is asked."""

    grids: tuple[Grid, ...]
    """At least one."""

    @property
    def spacing_latitude(self) -> float:
        """rad between rows, of the finest."""
        return min(grid.spacing_latitude for grid in self.grids)

    @property
    def spacing_longitude(self) -> float:
        """rad between columns, of the finest."""
        return min(grid.spacing_longitude for grid in self.grids)

    def at(self, latitude: Any, longitude: Any) -> Floats:
        """m, bilinear between the posts at places (rad); not a number outside of all."""
        return self._first(Grid.at, latitude, longitude)

    def around(self, latitude: Any, longitude: Any) -> Floats:
        """m, highest of the four posts around places (rad); not a number outside of all."""
        return self._first(Grid.around, latitude, longitude)

    def _first(self, of: Callable[[Grid, Any, Any], Floats], latitude: Any, longitude: Any) -> Floats:
        places = np.broadcast_arrays(np.asarray(latitude, float), np.asarray(longitude, float))
        found = np.full(places[0].shape, np.nan)
        for grid in self.grids:
            asked = np.isnan(found) & grid.inside(*places)
            if asked.any():
                found[asked] = of(grid, places[0][asked], places[1][asked])
        return found


def whole(
    heights: npt.NDArray[Any], missing: npt.NDArray[np.bool_], north: float, west: float, spacing: tuple[float, float],
    place: str,
) -> Grid:  # fmt: skip
    """A grid of measured heights, its voids filled.

    Args:
        heights: m, [row from north, column from west].
        missing: posts that were not measured.
        north: rad, of the first row.
        west: rad, of the first column.
        spacing: rad between rows and columns.
        place: name of the file, for refusals.

    Raises:
        MissionError: too many voids, or heights that the Earth does not have.
    """
    if min(heights.shape) < 2 or heights.size > MOST_POSTS:
        told = f"holds {heights.shape[0]} x {heights.shape[1]} posts."
        raise MissionError(told, place, f"Allowed: 2 x 2 up to {MOST_POSTS} posts. Cut the tile.")
    share = float(missing.mean())
    if share > MOST_VOID:
        told = f"has no height at {100.0 * share:.1f} % of its posts."
        raise MissionError(told, place, f"Allowed: up to {100.0 * MOST_VOID:.0f} %. Take a void-filled tile.")
    known = heights[~missing]
    if known.min() < LOWEST or known.max() > HIGHEST:
        told = f"has heights from {known.min():g} to {known.max():g}."
        raise MissionError(told, place, f"Allowed: {LOWEST} to {HIGHEST} m. Is it a terrain model in metres?")
    metres = np.rint(np.where(missing, 0.0, heights)).astype(np.int16)
    return Grid(fill(metres, missing), north, west, *spacing, int(missing.sum()))


def fill(heights: Heights, missing: npt.NDArray[np.bool_]) -> Heights:
    """Heights whose gaps grow shut from their edges: each missing post takes the mean of its known neighbours."""
    values, open_ = heights.astype(float), missing.copy()
    while open_.any():
        padded, known = np.pad(values, 1), np.pad(~open_, 1)
        total, count = np.zeros(values.shape), np.zeros(values.shape)
        for rows, columns in ((slice(0, -2), slice(1, -1)), (slice(2, None), slice(1, -1)),
                              (slice(1, -1), slice(0, -2)), (slice(1, -1), slice(2, None))):  # fmt: skip
            total += np.where(known[rows, columns], padded[rows, columns], 0.0)
            count += known[rows, columns]
        closing = open_ & (count > 0)
        values[closing] = total[closing] / count[closing]
        open_ &= ~closing
    return np.asarray(np.rint(values), np.int16)
