"""Pictures and page of an aircraft's envelope: level flight from limit to limit, its climb, hot and cold days."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk.handling.envelope import SERVICE, Day, Envelope
from samruk.verdict.paper import Figure, Paper
from samruk.verdict.report_sheet import SHEET
from samruk.verdict.strip_curve import trace
from samruk.verdict.theme import page_sheet

KNOT, FOOT = 1852.0 / 3600.0, 0.3048
WIDTH = 960
PLOT_LEFT, PLOT_RIGHT, CLIMB_LEFT, CLIMB_RIGHT = 48.0, 640.0, 712.0, 914.0
TOP, TALL = 64.0, 430.0
WORDS = {
    "temperature": "outside temperature", "mass": "mass", "stall": "stall", "structure: VNE": "never exceed",
    "structure: load factor": "load factor", "Mach": "Mach 0.3, end of the model", "power": "power",
    "idle power": "idle power", "elevator": "elevator", "aileron": "aileron", "rudder": "rudder",
    "engine heat": "engine heat", "engine blow-out": "engine blow-out",
}  # fmt: skip
"""Limit -> words at its line."""
PAGE = """
.wide svg{display:block;width:100%;max-width:1040px;height:auto;margin-top:10px}
.wide{overflow-x:auto}
.wide svg{min-width:640px}
table{border-collapse:collapse;font-size:12px;margin-top:6px}
th{text-align:left;font-weight:400;color:var(--ink2)}
th,td{padding:2.5px 18px 2.5px 0;border-bottom:1px solid var(--rule);vertical-align:baseline}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
"""
Row = NDArray[np.float64]


@dataclass(frozen=True)
class _Scale:
    """From values to px along one axis."""

    at: float
    """px of the value `first`."""
    end: float
    """px of the value `last`."""
    first: float
    last: float

    def __call__(self, value: Row | float) -> Row:
        """px."""
        part = (np.asarray(value, dtype=np.float64) - self.first) / (self.last - self.first)
        found: Row = self.at + (self.end - self.at) * part
        return found


def envelope_picture(envelope: Envelope, title: str) -> Figure:
    """Height against calibrated airspeed with every limit, and the climb beside it."""
    top = 2000.0 * np.ceil((envelope.absolute_ceiling + 900.0) / 2000.0)
    paper = Paper(WIDTH, "env")
    y = _Scale(TOP + TALL, TOP, 0.0, top)
    x = _Scale(PLOT_LEFT, PLOT_RIGHT, *_speed_range(envelope))
    climb = _Scale(CLIMB_LEFT, CLIMB_RIGHT, 0.0, float(max(1.0, np.ceil(np.nanmax(envelope.climb_rate) + 0.2))))
    _title(paper, envelope, title)
    _region(paper, envelope, x, y)
    _frame(paper, x, y, "kt", 10.0, "Calibrated airspeed")
    _heights(paper, y, top)
    _limits(paper, envelope, x, y)
    _inside(paper, envelope, x, y)
    _frame(paper, climb, y, "m/s", 1.0, "Climb, full power")
    _climb(paper, envelope, climb, y)
    return paper.figure(TOP + TALL + 44.0, f"{title}: envelope", _spoken(envelope))


def _speed_range(envelope: Envelope) -> tuple[float, float]:
    """kt, whole tens around what is flown."""
    low, high = np.nanmin(envelope.low) / KNOT, np.nanmax(envelope.high) / KNOT
    return 10.0 * float(np.floor((low - 6.0) / 10.0)), 10.0 * float(np.ceil((high + 14.0) / 10.0))


def _title(paper: Paper, envelope: Envelope, title: str) -> None:
    day = "standard day" if envelope.offset == 0.0 else f"standard day {envelope.offset:+.0f} °C".replace("-", "\u2212")
    paper.text(PLOT_LEFT, 18.0, title, size=15.0, bold=True)
    paper.text(PLOT_LEFT, 36.0, f"Level flight at {envelope.mass:,.0f} kg, {day}".replace(",", " ", 1)
               if envelope.mass >= 1000.0 else f"Level flight at {envelope.mass:.0f} kg, {day}", "ink2")  # fmt: skip


def _region(paper: Paper, envelope: Envelope, x: _Scale, y: _Scale) -> None:
    """The ground of what can be flown."""
    low, high, tall = _edges(envelope)
    around_x, around_y = np.append(low, high[::-1]) / KNOT, np.append(tall, tall[::-1])
    paper.area(trace(x(around_x), y(around_y)) + "z", "fill")


def _edges(envelope: Envelope) -> tuple[Row, Row, Row]:
    """m/s slowest and fastest, m: up to the greatest height, where the two meet if power ends it."""
    flown = np.isfinite(envelope.low)
    low, high, tall = (values[flown] for values in (envelope.low, envelope.high, envelope.heights))
    meet = 0.5 * (low[-1] + high[-1])
    ends = (meet, meet) if envelope.top_limit == "power" else (low[-1], high[-1])
    tall = np.append(tall, max(envelope.absolute_ceiling, tall[-1]))
    return np.append(low, ends[0]), np.append(high, ends[1]), tall


def _frame(paper: Paper, x: _Scale, y: _Scale, unit: str, step: float, name: str) -> None:
    """Ticks and words below a plot, and its two axes."""
    for value in np.arange(x.first, x.last + 0.5 * step, step):
        at = float(x(value))
        paper.line(at, y.at, at, y.end, "rule", 0.6)
        paper.text(at, y.at + 14.0, f"{value:g}", "ink3", anchor="m")
    paper.text(x.at, y.at + 32.0, name, "ink2")
    paper.text(x.end, y.at + 32.0, unit, "ink3", anchor="e")


def _heights(paper: Paper, y: _Scale, top: float) -> None:
    """Kilometres at the left, flight levels at the right of the envelope."""
    for value in np.arange(0.0, top + 1.0, 2000.0):
        at = float(y(value))
        for left, right in ((PLOT_LEFT, PLOT_RIGHT), (CLIMB_LEFT, CLIMB_RIGHT)):
            paper.line(left, at, right, at, "rule", 0.6)
        paper.text(PLOT_LEFT - 8.0, at + 4.0, f"{value / 1000.0:g}", "ink3", anchor="e")
    for level in range(50, int(top / FOOT / 100.0) + 1, 50):
        at = float(y(level * 100.0 * FOOT))
        paper.line(PLOT_RIGHT, at, PLOT_RIGHT + 5.0, at, "ink3", 0.8)
        paper.text(PLOT_RIGHT + 8.0, at + 4.0, f"FL {level}", "ink3")
    paper.text(PLOT_LEFT - 8.0, y.end - 10.0, "km", "ink3", anchor="e")


def _limits(paper: Paper, envelope: Envelope, x: _Scale, y: _Scale) -> None:
    """Every limit's own line, thin; the edge of what can be flown, thick; names beside them, once each."""
    named: list[tuple[str, str, Row, NDArray[np.bool_], bool]] = []
    for name, bounds in envelope.limits.items():
        for side, bound, chosen in zip(("low", "high"), bounds, (envelope.low_limit, envelope.high_limit), strict=True):
            values = np.where(np.isfinite(bound), bound, np.nan) / KNOT
            inside = (values >= x.first) & (values <= x.last) & (envelope.heights <= y.last)
            if inside.any():
                _line(paper, x(np.where(inside, values, np.nan)), y(envelope.heights), "ink3", 0.8, "3 3")
                active = inside & np.asarray([which == name for which in chosen])
                where = active if active.any() else inside
                named.append((name, side, x(values), where, bool(active.any())))
    low, high, tall = _edges(envelope)
    for side_line in (low, high):
        _line(paper, x(side_line / KNOT), y(tall), "ink", 1.8)
    _top_line(paper, envelope, x, y)
    told: set[str] = set()
    named.sort(key=lambda entry: (not entry[4], entry[:2] == ("power", "low")))
    for name, side, xs, where, _ in named:
        if name not in told:
            told.add(name)
            _name(paper, WORDS[name], xs, y(envelope.heights), where, side)


