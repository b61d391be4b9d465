"""The one place that opens the user's files: missions, aircraft, routes, soundings, aerodromes, terrain.

Nothing is written here. Every file that was read is kept as bytes with its SHA-256, so that a record can carry it.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from samruk import aircraft as aircraft_file
from samruk import mission_file
from samruk.aircraft import Aircraft, AircraftDefinition
from samruk.aircraft import published as published_file
from samruk.aircraft.published import Published
from samruk.errors import InputError, MissionError
from samruk.mission import Tables, Task
from samruk.mission_file.reader import Document, one_line
from samruk.mission_file.sites import Station

DATA = Path(__file__).parent / "data"
LARGEST = 4_000_000
"""Bytes of the largest file that is read."""
LARGEST_TERRAIN = 120_000_000
"""Bytes of the largest terrain file that is read."""


@dataclass(frozen=True)
class FlightPlan:
    """One flight, ready to be flown."""

    name: str
    """Name for people and records."""
    note: str
    """What is different in it; may be empty."""
    task: Task
    """Scalars of the mission."""
    aircraft: Aircraft
    """Numbers of the aircraft."""
    definition: AircraftDefinition
    """The same with the origin of each number."""
    tables: Tables
    """Route and column of air; the latter is one object for all flights."""


@dataclass(frozen=True)
class MissionPlan:
    """A mission as read."""

    title: str
    """For people."""
    name: str
    """Short name for folders and records."""
    subtitle: str
    """For people; may be empty."""
    epoch: datetime
    """Instant of tick 0, aware."""
    fields: tuple[str, ...]
    """Names of the home aerodrome and of the alternates."""
    flights: tuple[FlightPlan, ...]
    """At least one."""
    rates: dict[str, float]
    """kg of fuel-equivalent, by the field names of the catalogue's rates; only those that the file gives."""
    sources: dict[str, bytes] = field(repr=False)
    """Every file that was read, by the name that messages give it."""
    hashes: dict[str, str] = field(repr=False)
    """SHA-256 of each, hexadecimal."""
    stations: tuple[Station, ...] = ()
    """Where ground stations stand."""


def mission(name: str, overrides: Sequence[str] = ()) -> MissionPlan:
    """A mission by the name of a story or the path of its file.

    Args:
        name: a name that `stories` lists, or a path.
        overrides: `key=value` words, as `--set` takes them.

    Raises:
        InputError: the file or one that it names is missing, unreadable or wrong; one line says where and why.
    """
    story = next((place for known, place in _stories() if known == name), None)
    is_story = story is not None
    files = _Files(story.parent if story else Path(name).parent)
    if not is_story and not _is_file(Path(name)):
        raise MissionError("is neither a file nor a story.", one_line(name), _offer(name, list(stories())))
    text, place = files.text(story or Path(name))
    found = mission_file.parse(text, place, files.fetch, overrides, files.fetch_bytes)
    flights = tuple(
        FlightPlan(each.name, each.note, each.task, each.definition.aircraft, each.definition, each.tables)
        for each in found.flights
    )
    return MissionPlan(
        title=found.title,
        name=name if is_story else Path(name).stem,
        subtitle=found.subtitle,
        epoch=found.epoch,
        fields=found.fields,
        flights=flights,
        rates=found.rates,
        sources=files.read,
        hashes={key: hashlib.sha256(data).hexdigest() for key, data in files.read.items()},
        stations=found.stations,
    )


def aircraft(name: str, engine: str | None = None) -> AircraftDefinition:
    """An aircraft by the name of one that comes with samruk, or the path of its definition file.

    Args:
        name: of the aircraft.
        engine: name or path of another engine to fit.

    Raises:
        InputError: there is none, or it is wrong.
    """
    files = _Files(Path())
    try:
        text, place = files.fetch("aircraft", name)
        found = aircraft_file.parse(text, place, files.fetch)
        return found if engine is None else aircraft_file.with_engine(found, engine, *files.fetch("engine", engine))
    except InputError as error:
        raise InputError(error.message, error.place or one_line(name), error.hint) from None


def definition(text: str, place: str) -> AircraftDefinition:
    """An aircraft from the text of its definition file; the files that it names are looked for in the package.

    Raises:
        AircraftError: as `samruk.aircraft.parse`.
    """
    return aircraft_file.parse(text, place, _Files(Path()).fetch)


def described(text: str, place: str) -> mission_file.Mission:
    """A mission from the text of its file; what it names is looked for in the package and the working folder.

    Raises:
        InputError: as `samruk.mission_file.parse`.
    """
    return mission_file.parse(text, place, _Files(Path()).fetch)


