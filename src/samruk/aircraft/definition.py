"""From the text of a definition file to an `AircraftDefinition`, refusing whatever cannot be an aircraft.

A file holds `name`, `title`, `description` and one table for each group of `Aircraft`; a key is the leaf's name with
the suffix of its unit, an entry tells the number's origin::

    [geometry]
    span_m = { value = 17.5, grade = "published", source = "maker's public description", spread = 0.01 }

`follows = { of = "mass.max_take_off", power = 0.7 }` in an entry says with what the number goes when spreads are drawn.
`engine = "pd170"` takes the engine from a file of its own; `base = "anka"` takes from another aircraft whatever this
file does not give. An engine other than the base's changes the empty mass by the difference of the engines' masses.

Pure: text in, data out; `samruk.load` finds and opens files.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NoReturn, get_type_hints

from samruk import units
from samruk.aircraft.fuels import Grade
from samruk.aircraft.parts import Aircraft, AircraftDefinition, Source, leaves
from samruk.aircraft.stores import Store, StoreError, distinct, summed
from samruk.aircraft.stores import read as read_stores
from samruk.errors import AircraftError, InputError

GRADES = ("published", "derived", "estimated")
"""How a number is known: printed by the maker, an authority or the press; by a named method; by judgement."""

SET_BY_USER = "set by the user"
"""Source of a number that an override replaced."""

WORDS = ("name", "title", "description")
PARENTS = ("base", "engine")
ENTRY = ("value", "grade", "source", "spread", "follows")
GROUPS = tuple(dict.fromkeys(path.partition(".")[0] for path in leaves()))
OF_ENGINE = ("propeller.rated_speed", "propeller.cruise_speed")
"""What an engine file gives besides its own group: the speeds that its gear gives the propeller."""
DEEPEST = 4
"""Files that may stand on each other by `base`."""

Fetch = Callable[[str, str], tuple[str, str]]
"""Kind (`aircraft`, `engine`) and name -> text of the file and what to call it; raises InputError."""

RULES: tuple[tuple[str, str, Callable[[Aircraft], bool]], ...] = (
    ("mass.empty", "empty is below max_take_off", lambda a: a.mass.empty < a.mass.max_take_off),
    ("mass.inertia_mass", "inertia_mass is at least empty", lambda a: a.mass.inertia_mass >= a.mass.empty),
    ("mass.J_zz", "J_zz is below J_xx + J_yy, as for any body", lambda a: a.mass.J_zz < a.mass.J_xx + a.mass.J_yy),
    ("mass.J_yy", "J_yy is below J_xx + J_zz, as for any body", lambda a: a.mass.J_yy < a.mass.J_xx + a.mass.J_zz),
    ("mass.J_xz", "J_xz^2 is below J_xx J_zz", lambda a: a.mass.J_xz**2 < a.mass.J_xx * a.mass.J_zz),
    ("aero.C_L_max_flap", "C_L_max_flap is at least C_L_max", lambda a: a.aero.C_L_max_flap >= a.aero.C_L_max),
    ("aero.C_D_profile_wing", "C_D_profile_wing is below C_D_0", lambda a: a.aero.C_D_profile_wing < a.aero.C_D_0),
    (
        "propeller.cruise_speed",
        "cruise_speed is at most rated_speed",
        lambda a: a.propeller.cruise_speed <= a.propeller.rated_speed,
    ),
    ("ice.pitot_port", "pitot_port is below pitot_diameter", lambda a: a.ice.pitot_port < a.ice.pitot_diameter),
)
"""Leaf to blame, what holds, and the check: relations between leaves that no single range can state."""


def parse(text: str, place: str, fetch: Fetch | None = None, depth: int = 0) -> AircraftDefinition:
    """An aircraft definition from the text of its file.

    Args:
        text: TOML, as the module's head shows.
        place: what to call the file in messages.
        fetch: gives the files that `base` and `engine` name; without it neither may stand in the file.
        depth: files that stand on this one.

    Raises:
        AircraftError: anything is missing, unknown, in a wrong unit, not a number, or outside its range.
    """
    file = _File(text, place)
    name, title, description = (file.word(key) for key in WORDS)
    file.refuse_unknown(file.document, (*WORDS, *PARENTS, "store", *GROUPS), "", "table")
    given, engine, stores = _given(file, fetch, depth)
    sources: dict[str, Source] = {}
    for group in GROUPS:
        sources |= file.group(group, given)
    found = AircraftDefinition(name, title, description, _checked(file, sources), sources, engine)
    return with_stores(found, file.stores(stores))


def with_stores(definition: AircraftDefinition, stores: tuple[Store, ...]) -> AircraftDefinition:
    """The aircraft with these stores and no others."""
    aircraft = definition.aircraft
    carried = summed(stores, aircraft.geometry.wing_area)
    return replace(definition, aircraft=replace(aircraft, stores=carried), stores=stores)


def _given(file: _File, fetch: Fetch | None, depth: int) -> tuple[dict[str, Source], str, tuple[Store, ...]]:
    """What the files that this one stands on give, the name of the engine, and the stores."""
    given: dict[str, Source] = {}
    engine: str = ""
    stores: tuple[Store, ...] = ()
    if "base" in file.document:
        if depth >= DEEPEST:
            file.fail("base", "stands on too many files.", "Write the numbers out.")
        below = parse(*file.fetched("base", "aircraft", fetch), fetch, depth + 1)
        given, engine, stores = dict(below.sources), below.engine, below.stores
    if "engine" in file.document and isinstance(file.document["engine"], str):
        name = file.document["engine"]
        given, engine = _refitted(given, engine_numbers(*file.fetched("engine", "engine", fetch)), name), name
    return given, engine, stores


def engine_numbers(text: str, place: str) -> dict[str, Source]:
    """The numbers of an engine file: its group, and the propeller's two speeds.

    Raises:
        AircraftError: as `parse`.
    """
    file = _File(text, place)
    for key in WORDS:
        file.word(key)
    file.refuse_unknown(file.document, (*WORDS, "engine", "propeller"), "", "table")
    engine = file.group("engine", {})
    speeds = file.group("propeller", {}, OF_ENGINE)
    return engine | speeds


def with_fuel(definition: AircraftDefinition, grade: Grade) -> AircraftDefinition:
    """The aircraft with another grade of fuel in its tanks: where it freezes, what it holds."""
    sources = dict(definition.sources)
    for path, value in (("thermal.fuel_freezing", grade.freezing), ("engine.heating_value", grade.heating_value)):
        sources[path] = replace(sources[path], value=value, grade="published", source=f"{grade.name}: {grade.source}")
    return with_stores(replace(definition, aircraft=_assemble(sources), sources=sources), definition.stores)


def with_engine(definition: AircraftDefinition, name: str, text: str, place: str) -> AircraftDefinition:
    """The aircraft with another engine: its numbers, and the empty mass changed by the difference of the engines.

    Args:
        definition: the aircraft as it was.
        name: of the engine.
        text: of its file.
        place: what to call that file in messages.
    """
    sources = _refitted(definition.sources, engine_numbers(text, place), name)
    title = f"{definition.title}; refitted with {name}"
    aircraft = _checked(_File("", place), sources)
    fitted = replace(definition, aircraft=aircraft, sources=sources, engine=name, title=title)
    return with_stores(fitted, definition.stores)


def _refitted(sources: Mapping[str, Source], engine: dict[str, Source], name: str) -> dict[str, Source]:
    """Numbers with an engine's in their place."""
    changed = {**sources, **engine}
    if "engine.mass" in sources and "mass.empty" in sources:
        more = engine["engine.mass"].value - sources["engine.mass"].value
        empty = sources["mass.empty"]
        if more:
            words = f"{empty.source}; {more:+g} kg with the engine {name}"
            changed["mass.empty"] = replace(empty, value=empty.value + more, source=words)
    return changed


