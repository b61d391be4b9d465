"""How a step becomes vector code.

A model is written as functions of scalars. This file prints them as LLVM IR in which every scalar is a vector: lane by
lane the same operation, for as many aircraft as one register holds. The text is the whole program; nothing is linked.

**One function.** `run` loops over blocks of W lanes; inside, over mission ticks; inside, over fast ticks. Each tempo is
one straight line of instructions, printed once, between the labels of its loop:

    for block:
        for mission tick:
            if phase == 0:  slow
            mission
            repeat fast_per_mission:  fast
            phase += 1; at mission_per_slow: phase = 0, and a frame when one is due

The loop counts mission ticks and keeps the phase, so a caller may stop at any of them: a live aircraft is flown tick by
tick with the code that flies a study of a thousand.

**The lane block.** A field of the carry is W numbers side by side, a block is all fields in a row: `S[block][field][W]`
for floats, `K` for int32, `P` and `Q` for the parameters. It is storage form and working form at once. About 400
fields of 8 float64 fill 25 kB and stay in the first-level cache for as long as the block is flown.

**Loads late, stores early.** A field is loaded just before the first instruction that reads it, and its new value is
stored just after the instruction that makes it. Then few values are alive at a time, and few are spilled. If the old
value is still needed when the new one is stored, it is loaded first; once loaded it is a value like any other, and no
later instruction reads the field again. That is the whole of the aliasing argument.

**Wide fields.** In a float32 program a wide field is a float64 in the place of two fields: `W` float64 in a row, 2 W
words. It is loaded and stored as it is, and aligned as float32 is.

**One register to a value.** In float64 W is 8 with AVX-512, 4 with AVX2, 2 otherwise, in float32 twice that, and 1 for
a lone flight. Two registers to a value measured slower and three times as long to compile. The few wide values of a
float32 program (`narrow`) are two registers of float64 each; its tempos in float64 are printed in `halves`.

**Strict IEEE.** No fast-math flags, no reassociation, no contraction but that of `fuse`; elementary functions are ours
(`elementary`): so a flight alone has the bits that it has as any lane of any block. The maximum of two is written so
that one of the processor's instructions computes it and a NaN still passes (`lower.float_extreme`).

**The stack.** Spilled vectors are the only large objects in the frame, and LLVM does not align a frame for spills.
Without `"stackrealign"` every other process ran up to 20 % slower, by the luck of where its stack began.

**Tables** are reached through an array of pointers, `T`, with (bytes from block to block, last row) for each in `L`. A
shared table has stride 0. A table of the lane's own is stored `[block][row][W]`. A row number is cut to the last row,
as an unsigned number, so that no error of a model reads outside: one instruction.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from samruk.engine.graph import Block, Node

SIGNATURE = (
    "i64 %first, i64 %last, i64 %phase0, i64 %ticks, i64 %due0, i64 %every, i64 %lanes, ptr noalias %S0, "
    "ptr noalias %K0, ptr noalias readonly %P0, ptr noalias readonly %Q0, ptr noalias readonly %T, "
    "ptr noalias readonly %L, ptr noalias %F0"
)
BYTES = {"double": 8, "float": 4, "i16": 2, "i32": 4, "i64": 8}
SUFFIX = {"double": "f64", "float": "f32", "i1": "i1", "i8": "i8", "i16": "i16", "i32": "i32", "i64": "i64"}
INTRINSIC = {
    "fabs": "fabs", "sqrt": "sqrt", "floor": "floor", "ceil": "ceil", "trunc.f": "trunc", "roundeven": "roundeven",
    "fma": "fma", "smax": "smax", "smin": "smin", "umax": "umax", "umin": "umin", "ctpop": "ctpop",
}  # fmt: skip
CONSTANT = {"float64": "double", "float32": "float", "int32": "i32", "int16": "i16"}
ELEMENT = {"S": "double", "P": "double", "F": "double", "K": "i32", "Q": "i32"}
"""Element types of the arrays of a float64 program; see `Kernel.element`."""


@dataclass(frozen=True)
class Kernel:
    """What the printer needs to know besides the blocks."""

    width: int
    n_real: int
    n_int: int
    n_real_params: int
    n_int_params: int
    tables: tuple[tuple[str, bool], ...]
    """(element type, one per lane) of each table."""
    fast_per_mission: int
    mission_per_slow: int
    n_frame: int
    real: str = "double"
    """Element type of the float fields, "double" or "float"."""

    def element(self, space: str) -> str:
        """Element type of an array: frames are float64 whatever the precision."""
        return self.real if space in "SP" else ELEMENT[space]


class Printer:
    """Prints the blocks of one program at one width."""

    def __init__(self, kernel: Kernel, constants: list[np.ndarray]) -> None:
        self.kernel, self.width = kernel, kernel.width
        self.stride = kernel.width
        """Numbers from one field of a block to the next."""
        self.constants = constants
        self.declared: set[str] = set()

    def module(self, blocks: dict[str, Block]) -> str:
        """The text of the module; the attribute group #0 is left to the compiler, which knows the processor."""
        body = [*self._frame_function(blocks["frame"]), *self._run(blocks)]
        return "\n".join([*self._globals(), *body, *sorted(self.declared), ""])

    # --- text of types and numbers ---

    def vector(self, kind: str) -> str:
        """The type of one value."""
        return kind if self.width == 1 else f"<{self.width} x {kind}>"

    def literal(self, number: Any, kind: str) -> str:
        """A constant in every lane."""
        text = _scalar(number, kind)
        return text if self.width == 1 else f"splat ({kind} {text})"

    def declare(self, result: str, name: str, *args: str) -> str:
        """Note an intrinsic and return its name."""
        self.declared.add(f"declare {result} @{name}({', '.join(args)})")
        return f"@{name}"

    def suffix(self, kind: str) -> str:
        """The type as it stands in an intrinsic's name."""
        return ("" if self.width == 1 else f"v{self.width}") + SUFFIX[kind]

    def pointer(self, space: str, kind: str) -> str:
        """Where the fields of an array begin for this register, by the type of the field."""
        del kind  # a block's wide fields begin where its narrow ones do
        return f"%{space}"

    def last_row(self, table: int) -> str:
        """The number of a table's last row, in every lane."""
        return f"%E{table}"

    def places(self) -> str:
        """The place in its block of each lane of a register."""
        return f"<{', '.join(f'i32 {lane}' for lane in range(self.width))}>"

    # --- one block ---

    def block(self, block: Block, prefix: str) -> list[str]:
        """The straight line of one tempo: loads late, stores early."""
        return list(_BlockPrinter(self, block, prefix).lines())

    def seldom(self, block: Block, prefix: str, before: str) -> tuple[list[str], str]:
        """A tempo that is seldom run, printed after the label `before`, and the label at which it ends."""
        return self.block(block, prefix), before

    # --- the functions around them ---

    def _globals(self) -> Iterator[str]:
        for i, array in enumerate(self.constants, 1):
            kind = CONSTANT[array.dtype.name]
            items = ", ".join(f"{kind} {_scalar(x, kind)}" for x in [*array, array[-1]])
            yield f"@c{i} = private unnamed_addr constant [{array.size + 1} x {kind}] [{items}], align 64"

    def _frame_function(self, frame: Block) -> list[str]:
        """`look`: the frame of blocks first to last, written at F[0][field][lane]."""
        lines, end = self.seldom(frame, "r", "block")
        return [
            f"define void @look({SIGNATURE}) #0 {{", "entry:", *self._block_loop_head(end), *lines,
            *self._block_loop_tail(),
        ]  # fmt: skip

    def _run(self, blocks: dict[str, Block]) -> list[str]:
        return [
            f"define void @run({SIGNATURE}) #0 {{", "entry:", *self._block_loop_head("done"), *self._flight(blocks),
            "done:", *self._block_loop_tail(),
        ]  # fmt: skip

    def _flight(self, blocks: dict[str, Block]) -> list[str]:
        """The loops over ticks, after the label `block`, left to the label `done`."""
        k = self.kernel
        fast = [
            "fast:", "  %i = phi i64 [0, %mission], [%i1, %fast]", *self.block(blocks["fast"], "f"),
            "  %i1 = add i64 %i, 1", f"  %more = icmp ult i64 %i1, {k.fast_per_mission}",
            "  br i1 %more, label %fast, label %ticked",
        ]  # fmt: skip
        return [
            "  %any = icmp sgt i64 %ticks, 0", "  br i1 %any, label %tick, label %done",
            "tick:", "  %n = phi i64 [%ticks, %block], [%n1, %next]",
            "  %phase = phi i64 [%phase0, %block], [%phase2, %next]",
            "  %due = phi i64 [%due0, %block], [%due3, %next]", "  %frames = phi i64 [0, %block], [%frames3, %next]",
            "  %starts = icmp eq i64 %phase, 0", "  br i1 %starts, label %slow, label %mission",
            "slow:", *self.seldom(blocks["slow"], "s", "slow")[0], "  br label %mission",
            "mission:", *self.block(blocks["mission"], "m"), "  br label %fast",
            *fast, *self._after_tick(blocks["frame"]),
            "next:", "  %phase2 = phi i64 [%phase1, %ticked], [0, %slowed], [0, %shoot]",
            "  %due3 = phi i64 [%due, %ticked], [%due1, %slowed], [%every, %shoot]",
            "  %frames3 = phi i64 [%frames, %ticked], [%frames, %slowed], [%frames1, %shoot]",
            "  %n1 = sub i64 %n, 1", "  %again = icmp sgt i64 %n1, 0", "  br i1 %again, label %tick, label %done",
        ]  # fmt: skip

    def _after_tick(self, frame: Block) -> list[str]:
        return [
            "ticked:", "  %phase1 = add i64 %phase, 1",
            f"  %whole = icmp uge i64 %phase1, {self.kernel.mission_per_slow}",
            "  br i1 %whole, label %slowed, label %next",
            "slowed:", "  %due1 = sub i64 %due, 1", "  %shot = icmp eq i64 %due1, 0",
            "  br i1 %shot, label %shoot, label %next",
            "shoot:", f"  %size = mul i64 %lanes, {8 * self.kernel.n_frame}", "  %Fo = mul i64 %frames, %size",
            *self._shoot(frame), "  %frames1 = add i64 %frames, 1", "  br label %next",
        ]  # fmt: skip

    def _shoot(self, frame: Block) -> list[str]:
        """A frame of this moment, %Fo bytes into the frames."""
        del frame  # compiled once, as `look`
        args = (
            "i64 %b, i64 %b1, i64 0, i64 0, i64 0, i64 0, i64 %lanes, "
            "ptr %S0, ptr %K0, ptr %P0, ptr %Q0, ptr %T, ptr %L, ptr %Fn"
        )
        return ["  %b1 = add i64 %b, 1", "  %Fn = getelementptr i8, ptr %F0, i64 %Fo", f"  call void @look({args})"]

    def _block_loop_head(self, back: str) -> list[str]:
        k, w = self.kernel, self.width
        lines = ["  br label %block", "block:", f"  %b = phi i64 [%first, %entry], [%bn, %{back}]"]
        for space, count in (("S", k.n_real), ("K", k.n_int), ("P", k.n_real_params), ("Q", k.n_int_params)):
            lines += [f"  %o{space} = mul i64 %b, {count * w * BYTES[k.element(space)]}",
                      f"  %{space} = getelementptr i8, ptr %{space}0, i64 %o{space}"]  # fmt: skip
        lines += [f"  %oF = mul i64 %b, {8 * w}", "  %F = getelementptr i8, ptr %F0, i64 %oF"]
        for i in range(len(k.tables)):
            lines += self._table_head(i)
        return lines

    def _table_head(self, i: int) -> list[str]:
        lines = [
            f"  %pT{i} = getelementptr ptr, ptr %T, i64 {i}", f"  %aT{i} = load ptr, ptr %pT{i}, align 8",
            f"  %pL{i} = getelementptr i64, ptr %L, i64 {2 * i}", f"  %sL{i} = load i64, ptr %pL{i}, align 8",
            f"  %pE{i} = getelementptr i64, ptr %L, i64 {2 * i + 1}", f"  %lE{i} = load i64, ptr %pE{i}, align 8",
            f"  %oT{i} = mul i64 %b, %sL{i}", f"  %T{i} = getelementptr i8, ptr %aT{i}, i64 %oT{i}",
        ]  # fmt: skip
        scalar = f"  %E{i} = trunc i64 %lE{i} to i32"
        if self.width == 1:
            return [*lines, scalar]
        v = self.vector("i32")
        return [*lines, f"  %iE{i} = trunc i64 %lE{i} to i32",
                f"  %jE{i} = insertelement {v} poison, i32 %iE{i}, i64 0",
                f"  %E{i} = shufflevector {v} %jE{i}, {v} poison, {v} zeroinitializer"]  # fmt: skip

    def _block_loop_tail(self) -> list[str]:
        return ["  %bn = add i64 %b, 1", "  %left = icmp slt i64 %bn, %last", "  br i1 %left, label %block, label %end",
                "end:", "  ret void", "}"]  # fmt: skip


