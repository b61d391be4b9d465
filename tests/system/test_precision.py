"""A day flown in float32 with wide fields is the day flown in float64; without them it is not. Its bits are as firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.system.whole import HOUR, engines, lanes, story

from samruk import engine, sim
from samruk.earth import SEMI_MAJOR_AXIS
from samruk.engine import compile
from samruk.engine.precision import Precision, Words
from samruk.leaves import flatten
from samruk.verdict.catalogue import Inputs

DAY = 24 * HOUR
FLIGHTS = (0, 2)
"""Of the story: clear of cloud, and through cloud with protection; both in turbulence, from stand to stand."""
SINGLE, NAIVE = Precision("float32"), Precision("float32", Words.NONE)
CROWD, LANE = 32, 7


@cache
def opened(precision: Precision, threads: int = 1) -> Any:
    """The flight's program in a precision."""
    return engine.open(engines().flight.program, "native", threads, precision)


def started(precision: Precision, flights: Sequence[Inputs], threads: int = 1) -> Any:
    """A batch at its first moment, which is the same in every precision: it was made in float64."""
    made = opened(precision, threads)
    params = [sim.params(each.task, each.aircraft) for each in flights]
    batch = made.start([made.program.carry] * len(flights), params, [each.tables for each in flights])
    return batch.adopt(engines().start(flights))


@dataclass(frozen=True)
class Flown:
    """A day of some flights."""

    frames: Any
    """Every 10 s."""
    ends: tuple[Any, ...]
    """The carry of each at the end of the day."""


@cache
def day(precision: Precision) -> Flown:
    """The day of the flights under test."""
    batch = started(precision, [story()[k] for k in FLIGHTS])
    frames = batch.advance(DAY, 10)
    return Flown(frames, tuple(batch.carry(k) for k in range(len(FLIGHTS))))


@dataclass(frozen=True)
class Apart:
    """How far a flight is from the same flight in float64."""

    fuel: float
    """Part of the fuel burned."""
    endurance: float
    """Part of the time in the air."""
    track: float
    """m, horizontal, at the same instant: median over the time that the float64 flight lasts."""
    furthest: float
    """m, largest."""

    def agrees(self) -> bool:
        """Fuel and endurance within 0.1 %, track within 1 m: what float32 has to keep."""
        return abs(self.fuel) < 1e-3 and abs(self.endurance) < 1e-3 and self.track < 1.0


def apart(precision: Precision, lane: int) -> Apart:
    """The difference over the day."""
    ours, truth = day(precision), day(Precision())
    burned, aloft = (
        [flatten(each.ends[lane])[name] for each in (ours, truth)]
        for name in ("world.fuel_burned", "ledger.integrals.airborne")
    )
    north, east = (ours.frames[name][:, lane] - truth.frames[name][:, lane] for name in ("latitude", "longitude"))
    metres = SEMI_MAJOR_AXIS * np.hypot(north, east * np.cos(truth.frames["latitude"][:, lane]))
    flying = truth.frames["over"][:, lane] == 0
    return Apart(
        burned[0] / burned[1] - 1.0, aloft[0] / aloft[1] - 1.0, float(np.median(metres[flying])),
        float(np.max(metres[flying])),
    )  # fmt: skip


EVERY = pytest.mark.parametrize("lane", range(len(FLIGHTS)), ids=["clear", "protected"])


@EVERY
def test_the_day_is_a_whole_one_in_turbulence(lane: int) -> None:
    inputs, end = story()[FLIGHTS[lane]], day(Precision()).ends[lane]
    assert inputs.task.conditions.turbulence_high > 0.0
    assert end.ledger.events.stopped.first > 18 * HOUR * 10
    assert end.ledger.events.destroyed.first < 0


@EVERY
def test_float32_with_wide_fields_flies_the_day_of_float64(lane: int) -> None:
    assert apart(SINGLE, lane).agrees(), apart(SINGLE, lane)


@pytest.mark.slow
@EVERY
def test_float32_without_wide_fields_does_not(lane: int) -> None:
    assert not apart(NAIVE, lane).agrees(), apart(NAIVE, lane)


