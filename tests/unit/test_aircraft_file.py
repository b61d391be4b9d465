"""Definition files of aircraft: what is read, what is refused, and in which words."""

from __future__ import annotations

import math
import re
import string
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samruk import aircraft, datasheet, load, units
from samruk.aircraft import AircraftDefinition, override
from samruk.errors import AircraftError

FILES = sorted((Path(aircraft.__file__).parent.parent / "data" / "aircraft").glob("*.toml"))
TEXT = next(file for file in FILES if file.stem == "anka").read_text(encoding="utf-8")
SPAN = next(line for line in TEXT.splitlines() if line.startswith("span_m"))
SPAN_LINE = TEXT.splitlines().index(SPAN) + 1

UNITS_IN_WORDS = {
    "m": "m", "m2": "m^2", "m_s": "m/s", "kg": "kg", "kg_m2": "kg m^2", "w": "W", "j_kg": "J/kg", "j": "J", "k": "K",
    "s": "s", "w_k": "W/K", "j_k": "J/K", "rad": "rad", "rad_s": "rad/s", "per_s": "1/s", "n_m": "N/m", "pa": "Pa",
    "n_s_m": "N s/m", "w_m2": "W/m^2", "j_kg_k": "J/(kg K)", "m_s2": "m/s^2", "hz": "Hz", "dbm": "dBm", "db": "dB",
    "m_s2_per_sqrt_hz": "square root of Hz", "rad_s_per_sqrt_hz": "square root of Hz",
}  # fmt: skip


@pytest.fixture(scope="module")
def anka() -> AircraftDefinition:
    return load.definition(TEXT, "anka.toml")


def refusal(text: str) -> str:
    with pytest.raises(AircraftError) as caught:
        load.definition(text, "a.toml")
    return str(caught.value)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_aircraft_of_the_house_is_complete(file: Path) -> None:
    definition = load.definition(file.read_text(encoding="utf-8"), file.name)
    assert definition.name == file.stem
    assert list(definition.sources) == list(aircraft.leaves())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_number_has_a_source_of_its_own_words(file: Path) -> None:
    for path, source in load.definition(file.read_text(encoding="utf-8"), file.name).sources.items():
        assert len(source.source) > 8, path
        exact = source.grade != "estimated" or path.endswith("_kind")
        assert source.spread > 0.0 or exact, f"{path}: an estimate is never exact"


def test_the_published_span_is_read_in_metres(anka: AircraftDefinition) -> None:
    assert anka.aircraft.geometry.span == 17.5
    assert anka.sources["geometry.span"].grade == "published"


def test_units_of_the_file_become_si(anka: AircraftDefinition) -> None:
    # 170 mechanical horsepower of 550 ft lbf/s; 2300 revolutions of 2 pi in 60 s; 105 C; rounding of doubles only
    assert anka.aircraft.engine.rated_power == pytest.approx(170 * 550 * 0.3048 * 4.4482216152605, rel=1e-12)
    assert anka.aircraft.propeller.rated_speed == pytest.approx(2300 * math.tau / 60, rel=1e-12)
    assert anka.aircraft.engine.coolant_limit == pytest.approx(105 + 273.15, rel=1e-12)


def test_the_same_length_may_be_given_in_feet() -> None:
    text = TEXT.replace("span_m = { value = 17.5", "span_ft = { value = 57.4147")
    assert load.definition(text, "a.toml").aircraft.geometry.span == pytest.approx(17.5, abs=1e-4)  # 0.1 mm


def test_every_leaf_is_a_float(anka: AircraftDefinition) -> None:
    for group in fields(anka.aircraft):
        for leaf in fields(getattr(anka.aircraft, group.name)):
            assert type(getattr(getattr(anka.aircraft, group.name), leaf.name)) is float


def test_words_and_allowed_unit_of_a_leaf_agree() -> None:
    for path, allowed in aircraft.leaves().items():
        words = datasheet.meanings()[path]
        if allowed.unit in UNITS_IN_WORDS:
            told = re.escape(UNITS_IN_WORDS[allowed.unit])
            assert re.search(rf"(?<![\w/]){told}(?![\w^/])", words.replace("dBi", "dB")), path
        else:
            assert allowed.unit in ("1", "per_rad", "per_rad2"), path
            assert not re.match(r"(m|kg|W|K|s|N|rad)[ ,./^]", words), path


