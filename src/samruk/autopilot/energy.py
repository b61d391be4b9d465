"""Height and speed by total energy: power for the sum, pitch for the share.

Lambregts' law with three properties. The rate of total energy is measured, not derived: climb over the ground, and
acceleration through the air from the specific force along the path. What the handbook knows (angle of attack for the
lift, power for the drag) is fed forward, so integrals carry only what it does not know, such as ice. And where power is
at its limit speed has priority: the path is bent to what the energy allows.

Reference: Lambregts, Vertical flight path and speed control autopilot design using total energy principles, AIAA
83-2239 (1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.autopilot import airdata, performance
from samruk.autopilot.airdata import AirData
from samruk.autopilot.handbook import Handbook
from samruk.autopilot.limits import rising
from samruk.earth import GRAVITY, RHO0
from samruk.lazy import jnp

Scalar = Any

HEIGHT_GAIN = 0.12
"""1/s, height error to climb rate: a quarter of the path loop's bandwidth."""
SPEED_GAIN = 0.12
"""1/s, speed error to acceleration."""
ACCELERATION = 0.06
"""g, most that is asked for in speed changes."""
PATH_GAIN = 0.5
"""Path error to pitch, beside what is fed forward."""
PATH_INTEGRAL = 0.2
"""1/s."""
POWER_GAIN = 0.6
"""Energy-rate error to power, part of the power that would make it up."""
POWER_INTEGRAL = 0.15
"""1/s."""
FLARE_GAIN, FLARE_INTEGRAL = 0.9, 0.4
"""The same two in the flare, where speed has no say and a second is long."""
FLARE_NOSE = 0.012
"""rad per metre of height: the nose may point this far down in the flare, level at touch-down."""
PITCH_RATE = 0.08
"""rad/s, of the pitch command; twice that in the flare."""
POWER_RATE = 0.25
"""1/s, of the power lever."""
RECOVERY, RECOVERY_PITCH = 0.09, -0.50
"""rad under the angle of attack that may be commanded, and lowest pitch, while a stall is flown out."""
RACING = 1.3
"""Airspeed over that asked for, beyond which the nose is moved as fast as in a stall: out of a dive."""
PITCH_HIGH, PITCH_LOW = 0.30, -0.22
"""rad."""


@dataclass(frozen=True)
class Energy:
    """Integrals and last commands."""

    pitch_integral: Scalar = 0.0
    """rad."""
    power_integral: Scalar = 0.0
    """Part of available power."""
    theta: Scalar = 0.0
    """rad, pitch command."""
    delta_t: Scalar = 0.0
    """0..1, power lever."""
    starved: Scalar = 0.0
    """s for which full power was not enough."""


@dataclass(frozen=True)
class Demand:
    """What is asked of height and speed."""

    height: Scalar
    """m above mean sea level."""
    height_rate: Scalar
    """m/s upwards, fed forward."""
    airspeed: Scalar
    """m/s calibrated."""
    least_airspeed: Scalar
    """m/s calibrated: below it speed goes before height."""
    climb: Scalar
    """m/s, greatest climb rate."""
    sink: Scalar
    """m/s, greatest sink rate, positive."""
    power_low: Scalar
    """0..1."""
    power_high: Scalar
    """0..1."""
    height_gain: Scalar
    """1/s."""
    lowest_path: Scalar
    """rad, the path is not bent below this for speed: level near the ground."""
    path_only: Scalar
    """1 while speed does not count (flare)."""
    height_wheels: Scalar
    """m of the wheels above the ground, for the flare."""
    bank: Scalar
    """rad, commanded bank."""
    flap: Scalar
    """0..1, where the flap is."""
    gear: Scalar
    """0..1, where the gear is."""
    alpha_margin: Scalar
    """rad taken from the angle of attack that may be commanded."""


