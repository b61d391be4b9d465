"""Facts about qualification campaigns: what a file may say, how margins are computed, which flights are flown."""

from __future__ import annotations

import math
import tomllib
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samruk import load
from samruk.errors import InputError
from samruk.qualify import missions, points
from samruk.qualify.campaign import Campaign, Rule, over, read
from samruk.qualify.flying import Kept, beyond
from samruk.qualify.judging import as_json, judge, margin, percent, table, word
from samruk.qualify.plots import bar
from samruk.qualify.quantities import QUANTITIES
from samruk.units import FOOT
from samruk.weather import cloud

TINY = """
title = "Two runs"
[mission]
start = 2026-06-21T06:00:00Z
[mission.home]
name = "Field"
latitude_deg = 45.0
longitude_deg = 60.0
elevation_m_msl = 0
heading_deg = 0
length_m = 2500
[mission.loading]
fuel_temperature_c = 15
hangar_temperature_c = 50
[mission.links]
satellite_longitude_deg = 58.5
[[run]]
key = "A"
name = "Mild"
environment = "standard day"
asks = "flies"
stands_on = "model only: a test"
altitude_m_msl = 900
station_time_min = 3
frame_every_s = 5
figures = ["coolant"]
[[run.case]]
name = "plain"
[[run.case]]
name = "too hot"
expected = "refused"
[run.case.mission.conditions]
temperature_offset_k = 50
[[run.rule]]
quantity = "completed"
least = 1
source = "a test"
[[run.rule]]
quantity = "load_factor_high"
limit_of = "structure.load_factor_max"
reference = 1
source = "a test"
[[run]]
key = "B"
name = "Later"
environment = "none"
asks = "nothing yet"
stands_on = "model only: nothing"
not_built = "needs something"
"""


def kept(run: str, case: str, seed: int = 0, **values: float) -> Kept:
    full = {"completed": 1.0, "refused": 0.0, "load_factor_high": 1.5, "coolant": 90.0, **values}
    outcome = "refused" if full["refused"] else "completed" if full["completed"] else "lost"
    return Kept(run, case, seed, outcome, "", 0.5, full, {}, {})


FLIGHTS = [kept("A", "plain"), kept("A", "plain", 1, load_factor_high=2.4), kept("A", "too hot", refused=1.0)]


def results(flights: list[Kept], text: str = TINY) -> list[Any]:
    return judge(read(text, "tiny.toml").runs, flights, load.aircraft("anka").aircraft)


RULES = st.builds(
    Rule, st.just("coolant"), st.just(0.0), st.just(""), st.booleans(), st.floats(-50.0, 50.0), st.just("a test")
)


@given(RULES, st.floats(1.0, 100.0), st.floats(0.001, 100.0))
def test_a_margin_is_negative_exactly_beyond_the_limit(rule: Rule, away: float, more: float) -> None:
    at = rule.reference + (away if rule.most else -away)
    outwards = 1.0 if rule.most else -1.0
    assert margin(at, at, rule) == 0.0
    assert margin(at + outwards * more, at, rule) < 0.0 < margin(at - outwards * more, at, rule)
    assert margin(rule.reference, at, rule) == pytest.approx(1.0, abs=1e-9)  # rounding of one subtraction


def test_a_margin_is_the_part_of_the_limit_that_is_left_where_the_reference_is_zero() -> None:
    rule = Rule("sink", 3.0, "", True, 0.0, "a test")
    assert margin(2.4, 3.0, rule) == pytest.approx((3.0 - 2.4) / 3.0)  # the definition, in the same doubles


def test_what_never_came_has_no_margin_at_all() -> None:
    assert margin(math.nan, 3.0, Rule("sink", 3.0, "", True, 0.0, "a test")) == -math.inf


def test_the_worst_lane_governs_and_names_its_seed() -> None:
    first = results(FLIGHTS)[0]
    assert first.passed
    assert first.flights == 3
    assert (first.governing.rule.quantity, first.governing.seed) == ("load_factor_high", 1)
    assert first.governing.margin == pytest.approx((3.8 - 2.4) / (3.8 - 1.0))  # the same doubles


