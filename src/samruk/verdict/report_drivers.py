"""What drives a flight, drawn as ranked bars and written as a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from samruk.verdict import labels
from samruk.verdict.paper import Figure as Picture
from samruk.verdict.paper import Paper
from samruk.verdict.wording import DASH, number, sentence

if TYPE_CHECKING:
    from samruk.verdict.sensitivity import Driver, Figure, Sensitivity

SHOWN = 12
"""Drivers drawn."""
ROW, BAR, TOP = 19.0, 9.0, 34.0
"""px: a line, its bar, the head."""
SIZES = {"full": (1040, 190.0, 2), "phone": (390, 132.0, 1)}
"""px of paper, px of names, panels side by side."""
VALUES = 62.0
"""px at the right of a panel for its values."""
UNIT_WORDS = {"1": "", "m2": "m²", "m_s": "m/s", "k": "K", "kw": "kW", "w": "W", "per_rad": "1/rad", "kg_m2": "kg m²",
              "deg": "°", "kg_m3": "kg/m³"}  # fmt: skip


def pictures(found: Sensitivity) -> list[Picture]:
    """Ranked bars in both widths: a panel for each figure, at most two."""
    return [_picture(found, size) for size in SIZES]


def _picture(found: Sensitivity, size: str) -> Picture:
    """One width."""
    width, names, panels = SIZES[size]
    paper, drivers = Paper(width, f"d{size[0]}"), found.drivers[:SHOWN]
    for k, driver in enumerate(drivers):
        y = TOP + ROW * k + 0.5 * ROW + 4.0
        paper.text(0.0, y, labels.clipped(driver.name, names - 8.0))
    each = (width - names) / panels
    for k, figure in enumerate(found.figures[:panels]):
        _panel(paper, names + k * each, each - (24.0 if panels > 1 else 0.0), figure, drivers)
    strongest = ", ".join(f"{d.name} {signed(d.effect(found.figures[0].key))}" for d in drivers[:3])
    title = f"What drives {found.flight}"
    told = f"{sentence(found.figures[0].name)} in {found.figures[0].unit} per standard deviation: {strongest}."
    return paper.figure(TOP + ROW * len(drivers) + 6.0, title, told)


def _panel(paper: Paper, left: float, width: float, figure: Figure, drivers: Sequence[Driver]) -> None:
    """Bars of one figure about a line of zero; a dot where flights were flown again."""
    key = figure.key
    most = max((max(abs(d.per_spread[key]), abs(d.effect(key))) for d in drivers), default=0.0) or 1.0
    middle, half = left + 0.5 * (width - VALUES), 0.5 * (width - VALUES) - 4.0
    head = labels.clipped(f"{sentence(figure.name)}: {number(figure.value, 1)} {figure.unit}", width, bold=True)
    paper.text(left, 12.0, head, bold=True)
    paper.text(left, 26.0, labels.clipped(f"{figure.unit} per standard deviation", width), "ink2")
    bottom = TOP + ROW * len(drivers)
    for k, driver in enumerate(drivers):
        y, slope = TOP + ROW * k + 0.5 * ROW, driver.per_spread[key]
        long = half * abs(slope) / most
        paper.rect(middle - (long if slope < 0.0 else 0.0), y - 0.5 * BAR, max(long, 0.5), BAR, "auto")
        if key in driver.flown_again:
            paper.dot(middle + half * driver.flown_again[key] / most, y, "ink", 3.0)
        paper.text(left + width, y + 4.0, signed(driver.effect(key)), anchor="e", bold=k == 0)
    paper.line(middle, TOP - 2.0, middle, bottom, "ink2", 1.0)


def signed(value: float) -> str:
    """A change with its sign, to two digits or so."""
    size = abs(value)
    return number(value, 1 if size >= 1.0 else 2 if size >= 0.095 else 3, sign=True)


def table(found: Sensitivity) -> str:
    """The same in numbers, all drivers, with what they stand on."""
    first = found.figures[0]
    heads = ["Number", "Standard deviation"]
    for figure in found.figures:
        heads += [f"{figure.unit} per unit", f"{figure.unit} per deviation", "flown again"]
    heads += ["Share of variance"]
    rows = "".join(_line(driver, found.figures) for driver in found.drivers)
    spreads = "; ".join(
        f"{escape(f.name)} {number(f.value, 1)} ± {number(found.deviation[f.key], 1)} {f.unit}" for f in found.figures
    )
    bent = [d.name for d in found.drivers if any(d.straight(f.key) is False for f in found.figures)]
    return (
        f"<p>{sentence(spreads)}: one standard deviation, if the numbers were independent and their effects straight. "
        f"Ranked by {escape(first.name)}. {found.left_out} further numbers made up "
        f"{number(100.0 * found.left_out_share, 1)} % of the variance of fuel over the first half hour.</p>"
        + (f'<p>Not straight over its spread: {escape(", ".join(bent))}; there the flights flown again count.</p>'
           if bent else "")
        + '<div class="scroll"><table class="small"><thead><tr>'
        + "".join(f"<th>{escape(head)}</th>" for head in heads)
        + f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )  # fmt: skip


def _line(driver: Driver, figures: Sequence[Figure]) -> str:
    """One driver."""
    unit = UNIT_WORDS.get(driver.unit, driver.unit)
    cells = [f'<td title="{escape(driver.source, quote=True)}">{escape(driver.name)}</td>',
             f"<td>{driver.spread:.3g} {escape(unit)}</td>"]  # fmt: skip
    for figure in figures:
        again = driver.flown_again.get(figure.key)
        cells += [f"<td>{_slope(driver.slopes[figure.key])}</td>"]
        cells += [f"<td>{signed(driver.per_spread[figure.key])}</td>"]
        cells += [f"<td>{DASH if again is None else signed(again)}</td>"]
    return f"<tr>{''.join(cells)}<td>{number(100.0 * driver.share, 1)} %</td></tr>"


def _slope(value: float) -> str:
    """A derivative to three digits, large ones whole."""
    return number(value) if abs(value) >= 1000.0 else f"{value:.3g}".replace("-", "−")


SHEET = (
    ".scroll{overflow-x:auto}.scroll table{border-collapse:collapse;margin-top:6px;font-variant-numeric:tabular-nums}"
    ".scroll th,.scroll td{text-align:right;padding:2.5px 9px;vertical-align:bottom;"
    "border-bottom:1px solid var(--rule)}"
    ".scroll th{font-weight:600;color:var(--ink2)}.scroll th:first-child,.scroll td:first-child{text-align:left}"
)
"""Style of the table."""
