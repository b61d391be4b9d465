"""Check cases from a folder: trims and ways that the publication states, descriptions that are wrong, files beside."""

from __future__ import annotations

import json
import math
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from samruk import cli, daveml
from samruk.errors import InputError
from samruk.verify import nesc
from samruk.verify.nesc import case as cases
from samruk.verify.nesc.compare import Comparison, packaged
from samruk.verify.nesc.flight import base_inputs, trimmed
from samruk.verify.nesc.vehicle import vehicle


def described(number: str) -> cases.Case:
    return cases.read((packaged() / f"case_{number}.toml").read_text(), f"case_{number}.toml", number)


@lru_cache(maxsize=1)
def flown() -> dict[str, Comparison]:
    """Cases without a trajectory, for as long as they say."""
    return {each.case.number: each for each in nesc.run(only=("12", "13p2", "13p4", "15", "16"))}


@pytest.mark.parametrize(
    ("number", "pitch_deg", "printed"),
    [("11", 2.6389, 1e-4), pytest.param("12", -0.7416, 1e-4, marks=pytest.mark.slow),
     pytest.param("15", 2.687, 1e-3, marks=pytest.mark.slow), ("16", 2.665, 1e-3)],
)  # fmt: skip
def test_trims_are_those_of_the_publication(number: str, pitch_deg: float, printed: float) -> None:
    """Pitch of SIM 04 and 05 at the beginning, to half a unit of the last digit printed."""
    with jax.enable_x64(True):
        case = described(number)
        models = {role: daveml.read((packaged() / file).read_bytes(), file) for role, file in case.models.items()}
        craft = vehicle(models, case.held, {"vrsPositionOfCM": 25.0})
        theta, positions = trimmed(case, craft, base_inputs(case, craft))
    assert math.degrees(theta) == pytest.approx(pitch_deg, abs=0.51 * printed)
    assert 0.0 < positions["trimmedPilotControl_throttle"] < 1.0


@pytest.mark.slow
def test_the_speed_case_ends_five_knots_slower() -> None:
    """287.98 to 282.99 knots equivalent, says the data's own README."""
    rows = flown()["13p2"].rows
    speed = np.sqrt(sum(rows[f"feVelocity_ft_s_{axis}"] ** 2 for axis in "XYZ"))
    assert speed[-1] / speed[0] == pytest.approx(282.99 / 287.98, abs=3e-4)  # density changes little over some feet


@pytest.mark.slow
def test_the_offset_case_ends_two_thousand_feet_to_the_right() -> None:
    rows = flown()["13p4"].rows
    north = np.radians(rows["latitude_deg"] - rows["latitude_deg"][0]) * 6.36e6
    east = np.radians(rows["longitude_deg"] - rows["longitude_deg"][0]) * 6.386e6 * math.cos(math.radians(36.02))
    right = (east - north) / math.sqrt(2.0) / 0.3048
    assert abs(right[190]) < 60.0  # 19 s: a straight line but for the turn of the meridians
    assert right[-1] == pytest.approx(2000.0, rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "pole"), [("15", True), ("16", False)])
def test_circles_keep_three_nautical_miles(number: str, pole: bool) -> None:
    rows = flown()[number].rows
    latitude, longitude = np.radians(rows["latitude_deg"]), np.radians(rows["longitude_deg"])
    if pole:
        away = (math.pi / 2 - latitude) * 6.3996e6
    else:
        away = np.hypot(latitude * 6.3354e6, np.remainder(longitude, 2 * math.pi) * 6.378e6 - math.pi * 6.378e6)
    assert away[600:] / 1852.0 == pytest.approx(3.0, abs=0.15)
    assert np.abs(rows["altitudeMsl_ft"] - 10000.0).max() < 20.0


@pytest.mark.slow
def test_every_case_that_is_described_flies() -> None:
    assert [each.case.number for each in flown().values()] == ["12", "13p2", "13p4", "15", "16"]
    for each in flown().values():
        assert all(np.isfinite(column).all() for column in each.rows.values())
        assert each.rows["time"][-1] == pytest.approx(each.case.duration)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one case with its trajectory and models."""
    place = tmp_path / "cases"
    (place / "models").mkdir(parents=True)
    for name in ("case_06.toml", "case_06_sim_04.csv", "models/cannonball_aero.dml", "models/cannonball_inertia.dml"):
        shutil.copy(packaged() / name, place / name)
    return place


def test_a_folder_is_flown_and_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "nesc", str(folder), "--out", str(tmp_path / "page")]) == 0
    assert "All 1 compared cases keep their gates." in capsys.readouterr().out
    assert "<svg" in (tmp_path / "page" / "nesc.html").read_text()
    text = (folder / "case_06.toml").read_text().replace("altitude_ft = 1e-3", "altitude_ft = 1e-9")
    (folder / "case_06.toml").write_text(text)
    assert cli.main(["verify", "nesc", str(folder), "--json"]) == 1
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["cases"][0]["pass"] is False
    assert [gate["pass"] for gate in told["cases"][0]["gates"]] == [False, True]


def test_a_trajectory_alone_is_flown_by_the_description_of_its_case(tmp_path: Path) -> None:
    shutil.copy(packaged() / "case_06_sim_04.csv", tmp_path / "case_06_sim_05.csv")
    (found,) = nesc.run(tmp_path)
    assert found.trajectory == "case_06_sim_05.csv"
    assert found.passed


def test_a_case_without_a_trajectory_is_flown_and_not_compared(folder: Path) -> None:
    (folder / "case_06_sim_04.csv").unlink()
    (found,) = nesc.run(folder)
    assert found.trajectory is None
    assert nesc.answer([found]) == "All 0 compared cases keep their gates; 1 flown without a trajectory to compare."


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("duration_s = 30", "duration_s = 0", "more than 0 s"),
        ("duration_s = 30", "duration_min = 1", "duration_s is missing"),
        ('"wgs84-j2"', '"flat"', "allowed are wgs84-j2"),
        ("height_ft = 30000", "height_feet = 1", "height_ft is missing"),
        ("v_ned_ft_s = [0, 0, 0]", "v_ned_ft_s = [0, 0]", "not three numbers"),
        ("altitude_ft = 1e-3", "altitude_m = 1", "gates.altitude_m is not known"),
        ("title =", "colour = 1\ntitle =", "colour is an unknown key"),
        ("models/cannonball_aero.dml", "models/none.dml", "is not there"),
        ("inertial_rates_deg_s = [0, 0, 0]", "inertial_rates_deg_s = [0, 0, 0]\nned_rates_deg_s = [0, 0, 0]", "twice"),
        ("title =", "title", "is no TOML"),
    ],
)
def test_a_wrong_description_is_told_in_a_line(folder: Path, old: str, new: str, told: str) -> None:
    file = folder / "case_06.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(InputError, match=told) as caught:
        nesc.run(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("time\n0\n1\n2\n", "has no column"),
        ("a,b\n1,2\n", "holds no rows"),
        ("time,altitudeMsl_ft\n0,x\n1,2\n", "no number"),
    ],
)
def test_a_wrong_trajectory_is_told_in_a_line(folder: Path, rows: str, told: str) -> None:
    (folder / "case_06_sim_04.csv").write_text(rows)
    with pytest.raises(InputError, match=told):
        nesc.run(folder)


def test_a_folder_without_cases_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "nesc", str(tmp_path)]) == 2
    assert "holds neither" in capsys.readouterr().err
    assert cli.main(["verify", "nesc", str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().err
