"""Attitude loops at the fast tick, with gains placed at the mission tick.

Gains follow from the handbook's derivatives at the present dynamic pressure, airspeed and mass. Signs as everywhere:
delta_e positive pitches down, delta_a positive rolls right, delta_r positive yaws right.

Roll: bank angle and rate; the damping of the wing is used, not fought. Pitch: attitude and rate with the turn's own
rate fed forward, damped for the stiffness that the tail adds. Yaw in the air: damper about the coordinated rate, and
side force brought to nothing; near the ground: heading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from samruk.autopilot.handbook import Handbook
from samruk.autopilot.limits import rising
from samruk.earth import GRAVITY
from samruk.frames import Rotation, Vec3, euler_from_rotation, wrap
from samruk.lazy import jnp

Scalar = Any

ROLL_SLOW, ROLL_FAST = 1.2, 3.2
"""rad/s, limits of the bank loop."""
PITCH = 2.4
"""rad/s, attitude loop."""
DAMPING = 0.8
YAW_DAMPING = 0.6
HEADING = 1.2
"""rad/s, heading loop by rudder near the ground."""
SMALL_BANK = 0.05
"""rad: the integral of the bank loop counts no larger error, so that a roll-in does not wind it up."""
STEERING = 1.5
"""rad/s, heading loop by nose wheel."""


@dataclass(frozen=True)
class Gains:
    """Gains of the fast loops, renewed at the mission tick."""

    roll: Scalar = 0.0
    """rad of aileron per rad of bank."""
    roll_rate: Scalar = 0.0
    """s."""
    roll_feed: Scalar = 0.0
    """s: aileron that holds a roll rate."""
    turn_feed: Scalar = 0.0
    """s: aileron that balances the roll of a yaw rate."""
    roll_integral: Scalar = 0.0
    """1/s."""
    pitch: Scalar = 0.0
    """rad of elevator (up) per rad of pitch."""
    pitch_rate: Scalar = 0.0
    """s."""
    pitch_integral: Scalar = 0.0
    """1/s."""
    yaw_rate: Scalar = 0.0
    """s."""
    side: Scalar = 0.0
    """rad/s of rudder per m/s^2 of side force."""
    heading: Scalar = 0.0
    """rad of rudder per rad of heading."""
    heading_rate: Scalar = 0.0
    """s: rudder per yaw rate while the heading is held."""
    steer: Scalar = 0.0
    """rad of nose wheel per rad of heading."""
    steer_rate: Scalar = 0.0
    """s."""
    blend: Scalar = 0.0
    """Rudder per aileron."""
    cross_feed: Scalar = 0.0
    """s: rudder that balances the yaw of a roll rate."""


@dataclass(frozen=True)
class Wanted:
    """What the mission tick asks of the fast loops."""

    phi: Scalar = 0.0
    """rad, bank."""
    phi_rate: Scalar = 0.0
    """rad/s, at which the bank is being changed."""
    theta: Scalar = 0.0
    """rad, pitch."""
    psi: Scalar = 0.0
    """rad, heading, where `align` is 1."""
    align: Scalar = 0.0
    """1 while rudder and nose wheel hold the heading."""
    turn_rate: Scalar = 0.0
    """rad/s, of a coordinated turn at the commanded bank."""
    delta_e: Scalar = 0.0
    """rad, elevator in balance by the handbook."""
    delta_r: Scalar = 0.0
    """rad, rudder in balance for the sideslip of an aligned landing."""
    delta_a: Scalar = 0.0
    """rad, aileron in balance for the same."""
    on_ground: Scalar = 1.0
    """1 while integrals are held at nothing."""


@dataclass(frozen=True)
class Inner:
    """Integrals of the fast loops."""

    roll: Scalar = 0.0
    """rad of aileron."""
    pitch: Scalar = 0.0
    """rad of elevator."""
    yaw: Scalar = 0.0
    """rad of rudder."""
    gains: Gains = field(default_factory=Gains)
    wanted: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True)
class Surfaces:
    """Commands of the fast loops."""

    delta_e: Scalar
    delta_a: Scalar
    delta_r: Scalar
    steer: Scalar


def place_gains(book: Handbook, q: Scalar, V: Scalar, mass: Scalar, ground_speed: Scalar) -> Gains:
    """Gains at a dynamic pressure q (Pa), true airspeed V (m/s), mass (kg) and speed over the ground (m/s).

    q has a floor at 60 % of stall speed, so that gains stay finite at rest.
    """
    d = book.derivatives
    floor = 0.36 * mass * GRAVITY / (book.lift.area * book.lift.C_L_max)
    effective = jnp.maximum(q, floor) * (d.mass / mass)
    per_speed = effective / jnp.maximum(V, 20.0)
    roll, roll_rate = _roll_gains(-d.L_p * per_speed, d.L_delta_a * effective, d.bandwidth)
    elevator = -d.M_delta_e * effective
    stiffness, damping = -d.M_alpha * effective, -d.M_q * per_speed
    plunge = book.lift.C_L_alpha * book.lift.area * jnp.maximum(q, floor) / (mass * jnp.maximum(V, 20.0))
    w = jnp.minimum(PITCH, d.bandwidth)
    whole = jnp.sqrt(w * w + stiffness)
    pitch = w * w / elevator
    rudder = d.N_delta_r * effective
    natural = jnp.sqrt(d.N_beta * effective)
    yaw_rate = jnp.maximum(2.0 * YAW_DAMPING * natural + d.N_r * per_speed, 0.2 * natural) / rudder
    whole_yaw = jnp.sqrt(HEADING * HEADING + d.N_beta * effective)
    base = book.field.wheelbase
    rolling = jnp.maximum(ground_speed, 4.0)
    return Gains(
        roll=roll,
        roll_rate=roll_rate,
        roll_feed=roll_rate - d.L_p * per_speed / (d.L_delta_a * effective),
        turn_feed=-d.L_r * per_speed / (d.L_delta_a * effective),
        roll_integral=0.15 * roll,
        pitch=pitch,
        pitch_rate=jnp.maximum(2.0 * DAMPING * whole - damping - plunge, 0.3 * whole) / elevator,
        pitch_integral=0.5 * pitch,
        yaw_rate=yaw_rate,
        side=0.3 * natural * d.N_beta / (d.N_delta_r * -d.Y_beta * effective),
        heading=HEADING * HEADING / rudder,
        heading_rate=jnp.maximum(2.0 * DAMPING * whole_yaw + d.N_r * per_speed, 0.0) / rudder,
        steer=STEERING * base / rolling,
        steer_rate=0.3 * base / rolling,
        blend=d.aileron_to_rudder,
        cross_feed=-d.N_p * per_speed / rudder,
    )


def _roll_gains(damping: Scalar, aileron: Scalar, bandwidth: Scalar) -> tuple[Scalar, Scalar]:
    """Bank and roll-rate gain: poles of s^2 + 2 zeta w s + w^2, w as high as the wing's own damping asks for."""
    w = jnp.minimum(jnp.clip(damping / (2.0 * DAMPING), ROLL_SLOW, ROLL_FAST), bandwidth)
    return w * w / aileron, jnp.maximum(2.0 * DAMPING * w - damping, 0.0) / aileron


