"""Gusts: the continuous ones of Dryden and of von Karman in exact discrete form, and discrete ones.

In units of T = L/V every filter is a sum of first-order lags, one feeding another where a pole is double. Their states
keep their variance whatever V and L are, so intensity and length may change at any time without a jump. Dryden's
(1 + sqrt(3) T s)/(1 + T s)^2 is sqrt(3) x_1 + (1 - sqrt(3)) x_2 with x_1 = n/(1 + T s) and x_2 = x_1/(1 + T s); the
covariance of a step's noise is known in closed form (Van Loan's integral). Von Karman's spectra are met by rational
filters with two and three real poles, all lags driven by one noise; outputs are scaled to unit variance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samruk import noise
from samruk.frames import Rotation, Scalar, Vec3
from samruk.lazy import jnp
from samruk.mission import Conditions, DiscreteGust
from samruk.plant.state import FAST_DT, Cross, Gust, GustLaw, Line
from samruk.tables import pick, to_float
from samruk.weather import downburst
from samruk.weather.air import Air

ROOT3 = 3.0**0.5
LEAST_SPEED = 5.0
"""m/s, airspeed below which the gusts pass as at this speed."""
CATCH = 3000.0
"""m to either side of the way, within which a discrete gust that stands at a place is met."""
LOW, HIGH = 304.8, 609.6
"""m above ground: below the first gusts follow the wind, above the second the body."""


@dataclass(frozen=True)
class GustNow:
    """The gust at the aircraft."""

    v_b: Vec3
    """m/s, body: velocity of the air."""
    omega_b: Vec3
    """rad/s, body: rotation of the air; the aerodynamics see the body's rate less this one."""


