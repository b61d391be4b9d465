"""The printed code computes what JAX computes, in float64 and in float32, primitive by primitive; the elementary
functions keep to their stated error; what has no rule is refused by its name, and what has one is tested here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, make_dataclass
from functools import cache, cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax import lax

from samruk import engine
from samruk.engine import elementary, lower
from samruk.engine.precision import Precision, Words
from samruk.errors import EngineError

LANES = 8
PRECISIONS = {"float64": Precision("float64"), "float32": Precision("float32", Words.NONE)}
"""In float32 without words every tempo computes narrow, so that a frame shows what a fast tick would."""
BOTH = pytest.mark.parametrize("precision", PRECISIONS)


@dataclass(frozen=True)
class Nothing:
    """No parameters."""


@dataclass(frozen=True)
class Inputs:
    """Two numbers of each kind."""

    x: float = 0.0
    y: float = 0.0
    i: int = 0
    j: int = 0


Function = Callable[[Any, Any, Any, Any], Any]
Results = dict[str, np.ndarray[Any, Any]]


def _program(functions: dict[str, Function]) -> engine.Program:
    """Many functions of (x, y, i, j) in one frame."""
    form = make_dataclass("Results", [(name, float) for name in functions], frozen=True)
    return engine.Program(
        lambda c, p: c, lambda c, p, t: c, lambda c, p, t: c,
        lambda c, p: form(*(f(c.x, c.y, c.i, c.j) for f in functions.values())),
        Inputs(), Nothing(), None, 1, 1,
    )  # fmt: skip


class Functions:
    """Many functions of (x, y, i, j) evaluated by the native engine in one frame."""

    def __init__(self, functions: dict[str, Function], precision: str) -> None:
        self.functions, self.dtype = functions, np.dtype(precision)
        self.engine = engine.open(_program(functions), "native", precision=PRECISIONS[precision])

    def native(self, x: Any, y: Any, i: Any, j: Any) -> Results:
        """The results, one per lane."""
        n = len(x)
        batch = self.engine.start([Inputs()] * n, [Nothing()] * n, [None] * n)
        for name, values in zip("xyij", (*self.floats(x, y), i, j), strict=True):
            for lane in range(n):
                batch.set(lane, name, values[lane])
        return dict(zip(self.functions, batch.frame().data[0], strict=True))

    def floats(self, *columns: Any) -> list[np.ndarray[Any, Any]]:
        """Numbers as this precision has them; what is beyond it is infinite."""
        with np.errstate(over="ignore"):
            return [np.asarray(v, np.float64).astype(self.dtype) for v in columns]

    def jax(self, x: Any, y: Any, i: Any, j: Any) -> Results:
        """The same by JAX, in the same precision."""
        arrays = [jnp.asarray(v) for v in (*self.floats(x, y), np.asarray(i, np.int32), np.asarray(j, np.int32))]
        return {name: np.asarray(v).astype(np.float64) for name, v in self._jitted(*arrays).items()}

    @cached_property
    def _jitted(self) -> Any:
        return jax.jit(jax.vmap(lambda *args: {name: f(*args) for name, f in self.functions.items()}))


STEPS = np.array([3.0, -1.5, 0.1, 1e7, 2.0**-20, 12345.678])
"""A table that a model holds as a constant."""


def _table(x: Any) -> Any:
    return jnp.asarray(STEPS).astype(x.dtype) if x.dtype == jnp.float32 else jnp.asarray(STEPS)


def _row(i: Any) -> Any:
    return jnp.clip(i, 0, len(STEPS) - 1)


def _u(i: Any) -> Any:
    return i.astype(jnp.uint32)


EXACT: dict[str, Function] = {
    "add": lambda x, y, i, j: x + y,
    "sub": lambda x, y, i, j: x - y,
    "mul": lambda x, y, i, j: x * y,
    "div": lambda x, y, i, j: x / y,
    "divided_by_a_power_of_two": lambda x, y, i, j: x / 8.0,
    "neg": lambda x, y, i, j: -x,
    "abs": lambda x, y, i, j: jnp.abs(x),
    "sqrt": lambda x, y, i, j: jnp.sqrt(x),
    "square": lambda x, y, i, j: jnp.square(x),
    "floor": lambda x, y, i, j: jnp.floor(x),
    "ceil": lambda x, y, i, j: jnp.ceil(x),
    "round_to_even": lambda x, y, i, j: jnp.round(x),
    "round_away": lambda x, y, i, j: lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO),
    "trunc": lambda x, y, i, j: jnp.trunc(x),
    "sign": lambda x, y, i, j: jnp.sign(x),
    "max": lambda x, y, i, j: jnp.maximum(x, y),
    "min": lambda x, y, i, j: jnp.minimum(x, y),
    "max_of_constant": lambda x, y, i, j: jnp.maximum(0.5, x),
    "min_of_constant": lambda x, y, i, j: jnp.minimum(x, 0.5),
    "clip": lambda x, y, i, j: jnp.clip(x, -1.0, 2.0),
    "clamp": lambda x, y, i, j: lax.clamp(jnp.asarray(-1.0, x.dtype), x, jnp.asarray(2.0, x.dtype)),
    "where": lambda x, y, i, j: jnp.where(x > y, x, y),
    "lt": lambda x, y, i, j: x < y,
    "le": lambda x, y, i, j: x <= y,
    "gt": lambda x, y, i, j: x > y,
    "ge": lambda x, y, i, j: x >= y,
    "eq": lambda x, y, i, j: x == y,
    "ne": lambda x, y, i, j: x != y,
    "not_lt": lambda x, y, i, j: ~(x < y),
    "not_eq": lambda x, y, i, j: ~(x == y),
    "logic": lambda x, y, i, j: ((x > 0.0) & (y > 0.0)) | ((x < 0.0) ^ (i > 3)),
    "is_finite": lambda x, y, i, j: jnp.isfinite(x),
    "is_nan": lambda x, y, i, j: jnp.isnan(x),
    "copysign": lambda x, y, i, j: jnp.copysign(x, y),
    "flag_kept_as_int": lambda x, y, i, j: jnp.where(x > y, 1, 0).astype(jnp.int32) > 0,
    "flag_as_float": lambda x, y, i, j: (x > y).astype(jnp.int32).astype(x.dtype) * 2.0,
    "flag_negated": lambda x, y, i, j: jnp.where(x > y, 1, 0) == 0,
    "int_add": lambda x, y, i, j: i + j,
    "int_sub": lambda x, y, i, j: i - j,
    "int_mul": lambda x, y, i, j: i * j,
    "int_floor_div": lambda x, y, i, j: i // j,
    "int_div": lambda x, y, i, j: lax.div(i, j),
    "int_div_constant": lambda x, y, i, j: i // 7,
    "int_rem": lambda x, y, i, j: lax.rem(i, j),
    "int_mod": lambda x, y, i, j: i % j,
    "int_mod_constant": lambda x, y, i, j: i % 50,
    "int_neg": lambda x, y, i, j: -i,
    "int_abs": lambda x, y, i, j: jnp.abs(i),
    "int_sign": lambda x, y, i, j: jnp.sign(i),
    "int_max": lambda x, y, i, j: jnp.maximum(i, j),
    "int_min": lambda x, y, i, j: jnp.minimum(i, j),
    "int_and": lambda x, y, i, j: i & j,
    "int_or": lambda x, y, i, j: i | j,
    "int_xor": lambda x, y, i, j: i ^ j,
    "int_not": lambda x, y, i, j: ~i,
    "int_shift_left": lambda x, y, i, j: i << 5,
    "int_shift_right": lambda x, y, i, j: i >> 5,
    "int_shift_by_variable": lambda x, y, i, j: lax.shift_right_arithmetic(i, j & 63),
    "int_power": lambda x, y, i, j: i**3,
    "uint_mul": lambda x, y, i, j: _u(i) * jnp.uint32(0x7FEB352D),
    "uint_div": lambda x, y, i, j: lax.div(_u(i), _u(j)),
    "uint_rem": lambda x, y, i, j: lax.rem(_u(i), _u(j)),
    "uint_shift": lambda x, y, i, j: _u(i) >> jnp.uint32(15),
    "uint_shift_by_variable": lambda x, y, i, j: lax.shift_left(_u(i), _u(j) & jnp.uint32(63)),
    "uint_compare": lambda x, y, i, j: _u(i) < _u(j),
    "uint_max": lambda x, y, i, j: jnp.maximum(_u(i), _u(j)),
    "bits_of_float": lambda x, y, i, j: lax.bitcast_convert_type(x.astype(jnp.float64), jnp.int64) >> 40,
    "float_of_bits": lambda x, y, i, j: lax.bitcast_convert_type(_u(i) & jnp.uint32(0x7F7FFFFF), jnp.float32),
    "population_count": lambda x, y, i, j: lax.population_count(i),
    "leading_zeros": lambda x, y, i, j: lax.clz(i),
    "float_to_int": lambda x, y, i, j: x.astype(jnp.int32),
    "float_to_int_and_back": lambda x, y, i, j: x.astype(jnp.int32).astype(x.dtype),
    "float_to_uint": lambda x, y, i, j: x.astype(jnp.uint32),
    "int_to_float": lambda x, y, i, j: i.astype(x.dtype),
    "uint_to_float": lambda x, y, i, j: _u(i).astype(x.dtype),
    "int_to_int16": lambda x, y, i, j: i.astype(jnp.int16),
    "int_to_int64": lambda x, y, i, j: i.astype(jnp.int64) * 3,
    "to_float32": lambda x, y, i, j: x.astype(jnp.float32),
    "float32_sum": lambda x, y, i, j: x.astype(jnp.float32) + y.astype(jnp.float32),
    "select_of_three": lambda x, y, i, j: lax.select_n(jnp.clip(i, 0, 2), x, y, x + y),
    "folded_constants": lambda x, y, i, j: x + jnp.sqrt(jnp.asarray(2.0, x.dtype)) / jnp.asarray(4.0, x.dtype),
    "jitted": lambda x, y, i, j: jax.jit(lambda a, b: a * b)(x, 3.0),
    "nan_to_num": lambda x, y, i, j: jnp.nan_to_num(x, nan=2.0, posinf=1e30, neginf=-1e30),
    "element": lambda x, y, i, j: _table(x).at[_row(i)].get(mode="promise_in_bounds"),
    "element_taken": lambda x, y, i, j: jnp.take(_table(x), _row(i), mode="clip"),
    "slice_of_one": lambda x, y, i, j: lax.dynamic_slice(_table(x), (_row(j),), (1,))[0],
    "reciprocal_root": lambda x, y, i, j: lax.rsqrt(jnp.asarray(4.0, x.dtype) + 0.0 * jnp.floor(x)),
    "clamped_int": lambda x, y, i, j: lax.clamp(jnp.int32(-5), i, jnp.int32(9)),
    "barrier": lambda x, y, i, j: lax.optimization_barrier(x) * 2.0,  # type: ignore[no-untyped-call]
    "own_derivative": lambda x, y, i, j: jax.nn.relu(x),
    "checkpointed": lambda x, y, i, j: jax.checkpoint(lambda a: a * 0.5)(x),
}

EDGES = (0.0, -0.0, 0.5, -0.5, 1.5, 2.5, 0.49999999999999994, 0.49999997, 1.0, -1.0, 2.0**31, -(2.0**31), 2.0**32,
         8388609.0, 16777217.0, 4503599627370497.5, 1e30, 3e38, 1e300, -1e300, np.inf, -np.inf, np.nan)  # fmt: skip
INTS = (0, 1, -1, 2, 7, -7, 31, 32, 50, 2**24 + 1, 2**31 - 1, -(2**31), -(2**31) + 1)
floats = st.one_of(st.sampled_from(EDGES), st.floats(-1e6, 1e6), st.floats()).map(
    lambda v: 0.0 if abs(v) < 1e-30 else v  # XLA flushes what is subnormal in float32
)
ints = st.one_of(st.sampled_from(INTS), st.integers(-(2**31), 2**31 - 1), st.integers(-100, 100))


@cache
def _exact(precision: str) -> Functions:
    return Functions(EXACT, precision)


def _lanes(values: Any) -> Any:
    return st.lists(values, min_size=LANES, max_size=LANES)


@BOTH
@settings(max_examples=60, deadline=None)
@given(_lanes(floats), _lanes(floats), _lanes(ints), _lanes(ints))
def test_each_primitive_equals_jax(precision: str, x: list[float], y: list[float], i: list[int], j: list[int]) -> None:
    ours, theirs = _exact(precision).native(x, y, i, j), _exact(precision).jax(x, y, i, j)
    flushed = 2.3e-308 if precision == "float64" else 1.2e-38
    for name in EXACT:
        # Equality, not a tolerance: each is one correctly rounded operation. Results that XLA flushes as subnormal are
        # left out.
        kept = ~((np.abs(ours[name]) < flushed) & ((ours[name] != 0.0) | (theirs[name] != 0.0)))
        np.testing.assert_array_equal(ours[name][kept], theirs[name][kept], err_msg=f"{name} {x} {y} {i} {j}")


@BOTH
@settings(max_examples=20, deadline=None)
@given(_lanes(floats), _lanes(floats), _lanes(ints), _lanes(ints))
def test_a_lone_lane_has_the_bits_of_a_full_block(
    precision: str, x: list[float], y: list[float], i: list[int], j: list[int]
) -> None:
    together = _exact(precision).native(x, y, i, j)
    alone = _exact(precision).native(x[3:4], y[3:4], i[3:4], j[3:4])
    for name in EXACT:
        if not np.isnan(alone[name][0]):  # which NaN comes out is not defined by IEEE 754
            assert alone[name][0].tobytes() == together[name][3].tobytes(), name


# --- elementary functions --------------------------------------------------------------------------------------------

Ranges = tuple[tuple[float, float], ...]
ELEMENTARY: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], Ranges, Ranges, float]] = {
    "exp": (jnp.exp, np.exp, ((-700.0, 709.0), (-1.0, 1.0)), ((-86.0, 88.0), (-1.0, 1.0)), 1.0),
    "exp2": (jnp.exp2, np.exp2, ((-1000.0, 1000.0), (-1.0, 1.0)), ((-125.0, 127.0), (-1.0, 1.0)), 1.0),
    "expm1": (
        jnp.expm1, np.expm1, ((-1.0, 1.0), (-30.0, 300.0), (-1e-9, 1e-9)), ((-1.0, 1.0), (-15.0, 80.0), (-1e-6, 1e-6)),
        2.0,
    ),
    "log": (jnp.log, np.log, ((1e-9, 1e9), (0.5, 2.0), (0.999, 1.001)), ((1e-9, 1e9), (0.5, 2.0), (0.999, 1.001)), 1.0),
    "log1p": (jnp.log1p, np.log1p, ((-0.9, 3.0), (-1e-9, 1e-9)), ((-0.9, 3.0), (-1e-5, 1e-5)), 2.0),
    "sin": (jnp.sin, np.sin, ((-3.2, 3.2), (-1e5, 1e5)), ((-3.2, 3.2), (-1e4, 1e4)), 2.0),
    "cos": (jnp.cos, np.cos, ((-3.2, 3.2), (-1e5, 1e5)), ((-3.2, 3.2), (-1e4, 1e4)), 2.0),
    "tan": (jnp.tan, np.tan, ((-1.57, 1.57), (-1e5, 1e5)), ((-1.57, 1.57), (-1e4, 1e4)), 3.0),
    "atan": (jnp.arctan, np.arctan, ((-3.0, 3.0), (-1e6, 1e6)), ((-3.0, 3.0), (-1e6, 1e6)), 2.0),
    "asin": (jnp.arcsin, np.arcsin, ((-1.0, 1.0),), ((-1.0, 1.0),), 2.0),
    "acos": (jnp.arccos, np.arccos, ((-1.0, 1.0), (0.999, 1.0)), ((-1.0, 1.0), (0.999, 1.0)), 2.0),
    "tanh": (jnp.tanh, np.tanh, ((-3.0, 3.0), (-30.0, 30.0)), ((-3.0, 3.0), (-30.0, 30.0)), 3.0),
    "sinh": (jnp.sinh, np.sinh, ((-3.0, 3.0), (-300.0, 300.0)), ((-3.0, 3.0), (-80.0, 80.0)), 2.0),
    "cosh": (jnp.cosh, np.cosh, ((-3.0, 3.0), (-300.0, 300.0)), ((-3.0, 3.0), (-80.0, 80.0)), 2.0),
    "logistic": (jax.nn.sigmoid, lambda x: 1 / (1 + np.exp(-x)), ((-30.0, 30.0),), ((-30.0, 30.0),), 2.0),
    "cbrt": (jnp.cbrt, np.cbrt, ((-3.0, 3.0), (-1e9, 1e9)), ((-3.0, 3.0), (-1e9, 1e9)), 1.0),
}  # fmt: skip
"""By JAX, by numpy (in extended precision the authority), ranges in float64 and in float32, greatest error in ulp."""
OTHERS: dict[str, Function] = {
    "atan2": lambda x, y, i, j: jnp.arctan2(x, y),
    "power": lambda x, y, i, j: jnp.power(x, y),
    "fmod": lambda x, y, i, j: jnp.fmod(x, y),
    "mod": lambda x, y, i, j: jnp.mod(x, y),
    "fifth": lambda x, y, i, j: x**5,
    "inverse_square": lambda x, y, i, j: x**-2,
    "root": lambda x, y, i, j: x**0.5,
    "rsqrt": lambda x, y, i, j: lax.rsqrt(x),
    "narrow_sin": lambda x, y, i, j: jnp.sin(x.astype(jnp.float32)),
}


@cache
def _elementary(precision: str) -> Functions:
    functions = {name: lambda x, y, i, j, f=f: f(x) for name, (f, *_) in ELEMENTARY.items()}
    return Functions(functions | OTHERS, precision)


def _evaluate(name: str, precision: str, x: Any, y: Any = None) -> Any:
    zeros = np.zeros(len(x), np.int32)
    return _elementary(precision).native(x, x if y is None else y, zeros, zeros)[name].astype(precision)


def _drawn(precision: str, seed: int, low: float, high: float, count: int = 2000) -> Any:
    """Numbers of this precision."""
    return np.random.default_rng(seed).uniform(low, high, count).astype(precision)


def _exactly(x: Any) -> Any:
    """In extended precision (64 bits of mantissa on x86)."""
    return x.astype(np.longdouble)


def _ulp_error(got: Any, want: Any) -> float:
    """Largest error in units of the last place of the type of `got`."""
    return float(np.max(np.abs(_exactly(got) - want) / np.spacing(np.abs(want.astype(got.dtype)))))


@BOTH
@pytest.mark.parametrize("name", ELEMENTARY)
def test_elementary_function_is_within_its_stated_error(name: str, precision: str) -> None:
    _, exact, double, single, bound = ELEMENTARY[name]
    for low, high in double if precision == "float64" else single:
        x = _drawn(precision, 5, low, high)
        assert _ulp_error(_evaluate(name, precision, x), exact(_exactly(x))) <= bound, (low, high)


XLA_ULP = {"exp2": 64.0, "sinh": 24.0, "cosh": 24.0}
"""Errors of XLA's own float32 functions against the truth, measured where above 4."""


