"""What a record holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

FRAME_UNITS = {
    "s": ("time",),
    "rad": ("latitude", "longitude", "phi", "theta", "psi", "alpha", "aileron", "sun_elevation"),
    "m": ("height", "ground", "visibility", "navigation_error", "altitude_indicated"),
    "m_s": (
        "airspeed", "airspeed_indicated", "ground_speed", "climb_rate", "wind_north", "wind_east", "wind_up", "gust_up",
        "rain",
    ),
    "kg": ("ice", "fuel", "bingo"),
    "kg_m3": ("cloud_water",),
    "db": ("los_margin", "satellite_margin"),
    "w": ("shaft_power",),
    "w_m2": ("irradiance",),
    "k": (
        "temperature", "bay_temperature", "fuel_temperature", "engine_temperature", "oil_temperature",
        "box_temperature", "battery_temperature", "turret_temperature", "skin_temperature",
    ),
}
"""Unit of a frame's fields as files write it; the others are plain numbers."""
_UNIT_OF = {name: unit for unit, names in FRAME_UNITS.items() for name in names}


def keys(names: tuple[str, ...]) -> list[str]:
    """Names of a frame's fields as files write them, with the unit."""
    return [f"{name}_{_UNIT_OF[name]}" if name in _UNIT_OF else name for name in names]


@dataclass(frozen=True)
class FlightRecord:
    """One flight as recorded."""

    name: str
    """As the mission names it."""
    note: str
    """What sets it apart from the others."""
    epoch: float
    """s since 1970-01-01T00:00Z, of time 0 of the frames."""
    inputs: dict[str, Any]
    """Leaves of all inputs by dotted name (`leaves.flatten`); numbers, or nested dictionaries of them."""
    tables: dict[str, np.ndarray[Any, Any]]
    """The mission's tables by dotted name."""
    names: tuple[str, ...]
    """Fields of a frame."""
    frames: np.ndarray[Any, Any]
    """float64 [frame, field], SI and radians."""
    ticks: np.ndarray[Any, Any]
    """int64 [frame]: slow ticks since the epoch."""
    ledger: dict[str, Any] = field(default_factory=dict)
    """Leaves of the ledger by dotted name."""
    verdict: dict[str, Any] = field(default_factory=dict)
    """The verdict as a dictionary; its `events` are lists of `time` (s since 1970), `text`, `level`."""

    def column(self, name: str) -> np.ndarray[Any, Any]:
        """One field over the frames."""
        column: np.ndarray[Any, Any] = self.frames[:, self.names.index(name)]
        return column


@dataclass(frozen=True)
class Recording:
    """All flights of a mission and where they come from."""

    title: str
    """Of the mission."""
    flights: tuple[FlightRecord, ...]
    """In the order of the mission."""
    provenance: dict[str, Any] = field(default_factory=dict)
    """Versions, hashes, seed, engine."""
    sources: dict[str, bytes] = field(default_factory=dict)
    """The files that were read, by name: mission, aircraft, weather."""
    details: dict[str, Any] = field(default_factory=dict)
    """What else a report needs of the mission: subtitle, names of aerodromes, exchange rates."""
