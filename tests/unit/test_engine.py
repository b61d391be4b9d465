"""What an engine promises: the same flight has the same bits wherever it flies, and the reference agrees."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from samruk import engine
from samruk.errors import EngineError
from samruk.noise import GUST, normal_pair
from samruk.tables import lookup, to_float, to_int

native = pytest.importorskip("samruk.engine.native")


@dataclass(frozen=True)
class Point:
    """A place."""

    x: float
    y: float


@dataclass(frozen=True)
class State:
    """A noisy pendulum on uneven ground."""

    r: Point
    v: Point
    tick: int = 0
    leg: int = 0
    passed: int = 0
    worst: float = 0.0
    left: float = 1.0
    right: float = 2.0


@dataclass(frozen=True)
class Params:
    """Its stiffness and its seed."""

    k: float
    seed: int


@dataclass(frozen=True)
class Tables:
    """Ground for all, a route for each."""

    ground: Any
    coarse: Any
    fine: Any = field(metadata={"any_length": True})
    route: Any = field(metadata={"lane": True})
    codes: Any = field(metadata={"lane": True})


@dataclass(frozen=True)
class Frame:
    """What is recorded."""

    x: float
    tick: float
    passed: float


def fast(s: State, p: Params) -> State:
    one, two = normal_pair(p.seed, GUST, s.tick)
    v = Point(s.v.x - 0.02 * p.k * jnp.sin(s.r.x) + 0.01 * one, s.v.y - 0.02 * jnp.tanh(s.r.y) + 0.01 * two)
    r = Point(s.r.x + 0.02 * v.x, s.r.y + 0.02 * v.y)
    worst = jnp.maximum(s.worst, jnp.abs(v.x))
    return replace(s, r=r, v=v, tick=s.tick + 1, worst=worst, left=s.right, right=s.left)


def mission(s: State, p: Params, t: Tables) -> State:
    row = jnp.clip(to_int(jnp.floor(jnp.abs(s.r.x) * 10.0)), 0, 31)
    gain, code = lookup(t.route, row), to_int(lookup(t.codes, row))
    drag = jnp.exp(-0.01 * gain)
    return replace(s, v=Point(s.v.x * drag, s.v.y * drag), leg=(s.leg + code) % 7, passed=jnp.where(s.leg > 3, 1, 0))


def slow(s: State, p: Params, t: Tables) -> State:
    row = jnp.clip(to_int(jnp.abs(s.r.y) * 30.0), 0, 99)
    height = lookup(t.ground, row) + to_float(lookup(t.coarse, row)) * 1e-3 + to_float(lookup(t.fine, row))
    return replace(s, v=Point(s.v.x + 0.01 * jnp.log(1.0 + height * height), s.v.y))


def frame(s: State, p: Params) -> Frame:
    return Frame(s.r.x, s.tick, s.passed > 0)


_RNG = np.random.default_rng(1)
GROUND, COARSE = _RNG.random(100), _RNG.integers(-999, 999, 100).astype(np.int16)
FINE = _RNG.random(100).astype(np.float32)
N = 21


def tables(i: int) -> Tables:
    rng = np.random.default_rng(i)
    return Tables(GROUND, COARSE, FINE, rng.random(32), rng.integers(0, 5, 32).astype(np.int16))


CARRIES = [State(Point(0.1 * i, 1.0 - 0.1 * i), Point(0.0, 0.1)) for i in range(N)]
PARAMS = [Params(1.0 + 0.1 * i, 3 * i) for i in range(N)]
TABLES = [tables(i) for i in range(N)]
PROGRAM = engine.Program(fast, mission, slow, frame, CARRIES[0], PARAMS[0], TABLES[0], 5, 10)


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMRUK_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def made(_own_cache: None) -> Any:
    return engine.open(PROGRAM, "native", threads=1)


def _start(made: Any, lanes: Any = range(N)) -> Any:
    return made.start([CARRIES[i] for i in lanes], [PARAMS[i] for i in lanes], [TABLES[i] for i in lanes])


def test_a_flight_alone_has_the_bits_of_its_lane_in_any_batch(made: Any) -> None:
    together, shuffled = _start(made), _start(made, [7, 20, 0])
    frames, others = together.advance(40), shuffled.advance(40)
    for lane, place in ((7, 0), (20, 1), (0, 2)):
        alone = _start(made, [lane])
        mine = alone.advance(40)
        assert alone.carry(0) == together.carry(lane) == shuffled.carry(place)
        np.testing.assert_array_equal(mine.data[:, :, 0], frames.data[:, :, lane])
        np.testing.assert_array_equal(mine.data[:, :, 0], others.data[:, :, place])


@pytest.mark.parametrize("width", [2, 4])
def test_narrower_registers_give_the_same_bits(made: Any, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = _start(made)
    monkeypatch.setattr(native.compile, "vector_width", lambda size=8: width * 8 // size)
    narrow = _start(engine.open(PROGRAM, "native"))
    assert narrow.state.width == width
    np.testing.assert_array_equal(narrow.advance(20, 5).data, wide.advance(20, 5).data)
    for name in wide.state.layout.by_name:
        np.testing.assert_array_equal(narrow.values(name), wide.values(name))


def test_two_threads_give_the_bits_of_one(made: Any) -> None:
    one, two = _start(made), _start(engine.open(PROGRAM, "native", threads=2))
    np.testing.assert_array_equal(one.advance(30).data, two.advance(30).data)
    np.testing.assert_array_equal(one.state.real, two.state.real)
    np.testing.assert_array_equal(one.state.integer, two.state.integer)


def test_a_flight_in_pieces_is_the_flight_in_one(made: Any) -> None:
    whole, pieces = _start(made), _start(made)
    frames = whole.advance(25, 5)
    parts = [pieces.advance_mission(n, 5) for n in (3, 4, 90, 53, 100)]
    assert whole.snapshot().ticks == pieces.snapshot().ticks == 250
    np.testing.assert_array_equal(whole.state.real, pieces.state.real)
    np.testing.assert_array_equal(np.concatenate([p.data for p in parts]), frames.data)
    np.testing.assert_array_equal(np.concatenate([p.ticks for p in parts]), [5, 10, 15, 20, 25])


def test_a_long_flight_crosses_the_pieces_of_a_call_unseen(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, cut = _start(made), _start(made)
    want = whole.advance(50, 3)
    monkeypatch.setattr(native, "PIECE", 7)
    got = cut.advance(50, 3)
    np.testing.assert_array_equal(want.data, got.data)
    np.testing.assert_array_equal(whole.state.real, cut.state.real)


def test_reference_agrees(made: Any) -> None:
    ours, oracle = _start(made), _start(engine.open(PROGRAM, "reference"))
    frames, theirs = ours.advance(10, 4), oracle.advance(10, 4)
    np.testing.assert_array_equal(frames.ticks, theirs.ticks)
    # 500 fast ticks of a pendulum whose errors grow slowly: XLA fuses multiply and add, we do not; 1e-16 * 500 * margin
    np.testing.assert_allclose(frames.data, theirs.data, rtol=0.0, atol=1e-11)
    for name in ("tick", "leg", "passed", "left"):
        np.testing.assert_array_equal(ours.values(name), oracle.values(name))
    np.testing.assert_array_equal(ours.frame()["tick"], oracle.frame()["tick"])


def test_reference_in_pieces_is_the_reference_in_one() -> None:
    made = engine.open(PROGRAM, "reference")
    whole, pieces = _start(made, range(3)), _start(made, range(3))
    want = whole.advance(4, 2)
    got = [pieces.advance_mission(n, 2) for n in (7, 20, 13)]
    np.testing.assert_array_equal(np.concatenate([p.data for p in got]), want.data)


def test_tempos_nest_as_promised(made: Any) -> None:
    batch = _start(made)
    frames = batch.advance(3, 1)
    np.testing.assert_array_equal(frames["tick"][:, 0], [50.0, 100.0, 150.0])
    assert frames.names == ("x", "tick", "passed")
    assert frames.data.shape == (3, 3, N)


def test_swapped_fields_swap(made: Any) -> None:
    batch = _start(made, [0])
    batch.advance_mission(1)  # five fast ticks: an odd number of swaps
    assert (batch.carry(0).left, batch.carry(0).right) == (2.0, 1.0)


def test_selected_lanes_fly_on_as_they_would_have(made: Any) -> None:
    stay = _start(made)
    stay.advance(10)
    fork = stay.select([3, 3, 19])
    fork.set(1, "leg", 5)
    stay.advance(10)
    fork.advance(10)
    assert fork.carry(0) == stay.carry(3)
    assert fork.carry(2) == stay.carry(19)
    assert fork.values("leg")[1] != fork.values("leg")[0]


def test_selected_lanes_may_change_their_inputs(made: Any) -> None:
    batch = _start(made)
    batch.advance(2)
    other = batch.select([4], params=[PARAMS[9]], tables=[TABLES[9]])
    direct = made.start([batch.carry(4)], [PARAMS[9]], [TABLES[9]])
    batch.advance(5)
    other.advance(5)
    direct.advance(5)
    assert other.carry(0) == direct.carry(0) != batch.carry(4)


def test_snapshot_brings_back_the_moment(made: Any) -> None:
    batch = _start(made)
    batch.advance_mission(13)
    kept = batch.snapshot()
    first = batch.advance(5, 2)
    batch.restore(kept)
    again = batch.advance(5, 2)
    np.testing.assert_array_equal(first.data, again.data)
    np.testing.assert_array_equal(first.ticks, again.ticks)


def test_an_interrupted_call_leaves_the_batch_as_it_was(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Any, which: Any) -> None:
        run(self, iter([0]))
        raise KeyboardInterrupt

    run = native._Call.blocks
    for threads in (1, 2):
        batch = _start(engine.open(PROGRAM, "native", threads=threads))
        batch.advance_mission(3)
        before = batch.snapshot()
        with monkeypatch.context() as patch:
            patch.setattr(native._Call, "blocks", interrupted)
            with pytest.raises(KeyboardInterrupt):
                batch.advance(2)
        assert batch.ticks == before.ticks
        np.testing.assert_array_equal(batch.state.real, before.real)


def test_set_and_values_meet(made: Any) -> None:
    batch = _start(made)
    batch.set(5, "r.x", 1.25)
    batch.set(20, "leg", 6)
    batch.set_param(0, "k", 9.0)
    assert batch.values("r.x")[5] == 1.25
    assert batch.values("leg")[20] == 6
    assert batch.params.tree(0) == Params(9.0, 0)
    assert batch.carry(5).r == Point(1.25, CARRIES[5].r.y)
    assert type(batch.carry(5).leg) is int


def test_padding_lanes_never_trap_or_show(made: Any) -> None:
    batch = _start(made, range(9))
    assert batch.advance(2, 1).data.shape[2] == 9
    assert len(batch.values("leg")) == 9


def test_an_index_outside_reads_the_last_row(made: Any) -> None:
    def stray(s: State, p: Params, t: Tables) -> State:
        return replace(s, left=lookup(t.route, s.leg))

    program = replace(PROGRAM, fast=lambda s, p: s, mission=stray, slow=lambda s, p, t: s)
    batch = engine.open(program, "native").start(
        [replace(CARRIES[0], leg=leg) for leg in (3, 99, -1, 2**31 - 1)], PARAMS[:4], TABLES[:4]
    )
    batch.advance_mission(1)
    np.testing.assert_array_equal(batch.values("left"), [TABLES[0].route[3], *(TABLES[i].route[-1] for i in (1, 2, 3))])


def test_a_table_that_is_a_constant_of_the_model_is_read(made: Any) -> None:
    fixed = np.arange(7.0) ** 2
    program = replace(PROGRAM, mission=lambda s, p, t: replace(s, left=lookup(jnp.asarray(fixed), s.leg)))
    program = replace(program, fast=lambda s, p: s, slow=lambda s, p, t: s)
    made = engine.open(program, "native")
    batch = made.start([replace(CARRIES[0], leg=i) for i in range(7)], PARAMS[:7], TABLES[:7])
    batch.advance_mission(1)
    np.testing.assert_array_equal(batch.values("left"), fixed)


def test_a_table_of_any_length_needs_no_new_program(made: Any) -> None:
    longer = np.concatenate([FINE, FINE])
    same, other = _start(made, [2]), made.start(CARRIES[2:3], PARAMS[2:3], [replace(TABLES[2], fine=longer)])
    same.advance(5)
    other.advance(5)
    assert same.carry(0) == other.carry(0)


def test_a_promise_of_any_length_is_checked() -> None:
    def cheat(s: State, p: Params, t: Tables) -> State:
        return replace(s, left=lookup(t.fine, jnp.clip(s.leg, 0, t.fine.shape[0] - 1)).astype(jnp.float64))

    with pytest.raises(EngineError, match=r"slow reads the length of a table marked any_length: one of fine"):
        engine.open(replace(PROGRAM, slow=cheat), "native")


FORMS = {
    "a*b + c": (lambda a, b, c: a * b + c, lambda a, b, c: a * b + c),
    "c + a*b": (lambda a, b, c: c + a * b, lambda a, b, c: a * b + c),
    "a*b - c": (lambda a, b, c: a * b - c, lambda a, b, c: a * b - c),
    "c - a*b": (lambda a, b, c: c - a * b, lambda a, b, c: c - a * b),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_product_and_its_sum_round_once_at_every_width(form: str) -> None:
    """The exact value of rationals, rounded to nearest by Python, is the authority."""
    written, exact = FORMS[form]
    program = replace(
        PROGRAM, fast=lambda s, p: replace(s, left=written(s.r.x, s.r.y, s.right)),
        mission=lambda s, p, t: s, slow=lambda s, p, t: s, fast_per_mission=1, mission_per_slow=1,
    )  # fmt: skip
    made = engine.open(program, "native")
    draw = np.random.default_rng(7)
    for count in (1, 16):
        numbers = draw.normal(size=(count, 3)) * 2.0 ** draw.integers(-30, 30, size=(count, 3))
        starts = [State(Point(x, y), Point(0.0, 0.0), right=z) for x, y, z in numbers.tolist()]
        batch = made.start(starts, [PARAMS[0]] * count, [TABLES[0]] * count)
        batch.advance(1, 0)
        assert list(batch.values("left")) == [float(exact(*map(Fraction, row))) for row in numbers.tolist()]


def test_a_product_that_two_sums_use_is_rounded_by_itself() -> None:
    def both(s: State, p: Params) -> State:
        product = s.r.x * s.r.y
        return replace(s, left=product + 1.0, right=product - 3.0)

    program = replace(PROGRAM, fast=both, mission=lambda s, p, t: s, slow=lambda s, p, t: s)
    assert engine.open(program, "native").operations()["fast"] == 3


def test_operations_are_those_after_common_and_dead_ones_are_gone() -> None:
    def twice(s: State, p: Params) -> State:
        unused = jnp.exp(s.r.y)
        del unused
        return replace(s, left=s.r.x * s.r.y + 1.0, right=(s.r.x * s.r.y + 1.0) * 1.0)

    program = replace(PROGRAM, fast=twice, mission=lambda s, p, t: s, slow=lambda s, p, t: s)
    counted = engine.open(program, "native").operations()
    assert counted["fast"] == 1  # a product with its sum
    assert (counted["mission"], counted["slow"], counted["per_simulated_second"]) == (0, 0, 50)
    assert counted == engine.open(program, "reference").operations()


def test_code_aligns_its_stack_and_the_compiler_fuses_nothing_of_its_own() -> None:
    from samruk.engine import compile

    def crowded(s: State, p: Params) -> State:
        terms = [jnp.sqrt(s.r.x + k) for k in range(60)]
        total = sum(terms)
        return replace(s, left=sum(term * total for term in terms))  # 60 values alive at once: some must be spilled

    made = engine.open(replace(PROGRAM, fast=crowded), "native")
    text = made.text(made.width)
    assembly = compile.emit_assembly(text, 64 * made.width)
    wanted = text.count("call <8 x double> @llvm.fma") + text.count("call <4 x double> @llvm.fma")
    assert wanted == len(re.findall(r"\tvfn?m(add|sub)", assembly)) > 50
    if made.width == 8:
        assert "andq\t$-64, %rsp" in assembly


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fast": lambda s, p: replace(s, left=jnp.cumsum(jnp.stack([s.left, s.right]))[1])}, "stack|concatenate"),
        ({"fast": lambda s, p: replace(s, leg=s.leg.astype(jnp.float64))}, "fast set leg to float64.*scalar int32"),
        ({"fast": lambda s, p: replace(s, passed=s.leg > 2)}, "fast set passed to bool"),
        ({"fast": lambda s, p: s.r}, "fast returned another form of carry"),
        ({"fast": lambda s, p: replace(s, left=jnp.nextafter(s.left, 1.0))}, r"'nextafter' at .*test_engine\.py:\d+"),
        ({"carry": replace(CARRIES[0], leg=True)}, "leg is bool.*store a flag as int 0 or 1"),
        ({"carry": replace(CARRIES[0], leg=2**40)}, "leg = 1099511627776 does not fit in 32 bits"),
        ({"tables": replace(TABLES[0], ground=GROUND.reshape(10, 10))}, r"table ground is float64 of shape \(10, 10\)"),
    ],
)
def test_a_step_that_cannot_be_compiled_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        engine.open(replace(PROGRAM, **change), "native")


def test_lanes_that_do_not_fit_are_refused_by_number(made: Any) -> None:
    with pytest.raises(EngineError, match="2 carries, 1 params and 2 tables"):
        made.start(CARRIES[:2], PARAMS[:1], TABLES[:2])
    with pytest.raises(EngineError, match=r"lane 1: leg = 1\.5 is a float"):
        made.start([CARRIES[0], replace(CARRIES[1], leg=1.5)], PARAMS[:2], TABLES[:2])
    with pytest.raises(EngineError, match="lane 1: table ground is shared by all lanes"):
        made.start(CARRIES[:2], PARAMS[:2], [TABLES[0], replace(TABLES[1], ground=GROUND + 1.0)])
    with pytest.raises(EngineError, match="table route has 31 rows, the program was opened with 32"):
        made.start(CARRIES[:1], PARAMS[:1], [replace(TABLES[0], route=np.zeros(31))])
    with pytest.raises(EngineError, match="no lane 21"):
        _start(made).carry(21)
    with pytest.raises(EngineError, match=r"no leaf named 'q.x'; did you mean 'r.x'"):
        _start(made).values("q.x")


def test_without_llvmlite_the_reference_flies_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "samruk.engine.native", None)
    assert engine.open(PROGRAM).kind == "reference"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "using the reference engine" in caplog.text
    with pytest.raises(EngineError, match="needs llvmlite"):
        engine.open(PROGRAM, "native")


def test_unknown_engine_is_refused() -> None:
    with pytest.raises(EngineError, match="no engine 'fortran': allowed are auto, native, reference"):
        engine.open(PROGRAM, "fortran")


# --- the cache -------------------------------------------------------------------------------------------------------


def test_second_start_neither_traces_nor_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path))
    program = replace(PROGRAM, key="one")
    first = engine.open(program, "native")
    batch = _start(first)
    want = batch.advance(3)
    assert not first.cached

    def unreachable(*args: Any) -> Any:
        raise AssertionError("traced")

    again = engine.open(replace(program, fast=unreachable, mission=unreachable, slow=unreachable, frame=unreachable))
    got = _start(again).advance(3)
    assert again.cached
    assert again.compile_seconds == 0.0
    assert again.operations() == first.operations()
    np.testing.assert_array_equal(want.data, got.data)
    assert _start(again, [0]).advance(3).data.shape == (0, 3, 1)  # the other width, from the text that was kept
    assert not again.cached


def test_both_widths_can_be_made_ready_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path))
    made = engine.open(PROGRAM, "native")
    made.prepare()
    spent = made.compile_seconds
    np.testing.assert_array_equal(
        _start(made, [4]).advance(2, 1).data, _start(made, [4, 5]).advance(2, 1).data[:, :, :1]
    )
    assert made.compile_seconds == spent


def test_damaged_entries_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path))
    program = replace(PROGRAM, key="two")
    want = _start(engine.open(program, "native")).advance(3, 1)
    for path in (tmp_path / "engine").iterdir():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(bytes(data))
    again = engine.open(program, "native")
    np.testing.assert_array_equal(_start(again).advance(3, 1).data, want.data)
    assert not again.cached
    assert engine.open(program, "native").cached


def test_another_key_or_form_is_another_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path))
    _start(engine.open(replace(PROGRAM, key="three"), "native"))
    assert not engine.open(replace(PROGRAM, key="four"), "native").cached
    assert not engine.open(replace(PROGRAM, key="three", fast_per_mission=6), "native").cached


def test_an_unwritable_cache_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path / "file"))
    assert _start(engine.open(replace(PROGRAM, key="five"), "native"), [0]).advance(1, 1).data.shape == (1, 3, 1)


def test_a_compiler_fault_is_one_line_and_leaves_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path))
    made = engine.open(PROGRAM, "native")
    monkeypatch.setattr(made, "text", lambda width: "this is not LLVM")
    with pytest.raises(EngineError, match=r"LLVM cannot compile the step at width 1: .*expected"):
        _start(made, [0])
    assert not list((tmp_path / "engine").glob("*.o"))


def test_a_cached_start_imports_no_jax(tmp_path: Path) -> None:
    code = (
        "import sys; from dataclasses import dataclass; from samruk import engine\n"
        "@dataclass(frozen=True)\nclass C: x: float\n"
        "p = engine.Program(lambda c, p: C(c.x + p.x), lambda c, p, t: c, lambda c, p, t: c, lambda c, p: c,"
        " C(0.0), C(1.0), None, 5, 10, 'k')\n"
        "b = engine.open(p, 'native').start([C(0.0)], [C(2.0)], [None])\n"
        "b.advance(1)\nprint('jax' in sys.modules, b.carry(0).x)"
    )
    env = {**os.environ, "SAMRUK_CACHE": str(tmp_path), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    said = [
        subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    assert said == [["True", "100.0"], ["False", "100.0"]]


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_flights_that_join_others_keep_their_bits(precision: str) -> None:
    made = engine.open(PROGRAM, "native", 1, precision)
    first, late = _start(made, range(5)), _start(made, range(5, 12))
    first.advance(7, 0)
    both = first.beside(late)
    both.advance(6, 0)
    alone = _start(made, [2])
    alone.advance(13, 0)
    joined = _start(made, [9])
    joined.advance(6, 0)
    assert both.lanes == 12
    assert both.carry(2) == alone.carry(0)
    assert both.carry(9) == joined.carry(0)
    other = _start(engine.open(PROGRAM, "native", 1, precision))
    with pytest.raises(EngineError, match="same engine"):
        both.beside(other)
