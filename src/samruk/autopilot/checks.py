"""True or false: pure statements about the moment, on which the table of modes decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.autopilot import performance, protection, weighing
from samruk.autopilot.flight import EN_ROUTE, ESCAPE, GLIDE, LOST_LINK, Flight, is_in, under_orders
from samruk.autopilot.handbook import TAKE_OFF_FLAP, Handbook
from samruk.autopilot.situation import Situation
from samruk.earth import GRAVITY, RHO0
from samruk.lazy import jnp
from samruk.messages import Reason
from samruk.mission import Task

Scalar = Any

ALIGNMENT_TIME = 30.0
"""s of stillness before flight: level and gyro biases settle."""
PATIENCE = 1800.0
"""s for which the checks wait for a warm engine and an aligned navigator before they refuse."""
COLD_BATTERY = 243.15
"""K, cells below which less than half of a lithium-ion battery's energy can be drawn: no reserve for a failure."""
THERMOMETER = 1.5
"""K, error of the outside-air thermometer, three standard deviations: the ends of the declared range are flown."""
TURN = 6.283185307179586
"""rad."""
COLD_FUEL = 3.0
"""K above the freezing point, below which filters may clog."""
HEADING_LIMIT = 0.05
"""rad, worst heading with which a take-off is begun."""
PLACE_LIMIT = 15.0
"""m."""
RUN_FACTOR = 1.4
"""Runway asked for over the handbook's ground run: 15 % for the pilotage and 25 % of the run to stop early."""
TAILWIND_LIMIT = 5.0
"""m/s, 10 kt: the usual limit of handbooks."""
FROST_AIRSPEED, FROST_TIME = 1.12, 5.0
"""Speed over rotation speed, and s with the nose up, after which an aircraft that has not left the ground will not."""
SHEAR = 0.08
"""F-factor, mean over 8 s, of a windshear: two thirds of the 0.12 that a full-power climb of 4.5 m/s at 38 m/s can
bear. (Transports alert at 0.105 over a kilometre, recalled.)"""
BOUNCE = 0.6
"""m of the wheels above the ground in the roll-out from which the flare is flown again."""
BALLOON = 15.0
"""m of the wheels above the ground in the flare from which the aircraft goes around."""
CLEAR_HEIGHT = 120.0
"""m above the runway where take-off ends."""
DESCENT = 0.04
"""Slope of a descent to the gate."""
SAFE_SLACK = 60.0
"""m below the safe height that count as being there."""
GATE_LOW, GATE_HIGH = 45.0, 60.0
"""m above the ground, where an approach must be stable."""
GLIDE_AIM = 400.0
"""m beyond the threshold, where a glide aims: a glide that falls short is lost, one that floats has brakes."""
GLIDE_STEEP, GLIDE_FLAT = 6.0, 14.0
"""Way over height: least, with gear and flap out and some speed, and most, clean, of a glide worth beginning."""
GLIDE_DIRTY = 9.0
"""Way over height below which a glide puts gear and flap out."""
MOST_GO_AROUNDS = 3
LEAST_HOLD = 600.0
"""m above the field, lowest height to fly home at."""
LINK_BACK = 30.0
"""s of good link before the main route is taken up again."""
ESCAPE_TIME = 120.0
"""s without ice after which an escape has done its work, and in which a new height is given its chance."""
ESCAPE_PATIENCE = 900.0
"""s after which an escape that has neither left the ice for good nor stayed in it is given up."""
SETTLING = 300.0
"""s of an encounter in which a heated wing is given time: its zones are freed once in a cycle, and a climb or a change
of speed shakes what the power tells."""
AT_HEIGHT = 15.0
"""m from its height at which a circle that is flown to reach it is left."""
STICK_TIME = 1.0
"""s after which a stick that is no longer heard is let go."""
START_TIME = 40.0
"""s of cranking after which a start is given up."""
PATIENCE_IN_ICE = 600.0
"""s in ice without protection working that are borne before leaving."""


