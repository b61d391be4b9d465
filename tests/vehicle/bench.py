"""An aircraft with its services on a bench: messages in as frames, messages out as decoded frames, no socket."""

from __future__ import annotations

from typing import Any

from samruk import load
from samruk.link.mavlink import Message, Parser, encode
from samruk.vehicle.assembly import Assembled, Fitting, assemble
from samruk.vehicle.live import Live
from samruk.vehicle.service import Now, Outgoing, Sender

STATION = 250
ALIGNED = 320
"""Mission ticks after which the aircraft may be armed."""


class Bench:
    """One aircraft of the mission `circuit`."""

    def __init__(self, instructor: bool = False, ticks: int = ALIGNED) -> None:
        self.live = Live(load.mission("circuit"), [0])
        self.live.advance(ticks)
        self.assembled: Assembled = assemble(self.live, 0, 1, None, Fitting(instructor))
        self.aircraft = self.assembled.aircraft
        self.heard: list[Message] = []
        self.wall = 0.0
        self.sequence = 0
        self.assembled.telemetry.open("bench")

    def now(self) -> Now:
        return Now(self.live.tick, self.live.time, self.wall, self.live.utc, 1.0)

    def take(self, outgoing: list[Outgoing]) -> list[Message]:
        """Through the wire and back, as a station would hear it."""
        found = []
        for out in outgoing:
            raw = encode(out.name, out.fields, system=1, component=out.component)
            (frame,) = Parser().datagram(raw)
            found.append(frame.message)
        self.heard += found
        return found

    def say(self, name: str, again: bool = False, **fields: Any) -> list[Message]:
        """Send a message to the aircraft; what it answers at once."""
        self.sequence += 0 if again else 1
        raw = encode(name, fields, system=STATION, component=190, sequence=self.sequence)
        (frame,) = Parser().datagram(raw)
        sender = Sender(STATION, 190, "bench")
        return self.take(list(self.assembled.switchboard.heard(frame.message, sender, self.now())))

    def turn(self, ticks: int = 1) -> list[Message]:
        """Fly and let everything that is due be said, a turn to a tick."""
        found = []
        for _ in range(ticks):
            self.live.advance(1)
            self.wall += 0.1
            found += self.take(list(self.assembled.switchboard.due(self.now())))
        return found

    def command(self, number: int, *p: float, confirmation: int = 0, turns: int = 3, component: int = 1) -> list[int]:
        """Results of all acks of a command."""
        given: dict[str, Any] = {f"param{k}": value for k, value in enumerate([*p, *[0.0] * (7 - len(p))], 1)}
        target: dict[str, Any] = {"target_system": 1, "target_component": component}
        found = self.say("COMMAND_LONG", command=number, confirmation=confirmation, **target, **given)
        found += self.turn(turns)
        return [int(each.result) for each in found if each.name == "COMMAND_ACK" and each.command == number]

    def texts(self) -> str:
        return " ".join(each.text for each in self.heard if each.name == "STATUSTEXT")

    def fly(self, seconds: int) -> None:
        """Simulated seconds with a station that is heard once in each, as on a wall clock."""
        for _ in range(seconds):
            self.live.advance(10)
            self.wall += 1.0
            self.say("HEARTBEAT", type=6, autopilot=8, mavlink_version=3)
            self.take(list(self.assembled.switchboard.due(self.now())))

    def take_off(self) -> None:
        """Engine, runway, 100 m and more above it."""
        assert self.command(400, 1.0) == [0]
        self.fly(60)
        assert self.command(300) == [0]
        self.fly(110)
        assert not self.aircraft.landed
        self.turn(2)
