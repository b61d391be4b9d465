"""Against the icing envelopes of 14 CFR 25 Appendix C."""

from __future__ import annotations

from itertools import pairwise

import pytest

from samruk.verify.air import CONTINUOUS, INTERMITTENT
from samruk.weather import cloud


@pytest.mark.parametrize("celsius", sorted(CONTINUOUS))
def test_continuous_maximum_meets_its_anchors(celsius: float) -> None:
    found = [1e3 * cloud.continuous_maximum(d * 1e-6, celsius + 273.15) for d in (15, 25, 40)]
    # At 40 um and 0 C the anchor is 0.15, the figure reads 0.155.
    assert found == pytest.approx(CONTINUOUS[celsius], abs=1e-9)


@pytest.mark.parametrize("celsius", sorted(INTERMITTENT))
def test_intermittent_maximum_meets_its_anchors(celsius: float) -> None:
    found = [1e3 * cloud.intermittent_maximum(d * 1e-6, celsius + 273.15) for d in (20, 30, 50)]
    assert found == pytest.approx(INTERMITTENT[celsius], abs=1e-9)


@pytest.mark.parametrize(("miles", "factor"), [(5, 1.34), (17.4, 1.0), (50, 0.67), (310, 0.20), (2, 1.34)])
def test_extent_factor(miles: float, factor: float) -> None:
    assert cloud.extent_factor(1852.0 * miles) == pytest.approx(factor, abs=1e-9)  # held beyond the figure


def test_warmest_air_at_sixteen_thousand_feet() -> None:
    assert cloud.warmest(16000.0 * 0.3048) - 273.15 == pytest.approx(-8.0, abs=0.01)  # 17.6 F on figure 2


def test_water_falls_with_drop_size_and_cold() -> None:
    by_drop = [cloud.continuous_maximum(d * 1e-6, 263.15) for d in range(15, 41)]
    by_cold = [cloud.continuous_maximum(20e-6, 273.15 - t) for t in range(31)]
    for values in (by_drop, by_cold):
        assert all(a > b for a, b in pairwise(values))
