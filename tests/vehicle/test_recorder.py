"""A session on disk: what a killed process leaves is enough to go on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcap.stream_reader import StreamReader

from samruk.engine.batch import Batch, Frames
from samruk.errors import InputError
from samruk.link.mavlink import encode, tlog
from samruk.vehicle import checkpoint
from samruk.vehicle.claims import Audit
from samruk.vehicle.live import PER_SECOND, Live, state_of
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


def flown(bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch, turns: int = 300) -> Recorder:
    """A session recorded with a checkpoint every ten seconds, orders before and after, and cut off."""
    monkeypatch.setattr(checkpoint, "EVERY", 10.0)
    recorder = Recorder(folder, bench.live, ["one"])
    bench.take_off()
    for turn in range(turns):
        if turn % 37 == 0:
            bench.live.point(0, 1, 0.1 * turn, 0.2, 0.0)
        if turn == 100:
            bench.live.set_rule(0, "loiter_radius", 1700.0)
            bench.live.set_failure(0, "pitot", 0.5)
        bench.turn(1)
        recorder.turn(bench.now())
    return recorder


def test_a_restart_flies_on_from_the_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    recorder = flown(bench, tmp_path, monkeypatch)
    begin = Live(bench.live.plan, [0]).tick
    flown_again: list[int] = []
    whole = Batch.advance_mission

    def counted(self: Batch, ticks: int, frame_every: int = 0) -> Frames:
        flown_again.append(ticks if self.ticks > begin else 0)
        return whole(self, ticks, frame_every)

    monkeypatch.setattr(Batch, "advance_mission", counted)
    live, _ = resume(tmp_path, bench.live.plan, [0])
    assert 0 < sum(flown_again) <= 10.0 * PER_SECOND
    assert live.entries == bench.live.entries
    assert bench.live.journal == []  # what is on the disk needs no memory
    assert live.rule(0, "loiter_radius") == 1700.0
    live.advance(bench.live.tick - live.tick)
    assert state_of(live, 0) == state_of(bench.live, 0)
    for each in (bench.live, live):  # and what follows, without a word from outside, is the same too
        each.batch.advance_mission(600)
    assert state_of(live, 0) == state_of(bench.live, 0)
    recorder.close()


@pytest.mark.parametrize("damage", ["none", "torn", "other", "longer"])
def test_without_a_good_checkpoint_all_is_flown_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    bench = Bench()
    recorder = flown(bench, tmp_path, monkeypatch, 150)
    file = tmp_path / checkpoint.CHECKPOINT
    if damage == "none":
        file.unlink()
    elif damage == "torn":
        file.write_bytes(file.read_bytes()[:200])
    elif damage == "other":
        file.write_bytes(b"something else")
    else:  # it knows of more than the journal
        monkeypatch.setattr(bench.live, "entries", 2 * bench.live.entries)
        checkpoint.save(tmp_path, bench.live)
    live, _ = resume(tmp_path, bench.live.plan, [0])
    live.advance(bench.live.tick - live.tick)
    assert state_of(live, 0) == state_of(bench.live, 0)
    recorder.close()


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


def test_a_full_disk_ends_the_record_and_not_the_flight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, told = Bench(), list[str]()
    recorder = Recorder(tmp_path, bench.live, ["one"])
    recorder.told = told.append
    bench.turn(1)
    recorder.turn(bench.now())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recorder, "_note", full)
    def record() -> int:
        for _ in range(20):
            bench.turn(1)
            recorder.turn(bench.now())
            recorder.frame(0, b"frame", bench.now())
            recorder.event(0, "a text", 4, bench.now())
            recorder.audit(0, Audit(1, 0.0, 241, "request", 0))
        return (tmp_path / "audit.jsonl").stat().st_size

    assert record() == record()
    assert told == ["Nothing is recorded any more: No space left on device"]
    recorder.close()
