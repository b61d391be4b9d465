"""Parasite drag as a list of parts, each by its wetted area and form, or by its drag area.

References: Raymer, Aircraft Design: A Conceptual Approach, ch. 12 (friction, form factors, leakage, gear) and ch. 13
(cooling); Hoerner, Fluid-Dynamic Drag (1965) (turrets, blisters). Their coefficients are recalled, not looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Any

from airframe import section
from airframe.shape import CHOSEN, FUSELAGE_LENGTH, WIDTH_OVER_HEIGHT, Plan, fuselage

AIRSPEED, DENSITY, VISCOSITY = 45.0, 0.6975, 1.612e-5
"""m/s, kg/m^3, kg/(m s): 5,500 m in the standard atmosphere, as the derivatives."""
LOITER_POWER_HP, TEMPERATURE_R, DENSITY_RATIO, SPEED_FT = 65.0, 454.0, 0.5694, 147.6
"""Of the same loiter in the units of Raymer's cooling formula; the power is a guess: 10 hp move C_D_0 by 0.3 %."""
RATED_POWER_HP = 170.0
SQUARE_FOOT = 0.09290304
TURRET = (0.40, 0.42)
"""m, width and depth outside."""
BLISTER = 0.9 * 0.25
"""m^2, front of the satellite antenna's cover."""
ANTENNAS, SCOOP = 7, 0.06
OTHERS: dict[str, dict[str, Any]] = {
    "tb2": {"AIRSPEED": 38.0, "LOITER_POWER_HP": 27.0, "SPEED_FT": 124.7, "RATED_POWER_HP": 100.0,
            "TURRET": (0.28, 0.30), "BLISTER": 0.0, "ANTENNAS": 4, "SCOOP": 0.04},
}  # fmt: skip
globals().update(OTHERS.get(CHOSEN, {}))
WING_GAPS, TAIL_GAPS = 1.05, 1.06
"""Hinge lines and control gaps (Raymer, ch. 12)."""
WING_JOINT = 1.05
"""Interference of the wing's root with the body, as a factor on the body (Raymer, ch. 12: 1.0 to 1.1)."""
LEAKAGE = 0.10
"""Of everything else: hatches, seams of ice protection, drains, static wicks (Raymer: propeller aircraft 5 to
10 %); the upper end, for an aircraft that is opened daily."""


@dataclass(frozen=True)
class Part:
    """One contribution."""

    name: str
    area: float
    """m^2: f = C_D S."""
    how: str
    spread: float
    """One standard deviation over the value."""


def friction(length: float) -> float:
    """Turbulent flat plate, Prandtl and Schlichting."""
    return 0.455 / log10(DENSITY * AIRSPEED * length / VISCOSITY) ** 2.58


