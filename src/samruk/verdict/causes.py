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

LEADERS = 3
"""Causes, and fixes, that are confirmed on further seeds."""

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


def explain(flights: Sequence[Flown], rates: Sequence[Rates], fly: Fly) -> list[Explanation]:
    """Causes and fixes of several flights, all their variants flown together.

    Args:
        flights: the flights as flown.
        rates: exchange rates of each.
        fly: flies a batch of inputs.

    Returns:
        One explanation per flight; empty for those completed or without an outcome.
    """
    wanted = [k for k, f in enumerate(flights) if f.outcome is not None and f.outcome != "completed"]
    turns = _singles(flights, rates, wanted, fly)
    stuck = [k for k in wanted if not turns[k]]
    if stuck:
        for k, found in _pairs(flights, rates, stuck, fly).items():
            turns[k] = found
    seeds = _confirm(flights, {k: _leaders(turns[k]) for k in wanted}, fly)
    return [_explanation(turns[k], seeds.get(k, {})) if k in wanted else Explanation() for k in range(len(flights))]


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
    """Pairs of interventions for flights that no single one turns."""
    trials = []
    for k in stuck:
        parts = [part for part in CATALOGUE if part.change(flights[k].inputs) is not None]
        trials += [(k, pair) for pair in list(combinations(parts, 2))[:PAIRS]]
    return _try(flights, rates, trials, fly)


def _leaders(turns: list[Turn]) -> list[Turn]:
    """The turns worth confirming: causes in order, remedies cheapest first."""
    causes = [t for t in turns if all(p.kind == "cause" for p in t.parts)][:LEADERS]
    fixes = sorted((t for t in turns if any(p.kind == "remedy" for p in t.parts)), key=_rank)[:LEADERS]
    return causes + fixes


def _rank(turn: Turn) -> tuple[int, float]:
    """Best outcome first, then the cheapest."""
    return (-RANK[turn.flown.outcome or "lost"], turn.cost_kg)


def reseeded(inputs: Inputs, by: int) -> Inputs:
    """The same inputs under another seed."""
    return replace(inputs, task=replace(inputs.task, seed=int(inputs.task.seed) + by))


def _confirm(
    flights: Sequence[Flown], leaders: dict[int, list[Turn]], fly: Fly
) -> dict[int, dict[tuple[str, ...], tuple[int, int]]]:
    """How many seeds confirm each leader: (turned, flown that needed turning)."""
    plan: list[tuple[int, tuple[str, ...] | None, int, Inputs]] = []
    for k, turns in leaders.items():
        for by in range(1, SEEDS if turns else 1):
            plan.append((k, None, by, reseeded(flights[k].inputs, by)))
            plan += [(k, _key(t), by, reseeded(t.flown.inputs, by)) for t in turns]
    flown: dict[tuple[int, tuple[str, ...] | None, int], str | None] = {}
    if plan:
        for (k, key, by, _), result in zip(plan, fly([inputs for *_, inputs in plan]), strict=True):
            flown[k, key, by] = result.outcome
    confirmed: dict[int, dict[tuple[str, ...], tuple[int, int]]] = {}
    for k, turns in leaders.items():
        confirmed[k] = {}
        for t in turns:
            needed = [by for by in range(1, SEEDS) if flown[k, None, by] not in (None, "completed")]
            turned = sum(better(flown[k, _key(t), by], flown[k, None, by]) for by in needed)
            confirmed[k][_key(t)] = (1 + turned, 1 + len(needed))
    return confirmed


def _key(turn: Turn) -> tuple[str, ...]:
    """Names of a turn's interventions."""
    return tuple(part.name for part in turn.parts)


def _explanation(turns: list[Turn], seeds: dict[tuple[str, ...], tuple[int, int]]) -> Explanation:
    """Causes in catalogue order and fixes by rank, with what the seeds said."""
    def said(turn: Turn) -> dict[str, Any]:
        good, of = seeds.get(_key(turn), (1, 1))
        return {"turns_to": turn.flown.outcome or "", "confirmed": good, "seeds": of}

    def words(turn: Turn) -> str:
        return " and ".join(part.text for part in turn.parts)

    causes = [t for t in turns if all(p.kind == "cause" for p in t.parts)]
    fixes = sorted((t for t in turns if any(p.kind == "remedy" for p in t.parts)), key=_rank)
    return Explanation(
        tuple(Cause("+".join(_key(t)), words(t), **said(t)) for t in causes),
        tuple(Fix("+".join(_key(t)), words(t), cost_kg=t.cost_kg, **said(t)) for t in fixes),
        unexplained=not turns,
    )
