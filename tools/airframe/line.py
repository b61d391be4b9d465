"""Prandtl's lifting line for the wing alone: span efficiency, aileron power and adverse yaw, in closed sums.

Circulation as a sine series 2 b V sum A_n sin(n theta); Glauert's equation is collocated at as many stations as there
are terms. Reference: Anderson, Fundamentals of Aerodynamics, section 5.3.
"""

from __future__ import annotations

from math import acos, pi, radians

import numpy as np

from airframe.shape import AILERON, FLAP, FLAP_CHORD, TAPER, WASHOUT, Plan

TERMS = 60
SECTION_SLOPE = 2.0 * pi * 0.96
"""1/rad: thin-section value less 4 % for the boundary layer, as measured on thick sections (Abbott & von Doenhoff)."""
HINGED_EFFICIENCY = 0.85
"""Of a plain flap's thin-section effect at small angles (Hoerner & Borst, recalled, unverified: 0.8 to 0.9)."""
LARGE_ANGLE = 0.63
"""Of the small-angle effect that a plain flap keeps at 30 degrees (DATCOM 6.1.1.1, recalled, unverified)."""
FLAP_ANGLE = 30.0
"""degrees, full flap."""


def flap_effect(chord: float) -> float:
    """Change of the zero-lift angle per angle of a plain flap, thin section (Glauert)."""
    theta = acos(2.0 * chord - 1.0)
    return 1.0 - (theta - np.sin(theta)) / pi


def solve(plan: Plan, incidence: np.ndarray) -> np.ndarray:
    """Series A_1 .. A_n for a local angle of attack (rad) at each station of `stations`."""
    theta, n = _theta(), np.arange(1, TERMS + 1)
    chord = plan.root * (1.0 + (TAPER - 1.0) * np.abs(np.cos(theta)))
    mu = (SECTION_SLOPE * chord / (4.0 * plan.span))[:, None]
    s = np.sin(theta)[:, None]
    return np.linalg.solve(np.sin(np.outer(theta, n)) * (n * mu + s), mu[:, 0] * incidence * s[:, 0])


def _theta() -> np.ndarray:
    return (np.arange(TERMS) + 0.5) * pi / TERMS


def stations() -> np.ndarray:
    """Part of the half span, left -1 to right 1."""
    return -np.cos(_theta())


def forces(plan: Plan, A: np.ndarray) -> dict[str, float]:
    """Lift, induced drag, rolling and yawing moment (roll right, nose right positive)."""
    aspect, n = plan.span**2 / plan.area, np.arange(1, TERMS + 1)
    yaw = sum((2 * k + 1) * A[k - 1] * A[k] for k in range(1, TERMS))
    return {"CL": pi * aspect * A[0], "CD": pi * aspect * float(np.sum(n * A**2)), "Cl": 0.25 * pi * aspect * A[1],
            "Cn": -0.25 * pi * aspect * yaw}  # fmt: skip


def between(limits: tuple[float, float]) -> np.ndarray:
    """1 at the stations inside, on both sides."""
    part = np.abs(stations())
    return ((part > limits[0]) & (part < limits[1])).astype(float)


def span_efficiency(plan: Plan) -> float:
    """Of the planform: induced drag's growth with C_L^2."""
    plain = forces(plan, solve(plan, np.ones(TERMS) * 0.1))
    aspect = plan.span**2 / plan.area
    return float(plain["CL"] ** 2 / (pi * aspect * plain["CD"]))


def aileron(plan: Plan, C_L: float) -> tuple[float, float]:
    """C_l and C_n per radian at a lift coefficient; the left aileron goes down."""
    washed = -radians(WASHOUT) * np.abs(stations())
    unit = forces(plan, solve(plan, np.ones(TERMS)))["CL"]
    alpha = (C_L - forces(plan, solve(plan, washed))["CL"]) / unit
    step = 0.02
    turned = -np.sign(stations()) * between(AILERON) * flap_effect(FLAP_CHORD) * HINGED_EFFICIENCY * step
    base, moved = (forces(plan, solve(plan, alpha + washed + extra)) for extra in (0.0, turned))
    return (moved["Cl"] - base["Cl"]) / step, (moved["Cn"] - base["Cn"]) / step


def full_flap(plan: Plan) -> float:
    """C_L at constant angle of attack of full flap."""
    angle = radians(FLAP_ANGLE) * flap_effect(FLAP_CHORD) * HINGED_EFFICIENCY * LARGE_ANGLE
    return forces(plan, solve(plan, between(FLAP) * angle))["CL"]