def test_bounds_of_every_leaf_are_in_order() -> None:
    for path, allowed in aircraft.leaves().items():
        assert allowed.low < allowed.high, path
        assert allowed.unit in units.SUFFIXES, path
        assert all(suffix in units.SUFFIXES for suffix in units.suffixes_of(allowed.unit)), path


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("span_m", "span_kg", "does not carry a unit that fits. Write span_m or span_km"),
        ("span_m", "span", "does not carry a unit that fits. Write span_m"),
        ("span_m", "spam_m", "geometry.spam_m is an unknown key. Did you mean span_m?"),
        ("value = 17.5", "value = 175.0", "geometry.span_m is 175 m. Allowed: 2 m to 60 m."),
        ("value = 17.5", "value = -17.5", "Allowed: 2 m to 60 m."),
        ("value = 17.5", "value = nan", "no finite number"),
        ("value = 17.5", "value = true", "no finite number"),
        ("value = 17.5", 'value = "17.5"', "no finite number"),
        ("value = 17.5", "value = 1" + "0" * 400, "no finite number"),
        ("value = 17.5, ", "", "no finite number"),
        ('grade = "published"', 'grade = "sure"', "Allowed: published, derived, estimated."),
        ("spread = 0.01", "spread = -0.01", "no spread of 0 or more"),
        ("spread = 0.01", "spred = 0.01", "Did you mean spread?"),
    ],
)
def test_a_wrong_entry_is_named_by_line_and_key(old: str, new: str, told: str) -> None:
    message = refusal(TEXT.replace(SPAN, SPAN.replace(old, new, 1)))
    assert told in message
    assert f"a.toml:{SPAN_LINE}:" in message
    assert "\n" not in message


def test_a_missing_number_is_asked_for_with_its_key() -> None:
    message = refusal(TEXT.replace(SPAN, ""))
    assert "geometry lacks span. Write `span_m = {" in message
    assert f"a.toml:{SPAN_LINE - 1}:" in message


def test_a_number_given_twice_in_two_units_is_refused() -> None:
    assert "a second time" in refusal(TEXT.replace(SPAN, SPAN + "\n" + SPAN.replace("span_m", "span_ft")))


def test_a_missing_table_is_asked_for() -> None:
    start, end = TEXT.index("[radio]"), len(TEXT)
    assert "Write a table [radio]." in refusal(TEXT[:start] + TEXT[end:])


def test_an_unknown_table_is_refused() -> None:
    assert "areo is an unknown table. Did you mean aero?" in refusal(TEXT.replace("[aero]", "[areo]"))


def test_a_syntax_error_names_its_line() -> None:
    assert f"line {SPAN_LINE}" in refusal(TEXT.replace(SPAN, "span_m = = 3"))


def test_a_body_that_cannot_exist_is_refused() -> None:
    line = next(line for line in TEXT.splitlines() if line.startswith("J_zz"))
    slip = 'J_zz_kg_m2 = { value = 2e5, grade = "derived", source = "slip", spread = 0 }'
    message = refusal(TEXT.replace(line, slip))
    assert "J_zz is below J_xx + J_yy" in message


def test_an_override_reaches_value_and_source(anka: AircraftDefinition) -> None:
    changed = override(anka, {"aircraft.geometry.span_m": "18"})
    assert changed.aircraft.geometry.span == 18.0
    assert changed.sources["geometry.span"].source == aircraft.SET_BY_USER
    assert changed.sources["geometry.span"].spread == anka.sources["geometry.span"].spread
    assert anka.aircraft.geometry.span == 17.5
    assert changed.aircraft.mass == anka.aircraft.mass


