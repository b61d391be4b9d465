"""What the autopilot makes of the signs of ice: probe, own power, a doubted pitot."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import jax.numpy as jnp
import pytest
from tests.reference_aircraft import reference_aircraft

from samruk.autopilot import performance, protection
from samruk.autopilot.airdata import AirData
from samruk.autopilot.handbook import handbook
from samruk.autopilot.protection import Frost
from samruk.earth import RHO0
from samruk.messages import Measurement
from samruk.mission import Rules

BOOK = handbook(reference_aircraft())
MASS, TAS, COLD = 1500.0, 50.0, 263.15


def needed() -> float:
    """Power that the handbook's clean aircraft needs, W."""
    air = AirData(tas=TAS, rho=0.8 * RHO0, load_factor=1.0)
    one = protection.power_ratio(1.0, air, 0.0, 0.0, MASS, BOOK.drive.cruise_speed, BOOK)
    return 1.0 / float(one)


NEED = needed()


def after(
    seconds: float, excess: float = 0.0, frost: Frost | None = None, detected: int = 0, kelvin: float = COLD,
    valid: int = 1, powered: int = 1, dt: float = 1.0, growth: float = 0.0, automatic: int = 1,
) -> Frost:  # fmt: skip
    """The state after some time in level flight with this power excess, growing at `growth` a second."""
    frost = frost or Frost(learning=500.0)
    air = AirData(tas=TAS, rho=0.8 * RHO0, load_factor=1.0, valid=valid)
    rules = Rules(automatic_protection=automatic)
    for k in range(int(seconds / dt)):
        power = NEED * (1.0 + excess + growth * k * dt)
        m = Measurement(shaft_power=power, ice_detected=detected, temperature=kelvin, wing_powered=powered)
        frost = protection.step(
            frost, m, air, jnp.asarray(True), 0.0, 0.0, MASS, BOOK.drive.cruise_speed, rules, BOOK, dt
        )
    return frost


def test_clear_cold_air_leaves_protection_off() -> None:
    frost = after(300.0)
    assert (int(frost.on), int(frost.pitot_heat)) == (0, 0)
    assert not bool(protection.suspect(frost))


def test_a_rise_of_power_in_cold_air_turns_protection_on_without_the_probe() -> None:
    frost = after(400.0, growth=0.2 / 400.0)
    assert int(frost.on) == 1
    assert bool(protection.suspect(frost))


@pytest.mark.parametrize("kelvin", [276.0, 290.0])
def test_the_same_rise_in_warm_air_is_no_ice(kelvin: float) -> None:
    assert int(after(400.0, growth=0.2 / 400.0, kelvin=kelvin).on) == 0


def test_a_handbook_that_is_some_percent_off_is_no_ice() -> None:
    fresh = after(600.0, excess=0.10, frost=Frost(), kelvin=290.0)
    assert float(fresh.learnt) == pytest.approx(0.10, abs=0.01)  # five time constants of its mean
    assert int(after(600.0, excess=0.10, frost=fresh).on) == 0


def test_ice_is_not_learnt_as_the_handbook_s_error() -> None:
    frost = after(1200.0, growth=0.2 / 1200.0)
    assert float(frost.learnt) < 0.05  # of the 20 %


@pytest.mark.parametrize(("detected", "rises", "valid"), list(product((0, 1), repeat=3)))
def test_any_one_sign_turns_protection_on_and_none_leaves_it_off(detected: int, rises: int, valid: int) -> None:
    frost = after(400.0, growth=rises * 0.2 / 400.0, frost=Frost(learning=500.0), valid=1)
    frost = after(2.0, excess=float(frost.excess), frost=frost, detected=detected, valid=valid)
    assert int(frost.on) == max(detected, rises, 1 - valid)
    waits: Any = after(2.0, frost=replace(frost, on=0), detected=detected, valid=valid, automatic=0)
    assert int(waits.on) == 0  # it waits for the crew


def test_a_doubted_pitot_in_warm_air_heats_the_pitot_only() -> None:
    frost = after(5.0, valid=0, kelvin=290.0)
    assert (int(frost.on), int(frost.pitot_heat)) == (0, 1)


def test_a_wing_iced_without_heat_counts_as_iced_until_warm_air_has_cleared_it() -> None:
    iced = after(120.0, detected=1, powered=0)
    hour = after(3600.0, frost=iced, dt=10.0)
    assert bool(protection.suspect(hour))
    thawed = after(120.0, frost=hour, kelvin=280.0)
    assert not bool(protection.suspect(thawed))
    heated = after(3600.0, frost=after(120.0, detected=1, powered=1), dt=10.0)
    assert not bool(protection.suspect(heated))


def test_the_shaft_power_of_the_handbook_is_what_the_ratio_says() -> None:
    q = 0.5 * 0.8 * RHO0 * TAS**2
    C_L = MASS * 9.80665 / (q * BOOK.lift.area)
    drag = performance.drag(BOOK, q, C_L, 0.0, 0.0, 0.8)
    expected = performance.shaft_power(BOOK, drag, TAS, 0.8 * RHO0, BOOK.drive.cruise_speed)
    assert pytest.approx(float(expected), rel=1e-6) == NEED  # rounding
