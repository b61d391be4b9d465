"""LLVM IR text to an object file, for this processor. Stands alone: run as a script it imports only llvmlite.

The compiler runs in a child process, because an internal error of LLVM ends the process that it happens in:

    python compile.py BITS OUTPUT < module.ll

BITS are those of a vector register that the code is written for.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import llvmlite  # type: ignore[import-untyped]
import llvmlite.binding as llvm  # type: ignore[import-untyped]

llvm.initialize_native_target()
llvm.initialize_native_asmprinter()

DEVICE = 0
"""Asked for in place of a register's size: PTX, for a CUDA driver."""

DEVICE_TARGET = "nvptx64-nvidia-cuda", "sm_75"
"""The oldest processor that current drivers serve; a driver compiles PTX for the one it finds."""


def processor() -> tuple[str, str]:
    """Name and features of this machine's processor."""
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def fingerprint() -> str:
    """What an object depends on besides its text."""
    return "|".join((llvmlite.__version__, llvm.get_process_triple(), *processor()))


def vector_width(size: int = 8) -> int:
    """Numbers of so many bytes in one register."""
    features = llvm.get_host_cpu_features()
    if all(features.get(name) for name in ("avx512f", "avx512dq", "avx512vl")):
        return 64 // size
    return (32 if features.get("avx2") else 16) // size


def target_machine() -> Any:
    """Code generation for this processor."""
    name, features = processor()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(cpu=name, features=features, opt=3, reloc="pic", codemodel="default")


def _parsed(text: str, bits: int, machine: Any) -> Any:
    bits = max(128, bits)
    options = {"target-cpu": processor()[0], "prefer-vector-width": bits, "min-legal-vector-width": bits}
    attributes = " ".join(f'"{name}"="{value}"' for name, value in options.items()) + ' "stackrealign"'
    module = llvm.parse_assembly(f"{text}\nattributes #0 = {{ nounwind {attributes} }}\n")
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    return module


def emit_object(text: str, bits: int) -> bytes:
    """Object code; no optimiser passes, they measured between -6 and +7 %."""
    machine = target_machine()
    return bytes(machine.emit_object(_parsed(text, bits, machine)))


def emit_assembly(text: str, bits: int) -> str:
    """Assembly text, for tests and the curious."""
    machine = target_machine()
    return str(machine.emit_assembly(_parsed(text, bits, machine)))


def device_fingerprint() -> str:
    """What PTX depends on besides its text."""
    return "|".join((llvmlite.__version__, *DEVICE_TARGET))


def emit_ptx(text: str) -> str:
    """PTX. Nothing is fused or rounded otherwise than the text says."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    triple, name = DEVICE_TARGET
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=name, opt=3)
    module = llvm.parse_assembly(f"{text}\nattributes #0 = {{ nounwind }}\n")
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    return str(machine.emit_assembly(module))


def start(text: str, bits: int, output: Path) -> subprocess.Popen[bytes]:
    """Begin to compile in a child process; `finish` waits for it."""
    child = subprocess.Popen(
        [sys.executable, "-P", __file__, str(bits), str(output)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdin is not None
    try:
        child.stdin.write(text.encode())
        child.stdin.close()
    except BrokenPipeError:
        pass
    child.stdin = None
    return child


def finish(child: subprocess.Popen[bytes]) -> str:
    """Wait; the compiler's last words if it failed, else nothing."""
    _, complaint = child.communicate()
    if child.returncode == 0:
        return ""
    lines = complaint.decode(errors="replace").strip().splitlines()
    telling = [line for line in lines if "error" in line.lower() or "assert" in line.lower()]
    return (telling or lines or [_ending(child.returncode)])[-1]


def _ending(code: int) -> str:
    """How a compiler ended that left no words."""
    known = {-int(number): number.name for number in signal.Signals}
    return f"it was ended by {known[code]}" if code in known else f"it ended with status {code}"


def main() -> None:
    """The child: text in, object out."""
    bits, output = int(sys.argv[1]), Path(sys.argv[2])
    text = sys.stdin.read()
    output.write_bytes(emit_ptx(text).encode() if bits == DEVICE else emit_object(text, bits))


if __name__ == "__main__":
    main()
