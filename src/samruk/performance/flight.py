"""The flight that a published figure means, reckoned in steady pieces: `design/0011-performance.md` says which and why.

Every quantity here is an array with a value for each aircraft; only level flight, the stall and the ground run are
compiled, each once, for all aircraft together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from samruk import earth, leaves
from samruk.aircraft import Aircraft, Stores
from samruk.autopilot.handbook import LOITER_MARGIN, TAKE_OFF_FLAP
from samruk.lazy import jax, jnp
from samruk.performance import steady
from samruk.performance.steady import Air, Level
from samruk.plant.state import Surfaces, select
from samruk.plant.world import at_rest

Array = np.ndarray[Any, np.dtype[np.float64]]

TAXI = 600.0
"""s at idle before take-off."""
RESERVE = 2700.0
"""s at loiter power that are left at landing."""
SERVICE = 100.0 * 0.3048 / 60.0
"""m/s, rate of climb at the service ceiling."""
HIGHEST, STEP = 15000.0, 500.0
"""m: the climb is reckoned in layers up to there."""
LEAST_RATE = 0.05
"""m/s: slower climbs are reckoned with this."""
POINTS = 9
"""Airspeeds looked at together."""
SPEEDS = np.linspace(LOITER_MARGIN, 2.3, POINTS)
"""In stall speeds."""
FAST = np.linspace(1.6, 3.8, POINTS)
"""In stall speeds, where the top speed is looked for."""
BALANCED, BEYOND = 1e-6, 4.0
"""Unbalance at which Newton's method counts as done, and power over available power beyond which nobody looks."""
LIFT_OFF = 1.15
"""Lift-off airspeed in stall speeds."""


@dataclass(frozen=True)
class Figures:
    """What comes out, SI, an array each."""

    endurance: Array
    """s, from take-off to landing with the reserve aboard; 0 for an aircraft that cannot hold its height there."""
    ceiling: Array
    """m, service ceiling."""
    climb_rate: Array
    """m/s at sea level."""
    take_off_run: Array
    """m."""
    loiter_speed: Array
    """m/s equivalent, half way; not a number where there is no loiter."""
    top_speed: Array
    """m/s true."""
    range: Array
    """m through still air."""
    fuel: Array
    """kg at take-off."""
    loiter_flow: Array
    """kg/s half way."""
    climb_time: Array
    """s to the loiter height."""


