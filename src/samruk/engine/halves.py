"""The tempos of a float32 program that compute in float64: printed for half a block, run twice.

A register holds half as many float64 as float32. With a value in two registers the compiler took twice as long for the
whole step, and the slow tick ran 4 % slower than in two passes over the halves of the block. Printed depth first the
whole step gains another 2 to 3 %.
"""

from __future__ import annotations

from samruk.engine.graph import Block
from samruk.engine.printer import BYTES, Printer
from samruk.engine.ptx import depth_first


class HalvesPrinter(Printer):
    """Prints a program whose `slow` and `frame` compute in float64, and the rest in float32."""

    def seldom(self, block: Block, prefix: str, before: str) -> tuple[list[str], str]:
        """A loop over the halves of the block; a lone lane has none."""
        if self.width == 1:
            return super().seldom(block, prefix, before)
        return _HalfPrinter(self, prefix).loop(depth_first(block), before), f"{prefix}whole"


class _HalfPrinter(Printer):
    """Prints one block for half the lanes, in a loop over both halves.

    Args:
        whole: the printer of the program.
        prefix: of all names.
    """

    def __init__(self, whole: Printer, prefix: str) -> None:
        super().__init__(whole.kernel, whole.constants)
        self.width, self.prefix = whole.width // 2, prefix
        self.declared = whole.declared

    def loop(self, block: Block, before: str) -> list[str]:
        """The text from the label `before` to the label `{prefix}whole`."""
        p = self.prefix
        return [
            f"  br label %{p}half", f"{p}half:", f"  %{p}h = phi i64 [0, %{before}], [%{p}h1, %{p}half]",
            *self._pointers(), *self._tables(), *self.block(block, p),
            f"  %{p}h1 = add i64 %{p}h, 1", f"  %{p}again = icmp ult i64 %{p}h1, 2",
            f"  br i1 %{p}again, label %{p}half, label %{p}whole", f"{p}whole:",
        ]  # fmt: skip

    def pointer(self, space: str, kind: str) -> str:
        """Where this half of each field begins."""
        wide = kind == "double" != self.kernel.element(space)
        return f"%{self.prefix}{space}{'wide' if wide else ''}"

    def places(self) -> str:
        """The place in its block of each lane of this half."""
        return f"%{self.prefix}places"

    def last_row(self, table: int) -> str:
        """The number of a table's last row, in every lane of this half."""
        return f"%{self.prefix}E{table}"

    def _pointers(self) -> list[str]:
        p, lines = self.prefix, []
        for space in "SKPQF":
            kinds = {self.kernel.element(space), "double" if space in "SP" else self.kernel.element(space)}
            for kind in sorted(kinds):
                name = self.pointer(space, kind)
                lines += [f"  {name}h = mul i64 %{p}h, {BYTES[kind] * self.width}",
                          f"  {name} = getelementptr i8, ptr %{space}, i64 {name}h"]  # fmt: skip
        return lines

    def _tables(self) -> list[str]:
        p, v, whole = self.prefix, self.vector("i32"), f"<{self.stride} x i32>"
        lines = [
            f"  %{p}first = trunc i64 %{p}h to i32", f"  %{p}start = mul i32 %{p}first, {self.width}",
            f"  %{p}one = insertelement {v} poison, i32 %{p}start, i64 0",
            f"  %{p}all = shufflevector {v} %{p}one, {v} poison, {v} zeroinitializer",
            f"  %{p}places = add {v} %{p}all, {super().places()}",
        ]  # fmt: skip
        return lines + [
            f"  {self.last_row(i)} = shufflevector {whole} %E{i}, {whole} poison, {v} zeroinitializer"
            for i in range(len(self.kernel.tables))
        ]
