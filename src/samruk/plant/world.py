"""The world of one aircraft: the fast, mission and slow functions of the plant.

`fast` moves the aircraft by 20 ms, `mission` reads its sensors, `slow` looks at the weather, lets ice, heat and power
go on for a second, and computes what the fast tick only needs to hold.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from samruk import earth, noise, terrain, weather
from samruk.aircraft import Aircraft
from samruk.frames import (
    Rotation,
    Scalar,
    Vec3,
    compose,
    cross,
    quaternion_from_euler,
    quaternion_from_rotation,
    rotation,
)
from samruk.lazy import jnp
from samruk.messages import ControlCommand, Inertial, Measurement
from samruk.mission import Ground, Profile, Tables, Task
from samruk.plant import (
    actuators,
    aerodynamics,
    failures,
    gear,
    gusts,
    heat,
    ice,
    motion,
    power,
    propulsion,
    sensors,
    wet,
)
from samruk.plant import damage as breaking
from samruk.plant.aerodynamics import AirLoads, Flow
from samruk.plant.gear import Grounded
from samruk.plant.gusts import GustNow
from samruk.plant.motion import Place, Rates
from samruk.plant.propulsion import Propelled
from samruk.plant.state import (
    FAST_DT,
    OFF_RUNWAY,
    SLOW_DT,
    Held,
    Loads,
    Motor,
    Surfaces,
    Truth,
    World,
    attitude,
    select,
)
from samruk.tables import to_float, to_int
from samruk.weather.air import Air, Anchor

if TYPE_CHECKING:
    from samruk.plant.trim import Trim

__all__ = ["Action", "World", "act", "attitude", "fast", "initial", "initial_airborne", "mission", "slow"]

COLDEST_AIR, HOTTEST_AIR = 213.15, 333.15
"""K, -60 and +60 C: beyond them oil, grease, cells and laminate are no longer those of the heat model."""
LARGEST_DROP = 50e-6
"""m, median volume diameter up to which catch and ice shapes have been measured."""
LEAST_WAY = 1.0
"""m of way in a second below which no slope is asked for."""
SHEAR_LENGTH = 1000.0
"""m of way over which the hazard of changing wind is averaged, as windshear alerts do."""
TURRET_SHARE = 0.35
"""Part of the payload's power that is used, and turned into heat, in the turret (estimated)."""
SLOW_FROM, SLOWEST, SLOWEST_RATE = 253.15, 219.15, 0.5
"""K from which cold grease slows the actuators, K at which their rate is this part (recalled: half at -54 C)."""
CLOGGED = 4.0
"""K below its freezing point at which fuel no longer flows (estimated)."""
STEEPEST = 0.85
"""N h/U at which waves over a bell-shaped ridge begin to break (hydrostatic flow)."""
BAY_SHARE = 0.5
"""Part of payload and satellite power that warms the avionics bay; the rest leaves outside (estimated)."""
LEAST_REYNOLDS_SPEED = 15.0
"""m/s: below this airspeed the Reynolds number is taken at it."""
STALL_ASYMMETRY = 0.01
"""One standard deviation of C_l at the height of a stall (estimated)."""


# The fast tick --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scene:
    """What surrounds the aircraft at a fast tick."""

    place: Place
    R_eb: Rotation
    R_nb: Rotation
    v_n: Vec3
    omega_eb_b: Vec3
    temperature: Scalar
    pressure: Scalar
    rho: Scalar
    height_agl: Scalar
    gust: GustNow
    flow: Flow


@dataclass(frozen=True)
class _Forces:
    """What acts on the aircraft at a fast tick."""

    air: AirLoads
    propeller: Propelled
    ground: Grounded
    F_b: Vec3
    M_b: Vec3


