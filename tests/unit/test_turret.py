"""The turret moves as a machine: limits of rate and acceleration, stops, and a held line of sight."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samruk.earth import R_ne, ecef
from samruk.frames import Rotation, Vec3, quaternion_from_euler, rotation
from samruk.payload import BODY, EARTH, PLACE, Aim, Turret, step, turret

DEGREE = math.pi / 180.0


@jax.jit
def _moved(turret: Any, kind: Any, direction: Any, attitude: Any, local: Any, here: Any, powered: Any) -> Any:
    after = step(
        Turret(*turret), Aim(kind, Vec3(*direction)), Rotation(*attitude), Rotation(*local), Vec3(*here), powered
    )
    return tuple(getattr(after, name) for name in Turret.__dataclass_fields__)


def moved(now: Turret, aim: Aim, attitude: Rotation, local: Rotation, here: Vec3, powered: int) -> Turret:
    trees = [tuple(getattr(t, n) for n in t.__dataclass_fields__) for t in (now, aim.direction, attitude, local, here)]
    return Turret(*(float(v) for v in _moved(trees[0], aim.kind, *trees[1:], powered)))


def level(psi: float = 0.0, phi: float = 0.0, theta: float = 0.0) -> Rotation:
    R_nb: Rotation = plain(rotation(quaternion_from_euler(phi, theta, psi)))
    return R_nb


def plain(tree: Any) -> Any:
    return type(tree)(*(float(getattr(tree, name)) for name in tree.__dataclass_fields__))


def run(aim: Aim, attitude: Any, seconds: float, start: Turret | None = None, powered: int = 1) -> list[Turret]:
    """The turret tick by tick; `attitude(t)` gives R_nb."""
    here, local = plain(ecef(0.9, 1.2, 4000.0)), plain(R_ne(0.9, 1.2))
    now, way = start or Turret(), []
    for k in range(round(seconds / turret.TICK)):
        now = moved(now, aim, attitude(k * turret.TICK), local, here, powered)
        way.append(now)
    return way


def line_n(t: Turret, R_nb: Rotation) -> np.ndarray:
    """Where the turret looks, NED."""
    along = Vec3(
        math.cos(t.elevation) * math.cos(t.azimuth), math.cos(t.elevation) * math.sin(t.azimuth), -math.sin(t.elevation)
    )
    v = R_nb @ along
    return np.array([float(v.x), float(v.y), float(v.z)])


def test_a_slew_takes_the_time_that_its_limits_allow() -> None:
    way = run(Aim(BODY, Vec3(-1.0, 1e-9, 0.0)), lambda t: level(), 6.0)
    half_turn = math.pi / turret.RATE_LIMIT + turret.RATE_LIMIT / turret.ACCELERATION_LIMIT
    arrived = next(k for k, t in enumerate(way) if abs(abs(t.azimuth) - math.pi) < 0.5 * DEGREE) * turret.TICK
    assert half_turn - 0.5 < arrived < half_turn + 1.0  # 0.5: ends half a degree short and on whole ticks


@given(
    st.floats(-math.pi, math.pi), st.floats(-2.5, 1.5), st.floats(-math.pi, math.pi), st.floats(-2.0, 0.5),
    st.floats(-1.0, 1.0), st.floats(-1.0, 1.0),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_no_slew_passes_a_limit(
    to: float, up: float, azimuth: float, elevation: float, turning: float, tilting: float
) -> None:
    aim = Aim(BODY, Vec3(math.cos(up) * math.cos(to), math.cos(up) * math.sin(to), -math.sin(up)))
    way = [Turret(azimuth, elevation, turning, tilting, azimuth, elevation)]
    way += run(aim, lambda t: level(), 5.0, way[0])
    rates = np.array([(t.azimuth_rate, t.elevation_rate) for t in way])
    assert np.abs(rates).max() <= turret.RATE_LIMIT + 1e-9
    assert np.abs(np.diff(rates, axis=0)).max() <= turret.ACCELERATION_LIMIT * turret.TICK + 1e-9
    assert all(turret.LOWEST <= t.elevation <= turret.HIGHEST for t in way)


def test_it_stays_on_a_place_in_a_turn() -> None:
    """A 25-degree bank at 4.6 degrees a second of turn: the line of sight stays on the place within a milliradian."""
    place, here = plain(ecef(0.9 + 3000.0 / 6.37e6, 1.2, 300.0)), plain(ecef(0.9, 1.2, 4000.0))
    aim = Aim(PLACE, place)

    def turning(t: float) -> Rotation:
        return level(psi=0.08 * t, phi=25.0 * DEGREE, theta=2.0 * DEGREE)

    way = run(aim, turning, 20.0)
    away = R_ne(0.9, 1.2) @ Vec3(place.x - here.x, place.y - here.y, place.z - here.z)
    truth = np.array([float(away.x), float(away.y), float(away.z)])
    truth /= np.linalg.norm(truth)
    last = range(100, 200)
    off = [math.acos(min(1.0, float(line_n(way[k], turning((k + 1) * turret.TICK)) @ truth))) for k in last]
    assert max(off) < 1e-3


def test_a_direction_over_ground_is_held_while_the_nose_moves() -> None:
    def rocking(t: float) -> Rotation:
        return level(psi=0.3 * math.sin(0.3 * t), phi=0.2 * math.sin(0.8 * t), theta=0.05 * math.sin(t))

    aim = Aim(EARTH, Vec3(0.0, math.cos(0.5), math.sin(0.5)))
    way = run(aim, rocking, 25.0)
    wanted = np.array([0.0, math.cos(0.5), math.sin(0.5)])
    off = [math.acos(min(1.0, float(line_n(way[k], rocking(0.1 * k + 0.1)) @ wanted))) for k in range(100, 250)]
    assert max(off) < 5e-3  # the change of the nose's rate in a tick: 0.13 rad/s^2 x 0.01 s^2, amplified near no pole


def test_without_power_it_stops_where_it_is() -> None:
    moving = Turret(azimuth_rate=0.5)
    way = run(Aim(BODY, Vec3(0.0, 1.0, 0.0)), lambda t: level(), 2.0, moving, powered=0)
    assert way[-1].azimuth_rate == pytest.approx(0.0, abs=1e-12)
    assert way[-1].azimuth == way[-10].azimuth


def test_straight_down_azimuth_is_kept() -> None:
    start = replace(Turret(), azimuth=1.0, wanted_azimuth=1.0)
    way = run(Aim(BODY, Vec3(0.0, 0.0, 1.0)), lambda t: level(), 5.0, start)
    assert way[-1].azimuth == pytest.approx(1.0, abs=1e-9)
    assert way[-1].elevation == pytest.approx(-0.5 * math.pi, abs=1e-3)
