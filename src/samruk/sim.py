"""The three tempos joined: the only file that knows world, brain, people and radio.

One slow tick (1 s) is `slow`, then ten times `mission`, each followed by five times `fast`. All of it is pure: the
carry goes in and comes out, chance is a hash of the tick, and what is recorded of a flight is its ledger and frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from samruk import crew as people
from samruk import ledger as book
from samruk import radio as waves
from samruk.aircraft import Aircraft
from samruk.autopilot import pilot as brain
from samruk.autopilot.handbook import Handbook, handbook
from samruk.autopilot.plan import reserve
from samruk.crew import CrewState
from samruk.earth import GRAVITY, distance_bearing
from samruk.engine import Program
from samruk.frames import Scalar, rotation
from samruk.lazy import jax, jnp
from samruk.leaves import flatten, formed, unflatten
from samruk.ledger import Ended, Integrals, Ledger, Margins
from samruk.messages import Inertial, Measurement, Mode, Order
from samruk.mission import Tables, Task
from samruk.payload import turret as eye
from samruk.payload.turret import Aim, Turret
from samruk.plant import failures, wet
from samruk.plant import soak as soaking
from samruk.plant import world as nature
from samruk.plant.world import World
from samruk.radio import SATELLITE, RadioState, masking
from samruk.tables import to_float, to_int
from samruk.words import wide

FAST_PER_MISSION = 5
"""Fast ticks (50 Hz) to a mission tick."""
MISSION_PER_SLOW = 10
"""Mission ticks (10 Hz) to a slow tick (1 Hz)."""
MISSION_DT = 0.1
"""s."""
CLEAR = 30.0
"""m above the surface from which a stall margin counts: the flare is meant to be slow."""
LOW_MARGIN = 0.10
"""Part of airspeed over the stall speed under which the margin is called low."""
TOUCH_AND_FLY = 60.0
"""s in the air before wheels on the ground count as a landing, not a bounce at take-off."""
RAINY = 1e-3 / 3600.0
"""m/s, 1 mm/h: rain that the ledger tells."""
COLD_BATTERY = 243.15
"""K, under which less than half of a battery's energy can be drawn."""
SHEAR_ALERT = 0.105
"""F-factor over a kilometre at which windshear systems alert (recalled)."""
SEEN = 0.05
"""Contrast that must reach a camera."""
REPORTED_WIND = 1.6
"""Wind at 10 m, as an aerodrome reports it, over the wind at a parked aircraft (log law, roughness 0.05 m)."""
SHAKING = 0.05
"""Turning force of the propeller over the aircraft's weight at which it is told (estimated)."""
HOME_RADIUS = 5000.0
"""m around the home threshold that count as home."""


@dataclass(frozen=True)
class Params:
    """What a lane flies with and cannot change."""

    aircraft: Aircraft
    """The aircraft."""
    handbook: Handbook
    """What its maker tells the autopilot."""
    task: Task
    """The mission."""


@dataclass(frozen=True)
class Carry:
    """All that one flight hands from tick to tick."""

    world: World
    """The truth."""
    inertial: Inertial
    """The last inertial measurement."""
    measurement: Measurement
    """The last measurement of all other sensors."""
    pilot: brain.Pilot
    """The autopilot."""
    radio: RadioState
    """The links."""
    crew: CrewState
    """The ground crew."""
    ledger: Ledger
    """What is kept of the flight."""
    turret: Turret = field(default_factory=Turret)
    """The payload's turret."""
    aim: Aim = field(default_factory=Aim)
    """What the turret is asked to look at; a live shell writes it."""
    fast_tick: Scalar = wide(0)
    """Fast ticks since the epoch."""
    mission_tick: Scalar = wide(0)
    """Mission ticks since the epoch."""
    slow_tick: Scalar = wide(0)
    """Slow ticks since the epoch."""
    over: Scalar = 0
    """1 when the flight has ended."""
    order: Order = field(default_factory=Order)
    """The last order to a live aircraft, written from outside between two ticks."""
    link_age: Scalar = 0.0
    """s since a live aircraft last heard a valid frame, written from outside."""