def fast(world: World, command: ControlCommand, aircraft: Aircraft, task: Task, tick: Scalar) -> tuple[World, Inertial]:
    """The world 20 ms later, and what the inertial unit measured on the way.

    Args:
        world: its state.
        command: what the autopilot asks of the actuators.
        aircraft: the aircraft.
        task: its seed is used.
        tick: fast tick since the epoch.
    """
    alive = world.power.avionics_on != 0  # without power the surfaces stay and the engine's controller stops it
    command = replace(command, engine_run=jnp.where(alive, command.engine_run, 0))
    surfaces = actuators.move(world.surfaces, command, world.loads.on_ground, world.held.actuator_rate, aircraft)
    moved = replace(
        world,
        surfaces=select(alive, surfaces, world.surfaces),
        motor=propulsion.run(
            world.motor, command, world.held.drive, world.power.shaft_power, world.fuel, aircraft
        ),
        gust=gusts.advance(world.gust, world.held.gust, task.seed, tick),
    )
    now = act(moved, aircraft)
    burned = moved.motor.fuel_flow * FAST_DT
    moved = replace(
        moved, truth=motion.advance(world.truth, now.rates, now.scene.R_eb), wheels=now.forces.ground.wheels,
        loads=_loads(world, now), fuel=jnp.maximum(world.fuel - burned, 0.0),
        fuel_burned=world.fuel_burned + jnp.minimum(burned, world.fuel),
    )  # fmt: skip
    status = jnp.where(world.status > 0, world.status, breaking.status(moved))
    free = (world.damage == 0) & (status == 0)
    broken = breaking.of_tick(world.loads, moved.loads, now.scene.R_nb, world.held.strength, aircraft)
    damage = jnp.where(free, broken, world.damage)
    after = replace(select(free, moved, world), damage=damage, status=status)
    return after, sensors.inertial(world.truth, after.truth, world.errors, aircraft, task.seed, tick)


@dataclass(frozen=True)
class Action:
    """Everything that happens at an instant."""

    scene: _Scene
    forces: _Forces
    rates: Rates


def act(world: World, aircraft: Aircraft, dt: Scalar = FAST_DT) -> Action:
    """Forces and accelerations of a world as it stands: the derivative, for any integrator.

    Args:
        world: its state; deflections, power and gusts are taken as they are.
        aircraft: the aircraft.
        dt: s, over which the tyres' shifts are carried on.
    """
    scene = _look(world)
    forces = _push(world, scene, aircraft, dt)
    attraction_e = motion.attraction(scene.place.r_n, world.anchor)
    held = world.held.inertia
    return Action(scene, forces, motion.rates(world.truth, forces.F_b, forces.M_b, held, scene.R_eb, attraction_e))


def _look(world: World) -> _Scene:
    """Place, attitude, air and relative wind."""
    truth, anchor, air = world.truth, world.anchor, world.air
    here = motion.place(truth.r_be_e, anchor)
    R_eb = rotation(truth.q_eb)
    R_nb = compose(anchor.R_ne, R_eb)
    v_n = anchor.R_ne @ truth.v_be_e
    temperature = air.temperature + air.temperature_slope * here.climb
    pressure = jnp.exp(air.log_pressure + air.log_pressure_slope * here.climb)
    now = gusts.at(world.gust, world.held.gust, R_nb)
    along = air.track_c * here.r_n.x + air.track_s * here.r_n.y
    mean_n = air.wind_n + air.wind_slope_n * here.climb + air.wind_along_n * along
    v_rel_b = R_nb.T @ (v_n - mean_n) - now.v_b
    ground = anchor.ground + (anchor.ground_north * here.r_n.x + anchor.ground_east * here.r_n.y)
    return _Scene(
        here, R_eb, R_nb, v_n, truth.omega_ib_b - motion.earth_rate(R_eb), temperature, pressure,
        pressure / (earth.GAS_CONSTANT * air.moist * temperature), here.height - ground, now,
        aerodynamics.flow(v_rel_b),
    )  # fmt: skip


