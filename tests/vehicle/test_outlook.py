"""What is told of the way ahead: how it ends, samples that fit the message, and a ring around the estimate."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from samruk import load
from samruk.autopilot.handbook import handbook
from samruk.link.mavlink import Parser, encode
from samruk.messages import Mode, OrderKind
from samruk.terrain_file.grid import Grid
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.foresight import Outlook, fork
from samruk.vehicle.live import Live
from samruk.vehicle.outlook import MOST, Outlooks, Seer, foresight_fields, reach_fields
from samruk.vehicle.service import Asked, Now, Result, Sender


@pytest.fixture(scope="module")
def flying() -> Live:
    live = Live(load.mission("circuit"), [0])
    live.order(0, OrderKind.ENGINE, x=1.0)
    live.advance(900)
    live.order(0, OrderKind.TAKE_OFF, z=1.0)
    live.advance(2400)
    return live


def moment(live: Live, wall: float) -> Now:
    return Now(live.tick, live.time, wall, live.utc, 1.0)


def test_it_looks_ahead_by_itself_and_says_how_the_flight_ends(flying: Live) -> None:
    seer = Seer(flying)
    voice = Outlooks(Aircraft(flying, 0), seer)
    told = []
    for k in range(600):
        told += list(voice.due(moment(flying, 0.1 * k)))
        if seer.looks and len(told) > 4:
            break
        time.sleep(0.01)
    seer.close()
    names = [out.name for out in told]
    assert "SAMRUK_FORESIGHT" in names
    outlook = next(out for out in told if out.name == "SAMRUK_OUTLOOK")
    assert outlook.fields["outcome"] == 0
    assert outlook.fields["ends_ms"] > 1e3 * flying.time
    for out in told:
        message = Parser().feed(encode(out.name, out.fields, system=1))[0].message
        assert message.rehearsal == 0


def test_a_rehearsal_is_for_an_aircraft_in_the_air(flying: Live) -> None:
    parked = Live(load.mission("circuit"), [0])
    parked.advance(1)
    asked = Asked(52103, Sender(241))
    assert Outlooks(Aircraft(parked, 0), Seer(parked)).rehearse(asked, moment(parked, 0.0)).result == Result.DENIED
    assert Outlooks(Aircraft(flying, 0), Seer(flying)).rehearse(asked, moment(flying, 0.0)).result == Result.ACCEPTED


def test_what_the_crew_has_set_counts_ahead_and_what_an_instructor_has_changed_does_not() -> None:
    live = Live(load.mission("circuit"), [0])
    live.advance(1)
    live.set_rule(0, "reserve", 4321.0)
    live.set_condition(0, "wind_scale", 3.0)
    ahead = fork(live, [0])
    assert ahead.params.values("task.rules.reserve")[0] == 4321.0
    assert ahead.params.values("task.conditions.wind_scale")[0] == 1.0


def test_a_long_way_fits_in_a_few_messages() -> None:
    n = 26 * 60
    names = ("height", "fuel", "ice", "los_margin", "satellite_margin")
    course: dict[str, Any] = {name: np.linspace(0.0, 100.0, n) for name in names}
    course |= {"time": 60.0 * np.arange(n), "mode": np.full(n, float(Mode.ROUTE))}
    rows = foresight_fields(Outlook("completed", 1, 0, 60.0 * n, 20.0, "", 0.0, course), False)
    assert len(rows) * 16 <= MOST + 16
    assert rows[0]["count"] == len(rows)
    assert rows[1]["first_ms"] == 16 * rows[0]["step"] * 1000
    assert rows[-1]["mode"][-1] == 255 or len(course["time"]) % 16 == 0
    back = Parser().feed(encode("SAMRUK_FORESIGHT", rows[2], system=1))[0].message
    assert list(back.altitude) == rows[2]["altitude"]


def test_the_ring_stands_around_where_the_aircraft_believes_itself(flying: Live) -> None:
    aircraft = Aircraft(flying, 0)
    fields = reach_fields(aircraft, aircraft.picture, moment(flying, 0.0), handbook(flying.flights[0].aircraft))
    assert fields is not None
    assert fields["lat"] == pytest.approx(np.degrees(aircraft.picture.estimate.latitude) * 1e7, abs=1.0)
    assert max(fields["radius"]) > 100


def test_a_mountain_ends_the_ring_on_its_side_alone(flying: Live) -> None:
    aircraft, book = Aircraft(flying, 0), handbook(flying.flights[0].aircraft)
    e = aircraft.picture.estimate
    heights = np.full((201, 201), round(e.altitude_msl - e.height_agl), np.int16)
    heights[:90] = 3000  # 1 km and more to the north
    spacing = 1e4 / 6371008.8 / 100.0
    grid = Grid(heights, e.latitude + 100.0 * spacing, e.longitude - 100.0 * spacing, spacing, spacing)
    now = moment(flying, 0.0)
    free, cut = (reach_fields(aircraft, aircraft.picture, now, book, each) for each in (None, grid))
    assert free is not None
    assert cut is not None
    assert free["radius"][0] > 120  # more than 1.2 km where nothing stands in the way
    assert cut["radius"][0] < 110
    assert cut["radius"][18] == pytest.approx(free["radius"][18], rel=0.1)