@dataclass(frozen=True)
class Frame:
    """What is recorded of a flight over time, SI and radians."""

    time: Scalar
    """s since the epoch."""
    latitude: Scalar
    """rad, truth."""
    longitude: Scalar
    """rad, truth."""
    height: Scalar
    """m above mean sea level, truth."""
    ground: Scalar
    """m, surface below."""
    airspeed: Scalar
    """m/s calibrated, truth."""
    airspeed_indicated: Scalar
    """m/s calibrated, as the autopilot believes it."""
    ground_speed: Scalar
    """m/s, estimate."""
    climb_rate: Scalar
    """m/s, estimate, up."""
    phi: Scalar
    """rad, roll, estimate."""
    theta: Scalar
    """rad, pitch, estimate."""
    psi: Scalar
    """rad, heading, estimate."""
    alpha: Scalar
    """rad, angle of attack, truth."""
    load_factor: Scalar
    """Truth."""
    aileron: Scalar
    """rad, commanded, positive rolls right."""
    stall_margin: Scalar
    """Airspeed over true stall speed, less 1, truth."""
    mode: Scalar
    """`Mode`."""
    reason: Scalar
    """`Reason`."""
    leg: Scalar
    """Leg being flown."""
    ice: Scalar
    """kg carried."""
    cloud_water: Scalar
    """kg/m^3."""
    pitot_blockage: Scalar
    """0..1."""
    protection: Scalar
    """1 while wing protection is on and powered."""
    los_margin: Scalar
    """dB."""
    satellite_margin: Scalar
    """dB."""
    link_up: Scalar
    """1 while frames pass."""
    bearer: Scalar
    """0 none, 1 line of sight, 2 satellite."""
    fuel: Scalar
    """kg, truth."""
    bingo: Scalar
    """kg that reach home with the reserve, by the autopilot."""
    shaft_power: Scalar
    """W."""
    generator_load: Scalar
    """Part of the alternator's power."""
    temperature: Scalar
    """K, outside."""
    bay_temperature: Scalar
    """K."""
    fuel_temperature: Scalar
    """K."""
    engine_temperature: Scalar
    """K."""
    oil_temperature: Scalar
    """K."""
    box_temperature: Scalar
    """K, inside the avionics boxes."""
    battery_temperature: Scalar
    """K."""
    turret_temperature: Scalar
    """K."""
    skin_temperature: Scalar
    """K, upper skin of the wing."""
    irradiance: Scalar
    """W/m^2, on level ground."""
    sun_elevation: Scalar
    """rad."""
    wind_north: Scalar
    """m/s, mean wind."""
    wind_east: Scalar
    """m/s, mean wind."""
    wind_up: Scalar
    """m/s, mean wind with waves and downbursts, upwards."""
    gust_up: Scalar
    """m/s, gust upwards, continuous and discrete."""
    rain: Scalar
    """m/s of water on level ground (1 mm/h is 2.8e-7)."""
    visibility: Scalar
    """m at the aircraft."""
    transmission: Scalar
    """0..1, part of the ground's contrast that reaches the aircraft."""
    altitude_indicated: Scalar
    """m above mean sea level, by an altimeter set at home before the flight."""
    wind_shear: Scalar
    """F-factor of changing wind, mean over a kilometre."""
    navigation_error: Scalar
    """m, horizontal, estimate from truth."""
    on_ground: Scalar
    """1 on the wheels."""
    on_station: Scalar
    """1 while the time counts as observation."""
    ice_detected: Scalar
    """1 while the detector reports."""
    over: Scalar
    """1 when the flight has ended."""


def fast(carry: Carry, params: Params) -> Carry:
    """20 ms: the autopilot moves the controls, the world moves the aircraft."""
    pilot = brain.fast(carry.pilot, carry.inertial, params.handbook, carry.fast_tick)
    world, inertial = nature.fast(carry.world, pilot.command, params.aircraft, params.task, carry.fast_tick)
    return replace(
        carry, world=world, inertial=inertial, pilot=pilot, ledger=_fast_ledger(carry, world),
        fast_tick=carry.fast_tick + 1,
    )  # fmt: skip


def mission(carry: Carry, params: Params, tables: Tables) -> Carry:
    """0.1 s: sensors, links, crew, autopilot, ledger."""
    return _mission(carry, _unattended(params), tables, None)