def _push(world: World, scene: _Scene, aircraft: Aircraft, dt: Scalar) -> _Forces:
    """Air, propeller and ground."""
    truth, held, effects, flow = world.truth, world.held, world.ice_effects, scene.flow
    surfaces, motor = world.surfaces, world.motor
    omega_rel_b = scene.omega_eb_b - scene.gust.omega_b
    curving = truth.f_b.z + earth.GRAVITY * scene.R_nb.zz
    alpha_dot = curving / jnp.sqrt(flow.speed * flow.speed + 25.0) + scene.omega_eb_b.y
    air = aerodynamics.airloads(
        flow, omega_rel_b, alpha_dot, scene.rho, jnp.maximum(scene.height_agl, 0.5), surfaces, held.stall,
        held.friction, effects, world.asymmetry, aircraft,
    )  # fmt: skip
    propeller = propulsion.propel(
        motor, world.power.shaft_power, flow.v_rel_b.x, truth.omega_ib_b, scene.rho, effects.thrust_factor, aircraft
    )
    ground = gear.touch(
        scene.R_nb, scene.v_n, scene.omega_eb_b, scene.height_agl, world.wheels, surfaces, world.runway, aircraft, dt
    )
    F_b = air.F_b + propeller.F_b + ground.F_b
    about_reference = air.M_b + propeller.M_b + ground.M_b
    return _Forces(air, propeller, ground, F_b, about_reference - cross(held.inertia.shift_b, F_b))


def _loads(world: World, now: Action) -> Loads:
    """What the forces mean for structure, stall and wheels."""
    scene, forces, rates = now.scene, now.forces, now.rates
    stall, flow, before = world.held.stall, scene.flow, world.loads
    on_ground = forces.ground.main_load > 0.0
    equivalent = jnp.sqrt(scene.rho * (1.0 / earth.RHO0)) * flow.speed
    touched = on_ground & (before.on_ground == 0)
    return Loads(
        load_factor=rates.f_b.z * (-1.0 / earth.GRAVITY),
        alpha=flow.alpha,
        beta=flow.s_beta * (1.0 + flow.s_beta * flow.s_beta * (1.0 / 6.0)),
        airspeed_true=flow.speed,
        airspeed_calibrated=calibrated(scene.pressure, scene.rho, flow.speed),
        rho=scene.rho,
        temperature=scene.temperature,
        pressure=scene.pressure,
        lift_margin=1.0 - forces.air.C_L / stall.C_L_max,
        stall_margin=equivalent / stall.speed - 1.0,
        stalled=forces.air.stalled,
        thrust=forces.propeller.thrust,
        drag=forces.air.drag,
        height=scene.place.height,
        height_agl=scene.height_agl,
        on_ground=to_int(on_ground),
        main_load=forces.ground.main_load,
        touchdown_sink=jnp.where(touched, scene.v_n.z, before.touchdown_sink),
        climb_rate=-scene.v_n.z,
        wheel_speed=jnp.where(on_ground, forces.ground.speed, 0.0),
    )


def calibrated(pressure: Scalar, rho: Scalar, speed: Scalar) -> Scalar:
    """Calibrated airspeed, m/s: the subsonic formula as a series, right to 1e-5 below Mach 0.5.

    Impact pressure q_c = rho V^2/2 (1 + M^2/4 + M^4/40); then a_0 sqrt(5 ((1 + q_c/p_0)^(2/7) - 1)).
    """
    double_q = rho * speed * speed
    mach2 = double_q / (earth.GAMMA * pressure)
    x = 0.5 * double_q * (1.0 + mach2 * (0.25 + mach2 * 0.025)) * (1.0 / earth.P0)
    series = x * (1.0 - x * (5.0 / 14.0 - x * (10.0 / 49.0 - x * (95.0 / 686.0))))
    return jnp.sqrt((2.0 * earth.P0 / earth.RHO0) * series)


# The mission tick -----------------------------------------------------------------------------------------------------


