"""The report: one file of HTML that holds the answer, the pictures and the evidence, and asks nothing of a network.

Strip first, then each flight's verdict, the map, where the numbers come from and how to repeat them. No script: both
themes by style alone, light in print, one column on a phone. Everything in it was computed or given; nothing is prose
about a flight that did not happen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

from samruk.verdict import map as chart
from samruk.verdict import strip
from samruk.verdict.map import MissionMap
from samruk.verdict.paper import Figure
from samruk.verdict.picture import EventLike, StripDay
from samruk.verdict.report_drivers import SHEET as DRIVERS_SHEET
from samruk.verdict.report_drivers import pictures as driver_pictures
from samruk.verdict.report_drivers import table as driver_table
from samruk.verdict.report_margins import rows
from samruk.verdict.report_sheet import SHEET
from samruk.verdict.theme import page_sheet
from samruk.verdict.wording import DASH, OUTCOMES, clock_exact, date, duration, fine_up, number, plural, sentence

if TYPE_CHECKING:
    from samruk.verdict.sensitivity import Sensitivity

NOT_CERTIFIED = (
    "Not certified. A computed verdict on a model of an aircraft as publicly described, with estimated figures where "
    "none is published; not for controlling a real aircraft over people, and no substitute for a flight-test."
)


class Cause(Protocol):
    """What, taken away, turns the outcome."""

    @property
    def text(self) -> str:
        """A noun: what is taken away."""

    @property
    def turns_to(self) -> str:
        """The outcome without it."""

    @property
    def confirmed(self) -> int:
        """Of the seeds flown, how many turned."""

    @property
    def seeds(self) -> int:
        """Seeds flown."""


class Fix(Cause, Protocol):
    """What, added, turns the outcome."""

    @property
    def cost_kg(self) -> float:
        """kg fuel-equivalent."""


class FlightVerdict(Protocol):
    """The answer for one flight; `outcome.Verdict` is one."""

    @property
    def name(self) -> str:
        """As in the strip."""

    @property
    def outcome(self) -> str | None:
        """`completed`, `diverted`, `refused`, `lost`; None where the model failed."""

    @property
    def status(self) -> str:
        """`ok`, or why there is no outcome."""

    @property
    def duration_h(self) -> float:
        """h."""

    @property
    def events(self) -> Sequence[EventLike]:
        """The chain of events."""

    @property
    def causes(self) -> Sequence[Cause]:
        """What, taken away, turns it."""

    @property
    def fixes(self) -> Sequence[Fix]:
        """What, added, turns it."""

    @property
    def margins(self) -> Mapping[str, Any]:
        """Margins left, keys with units."""

    @property
    def fuel_kg(self) -> float:
        """kg burned."""

    @property
    def unexplained(self) -> bool:
        """Whether nothing that was tried turns a bad outcome."""

    @property
    def reason(self) -> str:
        """The aircraft's own reason; empty for none."""

    @property
    def probability(self) -> Mapping[str, float]:
        """Share of each outcome over the seeds flown."""

    @property
    def seeds(self) -> int:
        """Seeds flown."""


