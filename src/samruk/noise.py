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

BYTES_DEVIATION = 21845.0**0.5
"""Of the sum of four bytes, each uniform from 0 to 255: 4 (256^2 - 1) / 12."""


def _mix(word: Scalar) -> Scalar:
    """A bijection of 32-bit words with low bias."""
    word = word ^ (word >> jnp.uint32(16))
    word = word * jnp.uint32(0x7FEB352D)
    word = word ^ (word >> jnp.uint32(15))
    word = word * jnp.uint32(0x846CA68B)
    return word ^ (word >> jnp.uint32(16))


def bits(seed: Scalar, stream: int, tick: Scalar) -> Scalar:
    """32 random bits (uint32) for an int32 seed, a stream number and an int32 tick.

    Seed and tick are mixed first, so that all draws of one tick share that work. Seeds are places on one ring of 2^32
    ticks; the seed enters twice, so that two flights that meet there still draw different numbers.
    """
    own = _mix(jnp.asarray(seed).astype(jnp.uint32))
    word = _mix(own + jnp.asarray(tick).astype(jnp.uint32) * jnp.uint32(0x85EBCA6B))
    return _mix((word ^ own) + jnp.uint32((stream * 0x9E3779B9) & 0xFFFFFFFF))


def uniform(seed: Scalar, stream: int, tick: Scalar) -> Scalar:
    """A float64 in the open interval (0, 1) with 32 bits of resolution."""
    return (bits(seed, stream, tick).astype(jnp.float64) + 0.5) * (1.0 / 4294967296.0)


def normal_pair(seed: Scalar, stream: int, tick: Scalar) -> tuple[Scalar, Scalar]:
    """Two independent standard normal float64 numbers (Box and Muller 1958), within +-6.7."""
    radius = jnp.sqrt(-2.0 * jnp.log(uniform(seed, stream, tick)))
    angle = 2.0 * jnp.pi * uniform(seed, stream + 0x1000, tick)
    return radius * jnp.cos(angle), radius * jnp.sin(angle)


def nearly_normal(seed: Scalar, stream: int, tick: Scalar) -> Scalar:
    """A float64 of zero mean and unit variance, the sum of four uniform bytes: symmetric, kurtosis 2.7, within +-3.45.

    For noise that a filter or an integral gathers, at a seventh of the cost of a normal number: a first-order filter
    that remembers n draws brings the excess of the kurtosis, -0.3, down to -0.3 / n.
    """
    word = bits(seed, stream, tick)
    pairs = (word & jnp.uint32(0x00FF00FF)) + ((word >> jnp.uint32(8)) & jnp.uint32(0x00FF00FF))
    total = (pairs & jnp.uint32(0xFFFF)) + (pairs >> jnp.uint32(16))
    return (total.astype(jnp.int32).astype(jnp.float64) - 510.0) * (1.0 / BYTES_DEVIATION)
