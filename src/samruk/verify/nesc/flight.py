"""A case flown: the model's equations of motion, gravity and air with the loads of DAVE-ML models.

The integrator is the classical Runge-Kutta rule at 10 ms; its stages see the inputs of their own time. With an
autopilot, nothing else is integrated but the way beside the commanded course.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from samruk import earth
from samruk.errors import InputError
from samruk.frames import (
    Quaternion,
    Scalar,
    Vec3,
    compose,
    cross,
    euler_from_rotation,
    normalised,
    quaternion_from_euler,
    quaternion_from_rotation,
    quaternion_rate,
    rotation,
)
from samruk.lazy import jnp
from samruk.plant import motion
from samruk.plant.state import Truth
from samruk.units import DEGREE, FOOT
from samruk.verify.falls import ELLIPSOID, ROUND, SPHERE_RADIUS, Figure
from samruk.verify.flown import Seen, moved, row, seen
from samruk.verify.nesc.case import Case
from samruk.verify.nesc.vehicle import Flow, Vehicle, loads, signals

DT = 0.01
"""s."""
PER_ROW = 10
"""Steps to a row of the result."""
CHUNK = 100
"""Rows that one call of the compiled flight gives."""
STEPS = 8
"""Steps in one input at most."""
Inputs = Callable[[Scalar], dict[str, Scalar]]
"""Time -> inputs by name."""
TRIMMED = ("trimmedPilotControl_throttle", "trimmedPilotControl_long")
TRIM_ITERATIONS = 30
TRIM_RESIDUAL = 1e-10
"""m/s^2 and rad/s^2."""


@dataclass(frozen=True)
class Air:
    """Wind over height: rows of equal length."""

    height: Any
    north: Any
    east: Any
    down: Any


@dataclass(frozen=True)
class World:
    """What the case sets around its vehicle; `rate` is that of its Earth."""

    figure: Figure
    rate: float


def world(case: Case) -> World:
    """The Earth of a case."""
    figure = ELLIPSOID if case.earth == "wgs84-j2" else ROUND
    return World(figure, 0.0 if case.earth == "sphere-fixed" else earth.OMEGA)


def air(case: Case) -> Air:
    """Its wind; calm where none is given."""
    rows = case.wind or ((0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))
    if len(rows) == 1:
        rows = (rows[0], (rows[0][0] + 1.0, *rows[0][1:]))
    return Air(*(np.array(column) for column in zip(*rows, strict=True)))


def transport(v_n: Vec3, latitude: Scalar, height: Scalar, given: World) -> Vec3:
    """Rate of the local axes over the Earth, rad/s, NED."""
    if given.figure is ROUND:
        meridian = normal = SPHERE_RADIUS + 0.0 * latitude
    else:
        e2 = earth.ECCENTRICITY_SQUARED
        w2 = 1.0 - e2 * jnp.sin(latitude) ** 2
        normal = earth.SEMI_MAJOR_AXIS / jnp.sqrt(w2)
        meridian = normal * (1.0 - e2) / w2
    east = v_n.y / (normal + height)
    return Vec3(east, -v_n.x / (meridian + height), -east * jnp.tan(latitude))


def turning(given: World, latitude: Scalar) -> Vec3:
    """Rate of the case's Earth, rad/s, NED."""
    return Vec3(given.rate * jnp.cos(latitude), 0.0 * latitude, -given.rate * jnp.sin(latitude))


def begun(case: Case, given: World, theta: Scalar | None = None) -> Truth:
    """The state at time 0.

    Args:
        case: the case.
        given: its Earth.
        theta: rad, pitch instead of the case's.
    """
    lat, lon = case.latitude, case.longitude
    r = given.figure.ecef(lat, lon, case.height)
    R_en = earth.R_ne(lat, lon).T
    v_n = Vec3(*case.v_ned)
    v_g, slip = R_en @ v_n, earth.OMEGA - given.rate
    v_e = Vec3(v_g.x + slip * r.y, v_g.y - slip * r.x, v_g.z)
    phi, pitch, psi = case.euler
    R_nb = rotation(quaternion_from_euler(phi, pitch if theta is None else theta, psi))
    told = Vec3(*case.rates)
    base_n = Vec3(0.0, 0.0, 0.0)
    if case.rates_frame in ("earth", "ned"):
        base_n = turning(given, jnp.asarray(lat))
    if case.rates_frame == "ned":
        base_n = base_n + transport(v_n, jnp.asarray(lat), case.height, given)
    return Truth(r, v_e, quaternion_from_rotation(compose(R_en, R_nb)), told + R_nb.T @ base_n)


def flow(truth: Truth, now: Seen, given: World, wind: Air) -> Flow:
    """What the models are told."""
    R_gn = earth.R_ne(now.latitude, now.longitude).T
    blown = Vec3(*(jnp.interp(now.height, wind.height, part) for part in (wind.north, wind.east, wind.down)))
    R_bg = now.R_gb.T
    temperature, _, rho = earth.standard_atmosphere(now.height)
    euler = euler_from_rotation(compose(R_gn.T, now.R_gb))
    omega_b = truth.omega_ib_b - Vec3(given.rate * R_bg.xz, given.rate * R_bg.yz, given.rate * R_bg.zz)
    v_b = R_bg @ (now.v_g - R_gn @ blown)
    return Flow(v_b, omega_b, rho, temperature, now.latitude, now.longitude, now.height, euler)


