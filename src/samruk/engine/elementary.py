"""The elementary functions, written with arithmetic alone.

No processor has an instruction for these, and every mathematics library rounds them its own way. Here each is a plain
JAX function of scalars; the native engine inlines its jaxpr, so that a result is the same in every lane, at every
vector width and on every machine with IEEE arithmetic.

float64, with the error measured in `tests/properties/test_printer.py`:

================  ==================================================================  ==========
function          method                                                              error, ulp
================  ==================================================================  ==========
exp, exp2, expm1  Cody-Waite reduction by ln 2, polynomial of degree 11               1, 1, 2
log, log1p        f/(2+f) series with the coefficients of fdlibm                      1, 2
sin, cos, tan     three-part reduction by pi/2 (abs(x) up to 1e6), fdlibm kernels     2, 2, 3
atan, atan2       reduction to tan(pi/8), fdlibm's polynomial                         2
asin, acos        atan2 of x and sqrt((1-x)(1+x))                                     2
sinh, cosh        by expm1, exp                                                       2
tanh, logistic    by expm1, exp                                                       3, 2
cbrt              exp(log(x)/3) and one step of Newton                                1
pow               exp(y log x): the error grows with abs(y log x)                     1 + that
rem               exact while the quotient stays below 2**52                          0
================  ==================================================================  ==========

Where it ends: a result below 4e-308 becomes zero; a logarithm of a subnormal number is minus infinity; sine, cosine
and tangent are less exact from 1e6 and NaN from 1e9 rad; sinh and cosh are infinite from 709.78; atan2 takes an
infinity for 1.8e308; a remainder is NaN for a quotient from 2**52; an infinite negative base of `pow` gives NaN unless
the exponent is whole. float32 has functions of its own, in `single`.

The coefficients named S, C, LG and AT are those of fdlibm (Sun Microsystems 1993, freely granted); EXP is a
Chebyshev fit of (exp(r)-1-r)/r**2 on abs(r) < 0.347 with error 1.1e-16, leading coefficient fixed at 1/2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from samruk.engine import single

Scalar = Any

LN2_HI, LN2_LO, LOG2_E = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.44269504088896338700
PIO2_1, PIO2_2, PIO2_3 = 1.57079632673412561417e00, 6.07710050630396597660e-11, 2.02226624879595063154e-21
PIO4, PIO4_LO = 0.78539816339744830962, 3.06161699786838301793e-17
PIO2, PIO2_LO = 1.57079632679489661923, 6.12323399573676603587e-17
PI, PI_LO = 3.14159265358979323846, 1.22464679914735317722e-16
TAN_PI_8 = 0.41421356237309504880
ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to the nearest whole number and shows it in the low bits
TINY, LARGEST, HUGE = 2.2250738585072014e-308, 1.7976931348623157e308, np.inf
QUOTIENT = 4503599627370496.0  # 2**52: a remainder of a larger quotient is NaN
TURNED_TOO_FAR = 1e9  # radians: from here on a sine is NaN rather than noise

EXP = (
    2.5100424157005067e-08, 2.7620138719733994e-07, 2.7557268378684192e-06, 2.480152119021773e-05,
    0.00019841269863105968, 0.0013888888917281794, 0.008333333333330051, 0.04166666666662399, 0.16666666666666669, 0.5,
)  # fmt: skip
LG = (
    1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
    2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01,
)  # fmt: skip
S = (
    1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06, -1.98412698298579493134e-04,
    8.33333333332248946124e-03, -1.66666666666666324348e-01,
)  # fmt: skip
C = (
    -1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07, 2.48015872894767294178e-05,
    -1.38888888888741095749e-03, 4.16666666666666019037e-02,
)  # fmt: skip
AT = (
    1.62858201153657823623e-02, -3.65315727442169155270e-02, 4.97687799461593236017e-02, -5.83357013379057348645e-02,
    6.66107313738753120669e-02, -7.69187620504482999495e-02, 9.09088713343650656196e-02, -1.11111104054623557880e-01,
    1.42857142725034663711e-01, -1.99999999998764832476e-01, 3.33333333333329318027e-01,
)  # fmt: skip


def _polynomial(coefficients: tuple[float, ...], x: Scalar) -> Scalar:
    """Horner's rule, highest power first."""
    total: Scalar = coefficients[0]
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total


