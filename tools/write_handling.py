"""Writes the figures, tables and pictures of `docs/handling.md`.

    python tools/write_handling.py        half a minute on two cores
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from tests.against import test_modes_published as books
from tests.against import test_trim_tables as points
from write_docs import PICTURES, fill, table, themed

from samruk import load
from samruk.handling import Condition, linearise, modes, trim
from samruk.handling.envelope import days, envelope, usual_load
from samruk.handling.modes import Mode, by_name, identified
from samruk.handling.textbook import closed_forms
from samruk.verdict import envelope as pictures

ROOT = Path(__file__).resolve().parent.parent
ANKA = load.aircraft("anka")
PAGE = ROOT / "docs" / "handling.md"
MODES = ("short period", "phugoid", "Dutch roll", "roll", "spiral")
FLIGHTS = ((40.0, 1200.0, 1000.0), (45.0, 1400.0, 3000.0), (45.0, 1600.0, 3000.0), (60.0, 1500.0, 7000.0))
"""m/s true, kg, m."""
COLD = "from tests.against.test_trim_tables import asked; import time; from samruk import load;" \
    "from samruk.handling import trim; a = load.aircraft('anka').aircraft; c = asked(); t = time.perf_counter();" \
    "u = time.process_time(); trim(a, c); print(time.perf_counter() - t, time.process_time() - u)"  # fmt: skip


def written(value: float, digits: int) -> str:
    """A number with a true minus."""
    return f"{value:.{digits}f}".replace("-", "\u2212")


def root(value: complex) -> str:
    """A root, 1/s, four decimals."""
    pair = f" \u00b1 {abs(value.imag):.4f}i" if value.imag else ""
    return f"{written(value.real, 4)}{pair}"


def two_thousand() -> str:
    """Certified, named, agreement and time."""
    asked, aircraft = points.asked(), ANKA.aircraft
    found = trim(aircraft, asked)
    left = points.from_tables(aircraft, asked)
    flyable = np.all([margin >= 0.0 for margin in left.values()], axis=0)
    named = np.array([not n or (n in left and bool(left[n][k] < 0.0)) for k, n in enumerate(found.limit)])
    agree = (flyable == found.certified) & named
    counts = {name: int(np.sum(found.limit == name)) for name in dict.fromkeys(found.limit) if name}
    ordered = sorted(counts.items(), key=lambda entry: -entry[1])
    rows = [("certified", str(int(np.sum(found.certified))))]
    rows += [(f"forbidden by {name}", str(count)) for name, count in ordered]
    rows += [("no balance found", str(int(np.sum(found.limit == "no balance found"))))]
    rows += [("the tables alone say the same", f"{100.0 * np.mean(agree):.1f} %")]
    worst = np.max(np.abs(found.residual[found.certified]))
    rows += [("largest residual of a certified flight", f"{worst:.1e} of the weight")]
    rows += [("time for all, code compiled", f"{best(lambda: trim(aircraft, asked)):.2f} s")]
    wall, work = cold()
    rows += [("time for all, first call in a new process after its imports, code kept from before", f"{wall:.2f} s")]
    rows += [("of which work of the processor", f"{work:.2f} s")]
    return table("| of 2,000 | |\n|---|--:|", rows)


def best(run: Any) -> float:
    """Seconds, best of five."""
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times)


def cold() -> tuple[float, float]:
    """Seconds by the clock and of the processor: first call in a process of its own, JAX imported, best of three."""
    python = [sys.executable, "-c", COLD]
    told = [subprocess.run(python, cwd=ROOT, check=True, capture_output=True, text=True).stdout for _ in range(3)]
    wall, work = zip(*([float(part) for part in line.split()] for line in told), strict=True)
    return min(wall), min(work)


def flown() -> list[tuple[str, Any]]:
    """The flights of the tables and their linear models."""
    V, mass, height = (np.asarray(column) for column in zip(*FLIGHTS, strict=True))
    condition = Condition(V, mass, height, alternator=usual_load(ANKA.aircraft))
    models = linearise(ANKA.aircraft, condition)
    words = [f"{v:.0f} m/s, {m:.0f} kg, {h / 1000.0:.0f} km" for v, m, h in FLIGHTS]
    return list(zip(words, models, strict=True))


def mode_table() -> str:
    """The five modes of each flight."""
    rows = []
    for words, model in flown():
        found = by_name(modes(model))
        rows += [(words if name == MODES[0] else "", name, *mode_row(found[name])) for name in MODES]
    head = "| flight | mode | root, 1/s | rad/s | damping | period | amplitude |\n|---|---|--:|--:|--:|--:|---|"
    return table(head, rows)


def mode_row(mode: Mode) -> tuple[str, ...]:
    """Root, frequency, damping, period, half or double."""
    swings = mode.oscillates
    times = f"{'half' if mode.half_time > 0.0 else 'doubles'} in {abs(mode.half_time):.1f} s"
    return (
        root(mode.root), f"{mode.frequency:.3f}" if swings else "", written(mode.damping, 3) if swings else "",
        f"{mode.period:.1f} s" if swings else "", times,
    )  # fmt: skip


def form_table() -> str:
    """The closed forms beside the roots, at the second flight."""
    words, model = flown()[1]
    found, forms = by_name(modes(model)), closed_forms(model)
    rows = []
    for name, form in forms.items():
        whole = found[name.partition(",")[0]].root
        miss = abs(form - whole) / abs(whole)
        faster = abs(form) / abs(whole) - 1.0
        rows.append((name, root(whole), root(form), f"{100.0 * miss:.0f} %", f"{written(100.0 * faster, 0)} %"))
    head = f"| {words} | whole model | closed form | distance | frequency |\n|---|--:|--:|--:|--:|"
    return f"{table(head, rows)}\n\n{what_moves_the_phugoid()}"


def what_moves_the_phugoid() -> str:
    """The phugoid's root at the second flight with one number of the aircraft changed."""
    a, (V, mass, height) = ANKA.aircraft, FLIGHTS[1]
    condition = Condition(V, mass, height, alternator=usual_load(a))
    changed = {
        "as it is": a,
        "thrust through the centre of gravity": replace(a, propeller=replace(a.propeller, thrust_line=0.0)),
        "half the pitch damping, C_m_q": replace(a, aero=replace(a.aero, C_m_q=0.5 * a.aero.C_m_q)),
        "twice the static stability, C_m_alpha": replace(a, aero=replace(a.aero, C_m_alpha=2.0 * a.aero.C_m_alpha)),
        "four times the static stability": replace(a, aero=replace(a.aero, C_m_alpha=4.0 * a.aero.C_m_alpha)),
    }
    found = {words: by_name(modes(linearise(one, condition)[0]))["phugoid"] for words, one in changed.items()}
    rows = [(words, root(mode.root)) for words, mode in found.items()]
    return table("| phugoid | root, 1/s |\n|---|--:|", rows)