@EVERY
def test_switches_come_at_the_same_tenth_of_a_second_or_nearly(lane: int) -> None:
    """A switch on a value within rounding of its limit may move; a second is 45 m of track, and none moved that far."""
    ours, truth = (flatten(day(p).ends[lane].ledger.events) for p in (SINGLE, Precision()))
    for name, tick in truth.items():
        if name.endswith(".first"):
            assert abs(ours[name] - tick) <= 10, name


def test_a_wide_field_takes_two_places_and_a_narrow_one_half_the_bytes() -> None:
    """Half the memory is what float32 is for: a wide field takes two places, the others one."""
    single, double, naive = (opened(p).carry for p in (SINGLE, Precision(), NAIVE))
    wide = sum(leaf.words == 2 for leaf in single.leaves if leaf.kind == "f")
    assert naive.n_real == double.n_real == single.n_real - wide
    assert 0 < wide < 0.4 * double.n_real


# --- bits ------------------------------------------------------------------------------------------------------------


def bits(batch: Any, lane: int) -> bytes:
    """Every leaf of a lane's carry, exactly."""
    state = batch.state.take([lane], 1)
    return bytes(state.real.tobytes() + state.integer.tobytes())


@cache
def alone() -> tuple[Any, Any]:
    """Frames of a flight's first hour, from the stand through take-off and climb, and its batch, width 1."""
    batch = started(SINGLE, [lanes(CROWD)[LANE]])
    frames = batch.advance(HOUR, 10)
    assert batch.state.width == 1
    assert batch.carry(0).ledger.events.take_off.first > 0
    return frames, batch


@pytest.mark.parametrize("threads", [1, 2])
def test_a_flight_alone_is_its_lane_in_a_crowd_bit_for_bit(threads: int) -> None:
    frames, batch = alone()
    crowd = started(SINGLE, lanes(CROWD), threads)
    seen = crowd.advance(HOUR, 10)
    assert crowd.state.width == compile.vector_width(4) > compile.vector_width()
    assert crowd.state.real.shape[0] >= 2, "one block would not be shared between threads"
    assert seen.data[:, :, LANE].tobytes() == frames.data[:, :, 0].tobytes()
    assert bits(crowd, LANE) == bits(batch, 0)


@pytest.mark.parametrize("width", [4, 8])
def test_narrower_registers_give_the_same_bits(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wide, few = started(SINGLE, lanes(3)), lanes(3)
    monkeypatch.setattr(compile, "vector_width", lambda size=8: width * 4 // size)
    made = engine.open(engines().flight.program, "native", 1, SINGLE)
    params = [sim.params(each.task, each.aircraft) for each in few]
    narrow = made.start([made.program.carry] * 3, params, [each.tables for each in few]).adopt(wide)
    assert narrow.state.width == width < wide.state.width
    assert narrow.advance(400, 10).data.tobytes() == wide.advance(400, 10).data.tobytes()
    assert bits(narrow, 2) == bits(wide, 2)


def test_pieces_snapshots_and_chosen_lanes_give_the_same_bits() -> None:
    _, batch = alone()
    crowd = started(SINGLE, lanes(CROWD))
    for n in (1, 9, 13, 577, 5400):
        crowd.advance_mission(n)
    kept = crowd.snapshot()
    crowd.advance(HOUR - 600, 0)
    assert bits(crowd, LANE) == bits(batch, 0)
    crowd.restore(kept)
    chosen = crowd.select([LANE, 3])
    chosen.advance(HOUR - 600, 0)
    assert bits(chosen, 0) == bits(batch, 0)


def test_what_is_set_is_what_is_read() -> None:
    """Through the same calls as in float64: a wide field to the last bit, a narrow one to float32."""
    batch = started(SINGLE, lanes(3))
    batch.set(1, "world.fuel", 123.456789012345678)
    batch.set(1, "world.motor.power", 123.456789012345678)
    assert batch.values("world.fuel")[1] == batch.carry(1).world.fuel == 123.456789012345678
    assert batch.values("world.motor.power")[1] == float(np.float32(123.456789012345678))
    assert batch.values("world.fuel")[0] == batch.carry(0).world.fuel != batch.values("world.fuel")[1]
    assert batch.values("world.fuel").dtype == np.float64
    batch.set_param(1, "task.home.latitude", 0.1234567890123)
    assert batch.params.values("task.home.latitude")[1] == 0.1234567890123
