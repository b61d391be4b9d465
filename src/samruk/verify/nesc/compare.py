"""Every case of a folder flown beside its trajectory, and how far apart they are."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jax
import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from samruk import daveml
from samruk.errors import InputError
from samruk.verify.check import Check
from samruk.verify.nesc import case as cases
from samruk.verify.nesc.case import Case
from samruk.verify.nesc.flight import Flyer, base_inputs, begun, trimmed, world
from samruk.verify.nesc.vehicle import Vehicle, vehicle

LARGEST = 16_000_000
"""Bytes of one file."""
ANGLES = ("eulerAngle_deg_Yaw", "eulerAngle_deg_Roll", "longitude_deg")
"""Columns that go round."""
PILOTED = ("11", "13p1", "13p3")
"""Cases of the F-16 whose trajectories come with samruk."""
GATE_REASON = "about the spread of the publication's simulations; they take a step in an input half a frame apart"
Rows = dict[str, np.ndarray[Any, Any]]
Told = Callable[[str], None]


@dataclass(frozen=True)
class Difference:
    """One gate of one case."""

    name: str
    column: str
    """Where it was worst."""
    figure: float
    at: float
    """s."""
    limit: float
    unit: str

    @property
    def passed(self) -> bool:
        """Whether the gate holds."""
        return self.figure <= self.limit


@dataclass(frozen=True)
class Comparison:
    """One case flown."""

    case: Case
    trajectory: str | None
    """File that it was compared with; None where there is none."""
    differences: tuple[Difference, ...]
    rows: Rows
    other: Rows

    @property
    def passed(self) -> bool:
        """Whether every gate holds; a case without a trajectory has none to break."""
        return all(difference.passed for difference in self.differences)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "case": self.case.number, "title": self.case.title, "trajectory": self.trajectory, "pass": self.passed,
            "gates": [{"name": d.name, "column": d.column, "figure": d.figure, "at_s": d.at, "limit": d.limit,
                       "unit": d.unit, "pass": d.passed} for d in self.differences],
        }  # fmt: skip


def packaged() -> Path:
    """The cases that come with samruk."""
    return Path(str(resources.files("samruk.verify") / "data" / "nesc"))


def run(
    folder: str | Path | None = None, told: Told | None = None, only: Sequence[str] | None = None
) -> list[Comparison]:
    """Fly every case of a folder.

    Where a folder holds trajectories of a known case but no description of it, that of samruk is taken; models that it
    lacks come from samruk too.

    Args:
        folder: with `case_*.toml`, models and trajectories; samruk's own if None.
        told: called with each case's title before it is flown.
        only: numbers of the cases to fly; all if None.

    Raises:
        InputError: the folder or a file in it is missing or wrong, in one line.
    """
    place = packaged() if folder is None else Path(folder)
    if not place.is_dir():
        raise InputError("is no folder.", str(folder), "Give one with case_*.toml files.")
    wanted = _descriptions(place)
    if not wanted:
        complaint = "holds neither case_*.toml nor trajectories of a known case."
        raise InputError(complaint, str(folder), "See docs/nesc.md.")
    found, flyers = [], dict[Any, tuple[Vehicle, Flyer]]()
    with jax.enable_x64(True):
        for number, file in wanted:
            if only is not None and number not in only:
                continue
            case = cases.read(_text(file), file.name, number)
            if told is not None:
                told(f"case {number}: {case.title}")
            found.append(_flown(case, place, flyers))
    return found


def _descriptions(place: Path) -> list[tuple[str, Path]]:
    """(number, file), in order."""
    own = {_number(file): file for file in place.glob("case_*.toml")}
    there = {_number(file) for file in place.glob("case_*_sim_*.csv")}
    known = {_number(file): file for file in packaged().glob("case_*.toml")}
    own |= {number: known[number] for number in there if number in known and number not in own}
    return sorted(own.items(), key=lambda pair: _order(pair[0]))


def _number(file: Path) -> str:
    return file.stem.removeprefix("case_").partition("_sim_")[0]


def _order(number: str) -> tuple[int, str]:
    found = re.match(r"\d+", number)
    return int(found[0]) if found else 10**6, number


def _flown(case: Case, place: Path, flyers: dict[Any, tuple[Vehicle, Flyer]]) -> Comparison:
    """One case, with the compiled flight of others that share its models."""
    constants = {step.name: step.value for step in case.inputs if step.time <= 0.0}
    kind = (tuple(sorted(case.models.items())), case.earth, case.lateral_deviation, tuple(sorted(case.held.items())),
            constants.get("vrsPositionOfCM"), len(case.wind))  # fmt: skip
    if kind not in flyers:
        models = {role: daveml.read(_bytes(_beside(name, place)), name) for role, name in case.models.items()}
        craft = vehicle(models, case.held, constants)
        flyers[kind] = craft, Flyer(craft, world(case), case.lateral_deviation == "integral")
    craft, flyer = flyers[kind]
    base, theta = base_inputs(case, craft), None
    if case.trim:
        theta, positions = trimmed(case, craft, base)
        base |= positions
    rows = flyer.fly(case, begun(case, world(case), theta), base)
    file = _trajectory(case, place)
    other = {} if file is None else _columns(_text(file), file.name)
    return Comparison(case, file.name if file else None, tuple(_differences(case, rows, other)), rows, other)


def _beside(name: str, place: Path) -> Path:
    """A model's file: in the folder, or samruk's own."""
    bare = Path(name).name
    for candidate in (place / name, place / bare, packaged() / name, packaged() / "models" / bare):
        if candidate.is_file():
            return candidate
    raise InputError("is not there.", str(place / name), "Put the model beside the case, or correct models.")


def _trajectory(case: Case, place: Path) -> Path | None:
    """The file that the case names, else any of that case."""
    if case.trajectory is not None and (place / case.trajectory).is_file():
        return place / case.trajectory
    others = sorted(place.glob(f"case_{case.number}_sim_*.csv"), reverse="sim_05" in (case.trajectory or ""))
    close = [file for file in others if file.stem[-2:] in ("04", "05")]
    return next(iter(close or others), None)


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise InputError(f"holds more than {LARGEST} bytes.", str(file))
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}.", str(file)) from None


def _text(file: Path) -> str:
    try:
        return _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is no text in UTF-8.", str(file)) from None


def _columns(text: str, place: str) -> Rows:
    """Columns of a trajectory by their heads; of two columns with one head the first."""
    lines = list(csv.reader(io.StringIO(text)))
    if len(lines) < 3 or "time" not in lines[0]:
        raise InputError("holds no rows under heads with `time`.", place)
    found: Rows = {}
    for k, head in enumerate(lines[0]):
        if head.strip() in found or head.strip() not in ("time", *(c for g in cases.GATES.values() for c in g)):
            continue
        try:
            found[head.strip()] = np.array([float(row[k]) for row in lines[1:] if row])
        except (ValueError, IndexError):
            raise InputError(f"holds something in column {head.strip()} that is no number.", place) from None
    if (np.diff(found["time"]) <= 0.0).any():
        raise InputError("does not rise in time.", place)
    return found


def _differences(case: Case, rows: Rows, other: Rows) -> list[Difference]:
    """Worst of each gate, at the trajectory's own times."""
    if not other:
        return []
    inside = _held_at(other["time"], case)
    time, found = other["time"][inside], []
    for gate in case.gates:
        worst = Difference(gate.name, gate.columns[0], math.nan, 0.0, gate.limit, gate.unit)
        for column in gate.columns:
            if column not in other:
                raise InputError(f"has no column {column}, which a gate holds.", case.trajectory or "trajectory")
            apart = _apart(column, _between(rows, column, time), other[column][inside])
            k = int(np.argmax(apart))
            if not apart[k] <= worst.figure:
                worst = Difference(gate.name, column, float(apart[k]), float(time[k]), gate.limit, gate.unit)
        found.append(worst)
    return found