def _scalar(number: Any, kind: str) -> str:
    if kind in ("double", "float"):
        return f"0x{struct.unpack('<Q', struct.pack('<d', float(number)))[0]:016X}"
    return str(bool(number)).lower() if kind == "i1" else str(int(number))


class _BlockPrinter:
    """Prints the nodes of one block in order, with their loads and stores."""

    def __init__(self, printer: Printer, block: Block, prefix: str) -> None:
        self.p, self.prefix, self.block = printer, prefix, block
        self.nodes = block.graph.nodes
        self.live = block.graph.live(value for _, value in block.outputs)
        self.text: dict[int, str] = {}
        self.field = {self.nodes[v].attr: v for v in self.live if self.nodes[v].op == "argument"}
        self.out: list[str] = []

    def lines(self) -> list[str]:
        """The text of the block."""
        waiting: dict[int, list[tuple[str, int]]] = {}
        for place, value in self.block.outputs:
            waiting.setdefault(value, []).append(place)
        for value in self.live:
            node = self.nodes[value]
            if node.op == "constant":
                self.text[value] = self.p.literal(node.attr, node.type)
            elif node.op != "argument":
                for operand in node.args:
                    self._load(operand)
                self._instruction(value, node)
                for place in waiting.pop(value, ()):
                    self._store(place, value)
        for value, places in waiting.items():
            for place in places:
                self._store(place, value)
        return self.out

    def _load(self, value: int) -> None:
        if value in self.text:
            return
        node = self.nodes[value]
        space, index = node.attr
        self.text[value], element = f"%{self.prefix}{value}", self.p.kernel.element(space)
        self.out += [f"  %{self.prefix}a{value} = getelementptr {element}, ptr {self.p.pointer(space, node.type)}, "
                     f"i64 {index * self.p.stride}",
                     f"  {self.text[value]} = load {self.p.vector(node.type)}, ptr %{self.prefix}a{value}, "
                     f"align {self._align(element, node.type)}"]  # fmt: skip

    def _store(self, place: tuple[str, int], value: int) -> None:
        """Write a field; its old value, if still wanted, and the fields that wait to be copied, are read first."""
        if place in self.field:
            self._load(self.field[place])
        if self.nodes[value].op == "argument":
            self._load(value)
        space, index = place
        element, kind = self.p.kernel.element(space), self.nodes[value].type
        address = f"%{self.prefix}o{space}{index}"
        offset = f"i64 {index * self.p.stride}" if space != "F" else f"i64 %{self.prefix}f{index}"
        if space == "F":
            self.out.append(f"  %{self.prefix}f{index} = mul i64 %lanes, {index}")
        self.out += [f"  {address} = getelementptr {element}, ptr {self.p.pointer(space, kind)}, {offset}",
                     f"  store {self.p.vector(kind)} {self.text[value]}, ptr {address}, "
                     f"align {self._align(element, kind)}"]  # fmt: skip

    def _align(self, element: str, kind: str) -> int:
        """Bytes: a register's, but no more than a field's; a wide field begins at any."""
        return min(BYTES[kind] * self.p.width, BYTES[element] * self.p.stride)

    def _instruction(self, value: int, node: Node) -> None:
        name = self.text[value] = f"%{self.prefix}{value}"
        args = [self.text[a] for a in node.args]
        if node.op == "gather":
            self._gather(name, node, args[0])
        else:
            self.out.append(f"  {name} = {self._right_side(node, args)}")

    def _right_side(self, node: Node, args: list[str]) -> str:
        kind, source = self.p.vector(node.type), self.p.vector(self.nodes[node.args[0]].type)
        if node.op in INTRINSIC or node.op == "ctlz":
            return self._intrinsic(node, kind, args)
        if node.op == "select":
            return f"select {source} {args[0]}, {kind} {args[1]}, {kind} {args[2]}"
        if node.op.endswith(".sat"):
            name = f"llvm.{node.op}.{self.p.suffix(node.type)}.{self.p.suffix(self.nodes[node.args[0]].type)}"
            return f"call {kind} {self.p.declare(kind, name, source)}({source} {args[0]})"
        if node.op in ("sext", "zext", "trunc", "sitofp", "uitofp", "fpext", "fptrunc", "bitcast"):
            return f"{node.op} {source} {args[0]} to {kind}"
        return f"{node.op} {source} {', '.join(args)}"

    def _intrinsic(self, node: Node, kind: str, args: list[str]) -> str:
        types, values = [kind] * len(args), [f"{kind} {a}" for a in args]
        if node.op == "ctlz":
            types, values = [*types, "i1"], [*values, "i1 false"]
        name = f"llvm.{INTRINSIC.get(node.op, node.op)}.{self.p.suffix(node.type)}"
        return f"call {kind} {self.p.declare(kind, name, *types)}({', '.join(values)})"

    def _gather(self, name: str, node: Node, index: str) -> None:
        pointer, row = self._row(name, node, index)
        kind, width = node.type, self.p.width
        if width == 1:
            self.out += [f"  {name}p = getelementptr {kind}, ptr {pointer}, i32 {row}",
                         f"  {name} = load {kind}, ptr {name}p, align {BYTES[kind]}"]  # fmt: skip
            return
        read = "i32" if kind == "i16" else kind
        v = self.p.vector(read)
        suffix = f"v{width}{SUFFIX[read]}.v{width}p0"
        function = self.p.declare(v, f"llvm.masked.gather.{suffix}", f"<{width} x ptr>", "i32", f"<{width} x i1>", v)
        target = f"{name}w" if kind == "i16" else name
        self.out += [f"  {name}p = getelementptr {kind}, ptr {pointer}, <{width} x i32> {row}",
                     f"  {target} = call {v} {function}(<{width} x ptr> {name}p, i32 {BYTES[kind]}, "
                     f"<{width} x i1> splat (i1 true), {v} poison)"]  # fmt: skip
        if kind == "i16":
            self.out.append(f"  {name} = trunc {v} {target} to {self.p.vector(kind)}")

    def _row(self, name: str, node: Node, index: str) -> tuple[str, str]:
        """The table's pointer and the element to read, inside the table whatever the index."""
        v, table = self.p.vector("i32"), node.attr
        umin = self.p.declare(v, f"llvm.umin.{self.p.suffix('i32')}", v, v)
        if table < 0:
            last = self.p.literal(self.p.constants[-table - 1].size - 1, "i32")
            pointer = f"@c{-table}"
        else:
            last, pointer = self.p.last_row(table), f"%T{table}"
        self.out.append(f"  {name}i = call {v} {umin}({v} {index}, {v} {last})")
        if table < 0 or not self.p.kernel.tables[table][1] or self.p.stride == 1:
            return pointer, f"{name}i"
        self.out += [f"  {name}j = mul {v} {name}i, {self.p.literal(self.p.stride, 'i32')}",
                     f"  {name}k = add {v} {name}j, {self.p.places()}"]  # fmt: skip
        return pointer, f"{name}k"
