"""Whether a route clears the ground, and how high a way home is safe. Rules for a plan; the flight is for the physics.

What is assumed of a flight that has not been flown: it climbs by 3.3 % (the least gradient that ICAO Doc 8168 designs a
departure for) from the runway or from the height of the leg before, goes on climbing on a circle, comes down to a
lower leg at once, and flies along the great circle between two places. Near the runway the wanted clearance grows by
0.8 % of the way, as it does there, from where the runway's level surroundings end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from samruk import earth
from samruk.mission import Runway
from samruk.plan import bent
from samruk.terrain import BANK
from samruk.terrain_file.grid import Floats, Grid, Terrain

CLIMB = 0.033
"""Rise over way (ICAO Doc 8168, recalled)."""
GROWTH = 0.008
"""Clearance wanted over way from the runway (ICAO Doc 8168, recalled)."""
CIRCLING_SPEED = 30.0
"""m/s at least, at which a circle gains height (estimated)."""
GATE, GATE_CIRCLE = 6000.0, 2000.0
"""m from the threshold to the approach gate, and radius of the ground that its circle needs."""
DESCENT = 0.04
"""Slope of the autopilot's descent to the gate."""
FARTHEST_DESCENT = 60000.0
"""m."""
STEP = 60.0
"""m at most between the places that are looked at; of each the highest of the four posts around it counts."""
CORRIDOR = 7408.0
"""m, 4 nautical miles beside a course within which 14 CFR 91.177 looks for the highest obstacle."""
MOUNTAINS = 609.6
"""m, 2,000 ft above it in mountains by the same rule."""
POOL = 10
"""Posts along the side of the squares of which the highest post stands for all, where 4 nautical miles are searched."""


class Leg(Protocol):
    """A place to fly to."""

    @property
    def latitude(self) -> float:
        """rad."""

    @property
    def longitude(self) -> float:
        """rad."""

    @property
    def altitude(self) -> float:
        """m above mean sea level."""

    @property
    def loiter(self) -> float:
        """s to circle there."""

    @property
    def circles(self) -> bool:
        """The place is circled."""

    @property
    def radius(self) -> float:
        """m of the circle, signed; 0: the usual one."""

    @property
    def arc(self) -> float:
        """m, signed radius of the arc that leads there; 0: straight."""


@dataclass(frozen=True)
class Fault:
    """Where a leg comes nearest to the ground, nearer than is wanted."""

    leg: int
    """Number from 1."""
    latitude: float
    """rad."""
    longitude: float
    """rad."""
    height: float
    """m above mean sea level, as flown there."""
    ground: float
    """m above mean sea level."""
    wanted: float
    """m of clearance."""
    circling: bool
    """On the circle at its end."""

    def told(self) -> str:
        """What is wrong, on one line."""
        on = "the circle at leg" if self.circling else "leg"
        north, east = math.degrees(self.latitude), math.degrees(self.longitude)
        place = f"{abs(north):.4f} {'N' if north >= 0.0 else 'S'} {abs(east):.4f} {'E' if east >= 0.0 else 'W'}"
        gap = self.height - self.ground
        short = f"{gap:.0f} m above" if gap >= 0.0 else f"{-gap:.0f} m inside"
        return (
            f"{on} {self.leg} at {place} is at {self.height:.0f} m msl, {short} ground of {self.ground:.0f} m; "
            f"wanted are {self.wanted:.0f} m."
        )

    def hint(self) -> str:
        """What would do."""
        return f"Fly there at {50.0 * math.ceil((self.ground + self.wanted) / 50.0):.0f} m msl, or around."