def live_mission(carry: Carry, params: Params, tables: Tables) -> Carry:
    """The same for lanes to which orders may be given (`Task.live`)."""
    return _mission(carry, params, tables, carry.order)


def _unattended(params: Params) -> Params:
    """Parameters for a program to which no orders come: what only they need is left out of it."""
    return replace(params, task=replace(params.task, live=0))


def _mission(carry: Carry, params: Params, tables: Tables, order: Order | None) -> Carry:
    """0.1 s, with or without orders."""
    task, tick = params.task, carry.mission_tick
    time = MISSION_DT * to_float(tick)
    world = carry.world
    measurement = nature.mission(world, params.aircraft, task, tick)
    radio = waves.step(
        carry.radio, nature.attitude(world), world.power.satellite_on,
        brain.telemetry(carry.pilot, measurement, params.handbook, tick), carry.crew.outgoing,
        task.links, params.aircraft.radio, task.seed, tick, time, world.power.avionics_on,
    )  # fmt: skip
    crew = people.step(carry.crew, radio.on_ground, radio.downlink_age, task.crew, task.rules, task.seed, time)
    live = jnp.asarray(task.live) == 1
    inbox = replace(radio.inbox, sequence=jnp.where(live, 0, radio.inbox.sequence))
    pilot = brain.mission(
        carry.pilot, measurement, inbox, jnp.where(live, carry.link_age, radio.uplink_age), params.handbook, task.rules,
        task, tables.route, tick, time, order,
    )  # fmt: skip
    nav, anchor = pilot.estimator.nav, pilot.anchor
    turret = eye.step(
        carry.turret, carry.aim, rotation(pilot.estimate.q_nb), anchor.R_ne, nav.r_be_e, world.power.payload_on
    )
    after = replace(carry, measurement=measurement, radio=radio, crew=crew, pilot=pilot, turret=turret)
    return replace(after, ledger=_mission_ledger(after, params), over=_over(after, params), mission_tick=tick + 1)


def slow(carry: Carry, params: Params, tables: Tables) -> Carry:
    """1 s: weather, ice, heat, power, the ways of the links."""
    return _slow(carry, _unattended(params), tables, None)


def live_slow(carry: Carry, params: Params, tables: Tables) -> Carry:
    """The same for lanes to which orders may be given."""
    return _slow(carry, params, tables, carry.order)


def _slow(carry: Carry, params: Params, tables: Tables, order: Order | None) -> Carry:
    """1 s, with or without orders."""
    world = nature.slow(
        carry.world, carry.pilot.command, params.aircraft, params.task, tables, carry.slow_tick,
        to_int((carry.pilot.on_station != 0) | (carry.aim.kind != eye.STOWED)),
    )  # fmt: skip
    pilot = brain.slow(carry.pilot, carry.measurement, params.handbook, params.task, tables.route, order, tables.ground)
    radio = waves.slow(
        carry.radio, world.anchor.latitude, world.anchor.longitude, world.anchor.height,
        params.task.links, params.aircraft.radio, params.task.conditions, world.ice_effects.antenna_loss,
        params.task.seed, carry.slow_tick, _ridge(world, params, tables),
    )  # fmt: skip
    return replace(carry, world=world, pilot=pilot, radio=radio, slow_tick=carry.slow_tick + 1)


def _ridge(world: World, params: Params, tables: Tables) -> Scalar:
    """dB that terrain takes from the line of sight."""
    here, task = world.anchor, params.task
    return masking.loss(
        here.latitude, here.longitude, here.height, task.links, task.tile, tables.ground,
        params.aircraft.radio.los_frequency,
    )  # fmt: skip


