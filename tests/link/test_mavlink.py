"""The codec against pymavlink, message by message and both ways, and against bytes that mean harm."""

from __future__ import annotations

import math
import random
import struct
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk.errors import InputError
from samruk.link import mavlink
from samruk.link.mavlink import (
    MESSAGES,
    Definition,
    Field,
    Keyring,
    Parser,
    Signer,
    Verifier,
    encode,
    read_key,
    tlog,
    write_key,
)  # fmt: skip
from samruk.link.mavlink.definitions import RANGES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pymavlink.dialects.v20 import development as peer

OWN = {name for name, each in MESSAGES.items() if each.number == 512 or each.number >= 52000}
NEWER = {"COMPONENT_METADATA", "FUEL_STATUS", "MISSION_ACK", "MISSION_COUNT", "MISSION_CURRENT", "PROTOCOL_VERSION"}
"""Newer in MAVLink than in this pymavlink (tools/mavlink_newer.xml)."""
UNKNOWN = {"FUEL_STATUS", "PROTOCOL_VERSION"}
"""Not in this pymavlink at all."""
THEIRS = sorted(set(MESSAGES) - OWN - NEWER - UNKNOWN)


class Pipe:
    """Where pymavlink writes."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


def number(rng: random.Random, each: Field) -> Any:
    if each.code in "fd":
        value = rng.choice([0.0, rng.uniform(-1e6, 1e6), rng.uniform(-1.0, 1.0)])
        return struct.unpack("<f", struct.pack("<f", value))[0] if each.code == "f" else value
    low, high = RANGES[each.code]
    return rng.choice([0, low, high, rng.randint(low, high)])


def anything(rng: random.Random, definition: Definition) -> dict[str, Any]:
    """Fields of random numbers."""
    values: dict[str, Any] = {}
    for each in definition.fields:
        if each.is_text:
            values[each.name] = "".join(rng.choice("abcXYZ 019_") for _ in range(rng.randint(0, max(each.length, 1))))
        elif each.length:
            values[each.name] = tuple(number(rng, each) for _ in range(each.length))
        else:
            values[each.name] = number(rng, each)
    return values


def to_peer(values: dict[str, Any], definition: Definition) -> dict[str, Any]:
    texts = {each.name for each in definition.fields if each.is_text}
    return {name: value.encode() if name in texts else value for name, value in values.items()}


def told(message: Any, definition: Definition) -> dict[str, Any]:
    """What pymavlink read, as we tell it."""
    values = {}
    for each in definition.fields:
        value = getattr(message, each.name)
        values[each.name] = tuple(value) if each.length and not each.is_text else value
    return values


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", THEIRS)
def test_pymavlink_reads_what_we_write_and_we_read_what_it_writes(name: str) -> None:
    definition, rng = MESSAGES[name], random.Random(name)
    kind = peer.mavlink_map[definition.number]
    assert kind.crc_extra == definition.seed
    for trial in range(8):
        values = anything(rng, definition)
        ours = encode(name, values, system=3, component=7, sequence=trial)
        pipe = Pipe()
        link = peer.MAVLink(pipe, srcSystem=3, srcComponent=7)
        link.seq = trial
        link.send(kind(**to_peer(values, definition)))
        assert ours == pipe.data
        read = peer.MAVLink(Pipe()).parse_buffer(bytearray(ours))
        assert read is not None
        assert told(read[0], definition) == values
        frames = Parser().feed(pipe.data)
        assert [f.message.values for f in frames] == [values]
        assert (frames[0].system, frames[0].message.component, frames[0].message.sequence) == (3, 7, trial)


@pytest.mark.parametrize("name", sorted(name for name in NEWER if MESSAGES[name].number in peer.mavlink_map))
def test_what_pymavlink_knows_of_newer_messages_is_the_same(name: str) -> None:
    kind = peer.mavlink_map[MESSAGES[name].number]
    assert kind.crc_extra == MESSAGES[name].seed
    assert set(kind.fieldnames) < {each.name for each in MESSAGES[name].fields}


@pytest.mark.parametrize("name", sorted(OWN | NEWER))
def test_our_own_messages_come_back(name: str) -> None:
    definition, rng = MESSAGES[name], random.Random(name)
    for _ in range(8):
        values = anything(rng, definition)
        assert Parser().feed(encode(name, values, system=9))[0].message.values == values
    assert definition.size <= 255


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mavlink_1_is_understood() -> None:
    pipe = Pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymavlink.dialects.v10 import common as old
    link = old.MAVLink(pipe, srcSystem=255, srcComponent=190)
    link.send(link.heartbeat_encode(6, 8, 0, 0, 4))
    message = Parser().feed(pipe.data)[0].message
    assert (message.name, message.system, message.type) == ("HEARTBEAT", 255, 6)


def test_almost_all_public_messages_are_compared() -> None:
    assert len(THEIRS) > 205
    assert {name for name in OWN if not name.startswith("SAMRUK")} == {"CONTROL_STATUS"}


def test_the_checksum_is_that_of_the_catalogue() -> None:
    """CRC-16/MCRF4XX of "123456789" is 0x6F91 (Greg Cook's catalogue)."""
    from fastcrc.crc16 import mcrf4xx

    assert mcrf4xx(b"123456789") == 0x6F91


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_no_bytes_make_it_fall(data: bytes) -> None:
    Parser().feed(data)
    Parser().datagram(data)


@given(st.binary(max_size=100), st.integers(1, 30), st.integers(0, 2**31))
@settings(max_examples=100, deadline=None)
def test_a_frame_behind_garbage_is_found(garbage: bytes, piece: int, seed: int) -> None:
    """Whatever stands before, after as many bytes as the longest frame has the next true frames are read."""
    good = encode("ATTITUDE", anything(random.Random(seed), MESSAGES["ATTITUDE"]), system=1)
    stream = garbage + good * 12
    parser, found = Parser(), []
    for start in range(0, len(stream), piece):
        found += parser.feed(stream[start : start + piece])
    assert sum(f.raw == good for f in found) >= 4


def mutated(rng: random.Random, frame: bytes) -> bytes:
    raw = bytearray(frame)
    for _ in range(rng.randint(1, 4)):
        kind = rng.randrange(4)
        if kind == 0 and raw:
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        elif kind == 1 and raw:
            del raw[rng.randrange(len(raw)) :]
        elif kind == 2:
            raw[rng.randint(0, len(raw)) :] = rng.randbytes(rng.randint(0, 300))
        else:
            raw += frame
    return bytes(raw)


def fuzz(count: int) -> None:
    rng, parser, names = random.Random(1), Parser(), sorted(MESSAGES)
    frames = [encode(name, anything(rng, MESSAGES[name]), system=1) for name in names]
    for _ in range(count):
        for frame in parser.feed(mutated(rng, rng.choice(frames))):
            assert frame.message.name in MESSAGES
        assert len(parser._waiting) <= 4096


def test_spoilt_frames_do_no_harm() -> None:
    fuzz(20_000)


@pytest.mark.slow
def test_a_million_spoilt_frames_do_no_harm() -> None:
    fuzz(1_000_000)


def test_a_flipped_bit_is_noticed() -> None:
    good = encode("HEARTBEAT", {"custom_mode": 77, "type": 1}, system=1)
    for place in range(1, len(good)):
        for bit in range(8):
            raw = bytearray(good)
            raw[place] ^= 1 << bit
            assert Parser().feed(bytes(raw)) == []


@pytest.mark.parametrize(
    ("name", "fields"), [("NO_SUCH", {}), ("ATTITUDE", {"roll": "x"}), ("HEARTBEAT", {"type": math.nan})]
)
def test_what_cannot_be_sent_is_said(name: str, fields: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        encode(name, fields, system=1)


def test_numbers_beyond_their_field_are_held_at_its_end() -> None:
    message = Parser().feed(encode("VFR_HUD", {"throttle": 1e9, "heading": -40000}, system=1))[0].message
    assert (message.throttle, message.heading) == (65535, -32768)


# Signatures -----------------------------------------------------------------------------------------------------------

KEY = bytes(range(32))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pymavlink_takes_our_signature_and_we_take_its() -> None:
    signer = Signer(KEY, link=2).at(1.8e9)
    ours = encode("HEARTBEAT", {"type": 1}, system=5, signer=signer)
    reader = peer.MAVLink(Pipe())
    reader.signing.secret_key, reader.signing.timestamp = KEY, signer.time - 10
    assert reader.parse_buffer(bytearray(ours))[0].type == 1
    pipe = Pipe()
    writer = peer.MAVLink(pipe, srcSystem=6, srcComponent=1)
    writer.signing.secret_key, writer.signing.sign_outgoing, writer.signing.timestamp = KEY, True, signer.time + 5
    writer.send(peer.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
    frame = Parser().feed(pipe.data)[0]
    verifier = Verifier(KEY, signer.time)
    assert verifier.good(frame.raw)
    assert not verifier.good(frame.raw)  # said again


def test_a_signature_holds_for_its_frame_its_key_and_once() -> None:
    signer, verifier = Signer(KEY).at(1.8e9), Verifier(KEY)
    first, second = (encode("HEARTBEAT", {"type": k}, system=5, signer=signer) for k in (1, 2))
    assert verifier.good(second)
    assert not verifier.good(first)  # older than what was heard
    assert not Verifier(bytes(32)).good(first)
    for place in range(len(first)):
        spoilt = bytearray(first)
        spoilt[place] ^= 1
        assert not Verifier(KEY).good(bytes(spoilt))
    assert not Verifier(KEY).good(encode("HEARTBEAT", {}, system=5))


def test_a_new_stream_from_the_past_is_refused() -> None:
    verifier = Verifier(KEY)
    assert verifier.good(encode("HEARTBEAT", {}, system=5, signer=Signer(KEY).at(1.8e9)))
    assert not verifier.good(encode("HEARTBEAT", {}, system=6, signer=Signer(KEY).at(1.8e9 - 61.0)))
    assert verifier.good(encode("HEARTBEAT", {}, system=7, signer=Signer(KEY).at(1.8e9 - 59.0)))


# Logs -----------------------------------------------------------------------------------------------------------------


def test_pymavlink_reads_our_log(tmp_path: Any) -> None:
    from pymavlink import mavutil

    place = tmp_path / "flight.tlog"
    with place.open("wb") as file:
        for k in range(20):
            tlog.write(file, 1_800_000_000_000_000 + 100_000 * k, encode("HEARTBEAT", {"custom_mode": k}, system=1))
        file.write(b"\0" * 5)  # torn
    back = list(tlog.read(place.read_bytes()))
    assert [(us - 1_800_000_000_000_000) // 100_000 for us, _ in back] == list(range(20))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        log = mavutil.mavlink_connection(str(place))
        seen = []
        while (message := log.recv_match(type="HEARTBEAT")) is not None:
            seen.append((message.custom_mode, message._timestamp))
        log.close()
    assert [mode for mode, _ in seen] == list(range(20))
    assert seen[3][1] == pytest.approx(1_800_000_000.3)


def test_the_numbers_of_enums_are_mavlinks() -> None:
    assert mavlink.enums.MAV_CMD.NAV_WAYPOINT == 16
    assert mavlink.enums.MAV_RESULT.NOT_IN_CONTROL == 10
    for name in ("MAV_CMD", "MAV_RESULT", "MAV_MISSION_RESULT", "MAV_SEVERITY", "MAV_STATE"):
        ours = {int(each) for each in getattr(mavlink.enums, name).__members__.values()}
        theirs = {n for n, entry in peer.enums[name].items() if not entry.name.endswith("ENUM_END")}
        assert theirs <= ours, name


@given(st.permutations(range(40)), st.sets(st.integers(0, 39)))
@settings(max_examples=60, deadline=None)
def test_where_frames_may_come_late_each_is_good_once(order: list[int], again: set[int]) -> None:
    signer, verifier = Signer(KEY).at(1.8e9), Verifier(KEY, late=1.0)
    frames = [encode("HEARTBEAT", {"custom_mode": k}, system=5, signer=signer) for k in range(40)]
    verifier.good(encode("HEARTBEAT", {}, system=5, signer=Signer(KEY).at(1.8e9 - 0.5)))
    assert [verifier.good(frames[k]) for k in order] == [True] * 40
    assert not any(verifier.good(frames[k]) for k in again)


def test_a_frame_later_than_allowed_is_refused() -> None:
    verifier = Verifier(KEY, late=1.0)
    old = encode("HEARTBEAT", {"custom_mode": 1}, system=5, signer=Signer(KEY).at(1.8e9 - 1.1))
    assert verifier.good(encode("HEARTBEAT", {}, system=5, signer=Signer(KEY).at(1.8e9)))
    assert not verifier.good(old)


def test_what_is_remembered_of_a_stream_is_bounded_and_nothing_is_good_twice() -> None:
    signer, verifier = Signer(KEY).at(1.8e9), Verifier(KEY, late=1e3)
    frames = [encode("HEARTBEAT", {"custom_mode": k}, system=5, signer=signer) for k in range(1000)]
    assert all(verifier.good(each) for each in frames)
    assert not any(verifier.good(each) for each in frames)
    assert all(len(each) <= 128 for each in verifier._used.values())


def test_a_parser_tells_what_was_signed() -> None:
    signer = Signer(KEY).at(1.8e9)
    raw = encode("HEARTBEAT", {}, system=5, signer=signer)
    parser, unsigned = Parser(verifier=Verifier(KEY)), encode("HEARTBEAT", {}, system=5)
    assert [f.message.signed for f in parser.feed(raw + raw + unsigned)] == [True, False, False]


def test_a_keyring_hears_another_and_nothing_from_before_its_start() -> None:
    now = [1.8e9]
    before = encode("HEARTBEAT", {}, system=5, signer=Keyring(KEY, clock=lambda: 1.8e9 - 61.0).signer())
    ours, theirs = Keyring(KEY, clock=lambda: now[0]), Keyring(KEY, clock=lambda: now[0])
    out = [theirs.signer(), theirs.signer()]
    frames = [encode("HEARTBEAT", {"custom_mode": k}, system=5, signer=out[k % 2]) for k in range(10)]
    assert not ours.verifier.good(before)
    assert all(ours.verifier.good(each) for each in frames)
    now[0] += 3600.0
    assert ours.verifier.good(encode("HEARTBEAT", {}, system=5, signer=out[0]))


def test_a_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    assert write_key(file) == read_key(file)
    file.chmod(0o644)
    with pytest.raises(InputError, match="others can read"):
        read_key(file)
    file.chmod(0o600)
    file.write_text("abc")
    with pytest.raises(InputError, match="no signing key"):
        read_key(file)


def test_an_oversized_datagram_is_dropped_unread() -> None:
    parser, good = Parser(), encode("HEARTBEAT", {}, system=1)
    assert len(parser.datagram(good * (9000 // len(good)))) == 9000 // len(good)
    assert parser.datagram(good * 5000) == []
    assert parser.counts.garbage == 5000 * len(good)
    assert len(parser.datagram(good)) == 1


def test_a_text_keeps_the_bytes_that_came_and_no_field_is_hidden() -> None:
    def heard(name: str, **fields: Any) -> mavlink.Message:
        (frame,) = Parser().datagram(encode(name, fields, system=1))
        return frame.message

    cut = "a letter ğ".encode()[:-1]
    text = heard("STATUSTEXT", severity=4, text=cut, id=1, chunk_seq=2)
    assert (text.octets("text"), text.text) == (cut, "a letter \ufffd")
    assert heard("PARAM_SET", param_id="ALT", param_value=1.0).octets("param_id") == b"ALT"
    assert heard("FILE_TRANSFER_PROTOCOL", payload=b"\1\2").payload[:3] == (1, 2, 0)
    with pytest.raises(AttributeError, match="no field nothing"):
        text.octets("nothing")
