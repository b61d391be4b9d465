"""What the rules of a mission want to know of an aircraft: from its handbook, its tanks and the terrain aboard.

The figures are of the handbook at the mass of now and at 3,000 m on the standard day: good for a plan, within some
percent; the flight itself is for the step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from samruk.autopilot.handbook import Handbook
from samruk.rules.fences import Fences, boundaries
from samruk.rules.items import Item, Kind, Problem
from samruk.rules.route_checks import Ability, World, check
from samruk.terrain_file.grid import Grid
from samruk.vehicle.itinerary import Computer

GRAVITY, RHO0 = 9.80665, 1.225
SIGMA = 0.7423
"""Density at 3,000 m over that at sea level, standard day."""
PROPELLER = 0.75
"""Useful power over shaft power, about."""
SLOWEST = 1.2
"""Stall speeds that an ordered speed keeps."""


def ability(book: Handbook, mass: float, fuel: float, reserve: float, ceiling: float) -> Ability:
    """Figures for a plan.

    Args:
        book: the handbook.
        mass: kg, of now.
        fuel: kg aboard.
        reserve: s at loiter power that must be left.
        ceiling: m above mean sea level.
    """
    weight = mass * GRAVITY

    def speed(lift: float) -> float:
        return math.sqrt(2.0 * weight / (RHO0 * float(book.lift.area) * lift))

    def drag(lift: float) -> float:
        d = book.drag
        return (float(d.a) + float(d.b) * lift + float(d.c) * lift * lift) / lift * weight

    cruise, loiter = float(book.speeds.cruise), float(book.speeds.loiter)
    true = speed(cruise) / math.sqrt(SIGMA)
    friction, per_joule = float(book.drive.friction_power), float(book.drive.fuel_per_joule)

    def flow(lift: float, airspeed: float) -> float:
        return per_joule * (drag(lift) * airspeed / PROPELLER + friction)

    thrust = PROPELLER * float(book.drive.rated_power) / (speed(float(book.speeds.climb)) / math.sqrt(SIGMA))
    kept = reserve * flow(loiter, speed(loiter) / math.sqrt(SIGMA))
    return Ability(
        airspeed=true,
        slowest=SLOWEST * speed(float(book.lift.C_L_max)),
        fastest=float(book.limits.airspeed),
        climb=max((thrust - drag(float(book.speeds.climb))) / weight, 0.01),
        descent=max(drag(cruise) / weight, 0.02),
        ceiling=ceiling,
        fuel=max(fuel - kept, 0.0),
        flow=flow(cruise, true),
    )


def grid_of(aircraft: Any) -> Grid | None:
    """The terrain of an aircraft's mission; None where it names none."""
    tile, ground = aircraft.flight_plan.task.tile, aircraft.flight_plan.tables.ground
    if int(tile.given) != 1:
        return None
    heights = np.asarray(ground.posts, np.int16)[: int(tile.rows) * int(tile.columns)]
    return Grid(
        heights.reshape(int(tile.rows), int(tile.columns)), float(tile.north), float(tile.west),
        float(tile.spacing_latitude), float(tile.spacing_longitude),
    )  # fmt: skip


class Checker:
    """Asks the rules about a plan, for the aircraft as it is now.

    Args:
        aircraft: whose plans they are.
        computer: its mission computer.
        plans: what is stored now, for the fence that holds.
    """

    def __init__(self, aircraft: Any, computer: Computer, plans: Mapping[Kind, Sequence[Item]]) -> None:
        self.aircraft, self.computer, self.plans = aircraft, computer, plans
        self.grid = grid_of(aircraft)

    def world(self) -> World:
        """What a plan is checked against now."""
        live, k, picture = self.aircraft.live, self.aircraft.k, self.aircraft.picture
        loading = self.aircraft.flight_plan.task.loading
        book = live.handbook(k)
        fuel = float(picture.measurement.fuel) or float(loading.fuel)
        mass = float(book.empty_mass) + float(loading.payload) + fuel
        fence = boundaries(self.plans.get(Kind.FENCE, ()))
        return World(
            setting=replace(self.computer.setting, radius=live.rule(k, "loiter_radius")),
            ability=ability(book, mass, fuel, live.rule(k, "reserve"), live.rule(k, "ceiling")),
            fences=fence if not fence.problems else Fences(),
            grid=self.grid,
            glide_slope=live.rule(k, "glide_slope"),
            in_air=not self.aircraft.landed,
        )

    def __call__(self, kind: Kind, items: Sequence[Item]) -> list[Problem]:
        """What is wrong with a plan."""
        return check(items, kind, self.world())
