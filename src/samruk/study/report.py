"""The report of a study: one file of HTML in the dress of every report; no script, nothing from a network."""

from __future__ import annotations

from html import escape

import numpy as np

from samruk.story import LIMITS
from samruk.study.report_sheet import STUDY
from samruk.study.report_where import where
from samruk.study.results import MEASURES, OUTCOMES, RESULTS, Measure, Study
from samruk.study.statistics import Array, Drive, Driver
from samruk.study.wording import NAMES, answer, interval, name, percent, sign
from samruk.verdict.report import NOT_CERTIFIED
from samruk.verdict.report_sheet import SHEET
from samruk.verdict.theme import page_sheet
from samruk.verdict.wording import DASH, number, plural, sentence

WIDTH, HEIGHT = 340, 64
"""px of a distribution's drawing."""
BARS = 34
"""Bars of a distribution at most."""
CHAINS, DRIVERS = 12, 8
"""Told at most."""
SCALES = (0.2, 0.5, 1.0)
"""Shares of the variance that may fill a bar."""
LEVELS = {"diverted": "caution", "refused": "caution", "lost": "warning"}


def write(study: Study) -> str:
    """The report as one HTML file."""
    parts = [_header(study)]
    if study.flights:
        parts += [_drives(study), _spreads(study), _chains(study), where(study)]
    parts += [_varied(study), _provenance(study), _footer()]
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(study.title)}</title>\n<style>{page_sheet(body)}{SHEET}{STUDY}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


# ---------------------------------------------------------------------------------------------------------- the answer


def _header(study: Study) -> str:
    """Title, answer, the probability bar and the outcomes."""
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{word}</span></label>"
        for key, word in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    asked = f"{plural(study.flights, 'dispersed flight', 'dispersed flights')} of {study.about['aircraft']}"
    under = ". ".join(filter(None, (str(study.about["subtitle"]), asked)))
    return (
        f'<header>\n<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>\n'
        f'<h1>{escape(study.title)}</h1>\n<p class="mission">{escape(under)}</p>\n'
        f'<div class="answer"><p>{escape(answer(study))}</p></div>\n{_odds(study)}{_outcomes(study)}</header>'
    )


def _odds(study: Study) -> str:
    """Shares of the outcomes as one bar, with the interval of completion under its edge."""
    if not study.flights:
        return ""
    parts = "".join(
        f'<i class="{word}" style="flex:{share.count} 0 0"></i>'
        for word in OUTCOMES
        if (share := study.probability[word]).count
    )
    done = study.probability["completed"]
    low, high = (done.exact_low, done.exact_high) if done.extreme else (done.low, done.high)
    return (
        f'<div class="odds" aria-hidden="true"><div class="parts">{parts}</div>{_reach(low, high)}'
        '<div class="scale"><span>0 %</span><span>50</span><span>100 %</span></div></div>'
    )


def _reach(low: float, high: float) -> str:
    """An interval as a line with two ends, of the width of what holds it."""
    return f'<span class="reach" style="left:{100.0 * low:.2f}%;width:{100.0 * (high - low):.2f}%"></span>'


def _outcomes(study: Study) -> str:
    """Each outcome with its count, share and interval."""
    if not study.flights:
        return ""
    rows = []
    for word in OUTCOMES:
        each = study.probability[word]
        level = LEVELS.get(word, "") if each.count else ""
        cls = f' class="{level}"' if level else ""
        exact = " (exact)" if each.extreme else ""
        if each.count or word != "none":
            rows.append(
                f'<tr><td{cls}>{NAMES[word]}</td><td class="n">{each.count}</td>'
                f'<td class="n"><b>{percent(each.value)} %</b></td><td class="n">{interval(each)}{exact}</td></tr>'
            )
    head = '<tr><th></th><th class="n">flights</th><th class="n">share</th><th class="n">95 % interval</th></tr>'
    note = '<p class="small dim">Intervals by Wilson; the exact one of Clopper and Pearson near none and all.</p>'
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>{note}"


