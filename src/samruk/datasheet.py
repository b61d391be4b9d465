"""An aircraft's numbers as people read them: value, unit, spread, grade and source of each."""

from __future__ import annotations

import ast
import functools
import inspect
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, get_type_hints

from rich.console import Console
from rich.table import Table
from rich.text import Text

from samruk import units
from samruk.aircraft import GRADES, Aircraft, AircraftDefinition, Source, parts

TITLES = {
    "geometry": "Geometry",
    "mass": "Mass and inertia",
    "aero": "Aerodynamics",
    "engine": "Engine",
    "propeller": "Propeller",
    "gear": "Landing gear",
    "actuators": "Actuators",
    "electric": "Electric",
    "ice": "Ice protection",
    "thermal": "Heat",
    "structure": "Structure",
    "sensors": "Sensors (one standard deviation)",
    "radio": "Links",
}

SYMBOLS = {
    "1": "",
    "m2": "m²",
    "m_s": "m/s",
    "m_s2": "m/s²",
    "km_h": "km/h",
    "um": "µm",
    "kg_m2": "kg m²",
    "n_m": "N/m",
    "n_s_m": "N s/m",
    "pa": "Pa",
    "hpa": "hPa",
    "kpa": "kPa",
    "w": "W",
    "kw": "kW",
    "w_k": "W/K",
    "w_m2": "W/m²",
    "j": "J",
    "j_k": "J/K",
    "j_kg": "J/kg",
    "j_kg_k": "J/(kg K)",
    "kwh": "kWh",
    "k": "K",
    "c": "°C",
    "hz": "Hz",
    "ghz": "GHz",
    "rpm": "rev/min",
    "rad_s": "rad/s",
    "deg": "°",
    "deg_s": "°/s",
    "per_rad": "1/rad",
    "per_rad2": "1/rad²",
    "per_deg": "1/°",
    "per_s": "1/s",
    "m_s2_per_sqrt_hz": "m/s²/√Hz",
    "rad_s_per_sqrt_hz": "rad/s/√Hz",
    "db": "dB",
    "dbm": "dBm",
    "pct": "%",
}
"""Suffix of a key -> unit as printed; a suffix not named prints as it is."""

MARKS = {"published": "●", "derived": "◐", "estimated": "○"}
WIDE = 170
"""Columns from which the meaning of each number has room."""
PLAIN_WIDTH = 140
"""Columns where the output is no terminal."""


@dataclass(frozen=True)
class Row:
    """One number of an aircraft, in the unit of its file."""

    group: str
    name: str
    meaning: str
    value: float
    unit: str
    spread: float
    """One standard deviation, absolute, in the same unit."""
    grade: str
    source: str


def describe(definition: AircraftDefinition) -> list[Row]:
    """Every number of an aircraft in the order of its groups."""
    return [_row(path, source) for path, source in definition.sources.items()]


def _row(path: str, source: Source) -> Row:
    group, _, name = path.partition(".")
    factor = units.SUFFIXES[source.unit][0]
    spread = source.spread * (abs(source.value) or 1.0) / factor
    value = units.to_outside(source.value, source.unit)
    return Row(group, name, meanings()[path], value, SYMBOLS.get(source.unit, source.unit), spread, source.grade,
               source.source)  # fmt: skip


@functools.cache
def meanings() -> dict[str, str]:
    """Dotted path of each leaf -> what it is, from the words under the field."""
    tree = ast.parse(inspect.getsource(parts))
    classes = {node.name: _field_words(node) for node in tree.body if isinstance(node, ast.ClassDef)}
    return {
        f"{group}.{name}": words
        for group, kind in get_type_hints(Aircraft).items()
        for name, words in classes[kind.__name__].items()
    }


def _field_words(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for item, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and isinstance(after, ast.Expr):
            found[item.target.id] = " ".join(str(ast.literal_eval(after.value)).split())
    return found


OUTSIDE = ("name", "kind", "mass", "place, forward, right, down", "length, diameter", "drag area", "source")
"""Columns of what hangs outside."""


def outside(definition: AircraftDefinition) -> list[tuple[str, ...]]:
    """What hangs outside, body by body, as print gives it."""
    return [
        (store.name, store.kind, f"{store.mass:g} kg",
         ", ".join(figure(v, 3) for v in (store.x, store.y, store.z)) + " m",
         f"{store.length:g} m, {store.diameter:g} m", f"{store.drag_area:g} m²", store.source)
        for store in definition.stores
    ]  # fmt: skip


def as_json(definition: AircraftDefinition) -> dict[str, Any]:
    """The data sheet for programs."""
    rows = describe(definition)
    return {
        "name": definition.name,
        "title": definition.title,
        "description": definition.description,
        "grades": {grade: sum(row.grade == grade for row in rows) for grade in GRADES},
        "engine": definition.engine,
        "numbers": [asdict(row) for row in rows],
        "stores": [asdict(store) for store in definition.stores],
    }


def show(definition: AircraftDefinition, console: Console | None = None) -> None:
    """Print the data sheet."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    rows = describe(definition)
    counts = Counter(row.grade for row in rows)
    console.print(Text(definition.title, style="bold"))
    console.print(Text(definition.description))
    known = ", ".join(f"{MARKS[grade]} {counts[grade]} {grade}" for grade in GRADES)
    console.print(Text(f"{len(rows)} numbers: {known}. ± is one standard deviation.", style="dim"))
    for group, title in TITLES.items():
        console.print()
        console.print(Text(title, style="bold"))
        console.print(_table([row for row in rows if row.group == group], console.width >= WIDE))
    if definition.stores:
        console.print()
        console.print(Text("Outside", style="bold"))
        console.print(_outside_table(definition))


def _outside_table(definition: AircraftDefinition) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in OUTSIDE:
        table.add_column(name, no_wrap=name != "source")
    for cells in outside(definition):
        table.add_row(*map(Text, cells))
    return table


def _table(rows: list[Row], wide: bool) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=22, no_wrap=True)
    table.add_column(width=10, justify="right", no_wrap=True)
    table.add_column(width=10, no_wrap=True)
    table.add_column(width=9, no_wrap=True, style="dim")
    table.add_column(width=1)
    if wide:
        table.add_column(ratio=2)
    table.add_column(ratio=3, style="dim")
    for row in rows:
        spread = f"± {figure(row.spread, 2)}" if row.spread else ""
        words = (row.meaning, row.source) if wide else (row.source,)
        table.add_row(*map(Text, (row.name, figure(row.value, 6), row.unit, spread, MARKS[row.grade], *words)))
    return table


def figure(value: float, digits: int) -> str:
    """A number at so many significant digits, true minus, a space in thousands."""
    rounded = float(f"{value:.{digits}g}")
    small = rounded != 0.0 and abs(rounded) < 1e-3
    text = f"{rounded:.6g}" if small or abs(rounded) < 1e4 else f"{rounded:,.0f}".replace(",", " ")
    return text.replace("e-0", "e-").replace("-", "−")
