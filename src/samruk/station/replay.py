"""Looking back: the pictures of a record, played to one browser as the crew saw them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from samruk.station import wire
from samruk.station.journal import Recorded

MARKED = frozenset({"warning", "caution", "command", "audit"})
"""Kinds of lines that are marked on the time line."""
MOST_MARKS = 400


@dataclass
class Player:
    """One look at a record.

    Attributes:
        record: what is played.
        at: s since 1970, of the record.
        rate: x the pace of the record; 0 stands.
    """

    record: Recorded
    at: float
    rate: float = 1.0
    last: float | None = None
    """Wall s of the last call."""
    shown: float = -1.0
    scenery: float = -1.0
    n: int = 0
    marks: list[tuple[int, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path) -> Player:
        """A record from its beginning.

        Raises:
            RecordError: it cannot be played.
        """
        record = Recorded(path)
        marks = [(line.wall_ms, line.kind, line.words) for line in record.lines if line.kind in MARKED]
        return cls(record, record.start, marks=marks[-MOST_MARKS:])

    def another(self) -> Player:
        """The same record for another browser."""
        return replace(self, last=None, shown=-1.0, scenery=-1.0)

    def set(self, at_ms: int | None, rate: float, now: float) -> None:
        """Jump, and play at a rate."""
        if at_ms is not None:
            self.at = min(max(at_ms * 1e-3, self.record.start), self.record.end)
            self.shown = self.scenery = -1.0
        self.rate, self.last = min(max(rate, 0.0), 100.0), now

    def due(self, now: float) -> Iterator[bytes]:
        """What the browser is to be shown now."""
        if self.last is not None:
            self.at = min(self.at + self.rate * (now - self.last), self.record.end)
        self.last = now
        for at, data in self.record.told:
            if self.scenery < at <= self.at:
                yield data
        self.scenery = self.at
        picture = self.record.at(self.at)
        stamp = picture.wall_ms * 1e-3
        if stamp != self.shown:
            self.shown = stamp
            self.n += 1
            picture.n, picture.replaying = self.n, True
            yield wire.encode(picture)
            yield wire.encode(self.told())

    def told(self) -> wire.Replay:
        """Where it stands."""
        record = self.record
        return wire.Replay(True, round(1e3 * record.start), round(1e3 * record.end), round(1e3 * self.at), self.rate,
                           self.marks)  # fmt: skip
