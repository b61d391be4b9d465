"""A study flown: the same table however it is cut, killed, resumed or enlarged; what it refuses; what it says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet  # type: ignore[import-untyped]
import pytest

import samruk
from samruk import cli, load
from samruk.errors import InputError
from samruk.study import Study, opened, spread_file, store, studies
from samruk.study.compare import compare, told
from samruk.study.sampling import Sampler
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines, fly

WATCH = str(Path(__file__).resolve().parents[2] / "examples" / "short-watch.toml")
FLIGHTS = 24
OPTIONS: dict[str, Any] = {"engine": "native", "threads": 1, "seed": 5}


def same(one: store.Table, two: store.Table) -> bool:
    """Bit for bit: the same columns, the same rows, not a number where the other has none."""
    return list(one) == list(two) and all(one[name].tobytes() == two[name].tobytes() for name in one)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study flown in one go."""
    return samruk.study(WATCH, flights=FLIGHTS, out=str(tmp_path_factory.mktemp("whole") / "study"), **OPTIONS)


def test_it_has_every_flight_once_with_all_that_was_drawn(whole: Study) -> None:
    assert whole.table["number"].tolist() == list(range(FLIGHTS))
    assert set(whole.keys) <= set(whole.table)
    assert len(set(whole.table["seed"].tolist())) == FLIGHTS
    assert sum(share.count for share in whole.probability.values()) == FLIGHTS
    assert whole.probability["none"].count == 0
    assert np.ptp(whole.table["fuel_left_kg"]) > 0.0


def test_a_flight_is_what_it_would_be_alone(whole: Study) -> None:
    """In another company, begun by other code: the same end and the same extremes, bit for bit."""
    plan = load.mission(WATCH).flights[0]
    sampler = Sampler(Inputs(plan.task, plan.aircraft, plan.tables), plan.definition, spread_file.read(None), 5)
    number = int(np.argmax(whole.table["duration_s"]))
    lane = sampler.draw(number).inputs
    flown = fly(Engines(lane, "native", 1), [lane])[0]
    kept = {name: column[number] for name, column in whole.table.items()}
    assert kept["fuel_left_kg"] == flown.end.fuel_left
    assert kept["duration_s"] == flown.end.duration
    assert kept["most.stall_margin"] == flown.ledger.margins.stall_margin
    assert kept["sum.distance_m"] == flown.ledger.integrals.distance


def test_the_package_can_be_called_again_after_it_was_imported(whole: Study) -> None:
    assert callable(samruk.study)
    assert samruk.study.Study is Study  # type: ignore[attr-defined]


