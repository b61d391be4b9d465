"""Parameters: those that act do, those that tell refuse, and each is described."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from samruk import load
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.live import Live
from samruk.vehicle.metadata import parameters_json
from samruk.vehicle.parameters import (
    DENIED,
    NOT_THERE,
    OUT_OF_RANGE,
    READ_ONLY,
    Parameters,
    packed,
    unpacked,
)
from samruk.vehicle.service import Now, Outgoing, Sender
from samruk.vehicle.settings import table
from tests.vehicle.protocol_path import Message


@pytest.fixture(scope="module")
def aircraft() -> Aircraft:
    return Aircraft(Live(load.mission("circuit"), [0]), 0)


def put(held: Parameters, name: str, value: float, kind: int = 9) -> list[Outgoing]:
    fields = {"param_id": name, "param_value": value, "param_type": kind, "target_system": 1, "target_component": 1}
    return list(held.heard(Message("PARAM_SET", fields), Sender(241), Now()))


def error(out: list[Outgoing]) -> int:
    return next((int(each.fields["error"]) for each in out if each.name == "PARAM_ERROR"), 0)


@pytest.mark.parametrize("value", [0, 1, -1, -2, 2147483647, -2147483648, 42])
def test_whole_numbers_keep_their_bytes(value: int) -> None:
    assert unpacked(struct.unpack("<f", struct.pack("<f", packed(value, True)))[0], True) == value


def test_a_parameter_that_acts_changes_the_rule_it_names(aircraft: Aircraft) -> None:
    held = Parameters(table(aircraft))
    answer = put(held, "SAM_RESERVE", 3600.0)
    assert [(out.name, out.to, out.fields["param_value"]) for out in answer] == [("PARAM_VALUE", None, 3600.0)]
    assert aircraft.live.rule(0, "reserve") == 3600.0
    assert put(held, "COM_DL_LOSS_T", packed(30, True), 6)[0].fields["param_type"] == 6
    assert put(held, "FW_LND_ANG", 3.5)[0].name == "PARAM_VALUE"
    assert aircraft.live.rule(0, "glide_slope") == pytest.approx(0.0611, abs=1e-4)
    assert put(held, "RTL_RETURN_ALT", 800.0)[0].name == "PARAM_VALUE"
    assert aircraft.live.rule(0, "safe_height") == pytest.approx(800.0 + float(aircraft.home.elevation))
    names = {entry.arguments["name"]: entry.arguments["value"] for entry in aircraft.live.journal}
    assert names["task.rules.lost_link_time"] == 30.0
    carried = aircraft.live.batch.params.layout["task.rules.reserve"]
    assert carried.name == "task.rules.reserve"
    put(held, "GF_ACTION", packed(1, True), 6)
    assert aircraft.board["fence_action"] == 1


def test_what_may_not_be_set_is_refused_with_its_reason(aircraft: Aircraft) -> None:
    told: list[str] = []
    held = Parameters(table(aircraft), say=lambda severity, text: told.append(text))
    before = held.hash()
    assert error(put(held, "SAM_RESERVE", 10.0)) == OUT_OF_RANGE
    assert error(put(held, "SAM_RESERVE", float("nan"))) == OUT_OF_RANGE
    assert error(put(held, "FW_AIRSPD_MAX", 99.0)) == READ_ONLY
    assert error(put(held, "NAV_DLL_ACT", packed(0, True), 6)) == READ_ONLY
    assert error(put(held, "NO_SUCH_THING", 1.0)) == NOT_THERE
    assert error(put(held, "GF_ACTION", packed(7, True), 6)) == OUT_OF_RANGE
    assert error(put(held, "GF_ACTION", 1.0, 9)) == OUT_OF_RANGE
    held.may = lambda sender, what, loi: False
    assert error(put(held, "SAM_RESERVE", 3000.0)) == DENIED
    assert held.hash() == before
    assert "SAM_RESERVE 10: out of range, 600 to 14400 s" in told


def test_a_refusal_also_tells_the_value_that_holds(aircraft: Aircraft) -> None:
    held = Parameters(table(aircraft))
    out = put(held, "FW_AIRSPD_MAX", 99.0)
    assert [each.name for each in out] == ["PARAM_ERROR", "PARAM_VALUE"]
    assert out[1].fields["param_value"] == held.value("FW_AIRSPD_MAX")


def test_the_checksum_follows_every_change(aircraft: Aircraft) -> None:
    held = Parameters(table(aircraft))
    before = held.hash()
    put(held, "SAM_ESC_UP", 500.0)
    changed = held.hash()
    put(held, "SAM_ESC_UP", held.table[0].default if held.table[0].name == "SAM_ESC_UP" else 600.0)
    assert before != changed


def test_every_parameter_is_described_and_within_its_own_range(aircraft: Aircraft) -> None:
    parameters = table(aircraft)
    described: dict[str, Any] = {e["name"]: e for e in json.loads(parameters_json(parameters))["parameters"]}
    assert len(described) == len(parameters)
    for each in parameters:
        assert len(each.name) <= 16
        assert each.least <= each.default <= each.most, each.name
        entry = described[each.name]
        assert entry["shortDesc"]
        if each.act and not each.values:
            assert {"min", "max", "default"} <= set(entry), each.name
    speeds = [described[f"FW_AIRSPD_{name}"]["default"] for name in ("STALL", "MIN", "TRIM", "MAX")]
    assert speeds == sorted(speeds)


def test_a_restart_keeps_what_was_set() -> None:
    from samruk.vehicle.assembly import assemble

    plan = load.mission("circuit")
    before = assemble(Live(plan, [0]), 0, 1)
    assert before.parameters.set("SAM_RESERVE", 3300.0) == 0
    assert before.parameters.set("GF_ACTION", 2.0) == 0
    kept = json.loads(json.dumps(before.saved()))
    after = assemble(Live(plan, [0]), 0, 1)
    after.restore(kept)
    assert after.parameters.hash() == before.parameters.hash()
    assert after.aircraft.live.rule(0, "reserve") == 3300.0
    assert after.aircraft.board["fence_action"] == 2