def _held_at(time: np.ndarray[Any, Any], case: Case) -> np.ndarray[Any, Any]:
    """Rows at which gates hold: those nearest to the whole multiples of the case's interval, 10 ms off at most."""
    inside: np.ndarray[Any, Any] = time <= min(case.duration, case.gates_until) + 0.01
    if case.gates_every > 0.0:
        inside &= np.abs(time - case.gates_every * np.round(time / case.gates_every)) < 0.01
    return inside


def _between(rows: Rows, column: str, time: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Our flight at the times of another: a cubic through four rows of 0.1 s."""
    step, values = rows["time"][1], rows[column]
    if column in ANGLES:
        values = np.degrees(np.unwrap(np.radians(values)))
    k = np.clip(np.floor(time / step).astype(int) - 1, 0, len(values) - 4)
    x = time / step - k
    near = [values[k + j] for j in range(4)]
    weights = (-(x - 1) * (x - 2) * (x - 3) / 6, x * (x - 2) * (x - 3) / 2, -x * (x - 1) * (x - 3) / 2,
               x * (x - 1) * (x - 2) / 6)  # fmt: skip
    total: np.ndarray[Any, Any] = sum((w * v for w, v in zip(weights, near, strict=True)), np.zeros_like(time))
    whole = np.round(time / step).astype(int)
    exact = (np.abs(time / step - whole) < 1e-9) & (whole < len(values))
    total[exact] = values[whole[exact]]
    return total


def apart(rows: Rows, other: Rows, column: str, count: int) -> np.ndarray[Any, Any]:
    """Distance of a column at the first rows of a trajectory."""
    return _apart(column, _between(rows, column, other["time"][:count]), other[column][:count])


def _apart(column: str, one: np.ndarray[Any, Any], two: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    apart = np.abs(one - two)
    if column in ANGLES:
        turned = np.mod(apart, 360.0)
        apart = np.minimum(turned, 360.0 - turned)
    found: np.ndarray[Any, Any] = apart
    return found


def checks() -> list[Check]:
    """The F-16 cases whose trajectories are published with samruk, as rows of the table of all checks."""
    units = {"ft": "ft", "ft_s": "ft/s", "deg": "deg", "deg_s": "deg/s"}
    return [
        Check(f"case {each.case.number}, {each.case.title}: {d.name}", "NASA/TM-2015-218675, SIM 05", d.figure, d.limit,
              units[d.unit], GATE_REASON)
        for each in run(only=PILOTED) for d in each.differences
    ]  # fmt: skip


def show(found: Sequence[Comparison], console: Console | None = None) -> None:
    """Print the table and what it adds up to."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = 160
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for head, side in (("case", "left"), ("", "left"), ("quantity", "left"), ("worst", "right"), ("gate", "right"),
                       ("", "left"), ("at", "right"), ("beside", "left")):  # fmt: skip
        table.add_column(head, justify=side)  # type: ignore[arg-type]
    for comparison in found:
        lead = (comparison.case.number, comparison.case.title)
        if comparison.trajectory is None:
            table.add_row(*lead, "", "", "", Text("not compared: no trajectory", style="dim"), "", "")
        for d in comparison.differences:
            word = Text("holds") if d.passed else Text("fails", style="bold red")
            unit = d.unit.replace("_s", "/s").replace("deg", "°")
            table.add_row(*lead, d.name, f"{d.figure:.1e}", f"{d.limit:g} {unit}", word, f"{d.at:.1f} s",
                          comparison.trajectory or "")  # fmt: skip
            lead = ("", "")
    console.print(table)
    console.print()
    console.print(Text(answer(found), style="bold"))


def answer(found: Sequence[Comparison]) -> str:
    """One sentence."""
    compared = [c for c in found if c.trajectory is not None]
    failed = [c.case.number for c in compared if not c.passed]
    rest = len(found) - len(compared)
    alone = f"; {rest} flown without a trajectory to compare" if rest else ""
    if failed:
        return f"{len(failed)} of {len(compared)} cases break a gate: {', '.join(failed)}{alone}."
    return f"All {len(compared)} compared cases keep their gates{alone}."