def frame(carry: Carry, params: Params) -> Frame:
    """What is recorded at the end of a slow tick."""
    world, pilot, estimate = carry.world, carry.pilot, carry.pilot.estimate
    loads, radio = world.loads, carry.radio
    latitude, longitude = world.anchor.latitude, world.anchor.longitude
    return Frame(
        time=MISSION_DT * to_float(carry.mission_tick),
        latitude=latitude,
        longitude=longitude,
        height=loads.height,
        ground=world.anchor.ground,
        airspeed=loads.airspeed_calibrated,
        airspeed_indicated=estimate.airspeed_calibrated,
        ground_speed=jnp.sqrt(estimate.v_n.x * estimate.v_n.x + estimate.v_n.y * estimate.v_n.y),
        climb_rate=-estimate.v_n.z,
        phi=estimate.phi,
        theta=estimate.theta,
        psi=estimate.psi,
        alpha=loads.alpha,
        load_factor=loads.load_factor,
        aileron=pilot.command.delta_a,
        stall_margin=loads.stall_margin,
        mode=pilot.mode,
        reason=pilot.reason,
        leg=pilot.leg,
        ice=world.ice_effects.mass,
        cloud_water=world.air.cloud_water,
        pitot_blockage=world.ice_effects.pitot_blockage,
        protection=world.power.wing_on,
        los_margin=radio.los_margin_db,
        satellite_margin=radio.satellite_margin_db,
        link_up=radio.link_up,
        bearer=radio.bearer,
        fuel=world.fuel,
        bingo=pilot.bingo,
        shaft_power=world.motor.power,
        generator_load=world.power.generator_load,
        temperature=loads.temperature,
        bay_temperature=world.heat.bay,
        fuel_temperature=world.heat.fuel,
        engine_temperature=world.heat.engine,
        oil_temperature=world.heat.oil,
        box_temperature=world.heat.boxes,
        battery_temperature=world.heat.battery,
        turret_temperature=world.heat.turret,
        skin_temperature=world.heat.skin,
        irradiance=world.air.irradiance,
        sun_elevation=world.air.sun_elevation,
        wind_north=world.air.wind_n.x,
        wind_east=world.air.wind_n.y,
        wind_up=-world.air.wind_n.z,
        gust_up=nature.gust_up(world),
        rain=world.air.rain_rate,
        visibility=world.air.visibility,
        transmission=_sight(world, params.task.rules.infrared),
        altitude_indicated=world.anchor.height + world.altimeter,
        wind_shear=world.shear,
        navigation_error=_navigation_error(carry),
        on_ground=loads.on_ground,
        on_station=pilot.on_station,
        ice_detected=carry.measurement.ice_detected,
        over=carry.over,
    )


def _navigation_error(carry: Carry) -> Scalar:
    """Horizontal distance of the estimate from the truth at this mission tick, m."""
    world = carry.world
    apart = world.anchor.R_ne @ (carry.pilot.estimator.nav.r_be_e - world.truth.r_be_e)
    return jnp.sqrt(apart.x * apart.x + apart.y * apart.y)


def _fast_ledger(carry: Carry, world: World) -> Ledger:
    """Extremes that are too short for the mission tick."""
    loads, old = world.loads, carry.ledger.margins
    flying = (loads.on_ground == 0) & (carry.over == 0)
    clear = flying & (loads.height_agl > CLEAR)
    margins = replace(
        old,
        stall_margin=book.extreme(old.stall_margin, loads.stall_margin, clear, False),
        load_factor_high=book.extreme(old.load_factor_high, loads.load_factor, flying, True),
        load_factor_low=book.extreme(old.load_factor_low, loads.load_factor, flying, False),
        airspeed=book.extreme(old.airspeed, loads.airspeed_calibrated, flying, True),
    )
    return replace(carry.ledger, margins=margins)


def _over(carry: Carry, params: Params) -> Scalar:
    """1 once the aircraft is destroyed, has refused, or stands still after its flight; or the model has failed. A live
    aircraft that has stopped may fly again."""
    world, mode = carry.world, carry.pilot.mode
    parked = (mode == int(Mode.STOPPED)) | (mode == int(Mode.REFUSED))
    ended = (world.damage != 0) | (world.status != 0) | (parked & (jnp.asarray(params.task.live) == 0))
    return jnp.maximum(carry.over, to_int(ended))


def _mission_ledger(carry: Carry, params: Params) -> Ledger:
    """Events, extremes and sums at the mission tick; a flight that is over adds nothing more."""
    going = carry.over == 0
    open_ = (carry.ledger.events.stopped.first == book.NEVER) | (jnp.asarray(params.task.live) == 1)
    flying = going & (carry.world.loads.on_ground == 0) & open_
    happening = {name: going & state for name, state in _states(carry, params, flying).items()}
    return Ledger(
        events=book.events(carry.ledger.events, happening, carry.mission_tick),
        margins=_margins(carry, flying),
        integrals=_integrals(carry, params, going, flying),
    )


