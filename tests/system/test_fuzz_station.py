"""A hundred thousand wild messages of browsers on a station: it goes on, and sends nothing that a seat may not."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from tests.fake_aircraft import Fake, over_the_air
from tests.fuzzed import frames, messages
from tests.system.test_fuzz import megabytes
from tests.unit.station.test_server import options

from samruk.link import mavlink
from samruk.station import build, wire
from samruk.station.server import Station
from samruk.station.session import Browser, Outbox

OPEN = {410, 510, 511, 512, 519, 520, 521}
"""Commands that ask and change nothing."""
CONTROL = {32100, 52100, 52101, 52102}
"""Commands that ask for control: the aircraft decides."""
QUIET = {"HEARTBEAT", "SYSTEM_TIME", "TIMESYNC", "MISSION_REQUEST_LIST", "MISSION_REQUEST_INT", "MISSION_ACK",
         "PARAM_REQUEST_LIST", "PARAM_REQUEST_READ", "SAMRUK_SHOWN", "FILE_TRANSFER_PROTOCOL"}  # fmt: skip
"""Messages that ask and change nothing."""
GROWTH = 48.0
"""MB that the process may grow by after the first tenth of a run: journals of the desk are bounded lists."""


class Fuzzed:
    """A station with one aircraft in memory, and a browser at one of its seats.

    Args:
        folder: for its records.
        role: of the seat.
        holder: system id that holds the aircraft.
    """

    def __init__(self, folder: Path, role: str, holder: int) -> None:
        self.station: Station = build.build(options(folder, "--role", role))
        self.fake = Fake(holder=holder)
        self.role, self.wall = role, 1.7e9
        self.sent: Counter[str] = Counter()
        self.commands: Counter[int] = Counter()
        self.answers = 0
        browser = self.station.seats.join(self.station.seats.seats[0])
        assert browser is not None
        self.browser: Browser = browser
        for _ in range(20):
            self.turn()

    def turn(self) -> None:
        """A second."""
        self.wall += 1.0
        self.fake.boot_ms += 1000
        for name, fields in self.fake.messages():
            self.station.desk.heard(over_the_air(name, fields, 1), self.wall, "air")
        for out in self.station.desk.due(self.wall):
            self.sent[out.name] += 1
            if out.name.startswith("COMMAND_"):
                self.commands[int(out.fields["command"])] += 1
            for answer in self.fake.take(out):
                self.station.desk.heard(answer, self.wall, "air")

    def say(self, data: str | bytes) -> None:
        """A message of the browser, as the server takes it."""
        self.browser.errors = 0
        heard = self.station.seats.hears(self.browser, data, self.wall)
        for answer in self.station.answers(self.browser, heard):
            wire.encode(answer)
            self.answers += 1
        self.station.replays.clear()

    def close(self) -> None:
        """End the record."""
        assert self.station.desk.journal is not None
        self.station.desk.journal.close()

    def pour(self, count: int, seed: int = 1) -> None:
        """So many messages, twenty to a second."""
        start = 0.0
        for k, data in enumerate(messages(seed, count)):
            self.say(data)
            if k % 15 == 0:
                self.turn()
            if k % 1500 == 0:
                wire.encode(self.station.desk.picture(self.station.seat(self.browser.seat), self.wall))
            if k == count // 10:
                start = megabytes()
        assert megabytes() - start < GROWTH
        assert self.answers > count // 4

    def changing(self) -> set[str]:
        """What went out that would change something."""
        odd = {name for name in self.sent if name not in QUIET and not name.startswith("COMMAND_")}
        return odd | {str(number) for number in self.commands if number not in OPEN | CONTROL}


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking back reads a whole record from the disk: not in every message."""
    monkeypatch.setattr(Station, "_set_replay", lambda self, browser, m: [])


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("role", ["observer", "pilot", "payload"])
def test_nothing_that_a_seat_may_not_is_sent(tmp_path: Path, role: str) -> None:
    with closing(Fuzzed(tmp_path, role, holder=242)) as fuzzed:
        fuzzed.pour(1_500)
    assert fuzzed.changing() == set()
    assert role != "observer" or not CONTROL & set(fuzzed.commands)


@pytest.mark.usefixtures("quiet")
def test_a_pilot_who_holds_the_aircraft_is_obeyed(tmp_path: Path) -> None:
    with closing(Fuzzed(tmp_path, "pilot", holder=241)) as fuzzed:
        fuzzed.pour(1_500)
    assert fuzzed.changing()


@pytest.mark.slow
@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(("role", "seed"), [("observer", 1), ("pilot", 2), ("payload", 3), ("commander", 4)])
def test_a_hundred_thousand_messages_break_nothing(tmp_path: Path, role: str, seed: int) -> None:
    with closing(Fuzzed(tmp_path, role, holder=242)) as fuzzed:
        fuzzed.pour(25_000, seed)
    assert fuzzed.changing() == set()


@pytest.mark.parametrize("count", [4_000, pytest.param(200_000, marks=pytest.mark.slow)])
def test_wild_frames_from_the_air_never_stop_the_station(tmp_path: Path, count: int) -> None:
    with closing(Fuzzed(tmp_path, "pilot", holder=242)) as fuzzed:
        parser, good = mavlink.Parser(), 0
        for k, data in enumerate(frames(5, count, (1, 1, 1, 2, 3, 242))):
            for frame in parser.datagram(data):
                fuzzed.station._heard(frame, frame.raw, fuzzed.wall, "air")
                good += 1
            if k % 40 == 0:
                fuzzed.turn()
                wire.encode(fuzzed.station.desk.picture(fuzzed.station.seat(fuzzed.browser.seat), fuzzed.wall))
    assert good > 0.7 * count
    assert fuzzed.station.faults < 0.001 * good  # frames that it could not read: it goes on, and counts them


def test_a_page_that_reads_nothing_costs_no_memory() -> None:
    outbox = Outbox()
    before = megabytes()
    for _ in range(100_000):
        outbox.picture(b"x" * 5000)
        outbox.event(json.dumps({"t": "x"}).encode())
    assert len(outbox) <= 1
    assert megabytes() - before < 10.0  # MB: one picture, not half a gigabyte of them
