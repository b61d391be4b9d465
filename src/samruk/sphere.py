"""Ways over a sphere of the Earth's mean radius, as numbers: for plans, charts and people, not for the step.

A sphere is within 0.5 % of the ellipsoid. Angles in rad, east and north positive, courses from true north.
"""

from __future__ import annotations

import math

from samruk.earth import MEAN_RADIUS


def distance(latitude: float, longitude: float, from_latitude: float, from_longitude: float) -> float:
    """m along the great circle between two places (haversine)."""
    north, east = math.sin(0.5 * (latitude - from_latitude)), math.sin(0.5 * (longitude - from_longitude))
    half = north * north + math.cos(latitude) * math.cos(from_latitude) * east * east
    return 2.0 * MEAN_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Course at place a of the great circle to place b."""
    d = b[1] - a[1]
    y = math.sin(d) * math.cos(b[0])
    x = math.cos(a[0]) * math.sin(b[0]) - math.sin(a[0]) * math.cos(b[0]) * math.cos(d)
    return math.atan2(y, x)


def ahead(a: tuple[float, float], course: float, way: float) -> tuple[float, float]:
    """The place so many metres along a great circle."""
    s = way / MEAN_RADIUS
    latitude = math.asin(math.sin(a[0]) * math.cos(s) + math.cos(a[0]) * math.sin(s) * math.cos(course))
    east = math.atan2(
        math.sin(course) * math.sin(s) * math.cos(a[0]), math.cos(s) - math.sin(a[0]) * math.sin(latitude)
    )
    return latitude, (a[1] + east + math.pi) % (2.0 * math.pi) - math.pi
