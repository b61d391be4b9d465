"""The radio between every aircraft and every station, by the same functions as the step's own radio.

The step knows one ground antenna, the mission's. Here each station has one of its own: its horizon, its terrain, its
rain, its gaps. One small program flies along with the aircraft, a lane for each, once for each station's site.

Nature is asked, so this room reads the truth (place and attitude); what it says goes to the transport alone, never to
the autopilot or to a screen.

Place and attitude are those at the beginning of what is flown; within a piece of up to a second they are held. Against
the step's own radio that is less than 0.05 dB in level flight; in a steep turn the shadow of a wing comes up to a
second late.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from samruk import engine, sim
from samruk.aircraft import Radio
from samruk.frames import Quaternion, Rotation, compose, rotation
from samruk.lazy import jnp
from samruk.link.transport import State
from samruk.messages import Command, Telemetry
from samruk.mission import Conditions, Ground, Links, Tile
from samruk.radio import RadioState, masking
from samruk.radio import link as waves
from samruk.radio import satellite as sky
from samruk.tables import to_float
from samruk.terrain_file import edges
from samruk.terrain_file.grid import Grid
from samruk.vehicle.live import Live
from samruk.verdict.flights import sources_key
from samruk.words import wide

Scalar = Any


@dataclass(frozen=True)
class Site:
    """A station's antenna."""

    name: str
    """Of the station: S1."""
    system: int
    """MAVLink system id of the station."""
    links: Links
    """Its antenna, and the satellite; as a mission's."""


@dataclass(frozen=True)
class There:
    """Where the aircraft is, and what is on aboard; copied from the flight."""

    latitude: Scalar = wide(0.0)
    longitude: Scalar = wide(0.0)
    height: Scalar = 0.0
    R_ne: Rotation = field(default_factory=Rotation)
    q_eb: Quaternion = field(default_factory=Quaternion)
    antenna_loss: Scalar = 0.0
    satellite_on: Scalar = 1
    avionics_on: Scalar = 1


COPIED = {
    "there.latitude": "world.anchor.latitude", "there.longitude": "world.anchor.longitude",
    "there.height": "world.anchor.height", "there.antenna_loss": "world.ice_effects.antenna_loss",
    "there.satellite_on": "world.power.satellite_on", "there.avionics_on": "world.power.avionics_on",
    **{f"there.R_ne.{a}{b}": f"world.anchor.R_ne.{a}{b}" for a in "xyz" for b in "xyz"},
    **{f"there.q_eb.{a}": f"world.truth.q_eb.{a}" for a in "wxyz"},
}  # fmt: skip
"""Leaf here: leaf of the flight."""


@dataclass(frozen=True)
class Pair:
    """One aircraft and one site."""

    there: There = field(default_factory=There)
    radio: RadioState = field(default_factory=RadioState)
    satellite_delay: Scalar = 0.3
    """s, one way."""
    los_loss: Scalar = 0.0
    """0..1, chance that a frame is lost."""
    satellite_loss: Scalar = 0.0
    """0..1, chance that a frame is lost."""
    mission_tick: Scalar = wide(0)
    slow_tick: Scalar = wide(0)


@dataclass(frozen=True)
class PairParams:
    """What does not move."""

    links: Links
    radio: Radio
    conditions: Conditions
    tile: Tile
    seed: Scalar = 0


@dataclass(frozen=True)
class Edges:
    """What stands in the way around the antenna."""

    ground: Ground = field(default_factory=Ground)


def stay(pair: Pair, params: PairParams) -> Pair:
    """Nothing happens in a fast tick."""
    return pair


def mission(pair: Pair, params: PairParams, tables: Edges) -> Pair:
    """0.1 s: margins behind the airframe, and which bearer carries."""
    tick, there = pair.mission_tick, pair.there
    radio = waves.step(
        pair.radio, compose(there.R_ne, rotation(there.q_eb)), there.satellite_on, Telemetry(), Command(), params.links,
        params.radio, params.seed, tick, sim.MISSION_DT * to_float(tick), there.avionics_on,
    )  # fmt: skip
    return replace(
        pair,
        radio=radio,
        satellite_delay=sky.delay(params.links.satellite_delay, radio.paths.satellite_light, params.seed, tick),
        los_loss=waves.frame_loss(radio.los_margin_db),
        satellite_loss=waves.frame_loss(radio.satellite_margin_db),
        mission_tick=tick + 1,
    )


