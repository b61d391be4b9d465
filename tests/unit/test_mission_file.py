"""Mission files: what is read, what is refused, and in which words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields

import pytest

from samruk import mission, mission_file
from samruk.errors import InputError
from samruk.load import DATA
from samruk.mission_file.allowed import COSTS, SECTIONS
from samruk.mission_file.reader import line_index, stem
from samruk.verdict.catalogue import Rates

TEXT = """\
title = "A short flight"
aircraft = "anka"
start = 2026-01-14T02:00:00Z
seed = 7

[home]
name = "Field"
latitude_deg = 51.0
longitude_deg = 71.0
elevation_m_msl = 355
heading_deg = 230
length_m = 3500

[loading]
fuel_kg = 260
payload_kg = 200

[[route.leg]]
latitude_deg = 51.2
longitude_deg = 70.5
altitude_m_msl = 4200
loiter_h = 2
station = true

[weather]
day = "cold"

[[weather.cloud]]
water_g_m3 = 0.3
drop_um = 20
base_m_msl = 3000
top_m_msl = 4000
latitude_deg = 51.2
longitude_deg = 70.5
half_length_km = 30
half_width_km = 20
from = 2026-01-14T03:00:00Z
until = 2026-01-14T11:00:00+05:00

[conditions]
cloud_scale = 1

[links]
satellite_longitude_deg = 58.5

[[links.gap]]
start = 2026-01-14T03:00:00Z
duration_s = 40

[rules]
station_time_h = 2

[[flight]]
name = "Clear"
set = { "conditions.cloud_scale" = 0 }

