"""Temperatures of fuel, avionics bay and engine: lumped nodes, implicit in their own temperature.

Each node obeys C dT/dt = G (T_outside - T) + Q. The step T' = (T + dt (G T_outside + Q) / C) / (1 + dt G / C) is stable
for any dt and meets the steady state T_outside + Q / G exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.lazy import jnp
from samruk.plant.failures import Failed
from samruk.tables import to_float
from samruk.weather.air import Air
from samruk.words import wide

Scalar = Any

HEAT_CAPACITY_AIR = 1005.0
"""J/(kg K)."""
RECOVERY = 0.89
"""Recovery factor of a turbulent boundary layer, the cube root of Prandtl's number 0.71."""
ABSORPTANCE = 0.3
"""Part of sunlight that a white wing takes up (estimated; fresh white paint 0.2, used 0.3)."""
RADIATIVE = 5.0
"""W/(m^2 K), exchange by radiation near 290 K with an emittance of 0.9."""
THERMOSTAT = (355.0, 365.0)
"""K, coolant temperature at which the thermostat begins to open and is open."""
CASE_LOSS = 0.08
"""Part of the radiator's conductance that engine and pipes lose with the thermostat shut (estimated)."""
FAN_SPEED = 10.0
"""m/s of air that the turning propeller draws through the cooling duct at rest (estimated)."""
LEAST_FUEL = 5.0
"""kg, heat capacity of empty tanks given as fuel."""


@dataclass(frozen=True)
class Heat:
    """Temperatures, K."""

    fuel: Scalar = wide(288.15)
    """K, fuel in the coldest wing tank."""
    bay: Scalar = wide(288.15)
    """K, avionics bay with the battery."""
    engine: Scalar = wide(288.15)
    """K, coolant and block."""
    skin: Scalar = wide(288.15)
    """K, upper skin of the wing in the sun, dry."""


def initial(fuel_temperature: Scalar, hangar_temperature: Scalar) -> Heat:
    """The aircraft as it comes out of its hangar: fuel as loaded, all else at the hangar's temperature, K."""
    return Heat(fuel_temperature, hangar_temperature, hangar_temperature, hangar_temperature)


def slow(
    heat: Heat,
    air: Air,
    Va: Scalar,
    rho: Scalar,
    fuel: Scalar,
    fuel_flow: Scalar,
    bay_load: Scalar,
    engine_running: Scalar,
    failed: Failed,
    aircraft: Aircraft,
    dt: Scalar,
) -> Heat:
    """Temperatures after dt seconds.

    Args:
        heat: the state.
        air: temperature and sunlight at the aircraft.
        Va: m/s, true airspeed (the wind when parked).
        rho: kg/m^3.
        fuel: kg aboard.
        fuel_flow: kg/s burnt.
        bay_load: W that the avionics turn into heat.
        engine_running: 1 while it runs.
        failed: radiator and fuel heat.
        aircraft: its heat paths.
        dt: s.
    """
    t, engine, running = aircraft.thermal, aircraft.engine, to_float(engine_running)
    recovery = recovery_temperature(air.temperature, Va)
    skin = skin_temperature(recovery, air.irradiance, Va, rho, air.temperature, aircraft.geometry.chord)
    capacity = jnp.maximum(fuel, LEAST_FUEL) * t.fuel_specific_heat
    returned = t.fuel_recirculation * (1.0 - failed.fuel_heat) * running
    fuel_temperature = node(heat.fuel, 0.5 * (recovery + skin), t.fuel_conductance, returned, capacity, dt)
    bay_conductance = t.bay_conductance * jnp.power(rho * (1.0 / earth.RHO0), 0.6)
    bay = node(heat.bay, recovery, bay_conductance, bay_load, t.bay_capacity, dt)
    flow = rho * jnp.sqrt(Va * Va + 1.0 + FAN_SPEED * FAN_SPEED * running)
    cold, hot = THERMOSTAT
    opening = CASE_LOSS + (1.0 - CASE_LOSS) * jnp.clip((heat.engine - cold) * (1.0 / (hot - cold)), 0.0, 1.0)
    conductance = engine.radiator * (1.0 - failed.coolant) * jnp.power(flow, 0.6) * opening
    burnt = engine.coolant_heat * fuel_flow * engine.heating_value * running
    return Heat(
        fuel_temperature, bay, node(heat.engine, air.temperature, conductance, burnt, engine.heat_capacity, dt), skin
    )


def node(
    temperature: Scalar, outside: Scalar, conductance: Scalar, power: Scalar, capacity: Scalar, dt: Scalar
) -> Scalar:
    """One node after dt: K, K, W/K, W, J/K, s."""
    share = dt / capacity
    return (temperature + share * (conductance * outside + power)) / (1.0 + share * conductance)


def recovery_temperature(temperature: Scalar, Va: Scalar) -> Scalar:
    """Temperature that a body takes in a turbulent boundary layer, K: T + r V^2 / (2 c_p)."""
    return temperature + RECOVERY * Va * Va * (0.5 / HEAT_CAPACITY_AIR)


def convection(Va: Scalar, rho: Scalar, temperature: Scalar, length: Scalar) -> Scalar:
    """Heat transfer to a surface, W/(m^2 K): turbulent plate at the middle of its length, or a mild breeze if more.

    St = 0.0296 Re_x^-0.2 Pr^-2/3; in slow air 5.7 + 3.8 V (McAdams, for V below 5 m/s).
    """
    reynolds = rho * jnp.maximum(Va, 0.1) * 0.5 * length / earth.viscosity(temperature)
    plate = 0.0296 * jnp.power(reynolds, -0.2) * (0.71 ** (-2.0 / 3.0)) * rho * Va * HEAT_CAPACITY_AIR
    return jnp.maximum(plate, 5.7 + 3.8 * jnp.minimum(Va, 5.0))


def skin_temperature(
    recovery: Scalar, irradiance: Scalar, Va: Scalar, rho: Scalar, temperature: Scalar, chord: Scalar
) -> Scalar:
    """Upper skin of a white wing in steady sunlight, K. Cooling to the night sky is not modelled."""
    return recovery + ABSORPTANCE * irradiance / (convection(Va, rho, temperature, chord) + RADIATIVE)


def fuel_margin(heat: Heat, aircraft: Aircraft) -> Scalar:
    """K by which the fuel is warmer than the freezing point of its grade; below 3 K filters may clog."""
    return heat.fuel - aircraft.thermal.fuel_freezing
