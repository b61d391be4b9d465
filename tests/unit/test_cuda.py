"""The engine for a CUDA device: its kernels flown on the host, its PTX read, its driver pretended."""

from __future__ import annotations

import ctypes
import gc
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

pytest.importorskip("samruk.engine.native")
from tests import fake_cuda
from tests.fake_cuda import FakeDriver, interpreted, pretended, reason
from tests.unit import test_engine as small
from tests.unit.test_engine import N

from samruk import engine
from samruk.engine import compile, cuda
from samruk.engine.driver import Device, Unavailable, library
from samruk.engine.precision import DOUBLE, Precision, precision_of
from samruk.errors import EngineError
from samruk.tables import lookup, to_float
from samruk.words import WIDE, wide

PRECISIONS = [DOUBLE, precision_of("float32")]


@dataclass(frozen=True)
class State(small.State):
    """The engine's small program, with a place far away and an odd number of narrow fields before it."""

    odd: float = 0.5
    far: float = wide(6.4e6)
    late: int = wide(0)


@dataclass(frozen=True)
class Params(small.Params):
    """A wide parameter."""

    origin: float = wide(4.1e6)


@dataclass(frozen=True)
class Tables(small.Tables):
    """A wide table of each lane's own."""

    marks: Any = field(default=None, metadata={"lane": True, **WIDE})


def fast(s: State, p: Params) -> State:
    s = small.fast(s, p)
    return replace(s, far=s.far + 0.02 * s.v.x + (s.far - p.origin) * 1e-9, late=s.late + 1)


def mission(s: State, p: Params, t: Tables) -> State:
    s = small.mission(s, p, t)
    return replace(s, far=s.far + 1e-6 * (lookup(t.marks, s.leg) - s.far), odd=to_float(s.late) * 1e-3)


def frame(s: State, p: Params) -> Any:
    return small.Frame(s.far - p.origin, s.tick, s.passed > 0)


CARRIES = [State(*(getattr(c, f) for f in ("r", "v")), far=6.4e6 + k / 3) for k, c in enumerate(small.CARRIES)]
PARAMS = [Params(p.k, p.seed, 4.1e6 + k / 7) for k, p in enumerate(small.PARAMS)]
TABLES = [Tables(**vars(t), marks=np.random.default_rng(k).random(9) + 6.4e6) for k, t in enumerate(small.TABLES)]
PROGRAM = replace(
    small.PROGRAM, fast=fast, mission=mission, frame=frame, carry=CARRIES[0], params=PARAMS[0], tables=TABLES[0]
)


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMRUK_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def both(_own_cache: None) -> tuple[Any, FakeDriver]:
    return pretended(PROGRAM)


def start(made: Any, count: int = N) -> Any:
    return made.start(CARRIES[:count], PARAMS[:count], TABLES[:count])


def equal(one: Any, two: Any) -> None:
    """Every field of every lane has the same bits; NaN would be unequal to itself."""
    for name in one.state.layout.by_name:
        assert one.values(name).tobytes() == two.values(name).tobytes(), name
    assert np.isfinite(one.state.real).all()


# --- the kernel, flown on the host ------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", PRECISIONS, ids=lambda p: p.name)
def test_a_thread_has_the_bits_of_a_native_lane(precision: Precision) -> None:
    made, _ = pretended(PROGRAM, precision=precision)
    threads, lanes = start(made), start(engine.open(PROGRAM, "native", precision=precision))
    assert threads.state.width == 32
    seen, want = threads.advance(40, 3), lanes.advance(40, 3)
    assert seen.data.shape == (13, 3, N)
    assert seen.data.tobytes() == want.data.tobytes()
    np.testing.assert_array_equal(seen.ticks, want.ticks)
    equal(threads, lanes)
    assert threads.frame().data.tobytes() == lanes.frame().data.tobytes()


