"""From the items of a mission to the legs that are flown, in the order in which they are flown.

`walk` follows the items as the mission computer does: jumps are taken and counted, markers are passed by, what is to be
done on the way is handed out with the leg that it belongs to. It gives one step at a time, so that a mission of endless
loops is no trouble to whoever looks only some steps ahead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from samruk.rules.items import CONDITIONS, NAVIGATION, Cmd, Item, at
from samruk.sphere import ahead, bearing, distance
from samruk.units import DEGREE

Place = tuple[float, float]
"""Latitude and longitude, rad."""

FOREVER = 1e9
"""s to circle: until an order comes."""
CLIMB, DESCENT = 0.03, 0.04
"""Rise and fall over way with which a change of height on the course is laid out (as the checks of a plan assume)."""
WORK = 2000
"""Items in a row without a leg after which a mission is a loop that flies nowhere."""
NEAR_FIELD = 10e3
"""m from a field's threshold within which a landing item means that field."""
HALF_CIRCLE = math.radians(179.0)
"""Longest arc of one leg."""


@dataclass(frozen=True)
class Field:
    """An aerodrome that may be landed on."""

    latitude: float
    """rad, landing threshold."""
    longitude: float
    """rad, landing threshold."""
    elevation: float
    """m above mean sea level."""
    heading: float
    """rad, true, of landing."""
    length: float = 2500.0
    """m."""
    name: str = ""
    """For people."""


@dataclass(frozen=True)
class Setting:
    """What a mission leaves to the aircraft."""

    fields: tuple[Field, ...]
    """Home first; then the alternates in the aircraft's order."""
    radius: float = 1500.0
    """m, of a circle that names none."""
    ground: Callable[[float, float], float] | None = None
    """m above mean sea level of the surface at a latitude and longitude, rad; None where it is not known."""

    @property
    def home(self) -> Field:
        """Where it starts."""
        return self.fields[0]

    def altitude(self, item: Item) -> float:
        """m above mean sea level, of an item's place."""
        ground = self.ground(item.latitude, item.longitude) if self.ground and item.is_placed else None
        return item.altitude(self.home.elevation, ground)

    def field_near(self, item: Item) -> int | None:
        """Number of the field that a landing item means; one without a place means home."""
        if not item.is_placed:
            return 0
        away = [distance(item.latitude, item.longitude, f.latitude, f.longitude) for f in self.fields]
        nearest = min(range(len(away)), key=away.__getitem__)
        return nearest if away[nearest] <= NEAR_FIELD else None


@dataclass(frozen=True)
class Leg:
    """Fly to a place; the columns of the autopilot's table (`samruk.mission.Route`, where units are told)."""

    latitude: float
    longitude: float
    altitude: float
    airspeed: float = 0.0
    loiter: float = 0.0
    station: float = 0.0
    radius: float = 0.0
    turns: float = 0.0
    to_altitude: float = 0.0
    over: float = 0.0
    arc: float = 0.0

    @property
    def circles(self) -> bool:
        """It ends in a circle."""
        return self.loiter > 0.0 or self.turns > 0.0 or self.to_altitude > 0.0


@dataclass(frozen=True)
class Step:
    """One thing to fly, and what to do on the way to it."""

    item: int
    """Number of the item, from 0."""
    leg: Leg | None
    """Where; None for the way home, which is the autopilot's own."""
    before: tuple[int, ...] = ()
    """Numbers of the items to be done on the way, conditions among them, in order."""
    ends: str = ""
    """What follows: `` the next step, `return`, `land`, `eight` a figure eight, `hold` a circle without end."""
    landing: int = 0
    """Field to land on, by number, for `land`."""
    until: tuple[int, int, int] | None = None
    """UTC hour, minute, second (-1 any) until which its circle is flown."""
    last_of_item: bool = True
    """False for the first part of an arc of more than half a circle."""


@dataclass
class Walk:
    """Where a walk is."""

    setting: Setting
    places: list[tuple[Place, float]]
    """The last two places with their heights, m."""
    airspeed: float = 0.0
    jumps: dict[int, int] = field(default_factory=dict)
    """How often each jump was taken."""


def bakes_speed(items: Sequence[Item]) -> bool:
    """Whether speeds can be written into the legs: none of them waits for a condition."""
    waiting = False
    for item in items:
        if item.command in NAVIGATION:
            waiting = False
        waiting = waiting or item.command in CONDITIONS
        if waiting and item.command == Cmd.DO_CHANGE_SPEED:
            return False
    return True


def begins_with_home(items: Sequence[Item], setting: Setting) -> bool:
    """Whether the first item is home itself, as some stations write it before the take-off: it is passed by."""
    if len(items) < 2 or (items[0].command, items[1].command) != (Cmd.NAV_WAYPOINT, Cmd.NAV_TAKEOFF):
        return False
    home = setting.home
    away = distance(items[0].latitude, items[0].longitude, home.latitude, home.longitude)
    return not items[0].is_placed or away <= NEAR_FIELD


