"""A ground crew for flights that nobody watches: it sees delayed telemetry, decides late, and commands over the radio.

The crew knows what the screen shows and nothing else. An alarm is noticed at the next look; a decision takes a time
drawn from a log-normal; the command leaves after the hands have moved, and is repeated until the aircraft answers. When
the link comes back after a gap, the picture has to be built again before anything is decided: losing the link costs
more than its own length.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp

from samruk import noise
from samruk.messages import Command, CommandKind, Mode, Telemetry
from samruk.mission import Crew
from samruk.tables import pick, to_float, to_int

Scalar = Any

MISSION_DT = 0.1
"""s."""
STALE = 5.0
"""s of telemetry age over which no command is built on it."""
REBUILD = 15.0
"""s without telemetry after which the picture must be built again."""
PATIENCE = 240.0
"""s that the crew gives ice protection, or a command, to show its effect."""
CLEAR_TIME = 600.0
"""s without ice before protection is switched off again."""
LOW_MARGIN = 0.15
"""Stall margin under which the crew leaves the ice."""
HIGH_POWER = 0.35
"""Power beyond the clean aircraft's need over which the crew leaves the ice."""
LOWER_STEP = 1200.0
"""m by which the crew descends to warmer or drier air, and climbs where margin allows."""

NOTHING, PROTECT, LEAVE, UNPROTECT, HOME = range(5)
"""What the crew is deciding on, by rising order of thought; `HOME` when leaving by height has not helped."""


@dataclass(frozen=True)
class CrewState:
    """What the crew knows and is about."""

    seen: Telemetry = field(default_factory=Telemetry)
    """The screen at the last look."""
    next_look: Scalar = 0.0
    """s, when somebody looks at this aircraft again."""
    wants: Scalar = NOTHING
    """What the decision will be about."""
    decides_at: Scalar = 1e12
    """s, when the decision is made and the hands begin."""
    ice_since: Scalar = 1e12
    """s since when the screen shows ice without a break."""
    clear_since: Scalar = 0.0
    """s since when the screen shows none."""
    acted_at: Scalar = -1e12
    """s of the last command."""
    left_ice: Scalar = 0
    """1 after the crew has ordered another height."""
    blind_for: Scalar = 0.0
    """s without fresh telemetry, before it came back."""
    outgoing: Command = field(default_factory=Command)
    """The command being sent; repeated until it is answered."""
    acked: Scalar = 0
    """Sequence of the last command answered on the crew's screen."""
    decisions: Scalar = 0
    """How many decisions were made; keys the next draw of chance."""


def reaction_time(profile: Crew, seed: Scalar, number: Scalar) -> Scalar:
    """s from notice to decision: log-normal about the profile's median."""
    deviation, _ = noise.normal_pair(seed, noise.CREW, number)
    return profile.reaction * jnp.exp(profile.reaction_spread * deviation)


def step(
    crew: CrewState, received: Telemetry, age: Scalar, profile: Crew, seed: Scalar, time: Scalar
) -> CrewState:
    """One mission tick of the people on the ground.

    Args:
        crew: state before.
        received: newest telemetry that has arrived.
        age: s since it was measured.
        profile: how this crew works.
        seed: int32.
        time: s since the epoch.
    """
    crew = _look(crew, received, age, profile, time)
    crew = _think(crew, profile, seed, age, time)
    return _act(crew, age, time)


