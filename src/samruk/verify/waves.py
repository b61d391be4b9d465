"""The ways of the links against the Recommendations of the ITU-R and their validation examples."""

from __future__ import annotations

import numpy as np

from samruk.radio import propagation as path
from samruk.verify.check import Check

P838 = (
    (4.4e9, 1.250e-4, 1.6843, 2.369e-4, 1.3673), (5.0e9, 2.162e-4, 1.6969, 2.428e-4, 1.5317),
    (5.85e9, 5.938e-4, 1.6081, 4.200e-4, 1.5826), (12.5e9, 2.709e-2, 1.1698, 2.852e-2, 1.1050),
    (14.25e9, 3.919e-2, 1.1353, 4.345e-2, 1.0591),
)  # fmt: skip
"""Hz, k and alpha for horizontal and vertical polarisation: ITU-R P.838-3 by itur 0.4.0, four digits."""

RAIN = (
    (4.4e9, (0.0019, 0.0283, 0.0909, 0.292)), (5.0e9, (0.0033, 0.0509, 0.165, 0.535)),
    (5.85e9, (0.0079, 0.105, 0.320, 0.977)), (12.5e9, (0.178, 1.17, 2.63, 5.92)), (14.25e9, (0.244, 1.51, 3.33, 7.31)),
)  # fmt: skip
"""dB/km at 5, 25, 50 and 100 mm/h, horizontal: ITU-R P.838-3."""

GAS = ((5.0e9, 0.0087), (12.5e9, 0.0195), (14.25e9, 0.0255))
"""Hz, dB/km at sea level and 7.5 g/m^3: ITU-R P.676."""

KNIFE_EDGE = ((0.0, 6.03), (1.0, 13.93), (2.4, 20.5), (-0.78, 0.0))
"""v and J(v), dB: ITU-R P.526."""

KM1, KM2, KM3, KM4 = 83.07993853, 132.315397, 17.39688966, 40.51112702
"""km, lengths of the four paths of the ITU-R's validation examples for the delta-Bullington method (Study Group 3)."""
SPHERE = (
    (KM1, 1000, 211.3366061, 30, 15.3485837), (KM1, 2500, 233.4945304, 10, 23.6973069),
    (KM1, 600, 204.7165548, 20, 20.91384864), (KM1, 200, 215.727222, 50, 14.32933641),
    (KM1, 150, 252.3138569, 5, 33.13883693), (KM2, 1000, 37.97366242, 119.2363492, 69.45434151),
    (KM2, 2500, 57.97664284, 99.82603022, 85.53863749), (KM2, 600, 27.97366242, 109.2363492, 66.31647651),
    (KM2, 200, 47.97366242, 139.2363492, 45.7547348), (KM2, 150, 78.00115495, 99.67579634, 43.35361839),
    (KM3, 1000, 110.1894677, 30, 0.0), (KM3, 2500, 132.6734925, 11.9416848, 0.0),
    (KM3, 600, 102.8893122, 22.52524312, 0.0), (KM3, 200, 118.7202148, 50, 0.0),
    (KM3, 150, 152.2011247, 5.664441408, 10.63765222), (KM4, 1000, 139.8495825, 543.1729418, 0.0),
    (KM4, 2500, 159.8495825, 523.1729418, 0.0), (KM4, 150, 179.8495825, 518.1729418, 0.0),
)  # fmt: skip
"""km, MHz, m, m, dB: loss over a smooth sphere of 8,500 km in those examples."""


def checks() -> list[Check]:
    """Rain, gas, edges and the curve of the Earth."""
    k = [float(path.rain_coefficients(row[0], vertical)[0]) / row[3 if vertical else 1] - 1.0
         for row in P838 for vertical in (False, True)]
    alpha = [float(path.rain_coefficients(row[0], vertical)[1]) / row[4 if vertical else 2] - 1.0
             for row in P838 for vertical in (False, True)]
    gas = [float(path.gas_loss(frequency, 1e3, 0.0, 1.0)) / loss - 1.0 for frequency, loss in GAS]
    edge = [float(path.knife_edge_loss(v)) - loss for v, loss in KNIFE_EDGE]
    rain = "ITU-R P.838-3 by itur 0.4.0"
    return [
        Check("coefficient k of rain, 4 to 14 GHz", rain, _largest(k), 4e-4, "1", "four digits given"),
        Check("exponent of rain, 4 to 14 GHz", rain, _largest(alpha), 1e-4, "1", "five digits given"),
        Check("gas at sea level", "ITU-R P.676", _largest(gas), 5e-3, "1", "three digits given"),
        Check("knife edge", "ITU-R P.526", _largest(edge), 0.05, "dB", "given to 0.1 dB"),
        Check("diffraction over a smooth sphere, 18 paths", "ITU-R Study Group 3, delta-Bullington examples",
              _largest([_sphere(row) for row in SPHERE]), 0.15, "dB",
              "the examples allow 0.1 dB; their Earth is 0.06 % larger, 0.05 dB"),
    ]  # fmt: skip


def _sphere(row: tuple[float, ...]) -> float:
    """Miss of one path, dB."""
    length, frequency, height_a, height_b, loss = (float(value) for value in row)
    ends = 1e3 * length, height_a, height_b, path.LIGHT / (1e6 * frequency)
    return float(path.diffraction_loss(*ends, path.touch(*ends).clear)) - loss


def _largest(miss: list[float]) -> float:
    """The largest size."""
    return float(np.max(np.abs(miss)))
