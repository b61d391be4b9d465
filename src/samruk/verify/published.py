"""Our falls beside the published ones, and an aircraft's performance beside its published figures.

The fine rule is held to SIM 04, which computes its air by formula as US 1976 defines it, by gates near what the
publication's digits carry. The model's own tick of 20 ms is held to the spread of the published simulations among each
other: more would be asked of it than they ask of themselves.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from samruk import earth, load, performance
from samruk.units import DEGREE, FOOT
from samruk.verify.check import Check
from samruk.verify.falls import FALLS, SLUG, Fall
from samruk.verify.flown import History, fly

Array = np.ndarray[Any, np.dtype[np.float64]]

AUTHORITY = "NASA/TM-2015-218675"
TRUTH = "04"
OTHERS = ("05", "06")


@dataclass(frozen=True)
class Gate:
    """Limits of one case."""

    position_ft: float
    """ft, by the fine rule, against SIM 04."""
    velocity_ft_s: float
    """ft/s."""
    angle_deg: float
    """deg, of each Euler angle."""
    tick_position_ft: float
    """ft, by the model's own tick."""
    tick_angle_deg: float
    """deg."""
    reason: str
    """Of the first three."""


_FREE = Gate(1e-5, 1e-6, 1e-6, 2.1e-3, 0.01, "digits printed: SIM 04 to 06 lie 3e-6 ft apart")
_DRAGGED = Gate(1e-3, 1e-4, 1e-6, 0.011, 0.01, "a tenth of what lies between SIM 04 to 06")
_THROWN = "half of what lies between SIM 04 and 05"
GATES = {
    "01": _FREE,
    "02": _FREE,
    "03": Gate(1e-5, 1e-6, 0.1, 8e-4, 0.1, "as case 02; attitude: SIM 04 begins its damping otherwise"),
    "04": _DRAGGED, "05": _DRAGGED, "06": _DRAGGED, "08": _DRAGGED,
    "09": Gate(5e-3, 5e-4, 1e-6, 0.33, 0.01, _THROWN),
    "10": Gate(5e-3, 5e-4, 1e-6, 0.41, 0.01, _THROWN),
}  # fmt: skip
"""By case. For the own tick: the spread of the published simulations in position (cases 01 to 03: of all seven, from
04 on: of SIM 04, 05 and 06), and in attitude that of case 02, 0.01 degrees, of case 03 0.1."""
PERFORMANCE = ("endurance", "ceiling", "loiter_speed")
PERFORMANCE_SAMPLES = 256
"""Aircraft drawn: the ends of the interval are known to 2 % of the figure."""
SPREAD = "spread of the published simulations"
SPREAD_02 = "spread of SIM 04 to 06 for a tumbling body: case 02, damped case 03"
DAMPED = "ten times what lies between SIM 04 and 05 without damping"


@dataclass(frozen=True)
class Difference:
    """What lies between two histories of a case, a value a second."""

    position_ft: Array
    """Largest of north, east and up."""
    velocity_ft_s: Array
    """Largest of north, east and down."""
    angle_deg: Array
    """Largest of the three Euler angles."""


@dataclass(frozen=True)
class Compared:
    """One case beside the published simulations."""

    fall: Fall
    gate: Gate
    fine: Difference
    """Ours by the fine rule from SIM 04."""
    tick: Difference
    """Ours by the model's own tick from SIM 04."""
    fine_05: Difference
    """Ours by the fine rule from SIM 05."""
    others: Mapping[str, Difference]
    """SIM 05 and 06 from SIM 04."""


def history(number: str, simulation: str) -> History:
    """A published history, its columns by name."""
    name = f"case_{number}_sim_{simulation}.csv"
    text = (resources.files("samruk.verify") / "data" / "nesc" / name).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}


def difference(one: History, other: History) -> Difference:
    """Between two histories at the same seconds."""
    latitude = other["latitude_deg"] * DEGREE
    per_degree = DEGREE * earth.MEAN_RADIUS / FOOT
    north = per_degree * (one["latitude_deg"] - other["latitude_deg"])
    east = per_degree * np.cos(latitude) * _turn(one["longitude_deg"] - other["longitude_deg"])
    up = one["altitudeMsl_ft"] - other["altitudeMsl_ft"]
    velocity = [one[f"feVelocity_ft_s_{axis}"] - other[f"feVelocity_ft_s_{axis}"] for axis in "XYZ"]
    angles = ("eulerAngle_deg_Roll", "eulerAngle_deg_Pitch", "eulerAngle_deg_Yaw")
    turns = [_turn(one[angle] - other[angle]) for angle in angles]
    return Difference(_largest([north, east, up]), _largest(velocity), _largest(turns))


