"""The mission strip: whole flights in one picture, every lane on one time axis.

`draw` is a pure function from a `StripDay` to the text of an SVG file that needs nothing else: the font is inside. The
first flight that flew is drawn in full, the others small, with the same lanes in the same order on the same scales.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from samruk.verdict import picture, strip_lanes
from samruk.verdict.labels import (
    ADVISORY,
    CAUTION,
    GAP,
    GLYPH,
    INFO,
    WARNING,
    Tag,
    Tiers,
    clipped,
    tiers,
    width,
    wrapped,
)
from samruk.verdict.paper import Figure, Paper, hatch, px
from samruk.verdict.picture import EventLike, StripDay, StripFlight
from samruk.verdict.strip_curve import bars
from samruk.verdict.strip_frame import NOTE, Frame, Lane, Margin
from samruk.verdict.wording import OUTCOMES, clock, date, duration, sentence

SIZES = {"full": 1040, "phone": 390}
"""px, width of the picture."""
URGENCY = {"info": INFO, "advisory": ADVISORY, "caution": CAUTION, "warning": WARNING}
INKS = {"info": "ink2", "advisory": "ink2", "caution": "caution", "warning": "warning"}
TIER = 15.0
"""px between two rows of events."""
ROOM = 55_000
"""Characters for each flight; the font takes 23,000 more, 38,000 with Cyrillic: 100 kB at most."""
SHORT = 7200.0
"""s: a shorter picture has no words for sun and cloud."""
STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
"""s between two times on the axis."""


DRAWN = (
    ("ice", "Ice", "kg", strip_lanes.ice, strip_lanes.ice_words),
    ("stall", "Above stall", "%", strip_lanes.stall, strip_lanes.stall_words),
    ("link", "Link margin", "dB", strip_lanes.link, strip_lanes.link_words),
    ("fuel", "Fuel", "kg", strip_lanes.fuel, strip_lanes.fuel_words),
    ("heat", "Heat", "°C", strip_lanes.heat, strip_lanes.heat_words),
)
"""Lanes below the height, from the top: key, name, unit, how it is drawn, how its parts are named."""


def draw(day: StripDay, theme: str = "dark", size: str = "full") -> str:
    """The strip as an SVG file.

    Args:
        day: what to draw.
        theme: `dark` or `light` (print).
        size: `full`, 1040 px wide, or `phone`, 390 px.
    """
    return figure(day, size, "s").standalone(theme)


def figure(day: StripDay, size: str = "full", key: str = "s") -> Figure:
    """The strip as one picture for a page that brings the style sheet; `key` keeps its ids apart from others'."""
    return _written(day, size, key, titled=True)[1]


def parts(day: StripDay, size: str = "full", key: str = "s") -> list[Figure]:
    """The strip cut between its flights, so that paper can turn its pages there; no title, the page has one.

    The pictures belong together: one axis, one scale, and patterns that the first defines for all.
    """
    sheet, whole = _written(day, size, key, titled=False)
    cuts = [*sheet.cuts, (len(sheet.paper.elements), float(whole.height))]
    found = []
    for k, ((first, top), (last, bottom)) in enumerate(pairwise(cuts)):
        body = "".join(sheet.paper.elements[first:last])
        defs = f"<defs>{sheet.defs()}</defs>" if k == 0 else ""
        flight = day.flights[k]
        one = describe(StripDay(day.title, flights=(flight,)))
        found.append(Figure(defs + body, whole.width, round(bottom - top), f"{day.title}: {flight.name}", one,
                            whole.text, f"{key}{k}", top))  # fmt: skip
    return found


def _written(day: StripDay, size: str, key: str, titled: bool) -> tuple[_Sheet, Figure]:
    """The strip in full detail, or in less where rough curves would make it larger than `ROOM`."""
    if size not in SIZES:
        raise ValueError(f"size '{size}' is not known; it is 'full' or 'phone'")
    frame = frame_of(day, size == "phone")
    for detail in (3.0, 1.0):
        sheet = _Sheet(day, replace(frame, detail=detail), Paper(SIZES[size], key), picture.sun(day))
        whole = sheet.write(titled)
        if len(whole.body) < ROOM * len(day.flights):
            break
    return sheet, whole


