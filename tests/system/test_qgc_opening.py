"""The conversation with which QGroundControl opens, over links that lose: everything arrives.

The script asks a whole aircraft as that station does, in its order: versions, modes and metadata (a burst over FTP, its
gaps read again), the list of parameters (what is missing asked for by number) and their checksum, the three plans, the
gimbal and camera, streams. The frames are real ones: encoded, sent over a path that loses, delays and repeats, parsed.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.vehicle.protocol_path import Path

from samruk import load
from samruk.link.mavlink import Parser, encode
from samruk.rules.items import Cmd, Item, Kind, at
from samruk.vehicle.assembly import assemble
from samruk.vehicle.ftp import FRAME, HEADER, Ftp, Op, crc32
from samruk.vehicle.live import Live
from samruk.vehicle.metadata import files
from samruk.vehicle.missions import Missions
from samruk.vehicle.parameters import HASH, Parameter, Parameters, unpacked
from samruk.vehicle.service import Now, Outgoing, Sender, Switchboard, meant

STEP, PATIENCE = 0.05, 0.5
GCS = Sender(255, 190)

TABLE = [
    Parameter(f"SAM_TEST_{k}", 0.5 * k - 3, f"Test value {k}", "Test", "m", -100.0, 1000.0, k % 2 == 0,
              act=lambda value: None)
    for k in range(0, 160, 2)
] + [Parameter("COM_FLTMODE1", -1.0, "A whole number below zero", whole=True)]  # fmt: skip
PLANS = {
    Kind.MISSION: tuple(at(Cmd.NAV_WAYPOINT, 0.89, 1.24 + 1e-4 * k, 1000.0 + k) for k in range(40)),
    Kind.FENCE: tuple(
        Item(Cmd.FENCE_POLYGON_INCLUSION, 0, (4.0, 0.0, 0.0, 0.0), 510_000_000 + 9 * k, 710_000_000 + 7 * k * k)
        for k in range(4)
    ),
    Kind.RALLY: (Item(Cmd.NAV_RALLY_POINT, 3, x=510_000_000, y=710_000_000, z=120.0),),
}


class Station:
    """A station's end: asks until it is answered, and counts how often."""

    def __init__(self, services: Switchboard, loss: float, seed: int) -> None:
        self.services = services
        self.up, self.down = (Path(seed + k, loss, 0.02, 0.08) for k in (0, 1))
        self.time, self.asked, self.sequence = 0.0, 0, 0
        self.aboard, self.ashore = Parser(), Parser()
        self.heard: list[Any] = []

    def say(self, name: str, fields: dict[str, Any]) -> None:
        self.asked += 1
        self.sequence += 1
        everyone = {"target_system": 1, "target_component": 1}
        self.up.send(encode(name, everyone | fields, system=255, component=190, sequence=self.sequence), self.time)

    def pass_time(self) -> None:
        """One turn of both ends."""
        self.time += STEP
        now = Now(wall=self.time)

        def send(out: Outgoing) -> None:
            self.sequence += 1
            self.down.send(encode(out.name, out.fields, system=1, sequence=self.sequence), self.time)

        def aboard(data: bytes) -> None:
            for frame in self.aboard.feed(data):
                assert meant(frame.message, 1)
                for out in self.services.heard(frame.message, GCS, now):
                    send(out)

        self.up.arrived(self.time, aboard)
        for out in self.services.due(now):
            send(out)
        self.down.arrived(self.time, lambda data: self.heard.extend(f.message for f in self.ashore.feed(data)))

    def ask(
        self, name: str, fields: dict[str, Any], wanted: Callable[[Any], bool], patience: float = PATIENCE
    ) -> Any:
        """Say until something is answered; as often as a station does."""
        for _ in range(12):
            self.heard.clear()
            self.say(name, fields)
            end = self.time + patience
            while self.time < end:
                self.pass_time()
                for message in self.heard:
                    if wanted(message):
                        return message
        raise AssertionError(f"{name} {fields} was never answered")