def campaign(name: str = "campaign") -> tuple[str, str]:
    """Text of a qualification campaign that comes with samruk, and what to call it."""
    return _Files(Path()).text(DATA / "qualification" / f"{name}.toml")


def text_of(path: str) -> tuple[str, str]:
    """Text of a user's file, and what to call it.

    Raises:
        InputError: it cannot be read.
    """
    return _Files(Path()).text(Path(path))


def published(name: str) -> Published:
    """Published figures of an aircraft that comes with samruk; none for another.

    Raises:
        InputError: the file is wrong.
    """
    if name not in _names("performance", "*.toml"):
        return Published()
    return published_file.read(*_Files(Path()).text(DATA / "performance" / f"{name}.toml"))


def fleet() -> tuple[str, ...]:
    """Names of the aircraft that come with samruk."""
    return tuple(_names("aircraft", "*.toml"))


def engines() -> tuple[str, ...]:
    """Names of the engines that come with samruk."""
    return tuple(_names("engines", "*.toml"))


def stories(kind: str = "") -> dict[str, str]:
    """Name and title of each story that comes with samruk.

    Args:
        kind: `missions` for days made up, `stories` for mechanisms of published losses, or all.
    """
    found = {}
    for name, file in _stories():
        if kind in ("", file.parent.parent.name):
            text, place = _Files(DATA).text(file)
            found[name] = Document.parse(text, place).top().text("title")
    return found


def _stories() -> list[tuple[str, Path]]:
    """Name and mission file of each story of the package."""
    kinds = ("missions", "stories")
    return [(name, DATA / kind / name / "mission.toml") for kind in kinds for name in _names(kind, "*/mission.toml")]


def aerodromes() -> tuple[str, ...]:
    """ICAO codes that come with samruk."""
    return tuple(_names("aerodromes", "*.toml"))


def _names(folder: str, pattern: str) -> list[str]:
    """Names of what the package holds of one kind."""
    files = (DATA / folder).glob(pattern)
    return sorted(file.parent.name if "/" in pattern else file.stem for file in files)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _offer(name: str, known: list[str]) -> str:
    """A hint for a name that is not there."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}; or give the path of a file."


class _Files:
    """Opens files beside a mission and in the package, and remembers what it read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: dict[str, bytes] = {}

    def text(self, path: Path) -> tuple[str, str]:
        """Text of a file and what to call it.

        Raises:
            InputError: it cannot be read, is too large or is no UTF-8.
        """
        place = self._name(path)
        if place not in self.read:
            self.read[place] = _bytes(path, place)
        data = self.read[place]
        try:
            return data.decode("utf-8-sig"), place
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise MissionError("is not UTF-8 text.", f"{place}:{line}", "Save it as UTF-8.") from None

    def _name(self, path: Path) -> str:
        """Short for what the package holds, else as the user wrote it."""
        try:
            return f"samruk:{path.relative_to(DATA).as_posix()}"
        except ValueError:
            return one_line(str(path))

    def fetch(self, kind: str, name: str) -> tuple[str, str]:
        """A file that a mission names: see `samruk.mission_file.parse`."""
        beside = self.folder / name
        if kind == "aerodrome":
            return self._packaged("aerodromes", name)
        if kind in ("aircraft", "engine") and not name.endswith(".toml"):
            return self._packaged("aircraft" if kind == "aircraft" else "engines", name)
        if not _is_file(beside):
            raise InputError("there is no such file.", hint=f"Put it at {one_line(str(beside))} or correct the name.")
        return self.text(beside)

    def fetch_bytes(self, name: str) -> tuple[bytes, str]:
        """A terrain file beside a mission, and what to call it."""
        beside = self.folder / name
        if not _is_file(beside):
            raise InputError("there is no such file.", hint=f"Put it at {one_line(str(beside))} or correct the name.")
        place = self._name(beside)
        if place not in self.read:
            self.read[place] = _bytes(beside, place, LARGEST_TERRAIN)
        return self.read[place], place

    def _packaged(self, folder: str, name: str) -> tuple[str, str]:
        known = _names(folder, "*.toml")
        if name not in known:
            raise InputError("is not known.", hint=_offer(name, known))
        return self.text(DATA / folder / f"{name}.toml")


def _bytes(path: Path, place: str, largest: int = LARGEST) -> bytes:
    """All bytes of a file of reasonable size."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
        raise MissionError(f"cannot be read: {told}.", place, "Check the path and its permissions.") from None
    if len(data) > largest:
        raise MissionError(f"is larger than {largest} bytes.", place, "Give a mission's file.")
    return data
