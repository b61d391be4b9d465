"""What came of a campaign: a table in words and figures, and a page with every touch of the wheels on its runway."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from samruk.landings.campaign import Campaign
from samruk.verdict.report_sheet import SHEET
from samruk.verdict.theme import page_sheet
from samruk.verdict.wording import DASH

COLUMNS: tuple[tuple[str, str, str, int], ...] = (
    ("sink", "sink, m/s", "50 95 100", 2),
    ("past", "past threshold, m", "5 50 95", 0),
    ("off", "off centreline, m", "50 95 100", 1),
    ("roll", "roll, m", "50 95", 0),
    ("run", "take-off run, m", "50 95", 0),
    ("ground", "off on the ground, m", "95 100", 1),
)
"""Figure, heading, percentiles (100 is the largest) and decimals."""

LONG, WIDE, LEFT, TOP = 900.0, 50.0, 36, 16
"""m of runway drawn from the threshold, m of width drawn; px of margin."""
WIDTH, HEIGHT = 460, 120
RUNWAY_WIDTH = 45.0
"""m, of an instrument runway of code 4 (ICAO Annex 14, 3.1.10)."""

PAGE = """
.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:12px 22px;margin-top:10px}
.grid svg{display:block;width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:12px;margin-top:6px}
th{text-align:right;font-weight:400;color:var(--ink2)}
th:first-child,td:first-child{text-align:left}
th,td{padding:2.5px 14px 2.5px 0;border-bottom:1px solid var(--rule);vertical-align:baseline;text-align:right;
font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto}
@media screen and (max-width:720px){.grid{grid-template-columns:minmax(0,1fr)}}
"""


def as_json(found: Sequence[Campaign]) -> dict[str, Any]:
    """The campaign for programs: every case with its percentiles."""
    return {"cases": [_case_json(campaign) for campaign in found]}


def _case_json(campaign: Campaign) -> dict[str, Any]:
    figures = {
        f"{name}_{'m_s' if name == 'sink' else 'm'}": {
            f"p{part}": _plain(value) for part, value in zip(parts.split(), _parts(campaign, name, parts), strict=True)
        }
        for name, _, parts, _ in COLUMNS
    }
    return {
        "name": campaign.case.name, "wind_kt": campaign.case.speed_kt, "from_runway_deg": campaign.case.off,
        **_counts(campaign), **figures,
    }  # fmt: skip


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _counts(campaign: Campaign) -> dict[str, int]:
    """How many flights, and how they ended."""
    flights = campaign.landings
    return {
        "flights": len(flights),
        "landed": sum(flight.stopped for flight in flights),
        "refused": sum(flight.refused for flight in flights),
        "damaged": sum(flight.damage != 0 for flight in flights),
        "went_around": sum(flight.went_around for flight in flights),
    }


def _parts(campaign: Campaign, name: str, parts: str) -> list[float]:
    """Percentiles of a column."""
    numbers = [float(part) for part in parts.split()]
    if name in ("off", "ground"):
        values = (
            np.abs(campaign.column("right")) if name == "off"
            else np.append(campaign.column("take_off_off"), campaign.column("roll_off"))
        )  # fmt: skip
        return [float(np.percentile(values, part)) if values.size else math.nan for part in numbers]
    return campaign.percentile(name, *numbers)


def rows(found: Sequence[Campaign]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of the table."""
    head = ["wind at 10 m", "landed", "went around"]
    head += [f"{title} ({_parts_told(parts)})" for _, title, parts, _ in COLUMNS]
    return head, [_row(campaign) for campaign in found]


def _parts_told(parts: str) -> str:
    return ", ".join("most" if part == "100" else f"{part} %" for part in parts.split())


def _row(campaign: Campaign) -> list[str]:
    counts, case = _counts(campaign), campaign.case
    name = case.name if not case.speed_kt else f"{case.name}, {case.speed_kt:.0f} kt"
    cells = [name, f"{counts['landed']} of {counts['flights']}", str(counts["went_around"])]
    for column, _, parts, decimals in COLUMNS:
        values = _parts(campaign, column, parts)
        cells.append(" / ".join(f"{value:.{decimals}f}" if math.isfinite(value) else DASH for value in values))
    return cells


