"""World and autopilot joined for tests: no radio, no crew; a test may put a command into the mailbox, cut the link, or
falsify a sensor. One compiled step serves all flights."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import jax.numpy as jnp
import numpy as np

from samruk import engine
from samruk.aircraft import Aircraft
from samruk.autopilot import pilot as brain
from samruk.autopilot.handbook import Handbook, handbook
from samruk.frames import Vec3
from samruk.messages import Command, Inertial, Measurement, Mode
from samruk.mission import LEGS, Route, Tables, Task
from samruk.plant import world as nature
from samruk.plant.state import Truth
from samruk.plant.world import World
from samruk.tables import to_float
from samruk.units import DEGREE
from samruk.weather import standard_profile
from tests.reference_aircraft import quiet_task, reference_aircraft


@dataclass(frozen=True)
class Trouble:
    """What a test does to the flight."""

    link_lost_from: Any = 1e9
    """s."""
    link_lost_to: Any = 1e9
    """s."""
    pitot_from: Any = 1e9
    """s, from when the pitot loses its impact pressure."""
    pitot_to: Any = 1e9
    """s."""
    pitot_time: Any = 20.0
    """s, over which it is lost."""
    gnss_from: Any = 1e9
    """s, from when GNSS is silent."""
    gnss_to: Any = 1e9
    """s."""
    command_at: Any = 1e9
    """s."""
    kind: Any = 0
    """A `CommandKind`."""
    argument: Any = 0.0
    ice_from: Any = 1e9
    """s, from when the ice detector reports, and the wing's heaters draw nothing."""
    ice_to: Any = 1e9
    """s."""
    engine_off_at: Any = 1e9
    """s."""


@dataclass(frozen=True)
class Params:
    """Inputs of a flight."""

    aircraft: Aircraft
    handbook: Handbook
    task: Task
    trouble: Trouble


@dataclass(frozen=True)
class Carry:
    """State of a flight."""

    world: World
    pilot: brain.Pilot
    past: Truth = field(default_factory=Truth)
    """The truth before the last fast tick: the moment to which the autopilot has integrated."""
    inertial: Inertial = field(default_factory=Inertial)
    measurement: Measurement = field(default_factory=Measurement)
    fast_tick: Any = 0
    mission_tick: Any = 0
    slow_tick: Any = 0


def fast(c: Carry, p: Params) -> Carry:
    """20 ms."""
    pilot = brain.fast(c.pilot, c.inertial, p.handbook, c.fast_tick)
    world, inertial = nature.fast(c.world, pilot.command, p.aircraft, p.task, c.fast_tick)
    return replace(
        c, world=world, inertial=inertial, pilot=pilot, past=c.world.truth, fast_tick=c.fast_tick + 1
    )


def mission(c: Carry, p: Params, t: Tables) -> Carry:
    """0.1 s."""
    time, x = 0.1 * to_float(c.mission_tick), p.trouble
    seen = nature.mission(c.world, p.aircraft, p.task, c.mission_tick)
    left = jnp.where(time < x.pitot_to, jnp.exp(-jnp.maximum(time - x.pitot_from, 0.0) / x.pitot_time), 1.0)
    silent = (time >= x.gnss_from) & (time < x.gnss_to)
    iced = (time >= x.ice_from) & (time < x.ice_to)
    seen = replace(
        seen, impact_pressure=seen.impact_pressure * left, gnss_fresh=jnp.where(silent, 0, seen.gnss_fresh),
        ice_detected=jnp.where(iced, 1, seen.ice_detected), wing_powered=jnp.where(iced, 0, seen.wing_powered),
    )
    lost = (time >= x.link_lost_from) & (time < x.link_lost_to)
    age = jnp.where(lost, time - x.link_lost_from, 0.5)
    sent = time >= x.command_at
    inbox = Command(jnp.where(sent, 1, 0), jnp.where(sent, x.kind, 0), x.argument)
    pilot = brain.mission(
        c.pilot, seen, inbox, age, p.handbook, p.task.rules, p.task, t.route, c.mission_tick, time
    )
    return replace(c, measurement=seen, pilot=pilot, mission_tick=c.mission_tick + 1)