def _states(carry: Carry, params: Params, flying: Scalar) -> dict[str, Scalar]:
    """What is true now, by slot of the ledger."""
    return {**_air_states(carry, params, flying), **_flight_states(carry, flying)}


def _air_states(carry: Carry, params: Params, flying: Scalar) -> dict[str, Scalar]:
    """Ice, airspeed, systems."""
    world, command = carry.world, carry.pilot.command
    loads, heat, thermal = world.loads, world.heat, params.aircraft.thermal
    clear = flying & (loads.height_agl > CLEAR)
    wing_on, asked = world.power.wing_on != 0, command.wing_protection != 0
    return {
        "icing_cloud": flying & (world.air.cloud_water > 1e-6),
        "failure": failures.anything(world.failed),
        "in_rain": flying & (world.air.rain_rate > RAINY),
        "freezing_rain": flying & (world.air.freezing_rain != 0),
        "hydroplaning": wet.hydroplanes(world.runway, loads.wheel_speed),
        "wind_shear": clear & (jnp.abs(world.shear) > SHEAR_ALERT),
        "beyond_model": (nature.beyond(world, params.aircraft) != 0),
        "ice_detected": carry.measurement.ice_detected != 0,
        "protection": wing_on,
        "protection_shed": asked & ~wing_on & (world.power.shed != 0),
        "intake_iced": flying & (world.ice.ports.intake > 0.5),
        "propeller_shakes": flying & (world.ice_effects.imbalance > SHAKING * GRAVITY * world.held.inertia.mass),
        "pitot_blocked": world.ice_effects.pitot_blockage > 0.5,
        "airspeed_rejected": flying & (carry.pilot.estimate.airspeed_valid == 0),
        "stall_margin_low": clear & (loads.stall_margin < LOW_MARGIN),
        "stalled": clear & (loads.stalled > 0.5),
        "overspeed": loads.airspeed_calibrated > params.aircraft.structure.airspeed_never_exceed,
        "electric_overload": world.power.generator_load > 1.0,
        "blackout": world.power.avionics_on == 0,
        "fuel_cold": heat.fuel < thermal.fuel_freezing + 3.0,
        "engine_hot": heat.engine > params.aircraft.engine.coolant_limit,
        "beyond_terrain": flying & (world.anchor.ground_known == 0),
        "fuel_clogged": flying & (heat.fuel < thermal.fuel_freezing),
        "oil_hot": heat.oil > params.aircraft.engine.oil_limit,
        "boxes_hot": heat.boxes > thermal.box_limit_high,
        "battery_out_of_limits": (heat.battery < COLD_BATTERY) | (heat.battery > thermal.battery_limit_high),
        "turret_out_of_limits": (heat.turret < thermal.turret_limit_low) | (heat.turret > thermal.turret_limit_high),
        "skin_hot": heat.skin > thermal.skin_limit,
        "outside_limits": flying
        & ((loads.temperature < thermal.operating_low) | (loads.temperature > thermal.operating_high)),
        "bay_out_of_limits": (heat.bay < thermal.bay_limit_low) | (heat.bay > thermal.bay_limit_high),
    }


def _flight_states(carry: Carry, flying: Scalar) -> dict[str, Scalar]:
    """Modes, links, fuel, the end."""
    world, pilot, radio = carry.world, carry.pilot, carry.radio
    mode = pilot.mode

    def is_mode(*modes: Mode) -> Scalar:
        return sum((to_int(mode == int(m)) for m in modes), 0 * mode) != 0

    awake = world.power.avionics_on != 0
    fuel_out = world.fuel <= 0.0
    return {
        "refused": is_mode(Mode.REFUSED),
        "take_off": flying,
        "on_station": flying & (pilot.on_station != 0),
        "link_lost": radio.link_up == 0,
        "satellite_used": (radio.link_up != 0) & (radio.bearer == SATELLITE),
        "lost_link_flown": awake & is_mode(Mode.LOST_LINK),
        "escape": awake & is_mode(Mode.ESCAPE),
        "crew_command": pilot.ack.sequence != carry.crew.acked,
        "command_refused": (pilot.ack.sequence != carry.crew.acked) & (pilot.ack.accepted == 0),
        "returning": awake & is_mode(Mode.RETURN),
        "diverting": awake & is_mode(Mode.DIVERT),
        "bingo": flying & (world.fuel < pilot.bingo),
        "reserve_used": flying & (world.fuel < pilot.reserve),
        "fuel_out": fuel_out,
        "engine_stopped": flying & (world.motor.running == 0),
        "approach": is_mode(Mode.APPROACH, Mode.FLARE),
        "go_around": awake & is_mode(Mode.GO_AROUND),
        "touch_down": (world.loads.on_ground != 0) & (carry.ledger.integrals.airborne > TOUCH_AND_FLY),
        "stopped": is_mode(Mode.STOPPED),
        "destroyed": world.damage != 0,
    }


