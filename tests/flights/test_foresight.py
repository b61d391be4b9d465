"""An aircraft's own view ahead: it comes true when nothing changes, and it leaves the aircraft as it was."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from samruk import load
from samruk.messages import Mode, OrderKind
from samruk.vehicle import foresight
from samruk.vehicle.live import LOST_LINK, Leg, Live, state_of


@lru_cache(maxsize=1)
def flying() -> Live:
    live = Live(load.mission("circuit"), [0, 0])
    home = live.flights[0].task.home
    out = Leg(home.latitude + 0.0012, home.longitude - 0.0015, 1500.0)
    for k in range(2):
        live.swap_route(k, [out], LOST_LINK)
        live.order(k, OrderKind.ENGINE, x=1.0)
    live.advance(900)
    for k in range(2):
        live.order(k, OrderKind.TAKE_OFF, z=1.0)
    live.advance(2400)
    assert live.picture(0).mode is Mode.ROUTE
    return live


def test_looking_ahead_changes_nothing() -> None:
    live = flying()
    before = state_of(live, 0)
    foresight.foresee(live, [0, 1])
    assert state_of(live, 0) == before


def test_what_is_foreseen_comes_true() -> None:
    """Only the gusts differ: landing time within 2 %, fuel within 1 %, the same outcome."""
    live = flying()
    ahead = foresight.foresee(live, [0])[0]
    kept = live.batch.snapshot()
    try:
        for _ in range(400):
            live.advance(50)
            if live.picture(0).mode is Mode.STOPPED:
                break
        assert ahead.outcome == "completed"
        assert live.picture(0).mode is Mode.STOPPED
        assert ahead.fuel == pytest.approx(live.picture(0).measurement.fuel, rel=0.01)
        assert ahead.ends == pytest.approx(live.time, abs=60.0 + 0.02 * live.time)
    finally:
        live.batch.restore(kept)
        live._pictures.clear()


def test_a_rehearsal_flies_the_lost_link_route() -> None:
    live = flying()
    ahead, lost = foresight.foresee(live, [0])[0], foresight.foresee(live, [0], rehearse=True)[0]
    assert float(Mode.LOST_LINK) not in ahead.course["mode"]
    assert float(Mode.LOST_LINK) in lost.course["mode"]
    assert np.max(lost.course["height"]) > 1400.0
    assert lost.outcome == "completed"
    assert lost.field == 0


def test_an_aircraft_on_its_stand_has_no_outlook() -> None:
    live = Live(load.mission("circuit"), [0])
    live.advance(10)
    assert foresight.foresee(live, [0])[0].outcome is None


def test_an_engine_that_loses_all_its_power_has_stopped_and_the_aircraft_glides() -> None:
    live = Live(load.mission("circuit"), [0])
    live.order(0, OrderKind.ENGINE, x=1.0)
    live.advance(900)
    live.order(0, OrderKind.TAKE_OFF, altitude=1200.0)
    live.advance(3000)
    live.set_failure(0, "engine", 1.0)
    live.advance(50)
    assert not live.picture(0).engine_running
    assert live.picture(0).mode is Mode.GLIDE
