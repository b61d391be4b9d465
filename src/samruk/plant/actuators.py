"""Surfaces, flap, gear, steering and brakes: how commands become deflections."""

from __future__ import annotations

from samruk.aircraft import Aircraft
from samruk.frames import Scalar
from samruk.lazy import jnp
from samruk.messages import ControlCommand
from samruk.plant.state import FAST_DT, Surfaces
from samruk.tables import to_float

STEER_LAG = 1.0 - 2.718281828459045 ** (-FAST_DT / 0.1)
"""Part of a steering or brake command that is followed in a tick: time constant 0.1 s (estimated)."""


def servo(
    place: Scalar, rate: Scalar, command: Scalar, limit: Scalar, rate_limit: Scalar, bandwidth: Scalar, damping: Scalar
) -> tuple[Scalar, Scalar]:
    """One second-order actuator after a fast tick: trapezoidal rule (stable at any bandwidth), then the limits.

    Args:
        place: rad.
        rate: rad/s.
        command: rad.
        limit: rad, largest deflection either way.
        rate_limit: rad/s.
        bandwidth: rad/s.
        damping: ratio.
    """
    wanted = jnp.clip(command, -limit, limit)
    half = 0.5 * FAST_DT * bandwidth
    spring, drag = half * half, 2.0 * damping * half
    moved = (rate * (1.0 - drag - spring) + FAST_DT * bandwidth * bandwidth * (wanted - place)) / (1.0 + drag + spring)
    moved = jnp.clip(moved, -rate_limit, rate_limit)
    return jnp.clip(place + 0.5 * FAST_DT * (rate + moved), -limit, limit), moved


def towards(place: Scalar, command: Scalar, rate: Scalar) -> Scalar:
    """A travel that runs at a fixed rate (1/s) towards its command, 0..1, after a fast tick."""
    return jnp.clip(place + jnp.clip(command - place, -rate * FAST_DT, rate * FAST_DT), 0.0, 1.0)


def move(
    surfaces: Surfaces, command: ControlCommand, on_ground: Scalar, rate: Scalar, aircraft: Aircraft
) -> Surfaces:
    """All actuators after a fast tick.

    Args:
        surfaces: places and rates.
        command: what is asked.
        on_ground: 1 while the main wheels carry weight: a switch on the legs keeps them down.
        rate: factor on the rate limit of the control surfaces.
        aircraft: limits and rates.
    """
    a = aircraft.actuators
    (e, e_rate), (ail, ail_rate), (r, r_rate) = (
        servo(place, moving, wanted, limit, rate * a.rate_limit, a.bandwidth, a.damping)
        for place, moving, wanted, limit in (
            (surfaces.delta_e, surfaces.delta_e_rate, command.delta_e, a.delta_e_limit),
            (surfaces.delta_a, surfaces.delta_a_rate, command.delta_a, a.delta_a_limit),
            (surfaces.delta_r, surfaces.delta_r_rate, command.delta_r, a.delta_r_limit),
        )
    )
    steer_limit = aircraft.gear.steer_limit
    steer = surfaces.steer + STEER_LAG * (jnp.clip(command.steer, -steer_limit, steer_limit) - surfaces.steer)
    brake = surfaces.brake + STEER_LAG * (jnp.clip(command.brake, 0.0, 1.0) - surfaces.brake)
    return Surfaces(
        e, ail, r, e_rate, ail_rate, r_rate, towards(surfaces.delta_f, command.delta_f, a.flap_rate),
        towards(surfaces.gear, to_float((command.gear_down > 0) | (on_ground > 0)), a.gear_rate), steer, brake,
    )  # fmt: skip