def walk(items: Sequence[Item], setting: Setting, start: int = 0) -> Iterator[Step]:
    """The steps of a mission from an item on, as they are flown.

    Args:
        items: a mission's.
        setting: what is beside it.
        start: number of the first item.
    """
    home = setting.home
    back = math.pi + home.heading
    behind = ahead((home.latitude, home.longitude), back, 1000.0)
    state = Walk(setting, [(behind, home.elevation), ((home.latitude, home.longitude), home.elevation)])
    state.airspeed = _speed_before(items, start)
    _place_before(items, start, state)
    before: list[int] = []
    number, idle, bakes, flown = start, 0, bakes_speed(items), False
    number += int(start == 0 and begins_with_home(items, setting))
    while number < len(items) and idle < WORK:
        item = items[number]
        idle += 1
        if item.command in (Cmd.DO_JUMP, Cmd.DO_JUMP_TAG):
            number = _jump(items, number, state)
            continue
        if item.command in NAVIGATION:
            steps = _steps(items, number, state, tuple(before))
            for step in steps:
                flown, idle = True, 0
                yield step
                if step.ends:
                    return
            before = [] if steps else before
        elif item.command == Cmd.DO_CHANGE_SPEED and bakes:
            state.airspeed = speed_of(item, state.airspeed)
        elif item.command not in (Cmd.JUMP_TAG, Cmd.DO_LAND_START, Cmd.DO_RETURN_PATH_START):
            before.append(number)
        number += 1
    if flown:
        place, height = state.places[-1]
        yield Step(len(items) - 1, Leg(*place, height, state.airspeed, FOREVER), tuple(before), "hold")


def speed_of(item: Item, airspeed: float) -> float:
    """m/s calibrated after a DO_CHANGE_SPEED; 0 is the autopilot's own."""
    asked = item.number(2, -1.0)
    return 0.0 if asked == -2.0 else asked if asked > 0.0 else airspeed


def _speed_before(items: Sequence[Item], start: int) -> float:
    """m/s that the items before a start have set."""
    airspeed = 0.0
    for item in items[:start]:
        airspeed = speed_of(item, airspeed) if item.command == Cmd.DO_CHANGE_SPEED else airspeed
    return airspeed


def _place_before(items: Sequence[Item], start: int, state: Walk) -> None:
    """The places before a start, for arcs and courses."""
    for item in items[:start]:
        if item.command in NAVIGATION and item.is_placed:
            state.places = [state.places[-1], ((item.latitude, item.longitude), state.setting.altitude(item))]


def tag_of(items: Sequence[Item], number: int) -> int | None:
    """Where a jump leads; None where there is no such item."""
    target = int(items[number].number(1))
    if items[number].command == Cmd.DO_JUMP:
        return target if 0 <= target < len(items) else None
    tags = [k for k, item in enumerate(items) if item.command == Cmd.JUMP_TAG and int(item.number(1)) == target]
    return tags[0] if tags else None


def _jump(items: Sequence[Item], number: int, state: Walk) -> int:
    """The item after a jump: the one it leads to, until it has been taken as often as it says (-1: always)."""
    target, most = tag_of(items, number), int(items[number].number(2))
    taken = state.jumps.get(number, 0)
    if target is None or (most >= 0 and taken >= most):
        state.jumps[number] = 0  # an outer loop may come here again
        return number + 1
    state.jumps[number] = taken + 1
    return target


def _steps(items: Sequence[Item], number: int, state: Walk, before: tuple[int, ...]) -> list[Step]:
    """The steps of one item that is flown: one, two for a long arc, none for a take-off without a place."""
    item, setting = items[number], state.setting
    match Cmd(item.command):
        case Cmd.NAV_RETURN_TO_LAUNCH:
            return [Step(number, None, before, "return")]
        case Cmd.NAV_LAND:
            return [Step(number, None, before, "land", setting.field_near(item) or 0)]
        case Cmd.NAV_TAKEOFF if not item.is_placed:
            return []
        case Cmd.NAV_CONTINUE_AND_CHANGE_ALT:
            return [_moved(state, Step(number, _changing(item, state), before))]
        case Cmd.NAV_DELAY:
            return [_waiting(item, number, state, before)]
        case Cmd.NAV_ARC_WAYPOINT:
            return _arc(item, number, state, before)
        case Cmd.DO_FIGURE_EIGHT:
            leg = replace(_leg(item, state), loiter=FOREVER, radius=abs(item.number(2)) or setting.radius)
            return [_moved(state, Step(number, leg, before, "eight"))]
        case Cmd.NAV_LOITER_UNLIM:
            return [_moved(state, Step(number, _leg(item, state), before, "hold"))]
    return [_moved(state, Step(number, _leg(item, state), before))]


