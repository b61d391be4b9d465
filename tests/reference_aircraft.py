"""The reference aircraft and a quiet mission for tests of the plant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samruk import load
from samruk.aircraft import Aircraft
from samruk.mission import Clock, Conditions, Crew, Links, Loading, Rules, Runway, Tables, Task
from samruk.units import DEGREE
from samruk.weather import standard_profile


def reference_aircraft() -> Aircraft:
    """The aircraft of `data/aircraft/anka.toml`."""
    return load.aircraft("anka").aircraft


def quiet_task(**changes: Any) -> Task:
    """A runway at 1,000 ft, standard air, no wind, 300 kg of fuel and 135 kg of payload: 1,450 kg."""
    home = Runway(40.0 * DEGREE, 33.0 * DEGREE, 305.0, 30.0 * DEGREE)
    away = replace(home, latitude=41.0 * DEGREE, usable=0)
    task = Task(
        Clock(), Loading(fuel=300.0, payload=135.0, fuel_temperature=288.15, hangar_temperature=288.15),
        Conditions(ground_elevation=305.0), Links(), Crew(), Rules(), home, away, away, seed=7,
    )  # fmt: skip
    return replace(task, **changes)


def still_air() -> Tables:
    """Standard atmosphere, dry, without wind."""
    return Tables(profile=standard_profile(humidity=0.0))
