"""The rules know each aircraft of the house, and find nothing against the missions that come with it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from samruk import load, sim
from samruk.mission import LEGS
from samruk.rules.items import Kind
from samruk.rules.route import items_of
from samruk.rules.route_checks import World, check
from samruk.vehicle.ability import ability, grid_of
from samruk.vehicle.itinerary import setting_of
from samruk.vehicle.live import _legs as rows


@pytest.mark.parametrize("name", list(load.stories()))
def test_the_missions_of_the_house_keep_the_rules(name: str) -> None:
    plan = load.mission(name)
    for flight in plan.flights:
        task = flight.task
        fields = tuple(each for each in (task.home, task.alternate_a, task.alternate_b) if each.usable)
        aircraft = SimpleNamespace(live=SimpleNamespace(plan=plan), flight_plan=flight, fields=fields)
        grid, book = grid_of(aircraft), sim.params(task, flight.aircraft).handbook
        ground = None if grid is None else (lambda x, y, grid=grid: float(grid.at(x, y)))
        mass = float(book.empty_mass) + float(task.loading.payload) + float(task.loading.fuel)
        able = ability(book, mass, float(task.loading.fuel), float(task.rules.reserve), float(task.rules.ceiling))
        assert able.slowest < able.airspeed < 1.4 * able.fastest
        assert 0.02 < able.climb < 0.25
        world = World(setting_of(aircraft, ground), able, grid=grid, glide_slope=float(task.rules.glide_slope))
        main = rows(flight.tables.route, 0, task.legs)
        lost = rows(flight.tables.route, LEGS - task.lost_link_legs, LEGS)
        assert check(items_of(main), Kind.MISSION, world) == []
        assert check(items_of(lost), Kind.LOST_LINK, world) == []