@dataclass(frozen=True)
class Report:
    """All that a report shows."""

    title: str
    mission: str
    """What was asked, in a line."""
    flights: tuple[FlightVerdict, ...]
    """In the order of the strip."""
    day: StripDay
    chart: MissionMap | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Version, hashes of the inputs, seed, engine: name to value."""
    repeat: tuple[str, ...] = ()
    """Command lines that give the same result."""
    answer: str = ""
    """The computed answer; empty: made from the verdicts."""
    limits: tuple[str, ...] = ()
    """What these results do not cover."""
    drivers: Sensitivity | None = None
    """What drives one of the flights; None: not asked for."""


def write(report: Report) -> str:
    """The report as one HTML file."""
    strips = [strip.parts(report.day, size, f"s{size[0]}") for size in ("full", "phone")]
    maps = []
    if report.chart is not None:
        maps = [chart.figure(report.chart, report.day.flights, size, f"m{size[0]}") for size in ("full", "phone")]
    bars = [] if report.drivers is None else driver_pictures(report.drivers)
    body = "\n".join(
        part
        for part in (
            _header(report),
            _strips(strips),
            *(_flight(flight, report.day) for flight in report.flights),
            _drivers(report.drivers, bars),
            _map(maps),
            _provenance(report),
            _footer(report),
        )
        if part
    )
    sheet = "" if report.drivers is None else DRIVERS_SHEET
    text = "".join(f.text for f in (*strips[0], *strips[1], *maps, *bars)) + body
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(report.title)}</title>\n<style>{page_sheet(text)}{SHEET}{sheet}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def answer(report: Report) -> str:
    """The answer to "will this system complete this mission?": a line for each flight, from the verdicts alone."""
    if report.answer:
        return report.answer
    return "\n".join(_answer(flight, alone=len(report.flights) == 1) for flight in report.flights)


def _answer(flight: FlightVerdict, alone: bool) -> str:
    """One sentence for one flight."""
    who = "The flight" if alone else sentence(flight.name)
    if flight.outcome is None:
        return f"{who}: no verdict, {flight.status}."
    after = f" after {duration(3600.0 * flight.duration_h)}" if flight.duration_h > 0.0 else ""
    share = flight.probability.get(flight.outcome, 0.0)
    words = f"{who}: {flight.outcome}{after}"
    if flight.seeds > 1 and share > 0.0:
        words += f" ({round(share * flight.seeds)} of {flight.seeds} seeds)"
    fix = min(flight.fixes, key=lambda f: f.cost_kg, default=None)
    if flight.outcome != "completed" and fix is not None:
        words += f"; cheapest fix: {fix.text} ({_kilograms(fix.cost_kg)})"
    elif flight.unexplained:
        words += "; nothing that was tried turns it"
    return words + "."


def _kilograms(cost: float) -> str:
    """A cost in fuel-equivalent."""
    return f"{fine_up(cost)} kg" if cost > 0.0 else "no cost"


def _header(report: Report) -> str:
    """Title, what was asked, the answer; and the choice of theme."""
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{word}</span></label>"
        for key, word in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    return (
        f'<header>\n<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>\n'
        f"<h1>{escape(report.title)}</h1>\n"
        f'<p class="mission">{escape(report.mission)}</p>\n<div class="answer">{_lines(report)}</div>\n</header>'
    )


def _lines(report: Report) -> str:
    """The answer's lines, each with the sign of its flight's outcome."""
    lines = answer(report).splitlines()
    signs = [_sign(OUTCOMES[flight.outcome][2]) for flight in report.flights]
    if report.answer or len(signs) != len(lines):
        signs = [""] * len(lines)
    return "".join(f"<p>{sign}{escape(line)}</p>" for sign, line in zip(signs, lines, strict=True))


def _strips(strips: Sequence[Sequence[Figure]]) -> str:
    """The strip in both widths, flight by flight."""
    shown = [
        "".join(part.inline(f"figure {size}") for part in parts)
        for parts, size in zip(strips, ("full", "phone"), strict=True)
    ]
    return f'<figure class="strip">{"".join(shown)}</figure>'


def _figure(figures: Sequence[Figure], caption: str) -> str:
    """A picture in both widths; one of them shows."""
    shown = "".join(figure.inline(f"figure {size}") for figure, size in zip(figures, ("full", "phone"), strict=True))
    note = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure>{shown}{note}</figure>"


def _sign(level: str) -> str:
    """The sign of a level."""
    shapes = {
        "warning": '<path d="M5.5 .5 11 10.5H0z" class="f-warning"/>',
        "caution": '<path d="M5.5 0 11 5.5 5.5 11 0 5.5z" class="f-caution"/>',
        "advisory": '<circle cx="5.5" cy="5.5" r="4" class="l-ink" stroke-width="1.6"/>',
    }
    if level not in shapes:
        return ""
    return f'<svg class="sign" viewBox="0 0 11 11" aria-label="{level}" role="img">{shapes[level]}</svg>'


# ------------------------------------------------------------------------------------------------------------ a flight


def _flight(flight: FlightVerdict, day: StripDay) -> str:
    """A flight's verdict: outcome, chain, causes, fixes, margins."""
    word, token, level = OUTCOMES[flight.outcome]
    after = f" {duration(3600.0 * flight.duration_h)}" if flight.duration_h > 0.0 else ""
    burned = (
        f'<span class="dim small">{fine_up(flight.fuel_kg)} kg of fuel burned</span>' if flight.fuel_kg > 0.0 else ""
    )
    cls = f' class="{token}"' if token in ("caution", "warning") else ""
    note = next((f.note for f in day.flights if f.name == flight.name), "")
    return (
        f'<section>\n<div class="head"><h2>{escape(sentence(flight.name))}</h2>'
        f'<span class="dim small">{escape(note)}</span>'
        f"<span>{_sign(level)}<b{cls}>{word}</b>{after}</span>{burned}</div>\n{_remarks(flight)}"
        f'<div class="columns">\n<div>{_chain(flight)}</div>\n<div>{_why(flight)}</div>\n</div>\n'
        f"{_margins(flight)}\n</section>"
    )


