"""A campaign flown: a tiny one in seconds through the command line, the whole one among the slow tests."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.unit.test_qualify import TINY

from samruk import cli, load


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("qualify")
    (folder / "tiny.toml").write_text(TINY, encoding="utf-8")
    out = folder / "out"
    return (*_run(["anka", "--campaign", str(folder / "tiny.toml"), "--seeds", "2", "--out", str(out)]), out)


def _run(words: list[str]) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of `samruk qualify`."""
    import contextlib
    import io

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = cli.main(["qualify", *words, "--json"])
    return code, json.loads(printed.getvalue())


def test_a_tiny_campaign_passes_and_says_by_how_much(flown: tuple[int, dict[str, Any], Path]) -> None:
    code, told, _ = flown
    first, later = told["runs"]
    assert code == 0
    assert told["passed"]
    assert first["quantity"] == "load_factor_high"
    assert 0.0 < first["margin"] < 1.0
    assert first["worst"]["value"] > 1.0, "a flight turns"
    assert {case["name"]: case["outcomes"] for case in first["cases"]} == {
        "plain": {"completed": 2}, "too hot": {"refused": 2},
    }  # fmt: skip
    assert later["passed"] is None
    assert later["not_built"]


def test_the_report_stands_alone_and_every_case_can_be_flown(flown: tuple[int, dict[str, Any], Path]) -> None:
    _, told, out = flown
    page = Path(told["report"]).read_text(encoding="utf-8")
    assert len(page.encode()) < 3_000_000
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3", "")
    assert page.count("<svg") >= 2
    assert "FAILED" not in page
    cases = sorted((out / "missions").glob("*.toml"))
    assert [case.name for case in cases] == ["a-01.toml", "a-02.toml"]
    assert tomllib.loads(cases[0].read_text(encoding="utf-8"))["aircraft"] == "anka"
    assert load.mission(str(cases[0])).flights[0].task.rules.station_time == pytest.approx(180.0)


def test_a_limit_that_is_passed_fails_the_run_and_the_program(tmp_path: Path) -> None:
    low = TINY.replace('limit_of = "structure.load_factor_max"', "most = 1.01", 1)
    (tmp_path / "tiny.toml").write_text(low, encoding="utf-8")
    code, told = _run(["anka", "--campaign", str(tmp_path / "tiny.toml"), "--seeds", "1", "--only", "a"])
    assert code == 1
    assert not told["passed"]
    assert told["runs"][0]["margin"] < 0.0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["anka", "--only", "Q99"], "Q99"),
        (["ankara"], "ankara"),
        (["anka", "--campaign", "nowhere.toml"], "nowhere.toml"),
        (["anka", "--only", ","], "no run"),
    ],
)
def test_bad_words_end_in_one_line(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["qualify", *words]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1


@pytest.mark.slow
def test_the_whole_campaign_is_flown_and_judged(tmp_path: Path) -> None:
    code, told = _run(["anka", "--seeds", "2", "--out", str(tmp_path / "out")])
    runs = {run["key"]: run for run in told["runs"]}
    assert code == int(any(run["passed"] is False for run in runs.values()))
    for run in runs.values():
        assert (run["flights"] > 0) != bool(run["not_built"])
    held = ("Q2", "Q3", "Q6", "Q7", "Q18", "Q20", "Q20b", "Q21")
    assert all(runs[key]["passed"] for key in held)
    sweep = {case["axis"]: case["outcomes"] for case in runs["T"]["cases"]}
    assert sweep[-63.0] == sweep[63.0] == {"refused": 2}
    assert all("lost" not in outcomes for outcomes in sweep.values())
    assert (tmp_path / "out" / "qualification.html").stat().st_size < 3_000_000