class Files:
    """A station's file client."""

    def __init__(self, station: Station) -> None:
        self.station, self.sequence = station, 0

    def ask(self, opcode: int, data: bytes = b"", session: int = 0, offset: int = 0, size: int | None = None) -> Any:
        self.sequence += 2
        number = self.sequence
        head = HEADER.pack(number, session, opcode, len(data) if size is None else size, 0, 0, 0, offset)
        payload = (head + data).ljust(FRAME, b"\0")

        def mine(message: Any) -> bool:
            named: bool = message.name == "FILE_TRANSFER_PROTOCOL"
            return named and HEADER.unpack_from(bytes(message.payload))[0] == number + 1

        found = bytes(self.station.ask("FILE_TRANSFER_PROTOCOL", {"payload": payload}, mine).payload)
        _, number_of, answer, length, _, _, _, _ = HEADER.unpack_from(found)
        return answer, number_of, found[HEADER.size : HEADER.size + length]

    def fetch(self, path: str) -> bytes:
        """Open, one burst, then what was lost of it piece by piece; close."""
        answer, session, data = self.ask(Op.OPEN_READ, path.encode())
        assert answer == Op.ACK, path
        (size,) = struct.unpack("<I", data)
        parts = self.burst(session, size)
        for offset in range(0, size, 239):
            if offset not in parts:
                answer, _, data = self.ask(Op.READ, session=session, offset=offset, size=239)
                assert answer == Op.ACK
                parts[offset] = data
        assert self.ask(Op.TERMINATE, session=session)[0] == Op.ACK
        return b"".join(parts[offset] for offset in sorted(parts))

    def burst(self, session: int, size: int) -> dict[int, bytes]:
        """What comes of bursts over a whole file."""
        parts: dict[int, bytes] = {}
        for begin in range(0, size, 239 * 60):
            self.sequence += 2
            head = HEADER.pack(self.sequence, session, Op.BURST, 239, 0, 0, 0, begin)
            self.station.heard.clear()
            self.station.say("FILE_TRANSFER_PROTOCOL", {"payload": head.ljust(FRAME, b"\0")})
            for _ in range(40):
                self.station.pass_time()
            for message in self.station.heard:
                if message.name == "FILE_TRANSFER_PROTOCOL":
                    raw = bytes(message.payload)
                    _, _, answer, length, asked, _, _, offset = HEADER.unpack_from(raw)
                    if (answer, asked) == (Op.ACK, Op.BURST):
                        parts[offset] = raw[HEADER.size : HEADER.size + length]
            self.sequence += 80
        return parts


def one(name: str, **fields: int) -> Callable[[Any], bool]:
    """Whether a message is this one."""
    return lambda m: m.name == name and all(getattr(m, field) == value for field, value in fields.items())


def parameters(station: Station, count: int) -> dict[str, float]:
    """The list, then what is missing by number, then the checksum."""
    found: dict[int, Any] = {}
    station.heard.clear()
    station.say("PARAM_REQUEST_LIST", {})
    for _ in range(80):
        station.pass_time()
    for message in station.heard:
        if message.name == "PARAM_VALUE" and message.param_index != 65535:
            found[message.param_index] = message
            assert message.param_count == count
    for k in range(count):
        if k not in found:
            asked = {"param_index": k, "param_id": ""}
            found[k] = station.ask("PARAM_REQUEST_READ", asked, one("PARAM_VALUE", param_index=k))
    return {m.param_id: unpacked(m.param_value, m.param_type == 6) for m in found.values()}


def plan(station: Station, kind: Kind) -> list[Any]:
    """A download as stations do it."""
    number = int(kind)
    asked = {"mission_type": number}
    count = station.ask("MISSION_REQUEST_LIST", asked, one("MISSION_COUNT", **asked)).count
    items = [
        station.ask("MISSION_REQUEST_INT", asked | {"seq": k}, one("MISSION_ITEM_INT", **asked, seq=k))
        for k in range(count)
    ]
    station.say("MISSION_ACK", {"mission_type": number, "type": 0})
    return items


def services() -> Iterator[Any]:
    held = Parameters(TABLE)
    yield held
    yield Ftp(lambda: files(held.table))
    yield Missions(stored=dict(PLANS))


def command(station: Station, number: int, wanted: Callable[[Any], bool], *params: float) -> Any:
    """A command, until what it asks for has come."""
    fields = {"command": number} | {f"param{k}": value for k, value in enumerate(params, 1)}
    return station.ask("COMMAND_LONG", fields, wanted, patience=1.1)


@pytest.fixture(scope="module")
def live() -> Live:
    found = Live(load.mission("circuit"), [0])
    found.advance(20)
    return found


