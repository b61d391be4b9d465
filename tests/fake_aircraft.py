"""Aircraft in memory for tests of the station: they speak through the real codec, over a way that loses frames."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from samruk.link.mavlink import Message, Parser, encode
from samruk.station import wire
from samruk.station.desk import Desk
from samruk.station.maps import Ground
from samruk.station.vehicles import Out

HERE = (math.radians(51.0), math.radians(71.4))


def over_the_air(name: str, fields: dict[str, Any], system: int, component: int = 1, sequence: int = 0) -> Message:
    """A message as it arrives."""
    frames = Parser().feed(encode(name, fields, system=system, component=component, sequence=sequence))
    assert len(frames) == 1
    return frames[0].message


@dataclass
class Fake:
    """One aircraft: its state by message, and how it answers commands."""

    system: int = 1
    px4: bool = True
    own: bool = True
    boot_ms: int = 10_000
    latitude: float = HERE[0]
    longitude: float = HERE[1]
    altitude: float = 1500.0
    mode: int = 4
    landed: bool = False
    armed: bool = True
    engine: bool = True
    holder: int = 241
    more: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)
    """Result by command; accepted by default."""
    reasons: dict[int, str] = field(default_factory=dict)
    heard: list[Out] = field(default_factory=list)
    acted: Callable[[Fake, Out], None] = lambda self, out: None
    sequence: int = 0

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """What it says once a second or so."""
        lat, lon = (round(math.degrees(v) * 1e7) for v in (self.latitude, self.longitude))
        autopilot, custom = (12, 4 << 24 | 4 << 16) if self.px4 else (3, 10)
        rows: list[tuple[str, dict[str, Any]]] = [
            ("HEARTBEAT", {"type": 1, "autopilot": autopilot, "base_mode": 129 if self.armed else 1,
                           "custom_mode": custom, "system_status": 4, "mavlink_version": 3}),
            ("ATTITUDE", {"time_boot_ms": self.boot_ms, "roll": 0.1, "pitch": 0.05, "yaw": -1.0}),
            ("GLOBAL_POSITION_INT", {"time_boot_ms": self.boot_ms, "lat": lat, "lon": lon,
                                     "alt": round(1e3 * self.altitude), "relative_alt": 1_000_000,
                                     "vx": 3000, "vy": 0, "vz": -100, "hdg": 0}),
            ("VFR_HUD", {"airspeed": 33.0, "groundspeed": 30.0, "alt": self.altitude, "throttle": 60}),
            ("EXTENDED_SYS_STATE", {"landed_state": 1 if self.landed else 2}),
            ("HOME_POSITION", {"latitude": round(math.degrees(HERE[0]) * 1e7), "altitude": 300_000,
                               "longitude": round(math.degrees(HERE[1]) * 1e7)}),
        ]  # fmt: skip
        if self.own:
            nan = math.nan
            rows += [
                ("SAMRUK_MODE", {"time_boot_ms": self.boot_ms, "since_ms": self.boot_ms - 4000, "mode": self.mode,
                                 "commanded_by": 241, "commanded_at_ms": self.boot_ms - 4000,
                                 "target_altitude": self.altitude, "target_airspeed": 33.0, "target_heading": nan,
                                 "soon_lat": [lat] * 4, "soon_lon": [lon] * 4, "soon_altitude": [1500.0] * 4}),
                ("SAMRUK_AUTHORITY", {"holder": [self.holder] * 3, "override_in": nan}),
                ("SAMRUK_FUEL", {"aboard": 150.0, "flow": 0.003, "reserve": 20.0, "needed": [5.0, nan, nan],
                                 "flight_time": [600.0, nan, nan], "bingo": [36000.0, nan, nan], "count": 1,
                                 "names": "UACC    "}),
            ]  # fmt: skip
        return rows + list(self.more.items())

    def take(self, out: Out) -> list[Message]:
        """A message of the station; what it answers."""
        self.heard.append(out)
        if out.name not in ("COMMAND_LONG", "COMMAND_INT") or out.to != self.system:
            return []
        number = int(out.fields["command"])
        result = self.answers.get(number, 0)
        if result == 0:
            self.acted(self, out)
        said: list[Message] = []
        if number in self.reasons:
            said.append(self.say("STATUSTEXT", {"severity": 4, "text": self.reasons[number]}))
        ack = {"command": number, "result": result, "target_system": 241}
        return [*said, self.say("COMMAND_ACK", ack)]

    def say(self, name: str, fields: dict[str, Any]) -> Message:
        """A message with the next sequence."""
        self.sequence = (self.sequence + 1) & 0xFF
        return over_the_air(name, fields, self.system, sequence=self.sequence)


@dataclass
class Air:
    """A desk and its aircraft with a way between them that loses frames; time runs in steps of 0.1 s."""

    aircraft: list[Fake] = field(default_factory=lambda: [Fake()])
    loss: float = 0.0
    silent: bool = False
    now: float = 1_700_000_000.0
    desk: Desk = field(default_factory=lambda: Desk(site(), Ground(plain=300.0)))
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    more: Callable[[Out, float], Iterable[Message]] = lambda out, now: ()

    def run(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            for fake in self.aircraft:
                fake.boot_ms += 100
                if fake.boot_ms // 100 % 5 == 0 and not self.silent:
                    for name, fields in fake.messages():
                        self.up(fake.say(name, fields))
            for out in list(self.desk.due(self.now)):
                self.down(out)

    def up(self, message: Message) -> None:
        """A frame towards the station."""
        if self.chance.random() >= self.loss:
            self.desk.heard(message, self.now, "way0")

    def down(self, out: Out) -> None:
        """A frame towards the aircraft; what they answer comes back."""
        if self.silent or self.chance.random() < self.loss:
            return
        for fake in self.aircraft:
            if out.to in (0, fake.system):
                for message in fake.take(out):
                    self.up(message)
        for message in self.more(out, self.now):
            self.up(message)

    def picture(self) -> wire.Picture:
        """What a pilot sees now."""
        return self.desk.picture(SEAT, self.now)

    def ask(self, message: wire.Asked) -> list[wire.Told]:
        """A pilot asks."""
        return list(self.desk.asked(SEAT, message, self.now))


SEAT = wire.Seat("pilot", "S1", "pilot", 241, "en")


def site() -> wire.Site:
    """The station near the aircraft."""
    return wire.Site("S1", "S1", 241, HERE[0], HERE[1] - 0.01, True, 0.0)
