"""Asks a server of official files: within time limits, again where that helps, and never led where it should not go."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from nutridiary.errors import FoodDataError

if TYPE_CHECKING:
    import requests

TIMEOUT = (10.0, 30.0)
"""Longest wait for a connection, and for the next bytes. [s]"""
MOST_TRIES = 6
"""Tries in a row that may bring nothing."""
MOST_WAIT = 120.0
"""Longest wait between tries. A server that asks for more is taken at its word: the update ends. [s]"""
MOST_REDIRECTS = 5
PIECE = 1 << 18
"""Most bytes taken at a time."""
MOST_PAGE_BYTES = 8 * 10**6
BY_HAND = (
    "Or download the files in a browser from https://fdc.nal.usda.gov/download-datasets and give their folder: "
    "nutridiary fdc update --from FOLDER"
)
_HERE = {"127.0.0.1", "localhost", "::1"}
_PASSING = {408, 425, 429, 500, 502, 503, 504}


class PassingFaultError(Exception):
    """A fault that may be gone at the next try."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        """Keep what happened, and how long the server asks to wait. [s]"""
        super().__init__(what)
        self.wait = wait


@dataclass
class Connection:
    """How servers are asked. Tests give it a clock and a sleep of their own.

    Attributes
    ----------
    sleep : callable
        Waits so many seconds.
    clock : callable
        Seconds that only go forward.
    jitter : callable
        A number from 0 to 1, different each time: many programs must not come back at the same moment.
    """

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = field(default=random.random)

    @contextmanager
    def ask(self, method: str, address: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """Ask once, and follow redirects. The answer's body is not read yet.

        Raises
        ------
        PassingFaultError
            If the connection fails, or the server has no time (HTTP 429, 5xx).
        FoodDataError
            If the server refuses, or leads to where no official file lies.
        """
        import requests
        import urllib3

        from nutridiary.fdc.api.settings import OFFLINE_VARIABLE, is_offline

        if is_offline():
            raise FoodDataError(f"{shown(address)}: not asked, because {OFFLINE_VARIABLE} is set. Unset it. {BY_HAND}")
        with requests.Session() as session:
            try:
                for _ in range(MOST_REDIRECTS + 1):
                    check_address(address)
                    response = _answer(session, method, address, headers)
                    if not response.is_redirect:
                        break
                    led_to = urljoin(address, response.headers["location"])
                    response.close()
                    _check_redirect(address, led_to)
                    address = led_to
                else:
                    raise FoodDataError(f"{shown(address)}: leads from address to address without end. {BY_HAND}")
                with response:
                    _check_status(response, address)
                    yield response
            except requests.exceptions.SSLError:
                raise FoodDataError(
                    f"{shown(address)}: the server's certificate cannot be trusted. Is the clock of this machine "
                    f"right, and does a proxy stand between? {BY_HAND}"
                ) from None
            except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, UnicodeError):
                raise FoodDataError(f"{shown(address)}: not an address. Expected https://...") from None
            # No other OSError: within this block somebody writes to a disk.
            except (requests.RequestException, urllib3.exceptions.HTTPError, ConnectionError, TimeoutError) as error:
                raise PassingFaultError(_in_words(error)) from None

    def pause(self, attempt: int, asked: float | None) -> None:
        """Wait before another try: as long as the server asks, else longer each time, and never the same.

        Raises
        ------
        FoodDataError
            If the server asks for more than `MOST_WAIT`.
        """
        if asked is not None and asked > MOST_WAIT:
            raise FoodDataError(
                f"The server asks to wait {_long(asked)}. Update again then; what came so far is kept. {BY_HAND}"
            )
        longest = min(MOST_WAIT, 0.5 * 2.0**attempt)
        self.sleep(longest * (0.5 + self.jitter() / 2) if asked is None else asked)

    def page(self, address: str) -> str:
        """Return the text of a page.

        Raises
        ------
        FoodDataError
            If it cannot be had.
        """
        for attempt in range(MOST_TRIES):
            try:
                with self.ask("GET", address, {}) as response:
                    return self._limited(response).decode("utf-8", "replace")
            except PassingFaultError as fault:
                reason, asked = str(fault), fault.wait
            if attempt + 1 < MOST_TRIES:
                self.pause(attempt, asked)
        raise FoodDataError(f"{shown(address)}: {reason}. Check the connection and try again. {BY_HAND}")

    def _limited(self, response: requests.Response) -> bytes:
        content, began = b"", self.clock()
        for piece in pieces(response):
            content += piece
            if len(content) > MOST_PAGE_BYTES or self.clock() - began > MOST_WAIT:
                raise FoodDataError(f"{shown(response.url)}: too long for a page that lists downloads. {BY_HAND}")
        return content


def _answer(session: requests.Session, method: str, address: str, headers: Mapping[str, str]) -> requests.Response:
    """Return the beginning of an answer, its headers read.

    A server that sends its headers byte by byte never meets the time limit of a single read, so all of it is waited
    for no longer than `MOST_WAIT`.
    """
    import requests

    came: list[requests.Response | Exception] = []

    def ask() -> None:
        try:
            own = {"Accept-Encoding": "identity", "User-Agent": _user_agent(), **headers}
            came.append(
                session.request(method, address, headers=own, timeout=TIMEOUT, allow_redirects=False, stream=True)
            )
        except Exception as error:  # told by the thread that waits
            came.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(MOST_WAIT)
    if not came:
        raise requests.Timeout
    if isinstance(came[0], Exception):
        raise came[0]
    return came[0]


def pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield the body of an answer as it comes: what came before a connection broke off is not lost.

    `iter_content` would wait until a piece is full, for ever where a server trickles.
    """
    while piece := response.raw.read1(PIECE, decode_content=False):
        yield piece


