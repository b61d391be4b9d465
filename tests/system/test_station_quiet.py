"""False alarms: real aircraft fly hours in which nothing is wrong, and the station watches.

Alarms that call for an act where none is needed teach a crew to look away; the bar is one in ten flight hours.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.fake_aircraft import over_the_air, site

from samruk import load
from samruk.messages import OrderKind
from samruk.station import wire
from samruk.station.desk import Desk
from samruk.station.maps import Ground
from samruk.vehicle.assembly import assemble
from samruk.vehicle.live import Live
from samruk.vehicle.service import Now, Sender

TICKS = 5
"""Mission ticks between looks: 0.5 s."""
STATION = Sender(241, 190, "test")


class Watched:
    """Lanes with all services, and a desk that hears them through the codec."""

    def __init__(self, lanes: int) -> None:
        plan = load.mission("circuit")
        self.live = Live(plan, [0] * lanes)
        self.crews = [assemble(self.live, k, k + 1) for k in range(lanes)]
        self.desk = Desk(site(), Ground(plain=float(plan.flights[0].task.conditions.ground_elevation)))
        self.now = 1.7e9
        self.raised: list[tuple[float, int, str]] = []
        self.seen: set[int] = set()
        self.waiting: list[Any] = []

    def run(self, seconds: float) -> None:
        for _ in range(round(10 * seconds / TICKS)):
            self.live.advance(TICKS)
            self.now += 0.1 * TICKS
            t = self.live.time
            at = Now(tick=round(10 * t), simulated=t, wall=t, utc=1.7e9 + t)
            for crew in self.crews:
                out = [each for message in self.waiting for each in crew.switchboard.heard(message, STATION, at)]
                for said in [*out, *crew.switchboard.due(at)]:
                    system = crew.aircraft.system
                    self.desk.heard(over_the_air(said.name, dict(said.fields), system, said.component), self.now, "w")
            self.waiting = [over_the_air(out.name, dict(out.fields), 241, 190) for out in self.desk.due(self.now)]
            for alarm in self.desk.alarms.listed:
                if alarm.id not in self.seen:
                    self.seen.add(alarm.id)
                    self.raised.append((t, alarm.sysid, alarm.key))

    def ask(self, message: wire.Asked) -> None:
        seat = wire.Seat("pilot", "S1", "pilot", 241, "en")
        list(self.desk.asked(seat, message, self.now))


@pytest.mark.slow
def test_quiet_flights_raise_less_than_one_alarm_in_ten_hours() -> None:
    """Three aircraft, 3.5 h each: take-off, climb, hold, changes of height and heading, return, landing."""
    watched = Watched(3)
    watched.run(10.0)
    for crew in watched.crews:
        crew.aircraft.order(OrderKind.ENGINE, 241, x=1.0)
    watched.run(90.0)
    for crew in watched.crews:
        crew.aircraft.order(OrderKind.TAKE_OFF, 241, altitude=1500.0)
    watched.run(1200.0)
    for k in range(9):
        for crew in watched.crews:
            crew.aircraft.order(OrderKind.ALTITUDE, 241, altitude=1500.0 + 300.0 * (k % 4))
        watched.run(1100.0)
    for crew in watched.crews:
        crew.aircraft.order(OrderKind.RETURN, 241)
    watched.run(1500.0)
    hours = sum(crew.aircraft.live.time for crew in watched.crews) / 3600.0
    assert hours > 10.0
    assert all(crew.aircraft.landed for crew in watched.crews)
    false = [row for row in watched.raised if watched.desk and row[2] not in ("recovered",)]
    assert len(false) < 1, f"{false} in {hours:.1f} h"
