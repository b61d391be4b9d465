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

from samruk.aircraft import Aircraft
from samruk.frames import Scalar
from samruk.handling import body as bodies
from samruk.handling.body import Body, Pushed, Slow
from samruk.handling.condition import Atmosphere, Condition, air, propeller_speed
from samruk.lazy import jax, jnp
from samruk.plant.state import Surfaces

ATTACHED_ROUNDS, STALL_ROUNDS = 9, 8
"""Newton steps of the two searches; a usual trim takes four and two."""
LARGEST_STEP = 0.15
"""rad or the like: the longest step of an unknown."""
HOPELESS = 1.3
"""Lift beyond this multiple of the greatest is not searched for: airspeed is raised until it suffices."""
LEAST_POWER = 0.25
"""Below this part of idle power thrust is continued as a straight line, so that the search stays regular; such a
flight is below idle and never certified."""


@dataclass(frozen=True)
class Found:
    """Where a search ended."""

    x: Any
    """The eight unknowns."""
    error: Scalar
    """Largest change of an unknown by the last Newton step: no less than the error that it left."""
    attached_lift: Scalar
    """Lift coefficient of wing and body over the greatest, as if the flow never separated; the larger of both signs."""
    attached_step: Scalar
    """Largest change of an unknown by the last step of the search in attached flow."""
    airspeed: Scalar
    """m/s at which was searched; above the airspeed asked for where that is hopeless."""


def search(condition: Condition, aircraft: Aircraft) -> Found:
    """The balance of one condition; every leaf a scalar."""
    around = air(condition.height, condition.offset)
    at = replace(condition, airspeed=_searchable(condition, around, aircraft))
    held = bodies.slow(at.airspeed, at.delta_f, around, at, aircraft)

    def equations(x: Any, attached: Scalar) -> Any:
        return unbalance(at, around, bodies.unbroken(held, attached), aircraft, x)

    def improve(k: Any, now: tuple[Any, ...]) -> tuple[Any, ...]:
        x, first, _, first_step = now
        early = k < ATTACHED_ROUNDS
        attached = jnp.where(early, 1.0, 0.0)
        step = jnp.linalg.solve(jax.jacfwd(equations)(x, attached), equations(x, attached))
        largest = jnp.max(jnp.abs(step))
        x = x - step * jnp.minimum(1.0, LARGEST_STEP / jnp.maximum(largest, 1e-12))
        return x, jnp.where(early, x, first), largest, jnp.where(early, largest, first_step)

    start = _start(at, around, aircraft)
    begin = (start, start, 0.0 * start[0], 0.0 * start[0])
    x, first, error, first_step = jax.lax.fori_loop(0, ATTACHED_ROUNDS + STALL_ROUNDS, improve, begin)
    lift = _lift_used(at, around, bodies.unbroken(held, 1.0), aircraft, first)
    return Found(x, error, lift, first_step, at.airspeed)


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


def unbalance(condition: Condition, around: Atmosphere, held: Slow, aircraft: Aircraft, x: Any) -> Any:
    """What is left of the eight equations."""
    body, surfaces = state(condition, around, aircraft, x)
    weight = condition.mass * condition.gravity
    now, missing = _pushed(body, surfaces, around, held, condition, aircraft)
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
    body: Body, surfaces: Surfaces, around: Atmosphere, held: Slow, condition: Condition, aircraft: Aircraft
) -> tuple[Pushed, Scalar]:
    """Forces with at least a little power, and the thrust, N, that is missing below it."""
    asked = body.power - condition.alternator
    least = LEAST_POWER * aircraft.engine.idle_power + 10.0
    given = jnp.maximum(asked, least)
    powered = replace(body, power=given + condition.alternator)
    now = bodies.pushed(powered, surfaces, around, held, condition, aircraft)
    return now, (asked - given) * 0.7 / (condition.airspeed + 10.0)


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


def _lift_used(condition: Condition, around: Atmosphere, held: Slow, aircraft: Aircraft, x: Any) -> Scalar:
    """Lift coefficient over the greatest (or least) one, of attached flow."""
    body, surfaces = state(condition, around, aircraft, x)
    now, _ = _pushed(body, surfaces, around, held, condition, aircraft)
    least = condition.ice.C_L_max_factor * aircraft.aero.C_L_min
    return jnp.maximum(now.air.C_L / held.stall.C_L_max, now.air.C_L / least)

