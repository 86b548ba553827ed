"""A table with a column per person: the Person sheet of the diary says whose names the headings are.

Headings alone do not tell a name from a meal or a place, so without a Person sheet such a table is not read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from nutridiary.diary.amounts import decimal_mark
from nutridiary.diary.columns import column_of
from nutridiary.diary.dates import Day
from nutridiary.diary.grid import Grid, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, Options, Reading, row_text
from nutridiary.diary.weekdays import Block, days_of_rows, read_places
from nutridiary.errors import listing

_LOOKED_AT = 60


def has_person_columns(grid: Grid, names: Collection[str]) -> bool:
    """Tell whether a sheet has a column for the date, none for the food, and columns of two people or more.

    Examples
    --------
    >>> grid = Grid("d.xlsx:Log", "Log", [["Date", "Meal", "Anna", "Ben"], ["2026-03-01", "Lunch", "soup", "2 eggs"]])
    >>> has_person_columns(grid, ["Anna", "Ben"]), has_person_columns(grid, ["Anna"])
    (True, False)
    """
    return _header(grid, names) is not None


def _header(grid: Grid, names: Collection[str]) -> tuple[Block, int | None] | None:
    """Return the block of people below the header, and the place of the meals."""
    known = {name.strip().casefold(): name for name in names if name.strip()}
    for number, row in enumerate(grid.rows[:_LOOKED_AT], 1):
        texts = {place: cell_text(cell) for place, cell in enumerate(row) if not is_blank(cell)}
        people = {place: known[text.casefold()] for place, text in texts.items() if text.casefold() in known}
        columns = {column_of(text): place for place, text in reversed(texts.items()) if place not in people}
        if "date" in columns and "food" not in columns and len(set(people.values())) > 1:
            rows = [(line, below) for line, below in enumerate(grid.rows[number:], number + 1)]
            filled = [(line, below) for line, below in rows if any(not is_blank(cell) for cell in below)]
            return Block(number, headings=people, day_column=columns["date"], rows=filled), columns.get("meal")
    return None


def read_person_columns(grid: Grid, names: Collection[str], options: Options) -> Reading:
    """Read a sheet for which `has_person_columns` says yes: an entry per line of a cell, of the person above it.

    Parameters
    ----------
    grid : Grid
    names : collection of str
        The people of the Person sheet.
    options : Options

    Returns
    -------
    Reading
        The source of an entry ends with its column, and with the line within the cell where there are several.
    """
    reading = Reading()
    found = _header(grid, names)
    if found is None:
        return reading
    block, meals = found
    texts = [cell for row in grid.rows for cell in row if isinstance(cell, str)]
    labels = {line: cell_text(row[meals]) for line, row in block.rows if meals is not None and meals < len(row)}
    places = [
        replace(place, person=place.label, label=labels.get(place.line, ""))
        for place in days_of_rows(grid, block, Day(problem="no date: none is written in this row or above it"), options)
        if place.place in block.headings
    ]
    read_places(grid, places, decimal_mark(texts), reading)
    read = {place.line for place in places}
    for number, row in enumerate(grid.rows, 1):
        if number not in read and any(not is_blank(cell) for cell in row):
            below = "nobody has a food in this row" if number > block.header else "above the header"
            reason = "the header" if number == block.header else below
            reading.left_aside.append(LeftAside(grid.source, number, row_text(row), reason))
    reading.notes.append(f"columns read as people: {listing(block.headings.values())}")
    header = grid.rows[block.header - 1]
    used = {block.day_column, meals, *block.headings}
    unused = [cell_text(cell) for place, cell in enumerate(header) if place not in used and not is_blank(cell)]
    if unused:
        reading.notes.append(f"columns not used: {listing(unused)}")
    return reading
