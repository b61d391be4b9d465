"""The words of control: levels, states, steps, times; what is asked, told and written down."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum

from samruk.vehicle.service import Result

ANSWERS = 20
"""Answers to one station between two drains of the audit that get a line each."""
NOBODY = 0
"""Holder of a level that is free."""
BEYOND = 256
"""First number that is no system id."""


class Level(IntEnum):
    """Levels of interoperability that are held; 0 is open to everybody."""

    OPEN = 0
    """Looking: telemetry, downloads, requests of messages."""
    PAYLOAD = 3
    """The turret and its cameras."""
    AIR = 4
    """The air vehicle, but not its launch and recovery."""
    RECOVERY = 5
    """Launch and recovery: engine, arming, take-off, landing."""


HELD = (Level.PAYLOAD, Level.AIR, Level.RECOVERY)
"""The levels that have a holder."""
FLYING = (Level.AIR, Level.RECOVERY)
"""The levels without whose holder an aircraft in the air is alone."""


class State(IntEnum):
    """Of the control of the air vehicle."""

    FREE = 0
    """Nobody holds it, and it stands on the ground."""
    HELD = 1
    """Held by a station that is heard."""
    LOST = 2
    """Held by a station that is silent: the lost-link timer runs."""
    REGAINED = 3
    """Held by a station that is heard again: its inputs count as neutral until it acknowledges."""
    ALONE = 4
    """In the air and held by nobody: the lost-link timer runs."""


class Step(IntEnum):
    """Of a positive hand-over, as parameter 1 of SAMRUK_HANDOVER numbers them."""

    NONE = 0
    """None is under way."""
    OFFER = 1
    """The holder offers."""
    REQUEST = 2
    """The other station requests."""
    ACCEPT = 3
    """Both agree; the other station accepts the differences, one by one."""
    TRANSFER = 4
    """The holder transfers."""
    READ_BACK = 5
    """The other station reads back: control passes now."""
    CANCEL = 6
    """Either calls it off."""
    ACKNOWLEDGE = 7
    """Not of a hand-over: a station acknowledges that it has regained control."""


@dataclass(frozen=True)
class Times:
    """s of simulated time after which the machine acts by itself.

    What waits for people (`armed`, `answer`, `differences`, `read_back`) waits so many s of their own time: faster than
    real time that is so many times more of simulated time.
    """

    lost: float = 10.0
    """Silence of the holder after which the link counts as lost: ten heartbeats."""
    override: float = 30.0
    """Silence after which a station with the right may override."""
    dwell: float = 3.0
    """Least time between the two actions of an override: a holder who is heard in it ends it."""
    armed: float = 30.0
    """Longest time between the two."""
    alone: float = 120.0
    """Silence after which the holder in the air counts as gone, and the aircraft as alone."""
    answer: float = 60.0
    """For which an offer, a request or leave to take over stands."""
    differences: float = 180.0
    """In which the differences are to be accepted and control transferred."""
    read_back: float = 2.0
    """From transfer to read-back; otherwise the giver keeps control."""
    settle: float = 3.0
    """After a station has given up control or withdrawn its leave, in which the contrary from it counts as a late
    copy."""
    forward: float = 3.0
    """Least time between two forwarded requests of one station."""


TIMES = Times()
STRIDE = 1.0
"""s of simulated time, times the speed, that one turn counts at most where late copies are waited for: frames that
were on their way when a clock jumped come after the jump."""
BEHIND = 1.5
"""s of wall time that a heartbeat at 1 Hz may be late; times the speed above 1, it is allowed to every time above."""


@dataclass(frozen=True)
class Audit:
    """A line of the audit."""

    number: int
    """Counts from 1; never twice."""
    time: float
    """s of simulated time."""
    who: int
    """System id of the station; 0 for the aircraft itself."""
    what: str
    """What was asked, or what happened."""
    result: int
    """A `Result`."""
    reason: str = ""
    """Why, in words."""
    times: int = 1
    """How often in a row."""


@dataclass(frozen=True)
class Decision:
    """What becomes of something that a station asks."""

    result: int
    """A `Result`."""
    reason: str = ""
    """Why not, in words."""

    @property
    def granted(self) -> bool:
        """True when it was granted."""
        return self.result == Result.ACCEPTED


YES = Decision(Result.ACCEPTED)
NO_SYSTEM = "a station has a system id from 1 to 255"


def is_system(station: int) -> bool:
    """Whether a number can be the id of a station; 0 would be nobody."""
    return 1 <= station < BEYOND


def refused(reason: str, result: int = Result.DENIED) -> Decision:
    """A refusal with its reason."""
    return Decision(result, reason)


@dataclass(frozen=True)
class Value:
    """Something that the aircraft is commanded to, or holds; told to whoever takes it over."""

    name: str
    """Up to 24 characters."""
    value: float
    """In SI and radians, or a number that stands for a state; NaN where the aircraft follows none now."""
    tolerance: float = 0.0
    """A station that shows a value this near shows the same."""
    turn: float = 0.0
    """Value after which it begins anew; 0 for none, 2 pi for an angle."""

    def same(self, other: float) -> bool:
        """Whether another value is the same within the tolerance; nothing shown never is, but where the aircraft
        follows none there is nothing to show."""
        if math.isnan(self.value):
            return True
        apart = abs(other - self.value)
        if self.turn:
            apart = abs(math.remainder(other - self.value, self.turn))
        return apart <= self.tolerance


@dataclass(frozen=True)
class Difference:
    """A commanded value that the receiving station does not show."""

    index: int
    """Place in the list of commanded values."""
    name: str
    """Of the value."""
    aircraft: float
    """What the aircraft has."""
    station: float
    """What the station shows; not a number where it has said nothing."""
    accepted: bool
    """The receiving station has accepted it."""


@dataclass
class Handover:
    """A positive hand-over under way."""

    number: int
    """Counts from 1; a step that names another one is stale."""
    giver: int
    """Station that holds the levels."""
    receiver: int
    """Station that is to hold them."""
    levels: tuple[Level, ...]
    """What passes."""
    step: Step
    """The last one taken."""
    until: float
    """Machine time at which it ends by itself."""
    shown: dict[int, float] = field(default_factory=dict)
    """Index of a commanded value -> what the receiver shows."""
    accepted: dict[int, float] = field(default_factory=dict)
    """Index -> value of the aircraft that the receiver accepted."""


@dataclass(frozen=True)
class Forward:
    """A request to be passed on to the holder."""

    owner: int
    """System id of the holder who is asked."""
    requester: int
    """System id of the station that asks."""
    patience: float
    """s for which the request stands."""
