"""Arming is starting the engine; what speaks against it, and what stops it: never in the air.

Arming starts the engine and makes it ready; disarming stops it. In the air the engine is stopped only in an emergency:
when it has failed already or the aircraft glides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from samruk.autopilot.checks import ALIGNMENT_TIME
from samruk.messages import Mode, OrderKind, Reason
from samruk.mission import Conditions
from samruk.mission_file.allowed import SECTIONS
from samruk.plant.failures import Failed
from samruk.vehicle import modes
from samruk.vehicle.actions import Actions
from samruk.vehicle.aircraft import GROUND_MODES, Aircraft, Severity, words
from samruk.vehicle.commands import FLIGHT, OPEN, RECOVERY, Commands
from samruk.vehicle.service import Asked, Now, Outgoing, Reply, Result, Sender

SHUT_DOWN = 5.0
"""s of simulated time at rest after a landing until the engine is stopped."""
CRAWL = 0.5
"""m/s by the wheels, under which the aircraft is at rest."""

UNITS: dict[int, dict[int, tuple[str, float]]] = {
    4: {1: ("gnss", 1.0)},
    8: {1: ("pitot", 1.0), 2: ("pitot", 1.0), 4: ("pitot", 0.5)},
    100: {1: ("battery", 1.0)},
    101: {1: ("engine", 1.0), 5: ("engine", 0.5)},
    102: {5: ("actuators", 0.5)},
    105: {1: ("satellite", 1.0)},
}
"""FAILURE_UNIT: FAILURE_TYPE: (system, part lost): GPS, airspeed, battery, motor, servo, MAVLink signal."""
REPAIRED = 0
"""FAILURE_TYPE_OK."""

SYSTEMS = tuple(Failed.__dataclass_fields__)
"""Systems that can fail; SAMRUK_CONDITION names them by number, from `FIRST_SYSTEM`: the value is the part lost."""
FIRST_SYSTEM = 100
CONDITIONS = {
    1: "cloud_scale", 2: "rain_scale", 3: "wind_scale", 4: "temperature_offset", 5: "turbulence_wind", 6: "visibility",
}  # fmt: skip
"""SAMRUK_CONDITION: the condition that it changes."""


@dataclass(frozen=True)
class Check:
    """One line of the arming report."""

    name: str
    """What is looked at."""
    good: bool
    """Whether it lets the aircraft go."""
    text: str = ""
    """What is wrong."""


def report(aircraft: Aircraft) -> list[Check]:
    """What the aircraft knows that speaks for or against starting and flying."""
    picture = aircraft.picture
    m, limits = picture.measurement, aircraft.live.handbook(aircraft.k).limits
    reserve, against = float(picture.plan.reserve), Reason(int(picture.against))
    return [
        Check("on the ground", picture.landed, "the aircraft is in the air"),
        Check("navigation", picture.estimate.position_sigma < 15.0,
              f"position known to {picture.estimate.position_sigma:.0f} m; 15 m are allowed"),
        Check("alignment", picture.time > ALIGNMENT_TIME,
              f"navigation aligns for another {ALIGNMENT_TIME - picture.time:.0f} s"),
        Check("satellite navigation", picture.outage < 3.0, f"no fix for {picture.outage:.0f} s"),
        Check("fuel", m.fuel > reserve, f"{m.fuel:.0f} kg aboard; the reserve alone is {reserve:.0f} kg"),
        Check("fuel temperature", m.fuel_temperature > limits.fuel_freezing,
              f"fuel at {m.fuel_temperature - 273.15:.0f} C, freezes at {limits.fuel_freezing - 273.15:.0f} C"),
        Check("avionics bay", limits.bay_low < m.bay_temperature < limits.bay_high,
              f"bay at {m.bay_temperature - 273.15:.0f} C"),
        Check("outside air", limits.operating_low < m.temperature < limits.operating_high,
              f"{m.temperature - 273.15:.0f} C outside"),
        Check("take-off", against in (Reason.NONE, Reason.ENGINE_OFF, Reason.ENGINE_COLD),
              f"the autopilot would refuse: {words(against.name)}"),
    ]  # fmt: skip


class Arming:
    """Arming, checks, engine, termination, failures.

    Args:
        aircraft: whose engine it is.
        commands: where commands come in.
        actions: to begin what was selected before arming.
        instructor: whether failures and conditions may be set from outside.
    """

    def __init__(self, aircraft: Aircraft, commands: Commands, actions: Actions, instructor: bool = False) -> None:
        self.aircraft, self.actions, self.instructor = aircraft, actions, instructor
        aircraft.board["instructor"] = instructor
        self._at_rest: float | None = None
        self._flew, self._looked = False, -1
        commands.register(400, self._arm, RECOVERY, name="arming")
        commands.register(401, self._checks, OPEN, name="checks before flight")
        commands.register(223, self._engine, RECOVERY, name="engine")
        commands.register(185, self._terminate, RECOVERY, name="flight termination")
        commands.register(246, self._reboot, RECOVERY, name="restart")
        commands.register(241, self._calibrate, FLIGHT, name="calibration")
        commands.register(245, self._storage, FLIGHT, name="storage")
        commands.register(420, self._inject, OPEN, name="failure")
        commands.register(52104, self._condition, OPEN, name="condition")

    def heard(self, message: Any, sender: Sender, now: Now) -> tuple[Outgoing, ...]:
        """Commands come by `Commands`."""
        return ()

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Stop the engine a while after a landing, as a client expects of the end of a flight."""
        picture = self.aircraft.picture
        if int(now.wall) != self._looked:
            self._looked = int(now.wall)
            ready = self.aircraft.armed or all(check.good for check in report(self.aircraft))
            self.aircraft.board["ready"] = ready
        self._flew = self._flew or not picture.landed
        still = picture.landed and picture.mode == Mode.STOPPED and picture.measurement.wheel_speed < CRAWL
        if not (still and self._flew and self.aircraft.engine_ordered):
            self._at_rest = None
            return iter(())
        self._at_rest = now.simulated if self._at_rest is None else self._at_rest
        if now.simulated - self._at_rest >= SHUT_DOWN:
            self._flew = False
            self.aircraft.board["selected"] = None
            self.aircraft.order(OrderKind.ENGINE, x=0.0)
            self.aircraft.say(Severity.INFO, "Landed and stopped: engine off")
        return iter(())

    # --- engine ---

    def _arm(self, asked: Asked, now: Now) -> Reply:
        if asked.whole("p1"):
            return self._start(asked.sender)
        if not self.aircraft.landed:
            return Reply(Result.DENIED, "disarm: never in the air")
        if self.aircraft.picture.mode not in GROUND_MODES:
            return Reply(Result.TEMPORARILY_REJECTED, "disarm: the aircraft moves on the runway")
        self.aircraft.board["selected"] = None
        return self._stop(asked.sender, emergency=False)

    def _start(self, sender: Sender) -> Reply:
        if self.aircraft.armed:
            return Reply()
        bad = [check for check in report(self.aircraft) if not check.good]
        if bad:
            return Reply(Result.TEMPORARILY_REJECTED, "Arming refused: " + "; ".join(c.text for c in bad))
        order = self.aircraft.order(OrderKind.ENGINE, by=sender.system, x=1.0)
        return Reply(order=order, done=lambda: self._begin_selected(sender))

    def _begin_selected(self, sender: Sender) -> None:
        """A mission that was selected before arming begins with it."""
        if self.aircraft.board.get("selected") is modes.MISSION:
            self.aircraft.order(OrderKind.TAKE_OFF, by=sender.system, z=1.0)

    def _stop(self, sender: Sender, emergency: bool) -> Reply:
        order = self.aircraft.order(OrderKind.ENGINE, by=sender.system, x=0.0, y=float(emergency))
        return Reply(order=order)

    def _engine(self, asked: Asked, now: Now) -> Reply:
        """DO_ENGINE_CONTROL."""
        if asked.whole("p1"):
            return self._start(asked.sender) if self.aircraft.landed else self._restart(asked.sender)
        if not self.aircraft.landed:
            return Reply(Result.DENIED, "engine: not stopped in the air")
        return self._stop(asked.sender, emergency=False)

    def _restart(self, sender: Sender) -> Reply:
        return Reply(order=self.aircraft.order(OrderKind.ENGINE, by=sender.system, x=1.0))

    def emergency(self) -> bool:
        """Whether the aircraft has nothing to lose by a stopped engine: it turns no more, or the aircraft glides."""
        picture = self.aircraft.picture
        return not picture.engine_running or picture.mode == Mode.GLIDE

    def _terminate(self, asked: Asked, now: Now) -> Reply:
        if not asked.whole("p1"):
            return Reply(Result.DENIED, "termination: cannot be taken back")
        if not self.aircraft.landed and not self.emergency():
            return Reply(Result.DENIED, "termination: refused, this is no emergency; return or land")
        return self._stop(asked.sender, emergency=True)

    # --- ground ---

    def _checks(self, asked: Asked, now: Now) -> Reply:
        if not self.aircraft.landed or self.aircraft.engine_ordered:
            return Reply(Result.TEMPORARILY_REJECTED, "checks: on the ground with the engine off")
        found = report(self.aircraft)
        for check in found:
            if not check.good:
                self.aircraft.say(Severity.ERROR, f"Preflight: {check.name}: {check.text}")
        if all(check.good for check in found):
            self.aircraft.say(Severity.INFO, f"Preflight: {len(found)} checks passed")
        return Reply()

    def _reboot(self, asked: Asked, now: Now) -> Reply:
        if not self.aircraft.landed or self.aircraft.armed:
            return Reply(Result.DENIED, "restart: refused while the engine runs or the aircraft flies")
        return Reply(Result.UNSUPPORTED, "restart: end the program and start it again")

    def _calibrate(self, asked: Asked, now: Now) -> Reply:
        if not self.aircraft.landed:
            return Reply(Result.DENIED, "calibration: refused in the air")
        return Reply(Result.UNSUPPORTED, "calibration: the sensors align themselves while the aircraft stands")

    def _storage(self, asked: Asked, now: Now) -> Reply:
        """PREFLIGHT_STORAGE: what is set is stored as it is set; nothing is reset from afar."""
        if asked.whole("p1") in (0, 1) and asked.whole("p2") in (0, 1):
            return Reply()
        return Reply(Result.DENIED, "storage: parameters and plans are changed one by one, not reset")

    # --- instructor ---

    def _inject(self, asked: Asked, now: Now) -> Reply:
        if not self.instructor:
            return Reply(Result.DENIED, "failure: only with an instructor (--instructor)")
        unit = UNITS.get(asked.whole("p1", -1), {})
        kind = asked.whole("p2")
        if not unit or (kind != REPAIRED and kind not in unit):
            return Reply(Result.UNSUPPORTED, "failure: this unit cannot fail in this way")
        system, part = next(iter(unit.values())) if kind == REPAIRED else unit[kind]
        return self._fail(system, 0.0 if kind == REPAIRED else part)

    def _fail(self, system: str, part: float, lasts: float = 0.0) -> Reply:
        """Let a system fail, for some s of simulated time or for good, or mend it."""
        live = self.aircraft.live
        until = {"end": live.time + lasts} if lasts > 0.0 else {}
        live.set_failure(self.aircraft.k, system, part, **until)
        return Reply()

    def _condition(self, asked: Asked, now: Now) -> Reply:
        """SAMRUK_CONDITION: p1 names a condition, or a system from 100; p2 is the value; p3 for how long a system
        fails."""
        if not self.instructor:
            return Reply(Result.DENIED, "condition: only with an instructor (--instructor)")
        key, value = asked.whole("p1", -1), asked.p2
        if key in CONDITIONS:
            return self._weather(CONDITIONS[key], value)
        if not 0 <= key - FIRST_SYSTEM < len(SYSTEMS):
            return Reply(Result.DENIED, f"condition: there is no {key}")
        if value is None or not 0.0 <= value <= 1.0:
            return Reply(Result.DENIED, "failure: the part that is lost is 0 to 1")
        return self._fail(SYSTEMS[key - FIRST_SYSTEM], value, asked.p3 or 0.0)

    def _weather(self, name: str, value: float | None) -> Reply:
        """Change a condition within the range of a mission file; without a value, back to the mission's own."""
        allowed = SECTIONS[Conditions][name]
        if value is None:
            value = float(getattr(self.aircraft.live.inputs[self.aircraft.k].task.conditions, name))
        if not allowed.low <= value <= allowed.high:
            told = f"{value:g}; allowed are {allowed.low:g} to {allowed.high:g}"
            return Reply(Result.DENIED, f"condition {words(name)}: {told}")
        self.aircraft.live.set_condition(self.aircraft.k, name, value)
        return Reply()
