"""Temperatures aboard: lumped nodes, implicit in their own temperature.

Each node obeys C dT/dt = G (T_outside - T) + Q. The step T' = (T + dt (G T_outside + Q) / C) / (1 + dt G / C) is stable
for any dt and meets the steady state T_outside + Q / G exactly. Boxes and battery stand in the avionics bay, oil gives
its heat to coolant and air; what one node gives, the next receives, so the books of heat close.
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
EMITTANCE, STEFAN = 0.9, 5.670374e-8
"""Of paint in the infrared; W/(m^2 K^4)."""
TURRET_AREA = 0.12
"""m^2 across the sun's rays (estimated)."""
BOX_SHARE = 0.7
"""Part of the avionics' power that becomes heat inside the boxes; the rest warms the bay's air (estimated)."""
OIL_THERMOSTAT = (355.0, 368.0)
"""K, oil temperature at which its cooler begins to open and is open (estimated)."""
OIL_COUPLING = 0.35
"""Conductance between oil and coolant over that of the oil cooler (estimated)."""
MANIFOLD, COMPRESSOR, EXPONENT = 1.9e5, 0.72, 0.286
"""Pa in the manifold; efficiency of the compressor; (gamma - 1)/gamma of air."""
THERMOSTAT = (355.0, 365.0)
"""K, coolant temperature at which the thermostat begins to open and is open."""
CASE_LOSS = 0.08
"""Part of the radiator's conductance that engine and pipes lose with the thermostat shut (estimated)."""
FAN_SPEED = 10.0
"""m/s of air that the turning propeller draws through the cooling duct at rest (estimated)."""
CELL_RESISTANCE = 108.0
"""s: internal loss of the battery is P^2 / E times this; 3 % at a one-hour discharge (estimated)."""
HEATER_BELOW = 278.15
"""K, below which the battery's heater works."""
LEAST_FUEL = 5.0
"""kg, heat capacity of empty tanks given as fuel."""


@dataclass(frozen=True)
class Heat:
    """Temperatures, K."""

    fuel: Scalar = wide(288.15)
    """K, fuel in the coldest wing tank."""
    bay: Scalar = wide(288.15)
    """K, air and racks of the avionics bay."""
    boxes: Scalar = wide(288.15)
    """K, inside the avionics boxes."""
    battery: Scalar = wide(288.15)
    """K, cells of the battery."""
    turret: Scalar = wide(288.15)
    """K, payload turret."""
    engine: Scalar = wide(288.15)
    """K, coolant and block."""
    oil: Scalar = wide(288.15)
    """K, engine oil."""
    charge: Scalar = 311.8
    """K, air behind the intercooler."""
    skin: Scalar = wide(288.15)
    """K, upper skin of the wing in the sun, dry."""
    belly: Scalar = 288.15
    """K, lower skin of the wing, lit and warmed by the ground."""
    dark: Scalar = 288.15
    """K, darkest paint on the wing's upper skin."""


@dataclass(frozen=True)
class Sources:
    """What warms and cools, besides the air."""

    Va: Scalar = 0.0
    """m/s, true airspeed (the wind when parked)."""
    rho: Scalar = 1.225
    """kg/m^3."""
    fuel: Scalar = 100.0
    """kg aboard."""
    fuel_flow: Scalar = 0.0
    """kg/s burnt."""
    avionics: Scalar = 0.0
    """W that the avionics turn into heat."""
    outside: Scalar = 0.0
    """W of payload and satellite terminal that warm the avionics bay."""
    turret: Scalar = 0.0
    """W that the turret turns into heat."""
    battery: Scalar = 0.0
    """W that flow into or out of the battery."""
    running: Scalar = 1
    """1 while the engine runs."""
    preheat: Scalar = 0.0
    """W that ground equipment gives the engine."""
    fed: Scalar = 0
    """1 while ground power feeds the battery's heater."""


def initial(fuel_temperature: Scalar, hangar_temperature: Scalar) -> Heat:
    """The aircraft as it comes out of its hangar: fuel as loaded, all else at the hangar's temperature, K."""
    t = hangar_temperature
    return Heat(fuel_temperature, t, t, t, t, t, t, t, t, t, t)


