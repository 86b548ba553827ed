"""Where foods wait on the disk while a database of branded foods is built: in no order of the source is relied upon."""

# ruff: noqa: S608 -- the names of tables and columns are ours; whatever comes from outside is a parameter.
from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nutridiary.barcodes import gtin_of_digits
from nutridiary.errors import FoodDataError, listing
from nutridiary.fdc import answer_parts
from nutridiary.fdc.branded.schema import DAYS, TEXTS
from nutridiary.fdc.branded.sources import LABEL, Values

_LABEL_COLUMNS = list(LABEL)
_ROWS_AT_ONCE = 20_000
_PARTS = 64
_IDS_OF_A_PART = 16  # [bits]
_CALLED = {"described": "names", "label": "labels"}
_SPILLED = np.dtype([("fdc_id", "<i8"), ("kind", "<u2"), ("amount", "<f8")])

_TABLES = f"""
CREATE TABLE described (fdc_id INTEGER PRIMARY KEY, description TEXT NOT NULL, published INTEGER);
CREATE TABLE label (fdc_id INTEGER PRIMARY KEY, {", ".join(_LABEL_COLUMNS)});
CREATE TABLE placed (place INTEGER PRIMARY KEY, fdc_id INTEGER NOT NULL, versions INTEGER NOT NULL);
CREATE TABLE form (form TEXT NOT NULL, word TEXT NOT NULL);
"""


class StagedFoods:
    """Names and labels of foods, in a file of their own until it is known in which order they are kept.

    Attributes
    ----------
    texts : dict of str to int
        The number of each text that labels share.
    """

    def __init__(self, path: Path, source: Path) -> None:
        """Make the file; `source` is named where something is wrong."""
        self.path = path
        self._source = source
        self.texts: dict[str, int] = {}
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -65536")
        self._connection.executescript(_TABLES)
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """Write what is not yet written, and close the file."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._connection.close()

    def describe(self, rows: Iterable[tuple[int, str | None, str | None]]) -> None:
        """Keep ``fdc_id, description, published`` of some foods.

        Raises
        ------
        FoodDataError
            If an id stands there twice.
        """
        self._insert("described", [(fdc_id, one_line(said) or "", _day(day)) for fdc_id, said, day in rows])

    def label(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Keep ``fdc_id`` and the columns of `LABEL` of some foods.

        Raises
        ------
        FoodDataError
            If an id stands there twice.
        """
        readers = [self._reader(column) for column in _LABEL_COLUMNS]
        kept = [(row[0], *(read(cell) for read, cell in zip(readers, row[1:], strict=True))) for row in rows]
        self._insert("label", kept)

    def keys(self) -> NDArray[Any]:
        """Return what decides on the order of the foods, a row each, by their ids.

        Raises
        ------
        FoodDataError
            If a label is of a food that has no name.
        """
        self._check_names()
        country = self.texts.get("United States", -1)
        # What has no number is a product of its own: "N/A" would make one of hundreds.
        product = "iif(typeof(gtin) = 'integer', gtin, -fdc_id)"
        sql = (
            f"SELECT fdc_id, {product}, coalesce(published, 0), coalesce(modified, 0), coalesce(market, ?1) != ?1, "
            "discontinued IS NOT NULL, length(description) FROM label JOIN described USING (fdc_id) ORDER BY fdc_id"
        )
        dtype = [("fdc_id", "i8"), ("product", "i8"), ("published", "i4"), ("modified", "i4")]
        dtype += [("abroad", "?"), ("discontinued", "?"), ("length", "i4")]
        pieces = [np.empty(0, dtype=dtype)]
        cursor = self._connection.execute(sql, (country,))
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            pieces.append(np.array(rows, dtype=dtype))
        return np.concatenate(pieces)

    def place(self, fdc_ids: NDArray[np.int64], versions: NDArray[np.int64]) -> None:
        """Keep the order of the foods, and how many versions of its product each is one of."""
        rows = zip(range(1, len(fdc_ids) + 1), fdc_ids.tolist(), versions.tolist(), strict=True)
        self._connection.executemany("INSERT INTO placed VALUES (?, ?, ?)", rows)

    def without_label(self) -> int:
        """Return how many foods have a name and no label."""
        sql = "SELECT count(*) FROM described WHERE fdc_id NOT IN (SELECT fdc_id FROM label)"
        return int(self._connection.execute(sql).fetchone()[0])

    def last_day(self) -> int | None:
        """Return the last day on which a food was published."""
        found = self._connection.execute("SELECT max(published) FROM described").fetchone()[0]
        return None if found is None else int(found)

    def _reader(self, column: str) -> Any:
        if column == "gtin":
            return _gtin
        return _day if column in DAYS else self._number if column in TEXTS else _known

    def _number(self, text: str | None) -> int | None:
        """Return the number of a text."""
        if text is None:
            return None
        number = self.texts.get(text)
        if number is None and (line := one_line(text)) is not None:
            number = self.texts.setdefault(line, len(self.texts) + 1)
        return number

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        marks, before = ", ".join("?" * len(rows[0])), self._connection.total_changes
        try:
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        except sqlite3.IntegrityError:
            fdc_id = rows[self._connection.total_changes - before][0]  # those before it are kept
            raise FoodDataError(
                f"{self._source}: fdc_id {fdc_id} stands twice among its {_CALLED[table]}. The release is "
                "damaged: download it again."
            ) from None

    def _check_names(self) -> None:
        sql = "SELECT fdc_id FROM label WHERE fdc_id NOT IN (SELECT fdc_id FROM described) ORDER BY fdc_id LIMIT 6"
        unnamed = [fdc_id for (fdc_id,) in self._connection.execute(sql)]
        if unnamed:
            raise FoodDataError(
                f"{self._source}: branded_food.csv has foods that food.csv does not list as branded: "
                f"fdc_id {listing(unnamed, 5)}. The files do not belong together."
            )


