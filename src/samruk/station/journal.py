"""The record of all that the crew saw and did, on one clock, written as it happens.

Two files side by side: `NAME.tlog`, every frame both ways as ground stations keep them (8 bytes of us since 1970, big
endian, then the frame), and `NAME.mcap`, the pictures once a second, what browsers asked, states of commands, alarms.
Both are flushed twice a second, so that a killed process loses less than a second.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec
from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.stream_reader import StreamReader
from mcap.writer import CompressionType, Writer

from samruk.errors import RecordError
from samruk.station import wire

FLUSH = 0.4
"""s between flushes."""
PICTURES = 1.0
"""s between pictures."""
MOST = 12_000
"""Pictures of a record that are held for looking back; of a longer one every second goes."""
RECENT = 200
"""Lines kept for the screen."""
PICTURE, LINE, TOLD = "/station/picture", "/station/line", "/station/told"
"""Topics: pictures, lines of the journal, other messages to the browsers (routes, fields)."""


def name_at(site: str, now: float) -> str:
    """Name of a record that begins at a moment."""
    return f"{site}-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%S}"


class Journal:
    """An open record.

    Args:
        folder: where it lies.
        site: the station's id.
        now: s since 1970.
    """

    def __init__(self, folder: Path, site: str, now: float) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = _free(folder, name_at(site, now))
        self.path = folder / f"{self.name}.mcap"
        self._tlog: IO[bytes] = open(folder / f"{self.name}.tlog", "xb")  # noqa: SIM115
        self._file: IO[bytes] = open(self.path, "xb")  # noqa: SIM115
        self._mcap = Writer(self._file, chunk_size=1 << 16, compression=CompressionType.NONE, use_chunking=False)
        self._mcap.start(profile="samruk-station", library="samruk")
        schema = self._mcap.register_schema("samruk.station", "", b"")
        self._channels = {
            topic: self._mcap.register_channel(topic, "msgpack", schema) for topic in (PICTURE, LINE, TOLD)
        }
        self.lines: list[wire.Line] = []
        self._last = last_of(folder, site)
        self._routes: dict[tuple[int, str], bytes] = {}
        self._flushed = self._pictured = -math.inf

    def frame(self, data: bytes, now: float) -> None:
        """A MAVLink frame that came or went."""
        self._tlog.write(struct.pack(">Q", round(now * 1e6)) + data)

    def line(self, now: float, sim_s: float | None, who: str, kind: str, words: str) -> None:
        """Something that happened."""
        line = wire.Line(round(1e3 * now), sim_s, who, kind, words)
        self.lines = [*self.lines, line][-RECENT:]
        self._add(LINE, msgspec.msgpack.encode(line), now)

    def told(self, message: wire.Told, now: float) -> None:
        """A message to the browsers other than pictures."""
        data = wire.encode(message)
        if isinstance(message, wire.Route):
            self._routes[message.sysid, message.kind] = data
        self._add(TOLD, data, now)

    def picture(self, picture: wire.Picture, now: float) -> None:
        """A picture; one a second is kept."""
        if now - self._pictured >= PICTURES - 0.05:
            self._pictured = now
            data = wire.encode(picture)
            self._add(PICTURE, data, now)
            self._keep(data)

    def _keep(self, picture: bytes) -> None:
        """The last picture and all plans beside the record, whole or not at all: a restart reads no hours of record."""
        part = self._last.with_suffix(".part")
        part.write_bytes(msgspec.msgpack.encode([picture, list(self._routes.values())]))
        os.replace(part, self._last)

    def _add(self, topic: str, data: bytes, now: float) -> None:
        stamp = round(now * 1e9)
        self._mcap.add_message(self._channels[topic], stamp, data, stamp)

    def due(self, now: float) -> None:
        """Hand what was written to the system, twice a second."""
        if now - self._flushed >= FLUSH:
            self._flushed = now
            self.flush()

    def flush(self) -> None:
        """Hand what was written to the system now."""
        self._tlog.flush()
        self._file.flush()

    def close(self) -> None:
        """End the record."""
        self._mcap.finish()  # type: ignore[no-untyped-call]
        self._file.close()
        self._tlog.close()


def _free(folder: Path, name: str) -> str:
    """A name that no file has yet."""
    names = [name, *(f"{name}-{k}" for k in range(2, 1000))]
    return next(each for each in names if not (folder / f"{each}.mcap").exists())


def last_of(folder: Path, site: str) -> Path:
    """File with what a station knew last."""
    return folder / f"{site}.last"


def known_last(path: Path) -> tuple[wire.Picture, list[wire.Route]] | None:
    """The picture and the plans that a station knew last; None where that cannot be read."""
    try:
        picture, routes = msgspec.msgpack.decode(path.read_bytes(), type=tuple[bytes, list[bytes]])
        return picture_of(picture), [msgspec.msgpack.decode(each, type=wire.Route) for each in routes]
    except (OSError, msgspec.MsgspecError):
        return None


def entries(path: Path) -> Iterator[tuple[float, str, bytes]]:
    """Time (s since 1970), topic and bytes of each message; also of a file whose writer was killed.

    Raises:
        RecordError: it is no record of a station.
    """
    try:
        with open(path, "rb") as stream:
            topics: dict[int, str] = {}
            for record in _records(stream):
                if type(record).__name__ == "Channel":
                    topics[record.id] = record.topic
                elif type(record).__name__ == "Message":
                    yield record.log_time * 1e-9, topics.get(record.channel_id, ""), record.data
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror or error}") from None


def _records(stream: IO[bytes]) -> Iterator[Any]:
    """Records up to the end, or up to where the writer was cut off."""
    try:
        yield from StreamReader(stream, emit_chunks=False).records
    except (McapError, EOFError, struct.error, ValueError, AssertionError):
        return


class Recorded:
    """A record to look back at.

    Args:
        path: the `.mcap`.

    Raises:
        RecordError: it holds no pictures.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pictures: list[tuple[float, bytes]] = []
        self.told: list[tuple[float, bytes]] = []
        self.lines: list[wire.Line] = []
        decoder = msgspec.msgpack.Decoder(wire.Line)
        for at, topic, data in entries(path):
            if topic == PICTURE:
                self.pictures.append((at, data))
                if len(self.pictures) > MOST:
                    del self.pictures[1::2]
            elif topic == TOLD:
                self.told.append((at, data))
            elif topic == LINE:
                self.lines.append(decoder.decode(data))
        if not self.pictures:
            raise RecordError(f"{path}: holds no pictures. Give a record that `samruk station` wrote.")

    @property
    def start(self) -> float:
        """s since 1970."""
        return self.pictures[0][0]

    @property
    def end(self) -> float:
        """s since 1970."""
        return self.pictures[-1][0]

    def at(self, moment: float) -> wire.Picture:
        """The picture that the crew saw at a moment."""
        before = [data for at, data in self.pictures if at <= moment + 1e-3]
        return picture_of(before[-1] if before else self.pictures[0][1])

    def last(self) -> wire.Picture:
        """The last picture."""
        return picture_of(self.pictures[-1][1])


_PICTURES = msgspec.msgpack.Decoder(wire.Picture)


def picture_of(data: bytes) -> wire.Picture:
    """A picture as recorded."""
    return _PICTURES.decode(data)


def readable(path: Path) -> bool:
    """Whether a finished record's index is in order, as other MCAP readers need it."""
    with open(path, "rb") as stream:
        return make_reader(stream).get_summary() is not None
