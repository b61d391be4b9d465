"""How one number varies: normal, lognormal, uniform, triangular, a choice; each as the inverse of its distribution.

A draw is the quantile of one uniform number, so that a larger uniform number never gives a smaller value and two
studies that share their uniform numbers are paired. Truncation renormalises: nothing gathers at the ends.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import NormalDist

NORMAL = NormalDist()
KINDS = ("normal", "lognormal", "uniform", "triangular", "choice", "fixed")


@dataclass(frozen=True)
class Law:
    """A distribution of one number, all in the unit of its key."""

    kind: str
    """One of `KINDS`."""
    centre: float | None = None
    """Mean (normal), median (lognormal), mode (triangular), value (fixed); None takes the mission's own value."""
    width: float = 0.0
    """Standard deviation (normal), or that of the logarithm (lognormal)."""
    low: float = -math.inf
    """Least value."""
    high: float = math.inf
    """Greatest value."""
    values: tuple[float, ...] = ()
    """Of a choice."""
    weights: tuple[float, ...] = ()
    """Of its values; empty for equal ones."""

    def about(self, nominal: float) -> Law:
        """The law with its centre where the file gives none."""
        return self if self.centre is not None or self.kind in ("uniform", "choice") else replace(self, centre=nominal)

    def quantile(self, u: float) -> float:
        """The value below which a part u of all draws lies, 0 < u < 1."""
        return float(_QUANTILES[self.kind](self, u))

    @property
    def constant(self) -> bool:
        """Whether every draw is the same."""
        return self.quantile(1e-9) == self.quantile(1.0 - 1e-9)

    def told(self, unit: str) -> str:
        """In words, for a table of spreads; `unit` as it is printed."""
        tail = f" {unit}" if unit else ""
        words = _words(self, tail)
        if self.kind in ("uniform", "triangular", "choice", "fixed"):
            return words
        ends = [f"{word} {end:.6g}" for word, end in (("from", self.low), ("to", self.high)) if math.isfinite(end)]
        return words + (f", cut {' '.join(ends)}{tail}" if ends else "")


def _words(law: Law, tail: str) -> str:
    """A law without its ends; `tail` is the unit after a space."""
    centre = "the mission's value" if law.centre is None else f"{law.centre:.6g}{tail}"
    if law.kind == "choice":
        shares = law.weights or (1.0,) * len(law.values)
        total = sum(shares)
        return ", ".join(f"{v:g}{tail} ({100 * w / total:.0f} %)" for v, w in zip(law.values, shares, strict=True))
    return {
        "normal": f"normal, mean {centre}, deviation {law.width:.4g}{tail}",
        "lognormal": f"lognormal, median {centre}, spread {100.0 * law.width:.4g} %",
        "uniform": f"uniform from {law.low:g} to {law.high:g}{tail}",
        "triangular": f"triangular from {law.low:g} over {centre} to {law.high:g}{tail}",
        "fixed": f"fixed at {centre}",
    }[law.kind]


def _centre(law: Law) -> float:
    if law.centre is None:
        raise ValueError("the law has no centre yet: ask about(nominal) first")
    return law.centre


def _standard(u: float, low: float, high: float) -> float:
    """Quantile of the standard normal law between two ends."""
    below, above = NORMAL.cdf(low), NORMAL.cdf(high)
    if above - below <= 0.0:
        return low if math.isfinite(low) else high
    inside = min(max(below + u * (above - below), 1e-300), 1.0 - 2.0**-53)
    return min(max(NORMAL.inv_cdf(inside), low), high)


def _normal(law: Law, u: float) -> float:
    centre = _centre(law)
    if law.width == 0.0:
        return min(max(centre, law.low), law.high)
    z = _standard(u, (law.low - centre) / law.width, (law.high - centre) / law.width)
    return min(max(centre + law.width * z, law.low), law.high)


def _lognormal(law: Law, u: float) -> float:
    """Median times exp(width z); a negative median gives negative values, 0 stays 0."""
    centre = _centre(law)
    if law.width == 0.0 or centre == 0.0:
        return min(max(centre, law.low), law.high)
    ends = sorted(_log_end(end / centre, law.width) for end in (law.low, law.high))
    return min(max(centre * math.exp(law.width * _standard(u, *ends)), law.low), law.high)


def _log_end(ratio: float, width: float) -> float:
    """An end of a lognormal law in standard deviations of the logarithm."""
    if ratio <= 0.0:
        return -math.inf
    return math.inf if math.isinf(ratio) else math.log(ratio) / width


def _uniform(law: Law, u: float) -> float:
    return law.low + u * (law.high - law.low)


def _triangular(law: Law, u: float) -> float:
    mode, span = _centre(law), law.high - law.low
    if span == 0.0:
        return law.low
    if u < (mode - law.low) / span:
        return law.low + math.sqrt(u * span * (mode - law.low))
    return law.high - math.sqrt((1.0 - u) * span * (law.high - mode))


def _choice(law: Law, u: float) -> float:
    sums = list(accumulate(law.weights or (1.0,) * len(law.values)))
    return law.values[min(bisect_right(sums, u * sums[-1]), len(law.values) - 1)]


def _fixed(law: Law, u: float) -> float:
    return _centre(law)


_QUANTILES = {
    "normal": _normal, "lognormal": _lognormal, "uniform": _uniform, "triangular": _triangular, "choice": _choice,
    "fixed": _fixed,
}  # fmt: skip
