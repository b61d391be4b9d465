"""Paper to draw on: writes SVG and remembers the box of every text, so that none is set across another."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

import numpy as np

from samruk.verdict import labels
from samruk.verdict.labels import Box, Ink
from samruk.verdict.strip_curve import MOST, Pixels, envelope, inner, number, pieces, rough, stretches, trace
from samruk.verdict.theme import sheet


class Figure(NamedTuple):
    """A drawn picture without its style sheet."""

    body: str
    width: int
    height: int
    title: str
    description: str
    text: str
    """Every character that it writes."""
    key: str
    """Prefix of its ids; pictures of one page need different ones."""
    top: float = 0.0
    """px, where the picture begins on the paper that it was cut from."""

    def standalone(self, theme: str) -> str:
        """A file of its own, font and style inside."""
        style = f"<style>{sheet(theme, self.text)}</style>"
        ground = f'<rect width="{self.width}" height="{self.height}" class="f-ground"/>'
        return self._open('xmlns="http://www.w3.org/2000/svg" ') + style + ground + self.body + "</svg>\n"

    def inline(self, classes: str) -> str:
        """A part of a page that carries the style sheet."""
        return self._open(f'class="{classes}" ') + self.body + "</svg>"

    def _open(self, extra: str) -> str:
        """The opening tag with title and description for those who do not see it."""
        size = f'viewBox="0 {px(self.top)} {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        ids = f'role="img" aria-labelledby="{self.key}t {self.key}d"'
        title = f'<title id="{self.key}t">{escape(self.title)}</title>'
        return f'<svg {extra}{size} {ids}>{title}<desc id="{self.key}d">{escape(self.description)}</desc>'


def px(value: float) -> str:
    """A number of px to a tenth, written short."""
    return number(round(10.0 * value))


@dataclass
class Paper:
    """An SVG picture in the making."""

    width: int
    key: str
    elements: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    """Of every text written."""
    written: set[str] = field(default_factory=set)
    ink: Ink = field(init=False)
    """What labels should not hide."""

    def __post_init__(self) -> None:
        """Clean paper."""
        self.ink = Ink(self.width)

    def add(self, element: str) -> None:
        """Put an element on top."""
        self.elements.append(element)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        fill: str = "ink",
        size: float = 11.0,
        *,
        bold: bool = False,
        anchor: str = "",
        halo: str = "",
    ) -> Box:
        """Write a text with its baseline at y; `halo` is "h" over day, "hn" over night. Returns its box."""
        place = labels.box(x, y, text, size, bold, anchor)
        if not text:
            return place
        names = " ".join(filter(None, (f"f-{fill}", "b" if bold else "", anchor, halo)))
        sized = "" if size == 11.0 else f' font-size="{size:g}"'
        self.add(f'<text x="{px(x)}" y="{px(y)}" class="{names}"{sized}>{escape(text, quote=False)}</text>')
        self.written.update(text)
        self.boxes.append(place)
        return place

    def fits(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, anchor: str = "", slack: float = 0.0
    ) -> bool:
        """Whether a text would cross no other and stay on the paper."""
        place = labels.box(x, y, text, size, bold, anchor)
        on_paper = place.left >= 0 and place.right <= self.width
        return on_paper and not any(place.crosses(other, slack) for other in self.boxes)

    def line(self, x0: float, y0: float, x1: float, y1: float, ink: str, weight: float, dash: str = "") -> None:
        """A straight line."""
        self.path(trace(np.array([x0, x1]), np.array([y0, y1])), ink, weight, dash)

    def path(self, data: str, ink: str, weight: float, dash: str = "") -> None:
        """Lines from path data."""
        if data:
            dashed = f' stroke-dasharray="{dash}"' if dash else ""
            self.add(f'<path d="{data}" class="l-{ink}" stroke-width="{weight:g}" stroke-linejoin="round"{dashed}/>')

    def area(self, data: str, fill: str) -> None:
        """Filled path data; `fill` is a token, or the key of a pattern with `#` before it."""
        if data:
            paint = f'fill="url(#{self.key}{fill[1:]})"' if fill.startswith("#") else f'class="f-{fill}"'
            self.add(f'<path d="{data}" {paint}/>')

    def rect(self, x: float, y: float, w: float, h: float, fill: str) -> None:
        """A filled rectangle."""
        self.add(f'<rect x="{px(x)}" y="{px(y)}" width="{px(w)}" height="{px(h)}" class="f-{fill}"/>')

    def curve(self, x: Pixels, y: Pixels, ink: str, weight: float, dash: str = "", most: int = MOST) -> None:
        """A thinned curve, broken where it is not known; a band where it swings too fast. Labels keep off it."""
        wild = rough(x, y)
        wide = max(2.0, 2.0 * float(np.ptp(x)) / most) if x.size else 2.0
        for first, last in stretches(wild):
            part = slice(first, last + 1)
            self.add(f'<path d="{envelope(x[part], y[part], wide)}" class="f-{ink}" opacity=".5"/>')
            self.ink.curve(x[part], y[part])
        parts = pieces(x, np.where(inner(wild), np.nan, y), most)
        self.path("".join(trace(a, b) for a, b in parts), ink, weight, dash)
        for a, b in parts:
            self.ink.curve(a, b)

    def sign(self, x: float, y: float, level: str, r: float = 4.5) -> None:
        """The sign of a level around (x, y): triangle, diamond or ring; none for info."""
        if level == "warning":
            self.area(f"M{px(x)} {px(y - r)}l{px(r)} {px(1.85 * r)}h{px(-2 * r)}z", "warning")
        elif level == "caution":
            self.area(f"M{px(x)} {px(y - r)}l{px(r)} {px(r)} {px(-r)} {px(r)} {px(-r)} {px(-r)}z", "caution")
        elif level == "advisory":
            self.add(f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(0.8 * r)}" class="l-ink" stroke-width="1.5"/>')

    def dot(self, x: float, y: float, fill: str, r: float = 2.4) -> None:
        """A dot."""
        self.add(f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(r)}" class="f-{fill}"/>')

    def figure(self, height: float, title: str, description: str, defs: str = "") -> Figure:
        """The finished picture."""
        body = f"<defs>{defs}</defs>" + "".join(self.elements)
        return Figure(body, self.width, round(height), title, description, "".join(sorted(self.written)), self.key)


def hatch(key: str, ink: str, step: float, weight: float, degrees: float, opacity: float = 1.0) -> str:
    """A pattern of parallel lines, for what must be told apart without hue."""
    turned = f'patternUnits="userSpaceOnUse" patternTransform="rotate({degrees:g})"'
    bar = f'<rect width="{weight:g}" height="{step:g}" class="f-{ink}" opacity="{opacity:g}"/>'
    return f'<pattern id="{key}" width="{step:g}" height="{step:g}" {turned}>{bar}</pattern>'
