"""The web page in a real browser: who opens it, what it must never do, and a server that makes everybody wait."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PHONE, DESK = 390, 1280
DIARIES = Path(__file__).parents[1] / "data" / "diaries"
EXAMPLE, THIRTY_DAYS = DIARIES / "example.xlsx", DIARIES / "thirty_days.csv"
_IMPATIENT = (
    "from nutridiary.web import serve; from nutridiary.web.settings import Settings;"
    "serve(Settings(patience=0.0, workers=1, token={token!r}), tell=lambda address: print(address, flush=True))"
)


@contextmanager
def impatient_server(token: str | None = None) -> Iterator[str]:
    """A server that shows the waiting page whenever something is to be worked out; give its address."""
    with subprocess.Popen(
        [sys.executable, "-c", _IMPATIENT.format(token=token)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip().rstrip("/")
        finally:
            process.terminate()
            process.communicate(timeout=60)


class Heard:
    """What pages said to the console or asked of anybody but the server: it should be nothing."""

    def __init__(self, address: str) -> None:
        self.address, self.words = address, list[str]()

    def listen(self, context: BrowserContext) -> None:
        """Listen to every tab of a browser."""
        context.on("request", lambda request: self._note_request(request.url))
        context.on("console", lambda said: self._note(said.text) if said.type in ("error", "warning") else None)
        context.on("weberror", lambda error: self.words.append(str(error.error)))

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.address, "blob:")):
            self.words.append(f"asked {url}")

    def _note(self, text: str) -> None:
        # The browser itself says so of every answer that is no success, such as a form that comes again with 422.
        if not re.match(r"Failed to load resource: the server responded with a status of 4\d\d", text):
            self.words.append(text)


@contextmanager
def browsing(
    browser: Browser, address: str, width: int = DESK, scheme: str = "light", *, scripts: bool = True
) -> Iterator[Page]:
    """One person's browser with one tab; at the end it must have had nothing to complain of."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
        reduced_motion="reduce",
        accept_downloads=True,
    )
    context.set_default_timeout(60_000)  # a busy machine takes its time
    heard = Heard(address)
    heard.listen(context)
    try:
        yield context.new_page()
        assert heard.words == [], heard.words
    finally:
        context.close()


def sideways(tab: Page) -> int:
    """By how much a page can be scrolled sideways. [px]"""
    return int(tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def done_waiting(tab: Page) -> None:
    """Wait until a page shows what was worked out."""
    tab.locator("[data-waiting]").wait_for(state="detached")
