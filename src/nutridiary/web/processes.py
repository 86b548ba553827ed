"""One process that works on diaries, and the way to talk to it: one job at a time, in a time and a memory of its own.

A process that takes too long, that dies or that is not needed any more is ended, and another takes its place. The
processes are forked from one that has loaded everything (`steps.warm`), so that a new one begins at once and they
share what they all know.
"""

from __future__ import annotations

import errno
import multiprocessing
import multiprocessing.util
import os
import pickle
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess, parent_process
from pathlib import Path
from typing import Any

from nutridiary.errors import NutridiaryError
from nutridiary.web import steps
from nutridiary.web.steps.limits import set_limits

SEARCH = "search"
"""The job that searches foods, and needs no diary."""

MOST_FILE = 2**30
"""That a worker may write into one file. [bytes]"""

_DONE, _SAID = b"+", b"-"
_STAYS, _LEAVES = b".", b"!"
_HAS_IT = b"?"
_BEGINS_WITHIN = 60.0  # s; the first one waits until everything is loaded
_SHORT = "Try a shorter diary, or the command line, which has no such limit."
# Libraries that calculate on every core at once only stand in each other's way here: each core has a process already.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class ProgramError(NutridiaryError):
    """An error of the program, not of a diary; its text says no more than that."""


class DiedError(Exception):
    """A process ended before it had done its job."""

    def __init__(self, exit_code: int | None) -> None:
        """Take the code it ended with."""
        super().__init__(exit_code)
        self.exit_code = exit_code


class NotBegunError(Exception):
    """No process could be begun."""


class OutOfTimeError(Exception):
    """A job took longer than it may."""


@dataclass(frozen=True)
class Limits:
    """What a process may take.

    Attributes
    ----------
    memory : int
        [bytes]
    rows : int
        Of one diary.
    folder : str
        Where it may write: nothing of a diary lies elsewhere.
    niceness : int
        How far it steps back behind the process that answers.
    """

    memory: int
    rows: int
    folder: str
    niceness: int = 5


def context_of_workers() -> BaseContext:
    """Return how processes are begun here: forked from one that is ready, where the system knows that."""
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    # Where they meet is no place for diaries, and must not go with them: its path is short, and made first.
    multiprocessing.util.get_temp_dir()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["nutridiary.web.steps.warm"])
    return context


class Worker:
    """One process, which another takes the place of when it ends."""

    def __init__(self, context: BaseContext, limits: Limits) -> None:
        """Say how it is to be begun; it begins with `start`, or with its first job."""
        self._context, self._limits = context, limits
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._is_given_up = False
        self._has_worked = self._is_outdated = False
        self._in_use = threading.Lock()
        # It may be beginning in one thread when the first job comes in another.
        self._lock = threading.RLock()

    def start(self) -> None:
        """Begin the process, unless it is ready."""
        with self._lock:
            if not self._is_ready():
                self._start()

    def _is_ready(self) -> bool:
        return self._process is not None and not self._is_given_up and self._process.is_alive()

    def _start(self) -> None:
        self._end()
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._limits), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self._process, self._pipe, self._is_given_up = process, ours, False
        self._has_worked = self._is_outdated = False

    def ask(self, job: bytes, most_seconds: float) -> tuple[bool, bytes]:
        """Have a job done, in the thread that calls; return whether it was done, and what is said, both pickled.

        Raises
        ------
        OutOfTimeError, DiedError
            Another process has taken the place of this one then.
        NotBegunError
            There is none.
        """
        with self._in_use:
            return self._asked(job, most_seconds)

    def _asked(self, job: bytes, most_seconds: float) -> tuple[bool, bytes]:
        if self._is_outdated:
            self._replace()
        try:
            pipe = self._handed_over(job)
            self._has_worked = True
            if not pipe.poll(most_seconds):
                raise OutOfTimeError
            reply = pipe.recv_bytes()
        except (EOFError, OSError) as error:
            code = self._exit_code()
            self._replace()
            raise DiedError(code) from error
        except OutOfTimeError:
            self._replace()
            raise
        if reply[1:2] == _LEAVES or self._is_outdated:
            self._replace()
        return reply[:1] == _DONE, reply[2:]

    def renew(self) -> None:
        """Put another process in the place of one that has worked, at once or after its job: it remembers nothing."""
        if not self._has_worked:
            return
        self._is_outdated = True
        if self._in_use.acquire(blocking=False):
            try:
                self._replace()
            finally:
                self._in_use.release()

    def give_up(self) -> None:
        """End the process, whatever it works on; may be called from another thread than `ask`."""
        self._is_given_up = True
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        """End the process; none takes its place."""
        self._end()

    def _handed_over(self, job: bytes) -> Connection:
        """Return the pipe to a process that has the job. One that died before that, idle, is no matter of the job."""
        for last in (False, True):
            try:
                self.start()
            except (EOFError, OSError) as error:
                raise NotBegunError from error
            assert self._pipe is not None
            try:
                self._pipe.send_bytes(job)
                if self._pipe.poll(_BEGINS_WITHIN) and self._pipe.recv_bytes() == _HAS_IT:
                    return self._pipe
            except (EOFError, OSError):
                pass
            if self._is_given_up:
                raise DiedError(self._exit_code())
            if not last:
                self._replace()
        raise NotBegunError

    def _exit_code(self) -> int | None:
        if self._process is None:
            return None
        self._process.join(1.0)
        return self._process.exitcode

    def _replace(self) -> None:
        # Where even that fails (no memory is left at all), the next job tries again.
        with suppress(OSError, EOFError), self._lock:
            self._start()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(5.0)
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


