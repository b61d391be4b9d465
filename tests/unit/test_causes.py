"""Causes and fixes found with a flight whose outcome is a stated rule, so that the search itself is what is tested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from tests.reference_aircraft import reference_aircraft

from samruk.ledger import Ended, Integrals, Ledger
from samruk.mission import Clock, Cloud, Conditions, Crew, GapWindow, Links, Loading, Rules, Runway, Tables, Task
from samruk.verdict.catalogue import CATALOGUE, Inputs, Rates
from samruk.verdict.causes import explain
from samruk.verdict.flights import Flown
from samruk.verdict.outcome import RANK, better, outcome

ENDED = Ended(status=0, damage=0, refused=False, reason=0, stopped=True, at_home=True, station=10.0,
              station_wanted=5.0, duration=3600.0, fuel_used=20.0, fuel_left=50.0)  # fmt: skip

Rule = Callable[[Task], str]


def icy_day() -> Inputs:
    """A cloud, a gap in the link, a slow crew, protection that waits."""
    task = Task(
        Clock(), Loading(fuel=200.0), Conditions(cloud_a=Cloud(water=3e-4), turbulence_high=1.0),
        Links(gap_a=GapWindow(100.0, 40.0)), Crew(), Rules(automatic_protection=0, escape=1), Runway(), Runway(),
        Runway(), seed=5,
    )  # fmt: skip
    return Inputs(task, reference_aircraft(), Tables())


def flying_by(rule: Rule) -> Callable[[Sequence[Inputs]], list[Flown]]:
    """A flight whose outcome is a rule of its task; protection costs 3.6 MJ where it works."""

    def fly(lanes: Sequence[Inputs]) -> list[Flown]:
        flown = []
        for lane in lanes:
            end = replace(ENDED, damage=0 if rule(lane.task) == "completed" else 1)
            energy = 3.6e6 if lane.task.rules.automatic_protection else 0.0
            flown.append(Flown(lane, end, Ledger(integrals=Integrals(protection_energy=energy)), None))
        return flown

    return fly


def test_outcomes_are_ranked_lost_refused_diverted_completed() -> None:
    assert sorted(RANK, key=lambda o: RANK[o]) == ["lost", "refused", "diverted", "completed"]
    assert better("diverted", "lost")
    assert not better("lost", "refused")
    assert not better(None, "lost")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "completed"),
        ({"station": 1.0}, "diverted"),
        ({"at_home": False}, "diverted"),
        ({"damage": 1}, "lost"),
        ({"refused": True, "stopped": False}, "refused"),
        ({"stopped": False}, None),
        ({"status": 1}, None),
        ({"status": 2, "damage": 1}, None),
    ],
)
def test_an_outcome_follows_from_the_end(changes: dict[str, object], expected: str | None) -> None:
    assert outcome(replace(ENDED, **changes)) == expected


def test_a_completed_flight_needs_no_cause() -> None:
    fly = flying_by(lambda task: "completed")
    found = explain(fly([icy_day()]), [Rates()], fly)[0]
    assert found.causes == found.fixes == ()
    assert not found.unexplained


def test_what_turns_a_loss_is_named_and_priced_with_the_fuel_it_was_seen_to_use() -> None:
    fly = flying_by(
        lambda t: "completed" if t.rules.automatic_protection or t.conditions.cloud_scale == 0.0 else "lost"
    )
    found = explain(fly([icy_day()]), [Rates()], fly)[0]
    assert {c.name for c in found.causes} == {"no_ice", "waits_for_crew"}
    assert [f.name for f in found.fixes] == ["automatic_protection"]
    assert found.fixes[0].cost_kg == pytest.approx(0.215 / 0.8)  # 1 kWh at 215 g/kWh through 80 %
    assert (found.fixes[0].confirmed, found.fixes[0].seeds) == (3, 3)


def test_fixes_are_ranked_by_price() -> None:
    fly = flying_by(lambda t: "completed" if t.clock.epoch != 0.0 or t.loading.fuel > 220.0 else "lost")
    fixes = explain(fly([icy_day()]), [Rates()], fly)[0].fixes
    assert [f.name for f in fixes] == ["later_3_h", "earlier_3_h", "fuel_30_kg"]
    assert [f.cost_kg for f in fixes] == sorted(f.cost_kg for f in fixes)


def test_pairs_of_remedies_are_flown_only_where_no_single_change_turns_the_outcome() -> None:
    fly = flying_by(lambda t: "completed" if t.rules.automatic_protection and t.rules.lost_link_time < 60.0 else "lost")
    found = explain(fly([icy_day()]), [Rates()], fly)[0]
    assert found.causes == ()
    assert [f.name for f in found.fixes] == ["automatic_protection+lost_link_30_s"]
    assert not found.unexplained


def test_nothing_that_takes_the_weather_away_is_called_a_fix() -> None:
    fly = flying_by(
        lambda t: "completed" if t.conditions.cloud_scale == 0.0 and t.rules.automatic_protection else "lost"
    )
    found = explain(fly([icy_day()]), [Rates()], fly)[0]
    assert found.fixes == ()
    assert found.unexplained


def test_a_loss_that_nothing_turns_is_called_unexplained() -> None:
    fly = flying_by(lambda task: "lost")
    assert explain(fly([icy_day()]), [Rates()], fly)[0].unexplained


def test_what_turns_one_seed_only_is_no_cause() -> None:
    fly = flying_by(lambda t: "completed" if t.conditions.cloud_scale == 0.0 and t.seed == 5 else "lost")
    found = explain(fly([icy_day()]), [Rates()], fly)[0]
    assert found.causes == ()
    assert found.unexplained


def test_every_intervention_has_a_name_of_its_own_and_changes_one_thing_only_where_it_applies() -> None:
    names = [part.name for part in CATALOGUE]
    assert len(set(names)) == len(names)
    day = icy_day()
    for part in CATALOGUE:
        changed = part.change(day)
        assert changed is None or changed is not day
        assert part.price(Rates()) >= 0.0


def test_a_later_take_off_meets_the_same_cloud_at_the_same_instant() -> None:
    day = icy_day()
    later = next(part for part in CATALOGUE if part.name == "later_3_h").change(day)
    assert later is not None
    before, after = day.task, later.task
    assert after.clock.epoch + after.conditions.cloud_a.end == before.clock.epoch + before.conditions.cloud_a.end
    assert after.clock.epoch + after.links.gap_a.start == before.clock.epoch + before.links.gap_a.start
