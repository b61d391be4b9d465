"""What flight k of a study flies with: a pure function of the study's seed, k and the name of each number.

The uniform number behind a draw is a hash, not the next of a sequence: flight k is the same however the study is cut,
resumed or enlarged, adding a number to a spread file moves no other, and studies of one seed are paired flight by
flight. Draws of different flights are independent, so the intervals of `statistics` hold as they are.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from samruk.aircraft import AircraftDefinition, key_of
from samruk.aircraft import leaves as aircraft_leaves
from samruk.aircraft.definition import RULES
from samruk.errors import InputError
from samruk.leaves import flatten, unflatten
from samruk.study.keys import PLACES, Target, known
from samruk.study.laws import NORMAL, Law
from samruk.study.spread_file import Spread
from samruk.verdict.catalogue import Inputs

CUT = 2.5
"""Standard deviations beyond which no declared spread is drawn: an aircraft further off would not be of the class."""
HALVINGS = 40
"""Times that draws which contradict each other are halved towards the definition's values, which agree, at most."""


def uniform(seed: int, number: int, name: str) -> float:
    """A number in (0, 1) with 53 bits, the same for the same three on every machine (BLAKE2b)."""
    digest = hashlib.blake2b(f"{seed}/{number}/{name}".encode(), digest_size=8).digest()
    return ((int.from_bytes(digest, "little") >> 11) + 0.5) * 2.0**-53


def flight_seed(seed: int, number: int) -> int:
    """The seed of a flight's own chance, 0 to 2^31 - 1."""
    return int(uniform(seed, number, "seed") * 2.0**31)


@dataclass(frozen=True)
class Parameter:
    """One number that varies."""

    key: str
    """With its unit; the name of its column."""
    law: Law
    """In the unit of the key, with its centre."""
    target: Target
    source: str
    """Where the spread comes from."""
    grade: str
    """`published`, `derived`, `estimated` for a number of the aircraft; `given` for an entry of a spread file."""
    nominal: float
    """The mission's or the definition's own value, in the unit of the key."""
    follows: str = ""
    """Path of the aircraft's number with which this one goes."""
    power: float = 0.0
    """As that one's ratio to its own value, to this power."""

    @property
    def path(self) -> str:
        """Path inside the aircraft; empty for a number of the mission."""
        leaf = self.target.leaves[0]
        return leaf.removeprefix("aircraft.") if leaf.startswith("aircraft.") else ""


@dataclass(frozen=True)
class Drawn:
    """One flight of a study before it flies."""

    number: int
    inputs: Inputs
    values: dict[str, float]
    """By key, in its unit, as flown."""
    pulled: int
    """Halvings that draws of the aircraft needed until its numbers agreed with each other."""


