"""Keeping processes alive: start them, see whether they are well, start again what has died, end all together.

A process that dies is started again at once with the same words; what it knew is in its own record. One that dies
again and again is left alone, with one line that says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

AGAIN = 0.1
"""s before a process is started again."""
TRIES, WITHIN = 5, 30.0
"""Deaths within so many s after which a process is left alone."""
MERCY = 4.0
"""s that a process has to end by itself."""
LINES = 50
"""Last lines of a process that are kept to tell why it died."""

Told = Callable[[str, str, Mapping[str, Any]], None]
"""Called with (name, what happened, details): started, ready, died, given up, ended."""


@dataclass
class Child:
    """A process and what is known of it."""

    name: str
    """For people: `aircraft`, `S1`."""
    words: Sequence[str]
    """Its command line."""
    process: asyncio.subprocess.Process | None = None
    """Running now."""
    starts: int = 0
    """Times that it was started."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """It has said that it is ready."""
    said: dict[str, Any] = field(default_factory=dict)
    """What it said then."""
    last: deque[str] = field(default_factory=lambda: deque(maxlen=LINES))
    """Its last lines."""
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=TRIES))
    """When it died, s of a monotonic clock."""
    given_up: bool = False
    """It died too often."""

    @property
    def pid(self) -> int | None:
        """Process id; None while it does not run."""
        return self.process.pid if self.process and self.process.returncode is None else None


class Supervisor:
    """A family of processes.

    Args:
        children: in the order in which they are started.
        told: hears what happens.
    """

    def __init__(self, children: Sequence[Child], told: Told) -> None:
        self.children, self._told = tuple(children), told
        self.stopped = asyncio.Event()

    async def run(self) -> int:
        """Keep them alive until `stopped` is set, or until one is given up; 0 or 1."""
        keepers = [asyncio.create_task(self._keep(child), name=child.name) for child in self.children]
        stop = asyncio.create_task(self.stopped.wait())
        await asyncio.wait([stop, *keepers], return_when=asyncio.FIRST_COMPLETED)
        self.stopped.set()
        await asyncio.gather(*keepers)
        stop.cancel()
        return int(any(child.given_up for child in self.children))

    async def _keep(self, child: Child) -> None:
        """Start one, again and again, until all is stopped or it has died too often."""
        while not self.stopped.is_set() and not child.given_up:
            await self._start(child)
            ended = asyncio.create_task(self._read(child))
            stop = asyncio.create_task(self.stopped.wait())
            await asyncio.wait([ended, stop], return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
            await self._end(child, ended) if self.stopped.is_set() else await self._died(child, ended)

    async def _start(self, child: Child) -> None:
        child.starts += 1
        child.ready.clear()
        child.process = await asyncio.create_subprocess_exec(
            *child.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}, limit=1 << 20,
        )  # fmt: skip
        self._told(child.name, "started", {"pid": child.process.pid, "start": child.starts})

    async def _read(self, child: Child) -> None:
        """Hear what it says, until it says no more; the first object is its word that it is ready."""
        process = child.process
        assert process is not None
        assert process.stdout is not None
        while line := await self._line(process.stdout):
            text = line.decode("utf-8", "replace").rstrip()
            if child.ready.is_set() or not text.startswith("{"):
                child.last.append(text)
            else:  # it may hold tokens: it is kept apart from what is told of a death
                with contextlib.suppress(ValueError):
                    child.said = json.loads(text)
                child.ready.set()
                self._told(child.name, "ready", {"pid": process.pid})
        await process.wait()

    @staticmethod
    async def _line(stream: asyncio.StreamReader) -> bytes:
        """A line, cut where it is longer than the buffer."""
        try:
            return await stream.readline()
        except ValueError:
            return await stream.read(1 << 16)

    async def _died(self, child: Child, ended: asyncio.Task[None]) -> None:
        """It ended though nobody asked it to."""
        await ended
        code, now = child.process.returncode if child.process else None, time.monotonic()
        child.deaths.append(now)
        child.given_up = len(child.deaths) == TRIES and now - child.deaths[0] < WITHIN
        what = "given up" if child.given_up else "died"
        self._told(child.name, what, {"code": code, "last": child.last[-1] if child.last else ""})
        await asyncio.sleep(AGAIN)

    async def _end(self, child: Child, ended: asyncio.Task[None]) -> None:
        """Ask it to end; after a while, make it."""
        process = child.process
        assert process is not None
        self._signal(process, signal.SIGTERM)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(ended), MERCY)
        if process.returncode is None:
            self._signal(process, signal.SIGKILL)
        await ended
        self._told(child.name, "ended", {"code": process.returncode})

    @staticmethod
    def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
        """To the process and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
