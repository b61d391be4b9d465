"""What a mission must keep before it is flown: heights, slopes, turns, fences, landing, fuel, a way home from each leg.

Pure and quick (some milliseconds for a hundred items), and the same on the ground and aboard: a station asks before it
uploads, the aircraft before it stores. What is assumed of a flight that has not been flown is said at each rule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from samruk.mission import Runway
from samruk.rules.fences import Fences, boundaries, breach
from samruk.rules.items import (
    ENDLESS,
    NAVIGATION,
    PICTURES,
    Cmd,
    Item,
    Kind,
    Problem,
    Severity,
    Verdict,
    check_items,
    worst,
)
from samruk.rules.route import FOREVER, Leg, Place, Setting, Step, begins_with_home, tag_of, walk
from samruk.sphere import ahead, bearing, distance
from samruk.terrain_file.clearance import GATE, descent_radius, faults
from samruk.terrain_file.grid import Terrain

LOOKED_AT = 400
"""Steps of a mission that are looked at: a loop repeats itself."""
GRAVITY = 9.80665
LOWEST_ABOVE_FIELD = 60.0
"""m above the home field, below which no leg is flown where no terrain is known (estimated)."""
CIRCLE_POINTS = 24
"""Places at which a circle is looked at for fences."""
GENTLE = 1.15
"""Least radius over that at full bank: wind and the roll into the turn (estimated)."""


@dataclass(frozen=True)
class Ability:
    """What an aircraft can fly, by its handbook; SI."""

    airspeed: float = 45.0
    """m/s true, in cruise at mission height."""
    slowest: float = 33.0
    """m/s calibrated."""
    fastest: float = 70.0
    """m/s calibrated."""
    climb: float = 0.04
    """Rise over way that it keeps up to its ceiling's lower half."""
    descent: float = 0.06
    """Fall over way at idle, without gaining speed."""
    bank: float = math.radians(25.0)
    """rad, that the autopilot turns with."""
    ceiling: float = 9000.0
    """m above mean sea level."""
    fuel: float = math.inf
    """kg aboard for the mission, reserve taken off."""
    flow: float = 0.0
    """kg/s in cruise."""

    @property
    def radius(self) -> float:
        """m, least radius of a turn."""
        return GENTLE * self.airspeed * self.airspeed / (GRAVITY * math.tan(self.bank))


@dataclass(frozen=True)
class World:
    """What a plan is checked against."""

    setting: Setting
    ability: Ability = Ability()
    fences: Fences = Fences()
    grid: Terrain | None = None
    """Terrain; None where only the fields' heights are known."""
    clearance: float = 150.0
    """m above the ground that is wanted."""
    glide_slope: float = 0.0524
    """rad, of the approach."""
    in_air: bool = False
    """True when the aircraft is flying: the route need not begin at the runway."""


@dataclass(frozen=True)
class Estimate:
    """How long a mission takes."""

    way: float
    """m; of an endless one to its last step."""
    time: float
    """s in still air."""
    fuel: float
    """kg."""
    endless: bool = False
    """True when it ends only by an order."""


def check(items: Sequence[Item], kind: Kind, world: World) -> list[Problem]:
    """All that is wrong with a plan of any kind, the items by themselves first.

    Args:
        items: the plan's.
        kind: which plan.
        world: what it is checked against.
    """
    found = check_items(items, kind)
    if worst(found) is not None or kind in (Kind.FENCE, Kind.RALLY) or not items:
        return [*found, *_check_other(items, kind, world)] if not worst(found) else found
    found = _check_jumps(items) + _check_landings(items, world.setting, kind)
    if worst(found) is not None:
        return found
    if kind is Kind.LOST_LINK:  # it begins wherever the link is lost
        world = replace(world, in_air=True)
    steps = list(islice(walk(items, world.setting), LOOKED_AT))
    return [
        *found, *_check_order(items, world.setting), *_check_heights(steps, world),
        *_check_speeds(steps, items, world.ability),
        *_check_turns(steps, world), *_check_slopes(steps, world), *_check_approach(steps, world),
        *_check_fences(steps, world),
        *_check_fuel(steps, items, world), *_check_ways_home(steps, world), *_notes(items),
    ]  # fmt: skip


