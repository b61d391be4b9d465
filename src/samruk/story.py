"""Fly a mission, judge it, and leave a report and a record: what the program and the notebook both call."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape

from samruk import archive, load, record, sim
from samruk.errors import InputError
from samruk.units import ZERO_CELSIUS
from samruk.verdict import chain, report
from samruk.verdict.catalogue import Inputs, Rates, failed
from samruk.verdict.causes import SEEDS, Explanation, explain
from samruk.verdict.flights import Engines, Flown, sources_key
from samruk.verdict.flights import fly as fly_lanes
from samruk.verdict.outcome import RANK, Verdict, status
from samruk.verdict.picture import StripDay
from samruk.verdict.pictured import mission_map, strip_flight
from samruk.verdict.sensitivity import Sensitivity, told
from samruk.verdict.sensitivity import sensitivity as derive
from samruk.verdict.wording import fine_up
from samruk.watch import Watch, progress_bar
from samruk.weather import ceiling

LIMITS = (
    "Heights are above the WGS-84 ellipsoid, taken as mean sea level; the ground is the mission's terrain, or a "
    "declared plane, with level places around runways.",
    "Ice on lift and moments rests on few published tests: drag within about 40 %, lift and control effects by Bragg's "
    "method.",
    "Equipment fails by ice, cold, heat, load, fuel and link, or as the mission declares it; nothing fails by chance.",
)
"""What these results do not cover."""

NAMES = {"completed": "Completed", "diverted": "Diverted", "refused": "Refused", "lost": "Lost", None: "No outcome"}
STYLES = {"completed": "bold", "diverted": "bold yellow", "refused": "bold yellow"}


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
    sensitivity: Sensitivity | None = None
    """What drives the figures of the first completed flight, where that was asked for."""
    differences: int | None = None
    """Of a repeated record: how many recorded numbers came out otherwise; None where nothing was repeated."""

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints: numbers that do not exist are null."""
        flights = [_plain(asdict(flight.verdict)) for flight in self.flights]
        return {
            "title": self.title,
            "flights": flights,
            "report": str(self.report) if self.report else None,
            "record": str(self.record) if self.record else None,
            "provenance": _plain(self.provenance),
            **({} if self.sensitivity is None else {"sensitivity": _plain(self.sensitivity.as_json())}),
            **({} if self.differences is None else {"differences": self.differences}),
        }

    def exit_code(self, require: str | None) -> int:
        """0 judged; 1 short of what is required, or a repeated record differs; 3 a flight has no outcome."""
        outcomes = [flight.verdict.outcome for flight in self.flights]
        if any(o is None for o in outcomes):
            return 3
        short = require is not None and any(RANK[o or "lost"] < RANK[require] for o in outcomes)
        return int(short or bool(self.differences))


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
            raise InputError("exists and is not an empty folder; nothing is overwritten.", str(folder),
                             "Give another --out.")  # fmt: skip
        return folder
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-") or "mission"
    number = 1
    while (folder := Path("out") / f"{stem}-{number:03d}").exists():
        number += 1
    return folder