@pytest.mark.parametrize("name", ELEMENTARY)
def test_elementary_function_in_float32_is_that_of_jax(name: str) -> None:
    """Within the error of XLA's own and our stated one."""
    function, _, _, ranges, bound = ELEMENTARY[name]
    for low, high in ranges:
        x = _drawn("float32", 15, low, high)
        theirs = np.asarray(jax.jit(function)(jnp.asarray(x)))
        assert theirs.dtype == np.float32
        error = _ulp_error(_evaluate(name, "float32", x), _exactly(theirs))
        assert error <= bound + XLA_ULP.get(name, 4.0), (low, high)


@BOTH
def test_sine_near_multiples_of_pi_keeps_its_relative_accuracy(precision: str) -> None:
    x = (np.arange(1.0, 2000.0) * np.pi).astype(precision)  # what is left is rounding: all of it from the reduction
    assert _ulp_error(_evaluate("sin", precision, x), np.sin(_exactly(x))) <= 2.0


@BOTH
def test_atan2_in_all_quadrants(precision: str) -> None:
    y, x = np.random.default_rng(6).normal(size=(2, 4000)).astype(precision)
    assert _ulp_error(_evaluate("atan2", precision, y, x), np.arctan2(_exactly(y), _exactly(x))) <= 2.0


