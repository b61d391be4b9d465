"""The flight that a published figure means, reckoned in steady pieces: `design/0011-performance.md` says which and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.autopilot.handbook import LOITER_MARGIN, TAKE_OFF_FLAP
from samruk.frames import Scalar
from samruk.lazy import jax, jnp
from samruk.performance import steady
from samruk.performance.steady import Air, Level
from samruk.plant.state import Surfaces, select
from samruk.plant.world import at_rest

TAXI = 600.0
"""s at idle before take-off."""
RESERVE = 2700.0
"""s at loiter power that are left at landing."""
SERVICE = 100.0 * 0.3048 / 60.0
"""m/s, rate of climb at the service ceiling."""
HIGHEST, STEP = 15000.0, 500.0
"""m: the climb is reckoned in layers up to there."""
LEAST_RATE = 0.05
"""m/s: slower climbs are reckoned with this."""
SPEEDS = (LOITER_MARGIN, 2.3, 9)
"""Airspeeds looked at, in stall speeds: least, most, how many."""
LIFT_OFF = 1.15
"""Lift-off airspeed in stall speeds."""


@dataclass(frozen=True)
class Figures:
    """What comes out, SI."""

    endurance: Scalar
    """s, from take-off to landing with the reserve aboard."""
    ceiling: Scalar
    """m."""
    climb_rate: Scalar
    """m/s at sea level."""
    take_off_run: Scalar
    """m."""
    loiter_speed: Scalar
    """m/s equivalent, half way."""
    top_speed: Scalar
    """m/s true."""
    range: Scalar
    """m through still air."""
    fuel: Scalar
    """kg at take-off."""
    loiter_flow: Scalar
    """kg/s half way."""
    loiter_power: Scalar
    """W at the shaft half way."""
    climb_time: Scalar
    """s to the loiter height."""
    loiter_stall: Scalar
    """m/s equivalent, stall speed half way."""


@dataclass(frozen=True)
class Climbed:
    """A climb at full power from sea level."""

    ceiling: Scalar
    """m."""
    rate: Scalar
    """m/s at sea level."""
    time: Scalar
    """s to the height asked for."""
    fuel: Scalar
    """kg likewise."""
    distance: Scalar
    """m likewise."""


def shaft_load(aircraft: Aircraft) -> Scalar:
    """W that the alternator takes from the shaft with all on that a watch needs; ice protection off."""
    e = aircraft.electric
    satellite = e.satellite_load * aircraft.radio.satellite_fitted
    load = e.avionics_load + e.payload_load + aircraft.ice.pitot_power + satellite
    return jnp.minimum(load, e.alternator_power) / e.alternator_efficiency


def fuel_at_take_off(aircraft: Aircraft, payload: Scalar) -> Scalar:
    """kg: what is left under the greatest mass, at most the tanks."""
    m = aircraft.mass
    return jnp.clip(m.max_take_off - m.empty - payload, 1.0, m.fuel_capacity)


def cruise(aircraft: Aircraft, mass: Scalar, V: Scalar, air: Air, load: Scalar) -> Level:
    """Level flight with the propeller at its economy setting; at rated speed where that is not enough."""
    slow = steady.level(aircraft, mass, V, air, aircraft.propeller.cruise_speed, load)
    fast = steady.level(aircraft, mass, V, air, aircraft.propeller.rated_speed, load)
    return select(slow.power > slow.available, fast, slow)


def fly(aircraft: Aircraft, height: Scalar) -> Figures:
    """All figures of an aircraft; `height` is that of the loiter, m."""
    load, payload = shaft_load(aircraft), aircraft.mass.payload_capacity
    fuel = fuel_at_take_off(aircraft, payload)
    take_off = aircraft.mass.empty + payload + fuel
    idle = _idle_flow(aircraft, Air.at(0.0 * height), load)
    mass = take_off - TAXI * idle
    climbed = climb(aircraft, mass, height, load)
    level = jnp.minimum(height, climbed.ceiling - STEP)
    air = Air.at(level)
    last = aircraft.mass.empty + payload
    reserve = RESERVE * economy(aircraft, last, air, load)[1]
    down_time, down_fuel, down_far = descend(aircraft, last + reserve, level, load)
    begin, end = mass - climbed.fuel, last + reserve + down_fuel
    time, _ = _spent(aircraft, begin, end, air, load, far=False)
    _, far = _spent(aircraft, begin, end, air, load, far=True)
    V, flow = economy(aircraft, 0.5 * (begin + end), air, load)
    here = cruise(aircraft, 0.5 * (begin + end), V, air, load)
    stalls = steady.stall_speed(aircraft, 0.5 * (begin + end), air) * air.root_sigma
    return Figures(
        climbed.time + time + down_time, climbed.ceiling, climbed.rate, ground_run(aircraft, take_off, load),
        V * air.root_sigma, top_speed(aircraft, take_off, load), climbed.distance + far + down_far, fuel, flow,
        here.power, climbed.time, stalls,
    )  # fmt: skip


def economy(aircraft: Aircraft, mass: Scalar, air: Air, load: Scalar) -> tuple[Scalar, Scalar]:
    """True airspeed of least fuel flow, m/s, and the flow, kg/s."""
    speeds = _speeds(aircraft, mass, air)
    flows = jax.vmap(lambda V: cruise(aircraft, mass, V, air, load).fuel_flow)(speeds)
    V, less = steady.best(-flows, speeds)
    return V, -less


def farthest(aircraft: Aircraft, mass: Scalar, air: Air, load: Scalar) -> tuple[Scalar, Scalar]:
    """Most metres to the kilogram, and the fuel flow there, kg/s."""
    speeds = _speeds(aircraft, mass, air)
    flows = jax.vmap(lambda V: cruise(aircraft, mass, V, air, load).fuel_flow)(speeds)
    V, specific = steady.best(speeds / flows, speeds)
    return specific, V / specific


def _speeds(aircraft: Aircraft, mass: Scalar, air: Air) -> Any:
    return steady.stall_speed(aircraft, mass, air) * jnp.linspace(*SPEEDS)


def _spent(aircraft: Aircraft, begin: Scalar, end: Scalar, air: Air, load: Scalar, far: bool) -> tuple[Scalar, Scalar]:
    """Seconds and metres from one mass to a lower one: Simpson's rule over five masses."""
    masses = begin + (end - begin) * jnp.linspace(0.0, 1.0, 5)
    weights = jnp.asarray([1.0, 4.0, 2.0, 4.0, 1.0]) / 12.0
    find = farthest if far else economy
    found, flows = jax.vmap(lambda mass: find(aircraft, mass, air, load))(masses)
    burnt = jnp.maximum(begin - end, 0.0)
    return burnt * jnp.sum(weights / flows), burnt * jnp.sum(weights * found)


