"""Reading TOML so that every refusal names file, line, key, what was found and what is allowed.

A `Document` knows where each value came from: a line of the file, or an override. A `Section` is one table of it; it
remembers which keys were asked for, so that `finish` can refuse the rest. Pure: text in, values out.
"""

from __future__ import annotations

import copy
import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from samruk import units
from samruk.errors import MissionError

Path = tuple[str | int, ...]
"""Keys from the top of the document; places in lists count from 1."""

REQUIRED: Any = object()
"""Default of a key that must be given."""
REFERENCES = ("msl", "agl")
"""Above what a height is measured: mean sea level, the ground below."""
INSTEAD = {"weather": ("day", "sounding", "level"), "route": ("plan", "leg"), "lost_link": ("plan", "leg")}
"""Table -> keys of which it has one; an override of one takes the others away."""
FAMILIAR: dict[str, tuple[str, ...]] = {
    "m": ("m", "km", "ft", "nmi"), "rad": ("deg",), "k": ("c", "k"), "kg_m3": ("g_m3",), "pa": ("hpa",),
    "s": ("s", "min", "h"), "1": ("1",),
}  # fmt: skip
"""Unit inside -> those that a hint offers, of all that are accepted."""
EARLIEST, LATEST = 0.0, 4102444800.0
"""s since 1970: instants from 1970 to 2100."""


def dotted(path: Path) -> str:
    """A path as it is written in messages and overrides."""
    return ".".join(str(part) for part in path)


def one_line(text: str) -> str:
    """Text on one line, at most 300 characters, whatever a file puts into it."""
    flat = "".join(c if c.isprintable() else " " for c in text)
    flat = " ".join(flat.split())
    return flat if len(flat) <= 300 else flat[:297] + "..."


def shown(inside: float, unit: str) -> str:
    """A number with its unit, as a message prints it."""
    return f"{units.to_outside(inside, unit):.6g} {unit}".removesuffix(" 1")


def found(value: Any) -> str:
    """A value as the file has it, short."""
    text = one_line(f"{value.isoformat()}" if hasattr(value, "isoformat") else repr(value))
    return text if len(text) <= 40 else text[:37] + "..."


def stem(key: str) -> str:
    """A key without unit and reference: `base_m_msl` -> `base`."""
    for reference in REFERENCES:
        key = key.removesuffix(f"_{reference}")
    try:
        return units.split(key)[0]
    except KeyError:
        return key


def _familiar(unit: str, high: float) -> tuple[str, ...]:
    """Units that a hint offers for a quantity of some size."""
    return ("um", "mm") if unit == "m" and high < 0.1 else FAMILIAR.get(unit, (unit,))


def nearest(name: str, known: list[str]) -> str:
    """A hint for an unknown name."""
    if not known:
        return "Take it out."
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    close = close or [key for key in known if stem(key) == stem(name)][:1]
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."


def number(value: Any) -> float | None:
    """A finite float, or None for anything else (a truth value is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*(\.?)""", re.ASCII)


def _keys(text: str) -> tuple[list[str], str]:
    """A dotted key at the start of a line, and what follows it."""
    parts: list[str] = []
    while match := _KEY.match(text):
        parts.append(next(group for group in match.groups()[:3] if group is not None))
        text = text[match.end() :]
        if not match[4]:
            break
    return parts, text


