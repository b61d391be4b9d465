"""Facts about the actuators: they lag, they are limited, and the gear stays down under load."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.reference_aircraft import reference_aircraft

from samruk.messages import ControlCommand
from samruk.plant import actuators
from samruk.plant.state import FAST_DT, Surfaces

AIRCRAFT = reference_aircraft()
A = AIRCRAFT.actuators


def response(command: float, bandwidth: float, damping: float, rate: float = 1e9, seconds: float = 1.0) -> np.ndarray:
    """Places of a servo after each tick."""
    place, moving, places = 0.0, 0.0, []
    for _ in range(round(seconds / FAST_DT)):
        place, moving = (float(x) for x in actuators.servo(place, moving, command, 0.35, rate, bandwidth, damping))
        places.append(place)
    return np.asarray(places)


def test_a_small_step_is_that_of_a_second_order_system() -> None:
    w, z = 12.0, 0.7
    places = response(0.1, w, z)
    t = FAST_DT * np.arange(1, len(places) + 1)
    d = w * math.sqrt(1.0 - z * z)
    exact = 0.1 * (1.0 - np.exp(-z * w * t) * (np.cos(d * t) + z * w / d * np.sin(d * t)))
    assert np.abs(places - exact).max() < 0.003  # the trapezoid at w dt = 0.24: 3 % of the step


@pytest.mark.parametrize("bandwidth", [25.0, 100.0])
def test_it_settles_at_any_bandwidth_that_an_aircraft_may_have(bandwidth: float) -> None:
    assert response(0.2, bandwidth, 0.7)[-1] == pytest.approx(0.2, abs=1e-3)


def test_rate_and_travel_are_limited() -> None:
    places = response(9.0, 25.0, 0.7, rate=1.0)
    assert np.diff(places).max() <= 1.0 * FAST_DT + 1e-12
    assert places[-1] == 0.35


def test_flap_and_gear_take_their_time() -> None:
    surfaces = Surfaces(delta_f=0.0, gear=1.0)
    for _ in range(round(2.0 / FAST_DT)):
        surfaces = actuators.move(surfaces, ControlCommand(delta_f=1.0, gear_down=0), 0, 1.0, AIRCRAFT)
    assert float(surfaces.delta_f) == pytest.approx(2.0 * A.flap_rate)
    assert float(surfaces.gear) == pytest.approx(1.0 - 2.0 * A.gear_rate)


def test_the_gear_stays_down_while_it_carries_weight() -> None:
    surfaces = Surfaces(gear=1.0)
    for _ in range(50):
        surfaces = actuators.move(surfaces, ControlCommand(gear_down=0), 1, 1.0, AIRCRAFT)
    assert float(surfaces.gear) == 1.0


def test_left_and_right_commands_mirror() -> None:
    right = actuators.move(Surfaces(), ControlCommand(delta_a=0.5, delta_r=-0.1, steer=0.9), 1, 1.0, AIRCRAFT)
    left = actuators.move(Surfaces(), ControlCommand(delta_a=-0.5, delta_r=0.1, steer=-0.9), 1, 1.0, AIRCRAFT)
    assert (float(right.delta_a), float(right.delta_r), float(right.steer)) == pytest.approx(
        (-float(left.delta_a), -float(left.delta_r), -float(left.steer))
    )
