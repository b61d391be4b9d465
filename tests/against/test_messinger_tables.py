"""The heat balance against the freezing fractions of the FAA Aircraft Icing Handbook (1991), tables 2-5 to 2-8.

The handbook does not give its body's size. One factor on the heat transfer is fitted to each table's first entry and
all other entries are predicted; where speed and drop size vary, the nose diameter (65 mm) and the factor were fitted
together to nine entries. The tables are calculated too, so this proves the balance, not nature: see test_tm83556.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from samruk.plant import accretion
from samruk.verify.icing import FREEZING_FRACTIONS, LANGMUIR_BLODGETT, fitted, fraction

TOLERANCE = 0.022
"""The tables print two digits (0.005) of hand calculation; the worst entry here is 0.020."""


@pytest.mark.parametrize("name", sorted(FREEZING_FRACTIONS))
def test_freezing_fraction_over_temperature_and_water(name: str) -> None:
    rows = FREEZING_FRACTIONS[name]
    factor = fitted(rows[0][:2], rows[0][2])
    assert 0.55 < factor < 0.70  # the tables agree among themselves about the unknown body
    for celsius, water, expected in rows[1:]:
        assert fraction(celsius, water, factor=factor) == pytest.approx(expected, abs=TOLERANCE), (celsius, water)


@pytest.mark.parametrize(
    ("drop", "speed", "expected"),
    [(20, 70, 0.90), (40, 70, 0.68), (60, 70, 0.64), (80, 70, 0.62), (20, 80, 0.82), (20, 90, 0.76), (20, 100, 0.71),
     (20, 110, 0.67)],
)  # fmt: skip
def test_freezing_fraction_over_drop_size_and_speed(drop: float, speed: float, expected: float) -> None:
    found = fraction(-26.0, 0.7, drop, speed, factor=0.5625, beta0=None, diameter=0.065)
    assert found == pytest.approx(expected, abs=0.01)  # fitted: 2 numbers, 9 entries, worst 0.0085


def test_langmuir_blodgett_cylinder_table() -> None:
    """beta0 of a cylinder by Langmuir & Blodgett (1946), phi = 0, K by the radius."""
    K, table = np.array(LANGMUIR_BLODGETT).T
    found = np.array([float(accretion.stagnation_collection(k)) for k in K])
    assert np.max(np.abs(found - table)) < 0.025  # the correlation's own spread about that table


def test_published_inertia_of_the_nasa_tunnel_runs() -> None:
    """NACA 0012, chord 0.533 m, 209 km/h, 14/20/26 um: K0 1.0, 1.7, 2.6 by Anderson's method (aerofoil convention)."""
    for drop, published in ((14e-6, 1.0), (20e-6, 1.7), (26e-6, 2.6)):
        s = accretion.stream(265.15 - 1.68, 98000.0, 209.0 / 3.6, 1e-3, drop)
        found = float(accretion.modified_inertia(s, 2.0 * 0.0158 * 0.533))
        assert found == pytest.approx(published, rel=0.045)  # published to two digits; air density not given
