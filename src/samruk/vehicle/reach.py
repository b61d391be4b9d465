"""How far the aircraft glides if its engine stops now: a radius for each of 36 directions, moved by the wind.

By the handbook's polar and the aircraft's own estimate: nothing here knows the truth. The propeller's drag when it
stands or turns without power is an allowance of this project (`PROPELLER`), an estimate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk.autopilot.handbook import Handbook
from samruk.earth import GRAVITY, RHO0

Array = NDArray[np.float64]
Ground = Callable[[Array, Array], Array]
"""Height of the surface, m above mean sea level, at m north and m east of the aircraft."""

DIRECTIONS = 36
PROPELLER = 0.012
"""Drag coefficient, on the wing's area, of a propeller without power (estimated)."""
PATTERN = 150.0
"""m above the ground that a glide keeps for its last turn and the landing."""
BANK = math.radians(30.0)
"""rad of bank in the turn to the field."""
STEPS = 40
"""Pieces of each way, along which the ground is looked at."""
SCALE_HEIGHT = 9000.0
"""m over which the air's density falls to a third, near enough for a mean along the glide."""


@dataclass(frozen=True)
class Moment:
    """What the ring stands on, from the aircraft's estimate."""

    altitude: float
    """m above mean sea level."""
    ground: float
    """m above mean sea level, below the aircraft."""
    course: float
    """rad, true, over the ground."""
    wind_north: float
    """m/s, towards north."""
    wind_east: float
    """m/s, towards east."""
    mass: float
    """kg."""
    rho: float
    """kg/m^3, here."""


def glide(book: Handbook, mass: float) -> tuple[float, float]:
    """Calibrated airspeed of the flattest glide, m/s, and way over height, in still air and without power."""
    C_L, d = float(book.speeds.glide), book.drag
    C_D = float(d.a) + float(d.b) * C_L + float(d.c) * C_L * C_L + PROPELLER
    return math.sqrt(2.0 * mass * GRAVITY / (RHO0 * float(book.lift.area) * C_L)), C_L / C_D


def ring(moment: Moment, book: Handbook, ground: Ground | None = None) -> Array:
    """m over ground that a glide reaches in each of 36 directions, from north through east.

    Args:
        moment: the aircraft now.
        book: its handbook.
        ground: the surface; the height below the aircraft everywhere if None.

    Returns:
        Radii at which the aircraft still has `PATTERN` m above the surface; 0 where it has none to give.
    """
    bearing: Array = np.arange(DIRECTIONS, dtype=np.float64) * (2.0 * math.pi / DIRECTIONS)
    calibrated, ratio = glide(book, moment.mass)
    start = moment.altitude - _turned(moment, bearing, calibrated, ratio)
    level = np.full(DIRECTIONS, moment.ground + PATTERN)
    height = np.maximum(start - level, 0.0)
    rho = moment.rho * np.exp(0.5 * height / SCALE_HEIGHT)
    true = calibrated * np.sqrt(RHO0 / rho)
    over_ground = _ground_speed(true, moment, bearing)
    slope = np.where(over_ground > 0.5, true / ratio / np.maximum(over_ground, 0.5), np.inf)
    if ground is None:
        return np.asarray(np.where(np.isfinite(slope), height / slope, 0.0))
    return _until_ground(start, slope, bearing, ground)


def reaches(moment: Moment, book: Handbook, north: float, east: float, elevation: float) -> bool:
    """Whether a glide reaches a field.

    Args:
        moment: the aircraft now.
        book: its handbook.
        north: m, of the field from the aircraft.
        east: m.
        elevation: m above mean sea level.
    """
    way, bearing = math.hypot(north, east), np.array([math.atan2(east, north)])
    calibrated, ratio = glide(book, moment.mass)
    height = float((moment.altitude - _turned(moment, bearing, calibrated, ratio))[0]) - elevation - PATTERN
    if height <= 0.0:
        return False
    true = calibrated * math.sqrt(RHO0 / (moment.rho * math.exp(0.5 * height / SCALE_HEIGHT)))
    over_ground = float(_ground_speed(np.array([true]), moment, bearing)[0])
    return over_ground > 0.5 and way <= height * ratio * over_ground / true


def fields_bits(moment: Moment, book: Handbook, fields: Sequence[tuple[float, float, float]]) -> int:
    """One bit for each field (north m, east m, elevation m) that a glide reaches; the first is bit 0."""
    return sum(1 << k for k, field in enumerate(fields) if reaches(moment, book, *field))


def _turned(moment: Moment, bearing: Array, calibrated: float, ratio: float) -> Array:
    """m of height that the turn from the present course costs."""
    turn = np.abs((bearing - moment.course + math.pi) % (2.0 * math.pi) - math.pi)
    true = calibrated * math.sqrt(RHO0 / moment.rho)
    seconds = turn * true / (GRAVITY * math.tan(BANK))
    return np.asarray(seconds * true / ratio / math.cos(BANK) ** 1.5)


def _ground_speed(true: Array, moment: Moment, bearing: Array) -> Array:
    """m/s over the ground in each direction, by the wind triangle; 0 where the wind carries the aircraft off."""
    along = moment.wind_north * np.cos(bearing) + moment.wind_east * np.sin(bearing)
    across = moment.wind_east * np.cos(bearing) - moment.wind_north * np.sin(bearing)
    left = true * true - across * across
    return np.asarray(np.where(left > 0.0, np.maximum(np.sqrt(np.maximum(left, 0.0)) + along, 0.0), 0.0))


def _until_ground(start: Array, slope: Array, bearing: Array, ground: Ground) -> Array:
    """The way down each direction until the surface and what is kept above it are met."""
    reach = np.where(np.isfinite(slope), np.maximum(start, 0.0) / np.where(np.isfinite(slope), slope, 1.0), 0.0)
    part = np.arange(1, STEPS + 1) / STEPS
    way = reach[:, None] * part
    surface = ground(way * np.cos(bearing)[:, None], way * np.sin(bearing)[:, None])
    left = start[:, None] - np.where(np.isfinite(slope), slope, 0.0)[:, None] * way - surface - PATTERN
    met = left <= 0.0
    first = np.where(met.any(axis=1), met.argmax(axis=1), STEPS - 1)
    before = np.where(first > 0, first - 1, 0)
    rows = np.arange(len(start))
    a, b = left[rows, before], left[rows, first]
    share = np.where(a > b, np.clip(a / np.where(a > b, a - b, 1.0), 0.0, 1.0), 0.0)
    near = way[rows, before] + share * (way[rows, first] - way[rows, before])
    begun: Any = np.where(first == 0, way[:, 0] * np.clip(share, 0.0, 0.0), near)
    return np.asarray(np.where(met.any(axis=1), begun, reach))
