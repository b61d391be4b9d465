"""Continuous gusts: the Dryden filters of MIL-F-8785C in exact discrete form.

States have unit variance (second-order ones 1/4 and 1/4), so intensity and length may change at any time without a
jump. In units of T = L/V the second-order filter (1 + sqrt(3) T s)/(1 + T s)^2 has the exact step
(a, b) -> E ((1 + h) a + h b, -h a + (1 - h) b) + noise with h = dt/T, E = exp(-h) and output a + sqrt(3) b; the
covariance of its noise is known in closed form (Van Loan's integral); its Cholesky factor is computed once a second.
"""

from __future__ import annotations

from dataclasses import dataclass

from samruk import noise
from samruk.frames import Rotation, Scalar, Vec3
from samruk.lazy import jnp
from samruk.plant.state import FAST_DT, Gust, GustLaw
from samruk.weather.air import Air

ROOT3 = 3.0**0.5
LEAST_SPEED = 5.0
"""m/s, airspeed below which the gusts pass as at this speed."""
LOW, HIGH = 304.8, 609.6
"""m above ground: below the first gusts follow the wind, above the second the body."""


@dataclass(frozen=True)
class GustNow:
    """The gust at the aircraft."""

    v_b: Vec3
    """m/s, body: velocity of the air."""
    omega_b: Vec3
    """rad/s, body: rotation of the air; the aerodynamics see the body's rate less this one."""


def law(air: Air, Va: Scalar, height_agl: Scalar, span: Scalar) -> GustLaw:
    """Coefficients of the filters for the next second.

    Args:
        air: intensities, lengths, mean wind.
        Va: m/s, true airspeed.
        height_agl: m.
        span: m.

    Reference: MIL-F-8785C 3.7; sigma_p = 0.954 sigma_w / (L_w^(1/3) b^(2/3)) follows from its spectrum of roll gusts.
    """
    V = jnp.maximum(Va, LEAST_SPEED)
    u_h, v_h, w_h = (FAST_DT * V / length for length in (air.gust_length_u, air.gust_length_v, air.gust_length_w))
    u_decay, p_h = jnp.exp(-u_h), FAST_DT * jnp.pi * V / (4.0 * span)
    p_decay = jnp.exp(-p_h)
    sigma_p = 0.954 * air.gust_sigma_w * jnp.exp(-(jnp.log(air.gust_length_w) + 2.0 * jnp.log(span)) * (1.0 / 3.0))
    wind = jnp.sqrt(air.wind_n.x * air.wind_n.x + air.wind_n.y * air.wind_n.y + 1e-12)
    v_decay, v_11, v_21, v_22 = second_order(v_h)
    w_decay, w_11, w_21, w_22 = second_order(w_h)
    calm = 1e-6 / wind
    return GustLaw(
        air.gust_sigma_u, air.gust_sigma_v, air.gust_sigma_w, sigma_p, u_decay, jnp.sqrt(1.0 - u_decay * u_decay),
        v_h, v_decay, v_11, v_21, v_22, w_h, w_decay, w_11, w_21, w_22, p_decay, jnp.sqrt(1.0 - p_decay * p_decay),
        jnp.pi * V / (4.0 * span), jnp.pi * V / (3.0 * span), 1.0 / V,
        air.wind_n.x / wind + calm, air.wind_n.y / wind, jnp.clip((height_agl - LOW) * (1.0 / (HIGH - LOW)), 0.0, 1.0),
    )  # fmt: skip


def second_order(h: Scalar) -> tuple[Scalar, Scalar, Scalar, Scalar]:
    """Decay exp(-h) and Cholesky factor (11, 21, 22) of the noise of the second-order filter; h = dt V / L."""
    decay = jnp.exp(-h)
    e2 = decay * decay
    q11 = 0.25 * (1.0 - e2 * (1.0 + 2.0 * h * (1.0 + h)))
    q12 = 0.5 * h * h * e2
    q22 = 0.25 * (1.0 - e2 * (1.0 - 2.0 * h * (1.0 - h)))
    l11 = jnp.sqrt(jnp.maximum(q11, 1e-24))
    l21 = q12 / l11
    return decay, l11, l21, jnp.sqrt(jnp.maximum(q22 - l21 * l21, 0.0))


def advance(gust: Gust, law: GustLaw, seed: Scalar, tick: Scalar) -> Gust:
    """The filters after a fast tick, driven by six independent numbers of unit variance of this tick.

    Those are nearly normal; what the filters make of them is normal to 0.03 in kurtosis, roll the worst.
    """
    n_u, n_p, n_v1, n_v2, n_w1, n_w2 = (noise.nearly_normal(seed, noise.GUST + 16 * k, tick) for k in range(6))
    v_1 = law.v_decay * (gust.v_1 + law.v_theta * (gust.v_1 + gust.v_2)) + law.v_11 * n_v1
    v_2 = law.v_decay * (gust.v_2 - law.v_theta * (gust.v_1 + gust.v_2)) + law.v_21 * n_v1 + law.v_22 * n_v2
    w_1 = law.w_decay * (gust.w_1 + law.w_theta * (gust.w_1 + gust.w_2)) + law.w_11 * n_w1
    w_2 = law.w_decay * (gust.w_2 - law.w_theta * (gust.w_1 + gust.w_2)) + law.w_21 * n_w1 + law.w_22 * n_w2
    return Gust(
        law.u_decay * gust.u + law.u_drive * n_u, v_1, v_2, w_1, w_2, law.p_decay * gust.p + law.p_drive * n_p,
        _low_pass(gust.v_slow, _output(gust.v_1, gust.v_2), _output(v_1, v_2), law.r_pole),
        _low_pass(gust.w_slow, _output(gust.w_1, gust.w_2), _output(w_1, w_2), law.q_pole),
    )  # fmt: skip


def _output(first: Scalar, second: Scalar) -> Scalar:
    """Unit-variance output of a second-order filter."""
    return first + ROOT3 * second


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
    u = law.sigma_u * gust.u
    v, w = law.sigma_v * _output(gust.v_1, gust.v_2), law.sigma_w * _output(gust.w_1, gust.w_2)
    low = 1.0 - law.high
    level = Vec3(low * (law.wind_c * u - law.wind_s * v), low * (law.wind_s * u + law.wind_c * v), low * w)
    turned = R_nb.T @ level
    v_b = Vec3(turned.x + law.high * u, turned.y + law.high * v, turned.z + law.high * w)
    q = -law.per_speed * law.q_pole * (w - law.sigma_w * gust.w_slow)
    r = law.per_speed * law.r_pole * (v - law.sigma_v * gust.v_slow)
    return GustNow(v_b, Vec3(law.sigma_p * gust.p, q, r))
