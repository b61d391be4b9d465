"""Writes docs/true-stories.md from flown verdicts: published chains beside ours, outcomes, fixes, strips.

    python tools/write_stories.py              every story (some minutes on two cores)
    python tools/write_stories.py frost-at-dawn  one

The page keeps its own words; between `<!-- made: NAME -->` and `<!-- end -->` stands what was made here.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import write_docs

from samruk import load
from samruk.verdict.outcome import Verdict
from samruk.verdict.wording import clock_exact, fine_up

PAGE = "docs/true-stories.md"
SEEDS = 8
"""Of each flight; the share of outcomes is told with it."""


@dataclass(frozen=True)
class Row:
    """One link of a published chain, and ours."""

    published: str
    """In a few words of the source; empty where ours has something that the source does not tell."""
    event: str = ""
    """How our event's text begins; its time and words are put in."""
    remark: str = ""
    """What stands instead, or is added."""


CHAINS: dict[str, tuple[Row, ...]] = {
    "cloud-and-silence": (
        Row("forecast wrong, weather not watched", "", "the cloud is declared; this crew works through "
            "the systems page every two hours"),
        Row("about to enter cloud", "enters icing cloud"),
        Row("satellite link dropped for a moment", "link lost"),
        Row("", "ice found", "announced once, into the gap"),
        Row("", "pitot tube blocks"),
        Row("", "rejects its airspeed", "and flies on by lift and speed over the ground"),
        Row("crew tried to reverse course", "", "no turn back; it circles on at station, banked at up to 16 degrees"),
        Row("ice and turbulence took the performance", "stall margin under 10 %"),
        Row("stall", "stalls"),
        Row("ground impact", "hits the ground"),
    ),
    "frost-at-dawn": (
        Row("a night in a hangar at 21 °C, rolled out into -5 °C before dawn", "", "0.6 mm of frost on the upper "
            "side at the start, declared"),
        Row("launched without de-icing; no fault message", "", "nothing aboard measures the wing"),
        Row("reached flying speed, did not lift", "takes off", "rotates, hangs a metre over the runway, does not "
            "climb"),
        Row("", "stall margin under 10 %"),
        Row("", "stalls"),
        Row("abort called too late, overran, hit a berm and the fence", "hits the ground"),
    ),
    "pitot-in-cloud": (
        Row("long exposure to cloud and rain", "enters icing cloud"),
        Row("", "pitot heat fails", "before the cloud, declared"),
        Row("pitots partly blocked, total pressure wrong", "pitot tube blocks"),
        Row("the computer's rules chose wrong airspeeds", "", "one tube, and no rule that doubts it: it falls "
            "as true airspeed rises"),
        Row("pitch oscillations, envelope protection", "", "power to full, then the nose goes down, after "
            "a speed that is not missing"),
        Row("over-speed", "passes the never-exceed speed"),
        Row("near stall, V-tail perhaps damaged, stall", "", "never comes to it"),
        Row("sea impact", "breaks up"),
    ),
    "coolant-lost": (
        Row("a line cracks, fluid is lost (RQ-4B: oil)", "coolant fails", "four fifths of the radiator"),
        Row("first caution", "coolant over its limit"),
        Row("engine stopped 26 min later", "", "does not stop: its controller takes power away so that the temperature "
            "stays where it is"),
        Row("too few fields planned, turned late", "", "waits for the crew, which this crew never answers"),
        Row("glided almost an hour, ditched", "hits the ground"),
    ),
    "generator-lost": (
        Row("generator failed, aircraft on battery", "alternator fails"),
        Row("brief loss of the return link; crew learns late", "", "no gap declared; nobody acts"),
        Row("the recovery station had the wrong software; time lost", "", "time lost on station instead"),
        Row("too little battery to lower the gear", "has no electric power left"),
        Row("", "engine stops", "its injection has no power"),
        Row("", "link lost"),
        Row("put into mountains 67 min after the failure", "hits the ground"),
    ),
}  # fmt: skip
"""What was published, in order, and which of our events answers to it."""


def declared(day: Any) -> Verdict:
    """Verdict of the flight as declared."""
    found: Verdict = day.flights[0].verdict
    return found


