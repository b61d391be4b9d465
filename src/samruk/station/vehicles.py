"""The latest picture of every aircraft that is heard: from MAVLink alone, of any make.

A message changes fields of a `wire.Aircraft`; nothing is invented, so what no message has said is None. Every group of
values remembers when it was heard; `picture` turns that into ages, adding the delay of the link as `TIMESYNC` measured
it. Time comes in with every call.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from samruk.station import wire

STATION = 190
"""Component id of a ground station (MAV_COMP_ID_MISSIONPLANNER)."""
AUTOPILOT = 1
"""Component id of an autopilot."""
FRESH, OLD = 2.0, 5.0
"""s: amber beyond the first; struck out and never commanded on beyond the second."""
BEAT = 1.0
"""s between heartbeats to every aircraft, whichever is selected."""
SYNC = 5.0
"""s between measurements of delay."""
TEXTS = 30
"""Texts kept for the screen."""
MAV_TYPE_GCS = 6
STANDBY, ACTIVE = 3, 4
"""MAV_STATE of a station: nobody at it, somebody at it."""
MAV_TYPE_AIRCRAFT = frozenset({1, 2, 3, 4, 7, 13, 14, 15, 16, 19, 20, 21, 22, 23, 24, 25, 28})
"""MAV_TYPEs that fly."""
DUPLICATE_HOLD = 10.0
"""s for which two aircraft of one id stay reported after the last sign."""
CLOCK_STEP = 5.0
"""s by which the aircraft's clock may step back before it counts as another aircraft."""


@dataclass(frozen=True)
class Out:
    """A message to send."""

    name: str
    fields: Mapping[str, Any]
    to: int = 0
    """System id it is for; 0 all."""
    source: int = 0
    """System id it is from; 0 the station's own."""


def degrees_e7(value: int | float | None) -> float | None:
    """rad from 1e-7 degree; None where MAVLink means unknown."""
    return None if value is None or value in (0x7FFFFFFF, -0x80000000) else math.radians(value * 1e-7)


def finite(value: float | None, scale: float = 1.0) -> float | None:
    """A number in other units; None where it is not one."""
    return None if value is None or not math.isfinite(value) else float(value) * scale


def new_aircraft(sysid: int) -> wire.Aircraft:
    """An aircraft of which nothing is known yet."""
    return wire.Aircraft(
        sysid=sysid, name=f"{sysid:02d}", type=None, foreign=True, duplicate=False, age=wire.Ages(),
        heard_wall_ms=None, sent_sim_s=None, holder=wire.Holder(), attitude=wire.Attitude(), place=wire.Position(),
        v=wire.Speeds(), wind=wire.Wind(), mode=wire.Mode(), target=wire.Target(), soon=[], fuel=wire.Fuel(fields=[]),
        ice=wire.Ice(), heat=[], links=[], active_bearer=None, lost_link_s=None, reach=None, reach_fields=None,
        outlook=None, turret=wire.Turret(), leg=None, legs=None, home=None, versions=wire.Versions(),
        shown=wire.Versions(), armed=None, landed=None, phase=None, engine_running=None, engine_speed=None,
        throttle=None, satellites=None, load=None, health=[], prearm=[], text=[], recovered=False, usable=False,
        mine=False, neutral=False,
    )  # fmt: skip


