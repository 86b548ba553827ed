"""Where figures stand in the workbook: noted while sheets are written, so that other sheets lead to them.

The lines of the diary are written first, then the days, then what rests on both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

Rows = tuple[int, int]
"""The first and the last row of something, both included."""

ENTRIES, DAILY = "Entries", "Daily"


@dataclass
class Trail:
    """Where the lines and the days of each person stand.

    Attributes
    ----------
    live : bool
        Whether totals and comparisons are formulas over the lines.
    entry_columns : mapping of str to int
        The column of each nutrient on Entries.
    entry_rows : dict of (str, date) to Rows
        The lines of a person's day on Entries; a day None are lines without a date.
    day_columns : mapping of str to int
        The column of each nutrient's total on Daily.
    day_rows : dict of str to Rows
        The days of a person on Daily.
    """

    live: bool = False
    entry_columns: Mapping[str, int] = field(default_factory=dict)
    entry_rows: dict[tuple[str, Any], Rows] = field(default_factory=dict)
    day_columns: Mapping[str, int] = field(default_factory=dict)
    day_rows: dict[str, Rows] = field(default_factory=dict)

    def entries_of_day(self, person_id: str, date: Any, nutrient: str) -> str:
        """Return where the lines of a day stand that a total is the sum of; empty where there are none."""
        rows = self.entry_rows.get((person_id, date))
        return _cells(ENTRIES, self.entry_columns.get(nutrient), rows)

    def entries_of(self, person_id: str, nutrient: str) -> str:
        """Return where the lines of a person stand; empty where there are none."""
        own = [rows for (whose, _), rows in self.entry_rows.items() if whose == person_id]
        rows = (min(first for first, _ in own), max(last for _, last in own)) if own else None
        return _cells(ENTRIES, self.entry_columns.get(nutrient), rows)

    def days_of(self, person_id: str, nutrient: str) -> str:
        """Return where the totals of a person's days stand; empty where there are none."""
        return _cells(DAILY, self.day_columns.get(nutrient), self.day_rows.get(person_id))


def _cells(sheet: str, column: int | None, rows: Rows | None) -> str:
    if column is None or rows is None:
        return ""
    letter = get_column_letter(column)
    return f"'{sheet}'!{letter}{rows[0]}:{letter}{rows[1]}"
