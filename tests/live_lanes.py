"""Live aircraft for tests: lanes of the whole step that take orders; one compiled step serves them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

import numpy as np

from samruk import earth, load
from samruk.messages import NONE_GIVEN, Mode, OrderKind, Reason
from samruk.mission import LEGS, Route, Runway, Tables, Task
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines

NUMBERS = ("latitude", "longitude", "altitude", "x", "y", "z")


@lru_cache(maxsize=1)
def plan() -> Any:
    """The circuit's flight: a mild day at Astana, a warm engine."""
    return load.mission("circuit").flights[0]


@lru_cache(maxsize=1)
def mountains() -> Any:
    """A flight among the White Mountains, up to 1,917 m."""
    return load.mission("white-mountains").flights[0]


def task(**changes: Any) -> Task:
    """Its task, live, with fuel for two hours and an alternate 30 km to the north."""
    given: Task = plan().task
    latitude, longitude = earth.offset(given.home.latitude, given.home.longitude, 30000.0, 0.0)
    away: Runway = replace(given.home, latitude=float(latitude), longitude=float(longitude))
    fuelled = {"loading": replace(given.loading, fuel=120.0), **changes}
    return replace(given, live=1, legs=0, alternate_a=away, **fuelled)


@lru_cache(maxsize=1)
def engines() -> Engines:
    """The step that takes orders."""
    return Engines(Inputs(task(), plan().aircraft, plan().tables), "native", 1)


def tables(legs: Sequence[dict[str, float]] = (), lost: Sequence[dict[str, float]] = ()) -> Tables:
    """Tables with these legs: `north` and `east` (m from home) and columns of the route."""
    columns = {each.name: np.zeros(LEGS) for each in fields(Route)}
    rows = [*enumerate(legs), *enumerate(lost, LEGS - len(lost))]
    for row, leg in rows:
        for name, value in {**leg, **place(leg["north"], leg["east"])}.items():
            if name in columns:
                columns[name][row] = value
    found: Tables = replace(plan().tables, route=Route(**columns))
    return found


def place(north: float, east: float) -> dict[str, float]:
    """Latitude and longitude of a place, m from the home threshold."""
    home = plan().task.home
    latitude, longitude = earth.offset(home.latitude, home.longitude, north, east)
    return {"latitude": float(latitude), "longitude": float(longitude)}


class Lanes:
    """Aircraft on their runway, engines off."""

    def __init__(self, count: int = 1, legs: Sequence[Any] = (), lost: Sequence[Any] = (), **changes: Any) -> None:
        base = task(**changes)
        mine = tables(legs, lost)
        aircraft = plan().aircraft
        self._begin([
            Inputs(replace(base, legs=len(legs), lost_link_legs=len(lost), seed=k + 1), aircraft, mine)
            for k in range(count)
        ])  # fmt: skip

    def _begin(self, lanes: list[Inputs]) -> None:
        self.batch = engines().start(lanes)
        self.sent = [0] * len(lanes)

    @classmethod
    def among_mountains(cls, count: int) -> Lanes:
        """Aircraft in a valley between mountains."""
        found, flight = cls.__new__(cls), mountains()
        loading = replace(flight.task.loading, fuel=200.0, hangar_temperature=330.0)
        base = replace(flight.task, live=1, loading=loading)
        found._begin([Inputs(replace(base, seed=k + 1), flight.aircraft, flight.tables) for k in range(count)])
        return found

    def order(self, kind: int, lane: int = 0, **numbers: float) -> Reason:
        """Give an order and fly the tick that answers it; NONE when it was accepted."""
        self.post(kind, lane, **numbers)
        self.batch.advance_mission(1)
        return self.answer(lane)

    def post(self, kind: int, lane: int = 0, **numbers: float) -> None:
        """Put an order into the mailbox."""
        self.sent[lane] += 1
        for name in NUMBERS:
            self.batch.set(lane, f"order.{name}", numbers.get(name, NONE_GIVEN))
        self.batch.set(lane, "order.kind", int(kind))
        self.batch.set(lane, "order.sequence", self.sent[lane])

    def answer(self, lane: int = 0) -> Reason:
        """What the aircraft says to the last order."""
        ack = self.batch.carry(lane).pilot.order_ack
        assert ack.sequence == self.sent[lane]
        assert ack.accepted == (ack.reason == Reason.NONE)
        return Reason(ack.reason)

    def fly(self, seconds: float) -> Any:
        """Fly on; frames every second."""
        return self.batch.advance_mission(round(10 * seconds), frame_every=1)

    def until(self, mode: Mode, seconds: int) -> float:
        """Fly until the first lane is in a mode; s that it took."""
        for k in range(seconds):
            if self.mode() == mode:
                return float(k)
            self.batch.advance_mission(10)
        raise AssertionError(f"not {mode.name} after {seconds} s, but {self.mode().name}")

    def mode(self, lane: int = 0) -> Mode:
        """Its mode."""
        return Mode(int(self.batch.values("pilot.flight.mode")[lane]))

    def swap(self, legs: Sequence[Any], lost: Sequence[Any] = ()) -> None:
        """Give every lane another table of legs."""
        self.batch = self.batch.select(range(self.batch.lanes), tables=[tables(legs, lost)] * self.batch.lanes)


def airborne(count: int = 1, altitude: float = 900.0, seconds: float = 420.0, **more: Any) -> Lanes:
    """Aircraft that hold overhead at a height."""
    return lifted(Lanes(count, **more), altitude, seconds)


def lifted(lanes: Lanes, altitude: float, seconds: float) -> Lanes:
    """The same, holding overhead."""
    count = lanes.batch.lanes
    lanes.fly(31)
    for lane in range(count):
        lanes.post(OrderKind.ENGINE, lane, x=1)
    lanes.fly(8)
    for lane in range(count):
        lanes.post(OrderKind.TAKE_OFF, lane, altitude=altitude)
    lanes.fly(seconds)
    assert all(lanes.mode(lane) == Mode.HOLD for lane in range(count))
    return lanes


def away(frames: Any, north: float, east: float, lane: int = 0) -> tuple[Any, Any]:
    """m north and east of a place of each frame."""
    home = plan().task.home
    meridian, prime = (float(r) + home.elevation for r in earth.radii(home.latitude))
    return (
        (frames["latitude"][:, lane] - home.latitude) * meridian - north,
        (frames["longitude"][:, lane] - home.longitude) * prime * np.cos(frames["latitude"][:, lane]) - east,
    )
