"""Fuel by the handbook: for the route before flight, to reach each field in flight.

Before flight the route is read one leg a second, so the step needs no loop over legs. In flight the handbook's flow is
corrected by what the engine has lately burnt, which is how ice, a strong alternator load or a poor engine enter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk.autopilot import performance
from samruk.autopilot.guidance import place_e
from samruk.autopilot.handbook import Handbook
from samruk.earth import GRAVITY, RHO0, standard_atmosphere
from samruk.frames import Rotation, Vec3, norm
from samruk.lazy import jnp
from samruk.mission import LEGS, Route, Rules, Task
from samruk.tables import lookup, to_float
from samruk.words import wide

Scalar = Any

APPROACH_TIME = 600.0
"""s at loiter power for descent, circuit and landing."""
CLIMB_EFFICIENCY = 0.72
"""Thrust work over shaft work in a climb, for planning."""
FOR_EVER = 1e6
"""s of circling from which a leg is meant to last until something else is ordered; it counts for nothing here."""
TURN = 6.283185307179586
"""rad."""
FLOW_TIME = 300.0
"""s, mean of burnt over planned flow."""


@dataclass(frozen=True)
class Plan:
    """The route before flight, and the ways home."""

    row: Scalar = 0
    """Leg that is read next before flight."""
    last_e: Vec3 = wide(Vec3)
    """m, ECEF: end of the leg read last."""
    height: Scalar = 0.0
    """m, of the leg read last."""
    route_fuel: Scalar = wide(0.0)
    """kg for the legs read so far and, when all are read, the way home and the reserve."""
    complete: Scalar = 0
    """1 when all legs are read."""
    factor: Scalar = wide(1.0)
    """Burnt over planned flow."""
    home: Scalar = 0.0
    """kg to reach home from here and land, without reserve."""
    alternate_a: Scalar = 1e6
    """kg to reach the first alternate, without reserve; large where there is none."""
    alternate_b: Scalar = 1e6
    """kg to reach the second alternate."""
    reserve: Scalar = 0.0
    """kg that must be left at landing."""


def sigma_at(height: Scalar) -> Scalar:
    """Density ratio of the standard day, for planning; height in m."""
    _, _, rho = standard_atmosphere(height)
    return rho * (1.0 / RHO0)


def cruise_flow(book: Handbook, mass: Scalar, sigma: Scalar, C_L: Scalar) -> tuple[Scalar, Scalar]:
    """Planned fuel flow, kg/s, and true airspeed, m/s, in level flight at a lift coefficient."""
    airspeed = performance.speed_for(book, mass, C_L)
    power = performance.level_power(book, mass, airspeed, sigma)
    return performance.fuel_flow(book, power, sigma), airspeed / jnp.sqrt(sigma)


def reserve(book: Handbook, rules: Rules, mass: Scalar) -> Scalar:
    """kg of fuel for the reserve time at loiter speed, near the ground."""
    flow, _ = cruise_flow(book, mass, 0.9, book.speeds.loiter)
    return rules.reserve * flow


def read_leg(plan: Plan, route: Route, task: Task, home_e: Vec3, mass: Scalar, book: Handbook) -> Plan:
    """The plan with one more leg read; after the last one the way home and the reserve are added.

    Args:
        plan: so far.
        route: legs.
        task: how many legs count.
        home_e: m, ECEF, home threshold.
        mass: kg at take-off.
        book: the handbook.
    """
    row = jnp.clip(plan.row, 0, LEGS - 1)
    legs_done = plan.row >= task.legs
    height = jnp.where(legs_done, plan.height, lookup(route.altitude, row))
    there = place_e(lookup(route.latitude, row), lookup(route.longitude, row), height)
    there = Vec3(*(jnp.where(legs_done, h, t) for h, t in zip(_xyz(home_e), _xyz(there), strict=True)))
    sigma = sigma_at(height)
    flow, speed = cruise_flow(book, mass, sigma, book.speeds.cruise)
    loiter_flow, _ = cruise_flow(book, mass, sigma, book.speeds.loiter)
    climb = jnp.maximum(height - plan.height, 0.0) * mass * GRAVITY * (1.0 / CLIMB_EFFICIENCY)
    radius = jnp.abs(lookup(route.radius, row))
    radius = jnp.where(radius > 0.0, radius, task.rules.loiter_radius)
    stay = lookup(route.loiter, row)
    stay = jnp.where(stay < FOR_EVER, stay, 0.0) + lookup(route.turns, row) * TURN * radius / speed
    stay = jnp.where(legs_done, APPROACH_TIME, stay)
    fuel = norm(there - plan.last_e) / speed * flow + stay * loiter_flow + climb * book.drive.fuel_per_joule
    fuel = fuel + jnp.where(legs_done, reserve(book, task.rules, mass), 0.0)
    open_ = plan.complete == 0
    return Plan(
        row=jnp.where(open_, plan.row + 1, plan.row),
        last_e=Vec3(*(jnp.where(open_, n, o) for n, o in zip(_xyz(there), _xyz(plan.last_e), strict=True))),
        height=jnp.where(open_, height, plan.height),
        route_fuel=plan.route_fuel + jnp.where(open_, fuel, 0.0),
        complete=jnp.where(legs_done, 1, plan.complete),
        factor=plan.factor,
        home=plan.home,
        alternate_a=plan.alternate_a,
        alternate_b=plan.alternate_b,
        reserve=plan.reserve,
    )


def unread(plan: Plan, swapped: Scalar, home_e: Vec3, task: Task) -> Plan:
    """The plan before its first leg is read, where the route was swapped; else as it is."""
    return replace(
        plan,
        row=jnp.where(swapped, 0, plan.row),
        last_e=Vec3(*(jnp.where(swapped, h, o) for h, o in zip(_xyz(home_e), _xyz(plan.last_e), strict=True))),
        height=jnp.where(swapped, task.home.elevation, plan.height),
        route_fuel=jnp.where(swapped, 0.0, plan.route_fuel),
        complete=jnp.where(swapped, 0, plan.complete),
    )


def _xyz(v: Vec3) -> tuple[Scalar, Scalar, Scalar]:
    """Components."""
    return v.x, v.y, v.z


def ways_home(
    plan: Plan, r_e: Vec3, R_ne: Rotation, wind_n: Vec3, fields_e: tuple[Vec3, Vec3, Vec3],
    usable: tuple[Scalar, Scalar],
    mass: Scalar, sigma: Scalar, burnt: Scalar, power: Scalar, burden: Scalar, cruising: Scalar, rules: Rules,
    book: Handbook, dt: float,
) -> Plan:  # fmt: skip
    """The plan with the fuel to reach each field, renewed each slow tick.

    Args:
        plan: so far.
        r_e: m, ECEF, the aircraft.
        R_ne: local axes.
        wind_n: m/s, NED.
        fields_e: m, ECEF, thresholds of home and the alternates.
        usable: 1 for each alternate that the mission names.
        mass: kg.
        sigma: density ratio here.
        burnt: kg/s, measured flow.
        power: W, measured shaft power.
        burden: shaft power over the need of the clean aircraft.
        cruising: truth value: in the air at steady power.
        rules: gives the reserve.
        book: the handbook.
        dt: s.
    """
    flow, speed = cruise_flow(book, mass, sigma, book.speeds.cruise)
    planned, _ = cruise_flow(book, mass, sigma, book.speeds.loiter)
    propelling = jnp.maximum(power - book.drive.alternator_power, 0.0)
    ratio = jnp.clip(burnt / performance.fuel_flow(book, propelling, sigma), 0.8, 1.5)
    factor = plan.factor + jnp.where(cruising, dt / FLOW_TIME, 0.0) * (ratio - plan.factor)
    needs = []
    for there in fields_e:
        d = R_ne @ (there - r_e)
        level = jnp.maximum(jnp.sqrt(d.x * d.x + d.y * d.y), 1.0)
        tail = (wind_n.x * d.x + wind_n.y * d.y) / level
        across = (wind_n.y * d.x - wind_n.x * d.y) / level
        along = jnp.sqrt(jnp.maximum(speed * speed - across * across, 25.0))
        ground_speed = jnp.maximum(along + tail, 5.0)
        needs.append(factor * burden * (norm(there - r_e) / ground_speed * flow + APPROACH_TIME * planned))
    missing = [1e6 * (1.0 - to_float(u)) for u in usable]
    return Plan(
        plan.row, plan.last_e, plan.height, plan.route_fuel, plan.complete, factor, needs[0], needs[1] + missing[0],
        needs[2] + missing[1], reserve(book, rules, mass),
    )  # fmt: skip