def check_address(address: str) -> None:
    """Refuse an address that is not https; http is for this machine only.

    Raises
    ------
    FoodDataError
        Naming what was expected.

    Examples
    --------
    >>> check_address("https://fdc.nal.usda.gov/download-datasets")
    >>> check_address("http://127.0.0.1:8000/a.zip")
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or parts.scheme not in ("http", "https") or (parts.scheme == "http" and host not in _HERE):
        raise FoodDataError(f"{shown(address)}: not read. Expected an address that begins with https://")


def shown(address: str) -> str:
    """Return an address without what may be secret in it: user, password, query.

    Examples
    --------
    >>> shown("https://me:secret@example.org/a.zip?token=1")
    'https://example.org/a.zip'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "the address"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _check_redirect(address: str, led_to: str) -> None:
    """Refuse to be led to what is not https, or from elsewhere to this machine.

    What runs on this machine may trust whoever asks from here.
    """
    try:
        check_address(led_to)
    except FoodDataError:
        raise FoodDataError(
            f"{shown(address)}: leads to {shown(led_to)}, which is not https. Not followed. {BY_HAND}"
        ) from None
    if urlsplit(led_to).hostname in _HERE and urlsplit(address).hostname not in _HERE:
        raise FoodDataError(f"{shown(address)}: leads to this machine. Not followed.")


def _check_status(response: requests.Response, address: str) -> None:
    status = response.status_code
    if status in _PASSING:
        raise PassingFaultError(f"the server does not answer at the moment (HTTP {status})", _retry_after(response))
    if status in (404, 410):
        raise FoodDataError(f"{shown(address)}: there is no such file (HTTP {status}). {BY_HAND}")
    if status >= 400 and status != 416 and not (response.request.method == "HEAD" and status in (403, 405, 501)):
        raise FoodDataError(f"{shown(address)}: the server refuses (HTTP {status}). {BY_HAND}")
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding not in ("identity", ""):
        raise FoodDataError(f"{shown(address)}: sent as {encoding!r}, which was not asked for. {BY_HAND}")


def _retry_after(response: requests.Response) -> float | None:
    """Return for how long the server asks to wait; dates are told by its own clock, not by this machine's. [s]"""
    from email.utils import parsedate_to_datetime

    stated = response.headers.get("Retry-After", "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated)
    try:
        until, now = parsedate_to_datetime(stated), parsedate_to_datetime(response.headers["Date"])
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, KeyError):
        return None


def _long(seconds: float) -> str:
    """Return how long a wait is, in words.

    Examples
    --------
    >>> _long(180), _long(7200), _long(604800)
    ('3 minutes', '2 hours', '7 days')
    """
    if seconds > 10 * 365 * 86400:
        return "more than ten years"
    for unit, name in ((86400, "days"), (3600, "hours")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:,.0f} {name}"
    return f"{max(1.0, seconds / 60):.0f} minutes"


def _in_words(error: Exception) -> str:
    import requests
    import urllib3

    if isinstance(error, (requests.Timeout, TimeoutError, urllib3.exceptions.TimeoutError)):
        return "the server does not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection to the server, or it broke off"
    return "the connection broke off"


def _user_agent() -> str:
    from nutridiary import __version__

    return f"nutridiary/{__version__}"
