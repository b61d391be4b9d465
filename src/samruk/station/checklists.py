"""Electronic checklists: data files, sensed items that tick themselves, gates that hold a command back.

A sensed item names what it senses; it is done while that holds. An item of the crew is done when ticked, and is undone
when the list is closed. A list with a gate must be complete before the kind of command it names goes out.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from samruk.station import wire

Sense = Callable[[wire.Aircraft], bool | None]


def _no_bad(*names: str) -> Sense:
    return lambda a: None if a.age.status is None else not any(name in a.health for name in names)


def _same(theirs: int | None, ours: int | None) -> bool | None:
    return None if theirs is None else theirs == (ours or 0)


SENSES: dict[str, Sense] = {
    "heard": lambda a: a.age.status is not None and a.age.status < 5.0,
    "fresh": lambda a: a.usable,
    "no_prearm": lambda a: None if a.age.status is None else not a.prearm,
    "sensors": _no_bad("gyro", "accelerometer", "magnetometer", "static_pressure", "pitot", "ahrs"),
    "pitot": _no_bad("pitot"),
    "gnss": _no_bad("gnss"),
    "power": _no_bad("power", "battery"),
    "no_duplicate": lambda a: not a.duplicate,
    "two_bearers": lambda a: None if not a.links else sum(bool(link.up) for link in a.links) >= 2,
    "one_bearer": lambda a: None if not a.links else any(bool(link.up) for link in a.links),
    "mine": lambda a: None if a.holder.loi4 is None else a.mine,
    "mission_held": lambda a: None if a.versions.mission is None else a.versions.mission != 0,
    "mission_same": lambda a: _same(a.versions.mission, a.shown.mission),
    "fence_held": lambda a: None if a.versions.fence is None else a.versions.fence != 0,
    "lost_link_same": lambda a: _same(a.versions.lost_link, a.shown.lost_link),
    "home": lambda a: a.home is not None,
    "fuel_above_reserve": lambda a: _above(a.fuel.aboard, a.fuel.reserve),
    "outlook_good": lambda a: None if a.outlook is None else a.outlook.outcome == "completed",
    "disarmed": lambda a: None if a.armed is None else not a.armed,
    "engine_off": lambda a: None if a.engine_running is None else not a.engine_running,
    "engine_running": lambda a: a.engine_running,
    "landed": lambda a: a.landed,
    "flying": lambda a: None if a.landed is None else not a.landed,
    "gliding": lambda a: None if a.mode.now is None else a.mode.now == "glide",
    "field_in_reach": lambda a: None if a.reach_fields is None else a.reach_fields != 0,
    "protection_heating": lambda a: None if a.ice.protection is None else a.ice.protection in ("heating", "ready"),
    "ice_gone": lambda a: None if a.ice.detected is None else not a.ice.detected,
    "stall_margin": lambda a: None if a.ice.stall_margin is None else a.ice.stall_margin > 0.10,
    "turned_away": lambda a: None if a.mode.now is None else a.mode.now in ("escape", "return", "divert", "hold"),
    "lost_link_mode": lambda a: None if a.mode.now is None else a.mode.now == "lost_link",
    "landing_mode": lambda a: None if a.mode.now is None else a.mode.now in ("land", "descent", "approach", "flare"),
    "wind_known": lambda a: None if a.wind.speed is None else math.isfinite(a.wind.speed),
}
"""What an item may sense; None: the aircraft does not say, so that the crew ticks it."""


def _above(value: float | None, limit: float | None) -> bool | None:
    return None if value is None or limit is None else value > limit


@dataclass(frozen=True)
class Line:
    """An item as the file has it."""

    id: str
    words: dict[str, str]
    sense: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A checklist as the file has it."""

    id: str
    words: dict[str, str]
    lines: tuple[Line, ...]
    gate: tuple[str, ...] = ()
    """Kinds of command that wait for it."""


