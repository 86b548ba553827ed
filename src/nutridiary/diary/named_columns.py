"""Columns that the caller names, where the guess from the headings is wrong: ``{"food": "Description"}``.

A heading is named as it is written, in capitals or not; where nothing is written, or the same twice, by its letter:
"column C". Nothing, or "-", says that there is no such column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from nutridiary.diary.columns import (
    LOOKED_AT,
    Columns,
    best_row,
    columns_at,
    find_columns,
    known_columns,
    plain_heading,
    recognised,
    unit_in_brackets,
    with_second_row,
)
from nutridiary.diary.entries import cell_name
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.errors import DiaryError, did_you_mean, listing

_NONE = ("", "-")
_LETTER = re.compile(r"column ([a-z]{1,2})", re.IGNORECASE)
_SHOWN = 60  # [characters]


def check_columns(columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return columns as they were named, in the order of `known_columns`, "" where there is none.

    Raises
    ------
    DiaryError
        If there is no such column, or two are named by the same heading.

    Examples
    --------
    >>> check_columns({"Food": "Description", "meal": "-"})
    {'meal': '', 'food': 'Description'}
    """
    named: dict[str, str] = {}
    for said, heading in (columns or {}).items():
        column = said.strip().casefold().replace(" ", "_")
        if column not in known_columns():
            near = did_you_mean(column, known_columns())
            raise DiaryError(
                f"there is no column '{said[:_SHOWN]}'.{near} The columns are {listing(known_columns(), 20)}."
            )
        if column in named:
            raise DiaryError(
                f"the column '{column}' is named twice: '{named[column][:_SHOWN]}' and '{heading[:_SHOWN]}'."
            )
        named[column] = "" if heading.strip() in _NONE else cell_text(heading)
    headings = [heading.casefold() for heading in named.values() if heading]
    for column, heading in named.items():
        if heading and headings.count(heading.casefold()) > 1:
            others = [other for other, its in named.items() if its.casefold() == heading.casefold() and other != column]
            raise DiaryError(
                f"'{heading[:_SHOWN]}' is named for two columns, {column} and {others[0]}. Name it for one."
            )
    return {column: named[column] for column in known_columns() if column in named}


def check_headings(named: Mapping[str, str], grids: Sequence[Grid]) -> None:
    """Make sure that every heading that was named stands in some sheet.

    Raises
    ------
    DiaryError
        If one does not; the text says what stands there.
    """
    for column, heading in named.items():
        if not heading or any(stands_in({column: heading}, grid) for grid in grids):
            continue
        found = dict.fromkeys(text for grid in grids for text in written_headings(grid))
        raise DiaryError(
            f"no column is headed '{heading[:_SHOWN]}', named for the {column}.{did_you_mean(heading, found)} "
            f"Found: {listing(text[:30] for text in found) or 'nothing'}."
        )


def stands_in(named: Mapping[str, str], grid: Grid) -> bool:
    """Tell whether a sheet has a column that was named.

    Examples
    --------
    >>> grid = Grid("d.csv", "d.csv", [["When", "Stuff"], ["2026-03-01", "oats"]])
    >>> stands_in({"food": "stuff"}, grid), stands_in({"food": "Dish", "meal": ""}, grid)
    (True, False)
    """
    headings = [heading for heading in named.values() if heading]
    if any(_place_of(heading, row) is not None for _, _, row in _rows(grid) for heading in headings):
        return True
    width = _width(grid)
    return any(place is not None and place < width for place in map(_place_of_letter, headings))


def columns_of(grid: Grid, named: Mapping[str, str]) -> Columns | None:
    """Return the columns of a sheet, those that were named before those that are guessed.

    Parameters
    ----------
    grid : Grid
    named : mapping of str to str
        As `check_columns` returns them. A column whose heading does not stand in the sheet is guessed there.

    Returns
    -------
    Columns or None
        None where no column holds the food. `header` is 0 where no row is one: then every row is of the diary.

    Raises
    ------
    DiaryError
        If the weight is named by a heading that gives another unit.

    Examples
    --------
    >>> grid = Grid("d.csv", "d.csv", [["When", "Stuff", "Qty"], ["2026-03-01", "oats", "40 g"]])
    >>> columns_of(grid, {"food": "Stuff", "date": "When"}).places
    {'food': 1, 'date': 0, 'amount': 2}
    """
    if not named:
        return find_columns(grid)
    first, last, headings = _header(grid, named)
    places = _named_places(headings, _width(grid), named)
    if "grams" in places and (unit := unit_in_brackets(headings[places["grams"]])) not in (None, "g"):
        heading = cell_text(headings[places["grams"]])
        raise DiaryError(f"{grid.source}: '{heading[:_SHOWN]}' is in {unit}, not in grams. Name it for the amount.")
    decided = frozenset(places) | {column for column, heading in named.items() if not heading}
    taken = set(places.values())
    rest = [None if place in taken else _word(cell) for place, cell in enumerate(headings)]
    guessed = {column: place for column, place in recognised(rest).items() if column not in decided}
    places |= guessed
    return columns_at(headings, first, last, places, decided) if "food" in places else None