def slow(heat: Heat, air: Air, sources: Sources, failed: Failed, aircraft: Aircraft, dt: Scalar) -> Heat:
    """Temperatures after dt seconds.

    Args:
        heat: the state.
        air: temperature and sunlight at the aircraft.
        sources: speed, fuel and heat.
        failed: radiator and fuel heat.
        aircraft: its heat paths.
        dt: s.
    """
    recovery = recovery_temperature(air.temperature, sources.Va)
    skins = skin_temperatures(air, sources.Va, sources.rho, aircraft)
    around = recovery + aircraft.thermal.bay_skin * (skins.fuselage - recovery)
    bay, boxes, battery = _bay(heat, around, sources, aircraft, dt)
    engine, oil = _engine(heat, air.temperature, sources, failed, aircraft, dt)
    t = aircraft.thermal
    capacity = jnp.maximum(sources.fuel, LEAST_FUEL) * t.fuel_specific_heat
    returned = t.fuel_recirculation * (1.0 - failed.fuel_heat) * to_float(sources.running)
    fuel = node(heat.fuel, 0.5 * (skins.belly + skins.top), t.fuel_conductance, returned, capacity, dt)
    thin = jnp.power(sources.rho * (1.0 / earth.RHO0), 0.6)
    sunned = sources.turret + t.absorptance * air.irradiance * TURRET_AREA
    turret = node(heat.turret, recovery, t.turret_conductance * thin, sunned, t.turret_capacity, dt)
    return Heat(
        fuel, bay, boxes, battery, turret, engine, oil,
        charge_temperature(air.temperature, sources.rho * earth.GAS_CONSTANT * air.temperature, aircraft), skins.top,
        skins.belly, skins.dark,
    )  # fmt: skip


def _bay(
    heat: Heat, around: Scalar, sources: Sources, aircraft: Aircraft, dt: Scalar
) -> tuple[Scalar, Scalar, Scalar]:
    """Bay, boxes and battery after dt; the bay takes what the other two give."""
    t, e = aircraft.thermal, aircraft.electric
    inside = BOX_SHARE * sources.avionics
    boxes = node(heat.boxes, heat.bay, t.box_conductance, inside, t.box_capacity, dt)
    lost = sources.battery * sources.battery / jnp.maximum(e.battery_energy, 1.0) * CELL_RESISTANCE
    fed = to_float(jnp.maximum(sources.running, sources.fed))
    heater = t.battery_heater * fed * jnp.clip((HEATER_BELOW - heat.battery) * 0.2, 0.0, 1.0)
    battery = node(heat.battery, heat.bay, t.battery_conductance, lost + heater, t.battery_capacity, dt)
    given = t.box_conductance * (boxes - heat.bay) + t.battery_conductance * (battery - heat.bay)
    conductance = t.bay_conductance * jnp.power(sources.rho * (1.0 / earth.RHO0), 0.6)
    load = (1.0 - BOX_SHARE) * sources.avionics + sources.outside + given
    return node(heat.bay, around, conductance, load, t.bay_capacity, dt), boxes, battery


def _engine(
    heat: Heat, outside: Scalar, sources: Sources, failed: Failed, aircraft: Aircraft, dt: Scalar
) -> tuple[Scalar, Scalar]:
    """Coolant with block, and oil, after dt."""
    e, running = aircraft.engine, to_float(sources.running)
    flow = sources.rho * jnp.sqrt(sources.Va * sources.Va + 1.0 + FAN_SPEED * FAN_SPEED * running)
    drawn = jnp.power(flow, 0.6)
    burnt = sources.fuel_flow * e.heating_value * running
    opening = _opening(heat.engine, THERMOSTAT)
    conductance = e.radiator * (1.0 - failed.coolant) * drawn * opening
    cooler = e.oil_cooler * drawn * _opening(heat.oil, OIL_THERMOSTAT)
    between = OIL_COUPLING * e.oil_cooler
    oil = node(
        heat.oil, (cooler * outside + between * heat.engine) / (cooler + between), cooler + between,
        e.oil_heat * burnt, e.oil_capacity, dt,
    )  # fmt: skip
    received = e.coolant_heat * burnt + between * (oil - heat.engine) + sources.preheat
    return node(heat.engine, outside, conductance, received, e.heat_capacity, dt), oil


