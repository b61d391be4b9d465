"""Operations of the model, by tempo and by stage, against the budget.

    python benchmarks/operations.py [--json]

The step is traced as the native engine traces it, and every operation that is left after common values have been
joined and dead ones dropped is booked to the line of the model that asked for it first. The stages therefore add up to
the whole. Elementary functions are expanded; loads, constants and bit casts are not counted.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import samruk
from samruk import load, sim
from samruk.engine import trace as tracing
from samruk.engine.graph import FREE
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
    "sensors": ("plant/sensors.py",),
    "ice": ("plant/ice.py", "plant/accretion.py"),
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
        "autopilot/modes.py", "autopilot/checks.py", "autopilot/commands.py", "autopilot/flight.py",
    ),
    "fuel plan": ("autopilot/plan.py", "autopilot/performance.py"),
    "ice, as the autopilot sees it": ("autopilot/protection.py",),
    "autopilot, joined": ("autopilot/",),
    "radio": ("radio/",),
    "crew": ("crew.py",),
    "ledger and frames": ("sim.py", "ledger.py"),
}  # fmt: skip
"""Stage and the files whose lines belong to it; the first that fits."""

SHARED = ("frames.py", "tables.py", "noise.py", "earth.py", "messages.py", "leaves.py")
"""Vocabulary: its operations belong to whoever calls it."""

PACKAGE = f"{Path(samruk.__file__).parent.as_posix()}/"


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
        books[id(self.graph)] = self.book = {}

    def _equation(self, eqn: Any, args: list[Any]) -> list[Any]:
        """Equations inside a call belong to the call: JAX keeps the trace of a function for its next caller."""
        before = len(self.graph.nodes)
        self.depth += 1
        result = super()._equation(eqn, args)
        self.depth -= 1
        if self.depth == 0:
            self.book.update(dict.fromkeys(range(before, len(self.graph.nodes)), stage(eqn)))
        return result


books: dict[int, dict[int, str]] = {}
"""Stage by node, for each graph by its identity."""


def counted() -> dict[str, Counter[str]]:
    """Operations by tempo and stage."""
    flight = load.mission("astana-january").flights[0]
    program = sim.programs(sim.params(flight.task, flight.aircraft), flight.tables)[1]
    tracing.Lowering = Booked  # type: ignore[misc]
    traced = tracing.trace(program, Layout(program.carry), Layout(program.params), TableLayout(program.tables))
    found = {}
    for tempo, block in traced.blocks.items():
        book, nodes = books[id(block.graph)], block.graph.nodes
        live = [v for v in block.graph.live(value for _, value in block.outputs) if nodes[v].op not in FREE]
        found[tempo] = Counter(book.get(v, "ledger and frames") for v in live)
        assert found[tempo].total() == block.operations()
    return found


def table(found: dict[str, Counter[str]], per_second: dict[str, int]) -> list[tuple[str, list[int]]]:
    """Rows of (stage, operations in each tempo and per simulated second), the dearest first."""
    names = sorted({name for counts in found.values() for name in counts})
    rows = []
    for name in names:
        counts = [found[tempo][name] for tempo in per_second]
        rows.append((name, [*counts, sum(n * k for n, k in zip(counts, per_second.values(), strict=True))]))
    return sorted(rows, key=lambda row: -row[1][-1])


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    slow = sim.MISSION_PER_SLOW
    per_second = {"fast": sim.FAST_PER_MISSION * slow, "mission": slow, "slow": 1}
    found = counted()
    rows = table(found, per_second)
    total = [sum(counts[k] for _, counts in rows) for k in range(4)]
    if given.json:
        print(json.dumps({"budget": BUDGET, "per_second": total[-1], "frame": found["frame"].total(),
                          "tempo": dict(zip(per_second, total, strict=False)),
                          "stages": {name: counts[-1] for name, counts in rows}}))  # fmt: skip
        return
    print(f"{'operations in':32}{'fast':>8}{'mission':>9}{'slow':>8}{'a second':>10}{'part':>8}")
    for name, counts in [*rows, ("whole", total)]:
        print(f"{name:32}{counts[0]:8,}{counts[1]:9,}{counts[2]:8,}{counts[3]:10,}{counts[3] / total[3]:8.1%}")
    print(f"budget {BUDGET:,} a second: {total[-1] / BUDGET:.0%} used; a frame {found['frame'].total()}")


if __name__ == "__main__":
    main()
