"""A whole flight by plain pymavlink, as a script written by hand does it.

    fly_pymavlink.py PORT

It prints one JSON line with what it saw.
"""

# mypy: ignore-errors
import json
import os
import sys
import time

os.environ["MAVLINK20"] = "1"
from pymavlink import mavutil

BEGAN = time.monotonic()
PLAN = [
    (22, 51.0, 71.45, 300.0), (16, 50.95, 71.33, 500.0), (16, 50.99, 71.30, 550.0), (189, 0.0, 0.0, 0.0),
    (21, 51.0222, 71.4669, 0.0),
]  # fmt: skip
"""Command, degrees, degrees, m above home: take off, two places, the mark of the landing, land at home."""


def say(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} {text}", file=sys.stderr, flush=True)


class Script:
    """What a script keeps at hand."""

    def __init__(self, port: int) -> None:
        self.link = mavutil.mavlink_connection(f"udpin:127.0.0.1:{port}", source_system=255)
        self.seen: dict = {"texts": [], "modes": [], "reached": [], "acks": []}
        self.beat = 0.0

    def receive(self, *kinds: str, limit: float = 10.0):
        """The next message of these kinds; a heartbeat goes out every second."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if time.monotonic() - self.beat > 1.0:
                self.beat = time.monotonic()
                self.link.mav.heartbeat_send(6, 8, 0, 0, 4)
            message = self.link.recv_match(blocking=True, timeout=0.5)
            if message is None:
                continue
            self._note(message)
            if message.get_type() in kinds:
                return message
        raise TimeoutError(f"no {' or '.join(kinds)} in {limit:.0f} s")

    def _note(self, message) -> None:
        kind = message.get_type()
        if kind == "STATUSTEXT":
            self.seen["texts"].append(message.text)
            say(f"  {message.text}")
        elif kind == "MISSION_ITEM_REACHED" and message.seq not in self.seen["reached"]:
            self.seen["reached"].append(message.seq)
        elif kind == "HEARTBEAT" and message.get_srcComponent() == 1:
            mode = self.link.flightmode
            if not self.seen["modes"] or self.seen["modes"][-1] != mode:
                self.seen["modes"].append(mode)

    def until(self, kind: str, wanted, limit: float):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            message = self.receive(kind, limit=limit)
            if wanted(message):
                return message
        raise TimeoutError(f"{kind} did not come to what was wanted in {limit:.0f} s")

    def command(self, number: int, *p: float) -> int:
        """The result of a COMMAND_LONG."""
        self.link.mav.command_long_send(self.link.target_system, 1, number, 0, *[*p, *[0.0] * (7 - len(p))])
        ack = self.until("COMMAND_ACK", lambda m: m.command == number, 10.0)
        self.seen["acks"].append([number, ack.result])
        return ack.result

    def upload(self) -> int:
        """The mission by the protocol; the type of the last ack."""
        self.link.mav.mission_count_send(self.link.target_system, 1, len(PLAN), 0)
        while True:
            message = self.receive("MISSION_REQUEST_INT", "MISSION_REQUEST", "MISSION_ACK")
            if message.get_type() == "MISSION_ACK":
                return message.type
            command, latitude, longitude, height = PLAN[message.seq]
            frame = 2 if command == 189 else 6
            self.link.mav.mission_item_int_send(
                self.link.target_system, 1, message.seq, frame, command, 0, 1, 0.0, 0.0, 0.0, 0.0,
                round(latitude * 1e7), round(longitude * 1e7), height, 0,
            )  # fmt: skip


def main(port: int) -> dict:
    script = Script(port)
    script.link.wait_heartbeat(timeout=60)
    script.until("HEARTBEAT", lambda m: m.get_srcComponent() == 1, 10.0)
    say("connected")
    script.until("HOME_POSITION", lambda m: True, 60.0)
    script.seen["upload"] = script.upload()
    for _ in range(40):
        if script.command(400, 1.0) == 0:
            break
        time.sleep(0.5)
    script.until("HEARTBEAT", lambda m: m.base_mode & 128 and m.get_srcComponent() == 1, 20.0)
    say("armed")
    script.command(511, 32.0, 200000.0)
    script.command(300)
    script.until("EXTENDED_SYS_STATE", lambda m: m.landed_state == 2, 120.0)
    say("in the air")
    script.command(400, 0.0)
    script.command(185, 1.0)
    script.command(178, 0.0, 52.0, -1.0)
    script.until("EXTENDED_SYS_STATE", lambda m: m.landed_state == 1, 300.0)
    say("landed")
    script.until("HEARTBEAT", lambda m: not m.base_mode & 128 and m.get_srcComponent() == 1, 60.0)
    say("engine off")
    place = script.receive("GLOBAL_POSITION_INT")
    script.seen["place"] = [place.lat * 1e-7, place.lon * 1e-7, place.relative_alt * 1e-3]
    return script.seen


print(json.dumps(main(int(sys.argv[1]))), flush=True)
