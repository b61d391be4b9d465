"""What has failed: the declared failures of a mission as parts lost.

A part of 0 is sound, 1 is gone. Failures come and go at declared instants; nothing fails by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from samruk.lazy import jnp
from samruk.mission import Failure, Failures

Scalar = Any


@dataclass(frozen=True)
class Failed:
    """Part lost of each system, 0..1; the meaning of a part is told at `samruk.mission.Failures`."""

    ice_detector: Scalar = 0.0
    wing_left: Scalar = 0.0
    wing_right: Scalar = 0.0
    tail: Scalar = 0.0
    propeller: Scalar = 0.0
    pitot_heat: Scalar = 0.0
    pitot: Scalar = 0.0
    alternator: Scalar = 0.0
    battery: Scalar = 0.0
    engine: Scalar = 0.0
    coolant: Scalar = 0.0
    fuel_heat: Scalar = 0.0
    payload: Scalar = 0.0
    gnss: Scalar = 0.0
    satellite: Scalar = 0.0
    actuators: Scalar = 0.0


def lost(failures: Failures, time: Scalar) -> Failed:
    """The parts lost at a time, s since the mission's epoch."""
    return Failed(**{each.name: _part(getattr(failures, each.name), time) for each in fields(Failed)})


def _part(failure: Failure, time: Scalar) -> Scalar:
    """Part lost to one declared failure."""
    holds = (time >= failure.start) & (time < failure.end)
    return jnp.where(holds, failure.part, 0.0)


def anything(failed: Failed) -> Scalar:
    """Truth value: something has failed."""
    return sum((getattr(failed, each.name) for each in fields(Failed)), 0.0) > 0.0