@dataclass
class Vehicle:
    """One aircraft as heard."""

    sysid: int
    now: wire.Aircraft
    heard: dict[str, float] = field(default_factory=dict)
    """Wall s at which each group of values was last heard."""
    first: float = 0.0
    last: float = -math.inf
    """Wall s of the first and the last frame."""
    autopilot: int | None = None
    """MAV_AUTOPILOT."""
    mav_type: int | None = None
    custom_mode: int | None = None
    mode_names: dict[int, str] = field(default_factory=dict)
    """Names by custom_mode as the aircraft lists them."""
    said: deque[tuple[float, int, str]] = field(default_factory=lambda: deque(maxlen=200))
    """Texts: wall s, severity, words."""
    parts: dict[tuple[int, int], dict[int, bytes]] = field(default_factory=dict)
    """Texts in pieces."""
    delay: float | None = None
    """s one way, half of the round trip."""
    pace: float | None = None
    """Simulated seconds per wall second."""
    paths: dict[str, float] = field(default_factory=dict)
    """Wall s of the last frame by way."""
    sequences: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """By way and component: last sequence, frames heard, frames missed."""
    duplicate_until: float = -math.inf
    mode_since: tuple[str | None, float] = (None, 0.0)
    boot: tuple[float, float] | None = None
    """(simulated s, wall s) with which pace is measured."""
    synced: float = -math.inf
    jumps: deque[float] = field(default_factory=lambda: deque(maxlen=4))
    """Wall s at which its clock stepped back."""
    identity: int | None = None
    """uid of AUTOPILOT_VERSION."""
    handover: wire.Handover | None = None
    gear: int | None = None
    flap: int | None = None
    """Commanded, %."""
    regained: bool = False
    """The aircraft keeps inputs neutral until regained control is acknowledged."""
    handover_number: int = 0
    """Of the hand-over that is under way, as the aircraft counts."""
    override_in: float | None = None
    """s until an override is allowed; None: not."""
    audit: tuple[int, int, int, str] | None = None
    """Last decision about authority: sequence, who, result, words."""
    foresight: dict[float, tuple[float, float, float, int, float, float]] = field(default_factory=dict)
    """By simulated s: height m, fuel kg, ice kg, mode, line of sight dB, satellite dB."""
    foresight_made: int | None = None
    messages: dict[str, float] = field(default_factory=dict)
    """Wall s of the last message of each name."""

    def mark(self, group: str, now: float) -> None:
        """A group of values has come."""
        self.heard[group] = now

    def age(self, group: str, now: float) -> float | None:
        """s since a group was heard, with the way it took."""
        at = self.heard.get(group)
        return None if at is None else max(0.0, now - at) + (self.delay or 0.0)

    def boot_ms(self, boot_ms: float, now: float) -> None:
        """A stamp of the aircraft's clock: pace, and the sign of another aircraft behind the same id."""
        sent = boot_ms * 1e-3
        was = self.now.sent_sim_s
        if was is not None and sent < was - CLOCK_STEP:
            self._stepped_back(now)
            self.boot = None
        elif was is not None and sent < was:
            return
        self.now.sent_sim_s = sent
        if self.boot is None:
            self.boot = (sent, now)
        elif now - self.boot[1] >= 2.0:
            pace = (sent - self.boot[0]) / (now - self.boot[1])
            self.pace = pace if self.pace is None else 0.5 * (self.pace + pace)
            self.boot = (sent, now)

    def _stepped_back(self, now: float) -> None:
        """Once is a restart; to and fro within seconds are two aircraft."""
        self.jumps.append(now)
        if sum(1 for at in self.jumps if now - at < DUPLICATE_HOLD) >= 2:
            self.duplicate_until = now + DUPLICATE_HOLD

    def say(self, severity: int, words: str, now: float) -> None:
        """A whole text came."""
        self.said.append((now, severity, words))
        text = wire.Words(self.now.sent_sim_s or 0.0, severity, words)
        self.now.text = [*self.now.text, text][-TEXTS:]

    def counted(self, path: str, component: int, sequence: int) -> None:
        """Loss by gaps in the sequence."""
        key = f"{path}/{component}"
        last, got, missed = self.sequences.get(key, (sequence - 1, 0, 0))
        gap = (sequence - last - 1) & 0xFF
        lost = gap if gap < 128 else 0
        if got + missed > 600:
            got, missed = got // 2, missed // 2
        self.sequences[key] = (sequence, got + 1, missed + lost)

    def loss(self, path: str) -> float | None:
        """Fraction of frames lost on a way, over the last some hundred."""
        rows = [row for key, row in self.sequences.items() if key.startswith(f"{path}/")]
        total = sum(got + missed for _, got, missed in rows)
        return sum(missed for _, _, missed in rows) / total if total else None


Hearer = Callable[[Vehicle, Any, float], None]


