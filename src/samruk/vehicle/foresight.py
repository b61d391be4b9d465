"""What becomes of a flight if nobody touches it: the aircraft's own step, flown ahead to the end.

A copy of the lane is flown on, faster than time, with what was known before the flight: the mission's weather, links
and systems as briefed, another seed for gusts and satellite, and the turret stowed; the crew's settings are those of
now. What an instructor has changed
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
from samruk.messages import Mode, OrderKind
from samruk.payload.turret import STOWED
from samruk.vehicle.live import Live
from samruk.verdict.outcome import DAMAGE, outcome

Array = NDArray[np.float64]

HORIZON = 40 * 3600
"""s of simulated time that is flown ahead at most: longer than full tanks last."""
EVERY = 60
"""s of simulated time between two samples, and between two looks whether all have ended."""
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
    """Copies of these aircraft, with what was briefed and the rules as the crew has set them; quick, so that a live
    turn can afford it."""
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
    rules = [leaf.name for leaf in live.batch.params.layout.leaves if leaf.name.startswith("task.rules.")]
    for name in ("task.legs", "task.lost_link_legs", *rules):
        held = live.batch.params.values(name)
        for lane, k in enumerate(which):
            batch.set_param(lane, name, float(held[k]))
    return batch


def fly_on(batch: Any, live: Live, which: Sequence[int]) -> list[Outlook]:
    """Fly copies to their ends; may run beside the live aircraft in another thread.

    An end is: standing still after a flight, or lost. What stands and was not sent has its end at once.
    """
    made = batch.ticks // sim.MISSION_PER_SLOW
    found: dict[int, Outlook] = {}
    pieces: list[Array] = []
    names: list[str] = []
    while len(found) < len(which) and batch.ticks // sim.MISSION_PER_SLOW < made + HORIZON:
        frames = batch.advance(EVERY, frame_every=EVERY)
        names = list(frames.names)
        pieces.append(frames.data)
        settled = _settled(batch)
        for lane in range(len(which)):
            if settled[lane] and lane not in found:
                found[lane] = _outlook(batch, lane, live, which, pieces, names, made)
    for lane in range(len(which)):
        found.setdefault(lane, _outlook(batch, lane, live, which, pieces, names, made))
    return [found[lane] for lane in range(len(which))]


def _settled(batch: Any) -> Any:
    """Which copies have come to their end."""
    mode = batch.values("pilot.flight.mode")
    parked = np.isin(mode, (int(Mode.PREFLIGHT), int(Mode.STOPPED), int(Mode.REFUSED)))
    return parked | (batch.values("world.damage") != 0) | (batch.values("world.status") != 0)


def _outlook(
    batch: Any, lane: int, live: Live, which: Sequence[int], pieces: Sequence[Array], names: list[str], made: float
) -> Outlook:
    """One copy's end and way so far."""
    carry = batch.carry(lane)
    end = sim.ended(carry, live.inputs[which[lane]].task)
    data = np.concatenate([piece[:, :, lane] for piece in pieces])
    course = {name: data[:, names.index(name)].copy() for name in COURSE if name in names}
    never_left = int(carry.pilot.flight.mode) == Mode.PREFLIGHT
    return Outlook(
        outcome=None if never_left else outcome(end),
        reason=int(carry.pilot.flight.reason),
        field=int(carry.pilot.flight.field),
        ends=float(course["time"][-1]),
        fuel=end.fuel_left,
        lost_by=DAMAGE.get(end.damage, ""),
        made=made,
        course=course,
    )
