"""Who sits at the station and what each may do: seats, tokens, roles, limits. No socket and no clock of its own.

A seat has one token. Several browsers may show one seat; the first of them acts, the others watch, and the oldest of
those takes its place when it goes. What a role may do is one table. The aircraft decides all the same: a station that
let everything through would still be refused aboard.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import logging
import math
import re
import secrets
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from samruk.errors import InputError
from samruk.station.commands import PAYLOAD

ROLES = ("pilot", "payload", "commander", "maintainer", "instructor", "observer")
"""The roles that a seat may have."""
LONGEST = 262144
"""Bytes of one message from a browser: a plan of a thousand items fits."""
DEEPEST = 8
"""Levels of brackets in one message."""
PER_SECOND, BURST = 20.0, 60.0
"""Messages of one browser: steadily, and at once. A stick at 10 Hz and a person fit."""
ERRORS = 50
"""Refused messages in a row after which a browser is let go."""
BROWSERS = 16
"""Browsers at one seat."""
EVENTS = 256
"""Messages other than pictures that wait for a slow browser; after that it starts afresh."""
SHORTEST_TOKEN = 16
"""Characters of a token that a person chose."""
CLOSE_TOKEN, CLOSE_ORIGIN, CLOSE_FULL, CLOSE_GREEDY, CLOSE_SLOW = 4401, 4403, 4409, 4429, 4408
"""Codes of a closed WebSocket: no seat has this token, foreign page, seat full, too many messages, too slow."""

LOOK = frozenset({"select", "set_replay", "check", "download", "get_parameters", "hello"})
"""What everybody may do: it changes nothing outside the own screen."""
CREW = LOOK | {"acknowledge", "tick", "open_checklist", "set_language"}
"""What a crew does beside commands; alarms and checklists are worded in one language for all at the station."""
GROUND_KINDS = frozenset({"arm", "disarm", "engine_start", "engine_stop", "bearer"})
"""Commands of a maintainer."""


@dataclass(frozen=True)
class Rights:
    """What a role may do."""

    asks: frozenset[str] = LOOK
    """Tags of messages."""
    commands: str = "none"
    """`all`, `payload`, `ground` or `none`."""
    levels: frozenset[int] = frozenset()
    """Levels of interoperability that it may ask for, give and take."""
    overrides: bool = False
    """May override a silent holder."""


_FLYING = CREW | {"command", "upload", "authority", "accept_difference", "set_parameter"}
RIGHTS: Mapping[str, Rights] = {
    "pilot": Rights(_FLYING, "all", frozenset({0, 3, 4, 5})),
    "commander": Rights(_FLYING, "all", frozenset({0, 3, 4, 5}), overrides=True),
    "payload": Rights(CREW | {"command", "authority", "accept_difference"}, "payload", frozenset({3})),
    "maintainer": Rights(CREW | {"command", "set_parameter", "authority"}, "ground", frozenset({0, 3, 4, 5})),
    "instructor": Rights(LOOK | {"instructor"}),
    "observer": Rights(),
}
"""What each role may do: one table."""


def may(role: str, asked: Mapping[str, Any]) -> str:
    """Why a role may not ask something; empty when it may.

    Args:
        role: one of `ROLES`.
        asked: the message: its tag `t`, and what it needs of `kind`, `loi`, `step`.
    """
    rights, tag = RIGHTS.get(role, Rights()), asked.get("t")
    if tag not in rights.asks:
        return f"a seat of role {role} may not do this"
    if tag == "command" and not _may_command(rights, str(asked.get("kind", ""))):
        return f"a seat of role {role} may not give this command"
    if tag == "authority":
        if asked.get("step") == "override" and not rights.overrides:
            return f"a seat of role {role} has no right to override"
        level = asked.get("loi", 4)
        if not isinstance(level, int) or level not in rights.levels:
            return f"a seat of role {role} may not hold this level"
    return ""


def _may_command(rights: Rights, kind: str) -> bool:
    if rights.commands == "payload":
        return kind in PAYLOAD
    return rights.commands == "all" or (rights.commands == "ground" and kind in GROUND_KINDS)


# ---------------------------------------------------------------------- seats and browsers


@dataclass(frozen=True)
class Seat:
    """A place at the station."""

    id: str
    """As `pilot`; unique at the station."""
    role: str
    """One of `ROLES`."""
    token: str = field(repr=False)
    """Secret; never logged, never in a `repr`."""


@dataclass
class Bucket:
    """Messages that a browser may still send now."""

    rate: float = PER_SECOND
    """Per second of wall time."""
    most: float = BURST
    """At once."""
    left: float = BURST
    """Now."""
    wall: float | None = None
    """s, when it was last filled."""

    def take(self, wall: float) -> bool:
        """One message comes; whether it is within the rate."""
        if self.wall is not None:
            self.left = min(self.most, self.left + max(wall - self.wall, 0.0) * self.rate)
        self.wall = wall
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


class Outbox:
    """What waits for one browser: the newest picture only, and a bounded line of other messages."""

    def __init__(self, most: int = EVENTS) -> None:
        self._picture: bytes | None = None
        self._events: deque[bytes] = deque()
        self._most = most
        self.dropped = 0
        """Pictures that were never sent because a newer one came."""
        self.overrun = False
        """The line grew too long: the browser has missed something and must start afresh."""

    def __len__(self) -> int:
        """Messages that wait."""
        return len(self._events) + (self._picture is not None)

    def picture(self, data: bytes) -> None:
        """A new picture takes the place of one that still waits."""
        self.dropped += self._picture is not None
        self._picture = data

    def event(self, data: bytes) -> None:
        """A message that may not be left out."""
        if len(self._events) >= self._most:
            self._events.clear()
            self.overrun = True
        if not self.overrun:
            self._events.append(data)

    def next(self) -> bytes | None:
        """The next message to send: events first; None when nothing waits."""
        if self._events:
            return self._events.popleft()
        data, self._picture = self._picture, None
        return data


@dataclass(eq=False)
class Browser:
    """One page that shows a seat."""

    seat: Seat
    """Its seat."""
    number: int
    """Counts up; the lowest at a seat acts."""
    outbox: Outbox = field(default_factory=Outbox)
    """What waits for it."""
    bucket: Bucket = field(default_factory=Bucket)
    """Its rate."""
    errors: int = 0
    """Refused messages in a row."""
    drawn: float = 0.0
    """s of wall time at which it last said that it draws."""


@dataclass(frozen=True)
class Heard:
    """A message of a browser, judged."""

    asked: dict[str, Any] | None = None
    """The message; None when it is refused."""
    refusal: str = ""
    """Why, in one line."""
    close: int = 0
    """Code with which the browser is let go; 0 to keep it."""


class Seats:
    """The seats of one station and the browsers at them.

    Args:
        seats: their roles by id; each gets a token of 256 bits.
        tokens: tokens by id where they are given.
    """

    def __init__(self, seats: Mapping[str, str], tokens: Mapping[str, str] | None = None) -> None:
        given = dict(tokens or {})
        for name, role in seats.items():
            if role not in ROLES:
                raise InputError(f"seat {name} has the role {role!r}.", "", f"Allowed: {', '.join(ROLES)}.")
            if len(given.get(name, "x" * SHORTEST_TOKEN)) < SHORTEST_TOKEN:
                told = f"the token of seat {name} has {len(given[name])} characters."
                raise InputError(told, "", f"Use {SHORTEST_TOKEN} or more, or leave it out: one is made.")
        self.seats = tuple(
            Seat(name, role, given.get(name) or secrets.token_urlsafe(32)) for name, role in seats.items()
        )
        self.browsers: list[Browser] = []
        self._number = 0

    def admit(self, token: str) -> Seat | None:
        """The seat of a token; every token is compared, in a time that tells nothing of them."""
        given, found = _digest(token), None
        for seat in self.seats:
            if hmac.compare_digest(_digest(seat.token), given):
                found = seat
        return found

    def join(self, seat: Seat) -> Browser | None:
        """A browser sits down; None when the seat is full."""
        if sum(each.seat is seat for each in self.browsers) >= BROWSERS:
            return None
        self._number += 1
        browser = Browser(seat, self._number)
        self.browsers.append(browser)
        return browser

    def leave(self, browser: Browser) -> None:
        """A browser goes; the oldest that watched acts from now on."""
        if browser in self.browsers:
            self.browsers.remove(browser)

    def acts(self, browser: Browser) -> bool:
        """Whether a browser acts for its seat; the others at it watch."""
        there = [each.number for each in self.browsers if each.seat is browser.seat]
        return bool(there) and browser.number == min(there)

    def hears(self, browser: Browser, data: str | bytes, wall: float) -> Heard:
        """Judge a message: size, rate, form, whether this browser acts, what its role may.

        Args:
            browser: who sent it.
            data: as it came.
            wall: s of a monotonic clock.
        """
        if not browser.bucket.take(wall):
            return self._bad(browser, "too many messages: wait a moment", CLOSE_GREEDY)
        asked = parsed(data)
        if isinstance(asked, str):
            return self._bad(browser, asked, CLOSE_GREEDY)
        if asked.get("t") not in LOOK and not self.acts(browser):
            return Heard(refusal="another page acts for this seat: this one watches")
        if why := may(browser.seat.role, asked):
            return Heard(refusal=why)
        browser.errors = 0
        return Heard(asked)

    def _bad(self, browser: Browser, why: str, close: int) -> Heard:
        browser.errors += 1
        return Heard(refusal=why, close=close if browser.errors >= ERRORS else 0)

    def url(self, seat: Seat, base: str) -> str:
        """Address of a seat: the token stands in the fragment, which no browser sends and no log sees."""
        return f"{base.rstrip('/')}/#token={seat.token}"


def parsed(data: str | bytes) -> dict[str, Any] | str:
    """A message as an object, or why it is none. Never raises, whatever comes."""
    if len(data) > LONGEST:
        return f"message of {len(data)} characters; allowed: {LONGEST}"
    if not isinstance(data, str):
        return "messages are JSON text, not binary"
    if _depth(data) > DEEPEST:
        return f"message is nested deeper than {DEEPEST}"
    try:
        found = json.loads(data, parse_constant=_no_constant, parse_float=_finite)
        if HALF.search(data):
            json.dumps(found, ensure_ascii=False).encode()  # half a letter could be neither sent on nor recorded
    except (ValueError, RecursionError):
        return "message is not JSON"
    return found if isinstance(found, dict) and isinstance(found.get("t"), str) else "message has no type"


HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""A sign of half a letter: the two halves of one must stand together."""


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    """A number that a float holds."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value


def _depth(text: str) -> int:
    """Deepest nesting of brackets; brackets in strings count too, which only makes it stricter."""
    depth = deepest = 0
    for each in re.findall(r"[\[\]{}]", text):
        depth += 1 if each in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _digest(token: str) -> bytes:
    """Of equal length whatever the token, so that the comparison takes equal time."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


