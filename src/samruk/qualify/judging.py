"""From kept flights to results: the margin of every rule over all lanes, and what a run shows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from samruk import units
from samruk.aircraft import Aircraft
from samruk.leaves import leaf
from samruk.qualify.campaign import Rule, Run
from samruk.qualify.flying import Kept
from samruk.qualify.quantities import QUANTITIES

YES_NO = ("completed", "returned", "safe", "refused", "lost_link_flown", "homeward", "went_around")
"""Quantities that are 1 or 0."""


@dataclass(frozen=True)
class Judged:
    """A rule over all lanes of a run."""

    rule: Rule
    limit: float
    """In the unit of print."""
    worst: float
    """The quantity of the worst lane; NaN where no flight came to it."""
    margin: float
    """Part of the way from the reference to the limit that is left; negative beyond the limit."""
    case: str
    seed: int
    """Of the worst lane."""

    @property
    def passed(self) -> bool:
        """Whether every lane keeps the limit."""
        return self.margin >= 0.0


@dataclass(frozen=True)
class CaseResult:
    """What became of one case."""

    name: str
    expected: str
    axis: float | None
    outcomes: dict[str, int]
    why: str
    """The commonest reason of those that did not complete."""
    margins: dict[str, float]
    """By quantity: the least over its lanes."""
    worst: dict[str, float]
    """By quantity: the value of that lane."""
    passed: bool


@dataclass(frozen=True)
class Result:
    """A run as flown and judged."""

    run: Run
    judged: tuple[Judged, ...] = ()
    cases: tuple[CaseResult, ...] = ()
    figures: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Quantities that are told: smallest and largest over the judged lanes."""
    flights: int = 0
    left_out: tuple[str, ...] = ()
    """Cases above the published ceiling of the aircraft."""

    @property
    def flown(self) -> bool:
        """Whether it was flown at all."""
        return self.flights > 0

    @property
    def governing(self) -> Judged | None:
        """The rule that fails the most; if all hold, the one with the least margin, a yes or no only without others."""
        measured = [each for each in self.judged if each.rule.quantity not in YES_NO or not each.passed]
        known = [each for each in measured if math.isfinite(each.margin)]
        return min(known or measured or self.judged, key=lambda each: each.margin, default=None)

    @property
    def passed(self) -> bool | None:
        """Whether all limits hold; None where it was not flown."""
        return all(case.passed for case in self.cases) if self.flown else None


def limit(rule: Rule, aircraft: Aircraft) -> float:
    """A rule's limit in the unit of its quantity."""
    if not rule.limit_of:
        return rule.limit
    return units.to_outside(float(leaf(aircraft, rule.limit_of)), QUANTITIES[rule.quantity].suffix) + rule.limit


def margin(value: float, at: float, rule: Rule) -> float:
    """Part of the way from the rule's reference to its limit that is left: (limit - peak) / (limit - reference).

    With the reference 0 it is (limit - peak) / limit. It is negative beyond the limit, for limits from above and from
    below alike, and minus infinity for a value that never came (NaN).
    """
    if math.isnan(value):
        return -math.inf
    left = at - value if rule.most else value - at
    return left / abs(at - rule.reference)


def judge(runs: Sequence[Run], kept: Sequence[Kept], aircraft: Aircraft) -> list[Result]:
    """Every run by its rules.

    Args:
        runs: all that were asked for.
        kept: their flights.
        aircraft: whose numbers some limits are.
    """
    return [_result(run, [flight for flight in kept if flight.run == run.key], aircraft) for run in runs]


REFUSED = Rule("refused", 1.0, "", False, 0.0, "a flight that must not begin: not declared, or not ready")
"""What judges a case that must be refused."""


def _result(run: Run, flights: Sequence[Kept], aircraft: Aircraft) -> Result:
    if not flights:
        return Result(run, left_out=tuple(case.name for case in run.cases))
    rules = [(rule, limit(rule, aircraft)) for rule in run.rules]
    by_case = {case.name: [f for f in flights if f.case == case.name] for case in run.cases}
    judged_flights = [f for case in run.cases if case.expected == "flown" for f in by_case[case.name]]
    cases: list[CaseResult] = []
    by_rule: dict[Rule, Judged] = {}
    for case in run.cases:
        own = by_case[case.name]
        if own:
            tried = [(REFUSED, 1.0)] if case.expected == "refused" else rules
            judged_here = _tried(tried, own)
            cases.append(_case(case.name, case.expected, case.axis, own, judged_here))
            for each in judged_here if case.expected != "shown" else ():
                by_rule[each.rule] = min(by_rule.get(each.rule, each), each, key=lambda judged: judged.margin)
    judged = [by_rule[rule] for rule, _ in [*rules, (REFUSED, 1.0)] if rule in by_rule]
    left_out = tuple(case.name for case in run.cases if not by_case[case.name])
    figures = {name: _range([f.values[name] for f in judged_flights]) for name in run.figures}
    return Result(run, tuple(judged), tuple(cases), figures, len(flights), left_out)


def _tried(rules: Sequence[tuple[Rule, float]], flights: Sequence[Kept]) -> list[Judged]:
    """The rules of a case; where its flights fail by how they end, those that they never came to say nothing more."""
    judged = [_judged(rule, at, flights) for rule, at in rules]
    failed = any(each.rule.quantity in YES_NO and not each.passed for each in judged)
    return [each for each in judged if not (failed and math.isnan(each.worst))]


