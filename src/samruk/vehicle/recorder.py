"""What a session leaves on disk while it runs: states as MCAP, the journal as lines, frames as tlog.

All three are written as they come and pushed to the disk once a simulated second or turn, so that a killed process
loses the last moment and no more. An MCAP that was not ended is read by tools that recover. A restart flies the journal
again from the last checkpoint, so that it takes a moment however long the session has run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from mcap.writer import Writer

from samruk.errors import InputError
from samruk.link.mavlink import tlog
from samruk.load import MissionPlan
from samruk.record.recording import keys as keys_of
from samruk.record.schemas import LOG, state_schema
from samruk.vehicle import checkpoint
from samruk.vehicle.claims import Audit
from samruk.vehicle.live import Entry, Live, entries_of, fly_on
from samruk.vehicle.service import Now

JOURNAL, NOTE = "journal.jsonl", "note.json"
"""Files: all that came from outside, and how far the session has come."""
AUDIT = "audit.jsonl"
"""Every decision about who commands, a line each."""
NOTE_EVERY = 0.5
"""Wall s between two notes."""
CHUNK = 32_768
"""Bytes of an MCAP chunk: what a kill may cost."""


class Recorder:
    """Files of one session.

    Args:
        folder: where; made if need be, never written over.
        live: the lanes.
        names: of the aircraft.
    """

    def __init__(self, folder: str | Path, live: Live, names: list[str], resumed: bool = False) -> None:
        self.folder, self.live = Path(folder), live
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = len(list(self.folder.glob("session*.mcap")))
            name = f"session-{part + 1}.mcap" if part and resumed else "session.mcap"
            self._mcap_file: BinaryIO = open(self.folder / name, "xb")  # noqa: SIM115
            self._journal = open(self.folder / JOURNAL, "a" if resumed else "x", encoding="utf-8")  # noqa: SIM115
            how = "ab" if resumed else "xb"
            paths = [self.folder / f"aircraft-{k + 1}.tlog" for k in range(len(live))]
            self._tlogs: list[Any] = [open(path, how) for path in paths]  # noqa: SIM115
            self._audit = open(self.folder / AUDIT, "a" if resumed else "x", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            told = error.strerror or str(error)
            raise InputError(f"cannot be written: {told}.", str(folder), "Give a new folder to --record.") from None
        self.failed = False
        """Something could not be written: nothing is recorded any more."""
        self.told: Callable[[str], None] = lambda text: None
        """Hears why, once."""
        self.keeps: Callable[[], dict[str, Any]] | None = None
        """Gives what the services want to find again after a restart."""
        self.marks: Callable[[], object] | None = None
        """Gives a value that changes when what the services keep may not wait: holders, plans."""
        self._marked: object = None
        if resumed:
            live.let_go()
        self._noted = -1e9
        self._second = -1
        self._checked = live.time
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
        if self._journal.tell():
            return
        self._journal.write(json.dumps({
            "mission": live.plan.name, "flights": [each.name for each in live.flights],
            "seeds": [int(each.task.seed) for each in live.flights], "hashes": live.plan.hashes,
        }) + "\n")  # fmt: skip
        self._journal.flush()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What cannot be written, for a full disk perhaps, ends the record and not the flight."""
        try:
            yield
        except OSError as error:
            if not self.failed:
                self.failed = True
                self.told(f"Nothing is recorded any more: {error.strerror or error}")

    def turn(self, now: Now) -> None:
        """Write what is new."""
        if not self.failed:
            with self._writing():
                self._turn(now)

    def _turn(self, now: Now) -> None:
        for entry in self.live.journal:
            self._journal.write(json.dumps(entry.as_json()) + "\n")
        if self.live.journal:
            self._journal.flush()
            self.live.let_go()
        marked = self.marks() if self.marks else None
        if marked != self._marked or now.wall - self._noted >= NOTE_EVERY:
            self._marked, self._noted = marked, now.wall
            self._note(now)
        if int(now.simulated) != self._second:
            self._second = int(now.simulated)
            self._state(now)
        if self.live.time - self._checked >= checkpoint.EVERY:
            self._checked = self.live.time
            checkpoint.save(self.folder, self.live)

    def _note(self, now: Now) -> None:
        """How far the session has come, and what the services keep: a file that is replaced whole."""
        part = self.folder / f".{NOTE}"
        body = {"tick": now.tick, "keeps": self.keeps() if self.keeps else {}}
        part.write_bytes(self._encoder.encode(body))
        part.replace(self.folder / NOTE)

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
        if not self.failed:
            with self._writing():
                tlog.write(self._tlogs[k], now.utc_us, raw)

    def event(self, k: int, text: str, severity: int, now: Now) -> None:
        """A text for people."""
        stamp = round(now.utc * 1e9)
        level = 4 if severity <= 3 else 3 if severity <= 4 else 2
        body: dict[str, Any] = {
            "timestamp": {"sec": stamp // 10**9, "nsec": stamp % 10**9}, "level": level, "message": text,
            "name": self.live.flights[k].name, "file": "", "line": 0,
        }  # fmt: skip
        if not self.failed:
            with self._writing():
                self._writer.add_message(self._events[k], stamp, self._encoder.encode(body), stamp)

    def audit(self, k: int, line: Audit) -> None:
        """A decision about who commands aircraft `k`, pushed out at once."""
        if not self.failed:
            with self._writing():
                self._audit.write(json.dumps({"aircraft": k + 1, **asdict(line)}) + "\n")
                self._audit.flush()

    def close(self) -> None:
        """End the files."""
        with self._writing():
            self._writer.finish()  # type: ignore[no-untyped-call]
        for each in (self._audit, self._mcap_file, self._journal, *self._tlogs):
            with self._writing():
                each.close()


def resume(folder: str | Path, plan: MissionPlan, flights: Sequence[int], engine: str = "auto", speed: float = 1.0) -> (
    tuple[Live, dict[str, Any]]
):
    """The aircraft of a session that was interrupted, flown again to where it was, bit for bit.

    Args:
        folder: of the session's record.
        plan: its mission.
        flights: which of its flights each aircraft took.
        engine: kind of engine.
        speed: simulated seconds per wall second from now on.

    Returns:
        The aircraft, and what the services kept.

    Raises:
        InputError: there is no such record, or it is of another mission.
    """
    place = Path(folder)
    try:
        head, *entries = _mended(place / JOURNAL) or [{}]
        note = json.loads((place / NOTE).read_text(encoding="utf-8")) if (place / NOTE).exists() else NOTHING
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be taken up again: {error}.", str(folder), "Start it without --resume.") from None
    if head and (head["hashes"] != plan.hashes or len(head["seeds"]) != len(flights)):
        raise InputError("is the record of another mission.", str(folder), "Start it without --resume.")
    live = Live(plan, flights, engine, speed)
    return _taken_up(live, place, entries_of(entries), int(note["tick"])), dict(note["keeps"])


def _taken_up(live: Live, place: Path, entries: list[Entry], noted: int) -> Live:
    """The lanes where they were: from the last checkpoint, else from the beginning."""
    kept = checkpoint.read(place, live)
    if kept is None or kept.entries > len(entries):
        return fly_on(live, entries, max([noted, *(each.tick for each in entries)]))
    live.take_up(entries[: kept.entries], kept.snapshot)
    rest = entries[kept.entries :]
    return fly_on(live, rest, max([noted, live.tick, *(each.tick for each in rest)]))


NOTHING: dict[str, Any] = {"tick": 0, "keeps": {}}
"""The note of a session that was cut off before it wrote one."""


def _mended(path: Path) -> list[dict[str, Any]]:
    """What a journal holds; a last line that was torn is cut off the file, so that what follows stands whole."""
    found, whole = [], 0
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            found.append(json.loads(line if line.endswith(b"\n") else b""))
        except ValueError:
            os.truncate(path, whole)
            break
        whole += len(line)
    return found