def chain_table(name: str, verdict: Verdict) -> str:
    """The published chain beside ours, with the time since the first of our events that answers to it.

    Raises:
        ValueError: an event that the chain names did not happen.
    """
    rows, begin = [], None
    for row in CHAINS[name]:
        found = next((e for e in verdict.events if row.event and e.text.startswith(row.event)), None)
        if row.event and found is None and row.published:
            raise ValueError(f"{name}: '{row.event}' did not happen")
        if row.event and found is None:
            continue
        begin = found.time if begin is None and found is not None else begin
        words = ": ".join(part for part in (found.text if found else "", row.remark) if part)
        after = f"{(found.time - begin) / 60.0:.1f}" if found is not None and begin is not None else ""
        rows.append((row.published or "(not told)", words, clock_exact(found.time) if found else "", after))
    return write_docs.table("| published | ours | UTC | min |\n|---|---|---|---:|", rows)


def shares_table(day: Any) -> str:
    """Outcome of every flight on the file's seed, and the share of each over further seeds."""
    rows = []
    for flight in day.flights:
        v = flight.verdict
        shares = ", ".join(f"{outcome} {round(v.seeds * part)} of {v.seeds}" for outcome, part in v.probability.items())
        rows.append((v.name, flight.note, f"**{v.outcome}**", f"{v.duration_h:.1f} h", shares))
    head = "| flight | what is different | outcome | aloft | over seeds |\n|---|---|---|---:|---|"
    return write_docs.table(head, rows)


def believed_table(day: Any, seconds: float) -> str:
    """Airspeed as it is and as the autopilot believes it, over the last seconds of the flight as declared."""
    flight = day.flights[0]
    f, epoch = flight.frames, float(flight.inputs.task.clock.epoch)
    rows = [
        (
            clock_exact(epoch + float(f["time"][k])), f"{f['height'][k]:.0f} m", f"{f['airspeed'][k]:.0f} m/s",
            f"{f['airspeed_indicated'][k]:.0f} m/s", f"{100.0 * f['pitot_blockage'][k]:.0f} %",
            f"{f['shaft_power'][k] / 1000.0:.0f} kW", f"{round(float(np.degrees(f['theta'][k])))}°",
        )
        for k in np.flatnonzero(f["time"] > f["time"][-1] - seconds)
    ]  # fmt: skip
    head = "| UTC | height | airspeed | as believed | tube closed | power | pitch |\n|---|" + 6 * "---:|"
    return write_docs.table(head, rows)


def why_table(verdict: Verdict) -> str:
    """Causes and fixes of a verdict."""
    causes = [(c.text, "cause", c.turns_to, "", f"{c.confirmed} of {c.seeds}") for c in verdict.causes]
    fixes = [
        (f.text, "fix", f.turns_to, f"{fine_up(f.cost_kg)} kg", f"{f.confirmed} of {f.seeds}" if f.seeds > 1 else "")
        for f in verdict.fixes
    ]
    head = "| taken away or added | as | turns to | price | held on seeds |\n|---|---|---|---:|---:|"
    return write_docs.table(head, [*causes, *fixes])


def blocks(name: str) -> dict[tuple[str, str], str]:
    """Blocks of one story; its picture is written on the way."""
    import pictures

    from samruk import story
    from samruk.verdict import strip
    from samruk.verdict.picture import StripDay
    from samruk.verdict.pictured import strip_flight

    plan = load.mission(name)
    day = story.fly(name, seeds=SEEDS, out=name)
    flights = [
        strip_flight(f.name, f.note, f.verdict, f.frames, f.inputs, story.reserve(f.inputs)) for f in day.flights
    ]
    drawn = strip.figure(StripDay(plan.title, plan.subtitle, tuple(flights)))
    pictures.write(write_docs.PICTURES, name, drawn)
    more = {(PAGE, f"{name} airspeed"): believed_table(day, 120.0)} if name == "pitot-in-cloud" else {}
    return more | {
        (PAGE, f"{name} strip"): write_docs.themed(f"pictures/{name}", drawn.description.replace('"', "'")),
        (PAGE, f"{name} outcomes"): shares_table(day),
        (PAGE, f"{name} chain"): chain_table(name, declared(day)),
        (PAGE, f"{name} why"): why_table(declared(day)),
    }


def main() -> None:
    """Write the page."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    for name in sys.argv[1:] or CHAINS:
        write_docs.write_blocks(write_docs.flown(lambda name=name: blocks(name)))  # type: ignore[misc]


if __name__ == "__main__":
    main()
