"""Fly a study into its folder: begin it, go on with it, or enlarge it."""

from __future__ import annotations

import math
import shlex
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from samruk import load
from samruk.datasheet import SYMBOLS
from samruk.errors import InputError
from samruk.load import FlightPlan, MissionPlan
from samruk.study import fly, report, spread_file
from samruk.study.ledgers import Row, columns
from samruk.study.results import OUTCOMES, Study, opened
from samruk.study.sampling import Sampler
from samruk.study.spread_file import Spread
from samruk.study.store import Store, parquet
from samruk.study.wording import answer, told
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines, sources_key

ROWS, SECONDS = 256, 20.0
"""A part is written as soon as it has so many flights, or the last one is so many seconds old."""
LANES = {"cuda": 4096}
"""Flights side by side where many more than `fly.LANES` fly in the same time."""
LINE = 15.0
"""s between two lines of progress where the output is no terminal."""


def study(
    mission: str,
    *,
    flights: int = 100,
    spread: str | None = None,
    flight: str | None = None,
    overrides: Sequence[str] = (),
    seed: int = 1,
    engine: str = "auto",
    precision: str = "float64",
    threads: int | None = None,
    out: str | None = None,
    show: bool = False,
) -> Study:
    """Fly a mission many times, dispersed, and say how likely it is to complete and what drives that.

    A folder that holds a part of the same study is gone on with: only flights that it lacks fly.

    Args:
        mission: a mission file, or a story's name.
        flights: how many; a larger number later enlarges the study.
        spread: file that says what varies; the declared spreads of the aircraft and a forecast's error if None.
        flight: which flight of the mission, by name; may be left out where the mission has one.
        overrides: `key=value` texts that replace values of the mission file.
        seed: of the study; studies of one seed are paired flight by flight.
        engine: `auto`, `native`, `reference` or `cuda`.
        precision: `float64` or `float32`.
        threads: cores to use; all when not given.
        out: folder; a numbered one under `out` when not given.
        show: write to the terminal while it flies.

    Returns:
        The study with its table, probabilities and drivers.

    Raises:
        SamrukError: bad input, in one line.
    """
    parquet()
    console = Console(quiet=not show, highlight=False)
    plan = load.mission(mission, tuple(overrides))
    chosen, varied = _chosen(plan, flight), spread_file.read(spread)
    inputs = Inputs(chosen.task, chosen.aircraft, chosen.tables)
    sampler = Sampler(inputs, chosen.definition, varied, seed)
    console.print(f"[bold]{escape(plan.title)}[/]  {escape(_who(plan, chosen))}")
    engines = _engines(inputs, engine, threads, precision, console)
    words = [*_words(mission, flight, overrides, seed, spread), *_if_not("float64", "--precision", precision)]
    folder = Path(out) if out is not None else _free_folder(plan.name)
    about = _about(plan, chosen, varied, sampler, engines, overrides, words)
    kept = Store(folder, about, columns(sampler.parameters))
    try:
        _fly(engines, sampler, kept, flights, console)
    except KeyboardInterrupt:
        there = f"{len(kept.numbers())} of {flights} flights are kept; go on with --out {folder}"
        console.print(escape(there), soft_wrap=True)
        raise
    return _finished(folder, console)


def _finished(folder: Path, console: Console) -> Study:
    """The study as it stands, its report written and its answer told."""
    found = opened(folder)
    place = folder / "report.html"
    place.write_bytes(report.write(found).encode())
    found = replace(found, report=place)
    console.print("\n".join(told(found)), markup=False, soft_wrap=True)
    console.print(escape(f"Report  {place}\nTable   {folder}/ledgers-*.parquet"), soft_wrap=True)
    return found


def _chosen(plan: MissionPlan, name: str | None) -> FlightPlan:
    """The flight of a mission that is studied."""
    names = [each.name for each in plan.flights]
    if name is None and len(names) == 1:
        return plan.flights[0]
    if name not in names:
        said = f"has no flight {name!r}." if name is not None else f"has {len(names)} flights; a study flies one."
        raise InputError(said, plan.name, f"Give --flight one of: {', '.join(names)}.")
    return plan.flights[names.index(name)]


def _who(plan: MissionPlan, chosen: FlightPlan) -> str:
    return chosen.name if len(plan.flights) > 1 else plan.subtitle


def _engines(
    inputs: Inputs, engine: str, threads: int | None, precision: str, console: Console
) -> Engines:
    with console.status("Preparing the step (compiled once, then kept)"):
        return Engines(inputs, engine, threads, precision)


