"""A recording from MCAP."""

from __future__ import annotations

import os
from typing import IO, Any

import msgspec
import numpy as np
from mcap.reader import make_reader

from samruk.errors import RecordError
from samruk.record.recording import FlightRecord, Recording
from samruk.record.recording import keys as keys_of
from samruk.record.schemas import FORMAT, NOT_FINITE, SUMMARY, seal
from samruk.record.values import from_json


def read(path: str | os.PathLike[str]) -> Recording:
    """Read a record and check its seal.

    Raises:
        RecordError: no such file, not a record, damaged, or of a later format.
    """
    try:
        with open(path, "rb") as stream:
            return decode(stream)
    except RecordError as error:
        raise RecordError(f"{os.fspath(path)}: {error}") from None
    except OSError as error:
        raise RecordError(f"{os.fspath(path)}: cannot be read: {error.strerror or error}") from None


def decode(stream: IO[bytes]) -> Recording:
    """Read a record from a binary stream; damaged bytes may make the layers below raise anything.

    Raises:
        RecordError: not a record, damaged, or of a later format.
    """
    try:
        return _decode(stream)
    except (RecordError, OSError):
        raise
    except Exception as error:
        what = (str(error).splitlines() or [""])[0]
        raise RecordError(f"is no whole MCAP record ({type(error).__name__}: {what})") from None


def _decode(stream: IO[bytes]) -> Recording:
    """The record, or any exception."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    reader = make_reader(stream, validate_crcs=True)
    metadata = {each.name: dict(each.metadata) for each in reader.iter_metadata()}
    if SUMMARY not in metadata:
        raise RecordError(f"holds no samruk record ({size} bytes of other MCAP)")
    head = metadata[SUMMARY]
    if int(head["format"]) > FORMAT:
        raise RecordError(f"has format {head['format']}; this version reads up to {FORMAT}. Use a newer samruk.")
    claimed = head.pop("sha256")
    texts = [metadata[f"flight/{number}"] for number in range(1, int(head["flights"]) + 1)]
    frames = _read_frames(reader, texts)
    sources = {each.name: each.data for each in reader.iter_attachments()}
    if seal(head, texts, frames, sources) != claimed:
        raise RecordError("is damaged: its contents do not match its seal")
    flights = tuple(_flight(text, *values) for text, values in zip(texts, frames, strict=True))
    provenance, details = from_json(head["provenance"]), from_json(head["details"])
    return Recording(head["title"], flights, provenance, sources, details)


def _read_frames(reader: Any, texts: list[dict[str, str]]) -> list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
    """Frames and ticks of every flight."""
    decoder = msgspec.json.Decoder()
    keys = {f"/flight/{n}/state": keys_of(tuple(from_json(text["names"]))) for n, text in enumerate(texts, 1)}
    rows: dict[str, list[list[float]]] = {topic: [] for topic in keys}
    ticks: dict[str, list[int]] = {topic: [] for topic in keys}
    for _, channel, message in reader.iter_messages(topics=list(keys), log_time_order=False):
        body = decoder.decode(message.data)
        body |= {key: float(word) for key, word in body.get(NOT_FINITE, {}).items()}
        rows[channel.topic].append([body[key] for key in keys[channel.topic]])
        ticks[channel.topic].append(body["tick"])
    return [
        (np.array(rows[t], np.float64).reshape(len(rows[t]), len(keys[t])), np.array(ticks[t], np.int64)) for t in keys
    ]


def _flight(text: dict[str, str], frames: np.ndarray[Any, Any], ticks: np.ndarray[Any, Any]) -> FlightRecord:
    """One flight from its metadata and frames."""
    return FlightRecord(
        name=text["name"],
        note=text["note"],
        epoch=from_json(text["epoch"]),
        inputs=from_json(text["inputs"]),
        tables=from_json(text["tables"]),
        names=tuple(from_json(text["names"])),
        frames=frames,
        ticks=ticks,
        ledger=from_json(text["ledger"]),
        verdict=from_json(text["verdict"]),
    )
