"""Seconds of ice in air of one kind, with all protections and a parked aircraft: compiled once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import jax
import numpy as np

from samruk import earth, load
from samruk.aircraft import Aircraft
from samruk.leaves import flatten, unflatten
from samruk.plant import ice
from samruk.plant.ice import Ice, Parked, Protection
from samruk.weather.air import Air

ANKA: Aircraft = load.aircraft("anka").aircraft
PRESSURE = 65e3


@cache
def _compiled() -> Callable[..., Any]:
    def seconds(flat: Any, air: Any, craft: Any, on: Any, parked: Any, motion: Any, count: Any) -> Any:
        def second(_: Any, state: Any) -> Any:
            Va, rho, alpha, turns = motion
            now = ice.slow(
                unflatten(Ice(), state), unflatten(Air(), air), Va, rho, alpha, unflatten(Protection(), on), turns,
                unflatten(ANKA, craft), 1.0, unflatten(Parked(), parked),
            )  # fmt: skip
            return flatten(now)

        return jax.lax.fori_loop(0, count, second, flat)

    return jax.jit(seconds)


def fly(
    start: Ice, seconds: int, celsius: float, water_g_m3: float, *, drop_um: float = 20.0, on: Protection | None = None,
    parked: Parked | None = None, craft: Aircraft = ANKA, Va: float = 55.0, alpha: float = 0.06, turns: float = 200.0,
    pressure: float = PRESSURE, **air: Any,
) -> Ice:  # fmt: skip
    """The ice after some seconds; further keywords are fields of `Air`."""
    temperature = celsius + 273.15
    around = replace(
        Air(), temperature=temperature, cloud_water=1e-3 * water_g_m3, cloud_drop=1e-6 * drop_um,
        **{"humidity": 1.0, "cover": 1.0, **air},
    )  # fmt: skip
    rho = pressure / (earth.GAS_CONSTANT * temperature)
    stand = parked or Parked(static_pressure=pressure)

    def numbers(tree: Any) -> dict[str, Any]:
        return {n: np.int32(v) if isinstance(v, int) else np.float64(v) for n, v in flatten(tree).items()}

    flat = {name: np.float64(value) for name, value in flatten(start).items()}
    after = _compiled()(
        flat, numbers(around), numbers(craft), {n: np.float64(v) for n, v in flatten(on or Protection()).items()},
        {n: np.float64(v) for n, v in flatten(stand).items()}, (Va, rho, alpha, turns), seconds,
    )  # fmt: skip
    return unflatten(Ice(), {name: float(value) for name, value in after.items()})
