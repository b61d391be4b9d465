"""A station without sockets: what is heard becomes pictures, what browsers ask becomes messages to aircraft.

Time comes in with every call, as s since 1970. Whoever owns the sockets calls `heard` for each message, `due` some ten
times a second for what is to be sent, `picture` for a browser, and `asked` for what a browser says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from samruk import sphere
from samruk.station import checklists as lists
from samruk.station import predict, wire
from samruk.station.alerts import Alarms
from samruk.station.catalogue import LANGUAGES, say
from samruk.station.commands import IRREVERSIBLE, KINDS, NEEDS, PAYLOAD, Commands
from samruk.station.files import Files
from samruk.station.handovers import OPERATOR_CONTROL, Handovers
from samruk.station.heard import COMMON
from samruk.station.heard_own import OWN
from samruk.station.instructor import CONDITIONS, FAILURES, LINKS, step_of
from samruk.station.journal import Journal
from samruk.station.maps import Ground
from samruk.station.parameters import Parameters
from samruk.station.plans import Plans
from samruk.station.rules import problems
from samruk.station.streams import Streams
from samruk.station.strip import Flown, foreseen, strip
from samruk.station.vehicles import Fleet, Out, Vehicle

KEPT = 30.0
"""s between strips, profiles and margins in the record: they change slowly and are long."""
QUESTION = 30.0
"""s for which another station's question is shown after it was last put."""
JUDGED, LOOKED = 0.2, 5.0
"""s between looks at the alarms, and between looks ahead along the route."""
MEANINGS = "/parameters.json"
"""File of the aircraft that explains its settings."""
NEAR = 5000.0
"""m from a field's threshold at which a route ends there."""


