"""Headings of the sheets beside the diary that hold foods of the user's own: recipes and labels.

The names people give these columns stand in `data/own_food_columns.csv`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nutridiary.data_files import data_file
from nutridiary.diary.columns import column_of
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank

_LOOKED_AT = 60
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_NOISE = re.compile(r"[\W_]+")
# What makes a sheet a diary: lines that were eaten on a day.
_OF_A_DIARY = {"date", "time", "meal"}


@dataclass(frozen=True)
class SideColumns:
    """Where each kind of information stands in a sheet.

    Attributes
    ----------
    header : int
        Row number of the header, from 1.
    places : dict of str to int
        From the column to its place, from 0.
    headings : tuple of str
        All headings of the row.
    """

    header: int
    places: dict[str, int]
    headings: tuple[str, ...]

    def cell(self, row: Row, column: str) -> Cell:
        """Return the cell of a column, None where the sheet or the row has none."""
        place = self.places.get(column)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Row, column: str) -> str:
        """Return the text of a column's cell, empty where there is none."""
        return cell_text(self.cell(row, column))

    def bracket(self, column: str) -> str:
        """Return what stands in brackets in a column's heading: "g" of "Cooked weight (g)"."""
        place = self.places.get(column)
        found = _BRACKET.search(self.headings[place]) if place is not None else None
        return found[1].strip() if found else ""


@cache
def side_headings(sheet: str) -> dict[str, str]:
    """Return the columns of "recipes", "own_foods" or "label" by the plain words of their headings."""
    with data_file("own_food_columns.csv").open(encoding="utf-8", newline="") as file:
        return {plain_heading(row["heading"]): row["column"] for row in csv.DictReader(file) if row["sheet"] == sheet}


def plain_heading(heading: str) -> str:
    """Return the words of a heading, without what stands in brackets.

    Examples
    --------
    >>> plain_heading("Cooked weight (g)"), plain_heading("Serving_size")
    ('cooked weight', 'serving size')
    """
    return " ".join(_NOISE.sub(" ", _BRACKET.sub(" ", heading.lower())).split())


def find_side_columns(
    grid: Grid, sheet: str, wanted: Sequence[str], other_names: dict[str, str] | None = None
) -> SideColumns | None:
    """Return the columns of the first row that names all of `wanted`, or None.

    Parameters
    ----------
    grid : Grid
    sheet : {"recipes", "own_foods"}
    wanted : sequence of str
        Columns without which a row is no header.
    other_names : dict, optional
        Further headings, for a sheet whose name already says what it is.
    """
    known = {**(other_names or {}), **side_headings(sheet)}
    for number, row in enumerate(grid.rows[:_LOOKED_AT], 1):
        headings = tuple(cell if isinstance(cell, str) else "" for cell in row)
        places: dict[str, int] = {}
        for place, heading in enumerate(headings):
            column = known.get(plain_heading(heading)) if 0 < len(heading) <= 80 else None
            if column is not None:
                places.setdefault(column, place)
        if all(column in places for column in wanted):
            return SideColumns(number, places, headings)
    return None


def is_of_a_diary(columns: SideColumns) -> bool:
    """Tell whether a header also names a day or a meal: then its rows were eaten."""
    return bool(_OF_A_DIARY & {column_of(heading) for heading in columns.headings if heading})


def rows_below(grid: Grid, columns: SideColumns) -> list[tuple[int, Row]]:
    """Return (row number, cells) of the rows below the header that are not blank."""
    numbered = enumerate(grid.rows[columns.header :], columns.header + 1)
    return [(number, row) for number, row in numbered if any(not is_blank(cell) for cell in row)]