def _margins(carry: Carry, flying: Scalar) -> Margins:
    """Extremes at the mission tick."""
    world, old, radio = carry.world, carry.ledger.margins, carry.radio
    loads, heat = world.loads, world.heat
    link = jnp.maximum(radio.los_margin_db, radio.satellite_margin_db)
    gap = jnp.maximum(radio.uplink_age, radio.downlink_age)
    landed = (loads.on_ground != 0) & (carry.ledger.integrals.airborne > TOUCH_AND_FLY)
    before_home = flying & (carry.ledger.events.returning.first == book.NEVER) & (loads.height_agl > CLEAR)
    return replace(
        old,
        link_margin=book.extreme(old.link_margin, link, flying & (radio.link_up != 0), False),
        longest_gap=book.extreme(old.longest_gap, gap, flying, True),
        ice=book.extreme(old.ice, world.ice_effects.mass, flying, True),
        height=book.extreme(old.height, loads.height, flying, True),
        fuel_temperature=book.extreme(old.fuel_temperature, heat.fuel, flying, False),
        bay_low=book.extreme(old.bay_low, heat.bay, flying, False),
        bay_high=book.extreme(old.bay_high, heat.bay, flying, True),
        engine_temperature=book.extreme(old.engine_temperature, heat.engine, flying, True),
        oil_temperature=book.extreme(old.oil_temperature, heat.oil, flying, True),
        boxes=book.extreme(old.boxes, heat.boxes, flying, True),
        battery_low=book.extreme(old.battery_low, heat.battery, flying, False),
        battery_high=book.extreme(old.battery_high, heat.battery, flying, True),
        turret_low=book.extreme(old.turret_low, heat.turret, flying, False),
        turret_high=book.extreme(old.turret_high, heat.turret, flying, True),
        skin=book.extreme(old.skin, heat.skin, flying, True),
        dark_skin=book.extreme(old.dark_skin, heat.dark, flying, True),
        strength=book.extreme(old.strength, world.held.strength, flying, False),
        fuel_high=book.extreme(old.fuel_high, heat.fuel, flying, True),
        outside_low=book.extreme(old.outside_low, loads.temperature, flying, False),
        outside_high=book.extreme(old.outside_high, loads.temperature, flying, True),
        navigation_error=book.extreme(old.navigation_error, _navigation_error(carry), flying, True),
        generator_load=book.extreme(old.generator_load, world.power.generator_load, flying, True),
        touch_down_sink=book.extreme(old.touch_down_sink, loads.touchdown_sink, landed, True),
        altimeter_error=book.extreme(old.altimeter_error, jnp.abs(world.altimeter), flying, True),
        wind_shear=book.extreme(old.wind_shear, world.shear, flying & (loads.height_agl > CLEAR), True),
        imbalance=book.extreme(old.imbalance, world.ice_effects.imbalance, flying, True),
        rain=book.extreme(old.rain, world.air.rain_rate, flying, True),
        fuel_over_bingo=book.extreme(old.fuel_over_bingo, world.fuel - carry.pilot.bingo, before_home, False),
    )


def _sight(world: World, infrared: Scalar) -> Scalar:
    """Part of the ground's contrast that reaches the camera, visible or infrared, through air and iced window."""
    through = jnp.where(infrared != 0, world.air.transmission_infrared, world.air.transmission)
    return through * world.ice_effects.window_contrast


