"""A session started and used by a program: its processes, and a seat at one of its stations.

    with Served.start("three-by-three", speed=20) as session, session.seat("S1", "pilot") as seat:
        seat.ask("authority", 1, step="request", loi=4)
        picture = seat.until(lambda p: aircraft(p, 1)["holder"]["loi4"] == 241)
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from samruk.errors import EngineError

READY = 90.0
"""s in which a session is ready; the first start on a machine compiles the step."""
MERCY = 10.0
"""s that a session has to end."""
SETTLING = 8
"""Pictures after command is gained in which its alarm comes up."""
LARGEST = 1 << 24
"""Bytes of a message."""


@dataclass
class Served:
    """A running `samruk serve`."""

    process: subprocess.Popen[str]
    urls: dict[str, dict[str, str]] = field(default_factory=dict)
    """By station and role."""
    record: Path = Path()
    """Where it is recorded."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """What the supervisor said of its processes."""

    @classmethod
    def start(
        cls, mission: str = "three-by-three", *, aircraft: int = 3, stations: int = 3, speed: float = 1.0,
        record: Path | None = None, words: Sequence[str] = (),
    ) -> Served:  # fmt: skip
        """Start a session on free ports.

        Args:
            mission: a story's name or a file.
            aircraft: how many.
            stations: how many.
            speed: simulated seconds per second.
            record: folder of its records.
            words: more words for `samruk serve`.

        Raises:
            EngineError: it does not become ready.
        """
        line = [sys.executable, "-m", "samruk.cli", "serve", mission, "--aircraft", str(aircraft), "--stations",
                str(stations), "--speed", f"{speed:g}", "--port", "0", "--no-open", "--json", *words]  # fmt: skip
        line += [] if record is None else ["--record", str(record)]
        process = subprocess.Popen(
            line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        served = cls(process)
        ready = threading.Event()
        threading.Thread(target=served._read, args=(ready,), daemon=True).start()
        if not ready.wait(READY) or not served.urls:
            served.stop()
            last = served.events[-1] if served.events else "nothing"
            raise EngineError(f"the session of {mission} is not ready after {READY:.0f} s; it last said: {last}")
        return served

    def _read(self, ready: threading.Event) -> None:
        """Hear what the supervisor says."""
        assert self.process.stdout is not None
        for text in self.process.stdout:
            try:
                said = json.loads(text)
            except ValueError:
                said = {"event": "said", "text": text.rstrip()}
            if said.get("ready"):
                self.urls, self.record = said["urls"], Path(said["record"])
                ready.set()
            else:
                self.events.append(said)
        ready.set()

    def pids(self) -> dict[str, int]:
        """Process ids by name, as last started."""
        return {said["process"]: said["pid"] for said in self.events if "pid" in said}

    def kill(self, name: str) -> None:
        """Kill one of its processes without warning."""
        os.kill(self.pids()[name], signal.SIGKILL)

    def seat(self, station: str = "S1", role: str = "pilot") -> Seat:
        """Sit down at a station."""
        return Seat(self.urls[station][role])

    def stop(self) -> None:
        """End it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(MERCY)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Seat:
    """A seat at a station, as a browser has it.

    Args:
        url: as the session tells it, with its token.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        token = parts.fragment.removeprefix("token=")
        self._address = f"ws://{parts.netloc}/live?token={token}"
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._open = ExitStack()
        self._connection: ClientConnection | None = None
        self.heard: list[dict[str, Any]] = []
        """Everything but pictures, newest last."""
        self.pictures = 0
        """Pictures taken."""
        self._count = 0

    def __enter__(self) -> Seat:
        self._connection = self._open.enter_context(
            connect(self._address, origin=Origin(self._origin), max_size=LARGEST)
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def picture(self, timeout: float = 10.0) -> dict[str, Any]:
        """The next picture.

        Raises:
            TimeoutError: none came.
        """
        end = time.monotonic() + timeout
        while True:
            message = self._next(end - time.monotonic())
            if message.get("t") == "picture":
                self.pictures += 1
                return message
            self.heard.append(message)
            del self.heard[:-1000]

    def _next(self, timeout: float) -> dict[str, Any]:
        assert self._connection is not None
        try:
            data = self._connection.recv(max(timeout, 0.001))
        except ConnectionClosed as gone:
            raise TimeoutError(f"the station closed the socket: {gone}") from None
        found: dict[str, Any] = (
            msgspec.json.decode(data) if isinstance(data, str) else msgspec.msgpack.decode(data)
        )
        return found

    def send(self, **message: Any) -> None:
        """Send one message."""
        assert self._connection is not None
        self._connection.send(json.dumps(message))

    def ask(self, t: str, sysid: int, **message: Any) -> str:
        """Send a message that is answered by its id; returns the id."""
        self._count += 1
        name = f"p{os.getpid()}-{id(self) % 9973}-{self._count}"
        self.send(t=t, id=name, sysid=sysid, **message)
        return name

    def until(self, holds: Callable[[dict[str, Any]], Any], timeout: float = 30.0, what: str = "") -> dict[str, Any]:
        """The first picture for which something holds.

        Raises:
            TimeoutError: it does not within `timeout` s.
        """
        end, last = time.monotonic() + timeout, ""
        while time.monotonic() < end:
            picture = self.picture(max(end - time.monotonic(), 0.2))
            if holds(picture):
                return picture
            last = "; ".join(f"{p['kind']} {p['state']} {p['reason']}" for p in picture["pending"])
        raise TimeoutError(f"not within {timeout:.0f} s: {what or 'what was waited for'} ({last})")

    def take(self, sysid: int, loi: int = 0, timeout: float = 30.0) -> dict[str, Any]:
        """Ask for a free aircraft (0: at all levels) and wait until this station holds it."""
        self.until(lambda p: any(each["sysid"] == sysid for each in p["aircraft"]), timeout, f"aircraft {sysid}")
        self.ask("authority", sysid, step="request", loi=loi)
        self.until(lambda p: aircraft(p, sysid)["holder"]["loi4"] == p["seat"]["sysid"], timeout, f"command of {sysid}")
        for _ in range(SETTLING):
            self._live(self.picture(), sysid)
        return self.until(lambda p: self._live(p, sysid), timeout, "live inputs")

    def _live(self, picture: dict[str, Any], sysid: int) -> bool:
        """Acknowledge that command is gained; whether inputs are live."""
        for alarm in picture["alarms"]:
            if alarm["sysid"] == sysid and alarm["key"] == "command_gained" and not alarm["acknowledged"]:
                self.send(t="acknowledge", alarm=alarm["id"])
        return not aircraft(picture, sysid)["neutral"]

    def checked(self, sysid: int, checklist: str = "arming", timeout: float = 60.0) -> dict[str, Any]:
        """Go through a checklist: tick what a person ticks, wait for what is sensed."""
        self.send(t="open_checklist", sysid=sysid, checklist=checklist)
        ticked: set[str] = set()

        def complete(picture: dict[str, Any]) -> bool:
            found = [c for c in picture["checklists"] if c["id"] == checklist and c["sysid"] == sysid]
            for item in (each for one in found for each in one["items"]):
                if not item["sensed"] and not item["done"] and item["id"] not in ticked:
                    ticked.add(item["id"])
                    self.send(t="tick", sysid=sysid, checklist=checklist, item=item["id"], done=True)
            return any(one["complete"] for one in found)

        return self.until(complete, timeout, f"checklist {checklist}")

    def done(self, kind: str, sysid: int, timeout: float = 30.0, **message: Any) -> dict[str, Any]:
        """Command and wait until the aircraft has accepted it.

        Raises:
            TimeoutError: it was refused, with the reason, or not answered.
        """
        name = self.ask("command", sysid, kind=kind, **message)
        state: dict[str, Any] = {}

        def settled(picture: dict[str, Any]) -> bool:
            for refusal in (each for each in self.heard if each.get("t") == "refusal" and each.get("id") == name):
                raise TimeoutError(f"{kind} of {sysid}: the station refuses, {refusal['words']}")
            state.update(next((each for each in picture["pending"] if each["id"] == name), {}))
            return state.get("state") in ("accepted", "done", "refused", "timeout")

        picture = self.until(settled, timeout, f"an answer to {kind}")
        if state["state"] in ("refused", "timeout"):
            raise TimeoutError(f"{kind} of {sysid}: {state['state']}, {state['reason']}")
        return picture


def aircraft(picture: dict[str, Any], sysid: int) -> dict[str, Any]:
    """One aircraft of a picture."""
    found: dict[str, Any] = next(each for each in picture["aircraft"] if each["sysid"] == sysid)
    return found
