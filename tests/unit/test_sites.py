"""Where a mission's ground stations stand."""

from __future__ import annotations

import math

import pytest
from tests.unit.test_mission_file import TEXT

from samruk import load
from samruk.errors import InputError

PLACE = '[[station]]\nname = "Hill"\nlatitude_deg = 51.5\nlongitude_deg = 70.0\nelevation_m_msl = 420\n'


def test_without_any_there_is_one_at_home_and_one_at_each_alternate() -> None:
    plan = load.mission("astana-january")
    assert [each.name for each in plan.stations] == list(plan.fields)


def test_a_station_stands_at_a_place_or_at_an_aerodrome() -> None:
    found = load.described(TEXT + PLACE + '[[station]]\nicao = "UACC"\n', "mission.toml").stations
    assert [each.name for each in found] == ["Hill", "Astana"]
    assert (math.degrees(found[0].latitude), found[0].elevation) == (pytest.approx(51.5), 420.0)
    assert found[1].elevation == 355.0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[station]]\nname = 'Hill'\n", "lacks icao"),
        (PLACE.replace("_m_msl", ""), "elevation"),
        (PLACE + "height = 3\n", "unknown key"),
        (PLACE.replace("51.5", "95"), "Allowed: -90"),
        (PLACE * 10, "Allowed: up to 9"),
        ("[[station]]\nicao = 'XXXX'\n", "XXXX"),
    ],
)
def test_a_wrong_station_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        load.described(TEXT + text, "mission.toml")
    assert "\n" not in str(refused.value)


def test_three_by_three_has_three_flights_and_three_stations() -> None:
    plan = load.mission("three-by-three")
    assert [each.name for each in plan.stations] == ["Astana", "Karaganda", "Kokshetau"]
    assert len(plan.flights) == 3
