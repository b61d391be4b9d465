"""Labels that never overlap: widths from the embedded font, boxes, and where a label may stand.

A text's box is computed from the font's advances; nothing here asks a browser. Pixels throughout, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from samruk.verdict.theme import font

ASCENT = 0.78
"""em above the baseline that a text's box takes: capitals with ascenders (font: 0.70 to 0.78)."""
DESCENT = 0.22
"""em below the baseline (font: 0.22)."""
UNKNOWN = 1.0
"""em, taken for a character that is not in the font: wide, so that a fallback font does not cross its neighbour."""

INFO, ADVISORY, CAUTION, WARNING = range(4)
"""Urgency of a label."""
GLYPH = 11.0
"""px that the sign before an urgent label takes."""
GAP = 4.0
"""px between a leader and its label."""


class Box(NamedTuple):
    """A rectangle on the paper."""

    left: float
    top: float
    right: float
    bottom: float

    def crosses(self, other: Box, slack: float = 0.0) -> bool:
        """Whether two boxes share more than an edge, or come closer than `slack`."""
        return (
            self.left < other.right + slack
            and other.left < self.right + slack
            and self.top < other.bottom + slack
            and other.top < self.bottom + slack
        )

    def inside(self, other: Box) -> bool:
        """Whether this box lies within another."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@cache
def _advances(weight: int) -> dict[str, float]:
    """em by character, over all scripts."""
    found: dict[str, float] = {}
    for face in font()["faces"]:
        if face["weight"] == weight:
            found |= face["advance"]
    return found


def width(text: str, size: float = 11.0, bold: bool = False) -> float:
    """px that a text takes at a size in px."""
    advance = _advances(600 if bold else 400)
    return size * sum(advance.get(character, UNKNOWN) for character in text)


def box(x: float, y: float, text: str, size: float = 11.0, bold: bool = False, anchor: str = "") -> Box:
    """The box of a text with its baseline at y; anchor `m` middle, `e` end."""
    w = width(text, size, bold)
    left = x - (w / 2.0 if anchor == "m" else w if anchor == "e" else 0.0)
    return Box(left, y - ASCENT * size, left + w, y + DESCENT * size)


def clipped(text: str, room: float, size: float = 11.0, bold: bool = False) -> str:
    """A text that fits into some px: whole, or its beginning and an ellipsis."""
    if width(text, size, bold) <= room:
        return text
    for n in range(len(text) - 1, 0, -1):
        short = text[:n].rstrip(" ,.;:") + "…"
        if width(short, size, bold) <= room:
            return short
    return ""


def wrapped(text: str, room: float, size: float = 11.0, bold: bool = False, most: int = 3) -> list[str]:
    """A text in lines that fit into some px; the last is clipped when there are more than `most`."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        n = 1
        while n < len(words) and width(" ".join(words[: n + 1]), size, bold) <= room:
            n += 1
        last = len(lines) == most - 1
        lines.append(clipped(" ".join(words if last else words[:n]), room, size, bold))
        words = words[n:]
    return lines


# ---------------------------------------------------------------------------------------------------- events in tiers


@dataclass(frozen=True)
class Tag:
    """An event's label before it has a place."""

    x: float
    """px, its leader."""
    width: float
    """px, sign included."""
    urgency: int
    text: str


@dataclass(frozen=True)
class Placed:
    """An event's label in its place."""

    tag: Tag
    tier: int
    """0 lowest, nearest the lane."""
    left: float
    """px, left edge of the label."""


@dataclass(frozen=True)
class Tiers:
    """Labels in tiers, and those that became bare dots."""

    placed: tuple[Placed, ...]
    bare: tuple[Tag, ...]
    count: int
    """Tiers used."""


def tiers(tags: Sequence[Tag], left: float, right: float, most: int) -> Tiers:
    """Stand each label beside its leader so that no label meets a label or a leader of another.

    Right to left, right of its leader in the lowest free tier, else left of it. No more tiers than needed. Past `most`
    the least urgent become bare; warnings and cautions never do: for them tiers are added, and in the last resort a
    leader passes behind a label.

    Args:
        tags: in any order.
        left: px, left edge that no label may pass.
        right: px, right edge.
        most: tiers allowed.
    """
    alive = sorted(tags, key=lambda tag: (-tag.x, tag.urgency))
    for count in range(1, most + 1):
        placed, failed = _attempt(alive, left, right, count)
        if not failed:
            return Tiers(tuple(placed), (), _used(placed))
    bare: list[Tag] = []
    while failed:
        victim = _victim(alive, failed)
        if victim is None:
            placed = _crowded(alive, left, right)
            break
        alive = [tag for tag in alive if tag is not victim]
        bare.append(victim)
        placed, failed = _attempt(alive, left, right, most)
    return _refill(alive, bare, placed, left, right, most)


def _refill(alive: list[Tag], bare: list[Tag], placed: list[Placed], left: float, right: float, most: int) -> Tiers:
    """Give bare dots their labels back, the most urgent first, where one fits after all."""
    for tag in sorted(bare, key=lambda each: -each.urgency):
        more = sorted([*alive, tag], key=lambda each: (-each.x, each.urgency))
        again, failed = _attempt(more, left, right, most)
        if not failed:
            alive, placed = more, again
    return Tiers(tuple(placed), tuple(tag for tag in bare if all(tag is not kept for kept in alive)), _used(placed))


def _used(placed: Sequence[Placed]) -> int:
    """Tiers that hold something."""
    return max((p.tier for p in placed), default=-1) + 1


