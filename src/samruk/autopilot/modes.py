"""What to do next: one table, read from the top; the first row that holds decides.

Each row: in these modes, if this is true, go to that mode for that reason. What a change brings with it (legs, orders,
counters) is in `entered` and `advanced`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk.autopilot import checks, weighing
from samruk.autopilot.checks import Checks, flying_legs, lift_off_margin, rotation_speed, still_in_ice
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
    PREFLIGHT,
    REFUSED,
    RETURN,
    ROLL_OUT,
    ROUTE,
    STICK,
    STOPPED,
    TAKE_OFF,
    Flight,
    is_in,
    under_orders,
)
from samruk.autopilot.guidance import Leg
from samruk.autopilot.handbook import Handbook
from samruk.autopilot.performance import level_power, power_available, speed_for
from samruk.autopilot.situation import Situation
from samruk.earth import GRAVITY, RHO0
from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.messages import Reason
from samruk.mission import Task
from samruk.tables import pick, to_int

Scalar = Any

CLIMB_WORTH = 1.0
"""m/s of climb that the power left must give for an escape upwards."""
COLD_STEP, COLD_WAIT = 1200.0, 1800.0
"""m of descent from air that cools the fuel too far (8 K warmer on a standard day), and s until the next: the tanks
follow with a time constant of about two hours."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    modes: tuple[int, ...]
    """In these modes,"""
    holds: Scalar
    """if this is true,"""
    to: Scalar
    """go there"""
    reason: Scalar
    """for this reason."""


def table(flight: Flight, c: Checks, task: Task) -> tuple[Row, ...]:
    """The table of modes."""
    cold_floor = (flight.altitude_order > 0.0) & (flight.altitude_order <= task.rules.escape_floor)
    none, link, ice = int(Reason.NONE), int(Reason.LINK), int(Reason.ICE)
    keep, crew = flight.reason, int(Reason.CREW)
    live = jnp.asarray(task.live) == 1
    holds, back = live & (flight.directed.holds == 1), c.link_back & (keep != crew)
    has_lost_link_route = task.lost_link_legs > 0
    away = (*EN_ROUTE, *HOMEWARD, GO_AROUND)
    level_off = (CLIMB, ROUTE, LOITER, ESCAPE, *ORDERED)
    return (
        Row((PREFLIGHT,), (c.refusal != none) & ~live, REFUSED, c.refusal),
        Row((PREFLIGHT,), c.ready, LINE_UP, none),
        Row((LINE_UP,), c.powered, TAKE_OFF, none),
        Row((TAKE_OFF,), c.hopeless, ROLL_OUT, c.hopeless_reason),
        Row((TAKE_OFF,), c.clear & holds, HOLD, crew),
        Row((TAKE_OFF,), c.clear, CLIMB, none),
        Row((*away, TAKE_OFF), c.engine_out, GLIDE, int(Reason.ENGINE)),
        Row((GLIDE,), c.low_enough, FLARE, int(Reason.ENGINE)),
        Row((GLIDE,), ~c.engine_out, RETURN, int(Reason.ENGINE)),
        Row(EN_ROUTE, c.bingo & ~c.low, RETURN, int(Reason.FUEL)),
        Row((RETURN, DESCENT), c.cannot_reach, DIVERT, int(Reason.FUEL)),
        Row(EN_ROUTE, c.too_hot, RETURN, int(Reason.HEAT)),
        Row(EN_ROUTE, c.fuel_cold & cold_floor, RETURN, int(Reason.FUEL_TOO_COLD)),
        Row(EN_ROUTE, (c.electric | c.on_battery) & ~c.low & c.home_nearest, RETURN, int(Reason.ELECTRIC)),
        Row(EN_ROUTE, (c.electric | c.on_battery) & ~c.low, DIVERT, int(Reason.ELECTRIC)),
        Row(EN_ROUTE, c.engine_hot & ~c.low & c.home_nearest, RETURN, int(Reason.ENGINE)),
        Row(EN_ROUTE, c.engine_hot & ~c.low, DIVERT, int(Reason.ENGINE)),
        Row(EN_ROUTE, c.stalls, RETURN, c.stall_reason),
        Row((ESCAPE,), c.ice_persists & (flight.descended == 1), RETURN, ice),
        Row((ESCAPE,), c.out_of_ice, flight.resume, keep),
        Row((HEADING, STICK), c.walled, HOLD, int(Reason.TOO_LOW)),
        Row((STICK,), c.stick_left, HEADING, crew),
        Row((CLIMB, ROUTE, LOITER, LOST_LINK, *ORDERED), c.ice_too_much, ESCAPE, ice),
        Row((RETURN, DIVERT), c.ice_too_much & (flight.reason != ice), ESCAPE, ice),
        Row(level_off, c.link_lost & ~c.low & has_lost_link_route, LOST_LINK, link),
        Row(level_off, c.link_lost & ~c.low, RETURN, link),
        Row((LOST_LINK,), c.route_done & ~c.low, RETURN, jnp.where(keep == crew, crew, link)),
        Row((LOST_LINK,), back & (flight.directed.held == 1), HOLD, link),
        Row((LOST_LINK,), back, ROUTE, none),
        Row((CLIMB, ROUTE, LOITER), c.route_done & ~c.low, RETURN, int(Reason.MISSION_DONE)),
        Row((CLIMB, ROUTE), flight.circling == 1, LOITER, none),
        Row((LOITER,), flight.circling == 0, ROUTE, none),
        Row((CLIMB,), c.level, ROUTE, none),
        Row((RETURN, DIVERT), c.top_of_descent, DESCENT, keep),
        Row((DESCENT,), c.established, APPROACH, keep),
        Row((APPROACH,), c.sheared & ~c.engine_out, GO_AROUND, int(Reason.WIND_SHEAR)),
        Row((APPROACH,), c.unstable, GO_AROUND, int(Reason.UNSTABLE_APPROACH)),
        Row((APPROACH,), c.low_enough, FLARE, keep),
        Row((FLARE,), c.ballooned, GO_AROUND, int(Reason.UNSTABLE_APPROACH)),
        Row((ROLL_OUT,), c.bounced, FLARE, keep),
        Row((FLARE,), c.touched, ROLL_OUT, keep),
        Row((GO_AROUND,), c.around_done & holds, HOLD, crew),
        Row((GO_AROUND,), c.around_done & c.elsewhere & (keep == int(Reason.WIND_SHEAR)), DIVERT, keep),
        Row((GO_AROUND,), c.around_done & ~c.sheared, DESCENT, keep),
        Row((ROLL_OUT,), c.at_rest, STOPPED, keep),
    )


