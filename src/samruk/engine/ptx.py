"""The step as a kernel for a graphics processor: the same blocks, one thread to a lane.

The printer's text is kept: loads late, stores early, one straight line to a tempo. Four things differ.

**A warp is a block.** 32 threads run in step, so the lane block is `S[block][field][32]`: the 32 words of a field lie
in a row, and one instruction of a warp reads them in one piece. A field is a constant away from the thread's own
pointer, so no address is ever computed. Storage on the device is storage of the host at W = 32, byte for byte.

**A thread takes every so-manieth lane**: its own number, then on by the number of all threads. So a launch may have
fewer threads than lanes, few enough that what a warp's fast tick touches stays near, and a block is flown to the end of
the launch before the next: the processor's loop over blocks, with warps in the place of cores.

**Tables are arguments of the kernel**, pointer and last row of each, which the processor reads from its constant bank
at no cost in registers. A lane's own table is `[block][row][32]`.

**The frame is printed in place**, not called: a call would make the processor keep a stack.

**The rarer tempos are printed depth first** from what they store, not in the order of the trace: NVIDIA's assembler
then spills up to a third less. The fast tick spills least as it stands.

A thread's number, and that of all, is what the text asks of the device. With them as arguments the same text, compiled
for the host, flies thread by thread: so layout, phases, frames, look-ups and arithmetic are compared with the native
engine's, bit by bit, where there is no such processor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from samruk.engine.graph import Block, Graph
from samruk.engine.printer import BYTES, CONSTANT, Kernel, Printer

WARP = 32
"""Threads that run in step, and lanes of a block."""

SCALARS = ("phase0", "ticks", "due0", "every", "lanes")
"""Arguments that come first: 64-bit integers."""

SPACES = ("S", "K", "P", "Q", "F")
"""Arguments that come next: pointers to the state and the parameters, in floats and int32 each, and to the frames."""

SPECIAL = {
    "tid": "llvm.nvvm.read.ptx.sreg.tid.x", "ctaid": "llvm.nvvm.read.ptx.sreg.ctaid.x",
    "ntid": "llvm.nvvm.read.ptx.sreg.ntid.x", "nctaid": "llvm.nvvm.read.ptx.sreg.nctaid.x",
}  # fmt: skip


NUMBERING = (
    "  %before = mul i32 %ctaid, %ntid", "  %number = add i32 %before, %tid", "  %thread = zext i32 %number to i64",
    "  %threads = mul i32 %nctaid, %ntid", "  %all = zext i32 %threads to i64",
)  # fmt: skip
"""The thread's number and that of all."""


DEPTH_FIRST = ("slow", "mission")


def depth_first(block: Block) -> Block:
    """The same values, each just after its operands; what is stored keeps its order."""
    old, graph, new = block.graph.nodes, Graph(), dict[int, int]()
    for root in sorted(value for _, value in block.outputs):
        waiting = [(root, False)]
        while waiting:
            value, ready = waiting.pop()
            node = old[value]
            if value in new:
                continue
            if node.op == "constant":
                new[value] = graph.constant(node.attr, node.type)
            elif ready or not node.args:
                new[value] = graph.place(node._replace(args=tuple(new[a] for a in node.args)))
            else:
                waiting += [(value, True), *((a, False) for a in reversed(node.args))]
    return replace(block, graph=graph, outputs=tuple((place, new[value]) for place, value in block.outputs))


