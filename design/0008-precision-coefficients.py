"""Polynomials of the float32 elementary functions: minimax fits by Remez's exchange, with mpmath.

    python design/0008-precision-coefficients.py

Each is fitted to what is left when the leading terms are taken away, with the weight that makes the error of the whole
function relative. The printed error is that of the function, in units of 2^-24, with coefficients rounded to float32
and everything else exact. The coefficients stand in `engine/single.py`, highest power first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp
import numpy as np

mp.mp.prec = 140
Function = Callable[[mp.mpf], mp.mpf]


@dataclass(frozen=True)
class Fit:
    """What is to be fitted: `rest(t)` by a polynomial in t, its error weighted by `weight(t)`."""

    name: str
    rest: Function
    weight: Function
    low: float
    high: float
    degree: int


def _exp_rest(r: mp.mpf) -> mp.mpf:
    return (mp.exp(r) - 1 - r) / r**2 if r else mp.mpf(1) / 2


def _log_rest(f: mp.mpf) -> mp.mpf:
    return (mp.log1p(f) - f + f * f / 2) / f**3 if abs(f) > 1e-8 else mp.mpf(1) / 3 - f / 4


def _sin_rest(z: mp.mpf) -> mp.mpf:
    r = mp.sqrt(z)
    return (mp.sin(r) - r) / (r * z) if z > 1e-16 else -mp.mpf(1) / 6 + z / 120


def _cos_rest(z: mp.mpf) -> mp.mpf:
    return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2 if z > 1e-12 else mp.mpf(1) / 24 - z / 720


def _atan_rest(z: mp.mpf) -> mp.mpf:
    t = mp.sqrt(z)
    return (t - mp.atan(t)) / (t * z) if z > 1e-16 else mp.mpf(1) / 3 - z / 5


FITS = (
    Fit("EXP", _exp_rest, lambda r: r * r / mp.exp(r), -0.3476, 0.3476, 4),
    Fit("EXPM1", _exp_rest, lambda r: r * r / mp.expm1(r) if r else mp.mpf(0), -0.3476, 0.3476, 5),
    Fit("LOG", _log_rest, lambda f: f**3 / mp.log1p(f) if f else mp.mpf(0), 2**-0.5 - 1, 2**0.5 - 1, 7),
    Fit("SIN", _sin_rest, lambda z: mp.sqrt(z) * z / mp.sin(mp.sqrt(z)) if z else mp.mpf(0), 0.0, 0.6178, 2),
    Fit("COS", _cos_rest, lambda z: z * z / mp.cos(mp.sqrt(z)), 0.0, 0.6178, 2),
    Fit("ATAN", _atan_rest, lambda z: mp.sqrt(z) * z / mp.atan(mp.sqrt(z)) if z else mp.mpf(0), 0.0, 0.1716, 4),
)  # fmt: skip


def value(coefficients: list[mp.mpf], t: mp.mpf) -> mp.mpf:
    """Horner's rule, highest power first."""
    total = mp.mpf(0)
    for c in coefficients:
        total = total * t + c
    return total


def error(fit: Fit, coefficients: list[mp.mpf], t: mp.mpf) -> mp.mpf:
    """Relative error of the function at t."""
    return (value(coefficients, t) - fit.rest(t)) * fit.weight(t)


def remez(fit: Fit) -> list[mp.mpf]:
    """The minimax polynomial: solve for equal errors of changing sign, move to the extremes, repeat."""
    n = fit.degree + 2
    middle, half = mp.mpf(fit.low + fit.high) / 2, mp.mpf(fit.high - fit.low) / 2
    points = [middle - half * mp.cos(mp.pi * (2 * k + 1) / (2 * n)) for k in range(n)]
    grid = [mp.mpf(t) for t in np.linspace(fit.low, fit.high, 1600)]
    coefficients: list[mp.mpf] = []
    for _ in range(8):
        system, right = mp.matrix(n, n), mp.matrix(n, 1)
        for row, t in enumerate(points):
            for k in range(fit.degree + 1):
                system[row, k] = t ** (fit.degree - k) * fit.weight(t)
            system[row, fit.degree + 1] = (-1) ** row
            right[row] = fit.rest(t) * fit.weight(t)
        coefficients = list(mp.lu_solve(system, right))[: fit.degree + 1]
        points = _extremes(grid, [error(fit, coefficients, t) for t in grid], n)
    return coefficients


def _extremes(grid: list[mp.mpf], errors: list[mp.mpf], count: int) -> list[mp.mpf]:
    """The largest error of each run of one sign; of too many runs, the neighbours with the largest errors."""
    runs: list[tuple[mp.mpf, mp.mpf]] = []
    for t, e in zip(grid, errors, strict=True):
        if runs and (e < 0) == (runs[-1][1] < 0):
            if abs(e) > abs(runs[-1][1]):
                runs[-1] = (t, e)
        else:
            runs.append((t, e))
    while len(runs) > count:
        runs.pop(0 if abs(runs[0][1]) < abs(runs[-1][1]) else -1)
    if len(runs) < count:
        raise RuntimeError("the error does not change its sign often enough: start from other points")
    return [t for t, _ in runs]


def parts_of(exact: mp.mpf, bits: list[int]) -> list[float]:
    """A constant as a sum of numbers with so many bits each: for reductions whose products are exact."""
    found, left = [], exact
    for n in bits:
        scale = mp.mpf(2) ** (n - 1 - math.floor(mp.log(abs(left), 2)))
        part = mp.nint(left * scale) / scale
        found.append(float(part))
        left = left - part
    return found


def main() -> None:
    """Print what `engine/single.py` holds."""
    for fit in FITS:
        rounded = [mp.mpf(float(np.float32(float(c)))) for c in remez(fit)]
        grid = np.linspace(fit.low, fit.high, 3001)
        worst = max(abs(error(fit, rounded, mp.mpf(t))) for t in grid)
        print(f"{fit.name} = ({', '.join(repr(float(c)) for c in rounded)})  # {float(worst * 2**24):.3f}")
    print("PIO2 in parts", parts_of(mp.pi / 2, [8, 11, 11, 24]))
    print("LN2 in parts", parts_of(mp.log(2), [12, 24]))
    for name, exact in (("PIO2", mp.pi / 2), ("PI", mp.pi), ("PIO4", mp.pi / 4)):
        print(f"{name}, {name}_LO =", parts_of(exact, [24, 24]))


if __name__ == "__main__":
    main()