def faults(
    grid: Terrain, legs: Sequence[Leg], home: Runway, clearance: float, radius: float, first: float | None = None
) -> tuple[Fault, ...]:
    """Legs that come too near to the ground; at most one fault for each leg and one for its circle.

    Args:
        grid: the terrain.
        legs: in the order of flight.
        home: where the flight starts.
        clearance: m wanted above the ground.
        radius: m, of a circle.
        first: m above mean sea level at the start, already in flight (a lost-link route); else from the runway.
    """
    found: list[Fault] = []
    here, level, gone = (float(home.latitude), float(home.longitude)), float(home.elevation), 0.0
    taking_off = first is None
    post = min(grid.spacing_latitude, grid.spacing_longitude * math.cos(float(home.latitude))) * earth.MEAN_RADIUS
    step = min(STEP, 0.9 * post)
    for number, leg in enumerate(legs, 1):
        latitude, longitude, way = _bent(here, leg, step)
        start = level if number > 1 or taking_off else max(float(first or 0.0), leg.altitude)
        flown = np.minimum(leg.altitude, start + CLIMB * way)
        wanted = np.minimum(clearance, GROWTH * (gone + way)) if taking_off else np.full(way.shape, clearance)
        wanted = np.where(gone + way < BANK, -np.inf, wanted) if taking_off else wanted
        found += _worst(grid, number, latitude, longitude, flown, wanted, False)
        here, level, gone = (leg.latitude, leg.longitude), float(flown[-1]), gone + float(way[-1])
        if leg.circles:
            latitude, longitude = _circle(here, abs(leg.radius) or radius)
            flat = np.full(latitude.shape, level)
            found += _worst(grid, number, latitude, longitude, flat, np.full(latitude.shape, wanted[-1]), True)
            level = min(leg.altitude, level + CLIMB * CIRCLING_SPEED * leg.loiter)
    return tuple(found)


def _worst(
    grid: Terrain, number: int, latitude: Floats, longitude: Floats, flown: Floats, wanted: Floats, circling: bool
) -> list[Fault]:
    """The place of a line where most is missing, if anything is."""
    ground = grid.around(latitude, longitude)
    missing = np.where(np.isfinite(ground), ground + wanted - flown, -np.inf)
    k = int(np.argmax(missing))
    if missing[k] <= 0.0:
        return []
    place, heights = (float(latitude[k]), float(longitude[k])), (float(flown[k]), float(ground[k]), float(wanted[k]))
    return [Fault(number, *place, *heights, circling)]


def _bent(here: tuple[float, float], leg: Leg, step: float) -> tuple[Floats, Floats, Floats]:
    """Places (rad) along the way to a leg, straight or as an arc, and the way, m."""
    pieces, gone, at = [], 0.0, here
    for there in bent(here, (leg.latitude, leg.longitude), leg.arc):
        latitude, longitude, way = _line(at, there, step)
        pieces.append((latitude, longitude, way + gone))
        gone, at = gone + float(way[-1]), there
    latitude, longitude, way = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return latitude, longitude, way


def _line(a: tuple[float, float], b: tuple[float, float], step: float = STEP) -> tuple[Floats, Floats, Floats]:
    """Places (rad) along the great circle from a to b, and the way from a, m."""
    u, v = _unit(*a), _unit(*b)
    angle = math.atan2(float(np.linalg.norm(np.cross(u, v))), float(u @ v))
    count = max(2, math.ceil(angle * earth.MEAN_RADIUS / step) + 1)
    t = np.linspace(0.0, 1.0, count)
    if angle < 1e-9:
        between = np.repeat(u[None], count, axis=0)
    else:
        between = (np.outer(np.sin((1.0 - t) * angle), u) + np.outer(np.sin(t * angle), v)) / math.sin(angle)
    x, y, z = between.T
    return np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x), t * angle * earth.MEAN_RADIUS


def _unit(latitude: float, longitude: float) -> Floats:
    c = math.cos(latitude)
    return np.array([c * math.cos(longitude), c * math.sin(longitude), math.sin(latitude)])


