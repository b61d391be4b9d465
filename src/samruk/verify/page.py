"""The page of the checks: the table, and how far each fall lies from the published ones, in the report's own dress."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from samruk import datasheet
from samruk.verdict.report_sheet import SHEET
from samruk.verdict.theme import page_sheet
from samruk.verdict.wording import DASH
from samruk.verify.check import Check
from samruk.verify.falls import DURATION, NOT_FLOWN
from samruk.verify.published import Array, Compared

WIDTH, HEIGHT = 340, 172
LEFT, RIGHT, TOP, BOTTOM = 30, 60, 22, 18
LOWEST, HIGHEST = -9.0, 1.0
"""Powers of ten of a foot at the lower and upper edge; what is smaller is drawn at the edge."""
LINE = 11.0
"""Height of a label's line."""

PAGE = """
.falls{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px 18px;margin-top:10px}
.falls svg{display:block;width:100%;height:auto}
table{border-collapse:collapse;width:100%;font-size:12px;margin-top:6px}
th{text-align:left;font-weight:400;color:var(--ink2)}
th,td{padding:2.5px 14px 2.5px 0;border-bottom:1px solid var(--rule);vertical-align:baseline}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.n b{font-weight:600}
.why{color:var(--ink2)}
.scroll{overflow-x:auto}
@media screen and (max-width:900px){.falls{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media screen and (max-width:620px){.falls{grid-template-columns:minmax(0,1fr)}.why{display:none}}
@media print{.falls svg{break-inside:avoid}tr{break-inside:avoid}}
"""


def write(checks: Sequence[Check], falls: Sequence[Compared]) -> str:
    """The page as one HTML file."""
    body = "\n".join((_header(checks), _pictures(falls), _table(checks), _missing()))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>Checks against the outside world</title>\n<style>{page_sheet(body)}{SHEET}{PAGE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def answer(checks: Sequence[Check]) -> str:
    """One sentence: how many checks hold, and which do not."""
    failed = [check.name for check in checks if not check.passed]
    if not failed:
        return f"All {len(checks)} checks hold."
    return f"{len(failed)} of {len(checks)} checks fail: {'; '.join(failed)}."


def figure(value: float) -> str:
    """A number at two significant digits; an en dash for none."""
    return datasheet.figure(value, 2) if math.isfinite(value) else DASH


def unit(check: Check) -> str:
    """The unit as printed: nothing for a part of the whole."""
    return {"1": "", "m/s2": "m/s²", "ft/s2": "ft/s²", "W/m2": "W/m²", "g/m3": "g/m³", "deg": "°"}.get(
        check.unit, check.unit
    )


def _header(checks: Sequence[Check]) -> str:
    """Title and answer, with the choice of theme."""
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{word}</span></label>"
        for key, word in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    colour = "" if all(check.passed for check in checks) else ' class="warning"'
    return (
        f'<header>\n<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>\n'
        "<h1>Checks against the outside world</h1>\n"
        '<p class="mission">What this model computes, beside published flights, standards and measurements</p>\n'
        f'<div class="answer"><p{colour}>{escape(answer(checks))}</p></div>\n</header>'
    )


def _pictures(falls: Sequence[Compared]) -> str:
    """Small pictures of all cases."""
    said = (
        "How far each flight of NASA's check cases lies from SIM 04 of the publication, in feet, over 30 seconds: ours "
        "by fine steps and by the tick that the model flies with, and the publication's other simulations. Dashed: the "
        "limit for ours by fine steps."
    )
    drawn = "".join(_picture(found) for found in falls)
    return f'<section><h2>Falls and throws</h2>\n<p class="dim">{said}</p>\n<div class="falls">{drawn}</div></section>'


def _picture(found: Compared) -> str:
    """One case: differences over time on a scale of powers of ten."""
    curves = [("ours", "l-ink", 1.8, found.fine.position_ft), ("ours, tick", "l-water", 1.4, found.tick.position_ft)]
    curves += [(f"SIM {name}", "l-ink3", 1.0, other.position_ft) for name, other in found.others.items()]
    y_limit = _y(found.gate.position_ft)
    parts = [
        f'<text x="0" y="11" class="f-ink b">{escape(found.fall.number)}</text>'
        f'<text x="18" y="11" class="f-ink2">{escape(found.fall.title)}</text>',
        *_scale(),
        f'<path d="M{LEFT} {y_limit:.1f}H{WIDTH - RIGHT}" class="l-ink2" stroke-width="1" stroke-dasharray="3 3"/>',
        *(f'<path d="{_path(values)}" class="{style}" stroke-width="{width}" stroke-linejoin="round"/>'
          for _, style, width, values in reversed(curves)),
        *_labels([("limit", "f-ink2", y_limit)] + [(name, style.replace("l-", "f-"), _y(float(values[-1])))
                                                   for name, style, _, values in curves]),
    ]  # fmt: skip
    told = f"Case {found.fall.number}, {found.fall.title}: differences from SIM 04"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}">{"".join(parts)}</svg>'


