"""The real model's kernel for a CUDA device, flown on the host: the native engine's bits from the stand to cruise."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from tests.fake_cuda import interpreted, pretended, reason
from tests.system.whole import engines, lanes, story

from samruk import engine, sim
from samruk.engine import driver
from samruk.engine.precision import precision_of
from samruk.verdict.flights import Engines

MINUTES = 20
"""Take-off, climb and the first leg."""
LANES = 3
"""Of the 32 of a warp; the others repeat the last."""


def begun(beginning: Any, flight: Any) -> Any:
    """Flights of the story at their first moment, as `Engines` begins them."""
    chosen = lanes(3 * LANES)[::3]  # of three seeds
    params = [sim.params(lane.task, lane.aircraft) for lane in chosen]
    tables = [lane.tables for lane in chosen]
    zeros = [flight.program.carry] * LANES
    first = beginning.start(zeros, params, tables)
    first.advance(1, 0)
    batch = flight.start(zeros, params, tables)
    batch.restore(replace(first.snapshot(), ticks=0))
    return batch


def same(one: Any, two: Any) -> None:
    """Every field of every lane has the same bits."""
    for name in one.state.layout.by_name:
        assert one.values(name).tobytes() == two.values(name).tobytes(), name


@lru_cache(maxsize=2)
def devices(precision: str) -> tuple[Any, ...]:
    """The engines of both programs on a pretended device."""
    programs = [made.program for made in (engines().beginning, engines().flight)]
    return tuple(pretended(program, precision=precision_of(precision))[0] for program in programs)


@pytest.mark.parametrize("precision", ["float64", pytest.param("float32", marks=pytest.mark.slow)])
def test_every_thread_has_the_bits_of_a_native_flight(precision: str) -> None:
    threads = begun(*devices(precision))
    flown = begun(*(engine.open(made.program, "native", 1, precision) for made in devices(precision)))
    same(threads, flown)
    seen, want = (batch.advance(60 * MINUTES, 10) for batch in (threads, flown))
    assert seen.data.tobytes() == want.data.tobytes()
    same(threads, flown)
    assert seen["on_ground"][0].all()
    assert not seen["on_ground"][-1].any(), "no flight took off: little of the model was flown"
    assert len({seen.data[-1, :, lane].tobytes() for lane in range(LANES)}) == LANES


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_ptx_itself_has_the_bits_of_a_native_flight(precision: str) -> None:
    """Two seconds of all tempos, and a frame, by a machine that knows only NVIDIA's instructions."""
    programs = [made.program for made in (engines().beginning, engines().flight)]
    threads = begun(*(interpreted(program, precision=precision_of(precision))[0] for program in programs))
    flown = begun(*(engine.open(program, "native", 1, precision) for program in programs))
    same(threads, flown)
    seen, want = (batch.advance(2, 2) for batch in (threads, flown))
    assert seen.data.tobytes() == want.data.tobytes()
    same(threads, flown)


def test_flights_that_one_engine_began_another_flies_on() -> None:
    """Their blocks have not the same form."""
    mixed, chosen = copy(engines()), lanes(3 * LANES)[::3]
    mixed.beginning = devices("float64")[0]
    begun, plain = mixed.start(chosen), engines().start(chosen)
    assert mixed.beginning.width != begun.state.width
    same(begun, plain)
    assert begun.ticks == plain.ticks == 0


def test_flights_on_a_machine_without_a_device_are_native_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(driver, "LIBRARY", "libcuda-that-is-not-there.so.1")
    made = Engines(story()[0], "cuda", 1)
    batch = made.start(story()[:1])
    batch.advance(1, 0)
    assert made.describe() == "native"
    assert [record.getMessage() for record in caplog.records] == [
        "flying without a CUDA device, slower: no CUDA driver (libcuda-that-is-not-there.so.1) on this machine"
    ]


@pytest.mark.gpu
@pytest.mark.skipif(bool(reason()), reason=reason() or "a CUDA device")
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_device_flies_the_bits_of_the_native_engine(precision: str) -> None:
    programs = [made.program for made in (engines().beginning, engines().flight)]
    both = []
    for kind in ("cuda", "native"):
        made = [engine.open(program, kind, precision=precision, strict=True) for program in programs]
        both.append(begun(*made))
    seen, want = (batch.advance(60 * MINUTES, 10) for batch in both)
    assert seen.data.tobytes() == want.data.tobytes()
    same(*both)
