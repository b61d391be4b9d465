"""The ground that the lanes of a strip stand on: the shared time axis and scales, and one lane's place and pen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from samruk.verdict import picture
from samruk.verdict.labels import ASCENT, DESCENT, Box, Wish, box, settle, width
from samruk.verdict.paper import Paper
from samruk.verdict.picture import Series, Span
from samruk.verdict.strip_curve import MOST, Pixels, pieces
from samruk.verdict.wording import DASH

NOTE = 10.5
"""px, smallest type."""


class Margin(NamedTuple):
    """What stands at the right of a lane."""

    value: str = DASH
    note: str = ""
    token: str = "ink"


@dataclass(frozen=True)
class Frame:
    """The time axis and the scales that all flights of a picture share."""

    left: float
    right: float
    """px, edges of the plot."""
    start: float
    end: float
    """s since 1970 at those edges."""
    phone: bool
    height: float
    """m, top of the height lane."""
    ice: float
    """kg, top of the ice lane."""
    fuel: float
    """kg, top of the fuel lane."""
    heat: tuple[float, float]
    """degC, bottom and top of the heat lane."""
    nights: tuple[Span, ...]
    detail: float = 1.0
    """Factor on the corners that a rough curve may have."""

    def corners(self, wanted: int) -> int:
        """Corners that a curve may have."""
        return int(self.detail * wanted)

    def x(self, time: float) -> float:
        """px of a time."""
        return self.left + (time - self.start) / (self.end - self.start) * (self.right - self.left)

    def xs(self, time: Series) -> Pixels:
        """px of many times."""
        return self.left + (time - self.start) / (self.end - self.start) * (self.right - self.left)

    def halo(self, x: float) -> str:
        """The halo's class over day or night."""
        return "hn" if any(self.x(night.start) <= x <= self.x(night.end) for night in self.nights) else "h"


@dataclass
class Lane:
    """One lane of one flight: where it lies, what its values mean, what its words must keep clear of."""

    paper: Paper
    frame: Frame
    top: float
    """px."""
    high: float
    """px."""
    small: bool
    bottom_value: float = 0.0
    top_value: float = 1.0

    @property
    def bottom(self) -> float:
        """px."""
        return self.top + self.high

    def y(self, value: float) -> float:
        """px of a value, held inside the lane."""
        part = (value - self.bottom_value) / (self.top_value - self.bottom_value)
        return self.bottom - self.high * min(max(part, 0.0), 1.0)

    def ys(self, value: Series) -> Pixels:
        """px of many values, held inside the lane."""
        part = (value - self.bottom_value) / (self.top_value - self.bottom_value)
        held: Pixels = self.bottom - self.high * np.clip(part, 0.0, 1.0)
        return held

    def curve(self, time: Series, value: Series, ink: str, weight: float, dash: str = "", most: int = MOST) -> None:
        """Draw a curve and keep words off it."""
        self.paper.curve(self.frame.xs(time), self.ys(value), ink, weight, dash, self.frame.corners(most))

    def mark(self, time: float, value: float) -> None:
        """A dot where the number at the right was reached."""
        if np.isfinite(time):
            self.paper.dot(self.frame.x(time), self.y(value), "ink", 1.9)

    def avoid(self, x: Pixels, y: Pixels) -> None:
        """Keep words off a curve that is drawn."""
        for a, b in pieces(x, y):
            self.paper.ink.curve(a, b)

    def limit(self, value: float, ink: str = "ink2") -> None:
        """A dashed limit over the whole width."""
        y = self.y(value)
        self.paper.line(self.frame.left, y, self.frame.right, y, ink, 0.9, "5 3")
        self.avoid(np.array([self.frame.left, self.frame.right]), np.array([y, y]))

    def grid(self, value: float) -> None:
        """A hairline at a value."""
        self.paper.line(self.frame.left, self.y(value), self.frame.right, self.y(value), "rule", 0.7)

    def tick(self, value: float, text: str, ink: str = "ink3", bold: bool = False) -> None:
        """A figure on the axis, left of the plot; left out where it would touch another."""
        x, y = self.frame.left - 5.0, self.y(value) + 3.6
        if not self.frame.phone and self.paper.fits(x, y, text, NOTE, bold=bold, anchor="e", slack=0.5):
            self.paper.text(x, y, text, ink, NOTE, bold=bold, anchor="e")

    def say(
        self,
        text: str,
        ink: str,
        wishes: Iterable[Wish],
        size: float = NOTE,
        *,
        bold: bool = False,
        above: float = 6.0,
        below: float = 9.0,
        hide: float = 0.0,
        halo: bool = False,
    ) -> bool:
        """Write a word at the best wished place, or nowhere; `hide` is the part of it that may lie on lines."""
        room = Box(self.frame.left, self.top - above, self.frame.right, self.bottom + below)
        most = int(hide * width(text, size, bold))
        found = settle(wishes, text, size, room, self.paper.boxes, self.paper.ink, bold=bold)
        if found is None and most:
            found = settle(wishes, text, size, room, self.paper.boxes, self.paper.ink, bold=bold, hide=most)
        if found is not None:
            place = box(found.x, found.y, text, size, bold)
            crossed = halo or self.paper.ink.hidden(place) > 0
            middle = (place.left + place.right) / 2.0
            self.paper.text(
                found.x, found.y, text, ink, size, bold=bold, halo=self.frame.halo(middle) if crossed else ""
            )
        return found is not None

    def beside(
        self, time: Series, value: Series, text: str, at: float = 0.1, size: float = NOTE, sides: str = "ab"
    ) -> list[Wish]:
        """Places above (a) and below (b) a curve, best near the part `at` of the plot's width."""
        x, y = self.frame.xs(time), self.ys(value)
        known = np.isfinite(y)
        x, y, long = x[known], y[known], width(text, size)
        if x.size < 2:
            return []
        aim = self.frame.left + at * (self.frame.right - self.frame.left)
        wishes = []
        for start in np.arange(x[0] + 3.0, max(x[-1] - long - 3.0, x[0] + 4.0), 6.0):
            a, b = np.searchsorted(x, start - 1.0), np.searchsorted(x, start + long + 1.0)
            span = np.concatenate((y[max(a - 1, 0) : b + 1], np.interp([start, start + long], x, y)))
            cost = abs(start - aim) / 60.0
            if "a" in sides:
                wishes.append(Wish(float(start), float(span.min()) - 3.0 - DESCENT * size, cost))
            if "b" in sides:
                wishes.append(Wish(float(start), float(span.max()) + 2.5 + ASCENT * size, cost + 1.0))
        return wishes

    def stretch(self, time: Series, flags: Iterable[bool]) -> list[tuple[float, float]]:
        """px edges of the stretches in which a flag holds."""
        return [(self.frame.x(s.start), self.frame.x(s.end)) for s in picture.spans(time, flags)]
