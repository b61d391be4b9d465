"""The search for a steady flight: eight unknowns, eight equations, Newton's method with an exact Jacobian.

Unknowns: alpha, beta, phi, turn (psi_dot V / g), power of the propeller over weight times airspeed, elevator, aileron,
rudder. Equations: three forces over weight, three moments over weight times chord, and two that say what was asked
for. The pitch angle follows from the path. Two searches in a row, a fixed number of steps each: first as if the flow
never separated, which has one solution and converges from far; then with the stall of the plant. What the first
search needs beyond the greatest lift coefficient is the measure of a stall.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Scalar
from samruk.handling import body as bodies
from samruk.handling.body import Body, Pushed
from samruk.handling.condition import Atmosphere, Condition, air, propeller_speed
from samruk.lazy import jax, jnp
from samruk.plant.state import Surfaces

ATTACHED_ROUNDS, STALL_ROUNDS = 7, 7
"""Newton steps of the two searches; a usual trim takes four and two."""
LARGEST_STEP = 0.15
"""rad or the like: the longest step of an unknown."""
HOPELESS = 1.6
"""Lift beyond this multiple of the greatest is not searched for: airspeed is raised until it suffices."""
LEAST_POWER = 0.25
"""Below this part of idle power thrust is continued as a straight line, so that the search stays regular; such a
flight is below idle and never certified."""


@dataclass(frozen=True)
class Found:
    """Where a search ended."""

    x: Any
    """The eight unknowns."""
    residual: Any
    """Eight unbalances: u, v, w forces over weight; p, q, r moments over weight times chord; the two that were asked."""
    error: Scalar
    """Largest change of an unknown that one more Newton step would make."""
    attached_lift: Scalar
    """Lift coefficient of wing and body over the greatest, as if the flow never separated; the larger of both signs."""
    airspeed: Scalar
    """m/s at which was searched; above the airspeed asked for where that is hopeless."""


def search(condition: Condition, aircraft: Aircraft) -> Found:
    """The balance of one condition; every leaf a scalar."""
    around = air(condition.height, condition.offset)
    at = replace(condition, airspeed=_searchable(condition, around, aircraft))
    x = _start(at, around, aircraft)
    x = _newton(at, around, aircraft, x, True, ATTACHED_ROUNDS)
    lift = _lift_used(at, around, aircraft, x)
    x = _newton(at, around, aircraft, x, False, STALL_ROUNDS)
    residual = unbalance(at, around, aircraft, x)
    slope = jax.jacfwd(lambda y: unbalance(at, around, aircraft, y))(x)
    error = jnp.max(jnp.abs(jnp.linalg.solve(slope, residual)))
    return Found(x, residual, error, lift, at.airspeed)


def state(condition: Condition, around: Atmosphere, aircraft: Aircraft, x: Any) -> tuple[Body, Surfaces]:
    """Motion, attitude and deflections that eight unknowns mean."""
    alpha, beta, phi, turn, power, delta_e, delta_a, delta_r = (x[i] for i in range(8))
    V, weight = condition.airspeed, condition.mass * condition.gravity
    theta = pitch(alpha, beta, phi, condition.gamma)
    psi_dot = turn * condition.gravity / V
    body = Body(
        V * jnp.cos(beta) * jnp.cos(alpha), V * jnp.sin(beta), V * jnp.cos(beta) * jnp.sin(alpha),
        -psi_dot * jnp.sin(theta), psi_dot * jnp.sin(phi) * jnp.cos(theta), psi_dot * jnp.cos(phi) * jnp.cos(theta),
        phi, theta, power * weight * V + condition.alternator, propeller_speed(condition.propeller_speed, aircraft),
    )  # fmt: skip
    return body, Surfaces(delta_e, delta_a, delta_r, delta_f=condition.delta_f, gear=condition.gear)


def pitch(alpha: Scalar, beta: Scalar, phi: Scalar, gamma: Scalar) -> Scalar:
    """Pitch angle that gives the path (Stevens & Lewis, eq. 3.6-3, solved by a sum of angles).

    sin(gamma) = a sin(theta) - b cos(theta) with a = cos(alpha) cos(beta) and
    b = sin(phi) sin(beta) + cos(phi) sin(alpha) cos(beta).
    """
    a = jnp.cos(alpha) * jnp.cos(beta)
    b = jnp.sin(phi) * jnp.sin(beta) + jnp.cos(phi) * jnp.sin(alpha) * jnp.cos(beta)
    rise = jnp.sin(gamma)
    return jnp.arctan2(rise, jnp.sqrt(jnp.maximum(a * a + b * b - rise * rise, 1e-9))) + jnp.arctan2(b, a)


def unbalance(
    condition: Condition, around: Atmosphere, aircraft: Aircraft, x: Any, attached: bool = False
) -> Any:
    """What is left of the eight equations."""
    body, surfaces = state(condition, around, aircraft, x)
    weight = condition.mass * condition.gravity
    now, missing = _pushed(body, surfaces, around, condition, aircraft, attached)
    arm = weight * aircraft.geometry.chord
    given = jnp.where(condition.by_rate > 0.0, condition.turn_rate * condition.airspeed / condition.gravity,
                      condition.bank)  # fmt: skip
    turned = jnp.where(condition.by_rate > 0.0, x[3], x[2]) - given
    across = jnp.where(condition.slipping > 0.0, x[1] - condition.beta, now.F.y / weight)
    return jnp.stack([
        (now.force.x + missing) / weight, now.force.y / weight, now.force.z / weight,
        now.moment.x / arm, now.moment.y / arm, now.moment.z / arm, across, turned,
    ])  # fmt: skip


def _pushed(
    body: Body, surfaces: Surfaces, around: Atmosphere, condition: Condition, aircraft: Aircraft, attached: bool
) -> tuple[Pushed, Scalar]:
    """Forces with at least a little power, and the thrust, N, that is missing below it."""
    asked = body.power - condition.alternator
    least = LEAST_POWER * aircraft.engine.idle_power + 10.0
    given = jnp.maximum(asked, least)
    powered = replace(body, power=given + condition.alternator)
    now = bodies.pushed(powered, surfaces, around, condition, aircraft, attached)
    return now, (asked - given) * 0.7 / (condition.airspeed + 10.0)


def _newton(
    condition: Condition, around: Atmosphere, aircraft: Aircraft, x: Any, attached: bool, rounds: int
) -> Any:
    """So many Newton steps, none longer than allowed."""

    def equations(y: Any) -> Any:
        return unbalance(condition, around, aircraft, y, attached)

    def improve(_: int, y: Any) -> Any:
        step = jnp.linalg.solve(jax.jacfwd(equations)(y), equations(y))
        return y - step * jnp.minimum(1.0, LARGEST_STEP / jnp.maximum(jnp.max(jnp.abs(step)), 1e-12))

    return jax.lax.fori_loop(0, rounds, improve, x)


def _factor(condition: Condition) -> Scalar:
    """Load factor of a coordinated turn, for a first guess."""
    g = condition.gravity
    turn = condition.turn_rate * condition.airspeed / g
    by_bank = jnp.cos(condition.gamma) / jnp.cos(condition.bank)
    return jnp.where(condition.by_rate > 0.0, jnp.sqrt(1.0 + turn * turn), by_bank)


def _searchable(condition: Condition, around: Atmosphere, aircraft: Aircraft) -> Scalar:
    """The airspeed asked for, m/s; where it asks for hopeless lift, the one that does not."""
    weight = condition.mass * condition.gravity * _factor(condition)
    C_L_max = aircraft.aero.C_L_max + condition.delta_f * (aircraft.aero.C_L_max_flap - aircraft.aero.C_L_max)
    least = jnp.sqrt(2.0 * weight / (around.rho * aircraft.geometry.wing_area * HOPELESS * C_L_max))
    return jnp.maximum(condition.airspeed, least)


def _start(condition: Condition, around: Atmosphere, aircraft: Aircraft) -> Any:
    """First guess: lift carries weight, drag at L/D 15."""
    a, V, n = aircraft.aero, condition.airspeed, _factor(condition)
    weight = condition.mass * condition.gravity
    C_L = n * weight / (0.5 * around.rho * V * V * aircraft.geometry.wing_area)
    alpha = (C_L - a.C_L_0 - a.C_L_delta_f * condition.delta_f) / a.C_L_alpha
    delta_e = -(a.C_m_0 + a.C_m_alpha * alpha + a.C_m_delta_f * condition.delta_f) / a.C_m_delta_e
    turn = condition.turn_rate * V / condition.gravity
    phi = jnp.where(condition.by_rate > 0.0, jnp.arctan2(turn, jnp.ones_like(turn)), condition.bank)
    turn = jnp.where(condition.by_rate > 0.0, turn, jnp.tan(condition.bank) * jnp.cos(condition.gamma))
    beta = jnp.where(condition.slipping > 0.0, condition.beta, 0.0)
    power = jnp.maximum(n * n / 15.0 + jnp.sin(condition.gamma), 0.02) / 0.75
    zero = 0.0 * alpha
    return jnp.stack([alpha, beta, phi, turn, power, delta_e, zero, zero])


def _lift_used(condition: Condition, around: Atmosphere, aircraft: Aircraft, x: Any) -> Scalar:
    """Lift coefficient over the greatest (or least) one, of attached flow."""
    body, surfaces = state(condition, around, aircraft, x)
    now, _ = _pushed(body, surfaces, around, condition, aircraft, True)
    least = condition.ice.C_L_max_factor * aircraft.aero.C_L_min
    return jnp.maximum(now.air.C_L / now.stall.C_L_max, now.air.C_L / least)


def reynolds(V: Scalar, around: Atmosphere, aircraft: Aircraft) -> Scalar:
    """By the mean chord."""
    return around.rho * V * aircraft.geometry.chord / earth.viscosity(around.temperature)
