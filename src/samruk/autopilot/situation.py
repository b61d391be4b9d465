"""What modes, setpoints and commands look at: one picture of the moment, computed once in a mission tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.autopilot.airdata import AirData
from samruk.autopilot.guidance import Manner, Path
from samruk.autopilot.plan import Plan
from samruk.autopilot.protection import Frost
from samruk.frames import Vec3
from samruk.messages import Estimate, Measurement
from samruk.mission import Runway

Scalar = Any


@dataclass(frozen=True)
class LegRow:
    """The row of the route in hand."""

    altitude: Scalar
    """m above mean sea level."""
    airspeed: Scalar
    """m/s calibrated, 0 free."""
    loiter: Scalar
    """s."""
    station: Scalar
    """1.0 on station."""
    count: Scalar
    """Legs of the route in hand."""
    manner: Manner
    """Circle, arc and corner."""
    before_arc: Scalar
    """Truth value: the next leg is an arc."""


@dataclass(frozen=True)
class Situation:
    """The moment. Distances to the runway are along and right of its extended centreline."""

    estimate: Estimate
    measurement: Measurement
    air: AirData
    frost: Frost
    plan: Plan
    runway: Runway
    """Where to land."""
    leg: Path
    """The leg in hand."""
    centre_north: Scalar
    """m to the centre of the circle: the leg's place, or one that was ordered."""
    centre_east: Scalar
    """m."""
    turn_ahead: Scalar
    """m before its end at which the next one begins."""
    radius: Scalar
    """m, of circles here and now."""
    turning: Scalar
    """1 clockwise, -1 to the left."""
    line: Path
    """The line of a figure eight in hand, through its middle."""
    reach: Scalar
    """m from the middle of a figure eight to where its lines touch its circles."""
    nose: Vec3
    """m/s: the ground speed in the direction of the nose, north and east."""
    lowest: Scalar
    """m above mean sea level, that may be ordered."""
    final: Path
    """The extended centreline of the runway."""
    gate: Path
    """The circle that touches it at the approach gate."""
    gate_radius: Scalar
    """m, of that circle."""
    gate_height: Scalar
    """m above mean sea level, at the gate."""
    gate_distance: Scalar
    """m from the threshold to the gate."""
    on_final: Scalar
    """Truth value: a glide has come to the point where it turns onto the runway's line."""
    economy: Scalar
    """1 while the propeller turns at its economy speed."""
    course_error: Scalar
    """rad, course over the ground less runway heading."""
    ground_speed: Scalar
    """m/s."""
    row: LegRow
    stall: Scalar
    """m/s calibrated, clean wing, flap as it stands, load factor 1."""
    flap: Scalar
    """0..1, by its own rate."""
    gear: Scalar
    """0..1, by its own rate."""
    starved: Scalar
    """s for which full power was not enough."""
    heading_sigma: Scalar
    """rad."""
    link_age: Scalar
    """s since the last valid frame from the ground."""
    time: Scalar
    """s since the mission's epoch."""
