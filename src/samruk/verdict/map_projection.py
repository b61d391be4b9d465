"""A chart of a few hundred kilometres: Lambert's conformal cone on a sphere, and places at a distance.

The sphere has the Earth's mean radius; a place on the ellipsoid is drawn at its geodetic latitude. Distances read from
the chart are good to about 0.5 % (flattening 0.3 %, cone 0.2 % over 1,000 km), which a px cannot show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

EARTH = 6371008.8
"""m, mean radius (IUGG R1)."""
EFFECTIVE = 4.0 / 3.0
"""Factor on the Earth's radius for radio waves in a standard atmosphere (ITU-R P.453)."""


@dataclass(frozen=True)
class Cone:
    """Lambert's conformal cone, true at two parallels."""

    latitude: float
    """rad, middle."""
    longitude: float
    """rad, middle: north is up there."""
    south: float
    """rad, first true parallel."""
    north: float
    """rad, second true parallel."""

    def _shape(self) -> tuple[float, float]:
        """The cone's constant n and its scale."""
        if abs(self.north - self.south) < 1e-6:
            n = math.sin(self.south)
        else:
            n = math.log(math.cos(self.south) / math.cos(self.north)) / math.log(_tan(self.north) / _tan(self.south))
        n = n if abs(n) > 1e-4 else math.copysign(1e-4, n or 1.0)
        return n, math.cos(self.south) * float(_tan(self.south)) ** n / n

    def xy(self, latitude: Array, longitude: Array) -> tuple[Array, Array]:
        """m east and m north of the middle."""
        n, scale = self._shape()
        turn = (np.asarray(longitude) - self.longitude + np.pi) % (2.0 * np.pi) - np.pi
        rho = EARTH * scale / _tan(np.asarray(latitude)) ** n
        middle = EARTH * scale / _tan(self.latitude) ** n
        return rho * np.sin(n * turn), middle - rho * np.cos(n * turn)

    def back(self, x: float, y: float) -> tuple[float, float]:
        """rad: latitude and longitude of a place on the chart."""
        n, scale = self._shape()
        middle = EARTH * scale / float(_tan(self.latitude)) ** n
        rho = math.copysign(math.hypot(x, middle - y), n)
        turn = math.atan2(math.copysign(1.0, n) * x, math.copysign(1.0, n) * (middle - y)) / n
        latitude = 2.0 * math.atan((EARTH * scale / rho) ** (1.0 / n)) - math.pi / 2.0
        return latitude, (self.longitude + turn + math.pi) % (2.0 * math.pi) - math.pi


def _tan(latitude: Any) -> Any:
    """tan(45 deg + latitude / 2), the isometric latitude's exponential."""
    return np.tan(np.pi / 4.0 + latitude / 2.0)


def cone_for(latitude: Array, longitude: Array) -> Cone:
    """A cone for some places: true at a sixth of their span from its ends."""
    low, high = float(latitude.min()), float(latitude.max())
    middle_longitude = float(np.angle(np.exp(1j * longitude).mean()))
    margin = (high - low) / 6.0
    return Cone((low + high) / 2.0, middle_longitude, low + margin, high - margin)


def away(latitude: float, longitude: float, bearing: Any, distance: Any) -> tuple[Array, Array]:
    """rad: places at a bearing (rad) and distance (m) along the great circle from one place."""
    part, bearing = np.asarray(distance) / EARTH, np.asarray(bearing)
    sin = math.sin(latitude) * np.cos(part) + math.cos(latitude) * np.sin(part) * np.cos(bearing)
    east = np.sin(bearing) * np.sin(part) * math.cos(latitude)
    turn = np.arctan2(east, np.cos(part) - math.sin(latitude) * sin)
    return np.arcsin(np.clip(sin, -1.0, 1.0)), longitude + turn


def apart(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """m: great-circle distance between two places (rad)."""
    north, east = math.sin((to_latitude - latitude) / 2.0), math.sin((to_longitude - longitude) / 2.0)
    return 2.0 * EARTH * math.asin(math.sqrt(north**2 + math.cos(latitude) * math.cos(to_latitude) * east**2))


def line_of_sight(antenna: float, height: float) -> float:
    """m: how far an antenna reaches an aircraft over a smooth Earth, by the effective radius.

    Args:
        antenna: m, antenna above the ground.
        height: m, aircraft above that ground.
    """
    return math.sqrt(2.0 * EFFECTIVE * EARTH) * (math.sqrt(max(antenna, 0.0)) + math.sqrt(max(height, 0.0)))
