"""Ice: when it is there, when protection is on, when the aircraft leaves.

Three witnesses, each of which can fail alone: the detector's probe; the aircraft's own power, that is shaft power over
what the clean aircraft would need for the same flight, when it rises in air cold enough for ice; and a pitot tube that
is no longer believed in such air. Any one of them turns protection on; the first two can send the aircraft away.
The need for power is learnt in clear air for each aircraft, so that a handbook that is some percent off does not look
like ice; in cold air it is learnt slowly, so that ice does not look like a poor handbook.
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
SLOW_LEARNING = 3600.0
"""s, the same mean in air cold enough for ice once it has been learnt: ice takes minutes, not hours."""
ICY = 275.15
"""K, 2 C: warmest air in which ice is looked for; the thermometer's error is 1.5 K."""
RISE_TIME, RISE_LIMIT = 300.0, 0.04
"""s over which the excess is compared with its own past, and the rise that speaks of growing ice."""
FELT_LIMIT, FELT_TIME = 0.10, 30.0
"""Power excess, and s for which it must last, at which the aircraft's own power speaks of ice without the probe: twice
the change of the handbook's error between climb and loiter (5 %)."""
BARE_LIMIT, THAW = 30.0, 10.0
"""s in ice without heat on the wing after which the wing counts as iced until warm air has had a tenth of that time
(at most 180 s) to clear it: in cold air ice stays for hours after the cloud."""
BARE_MOST = 1800.0
"""s of bare exposure that are counted."""
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
    past: Scalar = wide(0.0)
    """Power excess, mean of the last minutes."""
    evidence: Scalar = wide(0.0)
    """s for which power has spoken of growing ice."""
    felt: Scalar = wide(NEVER)
    """s since power last spoke of growing ice."""
    bare: Scalar = wide(0.0)
    """s in ice without heat on the wing, less ten times those in warm air since."""


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
    quiet = jnp.where(measurement.ice_detected == 1, 0.0, jnp.minimum(frost.quiet + dt, NEVER))
    drawn = book.drive.alternator_most * jnp.clip(measurement.generator_load, 0.0, 1.0)
    ratio = power_ratio(measurement.shaft_power - drawn, air, flap, gear, mass, propeller_speed, book)
    usable, icy = steady & (ratio > 0.5), measurement.temperature < ICY
    now = _felt(_learnt(frost, ratio, usable, usable & (air.valid == 1), icy, dt), usable & icy & (air.valid == 1), dt)
    about = jnp.minimum(quiet, now.felt) < HOLD
    doubtful = air.valid == 0
    own = (rules.automatic_protection == 1) & (about | (doubtful & icy))
    on = jnp.where(frost.order >= 0, frost.order, jnp.where(own, 1, 0))
    naked = (jnp.minimum(quiet, now.felt) < 60.0) & (measurement.wing_powered == 0)
    bare = frost.bare + jnp.where(naked, dt, jnp.where(icy, 0.0, -THAW * dt))
    return replace(
        now,
        quiet=quiet,
        bare=jnp.clip(bare, 0.0, BARE_MOST),
        exposed=jnp.where(about, frost.exposed + dt, 0.0),
        order=jnp.where((frost.order == 0) & ~about, -1, frost.order),  # "off" holds for the encounter it was meant for
        on=on,
        pitot_heat=jnp.where((rules.automatic_protection == 1) & doubtful, 1, on),
    )


def _learnt(frost: Frost, ratio: Scalar, usable: Scalar, sound: Scalar, icy: Scalar, dt: float) -> Frost:
    """The same with its power excess, and the handbook's error, after one tick; `sound`: the airspeed is, too."""
    excess = frost.excess + jnp.where(usable, dt / EXCESS_TIME, 0.0) * (ratio - 1.0 - frost.learnt - frost.excess)
    clear = sound & (jnp.minimum(frost.quiet, frost.felt) > FORGET) & (frost.evidence <= 0.0)
    learning = frost.learning + jnp.where(clear, dt, 0.0)
    slowly = icy & (learning > LEARNING_TIME)
    pace = jnp.where(slowly, dt / SLOW_LEARNING, dt / jnp.clip(learning, 10.0, LEARNING_TIME))
    learnt = frost.learnt + jnp.where(clear, pace, 0.0) * (ratio - 1.0 - frost.learnt)
    return replace(frost, excess=excess, learning=learning, learnt=jnp.clip(learnt, -LEARNT_SPAN, LEARNT_SPAN))


def _felt(frost: Frost, usable: Scalar, dt: float) -> Frost:
    """The same with what power says of growing ice: an excess that is high, has risen, and lasts."""
    rises = (frost.excess > FELT_LIMIT) & (frost.excess - frost.past > RISE_LIMIT) & (frost.learning > 30.0)
    evidence = jnp.where(usable & rises, frost.evidence + dt, jnp.where(usable, 0.0, frost.evidence))
    return replace(
        frost,
        past=frost.past + jnp.where(usable, dt / RISE_TIME, 0.0) * (frost.excess - frost.past),
        evidence=evidence,
        felt=jnp.where(evidence > FELT_TIME, 0.0, jnp.minimum(frost.felt + dt, NEVER)),
    )


def power_ratio(
    power: Scalar, air: AirData, flap: Scalar, gear: Scalar, mass: Scalar, propeller_speed: Scalar, book: Handbook
) -> Scalar:
    """Power to the propeller (W, the alternator's part taken off) over what the clean aircraft would need for the same
    airspeed, load and energy rate; protection's own draw is no sign of ice."""
    V = jnp.maximum(air.tas, 20.0)
    q = 0.5 * air.rho * V * V
    weight = mass * GRAVITY
    C_L = weight * air.load_factor / (q * book.lift.area)
    drag = performance.drag(book, q, jnp.clip(C_L, 0.0, 2.0), flap, gear, air.rho * (1.0 / RHO0))
    thrust = jnp.maximum(drag + weight * air.energy_rate, 0.2 * drag)
    return power / performance.shaft_power(book, thrust, V, air.rho, propeller_speed)


def ordered(frost: Frost, order: Scalar) -> Frost:
    """The same with the crew's word."""
    return replace(frost, order=order)


def last_word(frost: Frost) -> Scalar:
    """s since the probe or the aircraft's own power last spoke of growing ice."""
    return jnp.minimum(frost.quiet, frost.felt)


def suspect(frost: Frost) -> Scalar:
    """Truth value: ice may be on the wing."""
    told = (last_word(frost) < FORGET) | (frost.bare > BARE_LIMIT)
    return told | ((frost.learning > 30.0) & (frost.excess > EXCESS_LIMIT))


def failing(frost: Frost, air: AirData, least: Scalar, starved: Scalar) -> Scalar:
    """Truth value: ice is about and costs more than the aircraft can bear: power, or speed at full power."""
    iced = last_word(frost) < HOLD
    return iced & ((frost.excess > EXCESS_LIMIT) | slow(air, least, starved))


def slow(air: AirData, least: Scalar, starved: Scalar) -> Scalar:
    """Truth value: full power does not keep the airspeed above the least, m/s calibrated."""
    return (starved > 20.0) & (air.cas < least + 1.0)