def _judged(rule: Rule, at: float, flights: Sequence[Kept]) -> Judged:
    """The worst lane: of those that came to the quantity, unless none did.

    A flight that never came to a quantity (it refused, or crashed before) is caught by the rule on its outcome.
    """
    came = [f for f in flights if not math.isnan(f.values[rule.quantity])] or list(flights)
    worst = min(came, key=lambda f: margin(f.values[rule.quantity], at, rule))
    value = worst.values[rule.quantity]
    return Judged(rule, at, value, margin(value, at, rule), worst.case, worst.seed)


def _case(
    name: str, expected: str, axis: float | None, flights: Sequence[Kept], judged: Sequence[Judged]
) -> CaseResult:
    """What became of a case by its rules."""
    reasons = Counter(f.why for f in flights if f.why)
    return CaseResult(
        name, expected, axis, dict(Counter(f.outcome or "none" for f in flights)),
        reasons.most_common(1)[0][0] if reasons else "",
        _least(judged, "margin"), _least(judged, "worst"),
        expected == "shown" or all(each.passed for each in judged),
    )  # fmt: skip


def _least(judged: Sequence[Judged], name: str) -> dict[str, float]:
    """A figure by quantity; of two rules on one quantity that with the smaller margin."""
    ordered = sorted(judged, key=lambda each: -each.margin)
    return {each.rule.quantity: float(getattr(each, name)) for each in ordered}


def _range(values: Sequence[float]) -> tuple[float, float]:
    known = [value for value in values if math.isfinite(value)]
    return (min(known), max(known)) if known else (math.nan, math.nan)


# For programs and for the terminal ------------------------------------------------------------------------------------


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """The `runs` of `--json`: numbers that do not exist are null."""
    return [_json(result) for result in results]


def _json(result: Result) -> dict[str, Any]:
    run, worst = result.run, result.governing
    return {
        "key": run.key,
        "name": run.name,
        "environment": run.environment,
        "asks": run.asks,
        "stands_on": run.stands_on,
        "not_built": run.not_built or None,
        "passed": result.passed,
        "margin": _plain(worst.margin) if worst else None,
        "quantity": worst.rule.quantity if worst else None,
        "limit": worst.limit if worst else None,
        "unit": QUANTITIES[worst.rule.quantity].unit if worst else None,
        "worst": {"value": _plain(worst.worst), "case": worst.case, "seed": worst.seed} if worst else None,
        "flights": result.flights,
        "left_out": list(result.left_out),
        "rules": [_rule_json(each) for each in result.judged],
        "figures": {name: {"least": _plain(a), "most": _plain(b), "unit": QUANTITIES[name].unit}
                    for name, (a, b) in result.figures.items()},
        "cases": [
            {"name": case.name, "expected": case.expected, "axis": case.axis, "outcomes": case.outcomes,
             "why": case.why, "passed": case.passed, "margins": {k: _plain(v) for k, v in case.margins.items()},
             "worst": {k: _plain(v) for k, v in case.worst.items()}}
            for case in result.cases
        ],
    }  # fmt: skip


def _rule_json(judged: Judged) -> dict[str, Any]:
    rule = judged.rule
    return {
        "quantity": rule.quantity, "title": QUANTITIES[rule.quantity].title, "unit": QUANTITIES[rule.quantity].unit,
        "sense": "most" if rule.most else "least", "limit": judged.limit, "reference": rule.reference,
        "worst": _plain(judged.worst), "margin": _plain(judged.margin), "passed": judged.passed, "case": judged.case,
        "seed": judged.seed, "source": rule.source,
    }  # fmt: skip


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def shown(value: float, quantity: str) -> str:
    """A value with its unit, for people; yes or no for what is one or the other."""
    q = QUANTITIES[quantity]
    if not math.isfinite(value):
        return "never came" if math.isnan(value) else "never"
    if quantity in YES_NO:
        return "yes" if value >= 1.0 else "no"
    return f"{value:,.{q.digits}f} {q.unit}".replace(",", "\u00a0").replace("-", "−").strip()


def percent(part: float) -> str:
    """A margin in whole percent, rounded towards danger."""
    if not math.isfinite(part):
        return "–"
    return f"{math.floor(100.0 * part + 1e-9):+d} %".replace("-", "−")


def word(result: Result) -> str:
    """`passed`, `FAILED`, `not built` or `not for this aircraft`."""
    if result.run.not_built:
        return "not built"
    return {True: "passed", False: "FAILED", None: "not for this aircraft"}[result.passed]


def table(results: Sequence[Result]) -> str:
    """One block of lines to a run."""
    lines = []
    for result in results:
        worst = result.governing
        told = result.run.not_built
        if worst is not None:
            told = f"{QUANTITIES[worst.rule.quantity].title} {shown(worst.worst, worst.rule.quantity)}"
            told += f", limit {shown(worst.limit, worst.rule.quantity)}"
            told += f" ({worst.case}, seed {worst.seed})"
        left = percent(worst.margin) if worst else ""
        lines.append(f"{result.run.key:5}{result.run.name:28}{word(result):12}{left:>7}  {told}")
    return "\n".join(lines)