def _integrals(carry: Carry, params: Params, going: Scalar, flying: Scalar) -> Integrals:
    """Sums at the mission tick."""
    world, old = carry.world, carry.ledger.integrals
    v = carry.pilot.estimate.v_n

    def add(total: Scalar, rate: Scalar, when: Scalar) -> Scalar:
        return total + jnp.where(when, MISSION_DT * rate, 0.0)

    on_station = flying & (carry.pilot.on_station != 0)
    rules = params.task.rules
    rolling = going & (world.loads.on_ground != 0) & (old.airborne > TOUCH_AND_FLY)
    return Integrals(
        airborne=add(old.airborne, 1.0, flying),
        station=add(old.station, 1.0, on_station),
        seen=add(old.seen, 1.0, on_station & (_sight(world, rules.infrared) * rules.contrast > SEEN)),
        landing_roll=add(old.landing_roll, jnp.abs(world.loads.wheel_speed), rolling),
        icing=add(old.icing, 1.0, flying & (world.air.cloud_water > 1e-6)),
        protection_energy=jnp.where(going, world.power.protection_energy, old.protection_energy),
        propeller_energy=jnp.where(going, world.power.propeller_energy, old.propeller_energy),
        pitot_energy=jnp.where(going, world.power.pitot_energy, old.pitot_energy),
        shed=add(old.shed, 1.0, flying & (world.power.shed != 0)),
        distance=add(old.distance, jnp.sqrt(v.x * v.x + v.y * v.y), flying),
        shaft_energy=add(old.shaft_energy, world.motor.power, flying),
    )


# Beginnings and ends --------------------------------------------------------------------------------------------------


def begin(params: Params, tables: Tables) -> Carry:
    """The moment before the first tick: parked on the runway, aligned, engine idling; runs inside an engine too."""
    world = nature.begun(params.aircraft, params.task, tables)
    measurement = nature.mission(world, params.aircraft, params.task, 0)
    pilot = brain.aligned(params.handbook, params.task, measurement, world.air.wind_n * REPORTED_WIND)
    return Carry(world, Inertial(f_b=world.truth.f_b), measurement, pilot, RadioState(), CrewState(), Ledger())


@lru_cache(maxsize=64)
def _handbook(aircraft: Aircraft) -> Handbook:
    """An aircraft's handbook; the same aircraft asks once."""
    return handbook(aircraft)


def params(task: Task, aircraft: Aircraft) -> Params:
    """What a lane flies with."""
    return Params(aircraft, _handbook(aircraft), task)


def reserve_fuel(task: Task, aircraft: Aircraft) -> float:
    """kg of fuel that the rules want left at landing: loiter power for the reserve time at landing mass."""
    book_ = _handbook(aircraft)
    mass = aircraft.mass.empty + aircraft.stores.mass + task.loading.payload + 0.1 * task.loading.fuel
    with jax.enable_x64(True):
        return float(reserve(book_, task.rules, mass))


def ended(carry: Carry, task: Task) -> Ended:
    """What the end of a flight says, in plain numbers."""
    world, ledger = carry.world, carry.ledger
    mode = int(carry.pilot.mode)
    first, last = ledger.events.take_off.first, max(ledger.events.stopped.first, ledger.events.destroyed.first)
    flew = first != book.NEVER
    if last == book.NEVER:
        last = int(carry.mission_tick)
    with jax.enable_x64(True):
        away, _ = distance_bearing(
            task.home.latitude, task.home.longitude, world.anchor.latitude, world.anchor.longitude
        )
    return Ended(
        status=int(world.status),
        damage=int(world.damage),
        refused=mode == Mode.REFUSED,
        reason=int(carry.pilot.reason),
        stopped=mode == Mode.STOPPED,
        at_home=float(away) < HOME_RADIUS,
        station=float(ledger.integrals.seen if task.rules.sight else ledger.integrals.station),
        station_wanted=float(task.rules.station_time),
        duration=MISSION_DT * (last - first) if flew else 0.0,
        fuel_used=float(world.fuel_burned),
        fuel_left=float(world.fuel),
    )


