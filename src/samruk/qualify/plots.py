"""Pictures of the report, static SVG: margins as bars, a quantity against its limit over time, the sweep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np

from samruk.qualify.flying import Course, Kept
from samruk.qualify.judging import YES_NO, Judged, Result, percent, shown
from samruk.qualify.quantities import QUANTITIES

WIDTH, LEFT, RIGHT = 1000, 62, 118
TOP, PLOT, GAP, AIR = 22, 140, 24, 50
"""px: above the plot, its height, between plot and environment, height of the environment."""
FAINT = 14
"""Other lanes that are drawn."""


def bar(margin: float) -> str:
    """A margin as a bar from its limit."""
    zero, full = 40.0, 90.0
    size = min(max(margin, -1.0), 1.0)
    x, w = (zero, size * full) if size >= 0.0 else (zero + size * zero, -size * zero)
    ink = "ink2" if size >= 0.0 else "warning"
    return (
        f'<svg viewBox="0 0 140 14" role="img" aria-label="margin {percent(margin)}">'
        f'<rect x="{x:.1f}" y="3" width="{max(w, 1.0):.1f}" height="8" class="f-{ink}"/>'
        f'<path d="M{zero} 0V14" class="l-ink" stroke-width="1.2"/></svg>'
    )


# A run ----------------------------------------------------------------------------------------------------------------


def governing(result: Result, flights: Sequence[Kept]) -> str:
    """The quantity that governs a run (of those that have a course) over time, against its limit."""
    drawn = [each for each in sorted(result.judged, key=lambda each: each.margin)
             if QUANTITIES[each.rule.quantity].series and each.rule.quantity not in YES_NO]  # fmt: skip
    for judged in drawn:
        worst = _find(flights, judged)
        if worst is not None:
            return _plot(judged, worst, flights)
    return ""


def _find(flights: Sequence[Kept], judged: Judged) -> Kept | None:
    for flight in flights:
        course = flight.courses.get(judged.rule.quantity)
        if (flight.case, flight.seed) == (judged.case, judged.seed) and course is not None:
            return flight if np.isfinite(course[1]).any() else None
    return None


def _plot(judged: Judged, worst: Kept, flights: Sequence[Kept]) -> str:
    name = judged.rule.quantity
    others = [f.courses[name] for f in flights if f is not worst and name in f.courses][:FAINT]
    own = worst.courses[name]
    hours = _hours(own, others)
    low, high = _range([own, *others], judged.limit, judged.worst)
    x = _scale(0.0, hours, LEFT, WIDTH - RIGHT)
    y = _scale(low, high, TOP + PLOT, TOP)
    q = QUANTITIES[name]
    parts = [f'<text x="0" y="11" class="f-ink b">{escape(q.title)}{", " + q.unit if q.unit else ""}</text>']
    parts += _grid(low, high, y)
    beyond = (TOP, y(judged.limit)) if judged.rule.most else (y(judged.limit), TOP + PLOT)
    deep = max(beyond[1] - beyond[0], 0.0)
    parts.append(
        f'<rect x="{LEFT}" y="{beyond[0]:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{deep:.1f}" '
        'class="f-warningfill" fill-opacity=".12"/>'
    )
    parts += [f'<path d="{_path(course, x, y)}" class="l-ink3" stroke-width=".7" opacity=".5"/>' for course in others]
    parts.append(f'<path d="{_path(own, x, y)}" class="l-ink" stroke-width="1.5" stroke-linejoin="round"/>')
    parts += _labels(judged, own, x, y)
    parts += _environment(worst, x, hours)
    height = TOP + PLOT + GAP + AIR + 22
    told = f"{q.title} over time, worst lane {worst.case}, seed {worst.seed}, against the limit"
    return _svg(height, told, parts)


def _svg(height: float, told: str, parts: Sequence[str]) -> str:
    """The whole picture."""
    box = f'viewBox="0 0 {WIDTH} {height:g}"'
    return f'<svg class="plot" {box} role="img" aria-label="{escape(told)}">{"".join(parts)}</svg>'


def _labels(judged: Judged, own: Course, x: _Scale, y: _Scale) -> list[str]:
    """The limit's line, and the worst lane's name and peak, at the right; kept apart."""
    name = judged.rule.quantity
    limit = y(judged.limit)
    values = np.where(np.isfinite(own[1]), own[1], np.nan)
    at = int(np.nanargmax(values) if judged.rule.most else np.nanargmin(values))
    seen = abs(float(values[at]) - judged.worst) < 0.02 * abs(judged.limit - judged.rule.reference)
    peak = y(judged.worst)
    side = max(TOP + 8.0, min(peak, TOP + PLOT - 4.0))
    if abs(side - limit) < 28.0:
        down = side >= limit
        side = limit + 28.0 if down else limit - 28.0
        if not TOP + 8.0 <= side <= TOP + PLOT + 4.0:
            side = limit - 28.0 if down else limit + 28.0
    right = WIDTH - RIGHT
    after = "" if seen else ", between frames"
    bound, worst, left = (
        escape(word) for word in (shown(judged.limit, name), shown(judged.worst, name), percent(judged.margin) + after)
    )
    dot = f'<circle cx="{x(float(own[0][at]) / 3600.0):.1f}" cy="{peak:.1f}" r="3" class="f-ink"/>'
    between = f'<path d="M{LEFT} {peak:.1f}H{right}" class="l-ink" stroke-width=".8" stroke-dasharray="2 4"/>'
    return [
        f'<path d="M{LEFT} {limit:.1f}H{right}" class="l-warning" stroke-width="1.4" stroke-dasharray="7 4"/>',
        dot if seen else between,
        f'<text x="{right + 6}" y="{limit + 4.0:.1f}" class="f-warning b">limit {bound}</text>',
        f'<text x="{right + 6}" y="{side + 1.0:.1f}" class="f-ink b">worst {worst}</text>',
        f'<text x="{right + 6}" y="{side + 13.0:.1f}" class="f-ink2" font-size="10">{left}</text>',
    ]


def _environment(worst: Kept, x: _Scale, hours: float) -> list[str]:
    """Height as a filled outline, the air's temperature as a line, cloud and rain as bands; the time axis."""
    top, bottom = TOP + PLOT + GAP, TOP + PLOT + GAP + AIR
    parts = []
    height = worst.around.get("height")
    if height is not None:
        top_height = max(float(np.nanmax(height[1])), 100.0)
        y = _scale(0.0, 1.15 * top_height, bottom, top)
        first, last = x(float(height[0][0]) / 3600.0), x(float(height[0][-1]) / 3600.0)
        parts.append(f'<path d="{_path(height, x, y)}L{last:.1f} {bottom}L{first:.1f} {bottom}Z" class="f-band"/>')
        told = f"{1e-3 * top_height:.1f} km".replace("-", "−")
        parts.append(f'<text x="{LEFT - 6}" y="{y(top_height) + 4.0:.1f}" class="f-ink2 e">{told}</text>')
    for name, ink in (("cloud_water", "waterfill"), ("rain", "water")):
        course = worst.around.get(name)
        if course is not None:
            parts += _bands(course, x, top, ink)
    temperature = worst.around.get("temperature")
    if temperature is not None:
        parts += _temperature(temperature, x, top, bottom)
    parts.append(f'<path d="M{LEFT} {bottom}H{WIDTH - RIGHT}" class="l-rule" stroke-width="1"/>')
    step = _step(hours, 8)
    for k in range(int(hours / step) + 1):
        word = f"{k * step:g} h" if k * step > hours - step else f"{k * step:g}"
        parts.append(f'<text x="{x(k * step):.1f}" y="{bottom + 15}" class="f-ink3 m">{word}</text>')
    case = f"{worst.case}, seed {worst.seed}"
    parts.append(f'<text x="{LEFT}" y="{top - 6}" class="f-ink2">{escape(case)}: height, air temperature'
                 f'{_also(worst)}</text>')  # fmt: skip
    return parts


