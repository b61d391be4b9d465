"""What a float32 program computes narrow and what wide: the rules of `engine.narrow`, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from samruk import engine
from samruk.engine.layout import Layout, TableLayout
from samruk.engine.precision import Precision, Words
from samruk.engine.trace import trace
from samruk.errors import EngineError
from samruk.tables import lookup, to_float
from samruk.words import WIDE, wide

SINGLE, NAIVE, DOUBLE = Precision("float32"), Precision("float32", Words.NONE), Precision()
FAR = 6378137.123456
"""m: float32 has steps of half a metre here."""


@dataclass(frozen=True)
class State:
    """Fields of both sorts."""

    far: Any = wide(0.0)
    near: Any = 0.0
    out: Any = 0.0
    wide_out: Any = wide(0.0)
    tick: Any = wide(0)
    flag: Any = 0


@dataclass(frozen=True)
class Params:
    """One of each."""

    place: Any = wide(0.0)
    factor: Any = 1.0


@dataclass(frozen=True)
class Tables:
    """One of each."""

    wide: Any = field(default_factory=lambda: np.array([FAR, 0.1]), metadata=WIDE)
    narrow: Any = field(default_factory=lambda: np.array([FAR, 0.1]))


@dataclass(frozen=True)
class Frame:
    """What came out."""

    out: Any
    wide_out: Any


Step = Callable[[State, Params], State]
START, PARAMS, TABLES = State(), Params(), Tables()


def _same(s: State, p: Params, t: Tables | None = None) -> State:
    return s


def program(fast: Step = _same, mission: Any = _same, slow: Any = _same) -> engine.Program:
    """One tick of each tempo to a second."""
    return engine.Program(fast, mission, slow, lambda s, p: Frame(s.out, s.wide_out), START, PARAMS, TABLES, 1, 1)


def flown(
    made: engine.Program, state: State, params: Params = PARAMS, ticks: int = 1, precision: Precision = SINGLE
) -> State:
    """The state after some ticks."""
    batch = engine.open(made, "native", 1, precision).start([state], [params], [TABLES])
    batch.advance(ticks, 0)
    end: State = batch.carry(0)
    return end


def kinds(fast: Step, precision: Precision = SINGLE) -> Counter[str]:
    """How many operations of the fast tick are done in which type."""
    made = program(fast)
    traced = trace(made, Layout(START, precision), Layout(PARAMS, precision), TableLayout(TABLES, precision))
    block = traced.blocks["fast"]
    nodes = [block.graph.nodes[v] for v in block.graph.live(value for _, value in block.outputs)]
    return Counter(node.type for node in nodes if node.op not in ("argument", "constant", "fpext", "fptrunc"))


def test_a_small_step_is_added_to_a_large_sum_whole() -> None:
    made = program(lambda s, p: replace(s, far=s.far + 1e-3 * s.near))
    start = State(far=FAR, near=1.0)
    exact = FAR + 1.0
    assert flown(made, start, ticks=1000).far == pytest.approx(exact, abs=5e-7)  # 1000 roundings of float64 there
    assert flown(made, start, ticks=1000, precision=NAIVE).far == np.float32(FAR)  # every step is lost


def test_the_difference_of_two_large_numbers_has_all_its_digits() -> None:
    made = program(lambda s, p: replace(s, out=s.far - p.place))
    start, params = State(far=FAR), Params(place=FAR - 0.125)
    assert flown(made, start, params).out == pytest.approx(0.125, abs=2e-9)  # an ulp of float64 at FAR
    assert abs(flown(made, start, params, precision=NAIVE).out - 0.125) > 0.1


def test_a_product_with_something_narrow_is_narrow() -> None:
    assert kinds(lambda s, p: replace(s, out=s.far * s.near / p.factor))["double"] == 0


def test_a_product_of_two_wide_numbers_or_with_a_constant_is_wide() -> None:
    made = program(lambda s, p: replace(s, out=jnp.sqrt(s.far * s.far + 1.0) - 0.5 * (2.0 * s.far)))
    exact = 0.5 / FAR
    assert flown(made, State(far=FAR)).out == pytest.approx(exact, abs=2e-9)  # an ulp of float64 at FAR


def test_sine_and_arc_tangent_of_wide_numbers_are_wide_and_an_exponential_is_not() -> None:
    both = kinds(lambda s, p: replace(s, wide_out=jnp.arctan2(jnp.sin(s.far), jnp.cos(s.far))))
    assert both["double"] > 60
    assert kinds(lambda s, p: replace(s, wide_out=jnp.exp(s.far)))["double"] == 0
    made = program(lambda s, p: replace(s, wide_out=jnp.arctan2(jnp.sin(s.far), jnp.cos(s.far))))
    assert flown(made, State(far=0.9)).wide_out == pytest.approx(0.9, abs=1e-15)


def test_a_constant_takes_the_digits_of_its_neighbour() -> None:
    made = program(lambda s, p: replace(s, wide_out=s.far + 0.1, out=s.near + 0.1))
    end = flown(made, State(far=0.0, near=0.0))
    assert end.wide_out == 0.1
    assert end.out == float(np.float32(0.1))


def test_a_choice_between_constants_does_too() -> None:
    made = program(lambda s, p: replace(s, far=s.far + jnp.where(s.flag == 1, 0.1, jnp.where(s.near > 0.0, 0.3, 0.0))))
    step = jnp.float64(0.0)
    for _ in range(1000):
        step = step + 0.1
    assert flown(made, State(flag=1), ticks=1000).far == float(step)
    assert flown(made, State(near=1.0)).far == 0.3
    narrow = kinds(lambda s, p: replace(s, out=s.near + jnp.where(s.flag == 1, 0.1, 0.0)))
    assert narrow["double"] == 0


def test_a_wide_int_becomes_a_wide_float_and_a_flag_does_not() -> None:
    tick = 2**24 + 1
    made = program(lambda s, p: replace(s, wide_out=0.02 * to_float(s.tick + 2)))
    assert flown(made, State(tick=tick)).wide_out == 0.02 * (tick + 2)
    assert kinds(lambda s, p: replace(s, out=to_float(s.flag) * s.near))["double"] == 0


def test_random_bits_are_narrow() -> None:
    assert kinds(lambda s, p: replace(s, out=s.tick.astype(jnp.uint32).astype(jnp.float64) * 2.0**-32))["double"] == 0


def test_comparisons_of_wide_numbers_are_wide() -> None:
    made = program(lambda s, p: replace(s, flag=jnp.where(s.far > p.place, 1, 0)))
    assert flown(made, State(far=FAR), Params(place=FAR - 1e-6)).flag == 1
    assert flown(made, State(far=FAR), Params(place=FAR - 1e-6), precision=NAIVE).flag == 0


def test_slow_ticks_and_frames_are_computed_in_float64() -> None:
    cancelled = lambda s, p, t=None: replace(s, out=(s.near + 1e9) - 1e9)  # noqa: E731
    assert flown(program(slow=cancelled), State(near=1.5)).out == 1.5
    assert flown(program(mission=cancelled), State(near=1.5)).out == 0.0
    batch = engine.open(program(), "native", 1, SINGLE).start([State(wide_out=FAR)], [PARAMS], [TABLES])
    assert batch.frame()["wide_out"][0, 0] == FAR
    assert batch.frame().data.dtype == np.float64


def test_a_wide_table_has_all_its_digits_and_a_narrow_one_has_not() -> None:
    def both(s: State, p: Params, t: Tables) -> State:
        return replace(s, wide_out=lookup(t.wide, s.flag), far=lookup(t.narrow, s.flag))

    for made in (program(mission=both), program(slow=both)):
        end = flown(made, State())
        assert (end.wide_out, end.far) == (FAR, float(np.float32(FAR)))


def test_float64_says_nothing_of_words() -> None:
    made = program(lambda s, p: replace(s, out=s.far - p.place))
    assert flown(made, State(far=FAR), Params(place=FAR - 0.125), precision=DOUBLE).out == FAR - (FAR - 0.125)
    assert all(leaf.words == 1 for leaf in Layout(START).leaves)


def test_lanes_go_on_from_another_precision_and_width() -> None:
    made = program(lambda s, p: replace(s, far=s.far + p.place))
    starts, params = [State(far=FAR + k, tick=k) for k in range(5)], [Params(place=0.1 * k) for k in range(5)]
    first = engine.open(made, "native", 1).start(starts, params, [TABLES] * 5)
    first.advance(3, 0)
    second = engine.open(made, "native", 1, "float32").start(starts, params, [TABLES] * 5).adopt(first)
    assert [second.carry(k) for k in range(5)] == [first.carry(k) for k in range(5)]
    assert second.ticks == first.ticks
    with pytest.raises(EngineError, match="4 lanes"):
        second.adopt(first.select([0, 1, 2, 3]))


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(EngineError, match="no precision 'float16': allowed are float64, float32"):
        engine.open(program(), "native", precision="float16")
    with pytest.raises(EngineError, match="reference engine computes in float64"):
        engine.open(program(), "reference", precision="float32")

    @dataclass(frozen=True)
    class Three:
        x: Any = field(default=0.0, metadata={"words": 3})

    with pytest.raises(EngineError, match="asks for 3 words; allowed are 1 and 2"):
        Layout(Three(), SINGLE)
