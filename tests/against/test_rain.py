"""Rain, runways and sight against tables, Recommendations and bands of tests."""

from __future__ import annotations

import math

import pytest

from samruk.radio import propagation as path
from samruk.verify import wet as against
from samruk.verify.check import Check


@pytest.mark.parametrize("check", against.checks(), ids=lambda check: str(check.name))
def test_it_holds(check: Check) -> None:
    assert check.passed, f"{check.figure:g} over {check.limit:g} {check.unit}: {check.authority}"


def test_bands_are_missed_by_a_law_of_half_the_strength() -> None:
    """The bands of the tests are narrow enough to refuse another law."""
    lost = 1.0 - float(against.effects(against.rate_of(46.0), 1.0, effect=0.5).C_L_max_factor)
    assert against.outside(lost, against.LANDING) > 0.005


def test_the_living_recommendations_say_the_same() -> None:
    models = pytest.importorskip("itur.models")
    for frequency, elevation, tilt, *_ in against.TILTED:
        theirs = models.itu838.rain_specific_attenuation_coefficients(frequency * 1e-9, elevation, tilt)
        ours = path.rain_coefficients_tilted(frequency, math.sin(math.radians(elevation)), math.radians(tilt))
        for mine, other in zip(ours, theirs, strict=True):
            assert float(mine) == pytest.approx(float(getattr(other, "value", other)), rel=2e-6)