def _also(worst: Kept) -> str:
    also = [word for name, word in (("cloud_water", "cloud"), ("rain", "rain"))
            if name in worst.around and np.nanmax(worst.around[name][1]) > 0.0]  # fmt: skip
    return ", " + " and ".join(also) + " (blue)" if also else ""


def _bands(course: Course, x: _Scale, top: float, ink: str) -> list[str]:
    """Where something is, as bands at the top of the environment."""
    time, value = course
    inside = np.isfinite(value) & (value > 1e-7)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(int), [0]))))
    parts = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        left, right = x(float(time[a]) / 3600.0), x(float(time[min(b, len(time) - 1)]) / 3600.0)
        wide = max(right - left, 1.0)
        parts.append(f'<rect x="{left:.1f}" y="{top}" width="{wide:.1f}" height="7" class="f-{ink}"/>')
    return parts


def _temperature(course: Course, x: _Scale, top: float, bottom: float) -> list[str]:
    """Temperature on its own scale, its extremes at the right."""
    celsius = course[1] - 273.15
    low, high = float(np.nanmin(celsius)), float(np.nanmax(celsius))
    y = _scale(low - 1.0, max(high, low + 2.0) + 1.0, bottom - 3.0, top + 12.0)
    right = WIDTH - RIGHT + 6
    parts = [f'<path d="{_path((course[0], celsius), x, y)}" class="l-caution" stroke-width="1.2"/>',
             f'<text x="{right}" y="{y(high) + 2.0:.1f}" class="f-caution">{high:.0f} C</text>']  # fmt: skip
    if y(low) - y(high) > 13.0:
        parts.append(f'<text x="{right}" y="{y(low) + 3.0:.1f}" class="f-caution">{low:.0f} C</text>')
    return [part.replace(">-", ">−") for part in parts]