@dataclass(frozen=True)
class Checks:
    """Truth values, and the reason where one is needed."""

    ready: Scalar
    refusal: Scalar
    """A `Reason`; NONE when nothing speaks against the flight."""
    powered: Scalar
    hopeless: Scalar
    """The take-off must be given up."""
    hopeless_reason: Scalar
    clear: Scalar
    """High enough after take-off."""
    level: Scalar
    passed: Scalar
    """The leg is done."""
    at_circle: Scalar
    route_done: Scalar
    bingo: Scalar
    link_lost: Scalar
    link_back: Scalar
    ice_too_much: Scalar
    out_of_ice: Scalar
    ice_persists: Scalar
    fuel_cold: Scalar
    """In the air, fuel close to its freezing point."""
    stalls: Scalar
    """The wing has stalled twice: it is not the wing of the handbook."""
    stall_reason: Scalar
    """A `Reason`: ICE when it is about, else AIRSPEED."""
    too_hot: Scalar
    electric: Scalar
    """The alternator cannot carry what flight needs."""
    on_battery: Scalar
    """The engine runs, and the battery carries avionics or pitot heat."""
    engine_hot: Scalar
    """Coolant or oil beyond its limit."""
    home_nearest: Scalar
    """Home is reached with less fuel than either alternate."""
    cannot_reach: Scalar
    engine_out: Scalar
    top_of_descent: Scalar
    low: Scalar
    established: Scalar
    unstable: Scalar
    low_enough: Scalar
    touched: Scalar
    bounced: Scalar
    """Back in the air after touch-down."""
    ballooned: Scalar
    """High again in the flare, with an engine to leave."""
    at_rest: Scalar
    around_done: Scalar
    sheared: Scalar
    """The wind takes more than the approach has to give."""
    walled: Scalar
    """The ground ahead of an ordered path is higher than the aircraft can climb."""
    stick_left: Scalar
    """Nothing has been heard of the stick, or the aircraft must leave and is too low to."""
    elsewhere: Scalar
    """An alternate is in reach with the reserve, and home has been tried twice."""


def check(flight: Flight, s: Situation, task: Task, book: Handbook) -> Checks:
    """All statements."""
    e, m = s.estimate, s.measurement
    waited = s.time - task.clock.start_delay
    ready, refusal = _before_flight(flight, s, waited, task, book)
    hopeless, hopeless_reason = _take_off(flight, s, task, book)
    passed, at_circle = _leg(flight, s)
    height = e.altitude_msl - s.runway.elevation
    target = jnp.where(flight.altitude_order > 0.0, flight.altitude_order, s.row.altitude)
    legs_left = flight.leg + 1 < s.row.count
    down = e.altitude_msl - s.gate_height
    bingo = m.fuel < s.plan.home + s.plan.reserve
    link_lost = s.link_age > task.rules.lost_link_time
    low = e.altitude_msl < task.rules.safe_height - SAFE_SLACK
    return Checks(
        ready=ready,
        refusal=refusal,
        powered=flight.since > book.field.spin_up,
        hopeless=hopeless,
        hopeless_reason=hopeless_reason,
        clear=(height > CLEAR_HEIGHT) & (m.weight_on_wheels == 0),
        level=(e.altitude_msl > target - 60.0) | (flight.leg > 0) | (flight.circling == 1),
        passed=passed,
        at_circle=at_circle,
        route_done=passed & ~legs_left,
        bingo=bingo,
        link_lost=link_lost,
        link_back=flight.link_good > LINK_BACK,
        ice_too_much=_ice_too_much(flight, s, task, book),
        out_of_ice=(protection.last_word(s.frost) > ESCAPE_TIME) & (flight.since > ESCAPE_TIME),
        ice_persists=still_in_ice(flight, s)
        & ((jnp.abs(e.altitude_msl - flight.altitude_order) < 100.0) | (flight.since > ESCAPE_PATIENCE)),
        fuel_cold=m.fuel_temperature < book.limits.fuel_freezing + COLD_FUEL,
        stalls=s.air.stalls > 1,
        stall_reason=jnp.where(protection.suspect(s.frost), int(Reason.ICE), int(Reason.AIRSPEED)),
        too_hot=(m.bay_temperature > book.limits.bay_high) | (m.bay_temperature < book.limits.bay_low),
        electric=_electric(flight, s) & (task.rules.heed_systems == 1),
        on_battery=(m.battery_drain > 0.0) & (m.engine_running == 1) & (flight.off_ground > 60.0)
        & (task.rules.heed_systems == 1),
        engine_hot=((m.engine_temperature > book.limits.coolant) | (m.oil_temperature > book.limits.oil))
        & (task.rules.heed_systems == 1),
        home_nearest=s.plan.home <= jnp.minimum(s.plan.alternate_a, s.plan.alternate_b),
        cannot_reach=_cannot_reach(flight, s),
        engine_out=(m.engine_running == 0) & (flight.off_ground > 2.0),
        top_of_descent=(
            (down > DESCENT * (s.gate.to_go - s.gate_radius)) & (s.gate.to_go < task.rules.descent_radius)
        ) | (s.gate.to_go < 1.5 * s.gate_radius),
        low=low,
        established=_established(flight, s, down),
        unstable=_unstable(flight, s, book),
        low_enough=m.height_radar < flare_height(-_climb(s)),
        touched=m.weight_on_wheels == 1,
        bounced=(m.weight_on_wheels == 0) & (m.height_radar > BOUNCE) & (flight.off_ground > 0.3),
        ballooned=(m.height_radar > BALLOON) & (flight.since > 2.0) & (m.engine_running == 1),
        at_rest=(m.wheel_speed < 0.5) & (flight.since > 3.0) & (s.ground_speed < 1.0),
        around_done=height > 200.0,
        sheared=(s.air.shear > SHEAR) & (task.rules.heed_shear == 1) & (flight.go_arounds < MOST_GO_AROUNDS),
        walled=flight.directed.wall > e.altitude_msl,
        stick_left=(flight.directed.age > STICK_TIME) | (low & (bingo | link_lost)),
        elsewhere=(flight.field == 0) & (flight.go_arounds > 1)
        & (m.fuel > jnp.minimum(s.plan.alternate_a, s.plan.alternate_b) + s.plan.reserve),
    )