def _check_other(items: Sequence[Item], kind: Kind, world: World) -> list[Problem]:
    """A fence must hold home inside (unless it is only looked at from the air); rally points must be inside it."""
    home = world.setting.home.latitude, world.setting.home.longitude
    if kind is Kind.FENCE:
        fences = boundaries(items)
        problems = list(fences.problems)
        outside = breach(fences, [home])
        if outside is not None and not worst(problems):
            problems.append(Problem(outside[0].first, "the fence leaves home outside; move it around the field."))
        return problems
    found = []
    for number, item in enumerate(items):
        if kind is Kind.RALLY and breach(world.fences, [(item.latitude, item.longitude)]) is not None:
            found.append(Problem(number, f"rally point {number} is outside the fence; move it inside."))
    return found


# Order of items -------------------------------------------------------------------------------------------------------


def _check_jumps(items: Sequence[Item]) -> list[Problem]:
    """Jumps lead to an item that is there, and a loop flies somewhere."""
    found = []
    for number, item in enumerate(items):
        if item.command not in (Cmd.DO_JUMP, Cmd.DO_JUMP_TAG):
            continue
        target = tag_of(items, number)
        name = f"item {number} ({item.name})"
        if target is None:
            told = f"{name} leads to {item.number(1):g}, which is not there; there are items 0 to {len(items) - 1}."
            found.append(Problem(number, told, verdict=Verdict.INVALID_PARAM1))
        elif target <= number and not any(each.command in NAVIGATION for each in items[target:number]):
            told = f"{name} loops over items that fly nowhere; put a waypoint between."
            found.append(Problem(number, told, verdict=Verdict.INVALID_PARAM1))
    tags = [int(item.number(1)) for item in items if item.command == Cmd.JUMP_TAG]
    if len(tags) != len(set(tags)):
        found.append(Problem(-1, "a jump tag stands twice; give each its own number."))
    return found


def _check_landings(items: Sequence[Item], setting: Setting, kind: Kind) -> list[Problem]:
    """A landing is on a known runway: home or an alternate of the mission."""
    found = []
    for number, item in enumerate(items):
        if item.command != Cmd.NAV_LAND:
            continue
        field = setting.field_near(item)
        if field is None:
            away = min(distance(item.latitude, item.longitude, f.latitude, f.longitude) for f in setting.fields)
            told = f"item {number} (NAV_LAND) is {away / 1e3:.1f} km from the nearest known runway; allowed are 10."
            found.append(Problem(number, told, verdict=Verdict.INVALID_PARAM5_X))
        elif kind is Kind.LOST_LINK and field != 0:
            told = f"item {number} (NAV_LAND): a lost-link route ends at home; land there."
            found.append(Problem(number, told, verdict=Verdict.INVALID_PARAM5_X))
    return found


def _check_order(items: Sequence[Item], setting: Setting) -> list[Problem]:
    """A take-off stands first; what follows an end is flown only by a jump or a landing that is started."""
    found = []
    marks = {n for n, item in enumerate(items) if item.command in (Cmd.DO_LAND_START, Cmd.DO_RETURN_PATH_START)}
    targets = {tag_of(items, n) for n, item in enumerate(items) if item.command in (Cmd.DO_JUMP, Cmd.DO_JUMP_TAG)}
    first = int(begins_with_home(items, setting))
    ended: int | None = None
    for number, item in enumerate(items):
        ended = None if number in marks | targets else ended
        if item.command == Cmd.NAV_TAKEOFF and any(i.command in NAVIGATION for i in items[first:number]):
            found.append(Problem(number, f"item {number} (NAV_TAKEOFF) is not the first; put it first."))
        if ended is not None and item.command in NAVIGATION and item.command != Cmd.NAV_LAND:
            told = f"item {number} ({item.name}) is never flown: item {ended} ends the mission."
            found.append(Problem(number, told, Severity.WARNING))
        if item.command in ENDLESS | {Cmd.NAV_RETURN_TO_LAUNCH, Cmd.NAV_LAND}:
            ended = number
    if not any(item.command in NAVIGATION and item.command != Cmd.NAV_TAKEOFF for item in items):
        found.append(Problem(-1, "nothing is flown; add a waypoint."))
    return found


