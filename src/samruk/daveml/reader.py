"""From the bytes of a DAVE-ML file to a model; whatever is wrong is told in one line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np

from samruk.daveml.grid import Axis, Grid
from samruk.daveml.mathml import Function, compiled, tag
from samruk.daveml.model import CheckCase, Expected, Model, Variable
from samruk.errors import InputError

LARGEST = 8_000_000
"""Bytes that are read."""
EXTRAPOLATE = {"neither": (False, False), "min": (True, False), "max": (False, True), "both": (True, True)}
Element = ElementTree.Element


def read(data: bytes, place: str = "DAVE-ML") -> Model:
    """A model from the bytes of its file.

    Args:
        data: the file.
        place: what to call it in messages.

    Raises:
        InputError: no XML, no DAVEfunc, an entity, an unknown element or operator, a table that does not fit its
            breakpoints, a variable that is missing, or variables that need each other in a ring.
    """
    if len(data) > LARGEST:
        raise InputError(f"holds {len(data)} bytes; at most {LARGEST} are read", place)
    if b"<!ENTITY" in data:
        raise InputError("defines entities, which are not read", place, "Write the text out.")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"is no XML: {error}", place) from None
    if tag(root) != "DAVEfunc":
        raise InputError(f"begins with <{tag(root)}>, not <DAVEfunc>", place)
    try:
        return _Reader(root, place).model()
    except RecursionError:
        raise InputError("holds an expression that is nested too deep", place) from None


def named(parent: Element, *names: str) -> Iterator[Element]:
    """Children of a name, whatever their namespace."""
    return (child for child in parent if tag(child) in names)


def first(parent: Element, *names: str) -> Element | None:
    """The first child of a name."""
    return next(named(parent, *names), None)


class _Reader:
    """Reads one file."""

    def __init__(self, root: Element, place: str) -> None:
        self.root, self.place = root, place
        self.points = {e.get("bpID", ""): self._floats(first(e, "bpVals"), e) for e in named(root, "breakpointDef")}
        self.tables = {e.get("gtID", ""): e for e in root.iter() if tag(e) == "griddedTableDef"}

    def model(self) -> Model:
        """The whole."""
        header = first(self.root, "fileHeader")
        found: dict[str, Variable] = {}
        for element in named(self.root, "variableDef"):
            variable = self._variable(element)
            if variable.key in found:
                self._fail(f"the variable {variable.key} is defined twice")
            found[variable.key] = variable
        for element in named(self.root, "function"):
            self._function(element, found)
        for variable in found.values():
            self._needed(variable, found)
        ordered = self._ordered(found)
        title = (header.get("name") if header is not None else None) or "model"
        return Model(title, ordered, tuple(self._cases(ordered)), self.place)

    def _fail(self, text: str, hint: str = "") -> Any:
        raise InputError(text, self.place, hint)

    def _floats(self, element: Element | None, owner: Element) -> tuple[float, ...]:
        text = "" if element is None else "".join(element.itertext())
        try:
            found = tuple(float(word) for word in re.split(r"[\s,]+", text.strip()) if word)
        except ValueError:
            found = (math.nan,)
        if not all(map(math.isfinite, found)):
            self._fail(f"<{tag(owner)} {owner.get('name', '')!r}> holds something that is no finite number")
        return found

    def _float(self, element: Element, name: str) -> float | None:
        text = element.get(name)
        if text is None:
            return None
        try:
            return float(text)
        except ValueError:
            self._fail(f"{element.get('varID', tag(element))}: {name} is {text!r}, not a number")
            raise

    def _variable(self, element: Element) -> Variable:
        key = element.get("varID", "")
        if not key:
            self._fail("a <variableDef> has no varID")
        function, needs = None, frozenset[str]()
        calculation = first(element, "calculation")
        if calculation is not None:
            markup = first(calculation, "math")
            if markup is None or len(markup) != 1:
                self._fail(f"{key}: its calculation holds no single MathML expression")
            else:
                function, needs = compiled(markup[0], f"{self.place}, {key}")
        return Variable(
            key, element.get("name", key), element.get("units", ""), first(element, "isInput") is not None,
            first(element, "isOutput") is not None, self._float(element, "initialValue"),
            self._float(element, "minValue"), self._float(element, "maxValue"), function, needs,
        )  # fmt: skip

    def _function(self, element: Element, found: dict[str, Variable]) -> None:
        """A table gives its dependent variable a function."""
        name = element.get("name", "")
        dependent, definition = first(element, "dependentVarRef"), first(element, "functionDefn")
        key = "" if dependent is None else dependent.get("varID", "")
        if definition is None or key not in found:
            self._fail(f"the function {name!r} has no <functionDefn>, or sets {key!r}, which is no variable")
            raise AssertionError
        if found[key].function is not None:
            self._fail(f"{key} is set twice")
        function, needs = self._gridded(element, definition, name)
        found[key] = replace(found[key], function=function, needs=needs)

    def _gridded(self, element: Element, definition: Element, name: str) -> tuple[Function, frozenset[str]]:
        table = first(definition, "griddedTableDef", "griddedTable")
        reference = first(definition, "griddedTableRef")
        if table is None and reference is not None:
            table = self.tables.get(reference.get("gtID", ""))
        if table is None:
            kinds = ", ".join(tag(child) for child in definition) or "nothing"
            self._fail(f"the function {name!r} holds {kinds}; only gridded tables are read")
            raise AssertionError
        values = self._floats(first(table, "dataTable"), table)
        lists = first(table, "breakpointRefs")
        keys = [e.get("bpID", "") for e in named(lists, "bpRef")] if lists is not None else []
        references = list(named(element, "independentVarRef"))
        missing = [key for key in keys if key not in self.points]
        if missing or len(references) != len(keys):
            self._fail(f"the table of {name!r} has breakpoints {keys} for {len(references)} variables")
        axes = tuple(self._axis(r, self.points[k], name) for r, k in zip(references, keys, strict=True))
        wanted = int(np.prod([len(axis.points) for axis in axes]))
        if len(values) != wanted:
            self._fail(f"the table of {name!r} holds {len(values)} values; its breakpoints want {wanted}")
        grid = Grid(axes, np.array(values))
        variables = [axis.variable for axis in axes]
        return (lambda known: grid.at([known[v] for v in variables])), frozenset(variables)

    def _axis(self, reference: Element, points: tuple[float, ...], name: str) -> Axis:
        if len(points) < 2 or any(b <= a for a, b in pairwise(points)):
            self._fail(f"breakpoints of {name!r} do not increase")
        rule, line = reference.get("extrapolate", "neither"), reference.get("interpolate", "linear")
        if rule not in EXTRAPOLATE or line != "linear":
            self._fail(f"{name!r}: extrapolate={rule!r}, interpolate={line!r} is not read",
                       f"Known: {', '.join(EXTRAPOLATE)}; linear.")  # fmt: skip
        below, above = EXTRAPOLATE[rule]
        return Axis(reference.get("varID", ""), points, below, above,
                    self._float(reference, "min"), self._float(reference, "max"))  # fmt: skip

    def _needed(self, variable: Variable, found: dict[str, Variable]) -> None:
        for key in sorted(variable.needs - found.keys()):
            self._fail(f"{variable.key} needs {key!r}, which is no variable")
        if variable.function is None and not variable.is_input and variable.initial is None:
            self._fail(f"{variable.key} has no value: no calculation, no table, no initialValue, and it is no input")

    def _ordered(self, found: dict[str, Variable]) -> dict[str, Variable]:
        """Each after what it needs."""
        done: dict[str, Variable] = {}
        waiting = list(found.values())
        while waiting:
            ready = [v for v in waiting if v.needs <= done.keys()]
            if not ready:
                self._fail(f"variables need each other in a ring: {', '.join(v.key for v in waiting[:5])}")
            done.update((v.key, v) for v in ready)
            waiting = [v for v in waiting if v.key not in done]
        return done

    def _cases(self, variables: dict[str, Variable]) -> Iterator[CheckCase]:
        by_name = {v.name: v for v in variables.values()}
        for shot in (e for data in named(self.root, "checkData") for e in named(data, "staticShot")):
            inputs, expected = {}, []
            for part in shot:
                for signal in named(part, "signal"):
                    variable, value, tolerance = self._signal(signal, variables, by_name, shot.get("name", ""))
                    if tag(part) == "checkInputs":
                        inputs[variable.name] = value
                    else:
                        expected.append(Expected(variable.key, value, tolerance))
            yield CheckCase(shot.get("name", ""), inputs, tuple(expected))

    def _signal(
        self, signal: Element, by_key: dict[str, Variable], by_name: dict[str, Variable], case: str
    ) -> tuple[Variable, float, float]:
        said = {tag(child): (child.text or "").strip() for child in signal}
        called = said.get("signalName") or said.get("varID") or said.get("signalID") or ""
        variable = by_name.get(called) or by_key.get(called)
        if variable is None:
            self._fail(f"check case {case!r} names {called!r}, which is no variable")
            raise AssertionError
        units = said.get("signalUnits")
        if units is not None and units != variable.units:
            self._fail(f"check case {case!r} gives {variable.name} in {units!r}; the variable is in {variable.units!r}")
        try:
            return variable, float(said["signalValue"]), float(said.get("tol") or 1e-6)
        except (KeyError, ValueError):
            self._fail(f"check case {case!r}: {variable.name} has no value that is a number")
            raise
