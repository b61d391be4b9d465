"""Straight flight in balance: found by Newton's method with an exact Jacobian, offline.

Used to begin a flight in the air, for tables of performance, and for tests; never inside the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, get_type_hints

import jax

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Scalar, Vec3, cross
from samruk.lazy import jnp
from samruk.plant import aerodynamics, propulsion
from samruk.plant.ice import IceEffects
from samruk.plant.state import Motor, Stall, Surfaces

ROUNDS = 30
"""Newton steps at most; a usual trim takes five."""
TIGHT = 1e-9
"""Residual, as part of weight and of weight times chord, at which a trim counts as found."""


@dataclass(frozen=True)
class Setting:
    """What is asked of a trim."""

    airspeed: Scalar
    """m/s, true."""
    mass: Scalar
    """kg."""
    pressure: Scalar = earth.P0
    """Pa."""
    temperature: Scalar = earth.T0
    """K."""
    gamma: Scalar = 0.0
    """rad, flight path above the horizontal."""
    delta_f: Scalar = 0.0
    """0..1."""
    gear: Scalar = 0.0
    """0 retracted .. 1 down."""
    propeller_speed: Scalar = 0.0
    """rad/s; 0 means the rated speed."""
    alternator: Scalar = 0.0
    """W taken from the shaft."""
    height_agl: Scalar = 1000.0
    """m, for the effect of the ground."""
    ice: IceEffects = IceEffects()


@dataclass(frozen=True)
class Trim:
    """Straight flight in balance."""

    airspeed: Scalar
    """m/s, true."""
    alpha: Scalar
    """rad."""
    beta: Scalar
    """rad; the bank is zero."""
    phi: Scalar
    """rad, zero."""
    theta: Scalar
    """rad."""
    v_rel_b: Vec3
    """m/s, body: velocity relative to the air."""
    delta_e: Scalar
    """rad."""
    delta_a: Scalar
    """rad."""
    delta_r: Scalar
    """rad."""
    delta_f: Scalar
    """0..1."""
    gear: Scalar
    """0..1."""
    delta_t: Scalar
    """Power lever; above 1 the engine cannot."""
    shaft_power: Scalar
    """W."""
    power_available: Scalar
    """W at this propeller speed."""
    propeller_speed: Scalar
    """rad/s."""
    thrust: Scalar
    """N."""
    fuel_flow: Scalar
    """kg/s."""
    C_L: Scalar
    C_D: Scalar
    stall_margin: Scalar
    """Airspeed over stall speed, less 1."""
    residual: Scalar
    """Largest unbalance as part of weight or weight times chord."""


def trim(aircraft: Aircraft, setting: Setting, coolant: Scalar = 353.15) -> Trim:
    """Balance of all six forces and moments in straight flight, wings level.

    Args:
        aircraft: the aircraft.
        setting: speed, mass, air, path, configuration, ice.
        coolant: K, for the power available.

    Returns:
        The trim with its residual: beyond the stall no balance may exist, and the residual says so.
    """
    flat = _leaves((aircraft, setting))
    x = _start(aircraft, setting)
    for _ in range(ROUNDS):
        x, residual = _newton(flat, x)
        if float(residual) < TIGHT:
            break
    return _result(aircraft, setting, x, coolant, float(residual))


def least_power(aircraft: Aircraft, setting: Setting, low: float = 1.05, high: float = 2.5) -> Trim:
    """The trim at the airspeed of least shaft power, by golden section between two multiples of the stall speed."""
    rho = setting.pressure / (earth.GAS_CONSTANT * setting.temperature)
    V_s = float(_stall(aircraft, setting, rho).speed) * float(jnp.sqrt(earth.RHO0 / rho))

    def power(V: float) -> float:
        there = replace(setting, airspeed=V)
        flat, x = _leaves((aircraft, there)), _start(aircraft, there)
        for _ in range(8):
            x, _ = _newton(flat, x)
        return float(x[2])

    a, b, g = low * V_s, high * V_s, 0.5 * (5.0**0.5 - 1.0)
    for _ in range(16):
        c, d = b - g * (b - a), a + g * (b - a)
        a, b = (a, d) if power(c) < power(d) else (c, b)
    return trim(aircraft, replace(setting, airspeed=0.5 * (a + b)))


def _leaves(tree: Any) -> list[float]:
    """All numbers of nested dataclasses, in order: the solver is compiled once for every aircraft and setting."""
    if isinstance(tree, tuple):
        return [leaf for part in tree for leaf in _leaves(part)]
    if is_dataclass(tree):
        return [leaf for f in fields(tree) for leaf in _leaves(getattr(tree, f.name))]
    return [float(tree)]


def _filled(kind: Any, leaves: Iterator[Any]) -> Any:
    """A dataclass of a type with its numbers taken from a list."""
    if not is_dataclass(kind):
        return next(leaves)
    hints = get_type_hints(kind)
    return kind(**{f.name: _filled(hints[f.name], leaves) for f in fields(kind)})  # type: ignore[operator]


@jax.jit
def _newton(flat: list[Any], x: Any) -> tuple[Any, Any]:
    """One Newton step, at most 0.1 rad in alpha and elevator, and the largest unbalance after it."""
    leaves = iter(flat)
    aircraft, setting = _filled(Aircraft, leaves), _filled(Setting, leaves)
    error, slope = _balance(aircraft, setting, x), jax.jacfwd(lambda y: _balance(aircraft, setting, y))(x)
    step = jnp.linalg.solve(slope, error)
    x = x - step * jnp.minimum(1.0, 0.1 / jnp.maximum(jnp.max(jnp.abs(step[:2])), 1e-12))
    return x, jnp.max(jnp.abs(_balance(aircraft, setting, x)))


def _start(aircraft: Aircraft, setting: Setting) -> Any:
    """First guess: lift carries weight, drag at L/D 15."""
    a = aircraft.aero
    rho = setting.pressure / (earth.GAS_CONSTANT * setting.temperature)
    weight = setting.mass * earth.GRAVITY
    C_L = weight / (0.5 * rho * setting.airspeed**2 * aircraft.geometry.wing_area)
    alpha = (C_L - a.C_L_0 - a.C_L_delta_f * setting.delta_f) / a.C_L_alpha
    delta_e = -(a.C_m_0 + a.C_m_alpha * alpha) / a.C_m_delta_e
    power = (weight * setting.airspeed * (1.0 / 15.0 + setting.gamma)) / 0.75
    return jnp.asarray([alpha, delta_e, jnp.maximum(power, 2e3) * 1e-5, 0.0, 0.0, 0.0], dtype=jnp.float64)


def _stall(aircraft: Aircraft, setting: Setting, rho: Scalar) -> Stall:
    reynolds = rho * setting.airspeed * aircraft.geometry.chord / earth.viscosity(jnp.asarray(setting.temperature))
    return aerodynamics.stall(setting.delta_f, reynolds, setting.mass, setting.ice, aircraft)


def _forces(aircraft: Aircraft, setting: Setting, x: Any) -> Any:
    """Air loads, propeller and relative wind of a state (alpha, delta_e, power / 1e5, beta, delta_a, delta_r)."""
    alpha, delta_e, power, beta, delta_a, delta_r = (x[i] for i in range(6))
    rho = setting.pressure / (earth.GAS_CONSTANT * setting.temperature)
    V = setting.airspeed
    v = Vec3(V * jnp.cos(beta) * jnp.cos(alpha), V * jnp.sin(beta), V * jnp.cos(beta) * jnp.sin(alpha))
    surfaces = Surfaces(delta_e, delta_a, delta_r, delta_f=setting.delta_f, gear=setting.gear)
    reynolds = rho * V * aircraft.geometry.chord / earth.viscosity(jnp.asarray(setting.temperature))
    still, flow = Vec3(0.0 * V, 0.0 * V, 0.0 * V), aerodynamics.flow(v)
    loads = aerodynamics.airloads(
        flow, still, 0.0 * V, rho, setting.height_agl, surfaces, _stall(aircraft, setting, rho),
        aerodynamics.friction(reynolds, aircraft), setting.ice, 0.0 * V, aircraft,
    )  # fmt: skip
    motor = Motor(power * 1e5 + setting.alternator, _speed(aircraft, setting), 1, 0.0)
    pull = propulsion.propel(motor, setting.alternator, v.x, still, rho, setting.ice.thrust_factor, aircraft)
    return loads, pull, v


def _speed(aircraft: Aircraft, setting: Setting) -> Scalar:
    rated = aircraft.propeller.rated_speed
    return jnp.where(jnp.asarray(setting.propeller_speed) > 0.0, setting.propeller_speed, rated)


def _balance(aircraft: Aircraft, setting: Setting, x: Any) -> Any:
    """Unbalanced force over weight and moment over weight times chord."""
    loads, pull, _ = _forces(aircraft, setting, x)
    weight = setting.mass * earth.GRAVITY
    theta = _theta(x, setting.gamma)
    pushed, s = loads.F_b + pull.F_b, aircraft.stores
    F = pushed + Vec3(-weight * jnp.sin(theta), 0.0, weight * jnp.cos(theta))
    shift_b = Vec3(s.moment_x, s.moment_y, s.moment_z) * (1.0 / setting.mass)
    M = loads.M_b + pull.M_b - cross(shift_b, pushed)
    arm = weight * aircraft.geometry.chord
    return jnp.stack([F.x / weight, F.y / weight, F.z / weight, M.x / arm, M.y / arm, M.z / arm])


def _theta(x: Any, gamma: Scalar) -> Scalar:
    """Pitch that gives the path: sin(gamma) = cos(beta) sin(theta - alpha) with the wings level."""
    s = jnp.sin(gamma) / jnp.cos(x[3])
    return x[0] + jnp.arctan2(s, jnp.sqrt(1.0 - s * s))


def _result(aircraft: Aircraft, setting: Setting, x: Any, coolant: Scalar, residual: float) -> Trim:
    loads, pull, v = _forces(aircraft, setting, x)
    rho = setting.pressure / (earth.GAS_CONSTANT * setting.temperature)
    power, speed = x[2] * 1e5 + setting.alternator, _speed(aircraft, setting)
    held = propulsion.drive(Motor(power, speed, 1, 0.0), rho, jnp.asarray(setting.temperature), coolant, aircraft)
    least = aircraft.engine.idle_power + setting.alternator
    most = held.power_available * speed / aircraft.propeller.rated_speed
    stall = _stall(aircraft, setting, rho)
    return Trim(
        setting.airspeed, x[0], x[3], 0.0, _theta(x, setting.gamma), v, x[1], x[4], x[5], setting.delta_f, setting.gear,
        (power - least) / (most - least), power, most, speed, pull.thrust,
        (power + held.friction) * held.fuel_per_work, loads.C_L, loads.C_D,
        setting.airspeed * jnp.sqrt(rho / earth.RHO0) / stall.speed - 1.0, residual,
    )  # fmt: skip