def _words(
    mission: str, flight: str | None, overrides: Sequence[str], seed: int, spread: str | None
) -> list[str]:
    """The command that makes the study, but for the number of its flights and its folder."""
    words = ["samruk", "study", mission, *(w for each in overrides for w in ("--set", each)), "--seed", str(seed)]
    words += ["--flight", flight] if flight else []
    return words + (["--spread", spread] if spread else [])


def _if_not(usual: str, option: str, value: str) -> list[str]:
    """An option of the command, where it is not the usual one."""
    return [] if value == usual else [option, value]


def _free_folder(name: str) -> Path:
    """The next free folder under `out`."""
    number = 1
    while (folder := Path("out") / f"study-{name}-{number:03d}").exists():
        number += 1
    return folder


def _about(
    plan: MissionPlan, chosen: FlightPlan, varied: Spread, sampler: Sampler, engines: Engines,
    overrides: Sequence[str], words: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """What `study.toml` says; `inputs` decide every flight."""
    many = len(plan.flights) > 1
    kind = engines.describe()
    return {
        "title": f"{plan.title}: {chosen.name}" if many else plan.title,
        "subtitle": chosen.note if many else plan.subtitle,
        "command": shlex.join(words),
        "samruk": version("samruk"),
        "engine": kind,
        "spread_title": varied.title,
        "aircraft": chosen.definition.name,
        "home": plan.fields[0],
        "home_at_deg": [math.degrees(float(getattr(chosen.task.home, name))) for name in ("latitude", "longitude")],
        "inputs": {
            "mission": plan.name,
            "flight": chosen.name,
            "overrides": list(overrides),
            "seed": sampler.seed,
            "spread": varied.text,
            "sha256_of_its_files": sorted(plan.hashes.values()),
            "model": sources_key(),
            "arithmetic": "JAX" if kind == "reference" else f"compiled, {engines.precision}",
        },
        "files": dict(sorted(plan.hashes.items())),
        "drawn": {
            p.key: [p.law.told(_unit(p.target.unit)), p.target.unit, float(p.nominal), p.grade, p.source]
            for p in sampler.parameters
        },
    }


def _unit(suffix: str) -> str:
    """A unit as printed."""
    return SYMBOLS.get(suffix, suffix.replace("_m3", "/m³"))


def _fly(engines: Engines, sampler: Sampler, kept: Store, flights: int, console: Console) -> None:
    """Fly what the folder lacks, keeping rows as they come."""
    present = kept.numbers()
    missing = [k for k in range(flights) if k not in present]
    if present:
        console.print(f"{len(present)} flights are there, {len(missing)} to fly")
    if not missing:
        return
    with _Keeper(kept) as keeper, _Watch(console, flights, flights - len(missing)) as watch:
        fly.fly(engines, sampler, missing, keeper, watch, LANES.get(engines.flight.kind, fly.LANES))


class _Keeper:
    """Gathers rows into parts; whatever ends the work, what has landed is kept."""

    def __init__(self, kept: Store) -> None:
        self.kept, self.rows, self.last = kept, [], time.monotonic()  # type: Store, list[Row], float

    def __enter__(self) -> _Keeper:
        return self

    def __call__(self, row: Row) -> None:
        """Take a row."""
        self.rows.append(row)
        if len(self.rows) >= ROWS or time.monotonic() - self.last > SECONDS:
            self._write()

    def __exit__(self, *_: object) -> None:
        there = self.kept.numbers()  # an interrupt may have come between a part's name and the next line
        self.rows = [row for row in self.rows if row["number"] not in there]
        self._write()

    def _write(self) -> None:
        self.kept.add(self.rows)
        self.rows, self.last = [], time.monotonic()


class _Watch:
    """A bar on a terminal; a line now and then elsewhere."""

    def __init__(self, console: Console, flights: int, there: int) -> None:
        self.console, self.flights, self.there = console, flights, there
        self.began = self.line = time.monotonic()
        self.expected = 0.0
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=28), TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task(f"{there} of {flights} flights", total=flights, completed=there)

    def __enter__(self) -> _Watch:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def __call__(self, state: fly.State) -> None:
        """After each chunk."""
        ended = self.there + state.ended
        self.expected = max(self.expected, *state.ages, 1.0) if state.ages else self.expected
        partly = float(np.sum(np.array(state.ages) / (1.3 * self.expected))) if state.ages else 0.0
        rate = state.flown / max(time.monotonic() - self.began, 1e-9)
        said = f"{ended} of {self.flights} flights, {state.flown / 3600.0:.0f} h flown, {rate:,.0f} times real time"
        self.bar.update(self.task, completed=ended + partly, description=said)
        if not self.console.is_terminal and time.monotonic() - self.line > LINE:
            self.line = time.monotonic()
            self.console.print(said)


__all__ = ["OUTCOMES", "answer", "study"]
