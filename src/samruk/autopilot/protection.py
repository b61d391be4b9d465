"""Ice: when it is there, when protection is on, when the aircraft leaves.

What the autopilot can know of ice is the detector's word and its own power: shaft power over what the clean aircraft
would need for the same flight. The second is learnt in clear air for each aircraft, so that a handbook that is some
percent off does not look like ice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk.autopilot import performance
from samruk.autopilot.airdata import AirData
from samruk.autopilot.handbook import Handbook
from samruk.earth import GRAVITY, RHO0
from samruk.lazy import jnp
from samruk.messages import Measurement
from samruk.mission import Rules
from samruk.words import wide

Scalar = Any

HOLD = 300.0
"""s for which ice is taken to be about after the detector's last word; it re-arms within about 60 s."""
FORGET = 900.0
"""s without a word after which ice on the wing is no longer counted against the speed."""
LEARNING_TIME = 120.0
"""s, mean of the power ratio in clear air."""
LEARNT_SPAN = 0.12
"""Largest error of the handbook's power that is learnt."""
EXCESS_TIME = 20.0
"""s, mean of the power ratio."""
EXCESS_LIMIT = 0.15
"""Power excess that says the wing is no longer clean."""
NEVER = 1e6


@dataclass(frozen=True)
class Frost:
    """What is known of ice."""

    quiet: Scalar = wide(NEVER)
    """s since the detector last reported."""
    exposed: Scalar = wide(0.0)
    """s of the present encounter."""
    excess: Scalar = wide(0.0)
    """Shaft power over the need of the clean aircraft, less 1, mean."""
    learnt: Scalar = wide(0.0)
    """The same in clear air: the handbook's error."""
    learning: Scalar = wide(0.0)
    """s of learning."""
    order: Scalar = -1
    """The crew's word on protection: -1 none, 0 off, 1 on."""
    on: Scalar = 0
    """1 while protection is asked for."""
    pitot_heat: Scalar = 0
    """1 while pitot heat is asked for."""


def step(
    frost: Frost, measurement: Measurement, air: AirData, steady: Scalar, flap: Scalar, gear: Scalar, mass: Scalar,
    propeller_speed: Scalar, rules: Rules, book: Handbook, dt: float,
) -> Frost:  # fmt: skip
    """What is known of ice after one mission tick.

    Args:
        frost: the state.
        measurement: detector, shaft power, temperature.
        air: airspeed and energy rate.
        steady: truth value: in the air, clean configuration, away from the ground, speed and height about constant.
        flap: 0..1.
        gear: 0..1.
        mass: kg.
        propeller_speed: rad/s.
        rules: whether the aircraft protects itself.
        book: the handbook.
        dt: s.
    """
    detected = measurement.ice_detected == 1
    quiet = jnp.where(detected, 0.0, jnp.minimum(frost.quiet + dt, NEVER))
    about = quiet < HOLD
    exposed = jnp.where(about, frost.exposed + dt, 0.0)
    ratio = power_ratio(measurement.shaft_power, air, flap, gear, mass, propeller_speed, book)
    usable = steady & (ratio > 0.5)
    excess = frost.excess + jnp.where(usable, dt / EXCESS_TIME, 0.0) * (ratio - 1.0 - frost.learnt - frost.excess)
    clear = usable & (quiet > FORGET) & (air.valid == 1)
    learning = frost.learning + jnp.where(clear, dt, 0.0)
    gain = jnp.where(clear, dt / jnp.clip(learning, 10.0, LEARNING_TIME), 0.0)
    learnt = jnp.clip(frost.learnt + gain * (ratio - 1.0 - frost.learnt), -LEARNT_SPAN, LEARNT_SPAN)
    own = (rules.automatic_protection == 1) & about
    on = jnp.where(frost.order >= 0, frost.order, jnp.where(own, 1, 0))
    doubtful = (rules.automatic_protection == 1) & (air.valid == 0)
    order = jnp.where((frost.order == 0) & ~about, -1, frost.order)  # "off" holds for the encounter it was meant for
    return Frost(quiet, exposed, excess, learnt, learning, order, on, jnp.where(doubtful, 1, on))


def power_ratio(
    power: Scalar, air: AirData, flap: Scalar, gear: Scalar, mass: Scalar, propeller_speed: Scalar, book: Handbook
) -> Scalar:
    """Shaft power over what the clean aircraft would need for the same airspeed, load and energy rate."""
    V = jnp.maximum(air.tas, 20.0)
    q = 0.5 * air.rho * V * V
    weight = mass * GRAVITY
    C_L = weight * air.load_factor / (q * book.lift.area)
    drag = performance.drag(book, q, jnp.clip(C_L, 0.0, 2.0), flap, gear, air.rho * (1.0 / RHO0))
    thrust = jnp.maximum(drag + weight * air.energy_rate, 0.2 * drag)
    needed = performance.shaft_power(book, thrust, V, air.rho, propeller_speed) + book.drive.alternator_power
    return power / needed


def ordered(frost: Frost, order: Scalar) -> Frost:
    """The same with the crew's word."""
    return replace(frost, order=order)


def suspect(frost: Frost) -> Scalar:
    """Truth value: ice may be on the wing."""
    return (frost.quiet < FORGET) | ((frost.learning > 30.0) & (frost.excess > EXCESS_LIMIT))


def failing(frost: Frost, air: AirData, least: Scalar, starved: Scalar) -> Scalar:
    """Truth value: ice is about and costs more than the aircraft can bear: power, or speed at full power."""
    iced = frost.quiet < HOLD
    slow = (starved > 20.0) & (air.cas < least + 1.0)
    return iced & ((frost.excess > EXCESS_LIMIT) | slow)
