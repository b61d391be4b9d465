"""Ice against the tables of a handbook and the runs of a tunnel.

The freezing fractions are those of the FAA Aircraft Icing Handbook (1991), tables 2-5 to 2-8, which does not give its
body's size: one factor on the heat transfer is fitted to each table's first entry and all other entries are predicted.
The drag is that of NASA TM-83556 (Olsen, Shaw & Newton 1984): NACA 0012, chord 0.533 m, 4 degrees; the list is the one
corrected by D. Cook, and the tunnel repeats itself to 16 % (AEDC-TR-87-23).
"""

from __future__ import annotations

import numpy as np

from samruk.plant import accretion
from samruk.verify.check import Check

FREEZING_FRACTIONS = {
    "temperature": ((-26, 0.7, 0.90), (-20, 0.7, 0.70), (-14, 0.7, 0.49), (-8, 0.7, 0.27), (-2, 0.7, 0.03)),
    "water at -26 C": (
        (-26, 0.7, 0.90), (-26, 0.8, 0.83), (-26, 0.9, 0.78), (-26, 1.0, 0.73), (-26, 2.0, 0.54), (-26, 3.0, 0.47),
        (-26, 4.0, 0.44), (-26, 5.0, 0.42),
    ),
    "little water": ((-6, 0.1, 0.93), (-4, 0.1, 0.53), (-2, 0.1, 0.10)),
    "water at -6 C": (
        (-6, 0.1, 0.93), (-6, 0.4, 0.28), (-6, 0.7, 0.19), (-6, 1.0, 0.15), (-6, 1.3, 0.14), (-6, 1.6, 0.12),
        (-6, 1.9, 0.11), (-6, 2.2, 0.11), (-6, 2.5, 0.10), (-6, 2.8, 0.10),
    ),
}  # fmt: skip
"""C, g/m^3, freezing fraction; 70 m/s, 20 um."""

CHORD, NOSE_RADIUS, CLEAN = 0.533, 0.0158, 0.008

RUNS = [
    run.split()
    for run in """
O-10 209 -8 2.1 20 5 0.02767; O-26 209 -26 1.0 20 5 0.01077; O-4 209 -8 2.1 20 5 0.03382
S-29 209 -2 1.3 20 8 0.02807; S-30 209 -1 1.3 20 8 0.02647; S-31 209 -5 1.3 20 8 0.06036
S-32 209 -8 1.3 20 8 0.02949; S-36 209 -12 1.3 20 8 0.02072; S-69 209 -15 1.3 20 8 0.02105
S-44 209 -18 1.3 20 8 0.02161; S-72 209 -20 1.3 20 8 0.01773; S-45 209 -26 1.3 20 8 0.0194
S-113 338 -2 1.05 20 6.2 0.0756; S-114 338 -8 1.05 20 6.2 0.0606; S-115 338 -12 1.05 20 6.2 0.037
S-116 338 -17 1.05 20 6.2 0.0284; S-117 338 -26 1.05 20 6.2 0.0238; S-33 149 -8 1.3 20 8 0.01622
S-34 209 -8 1.3 20 8 0.0296; S-35 338 -8 1.3 20 8 0.1182; S-24 209 -8 1.3 14 8 0.01465
S-23 209 -8 1.3 20 8 0.03884; S-22 209 -8 1.3 26 8 0.07493; S-88 209 -8 1.3 36 8 0.10455
S-27 338 -8 1.05 14 6.2 0.0309; S-26 338 -8 1.05 20 6.2 0.0951; S-25 338 -8 1.05 26 6.2 0.1266
S-58 209 -26 1.3 14 8 0.01206; S-57 209 -26 1.3 20 8 0.0193; S-53 209 -26 1.3 26 8 0.0196
S-52 209 -8 1.3 14 3 0.01154; S-50 209 -8 1.3 20 3 0.01941; S-51 209 -8 1.3 26 3 0.028
F14 209 -18 1.3 14 8 0.0121; F20 209 -18 1.3 20 8 0.0193; F26 209 -18 1.3 26 8 0.028
S-61 209 -2 1.3 14 8 0.0314; S-60 209 -2 1.3 20 8 0.0295; S-59 209 -2 1.3 26 8 0.0344
S-54 209 -2 1.0 20 8 0.0262; S-55 209 -2 1.3 20 8 0.0301; S-56 209 -2 1.6 20 8 0.0456
S-109 209 -8 1.0 20 8 0.0212; S-110 209 -8 1.3 20 8 0.0246; S-111 209 -8 2.0 20 8 0.0312
""".replace("\n", ";").split(";")
    if run.strip()
]
"""Run, km/h, total temperature C, water g/m^3, drops um, minutes, drag coefficient."""

