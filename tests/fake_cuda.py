"""A CUDA driver without a device: it records what it is asked, and flies kernels on the host, one thread at a time.

Memory is host memory. A launch runs the kernel's text, with the thread's number as an argument and compiled for this
processor, once for each thread of the grid. What the real driver would do with the PTX is not shown
by it; layout, sizes, arguments, phases, frames, look-ups and arithmetic as LLVM reads the text are.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import numpy as np

from samruk.engine import compile
from samruk.engine.cuda import Cuda
from samruk.engine.driver import Device, library
from samruk.engine.native import _linker
from samruk.engine.program import Program
from samruk.engine.ptx import NUMBERING, SCALARS, SPACES, SPECIAL, WARP
from tests.ptx_machine import Machine

ANSWERS = {75: 9, 76: 0, 16: 132}
"""Attributes of the device that it pretends to be."""

FIRST = "(i64 %thread, i64 %all, i64 %phase0"
"""How a thread's number and that of all are given here."""


class FakeDriver:
    """Stands for the driver's library."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.memory: dict[int, np.ndarray] = {}
        self.fail: dict[str, int] = {}
        """Codes that functions return."""
        self.devices = 1
        self.host: Mapping[str, Callable[..., None]] = {}
        """Kernels by name, with the thread's number and that of all before their arguments."""
        self.machine: Machine | None = None
        """What runs the PTX itself, if asked to."""
        self.runs_ptx = False
        self.tables = 0
        self.code: Any = None
        """What keeps the kernels in memory."""

    def __getattr__(self, name: str) -> Callable[..., int]:
        if not name.startswith("cu"):
            raise AttributeError(name)

        def function(*arguments: Any) -> int:
            self.calls.append((name, *arguments))
            code = self.fail.get(name, 0)
            return code or getattr(self, f"_{name}", lambda *_: None)(*arguments) or 0

        return function

    def named(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of a function."""
        return [call[1:] for call in self.calls if call[0] == name]

    def _cuDeviceGetCount(self, count: Any) -> None:
        count._obj.value = self.devices

    def _cuDeviceGetName(self, name: Any, size: int, device: int) -> None:
        name.value = b"Pretended GPU"

    def _cuDeviceGetAttribute(self, value: Any, which: int, device: int) -> None:
        value._obj.value = ANSWERS[which]

    def _cuGetErrorString(self, code: Any, text: Any) -> None:
        text._obj.value = {2: b"out of memory", 100: b"no CUDA-capable device is detected"}.get(code.value, b"trouble")

    def _cuMemAlloc_v2(self, pointer: Any, size: int) -> None:
        array = np.full(size + 64, 0xA5, np.uint8)
        pointer._obj.value = array.ctypes.data + -array.ctypes.data % 64
        self.memory[pointer._obj.value] = array[-array.ctypes.data % 64 :][:size]

    def _cuMemFree_v2(self, pointer: int) -> int:
        return 0 if self.memory.pop(pointer, None) is not None else 1

    def _cuMemcpyHtoD_v2(self, pointer: int, source: int, size: int) -> None:
        assert size <= self.memory[pointer].nbytes
        ctypes.memmove(pointer, source, size)

    def _cuMemcpyDtoH_v2(self, target: int, pointer: int, size: int) -> None:
        assert size <= self.memory[pointer].nbytes
        ctypes.memmove(target, pointer, size)

    def _cuModuleLoadDataEx(self, module: Any, ptx: bytes, *_: Any) -> None:
        self.machine = Machine(ptx, self.memory) if self.runs_ptx else None

    def _cuModuleGetFunction(self, handle: Any, module: Any, name: bytes) -> None:
        handle._obj.value = 1 + ("run", "look").index(name.decode())

    def _cuLaunchKernel(self, handle: Any, *given: Any) -> None:
        gx, gy, gz, bx, by, bz, shared, stream, places, extra = given
        assert (gy, gz, by, bz, shared, stream, extra) == (1, 1, 1, 1, 0, None, None)
        kinds = [*[ctypes.c_int64] * len(SCALARS), *[ctypes.c_uint64] * len(SPACES)]
        kinds += [ctypes.c_uint64, ctypes.c_int32] * self.tables
        assert len(places) == len(kinds)
        values = [kind.from_address(place).value for kind, place in zip(kinds, places, strict=True)]
        if self.machine is not None:
            self.machine.launch(("run", "look")[handle.value - 1], gx, bx, values)
            return
        kernel = self.host.get(("run", "look")[handle.value - 1])
        if kernel is not None:
            for thread in range(gx * bx):
                kernel(thread, gx * bx, *values)


class Host:
    """Kernels compiled for this processor from the text that a device would get, but for the thread's number."""

    _number = count()
    """No two libraries of a process may share a name, even after each other."""

    def __init__(self, made: Cuda) -> None:
        from llvmlite import binding as llvm  # type: ignore[import-untyped]

        self.text = threaded(made.text(WARP))
        linked = llvm.JITLibraryBuilder().add_object_img(compile.emit_object(self.text, 64)).add_current_process()
        self.library = linked.export_symbol("run").export_symbol("look").link(_linker(), f"lane{next(self._number)}")
        scalars, pointers = [ctypes.c_int64] * (2 + len(SCALARS)), [ctypes.c_uint64] * len(SPACES)
        tables = [ctypes.c_uint64, ctypes.c_int32] * len(made.tables.stored)
        form = ctypes.CFUNCTYPE(None, *scalars, *pointers, *tables)
        self.kernels = {name: form(self.library[name]) for name in ("run", "look")}


def threaded(text: str) -> str:
    """A device's text with the number of the thread as an argument, in place of what says it on a device."""
    gone = 0
    lines = []
    for line in text.splitlines():
        if "@llvm.nvvm." in line or line in NUMBERING:
            gone += 1
        else:
            lines.append(line.replace("define ptx_kernel void @", "define void @").replace("(i64 %phase0", FIRST, 1))
    assert gone == 2 * (len(SPECIAL) + len(NUMBERING)) + len(SPECIAL), "a thread's number is said in another way"
    return "\n".join(lines)


def pretended(program: Program, **options: Any) -> tuple[Cuda, FakeDriver]:
    """The engine on a pretended device whose kernels fly on the host, and its driver."""
    driver = FakeDriver()
    made = Cuda(program, device=Device(driver), **options)
    host = Host(made)
    driver.host, driver.tables = host.kernels, len(made.tables.stored)
    driver.code = host
    return made, driver


def interpreted(program: Program, **options: Any) -> tuple[Cuda, FakeDriver]:
    """The engine on a pretended device that runs the PTX it is given, and its driver."""
    driver = FakeDriver()
    driver.runs_ptx = True
    made = Cuda(program, device=Device(driver), **options)
    driver.tables = len(made.tables.stored)
    return made, driver


def reason() -> str:
    """Why no step can run on a device of this machine; nothing if one can."""
    from samruk.engine.driver import Unavailable

    try:
        Device(library())
    except Unavailable as why:
        return str(why)
    return ""