# ---------------------------------------------------------------------------------------------------------- what drives


def _drives(study: Study) -> str:
    """Ranked drivers of each result."""
    drives = {text: study.drives[key] for key, text in RESULTS.items() if key in study.drives}
    if not drives:
        said = "Too few flights, or nothing that varies, to tell what drives it."
        return f"<section><h2>What drives it</h2><p>{said}</p></section>"
    most = max((d.share_high for drive in drives.values() for d in drive.resolved[:DRIVERS]), default=1.0)
    full = next(scale for scale in SCALES if most <= scale)
    shown = "".join(_drive(drive, text, full) for text, drive in drives.items())
    note = (
        "Bars: part of the result's variance that a number's mean effect makes, up or down, with its 95 % interval; a "
        f"bar of full width is {percent(full)} %. Only what stands out of chance is named (5 % for all numbers "
        "together, Holm's correction); the rest of the variance is numbers too weak to tell apart at this many "
        "flights, their joint effects, and chance in the air."
    )
    return (
        f'<section><h2>What drives it</h2><p class="dim small">{note}</p>\n<div class="results">{shown}</div></section>'
    )


def _drive(drive: Drive, text: str, full: float) -> str:
    """Drivers of one result; `full` is the share that fills a bar."""
    rows = "".join(_driver(driver, drive.result, full) for driver in drive.resolved[:DRIVERS])
    said = (
        _unresolved(drive)
        if rows
        else f"Nothing stands out of chance at {drive.flights} flights: a number must make about "
        f"{percent(drive.smallest)} % of the variance to be seen."
    )
    together = f" Together they explain {percent(drive.explained)} % in a straight line."
    linear = together if len(drive.resolved) > 1 else ""
    return (
        f'<div class="drive"><h3>{escape(sentence(text))}</h3><ul>{rows}</ul>'
        f'<p class="small dim">{said}{linear}</p></div>'
    )


def _unresolved(drive: Drive) -> str:
    """How many numbers are not told, and why."""
    more, rest = len(drive.resolved) - DRIVERS, len(drive.drivers) - len(drive.resolved)
    said = [f"{more} more stand out less."] if more > 0 else []
    if rest:
        others = "The other number is" if rest == 1 else f"The other {rest} numbers are"
        least = f"{'it' if rest == 1 else 'each'} makes less than about {percent(drive.smallest)} %."
        said.append(f"{others} not resolved at {drive.flights} flights: {least}")
    return " ".join(said)


def _driver(driver: Driver, result: str, full: float) -> str:
    """One number with its bar."""
    way = sign(driver, result)
    said = f"{percent(driver.share)} % ({percent(driver.share_low)} to {percent(driver.share_high)})"
    return (
        f'<li><div class="what"><span><b>{escape(sentence(name(driver.key)))}</b> '
        f'<span class="dim small">{way}</span></span><span class="much">{said}</span></div>'
        f'<div class="track" aria-hidden="true"><i style="width:{100.0 * driver.share / full:.2f}%"></i>'
        f"{_reach(driver.share_low / full, driver.share_high / full)}</div></li>"
    )


# ------------------------------------------------------------------------------------------------------------- margins


def _spreads(study: Study) -> str:
    """Distributions of the margins that vary."""
    drawn = "".join(_spread(study, measure) for measure in MEASURES)
    if not drawn:
        return ""
    note = "Bars count flights; amber lies beyond the limit, dashed. Lines: 5 %, median and 95 % of flights."
    return f'<section><h2>Margins</h2><p class="dim small">{note}</p>\n<div class="spreads">{drawn}</div></section>'


