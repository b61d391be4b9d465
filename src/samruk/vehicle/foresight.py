"""What becomes of a flight if nobody touches it: the aircraft's own step, flown ahead to the end.

A copy of the lane is flown on, faster than time, with what was known before the flight: the mission's weather, links
and systems as briefed, another seed for gusts and satellite, and the turret stowed. What an instructor has changed
since is not known to it. The copy begins at the present state; that state, not the estimate, is copied, so what the
aircraft cannot sense (ice that its detector has not found) is foreseen all the same: a kindness of this simulation.

A rehearsal is the same with the link taken away from now on: the lost-link route flown to its landing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samruk import sim
from samruk.messages import OrderKind
from samruk.payload.turret import STOWED
from samruk.vehicle.live import Live
from samruk.verdict.outcome import DAMAGE, outcome

Array = NDArray[np.float64]

HORIZON = 40 * 3600
"""s of simulated time that is flown ahead at most: longer than full tanks last."""
CHUNK = 900
"""s flown between two looks whether all have ended."""
EVERY = 60
"""s of simulated time between two samples."""
OTHER_SEED = 7919
"""Added to the seed: the gusts ahead are not known."""
GONE = 1e6
"""s of link age in a rehearsal."""
COURSE = ("time", "latitude", "longitude", "height", "ground", "airspeed", "fuel", "ice", "cloud_water", "mode",
          "los_margin", "satellite_margin", "temperature", "bingo", "stall_margin")  # fmt: skip
"""Fields of `sim.Frame` that are kept of the way ahead."""


@dataclass(frozen=True)
class Outlook:
    """How a flight would end."""

    outcome: str | None
    """completed, diverted, refused, lost; None when it does not end within `HORIZON`."""
    reason: int
    """`messages.Reason` of the last decision."""
    field: int
    """Where it lands: 0 home, 1 and 2 the alternates."""
    ends: float
    """s since the epoch: standing still, or lost."""
    fuel: float
    """kg left then."""
    lost_by: str
    """What destroys it; empty when nothing does."""
    made: float
    """s since the epoch when it was foreseen."""
    course: dict[str, Array]
    """Samples a minute, SI and radians, by field of `sim.Frame`."""


def foresee(live: Live, which: Sequence[int], rehearse: bool = False) -> list[Outlook]:
    """Fly copies of these aircraft ahead to their ends; the aircraft themselves are not touched.

    Args:
        live: the aircraft, between two ticks.
        which: numbers of the aircraft.
        rehearse: take the link away from now on.

    Returns:
        One outlook for each.
    """
    return fly_on(fork(live, which, rehearse), live, which)


def fork(live: Live, which: Sequence[int], rehearse: bool = False) -> Any:
    """Copies of these aircraft, with what was briefed; quick, so that a live turn can afford it."""
    params = []
    for k in which:
        given = live.inputs[k]
        task = replace(given.task, seed=given.task.seed + OTHER_SEED)
        params.append(sim.params(task, given.aircraft))
    batch = live.batch.select(list(which), params=params)
    for lane in range(len(which)):
        batch.set(lane, "link_age", GONE if rehearse else 0.0)
        batch.set(lane, "order.kind", int(OrderKind.NONE))
        batch.set(lane, "aim.kind", STOWED)
    for name in ("task.legs", "task.lost_link_legs"):
        for lane, k in enumerate(which):
            batch.set_param(lane, name, float(live.batch.params.values(name)[k]))
    return batch


def fly_on(batch: Any, live: Live, which: Sequence[int]) -> list[Outlook]:
    """Fly copies to their ends; may run beside the live aircraft in another thread."""
    made = batch.ticks / sim.MISSION_PER_SLOW
    began = batch.ticks // sim.MISSION_PER_SLOW
    pieces: list[Any] = []
    while batch.ticks // sim.MISSION_PER_SLOW < began + HORIZON:
        frames = batch.advance(CHUNK, frame_every=EVERY)
        pieces.append(frames.data)
        if np.all(batch.values("over") != 0):
            break
    data, names = np.concatenate(pieces), list(frames.names)
    return [_outlook(batch, lane, live.inputs[k].task, data[:, :, lane], names, made) for lane, k in enumerate(which)]


def _outlook(batch: Any, lane: int, task: Any, data: Array, names: list[str], made: float) -> Outlook:
    """One copy's end and way."""
    carry = batch.carry(lane)
    end = sim.ended(carry, task)
    over = np.flatnonzero(data[:, names.index("over")] != 0.0)
    last = int(over[0]) + 1 if over.size else len(data)
    course = {name: data[:last, names.index(name)].copy() for name in COURSE if name in names}
    return Outlook(
        outcome=outcome(end),
        reason=int(carry.pilot.flight.reason),
        field=int(carry.pilot.flight.field),
        ends=float(course["time"][-1]),
        fuel=end.fuel_left,
        lost_by=DAMAGE.get(end.damage, ""),
        made=made,
        course=course,
    )


def parked(outlook: Outlook) -> bool:
    """Whether there is nothing to foresee: the aircraft stands and nobody has sent it."""
    return outlook.outcome is None and bool(np.ptp(outlook.course["height"]) < 1.0)