def mission(world: World, aircraft: Aircraft, task: Task, tick: Scalar) -> Measurement:
    """What all sensors but the inertial unit measure.

    Args:
        world: its state.
        aircraft: its sensors.
        task: its seed is used.
        tick: mission tick since the epoch.
    """
    return sensors.measure(world, aircraft, task.seed, tick)




def gust_up(world: World) -> Scalar:
    """m/s, the gust at the aircraft, upwards."""
    R_nb = compose(world.anchor.R_ne, rotation(world.truth.q_eb))
    v_b = gusts.at(world.gust, world.held.gust, R_nb).v_b
    return -(R_nb.zx * v_b.x + R_nb.zy * v_b.y + R_nb.zz * v_b.z)


def beyond(world: World, aircraft: Aircraft) -> Scalar:
    """1 while an effect of the weather is used outside the range in which it has been measured.

    Rain heavier than any test, freezing rain, a mountain wave too steep for linear theory, supercooled drops larger
    than 50 um, for which the catch has been extrapolated, a named cloud beyond its envelope, ice thicker than any
    measured, air colder or hotter than the heat network is written for.
    """
    air = world.air
    deluge = (air.rain_water > wet.MOST_WATER) | (air.freezing_rain != 0)
    drops = (air.cloud_water > 1e-6) & (air.cloud_drop > LARGEST_DROP)
    thick = (air.cloud_beyond != 0) | ice.beyond(world.ice, aircraft)
    warmth = (air.temperature < COLDEST_AIR) | (air.temperature > HOTTEST_AIR)
    return to_int(deluge | drops | thick | warmth | (air.steepness > STEEPEST))


# The slow tick --------------------------------------------------------------------------------------------------------


def slow(
    world: World, command: ControlCommand, aircraft: Aircraft, task: Task, tables: Tables, tick: Scalar,
    on_station: Scalar = 0,
) -> World:  # fmt: skip
    """The world renewed for the next second: weather, electric power, ice, temperatures, and what the fast tick holds.

    Args:
        world: its state.
        command: ice protection and engine commands.
        aircraft: the aircraft.
        task: weather, runways, seed.
        tables: the column of air.
        tick: slow tick since the epoch.
        on_station: 1 while the payload is wanted.
    """
    anchor = _anchor(world.truth.r_be_e, world.truth.v_be_e, task, tables)
    Va, time = world.loads.airspeed_true, to_float(tick) * SLOW_DT
    failed = failures.lost(task.failures, time)
    air = _air(anchor, task, tables, tick, anchor.R_ne @ world.truth.v_be_e, Va)
    rho = jnp.exp(air.log_pressure) / (earth.GAS_CONSTANT * air.moist * air.temperature)
    electric = power.slow(
        world.power, command.wing_protection, command.propeller_protection, command.pitot_heat, world.motor.running,
        on_station, world.heat.battery, failed, aircraft, SLOW_DT,
        propulsion.STARTER * to_float(world.motor.crank > 0.0), _ground_power(world, aircraft, task),
    )  # fmt: skip
    coat = ice.slow(
        world.ice, air, Va, rho, world.loads.alpha, _protection(electric, failed), world.motor.speed, aircraft, SLOW_DT,
        _parked(world, air, task),
    )  # fmt: skip
    warmth = heat.slow(
        world.heat, air, _heat_sources(world, electric, rho, on_station, aircraft), failed, aircraft, SLOW_DT
    )
    burns = _flowing(warmth, aircraft) * to_float(failed.engine < 1.0)
    motor = propulsion.combustion(
        world.motor, command, world.held.drive, rho, world.fuel, burns, warmth.engine, task.seed, tick,
        aircraft, _starter(world, task) * jnp.where(world.power.avionics_on == 1, 1, 2),
    )  # fmt: skip
    ground = wet.runway(
        world.runway, air, world.loads.height_agl, world.loads.wheel_speed, task.conditions,
        aircraft.gear.braking_friction, SLOW_DT,
    )  # fmt: skip
    effects = ice.effects(coat, aircraft, world.motor.speed)
    effects = replace(effects, pitot_blockage=jnp.maximum(effects.pitot_blockage, failed.pitot))
    effects = wet.upon(effects, air, rho, world.surfaces.delta_f, task.conditions.rain_effect, aircraft)
    shear = world.shear + jnp.minimum(Va * (1.0 / SHEAR_LENGTH), 1.0) * (air.hazard - world.shear)
    errors = replace(world.errors, gnss_n=sensors.wander(world.errors, aircraft, task.seed, tick))
    left = (world.damage == 0) & breaking.off_runway(world.loads, anchor, task)
    renewed = replace(
        world, anchor=anchor, air=air, power=electric, ice=coat, ice_effects=effects, heat=warmth, motor=motor,
        errors=errors, runway=ground, shear=shear, failed=failed,
    )  # fmt: skip
    gust = gusts.begin(
        world.gust, Va, task.conditions, time, (anchor.latitude, anchor.longitude), anchor.R_ne @ world.truth.v_be_e
    )
    renewed = replace(renewed, gust=gust)
    renewed = replace(renewed, held=_held(renewed, rho, aircraft, task))
    shown = altimeter(jnp.exp(air.log_pressure), anchor.height, renewed.altimeter_setting)
    renewed = replace(renewed, altimeter=shown)
    free = (world.damage == 0) & (world.status == 0)
    return replace(select(free, renewed, world), damage=jnp.where(left, OFF_RUNWAY, world.damage))


