"""Operations of the model, by tempo and by stage.

The step is traced as the native engine traces it, and every operation that is left after common values have been
joined and dead ones dropped is booked to the line of the model that asked for it first. The stages therefore add up to
the whole. Elementary functions are expanded; loads, constants and bit casts are not counted; a fused multiplication and
addition is one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import samruk
from samruk import sim
from samruk.bench.flights import story
from samruk.engine import fuse as fusing
from samruk.engine import trace as tracing
from samruk.engine.graph import FREE, Block
from samruk.engine.layout import Layout, TableLayout
from samruk.engine.lower import Lowering

BUDGET = 400_000
"""Operations per simulated second that the whole model may cost."""

STAGES = {
    "forces of the air": ("plant/aerodynamics.py",),
    "engine and propeller": ("plant/propulsion.py",),
    "wheels": ("plant/gear.py",),
    "actuators": ("plant/actuators.py",),
    "motion": ("plant/motion.py",),
    "gusts": ("plant/gusts.py",),
    "rain": ("plant/wet.py", "weather/rain.py", "radio/rain.py"),
    "sensors": ("plant/sensors.py",),
    "ice": ("plant/ice/", "plant/ice.py", "plant/accretion.py"),
    "failures": ("plant/failures.py",),
    "heat": ("plant/heat.py",),
    "electric power": ("plant/power.py",),
    "damage and soundness": ("plant/damage.py",),
    "weather and sun": ("weather/",),
    "ground": ("terrain.py",),
    "world, joined": ("plant/world.py", "plant/state.py"),
    "navigation": ("autopilot/navigation.py",),
    "filter": ("autopilot/estimator.py", "autopilot/covariance.py"),
    "air data": ("autopilot/airdata.py",),
    "attitude loops": ("autopilot/control.py", "autopilot/limits.py"),
    "guidance and energy": ("autopilot/guidance.py", "autopilot/energy.py", "autopilot/targets.py"),
    "modes and commands": (
        "autopilot/modes.py", "autopilot/checks.py", "autopilot/commands.py", "autopilot/orders.py",
        "autopilot/lookout.py", "autopilot/flight.py",
    ),
    "fuel plan": ("autopilot/plan.py", "autopilot/performance.py"),
    "ice, as the autopilot sees it": ("autopilot/protection.py", "autopilot/weighing.py"),
    "autopilot, joined": ("autopilot/",),
    "turret": ("payload/",),
    "radio": ("radio/",),
    "crew": ("crew.py",),
    "ledger and frames": ("sim.py", "ledger.py"),
}  # fmt: skip
"""Stage and the files whose lines belong to it; the first that fits."""

SHARED = ("frames.py", "tables.py", "noise.py", "earth.py", "messages.py", "leaves.py", "words.py")
"""Vocabulary: its operations belong to whoever calls it."""

PACKAGE = f"{Path(samruk.__file__).parent.as_posix()}/"
PER_SECOND = {"fast": sim.FAST_PER_MISSION * sim.MISSION_PER_SLOW, "mission": sim.MISSION_PER_SLOW, "slow": 1}
"""Ticks of each tempo in a simulated second."""


def stage(eqn: Any) -> str:
    """The stage of an equation: its innermost line of the model that is not vocabulary, if it has one."""
    for frame in eqn.source_info.traceback.frames:
        inside = frame.file_name.removeprefix(PACKAGE)
        if inside != frame.file_name and not inside.startswith("engine/") and inside not in SHARED:
            return next((name for name, files in STAGES.items() if inside.startswith(files)), inside)
    return "types of what is stored"


class Booked(Lowering):
    """Lowers as the engine does, and books each new node to a stage."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.depth = 0
        books[id(self.graph)] = self.book = dict[int, str]()

    def _equation(self, eqn: Any, args: list[Any]) -> list[Any]:
        """Equations inside a call belong to the call: JAX keeps the trace of a function for its next caller."""
        before = len(self.graph.nodes)
        self.depth += 1
        result = super()._equation(eqn, args)
        self.depth -= 1
        if self.depth == 0:
            self.book.update(dict.fromkeys(range(before, len(self.graph.nodes)), stage(eqn)))
        return result


class BookedFusing(fusing._Fusing):
    """Fuses as the engine does, and carries the books over."""

    def block(self) -> Block:
        """The new block, booked."""
        book, made = books[id(self.old.graph)], super().block()
        books[id(made.graph)] = {new: book[old] for old, new in self.new.items() if old in book}
        return made


books: dict[int, dict[int, str]] = {}
"""Stage by node, for each graph by its identity."""


@dataclass(frozen=True)
class Counted:
    """Operations of the step."""

    by_tempo: dict[str, Counter[str]]
    """By stage, in each tempo and in a frame."""
    fused: int
    """Of those of a simulated second: multiplications and additions in one."""


def counted() -> Counted:
    """Count the default story's step."""
    flight = story()[0]
    program = sim.programs(sim.params(flight.task, flight.aircraft), flight.tables)[1]
    layouts = Layout(program.carry), Layout(program.params), TableLayout(program.tables)
    with mock.patch.object(tracing, "Lowering", Booked), mock.patch.object(tracing, "fuse", _fuse):
        traced = tracing.trace(program, *layouts)
    found, fused = {}, 0
    for tempo, block in traced.blocks.items():
        book, nodes = books[id(block.graph)], block.graph.nodes
        live = [v for v in block.graph.live(value for _, value in block.outputs) if nodes[v].op not in FREE]
        found[tempo] = Counter(book.get(v, "ledger and frames") for v in live)
        fused += PER_SECOND.get(tempo, 0) * sum(nodes[v].op == "fma" for v in live)
        assert found[tempo].total() == block.operations()
    return Counted(found, fused)


def _fuse(block: Block) -> Block:
    return BookedFusing(block).block()


def rows(counts: Counted) -> list[tuple[str, list[int]]]:
    """Rows of (stage, operations in each tempo and per simulated second), the dearest first."""
    made, found = [], counts.by_tempo
    for name in sorted({name for tempo in PER_SECOND for name in found[tempo]}):
        each = [found[tempo][name] for tempo in PER_SECOND]
        made.append((name, [*each, sum(n * k for n, k in zip(each, PER_SECOND.values(), strict=True))]))
    return sorted(made, key=lambda row: -row[1][-1])


def table(found: Counted) -> str:
    """The rows for people."""
    told = rows(found)
    total = [sum(counts[k] for _, counts in told) for k in range(4)]
    lines = [f"{'operations in':32}{'fast':>8}{'mission':>9}{'slow':>8}{'a second':>10}{'part':>8}"]
    for name, counts in [*told, ("whole", total)]:
        shown = f"{counts[0]:8,}{counts[1]:9,}{counts[2]:8,}{counts[3]:10,}{counts[3] / total[3]:8.1%}"
        lines.append(f"{name:32}{shown}")
    used, frame = total[-1] / BUDGET, found.by_tempo["frame"].total()
    return "\n".join([*lines, f"budget {BUDGET:,} a second: {used:.0%} used; a frame {frame}"])
