"""What a study says of a table that is known: probabilities, chains, drivers, and a report that stands alone."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from samruk.errors import InputError
from samruk.messages import Reason
from samruk.study import report
from samruk.study.ledgers import columns
from samruk.study.results import ENOUGH, Study
from samruk.study.store import Store, read_table, toml
from samruk.study.wording import name, percent, told

FLIGHTS = 120
KEYS = ("conditions.wind_scale", "aircraft.mass.empty_kg")


def about() -> dict[str, Any]:
    drawn = {key: ["lognormal, median 1", "1", 1.0, "given", "a <test> & no more"] for key in KEYS}
    inputs = {"seed": 3, "mission": "m", "flight": "f", "overrides": [], "spread": "", "model": "0" * 64}
    return {
        "title": "A <mission>", "subtitle": "", "command": "samruk study m.toml --seed 3", "samruk": "0",
        "engine": "none", "spread_title": "", "aircraft": "anka", "inputs": inputs, "files": {"m.toml": "ab"},
        "drawn": drawn, "home": "Home & away", "home_at_deg": [51.0, 71.0],
    }  # fmt: skip


def made(flights: int = FLIGHTS) -> Study:
    """A study whose flights complete where the wind is weak; the others meet low margins and turn back or are lost."""
    empty = Study(Path("out"), about(), {"number": np.arange(flights)})
    wind = empty.scores["conditions.wind_scale"]
    table: dict[str, np.ndarray] = {}
    for column in columns(()):
        table[column.name] = np.zeros(flights, np.int64) if column.kind == "i" else np.full(flights, np.nan)
    table |= {"number": np.arange(flights), "latitude_deg": np.full(flights, 51.0 + 90.0 / 111.2)}
    table["longitude_deg"] = np.full(flights, 71.0)
    done = wind < 0.5
    lost = wind > 1.5
    table["outcome"] = np.where(done, "completed", np.where(lost, "lost", "diverted"))
    table["damage"] = np.where(lost, 1, 0)
    table["reason"] = np.where(done, int(Reason.MISSION_DONE), int(Reason.ICE))
    table["stopped.first_s"] = np.where(lost, np.nan, 7200.0)
    table["duration_s"], table["sum.airborne_s"] = np.full(flights, 7000.0), np.full(flights, 6900.0)
    table["fuel_left_kg"], table["fuel_used_kg"] = 100.0 - 10.0 * wind, 50.0 + 10.0 * wind
    table["fuel_over_reserve_kg"] = table["fuel_left_kg"] - 90.0
    table["link_lost.first_s"] = np.full(flights, 1000.0)
    table["icing_cloud.first_s"] = np.where(done, np.nan, 2000.0)
    table["stalled.first_s"] = np.where(lost, 3000.0, np.nan)
    return Study(Path("out"), about(), table)


class Tags(HTMLParser):
    """Fails where tags do not close in order; gathers what a page would fetch."""

    VOID = ("meta", "link", "input", "br", "path", "rect", "circle")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for key, value in attrs if key in ("src", "href") and value != "data:,"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag


def test_the_report_stands_alone_and_closes_what_it_opens() -> None:
    page = report.write(made())
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.fetched == []
    assert "<script" not in page
    assert not re.search(r"url\((?!data:)", page)


def test_the_report_shows_text_and_never_obeys_it() -> None:
    page = report.write(made())
    assert "A &lt;mission&gt;" in page
    assert "a &lt;test&gt; &amp; no more" in page
    assert "<mission>" not in page


def test_the_report_names_the_driver_and_not_the_bystander() -> None:
    page = report.write(made()).split("What varied")[0]
    assert "Conditions: wind scale" in page
    assert "mass empty" not in page


@pytest.mark.parametrize("flights", [0, 1, 2, 19, 21])
def test_few_flights_make_a_report_too(flights: int) -> None:
    study = replace(made(21), table={k: v[:flights] for k, v in made(21).table.items()} if flights else {})
    page = report.write(study)
    assert not re.search(r"\b(nan|inf)\b", page.split("</style>")[1])
    assert told(study)


def test_a_full_bar_is_all_flights() -> None:
    parts = re.findall(r'<i class="(\w+)" style="flex:(\d+) 0 0">', report.write(made()))
    assert sum(int(count) for _, count in parts) == FLIGHTS


def test_losses_stand_where_they_were() -> None:
    """All 90 km due north of home, so in a picture of 1.06 times that: above the middle by what the scale says."""
    page = report.write(made())
    places = re.findall(r'<path d="M([\d.]+) ([\d.]+)l4.5 8.3h-9z"/>', page)
    assert len(places) == made().probability["lost"].count
    assert {(float(x), float(y)) for x, y in places} == {(210.0, round(210.0 - 184.0 / 1.06 - 4.5, 1))}
    assert "0 of them within 5 km" in page


def test_chains_tell_what_is_not_normal_first() -> None:
    study = made()
    chains = study.chains
    outcomes = study.table["outcome"]
    assert {(c.outcome, c.events, c.end) for c in chains} == {
        ("diverted", ("enters icing cloud",), "turns back: ice"),
        ("lost", ("enters icing cloud", "stalls"), "hits the ground"),
    }
    assert {c.outcome: c.share.count for c in chains} == {w: int(np.sum(outcomes == w)) for w in ("diverted", "lost")}


def test_nothing_is_normal_before_enough_flights_complete() -> None:
    study = made(8)
    assert np.sum(study.table["outcome"] == "completed") < ENOUGH
    assert all("link lost" in chain.events for chain in study.chains)


def test_the_answer_is_the_share_and_its_interval() -> None:
    study = made()
    share = study.probability["completed"]
    assert share.count == int(np.sum(study.table["outcome"] == "completed"))
    reach = f"{percent(share.low)} to {percent(share.high)} %"
    assert told(study)[0] == f"Completes {percent(share.value)} % of flights: {reach} with 95 % confidence."


def test_numbers_for_programs_hold_no_infinity() -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            [walk(each) for each in value.values()]
        elif isinstance(value, list):
            [walk(each) for each in value]
        elif isinstance(value, float):
            assert math.isfinite(value)

    walk(made().as_json())


def test_keys_are_told_without_their_units() -> None:
    assert name("aircraft.aero.C_D_0_1") == "aircraft: aero C_D_0"
    assert name("loading.fuel_kg") == "loading: fuel"
    assert name("weather.cloud.1.water_g_m3") == "weather: cloud 1 water"
    assert name("rules.escape_floor_m_msl") == "rules: escape floor"
    assert name("weather.cloud.all.later_min") == "arrival of the cloud"


def row(number: int) -> dict[str, Any]:
    """A row of plain numbers."""
    blank: dict[str, Any] = {"f": math.nan, "i": 0, "s": "completed"}
    return {c.name: blank[c.kind] for c in columns(())} | {"number": number, "fuel_left_kg": 1.0 / (number + 3.0)}


def test_parts_give_back_every_bit_in_the_order_of_flights_and_each_flight_once(tmp_path: Path) -> None:
    kept = Store(tmp_path / "s", {"inputs": {"seed": 1}}, columns(()))
    kept.add([row(5), row(0)])
    kept.add([row(3), row(5)])
    table = read_table(tmp_path / "s")
    assert table["number"].tolist() == [0, 3, 5]
    assert table["fuel_left_kg"].tolist() == [1.0 / 3.0, 1.0 / 6.0, 1.0 / 8.0]
    assert np.isnan(table["stalled.first_s"]).all()
    assert kept.numbers() == {0, 3, 5}
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == [
        "ledgers-00000.parquet", "ledgers-00001.parquet", "study.toml",
    ]  # fmt: skip


def test_a_part_half_written_is_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(tmp_path / "s", {"inputs": {"seed": 1}}, columns(()))
    kept.add([row(0)])

    def full(*_: Any, **__: Any) -> None:
        (tmp_path / "s" / ".part-1").write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept.arrow.parquet, "write_table", full)
    with pytest.raises(OSError, match="No space"):
        kept.add([row(1)])
    assert kept.numbers() == {0}


def test_what_a_study_is_survives_its_file(tmp_path: Path) -> None:
    text = 'a "quoted" line\n\ttabbed \\ and \x7f odd\nκ\n'
    inputs = {"seed": 1, "text": text, "list": ["a", "b\n"], "plain": "x\ny '''z'''\n", "many": "one\ntwo\n"}
    Store(tmp_path / "s", {"inputs": inputs, "half": 0.5, "yes": True}, columns(()))
    Store(tmp_path / "s", {"inputs": inputs}, columns(()))
    with pytest.raises(InputError, match="another text"):
        Store(tmp_path / "s", {"inputs": inputs | {"text": "other"}}, columns(()))
    assert "many = '''\none\ntwo\n'''" in toml({"inputs": inputs})