def test_lanes_beside_padding_keep_their_wide_fields() -> None:
    """Three lanes of a block of more: what repeats the last must not touch the words of the others."""
    made = engine.open(PROGRAM, "native", precision="float32")
    few, alone = start(made, 3), [made.start([CARRIES[k]], [PARAMS[k]], [TABLES[k]]) for k in range(3)]
    assert few.state.width > 3
    # a wide field keeps float64: of 6.4e6 with thirds, every bit
    np.testing.assert_array_equal(few.values("far"), [c.far for c in CARRIES[:3]])
    np.testing.assert_array_equal(few.select([2, 0]).values("far"), [CARRIES[2].far, CARRIES[0].far])
    for batch in (few, *alone):
        batch.advance(2, 0)
    assert [few.carry(k) for k in range(3)] == [own.carry(0) for own in alone]


def test_a_flight_in_pieces_is_the_flight_in_one(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, pieces = start(both[0]), start(both[0])
    frames = whole.advance(25, 5)
    monkeypatch.setattr(cuda, "PIECE", 2)
    parts = [pieces.advance_mission(n, 5) for n in (3, 4, 90, 53, 100)]
    equal(whole, pieces)
    assert np.concatenate([p.data for p in parts]).tobytes() == frames.data.tobytes()


def test_more_lanes_than_a_warp_fly_as_they_would_alone(both: Any) -> None:
    """Lane 40 lies in the second block, with its own route."""
    made, _ = both
    order = [k % N for k in range(45)]
    batch = made.start([CARRIES[k] for k in order], [PARAMS[k] for k in order], [TABLES[k] for k in order])
    alone = made.start([CARRIES[19]], [PARAMS[19]], [TABLES[19]])
    frames, own = batch.advance(12, 4), alone.advance(12, 4)
    assert batch.carry(40) == alone.carry(0) != batch.carry(39)
    assert frames.data[:, :, 40].tobytes() == own.data[:, :, 0].tobytes()


def test_fewer_threads_than_lanes_fly_them_all_in_turn(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three blocks of lanes by two warps: the first warp flies the first block and the third."""
    made, driver = both
    order = [k % N for k in range(70)]
    lanes = [CARRIES[k] for k in order], [PARAMS[k] for k in order], [TABLES[k] for k in order]
    at_once, in_turn = made.start(*lanes), made.start(*lanes)
    frames = at_once.advance(6, 2)
    assert driver.named("cuLaunchKernel")[-1][1:5] == (3, 1, 1, 32)
    monkeypatch.setattr(made.device, "multiprocessors", 1)
    monkeypatch.setattr(made, "resident", 2)
    assert in_turn.advance(6, 2).data.tobytes() == frames.data.tobytes()
    assert driver.named("cuLaunchKernel")[-1][1:5] == (2, 1, 1, 32)
    equal(at_once, in_turn)


def test_batches_are_chosen_from_set_and_put_back_as_with_any_engine(both: Any) -> None:
    made, _ = both
    native = engine.open(PROGRAM, "native")
    ends = []
    for batch in (start(made), start(native)):
        batch.advance(2, 0)
        kept = batch.snapshot()
        batch.advance(1, 0)
        batch.restore(kept)
        fork = batch.select([3, 3, 19], params=[PARAMS[5]] * 3)
        fork.set(1, "leg", 5)
        fork.set_param(2, "k", 2.5)
        fork.advance(3, 0)
        ends.append(fork)
    equal(*ends)


def test_an_index_outside_reads_the_last_row() -> None:
    def stray(s: Any, p: Any, t: Any) -> Any:
        return replace(s, left=lookup(t.route, s.leg))

    program = replace(PROGRAM, fast=lambda s, p: s, mission=stray, slow=lambda s, p, t: s)
    made, _ = pretended(program)
    batch = made.start([replace(CARRIES[0], leg=leg) for leg in (3, 99, -1, 2**31 - 1)], PARAMS[:4], TABLES[:4])
    batch.advance_mission(1)
    np.testing.assert_array_equal(batch.values("left"), [TABLES[0].route[3], *(TABLES[i].route[-1] for i in (1, 2, 3))])


def test_a_table_that_is_a_constant_of_the_model_is_read() -> None:
    fixed = np.arange(7.0) ** 2
    program = replace(
        PROGRAM, mission=lambda s, p, t: replace(s, left=lookup(jnp.asarray(fixed), s.leg)), fast=lambda s, p: s,
        slow=lambda s, p, t: s,
    )  # fmt: skip
    made, _ = pretended(program)
    batch = made.start([replace(CARRIES[0], leg=i) for i in range(7)], PARAMS[:7], TABLES[:7])
    batch.advance_mission(1)
    np.testing.assert_array_equal(batch.values("left"), fixed)


@pytest.mark.parametrize("precision", PRECISIONS, ids=lambda p: p.name)
def test_the_ptx_itself_has_the_bits_of_native_code(precision: Precision) -> None:
    """Run by a machine that knows only NVIDIA's instructions, it touches nothing outside its memory."""
    made, _ = interpreted(PROGRAM, precision=precision)
    threads, lanes = start(made), start(engine.open(PROGRAM, "native", precision=precision))
    assert threads.advance(4, 2).data.tobytes() == lanes.advance(4, 2).data.tobytes()
    equal(threads, lanes)
    assert threads.frame().data.tobytes() == lanes.frame().data.tobytes()


# --- what the driver is asked -----------------------------------------------------------------------------------------


def test_a_call_launches_once_a_piece_over_all_lanes_and_frees_what_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    made, driver = pretended(PROGRAM)
    monkeypatch.setattr(cuda, "PIECE", 4)
    flown: list[tuple[int, ...]] = []
    driver.host = {"run": lambda thread, threads, *values: flown.append((thread, *values))}
    order = [k % N for k in range(70)]
    batch = made.start([CARRIES[k] for k in order], [PARAMS[k] for k in order], [TABLES[k] for k in order])
    tables = len(driver.memory)
    assert tables == 6
    rows = 3 * 32 * 32  # of three blocks
    assert sorted(m.nbytes for m in driver.memory.values()) == sorted(
        [100 * 8, (100 + 2) * 2, 100 * 4, (rows + 2) * 8, (rows + 2) * 2, (3 * 9 * 32 + 2) * 8]
    )
    batch.advance_mission(7)
    driver.calls.clear()
    flown.clear()
    batch.advance(9, 3)
    launches = driver.named("cuLaunchKernel")
    assert [call[1:8] for call in launches] == [(3, 1, 1, 32, 1, 1, 0)] * 3
    # 90 ticks from tick 7 in pieces of 40: (phase, ticks, frames due in, every, lanes)
    calls = dict.fromkeys(row[1:6] for row in flown)
    assert list(calls) == [(7, 40, 3, 3, 96), (7, 40, 2, 3, 96), (7, 10, 1, 3, 96)]
    assert [row[0] for row in flown] == list(range(96)) * 3
    sizes = [size for _, size in driver.named("cuMemAlloc_v2")]
    state, params = batch.state, batch.params
    assert sizes == [*(a.nbytes for a in (state.real, state.integer, params.real, params.integer)), 2 * 3 * 96 * 8]
    names = [call[0] for call in driver.calls]
    assert names.count("cuMemcpyHtoD_v2") == 4
    assert names.count("cuCtxSynchronize") == 3
    assert len(driver.memory) == tables
    del batch, state, params
    gc.collect()
    assert not driver.memory


def test_an_interrupted_call_leaves_the_batch_as_it_was_and_frees_its_memory() -> None:
    made, driver = pretended(PROGRAM)
    batch = start(made)
    batch.advance_mission(3)
    before, held = batch.snapshot(), len(driver.memory)

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    driver.host = {"run": interrupted}
    with pytest.raises(KeyboardInterrupt):
        batch.advance(2)
    assert batch.ticks == before.ticks
    np.testing.assert_array_equal(batch.state.real, before.real)
    assert len(driver.memory) == held


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        ("cuMemAlloc_v2", 2, r"^Pretended GPU cannot take [\d.e-]+ GB: out of memory .CUDA error 2.; fly fewer lanes"),
        ("cuLaunchKernel", 701, r"^Pretended GPU cannot start the step: trouble .CUDA error 701.$"),
        ("cuCtxSynchronize", 700, r"^Pretended GPU cannot fly: trouble .CUDA error 700.; start again, this process"),
        ("cuMemcpyDtoH_v2", 719, r"^Pretended GPU cannot copy from it: trouble .CUDA error 719.; start again"),
    ],
)
def test_trouble_in_flight_is_one_line_and_loses_nothing(call: str, code: int, message: str) -> None:
    made, driver = pretended(PROGRAM)
    batch = start(made)
    batch.advance(1)
    before, held = batch.snapshot(), len(driver.memory)
    driver.fail[call] = code
    with pytest.raises(EngineError, match=message) as caught:
        batch.advance(2)
    assert "\n" not in str(caught.value)
    driver.fail.clear()
    np.testing.assert_array_equal(batch.state.real, before.real)
    assert len(driver.memory) == held
    batch.advance(2)


