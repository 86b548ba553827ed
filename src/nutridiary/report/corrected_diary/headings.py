"""What a column of a nutrient is called, so that its figures are read back as they are."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache

from nutridiary.data_files import data_file
from nutridiary.diary.columns import column_of
from nutridiary.diary.label_values import nutrient_column
from nutridiary.diary.recorded import recorded_column, recorded_units


@cache
def recorded_heading(nutrient: str) -> str | None:
    """Return the heading under which a diary carries values of a nutrient in its one unit; None if there is none.

    Examples
    --------
    >>> recorded_heading("vitamin_d"), recorded_heading("vitamin_a_iu")
    ('Vitamin d (ug)', 'Vitamin a (IU)')
    """
    unit = recorded_units().get(nutrient)

    def reads(heading: str) -> bool:
        column = recorded_column(heading, "table")
        is_it = column is not None and (column.nutrient, column.factor, column.unit) == (nutrient, 1.0, unit)
        return is_it and column_of(heading) is None

    return _first(unit, reads)


@cache
def label_heading(nutrient: str) -> str | None:
    """Return the heading under which a label states a nutrient in its one unit; None if there is none.

    Examples
    --------
    >>> label_heading("calcium")
    'Calcium (mg)'
    """

    def reads(heading: str) -> bool:
        found = nutrient_column(0, heading)
        if found is None or found.column is None or found.is_salt:
            return False
        return (found.column.nutrient, found.column.factor) == (nutrient, 1.0)

    return _first(recorded_units().get(nutrient), reads)


def _first(unit: str | None, reads: Callable[[str], bool]) -> str | None:
    headings = (f"{name[:1].upper()}{name[1:]} ({unit})" for name in _names())
    return next((heading for heading in headings if reads(heading)), None)


@cache
def _names() -> tuple[str, ...]:
    """Return every name of a nutrient that any table may use; what the report calls it first."""

    def names() -> Iterator[str]:
        for file_name, column in (
            ("nutrients.csv", "label"),
            ("recorded_nutrients.csv", "label"),
            ("recorded_headings.csv", "heading"),
        ):
            with data_file(file_name).open(encoding="utf-8", newline="") as file:
                yield from (row[column] for row in csv.DictReader(file) if not row.get("format"))

    return tuple(dict.fromkeys(names()))
