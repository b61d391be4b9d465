"""Write `docs/pictures/station.png`: a station during a served session, as a browser shows it.

    python tools/write_station.py

Starts three aircraft and three stations faster than time, sends all aircraft off, waits until the first one watches the
river, and takes the picture. Needs Chromium, playwright and the built page.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from samruk.serve.client import Seat, Served, aircraft

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "station.png"
SPEED = 30.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip


def launch(seat: Seat) -> None:
    """Send all aircraft off on their missions."""
    for sysid in (1, 2, 3):
        seat.take(sysid)
        seat.checked(sysid)
        seat.done("engine_start", sysid)
        seat.until(lambda p, n=sysid: aircraft(p, n)["engine_running"], what="engine")  # type: ignore[misc]
        seat.done("take_off", sysid, timeout=60.0)
        seat.until(lambda p, n=sysid: aircraft(p, n)["mode"]["now"] in ("hold", "climb", "route"), 120.0)  # type: ignore[misc]
        seat.done("route", sysid)


def main() -> None:
    """Fly, look, write."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not on the PATH: make browser")
    with (
        tempfile.TemporaryDirectory() as folder,
        Served.start(speed=SPEED, record=Path(folder) / "s") as session,
        session.seat("S1", "pilot") as seat,
        sync_playwright() as play,
    ):
        launch(seat)
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(session.urls["S1"]["pilot"])
        seat.until(lambda p: aircraft(p, 1)["mode"]["now"] in ("loiter", "survey"), 300.0, "time on station")
        for alarm in seat.picture()["alarms"]:
            seat.send(t="acknowledge", alarm=alarm["id"])
        page.locator("[data-testid=select-1]").click()
        page.locator("[data-testid=map-whole]").click()
        page.wait_for_timeout(4000)
        page.screenshot(path=str(PICTURE))
        browser.close()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
