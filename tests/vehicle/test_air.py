"""An aircraft on the air: signed words only, and what a satellite carries. Real sockets, one process, no waiting."""

from __future__ import annotations

import asyncio
import math
import socket
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pytest

from samruk import load
from samruk.cli.vehicle import _site
from samruk.errors import InputError
from samruk.link.mavlink import Keyring, Message, Parser, Signer, encode
from samruk.link.transport import NONE, SATELLITE, State
from samruk.messages import OrderKind, Reason
from samruk.vehicle.assembly import Fitting, assemble
from samruk.vehicle.live import Live
from samruk.vehicle.pace import Pace
from samruk.vehicle.process import Flightline, Ports
from samruk.vehicle.reception import Site

KEY = bytes(range(32))
STATION = 241


@lru_cache(maxsize=1)
def plan() -> Any:
    return load.mission("circuit")


class Air:
    """One aircraft and a station's socket, at a wall clock that stands until it is moved."""

    def __init__(self, key: bytes | None, through_air: bool, instructor: bool = False) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        live = Live(plan(), [0])
        crew = [assemble(live, 0, 1, None, Fitting(instructor, signed=key is not None))]
        sites = [Site("S1", STATION, live.inputs[0].task.links)]
        port = self.socket.getsockname()[1]
        ports = Ports((f"127.0.0.1:{port}" + ("=S1" if through_air else ""),), 0)
        rings = [Keyring(key)] if key else []
        self.line = Flightline(live, crew, ports, Pace(1.0), None, sites, None, rings)
        self.parser = Parser(verifier=Keyring(KEY).verifier)
        self.wall, self.sequence = 0.0, 0

    async def open(self) -> None:
        await self.line.open()
        self.wall = asyncio.get_running_loop().time()
        for way in self.line.radio.ways[0]:
            way.clock = lambda: (self.line.live.time, self.wall)
        self.home = self.line._udp[0].transport.get_extra_info("sockname")  # type: ignore[union-attr]

    async def fly(self, seconds: float) -> list[Message]:
        """Turns of a quarter of a second; all that reached the station."""
        found: list[Message] = []
        for _ in range(int(4 * seconds)):
            self.wall += 0.25
            self.line.turn(self.wall)
            await asyncio.sleep(0.001)
            found += self.heard()
        return found

    def heard(self) -> Iterator[Message]:
        while True:
            try:
                data = self.socket.recv(65536)
            except BlockingIOError:
                return
            for frame in self.parser.datagram(data):
                yield frame.message

    async def send(self, name: str, fields: dict[str, Any], signer: Signer | None = None) -> bytes:
        self.sequence += 1
        raw = encode(name, fields, system=STATION, component=190, sequence=self.sequence, signer=signer)
        await self.put(raw)
        return raw

    async def put(self, raw: bytes) -> None:
        self.socket.sendto(raw, self.home)
        await asyncio.sleep(0.01)

    async def ask(self, command: int, signer: Signer | None = None, **params: float) -> list[int]:
        """A command, and the results that came back."""
        fields = {"command": command, "target_system": 1, "target_component": 1, **params}
        await self.send("COMMAND_LONG", fields, signer)
        return [m.result for m in await self.fly(1.5) if m.name == "COMMAND_ACK" and m.command == command]

    def close(self) -> None:
        self.line.close()
        self.socket.close()


def flown(story: Any, *words: Any, **more: Any) -> None:
    async def run() -> None:
        air = Air(*words, **more)
        try:
            await air.open()
            await story(air)
        finally:
            air.close()

    asyncio.run(run())


@pytest.mark.parametrize("through_air", [True, False])
def test_with_a_key_only_signed_words_count_and_each_counts_once(through_air: bool) -> None:
    async def story(air: Air) -> None:
        ours = Keyring(KEY).signer()
        stranger = Keyring(bytes(32)).signer()
        heard = await air.fly(2.0)
        assert heard
        assert all(message.signed for message in heard)
        assert await air.ask(520) == []
        assert await air.ask(520, stranger) == []
        assert await air.ask(520, ours) == [0]
        raw = encode("COMMAND_LONG", {"command": 520, "target_system": 1, "target_component": 1}, system=STATION,
                     component=190, signer=ours)  # fmt: skip
        for _ in range(3):  # recorded and said again
            await air.put(raw)
        acks = [m for m in await air.fly(2.0) if m.name == "COMMAND_ACK"]
        assert [m.result for m in acks] == [0]

    flown(story, KEY, through_air)


