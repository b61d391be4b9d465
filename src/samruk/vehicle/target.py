"""Where an aircraft is flying to, from its own picture and its own route."""

from __future__ import annotations

from dataclasses import dataclass

from samruk import sphere
from samruk.messages import Mode
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.live import LOST_LINK, MAIN
from samruk.vehicle.picture import Picture


@dataclass(frozen=True)
class Target:
    """The place that is flown to, and the way there."""

    latitude: float
    """rad."""
    longitude: float
    """rad, east."""
    distance: float
    """m over the ground."""
    course: float
    """rad from true north to it; the present course where no place is flown to."""


def away(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> tuple[float, float]:
    """Distance (m) and bearing (rad) from one place to another over a great circle."""
    return sphere.distance(lat_2, lon_2, lat_1, lon_1), sphere.bearing((lat_1, lon_1), (lat_2, lon_2))


def target_of(aircraft: Aircraft, picture: Picture) -> Target:
    """The place that is flown to."""
    e = picture.estimate
    place = _place(aircraft, picture)
    if place is None:
        course = picture.heading if picture.landed else picture.course
        if picture.mode == Mode.HEADING:
            course = float(picture.flight.directed.angle)
        return Target(e.latitude, e.longitude, 0.0, course)
    distance, bearing = away(e.latitude, e.longitude, *place)
    return Target(*place, distance, bearing)


def _place(aircraft: Aircraft, picture: Picture) -> tuple[float, float] | None:
    """Latitude and longitude, or None where only a direction is flown or the aircraft stands."""
    flight, mode = picture.flight, picture.mode
    if mode in (Mode.PREFLIGHT, Mode.STOPPED, Mode.REFUSED, Mode.HEADING, Mode.STICK):
        return None
    if mode == Mode.HOLD:
        return flight.directed.latitude, flight.directed.longitude
    if mode in (Mode.CLIMB, Mode.ROUTE, Mode.LOITER, Mode.LOST_LINK, Mode.ESCAPE):
        legs = aircraft.legs(LOST_LINK if mode == Mode.LOST_LINK else MAIN)
        leg = legs[min(int(flight.leg), len(legs) - 1)] if legs else None
        return (leg.latitude, leg.longitude) if leg else None
    task = aircraft.flight_plan.task
    field = (task.home, task.alternate_a, task.alternate_b)[int(flight.field)]
    return field.latitude, field.longitude