def _poles(above: tuple[float, ...], below: tuple[float, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Poles (1/T) of a rational filter with real poles and its residues, scaled to unit variance.

    Args:
        above: coefficients of the numerator by rising power of T s.
        below: of the denominator.
    """
    roots = sorted(np.roots(below[::-1]).real, reverse=True)
    top, bottom = np.poly1d(above[::-1]), np.poly1d(below[::-1]).deriv()
    residues = np.array([top(x) / bottom(x) for x in roots])
    poles = -np.array(roots)
    variance = sum(a * b / (p + q) for a, p in zip(residues, poles, strict=True) for b, q in
                   zip(residues, poles, strict=True))  # fmt: skip
    return tuple(map(float, poles)), tuple(map(float, residues / np.sqrt(variance)))


KARMAN_U = _poles((1.0, 0.25), (1.0, 1.357, 0.1987))
KARMAN_W = _poles((1.0, 2.7478, 0.3398), (1.0, 2.9958, 1.9754, 0.1539))
"""Poles and residues of the usual rational fits to von Karman's spectra (MIL-HDBK-1797's form; coefficients recalled).
Unscaled, their variance is 3 to 4 % short of the spectrum's, which reaches to infinity."""


def law(air: Air, Va: Scalar, height_agl: Scalar, span: Scalar, conditions: Conditions, which: Scalar) -> GustLaw:
    """Coefficients of the filters for the next second.

    Args:
        air: intensities, lengths, mean wind.
        Va: m/s, true airspeed.
        height_agl: m.
        span: m.
        conditions: form of the spectra, and the discrete gusts.
        which: number of the discrete gust that was begun last (`Gust.which`).

    Reference: MIL-F-8785C 3.7; sigma_p = 0.954 sigma_w / (L_w^(1/3) b^(2/3)) follows from its spectrum of roll gusts.
    """
    V = jnp.maximum(Va, LEAST_SPEED)
    u_h, v_h, w_h = (FAST_DT * V / length for length in (air.gust_length_u, air.gust_length_v, air.gust_length_w))
    p_decay = jnp.exp(-FAST_DT * jnp.pi * V / (4.0 * span))
    sigma_p = 0.954 * air.gust_sigma_w * jnp.exp(-(jnp.log(air.gust_length_w) + 2.0 * jnp.log(span)) * (1.0 / 3.0))
    wind = jnp.sqrt(air.wind_n.x * air.wind_n.x + air.wind_n.y * air.wind_n.y + 1e-12)
    karman, calm = conditions.karman == 1, 1e-6 / wind
    peak_b, rate, end = _discrete(conditions, V, which)
    return GustLaw(
        air.gust_sigma_u, air.gust_sigma_v, air.gust_sigma_w, sigma_p,
        along(u_h, karman), across(v_h, karman), across(w_h, karman), p_decay, jnp.sqrt(1.0 - p_decay * p_decay),
        jnp.pi * V / (4.0 * span), jnp.pi * V / (3.0 * span), 1.0 / V,
        air.wind_n.x / wind + calm, air.wind_n.y / wind, jnp.clip((height_agl - LOW) * (1.0 / (HIGH - LOW)), 0.0, 1.0),
        peak_b, rate, end,
    )  # fmt: skip


def along(h: Scalar, karman: Scalar) -> Line:
    """The filter of u for steps of h = dt V / L; `karman` a truth value."""
    decay = jnp.exp(-h)
    (p_1, p_2), (r_1, r_2) = KARMAN_U
    d_1, d_2 = jnp.exp(-p_1 * h), jnp.exp(-p_2 * h)

    def either(of_karman: Scalar, of_dryden: Scalar) -> Scalar:
        return jnp.where(karman, of_karman, of_dryden)

    return Line(
        either(d_1, decay), either(d_2, 0.0), either(_spread(d_1, p_1), jnp.sqrt(1.0 - decay * decay)),
        either(_spread(d_2, p_2), 0.0), either(r_1 + 0.0 * h, 1.0), either(r_2 + 0.0 * h, 0.0),
    )  # fmt: skip


def across(h: Scalar, karman: Scalar) -> Cross:
    """The filter of v or w for steps of h = dt V / L; `karman` a truth value."""
    decay, n_11, n_21, n_22 = double_pole(h)
    (p_1, p_2, p_3), (r_1, r_2, r_3) = KARMAN_W
    d_1, d_2, d_3 = (jnp.exp(-p * h) for p in (p_1, p_2, p_3))

    def either(of_karman: Scalar, of_dryden: Scalar) -> Scalar:
        return jnp.where(karman, of_karman, of_dryden)

    return Cross(
        either(d_1, decay), either(d_2, decay), either(d_3, 0.0), either(0.0, h * decay),
        either(_spread(d_1, p_1), n_11), either(_spread(d_2, p_2), n_21), either(0.0, n_22),
        either(_spread(d_3, p_3), 0.0),
        either(r_1 + 0.0 * h, ROOT3), either(r_2 + 0.0 * h, 1.0 - ROOT3), either(r_3 + 0.0 * h, 0.0),
    )  # fmt: skip


def _spread(decay: Scalar, pole: float) -> Scalar:
    """Standard deviation of a step's noise of a lag that keeps the variance 1/(2 pole)."""
    return jnp.sqrt((1.0 - decay * decay) * (0.5 / pole))


def double_pole(h: Scalar) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """Decay exp(-h) and Cholesky factor (11, 21, 22) of a step's noise of two lags in a row; h = dt V / L.

    Variances stay 1/2 and 1/4, the covariance 1/4. Below h = 0.05 series replace differences of nearly equal numbers.
    """
    decay = jnp.exp(-h)
    e2 = decay * decay
    small = h < 0.05
    q11 = jnp.where(small, h * (1.0 - h * (1.0 - h * (2.0 / 3.0 - h / 3.0))), 0.5 * (1.0 - e2))
    q12 = jnp.where(
        small, h * h * (0.5 - h * (2.0 / 3.0 - h * (0.5 - h * (4.0 / 15.0)))), 0.25 * (1.0 - e2 * (1.0 + 2.0 * h))
    )
    own = jnp.where(
        small, h * h * h * (1.0 / 12.0 - h * (1.0 / 12.0 - h * (7.0 / 180.0))),
        0.25 * (1.0 - e2 * (1.0 + 2.0 * h * (1.0 + h))) - q12 * q12 / jnp.maximum(q11, 1e-12),
    )  # fmt: skip
    n_11 = jnp.sqrt(q11)
    return decay, n_11, q12 / n_11, jnp.sqrt(jnp.maximum(own, 0.0))


def _discrete(conditions: Conditions, V: Scalar, which: Scalar) -> tuple[Vec3, Scalar, Scalar]:
    """Peak (body, m/s) of the discrete gust that was begun last, its part per fast tick, the phase where it stays.

    A whole gust ends where it has died away, a ramp at its peak.
    """
    zero = 0.0 * V
    peak_b, rate, end = Vec3(zero, zero, zero), zero, zero + 0.5
    for number, gust in _numbered(conditions):
        now = which == number
        peak_b = pick(now, _axes(gust), peak_b)
        rate = jnp.where(now, 0.5 * FAST_DT * V / gust.gradient, rate)
        end = jnp.where(now & (gust.ramp == 1), 0.0, end)
    scale = conditions.gust_scale
    return Vec3(scale * peak_b.x, scale * peak_b.y, scale * peak_b.z), rate, end


def _numbered(conditions: Conditions) -> tuple[tuple[int, DiscreteGust], ...]:
    """The day's discrete gusts by number, the last first: where two begin at once, the first is met."""
    return (3, conditions.gust_c), (2, conditions.gust_b), (1, conditions.gust_a)


def begin(
    gust: Gust, Va: Scalar, conditions: Conditions, time: Scalar, place: tuple[Scalar, Scalar] = (0.0, 0.0),
    v_n: Vec3 | None = None,
) -> Gust:  # fmt: skip
    """The same filters, with a discrete gust set before the aircraft when it is met in the next second.

    Args:
        gust: the filters' states.
        Va: m/s, true airspeed.
        conditions: the day's gusts.
        time: s since the mission's epoch.
        place: rad, latitude and longitude of the aircraft.
        v_n: m/s, NED, over the ground; gusts that stand at a place are met only where it is given.
    """
    V, phase, which = jnp.maximum(Va, LEAST_SPEED), gust.phase, gust.which
    for number, each in _numbered(conditions):
        wait = each.start - time
        if v_n is not None:
            wait = jnp.where(each.placed == 1, _way_off(each, place, v_n), wait)
        begins = (each.amplitude != 0.0) & (wait >= 0.0) & (wait < 1.0)
        phase = jnp.where(begins, -0.5 - wait * V * (0.5 / each.gradient), phase)
        which = jnp.where(begins, number, which)
    return replace(gust, phase=phase, which=which)


def _way_off(gust: DiscreteGust, place: tuple[Scalar, Scalar], v_n: Vec3) -> Scalar:
    """s until the aircraft is abeam of a gust's place; -1 where it passes farther off than CATCH or flies away."""
    north, east = downburst.offset(place[0], place[1], gust)
    speed2 = jnp.maximum(v_n.x * v_n.x + v_n.y * v_n.y, 1.0)
    wait = -(north * v_n.x + east * v_n.y) / speed2
    across = (north * v_n.y - east * v_n.x) / jnp.sqrt(speed2)
    return jnp.where((jnp.abs(across) < CATCH) & (v_n.x * v_n.x + v_n.y * v_n.y > 25.0), wait, -1.0)


def _axes(gust: DiscreteGust) -> Vec3:
    """Peak along the body axes: up, to the right, or against the flight."""
    U = gust.amplitude
    return Vec3(
        -U * to_float(gust.axis == 2), U * to_float(gust.axis == 1), -U * to_float(gust.axis == 0)
    )  # fmt: skip


def advance(gust: Gust, law: GustLaw, seed: Scalar, tick: Scalar) -> Gust:
    """The filters after a fast tick, driven by six independent numbers of unit variance of this tick.

    Those are nearly normal; what the filters make of them is normal to 0.03 in kurtosis, roll the worst.
    """
    n_u, n_p, n_v1, n_v2, n_w1, n_w2 = (noise.nearly_normal(seed, noise.GUST + 16 * k, tick) for k in range(6))
    u_1, u_2 = law.u.decay_1 * gust.u_1 + law.u.noise_1 * n_u, law.u.decay_2 * gust.u_2 + law.u.noise_2 * n_u
    v = _step((gust.v_1, gust.v_2, gust.v_3), law.v, n_v1, n_v2)
    w = _step((gust.w_1, gust.w_2, gust.w_3), law.w, n_w1, n_w2)
    before_v = _output((gust.v_1, gust.v_2, gust.v_3), law.v)
    before_w = _output((gust.w_1, gust.w_2, gust.w_3), law.w)
    return Gust(
        u_1, u_2, *v, *w, law.p_decay * gust.p + law.p_drive * n_p,
        _low_pass(gust.v_slow, before_v, _output(v, law.v), law.r_pole),
        _low_pass(gust.w_slow, before_w, _output(w, law.w), law.q_pole),
        jnp.minimum(gust.phase + law.discrete_rate, law.discrete_end), gust.which,
    )  # fmt: skip


States = tuple[Any, Any, Any]


def _step(x: States, law: Cross, n_1: Scalar, n_2: Scalar) -> States:
    """The three lags of a filter across, a fast tick later."""
    return (
        law.decay_1 * x[0] + law.noise_1 * n_1,
        law.decay_2 * x[1] + law.feed * x[0] + law.noise_2 * n_1 + law.own_2 * n_2,
        law.decay_3 * x[2] + law.noise_3 * n_1,
    )


def _output(x: States, law: Cross) -> Scalar:
    """Unit-variance output of a filter across."""
    return law.out_1 * x[0] + law.out_2 * x[1] + law.out_3 * x[2]


def swell(phase: Scalar) -> Scalar:
    """(1 + cos(2 pi phase))/2 for a phase of -1/2 .. 1/2, as the square of a series of cos(pi phase); 1e-6."""
    x = (jnp.pi * phase) * (jnp.pi * phase)
    c = 1.0 - x * (1.0 / 2.0 - x * (1.0 / 24.0 - x * (1.0 / 720.0 - x * (1.0 / 40320.0))))
    return c * c


def _low_pass(slow: Scalar, before: Scalar, after: Scalar, pole: Scalar) -> Scalar:
    """First-order low pass by the bilinear rule; pole in 1/s."""
    k = 0.5 * FAST_DT * pole
    return (slow * (1.0 - k) + k * (before + after)) / (1.0 + k)


def at(gust: Gust, law: GustLaw, R_nb: Rotation) -> GustNow:
    """The gust along the body axes.

    Below 1,000 ft u follows the mean wind and w is vertical; above 2,000 ft u, v, w follow the body; between, the
    vectors are mixed. Pitch and yaw gusts are the gradients of w and v along the flight path over one span:
    q_g = -(dw/dx), r_g = +(dv/dx), low-passed at pi V/(4b) and pi V/(3b).
    """
    u = law.sigma_u * (law.u.out_1 * gust.u_1 + law.u.out_2 * gust.u_2)
    v = law.sigma_v * _output((gust.v_1, gust.v_2, gust.v_3), law.v)
    w = law.sigma_w * _output((gust.w_1, gust.w_2, gust.w_3), law.w)
    low = 1.0 - law.high
    level = Vec3(low * (law.wind_c * u - law.wind_s * v), low * (law.wind_s * u + law.wind_c * v), low * w)
    turned = R_nb.T @ level
    met, peak_b = swell(jnp.maximum(gust.phase, -0.5)), law.discrete_b
    v_b = Vec3(
        turned.x + law.high * u + met * peak_b.x, turned.y + law.high * v + met * peak_b.y,
        turned.z + law.high * w + met * peak_b.z,
    )  # fmt: skip
    q = -law.per_speed * law.q_pole * (w - law.sigma_w * gust.w_slow)
    r = law.per_speed * law.r_pole * (v - law.sigma_v * gust.v_slow)
    return GustNow(v_b, Vec3(law.sigma_p * gust.p, q, r))