def slow(c: Carry, p: Params, t: Tables) -> Carry:
    """1 s."""
    world = nature.slow(c.world, c.pilot.command, p.aircraft, p.task, t, c.slow_tick, c.pilot.on_station)
    off = to_float(c.slow_tick) >= p.trouble.engine_off_at
    motor = replace(world.motor, running=jnp.where(off, 0, world.motor.running))
    pilot = brain.slow(c.pilot, c.measurement, p.handbook, p.task, t.route)
    return replace(c, world=replace(world, motor=motor), pilot=pilot, slow_tick=c.slow_tick + 1)


@dataclass(frozen=True)
class Frame:
    """What tests look at, once a second."""

    north: Any
    """m from the home threshold, truth."""
    east: Any
    height: Any
    """m above sea level, truth."""
    height_agl: Any
    cas: Any
    """m/s, truth."""
    cas_estimated: Any
    tas: Any
    climb: Any
    phi: Any
    theta: Any
    psi: Any
    phi_c: Any
    theta_c: Any
    alpha: Any
    beta: Any
    load_factor: Any
    delta_e: Any
    delta_a: Any
    delta_r: Any
    delta_t: Any
    power: Any
    mode: Any
    reason: Any
    leg: Any
    on_ground: Any
    touchdown_sink: Any
    stall_margin: Any
    stalled: Any
    damage: Any
    status: Any
    fuel: Any
    right: Any
    """m right of the path flown, as the autopilot sees it: leg, circle or runway."""
    ground_speed: Any
    valid: Any
    ratio: Any
    surprise: Any
    spread: Any
    wind_north: Any
    wind_east: Any
    position_error: Any
    height_error: Any
    velocity_error: Any
    tilt_error: Any
    heading_error: Any
    position_sigma: Any
    consistency: Any
    excess: Any
    learnt: Any
    home_fuel: Any
    reserve: Any
    route_fuel: Any
    engine_temperature: Any
    sent: Any
    accepted: Any
    altitude_order: Any
    circling: Any
    flap: Any
    gear: Any
    final_right: Any
    final_to_go: Any
    wheel_speed: Any
    nees_velocity: Any
    """Squared velocity error over its variance, three axes."""
    nees_tilt: Any
    """Squared attitude error over its variance, three axes."""


