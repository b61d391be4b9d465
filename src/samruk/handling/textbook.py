"""The closed forms of the textbooks for the five modes, from the entries of a linear model.

They are approximations; how far they lie from the roots of the whole model is what `docs/handling.md` states. Symbols:
X_u is the rate of u by u, M_q that of q by q and so on, each with what the coupling of the axes adds.

References: Nelson, Flight Stability and Automatic Control (2nd ed.), tables 4.2 and 5.3 (recalled): short period,
spiral, roll, Dutch roll; Lanchester, Aerodonetics (1908): phugoid; Stevens, Lewis & Johnson (3rd ed.), section 4.2.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import numpy as np

from samruk.handling.linear import Linear

GRAVITY = 9.80665


def closed_forms(linear: Linear) -> dict[str, complex]:
    """Mode -> root, 1/s, by its closed form (the one with positive frequency of a pair).

    short period: airspeed held: s^2 - (Z_w + M_q) s + Z_w M_q - M_w Z_q.
    phugoid: Lanchester's frequency g sqrt(2) / V and the damping -X_u.
    phugoid, balanced: incidence and pitch rate always in balance with airspeed and pitch (M_u and Z_q count).
    Dutch roll: roll left out: s^2 - (Y_v + N_r) s + Y_v N_r - Y_r N_v.
    roll: L_p alone. spiral: the slow root -E/D of the lateral quartic.
    """
    a = _entries(linear)
    V = math.hypot(float(linear.x[linear.states.index("u")]), float(linear.x[linear.states.index("w")]))
    lanchester = math.sqrt(2.0) * GRAVITY / V
    return {
        "short period": _pair(a("w", "w") + a("q", "q"), a("w", "w") * a("q", "q") - a("q", "w") * a("w", "q")),
        "phugoid": _pair(a("u", "u"), lanchester * lanchester),
        "phugoid, balanced": _balanced(linear),
        "Dutch roll": _pair(a("v", "v") + a("r", "r"), a("v", "v") * a("r", "r") - a("v", "r") * a("r", "v")),
        "roll": complex(a("p", "p")),
        "spiral": complex(_spiral(linear)),
    }


def _balanced(linear: Linear) -> complex:
    """The slow pair of (u, theta) with w and q at rest in the fast balance."""
    A = linear.part(("u", "theta", "w", "q"), ()).A
    slow = A[:2, :2] - A[:2, 2:] @ np.linalg.solve(A[2:, 2:], A[2:, :2])
    return _pair(float(np.trace(slow)), float(np.linalg.det(slow)))


def _spiral(linear: Linear) -> float:
    """The slow root of the lateral quartic, -E/D, from its two last coefficients (Etkin & Reid, section 6.8)."""
    _, _, _, D, E = np.poly(linear.part(("v", "p", "r", "phi"), ()).A)
    return float(-E / D)


def _entries(linear: Linear) -> Callable[[str, str], float]:
    """Entry of A by the names of two states: the rate of the first by the second."""

    def entry(rate: str, by: str) -> float:
        return float(linear.A[linear.states.index(rate), linear.states.index(by)])

    return entry


def _pair(total: float, product: float) -> complex:
    """The root with positive frequency of s^2 - total s + product."""
    return 0.5 * total + cmath.sqrt(0.25 * total * total - product)
