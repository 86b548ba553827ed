"""A sheet of cells, whatever file it came from, and the limits every file is held to."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from nutridiary.errors import DiaryError

Cell = str | int | float | bool | datetime | date | time | timedelta | None
Row = Sequence[Cell]

# 200,000 lines are more than a lifetime of diaries; a sheet beyond that is an accident or an attack.
MOST_ROWS = 200_000
MOST_COLUMNS = 256
# One day of a national survey is 112,683 foods of 84 columns: 9.5 million.
MOST_CELLS = 12_000_000


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
    merged : tuple of (int, int, int, int)
        Cells joined to one, each as (first row, first column, last row, last column), all from 1; the value stands
        in the first of them.
    struck : set of (int, int)
        (row, column), both from 1, of filled cells whose writing is struck through. Told for .xlsx and .xlsm.
    """

    source: str
    name: str
    rows: list[Row]
    epoch: date = date(1899, 12, 30)
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    notes: tuple[str, ...] = field(default=())
    merged: tuple[tuple[int, int, int, int], ...] = ()
    struck: AbstractSet[tuple[int, int]] = frozenset()


def check_cells(count: int, name: str) -> None:
    """Refuse a file of more cells than `MOST_CELLS`.

    Parameters
    ----------
    count : int
        Cells read so far, blank ones before the last of a row included: they take memory too.
    name : str
        The file, for the message.

    Raises
    ------
    DiaryError
    """
    if count > MOST_CELLS:
        raise DiaryError(f"{name}: more than {MOST_CELLS:,} cells. Split the diary and read the parts.")


def hidden_note(sheet: str) -> str:
    """Return the note of a sheet that its program does not show."""
    return f"sheet '{sheet}' is hidden"


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
        if cell.is_integer() and abs(cell) < 1e15:
            return f"{cell:.0f}"  # every digit of a barcode
        # Ten digits: a spreadsheet's 0.1 + 0.2 is shown as 0.3.
        return f"{cell:.10g}" if abs(cell) < 1e15 else f"{cell:g}"
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)
