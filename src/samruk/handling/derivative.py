"""The whole nonlinear derivative as one function of twelve states and four inputs, for linear models and searches.

States: u v w (m/s, body, relative to the air), p q r (rad/s, body), phi theta psi (rad), h (m, pressure altitude),
power (W at the shaft), speed (rad/s of the propeller). Inputs: delta_e, delta_a, delta_r (rad), delta_t (0..1).

The engine follows its lever with the lag of the turbocharger, the propeller its governor, as in
`samruk.plant.propulsion`. Quasi-steady, that is taken from the state at once: the air's separation, downwash but for
alpha_dot, stall and friction by Reynolds number, power available by height, the coolant (within its limit). The
actuators are left out: an input is a deflection.
"""

from __future__ import annotations

from typing import Any

from samruk.aircraft import Aircraft
from samruk.frames import Scalar
from samruk.handling import body as bodies
from samruk.handling.body import Body, Pushed
from samruk.handling.certificate import Certificate
from samruk.handling.condition import Atmosphere, Condition, air, propeller_speed
from samruk.lazy import jnp
from samruk.plant import motion, propulsion
from samruk.plant.state import Motor, Surfaces
from samruk.plant.world import calibrated

STATES = ("u", "v", "w", "p", "q", "r", "phi", "theta", "psi", "h", "power", "speed")
STATE_UNITS = ("m/s", "m/s", "m/s", "rad/s", "rad/s", "rad/s", "rad", "rad", "rad", "m", "W", "rad/s")
INPUTS = ("delta_e", "delta_a", "delta_r", "delta_t")
INPUT_UNITS = ("rad", "rad", "rad", "1")
OUTPUTS = ("airspeed", "airspeed_calibrated", "alpha", "beta", "gamma", "climb_rate", "load_factor", "lateral_factor")
OUTPUT_UNITS = ("m/s", "m/s", "rad", "rad", "rad", "m/s", "1", "1")
"""`load_factor` is the specific force along -z, `lateral_factor` along y, over g."""


def derivative(x: Any, inputs: Any, condition: Condition, aircraft: Aircraft) -> Any:
    """Rates of the twelve states, stacked; see the module for their order and units."""
    body, surfaces, around = _taken(x, inputs, condition)
    now = _pushed(body, surfaces, around, condition, aircraft)
    turning = motion.angular(now.moment, bodies.slow(_speed(body), 0.0, around, condition, aircraft).inertia)
    sf, cf, st, ct = jnp.sin(body.phi), jnp.cos(body.phi), jnp.sin(body.theta), jnp.cos(body.theta)
    psi_dot = (body.q * sf + body.r * cf) / ct
    per = 1.0 / condition.mass
    return jnp.stack([
        now.force.x * per, now.force.y * per, now.force.z * per, turning.x, turning.y, turning.z,
        body.p + psi_dot * st, body.q * cf - body.r * sf, psi_dot, _climb(body),
        _lever(body, inputs[3], around, condition, aircraft),
        aircraft.propeller.governor * (propeller_speed(condition.propeller_speed, aircraft) - body.speed),
    ])  # fmt: skip


def outputs(x: Any, inputs: Any, condition: Condition, aircraft: Aircraft) -> Any:
    """The standard outputs, stacked; see `OUTPUTS`."""
    body, surfaces, around = _taken(x, inputs, condition)
    now = _pushed(body, surfaces, around, condition, aircraft)
    V, weight = _speed(body), condition.mass * condition.gravity
    rise = _climb(body) / V
    return jnp.stack([
        V, calibrated(around.pressure, around.rho, V), jnp.arctan2(body.w, body.u),
        jnp.arctan2(body.v, jnp.sqrt(body.u * body.u + body.w * body.w)),
        jnp.arctan2(rise, jnp.sqrt(1.0 - rise * rise)), _climb(body), -now.F.z / weight, now.F.y / weight,
    ])  # fmt: skip


def state_of(found: Certificate, height: Any) -> tuple[Any, Any]:
    """States (batch, 12) and inputs (batch, 4) of trimmed flights at a height, m; heading 0."""
    c = found
    V, along = c.airspeed, jnp.cos(c.beta)
    zero = 0.0 * V
    x = (
        V * along * jnp.cos(c.alpha), V * jnp.sin(c.beta), V * along * jnp.sin(c.alpha), c.p, c.q, c.r, c.phi, c.theta,
        zero, zero + height, c.shaft_power, c.propeller_speed,
    )  # fmt: skip
    return jnp.stack(x, axis=-1), jnp.stack((c.delta_e, c.delta_a, c.delta_r, c.delta_t), axis=-1)


def _taken(x: Any, inputs: Any, condition: Condition) -> tuple[Body, Surfaces, Atmosphere]:
    """States and inputs by name, and the air at the height."""
    u, v, w, p, q, r, phi, theta, _, h, power, speed = (x[i] for i in range(12))
    surfaces = Surfaces(inputs[0], inputs[1], inputs[2], delta_f=condition.delta_f, gear=condition.gear)
    return Body(u, v, w, p, q, r, phi, theta, power, speed), surfaces, air(h, condition.offset)


def _pushed(
    body: Body, surfaces: Surfaces, around: Atmosphere, condition: Condition, aircraft: Aircraft
) -> Pushed:
    held = bodies.slow(_speed(body), condition.delta_f, around, condition, aircraft)
    return bodies.pushed(body, surfaces, around, held, condition, aircraft)


def _speed(body: Body) -> Scalar:
    """True airspeed, m/s."""
    return jnp.sqrt(body.u * body.u + body.v * body.v + body.w * body.w)


def _climb(body: Body) -> Scalar:
    """m/s upwards."""
    c = jnp.cos(body.theta)
    return body.u * jnp.sin(body.theta) - (body.v * jnp.sin(body.phi) + body.w * jnp.cos(body.phi)) * c


def _lever(body: Body, delta_t: Scalar, around: Atmosphere, condition: Condition, aircraft: Aircraft) -> Scalar:
    """W/s: the engine's way to what its lever asks for."""
    e = aircraft.engine
    motor = Motor(body.power, body.speed, 1, 0.0)
    can = propulsion.drive(motor, around.rho, around.temperature, e.coolant_limit, aircraft).power_available
    least = e.idle_power + condition.alternator
    most = jnp.maximum(can * body.speed / aircraft.propeller.rated_speed, least)
    return (least + delta_t * (most - least) - body.power) / e.turbo_lag