def altimeter(pressure: Scalar, height: Scalar, setting: Scalar) -> Scalar:
    """Error of an altimeter, m: the standard day's height of a pressure, Pa, less its setting, less the true height.

    Over a field, indicated over true height is the standard column's mean temperature over the real one's.
    """
    return earth.geometric(earth.pressure_altitude(pressure)) - setting - height


def _protection(electric: power.Power, failed: failures.Failed) -> ice.Protection:
    """Part of each zone's ice protection that works, 0..1."""
    wing = to_float(electric.wing_on)
    return ice.Protection(
        wing * (1.0 - failed.wing_left), wing * (1.0 - failed.wing_right),
        to_float(electric.tail_on) * (1.0 - failed.tail),
        to_float(electric.propeller_on) * (1.0 - failed.propeller),
        to_float(electric.pitot_on) * (1.0 - failed.pitot_heat),
        window=to_float(electric.payload_on),
    )  # fmt: skip


def _parked(world: World, air: Air, task: Task) -> ice.Parked:
    """What ices the aircraft while it stands."""
    return ice.Parked(
        to_float(world.loads.on_ground), task.conditions.overcast, world.heat.fuel, jnp.exp(air.log_pressure)
    )


def _anchor(r_be_e: Vec3, v_be_e: Vec3, task: Task, tables: Tables) -> Anchor:
    """The place below and around the aircraft, and how the surface rises from here to where it will be in a second."""
    latitude, longitude, height = earth.geodetic(r_be_e)
    ground, known = _surface(latitude, longitude, task, tables)
    R_ne = earth.R_ne(latitude, longitude)
    way_n = R_ne @ (v_be_e * SLOW_DT)
    per = 1.0 / earth.MEAN_RADIUS
    ahead = longitude + way_n.y * per / jnp.maximum(jnp.cos(latitude), 1e-3)
    there, _ = _surface(latitude + way_n.x * per, ahead, task, tables)
    flat = jnp.maximum(way_n.x * way_n.x + way_n.y * way_n.y, LEAST_WAY * LEAST_WAY)
    rise = jnp.where(task.tile.given == 1, (there - ground) / flat, 0.0)
    return Anchor(
        r_be_e, R_ne, latitude, longitude, height, ground, earth.gravitation(r_be_e), rise * way_n.x, rise * way_n.y,
        known,
    )  # fmt: skip


