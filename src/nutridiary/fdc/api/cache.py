"""Answers that were fetched, kept on disk: the same question is not asked twice within its time.

A food's answer is kept by its number, not by the request it came with, so that it serves whatever it is
asked for with. Nothing of the key is kept, and of a search only a digest: what was searched for does
not stand in the file.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from nutridiary.fdc.answer_parts import published
from nutridiary.fdc.api.kept_file import KeptFile
from nutridiary.fdc.api.patience import Clock
from nutridiary.user_files import user_cache_folder

FOOD_DAYS, SEARCH_DAYS, UNKNOWN_DAYS = 30, 7, 1
"""How long a food's answer, a search, and the answer that there is no such food are taken as they are. [d]

Branded foods are published monthly, the others twice a year (https://fdc.nal.usda.gov/data-documentation):
a month is the pace of the fastest. What is found is soon known again; what is not found may be found tomorrow.
"""
MOST_KEPT_BYTES = 200 * 1024**2
"""Most that the answers may take, packed; what was used longest ago goes first."""
_SECONDS_A_DAY = 86400.0
_MOST_UNPACKED = 64 * 1024**2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (question TEXT PRIMARY KEY, kind TEXT NOT NULL, fetched REAL NOT NULL,
    used REAL NOT NULL, bytes INTEGER NOT NULL, content BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answer_by_use ON answer (used, bytes);
CREATE TABLE IF NOT EXISTS newest (kind TEXT PRIMARY KEY, published TEXT NOT NULL);
"""


class Kept(NamedTuple):
    """An answer that was kept, the day it was fetched, and whether it may be used as it is."""

    content: Any
    fetched: date
    is_fresh: bool


class AnswerCache:
    """Answers of one address.

    Parameters
    ----------
    address : str
        Of the API: answers of another one are others.
    clock : Clock
    path : pathlib.Path, optional
        By default in the user's cache folder.
    most_bytes : int
    """

    def __init__(
        self, address: str, clock: Clock, path: Path | None = None, *, most_bytes: int = MOST_KEPT_BYTES
    ) -> None:
        """Open the file."""
        self._address, self._clock, self._most = address, clock, most_bytes
        self._file = KeptFile(path or cache_file(), _SCHEMA, "fetched answers")

    @property
    def remark(self) -> str:
        """Why answers cannot be kept; empty while they can."""
        return self._file.remark

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def food(self, fdc_id: int, form: str) -> Kept | None:
        """Return the kept answer of a food; its content is None where there is no such food."""
        return self._kept(f"{form} food {fdc_id}", FOOD_DAYS)

    def keep_foods(self, answers: Mapping[int, Mapping[str, Any] | None], form: str) -> None:
        """Keep answers of foods by their numbers; None: there is no such food."""
        kept = [
            (f"{form} food {fdc_id}", "" if answer is None else _kind(answer), answer)
            for fdc_id, answer in answers.items()
        ]
        self._keep(kept, [answer for answer in answers.values() if answer is not None])

    def search(self, body: Mapping[str, Any]) -> Kept | None:
        """Return the kept answer of a search or a list."""
        return self._kept(_digest(body), SEARCH_DAYS)

    def keep_search(self, body: Mapping[str, Any], answer: Any, foods: list[Mapping[str, Any]]) -> None:
        """Keep the answer of a search or a list."""
        kinds = {_kind(food) for food in foods}
        self._keep([(_digest(body), kinds.pop() if len(kinds) == 1 else "", answer)], foods)

    def _kept(self, question: str, days: int) -> Kept | None:
        sql = "SELECT kind, fetched, used, content FROM answer WHERE question = ?"
        rows = self._file.rows(sql, (self._named(question),))
        if not rows:
            return None
        kind, fetched, used, packed = rows[0]
        try:
            unpacker = zlib.decompressobj()
            content = json.loads(unpacker.decompress(packed, _MOST_UNPACKED))
            day = datetime.fromtimestamp(fetched, UTC).astimezone().date()
            used = float(used)
        except (zlib.error, ValueError, TypeError, OverflowError, OSError, RecursionError):
            return None  # damaged: as if it had never been fetched
        now = self._clock.now()
        age = (now - fetched) / _SECONDS_A_DAY
        fresh = 0 <= age < (UNKNOWN_DAYS if content is None else days) and not self._outdated(kind, day)
        if used < now - _SECONDS_A_DAY:  # once a day is enough, and spares a write for every look
            sql, values = "UPDATE answer SET used = ? WHERE question = ?", (now, self._named(question))
            self._file.write(lambda connection: connection.execute(sql, values))
        return Kept(content, day, fresh)

    def _outdated(self, kind: str, fetched: date) -> bool:
        """Return whether foods of this data type were published since: a release came out in between."""
        newest = self._file.rows("SELECT published FROM newest WHERE kind = ?", (kind,))
        return bool(newest) and str(newest[0][0]) > fetched.isoformat()

    def _keep(self, answers: list[tuple[str, str, Any]], foods: list[Mapping[str, Any]]) -> None:
        """Keep answers, each with its question and the data type it is about."""
        now = self._clock.now()
        rows = []
        for question, kind, content in answers:
            packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 6)
            rows.append((self._named(question), kind, now, now, len(packed), packed))
        newest = _newest(foods, datetime.fromtimestamp(now, UTC).astimezone().date())

        def change(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)", rows)
            connection.executemany(
                "INSERT INTO newest VALUES (?, ?) ON CONFLICT (kind) "
                "DO UPDATE SET published = max(published, excluded.published)",
                newest.items(),
            )
            self._make_room(connection)

        self._file.write(change)

    def _make_room(self, connection: sqlite3.Connection) -> None:
        """Drop what was used longest ago until a tenth of the room is free again."""
        total = connection.execute("SELECT total(bytes) FROM answer").fetchone()[0]
        if total <= self._most:
            return
        for question, size in connection.execute("SELECT question, bytes FROM answer ORDER BY used").fetchall():
            if total <= 0.9 * self._most:
                break
            connection.execute("DELETE FROM answer WHERE question = ?", (question,))
            total -= size

    def _named(self, question: str) -> str:
        return f"{self._address} {question}"


def cache_file() -> Path:
    """Return the file in which answers are kept."""
    return user_cache_folder() / "fdc_answers.sqlite"


def _digest(body: Mapping[str, Any]) -> str:
    return "search " + hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _kind(food: Mapping[str, Any]) -> str:
    return str(food.get("dataType"))[:40]


def _newest(foods: list[Mapping[str, Any]], today: date) -> dict[str, str]:
    """Return the latest day on which a food of each data type was published; days to come are mistakes."""
    newest: dict[str, str] = {}
    for food in foods:
        day = published(food)
        if day is not None and day <= today:
            newest[_kind(food)] = max(newest.get(_kind(food), ""), day.isoformat())
    return newest
