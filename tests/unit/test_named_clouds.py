"""Clouds by the name of a certification envelope, in rows of cells, warm and cold."""

from __future__ import annotations

import itertools
import math
from dataclasses import fields, replace
from typing import Any

import jax.numpy as jnp
import pytest

from samruk import weather
from samruk.mission import Cloud, Conditions
from samruk.weather import cloud
from samruk.weather.cloud import CELL, CELL_SPACING, ENVELOPES, MILE, envelope_extent, envelope_water, named

AROUND = Cloud(water=0.4e-3, base=1000.0, top=3000.0, half_length=50e3, half_width=50e3, edge=10.0)


def wet(layer: Cloud, celsius: float, height: float = 2000.0, north: float = 0.0) -> cloud.Wet:
    return cloud.liquid_water(
        north / 6.37e6, 0.0, height, 0.0, celsius + 273.15, replace(Conditions(), cloud_a=layer)
    )


def test_the_water_of_a_named_cloud_follows_the_air() -> None:
    """Appendix C at 20 um over 17.4 nmi: 0.635, 0.425, 0.210, 0.140 g/m^3 at 0, -10, -20, -30 C."""
    layer = replace(AROUND, drop=20e-6, **named("continuous-maximum", 20e-6, 17.4 * MILE))
    for celsius, expected in ((-10.0, 0.425), (-20.0, 0.210), (-30.0, 0.140), (-15.0, 0.3175)):
        assert 1e3 * float(wet(layer, celsius).water) == pytest.approx(expected, abs=1e-6)
    assert 1e3 * float(wet(layer, -35.0).liquid) == pytest.approx(0.070, abs=1e-6)  # fades over 10 K
    assert float(wet(layer, 4.0).water) == 0.0
    assert 1e3 * float(wet(layer, 4.0).liquid) == pytest.approx(0.635, abs=1e-6)  # warm cloud hides but does not ice


def test_a_cloud_of_declared_water_keeps_it_at_every_temperature() -> None:
    for celsius in (-5.0, -25.0):
        assert float(wet(AROUND, celsius).water) == pytest.approx(0.4e-3, rel=1e-12)


@pytest.mark.parametrize(("kind", "drop", "celsius", "expected"), [
    ("intermittent-maximum", 20e-6, -10.0, 2.2), ("intermittent-maximum", 50e-6, -20.0, 0.2),
    ("take-off-maximum", 20e-6, -5.0, 0.35), ("freezing-drizzle", 110e-6, 0.0, 0.27),
    ("freezing-rain", 526e-6, 0.0, 0.26),
    ("freezing-drizzle", 20e-6, 0.0, 0.44),
])  # fmt: skip
def test_envelopes_hold_what_the_regulation_says(kind: str, drop: float, celsius: float, expected: float) -> None:
    assert 1e3 * envelope_water(kind, drop, celsius + 273.15) == pytest.approx(expected, rel=1e-9)


def test_longer_clouds_hold_less_and_standard_ones_the_standard_water() -> None:
    for kind, e in ENVELOPES.items():
        assert envelope_extent(kind, e.extent) == pytest.approx(1.0, abs=0.005)  # Appendix O's line gives 1.002
        assert envelope_extent(kind, 2.0 * e.extent) <= envelope_extent(kind, e.extent)
    assert envelope_extent("intermittent-maximum", 0.26 * MILE) == pytest.approx(1.35)


def test_cells_stand_in_a_row_one_every_five_miles() -> None:
    row = replace(AROUND, cell=CELL, spacing=CELL_SPACING, half_length=30.0 * MILE)
    steps = 600
    inside = [float(wet(row, -10.0, north=(-30.0 + 60.0 * k / steps) * MILE).cover) > 0.5 for k in range(1, steps)]
    assert sum(inside) / len(inside) == pytest.approx(2.6 / 5.0, abs=0.02)  # one sample in 50 of a spacing
    starts = sum(b and not a for a, b in itertools.pairwise(inside))
    assert starts + inside[0] == 12


@pytest.mark.parametrize(("celsius", "height", "beyond"), [
    (-10.0, 2000.0, 0), (-32.0, 2000.0, 1), (-10.0, 6000.0, 1), (-25.0, 6000.0, 0),
])  # fmt: skip
def test_a_named_cloud_says_where_its_envelope_ends(celsius: float, height: float, beyond: int) -> None:
    layer = replace(AROUND, top=6500.0, **named("continuous-maximum", 20e-6, 17.4 * MILE))
    assert int(wet(layer, celsius, height).beyond) == beyond


def test_the_air_of_the_step_carries_it() -> None:
    layer = replace(AROUND, **named("continuous-maximum", 20e-6, 17.4 * MILE))
    column: Any = _arrays(weather.standard_profile("standard"))
    found: Any = weather.sample(0.0, 0.0, 2000.0, 0.0, 0.0, 0.0, replace(Conditions(), cloud_a=layer), column)
    assert math.isfinite(float(found.cloud_water))
    assert int(found.cloud_beyond) in (0, 1)


def _arrays(column: Any) -> Any:
    return type(column)(**{f.name: jnp.asarray(getattr(column, f.name)) for f in fields(column)})