@cache
def sheets() -> dict[str, Sheet]:
    """Every checklist by its id."""
    file = resources.files("samruk.station") / "data" / "checklists.toml"
    return read(file.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Sheet]:
    """Checklists of a file.

    Raises:
        KeyError: an item senses what does not exist.
    """
    found = {}
    for id, body in tomllib.loads(text).items():
        lines = []
        for row in body["item"]:
            if row.get("sense") is not None:
                SENSES[row["sense"]]
            lines.append(Line(row["id"], {"en": row["en"], "tr": row["tr"]}, row.get("sense")))
        found[id] = Sheet(id, {"en": body["en"], "tr": body["tr"]}, tuple(lines), tuple(body.get("gate", ())))
    return found


@dataclass
class Checklists:
    """Checklists that are open, and what the crew has ticked.

    Attributes:
        language: in which they are shown.
    """

    language: str = "en"
    open: dict[tuple[int, str], wire.Checklist] = field(default_factory=dict)
    ticked: dict[tuple[int, str, str], int] = field(default_factory=dict)
    """Wall ms by aircraft, list and item."""

    def start(self, sysid: int, id: str, now: float, alarm: int | None = None) -> None:
        """Open a list; one that is open stays as it is."""
        if id in sheets() and (sysid, id) not in self.open:
            sheet = sheets()[id]
            items = [wire.ChecklistItem(line.id, "", line.sense is not None, False, "", None) for line in sheet.lines]
            gate = sheet.gate[0] if sheet.gate else None
            self.open[sysid, id] = wire.Checklist(id, sysid, "", items, False, gate, alarm, round(1e3 * now))

    def close(self, sysid: int, id: str) -> None:
        """Close a list and forget its ticks."""
        self.open.pop((sysid, id), None)
        self.ticked = {key: at for key, at in self.ticked.items() if key[:2] != (sysid, id)}

    def tick(self, sysid: int, id: str, item: str, done: bool, now: float) -> bool:
        """The crew has done an item; False where there is none of that name, or it is for the aircraft to say."""
        sheet = sheets().get(id)
        line = next((line for line in sheet.lines if line.id == item), None) if sheet else None
        row = self.open.get((sysid, id))
        if line is None or row is None:
            return False
        shown = next(each for each in row.items if each.id == item)
        if shown.sensed:
            return False
        if done:
            self.ticked[sysid, id, item] = round(1e3 * now)
        else:
            self.ticked.pop((sysid, id, item), None)
        return True

    def judge(self, aircraft: Sequence[wire.Aircraft], now: float) -> None:
        """Tick what can be sensed."""
        by_id = {each.sysid: each for each in aircraft}
        for (sysid, id), shown in self.open.items():
            sheet, a = sheets()[id], by_id.get(sysid)
            shown.words = sheet.words[self.language]
            for line, item in zip(sheet.lines, shown.items, strict=True):
                self._item(item, line, a, (sysid, id, line.id), now)
            shown.complete = all(item.done for item in shown.items)

    def _item(self, item: wire.ChecklistItem, line: Line, a: wire.Aircraft | None, key: tuple[int, str, str],
              now: float) -> None:  # fmt: skip
        item.words = line.words[self.language]
        seen = SENSES[line.sense](a) if line.sense is not None and a is not None else None
        item.sensed = seen is not None
        at = self.ticked.get(key)
        item.done = seen if seen is not None else at is not None
        item.by = ("sensed" if item.sensed else "crew") if item.done else ""
        item.at_ms = (item.at_ms or round(1e3 * now)) if item.done and item.sensed else at

    def missing(self, a: wire.Aircraft, kind: str, now: float) -> tuple[Sheet, Line] | None:
        """First item that keeps a kind of command back; None where nothing does. Opens the list."""
        for sheet in sheets().values():
            if kind in sheet.gate:
                self.start(a.sysid, sheet.id, now)
                self.judge([a], now)
                shown = self.open[a.sysid, sheet.id]
                for line, item in zip(sheet.lines, shown.items, strict=True):
                    if not item.done:
                        return sheet, line
        return None

    def shown(self) -> list[wire.Checklist]:
        """For the screen, the newest first."""
        return sorted(self.open.values(), key=lambda each: -each.since_ms)
