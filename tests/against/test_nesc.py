"""NASA's check cases flown by the model's equations, and the table of all checks (NASA/TM-2015-218675)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from samruk import cli, earth, verify
from samruk.frames import Vec3
from samruk.verify import flown, published
from samruk.verify.check import Check
from samruk.verify.falls import ELLIPSOID, FALLS, Fall
from samruk.verify.published import Compared

BY_NUMBER = {fall.number: fall for fall in FALLS}


@pytest.fixture(scope="module")
def found() -> verify.Verification:
    return verify.run()


def test_every_check_holds(found: verify.Verification) -> None:
    failed = [f"{check.name}: {check.figure} over {check.limit} {check.unit}" for check in found.checks
              if not check.passed]  # fmt: skip
    assert not failed
    assert len({(check.name, check.authority) for check in found.checks}) == len(found.checks)


def test_every_case_is_there_for_all_thirty_seconds(found: verify.Verification) -> None:
    assert [compared.fall.number for compared in found.falls] == ["01", "02", "03", "04", "05", "06", "08", "09", "10"]
    for compared in found.falls:
        for difference in (compared.fine, compared.tick, *compared.others.values()):
            assert difference.position_ft.shape == (31,)
            assert np.isfinite(difference.angle_deg).all()


def test_ours_lies_nearer_to_the_formula_than_the_other_simulations_do(found: verify.Verification) -> None:
    for compared in found.falls[3:]:  # with drag; without it all four agree to the digits printed
        ours = compared.fine.position_ft.max()
        assert all(ours < other.position_ft.max() for other in compared.others.values()), compared.fall.number


def test_case_04_knows_no_coriolis(found: verify.Verification) -> None:
    """The equations turn with the Earth, the case's Earth does not: it must fall along a straight line."""
    rows = flown.fly([BY_NUMBER["04"]])["04"]
    sideways = np.hypot(rows["feVelocity_ft_s_X"], rows["feVelocity_ft_s_Y"])
    assert sideways.max() < 1e-9 * rows["feVelocity_ft_s_Z"].max()  # rounding of 6.4e6 m turning at 7e-5 rad/s


def checks_of(compared: Compared) -> dict[str, Check]:
    """The checks of one case by their last words and the simulation."""
    return {f"{check.name.rpartition(': ')[2]}, {check.authority[-6:]}": check
            for check in published.fall_checks(compared)}  # fmt: skip


def wrong_attraction(r_e: Vec3) -> Vec3:
    """A millionth too much."""
    return earth.gravitation(r_e) * (1.0 + 1e-6)


def test_a_wrong_constant_of_gravity_fails() -> None:
    """A millionth more than GM moves a fall of 14,400 ft by 0.014 ft."""
    figure = replace(ELLIPSOID, gravitation=wrong_attraction)
    (compared,) = published.compare([replace(BY_NUMBER["01"], figure=figure)])
    checks = checks_of(compared)
    wrong = checks["position, SIM 04"]
    assert not wrong.passed
    assert wrong.figure == pytest.approx(0.0144, rel=0.02)  # 30,000 ft less 15,598.9 ft, times 1e-6
    assert checks["attitude, SIM 04"].passed


def changed(number: str, **parts: Any) -> Fall:
    """A case with other conditions."""
    fall = BY_NUMBER[number]
    return replace(fall, conditions=replace(fall.conditions, **parts))


def changed_body(number: str, **parts: Any) -> Fall:
    """A case with another body."""
    return changed(number, body=replace(BY_NUMBER[number].conditions.body, **parts))


def with_pitch_inertia(factor: float) -> Fall:
    """Case 02 with another moment of inertia about the y axis."""
    inertia = BY_NUMBER["02"].conditions.body.inertia
    return changed_body("02", inertia=replace(inertia, J_yy=factor * inertia.J_yy, i_yy=inertia.i_yy / factor))