def line_index(text: str) -> dict[Path, int]:
    """Line of every table header and of every key that begins a line."""
    index: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    prefix: Path = ()
    inside = ""
    for line_number, line in enumerate(text.split("\n"), 1):
        was_inside, inside = inside, _open_string(line, inside)
        if was_inside:
            continue
        if header := re.match(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(#.*)?$", line.rstrip("\r")):
            prefix = _located(_keys(header[2])[0], counts, header[1] == "[[")
            index.setdefault(prefix, line_number)
            if header[1] == "[[":
                index.setdefault(prefix[:-1], line_number)
            continue
        parts, rest = _keys(line)
        if parts and rest.startswith("="):
            for length in range(1, len(parts) + 1):
                index.setdefault((*prefix, *parts[:length]), line_number)
    return index


def _open_string(line: str, inside: str) -> str:
    """The mark of the long string that is open after a line, or nothing."""
    for mark in re.findall(r"\"\"\"|'''", line):
        inside = mark if not inside else "" if inside == mark else inside
    return inside


def _located(parts: list[str], counts: dict[Path, int], is_list: bool) -> Path:
    """The path of a header, with the number of the element in each list on its way."""
    path: Path = ()
    for place, part in enumerate(parts):
        path = (*path, part)
        if is_list and place == len(parts) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


class Document:
    """A parsed file with the origin of each value."""

    def __init__(self, data: dict[str, Any], place: str, lines: Mapping[Path, int]) -> None:
        self.data, self.place, self.lines = data, place, lines
        self.origins: dict[Path, str] = {}
        self.aircraft: dict[str, tuple[Any, str]] = {}

    @classmethod
    def parse(cls, text: str, place: str) -> Document:
        """The document of a text.

        Args:
            text: TOML.
            place: what to call the file in messages.

        Raises:
            MissionError: it is not TOML.
        """
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError, OverflowError) as error:
            told = one_line(str(error)) or "too deep"
            at = re.search(r"\(at line (\d+), column \d+\)", told)
            where = f"{place}:{at[1]}" if at else place
            raise MissionError(f"not TOML: {told}.", where, "Correct the line.") from None
        return cls(data, place, line_index(text))

    def top(self) -> Section:
        """The whole as a section."""
        return Section(self, self.data, ())

    def place_of(self, path: Path) -> str:
        """Where a value stands: an override, else file and line of the key or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
            if path[:length] in self.lines:
                return f"{self.place}:{self.lines[path[:length]]}"
        return self.place

    def fail(self, path: Path, message: str, hint: str) -> NoReturn:
        """Refuse a value."""
        text = f"{dotted(path)} {message}" if path else message
        raise MissionError(one_line(text), one_line(self.place_of(path)), one_line(hint))

    def replaced(self, settings: Mapping[str, Any], origin: str = "") -> Document:
        """The document with some values replaced by their dotted keys.

        Args:
            settings: dotted key -> value; `aircraft.` and more goes to the aircraft's definition.
            origin: where these values stand; empty for the command line.
        """
        result = Document(copy.deepcopy(self.data), self.place, self.lines)
        result.origins, result.aircraft = dict(self.origins), dict(self.aircraft)
        for key, value in settings.items():
            where = origin or "--set"
            if key.startswith("aircraft."):
                result.aircraft[key] = (value, where)
            else:
                result._set(key, copy.deepcopy(value), where)
        return result

    def _set(self, key: str, value: Any, origin: str) -> None:
        parts = key.split(".")
        table: Any = self.data
        path: Path = ()
        for part in parts[:-1]:
            table, path = self._step(table, path, part, origin)
        if not isinstance(table, dict):
            told = f"{one_line(key)} is not in a table."
            raise MissionError(told, one_line(origin), "See the keys in docs/files.md.")
        for other in [name for name in table if stem(name) == stem(parts[-1]) or _instead(parts, name)]:
            del table[other]
        table[parts[-1]] = value
        self.origins[(*path, parts[-1])] = origin

    def _step(self, table: Any, path: Path, part: str, origin: str) -> tuple[Any, Path]:
        """One step down a dotted key; a table that is not there is made (and judged when it is read)."""
        if isinstance(table, list):
            place = int(part) if re.fullmatch(r"[0-9]{1,3}", part) else 0
            if not 1 <= place <= len(table):
                hint = f"Allowed: 1 to {len(table)}." if table else "There is none in the file."
                raise MissionError(f"{one_line(dotted((*path, part)))} does not exist.", one_line(origin), hint)
            return table[place - 1], (*path, place)
        if not isinstance(table, dict):
            told = f"{one_line(dotted(path))} is a value, not a table."
            raise MissionError(told, one_line(origin), "See the keys in docs/files.md.")
        if part not in table:
            self.origins[(*path, part)] = origin
        return table.setdefault(part, {}), (*path, part)


def _instead(parts: list[str], other: str) -> bool:
    """Whether a key that is set takes the place of another one in its table."""
    group = INSTEAD.get(parts[0], ()) if len(parts) == 2 else ()
    return parts[-1] in group and other in group


class Section:
    """One table of a document."""

    def __init__(self, document: Document, table: dict[str, Any], path: Path) -> None:
        self.document, self.table, self.path = document, table, path
        self.known: list[str] = []
        self.offers: dict[str, list[str]] = {}
        self.used: set[str] = set()

    def fail(self, key: str, message: str, hint: str) -> NoReturn:
        """Refuse a key of this table (or the table, where the key is empty)."""
        self.document.fail((*self.path, key) if key else self.path, message, hint)

    def _value(self, key: str, default: Any) -> Any:
        """A raw value by its exact key."""
        self.known.append(key)
        if key in self.table:
            self.used.add(key)
            return self.table[key]
        if default is REQUIRED:
            self._lacks(key, [key])
        return default

    def _lacks(self, name: str, keys: list[str]) -> NoReturn:
        """Refuse because a key is missing; blame one that was meant for it, if there is one."""
        for other in self.table:
            if other not in self.used and stem(other) == name:
                self._wrong_unit(other, keys)
            if other not in self.used and difflib.get_close_matches(stem(other), [name], cutoff=0.72):
                self.fail(other, "is an unknown key.", f"Did you mean {keys[0]}?")
        self.fail("", f"{'lacks' if self.path else 'The file lacks'} {name}.", f"Write `{keys[0]} = ...`.")

    def _wrong_unit(self, key: str, accepted: list[str]) -> NoReturn:
        if accepted[0].endswith(REFERENCES) and not key.endswith(REFERENCES):
            self.fail(key, "does not say its unit and above what it is measured.", f"Write {' or '.join(accepted)}.")
        self.fail(key, "does not carry a unit that fits.", f"Write {' or '.join(accepted)}.")

    def quantity(
        self, name: str, unit: str, low: float, high: float, default: Any = REQUIRED, *, above: str = "",
        difference: bool = False,
    ) -> Any:  # fmt: skip
        """A number in SI and radians.

        Args:
            name: the key without its unit.
            unit: suffix of the unit inside; `1` for a plain number, whose key needs no suffix.
            low: smallest allowed value, inside.
            high: greatest allowed value, inside.
            default: value where the key is missing.
            above: `msl` or `agl` for a height: the key ends in it.
            difference: a temperature difference, which a file gives in K only.
        """
        keys = self._accepted(name, unit, above, difference)
        familiar = [key for key in keys if keys[key] in _familiar(unit, high)] or list(keys)
        self.known.append(familiar[0])
        self.offers[name] = familiar
        given = [key for key in keys if key in self.table]
        self.used.update(given)
        if len(given) > 1:
            self.fail(given[1], f"gives {name} a second time, after {given[0]}.", "Keep one of the two.")
        if not given:
            if default is REQUIRED:
                self._lacks(name, familiar)
            return default
        return self._within(given[0], keys[given[0]], low, high)

    def _accepted(self, name: str, unit: str, above: str, difference: bool) -> dict[str, str]:
        """Keys that may give a quantity, each with its unit; the plainest first."""
        tail = f"_{above}" if above else ""
        if unit == "1":
            return {name: "1", f"{name}_1": "1", f"{name}_pct": "pct"}
        if name.endswith(f"_{unit}"):
            return {name: unit}
        suffixes = (unit,) if difference else units.suffixes_of(unit)
        first = [suffix for suffix in FAMILIAR.get(unit, ()) if suffix in suffixes]
        return {f"{name}_{suffix}{tail}": suffix for suffix in (*first, *suffixes)}

    def _within(self, key: str, unit: str, low: float, high: float) -> float:
        allowed = f"Allowed: {shown(low, unit)} to {shown(high, unit)}"
        value = number(self.table[key])
        if value is None:
            self.fail(key, f"is {found(self.table[key])}, not a finite number.", f"{allowed}.")
        inside = units.to_inside(value, unit)
        slack = 1e-12 * max(abs(low), abs(high))  # a limit given in another unit rounds
        if not low - slack <= inside <= high + slack:
            self.fail(key, f"is {shown(inside, unit)}.", f"{allowed}. Check the number and its unit.")
        return min(max(inside, low), high)

    def flag(self, name: str, default: Any = REQUIRED) -> Any:
        """1 for true, 0 for false."""
        value = self._value(name, None if default is not REQUIRED else REQUIRED)
        if value is None and default is not REQUIRED:
            return default
        if not isinstance(value, bool):
            self.fail(name, f"is {found(value)}.", "Allowed: true or false.")
        return int(value)

    def whole(self, name: str, low: int, high: int, default: Any = REQUIRED) -> Any:
        """A whole number."""
        value = self._value(name, default)
        if name in self.table and (isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high):
            self.fail(name, f"is {found(value)}.", f"Allowed: whole numbers from {low} to {high}.")
        return value

    def text(self, name: str, default: Any = REQUIRED, longest: int = 300) -> Any:
        """Text on one line."""
        value = self._value(name, default)
        if name not in self.table:
            return value
        if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
            self.fail(name, f"is {found(value)}.", f"Allowed: text on one line, 1 to {longest} characters.")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: Any = REQUIRED) -> Any:
        """One of some words."""
        value = self._value(name, default)
        if isinstance(value, int) and str(value) in allowed:  # a runway on the command line
            return str(value)
        if name in self.table and value not in allowed:
            self.fail(name, f"is {found(value)}.", f"Allowed: {', '.join(allowed)}.")
        return value

    def instant(self, name: str, default: Any = REQUIRED) -> Any:
        """An instant that carries its zone, as an aware `datetime`."""
        value = self._value(name, default)
        if name not in self.table:
            return value
        example = "Write it like 2026-01-14T02:00:00Z."
        if not isinstance(value, datetime):
            self.fail(name, f"is {found(value)}, not a date with a time.", example)
        if value.tzinfo is None:
            self.fail(name, f"is {found(value)} without a zone.", f"Write {found(value)}Z for UTC, or +05:00.")
        if not EARLIEST <= value.timestamp() <= LATEST:
            self.fail(name, f"is {found(value)}.", "Allowed: the years 1970 to 2099.")
        return value

    def section(self, name: str, required: bool = False) -> Section:
        """A table inside this one; empty where it is missing and may be."""
        value = self._value(name, REQUIRED if required else None)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            self.fail(name, f"is {found(value)}, not a table.", f"Write [{dotted((*self.path, name))}].")
        return Section(self.document, value, (*self.path, name))

    def sections(self, name: str, most: int) -> list[Section]:
        """A list of tables inside this one."""
        value = self._value(name, [])
        header = f"Write [[{dotted((*self.path, name))}]]."
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(name, f"is {found(value)}, not a list of tables.", header)
        if len(value) > most:
            self.fail(name, f"is there {len(value)} times.", f"Allowed: up to {most}. Take some out.")
        return [Section(self.document, item, (*self.path, name, place)) for place, item in enumerate(value, 1)]

    def table_of(self, name: str) -> dict[str, Any]:
        """A table of any keys, flattened to dotted ones."""
        value = self._value(name, {})
        if not isinstance(value, dict):
            self.fail(name, f"is {found(value)}, not a table.", f'Write {name} = {{ "rules.escape" = true }}.')
        return _flat(value, "")

    def finish(self) -> None:
        """Refuse the first key that nobody asked for."""
        for key in self.table:
            if key in self.used:
                continue
            if fitting := self.offers.get(stem(key)):
                self._wrong_unit(key, fitting)
            self.fail(key, "is an unknown key.", nearest(key, self.known))


def _flat(table: dict[str, Any], prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
