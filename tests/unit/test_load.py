"""Files that are opened: stories, aircraft, missions beside their routes, and what cannot be read."""

from __future__ import annotations

import hashlib
import math
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samruk import load, sphere
from samruk.errors import InputError
from samruk.mission import LEGS, Profile
from samruk.mission_file.places import Aerodrome, aerodrome
from samruk.mission_file.reader import Document
from samruk.weather import cloud

STORY = load.DATA / "missions" / "astana-january"


def refusal(name: str, *overrides: str) -> str:
    with pytest.raises(InputError) as caught:
        load.mission(name, overrides)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(scope="module")
def astana() -> load.MissionPlan:
    return load.mission("astana-january")


KNOWN = f"Known: {', '.join(load.stories())}; or give the path of a file."


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the story where a user would keep one."""
    for file in STORY.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path / "mission.toml"


@pytest.mark.parametrize("name", load.stories())
def test_every_story_can_be_read(name: str) -> None:
    assert load.mission(name).flights


def test_the_default_story_is_flown_three_ways(astana: load.MissionPlan) -> None:
    assert [flight.name for flight in astana.flights] == ["Clear of cloud", "Crew protects", "Aircraft protects"]
    told = [(f.task.conditions.cloud_scale, f.task.rules.automatic_protection) for f in astana.flights]
    assert told == [(0.0, 1), (1.0, 0), (1.0, 1)]
    assert astana.epoch == datetime(2026, 1, 14, 2, tzinfo=UTC)
    assert astana.fields == ("Astana (UACC)", "Karaganda (UAKK)", "Kokshetau (UACK)")


def test_the_story_leads_through_supercooled_water_inside_the_certification_envelopes(astana: load.MissionPlan) -> None:
    flight = astana.flights[1]
    layer, route, air = flight.task.conditions.cloud_a, flight.tables.route, flight.tables.profile
    wet = [
        row
        for row in range(flight.task.legs)
        if route.loiter[row] and float(cloud.presence(layer, route.latitude[row], route.longitude[row],
                                                      route.altitude[row], layer.start + 3600.0)) > 0.9
    ]  # fmt: skip
    assert wet, "no place of the route where the aircraft circles lies in the cloud"
    bottom, top = (float(interpolated(air, height)) for height in (layer.base, layer.top))
    assert 243.15 < top < bottom < 273.15  # K, the envelope's own range
    # the middle of the layer; intermittent maximum, the wider of the two envelopes of Appendix C
    assert layer.water <= cloud.intermittent_maximum(layer.drop, 0.5 * (bottom + top))


def interpolated(air: Profile, height: float) -> float:
    import numpy as np

    return float(np.interp(height, air.height, air.temperature))


def test_every_file_that_was_read_is_kept_with_its_hash(astana: load.MissionPlan) -> None:
    names = {name.rpartition("/")[2] for name in astana.sources}
    assert names == {"mission.toml", "route.plan", "profile.txt", "anka.toml", "pd170.toml", "UACC.toml", "UAKK.toml",
                     "UACK.toml"}  # fmt: skip
    assert astana.sources["samruk:missions/astana-january/route.plan"] == (STORY / "route.plan").read_bytes()
    assert astana.hashes == {name: hashlib.sha256(data).hexdigest() for name, data in astana.sources.items()}


def test_a_mission_of_the_user_s_own_reads_what_lies_beside_it(own: Path, astana: load.MissionPlan) -> None:
    mine = load.mission(str(own))
    assert mine.name == "mission"
    assert [flight.task for flight in mine.flights] == [flight.task for flight in astana.flights]
    assert str(own.parent / "route.plan") in mine.sources


def test_reading_changes_no_file(own: Path) -> None:
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in own.parent.iterdir()}
    load.mission(str(own), ["loading.fuel_kg=200"])
    refusal(str(own), "loading.fuel_kg=9000")
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in own.parent.iterdir()} == before


def test_the_story_s_route_keeps_inside_its_fence_and_a_moved_one_does_not(own: Path) -> None:
    route = own.with_name("route.plan")
    route.write_text(route.read_text().replace("51.72", "52.72"))
    assert "mission.toml" not in (told := refusal(str(own)))
    assert "route leaves the fence 1 near 52." in told


@pytest.mark.parametrize("code", load.aerodromes())
def test_every_aerodrome_has_thresholds_half_a_runway_from_its_point(code: str) -> None:
    top = Document.parse((load.DATA / "aerodromes" / f"{code}.toml").read_text(), code).top()
    point = [math.radians(top.table[key]) for key in ("latitude_deg", "longitude_deg")]
    for item in top.table["runway"]:
        found = named(code, item["designator"])
        away = sphere.distance(*point, found.runway.latitude, found.runway.longitude)
        assert away == pytest.approx(item["length_m"] / 2, rel=5e-3)  # sphere against ellipsoid
        number = 10 * int(item["designator"])
        assert abs((math.degrees(found.runway.heading) - number + 180) % 360 - 180) < 16  # 9 to 15 deg
        towards = math.cos(found.runway.heading) * (point[0] - found.runway.latitude)
        assert towards > 0.0, "landing leads from the threshold over the aerodrome's point"


def named(code: str, designator: str) -> Aerodrome:
    section = Document.parse(f'[home]\nicao = "{code}"\nrunway = "{designator}"', "m").top().section("home")

    def fetch(kind: str, name: str) -> tuple[str, str]:
        return (load.DATA / "aerodromes" / f"{name}.toml").read_text(), name

    return aerodrome(section, fetch)


def test_an_aircraft_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_bytes((load.DATA / "aircraft" / "anka.toml").read_bytes())
    assert load.aircraft(str(own)).aircraft == load.aircraft("anka").aircraft


def test_a_table_has_all_its_rows(astana: load.MissionPlan) -> None:
    route = astana.flights[0].tables.route
    assert all(getattr(route, each.name).shape == (LEGS,) for each in fields(route))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("astana-januray", "astana-januray: is neither a file nor a story. Did you mean astana-january?"),
        ("", f": is neither a file nor a story. {KNOWN}"),
        ("a\0b", f"a b: is neither a file nor a story. {KNOWN}"),
        ("../astana-january", "../astana-january: is neither a file nor a story. Did you mean astana-january?"),
    ],
)
def test_a_name_that_is_nothing_is_told(name: str, told: str) -> None:
    assert refusal(name) in (told, told.removeprefix(": "))


def test_a_file_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_bytes(b'title = "x"\nb = "\xff"\n')
    assert refusal(str(file)) == f"{file}:2: is not UTF-8 text. Save it as UTF-8."


def test_a_file_beyond_all_size_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_bytes(b"#" * (load.LARGEST + 1))
    assert refusal(str(file)) == f"{file}: is larger than {load.LARGEST} bytes. Give a mission's file."


def test_a_missing_route_is_told_at_the_line_that_names_it(own: Path) -> None:
    own.with_name("route.plan").unlink()
    line = own.read_text().splitlines().index('plan = "route.plan"') + 1
    assert refusal(str(own)) == (
        f"{own}:{line}: route.plan = 'route.plan': there is no such file. Put it at "
        f"{own.parent / 'route.plan'} or correct the name."
    )


def test_a_byte_order_mark_is_no_part_of_the_text(own: Path) -> None:
    own.write_bytes(b"\xef\xbb\xbf" + own.read_bytes())
    assert load.mission(str(own)).flights
