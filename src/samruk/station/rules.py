"""What a plan must keep before it is sent: the rules that the aircraft has too, and the terrain that the station knows.

The aircraft decides; this only spares a crew the way there and back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from samruk.rules import fences, items
from samruk.station import predict, wire
from samruk.station.maps import Ground
from samruk.station.plans import TYPES

LEAST_ABOVE = 60.0
"""m above terrain that a way keeps away from its ends; 200 ft."""
STEEPEST = math.radians(6.0)
"""rad, steepest descent to a landing that is let through; the usual one is 3 degrees."""
NEAR_FIELD = 3000.0
"""m around take-off and landing in which the way may be low."""


def problems(
    kind: wire.Kind, plan: Sequence[wire.Item], a: wire.Aircraft | None, ground: Ground, fence: Sequence[wire.Item],
    words: Callable[[str], str],
) -> list[wire.Problem]:  # fmt: skip
    """Everything that is wrong with a plan; empty: it may be sent."""
    carried = [_carried(item) for item in plan]
    found = [_problem(p, "item") for p in items.check_items(carried, items.Kind(TYPES[kind])) if _refuses(p)]
    if kind == "fence" and not found:
        found += [_problem(p, "fence") for p in fences.boundaries(carried).problems if _refuses(p)]
    if kind in ("mission", "lost_link") and not found:
        found += _way(plan, a, ground, words) + _inside(carried, plan, fence, words)
    return found


def _refuses(problem: items.Problem) -> bool:
    return problem.severity == items.Severity.ERROR


def _problem(problem: items.Problem, rule: str) -> wire.Problem:
    return wire.Problem(problem.item if problem.item >= 0 else None, rule, problem.words)


def _carried(item: wire.Item) -> items.Item:
    """An item as it travels."""
    return items.at(item.command, item.latitude or 0.0, item.longitude or 0.0, item.altitude, item.frame, item.params)


def _way(plan: Sequence[wire.Item], a: wire.Aircraft | None, ground: Ground, words: Callable[[str], str]
         ) -> list[wire.Problem]:  # fmt: skip
    """Height above terrain, steepness of the landing, a place to land."""
    home = a.home if a is not None else None
    field = ground.aerodromes[0] if ground.aerodromes else None
    elevation = home.altitude if home is not None else field.altitude if field is not None else 0.0
    found, low, last = [], None, None
    for k, item in enumerate(plan):
        if item.command not in predict.PLACES or item.latitude is None or item.longitude is None:
            continue
        height = predict.height_of(item, elevation, ground)
        point = predict.Point(0.0, 0.0, item.latitude, item.longitude, elevation if height is None else height, k)
        if last is not None:
            if item.command == predict.LAND:
                found += _slope(last, point, k, words)
            low = low or _low(last, point, plan, ground)
        last = point
    if low is not None:
        found.append(wire.Problem(low, "terrain", words("problem.terrain")))
    if not any(item.command in (predict.LAND, 20) for item in plan):
        found.append(wire.Problem(None, "landing", words("problem.no_landing")))
    return found


def _slope(a: predict.Point, b: predict.Point, k: int, words: Callable[[str], str]) -> list[wire.Problem]:
    length = predict.away(a.latitude, a.longitude, b.latitude, b.longitude)
    steep = math.atan2(a.altitude - b.altitude, length) > STEEPEST
    return [wire.Problem(k, "slope", words("problem.slope"))] if steep else []


def _low(a: predict.Point, b: predict.Point, plan: Sequence[wire.Item], ground: Ground) -> int | None:
    """The item towards which a leg comes too close to the ground, away from where one takes off and lands."""
    fields = [(f.latitude, f.longitude) for f in ground.aerodromes]
    fields += [(i.latitude, i.longitude) for i in plan if i.command in (21, 22) and i.latitude and i.longitude]
    length = predict.away(a.latitude, a.longitude, b.latitude, b.longitude)
    start = predict.Point(0.0, 0.0, a.latitude, a.longitude, a.altitude)
    end = predict.Point(0.0, length, b.latitude, b.longitude, b.altitude, b.item)
    for p in predict.sampled([start, end]):
        under = ground.height(p.latitude, p.longitude)
        near = any(predict.away(p.latitude, p.longitude, *field) < NEAR_FIELD for field in fields)
        if under is not None and not near and p.altitude - under < LEAST_ABOVE:
            return b.item
    return None


def _inside(carried: Sequence[items.Item], plan: Sequence[wire.Item], fence: Sequence[wire.Item],
            words: Callable[[str], str]) -> list[wire.Problem]:  # fmt: skip
    """Whether the way keeps the fence that the aircraft holds."""
    flown = [(k, item) for k, item in enumerate(plan) if item.command in predict.PLACES]
    places = [(k, item) for k, item in flown if item.latitude is not None and item.longitude is not None]
    borders = fences.boundaries([_carried(item) for item in fence])
    for (_, a), (k, b) in pairwise(places):
        way = [(a.latitude or 0.0, a.longitude or 0.0), (b.latitude or 0.0, b.longitude or 0.0)]
        if fences.breach(borders, way) is not None:
            return [wire.Problem(k, "fence", words("problem.fence"))]
    return []
