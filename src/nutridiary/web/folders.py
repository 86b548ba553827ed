"""The one folder that everything of every diary lies in, for its owner only, and gone with the server.

A server that was killed leaves its folder behind. It holds a lock while it runs, so the next one sees that nobody
needs the folder any more, and removes it.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

from nutridiary.errors import NutridiaryError

_NAMES = "nutridiary-web-"
_LOCK = "lock"
_MADE_JUST_NOW = 60.0  # s; a folder without a lock may be one that another server makes at this moment


class PrivateFolder:
    """A folder for this server alone."""

    def __init__(self, parent: Path | None = None) -> None:
        """Make it in `parent`, or where the system keeps what is temporary, and remove those of servers that are gone.

        Raises
        ------
        NutridiaryError
            If no folder can be made there.
        """
        parent = parent or Path(tempfile.gettempdir())
        try:
            remove_abandoned(parent)
            self.path = Path(tempfile.mkdtemp(prefix=_NAMES, dir=parent)).resolve()
            self._lock: BufferedWriter = (self.path / _LOCK).open("wb")
        except OSError as error:
            raise NutridiaryError(
                f"{parent}: no folder can be made there ({error.strerror or error}). Name another one with --folder."
            ) from error
        _lock(self._lock)

    def hold(self) -> None:
        """Say that it is in use, and make it again if it is gone: what is old in such places is cleared away.

        Raises
        ------
        NutridiaryError
            If it cannot be made again.
        """
        try:
            for place in (self.path, self.path / _LOCK):
                os.utime(place)
        except FileNotFoundError:
            self._make_again()
        except OSError:  # full, or to be read only: what is to be written says so
            pass

    def _make_again(self) -> None:
        try:
            with suppress(FileExistsError):
                self.path.mkdir(mode=0o700)
            if not _is_ours(self.path):
                raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
            self._lock.close()
            self._lock = (self.path / _LOCK).open("wb")
        except OSError as error:
            raise NutridiaryError(
                f"No diary can be kept here at the moment ({error.strerror or error}). Whoever runs the server must "
                "look at the folder it was given, or start it again."
            ) from error
        _lock(self._lock)

    def free(self) -> int:
        """Return how much room there is. [bytes]"""
        return shutil.disk_usage(self.path).free

    def remove(self) -> None:
        """Remove it, with everything in it."""
        self._lock.close()
        shutil.rmtree(self.path, ignore_errors=True)


def remove_abandoned(parent: Path) -> None:
    """Remove the folders of servers that were killed before they could do so themselves."""
    for folder in parent.glob(f"{_NAMES}*"):
        with suppress(OSError):
            if _is_ours(folder) and _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def _is_abandoned(folder: Path) -> bool:
    lock = folder / _LOCK
    if not lock.exists():
        return time.time() - folder.stat().st_mtime > _MADE_JUST_NOW
    try:
        import fcntl
    except ImportError:
        # On Windows a file that somebody has open cannot be removed.
        lock.unlink()
        return True
    with lock.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _lock(held: BufferedWriter) -> None:
    with suppress(ImportError):
        import fcntl

        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