@pytest.mark.parametrize("loss", [0.0, 0.02, 0.1])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everything_arrives(live: Live, loss: float, seed: int) -> None:
    whole = assemble(live, 0, 1)
    whole.telemetry.open("")
    whole.missions.plans.update(PLANS)
    station = Station(whole.switchboard, loss, 10 * seed)
    client = Files(station)
    for _ in range(40):
        station.pass_time()
    assert any(m.name == "HEARTBEAT" and m.autopilot == 12 and m.type == 1 for m in station.heard)
    version = command(station, 512, one("AUTOPILOT_VERSION"), 148.0)
    assert version.capabilities & (4 | 8 | 16 | 32 | 8192 | 16384 | 32768) == 4 | 8 | 16 | 32 | 8192 | 16384 | 32768
    command(station, 512, one("PROTOCOL_VERSION"), 300.0)
    count = command(station, 512, one("AVAILABLE_MODES", mode_index=1), 435.0, 1.0).number_modes
    for k in range(2, count + 1):
        assert command(station, 512, one("AVAILABLE_MODES", mode_index=k), 435.0, float(k)).mode_name
    told = command(station, 512, one("COMPONENT_METADATA"), 397.0)
    general = client.fetch(told.uri)
    assert crc32(general) == told.file_crc
    entry = json.loads(general)["metadataTypes"][0]
    body = client.fetch(entry["uri"])
    assert crc32(body) == entry["fileCrc"]
    described = {each["name"]: each for each in json.loads(body)["parameters"]}
    held = whole.parameters
    values = parameters(station, len(held.table))
    assert values == {each.name: pytest.approx(each.default, rel=1e-6) for each in held.table}  # a float32 each
    assert set(values) == set(described)
    asked = {"param_id": HASH, "param_index": -1}
    checksum = station.ask("PARAM_REQUEST_READ", asked, lambda m: m.name == "PARAM_VALUE" and m.param_id == HASH)
    assert struct.unpack("<I", struct.pack("<f", checksum.param_value))[0] == held.hash()
    for kind, items in PLANS.items():
        seen = plan(station, kind)
        assert [(m.command, m.x, m.y, m.z) for m in seen] == [(i.command, i.x, i.y, i.z) for i in items]
    command(station, 512, one("GIMBAL_MANAGER_INFORMATION"), 280.0)
    for number in (259, 269):  # camera and video: there is none that makes pictures, and it says so
        assert command(station, 512, one("COMMAND_ACK", command=512), float(number)).result in (0, 3)
    for number, interval in ((30, 100_000.0), (33, 200_000.0), (74, 500_000.0)):
        assert command(station, 511, one("COMMAND_ACK", command=511), float(number), interval).result == 0


def test_the_checksum_is_that_of_the_guide() -> None:
    """Begins with 0 and is not inverted: the bytes of zlib's with both inversions taken away."""
    value = 0
    for byte in b"samruk":
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    assert crc32(b"samruk") == value != zlib.crc32(b"samruk")
    assert crc32(b"ruk", crc32(b"sam")) == value


def test_paths_lead_nowhere_else() -> None:
    station = Station(Switchboard(1, list(services())), 0.0, 1)
    client = Files(station)
    for path in ("/etc/passwd", "../general.json", "/scratch/../../etc/passwd", "general.json/..", "\\..\\x", "//"):
        assert client.ask(Op.OPEN_READ, path.encode())[0] == Op.NAK
    for opcode in (Op.CREATE, Op.REMOVE, Op.RENAME, Op.TRUNCATE, Op.REMOVE_FOLDER, Op.CREATE_FOLDER, Op.OPEN_WRITE):
        assert client.ask(opcode, b"/general.json\0/scratch/x")[0] == Op.NAK
    assert client.ask(99)[2] == b"\x07"


def test_a_file_is_written_read_back_and_removed_in_the_scratch_folder_only() -> None:
    station = Station(Switchboard(1, list(services())), 0.05, 3)
    client = Files(station)
    body = bytes(range(256)) * 4
    session = client.ask(Op.CREATE, b"/scratch/a.bin")[1]
    for offset in range(0, len(body), 200):
        assert client.ask(Op.WRITE, body[offset : offset + 200], session, offset)[0] == Op.ACK
    assert client.ask(Op.TERMINATE, session=session)[0] == Op.ACK
    assert client.ask(Op.LIST, b"/scratch")[2] == b"Fa.bin\t1024\0"
    assert client.fetch("/scratch/a.bin") == body
    assert struct.unpack("<I", client.ask(Op.CRC, b"/scratch/a.bin")[2])[0] == crc32(body)
    assert client.ask(Op.REMOVE, b"/scratch/a.bin")[0] == Op.ACK
    assert client.ask(Op.OPEN_READ, b"/scratch/a.bin")[2] == b"\x0a"


def test_folders_are_listed_with_and_without_time() -> None:
    station = Station(Switchboard(1, list(services())), 0.0, 3)
    client = Files(station)
    assert client.ask(Op.LIST, b"/")[2].split(b"\0")[0] == b"Dscratch"
    with_time = client.ask(Op.LIST_WITH_TIME, b"/")[2].split(b"\0")
    assert all(entry.count(b"\t") == 2 for entry in with_time if entry.startswith(b"F"))
    assert client.ask(Op.LIST, b"/", offset=3)[2] == b"\x06"
    assert client.ask(Op.LIST, b"/nowhere")[2] == b"\x0a"


def test_sessions_are_few_and_are_given_back() -> None:
    station = Station(Switchboard(1, list(services())), 0.0, 3)
    client = Files(station)
    answers = [client.ask(Op.OPEN_READ, b"/general.json")[0] for _ in range(9)]
    assert answers == [Op.ACK] * 8 + [Op.NAK]
    assert client.ask(Op.RESET)[0] == Op.ACK
    assert client.ask(Op.OPEN_READ, b"/general.json")[0] == Op.ACK
    assert client.ask(Op.READ, session=7, offset=0, size=10)[2] == b"\x04"