class Fleet:
    """All aircraft and other stations that are heard.

    Args:
        sysid: of this station.
        hearers: what each message changes, by its name.
        sites: the ground stations by system id.
    """

    def __init__(self, sysid: int, hearers: Mapping[str, Hearer], sites: Mapping[int, wire.Site] | None = None) -> None:
        self.sysid = sysid
        self.hearers = hearers
        self.vehicles: dict[int, Vehicle] = {}
        self.sites: dict[int, wire.Site] = dict(sites or {})
        self.sites_heard: dict[int, float] = {}
        self._beat = -math.inf
        self._began: float | None = None
        self.attended = True
        """Somebody looks at a screen of this station that draws."""

    def heard(self, message: Any, now: float, path: str = "") -> Vehicle | None:
        """A message came; returns the aircraft that it is from, None for any other."""
        system = int(message.system)
        if system == self.sysid or system == 0:
            return None
        if message.name == "HEARTBEAT" and not self._is_aircraft(message):
            self._heard_station(message, now)
        vehicle = self.vehicles.get(system)
        if vehicle is None:
            if message.name != "HEARTBEAT" or not self._is_aircraft(message):
                return None
            vehicle = self.vehicles[system] = Vehicle(system, new_aircraft(system), first=now)
        if system in self.sites_heard and system not in self.sites:
            vehicle.duplicate_until = now + DUPLICATE_HOLD
        vehicle.last = vehicle.messages[message.name] = now
        vehicle.heard["station"] = self.sysid
        vehicle.paths[path] = now
        sequence = getattr(message, "sequence", None)
        if sequence is not None:
            vehicle.counted(path, int(message.component), int(sequence))
        hearer = self.hearers.get(message.name)
        if hearer is not None:
            hearer(vehicle, message, now)
        return vehicle

    @staticmethod
    def _is_aircraft(message: Any) -> bool:
        return int(message.type) in MAV_TYPE_AIRCRAFT

    def _heard_station(self, message: Any, now: float) -> None:
        if int(message.type) == MAV_TYPE_GCS:
            self.sites_heard[int(message.system)] = now

    def due(self, now: float) -> Iterator[Out]:
        """Heartbeat to all, always; measurements of delay."""
        if now - self._beat >= BEAT:
            self._beat = now if now - self._beat > 2 * BEAT else self._beat + BEAT
            yield Out("HEARTBEAT", {"type": MAV_TYPE_GCS, "autopilot": 8, "base_mode": 0, "custom_mode": 0,
                                    "system_status": ACTIVE if self.attended else STANDBY,
                                    "mavlink_version": 3})  # fmt: skip
            yield Out("SYSTEM_TIME", {"time_unix_usec": int(now * 1e6), "time_boot_ms": self._since(now)})
        for vehicle in self.vehicles.values():
            if now - vehicle.synced >= SYNC and now - vehicle.last < OLD:
                vehicle.synced = now
                yield Out("TIMESYNC", {"tc1": 0, "ts1": int(now * 1e9), "target_system": vehicle.sysid,
                                       "target_component": AUTOPILOT}, vehicle.sysid)  # fmt: skip

    def _since(self, now: float) -> int:
        """ms since this station began: the aircraft knows by it that a station was restarted."""
        self._began = now if self._began is None else self._began
        return round(1e3 * (now - self._began))

    def pictures(self, now: float) -> list[wire.Aircraft]:
        """Every aircraft now, with ages."""
        return [aged(self.vehicles[system], now) for system in sorted(self.vehicles)]

    def stations(self, now: float) -> list[wire.Site]:
        """Every ground station, with how long it has been silent."""
        for system in self.sites_heard:
            if system not in self.sites and system not in self.vehicles:
                self.sites[system] = wire.Site(f"{system}", f"{system}", system, None, None, None, None)
        for system, site in self.sites.items():
            at = self.sites_heard.get(system)
            site.age = 0.0 if system == self.sysid else None if at is None else now - at
            site.alive = True if system == self.sysid else None if at is None else now - at < OLD
        return [self.sites[system] for system in sorted(self.sites)]


def aged(vehicle: Vehicle, now: float) -> wire.Aircraft:
    """The picture of an aircraft at a moment."""
    shown, age = vehicle.now, vehicle.age
    shown.age = wire.Ages(age("position", now), age("attitude", now), age("status", now), age("links", now),
                          age("fuel", now), age("turret", now), age("authority", now))  # fmt: skip
    shown.duplicate = now < vehicle.duplicate_until
    shown.heard_wall_ms = round(1e3 * vehicle.last) if math.isfinite(vehicle.last) else None
    position = shown.age.position
    shown.usable = position is not None and position < OLD and not shown.duplicate
    since = vehicle.mode_since[1]
    if vehicle.mode_since[0] is not None and "own_mode" not in vehicle.heard:
        shown.mode.since_s = now - since
    for link in shown.links:
        at = vehicle.paths.get(link.bearer)
        if at is not None:
            link.age = now - at + (link.delay or 0.0)
    return shown