def _remarks(flight: FlightVerdict) -> str:
    """The model's state, the aircraft's own reason, and how likely the outcome is."""
    out = []
    if flight.status != "ok":
        out.append(f'<p class="warning">{escape(sentence(flight.status))}.</p>')
    if flight.reason and flight.outcome != "completed":
        out.append(f"<p>The aircraft's own reason: {escape(flight.reason)}.</p>")
    if flight.seeds > 1 and flight.probability:
        out.append(_chance(flight))
    return "\n".join(out)


def _chance(flight: FlightVerdict) -> str:
    """Share of each outcome over the seeds flown."""
    order = [key for key in ("completed", "diverted", "refused", "lost", "none") if flight.probability.get(key, 0) > 0]
    bar = "".join(f'<i class="{key}" style="width:{100.0 * flight.probability[key]:.1f}%"></i>' for key in order)
    said = ", ".join(f"{'no verdict' if k == 'none' else k} {number(100.0 * flight.probability[k])} %" for k in order)
    return (
        f'<div class="chance" aria-hidden="true">{bar}</div><p class="small dim">{said}, over {flight.seeds} seeds</p>'
    )


def _chain(flight: FlightVerdict) -> str:
    """The chain of events with times."""
    if not flight.events:
        return "<h3>Chain of events</h3><p>No events.</p>"
    lines, day = [], ""
    for event in sorted(flight.events, key=lambda each: each.time):
        if date(event.time) != day:
            day = date(event.time)
            lines.append(f'<li class="dim small"><span></span><span></span><span>{day}</span></li>')
        cls = f' class="{event.level}"' if event.level in ("caution", "warning") else ""
        lines.append(
            f"<li><time>{clock_exact(event.time)}</time><span>{_sign(event.level)}</span>"
            f"<span{cls}>{escape(event.text)}</span></li>"
        )
    return f'<h3>Chain of events, UTC</h3><ol class="chain">{"".join(lines)}</ol>'