def test_overrides_are_judged_together(anka: AircraftDefinition) -> None:
    heavy = {"mass.empty_kg": 1700, "mass.max_take_off_kg": 2500, "mass.inertia_mass_kg": 2500}
    assert override(anka, heavy).aircraft.mass.empty == 1700.0
    with pytest.raises(AircraftError, match="empty is below max_take_off"):
        override(anka, {"mass.empty_kg": 1700})


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("geometry.span_m", "wide", "no finite number"),
        ("geometry.span_m", "inf", "no finite number"),
        ("geometry.span_m", "500", "Allowed: 2 m to 60 m"),
        ("geometry.span", "18", "Write span_m"),
        ("geometri.span_m", "18", "Did you mean geometry?"),
        ("span_m", "18", "unknown group"),
        ("", "", "unknown group"),
    ],
)
def test_a_wrong_override_is_refused_in_one_line(anka: AircraftDefinition, key: str, value: str, told: str) -> None:
    with pytest.raises(AircraftError) as caught:
        override(anka, {key: value})
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_data_sheet_prints_every_number_in_the_unit_of_the_file(anka: AircraftDefinition) -> None:
    rows = {f"{row.group}.{row.name}": row for row in datasheet.describe(anka)}
    assert list(rows) == list(aircraft.leaves())
    assert (rows["engine.rated_power"].value, rows["engine.rated_power"].unit) == (pytest.approx(170.0), "hp")
    limit = rows["engine.coolant_limit"]
    assert (limit.value, limit.unit) == (pytest.approx(105.0), "°C")
    source = anka.sources["engine.coolant_limit"]
    assert limit.spread == pytest.approx(source.spread * source.value)  # a spread of kelvins has no offset
    assert all(row.meaning for row in rows.values())


def test_figures_print_with_true_minus_and_thin_thousands() -> None:
    assert datasheet.figure(-0.04, 6) == "−0.04"
    assert datasheet.figure(43.1e6, 6) == "43 100 000"
    assert datasheet.figure(1000.0, 2) == "1000"
    assert datasheet.figure(1.5e-5, 6) == "1.5e−5"


PIECES = st.one_of(
    st.text(alphabet=string.printable, max_size=12),
    st.sampled_from(["nan", "[[", "{", "}", "=", "\n", "value", "true", "[geometry]", '"', "1e999", "-", "1979-05-27"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(TEXT)), st.integers(0, 60), PIECES)
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader(at: int, cut: int, piece: str) -> None:
    damaged = TEXT[:at] + piece + TEXT[at + cut :]
    try:
        told = load.definition(damaged, "a.toml").name
    except AircraftError as error:
        told = str(error)
    assert len(told.splitlines()) <= 1  # one line, whatever the damage


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_refused_in_one_line(text: str) -> None:
    assert "\n" not in refusal(text)


def test_an_aircraft_takes_its_engine_from_a_file_of_its_own(anka: AircraftDefinition) -> None:
    assert anka.engine == "pd170"
    assert anka.sources["engine.rated_power"].grade == "published"


def test_another_engine_brings_its_numbers_and_its_mass(anka: AircraftDefinition) -> None:
    early = load.aircraft("anka", "centurion-20s")
    assert early.aircraft.engine.rated_power == pytest.approx(155 * 745.6998715822702, rel=1e-12)  # hp by definition
    lighter = anka.aircraft.engine.mass - early.aircraft.engine.mass
    assert early.aircraft.mass.empty == anka.aircraft.mass.empty - lighter
    assert early.aircraft.aero == anka.aircraft.aero


def test_an_aircraft_may_stand_on_another(anka: AircraftDefinition) -> None:
    early = load.aircraft("anka-a")
    assert early.engine == "centurion-20s"
    assert early.aircraft.mass.max_take_off == 1500.0
    assert early.aircraft.actuators == anka.aircraft.actuators


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('engine = "pd170"', 'engine = "pd171"', "a.toml:9: engine 'pd171': is not known. Did you mean pd170?"),
        ('engine = "pd170"', "", "engine is missing or no table. Write a table [engine]."),
        ('of = "geometry.wing_area", power = 1', 'of = "geometry.wings", power = 1.0',
         "geometry.chord_m follows 'geometry.wings', which is no other number. Write group.name without a unit."),
    ],
)  # fmt: skip
def test_a_broken_composition_is_told_in_one_line(old: str, new: str, told: str) -> None:
    assert old in TEXT
    message = refusal(TEXT.replace(old, new, 1))
    assert told in message
    assert "\n" not in message
