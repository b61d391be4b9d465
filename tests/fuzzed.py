"""Frames and messages that nobody should send: mutated, random, and well-formed but greedy."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import msgspec

from samruk.link import mavlink
from samruk.station import wire
from samruk.station.commands import KINDS

GREEDY = ("COMMAND_LONG", "COMMAND_INT", "MISSION_COUNT", "MISSION_ITEM_INT", "MISSION_CLEAR_ALL", "PARAM_SET",
          "MISSION_SET_CURRENT", "SET_MODE", "MANUAL_CONTROL", "FILE_TRANSFER_PROTOCOL", "MISSION_WRITE_PARTIAL_LIST",
          "GIMBAL_MANAGER_SET_PITCHYAW", "PARAM_EXT_SET", "LOG_ERASE", "SET_GPS_GLOBAL_ORIGIN", "SAMRUK_SHOWN",
          "HEARTBEAT", "SYSTEM_TIME", "MISSION_REQUEST_LIST", "PARAM_REQUEST_LIST", "LOG_REQUEST_LIST",
          "SETUP_SIGNING")  # fmt: skip
"""Messages that would change something if they were let."""
COMMANDS = (16, 20, 21, 22, 34, 35, 43, 176, 178, 186, 189, 191, 192, 193, 195, 201, 223, 224, 241, 245, 246, 252, 262,
            300, 400, 401, 420, 510, 511, 512, 520, 1000, 1001, 2000, 2500, 5000, 32100, 43000, 43002, 43003, 52100,
            52101, 52102, 52103, 52104, 52105, 52106, 52107, 52108, 65535)  # fmt: skip
"""Commands that are worth trying."""
EDGES = (0.0, 1.0, -1.0, 2.0, 5.0, 21196.0, 1e9, -1e9, 3.4e38, 1e-40, float("nan"), float("inf"), float("-inf"))


def frames(seed: int, count: int, systems: tuple[int, ...]) -> Iterator[bytes]:
    """Bytes as they might come in one datagram.

    Args:
        seed: of all chance.
        count: how many.
        systems: ids that the frames claim to be from.
    """
    chance = random.Random(seed)
    names = [name for name in mavlink.MESSAGES if name in GREEDY] * 12 + list(mavlink.MESSAGES)
    for k in range(count):
        raw = _frame(chance, chance.choice(names), chance.choice(systems), k)
        wish = chance.random()
        if wish < 0.12:
            raw = _flipped(chance, raw)
        elif wish < 0.16:
            raw = raw[: chance.randrange(len(raw))]
        elif wish < 0.18:
            raw = chance.randbytes(chance.randrange(1, 400))
        yield raw


def _flipped(chance: random.Random, raw: bytes) -> bytes:
    """Some bytes are others."""
    data = bytearray(raw)
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _frame(chance: random.Random, name: str, system: int, k: int) -> bytes:
    """A frame of good form and wild content."""
    definition = mavlink.MESSAGES[name]
    fields = {each.name: _value(chance, each) for each in definition.fields}
    if "target_system" in fields:
        fields["target_system"] = chance.choice((1, 1, 1, 0, 2))
        fields["target_component"] = chance.choice((1, 1, 0, 154, 100, 190))
    if name in ("COMMAND_LONG", "COMMAND_INT"):
        fields["command"] = chance.choice(COMMANDS)
    if "mission_type" in fields:
        fields["mission_type"] = chance.choice((0, 0, 1, 2, 64, 255))
    if name == "MISSION_COUNT":
        fields["count"] = chance.choice((0, 1, 2, 60, 65535))
    if name == "HEARTBEAT":
        fields |= {"type": chance.choice((6, 1, 18)), "system_status": chance.choice((0, 3, 4))}
    return bytes(mavlink.encode(name, fields, system=system, component=chance.choice((1, 190, 191)), sequence=k & 255))


def _value(chance: random.Random, each: Any) -> Any:
    if each.is_text:
        return "".join(chance.choice(string.printable) for _ in range(chance.randrange(each.length + 1)))
    found = [_number(chance, each.kind) for _ in range(each.count)]
    return found if each.length else found[0]


def _number(chance: random.Random, kind: str) -> float:
    """Mostly small or at an edge of its type."""
    if kind in ("float", "double"):
        return chance.choice(EDGES) if chance.random() < 0.5 else chance.uniform(-400.0, 4000.0)
    bits = 8 * int("".join(letter for letter in kind if letter.isdigit()) or 8) // 8
    low, high = (0, 2**bits - 1) if kind.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return chance.choice((low, high, 0, 1, 2, chance.randrange(low, high + 1), chance.randrange(0, 100)))


TAGS = ("command", "upload", "check", "download", "authority", "accept_difference", "acknowledge", "tick",
        "open_checklist", "set_language", "select", "set_replay", "instructor", "get_parameters", "set_parameter",
        "hello", "nothing")  # fmt: skip
KEYS = ("id", "sysid", "kind", "latitude", "longitude", "altitude", "airspeed", "heading", "leg", "field", "value",
        "items", "step", "loi", "to", "confirmed", "index", "alarm", "checklist", "item", "done", "open", "language",
        "on", "at_ms", "rate", "what", "key", "part", "start_s", "duration_s", "name", "azimuth", "elevation",
        "__class__")
WORDS = ("take_off", "land", "hold", "arm", "mission", "fence", "lost_link", "request", "override", "transfer",
         "engine", "failure", "link", "en", "tr", "xx", "../../etc/passwd", "<script>", "", "S1", "\x00",
         "ü" * 50)  # fmt: skip


def messages(seed: int, count: int) -> Iterator[str | bytes]:
    """What a browser might send that is none, or one that has gone mad."""
    chance = random.Random(seed)
    for _ in range(count):
        text = json.dumps(_message(chance) if chance.random() < 0.4 else _of_the_wire(chance))
        wish = chance.random()
        if wish < 0.1:
            yield text[: chance.randrange(len(text))]
        elif wish < 0.2:
            place = chance.randrange(len(text))
            yield text[:place] + chance.choice(string.printable) + text[place + 1 :]
        elif wish < 0.23:
            yield chance.randbytes(chance.randrange(100))
        else:
            yield text


def _of_the_wire(chance: random.Random) -> dict[str, Any]:
    """A message of good form and wild content."""
    kind = chance.choice(get_args(wire.Asked))
    given = {"t": kind.__struct_config__.tag}
    for each in msgspec.structs.fields(kind):
        if each.required or chance.random() < 0.7:
            given[each.encode_name] = _typed(chance, each.name, each.type)
    return given


def _typed(chance: random.Random, name: str, kind: Any) -> Any:
    """A value that the type lets through, mostly."""
    options = get_args(kind)
    if name == "sysid":
        return chance.choice((1, 1, 1, 2, 255))
    if name == "kind" and kind is str:
        return chance.choice(sorted(KINDS))
    if get_origin(kind) is Literal:
        return chance.choice(options)
    if get_origin(kind) is list:
        return [_typed(chance, "", options[0]) for _ in range(chance.choice((0, 1, 2, 5)))]
    if options and get_origin(kind) is not tuple:
        return _typed(chance, name, chance.choice([each for each in options if each is not type(None)] or [str]))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {each.encode_name: _typed(chance, each.name, each.type) for each in msgspec.structs.fields(kind)
                if each.required or chance.random() < 0.7}  # fmt: skip
    if kind is bool:
        return chance.random() < 0.5
    if kind is int:
        return chance.choice((0, 1, 2, 3, 4, 5, 16, 21, 22, 82, 241, 242, -1, 2**31))
    if kind is float:
        return chance.choice((0.0, 0.89, 1.247, 900.0, 30.0, -1.0, 1e9, -1e308, 1e-320))
    return chance.choice(WORDS) if kind is str else _json(chance, 2)


def _message(chance: random.Random) -> Any:
    if chance.random() < 0.03:
        return _json(chance, 3)
    given = {key: _json(chance, 2) for key in chance.sample(KEYS, chance.randrange(8))}
    system = chance.choice((1, 1, 1, 2, 0, -1, 256))
    return {"t": chance.choice(TAGS), "sysid": system, "id": str(chance.random()), **given}


def _json(chance: random.Random, depth: int) -> Any:
    """Any JSON value."""
    wish = chance.random()
    if wish < 0.15 and depth:
        return [_json(chance, depth - 1) for _ in range(chance.randrange(4))]
    if wish < 0.25 and depth:
        return {chance.choice(KEYS): _json(chance, depth - 1) for _ in range(chance.randrange(4))}
    if wish < 0.5:
        return chance.choice(WORDS)
    if wish < 0.8:
        return chance.choice((0, 1, -1, 4, 3, 5, 241, 242, 1e9, -1e308, 0.5, 2**63, 2**31, 1e-320))
    return chance.choice((None, True, False))
