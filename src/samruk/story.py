"""Fly a mission, judge it, and leave a report and a record: what the program and the notebook both call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from samruk import load, sim
from samruk import engine as engines
from samruk.errors import InputError
from samruk.verdict import chain
from samruk.verdict.catalogue import Inputs, Rates
from samruk.verdict.causes import Explanation, explain, reseeded
from samruk.verdict.flights import Flown
from samruk.verdict.flights import fly as fly_lanes
from samruk.verdict.outcome import RANK, Verdict, status
from samruk.watch import Watch, progress_bar

NAMES = {"completed": "Completed", "diverted": "Diverted", "refused": "Refused", "lost": "Lost", None: "No outcome"}
STYLES = {"completed": "bold", "diverted": "bold yellow", "refused": "bold yellow", "lost": "bold red", None: "bold red"}


@dataclass(frozen=True)
class FlightResult:
    """One flight as flown and judged."""

    name: str
    note: str
    verdict: Verdict
    frames: dict[str, np.ndarray[Any, Any]]
    """Recorded fields over time, SI and radians; see `sim.Frame`."""
    inputs: Inputs


@dataclass(frozen=True)
class Result:
    """All flights of a mission."""

    title: str
    flights: tuple[FlightResult, ...]
    report: Path | None = None
    record: Path | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints: numbers that do not exist are null."""
        flights = [_plain(asdict(flight.verdict)) for flight in self.flights]
        return {
            "title": self.title,
            "flights": flights,
            "report": str(self.report) if self.report else None,
            "record": str(self.record) if self.record else None,
            "provenance": _plain(self.provenance),
        }

    def exit_code(self, require: str | None) -> int:
        """0 judged; 1 a flight falls short of what is required; 3 a flight has no outcome."""
        outcomes = [flight.verdict.outcome for flight in self.flights]
        if any(o is None for o in outcomes):
            return 3
        return int(require is not None and any(RANK[o or "lost"] < RANK[require] for o in outcomes))


def _plain(value: Any) -> Any:
    """Values that JSON can carry: no NumPy scalars, no infinity, no NaN."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def out_folder(name: str, wanted: str | None) -> Path:
    """The folder for a result: the wanted one, which must be new or empty, or the next free number under `out`.

    Raises:
        InputError: the wanted folder holds something, or cannot be made.
    """
    if wanted is not None:
        folder = Path(wanted)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError("exists and is not an empty folder; nothing is overwritten", str(folder),
                             "Give another --out.")  # fmt: skip
        return _made(folder)
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-") or "mission"
    number = 1
    while (folder := Path("out") / f"{stem}-{number:03d}").exists():
        number += 1
    return _made(folder)


def _made(folder: Path) -> Path:
    """The folder, made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", str(folder), "Give another --out.") from None
    return folder


def judge(
    plan: Any, *, seeds: int, engine: Any, console: Console
) -> tuple[list[Flown], list[Verdict]]:
    """Fly a plan's flights, find what turned them, and say so line by line.

    Args:
        plan: a `load.MissionPlan`.
        seeds: seeds flown of each flight for the probability of its outcome.
        engine: an open engine of `sim.program()`.
        console: where a person watches.

    Returns:
        Flights as flown with their frames, and their verdicts.
    """
    lanes = [Inputs(f.task, f.aircraft, f.tables) for f in plan.flights]
    names = [f.name for f in plan.flights]
    hours = max(float(f.task.loading.fuel) for f in plan.flights) / 11.0
    with Watch(console, names, hours, 1.3 * max(float(np.max(f.tables.route.altitude)) for f in plan.flights)) as watch:
        flown = fly_lanes(engine, lanes, record=True, progress=watch)
    rates = [Rates(**plan.rates)] * len(lanes)
    explained = _explained(flown, rates, engine, console)
    chances = _chances(flown, seeds, engine, console)
    verdicts = [
        _verdict(name, f, e, c, plan.home) for name, f, e, c in zip(names, flown, explained, chances, strict=True)
    ]
    return flown, verdicts


def _explained(flown: list[Flown], rates: list[Rates], engine: Any, console: Console) -> list[Explanation]:
    """Causes and fixes, with a bar while variants fly."""
    def fly_variants(lanes: Sequence[Inputs]) -> list[Flown]:
        longest = max(f.end.duration for f in flown) + 3600.0
        with progress_bar(console, f"Why: {len(lanes)} variants of the day", longest) as bar:
            return fly_lanes(engine, lanes, progress=lambda now, *_: bar.update(bar.task_ids[0], completed=now))

    return explain(flown, rates, fly_variants)


def _chances(flown: list[Flown], seeds: int, engine: Any, console: Console) -> list[dict[str, float]]:
    """Share of each outcome over seeds of every flight, its own seed first."""
    again = [(k, reseeded(f.inputs, by)) for k, f in enumerate(flown) for by in range(1, seeds)]
    counts: list[dict[str, int]] = [{f.outcome or "none": 1} for f in flown]
    if again:
        longest = max(f.end.duration for f in flown) + 3600.0
        with progress_bar(console, f"How likely: {len(again)} further seeds", longest) as bar:
            more = fly_lanes(
                engine, [x for _, x in again], progress=lambda now, *_: bar.update(bar.task_ids[0], completed=now)
            )
        for (k, _), result in zip(again, more, strict=True):
            key = result.outcome or "none"
            counts[k][key] = counts[k].get(key, 0) + 1
    return [{key: n / sum(c.values()) for key, n in c.items()} for c in counts]


def _verdict(name: str, flown: Flown, why: Explanation, chance: dict[str, float], home: str) -> Verdict:
    """One flight's verdict in plain numbers."""
    end = flown.end
    return Verdict(
        name=name,
        outcome=flown.outcome,
        status=status(end),
        duration_h=end.duration / 3600.0,
        events=chain.events(flown.ledger, end, float(flown.inputs.task.clock.epoch), home),
        causes=why.causes,
        fixes=why.fixes,
        margins=chain.margins(flown.ledger, end, reserve(flown.inputs)),
        fuel_kg=end.fuel_used,
        cost_kg=end.fuel_used,
        unexplained=why.unexplained,
        reason=chain.reason(end.reason),
        probability=chance,
        seeds=round(1.0 / min(chance.values())) if chance else 1,
    )


def reserve(inputs: Inputs) -> float:
    """kg of fuel that the rules want left at landing, by the aircraft's handbook."""
    return sim.reserve_fuel(inputs.task, inputs.aircraft)
