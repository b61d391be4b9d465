"""A ground crew for flights that nobody watches: it sees delayed telemetry, decides late, and commands over the radio.

The crew knows what the screen shows, when it was shown, and what it has commanded itself; nothing else. One person
attends to one thing at a time:

    WATCH    looks at this aircraft every `scan` seconds; an alarm draws the eye at once
    DECIDE   has noticed something; the decision comes after a log-normal time, on the screen as it is then
    ACT      the hands move
    SEND     the command leaves and is repeated until the aircraft answers, the tries are used up, or the link goes
    BLIND    telemetry is too old: nothing is decided, the aircraft follows its own lost-link rules; when it comes
             back the picture has to be built again, which takes as long as a decision

Losing the link therefore costs more than its own length. A refused command, or one that does not help, leads to the
next option: another height (up where the screen shows margin left, else down), the other way, the return.

Chance is drawn by the number of the decision, so the same crew meets its first alarm equally fast in every flight of a
seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from samruk import noise
from samruk.lazy import jnp
from samruk.messages import Command, CommandKind, Mode, Telemetry
from samruk.mission import Crew, Rules
from samruk.tables import pick, to_float, to_int
from samruk.words import wide

Scalar = Any

MISSION_DT = 0.1
"""s."""
STALE = 5.0
"""s of telemetry age from which no command is built on the screen (struck-out values)."""
BLIND_AFTER = 15.0
"""s of telemetry age from which the crew has lost its picture."""
REPEAT = 3.0
"""s between two sendings of one command."""
TRIES = 20
"""Sendings of one command before the crew gives it up."""
LOW_MARGIN = 0.15
"""Stall margin below which the crew leaves the ice: an alarm."""
HIGH_POWER = 0.20
"""Power beyond the clean aircraft's need over which the crew leaves the ice."""
PATIENCE = 480.0
"""s of ice on the screen after which the crew leaves it, protected or not."""
EFFECT = 300.0
"""s that the crew gives another height to show its effect."""
EPISODE = 600.0
"""s without ice on the screen after which it is over: protection goes off, the options start anew."""
ROOM_MARGIN, ROOM_POWER = 0.25, 0.10
"""Stall margin above which, and power excess below which, the crew trusts the aircraft to climb."""
STEP_DOWN = 900.0
"""m of descent ordered where no warm air lies in reach."""
LAPSE = 0.0065
"""K/m that the crew expects the air to warm downwards."""
MELTING = 275.15
"""K, outside, in which ice melts off soon."""
NEVER = -1e9
"""s, of what has not happened."""

WATCH, DECIDE, ACT, SEND, BLIND = range(5)
NOTHING, PROTECT, UNPROTECT, UP, DOWN, HOME, RESUME = range(7)
"""What a command is about."""
EN_ROUTE = (Mode.CLIMB, Mode.ROUTE, Mode.LOITER, Mode.RETURN, Mode.DIVERT, Mode.LOST_LINK)
"""Modes in which the crew may want another height; an `ESCAPE` of the aircraft's own is left to it."""
OUTWARD = (Mode.CLIMB, Mode.ROUTE, Mode.LOITER)
"""Modes of the mission proper."""
LEAST_DECISION = 1.0
"""s, shortest reaction that the draw may give."""


@dataclass(frozen=True)
class CrewState:
    """What the crew knows and is about."""

    phase: Scalar = WATCH
    """0 watches, 1 decides, 2 acts, 3 sends, 4 blind."""
    due: Scalar = wide(0.0)
    """s, when the phase ends by itself: decision, hands done, next sending."""
    decisions: Scalar = 0
    """How many decisions were begun; keys the draws of chance."""
    wants: Scalar = NOTHING
    """What the command under way is about."""
    pending: Command = field(default_factory=Command)
    """The last command given."""
    tries: Scalar = 0
    """How often it has been sent."""
    outgoing: Command = field(default_factory=Command)
    """What leaves in this tick; sequence 0 is silence."""
    acked: Scalar = 0
    """Sequence of the last answer on the screen."""
    ice_first: Scalar = wide(NEVER)
    """s, when the present spell of ice was on the screen first."""
    ice_last: Scalar = wide(NEVER)
    """s, when ice was on the screen last."""
    knows_ice: Scalar = 0
    """1 once somebody has noticed the present ice: by its alarm, or in a look at the systems of this aircraft."""
    tried_up: Scalar = 0
    """1 when a climb out of this ice was ordered or refused."""
    tried_down: Scalar = 0
    """1 when a descent out of this ice was ordered or refused."""
    tried_home: Scalar = 0
    """1 when the return was ordered or refused."""
    ordered_at: Scalar = wide(NEVER)
    """s, when another height was ordered last."""
    protects: Scalar = 0
    """1 when the crew itself has switched protection on."""
    refused_at: Scalar = wide(NEVER)
    """s, when an order about protection was refused last."""
    outward: Scalar = 0
    """1 when the screen showed the mission under way before the link was lost."""
    resumes: Scalar = 0
    """1 when the crew has yet to look whether the mission must be taken up again after a gap."""


