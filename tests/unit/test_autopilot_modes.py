"""Facts about the table of modes: what leads where, and what goes first."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import jax.numpy as jnp
import pytest
from tests.reference_aircraft import quiet_task

from samruk.autopilot import flight as f
from samruk.autopilot import modes
from samruk.autopilot.checks import Checks
from samruk.autopilot.flight import Flight
from samruk.messages import Mode, Reason

QUIET = Checks(**{field.name: jnp.asarray(False) for field in fields(Checks)})
QUIET = replace(
    QUIET, refusal=jnp.int32(0), hopeless_reason=jnp.int32(int(Reason.FROST)), stall_reason=jnp.int32(int(Reason.ICE))
)


def next_mode(mode: Mode, flight: dict[str, Any] | None = None, legs: int = 0, **true: Any) -> tuple[Mode, Reason]:
    """Mode and reason after one look at the table with these statements true."""
    checks = replace(QUIET, **{name: jnp.asarray(value) for name, value in true.items()})
    state = Flight(mode=jnp.int32(int(mode)), **(flight or {}))
    new, reason = modes.decided(state, modes.table(state, checks, quiet_task(lost_link_legs=legs)))
    return Mode(int(new)), Reason(int(reason))


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_happens_when_nothing_is_the_matter(mode: Mode) -> None:
    expected = {Mode.GLIDE: Mode.RETURN, Mode.LOITER: Mode.ROUTE}.get(mode, mode)
    assert next_mode(mode)[0] == expected


def test_a_refusal_goes_before_readiness() -> None:
    reason = jnp.int32(int(Reason.FUEL_SHORT))
    assert next_mode(Mode.PREFLIGHT, refusal=reason, ready=True) == (Mode.REFUSED, Reason.FUEL_SHORT)


def test_the_way_out_to_the_route() -> None:
    assert next_mode(Mode.PREFLIGHT, ready=True)[0] == Mode.LINE_UP
    assert next_mode(Mode.LINE_UP, powered=True)[0] == Mode.TAKE_OFF
    assert next_mode(Mode.TAKE_OFF, clear=True)[0] == Mode.CLIMB
    assert next_mode(Mode.CLIMB, level=True)[0] == Mode.ROUTE
    assert next_mode(Mode.ROUTE, {"circling": 1})[0] == Mode.LOITER
    assert next_mode(Mode.LOITER, {"circling": 1})[0] == Mode.LOITER
    assert next_mode(Mode.LOITER, {"circling": 0})[0] == Mode.ROUTE


def test_the_way_home() -> None:
    assert next_mode(Mode.ROUTE, route_done=True) == (Mode.RETURN, Reason.MISSION_DONE)
    assert next_mode(Mode.RETURN, top_of_descent=True)[0] == Mode.DESCENT
    assert next_mode(Mode.DESCENT, established=True)[0] == Mode.APPROACH
    assert next_mode(Mode.APPROACH, low_enough=True)[0] == Mode.FLARE
    assert next_mode(Mode.FLARE, touched=True)[0] == Mode.ROLL_OUT
    assert next_mode(Mode.ROLL_OUT, at_rest=True)[0] == Mode.STOPPED


@pytest.mark.parametrize("mode", [Mode.CLIMB, Mode.ROUTE, Mode.LOITER, Mode.LOST_LINK, Mode.ESCAPE])
def test_fuel_goes_before_link_and_ice(mode: Mode) -> None:
    assert next_mode(mode, bingo=True, link_lost=True, ice_too_much=True) == (Mode.RETURN, Reason.FUEL)


def test_cold_fuel_sends_it_home_once_there_is_no_lower_to_go() -> None:
    assert next_mode(Mode.LOITER, {"circling": 1, "altitude_order": 4000.0}, fuel_cold=True)[0] == Mode.LOITER
    low = {"circling": 1, "altitude_order": 1500.0}  # the floor of escapes
    assert next_mode(Mode.LOITER, low, fuel_cold=True) == (Mode.RETURN, Reason.FUEL_TOO_COLD)


def test_an_engine_that_stops_in_the_air_means_a_glide_and_one_that_runs_again_the_way_home() -> None:
    assert next_mode(Mode.LOITER, engine_out=True, bingo=True) == (Mode.GLIDE, Reason.ENGINE)
    assert next_mode(Mode.GLIDE, engine_out=True)[0] == Mode.GLIDE
    assert next_mode(Mode.GLIDE)[0] == Mode.RETURN


def test_a_lost_link_flies_its_route_where_there_is_one() -> None:
    assert next_mode(Mode.ROUTE, legs=2, link_lost=True) == (Mode.LOST_LINK, Reason.LINK)
    assert next_mode(Mode.ROUTE, legs=0, link_lost=True) == (Mode.RETURN, Reason.LINK)
    assert next_mode(Mode.LOST_LINK, legs=2, link_back=True)[0] == Mode.ROUTE


@pytest.mark.parametrize("mode", [Mode.APPROACH, Mode.FLARE, Mode.ROLL_OUT, Mode.TAKE_OFF])
def test_near_the_ground_neither_link_nor_ice_changes_the_mode(mode: Mode) -> None:
    assert next_mode(mode, legs=2, link_lost=True, ice_too_much=True, bingo=True)[0] == mode


def test_an_escape_goes_back_to_what_it_interrupted() -> None:
    assert next_mode(Mode.ESCAPE, {"resume": f.LOST_LINK}, out_of_ice=True)[0] == Mode.LOST_LINK
    assert next_mode(Mode.ESCAPE, {"descended": 1}, ice_persists=True) == (Mode.RETURN, Reason.ICE)
    assert next_mode(Mode.ESCAPE, {"descended": 0}, ice_persists=True)[0] == Mode.ESCAPE


def test_a_wing_that_stalls_again_is_taken_home() -> None:
    assert next_mode(Mode.LOITER, {"circling": 1}, stalls=True) == (Mode.RETURN, Reason.ICE)


def test_an_unstable_approach_is_given_up() -> None:
    assert next_mode(Mode.APPROACH, unstable=True, low_enough=False) == (Mode.GO_AROUND, Reason.UNSTABLE_APPROACH)
    assert next_mode(Mode.GO_AROUND, around_done=True)[0] == Mode.DESCENT


def test_a_bounce_is_flown_as_a_flare_and_a_balloon_as_a_go_around() -> None:
    assert next_mode(Mode.ROLL_OUT, bounced=True)[0] == Mode.FLARE
    assert next_mode(Mode.FLARE, ballooned=True)[0] == Mode.GO_AROUND


def test_a_hopeless_take_off_stops_with_its_reason() -> None:
    assert next_mode(Mode.TAKE_OFF, hopeless=True) == (Mode.ROLL_OUT, Reason.FROST)


@pytest.mark.parametrize("mode", [Mode.HOLD, Mode.HEADING, Mode.STICK])
def test_what_is_ordered_is_protected_as_a_route_is(mode: Mode) -> None:
    assert next_mode(mode, bingo=True) == (Mode.RETURN, Reason.FUEL)
    assert next_mode(mode, engine_out=True) == (Mode.GLIDE, Reason.ENGINE)
    assert next_mode(mode, ice_too_much=True) == (Mode.ESCAPE, Reason.ICE)
    assert next_mode(mode, stalls=True) == (Mode.RETURN, Reason.ICE)
    assert next_mode(mode, too_hot=True) == (Mode.RETURN, Reason.HEAT)
    assert next_mode(mode, legs=2, link_lost=True) == (Mode.LOST_LINK, Reason.LINK)
    assert next_mode(mode, link_lost=True) == (Mode.RETURN, Reason.LINK)


def test_a_stick_that_is_let_go_and_ground_ahead_end_what_was_ordered() -> None:
    assert next_mode(Mode.STICK, stick_left=True) == (Mode.HEADING, Reason.CREW)
    assert next_mode(Mode.STICK, stick_left=True, walled=True) == (Mode.HOLD, Reason.TOO_LOW)
    assert next_mode(Mode.HEADING, walled=True) == (Mode.HOLD, Reason.TOO_LOW)
    assert next_mode(Mode.ROUTE, walled=True)[0] == Mode.ROUTE


def test_a_rehearsal_of_the_lost_link_goes_on_with_the_link() -> None:
    crew = {"reason": int(Reason.CREW)}
    assert next_mode(Mode.LOST_LINK, crew, legs=2, link_back=True)[0] == Mode.LOST_LINK
    assert next_mode(Mode.LOST_LINK, crew, legs=2, route_done=True) == (Mode.RETURN, Reason.CREW)
    held = {"directed": f.Directed(held=1)}
    assert next_mode(Mode.LOST_LINK, held, legs=2, link_back=True) == (Mode.HOLD, Reason.LINK)


def test_membership_of_modes() -> None:
    for mode in Mode:
        assert bool(f.is_in(jnp.int32(int(mode)), f.EN_ROUTE)) == (int(mode) in f.EN_ROUTE)