def _why(flight: FlightVerdict) -> str:
    """Causes and fixes; or plainly that none was found."""
    parts = []
    if flight.causes:
        items = "".join(
            f"<li>Without {escape(cause.text)}: {escape(cause.turns_to)}{_confirmed(cause)}</li>"
            for cause in flight.causes
        )
        parts.append(f"<h3>Causes: what, taken away, turns it</h3><ul>{items}</ul>")
    if flight.fixes:
        parts.append(_fixes(flight.fixes))
    if flight.unexplained:
        parts.append('<h3>Causes</h3><p class="caution">Unexplained: nothing that was tried turns this outcome.</p>')
    elif not parts and flight.outcome == "completed":
        parts.append("<h3>Causes</h3><p>Nothing to turn: the mission is complete.</p>")
    elif not parts:
        parts.append("<h3>Causes</h3><p>Not searched.</p>")
    return "".join(parts)


def _confirmed(cause: Cause) -> str:
    """On how many seeds a change turned the outcome."""
    if cause.seeds < 2:
        return ""
    return f' <span class="dim small">({cause.confirmed} of {plural(cause.seeds, "seed", "seeds")})</span>'


def _fixes(fixes: Sequence[Fix]) -> str:
    """Fixes by cost, each with a bar."""
    ranked = sorted(fixes, key=lambda fix: fix.cost_kg)
    dearest = max(fix.cost_kg for fix in ranked)
    items = []
    for k, fix in enumerate(ranked):
        bar = f'<div class="bar" style="width:{100.0 * fix.cost_kg / dearest:.1f}%"></div>' if fix.cost_kg > 0.0 else ""
        first = " first" if k == 0 else ""
        items.append(
            f'<li><div class="what{first}"><span>{escape(sentence(fix.text))}: {escape(fix.turns_to)}'
            f'{_confirmed(fix)}</span><span class="cost">{_kilograms(fix.cost_kg)}</span></div>{bar}</li>'
        )
    return f'<h3>Fixes, cheapest first, in kg of fuel-equivalent</h3><ul class="fixes">{"".join(items)}</ul>'


def _margins(flight: FlightVerdict) -> str:
    """Margins left, rounded towards danger."""
    if not flight.margins:
        return f"<h3>Margins left</h3><p>{DASH} It did not fly.</p>" if flight.outcome == "refused" else ""
    lines = "".join(
        f'<div><dt>{escape(row.name)}</dt><dd class="{row.level}">{_sign(row.level)}{escape(row.value)}</dd></div>'
        for row in rows(flight.margins)
    )
    return f'<h3>Margins left</h3><dl class="margins">{lines}</dl>'


# ------------------------------------------------------------------------------------------------------------ the rest


def _drivers(found: Sensitivity | None, figures: Sequence[Figure]) -> str:
    """What drives one flight's figures."""
    if found is None:
        return ""
    note = (
        "Bars: change of the figure by one standard deviation of the number, by the flight's derivative. Dots: the "
        "same from two flights flown again with it, a deviation up and one down, same gusts; "
        "so are the numbers at the right."
    )
    head = f"<h2>What drives it: {escape(found.flight)}</h2>"
    return f"<section>{head}{_figure(figures, note)}\n{driver_table(found)}</section>"


def _map(figures: Sequence[Figure]) -> str:
    """The map."""
    if not figures:
        return ""
    note = "Lambert conformal cone; no base map. Circles of reach hold for a smooth Earth in a standard atmosphere."
    return f'<section class="where"><h2>Where</h2>{_figure(figures, note)}</section>'


def _provenance(report: Report) -> str:
    """Where the numbers come from and how to repeat them."""
    lines = "".join(f"<dt>{escape(str(k))}</dt><dd>{escape(str(v))}</dd>" for k, v in report.provenance.items())
    again = escape("\n".join(report.repeat))
    parts = [
        f"<h2>Provenance</h2><dl>{lines}</dl>" if lines else "",
        f"<h3>To repeat it</h3><pre>{again}</pre>" if again else "",
    ]
    return f"<section>{''.join(parts)}</section>" if any(parts) else ""


def _footer(report: Report) -> str:
    """What the result does not cover."""
    return "<footer>" + "".join(f"<p>{escape(line)}</p>" for line in (NOT_CERTIFIED, *report.limits)) + "</footer>"