@pytest.mark.parametrize("knows_the_key", [False, True])
def test_with_a_key_nothing_is_said_to_who_comes_without_it(knows_the_key: bool) -> None:
    async def story(air: Air) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            other.setblocking(False)
            signer = Keyring(KEY).signer() if knows_the_key else None
            for _ in range(3):
                beat = {"type": 6, "autopilot": 8, "mavlink_version": 3, "system_status": 4}
                other.sendto(encode("HEARTBEAT", beat, system=250, component=190, signer=signer), air.home)
                await asyncio.sleep(0.01)
                await air.fly(1.0)
            try:
                said = len(other.recv(65536))
            except BlockingIOError:
                said = 0
        assert (said > 0) is knows_the_key

    flown(story, KEY, False)


def test_without_a_key_unsigned_words_count() -> None:
    async def story(air: Air) -> None:
        await air.fly(1.0)
        assert await air.ask(520) == [0]

    flown(story, None, True)


@pytest.mark.parametrize("listen", [70_000, "taken"])
def test_a_port_that_cannot_be_opened_is_one_line_and_the_record_is_ended(listen: int | str) -> None:
    async def story(air: Air) -> None:
        port = air.socket.getsockname()[1] if listen == "taken" else int(listen)
        closed: list[bool] = []
        recorder: Any = SimpleNamespace(close=lambda: closed.append(True))
        line = Flightline(air.line.live, air.line.crew, Ports((), port), Pace(1.0), recorder)
        with pytest.raises(InputError, match="cannot be opened"):
            await line.run()
        assert closed == [True]

    flown(story, None, False)


@pytest.mark.parametrize("text", ["S1", "S1=nan", "=241", "S1=241,95,30", "S1=0", "S1=300", "S1=241,1", "S1=241,nan,3"])
def test_a_site_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no site"):
        _site(text, plan().flights[0].task.links)


