"""The natural motions of a linear model, told apart by what takes part in them.

A mode is known by its participation factors |v_k w_k|: the product of the right and the left eigenvector at each
state, which does not depend on the units of the states. The sums over groups of states tell longitudinal from
lateral, and within each the fast from the slow.

References: Stevens, Lewis & Johnson, Aircraft Control and Simulation (3rd ed.), section 3.8; participation factors:
Perez-Arriaga, Verghese & Schweppe, IEEE Trans. PAS-101 (1982); Etkin & Reid, Dynamics of Flight (3rd ed.), ch. 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk.handling.linear import Linear

NAMES = (
    "short period", "phugoid", "Dutch roll", "roll", "spiral", "lateral phugoid", "height", "heading", "engine",
    "governor",
)  # fmt: skip
"""Names that a mode may have. A second one of a name (an oscillation that fell apart into two real roots) gets "2"."""

GROUPS = {
    "u": "slow", "theta": "slow", "w": "fast", "q": "fast", "h": "height", "v": "lateral", "p": "lateral",
    "r": "lateral", "phi": "lateral", "psi": "heading", "power": "engine", "speed": "governor",
}  # fmt: skip
"""State -> what it speaks for. The state called alpha or beta in a textbook's matrix is w or v here."""
NEUTRAL = 1e-9
"""rad/s: a root nearer to zero neither grows nor decays."""


@dataclass(frozen=True)
class Mode:
    """One natural motion."""

    name: str
    """One of `NAMES`, with " 2" behind it for a second."""
    root: complex
    """1/s; the one with positive frequency of a pair."""
    participation: dict[str, float]
    """State -> its part, 0..1, summing to 1."""

    @property
    def oscillates(self) -> bool:
        """Whether it is a pair of complex roots."""
        return self.root.imag > 0.0

    @property
    def frequency(self) -> float:
        """rad/s, undamped natural frequency (for a real root: its distance from 0)."""
        return abs(self.root)

    @property
    def damping(self) -> float:
        """Damping ratio; of a real root 1 or -1."""
        return -self.root.real / abs(self.root) if abs(self.root) > NEUTRAL else 0.0

    @property
    def period(self) -> float:
        """s, of the damped oscillation; infinite for a real root."""
        return 2.0 * math.pi / self.root.imag if self.oscillates else math.inf

    @property
    def half_time(self) -> float:
        """s to half the amplitude; negative: s to double it; infinite where it stays."""
        return math.inf if abs(self.root.real) < NEUTRAL else -math.log(2.0) / self.root.real

    @property
    def time_constant(self) -> float:
        """s, 1 over the decay; negative where it grows."""
        return math.inf if abs(self.root.real) < NEUTRAL else -1.0 / self.root.real


def modes(linear: Linear) -> list[Mode]:
    """The modes of a model, fast ones first.

    Args:
        linear: with any of the states of `samruk.handling.derivative.STATES`; a part of a model will do.
    """
    return identified(linear.A, linear.states)


def identified(A: NDArray[np.float64], states: tuple[str, ...]) -> list[Mode]:
    """The modes of a matrix whose states have the names of `GROUPS`."""
    roots, right = np.linalg.eig(A)
    left = np.linalg.inv(right)
    share = np.abs(right * left.T)
    share = share / share.sum(axis=0)
    kept = [k for k in range(len(roots)) if roots[k].imag >= 0.0]
    kept.sort(key=lambda k: -abs(roots[k]))
    found = [Mode("", complex(roots[k]), dict(zip(states, map(float, share[:, k]), strict=True))) for k in kept]
    return [Mode(name, mode.root, mode.participation) for name, mode in zip(_names(found), found, strict=True)]


def _names(found: list[Mode]) -> list[str]:
    """A name for each, in order."""
    groups = [_groups(mode) for mode in found]
    names = [_first_name(mode, group) for mode, group in zip(found, groups, strict=True)]
    _name_lateral(found, groups, names)
    _name_longitudinal(found, groups, names)
    seen: dict[str, int] = {}
    for k, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[k] = f"{name} {seen[name]}"
    return names


def _groups(mode: Mode) -> dict[str, float]:
    """Participation by group."""
    total: dict[str, float] = dict.fromkeys(GROUPS.values(), 0.0)
    for state, part in mode.participation.items():
        total[GROUPS[state]] += part
    return total


def _first_name(mode: Mode, group: dict[str, float]) -> str:
    """Engine, governor, height and heading are known at once; the rest by its side."""
    sides = {
        "engine": group["engine"], "governor": group["governor"], "height": group["height"],
        "heading": group["heading"], "lateral": group["lateral"], "longitudinal": group["slow"] + group["fast"],
    }  # fmt: skip
    name = max(sides, key=lambda side: sides[side])
    return "longitudinal" if name == "height" and mode.oscillates else name


def _name_lateral(found: list[Mode], groups: list[dict[str, float]], names: list[str]) -> None:
    """Dutch roll: the pair in which sideslip and yaw take most part; roll: the real root with most of p; the other is
    the spiral. A second pair, of roll and spiral, is the lateral phugoid."""
    del groups
    mine = [k for k, name in enumerate(names) if name == "lateral"]
    pairs = [k for k in mine if found[k].oscillates]
    real = [k for k in mine if not found[k].oscillates]
    pairs.sort(key=lambda k: -_part(found[k], "v", "r"))
    for order, k in enumerate(pairs):
        names[k] = "Dutch roll" if order == 0 else "lateral phugoid"
    real.sort(key=lambda k: -_part(found[k], "p"))
    for order, k in enumerate(real):
        names[k] = "roll" if order == 0 else "spiral"


def _name_longitudinal(found: list[Mode], groups: list[dict[str, float]], names: list[str]) -> None:
    """Short period: more of incidence and pitch rate; phugoid: more of airspeed and pitch."""
    for k, name in enumerate(names):
        if name == "longitudinal":
            names[k] = "short period" if groups[k]["fast"] >= groups[k]["slow"] else "phugoid"
    del found


def _part(mode: Mode, *states: str) -> float:
    return sum(mode.participation.get(state, 0.0) for state in states)


def by_name(found: list[Mode]) -> dict[str, Mode]:
    """Name -> mode."""
    return {mode.name: mode for mode in found}


def as_json(mode: Mode) -> dict[str, Any]:
    """A mode for programs; times that are infinite are null."""

    def finite(value: float) -> float | None:
        return value if math.isfinite(value) else None

    return {
        "name": mode.name, "real_per_s": mode.root.real, "imaginary_rad_s": mode.root.imag,
        "frequency_rad_s": mode.frequency, "damping_1": mode.damping, "period_s": finite(mode.period),
        "half_time_s": finite(mode.half_time), "participation": mode.participation,
    }  # fmt: skip