class Reckoner:
    """Many aircraft, each in the same steady flight."""

    def __init__(self, values: dict[str, Array]) -> None:
        """From a value for each aircraft, by dotted path."""
        none = dict.fromkeys(leaves.flatten(Stores(), "stores"), 0.0) | {"stores.diameter": Stores().diameter}
        size = len(next(iter(values.values())))
        bare = {path: np.full(size, each) for path, each in none.items()}
        self.values = bare | {path: np.asarray(each, dtype=np.float64) for path, each in values.items()}
        self.a: Aircraft = leaves.formed(Aircraft, self.values)
        e = self.a.electric
        load = e.avionics_load + e.payload_load + self.a.ice.pitot_power
        load = load + e.satellite_load * self.a.radio.satellite_fitted
        self.load: Array = np.minimum(load, e.alternator_power) / e.alternator_efficiency
        self.dry: Array = self.a.mass.empty + self.a.stores.mass + self.a.mass.payload_capacity
        """kg without fuel."""

    def fuel(self) -> Array:
        """kg: what is left under the greatest mass, at most the tanks."""
        m = self.a.mass
        fuel: Array = np.clip(m.max_take_off - self.dry, 1.0, m.fuel_capacity)
        return fuel

    def fly(self, height: float) -> Figures:
        """All figures; `height` is that of the loiter, m."""
        fuel, last = self.fuel(), self.dry
        idle = self._idle_flow(np.zeros_like(fuel))
        ceiling, rate, climb = self._climb(last + fuel - TAXI * idle, height)
        level = np.minimum(height, np.maximum(ceiling - STEP, STEP))
        reserve = RESERVE * self._economy(last, level)[1]
        down = self._descend(last + reserve, level)
        begin, end = last + fuel - TAXI * idle - climb[1], last + reserve + down[1]
        time, _ = self._spent(begin, end, level, self._economy)
        _, far = self._spent(begin, end, level, self._farthest)
        V, flow = self._economy(0.5 * (begin + end), level)
        return Figures(
            np.nan_to_num(climb[0] + time + down[0]), ceiling, rate, self._ground_run(last + fuel), V * _air(level)[1],
            self._top_speed(last + fuel), np.nan_to_num(climb[2] + far + down[2]), fuel, flow, climb[0],
        )  # fmt: skip

    def level(self, mass: Array, height: Array, V: Array, economy: bool) -> Level:
        """Level flight at several true airspeeds; `economy`: the propeller at its slower setting where that does."""
        p = self.a.propeller
        fast = self._level(mass, height, V, p.rated_speed)
        if not economy:
            return fast
        slow = self._level(mass, height, V, p.cruise_speed)
        chosen: Level = select(~(slow.power <= slow.available), fast, slow)
        return chosen

    def _level(self, mass: Array, height: Array, V: Array, speed: Array) -> Level:
        """Not a number where no balance was found, or one that no engine could give."""
        found = {k: np.asarray(v) for k, v in _run("level")(self.values, mass, height, V, speed, self.load).items()}
        power, available = found["power"], found["available"]
        sound = (found["residual"] < BALANCED) & (power > 0.0) & (power < BEYOND * np.max(available, initial=1.0))
        return Level(**{name: np.where(sound, value, np.nan) for name, value in found.items()})

    def stall_speed(self, mass: Array, height: Array, flap: float = 0.0) -> Array:
        """m/s, true."""
        return np.asarray(_run("stall")(self.values, mass, height, np.full_like(mass, flap)))

    def _speeds(self, mass: Array, height: Array, factors: Array = SPEEDS) -> Array:
        return self.stall_speed(mass, height)[:, None] * factors

    def _economy(self, mass: Array, height: Array) -> tuple[Array, Array]:
        """True airspeed of least fuel flow, m/s, and the flow, kg/s."""
        V = self._speeds(mass, height)
        flow = np.asarray(self.level(mass, height, V, economy=True).fuel_flow)
        at, less = peak(-flow, V)
        return at, -less

    def _farthest(self, mass: Array, height: Array) -> tuple[Array, Array]:
        """True airspeed of most metres to the kilogram, m/s, and the fuel flow there, kg/s."""
        V = self._speeds(mass, height)
        at, most = peak(V / np.asarray(self.level(mass, height, V, economy=True).fuel_flow), V)
        return at, at / most

    def _spent(self, begin: Array, end: Array, height: Array, find: Any) -> tuple[Array, Array]:
        """Seconds and metres from one mass to a lower one: Simpson's rule over five masses."""
        time, far, burnt = 0.0 * begin, 0.0 * begin, np.maximum(begin - end, 0.0)
        for share, weight in zip((0.0, 0.25, 0.5, 0.75, 1.0), (1.0, 4.0, 2.0, 4.0, 1.0), strict=True):
            V, flow = find(begin + share * (end - begin), height)
            time, far = time + weight / 12.0 * burnt / flow, far + weight / 12.0 * burnt * V / flow
        return time, far

    def _climb(self, mass: Array, height: float) -> tuple[Array, Array, list[Array]]:
        """Ceiling, rate at sea level, and (s, kg, m) to a height: full power, airspeed of best climb, by layers."""
        rates, spent = [], [0.0 * mass] * 3
        for middle in np.arange(0.5 * STEP, HIGHEST, STEP):
            rate, V, flow = self._best_climb(mass, np.full_like(mass, middle))
            time = STEP / np.maximum(rate, LEAST_RATE)
            share = np.clip((height - middle + 0.5 * STEP) / STEP, 0.0, 1.0)
            spent = [a + share * b for a, b in zip(spent, (time, time * flow, time * V), strict=True)]
            mass = mass - np.where(rate > SERVICE, time * flow, 0.0)
            rates.append(rate)
            if np.all(rate < SERVICE) and middle > height:
                break
        all_rates = np.stack(rates, 1)
        return _crossing(all_rates), all_rates[:, 0] + 0.5 * (all_rates[:, 0] - all_rates[:, 1]), spent

    def _best_climb(self, mass: Array, height: Array) -> tuple[Array, Array, Array]:
        """Rate of climb, true airspeed, m/s, and fuel flow, kg/s, at constant equivalent airspeed."""
        V = self._speeds(mass, height)
        here = self.level(mass, height, V, economy=False)
        growing = (1.0 - _air(height + 50.0)[1] / _air(height)[1]) / (50.0 * earth.GRAVITY)
        rates = V * np.asarray(here.spare) / (mass * earth.GRAVITY)[:, None] / (1.0 + V * V * growing[:, None])
        at, rate = peak(np.where(np.isfinite(rates), rates, -1.0), V)
        return rate, at, np.asarray(here.full_flow)[:, 0]

    def _descend(self, mass: Array, height: Array) -> list[Array]:
        """(s, kg, m) of a descent at idle and 1.25 stall speeds, reckoned at half height."""
        V = self._speeds(mass, 0.5 * height)
        thrust = np.asarray(self.level(mass, 0.5 * height, V, economy=False).thrust)[:, 0]
        p = self.a.propeller
        idle = _run("pull")(self.values, 0.5 * height, V[:, 0], self.a.engine.idle_power + self.load, p.rated_speed,
                            self.load)  # fmt: skip
        sink = V[:, 0] * (thrust - np.asarray(idle)) / (mass * earth.GRAVITY)
        time = height / np.maximum(sink, LEAST_RATE)
        return [time, time * self._idle_flow(0.5 * height), time * V[:, 0]]

    def _idle_flow(self, height: Array) -> Array:
        """kg/s."""
        return np.asarray(_run("idle")(self.values, height, self.load))

    def _top_speed(self, mass: Array) -> Array:
        """m/s true, level at full power, at the best of seven heights up to 9 km."""
        most = [self._level_limit(mass, np.full_like(mass, height)) for height in np.linspace(0.0, 9000.0, 7)]
        fastest: Array = np.max(most, axis=0)
        return fastest

    def _level_limit(self, mass: Array, height: Array) -> Array:
        V = self._speeds(mass, height, FAST)
        spare = np.nan_to_num(np.asarray(self.level(mass, height, V, economy=False).spare), nan=-1.0)
        rows, last = np.arange(mass.size), V.shape[1] - 1
        k = np.clip(last - np.argmax(spare[:, ::-1] > 0.0, axis=1), 0, last - 1)
        share = np.clip(spare[rows, k] / np.maximum(spare[rows, k] - spare[rows, k + 1], 1e-6), 0.0, 1.0)
        found = V[rows, k] + share * (V[rows, k + 1] - V[rows, k])
        return np.where(np.any(spare > 0.0, axis=1), found, 0.0)

    def _ground_run(self, mass: Array) -> Array:
        """m on a level dry runway at sea level, standing start, full power, take-off flap."""
        off = LIFT_OFF * self.stall_speed(mass, np.zeros_like(mass), TAKE_OFF_FLAP)
        return np.asarray(_run("ground")(self.values, mass, off, self.load))


