"""The checks against the outside world: published flights, standards and measurements.

Everything is computed when asked: nothing here is a stored result but the authorities' own figures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
from rich.console import Console
from rich.table import Table
from rich.text import Text

from samruk.verify import air, airframe, boots, calibration, globe, hills, icing, nesc, page, warmth, waves, wet, winds
from samruk.verify.check import Check
from samruk.verify.published import Compared, compare, fall_checks, field_checks, performance_checks

__all__ = ["Check", "Verification", "run", "show", "write"]
PLAIN_WIDTH = 160
"""Columns where the output is no terminal."""


@dataclass(frozen=True)
class Verification:
    """All checks, and the falls that pictures show."""

    checks: tuple[Check, ...]
    falls: tuple[Compared, ...]

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """The table for programs."""
        return {"checks": [check.as_json() for check in self.checks]}


def run() -> Verification:
    """Compute every check; about half a minute on one core."""
    with jax.enable_x64(True):
        falls = compare()
        flown = [check for found in falls for check in fall_checks(found)]
        rest = [*nesc.checks(), *field_checks(), *globe.checks(), *air.checks(), *winds.checks(), *icing.checks(),
                *calibration.checks(), *boots.checks(), *warmth.checks(), *waves.checks(), *wet.checks(),
                *airframe.checks(), *hills.checks(), *performance_checks()]  # fmt: skip
    return Verification((*flown, *rest), tuple(falls))


def show(found: Verification, console: Console | None = None) -> None:
    """Print the table and what it adds up to."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name, justify in (("check", "left"), ("ours", "right"), ("limit", "right"), ("", "left"), ("", "left")):
        table.add_column(name, justify=justify, no_wrap=name in ("ours", "limit"))  # type: ignore[arg-type]
    table.add_column("authority", style="dim")
    for check in found.checks:
        word = Text("holds") if check.passed else Text("fails", style="bold red")
        ours, limit = page.figure(check.figure), page.figure(check.limit)
        table.add_row(*map(Text, (check.name, ours, limit, page.unit(check))), word, Text(check.authority))
    console.print(table)
    console.print()
    console.print(Text(page.answer(found.checks), style="bold"))


def write(found: Verification, folder: Path) -> list[Path]:
    """Write the page and the table as files into a folder."""
    files = {"verify.html": page.write(found.checks, found.falls), "verify.json": json.dumps(found.as_json(), indent=1)}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]
