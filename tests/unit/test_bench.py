"""What the bench measures, and that its figures mean what they say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from samruk.bench import flights, measure, operations, peak, table
from samruk.bench.measure import Bench, Row
from samruk.engine import compile
from samruk.peer import jsbsim_flight
from samruk.verdict.flights import Engines

FILLED = Bench(
    rows=[Row("native", "float64", 256, 150_000.0, 149_000.0, 151_000.0, 5.3, 0.8), Row("reference", "float64", 1)],
    operations={"total": 200_000, "fused": 40_000, "stages": {"motion": 200_000}, "table": "operations"},
    peak={"fused": 58e9}, peak_fraction=0.6, threads={"ratio": None, "why": "one core"},
    live={"mission_tick_p50_us": 25.0, "mission_tick_p99_us": 50.0, "step_p50_us": 5.0, "step_p99_us": 10.0},
    memory={"one_flight_mb": 90.0, "lane_kb": 9.0, "this_process_mb": 300.0}, why=["ratio to JSBSim: not installed"],
)  # fmt: skip


@pytest.fixture(scope="module")
def counted() -> operations.Counted:
    """The step's operations."""
    return operations.counted()


def test_stages_add_up_to_what_the_engine_counts(counted: operations.Counted) -> None:
    told = Engines(flights.story()[0], "native", 1).flight.operations()
    rows = operations.rows(counted)
    assert sum(each[-1] for _, each in rows) == told["per_simulated_second"]
    assert {tempo: counted.by_tempo[tempo].total() for tempo in operations.PER_SECOND} == {
        tempo: told[tempo] for tempo in operations.PER_SECOND
    }
    assert 0 < counted.fused < told["per_simulated_second"]


def test_every_stage_is_named(counted: operations.Counted) -> None:
    """A new file of the model needs a stage."""
    assert not [name for name, _ in operations.rows(counted) if name.endswith(".py")]


def test_a_wider_register_does_more_and_the_peak_is_of_this_century() -> None:
    """One lane does at most 2 operations in each of 4 units a cycle at 6 GHz; a whole register does more."""
    narrow = max(peak.peaks(1, 2).values())
    wide = max(peak.peaks(compile.vector_width(), 2).values())
    assert 1e9 < narrow < 48e9
    assert wide > 1.5 * narrow


def test_the_json_holds_what_a_reader_asks_for() -> None:
    told = json.loads(json.dumps(measure.as_json(FILLED), allow_nan=False))
    assert told["rows"][0]["steps_per_second_per_core"] == 50 * 150_000.0
    assert set(told["rows"][0]) >= {"engine", "precision", "lanes", "aircraft_seconds_per_core_second", "compile_s",
                                    "cached_start_s"}  # fmt: skip
    assert told["ratio_to_jsbsim"] is None
    assert told["jsbsim_aircraft_seconds_per_core_second"] is None
    assert told["ops_per_simulated_second"]["total"] == 200_000
    assert told["step_halving"]["place_median_m"] < 1.5  # one sigma of GNSS: the tick errs less than what is measured
    assert told["missing"]


def test_the_table_says_what_is_missing() -> None:
    text = table.text(FILLED)
    assert "150,000" in text
    assert "not here: ratio to JSBSim" in text
    assert "operations" in text


def test_without_jsbsim_the_ratio_is_missing_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    monkeypatch.setattr(jsbsim_flight, "installed", lambda: False)
    measure._rates(bench, {}, 1)
    assert bench.ratio is None
    assert "pip install jsbsim" in bench.why[0]


def test_the_timed_flights_are_in_the_air_and_not_alike() -> None:
    batch = flights.airborne(Engines(flights.story()[0], "native", 1), 6)
    heights = batch.frame()["height"][0]
    assert heights.min() > 1000.0
    assert len(set(heights.tolist())) == 2  # the three flights of the story are still one, but the seeds differ
    assert flights.repeated(batch, 9).lanes == 9


def test_jsbsims_aircraft_really_flies() -> None:
    pytest.importorskip("jsbsim", reason="pip install jsbsim==1.3.3")
    from samruk.bench import rival

    other = rival.take_off()
    other.rate(60)
    state: dict[str, Any] = other.state()
    assert state["flies"]
    assert abs(state["height_m"] - rival.HEIGHT) < rival.WANDER
