"""One update at a time: two would clear away each other's unfinished work."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nutridiary.errors import FoodDataError

_within_process = threading.Lock()


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock file at `path` within this block.

    The system lets go of it when the process ends, however it ends, so a lock is never left behind; the file
    stays, and tells the process id of whoever held it last.

    Raises
    ------
    FoodDataError
        If another process, or thread, holds it.
    OSError
        If the file cannot be written.
    """
    if not _within_process.acquire(blocking=False):
        raise _busy(str(os.getpid()))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        with os.fdopen(handle, "r+b") as file:
            _hold(file)
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
            yield
    finally:
        _within_process.release()


def _hold(file: BinaryIO) -> None:
    try:
        if os.name == "nt":
            import msvcrt

            # Beyond the text, so that the other process can read who holds it.
            file.seek(1024)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            file.seek(0)
        else:
            import fcntl

            # Of the process: not handed on to the processes it starts, which may outlive it.
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.seek(0)
        raise _busy(file.read(20).decode("ascii", "replace").strip() or "unknown") from None


def _busy(holder: str) -> FoodDataError:
    return FoodDataError(
        f"Another update of food data is at work (process {holder}). Wait until it has ended, then try again."
    )