def test_a_run_fails_by_one_lane_beyond_its_limit() -> None:
    first = results([*FLIGHTS, kept("A", "plain", 2, load_factor_high=3.9)])[0]
    assert first.passed is False
    assert word(first) == "FAILED"
    assert first.governing.margin < 0.0
    assert first.governing.seed == 2


def test_a_case_that_must_be_refused_fails_where_it_is_flown() -> None:
    assert results([FLIGHTS[0], kept("A", "too hot", refused=0.0)])[0].passed is False


def test_a_case_flown_beside_is_not_judged() -> None:
    text = TINY.replace('expected = "refused"', 'expected = "shown"')
    assert results([FLIGHTS[0], kept("A", "too hot", completed=0.0, load_factor_high=9.0)], text)[0].passed


def test_a_run_that_is_not_built_says_what_it_needs_and_passes_nothing() -> None:
    later = results(FLIGHTS)[1]
    assert later.passed is None
    assert word(later) == "not built"
    found = as_json([later])[0]
    assert found["not_built"] == "needs something"
    assert found["margin"] is None
    assert found["flights"] == 0


def test_json_holds_each_rule_with_its_limit_and_source() -> None:
    found = as_json(results(FLIGHTS))[0]
    needed = {"key", "name", "environment", "passed", "margin", "limit", "unit", "worst", "stands_on", "figures",
              "not_built"}  # fmt: skip
    assert needed <= found.keys()
    assert found["worst"] == {"value": 2.4, "case": "plain", "seed": 1}
    assert [rule["source"] for rule in found["rules"]] == ["a test", "a test", found["rules"][2]["source"]]
    assert found["cases"][0]["outcomes"] == {"completed": 2}


def test_a_table_has_a_line_for_each_run() -> None:
    assert len(table(results(FLIGHTS)).splitlines()) == 2


def test_margins_are_rounded_towards_danger() -> None:
    assert (percent(0.059), percent(-0.001)) == ("+5 %", "−1 %")


def test_a_bar_of_a_passed_limit_points_the_other_way() -> None:
    assert 'class="f-warning"' in bar(-0.2)
    assert 'class="f-warning"' not in bar(0.2)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"load_factor_high"', '"load_factor"', "no quantity"),
        ("least = 1\n", "", "one limit"),
        ('stands_on = "model only: a test"', 'stands_on = "trust"', "stands on"),
        ("station_time_min = 3", "station_time = 3", "unit"),
        ('key = "B"', 'key = "A"', "second run"),
        ('expected = "refused"', 'expected = "perhaps"', "Allowed"),
        ('not_built = "needs something"', "", "no case"),
        ('figures = ["coolant"]', "figures = 3", "list of words"),
        ('title = "Two runs"', 'titel = "Two runs"', "title"),
        ("reference = 1\n", "reference = 1\nplus = nan\n", "finite"),
    ],
)
def test_what_is_wrong_in_a_campaign_is_told_in_one_line(old: str, new: str, says: str) -> None:
    with pytest.raises(InputError) as told:
        read(TINY.replace(old, new, 1), "tiny.toml")
    text = str(told.value)
    assert says in text
    assert "\n" not in text
    assert text.startswith("tiny.toml")


def test_a_limit_at_its_own_reference_is_refused() -> None:
    with pytest.raises(InputError, match="part of the way"):
        read(TINY.replace("least = 1\n", "least = 1\nreference = 1\n", 1), "tiny.toml")


# Missions -------------------------------------------------------------------------------------------------------------


def whole() -> Campaign:
    return read(*load.campaign())


FIRST = "anka"


@pytest.mark.parametrize(
    "aircraft", [pytest.param(name, marks=() if name == FIRST else pytest.mark.slow) for name in load.fleet()]
)
def test_every_case_is_a_mission_file_of_its_own(aircraft: str) -> None:
    definition, campaign = load.aircraft(aircraft), whole()
    for run in campaign.runs:
        for case in run.cases:
            lane = missions.inputs(campaign, run, case, definition, aircraft)
            mass = lane.aircraft.mass
            total = float(mass.empty) + lane.task.loading.payload + lane.task.loading.fuel
            assert total <= float(mass.max_take_off), f"{run.key} {case.name}"