LANGMUIR_BLODGETT = ((0.4, 0.321), (0.625, 0.439), (0.9, 0.531), (1.6, 0.660), (3.6, 0.799), (6.4, 0.868),
                     (10.0, 0.909), (19.6, 0.952))  # fmt: skip
"""K by the radius and beta0 of a cylinder: Langmuir & Blodgett (1946), phi = 0."""


def fraction(
    celsius: float, water: float, drop: float = 20.0, speed: float = 70.0, *, factor: float, beta0: float | None = 0.75,
    diameter: float = 0.0254,
) -> float:  # fmt: skip
    """n0 for water in g/m^3 and drops in um at sea level."""
    s = accretion.stream(celsius + 273.15, 101325.0, speed, 1e-3 * water, 1e-6 * drop)
    h_c = factor * accretion.heat_transfer(s, diameter)
    caught = accretion.stagnation_collection(accretion.modified_inertia(s, diameter)) if beta0 is None else beta0
    return float(accretion.freezing_fraction(s, caught, h_c, accretion.mass_transfer(s, h_c)))


def fitted(first: tuple[float, float], value: float) -> float:
    """The factor at which the first entry (C, g/m^3) comes out, by bisection."""
    low, high = 0.2, 2.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if fraction(*first, factor=middle) < value else (low, middle)
    return 0.5 * (low + high)


def predicted(run: list[str]) -> float:
    """Drag coefficient by the model's own growth law, step for step what the aircraft's wing uses."""
    km_h, celsius, water, drop, minutes, _ = (float(x) for x in run[1:])
    speed = km_h / 3.6
    s = accretion.stream(celsius + 273.15 - speed**2 / 2012.0, 98000.0, speed, 1e-3 * water, 1e-6 * drop)
    diameter = 2.0 * NOSE_RADIUS * CHORD
    K0 = accretion.modified_inertia(s, diameter)
    h_c = accretion.heat_transfer(s, diameter)
    beta0 = accretion.stagnation_collection(K0)
    n0 = accretion.freezing_fraction(s, beta0, h_c, accretion.mass_transfer(s, h_c))
    rate = accretion.section_drag_rate(s, K0, min(max(float(n0), 0.0), 1.0), CHORD)
    return CLEAN * (1.0 + accretion.ROUGH_PART) + 60.0 * minutes * float(rate)


def checks() -> list[Check]:
    """Freezing, collection, drag."""
    drag = np.array([predicted(run) / float(run[-1]) for run in RUNS])
    caught = [float(accretion.stagnation_collection(K)) - beta0 for K, beta0 in LANGMUIR_BLODGETT]
    tunnel = "NASA TM-83556, the 45 runs to which its law is fitted"
    return [
        Check("freezing fraction", "FAA Aircraft Icing Handbook, tables 2-5 to 2-8", _worst_fraction(), 0.022, "1",
              "two digits of hand calculation"),
        Check("collection of a cylinder", "Langmuir & Blodgett (1946)", float(np.max(np.abs(caught))), 0.025, "1",
              "the correlation's own spread about that table"),
        Check("drag of an iced aerofoil, mean error", tunnel, float(np.abs(drag - 1.0).mean()), 0.20, "1",
              "the tunnel repeats itself to 16 %"),
        Check("drag of an iced aerofoil, leaning", tunnel, float(abs(np.log(drag).mean())), 0.06, "1",
              "a third of the scatter over the square root of 45"),
    ]  # fmt: skip


def _worst_fraction() -> float:
    """Largest miss among the entries that were not fitted."""
    worst = 0.0
    for rows in FREEZING_FRACTIONS.values():
        factor = fitted(rows[0][:2], rows[0][2])
        miss = (abs(fraction(celsius, water, factor=factor) - expected) for celsius, water, expected in rows[1:])
        worst = max(worst, *miss)
    return worst
