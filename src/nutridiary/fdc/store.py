"""Opens a food database for reading, from a file or from bytes, for any number of threads."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nutridiary.errors import FoodDataError

APPLICATION_ID = 0x4E445259  # "NDRY"
SCHEMA_VERSION = 2
NAMES_PER_FOOD = 1024
"""A name's row in the search index is ``fdc_id * NAMES_PER_FOOD + seq``; seq 0 is the food's own name."""


class Store:
    """One food database, opened read-only. Threads may share it; pickled, it is opened again.

    What a database of another kind is told by stands in attributes of its class.

    Parameters
    ----------
    content : pathlib.Path or bytes
        The file, or what would stand in it.

    Raises
    ------
    FoodDataError
        If there is no such file or it is no food database of this version.
    """

    application_id = APPLICATION_ID
    schema_version = SCHEMA_VERSION
    kind = "food database"
    example = "foods.sqlite"
    remedy = (
        "Install nutridiary again, or where this is a release you installed, another one: nutridiary fdc use embedded"
    )

    def __init__(self, content: Path | bytes) -> None:
        """Open the database."""
        self.content = content
        self.name = str(content) if isinstance(content, Path) else "foods in memory"
        self._lock = threading.Lock()
        self._connection = self._open()
        self._close = weakref.finalize(self, self._connection.close)
        self._check()

    def __reduce__(self) -> tuple[type[Store], tuple[Path | bytes]]:
        """Pickle what to open, not the open connection."""
        return type(self), (self.content,)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return every row of a query.

        Raises
        ------
        FoodDataError
            If the file is damaged.
        """
        try:
            with self._lock:
                return self._connection.execute(sql, parameters).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self.damaged(error) from None

    def damaged(self, error: Exception) -> FoodDataError:
        """Return in words that what stands in the file cannot be read."""
        return FoodDataError(f"{self.name}: the {self.kind} cannot be read ({error}). {self.remedy}")

    def _open(self) -> sqlite3.Connection:
        if isinstance(self.content, bytes):
            connection = sqlite3.connect(":memory:", check_same_thread=False)
            connection.deserialize(self.content)
            return connection
        if not self.content.is_file():
            raise FoodDataError(f"{self.name}: not found. Expected a {self.kind} ({self.example}).")
        # immutable: the file is never changed in place, so no lock is taken and no journal looked for.
        address = f"{self.content.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    def _check(self) -> None:
        try:
            application = self._connection.execute("PRAGMA application_id").fetchone()[0]
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            self._connection.execute("PRAGMA trusted_schema = OFF")
        except sqlite3.Error:
            application, version = None, None
        if application == self.application_id and version == self.schema_version:
            return
        self._close()
        if application == self.application_id:
            raise FoodDataError(
                f"{self.name}: a {self.kind} of version {version}, this nutridiary reads version "
                f"{self.schema_version}. Build it again: nutridiary fdc update. Until then use the foods of the "
                "program: nutridiary fdc use embedded"
            )
        raise FoodDataError(f"{self.name}: not a {self.kind} of nutridiary. Expected a {self.example}.")
