"""How often a token may be tried: each wrong one makes the next wait, here and everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable

_FREE = 3
_LONGEST = 60.0
_FORGOTTEN_AFTER = 900.0
# Everybody together; a few people may mistype at the same time.
_FREE_OVERALL = 20
_MOST_ADDRESSES = 10_000


class Attempts:
    """Wrong tokens, by the address they came from and overall.

    Examples
    --------
    >>> attempts = Attempts(clock=lambda: 0.0)
    >>> [attempts.wrong("192.0.2.1") for _ in range(6)]
    [0.0, 0.0, 0.0, 1.0, 2.0, 4.0]
    >>> attempts.wait("192.0.2.1"), attempts.wait("192.0.2.2")
    (4.0, 0.0)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count from now on."""
        self._clock = clock
        # How many, when the last one was, until when the next one waits.
        self._by_address: dict[str, tuple[int, float, float]] = {}
        self._overall = (0, 0.0, 0.0)

    def wait(self, address: str) -> float:
        """Return how long an address must wait before its next try. [s]"""
        own = self._by_address.get(address, (0, 0.0, 0.0))
        return max(0.0, own[2] - self._clock(), self._overall[2] - self._clock())

    def wrong(self, address: str) -> float:
        """Count a wrong token, and return how long the address must wait now. [s]"""
        if len(self._by_address) >= _MOST_ADDRESSES:
            self._forget_old()
        self._by_address[address] = self._counted(self._by_address.get(address, (0, 0.0, 0.0)), _FREE)
        self._overall = self._counted(self._overall, _FREE_OVERALL)
        return self.wait(address)

    def right(self, address: str) -> None:
        """Forget what an address tried before."""
        self._by_address.pop(address, None)

    def _counted(self, before: tuple[int, float, float], free: int) -> tuple[int, float, float]:
        now = self._clock()
        count = (before[0] if now - before[1] < _FORGOTTEN_AFTER else 0) + 1
        pause = min(_LONGEST, 2.0 ** min(count - free - 1, 10)) if count > free else 0.0
        return count, now, now + pause

    def _forget_old(self) -> None:
        now = self._clock()
        kept = {where: said for where, said in self._by_address.items() if now - said[1] < _FORGOTTEN_AFTER}
        # Where that many are at it, those overall count.
        self._by_address = kept if len(kept) < _MOST_ADDRESSES else {}
