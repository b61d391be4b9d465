"""Turbo-diesel and constant-speed propeller.

Engine: rated power down to a critical density, a power law above, a Willans line for fuel, a lag, a blow-out at low
load and great height. Propeller: an actuator disc gives the ideal thrust, a blade efficiency what is lost on the way;
the governor holds the speed. Nothing here is a table of thrust.
"""

from __future__ import annotations

from dataclasses import dataclass

from samruk import earth, noise
from samruk.aircraft import Aircraft
from samruk.frames import Scalar, Vec3, cross
from samruk.lazy import jnp
from samruk.messages import ControlCommand
from samruk.plant.state import FAST_DT, SLOW_DT, Drive, Motor
from samruk.tables import to_float, to_int

LEAST_TEMPERATURE_FACTOR = 0.8
HOT_DERATING = 1.0 / 20.0
"""1/K, part of power that the controller takes away above the coolant limit (estimated)."""
LEAST_HOT_POWER = 0.4
FRICTION_EXPONENT = 1.6
"""Friction power grows as speed to this power (fit to 2-litre aero diesels)."""
BLOWOUT_TIME = 120.0
"""s, mean time to a blow-out at no load above the height where it may happen (estimated)."""
RESTART_DENSITY = 0.70
"""Density ratio above which a windmilling diesel restarts: about 11,500 ft (10 to 13 kft recalled, unverified)."""
RESTART_TIME = 60.0
"""s, mean time of a restart in the air ("less than 2 minutes", recalled)."""
BLADE_CHORD = 0.06
"""Mean blade chord over diameter (estimated), for the drag of a propeller without power."""
STOPPED_DRAG = 0.3
"""Drag area of the unpowered propeller over solid blade area: 0.1 feathered, 0.8 stopped flat (Raymer 12.5)."""
LEAST_BLADE_EFFICIENCY = 0.3
WINDMILL = 0.4
"""Propeller speed over rated speed with the engine stopped at flight speed (estimated)."""
CRANKING = 16.0
"""rad/s of the propeller while the starter turns the engine: 250 rpm of the crank, geared 1.69 to 1 (estimated)."""
STARTER = 2000.0
"""W that the starter draws (estimated, aero diesels of two litres)."""
CRANK_TIME, CRANK_COLD, CRANK_WARM = 3.0, 0.25, 283.15
"""s of cranking to the first firing of a warm engine, s more for each K under the third (K): glow plugs and thick oil
(estimated)."""


@dataclass(frozen=True)
class Propelled:
    """What engine and propeller do to the airframe."""

    F_b: Vec3
    """N."""
    M_b: Vec3
    """N m about the centre of gravity, gyroscopic part included."""
    thrust: Scalar
    """N."""


def drive(
    motor: Motor, rho: Scalar, temperature: Scalar, coolant: Scalar, aircraft: Aircraft, factor: Scalar = 1.0,
    starter: Scalar = 0,
) -> Drive:
    """What varies slowly: power available, friction, fuel per work, lags.

    Args:
        motor: its state.
        rho: kg/m^3, air at the intake.
        temperature: K, outside.
        coolant: K.
        aircraft: engine and propeller.
        factor: what rain, ice and failures leave of the power.
        starter: 1 where no wind but a starter turns the engine: a live aircraft on its wheels.
    """
    e, p = aircraft.engine, aircraft.propeller
    sigma = rho * (1.0 / earth.RHO0)
    altitude = jnp.minimum(jnp.power(sigma / e.critical_density_ratio, e.altitude_exponent), 1.0)
    available = e.rated_power * altitude * charge_factor(temperature, aircraft)
    available = factor * available * hot_factor(coolant, aircraft)
    friction = e.friction_power * jnp.power(jnp.maximum(motor.speed, 1.0) / p.rated_speed, FRICTION_EXPONENT)
    per_work = (1.0 + e.pumping * jnp.maximum(1.0 - sigma, 0.0)) / (e.indicated_efficiency * e.heating_value)
    turning = jnp.where(starter == 1, CRANKING * to_float(motor.crank > 0.0), WINDMILL * p.rated_speed)
    return Drive(
        available, friction, per_work, 1.0 - jnp.exp(-FAST_DT / e.turbo_lag), 1.0 - jnp.exp(-FAST_DT * p.governor),
        turning,
    )  # fmt: skip