def _spread(study: Study, measure: Measure) -> str:
    """One distribution; nothing where it does not vary."""
    values = measure.scale * study.table[measure.column].astype(np.float64) + measure.offset
    values = values[np.isfinite(values)]
    if len(values) < 5 or np.ptp(np.percentile(values, [5.0, 95.0])) == 0.0:
        return ""
    low, high = _range(values, measure.limit)
    unit, digits = measure.unit, measure.digits
    few = f"of {len(values)} flights" if len(values) < study.flights else ""
    told = [_percentile(study, measure, percent_, word) for percent_, word in ((5.0, "5 %"), (50.0, "median"),
                                                                             (95.0, "95 %"))]  # fmt: skip
    return (
        f'<div class="spread"><h3>{escape(sentence(measure.text))}, {unit}<span>{few}</span></h3>'
        f"{_histogram(values, low, high, measure)}"
        f'<div class="ends"><span>{number(low, digits)}</span><span>{number(high, digits)}</span></div>'
        f"<p>{'; '.join(told)}</p></div>"
    )


def _percentile(study: Study, measure: Measure, part: float, word: str) -> str:
    """A percentile with its interval."""
    found = study.percentile(measure.column, part)
    value, low, high = (measure.scale * x + measure.offset for x in (found.value, found.low, found.high))
    ends = [number(x, measure.digits) if np.isfinite(x) else DASH for x in (low, high)]
    return f"{word} <b>{number(value, measure.digits)}</b> ({ends[0]} to {ends[1]})"


def _range(values: Array, limit: float | None) -> tuple[float, float]:
    """Ends of the scale: all values, and the limit where it is near them."""
    low, high = float(values.min()), float(values.max())
    reach = high - low
    if limit is not None and low - reach <= limit <= high + reach:
        low, high = min(low, limit), max(high, limit)
    return low, high


def _histogram(values: Array, low: float, high: float, measure: Measure) -> str:
    """Bars, limit and percentiles as a drawing."""
    bars = max(6, min(BARS, round(2.0 * len(values) ** 0.5)))
    counts, edges = np.histogram(values, bars, (low, high))
    step, top, limit = WIDTH / bars, max(int(counts.max()), 1), measure.limit
    parts = []
    for k, count in enumerate(counts):
        middle = 0.5 * (edges[k] + edges[k + 1])
        beyond = limit is not None and (middle > limit if measure.more_is_worse else middle < limit)
        h = (HEIGHT - 6.0) * int(count) / top
        fill = "f-cautionfill" if beyond else "f-auto"
        if count:
            parts.append(f'<rect x="{k * step:.1f}" y="{HEIGHT - h:.1f}" width="{max(step - 1.0, 1.0):.1f}" '
                         f'height="{h:.1f}" class="{fill}"/>')  # fmt: skip
    for part, weight in ((5.0, 1.0), (50.0, 2.0), (95.0, 1.0)):
        parts.append(_upright(_place(float(np.percentile(values, part)), low, high), "ink", weight))
    if limit is not None and low <= limit <= high:
        parts.append(_upright(_place(limit, low, high), "caution", 1.2, "4 3"))
    parts.append(f'<path d="M0 {HEIGHT - 0.5}H{WIDTH}" class="l-rule" stroke-width="1"/>')
    told = f"distribution of {measure.text}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(told)}">{"".join(parts)}</svg>'
    )


def _place(value: float, low: float, high: float) -> float:
    return min(max(WIDTH * (value - low) / (high - low), 1.0), WIDTH - 1.0)