def frame_of(day: StripDay, phone: bool) -> Frame:
    """The axis and the scales that all flights of the day share."""
    start, end = day.window()
    left, right = (10.0, 380.0) if phone else (100.0, 936.0)
    nights = tuple(picture.sun(day).nights)
    fuel = max(
        _peak(day, "fuel"), max((f.fuel_capacity for f in day.flights if math.isfinite(f.fuel_capacity)), default=0)
    )
    cold = min(-60.0, 20.0 * math.floor(_low(day) / 20.0))
    hot = max(80.0, 20.0 * math.ceil(max(_peak(day, "bay_c"), _peak(day, "outside_c"), _peak(day, "fuel_c")) / 20.0))
    height = next((top for top in (2400.0, 6600.0, 9900.0, 15000.0) if _highest(day) <= _reach(top)), 15000.0)
    ice = next((top for top in (30.0, 60.0, 120.0, 240.0) if _peak(day, "ice") <= top), 480.0)
    return Frame(left, right, start, end, phone, height, ice, fuel or 1.0, (cold, hot), nights)


def _reach(top: float) -> float:
    """m of flight that a height scale is used for."""
    return 3000.0 if top == 2400.0 else top


def _peak(day: StripDay, name: str) -> float:
    """The greatest known value of a series over the day; 0 where nothing is known."""
    return max((e.value for f in day.flights if (e := picture.most(f.time, getattr(f, name)))), default=0.0)


def _highest(day: StripDay) -> float:
    """m, highest flight."""
    return max(_peak(day, "height"), _peak(day, "ground"))


def _low(day: StripDay) -> float:
    """degC, coldest of all."""
    names = ("bay_c", "fuel_c", "outside_c")
    return min(
        (e.value for f in day.flights for n in names if (e := picture.least(f.time, getattr(f, n)))), default=0.0
    )


