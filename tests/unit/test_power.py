"""Electric power: what is carried, what is shed, how long the battery lasts."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import load
from samruk.aircraft import Aircraft
from samruk.plant import power
from samruk.plant.failures import Failed
from samruk.plant.power import Power

ANKA: Aircraft = load.aircraft("anka").aircraft
SOUND = Failed()
E, P = ANKA.electric, ANKA.ice


def step(
    state: Power | None = None, *, wing: int = 0, propeller: int = 0, pitot: int = 0, running: int = 1,
    station: int = 0, celsius: float = 20.0, alternator: float | None = None, dt: float = 1.0,
    failed: Failed = SOUND,
) -> Power:  # fmt: skip
    craft = ANKA if alternator is None else replace(ANKA, electric=replace(E, alternator_power=alternator))
    state = power.initial(craft) if state is None else state
    return power.slow(state, wing, propeller, pitot, running, station, celsius + 273.15, failed, craft, dt)


def flags(state: Power) -> dict[str, int]:
    return {
        name: int(getattr(state, f"{name}_on"))
        for name in ("wing", "tail", "propeller", "pitot", "satellite", "payload", "avionics")
    }


SATELLITE = E.satellite_load * int(ANKA.radio.satellite_fitted and E.satellite_load > 0.0)


@pytest.mark.parametrize("asked", list(product((0, 1), repeat=4)))
def test_load_is_the_sum_of_what_is_on(asked: tuple[int, int, int, int]) -> None:
    wing, propeller, pitot, station = asked
    state = step(wing=wing, propeller=propeller, pitot=pitot, station=station, alternator=50e3)
    expected = (
        E.avionics_load + SATELLITE + wing * P.wing_power + propeller * P.propeller_power + pitot * P.pitot_power
        + station * E.payload_load
    )  # fmt: skip
    assert float(state.load) == pytest.approx(expected)
    assert int(state.shed) == 0
    assert float(state.shaft_power) == pytest.approx(expected / E.alternator_efficiency)
    assert float(state.generator_load) == pytest.approx(expected / 50e3)
    assert flags(state)["wing"] == wing


def test_payload_goes_first_and_wing_protection_next() -> None:
    base = E.avionics_load + SATELLITE + P.pitot_power + P.propeller_power
    everything: dict[str, Any] = {"wing": 1, "propeller": 1, "pitot": 1, "station": 1}
    enough = step(**everything, alternator=base + P.wing_power + E.payload_load)
    assert flags(enough)["payload"] == 1
    short = step(**everything, alternator=base + P.wing_power + 0.5 * E.payload_load)
    assert (flags(short)["payload"], flags(short)["wing"]) == (0, 1)
    assert int(short.shed) == 1
    assert float(short.generator_load) > 1.0
    shorter = step(**everything, alternator=base + 0.95 * P.wing_power)
    assert (flags(shorter)["wing"], flags(shorter)["tail"], flags(shorter)["payload"]) == (1, 0, 0)
    still_shorter = step(**everything, alternator=base + 0.5 * P.wing_power)
    assert (flags(still_shorter)["wing"], flags(still_shorter)["payload"]) == (0, 1)  # what fits stays on
    least = step(**everything, alternator=E.avionics_load + P.pitot_power)
    assert flags(least) == {name: int(name in ("pitot", "avionics")) for name in flags(least)}


def test_the_alternator_never_gives_more_than_it_can() -> None:
    for asked in product((0, 1), repeat=4):
        state = step(wing=asked[0], propeller=asked[1], pitot=asked[2], station=asked[3], alternator=4e3)
        assert float(state.load) <= 4e3
        assert float(state.shaft_power) * E.alternator_efficiency <= 4e3 + 1e-9


def test_battery_bridges_avionics_and_pitot_for_its_energy() -> None:
    state, seconds = power.initial(ANKA), 0.0
    while int((state := step(state, running=0, wing=1, station=1, pitot=1, dt=30.0)).avionics_on) and seconds < 1e5:
        assert flags(state)["wing"] == 0
        assert flags(state)["pitot"] == 1
        assert float(state.shaft_power) == 0.0
        seconds += 30.0
    usable = float(power.usable_part(293.15)) * E.battery_energy
    assert seconds == pytest.approx(usable / (E.avionics_load + P.pitot_power), abs=31.0)  # one step
    dark = step(state, running=0, pitot=1)
    assert float(dark.load) == 0.0
    assert flags(dark)["pitot"] == 0


@pytest.mark.parametrize(("celsius", "part"), [(0.0, 0.92), (-20.0, 0.65), (-40.0, 0.24)])
def test_cold_takes_battery_energy(celsius: float, part: float) -> None:
    assert float(power.usable_part(celsius + 273.15)) == pytest.approx(part, abs=0.01)  # the curve's anchors, 2 digits


def test_battery_charges_only_when_warm_and_never_above_full() -> None:
    half = replace(power.initial(ANKA), battery=0.5 * E.battery_energy)
    warm, cold = step(half, celsius=20.0), step(half, celsius=-10.0)
    assert float(warm.battery) > float(half.battery)
    assert float(cold.battery) == float(half.battery)
    assert float(warm.shaft_power) > float(cold.shaft_power)
    full = power.initial(ANKA)
    for _ in range(5):
        full = step(full, dt=1000.0)
    assert float(full.battery) <= E.battery_energy + 1e-6


def test_energy_is_the_sum_of_power() -> None:
    state = power.initial(ANKA)
    for _ in range(10):
        state = step(state, wing=1, pitot=1)
    assert float(state.energy) == pytest.approx(10.0 * float(state.load))
    assert float(state.protection_energy) == pytest.approx(10.0 * (P.wing_power + P.pitot_power))


def test_a_stopped_engine_says_that_the_generator_cannot_carry() -> None:
    assert float(step(running=0).generator_load) > 1.0


@settings(max_examples=60, deadline=None)
@given(
    st.permutations([1, 2, 3, 4, 5]), st.lists(st.floats(1.0, 6e3), min_size=5, max_size=5),
    st.lists(st.sampled_from([0.0, 1.0]), min_size=5, max_size=5), st.floats(0.0, 2e4),
)  # fmt: skip
def test_loads_are_shed_by_rank_for_any_loads(
    ranks: list[int], loads: list[float], asked: list[float], available: float
) -> None:
    carried, given_ = power.serve(available, asked, loads, [float(rank) for rank in ranks])
    left = available
    for place in range(1, 6):
        k = ranks.index(place)
        on = asked[k] > 0.0 and loads[k] <= left + 1e-9  # rounding of the sums
        assert bool(float(given_[k])) == on or abs(loads[k] - left) < 1e-6
        left -= loads[k] * float(given_[k])
    assert float(carried) == pytest.approx(available - left)
    assert float(carried) <= available + 1e-9


def test_a_rank_in_the_aircraft_file_changes_what_is_shed() -> None:
    electric = replace(E, alternator_power=E.avionics_load + SATELLITE + P.pitot_power + E.payload_load + 1.0,
                       payload_rank=1.0, satellite_rank=5.0)  # fmt: skip
    craft = replace(ANKA, electric=electric)
    state = power.slow(power.initial(craft), 1, 1, 1, 1, 1, 293.15, SOUND, craft, 1.0)
    assert int(state.payload_on) == 1
    assert (int(state.wing_on), int(state.tail_on)) == (0, 0)


def test_a_lost_alternator_leaves_avionics_and_pitot_heat_to_the_battery() -> None:
    state = step(wing=1, propeller=1, pitot=1, station=1, failed=Failed(alternator=1.0))
    assert flags(state) == {
        "wing": 0, "tail": 0, "propeller": 0, "pitot": 1, "satellite": 0, "payload": 0, "avionics": 1
    }  # fmt: skip
    assert float(state.drain) == pytest.approx(E.avionics_load + P.pitot_power)
    assert float(state.generator_load) == power.MOST_LOAD
    assert float(step(failed=Failed(alternator=0.5)).drain) == 0.0
