"""The CUDA driver by its own C interface: what a kernel needs to be loaded, fed and launched.

The driver comes with the graphics card, so nothing is installed for it. Where it is absent, `Device` says so in one
line; every later failure is one `EngineError` too. Functions and codes are those of NVIDIA's "CUDA Driver API".
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Callable, Sequence
from ctypes import byref, c_char_p, c_int, c_size_t, c_uint, c_uint64, c_void_p
from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk.errors import CompilerError, EngineError

LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"

OUT_OF_MEMORY, NO_DEVICE = 2, 100
LOST = {214, 220, 700, 702, 709, 714, 715, 716, 717, 718, 719}
"""Codes after which a context serves no longer: the process must start again."""

CAPABILITY_MAJOR, CAPABILITY_MINOR, MULTIPROCESSORS = 75, 76, 16
"""Attributes of a device."""
REGISTERS, LOCAL_BYTES = 4, 3
"""Attributes of a function."""
LARGE_CACHE = 2
"""A preference of a function: first-level cache before shared memory."""
ERROR_LOG, ERROR_LOG_BYTES = 5, 6
"""Options of loading a module."""
LOG = 8192

OLDEST = (7, 5)
"""Compute capability that the PTX is written for."""

WORD = c_uint64
"""A device pointer."""

CALLS: dict[str, tuple[Any, ...]] = {
    "cuInit": (c_uint,),
    "cuDriverGetVersion": (c_void_p,),
    "cuDeviceGetCount": (c_void_p,),
    "cuDeviceGet": (c_void_p, c_int),
    "cuDeviceGetName": (c_char_p, c_int, c_int),
    "cuDeviceGetAttribute": (c_void_p, c_int, c_int),
    "cuDevicePrimaryCtxRetain": (c_void_p, c_int),
    "cuCtxSetCurrent": (c_void_p,),
    "cuCtxSynchronize": (),
    "cuMemGetInfo_v2": (c_void_p, c_void_p),
    "cuMemAlloc_v2": (c_void_p, c_size_t),
    "cuMemFree_v2": (WORD,),
    "cuMemcpyHtoD_v2": (WORD, c_void_p, c_size_t),
    "cuMemcpyDtoH_v2": (c_void_p, WORD, c_size_t),
    "cuModuleLoadDataEx": (c_void_p, c_char_p, c_uint, c_void_p, c_void_p),
    "cuModuleGetFunction": (c_void_p, c_void_p, c_char_p),
    "cuFuncGetAttribute": (c_void_p, c_int, c_void_p),
    "cuFuncSetCacheConfig": (c_void_p, c_int),
    "cuLaunchKernel": (c_void_p, *[c_uint] * 7, c_void_p, c_void_p, c_void_p),
}
"""Functions and the types of their arguments; each returns a code."""


class Unavailable(EngineError):
    """This machine has no CUDA device that can run a step."""


def library() -> Any:
    """The driver's library."""
    try:
        found = ctypes.CDLL(LIBRARY)
    except OSError:
        raise Unavailable(f"no CUDA driver ({LIBRARY}) on this machine") from None
    for name, types in CALLS.items():
        try:
            function = getattr(found, name)
        except AttributeError:
            raise Unavailable(f"the CUDA driver of this machine is too old: it has no {name}") from None
        function.argtypes, function.restype = types, c_int
    return found


@dataclass(frozen=True)
class Function:
    """A kernel, loaded."""

    handle: c_void_p
    registers: int
    """32-bit registers of a thread."""
    local_bytes: int
    """Memory of a thread for what its registers do not hold."""


class Memory:
    """Bytes on the device, freed at the end of a `with`."""

    def __init__(self, device: Device, size: int) -> None:
        self.device, self.size, pointer = device, size, WORD()
        if size:
            device.call("cuMemAlloc_v2", byref(pointer), size, doing=f"take {size / 1e9:.3g} GB")
        self.pointer: int = pointer.value

    def write(self, array: np.ndarray) -> Memory:
        """Copy an array of the host into these bytes."""
        self._fits(array)
        if array.nbytes:
            self.device.call("cuMemcpyHtoD_v2", self.pointer, array.ctypes.data, array.nbytes, doing="copy to it")
        return self

    def read(self, array: np.ndarray) -> None:
        """Copy these bytes into an array of the host."""
        self._fits(array)
        if array.nbytes:
            self.device.call("cuMemcpyDtoH_v2", array.ctypes.data, self.pointer, array.nbytes, doing="copy from it")

    def _fits(self, array: np.ndarray) -> None:
        if not array.flags.c_contiguous or array.nbytes > self.size:
            raise ValueError(f"{array.nbytes} bytes to or from {self.size} on the device")

    def free(self) -> None:
        """Give the bytes back; twice is once."""
        pointer, self.pointer = self.pointer, 0
        if pointer:
            self.device.call("cuMemFree_v2", pointer, doing="free memory")

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with contextlib.suppress(EngineError) if kind else contextlib.nullcontext():
            self.free()