[[flight]]
name = "Cloudy"
"""


def fetch(kind: str, name: str) -> tuple[str, str]:
    if kind == "aircraft" and name == "anka":
        return (DATA / "aircraft" / "anka.toml").read_text(encoding="utf-8"), "anka.toml"
    if kind == "engine":
        return (DATA / "engines" / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml"
    if kind == "aerodrome" and name == "UACC":
        return (DATA / "aerodromes" / "UACC.toml").read_text(encoding="utf-8"), "UACC.toml"
    raise InputError("there is no such file.", hint="Correct the name.")


def read(text: str = TEXT, overrides: Sequence[str] = ()) -> mission_file.Mission:
    return mission_file.parse(text, "m.toml", fetch, overrides)


def refusal(text: str = TEXT, overrides: Sequence[str] = ()) -> str:
    with pytest.raises(InputError) as caught:
        read(text, overrides)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def line_of(start: str, text: str = TEXT) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(start))


def test_units_of_the_file_become_si() -> None:
    task = read().flights[1].task
    assert task.loading.fuel == 260.0
    assert task.home.latitude == pytest.approx(math.radians(51.0), rel=1e-15)  # rounding of one product
    assert task.conditions.cloud_a.water == pytest.approx(3e-4, rel=1e-15)
    assert task.conditions.cloud_a.drop == pytest.approx(20e-6, rel=1e-15)
    assert task.rules.station_time == 7200.0
    assert task.seed == 7


def test_instants_become_seconds_since_the_start() -> None:
    task = read().flights[0].task
    assert task.clock.epoch == 1768356000.0  # date -u -d 2026-01-14T02:00:00Z +%s
    assert (task.conditions.cloud_a.start, task.conditions.cloud_a.end) == (3600.0, 4 * 3600.0)
    assert (task.links.gap_a.start, task.links.gap_a.duration) == (3600.0, 40.0)


def test_what_is_not_said_keeps_the_vocabulary_s_default() -> None:
    task = read().flights[0].task
    assert task.crew == mission.Crew()
    assert task.rules == mission.Rules(station_time=7200.0)
    assert task.loading == mission.Loading(fuel=260.0, payload=200.0)


def test_what_goes_without_saying_is_taken_from_home() -> None:
    task = read().flights[0].task
    assert task.conditions.ground_elevation == task.home.elevation == task.links.elevation == 355.0
    assert (task.links.latitude, task.links.longitude) == (task.home.latitude, task.home.longitude)


def test_an_alternate_that_is_not_named_is_not_usable() -> None:
    task = read().flights[0].task
    assert (task.home.usable, task.alternate_a.usable, task.alternate_b.usable) == (1, 0, 0)


def test_every_leaf_of_a_task_is_a_plain_number() -> None:
    from samruk.leaves import flatten

    for name, value in flatten(read().flights[0].task).items():
        assert type(value) in (float, int), name


def test_main_legs_stand_first_and_lost_link_legs_last() -> None:
    lost = "\n".join(
        f"[[lost_link.leg]]\nlatitude_deg = 51.{n}\nlongitude_deg = 70.8\naltitude_m_msl = 3000" for n in (1, 2)
    )
    flight = read(TEXT + lost).flights[0]
    route = flight.tables.route
    assert (flight.task.legs, flight.task.lost_link_legs) == (1, 2)
    assert (route.altitude[0], route.loiter[0], route.station[0]) == (4200.0, 7200.0, 1.0)
    assert list(map(math.degrees, route.latitude[-2:])) == pytest.approx([51.1, 51.2])
    assert not route.altitude[1:-2].any()


def test_a_leg_says_its_circle_its_corner_and_its_arc() -> None:
    shape = "radius_m = -800\nturns = 3\nto_altitude = true\nover = true\narc_km = 90"
    route = read(TEXT.replace("loiter_h = 2", shape)).flights[0].tables.route
    found = [getattr(route, name)[0] for name in ("radius", "turns", "to_altitude", "over", "arc", "loiter")]
    assert found == [-800.0, 3.0, 1.0, 1.0, 90000.0, 0.0]
    plain = read().flights[0].tables.route
    assert not any(getattr(plain, name).any() for name in ("radius", "turns", "to_altitude", "over", "arc"))


def test_an_arc_that_does_not_reach_its_place_is_refused() -> None:
    told = refusal(TEXT.replace("loiter_h = 2", "arc_m = -2000"))
    assert "route.leg.1 has an arc_m of -2000; half the way there is" in told
    assert "radius_m of 50. Allowed: 0 for that of the rules" in refusal(TEXT.replace("loiter_h = 2", "radius_m = 50"))


def test_flights_differ_in_what_they_set_and_share_the_air() -> None:
    clear, cloudy = read().flights
    assert (clear.name, cloudy.name) == ("Clear", "Cloudy")
    assert (clear.task.conditions.cloud_scale, cloudy.task.conditions.cloud_scale) == (0.0, 1.0)
    assert clear.tables.profile is cloudy.tables.profile


def test_a_file_without_flights_is_one_flight() -> None:
    text = TEXT[: TEXT.index("[[flight]]")]
    assert len(read(text).flights) == 1


def test_a_flight_may_change_the_aircraft() -> None:
    text = TEXT.replace('"conditions.cloud_scale" = 0', '"aircraft.mass.empty_kg" = 1020')
    light, heavy = (flight.definition.aircraft.mass.empty for flight in reversed(read(text).flights))
    assert (light, heavy) == (1015.0, 1020.0)


@pytest.mark.parametrize(
    ("word", "path", "value"),
    [
        ("loading.fuel_kg=200", "loading.fuel", 200.0),
        ("rules.automatic_protection=false", "rules.automatic_protection", 0),
        ("rules.reserve_min=30", "rules.reserve", 1800.0),
        ("weather.cloud.1.water_g_m3=0.5", "conditions.cloud_a.water", 0.0005),
        ("start=2026-01-14T01:00:00Z", "links.gap_a.start", 7200.0),
        ("loading.fuel_temperature_c=10", "loading.fuel_temperature", 283.15),
        ("seed=3", "seed", 3),
    ],
)
def test_an_override_reaches_its_leaf(word: str, path: str, value: float) -> None:
    from samruk.leaves import flatten

    assert flatten(read(overrides=[word]).flights[1].task)[path] == value


def test_an_override_in_another_unit_takes_the_place_of_the_file_s() -> None:
    assert read(overrides=["rules.station_time_min=30"]).flights[0].task.rules.station_time == 1800.0


def test_an_override_of_the_day_takes_the_place_of_a_sounding() -> None:
    text = TEXT.replace('day = "cold"', 'sounding = "gone.txt"')
    assert read(text, ["weather.day=hot"]).flights[0].tables.profile.temperature[0] > 310.0  # K; 210A hot: 312.6


def test_two_overrides_of_the_aircraft_are_judged_together() -> None:
    words = ["aircraft.mass.max_take_off_kg=900", "aircraft.mass.empty_kg=800", "aircraft.mass.inertia_mass_kg=900"]
    assert read(overrides=words).flights[0].definition.aircraft.mass.max_take_off == 900.0


def test_the_nearest_wind_below_60_m_follows_the_logarithmic_law() -> None:
    wind = "[[weather.wind]]\nheight_m_msl = 365\nwind_kt = 10\nfrom_deg = 270\n"
    text = TEXT.replace("[[weather.cloud]]", f"{wind}[[weather.cloud]]")
    profile = read(text).flights[0].tables.profile
    assert profile.wind_east[0] > 10 * 1852 / 3600  # stronger at 60 m than at 10 m
    assert abs(profile.wind_north[0]) < 1e-12  # from due west: only rounding of a cosine


BROKEN = [
    ("fuel_kg = 260", "fuel_kg = 9000", "m.toml:{fuel_kg}: loading.fuel_kg is 9000 kg. Allowed: 0 kg to 5000 kg. "
     "Check the number and its unit."),
    ("fuel_kg = 260", "fuel_kg = 900", "m.toml:{fuel_kg}: loading.fuel_kg is 900 kg; anka holds 385 kg. Put in less."),
    ("fuel_kg = 260", "fuel = 260", "m.toml:{fuel =}: loading.fuel does not carry a unit that fits. Write fuel_kg."),
    ("fuel_kg = 260", "fuel_m = 260",
     "m.toml:{fuel_m}: loading.fuel_m does not carry a unit that fits. Write fuel_kg."),
    ("fuel_kg = 260", "fule_kg = 260", "m.toml:{fule}: loading.fule_kg is an unknown key. Did you mean fuel_kg?"),
    ("fuel_kg = 260", "", "m.toml:{[loading]}: loading lacks fuel. Write `fuel_kg = ...`."),
    ("fuel_kg = 260", 'fuel_kg = "260"',
     "m.toml:{fuel_kg}: loading.fuel_kg is '260', not a finite number. Allowed: 0 kg to 5000 kg."),
    ("fuel_kg = 260", "fuel_kg = nan",
     "m.toml:{fuel_kg}: loading.fuel_kg is nan, not a finite number. Allowed: 0 kg to 5000 kg."),
    ("fuel_kg = 260", "fuel_kg = true",
     "m.toml:{fuel_kg}: loading.fuel_kg is True, not a finite number. Allowed: 0 kg to 5000 kg."),
    ("seed = 7", "seed = 7.5", "m.toml:4: seed is 7.5. Allowed: whole numbers from 0 to 2147483647."),
    ("seed = 7", "seed = -1", "m.toml:4: seed is -1. Allowed: whole numbers from 0 to 2147483647."),
    ("02:00:00Z", "02:00:00",
     "m.toml:3: start is 2026-01-14T02:00:00 without a zone. Write 2026-01-14T02:00:00Z for UTC, or +05:00."),
    ("2026-01-14T02:00:00Z", "2026-01-14",
     "m.toml:3: start is 2026-01-14, not a date with a time. Write it like 2026-01-14T02:00:00Z."),
    ("start = 2026", "start = 1926", "m.toml:3: start is 1926-01-14T02:00:00+00:00. Allowed: the years 1970 to 2099."),
    ('title = "A short flight"', "title = 3", "m.toml:1: title is 3. Allowed: text on one line, 1 to 120 characters."),
    ('title = "A short flight"\n', "", "m.toml: The file lacks title. Write `title = ...`."),
    ('"anka"', '"ankara"', "m.toml:2: aircraft = 'ankara': there is no such file. Correct the name."),
    ("base_m_msl", "base_m", "m.toml:{base}: weather.cloud.1.base_m does not say its unit and above what it is "
     "measured. Write base_m_msl or base_km_msl or base_ft_msl or base_nmi_msl."),
    ("top_m_msl = 4000", "top_m_msl = 2000", "m.toml:{[[weather.cloud]]}: weather.cloud.1 has its top at 2000 m, "
     "its base at 3000 m. Put the top above."),
    ("until = 2026-01-14T11", "until = 2026-01-14T07",
     "m.toml:{until}: weather.cloud.1.until is not after from. Put until after from."),
    ("drop_um = 20", "drop_um = 20\ndrop_mm = 0.02",
     "m.toml:{drop_um}: weather.cloud.1.drop_um gives drop a second time, after drop_mm. Keep one of the two."),
    ('day = "cold"', 'day = "warm"',
     "m.toml:{day}: weather.day is 'warm'. Allowed: standard, hot, cold, polar, tropical, "
     "hot-54, cold-54, hot-5km-1, hot-5km-10, cold-5km-1, cold-5km-10, hot-10km-1, hot-10km-10, "
     "cold-10km-1, cold-10km-10."),
    ('day = "cold"', 'day = "cold"\nsounding = "a.txt"',
     "m.toml:{sounding}: weather.sounding stands beside day. Keep one of day, sounding and level."),
    ('day = "cold"', 'sounding = "a.txt"',
     "m.toml:{sounding}: weather.sounding = 'a.txt': there is no such file. Correct the name."),
    ("station = true", "station = 1", "m.toml:{station =}: route.leg.1.station is 1. Allowed: true or false."),
    ("altitude_m_msl = 4200", "altitude_m_msl = 300",
     "m.toml:{[[route.leg]]}: route.leg.1 at 300 m msl is not above the ground, 355 m. Raise the leg."),
    ("altitude_m_msl = 4200", "altitude_ft_msl = 33000", "m.toml:{[[route.leg]]}: route.leg.1 at 10058.4 m msl is "
     "above rules.ceiling_m_msl, 9144 m. Lower the leg or raise the ceiling."),
    ("longitude_deg = 70.5\nalt", "longitude_deg = -70.5\nalt", "m.toml:{[[route.leg]]}: route.leg.1 at 4200 m msl "
     "lies 8086 km from home. Allowed: up to 2000 km. Check latitude_deg and longitude_deg."),
    ("satellite_longitude_deg = 58.5", "satellite = true",
     "m.toml:{satellite}: links.satellite is true without satellite_longitude_deg. Say where the satellite stands."),
    ("duration_s = 40", "duration_s = 40\nline_of_sight = false\nsatellite = false", "m.toml:{[[links.gap]]}: "
     "links.gap.1 takes no link away. Set line_of_sight or satellite to true, or take the gap out."),
    ("[rules]", "[rulez]", "m.toml:{[rulez]}: rulez is an unknown key. Did you mean rules?"),
    ('name = "Clear"', 'name = "Cloudy"',
     "m.toml:{name = \"Cloudy\"!}: flight.2.name is 'Cloudy' for a second flight. Give each flight a name of its own."),
    ("cloud_scale\" = 0", "cloud_scale\" = -1",
     "m.toml:{set}: conditions.cloud_scale is -1. Allowed: 0 to 10. Check the number and its unit."),
    ("conditions.cloud_scale\" = 0", "weather.day\" = \"hot\"", "m.toml:{set}: 'Clear' has another column of air; "
     "flights share one. Use conditions.temperature_offset_k or wind_scale, or another mission file."),
    ("conditions.cloud_scale\" = 0", "costs.per_100_m_kg\" = 1",
     "m.toml:{set}: flight.1.set changes title, flight or costs. They hold for the whole mission."),
    ("[home]\nname", "[home]\nicao = \"uacc\"\nname",
     "m.toml:{icao}: home.icao is 'uacc'. Allowed: four capital letters."),
    ("[loading]", "[loading", "m.toml:14: not TOML: Expected ']' at the end of a table declaration (at line 14, "
     "column 9). Correct the line."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), BROKEN, ids=[str(number) for number in range(len(BROKEN))])
def test_a_broken_file_is_told_in_one_line(old: str, new: str, told: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    message = refusal(text)
    if "{" in told:
        mark = told[told.index("{") + 1 : told.index("}")]
        is_last = mark.endswith("!")
        lines = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(mark.rstrip("!"))]
        told = told.replace(f"{{{mark}}}", str(lines[-1 if is_last else 0]))
    assert message == told


def test_an_unknown_section_is_answered_with_the_known_ones() -> None:
    told = refusal(TEXT.replace("[rules]", "[outcome]\nlost = true\n[rules]", 1))
    assert "outcome is an unknown key. Known: title, " in told
    assert {"home", "rules", "weather", "failure", "terrain", "flight."} <= set(told.split(": ")[-1].split(", "))


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("loading.fuel_kg=9000", "--set: loading.fuel_kg is 9000 kg. Allowed: 0 kg to 5000 kg. "
         "Check the number and its unit."),
        ("loading.fuel_kg", "--set: 'loading.fuel_kg' is no key=value. Write --set loading.fuel_kg=260."),
        ("weather.cloud.2.drop_um=20", "--set: weather.cloud.2 does not exist. Allowed: 1 to 1. "),
        ("title.x=1", "--set: title.x is not in a table. See the keys in docs/files.md."),
        ("title.x.y=1", "--set: title is a value, not a table. See the keys in docs/files.md."),
        ("aircraft.mass.empty_kg=1", "--set: mass.empty_kg is 1 kg. Allowed: 5 kg to 10000 kg. "
         "Check the number and its unit."),
        ("flight.1.name=x", "--set: flight.1.name cannot be overridden. Edit the file."),
        ("verdict.outcome=completed", "--set: verdict is an unknown key. Known: "),
    ],
)  # fmt: skip
def test_a_broken_override_is_told_in_one_line(word: str, told: str) -> None:
    assert refusal(overrides=[word]).startswith(told.rstrip())


def test_an_override_that_no_flight_would_feel_is_refused() -> None:
    text = TEXT + 'set = { "conditions.cloud_scale" = 0.5 }\n'
    assert "would not be felt: every flight of the file sets it" in refusal(text, ["conditions.cloud_scale=2"])


def test_more_legs_than_a_table_holds_are_refused() -> None:
    leg = TEXT[TEXT.index("[[route.leg]]") : TEXT.index("[weather]")]
    lost = leg.replace("route", "lost_link")
    told = f"m.toml:{line_of('[[route.leg]]')}: route.leg is there 65 times. Allowed: up to 64. Take some out."
    assert refusal(TEXT.replace(leg, leg * 65)) == told
    assert "route has 64 legs and lost_link 1. Allowed: 64 together." in refusal(TEXT.replace(leg, leg * 64 + lost))


def test_every_leaf_of_the_task_s_groups_can_be_said() -> None:
    for group in (mission.Loading, mission.Conditions, mission.Links, mission.Crew, mission.Rules, mission.Cloud,
                  mission.Rain, mission.DiscreteGust, mission.Microburst, mission.Wave):  # fmt: skip
        parts = {name for name in (each.name for each in fields(group)) if name[-2:] in ("_a", "_b", "_c")}
        told = set(SECTIONS[group]) | parts | {"start", "end", "axis", "karman", "runway_state", "microburst", "wave",
                                             "safe_height", "descent_radius", "masked", "ramp", "placed"}  # fmt: skip
        told |= {"envelope"} | {f"share_{k}0" for k in range(1, 5)}  # said by the name of an envelope
        assert {each.name for each in fields(group)} <= told, group


def test_costs_are_those_of_the_catalogue() -> None:
    assert set(COSTS) == {each.name for each in fields(Rates)}
    given = read(TEXT.replace("[rules]", "[costs]\nper_100_m_kg = 2\n[rules]")).rates
    assert given == {"per_100_m": 2.0}


def test_lines_are_found_in_every_form_of_toml() -> None:
    text = 'a = 1\n[b]\n"c" = 2\nd.e = 3\n[[f]]\ng = """\nh = 1\n"""\n[[f]]\ng = 4\n[f.i]\nj = 5\n'
    index = line_index(text)
    assert index[("a",)] == 1
    assert index[("b", "c")] == 3
    assert index[("b", "d", "e")] == 4
    assert index[("f", 1, "g")] == 6
    assert ("f", 1, "h") not in index
    assert index[("f", 2, "g")] == 10
    assert index[("f", 2, "i", "j")] == 12


@pytest.mark.parametrize(
    ("key", "name"),
    [("fuel_kg", "fuel"), ("base_m_msl", "base"), ("per_100_m_kg", "per_100_m"), ("cloud_scale", "cloud_scale"),
     ("sea_level_pressure_hpa", "sea_level_pressure"), ("antenna_height_m_agl", "antenna_height")],
)  # fmt: skip
def test_the_name_of_a_key_is_what_stands_before_its_unit(key: str, name: str) -> None:
    assert stem(key) == name


LAYER = 'water_g_m3 = 0.3'


def test_a_cloud_may_be_named_by_an_envelope() -> None:
    text = TEXT.replace(LAYER, 'envelope = "intermittent-maximum"')
    layer = read(text).flights[1].task.conditions.cloud_a
    assert layer.envelope == 2
    assert layer.water == pytest.approx(2.5e-3)
    assert layer.share_10 == pytest.approx(2.2 / 2.5)
    assert (layer.cell, layer.spacing) == (pytest.approx(2.6 * 1852.0), pytest.approx(5.0 * 1852.0))


@pytest.mark.parametrize(("old", "new", "told"), [
    (LAYER, 'water_g_m3 = 0.3\nenvelope = "continuous-maximum"', "stands beside water"),
    (LAYER, 'envelope = "freezing-rain"', "at most"),
    (LAYER, 'envelope = "hail"', "Allowed: "),
    (LAYER, 'water_g_m3 = 0.3\ncell_km = 5\nspacing_km = 3', "Put spacing above cell."),
])  # fmt: skip
def test_what_no_envelope_holds_for_is_refused(old: str, new: str, told: str) -> None:
    assert told in refusal(TEXT.replace(old, new))
