"""Every language has the same words, and every word that the station's code uses."""

from __future__ import annotations

import string

import pytest

from samruk.messages import Mode, Reason
from samruk.station import alerts, catalogue, checklists, commands, instructor, plans


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert catalogue.words("en").keys() == catalogue.words("tr").keys()


@pytest.mark.parametrize("key", sorted(catalogue.words("en")))
def test_a_translation_fills_in_the_same_values(key: str) -> None:
    assert placeholders(catalogue.words("en")[key]) == placeholders(catalogue.words("tr")[key])


def test_everything_that_the_station_says_has_words() -> None:
    wanted = {f"alarm.{sign.key}" for sign in alerts.SIGNS} | {f"alarm.{key}" for key in alerts.RAISED}
    wanted |= {f"alarm.{sign.key}.spoken" for sign in alerts.SIGNS if sign.speak}
    wanted |= {f"command.{kind}" for kind in commands.KINDS} | {f"command.upload_{kind}" for kind in plans.TYPES}
    wanted |= {f"result.{name}" for name in commands.RESULTS.values()}
    wanted |= {f"plan_result.{name}" for number, name in plans.RESULTS.items() if number}
    wanted |= {f"mode.{mode.name.lower()}" for mode in Mode}
    wanted |= {f"{kind}.{each.name.lower()}" for each in Reason if each for kind in ("reason", "trigger")}
    wanted |= {f"failure.{name}" for name in instructor.FAILURES}
    wanted |= {f"condition.{name}" for name in instructor.CONDITIONS}
    assert wanted <= catalogue.words("en").keys()


def test_an_alarm_opens_a_checklist_that_exists() -> None:
    named = {sign.checklist for sign in alerts.SIGNS} | {row[2] for row in alerts.RAISED.values()}
    assert named - {None} <= checklists.sheets().keys()


def test_a_key_without_words_is_said_as_it_is() -> None:
    assert catalogue.say("nothing.of.the.kind", "tr") == "nothing.of.the.kind"
