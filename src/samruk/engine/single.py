"""The elementary functions of float32: those of `elementary`, with shorter polynomials and reductions.

float32, with the error measured in `tests/properties/test_printer.py`:

================  ==================================================================  ==========
function          method                                                              error, ulp
================  ==================================================================  ==========
exp, exp2, expm1  Cody-Waite reduction by ln 2, polynomial of degree 6 or 7           1, 1, 2
log, log1p        polynomial of degree 10 in the mantissa less 1: no division         1, 2
sin, cos, tan     four-part reduction by pi/2 (abs(x) up to 1e4), degree 7 and 8      2, 2, 3
atan, atan2       reduction to tan(pi/8), polynomial of degree 11                     2
asin, acos        atan2 of x and sqrt((1-x)(1+x))                                     2
sinh, cosh        by expm1, exp                                                       2
tanh, logistic    by expm1, exp                                                       3, 2
cbrt              exp(log(x)/3) and one step of Newton                                1
pow               exp(y log x): the error grows with abs(y log x)                     1 + that
rem               through float64                                                     0
================  ==================================================================  ==========

Where it ends: a result of exp below 2e-38 becomes zero; a logarithm of a subnormal number is minus infinity; sine,
cosine and tangent are less exact from 1e4 and NaN from 1e6 rad; sinh and cosh are infinite from 88.7; the rest as in
`elementary`. The coefficients are minimax fits: `design/0008-precision-coefficients.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

Scalar = Any

LN2_HI, LN2_LO, LOG2_E, LN2 = 0.693115234375, 3.194618329871446e-05, 1.4426950408889634, 0.6931471805599453
PIO2_1, PIO2_2, PIO2_3, PIO2_4 = 1.5703125, 0.0004837512969970703, 7.549533620476723e-08, 2.5633440682570896e-12
PIO2, PIO2_LO = 1.5707963705062866, -4.371138828673793e-08
PI, PI_LO = 3.1415927410125732, -8.742277657347586e-08
PIO4, PIO4_LO = 0.7853981852531433, -2.1855694143368964e-08
TAN_PI_8 = 0.41421356237309504880
ROUNDER = 12582912.0  # 1.5 * 2**23: adding it rounds to the nearest whole number and shows it in the low bits
TINY, LARGEST, HUGE = 1.1754943508222875e-38, 3.4028234663852886e38, np.inf
TURNED_TOO_FAR = 1e6  # radians: from here on a sine is NaN rather than noise
EXP_LAST, EXP_FIRST = 88.72283, -86.9  # beyond them exp overflows, is zero

EXP = (0.0013814183184877038, 0.008368918672204018, 0.04166840761899948, 0.1666651964187622, 0.4999999403953552)
EXPM1 = (
    0.00019962884834967554, 0.0013943527592346072, 0.008333218283951283, 0.04166632145643234, 0.1666666716337204, 0.5,
)  # fmt: skip
LOG = (
    -0.07634474337100983, 0.12761560082435608, -0.13160182535648346, 0.14201760292053223, -0.16623356938362122,
    0.20001226663589478, -0.2500081956386566, 0.3333333134651184,
)  # fmt: skip
SIN = (-0.00019514781888574362, 0.008332157507538795, -0.16666655242443085)
COS = (2.4432583813904785e-05, -0.0013887311797589064, 0.04166664555668831)
ATAN = (0.060778576880693436, -0.10593677312135696, 0.14243516325950623, -0.19998469948768616, 0.33333316445350647)


def _polynomial(coefficients: tuple[float, ...], x: Scalar) -> Scalar:
    """Horner's rule, highest power first."""
    total: Scalar = coefficients[0]
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total


def _bits(x: Scalar) -> Scalar:
    return lax.bitcast_convert_type(x, jnp.int32)


def _number(bits: Scalar) -> Scalar:
    return lax.bitcast_convert_type(bits, jnp.float32)


def _nearest(x: Scalar) -> tuple[Scalar, Scalar]:
    """The nearest whole number, and its bits (low bits: two's complement)."""
    shifted = x + ROUNDER
    return shifted - ROUNDER, _bits(shifted)


def _two_to(n: Scalar) -> Scalar:
    """2**n for a whole n from -126 to 127."""
    return _number(lax.shift_left(_bits(n + (ROUNDER + 127.0)), jnp.int32(23)))


