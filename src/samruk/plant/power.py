"""Electric power: what the alternator carries, what is shed when it cannot, and the battery behind it.

Loads are served by rank: avionics and pitot heat first (the battery stands behind these two), then the satellite
terminal, propeller protection, wing protection, payload. A load that does not fit into what is left stays off; the
ones below it may still fit. So an overload costs the payload first and the wing's protection next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.aircraft import Aircraft
from samruk.lazy import jnp
from samruk.plant.failures import Failed
from samruk.tables import to_float, to_int
from samruk.words import wide

Scalar = Any

CHARGE_RATE = 1.0 / (5.0 * 3600.0)
"""1/s, highest charging power over the battery's energy (a fifth of the capacity an hour; estimated)."""
CHARGE_EFFICIENCY = 0.95
"""Part of charging power that is stored (lithium-ion, estimated)."""
LEAST_ALTERNATOR = 0.05
"""Part of the alternator's power that the load is told against when less is left."""
CHARGE_COLDEST = 273.15
"""K, below which lithium-ion cells must not be charged."""


@dataclass(frozen=True)
class Power:
    """Electric state, renewed in the slow tick."""

    battery: Scalar = wide(0.0)
    """J, counted at 25 C."""
    load: Scalar = 0.0
    """W, drawn by all that is on."""
    shaft_power: Scalar = 0.0
    """W that the alternator takes from the engine's shaft."""
    generator_load: Scalar = 0.0
    """What is asked over what the alternator can give; above 1 something is shed; with the engine stopped, plus 1."""
    avionics_on: Scalar = 1
    """1 while the avionics have power; 0 when alternator and battery are gone."""
    wing_on: Scalar = 0
    """1 while wing and tail protection has power."""
    propeller_on: Scalar = 0
    """1 while propeller protection has power."""
    pitot_on: Scalar = 0
    """1 while pitot heat has power."""
    satellite_on: Scalar = 0
    """1 while the satellite terminal has power."""
    payload_on: Scalar = 0
    """1 while the payload has power."""
    shed: Scalar = 0
    """1 while something that is asked for is off for want of power."""
    energy: Scalar = wide(0.0)
    """J, all electric energy used."""
    protection_energy: Scalar = wide(0.0)
    """J, of it for ice protection and pitot heat."""


def initial(aircraft: Aircraft) -> Power:
    """A full battery, everything off."""
    return Power(battery=aircraft.electric.battery_energy)


def usable_part(temperature: Scalar) -> Scalar:
    """Part of a lithium-ion battery's energy that can be drawn at a temperature, K.

    A logistic curve through 92 % at 0 C, 65 % at -20 C, 24 % at -40 C: recalled, unverified typical values.
    """
    return 1.0 / (1.0 + jnp.exp((246.15 - temperature) * (1.0 / 11.0)))


def slow(
    power: Power,
    wing_protection: Scalar,
    propeller_protection: Scalar,
    pitot_heat: Scalar,
    engine_running: Scalar,
    on_station: Scalar,
    battery_temperature: Scalar,
    failed: Failed,
    aircraft: Aircraft,
    dt: Scalar,
) -> Power:
    """The electric state after dt seconds.

    Args:
        power: the state.
        wing_protection: 1 when commanded.
        propeller_protection: 1 when commanded.
        pitot_heat: 1 when commanded.
        engine_running: 1 while the engine turns the alternator.
        on_station: 1 while the payload is wanted.
        battery_temperature: K, that of the avionics bay.
        failed: alternator, battery, payload and satellite terminal.
        aircraft: its electric and ice-protection figures.
        dt: s.
    """
    e, p = aircraft.electric, aircraft.ice
    running = to_float(engine_running)
    available = running * (1.0 - failed.alternator) * e.alternator_power
    kept = usable_part(battery_temperature) * (1.0 - failed.battery)
    usable = power.battery - (1.0 - kept) * e.battery_energy
    alive = to_float((available >= e.avionics_load) | (usable > 0.0))
    pitot_load = alive * to_float(pitot_heat) * p.pitot_power
    essential = alive * e.avionics_load + pitot_load
    asked = (
        running * to_float((e.satellite_load > 0.0) & (failed.satellite < 0.5)) * aircraft.radio.satellite_fitted,
        running * to_float(propeller_protection),
        running * to_float(wing_protection),
        running * to_float((on_station != 0) & (failed.payload < 0.5)),
    )
    loads = (e.satellite_load, p.propeller_power, p.wing_power, e.payload_load)
    carried, given = _serve(jnp.maximum(available - essential, 0.0), asked, loads)
    load = essential + carried
    wanted = essential + sum(a * l for a, l in zip(asked, loads, strict=True))
    battery, charging = _battery(power.battery, available - load, usable, battery_temperature, e.battery_energy, dt)
    satellite, propeller, wing, payload = given
    protection = pitot_load + propeller * p.propeller_power + wing * p.wing_power
    return Power(
        battery, load, jnp.minimum(load + charging, available) / e.alternator_efficiency,
        wanted / (e.alternator_power * jnp.maximum(1.0 - failed.alternator, LEAST_ALTERNATOR)) + (1.0 - running),
        to_int(alive), to_int(wing), to_int(propeller), to_int(alive * to_float(pitot_heat)), to_int(satellite),
        to_int(payload), to_int(wanted > load + 1e-6), power.energy + load * dt,
        power.protection_energy + protection * dt,
    )  # fmt: skip


def _serve(available: Scalar, asked: Any, loads: Any) -> tuple[Scalar, list[Scalar]]:
    """Power carried, and 1 or 0 for each load: by rank, each that fits into what is left."""
    carried, given = 0.0 * available, []
    for wish, load in zip(asked, loads, strict=True):
        on = wish * to_float(carried + load <= available)
        carried = carried + on * load
        given.append(on)
    return carried, given


def _battery(
    battery: Scalar, surplus: Scalar, usable: Scalar, temperature: Scalar, capacity: Scalar, dt: Scalar
) -> tuple[Scalar, Scalar]:
    """Battery energy after dt, and charging power, W: a shortfall drains it, a surplus charges it when it is warm."""
    room = jnp.maximum(capacity - battery, 0.0) / (CHARGE_EFFICIENCY * dt)
    rate = jnp.minimum(jnp.clip(surplus, 0.0, CHARGE_RATE * capacity), room)
    charging = jnp.where(temperature > CHARGE_COLDEST, rate, 0.0)
    drained = jnp.minimum(jnp.maximum(-surplus, 0.0) * dt, jnp.maximum(usable, 0.0))
    return battery + CHARGE_EFFICIENCY * charging * dt - drained, charging
