"""A session on disk: what a killed process leaves is enough to go on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcap.stream_reader import StreamReader

from samruk.errors import InputError
from samruk.link.mavlink import encode, tlog
from samruk.vehicle.live import state_of
from samruk.vehicle.recorder import Recorder, resume
from tests.vehicle.bench import Bench


def test_a_session_cut_off_in_the_air_goes_on_bit_for_bit(tmp_path: Path) -> None:
    bench = Bench()
    recorder = Recorder(tmp_path, bench.live, ["one"])
    recorder.keeps = lambda: {"0": bench.assembled.saved()}
    bench.take_off()
    for _ in range(30):
        bench.turn(1)
        recorder.turn(bench.now())
    recorder.frame(0, encode("HEARTBEAT", {"type": 1}, system=1), bench.now())
    recorder.turn(bench.now())  # and now the process is killed: nothing is closed
    recorder._mcap_file.flush()
    live, kept = resume(tmp_path, bench.live.plan, [0])
    assert live.tick <= bench.live.tick
    live.advance(bench.live.tick - live.tick)
    assert state_of(live, 0) == state_of(bench.live, 0)
    assert kept["0"]["plans"]["0"][0]["command"] == 16
    assert [frame.message.name for _, frame in tlog.read((tmp_path / "aircraft-1.tlog").read_bytes())] in (
        [], ["HEARTBEAT"],
    )  # fmt: skip
    second = Recorder(tmp_path, live, ["one"], resumed=True)
    second.close()
    recorder.close()  # only now, for the test's own order
    assert sorted(path.name for path in tmp_path.glob("*.mcap")) == ["session-2.mcap", "session.mcap"]


def test_a_whole_record_opens(tmp_path: Path) -> None:
    bench = Bench()
    recorder = Recorder(tmp_path / "new", bench.live, ["one"])
    for _ in range(40):
        bench.turn(1)
        recorder.turn(bench.now())
    recorder.event(0, "a text", 4, bench.now())
    recorder.close()
    with (tmp_path / "new" / "session.mcap").open("rb") as stream:
        kinds = [type(record).__name__ for record in StreamReader(stream).records]
    assert kinds.count("Message") >= 5
    with pytest.raises(InputError, match="cannot be written"):
        Recorder(tmp_path / "new", bench.live, ["one"])
