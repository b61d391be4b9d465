"""What each mode asks of guidance, energy and the fast loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.autopilot import airdata, checks, guidance, performance, protection
from samruk.autopilot.energy import HEIGHT_GAIN, Demand
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
    PARKED,
    PREFLIGHT,
    REFUSED,
    RETURN,
    ROLL_OUT,
    ROUTE,
    STICK,
    STOPPED,
    TAKE_OFF,
    Flight,
    by_mode,
    is_in,
    path_mode,
    under_orders,
)
from samruk.autopilot.guidance import Path
from samruk.autopilot.handbook import TAKE_OFF_FLAP, Handbook
from samruk.autopilot.situation import Situation
from samruk.earth import GRAVITY, RHO0
from samruk.frames import wrap
from samruk.lazy import jnp
from samruk.messages import Reason
from samruk.mission import Task
from samruk.tables import pick, to_float

Scalar = Any

BANK = 0.436
"""rad, 25 degrees: usual bank."""
BANK_CAREFUL = 0.26
"""rad, 15 degrees: with ice about, little speed, or a pitot that is not believed."""
BANK_LOW = 0.26
"""rad, near the ground after take-off."""
BANK_FLARE = 0.10
"""rad, 6 degrees."""
TIP_SHARE = 0.18
"""Part of the bank that brings the wing tip to the ground which may be asked for near it."""
TURN_HEIGHT = 130.0
"""m of the wheels above the ground, below which a glide goes straight ahead: no turning back after take-off."""
THRESHOLD_HEIGHT = 12.0
"""m of the wheels over the threshold, on the glide path."""
FLARE_TIME = 3.5
"""s, time constant of the exponential flare."""
TOUCH_DOWN_SINK = 0.45
"""m/s, aimed at."""
POWER_OFF_HEIGHT = 3.0
"""m of the wheels, where power is taken off."""
BLIND_SHARE = 0.78
"""Part of the never-exceed speed that is asked for at most without a pitot: an iced wing makes the lift witness read
up to a fifth too low."""
HASTE = 1.15
"""Airspeed over that of cruise on the way to a field while a battery runs down."""
SHEAR_SPEED = 1.08
"""Airspeed over the stall speed down to which height is kept in a windshear."""
DECRAB_HEIGHT = 3.0
"""m of the wheels, where the nose turns to the runway."""
MISSION_DT = 0.1
"""s."""
ROTATION_RATE = 0.06
"""rad/s."""
WARM_POWER = 0.15
"""Power lever while the engine warms up."""
DENSITY_KNOWN = 1.03
"""Density over that at which the engine may blow out, below which it is kept under load: what the air data may be off,
1 % by pressure, temperature and its lag, three times."""


@dataclass(frozen=True)
class Setpoints:
    """What is asked for at this mission tick."""

    demand: Demand
    bank: Scalar
    """rad, before the rate limit."""
    psi: Scalar
    """rad, heading to hold where `align` is 1."""
    align: Scalar
    """1 while rudder and nose wheel hold the heading."""
    delta_r: Scalar
    """rad, rudder in balance for the sideslip of flying along the runway."""
    delta_a: Scalar
    """rad, aileron in balance for the same."""
    pitch_held: Scalar
    """Truth value: `theta` is flown, not what the energy law asks for."""
    theta: Scalar
    """rad."""
    power_held: Scalar
    """Truth value: `delta_t` is set, not what the energy law asks for."""
    delta_t: Scalar
    """0..1."""
    delta_f: Scalar
    """0..1."""
    gear_down: Scalar
    """1 down."""
    brake: Scalar
    """0..1."""
    engine_run: Scalar
    """1 run."""
    economy: Scalar
    """1 for the propeller's economy speed."""
    rotating: Scalar
    """Truth value: the nose is being raised with the wheels on the ground."""
    on_ground: Scalar
    """1 while the integrals of the fast loops are held at nothing."""