def _nearest(x: Scalar) -> tuple[Scalar, Scalar]:
    """The nearest whole number as float64, and its bits as int64 (low bits: two's complement)."""
    shifted = x + ROUNDER
    return shifted - ROUNDER, lax.bitcast_convert_type(shifted, jnp.int64)


def _two_to(n: Scalar) -> Scalar:
    """2**n for a whole float64 n from -1022 to 1023."""
    bits = lax.bitcast_convert_type(n + (ROUNDER + 1023.0), jnp.int64)
    return lax.bitcast_convert_type(lax.shift_left(bits, jnp.int64(52)), jnp.float64)


def _exp_reduced(x: Scalar) -> tuple[Scalar, Scalar]:
    """n and exp(r) - 1 with x = n ln 2 + r."""
    n, _ = _nearest(x * LOG2_E)
    r = (x - n * LN2_HI) - n * LN2_LO
    return n, r + r * r * _polynomial(EXP, r)


def exp(x: Scalar) -> Scalar:
    """e**x; 0 below -707.7, infinite above 709.78."""
    n, p = _exp_reduced(x)
    y = (1.0 + p) * _two_to(n - 1.0) * 2.0
    y = jnp.where(x > 709.782712893384, jnp.inf, y)
    return jnp.where(x < -707.7, 0.0, y)


def exp2(x: Scalar) -> Scalar:
    """2**x; 0 below -1021, infinite from 1024."""
    n, _ = _nearest(x)
    r = (x - n) * 0.69314718055994530942
    y = (1.0 + (r + r * r * _polynomial(EXP, r))) * _two_to(n - 1.0) * 2.0
    y = jnp.where(x >= 1024.0, jnp.inf, y)
    return jnp.where(x < -1021.0, 0.0, y)


def expm1(x: Scalar) -> Scalar:
    """e**x - 1, accurate near zero."""
    n, p = _exp_reduced(jnp.maximum(x, -60.0))
    half = _two_to(n - 1.0)
    y = (half * p + (half - 0.5)) * 2.0
    y = jnp.where(n == 0.0, p, y)
    return jnp.where(x > 709.782712893384, jnp.inf, y)


def log(x: Scalar) -> Scalar:
    """Natural logarithm; minus infinity at 0, NaN below."""
    bits = lax.bitcast_convert_type(x, jnp.int64)
    exponent = lax.shift_right_arithmetic(bits - jnp.int64(0x3FE6A09E667F3BCD), jnp.int64(52))
    f = lax.bitcast_convert_type(bits - lax.shift_left(exponent, jnp.int64(52)), jnp.float64) - 1.0
    k = lax.bitcast_convert_type(exponent + np.float64(ROUNDER).view(np.int64), jnp.float64) - ROUNDER
    s = f / (2.0 + f)
    z = s * s
    half_square = 0.5 * f * f
    y = k * LN2_HI - ((half_square - (s * (half_square + z * _polynomial(LG, z)) + k * LN2_LO)) - f)
    y = jnp.where(x < TINY, -jnp.inf, y)
    y = jnp.where(x < 0.0, jnp.nan, y)
    return jnp.where(x < HUGE, y, x)


def log1p(x: Scalar) -> Scalar:
    """log(1 + x), accurate near zero."""
    u = 1.0 + x
    y = log(u) + (x - (u - 1.0)) / u
    y = jnp.where(jnp.abs(x) < 1e-300, x, y)
    return jnp.where((x > -1.0) & (x < HUGE), y, jnp.where(x > 0.0, x, log(u)))


def _sincos(x: Scalar) -> tuple[Scalar, Scalar, Scalar]:
    """sin r, cos r and the bits of n, with x = n pi/2 + r."""
    n, bits = _nearest(x * 0.63661977236758134308)
    r = ((x - n * PIO2_1) - n * PIO2_2) - n * PIO2_3
    r = jnp.where(jnp.abs(x) < TURNED_TOO_FAR, r, jnp.nan)
    z = r * r
    sine = r + r * z * _polynomial(S, z)
    half = 0.5 * z
    w = 1.0 - half
    cosine = w + (((1.0 - w) - half) + z * z * _polynomial(C, z))
    return sine, cosine, bits