def _climb(s: Situation) -> Scalar:
    """m/s upwards."""
    return -s.estimate.v_n.z


def _before_flight(
    flight: Flight, s: Situation, waited: Scalar, task: Task, book: Handbook
) -> tuple[Scalar, Scalar]:
    """Whether the flight may begin, and what speaks against it. The gravest reason wins.

    A live aircraft is asked again and again, wherever it stands on the runway: it needs a clearance, nothing is too
    late for it, and it knows what fuel a flight home would take, not yet that of a route.
    """
    m, limits, live = s.measurement, book.limits, jnp.asarray(task.live) == 1
    mass = book.empty_mass + task.loading.payload + m.fuel
    aligned = (s.estimate.position_sigma < PLACE_LIMIT) & (s.heading_sigma < HEADING_LIMIT)
    warm = (m.engine_temperature > limits.coolant_minimum) & (m.oil_temperature > limits.oil_minimum)
    warm = warm & (m.engine_running == 1)
    stuck = (m.engine_running == 0) & (m.engine_temperature < limits.start_coldest)
    asked = ((waited > ALIGNMENT_TIME) & (s.plan.complete == 1)) | live
    late = (waited > PATIENCE) & ~live
    aligned = aligned & ((s.time > ALIGNMENT_TIME) | ~live)
    least_fuel = jnp.where(live, s.plan.home + s.plan.reserve, s.plan.route_fuel)
    runway = s.runway.length + jnp.where(live, jnp.minimum(s.final.to_go, 0.0), 0.0)
    cross, tail = _runway_wind(s)
    sigma = s.air.rho * (1.0 / RHO0)
    run = book.field.take_off_run * jnp.square(mass / limits.mass) / (sigma * sigma)
    against = (
        (live & ~aligned, Reason.NAVIGATION),
        (live & (flight.directed.engine == 0), Reason.ENGINE_OFF),
        (s.frost.quiet < 60.0, Reason.FROST),
        (run * RUN_FACTOR > runway, Reason.RUNWAY_TOO_SHORT),
        ((cross > limits.crosswind) & (task.rules.allow_crosswind == 0), Reason.CROSSWIND),
        (tail > TAILWIND_LIMIT, Reason.CROSSWIND),
        (m.temperature < limits.operating_low - THERMOMETER, Reason.TOO_COLD),
        (m.temperature > limits.operating_high + THERMOMETER, Reason.TOO_HOT),
        (m.fuel_temperature < limits.fuel_freezing + COLD_FUEL, Reason.FUEL_TOO_COLD),
        (m.fuel < least_fuel, Reason.FUEL_SHORT),
        ((mass > 1.005 * limits.mass) | (m.fuel > 1.02 * book.fuel_capacity), Reason.TOO_HEAVY),
        (m.battery_temperature < COLD_BATTERY, Reason.BATTERY_COLD),
        (stuck, Reason.ENGINE_COLD),
        (late & ~warm & ~stuck, Reason.ENGINE),
        (late & ~aligned, Reason.NAVIGATION),
    )
    reason = jnp.int32(int(Reason.NONE))
    for holds, why in against:
        reason = jnp.where(holds & asked, int(why), reason)
    cleared = (flight.directed.cleared == 1) | ~live
    return asked & aligned & warm & cleared, reason


def _runway_wind(s: Situation) -> tuple[Scalar, Scalar]:
    """Crosswind (size) and tailwind, m/s, of the wind that the aerodrome reported, or that was flown in."""
    w, path = s.air.wind_n, s.final
    return jnp.abs(w.y * path.north - w.x * path.east), w.x * path.north + w.y * path.east


