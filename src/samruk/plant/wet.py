"""Rain on the aircraft and on the runway: wing, propeller, engine, tyres.

Everything is a factor on, or an addition to, the dry aircraft, computed in the slow tick. Numbers of heavy rain come
from wind-tunnel and track tests at 2 to 46 g/m^3 (NASA TP-3184, TM-4420; recalled, unverified); ordinary rain, below
about 50 mm/h, costs only the laminar flow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk.aircraft import Aircraft
from samruk.lazy import jnp
from samruk.mission import Conditions
from samruk.plant.ice import IceEffects
from samruk.tables import to_float
from samruk.weather.air import Air
from samruk.weather.cloud import FREEZING
from samruk.weather.rain import MM_PER_HOUR
from samruk.words import wide

Scalar = Any

HEAVY = 46e-3
"""kg/m^3 of rain in the tunnel tests on which the factors stand."""
LIFT_LOST, FLAP_LIFT_LOST, LIFT_POWER = 0.12, 0.06, 0.7
"""Part of C_L_max lost at that water, the more of it with full flap, and the power of the water between (recalled)."""
SLOPE_LOST = 0.05
"""Part of the lift slope lost at that water (recalled)."""
ROUGH_DRAG = 0.20
"""Rise of the wing's profile drag at that water, growing with its root (recalled)."""
LAMINAR_DRAG, LAMINAR_RATE = 0.0035, 5.0
"""Drag coefficient that a wet laminar wing gains by early transition, whole at this rate, mm/h (estimated)."""
THRUST_LOST = 0.05
"""Part of thrust lost at that water: profile drag of the blades + 0.002 per 10 g/m^3 (recalled)."""
POWER_LOST, POWER_LOST_MOST = 0.02, 0.06
"""Part of power lost at 100 mm/h by wet filters and water drawn in, and most of it (estimated)."""
MOST_WATER = 55e-3
"""kg/m^3: above it, near the world's record rates, nothing has been measured."""

DRY, WET, STANDING, SNOW, ICED = 1, 2, 3, 4, 5
"""States of a runway, as a mission names them."""
TYRE_PSI = 50.0
"""lbf/in^2, tyre pressure (estimated): the 50 psi law of 14 CFR 25.109 and the speed of hydroplaning go by it."""
KNOT = 1852.0 / 3600.0
BRAKE_EFFICIENCY = 0.8
"""Part of the tyre's largest braking on wet ground that a good anti-skid takes (14 CFR 25.109(c), fully modulating)."""
HYDROPLANING = 9.0 * TYRE_PSI**0.5 * KNOT
"""m/s: NASA's 9 sqrt(p) knots."""
DRYING = 900.0
"""s in which a wet runway dries after the rain (estimated)."""
NEAR = 300.0
"""m above the ground from which the weather at the aircraft is that of the runway below; higher up it is forgotten."""
STANDING_FROM, STANDING_FULL = 50.0, 150.0
"""mm/h between which water stands deeper than the surface's texture on the runway (estimated)."""
SNOW_ROLLING, WATER_ROLLING = 0.03, 0.015
"""Rise of the rolling friction in snow and in standing water (estimated)."""


@dataclass(frozen=True)
class Runway:
    """What the wheels roll on."""

    wet: Scalar = wide(0.0)
    """0 dry .. 1 wet."""
    snow: Scalar = wide(0.0)
    """0 none .. 1 covered."""
    ice: Scalar = wide(0.0)
    """0 none .. 1 covered: rain that froze."""
    braking: Scalar = 1.0
    """Factor on the braking friction of the dry runway at the wheels' present speed."""
    side: Scalar = 1.0
    """Factor on the side friction."""
    rolling: Scalar = 0.0
    """Added to the rolling friction."""
    standing: Scalar = 0.0
    """0..1, part of it under water deeper than its texture."""


def initial(conditions: Conditions) -> Runway:
    """The runway as the day's state has it."""
    state = conditions.runway_state
    return Runway(
        to_float((state == WET) | (state == STANDING)), to_float(state == SNOW), to_float(state == ICED)
    )


def upon(ice: IceEffects, air: Air, rho: Scalar, delta_f: Scalar, effect: Scalar, aircraft: Aircraft) -> IceEffects:
    """The effects of ice with those of rain upon them.

    Args:
        ice: effects of ice.
        air: rain at the aircraft.
        rho: kg/m^3.
        delta_f: 0..1 of full flap.
        effect: factor on all of it but the rain's momentum.
        aircraft: profile drag, wing and frontal area.
    """
    g, a = aircraft.geometry, aircraft.aero
    x = jnp.minimum(air.rain_water, MOST_WATER) * (1.0 / HEAVY)
    rainy = x > 1e-9
    logarithm = jnp.log(jnp.maximum(x, 1e-9))
    lost = jnp.where(rainy, effect * (LIFT_LOST + FLAP_LIFT_LOST * delta_f) * jnp.exp(LIFT_POWER * logarithm), 0.0)
    laminar = effect * LAMINAR_DRAG * jnp.clip(air.rain_rate * (1.0 / (LAMINAR_RATE * MM_PER_HOUR)), 0.0, 1.0)
    already = jnp.clip(ice.C_D_added * (1.0 / LAMINAR_DRAG), 0.0, 1.0)
    rough = jnp.where(rainy, effect * ROUGH_DRAG * a.C_D_profile_wing * jnp.exp(0.5 * logarithm), 0.0)
    momentum = 2.0 * air.rain_water * g.frontal_area / (rho * g.wing_area)
    return replace(
        ice,
        C_L_factor=ice.C_L_factor * (1.0 - effect * SLOPE_LOST * x),
        C_L_max_factor=ice.C_L_max_factor * (1.0 - lost),
        C_D_added=ice.C_D_added + laminar * (1.0 - already) + rough + momentum,
        thrust_factor=ice.thrust_factor * (1.0 - effect * THRUST_LOST * x),
    )


