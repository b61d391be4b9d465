"""What a lane of the step knows of itself, read leaf by leaf: estimate, measurements, commands. Never the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, get_type_hints

import numpy as np

from samruk.autopilot.airdata import AirData
from samruk.autopilot.control import Wanted
from samruk.autopilot.flight import Flight
from samruk.autopilot.pilot import Aim
from samruk.autopilot.plan import Plan
from samruk.autopilot.protection import Frost
from samruk.frames import Vec3
from samruk.messages import ControlCommand, Estimate, Inertial, Measurement, Mode, OrderAck, Reason
from samruk.payload.turret import Turret

Build = Callable[[Sequence[float], Sequence[int]], Any]


@dataclass(frozen=True)
class Receivers:
    """What the radios aboard say of their own links to the home station."""

    los_margin_db: float = 0.0
    """dB above what the line-of-sight link needs."""
    satellite_margin_db: float = 0.0
    """dB above what the satellite link needs."""
    los_up: int = 1
    """1 while the line of sight could carry frames."""
    satellite_up: int = 1
    """1 while the satellite could carry frames."""
    link_up: int = 1
    """1 while frames pass."""
    bearer: int = 1
    """0 none, 1 line of sight, 2 satellite."""
    delay: float = 0.0
    """s, one way, of a frame sent now."""
    uplink_age: float = 0.0
    """s since the last frame received aboard."""


@dataclass(frozen=True)
class Picture:
    """One aircraft at one mission tick, as it knows itself."""

    estimate: Estimate
    """What it believes of itself."""
    measurement: Measurement
    """The sensors but the inertial unit."""
    inertial: Inertial
    """The inertial unit."""
    command: ControlCommand
    """What it asks of actuators and systems."""
    flight: Flight
    """Mode, leg, orders."""
    plan: Plan
    """Fuel to every field."""
    frost: Frost
    """Ice."""
    air: AirData
    """Airspeed and wind."""
    wanted: Wanted
    """What the attitude loops follow."""
    radio: Receivers
    """Links by its own receivers."""
    aim: Aim
    """Height, speed and bank that the autopilot flies to."""
    order_ack: OrderAck
    """Answer to the last order."""
    turret: Turret
    """The payload's turret, by its own encoders."""
    flap: float = 0.0
    """0..1, by the flap's own rate."""
    gear: float = 1.0
    """0 up .. 1 down, by the gear's own rate."""
    on_station: int = 0
    """1 while the time counts as observation."""
    outage: float = 0.0
    """s since the last GNSS fix."""
    consistency: float = 1.0
    """Mean of the filter's innovations squared over their variance; 1 when it is honest."""
    next_mode: int = 0
    """The `Mode` that is armed to follow; the present one where none is known."""
    next_reason: int = 0
    """The `Reason` for which it will."""
    against: int = 0
    """The `Reason` that speaks against a take-off now."""
    tick: int = 0
    """Mission ticks since the epoch."""
    time: float = 0.0
    """s since the epoch."""

    @property
    def mode(self) -> Mode:
        """The mode now."""
        return Mode(int(self.flight.mode))

    @property
    def reason(self) -> Reason:
        """Why."""
        return Reason(int(self.flight.reason))

    @property
    def ground_speed(self) -> float:
        """m/s."""
        return float(np.hypot(self.estimate.v_n.x, self.estimate.v_n.y))

    @property
    def course(self) -> float:
        """rad from true north, 0..2 pi; of the velocity over the ground."""
        return float(np.arctan2(self.estimate.v_n.y, self.estimate.v_n.x)) % (2.0 * np.pi)

    @property
    def heading(self) -> float:
        """rad from true north, 0..2 pi; of the nose."""
        return float(self.estimate.psi) % (2.0 * np.pi)

    @property
    def climb_rate(self) -> float:
        """m/s up."""
        return -float(self.estimate.v_n.z)

    @property
    def landed(self) -> bool:
        """By the switches on the wheels."""
        return bool(self.measurement.weight_on_wheels)

    @property
    def engine_running(self) -> bool:
        """By the engine's controller."""
        return bool(self.measurement.engine_running)


WHERE = {
    "estimate": "pilot.estimate", "measurement": "measurement", "inertial": "inertial", "command": "pilot.command",
    "flight": "pilot.flight", "plan": "pilot.plan", "frost": "pilot.frost", "air": "pilot.air",
    "wanted": "pilot.inner.wanted", "radio": "radio", "order_ack": "pilot.order_ack", "flap": "pilot.flap",
    "gear": "pilot.gear", "turret": "turret", "aim": "pilot.aim", "on_station": "pilot.on_station",
    "outage": "pilot.estimator.outage",
    "consistency": "pilot.estimator.consistency", "next_mode": "pilot.next_mode", "next_reason": "pilot.next_reason",
    "against": "pilot.against",
}  # fmt: skip
"""Field of the picture: where in the carry it lies. The truth, `world`, is not among them, and a test keeps it so."""


@dataclass
class Reader:
    """Reads pictures of lanes out of a batch.

    Args:
        layout: of the carry.
    """

    layout: Any
    """The carry's layout."""
    real: list[int] = field(default_factory=list)
    """Places of the floats that are read."""
    integer: list[int] = field(default_factory=list)
    """Places of the integers that are read."""

    def __post_init__(self) -> None:
        hints = get_type_hints(Picture)
        self._parts = {name: self._builder(hints[name], path) for name, path in WHERE.items()}
        self._tick = self._leaf("mission_tick")
        self._real, self._integer = np.array(self.real), np.array(self.integer)

    def picture(self, batch: Any, lane: int) -> Picture:
        """One lane now."""
        block, place = divmod(lane, batch.state.width)
        real = batch.state.real[block, self._real, place].tolist()
        integer = batch.state.integer[block, self._integer, place].tolist()
        tick = self._tick(real, integer)
        return Picture(
            **{name: build(real, integer) for name, build in self._parts.items()}, tick=tick, time=0.1 * tick
        )

    def _builder(self, kind: Any, path: str) -> Build:
        """What makes one part of a picture from the numbers read."""
        if not (isinstance(kind, type) and is_dataclass(kind)):
            return self._leaf(path)
        hints = get_type_hints(kind)
        inner = [self._builder(self._kind(each, hints), f"{path}.{each.name}") for each in fields(kind)]
        return lambda real, integer: kind(*[build(real, integer) for build in inner])

    def _kind(self, each: Any, hints: dict[str, Any]) -> Any:
        """The type of a field; one annotated as a scalar is a leaf."""
        return hints.get(each.name, float)

    def _leaf(self, path: str) -> Build:
        """Reads one number."""
        leaf = self.layout[path]
        if leaf.kind == "i":
            self.integer.append(leaf.index)
            k = len(self.integer) - 1
            return lambda real, integer: integer[k]
        self.real.append(leaf.index)
        k = len(self.real) - 1
        return lambda real, integer: real[k]


__all__ = ["WHERE", "Picture", "Reader", "Receivers", "Vec3"]
