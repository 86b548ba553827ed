"""Reads tables out of several food databases as if they were one."""

# ruff: noqa: S608 -- the names of tables and columns are ours; whatever comes from outside is a parameter.
from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nutridiary.errors import FoodDataError
from nutridiary.fdc.store import Store

if TYPE_CHECKING:
    import pandas as pd

OF_ASKED = "WHERE fdc_id IN (SELECT value FROM json_each(?)) ORDER BY fdc_id"


class Stores:
    """Food databases that share no food.

    Parameters
    ----------
    stores : sequence of Store
        The release first, then what was added to it.
    """

    def __init__(self, stores: Sequence[Store]) -> None:
        """Keep the opened databases."""
        self._stores = tuple(stores)

    @property
    def database(self) -> Path | None:
        """The file of the release; None for foods in memory."""
        content = self._stores[0].content
        return content if isinstance(content, Path) else None

    @property
    def in_memory(self) -> tuple[bytes, ...]:
        """The databases that stand in no file, in their order: foods that were added, or given as tables."""
        return tuple(store.content for store in self._stores if isinstance(store.content, bytes))

    def _asked(self, table: str, fdc_ids: list[int], columns: dict[str, str], *, then_by: str = "") -> pd.DataFrame:
        sql = f"SELECT {', '.join(columns)} FROM {table} {OF_ASKED}" + (f", {then_by}" if then_by else "")
        return frame_of(self._rows_asked(sql, fdc_ids), columns)

    def _rows_asked(self, sql: str, fdc_ids: list[int]) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose first column is `fdc_id`, in the order of `fdc_ids`."""
        rows = self.rows(sql, (json.dumps(fdc_ids),))
        place = {fdc_id: number for number, fdc_id in enumerate(fdc_ids)}
        return sorted(rows, key=lambda row: place[row[0]])

    def _table(self, sql: str, parameters: tuple[object, ...], columns: dict[str, str]) -> pd.DataFrame:
        return frame_of(self.rows(sql, parameters), columns)

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query over every database; its schema is in ``docs/data.md``."""
        return [row for store in self._stores for row in store.rows(sql, parameters)]

    def _present(self, fdc_ids: list[int]) -> list[int]:
        sql = "SELECT fdc_id FROM food WHERE fdc_id IN (SELECT value FROM json_each(?))"
        return [fdc_id for (fdc_id,) in self.rows(sql, (json.dumps(fdc_ids),))]


def frame_of(rows: list[tuple[Any, ...]], columns: dict[str, str]) -> pd.DataFrame:
    """Return rows as a table of these columns and types."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def whole_numbers(values: Iterable[int], what: str) -> list[int]:
    """Return whole numbers without repeats, in order."""
    numbers = []
    for value in dict.fromkeys(values):
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            number = None
        if number is None or number != value or abs(number) >= 2**53:
            raise FoodDataError(f"{what} {value!r} is not a whole number.")
        numbers.append(number)
    return numbers