def step(
    inner: Inner, R_nb: Rotation, omega_b: Vec3, f_b: Vec3, book: Handbook, dt: float
) -> tuple[Inner, Surfaces, tuple[Scalar, Scalar, Scalar]]:
    """One fast tick.

    Args:
        inner: integrals, gains and aims.
        R_nb: attitude.
        omega_b: rad/s, relative to the Earth.
        f_b: m/s^2, specific force.
        book: limits of the surfaces.
        dt: s.

    Returns:
        New integrals, surface commands, and roll, pitch and heading, rad.
    """
    g, wanted, limits = inner.gains, inner.wanted, book.limits
    phi, theta, psi = euler_from_rotation(R_nb)
    q_turn, r_turn = wanted.turn_rate * R_nb.zy, wanted.turn_rate * R_nb.zz
    air = 1.0 - wanted.on_ground
    bank_error, pitch_error, heading_error = wanted.phi - phi, wanted.theta - theta, wrap(wanted.psi - psi)
    forward = g.roll_feed * wanted.phi_rate + g.turn_feed * r_turn
    delta_a = wanted.align * wanted.delta_a + forward + g.roll * bank_error - g.roll_rate * omega_b.x + inner.roll
    delta_e = wanted.delta_e - g.pitch * pitch_error + g.pitch_rate * (omega_b.y - q_turn) + inner.pitch
    free_rate = (1.0 - wanted.align) * g.yaw_rate
    damped = -free_rate * (omega_b.z - r_turn) - wanted.align * g.heading_rate * omega_b.z
    free = damped + g.blend * delta_a + g.cross_feed * omega_b.x + (1.0 - wanted.align) * inner.yaw
    delta_r = free + wanted.align * (g.heading * heading_error + wanted.delta_r)
    fade = 1.0 - dt / 0.5
    roll = air * (inner.roll + dt * g.roll_integral * jnp.clip(bank_error, -SMALL_BANK, SMALL_BANK))
    pitch = inner.pitch - dt * g.pitch_integral * pitch_error
    yaw = air * (1.0 - wanted.align) * (inner.yaw - dt * g.side * f_b.y)
    new = Inner(
        jnp.clip(roll, -0.4 * limits.delta_a, 0.4 * limits.delta_a),
        jnp.clip(jnp.where(air > 0.5, pitch, fade * inner.pitch), -0.6 * limits.delta_e, 0.6 * limits.delta_e),
        jnp.clip(yaw, -0.4 * limits.delta_r, 0.4 * limits.delta_r),
        g,
        wanted,
    )
    surfaces = Surfaces(
        jnp.clip(delta_e, -limits.delta_e, limits.delta_e),
        jnp.clip(delta_a, -limits.delta_a, limits.delta_a),
        jnp.clip(delta_r, -limits.delta_r, limits.delta_r),
        jnp.clip(g.steer * heading_error - g.steer_rate * omega_b.z, -limits.steer, limits.steer),
    )
    return new, surfaces, (phi, theta, psi)