class Device:
    """The first CUDA device that the driver shows; `CUDA_VISIBLE_DEVICES` chooses another.

    Args:
        driver: the driver's library; that of the machine by default.

    Raises:
        Unavailable: there is no driver, no device, or only an older one.
    """

    def __init__(self, driver: Any = None) -> None:
        self._driver = library() if driver is None else driver
        self._begin()
        self._device = self._number("cuDeviceGet", 0)
        name = ctypes.create_string_buffer(256)
        self.call("cuDeviceGetName", name, 256, self._device, doing="name it")
        self.name = name.value.decode(errors="replace")
        self.capability = self._attribute(CAPABILITY_MAJOR), self._attribute(CAPABILITY_MINOR)
        if self.capability < OLDEST:
            have, need = (".".join(map(str, pair)) for pair in (self.capability, OLDEST))
            raise Unavailable(f"{self.name} has compute capability {have}; {need} or newer is needed")
        self.multiprocessors = self._attribute(MULTIPROCESSORS)
        self.version = self._number("cuDriverGetVersion")
        self._context = c_void_p()
        self.call("cuDevicePrimaryCtxRetain", byref(self._context), self._device, doing="open it")

    def here(self) -> None:
        """Let this thread of the host speak to the device: contexts belong to threads."""
        self.call("cuCtxSetCurrent", self._context, doing="turn to it")

    def free_bytes(self) -> int:
        """Memory of the device that nobody holds."""
        free, total = c_size_t(), c_size_t()
        self.call("cuMemGetInfo_v2", byref(free), byref(total), doing="ask for its memory")
        return free.value

    def memory(self, size: int) -> Memory:
        """Bytes on the device."""
        return Memory(self, size)

    def load(self, ptx: bytes, *names: str) -> list[Function]:
        """Compile PTX for this device and find its kernels. The driver keeps what it compiled for the next process."""
        module, log = c_void_p(), ctypes.create_string_buffer(LOG)
        options = (c_uint * 2)(ERROR_LOG, ERROR_LOG_BYTES)
        values = (c_void_p * 2)(ctypes.addressof(log), LOG)
        code = self._driver.cuModuleLoadDataEx(byref(module), ptx, 2, options, values)
        if code:
            words = log.value.decode(errors="replace").strip().splitlines()
            raise CompilerError(self._told(code, "compile the step") + (f" ({words[0].strip()})" if words else ""))
        return [self._function(module, name) for name in names]

    def launch(self, function: Function, blocks: int, threads: int, arguments: Sequence[Any]) -> None:
        """Run a kernel to its end: `blocks` of `threads`; arguments as ctypes numbers, in order."""
        places = (c_void_p * len(arguments))(*(ctypes.addressof(value) for value in arguments))
        grid = blocks, 1, 1, threads, 1, 1
        self.call("cuLaunchKernel", function.handle, *grid, 0, None, places, None, doing="start the step")
        self.call("cuCtxSynchronize", doing="fly")

    def call(self, name: str, *arguments: Any, doing: str) -> None:
        """Call the driver; a code other than 0 is an error in one line."""
        code = getattr(self._driver, name)(*arguments)
        if code:
            raise EngineError(self._told(code, doing))

    def _told(self, code: int, doing: str) -> str:
        which = getattr(self, "name", "the CUDA device")
        told = f"{which} cannot {doing}: {self._word(code)} (CUDA error {code})"
        if code == OUT_OF_MEMORY:
            return f"{told}; fly fewer lanes at once"
        return f"{told}; start again, this process cannot use it any more" if code in LOST else told

    def _word(self, code: int) -> str:
        """The driver's own words for a code."""
        text = c_char_p()
        explain: Callable[..., int] | None = getattr(self._driver, "cuGetErrorString", None)
        if explain is None or explain(c_int(code), byref(text)) or text.value is None:
            return "unknown trouble"
        return text.value.decode(errors="replace")

    def _begin(self) -> None:
        code = self._driver.cuInit(0)
        count = c_int()
        if code == 0:
            code = self._driver.cuDeviceGetCount(byref(count))
        if code == NO_DEVICE or (code == 0 and count.value == 0):
            raise Unavailable("the CUDA driver finds no device on this machine")
        if code:
            raise Unavailable(f"the CUDA driver does not start: {self._word(code)} (CUDA error {code})")

    def _function(self, module: c_void_p, name: str) -> Function:
        handle, found = c_void_p(), c_int()
        self.call("cuModuleGetFunction", byref(handle), module, name.encode(), doing=f"find {name}")
        numbers = []
        for which in (REGISTERS, LOCAL_BYTES):
            self.call("cuFuncGetAttribute", byref(found), which, handle, doing=f"describe {name}")
            numbers.append(found.value)
        self.call("cuFuncSetCacheConfig", handle, LARGE_CACHE, doing=f"prepare {name}")
        return Function(handle, *numbers)

    def _number(self, name: str, *arguments: Any) -> int:
        found = c_int()
        self.call(name, byref(found), *arguments, doing="answer")
        return found.value

    def _attribute(self, which: int) -> int:
        return self._number("cuDeviceGetAttribute", which, self._device)
