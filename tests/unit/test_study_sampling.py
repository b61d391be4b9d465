"""What a study draws: a pure function of seed, flight and name; laws as their formulas say; refusals in one line."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from samruk import load
from samruk.aircraft.definition import RULES
from samruk.errors import InputError
from samruk.leaves import flatten
from samruk.study import spread_file
from samruk.study.keys import known
from samruk.study.laws import Law
from samruk.study.sampling import CUT, Sampler, flight_seed, uniform
from samruk.verdict.catalogue import Inputs

HEAD = '[[vary]]\nkey = "{}"\nsource = "a test"\n'


def entry(key: str, rest: str) -> str:
    return HEAD.format(key) + rest + "\n"


def sampler(text: str | None = None, seed: int = 1, story: str = "astana-january") -> Sampler:
    flight = load.mission(story).flights[0]
    spread = spread_file.read(None) if text is None else spread_file.parse(text, "spread.toml")
    return Sampler(Inputs(flight.task, flight.aircraft, flight.tables), flight.definition, spread, seed)


@lru_cache(maxsize=1)
def default() -> Sampler:
    return sampler()


def test_a_flight_is_the_same_in_any_order_and_beside_any_other_number() -> None:
    again = sampler()
    late = [again.draw(k) for k in (7, 3, 0)]
    for drawn in late:
        other = default().draw(drawn.number)
        assert (drawn.values, drawn.inputs.task) == (other.values, other.inputs.task)
        assert drawn.inputs.aircraft == other.inputs.aircraft
    alone = sampler(entry("conditions.wind_scale", 'distribution = "lognormal"\nspread = 0.2\nhigh = 5'))
    assert alone.draw(3).values["conditions.wind_scale"] == default().draw(3).values["conditions.wind_scale"]


def test_a_draw_is_the_one_that_was_published_with_this_version() -> None:
    """A study that is resumed on another machine or next year must go on with the same flights."""
    assert uniform(1, 0, "seed") == 0.7793766250074019
    assert flight_seed(1, 0) == 1673698557


def test_uniform_numbers_are_uniform_and_neighbours_are_independent() -> None:
    values = np.array([uniform(1, k, "conditions.wind_scale") for k in range(4000)])
    others = np.array([uniform(1, k, "conditions.cloud_scale") for k in range(4000)])
    # the draws are fixed, so this cannot change from run to run; 0.01 is the usual bar of a test of chance
    assert stats.kstest(values, "uniform").pvalue > 0.01
    assert stats.pearsonr(values, others).pvalue > 0.01
    assert stats.pearsonr(values[1:], values[:-1]).pvalue > 0.01


def test_two_seeds_share_no_flight() -> None:
    assert not {flight_seed(1, k) for k in range(2000)} & {flight_seed(2, k) for k in range(2000)}


PART = st.floats(0.001, 0.999)


@given(PART)
def test_laws_are_those_of_scipy(u: float) -> None:
    z = stats.truncnorm.ppf(u, -1.5, 2.0)
    # 1e-9: scipy's truncated normal law is itself accurate to about 1e-12 here
    assert Law("normal", 10.0, 2.0, 7.0, 14.0).quantile(u) == pytest.approx(10.0 + 2.0 * z, rel=1e-9)
    logs = stats.truncnorm.ppf(u, -math.inf, math.log(2.0) / 0.5)
    assert Law("lognormal", 3.0, 0.5, high=6.0).quantile(u) == pytest.approx(3.0 * math.exp(0.5 * logs), rel=1e-9)
    assert Law("uniform", low=-1.0, high=3.0).quantile(u) == pytest.approx(stats.uniform.ppf(u, -1.0, 4.0), abs=1e-12)
    triangle = stats.triang.ppf(u, 0.25, 2.0, 4.0)
    assert Law("triangular", 3.0, low=2.0, high=6.0).quantile(u) == pytest.approx(triangle, rel=1e-12)


@given(PART, PART)
def test_a_larger_uniform_number_never_gives_a_smaller_value(u: float, v: float) -> None:
    laws = (
        Law("normal", 0.0, 1.0, -1.0, 0.5), Law("lognormal", 2.0, 0.3), Law("uniform", low=0.0, high=1.0),
        Law("triangular", 0.2, low=0.0, high=1.0), Law("choice", values=(1.0, 2.0, 5.0), weights=(1.0, 0.0, 3.0)),
    )  # fmt: skip
    for law in laws:
        assert law.quantile(min(u, v)) <= law.quantile(max(u, v))


def test_a_choice_has_its_weights_and_never_what_weighs_nothing() -> None:
    law = Law("choice", values=(1.0, 2.0, 5.0), weights=(1.0, 0.0, 3.0))
    drawn = [law.quantile((k + 0.5) / 1000) for k in range(1000)]
    assert (drawn.count(1.0), drawn.count(2.0), drawn.count(5.0)) == (250, 0, 750)


def test_declared_spreads_are_those_of_the_definition() -> None:
    definition = default().definition
    drawn = [default().draw(k) for k in range(400)]
    source = definition.sources["aero.C_L_max"]
    logs = np.log([d.inputs.aircraft.aero.C_L_max / source.value for d in drawn])
    assert np.max(np.abs(logs)) <= CUT * source.spread * (1.0 + 1e-12)
    cut = stats.truncnorm(-CUT, CUT).std() * source.spread
    # 400 draws give a deviation within 3 x 3.5 %, a mean within 3 of its own deviations (1/20 of the spread)
    assert np.std(logs) == pytest.approx(cut, rel=0.105)
    assert abs(np.mean(logs)) < 0.15 * cut
    fixed = [path for path, each in definition.sources.items() if each.spread == 0.0 and not each.follows]
    assert fixed
    for path in fixed:
        assert {flatten(d.inputs.aircraft)[path] for d in drawn} == {flatten(definition.aircraft)[path]}


def test_what_follows_another_number_goes_with_it() -> None:
    definition = default().definition
    source = definition.sources["mass.empty"]
    assert (source.follows, source.power) == ("mass.max_take_off", 0.7)
    law = next(p.law for p in default().parameters if p.key == "aircraft.mass.empty_kg")
    for k in range(20):
        mass = default().draw(k).inputs.aircraft.mass
        own = law.quantile(uniform(1, k, "aircraft.mass.empty_kg"))
        ratio = mass.max_take_off / definition.aircraft.mass.max_take_off
        assert mass.empty == pytest.approx(own * ratio**0.7, rel=1e-12)
    text = 'aircraft = "declared"\n' + entry("aircraft.mass.empty_kg", 'distribution = "fixed"')
    assert {sampler(text).draw(k).inputs.aircraft.mass.empty for k in range(9)} == {source.value}


def test_every_drawn_aircraft_agrees_with_itself() -> None:
    drawn = [default().draw(k) for k in range(200)]
    assert any(d.pulled for d in drawn), "else this says nothing"
    for each in drawn:
        assert [text for _, text, holds in RULES if not holds(each.inputs.aircraft)] == []


def test_shifts_move_both_ends_and_values_take_the_place_of_the_missions() -> None:
    text = entry("weather.cloud.1.later_min", 'distribution = "fixed"\nvalue = 30') + entry(
        "weather.cloud.1.higher_m", 'distribution = "fixed"\nvalue = 100') + entry(
        "weather.cloud.1.water_g_m3", 'distribution = "fixed"\nvalue = 0.25')  # fmt: skip
    made = sampler(text)
    was, now = made.inputs.task.conditions.cloud_a, made.draw(0).inputs.task.conditions.cloud_a
    wanted = replace(was, start=was.start + 1800.0, end=was.end + 1800.0, base=was.base + 100.0, top=was.top + 100.0,
                     water=0.25e-3)  # fmt: skip
    assert now == wanted


def test_values_are_told_in_the_unit_of_their_key() -> None:
    text = entry("rules.reserve_min", 'distribution = "uniform"\nlow = 30\nhigh = 60')
    drawn = sampler(text).draw(5)
    assert drawn.inputs.task.rules.reserve == pytest.approx(60.0 * drawn.values["rules.reserve_min"], rel=1e-15)
    assert 30.0 <= drawn.values["rules.reserve_min"] <= 60.0


def test_tanks_never_hold_more_than_they_can() -> None:
    text = 'aircraft = "declared"\n' + entry("loading.fuel_kg", 'distribution = "uniform"\nlow = 340\nhigh = 600')
    ours = sampler(text)
    drawn = [ours.draw(k) for k in range(50)]
    assert all(d.inputs.task.loading.fuel <= d.inputs.aircraft.mass.fuel_capacity for d in drawn)
    assert any(d.inputs.task.loading.fuel == d.inputs.aircraft.mass.fuel_capacity for d in drawn)
    assert all(d.values["loading.fuel_kg"] == d.inputs.task.loading.fuel for d in drawn)


def test_seeds_may_be_the_missions_own() -> None:
    assert {sampler('seeds = "mission"').draw(k).inputs.task.seed for k in range(5)} == {1}
    assert len({sampler("").draw(k).inputs.task.seed for k in range(5)}) == 5


def test_every_key_goes_to_leaves_that_exist() -> None:
    leaves = set(default().task) | {f"aircraft.{path}" for path in default().aircraft}
    for key, target in known().items():
        assert set(target.leaves) <= leaves, key


REFUSED = {
    "an unknown key": (entry("conditions.windscale", 'distribution = "fixed"'), "conditions.wind_scale"),
    "a key without its unit": (entry("loading.fuel", 'distribution = "fixed"'), "loading.fuel_kg"),
    "an unknown law": (entry("loading.fuel_kg", 'distribution = "gauss"'), "normal"),
    "no source": ('[[vary]]\nkey = "loading.fuel_kg"\ndistribution = "fixed"\n', "source"),
    "ends the wrong way round": (entry("loading.fuel_kg", 'distribution = "uniform"\nlow = 9\nhigh = 3'), "low"),
    "a centre outside its ends": (
        entry("loading.fuel_kg", 'distribution = "normal"\nmean = 5\ndeviation = 1\nlow = 8'), "outside"),
    "a value that is not allowed": (
        entry("loading.fuel_kg", 'distribution = "uniform"\nlow = 100\nhigh = 9000'), "0 to 5000"),
    "a number twice in two units": (
        entry("rules.reserve_min", 'distribution = "fixed"') + entry("rules.reserve_s", 'distribution = "fixed"'),
        "second time"),
    "weights that do not fit": (
        entry("rules.escape", 'distribution = "choice"\nvalues = [0, 1]\nweights = [1]'), "weights"),
    "a flag that is drawn from a bell": (entry("rules.escape", 'distribution = "normal"\ndeviation = 1'), "choice"),
    "a word too many": (entry("loading.fuel_kg", 'distribution = "fixed"\nmean = 3'), "mean"),
    "no TOML": ("[[vary\n", "TOML"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_spread_file_is_refused_in_one_line(case: str) -> None:
    text, word = REFUSED[case]
    with pytest.raises(InputError) as caught:
        spread_file.parse(text, "spread.toml")
    said = str(caught.value)
    assert said.startswith("spread.toml")
    assert word in said
    assert "\n" not in said


def test_what_the_mission_does_not_have_cannot_vary() -> None:
    text = entry("links.gap.2.later_min", 'distribution = "normal"\ndeviation = 3')
    with pytest.raises(InputError, match=r"links\.gap\.2\.later_min"):
        sampler(text)


def test_the_default_leaves_out_what_the_mission_does_not_have() -> None:
    keys = sampler(story="circuit").keys
    assert "weather.cloud.all.later_min" not in keys
    assert not {"conditions.gust_scale", "conditions.swing_k", "weather.microburst.outflow_m_s"} & set(keys)
    assert "conditions.wind_scale" in keys
    assert "weather.cloud.all.later_min" in default().keys
