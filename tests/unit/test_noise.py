"""Chance as a hash: moments, independence, and what a filter makes of nearly normal numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from samruk import noise

N = 400_000
SIGMA = 5.0
"""Standard errors that a mean of N draws may be off: one in a million."""


@lru_cache
def drawn(seed: int, stream: int) -> Any:
    """N draws of one stream."""
    ticks = jnp.arange(N, dtype=jnp.int32)
    return np.asarray(jax.jit(jax.vmap(lambda tick: noise.nearly_normal(jnp.int32(seed), stream, tick)))(ticks))


def test_a_nearly_normal_number_has_the_moments_of_four_bytes() -> None:
    x = drawn(1, noise.GUST)
    assert abs(x.mean()) < SIGMA / N**0.5
    assert abs((x**2).mean() - 1.0) < SIGMA * (1.7 / N) ** 0.5
    # each byte has an excess of -1.2 (1 + 1 / 32768): of four -0.3
    assert abs((x**4).mean() - 2.7) < SIGMA * ((x**4).var() / N) ** 0.5
    assert np.abs(x).max() <= 510.0 / noise.BYTES_DEVIATION


@pytest.mark.parametrize("other", [(1, noise.GUST + 16), (1, noise.IMU), (2, noise.GUST)])
def test_streams_and_seeds_are_apart(other: tuple[int, int]) -> None:
    assert abs((drawn(1, noise.GUST) * drawn(*other)).mean()) < SIGMA / N**0.5


@pytest.mark.parametrize("lag", [1, 2, 7, 50, 1000])
def test_ticks_are_apart(lag: int) -> None:
    x = drawn(1, noise.GUST)
    assert abs((x[:-lag] * x[lag:]).mean()) < SIGMA / N**0.5


def test_a_seed_is_not_another_seed_at_another_time() -> None:
    """Words of neighbouring seeds, whole flights long, share no more than chance: N^2 / 2^33 pairs each."""
    ticks = jnp.arange(N, dtype=jnp.int32)
    words = [np.asarray(noise.bits(jnp.int32(seed), noise.GUST, ticks)) for seed in range(4)]
    shared = sum(np.intersect1d(words[i], words[j]).size for i in range(4) for j in range(i))
    wanted = 6 * N * N / 2**32
    assert abs(shared - wanted) < SIGMA * wanted**0.5


def test_a_filter_of_twenty_ticks_makes_it_normal() -> None:
    """The quickest gust filter, roll at 60 m/s and 17.5 m of span: the excess falls to -0.3 (1 - a^2) / (1 + a^2)."""
    a = float(np.exp(-0.02 * np.pi * 60.0 / (4.0 * 17.5)))
    y = np.zeros(N)
    x = drawn(1, noise.GUST) * (1.0 - a * a) ** 0.5
    for k in range(1, N):
        y[k] = a * y[k - 1] + x[k]
    independent = N * (1.0 - a) / (1.0 + a)
    kurtosis = 3.0 - 0.3 * (1.0 - a * a) / (1.0 + a * a)
    assert abs((y**4).mean() / (y**2).mean() ** 2 - kurtosis) < SIGMA * (24.0 / independent) ** 0.5
    beyond = (np.abs(y) > 3.0 * y.std()).mean()
    assert beyond == pytest.approx(0.0027, rel=SIGMA * (0.0027 * independent) ** -0.5)
