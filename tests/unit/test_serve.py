"""Serving a session: who listens where, and that what dies comes back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from samruk.cli import serve as verb
from samruk.cli.words import Words
from samruk.errors import InputError
from samruk.mission_file.sites import Station
from samruk.serve.layout import HOST, Layout, layout
from samruk.serve.supervisor import MERCY, TRIES, Child, Supervisor

PLACES = tuple(Station(name, 0.9 + 0.01 * k, 1.2, 300.0) for k, name in enumerate(("Astana", "Karaganda", "Kokshetau")))

READY = "import time; print('{\"ready\": true}', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('{\"ready\": true}', flush=True); time.sleep(60)"
BROKEN = 'raise SystemExit("cannot be flown: no fuel")'


@pytest.fixture
def session(tmp_path: Path) -> Layout:
    return layout("circuit", PLACES, aircraft=3, count=3, speed=5.0, port=0, folder=tmp_path / "s")


def test_every_process_has_its_own_ports_and_every_seat_its_own_token(session: Layout) -> None:
    ports = [site.radio for site in session.sites] + [site.web for site in session.sites]
    assert len(set(ports)) == 6
    tokens = [token for site in session.sites for token in site.tokens.values()]
    assert len(set(tokens)) == 18
    assert [site.system for site in session.sites] == [241, 242, 243]


def test_aircraft_speak_to_stations_over_the_air_only(session: Layout) -> None:
    words = session.vehicle_words()
    for site in session.sites:
        assert f"{HOST}:{site.radio}={site.id}" in words
        assert f"udpin:{HOST}:{site.radio}" in session.station_words(site)


def test_tokens_are_written_for_their_owner_alone_and_stand_on_no_command_line(session: Layout) -> None:
    session.write()
    for site in session.sites:
        file = session.tokens_file(site)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert json.loads(file.read_text()) == site.tokens
        assert not set(site.tokens.values()) & set(session.station_words(site))
        assert all(token not in repr(session) for token in site.tokens.values())


def test_aircraft_and_stations_read_the_same_changed_mission(tmp_path: Path) -> None:
    changes = ("home.elevation_m=512", "loading.fuel_kg=200")
    session = layout("circuit", PLACES, aircraft=1, count=2, speed=1.0, port=0, folder=tmp_path, overrides=changes)
    for words in (session.vehicle_words(), *(session.station_words(site) for site in session.sites)):
        assert [words[k + 1] for k, word in enumerate(words) if word == "--set"] == list(changes)


def test_more_stations_than_places_and_a_taken_port_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"add \[\[station\]\]"):
        layout("circuit", PLACES[:1], aircraft=1, count=2, speed=1.0, port=0, folder=tmp_path)
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(InputError, match="is taken"):
            layout("circuit", PLACES, aircraft=1, count=1, speed=1.0, port=taken.getsockname()[1], folder=tmp_path)


class Watch:
    """A family under watch."""

    def __init__(self, **programs: str) -> None:
        self.told: list[tuple[str, str, float]] = []
        self.children = [Child(name, (sys.executable, "-c", text)) for name, text in programs.items()]
        self.family = Supervisor(self.children, self._tell)

    def _tell(self, name: str, what: str, details: Mapping[str, Any]) -> None:
        self.told.append((name, what, time.monotonic()))

    def events(self, name: str) -> list[str]:
        """What happened to one, in order."""
        return [what for who, what, _ in self.told if who == name]

    async def during(self, act: Callable[[], Any]) -> int:
        """Run, act when all are ready, and end."""
        running = asyncio.create_task(self.family.run())
        await asyncio.gather(*(child.ready.wait() for child in self.children))
        await act()
        self.family.stopped.set()
        return await running


def test_a_killed_process_is_back_while_the_others_stay() -> None:
    watch = Watch(a=READY, b=READY)

    async def kill() -> None:
        victim = watch.children[0]
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        while victim.starts < 2:
            await asyncio.sleep(0.01)
        await victim.ready.wait()

    assert asyncio.run(watch.during(kill)) == 0
    assert watch.events("a") == ["started", "ready", "died", "started", "ready", "ended"]
    assert watch.events("b") == ["started", "ready", "ended"]
    times = [when for who, what, when in watch.told if who == "a" and what in ("died", "ready")]
    assert times[2] - times[1] < 5.0  # the bar: back within 5 s


def test_what_does_not_end_when_asked_is_made_to() -> None:
    watch = Watch(a=DEAF)

    async def nothing() -> None:
        await asyncio.sleep(0)

    begun = time.monotonic()
    assert asyncio.run(watch.during(nothing)) == 0
    assert MERCY - 0.5 < time.monotonic() - begun < MERCY + 5.0
    assert watch.children[0].pid is None


def test_what_dies_again_and_again_is_left_alone_and_says_why() -> None:
    watch = Watch(a=BROKEN, b=READY)
    assert asyncio.run(watch.family.run()) == 1
    assert watch.events("a").count("died") == TRIES - 1
    assert watch.events("a")[-1] == "given up"
    assert watch.children[0].last[-1] == "cannot be flown: no fuel"
    assert watch.events("b")[-1] == "ended"


def test_the_verb_asks_for_nothing_that_was_not_asked_for() -> None:
    parser = Words()
    verb.add(parser)
    assert not parser.parse_args([]).spoil
    assert parser.parse_args(["--spoil", "10,3"]).spoil == "10,3"
    with pytest.raises(SystemExit):
        parser.parse_args(["--spoil", "a lot"])
