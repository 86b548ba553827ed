"""Cells that somebody crossed out in a workbook: what stands in them was not eaten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nutridiary.diary.entries import Entry, cell_name
from nutridiary.diary.grid import Grid, is_blank

CROSSED_OUT = "crossed out in the sheet: not counted"
_COLUMN = re.compile(r":([A-Z]{1,2})(?::\d+)?")


def cross_out(entry: Entry) -> None:
    """Make an entry a note that says why it is not counted; what is a note already stays what it is."""
    if entry.kind != "note":
        entry.kind, entry.problem, entry.recorded = "note", CROSSED_OUT, {}


def mark_crossed_out(grids: Iterable[Grid], entries: Sequence[Entry]) -> None:
    """Make notes of the entries whose cells are all crossed out, whatever the reader.

    Parameters
    ----------
    grids : iterable of Grid
    entries : sequence of Entry
        Of one whose source ends with a column, as those of a plan do, that cell decides; else its whole row.

    Examples
    --------
    >>> eggs, milk = Entry("d.xlsx:Log", 2, food_text="eggs"), Entry("d.xlsx:Log", 3, food_text="milk")
    >>> grid = Grid("d.xlsx:Log", "Log", [["Food", "Amount"], ["eggs", 2], ["milk", 1]], struck={(2, 1), (2, 2)})
    >>> mark_crossed_out([grid], [eggs, milk])
    >>> eggs.problem, milk.problem
    ('crossed out in the sheet: not counted', None)
    """
    for grid in grids:
        if not grid.struck:
            continue
        for entry in entries:
            behind = entry.source.removeprefix(grid.source)
            column = _COLUMN.fullmatch(behind)
            of_grid = entry.source.startswith(grid.source) and (column is not None or not behind)
            if not of_grid or not 0 < entry.line <= len(grid.rows):
                continue
            row = grid.rows[entry.line - 1]
            filled = [place for place, cell in enumerate(row) if not is_blank(cell)]
            if column:
                filled = [place for place in filled if cell_name(entry.line, place) == f"{column[1]}{entry.line}"]
            if filled and all((entry.line, place + 1) in grid.struck for place in filled):
                cross_out(entry)