def _circle(middle: tuple[float, float], radius: float) -> tuple[Floats, Floats]:
    """Places (rad) on a circle, near enough for some kilometres."""
    turn = np.linspace(0.0, 2.0 * math.pi, 181)
    latitude = middle[0] + radius / earth.MEAN_RADIUS * np.cos(turn)
    longitude = middle[1] + radius / earth.MEAN_RADIUS * np.sin(turn) / max(math.cos(middle[0]), 1e-3)
    return latitude, longitude


def safe_height(grid: Grid, places: Sequence[tuple[float, float]], fields: Sequence[tuple[float, float]]) -> float:
    """m above mean sea level, lowest safe height of a way from any leg of a route to any of the aerodromes.

    2,000 ft above the highest post within 4 nautical miles of the legs and of the straight ways to the fields (14 CFR
    91.177, the rule for mountains); squares of posts are searched, so it may err upwards by one square.

    Args:
        grid: the terrain.
        places: rad, the legs in the order of flight.
        fields: rad, home and the alternates; the route starts at the first.
    """
    lines = [_line(a, b) for a, b in zip([fields[0], *places], places, strict=False)]
    lines += [_line(place, field) for place in places for field in fields]
    return MOUNTAINS + highest_beside(grid, np.concatenate([each[0][::20] for each in lines]),
                                      np.concatenate([each[1][::20] for each in lines]))  # fmt: skip


def descent_radius(grid: Terrain, runway: Runway, glide_slope: float, clearance: float) -> float:
    """m around the approach gate within which a descent of 4 % towards it clears the terrain; 0: not even its circle.

    Args:
        grid: the terrain.
        runway: landing threshold and heading.
        glide_slope: rad.
        clearance: m wanted above the ground.
    """
    back = math.pi + float(runway.heading)
    latitude = runway.latitude + GATE / earth.MEAN_RADIUS * math.cos(back)
    longitude = runway.longitude + GATE / earth.MEAN_RADIUS * math.sin(back) / max(math.cos(runway.latitude), 1e-3)
    height = runway.elevation + GATE * math.tan(glide_slope)
    away = np.arange(STEP, FARTHEST_DESCENT, STEP)[:, None]
    turn = np.linspace(0.0, 2.0 * math.pi, 720)[None]
    ground = grid.at(latitude + away / earth.MEAN_RADIUS * np.cos(turn),
                     longitude + away / earth.MEAN_RADIUS * np.sin(turn) / max(math.cos(latitude), 1e-3))  # fmt: skip
    cone = height + DESCENT * np.maximum(away - GATE_CIRCLE, 0.0)
    near = np.any(np.isfinite(ground) & (ground + clearance > cone), axis=1)
    first = float(away[np.argmax(near), 0]) if near.any() else FARTHEST_DESCENT
    return first if first > GATE_CIRCLE else 0.0


def highest_beside(grid: Grid, latitude: Floats, longitude: Floats, beside: float = CORRIDOR) -> float:
    """m, highest post of the squares whose middle lies within some metres of any of the places; 0 for none."""
    rows, columns = (n // POOL * POOL for n in grid.heights.shape)
    if rows == 0 or columns == 0:
        return float(grid.heights.max())
    squares = grid.heights[:rows, :columns].reshape(rows // POOL, POOL, columns // POOL, POOL).max(axis=(1, 3))
    north = grid.north - (np.arange(rows // POOL) + 0.5) * POOL * grid.spacing_latitude
    east = grid.west + (np.arange(columns // POOL) + 0.5) * POOL * grid.spacing_longitude
    size = 0.5 * POOL * math.hypot(grid.spacing_latitude, grid.spacing_longitude) * earth.MEAN_RADIUS
    near = np.zeros(squares.shape, bool)
    for a, b in zip(latitude, longitude, strict=True):
        away = np.hypot((north - a)[:, None], ((east - b) * math.cos(a))[None]) * earth.MEAN_RADIUS
        near |= away <= beside + size
    return float(squares[near].max()) if near.any() else 0.0
