"""The picture of aircraft: nothing invented, everything with its age, heartbeats to all."""

from __future__ import annotations

import math

import pytest
from tests.fake_aircraft import Air, Fake, over_the_air

from samruk.station.desk import true_airspeed


def test_what_is_heard_is_shown_in_si() -> None:
    air = Air()
    air.run(3.0)
    [a] = air.picture().aircraft
    assert a.place.latitude == pytest.approx(math.radians(51.0), abs=1e-9)
    assert a.place.altitude == pytest.approx(1500.0)
    assert a.place.agl == pytest.approx(1200.0)
    assert (a.v.ground, a.v.climb, a.v.calibrated) == pytest.approx((30.0, 1.0, 33.0))
    assert a.attitude.psi == pytest.approx(2 * math.pi - 1.0)
    assert (a.mode.now, a.mode.by) == ("route", 241)
    assert a.mode.since_s == pytest.approx(4.0)
    assert (a.fuel.aboard, a.fuel.fields[0].name, a.fuel.fields[0].bingo_s) == pytest.approx((150.0, "UACC", 36000.0))
    assert a.usable
    assert a.mine
    assert not a.foreign


def test_an_aircraft_that_a_restart_remembered_is_heard_again_by_satellite_too() -> None:
    air = Air()
    air.run(3.0)
    vehicle = air.desk.fleet.vehicles[1]
    vehicle.now.recovered = True
    air.desk.heard(over_the_air("HIGH_LATENCY2", {"latitude": 51, "longitude": 71, "altitude": 900}, 1), air.now)
    assert not vehicle.now.recovered


def test_an_aircraft_of_another_make_lacks_what_it_does_not_say() -> None:
    air = Air([Fake(px4=False, own=False)])
    air.run(15.0)
    [a] = air.picture().aircraft
    assert a.foreign
    assert a.mode.now == "mission"
    assert a.place.altitude is not None
    for value in (a.fuel.aboard, a.outlook, a.reach, a.ice.detected, a.holder.loi4, a.versions.lost_link, a.mode.next,
                  a.wind.speed, a.lost_link_s, a.engine_running):  # fmt: skip
        assert value is None
    assert not a.links
    assert [alarm.key for alarm in air.picture().alarms] == []
    wanted = [out for out in air.aircraft[0].heard if out.fields.get("command") == 511]
    assert wanted, "streams are asked for"


def test_ages_grow_when_nothing_comes_and_old_values_are_not_usable() -> None:
    air = Air()
    air.run(3.0)
    fresh = air.picture().aircraft[0].age.position
    air.silent = True
    air.run(4.0)
    assert air.picture().aircraft[0].usable
    air.run(2.0)
    a = air.picture().aircraft[0]
    assert fresh is not None
    assert a.age.position == pytest.approx(fresh + 6.0, abs=0.3)
    assert not a.usable


def test_every_aircraft_hears_a_heartbeat_every_second_also_one_that_is_silent() -> None:
    air = Air([Fake(1), Fake(2)])
    air.run(2.0)
    air.desk.fleet.vehicles[2].last -= 100.0
    for fake in air.aircraft:
        fake.heard.clear()
    air.run(10.0)
    for fake in air.aircraft:
        assert 9 <= sum(out.name == "HEARTBEAT" for out in fake.heard) <= 11


def test_two_aircraft_under_one_number_are_an_alarm_and_take_no_command() -> None:
    air = Air([Fake(1, boot_ms=10_000), Fake(1, boot_ms=500_000)])
    air.run(5.0)
    [a] = air.picture().aircraft
    assert a.duplicate
    assert not a.usable
    assert "duplicate_id" in [alarm.key for alarm in air.picture().alarms if alarm.level == "warning"]


def test_an_aircraft_that_restarts_is_no_second_one() -> None:
    air = Air([Fake(1, boot_ms=500_000)])
    air.run(5.0)
    air.aircraft[0].boot_ms = 1000
    air.run(5.0)
    assert not air.picture().aircraft[0].duplicate


def test_loss_is_counted_by_the_gaps_in_the_sequence() -> None:
    air = Air(loss=0.2)
    air.run(60.0)
    # 600 frames with 0.2 lost: standard deviation 0.016
    assert air.desk.fleet.vehicles[1].loss("way0") == pytest.approx(0.2, abs=0.06)