def test_what_the_driver_says_of_ptx_it_refuses_is_passed_on() -> None:
    driver = FakeDriver()
    made = cuda.Cuda(PROGRAM, device=Device(driver))

    def refused(module: Any, ptx: bytes, count: int, options: Any, values: Any) -> int:
        assert (list(options), values[1], ptx[:2]) == ([5, 6], 8192, b"//")
        words = b"ptxas application ptx input, line 9; fatal   : Unsupported .version\n\0"
        ctypes.memmove(values[0], words, len(words))
        return 222

    driver.cuModuleLoadDataEx = refused  # type: ignore[attr-defined]
    with pytest.raises(EngineError, match=r"cannot compile the step: trouble .CUDA error 222. .ptxas .*Unsupported"):
        start(made)


# --- where there is none ----------------------------------------------------------------------------------------------


def test_a_machine_without_a_driver_is_told_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samruk.engine.driver.LIBRARY", "libcuda-that-is-not-there.so.1")
    with pytest.raises(Unavailable, match=r"^no CUDA driver \(libcuda-that-is-not-there.so.1\) on this machine$"):
        library()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"devices": 0}, "^the CUDA driver finds no device on this machine$"),
        ({"fail": {"cuInit": 100}}, "^the CUDA driver finds no device on this machine$"),
        ({"fail": {"cuInit": 803}}, r"^the CUDA driver does not start: trouble \(CUDA error 803\)$"),
    ],
)
def test_a_driver_without_a_device_is_told_so_in_one_line(change: dict[str, Any], message: str) -> None:
    driver = FakeDriver()
    vars(driver).update(change)
    with pytest.raises(Unavailable, match=message):
        Device(driver)


