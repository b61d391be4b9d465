"""The page of check cases: how far each flight lies from its trajectory, over time and at its gates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from samruk.verdict.report_sheet import SHEET
from samruk.verdict.theme import page_sheet
from samruk.verify.nesc.compare import Comparison, answer, apart

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 340, 150, 36, 8, 20, 18
LOWEST, HIGHEST = -9.0, 1.0
"""Powers of ten of a foot at the edges of a picture."""

PAGE = """
.falls{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px 18px;margin-top:10px}
.falls svg{display:block;width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:12px;margin-top:6px}
th{text-align:left;font-weight:400;color:var(--ink2)}
th,td{padding:2.5px 14px 2.5px 0;border-bottom:1px solid var(--rule);vertical-align:baseline}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
@media screen and (max-width:900px){.falls{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media screen and (max-width:620px){.falls{grid-template-columns:minmax(0,1fr)}}
"""


def write(found: Sequence[Comparison]) -> str:
    """The page as one HTML file."""
    pictures = "".join(_picture(each) for each in found if each.trajectory is not None)
    rows = "\n".join(row for each in found for row in _rows(each))
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{word}</span></label>"
        for key, word in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    colour = "" if all(each.passed for each in found) else ' class="warning"'
    heads = "".join(f"<th{side}>{word}</th>" for word, side in (
        ("case", ""), ("", ""), ("quantity", ""), ("worst", ' class="n"'), ("gate", ' class="n"'), ("", ""),
        ("at", ' class="n"'), ("beside", "")))  # fmt: skip
    body = (
        f'<header>\n<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>\n<h1>Check cases</h1>\n'
        '<p class="mission">Flights from descriptions and DAVE-ML models, beside published trajectories</p>\n'
        f'<div class="answer"><p{colour}>{escape(answer(found))}</p></div>\n</header>\n'
        '<section><h2>Height</h2>\n<p class="dim">Distance in height from the trajectory, over time, in feet by powers '
        'of ten. Dashed: its gate.</p>\n'
        f'<div class="falls">{pictures}</div></section>\n<section><h2>Gates</h2>\n'
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div></section>'
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>Check cases</title>\n<style>{page_sheet(body)}{SHEET}{PAGE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _rows(each: Comparison) -> list[str]:
    """Rows of the table."""
    number, title = escape(each.case.number), escape(each.case.title)
    if not each.differences:
        return [f'<tr><td>{number}</td><td>{title}</td><td colspan="6" class="dim">flown, not compared</td></tr>']
    rows = []
    for k, d in enumerate(each.differences):
        lead = f"<td>{number}</td><td>{title}</td>" if k == 0 else "<td></td><td></td>"
        unit = d.unit.replace("_s", "/s").replace("deg", "°")
        word = "<td>holds</td>" if d.passed else '<td class="warning">fails</td>'
        rows.append(
            f'<tr>{lead}<td>{escape(d.name)}</td><td class="n">{d.figure:.1e}</td><td class="n">{d.limit:g} {unit}</td>'
            f'{word}<td class="n">{d.at:.1f} s</td><td>{escape(each.trajectory or "")}</td></tr>'
        )
    return rows


def _picture(each: Comparison) -> str:
    """One case."""
    time = each.other["time"][each.other["time"] <= each.case.duration + 0.01]
    off = apart(each.rows, each.other, "altitudeMsl_ft", len(time))
    span = (WIDTH - LEFT - RIGHT) / each.case.duration
    points = "L".join(f"{LEFT + span * t:.1f} {_y(float(value)):.1f}" for t, value in zip(time, off, strict=True))
    parts = [
        f'<text x="0" y="11" class="f-ink b">{escape(each.case.number)}</text>'
        f'<text x="34" y="11" class="f-ink2">{escape(each.case.title)}</text>'
    ]
    for power in (-9, -6, -3, 0):
        y = _y(10.0**power)
        word = f'10<tspan dy="-4" font-size="8">−{-power}</tspan>' if power else "1 ft"
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" class="l-rule" stroke-width="1"/>'
                     f'<text x="{LEFT - 5}" y="{y + 4:.1f}" class="f-ink3 e">{word}</text>')  # fmt: skip
    for part, place in ((0.0, "m"), (0.5, "m"), (1.0, "e")):
        x = LEFT + span * part * each.case.duration
        word = f"{part * each.case.duration:g}" + (" s" if part == 1.0 else "")
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 4}" class="f-ink3 {place}">{word}</text>')
    for gate in (g for g in each.case.gates if g.name == "altitude"):
        parts.append(f'<path d="M{LEFT} {_y(gate.limit):.1f}H{WIDTH - RIGHT}" class="l-ink2" stroke-width="1" '
                     'stroke-dasharray="3 3"/>')  # fmt: skip
    parts.append(f'<path d="M{points}" class="l-water" fill="none" stroke-width="1.5" stroke-linejoin="round"/>')
    told = f"Case {each.case.number}: distance in height from {each.trajectory}"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">{"".join(parts)}</svg>'


def _y(feet: float) -> float:
    power: Any = min(max(math.log10(feet), LOWEST), HIGHEST) if feet > 0.0 and np.isfinite(feet) else LOWEST
    return TOP + (HEIGHT - TOP - BOTTOM) * (HIGHEST - float(power)) / (HIGHEST - LOWEST)