def test_pace_is_measured() -> None:
    air = Air()
    air.run(8.0)
    assert air.picture().speed == pytest.approx(1.0, abs=0.05)


def test_a_text_in_pieces_is_one_text() -> None:
    air = Air()
    air.run(1.0)
    words = "x" * 50 + "the end"
    for k in (0, 1):
        fields = {"severity": 4, "text": words[50 * k : 50 * k + 50], "id": 7, "chunk_seq": k}
        air.up(air.aircraft[0].say("STATUSTEXT", fields))
    assert air.picture().aircraft[0].text[-1].words == words


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_letters_beyond_ascii_in_a_text_in_pieces_stay_whole_wherever_it_is_cut(order: tuple[int, ...]) -> None:
    words = "x" * 49 + "ğ Yakıt eve dönüş için yetmiyor; şimdi dönün, hemen, lütfen, görüşürüz"
    raw = words.encode()
    assert 100 < len(raw) < 150  # the first cut goes through a letter
    air = Air()
    air.run(1.0)
    for k in order:
        fields = {"severity": 4, "text": raw[50 * k : 50 * k + 50], "id": 7, "chunk_seq": k}
        air.up(air.aircraft[0].say("STATUSTEXT", fields))
    assert [each.words for each in air.picture().aircraft[0].text] == [words]


def test_a_text_that_fills_its_pieces_ends_with_an_empty_one() -> None:
    air = Air()
    air.run(1.0)
    for k, piece in enumerate((b"x" * 50, b"")):
        air.up(air.aircraft[0].say("STATUSTEXT", {"severity": 4, "text": piece, "id": 8, "chunk_seq": k}))
    assert air.picture().aircraft[0].text[-1].words == "x" * 50


def test_the_footprint_lies_where_the_rays_of_its_corners_meet_the_ground() -> None:
    """Straight down from 1000 m with 20 by 10 degrees: 2 x 1000 tan 10 = 352.7 m across, 175.0 m along."""
    air = Air()
    air.run(1.0)
    half = math.radians(-45.0)
    fields = {"lat_camera": 510000000, "lon_camera": 714000000, "alt_camera": 1_300_000, "alt_image": 300_000,
              "lat_image": 510000000, "lon_image": 714000000, "q": [math.cos(half), 0.0, math.sin(half), 0.0],
              "hfov": 20.0, "vfov": 10.0}  # fmt: skip
    air.up(air.aircraft[0].say("CAMERA_FOV_STATUS", fields))
    corners = air.picture().aircraft[0].turret.footprint
    assert corners is not None
    north = [6371008.8 * (lat - math.radians(51.0)) for lat, _ in corners]
    east = [6371008.8 * math.cos(math.radians(51.0)) * (lon - math.radians(71.4)) for _, lon in corners]
    # single precision of q: 1e-7 of 1000 m
    assert max(north) - min(north) == pytest.approx(174.98, abs=0.1)
    assert max(east) - min(east) == pytest.approx(352.65, abs=0.1)
    air.up(air.aircraft[0].say("CAMERA_FOV_STATUS", {**fields, "q": [1.0, 0.0, 0.0, 0.0]}))
    assert air.picture().aircraft[0].turret.footprint is None


def test_true_airspeed_in_the_standard_atmosphere() -> None:
    """At 3 000 m the standard density is 0.9093 kg/m3 at 268.66 K (ISO 2533): 50 m/s become 58.03."""
    assert true_airspeed(50.0, 3000.0, 268.66) == pytest.approx(58.03, abs=0.02)
    assert true_airspeed(50.0, 3000.0, None) is None


def test_each_decision_about_authority_is_noted_once_whatever_frame_it_came_in(monkeypatch: pytest.MonkeyPatch) -> None:
    air = Air()
    air.run(1.0)
    noted: list[str] = []
    monkeypatch.setattr(air.desk, "note", lambda who, kind, words: noted.append(words) if kind == "audit" else None)
    for number, frame in ((1, 7), (1, 8), (2, 8)):
        fields = {"sequence": number, "who": 241, "result": 0, "text": f"decision {number}"}
        air.up(over_the_air("SAMRUK_AUDIT", fields, 1, sequence=frame))
    assert noted == ["decision 1", "decision 2"]
