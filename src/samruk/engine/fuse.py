"""A product that only one sum uses becomes one instruction with it: a*b + c rounded once.

It is done here, on the graph, and not by the compiler, so that every width, lane and processor rounds the same places:
a flight alone keeps the bits that it has in a block. A processor without the instruction (x86 before 2013) computes the
same bits by a call, slowly. Exact products, such as those of Dekker's remainder, stay exact.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from samruk.engine.graph import Block, Graph, Node


def fuse(block: Block) -> Block:
    """The block with its products fused into sums; what it no longer needs is left out."""
    return _Fusing(block).block()


class _Fusing:
    """Copies a graph node by node, in order."""

    def __init__(self, block: Block) -> None:
        self.old, self.given = block, block.graph.nodes
        self.live = block.graph.live(value for _, value in block.outputs)
        self.uses = Counter(a for value in self.live for a in self.given[value].args)
        self.uses.update(value for _, value in block.outputs)
        self.graph = Graph()
        self.new: dict[int, int] = {}

    def block(self) -> Block:
        """The new block."""
        taken = {factor for value in self.live if (factor := self._factor(self.given[value])) is not None}
        for value in self.live:
            if value not in taken:
                self.new[value] = self._copied(self.given[value])
        outputs = tuple((place, self.new[value]) for place, value in self.old.outputs)
        return replace(self.old, graph=self.graph, outputs=outputs)

    def _factor(self, node: Node) -> int | None:
        """The product that a sum takes in: one that nothing else uses; of two, the later."""
        if node.op not in ("fadd", "fsub"):
            return None
        products = [a for a in node.args if self.given[a].op == "fmul" and self.uses[a] == 1]
        return max(products, default=None)

    def _copied(self, node: Node) -> int:
        factor = self._factor(node)
        if node.op == "constant":
            return self.graph.constant(node.attr, node.type)
        if factor is None:
            return self.graph.place(node._replace(args=tuple(self.new[a] for a in node.args)))
        x, y = (self.new[a] for a in self.given[factor].args)
        first = node.args[0] == factor
        other = self.new[node.args[1] if first else node.args[0]]
        if node.op == "fsub":
            x, other = (x, self._minus(other, node.type)) if first else (self._minus(x, node.type), other)
        return self.graph.place(Node("fma", node.type, (x, y, other)))

    def _minus(self, value: int, kind: str) -> int:
        """A sign; processors take it into the instruction that uses it."""
        return self.graph.emit("fneg", kind, value)
