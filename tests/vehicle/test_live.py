"""Live lanes: what reaches them is written down and can be flown again."""

from __future__ import annotations

import pytest

from samruk import load
from samruk.errors import InputError
from samruk.messages import OrderKind
from samruk.mission import LEGS
from samruk.vehicle.live import LOST_LINK, MAIN, Leg, Live, replay, state_of
from samruk.vehicle.picture import WHERE


@pytest.fixture(scope="module")
def plan() -> load.MissionPlan:
    return load.mission("circuit")


def test_a_journal_flown_again_gives_the_same_bits(plan: load.MissionPlan) -> None:
    live = Live(plan, [0, 0])
    live.advance(13)
    live.order(0, OrderKind.ENGINE, x=1.0)
    live.order(0, OrderKind.AIRSPEED, x=50.0)
    live.hear(1)
    live.advance(4)
    live.swap_route(1, live.legs(1)[::-1], MAIN, leg=0)
    live.set_failure(1, "alternator", 0.5)
    live.advance(333)
    live.set_condition(0, "wind_scale", 1.5)
    live.advance(50)
    assert {entry.what for entry in live.journal} == {"order", "legs", "parameter", "link"}
    again = replay(plan, [0, 0], [entry.as_json() for entry in live.journal], live.tick)
    for k in range(2):
        assert state_of(live, k) == state_of(again, k)
    assert state_of(live, 0) != state_of(live, 1)


def test_two_orders_of_one_moment_take_two_ticks(plan: load.MissionPlan) -> None:
    live = Live(plan, [0])
    first, second = live.order(0, OrderKind.AIRSPEED, x=0.0), live.order(0, OrderKind.RETURN)
    live.advance(5)
    ticks = {entry.arguments["sequence"]: entry.tick for entry in live.journal}
    assert ticks == {first: 0, second: 1}


def test_a_route_takes_its_rows_and_leaves_the_other_route(plan: load.MissionPlan) -> None:
    live = Live(plan, [0, 0])
    before = live.legs(1)
    lost = [Leg(0.89, 1.24, 900.0), Leg(0.891, 1.241, 1000.0, radius=-1500.0)]
    live.swap_route(0, lost, LOST_LINK)
    live.advance(1)
    assert live.legs(0, LOST_LINK) == lost
    assert live.legs(0) == live.legs(1) == before
    names = [leaf.name for leaf in live.batch.engine.tables.leaves]
    assert live.batch.tables[0][names.index("route.radius")][LEGS - 1] == -1500.0
    assert live.batch.tables[1][names.index("route.radius")][LEGS - 1] == 0.0


def test_what_cannot_be_is_refused_and_changes_nothing(plan: load.MissionPlan) -> None:
    live = Live(plan, [0])
    with pytest.raises(InputError, match="no system"):
        live.set_failure(0, "ejector", 1.0)
    with pytest.raises(InputError, match="not within 0 to 1"):
        live.set_failure(0, "engine", 2.0)
    with pytest.raises(InputError, match="can be changed"):
        live.set_condition(0, "task.seed", 4.0)
    with pytest.raises(InputError, match="more than"):
        live.swap_route(0, [Leg(0.9, 1.2, 900.0)] * (LEGS + 1))
    assert live.journal == []


def test_the_age_of_the_link_forgives_what_the_wall_clock_costs(plan: load.MissionPlan) -> None:
    slow, fast = Live(plan, [0]), Live(plan, [0], speed=20.0)
    for live in (slow, fast):
        assert live.link_age(0) == 0.0
        live.hear(0)
        live.advance(300)
    assert slow.link_age(0) == pytest.approx(30.0)
    assert fast.link_age(0) == pytest.approx(30.0 - 19 * 1.5)  # a heartbeat each wall second, half a second late
    assert slow.batch.values("link_age")[0] == 29.0  # told at the last whole second


def test_a_picture_holds_no_truth() -> None:
    assert not [path for path in WHERE.values() if path.split(".")[0] in {"world", "ledger", "crew"}]
