"""The autopilot: estimator, air data, modes, guidance and control joined in three tempos.

`slow` (1 Hz): covariance and aiding, local axes, legs, fuel plans. `mission` (10 Hz): air data, ice, the crew's
mailbox, modes, guidance, energy. `fast` (50 Hz): strapdown and attitude loops. An engine calls them in that order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, is_dataclass, replace
from dataclasses import fields as fields_of
from typing import Any

import numpy as np

from samruk.autopilot import (
    airdata,
    checks,
    commands,
    control,
    energy,
    estimator,
    guidance,
    lookout,
    modes,
    navigation,
    orders,
    performance,
    plan,
    protection,
    setpoints,
)
from samruk.autopilot.airdata import AirData, Motion
from samruk.autopilot.control import Inner, Wanted
from samruk.autopilot.energy import Energy
from samruk.autopilot.estimator import Estimator
from samruk.autopilot.flight import (
    GLIDE,
    HEADING,
    HOLD,
    LOITER,
    PARKED,
    ROUTE,
    STOPPED,
    Flight,
    is_in,
    under_orders,
)
from samruk.autopilot.guidance import Anchor, Leg, Manner, Path
from samruk.autopilot.handbook import Handbook
from samruk.autopilot.limits import rising
from samruk.autopilot.navigation import Navigation, attitude, mean
from samruk.autopilot.plan import Plan
from samruk.autopilot.protection import Frost
from samruk.autopilot.setpoints import Setpoints
from samruk.autopilot.situation import LegRow, Situation
from samruk.earth import GRAVITY, RHO0, standard_temperature
from samruk.frames import Rotation, Vec3, euler_from_rotation, quaternion_from_rotation, wrap
from samruk.lazy import jnp
from samruk.messages import (
    Ack,
    Command,
    ControlCommand,
    Estimate,
    Inertial,
    Measurement,
    Order,
    OrderAck,
    OrderKind,
    Telemetry,
)
from samruk.mission import LEGS, Ground, Route, Rules, Runway, Task
from samruk.tables import lookup, pick, to_int
from samruk.words import wide

Scalar = Any

FAST_DT, MISSION_DT, SLOW_DT = 0.02, 0.1, 1.0
"""s, the three tempos."""
GATE_DISTANCE = 6000.0
"""m from the threshold to the approach gate."""
GLIDE_GATE = 2500.0
"""m from the threshold to the gate of a glide."""
GLIDE_RATIO = 10.0
"""Way over height from the gate of a glide to the threshold."""
HEADING_STEP = 0.008
"""rad per mission tick: the nose is turned to the runway at 4.6 degrees a second."""
ANNOUNCEMENT = 3.0
"""s for which the aircraft announces that it has found ice."""
RADAR_LIMIT = 750.0
"""m, the radar altimeter is believed below."""


@dataclass(frozen=True)
class Fields:
    """Thresholds of home and the alternates, ECEF, m."""

    home_e: Vec3 = wide(Vec3)
    alternate_a_e: Vec3 = wide(Vec3)
    alternate_b_e: Vec3 = wide(Vec3)


@dataclass(frozen=True)
class Aim:
    """What the autopilot flies to at this mission tick, kept to be shown."""

    altitude: Scalar = 0.0
    """m above mean sea level."""
    airspeed: Scalar = 0.0
    """m/s calibrated."""
    bank: Scalar = 0.0
    """rad."""


@dataclass(frozen=True)
class Pilot:
    """All that the autopilot carries from tick to tick."""

    estimator: Estimator
    """Strapdown state, covariance, pending innovations."""
    anchor: Anchor
    """Local axes."""
    air: AirData
    """Airspeed and wind."""
    frost: Frost
    """Ice."""
    plan: Plan
    """Fuel plans."""
    flight: Flight
    """Mode, route, orders."""
    way: Leg
    """Places of the leg in hand."""
    fields: Fields
    """Places to land."""
    energy: Energy
    """Height and speed law."""
    inner: Inner
    """Attitude loops."""
    estimate: Estimate
    """What the aircraft believes of itself."""
    command: ControlCommand
    """What it asks of actuators and systems."""
    ack: Ack
    """Last answer to the crew."""
    flap: Scalar = 0.0
    """0..1, where the flap is by its own rate."""
    gear: Scalar = 1.0
    """0..1, where the gear is by its own rate."""
    economy: Scalar = 0
    """1 while the propeller turns at its economy speed."""
    glide_final: Scalar = 0
    """1 when a glide has turned onto the runway's line."""
    on_station: Scalar = 0
    """1 while the time counts as observation."""
    manner: Manner = field(default_factory=Manner)
    """How the leg in hand is flown."""
    manner_after: Manner = field(default_factory=Manner)
    """How the leg after it is flown."""
    order_ack: OrderAck = field(default_factory=OrderAck)
    """Last answer to an order of a live aircraft."""
    against: Scalar = 0
    """A `Reason` that speaks against a take-off now; NONE when nothing does."""
    next_mode: Scalar = 0
    """The `Mode` that follows as things stand; the present one where that is not known."""
    next_reason: Scalar = 0
    """The `Reason` for it."""
    aim: Aim = field(default_factory=Aim)
    """What it flies to, to be shown."""

    @property
    def mode(self) -> Scalar:
        """The `Mode` now."""
        return self.flight.mode

    @property
    def reason(self) -> Scalar:
        """The `Reason` of the mode."""
        return self.flight.reason

    @property
    def leg(self) -> Scalar:
        """Leg of the route in hand, from 0."""
        return self.flight.leg

    @property
    def reserve(self) -> Scalar:
        """kg of fuel that must be left at landing."""
        return self.plan.reserve

    @property
    def bingo(self) -> Scalar:
        """kg of fuel that reach home with the reserve."""
        return self.plan.home + self.plan.reserve


