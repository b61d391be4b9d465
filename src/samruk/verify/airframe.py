"""The reference aircraft's derived numbers against closed formulas of the handbooks and the certification code.

The numbers come from a vortex lattice, strips and lists of parts; these formulas share nothing with them but the
dimensions. Each limit is the accuracy that is usually claimed for the formula.
"""

from __future__ import annotations

from math import pi, sqrt

from samruk import earth, load
from samruk.aircraft import Aircraft
from samruk.units import FOOT, HORSEPOWER
from samruk.verify.check import Check

POUND = 0.45359237
TAIL_EFFICIENCY = 0.95
"""Dynamic pressure at the tail over that of the free stream: clear of the body's wake."""
POWER = ((19_900.0, 170.0), (30_000.0, 130.0))
"""ft and hp: TEI of its PD170, which gives 170 hp to 20,000 ft and 130 hp at 30,000 ft."""


def helmbold(aspect: float) -> float:
    """Lift slope of a straight wing, 1/rad (Helmbold 1942)."""
    return 2.0 * pi * aspect / (2.0 + sqrt(aspect * aspect + 4.0))


def aspect(a: Aircraft) -> float:
    """Aspect ratio of the wing."""
    return float(a.geometry.span**2 / a.geometry.wing_area)


def lift_slope(a: Aircraft) -> float:
    """Lift slope of wing and tail, 1/rad: Helmbold, downwash slope 0.16, V-tail at cos^2 of 48 degrees."""
    g = a.geometry
    tail = helmbold(g.tail_span**2 / g.tail_area) * 0.84 * TAIL_EFFICIENCY * 0.45 * g.tail_area / g.wing_area
    return float(helmbold(aspect(a)) + tail)


def power(a: Aircraft, feet: float) -> float:
    """Rated power at a pressure height, hp."""
    e, sigma = a.engine, float(earth.standard_atmosphere_geopotential(feet * FOOT)[2]) / earth.RHO0
    least = min(1.0, (sigma / e.critical_density_ratio) ** e.altitude_exponent)
    return float(e.rated_power * least / HORSEPOWER)


def load_factor(a: Aircraft) -> float:
    """Positive limit load factor by CS-23.337."""
    return float(min(2.1 + 24000.0 / (a.mass.max_take_off / POUND + 10000.0), 3.8))


def sink_speed(a: Aircraft) -> float:
    """Sink speed at touch-down by CS-23.473, m/s."""
    loading = (a.mass.max_take_off / POUND) / (a.geometry.wing_area / FOOT**2)
    return float(min(max(4.4 * loading**0.25, 7.0), 10.0) * FOOT)


def checks() -> list[Check]:
    """Aerodynamics and engine of the reference aircraft, limits of all."""
    a = load.aircraft("anka").aircraft
    aero, g = a.aero, a.geometry
    pitch = aero.C_m_delta_e / (-aero.C_L_delta_e * g.tail_arm / g.chord)
    yaw = aero.C_n_delta_r / (-aero.C_Y_delta_r * g.tail_arm / g.span)
    engine = max(abs(power(a, feet) / horses - 1.0) for feet, horses in POWER)
    lever = "the tail's lift acts up to 4 % of the arm behind its quarter chord"
    return [
        Check("anka: lift slope", "Helmbold (1942) with a tail", abs(aero.C_L_alpha / lift_slope(a) - 1.0), 0.05, "1",
              "within 5 % of measured wings"),
        Check("anka: elevator moment", "its lift times the arm", abs(pitch - 1.0), 0.06, "1", lever),
        Check("anka: rudder moment", "its side force times the arm", abs(yaw - 1.0), 0.06, "1", lever),
        Check("anka: power at 20,000 and 30,000 ft", "TEI, PD170 as published", engine, 0.003, "1",
              "the exponent is rounded to 3 digits"),
        *(check for name in load.fleet() for check in _code(name)),
    ]  # fmt: skip


def _code(name: str) -> list[Check]:
    """Limits of an aircraft by the certification code."""
    a = load.aircraft(name).aircraft
    n, limit = a.structure, load_factor(a)
    factors = max(abs(n.load_factor_max - limit), abs(n.load_factor_min + 0.4 * limit))
    return [
        Check(f"{name}: limit load factors", "CS-23.337", factors, 1e-6, "1", "a formula"),
        Check(f"{name}: sink speed of the landing gear", "CS-23.473", abs(a.gear.max_sink - sink_speed(a)), 0.01, "m/s",
              "the file gives two decimals"),
    ]  # fmt: skip
