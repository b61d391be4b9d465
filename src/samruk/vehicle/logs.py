"""The session's logs for stations: listed and sent by MAVLink's log protocol, and offered to FTP below /logs.

A log that still grows has the size of the moment in which it was listed. Logs are the record of the flight: they are
sent also in flight, and no station erases them.

Reference: MAVLink common message set, LOG_REQUEST_LIST to LOG_ERASE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from samruk.vehicle.ftp import File
from samruk.vehicle.service import AUTOPILOT, Now, Outgoing, Priority, Sender

CHUNK, SHARE = 90, 60
"""Bytes in a LOG_DATA; of those in a turn."""
WARNING = 4
LAST = 0xFFFF
"""End of a list that means all."""


def offer(folder: Path, k: int, first_utc: float) -> Callable[[], dict[str, File]]:
    """The files of a session's folder that aircraft `k` shows: its frames, and the states, also those after restarts.

    Args:
        folder: where the session is recorded.
        k: number of the aircraft from 0.
        first_utc: s since 1970, simulated, of the session's begin: the time that the files bear.
    """

    def found() -> dict[str, File]:
        parts = [folder / f"aircraft-{k + 1}.tlog", *sorted(folder.glob("session*.mcap"), key=_part)]
        return {
            f"/logs/{path.name}": File(path.stat().st_size, reader(path), round(first_utc))
            for path in parts if path.is_file()
        }  # fmt: skip

    return found


def _part(path: Path) -> int:
    """Which part of a session: `session.mcap` is the first, `session-2.mcap` what follows a restart."""
    number = path.stem.partition("-")[2]
    return int(number) if number.isdigit() else 1


def reader(path: Path) -> Callable[[int, int], bytes]:
    """Reads pieces of a file."""

    def read(offset: int, count: int) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(count)

    return read


@dataclass
class _Sending:
    """A piece of a log that is being sent."""

    to: Sender
    number: int
    offset: int
    end: int
    file: File


@dataclass
class Logs:
    """The service.

    Args:
        files: the logs by path, in the order of their numbers from 1; asked at every list.
        say: tells people.
    """

    files: Callable[[], dict[str, File]]
    say: Callable[[int, str], None] = lambda severity, text: None
    _listed: dict[int, File] = field(default_factory=dict)
    _sending: dict[tuple[int, int], _Sending] = field(default_factory=dict)

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Messages of the protocol."""
        if not message.name.startswith("LOG_") or int(getattr(message, "target_component", 0)) not in (0, AUTOPILOT):
            return
        speaker = sender.system, sender.component
        if message.name == "LOG_REQUEST_LIST":
            yield from self._list(int(message.start), int(message.end), sender)
        elif message.name == "LOG_REQUEST_DATA":
            yield from self._begin(message, sender)
        elif message.name == "LOG_REQUEST_END":
            self._sending.pop(speaker, None)
        elif message.name == "LOG_ERASE":
            self.say(WARNING, "logs are the record of the flight: not erased")

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Pieces under way, so many frames in a turn."""
        share = max(SHARE // max(len(self._sending), 1), 1)
        for speaker, each in list(self._sending.items()):
            data = each.file.read(each.offset, min(share * CHUNK, each.end - each.offset))
            for place in range(0, len(data), CHUNK):
                yield self._data(each, each.offset + place, data[place : place + CHUNK])
            each.offset += len(data)
            if each.offset >= each.end or not data:
                del self._sending[speaker]

    def _list(self, start: int, end: int, sender: Sender) -> Iterator[Outgoing]:
        """One entry for each log asked for; one of number 0 where there is none."""
        self._listed = dict(enumerate(self.files().values(), 1))
        last = len(self._listed)
        if not last:
            yield self._entry(0, 0, 0, 0, 0, sender)
        for number, file in self._listed.items():
            if start <= number <= (LAST if end == 0 else end):
                yield self._entry(number, last, last, file.size, file.time, sender)

    def _entry(self, number: int, count: int, last: int, size: int, time: int, to: Sender) -> Outgoing:
        fields = {"id": number, "num_logs": count, "last_log_num": last, "time_utc": time, "size": size}
        return Outgoing("LOG_ENTRY", fields, to, Priority.ANSWER)

    def _begin(self, message: Any, sender: Sender) -> Iterator[Outgoing]:
        """Send a piece; one that begins beyond the end is answered with none."""
        if not self._listed:
            self._listed = dict(enumerate(self.files().values(), 1))
        number, offset = int(message.id), int(message.ofs)
        file = self._listed.get(number)
        if file is None:
            self.say(WARNING, f"log {number}: there is none")
            return
        end = min(offset + int(message.count), file.size)
        sending = _Sending(sender, number, offset, end, file)
        if offset >= end:
            yield self._data(sending, offset, b"")
            return
        self._sending[sender.system, sender.component] = sending

    def _data(self, each: _Sending, offset: int, data: bytes) -> Outgoing:
        fields = {"id": each.number, "ofs": offset, "count": len(data), "data": data.ljust(CHUNK, b"\0")}
        return Outgoing("LOG_DATA", fields, each.to, Priority.BULK)
