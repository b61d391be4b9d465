"""Curves of a picture: thinned to what the eye can tell, never losing an extreme, and written short."""

from __future__ import annotations

from typing import Any

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.float64]]

TOLERANCE = 0.3
"""px that a thinned curve may leave the whole one; a line is 1.3 px wide at least."""
MOST = 200
"""Corners of one curve at most: keeps a strip under 100 kB, whatever its length."""


def thin(x: Pixels, y: Pixels, tolerance: float = TOLERANCE, most: int = MOST) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Indices of the corners worth drawing: within `tolerance` of the whole curve, least and greatest y always kept.

    A curve too rough for `most` corners keeps the least and greatest y of each px column instead, in as many columns
    as that allows.

    Args:
        x: px, not falling.
        y: px, finite.
        tolerance: px.
        most: corners allowed, 8 at least.
    """
    if x.size < 3:
        return np.arange(x.size)
    near = _columns(x, y, 0.5)
    keep = near[corners(x[near], y[near], tolerance, most)]
    if keep.size > most:
        keep = _columns(x, y, 2.0 * float(x[-1] - x[0]) / max(most - 8, 4), ends=False)
    return np.unique(np.append(keep, [0, int(np.argmin(y)), int(np.argmax(y)), x.size - 1]))


def _columns(x: Pixels, y: Pixels, wide: float, ends: bool = True) -> np.ndarray[Any, np.dtype[np.intp]]:
    """First, last, least and greatest of each column that holds more than four samples; all samples of the others."""
    column = np.floor((x - x[0]) / max(wide, 1e-9)).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    if ends and starts.size * 4 >= x.size:
        return np.arange(x.size)
    order = np.lexsort((y, column))
    stops = np.append(starts[1:], x.size)
    kept = [order[starts], order[stops - 1]]
    if ends:
        kept += [starts, stops - 1]
    return np.unique(np.concatenate(kept))


def corners(x: Pixels, y: Pixels, tolerance: float, enough: int = 10**9) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Douglas and Peucker's corners; the search stops once it has found more than `enough`."""
    keep = np.zeros(x.size, dtype=bool)
    keep[[0, -1]] = True
    todo = [(0, x.size - 1)]
    found = 2
    while todo and found <= enough:
        a, b = todo.pop()
        if b - a < 2:
            continue
        away = _from_segment(x[a : b + 1], y[a : b + 1])[1:-1]
        k = int(np.argmax(away))
        if away[k] > tolerance:
            keep[a + 1 + k] = True
            found += 1
            todo += [(a, a + 1 + k), (a + 1 + k, b)]
    return np.flatnonzero(keep)


def _from_segment(x: Pixels, y: Pixels) -> Pixels:
    """Distance of each point from the straight line between the first and the last, its ends included."""
    dx, dy = x[-1] - x[0], y[-1] - y[0]
    square = max(float(dx * dx + dy * dy), 1e-12)
    along = np.clip(((x - x[0]) * dx + (y - y[0]) * dy) / square, 0.0, 1.0)
    away: Pixels = np.hypot(x - x[0] - along * dx, y - y[0] - along * dy)
    return away


def pieces(x: Pixels, y: Pixels, most: int = MOST) -> list[tuple[Pixels, Pixels]]:
    """The thinned curve in pieces, broken where y is not known; a lone sample makes no piece."""
    known = np.concatenate(([False], np.isfinite(y), [False]))
    change = np.flatnonzero(known[1:] != known[:-1])
    found = []
    for a, b in zip(change[::2], change[1::2], strict=True):
        if b - a > 1:
            share = max(8, int(most * (b - a) / y.size))
            keep = a + thin(x[a:b], y[a:b], most=share)
            found.append((x[keep], y[keep]))
    return found