SEIZING = 25.0
"""K of coolant over its limit at which the engine seizes (estimated)."""
STARVED = 0.05
"""Part of the fuel's flow under which combustion stops (estimated)."""


def charge_factor(temperature: Scalar, aircraft: Aircraft) -> Scalar:
    """Power lost on a hot day: the root of reference over actual charge temperature, never above 1.

    The intercooled charge is warmer than the air by the same difference as on the standard day at sea level. It gives
    -6 % at +54 C.
    """
    reference = aircraft.engine.charge_temperature
    charge = temperature + (reference - earth.T0)
    return jnp.clip(jnp.sqrt(reference / charge), LEAST_TEMPERATURE_FACTOR, 1.0)


def hot_factor(coolant: Scalar, aircraft: Aircraft) -> Scalar:
    """What the controller leaves of the power when the coolant (K) is beyond its limit."""
    return jnp.clip(1.0 - HOT_DERATING * (coolant - aircraft.engine.coolant_limit), LEAST_HOT_POWER, 1.0)


def run(
    motor: Motor, command: ControlCommand, held: Drive, alternator: Scalar, fuel: Scalar, aircraft: Aircraft
) -> Motor:
    """Engine after a fast tick: the lever asks for a part of the power available at the present speed.

    The least is idle power at the propeller and what the alternator takes: the controller holds the idle speed.

    Args:
        motor: its state.
        command: power lever, governor setting, run or stop.
        held: what the engine can do.
        alternator: W that it takes from the shaft.
        fuel: kg aboard.
        aircraft: engine and propeller.
    """
    e, p = aircraft.engine, aircraft.propeller
    running = to_float((motor.running > 0) & (command.engine_run > 0) & (fuel > 0.0))
    chosen = jnp.minimum(command.propeller_speed, p.rated_speed)
    setting = jnp.where(command.propeller_speed > 0.0, chosen, p.rated_speed)
    wanted = jnp.where(running > 0.0, setting, held.turning * to_float(command.engine_run > 0))
    speed = motor.speed + held.speed_lag * (wanted - motor.speed)
    least = e.idle_power + alternator
    most = jnp.maximum(held.power_available * speed / p.rated_speed, least)
    asked = least + jnp.clip(command.delta_t, 0.0, 1.0) * (most - least)
    power = running * (motor.power + held.lag * (asked - motor.power))
    flow = running * (power + held.friction) * held.fuel_per_work
    return Motor(power, speed, to_int(running), flow, motor.seized, motor.crank)


def combustion(
    motor: Motor, command: ControlCommand, held: Drive, rho: Scalar, fuel: Scalar, flowing: Scalar, engine: Scalar,
    seed: Scalar, tick: Scalar, aircraft: Aircraft, starter: Scalar = 0,
) -> Motor:  # fmt: skip
    """Blow-out and restart, by chance, once in a slow tick; on the wheels a live aircraft's starter, for as long as the
    engine's temperature asks.

    Above the blow-out height combustion at a load below the limit stops with a rate that grows with the shortfall.
    A stopped engine with fuel, asked to run, restarts in air dense enough.

    Args:
        motor: its state.
        command: power lever and run.
        held: what the engine can do.
        rho: kg/m^3.
        fuel: kg.
        flowing: part of the fuel that the filter lets through; under `STARVED` the engine stops.
        engine: K, coolant; colder than it starts, a stopped engine stays so.
        seed: of this flight.
        tick: slow tick.
        aircraft: its engine.
        starter: 1 where no wind but a starter turns the engine; 2 where it has no current either.
    """
    e = aircraft.engine
    sigma = rho * (1.0 / earth.RHO0)
    load = motor.power / jnp.maximum(held.power_available, 1.0)
    thin = to_float(sigma < e.blowout_density_ratio)
    shortfall = thin * jnp.maximum(1.0 - load / jnp.maximum(e.blowout_load, 1e-3), 0.0)
    chance = noise.uniform(seed, noise.BIAS + 16 * 40, tick)
    fed = (fuel > 0.0) & (flowing > STARVED)
    seized = to_int((motor.seized > 0) | (engine > e.coolant_limit + SEIZING))
    stops = (chance < shortfall * (SLOW_DT / BLOWOUT_TIME)) | (flowing <= STARVED) | (seized > 0)
    warm = (engine > e.start_coldest) & (seized == 0)
    starts = (command.engine_run > 0) & fed & warm & (sigma > RESTART_DENSITY) & (chance < SLOW_DT / RESTART_TIME)
    asked = (starter == 1) & (command.engine_run > 0) & (motor.running == 0)
    crank = jnp.where(asked, motor.crank + SLOW_DT, 0.0)
    fires = asked & fed & warm & (crank > CRANK_TIME + CRANK_COLD * jnp.maximum(CRANK_WARM - engine, 0.0))
    starts = jnp.where(starter > 0, fires, starts)
    running = jnp.where(motor.running > 0, to_int(~stops), to_int(starts))
    return Motor(motor.power, motor.speed, running, motor.fuel_flow, seized, crank)


