"""The way ahead along a route: heights over terrain, and where the links will be lost.

Margins are foreseen from the margin that is measured now: free space costs 20 lg of the distance; the horizon of an
Earth of 4/3 radius (standard refraction, ITU-R P.452) and the terrain of the station's own tiles end the line of sight.
The satellite's margin is carried on as it is. This says where the link goes, not how a gust of rain changes it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samruk.earth import MEAN_RADIUS
from samruk.sphere import distance
from samruk.station import wire
from samruk.station.maps import Ground

EFFECTIVE = 4.0 / 3.0
"""Factor on the Earth's radius for the bent ray."""
STEP = 1000.0
"""m between samples of the way, at least."""
MOST = 240
"""Samples along the way."""
RAY = 192
"""Places along a ray at which terrain is asked."""
NEAR = 1800.0
"""m, nearer than which a margin is taken to be that of this range: parked, and right overhead, the belly antenna and
the ground's reflection keep it some 11 dB below free space (as the model has it)."""
HIDDEN = -20.0
"""dB shown where the ray is cut off."""
ANTENNA = 15.0
"""m of the station's antenna above its ground."""
PLACES = frozenset({16, 17, 18, 19, 21, 22, 31, 36, 35, 82})
"""Mission commands that are flown to."""
RELATIVE, TERRAIN = frozenset({3, 6}), frozenset({10, 11})
"""MAV_FRAMEs above home and above terrain."""
LOITER_TIME, LOITER_FOR_EVER, RETURN, LAND = 19, 17, 20, 21
LEAST = 2.0
"""m above the ground at which an aircraft's antenna is taken to be, however low its height reads."""


@dataclass(frozen=True)
class Point:
    """A place ahead."""

    s: float
    """s from now."""
    distance: float
    """m from the aircraft."""
    latitude: float
    longitude: float
    altitude: float
    """m msl."""
    item: int | None = None
    """Of the route, where one is reached."""


def height_of(item: wire.Item, home: float, ground: Ground) -> float | None:
    """m msl of an item by its frame; None where the ground that it is above is not known."""
    if item.altitude is None:
        return None
    if item.frame in RELATIVE:
        return home + item.altitude
    if item.frame in TERRAIN:
        under = ground.height(item.latitude, item.longitude)
        return None if under is None else under + item.altitude
    return item.altitude


def way(a: wire.Aircraft, items: Sequence[wire.Item], first: int, ground: Ground, speed: float) -> list[Point]:
    """From where the aircraft is, over the items from one on, to the end or to a loiter without end.

    Args:
        a: the aircraft.
        items: of the route.
        first: item in hand.
        ground: for heights above terrain.
        speed: m/s over the ground.
    """
    place = a.place
    if place.latitude is None or place.longitude is None or place.altitude is None:
        return []
    home = a.home.altitude if a.home is not None else 0.0
    found = [Point(0.0, 0.0, place.latitude, place.longitude, place.altitude)]
    for k in range(max(0, first), len(items)):
        item = items[k]
        if item.command == RETURN and a.home is not None:
            item = wire.Item(LAND, 0, item.params, a.home.latitude, a.home.longitude, a.home.altitude)
        if item.command not in PLACES or item.latitude is None or item.longitude is None:
            continue
        last, height = found[-1], height_of(item, home, ground)
        length = distance(last.latitude, last.longitude, item.latitude, item.longitude)
        s, altitude = last.s + length / max(speed, 1.0), last.altitude if height is None else height
        found.append(Point(s, last.distance + length, item.latitude, item.longitude, altitude, k))
        if item.command == LOITER_TIME and item.params[0]:
            found.append(Point(s + item.params[0], last.distance + length, item.latitude, item.longitude, altitude))
        if item.command in (LOITER_FOR_EVER, LAND):
            break
    return found


def sampled(points: Sequence[Point]) -> list[Point]:
    """The same way with places between, evenly in distance."""
    if len(points) < 2:
        return list(points)
    step = max(STEP, points[-1].distance / MOST)
    out = [points[0]]
    for a, b in itertools.pairwise(points):
        count = max(1, math.ceil((b.distance - a.distance) / step))
        for k in range(1, count + 1):
            t = k / count
            out.append(Point(a.s + t * (b.s - a.s), a.distance + t * (b.distance - a.distance),
                             a.latitude + t * (b.latitude - a.latitude), a.longitude + t * (b.longitude - a.longitude),
                             a.altitude + t * (b.altitude - a.altitude), b.item if k == count else None))  # fmt: skip
    return out


