"""Whose turn it is: who waits for a worker gets one, and nobody keeps the others waiting for long.

What somebody waits for goes before what is only worked out in advance; of those who wait, whoever has the fewest steps
under way comes first, then whose last turn is longest ago, then who came first.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(eq=False)
class _Waiting(Generic[Thing]):
    whose: str
    in_advance: bool
    turn: asyncio.Future[Thing]


class Turns(Generic[Thing]):
    """Things of which each can be had by one at a time."""

    def __init__(self, things: list[Thing], *, most_each: int = 0) -> None:
        """Take the things, and how many of them one person can have at a time (0: all)."""
        self._free = list(things)
        self._most_each = most_each or len(things)
        # What is worked out in advance never takes the last one: somebody may come.
        self._most_in_advance = max(1, len(things) - 1)
        self._in_advance = 0
        self._had: Counter[str] = Counter()
        self._last: dict[str, int] = {}
        self._number = 0
        self._waiting: list[_Waiting[Thing]] = []

    async def take(self, whose: str, *, in_advance: bool = False) -> Thing:
        """Wait for a thing, and have it until `give_back`."""
        turn: asyncio.Future[Thing] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(whose, in_advance, turn)
        self._waiting.append(waiting)
        self._hand_out()
        try:
            return await turn
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif turn.done() and not turn.cancelled():
                self.give_back(turn.result(), whose, in_advance=in_advance)
            raise

    def give_back(self, thing: Thing, whose: str, *, in_advance: bool = False) -> None:
        """Let the next one have a thing."""
        self._had[whose] -= 1
        if self._had[whose] <= 0:
            del self._had[whose]
        self._in_advance -= in_advance
        self._free.append(thing)
        self._hand_out()

    def _hand_out(self) -> None:
        if not self._waiting:
            self._last.clear()
        while self._free:
            able = [one for one in self._waiting if self._may_have(one)]
            if not able:
                return
            # Of equals, the first one in the list is who came first.
            first = min(able, key=lambda one: (one.in_advance, self._had[one.whose], self._last.get(one.whose, 0)))
            self._waiting.remove(first)
            if first.turn.done():  # given up meanwhile
                continue
            self._had[first.whose] += 1
            self._number += 1
            self._last[first.whose] = self._number
            self._in_advance += first.in_advance
            first.turn.set_result(self._free.pop())

    def _may_have(self, one: _Waiting[Thing]) -> bool:
        if one.in_advance and self._in_advance >= self._most_in_advance:
            return False
        return self._had[one.whose] < self._most_each