def initial() -> CrewState:
    """Watching, with nothing seen and nothing ordered."""
    return CrewState()


def step(
    crew: CrewState, received: Telemetry, age: Scalar, profile: Crew, rules: Rules, seed: Scalar, time: Scalar
) -> CrewState:
    """One mission tick (0.1 s) of the people on the ground.

    Args:
        crew: before.
        received: the newest telemetry that has arrived.
        age: s since it was sent.
        profile: how this crew works.
        rules: what the mission allows: ceiling, escape heights.
        seed: int32.
        time: s since the mission's epoch.
    """
    fresh = (age < STALE) & (received.tick >= 0)
    crew = _remember(crew, received, fresh, profile, time)
    crew = _lose_picture(crew, received, age)
    crew = _regain_picture(crew, fresh, profile, seed, time)
    crew = _answer(crew, received, fresh, time)
    want = _want(crew, received, profile, rules, time)
    crew = _notice(crew, received, want, fresh, profile, seed, time)
    crew = _decide(crew, received, want, fresh, profile, rules, time)
    return _send(crew, fresh, time)


def reaction_time(profile: Crew, seed: Scalar, number: Scalar) -> Scalar:
    """s from notice to decision: log-normal about the profile's median; `number` counts the decisions."""
    z, _ = noise.normal_pair(seed, noise.CREW, number)
    return jnp.maximum(profile.reaction * jnp.exp(profile.reaction_spread * z), LEAST_DECISION)


# The picture ----------------------------------------------------------------------------------------------------------


def _is_in(mode: Scalar, modes: tuple[Mode, ...]) -> Scalar:
    """Truth value: one of these modes."""
    found = mode == int(modes[0])
    for each in modes[1:]:
        found = found | (mode == int(each))
    return found


def _remember(crew: CrewState, seen: Telemetry, fresh: Scalar, profile: Crew, time: Scalar) -> CrewState:
    """Keep when ice was on the screen and whether anybody noticed; forget the options once it is over."""
    ice = fresh & ((seen.ice_detected != 0) | (seen.announces_ice != 0))
    noticed = (fresh & _ice_sounds(seen, profile)) | (ice & _looks(profile, time))
    over = time - crew.ice_last > EPISODE
    first = ice & over
    return replace(
        crew,
        ice_first=jnp.where(first, time, crew.ice_first),
        ice_last=jnp.where(ice, time, crew.ice_last),
        knows_ice=jnp.where(noticed, 1, jnp.where(over, 0, crew.knows_ice)),
        tried_up=jnp.where(over, 0, crew.tried_up),
        tried_down=jnp.where(over, 0, crew.tried_down),
    )


def _lose_picture(crew: CrewState, seen: Telemetry, age: Scalar) -> CrewState:
    """Telemetry too old: whatever was under way is dropped."""
    lost = (age > BLIND_AFTER) & (crew.phase != BLIND)
    under_way = _is_in(seen.mode, OUTWARD) & (seen.tick >= 0)
    crew = _drop(crew, lost & ((crew.phase == ACT) | (crew.phase == SEND)))
    return replace(
        crew,
        phase=jnp.where(lost, BLIND, crew.phase),
        outward=jnp.where(lost, to_int(under_way), crew.outward),
    )


def _drop(crew: CrewState, dropped: Scalar) -> CrewState:
    """An order that was not answered leaves its option open."""
    height = (crew.wants == UP) | (crew.wants == DOWN)
    return replace(
        crew,
        tried_up=jnp.where(dropped & (crew.wants == UP), 0, crew.tried_up),
        tried_down=jnp.where(dropped & (crew.wants == DOWN), 0, crew.tried_down),
        tried_home=jnp.where(dropped & (crew.wants == HOME), 0, crew.tried_home),
        ordered_at=jnp.where(dropped & height, NEVER, crew.ordered_at),
    )


def _regain_picture(crew: CrewState, fresh: Scalar, profile: Crew, seed: Scalar, time: Scalar) -> CrewState:
    """Telemetry is back: the picture is built again before anything is decided."""
    back = fresh & (crew.phase == BLIND)
    return replace(
        crew,
        phase=jnp.where(back, DECIDE, crew.phase),
        due=jnp.where(back, time + reaction_time(profile, seed, crew.decisions), crew.due),
        decisions=crew.decisions + to_int(back),
        resumes=jnp.where(back, crew.outward, crew.resumes),
    )