@dataclass
class _Sheet:
    """One strip in the making."""

    day: StripDay
    frame: Frame
    paper: Paper
    sun: picture.Sun
    y: float = 14.0
    cuts: list[tuple[int, float]] = field(default_factory=list)
    """Number of elements and px at which each flight begins."""

    @property
    def phone(self) -> bool:
        """Whether names and margins stand above their lanes."""
        return self.frame.phone

    @property
    def long(self) -> bool:
        """Whether sun and cloud are named."""
        return self.frame.end - self.frame.start >= SHORT

    @property
    def heated(self) -> bool:
        """Whether any flight passed a limit of temperature: then small flights show that lane too."""
        return any(strip_lanes.too_hot_or_cold(flight) for flight in self.day.flights)

    def write(self, titled: bool) -> Figure:
        """Everything, from the title down."""
        if titled:
            self._title()
        full = next((k for k, flight in enumerate(self.day.flights) if flight.flown), 0)
        for k, flight in enumerate(self.day.flights):
            self.y += 12.0 if k else 0.0
            self.cuts.append((len(self.paper.elements), self.y - 6.0))
            if k:
                edge = 0.0 if self.phone else 14.0
                self.paper.line(edge, self.y, self.paper.width - edge, self.y, "rule", 1.0)
                self.y += 8.0
            self._heading(flight)
            self._flight(flight, small=k != full)
        if len(self.day.flights) > 1 or not self.day.flights[0].flown:
            self._axis(self.y + 4.0, self.y, label=True)
            self.y += 18.0
        self._foot()
        return self.paper.figure(self.y + 22.0, self.day.title, describe(self.day), self.defs())

    def defs(self) -> str:
        """Patterns."""
        key = self.paper.key
        return hatch(f"{key}ice", "water", 6.0, 1.3, 45.0, 0.8) + hatch(f"{key}reserve", "ink3", 4.0, 1.3, -45.0)

    def _title(self) -> None:
        """Title and subtitle."""
        size, left = (17.0, 10.0) if self.phone else (19.0, self.frame.left)
        room = self.paper.width - left - 10.0
        title = clipped(self.day.title, room, size, True)
        end = self.paper.text(left, self.y + 14.0, title, "ink", size, bold=True).right
        beside = self.paper.width - end - 22.0
        if not self.phone and width(self.day.subtitle, 12.0) <= beside:
            self.paper.text(end + 12.0, self.y + 14.0, self.day.subtitle, "ink2", 12.0)
            self.y += 28.0
            return
        self.y += 31.0
        for line in wrapped(self.day.subtitle, room, 12.0 if not self.phone else 11.0, most=3):
            self.paper.text(left, self.y, line, "ink2", 12.0 if not self.phone else 11.0)
            self.y += 15.0
        self.y -= 3.0

    # ------------------------------------------------------------------------------------------------------- headings

    def _heading(self, flight: StripFlight) -> None:
        """Name, what differs, outcome, duration, cheapest fix."""
        if self.phone:
            self._heading_phone(flight)
            return
        left, y = self.frame.left, self.y + 15.0
        x = self.paper.text(left, y, clipped(flight.name, 420.0, 15.0, True), "ink", 15.0, bold=True).right + 8.0
        if flight.note:
            x = self.paper.text(x, y, clipped(flight.note, max(620.0 - x, 60.0), 12.0), "ink2", 12.0).right
        x = self._verdict(flight, max(left + 330.0, x + 24.0), y)
        room = self.paper.width - 10.0 - x - 14.0
        if flight.fix and width(flight.fix, 12.0) <= room:
            self.paper.text(x + 14.0, y, flight.fix, "ink2", 12.0)
        else:
            for line in wrapped(flight.fix, self.paper.width - 10.0 - left, 12.0, most=2):
                self.y += 17.0
                self.paper.text(left, self.y + 15.0, line, "ink2", 12.0)
        self.y += 24.0

    def _heading_phone(self, flight: StripFlight) -> None:
        """The same on lines of their own."""
        left, room = self.frame.left, self.frame.right - self.frame.left
        x = self.paper.text(left, self.y + 14.0, clipped(flight.name, room, 15.0, True), "ink", 15.0, bold=True).right
        if flight.note and width(flight.note, 12.0) <= self.frame.right - x - 8.0:
            self.paper.text(x + 8.0, self.y + 14.0, flight.note, "ink2", 12.0)
        self._verdict(flight, left, self.y + 33.0)
        self.y += 42.0
        for line in wrapped(flight.fix, room, 12.0, most=3):
            self.paper.text(left, self.y + 8.0, line, "ink2", 12.0)
            self.y += 16.0

    def _verdict(self, flight: StripFlight, x: float, y: float) -> float:
        """Sign, outcome and duration; returns the right edge."""
        word, token, level = OUTCOMES[flight.outcome]
        if level:
            self.paper.sign(x + 6.0, y - 5.0, level, 5.5)
            x += 16.0
        x = self.paper.text(x, y, word, token, 15.0, bold=True).right
        if flight.lasts > 0.0:
            x = self.paper.text(x + 6.0, y, duration(flight.lasts), "ink", 15.0).right
        return x

    # -------------------------------------------------------------------------------------------------------- flights

    def _flight(self, flight: StripFlight, small: bool) -> None:
        """All lanes of one flight."""
        found = self._tiers(flight, 6 if self.phone or not small else 4)
        plan, gap = self._plan(flight, small, found.count)
        tops, y = {}, self.y + (16.0 if self.sun_row(small) else 4.0)
        for name, high in plan.items():
            tops[name] = y
            y += high + (0.0 if name == "events" else gap) + (6.0 if name == "ice" and self.phone else 0.0)
        bottom = y - gap + (4.0 if small or not flight.flown else 2.0)
        self._nights(self.y, bottom)
        if self.sun_row(small):
            self._sun_words(self.y)
        self._axis(bottom, tops["height"], label=not small and flight.flown)
        lanes = {name: Lane(self.paper, self.frame, tops[name], plan[name], small) for name in plan}
        lanes["height"].top_value = self.frame.height
        self._lanes(flight, lanes, found, small)
        self.y = bottom + (18.0 if not small and flight.flown else 0.0)

    def _plan(self, flight: StripFlight, small: bool, rows: int) -> tuple[dict[str, float], float]:
        """Height of each lane and the gap between two, px."""
        plan = {"events": rows * TIER + 4.0}
        if not flight.flown:
            return plan | {"height": 14.0}, 0.0
        if small:
            plan |= {"height": 72.0, "ice": 30.0, "stall": 24.0, "link": 26.0, "fuel": 32.0}
            plan |= {"heat": 30.0} if self.heated else {}
            return plan | {"mode": 15.0}, 24.0 if self.phone else 11.0
        plan |= {
            "height": 120.0 if self.phone else 150.0,
            "ice": 46.0,
            "stall": 38.0,
            "link": 46.0,
            "fuel": 60.0,
            "heat": 56.0,
            "mode": 33.0,
        }
        return plan, 26.0 if self.phone else 15.0

    def _lanes(self, flight: StripFlight, lanes: dict[str, Lane], found: Tiers, small: bool) -> None:
        """Draw every lane, then its name and its number."""
        if not flight.flown:
            self._events(flight, lanes, found)
            return
        self._name(lanes["height"], "Height", "km")
        strip_lanes.height(lanes["height"], flight)
        self._events(flight, lanes, found)
        for key, name, unit, lane, _ in DRAWN:
            if key in lanes:
                self._name(lanes[key], "Link" if small and key == "link" else name, unit)
                self._margin(lanes[key], lane(lanes[key], flight), small)
        lanes["mode"].high = 15.0
        self._name(lanes["mode"], "Mode", "")
        strip_lanes.modes(lanes["mode"], flight, commanders=not small)
        self._lane_words(flight, lanes, small)

    def _lane_words(self, flight: StripFlight, lanes: dict[str, Lane], small: bool) -> None:
        """Words inside the lanes, set last: they give way to all else that is written."""
        if self.long and not small:
            strip_lanes.height_words(lanes["height"], flight)
        strip_lanes.height_ticks_inside(lanes["height"])
        for key, _, _, _, words in DRAWN:
            if key in lanes and (not small or key == "link"):
                words(lanes[key], flight)

    def _name(self, lane: Lane, name: str, unit: str) -> None:
        """The lane's name and unit: at its left, on a phone above it."""
        if self.phone:
            self.paper.text(
                lane.frame.left + 2.0,
                lane.top - 6.0,
                f"{name}, {unit}" if unit else name,
                "ink2",
                11.0,
                bold=True,
                halo=self.frame.halo(lane.frame.left + 20.0),
            ) if name != "Height" else None
            return
        x, y = self.frame.left - 31.0, lane.top + lane.high / 2.0
        both = unit and lane.high > 34.0
        self.paper.text(x, y + (1.0 if both else 4.5), name, "ink", 12.0, bold=True, anchor="e")
        if both:
            self.paper.text(x, y + 14.0, unit, "ink3", NOTE, anchor="e")

    def _margin(self, lane: Lane, margin: Margin, small: bool) -> None:
        """The one number: at the right of the lane, on a phone above it."""
        if self.phone:
            room = self.frame.right - self.frame.left - 90.0
            text = clipped(", ".join(filter(None, (margin.value, margin.note))), room, 11.0, True)
            plain = margin.token == "ink"
            self.paper.text(
                self.frame.right,
                lane.top - 6.0,
                text,
                "ink2" if plain else margin.token,
                11.0,
                bold=not plain,
                anchor="e",
                halo=self.frame.halo(self.frame.right - 30.0),
            )
            return
        x, y = self.frame.right + 8.0, lane.top + lane.high / 2.0
        room = self.paper.width - x - 2.0
        both = margin.note and not small
        self.paper.text(
            x, y + (1.0 if both else 4.5), clipped(margin.value, room, 12.0, True), margin.token, 12.0, bold=True
        )
        if both:
            note = margin.note if width(margin.note, NOTE) <= room else margin.note.split(", ")[0]
            self.paper.text(x, y + 14.0, clipped(note, room, NOTE), "ink3", NOTE)

    # --------------------------------------------------------------------------------------------------------- events

    def _tiers(self, flight: StripFlight, most: int) -> Tiers:
        """Where the flight's event labels stand."""
        left = self.frame.left - 4.0
        right = self.paper.width - 8.0
        tags = []
        for event in flight.events:
            urgency = URGENCY[event.level]
            sign = GLYPH if urgency else 0.0
            text = clipped(f"{clock(event.time)} {event.text}", right - left - sign - GAP, 11.0, urgency >= CAUTION)
            tags.append(Tag(self.frame.x(event.time), width(text, 11.0, urgency >= CAUTION) + sign, urgency, text))
        return tiers(tags, left, right, most)

    def _events(self, flight: StripFlight, lanes: dict[str, Lane], found: Tiers) -> None:
        """Leaders first, then dots, then labels: a label is never under a line."""
        lane = lanes["height"]
        base = lane.top - 8.0
        marks = sorted(flight.events, key=lambda event: URGENCY[event.level])
        for placed in sorted(found.placed, key=lambda p: p.tag.urgency):
            ink = list(INKS.values())[placed.tag.urgency]
            top = base - placed.tier * TIER - 9.0
            end = self._mark_y(lane, flight, placed.tag.x)
            self.paper.line(placed.tag.x, top, placed.tag.x, end, ink, 1.5 if placed.tag.urgency >= CAUTION else 0.9)
            self.paper.ink.curve(np.full(2, placed.tag.x), np.array([top, end]))
        for event in marks:
            x = self.frame.x(event.time)
            token = event.level if URGENCY[event.level] >= CAUTION else "ink"
            self._dot(event, x, self._mark_y(lane, flight, x), token)
        for placed in found.placed:
            self._label(placed.tag, placed.left, base - placed.tier * TIER)

    def _dot(self, event: EventLike, x: float, y: float, token: str) -> None:
        """The event on the flight's curve; its words for those who point at it or cannot see it."""
        self.paper.add(f"<g><title>{_plain(clock(event.time) + ' ' + event.text)}</title>")
        self.paper.dot(x, y, token)
        self.paper.add("</g>")

    def _mark_y(self, lane: Lane, flight: StripFlight, x: float) -> float:
        """px of the flight's height at an event; the foot of the lane where it has none."""
        known = np.isfinite(flight.height)
        if not known.any() or not flight.flown:
            return lane.bottom
        return lane.y(float(np.interp(x, self.frame.xs(flight.time[known]), flight.height[known])))

    def _label(self, tag: Tag, left: float, y: float) -> None:
        """Sign and words of an event."""
        level, urgent = list(URGENCY)[tag.urgency], tag.urgency >= CAUTION
        if tag.urgency:
            self.paper.sign(left + 4.5, y - 4.0, level)
        self.paper.text(
            left + (GLYPH if tag.urgency else 0.0),
            y,
            tag.text,
            INKS[level],
            11.0,
            bold=urgent,
            halo=self.frame.halo(left + tag.width / 2.0),
        )

    # ---------------------------------------------------------------------------------------------------- sun and time

    def sun_row(self, small: bool) -> bool:
        """Whether sunrise and sunset are written."""
        return not small and self.long and bool(self.sun.rises or self.sun.sets)

    def _nights(self, top: float, bottom: float) -> None:
        """Night behind all lanes."""
        edges = [(self.frame.x(night.start), self.frame.x(night.end)) for night in self.frame.nights]
        edges = [(max(a, self.frame.left), min(b, self.frame.right)) for a, b in edges]
        self.paper.area(bars([(a, b) for a, b in edges if b > a], top, bottom - top, 0.0), "night")

    def _sun_words(self, y: float) -> None:
        """Rise and set with their times."""
        for word, times in (("sunrise", self.sun.rises), ("sunset", self.sun.sets)):
            for time in times:
                x, text = self.frame.x(time), f"{word} {clock(time)}"
                place = [(x + 10.0, ""), (x - 10.0, "e")]
                for at, anchor in place:
                    edge = at + width(text, NOTE) if not anchor else at - width(text, NOTE)
                    if self.frame.left <= edge <= self.frame.right and self.paper.fits(
                        at, y + 11.0, text, NOTE, anchor=anchor, slack=1.0
                    ):
                        self.paper.area(f"M{px(x - 4)} {px(y + 10)}a4 4 0 0 1 8 0z", "sun")
                        self.paper.line(x - 6.5, y + 10.5, x + 6.5, y + 10.5, "ink3", 0.9)
                        self.paper.text(at, y + 11.0, text, "ink3", NOTE, anchor=anchor)
                        break

    def _step(self) -> int:
        """s between two times on the axis."""
        scale = (self.frame.right - self.frame.left) / (self.frame.end - self.frame.start)
        return next((s for s in STEPS if s * scale >= (38.0 if self.phone else 44.0)), STEPS[-1])

    def _axis(self, bottom: float, top: float, label: bool) -> None:
        """Lines at even times, midnight heavier; their clock below."""
        step = self._step()
        for k in range(math.ceil(self.frame.start / step), math.floor(self.frame.end / step) + 1):
            x, midnight = self.frame.x(k * step), (k * step) % 86400 == 0
            self.paper.line(x, top, x, bottom, "rule", 1.4 if midnight else 0.7)
            if label:
                text = clock(k * step) if not self.phone or step < 3600 else clock(k * step)[:2]
                half = width(text, 11.0) / 2.0
                middle = min(max(x, half + 1.0), self.paper.width - half - 1.0)
                self.paper.text(middle, bottom + 13.0, text, "ink2", 11.0, anchor="m")

    def _foot(self) -> None:
        """The date, and again at each midnight; what the times are."""
        y = self.y + 14.0
        self.paper.text(self.frame.right, y, "times UTC", "ink3", NOTE, anchor="e")
        self.paper.text(self.frame.left, y, date(self.day.begins()), "ink3", NOTE)
        for k in range(math.ceil(self.frame.start / 86400.0), math.floor(self.frame.end / 86400.0) + 1):
            x, text = self.frame.x(86400.0 * k), date(86400.0 * k, short=True)
            if self.paper.fits(x, y, text, NOTE, anchor="m", slack=4.0):
                self.paper.text(x, y, text, "ink3", NOTE, anchor="m")


def _plain(text: str) -> str:
    """A text inside an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def describe(day: StripDay) -> str:
    """One sentence of outcome for each flight."""
    parts = []
    for flight in day.flights:
        word = OUTCOMES[flight.outcome][0].lower()
        after = f" after {duration(flight.lasts)}" if flight.lasts > 0.0 else ""
        parts.append(f"{sentence(flight.name)}: {word}{after}{'; ' + flight.fix if flight.fix else ''}.")
    return " ".join(parts)