def initial(book: Handbook, task: Task, measurement: Measurement, wind_n: Vec3 | None = None) -> Pilot:
    """The autopilot on the stand, as Python numbers; see `aligned`."""
    pilot: Pilot = plain(aligned(book, task, measurement, wind_n))
    return pilot


def aligned(book: Handbook, task: Task, measurement: Measurement, wind_n: Vec3 | None = None) -> Pilot:
    """The autopilot on the stand.

    Args:
        book: the handbook.
        task: the mission; the stand is the beginning of the home runway, in its direction.
        measurement: the sensors at rest.
        wind_n: m/s, NED: the wind that the aerodrome reports; calm when not given.
    """
    start = estimator.initial(book, task.home, measurement, task.seed)
    gravity = navigation.gravity_e(start.nav.r_be_e)
    anchor = guidance.anchor_at(start.nav.r_be_e, gravity)
    fields = Fields(*(guidance.place_e(f.latitude, f.longitude, f.elevation) for f in _runways(task)))
    here = start.nav.r_be_e
    air = AirData(wind_n=wind_n or Vec3(), temperature=measurement.temperature)
    return Pilot(
        start, anchor, air, Frost(), Plan(last_e=fields.home_e, height=task.home.elevation), Flight(),
        Leg(here, here, here), fields, Energy(), Inner(), Estimate(), ControlCommand(), Ack(),
    )  # fmt: skip


def plain(tree: Any) -> Any:
    """The same nest with Python ints and floats as leaves, kinds kept."""
    if is_dataclass(tree) and not isinstance(tree, type):
        return type(tree)(**{f.name: plain(getattr(tree, f.name)) for f in fields_of(tree)})
    value = np.asarray(tree)[()]
    return int(value) if value.dtype.kind == "i" else float(value)


def _runways(task: Task) -> tuple[Runway, Runway, Runway]:
    """Home and the alternates."""
    return task.home, task.alternate_a, task.alternate_b


# Fast tick ------------------------------------------------------------------------------------------------------------


