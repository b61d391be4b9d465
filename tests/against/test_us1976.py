"""Against the U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562)."""

from __future__ import annotations

import pytest

from samruk import earth
from samruk.verify.air import US_1976


@pytest.mark.parametrize("row", US_1976, ids=lambda row: f"{row[0]:.0f} m")
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