def _take_off(flight: Flight, s: Situation, task: Task, book: Handbook) -> tuple[Scalar, Scalar]:
    """Whether the take-off must be given up, while it still can be, and why."""
    m = s.measurement
    rolling = (m.weight_on_wheels == 1) & (flight.since > 3.0)
    left = s.runway.length + s.final.to_go
    stop = jnp.square(s.ground_speed) / (2.0 * 0.7 * book.field.braking_friction * GRAVITY) + 2.0 * s.ground_speed
    possible = stop < left
    rotate = rotation_speed(book, s.estimate.mass)
    will_not_fly = (s.air.cas > FROST_AIRSPEED * rotate) & (flight.rotating > FROST_TIME)
    last_chance = (stop > 0.85 * left) & (s.air.cas < rotate) & (flight.rotating == 0.0)
    engine = m.engine_running == 0
    sheared = (s.air.shear > SHEAR) & (flight.rotating == 0.0) & (s.air.cas > 0.5 * rotate)
    slow = jnp.where(will_not_fly, int(Reason.FROST), int(Reason.RUNWAY_TOO_SHORT))
    why = jnp.where(engine, int(Reason.ENGINE), jnp.where(sheared, int(Reason.WIND_SHEAR), slow))
    given_up = (will_not_fly | last_chance) & (task.rules.reject_take_off == 1)
    return rolling & (engine | ((given_up | (sheared & (task.rules.heed_shear == 1))) & possible)), why


def rotation_speed(book: Handbook, mass: Scalar) -> Scalar:
    """m/s calibrated, 1.1 stall speeds with take-off flap."""
    return 1.1 * performance.stall_speed(book, mass, TAKE_OFF_FLAP)


def _leg(flight: Flight, s: Situation) -> tuple[Scalar, Scalar]:
    """Whether the leg is done, and whether its circle begins."""
    how = s.row.manner
    climbs, turns = how.to_altitude > 0.5, how.turns > 0.0
    stays = (s.row.loiter > 0.0) | climbs | turns
    known = flight.leg_known == 1
    corner = (flight.leg + 1 < s.row.count) & ~s.row.before_arc
    ahead = jnp.where(how.over > 0.5, 0.0, jnp.where(corner, s.turn_ahead, 1.5 * s.ground_speed))
    by = known & ~stays & (s.leg.to_go < ahead)
    at_circle = known & stays & (flight.circling == 0) & (s.leg.to_go < 1.3 * s.radius)
    target = jnp.where(flight.altitude_order > 0.0, flight.altitude_order, s.row.altitude)
    there = jnp.abs(s.estimate.altitude_msl - target) < AT_HEIGHT
    round_ = jnp.where(turns, flight.turned >= TURN * how.turns, jnp.where(climbs, there, flight.stay <= 0.0))
    return by | (known & (flight.circling == 1) & round_), at_circle


def escape_heights(s: Situation, task: Task) -> tuple[Scalar, Scalar]:
    """Heights, m, of an escape upwards and downwards."""
    h = s.estimate.altitude_msl
    floor = jnp.maximum(task.rules.escape_floor, s.runway.elevation + LEAST_HOLD)
    return jnp.minimum(h + task.rules.escape_up, task.rules.ceiling), jnp.minimum(floor, h)


def _ice_too_much(flight: Flight, s: Situation, task: Task, book: Handbook) -> Scalar:
    """Whether ice must be left by height: it costs too much, or it has lasted without protection."""
    least = 1.15 * s.stall
    ways = weighing.weighed(s, *escape_heights(s, task), book)
    slow = protection.slow(s.air, least, s.starved)
    settling = (s.measurement.wing_powered == 1) & (s.frost.exposed < SETTLING)
    stays = settling | weighing.staying_is_cheaper(ways, s)
    costs = protection.failing(s.frost, s.air, least, s.starved) & (slow | ~stays)
    long = (s.frost.exposed > PATIENCE_IN_ICE) & ((s.frost.on == 0) | (s.measurement.wing_powered == 0))
    return (task.rules.escape == 1) & (costs | long) & (flight.off_ground > 60.0)


def _electric(flight: Flight, s: Situation) -> Scalar:
    """Whether the alternator cannot carry what flight needs: overload without ice, or ice and a wing without heat."""
    m = s.measurement
    over = (m.generator_load > 1.0) & (flight.since > 60.0) & (m.engine_running == 1)
    return over & ((s.frost.on == 0) | ((m.wing_powered == 0) & (protection.last_word(s.frost) < 60.0)))


