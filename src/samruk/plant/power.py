"""Electric power: what the alternator carries, what is shed when it cannot, and the battery behind it.

Avionics and pitot heat come first, and the battery stands behind these two alone. The other loads are served by the
ranks of the aircraft file, least rank first; as most files have it: satellite terminal, propeller protection, wing
protection, tail protection, payload. A load that does not fit into what is left stays off; those behind it may still
fit. So an overload costs the payload first. The zones of an electrothermal wing are heated in turn and its parting
strip all the time, so its greatest draw is its mean; wing and tail share it by span.
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

MOST_LOAD = 10.0
"""Largest `generator_load` that is told: an alternator that gives nothing has no ratio."""
CHARGE_RATE = 1.0 / (5.0 * 3600.0)
"""1/s, highest charging power over the battery's energy (a fifth of the capacity an hour; estimated)."""
CHARGE_EFFICIENCY = 0.95
"""Part of charging power that is stored (lithium-ion, estimated)."""
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
    """What is asked over what the alternator can give, at most `MOST_LOAD`; above 1 something is shed."""
    avionics_on: Scalar = 1
    """1 while the avionics have power; 0 when alternator and battery are gone."""
    wing_on: Scalar = 0
    """1 while wing protection has power."""
    tail_on: Scalar = 0
    """1 while tail protection has power."""
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
    propeller_energy: Scalar = wide(0.0)
    """J, of that for the propeller."""
    pitot_energy: Scalar = wide(0.0)
    """J, of that for the pitot tube."""
    drain: Scalar = 0.0
    """W that the battery gives because the alternator cannot."""


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
    starter: Scalar = 0.0,
    fed: Scalar = 0.0,
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
        starter: W that the engine's starter draws.
        fed: W that a unit on the ground gives.
    """
    e, p = aircraft.electric, aircraft.ice
    running = to_float(engine_running)
    available = running * (1.0 - failed.alternator) * e.alternator_power + fed
    kept = usable_part(battery_temperature) * (1.0 - failed.battery)
    usable = power.battery - (1.0 - kept) * e.battery_energy
    alive = to_float((available >= e.avionics_load) | (usable > 0.0))
    pitot_load = alive * to_float(pitot_heat) * p.pitot_power
    essential = alive * (e.avionics_load + starter) + pitot_load
    asked = (
        running * to_float((e.satellite_load > 0.0) & (failed.satellite < 0.5)) * aircraft.radio.satellite_fitted,
        running * to_float(propeller_protection),
        running * to_float(wing_protection),
        running * to_float(wing_protection),
        running * to_float((on_station != 0) & (failed.payload < 0.5)),
    )
    tail = p.wing_power * tail_share(aircraft)
    loads = (e.satellite_load, p.propeller_power, p.wing_power - tail, tail, e.payload_load)
    ranks = (e.satellite_rank, e.propeller_rank, e.wing_rank, e.tail_rank, e.payload_rank)
    carried, given = serve(jnp.maximum(available - essential, 0.0), asked, loads, ranks)
    load = essential + carried
    wanted = essential + sum(a * l for a, l in zip(asked, loads, strict=True))
    battery, charging = _battery(power.battery, available - load, usable, battery_temperature, e.battery_energy, dt)
    satellite, propeller, wing, tailed, payload = given
    blades = propeller * p.propeller_power
    protection = pitot_load + blades + wing * loads[2] + tailed * loads[3]
    return Power(
        battery, load, running * jnp.minimum(load + charging, available) / e.alternator_efficiency,
        jnp.minimum(wanted / jnp.maximum(available, 0.01 * e.alternator_power), MOST_LOAD),
        to_int(alive), to_int(wing), to_int(tailed), to_int(propeller),
        to_int(alive * to_float(pitot_heat)), to_int(satellite), to_int(payload),
        to_int(wanted > load + 1e-6), power.energy + load * dt,
        power.protection_energy + protection * dt, power.propeller_energy + blades * dt,
        power.pitot_energy + pitot_load * dt, jnp.maximum(load - available, 0.0),
    )  # fmt: skip


def tail_share(aircraft: Aircraft) -> Scalar:
    """Part of the power of wing and tail protection that the tail draws: by span, as parting strips go."""
    g = aircraft.geometry
    return g.tail_span / (g.span + g.tail_span)


def serve(available: Scalar, asked: Any, loads: Any, ranks: Any) -> tuple[Scalar, list[Scalar]]:
    """Power carried, and 1 or 0 for each load: by rank, each that fits into what is left.

    Args:
        available: W.
        asked: 1 or 0 for each load.
        loads: W.
        ranks: 1 to the number of loads; the least is served first, of equal ranks the one that stands first.
    """
    carried, given = 0.0 * available, [0.0 * available for _ in loads]
    for place in range(1, len(loads) + 1):
        for k, (wish, load, rank) in enumerate(zip(asked, loads, ranks, strict=True)):
            on = wish * to_float((rank == place) & (carried + load <= available))
            carried, given[k] = carried + on * load, given[k] + on
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
