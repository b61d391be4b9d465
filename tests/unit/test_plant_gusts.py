"""Gusts have the spectrum, the strength and the directions that Dryden and von Karman give them."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.linalg import expm

from samruk import earth
from samruk.frames import Rotation, Vec3, quaternion_from_euler, rotation
from samruk.mission import Conditions, DiscreteGust
from samruk.plant import gusts
from samruk.plant.state import FAST_DT, Gust, GustLaw
from samruk.verify.air import at_rest, filter_of, karman_filter
from samruk.weather.air import Air

V, L, SIGMA, SPAN = 50.0, 300.0, 1.5, 17.5
HIGH_AIR = Air(
    wind_n=Vec3(5.0, 0.0, 0.0), gust_sigma_u=SIGMA, gust_sigma_v=SIGMA, gust_sigma_w=SIGMA, gust_length_u=L,
    gust_length_v=L, gust_length_w=L,
)  # fmt: skip
STILL = Conditions()
LAW = gusts.law(HIGH_AIR, V, 3000.0, SPAN, STILL, 0)
LEVEL = rotation(quaternion_from_euler(0.0, 0.0, 0.0))
LANES, TICKS = 400, 3000
CONTINUOUS = ("u_1", "u_2", "v_1", "v_2", "v_3", "w_1", "w_2", "w_3", "p", "v_slow", "w_slow")
STATES = tuple(field.name for field in fields(Gust))


@pytest.fixture(scope="module")
def flown() -> dict[str, np.ndarray]:
    """Dryden's gusts."""
    return ensemble(LAW)


def ensemble(law: GustLaw) -> dict[str, np.ndarray]:
    """Body gusts of 400 seeds over 60 s, [tick, lane], after half a minute of running in."""
    seeds = jnp.arange(LANES, dtype=jnp.int32)
    zero = jnp.zeros(LANES)

    def step(x: tuple[Any, ...], tick: Any) -> Any:
        gust = gusts.advance(Gust(*x), law, seeds, tick)
        now = gusts.at(gust, law, LEVEL)
        out = (now.v_b.x, now.v_b.y, now.v_b.z, now.omega_b.x, now.omega_b.y, now.omega_b.z)
        return tuple(getattr(gust, name) for name in STATES), out

    _, out = jax.jit(lambda x: jax.lax.scan(step, x, jnp.arange(TICKS + 1500, dtype=jnp.int32)))((zero,) * len(STATES))
    return {name: np.asarray(values)[1500:] for name, values in zip("uvwpqr", out, strict=True)}


@pytest.mark.parametrize("h", [1e-4, 1e-3, 0.02, 0.049, 0.051, 0.2, 1.0])
def test_the_step_is_the_exact_solution_of_the_filter(h: float) -> None:
    A, B = np.array([[-1.0, 0.0], [1.0, -1.0]]), np.array([[1.0], [0.0]])
    found, noise, _ = filter_of(gusts.across(jnp.asarray(h), jnp.asarray(False)))
    # in units of T two lags in a row: a' = -a + noise, b' = a - b
    assert np.allclose(found[:2, :2], expm(A * h), atol=1e-14)
    van_loan = expm(np.block([[-A, B @ B.T], [np.zeros((2, 2)), A.T]]) * h)
    Q = van_loan[2:, 2:].T @ van_loan[:2, 2:]
    # the series end at the power that is 1e-4 of the smallest term at h = 0.05
    assert np.allclose((noise @ noise.T)[:2, :2], Q, rtol=1e-4, atol=1e-17)


@pytest.mark.parametrize("h", [1e-4, 3e-3, 0.05, 0.5])
@pytest.mark.parametrize("karman", [False, True])
def test_gusts_keep_their_strength_whatever_the_speed(h: float, karman: bool) -> None:
    for law in (gusts.along(jnp.asarray(h), jnp.asarray(karman)), gusts.across(jnp.asarray(h), jnp.asarray(karman))):
        A, B, out = filter_of(law)
        # one noise drives all of von Karman's poles: at coarse steps their outputs add up a little otherwise
        limit = 1e-4 if not karman else 1e-4 + 0.15 * h
        assert float(out @ at_rest(A, B) @ out) == pytest.approx(1.0, abs=limit)


