"""Numbers and times as people read them: UTC clock, durations in words, true minus, margins rounded towards danger."""

from __future__ import annotations

import math
from datetime import UTC, datetime

DASH = "–"
"""What is not known."""


def moment(time: float) -> datetime:
    """s since 1970 as a UTC date and time."""
    return datetime.fromtimestamp(time, UTC)


def clock(time: float) -> str:
    """`14:11`, UTC, to the minute that has begun."""
    return f"{moment(time):%H:%M}"


def clock_exact(time: float) -> str:
    """`14:11:05`, UTC."""
    return f"{moment(time):%H:%M:%S}"


def date(time: float, short: bool = False) -> str:
    """`20 January 2027`, or `20 Jan`."""
    at = moment(time)
    return f"{at.day} {at:%b}" if short else f"{at.day} {at:%B %Y}"


def duration(seconds: float) -> str:
    """`23 h 20 min`, `14 min` or `40 s`; never written like a clock."""
    if not math.isfinite(seconds):
        return DASH
    if seconds < 99.5:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60.0)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def number(value: float, digits: int = 0, sign: bool = False) -> str:
    """A number with a true minus and a thin grouping of thousands; an en dash where it is not known."""
    if not math.isfinite(value):
        return DASH
    value = round(value, digits) + 0.0
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    return text.replace(",", "\u00a0").replace("-", "−")


def down(value: float, digits: int = 0, sign: bool = False) -> str:
    """A margin left, rounded towards danger: never more than there is."""
    scale = 10.0**digits
    return number(math.floor(value * scale + 1e-9) / scale if math.isfinite(value) else value, digits, sign)


def up(value: float, digits: int = 0, sign: bool = False) -> str:
    """A burden, rounded towards danger: never less than there was."""
    scale = 10.0**digits
    return number(math.ceil(value * scale - 1e-9) / scale if math.isfinite(value) else value, digits, sign)


def fine_up(value: float) -> str:
    """A burden to a tenth below ten, whole above."""
    return up(value, 1 if value < 9.95 else 0)


def plural(n: int, one: str, many: str) -> str:
    """`1 gap`, `3 gaps`."""
    return f"{n} {one if n == 1 else many}"


def sentence(text: str) -> str:
    """A text with a capital at its head."""
    return text[:1].upper() + text[1:]


OUTCOMES = {
    "completed": ("Completed", "ink", ""),
    "diverted": ("Diverted", "caution", "caution"),
    "refused": ("Refused", "caution", "caution"),
    "lost": ("Lost", "warning", "warning"),
    None: ("No verdict", "ink2", ""),
}
"""Word, token and sign of each outcome: completed is plain ink, good is the absence of alarm."""


def coordinate(radians: float, north: bool, minutes: bool = True) -> str:
    """`40°15′N` or `40°N`."""
    total = round(abs(math.degrees(radians)) * 60.0)
    side = ("N" if radians >= 0 else "S") if north else ("E" if radians >= 0 else "W")
    return f"{total // 60}°{f'{total % 60:02d}′' if minutes else ''}{side}"


MODES = (
    "PREFLIGHT",
    "LINE UP",
    "TAKE OFF",
    "CLIMB",
    "ROUTE",
    "LOITER",
    "RETURN",
    "DIVERT",
    "LOST LINK",
    "ESCAPE",
    "DESCENT",
    "APPROACH",
    "FLARE",
    "ROLL OUT",
    "GO AROUND",
    "STOPPED",
    "REFUSED",
    "GLIDE",
    "HOLD",
    "HEADING",
    "STICK",
)
"""Names of `messages.Mode` by value, kept here so that a picture needs no model code (a test keeps them equal)."""