def choose(flight: Flight, s: Situation, task: Task, book: Handbook, theta: Scalar, lever: Scalar) -> Setpoints:
    """All setpoints.

    Args:
        flight: the mode and its orders.
        s: the moment.
        task: the mission.
        book: the handbook.
        theta: rad, the pitch command of the last tick.
        lever: 0..1, the power lever of the last tick.
    """
    mode, m = flight.mode, s.measurement
    wheels = m.weight_on_wheels == 1
    limit = bank_limit(flight, s, book)
    path = _path(flight, s)
    near = is_in(mode, (APPROACH, FLARE, TAKE_OFF, GO_AROUND))
    steered = pick(path_mode(flight) == HEADING, s.nose, s.estimate.v_n)
    sideways = guidance.lateral_acceleration(
        path, steered, jnp.where(near, 7.0, guidance.OFFSET_TIME), jnp.where(near, 0.5, guidance.COURSE_GAIN)
    )
    on_ground = is_in(mode, (*PARKED, LINE_UP)) | (wheels & is_in(mode, (TAKE_OFF, ROLL_OUT)))
    by_hand = jnp.where(mode == STICK, jnp.clip(flight.directed.bank, -limit, limit), guidance.bank(sideways, limit))
    bank = jnp.where(on_ground | (mode == ROLL_OUT), 0.0, by_hand)
    ahead = (mode == GLIDE) & ~s.on_final & (s.measurement.height_radar < TURN_HEIGHT)
    blind = jnp.where(under_orders(flight), flight.directed.known, flight.leg_known) == 0
    level = airdata.stalled(s.air) | ahead | (blind & is_in(mode, EN_ROUTE))
    bank = jnp.where(level | _escapes_shear(flight, s), 0.0, bank)
    rotating, pitch_held, pitch = _pitch(flight, s, book, theta)
    align = on_ground | (mode == ROLL_OUT) | ((mode == FLARE) & (m.height_radar < DECRAB_HEIGHT))
    power_held, delta_t = _power(flight)
    delta_r, delta_a = _slip(s, book, m.height_radar)
    return Setpoints(
        demand=_demand(flight, s, task, book, bank),
        bank=bank,
        psi=_heading(s, wheels),
        align=to_float(align),
        delta_r=delta_r,
        delta_a=delta_a,
        pitch_held=pitch_held,
        theta=pitch,
        power_held=power_held,
        delta_t=delta_t,
        delta_f=_flap(flight, s, book),
        gear_down=_gear(flight, s),
        brake=_brake(flight, wheels),
        engine_run=_engine(flight, s, task),
        economy=_economy(flight, s, lever),
        rotating=rotating & wheels,
        on_ground=to_float(on_ground & ~rotating),
    )


def bank_limit(flight: Flight, s: Situation, book: Handbook) -> Scalar:
    """rad: less near the ground, with little speed, with ice, with a pitot that is not believed."""
    careful = protection.suspect(s.frost) | (s.air.cas < 1.15 * s.stall) | (s.air.valid == 0)
    usual = jnp.where(careful, BANK_CAREFUL, BANK)
    field = book.field
    tip = TIP_SHARE * (field.height + s.measurement.height_radar) * field.per_half_span
    low = jnp.minimum(jnp.minimum(usual, BANK_LOW), tip)
    return by_mode(flight.mode, {(TAKE_OFF, GO_AROUND, APPROACH): low, (FLARE,): jnp.minimum(low, BANK_FLARE)}, usual)


def _escapes_shear(flight: Flight, s: Situation) -> Scalar:
    """Truth value: climbing out of a windshear: wings level, and speed goes before height down to the least."""
    return is_in(flight.mode, (TAKE_OFF, GO_AROUND)) & (s.air.shear > 0.5 * checks.SHEAR)


def _path(flight: Flight, s: Situation) -> Path:
    """The path of the mode: a leg, the circle of a leg, the circle at the gate, the runway's line."""
    on_line = is_in(flight.mode, (LINE_UP, TAKE_OFF, APPROACH, FLARE, ROLL_OUT, GO_AROUND))
    to_gate = is_in(flight.mode, HOMEWARD)
    gliding = flight.mode == GLIDE
    around = guidance.circle(s.centre_north, s.centre_east, s.radius, s.turning)
    leg = pick(flight.circling == 1, around, s.leg)
    leg = pick(under_orders(flight), _ordered(flight, s, around), leg)
    home = pick(on_line | (gliding & s.on_final), s.final, s.gate)
    path: Path = pick(on_line | to_gate | gliding, home, leg)
    return path


def _ordered(flight: Flight, s: Situation, around: Path) -> Path:
    """The path of an order: a circle, one of the two circles of a figure eight or the line between them, a heading."""
    d = flight.directed
    on_line = (d.length > 0.0) & ((d.lobe == 1) | (d.lobe == 3))
    none = 0.0 * d.north
    heading = Path(d.north, d.east, none, none, none)
    path: Path = pick(path_mode(flight) == HEADING, heading, pick(on_line, s.line, around))
    return path


