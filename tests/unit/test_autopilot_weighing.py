"""Fuel against ice: what is weighed, and that one way only is chosen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference_aircraft import reference_aircraft

from samruk.autopilot import weighing
from samruk.autopilot.handbook import handbook
from samruk.autopilot.protection import Frost
from samruk.autopilot.weighing import Ways

BOOK = handbook(reference_aircraft())


def moment(excess: float = 0.2, past: float = 0.2, exposed: float = 600.0, celsius: float = -15.0,
           powered: int = 1, valid: int = 1) -> Any:  # fmt: skip
    """What the weighing looks at."""
    return SimpleNamespace(
        measurement=SimpleNamespace(fuel_flow=0.0036, temperature=celsius + 273.15,
                                    wing_powered=jnp.int32(powered)),
        frost=Frost(excess=jnp.asarray(excess), past=jnp.asarray(past), exposed=exposed),
        air=SimpleNamespace(valid=jnp.int32(valid)),
        estimate=SimpleNamespace(altitude_msl=4000.0, mass=1500.0),
    )  # fmt: skip


def test_the_chance_to_leave_a_cloud_is_that_of_its_drawn_depths() -> None:
    draw = np.random.default_rng(1)
    above = draw.uniform(0.0, weighing.DEPTH, 200_000) * draw.uniform(0.0, 1.0, 200_000)
    for change in (150.0, 600.0, 1200.0, 2500.0):
        seen = float(np.mean(above < change))
        assert float(weighing.leads_out(change)) == pytest.approx(seen, abs=0.005)  # 4 sigma of the draw


def test_staying_costs_what_the_excess_burns() -> None:
    ways = weighing.weighed(moment(excess=0.2, exposed=3600.0), 4600.0, 1500.0, BOOK)
    assert float(ways.stay) == pytest.approx(0.0036 / 1.2 * 0.2 * 3600.0)


def test_longer_ice_speaks_for_leaving() -> None:
    costs = [weighing.weighed(moment(exposed=t), 4600.0, 1500.0, BOOK) for t in (600.0, 1800.0, 7200.0)]
    gain = [float(c.stay) - float(min(c.up, c.down)) for c in costs]
    assert gain == sorted(gain)


def test_warm_air_below_is_a_sure_way_out() -> None:
    cold = weighing.weighed(moment(celsius=-25.0), 4600.0, 3500.0, BOOK)
    warm = weighing.weighed(moment(celsius=0.0), 4600.0, 3500.0, BOOK)
    assert float(warm.down) < float(cold.down)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.floats(0.0, 2000.0), st.floats(0.0, 3000.0), st.booleans())
def test_it_either_climbs_or_descends_and_climbs_only_with_power(
    a: float, b: float, rise: float, fall: float, power: bool
) -> None:
    here = 4000.0
    height = float(weighing.height_for(Ways(1.0, a, b), here + rise, here - fall, here, np.bool_(power)))
    assert height in (here + rise, here - fall)
    assert power or height == here - fall


@pytest.mark.parametrize("change", [{"past": 0.1}, {"powered": 0}, {"excess": 0.3, "past": 0.3}, {"valid": 0}])
def test_margins_go_before_fuel(change: dict[str, Any]) -> None:
    cheap = Ways(stay=0.1, up=1.0, down=1.0)
    assert bool(weighing.staying_is_cheaper(cheap, moment()))
    assert not bool(weighing.staying_is_cheaper(cheap, moment(**change)))
    assert not bool(weighing.staying_is_cheaper(Ways(2.0, 1.0, 1.0), moment()))
