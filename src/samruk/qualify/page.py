"""The report of a campaign: matrix, sweep of temperatures, a plot for each run, and what it stands on; no script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from samruk.qualify import plots
from samruk.qualify.flying import Kept
from samruk.qualify.judging import Judged, Result, percent, shown, word
from samruk.qualify.quantities import QUANTITIES
from samruk.verdict.report_sheet import SHEET
from samruk.verdict.theme import page_sheet
from samruk.verdict.wording import sentence

PAGE = """
table{border-collapse:collapse;width:100%;font-size:12px;margin-top:6px}
th{text-align:left;font-weight:400;color:var(--ink2)}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--rule);vertical-align:top}
td.key{font-weight:600;white-space:nowrap}
td.key a{color:inherit;text-decoration:none}
td.state{white-space:nowrap}
td.margin{white-space:nowrap;font-variant-numeric:tabular-nums;width:150px}
td.margin svg{display:block;width:140px;height:14px}
.failed{color:var(--warning);font-weight:600}
.unbuilt{color:var(--ink2)}
.scroll{overflow-x:auto}
section.run{break-inside:avoid-page}
section.run h2 span.dim{font-weight:400}
.rules td:nth-child(n+2){white-space:nowrap;font-variant-numeric:tabular-nums}
.rules td:last-child{white-space:normal;color:var(--ink2)}
.stands{color:var(--ink2);font-size:12px}
svg.plot{display:block;width:100%;height:auto;margin-top:8px}
"""
ASSUMPTIONS = (
    "Each case is flown nominally (seed 0) and dispersed: another seed for every chance, air up to 3 K warmer or "
    "colder (not where the temperature is itself the end of the declared range, nor in the sweep), mass up to 3 % of "
    "the take-off mass more or less, both even.",
    "A margin is (limit - peak) / (limit - reference), computed from the worst lane. The reference is 0, 15 C for "
    "temperatures, 1 for load factors; below zero the limit is passed.",
    "Peaks of loads, speeds and temperatures are those of every tick (ledger); those of ice, height, pitot and "
    "touch-down are read from frames, as far apart as the run's file says.",
    "Figures of standards are recalled unless a source is named that was read; nothing here shows compliance with one.",
    "A declared, open ground: one aerodrome at sea level (1,500 m where said) with a runway of 2,500 m.",
)  # fmt: skip


def answer(results: Sequence[Result]) -> str:
    """One sentence: how many runs hold their limits, and which do not."""
    flown = [result for result in results if result.flown]
    failed = [result.run.key for result in flown if not result.passed]
    unbuilt = sum(bool(result.run.not_built) for result in results)
    told = f"{len(flown) - len(failed)} of {len(flown)} runs flown hold every limit"
    told += f"; {', '.join(failed)} {'does' if len(failed) == 1 else 'do'} not" if failed else ""
    return told + (f"; {unbuilt} not built." if unbuilt else ".")


def write(
    title: str, aircraft: str, results: Sequence[Result], kept: Sequence[Kept], origin: dict[str, str]
) -> str:
    """The page as one HTML file.

    Args:
        title: of the campaign.
        aircraft: its title.
        results: every run.
        kept: every flight.
        origin: what it stands on, by name.
    """
    choices = "".join(
        f'<label><input type="radio" name="theme" id="{key}"{" checked" if key == "auto" else ""}>'
        f"<span>{text}</span></label>"
        for key, text in (("auto", "as system"), ("light", "light"), ("dark", "dark"))
    )
    sweeps = "".join(_sweep(result) for result in results if result.run.sweep and result.flown)
    runs = "".join(_run(result, kept) for result in results if result.flown)
    assumptions = "".join(f"<li>{escape(text)}</li>" for text in ASSUMPTIONS)
    stands = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in origin.items())
    body = (
        f'<header>\n<fieldset class="theme"><legend>Theme</legend>{choices}</fieldset>\n<h1>{escape(title)}</h1>\n'
        f'<p class="mission">{escape(aircraft)}</p>\n<div class="answer"><p>{escape(answer(results))}</p></div>\n'
        f"</header>\n{_matrix(results)}\n{sweeps}\n{runs}\n"
        f"<section><h2>Assumptions</h2><ul>{assumptions}</ul></section>\n<footer><dl>{stands}</dl></footer>"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>{page_sheet(body)}{SHEET}{PAGE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _matrix(results: Sequence[Result]) -> str:
    rows = "\n".join(_row(result) for result in results)
    heads = "".join(f"<th>{name}</th>" for name in ("", "run and environment", "", "margin", "governed by",
                                                    "stands on"))  # fmt: skip
    return (
        '<section><h2>Runs</h2>\n<p class="dim">A bar is the part of the way to the limit that the worst lane leaves; '
        "to the left of the line the limit is passed.</p>\n"
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div></section>'
    )


def _row(result: Result) -> str:
    run, worst = result.run, result.governing
    state = word(result)
    style = {"FAILED": "failed", "passed": ""}.get(state, "unbuilt")
    link = f'<a href="#{run.key}">{escape(run.key)}</a>' if result.flown else escape(run.key)
    told = escape(run.not_built or (_governed(worst) if worst else "every case lies above its published ceiling"))
    bar = f"{plots.bar(worst.margin)}{percent(worst.margin)}" if worst and result.flown else ""
    return (
        f'<tr><td class="key">{link}</td><td><b>{escape(run.name)}</b><br>{escape(run.environment)}</td>'
        f'<td class="state {style}">{state}</td><td class="margin">{bar}</td><td>{told}</td>'
        f'<td class="dim">{escape(run.stands_on)}</td></tr>'
    )


def _governed(worst: Judged) -> str:
    name = worst.rule.quantity
    return f"{QUANTITIES[name].title}: {shown(worst.worst, name)}, limit {shown(worst.limit, name)} ({worst.case})"


def _sweep(result: Result) -> str:
    return (
        f"<section><h2>{escape(result.run.name)}</h2>\n"
        f'<p class="dim">{escape(result.run.environment)}. {escape(sentence(result.run.stands_on))}.</p>\n'
        f"{plots.sweep(result)}</section>"
    )


def _run(result: Result, kept: Sequence[Kept]) -> str:
    run = result.run
    flights = [each for each in kept if each.run == run.key]
    rules = "\n".join(_rule_row(each) for each in result.judged)
    state = word(result)
    style = "failed" if state == "FAILED" else "dim"
    cases = _cases(result)
    figures = "".join(
        f"<div><dt>{escape(QUANTITIES[name].title)}</dt><dd>{_between(name, pair)}</dd></div>"
        for name, pair in result.figures.items()
    )
    above = escape(", ".join(result.left_out))
    left = f'<p class="dim">Above its published ceiling: {above}.</p>' if above else ""
    return (
        f'<section class="run" id="{escape(run.key)}"><h2>{escape(run.key)} {escape(run.name)} '
        f'<span class="{style}">{state}</span></h2>\n<p>{escape(run.environment)}.</p>'
        f'<p class="dim">{escape(run.asks)}. {len(flights)} flights.</p>\n'
        f"{plots.governing(result, flights) or plots.by_case(result)}\n"
        '<div class="scroll"><table class="rules"><thead><tr><th>quantity</th><th>limit</th><th>worst</th>'
        f"<th>margin</th><th>in</th><th>limit from</th></tr></thead><tbody>{rules}</tbody></table></div>\n"
        f'{cases}{left}<dl class="margins">{figures}</dl>\n<p class="stands">{escape(run.stands_on)}</p></section>'
    )


def _rule_row(judged: Judged) -> str:
    name = judged.rule.quantity
    style = "" if judged.passed else ' class="failed"'
    sense = "" if name.startswith(("completed", "returned", "refused", "safe", "lost_link")) else (
        "at most " if judged.rule.most else "at least ")  # fmt: skip
    where = f"{judged.case}, seed {judged.seed}"
    margin = "–" if judged.rule.limit == 1.0 and not sense and judged.passed else percent(judged.margin)
    return (
        f"<tr><td{style}>{escape(QUANTITIES[name].title)}</td><td>{sense}{escape(shown(judged.limit, name))}</td>"
        f"<td{style}>{escape(shown(judged.worst, name))}</td><td{style}>{margin}</td><td>{escape(where)}</td>"
        f"<td>{escape(judged.rule.source)}</td></tr>"
    )


def _cases(result: Result) -> str:
    """One line for each case that did not complete, or was not judged."""
    odd = [case for case in result.cases if not case.passed or case.expected == "shown"]
    if result.run.sweep or not odd:
        return ""
    lines = []
    for case in odd:
        ended = ", ".join(f"{count} {name}" for name, count in sorted(case.outcomes.items()))
        why = f" ({case.why})" if case.why else ""
        failing = [QUANTITIES[name].title for name, value in case.margins.items() if value < 0.0]
        beside = "not judged" if case.expected == "shown" else "beyond: " + ", ".join(failing)
        lines.append(f"<li><b>{escape(case.name)}</b>: {escape(ended + why)}; {escape(beside)}</li>")
    return f'<ul class="small">{"".join(lines)}</ul>'


def _between(name: str, pair: tuple[float, float]) -> str:
    low, high = pair
    if not math.isfinite(low):
        return "–"
    if shown(low, name) == shown(high, name):
        return escape(shown(low, name))
    unit = QUANTITIES[name].unit
    first = shown(low, name).removesuffix(unit).strip()
    return f"{escape(first)} to {escape(shown(high, name))}"
