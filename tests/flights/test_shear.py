"""Windshear near the ground: what the aircraft senses, and that it flies out of it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from tests.flights.test_flying import SHORT, Flown, flight
from tests.joined_flight import fly, task

from samruk import earth
from samruk.messages import Mode, Reason
from samruk.mission import Conditions, Microburst


def _burst(outflow: float, before: float, end: float) -> Conditions:
    """Conditions with a microburst on the approach, `before` the threshold, m, until an instant."""
    day, home = task().conditions, task().home
    c, s = np.cos(home.heading), np.sin(home.heading)
    lat, lon = earth.offset(home.latitude, home.longitude, -before * c, -before * s)
    return replace(day, microburst=Microburst(outflow, 900.0, 80.0, float(lat), float(lon), 600.0, end))


@lru_cache(maxsize=1)
def approaches() -> dict[float | str, Flown]:
    """Approaches through microbursts of these outflows, m/s, 1.5 km before the threshold; one that does not heed."""
    wanted: list[float | str] = [0.0, 6.0, 14.0, 18.0, "unheeded"]
    flights: list[dict[str, Any]] = []
    for outflow in wanted:
        strength = 18.0 if isinstance(outflow, str) else outflow
        one = flight(legs=SHORT, conditions=_burst(strength, 1500.0, 1700.0))
        rules = replace(one["task"].rules, heed_shear=int(outflow != "unheeded"))
        flights.append({**one, "task": replace(one["task"], rules=rules)})
    frames, _ = fly(flights, 2100)
    return {outflow: Flown(frames, lane) for lane, outflow in enumerate(wanted)}


def test_a_strong_microburst_is_flown_out_of_and_the_next_approach_lands() -> None:
    for outflow in (14.0, 18.0):
        one = approaches()[outflow]
        assert one.reasons(Mode.GO_AROUND) == {Reason.WIND_SHEAR}
        assert int(one["mode"][-1]) == int(Mode.STOPPED)
        assert one["damage"][-1] == 0
        away = (one["mode"] == int(Mode.GO_AROUND)) & (one["height_agl"] > 5.0)
        assert one["height_agl"][away].min() > 20.0  # m: it never comes near the ground
        assert one["stall_margin"][away].min() > 0.0  # speed is given for height, but not to the stall


def test_calm_air_and_a_weak_microburst_are_landed_through() -> None:
    for outflow in (0.0, 6.0):
        one = approaches()[outflow]
        assert not (one["mode"] == int(Mode.GO_AROUND)).any()
        assert int(one["mode"][-1]) == int(Mode.STOPPED)


def test_the_rule_leaves_earlier_than_an_unstable_approach_does() -> None:
    early, late = (approaches()[key].first(Mode.GO_AROUND) for key in (18.0, "unheeded"))
    assert early < late - 10  # s: it leaves at the loss, not at the gate


def test_a_microburst_does_not_cost_the_pitot_its_credit() -> None:
    one = approaches()[18.0]
    assert (one["valid"] == 1).all()
