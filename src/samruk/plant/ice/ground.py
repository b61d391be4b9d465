"""What freezes on a parked aircraft: hoar frost out of humid air, and rain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samruk.lazy import jnp
from samruk.plant.accretion import CP_AIR, FREEZING, FUSION, SUBLIMATION
from samruk.plant.ice.state import FROST_DENSITY, SLAB_DENSITY, Ice, Parked
from samruk.tables import to_float
from samruk.weather.air import Air
from samruk.weather.atmosphere import vapour_pressure, vapour_pressure_ice

Scalar = Any

HEAT_STILL, HEAT_WIND = 5.7, 3.8
"""W/(m^2 K) and W/(m^2 K) per m/s of wind: heat from air to a flat skin (Jurges, as in handbooks; recalled)."""
SKY_COLD = 70.0
"""W/m^2 that a skin loses to a clear sky beyond what it gets from it at air temperature (60 to 100, recalled)."""
RADIATED = 4.2
"""W/(m^2 K): how much less a skin radiates per kelvin that it is colder (4 sigma T^3 at 265 K)."""
SUN_TAKEN = 0.4
"""Part of the sun's light that a light grey skin takes up (estimated)."""
SOAKED = 0.5
"""Part of the wing's upper side over cold fuel (estimated)."""
LEWIS = 1.07
"""(Pr/Sc)^(2/3)-like factor from heat to mass transfer."""
VAPOUR = 461.5
"""J/(kg K), gas constant of water vapour."""
STANDS = 8.0
"""m/s, airspeed below which the parked balance holds; above it ice dries by the wing's own mass transfer."""


def freezing_rain(air: Air) -> Scalar:
    """1 where rain freezes on what it meets."""
    return to_float(air.freezing_rain)


def skin(air: Air, parked: Parked, h: Scalar) -> Scalar:
    """Temperature of the upper skin at rest, K: air, sky, sun and the fuel below, over a heat transfer h, W/(m^2 K)."""
    sky = SKY_COLD * (1.0 - parked.overcast) * (1.0 - air.cover)
    balance = air.temperature + (SUN_TAKEN * air.irradiance - sky) / (h + RADIATED)
    return balance + SOAKED * jnp.minimum(parked.fuel_temperature - balance, 0.0)


def after(ice: Ice, air: Air, parked: Parked, rho: Scalar, dt: Scalar) -> Ice:
    """Frost and clear ice on the upper sides after dt at rest; in flight neither grows here.

    Frost grows where the skin lies below the frost point, by the mass transfer that goes with its heat transfer, and
    goes again by the same law or by melting. Rain freezes as fast as air takes its heat away, at most as it falls.
    """
    w = air.wind_n
    h = HEAT_STILL + HEAT_WIND * jnp.sqrt(w.x * w.x + w.y * w.y)
    surface = skin(air, parked, h)
    vapour = air.humidity * vapour_pressure(air.temperature)
    over_ice = jnp.minimum(vapour_pressure_ice(surface), 611.0)
    moved = h * LEWIS / (rho * CP_AIR) * (vapour - over_ice) / (VAPOUR * air.temperature)
    melting = jnp.maximum(surface - FREEZING, 0.0) * h * (1.0 / FUSION)
    cold = surface < FREEZING
    gain = jnp.where(cold, jnp.minimum(moved, h * 10.0 / SUBLIMATION), jnp.minimum(moved, 0.0) - melting)
    standing = parked.on_ground
    frost = jnp.maximum(ice.frost + standing * dt * gain * (1.0 / FROST_DENSITY), 0.0)
    falls = freezing_rain(air) * air.rain_rate * 1000.0
    freezes = jnp.minimum(falls, h * jnp.maximum(FREEZING - air.temperature, 0.0) * (1.0 / FUSION))
    bare = to_float(ice.frost <= 0.0)
    slab = ice.slab + standing * dt * (freezes + bare * jnp.minimum(jnp.where(cold, moved, 0.0), 0.0) - melting) * (
        1.0 / SLAB_DENSITY
    )
    return replace(ice, frost=frost, slab=jnp.maximum(slab, 0.0))