def published() -> str:
    """Roots printed in the books, and ours of the same matrices."""
    rows = []
    cases = next(mark for mark in books.test_published_roots.pytestmark if mark.name == "parametrize").args[1]
    for words, (A, states, printed, _) in zip(("Boeing 747", "Boeing 747", "Navion", "Navion"), cases, strict=True):
        found = by_name(identified(A, states))
        for name, value in printed.items():
            miss = abs(found[name].root - value) / abs(value)
            roots = (root_of_book(complex(value)), root_of_book(found[name].root))
            rows.append((words, name, *roots, f"{100.0 * miss:.2g} %"))
    return table("| aircraft | mode | printed, 1/s | identified, 1/s | distance |\n|---|---|--:|--:|--:|", rows)


def root_of_book(value: complex) -> str:
    """Four significant figures."""
    pair = f" \u00b1 {abs(value.imag):.4g}i" if value.imag else ""
    return f"{value.real:.4g}".replace("-", "\u2212") + pair


def envelope_part() -> str:
    """Pictures and a few figures."""
    aircraft = ANKA.aircraft
    found, hot_and_cold = envelope(aircraft, 1500.0), days(aircraft, 1500.0)
    for stem, figure in pictures.figures(found, hot_and_cold, ANKA.title).items():
        for theme in ("light", "dark"):
            (PICTURES / f"handling-{stem}-{theme}.svg").write_text(figure.standalone(theme), encoding="utf-8")
    rows = []
    for mass in (1200.0, 1400.0, 1600.0):
        for offset in (0.0, 20.0):
            one = envelope(aircraft, mass, offset)
            rows.append((f"{mass:.0f} kg", f"{offset:+.0f} K" if offset else "standard", f"{one.climb_rate[0]:.1f} m/s",
                         f"{one.service_ceiling / 1000.0:.1f} km", f"{one.absolute_ceiling / 1000.0:.1f} km",
                         pictures.WORDS.get(one.top_limit, one.top_limit)))  # fmt: skip
    names = "| mass | day | climb at sea level | service ceiling | greatest height | ended by |"
    head = f"{names}\n|--:|---|--:|--:|--:|---|"
    parts = [themed("pictures/handling-envelope", "Height against airspeed with all limits"),
             themed("pictures/handling-days", "Greatest height on hot and cold days"), table(head, rows)]  # fmt: skip
    return "\n\n".join(parts)


def main() -> None:
    """All blocks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = {"points": two_thousand, "modes": mode_table, "forms": form_table, "published": published,
              "envelope": envelope_part}  # fmt: skip
    for name, make in blocks.items():
        text = fill(text, name, make())
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
