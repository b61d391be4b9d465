"""The map: true angles and distances, names that never cross, nothing that the mission did not state."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drawn import BROWSER, crossings, measured, outside, texts
from tests.synthetic_day import MIDNIGHT, first_flight, mission_map, random_day, three_ways

from samruk.verdict import map as chart
from samruk.verdict.map import Aerodrome, Antenna, CloudFootprint, MissionMap, Place
from samruk.verdict.map_projection import EARTH, away, cone_for, line_of_sight
from samruk.verdict.picture import Event, StripFlight

latitudes = st.floats(-1.3, 1.3)
longitudes = st.floats(-3.1, 3.1)


def great_circle(a: tuple[float, float], b: tuple[float, float]) -> float:
    """m, by the haversine."""
    h = math.sin((b[0] - a[0]) / 2) ** 2 + math.cos(a[0]) * math.cos(b[0]) * math.sin((b[1] - a[1]) / 2) ** 2
    return 2.0 * EARTH * math.asin(math.sqrt(h))


# --------------------------------------------------------------------------------------------------------- projection


@given(latitudes, longitudes, st.floats(0, 2 * math.pi), st.floats(1e3, 4e5))
def test_a_place_at_a_distance_is_at_that_distance(lat: float, lon: float, bearing: float, distance: float):
    there = away(lat, lon, bearing, distance)
    assert great_circle((lat, lon), (float(there[0]), float(there[1]))) == pytest.approx(distance, rel=1e-6)


@given(latitudes, longitudes, st.floats(0.2, 5.0), st.floats(0.2, 5.0))
def test_distances_on_the_chart_are_true_to_a_third_of_a_per_cent(lat: float, lon: float, high: float, wide: float):
    corner = np.array([lat - math.radians(high) / 2, lat + math.radians(high) / 2])
    cone = cone_for(corner, lon + np.radians([-wide, wide]) / 2)
    there = away(lat, lon, np.radians([0.0, 45.0, 90.0, 200.0]), 50e3)
    x0, y0 = cone.xy(np.array([lat]), np.array([lon]))
    x, y = cone.xy(*there)
    # a cone over h radians of latitude is off by at most about h^2 / 16 in the middle: 0.05 % for 5 degrees; the rest
    # is the bending of a 50 km great circle near the poles of the chart
    assert np.hypot(x - x0, y - y0) == pytest.approx(50e3, rel=3e-3)


@given(latitudes, longitudes, st.floats(0.2, 5.0))
def test_right_angles_stay_right(lat: float, lon: float, span: float):
    cone = cone_for(np.array([lat - math.radians(span) / 2, lat + math.radians(span) / 2]), np.array([lon, lon + 0.02]))
    x, y = cone.xy(np.array([lat, lat + 1e-5, lat]), np.array([lon, lon, lon + 1e-5 / math.cos(lat)]))
    north, east = (x[1] - x[0]) + 1j * (y[1] - y[0]), (x[2] - x[0]) + 1j * (y[2] - y[0])
    # steps of 1e-5 rad leave angles good to about that
    assert abs(np.angle(north / east) - math.pi / 2) < 1e-4
    assert abs(abs(north / east) - 1.0) < 1e-4


@given(latitudes, longitudes, st.floats(-2e5, 2e5), st.floats(-2e5, 2e5))
def test_back_from_the_chart_is_the_same_place(lat: float, lon: float, x: float, y: float):
    cone = cone_for(np.array([lat - 0.02, lat + 0.02]), np.array([lon]))
    again = cone.xy(*(np.array([each]) for each in cone.back(x, y)))
    assert (float(again[0][0]), float(again[1][0])) == pytest.approx((x, y), abs=0.5)


def test_the_chart_does_not_tear_at_the_date_line():
    cone = cone_for(np.radians([60.0, 61.0]), np.radians([179.5, -179.5]))
    x, _ = cone.xy(np.radians([60.5, 60.5]), np.radians([179.5, -179.5]))
    assert abs(x[1] - x[0]) < 60e3
    assert x[1] > x[0]


def test_line_of_sight_is_the_four_thirds_rule():
    # 4.12 (sqrt(h1) + sqrt(h2)) km for heights in m: the usual form of the 4/3 radius
    assert line_of_sight(15.0, 4000.0) == pytest.approx(4120.0 * (math.sqrt(15.0) + math.sqrt(4000.0)), rel=2e-3)


# -------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("size", ["full", "phone"])
def test_no_two_names_cross_and_none_leaves_the_paper(size: str):
    svg = chart.draw(mission_map(), three_ways().flights, "dark", size)
    assert crossings(svg) == []
    assert outside(svg) == []
    assert min(each.size for each in texts(svg)) >= 10.5


@pytest.mark.parametrize("size", ["full", "phone"])
def test_a_circuit_of_a_few_kilometres_fits_too(size: str):
    svg = chart.draw(MissionMap(aerodromes=mission_map().aerodromes[:1]), first_flight().flights, "light", size)
    assert crossings(svg) == []
    assert "LTAC" in [each.text for each in texts(svg)]


def test_an_empty_map_is_still_a_map():
    assert "°" in "".join(each.text for each in texts(chart.draw(MissionMap())))


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_map_keeps_its_names_apart(data: st.DataObject):
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    middle, span = (rng.uniform(-1.2, 1.2), rng.uniform(-3.1, 3.1)), float(np.exp(rng.uniform(-7.0, -2.5)))

    def place() -> tuple[float, float]:
        return middle[0] + rng.uniform(-span, span), middle[1] + rng.uniform(-span, span) / math.cos(middle[0])

    what = MissionMap(
        route=tuple(Place(f"W{k}", *place()) for k in range(rng.integers(0, 30))),
        lost_link=tuple(Place("", *place()) for _ in range(rng.integers(0, 4))),
        aerodromes=tuple(Aerodrome(f"FLD{k}", *place(), rng.uniform(0, 6.28)) for k in range(rng.integers(1, 5))),
        antennas=(Antenna("S1", *place(), reach_at=(1000.0, 5000.0)),),
        clouds=tuple(CloudFootprint(*place(), rng.uniform(0, 3.1), 1e6 * span, 4e5 * span, 1000.0, 3000.0)
                     for _ in range(rng.integers(0, 4))),
    )  # fmt: skip
    size = data.draw(st.sampled_from(["full", "phone"]))
    flights = random_day(seed).flights
    svg = chart.draw(what, flights, "dark", size)
    assert crossings(svg) == []
    assert outside(svg) == []
    assert len(svg.encode()) < 60_000 + 40_000 * len(flights)


def test_aerodromes_and_urgent_events_are_named_where_they_are():
    words = [each.text for each in texts(chart.draw(mission_map(), three_ways().flights))]
    assert {"LTAC", "LTFH"} <= set(words)
    assert "23:00 diverts to LTFH, under the cloud" in words
    assert words.count("19:04 link lost, flies own plan") == 1


# --------------------------------------------------------------------------------------------------------------- truth


def _paths(svg: str, names: str) -> list[np.ndarray]:
    """Corners of the paths of a class, px; only M, l, h and v are used."""
    found = []
    for data in re.findall(rf'<path d="([^"]*)" class="{names}"', svg):
        at, corners = np.zeros(2), []
        for letter, rest in re.findall(r"([Mlhv])([^Mlhvz]*)", data):
            values = [float(v) for v in re.findall(r"-?\d*\.?\d+", rest)]
            steps = {"h": [(values[0], 0.0)], "v": [(0.0, values[0])]}.get(
                letter, list(zip(values[::2], values[1::2], strict=False))
            )
            for step in steps:
                at = np.array(step) if letter == "M" else at + np.array(step)
                corners.append(at)
        found.append(np.array(corners))
    return found


def test_the_reach_ring_agrees_with_the_scale_bar():
    what = MissionMap(aerodromes=mission_map().aerodromes, antennas=(
        Antenna("S1", *np.radians((40.5, 33.5)), 15.0, 0.0, (100.0,)),))  # fmt: skip
    svg = chart.draw(what)
    ring = max(_paths(svg, "l-radio"), key=len)
    across = float(np.ptp(ring[:, 0]))
    bar = next(p for p in _paths(svg, "l-ink2") if len(p) == 4 and p[1][0] == p[0][0])
    kilometres = float(next(each.text for each in texts(svg) if re.fullmatch(r"[\d.]+ km", each.text)).split()[0])
    px_per_km = float(np.ptp(bar[:, 0])) / kilometres
    # px are rounded to 0.1, the bar is 50 px at least: 0.4 %, and the cone adds 0.1 %
    assert across / px_per_km == pytest.approx(2.0 * line_of_sight(15.0, 100.0) / 1000.0, rel=6e-3)


def test_a_runway_lies_along_its_true_heading():
    field = Aerodrome("X", *np.radians((48.0, 70.0)), np.radians(60.0), 2500.0)
    svg = chart.draw(MissionMap(aerodromes=(field,)))
    runway = next(p for p in _paths(svg, "l-ink") if len(p) == 2)
    east, north = runway[1][0] - runway[0][0], runway[0][1] - runway[1][1]
    # a runway of some tens of px, rounded to 0.1 px, keeps its direction to about half a degree
    assert math.degrees(math.atan2(east, north)) == pytest.approx(60.0, abs=0.5)


def test_a_far_alternate_is_told_at_the_edge_and_leaves_the_scale_alone():
    home = Aerodrome("HOME", *np.radians((51.0, 71.0)), home=True)
    route = (Place("", *np.radians((51.0, 71.0))), Place("", *np.radians((51.5, 71.5))))
    far = Aerodrome("FAR", *np.radians((54.0, 71.0)))
    alone = [each.text for each in texts(chart.draw(MissionMap(route=route, aerodromes=(home,))))]
    both = [each.text for each in texts(chart.draw(MissionMap(route=route, aerodromes=(home, far))))]
    # 3 degrees of latitude are 333.6 km on the sphere
    assert "FAR, 334 km" in both
    assert set(alone) <= set(both)


def test_a_flight_without_positions_leaves_no_track():
    blind = StripFlight("x", time=MIDNIGHT + np.arange(5.0), events=(Event(MIDNIGHT, "stalls", "warning"),))
    words = [each.text for each in texts(chart.draw(mission_map(), (blind,)))]
    assert "00:00 stalls" not in words


@pytest.mark.skipif(BROWSER is None, reason="no browser here")
@pytest.mark.parametrize("size", ["full", "phone"])
def test_names_that_a_browser_draws_do_not_cross(size: str):
    svg = chart.draw(mission_map(), three_ways().flights, "light", size)
    boxes = measured(f'<!doctype html><body style="margin:0">{svg}', "text")["boxes"]
    for a, b in itertools.combinations(boxes, 2):
        wide = min(a["right"], b["right"]) - max(a["left"], b["left"])
        high = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
        assert not (wide > 1.0 and high > 1.0), (a["text"], b["text"])  # 1 px: overhang of single letters