def test_every_limit_of_the_campaign_is_a_number_of_the_aircraft_or_has_a_source() -> None:
    aircraft = load.aircraft("tb2").aircraft
    found = judge(whole().runs, [], aircraft)
    assert all(rule.source for result in found for rule in result.run.rules)
    assert {rule.quantity for result in found for rule in result.run.rules} <= set(QUANTITIES)


def test_tables_are_written_as_they_were_read() -> None:
    tables = {"a": 1, "b": {"c": [1.5, -2], "d": {"e": "x \"y\""}}, "f": [{"g": True}, {"h": {"i": 0.1}}],
              "t": datetime(2026, 1, 2, tzinfo=UTC)}  # fmt: skip
    assert tomllib.loads(missions.written(tables)) == tables


def test_tables_laid_over_others_merge_and_lists_replace() -> None:
    base = {"a": {"b": 1, "c": [1]}, "d": 2}
    assert over(base, {"a": {"c": [2, 3]}}) == {"a": {"b": 1, "c": [2, 3]}, "d": 2}
    assert base == {"a": {"b": 1, "c": [1]}, "d": 2}


def test_spread_is_within_what_is_declared_and_the_first_flight_is_nominal() -> None:
    campaign = read(TINY, "tiny.toml")
    run = campaign.runs[0]
    nominal = missions.inputs(campaign, run, run.cases[0], load.aircraft("anka"), "anka")
    assert missions.dispersed(nominal, 0, 3.0) == nominal
    lanes = [missions.dispersed(nominal, seed, 3.0).task for seed in range(1, 60)]
    warm = np.array([lane.conditions.temperature_offset for lane in lanes])
    heavy = np.array([lane.loading.payload - nominal.task.loading.payload for lane in lanes])
    mass = nominal.aircraft.mass.empty + nominal.task.loading.payload + nominal.task.loading.fuel
    assert np.abs(warm).max() <= 3.0
    assert np.abs(warm).max() > 2.0
    assert np.abs(heavy).max() <= 0.03 * mass
    assert heavy.std() > 0.01 * mass
    assert len({lane.seed for lane in lanes}) == 59


def test_a_case_above_the_published_ceiling_is_not_for_that_aircraft() -> None:
    run = next(run for run in whole().runs if run.key == "Q21")
    anka, small = load.aircraft("anka"), load.aircraft("tb2")
    assert run.cases[0].altitude == pytest.approx(30000.0 * FOOT)
    assert not beyond(run.cases[0], anka, load.published("anka"))
    assert beyond(run.cases[0], small, load.published("tb2"))


# Points ---------------------------------------------------------------------------------------------------------------


def test_clouds_hold_the_water_of_the_envelope_at_their_temperature() -> None:
    run = next(run for run in whole().runs if run.key == "Q11")
    case = next(case for case in run.cases if case.name == "−10 C, 20 µm")
    water = case.mission["weather"]["cloud"][0]["water_g_m3"]
    assert water == pytest.approx(0.425, abs=1e-3)  # Appendix C at 20 um and -10 C, NACA TN-1855 anchors
    assert 1e-3 * water == pytest.approx(cloud.continuous_maximum(20e-6, 263.15), rel=1e-3)  # rounded to 0.1 mg


@given(st.floats(-63.0, 63.0))
def test_a_sweeps_column_has_its_temperature_at_the_ground_and_cools_aloft(celsius: float) -> None:
    levels = points.column(celsius)
    assert levels[0]["temperature_c"] == pytest.approx(celsius, abs=0.006)  # written to 0.01
    assert levels[-1]["temperature_c"] < -20.0


def test_the_ends_of_the_sweep_are_the_days_of_mil_std_210a_aloft() -> None:
    hot = {row["height_m_msl"]: row["temperature_c"] for row in points.column(54.0)}
    assert hot[9144.0] == pytest.approx(248.56 - 273.15, abs=0.01)  # hot day at 30,000 ft