def columns_in_words(named: Mapping[str, str]) -> str:
    """Return in words which columns were named.

    Examples
    --------
    >>> columns_in_words(check_columns({"food": "Description", "meal": "-"}))
    'meal = none, food = Description'
    """
    return ", ".join(f"{column} = {heading[:_SHOWN] or 'none'}" for column, heading in named.items())


def written_headings(grid: Grid) -> list[str]:
    """Return the headings of a sheet, of the row that is most likely its header."""
    return [cell_text(cell) for cell in _header(grid, {})[2] if not is_blank(cell)]


def column_names(headings: Row, width: int) -> tuple[str, ...]:
    """Return how each column is to be named: by its heading, or by its letter where that would be unclear.

    Examples
    --------
    >>> column_names(["Food", None, "food", "Qty"], 5)
    ('Food', 'column B', 'column C', 'Qty', 'column E')
    """
    names: list[str] = []
    seen: set[str] = set()
    for place in range(width):
        text = cell_text(headings[place]) if place < len(headings) else ""
        clear = text not in _NONE and len(text) <= _SHOWN and text.casefold() not in seen
        names.append(text if clear else f"column {cell_name(1, place).rstrip('1')}")
        seen.add(text.casefold())
    return tuple(names)


def header_of(grid: Grid, named: Mapping[str, str]) -> tuple[int, int, Row]:
    """Return the first and the last row of a sheet's header, and its headings; 0 as the last where no row is one."""
    return _header(grid, named)


def _header(grid: Grid, named: Mapping[str, str]) -> tuple[int, int, Row]:
    rows = list(_rows(grid))
    held = [sum(_place_of(heading, row) is not None for heading in named.values() if heading) for *_, row in rows]
    if any(held):
        return rows[held.index(max(held))]
    if guessed := _guessed(grid):
        return guessed
    words = next(((first, last, row) for first, last, row in rows if len(_filled(row)) > 1), None)
    if words and all(_word(cell) for cell in _filled(words[2])):
        below = grid.rows[words[1]] if words[1] < len(grid.rows) else ()
        if any(_word(cell) is None for cell in _filled(below)):
            return words
    return 1, 0, [None] * _width(grid)


def _rows(grid: Grid) -> Iterable[tuple[int, int, Row]]:
    """Return the rows that may be the header, as (first row, last row, cells); a header of two rows first.

    Of those below the first that is filled, only rows of words: a name must not be found in a line of the diary.
    """
    guessed = _guessed(grid)
    if guessed and guessed[1] > guessed[0]:
        yield guessed
    seen = 0
    for number, row in enumerate(grid.rows, 1):
        filled = _filled(row)
        if filled and (not seen or all(map(_word, filled))):
            yield number, number, row
        seen += bool(filled)
        if seen >= LOOKED_AT:
            return


def _guessed(grid: Grid) -> tuple[int, int, Row] | None:
    best = best_row(grid)
    if best is None:
        return None
    headings, last = with_second_row(grid, *best)
    return best[0], last, headings


def _named_places(headings: Row, width: int, named: Mapping[str, str]) -> dict[str, int]:
    places = {}
    for column, heading in named.items():
        place = _place_of(heading, headings) if heading else None
        letter = _place_of_letter(heading) if place is None else None
        if place is not None:
            places[column] = place
        elif letter is not None and letter < width:
            places[column] = letter
    return places


def _place_of(heading: str, row: Row) -> int | None:
    """Return where a heading stands in a row: as it is written, else in other capitals, else by its words."""
    texts = [cell_text(cell) for cell in row]
    for wanted, written in (
        (heading, texts),
        (heading.casefold(), [text.casefold() for text in texts]),
        (plain_heading(heading), [plain_heading(text) for text in texts]),
    ):
        if wanted and wanted in written:
            return written.index(wanted)
    return None


def _place_of_letter(heading: str) -> int | None:
    """Return the place, from 0, that "column C" names.

    Examples
    --------
    >>> [_place_of_letter(text) for text in ("column C", "Column aa", "C")]
    [2, 26, None]
    """
    said = _LETTER.fullmatch(heading.strip())
    if said is None:
        return None
    place = 0
    for letter in said[1].upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _word(cell: Cell) -> str | None:
    """Return the text of a cell that can be a heading: a figure or a day cannot, nor what begins with one."""
    return cell if isinstance(cell, str) and cell.strip() and not cell.strip()[0].isdigit() else None


def _filled(row: Row) -> list[Cell]:
    return [cell for cell in row if not is_blank(cell)]


def _width(grid: Grid) -> int:
    return max((len(row) for row in grid.rows[:LOOKED_AT]), default=0)
