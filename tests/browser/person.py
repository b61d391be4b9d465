"""A person at a station: a page in a real browser, and what one does there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip
PAGE = Path(__file__).parents[2] / "src" / "samruk" / "station" / "page" / "index.html"
PATIENCE = 30_000
"""ms that a person waits for the screen."""


def chromium() -> str | None:
    """Where Chromium is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((place for name in names if (place := shutil.which(name))), None)


def missing() -> str:
    """Why tests in a browser cannot run here; empty when they can."""
    if chromium() is None:
        return "Chromium is not on the PATH: make browser"
    return "" if PAGE.is_file() else "the station's page is not built: make page"


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        one = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield one
        finally:
            one.close()


class Person:
    """Somebody at a seat.

    Args:
        browser: as `browser` gives.
        url: of the seat.
        width: px.
        height: px.
    """

    def __init__(self, browser: Any, url: str, width: int = 1440, height: int = 900) -> None:
        self.faults: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)
        self.page.goto(url)
        self.sees("mode-now", r"\w")

    def at(self, name: str) -> Any:
        """An element by its test id."""
        return self.page.locator(f"[data-testid={name}]").first

    def reads(self, name: str) -> str:
        """The words of an element."""
        return " ".join(self.at(name).inner_text().split())

    def clicks(self, name: str) -> None:
        """Click what is there and live."""
        self.at(name).click()

    def sees(self, name: str, words: str, seconds: float = 30.0) -> str:
        """Wait until an element reads like a pattern."""
        from playwright.sync_api import expect

        expect(self.at(name)).to_have_text(re.compile(words, re.IGNORECASE | re.DOTALL), timeout=1000.0 * seconds)
        return self.reads(name)

    def chooses(self, sysid: int) -> None:
        """Look at an aircraft."""
        self.clicks(f"select-{sysid}")

    def tries(self, place: Any) -> None:
        """Click what may go by itself just now."""
        from playwright.sync_api import Error

        with suppress(Error):
            place.click(timeout=1000, force=True)

    def acknowledges(self) -> None:
        """Say OK to every alarm that waits."""
        waiting = self.page.locator("[data-testid^=acknowledge-]:visible")
        for _ in range(20):
            if not waiting.count():
                return
            self.tries(waiting.first)
            self.page.wait_for_timeout(300)

    def takes(self, sysid: int) -> None:
        """Ask for a free aircraft."""
        self.chooses(sysid)
        self.clicks("ask")
        self.sees("token", rf"You command.*{sysid:02d}")
        self.page.wait_for_timeout(800)
        self.acknowledges()

    def commands(self, kind: str, seconds: float = 30.0) -> str:
        """Click a command and wait for what becomes of it; the words of its state."""
        self.clicks(f"command-{kind}")
        self.page.wait_for_timeout(700)
        return self.sees("command-state", r"accepted|done|refused", seconds)

    def insists(self, kind: str, tries: int = 10) -> None:
        """Command until it is not refused for something that is not ready yet."""
        for _ in range(tries):
            told = self.commands(kind)
            if "refused" not in told:
                return
            self.page.wait_for_timeout(2000)
        raise AssertionError(told)

    def shot(self, folder: Path, name: str) -> Path:
        """Keep a picture of the screen."""
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"{name}.png"
        self.page.screenshot(path=str(place))
        return place
