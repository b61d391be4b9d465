"""The report: one file, offline, readable by anyone, and nothing in it that was not computed or given."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.drawn import BROWSER, measured
from tests.synthetic_day import MIDNIGHT
from tests.synthetic_day import report as example

from samruk.verdict import report
from samruk.verdict.outcome import Fix, Verdict
from samruk.verdict.picture import Event, StripDay, StripFlight
from samruk.verdict.report import Report
from samruk.verdict.report_margins import KINDS, rows

PAGE = report.write(example())
VOID = {"meta", "link", "input", "br", "hr", "img", "rect", "path", "circle"}


class Reader(HTMLParser):
    """Reads a page as a browser does: text, ids, and whether every tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.ids.update(str(value) for name, value in attrs if name == "id")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)


READ = Reader(PAGE)


def one(verdict: Verdict, **more: object) -> str:
    """The text of a report on one flight that did not fly."""
    day = StripDay("day", flights=(StripFlight(verdict.name, outcome=verdict.outcome),))
    return Reader(report.write(Report("t", "m", (verdict,), day, **more))).text  # type: ignore[arg-type]


def test_every_tag_is_closed_and_every_id_is_its_own():
    assert READ.open == []
    assert max(READ.ids.values()) == 1


def test_the_page_asks_nothing_of_a_network():
    assert not re.search(r"https?:|//[a-z]|@import", re.sub(r"base64,[\w+/=]*", "", PAGE))
    assert READ.tags["script"] == 0
    assert all(start.startswith(("data:", "#")) for start in re.findall(r"url\(([^)]{5})", PAGE))
    assert re.findall(r'(?:src|href)="([^"]*)"', PAGE) == ["data:,"]


def test_the_page_is_small():
    assert len(PAGE.encode()) < 300_000  # the ceiling is 3 MB; three flights take a twentieth of it


def test_every_pattern_that_is_used_is_defined():
    assert set(re.findall(r"url\(#([^)]*)\)", PAGE)) <= set(READ.ids)


def test_both_themes_and_print_are_there():
    assert "prefers-color-scheme:dark" in PAGE
    assert "@media print" in PAGE
    assert 'id="dark"' in PAGE


def test_every_picture_has_a_title_and_a_sentence():
    for svg in re.findall(r'<svg class="figure.*?</svg>', PAGE, re.S):
        labelled = re.search(r'aria-labelledby="(\S+) (\S+)"', svg)
        assert labelled
        assert f'<title id="{labelled[1]}">' in svg
        assert f'<desc id="{labelled[2]}">' in svg


def test_the_strip_comes_first_then_the_flights_then_the_map_then_provenance():
    places = [PAGE.index(mark) for mark in ('class="answer"', 'id="sf0t"', 'class="chain"', 'id="mft"', "Provenance")]
    assert places == sorted(places)


def test_the_answer_is_made_of_the_verdicts():
    lines = report.answer(example()).splitlines()
    assert lines[0] == "De-icing on: completed after 23 h 20 min (7 of 8 seeds)."
    assert (
        lines[1]
        == "De-icing off: lost after 7 h 32 min (8 of 8 seeds); cheapest fix: automatic ice protection (1.5 kg)."
    )
    assert lines[2].endswith("nothing that was tried turns it.")


def test_an_answer_that_was_computed_elsewhere_stands():
    assert "It will." in Reader(report.write(replace(example(), answer="It will."))).text


def test_fixes_stand_by_cost_whatever_their_order():
    fixes = (Fix("a", "dear thing", "completed", 9.0, 1, 1), Fix("b", "cheap thing", "completed", 0.2, 1, 1))
    text = one(Verdict("x", "lost", "ok", 1.0, fixes=fixes))
    assert text.index("Cheap thing") < text.index("Dear thing")
    assert "0.2 kg" in text


def test_events_stand_in_order_with_seconds_and_a_new_day_is_told():
    events = (Event(MIDNIGHT + 90000.0, "lands"), Event(MIDNIGHT + 61.0, "takes off"))
    text = one(Verdict("x", "completed", "ok", 25.0, events=events))  # type: ignore[arg-type]
    assert text.index("00:01:01") < text.index("21 January 2027") < text.index("01:00:00")