def _exp_reduced(x: Scalar, coefficients: tuple[float, ...]) -> tuple[Scalar, Scalar]:
    """n and exp(r) - 1 with x = n ln 2 + r."""
    n, _ = _nearest(x * LOG2_E)
    r = (x - n * LN2_HI) - n * LN2_LO
    return n, r + r * r * _polynomial(coefficients, r)


def exp(x: Scalar) -> Scalar:
    """e**x; 0 below -86.9, infinite above 88.72."""
    n, p = _exp_reduced(x, EXP)
    y = (1.0 + p) * _two_to(n - 1.0) * 2.0
    y = jnp.where(x > EXP_LAST, jnp.inf, y)
    return jnp.where(x < EXP_FIRST, 0.0, y)


def exp2(x: Scalar) -> Scalar:
    """2**x; 0 below -125.4, infinite from 128."""
    n, _ = _nearest(x)
    r = (x - n) * LN2
    y = (1.0 + (r + r * r * _polynomial(EXP, r))) * _two_to(n - 1.0) * 2.0
    y = jnp.where(x >= 128.0, jnp.inf, y)
    return jnp.where(x < -125.4, 0.0, y)


def expm1(x: Scalar) -> Scalar:
    """e**x - 1, accurate near zero."""
    n, p = _exp_reduced(jnp.maximum(x, -30.0), EXPM1)
    half = _two_to(n - 1.0)
    y = (half * p + (half - 0.5)) * 2.0
    y = jnp.where(n == 0.0, p, y)
    return jnp.where(x > EXP_LAST, jnp.inf, y)


def log(x: Scalar) -> Scalar:
    """Natural logarithm; minus infinity at 0, NaN below."""
    bits = _bits(x)
    exponent = lax.shift_right_arithmetic(bits - jnp.int32(0x3F3504F3), jnp.int32(23))
    f = _number(bits - lax.shift_left(exponent, jnp.int32(23))) - 1.0
    k = exponent.astype(jnp.float32)
    square = f * f
    y = f * square * _polynomial(LOG, f) + k * LN2_LO
    y = (f + (y - 0.5 * square)) + k * LN2_HI
    y = jnp.where(x < TINY, -jnp.inf, y)
    y = jnp.where(x < 0.0, jnp.nan, y)
    return jnp.where(x < HUGE, y, x)


def log1p(x: Scalar) -> Scalar:
    """log(1 + x), accurate near zero."""
    u = 1.0 + x
    y = log(u) + (x - (u - 1.0)) / u
    y = jnp.where(jnp.abs(x) < 1e-30, x, y)
    return jnp.where((x > -1.0) & (x < HUGE), y, jnp.where(x > 0.0, x, log(u)))


