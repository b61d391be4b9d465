"""The pictures of README and docs, drawn with the report's own pen: strip, map, forty seconds, house.

`make docs` calls this; each picture is written twice, for a light and for a dark page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from samruk.story import FlightResult, Result, reserve
from samruk.verdict import map as charts
from samruk.verdict import strip
from samruk.verdict.outcome import RANK
from samruk.verdict.paper import Figure, Paper, hatch
from samruk.verdict.picture import StripDay, StripFlight
from samruk.verdict.pictured import mission_map, strip_flight
from samruk.verdict.strip_curve import bars, closed
from samruk.verdict.wording import clock, clock_exact

WIDE = 1040
"""px."""
NOTE, BODY, HEAD, TITLE = 10.5, 12.0, 13.0, 19.0
"""px of type."""


def write(folder: Path, name: str, figure: Figure) -> list[Path]:
    """A picture for a light and for a dark page."""
    files = []
    for theme in ("light", "dark"):
        file = folder / f"{name}-{theme}.svg"
        file.write_text(figure.standalone(theme), encoding="utf-8")
        files.append(file)
    return files


def of_story(result: Result, subtitle: str, aerodromes: tuple[str, ...]) -> dict[str, Figure]:
    """The strip of a day, the flight in trouble from the first ice on, the map, and the seconds around the gap."""
    strips = [strip_flight(f.name, f.note, f.verdict, f.frames, f.inputs, reserve(f.inputs)) for f in result.flights]
    worst = trouble(result)
    flight = result.flights[worst]
    start, end = moments(flight).cloud - 600.0, flight.verdict.events[-1].time + 300.0
    close = StripDay("From the first ice on", flight.note, (cut(strips[worst], start),), start=start, end=end)
    chart = mission_map(f"{result.title}: the way", flight.inputs, aerodromes)
    return {
        "astana-january": strip.figure(StripDay(result.title, subtitle, tuple(strips))),
        "astana-january-trouble": strip.figure(close),
        "astana-january-map": charts.figure(chart, strips),
        "astana-january-gap": forty_seconds(flight),
    }


def of_mountains(result: Result, subtitle: str, aerodromes: tuple[str, ...]) -> dict[str, Figure]:
    """The strip and the map of the White Mountains."""
    strips = [strip_flight(f.name, f.note, f.verdict, f.frames, f.inputs, reserve(f.inputs)) for f in result.flights]
    chart = mission_map(f"{result.title}: the way", result.flights[0].inputs, aerodromes)
    return {
        "white-mountains": strip.figure(StripDay(result.title, subtitle, tuple(strips))),
        "white-mountains-map": charts.figure(chart, strips),
    }


def trouble(result: Result) -> int:
    """Number of the flight with the worst outcome."""
    return min(range(len(result.flights)), key=lambda k: RANK[result.flights[k].verdict.outcome or "lost"])


def cut(flight: StripFlight, start: float) -> StripFlight:
    """A flight from a moment (s since 1970) on: its series and events."""
    kept = flight.time >= start
    series: dict[str, Any] = {
        f.name: value[kept]
        for f in fields(flight)
        if isinstance(value := getattr(flight, f.name), np.ndarray) and value.shape == kept.shape
    }
    spans = tuple(s._replace(start=max(s.start, start)) for s in flight.commanders if s.end > start)
    return replace(flight, **series, events=tuple(e for e in flight.events if e.time >= start), commanders=spans)


# Forty seconds --------------------------------------------------------------------------------------------------------

LEFT, RIGHT, ROW = 196.0, 1010.0, 32.0
"""px."""
ANNOUNCED = 3.0
"""s, as in `samruk.autopilot.pilot`."""
ROWS = (
    "In icing cloud", "Ice detector reports", "Aircraft announces ice", "Telemetry at the station", "Pitot port closed",
)  # fmt: skip


@dataclass(frozen=True)
class Moments:
    """s since 1970 of what happened around the gap."""

    cloud: float
    lost: float
    found: float
    back: float
    blocked: float
    rejected: float
    look: float
    """When the crew next works through the systems of this aircraft."""

    @property
    def window(self) -> tuple[float, float]:
        """First and last moment of the picture."""
        return self.cloud - 20.0, self.rejected + 20.0

    def x(self, time: float) -> float:
        """px of a moment."""
        start, end = self.window
        return LEFT + (time - start) / (end - start) * (RIGHT - LEFT)


def moments(flight: FlightResult) -> Moments:
    """What happened around the gap, from the chain of events and the inputs."""
    task = flight.inputs.task
    epoch, scan = float(task.clock.epoch), float(task.crew.scan)

    def event(words: str) -> float:
        return next(e.time for e in flight.verdict.events if e.text.startswith(words))

    lost, found = epoch + float(task.links.gap_a.start), event("ice found")
    back = lost + float(flight.verdict.margins["longest_gap_s"])
    look = epoch + scan * math.ceil((found - epoch) / scan)
    return Moments(event("enters icing"), lost, found, back, event("pitot"), event("rejects"), look)


def forty_seconds(flight: FlightResult) -> Figure:
    """What the aircraft said while nobody could hear it: cloud, detector, announcement, link, pitot."""
    m, top = moments(flight), 68.0
    start, end = m.window
    bottom = top + ROW * len(ROWS) + 14.0
    paper = Paper(WIDE, "g")
    paper.text(16.0, 30.0, "Forty seconds", "ink", TITLE, bold=True)
    paper.text(16.0, 48.0, "The one announcement of ice falls into the gap", "ink2", BODY)
    paper.rect(m.x(m.lost), top, m.x(m.back) - m.x(m.lost), bottom - top, "fill")
    spans = ([(m.cloud, end)], [(m.found, end)], [(m.found, m.found + ANNOUNCED)], [(start, m.lost), (m.back, end)])
    for k, name in enumerate(ROWS):
        foot = top + ROW * (k + 1.0)
        paper.text(LEFT - 12.0, foot - 8.0, name, "ink", BODY, bold=True, anchor="e")
        paper.line(LEFT, foot, RIGHT, foot, "rule", 0.7)
    for k, (span, ink) in enumerate(zip(spans, ("waterfill", "auto", "caution", "radio"), strict=True)):
        paper.area(bars([(m.x(a), m.x(b)) for a, b in span], top + ROW * k + 17.0, 9.0, 1.0), ink)
    _closing(paper, flight, m, bottom - 14.0)
    _named(paper, m, top)
    _seconds(paper, m, bottom)
    gap = f"{m.back - m.lost:.0f} s"
    words = (
        f"{clock_exact(m.cloud)} enters icing cloud; {clock_exact(m.lost)} the link is lost for {gap}; "
        f"{clock_exact(m.found)} the aircraft announces ice for {ANNOUNCED:.0f} s and nobody hears it; "
        f"{clock_exact(m.blocked)} the pitot port is half closed; {clock_exact(m.rejected)} airspeed is rejected."
    )
    return paper.figure(bottom + 30.0, "Forty seconds", words)


def _closing(paper: Paper, flight: FlightResult, m: Moments, foot: float) -> None:
    """The part of the pitot port that ice has closed, over time."""
    time = np.linspace(*m.window, 60)
    recorded = flight.frames["time"] + float(flight.inputs.task.clock.epoch)
    closed_part = np.interp(time, recorded, flight.frames["pitot_blockage"])
    across, height = np.array([m.x(t) for t in time]), foot - (ROW - 6.0) * closed_part
    paper.area(closed(across, height, np.full(across.size, foot)), "waterfill")
    paper.curve(across, height, "water", 1.5)


def _named(paper: Paper, m: Moments, top: float) -> None:
    """Words at what happens."""
    line = [top + ROW * k + 12.0 for k in range(len(ROWS))]
    paper.text(m.x(m.cloud), line[0], clock_exact(m.cloud), "ink2", NOTE)
    words = f"on a page of systems that the crew opens next at {clock(m.look)}"
    paper.text(m.x(m.found), line[1], words, "ink2", NOTE)
    words = f"{clock_exact(m.found)} for {ANNOUNCED:.0f} s, heard by nobody"
    paper.text(m.x(m.found), line[2], words, "caution", BODY, bold=True)
    words = f"no link, {m.back - m.lost:.0f} s"
    paper.text(0.5 * (m.x(m.lost) + m.x(m.back)), line[3] + 13.0, words, "ink2", BODY, anchor="m")
    for time, text in ((m.blocked, "half closed"), (m.rejected, "airspeed rejected")):
        paper.line(m.x(time), line[4] - 8.0, m.x(time), line[4] + 20.0, "ink", 0.9)
        paper.text(m.x(time) - 5.0, line[4], f"{clock_exact(time)} {text}", "ink", NOTE, anchor="e", halo="h")


def _seconds(paper: Paper, m: Moments, bottom: float) -> None:
    """The axis of time."""
    start, end = m.window
    for second in np.arange(np.ceil(start / 20.0) * 20.0, end, 20.0):
        paper.line(m.x(second), bottom, m.x(second), bottom + 4.0, "ink3", 0.7)
        paper.text(m.x(second), bottom + 16.0, clock_exact(second), "ink3", NOTE, anchor="m")
    paper.text(RIGHT, bottom + 16.0, "UTC", "ink3", NOTE, anchor="e")


# The house ------------------------------------------------------------------------------------------------------------

FLOORS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("at the door", (("cli", "the program"), ("story", "fly, judge, report, record"),
                     ("archive", "flights to records and back"))),
    ("the answer", (("verdict", "outcome, causes, fixes, prices; strip, map, report"), ("watch", "the terminal"),
                    ("datasheet", "where each number comes from"))),
    ("kept", (("record", "MCAP, CSV"),)),
    ("joined", (("sim", "the one file that knows all four below"),)),
    ("how it runs", (("engine", "vector code or JAX; knows a step, but no aircraft"),)),
    ("", (("plant", "the world"), ("autopilot", "the brain"), ("radio", "the links"), ("crew", "the people"))),
    ("files", (("load", "the one reader of the user's files"),)),
    ("what is asked", (("aircraft", ""), ("mission", ""), ("mission_file", ""), ("plan", ""), ("sounding", ""),
                       ("weather", ""), ("terrain", ""))),
    ("the words", (("frames", ""), ("earth", ""), ("units", ""), ("messages", ""), ("ledger", ""), ("tables", ""),
                   ("noise", ""), ("leaves", ""), ("errors", ""))),
)  # fmt: skip
"""From the roof down: name of the floor, its parts and what they are. `tests/test_architecture.py` holds the rule."""
INSIDE = {
    "plant": ("aerodynamics, propulsion, gear", "ice, heat, power", "motion, gusts, sensors"),
    "autopilot": ("estimator, air data", "modes, guidance, energy, control", "ice protection, fuel plan"),
    "radio": ("line of sight, satellite", "delay, loss, gaps"),
    "crew": ("sees delayed telemetry", "decides late"),
}
PASSES = ("measurement →", "telemetry →", "telemetry →")
ANSWERS = ("← control", "← crew command", "← crew command")
"""What crosses the walls, and only by way of `sim`."""


def house() -> Figure:
    """Folders by floor, and the walls between the four that never see each other."""
    paper = Paper(WIDE, "h")
    paper.text(16.0, 30.0, "The house", "ink", TITLE, bold=True)
    paper.text(16.0, 48.0, "Imports go down only; a test reads every import and holds it", "ink2", BODY)
    y = 68.0
    for name, parts in FLOORS:
        y = _rooms(paper, y) if len(parts) == 4 and parts[0][0] == "plant" else _floor(paper, y, name, parts)
    paper.line(120.0, y, WIDE - 16.0, y, "ink", 1.5)
    words = "; ".join(f"{name or 'the four rooms'}: {', '.join(part for part, _ in parts)}" for name, parts in FLOORS)
    return paper.figure(y + 20.0, "The house: which part may know which", words, hatch("hwall", "ink3", 5.0, 1.6, 45.0))


def _floor(paper: Paper, y: float, name: str, parts: tuple[tuple[str, str], ...]) -> float:
    """One floor; returns where the next begins."""
    paper.line(120.0, y, WIDE - 16.0, y, "rule", 0.9)
    paper.text(108.0, y + 21.0, name, "ink3", NOTE, anchor="e")
    x = 132.0
    for part, what in parts:
        x = paper.text(x, y + 21.0, part, "ink", HEAD, bold=True).right + 6.0
        x = paper.text(x, y + 21.0, what, "ink2", BODY).right + 22.0 if what else x + 14.0
    return y + 32.0


def _rooms(paper: Paper, y: float) -> float:
    """World, brain, links and people side by side, with walls between."""
    high, left, right, wall = 116.0, 120.0, WIDE - 16.0, 8.0
    paper.line(left, y, right, y, "ink", 1.2)
    paper.text(108.0, y + 26.0, "rooms with walls:", "ink3", NOTE, anchor="e")
    paper.text(108.0, y + 40.0, "none imports another", "ink3", NOTE, anchor="e")
    step = (right - left) / 4.0
    for k, (part, what) in enumerate(FLOORS[5][1]):
        x = left + k * step + (22.0 if k else 12.0)
        place = paper.text(x, y + 26.0, part, "ink", HEAD + 2.0, bold=True)
        paper.text(place.right + 6.0, y + 26.0, what, "ink2", BODY)
        for n, line in enumerate(INSIDE[part]):
            paper.text(x, y + 46.0 + 15.0 * n, line, "ink2", NOTE + 0.5)
        if k:
            edge = left + k * step
            paper.area(bars([(edge - 0.5 * wall, edge + 0.5 * wall)], y + 12.0, 74.0, 1.0), "#wall")
            paper.text(edge - 4.0, y + 106.0, PASSES[k - 1], "radio", NOTE, anchor="e")
            paper.text(edge + 4.0, y + 106.0, ANSWERS[k - 1], "radio", NOTE)
    return y + high
