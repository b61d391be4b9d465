"""The air between the aircraft of a process and their stations: reception, bearers, and what is told of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from samruk.errors import InputError
from samruk.link.mavlink import Frame, Keyring, Parser
from samruk.link.transport import NONE, SATELLITE, Bearers, Spoiled
from samruk.vehicle.assembly import Assembled
from samruk.vehicle.live import Live
from samruk.vehicle.reception import Reception, Site
from samruk.vehicle.service import Asked, Now, Outgoing, Reply, Result
from samruk.vehicle.ways import RadioWay, Way

BEARER, LINK_CONDITION = 52106, 52105
"""Commands: choose the bearer, spoil a link."""
IN_TOUCH = 3.0
"""s of link age below which no time to the lost-link route is told."""
WALL_BEAT = 1.5
"""Wall s: stations speak at least once in this time; what of a link's age is only that is not told."""
FOR_EVER = 1e18
"""s."""


class Radio:
    """All ways over the air.

    Args:
        live: the aircraft.
        crew: their services.
        sites: the stations' antennas.
        keyrings: one for each aircraft, where frames are signed.
    """

    def __init__(
        self, live: Live, crew: Sequence[Assembled], sites: Sequence[Site], keyrings: Sequence[Keyring | None] = (),
    ) -> None:  # fmt: skip
        self.live, self.crew, self.sites = live, crew, tuple(sites)
        self.reception = Reception(live, self.sites) if self.sites else None
        self.ways: list[list[RadioWay]] = [[] for _ in crew]
        self.spoiled = Spoiled()
        """What every way suffers from its beginning."""
        rings = keyrings or [None] * len(crew)
        self._parsers = [Parser(verifier=ring.verifier if ring else None) for ring in rings]
        if self.sites:
            for k, each in enumerate(crew):
                each.commands.register(BEARER, self._chooser(k), 0, name="bearer")
                each.commands.register(LINK_CONDITION, self._spoiler(k), 0, name="link condition")

    def way(self, k: int, text: str, clock: Callable[[], tuple[float, float]]) -> RadioWay | None:
        """The way over the air to the site that an address names; None when it names none."""
        name = text.partition("=")[2]
        if not name:
            return None
        number = next((n for n, site in enumerate(self.sites) if site.name == name), None)
        if number is None:
            raise InputError(f"{name!r} is no site.", "--udp", "Name it with --site.")
        way = RadioWay("", lambda data: None, True, bearers=Bearers(1000 * k + number), site=number,
                       system=self.sites[number].system, clock=clock)  # fmt: skip
        way.bearers.spoil(NONE, self.spoiled)
        self.ways[k].append(way)
        return way

    def advance(self, ticks: int) -> None:
        """Fly the radio ahead of the aircraft."""
        if self.reception is not None:
            self.reception.advance(ticks)

    def turn(self, now: Now) -> None:
        """Let the bearers know what the radio says, and the streams how wide their way is."""
        if self.reception is None:
            return
        for k, ways in enumerate(self.ways):
            for way in ways:
                way.bearers.set(self.reception.state(k, way.site), now.simulated)
                self.crew[k].telemetry.open(way.path, thin=way.bearers.active == SATELLITE)
            self.crew[k].aircraft.board["links"] = [self._told(k, way, now) for way in ways]
            self.crew[k].aircraft.board["bearers"] = {way.system: float(way.bearers.active) for way in ways}

    def landed(self, k: int) -> Iterator[tuple[Way, Frame]]:
        """Frames that have reached aircraft `k` over the air."""
        for way in self.ways[k]:
            for raw in way.land():
                for frame in self._parsers[k].datagram(raw):
                    yield way, frame

    # --- what is told ---

    def _told(self, k: int, way: RadioWay, now: Now) -> dict[str, Any]:
        """SAMRUK_LINKS of one station."""
        bearers, state = way.bearers, way.bearers.state
        age = self.live.link_age(k)
        slow = (now.speed - 1.0) * WALL_BEAT
        limit = self.live.rule(k, "lost_link_time")
        up = sum(1 << which - 1 for which in (1, 2) if bearers.works(which, now.simulated))
        return {
            "margin": list(state.margins_db), "delay": list(state.delays), "loss": list(bearers.losses(now.wall)),
            "age": [max(a - slow, 0.0) if math.isfinite(a) else math.nan for a in bearers.ages(now.simulated)],
            "lost_link_in": max(limit - age, 0.0) if age > IN_TOUCH else math.nan, "station": way.system, "up": up,
            "active": bearers.active, "chosen": bearers.chosen,
        }  # fmt: skip

    # --- commands ---

    def _chooser(self, k: int) -> Callable[[Asked, Now], Reply]:
        def choose(asked: Asked, now: Now) -> Reply:
            """SAMRUK_BEARER: towards the asking station."""
            way = next((each for each in self.ways[k] if each.path == asked.sender.path), None)
            if way is None or asked.whole("p1", -1) not in (0, 1, 2):
                return Reply(Result.DENIED, "bearer: there is none to choose")
            way.bearers.chosen = asked.whole("p1")
            return Reply()

        return choose

    def _spoiler(self, k: int) -> Callable[[Asked, Now], Reply]:
        def spoil(asked: Asked, now: Now) -> Reply:
            """SAMRUK_LINK_CONDITION, of an instructor."""
            if not self.crew[k].aircraft.board.get("instructor"):
                return Reply(Result.DENIED, "link condition: only with an instructor (--instructor)")
            lasts = asked.p5 or 0.0
            until = now.simulated + lasts if lasts > 0.0 else FOR_EVER
            loss, twice, overtaken = (min(max((p or 0.0) / 100.0, 0.0), 1.0) for p in (asked.p3, asked.p6, asked.p7))
            spoiled = Spoiled(loss, max(asked.p4 or 0.0, 0.0), twice, overtaken, until)
            ways = [way for way in self.ways[k] if asked.whole("p1") in (0, way.system)]
            for way in ways:
                way.bearers.spoil(asked.whole("p2"), spoiled)
            return Reply(Result.ACCEPTED if ways else Result.DENIED)

        return spoil


def spoiled(loss: float, twice: float, overtaken: float) -> Spoiled:
    """For a whole session: parts of the frames that are lost, that come twice, that are overtaken."""
    return Spoiled(loss=loss, duplicate=twice, reorder=overtaken)


def concerns(out: Outgoing, way: Way) -> bool:
    """Whether a message is for the station at the end of a way: SAMRUK_LINKS tells each station of its own links."""
    return out.name != "SAMRUK_LINKS" or not isinstance(way, RadioWay) or int(out.fields["station"]) == way.system
