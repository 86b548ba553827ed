"""The general reader: any sheet with a column for the food, among them the template of nutridiary itself."""

from __future__ import annotations

from datetime import date, timedelta

from nutridiary.diary.amounts import decimal_mark
from nutridiary.diary.columns import find_columns, no_food_column
from nutridiary.diary.dates import Day, Written, read_days
from nutridiary.diary.grid import Grid, cell_text, is_blank
from nutridiary.diary.named_columns import columns_in_words, columns_of
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.diary.recorded import recorded_column
from nutridiary.diary.relative_days import place_day, place_days
from nutridiary.diary.table_rows import Sheet, read_entries, sheet_of
from nutridiary.diary.water_columns import columns_beside
from nutridiary.diary.words import word_list
from nutridiary.errors import DiaryError, listing


def identify_table(grids: list[Grid]) -> bool:
    """Tell whether a sheet names the column of the food."""
    return any(find_columns(grid) is not None for grid in grids)


def read_table(grids: list[Grid], options: Options, *, beside_a_diary: bool = False) -> Reading:
    """Read every sheet that has a food column.

    Parameters
    ----------
    grids : list of Grid
    options : Options
    beside_a_diary : bool
        Whether a diary has been found in other sheets: then a sheet without a date, or without a row, is no error.

    Returns
    -------
    Reading
        The lines of a sheet that says no day, where another does, have the problem that they have none.

    Raises
    ------
    DiaryError
        If no sheet has a food column or a row below it, none says the date, or nothing decides the order of day and
        month.
    """
    found = [(grid, columns_of(grid, options.columns)) for grid in grids]
    sheets = [sheet_of(grid, columns) for grid, columns in found if columns is not None]
    if not sheets:
        raise DiaryError(_no_diary(grids))
    undated = [sheet for sheet in sheets if options.day is None and not sheet.says_days()]
    if len(undated) == len(sheets) and not beside_a_diary:
        raise DiaryError(_no_date(sheets[0]))
    others = [grid for grid, columns in found if columns is None and _filled(grid)]
    days, order = _read_dates(sheets, options)
    decimal = decimal_mark(_amount_texts(sheets))
    entries = [
        entry
        for sheet, (title, its_days) in zip(sheets, days, strict=True)
        for entry in read_entries(sheet, its_days, decimal, title, carry_people=options.person_id is None)
    ]
    if not entries and not beside_a_diary:
        first = sheets[0]
        where = f"{first.grid.source}: nothing is written below the header in row {first.columns.header}"
        raise DiaryError(f"{where}, so there is no line of a food.")
    notes = _notes(sheets, others, order)
    if any(sheet.columns.decided for sheet in sheets):
        notes.insert(0, f"columns as named: {columns_in_words(options.columns)}")
    if undated:
        notes.append(f"sheets without a date, whose lines are not counted: {listing(s.grid.name for s in undated)}")
    return Reading(entries, _left_aside(sheets, others), notes)


def _no_diary(grids: list[Grid]) -> str:
    filled = [grid for grid in grids if _filled(grid)]
    if not filled:
        file = grids[0].source.split(":")[0]
        return f"{file}: nothing is written in it. Expected a table with a row of column names and a row per food."
    # The sheet that comes nearest to a diary explains itself.
    return max((no_food_column(grid) for grid in filled), key=lambda words: "Did you mean" in words)


def _filled(grid: Grid) -> bool:
    return any(not is_blank(cell) for row in grid.rows for cell in row)


def _no_date(sheet: Sheet) -> str:
    found = listing(str(cell).strip()[:30] for cell in sheet.columns.headings if not is_blank(cell))
    return (
        f"{sheet.grid.source}: no column for the date. Found: {found}. "
        "Add a column named Date, or say which heading it is (--column date=HEADING), or the day all of it was eaten "
        "(--date YYYY-MM-DD)."
    )


