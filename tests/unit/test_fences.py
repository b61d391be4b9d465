"""Fences of items: what is a border, who is outside, and how soon."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samruk.earth import MEAN_RADIUS
from samruk.rules import Cmd, Item, at, boundaries, breach, time_to_breach
from samruk.rules.fences import crosses_itself, path_ahead, warning_time
from samruk.rules.items import NOT_GIVEN

HERE = math.radians(51.0), math.radians(71.0)


def place(north: float, east: float) -> tuple[float, float]:
    return HERE[0] + north / MEAN_RADIUS, HERE[1] + east / (MEAN_RADIUS * math.cos(HERE[0]))


def corner(north: float, east: float, count: int = 4, inclusion: bool = True) -> Item:
    latitude, longitude = place(north, east)
    command = Cmd.FENCE_POLYGON_INCLUSION if inclusion else Cmd.FENCE_POLYGON_EXCLUSION
    return at(command, latitude, longitude, params=(float(count), 0.0, 0.0, 0.0))


def circle(north: float, east: float, radius: float, inclusion: bool = False) -> Item:
    latitude, longitude = place(north, east)
    command = Cmd.FENCE_CIRCLE_INCLUSION if inclusion else Cmd.FENCE_CIRCLE_EXCLUSION
    return at(command, latitude, longitude, params=(radius, 0.0, 0.0, 0.0))


BOX = [corner(-5e3, -5e3), corner(-5e3, 5e3), corner(5e3, 5e3), corner(5e3, -5e3)]


def test_a_way_inside_keeps_and_a_way_out_breaches() -> None:
    fences = boundaries(BOX)
    assert fences.problems == ()
    assert breach(fences, [place(0, 0), place(4e3, 4e3)]) is None
    found = breach(fences, [place(0, 0), place(4e3, 0), place(6e3, 0)])
    assert found is not None
    assert found[1] == 1


def test_a_hole_in_the_middle_is_closed() -> None:
    hole = [corner(-1e3, -1e3, 3, False), corner(-1e3, 1e3, 3, False), corner(1e3, 0, 3, False)]
    fences = boundaries([*BOX, *hole, circle(3e3, 3e3, 500.0)])
    assert len(fences.borders) == 3
    assert breach(fences, [place(-3e3, -3e3), place(3e3, -3e3)]) is None
    across = breach(fences, [place(-3e3, 0), place(3e3, 0)])
    assert across is not None
    assert across[0].first == 4
    assert breach(fences, [place(2e3, 3e3)]) is None
    assert breach(fences, [place(2.6e3, 3e3)]) is not None


@pytest.mark.parametrize(
    ("items", "result"),
    [
        (BOX[:3], 6),
        ([corner(0, 0, 2), corner(1, 1, 2)], 6),
        ([*BOX[:2], circle(0, 0, 10.0), *BOX[2:]], 6),
        ([circle(0, 0, 0.0)], 6),
        ([circle(0, 0, 3e6)], 6),
        ([replace(circle(0, 0, 10.0), x=NOT_GIVEN)], 10),
        ([at(Cmd.NAV_WAYPOINT, 0.5, 0.5)], 3),
        ([BOX[0], BOX[2], BOX[1], BOX[3]], 5),
    ],
)
def test_what_is_no_fence_is_named(items: list[Item], result: int) -> None:
    assert result in {problem.verdict for problem in boundaries(items).problems}


def test_a_bow_tie_crosses_itself() -> None:
    assert crosses_itself([(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0)])
    assert not crosses_itself([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)])


@given(st.floats(20.0, 90.0), st.floats(-0.05, 0.05))
def test_a_turn_ahead_is_a_circle(speed: float, rate: float) -> None:
    """The chord of a turn of one radian or less is 2 r sin(angle / 2)."""
    seconds = 10.0
    way = path_ahead(*HERE, 0.3, speed, rate, seconds)
    north = (way[-1][0] - HERE[0]) * MEAN_RADIUS
    east = (way[-1][1] - HERE[1]) * MEAN_RADIUS * math.cos(HERE[0])
    half = 0.5 * rate * seconds
    chord = speed * seconds * (math.sin(half) / half if abs(half) > 1e-9 else 1.0)
    assert math.hypot(north, east) == pytest.approx(chord, rel=2e-3)  # slices of a second, and the sphere


def test_a_breach_is_seen_as_far_ahead_as_it_is() -> None:
    fences = boundaries(BOX)
    found = time_to_breach(fences, *place(0, 0), 0.0, 50.0, 0.0, 200.0)
    assert found == pytest.approx(100.0, abs=1.0)
    assert time_to_breach(fences, *place(0, 0), 0.0, 50.0, 0.0, 90.0) is None
    turning = time_to_breach(fences, *place(0, 0), 0.0, 50.0, 0.03, 400.0)
    assert turning is None  # a circle of 1.7 km stays inside


def test_the_time_ahead_lets_a_turn_away_stay_inside() -> None:
    speed, bank = 60.0, math.radians(25.0)
    radius = speed * speed / (9.80665 * math.tan(bank))
    assert speed * warning_time(speed, bank) > radius
