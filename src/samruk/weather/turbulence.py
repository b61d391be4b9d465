"""How strong and how long gusts are: the Dryden description of MIL-F-8785C, section 3.7."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk.lazy import jnp

Scalar = Any

FOOT = 0.3048
HIGH_LENGTH = 1750.0 * FOOT
"""m, scale length above 2,000 ft, all axes, Dryden form."""

KARMAN_LENGTH = 2500.0 * FOOT
"""m, the same in von Karman's form."""


@dataclass(frozen=True)
class Gusts:
    """Standard deviations and scale lengths of the three gust components."""

    sigma_u: Scalar
    """m/s along the wind (below 1,000 ft) or the body's x axis (above 2,000 ft)."""
    sigma_v: Scalar
    """m/s across."""
    sigma_w: Scalar
    """m/s vertical."""
    length_u: Scalar
    """m."""
    length_v: Scalar
    """m."""
    length_w: Scalar
    """m."""


def dryden(height_agl: Scalar, wind_6m: Scalar, sigma_high: Scalar, karman: Scalar = 0.0) -> Gusts:
    """Intensities and lengths at a height: low-altitude law, blend from 1,000 to 2,000 ft, constant above.

    Args:
        height_agl: m above ground; below 10 ft the value at 10 ft.
        wind_6m: m/s, wind at 20 ft that drives the low turbulence (light 15 kt, moderate 30 kt, severe 45 kt).
        sigma_high: m/s, standard deviation above 2,000 ft.
        karman: 1 for von Karman's form, whose scale length above 2,000 ft is 2,500 ft; 0 for Dryden's, 1,750 ft.
    """
    h_ft = jnp.maximum(height_agl, 10.0 * FOOT) * (1.0 / FOOT)
    low_ft = jnp.minimum(h_ft, 1000.0)
    blend = jnp.clip(0.001 * h_ft - 1.0, 0.0, 1.0)
    logarithm = jnp.log(0.177 + 0.000823 * low_ft)
    sigma_w = 0.1 * wind_6m
    sigma_u = sigma_w * jnp.exp(-0.4 * logarithm)
    length_w = FOOT * low_ft
    length_u = length_w * jnp.exp(-1.2 * logarithm)

    def above(low: Scalar, high: Scalar) -> Scalar:
        return low + blend * (high - low)

    high = HIGH_LENGTH + karman * (KARMAN_LENGTH - HIGH_LENGTH)
    u, l = above(sigma_u, sigma_high), above(length_u, high)
    return Gusts(u, u, above(sigma_w, sigma_high), l, l, above(length_w, high))


_ALTITUDES_FT = (500, 1750, 3750, 7500, 15000, 25000, 35000, 45000, 55000, 65000, 75000, 80000)
_INTENSITIES_FT_S = (
    (3.2, 2.2, 1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (4.2, 3.6, 3.3, 1.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (6.6, 6.9, 7.4, 6.7, 4.6, 2.7, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0),
    (8.6, 9.6, 10.6, 10.1, 8.0, 6.6, 5.0, 4.2, 2.7, 0.0, 0.0, 0.0),
    (11.8, 13.0, 16.0, 15.1, 11.6, 9.7, 8.1, 8.2, 7.9, 4.9, 3.2, 2.1),
    (15.6, 17.6, 23.0, 23.6, 22.1, 20.0, 16.0, 15.1, 12.1, 7.9, 6.2, 5.1),
    (18.7, 21.5, 28.4, 30.2, 30.7, 31.0, 25.2, 23.1, 17.5, 10.7, 8.4, 7.2),
)
SEVERITIES = {"none": 0.0, "light": 3.0, "moderate": 4.0, "severe": 6.0}
"""Words for rows of the exceedance figure: 1e-2, 1e-3 and 1e-5."""


def high_intensity(height: float, row: float) -> float:
    """Standard deviation of gusts above 2,000 ft, m/s, by the exceedance figure; for mission files, not for the step.

    Args:
        height: m above ground.
        row: exceedance row 1 (2e-1) .. 7 (1e-6); 3 light, 4 moderate, 6 severe; 0 is still air; rows interpolate.

    Reference: MIL-F-8785C figure 7, as tabulated in JSBSim FGWinds.cpp.
    """
    columns = [0.0] + [float(np.interp(height / FOOT, _ALTITUDES_FT, values)) for values in _INTENSITIES_FT_S]
    return FOOT * float(np.interp(row, range(8), columns))