def _checked(file: _File, sources: dict[str, Source]) -> Aircraft:
    """The aircraft of complete numbers, whose relations hold."""
    aircraft = _assemble(sources)
    for path, rule, holds in RULES:
        if not holds(aircraft):
            found = shown(sources[path].value, sources[path].unit)
            file.fail(key_of(path, sources[path].unit), f"{found} cannot be: {rule}.", "Correct one of them.")
    return aircraft


def override(definition: AircraftDefinition, settings: Mapping[str, str | float]) -> AircraftDefinition:
    """The definition with some numbers replaced; their spread stays, their source says that a user set them.

    Args:
        definition: where the other numbers come from.
        settings: dotted key with unit -> value in that unit: `{"geometry.span_m": 18}`; `aircraft.` may stand before.

    Raises:
        AircraftError: unknown key, wrong unit, not a number, or outside its range.
    """
    sources = dict(definition.sources)
    for key, value in settings.items():
        group, _, leaf = key.removeprefix("aircraft.").partition(".")
        file = _File("", f"{key}={value}")
        file.refuse_unknown((group,), GROUPS, "", "group")
        path, unit = file.leaf(group, leaf)
        inside = file.inside(path, unit, _from_words(value))
        spread = _carry_spread(sources[path], inside)
        sources[path] = Source(inside, unit, "estimated", SET_BY_USER, spread)
    aircraft = _assemble(sources)
    for path, rule, holds in RULES:
        if not holds(aircraft):
            found = f"{key_of(path, sources[path].unit)} = {shown(sources[path].value, sources[path].unit)}"
            raise AircraftError(f"{found} cannot be: {rule}.", ", ".join(settings), "Set the other number too.")
    return with_stores(replace(definition, aircraft=aircraft, sources=sources), definition.stores)