def _cannot_reach(flight: Flight, s: Situation) -> Scalar:
    """Whether the field in mind is out of reach and an alternate is nearer; home only is ever given up."""
    p = s.plan
    best = jnp.minimum(p.alternate_a, p.alternate_b)
    return (flight.field == 0) & (s.measurement.fuel < p.home + 0.3 * p.reserve) & (best < p.home)


def _established(flight: Flight, s: Situation, down: Scalar) -> Scalar:
    """Whether the circle's tangent lies ahead: on course, near the line, at the gate, at its height.

    A glide leaves the circle when the way left is between what drag devices and what the clean aircraft can do with
    the height left.
    """
    way, height = s.final.to_go + GLIDE_AIM, s.estimate.altitude_msl - s.runway.elevation
    gliding = (way > GLIDE_STEEP * height) & (way < GLIDE_FLAT * height)
    right_height = jnp.where(flight.mode == GLIDE, gliding, down < 80.0)
    on_course = jnp.abs(s.course_error) < 0.5
    at_gate = jnp.abs(s.final.to_go - s.gate_distance) < 1.2 * s.gate_radius
    near = (jnp.abs(s.final.right) < 0.3 * s.gate_radius) & at_gate
    return on_course & near & right_height


def _unstable(flight: Flight, s: Situation, book: Handbook) -> Scalar:
    """Whether the approach is not stable at 60 m: off the line, fast, slow, sinking or banked."""
    h = s.measurement.height_radar
    in_gate = (h < GATE_HIGH) & (h > GATE_LOW)
    wanted = approach_speed(s, book)
    off = jnp.abs(s.final.right) > 25.0
    speed = (s.air.cas < 0.86 * wanted) | (s.air.cas > 1.25 * wanted)
    sink = -_climb(s) > 4.0
    banked = jnp.abs(s.estimate.phi) > 0.30
    may = (flight.go_arounds < MOST_GO_AROUNDS) & (s.measurement.engine_running == 1)
    return in_gate & (off | speed | sink | banked) & may


def approach_speed(s: Situation, book: Handbook) -> Scalar:
    """m/s calibrated: 1.3 stall speeds at full flap; more for ice and for a pitot that is not believed; half the
    headwind or the gust margin, at most 5 m/s."""
    base = performance.speed_for(book, s.estimate.mass, book.speeds.approach)
    _, tail = _runway_wind(s)
    iced = jnp.where(protection.suspect(s.frost), 1.12, 1.0)
    blind = jnp.where(s.air.valid == 1, 1.0, 1.08)
    return base * iced * blind + jnp.clip(jnp.maximum(-0.5 * tail, gust_margin(s)), 0.0, 5.0)


def lift_off_margin(s: Situation) -> Scalar:
    """m/s added to the rotation speed: a quarter of the wind, at most 5 m/s, for the gusts that come with it."""
    w = s.air.wind_n
    return jnp.minimum(0.25 * jnp.sqrt(w.x * w.x + w.y * w.y), 5.0)


def gust_margin(s: Situation) -> Scalar:
    """m/s calibrated, added for gusts: one and a half standard deviations of what was met in the last minutes."""
    return jnp.clip(1.5 * jnp.sqrt(s.air.gusts * s.air.rho * (1.0 / RHO0)) - 0.5, 0.0, 5.0)


def glide_surplus(s: Situation) -> Scalar:
    """m of height that a glide on the runway's line has beyond what gear and flap out would need."""
    way = jnp.maximum(s.final.to_go + GLIDE_AIM, 0.0)
    return s.estimate.altitude_msl - s.runway.elevation - way * (1.0 / GLIDE_DIRTY)


def flare_height(sink: Scalar) -> Scalar:
    """m by the radar altimeter, where the flare begins: the exponential flare's height and one second of lead."""
    return jnp.clip(4.5 * sink - 1.5, 3.0, 15.0)


def flying_legs(flight: Flight) -> Scalar:
    """Truth value: legs are being flown, so passing and circling count."""
    return is_in(flight.mode, EN_ROUTE) & ~under_orders(flight)


def on_lost_link_route(flight: Flight) -> Scalar:
    """Truth value: the leg number counts in the lost-link route."""
    return (flight.mode == LOST_LINK) | ((flight.mode == ESCAPE) & (flight.resume == LOST_LINK))


def still_in_ice(flight: Flight, s: Situation) -> Scalar:
    """Truth value: the height of an escape has had its chance and has not helped."""
    last = protection.last_word(s.frost)
    now = (last < 60.0) & (flight.since > 2.0 * ESCAPE_TIME)
    again = (last < ESCAPE_TIME) & (flight.since > ESCAPE_PATIENCE)
    return now | again
