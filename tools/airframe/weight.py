"""Where the mass lies at greatest take-off mass: a list of parts, checked for balance, and what inertia follows.

Masses are estimates for a composite aircraft of this size (Raymer, ch. 15, for the proportions); the engine's dry mass
is published (about 170 kg).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from airframe.shape import CHOSEN, FUSELAGE_LENGTH, NOSE, TAIL_ARM, TAPER, Plan

TANKS = (0.08, 0.50)
"""Part of the half span between which the wing holds fuel."""


LOADS = {"anka": (3.2, 0.50, 1.3), "tb2": (1.25, 0.40, 0.35)}
"""m: the turret, forward and down, and the second payload, forward."""


@dataclass(frozen=True)
class Lump:
    """One mass; body axes: x forward, y right, z down of the centre of gravity, m."""

    name: str
    mass: float
    x: float
    y: float = 0.0
    """Distance of its halves from the plane of symmetry: radius of gyration."""
    z: float = 0.0
    long: float = 0.0
    """m, length along x over which it is spread evenly."""


def wing_radius(plan: Plan, limits: tuple[float, float]) -> float:
    """m, radius of gyration about the plane of symmetry of what is spread as chord squared."""
    part = np.linspace(*limits, 400)
    weight = (1.0 + (TAPER - 1.0) * part) ** 2
    return float(0.5 * plan.span * np.sqrt(np.sum(weight * part**2) / np.sum(weight)))


def lumps(plan: Plan, empty: float, payload: float, fuel: float) -> list[Lump]:
    """Everything aboard; the empty parts are scaled to the empty mass."""
    whole, tanks = wing_radius(plan, (0.0, 1.0)), wing_radius(plan, TANKS)
    length = FUSELAGE_LENGTH * plan.length
    middle = NOSE - 0.5 * length
    parts = [
        Lump("wing", 215.0, -0.05, whole, -0.10, 0.5),
        Lump("wing systems, ice protection", 45.0, 0.10, whole, -0.10, 0.3),
        Lump("fuselage", 125.0, middle, 0.40, 0.0, length),
        Lump("tail", 35.0, -TAIL_ARM, 0.8, -0.9, 0.5),
        Lump("engine, gearbox, cooling, mount", 235.0, -2.8, 0.20, -0.10, 1.2),
        Lump("propeller", 25.0, NOSE - plan.length, 0.35, -0.10),
        Lump("main gear", 75.0, -0.4, 0.9, 0.45),
        Lump("nose gear", 30.0, 3.0, 0.0, 0.40),
        Lump("avionics", 110.0, 1.7, 0.25, 0.10, 1.0),
        Lump("satellite terminal", 25.0, 3.2, 0.20, -0.40),
        Lump("battery", 25.0, 2.9, 0.10, 0.20),
        Lump("wiring", 55.0, middle, 0.60, 0.0, length),
    ]
    if CHOSEN == "tb2":
        parts = _twin_booms(plan, whole, middle, length)
    scale = empty / sum(part.mass for part in parts)
    parts = [Lump(p.name, p.mass * scale, p.x, p.y, p.z, p.long) for p in parts]
    at = LOADS[CHOSEN]
    second = Lump("second payload", 0.64 * payload, at[2], 0.2, 0.2, 0.8)
    load = [Lump("turret", 0.36 * payload, at[0], 0.15, at[1]), second]
    return [*parts, *load, Lump("fuel", fuel, 0.0, tanks, -0.10, 0.4)]


def _twin_booms(plan: Plan, wing: float, middle: float, length: float) -> list[Lump]:
    """The empty parts of a small aircraft with its engine behind the pod and its tail on booms."""
    return [
        Lump("wing", 85.0, -0.05, wing, -0.15, 0.5),
        Lump("pod", 55.0, middle, 0.35, 0.0, length),
        Lump("booms", 30.0, -1.9, 1.1, -0.05, 3.2),
        Lump("tail", 18.0, -TAIL_ARM, 0.8, -0.5, 0.4),
        Lump("engine, gearbox, cooling, mount", 98.0, -1.15, 0.15, 0.0, 0.7),
        Lump("propeller", 8.0, -1.75, 0.25, 0.0),
        Lump("main gear", 26.0, -0.25, 0.7, 0.5),
        Lump("nose gear", 12.0, 1.6, 0.0, 0.45),
        Lump("avionics", 55.0, 1.15, 0.2, 0.0, 0.8),
        Lump("battery", 13.0, 2.0, 0.1, 0.1),
        Lump("wiring", 20.0, middle, 0.4, 0.0, length),
    ]


def balance(parts: list[Lump]) -> tuple[float, float]:
    """m, forward and down: the list's own centre of gravity, which should lie near the origin."""
    mass = sum(p.mass for p in parts)
    return sum(p.mass * p.x for p in parts) / mass, sum(p.mass * p.z for p in parts) / mass


def inertia(parts: list[Lump]) -> dict[str, float]:
    """kg m^2 about the list's centre of gravity; J_xz is the integral of x z dm."""
    x0, z0 = balance(parts)
    at = [(p.mass, p.x - x0, p.y, p.z - z0, p.long**2 / 12.0) for p in parts]
    return {
        "J_xx": sum(m * (y * y + z * z) for m, _, y, z, _ in at),
        "J_yy": sum(m * (x * x + long + z * z) for m, x, _, z, long in at),
        "J_zz": sum(m * (x * x + long + y * y) for m, x, y, _, long in at),
        "J_xz": sum(m * x * z for m, x, _, z, _ in at),
    }


RADII = {"J_xx": (0.22, 0.25), "J_yy": (0.34, 0.38), "J_zz": (0.39, 0.44)}
"""Dimensionless radii of gyration of comparable aircraft (Roskam, part V, recalled, unverified): over half the span,
half the length, and half the mean of both."""


def by_radii(plan: Plan, mass: float) -> dict[str, tuple[float, float]]:
    """kg m^2, least and most by those radii."""
    arms = {"J_xx": plan.span, "J_yy": plan.length, "J_zz": 0.5 * (plan.span + plan.length)}
    return {k: tuple(mass * (0.5 * arms[k] * r) ** 2 for r in radii) for k, radii in RADII.items()}