def _look(crew: CrewState, received: Telemetry, age: Scalar, profile: Crew, time: Scalar) -> CrewState:
    """Look at the screen: when it is the turn, or at once when an alarm is on it."""
    fresh = (age < STALE) & (received.tick >= 0)
    alarm = _alarming(received) & (received.mode != crew.seen.mode) | (received.ice_detected > crew.seen.ice_detected)
    looks = fresh & ((time >= crew.next_look) | alarm)
    seen = pick(looks, received, crew.seen)
    ice = looks & (seen.ice_detected != 0)
    clear = looks & (seen.ice_detected == 0)
    rebuilt = fresh & (crew.blind_for > REBUILD)
    return replace(
        crew,
        seen=seen,
        next_look=jnp.where(rebuilt, time + 0.5 * profile.scan, jnp.where(looks, time + profile.scan, crew.next_look)),
        decides_at=jnp.where(fresh, crew.decides_at, crew.decides_at + MISSION_DT),
        ice_since=jnp.where(ice, jnp.minimum(crew.ice_since, time), jnp.where(clear, 1e12, crew.ice_since)),
        clear_since=jnp.where(ice, 1e12, jnp.where(clear, jnp.minimum(crew.clear_since, time), crew.clear_since)),
        left_ice=jnp.where(clear & (time - crew.clear_since > CLEAR_TIME), 0, crew.left_ice),
        blind_for=jnp.where(fresh, 0.0, crew.blind_for + MISSION_DT),
        acked=jnp.where(fresh, received.ack.sequence, crew.acked),
    )


def _alarming(seen: Telemetry) -> Scalar:
    """Whether the screen shows an alarm that draws the eye."""
    return (seen.ice_detected != 0) | (seen.stall_margin < LOW_MARGIN) | (seen.mode == int(Mode.GO_AROUND))


def _think(crew: CrewState, profile: Crew, seed: Scalar, age: Scalar, time: Scalar) -> CrewState:
    """Begin to decide when the screen shows a reason and no decision is under way."""
    seen = crew.seen
    airborne = (seen.mode >= int(Mode.CLIMB)) & (seen.mode <= int(Mode.ESCAPE))
    icy = airborne & (seen.ice_detected != 0)
    waited = time - crew.acted_at > PATIENCE
    suffering = (seen.stall_margin < LOW_MARGIN) | (seen.power_excess > HIGH_POWER)
    long_ice = icy & (time - crew.ice_since > 2.0 * PATIENCE)
    protect = icy & (seen.protection_on == 0) & (profile.protects != 0)
    leave = airborne & (profile.leaves_ice != 0) & waited & ((suffering & icy) | long_ice) & ~protect
    unprotect = (
        airborne & (seen.protection_on != 0) & (profile.protects != 0) & (crew.outgoing.sequence > 0)
        & (time - crew.clear_since > CLEAR_TIME) & (seen.ice_detected == 0)
    )  # fmt: skip
    wants = jnp.where(
        protect,
        PROTECT,
        jnp.where(
            leave, jnp.where(crew.left_ice != 0, HOME, LEAVE), jnp.where(unprotect, UNPROTECT, NOTHING)
        ),
    )
    idle = (crew.decides_at > 1e11) & (crew.outgoing.sequence == crew.acked)
    begins = idle & (wants != NOTHING) & (age < STALE)
    when = time + reaction_time(profile, seed, crew.decisions) + profile.action
    return replace(
        crew,
        wants=jnp.where(begins, wants, crew.wants),
        decides_at=jnp.where(begins, when, crew.decides_at),
        decisions=crew.decisions + to_int(begins),
    )


def _act(crew: CrewState, age: Scalar, time: Scalar) -> CrewState:
    """Send the command when the decision is made; nothing is built on stale telemetry."""
    acts = (time >= crew.decides_at) & (age < STALE)
    seen, wants = crew.seen, crew.wants
    up = seen.stall_margin > 2.0 * LOW_MARGIN
    height = seen.altitude_msl + jnp.where(up, LOWER_STEP, -LOWER_STEP)
    kind = jnp.where(
        wants == LEAVE,
        int(CommandKind.SET_ALTITUDE),
        jnp.where(wants == HOME, int(CommandKind.RETURN_HOME), int(CommandKind.ICE_PROTECTION)),
    )
    argument = jnp.where(wants == LEAVE, height, to_float(wants == PROTECT))
    new = Command(sequence=crew.outgoing.sequence + 1, kind=kind, argument=argument)
    return replace(
        crew,
        outgoing=pick(acts, new, crew.outgoing),
        decides_at=jnp.where(acts, 1e12, crew.decides_at),
        acted_at=jnp.where(acts, time, crew.acted_at),
        left_ice=jnp.where(acts & (wants == LEAVE), 1, crew.left_ice),
        wants=jnp.where(acts, NOTHING, crew.wants),
    )

