"""Facts about airspeed and the judgement of the pitot tube."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.compiled import compiled
from tests.reference_aircraft import reference_aircraft

from samruk import earth
from samruk.autopilot import airdata, performance
from samruk.autopilot.airdata import AirData, Motion
from samruk.autopilot.handbook import handbook
from samruk.frames import Vec3, quaternion_from_euler, rotation
from samruk.messages import Measurement

BOOK = handbook(reference_aircraft())
MASS, HEIGHT = 1450.0, 3000.0
TEMPERATURE, PRESSURE, RHO = (float(x) for x in earth.standard_atmosphere(HEIGHT))


def impact(V: float) -> float:
    """Impact pressure, Pa, at a true airspeed."""
    mach2 = V * V / float(earth.speed_of_sound(TEMPERATURE)) ** 2
    return PRESSURE * ((1.0 + 0.2 * mach2) ** 3.5 - 1.0)


def test_true_airspeed_comes_back_from_its_pressures() -> None:
    _, tas = airdata.pitot(impact(60.0), PRESSURE, TEMPERATURE)
    assert float(tas) == pytest.approx(60.0, rel=1e-9)


def test_calibrated_airspeed_is_close_to_equivalent_at_low_mach() -> None:
    cas, tas = airdata.pitot(impact(60.0), PRESSURE, TEMPERATURE)
    equivalent = float(tas) * (RHO / earth.RHO0) ** 0.5
    assert float(cas) == pytest.approx(equivalent, rel=2e-3)  # compressibility at Mach 0.18


def cruise(V: float, wind_east: float = 0.0) -> Motion:
    """Level flight to the east, in trim by the handbook."""
    q = 0.5 * RHO * V * V
    alpha = float(performance.alpha_for(BOOK, MASS * earth.GRAVITY / (q * BOOK.lift.area), 0.0))
    R_nb = rotation(quaternion_from_euler(0.0, alpha, 1.5707963))
    f_b = R_nb.T @ Vec3(0.0, 0.0, -earth.GRAVITY)
    return Motion(Vec3(0.0, V + wind_east, 0.0), R_nb, f_b, MASS, 0.0, 1)


def flown(air: AirData, motion: Motion, indicated: float, seconds: float) -> AirData:
    """Air data after a time of unchanged flight with the pitot reading a true airspeed."""
    seen = Measurement(static_pressure=PRESSURE, impact_pressure=impact(indicated), temperature=TEMPERATURE)
    for _ in range(round(10 * seconds)):
        air = STEP(air, seen, motion)
    return air


def _step(air: AirData, seen: Measurement, motion: Motion) -> AirData:
    return airdata.step(air, seen, replace(motion, flying=motion.flying == 1), BOOK, 0.1)


STEP = compiled(_step)
BELIEVES = compiled(
    lambda air, seen, motion: airdata.step(air, seen, replace(motion, flying=motion.flying == 1), BOOK, 0.1, 0)
)
SETTLED = flown(AirData(temperature=TEMPERATURE, cas=45.0, tas=52.0), cruise(52.0, 9.0), 52.0, 150.0)


def test_wind_is_what_the_ground_speed_has_beyond_the_airspeed() -> None:
    assert float(SETTLED.wind_n.y) == pytest.approx(9.0, abs=0.2)  # six time constants: 0.25 % of 9 m/s, and alpha
    assert float(SETTLED.wind_n.x) == pytest.approx(0.0, abs=0.2)
    assert SETTLED.valid == 1


def test_a_pitot_that_drops_in_seconds_is_rejected_and_airspeed_stays() -> None:
    after = flown(SETTLED, cruise(52.0, 9.0), 25.0, 15.0)
    assert int(after.valid) == 0
    assert float(after.tas) == pytest.approx(52.0, abs=2.5)  # the wind may have slewed 3 m/s / 25 s for some seconds


def test_a_pitot_is_believed_whatever_it_says_where_nothing_arbitrates() -> None:
    seen = Measurement(static_pressure=PRESSURE, impact_pressure=impact(20.0), temperature=TEMPERATURE)
    air = SETTLED
    for _ in range(200):
        air = BELIEVES(air, seen, cruise(52.0, 9.0))
    assert air.valid == 1
    assert float(air.tas) == pytest.approx(20.0, abs=0.5)  # thirteen time constants of the smoothing


def test_a_pitot_that_fades_over_minutes_is_rejected_by_the_lift_witness() -> None:
    """The wind estimate follows so slow a fault; the wing does not."""
    air = SETTLED
    for step in range(60):
        air = flown(air, cruise(52.0, 9.0), 52.0 - 0.35 * step, 5.0)
    assert int(air.valid) == 0
    assert abs(float(air.ratio)) > airdata.RATIO_LIMIT


def test_a_pitot_that_comes_back_is_believed_again_after_a_while() -> None:
    lost = flown(SETTLED, cruise(52.0, 9.0), 20.0, 20.0)
    assert int(flown(lost, cruise(52.0, 9.0), 52.0, 20.0).valid) == 0
    assert int(flown(lost, cruise(52.0, 9.0), 52.0, 60.0).valid) == 1


def test_a_real_change_of_wind_is_not_taken_for_a_fault() -> None:
    """Ground speed falls by 5 m/s within 20 s as the wind drops: airspeed and wing agree all the time."""
    air = SETTLED
    for step in range(20):
        air = flown(air, cruise(52.0, 9.0 - 0.25 * step), 52.0, 1.0)
    assert int(air.valid) == 1


def test_the_stall_margin_is_that_of_the_handbook() -> None:
    air = replace(AirData(), cas=1.25 * float(performance.stall_speed(BOOK, MASS, 0.0)), load_factor=1.0)
    assert float(airdata.stall_margin(air, BOOK, MASS, 0.0)) == pytest.approx(0.25)


def sinking(V: float, w: float) -> Motion:
    """Level nose, carried lift, in air that sinks by w m/s: what a stall looks like from inside."""
    steady = cruise(V)
    return replace(steady, v_n=Vec3(0.0, V, w))


def test_a_stall_is_flown_out_once_the_airspeed_is_a_fifth_above_that_of_its_beginning() -> None:
    slow = 1.3 * float(performance.stall_speed(BOOK, MASS, 0.0)) / (RHO / earth.RHO0) ** 0.5
    settled = flown(AirData(temperature=TEMPERATURE, cas=slow, tas=slow), cruise(slow), slow, 60.0)
    stalled = flown(settled, sinking(slow, 0.3 * slow), slow, 4.0)
    assert bool(airdata.stalled(stalled)), "a nose 17 degrees above the path with the lift of level flight"
    assert not bool(airdata.stalled(flown(stalled, sinking(1.3 * slow, 0.4 * slow), 1.3 * slow, 6.0)))


def test_nothing_is_taken_for_a_stall_at_speeds_that_no_ice_stalls() -> None:
    fast = 1.8 * float(performance.stall_speed(BOOK, MASS, 0.0)) / (RHO / earth.RHO0) ** 0.5
    settled = flown(AirData(temperature=TEMPERATURE, cas=fast, tas=fast), cruise(fast), fast, 60.0)
    assert int(flown(settled, sinking(fast, 0.3 * fast), fast, 10.0).stalls) == 0