def _surface(latitude: Scalar, longitude: Scalar, task: Task, tables: Tables) -> tuple[Scalar, Scalar]:
    """Height of the surface of a mission, m, and whether it is known."""
    runways = (task.alternate_b, task.alternate_a, task.home)
    return terrain.surface(latitude, longitude, task.conditions, task.tile, tables.ground.posts, runways)


def _air(
    anchor: Anchor, task: Task, tables: Tables, tick: Scalar, v_n: Vec3 | None = None, Va: Scalar = 30.0
) -> Air:
    """The air at the anchor at a slow tick, for an aircraft that moves with v_n (m/s, NED) at an airspeed."""
    return weather.sample(
        anchor.latitude, anchor.longitude, anchor.height, anchor.ground, task.clock.epoch, to_float(tick) * SLOW_DT,
        task.conditions, tables.profile, v_n, Va,
    )  # fmt: skip


def _heat_sources(
    world: World, electric: power.Power, rho: Scalar, on_station: Scalar, aircraft: Aircraft
) -> heat.Sources:
    """What warms and cools the nodes."""
    e = aircraft.electric
    payload = to_float(electric.payload_on) * e.payload_load
    outside = BAY_SHARE * (to_float(electric.satellite_on) * e.satellite_load + payload)
    flowing = (electric.battery - world.power.battery) * (1.0 / SLOW_DT)
    return heat.Sources(
        world.loads.airspeed_true, rho, world.fuel, world.motor.fuel_flow,
        to_float(electric.avionics_on) * e.avionics_load, outside, TURRET_SHARE * payload, flowing,
        world.motor.running,
    )  # fmt: skip


def _starter(world: World, task: Task) -> Scalar:
    """1 where a starter, not the wind, turns an engine that does not run: a live aircraft on its wheels."""
    return to_int((jnp.asarray(task.live) == 1) & (world.loads.on_ground == 1))


def _ground_power(world: World, aircraft: Aircraft, task: Task) -> Scalar:
    """W that a unit on the ground feeds into a live aircraft that stands with its engine off: for the avionics."""
    stands = (_starter(world, task) == 1) & (world.motor.running == 0) & (world.loads.wheel_speed < 0.5)
    return to_float(stands) * aircraft.electric.avionics_load


def unfuelled(aircraft: Aircraft, task: Task) -> Scalar:
    """kg of everything aboard and outside but fuel and ice."""
    return aircraft.mass.empty + aircraft.stores.mass + task.loading.payload


def _held(world: World, rho: Scalar, aircraft: Aircraft, task: Task) -> Held:
    """What the fast tick only holds."""
    a, air = world.anchor, world.air
    speed = jnp.maximum(world.loads.airspeed_true, LEAST_REYNOLDS_SPEED)
    reynolds = rho * speed * aircraft.geometry.chord / earth.viscosity(air.temperature)
    mass = unfuelled(aircraft, task) + world.fuel + world.ice_effects.mass
    field = earth.magnetic_field_n(a.latitude, a.longitude, a.height)
    power_left = wet.power_factor(air, task.conditions.rain_effect)
    power_left = power_left * (1.0 - world.failed.engine) * _flowing(world.heat, aircraft)
    power_left = power_left * world.ice_effects.power_factor
    cold = jnp.clip((SLOW_FROM - air.temperature) * (1.0 / (SLOW_FROM - SLOWEST)), 0.0, 1.0)
    rate = (1.0 - (1.0 - SLOWEST_RATE) * cold) * (1.0 - world.failed.actuators)
    per = 1.0 / jnp.sqrt(field.x * field.x + field.y * field.y + field.z * field.z)
    return Held(
        motion.inertia(mass, aircraft),
        aerodynamics.stall(world.surfaces.delta_f, reynolds, mass, world.ice_effects, aircraft),
        gusts.law(
            air, world.loads.airspeed_true, a.height - a.ground, aircraft.geometry.span, task.conditions,
            world.gust.which,
        ),
        propulsion.drive(
            world.motor, rho, air.temperature, world.heat.engine, aircraft, power_left, _starter(world, task)
        ),
        aerodynamics.friction(reynolds, aircraft), rate, field * per, heat.strength(world.heat.skin, aircraft),
    )  # fmt: skip