def test_an_unexplained_loss_is_said_to_be_unexplained():
    assert "Unexplained" in one(Verdict("x", "lost", "ok", 1.0, unexplained=True))


def test_a_model_failure_is_no_outcome():
    text = one(Verdict("x", None, "model failure: a state became not a number", 1.0))
    assert "No verdict" in text
    assert "Model failure: a state became not a number" in text
    assert "Not searched" in text


def test_a_refused_flight_has_no_margins():
    text = one(Verdict("x", "refused", "ok", 0.0, reason="frost on the wing"))
    assert "frost on the wing" in text
    assert "It did not fly." in text


def test_chances_are_told_over_the_seeds():
    verdict = Verdict("x", "lost", "ok", 1.0, probability={"lost": 0.75, "completed": 0.25}, seeds=8)
    assert "completed 25 %, lost 75 %, over 8 seeds" in one(verdict)


def test_provenance_and_the_way_to_repeat_are_there():
    assert "sha256 9f2c4b7a…" in READ.text
    assert "samruk fly coast-watch --seed 1" in READ.text
    assert "Not certified" in READ.text


def test_hostile_text_stays_text():
    bad = "<script>alert(1)</script>"
    verdict = Verdict(bad, "lost", bad, 1.0, events=(Event(MIDNIGHT, bad),), reason=bad, margins={bad: 1.0})  # type: ignore[arg-type]
    day = StripDay(bad, bad, (StripFlight(bad, bad, "lost"),))
    page = report.write(Report(bad, bad, (verdict,), day, provenance={bad: bad}, repeat=(bad,), limits=(bad,)))
    assert Reader(page).tags["script"] == 0


# ------------------------------------------------------------------------------------------------------------ margins


def test_every_margin_of_a_flight_has_a_name():
    source = re.findall(r'^        "(\w+)":', _source_of_margins(), re.M)
    assert set(source) <= set(KINDS)


def _source_of_margins() -> str:
    """The text of the function that makes margins."""
    import inspect

    from samruk.verdict import chain

    return inspect.getsource(chain.margins)


def test_margins_past_their_limit_are_marked():
    marked = {
        row.name: row.level for row in rows({"stall_margin_pct": 9.9, "fuel_left_kg": 20.0, "link_margin_db": -0.1})
    }
    assert marked == {"Least speed above stall": "caution", "Fuel left": "", "Least link margin": "caution"}
    assert rows({"stall_margin_pct": 2.0})[0].level == "warning"


@pytest.mark.parametrize(("value", "text"), [(9.99, "9 %"), (None, "–"), (float("nan"), "–"), (0.0, "0 %")])
def test_margins_are_rounded_towards_danger_and_the_unknown_is_a_dash(value: float | None, text: str):
    assert rows({"stall_margin_pct": value})[0].value == text


def test_a_margin_nobody_named_takes_its_name_from_its_key():
    assert rows({"oil_pressure_least_kg": 2.04})[0][:2] == ("Oil pressure least", "2.0 kg")


# ------------------------------------------------------------------------------------------------------------- browser


@pytest.mark.skipif(BROWSER is None, reason="no browser here")
@pytest.mark.parametrize("wide", [390, 768, 1100])
def test_no_width_makes_the_page_scroll_sideways(wide: int):
    page = measured(PAGE.replace("</body>\n</html>\n", ""), "h1,h2,h3,p,li,th,td,dd,pre,svg.figure text", wide)
    assert page["wide"] <= wide
    assert all(each["right"] <= wide + 1.0 for each in page["boxes"])


@pytest.mark.skipif(BROWSER is None, reason="no browser here")
@pytest.mark.parametrize("wide", [390, 1100])
def test_texts_of_the_page_do_not_cross(wide: int):
    page = measured(
        PAGE.replace("</body>\n</html>\n", ""), "h1,h2,h3,th,td,time,.chain span,.cost,svg.figure text", wide
    )
    boxes = [each for each in page["boxes"] if each["right"] > each["left"]]
    for k, a in enumerate(boxes):
        for b in boxes[k + 1 :]:
            across = min(a["right"], b["right"]) - max(a["left"], b["left"])
            down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            assert not (across > 1.0 and down > 1.0), (a["text"], b["text"])  # 1 px: overhang of single letters
