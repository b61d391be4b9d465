"""Intervals and tests against scipy and against published tables; sensitivities against functions that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from samruk.study.statistics import (
    LEAST,
    Pairs,
    conditional_share,
    difference,
    drive,
    fisher,
    holm,
    mcnemar,
    pairs,
    percentile,
    share,
)

COUNTS = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))).filter(lambda c: c[1] > 0)


@given(COUNTS)
def test_shares_have_the_intervals_of_scipy(counts: tuple[int, int]) -> None:
    found, tested = share(*counts), stats.binomtest(*counts)
    # 1e-9: two ways to the same quantile
    for method, low, high in (("wilson", found.low, found.high), ("exact", found.exact_low, found.exact_high)):
        wanted = tested.proportion_ci(method=method)
        assert (low, high) == (pytest.approx(wanted.low, abs=1e-9), pytest.approx(wanted.high, abs=1e-9))


NEWCOMBE = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}
"""Wilson's interval in Table I of R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3."""
NEWCOMBE_EXACT = {
    (81, 263): (0.2527, 0.3676), (15, 148): (0.0578, 0.1617), (0, 20): (0.0, 0.1684), (1, 29): (0.0009, 0.1776)}
"""Clopper and Pearson's there, method 5."""


@pytest.mark.parametrize("counts", NEWCOMBE)
def test_shares_have_the_intervals_of_newcombe(counts: tuple[int, int]) -> None:
    found = share(*counts)
    low, high = NEWCOMBE[counts]
    # half of the table's last digit
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    low, high = NEWCOMBE_EXACT[counts]
    assert (found.exact_low, found.exact_high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_no_flights_say_nothing() -> None:
    nothing = share(0, 0)
    assert (nothing.low, nothing.high) == (0.0, 1.0)
    assert math.isnan(nothing.value)


def test_percentiles_hold_what_they_promise() -> None:
    """Of 2,000 samples of 60, at least 95 % of the intervals hold the true value, less 3 deviations of that count."""
    chance = np.random.default_rng(1)
    for percent in (10.0, 50.0, 90.0):
        true = stats.gamma.ppf(percent / 100.0, 2.0)
        found = [percentile(chance.gamma(2.0, size=60), percent) for _ in range(2000)]
        held = sum(p.low <= true <= p.high for p in found)
        assert held >= 2000 * 0.95 - 3.0 * math.sqrt(2000 * 0.95 * 0.05)


def test_a_median_of_ten_has_the_textbook_ranks() -> None:
    """Ranks 2 and 9 of 10: coverage 97.9 % (David and Nagaraja, Order Statistics, 3rd ed., 7.1)."""
    found = percentile(np.arange(1.0, 11.0), 50.0)
    assert (found.low, found.value, found.high) == (2.0, 5.5, 9.0)


def test_few_flights_cannot_bound_a_rare_value() -> None:
    found = percentile(np.arange(30.0), 99.0)
    assert math.isfinite(found.low)
    assert found.high == math.inf


def test_paired_yes_and_no_is_mcnemars_exact_test() -> None:
    for b, c in ((0, 0), (0, 5), (3, 12), (40, 41), (7, 7)):
        wanted = stats.binomtest(b, b + c).pvalue if b + c else 1.0
        assert mcnemar(b, c) == pytest.approx(wanted, rel=1e-9)


def test_the_difference_of_pairs_is_that_of_agresti_and_min() -> None:
    """Their formula by hand for 100 pairs, 20 against 8 discordant: -12 points, Wald with 0.5 in every cell."""
    first = np.array([1] * 60 + [1] * 20 + [0] * 8 + [0] * 12, bool)
    second = np.array([1] * 60 + [0] * 20 + [1] * 8 + [0] * 12, bool)
    found = pairs(first, second)
    assert found == Pairs(60, 20, 8, 12, found.p, -0.12, found.low, found.high)
    middle, variance = -12.0 / 102.0, ((20.5 + 8.5) - 12.0**2 / 102.0) / 102.0**2
    assert found.low == pytest.approx(middle - 1.959964 * math.sqrt(variance), abs=1e-6)
    assert found.high == pytest.approx(middle + 1.959964 * math.sqrt(variance), abs=1e-6)


def test_paired_differences_have_students_interval() -> None:
    chance = np.random.default_rng(2)
    one = chance.normal(size=40)
    two = one + chance.normal(0.5, 0.2, size=40)
    found = difference(one, np.append(two[:-1], np.nan))
    assert found is not None
    wanted = stats.ttest_1samp((two - one)[:-1], 0.0).confidence_interval()
    assert found.pairs == 39
    assert (found.low, found.high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))