def _sincos(x: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """sin r, cos r and the bits of n, with x = n pi/2 + r."""
    n, bits = _nearest(x * 0.63661977236758134308)
    r = (((x - n * PIO2_1) - n * PIO2_2) - n * PIO2_3) - n * PIO2_4
    r = jnp.where(jnp.abs(x) < TURNED_TOO_FAR, r, jnp.nan)
    z = r * r
    sine = r + r * z * _polynomial(SIN, z)
    half = 0.5 * z
    w = 1.0 - half
    cosine = w + (((1.0 - w) - half) + z * z * _polynomial(COS, z))
    return sine, cosine, bits


def _signed(value: Scalar, sign_bits: Scalar) -> Scalar:
    """`value` with its sign turned where bit 1 of `sign_bits` is set."""
    return _number(_bits(value) ^ lax.shift_left(sign_bits & jnp.int32(2), jnp.int32(30)))


def _odd(bits: Scalar) -> Scalar:
    return (bits & jnp.int32(1)) != jnp.int32(0)


def sin(x: Scalar) -> Scalar:
    """Sine, for abs(x) up to 1e4."""
    sine, cosine, bits = _sincos(x)
    return _signed(jnp.where(_odd(bits), cosine, sine), bits)


def cos(x: Scalar) -> Scalar:
    """Cosine, for abs(x) up to 1e4."""
    sine, cosine, bits = _sincos(x)
    return _signed(jnp.where(_odd(bits), sine, cosine), bits + jnp.int32(1))


def tan(x: Scalar) -> Scalar:
    """Tangent, for abs(x) up to 1e4."""
    sine, cosine, bits = _sincos(x)
    odd = _odd(bits)
    return jnp.where(odd, -cosine, sine) / jnp.where(odd, sine, cosine)


def _atan_ratio(small: Scalar, large: Scalar) -> Scalar:
    """atan(small / large) for 0 <= small <= large, with one division."""
    small, large = jnp.minimum(small, LARGEST), jnp.minimum(large, LARGEST)
    steep = small > TAN_PI_8 * large
    top = jnp.where(steep, small - large, small)
    bottom = jnp.where(steep, small + large, jnp.where(large == 0.0, 1.0, large))
    t = top / bottom
    z = t * t
    bend = t * (z * _polynomial(ATAN, z))
    return jnp.where(steep, PIO4 - ((bend - PIO4_LO) - t), t - bend)


def _negative(x: Scalar) -> Scalar:
    """Whether the sign bit is set (so also for -0.0)."""
    return _bits(x) < jnp.int32(0)


def _copy_sign(value: Scalar, sign: Scalar) -> Scalar:
    """A value that is not negative, with the sign bit of another."""
    return _number(_bits(value) | (_bits(sign) & jnp.int32(-0x80000000)))


def atan2(y: Scalar, x: Scalar) -> Scalar:
    """Angle of the point (x, y), from -pi to pi, signed zeros as in C."""
    u, v = jnp.abs(y), jnp.abs(x)
    angle = _atan_ratio(jnp.minimum(u, v), jnp.maximum(u, v))
    angle = jnp.where(u > v, PIO2 - (angle - PIO2_LO), angle)
    angle = jnp.where(_negative(x), PI - (angle - PI_LO), angle)
    return _copy_sign(angle, y)


def atan(x: Scalar) -> Scalar:
    """Angle whose tangent is x."""
    u = jnp.abs(x)
    angle = _atan_ratio(jnp.minimum(u, 1.0), jnp.where(u > 1.0, u, 1.0))
    return _copy_sign(jnp.where(u > 1.0, PIO2 - (angle - PIO2_LO), angle), x)


def asin(x: Scalar) -> Scalar:
    """Angle whose sine is x."""
    return atan2(x, jnp.sqrt((1.0 - x) * (1.0 + x)))


def acos(x: Scalar) -> Scalar:
    """Angle whose cosine is x."""
    return atan2(jnp.sqrt((1.0 - x) * (1.0 + x)), x)


def tanh(x: Scalar) -> Scalar:
    """Hyperbolic tangent."""
    t = expm1(2.0 * jnp.minimum(jnp.abs(x), 10.0))
    return _copy_sign(t / (t + 2.0), x)


def sinh(x: Scalar) -> Scalar:
    """Hyperbolic sine."""
    t = expm1(jnp.abs(x))
    return _copy_sign(jnp.where(t < 1e9, 0.5 * (t + t / (t + 1.0)), 0.5 * t), x)


def cosh(x: Scalar) -> Scalar:
    """Hyperbolic cosine."""
    e = exp(jnp.abs(x))
    return 0.5 * e + 0.5 / e


def logistic(x: Scalar) -> Scalar:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


def cbrt(x: Scalar) -> Scalar:
    """Cube root, with one step of Newton."""
    u = jnp.abs(x)
    root = exp(log(u) * (1.0 / 3.0))
    root = root - (root - u / (root * root)) * (1.0 / 3.0)
    return _copy_sign(jnp.where((u > 0.0) & (u < HUGE), root, u), x)


def pow(x: Scalar, y: Scalar) -> Scalar:
    """x**y; a negative x needs a whole y."""
    u = jnp.abs(x)
    size = exp(y * log(u))
    whole = jnp.floor(y) == y
    odd = whole & (jnp.floor(0.5 * y) != 0.5 * y)
    size = jnp.where(odd & _negative(x), -size, size)
    size = jnp.where((x < 0.0) & ~whole, jnp.nan, size)
    return jnp.where((y == 0.0) | (x == 1.0), 1.0, size)


TABLE: dict[str, Callable[..., Scalar]] = {
    function.__name__: function
    for function in (
        exp, exp2, expm1, log, log1p, sin, cos, tan, atan, atan2, asin, acos, tanh, sinh, cosh, logistic, cbrt, pow
    )
}  # fmt: skip