def make_folder(folder: Path) -> Path:
    """The folder, made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}.", str(folder), "Give another --out.") from None
    return folder


def fly(
    mission: str,
    *,
    overrides: Sequence[str] = (),
    seeds: int | None = None,
    engine: str = "auto",
    threads: int | None = None,
    out: str | None = None,
    source: str | None = None,
    show: bool = False,
    sensitivity: bool = False,
    precision: str = "float64",
) -> Result:
    """Fly a mission, judge it, and write its report and record.

    Args:
        mission: a mission file, or a story's name; not read when `source` is given.
        overrides: `key=value` texts that replace values of the file.
        seeds: seeds flown of each flight, for the probability of its outcome and of each fix; three when not given.
        engine: `auto`, `native`, `reference` or `cuda`.
        threads: cores to use; all when not given.
        out: folder for report and record; a numbered one under `out` when not given.
        source: a record whose flights are repeated bit for bit.
        show: write to the terminal while it flies.
        sensitivity: derive the first completed flight by every number with a declared spread; takes as long again.
        precision: `float64`, or `float32` with the wide fields of the step in float64.

    Returns:
        Flights with their verdicts and frames, and where the files are.

    Raises:
        SamrukError: bad input, in one line.
    """
    console = Console(quiet=not show, highlight=False)
    began = time.monotonic()
    kept = None if source is None else record.read(source)
    plan: Any = load.mission(mission, tuple(overrides)) if kept is None else archive.plan(kept)
    if kept is not None and overrides:
        raise InputError("repeats a record as it was flown.", "--from", "Give it without --set.")
    if kept is not None and sensitivity:
        raise InputError("holds no spreads to derive by.", "--from", "Give the mission to use --sensitivity.")
    if kept is not None and kept.provenance.get("engine", "").endswith("float32"):
        precision = "float32"
    folder = out_folder(plan.name, out)
    asked = ["fly", mission] if kept is None else ["fly", "--from", str(source)]
    words = [*asked, *_options(overrides, seeds, engine, precision), *(["--sensitivity"] if sensitivity else [])]
    console.print(f"[bold]{escape(plan.title)}[/]  {escape(plan.subtitle)}")
    lanes = [Inputs(f.task, f.aircraft, f.tables) for f in plan.flights]
    with console.status("Preparing the step (compiled once, then kept)"):
        engines = Engines(lanes[0], engine, threads, precision)
    flown, verdicts = judge(plan, lanes, seeds or SEEDS, engines, console)
    drivers = _drivers(plan, flown, engines, threads, console) if sensitivity else None
    result = _written(plan, flown, verdicts, engines, folder, words, drivers)
    if kept is not None:
        result = replace(result, differences=_compared(kept, result, console))
    files = escape(f"Report  {result.report}\nRecord  {result.record}")
    console.print(f"{files}\n{time.monotonic() - began:.0f} s in all", soft_wrap=True)
    return result


def _drivers(
    plan: Any, flown: Sequence[Flown], engines: Engines, threads: int | None, console: Console
) -> Sensitivity | None:
    """What drives the first completed flight, said line by line."""
    first = next((k for k, each in enumerate(flown) if each.outcome == "completed"), None)
    if first is None:
        console.print("No flight completed: no figures to derive")
        return None
    one = plan.flights[first]
    with console.status(f"What drives {escape(one.name)}: derivatives by every number with a spread"):
        found = derive(one.name, flown[first], one.definition, engines, threads)
    if found is not None:
        lines = "\n".join(f"  {escape(line)}" for line in told(found))
        console.print(f"[bold]{escape(one.name)}[/], what drives it:\n{lines}")
    return found


def judge(
    plan: Any, lanes: Sequence[Inputs], seeds: int, engines: Engines, console: Console
) -> tuple[list[Flown], list[Verdict]]:
    """Fly a plan's flights, find what turned them, and say so line by line.

    Args:
        plan: a `load.MissionPlan`.
        lanes: what each of its flights flies with.
        seeds: seeds flown of each flight and of what turns it.
        engines: the compiled programs.
        console: where a person watches.

    Returns:
        Flights as flown with their frames, and their verdicts.
    """
    names = [f.name for f in plan.flights]
    top = 1.3 * max(float(np.max(lane.tables.route.altitude)) for lane in lanes)
    hours = max(float(lane.task.rules.station_time) for lane in lanes) / 3600.0 + 4.0
    with Watch(console, names, hours, top) as watch:
        flown = fly_lanes(
            engines, lanes, record=True, progress=watch, ending=lambda k, f: console.print(_line(names[k], f))
        )
    explained = _explained(flown, [Rates(**plan.rates)] * len(lanes), seeds, engines, console)
    verdicts = [_verdict(name, f, e, plan.fields[0]) for name, f, e in zip(names, flown, explained, strict=True)]
    for verdict in verdicts:
        if told := _told(verdict):
            console.print(told)
    return flown, verdicts


def _line(name: str, flown: Flown) -> str:
    """One flight as it ends: outcome, time, cost; marked up for the terminal."""
    style = STYLES.get(flown.outcome or "", "bold red")
    how = "" if flown.outcome is not None else f"  ({status(flown.end)})"
    return (
        f"[{style}]{NAMES[flown.outcome]:10}[/] {escape(name)}: {flown.end.duration / 3600.0:.1f} h, "
        f"{flown.end.fuel_used:.0f} kg of fuel{how}"
    )


def _told(verdict: Verdict) -> str:
    """Why, and what saves it, in a few lines marked up for the terminal; empty where there is nothing to tell."""
    lines = []
    if len(verdict.probability) > 1:
        shares = ", ".join(f"{o} {100.0 * p:.0f} %" for o, p in sorted(verdict.probability.items()))
        lines.append(f"  over {verdict.seeds} seeds: {shares}")
    if verdict.reason and verdict.outcome != "completed":
        lines.append(f"  the aircraft's reason  {verdict.reason}")
    lines += [f"  {'because of' if k == 0 else '':12}{c.text} ({_sure(c)})" for k, c in enumerate(verdict.causes)]
    for k, fix in enumerate(verdict.fixes[:3]):
        label = "saved by" if k == 0 else "or by"
        lines.append(f"  {label:12}{fix.text}: {fix.turns_to}, {fine_up(fix.cost_kg)} kg ({_sure(fix)})")
    if verdict.unexplained:
        lines.append("  unexplained: no change that was tried turns it")
    return "\n".join([f"[bold]{escape(verdict.name)}[/], why:", *lines]) if lines else ""


def _sure(turn: Any) -> str:
    """On how many seeds a turn held."""
    return f"{turn.confirmed} of {turn.seeds} seeds" if turn.seeds > 1 else "this seed"


def _explained(
    flown: list[Flown], rates: list[Rates], seeds: int, engines: Engines, console: Console
) -> list[Explanation]:
    """Causes and fixes, with a bar while variants fly."""

    def fly_variants(lanes: Sequence[Inputs]) -> list[Flown]:
        return _with_bar(engines, lanes, f"Why, and how surely: {len(lanes)} variants of the day", flown, console)

    return explain(flown, rates, fly_variants, seeds)


def _with_bar(
    engines: Engines, lanes: Sequence[Inputs], text: str, like: Sequence[Flown], console: Console
) -> list[Flown]:
    """Fly lanes under a progress bar; the longest of flights like these sets its length."""
    longest = max(f.end.duration for f in like) + 1800.0
    with progress_bar(console, text, longest) as bar:
        return fly_lanes(engines, lanes, progress=lambda now, *_: bar.update(bar.task_ids[0], completed=now))


def _verdict(name: str, flown: Flown, why: Explanation, home: str) -> Verdict:
    """One flight's verdict in plain numbers."""
    end = flown.end
    return Verdict(
        name=name,
        outcome=flown.outcome,
        status=status(end),
        duration_h=end.duration / 3600.0,
        events=chain.events(
            flown.ledger, end, float(flown.inputs.task.clock.epoch), home, failed(flown.inputs.task)
        ),
        causes=why.causes,
        fixes=why.fixes,
        margins=chain.margins(flown.ledger, end, reserve(flown.inputs)),
        fuel_kg=end.fuel_used,
        cost_kg=end.fuel_used,
        unexplained=why.unexplained,
        reason=chain.reason(end.reason),
        probability={o or "none": why.outcomes.count(o) / len(why.outcomes) for o in why.outcomes},
        seeds=len(why.outcomes),
    )


