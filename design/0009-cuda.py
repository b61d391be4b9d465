"""What NVIDIA's assembler makes of the kernel, and of the forms that were weighed against it.

    python design/0009-cuda.py [--precision float32]

Needs ptxas, on the PATH or of the package nvidia-cuda-nvcc-cu12; no device.
"""

from __future__ import annotations

import argparse
import re
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]

from samruk import load, sim
from samruk.engine import compile, ptx, trace
from samruk.engine.layout import Layout, TableLayout
from samruk.engine.precision import precision_of
from samruk.engine.printer import Kernel

ARCHITECTURE = "sm_90"
FIELD = re.compile(r"  (%\w+) = getelementptr (\w+), ptr %([SKPQ](?:wide)?), i64 (\d+)")

TOLD = r"(\d+) bytes stack.*?(\d+) bytes spill.*?(\d+) bytes spill.*?Used (\d+) registers"


def assembler() -> str:
    """Where ptxas is."""
    spec = find_spec("nvidia")
    roots = (spec.submodule_search_locations or []) if spec else []
    places = [place for root in roots for place in Path(root).glob("*/bin/ptxas")]
    found = shutil.which("ptxas") or next(map(str, places), None)
    if found is None:
        raise SystemExit("no ptxas on the PATH, and nvidia-cuda-nvcc-cu12 is not installed: nothing to measure with")
    return found


def traced(precision: str) -> tuple[Kernel, Any]:
    """The flight step of the default story."""
    flight, numbers = load.mission("astana-january").flights[0], precision_of(precision)
    program = sim.programs(sim.params(flight.task, flight.aircraft), flight.tables)[1]
    carry, params = Layout(program.carry, numbers), Layout(program.params, numbers)
    tables = TableLayout(program.tables, numbers)
    found = trace.trace(program, carry, params, tables)
    kernel = Kernel(
        1, carry.n_real, carry.n_int, params.n_real, params.n_int, tables.stored, program.fast_per_mission,
        program.mission_per_slow, len(found.frame_names), numbers.kind,
    )  # fmt: skip
    return kernel, found


def printed(kernel: Kernel, found: Any, *tempos: str) -> str:
    """The text, with these tempos alone if any are named."""
    blocks = {n: b if n in tempos or not tempos else replace(b, outputs=()) for n, b in found.blocks.items()}
    return ptx.LanePrinter(kernel, found.constants).module(blocks)


def ordered(kernel: Kernel, found: Any, *depth_first: str) -> str:
    """The text with these tempos printed depth first."""
    kept, ptx.DEPTH_FIRST = ptx.DEPTH_FIRST, depth_first  # type: ignore[assignment]
    try:
        return printed(kernel, found)
    finally:
        ptx.DEPTH_FIRST = kept


def by_lanes(text: str) -> str:
    """The form `[field][lane]`: a field is as many numbers from the next as there are lanes."""
    number = iter(range(1 << 30))

    def place(found: re.Match[str]) -> str:
        name, kind, array, words = found.groups()
        apart = f"%apart{next(number)}"
        step = f"  {apart} = mul i64 %lanes, {int(words) // ptx.WARP}\n"
        return f"{step}  {name} = getelementptr {kind}, ptr %{array}, i64 {apart}"

    return FIELD.sub(place, text)


def in_values(text: str, kernel: Kernel) -> str:
    """The lane copied in, held in values that LLVM makes of it, and copied out. For float64."""
    look, run = text.split("define ptx_kernel void @run")
    run = re.sub(r"(  %\w+ = getelementptr (?:double|i32), ptr %[SK], i64 )(\d+)", _own_place, run)
    begin: list[str] = []
    copied_in: list[str] = []
    copied_out: list[str] = []
    for array, kind, count in (("S", "double", kernel.n_real), ("K", "i32", kernel.n_int)):
        where = f"= getelementptr i8, ptr %{array}0"
        run = run.replace(f"  %{array} {where}", f"  %{array}g {where}")
        begin.append(f"  %{array} = alloca [{count} x {kind}], align 64")
        far, own = (f"%{array}g", ptx.WARP), (f"%{array}", 1)
        copied_in += _copies(f"%in{array}", kind, count, far, own)
        copied_out += _copies(f"%out{array}", kind, count, own, far)
    for old, new in (("entry:\n", ["entry:", *begin]), ("  %any = icmp", [*copied_in, "  %any = icmp"]),
                     ("label %tick, label %done", ["label %tick, label %fin"]),
                     ("done:\n", ["fin:", *copied_out, "  br label %done", "done:"])):  # fmt: skip
        run = run.replace(old, "\n".join(new) + ("\n" if old.endswith("\n") else ""), 1)
    return f"{look}define ptx_kernel void @run{run}"


