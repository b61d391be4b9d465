"""Lossy ways and bearers: what chance and the radio do to frames."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk.link.transport import LINE_OF_SIGHT, NONE, SATELLITE, Bearers, Manner, Path, Spoiled, State


def through(path: Path, count: int, spacing: float = 0.01) -> list[int]:
    """Numbers of the frames that arrive, in order."""
    found: list[int] = []
    for k in range(count):
        path.send(k.to_bytes(4, "big"), spacing * k, spacing * k)
        found += [int.from_bytes(raw, "big") for raw in path.due(spacing * k)]
    return found + [int.from_bytes(raw, "big") for raw in path.due(1e9)]


def test_a_perfect_way_hands_on_all_in_order() -> None:
    assert through(Path(), 500) == list(range(500))


def test_loss_is_what_it_says() -> None:
    """20,000 frames at 10 %: three standard deviations of the binomial are 0.64 %."""
    assert 1.0 - len(through(Path(3, Manner(loss=0.1)), 20_000)) / 20_000 == pytest.approx(0.1, abs=0.0064)


def test_delay_is_kept_and_nothing_comes_early() -> None:
    path = Path(1, Manner(delay=0.6, jitter=0.02))
    path.send(b"a", 10.0, 0.0)
    assert path.due(10.59) == []
    assert path.due(10.8) == [b"a"]


def test_duplicates_and_disorder_happen_as_often_as_asked() -> None:
    found = through(Path(5, Manner(delay=0.1, jitter=0.005, duplicate=0.05, reorder=0.05)), 20_000)
    assert len(found) - len(set(found)) == pytest.approx(1000, abs=100)
    assert set(found) == set(range(20_000))
    held_back = sum(b < a for a, b in itertools.pairwise(found))
    assert held_back > 500


@given(st.floats(1e3, 1e6), st.integers(10, 200))
@settings(max_examples=30, deadline=None)
def test_no_more_passes_than_the_rate(rate: float, size: int) -> None:
    path = Path(0, Manner(bits_per_second=rate))
    passed = sum(path.send(bytes(size), 0.001 * k, 0.001 * k) for k in range(5000))
    assert 8 * size * passed <= rate * (5.0 + 0.25) + 8 * size


def test_the_same_seed_has_the_same_chances() -> None:
    manner = Manner(loss=0.3, delay=0.1, jitter=0.05, duplicate=0.1, reorder=0.1)
    assert through(Path(9, manner), 2000) == through(Path(9, manner), 2000)
    assert through(Path(9, manner), 2000) != through(Path(8, manner), 2000)


def test_what_waits_is_bounded() -> None:
    path = Path(0, Manner(delay=1e6))
    for k in range(10_000):
        path.send(b"x", 0.0, float(k))
    assert len(path) <= 512


# Bearers --------------------------------------------------------------------------------------------------------------


def test_the_radio_chooses_and_a_crew_may_choose_otherwise() -> None:
    link = Bearers()
    link.set(State(), 0.0)
    assert link.active == LINE_OF_SIGHT
    link.chosen = SATELLITE
    link.set(State(), 1.0)
    assert link.active == SATELLITE
    link.set(State(up=(True, False)), 2.0)
    assert link.active == LINE_OF_SIGHT  # what was chosen does not work
    link.set(State(up=(False, False), bearer=NONE), 3.0)
    assert link.active == NONE
    assert link.switches == 2


def test_nothing_passes_while_no_bearer_is_up_and_what_was_on_its_way_is_gone() -> None:
    link = Bearers()
    link.set(State(), 0.0)
    assert link.up(b"a", 0.0, 0.0)
    link.set(State(up=(False, False), bearer=NONE), 0.01)
    assert not link.up(b"b", 0.02, 0.02)
    assert not link.down(b"c", 0, 0.02, 0.02)
    assert link.due_up(10.0) == []


def test_the_satellite_carries_no_streams() -> None:
    link = Bearers()
    link.set(State(up=(False, True), bearer=SATELLITE), 0.0)
    taken = [link.down(b"x", priority, 0.0, 0.0) for priority in range(4)]
    assert taken == [True, True, False, True]


def test_answers_pass_where_the_satellite_is_full() -> None:
    link = Bearers()
    link.set(State(up=(False, True), bearer=SATELLITE), 0.0)
    bulk = sum(link.down(bytes(200), 3, 0.0, 0.0) for _ in range(100))
    assert 8 * 200 * bulk <= 64e3 * 0.25 + 1600
    assert link.down(b"ack", 0, 0.0, 0.0)


def test_an_instructor_spoils_a_bearer_for_a_time() -> None:
    link = Bearers()
    link.spoil(LINE_OF_SIGHT, Spoiled(loss=1.0, until=100.0))
    link.set(State(), 50.0)
    assert link.active == SATELLITE
    link.set(State(), 100.0)
    assert link.active == LINE_OF_SIGHT


def test_ages_and_losses_are_told_by_bearer() -> None:
    link = Bearers(2)
    link.set(State(losses=(0.5, 0.0)), 0.0)
    link.losses(0.0)
    for k in range(2000):
        link.up(b"x", 0.01 * k, 0.01 * k)
        link.due_up(0.01 * k)
    loss = link.losses(20.0)
    assert loss[0] == pytest.approx(0.5, abs=0.05)
    assert loss[1] == 0.0
    ages = link.ages(30.0)
    assert 9.0 < ages[0] < 11.0
    assert ages[1] == float("inf")
