"""Both sides of the wire name the same things; a message outlives the way there and back."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import msgspec
import pytest

from samruk.station import wire

TYPESCRIPT = Path(__file__).resolve().parents[3] / "web" / "src" / "wire.ts"
STRUCTS = [each for each in vars(wire).values() if isinstance(each, type) and issubclass(each, msgspec.Struct)]


def interfaces() -> dict[str, set[str]]:
    """Names of fields by interface, as the browser's side has them."""
    text = TYPESCRIPT.read_text(encoding="utf-8")
    found = re.findall(r"^export interface (\w+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    return {name: set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE)) for name, body in found}


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda each: each.__name__)
def test_both_sides_name_the_same_fields(struct: type[msgspec.Struct]) -> None:
    tag = {"t"} if struct.__struct_config__.tag else set()
    assert interfaces()[struct.__name__] == set(struct.__struct_encode_fields__) | tag


def test_the_browser_knows_no_message_that_the_station_does_not() -> None:
    assert set(interfaces()) == {each.__name__ for each in STRUCTS}


def test_every_answer_comes_back_as_it_went() -> None:
    check = wire.Check("a", 1, "mission", False, [wire.Problem(3, "error", "too steep")])
    assert msgspec.msgpack.decode(wire.encode(check), type=typing.Union[wire.Told]) == check  # noqa: UP007


@pytest.mark.parametrize("text", ["", "{", "[]", '{"t":"fly"}', '{"t":"acknowledge","alarm":"x"}',
                                  '{"t":"acknowledge","alarm":1,"more":2}'])  # fmt: skip
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(msgspec.MsgspecError):
        wire.decode(text)


def test_a_command_needs_no_more_than_it_says() -> None:
    asked = wire.decode('{"t":"command","id":"7","sysid":1,"kind":"land","field":1}')
    assert isinstance(asked, wire.Command)
    assert (asked.kind, asked.field, asked.altitude) == ("land", 1, None)
