"""The mission computer: feeds the autopilot's table with legs, does on the way what the items ask for, and tells where
the mission is.

The table holds a window of the mission. As the aircraft comes to its middle the window is moved on, so that a mission
of any length, and one of endless loops, is flown without a gap. Speeds that do not wait for a condition are written
into the legs; everything else that is done on the way goes through the same handlers as a command of a station does.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from samruk.messages import Mode, OrderKind, Reason
from samruk.mission import LEGS
from samruk.rules.items import LOST_LINK_LARGEST, PICTURES, Cmd, Item, Kind
from samruk.rules.route import Field, Leg, Place, Setting, Step, items_of, walk
from samruk.sphere import bearing, distance
from samruk.vehicle.live import LOST_LINK, MAIN
from samruk.vehicle.service import Asked, Now, Outgoing, Priority, Reply, Result, Sender

WINDOW = LEGS - LOST_LINK_LARGEST - 1
"""Legs of the mission that lie in the table at once: beside them the longest lost-link route has its place."""
MISSION_MODES = (Mode.CLIMB, Mode.ROUTE, Mode.LOITER)
PARKED = (Mode.PREFLIGHT, Mode.STOPPED, Mode.REFUSED)
NO_MISSION, NOT_STARTED, ACTIVE, PAUSED, COMPLETE = 1, 2, 3, 4, 5
"""MISSION_STATE."""
WARNING, INFO = 4, 6
"""MAV_SEVERITY."""
Do = Callable[[Asked, Now], Reply]
"""Carries out a command."""


def setting_of(aircraft: Any, ground: Callable[[float, float], float] | None = None) -> Setting:
    """What a mission leaves to an aircraft: fields and circle of its mission file."""
    names = getattr(aircraft.live.plan, "fields", ())
    fields = tuple(
        Field(float(f.latitude), float(f.longitude), float(f.elevation), float(f.heading), float(f.length),
              names[k] if k < len(names) else f"field {k}")
        for k, f in enumerate(aircraft.fields)
    )  # fmt: skip
    return Setting(fields, float(aircraft.flight_plan.task.rules.loiter_radius), ground)


@dataclass
class _Doing:
    """What is left to do on the way of the leg in hand."""

    items: list[int]
    since: float | None
    """Simulated s at which the first of them came up; None before the leg is flown."""


class Computer:
    """The mission computer of one aircraft.

    Args:
        aircraft: whose it is.
        do: carries out a command (ROI, turret, camera, fence, engine) in the aircraft's own name.
        ground: m above mean sea level of the surface at a place, rad.
    """

    def __init__(
        self, aircraft: Any, do: Do | None = None, ground: Callable[[float, float], float] | None = None
    ) -> None:
        self.aircraft, self.setting = aircraft, setting_of(aircraft, ground)
        self.do: Do = do or (lambda asked, now: Reply(Result.UNSUPPORTED))
        self.items: tuple[Item, ...] = items_of(aircraft.legs(MAIN))
        self.lost_link: tuple[Item, ...] = items_of(aircraft.legs(LOST_LINK))
        self.started = self.finished = False
        self._steps: list[Step] = []
        self._base = 0
        """Step of the first row of the table."""
        self._rows = 0
        """Rows that the table holds."""
        self._at = 0
        """Step in hand."""
        self._walk: Iterator[Step] = iter(())
        self._doing = _Doing([], None)
        self._told: list[int] = []
        self._ended = False
        self._circled = -1
        self._sequence = 0
        """Of the last order that moved the table: until it is answered the leg in hand is not read."""
        self._prepare(0)
        self.aircraft.board["mission"] = self

    # --- plans ----------------------------------------------------------------------------------------------------

    def stored(self) -> dict[Kind, tuple[Item, ...]]:
        """Plans that the aircraft was loaded with."""
        return {Kind.MISSION: self.items, Kind.LOST_LINK: self.lost_link}

    def take(self, kind: Kind, items: tuple[Item, ...]) -> str:
        """Put a plan into force; why it cannot be, or nothing."""
        if kind is Kind.LOST_LINK:
            return self._take_lost_link(items)
        if kind is not Kind.MISSION:
            self.aircraft.board["fence" if kind is Kind.FENCE else "rally"] = items
            return ""
        start = self._goes_on_at(items)
        self.items = items
        self._prepare(start)
        self._load(0)
        return ""

    def _take_lost_link(self, items: tuple[Item, ...]) -> str:
        if not items and not self.aircraft.landed:
            return "the lost-link route cannot be taken away in the air; replace it"
        legs = [step.leg for step in walk(items, self.setting) if step.leg is not None and step.ends != "hold"]
        most = min(LOST_LINK_LARGEST, LEGS - len(self.aircraft.legs(MAIN)))
        if len(legs) > most:
            return f"{len(legs)} legs, an arc of more than half a circle counts two; allowed are {most}"
        self.aircraft.swap_route(legs, LOST_LINK)
        self.lost_link = items
        return ""

    def _goes_on_at(self, items: Sequence[Item]) -> int:
        """Item of a new mission to go on at: the same one where it is still there, else the same number, else the
        first."""
        if not self.started or self.finished or self.aircraft.picture.landed:
            return 0
        now = self.item
        if now < len(self.items) and self.items[now] in items:
            same = [k for k, item in enumerate(items) if item == self.items[now]]
            return min(same, key=lambda k: abs(k - now))
        return now if now < len(items) else 0

    # --- the window -----------------------------------------------------------------------------------------------

    def _prepare(self, start: int) -> None:
        """Walk the mission from an item."""
        self._walk = walk(self.items, self.setting, start)
        self._steps, self._base, self._at, self._rows = [], 0, 0, 0
        self._ended, self._circled, self.finished, self._told = False, -1, False, []
        self._look_ahead(WINDOW + 1)
        self._begin(None)

    def _look_ahead(self, count: int) -> None:
        """Let that many steps be known, or all."""
        self._steps += itertools.islice(self._walk, max(count - len(self._steps), 0))

    def _load(self, leg: int | None) -> None:
        """Write the window into the table."""
        self._look_ahead(self._base + WINDOW + 1)
        window = self._steps[self._base : self._base + self._window]
        legs = [step.leg for step in window if step.leg is not None]
        self._rows = len(legs)
        self._sequence = self.aircraft.swap_route(legs, MAIN, leg if legs else None)

    def _shift(self) -> None:
        """Move the window on once its middle is passed, between two legs."""
        beyond = len(self._steps) > self._base + self._window
        if beyond and self._at - self._base > self._window // 2:
            self._base = self._at
            self._load(0)

    @property
    def _window(self) -> int:
        """Legs that the table has room for, beside a lost-link route that may be a long one of the mission file."""
        return min(WINDOW, LEGS - len(self.aircraft.legs(LOST_LINK)))

    # --- orders ---------------------------------------------------------------------------------------------------

    def start(self, sender: Sender, item: int | None = None) -> Reply:
        """Fly the mission: take off where the aircraft is parked, go on where it is in the air."""
        if not self.items:
            return Reply(Result.DENIED, "mission: none is stored")
        parked = self.aircraft.picture.mode in PARKED
        if item is not None and not 0 <= item < len(self.items):
            return Reply(Result.DENIED, f"mission item {item}: there is none")
        if item is not None and self._first_leg(item) is None:
            return Reply(Result.DENIED, f"mission item {item}: nothing to fly follows it")
        if item is not None or (self.finished and parked) or not self._rows:
            self._prepare(item or 0)
            self._load(0)
        if not self._rows:
            return Reply(Result.DENIED, "mission: it has no leg to fly")
        leg = float(self._at - self._base)
        if parked:
            sequence = self.aircraft.order(OrderKind.TAKE_OFF, sender.system, x=leg, z=1.0)
        elif self.finished:
            return Reply(Result.TEMPORARILY_REJECTED, "mission: it is done; choose an item")
        else:
            sequence = self.aircraft.order(OrderKind.ROUTE, sender.system, x=leg)
        return Reply(order=sequence, done=self._started)

    def _started(self) -> None:
        self.started = True

    def set_current(self, sender: Sender, item: int, reset: bool = False) -> Reply:
        """Fly from an item, at once where the mission is being flown; else when it is started."""
        if not 0 <= item < len(self.items):
            return Reply(Result.DENIED, f"mission item {item}: there is none")
        first = self._first(item)
        if first is None or (first.leg is None and not self.active):
            return Reply(Result.DENIED, f"mission item {item}: nothing to fly follows it")
        self._prepare(item)
        if first.leg is None:
            return self._homeward(first, sender)
        self._load(0)
        return Reply(order=self._sequence)

    def _first(self, item: int) -> Step | None:
        """What is flown first from an item on; None where nothing is."""
        return next(walk(self.items, self.setting, item), None)

    def _first_leg(self, item: int) -> Leg | None:
        """The first leg from an item on; None where the way home comes first, or nothing."""
        first = self._first(item)
        return None if first is None else first.leg

    def land(self, sender: Sender) -> Reply:
        """Fly the mission's landing from its DO_LAND_START; without one the autopilot's own to home."""
        marks = [k for k, item in enumerate(self.items) if item.command == Cmd.DO_LAND_START]
        if marks and self._first_leg(marks[0]) is not None:
            self._prepare(marks[0])
            self._load(0)
            return Reply(order=self.aircraft.order(OrderKind.ROUTE, sender.system, x=0.0), done=self._started)
        return Reply(order=self.aircraft.order(OrderKind.RETURN, sender.system))

    def _homeward(self, step: Step, sender: Sender) -> Reply:
        """The way home or to a field, as the last step says."""
        if step.ends == "land":
            return Reply(order=self.aircraft.order(OrderKind.LAND, sender.system, x=float(step.landing)))
        return Reply(order=self.aircraft.order(OrderKind.RETURN, sender.system))

    def rally(self) -> tuple[float, float, float] | None:
        """A rally point that is nearer than home, for a return: rad, rad, m above sea level; None where none is."""
        e = self.aircraft.picture.estimate
        here = float(e.latitude), float(e.longitude)
        home = distance(*here, self.setting.home.latitude, self.setting.home.longitude)
        points = [(i.latitude, i.longitude, self.setting.altitude(i)) for i in self.aircraft.board.get("rally", ())]
        near = min(points, key=lambda point: distance(*here, *point[:2]), default=None)
        return near if near is not None and distance(*here, *near[:2]) < home else None

    def restore(self, plans: Mapping[Kind, tuple[Item, ...]]) -> None:
        """Go on after a restart: the table is as it was; what stands in it is found again by the walk."""
        self.lost_link = plans.get(Kind.LOST_LINK, self.lost_link)
        self.aircraft.board["fence"], self.aircraft.board["rally"] = (
            plans.get(kind, ()) for kind in (Kind.FENCE, Kind.RALLY)
        )  # fmt: skip
        self.items = plans.get(Kind.MISSION, self.items)
        held = self.aircraft.legs(MAIN)
        self._prepare(0)
        for start in range(len(self.items)):
            if self._same(held):
                break
            self._prepare(start)
        self._rows = len(held)
        self.started = not self.aircraft.picture.landed

    def _same(self, held: Sequence[Any]) -> bool:
        """Whether the walk begins as the table does."""
        first = [step.leg for step in self._steps[: len(held)] if step.leg is not None]
        return len(first) == len(held) and all(
            (a.latitude, a.longitude, a.altitude) == (b.latitude, b.longitude, b.altitude)
            for a, b in zip(first, held, strict=True)
        )  # fmt: skip

    # --- where the mission is -------------------------------------------------------------------------------------

    @property
    def item(self) -> int:
        """Number of the item in hand."""
        if not self._steps:
            return 0
        return self._steps[min(self._at, len(self._steps) - 1)].item

    @property
    def active(self) -> bool:
        """The mission is being flown now."""
        return self.aircraft.picture.mode in MISSION_MODES

    def current(self) -> tuple[int, int, int]:
        """Item, MISSION_STATE and mode, as MISSION_CURRENT tells them."""
        if not self.items:
            state = NO_MISSION
        elif self.finished:
            state = COMPLETE
        elif self.active:
            state = ACTIVE
        else:
            state = PAUSED if self.started else NOT_STARTED
        return self.item, state, 1 if self.active else 2

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Follow the flight: items reached, things to do, the window; called every turn."""
        picture = self.aircraft.picture
        if self.active:
            self.started = True
            if self.aircraft.answer(self._sequence) is not None or not self._sequence:
                self._follow(picture, now)
        if self.started and not self.finished:
            self._end(picture)
        self.aircraft.board["current_item"] = self.item
        told, self._told = self._told, []
        for number in told:
            yield Outgoing("MISSION_ITEM_REACHED", {"seq": number}, None, Priority.ANSWER)

    def heard(self, message: Any, sender: Sender, now: Now) -> tuple[Outgoing, ...]:
        """Nothing: the mission protocol is `missions`'."""
        return ()

    def _follow(self, picture: Any, now: Now) -> None:
        """The leg in hand is this; what was before it is done."""
        if not self._steps:
            return
        at = min(self._base + int(picture.flight.leg), len(self._steps) - 1)
        while self._at < at:
            self._reached(self._steps[self._at])
            self._at += 1
            self._begin(now.simulated)
        step = self._steps[self._at]
        circling = picture.mode == Mode.LOITER and int(picture.flight.circling) == 1
        if circling and self._circled != self._at:
            self._circled = self._at
            if step.ends in ("hold", "eight"):
                self._reached(step)
            if step.ends == "eight" and step.leg is not None:
                self._fly_eight(self.items[step.item], step.leg)
        if step.until is not None and circling and _passed(step.until, now.utc):
            self.aircraft.order(OrderKind.ROUTE, x=float(self._at - self._base + 1))
        self._act(picture, now)
        if not circling:
            self._shift()

    def _reached(self, step: Step) -> None:
        """Tell that an item is done, once."""
        if step.last_of_item and (not self._told or self._told[-1] != step.item):
            self._told.append(step.item)

    def _end(self, picture: Any) -> None:
        """The mission's own end: it came to its last step, which is the way home."""
        last = self._steps[-1] if self._steps else None
        if last is None or last.leg is not None or self._base + self._rows != len(self._steps) - 1:
            if last is not None and picture.mode in (Mode.STOPPED, Mode.ROLL_OUT) and not self._ended:
                self.finished = True
            return
        if not self._ended and picture.mode == Mode.RETURN and picture.reason == Reason.MISSION_DONE:
            for step in self._steps[self._at : -1]:
                self._reached(step)
            self._at, self._ended = len(self._steps) - 1, True
            if last.ends == "return":
                self._reached(last)
            elif last.landing:
                self.aircraft.order(OrderKind.LAND, x=float(last.landing))
        if picture.mode in (Mode.ROLL_OUT, Mode.STOPPED):
            if self._ended and last.ends == "land":
                self._reached(last)
            self.finished = True

    # --- what is done on the way ----------------------------------------------------------------------------------

    def _begin(self, time: float | None) -> None:
        """A leg begins: what is to be done on it."""
        before = self._steps[self._at].before if self._at < len(self._steps) else ()
        self._doing = _Doing(list(before), time)

    def _act(self, picture: Any, now: Now) -> None:
        """Do what may be done; what waits for a condition that never came falls away with its leg."""
        self._doing.since = now.simulated if self._doing.since is None else self._doing.since
        while self._doing.items:
            item = self.items[self._doing.items[0]]
            if not self._may(item, picture, now):
                return
            self._doing.items.pop(0)
            self._doing.since = now.simulated
            if item.command not in (Cmd.CONDITION_DELAY, Cmd.CONDITION_DISTANCE, Cmd.CONDITION_GATE):
                self._perform(item, now)

    def _may(self, item: Item, picture: Any, now: Now) -> bool:
        """Whether a condition holds; anything else may always be done."""
        leg = self._steps[self._at].leg
        here = float(picture.estimate.latitude), float(picture.estimate.longitude)
        match item.command:
            case Cmd.CONDITION_DELAY:
                return now.simulated - (self._doing.since or 0.0) >= item.number(1)
            case Cmd.CONDITION_DISTANCE:
                return leg is None or distance(*here, leg.latitude, leg.longitude) <= item.number(1)
            case Cmd.CONDITION_GATE:
                return self._past(here, item, leg)
        return True

    def _past(self, here: Place, item: Item, leg: Leg | None) -> bool:
        """Whether the line across the way through a gate is passed."""
        gate = item.latitude, item.longitude
        before = self._steps[self._at - 1].leg if self._at else None
        behind = (before.latitude, before.longitude) if before else (
            self.setting.home.latitude, self.setting.home.longitude)  # fmt: skip
        way = bearing(behind, (leg.latitude, leg.longitude)) if leg else 0.0
        return distance(*gate, *here) < 1.0 or math.cos(bearing(gate, here) - way) >= 0.0

    def _perform(self, item: Item, now: Now) -> None:
        """Do one item as if it had been commanded."""
        if item.command in PICTURES:
            return
        reply = self.do(self._asked(item), now)
        if reply.order is None and reply.result != Result.ACCEPTED:
            self.aircraft.say(WARNING, f"mission item {self.items.index(item)} ({item.name}) was not done")

    def _asked(self, item: Item) -> Asked:
        """An item as a command."""
        number, place, height = item.command, None, None
        p5, p6, p7 = float(item.x), float(item.y), item.z
        leg = self._steps[self._at].leg
        if number == Cmd.DO_SET_ROI_WPNEXT_OFFSET and leg is not None:
            number, place, height = int(Cmd.DO_SET_ROI_LOCATION), (leg.latitude, leg.longitude), leg.altitude
        elif item.is_placed:
            place, height = (item.latitude, item.longitude), self.setting.altitude(item)
        if place is not None:
            p5, p6, p7 = math.degrees(place[0]), math.degrees(place[1]), height
        return Asked(
            number, Sender(self.aircraft.system, 1, "mission"), *item.params, p5, p6, p7,
            latitude=place[0] if place else None, longitude=place[1] if place else None, altitude=height,
            x_raw=float(item.x), y_raw=float(item.y),
        )  # fmt: skip

    def _fly_eight(self, item: Item, leg: Leg) -> None:
        """Fly a figure eight where the mission ends in one."""
        self.aircraft.order(
            OrderKind.FIGURE_EIGHT, latitude=leg.latitude, longitude=leg.longitude, altitude=leg.altitude,
            x=abs(item.number(1)) or 2.0 * self.setting.radius, y=abs(item.number(2)) or self.setting.radius,
            z=item.number(4),
        )  # fmt: skip


def _passed(until: tuple[int, int, int], utc: float) -> bool:
    """Whether a time of day has come; within the hour after it, or on the day where the hour is any."""
    now = datetime.fromtimestamp(utc, UTC)
    wanted = [part if part >= 0 else here for part, here in zip(until, (now.hour, now.minute, now.second), strict=True)]
    late = (now.hour * 3600 + now.minute * 60 + now.second) - (wanted[0] * 3600 + wanted[1] * 60 + wanted[2])
    return late % 86400 < 43200


__all__ = ["Computer", "setting_of"]
