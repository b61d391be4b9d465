"""Plans go up and down against the aircraft's own mission service, over links that lose frames both ways."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import pytest
from tests.fake_aircraft import HERE, Air, over_the_air

from samruk.link.mavlink import Message
from samruk.rules.items import Kind
from samruk.station import wire
from samruk.station.plans import TYPES
from samruk.station.vehicles import Out
from samruk.vehicle.ftp import Ftp, file_of
from samruk.vehicle.missions import Missions
from samruk.vehicle.service import Now, Sender


def plan(count: int = 8) -> list[wire.Item]:
    none = (0.0, 0.0, 0.0, None)
    way = [wire.Item(16, 0, none, HERE[0] + 0.00235, HERE[1] + 1e-5 * k, 1500.0) for k in range(count - 2)]
    return [wire.Item(22, 0, none, *HERE, 800.0), *way, wire.Item(21, 0, none, HERE[0], HERE[1], 300.0)]


class Aboard:
    """The real service behind the fake aircraft."""

    def __init__(self, air: Air, **arguments: Any) -> None:
        self.air, self.missions = air, Missions(**arguments)
        air.more = self.heard

    def heard(self, out: Out, now: float) -> Iterable[Message]:
        if not out.name.startswith("MISSION_"):
            return
        at = Now(simulated=now, wall=now)
        message = over_the_air(out.name, dict(out.fields), 241, 190)
        for said in [*self.missions.heard(message, Sender(241, 190), at), *self.missions.due(at)]:
            yield over_the_air(said.name, dict(said.fields), 1)


def upload(air: Air, items: list[wire.Item], kind: wire.Kind = "mission", seconds: float = 30.0) -> wire.CommandState:
    assert air.ask(wire.Upload("u", 1, kind, items)) == []
    for _ in range(round(seconds)):
        air.run(1.0)
        state = max((each for each in air.picture().pending if each.id == "u"), key=lambda each: each.asked_ms)
        if state.state in ("done", "refused", "timeout"):
            return state
    return state


@pytest.mark.parametrize("loss", [0.0, 0.02, 0.1])
def test_a_plan_arrives_whole(loss: float) -> None:
    air = Air(loss=loss)
    aboard = Aboard(air)
    air.run(5.0)
    items = plan(20)
    assert upload(air, items).state == "done"
    stored = aboard.missions.plans[Kind.MISSION]
    assert len(stored) == 20
    for sent, held in zip(items, stored, strict=True):
        assert held.command == sent.command
        assert held.latitude == pytest.approx(sent.latitude, abs=math.radians(1e-7))
    shown = air.desk.plans.held[1, "mission"]
    assert shown.version == aboard.missions.id_of(Kind.MISSION)


@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_a_plan_comes_down_as_it_went_up(loss: float) -> None:
    air = Air(loss=loss)
    Aboard(air)
    air.run(5.0)
    items = plan(12)
    assert upload(air, items).state == "done"
    air.desk.plans.held.clear()
    air.ask(wire.Download("d", 1, "mission"))
    air.run(20.0)
    found = air.desk.plans.held[1, "mission"].items
    assert [item.command for item in found] == [item.command for item in items]
    assert [item.altitude for item in found] == pytest.approx([item.altitude for item in items])


def test_a_refused_plan_leaves_the_old_one_on_both_sides() -> None:
    air = Air()
    aboard = Aboard(air)
    air.run(3.0)
    assert upload(air, plan(6)).state == "done"
    aboard.missions.take = lambda kind, items: "not over the town"
    state = upload(air, plan(9))
    assert (state.state, state.reason != "") == ("refused", True)
    assert len(aboard.missions.plans[Kind.MISSION]) == 6
    assert len(air.desk.plans.held[1, "mission"].items) == 6


def test_a_link_that_is_gone_ends_the_upload() -> None:
    air = Air()
    air.run(3.0)
    air.loss = 1.0
    air.ask(wire.Upload("u", 1, "mission", plan()))
    air.run(15.0)
    [state] = [each for each in air.picture().pending if each.id == "u"]
    assert state.state == "timeout"


@pytest.mark.parametrize("kind", TYPES)
def test_every_kind_of_plan_is_fetched_when_its_version_changes(kind: wire.Kind) -> None:
    air = Air()
    Aboard(air)
    air.aircraft[0].more["SAMRUK_ROUTE_VERSIONS"] = {"id": [7, 7, 7, 7]}
    air.run(12.0)
    assert (1, kind) in air.desk.plans.held


def test_a_bad_plan_is_refused_before_it_is_sent() -> None:
    air = Air()
    air.run(3.0)
    items = plan()
    items[3].altitude = 310.0
    items[4].altitude = 310.0
    [check] = air.ask(wire.Upload("u", 1, "mission", items))
    assert isinstance(check, wire.Check)
    assert not check.ok
    assert 4 in [problem.item for problem in check.problems if problem.severity == "error"]
    assert not [out for out in air.aircraft[0].heard if out.name == "MISSION_COUNT"]


def test_a_plan_outside_the_fence_is_refused_before_it_is_sent() -> None:
    air = Air()
    air.run(3.0)
    corner = (4.0, 0.0, 0.0, 0.0)
    places = [(-0.002, -0.002), (0.002, -0.002), (0.002, 0.002), (-0.002, 0.002)]
    fence = [wire.Item(5001, 0, corner, HERE[0] + a, HERE[1] + b, 0.0) for a, b in places]
    air.desk.plans.held[1, "fence"] = wire.Route(1, "fence", 1, fence)
    [check] = air.ask(wire.CheckRoute("u", 1, "mission", plan()))
    assert isinstance(check, wire.Check)
    assert any("fence" in problem.words for problem in check.problems if problem.severity == "error")


def test_settings_come_whole_over_a_lossy_link() -> None:
    air = Air(loss=0.1)
    names = [f"P{k:03d}" for k in range(40)]

    def answers(out: Out, now: float) -> Iterable[Message]:
        if out.name == "PARAM_REQUEST_LIST":
            wanted = range(40)
        elif out.name == "PARAM_REQUEST_READ":
            wanted = range(out.fields["param_index"], out.fields["param_index"] + 1)
        elif out.name == "PARAM_SET":
            yield over_the_air("PARAM_VALUE", {"param_id": out.fields["param_id"], "param_index": 65535,
                                               "param_value": out.fields["param_value"], "param_count": 40,
                                               "param_type": 9}, 1)  # fmt: skip
            return
        else:
            return
        for k in wanted:
            yield over_the_air("PARAM_VALUE", {"param_id": names[k], "param_index": k, "param_value": 0.5 * k,
                                               "param_count": 40, "param_type": 9}, 1)  # fmt: skip

    air.more = answers
    air.run(5.0)
    air.ask(wire.GetParameters(1))
    air.run(30.0)
    message = air.desk.told["parameters:1"][1]
    assert isinstance(message, wire.Parameters)
    assert message.complete
    assert [(row.name, row.value) for row in message.list] == [(names[k], 0.5 * k) for k in range(40)]
    air.ask(wire.SetParameter("s", 1, "P003", 9.25))
    air.run(6.0)
    assert [each.state for each in air.picture().pending if each.id == "s"] == ["done"]


def test_a_setting_that_its_type_cannot_hold_is_refused_and_nothing_else_is() -> None:
    air = Air()
    air.run(3.0)
    air.desk.parameters.capabilities[1] = 1 << 4
    air.desk.parameters.heard(over_the_air("PARAM_VALUE", {"param_id": "P", "param_index": 0, "param_count": 1,
                                                           "param_type": 6}, 1), air.now)  # fmt: skip
    air.ask(wire.SetParameter("s", 1, "P", 1e20))
    air.run(2.0)
    assert [each.state for each in air.picture().pending if each.id == "s"] == ["refused"]


def test_a_late_acknowledgement_of_another_upload_stores_nothing() -> None:
    air = Air()
    air.run(3.0)
    air.ask(wire.Upload("u", 1, "mission", plan(6)))
    late = {"target_system": 241, "target_component": 190, "type": 0, "mission_type": 0, "opaque_id": 77}
    air.desk.plans.heard(over_the_air("MISSION_ACK", late, 1), air.now)
    assert (1, "mission") not in air.desk.plans.held
    assert [each.state for each in air.desk.plans.states() if each.id == "u"] == ["requested"]


@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_settings_get_their_meaning_from_the_aircrafts_own_file(loss: float) -> None:
    text = json.dumps({"version": 1, "parameters": [
        {"name": "P000", "default": 1.5, "min": 0.0, "max": 9.0, "units": "m", "shortDesc": "words " * 200}]}).encode()
    service = Ftp(lambda: {"/parameters.json": file_of(text)})
    air = Air(loss=loss)

    def answers(out: Out, now: float) -> Iterable[Message]:
        at = Now(simulated=now, wall=now)
        if out.name == "PARAM_REQUEST_LIST":
            yield over_the_air("PARAM_VALUE", {"param_id": "P000", "param_value": 2.0, "param_count": 1,
                                               "param_type": 9}, 1)  # fmt: skip
        elif out.name == "FILE_TRANSFER_PROTOCOL":
            for said in service.heard(over_the_air(out.name, dict(out.fields), 241, 190), Sender(241, 190), at):
                yield over_the_air(said.name, dict(said.fields), 1)

    air.more = answers
    air.run(5.0)
    air.ask(wire.GetParameters(1))
    air.run(30.0)
    message = air.desk.told["parameters:1"][1]
    assert isinstance(message, wire.Parameters)
    assert message.list == [wire.Parameter("P000", 2.0, 1.5, 0.0, 9.0, "m", "words " * 200)]
    assert not air.desk.files.readings
