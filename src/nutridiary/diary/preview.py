"""How the sheets of a diary begin and what their headings are taken as, for choosing where the guess is wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from nutridiary.diary.columns import Columns
from nutridiary.diary.files import Container, read_containers
from nutridiary.diary.grid import Grid, Row, cell_text
from nutridiary.diary.named_columns import check_columns, column_names, columns_of, header_of, stands_in
from nutridiary.diary.people import is_people_sheet
from nutridiary.diary.readers import READERS, reader_of
from nutridiary.diary.reading import filled_rows
from nutridiary.diary.recorded import recorded_columns
from nutridiary.diary.side_sheets import side_sheet_of
from nutridiary.diary.water_columns import columns_beside
from nutridiary.diary.whole import Paths, ReadingOptions, names_of_files
from nutridiary.errors import DiaryError
from nutridiary.tables import RECORDED

MOST_ROWS, MOST_COLUMNS, MOST_SIGNS = 8, 40, 60
"""As much of a sheet as is shown: rows, columns, characters of a cell."""


_FORMATS = ("", *(reader.name for reader in READERS))


@dataclass(frozen=True)
class SheetPreview:
    """How a sheet begins.

    Attributes
    ----------
    source, name : str
        The file, with the sheet for a workbook: "diary.xlsx:Log"; the sheet alone.
    read_as : str
        The format it would be read as, or what stands in it beside a diary ("people", "recipes"); "" where it is
        neither.
    row_count : int
        Rows that are not blank.
    header : int or None
        Row number of the header; None where no row is one.
    columns : tuple of str
        How each column is to be named: its heading, or "column C" where there is none or an equal one before it.
    taken_as : tuple of (str or None)
        What each column is taken as in a table of a diary: a name of ``column_names.csv``, ``recorded_`` and a
        nutrient, "water", "symptom"; None where it is not used.
    rows : tuple of (int, tuple of str)
        Number and cells of the first rows that are not blank, below the header where there is one.
    """

    source: str
    name: str
    read_as: str
    row_count: int
    header: int | None
    columns: tuple[str, ...]
    taken_as: tuple[str | None, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def preview(paths: Paths, **reading: Unpack[ReadingOptions]) -> list[SheetPreview]:
    """Return how every sheet of a diary's files begins, also where they cannot be read as a diary.

    Parameters
    ----------
    paths : path-like or sequence of path-like
    **reading
        As in `read_whole`. What cannot be followed, such as a column whose heading stands nowhere, is not: `read_whole`
        says why.

    Returns
    -------
    list of SheetPreview
        In the order of the files; sheets in which nothing is written are not among them.

    Raises
    ------
    DiaryError
        If a file cannot be opened at all.

    Examples
    --------
    >>> from nutridiary.data_files import data_file
    >>> sheet = preview(data_file("diaries/thirty_days.csv"))[0]
    >>> sheet.read_as, sheet.header, sheet.taken_as[:4], sheet.rows[0][1][:4]
    ('table', 1, ('date', 'time', 'meal', 'food'), ('2026-04-01', '07:30', 'Breakfast', 'Porridge'))
    """
    asked = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]
    containers = [
        container
        for path, name in zip(asked, names_of_files(asked), strict=True)
        for container in read_containers(path, name=name)
    ]
    named = _followed(reading.get("columns"))
    sheet, format_name = reading.get("sheet"), reading.get("format")
    return [
        _preview(grid, named, read_as)
        for container in containers
        for grid, read_as in _read_as(container, named, sheet, format_name)
    ]


def _followed(columns: Mapping[str, str] | None) -> dict[str, str]:
    try:
        return check_columns(columns)
    except DiaryError:
        return {}


def _read_as(
    container: Container, named: Mapping[str, str], sheet: str | None, format_name: str | None
) -> list[tuple[Grid, str]]:
    """Return the sheets of a file, each with the format it would be read as."""
    grids = [grid for grid in container.grids if filled_rows(grid)]
    beside = {grid.source: _beside(grid) for grid in grids}
    if len(container.grids) == 1 and any(stands_in(named, grid) for grid in grids):
        beside = {}
    chosen = [grid for grid in grids if not beside.get(grid.source) and (sheet is None or _is_called(grid, sheet))]
    try:
        reader = reader_of(chosen, container.name, format_name, named) if chosen else None
    except DiaryError:
        reader = None
    formats = {
        grid.source: reader.name for grid in chosen if reader is not None and _holds_food(grid, named, reader.name)
    }
    return [(grid, formats.get(grid.source) or beside.get(grid.source, "")) for grid in grids]


def _beside(grid: Grid) -> str:
    if is_people_sheet(grid):
        return "people"
    side = side_sheet_of(grid)
    return side.attribute if side is not None else ""


def _is_called(grid: Grid, sheet: str) -> bool:
    return grid.name.strip().casefold() == sheet.strip().casefold()


def _holds_food(grid: Grid, named: Mapping[str, str], format_name: str) -> bool:
    return format_name != "table" or _columns_of(grid, named) is not None


def _columns_of(grid: Grid, named: Mapping[str, str]) -> Columns | None:
    try:
        return columns_of(grid, named)
    except DiaryError:
        return columns_of(grid, {})


def _preview(grid: Grid, named: Mapping[str, str], read_as: str) -> SheetPreview:
    columns = _columns_of(grid, named) if read_as in _FORMATS else None
    _, header, headings = header_of(grid, named) if columns is None else (0, columns.header, columns.headings)
    width = min(max((len(row) for row in grid.rows[: header + MOST_ROWS]), default=0), MOST_COLUMNS)
    filled = filled_rows(grid)
    numbers = [number for number in filled if number > header][:MOST_ROWS]
    return SheetPreview(
        source=grid.source,
        name=grid.name,
        read_as=read_as,
        row_count=len(filled),
        header=header or None,
        columns=column_names(headings, width),
        taken_as=_taken_as(columns, headings, width),
        rows=tuple((number, _cells(grid.rows[number - 1], width)) for number in numbers),
    )


def _taken_as(columns: Columns | None, headings: Row, width: int) -> tuple[str | None, ...]:
    places: dict[int, str] = {}
    if columns is not None:
        recorded = recorded_columns(headings, "table")
        places |= {place: f"{RECORDED}{column.nutrient}" for place, column in recorded.items()}
        places |= dict.fromkeys(columns.remarks, "note")
        places |= {place: column for column, place in columns.places.items()}
        places |= {place: beside.kind for place, beside in columns_beside(columns).items()}
    return tuple(places.get(place) for place in range(width))


def _cells(row: Row, width: int) -> tuple[str, ...]:
    texts = (cell_text(cell) for cell in row[:width])
    return tuple(text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…" for text in texts)
