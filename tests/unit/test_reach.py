"""The engine-out ring: by the wind triangle, the polar and the ground in the way."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from samruk import load
from samruk.autopilot.handbook import Handbook, handbook
from samruk.vehicle.reach import DIRECTIONS, PATTERN, Moment, fields_bits, glide, reaches, ring


@lru_cache(maxsize=1)
def book() -> Handbook:
    return handbook(load.aircraft("anka").aircraft)


CALM = Moment(4000.0, 400.0, 0.0, 0.0, 0.0, 1500.0, 0.82)


def test_straight_ahead_in_calm_it_is_height_times_glide_ratio() -> None:
    _, ratio = glide(book(), CALM.mass)
    assert ring(CALM, book())[0] == pytest.approx((4000.0 - 400.0 - PATTERN) * ratio, rel=1e-9)


def test_the_glide_is_that_of_the_class() -> None:
    """Long wings: published glide ratios of such aircraft are 15 to 25 with the propeller feathered or stopped."""
    assert 12.0 < glide(book(), 1500.0)[1] < 25.0


def test_behind_is_nearer_by_the_height_of_a_half_turn() -> None:
    radii = ring(CALM, book())
    assert radii[18] < radii[0]
    assert radii[9] == pytest.approx(radii[27], rel=1e-9)


def test_wind_moves_the_ring_by_wind_times_time() -> None:
    """The middle of the ring drifts: mean of radii ahead and behind, over the time of the glide, is the wind."""
    calm, windy = ring(CALM, book()), ring(replace(CALM, wind_east=12.0), book())
    true = glide(book(), CALM.mass)[0] * math.sqrt(1.225 / (0.82 * math.exp(0.5 * 3450.0 / 9000.0)))
    seconds = calm[9] / true
    assert 0.5 * ((windy[9] - calm[9]) + (calm[27] - windy[27])) == pytest.approx(12.0 * seconds, rel=0.02)


def test_it_does_not_go_against_a_wind_faster_than_itself() -> None:
    radii = ring(replace(CALM, wind_north=-60.0), book())
    assert radii[0] == 0.0
    assert radii[18] > 0.0


def test_a_ridge_ends_the_way() -> None:
    def ridge(north: np.ndarray, east: np.ndarray) -> np.ndarray:
        return np.where(north > 20e3, 3500.0, 400.0)

    flat, cut = ring(CALM, book(), lambda n, e: 0.0 * n + 400.0), ring(CALM, book(), ridge)
    assert cut[0] == pytest.approx(20e3, abs=1500.0)  # the step between two looks at the ground
    assert cut[18] == pytest.approx(flat[18])
    assert flat[0] == pytest.approx(ring(CALM, book())[0], rel=0.07)  # mean density over the way to sea level


def test_on_the_ground_there_is_no_ring() -> None:
    assert np.all(ring(replace(CALM, altitude=400.0), book()) == 0.0)


def test_a_field_inside_the_ring_is_reached_and_one_outside_is_not() -> None:
    radii = ring(replace(CALM, wind_east=8.0), book())
    for k in range(0, DIRECTIONS, 5):
        bearing = k * 2.0 * math.pi / DIRECTIONS
        near, far = (share * radii[k] for share in (0.98, 1.02))
        moment = replace(CALM, wind_east=8.0)
        assert reaches(moment, book(), near * math.cos(bearing), near * math.sin(bearing), 400.0)
        assert not reaches(moment, book(), far * math.cos(bearing), far * math.sin(bearing), 400.0)


def test_the_bits_name_the_fields_in_order() -> None:
    assert fields_bits(CALM, book(), [(1e3, 0.0, 400.0), (1e6, 0.0, 400.0), (0.0, 5e3, 400.0)]) == 0b101
