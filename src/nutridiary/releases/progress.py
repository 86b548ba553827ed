"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much: 0 where that is not known."""


def untold(step: str, done: int, of: int) -> None:
    """Tell nobody."""


def in_bytes(count: int) -> str:
    """Return a number of bytes as people read it.

    Examples
    --------
    >>> in_bytes(430_000_000), in_bytes(3_411_617), in_bytes(2_000)
    ('430 MB', '3.4 MB', '2 kB')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6)):
        if count >= size:
            value = count / size
            return f"{value:.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"
    return f"{max(1, round(count / 1000)) if count else 0} kB"


def amount(step: str, done: int, of: int) -> str:
    """Return how much of a step is done, in words; nothing where there is nothing to count.

    Examples
    --------
    >>> amount("downloading a.zip", 120_000_000, 430_000_000), amount("reading labels", 5_000, 10_000)
    ('120 MB of 430 MB', '5,000 of 10,000')
    """
    counts_bytes = step.startswith(("downloading", "testing"))
    words = [in_bytes(count) if counts_bytes else f"{count:,}" for count in (done, of) if count]
    return " of ".join(words)