def power_factor(air: Air, effect: Scalar = 1.0) -> Scalar:
    """What rain leaves of the engine's power; `effect` is a factor on what it takes."""
    lost = jnp.minimum(POWER_LOST * air.rain_rate * (1.0 / (100.0 * MM_PER_HOUR)), POWER_LOST_MOST)
    return 1.0 - effect * lost


def water_to_air(rain_water: Scalar, rho: Scalar) -> Scalar:
    """Mass of rain (kg/m^3) drawn in over mass of air (kg/m^3), all drops in the stream being caught."""
    return rain_water / rho


def hydroplanes(on: Runway, speed: Scalar) -> Scalar:
    """Truth value: rolling (m/s) through standing water above NASA's speed of hydroplaning."""
    return (on.standing > 0.5) & (jnp.abs(speed) > HYDROPLANING)


def runway(before: Runway, air: Air, height_agl: Scalar, speed: Scalar, conditions: Conditions, dry: Scalar,
           dt: Scalar) -> Runway:  # fmt: skip
    """The runway below after dt seconds: covered at once by what falls, dried in a quarter of an hour.

    What falls as drops on ground below freezing is ice. Higher than `NEAR` the runway below is another one, of which
    nothing is known: it counts as dry until the aircraft comes near.

    Args:
        before: its state.
        air: what falls, and the temperature.
        height_agl: m.
        speed: m/s of the wheels.
        conditions: a declared state stands against the weather.
        dry: braking coefficient of the dry runway.
        dt: s.
    """
    state = conditions.runway_state
    by_weather = state == 0
    near, cold = height_agl < NEAR, air.temperature < FREEZING
    rains, snows = air.rain_rate > 0.1 * MM_PER_HOUR, air.snow_rate > 0.1 * MM_PER_HOUR
    rest = jnp.exp(-dt / DRYING)

    def covered(old: Scalar, comes: Scalar, declared: Scalar) -> Scalar:
        left = jnp.where(near, old * jnp.where(cold, 1.0, rest), 0.0)
        return jnp.where(by_weather, jnp.where(comes & near, 1.0, left), to_float(declared))

    wet = covered(before.wet, rains & ~cold, (state == WET) | (state == STANDING))
    snow = covered(before.snow, snows, state == SNOW)
    ice = covered(before.ice, rains & cold, state == ICED)
    rate = jnp.where(near, air.rain_rate, 0.0)
    heavy = rate * (1.0 / MM_PER_HOUR)
    standing = jnp.clip((heavy - STANDING_FROM) * (1.0 / (STANDING_FULL - STANDING_FROM)), 0.0, 1.0)
    standing = jnp.where(by_weather, standing, to_float(state == STANDING))
    grip = braking(speed, wet, standing, snow, ice, dry)
    factor = grip / dry
    return Runway(wet, snow, ice, factor, jnp.sqrt(factor), SNOW_ROLLING * snow + WATER_ROLLING * standing, standing)


def braking(speed: Scalar, wet: Scalar, standing: Scalar, snow: Scalar, ice: Scalar, dry: Scalar) -> Scalar:
    """Braking coefficient of a runway at a speed, m/s; shares of what covers it 0..1; `dry` its coefficient when dry.

    Wet: 14 CFR 25.109(c)(1) at 50 psi. Standing water, snow and ice: the default coefficients of EASA AMC 25.1591.
    Both recalled, unverified.
    """
    v = jnp.clip(jnp.abs(speed) * (0.01 / KNOT), 0.0, 1.6)
    on_wet = jnp.minimum(BRAKE_EFFICIENCY * (0.883 - v * (0.851 - v * (0.306 - v * 0.0350))), dry)
    in_water = 0.3485 - v * (0.4321 - v * (0.2683 - v * 0.0632))
    in_water = jnp.minimum(jnp.where(jnp.abs(speed) > HYDROPLANING, 0.05, in_water), on_wet)
    grip = dry + wet * (on_wet - dry)
    grip = grip + standing * (in_water - grip)
    grip = grip + snow * (jnp.minimum(0.20, dry) - grip)
    return grip + ice * (jnp.minimum(0.05, dry) - grip)
