"""The general reader: any sheet with a column for the food, among them the template of nutridiary itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from nutridiary.diary.amounts import decimal_mark
from nutridiary.diary.columns import Columns, find_columns, no_food_column
from nutridiary.diary.dates import Day, Written, read_days, read_written
from nutridiary.diary.entries import Entry, Sheet, read_entries, sheet_of
from nutridiary.diary.grid import Grid, cell_text, is_blank
from nutridiary.errors import DiaryError, listing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Options:
    """What the caller knows that the file does not say; the parameters of `read_diary`."""

    person_id: str | None = None
    day: date | None = None
    day_first: bool | None = None


def identify_table(grids: list[Grid]) -> int:
    """Return how many columns of a diary the sheets name: 0 where none names the food."""
    return max((len(columns.places) for grid in grids if (columns := find_columns(grid))), default=0)


def read_table(grids: list[Grid], options: Options) -> pd.DataFrame:
    """Read every sheet that has a food column.

    Parameters
    ----------
    grids : list of Grid
    options : Options

    Returns
    -------
    pandas.DataFrame
        `tables.ENTRIES`.

    Raises
    ------
    DiaryError
        If no sheet has a food column or a row below it, nothing says the date, or nothing decides the order of
        day and month.
    """
    found = [(grid, find_columns(grid)) for grid in grids]
    sheets = [sheet_of(grid, columns) for grid, columns in found if columns is not None]
    if not sheets:
        raise DiaryError(_no_diary(grids))
    for sheet in sheets:
        _require_date(sheet.grid, sheet.columns, options)
    others = [grid.name for grid, columns in found if columns is None and _filled(grid)]
    days, order = _read_dates(sheets, options)
    decimal = decimal_mark(_amount_texts(sheets))
    entries = [
        entry for sheet, its_days in zip(sheets, days, strict=True) for entry in read_entries(sheet, its_days, decimal)
    ]
    for entry in entries:
        if entry.person_id is None:
            entry.person_id = options.person_id
    if not entries:
        first = sheets[0]
        raise DiaryError(f"{first.grid.source}: nothing is written below the header in row {first.columns.header}.")
    _note_first(entries, sheets, others, order)
    return _frame(entries)


def _no_diary(grids: list[Grid]) -> str:
    filled = [grid for grid in grids if _filled(grid)]
    if not filled:
        file = grids[0].source.split(":")[0]
        return f"{file}: nothing is written in it. Expected a table with a row of column names and a row per food."
    # The sheet that comes nearest to a diary explains itself.
    return max((no_food_column(grid) for grid in filled), key=lambda words: "Did you mean" in words)


def _filled(grid: Grid) -> bool:
    return any(not is_blank(cell) for row in grid.rows for cell in row)


def _require_date(grid: Grid, columns: Columns, options: Options) -> None:
    if "date" in columns.places or options.day is not None:
        return
    header = grid.rows[columns.header - 1]
    found = listing(str(cell).strip()[:30] for cell in header if not is_blank(cell))
    raise DiaryError(
        f"{grid.source}: no column for the date. Found: {found}. "
        "Add a column named Date, or say the day all of it was eaten (--date YYYY-MM-DD)."
    )


def _read_dates(sheets: list[Sheet], options: Options) -> tuple[list[list[Day]], str]:
    """Read the dates of all sheets together, so that one sheet's evidence helps the others."""
    written: list[Written] = []
    for sheet in sheets:
        epoch = sheet.grid.epoch
        written += [read_written(sheet.cell(row, "date"), epoch) for _, row in sheet.rows]
    source = sheets[0].grid.source.split(":")[0]
    days, note = read_days(written, source, options.day_first, options.day.year if options.day else None)
    split = []
    start = 0
    for sheet in sheets:
        its_days = days[start : start + len(sheet.rows)]
        start += len(sheet.rows)
        split.append(_with_given_day(its_days, options.day))
    return split, note


def _with_given_day(days: list[Day], day: date | None) -> list[Day]:
    """Give the rows above the first written date the day the caller named."""
    if day is None:
        return days
    filled: list[Day] = []
    for found in days:
        if not found.blank:
            return filled + days[len(filled) :]
        filled.append(Day(day, found.clock, note="date as given for the whole file"))
    return filled


def _amount_texts(sheets: list[Sheet]) -> list[str]:
    texts = []
    for sheet in sheets:
        columns = {"amount", "grams"} & set(sheet.columns.places) or {"food"}
        texts += [
            cell for _, row in sheet.rows for column in columns if isinstance(cell := sheet.cell(row, column), str)
        ]
    return texts


def _note_first(entries: list[Entry], sheets: list[Sheet], others: list[str], order: str) -> None:
    """Say what was assumed about the whole file, in the note of the first entry."""
    notes = [entries[0].note or ""]
    notes += [note for sheet in sheets for note in sheet.grid.notes]
    notes.append(order)
    unused = dict.fromkeys(cell_text(heading)[:30] for sheet in sheets for heading in sheet.columns.unused)
    if unused:
        notes.append(f"columns not used: {listing(unused)}")
    if others:
        notes.append(f"sheets not read, for want of a food column: {listing(others)}")
    entries[0].note = "; ".join(note for note in notes if note) or None


def _frame(entries: list[Entry]) -> pd.DataFrame:
    import pandas as pd

    from nutridiary.tables import ENTRIES, conform

    names = [field.name for field in fields(Entry) if field.name != "notes"]
    columns = {name: [getattr(entry, name) for entry in entries] for name in names}
    return conform(pd.DataFrame(columns, columns=names), ENTRIES)