def _flowing(warmth: heat.Heat, aircraft: Aircraft) -> Scalar:
    """Part of the fuel that wax or ice crystals in the filter let through, as part of the engine's power."""
    return jnp.clip(heat.fuel_margin(warmth, aircraft) * (1.0 / CLOGGED) + 1.0, 0.0, 1.0)


# Beginnings -----------------------------------------------------------------------------------------------------------


def _read(tables: Tables) -> Tables:
    """Air and ground as arrays of JAX: beginnings are computed outside the step."""
    column = {f.name: jnp.asarray(getattr(tables.profile, f.name)) for f in fields(tables.profile)}
    ground = {f.name: jnp.asarray(getattr(tables.ground, f.name)) for f in fields(tables.ground)}
    return replace(tables, profile=Profile(**column), ground=Ground(**ground))


def initial(aircraft: Aircraft, task: Task, tables: Tables, tick: Scalar = 0) -> World:
    """Parked on the runway's threshold, facing down it, at rest on its wheels, brakes on, engine at idle if it is
    warm enough to start.

    Args:
        aircraft: the aircraft.
        task: runway, loading, day, seed.
        tables: the column of air.
        tick: slow tick since the epoch.
    """
    return begun(aircraft, task, _read(tables), tick)


def begun(aircraft: Aircraft, task: Task, tables: Tables, tick: Scalar = 0) -> World:
    """As `initial`, with the column of air as arrays that the caller has made; runs inside an engine too."""
    home = task.home
    mass = unfuelled(aircraft, task) + task.loading.fuel
    theta, height = at_rest(mass, aircraft)
    ground, _ = _surface(home.latitude, home.longitude, task, tables)
    r_e = earth.ecef(home.latitude, home.longitude, ground + height)
    R_en = earth.R_ne(home.latitude, home.longitude).T
    R_nb = rotation(quaternion_from_euler(0.0, theta, home.heading))
    R_eb = compose(R_en, R_nb)
    truth = Truth(
        r_be_e=r_e, q_eb=quaternion_from_rotation(R_eb), omega_ib_b=motion.earth_rate(R_eb),
        f_b=R_nb.T @ Vec3(0.0, 0.0, -earth.GRAVITY),
    )  # fmt: skip
    world = _fresh(aircraft, task)
    starts = to_int((task.loading.hangar_temperature >= aircraft.engine.start_coldest) & (jnp.asarray(task.live) == 0))
    turns = to_float(starts)
    motor = Motor(turns * aircraft.engine.idle_power, turns * aircraft.propeller.rated_speed, starts, 0.0)
    return _settled(replace(world, truth=truth, motor=motor), aircraft, task, tables, tick, 0.0)


def at_rest(mass: Scalar, aircraft: Aircraft) -> tuple[Scalar, Scalar]:
    """Pitch, rad, and height of the centre of gravity above the ground, m, on the wheels: three rounds of balance."""
    g = aircraft.gear
    weight = mass * earth.GRAVITY
    s = 0.0 * mass
    for _ in range(3):
        c = jnp.sqrt(1.0 - s * s)
        ahead, behind = c * g.nose_x + s * g.height, c * g.main_x + s * g.height
        nose = -weight * behind / (ahead - behind)
        sink_nose, sink_main = nose / g.nose_stiffness, (weight - nose) / (2.0 * g.main_stiffness)
        s = (sink_main - sink_nose) / (g.nose_x - g.main_x)
    c = jnp.sqrt(1.0 - s * s)
    return jnp.arctan2(s, c), c * g.height - s * g.main_x - sink_main