def fast(pilot: Pilot, inertial: Inertial, book: Handbook, tick: Scalar = 0) -> Pilot:
    """20 ms: navigation by the inertial unit, then the attitude loops. The law does not depend on the tick."""
    e = pilot.estimator
    step = navigation.strapdown(e.nav, inertial, pilot.anchor.gravity_e, FAST_DT)
    R_nb = attitude(pilot.anchor.R_ne, step.nav.q_eb)
    inner, surfaces, _ = control.step(pilot.inner, R_nb, step.omega_b, step.f_b, book, FAST_DT)
    command = replace(
        pilot.command,
        delta_e=surfaces.delta_e,
        delta_a=surfaces.delta_a,
        delta_r=surfaces.delta_r,
        steer=surfaces.steer,
    )
    carried = replace(e, nav=step.nav, sums=navigation.summed(e.sums, step))
    return replace(pilot, estimator=carried, inner=inner, command=command)


# Slow tick ------------------------------------------------------------------------------------------------------------


def slow(
    pilot: Pilot, measurement: Measurement, book: Handbook, task: Task, route: Route, order: Order | None = None,
    ground: Ground | None = None,
) -> Pilot:  # fmt: skip
    """1 s: covariance and aiding, local axes, the places of the legs, fuel plans.

    An order that says that the route was swapped, not yet read, keeps the legs as they are for this second. The ground
    is the terrain that a live aircraft's autopilot carries.
    """
    task = _as_swapped(task, pilot.flight) if order else task
    R = pilot.anchor.R_ne
    aided = estimator.slow(pilot.estimator, book, Vec3(-R.zx, -R.zy, -R.zz), SLOW_DT)
    r_e = aided.nav.r_be_e
    anchor = guidance.anchor_at(r_e, navigation.gravity_e(r_e))
    flight = pilot.flight
    unread = _unread(order, pilot)
    leg = pick(unread, pilot.way, _places(pilot.way, flight, task, route, r_e))
    manners = pick(unread, _Manners(pilot.manner, pilot.manner_after), _manners(leg, flight, task, route))
    mass = book.empty_mass + task.loading.payload + measurement.fuel
    read = plan.read_leg(pilot.plan, route, task, pilot.fields.home_e, mass, book)
    f, a = pilot.fields, pilot.air
    cruising = (flight.off_ground > 60.0) & is_in(flight.mode, (ROUTE, LOITER, HOLD, HEADING))
    ways = plan.ways_home(
        read, r_e, anchor.R_ne, a.wind_n, (f.home_e, f.alternate_a_e, f.alternate_b_e),
        (task.alternate_a.usable, task.alternate_b.usable), mass, a.rho * (1.0 / RHO0), measurement.fuel_flow,
        measurement.shaft_power, 1.0 + jnp.maximum(pilot.frost.excess, 0.0), cruising, task.rules, book, SLOW_DT,
    )  # fmt: skip
    flight = replace(flight, leg_known=jnp.where(unread, flight.leg_known, 1))
    pilot = replace(
        pilot, estimator=aided, anchor=anchor, way=leg, plan=ways, flight=flight, manner=manners.mine,
        manner_after=manners.after,
    )  # fmt: skip
    return _located(pilot, task, ground) if order and ground else pilot


def _unread(order: Order | None, pilot: Pilot) -> Scalar:
    """Truth value: an order that tells of another table of legs waits for the next mission tick."""
    if order is None:
        return jnp.asarray(False)
    return (order.kind == int(OrderKind.ROUTE_SWAP)) & (order.sequence != pilot.order_ack.sequence)


def _located(pilot: Pilot, task: Task, ground: Ground) -> Pilot:
    """A live aircraft that knows the place that was ordered and the ground ahead."""
    flight = replace(pilot.flight, directed=orders.located(pilot.flight.directed))
    nav, f = pilot.estimator.nav, pilot.fields
    field_e = pick(flight.field == 0, f.home_e, pick(flight.field == 1, f.alternate_a_e, f.alternate_b_e))
    v_n = pilot.anchor.R_ne @ nav.v_be_e
    ahead = lookout.looked(flight, pilot.anchor, nav.r_be_e, v_n, field_e, task, ground)
    return replace(pilot, flight=replace(flight, directed=ahead))