def _turn(degrees: Array) -> Array:
    """A difference of angles brought to -180 .. 180 degrees."""
    wrapped: Array = (degrees + 180.0) % 360.0 - 180.0
    return wrapped


def _largest(parts: Sequence[Array]) -> Array:
    """The largest size among components, each second."""
    largest: Array = np.max(np.abs(np.array(parts)), axis=0)
    return largest


def compare(falls: Sequence[Fall] = FALLS) -> list[Compared]:
    """Cases flown by both rules and laid beside the published histories."""
    fine, tick = fly(falls), fly(falls, tick=True)
    return [_compared(fall, fine[fall.number], tick[fall.number]) for fall in falls]


def _compared(fall: Fall, fine: History, tick: History) -> Compared:
    """One case."""
    truth = history(fall.number, TRUTH)
    others = {simulation: difference(history(fall.number, simulation), truth) for simulation in OTHERS}
    second = difference(fine, history(fall.number, "05"))
    return Compared(fall, GATES[fall.number], difference(fine, truth), difference(tick, truth), second, others)


def fall_checks(found: Compared) -> list[Check]:
    """Five rows of one case; six where SIM 04 alone would hide an error of damping."""
    gate, case = found.gate, f"case {found.fall.number}, {found.fall.title}"
    sim = f"{AUTHORITY}, SIM {TRUTH}"
    whole = f"{AUTHORITY}, spread of its simulations"
    rows = [
        ("position", sim, found.fine.position_ft, gate.position_ft, "ft", gate.reason),
        ("velocity", sim, found.fine.velocity_ft_s, gate.velocity_ft_s, "ft/s", gate.reason),
        ("attitude", sim, found.fine.angle_deg, gate.angle_deg, "deg", gate.reason),
        ("position, own 20 ms tick", whole, found.tick.position_ft, gate.tick_position_ft, "ft", SPREAD),
        ("attitude, own 20 ms tick", whole, found.tick.angle_deg, gate.tick_angle_deg, "deg", SPREAD_02),
    ]
    if found.fall.number == "03":
        rows.insert(3, ("attitude", f"{AUTHORITY}, SIM 05", found.fine_05.angle_deg, 1e-3, "deg", DAMPED))
    return [
        Check(f"{case}: {what}", authority, float(np.max(values)), limit, unit, reason)
        for what, authority, values, limit, unit, reason in rows
    ]


def field_checks() -> list[Check]:
    """Attraction and density where the published bodies were, against what SIM 04 says of them."""
    truth = history("06", TRUTH)
    heights = truth["altitudeMsl_ft"] * FOOT
    places = [earth.ecef(lat * DEGREE, lon * DEGREE, h)
              for lat, lon, h in zip(truth["latitude_deg"], truth["longitude_deg"], heights, strict=True)]  # fmt: skip
    pulls = [earth.gravitation(place) for place in places]
    g = np.array([float(np.sqrt(float(a.x) ** 2 + float(a.y) ** 2 + float(a.z) ** 2)) for a in pulls]) / FOOT
    rho = np.array([float(earth.standard_atmosphere(float(h))[2]) for h in heights]) * FOOT**3 / SLUG
    authority = f"{AUTHORITY}, SIM {TRUTH}"
    return [
        Check("attraction along the fall of case 06", authority,
              float(np.max(np.abs(g - truth["localGravity_ft_s2"]))), 1e-8, "ft/s2", "nine digits printed"),
        Check("density along the fall of case 06", authority,
              float(np.max(np.abs(rho / truth["airDensity_slug_ft3"] - 1.0))), 1e-6, "1",
              "SIM 05 and 06 lie 2e-6 and 2e-5 from SIM 04"),
    ]  # fmt: skip


def performance_checks() -> list[Check]:
    """Published figures of the reference aircraft with both engines, each against the interval of what comes out.

    The figure is the distance of the published value from our median over the distance of the interval's end on that
    side: beyond 1 it lies outside. A value that was said to be reached and passed has distance 0 when we pass it.
    """
    sheets = [performance.performance(load.aircraft(name), load.published(name), PERFORMANCE_SAMPLES)
              for name in ("anka", "anka-a")]  # fmt: skip
    return [_performance_check(sheet, row) for sheet in sheets for row in sheet.rows if row.name in PERFORMANCE]


def _performance_check(sheet: performance.Sheet, row: performance.Row) -> Check:
    s, said = row.spread, row.published
    value = s.median if said is None else said.value
    end = s.high if value > s.median else s.low
    passed = said is not None and said.at_least and value < s.median
    away = 0.0 if passed else abs(value - s.median) / abs(end - s.median)
    words = row.words.split(",")[0].lower()
    name = f"{sheet.name} with {sheet.engine}: published {words} in the 90 % interval"
    return Check(name, said.source if said else "nothing published", away, 1.0, "1", "the end of the interval")