def step(
    energy: Energy, demand: Demand, air: AirData, height: Scalar, climb_rate: Scalar, theta: Scalar, mass: Scalar,
    book: Handbook, propeller_speed: Scalar, dt: float,
) -> Energy:  # fmt: skip
    """Pitch and power after one mission tick.

    Args:
        energy: the state.
        demand: what is asked.
        air: airspeed and energy rate.
        height: m above mean sea level.
        climb_rate: m/s upwards.
        theta: rad, pitch.
        mass: kg.
        book: the handbook.
        propeller_speed: rad/s.
        dt: s.
    """
    V = jnp.maximum(air.tas, 15.0)
    sigma = air.rho * (1.0 / RHO0)
    acceleration, gamma_wanted = _wishes(demand, V, height, sigma)
    gamma, rate = climb_rate / V, air.total_rate
    weight = mass * GRAVITY
    q = 0.5 * air.rho * V * V
    load = 1.0 / jnp.cos(demand.bank)
    C_L = weight * load / (q * book.lift.area)
    power, starved, surplus, power_integral = _power(
        energy, demand, gamma_wanted + acceleration, rate, V, q, C_L, weight, sigma, book, propeller_speed, dt
    )
    allowed = rate - acceleration
    slow = air.cas < demand.least_airspeed
    bent = jnp.maximum(allowed, demand.lowest_path)
    gamma_c = jnp.where(starved | slow, jnp.minimum(gamma_wanted, bent), gamma_wanted)
    gamma_c = jnp.where(surplus & ~slow, jnp.maximum(gamma_c, allowed), gamma_c)
    flare = demand.path_only == 1
    gamma_c = jnp.where(flare, gamma_wanted, jnp.clip(gamma_c, -0.25, 0.25))
    share = jnp.where(flare, gamma_c - gamma, 0.5 * ((gamma_c - gamma) - (acceleration - (rate - gamma))))
    alpha = performance.alpha_for(book, C_L, demand.flap)
    ceiling = performance.alpha_for(book, performance.lift_limit(book, demand.flap), demand.flap)
    ceiling = ceiling - 0.035 - demand.alpha_margin
    path = gamma_c + jnp.minimum(alpha, ceiling) * jnp.cos(demand.bank)
    stalled = airdata.stalled(air)
    wanted = path + jnp.where(flare, FLARE_GAIN, PATH_GAIN) * share + energy.pitch_integral
    low = jnp.where(flare, jnp.maximum(-FLARE_NOSE * demand.height_wheels, -0.09), PITCH_LOW)
    high = jnp.clip(theta + ceiling - air.alpha, PITCH_LOW, PITCH_HIGH)
    nose_down = jnp.clip(gamma + ceiling - RECOVERY, RECOVERY_PITCH, 0.0)
    rapid = jnp.where(flare | stalled | (air.cas > RACING * demand.airspeed), 2.0, 1.0)
    held = stalled | (wanted > high) & (share > 0.0) | (wanted < low) & (share < 0.0)
    pace = dt * jnp.where(flare, FLARE_INTEGRAL, PATH_INTEGRAL)
    integral = energy.pitch_integral + jnp.where(held, 0.0, pace * share)
    return Energy(
        pitch_integral=jnp.clip(integral, -0.12, 0.12),
        power_integral=power_integral,
        theta=rising(energy.theta, jnp.where(stalled, nose_down, jnp.clip(wanted, low, high)), rapid * PITCH_RATE * dt),
        delta_t=rising(energy.delta_t, jnp.where(stalled, demand.power_high, power), POWER_RATE * dt),
        starved=jnp.where(starved, energy.starved + dt, 0.0),
    )


def _wishes(demand: Demand, V: Scalar, height: Scalar, sigma: Scalar) -> tuple[Scalar, Scalar]:
    """Acceleration over g and climb angle that are asked for."""
    airspeed = demand.airspeed / jnp.sqrt(sigma)
    acceleration = jnp.clip((SPEED_GAIN / GRAVITY) * (airspeed - V), -ACCELERATION, ACCELERATION)
    rate = demand.height_gain * (demand.height - height) + demand.height_rate
    return acceleration, jnp.clip(rate, -demand.sink, demand.climb) / V


def _power(
    energy: Energy, demand: Demand, rate_wanted: Scalar, rate: Scalar, V: Scalar, q: Scalar, C_L: Scalar,
    weight: Scalar, sigma: Scalar, book: Handbook, propeller_speed: Scalar, dt: float,
) -> tuple[Scalar, Scalar, Scalar, Scalar]:  # fmt: skip
    """Power lever, whether it is at its upper or lower limit, and the new integral."""
    drag = performance.drag(book, q, jnp.minimum(C_L, 2.0), demand.flap, demand.gear, sigma)
    thrust = jnp.maximum(drag + weight * rate_wanted, 0.0)
    available = performance.power_available(book, sigma, propeller_speed)
    needed = performance.shaft_power(book, thrust, V, RHO0 * sigma, propeller_speed)
    trim = performance.lever(book, needed, available)
    error = rate_wanted - rate
    scale = weight * V / (0.75 * available)
    wanted = trim + POWER_GAIN * scale * error + energy.power_integral
    starved, surplus = wanted >= demand.power_high, wanted <= demand.power_low
    held = starved & (error > 0.0) | surplus & (error < 0.0)
    integral = energy.power_integral + jnp.where(held, 0.0, dt * POWER_INTEGRAL * scale * error)
    power = jnp.clip(wanted, demand.power_low, demand.power_high)
    return power, starved, surplus, jnp.clip(integral, -0.3, 0.6)
