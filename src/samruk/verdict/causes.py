"""Causes and fixes by counterfactual: fly the same day again with one thing changed.

Same seed, same gusts. Singles first; pairs of remedies only where no single turns the outcome. What turns it is flown
again on further seeds, and what stays unturned is reported as unexplained.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from samruk.verdict.catalogue import CATALOGUE, Inputs, Intervention, Rates
from samruk.verdict.flights import Flown
from samruk.verdict.outcome import RANK, Cause, Fix, better

SEEDS = 3
"""Seeds on which a leader is confirmed, the flight's own among them."""

LEADERS = 2
"""Fixes that are confirmed on further seeds; causes all are."""

PAIRS = 24
"""Most pairs flown where no single turns the outcome."""

FUEL_PER_JOULE = 215.0 / 1000.0 / 3.6e6 / 0.8
"""kg of fuel per electric joule of ice protection: 215 g/kWh at the shaft, alternator of 80 %."""

Fly = Callable[[Sequence[Inputs]], list[Flown]]


@dataclass(frozen=True)
class Turn:
    """An intervention that turned an outcome."""

    parts: tuple[Intervention, ...]
    flown: Flown
    cost_kg: float


@dataclass(frozen=True)
class Explanation:
    """What turned one flight."""

    causes: tuple[Cause, ...] = ()
    fixes: tuple[Fix, ...] = ()
    unexplained: bool = False
    """Whether nothing that was tried turns a bad outcome."""
    outcomes: tuple[str | None, ...] = ()
    """Outcome of the flight on each seed flown, its own first."""


def explain(flights: Sequence[Flown], rates: Sequence[Rates], fly: Fly, seeds: int = SEEDS) -> list[Explanation]:
    """Causes and fixes of several flights, all their variants flown together.

    Args:
        flights: the flights as flown.
        rates: exchange rates of each.
        fly: flies a batch of inputs.
        seeds: on how many seeds every flight, and what turns it, is flown.

    Returns:
        One explanation per flight; without causes and fixes for those completed or without an outcome.
    """
    wanted = [k for k, f in enumerate(flights) if f.outcome is not None and f.outcome != "completed"]
    turns = _singles(flights, rates, wanted, fly)
    stuck = [k for k in wanted if not turns[k]]
    if stuck:
        for k, found in _pairs(flights, rates, stuck, fly).items():
            turns[k] = found
    flown = _reseeded(flights, {k: _leaders(turns[k]) for k in wanted}, fly, seeds)
    return [_explanation(k, turns.get(k), flown, flights[k].outcome, seeds) for k in range(len(flights))]


def _changed(inputs: Inputs, parts: Sequence[Intervention]) -> Inputs | None:
    """Inputs after several interventions, or None where one does not apply."""
    for part in parts:
        changed = part.change(inputs)
        if changed is None:
            return None
        inputs = changed
    return inputs


def _try(
    flights: Sequence[Flown], rates: Sequence[Rates], trials: list[tuple[int, tuple[Intervention, ...]]], fly: Fly
) -> dict[int, list[Turn]]:
    """Fly trials of (flight, interventions) and keep those that better the outcome."""
    lanes = [(k, parts, inputs) for k, parts in trials if (inputs := _changed(flights[k].inputs, parts)) is not None]
    turns: dict[int, list[Turn]] = {k: [] for k, _ in trials}
    if not lanes:
        return turns
    for (k, parts, _), flown in zip(lanes, fly([inputs for _, _, inputs in lanes]), strict=True):
        if better(flown.outcome, flights[k].outcome):
            declared = sum(part.price(rates[k]) for part in parts)
            turns[k].append(Turn(parts, flown, declared + _protection_fuel(flown, flights[k])))
    return turns


def _protection_fuel(new: Flown, old: Flown) -> float:
    """kg of fuel that ice protection used beyond what it used in the flight as flown."""
    more = new.ledger.integrals.protection_energy - old.ledger.integrals.protection_energy
    return max(0.0, float(more)) * FUEL_PER_JOULE


def _singles(flights: Sequence[Flown], rates: Sequence[Rates], wanted: list[int], fly: Fly) -> dict[int, list[Turn]]:
    """All single interventions of all flights that want an explanation."""
    return _try(flights, rates, [(k, (part,)) for k in wanted for part in CATALOGUE], fly)