def parts(plan: Plan) -> list[Part]:
    """Everything that rubs, in the clean configuration, gear up."""
    reynolds = DENSITY * AIRSPEED * plan.mean_chord / VISCOSITY
    clean, dirty = (p.cd_least for p in section.both(reynolds))
    tail_clean, tail_dirty = section.tail_drag(reynolds * plan.tail_chord(0.5) / plan.mean_chord)
    width = WIDTH_OVER_HEIGHT * plan.height
    exposed = plan.area - width * plan.root
    length = FUSELAGE_LENGTH * plan.length
    wetted = float(fuselage(plan).area_wetted())
    slender = length / ((width + plan.height) * 0.5)
    form = 1.0 + 60.0 / slender**3 + slender / 400.0
    found = [
        Part("wing", _mean(clean, dirty) * exposed * WING_GAPS,
             f"section {clean:.4f} laminar, {dirty:.4f} tripped, on {exposed:.1f} m^2, gaps 1.05",
             section.spread(clean, dirty)),
        Part("tail", _mean(tail_clean, tail_dirty) * plan.tail_area * TAIL_GAPS,
             f"section {tail_clean:.4f} and {tail_dirty:.4f} on {plan.tail_area:.2f} m^2, gaps 1.06",
             section.spread(tail_clean, tail_dirty)),
        Part("fuselage", friction(length) * form * wetted * WING_JOINT,
             f"{wetted:.1f} m^2 wetted, c_f {friction(length):.5f}, form {form:.2f}, joint 1.05", 0.10),
        Part("turret", 0.35 * TURRET[0] * TURRET[1],
             f"{TURRET[0]:.2f} m wide, {TURRET[1]:.2f} m deep, 0.35 on its front (0.3 to 0.4)", 0.2),
        Part("satellite blister", 0.07 * BLISTER, "0.9 m by 0.25 m in front, 0.07 (Hoerner: canopies)", 0.3),
        Part("antennas and probes", ANTENNAS * 0.0009 + 0.004,
             f"{ANTENNAS} blades of 0.25 m by 0.15 m, booms, lights, wicks", 0.4),
        Part("cooling", 4.9e-7 * LOITER_POWER_HP * TEMPERATURE_R**2 / (DENSITY_RATIO * SPEED_FT) * SQUARE_FOOT,
             f"4.9e-7 hp T^2 / (sigma V) square feet (Raymer) at {LOITER_POWER_HP:.0f} hp of loiter power", 0.4),
        Part("engine openings", 2e-4 * RATED_POWER_HP * SQUARE_FOOT, "2e-4 square feet per rated hp (Raymer)", 0.4),
        Part("scoop and exhaust", 0.10 * SCOOP,
             f"radiator scoop of {SCOOP:.2f} m^2 standing out, 0.10 (estimated)", 0.5),
        *OUTSIDE.get(CHOSEN, []),
    ]  # fmt: skip
    found = [part for part in found if part.area > 0.0]
    return [*found, Part("leakage and protuberances", LEAKAGE * sum(p.area for p in found), "10 % of all that", 0.4)]


NOSE_GEAR = [
    Part("nose wheel", 0.25 * 0.28 * 0.10, "0.28 m by 0.10 m, 0.25", 0.2),
    Part("nose leg", 0.30 * 0.05 * 0.60, "0.05 m by 0.60 m, 0.30", 0.2),
    Part("links, doors", 0.010, "torque link and a pair of doors (estimated)", 0.5),
]
"""Gear down of an aircraft whose main legs stay out always."""
GEAR = NOSE_GEAR if CHOSEN == "tb2" else [
    Part("main wheels", 2 * 0.25 * 0.40 * 0.14, "two of 0.40 m by 0.14 m, 0.25 on their front", 0.2),
    Part("main legs", 2 * 0.30 * 0.07 * 0.80, "two of 0.07 m by 0.80 m, 0.30", 0.2),
    Part("nose wheel", 0.25 * 0.35 * 0.12, "0.35 m by 0.12 m, 0.25", 0.2),
    Part("nose leg", 0.30 * 0.06 * 0.80, "0.06 m by 0.80 m, 0.30", 0.2),
    Part("links, brakes, lines", 0.05, "drag braces and torque links, 1.0 on 0.05 m^2", 0.4),
    Part("doors", 0.04, "three pairs along the flow, edges and hinges (estimated)", 0.5),
]
"""Gear down (drag coefficients of Raymer, ch. 12)."""
GEAR_INTERFERENCE, OPEN_WELLS = 1.2, 1.07
"""Factors on the sum (Raymer, ch. 12)."""


OUTSIDE: dict[str, list[Part]] = {
    "tb2": [
        Part("two booms", 2 * 0.0032 * 1.2 * 3.14 * 0.14 * 3.6, "0.14 m thick, 3.6 m long, c_f 0.0032, form 1.2", 0.2),
        Part("main legs that stay out", 2 * (0.25 * 0.30 * 0.11 + 0.12 * 0.06 * 0.75) * 1.2,
             "wheels of 0.30 m by 0.11 m, faired leaf springs, interference 1.2", 0.3),
    ],
}  # fmt: skip
"""What other shapes have besides."""


def gear_area() -> float:
    """m^2, drag area of the lowered gear."""
    return sum(p.area for p in GEAR) * GEAR_INTERFERENCE * OPEN_WELLS


def spread(found: list[Part]) -> float:
    """Of the sum, over its value, the parts being independent."""
    return float(sum((p.area * p.spread) ** 2 for p in found) ** 0.5 / sum(p.area for p in found))


def _mean(a: float, b: float) -> float:
    return 0.5 * (a + b)

