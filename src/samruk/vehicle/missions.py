"""MAVLink's mission protocol aboard: missions, fences, rally points and the lost-link route, each whole or not at all.

An upload is gathered beside what is stored. Only when every item has come, the whole keeps the rules and the aircraft
takes it, it stands in the place of the old one; a refused, interrupted or broken upload changes nothing. A download
reads a copy made when it was asked for, so that an upload in between cannot mix two plans.

Items carry no mark of the transfer that they belong to, so that an item of an old upload that comes late could slip
into a new one. Frames are taken to be at most `LATEST` late: a transfer that begins when another of the same sender and
kind could still have frames under way waits that long before it asks for its first item. What the protocol cannot tell
apart is a client that breaks off without a word and offers another plan before `GIVEN_UP` has passed, if its new count
is lost: such a client must say MISSION_ACK, as the common ones do, or wait.

Reference: MAVLink guide, Mission protocol; MAV_MISSION_RESULT.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from samruk.rules.items import (
    ALL,
    LARGEST,
    LOST_LINK_LARGEST,
    Item,
    Kind,
    Problem,
    Verdict,
    check_item,
    check_items,
    plan_id,
    worst,
)
from samruk.vehicle.service import AUTOPILOT, Now, Outgoing, Priority, Sender

May = Callable[[Sender, str, int], bool]
"""Whether a sender may do something that needs a level of interoperability."""
Check = Callable[[Kind, Sequence[Item]], list[Problem]]
"""What is wrong with a whole plan."""
Take = Callable[[Kind, tuple[Item, ...]], str]
"""Puts a plan into force; why it cannot be, or nothing."""
Say = Callable[[int, str], None]
"""Tells people: severity, words."""

LATEST = 1.0
"""Wall s that a frame may come late, or again."""
RECENT = 10.0
"""Wall s after the end of a transfer within which a new one of the same sender waits for late frames."""
FIRST_PATIENCE, LEAST_PATIENCE, MOST_PATIENCE = 0.8, 0.3, 3.0
"""Wall s to wait for an item before it is asked for again: before any has come, and limits of what is learnt."""
GROWTH = 1.15
"""Factor on that time for each time that it was in vain."""
GIVEN_UP = 4.0
"""Wall s without a new item after which an upload is over: sooner than a client gives up and begins another, whose
items would come in the place of the old ones. At 10 % loss each way an item has eight chances, all lost once in 1e6."""
KEPT = 60.0
"""Wall s that a copy is kept for a download without a word."""
CURRENT_EVERY = 1.0
"""Wall s between two MISSION_CURRENT."""
FLIGHT = 4
"""Level of interoperability that changing a plan needs."""
WARNING, INFO = 4, 6
"""MAV_SEVERITY."""
NO_ITEM = 65535
"""Number of the current item when there is none."""
MISSION_NAMES = {Kind.MISSION: "mission", Kind.FENCE: "geofence", Kind.RALLY: "rally points",
                 Kind.LOST_LINK: "lost-link route"}  # fmt: skip


def _speaker(sender: Sender) -> tuple[int, int]:
    """Who speaks, by whichever way."""
    return sender.system, sender.component


@dataclass
class Upload:
    """A plan that is coming."""

    sender: Sender
    kind: Kind
    count: int
    asked_at: float
    """Wall s of the last request."""
    opens: float = 0.0
    """Wall s before which late frames of another transfer may still come."""
    doubted: bool = False
    """Two different counts were heard: only a new count, heard after `opens`, begins."""
    items: list[Item] = field(default_factory=list)
    """What has come, in order."""
    attempts: int = 0
    """Times that the item in hand was asked for."""
    heard_at: float | None = None
    """Wall s at which the last item came, or the first was asked for."""
    patience: float = FIRST_PATIENCE
    """Wall s to wait for it."""


@dataclass
class Download:
    """A plan that is being read."""

    items: tuple[Item, ...]
    touched: float
    """Wall s of the last word."""


@dataclass(frozen=True)
class _Ended:
    """How the last transfer of a speaker ended."""

    wall: float
    count: int
    verdict: Verdict


class Missions:
    """The service.

    Args:
        check: what is wrong with a whole plan, beyond its items.
        take: puts a plan into force, or says why not.
        may: the authority's word; everybody may by default.
        say: tells people why a plan was refused.
        stored: plans to begin with.
    """

    def __init__(
        self, check: Check | None = None, take: Take | None = None, may: May | None = None, say: Say | None = None,
        stored: dict[Kind, tuple[Item, ...]] | None = None,
    ) -> None:  # fmt: skip
        self.check: Check = check or (lambda kind, items: [])
        self.take: Take = take or (lambda kind, items: "")
        self.may: May = may or (lambda sender, what, loi: True)
        self.say: Say = say or (lambda severity, text: None)
        self.plans: dict[Kind, tuple[Item, ...]] = dict.fromkeys(Kind, ()) | (stored or {})
        """What is stored."""
        self.current: Callable[[], tuple[int, int, int]] = lambda: (0, 1, 0)
        """Number of the item in hand, MISSION_STATE and whether a mission is being flown (0 unknown, 1 yes, 2 no)."""
        self.go_to: Callable[[Sender, int], None] = lambda sender, number: None
        """Flies from an item (MISSION_SET_CURRENT)."""
        self._upload: Upload | None = None
        self._downloads: dict[tuple[tuple[int, int], Kind], Download] = {}
        self._ended: dict[tuple[tuple[int, int], Kind], _Ended] = {}
        self._told: tuple[Any, ...] = ()
        self._told_at = -math.inf
        self._hear = {
            "MISSION_COUNT": self._count, "MISSION_ITEM_INT": self._item, "MISSION_ITEM": self._item,
            "MISSION_REQUEST_LIST": self._list, "MISSION_REQUEST_INT": self._request,
            "MISSION_REQUEST": self._request, "MISSION_ACK": self._ack, "MISSION_CLEAR_ALL": self._clear,
            "MISSION_SET_CURRENT": self._set_current, "MISSION_WRITE_PARTIAL_LIST": self._partial,
            "MISSION_REQUEST_PARTIAL_LIST": self._partial,
        }  # fmt: skip

    def id_of(self, kind: Kind) -> int:
        """Id of a stored plan: another one after every change."""
        return plan_id(self.plans[kind])

    def put(self, kind: Kind, items: Sequence[Item]) -> Problem | None:
        """Store a plan that keeps the rules.

        Returns:
            What refused it; None when it is in force.
        """
        problems = check_items(items, kind)
        problems += [] if worst(problems) else self.check(kind, items)
        found = worst(problems)
        if found is not None:
            return found
        refused = self.take(kind, tuple(items))
        if refused:
            return Problem(-1, refused, verdict=Verdict.DENIED)
        self.plans[kind] = tuple(items)
        for problem in problems:
            self.say(INFO, f"{MISSION_NAMES[kind]}: {problem.words}")
        return None

    # --- the service ----------------------------------------------------------------------------------------------

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Messages of the protocol; anything else is not for this service."""
        listener = self._hear.get(message.name)
        if listener is None or int(getattr(message, "target_component", 0)) not in (0, AUTOPILOT):
            return
        yield from listener(message, sender, now)

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Requests to repeat, and which item is flown."""
        yield from self._repeat(now)
        for key in [key for key, each in self._downloads.items() if now.wall - each.touched > KEPT]:
            del self._downloads[key]
        fields = self.current_fields()
        told = tuple(fields.values())
        if told != self._told or now.wall - self._told_at >= CURRENT_EVERY:
            self._told, self._told_at = told, now.wall
            yield Outgoing("MISSION_CURRENT", fields, None, Priority.VITAL)

    def current_fields(self) -> dict[str, int]:
        """Fields of MISSION_CURRENT."""
        number, state, mode = self.current()
        total = len(self.plans[Kind.MISSION])
        return {
            "seq": number, "total": total if total else NO_ITEM, "mission_state": state if total else 1,
            "mission_mode": mode, "mission_id": self.id_of(Kind.MISSION), "fence_id": self.id_of(Kind.FENCE),
            "rally_points_id": self.id_of(Kind.RALLY),
        }  # fmt: skip

    # --- upload ---------------------------------------------------------------------------------------------------

    def _count(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """An upload is offered."""
        kind, count = _kind(message), int(message.count)
        if kind is None:
            yield _answer(sender, int(message.mission_type), Verdict.UNSUPPORTED)
            return
        most = LOST_LINK_LARGEST if kind is Kind.LOST_LINK else LARGEST
        running = self._upload
        others = running is not None and _speaker(running.sender) != _speaker(sender)
        if others and running is not None and (running.items or now.wall < running.opens):
            yield self._refuse(sender, kind, Verdict.DENIED, f"station {running.sender.system} is uploading")
        elif not self.may(sender, MISSION_NAMES[kind], FLIGHT):
            yield self._refuse(sender, kind, Verdict.DENIED, f"station {sender.system} is not in control")
        elif count > most:
            yield self._refuse(sender, kind, Verdict.NO_SPACE, f"{count} items; allowed are {most}")
        elif count == 0:
            self._upload = None if running is not None and not others else running
            yield from self._store(sender, kind, (), now)
        else:
            yield from self._begin(sender, kind, count, now)

    def _begin(self, sender: Sender, kind: Kind, count: int, now: Now) -> Iterator[Outgoing]:
        """Begin, or begin again, or doubt which of two counts is meant."""
        running = self._upload
        mine = running is not None and _speaker(running.sender) == _speaker(sender) and running.kind is kind
        if running is None or not mine:
            ended = self._ended.get((_speaker(sender), kind))
            if ended is not None and ended.count == count and now.wall - ended.wall <= LATEST:
                return  # the same offer again, late; who means another one asks again
            quiet = ended is not None and now.wall - ended.wall < RECENT
            self._upload = Upload(sender, kind, count, now.wall, now.wall + LATEST if quiet else 0.0)
        elif running.count != count and not (running.doubted and now.wall >= running.opens):
            self._upload = Upload(sender, kind, count, now.wall, now.wall + LATEST, doubted=True)
        elif running.doubted and now.wall >= running.opens:
            self._upload = Upload(sender, kind, count, now.wall)
        elif running.items:
            self._upload = Upload(sender, kind, count, now.wall, now.wall + LATEST)
        else:
            running.sender = sender
            return
        if now.wall >= self._upload.opens:
            yield self._ask(self._upload, now)

    def _ask(self, upload: Upload, now: Now) -> Outgoing:
        """Ask for the item in hand."""
        upload.asked_at = now.wall
        upload.heard_at = now.wall if upload.heard_at is None else upload.heard_at
        upload.attempts += 1
        fields = {
            "target_system": upload.sender.system, "target_component": upload.sender.component,
            "seq": len(upload.items), "mission_type": int(upload.kind),
        }  # fmt: skip
        return Outgoing("MISSION_REQUEST_INT", fields, upload.sender, Priority.ANSWER)

    def _item(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """An item came: the one in hand, or one that came twice or late."""
        kind, upload = _kind(message), self._upload
        if upload is None or _speaker(upload.sender) != _speaker(sender) or upload.kind is not kind:
            yield from self._again(message, kind, sender, now)
            return
        number = int(message.seq)
        if upload.attempts == 0 or upload.doubted or number != len(upload.items):
            return
        upload.sender, upload.heard_at = sender, now.wall
        upload.patience = min(max(2.0 * (now.wall - upload.asked_at) + 0.2, LEAST_PATIENCE), MOST_PATIENCE)
        item = read(message)
        problem = check_item(item, number, upload.kind)
        if problem is not None:
            self._upload = None
            yield self._refuse(sender, upload.kind, problem.verdict, problem.words, now, upload.count)
            return
        upload.items.append(item)
        upload.attempts = 0
        if len(upload.items) < upload.count:
            yield self._ask(upload, now)
            return
        self._upload = None
        yield from self._store(sender, upload.kind, tuple(upload.items), now)

    def _again(self, message: Any, kind: Kind | None, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """The last item of a transfer that has ended: its answer was lost."""
        ended = self._ended.get((_speaker(sender), kind)) if kind is not None else None
        if ended is not None and now.wall - ended.wall < RECENT and int(message.seq) == ended.count - 1:
            yield _answer(sender, int(message.mission_type), ended.verdict, self._id_if(kind, ended.verdict))

    def _store(self, sender: Sender, kind: Kind, items: tuple[Item, ...], now: Now) -> Iterator[Outgoing]:
        """Everything has come: in force, or refused whole; also where the sender has lost control on the way."""
        if not self.may(sender, MISSION_NAMES[kind], FLIGHT):
            words = f"station {sender.system} is not in control"
            yield self._refuse(sender, kind, Verdict.DENIED, words, now, len(items))
            return
        problem = self.put(kind, items)
        if problem is not None:
            yield self._refuse(sender, kind, problem.verdict, problem.words, now, len(items))
            return
        self._ended[_speaker(sender), kind] = _Ended(now.wall, len(items), Verdict.ACCEPTED)
        yield _answer(sender, int(kind), Verdict.ACCEPTED, self.id_of(kind))

    def _refuse(
        self, sender: Sender, kind: Kind, verdict: Verdict, words: str, now: Now | None = None, count: int = 0
    ) -> Outgoing:
        """Say no, and why; `now` where a transfer ends by it."""
        self.say(WARNING, f"{MISSION_NAMES[kind]} refused: {words.rstrip('.')}")
        if now is not None:
            self._ended[_speaker(sender), kind] = _Ended(now.wall, count, verdict)
        return _answer(sender, int(kind), verdict)

    def _id_if(self, kind: Kind | None, verdict: Verdict) -> int:
        return self.id_of(kind) if kind is not None and verdict is Verdict.ACCEPTED else 0

    def _repeat(self, now: Now) -> Iterator[Outgoing]:
        """Ask again for what did not come; give up at last."""
        upload = self._upload
        if upload is None or now.wall < upload.opens:
            return
        if upload.doubted:
            if now.wall > upload.opens + RECENT:
                self._upload = None
        elif upload.attempts == 0:
            yield self._ask(upload, now)
        elif now.wall - upload.asked_at >= upload.patience:
            if now.wall - (now.wall if upload.heard_at is None else upload.heard_at) < GIVEN_UP:
                upload.patience = min(GROWTH * upload.patience, MOST_PATIENCE)
                yield self._ask(upload, now)
                return
            self._upload = None
            self._ended[_speaker(upload.sender), upload.kind] = _Ended(now.wall, 0, Verdict.CANCELLED)
            if upload.items:
                words = f"item {len(upload.items)} did not come, of {upload.count} from 0"
                self.say(WARNING, f"{MISSION_NAMES[upload.kind]} refused: {words}")
                yield _answer(upload.sender, int(upload.kind), Verdict.CANCELLED)

    # --- download -------------------------------------------------------------------------------------------------

    def _list(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """A download is asked for: make a copy."""
        kind = _kind(message)
        if kind is None:
            yield _answer(sender, int(message.mission_type), Verdict.UNSUPPORTED)
            return
        items = self.plans[kind]
        self._downloads[_speaker(sender), kind] = Download(items, now.wall)
        fields = {
            "target_system": sender.system, "target_component": sender.component, "count": len(items),
            "mission_type": int(kind), "opaque_id": plan_id(items),
        }  # fmt: skip
        yield Outgoing("MISSION_COUNT", fields, sender, Priority.ANSWER)

    def _request(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """One item is asked for."""
        kind = _kind(message)
        if kind is None:
            yield _answer(sender, int(message.mission_type), Verdict.UNSUPPORTED)
            return
        download = self._downloads.setdefault((_speaker(sender), kind), Download(self.plans[kind], now.wall))
        download.touched = now.wall
        number = int(message.seq)
        if number >= len(download.items):
            yield _answer(sender, int(kind), Verdict.INVALID_SEQUENCE)
            return
        fields = item_fields(download.items[number], number, kind, sender)
        if kind is Kind.MISSION:
            fields["current"] = int(number == self.current()[0])
        yield Outgoing("MISSION_ITEM_INT", fields, sender, Priority.ANSWER)

    def _ack(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """A client has all items, or gives up."""
        kind = _kind(message)
        if kind is not None:
            self._downloads.pop((_speaker(sender), kind), None)
        upload = self._upload
        if upload is not None and upload.kind is kind and _speaker(upload.sender) == _speaker(sender):
            self._upload = None
            self._ended[_speaker(sender), upload.kind] = _Ended(now.wall, 0, Verdict.CANCELLED)
        yield from ()

    # --- the rest -------------------------------------------------------------------------------------------------

    def _clear(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Empty one kind, or all."""
        number = int(getattr(message, "mission_type", 0))
        kinds = list(Kind) if number == ALL else [kind for kind in Kind if kind == number]
        if not kinds:
            yield _answer(sender, number, Verdict.UNSUPPORTED)
            return
        if not self.may(sender, MISSION_NAMES[kinds[0]], FLIGHT):
            yield self._refuse(sender, kinds[0], Verdict.DENIED, f"station {sender.system} is not in control")
            return
        if self._upload is not None and _speaker(self._upload.sender) != _speaker(sender):
            yield _answer(sender, number, Verdict.DENIED)
            return
        self._upload = None
        refused = [p for kind in kinds if self.plans[kind] and (p := self.put(kind, ())) is not None]
        for problem in refused:
            self.say(WARNING, f"not cleared: {problem.words}")
        yield _answer(sender, number, refused[0].verdict if refused else Verdict.ACCEPTED)

    def _set_current(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Fly from another item; the answer is MISSION_CURRENT."""
        if self.may(sender, "mission item", FLIGHT) and 0 <= int(message.seq) < len(self.plans[Kind.MISSION]):
            self.go_to(sender, int(message.seq))
            self._told = ()
        else:
            self.say(WARNING, f"mission item {int(message.seq)}: refused")
        yield from ()

    def _partial(self, message: Any, sender: Sender, now: Now) -> Iterator[Outgoing]:
        """Parts of a plan are not written, nor read: a plan is whole."""
        yield _answer(sender, int(getattr(message, "mission_type", 0)), Verdict.UNSUPPORTED)


def _kind(message: Any) -> Kind | None:
    """Kind of plan that a message is about; None for one that is not known."""
    number = int(getattr(message, "mission_type", 0))
    return Kind(number) if number in Kind._value2member_map_ else None


def _answer(sender: Sender, kind: int, verdict: Verdict, opaque_id: int = 0) -> Outgoing:
    """MISSION_ACK."""
    fields = {
        "target_system": sender.system, "target_component": sender.component, "type": int(verdict),
        "mission_type": kind, "opaque_id": opaque_id,
    }  # fmt: skip
    return Outgoing("MISSION_ACK", fields, sender, Priority.ANSWER)


def _number(value: Any) -> float | None:
    """A float of the wire; None for NaN."""
    found = float(value)
    return None if math.isnan(found) else found


def read(message: Any) -> Item:
    """The item of a MISSION_ITEM_INT, or of the older MISSION_ITEM with floats."""
    p = [_number(getattr(message, f"param{k}")) for k in range(1, 5)]
    x, y = message.x, message.y
    if message.name == "MISSION_ITEM":
        probe = Item(int(message.command), x=1, y=1)
        scale = 1e7 if probe.is_placed else 1.0
        x, y = (0 if not math.isfinite(v) else max(min(v * scale, 2147483647.0), -2147483648.0) for v in (x, y))
    return Item(
        int(message.command), int(message.frame), (p[0], p[1], p[2], p[3]), round(x), round(y), _number(message.z),
        int(message.autocontinue),
    )  # fmt: skip


def item_fields(item: Item, number: int, kind: Kind, to: Sender) -> dict[str, Any]:
    """Fields of MISSION_ITEM_INT."""
    p = [math.nan if each is None else each for each in item.params]
    return {
        "target_system": to.system, "target_component": to.component, "seq": number, "frame": item.frame,
        "command": item.command, "current": 0, "autocontinue": item.autocontinue, "param1": p[0], "param2": p[1],
        "param3": p[2], "param4": p[3], "x": item.x, "y": item.y, "z": math.nan if item.z is None else item.z,
        "mission_type": int(kind),
    }  # fmt: skip


__all__ = ["Missions", "item_fields", "read"]