class Sampler:
    """Flights of a study by their number.

    Args:
        inputs: the mission as it stands in its file.
        definition: of its aircraft.
        spread: what varies.
        seed: of the study.
    """

    def __init__(self, inputs: Inputs, definition: AircraftDefinition, spread: Spread, seed: int) -> None:
        self.inputs, self.definition, self.spread, self.seed = inputs, definition, spread, seed
        self.task = flatten(inputs.task)
        self.aircraft = flatten(definition.aircraft)
        self.parameters: tuple[Parameter, ...] = tuple(self._found())
        self._of_aircraft = tuple((p.path, p) for p in self.parameters if p.path)
        self._of_mission = tuple(sorted((p for p in self.parameters if not p.path), key=lambda p: p.target.adds))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Names of all that varies, in order."""
        return tuple(parameter.key for parameter in self.parameters)

    def draw(self, number: int) -> Drawn:
        """Flight `number`, from 0."""
        own = {p.key: p.law.quantile(uniform(self.seed, number, p.key)) for p in self.parameters}
        task, values = self._task(own)
        if self.spread.seeds:
            task["seed"] = flight_seed(self.seed, number)
        aircraft, flown, pulled = self._aircraft(own)
        task["loading.fuel"] = min(task["loading.fuel"], aircraft.mass.fuel_capacity)
        inputs = Inputs(unflatten(self.inputs.task, task), aircraft, self.inputs.tables)
        if "loading.fuel_kg" in values:
            values["loading.fuel_kg"] = task["loading.fuel"]
        found = values | flown
        return Drawn(number, inputs, {key: found[key] for key in self.keys}, pulled)

    def score(self, number: int, key: str) -> float:
        """The draw of a number as a standard normal score: what sensitivities are reckoned with."""
        return NORMAL.inv_cdf(uniform(self.seed, number, key))

    def _task(self, own: Mapping[str, float]) -> tuple[dict[str, Any], dict[str, float]]:
        """Leaves of the task: values first, then shifts; and the values that were used."""
        task, values = dict(self.task), {}
        for parameter in self._of_mission:
            target = parameter.target
            inside = target.to_inside(own[parameter.key])
            values[parameter.key] = target.to_outside(inside)
            for leaf in target.leaves:
                kind = type(self.task[leaf])
                task[leaf] = kind(task[leaf] + inside if target.adds else inside)
        return task, values

    def _aircraft(self, own: Mapping[str, float]) -> tuple[Any, dict[str, float], int]:
        """The aircraft, its values by key, and how often its draws were halved."""
        inside = {path: p.target.to_inside(own[p.key]) for path, p in self._of_aircraft}
        for halvings in range(HALVINGS):
            flat = dict(self.aircraft)
            for path, p in self._of_aircraft:
                flat[path] = min(max(self._following(path, p, inside), p.target.low), p.target.high)
            aircraft = unflatten(self.definition.aircraft, flat)
            torn = [rule for rule in RULES if not rule[2](aircraft)]
            if not torn:
                return aircraft, {p.key: p.target.to_outside(flat[path]) for path, p in self._of_aircraft}, halvings
            inside = {path: 0.5 * (value + self.aircraft[path]) if any(_named(path, rule) for rule in torn) else value
                      for path, value in inside.items()}  # fmt: skip
        raise InputError("no aircraft of these spreads agrees with itself.", "--spread", "Make its spreads smaller.")

    def _following(self, path: str, parameter: Parameter, inside: Mapping[str, float]) -> float:
        """A number times what those that it follows do to it, link by link."""
        value, power, seen = inside[path], 1.0, {path}
        if not parameter.follows:
            return value
        step = self.definition.sources[path]
        while step.follows and step.follows not in seen:
            seen.add(step.follows)
            power *= step.power
            value *= (inside.get(step.follows, self.aircraft[step.follows]) / self.aircraft[step.follows]) ** power
            step = self.definition.sources[step.follows]
        return value

    # What varies ------------------------------------------------------------------------------------------------------

    def _found(self) -> list[Parameter]:
        """Entries of the file, then declared spreads of what the file does not name; constants left out."""
        given = {known()[entry.key].leaves for entry in self.spread.varied}
        found = [self._given(entry) for entry in self.spread.varied if self._felt(entry.key)]
        if self.spread.declared:
            found += [p for path in self.definition.sources if (p := self._declared(path)) and
                      p.target.leaves not in given]  # fmt: skip
        return [p for p in found if p.follows or not p.law.constant or p.nominal != p.law.quantile(0.5)]

    def _felt(self, key: str) -> bool:
        """Whether the mission has what a key speaks of; the default file may speak of what is not there."""
        leaves = known()[key].leaves
        clouds = {leaf.split(".")[1] for leaf in leaves if leaf.startswith("conditions.cloud_") and leaf.count(".") > 1}
        if key == "conditions.cloud_scale":
            clouds = {f"cloud_{letter}" for letter in PLACES}
        gaps = {leaf.split(".")[1] for leaf in leaves if leaf.startswith("links.gap_")}
        there = [self.task[f"conditions.{cloud}.water"] > 0.0 for cloud in clouds]
        there += [self.task[f"links.{gap}.duration"] > 0.0 for gap in gaps]
        if key == "conditions.gust_scale":
            there = [self.task[f"conditions.gust_{letter}.amplitude"] != 0.0 for letter in PLACES]
        if not there or any(there):
            return True
        if self.spread.default:
            return False
        raise InputError(f"{key} varies what this mission does not have.", "--spread", "Take it out of the file.")

    def _given(self, entry: Any) -> Parameter:
        """A parameter of the file."""
        target = known()[entry.key]
        leaves = self.task | {f"aircraft.{path}": value for path, value in self.aircraft.items()}
        nominal = target.to_outside(0.0 if target.adds else leaves[target.leaves[0]])
        made = Parameter(entry.key, entry.law.about(nominal), target, entry.source, "given", nominal)
        return self._with_follows(made)

    def _declared(self, path: str) -> Parameter | None:
        """A number of the aircraft with its declared spread; None where it has none and follows nothing."""
        source = self.definition.sources[path]
        ahead = self.definition.sources.get(source.follows)
        if source.spread == 0.0 and (ahead is None or ahead.spread == 0.0):
            return None
        unit = aircraft_leaves()[path].unit
        key = f"aircraft.{key_of(path, unit)}"
        reach = CUT * source.spread
        law = Law("normal", source.value, source.spread, -reach, reach)
        if source.value != 0.0:
            law = _around(source.value, source.spread)
        made = Parameter(key, law, known()[key], source.source, source.grade, source.value)
        return self._with_follows(made)

    def _with_follows(self, parameter: Parameter) -> Parameter:
        """With what the definition says that it follows."""
        source = self.definition.sources.get(parameter.path)
        if source is None or parameter.law.kind == "fixed":
            return parameter
        return replace(parameter, follows=source.follows, power=source.power)


def _named(path: str, rule: tuple[str, str, Any]) -> bool:
    """Whether a relation between numbers of an aircraft, as its words tell it, speaks of a number."""
    group, _, name = path.partition(".")
    return rule[0].startswith(f"{group}.") and name in re.findall(r"\w+", rule[1].replace("^2", ""))


def _around(value: float, spread: float) -> Law:
    """The lognormal law of a declared spread, cut at `CUT` deviations of the logarithm."""
    ends = sorted((value * math.exp(-CUT * spread), value * math.exp(CUT * spread)))
    return Law("lognormal", value, spread, ends[0], ends[1])
