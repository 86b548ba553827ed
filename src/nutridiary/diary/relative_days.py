"""Days that are days only beside another one: a bare weekday, the third day of a diary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from nutridiary.diary.dates import EXCEL_1900, Day, Written, read_written
from nutridiary.diary.grid import Cell, cell_text

# Columns of these names hold the number of the day where their cells are small numbers.
_NUMBERED = ("day", "days", "day no", "day number", "tag", "jour", "día", "dia", "giorno")


def read_day_cell(cell: Cell, heading: Cell, epoch: date = EXCEL_1900) -> Written:
    """Read a date cell; below the heading "Day" a bare number is that of the day.

    Examples
    --------
    >>> read_day_cell(2, "Day").ordinal, read_day_cell("2", "Date").ordinal
    (2, 0)
    """
    text = cell_text(cell)
    if text.isdigit() and 0 < len(text) < 4 and cell_text(heading).lower().strip(" .:#") in _NUMBERED:
        return read_written(f"day {text}")
    return read_written(cell, epoch)


def place_day(written: Written, day: Day, first: date | None, last: date | None) -> Day:
    """Give a bare weekday or a numbered day its date, where a known day stands before it.

    Parameters
    ----------
    written, day
        The cell, as `read_written` and `read_days` give it.
    first : date or None
        Day 1, or the first day of the first week, as the caller gives it.
    last : date or None
        The last day known before.

    Returns
    -------
    Day
        A weekday is the first such day from `last` (or `first`) on; "Day 3" two days after `first`.

    Examples
    --------
    >>> tuesday = read_written("Tuesday")
    >>> place_day(tuesday, Day(problem=tuesday.problem), None, date(2025, 3, 3)).day
    datetime.date(2025, 3, 4)
    """
    if written.relative and written.ordinal and first:
        return Day(first + timedelta(days=written.ordinal - 1), note=f"day {written.ordinal} from the day given on")
    last = last or first
    if written.relative and not written.ordinal and last:
        ahead = ((written.weekday or 0) - last.weekday()) % 7
        return Day(last + timedelta(days=ahead), note=f"taken for the next such weekday from {last} on")
    return day


def place_days(
    written: Sequence[Written], days: Sequence[Day], first: date | None, title: Day | None = None
) -> list[Day]:
    """Give the bare weekdays and numbered days of a sheet their dates, row after row.

    Parameters
    ----------
    written, days, first
        As for `place_day`, of all rows.
    title : Day, optional
        The day of the sheet's title.

    Examples
    --------
    >>> from nutridiary.diary.dates import read_days
    >>> cells = [read_written(text) for text in ("Mon 3 March 2025", "Tuesday", "Sun")]
    >>> [day.day.day for day in place_days(cells, read_days(cells, "diary.csv", None)[0], None)]
    [3, 4, 9]
    """
    placed = []
    last = title.day if title else None
    for cell, day in zip(written, days, strict=True):
        placed.append(place_day(cell, day, first, last))
        last = placed[-1].day or last
    return placed
