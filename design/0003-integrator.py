"""Which integrator, at which rate: error of five methods on three manoeuvres, and what each costs.

    python design/0003-integrator.py

The derivative is that of the plant (`samruk.plant.world.act`). The reference is Runge-Kutta 4 at 800 Hz (1,600 Hz on
the ground). Errors are the greatest over the flight, of place (mm) and attitude (mrad); the gusts are a sum of sines,
the same smooth function of time for every method.

    gusts      25 s at 45 m/s and 3 km, doublets on elevator, aileron and rudder, gusts of 2 m/s up to 2 Hz
    spin       8 s from 39 m/s, elevator held up, aileron and rudder crossed: stall and autorotation
    landing    4 s from a touch-down at 1.5 m/s of sink and 3 degrees of drift, brakes on
"""

from __future__ import annotations

import dataclasses
import functools
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.reference_aircraft import quiet_task, reference_aircraft, still_air  # noqa: E402

from samruk import earth  # noqa: E402
from samruk.engine.layout import rebuild, walk  # noqa: E402
from samruk.frames import Vec3, rotation  # noqa: E402
from samruk.plant import motion, trim  # noqa: E402
from samruk.plant import world as nature  # noqa: E402
from samruk.plant.state import Surfaces, Truth, Wheels  # noqa: E402

AIRCRAFT = reference_aircraft()
METHODS = ("semi-implicit Euler", "AB2", "AB2, order 1 attitude", "midpoint", "RK4")
EVALUATIONS = {"semi-implicit Euler": 1, "AB2": 1, "AB2, order 1 attitude": 1, "midpoint": 2, "RK4": 4}


@dataclasses.dataclass(frozen=True)
class Manoeuvre:
    """A start, a time, and what moves during it."""

    world: nature.World
    seconds: float
    surfaces: Any
    wind: Any
    finest: float


def doublet(t: Any, start: float, size: float) -> Any:
    """Smooth doublet of two seconds."""
    x = jnp.clip((t - start) * 0.5, 0.0, 1.0)
    return size * jnp.sin(2.0 * jnp.pi * x) * jnp.sin(jnp.pi * x) ** 2


def breeze(t: Any) -> Vec3:
    """Gusts of about 2 m/s (one standard deviation) as nine sines from 0.06 to 2 Hz, coming up over a second."""
    x = jnp.clip(t, 0.0, 1.0)
    parts, ramp = [], x * x * (3.0 - 2.0 * x)
    for axis in range(3):
        total = 0.0 * t
        for k in range(9):
            f = 0.06 * 1.55**k * (1.0 + 0.07 * axis)
            total = total + 2.4 / (1.0 + 1.3 * k) * jnp.sin(2.0 * jnp.pi * f * t + 1.7 * k + axis)
        parts.append(ramp * total)
    return Vec3(*parts)


def airborne(setting: trim.Setting, height: float) -> tuple[nature.World, trim.Trim]:
    """A trimmed start."""
    task = quiet_task()
    balance = trim.trim(AIRCRAFT, setting)
    args = (task.home.latitude, task.home.longitude, height, task.home.heading)
    return nature.initial_airborne(AIRCRAFT, task, still_air(), balance, *args), balance


def gusty() -> Manoeuvre:
    world, t0 = airborne(trim.Setting(45.0, 1450.0, 70121.0, 268.66), 3000.0)

    def surfaces(t: Any) -> Surfaces:
        return replace(
            world.surfaces, delta_e=t0.delta_e + doublet(t, 1.0, 0.05), delta_a=t0.delta_a + doublet(t, 5.0, 0.1),
            delta_r=t0.delta_r + doublet(t, 9.0, 0.1),
        )  # fmt: skip

    return Manoeuvre(world, 25.0, surfaces, breeze, 1.0 / 800.0)


def spin() -> Manoeuvre:
    world, t0 = airborne(trim.Setting(39.0, 1450.0, 70121.0, 268.66), 3000.0)

    def surfaces(t: Any) -> Surfaces:
        x = jnp.clip(0.5 * t, 0.0, 1.0)
        ramp = x * x * (3.0 - 2.0 * x)
        return replace(
            world.surfaces, delta_e=t0.delta_e - 0.2 * ramp, delta_a=t0.delta_a - 0.1 * ramp, delta_r=0.25 * ramp
        )

    return Manoeuvre(world, 8.0, surfaces, lambda t: Vec3(0.0 * t, 0.0 * t, 0.0 * t), 1.0 / 800.0)


def landing() -> Manoeuvre:
    world, _ = airborne(trim.Setting(38.0, 1450.0, 97700.0, 286.16, delta_f=1.0, gear=1.0, height_agl=2.0), 306.42)
    down_e = Vec3(world.anchor.R_ne.zx, world.anchor.R_ne.zy, world.anchor.R_ne.zz)
    east_e = Vec3(world.anchor.R_ne.yx, world.anchor.R_ne.yy, world.anchor.R_ne.yz)
    v = world.truth.v_be_e + down_e * 1.5 + east_e * 2.0
    world = replace(world, truth=replace(world.truth, v_be_e=v), motor=replace(world.motor, power=4000.0))

    def surfaces(t: Any) -> Surfaces:
        return replace(world.surfaces, brake=0.6 + 0.0 * t)

    return Manoeuvre(world, 4.0, surfaces, lambda t: Vec3(0.0 * t, 0.0 * t, 0.0 * t), 1.0 / 1600.0)


def evaluate(m: Manoeuvre, truth: Truth, wheels: Wheels, t: Any, dt: Any) -> nature.Action:
    """The plant's derivative at a time; the rate of alpha uses this instant's own specific force of the step before."""
    air = replace(m.world.air, wind_n=m.wind(t))
    world = replace(m.world, truth=truth, wheels=wheels, surfaces=m.surfaces(t), air=air)
    return nature.act(world, AIRCRAFT, dt)


