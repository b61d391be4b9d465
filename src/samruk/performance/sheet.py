"""The sheet of an aircraft's performance: what comes out, its interval, what is published, and what drives the miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from samruk import units
from samruk.aircraft import AircraftDefinition
from samruk.aircraft.published import FIGURES, Figure, Published
from samruk.performance import spreads
from samruk.performance.spreads import Spread

PLAIN_WIDTH = 150
"""Columns where the output is no terminal."""
UNITS = {"m_s": "m/s"}
DASH = "–"


@dataclass(frozen=True)
class Row:
    """One figure."""

    name: str
    spread: Spread
    """SI."""
    published: Figure | None

    @property
    def unit(self) -> str:
        """Suffix of the unit of print."""
        return FIGURES[self.name][0]

    @property
    def words(self) -> str:
        """What it is."""
        return FIGURES[self.name][1]

    def shown(self, value: float) -> float:
        """A value of this figure in its unit of print."""
        return float(units.to_outside(value, self.unit))

    @property
    def miss(self) -> float | None:
        """Median over the published figure, less 1; None where nothing is published."""
        return None if self.published is None else self.spread.median / self.published.value - 1.0

    @property
    def inside(self) -> bool | None:
        """Whether the published figure lies in the interval; what was said to be passed may lie below it."""
        if self.published is None:
            return None
        above = self.published.at_least or self.spread.low <= self.published.value
        return above and self.published.value <= self.spread.high


@dataclass(frozen=True)
class Sheet:
    """Performance of one aircraft."""

    title: str
    name: str
    engine: str
    loiter_height: float
    """m."""
    samples: int
    fuel: Spread
    """kg at take-off."""
    rows: tuple[Row, ...]


def performance(definition: AircraftDefinition, published: Published, samples: int = spreads.SAMPLES) -> Sheet:
    """Reckon the sheet: some seconds.

    Args:
        definition: the aircraft.
        published: figures to set beside, and the loiter height.
        samples: aircraft drawn within the spreads.
    """
    found = spreads.figures(definition, published.loiter_height, samples)
    rows = tuple(Row(name, found[name], published.of(name, definition.engine)) for name in FIGURES)
    return Sheet(
        definition.title, definition.name, definition.engine, published.loiter_height, samples, found["fuel"], rows
    )


def as_json(sheet: Sheet) -> dict[str, Any]:
    """The sheet for programs, in units of print."""
    return {
        "aircraft": sheet.name, "title": sheet.title, "engine": sheet.engine, "samples": sheet.samples,
        "loiter_height_m": sheet.loiter_height, "fuel_kg": sheet.fuel.nominal,
        "figures": [_row_json(row) for row in sheet.rows],
    }  # fmt: skip


def _row_json(row: Row) -> dict[str, Any]:
    s, published = row.spread, row.published
    return {
        "name": row.name, "unit": row.unit, "nominal": row.shown(s.nominal), "median": row.shown(s.median),
        "low_5_pct": row.shown(s.low), "high_95_pct": row.shown(s.high), "half_width": s.half_width,
        "published": None if published is None else row.shown(published.value),
        "published_source": None if published is None else published.source,
        "miss": row.miss, "inside": row.inside, "explained": s.explained,
        "drivers": [{"path": d.path, "share": d.share, "sign": d.sign} for d in s.drivers],
    }  # fmt: skip


def text(row: Row, value: float) -> str:
    """A value as print gives it."""
    shown = row.shown(value)
    return f"{shown:.1f}" if row.unit in ("h", "kt", "m_s") else f"{round(shown, -1):,.0f}".replace(",", " ")


def percent(value: float | None) -> str:
    """A signed percentage with a true minus; a dash for none."""
    return DASH if value is None else f"{100.0 * value:+.0f} %".replace("-", "−")


def drivers(row: Row) -> str:
    """The five drivers as one line."""
    return ", ".join(f"{d.path} {'+' if d.sign > 0 else '−'}{100.0 * d.share:.0f} %" for d in row.spread.drivers)


def show(sheet: Sheet, console: Console | None = None) -> None:
    """Print the sheet."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    console.print(Text(sheet.title, style="bold"))
    console.print(Text(said(sheet), style="dim"))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in ("figure", "unit", "median", "5 %", "95 %", "±", "published", "miss", ""):
        right = name in ("median", "5 %", "95 %", "±", "published", "miss")
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    for row in sheet.rows:
        table.add_row(*map(Text, cells(row)))
    console.print(table)
    console.print()
    console.print(Text("What drives each figure: part of its variance, and whether more of it is more", style="bold"))
    for row in sheet.rows:
        console.print(Text(f"{row.words}: "), Text(drivers(row), style="dim"), sep="")


def said(sheet: Sheet) -> str:
    """One line on how it was reckoned."""
    height = f"{sheet.loiter_height / units.FOOT:,.0f} ft"
    return (
        f"{sheet.samples} aircraft drawn within the spreads; standard day, greatest take-off mass with full payload "
        f"and {sheet.fuel.nominal:.0f} kg of fuel, loiter at {height}, 45 minutes left."
    )


def cells(row: Row) -> tuple[str, ...]:
    """One row of the table."""
    s = row.spread
    inside = "" if row.inside is None else ("inside" if row.inside else "outside")
    if row.published is not None and row.inside and row.published.at_least and row.published.value < s.low:
        inside = "passed"
    published = DASH if row.published is None else text(row, row.published.value)
    return (row.words, UNITS.get(row.unit, row.unit), text(row, s.median), text(row, s.low), text(row, s.high),
            f"{100.0 * s.half_width:.0f} %", published, percent(row.miss), inside)  # fmt: skip