def key_of(path: str, unit: str) -> str:
    """Dotted key of a leaf in a file: its path with the unit's suffix, unless the name already ends in it (`_db`)."""
    return path if unit in ("db", "dbm") and path.endswith(f"_{unit}") else f"{path}_{unit}"


def shown(inside: float, unit: str) -> str:
    """A number with its unit, as a message prints it."""
    return f"{units.to_outside(inside, unit):.6g} {unit}".removesuffix(" 1")


class _File:
    """A parsed document that knows its text, so that every refusal names file, line and key."""

    def __init__(self, text: str, place: str) -> None:
        self.place, self.lines = place, text.splitlines()
        try:
            self.document: dict[str, Any] = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise AircraftError(_line(f"not TOML: {error}."), place, "Correct the line.") from None

    def fail(self, key: str, message: str, hint: str) -> NoReturn:
        """Refuse, naming the line of a dotted key."""
        line = self._line_of(key) or self._line_of(key.rpartition(".")[0])
        place = f"{self.place}:{line}" if line else self.place
        raise AircraftError(_line(f"{key} {message}"), place, _line(hint))

    def _line_of(self, key: str) -> int:
        """Line of a dotted key, else of its table, else 0."""
        table, _, leaf = key.rpartition(".")
        current, found = "", 0
        for number, text in enumerate(self.lines, 1):
            if header := re.match(r"\s*\[\s*([\w.-]+)\s*\]", text):
                current = header[1]
                found = number if current in (table, key) and not found else found
            elif current == table and re.match(rf"\s*[\"']?{re.escape(leaf)}[\"']?\s*=", text):
                return number
        return found

    def word(self, key: str) -> str:
        """A line of text at the head of the file."""
        value = self.document.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(key, "is missing or no text.", f'Write `{key} = "..."` at the head of the file.')
        return value

    def refuse_unknown(self, given: Iterable[str], allowed: tuple[str, ...], table: str, kind: str) -> None:
        """Refuse the first given name that is not allowed, offering the nearest one."""
        for name in given:
            if name not in allowed:
                dotted = f"{table}.{name}" if table else name
                self.fail(dotted, f"is an unknown {kind}.", _nearest(name, allowed))

    def stores(self, below: tuple[Store, ...]) -> tuple[Store, ...]:
        """What hangs outside: what the base carries and what the file adds."""
        try:
            return distinct((*below, *read_stores(self.document.get("store", []))))
        except StoreError as error:
            self.fail(error.key, error.message, error.hint)

    def fetched(self, key: str, kind: str, fetch: Fetch | None) -> tuple[str, str]:
        """Text and place of a file that a word at the head names."""
        name = self.word(key)
        if fetch is None:
            self.fail(key, f"{name!r} names a file, and none can be read here.", "Write the numbers out.")
        try:
            return fetch(kind, name)
        except InputError as error:
            self.fail(key, f"{name!r}: {error.message}", error.hint)

    def group(self, group: str, given: Mapping[str, Source], only: tuple[str, ...] = ()) -> dict[str, Source]:
        """All numbers of one table, in the order of the class.

        Args:
            group: its name.
            given: numbers that stand unless the table gives others.
            only: the paths that the table may and must give, where not all of the class.
        """
        table = self.document.get(group, {} if any(path.startswith(f"{group}.") for path in given) else None)
        if isinstance(table, str) and group == "engine":
            table = {}
        if not isinstance(table, dict):
            self.fail(group, "is missing or no table.", f"Write a table [{group}].")
        found: dict[str, Source] = {}
        for key, entry in table.items():
            path, unit = self.leaf(group, key)
            if path in found:
                self.fail(f"{group}.{key}", f"gives {path} a second time.", "Keep one of the two.")
            if only and path not in only:
                self.fail(f"{group}.{key}", "is not the engine's.", f"It gives {', '.join(only)} here.")
            found[path] = self.source(path, unit, f"{group}.{key}", entry)
        wanted = only or tuple(path for path in leaves() if path.startswith(f"{group}."))
        found = {path: source for path, source in given.items() if path in wanted} | found
        for path in wanted:
            if path not in found:
                entry = f"{key_of(path, leaves()[path].unit).partition('.')[2]} = {{ value = ..., grade = ..., ... }}"
                self.fail(group, f"lacks {path.partition('.')[2]}.", f"Write `{entry}` in it.")
        return {path: found[path] for path in wanted}

    def leaf(self, group: str, key: str) -> tuple[str, str]:
        """Path and unit that a key of a table names."""
        for path, allowed in leaves().items():
            accepted = units.suffixes_of(allowed.unit)
            for unit in accepted:
                if key_of(path, unit) == f"{group}.{key}":
                    return path, unit
        self._refuse_key(group, key)

    def _refuse_key(self, group: str, key: str) -> NoReturn:
        names = {path.partition(".")[2]: path for path in leaves() if path.startswith(f"{group}.")}
        try:
            name = key if key in names else units.split(key)[0]
        except KeyError:
            name = key
        if name in names:
            accepted = units.suffixes_of(leaves()[names[name]].unit)
            hint = "Write " + " or ".join(key_of(names[name], unit).partition(".")[2] for unit in accepted) + "."
            self.fail(f"{group}.{key}", "does not carry a unit that fits.", hint)
        keys = {name: key_of(path, leaves()[path].unit).partition(".")[2] for name, path in names.items()}
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
        hint = f"Did you mean {keys[close[0]]}?" if close else f"Known: {', '.join(keys.values())}."
        self.fail(f"{group}.{key}", "is an unknown key.", hint)

    def source(self, path: str, unit: str, key: str, entry: Any) -> Source:
        """One number with its origin."""
        if not isinstance(entry, dict):
            self.fail(key, "is no entry.", "Write { value = ..., grade = ..., source = ..., spread = ... }.")
        self.refuse_unknown(entry, ENTRY, key, "part")
        grade, source = entry.get("grade"), entry.get("source")
        if grade not in GRADES:
            self.fail(key, f"has the grade {grade!r}.", f"Allowed: {', '.join(GRADES)}.")
        if not isinstance(source, str) or not source.strip():
            self.fail(key, "names no source.", 'Write source = "document, method or reasoning".')
        spread = _number(entry.get("spread"))
        if spread is None or not spread >= 0.0:
            self.fail(key, "has no spread of 0 or more.", "Write spread = one standard deviation over the value.")
        value = self.inside(path, unit, _number(entry.get("value")))
        return Source(value, unit, grade, source, spread, *self.follows(key, path, entry.get("follows")))

    def follows(self, key: str, path: str, words: Any) -> tuple[str, float]:
        """With what a number goes when spreads are drawn, and by which power."""
        if words is None:
            return "", 0.0
        if not isinstance(words, dict) or set(words) != {"of", "power"} or (power := _number(words["power"])) is None:
            self.fail(key, "has follows in another form.", 'Write follows = { of = "mass.max_take_off", power = 1.0 }.')
        if words["of"] not in leaves() or words["of"] == path:
            self.fail(key, f"follows {words['of']!r}, which is no other number.", "Write group.name without a unit.")
        return words["of"], power

    def inside(self, path: str, unit: str, value: float | None) -> float:
        """A value in SI and radians, within its range."""
        key, allowed = key_of(path, unit), leaves()[path]
        low, high = shown(allowed.low, unit), shown(allowed.high, unit)
        if value is None:
            self.fail(key, "has no finite number as its value.", f"Allowed: {low} to {high}.")
        inside = units.to_inside(value, unit)
        if not allowed.low <= inside <= allowed.high:
            self.fail(key, f"is {shown(inside, unit)}.", f"Allowed: {low} to {high}. Check the number and its unit.")
        return inside


def _line(text: str) -> str:
    """Text on one line, whatever a file puts into a key."""
    return " ".join(text.split())


def _number(value: Any) -> float | None:
    """A finite float, or None for anything else (a truth value is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _from_words(value: str | float) -> float | None:
    """A number given on a command line."""
    try:
        return _number(float(value))
    except (TypeError, ValueError, OverflowError):
        return None


def _carry_spread(old: Source, value: float) -> float:
    """The old spread beside a new value; where one of the two values is 0 the absolute spread carries over."""
    if (old.value == 0.0) == (value == 0.0):
        return old.spread
    return old.spread * abs(old.value) if value == 0.0 else old.spread / abs(value)


def _nearest(name: str, allowed: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, allowed, n=1, cutoff=0.6)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(allowed)}."


def _assemble(sources: dict[str, Source]) -> Aircraft:
    kinds = get_type_hints(Aircraft)
    parts: dict[str, dict[str, float]] = {group: {} for group in GROUPS}
    for path, source in sources.items():
        group, _, name = path.partition(".")
        parts[group][name] = source.value
    return Aircraft(**{group: kinds[group](**values) for group, values in parts.items()})
