"""Motion over the rotating Earth keeps what mechanics says it keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk import earth
from samruk.engine.layout import rebuild, walk
from samruk.frames import (
    Quaternion,
    Rotation,
    Vec3,
    compose,
    cross,
    dot,
    norm,
    quaternion_from_euler,
    quaternion_from_rotation,
    rotation,
)
from samruk.plant import motion
from samruk.plant.state import Inertia, Truth
from samruk.weather.air import Anchor

J_XX, J_YY, J_ZZ, J_XZ = 7700.0, 6300.0, 13900.0, 400.0
PER = 1.0 / (J_XX * J_ZZ - J_XZ**2)
BODY = Inertia(1500.0, J_XX, J_YY, J_ZZ, J_XZ, 1 / 1500.0, J_ZZ * PER, 1 / J_YY, J_XX * PER, J_XZ * PER)
LATITUDE, LONGITUDE = 0.7, 0.6
NOTHING = Vec3(0.0, 0.0, 0.0)


def start(height: float, v_n: Vec3 = NOTHING, omega: Vec3 = NOTHING, latitude: float = LATITUDE) -> Truth:
    """A body at a place, with a velocity along north-east-down and a rate relative to inertial space."""
    R_en = earth.R_ne(latitude, LONGITUDE).T
    R_eb = compose(R_en, rotation(quaternion_from_euler(0.1, 0.2, 0.3)))
    return Truth(earth.ecef(latitude, LONGITUDE, height), R_en @ v_n, quaternion_from_rotation(R_eb), omega)


def fall(truth: Truth, seconds: float, dt: float) -> Truth:
    """Free motion without air: gravitation with J2 only."""

    def body(x: Any, _: Any) -> tuple[Any, None]:
        now = rebuild(truth, iter(x))
        R_eb = rotation(now.q_eb)
        rates = motion.rates(now, NOTHING, NOTHING, BODY, R_eb, earth.gravitation(now.r_be_e))
        after = motion.advance(now, rates, R_eb, dt)
        return [jnp.asarray(v, jnp.float64) for _, v, _ in walk(after)], None

    R_eb = rotation(truth.q_eb)
    first = motion.rates(truth, NOTHING, NOTHING, BODY, R_eb, earth.gravitation(truth.r_be_e))
    truth = replace(truth, a_e=first.a_e, alpha_ib_b=first.alpha_ib_b)
    x = [jnp.asarray(v, jnp.float64) for _, v, _ in walk(truth)]
    x, _ = jax.jit(lambda x: jax.lax.scan(body, x, length=round(seconds / dt)))(x)
    return rebuild(truth, iter(x))


def momentum_i(truth: Truth) -> Vec3:
    """Angular momentum along the axes of the Earth at that moment."""
    w = truth.omega_ib_b
    return rotation(truth.q_eb) @ Vec3(J_XX * w.x - J_XZ * w.z, J_YY * w.y, J_ZZ * w.z - J_XZ * w.x)


def spin_energy(truth: Truth) -> float:
    """Energy of rotation relative to inertial space, J."""
    w = truth.omega_ib_b
    return float(0.5 * dot(w, Vec3(J_XX * w.x - J_XZ * w.z, J_YY * w.y, J_ZZ * w.z - J_XZ * w.x)))


def jacobi(truth: Truth) -> float:
    """v^2/2 + potential - centrifugal potential, J/kg: constant in the rotating frame."""
    r, r1 = truth.r_be_e, float(norm(truth.r_be_e))
    s2 = float(r.z) ** 2 / r1**2
    bulge = earth.J2 * (earth.SEMI_MAJOR_AXIS / r1) ** 2 * (1.5 * s2 - 0.5)
    spun = 0.5 * earth.OMEGA**2 * (float(r.x) ** 2 + float(r.y) ** 2)
    return 0.5 * float(dot(truth.v_be_e, truth.v_be_e)) - earth.GM / r1 * (1.0 - bulge) - spun


@settings(max_examples=8, deadline=None)
@given(st.tuples(*[st.floats(-0.8, 0.8)] * 3))
def test_a_free_body_keeps_its_spin(omega: tuple[float, float, float]) -> None:
    before = start(5000.0, omega=Vec3(*omega))
    after = fall(before, 20.0, 0.02)
    scale = max(spin_energy(before), 1.0)
    # Adams-Bashforth drifts by (w dt)^3 a step: 1e-5 over 20 s at 1.4 rad/s
    assert spin_energy(after) == pytest.approx(spin_energy(before), abs=3e-4 * scale)
    turned = earth.OMEGA * 20.0
    c, s = np.cos(turned), np.sin(turned)
    to_i = Rotation(c, -s, 0.0, s, c, 0.0, 0.0, 0.0, 1.0)
    change = norm(to_i @ momentum_i(after) - momentum_i(before))
    assert float(change) < 5e-4 * float(norm(momentum_i(before))) + 1e-6


def test_a_falling_body_keeps_its_energy_in_the_turning_frame() -> None:
    before = start(12000.0, Vec3(120.0, -80.0, -60.0))
    after = fall(before, 40.0, 0.02)
    # 40 s of fall turn 8e4 J/kg of potential into motion; second order at 20 ms leaves 1e-7 of it
    assert jacobi(after) == pytest.approx(jacobi(before), abs=0.02)
    assert abs(float(dot(after.v_be_e, after.v_be_e) - dot(before.v_be_e, before.v_be_e))) > 2e4


@pytest.mark.parametrize("latitude", [0.0, 0.7, -1.2])
def test_a_falling_body_is_carried_east(latitude: float) -> None:
    seconds = 30.0
    before = start(10000.0, latitude=latitude)
    after = fall(before, seconds, 0.02)
    way_n = earth.R_ne(latitude, LONGITUDE) @ (after.r_be_e - before.r_be_e)
    g = float(earth.gravity_n(latitude, 8000.0).z)
    expected = earth.OMEGA * g * seconds**3 * np.cos(latitude) / 3.0
    # classical first order in the Earth's rate; gravity changes by 0.15 % over the fall, the vertical bends
    assert float(way_n.y) == pytest.approx(expected, rel=3e-3)
    assert float(way_n.z) == pytest.approx(0.5 * g * seconds**2, rel=2e-3)


def test_halving_the_tick_quarters_the_error() -> None:
    before = start(8000.0, Vec3(200.0, 50.0, -100.0), Vec3(0.5, -0.4, 0.3))
    best = fall(before, 8.0, 0.0025)

    def error(dt: float) -> float:
        after = fall(before, 8.0, dt)
        return float(norm(momentum_i(after) - momentum_i(best)))

    assert 3.3 < error(0.04) / error(0.02) < 4.8  # second order: 4


@settings(max_examples=10, deadline=None)
@given(st.floats(-80.0, 80.0), st.floats(-80.0, 80.0), st.floats(-15.0, 15.0))
def test_height_and_attraction_near_the_anchor_are_those_of_the_ellipsoid(north: float, east: float, up: float) -> None:
    r_e, R_ne = earth.ecef(LATITUDE, LONGITUDE, 3000.0), earth.R_ne(LATITUDE, LONGITUDE)
    anchor = Anchor(r_e, R_ne, LATITUDE, LONGITUDE, 3000.0, 0.0, earth.gravitation(r_e))
    there = r_e + R_ne.T @ Vec3(north, east, -up)
    here = motion.place(there, anchor)
    _, _, height = earth.geodetic(there)
    # one radius stands for two that differ by 0.5 %: (113 m)^2 / 2R * 0.005 = 5e-6 m, and the rounding of ECEF
    assert float(here.height) == pytest.approx(float(height), abs=2e-5)
    change = norm(motion.attraction(here.r_n, anchor) - earth.gravitation(there))
    assert float(change) < 2e-6  # J2's own gradient, 0.3 % of 1.5e-6 1/s^2 times 115 m, and the second order


def test_a_turn_by_the_series_is_the_turn_by_the_exponential() -> None:
    q, w, dt = quaternion_from_euler(0.3, -0.4, 2.0), Vec3(3.0, -2.0, 3.0), 0.02
    turned = motion.turned(q, w, dt)
    angle, n = float(norm(w)) * dt, float(norm(w))
    half = np.sin(0.5 * angle) / n
    step = Quaternion(np.cos(0.5 * angle), w.x * half, w.y * half, w.z * half)
    exact = rotation(q) @ (rotation(step) @ Vec3(1.0, 2.0, 3.0))
    got = rotation(turned) @ Vec3(1.0, 2.0, 3.0)
    assert float(norm(got - exact)) < 1e-9


def test_a_moment_about_one_axis_obeys_euler() -> None:
    truth = start(1000.0, omega=Vec3(0.3, 0.2, -0.1))
    M_b = Vec3(100.0, -200.0, 300.0)
    rates = motion.rates(truth, NOTHING, M_b, BODY, rotation(truth.q_eb), NOTHING)
    J = np.array([[J_XX, 0, -J_XZ], [0, J_YY, 0], [-J_XZ, 0, J_ZZ]])
    w = np.array([0.3, 0.2, -0.1])
    expected = np.linalg.solve(J, np.array([100.0, -200.0, 300.0]) - np.cross(w, J @ w))
    got = [float(rates.alpha_ib_b.x), float(rates.alpha_ib_b.y), float(rates.alpha_ib_b.z)]
    assert got == pytest.approx(list(expected), rel=1e-12)


def test_a_body_at_rest_on_the_ground_needs_only_the_upward_push() -> None:
    truth = start(300.0)
    R_ne = earth.R_ne(LATITUDE, LONGITUDE)
    lift_e = R_ne.T @ Vec3(0.0, 0.0, -float(earth.gravity_n(LATITUDE, 300.0).z) * BODY.mass)
    F_b = rotation(truth.q_eb).T @ lift_e
    rates = motion.rates(truth, F_b, NOTHING, BODY, rotation(truth.q_eb), earth.gravitation(truth.r_be_e))
    # normal gravity is perpendicular to the ellipsoid; J2 alone against Somigliana: below 6e-5 m/s^2
    assert float(norm(rates.a_e)) < 1e-4
    assert float(norm(cross(rates.f_b, F_b))) < 1e-6