@pytest.mark.parametrize("through_air", [True, False])
def test_a_frame_that_a_service_falls_over_ends_no_flight(
    through_air: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    class Weak:
        def heard(self, message: Message, sender: object, now: object) -> tuple[()]:
            if message.name == "SET_MODE":
                raise KeyError("there is no such mode")
            return ()

        def due(self, now: object) -> tuple[()]:
            return ()

    async def story(air: Air) -> None:
        air.line.crew[0].switchboard.services.insert(0, Weak())
        await air.fly(1.0)
        await air.send("SET_MODE", {"target_system": 1})
        assert await air.ask(520) == [0]
        assert air.line.faults == 1

    flown(story, None, through_air)
    assert "SET_MODE of 241" in capsys.readouterr().err


def over_satellite(air: Air, sight: bool = False) -> None:
    """The line of sight is gone, or not; the satellite works."""
    state = State((-20.0, 12.0), (sight, True), 1 if sight else SATELLITE, (0.04, 0.6), (0.0, 0.0))
    air.line.radio.reception.state = lambda k, site: state  # type: ignore[union-attr,method-assign]


def test_over_the_satellite_goes_every_second_what_a_pilot_flies_by_and_no_other_stream() -> None:
    async def story(air: Air) -> None:
        over_satellite(air)
        await air.fly(3.0)
        count = Counter(message.name for message in await air.fly(20.0))
        assert count["HIGH_LATENCY2"] == pytest.approx(20, abs=3)
        assert count["ATTITUDE"] == pytest.approx(20, abs=3)
        assert count["HEARTBEAT"] >= 17
        assert {"SAMRUK_MODE", "SAMRUK_FUEL", "SAMRUK_LINKS"} <= set(count)
        assert not {"GLOBAL_POSITION_INT", "VFR_HUD", "SYS_STATUS"} & set(count)

    flown(story, None, True)


def test_high_latency_says_where_the_aircraft_is() -> None:
    async def story(air: Air) -> None:
        wide = next(m for m in await air.fly(3.0) if m.name == "GLOBAL_POSITION_INT")
        over_satellite(air)
        thin = next(m for m in await air.fly(4.0) if m.name == "HIGH_LATENCY2")
        assert abs(thin.latitude - wide.lat) < 100  # parked: 1e-5 deg, 1 m
        assert abs(thin.longitude - wide.lon) < 100
        assert thin.altitude == pytest.approx(1e-3 * wide.alt, abs=6.0)  # barometer against satellites

    flown(story, None, True)


def test_a_command_is_answered_over_the_satellite_after_its_delay_and_no_sooner() -> None:
    async def story(air: Air) -> None:
        over_satellite(air)
        await air.fly(3.0)
        fields = {"command": 520, "target_system": 1, "target_component": 1}
        await air.send("COMMAND_LONG", fields)
        assert not [m for m in await air.fly(1.0) if m.name == "COMMAND_ACK"]  # twice 0.6 s
        assert [m.result for m in await air.fly(2.0) if m.name == "COMMAND_ACK"] == [0]

    flown(story, None, True)


def test_the_bearer_is_told_and_chosen_by_hand() -> None:
    async def story(air: Air) -> None:
        over_satellite(air, sight=True)
        links = [m for m in await air.fly(6.0) if m.name == "SAMRUK_LINKS"]
        assert (links[-1].active, links[-1].chosen) == (1, NONE)
        assert links[-1].up == 3
        await air.ask(52106, param1=2.0)
        links = [m for m in await air.fly(6.0) if m.name == "SAMRUK_LINKS"]
        assert (links[-1].active, links[-1].chosen) == (2, 2)

    flown(story, None, True)


def test_each_command_is_carried_out_once_however_often_its_frame_comes() -> None:
    async def story(air: Air) -> None:
        spoilt = {"param1": 0.0, "param2": 0.0, "param3": 0.0, "param4": 0.0, "param5": 0.0}
        assert await air.ask(52105, None, **spoilt, param6=100.0, param7=50.0) == [0]
        heard = Counter(message.sequence for message in await air.fly(3.0) if message.name == "HEARTBEAT")
        assert max(heard.values()) == 2  # every frame twice

    flown(story, None, True, instructor=True)


def links(heard: list[Message]) -> Message:
    """The last word on the links."""
    return [message for message in heard if message.name == "SAMRUK_LINKS"][-1]


def test_the_satellite_takes_over_and_with_both_gone_the_lost_link_plan_begins_at_its_time() -> None:
    """One aircraft in the air, one station in command; an instructor takes the line of sight away, then everything."""

    async def story(air: Air) -> None:
        live = air.line.live
        air.line.pace, live.speed = Pace(8.0), 8.0

        async def fly(seconds: float) -> list[Message]:
            """Simulated seconds, with a heartbeat of the station in every second of the wall."""
            heard: list[Message] = []
            for _ in range(math.ceil(seconds / 8.0)):
                await air.send("HEARTBEAT", {"type": 6, "autopilot": 8, "system_status": 4, "mavlink_version": 3})
                heard += await air.fly(1.0)
            return heard

        await fly(60.0)
        assert await air.ask(32100, param2=1.0, param4=float(STATION)) == [0]
        live.order(0, OrderKind.ENGINE, x=1.0)
        await fly(100.0)
        live.order(0, OrderKind.TAKE_OFF, altitude=1500.0)
        heard = await fly(600.0)
        assert live.picture(0).estimate.height_agl > 300.0
        assert (links(heard).active, links(heard).up) == (1, 3)
        await air.ask(52105, param2=1.0, param3=100.0)
        heard = await fly(80.0)
        assert (links(heard).active, links(heard).up) == (2, 2)
        assert Counter(message.name for message in heard)["HIGH_LATENCY2"] >= 8
        assert await air.ask(520) == [0]
        assert math.isnan(links(heard).lost_link_in)
        mode = live.picture(0).mode
        await air.ask(52105, param3=100.0, param5=250.0)
        limit = float(live.flights[0].task.rules.lost_link_time)
        assert await fly(limit - 40.0) == []
        assert live.picture(0).mode == mode
        assert await fly(60.0) == []
        assert live.picture(0).reason == Reason.LINK
        heard = await fly(200.0)
        assert links(heard).active != NONE
        assert live.picture(0).reason == Reason.LINK  # nobody commands: the plan goes on until someone asks
        assert await air.ask(32100, param2=1.0, param4=float(STATION)) == [0]
        await fly(16.0)
        assert live.link_age(0) < 2.0

    flown(story, None, True, instructor=True)
