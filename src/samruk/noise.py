"""Randomness as a pure function: a hash of (seed, stream, tick).

The same aircraft meets the same gusts alone, in any batch, and in a counterfactual. No state is carried. The mixer is
the 32-bit finaliser `lowbias32` of Chris Wellons (public domain), applied between the words.
"""

from __future__ import annotations

from typing import Any

from samruk.lazy import jnp

Scalar = Any

GUST, IMU, GNSS, AIR_DATA, MAGNETOMETER, CREW, RADIO, BIAS, ICE = range(1, 10)
"""Streams: one number per use of chance; add 16 k for the k-th draw of a use."""


def _mix(word: Scalar) -> Scalar:
    """A bijection of 32-bit words with low bias."""
    word = word ^ (word >> jnp.uint32(16))
    word = word * jnp.uint32(0x7FEB352D)
    word = word ^ (word >> jnp.uint32(15))
    word = word * jnp.uint32(0x846CA68B)
    return word ^ (word >> jnp.uint32(16))


def bits(seed: Scalar, stream: int, tick: Scalar) -> Scalar:
    """32 random bits (uint32) for an int32 seed, a stream number and an int32 tick."""
    word = _mix(jnp.asarray(seed).astype(jnp.uint32) + jnp.uint32((stream * 0x9E3779B9) & 0xFFFFFFFF))
    return _mix(word + jnp.asarray(tick).astype(jnp.uint32) * jnp.uint32(0x85EBCA6B))


def uniform(seed: Scalar, stream: int, tick: Scalar) -> Scalar:
    """A float64 in the open interval (0, 1) with 32 bits of resolution."""
    return (bits(seed, stream, tick).astype(jnp.float64) + 0.5) * (1.0 / 4294967296.0)


def normal_pair(seed: Scalar, stream: int, tick: Scalar) -> tuple[Scalar, Scalar]:
    """Two independent standard normal float64 numbers (Box and Muller 1958), within +-6.7."""
    radius = jnp.sqrt(-2.0 * jnp.log(uniform(seed, stream, tick)))
    angle = 2.0 * jnp.pi * uniform(seed, stream + 0x1000, tick)
    return radius * jnp.cos(angle), radius * jnp.sin(angle)
