"""The most floating operations that one core of this processor does, measured: independent chains in registers.

An operation is one float64 addition or multiplication in one lane of a register; a fused one counts as two. Two mixes
are tried, additions beside multiplications and fused ones; the larger is the peak.
"""

from __future__ import annotations

import ctypes
import time
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]

from samruk.engine import compile

CHAINS = 24
"""Independent values in registers: more than an addition's or multiplication's latency times the units."""
TURNS = 4
"""Operations on each value in one turn of the loop."""
LOOPS = 400_000


def peaks(width: int, rounds: int = 5) -> dict[str, float]:
    """Operations a second of processor time, by mix, in the best round.

    Args:
        width: float64 numbers in a register.
        rounds: of some 20 ms each.
    """
    return {mix: _measured(_text(mix, width), mix, width, rounds) for mix in ("add and multiply", "fused")}


def _text(mix: str, width: int) -> str:
    """LLVM IR of the loop; multiplier and addend come from outside, so nothing can be folded."""
    v = f"<{width} x double>"
    chains = min(CHAINS, 24 if width >= 8 else 12)
    head = [f"%x{k} = phi {v} [ %seed, %entry ], [ %x{k}.{TURNS}, %loop ]" for k in range(chains)]
    body = []
    for turn in range(TURNS):
        for k in range(chains):
            x, y = f"%x{k}" if turn == 0 else f"%x{k}.{turn}", f"%x{k}.{turn + 1}"
            if mix == "fused":
                body.append(f"{y} = call {v} @llvm.fma.v{width}f64({v} {x}, {v} %m, {v} %a)")
            else:
                body.append(f"{y} = {'fmul' if k % 2 else 'fadd'} {v} {x}, {'%m' if k % 2 else '%a'}")
    sums, last = [], f"%x0.{TURNS}"
    for k in range(1, chains):
        sums.append(f"%s{k} = fadd {v} {last}, %x{k}.{TURNS}")
        last = f"%s{k}"
    nl = "\n  "
    return f"""
declare {v} @llvm.fma.v{width}f64({v}, {v}, {v})
define void @run(i64 %loops, {v}* %at) #0 {{
entry:
  %seed = load {v}, {v}* %at
  %p1 = getelementptr {v}, {v}* %at, i64 1
  %m = load {v}, {v}* %p1
  %p2 = getelementptr {v}, {v}* %at, i64 2
  %a = load {v}, {v}* %p2
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  {nl.join(head)}
  {nl.join(body)}
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %loops
  br i1 %more, label %loop, label %done
done:
  {nl.join(sums)}
  store {v} {last}, {v}* %at
  ret void
}}
"""


def _measured(text: str, mix: str, width: int, rounds: int) -> float:
    import numpy as np

    body = compile.emit_object(text, 64 * width)
    linker = llvm.create_lljit_compiler(compile.target_machine(), use_jit_link=True)
    library = llvm.JITLibraryBuilder().add_object_img(body).export_symbol("run").link(linker, f"peak{mix}{width}")
    run = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p)(library["run"])
    raw: Any = np.zeros(3 * width + 8)
    at = raw[(-raw.ctypes.data % 64) // 8 :][: 3 * width]
    chains = min(CHAINS, 24 if width >= 8 else 12)
    done, best = LOOPS * TURNS * chains * width * (2 if mix == "fused" else 1), 0.0
    for _ in range(rounds):
        at[:] = np.repeat([1.0, 1.0, 1e-9], width)
        began = time.process_time()
        run(LOOPS, at.ctypes.data)
        best = max(best, done / (time.process_time() - began))
    return best