STOPPED = """
import signal, sys
from samruk import cli
from samruk.study import fly, studies
signal.signal(signal.SIGINT, signal.default_int_handler)
studies.ROWS, fly.LANES = 3, 8
sys.exit(cli.main({words!r}))
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT], ids=lambda sign: sign.name)
def test_stopped_in_the_middle_and_resumed_it_has_the_same_table_bit_for_bit(
    whole: Study, tmp_path: Path, sign: signal.Signals
) -> None:
    out = tmp_path / "stopped"
    words = ["study", WATCH, "--flights", str(FLIGHTS), "--seed", "5", "--engine", "native", "--threads", "1"]
    script = STOPPED.format(words=[*words, "--out", str(out), "--json"])
    process = subprocess.Popen([sys.executable, "-W", "error", "-c", script], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 240.0
    while not list(out.glob("ledgers-*.parquet")):
        assert process.poll() is None, "it ended before it was stopped"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(sign)
    _, complaint = process.communicate(timeout=60.0)
    if sign == signal.SIGINT:
        assert process.returncode == 130
        assert complaint.count("\n") == 1
        assert complaint.startswith("samruk: stopped by the user")
    kept = store.kept_numbers(out)
    assert 0 < len(kept) < FLIGHTS
    before = {path.name: path.read_bytes() for path in out.glob("ledgers-*.parquet")}
    resumed = samruk.study(WATCH, flights=FLIGHTS, out=str(out), **OPTIONS)
    assert same(resumed.table, whole.table)
    assert {name: (out / name).read_bytes() for name in before} == before, "what was kept is not touched"
    parts = [parquet.read_table(path, columns=["number"]) for path in out.glob("ledgers-*.parquet")]
    flown = [k for part in parts for k in part["number"].to_pylist()]
    assert sorted(flown) == list(range(FLIGHTS)), "no flight lost, none flown twice"


def test_enlarged_it_is_the_larger_study(whole: Study, tmp_path: Path) -> None:
    out = str(tmp_path / "grown")
    assert samruk.study(WATCH, flights=9, out=out, **OPTIONS).flights == 9
    assert same(samruk.study(WATCH, flights=FLIGHTS, out=out, **OPTIONS).table, whole.table)


def test_an_interrupt_leaves_what_has_landed(whole: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, taken = tmp_path / "stopped", studies._Keeper.__call__

    def interrupted(self: Any, row: Any) -> None:
        taken(self, row)
        if len(self.rows) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(studies._Keeper, "__call__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        samruk.study(WATCH, flights=FLIGHTS, out=str(out), **OPTIONS)
    monkeypatch.undo()
    assert len(store.kept_numbers(out)) == 5
    assert same(samruk.study(WATCH, flights=FLIGHTS, out=str(out), **OPTIONS).table, whole.table)


def test_an_interrupt_just_after_a_part_has_its_name_keeps_no_flight_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, add = tmp_path / "stopped", store.Store.add

    def interrupted(self: Any, rows: Any) -> None:
        add(self, rows)
        if len(self.numbers()) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(studies, "ROWS", 3)
    monkeypatch.setattr(store.Store, "add", interrupted)
    with pytest.raises(KeyboardInterrupt):
        samruk.study(WATCH, flights=8, out=str(out), **OPTIONS)
    assert [parquet.read_table(path).num_rows for path in out.glob("ledgers-*.parquet")] == [3]


@pytest.mark.parametrize(
    ("change", "word"),
    [({"seed": 6}, "seed: 5, not 6"), ({"overrides": ["loading.fuel_kg=100"]}, "--set")],
)
def test_a_folder_of_another_study_is_refused(whole: Study, change: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError) as caught:
        samruk.study(WATCH, flights=FLIGHTS, out=str(whole.folder), **(OPTIONS | change))
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="something else"):
        samruk.study(WATCH, flights=1, out=str(tmp_path), **OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_mission_of_several_flights_wants_one_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Crew protects"):
        samruk.study("astana-january", flights=1, out=str(tmp_path / "x"), **OPTIONS)


def test_parts_carry_units_and_meanings(whole: Study) -> None:
    schema = parquet.read_schema(next(whole.folder.glob("ledgers-*.parquet")))
    for name in schema.names:
        assert set(schema.field(name).metadata) == {b"unit", b"text"}, name
    assert schema.field("fuel_left_kg").metadata[b"unit"] == b"kg"
    assert schema.field("most.bay_low_k").metadata[b"unit"] == b"k"


def test_a_damaged_part_is_told_in_one_line(whole: Study, tmp_path: Path) -> None:
    (tmp_path / store.ABOUT).write_bytes((whole.folder / store.ABOUT).read_bytes())
    (tmp_path / "ledgers-00000.parquet").write_bytes(b"PAR1 but not really PAR1")
    with pytest.raises(InputError, match=r"ledgers-00000\.parquet.*cannot be read"):
        opened(tmp_path)


def test_paired_studies_differ_by_the_change_alone(whole: Study, tmp_path: Path) -> None:
    more = samruk.study(WATCH, flights=12, out=str(tmp_path / "more"), overrides=["loading.fuel_kg=130"], **OPTIONS)
    found = compare(whole, more)
    assert found.flights == 12
    one, two = found.tables
    assert all(np.array_equal(one[key], two[key]) for key in ("number", "seed", *whole.keys))
    left = found.differences["fuel_over_reserve_kg"]
    assert left.low <= left.mean <= left.high
    assert found.changed == ("set: nothing, then loading.fuel_kg=130",)
    assert any("12 flights" in line for line in told(found))


def test_studies_of_other_seeds_are_not_paired(whole: Study, tmp_path: Path) -> None:
    other = samruk.study(WATCH, flights=1, out=str(tmp_path / "other"), **(OPTIONS | {"seed": 6}))
    with pytest.raises(InputError, match="seed"):
        compare(whole, other)


def test_the_program_prints_one_object(whole: Study, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["study", WATCH, "--flights", str(FLIGHTS), "--seed", "5", "--engine", "native", "--threads", "1",
                     "--out", str(whole.folder), "--json"])  # fmt: skip
    out, err = capsys.readouterr()
    assert (code, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    assert found["flights"] == FLIGHTS
    assert found["probability"]["completed"]["count"] == whole.probability["completed"].count
    assert cli.main(["compare", str(whole.folder), str(whole.folder), "--json"]) == 0
    same_again = json.loads(capsys.readouterr().out)
    assert same_again["completed"]["p"] == 1.0
    assert same_again["turned"] == []
    assert same_again["changed"] == []


def test_without_pyarrow_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"samruk\[study\]"):
        samruk.study(WATCH, flights=1, out=str(tmp_path / "x"), **OPTIONS)
    assert not list(tmp_path.iterdir())


def test_a_study_in_float32_tells_the_same_flights(tmp_path: Path) -> None:
    """Fuel within the 3e-5 that float32 flights are apart; a folder of one precision is not gone on with in another."""
    found = {
        precision: samruk.study("circuit", flights=20, precision=precision, out=str(tmp_path / precision))
        for precision in ("float64", "float32")
    }
    wide, narrow = (np.asarray(found[p].table["fuel_used_kg"]) for p in ("float64", "float32"))
    assert np.abs(narrow / wide - 1.0).max() < 1e-3
    assert not np.array_equal(narrow, wide)
    with pytest.raises(InputError, match="arithmetic"):
        samruk.study("circuit", flights=21, out=str(tmp_path / "float32"))
