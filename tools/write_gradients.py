"""Writes the figures, tables and the picture of `docs/gradients.md`.

    python tools/write_gradients.py        about two minutes on two cores
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(ROOT))
# ruff: noqa: E402

import jax
from tests.system import test_gradients as proof
from tests.system.whole import engines
from write_docs import PICTURES, fill, table, themed

import samruk.engine
from samruk import load, sim, tangent
from samruk.verdict.catalogue import Inputs
from samruk.verdict.flights import Engines, fly
from samruk.verdict.report_drivers import pictures, signed
from samruk.verdict.sensitivity import sensitivity

PAGE = ROOT / "docs" / "gradients.md"
HOUR = 3600
FIELDS = ("fuel", "height", "airspeed", "latitude")


def best(run: Callable[[], Any]) -> float:
    """s, the least of three."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times)


def cost() -> str:
    """Operations, speed, time to make it."""
    now, derived, plain = proof.settled(), proof.derived(), engines()
    eight = derived.go_on(now.carry, now.params, now.tables, [{name: 1.0} for name in proof.NAMES[:8]])
    alike = plain.flight.start([now.carry] * 8, [now.params] * 8, [now.tables] * 8)
    seconds = [best(partial(batch.advance, HOUR, 0)) for batch in (alike, eight)]
    counts = [each.flight.operations() for each in (plain, derived)]
    rows = [
        (f"operations in {name}", *(f"{c[key]:,}" for c in counts), f"{counts[1][key] / counts[0][key]:.2f}")
        for key, name in (("fast", "a fast tick"), ("mission", "a mission tick"), ("slow", "a slow tick"),
                          ("per_simulated_second", "a simulated second"))
    ]  # fmt: skip
    rows.append(("s for an hour of eight lanes, one thread", *(f"{s:.2f}" for s in seconds),
                 f"{seconds[1] / seconds[0]:.2f}"))  # fmt: skip
    made = [fresh(False), fresh(True)]
    rows.append(("s to trace and print, once", *(f"{m:.1f}" for m in made), f"{made[1] / made[0]:.1f}"))
    return table("| | plain | with tangent | ratio |\n|---|--:|--:|--:|", rows)


def fresh(derived: bool) -> float:
    """s to trace a program and print a program anew, both widths."""
    now = proof.settled()
    _, plain = sim.programs(now.params, now.tables)
    began = time.perf_counter()
    samruk.engine.open(tangent.program(plain) if derived else plain, "native", 1)
    return time.perf_counter() - began


def window() -> str:
    """Agreement with differences, the best of the swept steps."""
    rows = []
    for k, name in enumerate(proof.NAMES):
        worst = [min(proof.worst(field, k, factor) for factor in proof.SWEPT) for field in FIELDS]
        rows.append((f"`{name}`", f"{proof.STEPS[name]:g}", *(f"{value:.0e}" for value in worst)))
    return table("| number | step | fuel | height | airspeed | latitude |\n|---|--:|--:|--:|--:|--:|", rows)


def drivers() -> str:
    """The story's clear flight."""
    plan = load.mission("astana-january")
    one = plan.flights[0]
    inputs = Inputs(one.task, one.aircraft, one.tables)
    both = Engines(inputs, "native")
    flown = fly(both, [inputs], record=True)[0]
    began = time.perf_counter()
    found = sensitivity(one.name, flown, one.definition, both)
    took = time.perf_counter() - began
    assert found is not None
    picture = pictures(found)[0]
    for theme in ("light", "dark"):
        (PICTURES / f"gradients-drivers-{theme}.svg").write_text(picture.standalone(theme), encoding="utf-8")
    rows = []
    for driver in found.drivers:
        cells = [f"`{driver.path}`", f"{driver.spread:.3g} {driver.unit}".removesuffix(" 1")]
        for key in (figure.key for figure in found.figures):
            cells += [signed(driver.per_spread[key]), signed(driver.effect(key))]
        rows.append((*cells, f"{100.0 * driver.share:.1f} %"))
    head = "| number | deviation | fuel left, kg | flown again | time left, h | flown again | share |\n"
    figures = ", ".join(f"{f.name} {f.value:.1f} ± {found.deviation[f.key]:.1f} {f.unit}" for f in found.figures)
    said = f"{figures}. {found.left_out} further numbers: {100.0 * found.left_out_share:.1f} % of the variance of " \
        f"fuel over the first half hour. {took:.0f} s with compiled code, two shared cores."  # fmt: skip
    words = "Ranked bars of what drives fuel left and time left on station"
    return "\n\n".join([said, themed("pictures/gradients-drivers", words),
                        table(head + "|---|--:|--:|--:|--:|--:|--:|", rows)])  # fmt: skip


def held() -> str:
    """Endurance by the theorem and flown again."""
    moved, central = proof.endurances()
    rows = [(f"`{n}`", f"{m:.5g}", f"{c:.5g}", f"{abs(c / m - 1.0):.0e}")
            for n, m, c in zip(proof.DRIVERS, moved, central, strict=True)]  # fmt: skip
    return table("| number | s per unit, by the theorem | flown again | apart |\n|---|--:|--:|--:|", rows)


def main() -> None:
    """All blocks of the page."""
    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    text = PAGE.read_text(encoding="utf-8")
    for name, make in {"cost": cost, "window": window, "endurance": held, "drivers": drivers}.items():
        text = fill(text, name, make())
        print(name, flush=True)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
