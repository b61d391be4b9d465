"""Tables of a JSBSim file, in one to three variables: linear between breakpoints, held outside them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from samruk.frames import Scalar
from samruk.jsbsim_file.text import refused
from samruk.lazy import jnp
from samruk.tables import lookup, to_int


@dataclass(frozen=True)
class Grid:
    """A table in one or two variables; its values stand row by row in the aircraft's array."""

    rows: tuple[float, ...]
    """Increasing breakpoints of the first variable."""
    columns: tuple[float, ...]
    """Those of the second; empty where there is none."""
    start: int
    """Place of the breakpoints of the rows in the array; those of the columns and the values follow."""


@dataclass(frozen=True)
class Stack:
    """Grids at increasing values of a third variable."""

    levels: tuple[float, ...]
    grids: tuple[Grid, ...]


def read(element: Element, data: list[float]) -> tuple[dict[str, str], Grid | Stack]:
    """A table of a file; its numbers are added to `data`.

    Returns:
        The variables by their place (row, column, table), and the table.
    """
    variables = {}
    for variable in element.findall("independentVar"):
        variables[variable.get("lookup", "row")] = (variable.text or "").strip()
    blocks = element.findall("tableData")
    known = [("row",), ("row", "column"), ("row", "column", "table")]
    if tuple(sorted(variables)) not in {tuple(sorted(names)) for names in known} or not blocks:
        raise refused(element, f"a table over ({', '.join(variables)}); known are row, column and table")
    if "table" not in variables:
        return variables, _grid(blocks[0], "column" in variables, data)
    levels = tuple(float(block.get("breakPoint", "nan")) for block in blocks)
    _check_rising(element, levels)
    return variables, Stack(levels, tuple(_grid(block, True, data) for block in blocks))


def _grid(block: Element, two: bool, data: list[float]) -> Grid:
    """The numbers of one <tableData>."""
    try:
        lines = [[float(word) for word in line.split()] for line in (block.text or "").splitlines() if line.strip()]
    except ValueError as trouble:
        raise refused(block, str(trouble)) from None
    columns = tuple(lines.pop(0)) if two and lines else ()
    width = 1 + (len(columns) if two else 1)
    if not lines or any(len(line) != width for line in lines):
        raise refused(block, f"its lines must hold {width} numbers each")
    rows = tuple(line[0] for line in lines)
    for breakpoints in (rows, columns):
        _check_rising(block, breakpoints)
    grid = Grid(rows, columns, len(data))
    data.extend((*rows, *columns, *(value for line in lines for value in line[1:])))
    return grid


def _check_rising(element: Element, breakpoints: tuple[float, ...]) -> None:
    if any(not low < high for low, high in pairwise(breakpoints)):
        raise refused(element, "its breakpoints do not increase")


def at(table: Grid | Stack, x: Scalar, y: Scalar, z: Scalar, data: Any) -> Scalar:
    """Value of a table.

    Args:
        table: which.
        x: the row variable.
        y: the column variable, for two and three; else None.
        z: the table variable, for three; else None.
        data: the aircraft's array, float64.
    """
    if isinstance(table, Grid):
        return _at_grid(table, x, y, data)
    values = [_at_grid(grid, x, y, data) for grid in table.grids]
    total = values[0]
    for low, high, a, b in zip(table.levels, table.levels[1:], values, values[1:], strict=False):
        total = total + (b - a) * jnp.clip((z - low) / (high - low), 0.0, 1.0)
    return total


def _at_grid(grid: Grid, x: Scalar, y: Scalar, data: Any) -> Scalar:
    row, down = _between(grid.rows, grid.start, x, data)
    across = len(grid.columns)
    values = grid.start + len(grid.rows) + across
    if not across:
        return _mixed(values + row, 1, down, len(grid.rows), data)
    column, right = _between(grid.columns, grid.start + len(grid.rows), y, data)
    first = values + row * across + column
    below = first + (across if len(grid.rows) > 1 else 0)
    upper, lower = (_mixed(place, 1, right, across, data) for place in (first, below))
    return upper + (lower - upper) * down


def _mixed(place: Scalar, step: int, part: Scalar, count: int, data: Any) -> Scalar:
    """Linear between an element and its neighbour, if there is more than one."""
    here = lookup(data, place)
    return here if count == 1 else here + (lookup(data, place + step) - here) * part


def _between(breakpoints: tuple[float, ...], start: int, x: Scalar, data: Any) -> tuple[Scalar, Scalar]:
    """Index of the breakpoint below x, and the part of the way to the next, 0..1."""
    index = 0 * to_int(x)
    if len(breakpoints) == 1:
        return index, 0.0 * x
    for value in breakpoints[1:-1]:
        index = index + to_int(x >= value)
    low, high = lookup(data, start + index), lookup(data, start + 1 + index)
    return index, jnp.clip((x - low) / (high - low), 0.0, 1.0)
