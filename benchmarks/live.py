"""The live session against its bars: time that it keeps, processors that it takes, lateness of the screen.

    python benchmarks/live.py [--seconds 30] [--browser] [--json]

Measures, on this machine, one after another:
- three aircraft and three stations at 20 times real time without a browser: simulated over wall seconds (20, 99 % of
  it counts) and processor seconds per second;
- with `--browser` the same at 10 times with one page open in Chromium;
- with `--browser` at real time: from an attitude's coming to the station to the paint that shows it (bar: 150 ms for 95
  of 100);
- thirty aircraft in one process at real time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from processes import family, processor_seconds

from samruk.serve.client import Served

BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip


def paced(session: Served, seconds: float) -> dict[str, float]:
    """Simulated over wall seconds, and processor seconds per second, of a session."""
    pids = family(session.process.pid)
    with session.seat("S1", "observer") as seat:
        first = seat.until(lambda p: p["sim_s"] is not None)
        wall, spent = time.monotonic(), processor_seconds(pids)
        last = first
        while time.monotonic() - wall < seconds:
            last = seat.picture()
        took = time.monotonic() - wall
        return {
            "speed": (last["sim_s"] - first["sim_s"]) / took,
            "processors": (processor_seconds(pids) - spent) / took,
            "pictures_hz": (last["n"] - first["n"]) / took,
        }


def fly_all(session: Served) -> None:
    """The first station takes every aircraft, goes through its checklist, starts its engine and sends it off."""
    with session.seat("S1", "pilot") as seat:
        for sysid in (1, 2, 3):
            seat.take(sysid)
            seat.checked(sysid)
            seat.done("engine_start", sysid)
        for sysid in (1, 2, 3):
            seat.done("take_off", sysid, timeout=60.0)


@contextmanager
def page(url: str) -> Iterator[Any]:
    """The station's page in Chromium."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium on the PATH: run without --browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=BROWSER)
        one = browser.new_page(viewport={"width": 1440, "height": 900})
        one.goto(url.replace("/#", "/?measure#"))
        one.wait_for_selector("[data-testid=mode-now]", timeout=30_000)
        yield one
        browser.close()


def lateness(session: Served, seconds: float) -> dict[str, float]:
    """ms to paint, quantiles."""
    with page(session.urls["S1"]["pilot"]) as one:
        time.sleep(3.0)
        one.evaluate("() => { window.samrukPainted.length = 0 }")
        time.sleep(seconds)
        painted = sorted(one.evaluate("() => window.samrukPainted"))
    late = painted[int(0.95 * len(painted))]
    return {"p50_ms": statistics.median(painted), "p95_ms": late, "paints": float(len(painted))}


def thirty(seconds: float) -> dict[str, float]:
    """Thirty aircraft in one process at real time, all engines running: its share of a core, and the time it keeps."""
    words = [sys.executable, "-m", "samruk.cli", "vehicle", "circuit", "--aircraft", "30", "--udp", "127.0.0.1:19550",
             "--listen", "0", "--json"]  # fmt: skip
    import socket

    from samruk.link.mavlink import Parser

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear, subprocess.Popen(
        words, stdout=subprocess.DEVNULL
    ) as process:
        ear.bind(("127.0.0.1", 19550))
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        ear.settimeout(60.0)
        ear.recvfrom(2048)
        time.sleep(5.0)
        stamps: dict[int, tuple[float, int]] = {}
        ends: dict[int, tuple[float, int]] = {}
        begin, spent, count = time.monotonic(), processor_seconds([process.pid]), 0
        while time.monotonic() - begin < seconds:
            data = ear.recv(2048)
            for frame in Parser().datagram(data):
                count += 1
                if frame.message.name == "ATTITUDE":
                    now = time.monotonic(), int(frame.message.time_boot_ms)
                    stamps.setdefault(frame.system, now)
                    ends[frame.system] = now
        took = time.monotonic() - begin
        used = (processor_seconds([process.pid]) - spent) / took
        process.terminate()
    speeds = [1e-3 * (ends[k][1] - stamps[k][1]) / (ends[k][0] - stamps[k][0]) for k in ends]
    return {"aircraft": float(len(speeds)), "slowest": min(speeds), "processors": used, "messages_hz": count / took}


def main() -> None:
    """Measure all."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seconds", type=float, default=30.0)
    words.add_argument("--browser", action="store_true", help="also what needs Chromium")
    words.add_argument("--json", action="store_true")
    given = words.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        with Served.start(speed=20.0, record=Path(folder) / "a") as session:
            fly_all(session)
            found["three by three at 20"] = paced(session, given.seconds)
        if given.browser:
            with Served.start(speed=10.0, record=Path(folder) / "b") as session:
                fly_all(session)
                with page(session.urls["S1"]["pilot"]):
                    found["three by three at 10, a browser"] = paced(session, given.seconds)
            with Served.start(speed=1.0, record=Path(folder) / "c") as session:
                fly_all(session)
                found["datagram to paint at real time"] = lateness(session, given.seconds)
    found["thirty aircraft at real time"] = thirty(given.seconds)
    if given.json:
        print(json.dumps(found))
        return
    for name, row in found.items():
        print(f"{name}: " + ", ".join(f"{key} {value:.3g}" for key, value in row.items()))


if __name__ == "__main__":
    main()