@BOTH
def test_power_loses_no_more_than_its_exponent_says(precision: str) -> None:
    x, y = _drawn(precision, 7, 0.1, 10.0), _drawn(precision, 17, -6.0, 6.0)
    error = np.abs(_evaluate("power", precision, x, y) / np.power(_exactly(x), _exactly(y)) - 1.0)
    # exp and log to 1 ulp each; an error of eps in y log x is an error of y log x eps in the result
    assert np.all(error / np.finfo(precision).eps <= 2.0 + 2.0 * np.abs(y * np.log(x)))


@BOTH
def test_float_remainder_is_exact(precision: str) -> None:
    rng = np.random.default_rng(8)
    x = (rng.normal(size=3000) * 10.0 ** rng.uniform(-6, 8, 3000)).astype(precision)
    y = (rng.normal(size=3000) * 10.0 ** rng.uniform(-3, 3, 3000)).astype(precision)
    np.testing.assert_array_equal(_evaluate("fmod", precision, x, y), np.fmod(x, y))
    np.testing.assert_array_equal(_evaluate("mod", precision, x, y), np.mod(x, y))


@BOTH
def test_whole_powers_and_roots(precision: str) -> None:
    x = _drawn(precision, 9, 0.1, 10.0, 1000)
    wide = _exactly(x)
    assert _ulp_error(_evaluate("fifth", precision, x), wide**5) <= 4.0  # 4 roundings to half an eps, 1 eps <= 2 ulp
    assert _ulp_error(_evaluate("inverse_square", precision, x), wide**-2) <= 2.0  # a multiplication, a division
    np.testing.assert_array_equal(_evaluate("root", precision, x), np.sqrt(x))
    np.testing.assert_array_equal(_evaluate("rsqrt", precision, x), x.dtype.type(1.0) / np.sqrt(x))