def _as_swapped(task: Task, flight: Flight) -> Task:
    """The task with the numbers of legs that a swap of routes has told."""
    d = flight.directed
    return replace(
        task, legs=jnp.where(d.legs < 0, task.legs, d.legs),
        lost_link_legs=jnp.where(d.lost_legs < 0, task.lost_link_legs, d.lost_legs),
    )  # fmt: skip


def _table_row(flight: Flight, task: Task, ahead: int) -> Scalar:
    """Row of the route table of the leg `ahead` places after the one in hand."""
    lost = checks.on_lost_link_route(flight)
    first = jnp.where(lost, LEGS - task.lost_link_legs, 0)
    count = jnp.where(lost, task.lost_link_legs, task.legs)
    return jnp.clip(first + jnp.minimum(flight.leg + ahead, count - 1), 0, LEGS - 1)


def _places(leg: Leg, flight: Flight, task: Task, route: Route, r_e: Vec3) -> Leg:
    """The leg with the places of its end and of the one after."""
    to_e, next_e = (
        guidance.place_e(lookup(route.latitude, row), lookup(route.longitude, row), lookup(route.altitude, row))
        for row in (_table_row(flight, task, 0), _table_row(flight, task, 1))
    )
    parked = flight.off_ground < 1.0
    return Leg(pick(parked, r_e, leg.from_e), to_e, next_e)


@dataclass(frozen=True)
class _Manners:
    """How the leg in hand and the one after are flown."""

    mine: Manner
    after: Manner


def _manners(leg: Leg, flight: Flight, task: Task, route: Route) -> _Manners:
    """How the leg in hand and the one after are flown, as the table says."""
    found = []
    for ahead, (from_e, to_e) in enumerate(((leg.from_e, leg.to_e), (leg.to_e, leg.next_e))):
        row = _table_row(flight, task, ahead)
        arc = lookup(route.arc, row)
        found.append(
            Manner(
                lookup(route.radius, row), lookup(route.turns, row), lookup(route.to_altitude, row),
                lookup(route.over, row), arc, guidance.arc_centre(from_e, to_e, arc),
            )
        )  # fmt: skip
    return _Manners(*found)


# Mission tick ---------------------------------------------------------------------------------------------------------


def mission(
    pilot: Pilot, measurement: Measurement, inbox: Command, link_age: Scalar, book: Handbook, rules: Rules, task: Task,
    route: Route, tick: Scalar, time: Scalar, order: Order | None = None,
) -> Pilot:  # fmt: skip
    """100 ms: what is known, what to do, and what to ask of the aircraft.

    Args:
        pilot: the state.
        measurement: all sensors but the inertial unit.
        inbox: the crew's mailbox.
        link_age: s since the last valid frame from the ground.
        book: the handbook.
        rules: what must be kept; they stand for those of the task.
        task: the mission.
        route: its legs.
        tick: mission tick since the epoch.
        time: s since the mission's epoch.
        order: the mailbox of a live aircraft.
    """
    task = replace(task, rules=rules)
    task = _as_swapped(task, pilot.flight) if order else task
    estimate, air, aided = _perceive(pilot, measurement, book, task)
    pilot = replace(pilot, estimate=estimate, air=air, estimator=aided)
    frost = _ice(pilot, measurement, task.rules, book)
    pilot = replace(pilot, frost=frost)
    s = _situation(pilot, measurement, link_age, book, task, route, time)
    pilot = _decide(pilot, inbox, order, s, task, book)
    s = replace(s, frost=pilot.frost)
    return _act(pilot, s, task, book, route)


