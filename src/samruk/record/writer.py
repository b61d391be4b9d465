"""A recording as MCAP."""

from __future__ import annotations

import math
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
from mcap.writer import Writer

from samruk.errors import RecordError
from samruk.record.recording import FlightRecord, Recording
from samruk.record.recording import keys as keys_of
from samruk.record.schemas import FIX, FORMAT, LOG, NOT_FINITE, SUMMARY, seal, state_schema
from samruk.record.values import to_json
from samruk.units import DEGREE

_LEVELS = {"info": 2, "advisory": 2, "caution": 3, "warning": 4}
"""Levels of events as `foxglove.Log` has them: 2 info, 3 warning, 4 error."""


def write(path: str | os.PathLike[str], recording: Recording, overwrite: bool = False) -> Path:
    """Write a record; the file appears whole or not at all.

    Args:
        path: where; the folder must exist.
        recording: what.
        overwrite: replace a file that is there.

    Raises:
        RecordError: the file exists, cannot be written, or the recording does not fit together.
    """
    path = Path(path)
    for number, flight in enumerate(recording.flights, 1):
        _check(flight, number)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        if path.exists() and not overwrite:
            raise FileExistsError(path)
        try:
            with open(part, "xb") as stream:
                encode(stream, recording)
            _place(part, path, overwrite)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise RecordError(f"{path}: exists; nothing is overwritten. Give another name.") from None
    except OSError as error:
        raise RecordError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path


