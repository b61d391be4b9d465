"""What drives a flight: derivatives times declared spreads, beside flights flown again."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from tests.drawn import crossings, outside
from tests.synthetic_day import report as example
from tests.system.whole import engines, story

from samruk import load
from samruk.aircraft.parts import AircraftDefinition
from samruk.verdict import report
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Flown, fly
from samruk.verdict.report_drivers import pictures
from samruk.verdict.sensitivity import Sensitivity, leaving, moved, sensitivity, told, uncertain

SPREADS = ("aero.C_D_0", "engine.indicated_efficiency", "propeller.profile_efficiency", "mass.empty", "geometry.chord",
           "geometry.wing_area")  # fmt: skip
"""Numbers that keep their declared spread here, so that all directions fit one register."""


def definition() -> AircraftDefinition:
    """The story's aircraft with few declared spreads."""
    whole = load.mission("astana-january").flights[0].definition
    return replace(whole, sources={path: whole.sources[path] for path in SPREADS})


def short() -> Inputs:
    """The story's clear flight with half an hour on each station instead of nine hours."""
    inputs = story()[0]
    route = replace(inputs.tables.route, loiter=np.minimum(inputs.tables.route.loiter, 1800.0))
    return Inputs(replace(inputs.task, rules=replace(inputs.task.rules, station_time=600.0)), inputs.aircraft,
                  replace(inputs.tables, route=route))  # fmt: skip


@lru_cache(maxsize=1)
def flown() -> Flown:
    """That flight."""
    return fly(engines(), [short()], record=True)[0]


@lru_cache(maxsize=1)
def found() -> Sensitivity:
    """Its drivers."""
    result = sensitivity("Clear", flown(), definition(), engines(), 1)
    assert result is not None
    return result


def test_the_straight_line_of_the_strongest_number_is_that_of_the_flight_flown_again() -> None:
    assert flown().outcome == "completed"
    first = found().drivers[0]
    # 5 %: level-off and turns fall to other ticks, which a tangent does not see
    assert first.per_spread["fuel_left_kg"] == pytest.approx(first.flown_again["fuel_left_kg"], rel=0.05)


@pytest.mark.parametrize("figure", ["fuel_left_kg", "endurance_left_h"])
def test_what_changes_no_way_is_straight_over_its_spread(figure: str) -> None:
    """A better engine or propeller flies the same way; 5 %: level-off and turns fall to other ticks, which a tangent
    does not see and which weighs most in a flight as short as this (3 to 4 %)."""
    known = {driver.name: driver for driver in found().drivers}
    for name in ("engine.indicated_efficiency", "propeller.profile_efficiency"):
        assert known[name].per_spread[figure] > 0.0
        assert known[name].per_spread[figure] == pytest.approx(known[name].flown_again[figure], rel=0.05)
        assert known[name].straight(figure) is True


def test_drivers_are_ranked_and_their_shares_make_one() -> None:
    shares = [driver.share for driver in found().drivers]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0)  # rounding
    assert found().deviation["fuel_left_kg"] ** 2 == pytest.approx(
        sum(driver.effect("fuel_left_kg") ** 2 for driver in found().drivers)
    )


def test_figures_are_those_of_the_flight() -> None:
    by_key = {figure.key: figure.value for figure in found().figures}
    assert by_key["fuel_left_kg"] == pytest.approx(flown().end.fuel_left, abs=1e-3)  # a frame each 30 s, engine idling


def test_what_follows_a_number_moves_with_it() -> None:
    inputs, whole = short(), definition()
    wing = next(n for n in uncertain(inputs, whole) if n.path == "aircraft.geometry.wing_area")
    after = moved(inputs, whole, wing, 0.1 * inputs.aircraft.geometry.wing_area).aircraft
    assert after.geometry.chord == pytest.approx(1.1 * inputs.aircraft.geometry.chord)
    ratio = after.aero.C_D_0 / inputs.aircraft.aero.C_D_0
    assert ratio == pytest.approx(1.1**-0.58)


def test_an_hour_on_station_needs_ten_minutes() -> None:
    time = np.arange(0.0, 7200.0, 30.0)
    assert leaving(time, (time > 600.0) & (time < 900.0)) is None
    assert leaving(time, time < 0.0) is None
    start, stop = leaving(time, time < 6000.0) or (0, 0)
    assert time[stop] - time[start] == 3600.0


def test_words_and_pictures_say_the_strongest_first() -> None:
    strongest = found().drivers[0].name
    assert strongest in told(found())[0]
    for picture in pictures(found()):
        drawn = picture.standalone("light")
        assert not crossings(drawn)
        assert not outside(drawn)
        assert strongest in drawn


def test_the_report_has_a_section_only_when_asked() -> None:
    page = report.write(replace(example(), drivers=found()))
    assert "What drives it: Clear" in page
    assert page.count("<tr>") == 1 + len(found().drivers)
    assert "What drives it" not in report.write(example())