def _perceive(
    pilot: Pilot, m: Measurement, book: Handbook, task: Task
) -> tuple[Estimate, AirData, Estimator]:
    """Estimate, air data, and the estimator with this tick's measurements compared."""
    e, anchor = pilot.estimator, pilot.anchor
    nav, sums = e.nav, e.sums
    R_nb = attitude(anchor.R_ne, nav.q_eb)
    latitude, longitude, height = guidance.local(anchor, nav.r_be_e)
    v_n = anchor.R_ne @ nav.v_be_e
    f_b, omega_b = mean(sums.f_b, sums.count), mean(sums.omega_b, sums.count)
    mass = book.empty_mass + task.loading.payload + m.fuel
    flying = pilot.flight.off_ground > 1.0
    motion = Motion(v_n, R_nb, f_b, mass, pilot.flap, flying)
    air = airdata.step(pilot.air, m, motion, book, MISSION_DT, task.rules.arbitrates)
    still = to_int((m.weight_on_wheels == 1) & (m.wheel_speed < 0.3) & is_in(pilot.flight.mode, PARKED))
    column = jnp.where(task.rules.cold_correction == 1, air.temperature, standard_temperature(m.static_pressure))
    aided = estimator.compare(e, m, anchor.R_ne, height, column, anchor.field_n, still)
    aided = replace(aided, sums=replace(sums, f_b=Vec3(), omega_b=Vec3(), count=0.0))
    phi, theta, psi = euler_from_rotation(R_nb)
    radar = (m.height_radar < RADAR_LIMIT) & (height - task.home.elevation < 3000.0)
    estimate = Estimate(
        latitude, longitude, height, jnp.where(radar, m.height_radar, height - task.home.elevation), v_n,
        quaternion_from_rotation(R_nb), phi, theta, psi, omega_b, f_b, air.cas, air.tas, air.valid, air.wind_n, air.rho,
        mass, estimator.position_sigma(e.covariance, book.errors),
    )  # fmt: skip
    return estimate, air, aided


def _ice(pilot: Pilot, m: Measurement, rules: Rules, book: Handbook) -> Frost:
    """What is known of ice."""
    e = pilot.estimate
    clean = (pilot.flight.off_ground > 60.0) & (pilot.flap < 0.02) & (pilot.gear < 0.02) & (e.height_agl > 100.0)
    path = -e.v_n.z / jnp.maximum(pilot.air.tas, 20.0)
    steady = clean & (jnp.abs(pilot.air.energy_rate - path) < 0.03) & (pilot.air.energy_rate > -0.02)
    return protection.step(
        pilot.frost, m, pilot.air, steady, pilot.flap, pilot.gear, e.mass, _propeller_speed(pilot, book), rules, book,
        MISSION_DT,
    )  # fmt: skip


def _propeller_speed(pilot: Pilot, book: Handbook) -> Scalar:
    """rad/s, as commanded."""
    return jnp.where(pilot.economy == 1, book.drive.cruise_speed, book.drive.rated_speed)


def _runway(flight: Flight, task: Task) -> Runway:
    """Where to land."""
    alternate = pick(flight.field == 1, task.alternate_a, task.alternate_b)
    runway: Runway = pick(flight.field == 0, task.home, alternate)
    return runway


