"""The record: all that was seen and done, less than a second lost to a kill, played back as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.fake_aircraft import Air, site

from samruk.errors import RecordError
from samruk.link.mavlink import encode, tlog
from samruk.station import journal, wire
from samruk.station.build import recover
from samruk.station.desk import Desk
from samruk.station.maps import Ground
from samruk.station.replay import Player

KILLED = """
import sys, time
from pathlib import Path
from samruk.station.journal import Journal
journal = Journal(Path(sys.argv[1]), "S1", time.time())
print("begun", flush=True)
k = 0
while True:
    now = time.time()
    journal.line(now, None, "S1", "beat", str(k))
    journal.due(now)
    k += 1
    time.sleep(0.02)
"""


def flown(folder: Path) -> tuple[Air, journal.Journal]:
    air = Air()
    kept = journal.Journal(folder, "S1", air.now)
    air.desk.journal = kept
    air.run(10.0)
    for _ in range(20):
        air.run(0.5)
        air.picture()
    return air, kept


def test_a_killed_process_loses_less_than_a_second(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(2.0)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    died = time.time()
    [path] = tmp_path.glob("*.mcap")
    times = [at for at, topic, _ in journal.entries(path) if topic == journal.LINE]
    assert died - times[-1] < 1.0
    assert len(times) > 20


def test_the_record_plays_back_what_the_crew_saw(tmp_path: Path) -> None:
    air, kept = flown(tmp_path)
    seen = air.picture()
    air.run(1.1)
    last = air.picture()
    kept.close()
    player = Player.of(kept.path)
    assert player.record.end - player.record.start == pytest.approx(11.1, abs=1.0)
    again = player.record.last()
    assert again.aircraft[0].place == last.aircraft[0].place
    assert again.wall_ms == last.wall_ms
    player.set(round(1e3 * player.record.start) + 4000, 2.0, 100.0)
    player.n = 0
    first = list(player.due(100.0))
    later = list(player.due(102.0))
    pictures = [journal.picture_of(data) for data in (*first, *later) if b"picture" in data[:20]]
    assert all(picture.replaying for picture in pictures)
    assert pictures[-1].wall_ms - pictures[0].wall_ms == pytest.approx(4000, abs=1001)
    assert seen.wall_ms < last.wall_ms


def test_frames_both_ways_are_kept_as_ground_stations_keep_them(tmp_path: Path) -> None:
    kept = journal.Journal(tmp_path, "S1", 1e9)
    for k in range(5):
        kept.frame(encode("HEARTBEAT", {"type": 6}, system=241, component=190, sequence=k), 1e9 + k)
    kept.close()
    rows = list(tlog.read((tmp_path / f"{kept.name}.tlog").read_bytes()))
    assert [at for at, _ in rows] == [round((1e9 + k) * 1e6) for k in range(5)]


def test_a_restarted_station_knows_what_it_knew_and_says_so(tmp_path: Path) -> None:
    air, kept = flown(tmp_path)
    route = wire.Route(1, "mission", 9, [wire.Item(16, 0, (0.0, 0.0, 0.0, 0.0), 0.9, 1.2, 900.0)])
    air.desk.tell("route:1:mission", route)
    air.run(1.1)
    air.picture()
    kept.flush()
    before = time.perf_counter()
    desk = Desk(site(), Ground(plain=300.0))
    recover(desk, journal.last_of(tmp_path, "S1"), air.now + 2.0)
    assert time.perf_counter() - before < 5.0
    picture = desk.picture(wire.Seat("pilot", "S1", "pilot", 241, "en"), air.now + 2.0)
    [a] = picture.aircraft
    assert a.recovered
    assert a.place.altitude == pytest.approx(1500.0)
    assert a.age.position is not None
    assert a.age.position > 2.0
    assert desk.plans.held[1, "mission"].version == 9
    assert [alarm.key for alarm in picture.alarms] == ["recovered"]
    kept.close()


def test_what_browsers_asked_is_in_the_record(tmp_path: Path) -> None:
    air, kept = flown(tmp_path)
    air.ask(wire.Command("c", 1, "return"))
    air.run(1.0)
    kinds = [line.kind for line in kept.lines]
    assert "asked" in kinds
    assert "command" in kinds
    kept.close()


def test_a_file_that_is_no_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "S1-x.mcap"
    path.write_bytes(os.urandom(4000))
    with pytest.raises(RecordError):
        journal.Recorded(path)


def test_other_tools_can_read_a_finished_record(tmp_path: Path) -> None:
    _, kept = flown(tmp_path)
    kept.close()
    assert journal.readable(kept.path)


@pytest.mark.parametrize("data", [b"", b"\x92", b"\xc1" * 100])
def test_a_torn_file_of_what_was_known_is_passed_over(tmp_path: Path, data: bytes) -> None:
    path = journal.last_of(tmp_path, "S1")
    path.write_bytes(data)
    desk = Desk(site(), Ground())
    recover(desk, path, time.time())
    assert desk.fleet.vehicles == {}
