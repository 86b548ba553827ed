"""How many calls were made with a key, so that its limit is known before a call is refused.

The count is kept on disk for every process of the user. Keys are told apart by a salted hash: the file
does not say which they are.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from nutridiary.fdc.api.failures import LimitReachedError
from nutridiary.fdc.api.kept_file import KeptFile
from nutridiary.fdc.api.key import KEY_ADVICE, ApiKey
from nutridiary.fdc.api.patience import Clock
from nutridiary.user_files import user_cache_folder

HOUR, DAY = 3600.0, 86400.0
# https://fdc.nal.usda.gov/api-guide, "Rate Limits", and https://api.data.gov/docs/developer-manual: a
# rolling hour; the demonstration key also has a limit of a day, and both are counted by address.
CALLS_AN_HOUR, DEMO_CALLS_AN_HOUR, DEMO_CALLS_A_DAY = 1000, 30, 50
_MOST_LIMIT = 1_000_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS salt (salt BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS call (key TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS call_by_key ON call (key, at);
CREATE TABLE IF NOT EXISTS heard (key TEXT PRIMARY KEY, an_hour INTEGER, remaining INTEGER, at REAL NOT NULL,
    last_call INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS closed (key TEXT PRIMARY KEY, until REAL NOT NULL);
"""

# SQLite lets anything stand in any column: what a failing disk made of the file must not pass for a count.
_DAMAGED = """
SELECT 1 FROM salt WHERE typeof(salt) != 'blob'
UNION ALL SELECT 1 FROM call WHERE typeof(at) != 'real'
UNION ALL SELECT 1 FROM heard WHERE typeof(at) != 'real' OR typeof(last_call) != 'integer'
    OR typeof(an_hour) NOT IN ('integer', 'null') OR typeof(remaining) NOT IN ('integer', 'null')
UNION ALL SELECT 1 FROM closed WHERE typeof(until) != 'real' LIMIT 1
"""


class Left(NamedTuple):
    """How many calls can be made now, of how many in an hour, and when the next can be if none."""

    calls: int
    an_hour: int
    next_at: float
    why: str