def profile(points: Sequence[Point], ground: Ground) -> list[wire.ProfilePoint]:
    """The way from the side."""
    return [wire.ProfilePoint(p.s, p.distance, p.altitude, ground.height(p.latitude, p.longitude)) for p in points]


def clearance(site: wire.Site, point: Point, ground: Ground) -> float:
    """Lowest height, m, of the ray from the station's antenna above the bulged ground; negative: hidden."""
    assert site.latitude is not None
    assert site.longitude is not None
    base = ground.height(site.latitude, site.longitude) or 0.0
    length = distance(site.latitude, site.longitude, point.latitude, point.longitude)
    t = (np.arange(RAY) + 0.5) / RAY
    below = ground.height(point.latitude, point.longitude)
    height = point.altitude if below is None else max(point.altitude, below + LEAST)
    ray = base + ANTENNA + t * (height - base - ANTENNA)
    bulge = t * (1.0 - t) * length * length / (2.0 * EFFECTIVE * MEAN_RADIUS)
    under = _heights(site, point, ground, t)
    beyond = t * length > 100.0
    return float(np.min(np.where(beyond, ray - bulge - under, math.inf))) if beyond.any() else math.inf


def _heights(site: wire.Site, point: Point, ground: Ground, t: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
             ) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:  # fmt: skip
    """m msl of the ground under a ray; sea level where nothing is known."""
    assert site.latitude is not None
    assert site.longitude is not None
    latitude = site.latitude + t * (point.latitude - site.latitude)
    longitude = site.longitude + t * (point.longitude - site.longitude)
    found = np.full(t.shape, np.nan)
    for grid in ground.grids:
        found = np.where(np.isfinite(found), found, grid.at(latitude, longitude))
    return np.where(np.isfinite(found), found, ground.plain if ground.plain is not None else 0.0)


def _range(site: wire.Site, point: Point, ground: Ground) -> float:
    """m from the station's antenna, straight; not below `NEAR`."""
    base = ground.height(site.latitude, site.longitude) or 0.0
    flat = distance(site.latitude or 0.0, site.longitude or 0.0, point.latitude, point.longitude)
    return max(math.hypot(flat, point.altitude - base - ANTENNA), NEAR)


def margins(a: wire.Aircraft, site: wire.Site, points: Sequence[Point], ground: Ground) -> list[wire.Margin]:
    """Margins of both links along the way."""
    los = next((link.margin for link in a.links if link.bearer == "line_of_sight"), None)
    satellite = next((link.margin for link in a.links if link.bearer == "satellite"), None)
    if site.latitude is None or site.longitude is None or not points:
        return []
    now = _range(site, points[0], ground)
    seen_now = clearance(site, points[0], ground) > 0.0
    out = []
    for point in points:
        margin = None
        if los is not None and seen_now and los > HIDDEN:
            margin = los - 20.0 * math.log10(_range(site, point, ground) / now)
        if clearance(site, point, ground) <= 0.0:
            margin = HIDDEN
        out.append(wire.Margin(point.s, point.distance, margin, satellite))
    return out


def gaps(rows: Sequence[wire.Margin]) -> list[wire.Gap]:
    """Stretches without a link: of the line of sight, and of all."""
    out = []
    for bearer in ("line_of_sight", "all"):
        start: wire.Margin | None = None
        for row in [*rows, None]:
            down = row is not None and _down(row, bearer)
            if down and start is None:
                start = row
            elif not down and start is not None:
                end = row or rows[-1]
                reason = "hidden" if (start.los_db or 0.0) <= HIDDEN else "range"
                out.append(wire.Gap(bearer, start.s, end.s, start.distance, end.distance, reason))
                start = None
    return out


def _down(row: wire.Margin, bearer: str) -> bool:
    los = row.los_db is not None and row.los_db < 0.0
    if bearer == "line_of_sight":
        return los
    return los and (row.satellite_db is None or row.satellite_db < 0.0)