def job_of(name: str, *arguments: Any) -> bytes:
    """Return a job as a process takes it: a step of `steps.STEPS`, or `SEARCH`."""
    return pickle.dumps((name, arguments), protocol=pickle.HIGHEST_PROTOCOL)


def _work(pipe: Connection, limits: Limits) -> None:
    """Do one job after the other, until nobody asks any more."""
    _keep_to(limits)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            name, arguments = pickle.loads(pipe.recv_bytes())  # noqa: S301 - of the process that began this one
            pipe.send_bytes(_HAS_IT)
            done, reply = _reply_to(name, arguments)
            leaves = _has_grown(limits)
            pipe.send_bytes((_DONE if done else _SAID) + (_LEAVES if leaves else _STAYS) + reply)
            if leaves:
                return


def _reply_to(name: str, arguments: tuple[Any, ...]) -> tuple[bool, bytes]:
    try:
        try:
            return True, pickle.dumps(_made(name, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            said = NutridiaryError(f"This needs more memory than it may take here. {_SHORT}")
        except RecursionError:
            said = NutridiaryError("This is nested more deeply than any diary is, and is not read.")
        except NutridiaryError as error:
            said = _that_travels(error)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            said = NutridiaryError(
                "There is no room left for what is made of this diary. Forget diaries that are not needed any more, or "
                f"tell whoever runs the server. {_SHORT}"
            )
    except Exception as error:
        said = _program_error(error, name)
    return False, pickle.dumps(said)


def _made(name: str, arguments: tuple[Any, ...]) -> Any:
    if name == SEARCH:
        from nutridiary.web.steps.foods import search

        return search(*arguments)
    return steps.perform(name, *arguments)


def _that_travels(error: NutridiaryError) -> NutridiaryError:
    """Return an error that can be sent to another process: of its own kind, or with its words at least."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:
        return NutridiaryError(str(error))
    return error


def _program_error(error: Exception, name: str) -> ProgramError:
    """Say what kind of error it was and where in the program, and nothing of the diary."""
    place = error.__traceback__
    ours = place
    while place is not None:
        if "nutridiary" in Path(place.tb_frame.f_code.co_filename).parts:
            ours = place
        place = place.tb_next
    where = f"{Path(ours.tb_frame.f_code.co_filename).name}:{ours.tb_lineno}" if ours else "unknown place"
    return ProgramError(
        f"An error of the program ({type(error).__name__} at {where}, in '{name}'), not of your file. "
        "Your diary is as it was; please report these words."
    )


def _keep_to(limits: Limits) -> None:
    """Give this process its limits, before it sees a diary."""
    os.umask(0o077)
    tempfile.tempdir = limits.folder
    set_limits(rows=limits.rows)
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    with suppress(AttributeError, OSError):  # on Windows, or where a service may not
        os.nice(limits.niceness)
    try:
        import resource
    except ImportError:  # there are no such limits on Windows
        return
    # Memory a process asks for itself; libraries mapped into it do not count.
    for kind, most in (("RLIMIT_DATA", limits.memory), ("RLIMIT_FSIZE", MOST_FILE), ("RLIMIT_CORE", 0)):
        with suppress(AttributeError, ValueError, OSError):  # a system without it, or that allows less already
            resource.setrlimit(getattr(resource, kind), (most, most))


def _end_with_the_server() -> None:
    """End this process when the server has ended, however it ended."""
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(0)


def _has_grown(limits: Limits) -> bool:
    """Tell whether this process has once held so much that a fresh one is better."""
    try:
        import resource
    except ImportError:
        return False
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return peak > limits.memory // 2