def by_case(result: Result) -> str:
    """The margin of each case, where nothing that is judged has a course over time."""
    rows = [(case, min(case.margins, key=lambda name: case.margins[name])) for case in result.cases if case.margins]
    parts, zero, full = [], 360.0, 300.0
    for k, (case, name) in enumerate(rows):
        y = 14 + 20 * k
        left = case.margins[name]
        size = min(max(left, -0.5), 1.0) if math.isfinite(left) else -0.5
        ink = "ink2" if left >= 0.0 else "warning"
        x, wide = (zero, size * full) if size >= 0.0 else (zero + size * full, -size * full)
        told = f"{QUANTITIES[name].title}: {shown(case.worst[name], name)} ({percent(left)})"
        parts.append(f'<text x="0" y="{y}" class="f-ink">{escape(case.name)}</text>')
        parts.append(f'<rect x="{x:.1f}" y="{y - 8}" width="{max(wide, 1.0):.1f}" height="8" class="f-{ink}"/>')
        parts.append(f'<text x="{zero + full + 10:.0f}" y="{y}" class="f-{ink}">{escape(told)}</text>')
    parts.append(f'<path d="M{zero} 0V{20 * len(rows) + 4}" class="l-ink" stroke-width="1.2"/>')
    return _svg(20 * len(rows) + 6, "Least margin of each case", parts) if rows else ""


# The sweep ------------------------------------------------------------------------------------------------------------

ROW, NAME = 30, 250
OUTCOME_INK = {"completed": "ink", "diverted": "caution", "refused": "caution", "lost": "warning", "none": "ink3"}