@pytest.mark.parametrize("axis", ["u", "w"])
def test_von_karman_gusts_have_his_spectrum(axis: str) -> None:
    variance, spectrum = karman_filter(axis)
    assert variance < 0.02
    assert spectrum < 0.08  # the rational fits are that good from 0.05 to 20 L Omega


def slope(karman: int, axis: str, low: float, high: float) -> float:
    """Power of the frequency by which the discrete filter's spectrum falls between two places L Omega."""
    A, B, out = filter_of(getattr(gusts.law(HIGH_AIR, V, 3000.0, SPAN, Conditions(karman=karman), 0), axis))
    x = np.geomspace(low, high, 40)
    gain = [np.sum(np.abs(out @ np.linalg.solve(np.exp(1j * y / L * V * FAST_DT) * np.eye(len(A)) - A, B)) ** 2)
            for y in x]  # fmt: skip
    return float(np.polyfit(np.log(x), np.log(gain), 1)[0])


@pytest.mark.parametrize("axis", ["u", "w"])
@pytest.mark.parametrize(("karman", "power"), [(0, -2.0), (1, -5.0 / 3.0)])
def test_spectra_fall_by_their_power(karman: int, axis: str, power: float) -> None:
    # from 4 to 20 L Omega the Dryden forms have come to 2 within 0.05; few real poles follow 5/3 to 0.06
    assert slope(karman, axis, 4.0, 20.0) == pytest.approx(power, abs=0.06)


@pytest.mark.parametrize(("axis", "along"), [(0, (0, 0, -1)), (1, (0, 1, 0)), (2, (-1, 0, 0))])
def test_discrete_gusts_blow_up_to_the_right_and_against_the_flight(axis: int, along: tuple[int, int, int]) -> None:
    day = Conditions(gust_a=DiscreteGust(amplitude=3.0, gradient=50.0, axis=axis, start=0.0))
    peak = gusts.law(HIGH_AIR, V, 3000.0, SPAN, day, 1).discrete_b
    assert [float(peak.x), float(peak.y), float(peak.z)] == [3.0 * part for part in along]


def test_a_discrete_gust_swells_and_fades_over_its_length() -> None:
    day = Conditions(gust_b=DiscreteGust(amplitude=8.0, gradient=50.0, axis=0, start=100.4))
    gust, found = Gust(), []
    for second in (99.0, 100.0, 101.0, 102.0, 103.0):
        gust = gusts.begin(gust, V, day, second)
        law = gusts.law(HIGH_AIR, V, 3000.0, SPAN, day, gust.which)
        for _ in range(50):
            gust = gusts.advance(gust, law, jnp.int32(1), jnp.int32(0))
            met = gusts.at(replace(gust, **dict.fromkeys(CONTINUOUS, 0.0)), law, LEVEL).v_b.z
            found.append(-float(met))
    t = 99.0 + FAST_DT * np.arange(1, len(found) + 1)
    exact = np.where((t > 100.4) & (t < 102.4), 4.0 * (1.0 - np.cos(math.pi * V * (t - 100.4) / 50.0)), 0.0)
    assert np.array(found) == pytest.approx(exact, abs=1e-4)  # the series of the cosine: 1e-6 of 8 m/s, and rounding


