"""The aircraft as it stands outside before its flight: hours in sun or cold, in long steps of the same heat network.

A soak of any length is `STEPS` equal steps: 5 minutes each for a day, 15 for three days. Every node is implicit in its
own temperature, so that no step is too long; what a day's course does within a step is smoothed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from samruk import earth, weather
from samruk.aircraft import Aircraft
from samruk.lazy import jnp
from samruk.mission import Soak, Tables, Task
from samruk.plant import failures, heat
from samruk.plant.state import Motor, World, select
from samruk.plant.world import BAY_SHARE, TURRET_SHARE
from samruk.tables import to_float, to_int
from samruk.weather import sun
from samruk.weather.air import Air
from samruk.weather.atmosphere import vapour_pressure

Scalar = Any

STEPS = 288
"""Steps of a soak."""
WARMEST_HOUR = 15.0
"""h, local mean sun time."""


def step(world: World, aircraft: Aircraft, task: Task, tables: Tables, k: Scalar) -> World:
    """The parked world after step k of its soak, 0 .. STEPS - 1; a mission without soak is left alone.

    Args:
        world: as `plant.world.begun` gives it, or after the step before.
        aircraft: its heat paths.
        task: the soak, loading and day.
        tables: the column of air.
        k: int32.
    """
    soak = task.soak
    dt = soak.duration * (1.0 / STEPS)
    left = soak.duration - dt * (to_float(k) + 1.0)
    air, rho = outside(world, task, tables, left)
    sources = _sources(world, aircraft, soak, left, rho)
    warmth = heat.slow(world.heat, air, sources, failures.Failed(), aircraft, jnp.maximum(dt, 1e-3))
    warmth = replace(warmth, fuel=jnp.where(soak.refuel == 1, task.loading.fuel_temperature, warmth.fuel))
    starts = to_int((warmth.engine >= aircraft.engine.start_coldest) & (jnp.asarray(task.live) == 0))
    turns = to_float(starts)
    motor = Motor(turns * aircraft.engine.idle_power, turns * aircraft.propeller.rated_speed, starts, 0.0)
    return select(soak.duration > 0.0, replace(world, heat=warmth, motor=motor), world)


def outside(world: World, task: Task, tables: Tables, left: Scalar) -> tuple[Air, Scalar]:
    """Air around the parked aircraft some seconds before its flight, and its density, kg/m^3.

    The day's own air at the place, or a daily course between `hottest` and `coldest` with the day's vapour.
    """
    place, soak, epoch = world.anchor, task.soak, task.clock.epoch
    air = weather.sample(
        place.latitude, place.longitude, place.height, place.ground, epoch, -left, task.conditions, tables.profile
    )
    hour = sun.solar_hour(place.longitude, epoch - left)
    mean, half = 0.5 * (soak.hottest + soak.coldest), 0.5 * (soak.hottest - soak.coldest)
    course = mean + half * jnp.cos((hour - WARMEST_HOUR) * (math.pi / 12.0))
    temperature = jnp.where(soak.hottest > 0.0, course, air.temperature)
    vapour = air.humidity * vapour_pressure(air.temperature)
    humidity = jnp.clip(vapour / vapour_pressure(temperature), 0.02, 1.0)
    open_ = 1.0 - to_float(soak.cover)
    sky = sun.sky(temperature, humidity, jnp.maximum(task.conditions.overcast, air.cover))
    below = temperature + (air.below - air.temperature)
    air = replace(
        air, temperature=temperature, humidity=humidity, irradiance=open_ * air.irradiance, direct=open_ * air.direct,
        upwelling=open_ * air.upwelling, sky=temperature + open_ * (sky - temperature),
        below=temperature + open_ * (below - temperature),
    )  # fmt: skip
    return air, jnp.exp(air.log_pressure) / (earth.GAS_CONSTANT * temperature)


def _sources(world: World, aircraft: Aircraft, soak: Soak, left: Scalar, rho: Scalar) -> heat.Sources:
    """What warms a parked aircraft: ground power for avionics, payload and battery heater; heat into the engine."""
    e = aircraft.electric
    on, warming = to_int(left < soak.powered), to_float(left < soak.preheat_time)
    payload = to_float(on) * e.payload_load
    return heat.Sources(
        soak.wind, rho, world.fuel, 0.0, to_float(on) * e.avionics_load, BAY_SHARE * payload, TURRET_SHARE * payload,
        0.0, 0, preheat=warming * soak.preheat, fed=on,
    )  # fmt: skip
