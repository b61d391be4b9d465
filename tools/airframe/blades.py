"""Blade losses of a constant-speed propeller from a published table, with the actuator disc's loss taken out.

The table: two blades, 81 inches, blade angles 17, 21, 26 and 32 degrees (JSBSim project, prop_81in2v.xml; the figures
are facts). Three blades: thrust and power coefficients times 1.5^0.85, efficiency less 2 % (estimated).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from airframe import shape

ADVANCE = (0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
C_T = (
    (0.0770, 0.0900, 0.0889, 0.0925), (0.0612, 0.0801, 0.0880, 0.0888), (0.0330, 0.0591, 0.0780, 0.0870),
    (0.0175, 0.0450, 0.0672, 0.0830), (0.0, 0.0294, 0.0547, 0.0752), (0.0, 0.0, 0.0416, 0.0651),
    (0.0, 0.0, 0.0280, 0.0530), (0.0, 0.0, 0.0142, 0.0402), (0.0, 0.0, 0.0, 0.0270),
)  # fmt: skip
C_P = (
    (0.0400, 0.0523, 0.0740, 0.1000), (0.0384, 0.0528, 0.0663, 0.0900), (0.0255, 0.0472, 0.0656, 0.0839),
    (0.0164, 0.0394, 0.0620, 0.0822), (0.0, 0.0294, 0.0551, 0.0791), (0.0, 0.0, 0.0461, 0.0739),
    (0.0, 0.0, 0.0349, 0.0652), (0.0, 0.0, 0.0214, 0.0536), (0.0, 0.0, 0.0, 0.0398),
)  # fmt: skip
BLADES = shape.BLADES
MORE_BLADES = (BLADES / 2.0) ** 0.85
BLADE_INTERFERENCE = 0.98 if BLADES > 2 else 1.0
HELD = 0.03
"""Below this power coefficient of three blades the governor would turn the propeller slower."""
STALLED = 0.70
"""Points whose blades keep less than this at J above 0.3 are stalled: no governor holds them."""


def points() -> np.ndarray:
    """Rows of J, C_P, efficiency, ideal efficiency, blade efficiency for the points that a governor may hold."""
    rows = []
    for J, thrust, power in zip(ADVANCE, C_T, C_P, strict=True):
        for ct, cp in zip(thrust, power, strict=True):
            if ct > 0.0:
                loading = 8.0 * ct * MORE_BLADES / (np.pi * J * J)
                ideal = 2.0 / (1.0 + np.sqrt(1.0 + loading))
                real = BLADE_INTERFERENCE * J * ct / cp
                rows.append((J, cp * MORE_BLADES, real, ideal, real / ideal))
    found = np.array(rows)
    held = (found[:, 1] > HELD) & (found[:, 1] < 0.115) & ((found[:, 4] > STALLED) | (found[:, 0] < 0.3))
    return found[held & (found[:, 4] > 0.6)]


@dataclass(frozen=True)
class Fit:
    """blade = profile - swirl C_P - tip (J - best)^2."""

    profile: float
    swirl: float
    tip: float
    best: float
    miss: float
    """Root mean square."""


def fit(found: np.ndarray) -> Fit:
    """Least squares; a swirl term below its own standard error is left out."""
    J, cp, blade = found[:, 0], found[:, 1], found[:, 4]
    columns = np.stack([np.ones_like(J), -J * J, J, -cp], 1)
    full = np.linalg.lstsq(columns, blade, rcond=None)[0]
    noise = np.sum((columns @ full - blade) ** 2) / (J.size - 4)
    error = float(np.sqrt(noise * np.linalg.inv(columns.T @ columns)[3, 3]))
    if full[3] < error:
        full = np.append(np.linalg.lstsq(columns[:, :3], blade, rcond=None)[0], 0.0)
    one, tip, linear, swirl = full
    best = linear / (2.0 * tip)
    miss = float(np.sqrt(np.mean((columns @ full - blade) ** 2)))
    return Fit(float(one + tip * best**2), float(swirl), float(tip), float(best), miss)
