"""Alarms: three classes, the root cause first with its consequences under it.

A sign becomes an alarm when its condition has held for a while and stays until it has been clear for a while; a warning
or caution stays on the list until it is acknowledged. An alarm whose cause is active too is shown under it and makes no
sound of its own. In take-off and landing only what needs an act at once sounds; the rest is listed silently and sounds
when the phase is over, if it still stands. Values too old to command on raise nothing but the loss of the link itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from samruk.station import wire
from samruk.station.vehicles import OLD

Condition = Callable[[wire.Aircraft], bool | None]
QUIET_HEIGHT = 122.0
"""m above ground, 400 ft: below it in take-off and landing most alarms are silent."""
REPEAT = 1.0
"""s for which two signs of one cause are one event."""
CLEARED_KEPT = 60.0
"""s for which an acknowledged advisory that is over is still listed."""
ORDER: dict[wire.Level, int] = {"warning": 0, "caution": 1, "advisory": 2}


@dataclass(frozen=True)
class Sign:
    """One kind of alarm.

    Attributes:
        key: of the catalogue, alarm.<key>.
        level: its class.
        when: True while its cause stands, None where the aircraft does not say.
        hold: s that it must stand before it is raised.
        clear: s that it must be away before it is over.
        causes: signs that bring this one, the most likely first.
        checklist: that it opens.
        always: sounds in take-off and landing too.
        stale: may be judged on old values.
        speak: words are spoken, alarm.<key>.spoken.
    """

    key: str
    level: wire.Level
    when: Condition
    hold: float = 1.0
    clear: float = 3.0
    causes: tuple[str, ...] = ()
    checklist: str | None = None
    always: bool = False
    stale: bool = False
    speak: bool = False


def over(value: float | None, limit: float | None) -> bool | None:
    """Above a limit; None where one is not known."""
    return None if value is None or limit is None else value > limit


def under(value: float | None, limit: float | None) -> bool | None:
    """Below a limit; None where one is not known."""
    return None if value is None or limit is None else value < limit


def flying(a: wire.Aircraft) -> bool:
    """In the air, as far as it says."""
    return a.landed is False


def _stalling(least: float) -> Condition:
    def sign(a: wire.Aircraft) -> bool | None:
        return flying(a) and a.phase != "landing" and bool(under(a.ice.stall_margin, least))

    return sign


def _heat(name: str, high: bool) -> Condition:
    def sign(a: wire.Aircraft) -> bool | None:
        rows = [row for row in a.heat if row.name == name]
        if high:
            return any(over(row.temperature, row.most) for row in rows)
        return flying(a) and any(under(row.temperature, row.least) for row in rows)

    return sign


def _engine_out(a: wire.Aircraft) -> bool | None:
    return flying(a) and a.engine_running is False


def _bingo(within: float) -> Condition:
    """Every field that can still be reached must be turned to within some seconds."""

    def sign(a: wire.Aircraft) -> bool | None:
        times = [each.bingo_s for each in a.fuel.fields if each.bingo_s is not None]
        heading_there = a.mode.now in ("return", "divert", "descent", "approach", "flare", "roll_out", "land", "glide")
        return flying(a) and bool(times) and max(times) < within and not heading_there

    return sign


def _fuel_below_reserve(a: wire.Aircraft) -> bool | None:
    return flying(a) and bool(under(a.fuel.aboard, a.fuel.reserve))


def _link_lost(a: wire.Aircraft) -> bool | None:
    age = a.age.status
    return None if age is None else age > OLD


def _link_weak(a: wire.Aircraft) -> bool | None:
    active = [link for link in a.links if link.bearer == a.active_bearer]
    return any(bool(under(link.margin, 3.0)) and link.up is not False for link in active)


def _bearer_down(a: wire.Aircraft) -> bool | None:
    return flying(a) and len(a.links) > 1 and sum(link.up is False for link in a.links) == 1


def _sensor(name: str) -> Condition:
    return lambda a: name in a.health


def _route_differs(a: wire.Aircraft) -> bool | None:
    theirs, ours = a.versions.lost_link, a.shown.lost_link
    return None if theirs is None else theirs != (ours or 0)


def _outlook(*outcomes: str) -> Condition:
    return lambda a: a.outlook is not None and a.outlook.outcome in outcomes


def _in_mode(*modes: str) -> Condition:
    return lambda a: a.mode.now in modes


SIGNS: tuple[Sign, ...] = (
    Sign("duplicate_id", "warning", lambda a: a.duplicate, 0.0, 10.0, always=True, stale=True),
    Sign("stall", "warning", _stalling(0.03), 0.5, 3.0, ("ice_unprotected", "ice", "airspeed", "engine_out"),
         always=True, speak=True),
    Sign("engine_out", "warning", _engine_out, 1.0, 3.0, ("fuel_below_reserve", "fuel_cold", "engine_hot"),
         "engine_failure", always=True, speak=True),
    Sign("link_lost", "warning", _link_lost, 0.0, 2.0, ("link_weak",), "link_loss", always=True, stale=True),
    Sign("go_around", "advisory", _in_mode("go_around"), 0.0, 1.0, always=True, speak=True),
    Sign("glide", "caution", _in_mode("glide"), 0.0, 3.0, ("engine_out",)),
    Sign("ice_unprotected", "caution", lambda a: bool(a.ice.detected) and a.ice.protection == "failed", 2.0, 10.0,
         ("power",), "ice"),
    Sign("ice", "advisory", lambda a: a.ice.detected, 2.0, 60.0, checklist="ice"),
    Sign("stall_margin", "caution", _stalling(0.10), 3.0, 10.0, ("ice_unprotected", "ice", "airspeed", "engine_out")),
    Sign("fuel_below_reserve", "warning", _fuel_below_reserve, 5.0, 20.0),
    Sign("bingo_near", "caution", _bingo(900.0), 5.0, 30.0, ("fuel_below_reserve",)),
    Sign("engine_hot", "caution", _heat("coolant", True), 3.0, 10.0, ("engine_oil_hot",)),
    Sign("engine_oil_hot", "caution", _heat("oil", True), 3.0, 10.0),
    Sign("fuel_cold", "caution", _heat("fuel", False), 5.0, 30.0),
    Sign("bay_hot", "caution", _heat("boxes", True), 5.0, 30.0),
    Sign("battery_cold", "advisory", _heat("battery", False), 5.0, 60.0, ("power",)),
    Sign("power", "caution", _sensor("power"), 2.0, 10.0, ("engine_out",)),
    Sign("airspeed", "caution", _sensor("pitot"), 2.0, 10.0, ("ice_unprotected", "ice")),
    Sign("gnss", "caution", _sensor("gnss"), 3.0, 10.0),
    Sign("attitude", "warning", _sensor("ahrs"), 2.0, 10.0, always=True),
    Sign("geofence", "warning", _sensor("geofence"), 1.0, 5.0),
    Sign("link_weak", "caution", _link_weak, 5.0, 10.0),
    Sign("bearer_down", "advisory", _bearer_down, 5.0, 10.0),
    Sign("lost_link_mode", "caution", _in_mode("lost_link"), 0.0, 3.0, ("link_lost",), "link_loss"),
    Sign("lost_link_route_differs", "caution", _route_differs, 20.0, 2.0),
    Sign("foreseen_lost", "caution", _outlook("lost"), 5.0, 20.0,
         ("engine_out", "fuel_below_reserve", "ice_unprotected", "bingo_near")),
    Sign("foreseen_diverted", "advisory", _outlook("diverted"), 10.0, 30.0,
         ("engine_out", "ice_unprotected", "ice", "bingo_near")),
    Sign("load", "advisory", lambda a: over(a.load, 0.95), 10.0, 30.0),
)
"""Every sign that is judged from the picture of one aircraft."""
RAISED: dict[str, tuple[wire.Level, str, str | None, bool]] = {
    "command_lost": ("warning", "command_lost", None, True),
    "command_gained": ("caution", "command_gained", "hand_over", True),
    "command_asked": ("advisory", "", None, False),
    "handover_offered": ("advisory", "", "hand_over", False),
    "link_back": ("caution", "command_gained", None, True),
    "station_lost": ("advisory", "", None, False),
    "recovered": ("advisory", "", None, False),
    "journal_failed": ("caution", "caution", None, False),
}
"""Events that this station tells itself: class, tone, checklist, whether they sound in every phase."""


@dataclass
class _Watch:
    """One sign of one aircraft over time."""

    since: float | None = None
    away: float | None = None
    alarm: wire.Alarm | None = None
    sounded: bool = False


@dataclass
class Alarms:
    """All alarms of a station.

    Attributes:
        words: text of a key of the catalogue in the language of the seat.
        raised: called with each new alarm, for the journal and the checklists.
    """

    words: Callable[[str], str] = str
    raised: Callable[[wire.Alarm], None] = lambda alarm: None
    listed: list[wire.Alarm] = field(default_factory=list)
    watches: dict[tuple[int, str], _Watch] = field(default_factory=dict)
    over_at: dict[int, float] = field(default_factory=dict)
    last_id: int = 0

    def judge(self, aircraft: Sequence[wire.Aircraft], now: float) -> None:
        """Look at every sign; called some times a second."""
        for each in aircraft:
            stale = each.age.status is None or each.age.status > OLD
            for sign in SIGNS:
                if sign.stale or not stale:
                    self._look(each, sign, bool(sign.when(each)), now)
            self._relate(each.sysid)
            self._sound(each)
        self._forget(now)

    def _look(self, a: wire.Aircraft, sign: Sign, stands: bool, now: float) -> None:
        watch = self.watches.setdefault((a.sysid, sign.key), _Watch())
        if stands:
            watch.away = None
            watch.since = now if watch.since is None else watch.since
            if now - watch.since >= sign.hold and (watch.alarm is None or not watch.alarm.active):
                watch.alarm = self._raise(a.sysid, sign.key, sign.level, sign.checklist, now)
                watch.sounded = False
            return
        if watch.alarm is None or not watch.alarm.active:
            watch.since = None
            return
        watch.away = now if watch.away is None else watch.away
        if now - watch.away >= sign.clear:
            self._end(watch.alarm, now)
            watch.since = None

    def tell(self, key: str, sysid: int, now: float) -> wire.Alarm:
        """Raise an event that the station knows by itself."""
        level, tone, checklist, _ = RAISED[key]
        alarm = self._raise(sysid, key, level, checklist, now)
        alarm.tone = tone
        return alarm

    def end(self, key: str, sysid: int, now: float) -> None:
        """The cause of an event is gone."""
        for alarm in self.listed:
            if alarm.key == key and alarm.sysid == sysid and alarm.active:
                self._end(alarm, now)

    def _raise(self, sysid: int, key: str, level: wire.Level, checklist: str | None, now: float) -> wire.Alarm:
        self.last_id += 1
        self.listed = [each for each in self.listed if (each.sysid, each.key) != (sysid, key)]
        alarm = wire.Alarm(self.last_id, sysid, key, level, self.words(f"alarm.{key}"), round(1e3 * now), True,
                           level == "advisory", None, [], "", "", checklist, False)  # fmt: skip
        self.listed.append(alarm)
        self.raised(alarm)
        return alarm

    def _end(self, alarm: wire.Alarm, now: float) -> None:
        alarm.active, alarm.tone, alarm.speak = False, "", ""
        self.over_at[alarm.id] = now

    def _relate(self, sysid: int) -> None:
        """Put every active alarm under the first of its causes that is active too."""
        active = {alarm.key: alarm for alarm in self.listed if alarm.sysid == sysid and alarm.active}
        for alarm in active.values():
            alarm.consequences = []
        for sign in SIGNS:
            here = active.get(sign.key)
            if here is not None:
                cause = next((active[key] for key in sign.causes if key in active), None)
                here.cause = None if cause is None else cause.id
                if cause is not None:
                    cause.consequences.append(here.id)

    def _sound(self, a: wire.Aircraft) -> None:
        """Tone and words of what is new, unless the phase forbids it or its cause has sounded."""
        quiet = inhibited(a)
        for sign in SIGNS:
            watch = self.watches.get((a.sysid, sign.key))
            alarm = watch.alarm if watch is not None else None
            if watch is None or alarm is None or not alarm.active:
                continue
            alarm.inhibited = quiet and not sign.always
            worse = alarm.cause is None or sign.always
            audible = not alarm.acknowledged and not alarm.inhibited and worse
            alarm.tone = alarm.level if audible and alarm.level != "advisory" else ""
            spoken = sign.speak and not alarm.inhibited and (audible or sign.level == "advisory")
            alarm.speak = self.words(f"alarm.{sign.key}.spoken") if spoken else ""

    def _forget(self, now: float) -> None:
        """Take off the list what is over and has been acknowledged."""
        gone = [alarm for alarm in self.listed if not alarm.active and alarm.acknowledged
                and (alarm.level != "advisory" or now - self.over_at.get(alarm.id, now) > CLEARED_KEPT)]  # fmt: skip
        for alarm in gone:
            self.listed.remove(alarm)
            self.over_at.pop(alarm.id, None)

    def acknowledge(self, id: int) -> wire.Alarm | None:
        """Silence an alarm; it stays listed while its cause stands."""
        for alarm in self.listed:
            if alarm.id == id:
                alarm.acknowledged, alarm.tone = True, ""
                return alarm
        return None

    def shown(self) -> list[wire.Alarm]:
        """For the screen: roots by class and age, each followed by its consequences."""
        by_id = {alarm.id: alarm for alarm in self.listed}
        roots = [alarm for alarm in self.listed if alarm.cause is None or alarm.cause not in by_id]
        roots.sort(key=lambda alarm: (not alarm.active, self._worst(alarm, by_id), -alarm.since_ms))
        out: list[wire.Alarm] = []
        for root in roots:
            self._under(root, by_id, out)
        return out

    def _worst(self, alarm: wire.Alarm, by_id: dict[int, wire.Alarm], depth: int = 0) -> int:
        under_it = [by_id[id] for id in alarm.consequences if id in by_id] if depth < 8 else []
        return min([ORDER[alarm.level], *(self._worst(each, by_id, depth + 1) for each in under_it)])

    def _under(self, alarm: wire.Alarm, by_id: dict[int, wire.Alarm], out: list[wire.Alarm]) -> None:
        if any(each is alarm for each in out):
            return
        out.append(alarm)
        for id in alarm.consequences:
            if id in by_id:
                self._under(by_id[id], by_id, out)

    def reword(self) -> None:
        """The language has changed."""
        for alarm in self.listed:
            alarm.words = self.words(f"alarm.{alarm.key}")


def inhibited(a: wire.Aircraft) -> bool:
    """Low in take-off or landing."""
    low = a.place.agl is not None and a.place.agl < QUIET_HEIGHT
    if a.mode.now in ("flare", "take_off"):
        return a.place.agl is None or low
    return a.phase in ("take_off", "landing") and low and math.isfinite(a.place.agl or 0.0)
