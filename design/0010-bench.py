"""Forms of the native kernel beside each other: widths of a vector, instruction sets, another processor.

    python design/0010-bench.py [--rounds N]

The real step, flown in the air by one thread; rates are aircraft-seconds per second of processor time, the median of
rounds in turn. Every form that loops must end with the same bits in every field of every lane.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import statistics
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from unittest import mock

import llvmlite.binding as llvm  # type: ignore[import-untyped]

from samruk import sim
from samruk.bench import flights
from samruk.engine import compile
from samruk.engine.native import Native
from samruk.verdict.flights import Engines

LANES, SECONDS = 256, 200
AVX2 = "+sse4.2,+popcnt,+cx16,+avx,+avx2,+bmi,+bmi2,+fma,+f16c,+lzcnt,+movbe"
"""Features of x86-64-v3: every x86 processor since 2013 (Intel) and 2015 (AMD)."""
NO_GATHER = f"{compile.processor()[1]},+prefer-no-gather"
"""This machine's, with tables read lane by lane."""
NAMES = {"": "own", AVX2: "AVX2", NO_GATHER: "own, no gathers"}
FORMS = (
    (1, "", False), (2, "", False), (4, "", False), (8, "", False), (16, "", False), (4, AVX2, False), (8, AVX2, False),
    (8, NO_GATHER, False), (8, "", True),
)  # fmt: skip
"""Width of a block of lanes; features where not those of this machine; whether the fast ticks of a mission tick stand
one after another instead of in a loop."""


class Formed(Native):
    """The native engine at a width and for a set of instructions of one's choice."""

    def __init__(self, program: Any, width: int, features: str) -> None:
        self.forced, self.features = width, features
        super().__init__(program, 1)

    def _own_width(self) -> int:
        return self.forced

    def _widths(self) -> tuple[int, ...]:
        return (self.forced,)

    def width_for(self, n_lanes: int) -> int:
        """Always the one width."""
        del n_lanes
        return self.forced

    def _object(self, width: int) -> bytes:
        with ExitStack() as stack:
            if self.features:
                chosen = ("x86-64-v3" if self.features == AVX2 else compile.processor()[0], self.features)
                stack.enter_context(mock.patch.object(compile, "processor", return_value=chosen))
            bits = min(self.bits(width), 256) if self.features == AVX2 else self.bits(width)
            began = time.perf_counter()
            body = compile.emit_object(self.text(width), bits)
            self.compile_seconds = time.perf_counter() - began
            self.assembly = compile.emit_assembly(self.text(width), bits)
        return body


def unrolled(program: Any) -> Any:
    """The program whose fast function is all fast ticks of a mission tick."""

    def fast(carry: Any, params: Any) -> Any:
        for _ in range(program.fast_per_mission):
            carry = program.fast(carry, params)
        return carry

    return replace(program, fast=fast, fast_per_mission=1, key=None)


def formed(begun: Any, width: int, features: str, flat: bool) -> Any:
    """Lanes in the air in another form of the kernel."""
    program = unrolled(begun.engine.program) if flat else begun.engine.program
    made, some = Formed(program, width, features), flights.lanes(begun.lanes)
    carry = made.program.carry
    batch = made.start([carry] * len(some), [sim.params(one.task, one.aircraft) for one in some],
                       [one.tables for one in some])  # fmt: skip
    batch.state.adopt(begun.state)
    return flights.repeated(batch, LANES)


def bits(batch: Any) -> str:
    """A hash of every field of every lane."""
    names = batch.state.layout.by_name
    return hashlib.sha256(b"".join(batch.values(name).tobytes() for name in names)).hexdigest()[:12]


def counted(assembly: str) -> dict[str, int]:
    """Instructions of the kernel by kind."""
    found: Counter[str] = Counter()
    for line in assembly.splitlines():
        words = line.strip().split(None, 1)
        if not words or words[0].startswith((".", "#")) or words[0].endswith(":"):
            continue
        name, rest = words[0], words[1] if len(words) > 1 else ""
        found["instructions"] += 1
        found["on vectors"] += name.startswith("v")
        found["gathers"] += "gather" in name
        found["divisions, roots"] += bool(re.match(r"v(div|sqrt)", name))
        stack = "(%rsp)" in rest or "(%rbp)" in rest
        found["stores to the stack"] += stack and name.startswith("vmov") and rest.rstrip().endswith((")",))
        found["reads of the stack"] += stack and not (name.startswith("vmov") and rest.rstrip().endswith(")"))
        found["reads of constants"] += "(%rip)" in rest
    return dict(found)


def arm(text: str) -> int:
    """Bytes of the object for an ARM processor (AArch64, NEON): it compiles; it is not run."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    triple = "aarch64-unknown-linux-gnu"
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu="neoverse-n1", opt=3, reloc="pic")
    module = llvm.parse_assembly(f"{text}\nattributes #0 = {{ nounwind }}\n")
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    return len(machine.emit_object(module))


def main() -> None:
    """Fly and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    begun = flights.airborne(Engines(flights.story()[0], "native", 1))
    forms = {form: formed(begun, *form) for form in FORMS}
    kept = {form: batch.snapshot() for form, batch in forms.items()}
    rates: dict[Any, list[float]] = {form: [] for form in forms}
    for _ in range(rounds):
        for form, batch in forms.items():
            batch.restore(kept[form])
            began = time.process_time()
            batch.advance(SECONDS, 0)
            rates[form].append(LANES * SECONDS / (time.process_time() - began))
    hashes = {bits(batch) for (_, _, flat), batch in forms.items() if not flat}
    for (width, features, flat), batch in forms.items():
        rate, found = rates[width, features, flat], counted(batch.engine.assembly)
        kinds = ", ".join(f"{name} {count:,}" for name, count in found.items())
        form = f"{NAMES[features]}, {'flat' if flat else 'loop'}"
        print(f"width {width:2} {form}: {statistics.median(rate):9,.0f} ({min(rate):,.0f} to "
              f"{max(rate):,.0f}), compiled in {batch.engine.compile_seconds:.1f} s; {kinds}")  # fmt: skip
    print("bits:", "the same in every form that loops" if len(hashes) == 1 else f"DIFFERENT: {hashes}")
    print(f"AArch64 at width 2: an object of {arm(forms[2, '', False].engine.text(2)):,} bytes")


if __name__ == "__main__":
    main()
