"""Ice beyond the nose of the wing: large drops, boots, propeller, ports, intake, antenna, window, parked aircraft."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.iced import ANKA, PRESSURE, fly

from samruk.plant import accretion, ice
from samruk.plant.ice import BOOTS, Coat, Ice, IceEffects, Parked, Ports, Protection
from samruk.plant.ice.probes import pitot_line, static_line

WING = Protection(wing_left=1.0, wing_right=1.0, tail=1.0)
BOOTED = replace(ANKA, ice=replace(ANKA.ice, wing_kind=float(BOOTS), wing_cycle=60.0, wing_residual=0.1))
STANDING = Parked(on_ground=1.0, overcast=0.0, fuel_temperature=300.0, static_pressure=PRESSURE)


def effects(state: Ice, craft: Any = ANKA) -> IceEffects:
    return ice.effects(state, craft, 200.0)


# Books ----------------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.floats(-30.0, 4.0), st.floats(0.0, 2.0), st.sampled_from((15.0, 20.0, 40.0, 110.0, 526.0)),
       st.floats(0.0, 1.0), st.sampled_from((0.0, 1.0, 2.0)))  # fmt: skip
def test_water_that_strikes_freezes_evaporates_or_runs_off(
    cold: float, lwc: float, drop: float, works: float, kind: float
) -> None:
    craft = replace(ANKA, ice=replace(ANKA.ice, wing_kind=kind))
    state = fly(Ice(), 1800, cold, lwc, drop_um=drop, on=Protection(works, works, works, works, works), craft=craft)
    b = state.books
    whole = max(b.caught, 1.0)
    # sums of 1,800 seconds and twelve zones: 20,000 roundings of 1e-16
    assert abs(b.caught - b.collected - b.evaporated - b.run_off) <= 1e-11 * whole
    assert abs(b.collected - b.shed - float(ice.aboard(state))) <= 1e-11 * whole
    assert min(b.caught, b.collected, b.evaporated, b.run_off, b.shed) >= 0.0


# Clouds of large drops ------------------------------------------------------------------------------------------------


def test_large_drops_make_a_ridge_that_protection_cannot_remove() -> None:
    small, large = (fly(Ice(), 900, -6.0, 0.27, drop_um=drop, on=WING) for drop in (20.0, 110.0))
    assert small.wing_left.aft == 0.0
    assert 1e-3 < large.wing_left.aft < 30e-3  # tests with large drops tell of ridges of 6 to 19 mm (recalled)
    assert effects(large).C_L_max_factor < effects(small).C_L_max_factor - 0.1
    rain = fly(Ice(), 900, -6.0, 0.26, drop_um=526.0, on=WING)
    assert rain.wing_left.aft > large.wing_left.aft


def test_the_small_drops_of_a_cloud_still_ice_a_body_too_big_for_its_median() -> None:
    s = accretion.stream(263.15, 70e3, 45.0, 0.3e-3, 12e-6)
    alone = float(accretion.total_catch(accretion.modified_inertia(s, 0.2), 0.5))
    spread = float(accretion.distributed_catch(s, 0.2, 0.5))
    assert alone == 0.0
    assert 0.0 < spread < 0.1


def test_three_groups_of_drops_stand_for_langmuirs_seven() -> None:
    """Catch by three groups against all seven of the D distribution: within 0.02 from 12 to 40 um."""
    sizes, weights = (0.31, 0.52, 0.71, 1.0, 1.37, 1.74, 2.22), (0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.05)
    for drop in (12e-6, 20e-6, 40e-6):
        s = accretion.stream(263.15, 70e3, 55.0, 0.3e-3, drop)
        seven = sum(
            w * float(accretion.total_catch(accretion.modified_inertia(replace(s, drop=k * drop), 0.033), 0.34))
            for k, w in zip(sizes, weights, strict=True)
        )
        assert float(accretion.distributed_catch(s, 0.033, 0.34)) == pytest.approx(seven, abs=0.02)


def test_rain_below_freezing_ices_the_aircraft() -> None:
    """The air tells freezing rain as large drops of its cloud water; it reaches behind the protected nose."""
    wet = fly(Ice(), 600, -3.0, 0.2, drop_um=526.0, rain_rate=1e-6, freezing_rain=1, on=WING)
    assert wet.books.caught > 1.0
    assert wet.wing_left.aft > 1e-3


# Wing -----------------------------------------------------------------------------------------------------------------


def test_the_outer_wing_with_its_smaller_nose_catches_more() -> None:
    state = fly(Ice(), 600, -12.0, 0.3)
    outer, inner = state.tip_left.mass / ANKA.ice.tip_chord, state.wing_left.mass / (2.0 - ANKA.ice.tip_chord)
    assert outer > 1.1 * inner


def test_ice_on_one_outer_half_rolls_more_than_on_one_inner_half_and_into_the_iced_wing() -> None:
    coat = Coat(thickness=5e-3, horn=5e-3, drag=0.01, mass=1.0)
    outer, inner = effects(Ice(tip_right=coat)), effects(Ice(wing_right=coat))
    assert outer.roll_added > inner.roll_added > 0.0  # positive to the right
    assert outer.roll_in_stall > 0.0
    assert outer.break_factor > 1.0


@pytest.mark.parametrize("name", ["catch_factor", "drag_factor", "horn_factor", "lift_factor", "blade_factor"])
def test_every_uncertain_factor_makes_ice_worse_as_it_grows(name: str) -> None:
    lift, drag, thrust = [], [], []
    for factor in (0.6, 1.0, 1.4):
        craft = replace(ANKA, ice=replace(ANKA.ice, **{name: factor}))
        does = effects(fly(Ice(), 900, -8.0, 0.4, craft=craft), craft)
        lift.append(float(does.C_L_max_factor))
        drag.append(float(does.C_D_added))
        thrust.append(float(does.thrust_factor))
    assert all(a >= b for a, b in pairwise(lift))
    assert all(a <= b for a, b in pairwise(drag))
    assert name != "blade_factor" or thrust[0] > thrust[1] > thrust[2]  # other factors change when blades shed
    assert (lift[0], drag[0], thrust[0]) != (lift[2], drag[2], thrust[2])


def test_thick_ice_that_hardly_holds_breaks_off() -> None:
    thick = Ice(wing_bare=Coat(thickness=0.09, horn=0.05, drag=0.1, mass=20.0))
    assert fly(thick, 1, -0.5, 0.0).wing_bare.mass < 0.5 * 20.0
    assert fly(thick, 1, -15.0, 0.0).wing_bare.mass > 0.99 * 20.0


@pytest.mark.parametrize(("celsius", "lwc"), [(-3, 0.5), (-5, 0.5), (-10, 0.42), (-20, 0.21), (-30, 0.14), (-10, 2.2)])
@pytest.mark.parametrize("seconds", [300, 1200, 2400])
def test_a_protected_wing_drags_no_more_than_a_bare_one(celsius: float, lwc: float, seconds: int) -> None:
    bare, kept = (effects(fly(Ice(), seconds, celsius, lwc, on=on)) for on in (None, WING))
    assert kept.C_D_added < bare.C_D_added
    # runback behind the heat is the worst place for lift (NACA TR-446): 0.02 of it in the heaviest cloud of the list
    assert kept.C_L_max_factor > bare.C_L_max_factor - 0.03


# Boots ----------------------------------------------------------------------------------------------------------------


def test_boots_leave_thin_ice_and_take_thick() -> None:
    thin = Ice(wing_left=Coat(thickness=0.2 * BOOTED.ice.boot_least, mass=1.0))
    thick = Ice(wing_left=Coat(thickness=2.0 * BOOTED.ice.boot_least, mass=1.0))
    assert fly(thin, 61, -10.0, 0.0, on=WING, craft=BOOTED).wing_left.mass > 0.99
    assert fly(thick, 61, -10.0, 0.0, on=WING, craft=BOOTED).wing_left.mass == pytest.approx(0.1, rel=0.01)
    assert fly(thick, 61, -45.0, 0.0, on=WING, craft=BOOTED).wing_left.mass > 0.99


def test_a_boot_that_stands_up_costs_drag_and_lift_for_six_seconds_of_its_cycle() -> None:
    state, standing = Ice(), 0.0
    for _ in range(120):
        state = fly(state, 1, -10.0, 0.0, on=WING, craft=BOOTED)
        does = effects(state, BOOTED)
        assert abs(float(does.roll_added)) < 1e-12  # both halves stand up together
        if state.inflated_left > 0.0:
            standing += 1.0
            assert does.C_L_max_factor < 0.95
            assert does.C_D_added > 0.8 * BOOTED.aero.C_D_profile_wing
    assert standing == 12.0


def test_boots_keep_no_heated_ridge_and_no_protection_fires_nothing() -> None:
    booted = fly(Ice(), 1200, -4.0, 0.6, on=WING, craft=BOOTED)
    bare = replace(ANKA, ice=replace(ANKA.ice, wing_kind=0.0))
    assert booted.wing_left.ridge == 0.0
    none, off = fly(Ice(), 1200, -8.0, 0.5, on=WING, craft=bare), fly(Ice(), 1200, -8.0, 0.5)
    assert none.wing_left.mass == pytest.approx(off.wing_left.mass, rel=1e-12)
    assert fly(Ice(), 1200, -8.0, 0.5, on=WING, craft=BOOTED).wing_left.mass < off.wing_left.mass


# Propeller ------------------------------------------------------------------------------------------------------------


def test_the_hub_ices_where_the_tip_is_warmed_by_its_speed() -> None:
    state = fly(Ice(), 600, -8.0, 0.4, turns=200.0)
    assert state.hub.thickness > 1e-3
    assert state.tip.thickness < 0.2e-3


def test_one_blade_sheds_first_and_the_thrust_saws() -> None:
    state, shakes, thrust = Ice(), [], []
    for _ in range(180):
        state = fly(state, 10, -12.0, 0.4, turns=200.0)
        does = effects(state)
        shakes.append(float(does.imbalance))
        thrust.append(float(does.thrust_factor))
    assert max(shakes) > 50.0  # N: some tens of grams at 1 m and 200 rad/s are hundreds
    assert min(shakes) < 1.0
    assert any(b > a + 0.005 for a, b in pairwise(thrust)), "thrust comes back when a blade sheds"
    assert 0.78 < min(thrust) < 0.97  # 10 % as a rule, 15 to 20 % at worst (NACA TN-1598, recalled)
    heated = fly(Ice(), 900, -12.0, 0.4, turns=200.0, on=Protection(propeller=1.0))
    assert effects(heated).imbalance < 0.2 * max(shakes)


# Ports ----------------------------------------------------------------------------------------------------------------


def test_a_closed_port_reads_no_speed_and_with_the_drain_closed_too_it_reads_height() -> None:
    static = 80e3
    assert float(pitot_line(1020.0, 1e3, 0.0, 0.0)) == pytest.approx(1000.0)  # the tube is calibrated with its drain
    assert float(pitot_line(1020.0, 1e3, 1.0, 0.0)) == 0.0
    climbed = float(pitot_line(1020.0, 1e3 + 5e3, 1.0, 1.0))
    assert climbed == pytest.approx(6e3)  # what the line kept over the static pressure 5 kPa lower
    assert float(static_line(static - 5e3, static, 1.0)) == pytest.approx(static, abs=1e-6)
    assert float(static_line(static - 5e3, static, 0.0)) == pytest.approx(static - 5e3, abs=0.1)


def test_glaze_closes_the_drain_too_and_rime_does_not() -> None:
    glaze, rime = fly(Ice(), 2100, -4.0, 0.6), fly(Ice(), 2100, -20.0, 0.2)
    assert glaze.ports.drain == 1.0
    assert rime.ports.pitot == 1.0
    assert rime.ports.drain < 0.1
    freed = fly(glaze, 60, -4.0, 0.0, on=Protection(pitot=1.0))
    assert freed.ports.pitot == freed.ports.drain == 0.0


def test_only_large_drops_close_the_static_port() -> None:
    assert fly(Ice(), 1200, -6.0, 0.5).ports.static == 0.0
    assert fly(Ice(), 1200, -6.0, 0.3, drop_um=110.0).ports.static == 1.0
    assert fly(Ice(), 1200, -6.0, 0.3, drop_um=110.0, on=Protection(pitot=1.0)).ports.static == 0.0


def test_the_intake_screen_closes_until_warm_air_is_breathed() -> None:
    state = fly(Ice(), 900, -10.0, 0.5)
    assert state.ports.intake > 0.5
    assert 0.92 <= float(effects(state).power_factor) <= 0.95  # 5 to 8 % by warm air
    assert float(effects(Ice(ports=Ports(intake=0.3))).power_factor) > 0.98
    assert fly(state, 300, 5.0, 0.0).ports.intake == 0.0


def test_wet_ice_on_the_antenna_costs_decibels_and_the_window_contrast() -> None:
    wet, dry = fly(Ice(), 1800, -3.0, 0.6), fly(Ice(), 1800, -20.0, 0.3)
    assert 0.2 < float(effects(wet).antenna_loss) <= 3.0  # 0.5 to 3 dB at C band (recalled)
    assert float(effects(dry).antenna_loss) < 0.5
    assert float(effects(Ice(window=1e-3)).window_contrast) == pytest.approx(0.3, abs=0.01)
    heated = fly(Ice(), 1800, -10.0, 0.6, drop_um=40.0, on=Protection(window=1.0))
    bare = fly(Ice(), 1800, -10.0, 0.6, drop_um=40.0)
    assert float(effects(heated).window_contrast) == 1.0
    assert float(effects(bare).window_contrast) < 0.9


# On the ground --------------------------------------------------------------------------------------------------------


def test_a_clear_calm_night_frosts_the_wing_and_the_sun_frees_it() -> None:
    night = fly(Ice(), 6 * 3600, -3.0, 0.0, parked=STANDING, Va=0.0, humidity=0.95, cover=0.0, irradiance=0.0)
    assert 0.05e-3 < night.frost < 1.5e-3  # nights leave some tenths of a millimetre
    cloudy = fly(Ice(), 6 * 3600, -3.0, 0.0, parked=replace(STANDING, overcast=1.0), Va=0.0, humidity=0.95, cover=0.0)
    assert cloudy.frost == 0.0
    day = fly(night, 2 * 3600, 1.0, 0.0, parked=STANDING, Va=0.0, humidity=0.6, cover=0.0, irradiance=500.0)
    assert day.frost == 0.0


def test_cold_fuel_frosts_a_wing_in_warm_humid_air() -> None:
    cold = Parked(on_ground=1.0, overcast=1.0, fuel_temperature=253.15, static_pressure=PRESSURE)
    assert fly(Ice(), 3600, 4.0, 0.0, parked=cold, Va=0.0, humidity=0.9, cover=0.0).frost > 0.05e-3
    warm = replace(cold, fuel_temperature=285.0)
    assert fly(Ice(), 3600, 4.0, 0.0, parked=warm, Va=0.0, humidity=0.9, cover=0.0).frost == 0.0


def test_freezing_rain_on_the_ground_freezes_no_faster_than_it_falls() -> None:
    hour, rate = 3600, 2e-3 / 3600.0
    state = fly(Ice(), hour, -1.0, 0.0, parked=STANDING, Va=0.0, rain_rate=rate, freezing_rain=1)
    assert 0.05e-3 < state.slab <= 2e-3 * 1000.0 / 917.0 + 1e-9
    assert effects(state).mass > 0.0


@pytest.mark.parametrize(("millimetres", "least"), [(6.0, 70.0), (13.0, 150.0), (37.0, 430.0)])
def test_clear_ice_of_the_qualification_tests_weighs_what_it_must(millimetres: float, least: float) -> None:
    """6, 13 and 37 mm: MIL-STD-810 method 521's light, medium and heavy loads (recalled)."""
    does = effects(ice.initial(slab=1e-3 * millimetres))
    assert does.mass == pytest.approx(917.0 * 1e-3 * millimetres * 1.3 * ANKA.geometry.wing_area, rel=1e-9)
    assert does.mass > least
    assert does.C_L_max_factor == pytest.approx(0.75)
