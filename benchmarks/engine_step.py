"""A stand-in for a whole model: realistic in size, structure and mix of operations, of no use for flying.

fast:    rigid body with a fourth-order Runge-Kutta step, nonlinear aerodynamics, two noisy inertial units
mission: covariance of a 15-state filter, eight sequential scalar updates, waypoints from a route of the lane's own
slow:    bilinear terrain, wind, a chain of 20 temperatures
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp
import numpy as np

from samruk import noise
from samruk.engine import Program
from samruk.tables import lookup, to_float, to_int

N = 15
PAIRS = [(i, j) for i in range(N) for j in range(i, N)]
STATE = 21
GRID = 400
LIMITS = (1e6, 1e6, 2e4, *(300.0,) * 3, *(1.0,) * 4, *(5.0,) * 3, *(1.0,) * 8)


@dataclass(frozen=True)
class Carry:
    """Everything that changes."""

    tick: int
    leg: int
    alarms: int
    wind: tuple[float, ...]
    x: tuple[float, ...]
    units: tuple[float, ...]
    p: tuple[float, ...]
    temperatures: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    first: tuple[int, ...]


@dataclass(frozen=True)
class Params:
    """One aircraft."""

    seed: int
    aero: tuple[float, ...]


@dataclass(frozen=True)
class Tables:
    """The outside world and the route."""

    terrain: Any
    weather: Any
    route: Any = field(default=None, metadata={"lane": True})


@dataclass(frozen=True)
class Frame:
    """What is recorded."""

    x: tuple[float, ...]
    leg: float


def _derivative(x: tuple[Any, ...], wind: tuple[Any, ...], a: tuple[Any, ...]) -> tuple[Any, ...]:
    """Position, velocity, quaternion, rates, and eight first-order lags."""
    u, v, w, p, q, r = x[3], x[4], x[5], x[10], x[11], x[12]
    q0, q1, q2, q3 = x[6:10]
    ua, va, wa = u - wind[0], v - wind[1], w - wind[2]
    speed = jnp.sqrt(ua * ua + va * va + wa * wa + 1.0)
    alpha, beta = jnp.arctan2(wa, ua), jnp.arctan2(va, speed)
    rho = 1.225 * jnp.exp(x[2] * 1.1e-4)
    push = 0.5 * rho * speed * speed
    stall = 1.0 / (1.0 + jnp.exp(-50.0 * (jnp.abs(alpha) - 0.26)))
    sa, ca = jnp.sin(alpha), jnp.cos(alpha)
    lift = (1.0 - stall) * (a[0] + a[1] * alpha) + stall * 2.0 * sa * sa * ca * jnp.sign(alpha)
    drag = a[2] + a[3] * lift * lift
    hat = [p * 0.5 / speed, q * 0.5 / speed, r * 0.5 / speed]
    force, moment = [], []
    for axis in range(3):
        c = a[4 + 8 * axis : 12 + 8 * axis]
        force.append(push * (c[0] + c[1] * alpha + c[2] * beta + c[3] * hat[axis]))
        moment.append(push * (c[4] * beta + c[5] * hat[axis] + c[6] * x[13 + axis] + c[7] * alpha * beta))
    fx, fy, fz = force[0] + push * (lift * sa - drag * ca), force[1], force[2] - push * (drag * sa + lift * ca)
    gx, gy, gz = 2 * (q1 * q3 - q2 * q0), 2 * (q2 * q3 + q1 * q0), q3 * q3 + q0 * q0 - q1 * q1 - q2 * q2
    return (
        (q1 * q1 + q0 * q0 - q2 * q2 - q3 * q3) * u + 2 * (q1 * q2 - q3 * q0) * v + 2 * (q1 * q3 + q2 * q0) * w,
        2 * (q1 * q2 + q3 * q0) * u + (q2 * q2 + q0 * q0 - q1 * q1 - q3 * q3) * v + 2 * (q2 * q3 - q1 * q0) * w,
        gx * u + gy * v + gz * w,
        r * v - q * w + 9.8 * gx + fx * 1e-3, p * w - r * u + 9.8 * gy + fy * 1e-3,
        q * u - p * v + 9.8 * gz + fz * 1e-3,
        0.5 * (-p * q1 - q * q2 - r * q3), 0.5 * (p * q0 + r * q2 - q * q3),
        0.5 * (q * q0 - r * q1 + p * q3), 0.5 * (r * q0 + q * q1 - p * q2),
        0.1 * p * q + 0.3 * q * r + 1e-4 * moment[0] - p, 0.5 * p * r + 1e-4 * moment[1] - q,
        -0.4 * p * q - 0.1 * q * r + 1e-4 * moment[2] - r,
        *((jnp.clip(-0.3 * x[(i + 10)] - 0.1 * x[i], -0.4, 0.4) - x[13 + i]) * 8.0 for i in range(8)),
    )  # fmt: skip


def _runge_kutta(x: tuple[Any, ...], wind: tuple[Any, ...], a: tuple[Any, ...], h: float) -> tuple[Any, ...]:
    k1 = _derivative(x, wind, a)
    k2 = _derivative(tuple(s + 0.5 * h * k for s, k in zip(x, k1, strict=True)), wind, a)
    k3 = _derivative(tuple(s + 0.5 * h * k for s, k in zip(x, k2, strict=True)), wind, a)
    k4 = _derivative(tuple(s + h * k for s, k in zip(x, k3, strict=True)), wind, a)
    return tuple(s + h / 6.0 * (a + 2.0 * b + 2.0 * c + d) for s, a, b, c, d in zip(x, k1, k2, k3, k4, strict=True))


def fast(carry: Carry, params: Params) -> Carry:
    """50 Hz."""
    x = _runge_kutta(carry.x, carry.wind, params.aero, 0.02)
    norm = 1.0 / jnp.sqrt(sum(e * e for e in x[6:10]))
    x = (*x[:6], *(e * norm for e in x[6:10]), *x[10:])
    x = tuple(jnp.clip(v, -limit, limit) for v, limit in zip(x, LIMITS, strict=True))
    units = list(carry.units)
    for unit in range(2):
        for axis in range(0, 6, 2):
            one, two = noise.normal_pair(params.seed, 16 * (6 * unit + axis), carry.tick)
            k = 24 * unit + 4 * axis
            for place, draw, truth in ((k, one, x[10 + axis % 3]), (k + 4, two, x[3 + axis % 3])):
                units[place] = units[place] * 0.999 + draw * 0.001
                units[place + 1] = truth * (1.0 + units[place + 2]) + units[place] + 0.01 * draw
                units[place + 3] = units[place + 3] + 0.02 * units[place + 1]
    low = tuple(jnp.minimum(old, new) for old, new in zip(carry.low, x[:10], strict=True))
    high = tuple(jnp.maximum(old, new) for old, new in zip(carry.high, x[:10], strict=True))
    first = tuple(
        jnp.where((f < 0) & (v > 1.0 + i), carry.tick, f)
        for i, (f, v) in enumerate(zip(carry.first, units[:20], strict=True))
    )
    return replace(carry, tick=carry.tick + 1, x=x, units=tuple(units), low=low, high=high, first=first)


def _at(p: dict[tuple[int, int], Any], i: int, j: int) -> Any:
    return p[(i, j) if i <= j else (j, i)]


def _update(p: dict[tuple[int, int], Any], k: int, variance: float) -> dict[tuple[int, int], Any]:
    row = [_at(p, i, k) + 0.1 * _at(p, i, (k + 3) % N) for i in range(N)]
    gain = 1.0 / (row[k] + 0.1 * row[(k + 3) % N] + variance)
    return {(i, j): p[i, j] - row[i] * row[j] * gain for i, j in PAIRS}


def mission(carry: Carry, params: Params, tables: Tables) -> Carry:
    """10 Hz."""
    p = dict(zip(PAIRS, carry.p, strict=True))
    phi = [[carry.x[(i + 2 * j) % STATE] * 1e-3 for j in range(3)] for i in range(N)]
    half = {
        (i, j): _at(p, i, j) + sum(phi[i][m] * _at(p, (i + m + 3) % N, j) for m in range(3))
        for i in range(N) for j in range(N)
    }  # fmt: skip
    p = {(i, j): half[i, j] + sum(phi[j][m] * half[i, (j + m + 3) % N] for m in range(3)) + 1e-6 for i, j in PAIRS}
    for k in range(8):
        p = _update(p, k, 0.5 + 0.1 * k)
    leg = jnp.clip(carry.leg, 0, 62)
    dx, dy = lookup(tables.route, 2 * leg) - carry.x[0], lookup(tables.route, 2 * leg + 1) - carry.x[1]
    near = dx * dx + dy * dy < 1e4
    return replace(carry, p=tuple(p[pair] for pair in PAIRS), leg=jnp.where(near, leg + 1, leg))


def slow(carry: Carry, params: Params, tables: Tables) -> Carry:
    """1 Hz."""
    gx, gy = (jnp.clip(jnp.abs(carry.x[i]) * 0.01, 0.0, GRID - 2.0) for i in range(2))
    ix, iy = to_int(gx), to_int(gy)
    fx, fy = gx - to_float(ix), gy - to_float(iy)
    at = iy * GRID + ix
    a, b, c, d = (to_float(lookup(tables.terrain, at + o)) for o in (0, 1, GRID, GRID + 1))
    ground = (a * (1.0 - fx) + b * fx) * (1.0 - fy) + (c * (1.0 - fx) + d * fx) * fy
    wind = [
        sum(to_float(lookup(tables.weather, (at + o) * 4 + k)) * f for o, f in ((0, 1 - fx), (1, fx)))
        for k in range(3)
    ]  # fmt: skip
    t = list(carry.temperatures)
    for _ in range(20):
        flow = [0.05 * (t[i + 1] - t[i]) * (1.0 + 0.01 * jnp.sqrt(jnp.abs(t[i]))) for i in range(len(t) - 1)]
        flow = [0.01 * (t[0] - 250.0), *flow, 0.0]
        t = [v + flow[i + 1] - flow[i] for i, v in enumerate(t)]
    scale = jnp.exp(-ground * 1e-3) * 0.1
    return replace(carry, wind=tuple(w * scale for w in wind), temperatures=tuple(t))


def frame(carry: Carry, params: Params) -> Frame:
    """Every 10 s."""
    return Frame(carry.x, to_float(carry.leg))


def program(key: str | None = None) -> Program:
    """The stand-in, with examples."""
    return Program(fast, mission, slow, frame, carry(), params(0), tables(0), 5, 10, key)


def carry() -> Carry:
    """Level at 50 m/s."""
    x = (0.0, 0.0, -3000.0, 50.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, *([0.0] * 11))
    p = tuple(1.0 if i == j else 0.0 for i, j in PAIRS)
    return Carry(0, 0, 0, (0.0,) * 3, x, (0.0,) * 48, p, (280.0,) * 20, (1e9,) * 10, (-1e9,) * 10, (-1,) * 20)


def params(seed: int) -> Params:
    """An aircraft of that number."""
    rng = np.random.default_rng(seed)
    return Params(seed, (0.3, 5.0, 0.03, 0.04, *(float(v) for v in rng.normal(0.0, 0.01, 24))))


_SHARED = (
    np.random.default_rng(1).integers(0, 2000, GRID * GRID).astype(np.int16),
    np.random.default_rng(2).normal(0.0, 5.0, 4 * GRID * GRID).astype(np.float32),
)


def tables(seed: int) -> Tables:
    """One terrain and weather for all, a route for each."""
    return Tables(*_SHARED, np.random.default_rng(seed).uniform(-1e5, 1e5, 128))
