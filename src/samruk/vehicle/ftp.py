"""MAVLink's file transfer: files of the aircraft read, listed, read in bursts; writing only below one folder in memory.

What can be read is given by name, so that no path of the machine is ever opened: a name that is not in the list is not
there, whatever dots and slashes it holds. A request that comes again is answered as before; late and doubled frames
change nothing.

Reference: MAVLink guide, File Transfer Protocol (FTP).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from samruk.vehicle.service import AUTOPILOT, Now, Outgoing, Priority, Sender

HEADER = struct.Struct("<HBBBBBBI")
"""Sequence, session, opcode, size, requested opcode, burst complete, padding, offset."""
DATA = 239
"""Bytes of data in a frame."""
FRAME = HEADER.size + DATA
SESSIONS, BURSTS = 8, 12
"""Files open at once; frames of a burst in one turn."""
BURST = 60
"""Frames after which a burst ends and must be asked for again."""
IDLE = 60.0
"""Wall s without a word after which a file is closed."""
REPEATED = 5.0
"""Wall s within which the same request is a repetition: its answer was lost."""
SCRATCH = "/scratch"
"""The only folder that is written to; it lives in memory."""
LARGEST, MOST = 1_000_000, 32
"""Bytes of a written file, and number of them."""
CHECKED = 16_000_000
"""Bytes of the largest file whose checksum is reckoned: some 20 ms, in which nothing flies."""
FLIGHT = 4


class Op(IntEnum):
    """What is asked."""

    NONE = 0
    TERMINATE = 1
    RESET = 2
    LIST = 3
    OPEN_READ = 4
    READ = 5
    CREATE = 6
    WRITE = 7
    REMOVE = 8
    CREATE_FOLDER = 9
    REMOVE_FOLDER = 10
    OPEN_WRITE = 11
    TRUNCATE = 12
    RENAME = 13
    CRC = 14
    BURST = 15
    LIST_WITH_TIME = 16
    ACK = 128
    NAK = 129


class Wrong(IntEnum):
    """Why not."""

    FAIL = 1
    FAIL_ERRNO = 2
    INVALID_SIZE = 3
    INVALID_SESSION = 4
    NO_SESSION = 5
    END = 6
    UNKNOWN = 7
    EXISTS = 8
    PROTECTED = 9
    NOT_FOUND = 10


@dataclass(frozen=True)
class File:
    """A file that may be read."""

    size: int
    """Bytes."""
    read: Callable[[int, int], bytes]
    """Bytes from an offset, so many at most."""
    time: int = 0
    """s since 1970 of its last change."""


def file_of(data: bytes, time: int = 0) -> File:
    """A file of bytes."""
    return File(len(data), lambda offset, count: data[offset : offset + count], time)


def crc32(data: bytes, value: int = 0) -> int:
    """The CRC-32 of this protocol and of parameter hashes: begins with 0, is not inverted at its end."""
    return zlib.crc32(data, value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


class _Refused(Exception):
    """The answer to a request is no."""

    def __init__(self, why: Wrong) -> None:
        self.why = why


@dataclass
class _Open:
    """A session."""

    owner: tuple[int, int]
    path: str
    writes: bool
    touched: float
    file: File


@dataclass
class _Bursting:
    """A burst under way."""

    to: Sender
    session: int
    sequence: int
    offset: int
    size: int
    left: int = BURST


@dataclass
class Ftp:
    """The service.

    Args:
        files: what may be read, by path; asked at every request, so that logs may grow.
        may: the authority's word on writing.
    """

    files: Callable[[], Mapping[str, File]]
    may: Callable[[Sender, str, int], bool] = lambda sender, what, loi: True
    written: dict[str, bytearray] = field(default_factory=dict)
    """Files below `SCRATCH`."""
    _sessions: dict[int, _Open] = field(default_factory=dict)
    _bursts: list[_Bursting] = field(default_factory=list)
    _last: dict[tuple[int, int], tuple[bytes, bytes, float]] = field(default_factory=dict)

    # --- the service ----------------------------------------------------------------------------------------------

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Requests only."""
        if message.name != "FILE_TRANSFER_PROTOCOL" or int(message.target_component) not in (0, AUTOPILOT):
            return
        raw = bytes(message.payload).ljust(FRAME, b"\0")[:FRAME]
        sequence, session, opcode, size, _, _, _, offset = HEADER.unpack_from(raw)
        if opcode >= Op.ACK:
            return
        speaker = sender.system, sender.component
        before = self._last.get(speaker)
        if before is not None and before[0] == raw and now.wall - before[2] < REPEATED:
            yield _out(before[1], sender)
            return
        data = raw[HEADER.size : HEADER.size + min(size, DATA)]
        if opcode == Op.BURST:
            yield from self._burst(sequence, session, offset, size, sender, now)
            return
        answer = self._answer(opcode, session, offset, size, data, sender, now)
        packed = _packed(sequence + 1, *answer, asked=opcode, offset=offset)
        self._last[speaker] = raw, packed, now.wall
        yield _out(packed, sender)

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Bursts under way, so many frames in a turn; files that nobody reads are closed."""
        for number in [n for n, each in self._sessions.items() if now.wall - each.touched > IDLE]:
            self._close(number)
        share = max(BURSTS // max(len(self._bursts), 1), 1)
        for burst in list(self._bursts):
            for _ in range(share):
                if burst in self._bursts:
                    yield self._next(burst, now)

    # --- requests -------------------------------------------------------------------------------------------------

    def _answer(
        self, opcode: int, session: int, offset: int, size: int, data: bytes, sender: Sender, now: Now
    ) -> tuple[int, int, bytes]:
        """Opcode, session and data of the answer."""
        try:
            if size > DATA:
                raise _Refused(Wrong.INVALID_SIZE)
            if opcode not in Op._value2member_map_:
                raise _Refused(Wrong.UNKNOWN)
            number, found = self._done(Op(opcode), session, offset, size, data, sender, now)
            return Op.ACK, number, found
        except _Refused as refused:
            return Op.NAK, session, bytes([refused.why])

    def _done(
        self, op: Op, session: int, offset: int, size: int, data: bytes, sender: Sender, now: Now
    ) -> tuple[int, bytes]:
        """Session and data of an answer that is yes."""
        match op:
            case Op.NONE:
                return session, b""
            case Op.TERMINATE:
                self._mine(session, sender, now)
                self._close(session)
                return session, b""
            case Op.RESET:
                for number in [n for n, each in self._sessions.items() if each.owner == _owner(sender)]:
                    self._close(number)
                return session, b""
            case Op.LIST | Op.LIST_WITH_TIME:
                return session, self._listed(_path(data), offset, op is Op.LIST_WITH_TIME)
            case Op.OPEN_READ:
                number = self._opened(_path(data), sender, now)
                return number, struct.pack("<I", self._sessions[number].file.size)
            case Op.READ:
                return session, self._read(self._mine(session, sender, now), offset, size)
            case Op.CRC:
                return session, struct.pack("<I", self._crc(_path(data)))
        if not self.may(sender, "file", FLIGHT):
            raise _Refused(Wrong.PROTECTED)
        return self._changed(op, session, offset, data, sender, now)

    def _changed(
        self, op: Op, session: int, offset: int, data: bytes, sender: Sender, now: Now
    ) -> tuple[int, bytes]:
        """Requests that write."""
        match op:
            case Op.CREATE | Op.OPEN_WRITE:
                return self._created(_scratch(_path(data)), op is Op.CREATE, sender, now), b""
            case Op.WRITE:
                self._write(self._mine(session, sender, now), offset, data)
                return session, b""
            case Op.REMOVE:
                if self.written.pop(_scratch(_path(data)), None) is None:
                    raise _Refused(Wrong.NOT_FOUND)
                return session, b""
            case Op.TRUNCATE:
                path = _scratch(_path(data))
                if path not in self.written:
                    raise _Refused(Wrong.NOT_FOUND)
                del self.written[path][offset:]
                return session, b""
            case Op.RENAME:
                old, _, new = data.partition(b"\0")
                source, goal = _scratch(_path(old)), _scratch(_path(new))
                if source not in self.written:
                    raise _Refused(Wrong.NOT_FOUND)
                self.written[goal] = self.written.pop(source)
                return session, b""
        raise _Refused(Wrong.PROTECTED)

    # --- reading --------------------------------------------------------------------------------------------------

    def _find(self, path: str) -> File:
        """A file by its path."""
        if path in self.written:
            data = self.written[path]
            return File(len(data), lambda offset, count: bytes(data[offset : offset + count]))
        found = self.files().get(path)
        if found is None:
            raise _Refused(Wrong.NOT_FOUND)
        return found

    def _opened(self, path: str, sender: Sender, now: Now, writes: bool = False) -> int:
        """The number of a new session."""
        file = self._find(path)
        for number in range(SESSIONS):
            if number not in self._sessions:
                self._sessions[number] = _Open(_owner(sender), path, writes, now.wall, file)
                return number
        raise _Refused(Wrong.NO_SESSION)

    def _mine(self, session: int, sender: Sender, now: Now) -> _Open:
        """A session of this client."""
        found = self._sessions.get(session)
        if found is None or found.owner != _owner(sender):
            raise _Refused(Wrong.INVALID_SESSION)
        found.touched = now.wall
        return found

    def _close(self, session: int) -> None:
        self._sessions.pop(session, None)
        self._bursts = [each for each in self._bursts if each.session != session]

    def _read(self, session: _Open, offset: int, size: int) -> bytes:
        """Bytes of an open file."""
        if offset >= session.file.size:
            raise _Refused(Wrong.END)
        return session.file.read(offset, min(size or DATA, DATA))

    def _crc(self, path: str) -> int:
        """Checksum of a whole file."""
        file, value = self._find(path), 0
        if file.size > CHECKED:
            raise _Refused(Wrong.FAIL)
        for offset in range(0, file.size, 65536):
            value = crc32(file.read(offset, 65536), value)
        return value

    def _listed(self, path: str, offset: int, with_time: bool) -> bytes:
        """Entries of a folder from a number on, as many as fit."""
        entries = self._entries(path, with_time)
        if entries is None:
            raise _Refused(Wrong.NOT_FOUND)
        if offset >= len(entries):
            raise _Refused(Wrong.END)
        packed = b""
        for entry in entries[offset:]:
            if len(packed) + len(entry) > DATA:
                break
            packed += entry
        return packed

    def _entries(self, path: str, with_time: bool) -> list[bytes] | None:
        """What a folder holds: folders, then files with size (and time); None when there is no such folder."""
        prefix = path.rstrip("/") + "/"
        files = {**self.files(), **{name: file_of(bytes(data)) for name, data in self.written.items()}}
        inside = sorted(name for name in files if name.startswith(prefix))
        if not inside and prefix not in ("/", f"{SCRATCH}/"):
            return None
        folders = {name[len(prefix) :].split("/")[0] for name in inside if "/" in name[len(prefix) :]}
        if prefix == "/":
            folders.add(SCRATCH[1:])
        found = [b"D" + name.encode() + b"\0" for name in sorted(folders)]
        for name in inside:
            if "/" not in name[len(prefix) :]:
                tail = f"\t{files[name].size}" + (f"\t{files[name].time}" if with_time else "")
                found.append(b"F" + name[len(prefix) :].encode() + tail.encode() + b"\0")
        return found

    # --- bursts ---------------------------------------------------------------------------------------------------

    def _burst(
        self, sequence: int, session: int, offset: int, size: int, sender: Sender, now: Now
    ) -> Iterator[Outgoing]:
        """Begin to send a file from an offset on; the frames follow turn by turn."""
        try:
            file = self._mine(session, sender, now).file
            if size > DATA:
                raise _Refused(Wrong.INVALID_SIZE)
            if offset >= file.size:
                raise _Refused(Wrong.END)
        except _Refused as refused:
            no = _packed(sequence + 1, Op.NAK, session, bytes([refused.why]), asked=Op.BURST, offset=offset)
            yield _out(no, sender)
            return
        self._bursts = [each for each in self._bursts if each.session != session]
        burst = _Bursting(sender, session, sequence, offset, size or DATA)
        self._bursts.append(burst)
        yield self._next(burst, now)

    def _next(self, burst: _Bursting, now: Now) -> Outgoing:
        """The next frame of a burst."""
        open_ = self._sessions[burst.session]
        open_.touched = now.wall
        data = open_.file.read(burst.offset, burst.size)
        burst.sequence += 1
        burst.left -= 1
        ends = burst.left == 0 or burst.offset + len(data) >= open_.file.size or not data
        packed = _packed(
            burst.sequence, Op.ACK, burst.session, data, asked=Op.BURST, offset=burst.offset, complete=ends
        )
        burst.offset += len(data)
        if ends:
            self._bursts.remove(burst)
        return _out(packed, burst.to)

    # --- writing --------------------------------------------------------------------------------------------------

    def _created(self, path: str, anew: bool, sender: Sender, now: Now) -> int:
        """A session on a file that is written."""
        if path not in self.written and len(self.written) >= MOST:
            raise _Refused(Wrong.FAIL)
        if not anew and path not in self.written:
            raise _Refused(Wrong.NOT_FOUND)
        if anew:
            self.written[path] = bytearray()
        return self._opened(path, sender, now, writes=True)

    def _write(self, session: _Open, offset: int, data: bytes) -> None:
        """Put bytes into a file."""
        if not session.writes or session.path not in self.written:
            raise _Refused(Wrong.PROTECTED)
        body = self.written[session.path]
        if offset + len(data) > LARGEST or offset > len(body):
            raise _Refused(Wrong.FAIL)
        body[offset : offset + len(data)] = data


def _owner(sender: Sender) -> tuple[int, int]:
    return sender.system, sender.component


def _path(data: bytes) -> str:
    """The path of a request: plain names from the root, no way up."""
    try:
        text = data.split(b"\0", 1)[0].decode("utf-8")
    except UnicodeDecodeError:
        raise _Refused(Wrong.NOT_FOUND) from None
    parts = [part for part in text.removeprefix("mftp://").replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or any(ord(letter) < 32 for letter in text):
        raise _Refused(Wrong.NOT_FOUND)
    return "/" + "/".join(parts)


def _scratch(path: str) -> str:
    """A path that may be written."""
    if not path.startswith(f"{SCRATCH}/") or path.count("/") != 2:
        raise _Refused(Wrong.PROTECTED)
    return path


def _packed(
    sequence: int, opcode: int, session: int, data: bytes, asked: int = 0, offset: int = 0, complete: bool = False
) -> bytes:
    """A frame's payload."""
    head = HEADER.pack(sequence & 0xFFFF, session, opcode, len(data), asked, int(complete), 0, offset & 0xFFFFFFFF)
    return (head + data).ljust(FRAME, b"\0")


def _out(packed: bytes, to: Sender) -> Outgoing:
    fields = {"target_network": 0, "target_system": to.system, "target_component": to.component, "payload": packed}
    return Outgoing("FILE_TRANSFER_PROTOCOL", fields, to, Priority.BULK)
