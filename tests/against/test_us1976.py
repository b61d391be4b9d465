"""Against the U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562)."""

from __future__ import annotations

import pytest

from samruk import earth

TABLE = (
    (0.0, 288.15, 101325.0, 1.22500, 340.29, 1.7894e-5),
    (1000.0, 281.65, 89876.3, 1.11166, 336.43, 1.7579e-5),
    (3000.0, 268.66, 70121.1, 0.90925, 328.58, 1.6938e-5),
    (5000.0, 255.68, 54048.3, 0.73643, 320.55, 1.6282e-5),
    (7620.0, 238.68, 37650.0, 0.54953, 309.71, 1.5401e-5),
    (9144.0, 228.80, 30148.6, 0.45904, 303.23, 1.4876e-5),
    (11000.0, 216.77, 22699.9, 0.36480, 295.15, 1.4223e-5),
    (15000.0, 216.65, 12111.8, 0.19475, 295.07, 1.4216e-5),
    (20000.0, 216.65, 5529.3, 0.08891, 295.07, 1.4216e-5),
)
"""Geometric height m, K, Pa, kg/m^3, m/s, Pa s: the package ambiance 1.3.1, which computes US 1976."""


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]:.0f} m")
def test_table_by_geometric_height(row: tuple[float, ...]) -> None:
    temperature, pressure, density = earth.standard_atmosphere(row[0])
    assert float(temperature) == pytest.approx(row[1], abs=0.006)  # the table prints 0.01 K
    assert float(pressure) == pytest.approx(row[2], rel=1e-5)  # six digits printed
    assert float(density) == pytest.approx(row[3], rel=1e-4)  # five digits printed
    assert float(earth.speed_of_sound(temperature)) == pytest.approx(row[4], abs=0.02)
    assert float(earth.viscosity(temperature)) == pytest.approx(row[5], rel=1e-4)


@pytest.mark.parametrize(("height", "pressure"), [(11000.0, 22632.06), (20000.0, 5474.889)])
def test_layer_ends_by_geopotential_height(height: float, pressure: float) -> None:
    found = float(earth.standard_atmosphere_geopotential(height)[1])
    assert found == pytest.approx(pressure, rel=3e-6)  # the reference (NASA Aviary's tests) rounds R to 287.053