def table(found: Sequence[Campaign]) -> str:
    """The table as text: one block to a case."""
    head, cells = rows(found)
    width = max(len(word) for word in head)
    blocks = ["\n".join(f"{word:{width}}  {cell}" for word, cell in zip(head, row, strict=True)) for row in cells]
    return "\n\n".join(blocks)


def answer(found: Sequence[Campaign], hardest: float) -> str:
    """One sentence: how many landed, and the hardest against what the legs bear."""
    counts = [_counts(campaign) for campaign in found]
    landed, flights = (sum(count[name] for count in counts) for name in ("landed", "flights"))
    sink = max((campaign.percentile("sink", 100.0)[0] for campaign in found), default=math.nan)
    return (
        f"{landed} of {flights} flights took off, landed and stopped unharmed; the hardest met the runway at "
        f"{sink:.1f} m/s, and the legs bear {hardest:.1f} m/s."
    )


def write(found: Sequence[Campaign], aircraft: str, hardest: float) -> str:
    """The page as one HTML file.

    Args:
        found: the campaigns.
        aircraft: its title.
        hardest: m/s of sink that the landing gear bears.
    """
    head, cells = rows(found)
    heads = "".join(f"<th>{escape(word)}</th>" for word in head)
    body_rows = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells)
    pictures = "".join(_picture(campaign) for campaign in found)
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{word}</span></label>"
        for key, word in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    body = (
        f'<header>\n<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>\n<h1>Landings</h1>\n'
        f'<p class="mission">{escape(aircraft)}: a circuit flown under many seeds in each wind</p>\n'
        f'<div class="answer"><p>{escape(answer(found, hardest))}</p></div>\n</header>\n'
        '<section><h2>First touch</h2>\n<p class="dim">Each dot is where a flight first touched, seen from above and '
        "drawn four times as wide as long. The band is a runway 45 m wide; the landing is from the left.</p>\n"
        f'<div class="grid">{pictures}</div></section>\n'
        '<section><h2>Figures</h2>\n<p class="dim">Percentiles over the seeds of one wind. Turbulence is that of '
        "MIL-F-8785C for the same wind.</p>\n"
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{body_rows}\n</tbody></table></div>'
        "</section>"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>Landings</title>\n<style>{page_sheet(body)}{SHEET}{PAGE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _picture(campaign: Campaign) -> str:
    """Touches of one case on the runway."""
    scale = (WIDTH - LEFT - 8) / LONG
    middle = TOP + (HEIGHT - TOP - 16) / 2.0
    across = (HEIGHT - TOP - 16) / WIDE
    half = 0.5 * RUNWAY_WIDTH * across
    name = _row(campaign)[0]
    parts = [
        f'<text x="0" y="10" class="f-ink b">{escape(name)}</text>',
        f'<rect x="{LEFT}" y="{middle - half:.1f}" width="{WIDTH - LEFT - 8}" height="{2 * half:.1f}" class="f-band"/>',
        f'<path d="M{LEFT} {middle:.1f}H{WIDTH - 8}" class="l-ink3" stroke-width="1" stroke-dasharray="8 6"/>',
        f'<text x="{LEFT - 6}" y="{middle - half + 8:.1f}" class="f-ink3 e">left</text>',
        f'<text x="{LEFT - 6}" y="{middle + half:.1f}" class="f-ink3 e">right</text>',
    ]
    for mark in (0, 300, 600, 900):
        x = LEFT + mark * scale
        word, place = (f"{mark} m", "e") if mark == LONG else (str(mark), "m")
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 3}" class="f-ink3 {place}">{word}</text>')
    for landing in campaign.landings:
        if math.isfinite(landing.past):
            x = LEFT + min(max(landing.past, 0.0), LONG) * scale
            y = middle + min(max(landing.right, -WIDE / 2), WIDE / 2) * across
            colour = "f-warning" if landing.damage else "f-water"
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" class="{colour}" fill-opacity="0.55"/>')
    told = f"Where the wheels first touched: {name}"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">{"".join(parts)}</svg>'


