"""The mission protocol: whole or not at all, whatever the path does."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from samruk.rules.items import Cmd, Item, Kind, Problem, Severity, Verdict, at, plan_id
from samruk.vehicle.missions import LATEST, Missions, item_fields
from samruk.vehicle.service import Now, Outgoing, Sender
from tests.vehicle.protocol_path import Message, Path

STATION = Sender(241, 190, "a")
AIRCRAFT = Sender(1, 1)
OTHER = Sender(242, 190, "b")
STEP = 0.02
GAVE_UP = -1


def plan(seed: int, count: int) -> tuple[Item, ...]:
    chance = random.Random(seed)
    return tuple(
        at(Cmd.NAV_WAYPOINT, 0.89 + 0.01 * chance.random(), 1.24, 1000.0 + seed, params=(float(k), 0.0, 0.0, None))
        for k in range(count)
    )


class Uploader:
    """A client as common ones are: asks, answers each request, tries again, gives up after some tries."""

    def __init__(self, sender: Sender, kind: Kind, items: tuple[Item, ...], to: Path) -> None:
        self.sender, self.kind, self.items, self.to = sender, kind, items, to
        self.last: Message | None = None
        self.sent_at, self.tries, self.opaque_id, self.next = -1e9, 0, 0, 0
        self.verdict: int | None = None

    def send(self, name: str, fields: dict[str, Any], time: float) -> None:
        self.last, self.sent_at = Message(name, fields), time
        self.to.send((self.last, self.sender), time)

    def begin(self, time: float) -> None:
        fields = {"count": len(self.items), "mission_type": int(self.kind), "target_system": 1, "target_component": 1}
        self.send("MISSION_COUNT", fields, time)

    def heard(self, out: Outgoing, time: float) -> None:
        if self.verdict is not None or out.fields.get("mission_type") != self.kind:
            return
        if out.name == "MISSION_REQUEST_INT" and out.fields["seq"] <= min(self.next, len(self.items) - 1):
            number, self.tries = out.fields["seq"], 0  # one further ahead is of an upload before this one
            self.next = max(self.next, number + 1)
            self.send("MISSION_ITEM_INT", item_fields(self.items[number], number, self.kind, Sender(1, 1)), time)
        elif out.name == "MISSION_ACK":
            self.verdict, self.opaque_id = out.fields["type"], out.fields["opaque_id"]

    def due(self, time: float) -> None:
        if self.verdict is None and self.last is not None and time - self.sent_at > 1.0:
            self.tries += 1
            if self.tries > 5:
                self.verdict = GAVE_UP
            else:
                self.sent_at = time
                self.to.send((self.last, self.sender), time)


def run(
    missions: Missions, clients: list[Uploader], to: Path, back: Path, start: float, longest: float, pause: float = 0.0
) -> float:
    """Play until every client has ended, and a pause beyond, in which the clients are gone; s."""
    time = start
    for client in clients:
        client.begin(time)
    ends = start + longest
    while time < ends + pause:
        if clients and (time >= ends or all(c.verdict is not None for c in clients)):
            clients, ends = [], time
        time += STEP
        now = Now(wall=time)

        def give(thing: Any, now: Now = now) -> None:
            message, sender = thing
            for out in missions.heard(message, sender, now):
                back.send(out, now.wall)

        to.arrived(time, give)
        for out in missions.due(now):
            back.send(out, time)

        def hand(out: Outgoing, time: float = time, clients: list[Uploader] = clients) -> None:
            for client in clients:
                if out.to is None or out.to.system == client.sender.system:
                    client.heard(out, time)

        back.arrived(time, hand)
        for client in clients:
            client.due(time)
    return time


def test_an_upload_is_stored_whole_and_acknowledged_with_its_id() -> None:
    missions, items = Missions(), plan(1, 30)
    client = Uploader(STATION, Kind.MISSION, items, Path(0))
    run(missions, [client], client.to, Path(1), 0.0, 60.0)
    assert missions.plans[Kind.MISSION] == items
    assert client.verdict == Verdict.ACCEPTED
    assert client.opaque_id == missions.id_of(Kind.MISSION) == missions.current_fields()["mission_id"] != 0


@pytest.mark.parametrize("seed", range(40))
def test_after_anything_the_stored_mission_is_one_of_those_offered(seed: int) -> None:
    """Losses, repetitions and other orders; uploads one after another and against each other; clients that break off
    without a word and come back later than an upload is given up (`GIVEN_UP`, and `LATEST` twice)."""
    chance = random.Random(seed)
    old = plan(1000, 4)
    missions = Missions(stored={Kind.MISSION: old})
    to = Path(seed, 0.25 * chance.random(), 0.2, 0.9 * LATEST)
    back = Path(seed + 1, 0.25 * chance.random(), 0.2, 0.9 * LATEST)
    offered, time = [old], 0.0
    for turn in range(5):
        senders = [STATION] if chance.random() < 0.6 else [STATION, OTHER]
        clients = [Uploader(s, Kind.MISSION, plan(10 * turn + k, chance.randint(1, 9)), to)
                   for k, s in enumerate(senders)]  # fmt: skip
        offered += [client.items for client in clients]
        longest = 90.0 if chance.random() < 0.7 else 0.5 + 4.0 * chance.random()
        pause = 7.0 if longest < 90.0 else chance.choice([0.0, 0.5, 3.0, 15.0])
        time = run(missions, clients, to, back, time, longest, pause)
        assert missions.plans[Kind.MISSION] in offered
        mine = clients[0]
        if len(clients) == 1 and mine.verdict == Verdict.ACCEPTED and mine.opaque_id == plan_id(mine.items):
            assert missions.plans[Kind.MISSION] == mine.items  # an old answer that came again has another id


@pytest.mark.parametrize("loss", [0.02, 0.1])
def test_long_uploads_and_downloads_pass_a_lossy_path(loss: float) -> None:
    for seed in range(5):
        missions, items = Missions(), plan(seed, 60)
        to, back = Path(seed, loss, 0.02, 0.1), Path(seed + 50, loss, 0.02, 0.1)
        client = Uploader(STATION, Kind.MISSION, items, to)
        run(missions, [client], to, back, 0.0, 300.0)
        assert client.verdict == Verdict.ACCEPTED
        assert missions.plans[Kind.MISSION] == items


def say(missions: Missions, name: str, time: float = 0.0, sender: Sender = STATION, **fields: Any) -> list[Outgoing]:
    return list(missions.heard(Message(name, {"mission_type": 0, **fields}), sender, Now(wall=time)))


def give(missions: Missions, items: tuple[Item, ...], time: float = 0.0, sender: Sender = STATION,
         kind: Kind = Kind.MISSION) -> Outgoing:  # fmt: skip
    """A straight upload; the last answer."""
    out = say(missions, "MISSION_COUNT", time, sender, count=len(items), mission_type=int(kind))
    if not out:
        out = list(missions.due(Now(wall=time + LATEST)))
    while out[0].name == "MISSION_REQUEST_INT":
        number = out[0].fields["seq"]
        out = say(missions, "MISSION_ITEM_INT", time + LATEST, sender,
                  **item_fields(items[number], number, kind, AIRCRAFT))  # fmt: skip
    return out[0]


def test_a_refused_upload_leaves_the_old_plan() -> None:
    missions, told = Missions(), []
    missions.say = lambda severity, text: told.append(text)
    old = plan(1, 3)
    assert give(missions, old).fields["type"] == Verdict.ACCEPTED
    bad = (*plan(2, 2), replace(old[0], command=211))
    assert give(missions, bad, 20.0).fields["type"] == Verdict.UNSUPPORTED
    missions.check = lambda kind, items: [Problem(1, "item 1 is in a hill", Severity.ERROR, Verdict.INVALID_PARAM7)]
    assert give(missions, plan(3, 2), 40.0).fields["type"] == Verdict.INVALID_PARAM7
    missions.check, missions.take = (lambda kind, items: []), (lambda kind, items: "not now")
    assert give(missions, plan(3, 2), 60.0).fields["type"] == Verdict.DENIED
    assert missions.plans[Kind.MISSION] == old
    assert any("in a hill" in text for text in told)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"frame": 8}, Verdict.UNSUPPORTED_FRAME), ({"x": 910_000_000}, Verdict.INVALID_PARAM5_X),
        ({"y": 1_810_000_000}, Verdict.INVALID_PARAM6_Y), ({"z": 30000.0}, Verdict.INVALID_PARAM7),
        ({"z": None}, Verdict.INVALID_PARAM7), ({"params": (-1.0, 0.0, 0.0, 0.0)}, Verdict.INVALID_PARAM1),
        ({"x": 0, "y": 0}, Verdict.INVALID_PARAM5_X), ({"command": 82}, Verdict.UNSUPPORTED),
        ({"command": 5001}, Verdict.UNSUPPORTED),
    ],
)  # fmt: skip
def test_every_wrong_item_has_its_own_answer(change: dict[str, Any], verdict: Verdict) -> None:
    missions = Missions()
    assert give(missions, (replace(plan(1, 1)[0], **change),)).fields["type"] == verdict
    assert missions.plans[Kind.MISSION] == ()


def test_a_second_uploader_is_denied_while_one_is_at_work() -> None:
    missions = Missions()
    items = plan(1, 3)
    say(missions, "MISSION_COUNT", count=3)
    say(missions, "MISSION_ITEM_INT", **item_fields(items[0], 0, Kind.MISSION, AIRCRAFT))
    answer = say(missions, "MISSION_COUNT", 0.1, OTHER, count=2)
    assert answer[0].fields["type"] == Verdict.DENIED
    assert answer[0].to == OTHER
    for number in (1, 2):
        last = say(missions, "MISSION_ITEM_INT", 0.2, **item_fields(items[number], number, Kind.MISSION, AIRCRAFT))
    assert last[0].fields["type"] == Verdict.ACCEPTED
    assert missions.plans[Kind.MISSION] == items


def test_who_is_not_in_control_changes_nothing() -> None:
    missions = Missions(may=lambda sender, what, loi: sender == STATION)
    assert give(missions, plan(1, 2)).fields["type"] == Verdict.ACCEPTED
    assert say(missions, "MISSION_COUNT", 20.0, OTHER, count=2)[0].fields["type"] == Verdict.DENIED
    assert say(missions, "MISSION_CLEAR_ALL", 20.0, OTHER)[0].fields["type"] == Verdict.DENIED
    assert missions.plans[Kind.MISSION] == plan(1, 2)


def test_who_loses_control_while_a_plan_is_coming_changes_nothing() -> None:
    holds = {STATION}
    missions = Missions(may=lambda sender, what, loi: sender in holds)
    assert say(missions, "MISSION_COUNT", 0.0, count=2)[0].name == "MISSION_REQUEST_INT"
    rows = [item_fields(item, k, Kind.MISSION, AIRCRAFT) for k, item in enumerate(plan(1, 2))]
    assert say(missions, "MISSION_ITEM_INT", 0.1, **rows[0])[0].fields["seq"] == 1
    holds.clear()
    assert say(missions, "MISSION_ITEM_INT", 0.2, **rows[1])[0].fields["type"] == Verdict.DENIED
    assert missions.plans[Kind.MISSION] == ()


def test_a_download_reads_one_plan_though_another_comes_in_between() -> None:
    missions = Missions(stored={Kind.MISSION: plan(1, 4)})
    count = say(missions, "MISSION_REQUEST_LIST", 0.0, OTHER)[0]
    assert count.fields["opaque_id"] == plan_id(plan(1, 4))
    give(missions, plan(2, 3))
    seen = [say(missions, "MISSION_REQUEST_INT", 1.0, OTHER, seq=k)[0] for k in range(4)]
    assert [out.fields["z"] for out in seen] == [item.z for item in plan(1, 4)]
    assert say(missions, "MISSION_REQUEST_INT", 1.0, OTHER, seq=4)[0].fields["type"] == Verdict.INVALID_SEQUENCE


def test_kinds_are_apart_and_unknown_ones_are_refused() -> None:
    missions = Missions()
    corner = Item(Cmd.FENCE_CIRCLE_EXCLUSION, 0, (500.0, 0.0, 0.0, 0.0), 510_000_000, 710_000_000)
    assert give(missions, (corner,), kind=Kind.FENCE).fields["type"] == Verdict.ACCEPTED
    rally = Item(Cmd.NAV_RALLY_POINT, 3, x=510_000_000, y=710_000_000, z=100.0)
    assert give(missions, (rally,), kind=Kind.RALLY).fields["type"] == Verdict.ACCEPTED
    assert give(missions, plan(1, 2), kind=Kind.LOST_LINK).fields["type"] == Verdict.ACCEPTED
    assert give(missions, plan(1, 17), kind=Kind.LOST_LINK).fields["type"] == Verdict.NO_SPACE
    assert say(missions, "MISSION_COUNT", count=1, mission_type=7)[0].fields["type"] == Verdict.UNSUPPORTED
    assert missions.plans[Kind.MISSION] == ()
    ids = [missions.id_of(kind) for kind in Kind]
    assert ids[0] == 0
    assert len(set(ids)) == 4
    say(missions, "MISSION_CLEAR_ALL", mission_type=255)
    assert all(missions.plans[kind] == () for kind in Kind)


def test_parts_of_a_plan_are_neither_written_nor_read() -> None:
    missions = Missions(stored={Kind.MISSION: plan(1, 4)})
    for name in ("MISSION_WRITE_PARTIAL_LIST", "MISSION_REQUEST_PARTIAL_LIST"):
        assert say(missions, name, start_index=0, end_index=1)[0].fields["type"] == Verdict.UNSUPPORTED


def test_an_answer_that_was_lost_is_given_again() -> None:
    missions, items = Missions(), plan(1, 2)
    assert give(missions, items).fields["type"] == Verdict.ACCEPTED
    again = say(missions, "MISSION_ITEM_INT", 2.0, **item_fields(items[1], 1, Kind.MISSION, AIRCRAFT))
    assert again[0].fields["type"] == Verdict.ACCEPTED


def test_an_upload_that_stops_is_cancelled_and_changes_nothing() -> None:
    missions = Missions(stored={Kind.MISSION: plan(9, 2)})
    say(missions, "MISSION_COUNT", count=3)
    say(missions, "MISSION_ITEM_INT", **item_fields(plan(1, 3)[0], 0, Kind.MISSION, AIRCRAFT))
    out = [o for k in range(4000) for o in missions.due(Now(wall=0.01 * k)) if o.name != "MISSION_CURRENT"]
    assert out[-1].fields["type"] == Verdict.CANCELLED
    assert {o.name for o in out[:-1]} == {"MISSION_REQUEST_INT"}
    assert missions.plans[Kind.MISSION] == plan(9, 2)
