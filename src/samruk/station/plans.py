"""Missions, fences, rally points and lost-link routes, up and down, over links that lose messages.

A plan is stored in the aircraft only when its last acknowledgement says so: until then the screen shows the old one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from samruk.station import wire
from samruk.station.vehicles import AUTOPILOT, Fleet, Out

TYPES: dict[wire.Kind, int] = {"mission": 0, "fence": 1, "rally": 2, "lost_link": 64}
"""MAV_MISSION_TYPE; the last is this project's own."""
TRIES = 8
"""Times that one message is sent before a transfer is given up."""
WAIT = 1.0
"""s for an answer, the delay of the link comes on top."""
RESULTS = {0: "accepted", 1: "error", 2: "unsupported_frame", 3: "unsupported", 4: "no_space", 5: "invalid",
           6: "invalid_param1", 7: "invalid_param2", 8: "invalid_param3", 9: "invalid_param4", 10: "invalid_param5",
           11: "invalid_param6", 12: "invalid_param7", 13: "invalid_sequence", 14: "denied",
           15: "cancelled"}  # fmt: skip
"""MAV_MISSION_RESULT as key of the catalogue, plan_result.<name>."""
UNKNOWN_PLACE = 0x7FFFFFFF


def to_message(item: wire.Item, sequence: int, sysid: int, kind: wire.Kind) -> dict[str, Any]:
    """An item as fields of MISSION_ITEM_INT."""
    place = [0 if v is None else round(math.degrees(v) * 1e7) for v in (item.latitude, item.longitude)]
    params = {f"param{i}": math.nan if v is None else v for i, v in enumerate(item.params, 1)}
    return {
        "target_system": sysid, "target_component": AUTOPILOT, "seq": sequence, "frame": item.frame,
        "command": item.command, "current": 0, "autocontinue": int(item.autocontinue), **params, "x": place[0],
        "y": place[1], "z": item.altitude or 0.0, "mission_type": TYPES[kind],
    }  # fmt: skip


def from_message(m: Any) -> wire.Item:
    """An item as it came."""
    params = tuple(None if not math.isfinite(v) else float(v) for v in (m.param1, m.param2, m.param3, m.param4))
    nowhere = (m.x == 0 and m.y == 0) or UNKNOWN_PLACE in (m.x, m.y)
    x, y = (None, None) if nowhere else (math.radians(m.x * 1e-7), math.radians(m.y * 1e-7))
    return wire.Item(int(m.command), int(m.frame), params, x, y, float(m.z), bool(m.autocontinue))  # type: ignore[arg-type]


@dataclass
class Transfer:
    """One plan on its way."""

    sysid: int
    kind: wire.Kind
    items: list[wire.Item]
    state: wire.CommandState | None = None
    """Of an upload; None for a download."""
    count: int | None = None
    last: Out | None = None
    sent_at: float = -math.inf
    tries: int = 0
    over: bool = False
    began: float = 0.0
    version: int | None = None
    """Of a download: the id that the aircraft gave with the count."""


