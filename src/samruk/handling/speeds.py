"""Airspeeds that follow from the aircraft itself: the stall, and least power."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk.aircraft import Aircraft
from samruk.handling.certificate import LIMITS
from samruk.handling.condition import Condition
from samruk.handling.trim import trim

Row = NDArray[np.float64]
ACROSS = 25
"""Airspeeds looked at in a round."""


def stall_airspeed(aircraft: Aircraft, condition: Condition, rounds: int = 6) -> Row:
    """m/s true at which each flight needs the greatest lift there is, trimmed; `condition.airspeed` is a first guess.

    Lift needed falls with the square of the airspeed, thrust's and elevator's share nearly so: each round multiplies
    the airspeed by the root of the part that it needs.
    """
    stall = LIMITS.index("stall")
    V = np.broadcast_to(np.asarray(condition.airspeed, dtype=np.float64), np.shape(trim(aircraft, condition).airspeed))
    for _ in range(rounds):
        margin = trim(aircraft, replace(condition, airspeed=V)).margins[:, stall]
        V = V * np.sqrt(np.clip(1.0 - margin, 0.25, 4.0))
    found: Row = np.asarray(V)
    return found


def least_power_airspeed(aircraft: Aircraft, condition: Condition, low: float = 1.0, high: float = 2.2) -> Row:
    """m/s true of least shaft power, between two multiples of the stall speed; 1e-4 of itself."""
    stall = stall_airspeed(aircraft, condition)
    a, b = low * stall, high * stall
    for _ in range(4):
        V = a[:, None] + (b - a)[:, None] * np.linspace(0.0, 1.0, ACROSS)
        found = trim(aircraft, _repeated(condition, V))
        power = np.where(found.converged, found.shaft_power, np.inf).reshape(V.shape)
        k = np.clip(np.argmin(power, axis=1), 1, ACROSS - 2)
        rows = np.arange(V.shape[0])
        a, b = V[rows, k - 1], V[rows, k + 1]
    best: Row = 0.5 * (a + b)
    return best


def _repeated(condition: Condition, V: Row) -> Condition:
    """Each flight at each of its airspeeds, in one row."""
    parts: dict[str, Any] = {
        name: np.repeat(np.broadcast_to(value, V.shape[0]), V.shape[1])
        for name, value in vars(condition).items() if name not in ("airspeed", "ice")
    }  # fmt: skip
    return replace(condition, airspeed=V.ravel(), **parts)
