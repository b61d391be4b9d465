"""Mechanisms of published losses, flown by our aircraft: lost with the mechanism, home without, saved by the cure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pytest
from rich.console import Console

from samruk import load, story
from samruk.mission import Task
from samruk.verdict.catalogue import CATALOGUE, Inputs, Rates
from samruk.verdict.causes import reseeded
from samruk.verdict.flights import Engines, Flown, fly
from samruk.verdict.outcome import RANK, Verdict

SEEDS = 3
"""Seeds of each flight; the verdict's own number."""


@dataclass(frozen=True)
class Told:
    """What a story is about. Of its flights the first is the one as declared, the second is without the mechanism."""

    mechanism: str
    """Intervention that takes the mechanism away."""
    cure: str
    """Intervention that a board published, or that is evident."""
    chain: tuple[str, ...]
    """Events of the loss, in this order, by the ledger's names."""
    lost: int
    """Least number of seeds, of `SEEDS`, on which the aircraft is lost."""


STORIES = {
    "cloud-and-silence": Told(
        "link_kept", "automatic_protection",
        ("link_lost", "ice_detected", "stall_margin_low", "stalled", "destroyed"), 3,
    ),
    # Gusts near the ground differ by seed: 8 of 12 were lost, none of 12 with a clean wing.
    "frost-at-dawn": Told("clean_wing", "clean_wing_first", ("take_off", "destroyed"), 2),
    "pitot-in-cloud": Told(
        "sound_pitot_heat", "arbitrates", ("icing_cloud", "pitot_blocked", "overspeed", "destroyed"), 3
    ),
    "coolant-lost": Told("sound_coolant", "heeds_systems", ("failure", "engine_hot", "destroyed"), 3),
    "generator-lost": Told(
        "sound_alternator", "second_alternator", ("failure", "blackout", "engine_stopped", "destroyed"), 3
    ),
}  # fmt: skip
NAMES = tuple(STORIES)


@lru_cache(maxsize=1)
def engines() -> Engines:
    """One compiled step for all stories: their layout is the same."""
    return Engines(lanes(NAMES[0])[0], threads=1)


def lanes(name: str) -> tuple[Inputs, ...]:
    """What the flights of a story fly with."""
    return tuple(Inputs(f.task, f.aircraft, f.tables) for f in load.mission(name).flights)


def changed(inputs: Inputs, intervention: str) -> Inputs:
    """Inputs after one intervention of the catalogue."""
    found = next(each for each in CATALOGUE if each.name == intervention).change(inputs)
    assert found is not None
    return found


@lru_cache(maxsize=8)
def flown(name: str) -> dict[str, list[Flown]]:
    """The flights as declared, without the mechanism, and with the cure, on all seeds."""
    declared, without = lanes(name)[:2]
    told = STORIES[name]
    kinds = {
        "declared": declared,
        "without": without,
        "taken away": changed(declared, told.mechanism),
        "cured": changed(declared, told.cure),
    }
    found = fly(engines(), [reseeded(lane, by) for lane in kinds.values() for by in range(SEEDS)])
    return {kind: found[SEEDS * k : SEEDS * (k + 1)] for k, kind in enumerate(kinds)}


def outcomes(name: str, kind: str) -> list[str | None]:
    """Outcome on each seed."""
    return [each.outcome for each in flown(name)[kind]]


@pytest.mark.parametrize("name", NAMES)
def test_the_aircraft_is_lost_as_declared(name: str) -> None:
    assert outcomes(name, "declared")[0] == "lost"  # the seed that the file names
    assert outcomes(name, "declared").count("lost") >= STORIES[name].lost


@pytest.mark.parametrize("name", NAMES)
def test_without_its_mechanism_the_same_day_is_flown_to_the_end(name: str) -> None:
    assert outcomes(name, "without") == ["completed"] * SEEDS


@pytest.mark.parametrize("name", NAMES)
def test_taking_the_mechanism_away_turns_the_loss(name: str) -> None:
    assert outcomes(name, "taken away") == ["completed"] * SEEDS


