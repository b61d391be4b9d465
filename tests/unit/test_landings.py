"""Take-offs and landings by the hundred: read where the wheels were, and told."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from samruk import cli, earth, landings, load
from samruk.landings.campaign import CASES, Case, _Ways

SEEDS = 8
LIMIT = 2.92
"""m/s of sink that the legs of the reference aircraft bear."""


@lru_cache(maxsize=1)
def found() -> tuple[landings.Campaign, ...]:
    wanted = [Case("calm", 0.0, 0.0), Case("crosswind", 12.0, 90.0), Case("crosswind", 12.0, 270.0)]
    return tuple(landings.fly(seeds=SEEDS, cases=wanted))


@pytest.mark.parametrize("number", range(3))
def test_every_flight_lands_softly_on_the_runway(number: int) -> None:
    campaign = found()[number]
    assert all(flight.stopped and not flight.refused for flight in campaign.landings)
    assert campaign.column("sink").max() < LIMIT
    assert np.abs(campaign.column("right")).max() < 22.5 - 1.3  # half the runway, less half the track of the wheels
    assert campaign.column("take_off_off").max() < 22.5 - 1.3
    assert campaign.column("past").min() > 0.0


def test_wind_and_turbulence_scatter_the_landings() -> None:
    calm, right, _ = found()
    assert right.column("sink").mean() > calm.column("sink").mean()
    assert right.column("past").std() > 0.0


def test_a_headwind_shortens_the_run_and_a_tailwind_lengthens_it() -> None:
    cases = [Case("head", 10.0, 0.0), Case("calm", 0.0, 0.0), Case("tail", 5.0, 180.0)]
    head, calm, tail = (campaign.column("run").mean() for campaign in landings.fly(seeds=2, cases=cases))
    # s ~ (V - W)^2: 5.1 m/s of 32 take 30 % away; turbulence and gravity of the lift-off take part of it back
    assert 0.6 < head / calm < 0.95
    assert 1.05 < tail / calm < 1.3


def test_ways_are_measured_from_the_threshold() -> None:
    home = load.mission("circuit").flights[0].task.home
    c, s = math.cos(float(home.heading)), math.sin(float(home.heading))
    along, across = np.array([0.0, 500.0, 1000.0]), np.array([0.0, -4.0, 8.0])
    turned = [(a * c - r * s, a * s + r * c) for a, r in zip(along, across, strict=True)]
    places = [earth.offset(home.latitude, home.longitude, north, east) for north, east in turned]
    frames = {"time": np.arange(3.0), "latitude": np.array([float(p[0]) for p in places]),
              "longitude": np.array([float(p[1]) for p in places])}  # fmt: skip
    ways = _Ways(frames, home)
    # `offset` measures at sea level, the runway lies 355 m above: 6e-5 of 1,000 m, along and across
    for time, past, right in ((0.0, 0.0, 0.0), (1.0, 500.0, -4.0), (1.5, 750.0, 2.0)):
        assert ways.past(time) == pytest.approx(past, abs=0.1)
        assert ways.right(time) == pytest.approx(right, abs=0.1)
    assert ways.widest(0.5, 1.5) == pytest.approx(4.0, abs=0.1)
    assert math.isnan(ways.past(math.nan))


def test_the_verb_tells_a_table_and_writes_a_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(landings, "fly", lambda *a, progress, **k: [progress(CASES[0], 0)] and list(found()))
    assert cli.main(["landings", "anka", "--out", str(tmp_path / "page")]) == 0
    told = capsys.readouterr()
    assert "8 of 8" in told.out
    assert "24 of 24 flights took off, landed and stopped unharmed" in told.out
    page = (tmp_path / "page" / "landings.html").read_text()
    assert page.count("<circle") == 3 * SEEDS
    assert cli.main(["landings", "--json"]) == 0
    cases = json.loads(capsys.readouterr().out)["cases"]
    assert cases[1]["landed"] == SEEDS
    assert cases[1]["sink_m_s"]["p50"] < cases[1]["sink_m_s"]["p100"] < LIMIT


def test_an_unknown_aircraft_is_refused_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["landings", "nothing"]) == 2
    assert capsys.readouterr().err.startswith("samruk: nothing: is not known.")