def peak(values: Array, points: Array) -> tuple[Array, Array]:
    """Place and size of the largest in each row, by the parabola through it and its neighbours (even steps).

    Where a propeller cannot give the thrust there is no balance and no number: such a point counts as the row's least.
    """
    known = np.isfinite(values)
    least = np.min(np.where(known, values, np.inf), axis=1, keepdims=True)
    values = np.where(known, values, np.where(np.isfinite(least), least, 0.0))
    rows = np.arange(values.shape[0])
    k = np.clip(np.argmax(values, axis=1), 1, values.shape[1] - 2)
    a, b, c = values[rows, k - 1], values[rows, k], values[rows, k + 1]
    bend = np.minimum(a - 2.0 * b + c, -1e-300)
    shift = np.clip(0.5 * (a - c) / bend, -1.0, 1.0)
    size = b + 0.5 * shift * (c - a) + 0.5 * shift * shift * bend
    place = points[rows, k] + shift * 0.5 * (points[rows, k + 1] - points[rows, k - 1])
    some = known.any(axis=1)
    return np.where(some, place, np.nan), np.where(some, size, np.nan)


def _crossing(rates: Array) -> Array:
    """m where the rate of climb in layers first falls to that of the service ceiling."""
    rows = np.arange(rates.shape[0])
    k = np.clip(np.argmax(rates < SERVICE, axis=1), 1, rates.shape[1] - 1)
    over = (rates[rows, k - 1] - SERVICE) / np.maximum(rates[rows, k - 1] - rates[rows, k], 1e-6)
    found = (k - 0.5) * STEP + STEP * np.clip(over, 0.0, 1.0)
    return np.where(np.all(rates > SERVICE, axis=1), HIGHEST, found)