def _situation(
    pilot: Pilot, m: Measurement, link_age: Scalar, book: Handbook, task: Task, route: Route, time: Scalar
) -> Situation:
    """The moment."""
    flight, e, R_ne, f = pilot.flight, pilot.estimate, pilot.anchor.R_ne, pilot.fields
    r_e = pilot.estimator.nav.r_be_e
    runway = _runway(flight, task)
    threshold = pick(flight.field == 0, f.home_e, pick(flight.field == 1, f.alternate_a_e, f.alternate_b_e))
    c, s = jnp.cos(runway.heading), jnp.sin(runway.heading)
    speed = jnp.sqrt(e.v_n.x * e.v_n.x + e.v_n.y * e.v_n.y)
    wind = jnp.sqrt(pilot.air.wind_n.x ** 2 + pilot.air.wind_n.y ** 2)
    limit = setpoints.BANK * 0.85
    tightest = guidance.turn_radius(pilot.air.tas + wind, limit)
    ahead = R_ne @ (threshold - r_e)
    final = guidance.runway_line(ahead.x, ahead.y, c, s)
    gliding = flight.mode == GLIDE
    distance = jnp.where(gliding, GLIDE_GATE, GATE_DISTANCE)
    gate_radius = jnp.maximum(tightest, jnp.where(gliding, 400.0, 900.0))
    north, east = ahead.x - distance * c - gate_radius * s, ahead.y - distance * s + gate_radius * c
    slope = jnp.where(gliding, 1.0 / GLIDE_RATIO, jnp.tan(task.rules.glide_slope))
    ordered, d = under_orders(flight), flight.directed
    place = R_ne @ (pick(ordered, d.place_e, pilot.way.to_e) - r_e)
    wanted = jnp.where(ordered, d.radius, pilot.manner.radius)
    ring = orders.ring(
        d, ordered, jnp.where(wanted == 0.0, task.rules.loiter_radius, wanted), tightest, place.x, place.y
    )
    leg = _leg_path(pilot, r_e, R_ne)
    row = _table_row(flight, task, 0)
    lost = checks.on_lost_link_route(flight)
    up = Vec3(-R_ne.zx, -R_ne.zy, -R_ne.zz)
    corner = guidance.turn_radius(speed, 0.8 * setpoints.BANK)
    return Situation(
        estimate=e,
        measurement=m,
        air=pilot.air,
        frost=pilot.frost,
        plan=pilot.plan,
        runway=runway,
        leg=leg,
        centre_north=ring.north,
        centre_east=ring.east,
        turn_ahead=guidance.turn_ahead(pilot.way, leg, r_e, R_ne, corner, speed),
        radius=ring.radius,
        turning=ring.turning,
        line=ring.line,
        reach=ring.reach,
        nose=_nose(e, speed),
        lowest=orders.lowest(runway.elevation, task),
        final=final,
        gate=guidance.circle(north, east, gate_radius),
        gate_radius=gate_radius,
        gate_height=runway.elevation + slope * distance,
        gate_distance=distance,
        on_final=pilot.glide_final == 1,
        economy=pilot.economy,
        course_error=wrap(jnp.arctan2(e.v_n.y, e.v_n.x) - runway.heading),
        ground_speed=speed,
        row=LegRow(
            lookup(route.altitude, row), lookup(route.airspeed, row), lookup(route.loiter, row),
            lookup(route.station, row), jnp.where(lost, task.lost_link_legs, task.legs),
            pilot.manner, pilot.manner_after.arc != 0.0,
        ),
        stall=performance.stall_speed(book, e.mass, pilot.flap),
        flap=pilot.flap,
        gear=pilot.gear,
        starved=pilot.energy.starved,
        heading_sigma=jnp.sqrt(estimator.heading_variance(pilot.estimator.covariance, up)),
        link_age=link_age,
        time=time,
    )  # fmt: skip


def _leg_path(pilot: Pilot, r_e: Vec3, R_ne: Rotation) -> Path:
    """The leg in hand, straight or as an arc."""
    way, how = pilot.way, pilot.manner
    straight = guidance.line(way, r_e, R_ne)
    centre, to = R_ne @ (how.centre_e - r_e), R_ne @ (way.to_e - r_e)
    path: Path = pick(how.arc != 0.0, guidance.arc(centre.x, centre.y, to.x, to.y, how.arc), straight)
    return path


def _nose(e: Estimate, speed: Scalar) -> Vec3:
    """The ground speed in the direction of the nose, as if there were neither wind nor pitch."""
    q = e.q_nb
    north, east = 1.0 - 2.0 * (q.y * q.y + q.z * q.z), 2.0 * (q.x * q.y + q.w * q.z)
    per = speed / jnp.sqrt(jnp.maximum(north * north + east * east, 1e-6))
    return Vec3(north * per, east * per, 0.0 * per)


