"""People at two stations, in real browsers, over lossy links: plan, upload, launch, hand over, lose the link, land.

Screenshots of every step are kept where `SAMRUK_SHOTS` says, else with the test's files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from samruk.serve.client import Served, aircraft
from tests.browser.person import Person, browser, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

SPEED = 20.0
LOSS = 0.03
"""Part of frames lost, both ways, all the time."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served.start(speed=SPEED, record=tmp_path_factory.mktemp("session") / "s") as served:
        with served.seat("S1", "instructor") as seat:
            seat.until(lambda p: len(p["aircraft"]) == 3)
            for sysid in (1, 2, 3):
                seat.ask("instructor", sysid, what="link", key="both", value=LOSS)
            seat.picture()
        yield served


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wanted = os.environ.get("SAMRUK_SHOTS")
    return Path(wanted) if wanted else tmp_path_factory.mktemp("shots")


def cut(session: Served, sysid: int, seconds: float) -> None:
    """Take both links of an aircraft to every station away for a while of simulated time, as an instructor."""
    with session.seat("S1", "instructor") as seat:
        seat.until(lambda p: any(a["sysid"] == sysid for a in p["aircraft"]))
        seat.ask("instructor", sysid, what="link", key="both", value=1.0, duration_s=seconds)
        for _ in range(5):
            seat.picture()


def test_a_person_flies_a_mission_from_plan_to_landing(session: Served, shots: Path) -> None:
    with browser() as chromium:
        pilot = Person(chromium, session.urls["S1"]["pilot"])
        plan_and_launch(pilot, shots)
        other = Person(chromium, session.urls["S2"]["pilot"])
        hand_over(pilot, other, shots)
        lose_the_link(session, other, shots)
        land(other, pilot, shots)
        assert pilot.faults == []
        assert other.faults == []


def plan_and_launch(pilot: Person, shots: Path) -> None:
    pilot.takes(1)
    pilot.shot(shots, "1-taken")
    assert "refused" in pilot.commands("engine_start")  # the checklist comes first
    pilot.clicks("tick-clear")
    pilot.clicks("map-edit")
    pilot.clicks("editor-item-1")
    pilot.shot(shots, "2-editor")
    pilot.clicks("editor-delete")
    pilot.clicks("editor-upload")
    pilot.sees("editor-state", "done|aboard|has it", 60.0)
    pilot.shot(shots, "3-uploaded")
    pilot.clicks("editor-close")
    pilot.insists("engine_start")  # the new plan has to be read back
    pilot.insists("take_off")  # the engine has to warm up, the platform to settle
    pilot.sees("mode-now", "climb|hold", 90.0)
    assert "refused" not in pilot.commands("route")
    pilot.sees("mode-now", "climb|route", 60.0)
    pilot.shot(shots, "4-under-way")


def hand_over(pilot: Person, other: Person, shots: Path) -> None:
    other.chooses(1)
    pilot.clicks("offer")
    pilot.clicks("offer-S2")
    other.at("handover-1").wait_for()
    other.shot(shots, "5-offered")
    other.clicks("take-offer")
    accept = other.page.locator("[data-testid^=accept-]:visible")
    for _ in range(60):
        if pilot.page.locator("[data-testid=transfer]:visible").count():
            break
        if accept.count():
            other.tries(accept.first)
        other.page.wait_for_timeout(500)
    other.shot(shots, "6-compared")
    pilot.clicks("transfer")
    other.sees("token", "You command.*01")
    pilot.sees("token", "none")
    other.page.wait_for_timeout(800)
    other.acknowledges()
    other.shot(shots, "7-handed-over")


def lose_the_link(session: Served, pilot: Person, shots: Path) -> None:
    cut(session, 1, 12.0 * SPEED)
    pilot.page.wait_for_timeout(8000)
    pilot.shot(shots, "8-link-lost")
    assert pilot.page.locator("[data-testid^=alarm-]").count() > 0
    pilot.sees("data-age", r"\b[01]\.\d s", 60.0)
    pilot.page.wait_for_timeout(1500)
    pilot.shot(shots, "9-link-back")
    pilot.acknowledges()
    if "none" in pilot.reads("token"):  # silent for too long: the aircraft was alone, and is to be asked for
        pilot.takes(1)


def land(pilot: Person, watcher: Person, shots: Path) -> None:
    """Land by satellite from afar; the station at the field sees it stop: the terminal goes with the engine."""
    assert "refused" not in pilot.commands("land")
    pilot.sees("mode-now", "land|descen|approach|return", 60.0)
    pilot.shot(shots, "10-landing")
    watcher.sees("mode-now", "ready|stopped", 240.0)
    watcher.shot(shots, "11-landed")
    pilot.sees("mode-now", "roll|ready|stopped")


def test_a_watcher_on_a_phone_sees_and_never_commands(session: Served, shots: Path) -> None:
    with browser() as chromium:
        watcher = Person(chromium, session.urls["S3"]["observer"], 390, 844)
        watcher.shot(shots, "12-phone")
        assert watcher.page.locator("[data-testid^=command-]:visible").count() == 0
        width: Any = watcher.page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= 390
        assert watcher.faults == []


def test_all_that_was_done_is_in_the_records(session: Served) -> None:
    with session.seat("S1", "observer") as seat:
        picture = seat.picture()
        assert aircraft(picture, 1)["sysid"] == 1
    tlogs = list(session.record.rglob("*.tlog"))
    assert len(tlogs) >= 6
    assert all(path.stat().st_size > 0 for path in tlogs)