WRONG = {
    "an Earth that stands still": (changed("01", rate=0.0), "position, SIM 04"),
    "inertia 0.1 % off": (with_pitch_inertia(1.001), "attitude, SIM 04"),
    "damping 1 % off": (
        changed_body("03", damping_q=0.99 * BY_NUMBER["03"].conditions.body.damping_q), "attitude, SIM 05"
    ),
    "drag 0.01 % off": (
        changed_body("06", drag_area=1.0001 * BY_NUMBER["06"].conditions.body.drag_area), "position, SIM 04"
    ),
    "shear 0.1 % off": (
        changed("08", wind_slope=0.999 * BY_NUMBER["08"].conditions.wind_slope), "position, SIM 04"
    ),
    "a body that does not turn with the Earth": (replace(BY_NUMBER["09"], omega_ib_b=Vec3(0.0, 0.0, 0.0)),
                                                 "attitude, SIM 04"),
}  # fmt: skip
"""Small errors, each in another case, and the check that has to see it."""


@pytest.fixture(scope="module")
def gone_wrong() -> dict[str, dict[str, Check]]:
    """Checks of all those errors, flown side by side."""
    compared = published.compare([fall for fall, _ in WRONG.values()])
    return {name: checks_of(one) for name, one in zip(WRONG, compared, strict=True)}


@pytest.mark.parametrize("name", WRONG)
def test_a_small_error_fails(gone_wrong: dict[str, dict[str, Check]], name: str) -> None:
    assert not gone_wrong[name][WRONG[name][1]].passed


def test_a_finer_step_changes_nothing(found: verify.Verification, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flown, "FINE_DT", 0.02)
    coarse = {compared.fall.number: compared for compared in map(published._compared, *_coarse())}
    for compared in found.falls:
        moved = abs(coarse[compared.fall.number].fine.position_ft - compared.fine.position_ft).max()
        assert moved < 0.01 * compared.gate.position_ft, compared.fall.number  # doubled step: below 1 % of the limit


def _coarse() -> tuple[Any, ...]:
    """Cases with histories by the step in force; the tick's histories stand in for themselves."""
    rows = flown.fly(FALLS)
    histories = [rows[fall.number] for fall in FALLS]
    return list(FALLS), histories, histories


def test_a_figure_that_is_no_number_fails() -> None:
    nothing = Check("a", "b", float("nan"), 1.0, "m", "c")
    assert not nothing.passed
    assert nothing.as_json()["figure"] is None


def test_the_verb_prints_the_table_and_writes_the_page(
    found: verify.Verification, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(verify, "run", lambda: found)
    folder = tmp_path / "made"
    assert cli.main(["verify", "--json", "--out", str(folder)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((folder / "verify.json").read_text(encoding="utf-8"))
    assert set(told["checks"][0]) == {"name", "authority", "figure", "limit", "unit", "pass"}
    page = (folder / "verify.html").read_text(encoding="utf-8")
    assert page.count('role="img"') == len(found.falls)
    assert page.count("<tr>") == 1 + len(found.checks)
    assert "src=\"http" not in page
    assert cli.main(["verify"]) == 0
    assert f"All {len(found.checks)} checks hold." in capsys.readouterr().out


def test_a_check_that_fails_is_named_and_the_exit_code_is_one(
    found: verify.Verification, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = replace(found.checks[0], figure=1.0)
    monkeypatch.setattr(verify, "run", lambda: replace(found, checks=(bad, *found.checks[1:])))
    assert cli.main(["verify"]) == 1
    assert f"1 of {len(found.checks)} checks fail: {bad.name}." in capsys.readouterr().out
    assert cli.main(["verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["checks"][0]["pass"] is False


def test_a_folder_in_use_is_refused_before_anything_is_computed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(verify, "run", lambda: pytest.fail("computed"))
    (tmp_path / "kept").write_text("mine")
    assert cli.main(["verify", "--out", str(tmp_path)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