def _decide(pilot: Pilot, inbox: Command, order: Order | None, s: Situation, task: Task, book: Handbook) -> Pilot:
    """Commands, legs, mode, orders."""
    r_e, before = pilot.estimator.nav.r_be_e, pilot.flight.leg
    flight, frost, ack, resumed = commands.obey(pilot.flight, pilot.frost, pilot.ack, inbox, s, task, book)
    leg = pick(resumed, Leg(r_e, pilot.way.to_e, pilot.way.next_e), pilot.way)
    statements = checks.check(flight, s, task, book)
    mode, reason = modes.decided(flight, modes.table(flight, statements, task))
    was = flight.mode
    flight, leg = modes.advanced(flight, leg, statements, s, task, book, MISSION_DT)
    flight, leg = modes.entered(flight, mode, reason, leg, r_e, s, task, book)
    manner = pick(flight.leg > before, pilot.manner_after, pilot.manner)
    pilot = replace(pilot, flight=flight, frost=frost, way=leg, ack=ack, manner=manner)
    pilot = _ordered(pilot, order, was, s, statements, task, book) if order else pilot
    flight = pilot.flight
    turned = (flight.mode == GLIDE) & ((pilot.glide_final == 1) | statements.established)
    return replace(
        pilot, glide_final=to_int(turned),
        on_station=to_int((s.row.station > 0.5) & is_in(flight.mode, (ROUTE, LOITER))),
    )  # fmt: skip


def _ordered(
    pilot: Pilot, order: Order, was: Scalar, s: Situation, c: checks.Checks, task: Task, book: Handbook
) -> Pilot:
    """A live aircraft after its mailbox was looked into; `was`: its mode before the table of modes spoke."""
    r_e, way = pilot.estimator.nav.r_be_e, pilot.way
    flight = orders.settled(pilot.flight, was, s, c, MISSION_DT)
    done = orders.obey(flight, pilot.frost, pilot.order_ack, order, s, c, task, book)
    next_mode, next_reason = orders.armed(done.flight, s, task)
    return replace(
        pilot, flight=done.flight, frost=done.frost, way=pick(done.from_here, Leg(r_e, way.to_e, way.next_e), way),
        order_ack=done.ack, against=c.refusal, next_mode=next_mode, next_reason=next_reason,
        plan=plan.unread(pilot.plan, done.swapped, pilot.fields.home_e, task),
    )  # fmt: skip


def _act(pilot: Pilot, s: Situation, task: Task, book: Handbook, route: Route) -> Pilot:
    """Setpoints, energy law, gains and commands."""
    flight, e, air = pilot.flight, pilot.estimate, pilot.air
    t = setpoints.choose(flight, s, task, book, pilot.energy.theta, pilot.energy.delta_t)
    law = energy.step(
        pilot.energy, t.demand, air, e.altitude_msl, -e.v_n.z, e.theta, e.mass, book, _propeller_speed(pilot, book),
        MISSION_DT,
    )  # fmt: skip
    law = _overruled(law, t, pilot.energy)
    phi = jnp.where(t.on_ground > 0.5, 0.0, control.rate_limited_bank(pilot.inner.wanted.phi, t.bank, MISSION_DT))
    inner = replace(pilot.inner, gains=_gains(pilot, s, book), wanted=_wanted(pilot, t, law, phi, book))
    flap = rising(pilot.flap, t.delta_f, book.field.flap_rate * MISSION_DT)
    gear = rising(pilot.gear, jnp.where(t.gear_down == 1, 1.0, 0.0), book.field.gear_rate * MISSION_DT)
    command = replace(
        pilot.command,
        delta_t=law.delta_t,
        delta_f=t.delta_f,
        brake=t.brake,
        gear_down=t.gear_down,
        engine_run=t.engine_run,
        propeller_speed=jnp.where(t.economy == 1, book.drive.cruise_speed, book.drive.rated_speed),
        wing_protection=pilot.frost.on,
        propeller_protection=pilot.frost.on,
        pitot_heat=pilot.frost.pitot_heat,
    )
    return replace(
        pilot, energy=law, inner=inner, command=command, flap=flap, gear=gear, economy=t.economy,
        aim=Aim(t.demand.height, t.demand.airspeed, t.bank),
    )  # fmt: skip


