"""Dotted names reach every leaf of a nest and come back."""

from __future__ import annotations

import pytest

from samruk.errors import InputError
from samruk.leaves import flatten, leaf, replace_leaf, unflatten
from samruk.messages import Ack, Telemetry
from samruk.mission import Clock, Conditions, Crew, Links, Loading, Rules, Runway, Task

TASK = Task(Clock(), Loading(), Conditions(), Links(), Crew(), Rules(), Runway(), Runway(), Runway())


def test_names_follow_the_order_of_the_fields() -> None:
    assert list(flatten(Ack(7, 1, 0))) == ["sequence", "accepted", "reason"]
    assert flatten(Telemetry(ack=Ack(7, 1, 0)))["ack.sequence"] == 7


def test_a_flattened_tree_comes_back_the_same() -> None:
    changed = replace_leaf(TASK, "conditions.cloud_b.water", 3e-4)
    assert unflatten(TASK, flatten(changed)) == changed != TASK


def test_one_leaf_changes_and_keeps_its_kind() -> None:
    changed = replace_leaf(TASK, "links.gap_a.duration", 60)
    assert changed.links.gap_a.duration == 60.0
    assert type(changed.links.gap_a.duration) is float
    assert flatten(changed) == flatten(TASK) | {"links.gap_a.duration": 60.0}
    assert type(replace_leaf(TASK, "links.satellite", 0.0).links.satellite) is int


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("rules.escap", "there is no value named 'rules.escap' Did you mean 'rules.escape'?"),
        ("links.gap_a", "'links.gap_a' is a group, not a value It holds links.gap_a.start, links.gap_a.duration"),
        ("seed.x", "there is no value named 'seed.x'"),
        ("", "there is no value named ''"),
    ],
)
def test_a_wrong_name_is_told(path: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        replace_leaf(TASK, path, 1.0)
    assert words in str(caught.value)


def test_half_a_flag_is_refused() -> None:
    with pytest.raises(InputError, match=r"links.satellite = 0.5: a whole number is wanted"):
        replace_leaf(TASK, "links.satellite", 0.5)


def test_a_value_can_be_read() -> None:
    assert leaf(TASK, "crew.reaction") == 45.0


def test_a_missing_leaf_is_named() -> None:
    flat = flatten(TASK)
    del flat["rules.reserve"]
    with pytest.raises(InputError, match=r"rules.reserve: is missing"):
        unflatten(TASK, flat)
