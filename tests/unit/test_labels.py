"""Widths of text, and labels that never overlap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drawn import BROWSER, measured

from samruk.verdict.labels import (
    CAUTION,
    INFO,
    WARNING,
    Box,
    Ink,
    Placed,
    Tag,
    Wish,
    clipped,
    settle,
    tiers,
    width,
    wrapped,
)
from samruk.verdict.theme import font, sheet

tags = st.lists(
    st.builds(Tag, x=st.floats(100, 900), width=st.floats(30, 500), urgency=st.integers(0, 3), text=st.just("x")),
    max_size=40,
)


def test_figures_are_tabular():
    for face in font()["faces"]:
        if face["script"] == "latin":
            assert len({face["advance"][digit] for digit in "0123456789"}) == 1


def test_font_writes_turkish_kazakh_and_the_signs_of_the_pictures():
    letters = "çğıİöşüÇĞÖŞÜ" + "әғқңөұүһіӘҒҚҢӨҰҮҺІ" + "–−…°×′″→±≤≥"
    for weight in (400, 600):
        known = set().union(*(face["advance"] for face in font()["faces"] if face["weight"] == weight))
        assert set(letters) <= known


def test_width_is_the_sum_of_advances():
    advance = next(f for f in font()["faces"] if f["weight"] == 400 and f["script"] == "latin")["advance"]
    assert width("Tav", 10.0) == pytest.approx(10.0 * (advance["T"] + advance["a"] + advance["v"]))
    assert width("W", 10.0, bold=True) > width("W", 10.0)


@pytest.mark.skipif(BROWSER is None, reason="no browser here")
def test_a_browser_takes_the_same_width():
    said = ["Tavşan AV To 11:11 ff fi", "Қыс күзеті", "−12 °C … 13 940 kg"]
    lines = "".join(f'<text y="{20 * k}" font-size="13">{text}</text>' for k, text in enumerate(said))
    style = sheet("dark", "".join(said))
    page = f'<!doctype html><svg xmlns="http://www.w3.org/2000/svg"><style>{style}</style>{lines}</svg>'
    drawn = measured(page, "text")["boxes"]
    for text, each in zip(said, drawn, strict=True):
        assert each["advance"] == pytest.approx(width(text, 13.0), abs=0.1)  # a browser keeps 1/64 px per letter


@given(st.text(alphabet="abc ,.ğқ", max_size=60), st.floats(5, 300))
def test_a_clipped_text_fits(text: str, room: float):
    assert width(clipped(text, room)) <= room or clipped(text, room) == text == ""


@given(st.text(alphabet="abc ğ", max_size=80), st.floats(20, 300), st.integers(1, 4))
def test_wrapped_lines_fit_and_are_no_more_than_asked(text: str, room: float, most: int):
    lines = wrapped(text, room, most=most)
    assert len(lines) <= most
    assert all(width(line) <= room for line in lines)


def test_wrapping_loses_no_word_when_there_is_room():
    assert " ".join(wrapped("one two three four five", 60.0, most=9)) == "one two three four five"


def test_a_lone_label_stands_right_of_its_leader_in_the_lowest_tier():
    found = tiers([Tag(200.0, 80.0, INFO, "a")], 100.0, 900.0, 6)
    assert (found.count, found.placed[0].tier, found.placed[0].left) == (1, 0, 204.0)


def test_a_label_that_would_leave_the_paper_flips_to_the_left():
    found = tiers([Tag(880.0, 80.0, INFO, "a")], 100.0, 900.0, 6)
    assert found.placed[0].left == 880.0 - 4.0 - 80.0


def test_no_more_tiers_than_needed():
    near = [Tag(200.0, 80.0, INFO, "a"), Tag(300.0, 80.0, INFO, "b"), Tag(400.0, 80.0, INFO, "c")]
    assert tiers(near, 100.0, 900.0, 6).count == 1


def test_the_least_urgent_becomes_a_bare_dot_first():
    crowd = [Tag(500.0 + k, 300.0, INFO, "i") for k in range(12)] + [Tag(503.5, 300.0, CAUTION, "c")]
    found = tiers(crowd, 100.0, 900.0, 4)
    assert found.bare
    assert all(tag.urgency == INFO for tag in found.bare)


def _label(placed: Placed) -> Box:
    """A label's box in tiers of height 1."""
    return Box(placed.left, placed.tier, placed.left + placed.tag.width, placed.tier + 1.0)


@settings(max_examples=150, deadline=None)
@given(tags, st.integers(1, 6))
def test_labels_in_tiers_never_cross_and_urgent_ones_are_never_dropped(crowd: list[Tag], most: int):
    found = tiers(crowd, 100.0, 936.0, most)
    labels = [_label(placed) for placed in found.placed]
    assert not [1 for k, a in enumerate(labels) for b in labels[k + 1 :] if a.crosses(b)]
    assert len(found.placed) + len(found.bare) == len(crowd)
    assert all(tag.urgency < CAUTION for tag in found.bare)
    assert all(label.left >= 100.0 and label.right <= 936.0 for label in labels)


@settings(max_examples=150, deadline=None)
@given(tags, st.integers(1, 6))
def test_within_the_tiers_allowed_no_leader_falls_through_a_label(crowd: list[Tag], most: int):
    found = tiers(crowd, 100.0, 936.0, most)
    if found.count <= most and any(tag.urgency < CAUTION for tag in crowd) and not found.bare:
        for a in found.placed:
            for b in found.placed:
                if a is not b and a.tier >= b.tier:
                    assert not b.left < a.tag.x < b.left + b.tag.width


def test_a_word_settles_where_it_hides_no_curve():
    ink = Ink(300)
    ink.curve(np.array([0.0, 300.0]), np.array([50.0, 50.0]))
    wishes = [Wish(10.0, 53.0, 0.0), Wish(10.0, 40.0, 1.0)]
    found = settle(wishes, "word", 11.0, Box(0, 0, 300, 100), [], ink)
    assert found == wishes[1]
    blocked = settle(wishes, "word", 11.0, Box(0, 0, 300, 100), [Box(0, 30, 50, 45)], ink)
    assert blocked is None


def test_warnings_stay_even_when_all_stand_at_one_instant():
    crowd = [Tag(500.0, 400.0, WARNING, "w") for _ in range(20)]
    assert len(tiers(crowd, 100.0, 936.0, 6).placed) == 20
