"""What the handbook says follows from the definition, and the gains placed from it are stable over the envelope."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.joined_flight import smaller_aircraft
from tests.reference_aircraft import reference_aircraft

from samruk.autopilot import control, performance
from samruk.autopilot.handbook import APPROACH_MARGIN, LOITER_MARGIN, handbook

AIRCRAFT = reference_aircraft()
BOOK = handbook(AIRCRAFT)
KNOT = 1852.0 / 3600.0


def test_loiter_speed_is_that_of_the_class() -> None:
    """Public descriptions give about 75 kt for an aircraft of 1,500 kg."""
    V = float(performance.speed_for(BOOK, 1500.0, BOOK.speeds.loiter)) / KNOT
    assert 70.0 < V < 85.0  # wing area and C_L_max are estimates: 7 % each, 5 % of speed


def test_speeds_keep_their_margins() -> None:
    stall = float(performance.stall_speed(BOOK, 1500.0, 0.0))
    landing = float(performance.stall_speed(BOOK, 1500.0, 1.0))
    loiter, cruise = (float(performance.speed_for(BOOK, 1500.0, c)) for c in (BOOK.speeds.loiter, BOOK.speeds.cruise))
    assert loiter >= (LOITER_MARGIN - 1e-9) * stall
    assert cruise >= loiter
    approach = float(performance.speed_for(BOOK, 1500.0, BOOK.speeds.approach))
    assert approach == pytest.approx(APPROACH_MARGIN * landing)


def test_stall_speed_grows_with_the_root_of_load() -> None:
    one, two = (float(performance.stall_speed(BOOK, 1500.0, 0.0, n)) for n in (1.0, 2.0))
    assert two / one == pytest.approx(2.0**0.5)


def test_shaft_power_is_not_less_than_thrust_times_speed() -> None:
    for V in (30.0, 45.0, 70.0):
        power = float(performance.shaft_power(BOOK, 800.0, V, 0.9, BOOK.drive.cruise_speed))
        assert 800.0 * V < power < 2.5 * 800.0 * V  # an efficiency between 0.4 and 1


def test_the_whole_power_at_height_follows_the_engine_line() -> None:
    full = BOOK.drive.rated_power
    rated = BOOK.drive.rated_speed
    assert float(performance.power_available(BOOK, 0.9, rated)) == pytest.approx(full)
    high = float(performance.power_available(BOOK, 0.3747, rated))
    assert high / full == pytest.approx(130.0 / 170.0, rel=0.01)  # the two points that the definition was drawn through


@pytest.mark.parametrize("aircraft", [AIRCRAFT, smaller_aircraft()], ids=["reference", "smaller"])
@pytest.mark.parametrize("load", [0.7, 1.0])
@pytest.mark.parametrize("margin", [1.15, 1.6, 2.1])
@pytest.mark.parametrize("sigma", [1.0, 0.37])
def test_attitude_loops_are_stable_and_damped(aircraft: Any, load: float, margin: float, sigma: float) -> None:
    """Eigenvalues of airframe, actuators and gains at corners of mass, speed and height: damping above 0.25.

    0.25 is what MIL-F-8785C asks of the short period at level 2; the fast roll and servo modes are well above it.
    """
    book = handbook(aircraft)
    mass = load * aircraft.mass.max_take_off
    equivalent = margin * float(performance.stall_speed(book, mass, 0.0))
    q, V = 0.5 * 1.225 * equivalent**2, equivalent / sigma**0.5
    gains = control.place_gains(book, q, V, mass, V)
    for axis in (_pitch, _roll, _yaw):
        A = axis(aircraft, gains, q, V, mass)
        roots = np.linalg.eigvals(A)
        assert roots.real.max() < 1e-6
        quick = roots[np.abs(roots) > 0.3]
        assert (-quick.real / np.abs(quick)).min() > 0.25


def _servo(aircraft: Any) -> tuple[float, float]:
    a = aircraft.actuators
    return a.bandwidth**2, 2.0 * a.damping * a.bandwidth


def _pitch(aircraft: Any, gains: Any, q: float, V: float, mass: float) -> np.ndarray:
    """States alpha, q, theta, integral, elevator, its rate."""
    a, g = aircraft.aero, aircraft.geometry
    J = aircraft.mass.J_yy * mass / aircraft.mass.inertia_mass
    S, c = g.wing_area, g.chord
    Z = q * S * a.C_L_alpha / (mass * V)
    M_alpha, M_q = q * S * c * a.C_m_alpha / J, q * S * c * c * a.C_m_q / (2.0 * V * J)
    M_dot, M_e = q * S * c * c * a.C_m_alpha_dot / (2.0 * V * J), q * S * c * a.C_m_delta_e / J
    w2, d = _servo(aircraft)
    A = np.zeros((6, 6))
    A[0] = [-Z, 1.0, 0.0, 0.0, 0.0, 0.0]
    A[1] = [M_alpha - M_dot * Z, M_q + M_dot, 0.0, 0.0, M_e, 0.0]
    A[2, 1] = 1.0
    A[3, 2] = 1.0
    A[4, 5] = 1.0
    A[5] = [0.0, w2 * float(gains.pitch_rate), w2 * float(gains.pitch), w2 * float(gains.pitch_integral), -w2, -d]
    return A


def _roll(aircraft: Any, gains: Any, q: float, V: float, mass: float) -> np.ndarray:
    """States phi, p, integral, aileron, its rate."""
    a, g = aircraft.aero, aircraft.geometry
    J = aircraft.mass.J_xx * mass / aircraft.mass.inertia_mass
    S, b = g.wing_area, g.span
    L_p, L_a = q * S * b * b * a.C_l_p / (2.0 * V * J), q * S * b * a.C_l_delta_a / J
    w2, d = _servo(aircraft)
    A = np.zeros((5, 5))
    A[0, 1] = 1.0
    A[1] = [0.0, L_p, 0.0, L_a, 0.0]
    A[2, 0] = 1.0
    A[3, 4] = 1.0
    A[4] = [-w2 * float(gains.roll), -w2 * float(gains.roll_rate), -w2 * float(gains.roll_integral), -w2, -d]
    return A


def _yaw(aircraft: Any, gains: Any, q: float, V: float, mass: float) -> np.ndarray:
    """States beta, r, integral of side force, rudder, its rate; wings held level."""
    a, g = aircraft.aero, aircraft.geometry
    J = aircraft.mass.J_zz * mass / aircraft.mass.inertia_mass
    S, b = g.wing_area, g.span
    Y = q * S * a.C_Y_beta / mass
    N_b, N_r = q * S * b * a.C_n_beta / J, q * S * b * b * a.C_n_r / (2.0 * V * J)
    N_d = q * S * b * a.C_n_delta_r / J
    w2, d = _servo(aircraft)
    A = np.zeros((5, 5))
    A[0] = [Y / V, -1.0, 0.0, 0.0, 0.0]
    A[1] = [N_b, N_r, 0.0, N_d, 0.0]
    A[2, 0] = -float(gains.side) * Y
    A[3, 4] = 1.0
    A[4] = [0.0, -w2 * float(gains.yaw_rate), w2, -w2, -d]
    return A


def test_left_gear_moment_is_carried_by_the_elevator() -> None:
    """With no lift yet, the elevator that raises the nose is up (negative); with the weight on the wing it is none."""
    standing = float(control.nose_up(BOOK, 300.0, 0.0, 1500.0, 0.4))
    flying = float(control.nose_up(BOOK, 1500.0, 0.1, 1500.0, 0.4))
    assert standing < -0.05
    assert flying == 0.0