def reserve(inputs: Inputs) -> float:
    """kg of fuel that the rules want left at landing, by the aircraft's handbook."""
    return sim.reserve_fuel(inputs.task, inputs.aircraft)


# Report and record ----------------------------------------------------------------------------------------------------


def provenance(plan: Any, engines: Engines, lanes: Sequence[Inputs]) -> dict[str, str]:
    """What a result stands on: versions, sources, files, seeds, engine."""
    seeds = sorted({int(lane.task.seed) for lane in lanes})
    return {
        "samruk": version("samruk"),
        "model sources": sources_key()[:16],
        "engine": engines.describe(),
        "seed": ", ".join(str(seed) for seed in seeds),
        **{f"sha256 {name}": digest[:16] for name, digest in sorted(plan.hashes.items())},
    }


def report_text(
    title: str, subtitle: str, flights: Sequence[FlightResult], names: Sequence[str], origin: dict[str, str],
    repeat: Sequence[str], drivers: Sensitivity | None = None,
) -> str:
    """The report of flights as one HTML file.

    Args:
        title: of the mission.
        subtitle: a line under it.
        flights: as flown and judged.
        names: of home and alternates.
        origin: what the result stands on.
        repeat: command lines that give the same result.
        drivers: what drives one of the flights.
    """
    strips = tuple(
        strip_flight(f.name, f.note, f.verdict, f.frames, f.inputs, reserve(f.inputs)) for f in flights
    )
    weathered = max((f.inputs for f in flights), key=lambda i: float(i.task.conditions.cloud_scale))
    return report.write(
        report.Report(
            title=title,
            mission=subtitle,
            flights=tuple(f.verdict for f in flights),
            day=StripDay(title, subtitle, strips),
            chart=mission_map(f"{title}: the way", weathered, names),
            provenance=origin,
            repeat=tuple(repeat),
            limits=LIMITS,
            drivers=drivers,
        )
    )


