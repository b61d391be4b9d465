"""Drag of iced aerofoils against NASA TM-83556 (Olsen, Shaw & Newton 1984): NACA 0012, chord 0.533 m, 4 degrees.

The list is the one corrected by D. Cook. The tunnel repeats itself to 16 % (AEDC-TR-87-23).
"""

from __future__ import annotations

import numpy as np
import pytest

from samruk.plant import accretion

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
    return CLEAN + 60.0 * minutes * float(rate)


@pytest.fixture(scope="module")
def ratio() -> np.ndarray:
    """Predicted over measured drag of all runs."""
    return np.array([predicted(run) / float(run[-1]) for run in RUNS])


def test_forty_five_runs_within_the_stated_error(ratio: np.ndarray) -> None:
    assert len(RUNS) == 45
    error = np.abs(ratio - 1.0)
    assert error.mean() < 0.20  # stated: 19 %; the tunnel's own repeatability is 16 %
    assert np.median(error) < 0.16
    assert error.max() < 0.80  # S-111, a run at 2 g/m^3 measured half of its neighbours


def test_the_fit_leans_to_neither_side(ratio: np.ndarray) -> None:
    assert abs(np.log(ratio).mean()) < 0.06  # a third of the scatter over the square root of 45


def test_glaze_costs_more_than_rime() -> None:
    by_name = {run[0]: predicted(run) for run in RUNS}
    assert by_name["S-31"] > 2.0 * by_name["S-45"]  # measured: 0.0604 at -5 C, 0.0194 at -26 C


def test_drag_rises_with_drop_size_and_speed_as_measured() -> None:
    by_name = {run[0]: predicted(run) for run in RUNS}
    assert by_name["S-24"] < by_name["S-23"] < by_name["S-22"] < by_name["S-88"]
    assert by_name["S-33"] < by_name["S-34"] < by_name["S-35"]
