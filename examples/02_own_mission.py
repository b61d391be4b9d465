"""A mission of one's own: how much water in the cloud does this watch bear, with and without ice protection?

    python examples/02_own_mission.py [folder for the results]

The mission is `short-watch.toml` beside this file. One `[[flight]]` is added for each case, so that all fly together:
the same air, the same gusts, one thing changed.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

import samruk

HERE = Path(__file__).parent
WATER_G_M3 = (0.0, 0.3, 0.6)


def flight(water: float, protected: bool) -> str:
    """One case as it stands in a mission file; `set` takes the keys of the file itself."""
    name = f"{water:.1f} g/m3, {'protected' if protected else 'bare'}"
    changes = f'"weather.cloud.1.water_g_m3" = {water}, "rules.automatic_protection" = {str(protected).lower()}'
    rest = '"rules.escape" = false, "crew.protects" = false, "crew.leaves_ice" = false'
    return f'[[flight]]\nname = "{name}"\nset = {{ {changes}, {rest} }}\n'


def main() -> None:
    """Write the mission, fly it, print what each flight had to spare."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/own-mission")
    folder.mkdir(parents=True, exist_ok=True)
    flown = next(place for n in count(1) if not (place := folder / f"flown-{n:03d}").exists())
    mission = folder / "water.toml"
    cases = "\n".join(flight(water, protected) for water in WATER_G_M3 for protected in (True, False))
    mission.write_text((HERE / "short-watch.toml").read_text(encoding="utf-8") + "\n" + cases, encoding="utf-8")

    day = samruk.fly(str(mission), out=str(flown))
    print(f"{'':24}{'outcome':>10}{'ice, kg':>9}{'least above stall':>19}{'fuel, kg':>10}")
    for each in day.flights:
        v, m = each.verdict, each.verdict.margins
        ice, margin = m["ice_most_kg"], m["stall_margin_pct"]
        print(f"{v.name:24}{v.outcome or v.status:>10}{ice:9.1f}{margin:17.0f} %{v.fuel_kg:10.1f}")
        for fix in v.fixes[:1]:
            print(f"{'':24}cheapest fix: {fix.text}, {fix.cost_kg:.1f} kg of fuel")
    print(f"Report: {day.report}")


if __name__ == "__main__":
    main()
