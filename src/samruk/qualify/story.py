"""A campaign from its file to its report: what the program calls."""

from __future__ import annotations

import hashlib
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from samruk import load
from samruk import story as house
from samruk.errors import InputError
from samruk.qualify import flying, missions, page
from samruk.qualify.campaign import Campaign, Run, read
from samruk.qualify.judging import Result, as_json, judge, table, word
from samruk.verdict.flights import sources_key
from samruk.watch import progress_bar


@dataclass(frozen=True)
class Told:
    """What came of it."""

    results: tuple[Result, ...]
    json: dict[str, Any]
    failed: bool
    """Whether a run fails its limit."""


def campaign(path: str | None) -> tuple[Campaign, str]:
    """A campaign by the path of its file, or the one that comes with samruk; and its text."""
    text, place = load.campaign() if path is None else load.text_of(path)
    return read(text, place), text


def chosen(runs: Sequence[Run], only: str | None) -> list[Run]:
    """The runs that are asked for.

    Raises:
        InputError: a key is unknown.
    """
    if only is None:
        return list(runs)
    wanted = [key.strip() for key in only.split(",") if key.strip()]
    known = {run.key.lower(): run for run in runs}
    for key in wanted:
        if key.lower() not in known:
            hint = f"Known: {', '.join(run.key for run in runs)}."
            raise InputError(f"names {key!r}, which is no run of this campaign.", "--only", hint)
    if not wanted:
        raise InputError("names no run.", "--only", "Write --only Q11,Q12.")
    return [known[key] for key in dict.fromkeys(word.lower() for word in wanted)]


def tell(asked: Namespace) -> Told:
    """Fly what is asked for, print the table, write the report.

    Raises:
        InputError: campaign, aircraft or folder are wrong.
    """
    found, text = campaign(asked.campaign)
    runs = chosen(found.runs, asked.only)
    definition = load.aircraft(asked.aircraft)
    runs = [missions.fitted(found, run, definition, asked.aircraft) for run in runs]
    folder = house.out_folder("qualify", asked.out) if asked.out else None
    console = Console(quiet=asked.json, highlight=False, stderr=False)
    began = time.monotonic()
    kept, engine = _flown(found, runs, asked, console)
    seconds = time.monotonic() - began
    results = judge(runs, kept, definition.aircraft)
    origin = {
        "samruk": version("samruk"),
        "model sources": sources_key()[:16],
        "engine": engine,
        "aircraft": asked.aircraft,
        "aircraft's numbers, sha256": hashlib.sha256(repr(definition.aircraft).encode()).hexdigest()[:16],
        "campaign, sha256": hashlib.sha256(text.encode()).hexdigest()[:16],
        "seeds": f"0 to {asked.seeds - 1}; 0 is nominal",
        "flights": str(len(kept)),
    }
    console.print(table(results) + f"\n\n{page.answer(results)}  {len(kept)} flights in {seconds:.0f} s",
                  markup=False, soft_wrap=True)  # fmt: skip
    report = None
    if folder is not None:
        report = _written(house.make_folder(folder), found, runs, asked, results, kept, origin)
        console.print(f"Report  {report}", markup=False, soft_wrap=True)
    failed = any(word(result) == "FAILED" for result in results)
    told = {"title": found.title, "aircraft": asked.aircraft, "passed": not failed, "runs": as_json(results),
            "provenance": origin, "seconds": round(seconds, 1), "report": report and str(report)}  # fmt: skip
    return Told(tuple(results), told, failed)


def _flown(found: Campaign, runs: Sequence[Run], asked: Namespace, console: Console) -> tuple[list[flying.Kept], str]:
    """All flights under a bar."""
    with progress_bar(console, f"{found.title}: {asked.aircraft}", 1.0) as bar:
        return flying.fly(
            found, runs, asked.aircraft, asked.seeds, engine=asked.engine, threads=asked.threads,
            precision=asked.precision, progress=lambda part: bar.update(bar.task_ids[0], completed=part),
        )  # fmt: skip


def _written(
    folder: Path, found: Campaign, runs: Sequence[Run], asked: Namespace, results: Sequence[Result],
    kept: Sequence[flying.Kept], origin: dict[str, str],
) -> Path:  # fmt: skip
    """The report, and every case as a mission file that `samruk fly` flies."""
    definition = load.aircraft(asked.aircraft)
    place = folder / "missions"
    place.mkdir(exist_ok=True)
    for run in runs:
        for number, case in enumerate(run.cases if not run.not_built else (), 1):
            text = missions.text(found, run, case, definition, asked.aircraft)
            (place / f"{run.key.lower()}-{number:02d}.toml").write_text(text, encoding="utf-8")
    report = folder / "qualification.html"
    report.write_text(page.write(found.title, definition.title, results, kept, origin), encoding="utf-8")
    return report
