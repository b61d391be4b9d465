"""Steady flight of an aircraft from the plant's own forces, written for many aircraft at once (`jax.vmap`).

Three unknowns are balanced by Newton's method: angle of attack, elevator, shaft power. Sideslip and the propeller's
torque are left out (they cost below 0.1 % of power); the six-component trim of `samruk.plant.trim` is the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Scalar, Vec3
from samruk.lazy import jax, jnp
from samruk.plant import aerodynamics, propulsion
from samruk.plant.ice import IceEffects
from samruk.plant.state import Motor, Stall, Surfaces

ROUNDS = 6
"""Newton steps: from the first guess below, 6 leave less than 1e-9 of the weight (`tests/unit/test_performance.py`)."""
FREE_AIR = 1000.0
"""m above the ground, where it has no effect."""
WARM = 358.15
"""K, coolant within its limits."""


@dataclass(frozen=True)
class Air:
    """The standard day at a height."""

    height: Scalar
    """m."""
    temperature: Scalar
    """K."""
    rho: Scalar
    """kg/m^3."""

    @classmethod
    def at(cls, height: Scalar) -> Air:
        """Air at a geometric height, m."""
        temperature, _, rho = earth.standard_atmosphere(height)
        return cls(height, temperature, rho)

    @property
    def root_sigma(self) -> Scalar:
        """Equivalent over true airspeed."""
        return jnp.sqrt(self.rho * (1.0 / earth.RHO0))


@dataclass(frozen=True)
class Level:
    """Level flight in balance."""

    airspeed: Scalar
    """m/s, true."""
    power: Scalar
    """W at the shaft, the alternator's share included."""
    thrust: Scalar
    """N."""
    fuel_flow: Scalar
    """kg/s."""
    available: Scalar
    """W at this propeller speed."""
    spare: Scalar
    """N of thrust beyond what level flight takes, at full power."""
    full_flow: Scalar
    """kg/s at full power."""
    residual: Scalar
    """Largest unbalance as part of weight, or of weight times chord."""


def stall(aircraft: Aircraft, mass: Scalar, V: Scalar, air: Air, flap: Scalar = 0.0) -> Stall:
    """Where the lift curve breaks at a true airspeed, m/s."""
    reynolds = air.rho * V * aircraft.geometry.chord / earth.viscosity(air.temperature)
    return aerodynamics.stall(flap, reynolds, mass, IceEffects(), aircraft)


def stall_speed(aircraft: Aircraft, mass: Scalar, air: Air, flap: Scalar = 0.0) -> Scalar:
    """m/s true, at load factor 1; the Reynolds number is taken at 1.25 times itself, by two rounds."""
    V = 30.0 / air.root_sigma
    for _ in range(2):
        V = stall(aircraft, mass, 1.25 * V, air, flap).speed / air.root_sigma
    return V


def loads(
    aircraft: Aircraft, mass: Scalar, V: Scalar, air: Air, alpha: Scalar, surfaces: Surfaces, height_agl: Scalar
) -> aerodynamics.AirLoads:
    """Force and moment of the air without sideslip and rates."""
    still = Vec3(0.0 * V, 0.0 * V, 0.0 * V)
    flow = aerodynamics.flow(Vec3(V * jnp.cos(alpha), 0.0 * V, V * jnp.sin(alpha)))
    reynolds = air.rho * V * aircraft.geometry.chord / earth.viscosity(air.temperature)
    at = stall(aircraft, mass, V, air, surfaces.delta_f)
    return aerodynamics.airloads(
        flow, still, 0.0 * V, air.rho, height_agl, surfaces, at, aerodynamics.friction(reynolds, aircraft),
        IceEffects(), 0.0 * V, aircraft,
    )  # fmt: skip


def pull(
    aircraft: Aircraft, power: Scalar, speed: Scalar, load: Scalar, along: Scalar, air: Air
) -> propulsion.Propelled:
    """Thrust and moment at a shaft power, W; `load` W of it goes to the alternator; `along` is m/s along the axis."""
    still = Vec3(0.0 * along, 0.0 * along, 0.0 * along)
    return propulsion.propel(Motor(power, speed, 1, 0.0), load, along, still, air.rho, 1.0, aircraft)


def drive(aircraft: Aircraft, speed: Scalar, air: Air) -> Any:
    """What the engine can do, with a warm engine within its limits."""
    coolant = jnp.minimum(WARM, aircraft.engine.coolant_limit)
    return propulsion.drive(Motor(0.0, speed, 1, 0.0), air.rho, air.temperature, coolant, aircraft)


def level(aircraft: Aircraft, mass: Scalar, V: Scalar, air: Air, speed: Scalar, load: Scalar) -> Level:
    """Level flight, gear and flaps up.

    Args:
        aircraft: the aircraft.
        mass: kg.
        V: m/s, true.
        air: the standard day.
        speed: rad/s of the propeller.
        load: W that the alternator takes from the shaft.
    """
    def balance(x: Any) -> Any:
        return _balance(aircraft, mass, V, air, speed, load, x)

    def improve(_: int, x: Any) -> Any:
        step = jnp.linalg.solve(jax.jacfwd(balance)(x), balance(x))
        return x - step * jnp.minimum(1.0, 0.1 / jnp.maximum(jnp.max(jnp.abs(step[:2])), 1e-12))

    x = jax.lax.fori_loop(0, ROUNDS, improve, _guess(aircraft, mass, V, air))
    power, engine = x[2] * 1e5 + load, drive(aircraft, speed, air)
    along = V * jnp.cos(x[0])
    thrust = pull(aircraft, power, speed, load, along, air).thrust
    most = engine.power_available * speed / aircraft.propeller.rated_speed
    spare = (pull(aircraft, most, speed, load, along, air).thrust - thrust) * jnp.cos(x[0])
    flow, full = (power + engine.friction) * engine.fuel_per_work, (most + engine.friction) * engine.fuel_per_work
    return Level(V, power, thrust, flow, most, spare, full, jnp.max(jnp.abs(balance(x))))


def _guess(aircraft: Aircraft, mass: Scalar, V: Scalar, air: Air) -> Any:
    a = aircraft.aero
    weight = mass * earth.GRAVITY
    C_L = weight / (0.5 * air.rho * V * V * aircraft.geometry.wing_area)
    alpha = jnp.minimum((C_L - a.C_L_0) / a.C_L_alpha, 0.2)
    delta_e = -(a.C_m_0 + a.C_m_alpha * alpha) / a.C_m_delta_e
    return jnp.stack([alpha, delta_e, 1e-5 * weight * V / (15.0 * 0.75)])


def _balance(
    aircraft: Aircraft, mass: Scalar, V: Scalar, air: Air, speed: Scalar, load: Scalar, x: Any
) -> Any:
    """Unbalanced force along and across over weight, moment over weight times chord."""
    weight = mass * earth.GRAVITY
    surfaces = Surfaces(x[1], 0.0, 0.0, delta_f=0.0, gear=0.0)
    air_loads = loads(aircraft, mass, V, air, x[0], surfaces, FREE_AIR + 0.0 * V)
    thrust = pull(aircraft, x[2] * 1e5 + load, speed, load, V * jnp.cos(x[0]), air)
    F, s = air_loads.F_b + thrust.F_b, aircraft.stores
    M = air_loads.M_b.y + thrust.M_b.y - (s.moment_z * F.x - s.moment_x * F.z) / mass
    return jnp.stack([
        F.x / weight - jnp.sin(x[0]), F.z / weight + jnp.cos(x[0]), M / (weight * aircraft.geometry.chord),
    ])  # fmt: skip