# ---------------------------------------------------------------------- where it listens, who may come


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_address(host: str) -> bool:
    """Whether a host is written as a number: no name can have been made to point there."""
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def check_address(host: str, certificate: Path | None = None, key: Path | None = None) -> None:
    """Refuse to listen where others can come without encryption.

    Raises:
        InputError: the address is not loopback and there is no certificate with its key, or a file is missing.
    """
    for name, file in (("certificate", certificate), ("key", key)):
        if file is not None and not file.is_file():
            raise InputError(f"the TLS {name} {file} is not a file.", "", "Give the path of a PEM file.")
    if (certificate is None) != (key is None):
        raise InputError("a TLS certificate needs its key, and a key its certificate.", "", "Give both, or none.")
    if not is_loopback(host) and certificate is None:
        told = f"the station does not listen on {host} without TLS."
        raise InputError(told, "", "Give --certificate and --key, or listen on 127.0.0.1.")


def is_own_page(origin: str | None, host: str | None, names: Iterable[str] = ()) -> bool:
    """Whether a request comes from this station's own page, or from no page at all.

    A page of another site that makes a browser connect here is turned away by its origin; one whose name was made to
    point here, by the host that it names.

    Args:
        origin: header Origin; None for a program that is no browser.
        host: header Host.
        names: host names under which the station is known beside loopback.
    """
    known = {name.lower() for name in names}
    if not host:
        return False
    own = urlsplit(f"//{host}").hostname or ""
    if not (is_loopback(own) or own.lower() in known or _is_address(own)):
        return False
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def token_of(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The token of a request: of the WebSocket's protocols (`token.<it>`), of the cookie, else of the query."""
    for offered in headers.get("sec-websocket-protocol", "").split(","):
        if offered.strip().startswith("token."):
            return offered.strip().removeprefix("token.")
    for cookie in headers.get("cookie", "").split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == "samruk_token":
            return value
    return query.get("token", "")


class Discreet(logging.Filter):
    """Takes tokens out of what is logged."""

    _TOKEN = re.compile(r"(token[=.])[\w~-]+", re.ASCII)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a line through without its tokens."""
        record.msg, record.args = self._TOKEN.sub(r"\1***", record.getMessage()), ()
        return True