def _upright(x: float, ink: str, weight: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    drawn = f'class="l-{ink}" stroke-width="{weight:g}" vector-effect="non-scaling-stroke"{dashed}'
    return f'<path d="M{x:.1f} 0V{HEIGHT}" {drawn}/>'


# ------------------------------------------------------------------------------------------------------ what went wrong


def _chains(study: Study) -> str:
    """Flights that did not complete, grouped by their first abnormal events."""
    chains = study.chains
    if not chains:
        return "<section><h2>What went wrong</h2><p>Nothing: every flight completed.</p></section>"
    rows = "".join(
        f'<li><span class="n"><b>{c.share.count}</b> <span class="dim small">{percent(c.share.value)} %</span></span>'
        f'<span><span class="{LEVELS.get(c.outcome, "warning")}">{NAMES[c.outcome]}</span>: '
        f"{escape(', then '.join(filter(None, (*c.events, c.end))))}</span></li>"
        for c in chains[:CHAINS]
    )
    more = sum(c.share.count for c in chains[CHAINS:])
    kinds = len(chains) - CHAINS
    rest = f'<p class="small dim">And {plural(more, "flight", "flights")} in {kinds} other ways.</p>' if more else ""
    note = (
        "Flights by outcome, first abnormal event and end, with what at least half of each group had, by time. "
        "What befalls most of the flights that complete does not count as abnormal."
    )
    return (
        f'<section><h2>What went wrong</h2><p class="dim small">{note}</p>'
        f'<ul class="chains">{rows}</ul>{rest}</section>'
    )


# ------------------------------------------------------------------------------------------------------------ the rest


def _varied(study: Study) -> str:
    """Every number that varied, how, and by what source."""
    drawn = study.about["drawn"]
    mission = {key: entry for key, entry in drawn.items() if not key.startswith("aircraft.")}
    aircraft = {key: entry for key, entry in drawn.items() if key not in mission}
    seeds = "Every flight has chance of its own: gusts, sensors, delays."
    if 'seeds = "mission"' in study.about["inputs"]["spread"]:
        seeds = "All flights have the mission's own chance: gusts, sensors, delays."
    title = str(study.about["spread_title"])
    said = f"{title}. {seeds}" if title else seeds
    folded = ""
    if aircraft:
        count = plural(len(aircraft), "number of the aircraft", "numbers of the aircraft")
        folded = f"<details><summary>{count}</summary>{_table(aircraft)}</details>"
    return (
        f'<section><h2>What varied</h2><p>{escape(said)}</p>{_table(mission) if mission else ""}{folded}</section>'
    )


def _table(drawn: dict[str, list[str]]) -> str:
    """Rows of numbers with law and source."""
    rows = "".join(
        f'<tr><td class="key">{escape(key)}</td><td>{escape(law)}</td><td class="why">{escape(grade)}</td>'
        f'<td class="why">{escape(source)}</td></tr>'
        for key, (law, _, _, grade, source) in drawn.items()
    )
    head = '<tr><th>number</th><th>law</th><th class="why">grade</th><th class="why">source</th></tr>'
    return f'<div class="scroll"><table class="small"><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _provenance(study: Study) -> str:
    """Where it comes from and how to repeat it."""
    about, inputs = study.about, study.about["inputs"]
    lines = {
        "samruk": about["samruk"], "model sources": inputs["model"][:16], "engine": about["engine"],
        "seed of the study": str(inputs["seed"]), "flights": f"{study.flights}, one row each in ledgers-*.parquet",
        **{f"sha256 {file}": digest[:16] for file, digest in about.get("files", {}).items()},
    }  # fmt: skip
    told = "".join(f"<dt>{escape(key)}</dt><dd>{escape(str(value))}</dd>" for key, value in lines.items())
    again = f"{about['command']} --flights {study.flights}"
    return (
        f"<section><h2>Provenance</h2><dl>{told}</dl><h3>To repeat it</h3><pre>{escape(again)}</pre></section>"
    )


def _footer() -> str:
    """What the result does not cover."""
    more = (
        "Probabilities hold for the spreads above; they say nothing of what did not vary. Each drawn aircraft's "
        "autopilot knows that aircraft's own numbers, as its maker would have measured them.",
    )
    return "<footer>" + "".join(f"<p>{escape(line)}</p>" for line in (NOT_CERTIFIED, *LIMITS, *more)) + "</footer>"