def _notes(items: Sequence[Item]) -> list[Problem]:
    """What is taken and not done, or done another way."""
    found = []
    for number, item in enumerate(items):
        if item.command in PICTURES:
            told = f"item {number} ({item.name}) is passed by: no camera makes pictures."
            found.append(Problem(number, told, Severity.WARNING))
        if item.command == Cmd.DO_CHANGE_SPEED and item.number(1) == 1.0:
            told = f"item {number} sets a speed over the ground; it is flown as calibrated airspeed."
            found.append(Problem(number, told, Severity.WARNING))
    return found


# Heights and slopes ---------------------------------------------------------------------------------------------------


def _check_heights(steps: Sequence[Step], world: World) -> list[Problem]:
    """Above the ground by the clearance, and below the ceiling."""
    found = []
    for step, leg in _legs(steps):
        if leg.altitude > world.ability.ceiling:
            told = f"item {step.item} is at {leg.altitude:.0f} m msl; the ceiling is {world.ability.ceiling:.0f} m."
            found.append(Problem(step.item, told, verdict=Verdict.INVALID_PARAM7))
        low = world.setting.home.elevation + LOWEST_ABOVE_FIELD
        if world.grid is None and leg.altitude < low:
            told = f"item {step.item} is at {leg.altitude:.0f} m msl; without terrain {low:.0f} m is the lowest."
            found.append(Problem(step.item, told, verdict=Verdict.INVALID_PARAM7))
    return _once(found + (_check_terrain(steps, world) if world.grid is not None else []))


def _check_terrain(steps: Sequence[Step], world: World) -> list[Problem]:
    """Clear of the terrain along every leg and circle (`samruk.terrain_file.clearance` says what is assumed)."""
    flown = _legs(steps)
    first = flown[0][1].altitude if world.in_air and flown else None
    legs = [replace(leg, loiter=_circling(leg)) for _, leg in flown]
    home = world.setting.home
    runway = Runway(home.latitude, home.longitude, home.elevation, home.heading, home.length)
    assert world.grid is not None
    circle = max([world.setting.radius, *(abs(leg.radius) for leg in legs)])
    found = []
    for fault in faults(world.grid, legs, runway, world.clearance, circle, first):
        number = flown[fault.leg - 1][0].item
        words = f"item {number}: {fault.told()} {fault.hint()}"
        found.append(Problem(number, words, verdict=Verdict.INVALID_PARAM7))
    return found


def _circling(leg: Leg) -> float:
    """s on a leg's circle, in which height may be gained; a circle to a height ends there."""
    return FOREVER if leg.to_altitude else max(leg.loiter, 1.0) if leg.circles else 0.0


def _check_slopes(steps: Sequence[Step], world: World) -> list[Problem]:
    """Heights that are not reached on the way are told: the aircraft climbs or descends at its own best and arrives
    lower or higher; only a circle to a height waits for it."""
    found = []
    for (_, before), (step, leg) in pairwise(_legs(steps)):
        way = distance(before.latitude, before.longitude, leg.latitude, leg.longitude)
        rise = leg.altitude - before.altitude
        limit = world.ability.climb if rise > 0.0 else world.ability.descent
        if leg.circles or way < 1.0 or abs(rise) <= limit * way + 30.0:
            continue
        told = (f"item {step.item} asks for {rise / way * 100.0:+.1f} % over {way / 1e3:.1f} km; flown are "
                f"{math.copysign(limit, rise) * 100.0:+.1f} %. Go farther, or put a loiter to altitude.")  # fmt: skip
        found.append(Problem(step.item, told, Severity.WARNING))
    return _once(found)


def _check_approach(steps: Sequence[Step], world: World) -> list[Problem]:
    """The landing: its glide path and the circle before it clear the terrain, and the last leg is not too high for the
    descent to the gate (from higher the autopilot circles down; it is told)."""
    last = steps[-1] if steps else None
    if last is None or last.ends not in ("land", "return"):
        return []
    field, flown, found = world.setting.fields[last.landing], _legs(steps), []
    runway = Runway(field.latitude, field.longitude, field.elevation, field.heading, field.length)
    if world.grid is not None and descent_radius(world.grid, runway, world.glide_slope, 0.5 * world.clearance) == 0.0:
        told = f"item {last.item}: terrain stands in the approach to {field.name or 'the runway'} at a slope of "
        found.append(Problem(last.item, f"{told}{math.degrees(world.glide_slope):.1f} deg. Land elsewhere."))
    if last.ends == "land" and flown:
        leg = flown[-1][1]
        gate = field.elevation + GATE * math.tan(world.glide_slope)
        way = distance(leg.latitude, leg.longitude, field.latitude, field.longitude)
        if leg.altitude - gate > world.ability.descent * max(way - GATE, 0.0) + 300.0:
            told = (f"item {last.item}: the last leg is {leg.altitude - field.elevation:.0f} m above the runway "
                    f"{way / 1e3:.1f} km before it; the aircraft circles down first.")  # fmt: skip
            found.append(Problem(last.item, told, Severity.WARNING))
    return found


