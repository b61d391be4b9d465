"""The check cases flown: the model's rigid-body equations and air, with the case's Earth.

The equations run in the frame that turns at `earth.OMEGA`, as in flight, and are never told which Earth the case has:
where the case's own turns otherwise (case 04 does not turn), place and velocity are carried over before gravity's
figure, the air and the comparison need them. Two integrators: a fine Runge-Kutta rule, which shows the equations, and
the model's own tick, which shows what a flight gets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from samruk import earth
from samruk.engine.layout import rebuild, walk
from samruk.frames import (
    Quaternion,
    Rotation,
    Scalar,
    Vec3,
    compose,
    euler_from_rotation,
    normalised,
    quaternion_from_euler,
    quaternion_from_rotation,
    quaternion_rate,
    rotation,
)
from samruk.lazy import jnp
from samruk.plant import motion
from samruk.plant.state import FAST_DT, Truth
from samruk.units import DEGREE, FOOT
from samruk.verify.falls import DURATION, SLOWEST, Conditions, Fall, Figure

FINE_DT = 0.01
"""s, step of the Runge-Kutta rule: halving it moves no figure by a hundredth of its limit."""


@dataclass(frozen=True)
class Seen:
    """A body as the case's Earth sees it."""

    v_g: Vec3
    """m/s, relative to that Earth, along axes fixed to it."""
    R_gb: Rotation
    """Attitude, body to those axes."""
    latitude: Scalar
    """rad."""
    longitude: Scalar
    """rad."""
    height: Scalar
    """m."""


History = dict[str, "np.ndarray[Any, np.dtype[np.float64]]"]
"""Columns of the publication, a row a second, in its units."""
Step = Callable[[Truth, Scalar, Conditions, Figure], Truth]


def begun(fall: Fall) -> Truth:
    """The state at the beginning: at latitude and longitude 0, where the axes of both frames coincide."""
    r = fall.figure.ecef(0.0, 0.0, fall.height)
    R_en = earth.R_ne(0.0, 0.0).T
    slip = earth.OMEGA - fall.conditions.rate
    v_g = R_en @ fall.v_n
    v_e = Vec3(v_g.x + slip * r.y, v_g.y - slip * r.x, v_g.z)
    R_eb = compose(R_en, rotation(quaternion_from_euler(0.0, 0.0, fall.psi)))
    return Truth(r, v_e, quaternion_from_rotation(R_eb), fall.omega_ib_b)


def seen(truth: Truth, time: Scalar, rate: Scalar, figure: Figure) -> Seen:
    """A state carried from the frame of the equations to the case's Earth, which turns at `rate`, rad/s."""
    slip = earth.OMEGA - rate
    c, s = jnp.cos(slip * time), jnp.sin(slip * time)
    R_ge = Rotation(c, -s, 0.0, s, c, 0.0, 0.0, 0.0, 1.0)
    r, v = truth.r_be_e, truth.v_be_e
    v_g = R_ge @ Vec3(v.x - slip * r.y, v.y + slip * r.x, v.z)
    return Seen(v_g, compose(R_ge, rotation(truth.q_eb)), *figure.geodetic(R_ge @ r))


def rates(truth: Truth, time: Scalar, given: Conditions, figure: Figure) -> motion.Rates:
    """The model's equations of motion with the case's forces."""
    F_b, M_b = air_loads(truth, seen(truth, time, given.rate, figure), given)
    R_eb = rotation(truth.q_eb)
    return motion.rates(truth, F_b, M_b, given.body.inertia, R_eb, figure.gravitation(truth.r_be_e))


def air_loads(truth: Truth, now: Seen, given: Conditions) -> tuple[Vec3, Vec3]:
    """Drag along the wind and damping of the rates relative to the Earth: N and N m, body."""
    body, R_bg, turn = given.body, now.R_gb.T, given.rate
    rho = earth.standard_atmosphere(now.height)[2]
    R_gn = earth.R_ne(now.latitude, now.longitude).T
    wind_g = R_gn @ Vec3(0.0, given.wind_east + given.wind_slope * now.height, 0.0)
    v_b = R_bg @ (now.v_g - wind_g)
    speed = jnp.sqrt(v_b.x * v_b.x + v_b.y * v_b.y + v_b.z * v_b.z)
    omega_b = truth.omega_ib_b - Vec3(turn * R_bg.xz, turn * R_bg.yz, turn * R_bg.zz)
    damping = 0.25 * rho * speed * speed / jnp.maximum(speed, SLOWEST)
    M_b = Vec3(body.damping_p * omega_b.x, body.damping_q * omega_b.y, body.damping_r * omega_b.z) * damping
    return v_b * (-0.5 * rho * speed * body.drag_area), M_b


def fine_step(truth: Truth, time: Scalar, given: Conditions, figure: Figure) -> Truth:
    """The state after a step of the classical Runge-Kutta rule, its four stages in one loop."""
    zero = [jnp.zeros(())] * 13

    def stage(carry: tuple[Any, Any], rule: Any) -> tuple[tuple[Any, Any], None]:
        slope, total = carry
        back, weight = rule
        found = _slope(moved(truth, slope, back * FINE_DT), time + back * FINE_DT, given, figure)
        return (found, [t + weight * part for t, part in zip(total, found, strict=True)]), None

    rule = jnp.array([0.0, 0.5, 0.5, 1.0]), jnp.array([1.0, 2.0, 2.0, 1.0]) / 6.0
    (_, mean), _ = jax.lax.scan(stage, (zero, zero), rule)
    after = moved(truth, mean, FINE_DT)
    return replace(after, q_eb=normalised(after.q_eb))


