"""The crew's mailbox: each command is accepted or refused, with the reason, at the tick at which it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samruk.autopilot.flight import DIVERT, EN_ROUTE, ESCAPE, HOMEWARD, LOST_LINK, RETURN, ROUTE, Flight, is_in
from samruk.autopilot.handbook import Handbook
from samruk.autopilot.protection import Frost, ordered
from samruk.autopilot.situation import Situation
from samruk.lazy import jnp
from samruk.messages import Ack, Command, CommandKind, Reason
from samruk.mission import Task
from samruk.tables import pick, to_int

Scalar = Any

LEAST_ALTITUDE = 150.0
"""m above the home runway, lowest height that a crew may set."""


def obey(
    flight: Flight, frost: Frost, ack: Ack, inbox: Command, s: Situation, task: Task, book: Handbook
) -> tuple[Flight, Frost, Ack, Scalar]:
    """Flight, ice orders and answer after looking into the mailbox; and whether the main route is taken up again."""
    new = (inbox.sequence > 0) & (inbox.sequence != ack.sequence)
    reason = jnp.where(new, _objection(flight, inbox, s, task, book), int(Reason.NONE))
    accepted = new & (reason == int(Reason.NONE))
    answer = Ack(inbox.sequence, to_int(accepted), reason)
    kind = jnp.where(accepted, inbox.kind, int(CommandKind.NONE))
    resumed = kind == int(CommandKind.CONTINUE_ROUTE)
    protection = kind == int(CommandKind.ICE_PROTECTION)
    order = jnp.where(protection, to_int(inbox.argument > 0.5), frost.order)
    return _ordered(flight, kind, inbox.argument, s), ordered(frost, order), pick(new, answer, ack), resumed


def _objection(flight: Flight, inbox: Command, s: Situation, task: Task, book: Handbook) -> Scalar:
    """A `Reason` to refuse, NONE to accept."""
    kind, x = inbox.kind, inbox.argument
    none, not_now = int(Reason.NONE), int(Reason.NOT_NOW)
    en_route, homeward = is_in(flight.mode, EN_ROUTE), is_in(flight.mode, HOMEWARD)
    low, high = s.runway.elevation + LEAST_ALTITUDE, task.rules.ceiling
    named = jnp.where(x < 0.5, 1, jnp.where(x < 1.5, task.alternate_a.usable, task.alternate_b.usable)) == 1
    short = s.measurement.fuel < s.plan.home + s.plan.reserve
    fast = (x > 0.9 * book.limits.airspeed) | ((x > 0.0) & (x < 1.15 * s.stall))
    verdicts = {
        CommandKind.ICE_PROTECTION: jnp.int32(none),
        CommandKind.RETURN_HOME: jnp.where(en_route | (flight.mode == DIVERT), none, not_now),
        CommandKind.SET_ALTITUDE: jnp.where(en_route & (x >= low) & (x <= high), none, not_now),
        CommandKind.CONTINUE_ROUTE: jnp.where(short, int(Reason.FUEL), jnp.where(en_route | homeward, none, not_now)),
        CommandKind.DIVERT: jnp.where((en_route | homeward) & named, none, not_now),
        CommandKind.SET_AIRSPEED: jnp.where(fast, int(Reason.AIRSPEED), none),
    }
    reason = jnp.int32(not_now)
    for which, verdict in verdicts.items():
        reason = jnp.where(kind == int(which), verdict, reason)
    return reason


def _ordered(flight: Flight, kind: Scalar, x: Scalar, s: Situation) -> Flight:
    """The flight with an accepted command carried out."""
    home, resume = kind == int(CommandKind.RETURN_HOME), kind == int(CommandKind.CONTINUE_ROUTE)
    divert, altitude = kind == int(CommandKind.DIVERT), kind == int(CommandKind.SET_ALTITUDE)
    speed = kind == int(CommandKind.SET_AIRSPEED)
    back = home | (divert & (x < 0.5))
    away = divert & (x >= 0.5)
    changed = home | resume | divert
    mode = jnp.where(back, RETURN, jnp.where(away, DIVERT, jnp.where(resume, ROUTE, flight.mode)))
    lost = (flight.mode == LOST_LINK) | ((flight.mode == ESCAPE) & (flight.resume == LOST_LINK))
    return replace(
        flight,
        mode=mode,
        reason=jnp.where(changed, int(Reason.CREW), flight.reason),
        since=jnp.where(changed, 0.0, flight.since),
        leg=jnp.where(resume & lost, flight.route_leg, flight.leg),
        leg_known=jnp.where(resume, 0, flight.leg_known),
        circling=jnp.where(changed, 0, flight.circling),
        field=jnp.where(back, 0, jnp.where(away, to_int(x + 0.5), flight.field)),
        hold=jnp.where(back | away, jnp.maximum(s.estimate.altitude_msl, s.runway.elevation + 600.0), flight.hold),
        altitude_order=jnp.where(altitude, x, jnp.where(resume, 0.0, flight.altitude_order)),
        airspeed_order=jnp.where(speed, x, flight.airspeed_order),
    )