def least_airspeed(s: Situation, bank: Scalar) -> Scalar:
    """m/s calibrated: 1.12 stall speeds at the bank's load factor, more with ice, without a pitot, in gusts."""
    load = jnp.sqrt(1.0 / jnp.cos(bank))
    return 1.12 * s.stall * load * caution(s) + checks.gust_margin(s)


def caution(s: Situation) -> Scalar:
    """Factor on airspeeds: 12 % with ice about, 8 % with a pitot that is not believed, 6 % for each stall met (two at
    most): the wing is not the handbook's."""
    iced = jnp.where(protection.suspect(s.frost), 1.12, 1.0)
    met = 1.0 + 0.06 * to_float(jnp.minimum(s.air.stalls, 2))
    return iced * met * jnp.where(s.air.valid == 1, 1.0, 1.08)


def airspeed(flight: Flight, s: Situation, book: Handbook, bank: Scalar) -> Scalar:
    """m/s calibrated, asked for."""
    mass, mode = s.estimate.mass, flight.mode
    v = book.speeds
    purposes = (v.loiter, v.cruise, v.climb, v.glide)
    loiter, cruise, climb, glide = (performance.speed_for(book, mass, C_L) for C_L in purposes)
    e = s.estimate
    wanted = jnp.where(flight.altitude_order > 0.0, flight.altitude_order, s.row.altitude)
    climbing = e.altitude_msl < wanted - 150.0
    circles = jnp.where(under_orders(flight), mode == HOLD, flight.circling == 1)
    of_leg = (s.row.airspeed > 0.0) & ~under_orders(flight)
    leg = jnp.where(of_leg, s.row.airspeed, jnp.where(circles, loiter, cruise))
    leg = jnp.where(flight.airspeed_order > 0.0, flight.airspeed_order, jnp.where(climbing, climb, leg))
    descent = jnp.where(e.altitude_msl > s.gate_height + 300.0, 1.15 * cruise, climb)
    take_off = 1.25 * performance.stall_speed(book, mass, TAKE_OFF_FLAP)
    chosen = by_mode(
        mode,
        {
            (TAKE_OFF, GO_AROUND, LINE_UP): take_off,
            (DESCENT,): descent,
            (RETURN, DIVERT): jnp.where(flight.reason == int(Reason.ELECTRIC), HASTE, 1.0) * cruise,
            (APPROACH,): checks.approach_speed(s, book),
            (FLARE,): 0.93 * checks.approach_speed(s, book),
            (GLIDE,): glide + jnp.where(s.on_final, jnp.clip(0.2 * checks.glide_surplus(s), 0.0, 10.0), 0.0),
        },
        leg,
    )
    careful = is_in(mode, (*EN_ROUTE, *HOMEWARD, GLIDE))
    chosen = jnp.where(careful, jnp.maximum(chosen, 1.06 * least_airspeed(s, bank)), chosen)
    return jnp.minimum(chosen, jnp.where(s.air.valid == 1, 0.92, BLIND_SHARE) * book.limits.airspeed)


