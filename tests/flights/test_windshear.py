"""A landing through a microburst: the stronger it blows, the more it takes; a strong one loses the aircraft."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from samruk import load
from samruk.ledger import NEVER
from samruk.mission import Microburst
from samruk.verdict.catalogue import CATALOGUE, Inputs
from samruk.verdict.flights import Engines

OUTFLOWS = (0.0, 6.0, 12.0, 18.0, 48.0)
BEFORE = 1500.0 / 6371000.0
"""rad: how far before the threshold the axis stands."""


def _inputs() -> list[Inputs]:
    flight = load.mission("circuit").flights[0]
    task, home = flight.task, flight.task.home
    latitude = home.latitude - BEFORE * np.cos(home.heading)
    longitude = home.longitude - BEFORE * np.sin(home.heading) / np.cos(latitude)
    made = []
    for u in OUTFLOWS:
        burst = Microburst(outflow=u, radius=800.0, height=80.0, latitude=float(latitude), longitude=float(longitude))
        day = replace(task.conditions, karman=1, microburst=burst)
        rules = replace(task.rules, heed_shear=0)  # what the air does to an approach that goes on
        made.append(Inputs(replace(task, conditions=day, rules=rules), flight.aircraft, flight.tables))
    return made


@lru_cache(maxsize=1)
def flown() -> list[Any]:
    """The last state of each flight."""
    inputs = _inputs()
    batch = Engines(inputs[0], "native", 1).start(inputs)
    for _ in range(6):
        batch.advance(600, 0)
        if batch.values("over").all():
            break
    return [batch.carry(lane) for lane in range(len(OUTFLOWS))]


def test_a_stronger_microburst_takes_more_of_the_margins() -> None:
    margins = [carry.ledger.margins for carry in flown()[:4]]
    for name, sign in (("stall_margin", -1.0), ("wind_shear", 1.0), ("load_factor_high", 1.0)):
        values = np.array([sign * float(getattr(m, name)) for m in margins])
        # the lightest only moves when the least margin of the climb falls: 1e-3
        assert np.all(np.diff(values) > -1e-3), name
        assert values[3] > values[2] - 1e-6, name  # the largest load is the landing's, alike in both
        assert values[2] > values[0] - 1e-6, name


def test_it_is_told_where_alerts_would_sound_and_not_before() -> None:
    first = [carry.ledger.events.wind_shear.first for carry in flown()]
    assert first[0] == first[1] == NEVER
    assert first[3] != NEVER


def test_light_ones_are_landed_in_and_a_strong_one_is_not() -> None:
    damage = [int(carry.world.damage) for carry in flown()]
    assert damage[:3] == [0, 0, 0]
    assert damage[4] != 0


def test_taking_the_microburst_away_is_a_cause_of_the_catalogue() -> None:
    (entry,) = [each for each in CATALOGUE if each.name == "no_microburst"]
    none, strong = _inputs()[0], _inputs()[4]
    assert entry.change(none) is None
    changed = entry.change(strong)
    assert changed is not None
    assert changed.task.conditions.microburst.outflow == 0.0