class CallLedger:
    """Counts the calls of one key.

    Parameters
    ----------
    key : ApiKey
    clock : Clock
    path : pathlib.Path, optional
        By default in the user's cache folder.
    """

    def __init__(self, key: ApiKey, clock: Clock, path: Path | None = None) -> None:
        """Open the file of counts."""
        self._clock, self._is_demo = clock, key.is_demo
        self._file = KeptFile(path or user_cache_folder() / "fdc_calls.sqlite", _SCHEMA, "the number of calls")
        if self._file.rows(_DAMAGED):
            self._file.start_anew()
        self._key = key.fingerprint(self._salt())

    @property
    def remark(self) -> str:
        """Why calls cannot be counted across runs; empty while they can."""
        return self._file.remark

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def left(self) -> Left:
        """Return how many calls can be made now."""
        now = self._clock.now()
        calls = self._file.rows("SELECT rowid, at FROM call WHERE key = ? ORDER BY at", (self._key,))
        # A clock that was put back makes calls of the future: they count as made just now.
        times = [min(at, now) for _, at in calls if now - DAY < at < now + HOUR]
        hour = [at for at in times if at > now - HOUR]
        an_hour, remaining, heard_at, last_call = self._heard(now)
        choices = [Left(an_hour - len(hour), an_hour, _free_at(hour, an_hour, HOUR, now), f"{an_hour:,} calls an hour")]
        if self._is_demo:
            free = _free_at(times, DEMO_CALLS_A_DAY, DAY, now)
            choices.append(Left(DEMO_CALLS_A_DAY - len(times), an_hour, free, f"{DEMO_CALLS_A_DAY} calls a day"))
        if remaining is not None:
            since = sum(row > last_call for row, _ in calls)
            gone = sum(heard_at - HOUR < at <= now - HOUR for at in times)
            told = "what the server says is left"
            choices.append(Left(remaining - since + gone, an_hour, heard_at + HOUR, told))
        for (until,) in self._file.rows("SELECT until FROM closed WHERE key = ? AND until > ?", (self._key, now)):
            choices.append(Left(0, an_hour, min(until, now + DAY), "the wait the server asked for"))
        fewest = min(choices, key=lambda each: (each.calls, -each.next_at))
        return fewest._replace(calls=max(0, fewest.calls))

    def take(self) -> None:
        """Count a call that is about to be made.

        Raises
        ------
        LimitReachedError
            If it would be one too many; nothing is counted then.
        """
        seen: list[Left] = []

        def count(connection: sqlite3.Connection) -> None:
            seen.append(self.left())  # while nobody else can take it
            if seen[-1].calls:
                now = self._clock.now()
                connection.execute("DELETE FROM call WHERE at < ? OR at > ?", (now - DAY, now + HOUR))
                connection.execute("INSERT INTO call VALUES (?, ?)", (self._key, now))

        if not self._file.write(count):
            self._file.use_memory()  # other processes are not counted then
            self._file.write(count)
        if not seen[-1].calls:
            raise LimitReachedError(self.words(seen[-1]), advice=KEY_ADVICE if self._is_demo else "")

    def words(self, left: Left) -> str:
        """Say which limit is reached, and until when."""
        return f"the limit of this key is reached ({left.why}) until {self._clock.at(left.next_at)}"

    def hear(self, headers: Mapping[str, str], *, closed_for: float | None = None) -> None:
        """Take in what the server says of the limit; `closed_for` is how long it asks not to be called. [s]"""
        limit, remaining = _count(headers, "X-RateLimit-Limit"), _count(headers, "X-RateLimit-Remaining")
        if limit is None and remaining is None and closed_for is None:
            return
        now = self._clock.now()

        def remember(connection: sqlite3.Connection) -> None:
            if limit is not None or remaining is not None:
                last = connection.execute("SELECT max(rowid) FROM call").fetchone()[0] or 0
                row = (self._key, limit or None, remaining, now, last)
                connection.execute("INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?, ?)", row)
            if closed_for is not None:
                connection.execute("INSERT OR REPLACE INTO closed VALUES (?, ?)", (self._key, now + closed_for))

        self._file.write(remember)

    def _heard(self, now: float) -> tuple[int, int | None, float, int]:
        """Return the limit of an hour, how many calls the server said were left, when, and after which call."""
        assumed = DEMO_CALLS_AN_HOUR if self._is_demo else CALLS_AN_HOUR
        sql = "SELECT an_hour, remaining, at, last_call FROM heard WHERE key = ?"
        rows = self._file.rows(sql, (self._key,))
        if not rows or not now - HOUR < rows[0][2] <= now + 1:
            return assumed, None, 0.0, 0
        an_hour, remaining, at, last_call = rows[0]
        return an_hour or assumed, remaining, at, last_call

    def _salt(self) -> bytes:
        def draw(connection: sqlite3.Connection) -> None:
            if not connection.execute("SELECT 1 FROM salt").fetchone():
                connection.execute("INSERT INTO salt VALUES (?)", (os.urandom(16),))

        self._file.write(draw)
        rows = self._file.rows("SELECT salt FROM salt")
        return bytes(rows[0][0]) if rows else os.urandom(16)


def _free_at(times: list[float], most: int, window: float, now: float) -> float:
    """Return when the next call fits, given the sorted times of those made within the window."""
    return times[-most] + window if len(times) >= most else now


def _count(headers: Mapping[str, str], name: str) -> int | None:
    """Return a number of calls that the server states; None where it states none that can be."""
    written = headers.get(name, "").strip()
    if not (written.isascii() and written.isdigit() and len(written) < 8):
        return None
    return min(int(written), _MOST_LIMIT)