def _options(overrides: Sequence[str], seeds: int | None, engine: str, precision: str) -> list[str]:
    """The options of a command that matter to its result."""
    chosen = [word for override in overrides for word in ("--set", override)]
    chosen += ["--seeds", str(seeds)] if seeds else []
    chosen += ["--engine", engine] if engine != "auto" else []
    return chosen + (["--precision", precision] if precision != "float64" else [])


def _written(
    plan: Any, flown: Sequence[Flown], verdicts: Sequence[Verdict], engines: Engines, folder: Path,
    words: Sequence[str], drivers: Sensitivity | None = None,
) -> Result:
    """Report and record in a folder, made now."""
    make_folder(folder)
    flights = tuple(
        FlightResult(one.name, one.note, verdict, f.frames or {}, f.inputs)
        for one, f, verdict in zip(plan.flights, flown, verdicts, strict=True)
    )
    origin = provenance(plan, engines, [f.inputs for f in flown]) | {"command": shlex.join(["samruk", *words])}
    kept = archive.recording(
        plan, [f.inputs for f in flown], [f.frames for f in flights], [f.ledger for f in flown], verdicts, origin
    )
    kept_at = record.write(folder / "flights.mcap", kept)
    text = report_text(plan.title, plan.subtitle, flights, plan.fields, origin, _repeat(origin, kept_at), drivers)
    report_at = folder / "report.html"
    report_at.write_bytes(text.encode())
    return Result(plan.title, flights, report_at, kept_at, origin, drivers)


def _repeat(origin: dict[str, Any], kept_at: Path) -> tuple[str, ...]:
    """Command lines that give the same again."""
    again = [shlex.join(["samruk", *words, kept_at.name]) for words in (("fly", "--from"), ("replay",))]
    return (str(origin["command"]), *again) if "command" in origin else tuple(again)


def _compared(kept: record.Recording, result: Result, console: Console) -> int:
    """How many recorded numbers came out otherwise when flown again."""
    total = sum(flight.frames.size for flight in kept.flights)
    different = sum(archive.differences(k, f.frames) for k, f in zip(kept.flights, result.flights, strict=True))
    if different:
        told = f"[bold yellow]Differs[/] from the record in {different} of {total} numbers: another version or engine"
        console.print(told)
    else:
        console.print(f"[bold]Identical[/] to the record, bit for bit, in {total} numbers")
    return different


