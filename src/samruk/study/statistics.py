"""What many flights say: shares and percentiles with intervals, and which numbers drive a result.

Every interval is of 95 %. Draws of different flights are independent (`sampling`), as all of this takes for granted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy import special  # type: ignore[import-untyped]

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + 0.5 * LEVEL)
LEAST = 20
"""Flights below which no sensitivity is told: a correlation of 0.45 is then within chance."""
FEWEST_PER_BIN, MOST_BINS = 12, 10
"""Flights in a bin of the conditional variance, and bins, at least and at most."""

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Share:
    """A part of all flights."""

    count: int
    """Flights of which it is so."""
    flights: int
    """Flights in all."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end."""
    exact_low: float
    """Lower end of the exact (Clopper-Pearson) interval: never covers less than it says."""
    exact_high: float
    """Upper end."""

    @property
    def value(self) -> float:
        """The share itself; not a number without flights."""
        return self.count / self.flights if self.flights else math.nan

    @property
    def extreme(self) -> bool:
        """So near none or all that the exact interval is the one to read."""
        return min(self.count, self.flights - self.count) < 5


def share(count: int, flights: int) -> Share:
    """A share with Wilson's interval (Wilson 1927) and the exact one (Clopper and Pearson 1934).

    >>> s = share(15, 20)
    >>> round(s.low, 4), round(s.high, 4)
    (0.5313, 0.8881)
    """
    if flights == 0:
        return Share(0, 0, 0.0, 1.0, 0.0, 1.0)
    p, n, z2 = count / flights, flights, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == n else min(1.0, middle + half)
    return Share(count, n, low, high, *clopper_pearson(count, n))


