"""Frames on their way: when they arrive, when they do not, and which bearer takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.compiled import compiled

from samruk import radio
from samruk.aircraft import Radio
from samruk.frames import Rotation, quaternion_from_euler, rotation
from samruk.leaves import flatten
from samruk.messages import Command, Telemetry
from samruk.mission import Conditions, GapWindow, Links
from samruk.radio import LINE_OF_SIGHT, NONE, SATELLITE, RadioState, link
from samruk.units import DEGREE

AIRBORNE = Radio(5e9, 40.0, 2.0, 3.0, 4.0, 1.0)
SITE = Links(latitude=40.0 * DEGREE, longitude=33.0 * DEGREE, elevation=850.0, satellite_longitude=42.0 * DEGREE)
NEAR, FAR = 40.5 * DEGREE, 45.5 * DEGREE
"""Latitudes 56 km and 610 km north of the antenna: in sight, and far beyond the horizon at 5,000 m."""
SILENCE = Command(0, 0, 0.0)
LEVEL = Rotation()

STEP, SLOW = compiled(radio.step), compiled(radio.slow)


def flight(
    ticks: int,
    links: Links = SITE,
    *,
    latitude: Callable[[int], float] = lambda k: NEAR,
    attitude: Callable[[int], Rotation] = lambda k: LEVEL,
    command: Callable[[int], Command] = lambda k: SILENCE,
    powered: Callable[[int], int] = lambda k: 1,
    aircraft: Radio = AIRBORNE,
    seed: int = 1,
    begin: RadioState | None = None,
) -> Iterator[tuple[int, RadioState]]:
    """Mission ticks of the links of an aircraft at 5,000 m north of the antenna; telemetry tells its tick."""
    state: Any = radio.initial() if begin is None else begin
    for k in range(ticks):
        if k % 10 == 0:
            here = (latitude(k), 33.0 * DEGREE, 5000.0)
            state = SLOW(state, *here, links, aircraft, Conditions(), 0.0, seed, k // 10)
        sent = Telemetry(tick=k, fuel=float(k))
        state = STEP(state, attitude(k), powered(k), sent, command(k), links, aircraft, seed, k, 0.1 * k)
        yield k, state


def last(states: Iterator[tuple[int, RadioState]]) -> RadioState:
    """The state at the end."""
    *_, (_, state) = states
    return state


def banked(phi: float, psi: float = 0.0) -> Rotation:
    """Attitude at a bank and heading, degrees."""
    return rotation(quaternion_from_euler(phi * DEGREE, 0.0, psi * DEGREE))


def test_a_new_radio_is_linked_and_has_heard_nothing() -> None:
    state = radio.initial()
    assert (state.link_up, state.bearer, state.on_ground.tick, state.inbox.sequence) == (1, LINE_OF_SIGHT, -1, 0)


def test_telemetry_comes_down_a_tick_late_over_the_line_of_sight() -> None:
    seen = {k: (int(s.on_ground.tick), float(s.downlink_age), float(s.on_ground.fuel)) for k, s in flight(50)}
    assert seen[0][0] == -1
    for k in range(1, 50):
        assert seen[k] == (k - 1, pytest.approx(0.1), k - 1.0)


def test_over_the_satellite_it_is_older_and_rarer() -> None:
    ages, ticks = [], []
    for k, state in flight(600, latitude=lambda k: FAR):
        if k > 20:
            assert int(state.bearer) == SATELLITE
            ages.append(float(state.downlink_age))
            ticks.append(int(state.on_ground.tick))
    gaps = np.diff(sorted(set(ticks)))
    assert 0.3 <= min(ages) <= 0.4  # 0.28 s up to the next tick
    assert max(ages) < 1.3
    assert set(gaps) <= {3, 4, 5, 6}  # under way 0.24 to 0.5 s: a frame may be overtaken by up to three ticks


def test_a_command_arrives_once_and_stays_in_the_inbox() -> None:
    order = Command(4, 3, 2500.0)
    inbox = [int(s.inbox.sequence) for _, s in flight(30, command=lambda k: order if k == 10 else SILENCE)]
    assert inbox == [0] * 11 + [4] * 19
    state = last(flight(30, command=lambda k: order if k == 10 else SILENCE))
    assert (int(state.inbox.kind), float(state.inbox.argument)) == (3, 2500.0)


@pytest.mark.parametrize(("sent", "arrives"), [(99, False), (100, False), (159, False), (170, True)])
def test_a_command_needs_the_link_when_it_leaves_and_when_it_arrives(sent: int, arrives: bool) -> None:
    ends = replace(SITE, gap_a=GapWindow(10.0, 6.0))
    state = last(flight(260, ends, command=lambda k: Command(1, 2, 0.0) if k == sent else SILENCE))
    assert int(state.inbox.sequence) == int(arrives)
    assert int(state.commands_lost) == int(not arrives)


def test_a_gap_takes_the_link_for_its_time_and_until_the_modem_has_locked() -> None:
    ends = replace(SITE, gap_a=GapWindow(10.0, 20.0))
    up = np.array([int(s.link_up) for _, s in flight(400, ends)])
    down = np.flatnonzero(up == 0)
    assert down[0] == 100
    assert down[-1] == 300 + link.LOS_LOCK - 2
    assert (np.diff(down) == 1).all()


def test_ages_grow_in_a_gap_and_fall_back_when_frames_pass_again() -> None:
    ends = replace(SITE, gap_a=GapWindow(10.0, 20.0))
    states = dict(flight(400, ends))
    assert float(states[299].uplink_age) == pytest.approx(20.0, abs=0.11)  # whole ticks
    assert float(states[299].downlink_age) == pytest.approx(20.1, abs=0.11)
    back = 300 + link.LOS_LOCK - 1
    assert float(states[back + 1].uplink_age) == 0.0
    assert float(states[back + 1].downlink_age) == pytest.approx(0.1)
    assert float(states[back - 1].uplink_age) > 20.0


def test_over_the_satellite_the_first_frame_comes_a_delay_after_the_link() -> None:
    ends = replace(SITE, gap_a=GapWindow(10.0, 5.0))
    states = dict(flight(300, ends, latitude=lambda k: FAR))
    up = next(k for k in range(150, 300) if int(states[k].link_up))
    heard = next(k for k in range(150, 300) if float(states[k].uplink_age) == 0.0)
    assert heard - up in (3, 4, 5)  # 0.24 to 0.5 s in whole ticks


def test_the_delay_is_modem_and_light() -> None:
    delay = float(last(flight(20)).delay)
    assert delay == pytest.approx(0.04 + 55.8e3 / 299792458.0, abs=2e-6)  # the distance to 0.6 km


@pytest.mark.parametrize(("los", "satellite", "bearer"), [(1, 0, SATELLITE), (0, 1, LINE_OF_SIGHT), (1, 1, NONE)])
def test_a_gap_takes_the_bearers_it_names(los: int, satellite: int, bearer: int) -> None:
    ends = replace(SITE, gap_b=GapWindow(5.0, 100.0, los, satellite))
    assert int(last(flight(200, ends)).bearer) == bearer


def test_the_satellite_steps_in_at_once_and_the_line_of_sight_returns_only_after_it_has_held() -> None:
    ends = replace(SITE, gap_a=GapWindow(10.0, 10.0, 1, 0))
    bearers = np.array([int(s.bearer) for _, s in flight(400, ends)])
    assert (bearers[:100] == LINE_OF_SIGHT).all()
    assert (bearers[100 : 200 + link.PREFERRED_AFTER - 1] == SATELLITE).all()
    assert (bearers[200 + link.PREFERRED_AFTER :] == LINE_OF_SIGHT).all()
    assert int(last(flight(400, ends)).switches) == 2


def test_beyond_the_horizon_without_a_satellite_there_is_no_link() -> None:
    state = last(flight(50, replace(SITE, satellite=0), latitude=lambda k: FAR))
    assert (int(state.link_up), int(state.bearer)) == (0, NONE)
    assert float(state.los_margin_db) < -20.0
    assert float(state.satellite_margin_db) == link.NO_SATELLITE


@pytest.mark.parametrize("missing", ["rented", "fitted", "powered"])
def test_a_satellite_link_needs_channel_terminal_and_power(missing: str) -> None:
    ends = replace(SITE, satellite=int(missing != "rented"))
    aircraft = replace(AIRBORNE, satellite_fitted=float(missing != "fitted"))
    powered = int(missing != "powered")
    state = last(flight(30, ends, latitude=lambda k: FAR, aircraft=aircraft, powered=lambda k: powered))
    assert int(state.satellite_up) == 0
    assert int(last(flight(30, latitude=lambda k: FAR)).satellite_up) == 1


def test_a_turn_towards_the_station_hides_the_belly_antenna_and_one_away_does_not() -> None:
    """The station lies due south; the aircraft flies east, so its right wing points at it."""
    margins = {}
    for phi in (-30.0, 0.0, 30.0):
        state = last(flight(20, attitude=lambda k, phi=phi: banked(phi, 90.0)))
        margins[phi] = float(state.los_margin_db)
    assert margins[0.0] - margins[30.0] > 15.0  # right wing down: the wing stands in between
    assert abs(margins[0.0] - margins[-30.0]) < 4.0  # only the blade's own pattern


def test_a_turn_away_from_the_satellite_hides_the_dish() -> None:
    """The satellite stands 42 degrees high in the south-south-east."""
    margins = {}
    for phi in (-35.0, 0.0, 35.0):
        state = last(flight(20, attitude=lambda k, phi=phi: banked(phi, 90.0)))
        margins[phi] = float(state.satellite_margin_db)
    assert margins[-35.0] < 0.0 < margins[35.0]
    assert margins[0.0] == pytest.approx(margins[35.0], abs=0.1)


def test_half_a_circle_at_the_edge_of_range_is_masked() -> None:
    """At 200 km a bank of 25 degrees loses the line of sight while the belly is turned away."""
    place = 41.8 * DEGREE
    ends = replace(SITE, satellite=0)
    heading = range(0, 360, 15)
    up = [
        int(last(flight(20, ends, latitude=lambda k: place, attitude=lambda k, psi=psi: banked(25.0, psi))).los_up)
        for psi in heading
    ]
    assert 0.25 < np.mean(up) < 0.75
    assert int(last(flight(20, ends, latitude=lambda k: place)).los_up) == 1


def test_a_lost_bearer_needs_more_margin_to_come_back_than_to_stay() -> None:
    """Hysteresis: at 1 dB a link that holds stays, one that was lost does not return."""
    distance_db = float(last(flight(20)).los_margin_db)
    weak = replace(AIRBORNE, los_power_dbm=AIRBORNE.los_power_dbm - distance_db + 1.0)
    ends = replace(SITE, satellite=0)
    assert float(last(flight(20, ends, aircraft=weak)).los_margin_db) == pytest.approx(1.0, abs=0.01)
    assert int(last(flight(60, ends, aircraft=weak)).los_up) == 1
    gap = replace(ends, gap_a=GapWindow(1.0, 1.0))
    assert int(last(flight(60, gap, aircraft=weak)).los_up) == 0
    better = replace(weak, los_power_dbm=weak.los_power_dbm + 1.5)
    assert int(last(flight(60, gap, aircraft=better)).los_up) == 1


def test_frames_are_lost_near_the_edge() -> None:
    clear = float(last(flight(20)).los_margin_db)
    ends = replace(SITE, satellite=0)
    for margin, share in ((0.3, 0.50), (1.0, 0.10), (2.0, 0.01)):
        weak = replace(AIRBORNE, los_power_dbm=AIRBORNE.los_power_dbm - clear + margin)
        states = dict(flight(1000, ends, aircraft=weak))
        lost = int(states[999].telemetry_lost) / 1000
        assert lost == pytest.approx(share, abs=3.5 * np.sqrt(share * (1 - share) / 1000))  # binomial, 3.5 sigma
    assert int(dict(flight(1000, ends))[999].telemetry_lost) == 0


def test_the_same_seed_meets_the_same_outages_and_another_seed_does_not() -> None:
    def course(seed: int) -> list[float]:
        return [float(s.delay) for _, s in flight(60, latitude=lambda k: FAR, seed=seed)]

    assert course(5) == course(5)
    assert course(5) != course(6)


def test_no_margin_is_ever_without_number() -> None:
    """Over the antenna, on the ground beside it, at the antipode, upside down."""
    for latitude, attitude in ((40.0, LEVEL), (40.0001, banked(180.0)), (-40.0, LEVEL), (90.0, banked(90.0))):
        state = last(flight(12, latitude=lambda k, x=latitude: x * DEGREE, attitude=lambda k, a=attitude: a))
        assert all(np.isfinite(value) for value in flatten(state).values())


def test_parked_beside_the_antenna_the_link_is_strong() -> None:
    state: Any = SLOW(
        radio.initial(), 40.01 * DEGREE, 33.0 * DEGREE, 851.5, SITE, AIRBORNE, Conditions(), 0.0, 1, 0
    )
    assert float(state.paths.los_db) > 20.0