def _answer(crew: CrewState, seen: Telemetry, fresh: Scalar, time: Scalar) -> CrewState:
    """Read the answer to the command under way; a refusal closes that option."""
    answered = fresh & (crew.phase == SEND) & (seen.ack.sequence == crew.pending.sequence)
    accepted = answered & (seen.ack.accepted != 0)
    refused = answered & (seen.ack.accepted == 0)
    about_ice = (crew.wants == PROTECT) | (crew.wants == UNPROTECT)
    height = (crew.wants == UP) | (crew.wants == DOWN)
    return replace(
        crew,
        phase=jnp.where(answered, WATCH, crew.phase),
        acked=jnp.where(fresh, seen.ack.sequence, crew.acked),
        protects=jnp.where(accepted & about_ice, to_int(crew.wants == PROTECT), crew.protects),
        refused_at=jnp.where(refused & about_ice, time, crew.refused_at),
        ordered_at=jnp.where(refused & height, NEVER, crew.ordered_at),
    )


# What to do -----------------------------------------------------------------------------------------------------------


def _ice_sounds(seen: Telemetry, profile: Crew) -> Scalar:
    """Truth value: ice draws the ear. A station that does not hold its alarms sounds only while the aircraft's one
    announcement arrives; the state stands on a page of systems, for whoever looks there."""
    return jnp.where(profile.alarm_holds != 0, seen.ice_detected, seen.announces_ice) != 0


def _alarm(seen: Telemetry, profile: Crew) -> Scalar:
    """Truth value: the screen shows what sounds: ice without protection, or a low stall margin."""
    return (_ice_sounds(seen, profile) & (seen.protection_on == 0)) | (seen.stall_margin < LOW_MARGIN)


def _suffers(crew: CrewState, seen: Telemetry, time: Scalar) -> Scalar:
    """Truth value: ice has been about and the aircraft pays for it, or it does not end."""
    about = time - crew.ice_last < EPISODE
    lasting = (seen.ice_detected != 0) & (time - crew.ice_first > PATIENCE)
    return about & ((seen.stall_margin < LOW_MARGIN) | (seen.power_excess > HIGH_POWER) | lasting)


def _climb_to(seen: Telemetry, rules: Rules) -> Scalar:
    """m above mean sea level, height of a climb out of ice."""
    return seen.altitude_msl + rules.escape_up


def _descend_to(seen: Telemetry, rules: Rules) -> Scalar:
    """m above mean sea level: where the crew expects warm air if that is allowed, else a step down."""
    warm = seen.altitude_msl - jnp.maximum(MELTING - seen.temperature, 0.0) * (1.0 / LAPSE)
    return jnp.where(warm > rules.escape_floor, warm, jnp.maximum(seen.altitude_msl - STEP_DOWN, rules.escape_floor))


def _leave(crew: CrewState, seen: Telemetry, rules: Rules, time: Scalar) -> Scalar:
    """The option that is next: up where the screen shows room, else down, then the other, then home."""
    room = (seen.stall_margin > ROOM_MARGIN) & (seen.power_excess < ROOM_POWER)
    up = room & (_climb_to(seen, rules) <= rules.ceiling) & (crew.tried_up == 0)
    down = (seen.altitude_msl > rules.escape_floor + 100.0) & (crew.tried_down == 0)
    home = (crew.tried_home == 0) & (seen.mode != int(Mode.RETURN)) & (seen.mode != int(Mode.DIVERT))
    option = jnp.where(up, UP, jnp.where(down, DOWN, jnp.where(home, HOME, jnp.int32(NOTHING))))
    return jnp.where(time - crew.ordered_at < EFFECT, NOTHING, option)


def _want(crew: CrewState, seen: Telemetry, profile: Crew, rules: Rules, time: Scalar) -> Scalar:
    """What the crew would order on this screen, the most pressing first."""
    en_route = _is_in(seen.mode, EN_ROUTE)
    airborne = en_route | (seen.mode == int(Mode.ESCAPE))
    watches_ice = (profile.protects != 0) & (time - crew.refused_at > EFFECT)
    ice = seen.ice_detected != 0
    protect = airborne & watches_ice & ice & (crew.knows_ice != 0) & (seen.protection_on == 0)
    quiet = time - crew.ice_last > EPISODE
    unprotect = watches_ice & ~ice & quiet & (seen.protection_on != 0) & (crew.protects != 0)
    leaves = en_route & (profile.leaves_ice != 0) & _suffers(crew, seen, time)
    option = jnp.where(leaves, _leave(crew, seen, rules, time), NOTHING)
    turned = (seen.mode == int(Mode.RETURN)) | (seen.mode == int(Mode.LOST_LINK))
    resume = (crew.resumes != 0) & turned & quiet & (crew.wants != HOME)
    rest = jnp.where(unprotect, UNPROTECT, jnp.where(resume, RESUME, jnp.int32(NOTHING)))
    return jnp.where(protect, PROTECT, jnp.where(option != NOTHING, option, rest))


