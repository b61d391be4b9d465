"""Fly a mission, judge it, and leave a report and a record: what the program and the notebook both call."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from samruk import load
from samruk.errors import InputError
from samruk.verdict.catalogue import Inputs
from samruk.verdict.outcome import RANK, Verdict


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
