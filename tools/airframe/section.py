"""Section data of the wing by NeuralFoil (a fit to XFOIL), with free transition and with the boundary layer tripped.

A clean new wing is laminar over half its chord; one with ice protection seams, insects and rain is not. Each number is
the mean of both, and anything between them is equally likely.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import log

import aerosandbox as asb
import numpy as np

from airframe.shape import SECTION, TAIL_SECTION

TRIP = 0.05
"""Part of the chord where a dirty surface trips the flow, both sides."""
ANGLES = np.arange(-16.0, 22.0, 1.0)
LINEAR = (0.2, 1.2)
"""Lift coefficients between which the polar is fitted: everything that is flown clean of the stall."""


@dataclass(frozen=True)
class Polar:
    """What a section does at one Reynolds number."""

    cl_max: float
    cl_min: float
    cd_least: float
    cl_least: float
    k: float
    """Rise of drag with (cl - cl_least)^2."""


def both(reynolds: float) -> tuple[Polar, Polar]:
    """The wing's section clean and dirty."""
    return polar(SECTION, reynolds, 1.0), polar(SECTION, reynolds, TRIP)


def polar(name: str, reynolds: float, trip: float) -> Polar:
    """One section at one Reynolds number with transition at `trip` at the latest."""
    raw = run(name, ANGLES, reynolds, trip)
    cl, cd = raw["CL"], raw["CD"]
    attached = (np.arange(cl.size) <= int(np.argmax(cl))) & (cl > LINEAR[0]) & (cl < LINEAR[1])
    c2, c1, c0 = np.polyfit(cl[attached], cd[attached], 2)
    return Polar(float(cl.max()), float(cl.min()), float(c0 - c1**2 / (4.0 * c2)), float(-c1 / (2.0 * c2)), float(c2))


def run(name: str, alpha: np.ndarray, reynolds: float, trip: float) -> dict[str, np.ndarray]:
    """NeuralFoil on a named section; angles in degrees."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return asb.Airfoil(name).get_aero_from_neuralfoil(
            alpha=alpha, Re=reynolds, n_crit=9.0, xtr_upper=trip, xtr_lower=trip, model_size="xlarge"
        )


def tail_drag(reynolds: float) -> tuple[float, float]:
    """The tail's section at no lift, clean and dirty."""
    return tuple(float(run(TAIL_SECTION, np.zeros(1), reynolds, trip)["CD"][0]) for trip in (1.0, TRIP))


def gain_per_log_reynolds(low: float = 0.8e6, high: float = 4e6) -> float:
    """Rise of the section's greatest lift per factor e in Reynolds number."""
    ends = [np.mean([p.cl_max for p in both(reynolds)]) for reynolds in (low, high)]
    return float((ends[1] - ends[0]) / log(high / low))


def spread(a: float, b: float) -> float:
    """Standard deviation, over the mean, of what lies anywhere between two values."""
    return abs(a - b) / 12.0**0.5 / (0.5 * (a + b))
