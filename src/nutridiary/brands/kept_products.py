"""Answers of Open Food Facts that are kept, and the count of what was asked for in the last minute.

Both lie in one SQLite file of the user's cache folder, so that every run of this user counts. Where it cannot be
written, answers and counts last as long as the program.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from nutridiary.user_files import user_cache_folder

DAYS_KEPT = 30.0
DAYS_KEPT_OF_NONE = 1.0
"""How long it counts that a product is not known: somebody may enter it tomorrow."""
_DAY, _MINUTE = 86400.0, 60.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (gtin INTEGER PRIMARY KEY, body BLOB NOT NULL, day TEXT NOT NULL,
    until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS call (at REAL NOT NULL);
"""


class Kept(NamedTuple):
    """An answer that was kept, and the day it came."""

    body: bytes
    day: str


class KeptProducts:
    """What is kept. Damaged files and full disks are no reason not to go on."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an open database with the tables in it."""
        self._connection = connection
        self._turns: list[float] = []  # taken while the file cannot be written

    @classmethod
    def open(cls, path: Path | None = None) -> KeptProducts:
        """Open the user's file, or one in memory where there can be none."""
        place = user_cache_folder() / "open_food_facts.sqlite" if path is None else path
        for where in (place, None):
            with contextlib.suppress(OSError, sqlite3.Error):
                if where is not None:
                    where.parent.mkdir(parents=True, exist_ok=True)
                    where.touch(mode=0o600)
                connection = sqlite3.connect(where or ":memory:", timeout=5.0, isolation_level=None)
                connection.executescript(_SCHEMA)
                connection.execute("SELECT count(*) FROM answer").fetchone()
                return cls(connection)
        raise AssertionError("a database in memory can always be opened")

    def answer(self, gtin: int, now: float) -> Kept | None:
        """Return what was answered about a product, while it counts."""
        with _WhateverHappens(self._connection):
            row = self._connection.execute(
                "SELECT body, day FROM answer WHERE gtin = ? AND until > ? AND until <= ?",
                (gtin, now, now + DAYS_KEPT * _DAY),  # a clock that was wrong once keeps nothing for ever
            ).fetchone()
            return None if row is None else Kept(bytes(row[0]), str(row[1]))
        return None

    def keep(self, gtin: int, body: bytes, day: str, now: float, *, is_found: bool) -> None:
        """Keep an answer."""
        until = now + (DAYS_KEPT if is_found else DAYS_KEPT_OF_NONE) * _DAY
        with _WhateverHappens(self._connection):
            self._connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", (gtin, body, day, until))

    def forget(self, gtin: int) -> None:
        """Drop an answer that cannot be read."""
        with _WhateverHappens(self._connection):
            self._connection.execute("DELETE FROM answer WHERE gtin = ?", (gtin,))

    def turn(self, now: float, most: int) -> float:
        """Take one of the `most` turns of a minute and return 0, or how long to wait for the next. [s]"""
        with _WhateverHappens(self._connection):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.execute("DELETE FROM call WHERE at <= ? OR at > ?", (now - _MINUTE, now))
                used, first = self._connection.execute("SELECT count(*), min(at) FROM call").fetchone()
                if used >= most:
                    return max(float(first) + _MINUTE - now, 0.01)
                self._connection.execute("INSERT INTO call VALUES (?)", (now,))
                return 0.0
            finally:
                self._connection.execute("COMMIT")
        self._turns = [at for at in self._turns if now - _MINUTE < at <= now]
        if len(self._turns) >= most:
            return max(self._turns[0] + _MINUTE - now, 0.01)
        self._turns.append(now)
        return 0.0


class _WhateverHappens:
    """Goes on where the file is damaged, full or locked; who keeps it locked is waited for once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA busy_timeout = 0")
        return isinstance(error, sqlite3.Error)