def _place(part: Path, path: Path, overwrite: bool) -> None:
    """Give the finished file its name; a hard link fails where the name is taken, a rename would not."""
    if overwrite:
        part.replace(path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        part.replace(path)


def _check(flight: FlightRecord, number: int) -> None:
    """Names, frames and ticks of one flight belong together."""
    frames, ticks = flight.frames, flight.ticks
    fits = frames.ndim == 2 and frames.shape[1] == len(flight.names) and ticks.shape == frames.shape[:1]
    if not fits:
        raise RecordError(
            f"flight {number}: {len(flight.names)} names and {ticks.shape} ticks do not fit frames {frames.shape}"
        )
    if len(set(flight.names)) != len(flight.names):
        raise RecordError(f"flight {number}: a name of its frames stands twice")
    if not (math.isfinite(flight.epoch) and 0.0 <= flight.epoch < 1e10):
        raise RecordError(f"flight {number}: epoch {flight.epoch} s; allowed are 0 to 1e10 s since 1970")


def encode(stream: IO[bytes], recording: Recording) -> None:
    """Write a record's bytes to a binary stream."""
    writer = Writer(stream)
    writer.start(profile="samruk", library="samruk record")
    texts = [_texts(flight) for flight in recording.flights]
    log = writer.register_schema("foxglove.Log", "jsonschema", LOG)
    fix = writer.register_schema("foxglove.LocationFix", "jsonschema", FIX)
    for number, flight in enumerate(recording.flights, 1):
        topic = f"/flight/{number}"
        _write_states(writer, topic, flight)
        _write_messages(writer, f"{topic}/location", fix, _fixes(flight, number))
        _write_messages(writer, f"{topic}/event", log, _logs(flight))
    for name, body in recording.sources.items():
        writer.add_attachment(0, 0, name, _media(name), body)
    for number, text in enumerate(texts, 1):
        writer.add_metadata(f"flight/{number}", text)
    writer.add_metadata(SUMMARY, _summary(recording, texts))
    writer.finish()  # type: ignore[no-untyped-call]


def _texts(flight: FlightRecord) -> dict[str, str]:
    """All of a flight but its frames."""
    return {
        "name": flight.name,
        "note": flight.note,
        "epoch": to_json(float(flight.epoch)),
        "names": to_json(list(flight.names)),
        "inputs": to_json(flight.inputs),
        "tables": to_json(flight.tables),
        "ledger": to_json(flight.ledger),
        "verdict": to_json(flight.verdict),
    }


def _summary(recording: Recording, texts: list[dict[str, str]]) -> dict[str, str]:
    """What stands for the whole record, with its seal."""
    head = {
        "format": str(FORMAT),
        "title": recording.title,
        "flights": str(len(recording.flights)),
        "provenance": to_json(recording.provenance),
        "details": to_json(recording.details),
    }
    frames = [(flight.frames, flight.ticks) for flight in recording.flights]
    return head | {"sha256": seal(head, texts, frames, recording.sources)}


def _nanoseconds(epoch: float, time: float) -> int:
    """ns since 1970 of a time (s) after an epoch, exact to the ns of both."""
    whole = math.floor(epoch)
    return max(whole * 10**9 + round((epoch - whole + time) * 1e9), 0)


def _times(flight: FlightRecord) -> list[int]:
    """ns since 1970 of each frame: by its `time` where it has one, else by its tick."""
    seconds = flight.ticks.astype(np.float64)
    if "time" in flight.names:
        column = flight.column("time")
        seconds = np.where(np.isfinite(column) & (np.abs(column) < 1e9), column, seconds)
    return [_nanoseconds(flight.epoch, time) for time in np.clip(seconds, -1e9, 1e9).tolist()]


def _write_states(writer: Any, topic: str, flight: FlightRecord) -> None:
    """One JSON message per frame."""
    keys = keys_of(flight.names)
    encoder = msgspec.json.Encoder()
    odd = set(np.flatnonzero(~np.isfinite(flight.frames).all(axis=1)).tolist())

    def messages() -> Iterator[tuple[int, bytes]]:
        rows = zip(_times(flight), flight.ticks.tolist(), flight.frames.tolist(), strict=True)
        for k, (time, tick, row) in enumerate(rows):
            message = {"tick": tick, **dict(zip(keys, row, strict=True))}
            if k in odd:
                message[NOT_FINITE] = {key: str(x) for key, x in zip(keys, row, strict=True) if not math.isfinite(x)}
            yield time, encoder.encode(message)

    schema = writer.register_schema("samruk.State", "jsonschema", state_schema(keys))
    _write_messages(writer, f"{topic}/state", schema, messages())


def _write_messages(writer: Any, topic: str, schema: int, messages: Iterator[tuple[int, bytes]]) -> None:
    """Messages of one topic."""
    channel = writer.register_channel(topic, "json", schema)
    for sequence, (time, body) in enumerate(messages):
        writer.add_message(channel, time, body, time, sequence)


def _stamp(nanoseconds: int) -> dict[str, int]:
    """A time as Foxglove's schemas have it."""
    return {"sec": nanoseconds // 10**9, "nsec": nanoseconds % 10**9}


def _fixes(flight: FlightRecord, number: int) -> Iterator[tuple[int, bytes]]:
    """Places for the map, degrees and metres, where the frames have them."""
    if not {"latitude", "longitude", "height"} <= set(flight.names):
        return
    place = np.stack([flight.column(name) for name in ("latitude", "longitude", "height")], axis=1)
    for time, (latitude, longitude, height) in zip(_times(flight), place.tolist(), strict=True):
        if math.isfinite(latitude + longitude + height):
            fix = {
                "timestamp": _stamp(time), "frame_id": f"flight {number}", "latitude": latitude / DEGREE,
                "longitude": longitude / DEGREE, "altitude": height, "position_covariance": [0.0] * 9,
                "position_covariance_type": 0,
            }  # fmt: skip
            yield time, msgspec.json.encode(fix)


def _logs(flight: FlightRecord) -> Iterator[tuple[int, bytes]]:
    """Events of the verdict."""
    for event in flight.verdict.get("events", ()):
        time = _nanoseconds(float(event["time"]), 0.0)
        log = {
            "timestamp": _stamp(time), "level": _LEVELS.get(event.get("level", "info"), 2), "message": event["text"],
            "name": flight.name, "file": "", "line": 0,
        }  # fmt: skip
        yield time, msgspec.json.encode(log)


def _media(name: str) -> str:
    """Media type of a source file."""
    return {".toml": "application/toml", ".json": "application/json", ".csv": "text/csv"}.get(
        Path(name).suffix.lower(), "application/octet-stream"
    )