def _check_speeds(steps: Sequence[Step], items: Sequence[Item], ability: Ability) -> list[Problem]:
    """Speeds that the aircraft can fly."""
    return [
        Problem(number, f"item {number} asks for {item.number(2):g} m/s; allowed are {ability.slowest:.0f} to "
                        f"{ability.fastest:.0f} m/s calibrated.", verdict=Verdict.INVALID_PARAM2)
        for number, item in enumerate(items)
        if item.command == Cmd.DO_CHANGE_SPEED and item.number(2, -1.0) > 0.0
        and not ability.slowest <= item.number(2) <= ability.fastest
    ]  # fmt: skip


def _check_turns(steps: Sequence[Step], world: World) -> list[Problem]:
    """Circles and arcs that can be flown, and legs long enough for the turn between them."""
    found, least = [], world.ability.radius
    for step, leg in _legs(steps):
        radius = min((abs(r) for r in (leg.radius if leg.circles else 0.0, leg.arc) if r), default=math.inf)
        if radius < least:
            told = f"item {step.item} has a radius of {radius:.0f} m; the aircraft turns in {least:.0f} m."
            verdict = Verdict.INVALID_PARAM1 if leg.arc else Verdict.INVALID_PARAM3
            found.append(Problem(step.item, told, verdict=verdict))
    flown = _legs(steps)
    for (_, a), (step, b), (_, c) in zip(flown, flown[1:], flown[2:], strict=False):
        turn = _between(bearing(_place(a), _place(b)), bearing(_place(b), _place(c)))
        need = least * math.tan(min(0.5 * abs(turn), 1.3))
        way = min(distance(*_place(a), *_place(b)), distance(*_place(b), *_place(c)))
        if way < need and not b.circles and not b.arc and way > 1.0:
            told = (f"the turn of {math.degrees(abs(turn)):.0f} deg at item {step.item} needs {need / 1e3:.1f} km "
                    f"before and after; there are {way / 1e3:.1f} km.")  # fmt: skip
            found.append(Problem(step.item, told, Severity.WARNING))
    return _once(found)


# Fences ---------------------------------------------------------------------------------------------------------------


def _check_fences(steps: Sequence[Step], world: World) -> list[Problem]:
    """Legs, arcs and circles stay inside the fence; so do the ways from home to the first and from the last to the
    field."""
    if not world.fences.borders:
        return []
    found: list[Problem] = []
    here = None if world.in_air else (world.setting.home.latitude, world.setting.home.longitude)
    for step, leg in _legs(steps):
        found += _check_way(step, path_of(here, leg) + _circle_of(leg, world.setting.radius), world.fences)
        here = _place(leg)
    last = steps[-1] if steps else None
    if last is not None and here is not None and last.ends in ("land", "return") and not found:
        field = world.setting.fields[last.landing]
        found += _check_way(last, [here, (field.latitude, field.longitude)], world.fences)
    return _once(found)


def _check_way(step: Step, way: list[Place], fences: Fences) -> list[Problem]:
    """A way stays inside the fence."""
    passed = breach(fences, way)
    if passed is None:
        return []
    border, place = passed
    latitude, longitude = way[min(place, len(way) - 1)]
    told = "leaves the fence" if border.inclusion else "enters the closed area"
    return [Problem(step.item, f"the way to item {step.item} {told} of fence item {border.first} "
                    f"near {math.degrees(latitude):.4f}, {math.degrees(longitude):.4f} deg.")]  # fmt: skip