def _attempt(tags: Sequence[Tag], left: float, right: float, count: int) -> tuple[list[Placed], list[Tag]]:
    """Place what can be placed in `count` tiers under the strict rules."""
    placed: list[Placed] = []
    failed: list[Tag] = []
    for tag in tags:
        wishes = [(k, tag.x + GAP) for k in range(count)] + [
            (k, tag.x - GAP - tag.width) for k in reversed(range(count))
        ]
        for tier, start in wishes:
            trial = Placed(tag, tier, start)
            if left <= start and start + tag.width <= right and not any(_conflict(trial, other) for other in placed):
                placed.append(trial)
                break
        else:
            failed.append(tag)
    return placed, failed


def _conflict(a: Placed, b: Placed) -> bool:
    """Whether two labels, or the leader of one and the other label, meet."""
    if a.tier == b.tier and a.left - 6.0 < b.left + b.tag.width and b.left - 6.0 < a.left + a.tag.width:
        return True
    return _pierces(a, b) or _pierces(b, a)


def _pierces(a: Placed, b: Placed) -> bool:
    """Whether the leader of a falls through the label of b."""
    return a.tier >= b.tier and b.left - 2.0 < a.tag.x < b.left + b.tag.width + 2.0


def _victim(alive: Sequence[Tag], failed: Sequence[Tag]) -> Tag | None:
    """Who gives way: the least urgent near the most urgent that found no place; None when only urgent ones are left."""
    needy = max(failed, key=lambda tag: tag.urgency)
    calm = [tag for tag in alive if tag.urgency < CAUTION and tag.urgency <= needy.urgency]
    near = [tag for tag in calm if abs(tag.x - needy.x) < 300.0] or calm
    return min(near, key=lambda tag: (tag.urgency, tag is not needy, abs(tag.x - needy.x)), default=None)


def _crowded(tags: Sequence[Tag], left: float, right: float) -> list[Placed]:
    """Place urgent labels whatever it takes: labels never cross; as few leaders as can be pass behind one."""
    placed: list[Placed] = []
    for tag in tags:
        last = max(left, right - tag.width)
        starts = {min(max(s, left), last) for s in (tag.x + GAP, tag.x - GAP - tag.width, tag.x - tag.width / 2.0)}
        trials = [Placed(tag, k, s) for k in range(_used(placed) + 1) for s in sorted(starts)]
        free = [t for t in trials if not any(_side_by_side(t, p) for p in placed)]
        placed.append(min(free, key=lambda t: (sum(_pierces(t, p) + _pierces(p, t) for p in placed), t.tier)))
    return placed


def _side_by_side(a: Placed, b: Placed) -> bool:
    """Whether two labels of one tier meet."""
    return a.tier == b.tier and a.left - 6.0 < b.left + b.tag.width and b.left - 6.0 < a.left + a.tag.width


# ------------------------------------------------------------------------------------------------- labels beside curves


class Ink:
    """The px that curves cover: a label hides as few of them as it can."""

    def __init__(self, width: int) -> None:
        """Clean paper of some px width, as long as need be."""
        self.cells = np.zeros((512, width), dtype=bool)

    def curve(self, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> None:
        """Cover a line through corners; NaN breaks it."""
        long = np.hypot(np.diff(x), np.diff(y))
        known = np.flatnonzero(np.isfinite(long) & (long < 1e5))
        steps = np.ceil(long[known] / 0.7).astype(int) + 1
        which = np.repeat(known, steps)
        part = (np.arange(which.size) - np.repeat(np.cumsum(steps) - steps, steps)) / np.repeat(steps, steps)
        self._cover(x[which] + part * (x[which + 1] - x[which]), y[which] + part * (y[which + 1] - y[which]))

    def area(self, x: np.ndarray[Any, Any], top: np.ndarray[Any, Any], low: np.ndarray[Any, Any]) -> None:
        """Cover the area between two curves over the same known x, with lines 3 px apart."""
        for at in np.arange(x[0], x[-1], 3.0):
            self.curve(np.full(2, at), np.array([np.interp(at, x, top), np.interp(at, x, low)]))

    def _cover(self, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> None:
        """Cover single px."""
        column, row = np.floor(x).astype(int), np.floor(y).astype(int)
        on = (column >= 0) & (column < self.cells.shape[1]) & (row >= 0)
        while on.any() and row[on].max() >= self.cells.shape[0]:
            self.cells = np.vstack((self.cells, np.zeros_like(self.cells)))
        self.cells[row[on], column[on]] = True

    def hidden(self, place: Box) -> int:
        """px columns in which a box would hide a curve."""
        rows = slice(max(0, int(place.top) - 1), max(0, int(place.bottom) + 2))
        columns = slice(max(0, int(place.left) - 1), max(0, int(place.right) + 2))
        return int(self.cells[rows, columns].any(axis=0).sum())


class Wish(NamedTuple):
    """A place for a label: left end of its baseline, and what is disliked about it."""

    x: float
    y: float
    cost: float


def settle(
    wishes: Iterable[Wish],
    text: str,
    size: float,
    room: Box,
    taken: Sequence[Box],
    ink: Ink,
    *,
    bold: bool = False,
    hide: int = 0,
) -> Wish | None:
    """The cheapest wish that stays in the room, touches no taken box and hides at most `hide` px of curves; or None."""
    taken = [other for other in taken if other.crosses(room, 1.0)]
    for wish in sorted(wishes, key=lambda each: each.cost):
        place = box(wish.x, wish.y, text, size, bold)
        if place.inside(room) and not any(place.crosses(other, 1.0) for other in taken) and ink.hidden(place) <= hide:
            return wish
    return None