def test_float32_inside_a_float64_model_uses_the_functions_of_float32() -> None:
    x = _drawn("float64", 10, -10.0, 10.0)
    narrow = x.astype(np.float32)
    assert _ulp_error(_evaluate("narrow_sin", "float64", x).astype(np.float32), np.sin(_exactly(narrow))) <= 2.0
    np.testing.assert_array_equal(_evaluate("narrow_sin", "float64", x), _evaluate("narrow_sin", "float32", narrow))


SPECIAL = {
    "float64": (0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, 1e300, -1e300, 709.0, -760.0, 1e-300, -1e-300,
                20.0, -2.0),
    "float32": (0.0, -0.0, 1.0, -1.0, 0.5, np.inf, -np.inf, np.nan, 1e37, -1e37, 88.0, -110.0, 1e-37, -1e-37,
                20.0, -2.0),
}  # fmt: skip
BINARY = {"atan2": np.arctan2, "power": np.power, "fmod": np.fmod}
TURNED = {"float64": 1e6, "float32": 1e4}
"""rad, where sine, cosine and tangent begin to give up."""


def _documented(name: str, precision: str, x: Any, y: Any) -> Any:
    """Where `elementary` and `single` say that they give up."""
    most = {"float64": 1e300, "float32": float(np.float32(1e37))}[precision]
    if name in ("sin", "cos", "tan"):
        return (np.abs(x) > TURNED[precision]) & np.isfinite(x)
    if name == "fmod":
        return np.isfinite(x) & (np.abs(x) > 2.0**52 * np.abs(y)) & (y != 0.0)
    if name == "atan2":
        return np.isinf(x) & (np.abs(y) == most) | np.isinf(y) & (np.abs(x) == most)
    return (name == "power") & ((x == -np.inf) | ((x == -1.0) & np.isinf(y)))


