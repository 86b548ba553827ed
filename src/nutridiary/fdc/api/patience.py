"""How long is waited, and how often is asked again; nothing here waits without end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_SECONDS = 366 * 86400.0
"""A longer wait than a year in `Retry-After` is no wait but a mistake."""


@dataclass(frozen=True)
class Patience:
    """Bounds of every wait. [s]

    Attributes
    ----------
    connect, read : float
        Longest wait for a connection, and for the next bytes.
    call : float
        Longest that one call may take from end to end, however slowly it drips.
    total : float
        Longest for a call with everything that is asked again.
    together : float
        Longest for many calls in a row: no further one is begun after it.
    tries : int
        Most attempts of a call.
    first_wait, longest_wait : float
        The wait before the second attempt is drawn from 0 to `first_wait`, then to twice that and so
        on, up to `longest_wait` ("full jitter" [1]_): clients that failed together do not come back
        together. A server that asks for longer than `longest_wait` is not waited for.

    References
    ----------
    .. [1] M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    connect: float = 5.0
    read: float = 20.0
    call: float = 45.0
    total: float = 120.0
    together: float = 600.0
    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 60.0

    def wait_before(self, attempt: int, chance: Callable[[float, float], float]) -> float:
        """Return how long to wait before attempt number `attempt`, from 2. [s]

        Examples
        --------
        >>> [Patience().wait_before(attempt, max) for attempt in (2, 3, 4)]
        [1.0, 2.0, 4.0]
        """
        return chance(0.0, min(self.longest_wait, self.first_wait * 2 ** (attempt - 2)))


def _sleep(seconds: float) -> None:
    time.sleep(seconds)  # looked up when it is called, so that a test can stand in for it


@dataclass(frozen=True)
class Clock:
    """The time of day, a clock that never goes back, sleep, and chance; tests bring their own."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = _sleep
    chance: Callable[[float, float], float] = random.uniform

    def day(self) -> datetime:
        """Return the present moment, in the time zone of the machine."""
        return datetime.fromtimestamp(self.now(), UTC).astimezone()

    def at(self, moment: float) -> str:
        """Return a moment as people say it: the time today, with the day where it is another."""
        said = datetime.fromtimestamp(moment, UTC).astimezone()
        return f"{said:%H:%M}" if said.date() == self.day().date() else f"{said:%Y-%m-%d %H:%M}"


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the wait that a server asks for, as seconds or as a date; None where it asks for none. [s]

    Parameters
    ----------
    headers : mapping
        Of the answer. A date is held against the server's own `Date`, so that a clock that is
        wrong here does not matter.
    now : float
        Seconds since 1970, where the server does not say what time it is.

    References
    ----------
    RFC 9110, "HTTP Semantics", section 10.2.3.

    Examples
    --------
    >>> retry_after({"Retry-After": "7"}, 0)
    7.0
    >>> retry_after({"Retry-After": "Sun, 06 Nov 1994 08:50:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0)
    60.0
    >>> retry_after({"Retry-After": "soon"}, 0) is None
    True
    """
    written = headers.get("Retry-After", "").strip()
    if written.isascii() and written.isdigit() and len(written) < 12:
        wait = float(written)
    else:
        until = _moment(written)
        if until is None:
            return None
        served = _moment(headers.get("Date", ""))
        wait = max(0.0, until - (now if served is None else served))
    return wait if wait <= MOST_SECONDS else None


def _moment(written: str) -> float | None:
    """Return a date of HTTP as seconds since 1970."""
    try:
        read = parsedate_to_datetime(written)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