def rough(x: Pixels, y: Pixels) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where a curve swings so fast that its line would fill a band: there the band is drawn instead.

    Over 6 px of width it runs up and down at least three times its range of at least 9 px.
    """
    if x.size < 12:
        return np.zeros(x.size, dtype=bool)
    steps = np.append(np.abs(np.diff(y)), 0.0)
    column = np.floor((x - x[0]) / 6.0).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    run = np.add.reduceat(steps, starts)
    span = np.maximum.reduceat(y, starts) - np.minimum.reduceat(y, starts)
    with np.errstate(invalid="ignore"):
        wild = _steady((span > 9.0) & (run > 3.0 * span))
    found = np.repeat(wild, np.diff(np.append(starts, x.size)))
    return np.asarray(found & np.isfinite(y), dtype=bool)


def _steady(flags: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Flags without gaps of up to four and then without stretches of under four, so that bands do not flicker."""
    held = np.array(flags, dtype=bool)
    for a, b in stretches(~flags):
        if b - a < 4 and a > 0 and b < flags.size - 1:
            held[a : b + 1] = True
    for a, b in stretches(held):
        if b - a < 3:
            held[a : b + 1] = False
    return held


def stretches(flags: np.ndarray[Any, np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """First and last index of each unbroken stretch of true."""
    mask = np.concatenate(([False], flags, [False]))
    change = np.flatnonzero(mask[1:] != mask[:-1])
    return [(int(a), int(b) - 1) for a, b in zip(change[::2], change[1::2], strict=True)]


def inner(flags: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Without the ends of each stretch: a line and a band share the sample where they meet."""
    return np.asarray(flags & np.append(flags[1:], False) & np.insert(flags[:-1], 0, False), dtype=bool)


def envelope(x: Pixels, y: Pixels, wide: float = 2.0) -> str:
    """Path data of the band between the least and the greatest y of each px column."""
    column = np.floor((x - x[0]) / wide).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    middle = np.clip(x[0] + (column[starts] + 0.5) * wide, x[0], x[-1])
    middle[0], middle[-1] = x[0], x[-1]
    return closed(middle, np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts))


def number(tenths: int) -> str:
    """A number given in tenths, written short."""
    whole, part = divmod(abs(tenths), 10)
    text = (str(whole) if whole or not part else "") + (f".{part}" if part else "")
    return f"-{text}" if tenths < 0 else text


def trace(x: Pixels, y: Pixels) -> str:
    """Path data of a line through the corners, rounded to 0.1 px without drift."""
    tx, ty = np.round(10.0 * x).astype(int), np.round(10.0 * y).astype(int)
    out = [f"M{number(int(tx[0]))} {number(int(ty[0]))}"]
    for dx, dy in zip(np.diff(tx), np.diff(ty), strict=True):
        if dx or dy:
            out.append(
                f"h{number(int(dx))}" if dy == 0 else f"v{number(int(dy))}" if dx == 0 else _step(int(dx), int(dy))
            )
    return "".join(out)


def _step(dx: int, dy: int) -> str:
    """A relative line."""
    second = number(dy)
    return f"l{number(dx)}{'' if second.startswith('-') else ' '}{second}"


def closed(x: Pixels, top: Pixels, bottom: Pixels) -> str:
    """Path data of the area between two curves over the same x."""
    return trace(np.concatenate((x, x[::-1])), np.concatenate((top, bottom[::-1]))) + "z"


def between(x: Pixels, top: Pixels, x_low: Pixels, low: Pixels) -> str:
    """Path data of the area between two curves with corners of their own."""
    return trace(np.concatenate((x, x_low[::-1])), np.concatenate((top, low[::-1]))) + "z"


def bars(stretches: list[tuple[float, float]], y: float, high: float, least: float) -> str:
    """Path data of bars from left to right edge px, none narrower than `least`; bars that would meet are joined."""
    joined: list[list[float]] = []
    for left, right in sorted(stretches):
        middle, half = (left + right) / 2.0, max(right - left, least) / 2.0
        a, b = middle - half, middle + half
        if joined and a <= joined[-1][1] + 0.3:
            joined[-1][1] = max(b, joined[-1][1])
        else:
            joined.append([a, b])
    return "".join(_bar(a, b, y, high) for a, b in joined)


def _bar(a: float, b: float, y: float, high: float) -> str:
    """Path data of one bar."""
    n, m = round(10 * a), round(10 * high)
    w = round(10 * b) - n
    return f"M{number(n)} {number(round(10 * y))}h{number(w)}v{number(m)}h{number(-w)}z"
