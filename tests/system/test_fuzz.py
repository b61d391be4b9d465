"""A million wild frames on the services aboard: nothing falls, and nothing changes without authority."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import pytest
from tests.fuzzed import frames

from samruk import load
from samruk.link import mavlink
from samruk.vehicle.assembly import Fitting, assemble
from samruk.vehicle.authority import HELD
from samruk.vehicle.live import LOST_LINK, MAIN, Live, state_of
from samruk.vehicle.service import Now, Sender

HOLDER = 241
STRANGERS = (242, 243, 245, 255, 1, 0, 250)
GROWTH = 24.0
"""MB that the process may grow by after the first tenth of a run: pools of the allocator, not a leak per frame."""


class Aboard:
    """An aircraft with all its services, held by one station, with strangers around."""

    def __init__(self, signed: bool) -> None:
        self.live = Live(load.mission("circuit"), [0])
        self.each = assemble(self.live, 0, 1, fitting=Fitting(overriding=(242,), signed=signed))
        self.parser = mavlink.Parser()
        self.now = Now(utc=1.7e9)
        self.said = self.heard = 0
        self.signed = signed
        self.each.telemetry.open("air")
        authority = self.each.control.authority
        authority.tick(0.0, False)
        authority.heard(HOLDER)
        assert authority.request(HOLDER).granted
        self.turn()

    def turn(self) -> None:
        """A turn of a tenth of a second, in which the holder is heard."""
        at = self.now.simulated + 0.1
        self.now = Now(self.now.tick + 1, at, at, 1.7e9 + at)
        self.each.control.authority.heard(HOLDER)
        for out in self.each.switchboard.due(self.now):
            self.said += 1
            if self.now.tick % 50 == 0:
                mavlink.encode(out.name, out.fields, system=1, component=out.component, sequence=0)

    def datagram(self, data: bytes) -> None:
        """Bytes as a socket gives them."""
        for frame in self.parser.datagram(data):
            message = frame.message
            sender = Sender(message.system, message.component, "air", False)
            if not self.each.control.admits(message, sender):
                continue
            self.heard += 1
            for out in self.each.switchboard.heard(message, sender, self.now):
                self.said += 1
                if self.heard % 20 == 0:
                    mavlink.encode(out.name, out.fields, system=1, component=out.component, sequence=0)

    def facts(self) -> dict[str, Any]:
        """All that only the holder may change."""
        each, live = self.each, self.live
        return copy.deepcopy({
            "state": state_of(live, 0), "params": live.batch.params.tree(0), "journal": len(live.journal),
            "waiting": list(live._lanes[0].waiting), "route": live.legs(0, MAIN), "lost": live.legs(0, LOST_LINK),
            "plans": dict(each.missions.plans), "holders": {int(k): each.control.authority.holders[k] for k in HELD},
        })  # fmt: skip


def megabytes() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def pour(aboard: Aboard, count: int, systems: tuple[int, ...]) -> None:
    """Frames, with a turn after every hundred; memory stays where it was."""
    start = 0.0
    for k, data in enumerate(frames(1, count, systems)):
        aboard.datagram(data)
        if k % 100 == 0:
            aboard.turn()
        if k == count // 10:
            start = megabytes()
    assert aboard.heard > (0 if aboard.signed else 0.4 * count), "most frames are good ones"
    assert megabytes() - start < GROWTH


@pytest.fixture
def aboard() -> Aboard:
    return Aboard(signed=False)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
class TestFrames:
    """Wild frames."""

    def test_a_stranger_changes_nothing(self, aboard: Aboard) -> None:
        before = aboard.facts()
        pour(aboard, 15_000, STRANGERS)
        assert aboard.facts() == before

    def test_where_frames_are_signed_not_even_the_holders_name_helps(self) -> None:
        aboard = Aboard(signed=True)
        before = aboard.facts()
        pour(aboard, 15_000, (HOLDER, *STRANGERS))
        assert aboard.facts() == before

    def test_the_same_frames_from_the_holder_change_a_lot(self, aboard: Aboard) -> None:
        before = aboard.facts()
        pour(aboard, 15_000, (HOLDER,))
        after = aboard.facts()
        assert {key for key in before if before[key] != after[key]} >= {"waiting", "plans"}

    @pytest.mark.slow
    @pytest.mark.parametrize("signed", [False, True])
    def test_a_million_frames_of_strangers_change_nothing(self, signed: bool) -> None:
        aboard = Aboard(signed)
        before = aboard.facts()
        pour(aboard, 1_000_000, (*STRANGERS, HOLDER) if signed else STRANGERS)
        assert aboard.facts() == before