@dataclass
class Plans:
    """Transfers and what the aircraft hold.

    Attributes:
        fleet: where aircraft are looked up.
        changed: called when a command state changes.
        stored: called with a route once it is known to be in the aircraft.
        words: text of a key of the catalogue.
    """

    fleet: Fleet
    changed: Callable[[wire.CommandState], None] = lambda state: None
    stored: Callable[[wire.Route], None] = lambda route: None
    words: Callable[[str], str] = str
    held: dict[tuple[int, wire.Kind], wire.Route] = field(default_factory=dict)
    """By aircraft and kind, as the aircraft has confirmed it."""
    transfers: dict[tuple[int, int], Transfer] = field(default_factory=dict)
    """By aircraft and mission type: one of each at a time."""
    asked: dict[tuple[int, wire.Kind], tuple[int | None, float]] = field(default_factory=dict)
    """Version for which a download was begun, and when."""
    finished: list[tuple[float, wire.CommandState]] = field(default_factory=list)

    def upload(self, asked: wire.Upload, now: float) -> wire.CommandState:
        """Begin to send a plan."""
        stamp = round(1e3 * now)
        state = wire.CommandState(asked.id, asked.sysid, f"upload_{asked.kind}",
                                  self.words(f"command.upload_{asked.kind}"), "requested", "", stamp, stamp, 0,
                                  wire.Progress(0, len(asked.items)))  # fmt: skip
        key = (asked.sysid, TYPES[asked.kind])
        under_way = self.transfers.get(key)
        if under_way is not None and under_way.state is not None:
            self._end(state, "refused", now, self.words("reason.same_under_way"))
            return state
        transfer = Transfer(asked.sysid, asked.kind, list(asked.items), state, len(asked.items), began=now)
        transfer.last = Out("MISSION_COUNT", {**self._target(transfer), "count": len(asked.items), "opaque_id": 0},
                            asked.sysid)  # fmt: skip
        self.transfers[key] = transfer
        self.changed(state)
        return state

    def download(self, sysid: int, kind: wire.Kind, now: float) -> None:
        """Begin to fetch a plan, unless one of its kind is on its way."""
        key = (sysid, TYPES[kind])
        if key in self.transfers:
            return
        transfer = Transfer(sysid, kind, [], began=now)
        transfer.last = Out("MISSION_REQUEST_LIST", self._target(transfer), sysid)
        self.transfers[key] = transfer

    @staticmethod
    def _target(transfer: Transfer) -> dict[str, Any]:
        return {"target_system": transfer.sysid, "target_component": AUTOPILOT,
                "mission_type": TYPES[transfer.kind]}  # fmt: skip

    def heard(self, m: Any, now: float) -> None:
        """A message of the mission protocol."""
        if not m.name.startswith("MISSION_") or int(getattr(m, "target_system", 0) or 0) not in (0, self.fleet.sysid):
            return
        transfer = self.transfers.get((int(m.system), int(getattr(m, "mission_type", 0) or 0)))
        if transfer is None:
            return
        if transfer.state is not None:
            self._heard_up(transfer, m, now)
        else:
            self._heard_down(transfer, m, now)

    def _say(self, transfer: Transfer, name: str, fields: dict[str, Any]) -> None:
        """What goes out next, at once, and again until it is answered."""
        transfer.last = Out(name, fields, transfer.sysid)
        transfer.sent_at, transfer.tries = -math.inf, 0

    def _heard_up(self, transfer: Transfer, m: Any, now: float) -> None:
        state = transfer.state
        assert state is not None
        if m.name in ("MISSION_REQUEST_INT", "MISSION_REQUEST") and 0 <= m.seq < len(transfer.items):
            seq = int(m.seq)
            state.progress = wire.Progress(seq, len(transfer.items))
            if state.state != "sent":
                state.state, state.changed_ms = "sent", round(1e3 * now)
                self.changed(state)
            fields = to_message(transfer.items[seq], seq, transfer.sysid, transfer.kind)
            again = transfer.last is not None and transfer.last.fields.get("seq") == seq
            if not again or now - transfer.sent_at > 0.3:
                self._say(transfer, "MISSION_ITEM_INT", fields)
        elif m.name == "MISSION_ACK" and (int(m.type) != 0 or self._all_asked_for(transfer)):
            self._acknowledged(transfer, state, m, now)

    @staticmethod
    def _all_asked_for(transfer: Transfer) -> bool:
        """Whether the last item was asked for; before that, an acceptance is that of an earlier plan, late."""
        last = transfer.last.fields.get("seq") if transfer.last is not None else None
        return not transfer.items or last == len(transfer.items) - 1

    def _acknowledged(self, transfer: Transfer, state: wire.CommandState, m: Any, now: float) -> None:
        del self.transfers[transfer.sysid, TYPES[transfer.kind]]
        if int(m.type) != 0:
            self._end(state, "refused", now, self._why(transfer, int(m.type), now))
            return
        version = int(getattr(m, "opaque_id", 0) or 0) or None
        route = wire.Route(transfer.sysid, transfer.kind, version, transfer.items)
        self._hold(route)
        state.progress = wire.Progress(len(transfer.items), len(transfer.items))
        self._end(state, "done", now)

    def _why(self, transfer: Transfer, result: int, now: float) -> str:
        """The aircraft's own words where it said some in the last moments."""
        vehicle = self.fleet.vehicles.get(transfer.sysid)
        said = [words for at, _, words in vehicle.said if at > now - 1.5] if vehicle else []
        return said[-1] if said else self.words(f"plan_result.{RESULTS.get(result, 'error')}")

    def _hold(self, route: wire.Route) -> None:
        self.held[route.sysid, route.kind] = route
        vehicle = self.fleet.vehicles.get(route.sysid)
        if vehicle is not None:
            setattr(vehicle.now.shown, route.kind, route.version)
        self.stored(route)

    def _heard_down(self, transfer: Transfer, m: Any, now: float) -> None:
        if m.name == "MISSION_COUNT":
            if transfer.count is not None and transfer.items:
                return
            transfer.count = int(m.count)
            transfer.version = int(getattr(m, "opaque_id", 0) or 0) or None
        elif m.name == "MISSION_ITEM_INT" and transfer.count is not None and int(m.seq) == len(transfer.items):
            transfer.items.append(from_message(m))
        else:
            return
        assert transfer.count is not None
        if len(transfer.items) < transfer.count:
            self._say(transfer, "MISSION_REQUEST_INT", {**self._target(transfer), "seq": len(transfer.items)})
            return
        self._say(transfer, "MISSION_ACK", {**self._target(transfer), "type": 0, "opaque_id": 0})
        transfer.over = True
        self._hold(wire.Route(transfer.sysid, transfer.kind, transfer.version, transfer.items))

    def _end(self, state: wire.CommandState, to: wire.State, now: float, reason: str = "") -> None:
        state.state, state.reason, state.changed_ms = to, reason, round(1e3 * now)
        self.finished.append((now, state))
        self.changed(state)

    def due(self, now: float) -> Iterator[Out]:
        """Messages to send, first or again."""
        for key, transfer in list(self.transfers.items()):
            vehicle = self.fleet.vehicles.get(transfer.sysid)
            delay = (vehicle.delay or 0.0) if vehicle else 0.0
            if transfer.last is None or now - transfer.sent_at < WAIT + 2.0 * delay:
                continue
            if transfer.tries >= TRIES:
                del self.transfers[key]
                if transfer.state is not None:
                    self._end(transfer.state, "timeout", now, self.words("reason.no_answer"))
                continue
            transfer.tries, transfer.sent_at = transfer.tries + 1, now
            if transfer.state is not None:
                transfer.state.tries += 1
            yield transfer.last
            if transfer.over:
                del self.transfers[key]
        self.finished = [(at, state) for at, state in self.finished if now - at < 12.0]

    def refresh(self, now: float) -> None:
        """Fetch what an aircraft holds in another version than is shown here, at most every 10 s."""
        for vehicle in self.fleet.vehicles.values():
            for kind in TYPES:
                theirs = getattr(vehicle.now.versions, kind)
                route = self.held.get((vehicle.sysid, kind))
                known = kind == "mission" or theirs is not None
                if known and (route is None or (theirs is not None and theirs != (route.version or 0))):
                    self._fetch(vehicle.sysid, kind, theirs, now)

    def _fetch(self, sysid: int, kind: wire.Kind, version: int | None, now: float) -> None:
        was = self.asked.get((sysid, kind))
        if was is None or now - was[1] > 10.0:
            self.asked[sysid, kind] = (version, now)
            self.download(sysid, kind, now)

    def states(self) -> list[wire.CommandState]:
        """Uploads under way and lately ended."""
        running = [each.state for each in self.transfers.values() if each.state is not None]
        return running + [state for _, state in self.finished]
