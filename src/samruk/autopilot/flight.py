"""What the autopilot has decided and is in the middle of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.lazy import jnp
from samruk.messages import Mode, Reason
from samruk.words import wide

Scalar = Any

PREFLIGHT, LINE_UP, TAKE_OFF, CLIMB, ROUTE, LOITER, RETURN, DIVERT, LOST_LINK, ESCAPE, DESCENT, APPROACH, FLARE = (
    int(m) for m in list(Mode)[:13]
)
ROLL_OUT, GO_AROUND, STOPPED, REFUSED, GLIDE = (int(m) for m in list(Mode)[13:])
"""Modes as plain numbers, as the step wants them."""

PARKED = (PREFLIGHT, STOPPED, REFUSED)
"""Brakes on, waiting."""
ON_RUNWAY = (LINE_UP, TAKE_OFF, ROLL_OUT)
"""On the runway, or about to leave it."""
EN_ROUTE = (CLIMB, ROUTE, LOITER, LOST_LINK, ESCAPE)
"""Flying legs of a route."""
HOMEWARD = (RETURN, DIVERT, DESCENT)
"""Flying to a field."""
LANDING = (APPROACH, FLARE, ROLL_OUT)
"""Committed to a runway."""


@dataclass(frozen=True)
class Flight:
    """Mode, route and orders."""

    mode: Scalar = PREFLIGHT
    """A `Mode`."""
    reason: Scalar = int(Reason.NONE)
    """A `Reason`: why this mode."""
    since: Scalar = wide(0.0)
    """s in this mode."""
    resume: Scalar = ROUTE
    """Mode to go back to after an escape."""
    leg: Scalar = 0
    """Leg of the route in hand (main or lost-link)."""
    route_leg: Scalar = 0
    """Leg of the main route to go back to."""
    leg_known: Scalar = 0
    """1 once the slow tick has read the leg's places."""
    circling: Scalar = 0
    """1 while the leg's circle is flown."""
    stay: Scalar = wide(0.0)
    """s left of the circle."""
    field: Scalar = 0
    """Where to land: 0 home, 1 and 2 the alternates."""
    altitude_order: Scalar = 0.0
    """m, the crew's or an escape's height for this leg; 0 none."""
    airspeed_order: Scalar = 0.0
    """m/s calibrated, the crew's; 0 none."""
    hold: Scalar = 0.0
    """m, height to fly home at."""
    go_arounds: Scalar = 0
    """Approaches given up."""
    rotating: Scalar = 0.0
    """s since the nose was raised for take-off; 0 before."""
    off_ground: Scalar = wide(0.0)
    """s since the wheels last carried weight."""
    link_good: Scalar = wide(0.0)
    """s for which the link has been back."""
    descended: Scalar = 0
    """1 when an escape has already tried to go down."""
    cold_wait: Scalar = wide(0.0)
    """s until the next step down from air that cools the fuel too far."""
    rejected: Scalar = 0
    """1 when the take-off was given up."""


def is_in(mode: Scalar, modes: tuple[int, ...]) -> Scalar:
    """Truth value: the mode is one of these."""
    mask = sum(1 << m for m in modes)
    return (jnp.right_shift(jnp.int32(mask), jnp.asarray(mode)) & jnp.int32(1)) == 1


def by_mode(mode: Scalar, table: dict[tuple[int, ...], Scalar], otherwise: Scalar) -> Scalar:
    """The table's value for the mode."""
    value = otherwise
    for modes, entry in table.items():
        value = jnp.where(is_in(mode, modes), entry, value)
    return value