def _notice(
    crew: CrewState, seen: Telemetry, want: Scalar, fresh: Scalar, profile: Crew, seed: Scalar, time: Scalar
) -> CrewState:
    """An alarm, or what is known of ice, is thought of at once, anything else at the next look; then the decision
    takes its time."""
    draws_eye = _alarm(seen, profile) | (want == PROTECT) | _looks(profile, time)
    begins = fresh & (crew.phase == WATCH) & (want != NOTHING) & draws_eye
    return replace(
        crew,
        phase=jnp.where(begins, DECIDE, crew.phase),
        due=jnp.where(begins, time + reaction_time(profile, seed, crew.decisions), crew.due),
        decisions=crew.decisions + to_int(begins),
    )


def _looks(profile: Crew, time: Scalar) -> Scalar:
    """Truth value: somebody looks at this aircraft in this tick."""
    every = 1.0 / jnp.maximum(profile.scan, MISSION_DT)
    return jnp.floor(time * every) != jnp.floor((time - MISSION_DT) * every)


def _decide(
    crew: CrewState, seen: Telemetry, want: Scalar, fresh: Scalar, profile: Crew, rules: Rules, time: Scalar
) -> CrewState:
    """The decision falls on the screen as it is now; if nothing is wanted any more, the crew goes on watching."""
    decides = (crew.phase == DECIDE) & (time >= crew.due) & fresh
    orders = decides & (want != NOTHING)
    command = Command(crew.pending.sequence + 1, _kind(want), _argument(want, seen, rules))
    height = (want == UP) | (want == DOWN)
    return replace(
        crew,
        phase=jnp.where(orders, ACT, jnp.where(decides, WATCH, crew.phase)),
        due=jnp.where(orders, time + profile.action, crew.due),
        wants=jnp.where(orders, want, crew.wants),
        pending=pick(orders, command, crew.pending),
        tries=jnp.where(orders, 0, crew.tries),
        tried_up=jnp.where(orders & (want == UP), 1, crew.tried_up),
        tried_down=jnp.where(orders & (want == DOWN), 1, crew.tried_down),
        tried_home=jnp.where(orders & (want == HOME), 1, crew.tried_home),
        ordered_at=jnp.where(orders & height, time, crew.ordered_at),
        resumes=jnp.where(decides & ((want == RESUME) | (want == NOTHING)), 0, crew.resumes),
    )


def _kind(want: Scalar) -> Scalar:
    """The `CommandKind` of what is wanted."""
    protection = jnp.int32(int(CommandKind.ICE_PROTECTION))
    kind = jnp.where((want == UP) | (want == DOWN), int(CommandKind.SET_ALTITUDE), protection)
    kind = jnp.where(want == HOME, int(CommandKind.RETURN_HOME), kind)
    return jnp.where(want == RESUME, int(CommandKind.CONTINUE_ROUTE), kind)


def _argument(want: Scalar, seen: Telemetry, rules: Rules) -> Scalar:
    """The argument of the command, in the unit of its kind."""
    height = jnp.where(want == UP, _climb_to(seen, rules), _descend_to(seen, rules))
    return jnp.where((want == UP) | (want == DOWN), height, to_float(want == PROTECT))


def _send(crew: CrewState, fresh: Scalar, time: Scalar) -> CrewState:
    """The command leaves when the hands are done, and again until it is answered."""
    due = time >= crew.due
    starts = (crew.phase == ACT) & due & fresh
    repeats = (crew.phase == SEND) & due & (crew.tries < TRIES)
    gives_up = (crew.phase == SEND) & due & (crew.tries >= TRIES)
    sends = starts | repeats
    crew = _drop(crew, gives_up)
    return replace(
        crew,
        phase=jnp.where(starts, SEND, jnp.where(gives_up, WATCH, crew.phase)),
        due=jnp.where(sends, time + REPEAT, crew.due),
        tries=crew.tries + to_int(sends),
        outgoing=pick(sends, crew.pending, Command(0, 0, 0.0)),
    )