def _scale() -> list[str]:
    """Rules at powers of ten, and the seconds."""
    parts = []
    for power in (-9, -6, -3, 0):
        y = _y(10.0**power)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" class="l-rule" stroke-width="1"/>')
        raised = f'10<tspan dy="-4" font-size="8">−{-power}</tspan>' if power else "1 ft"
        parts.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" class="f-ink3 e">{raised}</text>')
    for second in (0, 10, 20, 30):
        x = LEFT + (WIDTH - LEFT - RIGHT) * second / DURATION
        word = f"{second} s" if second == DURATION else f"{second}"
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 4}" class="f-ink3 m">{word}</text>')
    return parts


def _y(feet: float) -> float:
    """Place of a difference."""
    power = min(max(math.log10(feet), LOWEST), HIGHEST) if feet > 0.0 else LOWEST
    return TOP + (HEIGHT - TOP - BOTTOM) * (HIGHEST - power) / (HIGHEST - LOWEST)


def _path(values: Array) -> str:
    """A curve, a point a second."""
    step = (WIDTH - LEFT - RIGHT) / DURATION
    return "M" + "L".join(f"{LEFT + step * i:.1f} {_y(float(value)):.1f}" for i, value in enumerate(values))


def _labels(wanted: list[tuple[str, str, float]]) -> list[str]:
    """Words at the ends of the curves, moved apart where they would meet."""
    placed: list[tuple[str, str, float]] = []
    for word, style, y in sorted(wanted, key=lambda label: label[2]):
        placed.append((word, style, max(y, placed[-1][2] + LINE) if placed else y))
    over = max(placed[-1][2] - (HEIGHT - BOTTOM), 0.0)
    for i in reversed(range(len(placed))):
        word, style, y = placed[i]
        lowest = placed[i + 1][2] - LINE if i + 1 < len(placed) else y - over
        placed[i] = (word, style, min(y, lowest))
    return [f'<text x="{WIDTH - RIGHT + 6}" y="{y + 4:.1f}" class="{style}">{word}</text>' for word, style, y in placed]


def _table(checks: Sequence[Check]) -> str:
    """All rows."""
    head = "".join(
        f"<th{cls}>{word}</th>"
        for cls, word in (("", "check"), (' class="n"', "ours"), (' class="n"', "limit"), ("", ""), ("", "authority"),
                          (' class="why"', "why this limit"))
    )  # fmt: skip
    rows = "\n".join(_row(check) for check in checks)
    return (
        '<section><h2>All checks</h2>\n<p class="dim">Ours: the largest difference found.</p>\n'
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div></section>'
    )


def _row(check: Check) -> str:
    """One row; one that fails says so in words and colour."""
    ours, limit = figure(check.figure), f"{figure(check.limit)} {unit(check)}"
    colour = "" if check.passed else ' class="warning"'
    return (
        f'<tr><td>{escape(check.name)}</td><td class="n"><b{colour}>{ours}</b></td><td class="n">{limit}</td>'
        f"<td{colour}>{'holds' if check.passed else 'fails'}</td><td>{escape(check.authority)}</td>"
        f'<td class="why">{escape(check.reason)}</td></tr>'
    )


def _missing() -> str:
    """What the publication holds and this page does not."""
    rows = "".join(f"<dt>{escape(cases)}</dt><dd>{escape(why)}</dd>" for cases, why in NOT_FLOWN.items())
    return f"<section><h2>Check cases not flown here</h2>\n<dl>{rows}</dl></section>"
