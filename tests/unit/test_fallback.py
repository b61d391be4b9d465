"""Whatever a compiler or a machine lacks, the user's process lives on, and one line says what flies instead."""

from __future__ import annotations

import runpy
import subprocess
import sys
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("samruk.engine.native")
from tests.fake_cuda import FakeDriver
from tests.unit.test_engine import CARRIES, PARAMS, PROGRAM, TABLES

from samruk import engine
from samruk.engine import compile, cuda, driver
from samruk.errors import CompilerError, EngineError

BAD_ENDS = {
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "it was ended by SIGKILL"),
    "crashed": ("import os; os.abort()", "it was ended by SIGABRT"),
    "complained": ("raise SystemExit('LLVM ERROR: out of ideas')", "LLVM ERROR: out of ideas"),
    "silent": ("raise SystemExit(3)", "it ended with status 3"),
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMRUK_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def _without_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "LIBRARY", "libcuda-that-is-not-there.so.1")


def start(made: Any, count: int = 2) -> Any:
    return made.start(CARRIES[:count], PARAMS[:count], TABLES[:count])


def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """From here on the compiler is a program that does what the words say."""
    script = tmp_path / "broken.py"
    script.write_text(f"import sys; sys.stdin.read()\n{words}\n")
    monkeypatch.setattr(compile, "__file__", str(script))


@pytest.mark.parametrize("end", BAD_ENDS)
def test_a_compiler_that_ends_badly_ends_alone(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    words, told = BAD_ENDS[end]
    broken(tmp_path, monkeypatch, words)
    made = engine.open(PROGRAM)
    assert made.kind == "native"
    width, batch = made.width, start(made)
    assert made.kind == "reference"
    line = f"flying with the reference engine, slower: LLVM cannot compile the step at width {width}: {told}"
    assert [record.getMessage() for record in caplog.records] == [line]
    oracle = start(engine.open(PROGRAM, "reference"))
    np.testing.assert_array_equal(batch.advance(1, 1).data, oracle.advance(1, 1).data)
    start(made)
    assert len(caplog.records) == 1


def test_an_engine_with_another_behind_it_can_be_copied() -> None:
    made = engine.open(PROGRAM)
    assert copy(made).operations() == made.operations()


def test_nothing_of_a_failed_compiler_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = replace(PROGRAM, key="kept")
    with monkeypatch.context() as patch:
        broken(tmp_path, patch, f"open(sys.argv[2], 'wb').write(b'half'); {BAD_ENDS['killed'][0]}")
        assert start(engine.open(program)).engine.kind == "reference"
    assert start(engine.open(program)).engine.kind == "native"


def test_who_asks_for_the_native_engine_by_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another engine has other last digits."""
    broken(tmp_path, monkeypatch, BAD_ENDS["killed"][0])
    with pytest.raises(CompilerError, match=r"^LLVM cannot compile the step at width \d+: it was ended by SIGKILL$"):
        start(engine.open(PROGRAM, "native"))


def test_flights_go_on_at_the_width_they_have_when_another_cannot_be_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = engine.open(PROGRAM)
    crowd = start(made, 9)
    with monkeypatch.context() as patch:
        broken(tmp_path, patch, BAD_ENDS["crashed"][0])
        lone = crowd.select([4])
        lone.advance(3)
    assert lone.state.width == made.width > 1
    assert [record.getMessage() for record in caplog.records] == [
        f"flying at width {made.width}: LLVM cannot compile the step at width 1: it was ended by SIGABRT"
    ]
    want = start(engine.open(PROGRAM, "native"), 9).select([4])
    want.advance(3)
    assert want.state.width == 1
    assert lone.carry(0) == want.carry(0)


# --- without a device -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_without_driver")
def test_cuda_without_a_device_is_native_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    made = engine.open(PROGRAM, "cuda")
    assert made.kind == "native"
    why = "no CUDA driver (libcuda-that-is-not-there.so.1) on this machine"
    assert [record.getMessage() for record in caplog.records] == [f"flying without a CUDA device, slower: {why}"]
    start(made).advance(1)
    with pytest.raises(EngineError, match=r"^the cuda engine cannot run: no CUDA driver \(libcuda-that"):
        engine.open(PROGRAM, "cuda", strict=True)


def test_auto_does_not_look_for_a_device(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def looked(*_: Any) -> Any:
        raise AssertionError("looked for a device")

    monkeypatch.setattr(driver, "library", looked)
    assert engine.open(PROGRAM).kind == "native"
    assert not caplog.records


def test_a_driver_that_refuses_the_ptx_leaves_the_flights_to_native_code(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fake = FakeDriver()
    fake.fail["cuModuleLoadDataEx"] = 222
    monkeypatch.setattr(driver, "library", lambda: fake)
    made = engine.open(PROGRAM, "cuda")
    assert made.kind == "cuda"
    start(made).advance(1)
    assert made.kind == "native"
    assert [record.getMessage() for record in caplog.records] == [
        "flying with the native engine, slower: Pretended GPU cannot compile the step: trouble (CUDA error 222)"
    ]
    with pytest.raises(CompilerError, match="cannot compile the step"):
        start(engine.open(PROGRAM, "cuda", strict=True))


def test_a_device_that_is_there_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeDriver()
    monkeypatch.setattr(driver, "library", lambda: fake)
    made = engine.open(PROGRAM, "cuda")
    fake.tables = 5
    start(made).advance(1)
    assert isinstance(made.engine, cuda.Cuda)
    assert len(fake.named("cuLaunchKernel")) == 1


def test_flights_begun_by_another_engine_are_flown_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Blocks of one engine have not the form of another's."""
    begun = start(engine.open(PROGRAM, "reference"), 9)
    begun.advance(1)
    batch = start(engine.open(PROGRAM, "native"), 9)
    assert batch.state.real.shape != begun.state.real.shape
    batch.state.adopt(begun.state)
    assert [batch.carry(lane) for lane in range(9)] == [begun.carry(lane) for lane in range(9)]


ALONE = """
from samruk import engine
from samruk.engine import driver
from tests.unit.test_engine import PROGRAM
driver.LIBRARY = "libcuda-that-is-not-there.so.1"
print(engine.open(PROGRAM, "cuda").kind)
"""


def test_a_user_reads_one_line() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    why = "no CUDA driver (libcuda-that-is-not-there.so.1) on this machine"
    assert (done.stdout, done.stderr) == ("native\n", f"flying without a CUDA device, slower: {why}\n")


def test_the_benchmark_of_a_device_says_in_one_line_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(driver, "LIBRARY", "libcuda-that-is-not-there.so.1")
    monkeypatch.setattr(sys, "argv", ["gpu.py"])
    runpy.run_path("benchmarks/gpu.py", run_name="__main__")
    why = "no CUDA driver (libcuda-that-is-not-there.so.1) on this machine"
    assert capsys.readouterr() == (f"nothing was measured: {why}\n", "")