def blade_efficiency(power: Scalar, speed: Scalar, V: Scalar, rho: Scalar, aircraft: Aircraft) -> Scalar:
    """Part of the propeller's power that reaches the disc: less by swirl and by an advance ratio off the best.

    Args:
        power: W at the propeller.
        speed: rad/s.
        V: m/s along the axis.
        rho: kg/m^3.
        aircraft: its propeller.
    """
    p = aircraft.propeller
    n = jnp.maximum(speed, 10.0) * (0.5 / jnp.pi)
    nD = n * p.diameter
    advance = V / nD
    C_P = power / (rho * nD * nD * nD * p.diameter * p.diameter)
    off = advance - p.best_advance_ratio
    return jnp.maximum(p.profile_efficiency - p.swirl_loss * C_P - p.tip_loss * off * off, LEAST_BLADE_EFFICIENCY)


def disc_thrust(power: Scalar, V: Scalar, rho: Scalar, area: Scalar) -> Scalar:
    """Thrust, N, of an actuator disc that puts all its power (W, not negative) into its slipstream, at speed V >= 0.

    Momentum theory: T = 2 rho A w x and T x = power with x = V + w the speed through the disc, so x^2 (x - V) = K.
    With x in units of K^(1/3): a rational start and two Newton steps, relative error below 1e-4.
    """
    K = jnp.maximum(power, 1.0) / (2.0 * rho * area)
    unit = jnp.exp(jnp.log(K) * (1.0 / 3.0))
    s = V / unit
    y = s + 1.0 / (1.0 + s * (2.0 / 3.0 + s))
    for _ in range(2):
        y = y - (y * y * (y - s) - 1.0) / (y * (3.0 * y - 2.0 * s))
    return jnp.maximum(power, 0.0) / (y * unit)


def propel(
    motor: Motor, alternator: Scalar, v_rel_x: Scalar, omega_b: Vec3, rho: Scalar, thrust_factor: Scalar,
    aircraft: Aircraft,
) -> Propelled:  # fmt: skip
    """Thrust, torque reaction and gyroscopic moment.

    The propeller turns right-handed about the body x axis (clockwise seen from behind), so its torque rolls left.

    Args:
        motor: power and speed.
        alternator: W that it takes from the shaft.
        v_rel_x: m/s, airspeed along the body x axis.
        omega_b: rad/s, body rate relative to inertial space.
        rho: kg/m^3.
        thrust_factor: part of thrust left by blade ice.
        aircraft: its propeller.
    """
    p = aircraft.propeller
    V = jnp.maximum(v_rel_x, 0.0)
    area = 0.25 * jnp.pi * p.diameter * p.diameter
    power = jnp.maximum(motor.power - alternator, 0.0)
    at_disc = power * blade_efficiency(power, motor.speed, V, rho, aircraft)
    pull = p.installation * thrust_factor * disc_thrust(at_disc, V, rho, area)
    solid = p.blades * BLADE_CHORD * 0.5 * p.diameter * p.diameter
    brake = 0.5 * rho * V * V * STOPPED_DRAG * solid * (1.0 - to_float(motor.running))
    thrust = pull - brake
    torque = power / jnp.maximum(motor.speed, 10.0)
    spin = cross(Vec3(p.inertia * motor.speed, 0.0 * V, 0.0 * V), omega_b)
    return Propelled(Vec3(thrust, 0.0, 0.0), Vec3(spin.x - torque, spin.y + thrust * p.thrust_line, spin.z), thrust)
