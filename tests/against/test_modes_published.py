"""Modes of published linear models: the matrices through our identification against the roots that the books print.

Boeing 747-100, 40,000 ft, Mach 0.8: Etkin & Reid, Dynamics of Flight (3rd ed.), eqs. 6.2,1 ff. and 6.7,1 ff.; data of
NASA CR-2144 (Heffley & Jewell, 1972). Navion: Nelson, Flight Stability and Automatic Control (2nd ed.), examples 4.3
and 5.3 (recalled from the book). Units are feet and seconds, as printed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from samruk.handling.modes import by_name, identified

LONGITUDINAL, LATERAL = ("u", "w", "q", "theta"), ("v", "p", "r", "phi")

JUMBO = np.asarray([
    [-0.006868, 0.01395, 0.0, -32.2],
    [-0.09055, -0.3151, 773.98, 0.0],
    [0.0001187, -0.001026, -0.4285, 0.0],
    [0.0, 0.0, 1.0, 0.0],
])  # fmt: skip
JUMBO_LATERAL = np.asarray([
    [-0.0558, 0.0, -774.0, 32.2],
    [-0.003865, -0.4342, 0.4136, 0.0],
    [0.001086, -0.006112, -0.1458, 0.0],
    [0.0, 1.0, 0.0, 0.0],
])  # fmt: skip
NAVION = np.asarray([
    [-0.045, 0.036, 0.0, -32.2],
    [-0.369, -2.02, 176.0, 0.0],
    [0.0019, -0.0396, -2.948, 0.0],
    [0.0, 0.0, 1.0, 0.0],
])  # fmt: skip
NAVION_LATERAL = np.asarray([
    [-0.254, 0.0, -1.0, 0.182],
    [-16.02, -8.40, 2.19, 0.0],
    [4.488, -0.350, -0.760, 0.0],
    [0.0, 1.0, 0.0, 0.0],
])  # fmt: skip
"""Its first state is the sideslip, beta; participation does not ask for units."""


@pytest.mark.parametrize(
    ("A", "states", "published", "within"),
    [
        # printed to four figures from entries printed to four
        (JUMBO, LONGITUDINAL, {"short period": -0.3719 + 0.8875j, "phugoid": -0.003289 + 0.06723j}, 5e-4),
        (JUMBO_LATERAL, LATERAL, {"spiral": -0.0072973, "roll": -0.56248, "Dutch roll": -0.033011 + 0.94655j}, 5e-4),
        # printed to three figures from entries rounded to two or three: M_u and M_w have two
        (NAVION, LONGITUDINAL, {"short period": -2.5 + 2.59j, "phugoid": -0.0171 + 0.213j}, 5e-3),
        (NAVION_LATERAL, LATERAL, {"spiral": -0.00877, "roll": -8.435, "Dutch roll": -0.487 + 2.335j}, 0.02),
    ],
)
def test_published_roots(A: Any, states: tuple[str, ...], published: dict[str, complex], within: float) -> None:
    found = by_name(identified(A, states))
    assert set(found) == set(published)
    for name, root in published.items():
        assert abs(found[name].root - root) < within * abs(root), name
