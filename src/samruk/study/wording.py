"""What a study says, in words for people."""

from __future__ import annotations

import math

from samruk.study.results import MEASURES, OUTCOMES, Measure, Study
from samruk.study.statistics import Drive, Driver, Share
from samruk.verdict.wording import DASH, number

NAMES = {
    "completed": "Completed", "diverted": "Diverted", "refused": "Refused", "lost": "Lost", "none": "No verdict",
}  # fmt: skip


def percent(value: float) -> str:
    """A share in percent without its sign: one digit near none and all, where whole numbers would say too much.

    >>> percent(0.724), percent(0.004), percent(0.9967), percent(1.0)
    ('72', '0.4', '99.7', '100')
    """
    if not math.isfinite(value):
        return DASH
    fine = 0.0 < value < 0.0995 or 0.9005 < value < 1.0
    return number(100.0 * value, 1 if fine else 0)


def interval(each: Share) -> str:
    """A share's interval: Wilson's, or the exact one near none and all."""
    low, high = (each.exact_low, each.exact_high) if each.extreme else (each.low, each.high)
    return f"{percent(low)} to {percent(high)} %"


def answer(study: Study) -> str:
    """One sentence: how likely it is to complete."""
    done = study.probability["completed"]
    if not study.flights:
        return "No flights yet."
    return f"Completes {percent(done.value)} % of flights: {interval(done)} with 95 % confidence."


def told(study: Study) -> list[str]:
    """The answer, the outcomes and what drives them, line by line."""
    if not study.flights:
        return [answer(study)]
    lines = [answer(study)]
    for word in OUTCOMES:
        each = study.probability[word]
        if each.count:
            lines.append(f"  {NAMES[word]:11}{each.count:6} of {each.flights}  {percent(each.value):>5} %"
                         f"  ({interval(each)})")  # fmt: skip
    if "completed" in study.drives:
        lines.append(f"What drives it: {drivers(study.drives['completed'])}")
    if wrong := chains(study)[:3]:
        lines += ["What goes wrong most:", *(f"  {each}" for each in wrong)]
    return lines


def drivers(drive: Drive, most: int = 4) -> str:
    """The resolved drivers of a result in one line."""
    if not drive.resolved:
        return f"nothing stands out of chance at {drive.flights} flights"
    return ", ".join(f"{name(d.key)} ({sign(d, drive.result)}, {percent(d.share)} % of the variance)"
                     for d in drive.resolved[:most])  # fmt: skip


def sign(driver: Driver, result: str) -> str:
    """Which way it drives, in words; nothing where up and down drive alike."""
    up, down = ("helps", "harms") if result == "completed" else ("raises it", "lowers it")
    if driver.low > 0.0:
        return f"more {up}"
    return f"more {down}" if driver.high < 0.0 else "too much or too little"


def chains(study: Study) -> list[str]:
    """How flights went wrong, most first."""
    return [
        f"{each.share.count} {each.outcome}: {', then '.join((*each.events, each.end) if each.end else each.events)}"
        for each in study.chains
    ]


SHIFTS = {
    "weather.cloud.all.later": "arrival of the cloud", "weather.cloud.all.higher": "height of the cloud",
    "links.gap.all.later": "time of the link's gaps",
}  # fmt: skip


def name(key: str) -> str:
    """A key for people: the file's own words without their unit.

    >>> name("aircraft.aero.C_D_0"), name("conditions.wind_scale"), name("weather.cloud.all.later_min")
    ('aircraft: aero C_D_0', 'conditions: wind scale', 'arrival of the cloud')
    """
    for start, text in SHIFTS.items():
        if key.startswith(start):
            return text
    group, _, rest = bare(key).partition(".")
    part, _, leaf = rest.rpartition(".")
    leaf = leaf if any(c.isupper() for c in leaf) else leaf.replace("_", " ")
    part = part.replace(".", " ")
    return f"{group.replace('_', ' ')}: {f'{part} ' if part else ''}{leaf}" if rest else group.replace("_", " ")


def bare(key: str) -> str:
    """A key without the unit that it carries."""
    from samruk.study.keys import known

    target = known().get(key)
    if target is None or target.flag or key.endswith(target.leaves[0].rpartition(".")[2]):
        return key
    for tail in ("_msl", "_agl"):
        key = key.removesuffix(tail)
    return key.removesuffix(f"_{target.unit}")


def shown(measure: Measure, value: float) -> str:
    """A value of a measure with its unit."""
    if not math.isfinite(value):
        return DASH
    return f"{number(measure.scale * value + _offset(measure), measure.digits)} {measure.unit}".rstrip()


def _offset(measure: Measure) -> float:
    return measure.offset


__all__ = ["MEASURES", "answer", "chains", "drivers", "interval", "name", "percent", "shown", "told"]
