"""Geofences: made of items, asked whether a way leaves them, and how soon a turning aircraft would."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from samruk.earth import MEAN_RADIUS
from samruk.plan import Fence, beyond
from samruk.rules.items import Cmd, Item, Problem, Verdict

Points = NDArray[np.float64]

VERTICES = (Cmd.FENCE_POLYGON_INCLUSION, Cmd.FENCE_POLYGON_EXCLUSION)
CIRCLES = (Cmd.FENCE_CIRCLE_INCLUSION, Cmd.FENCE_CIRCLE_EXCLUSION)
CORNERS = 2000
"""Most corners of all fences."""
LARGEST = 2e6
"""m, radius of a circle."""
SLICE = 1.0
"""s of flight between the places at which a path is looked at."""


@dataclass(frozen=True)
class Boundary:
    """One border."""

    fence: Fence
    """Its shape; degrees, as plans have them."""
    first: int = 0
    """Number of its first item."""

    @property
    def inclusion(self) -> bool:
        """True when the aircraft stays inside."""
        return self.fence.inclusion


@dataclass(frozen=True)
class Fences:
    """All borders of a plan and where to go when one is passed."""

    borders: tuple[Boundary, ...] = ()
    back: tuple[float, float] | None = None
    """Latitude and longitude, rad, of the return point."""
    problems: tuple[Problem, ...] = field(default=())


def boundaries(items: Sequence[Item]) -> Fences:
    """Fences of items.

    Polygons are runs of vertices that all carry the number of corners of theirs.

    Args:
        items: of the fence plan.

    Returns:
        Borders, and what is wrong with the items; borders that are wrong are left out.
    """
    found: list[Boundary] = []
    problems: list[Problem] = []
    back: tuple[float, float] | None = None
    place = 0
    if sum(item.command in VERTICES for item in items) > CORNERS:
        return Fences(problems=(Problem(-1, f"more than {CORNERS} corners.", verdict=Verdict.NO_SPACE),))
    while place < len(items):
        item = items[place]
        if not item.is_placed:
            problems.append(Problem(place, f"{item.name} has no place.", verdict=Verdict.INVALID_PARAM5_X))
            place += 1
        elif item.command in VERTICES:
            place = _polygon(items, place, found, problems)
        else:
            back = _other(item, place, back, found, problems)
            place += 1
    return Fences(tuple(found), back, tuple(problems))


def _other(
    item: Item, place: int, back: tuple[float, float] | None, found: list[Boundary], problems: list[Problem]
) -> tuple[float, float] | None:
    """A circle, or the return point."""
    if item.command == Cmd.NAV_FENCE_RETURN_POINT:
        return item.latitude, item.longitude
    if item.command not in CIRCLES:
        problems.append(Problem(place, f"{item.name} is no fence item.", verdict=Verdict.UNSUPPORTED))
    elif not 0.0 < item.number(1) <= LARGEST:
        words = f"a circle of {item.number(1):g} m; allowed: above 0 to {LARGEST:.0f} m."
        problems.append(Problem(place, words, verdict=Verdict.INVALID_PARAM1))
    else:
        middle = (math.degrees(item.latitude), math.degrees(item.longitude))
        found.append(Boundary(Fence(item.command == Cmd.FENCE_CIRCLE_INCLUSION, (middle,), item.number(1)), place))
    return back


def _polygon(items: Sequence[Item], place: int, found: list[Boundary], problems: list[Problem]) -> int:
    """Read one polygon; returns the number of the item after it."""
    item = items[place]
    count = int(item.number(1))
    run = items[place : place + max(count, 1)]
    same = all(each.command == item.command and int(each.number(1)) == count and each.is_placed for each in run)
    if count < 3 or len(run) < count or not same:
        words = f"a polygon of {count} corners is not followed by them; at least 3."
        problems.append(Problem(place, words, verdict=Verdict.INVALID_PARAM1))
        return place + max(sum(1 for each in run if each.command == item.command), 1)
    corners = [(math.degrees(each.latitude), math.degrees(each.longitude)) for each in run]
    if crosses_itself(corners):
        problems.append(Problem(place, "the polygon crosses itself; move a corner."))
    else:
        inclusion = item.command == Cmd.FENCE_POLYGON_INCLUSION
        found.append(Boundary(Fence(inclusion, tuple(corners)), place))
    return place + count


def crosses_itself(corners: Sequence[tuple[float, float]]) -> bool:
    """Whether two sides of a polygon that are no neighbours meet."""
    n = len(corners)
    sides = [(corners[k], corners[(k + 1) % n]) for k in range(n)]
    return any(
        _meet(*sides[i], *sides[j]) for i in range(n) for j in range(i + 2, n) if not (i == 0 and j == n - 1)
    )


def _meet(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> bool:
    def side(o: tuple[float, float], u: tuple[float, float], v: tuple[float, float]) -> float:
        return (u[0] - o[0]) * (v[1] - o[1]) - (u[1] - o[1]) * (v[0] - o[0])

    return side(a, b, c) * side(a, b, d) < 0.0 and side(c, d, a) * side(c, d, b) < 0.0


def breach(fences: Fences, way: Sequence[tuple[float, float]]) -> tuple[Boundary, int] | None:
    """The first border that a way passes.

    Args:
        fences: the borders.
        way: latitude and longitude, rad, of places in turn; one place asks where the aircraft is now.

    Returns:
        The border, and the number of the last piece of the way before it; None when the way keeps all of them.
    """
    worst: tuple[Boundary, int] | None = None
    points = np.array(way, dtype=np.float64)
    for border in fences.borders:
        found = beyond(border.fence, points)
        if found is not None and (worst is None or found < worst[1]):
            worst = border, found
    return worst


def path_ahead(
    latitude: float, longitude: float, course: float, ground_speed: float, turn_rate: float, seconds: float
) -> list[tuple[float, float]]:
    """Places along a turn at a steady rate, then straight on, for so many seconds.

    Args:
        latitude: rad.
        longitude: rad.
        course: rad, true.
        ground_speed: m/s.
        turn_rate: rad/s, positive to the right.
        seconds: how far ahead.
    """
    way, now = [(latitude, longitude)], course
    for _ in range(math.ceil(seconds / SLICE)):
        middle = now + 0.5 * turn_rate * SLICE
        step = ground_speed * SLICE / MEAN_RADIUS
        latitude, longitude = (
            latitude + step * math.cos(middle), longitude + step * math.sin(middle) / max(math.cos(latitude), 1e-3)
        )  # fmt: skip
        now += turn_rate * SLICE
        way.append((latitude, longitude))
    return way


def time_to_breach(
    fences: Fences, latitude: float, longitude: float, course: float, ground_speed: float, turn_rate: float,
    seconds: float,
) -> float | None:  # fmt: skip
    """s until the first border is passed, if the aircraft goes on as it does; None within `seconds` none is."""
    if not fences.borders:
        return None
    found = breach(fences, path_ahead(latitude, longitude, course, ground_speed, turn_rate, seconds))
    return None if found is None else found[1] * SLICE


def warning_time(ground_speed: float, bank: float, reaction: float = 5.0) -> float:
    """s ahead that must be looked at so that a turn away stays inside: half a circle's radius, and time to react."""
    radius = ground_speed * ground_speed / (9.80665 * math.tan(bank))
    return reaction + math.pi * radius / max(ground_speed, 1.0)