def test_an_older_device_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fake_cuda.ANSWERS, 75, 6)
    with pytest.raises(Unavailable, match=r"^Pretended GPU has compute capability 6\.0; 7\.5 or newer is needed$"):
        Device(FakeDriver())


# --- the PTX ----------------------------------------------------------------------------------------------------------


EXACT, ROUGH = ("add", "sub", "mul", "fma", "div", "rcp", "sqrt"), ("mad", "rsqrt", "ex2", "lg2", "sin", "cos", "tanh")
"""What IEEE arithmetic needs, and what a processor would offer besides."""


@pytest.mark.parametrize("precision", PRECISIONS, ids=lambda p: p.name)
def test_ptx_rounds_as_the_text_says(both: Any, precision: Precision) -> None:
    """Every sum, product, quotient and root is IEEE to nearest; a fused one stands where the text has one."""
    made, _ = pretended(PROGRAM, precision=precision)
    ptx, text = made.ptx().decode(), made.text(32)
    used = re.findall(rf"^\t(?:@%p\d+ )?((?:{'|'.join((*EXACT, *ROUGH))})\.\S*f\d\d)\b", ptx, re.MULTILINE)
    assert len(used) > 100
    assert set(used) <= {f"{op}.rn.{kind}" for op in EXACT for kind in ("f32", "f64")}
    assert "ftz" not in ptx
    assert "approx" not in ptx
    count = {op: sum(name.startswith(op + ".") for name in used) for op in EXACT}
    assert count["fma"] == len(re.findall(r"call \w+ @llvm\.fma", text))
    assert 0 <= len(re.findall(r"= fmul ", text)) - count["mul"] < 10  # 2 x is written x + x
    assert count["div"] + count["rcp"] == len(re.findall(r"= fdiv ", text))
    assert count["sqrt"] == len(re.findall(r"call \w+ @llvm\.sqrt", text))