@dataclass
class Desk:
    """One station.

    Attributes:
        site: this station.
        ground: its charts.
        journal: its record; None keeps none.
        language: of its words.
    """

    site: wire.Site
    ground: Ground = field(default_factory=Ground)
    journal: Journal | None = None
    language: str = "en"
    sites: dict[int, wire.Site] = field(default_factory=dict)
    told: dict[str, tuple[int, wire.Told]] = field(default_factory=dict)
    """Newest message of each kind besides pictures, with its number: a browser takes what is newer than it has."""
    number: int = 0
    pictured: int = 0

    def __post_init__(self) -> None:
        sites = {self.site.sysid: self.site, **self.sites}
        self.fleet = Fleet(self.site.sysid, {**COMMON, **OWN}, sites)
        self.commands = Commands(self.fleet, self._command_changed, self.say)
        self.handovers = Handovers(self.fleet, self.commands)
        self.plans = Plans(self.fleet, self._command_changed, self._stored, self.say)
        self.parameters = Parameters(self.fleet, self._command_changed, self.say)
        self.files = Files(self.fleet)
        self.streams = Streams(self.fleet)
        self.alarms = Alarms(self.say, self._alarm_raised)
        self.checklists = lists.Checklists(self.language)
        self.flown: dict[int, Flown] = {}
        self.held_mine: dict[int, bool] = {}
        self.was_usable: dict[int, bool] = {}
        self.neutral: set[int] = set()
        self.refreshed = self.judged = self.looked = -math.inf
        self.kept: dict[str, float] = {}
        self.answers: list[Out] = []
        self.asked_at: dict[int, float] = {}
        self.audited: dict[int, int] = {}
        self.noted: dict[int, tuple[float, int, str]] = {}
        self.now = 0.0

    def say(self, key: str) -> str:
        """Words in the language of the seat."""
        return say(key, self.language)

    # From and to the aircraft ---------------------------------------------------------------------------------------

    def heard(self, message: Any, now: float, path: str = "") -> None:
        """A message came by a way."""
        self.now = now
        vehicle = self.fleet.heard(message, now, path)
        if vehicle is None:
            return
        self.commands.heard(message, now)
        self.plans.heard(message, now)
        self.parameters.heard(message, now)
        self.files.heard(message, now)
        if message.name == "COMMAND_LONG" and int(message.command) == OPERATOR_CONTROL:
            self._asked_for(vehicle, now)
        if vehicle.audit is not None and self.audited.get(vehicle.sysid) != vehicle.audit[0]:
            self.audited[vehicle.sysid] = vehicle.audit[0]
            self.note(f"{vehicle.audit[1]}", "audit", vehicle.audit[3])
        if vehicle.said and vehicle.said[-1] is not self.noted.get(vehicle.sysid):
            self.noted[vehicle.sysid] = vehicle.said[-1]
            self.note(f"{vehicle.sysid:02d}", "text", vehicle.said[-1][2])

    def _asked_for(self, vehicle: Vehicle, now: float) -> None:
        """Another station asks for an aircraft of this one: the aircraft passes the question on."""
        known = any(each.key == "command_asked" and each.active and each.sysid == vehicle.sysid
                    for each in self.alarms.listed)  # fmt: skip
        if not known:
            self.alarms.tell("command_asked", vehicle.sysid, now)
        self.asked_at[vehicle.sysid] = now
        self.answers.append(Out("COMMAND_ACK", {"command": OPERATOR_CONTROL, "result": 0, "target_component": 1,
                                                "target_system": vehicle.sysid}, vehicle.sysid))  # fmt: skip

    def due(self, now: float) -> Iterator[Out]:
        """What is to be sent now; alarms, checklists and the look ahead are kept up on the way."""
        self.now = now
        if now - self.judged >= JUDGED:
            self.judged = now
            self._judge(now)
        if now - self.looked >= LOOKED:
            self.looked = now
            self._look_ahead()
        if now - self.refreshed >= 1.0:
            self.refreshed = now
            self.plans.refresh(now)
            yield from self.handovers.shown()
        answers, self.answers = self.answers, []
        yield from answers
        yield from self.fleet.due(now)
        for out in self.streams.due(now):
            self.commands.went(out.to, now)
            yield out
        yield from self.commands.due(now)
        yield from self.plans.due(now)
        yield from self.parameters.due(now)
        yield from self.files.due(now)
        for message in self.parameters.news():
            self.tell(f"parameters:{message.sysid}", message)
        if self.journal is not None:
            self.journal.due(now)

    def _judge(self, now: float) -> None:
        """Alarms, checklists, and who commands."""
        aircraft = self._pictures(now)
        for each in aircraft:
            self._command(each, now)
        self.alarms.judge(aircraft, now)
        self.checklists.judge(aircraft, now)
        for site in self.fleet.stations(now):
            if site.alive is False and not any(a.key == "station_lost" and a.active and a.sysid == site.sysid
                                               for a in self.alarms.listed):  # fmt: skip
                self.alarms.tell("station_lost", site.sysid, now)
            elif site.alive:
                self.alarms.end("station_lost", site.sysid, now)

    def _pictures(self, now: float) -> list[wire.Aircraft]:
        """Every aircraft with what this station adds: height above its terrain, whose it is."""
        found = self.fleet.pictures(now)
        for a in found:
            under = self.ground.height(a.place.latitude, a.place.longitude)
            a.place.agl = None if under is None or a.place.altitude is None else a.place.altitude - under
            self._name_fields(a)
            a.v.true = true_airspeed(a.v.calibrated, a.place.altitude, a.ice.outside)
            a.mine = self.site.sysid in (a.holder.loi4, a.holder.loi5)
            self.flown.setdefault(a.sysid, Flown()).add(a, under)
            regained = self.fleet.vehicles[a.sysid].regained and a.mine
            a.neutral = regained or a.sysid in self.neutral
        return found

    def _name_fields(self, a: wire.Aircraft) -> None:
        """Fields by the names of the charts: the aircraft has room for eight letters only."""
        for row in a.fuel.fields:
            begun = [each.name for each in self.ground.aerodromes if each.name.startswith(row.name)]
            row.name = begun[0] if len(begun) == 1 else row.name

    def _command(self, a: wire.Aircraft, now: float) -> None:
        """Command gained or lost, link back: alarms, and inputs stay neutral until they are acknowledged."""
        was, usable = self.held_mine.get(a.sysid), self.was_usable.get(a.sysid)
        if a.holder.loi4 is not None:
            self.held_mine[a.sysid] = a.mine
            if was is not None and was != a.mine:
                self._changed_hands(a, now)
        if usable is False and a.usable and a.mine:
            self.neutral.add(a.sysid)
            self.alarms.tell("link_back", a.sysid, now)
        if a.age.position is not None:
            self.was_usable[a.sysid] = a.usable
        vehicle = self.fleet.vehicles[a.sysid]
        self.handovers.read_back(vehicle, now)
        self._question_over(a, now)
        offered = vehicle.handover is not None and vehicle.handover.taker == self.site.sysid
        known = any(x.key == "handover_offered" and x.active and x.sysid == a.sysid for x in self.alarms.listed)
        if offered and not known:
            self.alarms.tell("handover_offered", a.sysid, now)
        elif known and not offered:
            self.alarms.end("handover_offered", a.sysid, now)

    def _question_over(self, a: wire.Aircraft, now: float) -> None:
        """Nobody asks any more, or the aircraft is not this station's to give."""
        if now - self.asked_at.get(a.sysid, now) > QUESTION or not a.mine:
            self.asked_at.pop(a.sysid, None)
            self.alarms.end("command_asked", a.sysid, now)

    def _changed_hands(self, a: wire.Aircraft, now: float) -> None:
        self.alarms.end("command_lost" if a.mine else "command_gained", a.sysid, now)
        self.alarms.tell("command_gained" if a.mine else "command_lost", a.sysid, now)
        if a.mine:
            self.neutral.add(a.sysid)
        else:
            self.neutral.discard(a.sysid)

    # To the browsers ------------------------------------------------------------------------------------------------

    def picture(self, seat: wire.Seat, now: float) -> wire.Picture:
        """All that moves, as it is known now."""
        aircraft = self._pictures(now)
        ahead = [each for each in aircraft if each.sent_sim_s is not None]
        first = ahead[0] if ahead else None
        pace = self.fleet.vehicles[first.sysid].pace if first else None
        self.pictured += 1
        offers = [v.handover for v in self.fleet.vehicles.values() if v.handover is not None]
        for offer in offers:
            for row in offer.differences:
                row.words = self.say(f"value.{row.name}")
        found = wire.Picture(self.pictured, round(1e3 * now), first.sent_sim_s if first else None, pace, False, seat,
                             self.fleet.stations(now), aircraft, self.alarms.shown(), self.checklists.shown(), offers,
                             self.commands.states() + self.plans.states() + self.parameters.states())  # fmt: skip
        if self.journal is not None:
            self.journal.picture(found, now)
        return found

    def tell(self, key: str, message: wire.Told) -> None:
        """Give all browsers a message; of each key only the newest is kept."""
        self.number += 1
        self.told[key] = (self.number, message)
        if self.journal is not None and not isinstance(message, wire.Journal):
            seldom = isinstance(message, (wire.Strip, wire.Profile, wire.Prediction))
            if not seldom or self.now - self.kept.get(key, -math.inf) >= KEPT:
                self.kept[key] = self.now
                self.journal.told(message, self.now)

    def newer(self, than: int) -> list[tuple[int, str, wire.Told]]:
        """Messages that came after a number, oldest first."""
        return sorted((n, key, message) for key, (n, message) in self.told.items() if n > than)

    def hello(self, seat: wire.Seat) -> wire.Hello:
        """First message to a browser."""
        name = self.journal.name if self.journal is not None else None
        return wire.Hello(wire.VERSION, f"samruk {version('samruk')}", seat, list(LANGUAGES), list(FAILURES),
                          list(CONDITIONS), list(LINKS), name, False)  # fmt: skip

    def _stored(self, route: wire.Route) -> None:
        """A plan is known to be in the aircraft."""
        if route.kind == "lost_link":
            points = self._way(route.sysid, route, 0)
            if points:
                route.lands_s, last = points[-1].s, points[-1]
                route.lands_at = self._field_at(last.latitude, last.longitude)
        self.tell(f"route:{route.sysid}:{route.kind}", route)
        self.looked = -math.inf

    def _field_at(self, latitude: float, longitude: float) -> str | None:
        """Name of the field at a place."""
        near = [(sphere.distance(latitude, longitude, f.latitude, f.longitude), f.name) for f in self.ground.aerodromes]
        distance, name = min(near, default=(math.inf, None))
        return name if distance < NEAR else None

    def _way(self, sysid: int, route: wire.Route, first: int) -> list[predict.Point]:
        a = self.fleet.vehicles[sysid].now
        speed = max(a.v.ground or 0.0, a.target.airspeed or 0.0, 25.0)
        return predict.way(a, route.items, first, self.ground, speed)

    def _look_ahead(self) -> None:
        """Profile, margins and strip of every aircraft."""
        for sysid, vehicle in self.fleet.vehicles.items():
            mission = self.plans.held.get((sysid, "mission"))
            lost = self.plans.held.get((sysid, "lost_link"))
            points = predict.sampled(self._way(sysid, mission, vehicle.now.leg or 0)) if mission else []
            other = predict.sampled(self._way(sysid, lost, 0)) if lost else []
            profile = predict.profile(points, self.ground)
            marks = [(p.distance, p.item) for p in points if p.item is not None]
            self.tell(f"profile:{sysid}", wire.Profile(sysid, profile, predict.profile(other, self.ground), marks))
            rows = predict.margins(vehicle.now, self.site, points, self.ground)
            gaps = predict.gaps(rows)
            self.tell(f"prediction:{sysid}", wire.Prediction(sysid, rows, gaps))
            self._next_gap(vehicle, gaps)
            flown = self.flown.setdefault(sysid, Flown())
            self.tell(f"strip:{sysid}", strip(vehicle, flown, foreseen(vehicle, profile, rows)))
        if self.journal is not None:
            self.tell("journal", wire.Journal(self.journal.lines[-50:]))

    @staticmethod
    def _next_gap(vehicle: Vehicle, gaps: list[wire.Gap]) -> None:
        for link in vehicle.now.links:
            found = next((gap for gap in gaps if gap.bearer == link.bearer), None)
            link.gap_s = found.start_s if found else None
            link.gap_for_s = found.end_s - found.start_s if found else None

    # From the browsers ----------------------------------------------------------------------------------------------

    def asked(self, seat: wire.Seat, message: wire.Asked, now: float) -> Iterable[wire.Told]:
        """What a browser asks for; what is said to it alone."""
        self.now = now
        self.note(seat.id, "asked", wire.told_of(message))
        handler = getattr(self, f"_asked_{message.__struct_config__.tag}", None)
        if handler is None:
            return [wire.Refusal(None, self.say("refusal.unknown"))]
        return list(handler(seat, message, now) or [])

    def _asked_command(self, seat: wire.Seat, c: wire.Command, now: float) -> Iterable[wire.Told]:
        refusal = self._may(c, now)
        if refusal is not None:
            yield refusal
            return
        if c.kind == "point_at" and c.altitude is None:
            c.altitude = self.ground.height(c.latitude, c.longitude)
        self.commands.ask(c.id, c.sysid, c.kind, KINDS[c.kind](c), now)

    def _may(self, c: wire.Command, now: float) -> wire.Refusal | None:
        """Why a command does not go out; None: it does."""
        if c.kind not in KINDS:
            return wire.Refusal(c.id, self.say("refusal.unknown"))
        if any(getattr(c, name) is None for name in NEEDS.get(c.kind, ())):
            return wire.Refusal(c.id, self.say("refusal.incomplete"))
        a = next((each for each in self._pictures(now) if each.sysid == c.sysid), None)
        if a is None:
            return wire.Refusal(c.id, self.say("reason.not_heard"))
        if not a.usable:
            return wire.Refusal(c.id, self.say("refusal.old"))
        if not self._holds(a, c.kind):
            return wire.Refusal(c.id, self.say("refusal.not_yours"))
        if a.neutral:
            return wire.Refusal(c.id, self.say("refusal.neutral"))
        if c.kind in IRREVERSIBLE and not c.confirmed:
            return wire.Refusal(c.id, self.say("refusal.hold"))
        missing = self.checklists.missing(a, c.kind, now)
        if missing is not None:
            sheet, line = missing
            words = say("refusal.checklist", self.language, item=line.words[self.language])
            return wire.Refusal(c.id, words, sheet.id, line.id)
        return None

    def _holds(self, a: wire.Aircraft, kind: str) -> bool:
        """Whether this station commands; an aircraft without word of authority is anyone's, as is a free one."""
        holders = [a.holder.loi3] if kind in PAYLOAD else [a.holder.loi4, a.holder.loi5]
        return self.site.sysid in holders or all(not each for each in holders)

    def _asked_upload(self, seat: wire.Seat, u: wire.Upload, now: float) -> Iterable[wire.Told]:
        a = next((each for each in self._pictures(now) if each.sysid == u.sysid), None)
        if a is None or not a.usable or not self._holds(a, "upload") or a.neutral:
            key = "reason.not_heard" if a is None else "refusal.old" if not a.usable else "refusal.not_yours"
            yield wire.Refusal(u.id, self.say("refusal.neutral" if a is not None and a.neutral else key))
            return
        found = self._check(u, a)
        if not found.ok:
            yield found
            return
        self.plans.upload(u, now)

    def _asked_check(self, seat: wire.Seat, c: wire.CheckRoute, now: float) -> Iterable[wire.Told]:
        a = self.fleet.vehicles[c.sysid].now if c.sysid in self.fleet.vehicles else None
        yield self._check(c, a)

    def _check(self, c: wire.Upload | wire.CheckRoute, a: wire.Aircraft | None) -> wire.Check:
        fence = self.plans.held.get((c.sysid, "fence"))
        found = problems(c.kind, c.items, a, self.ground, fence.items if fence else [])
        under = [self.ground.height(item.latitude, item.longitude) for item in c.items]
        return wire.Check(c.id, c.sysid, c.kind, all(each.severity != "error" for each in found), found, under)

    def _asked_download(self, seat: wire.Seat, d: wire.Download, now: float) -> None:
        self.plans.download(d.sysid, d.kind, now)

    def _asked_authority(self, seat: wire.Seat, m: wire.Authority, now: float) -> None:
        self.handovers.asked(m, now)

    def _asked_accept_difference(self, seat: wire.Seat, m: wire.AcceptDifference, now: float) -> None:
        self.handovers.accept(m, now)

    def _asked_acknowledge(self, seat: wire.Seat, m: wire.Acknowledge, now: float) -> Iterable[wire.Told]:
        inputs = any(each.id == m.alarm and each.key in ("command_gained", "link_back") for each in self.alarms.listed)
        if inputs and seat.role == "payload":  # inputs become live by it: that is for whoever flies
            return [wire.Refusal(None, self.say("refusal.inputs"))]
        alarm = self.alarms.acknowledge(m.alarm)
        if alarm is not None and alarm.key in ("command_gained", "link_back"):
            self.neutral.discard(alarm.sysid)
            vehicle = self.fleet.vehicles.get(alarm.sysid)
            if vehicle is not None and vehicle.regained:
                step = self.handovers.step(alarm.sysid, 7, 0, 0)
                self.commands.ask(f"regained-{alarm.id}", alarm.sysid, "regained", step, now)
        if alarm is not None and alarm.key in ("command_lost", "command_gained", "link_back", "recovered"):
            self.alarms.end(alarm.key, alarm.sysid, now)
        return []

    def _asked_tick(self, seat: wire.Seat, m: wire.Tick, now: float) -> Iterable[wire.Told]:
        if not self.checklists.tick(m.sysid, m.checklist, m.item, m.done, now):
            yield wire.Refusal(None, self.say("refusal.no_such_item"), m.checklist, m.item)

    def _asked_open_checklist(self, seat: wire.Seat, m: wire.OpenChecklist, now: float) -> None:
        if m.open:
            self.checklists.start(m.sysid, m.checklist, now)
        else:
            self.checklists.close(m.sysid, m.checklist)

    def _asked_set_language(self, seat: wire.Seat, m: wire.SetLanguage, now: float) -> Iterable[wire.Told]:
        if m.language not in LANGUAGES:
            yield wire.Refusal(None, self.say("refusal.language"))
            return
        self.language = seat.language = self.checklists.language = m.language
        self.alarms.reword()

    def _asked_select(self, seat: wire.Seat, m: wire.Select, now: float) -> None:
        self.looked = min(self.looked, now - LOOKED + 0.2)

    def _asked_get_parameters(self, seat: wire.Seat, m: wire.GetParameters, now: float) -> None:
        self.parameters.fetch(m.sysid, now)
        if m.sysid not in self.parameters.meanings:
            self.files.read(m.sysid, MEANINGS, lambda data: self.parameters.explained(m.sysid, data))

    def _asked_set_parameter(self, seat: wire.Seat, m: wire.SetParameter, now: float) -> Iterable[wire.Told]:
        vehicle = self.fleet.vehicles.get(m.sysid)
        if vehicle is None or not self._holds(vehicle.now, "parameter"):
            yield wire.Refusal(m.id, self.say("reason.not_heard" if vehicle is None else "refusal.not_yours"))
            return
        self.parameters.set(m.id, m.sysid, m.name, m.value, now)

    def _asked_instructor(self, seat: wire.Seat, m: wire.Instructor, now: float) -> Iterable[wire.Told]:
        step = step_of(m)
        if step is None or seat.role != "instructor":
            yield wire.Refusal(m.id, self.say("refusal.unknown" if step is None else "refusal.role"))
            return
        self.commands.ask(m.id, m.sysid, f"instructor_{m.what}", step, now)

    # The record -----------------------------------------------------------------------------------------------------

    def note(self, who: str, kind: str, words: str) -> None:
        """A line of the journal."""
        if self.journal is not None:
            known = [v.now.sent_sim_s for v in self.fleet.vehicles.values() if v.now.sent_sim_s is not None]
            self.journal.line(self.now, known[0] if known else None, who, kind, words)

    def _command_changed(self, state: wire.CommandState) -> None:
        words = f"{state.sysid:02d} {state.kind} {state.state} {state.reason}".strip()
        self.note(self.site.id, "command", words)

    def _alarm_raised(self, alarm: wire.Alarm) -> None:
        self.note(f"{alarm.sysid:02d}", alarm.level, alarm.key)
        if alarm.checklist is not None:
            self.checklists.start(alarm.sysid, alarm.checklist, self.now, alarm.id)

    def recover(self, picture: wire.Picture, routes: Iterable[wire.Route]) -> None:
        """Take up what an earlier process of this station knew; it is marked until it is heard again."""
        for a in picture.aircraft:
            vehicle = self.fleet.vehicles.setdefault(a.sysid, Vehicle(a.sysid, a))
            vehicle.now.recovered = True
            at = (a.heard_wall_ms or picture.wall_ms) * 1e-3
            vehicle.last = at
            for group in ("position", "attitude", "status", "links", "fuel", "authority"):
                age = getattr(a.age, group)
                if age is not None:
                    vehicle.heard[group] = picture.wall_ms * 1e-3 - age
            if a.holder.loi4 is not None:
                self.held_mine[a.sysid] = a.mine
        for route in routes:
            if route.sysid in self.fleet.vehicles:
                self.plans.held[route.sysid, route.kind] = route
                self.tell(f"route:{route.sysid}:{route.kind}", route)
        for row in picture.checklists:
            self.checklists.open[row.sysid, row.id] = row
            for item in row.items:
                if item.done and item.by == "crew":
                    self.checklists.ticked[row.sysid, row.id, item.id] = item.at_ms or picture.wall_ms


def true_airspeed(calibrated: float | None, altitude: float | None, outside: float | None) -> float | None:
    """m/s from calibrated, the standard pressure at a height (m msl) and the temperature measured outside, K.

    Below 100 m/s compressibility is under 1 %; a day 30 hPa off the standard makes 1.5 %.
    """
    if calibrated is None or altitude is None or outside is None or outside < 150.0:
        return None
    pressure = 101325.0 * (1.0 - 2.25577e-5 * min(max(altitude, -500.0), 11000.0)) ** 5.25588
    return calibrated * math.sqrt(1.225 * 287.053 * outside / pressure)
