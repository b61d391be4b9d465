"""Ice on the aircraft: how it grows, what takes it away, and what it does.

Stations: inner and outer half of either wing, the tail, the unprotected rest of both, the propeller at three radii with
the blade that sheds first, stores, pitot tube with its drain, static port, intake screen, the antenna's cover, the
camera's window, the ice detector's probe, and the upper sides of the parked aircraft. Each grows by the heat balance at
its own stagnation line (`accretion`); what it does to the aerodynamics is collected on the way, because ice that grew
at one freezing fraction keeps its shape when the air changes.

All water that strikes is booked: caught = collected + evaporated + run off, and collected = aboard + shed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samruk import earth
from samruk.aircraft import Aircraft
from samruk.lazy import jnp
from samruk.plant import accretion
from samruk.plant.accretion import GLAZE, Stream
from samruk.plant.ice import ground, probes, propeller, surfaces
from samruk.plant.ice.effects import beyond, effects
from samruk.plant.ice.growth import warm_shedding
from samruk.plant.ice.state import (
    BOOTS,
    ELECTROTHERMAL,
    FROST_DENSITY,
    UNPROTECTED,
    Books,
    Coat,
    Ice,
    IceEffects,
    Parked,
    Ports,
    Probe,
    Protection,
    aboard,
)
from samruk.tables import to_int
from samruk.weather.air import Air
from samruk.weather.atmosphere import vapour_pressure_ice

__all__ = [
    "BOOTS", "ELECTROTHERMAL", "UNPROTECTED", "Books", "Coat", "Ice", "IceEffects", "Parked", "Ports", "Probe",
    "Protection", "aboard", "beyond", "detection", "effects", "initial", "slow",
]  # fmt: skip

Scalar = Any


def initial(frost: Scalar = 0.0, slab: Scalar = 0.0) -> Ice:
    """A clean aircraft, or one with a coat of frost (m) and of clear ice (m) on its upper sides."""
    return Ice(frost=frost, slab=slab)


def detection(ice: Ice) -> tuple[Scalar, Scalar]:
    """What the detector says: 1 while it reports ice, and the rate it found, m/s (0 when it reports none)."""
    reporting = ice.probe.signal > 0.0
    return to_int(reporting), jnp.where(reporting, ice.probe.rate, 0.0)


def slow(
    ice: Ice,
    air: Air,
    Va: Scalar,
    rho: Scalar,
    alpha: Scalar,
    on: Protection,
    propeller_speed: Scalar,
    aircraft: Aircraft,
    dt: Scalar,
    parked: Parked | None = None,
) -> Ice:
    """The ice after dt seconds (1 s is meant; below a tenth of the protection's cycle).

    Args:
        ice: the state.
        air: temperature, cloud water and drops (freezing rain is part of them), humidity, rain.
        Va: m/s, true airspeed.
        rho: kg/m^3.
        alpha: rad, angle of attack.
        on: part of each zone's protection that works.
        propeller_speed: rad/s.
        aircraft: its geometry and protection.
        dt: s.
        parked: what ices a standing aircraft; in flight when not given.
    """
    pressure = rho * earth.GAS_CONSTANT * air.temperature
    if parked is None:
        parked = Parked(static_pressure=pressure)
    speed = jnp.maximum(Va, 1.0)
    s = accretion.stream(air.temperature, pressure, speed, air.cloud_water, air.cloud_drop, air.humidity)
    vapour_ice = vapour_pressure_ice(air.temperature)
    ice = surfaces.after(ice, s, vapour_ice, alpha, on, aircraft, dt)
    ice = propeller.after(ice, s, vapour_ice, on.propeller, propeller_speed, aircraft, dt)
    ice = surfaces.stores(ice, s, vapour_ice, aircraft, dt)
    ice = probes.after(ice, s, on, parked.static_pressure, aircraft, dt)
    return ground.after(_upper(ice, s, vapour_ice, aircraft, parked, dt), air, parked, rho, dt)


def _upper(ice: Ice, s: Stream, vapour_ice: Scalar, aircraft: Aircraft, parked: Parked, dt: Scalar) -> Ice:
    """What dry and warm air takes off the upper sides in flight."""
    g = aircraft.geometry
    h_G = accretion.mass_transfer(s, accretion.heat_transfer(s, 2.0 * g.nose_radius * g.chord))
    flying = 1.0 - parked.on_ground
    drying = flying * dt * accretion.sublimation_rate(s, h_G, vapour_ice)
    left = 1.0 - flying * warm_shedding(s) * dt
    frost = jnp.maximum(ice.frost - drying * (GLAZE / FROST_DENSITY), 0.0) * left
    return replace(ice, frost=frost, slab=jnp.maximum(ice.slab - drying, 0.0) * left)
