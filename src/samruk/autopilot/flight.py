"""What the autopilot has decided and is in the middle of."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from samruk.frames import Vec3
from samruk.lazy import jnp
from samruk.messages import Mode, Reason
from samruk.words import wide

Scalar = Any

PREFLIGHT, LINE_UP, TAKE_OFF, CLIMB, ROUTE, LOITER, RETURN, DIVERT, LOST_LINK, ESCAPE, DESCENT, APPROACH, FLARE = (
    int(m) for m in list(Mode)[:13]
)
ROLL_OUT, GO_AROUND, STOPPED, REFUSED, GLIDE, HOLD, HEADING, STICK = (int(m) for m in list(Mode)[13:])
"""Modes as plain numbers, as the step wants them."""

PARKED = (PREFLIGHT, STOPPED, REFUSED)
"""Brakes on, waiting."""
ON_RUNWAY = (LINE_UP, TAKE_OFF, ROLL_OUT)
"""On the runway, or about to leave it."""
ORDERED = (HOLD, HEADING, STICK)
"""Where the crew of a live aircraft wants it."""
EN_ROUTE = (CLIMB, ROUTE, LOITER, LOST_LINK, ESCAPE, *ORDERED)
"""On the way: all protections watch."""
HOMEWARD = (RETURN, DIVERT, DESCENT)
"""Flying to a field."""
LANDING = (APPROACH, FLARE, ROLL_OUT)
"""Committed to a runway."""


@dataclass(frozen=True)
class Directed:
    """What a live aircraft has been ordered."""

    engine: Scalar = 0
    """1 while the engine is to run."""
    cleared: Scalar = 0
    """1 once take-off has been ordered and nothing spoke against it."""
    holds: Scalar = 0
    """1: after take-off or a go-around hold overhead; 0: fly the route, or try again."""
    height: Scalar = 0.0
    """m above mean sea level, of that hold."""
    latitude: Scalar = wide(0.0)
    """rad, ordered place."""
    longitude: Scalar = wide(0.0)
    """rad."""
    angle: Scalar = 0.0
    """rad, true: ordered heading, or the long axis of a figure eight."""
    pending: Scalar = 0
    """1: latitude, longitude and angle wait for the slow tick; 2: the angle only."""
    known: Scalar = 1
    """0: nothing is known yet of where to fly: wings level."""
    place_e: Vec3 = wide(Vec3)
    """m, ECEF: centre of the hold."""
    north: Scalar = 1.0
    """The angle as a unit vector, north."""
    east: Scalar = 0.0
    """East."""
    radius: Scalar = 0.0
    """m of the circle, positive clockwise; 0: that of the rules. Of a figure eight: that of both circles."""
    length: Scalar = 0.0
    """m, half the length of a figure eight; 0: a circle."""
    lobe: Scalar = 0
    """Of a figure eight: 0 circling clockwise beyond the middle, 1 on the line back, 2 circling to the left on the near
    side, 3 on the line out."""
    bank: Scalar = 0.0
    """rad, by the stick."""
    climb: Scalar = 0.0
    """m/s, by the stick."""
    age: Scalar = 0.0
    """s since the stick was last heard."""
    legs: Scalar = -1
    """Legs of the main route since it was swapped; -1: as the mission has it."""
    lost_legs: Scalar = -1
    """Legs of the lost-link route since it was swapped; -1: as the mission has it."""
    floor: Scalar = -1e4
    """m above mean sea level, from which a gentle climb clears the ground ahead; -10 km where none is kept."""
    wall: Scalar = -1e4
    """m above mean sea level, from which not even a steep climb does."""
    held: Scalar = 0
    """1 when the link was lost under orders: when it is back, it is waited for them in a hold."""


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
    turned: Scalar = 0.0
    """rad flown around the leg's circle."""
    directed: Directed = made(default_factory=Directed)
    """What a live aircraft has been ordered."""


def path_mode(flight: Flight) -> Scalar:
    """The mode whose path is flown: an escape from ice keeps to the path of what it interrupted."""
    return jnp.where(flight.mode == ESCAPE, flight.resume, flight.mode)


def under_orders(flight: Flight) -> Scalar:
    """Truth value: the path is that of an order, not of a leg."""
    return is_in(path_mode(flight), ORDERED)


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
