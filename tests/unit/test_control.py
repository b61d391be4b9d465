"""The authority as a service aboard: through the codec, with an aircraft that only stands for one."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from samruk.link import mavlink
from samruk.messages import Mode
from samruk.vehicle.authority import Audit, Authority, State
from samruk.vehicle.commands import read
from samruk.vehicle.control import Control
from samruk.vehicle.service import Asked, Now, Outgoing, Result, Sender

S1, S2, S3 = 241, 242, 243


class Plane:
    """What the service asks of an aircraft."""

    def __init__(self) -> None:
        self.k, self.landed, self.armed = 0, True, False
        self.board: dict[str, Any] = {}
        self.times = 0
        self.live = SimpleNamespace(hear=self.hear)
        self.altitude = 900.0

    def hear(self, k: int) -> None:
        """A frame that keeps the link alive."""
        self.times += 1

    @property
    def picture(self) -> Any:
        """What it is commanded to."""
        command = SimpleNamespace(gear_down=1, delta_f=0.0, wing_protection=0)
        flight = SimpleNamespace(directed=SimpleNamespace(angle=0.0))
        aim = SimpleNamespace(altitude=self.altitude, airspeed=50.0)
        return SimpleNamespace(
            landed=self.landed, mode=Mode.ROUTE, command=command, flight=flight, aim=aim, engine_running=True
        )


class Session:
    """An aircraft, its control, and a way to send it frames."""

    def __init__(self, signed: bool = False) -> None:
        self.plane, self.kept = Plane(), list[Audit]()
        self.now = Now()
        aircraft: Any = self.plane
        self.control = Control(aircraft, Authority((S3,)), signed=signed, keep=self.kept.append)
        self.handlers: dict[int, Any] = {}
        self.control.register(self)
        self.out: list[Outgoing] = []

    def register(self, command: int, handler: Any, loi: int = 4, component: int = 1, name: str = "") -> None:
        """Stand for the commands of the aircraft."""
        self.handlers[command] = handler

    def wait(self, seconds: float = 0.1) -> list[Outgoing]:
        """Let time pass; what is sent, through the codec."""
        self.out = []
        for _ in range(round(10 * seconds)):
            at = self.now.simulated + 0.1
            self.now = Now(self.now.tick + 1, at, at, 1e9 + at)
            self.out += self.control.due(self.now)
        for each in self.out:
            mavlink.encode(each.name, dict(each.fields), system=1, component=1, sequence=0)
        return self.out

    def send(self, station: int, name: str, signed: bool = False, **fields: Any) -> None:
        """A frame of a station, through the codec."""
        raw = mavlink.encode(name, fields, system=station, component=190, sequence=0)
        (frame,) = mavlink.Parser().feed(raw)
        assert frame.message is not None
        list(self.control.heard(frame.message, Sender(station, 190, "", signed), self.now))

    def beat(self, station: int, status: int = 4, signed: bool = False) -> None:
        """A heartbeat."""
        self.send(station, "HEARTBEAT", signed, type=6, autopilot=8, base_mode=0, custom_mode=0, system_status=status,
                  mavlink_version=3)  # fmt: skip

    def ask(self, station: int, command: int, *p: float, signed: bool = False) -> int:
        """A command; the result."""
        given = {f"param{k}": (p[k - 1] if k <= len(p) else 0.0) for k in range(1, 8)}
        raw = mavlink.encode(
            "COMMAND_LONG", {"target_system": 1, "target_component": 1, "command": command, "confirmation": 0, **given},
            system=station, component=190, sequence=0,
        )  # fmt: skip
        (frame,) = mavlink.Parser().feed(raw)
        asked: Asked = read(frame.message, Sender(station, 190, "", signed), 0.0)
        return int(self.handlers[command](asked, self.now).result)

    def last(self, name: str) -> dict[str, Any]:
        """Fields of the newest message of a name."""
        return dict([each for each in self.out if each.name == name][-1].fields)


@pytest.fixture
def session() -> Session:
    result = Session()
    for station in (S1, S2, S3):
        result.beat(station)
    result.wait()
    return result


def test_control_status_comes_once_a_second_and_on_change(session: Session) -> None:
    assert [each.name for each in session.wait(3.0)].count("CONTROL_STATUS") == 3
    session.ask(S1, 32100, 0, 1)
    assert [each.name for each in session.wait(0.1)].count("CONTROL_STATUS") == 1
    assert (session.last("CONTROL_STATUS")["gcs_main"], session.last("CONTROL_STATUS")["flags"]) == (S1, 1)
    assert session.last("SAMRUK_AUTHORITY")["holder"] == [S1, S1, S1]


def test_a_request_is_forwarded_to_the_holder_alone(session: Session) -> None:
    session.ask(S1, 32100, 0, 1)
    assert session.ask(S2, 32100, 0, 1) == Result.NOT_IN_CONTROL
    sent = [each.fields for each in session.wait() if each.name == "COMMAND_LONG"]
    assert [(each["target_system"], each["command"], each["param1"]) for each in sent] == [(S1, 32100, float(S2))]


def shows(session: Session, station: int, altitude: float) -> None:
    """What a station shows as commanded."""
    session.send(station, "SAMRUK_SHOWN", altitude=altitude, airspeed=50.0, heading=math.nan, id=[0, 0, 0, 0],
                 target_system=1, mode=int(Mode.ROUTE), engine=1, gear=1, flap=0, protection=0, bearer=1)  # fmt: skip


def test_a_hand_over_through_the_codec_compares_accepts_and_passes(session: Session) -> None:
    session.ask(S1, 32100, 0, 1)
    session.plane.landed = False
    session.wait(5.0)
    session.beat(S2)
    assert session.ask(S2, 52101, 2) == Result.ACCEPTED
    assert session.ask(S1, 52101, 1, S2) == Result.ACCEPTED
    shows(session, S2, 700.0)
    session.wait()
    assert session.last("SAMRUK_AUTHORITY")["handover"] == 3
    rows = [each.fields for each in session.out if each.name == "SAMRUK_HANDOVER_DIFF"]
    assert [each["name"] for each in rows if each["accepted"] == 0] == ["altitude"]
    number = session.last("SAMRUK_AUTHORITY")["number"]
    assert session.ask(S1, 52101, 4, 0, 0, 0, number) == Result.TEMPORARILY_REJECTED
    assert session.ask(S2, 52101, 3, 0, 0, 0, number) == Result.ACCEPTED
    session.wait()
    assert session.last("SAMRUK_AUTHORITY")["handover"] == 4
    assert session.ask(S1, 52101, 4, 0, 0, 0, number) == Result.ACCEPTED
    session.wait(0.5)
    assert session.last("SAMRUK_AUTHORITY")["handover"] == 5
    assert session.ask(S2, 52101, 5, 0, 0, 0, number) == Result.ACCEPTED
    session.wait()
    assert session.last("SAMRUK_AUTHORITY")["holder"] == [S2, S2, S2]
    assert [line for line in session.kept if line.what == "level 4: 241 -> 242"]


def test_the_bearer_that_is_compared_is_the_one_to_the_station_that_takes_over(session: Session) -> None:
    session.plane.board["bearers"] = {S1: 1.0, S2: 2.0}
    assert session.ask(S1, 32100, 0, 1) == Result.ACCEPTED
    assert session.control.commanded()[-1].value == 1.0
    session.ask(S1, 52101, 1, S2)
    session.ask(S2, 52101, 2, S1)
    session.wait()
    assert session.control.commanded()[-1].value == 2.0
    assert session.control.authority.commanded[-1].value == 2.0


def test_a_height_that_creeps_does_not_fill_a_thin_link_while_stations_compare(session: Session) -> None:
    session.ask(S1, 32100, 0, 1)
    session.plane.landed = False
    session.wait(5.0)
    session.beat(S2)
    session.ask(S2, 52101, 2)
    session.ask(S1, 52101, 1, S2)
    session.wait()
    rows, seconds = 0, 10
    for _ in range(10 * seconds):
        session.beat(S1)
        session.beat(S2)
        session.plane.altitude += 0.3
        shows(session, S2, session.plane.altitude)
        rows += [each.name for each in session.wait()].count("SAMRUK_HANDOVER_DIFF")
    count = len(session.control.authority.commanded)
    assert seconds * count <= rows <= (seconds + 1) * count


def test_only_frames_of_the_holder_keep_the_link_alive(session: Session) -> None:
    session.ask(S1, 32100, 0, 1)
    session.plane.landed, session.plane.armed = False, True
    session.wait(0.1)
    before = session.plane.times
    session.beat(S2)
    assert session.plane.times == before
    session.beat(S1)
    assert session.plane.times == before + 1


def test_the_lost_link_timer_runs_even_if_no_frame_has_ever_come() -> None:
    session = Session()
    session.plane.landed, session.plane.armed = False, True
    session.wait(0.1)
    assert session.plane.times == 1
    assert session.control.authority.state is State.ALONE


def test_a_station_at_which_nobody_looks_is_heard_but_not_attended(session: Session) -> None:
    session.ask(S1, 32100, 0, 1)
    for _ in range(35):
        session.wait(1.0)
        session.beat(S1, status=3)
        session.send(S1, "SYSTEM_TIME", time_unix_usec=0, time_boot_ms=1000)
    machine = session.control.authority
    assert machine.silence(S1) < 2.0
    assert machine.unattended(S1) > 30.0


def test_a_station_whose_time_starts_anew_has_started_anew(session: Session) -> None:
    session.ask(S1, 32100, 0, 1)
    session.send(S1, "SYSTEM_TIME", time_unix_usec=0, time_boot_ms=90000)
    session.send(S1, "SYSTEM_TIME", time_unix_usec=0, time_boot_ms=89000)  # a late frame
    assert int(session.control.authority.state) == State.HELD
    session.send(S1, "SYSTEM_TIME", time_unix_usec=0, time_boot_ms=500)
    assert session.control.authority.state is State.REGAINED


def test_where_a_key_is_configured_an_unsigned_frame_changes_nothing() -> None:
    session = Session(signed=True)
    session.beat(S1)
    assert session.control.authority.silence(S1) == math.inf
    assert session.ask(S1, 32100, 0, 1) == Result.DENIED
    assert not session.control.may(Sender(S1), "arm", 5)
    assert session.control.authority.main == 0
    heartbeat, other = SimpleNamespace(name="HEARTBEAT"), SimpleNamespace(name="COMMAND_LONG")
    assert session.control.admits(heartbeat, Sender(S1))
    assert not session.control.admits(other, Sender(S1))
    session.beat(S1, signed=True)
    assert session.ask(S1, 32100, 0, 1, signed=True) == Result.ACCEPTED
    assert session.control.may(Sender(S1, signed=True), "arm", 5)
