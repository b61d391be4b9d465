"""Failures of protection on the default story's day: what finds the ice, what brings the aircraft home."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from tests.system import whole

from samruk import sim
from samruk.ledger import NEVER
from samruk.messages import Reason
from samruk.mission import Failure, Failures
from samruk.plant import power
from samruk.verdict.catalogue import Inputs

HOURS = 6
"""The deck of cloud stands over the station from 4 h 05 min on; what a failure means is settled by then."""
LOST_AT = 14700.0
"""s: when the alternator fails, in the thick of the ice."""


def _lane(escape: int, **failures: Failure) -> Inputs:
    """The story's flight that protects itself, with these failures."""
    own = whole.story()[2]
    task = replace(own.task, failures=Failures(**failures), rules=replace(own.task.rules, escape=escape))
    return replace(own, task=task)


@lru_cache(maxsize=1)
def flights() -> dict[str, Any]:
    """What each flight carries after six hours."""
    lanes = {
        "sound": _lane(0),
        "deaf": _lane(0, ice_detector=Failure(1.0)),
        "half_wing": _lane(1, wing_left=Failure(1.0)),
        "pitot_heat": _lane(1, pitot_heat=Failure(1.0)),
        "alternator": _lane(0, alternator=Failure(1.0, LOST_AT)),
    }
    batch = whole.engines().start(list(lanes.values()))
    batch.advance(HOURS * whole.HOUR, 60)
    return {name: (batch.carry(lane), lanes[name].task) for lane, name in enumerate(lanes)}


def _events(name: str) -> Any:
    return flights()[name][0].ledger.events


def test_with_a_dead_detector_the_aircraft_s_own_power_or_pitot_finds_the_ice() -> None:
    sound, deaf = _events("sound"), _events("deaf")
    assert deaf.ice_detected.first == NEVER
    late = 0.1 * (deaf.protection.first - sound.protection.first)
    assert 0.0 < late < 300.0  # s: minutes later than the probe, in time for the wing
    assert flights()["deaf"][0].world.damage == 0
    assert deaf.stalled.first == NEVER


def test_half_a_wing_without_heat_leaves_the_ice_without_a_stall() -> None:
    carry, _ = flights()["half_wing"]
    assert _events("half_wing").escape.first != NEVER
    assert carry.world.damage == 0
    assert _events("half_wing").stalled.first == NEVER


def test_without_pitot_heat_it_lands_on_the_airspeed_it_reckons() -> None:
    carry, task = flights()["pitot_heat"]
    ended = sim.ended(carry, task)
    assert _events("pitot_heat").airspeed_rejected.first != NEVER
    assert (ended.damage, ended.stopped, ended.at_home) == (0, True, True)
    assert carry.ledger.margins.airspeed < whole.story()[2].aircraft.structure.airspeed_never_exceed


def test_without_alternator_it_sheds_flies_home_and_the_battery_lasts() -> None:
    carry, task = flights()["alternator"]
    ended, events = sim.ended(carry, task), _events("alternator")
    assert (ended.damage, ended.stopped, ended.reason) == (0, True, int(Reason.ELECTRIC))
    assert 0.1 * events.returning.first == pytest.approx(LOST_AT, abs=5.0)  # s: two slow ticks and a mode
    assert carry.ledger.integrals.shed > 600.0  # s: nearly all of the way home
    air = 0.1 * (events.stopped.first - events.returning.first)
    e = whole.story()[2].aircraft.electric
    usable = float(power.usable_part(carry.ledger.margins.battery_low)) * e.battery_energy
    assert air * e.avionics_load < usable  # J: what the avionics alone have drawn on the way