def slow(pair: Pair, params: PairParams, tables: Edges) -> Pair:
    """1 s: the ways."""
    there = pair.there
    ridge = masking.loss(
        there.latitude, there.longitude, there.height, params.links, params.tile, tables.ground,
        params.radio.los_frequency,
    )  # fmt: skip
    radio = waves.slow(
        pair.radio, there.latitude, there.longitude, there.height, params.links, params.radio, params.conditions,
        there.antenna_loss, params.seed, pair.slow_tick, ridge,
    )  # fmt: skip
    return replace(pair, radio=radio, slow_tick=pair.slow_tick + 1)


@dataclass(frozen=True)
class Nothing:
    """Nothing is recorded."""

    margin: Scalar


def frame(pair: Pair, params: PairParams) -> Nothing:
    """The margin of the line of sight."""
    return Nothing(jnp.asarray(pair.radio.los_margin_db))


class Reception:
    """All pairs of a session.

    Args:
        live: the aircraft.
        sites: the stations' antennas.
        engine_kind: as for the flight.
    """

    def __init__(self, live: Live, sites: Sequence[Site], engine_kind: str = "auto") -> None:
        self.live, self.sites = live, tuple(sites)
        self._seen = 0
        self._batches: list[Any] = []
        if not sites:
            return
        params = [[_params(live, k, site, n) for k in range(len(live))] for n, site in enumerate(sites)]
        tables = [_edges(live, site) for site in sites]
        with_tiles = [
            [replace(one, tile=replace(one.tile, reach=reach)) for one in row]
            for row, (_, reach) in zip(params, tables, strict=True)
        ]
        program = engine.Program(
            stay, mission, slow, frame, Pair(), with_tiles[0][0], tables[0][0], 1, sim.MISSION_PER_SLOW, _key()
        )
        self.engine = engine.open(program, engine_kind, 1)
        for row, (edge, _) in zip(with_tiles, tables, strict=True):
            self._batches.append(self.engine.start([Pair()] * len(live), row, [edge] * len(live)))
        for batch in self._batches:
            batch.ticks = live.tick
            self._count(batch)

    def _count(self, batch: Any) -> None:
        """Let the counters stand where the flight's do."""
        for k in range(len(self.live)):
            batch.set(k, "mission_tick", self.live.tick)
            batch.set(k, "slow_tick", -(-self.live.tick // sim.MISSION_PER_SLOW))

    def advance(self, ticks: int) -> None:
        """Fly the radio as far as the aircraft will be flown next: call it before `Live.advance`."""
        state, params = self.live.batch.state, self.live.batch.params
        changed = self.live.entries != self._seen
        self._seen = self.live.entries
        for batch in self._batches:
            for here, there in COPIED.items():
                batch.state.column(batch.state.layout[here])[...] = state.column(state.layout[there])
            if changed:
                for leaf in batch.params.layout.leaves:
                    if leaf.name.startswith("conditions."):
                        source = params.layout[f"task.{leaf.name}"]
                        batch.params.column(leaf)[...] = params.column(source)
            batch.advance_mission(ticks)

    def state(self, k: int, site: int) -> State:
        """What the transport needs of aircraft `k` and a site, both by number."""
        batch = self._batches[site]

        def value(name: str) -> float:
            leaf = batch.state.layout[name]
            return float(batch.state.column(leaf)[divmod(k, batch.state.width)])

        return State(
            margins_db=(value("radio.los_margin_db"), value("radio.satellite_margin_db")),
            up=(value("radio.los_up") != 0.0, value("radio.satellite_up") != 0.0),
            bearer=int(value("radio.bearer")),
            delays=(value("radio.paths.los_delay"), value("satellite_delay")),
            losses=(value("los_loss"), value("satellite_loss")),
        )


def _params(live: Live, k: int, site: Site, number: int) -> PairParams:
    """One lane; every site has chances of its own, but the mission's antenna those of the flight."""
    given = live.inputs[k]
    own = site.links == given.task.links
    seed = given.task.seed + (0 if own else 104729 * (number + 1))
    return PairParams(site.links, given.aircraft.radio, given.task.conditions, given.task.tile, seed)


def _edges(live: Live, site: Site) -> tuple[Edges, float]:
    """The table of edges around a site, and how far it reaches."""
    given = live.inputs[0]
    tile, ground = given.task.tile, given.tables.ground
    if not tile.given:
        return Edges(ground), 1.0
    if site.links == given.task.links:
        return Edges(ground), float(tile.reach)
    heights = np.asarray(ground.posts, np.int16).reshape(tile.rows, tile.columns)
    grid = Grid(heights, tile.north, tile.west, tile.spacing_latitude, tile.spacing_longitude)
    distance, top, reach = edges(grid, site.links)
    return Edges(Ground(ground.posts, distance, top)), reach


def _key() -> str:
    """Stands for the sources of this program."""
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    return f"reception-{own}-{sources_key()}"