def _moved(state: Walk, step: Step) -> Step:
    """Remember where a step ends."""
    if step.leg is not None:
        state.places = [state.places[-1], ((step.leg.latitude, step.leg.longitude), step.leg.altitude)]
    return step


def _leg(item: Item, state: Walk) -> Leg:
    """The leg of an item with a place."""
    leg = Leg(item.latitude, item.longitude, state.setting.altitude(item), state.airspeed)
    match Cmd(item.command):
        case Cmd.NAV_WAYPOINT:
            return replace(leg, loiter=item.number(1), station=float(item.number(1) > 0.0))
        case Cmd.NAV_LOITER_UNLIM:
            return replace(leg, loiter=FOREVER, radius=item.number(3), station=1.0)
        case Cmd.NAV_LOITER_TURNS:
            turns = item.number(1)
            return replace(leg, turns=turns, radius=item.number(3), station=float(turns > 0.0))
        case Cmd.NAV_LOITER_TIME:
            time = item.number(1)
            return replace(leg, loiter=time, radius=item.number(3), station=float(time > 0.0))
        case Cmd.NAV_LOITER_TO_ALT:
            return replace(leg, to_altitude=1.0, radius=item.number(2))
    return leg


def _changing(item: Item, state: Walk) -> Leg:
    """Straight on until the height should be there by the gradients of a plan."""
    (behind, _), (here, height) = state.places
    wanted = state.setting.altitude(item)
    way = max(abs(wanted - height) / (CLIMB if wanted > height else DESCENT), 1000.0)
    return Leg(*ahead(here, bearing(behind, here), way), wanted, state.airspeed)


def _waiting(item: Item, number: int, state: Walk, before: tuple[int, ...]) -> Step:
    """Circle where the aircraft is, for a time or until a time of day."""
    place, height = state.places[-1]
    time = item.number(1, -1.0)
    if time >= 0.0:
        return Step(number, Leg(*place, height, state.airspeed, time), before)
    hour, minute, second = (int(item.number(k, -1.0)) for k in (2, 3, 4))
    return Step(number, Leg(*place, height, state.airspeed, FOREVER), before, until=(hour, minute, second))


def _arc(item: Item, number: int, state: Walk, before: tuple[int, ...]) -> list[Step]:
    """An arc to a place; positive angles turn right. More than half a circle is flown in two parts."""
    (here, height), angle = state.places[-1], item.number(1) * DEGREE
    goal = (item.latitude, item.longitude)
    chord = distance(*here, *goal)
    radius = chord / (2.0 * math.sin(0.5 * abs(angle)))
    leg = replace(_leg(item, state), arc=math.copysign(radius, angle))
    if abs(angle) <= HALF_CIRCLE:
        return [_moved(state, Step(number, leg, before))]
    chi = bearing(here, goal)
    # The middle of the arc lies across the chord, on the side away from the centre's turn.
    across = chi - math.copysign(0.5 * math.pi, angle)
    rise = radius * (1.0 - math.cos(0.5 * angle))
    middle = ahead(ahead(here, chi, 0.5 * chord), across, rise)
    first = replace(leg, latitude=middle[0], longitude=middle[1], altitude=0.5 * (height + leg.altitude))
    return [
        _moved(state, Step(number, first, before, last_of_item=False)), _moved(state, Step(number, leg)),
    ]  # fmt: skip


def items_of(legs: Sequence[Leg], returns: bool = True) -> tuple[Item, ...]:
    """A mission of waypoints and circles that says what legs say: for a route that came from a file."""
    found = []
    for leg in legs:
        places = leg.latitude, leg.longitude, leg.altitude
        if leg.to_altitude:
            found.append(at(Cmd.NAV_LOITER_TO_ALT, *places, params=(0.0, leg.radius, 0.0, 0.0)))
        elif leg.turns > 0.0:
            found.append(at(Cmd.NAV_LOITER_TURNS, *places, params=(leg.turns, 0.0, leg.radius, 0.0)))
        elif leg.loiter >= FOREVER:
            found.append(at(Cmd.NAV_LOITER_UNLIM, *places, params=(0.0, 0.0, leg.radius, 0.0)))
        elif leg.loiter > 0.0:
            found.append(at(Cmd.NAV_LOITER_TIME, *places, params=(leg.loiter, 0.0, leg.radius, 0.0)))
        else:
            found.append(at(Cmd.NAV_WAYPOINT, *places))
    return (*found, Item(Cmd.NAV_RETURN_TO_LAUNCH, 2)) if found and returns else tuple(found)
