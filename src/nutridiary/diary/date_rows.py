"""Rows and lines that say a day and nothing else: "Tuesday 4 March", "Day 2 (5 March 2026)"."""

from __future__ import annotations

import re
from datetime import date

from nutridiary.diary.dates import EXCEL_1900, Written, read_written
from nutridiary.diary.grid import Cell, Row, cell_text, is_blank
from nutridiary.diary.words import word_list

# What people write before and around the day.
_AROUND = re.compile(
    r"^(?:[-*•#=>\s]*)(?:(?:date|datum|fecha|day|tag|día|food(?: (?:diary|log))?(?: for)?|meals|intake|diary for"
    r"|what i ate on)"
    r"(?:\s*\d{1,2})?\s*[:.,–-]?\s+)?|[\s:=*#-]+$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[()\[\]]")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 60


def written_day(cell: Cell, epoch: date = EXCEL_1900) -> Written | None:
    """Return the day a text says, where it says a day and nothing else.

    A bare number, a clock time or "1/2" is none: they may be amounts.

    Examples
    --------
    >>> written_day("Tuesday 4 March 2025").day_as(True)
    datetime.date(2025, 3, 4)
    >>> written_day("Day 2 (5 March 2026):").day_as(True)
    datetime.date(2026, 3, 5)
    >>> written_day("Monday"), written_day("2 eggs"), written_day("1/2")
    (None, None, None)
    """
    if isinstance(cell, date):
        return read_written(cell, epoch)
    text = cell if isinstance(cell, str) else ""
    text = _BRACKETS.sub(" ", _AROUND.sub("", text.strip())).strip()
    if not text or len(text) > _LONGEST or not any(sign.isdigit() for sign in text):
        return None
    found = read_written(text, epoch)
    if found.blank or found.problem:
        return None
    named = any(word in word_list(name) for name in ("month", "weekday") for word in _WORD.findall(text.lower()))
    return found if named or (found.year is not None and not text.isdigit()) else None


def day_alone(cell: Cell, epoch: date = EXCEL_1900) -> Written | None:
    """Return the day a text says where nothing else stands beside it, be it a bare weekday or the number of a day.

    Examples
    --------
    >>> day_alone("Monday:").weekday, day_alone("Day 3").ordinal, day_alone("2 eggs")
    (0, 3, None)
    """
    bare = read_written(cell.strip(" :.-*#()=")) if isinstance(cell, str) and len(cell) <= _LONGEST else None
    return bare if bare is not None and bare.relative else written_day(cell, epoch)


def day_of_row(row: Row, epoch: date = EXCEL_1900) -> Written | None:
    """Return the day a row says, where nothing else stands in it.

    Examples
    --------
    >>> day_of_row(["", "Tuesday 4 March 2025", None]).month, day_of_row(["4 March 2025", "Toast"])
    (3, None)
    """
    filled = [cell for cell in row if not is_blank(cell)]
    if len(filled) == 1:
        return day_alone(filled[0], epoch)
    # "Date:" in one cell, the day in the next; "Tuesday" in one, "4 March" in the next.
    if len(filled) == 2 and isinstance(filled[0], str):
        first = filled[0].strip(" :").lower()
        if first in ("date", "day", "datum", "fecha"):
            return written_day(filled[1], epoch)
        if first in word_list("weekday"):
            day = written_day(filled[1], epoch)
            return written_day(f"{first} {cell_text(filled[1])}", epoch) if isinstance(filled[1], str) and day else day
    return None