def scores(n: int, names: int, seed: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    return {f"x{k}": chance.normal(size=n) for k in range(names)}


def test_correlations_of_ranks_are_spearmans() -> None:
    x = scores(120, 3, 3)
    y = np.exp(x["x0"]) + 0.3 * x["x1"] ** 3
    found = drive("y", y, x)
    assert found is not None
    for driver in found.drivers:
        assert driver.correlation == pytest.approx(stats.spearmanr(x[driver.key], y).statistic, abs=1e-12)


def test_intervals_of_correlations_are_fishers() -> None:
    low, high = fisher(0.5, 103)
    assert (low, high) == (pytest.approx(math.tanh(math.atanh(0.5) - 0.1959964), abs=1e-7),
                           pytest.approx(math.tanh(math.atanh(0.5) + 0.1959964), abs=1e-7))  # fmt: skip


def test_shares_of_the_variance_are_sobols_first_order() -> None:
    """Ishigami's function, a = 7, b = 0.1: S1 = 0.3139, S2 = 0.4424, S3 = 0 (Ishigami and Homma 1990; Saltelli 2008).

    Ten bins lose what varies inside a bin: for x2, with its two waves, a seventh; 0.03 is also 3 deviations of chance.
    """
    chance = np.random.default_rng(4)
    x = chance.uniform(-math.pi, math.pi, size=(3, 20000))
    y = np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    found = [conditional_share(each, y)[0] for each in x]
    assert found[0] == pytest.approx(0.3139, abs=0.03)
    assert 0.85 * 0.4424 < found[1] < 0.4424
    assert found[2] < 0.005


def test_a_share_without_effect_is_nothing_in_the_mean_and_its_chance_is_uniform() -> None:
    chance = np.random.default_rng(5)
    found = [conditional_share(chance.normal(size=200), chance.normal(size=200)) for _ in range(500)]
    assert stats.kstest([p for _, p in found], "uniform").pvalue > 0.01
    wanted = stats.f_oneway(*np.array_split(np.arange(24.0)[np.argsort(np.arange(24.0) % 7)], 2)).pvalue
    assert conditional_share(np.arange(24.0) % 7, np.arange(24.0))[1] == pytest.approx(wanted, rel=1e-9)


def test_corrected_chances_are_holms() -> None:
    """The example of Holm's procedure (Scand. J. Statist. 6, 1979): largest factor to the smallest chance."""
    assert holm([0.001, 0.02, 0.5, 0.013]) == [pytest.approx(0.004), pytest.approx(0.04), 0.5, pytest.approx(0.039)]


def test_what_drives_nothing_is_seldom_called_a_driver() -> None:
    """150 numbers without effect: Holm promises a false sign in 5 % of studies; 60 studies give 8 at 3 deviations."""
    false = 0
    for k in range(60):
        x = scores(100, 150, 100 + k)
        found = drive("y", np.random.default_rng(k).normal(size=100), x)
        assert found is not None
        false += bool(found.resolved)
    assert false <= 8


def test_drivers_are_found_among_many_and_ranked() -> None:
    x = scores(400, 60, 7)
    y = 2.0 * x["x5"] - 1.0 * x["x9"] + np.random.default_rng(8).normal(size=400)
    found = drive("y", y, x)
    assert found is not None
    assert [d.key for d in found.resolved] == ["x5", "x9"]
    first, second = found.resolved
    assert first.low > 0.0 > second.high
    # of the variance 6: 4 and 1; three deviations of a correlation at 400 flights are 0.15, of ranks a little more
    assert first.correlation == pytest.approx(2.0 / math.sqrt(6.0), abs=0.1)
    assert first.coefficient == pytest.approx(2.0 / math.sqrt(6.0), abs=0.1)
    assert second.coefficient == pytest.approx(-1.0 / math.sqrt(6.0), abs=0.1)
    assert found.explained == pytest.approx(5.0 / 6.0, abs=0.07)
    assert found.smallest < second.share


def test_a_driver_that_harms_both_ways_is_found_without_a_sign() -> None:
    x = scores(300, 20, 9)
    found = drive("y", x["x3"] ** 2 + 0.3 * x["x4"], x)
    assert found is not None
    assert found.resolved[0].key == "x3"
    assert found.resolved[0].low < 0.0 < found.resolved[0].high
    assert found.resolved[0].share > 0.5


def test_a_yes_or_no_is_driven_like_a_number() -> None:
    x = scores(500, 20, 10)
    found = drive("completed", (x["x2"] > 0.3).astype(float), x)
    assert found is not None
    assert [d.key for d in found.resolved] == ["x2"]
    wanted = stats.pointbiserialr((x["x2"] > 0.3), x["x2"]).statistic
    assert found.resolved[0].correlation == pytest.approx(wanted, abs=1e-12)


def test_nothing_is_told_of_too_few_flights_or_of_what_does_not_vary() -> None:
    x = scores(LEAST - 1, 3, 11)
    assert drive("y", x["x0"], x) is None
    assert drive("y", np.ones(100), scores(100, 3, 12)) is None
