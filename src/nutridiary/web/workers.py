"""The processes that work on diaries, so that the server never does: each has a time and a memory to keep to.

A step that takes too long is ended with its process, and another process takes its place; a file that would take all
memory ends in a message. What a step raises on purpose reaches the reader; of anything else only the kind of error is
told, because its text could hold what somebody ate.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from nutridiary.errors import NutridiaryError
from nutridiary.web.asked import Asked
from nutridiary.web.processes import (
    SEARCH,
    DiedError,
    Limits,
    NotBegunError,
    OutOfTimeError,
    ProgramError,
    Worker,
    context_of_workers,
    job_of,
)
from nutridiary.web.settings import MEGABYTE, Settings
from nutridiary.web.steps.foods import FoundFoods
from nutridiary.web.turns import Turns

__all__ = ["ProgramError", "Workers"]

_LOG = logging.getLogger(__name__)
# One process more, for what a person waits for at every key: a search never stands behind a long diary.
_QUICK_SECONDS = 10.0
_SHORT = "Try a shorter diary, or the command line, which has no such limit."


class Workers:
    """Processes that perform `steps`, and one that searches foods."""

    def __init__(self, settings: Settings) -> None:
        """Say how many; they begin with `start`."""
        self._settings = settings
        self._all: list[Worker] = []
        self._is_stopped = False
        self._threads = ThreadPoolExecutor(settings.workers + 1, "worker")
        self._turns: Turns[Worker] = Turns([])
        self._quick: Turns[Worker] = Turns([])

    def start(self, folder: Path) -> None:
        """Begin the processes, which may write in `folder` only. The server does not wait for them."""
        settings, context = self._settings, context_of_workers()
        limits = Limits(settings.most_memory, settings.most_rows, str(folder))
        working = [Worker(context, limits) for _ in range(settings.workers)]
        quick = Worker(context, replace(limits, niceness=0))  # who types waits for it; it steps back behind nobody
        self._all = [*working, quick]
        # Where other people come too, nobody gets all of them.
        most_each = settings.workers if settings.token is None else max(1, settings.workers - 1)
        self._turns, self._quick = Turns(working, most_each=most_each), Turns([quick])
        for worker in self._all:
            self._threads.submit(worker.start)

    def stop(self) -> None:
        """End the processes, whatever they work on."""
        self._is_stopped = True
        for worker in self._all:
            worker.give_up()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.stop()

    def forget(self) -> None:
        """Let no process remember words of a diary that was forgotten: each keeps what it worked out in its memory."""
        if not self._is_stopped:
            for worker in self._all:
                self._threads.submit(worker.renew)

    async def perform(
        self,
        step: str,
        folder: Path,
        asked: Asked,
        arguments: tuple[object, ...],
        whose: str,
        *,
        in_advance: bool,
        begun: Callable[[], None],
    ) -> bytes:
        """Perform a step of `steps.STEPS` on the diary in `folder`, and return what it shows, pickled.

        Parameters
        ----------
        step, folder, asked, arguments
            What is done.
        whose : str
            Of those who wait, each gets a turn.
        in_advance : bool
            Nobody waits for it yet.
        begun : callable
            Called when its turn has come.

        Raises
        ------
        NutridiaryError
            What the step says to the reader; or that it took more time or memory than it may.
        """
        job = job_of(step, folder, asked, arguments)
        return await self._done(
            self._turns, job, step, self._settings.most_seconds, whose=whose, in_advance=in_advance, begun=begun
        )

    async def search(self, text: str, top: int, data_type: str = "") -> FoundFoods:
        """Search foods, as `steps.foods.search`."""
        made = await self._done(self._quick, job_of(SEARCH, text, top, data_type), SEARCH, _QUICK_SECONDS)
        found: FoundFoods = pickle.loads(made)  # noqa: S301 - made by a process of our own
        return found

    async def _done(
        self,
        turns: Turns[Worker],
        job: bytes,
        step: str,
        most_seconds: float,
        *,
        whose: str = "",
        in_advance: bool = False,
        begun: Callable[[], None] = lambda: None,
    ) -> bytes:
        worker = await turns.take(whose, in_advance=in_advance)
        begun()
        asking = asyncio.get_running_loop().run_in_executor(self._threads, worker.ask, job, most_seconds)

        def give_back(done: asyncio.Future[tuple[bool, bytes]]) -> None:
            turns.give_back(worker, whose, in_advance=in_advance)
            if not done.cancelled():
                done.exception()  # seen, also where nobody waits any more

        asking.add_done_callback(give_back)
        try:
            is_done, made = await asyncio.shield(asking)
        except asyncio.CancelledError:
            if not asking.done():
                worker.give_up()
            raise
        except OutOfTimeError as error:
            raise NutridiaryError(
                f"This took longer than the {most_seconds:g} seconds it may take here, and was ended. {_SHORT}"
            ) from error
        except DiedError as error:
            _LOG.error("a worker ended while it performed '%s' (exit code %s)", step, error.exit_code)
            raise NutridiaryError(
                "This was ended before it was done, most likely because it needs more memory than the "
                f"{self._settings.most_memory // MEGABYTE:,} MB it may take here. {_SHORT}"
            ) from error
        except NotBegunError as error:
            _LOG.error("no worker could be begun for '%s' (%s)", step, type(error.__cause__).__name__)
            raise ProgramError(
                "The server has no process that could work on this. Whoever runs it finds the reason in its log."
            ) from error
        if not is_done:
            said: NutridiaryError = pickle.loads(made)  # noqa: S301 - made by a process of our own
            raise said
        return made
