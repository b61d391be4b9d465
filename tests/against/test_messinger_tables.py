"""The heat balance against the freezing fractions of the FAA Aircraft Icing Handbook (1991), tables 2-5 to 2-8.

The handbook does not give its body's size. One factor on the heat transfer is fitted to each table's first entry and
all other entries are predicted; where speed and drop size vary, the nose diameter (65 mm) and the factor were fitted
together to nine entries. The tables are calculated too, so this proves the balance, not nature: see test_tm83556.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from samruk.plant import accretion

TOLERANCE = 0.022
"""The tables print two digits (0.005) of hand calculation; the worst entry here is 0.020."""


def fraction(
    celsius: float, water: float, drop: float = 20.0, speed: float = 70.0, *, factor: float, beta0: float | None = 0.75,
    diameter: float = 0.0254,
) -> float:  # fmt: skip
    """n0 for water in g/m^3 and drops in um at sea level."""
    s = accretion.stream(celsius + 273.15, 101325.0, speed, 1e-3 * water, 1e-6 * drop)
    h_c = factor * accretion.heat_transfer(s, diameter)
    caught = accretion.stagnation_collection(accretion.modified_inertia(s, diameter)) if beta0 is None else beta0
    return float(accretion.freezing_fraction(s, caught, h_c, accretion.mass_transfer(s, h_c)))


def fitted(first: tuple[float, float], value: float) -> float:
    """The factor at which the first entry (C, g/m^3) comes out, by bisection."""
    low, high = 0.2, 2.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if fraction(*first, factor=middle) < value else (low, middle)
    return 0.5 * (low + high)


TABLES = {
    "temperature": ((-26, 0.7, 0.90), (-20, 0.7, 0.70), (-14, 0.7, 0.49), (-8, 0.7, 0.27), (-2, 0.7, 0.03)),
    "water at -26 C": (
        (-26, 0.7, 0.90), (-26, 0.8, 0.83), (-26, 0.9, 0.78), (-26, 1.0, 0.73), (-26, 2.0, 0.54), (-26, 3.0, 0.47),
        (-26, 4.0, 0.44), (-26, 5.0, 0.42),
    ),
    "little water": ((-6, 0.1, 0.93), (-4, 0.1, 0.53), (-2, 0.1, 0.10)),
    "water at -6 C": (
        (-6, 0.1, 0.93), (-6, 0.4, 0.28), (-6, 0.7, 0.19), (-6, 1.0, 0.15), (-6, 1.3, 0.14), (-6, 1.6, 0.12),
        (-6, 1.9, 0.11), (-6, 2.2, 0.11), (-6, 2.5, 0.10), (-6, 2.8, 0.10),
    ),
}  # fmt: skip
"""C, g/m^3, freezing fraction; 70 m/s, 20 um."""


@pytest.mark.parametrize("name", sorted(TABLES))
def test_freezing_fraction_over_temperature_and_water(name: str) -> None:
    rows = TABLES[name]
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
    K = np.array([0.4, 0.625, 0.9, 1.6, 3.6, 6.4, 10.0, 19.6])
    table = np.array([0.321, 0.439, 0.531, 0.660, 0.799, 0.868, 0.909, 0.952])
    found = np.array([float(accretion.stagnation_collection(k)) for k in K])
    assert np.max(np.abs(found - table)) < 0.025  # the correlation's own spread about that table


def test_published_inertia_of_the_nasa_tunnel_runs() -> None:
    """NACA 0012, chord 0.533 m, 209 km/h, 14/20/26 um: K0 1.0, 1.7, 2.6 by Anderson's method (aerofoil convention)."""
    for drop, published in ((14e-6, 1.0), (20e-6, 1.7), (26e-6, 2.6)):
        s = accretion.stream(265.15 - 1.68, 98000.0, 209.0 / 3.6, 1e-3, drop)
        found = float(accretion.modified_inertia(s, 2.0 * 0.0158 * 0.533))
        assert found == pytest.approx(published, rel=0.045)  # published to two digits; air density not given
