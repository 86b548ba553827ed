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

ENTRIES, DAILY, REFERENCES, PROBLEMS = "Entries", "Daily", "References", "Problems"


@dataclass
class Trail:
    """Where the lines and the days of each person stand.

    Attributes
    ----------
    live : bool
        Whether totals and comparisons are formulas over the lines.
    problem_rows : dict of tuple to int
        The row on Problems of each line that was left out, by its source, line and part.
    entry_columns : mapping of str to int
        The column of each nutrient on Entries.
    entry_table : mapping of str to int
        The other columns of Entries, by name.
    entry_rows : dict of (str, date) to Rows
        The lines of a person's day on Entries; a day None are lines without a date.
    person_rows : dict of str to Rows
        All lines of a person on Entries.
    day_columns : mapping of str to int
        The column of each nutrient's total on Daily.
    day_rows : dict of str to Rows
        The days of a person on Daily.
    mean_rows, gap_rows : dict of str to int
        The mean of a person on Daily, and the first day in the table of lines without a value.
    reference_rows : mapping of (str, str) to Rows
        The figures a person's nutrient is held against, on References.
    """

    live: bool = False
    problem_rows: dict[Any, int] = field(default_factory=dict)
    entry_columns: Mapping[str, int] = field(default_factory=dict)
    entry_table: Mapping[str, int] = field(default_factory=dict)
    entry_rows: dict[tuple[str, Any], Rows] = field(default_factory=dict)
    person_rows: dict[str, Rows] = field(default_factory=dict)
    day_columns: Mapping[str, int] = field(default_factory=dict)
    day_rows: dict[str, Rows] = field(default_factory=dict)
    mean_rows: dict[str, int] = field(default_factory=dict)
    gap_rows: dict[str, int] = field(default_factory=dict)
    reference_rows: Mapping[tuple[str, str], Rows] = field(default_factory=dict)

    def entries_of_day(self, person_id: str, date: Any, nutrient: str) -> str:
        """Return where the lines of a day stand that a total is the sum of; empty where there are none."""
        rows = self.entry_rows.get((person_id, date))
        return _cells(ENTRIES, self.entry_columns.get(nutrient), rows)

    def first_entry_of_day(self, person_id: str, date: Any) -> str:
        """Return where the first line of a day stands; empty where there is none."""
        rows = self.entry_rows.get((person_id, date))
        return _cells(ENTRIES, self.entry_table.get("Date"), (rows[0], rows[0])) if rows else ""

    def problem(self, key: Any) -> str:
        """Return where a line that was left out stands on Problems; empty where it does not."""
        row = self.problem_rows.get(key)
        return _cells(PROBLEMS, 1, (row, row)) if row else ""

    def entries_of(self, person_id: str, nutrient: str) -> str:
        """Return where the lines of a person stand; empty where there are none."""
        return _cells(ENTRIES, self.entry_columns.get(nutrient), self.person_rows.get(person_id))

    def days_of(self, person_id: str, nutrient: str) -> str:
        """Return where the totals of a person's days stand; empty where there are none."""
        return _cells(DAILY, self.day_columns.get(nutrient), self.day_rows.get(person_id))

    def references_of(self, person_id: str, nutrient: str) -> str:
        """Return where the figures stand that a person's intake is held against; empty where there are none."""
        return _cells(REFERENCES, 1, self.reference_rows.get((person_id, nutrient)))


def _cells(sheet: str, column: int | None, rows: Rows | None) -> str:
    if column is None or rows is None:
        return ""
    letter = get_column_letter(column)
    return f"'{sheet}'!{letter}{rows[0]}:{letter}{rows[1]}"
