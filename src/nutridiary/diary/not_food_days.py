"""The sheet "Not a food day": days that are to be left out, and why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from nutridiary.diary.beside import days_of, find_header, plain_heading, rows_below
from nutridiary.diary.dates import Written, read_written
from nutridiary.diary.grid import Cell, Grid, cell_text, is_blank

if TYPE_CHECKING:
    import pandas as pd

SHEET_NAMES = ("not a food day", "not food days", "not a food day(s)", "no food days", "days to leave out",
                    "days left out", "skipped days")  # fmt: skip
_LONGEST_RANGE = 366
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th|\.)?"
_JOINT = r"\s*(?:-|–|—|to|until|till|through|bis|al?)\s*"
_DAYS_OF_MONTH = re.compile(rf"{_ORDINAL}{_JOINT}{_ORDINAL}\s*([^\W\d].*)", re.IGNORECASE)
_MONTH_AND_DAYS = re.compile(rf"([^\W\d]+)\.?\s+{_ORDINAL}{_JOINT}{_ORDINAL}(.*)", re.IGNORECASE)
_TWO_DAYS = re.compile(r"\s+(?:-|–|—|to|until|till|through|bis)\s+|\s*[–—]\s*", re.IGNORECASE)


def is_not_food_days_sheet(grid: Grid) -> bool:
    """Tell whether a sheet lists days to be left out: by its name and a heading for the date.

    Examples
    --------
    >>> is_not_food_days_sheet(Grid("d.xlsx:Not a food day", "Not a food day", [["Date", "Reason"]]))
    True
    """
    header = find_header(grid, "not_food_days", "date")
    if header is None:
        return False
    named = grid.name.strip().casefold() in SHEET_NAMES
    return named or plain_heading(cell_text(header.cell(header.row, "date"))) == "not a food day"


def not_food_days_of(grid: Grid) -> pd.DataFrame:
    """Return the days that a sheet "Not a food day" names.

    Parameters
    ----------
    grid : Grid
        A sheet with a row of headings (Date, or From and To; Reason, Person). A date may be a range: "3-5 March".

    Returns
    -------
    pandas.DataFrame
        `tables.NOT_FOOD_DAYS`, a row a day; a cell that cannot be read is a row with a problem.
    """
    import pandas as pd

    from nutridiary.tables import NOT_FOOD_DAYS, conform

    header = find_header(grid, "not_food_days", "date")
    rows = rows_below(grid, header) if header is not None else []
    spans = [_span(header.cell(row, "date"), header.cell(row, "until"), grid.epoch) for _, row in rows if header]
    days = days_of([end for span in spans for end in span], grid.source)
    found: list[dict[str, Any]] = []
    for place, (number, row) in enumerate(rows):
        assert header is not None
        first, last = days[2 * place], days[2 * place + 1]
        about = {
            "person_id": header.text(row, "person") or None,
            "reason": header.text(row, "reason") or None,
            "source": grid.source,
            "line": number,
        }
        problem = first.problem or last.problem or ("no date in this row" if first.blank else "")
        length = (last.day - first.day).days + 1 if first.day and last.day else 0
        if not problem and not 1 <= length <= _LONGEST_RANGE:
            problem = f"from {first.day} to {last.day} is no range of days"
        if problem or first.day is None:
            found.append({**about, "problem": problem})
        else:
            note = "; ".join(dict.fromkeys(note for note in (first.note, last.note) if note)) or None
            found += [{**about, "date": first.day + timedelta(days=n), "note": note} for n in range(length)]
    return conform(pd.DataFrame(found), NOT_FOOD_DAYS)


def without_not_food_days(entries: pd.DataFrame, not_food_days: pd.DataFrame) -> pd.DataFrame:
    """Return the entries, those eaten on a day that is no food day as notes that say why.

    Parameters
    ----------
    entries : pandas.DataFrame
        `tables.ENTRIES`.
    not_food_days : pandas.DataFrame
        `tables.NOT_FOOD_DAYS`; one without a person is of everybody.

    Returns
    -------
    pandas.DataFrame
    """
    from nutridiary.tables import NOT_EATEN

    if not_food_days.empty:
        return entries
    eaten = ~entries["kind"].isin(set(NOT_EATEN) - {"total"})
    entries = entries.copy()
    known = not_food_days.loc[not_food_days["date"].notna(), ["date", "person_id", "reason"]]
    for day, person_id, reason in known.itertuples(index=False, name=None):
        on_it = eaten & entries["date"].eq(day)
        if isinstance(person_id, str):
            on_it &= entries["person_id"].eq(person_id)
        why = f' ("{reason}")' if isinstance(reason, str) else ""
        entries.loc[on_it & entries["problem"].isna(), "problem"] = f"not counted: a day that is no food day{why}"
        entries.loc[on_it, "kind"] = "note"
    return entries


def _span(cell: Cell, until: Cell, epoch: date) -> tuple[Written, Written]:
    """Return the first and the last day that a cell, or two, name."""
    alone = read_written(cell, epoch)
    if not is_blank(until):
        last = read_written(until, epoch)
        return _with_year(alone, last), last
    if not alone.problem:
        return alone, alone
    text = cell_text(cell)
    if found := _DAYS_OF_MONTH.fullmatch(text):
        ends = (f"{found[1]} {found[3]}", f"{found[2]} {found[3]}")
    elif found := _MONTH_AND_DAYS.fullmatch(text):
        ends = (f"{found[1]} {found[2]}{found[4]}", f"{found[1]} {found[3]}{found[4]}")
    else:
        parts = _TWO_DAYS.split(text)
        if len(parts) != 2:
            return alone, alone
        ends = (parts[0], parts[1])
    first, last = (read_written(end, epoch) for end in ends)
    return _with_year(first, last), last


def _with_year(first: Written, last: Written) -> Written:
    """Let "28 March to 2 April 2026" begin in the year it ends."""
    return replace(first, year=last.year) if first.year is None and last.year and not first.problem else first
