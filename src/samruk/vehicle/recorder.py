"""What a session leaves on disk while it runs: states as MCAP, the journal as lines, frames as tlog.

All three are written as they come and pushed to the disk once a simulated second or turn, so that a killed process
loses the last moment and no more. An MCAP that was not ended is read by tools that recover.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from mcap.writer import Writer

from samruk.errors import InputError
from samruk.link.mavlink import tlog
from samruk.record.recording import keys as keys_of
from samruk.record.schemas import LOG, state_schema
from samruk.vehicle.live import Live
from samruk.vehicle.service import Now

CHUNK = 32_768
"""Bytes of an MCAP chunk: what a kill may cost."""


class Recorder:
    """Files of one session.

    Args:
        folder: where; made if need be, never written over.
        live: the lanes.
        names: of the aircraft.
    """

    def __init__(self, folder: str | Path, live: Live, names: list[str]) -> None:
        self.folder, self.live = Path(folder), live
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._mcap_file: BinaryIO = open(self.folder / "session.mcap", "xb")  # noqa: SIM115
            self._journal = open(self.folder / "journal.jsonl", "x", encoding="utf-8")  # noqa: SIM115
            self._tlogs = [open(self.folder / f"aircraft-{k + 1}.tlog", "xb") for k in range(len(live))]  # noqa: SIM115
        except OSError as error:
            told = error.strerror or str(error)
            raise InputError(f"cannot be written: {told}.", str(folder), "Give a new folder to --record.") from None
        self._written = 0
        self._second = -1
        self._writer = Writer(self._mcap_file, chunk_size=CHUNK)
        self._writer.start(profile="samruk", library="samruk vehicle")
        self._encoder = msgspec.json.Encoder()
        self._keys = keys_of(tuple(live.batch.frame().names))
        schema = self._writer.register_schema("samruk.State", "jsonschema", state_schema(self._keys))
        log = self._writer.register_schema("foxglove.Log", "jsonschema", LOG)
        lanes = range(1, len(live) + 1)
        self._states = [self._writer.register_channel(f"/flight/{k}/state", "json", schema) for k in lanes]
        self._events = [self._writer.register_channel(f"/flight/{k}/event", "json", log) for k in lanes]
        self._writer.add_metadata("samruk", {"format": "1", "title": live.plan.title, "names": json.dumps(names)})
        for name, body in live.plan.sources.items():
            self._writer.add_attachment(0, 0, name, "application/octet-stream", body)
        self._journal.write(json.dumps({
            "mission": live.plan.name, "flights": [each.name for each in live.flights],
            "seeds": [int(each.task.seed) for each in live.flights], "hashes": live.plan.hashes,
        }) + "\n")  # fmt: skip

    def turn(self, now: Now) -> None:
        """Write what is new."""
        for entry in self.live.journal[self._written :]:
            self._journal.write(json.dumps(entry.as_json()) + "\n")
        if self._written != len(self.live.journal):
            self._written = len(self.live.journal)
            self._journal.flush()
        if int(now.simulated) != self._second:
            self._second = int(now.simulated)
            self._state(now)

    def _state(self, now: Now) -> None:
        """A frame of every lane, once a simulated second."""
        frames, stamp = self.live.batch.frame(), round(now.utc * 1e9)
        for k, channel in enumerate(self._states):
            row = dict(zip(self._keys, frames.data[0, :, k].tolist(), strict=True))
            self._writer.add_message(channel, stamp, self._encoder.encode({"tick": now.tick, **row}), stamp)
        self._mcap_file.flush()
        for each in self._tlogs:
            each.flush()

    def frame(self, k: int, raw: bytes, now: Now) -> None:
        """A MAVLink frame of an aircraft, in or out."""
        tlog.write(self._tlogs[k], now.utc_us, raw)

    def event(self, k: int, text: str, severity: int, now: Now) -> None:
        """A text for people."""
        stamp = round(now.utc * 1e9)
        level = 4 if severity <= 3 else 3 if severity <= 4 else 2
        body: dict[str, Any] = {
            "timestamp": {"sec": stamp // 10**9, "nsec": stamp % 10**9}, "level": level, "message": text,
            "name": self.live.flights[k].name, "file": "", "line": 0,
        }  # fmt: skip
        self._writer.add_message(self._events[k], stamp, self._encoder.encode(body), stamp)

    def close(self) -> None:
        """End the files."""
        self._writer.finish()  # type: ignore[no-untyped-call]
        self._mcap_file.close()
        self._journal.close()
        for each in self._tlogs:
            each.close()
