"""The geofence aboard: a border ahead turns the aircraft around before it is passed."""

from __future__ import annotations

import pytest

from samruk import load
from samruk.messages import Mode, OrderKind
from samruk.rules.items import Cmd, Item, at
from samruk.sphere import distance
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.fence import HOLD, RETURN, WARN, Fence
from samruk.vehicle.live import Live
from samruk.vehicle.service import Asked, Now, Result, Sender

OFF = Asked(int(Cmd.DO_FENCE_ENABLE), Sender(241), 0.0)
RADIUS = 14e3
"""m of the fence, around home."""


def outward(action: int, seconds: float) -> tuple[Aircraft, Fence, float]:
    """Take off and fly a heading outwards; the farthest from home."""
    live = Live(load.mission("circuit"), [0])
    aircraft = Aircraft(live, 0)
    home = aircraft.home
    circle: tuple[Item, ...] = (
        at(Cmd.FENCE_CIRCLE_INCLUSION, float(home.latitude), float(home.longitude), params=(RADIUS, 0.0, 0.0, 0.0)),
    )
    aircraft.board["fence_action"] = action
    fence = Fence(aircraft, lambda: circle)
    farthest, away, ordered = 0.0, 0.0, False
    aircraft.order(OrderKind.ENGINE, x=1.0)
    live.advance(600)
    aircraft.order(OrderKind.TAKE_OFF, altitude=float(home.elevation) + 600.0, z=0.0)
    end = live.time + seconds
    while live.time < end:
        live.advance(5)
        list(fence.due(Now(live.tick, live.time, live.time, live.utc)))
        picture = aircraft.picture
        away = distance(float(picture.estimate.latitude), float(picture.estimate.longitude), float(home.latitude),
                        float(home.longitude))  # fmt: skip
        farthest = max(farthest, away)
        if not ordered and picture.mode == Mode.HOLD:
            ordered = True
            aircraft.order(OrderKind.HEADING, x=1.0, altitude=float(home.elevation) + 600.0)
        if ordered and picture.mode in (Mode.RETURN, Mode.DESCENT) and away < 0.8 * RADIUS:
            break
    assert ordered, picture.mode
    return aircraft, fence, farthest


@pytest.mark.parametrize("action", [RETURN, HOLD])
def test_an_aircraft_that_flies_at_a_border_turns_before_it(action: int) -> None:
    aircraft, fence, farthest = outward(action, 1500.0)
    assert 0.75 * RADIUS < farthest < RADIUS
    assert fence.count == 0
    assert aircraft.picture.mode in ((Mode.HOLD,) if action == HOLD else (Mode.RETURN, Mode.DESCENT))
    assert any("fence in" in text for _, text in aircraft.texts)


def test_a_hold_that_is_ordered_beyond_the_border_is_not_reached() -> None:
    aircraft, fence, _ = outward(HOLD, 1500.0)
    live, home = aircraft.live, aircraft.home
    there = float(home.latitude) + 1.5 * RADIUS / 6371e3
    for _ in range(2):
        aircraft.order(OrderKind.HOLD, 241, latitude=there, longitude=float(home.longitude))
        for _ in range(1200):
            live.advance(5)
            list(fence.due(Now(live.tick, live.time, live.time, live.utc)))
            assert not fence.breached


def test_a_fence_that_only_warns_lets_the_aircraft_pass_and_counts_it() -> None:
    aircraft, fence, farthest = outward(WARN, 1500.0)
    assert farthest > RADIUS
    assert fence.count == 1
    assert fence.status()["breach_status"] == 1
    assert aircraft.picture.mode == Mode.HEADING
    assert fence._enable(OFF, Now()).result == Result.DENIED
    assert fence.enabled


def test_a_fence_is_switched_off_on_the_ground_only() -> None:
    live = Live(load.mission("circuit"), [0])
    live.advance(10)
    fence = Fence(Aircraft(live, 0), lambda: ())
    assert fence._enable(OFF, Now()).result == Result.ACCEPTED
    assert not fence.enabled