def climb(aircraft: Aircraft, mass: Scalar, height: Scalar, load: Scalar) -> Climbed:
    """At full power and the airspeed of best climb, layer by layer, up to the service ceiling and beyond."""
    def layer(now: tuple[Any, ...], middle: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        mass, time, far = now
        air = Air.at(middle)
        speeds = _speeds(aircraft, mass, air)
        rates, flows = jax.vmap(lambda V: steady.climb_rate(aircraft, mass, V, air, load))(speeds)
        V, rate = steady.best(rates, speeds)
        spent = STEP / jnp.maximum(rate, LEAST_RATE)
        lasting = jnp.where(rate > SERVICE, 1.0, 0.0)
        after = (mass - lasting * spent * flows[0], time + spent, far + spent * V)
        return after, (rate, mass - after[0], spent, spent * V)

    middles = jnp.arange(0.5 * STEP, HIGHEST, STEP)
    zero = 0.0 * mass
    _, (rates, fuels, times, fars) = jax.lax.scan(layer, (mass, zero, zero), middles)
    share = jnp.clip((height - (middles - 0.5 * STEP)) / STEP, 0.0, 1.0)
    k = jnp.clip(jnp.argmax(rates < SERVICE), 1, middles.size - 1)
    over = (rates[k - 1] - SERVICE) / jnp.maximum(rates[k - 1] - rates[k], 1e-6)
    ceiling = jnp.where(jnp.all(rates > SERVICE), HIGHEST, middles[k - 1] + STEP * jnp.clip(over, 0.0, 1.0))
    sea = rates[0] + 0.5 * (rates[0] - rates[1])
    return Climbed(ceiling, sea, jnp.sum(share * times), jnp.sum(share * fuels), jnp.sum(share * fars))


def descend(aircraft: Aircraft, mass: Scalar, height: Scalar, load: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """Seconds, kg and metres of a descent at idle, reckoned at half height."""
    air = Air.at(0.5 * height)
    V = LOITER_MARGIN * steady.stall_speed(aircraft, mass, air)
    rated = aircraft.propeller.rated_speed
    here = steady.level(aircraft, mass, V, air, rated, load)
    least = steady.pull(aircraft, aircraft.engine.idle_power + load, rated, load, V, air).thrust
    sink = V * (here.thrust - least) / (mass * earth.GRAVITY)
    time = height / jnp.maximum(sink, LEAST_RATE)
    return time, time * _idle_flow(aircraft, air, load), time * V


def _idle_flow(aircraft: Aircraft, air: Air, load: Scalar) -> Scalar:
    engine = steady.drive(aircraft, aircraft.propeller.rated_speed, air)
    return (aircraft.engine.idle_power + load + engine.friction) * engine.fuel_per_work


def top_speed(aircraft: Aircraft, mass: Scalar, load: Scalar) -> Scalar:
    """m/s true, level at full power, at the best of seven heights up to 9 km."""
    factors = jnp.linspace(1.3, 3.6, 14)

    def at(height: Any) -> Any:
        air = Air.at(height)
        speeds = steady.stall_speed(aircraft, mass, air) * factors
        spare = jax.vmap(
            lambda V: steady.level(aircraft, mass, V, air, aircraft.propeller.rated_speed, load).spare
        )(speeds)
        k = jnp.clip(speeds.size - 1 - jnp.argmax(spare[::-1] > 0.0), 0, speeds.size - 2)
        share = spare[k] / jnp.maximum(spare[k] - spare[k + 1], 1e-6)
        found = speeds[k] + jnp.clip(share, 0.0, 1.0) * (speeds[k + 1] - speeds[k])
        return jnp.where(jnp.any(spare > 0.0), found, 0.0)

    return jnp.max(jax.vmap(at)(jnp.linspace(0.0, 9000.0, 7)))


def ground_run(aircraft: Aircraft, mass: Scalar, load: Scalar) -> Scalar:
    """m on a level dry runway at sea level, standing start, full power, take-off flap."""
    air = Air.at(0.0 * mass)
    theta, _ = at_rest(mass, aircraft)
    surfaces = Surfaces(0.0, 0.0, 0.0, delta_f=TAKE_OFF_FLAP, gear=1.0)
    rated = aircraft.propeller.rated_speed
    power = steady.drive(aircraft, rated, air).power_available
    off = LIFT_OFF * steady.stall_speed(aircraft, mass, air, TAKE_OFF_FLAP)

    def per_speed(V: Any) -> Any:
        pushed = steady.loads(aircraft, mass, V, air, theta, surfaces, aircraft.gear.height).F_b
        drawn = steady.pull(aircraft, power, rated, load, V, air).thrust
        along = drawn * jnp.cos(theta) + pushed.x * jnp.cos(theta) + pushed.z * jnp.sin(theta)
        carried = mass * earth.GRAVITY + pushed.z * jnp.cos(theta) - pushed.x * jnp.sin(theta)
        force = along - aircraft.gear.rolling_friction * jnp.maximum(carried, 0.0)
        return V * mass / jnp.maximum(force, 1.0)

    middles = off * (jnp.arange(24) + 0.5) / 24.0
    return jnp.sum(jax.vmap(per_speed)(middles)) * off / 24.0