def _air(height: Array) -> tuple[Array, Array]:
    """Density, kg/m^3, and equivalent over true airspeed, of the standard day."""
    rho = np.asarray(earth.standard_atmosphere(np.asarray(height))[2])
    return rho, np.sqrt(rho / earth.RHO0)


# Compiled -------------------------------------------------------------------------------------------------------------


@cache
def _run(name: str) -> Any:
    """One compiled piece, for many aircraft."""
    return jax.jit(jax.vmap(_PIECES[name]))


def _of(values: dict[str, Any]) -> Aircraft:
    return leaves.formed(Aircraft, values)


def _levels(values: dict[str, Any], mass: Any, height: Any, V: Any, speed: Any, load: Any) -> dict[str, Any]:
    a, air = _of(values), Air.at(height)
    return jax.vmap(lambda each: leaves.flatten(steady.level(a, mass, each, air, speed, load)))(V)


def _stall_speed(values: dict[str, Any], mass: Any, height: Any, flap: Any) -> Any:
    return steady.stall_speed(_of(values), mass, Air.at(height), flap)


def _thrust(values: dict[str, Any], height: Any, V: Any, power: Any, speed: Any, load: Any) -> Any:
    return steady.pull(_of(values), power, speed, load, V, Air.at(height)).thrust


def _idle(values: dict[str, Any], height: Any, load: Any) -> Any:
    a = _of(values)
    engine = steady.drive(a, a.propeller.rated_speed, Air.at(height))
    return (a.engine.idle_power + load + engine.friction) * engine.fuel_per_work


def _ground(values: dict[str, Any], mass: Any, off: Any, load: Any) -> Any:
    a, air = _of(values), Air.at(0.0 * mass)
    theta, _ = at_rest(mass, a)
    surfaces = Surfaces(0.0, 0.0, 0.0, delta_f=TAKE_OFF_FLAP, gear=1.0)
    power = steady.drive(a, a.propeller.rated_speed, air).power_available

    def per_speed(V: Any) -> Any:
        pushed = steady.loads(a, mass, V, air, theta, surfaces, a.gear.height).F_b
        drawn = steady.pull(a, power, a.propeller.rated_speed, load, V, air).thrust
        along = (drawn + pushed.x) * jnp.cos(theta) + pushed.z * jnp.sin(theta)
        carried = mass * earth.GRAVITY + pushed.z * jnp.cos(theta) - pushed.x * jnp.sin(theta)
        return V * mass / jnp.maximum(along - a.gear.rolling_friction * jnp.maximum(carried, 0.0), 1.0)

    return jnp.sum(jax.vmap(per_speed)(off * (jnp.arange(24.0) + 0.5) / 24.0)) * off / 24.0


_PIECES: dict[str, Any] = {"level": _levels, "stall": _stall_speed, "pull": _thrust, "idle": _idle, "ground": _ground}