class SpilledValues:
    """Nutrient values in files of a range of food ids each, since no order of the source is relied upon."""

    def __init__(self, folder: Path) -> None:
        """Make the folder."""
        self._folder = folder
        folder.mkdir()

    def add(self, values: Values) -> None:
        """Keep some values."""
        part = (values.fdc_id >> _IDS_OF_A_PART) % _PARTS
        rows = np.empty(len(part), dtype=_SPILLED)
        rows["fdc_id"], rows["kind"], rows["amount"] = values.fdc_id, values.kind, values.amount
        for each in np.unique(part).tolist():
            with self._file(each).open("ab") as stream:
                stream.write(rows[part == each].tobytes())

    def parts(self) -> Iterator[NDArray[Any]]:
        """Yield the values of each range of ids, and remove its file."""
        for number in range(_PARTS):
            path = self._file(number)
            if path.exists():
                yield np.fromfile(path, dtype=_SPILLED)
                path.unlink()

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:02d}.values"


def one_line(text: str | None) -> str | None:
    """Return a text without line breaks and doubled spaces that any file can hold; None where nothing is left.

    Examples
    --------
    >>> one_line("  CHEDDAR \\n CHEESE"), one_line("  ")
    ('CHEDDAR CHEESE', None)
    """
    if text is None:
        return None
    line = " ".join(text.split())
    if not line.isascii():
        line = line.encode("utf-8", errors="replace").decode("utf-8")  # half of a pair of UTF-16 is no character
    return line or None


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else value


def _gtin(text: str | None) -> int | str | None:
    """Return the number of a product; where it is none, what stands there instead."""
    line = one_line(text)
    if line is None or not line.strip("0- "):
        return None
    number = gtin_of_digits(line)
    return line if number is None else number


@lru_cache(maxsize=50_000)
def _day(text: str | None) -> int | None:
    """Return a day as a whole number, 20260430; None where there is none that can be read."""
    found = answer_parts.day({"day": text}, "day")
    return None if found is None else found.year * 10_000 + found.month * 100 + found.day