def _own_place(found: re.Match[str]) -> str:
    return found[1] + str(int(found[2]) // ptx.WARP)


def _copies(name: str, kind: str, count: int, source: tuple[str, int], target: tuple[str, int]) -> Iterator[str]:
    for i in range(count):
        value = f"{name}{i}"
        yield f"  {value}s = getelementptr {kind}, ptr {source[0]}, i64 {i * source[1]}"
        yield f"  {value} = load {kind}, ptr {value}s"
        yield f"  {value}t = getelementptr {kind}, ptr {target[0]}, i64 {i * target[1]}"
        yield f"  store {kind} {value}, ptr {value}t"


def promoted(text: str) -> str:
    """The text with its own memory made values."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    triple, name = compile.DEVICE_TARGET
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=name)
    module = llvm.parse_assembly(f"{text}\nattributes #0 = {{ nounwind }}\n")
    passes = llvm.create_new_function_pass_manager()
    passes.add_sroa_pass()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options())
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, builder)
    return re.sub(r"attributes #0 = .*", "", str(module)).replace("nounwind", "")


def assembled(text: str, *options: str) -> str:
    """Registers, stack, spills, instructions and seconds of `run`."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "step.ptx", Path(folder) / "step.cubin"
        source.write_text(compile.emit_ptx(text))
        began = time.perf_counter()
        words = [assembler(), "-v", f"-arch={ARCHITECTURE}", *options, "-o", str(target), str(source)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        spent, size = time.perf_counter() - began, code_size(target.read_bytes())
    told = done.stderr.split("Compiling entry function 'run'")[1]
    numbers = re.search(TOLD, told, re.DOTALL)
    assert numbers is not None, told
    stack, stores, loads, registers = map(int, numbers.groups())
    return (f"{registers:4} registers {stack:6,} B stack {stores:6,} + {loads:6,} B spills {size // 16:7,} "
            f"instructions {spent:5.1f} s")  # fmt: skip


def code_size(cubin: bytes) -> int:
    """Bytes of the section `.text.run` of an ELF file."""
    start, size, count, names = struct.unpack_from("<Q10xHHH", cubin, 40)
    sections = [struct.unpack_from("<II4Q", cubin, start + k * size) for k in range(count)]
    table = sections[names][4]
    return next(s[5] for s in sections if cubin[table + s[0] :].startswith(b".text.run\0"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--precision", choices=["float64", "float32"], default="float64")
    precision = parser.parse_args().precision
    kernel, found = traced(precision)
    whole, fast = printed(kernel, found), printed(kernel, found, "fast")
    forms = {
        "as built": (whole,),
        "order of the trace": (ordered(kernel, found),),
        "all depth first": (ordered(kernel, found, "slow", "mission", "fast"),),
        "[field][lane]": (by_lanes(whole),),
        "at most 168 registers": (whole, "-maxrregcount=168"),
        "at most 128 registers": (whole, "-maxrregcount=128"),
        "fast alone": (fast,),
        "fast alone, [field][lane]": (by_lanes(fast),),
        "fast alone, at most 128": (fast, "-maxrregcount=128"),
        "mission alone": (printed(kernel, found, "mission"),),
        "slow alone": (printed(kernel, found, "slow"),),
    }
    if precision == "float64":
        forms |= {"held in values": (promoted(in_values(whole, kernel)),),
                  "fast alone, held in values": (promoted(in_values(fast, kernel)),)}  # fmt: skip
    for name, form in forms.items():
        print(f"{name:28}{assembled(*form)}", flush=True)


if __name__ == "__main__":
    main()