@BOTH
@pytest.mark.parametrize("name", [*ELEMENTARY, *BINARY])
def test_infinities_zeros_and_nan_are_those_of_c(name: str, precision: str) -> None:
    special = SPECIAL[precision]
    pairs = ((a, b) for a in special for b in (special if name in BINARY else (0.0,)))
    x, y = (np.array(v, precision) for v in zip(*pairs, strict=True))
    with np.errstate(all="ignore"):
        want = BINARY[name](x, y) if name in BINARY else ELEMENTARY[name][1](_exactly(x)).astype(precision)
        kept = ~_documented(name, precision, x.astype(np.float64), y.astype(np.float64))
    eps = float(np.finfo(precision).eps)
    # 2 ulp each for numpy and for us; pow: y log x is up to 700 or 88 here; smaller results than these become zero
    # (atan2 in float32: 110 over the largest number, which it takes for infinity, is 4e-37)
    rtol, atol = (4500.0 if name == "power" else 4.5) * eps, 1e-300 if precision == "float64" else 4e-37
    np.testing.assert_allclose(_evaluate(name, precision, x, y)[kept], want[kept], rtol=rtol, atol=atol)


@BOTH
def test_angles_beyond_use_are_nan_rather_than_noise(precision: str) -> None:
    for name in ("sin", "cos", "tan"):
        assert np.isnan(_evaluate(name, precision, np.array([1e9, -1e30]))).all()
    assert np.isnan(_evaluate("fmod", precision, np.array([1e30]), np.array([0.7]))).all()


