"""The processes that work on diaries, so that the server never does: each has a time and a memory to keep to.

A step that takes too long is ended with its process, and another process takes its place; a file that would take all
memory ends in a message. What a step raises on purpose reaches the reader; of anything else only the kind of error is
told, because its text could hold what somebody ate.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
from concurrent.futures import TimeoutError as OutOfTime
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from nutridiary.errors import NutridiaryError
from nutridiary.web import steps
from nutridiary.web.asked import Asked
from nutridiary.web.settings import MEGABYTE, Settings

_LOG = logging.getLogger(__name__)
# One process more, for what a person waits for at every key: a search never stands behind a long diary.
_QUICK_SECONDS = 10.0


class ProgramError(NutridiaryError):
    """An error of the program, not of a diary; its text says no more than that."""


class Workers:
    """Processes that perform `steps`, and one that searches foods."""

    def __init__(self, settings: Settings) -> None:
        """Make the pools; their processes begin with `start`."""
        self._settings = settings
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["nutridiary.web.steps.warm"])
        limits = (settings.most_memory,)
        self._pool = ProcessPool(settings.workers, context=context, initializer=_prepare, initargs=limits)
        self._quick = ProcessPool(1, context=context, initializer=_prepare, initargs=limits)

    def start(self) -> None:
        """Begin the processes, so that the first diary does not wait for them."""
        for _ in range(self._settings.workers):
            self._pool.schedule(steps.warm_up)
        self._quick.schedule(steps.warm_up)

    def stop(self) -> None:
        """End the processes, whatever they work on."""
        for pool in (self._pool, self._quick):
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    async def perform(self, step: str, folder: Path, asked: Asked, arguments: tuple[Any, ...] = ()) -> Any:
        """Perform a step of `steps.STEPS` on the diary in `folder`, and return what it shows.

        Raises
        ------
        NutridiaryError
            What the step says to the reader; or that it took more time or memory than it may.
        """
        most = self._settings.most_seconds
        future = self._pool.schedule(_perform, args=[step, str(folder), asked, arguments], timeout=most)
        return await self._done(future, step, most)

    async def search(self, text: str, top: int) -> Any:
        """Search foods, as `steps.foods.search`."""
        future = self._quick.schedule(_search, args=[text, top], timeout=_QUICK_SECONDS)
        return await self._done(future, "search", _QUICK_SECONDS)

    async def _done(self, future: Any, step: str, most: float) -> Any:
        try:
            done, value = await asyncio.wrap_future(future)
        except OutOfTime as error:
            raise NutridiaryError(
                f"This took longer than the {most:g} seconds it may take here, and was ended. "
                "Try a shorter diary, or the command line, which has no such limit."
            ) from error
        except ProcessExpired as error:
            _LOG.error("a worker ended while it performed '%s' (exit code %s)", step, error.exitcode)
            raise _too_large(self._settings.most_memory) from error
        if not done:
            raise value
        return value


def _too_large(most_memory: int) -> NutridiaryError:
    return NutridiaryError(
        f"This needs more than the {most_memory // MEGABYTE:,} MB of memory it may take here, and was ended. "
        "Try a shorter diary, or the command line, which has no such limit."
    )


def _prepare(most_memory: int) -> None:
    """Give a process its limits, before it sees a diary."""
    os.umask(0o077)
    try:
        import resource
    except ImportError:  # there are no such limits on Windows
        return
    # Memory a process asks for itself; libraries mapped into it do not count.
    resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _perform(step: str, folder: str, asked: Asked, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, steps.perform(step, Path(folder), asked, arguments)
    except NutridiaryError as error:
        return False, error
    except MemoryError:
        return False, NutridiaryError(
            "This needs more memory than it may take here. "
            "Try a shorter diary, or the command line, which has no such limit."
        )
    except Exception as error:
        return False, _program_error(error, step)


def _search(text: str, top: int) -> tuple[bool, Any]:
    try:
        from nutridiary.web.steps.foods import search

        return True, search(text, top)
    except NutridiaryError as error:
        return False, error
    except Exception as error:
        return False, _program_error(error, "search")


def _program_error(error: Exception, step: str) -> ProgramError:
    """Say what kind of error it was and where in the program, and nothing of the diary."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "unknown place"
    return ProgramError(
        f"An error of the program ({type(error).__name__} at {where}, in '{step}'), not of your file. "
        "Your diary is as it was; please report these words."
    )
