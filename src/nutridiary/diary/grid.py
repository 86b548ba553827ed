"""A sheet of cells, whatever file it came from, and the limits every file is held to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | datetime | date | time | timedelta | None
Row = Sequence[Cell]

# 200,000 lines are more than a lifetime of diaries; a sheet beyond that is an accident or an attack.
MOST_ROWS = 200_000
MOST_COLUMNS = 256


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet.

    Attributes
    ----------
    source : str
        File, and sheet for a workbook: "diary.xlsx:Sheet1".
    name : str
        The sheet's name, or the file's for a text file.
    rows : list of sequences
        The cells. The first row is row 1; rows may be of different lengths.
    epoch : date
        The day of serial number 0 in this file.
    uncalculated : frozenset of (int, int)
        (row, column), both from 1, of formulas that the file holds no value for.
    notes : tuple of str
        What was assumed in reading the file.
    """

    source: str
    name: str
    rows: list[Row]
    epoch: date = date(1899, 12, 30)
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    notes: tuple[str, ...] = field(default=())


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing a reader would see.

    Examples
    --------
    >>> [is_blank(cell) for cell in (None, "  ", 0, "x")]
    [True, True, False, False]
    """
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: Cell) -> str:
    """Return a cell as one line of text: whole numbers without a point, days as YYYY-MM-DD.

    Examples
    --------
    >>> [cell_text(cell) for cell in (2.0, 0.5, " two\\nlines ", None, True)]
    ['2', '0.5', 'two lines', '', 'yes']
    """
    if isinstance(cell, str):
        return cell if cell.isalnum() else " ".join(cell.split())
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # Ten digits: a spreadsheet's 0.1 + 0.2 is shown as 0.3.
        return f"{cell:.10g}" if abs(cell) < 1e15 else f"{cell:g}"
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)