def decided(flight: Flight, rows: tuple[Row, ...]) -> tuple[Scalar, Scalar]:
    """Mode and reason by the first row that holds."""
    mode, reason = flight.mode, flight.reason
    for row in reversed(rows):
        holds = is_in(flight.mode, row.modes) & row.holds
        mode, reason = jnp.where(holds, row.to, mode), jnp.where(holds, row.reason, reason)
    return mode, reason


def advanced(
    flight: Flight, leg: Leg, c: Checks, s: Situation, task: Task, book: Handbook, dt: float
) -> tuple[Flight, Leg]:
    """Legs and circles: the next leg when one is passed, the clock of a circle, time since the wheels left."""
    active, watched = flying_legs(flight), is_in(flight.mode, EN_ROUTE)
    onward = active & c.passed & ~c.route_done
    arriving = active & c.at_circle
    next_leg = Leg(leg.to_e, leg.next_e, leg.next_e)
    on_wheels = s.measurement.weight_on_wheels == 1
    escaping = flight.mode == ESCAPE
    lift_off = rotation_speed(book, s.estimate.mass) + lift_off_margin(s)
    fast = (flight.rotating > 0.0) | (s.air.cas > lift_off)
    rotates = (flight.mode == TAKE_OFF) & fast
    ordered = jnp.where(onward & ~escaping, 0.0, flight.altitude_order)
    climbs_out = watched & ~escaping & c.low & (c.bingo | c.link_lost | (active & c.route_done))
    steps_down = watched & c.fuel_cold & (flight.cold_wait <= 0.0)
    height = jnp.where(flight.altitude_order > 0.0, flight.altitude_order, s.row.altitude)
    lower = jnp.maximum(jnp.minimum(height, s.estimate.altitude_msl) - COLD_STEP, task.rules.escape_floor)
    moved = replace(
        flight,
        since=flight.since + dt,
        leg=jnp.where(onward, flight.leg + 1, flight.leg),
        leg_known=jnp.where(onward, 0, flight.leg_known),
        circling=jnp.where(arriving, 1, jnp.where(onward, 0, flight.circling)),
        turned=jnp.where(arriving, 0.0, flight.turned + _swept(s, dt)),
        stay=jnp.where(arriving, s.row.loiter, flight.stay - jnp.where(flight.circling == 1, dt, 0.0)),
        altitude_order=jnp.where(climbs_out, task.rules.safe_height, jnp.where(steps_down, lower, ordered)),
        cold_wait=jnp.where(steps_down, COLD_WAIT, jnp.maximum(flight.cold_wait - dt, 0.0)),
        rotating=jnp.where(rotates, flight.rotating + dt, 0.0),
        off_ground=jnp.where(on_wheels, 0.0, flight.off_ground + dt),
        link_good=jnp.where(s.link_age < 2.0, flight.link_good + dt, 0.0),
    )
    return moved, pick(onward, next_leg, leg)


