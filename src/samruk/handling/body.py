"""Forces, moments and accelerations of the aircraft in free air, from the plant's own aerodynamics and propulsion.

The Earth is flat and at rest here: what its turning and its bend add is below 0.1 % of the weight and is left out.
Everything that the slow tick holds for a second (stall, friction, inertia, power available) follows the state at once.

Reference: Stevens, Lewis & Johnson, Aircraft Control and Simulation (3rd ed.), section 1.7 and table 2.5-1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.frames import Scalar, Vec3, cross
from samruk.handling.condition import Atmosphere, Condition
from samruk.lazy import jnp
from samruk.plant import aerodynamics, motion, propulsion
from samruk.plant.aerodynamics import AirLoads
from samruk.plant.propulsion import Propelled
from samruk.plant.state import Inertia, Motor, Stall, Surfaces

FREE_AIR = 1000.0
"""m above the ground, where it has no effect."""
FAR = 1.45
"""rad: where the break of the lift curve is put to have attached flow only."""


@dataclass(frozen=True)
class Body:
    """Motion relative to the air and attitude; engine and propeller as they turn."""

    u: Scalar
    """m/s, body, relative to the air."""
    v: Scalar
    """m/s."""
    w: Scalar
    """m/s."""
    p: Scalar
    """rad/s, body."""
    q: Scalar
    """rad/s."""
    r: Scalar
    """rad/s."""
    phi: Scalar
    """rad."""
    theta: Scalar
    """rad."""
    power: Scalar
    """W at the shaft, the alternator's share included."""
    speed: Scalar
    """rad/s, propeller."""


@dataclass(frozen=True)
class Pushed:
    """What acts on a body, and what comes of it."""

    F: Vec3
    """N, body: air and propeller."""
    M: Vec3
    """N m about the centre of gravity: air and propeller."""
    force: Vec3
    """N, body: F, weight and the turning of the axes; over mass it is the rate of (u, v, w)."""
    moment: Vec3
    """N m: M and the turning of the axes; over inertia it is the rate of (p, q, r)."""
    air: AirLoads
    pull: Propelled


@dataclass(frozen=True)
class Slow:
    """What the plant's slow tick holds for a second: it follows the airspeed and the air."""

    stall: Stall
    friction: Scalar
    """Factor on skin-friction drag."""
    inertia: Inertia


def slow(V: Scalar, delta_f: Scalar, air: Atmosphere, condition: Condition, aircraft: Aircraft) -> Slow:
    """Stall, friction and inertia at an airspeed, m/s."""
    reynolds = air.rho * V * aircraft.geometry.chord / earth.viscosity(air.temperature)
    return Slow(
        aerodynamics.stall(delta_f, reynolds, condition.mass, condition.ice, aircraft),
        aerodynamics.friction(reynolds, aircraft), motion.inertia(condition.mass, aircraft),
    )  # fmt: skip


def pushed(
    body: Body, surfaces: Surfaces, air: Atmosphere, held: Slow, condition: Condition, aircraft: Aircraft
) -> Pushed:
    """Forces and moments on a body in free air.

    Args:
        body: its motion.
        surfaces: deflections; flap and gear too.
        air: at the body.
        held: stall, friction, inertia.
        condition: mass, gravity, alternator, ice.
        aircraft: its coefficients.
    """
    mass, v, omega = condition.mass, Vec3(body.u, body.v, body.w), Vec3(body.p, body.q, body.r)
    flow, down = aerodynamics.flow(v), _down(body)
    pull = propulsion.propel(
        Motor(body.power, body.speed, 1, 0.0), condition.alternator, body.u, omega, air.rho,
        condition.ice.thrust_factor, aircraft,
    )  # fmt: skip

    def by_air(alpha_dot: Scalar) -> AirLoads:
        return aerodynamics.airloads(
            flow, omega, alpha_dot, air.rho, FREE_AIR, surfaces, held.stall, held.friction, condition.ice, 0.0 * mass,
            aircraft,
        )  # fmt: skip

    F = by_air(0.0 * mass).F_b + pull.F_b
    curving = F.z / mass + condition.gravity * down.z
    loads = by_air(curving / jnp.sqrt(flow.speed * flow.speed + 25.0) + body.q)
    M = loads.M_b + pull.M_b - cross(held.inertia.shift_b, F)
    force = F + down * (mass * condition.gravity) - cross(omega, v) * mass
    return Pushed(F, M, force, M - cross(omega, motion.momentum(omega, held.inertia)), loads, pull)


def _down(body: Body) -> Vec3:
    """The vertical in body axes."""
    c = jnp.cos(body.theta)
    return Vec3(-jnp.sin(body.theta), jnp.sin(body.phi) * c, jnp.cos(body.phi) * c)


def unbroken(held: Slow, attached: Scalar) -> Slow:
    """The same, or where `attached` is 1 with a lift curve that never breaks."""
    free = jnp.asarray(attached) > 0.0
    s, c = math.sin(FAR), math.cos(FAR)
    far = {"alpha": FAR, "s": s, "c": c, "alpha_negative": -FAR, "s_negative": -s, "c_negative": c}
    parts = {name: jnp.where(free, value, getattr(held.stall, name)) for name, value in far.items()}
    return replace(held, stall=replace(held.stall, **parts))
