"""The page of an aircraft's performance: each figure's interval beside the published one, in the report's own dress."""

from __future__ import annotations

from html import escape

from samruk.performance import sheet as sheets
from samruk.performance.sheet import Row, Sheet
from samruk.verdict.report_sheet import SHEET
from samruk.verdict.theme import page_sheet

WIDTH, ROW = 640, 46
LEFT, RIGHT = 20, 20
PAGE = """
table{border-collapse:collapse;width:100%;font-size:12px;margin-top:6px}
th{text-align:left;font-weight:400;color:var(--ink2)}
th,td{padding:2.5px 14px 2.5px 0;border-bottom:1px solid var(--rule);vertical-align:baseline}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
.bars svg{display:block;width:100%;max-width:720px;height:auto;margin-top:10px}
@media print{tr{break-inside:avoid}}
"""


def write(sheet: Sheet) -> str:
    """The page as one HTML file."""
    body = "\n".join((_header(sheet), _bars(sheet), _table(sheet), _drivers(sheet)))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(sheet.title)}: performance</title>\n<style>{page_sheet(body)}{SHEET}{PAGE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def answer(sheet: Sheet) -> str:
    """One sentence: how many published figures lie inside, and which do not."""
    known = [row for row in sheet.rows if row.published is not None]
    out = [f"{row.words.split(',')[0].lower()} by {sheets.percent(row.miss)}" for row in known if not row.inside]
    if not known:
        return "Nothing is published to set beside these figures."
    above = any(row.published and row.published.at_least for row in known)
    passed = " or were said to be passed, and are" if above else ""
    told = f"{len(known) - len(out)} of {len(known)} published figures lie in the interval of what comes out{passed}"
    return f"{told}; outside: {', '.join(out)}." if out else f"{told}."


def _header(sheet: Sheet) -> str:
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{word}</span></label>"
        for key, word in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    title, said, told = (escape(words) for words in (sheet.title, sheets.said(sheet), answer(sheet)))
    return (
        f'<header>\n<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>\n<h1>{title}</h1>\n'
        f'<p class="mission">{said}</p>\n<div class="answer"><p>{told}</p></div>\n</header>'
    )


def _bars(sheet: Sheet) -> str:
    """Intervals as bars over the part of the median: all on one scale."""
    ends = _ends(sheet)
    parts = [part for k, row in enumerate(sheet.rows) for part in _bar(row, k * ROW + 14, ends)]
    height = len(sheet.rows) * ROW + 6
    said = "Bar: 90 % of the aircraft drawn. Stroke: their median. Ring: the published figure. All over the median."
    return (
        f'<section><h2>What comes out, and what is published</h2>\n<p class="dim">{said}</p>\n<div class="bars">'
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Intervals of all figures">{"".join(parts)}</svg>'
        "</div></section>"
    )


def _ends(sheet: Sheet) -> tuple[float, float]:
    """Least and greatest of all that is drawn, over the medians."""
    shown = [(v, row.spread.median) for row in sheet.rows for v in (row.spread.low, row.spread.high)]
    shown += [(row.published.value, row.spread.median) for row in sheet.rows if row.published]
    parts = [value / median for value, median in shown]
    return min(parts), max(parts)


def _bar(row: Row, y: int, ends: tuple[float, float]) -> list[str]:
    s = row.spread

    def x(value: float) -> float:
        return LEFT + 5.0 + (WIDTH - LEFT - RIGHT - 10.0) * (value / s.median - ends[0]) / (ends[1] - ends[0])

    unit = sheets.UNITS.get(row.unit, row.unit)
    told = f"{sheets.text(row, s.low)} to {sheets.text(row, s.high)}, median {sheets.text(row, s.median)} {unit}"
    parts = [
        f'<text x="{LEFT}" y="{y}" class="f-ink b">{escape(row.words)}</text>',
        f'<text x="{WIDTH - RIGHT}" y="{y}" class="f-ink2 e">{escape(told)}</text>',
        f'<rect x="{x(s.low):.1f}" y="{y + 8}" width="{x(s.high) - x(s.low):.1f}" height="8" class="f-waterfill"/>',
        f'<path d="M{x(s.median):.1f} {y + 5}v14" class="l-ink" stroke-width="2"/>',
    ]
    if row.published:
        style = "l-ink" if row.inside else "l-warning"
        at = f'cx="{x(row.published.value):.1f}" cy="{y + 12}"'
        parts.append(f'<circle {at} r="5" class="{style}" stroke-width="2"/>')
    return parts


def _table(sheet: Sheet) -> str:
    names = ("figure", "unit", "median", "5 %", "95 %", "±", "published", "miss", "")
    head = "".join(f'<th{_right(k)}>{name}</th>' for k, name in enumerate(names))
    body = "".join(
        "<tr>" + "".join(f"<td{_right(k)}>{escape(cell)}</td>" for k, cell in enumerate(sheets.cells(row))) + "</tr>"
        for row in sheet.rows
    )
    known = [(row.words, row.published.source) for row in sheet.rows if row.published]
    sources = "".join(f'<p class="dim">{escape(words)}: {escape(source)}.</p>' for words, source in known)
    table = f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'
    return f"<section><h2>Figures</h2>\n{table}{sources}</section>"


def _right(k: int) -> str:
    return ' class="n"' if 2 <= k <= 7 else ""


def _drivers(sheet: Sheet) -> str:
    said = "Part of a figure\u2019s variance, and whether more of the number is more of the figure."
    body = "".join(f"<tr><td>{escape(r.words)}</td><td>{escape(sheets.drivers(r))}</td></tr>" for r in sheet.rows)
    table = f'<div class="scroll"><table>{body}</table></div>'
    return f'<section><h2>What drives each</h2>\n<p class="dim">{said}</p>\n{table}</section>'