def _swept(s: Situation, dt: float) -> Scalar:
    """rad by which the aircraft goes around the centre of the circle in dt, in the sense of the circle."""
    v, north, east = s.estimate.v_n, s.centre_north, s.centre_east
    square = jnp.maximum(north * north + east * east, 0.25 * s.radius * s.radius)
    return s.turning * (east * v.x - north * v.y) * (dt / square)


def entered(
    flight: Flight, mode: Scalar, reason: Scalar, leg: Leg, here_e: Vec3, s: Situation, task: Task, book: Handbook
) -> tuple[Flight, Leg]:
    """The flight after a change of mode, with all that belongs to the change."""
    changed = mode != flight.mode
    to_escape = changed & (mode == ESCAPE)
    to_lost_link = changed & (mode == LOST_LINK) & ~checks.on_lost_link_route(flight)
    left = changed & (flight.mode == LOST_LINK) & (mode != ESCAPE) & (jnp.asarray(task.live) == 1)
    from_lost_link = left | (changed & (flight.mode == LOST_LINK) & (mode == ROUTE))
    anew = to_lost_link | from_lost_link
    held = jnp.where(to_lost_link, to_int(under_orders(flight)), flight.directed.held)
    homeward = changed & is_in(mode, (RETURN, DIVERT))
    low = s.runway.elevation + checks.LEAST_HOLD
    high = jnp.maximum(task.rules.ceiling, low)
    step_down = (flight.mode == ESCAPE) & (mode == ESCAPE) & (flight.descended == 0) & still_in_ice(flight, s)
    up, down = checks.escape_heights(s, task)
    ways = weighing.weighed(s, up, down, book)
    escape_to = weighing.height_for(ways, up, down, s.estimate.altitude_msl, climb_left(s, book) > CLIMB_WORTH)
    order = jnp.where(to_escape, escape_to, jnp.where(step_down, down, flight.altitude_order))
    new = replace(
        flight,
        mode=mode,
        reason=reason,
        since=jnp.where(changed | step_down, 0.0, flight.since),
        resume=jnp.where(to_escape, _resumed(flight), flight.resume),
        leg=jnp.where(to_lost_link, 0, jnp.where(from_lost_link, flight.route_leg, flight.leg)),
        route_leg=jnp.where(to_lost_link, flight.leg, flight.route_leg),
        leg_known=jnp.where(anew, 0, flight.leg_known),
        circling=jnp.where(anew | homeward, 0, flight.circling),
        field=jnp.where(changed, _field(flight, mode, s), flight.field),
        directed=replace(flight.directed, held=held),
        altitude_order=jnp.where(anew, 0.0, order),
        hold=jnp.where(homeward, jnp.clip(s.estimate.altitude_msl, low, high), flight.hold),
        go_arounds=flight.go_arounds + jnp.where(changed & (mode == GO_AROUND), 1, 0),
        descended=jnp.where(to_escape, jnp.where(escape_to == down, 1, 0), jnp.where(step_down, 1, flight.descended)),
        rejected=jnp.where(changed, jnp.where((flight.mode == TAKE_OFF) & (mode == ROLL_OUT), 1, 0), flight.rejected),
    )
    from_here = Leg(here_e, leg.to_e, leg.next_e)
    return new, pick(anew, from_here, leg)


def _resumed(flight: Flight) -> Scalar:
    """Mode to go back to after an escape that begins now."""
    return jnp.where(flight.mode == CLIMB, ROUTE, jnp.where(flight.mode == STICK, HEADING, flight.mode))


def _field(flight: Flight, mode: Scalar, s: Situation) -> Scalar:
    """Where to land: by fuel when diverting or gliding, home on return."""
    p = s.plan
    alternate = jnp.where(p.alternate_a <= p.alternate_b, 1, 2)
    nearest = jnp.where(p.home <= jnp.minimum(p.alternate_a, p.alternate_b), 0, alternate)
    field = jnp.where(mode == DIVERT, jnp.where(flight.field == 0, alternate, flight.field), flight.field)
    field = jnp.where((mode == CLIMB) | (mode == HOLD), 0, field)
    return jnp.where(mode == GLIDE, nearest, field)


def climb_left(s: Situation, book: Handbook) -> Scalar:
    """m/s of climb that the power not yet used would give, with what ice now takes."""
    sigma = s.air.rho * (1.0 / RHO0)
    mass = s.estimate.mass
    available = power_available(book, sigma, book.drive.rated_speed)
    burden = 1.0 + jnp.maximum(s.frost.excess, 0.0)
    needed = burden * level_power(book, mass, speed_for(book, mass, book.speeds.climb), sigma)
    return 0.75 * (available - book.drive.alternator_power - needed) / (mass * GRAVITY)
