"""The aircraft's outlook as it is told: how the flight ends, the way ahead, how far it glides.

`Seer` looks ahead for all aircraft of a process: it copies the lanes in a turn, flies the copies in a thread, and keeps
what came out. `Outlooks` is one aircraft's voice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samruk.autopilot.handbook import Handbook
from samruk.earth import MEAN_RADIUS
from samruk.messages import Mode
from samruk.terrain_file.grid import Grid
from samruk.vehicle import foresight
from samruk.vehicle.aircraft import GROUND_MODES, Aircraft
from samruk.vehicle.foresight import Outlook
from samruk.vehicle.live import Live
from samruk.vehicle.picture import Picture
from samruk.vehicle.reach import Array, Ground, Moment, fields_bits, ring
from samruk.vehicle.service import Asked, Now, Outgoing, Priority, Reply, Result

AGAIN = 60.0
"""s of wall time between two looks ahead."""
AFTER_CHANGE = 5.0
"""s of wall time from an order or a change of mode to the next look."""
TOLD_EVERY = 5.0
"""s of wall time between two SAMRUK_OUTLOOK."""
REHEARSE = 52103
"""MAV_CMD_SAMRUK_REHEARSE."""
CODES = {"completed": 0, "diverted": 1, "refused": 2, "lost": 3, None: 255}
SAMPLES = 16
"""Of one SAMRUK_FORESIGHT."""
MOST = 96
"""Samples that are sent of one look: the step grows with the way."""
NAUGHT = 255
"""Mode past the end."""


@dataclass
class Seer:
    """Looks ahead for all aircraft of a process.

    Args:
        live: the aircraft.
        ahead: false looks never (a benchmark of the rest).
    """

    live: Live
    ahead: bool = True
    found: dict[int, Outlook] = field(default_factory=dict)
    """Latest by aircraft."""
    rehearsed: dict[int, Outlook] = field(default_factory=dict)
    """Latest rehearsal of the lost-link route by aircraft."""
    looks: int = 0
    """Looks that are done."""
    _job: Future[Any] | None = None
    _kind: str = ""
    _which: list[int] = field(default_factory=list)
    _last: float = -1e9
    _soon: float | None = None
    _state: tuple[Any, ...] = ()
    _asked: set[int] = field(default_factory=set)
    _pool: ThreadPoolExecutor | None = None

    def ask(self, k: int) -> None:
        """Rehearse the lost-link route of aircraft `k` as soon as may be."""
        self._asked.add(k)

    def due(self, now: Now) -> None:
        """Take what is done; begin a look when it is time. Call once a turn, between two ticks."""
        if self._job is not None:
            if self._job.done():
                self._take()
            return
        flying = [k for k in range(len(self.live)) if self.live.picture(k).mode not in GROUND_MODES]
        state = tuple(self._state_of(k) for k in flying)
        if state != self._state:
            self._state, self._soon = state, now.wall + AFTER_CHANGE
        asked = [k for k in flying if k in self._asked]
        if asked:
            self._asked.clear()
            self._begin("rehearsal", asked, now)
        elif flying and self.ahead and (now.wall - self._last > AGAIN or (self._soon or math.inf) < now.wall):
            self._begin("outlook", flying, now)

    def _state_of(self, k: int) -> tuple[Any, ...]:
        """What makes an outlook old when it changes."""
        return k, self.live.picture(k).mode, self.live.changes(k)

    def _begin(self, kind: str, which: list[int], now: Now) -> None:
        """Copy the lanes now; fly them in a thread."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        batch = foresight.fork(self.live, which, kind == "rehearsal")
        self._kind, self._which = kind, which
        if kind == "outlook":
            self._last, self._soon = now.wall, None
        self._job = self._pool.submit(foresight.fly_on, batch, self.live, which)

    def _take(self) -> None:
        job, self._job = self._job, None
        target = self.found if self._kind == "outlook" else self.rehearsed
        for k, outlook in zip(self._which, job.result() if job else (), strict=False):
            target[k] = outlook
        self.looks += 1

    def close(self) -> None:
        """Wait for a look that runs, and stop."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


@dataclass
class Outlooks:
    """One aircraft's outlook as a service.

    Args:
        aircraft: whose.
        seer: who looks; the aircraft with the lowest number lets it look.
        register: `Commands.register`.
    """

    aircraft: Aircraft
    seer: Seer
    register: Callable[..., None] | None = None
    _told: float = -1e9
    _sent: dict[bool, float] = field(default_factory=dict)
    _waiting: list[Outgoing] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.register is not None:
            self.register(REHEARSE, self.rehearse)

    def rehearse(self, asked: Asked, now: Now) -> Reply:
        """Foresee the lost-link route from here."""
        if self.aircraft.picture.mode in GROUND_MODES:
            return Reply(Result.DENIED, "A rehearsal begins in the air.")
        self.seer.ask(self.aircraft.k)
        return Reply(Result.ACCEPTED)

    def heard(self, message: Any, sender: Any, now: Now) -> Iterable[Outgoing]:
        """Nothing is said to messages."""
        return ()

    def due(self, now: Now) -> Iterable[Outgoing]:
        """The outlook every few seconds, the way ahead when it is new."""
        if self.aircraft.k == 0:
            self.seer.due(now)
        if now.wall - self._told >= TOLD_EVERY:
            self._told = now.wall
            yield from self._tell(now)
        self._queue(False, self.seer.found.get(self.aircraft.k))
        self._queue(True, self.seer.rehearsed.get(self.aircraft.k))
        if self._waiting:
            yield self._waiting.pop(0)

    def _tell(self, now: Now) -> Iterable[Outgoing]:
        if self.aircraft.picture.mode in GROUND_MODES:
            return
        for rehearsal, found in ((False, self.seer.found), (True, self.seer.rehearsed)):
            outlook = found.get(self.aircraft.k)
            if outlook is not None:
                yield Outgoing("SAMRUK_OUTLOOK", outlook_fields(outlook, rehearsal, now), None, Priority.VITAL)

    def _queue(self, rehearsal: bool, outlook: Outlook | None) -> None:
        """Put a new way ahead in line."""
        if outlook is None or self._sent.get(rehearsal) == outlook.made:
            return
        self._sent[rehearsal] = outlook.made
        self._waiting = [
            Outgoing("SAMRUK_FORESIGHT", fields, None, Priority.BULK) for fields in foresight_fields(outlook, rehearsal)
        ]


def outlook_fields(outlook: Outlook, rehearsal: bool, now: Now) -> dict[str, Any]:
    """SAMRUK_OUTLOOK."""
    return {
        "time_boot_ms": now.boot_ms, "made_ms": round(1e3 * outlook.made), "ends_ms": round(1e3 * outlook.ends),
        "fuel": outlook.fuel, "outcome": CODES[outlook.outcome], "reason": outlook.reason, "field": outlook.field,
        "rehearsal": int(rehearsal), "text": outlook.lost_by,
    }  # fmt: skip


def foresight_fields(outlook: Outlook, rehearsal: bool) -> list[dict[str, Any]]:
    """SAMRUK_FORESIGHT, as many as the way needs: every so many minutes a sample, at most `MOST`."""
    course = outlook.course
    stride = max(math.ceil(len(course["time"]) / MOST), 1)
    rows = {name: values[::stride] for name, values in course.items()}
    count = math.ceil(len(rows["time"]) / SAMPLES)
    step = stride * foresight.EVERY

    def piece(name: str, part: int, scale: float, low: int, high: int, fill: int = 0) -> list[int]:
        values = rows[name][part * SAMPLES : (part + 1) * SAMPLES]
        found = [int(v) for v in np.clip(np.rint(scale * values), low, high)]
        return found + [fill] * (SAMPLES - len(found))

    return [
        {
            "made_ms": round(1e3 * outlook.made), "first_ms": round(1e3 * float(rows["time"][part * SAMPLES])),
            "altitude": piece("height", part, 1.0, -32768, 32767), "fuel": piece("fuel", part, 10.0, 0, 65535),
            "step": step, "index": part, "count": count, "ice": piece("ice", part, 10.0, 0, 255),
            "mode": piece("mode", part, 1.0, 0, NAUGHT, NAUGHT), "los": piece("los_margin", part, 1.0, -128, 127),
            "satellite": piece("satellite_margin", part, 1.0, -128, 127), "rehearsal": int(rehearsal),
        }
        for part in range(count)
    ]  # fmt: skip


def reach_fields(
    aircraft: Aircraft, p: Picture, now: Now, book: Handbook, grid: Grid | None = None
) -> dict[str, Any] | None:
    """SAMRUK_REACH from what the aircraft believes, over the terrain that it carries; nothing on the ground."""
    if p.landed or p.mode in (Mode.FLARE, Mode.ROLL_OUT):
        return None
    e = p.estimate
    below = e.altitude_msl - e.height_agl
    moment = Moment(
        e.altitude_msl, below, p.course, float(e.wind_n.x), float(e.wind_n.y), e.mass, max(e.rho, 0.3)
    )
    radii = ring(moment, book, None if grid is None else _surface(grid, e.latitude, e.longitude, below))
    fields = [
        (MEAN_RADIUS * (f.latitude - e.latitude), MEAN_RADIUS * (f.longitude - e.longitude) * math.cos(e.latitude),
         f.elevation)
        for f in aircraft.fields
    ]  # fmt: skip
    return {
        "time_boot_ms": now.boot_ms, "lat": round(math.degrees(e.latitude) * 1e7),
        "lon": round(math.degrees(e.longitude) * 1e7), "altitude": e.altitude_msl,
        "radius": [min(round(0.1 * float(r)), 65535) for r in radii], "fields": fields_bits(moment, book, fields),
    }  # fmt: skip


def _surface(grid: Grid, latitude: float, longitude: float, otherwise: float) -> Ground:
    """Height of the terrain around a place, rad; outside of what is carried, m msl as below the aircraft."""

    def ground(north: Array, east: Array) -> Array:
        heights = grid.at(latitude + north / MEAN_RADIUS, longitude + east / (MEAN_RADIUS * math.cos(latitude)))
        return np.where(np.isfinite(heights), heights, otherwise)

    return ground