def _read_dates(sheets: list[Sheet], options: Options) -> tuple[list[tuple[Day | None, list[Day]]], str]:
    """Read the dates of all sheets together, so that one sheet's evidence helps the others.

    Returns the day of each sheet's title, where it has one, and the days of its rows; and how an open order of day
    and month was decided.
    """
    written: list[Written] = []
    for sheet in sheets:
        written += [sheet.title[1]] if sheet.title else []
        written += [sheet.written(row) for _, row in sheet.rows]
    source = sheets[0].grid.source.split(":")[0]
    days, note = read_days(written, source, options.day_first, options.day.year if options.day else None)
    split = []
    left = iter(days)
    for sheet in sheets:
        title = place_day(sheet.title[1], next(left), options.day, None) if sheet.title else None
        its_days = [next(left) for _ in sheet.rows]
        its_days = place_days([sheet.written(row) for _, row in sheet.rows], its_days, options.day, title)
        split.append((title, its_days if title else _with_given_day(its_days, options.day, sheet.grid.name)))
    return split, note


def _with_given_day(days: list[Day], day: date | None, sheet_name: str) -> list[Day]:
    """Give the rows above the first written date the day the caller named; a sheet "Tuesday" its day of that week."""
    if day is None:
        return days
    note = "date as given for the whole file"
    weekday = word_list("weekday").get(sheet_name.strip().lower())
    if weekday is not None:
        day += timedelta(days=(int(weekday) - day.weekday()) % 7)
        note = f"the {sheet_name.strip()} of the week that begins with the day given"
    filled: list[Day] = []
    for found in days:
        if not found.blank:
            return filled + days[len(filled) :]
        filled.append(Day(day, found.clock, note=note))
    return filled


def _amount_texts(sheets: list[Sheet]) -> list[str]:
    texts = []
    for sheet in sheets:
        columns = {"amount", "grams"} & set(sheet.columns.places) or {"food"}
        texts += [
            cell for _, row in sheet.rows for column in columns if isinstance(cell := sheet.cell(row, column), str)
        ]
    return texts


def _left_aside(sheets: list[Sheet], others: list[Grid]) -> list[LeftAside]:
    """Return what stands above the headers, the headers, and the sheets that hold no diary."""
    aside = [LeftAside(grid.source, None, grid.name, "no column for the food in this sheet") for grid in others]
    for sheet in sheets:
        for number, row in enumerate(sheet.grid.rows[: sheet.columns.header], 1):
            if any(not is_blank(cell) for cell in row):
                reason = "the header" if number >= sheet.columns.first else "above the header"
                aside.append(LeftAside(sheet.grid.source, number, row_text(row), reason))
    return aside


def _notes(sheets: list[Sheet], others: list[Grid], order: str) -> list[str]:
    """Return what was assumed about the whole file."""
    notes = [note for sheet in sheets for note in sheet.grid.notes]
    notes.append(order)
    unused = dict.fromkeys(
        cell_text(heading)[:30]
        for sheet in sheets
        for heading in sheet.columns.unused
        if recorded_column(heading, "table") is None
        and heading not in [sheet.columns.headings[place] for place in columns_beside(sheet.columns)]
    )
    if unused:
        notes.append(f"columns not used: {listing(unused)}")
    grams = dict.fromkeys(
        cell_text(sheet.columns.headings[place])
        for sheet in sheets
        for place, column in sheet.recorded.items()
        if column.unit == "g" and recorded_column(sheet.columns.headings[place]) is None
    )
    if grams:
        notes.append(f"columns without a unit, read as grams: {listing(grams)}")
    people = dict.fromkeys(name for sheet in sheets for name in sheet.people().values())
    if people:
        notes.append(f"people taken from the titles of the tables: {listing(people)}")
    if others:
        notes.append(f"sheets not read, for want of a food column: {listing(grid.name for grid in others)}")
    return [note for note in notes if note]
