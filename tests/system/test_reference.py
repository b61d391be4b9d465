"""The native engine against the reference engine, over a minute of closed-loop flight at four moments of the story.

Both run the same functions on doubles, so they may differ by rounding alone: XLA and the native printer have their own
exp, log, sine and arc tangent (within 1 ulp or so of each other), and XLA may contract a*b+c. A rounding of the place
is 9e-10 m (ECEF coordinates of 4e6 m); what one rounding grows to in a minute is measured with the native engine
alone, by moving the true place, speed, attitude and rate by one unit in the last place. The loop is stable, so the
growth is small: the filter, the guidance and the attitude loops pull both flights to the same way. It is largest where
a small number is made of a difference of large ones: vertical speed and load factor on stiff tyres, and the shaft
power, which the speed loop drives with 1e5 W per m/s.

Largest difference over 60 s at any of the four moments:

    field                          native - reference   one ulp, native alone   bound
    place (from latitude)          1e-7 m               1e-7 m                  1e-5 m
    height                         6e-8 m               6e-8 m                  1e-5 m
    speeds, wind                   1e-8 m/s             1e-8 m/s                1e-6 m/s
    attitude, angle of attack      5e-10 rad            3e-9 rad                3e-7 rad
    load factor, stall margin      8e-9                 1e-8                    1e-6
    shaft power                    3e-4 W               3e-4 W                  3e-2 W
    fuel, bingo fuel, ice          4e-9 kg              4e-9 kg                 4e-7 kg
    temperatures                   1e-8 K               8e-9 K                  1e-6 K
    margins of the links           1e-8 dB              1e-8 dB                 2e-6 dB
    elevation of the sun           7e-12 rad            2e-14 rad               7e-10 rad
    modes, legs, flags, events     0                    0                       0

(The sun's hour angle counts from the year 2000: 6e4 rad, of which one unit in the last place is 7e-12 rad.)

The bound is about a hundred times the larger of the two. A wrong rule of the printer or of an elementary function
shows by many orders of magnitude more; a flag that flips does so by 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from tests.system.whole import days, engines, story

from samruk import sim
from samruk.engine.reference import Reference

MINUTE = 60
"""s flown from each moment."""

BOUNDS = {
    1e-5 / 6.4e6: ("latitude",),
    2e-5 / 6.4e6: ("longitude",),
    1e-5: ("height", "altitude_indicated", "navigation_error"),
    1e-6: (
        "airspeed", "airspeed_indicated", "ground_speed", "climb_rate", "load_factor", "stall_margin", "temperature",
        "bay_temperature", "fuel_temperature", "engine_temperature", "oil_temperature", "box_temperature",
        "battery_temperature", "turret_temperature", "skin_temperature", "wind_north", "wind_east", "wind_up",
        "gust_up", "wind_shear",
    ),
    3e-7: ("phi", "theta", "psi", "alpha", "aileron"),
    3e-2: ("shaft_power",),
    4e-7: ("fuel", "bingo", "ice"),
    2e-6: ("los_margin", "satellite_margin"),
    1e-3: ("visibility",),
    1e-4: ("irradiance",),
    7e-10: ("sun_elevation",),
    1e-9: ("cloud_water", "pitot_blockage", "generator_load", "transmission", "rain"),
}  # fmt: skip
"""Bound, in the unit of the frame, and the fields that it holds for; all other fields must be equal."""


@dataclass(frozen=True)
class Minute:
    """A minute from each moment: frames every second and the state at its end."""

    names: tuple[str, ...]
    data: np.ndarray[Any, Any]
    integers: np.ndarray[Any, Any]


@lru_cache(maxsize=1)
def moments() -> tuple[tuple[str, int, int], ...]:
    """Name, flight of the story and slow tick at which the minute begins."""
    clear, crew, aircraft = (day.hours[-1].ledger.events for day in days())
    last = max(crew.destroyed.first, crew.stopped.first)
    return (
        ("take-off run and lift-off", 0, clear.take_off.first // 10 - 30),
        ("protected, circling in icing cloud", 2, aircraft.icing_cloud.first // 10 + 1800),
        ("flare, touch-down and roll", 0, clear.touch_down.first // 10 - 40),
        ("the last minute of the unprotected flight", 1, last // 10 - 50),
    )


@lru_cache(maxsize=1)
def begun() -> tuple[list[Any], list[Any], list[Any]]:
    """Carries, params and tables at the moments."""
    carries = []
    for _, flight, tick in moments():
        batch = engines().start([story()[flight]])
        batch.advance(tick, 0)
        carries.append(batch.carry(0))
    inputs = [story()[flight] for _, flight, _ in moments()]
    return carries, [sim.params(i.task, i.aircraft) for i in inputs], [i.tables for i in inputs]


def flown(batch: Any) -> Minute:
    frames = batch.advance(MINUTE, 1)
    integers = np.array([batch.values(leaf.name) for leaf in batch.engine.carry.leaves if leaf.kind == "i"])
    return Minute(frames.names, frames.data.copy(), integers)


@lru_cache(maxsize=1)
def native() -> Minute:
    return flown(engines().flight.start(*begun()))


@lru_cache(maxsize=1)
def reference() -> Minute:
    return flown(oracle().start(*begun()))


@lru_cache(maxsize=1)
def oracle() -> Reference:
    """The reference engine of the flight; compiling it takes longer than any test of it."""
    return Reference(engines().flight.program)


@lru_cache(maxsize=1)
def nudged() -> Minute:
    """The native minute from a true motion that is one unit in the last place off, in every component."""
    batch = engines().flight.start(*begun())
    for leaf in batch.engine.carry.leaves:
        if leaf.name.startswith("world.truth."):
            for lane, value in enumerate(batch.values(leaf.name)):
                batch.set(lane, leaf.name, np.nextafter(value, np.inf))
    return flown(batch)


def bound(name: str) -> float:
    return next((limit for limit, names in BOUNDS.items() if name in names), 0.0)


STEP = 2e-7
"""Largest difference of any leaf after one mission tick, over its size or 1: of the place, which is known to 1e-9 m,
the tyres on the runway make 4e-8 m/s^2; five times that."""


def check(one: Minute, other: Minute) -> None:
    """Every field within its bound at every second, every integer of the carry equal."""
    for k, name in enumerate(one.names):
        apart = np.abs(one.data[:, k, :] - other.data[:, k, :])
        worst = np.unravel_index(np.argmax(apart), apart.shape)
        told = f"{name}: {apart[worst]:.2e} apart after {worst[0] + 1} s of {moments()[worst[1]][0]}"
        assert apart[worst] <= bound(name), told
    assert np.array_equal(one.integers, other.integers)


def test_native_and_reference_fly_the_same_minute() -> None:
    check(native(), reference())


def test_one_rounding_of_the_motion_grows_to_no_more_than_that() -> None:
    check(native(), nudged())


def test_a_rounding_is_felt() -> None:
    """Without this, a nudge that is lost on the way would prove nothing."""
    assert not np.array_equal(native().data, nudged().data)
    assert not np.array_equal(native().data, reference().data)


@pytest.mark.parametrize("lane", range(4))
def test_the_moments_are_what_they_are_called(lane: int) -> None:
    frames = {name: native().data[:, k, lane] for k, name in enumerate(native().names)}
    if lane == 0:
        assert frames["on_ground"][0] == 1.0
        assert frames["on_ground"][-1] == 0.0
    elif lane == 1:
        assert frames["cloud_water"].max() > 1e-6
        assert frames["protection"].max() == 1.0
        assert frames["ice"].max() > 0.1
    elif lane == 2:
        assert frames["on_ground"][0] == 0.0
        assert frames["on_ground"][-1] == 1.0
    else:
        assert frames["over"][-1] == 1.0


def test_one_step_agrees_in_every_leaf() -> None:
    """A mission tick with its five fast ticks and the slow one before them, at each of the moments."""
    one, other = engines().flight.start(*begun()), oracle().start(*begun())
    one.advance_mission(1)
    other.advance_mission(1)
    for leaf in one.engine.carry.leaves:
        x, y = one.values(leaf.name), other.values(leaf.name)
        if leaf.kind == "i":
            assert np.array_equal(x, y), leaf.name
        else:
            assert (np.abs(x - y) <= STEP * np.maximum(np.abs(x), 1.0)).all(), leaf.name


@pytest.mark.slow
def test_native_and_reference_fly_the_same_hour() -> None:
    """The hour after the fourth of each flight, closed loop: within the bounds of the minute, since the loop is stable.

    Measured: 1e-6 m of place, 2e-7 m of height, 6e-9 kg of fuel.
    """
    carries = [day.hours[3] for day in days()]
    params = [sim.params(i.task, i.aircraft) for i in story()]
    begun_ = carries, params, [i.tables for i in story()]
    one, other = (engine.start(*begun_).advance(3600, 10) for engine in (engines().flight, oracle()))
    for k, name in enumerate(one.names):
        apart = np.abs(one.data[:, k, :] - other.data[:, k, :])
        assert apart.max() <= bound(name), f"{name}: {apart.max():.2e} apart"
