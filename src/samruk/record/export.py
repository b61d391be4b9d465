"""A recording as CSV."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from samruk.errors import RecordError
from samruk.record.recording import FlightRecord, Recording
from samruk.record.recording import keys as keys_of


def export_csv(recording: Recording, path: str | os.PathLike[str]) -> list[Path]:
    """Write frames, events and inputs of every flight as CSV into a new folder.

    Columns carry their units; numbers read back to the same float64.

    Raises:
        RecordError: the folder exists or cannot be made.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True)
        return [file for number, flight in enumerate(recording.flights, 1) for file in _export(flight, number, folder)]
    except FileExistsError:
        raise RecordError(f"{folder}: exists; nothing is overwritten. Give another folder.") from None
    except OSError as error:
        raise RecordError(f"{folder}: cannot be written: {error.strerror or error}") from None


def _export(flight: FlightRecord, number: int, folder: Path) -> list[Path]:
    """The three files of one flight."""
    stem = f"{number}-" + (re.sub(r"[^\w-]+", "-", flight.name).strip("-").lower() or "flight")
    events = [[_utc(e["time"]), e.get("level", "info"), e["text"]] for e in flight.verdict.get("events", ())]
    rows = {
        "frames": [["tick", *keys_of(flight.names)], *_frame_rows(flight)],
        "events": [["time_utc", "level", "text"], *events],
        "inputs": [["name", "value"], *_pairs(flight.inputs), *_pairs(flight.tables)],
    }
    return [_write_csv(folder / f"{stem}-{kind}.csv", lines) for kind, lines in rows.items()]


def _frame_rows(flight: FlightRecord) -> Iterator[list[Any]]:
    """Tick and values of each frame."""
    for tick, row in zip(flight.ticks.tolist(), flight.frames.tolist(), strict=True):
        yield [tick, *map(repr, row)]


def _utc(time: float) -> str:
    """A time as ISO 8601 to the millisecond, in UTC."""
    return str(np.datetime64(round(float(time) * 1e3), "ms")) + "Z"


def _pairs(tree: Any, prefix: str = "") -> Iterator[list[Any]]:
    """Names and values of all leaves of nested dictionaries and arrays."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _pairs(value, f"{prefix}.{key}" if prefix else key)
    elif isinstance(tree, np.ndarray):
        yield from _pairs(tree.tolist(), prefix)
    elif isinstance(tree, list | tuple):
        for k, value in enumerate(tree):
            yield from _pairs(value, f"{prefix}.{k}")
    else:
        yield [prefix, repr(tree) if isinstance(tree, float) else tree]


def _write_csv(path: Path, rows: list[list[Any]]) -> Path:
    """One CSV file."""
    with open(path, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return path
