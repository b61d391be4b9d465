"""Whole flights in the world of `samruk.plant`: the autopilot sees sensors only."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from tests.joined_flight import DEG, Trouble, day, fly, route, smaller_aircraft, task

from samruk.frames import Vec3
from samruk.messages import CommandKind, Mode, Reason
from samruk.mission import Tables

KNOT = 1852.0 / 3600.0
SHORT = route((5000, 3000, 1200, 0, 0), (12000, 0, 1500, 0, 300), (6000, -6000, 1500, 0, 0))
CIRCUIT = route((4000, 1500, 700, 0, 0))
LONG = route((5000, 3000, 1200, 0, 0), (12000, 0, 1500, 0, 6000), lost=((3000, 8000, 1000, 0, 120), (0, 0, 1000, 0, 0)))
HARDEST = 2.92
"""m/s, sink that the legs of the reference aircraft bear."""


def wind(speed: float, from_deg: float) -> dict[str, Any]:
    """A wind measured 10 m above the runway, for the day and as the aerodrome reports it."""
    angle = from_deg * DEG
    reported = Vec3(-speed * math.cos(angle), -speed * math.sin(angle), 0.0)
    return {"profile": day((315.0, speed, angle)), "wind": reported}


def flight(
    legs: Any = SHORT, count: int = 3, breeze: dict[str, Any] | None = None, gusts: float = 0.0, trouble: Any = None,
    seed: int = 7, high: float | None = None, aircraft: Any = None, **changes: Any,
) -> dict[str, Any]:  # fmt: skip
    """A flight as `fly` wants it."""
    wanted = task(legs=count, seed=seed, **changes)
    aloft = 0.15 * gusts if high is None else high
    conditions = replace(wanted.conditions, turbulence_wind=gusts, turbulence_high=aloft)
    breeze = breeze or {"profile": day(), "wind": None}
    return {
        "task": replace(wanted, conditions=conditions),
        "tables": Tables(route=legs, profile=breeze["profile"]),
        "wind": breeze["wind"],
        "trouble": trouble or Trouble(),
        "aircraft": aircraft,
    }


class Flown:
    """Columns of one flight by name."""

    def __init__(self, frames: Any, lane: int = 0) -> None:
        self.frames, self.lane = frames, lane

    def __getitem__(self, name: str) -> np.ndarray:
        return np.asarray(self.frames[name][:, self.lane])

    def during(self, mode: Mode, settle: int = 0) -> np.ndarray:
        """Seconds spent in a mode, the first `settle` of each stay left out."""
        inside = self["mode"] == int(mode)
        kept = inside.copy()
        for shift in range(1, settle + 1):
            kept[shift:] &= inside[:-shift]
            kept[:shift] = False
        return np.asarray(kept)

    def first(self, mode: Mode) -> int:
        """Second at which a mode began first."""
        found = np.flatnonzero(self["mode"] == int(mode))
        assert found.size, f"never in {mode.name}"
        return int(found[0])

    def reasons(self, mode: Mode) -> set[Reason]:
        """Reasons for which a mode was flown."""
        return {Reason(int(r)) for r in self["reason"][self["mode"] == int(mode)]}


def flown(seconds: int, **keywords: Any) -> Flown:
    """One flight."""
    return Flown(fly([flight(**keywords)], seconds)[0])


@lru_cache(maxsize=1)
def calm() -> Flown:
    """A flight on a calm day."""
    return flown(1600)


def landed(one: Flown) -> None:
    """The flight ended at rest, unharmed."""
    assert one["damage"][-1] == 0
    assert one["status"][-1] == 0
    assert Mode(int(one["mode"][-1])) == Mode.STOPPED


def test_it_takes_off_flies_its_route_and_lands() -> None:
    landed(calm())
    order = [Mode.PREFLIGHT, Mode.LINE_UP, Mode.TAKE_OFF, Mode.CLIMB, Mode.ROUTE, Mode.LOITER, Mode.DESCENT,
             Mode.APPROACH, Mode.FLARE, Mode.ROLL_OUT, Mode.STOPPED]  # fmt: skip
    starts = [calm().first(mode) for mode in order]
    assert starts == sorted(starts)


def test_a_leg_is_flown_on_its_line() -> None:
    leg = calm().during(Mode.ROUTE, settle=60)
    # 0.1 m: what a mean bank error of 0.02 degrees does against the course gain; 3 m is 0.07 s of flight
    assert np.sqrt(np.mean(calm()["right"][leg] ** 2)) < 3.0


def test_a_circle_is_flown_at_its_radius_and_height() -> None:
    circle = np.flatnonzero(calm().during(Mode.LOITER, settle=90))[:-1]  # in the last second the leg is the next one
    assert np.abs(calm()["right"][circle]).max() < 5.0  # 0.3 % of the radius
    assert np.abs(calm()["height"][circle] - 1500.0).max() < 10.0  # GNSS is 2.25 m (1 sigma) off vertically


def test_a_calm_landing_is_soft_and_on_the_centreline() -> None:
    down = calm().first(Mode.ROLL_OUT)
    assert calm()["touchdown_sink"][down : down + 8].max() < 1.0  # the flare aims at 0.45 m/s
    assert abs(calm()["final_right"][down]) < 1.5
    assert 0.0 < -calm()["final_to_go"][down] < 700.0


@pytest.mark.parametrize("side", [120.0, 300.0], ids=["from the right", "from the left"])
def test_fifteen_knots_of_gusty_crosswind(side: float) -> None:
    """Eight seeds a side at the declared limit, turbulence driven by the same wind; an approach may be flown again."""
    breeze = wind(14.9 * KNOT, side)
    flights = [flight(CIRCUIT, 1, breeze, 15.0 * KNOT, seed=100 + k) for k in range(8)]
    frames, _ = fly(flights, 1500)
    for lane in range(8):
        one = Flown(frames, lane)
        landed(one)
        down = one.first(Mode.ROLL_OUT)
        assert one["touchdown_sink"][down : down + 10].max() < 0.75 * HARDEST
        assert np.abs(one["final_right"][down:]).max() < 15.0  # the runway is 50 m wide, the track 2.5 m


def test_an_aircraft_of_another_size_flies_by_its_own_handbook() -> None:
    """12 m of span, 650 kg, half the power: the same code, gains from the definition."""
    craft = smaller_aircraft()
    loading = replace(task().loading, fuel=100.0, payload=50.0)
    one = flown(1700, breeze=wind(4.0, 100.0), gusts=4.0, aircraft=craft, loading=loading)
    landed(one)
    down = one.first(Mode.ROLL_OUT)
    assert one["touchdown_sink"][down : down + 8].max() < 0.6 * HARDEST
    circle = one.during(Mode.LOITER, settle=90)
    assert np.abs(one["right"][circle]).max() < 15.0  # 1 % of the radius, in gusts


def test_an_unstable_approach_is_flown_again() -> None:
    """At 70 m the aircraft is set 80 m aside, with what it knows of its place: it goes around, and lands."""
    _, batch = fly([flight(CIRCUIT, 1)], 400)
    while not (batch.values("pilot.flight.mode")[0] == int(Mode.APPROACH) and _height(batch) < 72.0):
        batch.advance(1, 0)
        assert batch.ticks < 12000
    _shift(batch, 80.0)
    late = Flown(batch.advance(1200, 1))
    assert (late["mode"] == int(Mode.GO_AROUND)).any()
    assert late.reasons(Mode.GO_AROUND) == {Reason.UNSTABLE_APPROACH}
    landed(late)
    assert late["final_right"][late.first(Mode.ROLL_OUT)] == pytest.approx(0.0, abs=3.0)


def _height(batch: Any) -> float:
    return float(batch.values("pilot.estimate.height_agl")[0])


def _shift(batch: Any, right: float) -> None:
    """Move truth and estimate to the right of the runway."""
    heading = 30.0 * DEG
    R = {name: float(batch.values(f"world.anchor.R_ne.{name}")[0]) for name in ("xx", "xy", "xz", "yx", "yy", "yz")}
    north, east = -right * math.sin(heading), right * math.cos(heading)
    for axis in "xyz":
        moved = north * R[f"x{axis}"] + east * R[f"y{axis}"]
        for place in ("world.truth.r_be_e", "pilot.estimator.nav.r_be_e"):
            batch.set(0, f"{place}.{axis}", float(batch.values(f"{place}.{axis}")[0]) + moved)


def test_a_lost_link_flies_the_lost_link_route_and_lands() -> None:
    one = flown(1800, legs=LONG, count=2, lost_link_legs=2, trouble=Trouble(link_lost_from=500.0))
    assert one.first(Mode.LOST_LINK) == pytest.approx(620, abs=1)  # the rule's 120 s
    assert one.reasons(Mode.LOST_LINK) == {Reason.LINK}
    landed(one)


def test_a_link_that_comes_back_takes_the_route_up_again() -> None:
    trouble = Trouble(link_lost_from=500.0, link_lost_to=800.0)
    one = flown(1200, legs=LONG, count=2, lost_link_legs=2, trouble=trouble)
    assert (one["mode"][850:1100] == int(Mode.ROUTE)).any()
    assert Mode(int(one["mode"][-1])) == Mode.LOITER


def test_fuel_sends_it_home_with_the_reserve_left() -> None:
    """The tanks are emptied to 1.5 kg above what reaches home with the reserve: it turns for home on its own."""
    _, batch = fly([flight(LONG, 2)], 600)
    need = float(batch.values("pilot.plan.home")[0] + batch.values("pilot.plan.reserve")[0])
    batch.set(0, "world.fuel", need + 1.5)
    one = Flown(batch.advance(2600, 1))
    assert one.reasons(Mode.DESCENT) == {Reason.FUEL}
    landed(one)
    # the way home is planned with 600 s of loiter flow; gauge and engine are each within 1 %
    assert one["fuel"][-1] > 0.9 * float(batch.values("pilot.plan.reserve")[0])


def test_an_engine_that_stops_brings_it_to_the_runway() -> None:
    one = flown(1300, trouble=Trouble(engine_off_at=600.0))
    assert one.reasons(Mode.GLIDE) == {Reason.ENGINE}
    landed(one)
    down = one.first(Mode.ROLL_OUT)
    assert abs(one["final_right"][down]) < 10.0
    assert 0.0 < -one["final_to_go"][down] < 1500.0


def test_a_blocked_pitot_is_noticed_and_the_flight_goes_on() -> None:
    trouble = Trouble(pitot_from=500.0, pitot_to=1000.0)
    one = flown(1700, breeze=wind(5.0, 60.0), gusts=2.0, trouble=trouble)
    rejected = np.flatnonzero(one["valid"] == 0)
    assert 500 < rejected[0] < 520  # the tube drains with a time constant of 20 s
    assert 1000 < rejected[-1] < 1090  # believed again after 30 s of agreement
    airborne = one["on_ground"] == 0
    assert one["stall_margin"][airborne & (one["height_agl"] > 30.0)].min() > 0.10
    assert one["cas"].max() < 0.92 * 67.4  # never-exceed speed
    landed(one)


def test_a_wing_that_lifts_less_than_the_handbook_says_is_flown_out_of_its_stalls_and_home() -> None:
    """In the circle the wing loses 40 % of its greatest lift, which nothing tells the autopilot but the stalls."""
    _, batch = fly([flight(breeze=wind(5.0, 60.0), gusts=3.0)], 500)
    batch.set_param(0, "aircraft.aero.C_L_max", 0.95)
    batch.set_param(0, "aircraft.aero.C_L_max_flap", 1.35)
    one = Flown(batch.advance(1200, 1))
    stalled = (one["stalled"] > 0.9) & (one["on_ground"] == 0)
    assert stalled.any()
    assert one["height_agl"][stalled].min() > 1000.0  # of 1200 m: a stall costs less than 200 m
    assert Reason.AIRSPEED in one.reasons(Mode.DESCENT)
    landed(one)


def test_severe_turbulence_does_not_cost_the_pitot_its_credit() -> None:
    """Gusts of 3 m/s (1 sigma) above 600 m, half an hour of flight: the witnesses scatter, the pitot is kept."""
    one = flown(1500, breeze=wind(8.0, 60.0), gusts=8.0, high=3.0)
    assert (one["valid"] == 1).all()


def test_two_minutes_without_gnss_are_bridged_and_the_filter_knows_how_well() -> None:
    one = flown(1000, trouble=Trouble(gnss_from=700.0, gnss_to=820.0))
    last = 819
    assert one["position_sigma"][last] > 10.0
    assert one["position_error"][last] < 4.0 * one["position_sigma"][last]
    assert np.abs(one["height_error"][700:820]).max() < 10.0  # pressure holds the height
    assert one["position_error"][840] < 10.0


def test_the_filter_is_as_good_as_it_says() -> None:
    """Squared errors over their variance, eight seeds, moderate turbulence: 3 for three axes when honest.

    Below 1.5 it would waste a factor of 1.4 in accuracy, above 4.5 it would claim it.
    """
    flights = [flight(CIRCUIT, 1, None, 8.0, seed=40 + k) for k in range(8)]
    frames, _ = fly(flights, 700)
    for name in ("nees_velocity", "nees_tilt"):
        mean = float(np.mean(frames[name][60:]))
        assert 1.0 < mean < 4.5, name


@pytest.mark.parametrize(
    ("reason", "keywords"),
    [
        (Reason.CROSSWIND, {"breeze": wind(13.0, 120.0)}),
        (Reason.FUEL_SHORT, {"fuel": 8.0}),
        (Reason.TOO_HEAVY, {"payload": 400.0}),
        (Reason.TOO_COLD, {"offset": -75.0}),
        (Reason.FUEL_TOO_COLD, {"cold_fuel": 228.0}),
    ],
)
def test_what_speaks_against_a_flight_is_said(reason: Reason, keywords: dict[str, Any]) -> None:
    wanted = flight(breeze=keywords.get("breeze"))
    loading, conditions = wanted["task"].loading, wanted["task"].conditions
    loading = replace(
        loading,
        fuel=keywords.get("fuel", loading.fuel),
        payload=keywords.get("payload", loading.payload),
        fuel_temperature=keywords.get("cold_fuel", loading.fuel_temperature),
    )
    conditions = replace(conditions, temperature_offset=keywords.get("offset", 0.0))
    wanted["task"] = replace(wanted["task"], loading=loading, conditions=conditions)
    one = Flown(fly([wanted], 60)[0])
    assert Mode(int(one["mode"][-1])) == Mode.REFUSED
    assert Reason(int(one["reason"][-1])) == reason


def test_the_crew_sends_it_home_and_gets_its_answer() -> None:
    trouble = Trouble(command_at=450.0, kind=int(CommandKind.RETURN_HOME))
    one = flown(600, trouble=trouble)
    assert one["sent"][460] == 1
    assert one["accepted"][460] == 1
    assert one.reasons(Mode.DESCENT) | one.reasons(Mode.RETURN) == {Reason.CREW}


def test_a_height_above_the_ceiling_is_refused() -> None:
    trouble = Trouble(command_at=450.0, kind=int(CommandKind.SET_ALTITUDE), argument=12000.0)
    one = flown(500, trouble=trouble)
    assert one["sent"][-1] == 1
    assert one["accepted"][-1] == 0


def test_ice_that_no_height_leaves_sends_it_home_and_it_stays_homeward() -> None:
    """The detector reports for good over a wing that is not heated: up, then down, then home, and no second escape."""
    one = flown(5400, legs=LONG, count=2, trouble=Trouble(ice_from=400.0))
    landed(one)
    modes = one["mode"][np.flatnonzero(np.diff(one["mode"], prepend=-1.0))]
    assert list(modes).count(int(Mode.ESCAPE)) == 1
    assert one.reasons(Mode.DESCENT) == {Reason.ICE}
