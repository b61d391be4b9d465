"""Fly a mission and read the answer: outcome, causes, the cheapest fix, and a look into what was recorded.

    python examples/01_fly_and_read.py [mission]

A mission is the name of a story or a file; without one the story `astana-january` is flown. Results go to `out/`.
"""

from __future__ import annotations

import sys

import numpy as np

import samruk


def main() -> None:
    """Fly, then say what happened to each flight and why."""
    day = samruk.fly(sys.argv[1] if len(sys.argv) > 1 else "astana-january")
    print(day.title)
    for flight in day.flights:
        verdict = flight.verdict
        outcome = verdict.outcome or verdict.status
        print(f"\n{verdict.name}: {outcome}, {verdict.duration_h:.1f} h, {verdict.fuel_kg:.0f} kg of fuel")
        for cause in verdict.causes:
            print(f"  without {cause.text}: {cause.turns_to} ({cause.confirmed} of {cause.seeds} seeds)")
        for fix in verdict.fixes[:1]:
            print(f"  cheapest fix: {fix.text}: {fix.turns_to}, {fix.cost_kg:.1f} kg of fuel")

        # What was recorded: NumPy arrays by name, one value each 10 s, SI and radians.
        f = flight.frames
        flying = (f["on_ground"] == 0.0) & (f["height"] - f["ground"] > 30.0)
        if np.any(flying):
            k = int(np.argmin(np.where(flying, f["stall_margin"], np.inf)))
            hours, margin = f["time"][k] / 3600.0, 100.0 * f["stall_margin"][k]
            print(f"  least above its stall speed at {hours:.2f} h: {margin:.0f} %, with {f['ice'][k]:.0f} kg of ice")
    print(f"\nReport: {day.report}\nRecord: {day.record}")


if __name__ == "__main__":
    main()
