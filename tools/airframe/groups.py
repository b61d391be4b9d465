"""Empty mass a second way: group weights by Raymer's equations for general aviation, with his factors for composites.

Raymer, Aircraft Design: A Conceptual Approach, ch. 15 (equations 15.46 to 15.58), in pounds and feet; recalled, to be
checked against the book. They are good to about 10 % a group, 6.5 % of the sum with the groups independent.
"""

from __future__ import annotations

from airframe.shape import FUSELAGE_LENGTH, TAIL_ARM, TAPER, Plan, fuselage

POUND, FOOT = 0.45359237, 0.3048
LOADS = 1.5 * 3.8
"""Ultimate load factor."""
LANDING_LOADS = 1.5 * 3.0
PRESSURE_PSF = 14.7
"""Dynamic pressure of a 45 m/s cruise at 5,500 m."""
COMPOSITE_WING, COMPOSITE_BODY, COMPOSITE_TAIL = 0.85, 0.90, 0.83
"""Raymer, table 15.4."""
LEGS_IN = 31.5
"""inches, length of the legs (0.8 m)."""
UNINSTALLED_AVIONICS_LB = 150.0
FUEL_GALLONS = 125.0
SATELLITE, ICE_PROTECTION = 25.0, 25.0
"""kg, not in the equations: terminal with its dish, strips and mats with their switching."""


def groups(plan: Plan, take_off: float, engine: float) -> dict[str, float]:
    """kg of each group at a take-off mass and a dry engine mass, kg."""
    W, S = take_off / POUND, plan.area / FOOT**2
    aspect, q = plan.span**2 / plan.area, PRESSURE_PSF
    wetted = float(fuselage(plan).area_wetted()) / FOOT**2
    length, arm = FUSELAGE_LENGTH * plan.length / FOOT, TAIL_ARM / FOOT
    fuel = FUEL_GALLONS * 6.7
    loaded = LOADS * W
    wing = 0.036 * S**0.758 * fuel**0.0035 * aspect**0.6 * q**0.006 * TAPER**0.04 * 16.0**-0.3 * loaded**0.49
    body = 0.052 * wetted**1.086 * loaded**0.177 * arm**-0.051 * 8.5**-0.072 * q**0.241
    tail = 0.016 * loaded**0.414 * q**0.168 * (plan.tail_area / FOOT**2) ** 0.896 * 12.0**-0.12 * 5.0**0.043
    main = 0.095 * (LANDING_LOADS * W) ** 0.768 * (LEGS_IN / 12.0) ** 0.409
    nose = 0.125 * (LANDING_LOADS * W) ** 0.566 * (LEGS_IN / 12.0) ** 0.845
    installed = 2.575 * (engine / POUND) ** 0.922
    tanks = 2.49 * FUEL_GALLONS**0.726 * 0.5**0.363 * 4.0**0.242
    controls = 0.053 * length**1.536 * (plan.span / FOOT) ** 0.371 * (loaded * 1e-4) ** 0.80
    avionics = 2.117 * UNINSTALLED_AVIONICS_LB**0.933
    electric = 12.57 * (tanks + avionics) ** 0.51
    pounds = {
        "wing": COMPOSITE_WING * wing, "fuselage": COMPOSITE_BODY * body, "tail": COMPOSITE_TAIL * tail,
        "main gear": main, "nose gear": nose, "engine installed, with propeller": installed, "fuel system": tanks,
        "flight controls": controls, "avionics": avionics, "electric system": electric,
    }  # fmt: skip
    return {name: POUND * mass for name, mass in pounds.items()} | {
        "satellite terminal": SATELLITE, "ice protection": ICE_PROTECTION,
    }  # fmt: skip
