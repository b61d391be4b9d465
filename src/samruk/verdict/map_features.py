"""What a mission states about places: a map is drawn from these and the flights' tracks alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from samruk.terrain_file import Grid


class Place(NamedTuple):
    """A named point of a route."""

    name: str
    latitude: float
    """rad."""
    longitude: float
    """rad, east."""


@dataclass(frozen=True)
class Aerodrome:
    """A runway that the mission names."""

    name: str
    latitude: float
    """rad, landing threshold."""
    longitude: float
    """rad, east."""
    heading: float = 0.0
    """rad, true, of landing."""
    length: float = 2500.0
    """m."""
    home: bool = False
    """Whether the mission starts there."""


@dataclass(frozen=True)
class CloudFootprint:
    """A slab of cloud seen from above: a rectangle turned to a bearing."""

    latitude: float
    """rad, middle."""
    longitude: float
    """rad, east."""
    bearing: float
    """rad, true, of the long axis."""
    half_length: float
    """m along the bearing."""
    half_width: float
    """m across it."""
    base: float
    """m."""
    top: float
    """m."""
    start: float = math.nan
    """s since 1970, when it is there first; NaN: always."""
    end: float = math.nan
    """s since 1970, when it is gone."""
    icing: bool = True
    """Whether its water is supercooled."""


@dataclass(frozen=True)
class Antenna:
    """A ground antenna and the heights for which its reach is drawn."""

    name: str
    latitude: float
    """rad."""
    longitude: float
    """rad, east."""
    height: float = 15.0
    """m above the ground."""
    elevation: float = 0.0
    """m, ground below it."""
    reach_at: tuple[float, ...] = ()
    """m above mean sea level: heights of an aircraft."""


@dataclass(frozen=True)
class MissionMap:
    """What a mission states about places."""

    title: str = "Map"
    route: tuple[Place, ...] = ()
    lost_link: tuple[Place, ...] = ()
    aerodromes: tuple[Aerodrome, ...] = ()
    antennas: tuple[Antenna, ...] = ()
    clouds: tuple[CloudFootprint, ...] = ()
    relief: Grid | None = None
    """The terrain, where the mission names some."""
