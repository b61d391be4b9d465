"""Gusts have the spectrum, the strength and the directions that Dryden's description gives them."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.linalg import expm

from samruk.frames import Rotation, Vec3, quaternion_from_euler, rotation
from samruk.plant import gusts
from samruk.plant.state import FAST_DT, Gust, GustLaw
from samruk.weather.air import Air

V, L, SIGMA, SPAN = 50.0, 300.0, 1.5, 17.5
HIGH_AIR = Air(
    wind_n=Vec3(5.0, 0.0, 0.0), gust_sigma_u=SIGMA, gust_sigma_v=SIGMA, gust_sigma_w=SIGMA, gust_length_u=L,
    gust_length_v=L, gust_length_w=L,
)  # fmt: skip
LAW = gusts.law(HIGH_AIR, V, 3000.0, SPAN)
LEVEL = rotation(quaternion_from_euler(0.0, 0.0, 0.0))
LANES, TICKS = 400, 3000


@pytest.fixture(scope="module")
def flown() -> dict[str, np.ndarray]:
    """Body gusts of 400 seeds over 60 s, [tick, lane], after half a minute of running in."""
    seeds = jnp.arange(LANES, dtype=jnp.int32)
    zero = jnp.zeros(LANES)

    def step(x: tuple[Any, ...], tick: Any) -> Any:
        gust = gusts.advance(Gust(*x), LAW, seeds, tick)
        now = gusts.at(gust, LAW, LEVEL)
        out = (now.v_b.x, now.v_b.y, now.v_b.z, now.omega_b.x, now.omega_b.y, now.omega_b.z)
        return (gust.u, gust.v_1, gust.v_2, gust.w_1, gust.w_2, gust.p, gust.v_slow, gust.w_slow), out

    _, out = jax.jit(lambda x: jax.lax.scan(step, x, jnp.arange(TICKS + 1500, dtype=jnp.int32)))((zero,) * 8)
    return {name: np.asarray(values)[1500:] for name, values in zip("uvwpqr", out, strict=True)}


def test_the_step_is_the_exact_solution_of_the_filter() -> None:
    for h in (1e-3, 0.02, 0.2, 1.0):
        A = np.array([[0.0, 1.0], [-1.0, -2.0]])
        decay, l11, l21, l22 = (float(x) for x in gusts.second_order(jnp.asarray(h)))
        exact = expm(A * h)
        # in units of T: (1 + sqrt(3) s)/(1 + s)^2 with states (a, b), a' = b, b' = -a - 2 b + noise
        ours = decay * np.array([[1.0 + h, h], [-h, 1.0 - h]])
        assert np.allclose(ours, exact, atol=1e-14)
        van_loan = expm(np.block([[-A, np.array([[0.0, 0.0], [0.0, 1.0]])], [np.zeros((2, 2)), A.T]]) * h)
        Q = van_loan[2:, 2:].T @ van_loan[:2, 2:]
        factor = np.array([[l11, 0.0], [l21, l22]])
        # differences of order h^3 are lost in rounding for small h
        assert np.allclose(factor @ factor.T, Q, rtol=2e-6, atol=1e-14)


def test_gusts_are_as_strong_as_asked(flown: dict[str, np.ndarray]) -> None:
    for name in "uvw":
        # 400 lanes of 60 s hold 4,000 (v, w: 8,000) independent samples: 1.2 % of standard deviation, three of them
        assert flown[name].std() == pytest.approx(SIGMA, rel=0.035), name
        assert abs(flown[name].mean()) < 0.1


def correlation(x: np.ndarray, lag: int) -> float:
    """Autocorrelation at a lag in ticks."""
    return float((x[lag:] * x[:-lag]).mean() / (x * x).mean())


@pytest.mark.parametrize("seconds", [0.5, 2.0, 6.0])
def test_gusts_fade_as_dryden_says(flown: dict[str, np.ndarray], seconds: float) -> None:
    x, lag = V * seconds / L, round(seconds / FAST_DT)
    # longitudinal exp(-x), transverse exp(-x)(1 - x/2) of the Dryden spectra
    assert correlation(flown["u"], lag) == pytest.approx(math.exp(-x), abs=0.05)
    for name in "vw":
        assert correlation(flown[name], lag) == pytest.approx(math.exp(-x) * (1.0 - 0.5 * x), abs=0.05)


def test_components_do_not_know_each_other(flown: dict[str, np.ndarray]) -> None:
    for a, b in ("uv", "uw", "vw", "up"):
        assert abs(float(np.corrcoef(flown[a].ravel(), flown[b].ravel())[0, 1])) < 0.05


def test_rotary_gusts_have_the_strength_of_the_specification(flown: dict[str, np.ndarray]) -> None:
    expected = 0.954 * SIGMA / (L ** (1.0 / 3.0) * SPAN ** (2.0 / 3.0))
    assert flown["p"].std() == pytest.approx(expected, rel=0.03)

    def of(pole: float) -> float:
        omega = np.geomspace(1e-3, 1e3, 20000)
        T = L / V
        transverse = SIGMA**2 * T / math.pi * (1.0 + 3.0 * (T * omega) ** 2) / (1.0 + (T * omega) ** 2) ** 2
        density = transverse * (omega / V) ** 2 / (1.0 + (omega / pole) ** 2)
        return math.sqrt(float(np.trapezoid(density[omega < math.pi / FAST_DT], omega[omega < math.pi / FAST_DT])))

    assert flown["q"].std() == pytest.approx(of(math.pi * V / (4.0 * SPAN)), rel=0.04)
    assert flown["r"].std() == pytest.approx(of(math.pi * V / (3.0 * SPAN)), rel=0.04)


def test_flying_into_a_downdraught_pitches_the_air_down(flown: dict[str, np.ndarray]) -> None:
    rising = np.diff(flown["w"], axis=0)
    assert float(np.corrcoef(rising.ravel(), flown["q"][1:].ravel())[0, 1]) < -0.2
    assert float(np.corrcoef(np.diff(flown["v"], axis=0).ravel(), flown["r"][1:].ravel())[0, 1]) > 0.2


def body(gust: Gust, law: GustLaw, R_nb: Rotation) -> np.ndarray:
    """Body components of a gust."""
    v = gusts.at(gust, law, R_nb).v_b
    return np.array([float(v.x), float(v.y), float(v.z)])


def test_low_gusts_follow_the_wind_and_high_ones_the_body() -> None:
    east = Air(wind_n=Vec3(0.0, 8.0, 0.0), gust_sigma_u=1.0, gust_sigma_v=1.0, gust_sigma_w=1.0)
    low, high = (gusts.law(east, V, h, SPAN) for h in (100.0, 1000.0))
    north = rotation(quaternion_from_euler(0.0, 0.0, 0.0))
    banked = rotation(quaternion_from_euler(0.5, 0.0, 0.0))
    along = Gust(u=1.0)
    assert body(along, low, north) == pytest.approx([0.0, 1.0, 0.0], abs=1e-6)
    assert body(along, high, north) == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)
    down = Gust(w_1=1.0)
    assert body(down, low, banked)[1] == pytest.approx(math.sin(0.5), abs=1e-6)
    assert body(down, high, banked) == pytest.approx([0.0, 0.0, 1.0], abs=1e-6)


def test_calm_air_has_no_gusts() -> None:
    law = gusts.law(Air(), 0.0, 2.0, SPAN)
    assert body(Gust(1.0, 1.0, 1.0, 1.0, 1.0, 1.0), law, LEVEL) == pytest.approx([0.0, 0.0, 0.0])
