"""A small private SQLite file of the user, which may be damaged, locked or read-only and breaks nothing."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from nutridiary.errors import FoodDataError

LOCK_SECONDS = 2.0
"""Longest wait for another process that writes at the same moment."""


class KeptFile:
    """An SQLite file, or its stand-in in memory where there can be none.

    Parameters
    ----------
    path : pathlib.Path
    schema : str
        Statements that make its tables where they are not there.
    what : str
        What is kept in it, for remarks.

    Attributes
    ----------
    remark : str
        Why nothing is kept, once that is so; empty while all is well.
    """

    def __init__(self, path: Path, schema: str, what: str) -> None:
        """Open the file."""
        self.path, self.what, self.remark = path, what, ""
        self._schema = schema
        self._connection = self._opened()

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied to another process: that opens its own."""
        raise TypeError("An open file is not pickled.")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; none where the file turns out to be damaged.

        Raises
        ------
        FoodDataError
            If the file was closed, or was opened by another thread.
        """
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            self._take_in(error)
            return []

    def write(self, change: Callable[[sqlite3.Connection], object]) -> bool:
        """Make changes together, with nobody else writing; return whether they were made.

        What goes wrong undoes them and is remarked, not raised.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            change(self._connection)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._undo()
            self._take_in(error)
            return False
        except BaseException:
            self._undo()
            raise
        return True

    def use_memory(self) -> None:
        """Go on without the file, for as long as this object lives."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        self._connection = self._memory()

    def _opened(self) -> sqlite3.Connection:
        for _ in range(2):
            try:
                return self._open_file()
            except sqlite3.OperationalError as error:
                self._remember(error)
                break
            except sqlite3.Error as error:  # no SQLite file, a damaged one, or one of another schema
                self._remember(error)
                with contextlib.suppress(OSError):
                    self.path.unlink()
                    self.remark = ""
            except OSError as error:
                self.remark = self._cannot(error.strerror or type(error).__name__)
                break
        return self._memory()

    def _memory(self) -> sqlite3.Connection:
        memory = sqlite3.connect(":memory:", isolation_level=None)
        memory.executescript(self._schema)
        return memory

    def _open_file(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.path.exists():
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(self.path, timeout=LOCK_SECONDS, isolation_level=None)
        try:
            # What a power cut damages is made anew: not worth a wait for the disk at every change.
            connection.execute("PRAGMA synchronous = OFF")
            mark = zlib.crc32(self._schema.encode()) >> 1
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if not found:
                connection.executescript(f"BEGIN IMMEDIATE; {self._schema} PRAGMA user_version = {mark}; COMMIT;")
            elif found != mark:
                raise sqlite3.DatabaseError("of another version of the program")
        except BaseException:
            connection.close()
            raise
        return connection

    def _undo(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")

    def _take_in(self, error: sqlite3.Error) -> None:
        """Begin a new file where the old one is damaged; remark what else is wrong."""
        if isinstance(error, sqlite3.ProgrammingError):
            raise FoodDataError("This client is closed, or belongs to another thread: make another one.") from None
        if type(error) is sqlite3.DatabaseError:  # the others are kinds of it: locked, read-only, full
            self.start_anew()
        else:
            self._remember(error)
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                # Somebody keeps it locked: it was waited for once, and is not for each of a thousand foods.
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("PRAGMA busy_timeout = 0")

    def start_anew(self) -> None:
        """Take a new file in place of a damaged one."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._connection = self._opened()

    def _remember(self, error: sqlite3.Error) -> None:
        self.remark = self.remark or self._cannot(str(error))

    def _cannot(self, reason: str) -> str:
        # No path: it may hold somebody's name, and what is remarked may stand in a report.
        return f"In the cache folder, {self.what} cannot be kept ({reason}). Nothing else depends on it."