def _demand(flight: Flight, s: Situation, task: Task, book: Handbook, bank: Scalar) -> Demand:
    """What is asked of height and speed."""
    mode = flight.mode
    slope = jnp.tan(task.rules.glide_slope)
    beam = s.runway.elevation + book.field.height + THRESHOLD_HEIGHT + jnp.maximum(s.final.to_go, -200.0) * slope
    on_beam = beam < s.gate_height
    ordered = jnp.where(flight.altitude_order > 0.0, flight.altitude_order, s.row.altitude)
    by_hand = mode == STICK
    ordered = jnp.where(by_hand, s.estimate.altitude_msl, ordered)
    cone = jnp.maximum(checks.DESCENT * (s.gate.to_go - s.gate_radius), 0.0)
    height = by_mode(
        mode,
        {
            EN_ROUTE: jnp.minimum(jnp.maximum(ordered, flight.directed.floor), task.rules.ceiling),
            (RETURN, DIVERT): jnp.maximum(jnp.maximum(flight.hold, task.rules.safe_height), flight.directed.floor),
            (DESCENT,): s.gate_height + jnp.where(task.rules.safe_height > -999.0, cone, 0.0),
            (GLIDE,): s.gate_height,
            (APPROACH, FLARE): jnp.minimum(beam, s.gate_height),
        },
        s.runway.elevation + 500.0,
    )
    flare = mode == FLARE
    flare_rate = -jnp.minimum(s.measurement.height_radar * (1.0 / FLARE_TIME) + TOUCH_DOWN_SINK, s.ground_speed * slope)
    beam_rate = jnp.where(on_beam & (mode == APPROACH), -s.ground_speed * slope, 0.0)
    thin = s.air.rho * (1.0 / RHO0) < DENSITY_KNOWN * book.drive.blowout_density_ratio
    floor = jnp.where(thin, 1.25 * book.drive.blowout_load, 0.0)
    hot = jnp.clip(1.0 - 0.1 * (s.measurement.engine_temperature - book.limits.coolant + 3.0), 0.6, 1.0)
    no_power = is_in(mode, (GLIDE, ROLL_OUT))
    low = is_in(mode, (TAKE_OFF, GO_AROUND)) & (s.measurement.height_radar < 60.0)
    closed = flare & (s.measurement.height_radar < POWER_OFF_HEIGHT) & (s.air.cas > 1.1 * s.stall)
    return Demand(
        height=height,
        height_rate=jnp.where(flare, flare_rate, jnp.where(by_hand, _hand_climb(flight, s, task), beam_rate)),
        airspeed=airspeed(flight, s, book, bank),
        least_airspeed=jnp.where(flare, 0.0, least_airspeed(s, bank)),
        climb=by_mode(mode, {(APPROACH,): 1.5}, 8.0),
        sink=by_mode(mode, {(APPROACH, FLARE): 4.0, (DESCENT, ESCAPE): 6.0}, 4.0),
        power_low=jnp.where(no_power, 0.0, floor),
        power_high=jnp.where(no_power | closed, 0.0, jnp.where(is_in(mode, (TAKE_OFF, GO_AROUND)), 1.0, hot)),
        height_gain=by_mode(mode, {(APPROACH,): 0.25, (FLARE,): 0.0}, HEIGHT_GAIN),
        lowest_path=jnp.where(
            (low & (s.air.cas > 1.08 * s.stall)) | (_escapes_shear(flight, s) & (s.air.cas > SHEAR_SPEED * s.stall)),
            0.0, -0.25,
        ),
        path_only=jnp.where(flare, 1, 0),
        height_wheels=s.measurement.height_radar,
        bank=bank,
        flap=s.flap,
        gear=s.gear,
        alpha_margin=jnp.where(protection.suspect(s.frost), 0.03, 0.0),
    )


def _hand_climb(flight: Flight, s: Situation, task: Task) -> Scalar:
    """m/s of climb by the stick, less towards the ceiling and towards the lowest height."""
    h = s.estimate.altitude_msl
    low = jnp.maximum(s.lowest, flight.directed.floor)
    return jnp.clip(flight.directed.climb, HEIGHT_GAIN * (low - h), HEIGHT_GAIN * (task.rules.ceiling - h))


