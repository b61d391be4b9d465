"""Whatever stands in a file: it is read, or refused in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samruk import load, mission_file, plan, sounding
from samruk.errors import SamrukError

STORY = load.DATA / "missions" / "astana-january"
FILES = load._Files(STORY)
MISSION, PLAN, ASCENT = (FILES.text(STORY / name)[0] for name in ("mission.toml", "route.plan", "profile.txt"))
FIELD = FILES.fetch("aerodrome", "UACC")[0]

READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "mission": (MISSION, lambda text: mission_file.parse(text, "m.toml", FILES.fetch)),
    "plan": (PLAN, lambda text: plan.legs(plan.read(text, "p.plan"), plan.Setting(0.89, 1.247, 355.0, 0.0))),
    "sounding": (ASCENT, lambda text: sounding.parse(text, "a.txt")),
    "aerodrome": (FIELD, lambda text: mission_file.parse(MISSION, "m.toml", with_field(text))),
}


def with_field(text: str) -> Callable[[str, str], tuple[str, str]]:
    return lambda kind, name: (text, name) if kind == "aerodrome" else FILES.fetch(kind, name)


def survives(read: Callable[[str], object], text: str) -> None:
    """Reads, or refuses in one line of our own; any other exception fails the test."""
    told = "read"
    try:
        read(text)
    except SamrukError as error:
        told = str(error)
    assert told.strip(), "a refusal says something"
    assert len(told.splitlines()) == 1, "and says it in one line"


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_file_with_some_bytes_replaced_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    text, read = READERS[kind]
    raw = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(raw) - 1))
        length = data.draw(st.integers(0, 8))
        raw[start : start + length] = data.draw(st.binary(max_size=8))
    survives(read, raw.decode("utf-8", errors="replace"))


WORDS = st.sampled_from(
    ["0", "-1", "1e999", "nan", "inf", "9" * 400, '""', "[]", "{}", "true", "null", "2026-01-14", "1979-05-27T07:32:00",
     "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
     "[[]]", "{ a = 1 }", "'\\u0000'", '"\\n"', "1e-320", "02:00:00"]
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_mission_with_odd_values_is_read_or_refused(data: st.DataObject) -> None:
    lines = MISSION.splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    for number in data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3)):
        lines[number] = f"{lines[number].partition('=')[0]}= {data.draw(WORDS)}"
    survives(READERS["mission"][1], "\n".join(lines))


KEYS = ["loading.fuel_kg", "weather.cloud.1", "weather.cloud", "start", "route.plan", "aircraft", "home.icao", "flight",
        "aircraft.mass.empty_kg", "a.b.c", "..", "route.leg"]  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(key=st.sampled_from(KEYS) | st.text(max_size=20), value=WORDS | st.text(max_size=20))
def test_any_override_is_taken_or_refused(key: str, value: str) -> None:
    survives(lambda word: mission_file.parse(MISSION, "m.toml", FILES.fetch, [word]), f"{key}={value}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), value=JSON)
def test_a_plan_with_odd_values_is_read_or_refused(data: st.DataObject, value: object) -> None:
    document = json.loads(PLAN)
    inner, path = document, []
    while isinstance(inner, dict | list) and inner and (not path or data.draw(st.booleans())):
        keys = sorted(inner) if isinstance(inner, dict) else list(range(len(inner)))
        path.append(data.draw(st.sampled_from(keys)))
        holder, inner = inner, inner[path[-1]]
    holder[path[-1]] = value
    survives(READERS["plan"][1], json.dumps(document))


@settings(max_examples=40, deadline=None)
@given(name=st.text(max_size=40))
def test_any_name_of_a_mission_or_aircraft_is_found_or_refused(name: str) -> None:
    survives(load.mission, name)
    survives(load.aircraft, name)


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
NUMBERS = st.floats(-1e6, 1e6)


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.tuples(LATITUDES, LONGITUDES, NUMBERS), max_size=6),
    corners=st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=3, max_size=6),
    inclusion=st.booleans(),
    radius=st.floats(1.0, 1e6),
)
def test_any_plan_comes_back_as_it_was_written(
    places: list[tuple[float, float, float]], corners: list[tuple[float, float]], inclusion: bool, radius: float
) -> None:
    items = tuple(plan.PlanItem(plan.Item.WAYPOINT, 3, (0.0, None, 0.0, None, *place)) for place in places)
    fences = (plan.Fence(inclusion, tuple(corners)), plan.Fence(not inclusion, (corners[0],), radius))
    made = plan.Plan(items, (51.0, 71.0, 355.0), fences, tuple(places))
    text = plan.write(made)
    again = plan.read(text, "p")
    assert plan.write(again) == text
    assert [item.params for item in again.items] == [item.params for item in items]
    assert [(f.inclusion, f.points_deg, f.radius) for f in again.fences] == [
        (f.inclusion, f.points_deg, f.radius) for f in fences
    ]
    assert again.rally == made.rally


def listing() -> dict[Path, bytes]:
    """Everything in the story's folder."""
    return {file: file.read_bytes() for file in STORY.iterdir() if file.is_file()}


@settings(max_examples=10, deadline=None)
@given(value=WORDS)
def test_reading_and_refusing_write_nothing(value: str) -> None:
    before = listing()
    survives(lambda word: load.mission("astana-january", [word]), f"loading.fuel_kg={value}")
    assert listing() == before
