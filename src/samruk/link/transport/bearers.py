"""The two bearers between one aircraft and one station, and which of them carries.

How well they work comes from outside (`State`: the radio of the step). The automatic choice is the radio's; a crew may
choose a bearer, which then carries whenever it is up, and the automatic choice where it is not.

The satellite is thin: telemetry streams do not go over it, `HIGH_LATENCY2` takes their place.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from samruk.link.transport.path import Manner, Path

NONE, LINE_OF_SIGHT, SATELLITE = 0, 1, 2
"""Bearers, numbered as the radio of the step has them."""
LOS_BITS, SATELLITE_BITS = 2e6, 64e3
"""bits a second of the narrow telemetry channels, one way (estimated for the class)."""
JITTER = {LINE_OF_SIGHT: 0.002, SATELLITE: 0.02}
"""s, one-sided, on top of the delay (estimated)."""
STREAM = 2
"""Priority of streams, of which nothing goes over the satellite; what is below (answers, heartbeat, mode, place) may
use the room that is kept free. See `samruk.vehicle.service.Priority`."""
BULK = 3
"""Priority of files and lists: over the satellite as far as there is room."""
MINUTE = 60.0
"""s over which the loss is told."""


@dataclass(frozen=True)
class State:
    """What the radio says of a pair."""

    margins_db: tuple[float, float] = (30.0, 20.0)
    """dB above what the links need: line of sight, satellite."""
    up: tuple[bool, bool] = (True, True)
    """Which could carry frames."""
    bearer: int = LINE_OF_SIGHT
    """The automatic choice."""
    delays: tuple[float, float] = (0.04, 0.6)
    """s, one way."""
    losses: tuple[float, float] = (0.0, 0.0)
    """0..1, chance that a frame is lost."""


@dataclass(frozen=True)
class Spoiled:
    """What an instructor adds to one bearer."""

    loss: float = 0.0
    """0..1; 1 takes it away."""
    delay: float = 0.0
    """s, one way."""
    duplicate: float = 0.0
    """0..1, chance that a frame arrives twice."""
    reorder: float = 0.0
    """0..1, chance that a frame is overtaken."""
    until: float = 1e18
    """s of simulated time."""


@dataclass
class _Bearer:
    """Both ways of one bearer."""

    down: Path
    up: Path
    heard: float | None = None
    """s of simulated time at which the last frame came up."""


@dataclass
class Bearers:
    """One aircraft and one station.

    Args:
        seed: of the paths' chances.
    """

    seed: int = 0
    state: State = field(default_factory=State)
    chosen: int = NONE
    """The crew's choice; NONE for the automatic one."""
    spoiled: dict[int, Spoiled] = field(default_factory=dict)
    """By bearer."""
    switches: int = 0
    """Changes of the bearer that carries."""

    def __post_init__(self) -> None:
        bits = {LINE_OF_SIGHT: LOS_BITS, SATELLITE: SATELLITE_BITS}
        self._ways = {
            which: _Bearer(
                Path(4 * self.seed + 2 * which, Manner(bits_per_second=rate)),
                Path(4 * self.seed + 2 * which + 1, Manner(bits_per_second=rate)),
            )
            for which, rate in bits.items()
        }  # fmt: skip
        self._counted: dict[int, deque[tuple[float, int, int]]] = {which: deque() for which in bits}
        self._active = self.state.bearer

    # --- what carries ---

    def set(self, state: State, now: float) -> None:
        """Take what the radio says now (s of simulated time); a bearer that went down loses what is on its way."""
        self.state = state
        for which, way in self._ways.items():
            spoiled = self._spoiled(which, now)
            manner = Manner(
                loss=1.0 - (1.0 - state.losses[which - 1]) * (1.0 - spoiled.loss),
                delay=state.delays[which - 1] + spoiled.delay,
                jitter=JITTER[which],
                duplicate=spoiled.duplicate,
                reorder=spoiled.reorder,
                bits_per_second=way.down.manner.bits_per_second,
            )
            way.down.manner = way.up.manner = manner
            if not self.works(which, now):
                way.down.cut()
                way.up.cut()
        active = self._choose(now)
        if active != self._active and NONE not in (active, self._active):
            self.switches += 1
        self._active = active

    @property
    def active(self) -> int:
        """The bearer that carries; NONE when neither does."""
        return self._active

    def works(self, which: int, now: float) -> bool:
        """Whether a bearer could carry frames."""
        return bool(self.state.up[which - 1]) and self._spoiled(which, now).loss < 1.0

    def spoil(self, which: int, spoiled: Spoiled) -> None:
        """Let an instructor spoil a bearer; NONE means both."""
        for each in (LINE_OF_SIGHT, SATELLITE) if which == NONE else (which,):
            self.spoiled[each] = spoiled

    def _spoiled(self, which: int, now: float) -> Spoiled:
        found = self.spoiled.get(which, Spoiled())
        return found if now < found.until else Spoiled()

    def _choose(self, now: float) -> int:
        wanted = self.chosen or self.state.bearer
        order = (wanted, LINE_OF_SIGHT, SATELLITE)
        return next((each for each in order if each != NONE and self.works(each, now)), NONE)

    # --- frames ---

    def down(self, raw: bytes, priority: int, now: float, wall: float) -> bool:
        """Send a frame to the station; whether a way took it."""
        if self._active == NONE or (self._active == SATELLITE and priority == STREAM):
            return False
        return self._ways[self._active].down.send(raw, now, wall, vital=priority < STREAM)

    def up(self, raw: bytes, now: float, wall: float, vital: bool = False) -> bool:
        """Send a frame to the aircraft; whether a way took it. Commands and heartbeats are vital, files are not."""
        return self._active != NONE and self._ways[self._active].up.send(raw, now, wall, vital)

    def due_down(self, now: float) -> list[bytes]:
        """Frames that have reached the station."""
        return [raw for way in self._ways.values() for raw in way.down.due(now)]

    def due_up(self, now: float) -> list[bytes]:
        """Frames that have reached the aircraft."""
        found = []
        for way in self._ways.values():
            frames = way.up.due(now)
            if frames:
                way.heard = now
            found += frames
        return found

    # --- what is told of it ---

    def ages(self, now: float) -> tuple[float, float]:
        """s since the last frame from the station, by bearer; infinite before the first."""
        a, b = (way.heard for way in self._ways.values())
        return (float("inf") if a is None else now - a, float("inf") if b is None else now - b)

    def losses(self, wall: float) -> tuple[float, float]:
        """0..1, part of the frames of the last minute of the wall clock that were lost, both ways, by bearer."""
        found = []
        for which, way in self._ways.items():
            counted = self._counted[which]
            counted.append((wall, way.down.sent + way.up.sent, way.down.lost + way.up.lost))
            while len(counted) > 2 and wall - counted[0][0] > MINUTE:
                counted.popleft()
            sent, lost = (counted[-1][k] - counted[0][k] for k in (1, 2))
            found.append(min(lost / sent, 1.0) if sent else 0.0)  # a frame sent before the minute may be lost in it
        return found[0], found[1]
