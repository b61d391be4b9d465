"""Settings of the aircraft: fetched when asked for, changed one by one; both until the aircraft has answered."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from samruk.station import wire
from samruk.station.vehicles import AUTOPILOT, Fleet, Out

TRIES = 5
WAIT = 1.0
"""s for an answer."""
QUIET = 1.5
"""s of silence in a list after which what is missing is asked for one by one."""
AT_ONCE = 10
"""Missing settings asked for in one go."""
REAL32 = 9
"""MAV_PARAM_TYPE."""
WHOLE = {1: "<Bxxx", 2: "<bxxx", 3: "<Hxx", 4: "<hxx", 5: "<I", 6: "<i"}
"""Whole numbers that travel in the four bytes of a float, by MAV_PARAM_TYPE."""
BYTEWISE = 1 << 4
"""MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_BYTEWISE."""


def value_of(number: float, kind: int, bytewise: bool) -> float:
    """The number that a PARAM_VALUE carries."""
    if bytewise and kind in WHOLE:
        return float(struct.unpack(WHOLE[kind], struct.pack("<f", number))[0])
    return number


def carried(value: float, kind: int, bytewise: bool) -> float | None:
    """A number as PARAM_SET carries it; None where its type cannot hold it."""
    if not bytewise or kind not in WHOLE:
        return value
    try:
        return float(struct.unpack("<f", struct.pack(WHOLE[kind], round(value)))[0])
    except struct.error:
        return None


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


@dataclass
class Fetch:
    """The list of one aircraft."""

    values: dict[int, wire.Parameter] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    count: int | None = None
    heard: float = -math.inf
    tries: int = 0
    active: bool = True
    told: int = -1


@dataclass
class Change:
    """One setting on its way."""

    state: wire.CommandState
    name: str
    value: float
    sent_at: float = -math.inf
    ended: float | None = None


@dataclass
class Parameters:
    """Settings of all aircraft."""

    fleet: Fleet
    changed: Callable[[wire.CommandState], None] = lambda state: None
    words: Callable[[str], str] = str
    fetches: dict[int, Fetch] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    capabilities: dict[int, int] = field(default_factory=dict)
    meanings: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """By aircraft and name: what the aircraft's own file says of a setting."""

    def fetch(self, sysid: int, now: float) -> None:
        """Begin to fetch all settings."""
        running = self.fetches.get(sysid)
        if running is None or not running.active:
            self.fetches[sysid] = Fetch()

    def explained(self, sysid: int, data: bytes | None) -> None:
        """The aircraft's file of meanings has come; a broken one explains nothing."""
        try:
            rows = json.loads(data or b"{}").get("parameters", [])
            self.meanings[sysid] = {row["name"]: row for row in rows}
        except (ValueError, TypeError, KeyError, AttributeError):
            self.meanings[sysid] = {}
        if sysid in self.fetches:
            self.fetches[sysid].told = -1

    def _whole(self, sysid: int, row: wire.Parameter) -> wire.Parameter:
        """A setting with its meaning."""
        found = self.meanings.get(sysid, {}).get(row.name, {})
        default, least, most = (_number(found.get(key)) for key in ("default", "min", "max"))
        unit, words = (_text(found.get(key)) for key in ("units", "shortDesc"))
        return wire.Parameter(row.name, row.value, default, least, most, unit, words)

    def set(self, id: str, sysid: int, name: str, value: float, now: float) -> None:
        """Begin to change one."""
        stamp = round(1e3 * now)
        state = wire.CommandState(id, sysid, "set_parameter", name, "requested", "", stamp, stamp, 0)
        self.changes.append(Change(state, name, value))
        self.changed(state)

    def heard(self, m: Any, now: float) -> None:
        """PARAM_VALUE; AUTOPILOT_VERSION for how whole numbers travel."""
        if m.name == "AUTOPILOT_VERSION":
            self.capabilities[m.system] = int(m.capabilities)
        if m.name != "PARAM_VALUE":
            return
        value = value_of(m.param_value, int(m.param_type), bool(self.capabilities.get(m.system, 0) & BYTEWISE))
        fetch = self.fetches.setdefault(m.system, Fetch(active=False))
        fetch.kinds[m.param_id] = int(m.param_type)
        if int(m.param_index) != 0xFFFF:
            fetch.heard, fetch.count, fetch.tries = now, int(m.param_count), 0
            fetch.values[int(m.param_index)] = wire.Parameter(m.param_id, value)
        else:
            for row in fetch.values.values():
                row.value = value if row.name == m.param_id else row.value
            fetch.told = -1
        self._answered(m.system, m.param_id, value, now)

    def _answered(self, sysid: int, name: str, value: float, now: float) -> None:
        for change in self.changes:
            if change.ended is None and (change.state.sysid, change.name) == (sysid, name) and change.state.tries:
                good = math.isclose(value, change.value, rel_tol=1e-6, abs_tol=1e-9)
                change.state.state = "done" if good else "refused"
                change.state.reason = "" if good else self.words("result.denied")
                change.state.changed_ms, change.ended = round(1e3 * now), now
                self.changed(change.state)

    def due(self, now: float) -> Iterator[Out]:
        """What is asked for now."""
        for sysid, fetch in self.fetches.items():
            if fetch.active and now - fetch.heard > QUIET:
                yield from self._ask(sysid, fetch, now)
        for change in list(self.changes):
            if change.ended is not None:
                if now - change.ended > 12.0:
                    self.changes.remove(change)
            elif now - change.sent_at > WAIT:
                yield from self._send(change, now)

    def _ask(self, sysid: int, fetch: Fetch, now: float) -> Iterator[Out]:
        target = {"target_system": sysid, "target_component": AUTOPILOT}
        missing = [] if fetch.count is None else [k for k in range(fetch.count) if k not in fetch.values]
        if fetch.tries >= TRIES or (fetch.count is not None and not missing):
            fetch.active = False
            return
        fetch.tries, fetch.heard = fetch.tries + 1, now
        if fetch.count is None:
            yield Out("PARAM_REQUEST_LIST", target, sysid)
        for k in missing[:AT_ONCE]:
            yield Out("PARAM_REQUEST_READ", {**target, "param_id": "", "param_index": k}, sysid)

    def _send(self, change: Change, now: float) -> Iterator[Out]:
        state, sysid = change.state, change.state.sysid
        kind = self.fetches.get(sysid, Fetch()).kinds.get(change.name, REAL32)
        value = carried(change.value, kind, bool(self.capabilities.get(sysid, 0) & BYTEWISE))
        if value is None or state.tries >= TRIES:
            state.state, state.changed_ms, change.ended = "timeout", round(1e3 * now), now
            if value is None:
                state.state, state.reason = "refused", self.words("result.denied")
            self.changed(state)
            return
        change.sent_at, state.tries, state.state = now, state.tries + 1, "sent"
        yield Out("PARAM_SET", {"target_system": sysid, "target_component": AUTOPILOT, "param_id": change.name,
                                "param_value": value, "param_type": kind}, sysid)  # fmt: skip

    def news(self) -> Iterator[wire.Parameters]:
        """Lists that have grown."""
        for sysid, fetch in self.fetches.items():
            complete = fetch.count is not None and len(fetch.values) == fetch.count
            if fetch.values and fetch.told != len(fetch.values) and (complete or not len(fetch.values) % 50):
                fetch.told = len(fetch.values)
                rows = [self._whole(sysid, fetch.values[k]) for k in sorted(fetch.values)]
                yield wire.Parameters(sysid, complete, rows)

    def states(self) -> list[wire.CommandState]:
        """Changes under way and lately ended."""
        return [change.state for change in self.changes]
