"""A flight of the plant alone: the world of `samruk.plant` under a command that a test gives, by the native engine."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from samruk import engine
from samruk.aircraft import Aircraft
from samruk.frames import euler_from_rotation
from samruk.messages import ControlCommand, Inertial, Measurement
from samruk.mission import Tables, Task
from samruk.plant import world as nature
from samruk.plant.trim import Setting, trim
from samruk.plant.world import World
from samruk.tables import to_int
from tests.reference_aircraft import quiet_task, reference_aircraft, still_air

Law = Callable[[World, ControlCommand], ControlCommand]


@dataclass(frozen=True)
class Carry:
    """A world and its command."""

    world: World
    command: ControlCommand
    inertial: Inertial = field(default_factory=Inertial)
    measurement: Measurement = field(default_factory=Measurement)
    fast_tick: Any = 0
    mission_tick: Any = 0
    slow_tick: Any = 0


@dataclass(frozen=True)
class Params:
    """An aircraft and its mission."""

    aircraft: Aircraft
    task: Task


def same(world: World, command: ControlCommand) -> ControlCommand:
    """The law that changes nothing."""
    del world
    return command


def program(carry: Carry, params: Params, tables: Tables, law: Law = same) -> engine.Program:
    """The three tempos of the plant with a law of control in the fast one."""

    def fast(c: Carry, p: Params) -> Carry:
        world, inertial = nature.fast(c.world, law(c.world, c.command), p.aircraft, p.task, c.fast_tick)
        return replace(c, world=world, inertial=inertial, fast_tick=c.fast_tick + 1)

    def mission(c: Carry, p: Params, t: Tables) -> Carry:
        del t
        seen = nature.mission(c.world, p.aircraft, p.task, c.mission_tick)
        return replace(c, measurement=seen, mission_tick=c.mission_tick + 1)

    def slow(c: Carry, p: Params, t: Tables) -> Carry:
        world = nature.slow(c.world, c.command, p.aircraft, p.task, t, c.slow_tick, to_int(c.slow_tick < 0))
        return replace(c, world=world, slow_tick=c.slow_tick + 1)

    def frame(c: Carry, p: Params) -> Any:
        del p
        return c.world.loads

    return engine.Program(fast, mission, slow, frame, carry, params, tables, 5, 10)


def begin(
    world: World, command: ControlCommand, task: Task | None = None, tables: Tables | None = None,
    aircraft: Aircraft | None = None, law: Law = same,
) -> Any:  # fmt: skip
    """A batch of one flight, ready to advance."""
    task, tables, aircraft = task or quiet_task(), tables or still_air(), aircraft or reference_aircraft()
    return _engine(law).start([Carry(world, command)], [Params(aircraft, task)], [tables])


@functools.cache
def _engine(law: Law) -> Any:
    """The compiled plant under a law; every test's flight uses it."""
    task, tables, aircraft = quiet_task(), still_air(), reference_aircraft()
    carry = Carry(nature.initial(aircraft, task, tables), ControlCommand())
    return engine.open(program(carry, Params(aircraft, task), tables, law), "native", 1)


def euler(world: World) -> tuple[float, float, float]:
    """Roll, pitch and true heading, rad, of a world at rest (Python numbers)."""
    phi, theta, psi = euler_from_rotation(nature.attitude(world))
    return float(phi), float(theta), float(psi)


def airborne(
    setting: Setting, height: float, tables: Tables | None = None, **changes: Any
) -> tuple[World, ControlCommand]:
    """A trimmed world over the runway at a height, m, heading along it, and the command that holds it."""
    task, aircraft = quiet_task(**changes), reference_aircraft()
    t = trim(aircraft, setting)
    place = (task.home.latitude, task.home.longitude, height, task.home.heading)
    world = nature.initial_airborne(aircraft, task, tables or still_air(), t, *place)
    command = ControlCommand(
        delta_e=float(t.delta_e), delta_a=float(t.delta_a), delta_r=float(t.delta_r), delta_t=float(t.delta_t),
        delta_f=float(t.delta_f), brake=0.0, gear_down=int(setting.gear),
    )  # fmt: skip
    return world, command