def _line(paper: Paper, xs: Row, ys: Row, ink: str, weight: float, dash: str = "") -> None:
    """A line through what is known."""
    known = np.isfinite(xs)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(int), [0]])))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        if end - first > 1:
            paper.path(trace(xs[first:end], ys[first:end]), ink, weight, dash)


def _name(paper: Paper, words: str, xs: Row, ys: Row, where: NDArray[np.bool_], side: str) -> None:
    """A limit's name outside its line, at the first place from the middle that is free."""
    places = np.flatnonzero(where)
    anchor, shift = ("e", -7.0) if side == "low" else ("", 7.0)
    for k in sorted(places, key=lambda k: abs(k - places[len(places) // 2])):
        at, baseline = float(xs[k]) + shift, float(ys[k]) + (4.0 if side == "low" else -3.0)
        ends = at + 6.2 * len(words) * (side == "high")
        if ends < PLOT_RIGHT and paper.fits(at, baseline, words, 11.0, anchor=anchor, slack=4.0):
            paper.text(at, baseline, words, "ink2", anchor=anchor, halo="h")
            return


def _top_line(paper: Paper, envelope: Envelope, x: _Scale, y: _Scale) -> None:
    """Where the greatest height is not a meeting of two lines but a limit of its own."""
    if envelope.top_limit in ("temperature", "Mach"):
        last = np.flatnonzero(np.isfinite(envelope.low))[-1]
        at = float(y(envelope.absolute_ceiling))
        left, right = (float(x(side[last] / KNOT)) for side in (envelope.low, envelope.high))
        ink = "water" if envelope.top_limit == "temperature" and envelope.offset <= 10.0 else "ink"
        paper.line(left, at, right, at, ink, 2.0)
        words = f"{WORDS[envelope.top_limit]}: {_km(envelope.absolute_ceiling)}"
        paper.text(0.36 * left + 0.64 * right, at + 15.0, words, "ink2", anchor="m")


def _km(height: float) -> str:
    return f"{height / 1000.0:.1f} km"


def _inside(paper: Paper, envelope: Envelope, x: _Scale, y: _Scale) -> None:
    """The airspeed of least power, and the service ceiling where power sets it."""
    flown = np.isfinite(envelope.low)
    slow = np.where(flown, np.maximum(envelope.economy, envelope.low), np.nan) / KNOT
    _line(paper, x(slow), y(envelope.heights), "ink2", 1.2, "6 3")
    k = int(np.flatnonzero(flown)[len(np.flatnonzero(flown)) // 3])
    paper.text(float(x(slow[k])) + 7.0, float(y(envelope.heights[k])) + 4.0, "least power", "ink2", halo="h")
    if envelope.top_limit == "power":
        last = int(np.flatnonzero(flown)[-1])
        at = float(y(envelope.absolute_ceiling)) - 7.0
        middle = 0.5 * float(envelope.low[last] + envelope.high[last]) / KNOT
        words = f"no climb left: {_km(envelope.absolute_ceiling)}"
        paper.text(float(x(middle)), at, words, "ink2", anchor="m", halo="h")


def _climb(paper: Paper, envelope: Envelope, x: _Scale, y: _Scale) -> None:
    """Best climb over height, and the service ceiling."""
    rate = np.where((envelope.climb_rate >= 0.0) & (envelope.heights <= y.last), envelope.climb_rate, np.nan)
    reached = envelope.heights <= envelope.absolute_ceiling + 1.0
    _line(paper, x(rate), y(envelope.heights), "ink3", 0.8, "3 3")
    _line(paper, x(np.where(reached, rate, np.nan)), y(envelope.heights), "ink", 1.8)
    paper.text(float(x(rate[0])) + 6.0, y.at - 8.0, f"{rate[0]:.1f}", "ink", halo="h")
    at = float(y(envelope.service_ceiling))
    held = envelope.top_limit != "power" and envelope.service_ceiling >= envelope.absolute_ceiling - 1.0
    words = f"ends at {_km(envelope.service_ceiling)}" if held else f"{_km(envelope.service_ceiling)} at 100 ft/min"
    paper.line(x.at, at, x.end, at, "ink2", 1.0, "6 3")
    paper.text(x.end, at - 6.0, words, "ink2", anchor="e", halo="h")
    there = float(np.interp(envelope.service_ceiling, envelope.heights, envelope.climb_rate))
    paper.dot(float(x(max(SERVICE, there))), at, "ink")


def _spoken(envelope: Envelope) -> str:
    """The picture in words."""
    slow, fast = envelope.low[0] / KNOT, envelope.high[0] / KNOT
    first = f"Level flight at {envelope.mass:.0f} kg from {slow:.0f} to {fast:.0f} kt at sea level"
    return f"{first}, up to {_km(envelope.absolute_ceiling)}, ended by {WORDS.get(envelope.top_limit, 'no limit')}."


def days_picture(days: list[Day], title: str) -> Figure:
    """The greatest height of level flight on thirteen days, and what ends it."""
    paper = Paper(WIDTH, "day")
    top = 2000.0 * float(np.ceil((max(day.by_power for day in days if np.isfinite(day.by_power)) + 500.0) / 2000.0))
    y = _Scale(TOP + 300.0, TOP, 0.0, top)
    paper.text(PLOT_LEFT, 18.0, title, size=15.0, bold=True)
    paper.text(PLOT_LEFT, 36.0, "Greatest height of level flight by the temperature at sea level", "ink2")
    for value in np.arange(0.0, top + 1.0, 2000.0):
        at = float(y(value))
        paper.line(PLOT_LEFT, at, CLIMB_RIGHT, at, "rule", 0.6)
        paper.text(PLOT_LEFT - 8.0, at + 4.0, f"{value / 1000.0:g}", "ink3", anchor="e")
    paper.text(PLOT_LEFT - 8.0, y.end - 10.0, "km", "ink3", anchor="e")
    pitch = (CLIMB_RIGHT - PLOT_LEFT) / len(days)
    for k, day in enumerate(days):
        _day(paper, day, PLOT_LEFT + (k + 0.5) * pitch, 0.62 * pitch, y)
    said = "°C at sea level. Bar: within all limits; blue end: colder air than the aircraft is described for. "
    paper.text(PLOT_LEFT, y.at + 34.0, f"{said}Stroke: where power would end it.", "ink2")
    return paper.figure(y.at + 46.0, f"{title}: hot and cold days", " ".join(_day_words(day) + "." for day in days))


def _day(paper: Paper, day: Day, middle: float, wide: float, y: _Scale) -> None:
    """One bar."""
    left, right = middle - 0.5 * wide, middle + 0.5 * wide
    paper.text(middle, y.at + 14.0, _signed(day.celsius), "ink3", anchor="m")
    if np.isfinite(day.by_power):
        at = float(y(day.by_power))
        paper.line(left, at, right, at, "ink", 1.4)
    if np.isfinite(day.height):
        at = float(y(day.height))
        paper.rect(left, at, wide, max(y.at - at, 0.0), "band")
        paper.line(left, at, right, at, "water" if day.limit == "temperature" else "ink", 2.4)
        paper.text(middle, at + 15.0 if y.at - at > 24.0 else at - 6.0, f"{day.height / 1000.0:.1f}", "ink", anchor="m")


def _day_words(day: Day) -> str:
    if not np.isfinite(day.height):
        return f"{_signed(day.celsius)} °C: no flight from sea level, forbidden by {WORDS.get(day.limit, day.limit)}"
    return f"{_signed(day.celsius)} °C: {_km(day.height)}, ended by {WORDS.get(day.limit, day.limit)}"


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "\u2212") if value else "0"


def write(envelope: Envelope, days: list[Day], title: str) -> str:
    """Both pictures and the numbers as one HTML page."""
    figures = (envelope_picture(envelope, "Envelope"), days_picture(days, "Hot and cold days"))
    pictures = "".join(f'<section><div class="wide">{figure.inline("figure")}</div></section>' for figure in figures)
    body = f"{_header(title, _spoken(envelope))}\n{pictures}\n{_table(envelope)}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}: envelope</title>\n<style>{page_sheet(body)}{SHEET}{PAGE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def figures(envelope: Envelope, days: list[Day], title: str) -> dict[str, Figure]:
    """Both pictures by name, each to stand alone."""
    return {"envelope": envelope_picture(envelope, title), "days": days_picture(days, title)}


def lines(envelope: Envelope, days: list[Day]) -> list[str]:
    """The envelope in a terminal."""
    out = [_spoken(envelope), f"Climbs at {envelope.climb_rate[0]:.1f} m/s at sea level, at 100 ft/min "
           f"at {_km(envelope.service_ceiling)}.", ""]  # fmt: skip
    head = f"{'height':>9}{'slowest':>10}  {'ended by':<14}{'fastest':>10}  {'ended by':<14}"
    out.append(f"{head}{'least power':>12}{'climb':>10}")
    for height, slow, why, fast, why_fast, least, rate in _rows(envelope):
        ends = f"{slow:>7} kt  {why:<14}{fast:>7} kt  {why_fast:<14}"
        out.append(f"{height:>7} m{ends}{least:>9} kt{rate:>6} m/s")
    out += ["", "Greatest height of level flight by the temperature at sea level"]
    return out + [f"  {_day_words(day)}" for day in days]


def as_json(envelope: Envelope, days: list[Day]) -> dict[str, Any]:
    """All numbers for programs, SI; what is not known is null."""

    def known(values: Any) -> Any:
        return [float(v) if np.isfinite(v) else None for v in values]

    limits = {name: {"low": known(low), "high": known(high)} for name, (low, high) in envelope.limits.items()}
    tops = [{"celsius": d.celsius, "height": known([d.height])[0], "limit": d.limit, "by_power": known([d.by_power])[0]}
            for d in days]  # fmt: skip
    rows = {name: known(getattr(envelope, name)) for name in ("heights", "low", "high", "economy", "climb_rate")}
    ceilings = known([envelope.absolute_ceiling, envelope.service_ceiling])
    return {
        "mass": envelope.mass, "offset": envelope.offset, **rows, "low_limit": envelope.low_limit,
        "high_limit": envelope.high_limit, "limits": limits, "absolute_ceiling": ceilings[0],
        "service_ceiling": ceilings[1], "top_limit": envelope.top_limit, "days": tops,
    }  # fmt: skip


def _header(title: str, said: str) -> str:
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{word}</span></label>"
        for key, word in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    theme = f'<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>'
    return f'<header>\n{theme}\n<h1>{escape(title)}</h1>\n<div class="answer"><p>{escape(said)}</p></div>\n</header>'


def _table(envelope: Envelope) -> str:
    """Every kilometre in numbers."""
    names = ("height, m", "slowest, kt", "ended by", "fastest, kt", "ended by", "least power, kt", "climb, m/s")
    numeric = (True, True, False, True, False, True, True)
    head = "".join(f'<th{_n(n)}>{name}</th>' for name, n in zip(names, numeric, strict=True))
    rows = ["".join(f"<td{_n(n)}>{escape(c)}</td>" for c, n in zip(cells, numeric, strict=True))
            for cells in _rows(envelope)]  # fmt: skip
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<section><h2>In numbers</h2>\n<div class="wide"><table><tr>{head}</tr>{body}</table></div></section>'


def _rows(envelope: Envelope) -> list[tuple[str, ...]]:
    """Every kilometre: height, slowest and why, fastest and why, least power, climb."""
    return [
        (
            f"{envelope.heights[k]:.0f}", f"{envelope.low[k] / KNOT:.1f}", WORDS[envelope.low_limit[k]],
            f"{envelope.high[k] / KNOT:.1f}", WORDS[envelope.high_limit[k]], f"{envelope.economy[k] / KNOT:.1f}",
            f"{envelope.climb_rate[k]:.2f}".replace("-", "\u2212"),
        )
        for k in np.flatnonzero(np.isfinite(envelope.low) & (envelope.heights % 1000.0 == 0.0))
    ]  # fmt: skip


def _n(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


