"""The error filter against dense algebra, and the strapdown against what must not change."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reference_aircraft import quiet_task, reference_aircraft

from samruk import earth
from samruk.autopilot import covariance as cov
from samruk.autopilot import estimator, navigation
from samruk.autopilot.handbook import handbook
from samruk.frames import Rotation, Vec3, quaternion_from_euler, rotation
from samruk.messages import Inertial, Measurement

BOOK = handbook(reference_aircraft())


def _random_covariance(seed: int) -> np.ndarray:
    """A positive definite 15 by 15 matrix."""
    A = np.random.default_rng(seed).normal(size=(15, 15))
    return A @ A.T + np.eye(15)


def _triangle(dense: np.ndarray) -> object:
    return cov.triangle([[float(x) for x in row] for row in dense])


def _dense(P: object) -> np.ndarray:
    return np.array([[float(x) for x in row] for row in cov.square(P)])


def _attitude() -> Rotation:
    return rotation(quaternion_from_euler(0.3, -0.2, 1.1))


def test_propagation_is_the_dense_product() -> None:
    f_e, R, dt = Vec3(2.0, -7.0, 5.0), _attitude(), 1.0
    entries = cov.transition(f_e, R, dt)
    Phi = np.eye(15)
    for (i, j), value in entries.items():
        Phi[i, j] = float(value)
    noise = [0.01 * k for k in range(15)]
    dense = _random_covariance(1)
    new = _dense(cov.propagate(_triangle(dense), entries, noise))
    # rounding of 15 products of numbers of size 100 in float64
    np.testing.assert_allclose(new, Phi @ dense @ Phi.T + np.diag(noise), rtol=1e-12, atol=1e-9)


def test_transition_follows_the_errors_of_a_perturbed_strapdown() -> None:
    """Each column of the transition is what the strapdown itself does with a small error over 1 s at 50 Hz."""
    f_b, omega = Vec3(0.5, 0.2, -9.6), Vec3(0.02, -0.01, 0.05)
    q = quaternion_from_euler(0.1, 0.05, 0.7)
    start = navigation.Navigation(Vec3(4.0e6, 3.0e6, 4.0e6), Vec3(10.0, -20.0, 30.0), q)

    def run(nav: navigation.Navigation) -> tuple[navigation.Navigation, Vec3, list[Rotation]]:
        total, turns = Vec3(), []
        for _ in range(50):
            step = navigation.strapdown(nav, Inertial(f_b, omega), Vec3(), 0.02)
            nav, total = step.nav, total + step.f_e
            turns.append(rotation(nav.q_eb))
        return nav, total * (1.0 / 50.0), turns

    nominal, f_e, turns = run(start)
    entries = cov.transition(f_e, turns[25], 1.0)
    size = 1e-6
    tilt = rotation(start.q_eb).T @ Vec3(size, 0.0, 0.0)
    cases = {
        cov.TILT: navigation.Navigation(start.r_be_e, start.v_be_e, navigation.turned(start.q_eb, tilt)),
        cov.ACCELEROMETER: navigation.Navigation(start.r_be_e, start.v_be_e, q, Vec3(size, 0.0, 0.0)),
        cov.GYRO: navigation.Navigation(start.r_be_e, start.v_be_e, q, Vec3(), Vec3(size, 0.0, 0.0)),
    }
    for column, nav in cases.items():
        true, _, _ = run(nav)
        moved = (true.v_be_e - nominal.v_be_e) * (1.0 / size)
        expected = [float(entries.get((cov.VELOCITY + i, column), 0.0)) for i in range(3)]
        # the transition takes one mean attitude for the second: 0.05 rad of turn, and Coriolis is left out
        np.testing.assert_allclose([float(moved.x), float(moved.y), float(moved.z)], expected, atol=0.35)


def test_update_is_the_kalman_update() -> None:
    dense = _random_covariance(2)
    H = {cov.PLACE: 0.6, cov.PLACE + 2: -0.8, cov.TILT + 1: 0.3}
    row = np.zeros(15)
    for i, value in H.items():
        row[i] = value
    x = np.linspace(-1.0, 1.0, 15)
    P, new, _ = cov.update(_triangle(dense), list(x), H, 2.0, 0.5, True, 1e3)
    S = row @ dense @ row + 0.5
    K = dense @ row / S
    np.testing.assert_allclose(_dense(P), dense - np.outer(K, row @ dense), rtol=1e-12, atol=1e-10)  # rounding
    np.testing.assert_allclose([float(v) for v in new], x + K * (2.0 - row @ x), rtol=1e-12)  # rounding


def test_an_innovation_far_out_is_believed_less_but_not_thrown_away() -> None:
    P = cov.diagonal([1.0] * 15)
    zero = [0.0] * 15
    near = float(cov.update(P, zero, {0: 1.0}, 2.0, 1.0, True, 5.0)[1][0])
    far = float(cov.update(P, zero, {0: 1.0}, 1000.0, 1.0, True, 5.0)[1][0])
    assert near == pytest.approx(1.0)  # half of 2 m: equal variances
    assert 0.0 < far < 0.1 * 1000.0  # at the gate of 5 the gain is 25 / 1e6 of the square: 0.025 m
    off = cov.update(P, zero, {0: 1.0}, 2.0, 1.0, False, 5.0)[1][0]
    assert float(off) == 0.0


def test_an_aircraft_at_rest_stays_where_it_is() -> None:
    """Exact measurements of a parked aircraft: after 60 s it has not moved, over the rotating Earth."""
    r_e = earth.ecef(0.7, 0.6, 900.0)
    nav = navigation.Navigation(r_e, Vec3(), quaternion_from_euler(0.2, 0.1, 0.4))
    gravity = navigation.gravity_e(r_e)
    for _ in range(600):
        R = rotation(nav.q_eb)
        measured = Inertial(R.T @ (-gravity), R.T @ Vec3(0.0, 0.0, earth.OMEGA))
        nav = navigation.strapdown(nav, measured, gravity, 0.1).nav
    away = nav.r_be_e - r_e
    # second-order terms left out of the small turn: 7e-6 rad per step cubed, far below a millimetre
    assert float(abs(away.x) + abs(away.y) + abs(away.z)) < 1e-3


def test_compass_error_about_the_vertical_is_seen_with_its_sign() -> None:
    """An estimate turned 0.02 rad too far right asks for a turn of +0.02 rad about the upward axis."""
    R_ne = earth.R_ne(0.7, 0.6)
    field_n = Vec3(0.4, 0.05, 0.9)
    true_b = field_n  # body aligned with north-east-down
    R_en = R_ne.T
    wrong = navigation.turned(_aligned(R_en), Vec3(0.0, 0.0, 0.02))
    innovation, row_n = estimator._compass(wrong, R_ne, true_b, field_n)
    correction_down = -0.02  # about down, in n
    assert float(innovation) == pytest.approx(float(row_n.z) * correction_down, rel=0.05)  # second order in 0.02


def _aligned(R_en: Rotation) -> object:
    from samruk.frames import quaternion_from_rotation

    return quaternion_from_rotation(R_en)


def test_alignment_knows_heading_better_than_level() -> None:
    task = quiet_task()
    r_e = earth.ecef(task.home.latitude, task.home.longitude, 306.0)
    start = estimator.initial(BOOK, task.home, Measurement(r_be_e=r_e), 3)
    up = r_e * (1.0 / float(np.sqrt(float(r_e.x) ** 2 + float(r_e.y) ** 2 + float(r_e.z) ** 2)))
    heading = float(estimator.heading_variance(start.covariance, up)) ** 0.5
    # the geocentric vertical used here is 3e-3 rad off the geodetic one
    assert heading == pytest.approx(estimator.HEADING_SIGMA, rel=0.02)
    assert float(start.covariance.ex_ex) ** 0.5 > estimator.HEADING_SIGMA