def initial_airborne(
    aircraft: Aircraft, task: Task, tables: Tables, trim: Trim, latitude: Scalar, longitude: Scalar, height: Scalar,
    heading: Scalar, tick: Scalar = 0,
) -> World:  # fmt: skip
    """In trimmed straight flight, in the mean wind of the place.

    Args:
        aircraft: the aircraft.
        task: loading, day, seed.
        tables: the column of air.
        trim: speeds, angles, deflections and power.
        latitude: rad.
        longitude: rad.
        height: m above the ellipsoid.
        heading: rad, true, of the body axis.
        tick: slow tick since the epoch.
    """
    tables = _read(tables)
    r_e = earth.ecef(latitude, longitude, height)
    anchor = _anchor(r_e, Vec3(), task, tables)
    air = _air(anchor, task, tables, tick)
    R_nb = rotation(quaternion_from_euler(trim.phi, trim.theta, heading))
    v_n = R_nb @ trim.v_rel_b + air.wind_n
    R_en = anchor.R_ne.T
    R_eb = compose(R_en, R_nb)
    M, N = earth.radii(latitude)
    carried_n = Vec3(v_n.y / (N + height), -v_n.x / (M + height), -v_n.y * jnp.tan(latitude) / (N + height))
    truth = Truth(
        r_e, R_en @ v_n, quaternion_from_rotation(R_eb), motion.earth_rate(R_eb) + R_nb.T @ carried_n,
        f_b=R_nb.T @ Vec3(0.0, 0.0, -earth.GRAVITY),
    )  # fmt: skip
    world = _fresh(aircraft, task)
    surfaces = Surfaces(
        trim.delta_e, trim.delta_a, trim.delta_r, delta_f=trim.delta_f, gear=trim.gear, brake=0.0 * latitude
    )
    motor = Motor(trim.shaft_power, trim.propeller_speed, 1, trim.fuel_flow)
    world = replace(world, truth=truth, surfaces=surfaces, motor=motor, loads=replace(world.loads, on_ground=0))
    world = _settled(world, aircraft, task, tables, tick, trim.airspeed)
    now = act(world, aircraft).rates
    return replace(world, truth=replace(truth, a_e=now.a_e, alpha_ib_b=now.alpha_ib_b, f_b=now.f_b))


def _fresh(aircraft: Aircraft, task: Task) -> World:
    """A world with everything but place and motion."""
    loading = task.loading
    asymmetry, _ = noise.normal_pair(task.seed, noise.BIAS + 16 * 41, 0)
    return World(
        ice=ice.initial(loading.frost, loading.ground_ice),
        heat=heat.initial(loading.fuel_temperature, loading.hangar_temperature),
        power=power.initial(aircraft), errors=sensors.draw(aircraft, task.seed), fuel=loading.fuel,
        runway=wet.initial(task.conditions), asymmetry=STALL_ASYMMETRY * asymmetry,
    )  # fmt: skip


def _settled(world: World, aircraft: Aircraft, task: Task, tables: Tables, tick: Scalar, airspeed: Scalar) -> World:
    """The world with its air and held values, before its first second; nothing grows."""
    anchor = _anchor(world.truth.r_be_e, world.truth.v_be_e, task, tables)
    air = _air(anchor, task, tables, tick)
    pressure = jnp.exp(air.log_pressure)
    rho = pressure / (earth.GAS_CONSTANT * air.moist * air.temperature)
    loads = replace(
        world.loads, airspeed_true=airspeed, rho=rho, temperature=air.temperature, pressure=pressure,
        height=anchor.height, height_agl=anchor.height - anchor.ground,
    )  # fmt: skip
    world = replace(
        world, anchor=anchor, air=air, loads=loads, ice_effects=ice.effects(world.ice, aircraft),
        altimeter_setting=altimeter(pressure, anchor.height, 0.0),
    )  # fmt: skip
    return replace(world, held=_held(world, rho, aircraft, task))