def rate_limited_bank(old: Scalar, wanted: Scalar, dt: float) -> Scalar:
    """The bank command, turned at no more than 12 degrees a second."""
    return rising(old, wanted, 0.21 * dt)


def coordinated_rate(phi: Scalar, V: Scalar) -> Scalar:
    """Turn rate, rad/s, of a level coordinated turn."""
    return GRAVITY * jnp.tan(phi) / jnp.maximum(V, 15.0)


def balance(book: Handbook, alpha: Scalar, flap: Scalar) -> Scalar:
    """Elevator in balance, rad, at an angle of attack and flap."""
    d = book.derivatives
    return d.trim_0 + d.trim_alpha * alpha + d.trim_flap * flap


def nose_up(book: Handbook, q: Scalar, theta: Scalar, mass: Scalar, flap: Scalar) -> Scalar:
    """Elevator, rad, that lifts the nose wheel: against the weight still on the main wheels, which stand behind the
    centre of gravity.

    Args:
        book: the handbook.
        q: Pa.
        theta: rad, pitch, the angle of attack on the ground.
        mass: kg.
        flap: 0..1.
    """
    d, wing = book.derivatives, book.lift
    lift = q * wing.area * (wing.C_L_0 + wing.C_L_alpha * theta + wing.C_L_delta_f * flap) / (mass * GRAVITY)
    return d.gear_moment * jnp.clip(1.0 - lift, 0.0, 1.0) / (d.M_delta_e * q * (d.mass / mass))