def frame(c: Carry, p: Params) -> Frame:
    """One row."""
    from samruk import earth
    from samruk.autopilot import guidance
    from samruk.autopilot.navigation import attitude as attitude_of
    from samruk.frames import compose, euler_from_rotation

    w, b, l, e = c.world, c.pilot, c.world.loads, c.pilot.estimate
    home = p.task.home
    threshold = earth.ecef(home.latitude, home.longitude, home.elevation)
    away = earth.R_ne(home.latitude, home.longitude) @ (w.truth.r_be_e - threshold)
    R_nb = nature.attitude(w)
    phi, theta, psi = euler_from_rotation(R_nb)
    nav = b.estimator.nav
    error = compose(attitude_of(w.anchor.R_ne, c.past.q_eb), attitude_of(w.anchor.R_ne, nav.q_eb).T)
    place = w.anchor.R_ne @ (nav.r_be_e - c.past.r_be_e)
    speed = w.anchor.R_ne @ (nav.v_be_e - c.past.v_be_e)
    here = nav.r_be_e
    leg = guidance.line(b.way, here, b.anchor.R_ne)
    ahead = b.anchor.R_ne @ (threshold - here)
    final = guidance.runway_line(ahead.x, ahead.y, jnp.cos(home.heading), jnp.sin(home.heading))
    to = b.anchor.R_ne @ (b.way.to_e - here)
    round_ = guidance.circle(to.x, to.y, p.task.rules.loiter_radius)
    on_line = (b.mode >= int(Mode.APPROACH)) | (b.mode <= int(Mode.TAKE_OFF))
    right = jnp.where(on_line, final.right, jnp.where(b.flight.circling == 1, round_.right, leg.right))
    v_e = c.past.v_be_e - nav.v_be_e
    P = b.estimator.covariance
    err_e = w.anchor.R_ne.T @ Vec3(error.zy - error.yz, error.xz - error.zx, error.yx - error.xy) * 0.5
    v_n = w.anchor.R_ne @ w.truth.v_be_e
    return Frame(
        north=away.x, east=away.y, height=l.height, height_agl=l.height_agl, cas=l.airspeed_calibrated,
        cas_estimated=e.airspeed_calibrated, tas=l.airspeed_true, climb=l.climb_rate, phi=phi, theta=theta, psi=psi,
        phi_c=b.inner.wanted.phi, theta_c=b.inner.wanted.theta, alpha=l.alpha, beta=l.beta, load_factor=l.load_factor,
        delta_e=w.surfaces.delta_e, delta_a=w.surfaces.delta_a, delta_r=w.surfaces.delta_r, delta_t=b.command.delta_t,
        power=w.motor.power, mode=b.mode, reason=b.reason, leg=b.leg, on_ground=l.on_ground,
        touchdown_sink=l.touchdown_sink, stall_margin=l.stall_margin, stalled=l.stalled, damage=w.damage,
        status=w.status, fuel=w.fuel, right=right, ground_speed=jnp.sqrt(v_n.x**2 + v_n.y**2), valid=b.air.valid,
        ratio=b.air.ratio, surprise=b.air.surprise, spread=b.air.spread, wind_north=b.air.wind_n.x,
        wind_east=b.air.wind_n.y, position_error=jnp.sqrt(place.x**2 + place.y**2), height_error=place.z,
        velocity_error=jnp.sqrt(speed.x**2 + speed.y**2 + speed.z**2),
        tilt_error=0.5 * jnp.sqrt((error.zy - error.yz) ** 2 + (error.xz - error.zx) ** 2),
        heading_error=0.5 * (error.yx - error.xy), position_sigma=e.position_sigma,
        consistency=b.estimator.consistency, excess=b.frost.excess, learnt=b.frost.learnt, home_fuel=b.plan.home,
        reserve=b.plan.reserve, route_fuel=b.plan.route_fuel, engine_temperature=c.world.heat.engine,
        sent=b.ack.sequence, accepted=b.ack.accepted, altitude_order=b.flight.altitude_order,
        circling=b.flight.circling, flap=w.surfaces.delta_f, gear=w.surfaces.gear, final_right=final.right,
        final_to_go=final.to_go, wheel_speed=l.wheel_speed,
        nees_velocity=_normalised(v_e, _block(P, "v")), nees_tilt=_normalised(err_e, _block(P, "e")),
    )  # fmt: skip


def _block(P: Any, letter: str) -> list[list[Any]]:
    """The 3 by 3 block of one group of the covariance."""
    axes = "xyz"
    return [[getattr(P, f"{letter}{axes[min(i, j)]}_{letter}{axes[max(i, j)]}") for j in range(3)] for i in range(3)]


def _normalised(x: Vec3, B: list[list[Any]]) -> Any:
    """x^T B^-1 x of a symmetric 3 by 3 matrix by its cofactors."""
    (a, b, c), (_, d, e), (_, _, f) = B
    A11, A12, A13 = d * f - e * e, c * e - b * f, b * e - c * d
    A22, A23, A33 = a * f - c * c, b * c - a * e, a * d - b * b
    det = a * A11 + b * A12 + c * A13
    square = A11 * x.x**2 + A22 * x.y**2 + A33 * x.z**2
    return (square + 2.0 * (A12 * x.x * x.y + A13 * x.x * x.z + A23 * x.y * x.z)) / det


