"""Orders to a live aircraft: each is answered once, at the mission tick that reads it, and carried out or refused.

An order comes after the table of modes has spoken, so that it meets the mode as it is now; what the table protects
(fuel, ice, heat, engine, stall, link) goes on protecting at the next tick, and an order that it would undo at once is
refused with that reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk.autopilot import checks, guidance
from samruk.autopilot.checks import Checks
from samruk.autopilot.flight import (
    APPROACH,
    CLIMB,
    DESCENT,
    DIVERT,
    EN_ROUTE,
    ESCAPE,
    FLARE,
    GLIDE,
    GO_AROUND,
    HEADING,
    HOLD,
    HOMEWARD,
    LINE_UP,
    LOITER,
    LOST_LINK,
    ORDERED,
    PARKED,
    PREFLIGHT,
    RETURN,
    ROLL_OUT,
    ROUTE,
    STICK,
    STOPPED,
    TAKE_OFF,
    Directed,
    Flight,
    by_mode,
    is_in,
    path_mode,
)
from samruk.autopilot.guidance import Path
from samruk.autopilot.handbook import Handbook
from samruk.autopilot.protection import Frost
from samruk.autopilot.situation import Situation
from samruk.earth import MEAN_RADIUS
from samruk.lazy import jnp
from samruk.messages import GIVEN, Order, OrderAck, OrderKind, Reason
from samruk.mission import LEGS, Task
from samruk.tables import pick, to_float, to_int

Scalar = Any

LEAST_ALTITUDE = 150.0
"""m above the field, lowest height that may be ordered."""
LEAVE_HEIGHT = 120.0
"""m above the ground, from which an approach or a go-around may be left for another order."""
OVERHEAD = 600.0
"""m above the field, of a hold overhead whose height was not given."""
FULL_CIRCLE = 6.2831854
"""rad, a little more than one turn: an angle beyond it is taken for degrees."""
NONE = int(Reason.NONE)


FADING = 0.1
"""Part of the time to a lost link after which that is what comes next."""
CORNER = 1.5
"""s before a line of a figure eight touches its circle at which the turn begins or ends: the time to roll."""


@dataclass(frozen=True)
class Obeyed:
    """What an order has changed."""

    flight: Flight
    frost: Frost
    ack: OrderAck
    from_here: Scalar
    """Truth value: the leg in hand begins where the aircraft is."""
    swapped: Scalar
    """Truth value: the main route must be read anew for its fuel."""


def given(number: Scalar) -> Scalar:
    """Truth value: the number was given (and is a number)."""
    return number > GIVEN


def lowest(elevation: Scalar, task: Task) -> Scalar:
    """m above mean sea level, the least height that may be ordered: above the field, and clear of the terrain.

    An autopilot that carries terrain looks out for it on the way (`lookout`); one that does not keeps to the height
    that is safe anywhere.
    """
    clear = jnp.where(jnp.asarray(task.tile.given) == 1, -1000.0, task.rules.safe_height - checks.SAFE_SLACK)
    return jnp.maximum(elevation + LEAST_ALTITUDE, clear)


def obey(
    flight: Flight, frost: Frost, ack: OrderAck, order: Order, s: Situation, c: Checks, task: Task, book: Handbook
) -> Obeyed:
    """Flight, ice orders and answer after looking into the mailbox of a live aircraft."""
    new = (order.sequence != 0) & (order.sequence != ack.sequence) & (jnp.asarray(task.live) == 1)
    reason = _objection(flight, order, s, c, task, book)
    accepted = new & (reason == NONE)
    answer = OrderAck(order.sequence, to_int(accepted), reason)
    kind = jnp.where(accepted, order.kind, 0)
    after, from_here = _carried_out(flight, kind, order, s, task)
    on = jnp.where(kind == int(OrderKind.ICE_PROTECTION), to_int(jnp.clip(order.x, -1.0, 1.0)), frost.order)
    main = (kind == int(OrderKind.ROUTE_SWAP)) & (order.z < 0.5)
    return Obeyed(after, replace(frost, order=on), pick(new, answer, ack), from_here, main)


# May it be done? ------------------------------------------------------------------------------------------------------


def _objection(flight: Flight, o: Order, s: Situation, c: Checks, task: Task, book: Handbook) -> Scalar:
    """A `Reason` to refuse, NONE to accept."""
    where = _where(flight, s)
    path = _first(where, _forced(c))
    verdicts = {
        OrderKind.ENGINE: _engine(flight, o, s, book),
        OrderKind.TAKE_OFF: _take_off(flight, o, s, c, task),
        OrderKind.ROUTE: _first(path, _leg(flight, o, task)),
        OrderKind.HOLD: _first(path, _place(o)),
        OrderKind.FIGURE_EIGHT: _first(path, _place(o), _unless(given(o.x) & given(o.y), Reason.UNKNOWN)),
        OrderKind.HEADING: _first(path, _unless(jnp.abs(o.x) < FULL_CIRCLE, Reason.UNKNOWN)),
        OrderKind.ALTITUDE: _altitude(flight, o, where),
        OrderKind.AIRSPEED: _unless(given(o.x), Reason.UNKNOWN),
        OrderKind.RETURN: _land(flight, 0 * flight.field, s, task),
        OrderKind.LAND: _first(
            _unless((o.x > -0.5) & (o.x < 2.5), Reason.NO_FIELD), _land(flight, _wanted_field(o), s, task)
        ),
        OrderKind.GO_AROUND: _go_around(flight, s, where),
        OrderKind.STICK: _first(
            path, _unless(flight.mode != ESCAPE, Reason.ICE),
            _unless((jnp.abs(o.x) < FULL_CIRCLE) & given(o.y), Reason.UNKNOWN),
        ),
        OrderKind.LOST_LINK: _first(path, jnp.where(task.lost_link_legs < 1, int(Reason.NO_ROUTE), NONE)),
        OrderKind.ICE_PROTECTION: _unless(given(o.x), Reason.UNKNOWN),
        OrderKind.ROUTE_SWAP: _swap(o, task),
    }  # fmt: skip
    reason = jnp.int32(int(Reason.UNKNOWN))
    for which, verdict in verdicts.items():
        reason = jnp.where(o.kind == int(which), verdict, reason)
    return _first(reason, _height(o, flight.directed.floor, s, task), _speed(o, s, book))


def _first(*reasons: Scalar) -> Scalar:
    """The first of these reasons that is one."""
    found = jnp.int32(NONE)
    for reason in reversed(reasons):
        found = jnp.where(jnp.asarray(reason) == NONE, found, reason)
    return found


def _unless(holds: Scalar, reason: Reason) -> Scalar:
    """The reason where this does not hold."""
    return jnp.where(holds, NONE, int(reason))


def _where(flight: Flight, s: Situation) -> Scalar:
    """What speaks against another path in this mode."""
    high = s.measurement.height_radar > LEAVE_HEIGHT
    free = is_in(flight.mode, (*EN_ROUTE, *HOMEWARD)) | (is_in(flight.mode, (APPROACH, GO_AROUND)) & high)
    reason = by_mode(
        flight.mode,
        {(*PARKED, LINE_UP, ROLL_OUT): int(Reason.ON_GROUND), (GLIDE,): int(Reason.ENGINE)},
        jnp.int32(int(Reason.NOT_NOW)),
    )
    return jnp.where(free, NONE, reason)


def _forced(c: Checks) -> Scalar:
    """What would undo another path at the next tick."""
    reason = jnp.int32(NONE)
    for holds, why in (
        (c.link_lost, int(Reason.LINK)), (c.stalls, c.stall_reason), (c.engine_hot, int(Reason.ENGINE)),
        (c.electric | c.on_battery, int(Reason.ELECTRIC)), (c.too_hot, int(Reason.HEAT)), (c.bingo, int(Reason.FUEL)),
    ):  # fmt: skip
        reason = jnp.where(holds, why, reason)
    return reason


def _engine(flight: Flight, o: Order, s: Situation, book: Handbook) -> Scalar:
    """Against a start: cold, no fuel. Against a stop, but in an emergency: in the air, or rolling."""
    m = s.measurement
    parked = is_in(flight.mode, PARKED)
    wheels = (m.weight_on_wheels == 1) & is_in(flight.mode, (*PARKED, LINE_UP, TAKE_OFF, ROLL_OUT))
    at_rest = parked | (wheels & (s.ground_speed < 1.0))
    stop = jnp.where(at_rest, NONE, jnp.where(wheels, int(Reason.NOT_NOW), int(Reason.IN_AIR)))
    stop = jnp.where(o.y > 0.5, NONE, stop)
    cold = (m.engine_temperature < book.limits.start_coldest) & (m.engine_running == 0)
    weak = (m.battery_temperature < checks.COLD_BATTERY) & (m.engine_running == 0) & parked
    start = jnp.where(cold, int(Reason.ENGINE_COLD), jnp.where(weak, int(Reason.BATTERY_COLD), NONE))
    start = jnp.where(m.fuel <= 0.0, int(Reason.FUEL), start)
    return jnp.where(given(o.x), jnp.where(o.x > 0.5, start, stop), int(Reason.UNKNOWN))


def _take_off(flight: Flight, o: Order, s: Situation, c: Checks, task: Task) -> Scalar:
    """Against a take-off: not parked, or what the checks find; a cold engine is waited for."""
    on_runway = is_in(flight.mode, (LINE_UP, TAKE_OFF, ROLL_OUT))
    where = jnp.where(is_in(flight.mode, PARKED), NONE, jnp.where(on_runway, int(Reason.NOT_NOW), int(Reason.IN_AIR)))
    route = o.z > 0.5
    leg = jnp.where(given(o.x), o.x, 0.0)
    missing = route & ((leg < -0.5) | (leg > to_float(task.legs) - 0.5))
    short = route & (s.plan.complete == 1) & (s.measurement.fuel < s.plan.route_fuel)
    return _first(where, c.refusal, _unless(~missing, Reason.NO_ROUTE), _unless(~short, Reason.FUEL_SHORT))


def _leg(flight: Flight, o: Order, task: Task) -> Scalar:
    """Against a leg that the route does not have."""
    leg = jnp.where(given(o.x), o.x, 0.0)
    return _unless((leg > -0.5) & (leg < to_float(task.legs) - 0.5), Reason.NO_ROUTE)


def _place(o: Order) -> Scalar:
    """Against a place with half its numbers, or off the Earth."""
    both = given(o.latitude) == given(o.longitude)
    there = ~given(o.latitude) | ((jnp.abs(o.latitude) < 1.5708) & (jnp.abs(o.longitude) < FULL_CIRCLE))
    return _unless(both & there, Reason.UNKNOWN)


def _altitude(flight: Flight, o: Order, where: Scalar) -> Scalar:
    """Against another height: in a descent, on the ground, with the stick in hand, or with none given."""
    may = is_in(flight.mode, (*EN_ROUTE, RETURN, DIVERT)) & (flight.mode != STICK)
    why = jnp.where(where == NONE, int(Reason.NOT_NOW), where)
    return _first(_unless(given(o.altitude), Reason.UNKNOWN), jnp.where(may, NONE, why))


def _land(flight: Flight, wanted: Scalar, s: Situation, task: Task) -> Scalar:
    """Against a landing: on the ground, no such field, no fuel for it where another is nearer. A take-off run that can
    still be stopped is."""
    p = s.plan
    named = jnp.where(wanted == 0, 1, jnp.where(wanted == 1, task.alternate_a.usable, task.alternate_b.usable)) == 1
    need = jnp.where(wanted == 0, p.home, jnp.where(wanted == 1, p.alternate_a, p.alternate_b))
    least = jnp.minimum(p.home, jnp.minimum(p.alternate_a, p.alternate_b))
    short = (s.measurement.fuel < need) & (least < need) & (flight.mode != GLIDE)
    high = s.measurement.height_radar > LEAVE_HEIGHT
    same = is_in(flight.mode, (APPROACH, FLARE)) & (wanted == flight.field)
    free = is_in(flight.mode, (*EN_ROUTE, *HOMEWARD, GLIDE)) | (is_in(flight.mode, (APPROACH, GO_AROUND)) & high) | same
    ground = is_in(flight.mode, (*PARKED, ROLL_OUT))
    where = jnp.where(free | can_stop(flight, s), NONE, jnp.where(ground, int(Reason.ON_GROUND), int(Reason.NOT_NOW)))
    return _first(where, _unless(named, Reason.NO_FIELD), _unless(~short, Reason.FUEL))


def can_stop(flight: Flight, s: Situation) -> Scalar:
    """Truth value: the take-off run can still be given up: on the wheels, the nose down, slower than it flies."""
    rolling = (s.measurement.weight_on_wheels == 1) & (flight.rotating == 0.0)
    return (flight.mode == LINE_UP) | ((flight.mode == TAKE_OFF) & rolling)


def _go_around(flight: Flight, s: Situation, where: Scalar) -> Scalar:
    """Against a go-around: no approach to leave, or no engine to leave it with."""
    may = is_in(flight.mode, (DESCENT, APPROACH, FLARE)) & (s.measurement.weight_on_wheels == 0)
    why = jnp.where(where == NONE, int(Reason.NOT_NOW), where)
    return _first(jnp.where(may, NONE, why), _unless(s.measurement.engine_running == 1, Reason.ENGINE_OFF))


def _swap(o: Order, task: Task) -> Scalar:
    """Against numbers of legs that no table holds."""
    other = to_float(jnp.where(o.z > 0.5, task.legs, task.lost_link_legs))
    fits = (o.x > -0.5) & (o.x + other < LEGS + 0.5)
    follows = ~given(o.y) | ((o.y > -0.5) & (o.y < jnp.maximum(o.x, 1.0) - 0.5))
    return _unless(fits & follows, Reason.NO_ROUTE)


def _height(o: Order, floor: Scalar, s: Situation, task: Task) -> Scalar:
    """Against a height beyond what may be flown, or on the way in hand below its floor."""
    stays = o.kind == int(OrderKind.ALTITUDE)
    low = given(o.altitude) & (o.altitude < jnp.where(stays, jnp.maximum(s.lowest, floor), s.lowest))
    high = given(o.altitude) & (o.altitude > task.rules.ceiling)
    return jnp.where(low, int(Reason.TOO_LOW), jnp.where(high, int(Reason.TOO_HIGH), NONE))


def _airspeed(o: Order) -> Scalar:
    """m/s calibrated that an order asks for; not given where it asks for none."""
    in_y = (o.kind == int(OrderKind.HOLD)) | (o.kind == int(OrderKind.HEADING))
    in_x, in_z = o.kind == int(OrderKind.AIRSPEED), o.kind == int(OrderKind.STICK)
    return jnp.where(in_x, o.x, jnp.where(in_y, o.y, jnp.where(in_z, o.z, 2.0 * GIVEN)))


def _speed(o: Order, s: Situation, book: Handbook) -> Scalar:
    """Against a speed too close to the stall or to the limit; 0 gives it back to the autopilot."""
    v = _airspeed(o)
    bad = (v > 0.9 * book.limits.airspeed) | ((v != 0.0) & (v < 1.15 * s.stall))
    return jnp.where(given(v) & bad, int(Reason.AIRSPEED), NONE)


# Done -----------------------------------------------------------------------------------------------------------------


def _wanted_field(o: Order) -> Scalar:
    """0 home, 1 and 2 the alternates."""
    return to_int(jnp.clip(o.x, 0.0, 2.0) + 0.5)


def _carried_out(flight: Flight, kind: Scalar, o: Order, s: Situation, task: Task) -> tuple[Flight, Scalar]:
    """The flight with an accepted order carried out, and whether its leg begins here; kind 0 changes nothing."""

    def is_(which: OrderKind) -> Scalar:
        return kind == int(which)

    mode = _mode(flight, kind, o, s)
    moved = mode != flight.mode
    hold = mode == HOLD
    placed = is_(OrderKind.HOLD) | is_(OrderKind.FIGURE_EIGHT) | (is_(OrderKind.GO_AROUND) & hold)
    land = is_(OrderKind.LAND) | is_(OrderKind.RETURN)
    route, swap, take_off = is_(OrderKind.ROUTE), is_(OrderKind.ROUTE_SWAP), is_(OrderKind.TAKE_OFF)
    onto_path = placed | is_(OrderKind.HEADING)
    escaping = flight.mode == ESCAPE
    leg, jumps = _next_leg(flight, o, route | take_off, swap, is_(OrderKind.LOST_LINK))
    emptied = swap & (moved | (path_mode(flight) == HOLD)) & (o.x < 0.5) & hold
    height = _order_height(flight, o, s, task)
    levels = (onto_path | emptied) & ~escaping
    speed = _airspeed(o)
    home_height = jnp.maximum(s.estimate.altitude_msl, s.runway.elevation + checks.LEAST_HOLD)
    homeward_height = is_(OrderKind.ALTITUDE) & is_in(flight.mode, (RETURN, DIVERT))
    order_height = is_(OrderKind.ALTITUDE) & ~homeward_height
    resume = jnp.where(
        placed, HOLD, jnp.where(is_(OrderKind.HEADING), HEADING, jnp.where(route, ROUTE, flight.resume))
    )
    new = replace(
        flight,
        mode=mode,
        reason=jnp.where(moved, int(Reason.CREW), flight.reason),
        since=jnp.where(moved | is_(OrderKind.ENGINE), 0.0, flight.since),
        resume=jnp.where(escaping, resume, flight.resume),
        leg=leg,
        route_leg=_route_leg(flight, o, swap, is_(OrderKind.LOST_LINK)),
        leg_known=jnp.where(jumps, 0, flight.leg_known),
        circling=jnp.where(jumps | land | onto_path, 0, flight.circling),
        field=jnp.where(land & (mode != ROLL_OUT), jnp.where(is_(OrderKind.RETURN), 0, _wanted_field(o)), flight.field),
        hold=jnp.where(land, home_height, jnp.where(homeward_height, o.altitude, flight.hold)),
        altitude_order=jnp.where(
            levels, height,
            jnp.where(order_height, o.altitude, jnp.where(jumps & ~escaping, 0.0, flight.altitude_order)),
        ),
        airspeed_order=jnp.where(
            (kind != 0) & given(speed), speed, jnp.where(take_off, 0.0, flight.airspeed_order)
        ),
        go_arounds=jnp.where(take_off, 0, flight.go_arounds),
        descended=jnp.where(take_off, 0, flight.descended),
        rejected=jnp.where(moved, to_int(mode == ROLL_OUT), flight.rejected),
        directed=_directed(flight, kind, o, s, task, placed | emptied, moved),
    )  # fmt: skip
    return new, jumps


def _mode(flight: Flight, kind: Scalar, o: Order, s: Situation) -> Scalar:
    """The mode after an accepted order."""
    mode = flight.mode
    path = {
        OrderKind.ROUTE: ROUTE, OrderKind.HOLD: HOLD, OrderKind.FIGURE_EIGHT: HOLD, OrderKind.HEADING: HEADING,
    }  # fmt: skip
    keeps_leg = is_in(mode, (CLIMB, ROUTE, LOITER)) & ~given(o.x)
    after = mode
    for which, to in path.items():
        stays = (mode == ESCAPE) | (keeps_leg if which == OrderKind.ROUTE else False)
        after = jnp.where(kind == int(which), jnp.where(stays, mode, to), after)
    away = jnp.where((kind == int(OrderKind.LAND)) & (o.x > 0.5), DIVERT, RETURN)
    field = jnp.where(kind == int(OrderKind.LAND), _wanted_field(o), 0)
    lands = (mode == GLIDE) | (is_in(mode, (DESCENT, APPROACH, FLARE)) & (field == flight.field))
    home = jnp.where(can_stop(flight, s), ROLL_OUT, jnp.where(lands, mode, away))
    after = jnp.where((kind == int(OrderKind.LAND)) | (kind == int(OrderKind.RETURN)), home, after)
    after = jnp.where(kind == int(OrderKind.GO_AROUND), jnp.where(mode == DESCENT, HOLD, GO_AROUND), after)
    after = jnp.where(kind == int(OrderKind.STICK), STICK, after)
    after = jnp.where(kind == int(OrderKind.LOST_LINK), LOST_LINK, after)
    empty = (kind == int(OrderKind.ROUTE_SWAP)) & (o.x < 0.5) & _follows(flight, o)
    after = jnp.where(empty, jnp.where(mode == LOST_LINK, RETURN, HOLD), after)
    ready = (kind == int(OrderKind.TAKE_OFF)) | ((kind == int(OrderKind.ENGINE)) & (o.x > 0.5))
    return jnp.where(ready & (mode == STOPPED), PREFLIGHT, after)


def _follows(flight: Flight, o: Order) -> Scalar:
    """Truth value: the route that is swapped is the one that is flown."""
    return jnp.where(o.z > 0.5, flight.mode == LOST_LINK, is_in(flight.mode, (CLIMB, ROUTE, LOITER)))


def _next_leg(flight: Flight, o: Order, chosen: Scalar, swap: Scalar, rehearse: Scalar) -> tuple[Scalar, Scalar]:
    """The leg in hand after an order, and whether it is another one, begun from here."""
    lost = flight.mode == LOST_LINK
    x, y = to_int(jnp.clip(o.x, 0.0, LEGS - 1.0) + 0.5), to_int(jnp.clip(o.y, 0.0, LEGS - 1.0) + 0.5)
    main = jnp.where(lost, flight.route_leg, flight.leg)
    to = jnp.where(given(o.x), x, jnp.where(is_in(flight.mode, PARKED), 0, main))
    last = jnp.maximum(x - 1, 0)
    flown = swap & (_follows(flight, o) | ((o.z < 0.5) & ~lost))
    swapped = jnp.where(given(o.y), y, jnp.minimum(flight.leg, last))
    leg = jnp.where(chosen, to, jnp.where(flown, swapped, flight.leg))
    going_on = is_in(flight.mode, (CLIMB, ROUTE, LOITER)) & ~given(o.x)
    jumps = (chosen & ~going_on) | (flown & _follows(flight, o) & (given(o.y) | (leg != flight.leg)))
    return jnp.where(rehearse, 0, leg), jumps | rehearse


def _route_leg(flight: Flight, o: Order, swap: Scalar, rehearse: Scalar) -> Scalar:
    """Leg of the main route to go back to, after the main route was swapped while another is flown."""
    y, x = to_int(jnp.clip(o.y, 0.0, LEGS - 1.0) + 0.5), to_int(jnp.clip(o.x, 1.0, LEGS + 0.0) - 0.5)
    there = jnp.where(given(o.y), y, jnp.minimum(flight.route_leg, x))
    begins = rehearse & ~checks.on_lost_link_route(flight)
    return jnp.where(begins, flight.leg, jnp.where(swap & (o.z < 0.5), there, flight.route_leg))


def _order_height(flight: Flight, o: Order, s: Situation, task: Task) -> Scalar:
    """m: as given; else that of the order before; else as high as it is."""
    h = jnp.clip(s.estimate.altitude_msl, s.lowest, jnp.maximum(task.rules.ceiling, s.lowest))
    kept = is_in(flight.mode, (HOLD, HEADING)) & (flight.altitude_order > 0.0)
    return jnp.where(given(o.altitude), o.altitude, jnp.where(kept, flight.altitude_order, h))


def _directed(
    flight: Flight, kind: Scalar, o: Order, s: Situation, task: Task, placed: Scalar, moved: Scalar
) -> Directed:
    """What was ordered."""
    d = flight.directed

    def is_(which: OrderKind) -> Scalar:
        return kind == int(which)

    engine, take_off, around = is_(OrderKind.ENGINE), is_(OrderKind.TAKE_OFF), is_(OrderKind.GO_AROUND)
    eight, heading, stick = is_(OrderKind.FIGURE_EIGHT), is_(OrderKind.HEADING), is_(OrderKind.STICK)
    there = placed & given(o.latitude)
    radius = jnp.where(is_(OrderKind.HOLD) & given(o.x), o.x, 0.0)
    overhead = jnp.maximum(s.runway.elevation + OVERHEAD, s.lowest)
    after = jnp.where(take_off, to_int(o.z < 0.5), to_int(given(o.altitude)))
    angle = jnp.where(heading, o.x, jnp.where(given(o.z), o.z, 0.0))
    swap = is_(OrderKind.ROUTE_SWAP)
    count = to_int(jnp.clip(o.x, 0.0, LEGS + 0.0) + 0.5)
    return replace(
        d,
        engine=jnp.where(engine, to_int(o.x > 0.5), d.engine),
        cleared=jnp.where(take_off, 1, jnp.where(engine & (o.x < 0.5), 0, d.cleared)),
        holds=jnp.where(take_off | around, after, d.holds),
        height=jnp.where(take_off | around, jnp.where(given(o.altitude), o.altitude, overhead), d.height),
        latitude=jnp.where(there, o.latitude, jnp.where(placed, s.estimate.latitude, d.latitude)),
        longitude=jnp.where(there, o.longitude, jnp.where(placed, s.estimate.longitude, d.longitude)),
        angle=jnp.where(eight | heading, angle, d.angle),
        pending=jnp.where(placed, 1, jnp.where(heading, 2, d.pending)),
        known=jnp.where((placed | heading) & (moved | (path_mode(flight) == STICK)), 0, d.known),
        radius=jnp.where(eight, jnp.abs(o.y), jnp.where(placed, radius, d.radius)),
        length=jnp.where(eight, jnp.abs(o.x), jnp.where(placed, 0.0, d.length)),
        lobe=jnp.where(placed, 0, d.lobe),
        bank=jnp.where(stick, o.x, d.bank),
        climb=jnp.where(stick, o.y, d.climb),
        age=jnp.where(stick, 0.0, d.age),
        legs=jnp.where(swap & (o.z < 0.5), count, d.legs),
        held=jnp.where(is_(OrderKind.LOST_LINK), 0, d.held),
        lost_legs=jnp.where(swap & (o.z > 0.5), count, d.lost_legs),
    )  # fmt: skip


# Between orders -------------------------------------------------------------------------------------------------------


def settled(flight: Flight, before: Scalar, s: Situation, c: Checks, dt: float) -> Flight:
    """The flight after the table of modes has spoken: what follows from an order without another one.

    A hold that begins by itself, or that the ground ahead cuts short, has a place and a height, a stick that is let go
    leaves heading and height, a clearance ends with the take-off or with what speaks against it, a start that fails is
    given up, an engine that has stopped is not started on the runway unasked.

    Args:
        flight: after the table.
        before: the mode before it.
        s: the moment.
        c: what is true of it.
        dt: s.
    """
    d, e, mode = flight.directed, s.estimate, flight.mode
    begins = (mode != before) & (mode == HOLD)
    far = s.centre_north * s.centre_north + s.centre_east * s.centre_east > 2.25 * s.radius * s.radius
    turns = c.walled & (mode == HOLD) & (is_in(before, (HEADING, STICK)) | ((before == HOLD) & far))
    overhead, waits = begins & is_in(before, (TAKE_OFF, GO_AROUND)), (begins & (before == LOST_LINK)) | turns
    let_go = (mode == HEADING) & (before == STICK)
    dead = (mode == PREFLIGHT) & (d.engine == 1) & (s.measurement.engine_running == 0)
    landed_dead = is_in(mode, (ROLL_OUT, STOPPED)) & (s.measurement.engine_running == 0)
    failed = (dead & (flight.since > checks.START_TIME)) | landed_dead
    refused = (mode == PREFLIGHT) & (d.cleared == 1) & (c.refusal != NONE)
    here = jnp.maximum(e.altitude_msl, s.lowest)
    height = jnp.where(overhead, d.height, jnp.where(waits | let_go, here, flight.altitude_order))
    height = jnp.where(turns, jnp.maximum(height, d.floor), height)
    speed = jnp.maximum(s.ground_speed, 1e-3)
    aside = jnp.where(turns, s.radius / speed, 0.0) * (1.0 / MEAN_RADIUS)  # the centre lies abeam: it turns at once
    latitude = e.latitude - aside * e.v_n.y
    longitude = e.longitude + aside * e.v_n.x / jnp.maximum(jnp.cos(e.latitude), 1e-3)
    directed = replace(
        d,
        engine=jnp.where(failed, 0, d.engine),
        cleared=jnp.where(refused | failed | (mode != PREFLIGHT), 0, d.cleared),
        latitude=jnp.where(overhead, s.runway.latitude, jnp.where(waits, latitude, d.latitude)),
        longitude=jnp.where(overhead, s.runway.longitude, jnp.where(waits, longitude, d.longitude)),
        pending=jnp.where(overhead | waits, 1, d.pending),
        known=jnp.where(overhead | waits, 0, d.known),
        radius=jnp.where(overhead | waits, 0.0, d.radius),
        length=jnp.where(overhead | waits, 0.0, d.length),
        north=jnp.where(let_go, s.nose.x / speed, d.north),
        east=jnp.where(let_go, s.nose.y / speed, d.east),
        lobe=_lobe(d, s),
        age=d.age + dt,
    )  # fmt: skip
    reason = jnp.where(refused, c.refusal, jnp.where(turns, int(Reason.TOO_LOW), flight.reason))
    return replace(flight, altitude_order=height, reason=reason, directed=directed)


def _lobe(d: Directed, s: Situation) -> Scalar:
    """The part of a figure eight in hand, the next one where it ends."""
    v, line, lead = s.estimate.v_n, s.line, CORNER * s.ground_speed
    along = -line.to_go
    on_course = v.x * line.north + v.y * line.east > 0.7 * s.ground_speed
    near = s.centre_north * s.centre_north + s.centre_east * s.centre_east < 2.25 * s.radius * s.radius
    leaves = (along > -s.reach - lead) & on_course & near
    ends = jnp.where((d.lobe == 0) | (d.lobe == 2), leaves, along > s.reach - lead)
    after = jnp.where(d.lobe == 3, 0, d.lobe + 1)
    return jnp.where(ends & (d.length > 0.0), after, d.lobe)


def located(d: Directed) -> Directed:
    """The ordered place and angle as the guidance wants them; for the slow tick."""
    place, angle = d.pending == 1, d.pending > 0
    return replace(
        d,
        place_e=pick(place, guidance.place_e(d.latitude, d.longitude, 0.0 * d.angle), d.place_e),
        north=jnp.where(angle, jnp.cos(d.angle), d.north),
        east=jnp.where(angle, jnp.sin(d.angle), d.east),
        pending=0 * d.pending,
        known=1 + 0 * d.pending,
    )


@dataclass(frozen=True)
class Ring:
    """What is circled, and the line of a figure eight."""

    north: Scalar
    """m to the centre."""
    east: Scalar
    radius: Scalar
    """m."""
    turning: Scalar
    """1 clockwise, -1 to the left."""
    line: Path
    """The line of a figure eight in hand."""
    reach: Scalar
    """m from its middle to where the line touches the circles."""


def ring(d: Directed, mine: Scalar, wanted: Scalar, tightest: Scalar, north: Scalar, east: Scalar) -> Ring:
    """The circle to fly, and the geometry of a figure eight: two circles, and the lines that touch both and cross
    in the middle.

    Args:
        d: what was ordered.
        mine: truth value: it is flown.
        wanted: m, signed radius asked for, as ordered or of the leg.
        tightest: m, least radius that can be flown.
        north: m to the ordered place or the leg's.
        east: m.
    """
    eight = mine & (d.length > 0.0)
    radius = jnp.maximum(jnp.abs(wanted), tightest)
    left = jnp.where(eight, d.lobe == 2, wanted < 0.0)
    offset = jnp.maximum(d.length - radius, 1.05 * radius)
    sine = radius / offset
    cosine = jnp.sqrt(1.0 - sine * sine)
    along = jnp.where(d.lobe < 2, -cosine, cosine)
    line = guidance.crossing(
        north, east, along * d.north + sine * d.east, along * d.east - sine * d.north
    )
    shift = jnp.where(eight, jnp.where(d.lobe == 2, -offset, offset), 0.0)
    return Ring(
        north + shift * d.north, east + shift * d.east, radius, jnp.where(left, -1.0, 1.0), line, offset * cosine
    )


def armed(flight: Flight, s: Situation, task: Task) -> tuple[Scalar, Scalar]:
    """The mode that follows the present one as things stand, and why; the same mode where none is known."""
    mode, d, r = flight.mode, flight.directed, s.row
    how = r.manner
    last = flight.leg + 1 >= r.count
    stays = (r.loiter > 0.0) | (how.turns > 0.0) | (how.to_altitude > 0.5)
    after_leg = jnp.where(last, RETURN, ROUTE)
    done = jnp.where(last, int(Reason.MISSION_DONE), NONE)
    holds = d.holds == 1
    then = by_mode(
        mode,
        {
            (PREFLIGHT,): jnp.where(d.cleared == 1, LINE_UP, PREFLIGHT),
            (LINE_UP,): TAKE_OFF,
            (TAKE_OFF,): jnp.where(holds, HOLD, CLIMB),
            (CLIMB,): ROUTE,
            (ROUTE,): jnp.where(stays, LOITER, after_leg),
            (LOITER,): after_leg,
            (LOST_LINK,): jnp.where(flight.reason == int(Reason.CREW), RETURN, jnp.where(d.held == 1, HOLD, ROUTE)),
            (HOLD, HEADING): RETURN,
            (STICK,): HEADING,
            (ESCAPE,): flight.resume,
            (RETURN, DIVERT): DESCENT,
            (DESCENT,): APPROACH,
            (APPROACH,): FLARE,
            (FLARE, GLIDE): jnp.where(mode == GLIDE, FLARE, ROLL_OUT),
            (ROLL_OUT,): STOPPED,
            (GO_AROUND,): jnp.where(holds, HOLD, DESCENT),
        },
        mode,
    )
    why = by_mode(
        mode,
        {
            (ROUTE,): jnp.where(stays, NONE, done),
            (LOITER,): done,
            (LOST_LINK,): jnp.where(flight.reason == int(Reason.CREW), int(Reason.CREW), int(Reason.LINK)),
            (HOLD, HEADING): int(Reason.FUEL),
        },
        jnp.int32(NONE),
    )
    fading = is_in(mode, (CLIMB, ROUTE, LOITER, *ORDERED)) & (s.link_age > FADING * task.rules.lost_link_time)
    route = jnp.where(task.lost_link_legs > 0, LOST_LINK, RETURN)
    return jnp.where(fading, route, then), jnp.where(fading, int(Reason.LINK), why)