def shifted(truth: Truth, v: Vec3, omega: Vec3, a: Vec3, alpha: Vec3, h: Any) -> Truth:
    """The state h seconds on with the given rates."""
    return replace(
        truth, r_be_e=truth.r_be_e + v * h, v_be_e=truth.v_be_e + a * h, omega_ib_b=truth.omega_ib_b + alpha * h,
        q_eb=motion.turned(truth.q_eb, omega, h),
    )  # fmt: skip


def relative(truth: Truth) -> Vec3:
    """Body rate relative to the Earth."""
    return truth.omega_ib_b - motion.earth_rate(rotation(truth.q_eb))


def step(method: str, m: Manoeuvre, truth: Truth, wheels: Wheels, t: Any, h: float) -> tuple[Truth, Wheels]:
    """One step; the tyres' shifts are carried on once in it."""
    first = evaluate(m, truth, wheels, t, h)
    k, R_eb, tyres = first.rates, first.scene.R_eb, first.forces.ground.wheels
    kept = {"a_e": k.a_e, "alpha_ib_b": k.alpha_ib_b, "f_b": k.f_b}
    if method == "AB2":
        return motion.advance(truth, k, R_eb, h), tyres
    if method == "AB2, order 1 attitude":
        after = motion.advance(truth, k, R_eb, h)
        return replace(after, q_eb=motion.turned(truth.q_eb, relative(truth), h)), tyres
    if method == "semi-implicit Euler":
        after = replace(shifted(truth, truth.v_be_e, relative(truth), k.a_e, k.alpha_ib_b, h), **kept)
        q = motion.turned(truth.q_eb, relative(after), h)
        return replace(after, r_be_e=truth.r_be_e + after.v_be_e * h, q_eb=q), tyres
    w1 = relative(truth)
    mid = shifted(truth, truth.v_be_e, w1, k.a_e, k.alpha_ib_b, 0.5 * h)
    second = evaluate(m, mid, wheels, t + 0.5 * h, 0.5 * h).rates
    v2, w2 = mid.v_be_e, relative(mid)
    if method == "midpoint":
        return replace(shifted(truth, v2, w2, second.a_e, second.alpha_ib_b, h), **kept), tyres
    mid2 = shifted(truth, v2, w2, second.a_e, second.alpha_ib_b, 0.5 * h)
    third = evaluate(m, mid2, wheels, t + 0.5 * h, 0.5 * h).rates
    end = shifted(truth, mid2.v_be_e, relative(mid2), third.a_e, third.alpha_ib_b, h)
    fourth = evaluate(m, end, wheels, t + h, h).rates

    def mean(a: Vec3, b: Vec3, c: Vec3, d: Vec3) -> Vec3:
        return (a + (b + c) * 2.0 + d) * (1.0 / 6.0)

    v, w = mean(truth.v_be_e, v2, mid2.v_be_e, end.v_be_e), mean(w1, w2, relative(mid2), relative(end))
    a = mean(k.a_e, second.a_e, third.a_e, fourth.a_e)
    alpha = mean(k.alpha_ib_b, second.alpha_ib_b, third.alpha_ib_b, fourth.alpha_ib_b)
    return replace(shifted(truth, v, w, a, alpha, h), **kept), tyres


def fly(method: str, m: Manoeuvre, h: float) -> np.ndarray:
    """Place (m, ECEF) and attitude quaternion at every 0.2 s."""
    example = (m.world.truth, m.world.wheels)
    per = round(0.2 / h)

    def body(x: Any, i: Any) -> tuple[Any, Any]:
        truth, wheels = rebuild(example, iter(x))
        truth, wheels = step(method, m, truth, wheels, i.astype(jnp.float64) * h, h)
        return [jnp.asarray(v, jnp.float64) for _, v, _ in walk((truth, wheels))], None

    @functools.partial(jax.jit)
    def stretch(x: Any, start: Any) -> Any:
        return jax.lax.scan(body, x, start + jnp.arange(per))[0]

    x = [jnp.asarray(v, jnp.float64) for _, v, _ in walk(example)]
    rows = []
    for k in range(round(m.seconds / 0.2)):
        x = stretch(x, jnp.asarray(k * per))
        truth, _ = rebuild(example, iter(x))
        rows.append([float(v) for _, v, _ in walk((truth.r_be_e, truth.q_eb))])
    return np.asarray(rows)


def error(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Greatest distance, mm, and angle, mrad, between two flights."""
    place = np.linalg.norm(a[:, :3] - b[:, :3], axis=1).max()
    turn = 2.0 * np.sqrt(np.maximum(1.0 - np.abs((a[:, 3:] * b[:, 3:]).sum(axis=1)), 0.0) * 2.0).max()
    return 1e3 * float(place), 1e3 * float(turn)


def main() -> None:
    """Print the table of the decision."""
    for name, make in (("gusts", gusty), ("spin", spin), ("landing", landing)):
        m = make()
        best = fly("RK4", m, m.finest)
        print(f"\n{name}, {m.seconds:.0f} s; largest error of place (mm) / attitude (mrad)")
        print(f"{'':24s}" + "".join(f"{rate:>22d} Hz" for rate in (25, 50, 100)))
        for method in METHODS:
            cells = [error(fly(method, m, 1.0 / rate), best) for rate in (25, 50, 100)]
            print(f"{method:24s}" + "".join(f"{p:14.3g} / {q:8.3g}" for p, q in cells), flush=True)
    print(f"\nEarth: gradient of gravity {motion.GRAVITY_GRADIENT:.4g} 1/s^2, rate {earth.OMEGA:.4g} rad/s")


if __name__ == "__main__":
    main()