def _pitch(flight: Flight, s: Situation, book: Handbook, theta: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """Whether the aircraft rotates for take-off, whether pitch is held, and at what, rad."""
    rotating = (flight.mode == TAKE_OFF) & (flight.rotating > 0.0)
    speed = 1.1 * checks.rotation_speed(book, s.estimate.mass)
    q = 0.5 * RHO0 * speed * speed
    C_L = s.estimate.mass * GRAVITY / (q * book.lift.area)
    nose_up = performance.alpha_for(book, C_L, TAKE_OFF_FLAP) + 0.08
    rising = jnp.minimum(jnp.maximum(theta, 0.0) + ROTATION_RATE * MISSION_DT, nose_up)
    lowering = jnp.maximum(theta - 0.5 * ROTATION_RATE * MISSION_DT, 0.0)
    ground = is_in(flight.mode, (*PARKED, LINE_UP)) | ((flight.mode == TAKE_OFF) & ~rotating)
    held = ground | (rotating & (flight.off_ground < 1.5)) | (flight.mode == ROLL_OUT)
    angle = jnp.where(flight.mode == ROLL_OUT, lowering, jnp.where(ground, 0.0, rising))
    return rotating, held, angle


def _heading(s: Situation, wheels: Scalar) -> Scalar:
    """rad: on the wheels the runway's heading and a correction that takes the offset away in about 4 s of rolling."""
    correction = jnp.clip(s.final.right / (4.0 * jnp.maximum(s.ground_speed, 8.0)), -0.1, 0.1)
    return wrap(s.runway.heading - jnp.where(wheels, correction, 0.0))


def _slip(s: Situation, book: Handbook, height: Scalar) -> tuple[Scalar, Scalar]:
    """Rudder and aileron, rad, that balance the sideslip of flying along the runway in the estimated wind.

    Near the ground the wind is weaker than where it was estimated: half of it is counted on the wheels.
    """
    w, path, d = s.air.wind_n, s.final, book.derivatives
    from_left = w.y * path.north - w.x * path.east
    share = 0.5 + 0.5 * jnp.clip(0.2 * height, 0.0, 1.0)
    beta = share * jnp.clip(-from_left / jnp.maximum(s.air.tas, 15.0), -0.4, 0.4)
    rudder = -d.N_beta / d.N_delta_r * beta
    return rudder, -(d.L_beta * beta + d.L_delta_r * rudder) / d.L_delta_a


def _power(flight: Flight) -> tuple[Scalar, Scalar]:
    """Whether the power lever is set by the mode, and where."""
    mode = flight.mode
    full = is_in(mode, (LINE_UP, TAKE_OFF, GO_AROUND))
    held = full | is_in(mode, (*PARKED, ROLL_OUT))
    return held, jnp.where(full, 1.0, jnp.where(mode == PREFLIGHT, WARM_POWER, 0.0))


def _flap(flight: Flight, s: Situation, book: Handbook) -> Scalar:
    """0..1: take-off flap stays until the clean wing carries with a margin."""
    slow = s.air.cas < 1.18 * performance.stall_speed(book, s.estimate.mass, 0.0)
    leaving = jnp.where(slow & (s.flap > 0.02), jnp.minimum(s.flap, TAKE_OFF_FLAP), 0.0)
    late = jnp.where((s.on_final & (checks.glide_surplus(s) > 0.0)) | (s.measurement.height_radar < 25.0), 1.0, 0.0)
    return by_mode(
        flight.mode,
        {
            (PREFLIGHT, LINE_UP, TAKE_OFF): TAKE_OFF_FLAP,
            (GO_AROUND,): jnp.where(_escapes_shear(flight, s), jnp.maximum(s.flap, TAKE_OFF_FLAP), TAKE_OFF_FLAP),
            (APPROACH, FLARE): 1.0,
            (ROLL_OUT,): jnp.where(flight.since > 3.0, 0.0, 1.0),
            (STOPPED,): 0.0,
            (CLIMB,): leaving,
            (DESCENT,): leaving,
            (GLIDE,): late,
        },
        leaving,
    )


def _gear(flight: Flight, s: Situation) -> Scalar:
    """1 down: from the approach to 15 m after take-off; late in a glide."""
    h = s.measurement.height_radar
    rolling = is_in(flight.mode, (*PARKED, LINE_UP, APPROACH, FLARE, ROLL_OUT))
    low = is_in(flight.mode, (TAKE_OFF,)) & (h < 15.0)
    out = (flight.mode == GLIDE) & ((h < 60.0) | (s.on_final & (checks.glide_surplus(s) > 0.0)))
    return jnp.where(rolling | low | out, 1, 0)


def _brake(flight: Flight, wheels: Scalar) -> Scalar:
    """0..1: on when parked and while power rises; after landing two seconds later, softly."""
    soft = jnp.clip(0.3 * (flight.since - 2.0), 0.0, 0.6)
    rolling = jnp.where(flight.rejected == 1, 1.0, soft)
    return by_mode(flight.mode, {(*PARKED, LINE_UP): 1.0, (ROLL_OUT,): jnp.where(wheels, rolling, 0.0)}, 0.0)


def _engine(flight: Flight, s: Situation, task: Task) -> Scalar:
    """1 run: off when stopped or refused, and while the aircraft waits for its time; of a live one as ordered."""
    waiting = (flight.mode == PREFLIGHT) & (s.time < task.clock.start_delay - 600.0)
    off = is_in(flight.mode, (STOPPED, REFUSED)) | waiting
    return jnp.where(jnp.asarray(task.live) == 1, flight.directed.engine, jnp.where(off, 0, 1))


def _economy(flight: Flight, s: Situation, lever: Scalar) -> Scalar:
    """1 for the propeller's economy speed: level on the way with power to spare; with a wide gap between on and off."""
    away = is_in(flight.mode, (ROUTE, LOITER, LOST_LINK, RETURN, DIVERT, DESCENT, HOLD, HEADING))
    level = jnp.abs(s.estimate.v_n.z)
    on, off = (level < 1.0) & (lever < 0.7), (level > 3.0) | (lever > 0.97)
    return jnp.where(away & ~off, jnp.where(on, 1, s.economy), 0)