def clopper_pearson(count: int, flights: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a share, by quantiles of the beta distribution."""
    tail = 0.5 * (1.0 - level)
    low = 0.0 if count == 0 else float(special.betaincinv(count, flights - count + 1, tail))
    high = 1.0 if count == flights else float(special.betaincinv(count + 1, flights - count, 1.0 - tail))
    return low, high


def shares(words: Sequence[str] | np.ndarray[Any, Any], order: Sequence[str]) -> dict[str, Share]:
    """The share of each word, in an order."""
    found = np.asarray(words)
    return {word: share(int(np.sum(found == word)), len(found)) for word in order}


@dataclass(frozen=True)
class Percentile:
    """A percentile with its interval."""

    percent: float
    value: float
    low: float
    """Minus infinity where so few flights cannot bound it."""
    high: float
    """Infinity likewise."""


def percentile(values: Array, percent: float) -> Percentile:
    """A percentile whose interval comes from order statistics, whatever the distribution (David and Nagaraja 2003)."""
    ordered, q = np.sort(values[np.isfinite(values)]), percent / 100.0
    n = len(ordered)
    if n == 0:
        return Percentile(percent, math.nan, -math.inf, math.inf)
    tail = 0.5 * (1.0 - LEVEL)
    ranks = np.arange(n + 1)
    below = special.bdtr(ranks, n, q)  # chance that at most so many lie below
    under, over = np.flatnonzero(below <= tail), np.flatnonzero(below >= 1.0 - tail)
    low = float(ordered[under[-1]]) if under.size else -math.inf
    high = float(ordered[over[0]]) if over.size and over[0] < n else math.inf
    return Percentile(percent, float(np.quantile(ordered, q)), low, high)


# What drives it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Driver:
    """One number's part in a result."""

    key: str
    share: float
    """Of the result's variance, 0..1: the part that the number's mean effect explains, of any shape."""
    share_low: float
    share_high: float
    correlation: float
    """Between the number's normal score and the result (of ranks, unless the result is yes or no)."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    coefficient: float
    """Standardised, of the regression on all resolved numbers together; not a number where it is not resolved."""
    p: float
    """Chance of so strong a sign without any effect, Holm's correction for the many numbers looked at."""
    resolved: bool
    """Whether it stands out of chance at this number of flights."""


@dataclass(frozen=True)
class Drive:
    """What drives one result."""

    result: str
    """Its name."""
    flights: int
    """That have it."""
    drivers: tuple[Driver, ...]
    """All numbers, the strongest first."""
    explained: float
    """Part of the variance that a linear regression on the resolved numbers explains, adjusted for their number."""
    smallest: float
    """Share of the variance that a number needs about to be resolved at this number of flights."""

    @property
    def resolved(self) -> tuple[Driver, ...]:
        """Those that stand out of chance."""
        return tuple(driver for driver in self.drivers if driver.resolved)


def drive(result: str, values: Array, scores: Mapping[str, Array]) -> Drive | None:
    """Which numbers drive a result, or None where it does not vary or too few flights have it.

    Args:
        result: its name.
        values: of each flight; not a number where it has none. Two different values count as no and yes.
        scores: by key, each flight's draw as a standard normal score.
    """
    known = np.isfinite(values)
    values = values[known]
    n = len(values)
    if n < LEAST or not scores or np.ptp(values) == 0.0:
        return None
    binary = len(np.unique(values)) == 2
    y = _standard(values if binary else _ranks(values))
    columns = {key: score[known] for key, score in scores.items()}
    found = [_driver(key, _standard(x if binary else _ranks(x)), y, 1.0 if binary else 1.06)
             for key, x in columns.items()]  # fmt: skip
    adjusted = holm([p for _, _, _, p in found])
    resolved = [key for key, p in zip(columns, adjusted, strict=True) if p < 1.0 - LEVEL]
    slopes, explained = _regression({key: columns[key] for key in resolved}, y)
    drivers = tuple(
        Driver(key, s, *_share_interval(s, n), r, *interval, slopes.get(key, math.nan), p, key in resolved)
        for (key, (r, interval, s, _)), p in zip(zip(columns, found, strict=True), adjusted, strict=True)
    )
    order = sorted(drivers, key=lambda d: (not d.resolved, -max(d.share, d.correlation**2)))
    bar = NormalDist().inv_cdf(1.0 - 0.25 * (1.0 - LEVEL) / len(columns))
    return Drive(result, n, tuple(order), explained, min(1.0, math.tanh(bar / math.sqrt(n - 3)) ** 2))


def _driver(key: str, x: Array, y: Array, widened: float) -> tuple[float, tuple[float, float], float, float]:
    """Correlation, its interval, share of the variance, and chance of so strong a sign without effect."""
    n = len(y)
    r = float(np.clip(np.mean(x * y), -1.0, 1.0))
    t2 = r * r * (n - 2) / max(1.0 - r * r, 1e-300)
    p_line = float(special.betainc(0.5 * (n - 2), 0.5, (n - 2) / (n - 2 + t2)))
    part, p_shape = conditional_share(x, y)
    linear = max(0.0, 1.0 - (1.0 - r * r) * (n - 1) / (n - 2))
    return r, fisher(r, n, widened), max(part, linear), min(1.0, 2.0 * min(p_line, p_shape))


def fisher(r: float, n: int, widened: float = 1.0) -> tuple[float, float]:
    """Interval of a correlation by Fisher's transformation; `widened` is 1.06 for ranks (Fieller and others 1957)."""
    if abs(r) >= 1.0 or n <= 3:
        return (r, r) if abs(r) >= 1.0 else (-1.0, 1.0)
    half = Z * math.sqrt(widened / (n - 3))
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def conditional_share(x: Array, y: Array) -> tuple[float, float]:
    """Part of the variance of y between bins of x, and the chance of so much without effect.

    Equal bins by rank; the share is Kelley's epsilon squared (1935), which is 0 in the mean where there is no effect:
    a first-order index of Sobol less the bias of few flights. The chance is that of the F test.
    """
    n = len(y)
    bins = max(2, min(MOST_BINS, n // FEWEST_PER_BIN))
    groups = np.array_split(y[np.argsort(x, kind="stable")], bins)
    total = float(np.sum((y - y.mean()) ** 2))
    within = float(sum(np.sum((group - group.mean()) ** 2) for group in groups))
    between, free = max(total - within, 0.0), n - bins
    if within <= 0.0:
        return 1.0, 0.0
    f = between / (bins - 1) / (within / free)
    chance = float(special.betainc(0.5 * free, 0.5 * (bins - 1), free / (free + (bins - 1) * f)))
    return max(0.0, (between - (bins - 1) * within / free) / total), chance


def _share_interval(part: float, n: int) -> tuple[float, float]:
    """About the interval of a share of variance: that of the correlation which has it as its square."""
    low, high = fisher(math.sqrt(min(part, 1.0 - 1e-12)), n)
    return max(0.0, low) ** 2, high**2


def holm(chances: Sequence[float]) -> list[float]:
    """Chances corrected for their number (Holm 1979): with p below 0.05, one false sign in 20 studies at most.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order, m, worst = np.argsort(chances, kind="stable"), len(chances), 0.0
    found = [0.0] * m
    for rank, k in enumerate(order):
        worst = max(worst, min(1.0, (m - rank) * chances[int(k)]))
        found[int(k)] = worst
    return found


def _regression(columns: Mapping[str, Array], y: Array) -> tuple[dict[str, float], float]:
    """Standardised coefficients of all at once, and the adjusted part of the variance that they explain."""
    n, m = len(y), len(columns)
    if m == 0 or n <= m + 2:
        return {}, 0.0
    matrix = np.stack([_standard(column) for column in columns.values()], 1)
    slopes = np.linalg.lstsq(matrix, y, rcond=None)[0]
    rest = float(np.sum((y - matrix @ slopes) ** 2) / np.sum(y * y))
    explained = max(0.0, 1.0 - rest * (n - 1) / (n - m - 1))
    return dict(zip(columns, (float(slope) for slope in slopes), strict=True)), explained


def _ranks(values: Array) -> Array:
    """Ranks; equal values share theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ends: Array = np.cumsum(count).astype(np.float64)
    ranked: Array = (ends - 0.5 * (count - 1))[place]
    return ranked


def _standard(values: Array) -> Array:
    """With mean 0 and deviation 1; zeros where it does not vary."""
    deviation = float(values.std())
    centred: Array = (values - values.mean()) / deviation if deviation > 0.0 else np.zeros(len(values))
    return centred


# Pairs ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pairs:
    """The same flights under two conditions, yes or no in each."""

    both: int
    first_only: int
    second_only: int
    neither: int
    p: float
    """Chance of so uneven a split of the flights that differ if neither were better (McNemar's exact test)."""
    difference: float
    """Share in the second less share in the first."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""

    @property
    def flights(self) -> int:
        """All pairs."""
        return self.both + self.first_only + self.second_only + self.neither


def pairs(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> Pairs:
    """Paired yes and no, with McNemar's exact test and the interval of Agresti and Min (2005) for the difference."""
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    both, neither = int(np.sum(first & second)), int(np.sum(~first & ~second))
    b, c, n = int(np.sum(first & ~second)), int(np.sum(~first & second)), len(first)
    p = mcnemar(b, c)
    wider, bb, cc = n + 2, b + 0.5, c + 0.5
    middle = (cc - bb) / wider
    half = Z * math.sqrt(max((bb + cc) - (cc - bb) ** 2 / wider, 0.0)) / wider
    return Pairs(both, b, c, neither, p, (c - b) / n if n else math.nan, max(-1.0, middle - half),
                 min(1.0, middle + half))  # fmt: skip


def mcnemar(first_only: int, second_only: int) -> float:
    """Two-sided chance of so uneven a split of the pairs that differ: a fair coin's.

    >>> round(mcnemar(1, 9), 4)
    0.0215
    """
    n = first_only + second_only
    return min(1.0, 2.0 * float(special.bdtr(min(first_only, second_only), n, 0.5))) if n else 1.0


@dataclass(frozen=True)
class Difference:
    """The mean of paired differences."""

    pairs: int
    mean: float
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    median: float
    smallest: float
    largest: float


def difference(first: Array, second: Array) -> Difference | None:
    """Second less first, pair by pair, with Student's interval of the mean; None for fewer than two pairs."""
    apart = second - first
    apart = apart[np.isfinite(apart)]
    n = len(apart)
    if n < 2:
        return None
    half = float(special.stdtrit(n - 1, 0.5 + 0.5 * LEVEL)) * float(apart.std(ddof=1)) / math.sqrt(n)
    mean, middle = float(apart.mean()), float(np.median(apart))
    return Difference(n, mean, mean - half, mean + half, middle, float(apart.min()), float(apart.max()))