@pytest.mark.parametrize("name", NAMES)
def test_the_cure_brings_the_aircraft_home(name: str) -> None:
    assert all(RANK[found or "lost"] >= RANK["diverted"] for found in outcomes(name, "cured"))


@pytest.mark.parametrize("name", NAMES)
def test_the_events_of_the_loss_come_in_the_published_order(name: str) -> None:
    ledger = flown(name)["declared"][0].ledger
    ticks = [getattr(ledger.events, event).first for event in STORIES[name].chain]
    assert ticks == sorted(ticks)
    assert 0 < ticks[0] <= ticks[-1] < 10 * 3600 * 24  # none of them is left out


def test_the_link_falls_silent_before_ice_is_told_and_comes_back_after() -> None:
    flight = flown("cloud-and-silence")["declared"][0]
    events, gap = flight.ledger.events, flight.inputs.task.links.gap_a
    assert events.link_lost.first < events.ice_detected.first < events.link_lost.first + 10.0 * gap.duration
    assert events.protection.count == 0


def test_a_frosted_wing_stands_on_the_margin_that_gusts_take() -> None:
    frosted, clean = flown("frost-at-dawn")["declared"][0], flown("frost-at-dawn")["taken away"][0]
    assert frosted.end.duration < 600.0 < clean.end.duration  # lost within a minute of lift-off, 5 min after the start
    assert frosted.ledger.margins.ice > 10.0 * clean.ledger.margins.ice


def test_the_pitot_that_closes_reads_low_and_the_aircraft_speeds_up_after_it() -> None:
    events = flown("pitot-in-cloud")["declared"][0].ledger.events
    assert events.stalled.count == 0
    assert 0.0 < 0.1 * (events.overspeed.first - events.pitot_blocked.first) < 300.0  # s; cloud closes it in minutes


def test_power_fades_with_the_coolant_and_the_aircraft_sinks_under_a_running_engine() -> None:
    flight = flown("coolant-lost")["declared"][0]
    assert flight.ledger.margins.engine_temperature > 388.15  # K: beyond the 115 C of the engine's file
    assert flight.ledger.events.blackout.count == 0


def test_the_battery_lasts_under_an_hour_as_published_for_the_type_that_was_lost() -> None:
    events = flown("generator-lost")["declared"][0].ledger.events
    minutes = (events.blackout.first - events.failure.first) / 600.0
    assert 30.0 < minutes < 67.0  # Air & Space Forces: about an hour on the battery, impact 67 min after the failure


def test_avionics_without_power_neither_talk_nor_turn_for_home() -> None:
    events = flown("generator-lost")["declared"][0].ledger.events
    assert events.returning.count == 0
    assert events.link_lost.last >= events.destroyed.first - 1  # silent to the end
    assert events.link_lost.starts == 1
    assert events.link_lost.first - events.blackout.first <= 10  # within a second: power is known once a second


@pytest.mark.parametrize("name", NAMES)
def test_a_story_asks_for_no_outcome(name: str) -> None:
    task: Task = lanes(name)[0].task
    assert task.links.satellite_longitude
    text = (load.DATA / "stories" / name / "mission.toml").read_text(encoding="utf-8")
    asked = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert not any(word in asked.lower() for word in ("outcome", "lost =", "stall", "crash"))


@lru_cache(maxsize=8)
def verdict(name: str) -> Verdict:
    """The whole verdict of the flight as declared, as `samruk fly` gives it."""
    plan = load.mission(name)
    _, verdicts = story.judge(plan, list(lanes(name)), SEEDS, engines(), Console(quiet=True))
    return verdicts[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_names_the_mechanism_and_the_cure(name: str) -> None:
    found, told = verdict(name), STORIES[name]
    assert told.mechanism in {cause.name for cause in found.causes}
    fixes = {fix.name: fix for fix in found.fixes}
    assert told.cure in fixes
    assert fixes[told.cure].cost_kg >= next(e for e in CATALOGUE if e.name == told.cure).price(Rates())
    assert not found.unexplained