def sweep(result: Result) -> str:
    """Outcome and margins over the axis of a sweep: one column to a case, one row to a rule."""
    cases = [case for case in result.cases if case.axis is not None]
    names = list(dict.fromkeys(j.rule.quantity for j in result.judged if j.rule.quantity not in YES_NO))
    column = (WIDTH - NAME) / max(len(cases), 1)
    height = 46 + ROW * (len(names) + 1) + 8
    parts = []
    for k, case in enumerate(cases):
        x = NAME + (k + 0.5) * column
        parts.append(f'<text x="{x:.1f}" y="13" class="f-ink b m">{escape(case.name)}</text>')
        y = 46.0
        total = sum(case.outcomes.values())
        good = case.outcomes.get("refused" if case.expected == "refused" else "completed", 0)
        main = max(case.outcomes, key=lambda name: case.outcomes[name])
        ink = "warning" if not case.passed else OUTCOME_INK[main] if case.expected != "refused" else "ink2"
        parts.append(f'<text x="{x:.1f}" y="{y - 6:.1f}" class="f-{ink} m" font-size="9.5">{escape(main)}</text>')
        parts.append(f'<text x="{x:.1f}" y="{y + 7:.1f}" class="f-ink3 m" font-size="10">{good} of {total}</text>')
        for row, name in enumerate(names):
            parts += _cell(x, 46 + ROW * (row + 1), column, case.margins.get(name, math.nan),
                           case.worst.get(name, math.nan), name)  # fmt: skip
    for row, name in enumerate(["outcome", *names]):
        y = 46 + ROW * row
        title = f"{QUANTITIES[name].title}, {QUANTITIES[name].unit}" if row else "outcome, flights as they should end"
        parts.append(f'<text x="0" y="{y}" class="f-ink2">{escape(title)}</text>')
        parts.append(f'<path d="M0 {y + 12}H{WIDTH}" class="l-rule" stroke-width="1"/>')
    told = "Outcome and margins over the temperature at the ground"
    return _svg(height, told, parts)


def _cell(x: float, y: float, column: float, margin: float, value: float, name: str) -> list[str]:
    """A margin as a bar under its value."""
    if not math.isfinite(margin):
        return [f'<text x="{x:.1f}" y="{y}" class="f-ink3 m">–</text>']
    width = 0.8 * column
    size = min(max(abs(margin), 0.0), 1.0) * width
    ink = "ink2" if margin >= 0.0 else "warning"
    number = f"{value:.{min(QUANTITIES[name].digits, 1)}f}".replace("-", "−")
    return [
        f'<text x="{x:.1f}" y="{y - 6}" class="f-{"ink" if margin >= 0.0 else "warning"} m">{number}</text>',
        f'<rect x="{x - width / 2:.1f}" y="{y - 1}" width="{width:.1f}" height="5" class="f-fill"/>',
        f'<rect x="{x - width / 2:.1f}" y="{y - 1}" width="{max(size, 0.8):.1f}" height="5" class="f-{ink}"/>',
    ]


# Scales ---------------------------------------------------------------------------------------------------------------


class _Scale:
    """A linear scale from values to px."""

    def __init__(self, low: float, high: float, first: float, last: float) -> None:
        self.low, self.first = low, first
        self.per = (last - first) / (high - low if high != low else 1.0)

    def __call__(self, value: float) -> float:
        return self.first + self.per * (value - self.low)


def _scale(low: float, high: float, first: float, last: float) -> _Scale:
    return _Scale(low, high, first, last)


def _hours(own: Course, others: Sequence[Course]) -> float:
    return max(float(course[0][-1]) for course in (own, *others)) / 3600.0


def _range(courses: Sequence[Course], *marks: float) -> tuple[float, float]:
    """Values from the courses and the marks, with room."""
    values = np.concatenate([course[1][np.isfinite(course[1])] for course in courses])
    low, high = min(float(values.min()), *marks), max(float(values.max()), *marks)
    room = 0.08 * (high - low or 1.0)
    return low - room, high + room


def _step(span: float, most: int) -> float:
    """A round step that cuts a span into at most so many parts."""
    for step in (s * 10.0**e for e in range(-3, 7) for s in (1.0, 2.0, 5.0)):
        if span / step <= most:
            return step
    return span


def _grid(low: float, high: float, y: _Scale) -> list[str]:
    step = _step(high - low, 6)
    parts = []
    for k in range(math.ceil(low / step), math.floor(high / step) + 1):
        value = k * step
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        word = f"{value:.{digits}f}".replace("-", "−")
        parts.append(f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" class="l-rule" stroke-width=".7"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(value) + 3.5:.1f}" class="f-ink3 e">{word}</text>')
    return parts


def _path(course: Course, x: _Scale, y: _Scale) -> str:
    """Path data, broken where the course is not known."""
    words, pen = [], False
    for time, value in zip(course[0], course[1], strict=True):
        if not math.isfinite(float(value)):
            pen = False
            continue
        words.append(f"{'L' if pen else 'M'}{x(float(time) / 3600.0):.1f} {y(float(value)):.1f}")
        pen = True
    return "".join(words)
