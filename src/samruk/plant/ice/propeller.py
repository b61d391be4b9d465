"""Ice on the propeller: three stations, throwing off, and the blade that sheds before the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samruk.aircraft import Aircraft
from samruk.lazy import jnp
from samruk.plant.accretion import GLAZE, Stream
from samruk.plant.ice.growth import Growth, Shape, advance, hold, section, warm_shedding
from samruk.plant.ice.state import Coat, Ice
from samruk.plant.ice.surfaces import booked
from samruk.tables import to_float

Scalar = Any

CHORD, THICKNESS, NOSE_RADIUS = 0.07, 0.12, 0.0158
"""Blade chord over the propeller's diameter; section as NACA 0012 (estimated)."""
HUB, MIDDLE, TIP = 0.4, 0.7, 0.95
"""Stations, parts of the radius: slow and cold inside, warmed by speed outside."""
HUB_LENGTH, MIDDLE_LENGTH, TIP_LENGTH = 0.12, 0.16, 0.06
"""Length of blade for which each station stands, over the diameter."""
HUB_THRUST, MIDDLE_THRUST, TIP_THRUST = 0.15, 0.60, 0.25
"""Part of the thrust made there (estimated: an elliptic loading over the blade)."""
LOSS, SCALE = 0.20, 1.5e-3
"""Most of the thrust that blade ice takes, and the height of ice that trips the flow, m, at which 63 % of that is lost.
Flight tests: 10 % as a rule, 15 to 20 % at worst (NACA TN-1598, recalled)."""
RESIDUE = 0.2
"""Part of the blade ice that stays when it is thrown off (estimated)."""
FIRST = 0.8
"""Hold of the ice on the blade that sheds first over that on the others (estimated)."""
HEAT_TIME = 20.0
"""s in which a heated blade frees itself (estimated)."""
BOOT_REACH = 0.5
"""Part of the heat of inboard boots that helps at the tip (estimated)."""
LET_FREEZE = 0.1
"""Part of the water that freezes on a heated blade (estimated)."""


def after(
    ice: Ice, s: Stream, vapour_ice: Scalar, on: Scalar, propeller_speed: Scalar, aircraft: Aircraft, dt: Scalar
) -> Ice:
    """Blade ice after dt: growth, drying, warming, heat, and throwing off.

    Ice leaves when the centrifugal stress rho t Omega^2 r at its foot exceeds its hold on the blade; one blade sheds
    before the others, and until they follow the propeller shakes.
    """
    diameter, blades = aircraft.propeller.diameter, aircraft.propeller.blades
    chord, books, p = CHORD * diameter, ice.books, aircraft.ice
    shape = Shape(chord, THICKNESS, NOSE_RADIUS)

    def station(coat: Coat, growth: Growth, w: Stream, radius: Scalar, area: Scalar, weak: float, heat: Scalar) -> Coat:
        nonlocal books
        frozen = 1.0 - (1.0 - LET_FREEZE) * heat
        slowed = replace(
            growth, thickness=frozen * growth.thickness, horn=frozen * growth.horn, drag=0.0 * frozen,
            aft=0.0 * frozen, mass=frozen * growth.mass,
        )  # fmt: skip
        stress = GLAZE * coat.thickness * radius * propeller_speed * propeller_speed
        thrown = to_float(stress > weak * hold(w, p)) * (1.0 - RESIDUE)
        falling = warm_shedding(w) + heat * (1.0 / HEAT_TIME)
        grown, lost = advance(coat, slowed, area, thrown, 0.0 * heat, falling, dt)
        books = booked(books, growth, area, 0.0 * heat, lost, dt, frozen)
        return grown

    def met(radius: Scalar) -> tuple[Stream, Growth]:
        w = replace(s, speed=jnp.sqrt(s.speed * s.speed + (propeller_speed * radius) * (propeller_speed * radius)))
        none = 0.0 * w.speed
        return w, section(w, vapour_ice, shape, none, none, p)

    at_hub, at_middle, at_tip = (0.5 * part * diameter for part in (HUB, MIDDLE, TIP))
    of_hub, of_middle, of_tip = (chord * length * diameter for length in (HUB_LENGTH, MIDDLE_LENGTH, TIP_LENGTH))
    (w_hub, hub), (w_middle, middle), (w_tip, tip) = met(at_hub), met(at_middle), met(at_tip)
    grown = replace(
        ice,
        hub=station(ice.hub, hub, w_hub, at_hub, blades * of_hub, 1.0, on),
        blade=station(ice.blade, middle, w_middle, at_middle, (blades - 1.0) * of_middle, 1.0, on),
        blade_first=station(ice.blade_first, middle, w_middle, at_middle, of_middle, FIRST, on),
        tip=station(ice.tip, tip, w_tip, at_tip, blades * of_tip, 1.0, BOOT_REACH * on),
    )
    return replace(grown, books=books)


def thrust_factor(ice: Ice, aircraft: Aircraft) -> Scalar:
    """Part of the thrust that blade ice leaves."""

    def tripped(coat: Coat) -> Scalar:
        return 1.0 - jnp.exp(-coat.horn * (1.0 / SCALE))

    one = 1.0 / aircraft.propeller.blades
    middle = (1.0 - one) * tripped(ice.blade) + one * tripped(ice.blade_first)
    lost = HUB_THRUST * tripped(ice.hub) + MIDDLE_THRUST * middle + TIP_THRUST * tripped(ice.tip)
    return 1.0 - jnp.minimum(LOSS * aircraft.ice.blade_factor * lost, 0.6)


def imbalance(ice: Ice, propeller_speed: Scalar, aircraft: Aircraft) -> Scalar:
    """Force of the propeller's imbalance, N: what one blade carries less than the others, on its way round."""
    others = ice.blade.mass / jnp.maximum(aircraft.propeller.blades - 1.0, 1.0)
    radius = 0.5 * MIDDLE * aircraft.propeller.diameter
    return jnp.abs(others - ice.blade_first.mass) * radius * propeller_speed * propeller_speed
