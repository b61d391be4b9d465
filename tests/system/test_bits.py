"""One flight is one sequence of bits, however it is run: alone, in a crowd, in threads, in pieces, after a pause."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.system.whole import HOUR, engines, lanes, story

LANE = 7
"""The flight under test: a lane in the middle of a crowd."""
CROWD = 16


@pytest.fixture(scope="module")
def alone() -> tuple[Any, Any]:
    """Frames of the flight's first hour, from the stand through take-off and climb, and its batch, width 1."""
    batch = engines().start([lanes(CROWD)[LANE]])
    frames = batch.advance(HOUR, 10)
    assert batch.state.width == 1
    return frames, batch


def bits(batch: Any, lane: int) -> bytes:
    """Every leaf of a lane's carry, exactly."""
    state = batch.state.take([lane], 1)
    return bytes(state.real.tobytes() + state.integer.tobytes())


def test_the_hour_holds_a_whole_take_off(alone: tuple[Any, Any]) -> None:
    frames, batch = alone
    assert frames["on_ground"][0, 0] == 1.0
    assert frames["on_ground"][-1, 0] == 0.0
    assert batch.carry(0).ledger.events.take_off.first > 0


def test_a_flight_alone_is_its_lane_in_a_crowd_bit_for_bit(alone: tuple[Any, Any]) -> None:
    frames, batch = alone
    crowd = engines().start(lanes(CROWD))
    seen = crowd.advance(HOUR, 10)
    assert crowd.state.width > 1
    assert seen.data[:, :, LANE].tobytes() == frames.data[:, :, 0].tobytes()
    assert bits(crowd, LANE) == bits(batch, 0)


def test_two_threads_give_the_same_bits(alone: tuple[Any, Any]) -> None:
    frames, batch = alone
    crowd = engines(2).start(lanes(CROWD))
    seen = crowd.advance(HOUR, 10)
    assert crowd.state.real.shape[0] >= 2, "one block would not be shared between threads"
    assert seen.data[:, :, LANE].tobytes() == frames.data[:, :, 0].tobytes()
    assert bits(crowd, LANE) == bits(batch, 0)


def test_pieces_of_any_length_give_the_same_bits() -> None:
    whole, pieces, ticks = (engines().start([story()[1]]) for _ in range(3))
    frames = whole.advance(600, 10)
    cut = [pieces.advance(60, 10) for _ in range(10)]
    assert np.concatenate([f.data for f in cut]).tobytes() == frames.data.tobytes()
    for n in (1, 9, 13, 577, 5400):
        ticks.advance_mission(n)
    assert bits(whole, 0) == bits(pieces, 0) == bits(ticks, 0)


def test_a_flight_goes_on_from_a_snapshot_with_the_same_bits(alone: tuple[Any, Any]) -> None:
    _, batch = alone
    kept = batch.snapshot()
    once = batch.advance(60, 1).data.copy()
    after = bits(batch, 0)
    batch.restore(kept)
    assert batch.advance(60, 1).data.tobytes() == once.tobytes()
    assert bits(batch, 0) == after
    batch.restore(kept)


def test_another_seed_gives_other_bits() -> None:
    """Without this, the tests above could compare constants."""
    first, second = engines().start([lanes(4)[0]]), engines().start([lanes(4)[3]])
    first.advance(60, 0)
    second.advance(60, 0)
    assert bits(first, 0) != bits(second, 0)