def _signed(value: Scalar, sign_bits: Scalar) -> Scalar:
    """`value` with its sign turned where bit 1 of `sign_bits` is set."""
    flip = lax.shift_left(sign_bits & jnp.int64(2), jnp.int64(62))
    return lax.bitcast_convert_type(lax.bitcast_convert_type(value, jnp.int64) ^ flip, jnp.float64)


def _odd(bits: Scalar) -> Scalar:
    return (bits & jnp.int64(1)) != jnp.int64(0)


def sin(x: Scalar) -> Scalar:
    """Sine, for abs(x) up to 1e6."""
    sine, cosine, bits = _sincos(x)
    return _signed(jnp.where(_odd(bits), cosine, sine), bits)


def cos(x: Scalar) -> Scalar:
    """Cosine, for abs(x) up to 1e6."""
    sine, cosine, bits = _sincos(x)
    return _signed(jnp.where(_odd(bits), sine, cosine), bits + jnp.int64(1))


def tan(x: Scalar) -> Scalar:
    """Tangent, for abs(x) up to 1e6."""
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
    bend = t * (z * _polynomial(AT, z))
    return jnp.where(steep, PIO4 - ((bend - PIO4_LO) - t), t - bend)


def _negative(x: Scalar) -> Scalar:
    """Whether the sign bit is set (so also for -0.0)."""
    return lax.bitcast_convert_type(x, jnp.int64) < jnp.int64(0)


def _copy_sign(value: Scalar, sign: Scalar) -> Scalar:
    """A value that is not negative, with the sign bit of another."""
    bit = lax.bitcast_convert_type(sign, jnp.int64) & jnp.int64(-0x8000000000000000)
    return lax.bitcast_convert_type(lax.bitcast_convert_type(value, jnp.int64) | bit, jnp.float64)


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
    t = expm1(2.0 * jnp.minimum(jnp.abs(x), 22.0))
    return _copy_sign(t / (t + 2.0), x)


def sinh(x: Scalar) -> Scalar:
    """Hyperbolic sine."""
    t = expm1(jnp.abs(x))
    return _copy_sign(jnp.where(t < 1e20, 0.5 * (t + t / (t + 1.0)), 0.5 * t), x)


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


def _halves(x: Scalar) -> tuple[Scalar, Scalar]:
    """A float64 as a sum of two numbers of 26 bits (Dekker 1971)."""
    scaled = 134217729.0 * x
    high = scaled - (scaled - x)
    return high, x - high


def rem(x: Scalar, y: Scalar) -> Scalar:
    """Remainder with the sign of x: C's fmod. The product is subtracted exactly, in two parts."""
    u, v = jnp.abs(x), jnp.abs(y)
    q = jnp.floor(u / v)
    (a, b), (c, d) = _halves(q), _halves(v)
    product = q * v
    r = (u - product) - (((a * c - product) + a * d + b * c) + b * d)
    r = jnp.where(r < 0.0, r + v, r)
    r = jnp.where(r >= v, r - v, r)
    r = jnp.where(u < v, u, r)
    return _copy_sign(jnp.where(q < QUOTIENT, r, jnp.nan), x)


FUNCTIONS: tuple[Callable[..., Scalar], ...] = (
    exp, exp2, expm1, log, log1p, sin, cos, tan, atan, atan2, asin, acos, tanh, sinh, cosh, logistic, cbrt, pow, rem,
)  # fmt: skip


def _of_any_type(function: Callable[..., Scalar]) -> Callable[..., Scalar]:
    """The function for float64 and float32; where float32 has none of its own, widened and narrowed again."""
    narrow = single.TABLE.get(function.__name__)

    def call(*args: Scalar) -> Scalar:
        dtype = args[0].dtype
        if dtype == jnp.float64:
            return function(*args)
        if dtype == jnp.float32 and narrow is not None:
            return narrow(*args)
        return function(*(a.astype(jnp.float64) for a in args)).astype(dtype)

    return call


TABLE: dict[str, Callable[..., Scalar]] = {function.__name__: _of_any_type(function) for function in FUNCTIONS}


def wanted(name: str, dtype: Any) -> bool:
    """Whether the primitive is to be replaced by its definition here."""
    return name != "pow" and bool(np.issubdtype(dtype, np.floating))