def _overruled(law: Energy, t: Setpoints, old: Energy) -> Energy:
    """The energy law with pitch and power as the mode holds them; its integrals wait meanwhile."""
    theta = jnp.where(t.pitch_held, t.theta, law.theta)
    lever = rising(old.delta_t, t.delta_t, 0.5 * MISSION_DT)
    return Energy(
        pitch_integral=jnp.where(t.pitch_held, 0.0, law.pitch_integral),
        power_integral=jnp.where(t.power_held, 0.0, law.power_integral),
        theta=theta,
        delta_t=jnp.where(t.power_held, lever, law.delta_t),
        starved=jnp.where(t.power_held, 0.0, law.starved),
    )


def _gains(pilot: Pilot, s: Situation, book: Handbook) -> control.Gains:
    """Gains for the next five fast ticks."""
    air = pilot.air
    q = 0.5 * RHO0 * air.cas * air.cas
    return control.place_gains(book, q, air.tas, pilot.estimate.mass, s.ground_speed)


def _wanted(pilot: Pilot, t: Setpoints, law: Energy, phi: Scalar, book: Handbook) -> Wanted:
    """What the fast loops follow."""
    air = pilot.air
    q = 0.5 * RHO0 * jnp.maximum(air.cas, 20.0) ** 2
    C_L = pilot.estimate.mass * GRAVITY / (q * book.lift.area * jnp.cos(phi))
    alpha = performance.alpha_for(book, jnp.minimum(C_L, performance.lift_limit(book, pilot.flap)), pilot.flap)
    nose = control.nose_up(book, q, pilot.estimate.theta, pilot.estimate.mass, pilot.flap)
    trim = control.balance(book, alpha, pilot.flap) + jnp.where(t.rotating, nose, 0.0)
    balance = jnp.where(t.on_ground > 0.5, 0.0, trim)
    old = pilot.inner.wanted
    psi = jnp.where(old.align > 0.5, old.psi, pilot.estimate.psi)
    psi = psi + jnp.clip(wrap(t.psi - psi), -HEADING_STEP, HEADING_STEP)
    rate = jnp.where(t.on_ground > 0.5, 0.0, (phi - pilot.inner.wanted.phi) * (1.0 / MISSION_DT))
    return Wanted(
        phi, rate, law.theta, psi, t.align, control.coordinated_rate(phi, air.tas), balance,
        t.delta_r, t.delta_a, t.on_ground,
    )  # fmt: skip


# Telemetry ------------------------------------------------------------------------------------------------------------


def telemetry(pilot: Pilot, measurement: Measurement, book: Handbook, tick: Scalar) -> Telemetry:
    """What a station is told: estimate and measurements, never the truth."""
    e = pilot.estimate
    return Telemetry(
        tick=tick,
        latitude=e.latitude,
        longitude=e.longitude,
        altitude_msl=e.altitude_msl,
        airspeed_calibrated=e.airspeed_calibrated,
        climb_rate=-e.v_n.z,
        mode=pilot.flight.mode,
        fuel=measurement.fuel,
        ice_detected=measurement.ice_detected,
        announces_ice=to_int((pilot.frost.exposed > 0.0) & (pilot.frost.exposed <= ANNOUNCEMENT)),
        protection_on=pilot.command.wing_protection,
        temperature=measurement.temperature,
        stall_margin=airdata.stall_margin(pilot.air, book, e.mass, pilot.flap),
        power_excess=pilot.frost.excess,
        ack=pilot.ack,
    )


def ended(pilot: Pilot) -> Scalar:
    """Truth value: the autopilot has nothing more to do: stopped, or refused to go."""
    return is_in(pilot.flight.mode, PARKED[1:]) | (pilot.flight.mode == STOPPED)


__all__ = ["Navigation", "Path", "Pilot", "ended", "fast", "initial", "mission", "slow", "telemetry"]