def met(day: Conditions, seconds: int, north: float = 0.0, v_n: Vec3 | None = None) -> np.ndarray:
    """Vertical gust upwards, m/s, every 20 ms from time 0, of a flight at V that starts north of (0, 0) by metres."""
    gust, found = Gust(), []
    for second in range(seconds):
        place = ((north + second * (0.0 if v_n is None else v_n.x)) / earth.MEAN_RADIUS, 0.0)
        gust = gusts.begin(gust, V, day, float(second), place, v_n)
        law = gusts.law(HIGH_AIR, V, 3000.0, SPAN, day, gust.which)
        for _ in range(50):
            gust = gusts.advance(gust, law, jnp.int32(1), jnp.int32(0))
            found.append(-float(gusts.at(replace(gust, **dict.fromkeys(CONTINUOUS, 0.0)), law, LEVEL).v_b.z))
    return np.array(found)


def test_a_ramp_stays_at_its_peak() -> None:
    found = met(Conditions(gust_a=DiscreteGust(amplitude=6.0, gradient=50.0, start=1.0, ramp=1)), 4)
    t = FAST_DT * np.arange(1, len(found) + 1) - 1.0
    exact = np.where(t > 0.0, np.where(t < 1.0, 3.0 * (1.0 - np.cos(math.pi * t)), 6.0), 0.0)
    assert found == pytest.approx(exact, abs=1e-4)  # the series of the cosine


def test_a_gust_at_a_place_is_met_there_and_not_by_who_passes_far_off_or_flies_away() -> None:
    here = DiscreteGust(amplitude=6.0, gradient=50.0, placed=1)
    found = met(Conditions(gust_a=here), 6, -130.0, Vec3(50.0, 0.0, 0.0))
    t = FAST_DT * np.arange(1, len(found) + 1)
    assert t[np.argmax(found)] == pytest.approx((130.0 + 50.0) / 50.0, abs=FAST_DT)  # the peak is H behind the place
    assert max(met(Conditions(gust_a=here), 3, 30.0, Vec3(50.0, 0.0, 0.0))) == 0.0
    far = replace(here, longitude=4000.0 / earth.MEAN_RADIUS)
    assert max(met(Conditions(gust_a=far), 6, -130.0, Vec3(50.0, 0.0, 0.0))) == 0.0


def test_gusts_are_as_strong_as_asked(flown: dict[str, np.ndarray]) -> None:
    for name in "uvw":
        # 400 lanes of 60 s hold 4,000 (v, w: 8,000) independent samples: 1.2 % of standard deviation, three of them
        assert flown[name].std() == pytest.approx(SIGMA, rel=0.035), name
        assert abs(flown[name].mean()) < 0.1


def test_von_karman_s_gusts_are_as_strong_as_asked() -> None:
    # at 250 m/s 60 s hold 50 lengths: 400 lanes give 1 % of standard deviation even where a pole of 1/3 L/V is slow
    fast = gusts.law(HIGH_AIR, 250.0, 3000.0, SPAN, Conditions(karman=1), 0)
    found = ensemble(fast)
    for name in "uvw":
        assert found[name].std() == pytest.approx(SIGMA, rel=0.02), name


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
    low, high = (gusts.law(east, V, h, SPAN, STILL, 0) for h in (100.0, 1000.0))
    north = rotation(quaternion_from_euler(0.0, 0.0, 0.0))
    banked = rotation(quaternion_from_euler(0.5, 0.0, 0.0))
    along = Gust(u_1=1.0)
    assert body(along, low, north) == pytest.approx([0.0, 1.0, 0.0], abs=1e-6)
    assert body(along, high, north) == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)
    down = Gust(w_1=1.0 / gusts.ROOT3)
    assert body(down, low, banked)[1] == pytest.approx(math.sin(0.5), abs=1e-6)
    assert body(down, high, banked) == pytest.approx([0.0, 0.0, 1.0], abs=1e-6)


def test_calm_air_has_no_gusts() -> None:
    law = gusts.law(Air(), 0.0, 2.0, SPAN, STILL, 0)
    assert body(Gust(*(1.0,) * 9), law, LEVEL) == pytest.approx([0.0, 0.0, 0.0])