def _slope(truth: Truth, time: Scalar, given: Conditions, figure: Figure) -> list[Scalar]:
    """Derivatives of place, velocity, attitude and rate, thirteen numbers."""
    found = rates(truth, time, given, figure)
    v, a, w = truth.v_be_e, found.a_e, found.alpha_ib_b
    q = quaternion_rate(truth.q_eb, truth.omega_ib_b - motion.earth_rate(rotation(truth.q_eb)))
    return [v.x, v.y, v.z, a.x, a.y, a.z, q.w, q.x, q.y, q.z, w.x, w.y, w.z]


def moved(truth: Truth, slope: Sequence[Scalar], h: Scalar) -> Truth:
    """The state after `h` seconds along a slope."""
    d = [h * part for part in slope]
    q = truth.q_eb
    return Truth(
        truth.r_be_e + Vec3(*d[0:3]), truth.v_be_e + Vec3(*d[3:6]),
        Quaternion(q.w + d[6], q.x + d[7], q.y + d[8], q.z + d[9]), truth.omega_ib_b + Vec3(*d[10:13]),
    )  # fmt: skip


def own_tick(truth: Truth, time: Scalar, given: Conditions, figure: Figure) -> Truth:
    """The state after the model's own fast tick; the first has no tick before it, so its rates stand for those."""
    found = rates(truth, time, given, figure)
    first = time == 0.0
    a_e, alpha_ib_b = (
        Vec3(*(jnp.where(first, new, old) for new, old in zip(_parts(now), _parts(before), strict=True)))
        for now, before in ((found.a_e, truth.a_e), (found.alpha_ib_b, truth.alpha_ib_b))
    )
    return motion.advance(replace(truth, a_e=a_e, alpha_ib_b=alpha_ib_b), found, rotation(truth.q_eb))


def _parts(v: Vec3) -> tuple[Scalar, Scalar, Scalar]:
    """Three components."""
    return v.x, v.y, v.z


def fly(falls: Sequence[Fall], tick: bool = False) -> dict[str, History]:
    """Cases flown, by number.

    Args:
        falls: the cases; those with one figure of the Earth fly side by side.
        tick: by the model's own tick of 20 ms instead of the fine rule.
    """
    flown: dict[str, History] = {}
    with jax.enable_x64(True):
        for figure in {id(fall.figure): fall.figure for fall in falls}.values():
            alike = [fall for fall in falls if fall.figure is figure]
            told = _side_by_side(alike, figure, tick)
            for lane, fall in enumerate(alike):
                flown[fall.number] = {name: np.asarray(values)[lane] for name, values in told.items()}
    return flown


def _side_by_side(falls: Sequence[Fall], figure: Figure, tick: bool) -> dict[str, Any]:
    """Rows a second of cases with one figure, [case, second]."""
    step, dt = (own_tick, FAST_DT) if tick else (fine_step, FINE_DT)
    starts = [(begun(fall), fall.conditions) for fall in falls]
    example = starts[0]

    def run(values: list[Any]) -> dict[str, Any]:
        truth, given = rebuild(example, iter(values))
        return _rows(truth, given, figure, step, dt)

    lanes = [[leaf for _, leaf, _ in walk(start)] for start in starts]
    columns = [jnp.array([float(value) for value in column]) for column in zip(*lanes, strict=True)]
    told: dict[str, Any] = jax.jit(jax.vmap(run))(columns)
    return told


def _rows(truth: Truth, given: Conditions, figure: Figure, step: Step, dt: float) -> dict[str, Any]:
    """Whole seconds of one flight, the beginning included."""
    per_second = round(1.0 / dt)

    def one(tick: Any, values: list[Any]) -> list[Any]:
        return _leaves(step(rebuild(truth, iter(values)), tick.astype(jnp.float64) * dt, given, figure))

    def second(values: list[Any], number: Any) -> tuple[list[Any], dict[str, Any]]:
        first = per_second * number
        told = row(rebuild(truth, iter(values)), number.astype(jnp.float64), given.rate, figure)
        return jax.lax.fori_loop(first, first + per_second, one, values), told

    _, told = jax.lax.scan(second, _leaves(truth), jnp.arange(DURATION + 1))
    rows: dict[str, Any] = told
    return rows


def _leaves(truth: Truth) -> list[Any]:
    """A state as a list of float64."""
    return [jnp.asarray(leaf, jnp.float64) for _, leaf, _ in walk(truth)]


def row(truth: Truth, time: Scalar, rate: Scalar, figure: Figure) -> dict[str, Scalar]:
    """A row in the publication's columns and units."""
    now = seen(truth, time, rate, figure)
    R_ng = earth.R_ne(now.latitude, now.longitude)
    v, w = R_ng @ now.v_g, truth.omega_ib_b
    phi, theta, psi = euler_from_rotation(compose(R_ng, now.R_gb))
    return {
        "time": time, "latitude_deg": now.latitude / DEGREE, "longitude_deg": now.longitude / DEGREE,
        "altitudeMsl_ft": now.height / FOOT,
        "feVelocity_ft_s_X": v.x / FOOT, "feVelocity_ft_s_Y": v.y / FOOT, "feVelocity_ft_s_Z": v.z / FOOT,
        "eulerAngle_deg_Roll": phi / DEGREE, "eulerAngle_deg_Pitch": theta / DEGREE, "eulerAngle_deg_Yaw": psi / DEGREE,
        "bodyAngularRateWrtEi_deg_s_Roll": w.x / DEGREE, "bodyAngularRateWrtEi_deg_s_Pitch": w.y / DEGREE,
        "bodyAngularRateWrtEi_deg_s_Yaw": w.z / DEGREE,
    }  # fmt: skip