def rates(
    truth: Truth, time: Scalar, inputs: dict[str, Scalar], craft: Vehicle, given: World, wind: Air
) -> tuple[motion.Rates, Seen]:
    """The model's equations of motion with the loads of the case's models."""
    now = seen(truth, time, given.rate, given.figure)
    F_b, M_b = loads(craft, flow(truth, now, given, wind), inputs)
    R_eb = rotation(truth.q_eb)
    return motion.rates(truth, F_b, M_b, craft.inertia, R_eb, given.figure.gravitation(truth.r_be_e)), now


# Trim -----------------------------------------------------------------------------------------------------------------


def trimmed(case: Case, craft: Vehicle, base: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Pitch, and the control positions, for steady flight along the local horizontal.

    Wings level, rates those of the local axes, stability augmentation and autopilot off: no change of forward and
    downward velocity, no pitching acceleration, by Newton's rule.

    Raises:
        InputError: no balance was found.
    """
    given, wind = world(case), air(case)
    off = {**base, **{name: 0.0 for name in base if name.startswith("pilotControl") or name.endswith("_disc")}}

    def residual(x: Any) -> Any:
        truth = begun(replace(case, rates=(0.0, 0.0, 0.0), rates_frame="ned"), given, x[0])
        inputs = {**off, TRIMMED[0]: x[1], TRIMMED[1]: x[2]}
        found, now = rates(truth, jnp.asarray(0.0), inputs, craft, given, wind)
        R_ng = earth.R_ne(now.latitude, now.longitude)
        v_n = R_ng @ now.v_g
        a_n = R_ng @ found.a_e - cross(transport(v_n, now.latitude, now.height, given), v_n)
        level = jnp.sqrt(v_n.x * v_n.x + v_n.y * v_n.y)
        return jnp.stack([(a_n.x * v_n.x + a_n.y * v_n.y) / level, a_n.z, found.alpha_ib_b.y])

    step = jax.jit(lambda x: (residual(x), jax.jacfwd(residual)(x)))
    x = np.array([max(case.euler[1], 0.02), base.get(TRIMMED[0], 0.2), base.get(TRIMMED[1], 0.1)])
    for _ in range(TRIM_ITERATIONS):
        miss, slope = (np.asarray(part) for part in step(jnp.asarray(x)))
        if np.abs(miss).max() < TRIM_RESIDUAL:
            return float(x[0]), dict(zip(TRIMMED, map(float, x[1:]), strict=True))
        move = np.linalg.solve(slope, miss)
        x = x - move * min(1.0, 0.2 / max(np.abs(move).max(), 1e-12))
    raise InputError(f"no steady flight was found: {np.abs(miss).max():.1e} m/s^2 are left", f"case {case.number}",
                     "Check height, speed and models.")  # fmt: skip


# Flight ---------------------------------------------------------------------------------------------------------------


def names(craft: Vehicle) -> list[str]:
    """Inputs of the models that a case may set: those that the flight itself does not give."""
    zero = jnp.asarray(0.0)
    nothing = Vec3(zero, zero, zero)
    told = signals(Flow(nothing, nothing, zero + 1.0, zero + 288.0, zero, zero, zero, (zero, zero, zero)))
    outputs = {v.name for model in craft.models.values() for v in model.outputs}
    found = {v.name for role, model in craft.models.items() if role != "inertia" for v in model.inputs}
    return sorted(found - set(told) - outputs)


def base_inputs(case: Case, craft: Vehicle) -> dict[str, float]:
    """Inputs before their steps: what the case sets at time 0, else the state that is flown, else the file's value."""
    given = world(case)
    truth = begun(case, given)
    first = flow(truth, seen(truth, jnp.asarray(0.0), given.rate, given.figure), given, air(case))
    now = signals(first)
    usual = {
        "equivalentAirspeedCommand": float(now["equivalentAirspeed"]), "altitudeMslCommand": case.height / FOOT,
        "trueBaseCourseCommand": case.euler[2] / DEGREE,
    }  # fmt: skip
    variables = {v.name: v for model in craft.models.values() for v in model.inputs}
    found = {name: usual.get(name, variables[name].initial or 0.0) for name in names(craft)}
    found |= {step.name: step.value for step in case.inputs if step.time <= 0.0 and step.name in found}
    unknown = sorted({step.name for step in case.inputs} - set(variables))
    if unknown:
        raise InputError(f"the input {unknown[0]} is none of its models'", f"case {case.number}",
                         f"Inputs: {', '.join(sorted(variables))}.")  # fmt: skip
    return found


class Flyer:
    """A compiled flight of one vehicle over one kind of Earth; cases of it differ in numbers only."""

    def __init__(self, craft: Vehicle, given: World, integral: bool) -> None:
        self.craft, self.given, self.integral = craft, given, integral
        self.names = names(craft)
        self._chunk = jax.jit(self._rows)

    def fly(self, case: Case, truth: Truth, base: dict[str, float]) -> dict[str, np.ndarray[Any, Any]]:
        """Rows every 0.1 s from time 0 to the case's duration, in the publication's columns."""
        values = np.array([base[name] for name in self.names], float)
        times, steps = np.full((len(self.names), STEPS), np.inf), np.zeros((len(self.names), STEPS))
        for k, name in enumerate(self.names):
            later = [step for step in case.inputs if step.name == name and step.time > 0.0]
            if len(later) > STEPS:
                raise InputError(f"{name} has {len(later)} steps; at most {STEPS} are flown", f"case {case.number}")
            for j, step in enumerate(later):
                times[k, j], steps[k, j] = step.time, step.value + (base[name] if step.relative else 0.0)
        wind = air(case)
        state = [jnp.asarray(x, jnp.float64) for x in _parts(truth)] + [jnp.asarray(0.0)]
        total, parts = round(case.duration / (DT * PER_ROW)), []
        for start in range(0, total + 1, CHUNK):
            state, told = self._chunk(state, jnp.asarray(start), values, times, steps, wind.height, wind.north,
                                      wind.east, wind.down)  # fmt: skip
            parts.append({name: np.asarray(column) for name, column in told.items()})
        return {name: np.concatenate([part[name] for part in parts])[: total + 1] for name in parts[0]}

    def _rows(self, state: Any, start: Any, values: Any, times: Any, steps: Any, *wind: Any) -> Any:
        blown = Air(*wind)

        def inputs(time: Scalar) -> dict[str, Scalar]:
            found = values
            for j in range(STEPS):
                found = jnp.where(time >= times[:, j] - 1e-9, steps[:, j], found)
            return {name: found[k] for k, name in enumerate(self.names)}

        def one(tick: Any, x: Any) -> Any:
            time = tick.astype(jnp.float64) * DT
            return self._step(x, time, inputs, blown)

        def out(x: Any, number: Any) -> Any:
            first = PER_ROW * number
            told = row(_truth(x), number.astype(jnp.float64) * (DT * PER_ROW), self.given.rate, self.given.figure)
            return jax.lax.fori_loop(first, first + PER_ROW, one, x), told

        return jax.lax.scan(out, state, start + jnp.arange(CHUNK))

    def _step(self, x: Any, time: Scalar, inputs: Inputs, blown: Air) -> Any:
        """The classical rule, its four stages in one loop."""

        def stage(carry: Any, rule: Any) -> Any:
            slope, total = carry
            back, weight = rule
            there = [a + back * DT * b for a, b in zip(x, slope, strict=True)]
            now = time + back * DT
            found = self._slope(there, now, inputs(now), blown)
            return (found, [a + weight * b for a, b in zip(total, found, strict=True)]), None

        zero = [jnp.zeros(())] * len(x)
        rule = jnp.array([0.0, 0.5, 0.5, 1.0]), jnp.array([1.0, 2.0, 2.0, 1.0]) / 6.0
        (_, mean), _ = jax.lax.scan(stage, (zero, zero), rule)
        truth = moved(_truth(x), mean[:13], DT)
        return [*_parts(replace(truth, q_eb=normalised(truth.q_eb))), x[13] + DT * mean[13]]

    def _slope(self, x: Any, time: Scalar, held: dict[str, Scalar], blown: Air) -> list[Scalar]:
        truth = _truth(x)
        known = dict(held)
        if self.integral and "lateralDeviationError" in known:
            known["lateralDeviationError"] = known["lateralDeviationError"] + x[13]
        found, now = rates(truth, time, known, self.craft, self.given, blown)
        v, a, w = truth.v_be_e, found.a_e, found.alpha_ib_b
        q = quaternion_rate(truth.q_eb, truth.omega_ib_b - motion.earth_rate(rotation(truth.q_eb)))
        v_n = earth.R_ne(now.latitude, now.longitude) @ now.v_g
        course = known.get("trueBaseCourseCommand", jnp.asarray(0.0)) * DEGREE
        beside = (v_n.y * jnp.cos(course) - v_n.x * jnp.sin(course)) / FOOT
        return [v.x, v.y, v.z, a.x, a.y, a.z, q.w, q.x, q.y, q.z, w.x, w.y, w.z, beside]


def _parts(truth: Truth) -> list[Scalar]:
    r, v, q, w = truth.r_be_e, truth.v_be_e, truth.q_eb, truth.omega_ib_b
    return [r.x, r.y, r.z, v.x, v.y, v.z, q.w, q.x, q.y, q.z, w.x, w.y, w.z]


def _truth(x: Sequence[Scalar]) -> Truth:
    return Truth(Vec3(*x[0:3]), Vec3(*x[3:6]), Quaternion(*x[6:10]), Vec3(*x[10:13]))
