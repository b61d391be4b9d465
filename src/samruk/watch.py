"""What a person sees in the terminal while flights fly: one strip per flight, and a line as each ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from samruk.messages import Mode

BLOCKS = " ▁▂▃▄▅▆▇█"
TITLES = (
    ("", False), ("height, dim by night", False), ("at", True), ("mode", False), ("ice kg", True),
    ("above stall %", True), ("link dB", True), ("fuel kg", True),
)  # fmt: skip
"""Columns, and whether their figures stand at the right."""
WIDTH = 28
"""Columns of a strip."""


@dataclass
class Row:
    """One flight while it flies."""

    name: str
    heights: list[float] = field(default_factory=list)
    dark: list[bool] = field(default_factory=list)
    cells: tuple[str, ...] = ("", "", "", "", "", "")
    ended: bool = False


class Watch:
    """Live strips on a terminal; plain lines when the output is not one.

    Args:
        console: where to write.
        names: the flights, in lane order.
        hours: expected length of a flight, for the scale of the strip.
        ceiling: m, full scale of height.
    """

    def __init__(self, console: Console, names: Sequence[str], hours: float, ceiling: float) -> None:
        self.console, self.hours, self.ceiling = console, hours, ceiling
        self.rows = [Row(name) for name in names]
        self.live = Live(self._table(), console=console, refresh_per_second=8, transient=True)
        self.quiet = not console.is_terminal

    def __enter__(self) -> Watch:
        if not self.quiet:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self.quiet:
            self.live.stop()

    def __call__(self, now: int, lanes: Sequence[int], frame: dict[str, np.ndarray[Any, Any]]) -> None:
        """Take the latest frame of the lanes still flying."""
        for k, lane in enumerate(lanes):
            if lane < len(self.rows) and not self.rows[lane].ended:
                self._take(self.rows[lane], now, {name: float(values[k]) for name, values in frame.items()})
        if not self.quiet:
            self.live.update(self._table())

    def _take(self, row: Row, now: int, f: dict[str, float]) -> None:
        """One flight's latest numbers."""
        row.heights.append(f["height"] if math.isfinite(f["height"]) else 0.0)
        row.dark.append(f["sun_elevation"] < -0.1047)
        margin = max(f["los_margin"], f["satellite_margin"])
        row.cells = (
            f"{now / 3600.0:.1f} h",
            Mode(int(f["mode"])).name.replace("_", " ").lower(),
            f"{f['ice']:.1f}",
            f"{100.0 * f['stall_margin']:.0f}" if f["on_ground"] == 0.0 else "–",
            f"{margin:.0f}" if f["link_up"] else "none",
            f"{f['fuel']:.0f}",
        )
        row.ended = bool(f["over"])

    def _table(self) -> Table:
        """The strips as a table."""
        table = Table(box=None, pad_edge=False, header_style="dim")
        for title, right in TITLES:
            table.add_column(title, justify="right" if right else "left", no_wrap=True)
        for row in self.rows:
            table.add_row(escape(row.name), self._strip(row), *row.cells)
        return table

    def _strip(self, row: Row) -> str:
        """Height over time as blocks; night is dim."""
        if not row.heights:
            return " " * WIDTH
        per_sample = self.hours / WIDTH
        step = max(1, round(per_sample / 0.25))
        cells = []
        for k in range(0, len(row.heights), step):
            level = max(row.heights[k : k + step]) / self.ceiling
            block = BLOCKS[min(len(BLOCKS) - 1, max(0, round(level * (len(BLOCKS) - 1))))]
            cells.append(f"[dim]{block}[/]" if row.dark[k] else block)
        return "".join(cells[-WIDTH:]) + " " * max(0, WIDTH - len(cells))


def progress_bar(console: Console, text: str, total: float) -> Progress:
    """A bar for work without a picture of its own."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=28), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    bar.add_task(text, total=total)
    return bar
