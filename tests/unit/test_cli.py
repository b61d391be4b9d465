"""What the program promises to a terminal and to other programs: exit codes, one line for an error, one JSON object."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samruk import cli, record

CIRCUIT = "circuit"
FLIGHT_KEYS = {"name", "outcome", "duration_h", "events", "causes", "fixes", "margins", "fuel_kg", "unexplained"}

Run = tuple[int, str, str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the program in this process: exit code, stdout, stderr."""

    def call(*words: str) -> Run:
        try:
            code = cli.main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The circuit flown once in a process of its own: its folder and what `--json` printed."""
    folder = tmp_path_factory.mktemp("flown") / "out"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "samruk.cli", "fly", CIRCUIT, "--json", "--out", str(folder)],
        env={**os.environ}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1, "one line holds the one object"
    return folder, json.loads(done.stdout)


def refused(answer: Run, *words: str) -> None:
    """Bad input: code 2, nothing but one line on stderr that says what was wrong."""
    code, out, err = answer
    assert code == 2
    assert "Traceback" not in out + err
    assert err.startswith("samruk: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    for word in words:
        assert word in err


def test_json_holds_every_flight_with_its_answer(flown: tuple[Path, Any]) -> None:
    folder, told = flown
    assert {"flights", "report"} <= set(told)
    (flight,) = told["flights"]
    assert set(flight) >= FLIGHT_KEYS
    assert (flight["name"], flight["outcome"]) == ("Round the field", "completed")
    assert flight["causes"] == flight["fixes"] == []
    assert flight["unexplained"] is False
    assert 0.2 < flight["duration_h"] < 0.6
    assert 1.0 < flight["fuel_kg"] < 10.0
    assert flight["events"][0]["text"] == "takes off"
    assert Path(told["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(p.name for p in folder.iterdir()) == ["flights.mcap", "report.html"]


def test_a_flight_without_json_tells_its_outcome_to_people(run: Any, tmp_path: Path) -> None:
    code, out, err = run("fly", CIRCUIT, "--out", str(tmp_path / "new"))
    assert (code, err) == (0, "")
    assert "Completed" in out
    assert "report.html" in out


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("loading.fuel_kg=5", "not enough fuel"),
        ("loading.fuel_temperature_c=-55", "fuel too cold"),
    ],
)
def test_a_refusal_before_flight_is_an_answer_and_names_what_would_help(
    run: Any, tmp_path: Path, change: str, reason: str
) -> None:
    code, out, err = run("fly", CIRCUIT, "--set", change, "--json", "--out", str(tmp_path / "new"))
    (flight,) = json.loads(out)["flights"]
    assert (code, err) == (0, "")
    assert flight["outcome"] == "refused"
    assert reason in flight["reason"]
    assert flight["duration_h"] == 0.0
    assert flight["margins"] == {}
    assert flight["fixes"][0]["turns_to"] == "completed"


def test_a_requirement_that_is_not_met_is_exit_code_one(run: Any, tmp_path: Path) -> None:
    for number, (words, wanted) in enumerate(
        [
            (["--require", "completed"], 0),
            (["--require", "completed", "--set", "loading.fuel_kg=5"], 1),
            (["--require", "diverted", "--set", "loading.fuel_kg=5"], 1),
        ]
    ):
        assert run("fly", CIRCUIT, *words, "--out", str(tmp_path / str(number)))[0] == wanted


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fyl"], "unknown verb: 'fyl'"),
        (["--bogus"], "--bogus"),
        (["fly", "no-such-story"], "no-such-story"),
        (["fly", "two\nlines"], "two lines"),
        (["fly", CIRCUIT, "--set", "loading.fuel_kg"], "key=value"),
        (["fly", CIRCUIT, "--set", "loading.fuel=60"], "fuel_kg"),
        (["fly", CIRCUIT, "--set", "loading.fuel_kg=9999"], "Allowed: 0 kg to 5000 kg"),
        (["fly", CIRCUIT, "--set", "loading.fuel_kg=nan"], "not a finite number"),
        (["fly", CIRCUIT, "--seeds", "0"], "from 1 to 1000"),
        (["fly", CIRCUIT, "--threads", "many"], "from 1 to 1000"),
        (["fly", CIRCUIT, "--engine", "steam"], "'native', 'reference'"),
        (["fly", CIRCUIT, "--require", "lost"], "'completed', 'diverted'"),
        (["fly", CIRCUIT, "--from", "x.mcap"], "without a mission"),
        (["fly", "--from", "x.mcap", "--set", "loading.fuel_kg=60"], "without --set"),
        (["fly", "--from", "no-such.mcap"], "no-such.mcap"),
        (["validate"], "mission"),
        (["validate", __file__], "line 1"),
        (["replay", __file__], "no whole MCAP record"),
        (["export", "no-such.mcap", "--out", "x"], "no-such.mcap"),
        (["export", CIRCUIT], "--out"),
        (["aircraft", "show", "albatross"], "albatross"),
        (["aircraft", "sell", "anka"], "'sell'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(run: Any, words: list[str], told: str) -> None:
    refused(run(*words), told)


def test_a_folder_with_something_in_it_is_left_alone(run: Any, tmp_path: Path, flown: tuple[Path, Any]) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    kept = str(flown[0] / "flights.mcap")
    for words in (["fly", CIRCUIT], ["fly", "--from", kept], ["replay", kept], ["export", kept]):
        refused(run(*words, "--out", str(tmp_path)), str(tmp_path), "nothing is overwritten")
        refused(run(*words, "--out", str(tmp_path / "mine.txt")), "mine.txt")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    assert (tmp_path / "mine.txt").read_text() == "kept"


def test_trouble_of_the_disk_is_one_line_too(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Path:
        raise OSError(28, "No space left on device", "flights.mcap")

    monkeypatch.setattr(record, "write", full)
    refused(run("fly", CIRCUIT, "--out", str(tmp_path / "new")), "flights.mcap", "No space left on device")


def test_a_stop_by_the_user_ends_without_a_traceback(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("samruk.load.stories", stopped)
    code, out, err = run("stories")
    assert (code, out) == (130, "")
    assert err.count("\n") == 1


def test_a_terminal_without_the_letters_gets_question_marks() -> None:
    """Units such as degrees and the names of sources are not ASCII."""
    done = subprocess.run(
        [sys.executable, "-m", "samruk.cli", "aircraft", "show", "anka"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "17.5" in done.stdout


def test_replay_gives_the_same_report_and_answers(run: Any, flown: tuple[Path, Any], tmp_path: Path) -> None:
    folder, told = flown
    report = (folder / "report.html").read_text(encoding="utf-8")
    code, out, err = run("replay", str(folder / "flights.mcap"), "--json", "--out", str(tmp_path / "again"))
    again = json.loads(out)
    assert (code, err) == (0, "")
    assert Path(again["report"]).read_text(encoding="utf-8") == report
    assert again["flights"] == told["flights"]


def test_replay_beside_the_record_overwrites_nothing(run: Any, flown: tuple[Path, Any], tmp_path: Path) -> None:
    kept = tmp_path / "flights.mcap"
    kept.write_bytes((flown[0] / "flights.mcap").read_bytes())
    (tmp_path / "report.html").write_text("mine")
    assert run("replay", str(kept))[0] == 0
    assert run("replay", str(kept))[0] == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["flights.mcap", "report-2.html", "report.html"]
    assert (tmp_path / "report.html").read_text() == "mine"


def test_a_record_flown_again_differs_in_no_number(run: Any, flown: tuple[Path, Any], tmp_path: Path) -> None:
    folder, told = flown
    code, out, err = run(
        "fly", "--from", str(folder / "flights.mcap"), "--json", "--out", str(tmp_path / "again"), "--threads", "2"
    )
    again = json.loads(out)
    assert (code, err) == (0, "")
    assert again["differences"] == 0
    for one, other in zip(again["flights"], told["flights"], strict=True):
        assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}
    assert "differences" not in told


def test_a_changed_record_is_seen_to_differ(run: Any, flown: tuple[Path, Any], tmp_path: Path) -> None:
    """Without this, a comparison of nothing with nothing would pass above."""
    kept = record.read(str(flown[0] / "flights.mcap"))
    kept.flights[0].frames[3, 2] += 1e-9
    other = record.write(tmp_path / "changed.mcap", kept)
    _, out, _ = run("fly", "--from", str(other), "--json", "--out", str(tmp_path / "again"))
    assert json.loads(out)["differences"] == 1


def test_export_writes_frames_and_events(run: Any, flown: tuple[Path, Any], tmp_path: Path) -> None:
    code, out, err = run("export", str(flown[0] / "flights.mcap"), "--out", str(tmp_path / "csv"), "--json")
    files = [Path(name) for name in json.loads(out)["files"]]
    assert (code, err) == (0, "")
    assert all(file.is_file() for file in files)
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "airspeed" in text
    assert "touches down" in text


def test_validate_checks_without_flying(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("validate", CIRCUIT, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["legs"], found["flights"]) == (2, ["Round the field"])
    code, out, _ = run("validate", CIRCUIT)
    assert code == 0
    assert "sound" in out
    assert not list(tmp_path.iterdir())


def test_stories_and_aircraft_tell_what_comes_with_samruk(run: Any) -> None:
    code, out, _ = run("stories", "--json")
    assert code == 0
    assert "astana-january" in json.loads(out)
    code, out, _ = run("stories")
    assert code == 0
    assert "Astana" in out
    code, out, _ = run("aircraft", "show", "anka", "--json")
    assert code == 0
    assert "17.5" in json.dumps(json.loads(out))


def test_every_verb_explains_itself_with_an_example(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    code, out, _ = run("--help")
    verbs = [line.split()[0] for line in out.partition("verbs:")[2].splitlines() if line.startswith("    ")]
    assert code == 0
    assert set(verbs) >= {"fly", "validate", "replay", "export", "aircraft", "stories"}
    for verb in verbs:
        code, out, err = run(verb, "--help")
        assert (code, err) == (0, "")
        assert f"Example: samruk {verb}" in out, verb


def test_every_example_uses_words_that_the_program_knows() -> None:
    for example in (module.EXAMPLE for module, _ in cli.VERBS):
        cli.parser().parse_args(shlex.split(example)[1:])


@pytest.mark.parametrize(("line", "told"), [
    ("serve --port 99999", "'99999': allowed are 0 (any) to 65535. See `samruk serve --help`."),
    ("serve --port 65534", "--port: 3 ports from 65534 on go beyond 65535. Give a lower one."),
    ("serve --host 0.0.0.0", "unknown words: --host. See `samruk serve --help`."),
    ("station --port -1", "'-1': allowed are 1 to 65535"),
    ("station --host 0.0.0.0", "does not listen on 0.0.0.0 without TLS"),
    ("vehicle --tcp 70000", "'70000': allowed are 1 to 65535"),
    ("vehicle --listen 65535 --aircraft 2", "--listen: 2 ports from 65535 on go beyond 65535"),
    ("vehicle --udp nonsense", "--udp: 'nonsense' is no address. Give HOST:PORT"),
    ("vehicle --aircraft 300", "--system: ids up to 300 are too many"),
])  # fmt: skip
def test_a_live_verb_complains_of_a_bad_word_in_one_line_before_it_begins(run: Any, line: str, told: str) -> None:
    code, out, err = run(*line.split())
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1


def test_a_flight_in_float32_repeats_from_its_record_bit_for_bit(run: Any, tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    assert run("fly", CIRCUIT, "--precision", "float32", "--out", str(first))[0] == 0
    code, out, _ = run("fly", "--from", str(first / "flights.mcap"), "--out", str(again))
    assert code == 0
    assert "Identical to the record" in out
    assert "native, float32" in (again / "report.html").read_text(encoding="utf-8")