def _pairs(flights: Sequence[Flown], rates: Sequence[Rates], stuck: list[int], fly: Fly) -> dict[int, list[Turn]]:
    """Pairs of remedies, the cheapest first, for flights that no single change turns."""
    trials: list[tuple[int, tuple[Intervention, ...]]] = []
    for k in stuck:
        parts = [p for p in CATALOGUE if p.kind == "remedy" and p.change(flights[k].inputs) is not None]
        pairs = sorted(combinations(parts, 2), key=lambda pair: sum(part.price(rates[k]) for part in pair))
        trials += [(k, pair) for pair in pairs[:PAIRS]]
    return _try(flights, rates, trials, fly)


def _leaders(turns: list[Turn]) -> list[Turn]:
    """The turns worth confirming: every cause, and the first fixes."""
    return _causes(turns) + _fixes(turns)[:LEADERS]


def _causes(turns: list[Turn]) -> list[Turn]:
    """Turns that took something away."""
    return [t for t in turns if all(part.kind == "cause" for part in t.parts)]


def _fixes(turns: list[Turn]) -> list[Turn]:
    """Turns that added something, the best outcome first, then the cheapest."""
    return sorted((t for t in turns if all(part.kind == "remedy" for part in t.parts)), key=_rank)


def _rank(turn: Turn) -> tuple[int, float]:
    """Best outcome first, then the cheapest."""
    return (-RANK[turn.flown.outcome or "lost"], turn.cost_kg)


def reseeded(inputs: Inputs, by: int) -> Inputs:
    """The same inputs under another seed."""
    return replace(inputs, task=replace(inputs.task, seed=int(inputs.task.seed) + by))


Reseeded = dict[tuple[int, tuple[str, ...], int], str | None]
"""Outcome by flight, names of the interventions (none: as flown) and seed added."""


def _reseeded(flights: Sequence[Flown], leaders: dict[int, list[Turn]], fly: Fly, seeds: int) -> Reseeded:
    """Every flight, and what turned it, under further seeds."""
    plan: list[tuple[int, tuple[str, ...], int, Inputs]] = [
        (k, (), by, reseeded(f.inputs, by)) for k, f in enumerate(flights) for by in range(1, seeds)
    ]
    plan += [
        (k, _key(t), by, reseeded(t.flown.inputs, by))
        for k, turns in leaders.items()
        for t in turns
        for by in range(1, seeds)
    ]
    results = fly([inputs for *_, inputs in plan]) if plan else []
    return {(k, key, by): result.outcome for (k, key, by, _), result in zip(plan, results, strict=True)}


def _held(k: int, turn: Turn, flown: Reseeded, seeds: int) -> tuple[int, int]:
    """On how many seeds a turn held, of those on which the flight needed turning; (1, 1) where it was not tried."""
    if (k, _key(turn), 1) not in flown:
        return 1, 1
    needed = [by for by in range(1, seeds) if flown[k, (), by] not in (None, "completed")]
    return 1 + sum(better(flown[k, _key(turn), by], flown[k, (), by]) for by in needed), 1 + len(needed)


def _key(turn: Turn) -> tuple[str, ...]:
    """Names of a turn's interventions."""
    return tuple(part.name for part in turn.parts)


def _explanation(
    k: int, turns: list[Turn] | None, flown: Reseeded, own: str | None, seeds: int
) -> Explanation:
    """Causes in catalogue order and fixes by rank, with what the seeds said; a cause must hold on most of them."""
    outcomes = (own, *(flown[k, (), by] for by in range(1, seeds)))
    if turns is None:
        return Explanation(outcomes=outcomes)

    def said(turn: Turn) -> dict[str, Any]:
        good, of = _held(k, turn, flown, seeds)
        words = " and ".join(part.text for part in turn.parts)
        return {"name": "+".join(_key(turn)), "text": words, "turns_to": turn.flown.outcome or "",
                "confirmed": good, "seeds": of}  # fmt: skip

    causes = tuple(c for c in (Cause(**said(t)) for t in _causes(turns)) if 2 * c.confirmed > c.seeds)
    fixes = tuple(Fix(**said(t), cost_kg=t.cost_kg) for t in _fixes(turns))
    return Explanation(
        causes,
        fixes,
        unexplained=not (causes or fixes),
        outcomes=outcomes,
    )
