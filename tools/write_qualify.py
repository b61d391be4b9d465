"""Writes the tables of docs/qualify.md by flying the campaign: every aircraft of the fleet, two minutes each.

    python tools/write_qualify.py            all
    python tools/write_qualify.py anka       one aircraft; the others' table is left
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from write_docs import fill, table

from samruk import load
from samruk.qualify import fly, judge, missions, read
from samruk.qualify.judging import Result, percent, shown, word
from samruk.qualify.page import answer
from samruk.qualify.quantities import QUANTITIES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "qualify.md"
SEEDS = 5


def results(aircraft: str) -> list[Result]:
    """The campaign of an aircraft."""
    campaign = read(*load.campaign())
    definition = load.aircraft(aircraft)
    runs = [missions.fitted(campaign, run, definition, aircraft) for run in campaign.runs]
    kept, _ = fly(campaign, runs, aircraft, SEEDS)
    return judge(runs, kept, definition.aircraft)


def matrix(found: Sequence[Result]) -> str:
    """One row to a run."""
    rows = [(r.run.key, f"{r.run.name}: {r.run.environment}", _state(r), *_governed(r), r.run.stands_on) for r in found]
    head = "| run | environment | | margin | governed by | stands on |\n|---|---|---|---:|---|---|"
    return f"{answer(found)}\n\n{table(head, rows)}"


def _state(result: Result) -> str:
    return {"FAILED": "**failed**"}.get(word(result), word(result))


def _governed(result: Result) -> list[str]:
    worst = result.governing
    if worst is None:
        return ["", result.run.not_built or "every case lies above its published ceiling"]
    name = worst.rule.quantity
    told = f"{QUANTITIES[name].title} {shown(worst.worst, name)}, limit {shown(worst.limit, name)} ({worst.case})"
    return [percent(worst.margin), told]


def sweep(found: Sequence[Result]) -> str:
    """Outcome and margins of the temperature sweep."""
    swept = next(result for result in found if result.run.sweep)
    names = list(dict.fromkeys(each.rule.quantity for each in swept.judged if QUANTITIES[each.rule.quantity].unit))
    titles = [f"{QUANTITIES[name].title}, {QUANTITIES[name].unit}" for name in names]
    head = "| ground | outcome | " + " | ".join(titles) + " |\n|---:|---|" + "---:|" * len(names)
    rows: list[tuple[str, ...]] = []
    for case in swept.cases:
        ended = ", ".join(f"{count} {name}" for name, count in sorted(case.outcomes.items()))
        cells = [f"{shown(case.worst[n], n)} ({percent(case.margins[n])})" if n in case.worst else "–" for n in names]
        rows.append((case.name, ended, *cells))
    return table(head, rows)


def fleet(found: dict[str, list[Result]]) -> str:
    """Margins of all aircraft side by side."""
    names = list(found)
    head = "| run | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names)
    rows: list[tuple[str, ...]] = []
    for k, first in enumerate(found[names[0]]):
        rows.append((f"{first.run.key} {first.run.name}", *(_short(found[name][k]) for name in names)))
    return table(head, rows)


def _short(result: Result) -> str:
    worst = result.governing
    if worst is None:
        return "–"
    mark = "" if result.passed else "**failed** "
    return f"{mark}{percent(worst.margin)} {QUANTITIES[worst.rule.quantity].title}"


def main(words: Sequence[str]) -> None:
    """Fly and fill."""
    chosen = list(words) or list(load.fleet())
    found = {name: results(name) for name in chosen}
    text = PAGE.read_text(encoding="utf-8")
    if "anka" in found:
        text = fill(fill(text, "matrix", matrix(found["anka"])), "sweep", sweep(found["anka"]))
    if len(chosen) > 1:
        text = fill(text, "fleet", fleet(found))
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
