"""The mission strip tells the truth, in any day, on any paper."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.drawn import BROWSER, crossings, measured, outside, root, texts
from tests.synthetic_day import MIDNIGHT, first_flight, random_day, three_ways

from samruk.errors import InputError
from samruk.messages import Mode
from samruk.verdict import picture, strip, strip_lanes
from samruk.verdict.picture import Event, Extreme, StripDay, StripFlight
from samruk.verdict.strip_curve import bars, envelope, pieces, rough, thin
from samruk.verdict.theme import DARK, LIGHT
from samruk.verdict.wording import MODES, clock, down, duration, fine_up, number, up

DAYS = {"three ways": three_ways(), "first flight": first_flight()}
PAPERS = list(itertools.product(DAYS, ("full", "phone")))


def said(svg: str) -> list[str]:
    """All texts of a picture."""
    return [each.text for each in texts(svg)]


def flight(**series: object) -> StripFlight:
    """An hour of flight, sampled each minute."""
    time = MIDNIGHT + 60.0 * np.arange(61.0)
    base = {"height": np.full(61, 1000.0), "outcome": "completed"} | series
    return StripFlight("test", time=time, **base)  # type: ignore[arg-type]


def drawn(**series: object) -> list[str]:
    """What the strip of one such flight says."""
    return said(strip.draw(StripDay("day", flights=(flight(**series),))))


# ------------------------------------------------------------------------------------------------------------ geometry


@pytest.mark.parametrize(("day", "size"), PAPERS)
def test_no_two_texts_cross_and_none_leaves_the_paper(day: str, size: str):
    svg = strip.draw(DAYS[day], "dark", size)
    assert crossings(svg) == []
    assert outside(svg) == []


@pytest.mark.parametrize(("day", "size"), PAPERS)
def test_no_text_is_smaller_than_ten_and_a_half_px(day: str, size: str):
    assert min(each.size for each in texts(strip.draw(DAYS[day], "dark", size))) >= 10.5


@pytest.mark.skipif(BROWSER is None, reason="no browser here")
@pytest.mark.parametrize(("day", "size"), PAPERS)
def test_boxes_that_a_browser_draws_do_not_cross(day: str, size: str):
    svg = strip.draw(DAYS[day], "light", size)
    boxes = measured(f'<!doctype html><body style="margin:0">{svg}', "text")["boxes"]
    bad = [
        (a["text"], b["text"])
        for a, b in itertools.combinations(boxes, 2)
        # 1 px: a browser counts the overhang of single letters (f, j, brackets), which never touches another word
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 1.0
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 1.0
    ]
    assert len(boxes) == len(texts(svg))
    assert bad == []


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["full", "phone"]))
def test_any_day_draws_without_crossing_and_under_100_kb_a_flight(seed: int, size: str):
    day = random_day(seed)
    svg = strip.draw(day, "light", size)
    assert crossings(svg) == []
    assert outside(svg) == []
    assert len(svg.encode()) < 100_000 * len(day.flights)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_warnings_and_cautions_of_any_day_are_written(seed: int):
    day = random_day(seed)
    words = said(strip.draw(day, "dark", "full"))
    for each in day.flights:
        for event in each.events:
            if event.level in ("caution", "warning"):
                assert any(text.startswith(clock(event.time)) for text in words)


def test_the_same_day_draws_the_same_text():
    assert strip.draw(three_ways()) == strip.draw(three_ways())


def test_themes_differ_in_colour_alone():
    dark, light = (re.sub(r"<style>.*?</style>", "", strip.draw(three_ways(), theme)) for theme in ("dark", "light"))
    assert dark == light


def test_a_picture_needs_nothing_from_outside():
    svg = strip.draw(three_ways()).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "http" not in svg
    assert set(re.findall(r"url\((.)", svg)) <= {"d", "#"}


def test_a_picture_says_its_outcome_in_words():
    picture_ = root(strip.draw(three_ways()))
    tags = {child.tag.split("}")[1]: child.text or "" for child in picture_}
    assert tags["title"] == "Coast watch, 20 January"
    assert "De-icing off: lost after 7 h 32 min" in tags["desc"]


def test_hostile_names_stay_text():
    svg = strip.draw(StripDay("</svg><script>", flights=(flight(note="a<b&c", events=(Event(MIDNIGHT, "<i>"),)),)))
    assert "<script" not in svg
    assert "</svg><script>" in said(svg)


# ------------------------------------------------------------------------------------------------------------- curves


@settings(max_examples=100, deadline=None)
@given(arrays.arrays(float, st.integers(3, 400), elements=st.floats(0, 200)))
def test_thinning_keeps_extremes_and_stays_within_a_third_of_a_px(y: np.ndarray):
    x = np.linspace(0.0, 800.0, y.size)
    keep = thin(x, y, most=10**6)
    assert {y[keep].min(), y[keep].max()} == {y.min(), y.max()}
    # 0.5 px columns hold at most one sample of 400 over 800 px, so only the corners' tolerance remains
    assert np.abs(np.interp(x, x[keep], y[keep]) - y).max() <= _tall(x[keep], y[keep])


def _tall(x: np.ndarray, y: np.ndarray) -> float:
    """The vertical distance that 0.3 px across the steepest piece makes."""
    slope = np.abs(np.diff(y) / np.diff(x)).max()
    return 0.3 * float(np.hypot(1.0, slope)) + 1e-6


def test_a_rough_curve_keeps_its_extremes_and_few_corners():
    rng = np.random.default_rng(1)
    x, y = np.linspace(0.0, 836.0, 11_000), rng.normal(100.0, 20.0, 11_000)
    keep = thin(x, y, most=600)
    assert keep.size <= 604
    assert {y[keep].min(), y[keep].max()} == {y.min(), y.max()}


def test_a_curve_breaks_where_it_is_not_known():
    y = np.array([1.0, 2.0, np.nan, 3.0, 4.0, np.nan, 5.0])
    assert [part[1].tolist() for part in pieces(np.arange(7.0), y)] == [[1.0, 2.0], [3.0, 4.0]]


def test_a_curve_that_swings_faster_than_the_eye_becomes_a_band_between_its_extremes():
    x = np.linspace(0.0, 800.0, 8000)
    y = np.where(x < 400.0, 50.0, 50.0 + 20.0 * np.sin(7.0 * x))
    wild = rough(x, y)
    assert not wild[x < 390.0].any()
    assert wild[(x > 410.0) & (x < 790.0)].all()
    corners = np.array(re.findall(r"-?\d*\.?\d+", envelope(x[wild], y[wild]).replace("M", "")), dtype=float)
    assert corners[1] == pytest.approx(y[wild][:5].min(), abs=4.0)  # the first column holds a part of a swing
    assert not rough(x, 50.0 + 20.0 * np.sin(0.05 * x)).any()


def test_what_is_not_known_is_no_band():
    y = np.where(np.arange(4000) % 2, 0.0, 30.0)
    y[1000:2000] = np.nan
    assert not rough(np.linspace(0.0, 800.0, 4000), y)[1000:2000].any()


def test_a_gap_of_a_second_is_still_wide_enough_to_see():
    assert bars([(100.0, 100.01)], 0.0, 10.0, 2.5) == "M98.8 0h2.5v10h-2.5z"


# ------------------------------------------------------------------------------------------------------------ numbers


def test_margins_are_rounded_towards_danger():
    assert down(9.99) == "9"
    assert down(-0.2) == "−1"
    assert up(3.01) == "4"
    assert fine_up(1.33) == "1.4"
    assert number(13940.0) == "13\u00a0940"
    assert number(float("nan")) == "–"


def test_a_duration_never_looks_like_a_clock():
    assert duration(14 * 3600 + 11 * 60) == "14 h 11 min"
    assert duration(840.0) == "14 min"
    assert clock(MIDNIGHT + 14 * 3600 + 11 * 60) == "14:11"


def test_stall_margin_tells_the_least_with_its_time():
    margin = np.full(61, 0.30)
    margin[20] = 0.249
    words = drawn(stall_margin=margin)
    assert "24 % least" in words
    assert "00:20" in words


def test_an_extreme_known_more_finely_than_the_series_is_told():
    words = drawn(stall_margin=np.full(61, 0.30), extremes={"stall_margin": Extreme(0.071, MIDNIGHT + 125.0)})
    assert "7 % least" in words


def test_what_is_not_known_is_an_en_dash():
    assert drawn().count("–") == 5


def test_no_ice_is_said_plainly():
    assert "no ice" in drawn(ice=np.zeros(61))


def test_time_without_link_is_added_up():
    up_ = np.ones(61)
    up_[10:13] = 0.0
    up_[40] = 0.0
    words = drawn(link_up=up_)
    assert "4 min lost" in words
    assert "2 gaps" in words
    assert "about 3 min without link" in words  # three samples of a minute


def test_gaps_known_more_finely_than_the_samples_are_told():
    up_ = np.ones(61)
    up_[10] = 0.0
    words = drawn(link_up=up_, lost=(45.0, 3))
    assert "45 s lost" in words
    assert "3 gaps" in words


def test_fuel_under_the_reserve_is_a_caution():
    svg = strip.draw(StripDay("day", flights=(flight(fuel=np.linspace(60.0, 20.5, 61), reserve=25.0),)))
    left = next(each for each in texts(svg) if each.text == "20 kg left")
    assert "f-caution" in left.names
    assert "−5 on reserve" in said(svg)


@pytest.mark.parametrize(("least", "token"), [(0.11, "f-ink"), (0.09, "f-caution"), (0.02, "f-warning")])
def test_the_stall_number_changes_hue_only_past_its_limits(least: float, token: str):
    svg = strip.draw(StripDay("day", flights=(flight(stall_margin=np.full(61, least)),)))
    assert token in next(each for each in texts(svg) if each.text.endswith("% least")).names


def test_scales_are_shared_by_all_flights_of_a_day():
    low, high = flight(), replace(flight(height=np.full(61, 5000.0)), name="high")
    assert strip.frame_of(StripDay("low", flights=(low,)), False).height == 2400.0
    assert strip.frame_of(StripDay("both", flights=(low, high)), False).height == 6600.0


def test_each_flight_stands_on_the_same_axis():
    frame = strip.frame_of(three_ways(), False)
    assert frame.x(frame.start) == frame.left
    assert frame.x(frame.end) == frame.right


@pytest.mark.parametrize("hours", [14 / 60, 1.0, 3.7, 12.0, 30.0])
@pytest.mark.parametrize(("size", "least"), [("full", 44.0), ("phone", 38.0)])
def test_times_on_the_axis_leave_room(hours: float, size: str, least: float):
    time = MIDNIGHT + 3600.0 * np.linspace(0.0, hours, 100)
    svg = strip.draw(StripDay("d", flights=(StripFlight("f", time=time, height=np.full(100, 900.0)),)), size=size)
    ticks = sorted(
        (each.place.left + each.place.right) / 2
        for each in texts(svg)
        if re.fullmatch(r"\d\d(:\d\d)?", each.text) and each.size == 11.0
    )
    assert len(ticks) > 2
    # the first and last stand up to half a word inside when their line is at the very edge
    assert min(np.diff(ticks[1:-1]), default=least) >= least - 0.2


def test_night_is_from_civil_dusk_to_dawn():
    found = picture.sun(three_ways())
    assert [clock(t) for t in found.sets] == ["14:50"]
    # civil twilight lasts about half an hour at 41 degrees north in January
    assert 25 * 60 < found.nights[-1].start - found.sets[0] < 35 * 60


def test_modes_are_named_as_messages_name_them():
    assert tuple(mode.name.replace("_", " ") for mode in Mode) == MODES
    assert [mode.value for mode in Mode] == list(range(len(MODES)))


def test_a_mode_is_written_in_its_segment():
    mode = np.where(np.arange(61) < 30, Mode.CLIMB, Mode.LOST_LINK).astype(float)
    words = drawn(mode=mode, automatic=(np.arange(61) >= 30).astype(float))
    assert "CLIMB" in words
    assert "LOST LINK" in words


def test_a_refused_flight_has_its_reason_and_no_lanes():
    refused = StripFlight("x", outcome="refused", events=(Event(MIDNIGHT, "refuses: frost on the wing", "caution"),))
    words = said(strip.draw(StripDay("day", flights=(refused,))))
    assert "00:00 refuses: frost on the wing" in words
    assert "Refused" in words
    assert "Height" not in words


def test_the_first_flight_that_flew_is_drawn_in_full():
    refused = StripFlight("x", outcome="refused", events=(Event(MIDNIGHT, "refuses", "caution"),))
    words = said(strip.draw(StripDay("day", flights=(refused, flight(), flight()))))
    assert words.count("Heat") == 1
    assert words.count("Fuel") == 2


def test_small_flights_show_heat_only_when_a_limit_was_passed():
    warm, cold = (
        flight(fuel_c=np.full(61, -10.0), fuel_limit_c=-47.0),
        flight(fuel_c=np.full(61, -50.0), fuel_limit_c=-47.0),
    )
    assert said(strip.draw(StripDay("day", flights=(warm, warm)))).count("Heat") == 1
    words = said(strip.draw(StripDay("day", flights=(warm, cold))))
    assert words.count("Heat") == 2
    assert strip_lanes.too_hot_or_cold(cold) == "fuel too cold"


def test_a_link_that_does_not_carry_leaves_no_line():
    margin = np.concatenate((np.full(20, 10.0), np.full(21, -30.0), np.full(20, 10.0)))
    shown = strip_lanes.carried(margin)
    assert np.isnan(shown[21:40]).all()
    assert np.isfinite(shown[[20, 40]]).all()


def test_parts_of_a_strip_are_the_whole_strip():
    day = three_ways()
    parts = strip.parts(day, "full", "p")
    assert len(parts) == 3
    assert [part.title for part in parts] == [f"Coast watch, 20 January: {each.name}" for each in day.flights]
    ends = [part.top + part.height for part in parts[:-1]]
    assert ends == pytest.approx([part.top for part in parts[1:]], abs=1.0)  # heights are whole px
    for part in parts:
        for each in texts(part.standalone("light")):
            assert part.top - 0.5 <= each.place.top
            assert each.place.bottom <= part.top + part.height + 0.5


def test_outcomes_differ_in_shape_as_well_as_hue():
    shapes = set()
    for outcome in ("completed", "diverted", "lost"):
        svg = strip.draw(StripDay("day", flights=(flight(outcome=outcome),)))
        shapes.add(tuple(re.findall(r'<path d="([^"]*)" class="f-(?:caution|warning)"', svg)))
    assert len(shapes) == 3


def test_series_of_another_length_are_refused_in_one_line():
    with pytest.raises(InputError, match=r"flight 'test': ice has 3 samples, time has 61"):
        flight(ice=[1, 2, 3])


def test_time_that_does_not_rise_is_refused():
    with pytest.raises(InputError, match="rising"):
        StripFlight("x", time=np.array([0.0, 2.0, 1.0]))


def test_a_day_without_flights_is_refused():
    with pytest.raises(InputError, match="at least one flight"):
        StripDay("empty")


@pytest.mark.parametrize("bad", [{"theme": "sepia"}, {"size": "poster"}])
def test_unknown_paper_is_refused(bad: dict[str, str]):
    with pytest.raises(ValueError, match="is not known"):
        strip.draw(first_flight(), **bad)


# ------------------------------------------------------------------------------------------------------------- colour


def _luminance(colour: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def _contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ink", ["ink", "ink2", "ink3", "water", "radio", "caution", "warning"])
@pytest.mark.parametrize("ground", ["ground", "night"])
def test_text_contrasts_with_its_ground(theme: dict[str, str], ink: str, ground: str):
    # WCAG 2.2, 1.4.3: 4.5 for text
    assert _contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_mode_names_contrast_with_their_segments(theme: dict[str, str]):
    assert min(_contrast(theme["ink"], theme[segment]) for segment in ("mode", "auto", "fill", "band")) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_day_is_lighter_than_night(theme: dict[str, str]):
    assert _luminance(theme["ground"]) > _luminance(theme["night"])