# --- what is covered, what is refused --------------------------------------------------------------------------------


def _primitives(jaxpr: Any) -> Iterator[str]:
    """Names of the primitives, those of inner calls included."""
    for eqn in jaxpr.eqns:
        yield eqn.primitive.name
        for value in eqn.params.values():
            inner = getattr(value, "jaxpr", value)
            if hasattr(inner, "eqns"):
                yield from _primitives(inner)


def _traced(function: Function) -> set[str]:
    shapes = [lower.scalar(np.dtype(t)) for t in ("float64", "float64", "int32", "int32")]
    return set(_primitives(jax.make_jaxpr(function)(*shapes).jaxpr))


def test_every_primitive_with_a_rule_is_tested_here() -> None:
    """The functions above run in both precisions, so a rule that none of them reaches is a rule without a test."""
    functions = [*EXACT.values(), *OTHERS.values(), *(lambda x, y, i, j, f=f: f(x) for f, *_ in ELEMENTARY.values())]
    covered = set().union(*map(_traced, functions))
    untested = (set(lower.RULES) | set(elementary.TABLE)) - covered
    assert not untested


def _loop(x: Any, y: Any, i: Any, j: Any) -> Any:
    return lax.fori_loop(0, i, lambda _, a: a * 2.0, x)


REFUSED: dict[str, Function] = {
    "while": _loop,
    "scan": lambda x, y, i, j: lax.scan(lambda a, _: (a * 2.0, None), x, None, length=3)[0],
    "cond": lambda x, y, i, j: lax.cond(x > 0.0, lambda a: a, lambda a: -a, x),
    "erf": lambda x, y, i, j: lax.erf(x),
    "erf_inv": lambda x, y, i, j: lax.erf_inv(x),
    "erfc": lambda x, y, i, j: lax.erfc(x),
    "lgamma": lambda x, y, i, j: lax.lgamma(x),
    "digamma": lambda x, y, i, j: lax.digamma(x),
    "asinh": lambda x, y, i, j: jnp.arcsinh(x),
    "acosh": lambda x, y, i, j: jnp.arccosh(x),
    "atanh": lambda x, y, i, j: jnp.arctanh(x),
    "nextafter": lambda x, y, i, j: jnp.nextafter(x, y),
    "igamma": lambda x, y, i, j: lax.igamma(x, y),
    "bessel_i1e": lambda x, y, i, j: lax.bessel_i1e(x),
    "reduce_precision": lambda x, y, i, j: lax.reduce_precision(x, 5, 10),
    "stack": lambda x, y, i, j: jnp.stack([x, y])[0],
    "iota": lambda x, y, i, j: jnp.arange(3.0)[0] + x,
}


@BOTH
@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_rule_is_refused_by_its_name(name: str, precision: str) -> None:
    with pytest.raises(EngineError, match=f"'{name}'"):
        engine.open(_program({"result": REFUSED[name]}), "native", precision=PRECISIONS[precision])