def _opening(temperature: Scalar, thermostat: tuple[float, float]) -> Scalar:
    """Part of a cooler's conductance that its thermostat gives."""
    cold, hot = thermostat
    return CASE_LOSS + (1.0 - CASE_LOSS) * jnp.clip((temperature - cold) * (1.0 / (hot - cold)), 0.0, 1.0)


def charge_temperature(temperature: Scalar, pressure: Scalar, aircraft: Aircraft) -> Scalar:
    """Air behind the intercooler, K: compressed to the manifold's pressure, cooled towards the outside.

    An engine without an intercooler is taken as unblown.

    T_c = T (1 + (PR^0.286 - 1)/0.72), T_ic = T + (1 - effectiveness) (T_c - T).

    Args:
        temperature: K, outside.
        pressure: Pa, outside.
        aircraft: its intercooler.
    """
    ratio = jnp.where(aircraft.engine.intercooler > 0.0, jnp.maximum(MANIFOLD / pressure, 1.0), 1.0)
    rise = temperature * (jnp.power(ratio, EXPONENT) - 1.0) * (1.0 / COMPRESSOR)
    return temperature + (1.0 - aircraft.engine.intercooler) * rise


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


@dataclass(frozen=True)
class Skins:
    """Temperatures of skins in balance, K."""

    top: Scalar
    """Wing, upper."""
    belly: Scalar
    """Wing, lower."""
    dark: Scalar
    """Darkest paint on the wing, upper."""
    fuselage: Scalar
    """Mean around the avionics bay."""


def skin_temperatures(air: Air, Va: Scalar, rho: Scalar, aircraft: Aircraft) -> Skins:
    """Skins of thin laminate under sun and sky, above ground or cloud, K.

    absorptance G = h (T - T_recovery) + emittance sigma (T^4 - T_around^4); nothing flows through the skin.

    Args:
        air: temperature, sunlight from above and below, what sky and ground radiate at.
        Va: m/s.
        rho: kg/m^3.
        aircraft: paints and chord.
    """
    t = aircraft.thermal
    recovery = recovery_temperature(air.temperature, Va)
    h = convection(Va, rho, air.temperature, aircraft.geometry.chord)
    belly = in_the_sun(recovery, t.absorptance * air.upwelling, h, air.below)
    top, dark, back = (
        in_the_sun(recovery, part * air.irradiance, h, air.sky)
        for part in (t.absorptance, t.absorptance_dark, t.absorptance_fuselage)
    )
    return Skins(top, belly, dark, 0.5 * (back + belly))


def strength(skin: Scalar, aircraft: Aircraft) -> Scalar:
    """Part of the structure's strength that a skin of a temperature, K, keeps: whole up to `skin_strong`, then falling
    in a line through `skin_strength` at `skin_limit` to a tenth."""
    t = aircraft.thermal
    slope = (1.0 - t.skin_strength) / jnp.maximum(t.skin_limit - t.skin_strong, 1.0)
    return jnp.clip(1.0 - slope * (skin - t.skin_strong), 0.1, 1.0)


def in_the_sun(recovery: Scalar, absorbed: Scalar, h: Scalar, sky: Scalar) -> Scalar:
    """Temperature of a surface, K, in balance.

    Args:
        recovery: K, of the air along it.
        absorbed: W/m^2 of sunlight.
        h: W/(m^2 K), convection.
        sky: K, to which it radiates.
    """
    T = recovery
    for _ in range(4):
        exchange = EMITTANCE * STEFAN * (T * T + sky * sky) * (T + sky)
        T = (absorbed + h * recovery + exchange * sky) / (h + exchange)
    return T


def fuel_margin(heat: Heat, aircraft: Aircraft) -> Scalar:
    """K by which the fuel is warmer than the freezing point of its grade; below 3 K filters may clog."""
    return heat.fuel - aircraft.thermal.fuel_freezing