def replay(source: str, out: str | None = None, show: bool = False) -> Result:
    """The report of a record, drawn again from what it holds.

    Args:
        source: a record.
        out: folder for the report; beside the record when not given.
        show: write to the terminal.

    Raises:
        RecordError: the record cannot be read.
    """
    console = Console(quiet=not show, highlight=False)
    kept = record.read(source)
    plan = archive.plan(kept)
    flights = tuple(
        FlightResult(k.name, k.note, archive.verdict(k), archive.frames(k), Inputs(p.task, p.aircraft, p.tables))
        for k, p in zip(kept.flights, plan.flights, strict=True)
    )
    again = _repeat(kept.provenance, Path(source))
    text = report_text(plan.title, plan.subtitle, flights, plan.fields, kept.provenance, again)
    folder = make_folder(out_folder(plan.name, out)) if out is not None else Path(source).parent
    place = _free(folder / "report.html", text)
    for flight in flights:
        v = flight.verdict
        console.print(f"{NAMES[v.outcome]:10} {escape(v.name)}: {v.duration_h:.1f} h, {v.fuel_kg:.0f} kg of fuel")
        if told := _told(v):
            console.print(told)
    console.print(escape(f"Report  {place}"), soft_wrap=True)
    return Result(plan.title, flights, place, Path(source), kept.provenance)


def _free(wanted: Path, text: str) -> Path:
    """Write a text at the wanted place, or at the next free number beside it; the same text is left as it is."""
    place, number = wanted, 1
    while place.exists():
        if place.read_bytes() == text.encode():
            return place
        number += 1
        place = wanted.with_stem(f"{wanted.stem}-{number}")
    place.write_bytes(text.encode())
    return place


def validate(mission: str, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Check a mission's files without flying.

    Raises:
        InputError: something in it is wrong.
    """
    plan = load.mission(mission, tuple(overrides))
    return {
        "title": plan.title,
        "start": plan.epoch.isoformat(),
        "home": plan.fields[0],
        "flights": [f.name for f in plan.flights],
        "legs": int(plan.flights[0].task.legs),
        "files": plan.hashes,
        "warnings": [warning for flight in plan.flights for warning in _too_cold(flight)],
    }


def _too_cold(flight: load.FlightPlan) -> list[str]:
    """What the day's temperatures say of a flight's heights, by the limits that the aircraft is described for."""
    task, thermal = flight.task, flight.aircraft.thermal
    profile, offset = flight.tables.profile, float(task.conditions.temperature_offset)
    ground = float(task.home.elevation)
    top = ceiling.cold_ceiling(profile, thermal.operating_low, offset, ground)
    foot = ceiling.hot_floor(profile, thermal.operating_high, offset, ground)
    used = np.arange(len(flight.tables.route.altitude)) < int(task.legs)
    highest = float(np.max(np.where(used, flight.tables.route.altitude, ground)))
    cold, hot = thermal.operating_low - ZERO_CELSIUS, thermal.operating_high - ZERO_CELSIUS
    found = []
    if highest > top:
        found.append(
            f"{flight.name}: the air is colder than {cold:.0f} C from {top:.0f} m msl upwards, the coldest for which "
            f"the aircraft is described; the route climbs to {highest:.0f} m. Fly lower or on a warmer day."
        )
    if foot > ground:
        found.append(
            f"{flight.name}: the air is hotter than {hot:.0f} C up to {foot:.0f} m msl, the hottest for which the "
            "aircraft is described. Take off at a cooler hour."
        )
    return found


def validation_text(found: dict[str, Any]) -> str:
    """What `validate` found, for people."""
    flights = ", ".join(found["flights"])
    line = f"{found['title']}: sound. {found['home']}, {found['start']}, {found['legs']} legs, flights: {flights}"
    return "\n".join([line, *(f"Warning  {warning}" for warning in found["warnings"])])