def smaller_aircraft() -> Aircraft:
    """An aircraft of another size: 12 m span, 650 kg, half the power; lengths, areas and inertia scaled with them."""
    big = reference_aircraft()
    g, m, e, p, w = big.geometry, big.mass, big.engine, big.propeller, big.gear
    s, weight = 12.0 / g.span, 650.0 / m.max_take_off
    inertia = weight * s * s
    return replace(
        big,
        geometry=replace(
            g, span=12.0, wing_area=g.wing_area * s * s, chord=g.chord * s, length=g.length * s,
            tail_arm=g.tail_arm * s, tail_area=g.tail_area * s * s, tail_chord=g.tail_chord * s,
            tail_span=g.tail_span * s,
        ),
        mass=replace(
            m, empty=420.0, max_take_off=650.0, inertia_mass=650.0, fuel_capacity=150.0, payload_capacity=100.0,
            J_xx=m.J_xx * inertia, J_yy=m.J_yy * inertia, J_zz=m.J_zz * inertia,
        ),
        engine=replace(
            e, rated_power=0.5 * e.rated_power, friction_power=0.5 * e.friction_power, idle_power=0.5 * e.idle_power,
            heat_capacity=0.5 * e.heat_capacity, radiator=0.5 * e.radiator,
        ),
        propeller=replace(p, diameter=p.diameter * 0.76, inertia=p.inertia * 0.3),
        gear=replace(
            w, nose_x=w.nose_x * s, main_x=w.main_x * s, main_y=w.main_y * s, height=w.height * 0.8,
            nose_stiffness=w.nose_stiffness * weight, main_stiffness=w.main_stiffness * weight,
            nose_damping=w.nose_damping * weight, main_damping=w.main_damping * weight,
        ),
    )  # fmt: skip


LegRow = tuple[float, float, float, float, float]


def route(*legs: LegRow, lost: tuple[LegRow, ...] = (), home: Any = None) -> Route:
    """A route of legs (m north and east of the home threshold, m altitude, m/s or 0, s of circling)."""
    from samruk import earth

    home = home or quiet_task().home
    columns = {name: np.zeros(LEGS) for name in ("latitude", "longitude", "altitude", "airspeed", "loiter", "station")}
    rows = [*enumerate(legs), *((LEGS - len(lost) + k, leg) for k, leg in enumerate(lost))]
    for k, (north, east, altitude, airspeed, loiter) in rows:
        lat, lon = earth.offset(home.latitude, home.longitude, north, east)
        columns["latitude"][k], columns["longitude"][k] = float(lat), float(lon)
        columns["altitude"][k], columns["airspeed"][k], columns["loiter"][k] = altitude, airspeed, loiter
        columns["station"][k] = 1.0 if loiter > 0.0 else 0.0
    return Route(**columns)


def day(*wind: tuple[float, float, float], kind: str = "standard") -> Any:
    """A profile with wind as (m above sea level, m/s, rad from where it blows)."""
    return standard_profile(kind, wind=wind, ground=305.0)


def task(**changes: Any) -> Task:
    """A warm aircraft on a quiet day."""
    base = quiet_task()
    loading = replace(base.loading, hangar_temperature=330.0)
    return replace(base, loading=loading, **changes) if "loading" not in changes else replace(base, **changes)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The compiled step."""
    first = _begin(task(legs=1), Tables(route=route((3000.0, 0.0, 600.0, 0.0, 0.0)), profile=day()), None)
    program = engine.Program(fast, mission, slow, frame, first[0], first[1], first[2], 5, 10)
    return engine.open(program, "native", 1)


def _begin(mission_task: Task, tables: Tables, wind: Vec3 | None, trouble: Trouble | None = None,
           aircraft: Aircraft | None = None) -> tuple[Carry, Params, Tables]:  # fmt: skip
    """Carry, params and tables of one flight."""
    from samruk.autopilot.pilot import plain

    craft = aircraft or reference_aircraft()
    world = plain(nature.initial(craft, mission_task, tables))
    seen = plain(nature.mission(world, craft, mission_task, 0))
    book = handbook(craft)
    pilot = brain.initial(book, mission_task, seen, wind)
    params = Params(craft, book, mission_task, trouble or Trouble())
    return Carry(world, pilot, world.truth, measurement=seen), params, tables


def fly(flights: list[dict[str, Any]], seconds: int, every: int = 1) -> Any:
    """Fly several flights side by side; each is given as keywords of `_begin`. Returns the frames and the batch."""
    begun = [_begin(f["task"], f["tables"], f.get("wind"), f.get("trouble"), f.get("aircraft")) for f in flights]
    batch = _engine().start([b[0] for b in begun], [b[1] for b in begun], [b[2] for b in begun])
    return batch.advance(seconds, every), batch


DEG = DEGREE
