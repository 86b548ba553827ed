"""The table of an app's export: a header of fixed names, and rows below it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nutridiary.diary.dates import Day, read_days, read_written
from nutridiary.diary.grid import Cell, Grid, Row, cell_text, is_blank
from nutridiary.diary.reading import LeftAside, row_text

# An app writes its header first; a person may have put a title above it.
_LOOKED_AT = 10


@dataclass(frozen=True)
class AppTable:
    """A sheet with the header of an app.

    Attributes
    ----------
    grid : Grid
    header : int
        Row number of the header, from 1.
    places : dict of str to int
        From the heading in small letters to its place, from 0.
    """

    grid: Grid
    header: int
    places: dict[str, int]

    @property
    def headings(self) -> Row:
        """The cells of the header."""
        return self.grid.rows[self.header - 1]

    def rows(self) -> list[tuple[int, Row]]:
        """Return (row number, cells) of the rows below the header that are not blank."""
        numbered = enumerate(self.grid.rows[self.header :], self.header + 1)
        return [(number, row) for number, row in numbered if any(not is_blank(cell) for cell in row)]

    def cell(self, row: Row, *headings: str) -> Cell:
        """Return the cell under the first of the headings that the table has, None where it has none."""
        place = next((self.places[heading] for heading in headings if heading in self.places), None)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Row, *headings: str) -> str:
        """Return the text of a cell, empty where there is none."""
        return cell_text(self.cell(row, *headings))

    def above(self) -> list[LeftAside]:
        """Return the header, and what stands above it, as rows left aside."""
        numbered = enumerate(self.grid.rows[: self.header], 1)
        header = "the header" if self.rows() else "the header: nothing is written below it"
        return [
            LeftAside(self.grid.source, number, row_text(row), header if number == self.header else "a title")
            for number, row in numbered
            if any(not is_blank(cell) for cell in row)
        ]

    def days(self, heading: str, rows: Sequence[tuple[int, Row]], day_first: bool | None) -> tuple[list[Day], str]:
        """Return the days of a column, and how an open order of day and month was decided.

        Raises
        ------
        DiaryError
            If nothing decides it.
        """
        written = [read_written(self.cell(row, heading), self.grid.epoch) for _, row in rows]
        return read_days(written, self.grid.source.split(":")[0], day_first)


def find_app_table(grid: Grid, *signatures: Collection[str]) -> AppTable | None:
    """Return the table below the first row that holds every heading of one of the signatures, or None.

    Parameters
    ----------
    grid : Grid
    *signatures : collections of str
        Headings in small letters that together are certain to be this app's.

    Examples
    --------
    >>> grid = Grid("log.csv", "log.csv", [["Date", "Name", "Icon"], ["08/01/2026", "Toast", "Bread"]])
    >>> find_app_table(grid, ["date", "icon"]).header
    1
    """
    for number, row in enumerate(grid.rows[:_LOOKED_AT], 1):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell.strip():
                places.setdefault(" ".join(cell.lower().replace("\ufeff", "").split()), place)
        if any(all(heading in places for heading in signature) for signature in signatures):
            return AppTable(grid, number, places)
    return None
