"""The way ahead: distances, heights, the horizon, and hills in between."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.fake_aircraft import HERE, Air, site

from samruk import sphere
from samruk.station import predict, wire
from samruk.station.maps import Ground
from samruk.terrain_file import Grid

EARTH = 6371008.8


def aircraft(altitude: float = 1500.0, margin: float = 40.0) -> wire.Aircraft:
    air = Air()
    air.aircraft[0].altitude = altitude
    air.run(2.0)
    found = air.picture().aircraft[0]
    found.links = [wire.Bearer("line_of_sight", margin, True), wire.Bearer("satellite", 5.0, True)]
    return found


def east(metres: float) -> float:
    return HERE[1] + metres / (EARTH * math.cos(HERE[0]))


def item(metres: float, altitude: float, command: int = 16, frame: int = 0, p1: float = 0.0) -> wire.Item:
    return wire.Item(command, frame, (p1, 0.0, 0.0, None), HERE[0], east(metres), altitude)


def test_a_way_is_as_long_as_its_legs_and_waits_where_it_loiters() -> None:
    plan = [item(10_000.0, 2000.0), item(20_000.0, 2000.0, 19, p1=600.0), item(30_000.0, 2000.0)]
    points = predict.way(aircraft(), plan, 0, Ground(), 30.0)
    assert points[-1].distance == pytest.approx(30_000.0, rel=1e-3)
    assert points[-1].s == pytest.approx(1000.0 + 600.0, rel=1e-3)


def test_heights_are_said_above_the_sea_whatever_their_frame() -> None:
    ground = Ground(plain=250.0)
    assert predict.height_of(item(0.0, 900.0), 300.0, ground) == 900.0
    assert predict.height_of(item(0.0, 900.0, frame=3), 300.0, ground) == 1200.0
    assert predict.height_of(item(0.0, 900.0, frame=10), 300.0, ground) == 1150.0


def test_a_return_leads_home() -> None:
    plan = [item(10_000.0, 2000.0), wire.Item(20, 2, (0.0, 0.0, 0.0, 0.0), None, None, 0.0)]
    last = predict.way(aircraft(), plan, 0, Ground(), 30.0)[-1]
    assert (last.latitude, last.longitude, last.altitude) == pytest.approx((*HERE, 300.0), abs=1e-6)


def test_margin_falls_by_six_decibels_where_the_distance_doubles() -> None:
    a, home = aircraft(), site()
    here = predict.Point(0.0, 0.0, HERE[0], east(20_000.0), 3000.0)
    far = predict.Point(0.0, 0.0, HERE[0], east(40_000.0), 3000.0)
    start = sphere.distance(home.latitude or 0.0, home.longitude or 0.0, here.latitude, here.longitude)
    end = sphere.distance(home.latitude or 0.0, home.longitude or 0.0, far.latitude, far.longitude)
    near, later = predict.margins(a, home, [here, far], Ground(plain=0.0))
    assert near.los_db == pytest.approx(40.0)
    assert later.los_db == pytest.approx(40.0 - 20.0 * math.log10(end / start), abs=0.05)  # slant, 3 km up


def test_the_horizon_lies_where_the_four_thirds_earth_puts_it() -> None:
    """Both ends see sqrt(2 k R h): 15 m and 1500 m over a level Earth, 16.0 + 159.6 km (ITU-R P.452's k = 4/3)."""
    k = 4.0 / 3.0 * EARTH
    horizon = math.sqrt(2 * k * 15.0) + math.sqrt(2 * k * 1500.0)
    station = wire.Site("S1", "S1", 241, *HERE, True, 0.0)
    for metres, seen in ((0.97 * horizon, True), (1.03 * horizon, False)):
        point = predict.Point(0.0, 0.0, HERE[0], east(metres), 1500.0)
        # 192 places along the ray leave less than 1 % of its length unseen
        assert (predict.clearance(station, point, Ground(plain=0.0)) > 0.0) is seen


def test_a_hill_between_hides_the_aircraft() -> None:
    heights = np.zeros((101, 101), np.int16)
    heights[:, 50] = 1200
    spacing = 0.0002
    grid = Grid(heights, HERE[0] + 50 * spacing, HERE[1] - 20 * spacing, spacing, spacing)
    ground = Ground([grid], plain=0.0)
    station = wire.Site("S1", "S1", 241, *HERE, True, 0.0)
    behind = HERE[1] + 60 * spacing
    assert predict.clearance(station, predict.Point(0.0, 0.0, HERE[0], behind, 1000.0), ground) < 0.0
    assert predict.clearance(station, predict.Point(0.0, 0.0, HERE[0], behind, 9000.0), ground) > 0.0


def test_a_gap_is_a_gap_of_all_links_only_where_the_satellite_is_down_too() -> None:
    both = [(5.0, 3.0), (-1.0, 3.0), (-20.0, -2.0), (-1.0, 3.0), (4.0, 3.0)]
    rows = [wire.Margin(60.0 * k, 2000.0 * k, los, satellite) for k, (los, satellite) in enumerate(both)]
    found = predict.gaps(rows)
    assert [(gap.bearer, gap.start_s, gap.end_s) for gap in found] == [
        ("line_of_sight", 60.0, 240.0),
        ("all", 120.0, 180.0),
    ]


def test_an_aircraft_on_the_runway_is_not_below_it() -> None:
    station = wire.Site("S1", "S1", 241, *HERE, True, 0.0)
    point = predict.Point(0.0, 0.0, HERE[0], east(1500.0), 296.0)
    assert predict.clearance(station, point, Ground(plain=300.0)) > 0.0
