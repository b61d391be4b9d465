"""What the parts tell each other keeps its own rules."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from enum import IntEnum
from typing import Any

import pytest

from samruk import messages

CLASSES = [item for item in vars(messages).values() if inspect.isclass(item) and item.__module__ == "samruk.messages"]
MESSAGES = [item for item in CLASSES if is_dataclass(item)]
CODES = [item for item in CLASSES if issubclass(item, IntEnum)]

UNIT = re.compile(r"(m|m/s|m/s\^2|s|rad|rad/s|K|Pa|kg|kg/s|kg/m\^3|W|0\.\.1)\b")
"""Units inside: SI and radians."""
NO_UNIT = {
    "Measurement.generator_load": "a part of the alternator's power",
    "Command.argument": "its unit goes by the kind of command",
    "Order.x": "its unit goes by the kind of order",
    "Order.y": "its unit goes by the kind of order",
    "Order.z": "its unit goes by the kind of order",
    "Telemetry.stall_margin": "a ratio",
    "Telemetry.power_excess": "a ratio",
}


def words(kind: type) -> dict[str, str]:
    """Field -> the string under it."""
    body = ast.parse(inspect.getsource(kind)).body[0].body  # type: ignore[attr-defined]
    pairs = itertools.pairwise(body)
    return {a.target.id: str(ast.literal_eval(b.value)) for a, b in pairs if isinstance(a, ast.AnnAssign)}


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        for item in fields(value):
            yield from leaves(getattr(value, item.name), f"{path}.{item.name}")
    else:
        yield path, value


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_each_leaf_is_one_number(kind: type) -> None:
    for path, value in leaves(kind(), kind.__name__):
        assert type(value) in (float, int), f"{path} is a {type(value).__name__}"


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_each_measure_names_its_unit_first(kind: type) -> None:
    for item in fields(kind):
        is_measure = isinstance(getattr(kind(), item.name), float)
        if is_measure and f"{kind.__name__}.{item.name}" not in NO_UNIT:
            assert UNIT.match(words(kind)[item.name]), f"{kind.__name__}.{item.name}: {words(kind)[item.name]}"


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_each_flag_is_a_whole_number(kind: type) -> None:
    for item in fields(kind):
        if words(kind)[item.name].startswith("1 "):
            assert getattr(kind(), item.name) in (0, 1)
            assert isinstance(getattr(kind(), item.name), int), f"{kind.__name__}.{item.name}"


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_a_message_cannot_be_changed_on_its_way(kind: type) -> None:
    message = kind()
    with pytest.raises(FrozenInstanceError):
        setattr(message, fields(kind)[0].name, 1.0)


@pytest.mark.parametrize("kind", CODES, ids=lambda kind: kind.__name__)
def test_codes_run_from_zero_without_gap_or_double(kind: type[IntEnum]) -> None:
    assert [code.value for code in kind] == list(range(len(kind)))
    assert len(kind) == len(kind.__members__), "two names for one code"


def test_the_controls_say_their_positive_sense() -> None:
    told = words(messages.ControlCommand)
    assert "trailing edge down" in told["delta_e"]
    assert "rolls right" in told["delta_a"]
    assert "yaws nose right" in told["delta_r"]
