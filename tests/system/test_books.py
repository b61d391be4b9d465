"""The books of whole flights: fuel, ice, times and events of the default story add up."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from tests.system.whole import Day, days, story

from samruk.leaves import flatten
from samruk.ledger import NEVER
from samruk.plant import ice

DAYS = pytest.mark.parametrize("number", range(len(story())), ids=["clear", "crew", "aircraft"])

FUEL = 1e-9
"""Part of the fuel loaded: 3.6 million additions of 1e-4 kg round to 2^-53 of 300 kg each, 1e-7 kg at the very worst
and 1e-10 kg as a random walk."""
ICE = 1e-9
"""Part of the ice collected: 72,000 additions of 1e-3 kg to sums of up to 1,000 kg, as above."""


def day(number: int) -> Day:
    return days()[number]


@DAYS
def test_fuel_loaded_is_fuel_left_and_fuel_burned(number: int) -> None:
    loaded = story()[number].task.loading.fuel
    for hour, carry in enumerate(day(number).hours, 1):
        world = carry.world
        assert abs(loaded - world.fuel - world.fuel_burned) < FUEL * loaded, f"after {hour} h"
    assert day(number).hours[-1].world.fuel_burned > 50.0, "a flight of hours burns more than this"


@DAYS
def test_ice_aboard_is_ice_collected_less_ice_shed(number: int) -> None:
    for hour, carry in enumerate(day(number).hours, 1):
        coat = carry.world.ice
        books, aboard = coat.books, float(ice.aboard(coat))
        assert abs(books.collected - books.shed - aboard) <= ICE * max(books.collected, 1.0), f"after {hour} h"
        left = books.caught - books.collected - books.evaporated - books.run_off
        assert abs(left) <= ICE * max(books.caught, 1.0), f"water after {hour} h"


def test_the_flights_without_cloud_and_with_it_differ_in_ice() -> None:
    clear, crew, aircraft = (days()[k].hours[-1].world.ice.books.collected for k in range(3))
    assert clear == 0.0
    assert crew > 10.0
    assert aircraft > 10.0


@DAYS
def test_the_model_stays_sound_and_every_number_finite(number: int) -> None:
    assert day(number).hours[-1].world.status == 0
    for name, values in day(number).frames.items():
        assert np.isfinite(values).all(), name
    for name, value in flatten(day(number).hours[-1]).items():
        assert np.isfinite(value), name


@DAYS
def test_every_event_ends_no_earlier_than_it_begins(number: int) -> None:
    carry = day(number).hours[-1]
    for f in fields(carry.ledger.events):
        slot = getattr(carry.ledger.events, f.name)
        if slot.first == NEVER:
            assert (slot.last, slot.count, slot.starts) == (NEVER, 0, 0), f.name
        else:
            assert 0 <= slot.first <= slot.last < carry.mission_tick, f.name
            assert 1 <= slot.starts <= slot.count <= slot.last - slot.first + 1, f.name


@DAYS
def test_a_flight_takes_off_before_it_lands_and_lands_before_it_stops(number: int) -> None:
    events = day(number).hours[-1].ledger.events
    assert events.take_off.first > 0
    if events.stopped.first != NEVER:
        assert events.take_off.first < events.approach.first < events.touch_down.first < events.stopped.first
        assert events.destroyed.first == NEVER
    else:
        assert events.destroyed.first > events.take_off.first


@DAYS
def test_times_in_the_books_fit_in_the_flight(number: int) -> None:
    carry = day(number).hours[-1]
    events, sums = carry.ledger.events, carry.ledger.integrals
    end = max(events.stopped.first, events.destroyed.first)
    lasted = 0.1 * (end - events.take_off.first)
    assert abs(sums.airborne - 0.1 * events.take_off.count) < 1e-6, "one sum of 0.1 s, one count of the same ticks"
    assert 0.0 <= sums.station <= sums.airborne <= lasted + 0.1
    assert sums.icing <= sums.airborne


@DAYS
def test_frames_follow_the_clock_and_agree_with_the_books(number: int) -> None:
    frames, carry = day(number).frames, day(number).hours[-1]
    assert np.allclose(np.diff(frames["time"]), 10.0, rtol=0.0, atol=1e-6), "time is 0.1 s times a count"
    flying = (frames["over"] == 0.0) & (frames["on_ground"] == 0.0)
    margins = carry.ledger.margins
    assert frames["ice"][flying].max() <= margins.ice
    assert frames["height"][flying].max() <= margins.height
    assert frames["airspeed"][flying].max() <= margins.airspeed
    assert np.all(np.diff(frames["fuel"]) <= 0.0)


@DAYS
def test_nothing_is_added_to_the_books_after_the_end(number: int) -> None:
    """The last hour of the batch holds ticks after the end of the flights that ended in it or before."""
    frames, carry = day(number).frames, day(number).hours[-1]
    over = frames["over"] != 0.0
    assert over[-1]
    after = frames["time"][over]
    last = max(getattr(carry.ledger.events, f.name).last for f in fields(carry.ledger.events))
    assert 0.1 * last <= after[0] + 0.1
    assert np.all(frames["over"][np.argmax(over):] == 1.0)