def test_ptx_reads_and_writes_device_memory_at_fixed_places(both: Any) -> None:
    """A generic address or a computed one would cost an instruction a field."""
    ptx = both[0].ptx().decode()
    kinds = set(re.findall(r"\b((?:ld|st)\.[a-z]+(?:\.nc)?)\.", ptx))
    assert kinds == {"ld.param", "ld.global", "ld.global.nc", "st.global"}
    assert ".local" not in ptx
    assert len(re.findall(r"\[%rd\d+\+\d+\]", ptx)) > 20
    assert re.findall(r"^\.target (\S+)", ptx, re.MULTILINE) == [compile.DEVICE_TARGET[1]]


def test_a_second_start_neither_traces_nor_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path))
    program = replace(PROGRAM, key="one")
    first = cuda.Cuda(program, device=Device(FakeDriver()))
    first.prepare()
    assert not first.cached

    def unreachable(*_: Any) -> Any:
        raise AssertionError("traced")

    again = replace(program, fast=unreachable, mission=unreachable, slow=unreachable, frame=unreachable)
    second = cuda.Cuda(again, device=Device(FakeDriver()))
    second.prepare()
    assert second.cached
    assert second.ptx() == first.ptx()
    assert second.operations() == first.operations() == engine.open(PROGRAM, "native").operations()


def assembler() -> str | None:
    """NVIDIA's assembler: on the PATH, or of the package nvidia-cuda-nvcc-cu12."""
    spec = find_spec("nvidia")
    roots = (spec.submodule_search_locations or []) if spec else []
    places = [place for root in roots for place in Path(root).glob("*/bin/ptxas")]
    return shutil.which("ptxas") or next(map(str, places), None)


@pytest.mark.skipif(assembler() is None, reason="no ptxas on the PATH, and nvidia-cuda-nvcc-cu12 is not installed")
@pytest.mark.parametrize("precision", PRECISIONS, ids=lambda p: p.name)
def test_nvidias_assembler_takes_the_ptx(precision: Precision, tmp_path: Path) -> None:
    made, _ = pretended(PROGRAM, precision=precision)
    (tmp_path / "step.ptx").write_bytes(made.ptx())
    done = subprocess.run(
        [str(assembler()), "-v", "-arch=sm_90", "-o", str(tmp_path / "step.cubin"), str(tmp_path / "step.ptx")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Compiling entry function 'run'" in done.stderr
    assert (tmp_path / "step.cubin").stat().st_size > 10_000


# --- a real device ----------------------------------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.skipif(bool(reason()), reason=reason() or "a CUDA device")
@pytest.mark.parametrize("precision", PRECISIONS, ids=lambda p: p.name)
def test_a_device_flies_the_bits_of_the_native_engine(precision: Precision) -> None:
    threads = start(engine.open(PROGRAM, "cuda", precision=precision, strict=True))
    lanes = start(engine.open(PROGRAM, "native", precision=precision))
    assert threads.advance(40, 3).data.tobytes() == lanes.advance(40, 3).data.tobytes()
    equal(threads, lanes)
