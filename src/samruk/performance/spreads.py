"""Many aircraft drawn within the spreads of a definition, their figures, and which numbers drive each figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk import leaves
from samruk.aircraft import AircraftDefinition, Source
from samruk.aircraft import leaves as numbers
from samruk.lazy import jax
from samruk.performance import flight

Array = np.ndarray[Any, np.dtype[np.float64]]

WIDEST = 0.5
"""Relative spread up to which draws are log-normal."""
CUT = 2.5
"""Standard deviations beyond which nothing is drawn: the bounds of a leaf would be met before."""
SAMPLES, SEED = 512, 20260114
LOW, HIGH = 5.0, 95.0
"""Percent, ends of the interval."""
DRIVERS = 5


@dataclass(frozen=True)
class Draws:
    """Aircraft drawn within the spreads."""

    values: dict[str, Array]
    """By dotted path, a value for each aircraft."""
    normal: dict[str, Array]
    """Standardised draws of the numbers that have a spread."""


@dataclass(frozen=True)
class Driver:
    """One number's part in a figure."""

    path: str
    share: float
    """Of the figure's variance, 0..1."""
    sign: int
    """1 where more of it is more of the figure."""


@dataclass(frozen=True)
class Spread:
    """A figure over all draws."""

    nominal: float
    """With every number at its value."""
    median: float
    low: float
    """5 % lie below."""
    high: float
    """5 % lie above."""
    drivers: tuple[Driver, ...]
    """The five largest, largest first."""
    explained: float
    """Part of the variance that the linear regression explains."""

    @property
    def half_width(self) -> float:
        """Half the interval over the median."""
        return 0.5 * (self.high - self.low) / self.median


def figures(
    definition: AircraftDefinition, height: float, samples: int = SAMPLES, seed: int = SEED
) -> dict[str, Spread]:
    """Every figure of an aircraft with its interval and drivers.

    Args:
        definition: the aircraft with its spreads.
        height: m, of the loiter.
        samples: aircraft drawn.
        seed: of the draws.
    """
    drawn = draw(definition, samples, seed)
    first = {path: np.append(source.value, drawn.values[path]) for path, source in definition.sources.items()}
    for path, value in leaves.flatten(definition.aircraft.stores, "stores").items():
        first[path] = np.full(samples + 1, float(value))
    found = reckon(first, height)
    return {name: _spread(float(values[0]), values[1:], drawn.normal) for name, values in found.items()}


def draw(definition: AircraftDefinition, samples: int, seed: int) -> Draws:
    """Log-normal draws by a Latin hypercube (normal where the value is 0); what follows another goes with it."""
    chance = np.random.default_rng(seed)
    own: dict[str, Array] = {}
    normal: dict[str, Array] = {}
    for path, source in definition.sources.items():
        factor = np.ones(samples) if source.value else np.zeros(samples)
        if source.spread > 0.0:
            normal[path] = _layered(chance, samples)
            factor = _factor(source, normal[path])
        own[path] = source.value * factor if source.value else factor
    values = {path: _bounded(path, _following(definition, own, path)) for path in own}
    return Draws(values, normal)


def _factor(source: Source, normal: Array) -> Array:
    """On a value, or the value itself where that is 0: log-normal, but normal where the spread is wider than half."""
    if not source.value:
        return source.spread * normal
    wide = source.spread > WIDEST
    factor: Array = 1.0 + source.spread * normal if wide else np.exp(source.spread * normal)
    return factor


def _layered(chance: np.random.Generator, samples: int) -> Array:
    """Standard normal values, one from each of equal layers, cut and shuffled."""
    from jax.scipy.special import ndtri

    with jax.enable_x64(True):
        layers = (chance.permutation(samples) + chance.uniform(size=samples)) / samples
        values: Array = np.clip(np.asarray(ndtri(layers)), -CUT, CUT)
    return values


def _following(definition: AircraftDefinition, own: dict[str, Array], path: str) -> Array:
    """Draws of a number times what those that it follows do to it, link by link."""
    source, values, seen = definition.sources[path], own[path], {path}
    power = 1.0
    while source.follows and source.follows not in seen:
        seen.add(source.follows)
        power *= source.power
        ahead = definition.sources[source.follows]
        values = values * (own[source.follows] / ahead.value) ** power
        source = ahead
    return values


def _bounded(path: str, values: Array) -> Array:
    allowed = numbers()[path]
    return np.clip(values, allowed.low, allowed.high)


def reckon(values: dict[str, Array], height: float) -> dict[str, Array]:
    """Figures of many aircraft, by name.

    Args:
        values: a value for each aircraft, by path.
        height: m, of the loiter.
    """
    with jax.enable_x64(True):
        return leaves.flatten(flight.Reckoner(values).fly(height))


def _spread(nominal: float, values: Array, normal: dict[str, Array]) -> Spread:
    known = np.isfinite(values)
    values = values[known]
    low, median, high = np.percentile(values, [LOW, 50.0, HIGH])
    matrix = np.stack(list(normal.values()), 1)[known]
    matrix = (matrix - matrix.mean(0)) / matrix.std(0)
    about = (values - values.mean()) / max(float(values.std()), 1e-12)
    slopes = np.linalg.lstsq(matrix, about, rcond=None)[0]
    rest = float(np.mean((about - matrix @ slopes) ** 2))
    order = np.argsort(-np.abs(slopes))[:DRIVERS]
    paths = list(normal)
    drivers = tuple(Driver(paths[k], float(slopes[k] ** 2), 1 if slopes[k] > 0 else -1) for k in order)
    return Spread(nominal, float(median), float(low), float(high), drivers, 1.0 - rest)
