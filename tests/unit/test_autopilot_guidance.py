"""Facts about paths and the bank that flies them."""

from __future__ import annotations

import math

import pytest

from samruk import earth
from samruk.autopilot import guidance, navigation
from samruk.autopilot.guidance import Leg, Path
from samruk.frames import Vec3

LATITUDE, LONGITUDE = 0.9, 1.25
R_NE = earth.R_ne(LATITUDE, LONGITUDE)
HERE = earth.ecef(LATITUDE, LONGITUDE, 3000.0)


def place(north: float, east: float, height: float = 3000.0) -> Vec3:
    """A place near the aircraft, ECEF."""
    return guidance.place_e(*earth.offset(LATITUDE, LONGITUDE, north, east), height)


def bank_for(path: Path, v_n: Vec3) -> float:
    """Commanded bank, rad."""
    return float(guidance.bank(guidance.lateral_acceleration(path, v_n, 10.0, 0.35), 0.5))


def test_a_leg_to_the_north_passing_east_of_the_aircraft_lies_to_its_right() -> None:
    path = guidance.line(Leg(place(-5000.0, 300.0), place(20000.0, 300.0), HERE), HERE, R_NE)
    assert float(path.right) == pytest.approx(-300.0, abs=2.0)  # offset of 300 m along the surface, chord at 3 km
    assert float(path.north) == pytest.approx(1.0, abs=1e-3)
    assert float(path.to_go) == pytest.approx(20000.0, rel=1e-3)  # 3 km of height is 0.05 % of the radius
    assert bank_for(path, Vec3(45.0, 0.0, 0.0)) > 0.05


def test_on_the_leg_and_on_course_the_wings_are_level() -> None:
    path = guidance.line(Leg(place(-5000.0, 0.0), place(20000.0, 0.0), HERE), HERE, R_NE)
    assert abs(bank_for(path, Vec3(45.0, 0.0, 0.0))) < 2e-3


def test_flying_the_wrong_way_turns_the_aircraft_round() -> None:
    path = guidance.line(Leg(place(-5000.0, 0.0), place(20000.0, 0.0), HERE), HERE, R_NE)
    assert abs(bank_for(path, Vec3(-45.0, -1.0, 0.0))) == pytest.approx(0.5)


def test_a_leg_over_the_pole_and_the_date_line_has_no_jump() -> None:
    near_pole = earth.ecef(math.pi / 2 - 1e-4, 0.0, 5000.0)
    leg = Leg(earth.ecef(1.5, 0.0, 5000.0), earth.ecef(1.5, math.pi, 5000.0), near_pole)
    path = guidance.line(leg, near_pole, earth.R_ne(math.pi / 2 - 1e-4, 0.0))
    assert float(path.right) == pytest.approx(0.0, abs=1.0)
    assert float(path.north) == pytest.approx(1.0, abs=1e-3)


def test_a_circle_is_flown_clockwise() -> None:
    """West of the centre, at the radius: north is the way, and the bank is to the right by V^2 / (g R)."""
    path = guidance.circle(0.0, 1500.0, 1500.0)
    assert (float(path.north), float(path.east)) == (pytest.approx(1.0), pytest.approx(0.0))
    assert float(path.right) == pytest.approx(0.0)
    assert bank_for(path, Vec3(45.0, 0.0, 0.0)) == pytest.approx(math.atan(45.0**2 / (9.80665 * 1500.0)), rel=1e-6)


def test_far_outside_a_circle_the_way_is_towards_it() -> None:
    path = guidance.circle(0.0, 30000.0, 1500.0)
    assert bank_for(path, Vec3(0.0, 45.0, 0.0)) == pytest.approx(0.0, abs=0.15)  # its tangent is 3 degrees off centre
    assert bank_for(path, Vec3(45.0, 0.0, 0.0)) == pytest.approx(0.5)


def test_a_runway_ahead_has_way_to_go_and_an_aircraft_east_of_it_is_right_of_it() -> None:
    path = guidance.runway_line(5000.0, -80.0, 1.0, 0.0)  # threshold 5 km north and 80 m west, landing north
    assert float(path.to_go) == pytest.approx(5000.0)
    assert float(path.right) == pytest.approx(80.0)


def test_a_sharp_corner_is_begun_earlier_than_a_blunt_one() -> None:
    def ahead(north: float, east: float) -> float:
        leg = Leg(place(-9000.0, 0.0), place(9000.0, 0.0), place(9000.0 + north, east))
        return float(guidance.turn_ahead(leg, guidance.line(leg, HERE, R_NE), HERE, R_NE, 500.0, 45.0))

    straight, square, back = ahead(9000.0, 0.0), ahead(0.0, 9000.0), ahead(-9000.0, 10.0)
    assert straight == pytest.approx(67.5, abs=3.0)  # roll time alone: 1.5 s at 45 m/s
    assert square == pytest.approx(567.5, rel=0.01)  # radius times tan 45 degrees beside it
    assert back == pytest.approx(5.0 * 500.0 + 67.5, rel=0.01)  # capped at five radii


def test_the_anchor_gives_the_place_of_a_neighbour() -> None:
    anchor = guidance.anchor_at(HERE, navigation.gravity_e(HERE))
    latitude, longitude, height = (float(x) for x in guidance.local(anchor, place(60.0, -40.0, 3010.0)))
    lat, lon = (float(x) for x in earth.offset(LATITUDE, LONGITUDE, 60.0, -40.0))
    assert latitude == pytest.approx(lat, abs=1e-9)  # 6 mm
    assert longitude == pytest.approx(lon, abs=2e-9)  # convergence over 60 m
    assert height == pytest.approx(3010.0, abs=0.01)