def programs(
    example: Params, tables: Tables, key: str | None = None, kinds: Mapping[str, str] | None = None
) -> tuple[Program, Program]:
    """What an engine runs: the beginning of a flight, and the flight; every aircraft and mission flies the same ones.

    Where the example's task is live, the flight is one that takes orders; lanes whose task is not live fly it too.

    The beginning is a program of one slow tick, so that thousands of lanes begin at once and bit for bit alike; the
    mission ticks in it are the steps of the soak.

    Args:
        example: any lane's parameters: they give the layout, not the values.
        tables: any mission's tables.
        key: stands for the sources of the model, so that a compiled step is found without tracing.
        kinds: what `carry_kinds` found before, for the same sources; found anew if None.
    """
    kinds = kinds or carry_kinds(example, tables)
    carry = formed(Carry, {name: 0 if kind == "i" else 0.0 for name, kind in kinds.items()})
    start = Program(
        _stay, _soak, _begin, _began, carry, example, tables, 1, soaking.STEPS, key and f"begin-{key}"
    )
    if example.task.live == 1:
        return start, Program(
            fast, live_mission, live_slow, frame, carry, example, tables, FAST_PER_MISSION, MISSION_PER_SLOW,
            key and f"live-{key}",
        )  # fmt: skip
    return start, Program(
        fast, mission, slow, frame, carry, example, tables, FAST_PER_MISSION, MISSION_PER_SLOW, key
    )


@dataclass(frozen=True)
class Began:
    """Nothing is recorded of a beginning but its status."""

    status: Scalar
    """`World.status`."""


def _stay(carry: Carry, params: Params) -> Carry:
    """Nothing happens in a fast tick of the beginning."""
    return carry


def _soak(carry: Carry, params: Params, tables: Tables) -> Carry:
    """A mission tick of the beginning is a step of the soak; its tick is 0 again after the last."""
    k = carry.mission_tick
    world = soaking.step(carry.world, params.aircraft, params.task, tables, k)
    heat, m, old = world.heat, carry.measurement, carry.ledger.margins
    stands = params.task.soak.duration > 0.0
    hot = {"skin": heat.skin, "dark_skin": heat.dark, "boxes": heat.boxes, "battery_high": heat.battery,
           "turret_high": heat.turret, "bay_high": heat.bay, "fuel_high": heat.fuel}  # fmt: skip
    margins = replace(old, **{name: book.extreme(getattr(old, name), now, stands, True) for name, now in hot.items()})
    measurement = replace(
        m, fuel_temperature=heat.fuel, bay_temperature=heat.bay, engine_temperature=heat.engine,
        oil_temperature=heat.oil, battery_temperature=heat.battery, box_temperature=heat.boxes,
        turret_temperature=heat.turret, engine_running=world.motor.running,
    )  # fmt: skip
    again = jnp.where(k + 1 < soaking.STEPS, k + 1, 0)
    return replace(
        carry, world=world, measurement=measurement, ledger=replace(carry.ledger, margins=margins), mission_tick=again
    )


def _begin(carry: Carry, params: Params, tables: Tables) -> Carry:
    """The beginning, whatever was there before."""
    return begin(params, tables)


def _began(carry: Carry, params: Params) -> Began:
    """The frame of a beginning."""
    return Began(carry.world.status)


def carry_kinds(example: Params, tables: Tables) -> dict[str, str]:
    """The leaves of the carry by dotted name, "f" for float64 and "i" for int32, found without computing one."""
    leaves = flatten(example)
    shapes: list[Any] = [np.zeros((), np.int32 if isinstance(leaf, int) else np.float64) for leaf in leaves.values()]

    def traced(*values: Any) -> dict[str, Any]:
        return flatten(begin(unflatten(example, dict(zip(leaves, values, strict=True))), _arrays(tables)))

    with jax.enable_x64(True):
        found = jax.eval_shape(traced, *shapes)
    return {name: "i" if leaf.dtype.kind == "i" else "f" for name, leaf in found.items()}


def _arrays(tables: Tables) -> Tables:
    """Tables as arrays of JAX, for use outside an engine."""
    return type(tables)(
        **{f.name: type(part)(**{g.name: jnp.asarray(getattr(part, g.name)) for g in fields(part)})
           for f in fields(tables) for part in (getattr(tables, f.name),)}
    )  # fmt: skip