def path_of(here: Place | None, leg: Leg) -> list[Place]:
    """Places along the way to a leg's place: two for a straight one, points of the circle for an arc."""
    goal = _place(leg)
    if here is None:
        return [goal]
    if not leg.arc:
        return [here, goal]
    radius, chord = abs(leg.arc), distance(*here, *goal)
    half = math.asin(min(0.5 * chord / radius, 1.0))
    tangent = bearing(here, goal) - math.copysign(half, leg.arc)
    centre = ahead(here, tangent + math.copysign(0.5 * math.pi, leg.arc), radius)
    start = bearing(centre, here)
    part = math.copysign(2.0 * half / 8.0, leg.arc)
    return [here, *(ahead(centre, start + part * k, radius) for k in range(1, 8)), goal]


def _circle_of(leg: Leg, otherwise: float) -> list[Place]:
    """Places on the circle at a leg's end."""
    if not leg.circles:
        return []
    radius = abs(leg.radius) or otherwise
    return [ahead(_place(leg), 2.0 * math.pi * k / CIRCLE_POINTS, radius) for k in range(CIRCLE_POINTS + 1)]


# Fuel and the way home ------------------------------------------------------------------------------------------------


def estimate(steps: Sequence[Step], world: World) -> Estimate:
    """Way, time and fuel of a mission in still air, from home and back home; a circle without end counts nothing."""
    home = world.setting.home
    here, way, time = (home.latitude, home.longitude), 0.0, 0.0
    speed, endless = world.ability.airspeed, len(steps) >= LOOKED_AT
    for _, leg in _legs(steps):
        places = path_of(here, leg)
        way += sum(distance(*a, *b) for a, b in pairwise(places))
        radius = abs(leg.radius) or world.setting.radius
        endless = endless or leg.loiter >= FOREVER
        time += 0.0 if leg.loiter >= FOREVER else leg.loiter
        time += leg.turns * 2.0 * math.pi * radius / speed
        here = _place(leg)
    way += distance(*here, home.latitude, home.longitude)
    time += way / speed
    return Estimate(way, time, time * world.ability.flow, endless)


def _check_fuel(steps: Sequence[Step], items: Sequence[Item], world: World) -> list[Problem]:
    """The mission can be flown with the fuel aboard and the reserve left, in still air. What has no end is told."""
    found = estimate(steps, world)
    if found.fuel > world.ability.fuel:
        told = (f"the mission takes {found.time / 3600.0:.1f} h and {found.fuel:.0f} kg; beyond the reserve there are "
                f"{world.ability.fuel:.0f} kg. Shorten it.")  # fmt: skip
        return [Problem(-1, told)]
    if found.endless:
        return [Problem(-1, "the mission has no end of its own: it is flown until an order, or the fuel, ends it.",
                        Severity.WARNING)]  # fmt: skip
    return []


def _check_ways_home(steps: Sequence[Step], world: World) -> list[Problem]:
    """From every leg a field can be reached with the fuel that is left then, the reserve untouched."""
    if not world.ability.flow or math.isinf(world.ability.fuel):
        return []
    home, speed, flow = world.setting.home, world.ability.airspeed, world.ability.flow
    here, left = (home.latitude, home.longitude), world.ability.fuel
    for step, leg in _legs(steps):
        way = sum(distance(*a, *b) for a, b in pairwise(path_of(here, leg)))
        here = _place(leg)
        circling = 0.0 if leg.loiter >= FOREVER else leg.loiter
        left -= (way / speed + circling) * flow
        need = min(distance(*here, f.latitude, f.longitude) for f in world.setting.fields) / speed * flow
        if left < need:
            told = (f"from item {step.item} no field is reached: {need:.0f} kg are needed to the nearest, "
                    f"{max(left, 0.0):.0f} kg are left beyond the reserve.")  # fmt: skip
            return [Problem(step.item, told)]
    return []


# Words ----------------------------------------------------------------------------------------------------------------


def _legs(steps: Sequence[Step]) -> list[tuple[Step, Leg]]:
    return [(step, step.leg) for step in steps if step.leg is not None]


def _place(leg: Leg) -> Place:
    return leg.latitude, leg.longitude


def _between(a: float, b: float) -> float:
    """rad from one course to another, -pi to pi."""
    return (b - a + math.pi) % (2.0 * math.pi) - math.pi


def _once(problems: list[Problem]) -> list[Problem]:
    """Each problem of an item once: a loop meets it again and again."""
    return list({(p.item, p.words): p for p in problems}.values())
