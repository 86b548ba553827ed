"""The table of a sheet beside the diary: its header, its rows and their days."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from nutridiary.data_files import data_file
from nutridiary.diary.dates import Day, Written, read_days
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.errors import DiaryError

_LOOKED_AT = 20
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class BesideHeader:
    """Row number of the header, from 1, the places of its columns, and its cells."""

    line: int
    places: dict[str, int]
    row: Row

    def cell(self, row: Row, column: str) -> Cell:
        """Return the cell of a column, None where the sheet or the row has none."""
        place = self.places.get(column)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Row, column: str) -> str:
        """Return the text of a cell, empty where there is none."""
        return cell_text(self.cell(row, column))

    def bracket(self, column: str) -> str:
        """Return what stands in brackets in a heading: "min" of "Duration (min)"."""
        found = _BRACKET.search(cell_text(self.cell(self.row, column)))
        return found[1] if found else ""


@cache
def _headings(sheet: str) -> dict[str, str]:
    with data_file("symptom_columns.csv").open(encoding="utf-8", newline="") as file:
        return {plain_heading(row["heading"]): row["column"] for row in csv.DictReader(file) if row["sheet"] == sheet}


def plain_heading(heading: str) -> str:
    """Return the words of a heading, without what stands in brackets."""
    return _NOISE.sub(" ", _BRACKET.sub(" ", heading.lower())).strip()


def find_header(grid: Grid, sheet: str, wanted: str) -> BesideHeader | None:
    """Return the first row that names the column `wanted` and one other."""
    for number, row in enumerate(grid.rows[:_LOOKED_AT], 1):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            column = _headings(sheet).get(plain_heading(cell)) if isinstance(cell, str) and len(cell) < 60 else None
            if column:
                places.setdefault(column, place)
        if wanted in places and len(places) > 1:
            return BesideHeader(number, places, row)
    return None


def rows_below(grid: Grid, header: BesideHeader) -> list[tuple[int, Row]]:
    """Return (row number, cells) of the rows below the header that are not blank."""
    numbered = enumerate(grid.rows[header.line :], header.line + 1)
    return [(number, row) for number, row in numbered if any(not is_blank(cell) for cell in row)]


def days_of(
    written: Sequence[Written], source: str, year: int | None = None, day_first: bool | None = None
) -> list[Day]:
    """Read days; where nothing decides an order or a year, that is a problem of these rows, not of the file."""
    try:
        return read_days(written, source.split(":")[0], day_first, year)[0]
    except DiaryError:
        problem = "the date can be read two ways, or has no year: write it as YYYY-MM-DD"
        return [
            Day(problem=problem)
            if not (one.blank or one.problem) and (one.open or one.year is None)
            else read_days([one], source, day_first)[0][0]
            for one in written
        ]