class LanePrinter(Printer):
    """Prints the blocks of one program as kernels `run` and `look`.

    Args:
        kernel: what the printer needs to know; its width is 1.
        constants: the model's constant tables.
    """

    def __init__(self, kernel: Kernel, constants: list[np.ndarray]) -> None:
        super().__init__(kernel, constants)
        self.stride = WARP

    def module(self, blocks: dict[str, Block]) -> str:
        """The text of the module; attribute group #0 is left to the compiler."""
        blocks = {name: depth_first(block) if name in DEPTH_FIRST else block for name, block in blocks.items()}
        look = ["  %F = getelementptr i8, ptr %Fl, i64 0", *self.block(blocks["frame"], "r"), "  br label %done"]
        body = [*self._kernel("look", look), *self._kernel("run", self._flight(blocks))]
        return "\n".join([*self._globals(), *body, *sorted(self.declared), ""])

    def places(self) -> str:
        """The place of this thread in its warp."""
        return "%place32"

    def pointer(self, space: str, kind: str) -> str:
        """Where this thread's fields begin: among the wide fields of a float32 program its step is twice as long."""
        return f"%{space}wide" if kind == "double" != self.kernel.element(space) else f"%{space}"

    def _kernel(self, name: str, body: list[str]) -> list[str]:
        return [
            f"define ptx_kernel void @{name}({', '.join(self._parameters())}) #0 {{", "entry:", *self._thread(),
            "  %inside = icmp ult i64 %thread, %lanes", "  br i1 %inside, label %block, label %end",
            "block:", "  %lane = phi i64 [%thread, %entry], [%later, %done]", *self._own(), *body,
            "done:", "  %later = add i64 %lane, %all", "  %left = icmp ult i64 %later, %lanes",
            "  br i1 %left, label %block, label %end", "end:", "  ret void", "}",
        ]  # fmt: skip

    def _parameters(self) -> Iterator[str]:
        yield from (f"i64 %{name}" for name in SCALARS)
        yield from (f"ptr noalias {'readonly ' if space in 'PQ' else ''}%{space}0" for space in SPACES)
        for i, (_, own) in enumerate(self.kernel.tables):
            yield f"ptr noalias readonly %T{i}{'s' if own else ''}, i32 %E{i}"

    def _thread(self) -> list[str]:
        lines = [f"  %{short} = call i32 {self.declare('i32', name)}()" for short, name in SPECIAL.items()]
        return [*lines, *NUMBERING]

    def _own(self) -> Iterator[str]:
        """Where this thread's numbers lie."""
        k = self.kernel
        yield f"  %b = lshr i64 %lane, {WARP.bit_length() - 1}"
        yield f"  %place = and i64 %lane, {WARP - 1}"
        yield "  %place32 = trunc i64 %place to i32"
        for space, count in zip(SPACES, (k.n_real, k.n_int, k.n_real_params, k.n_int_params), strict=False):
            size = BYTES[k.element(space)]
            yield f"  %b{space} = mul i64 %b, {count * WARP * size}"
            yield f"  %p{space} = mul i64 %place, {size}"
            yield f"  %o{space} = add i64 %b{space}, %p{space}"
            yield f"  %{space} = getelementptr i8, ptr %{space}0, i64 %o{space}"
            if k.element(space) == "float":
                yield f"  %{space}wide = getelementptr i8, ptr %{space}, i64 %p{space}"
        yield f"  %oF = mul i64 %lane, {BYTES[k.element('F')]}"
        yield "  %Fl = getelementptr i8, ptr %F0, i64 %oF"
        for i, (kind, own) in enumerate(k.tables):
            yield from self._own_table(i, BYTES[CONSTANT[kind]]) if own else ()

    def _own_table(self, i: int, size: int) -> Iterator[str]:
        """A table `[block][row][32]`: its rows are one more than its last row's number."""
        yield f"  %lE{i} = zext i32 %E{i} to i64"
        yield f"  %nE{i} = add i64 %lE{i}, 1"
        yield f"  %bE{i} = mul i64 %nE{i}, %b"
        yield f"  %oT{i} = mul i64 %bE{i}, {WARP * size}"
        yield f"  %T{i} = getelementptr i8, ptr %T{i}s, i64 %oT{i}"

    def _shoot(self, frame: Block) -> list[str]:
        """A frame of this moment, in place."""
        return ["  %F = getelementptr i8, ptr %Fl, i64 %Fo", *self.block(frame, "r")]
