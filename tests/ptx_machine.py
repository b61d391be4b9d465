"""A machine that runs PTX: the instructions that a step's kernels use, by NVIDIA's "Parallel Thread Execution ISA".

It reads what LLVM wrote for a device and nothing else, so it shows that the PTX means what the text meant, short of
what a driver and a device make of it. The threads of a block go through each instruction together, as numpy arrays; a
branch on which they part is an error, and so is an access outside the memory that was taken, or one not aligned.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

NUMBERS = {
    "f64": np.float64, "f32": np.float32, "b64": np.uint64, "u64": np.uint64, "s64": np.int64, "b32": np.uint32,
    "u32": np.uint32, "s32": np.int32, "b16": np.uint16, "u16": np.uint16, "s16": np.int16, "pred": np.bool_,
}  # fmt: skip
SIZES = {"p": 1, "rs": 2, "r": 4, "rd": 8}
"""Bytes of registers; a smaller number is written with its sign or with zeros before it."""
WIDER = {"s32": np.int64, "u32": np.uint64, "u16": np.uint32}
UNORDERED = {"ltu": "lt", "leu": "le", "gtu": "gt", "geu": "ge", "equ": "eq", "neu": "ne"}
COMPARE: dict[str, Callable[..., Any]] = {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal,
}  # fmt: skip
ROUND: dict[str, Callable[..., Any]] = {"rmi": np.floor, "rpi": np.ceil, "rzi": np.trunc, "rni": np.rint}
LINE = re.compile(r"(?:@(!?)(%p\d+)\s+)?([a-z][\w.]*)\s*(.*);")
ENTRY = re.compile(r"\.entry (\w+)\((.*?)\)\s*\{(.*?)\n\}", re.DOTALL)


def _exact(kind: str) -> Callable[..., np.ndarray]:
    """A product and a sum rounded once, by the C library."""
    number = ctypes.c_double if kind == "f64" else ctypes.c_float
    function = getattr(ctypes.CDLL(ctypes.util.find_library("m")), "fma" if kind == "f64" else "fmaf")
    function.argtypes, function.restype = [number] * 3, number

    def exact(*numbers: np.ndarray) -> np.ndarray:
        return np.array([function(*n) for n in zip(*(x.tolist() for x in numbers), strict=True)], numbers[0].dtype)

    return exact


def _to_int(x: np.ndarray) -> np.ndarray:
    """Towards zero, to the nearest end of int32 beyond it; a NaN to what a careless text would not expect."""
    inside = np.clip(np.where(np.isnan(x), -(2.0**31), np.trunc(x.astype(np.float64))), -(2.0**31), 2.0**31 - 1)
    return inside.astype(np.int32)


def _shifted(op: str, x: np.ndarray, by: np.ndarray) -> np.ndarray:
    """A shift by the width or more leaves nothing, or signs."""
    bits = 8 * x.dtype.itemsize
    less = np.minimum(by, bits - 1).astype(x.dtype)
    if op == "shl":
        return np.where(by >= bits, 0, np.left_shift(x, less)).astype(x.dtype)
    gone = by >= bits if x.dtype.kind == "u" else np.zeros(by.shape, bool)
    return np.where(gone, 0, np.right_shift(x, less)).astype(x.dtype)


class Machine:
    """Kernels and the memory that they may touch.

    Args:
        ptx: the text, as a driver is given it.
        memory: bytes by the address of the first.
    """

    def __init__(self, ptx: bytes, memory: Mapping[int, np.ndarray]) -> None:
        self.memory = memory
        text = re.sub(r"//[^\n]*", "", ptx.decode())
        self.kernels = {name: _Kernel(name, given, body) for name, given, body in ENTRY.findall(text)}
        assert not re.search(r"\.(const|global|shared|local)\s+\.align", text), "a variable outside the kernels"

    def launch(self, name: str, blocks: int, threads: int, values: Sequence[int]) -> None:
        """Run a kernel, block after block."""
        kernel = self.kernels[name]
        assert len(values) == kernel.parameters
        with np.errstate(all="ignore"):
            for block in range(blocks):
                _Run(self, kernel, values, {"tid": np.arange(threads), "ctaid": block, "ntid": threads,
                                            "nctaid": blocks}, threads).to_the_end()  # fmt: skip

    def place(self, addresses: np.ndarray, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
        """The array that holds these addresses, and their places in it."""
        starts = sorted(self.memory)
        start = starts[bisect_right(starts, int(addresses.min())) - 1]
        bytes_, size = self.memory[start], np.dtype(dtype).itemsize
        offset = addresses.astype(np.int64) - start
        assert offset.min() >= 0, "an address before all memory"
        assert offset.max() + size <= bytes_.nbytes, "an address outside the memory that was taken"
        assert not (offset % size).any(), "an address that is not aligned"
        return bytes_[: bytes_.nbytes // size * size].view(dtype), offset // size


class _Kernel:
    """Instructions of one kernel, and where its labels stand."""

    def __init__(self, name: str, given: str, body: str) -> None:
        self.parameters, self.labels = len(re.findall(r"_param_\d+", given)), dict[str, int]()
        self.code: list[tuple[str, str, list[str], tuple[str, list[str]]]] = []
        for line in map(str.strip, body.splitlines()):
            if line.endswith(":"):
                self.labels[line[:-1]] = len(self.code)
            elif (found := LINE.fullmatch(line)) and not line.startswith("."):
                sign, guard, op, operands = found.groups()
                named = [word.strip() for word in operands.split(",")] if operands else []
                self.code.append((sign or "", guard or "", named, (op, op.split("."))))


class _Run:
    """One block on its way through a kernel."""

    def __init__(
        self, machine: Machine, kernel: _Kernel, values: Sequence[int], special: Mapping[str, Any], threads: int
    ) -> None:
        self.machine, self.kernel, self.values, self.threads = machine, kernel, values, threads
        self.special = {f"%{name}.x": np.broadcast_to(value, threads) for name, value in special.items()}
        self.registers: dict[str, np.ndarray] = {}
        self.exact = {kind: _exact(kind) for kind in ("f64", "f32")}

    def to_the_end(self) -> None:
        """Until `ret`."""
        at, code, labels = 0, self.kernel.code, self.kernel.labels
        while code[at][3][0] != "ret":
            sign, guard, operands, (op, parts) = code[at]
            at += 1
            if parts[0] == "bra":
                taken = self.registers[guard] ^ (sign == "!") if guard else np.array(True)
                assert taken.all() or not taken.any(), "threads of a warp part"
                at = labels[operands[0]] if taken.all() else at
            else:
                assert not guard, f"{op} under a condition"
                self._step(parts, operands)

    def _step(self, parts: list[str], operands: list[str]) -> None:
        kind = parts[-1]
        if parts[0] == "st":
            array, places = self._place(operands[0], kind)
            array[places] = self._read(operands[1], kind)
            return
        if parts[:2] == ["ld", "param"]:
            number = int(operands[1].rstrip("]").rpartition("_")[2])
            result: Any = np.full(self.threads, self.values[number] % 2 ** (8 * np.dtype(NUMBERS[kind]).itemsize))
        elif parts[0] == "ld":
            array, places = self._place(operands[1], kind)
            result = array[places]
        else:
            result, kind = self._result(parts, operands[1:], kind)
        self._write(operands[0], np.asarray(result).astype(NUMBERS[kind], copy=False))

    def _result(self, parts: list[str], operands: list[str], kind: str) -> tuple[Any, str]:
        """What an instruction computes, and of what type that is."""
        op = parts[0]
        if op == "cvt":
            return self._converted(parts, operands[0])
        if op == "setp":
            return self._compared(parts[1], *(self._read(o, kind) for o in operands)), "pred"
        if op == "selp":
            return np.where(self._read(operands[2], "pred"), *(self._read(o, kind) for o in operands[:2])), kind
        if op in ("shl", "shr"):
            return _shifted(op, self._read(operands[0], kind), self._read(operands[1], "u32")), kind
        if op == "mul" and parts[1] in ("wide", "hi"):
            x, y = (self._read(o, kind).astype(WIDER[kind]) for o in operands)
            wide = {"s32": "s64", "u32": "u64", "u16": "u32"}[kind]
            return (x * y >> 32, kind) if parts[1] == "hi" else (x * y, wide)
        read = [self._read(o, kind) for o in operands]
        assert kind[0] != "f" or op in ("neg", "abs", "min", "max", "mov") or parts[1] == "rn", ".".join(parts)
        return self._arithmetic(op, kind, read), kind

    def _arithmetic(self, op: str, kind: str, x: list[np.ndarray]) -> Any:
        if op in ("mov", "cvta"):
            return x[0]
        if op == "fma":
            return self.exact[kind](*x)
        if op == "mad":
            return x[0] * x[1] + x[2]
        if op == "rcp":
            return x[0].dtype.type(1.0) / x[0]
        if op == "neg":
            return -x[0]
        if op == "not":
            return ~x[0]
        known: dict[str, Callable[..., Any]] = {
            "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "sqrt": np.sqrt, "abs": np.abs,
            "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor,
            "min": np.fmin, "max": np.fmax,
        }  # fmt: skip
        return known[op](*x)

    def _compared(self, how: str, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        nan = (x != x) | (y != y)
        if how in ("nan", "num"):
            return nan if how == "nan" else ~nan
        told: np.ndarray = COMPARE[UNORDERED.get(how, how)](x, y)
        return told | nan if how in UNORDERED else told & ~nan

    def _converted(self, parts: list[str], operand: str) -> tuple[np.ndarray, str]:
        target, source = parts[-2:]
        x = self._read(operand, source)
        if target == source and parts[1] in ROUND:
            return ROUND[parts[1]](x), target
        if source[0] == "f" and target[0] != "f":
            assert (parts[1], target) == ("rzi", "s32"), ".".join(parts)
            return _to_int(x), target
        return x.astype(NUMBERS[target]), target

    def _place(self, operand: str, kind: str) -> tuple[np.ndarray, np.ndarray]:
        name, _, offset = operand.strip("[]").partition("+")
        return self.machine.place(self._read(name, "u64") + np.uint64(int(offset or 0)), NUMBERS[kind])

    def _read(self, name: str, kind: str) -> np.ndarray:
        dtype = np.dtype(NUMBERS[kind])
        if name in self.registers:
            held = self.registers[name]
            if held.dtype.itemsize > dtype.itemsize:  # the lower part
                held = held.astype(f"u{dtype.itemsize}")
            return held.view(dtype)
        if name in self.special:
            return self.special[name].astype(dtype)
        if name[:2] in ("0d", "0f"):
            bits = np.array(int(name[2:], 16), np.uint64 if name[1] == "d" else np.uint32)
            return np.broadcast_to(bits.view(dtype), self.threads)
        number = int(name) % 2 ** (8 * dtype.itemsize)
        return np.broadcast_to(np.array(number, f"u{dtype.itemsize}").view(dtype), self.threads)

    def _write(self, name: str, value: np.ndarray) -> None:
        size = next(size for kind, size in SIZES.items() if re.fullmatch(rf"%{kind}\d+", name))
        if 1 < value.dtype.itemsize < size:
            value = value.astype(f"{value.dtype.kind}{size}")
        assert value.dtype.itemsize == size, name
        self.registers[name] = np.ascontiguousarray(value).view(np.bool_ if size == 1 else f"u{size}")
